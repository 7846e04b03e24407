package opensearch

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"tuogou/corpus"
	"tuogou/index"
)

// document is what is sent of a record.
type document struct {
	index.Entry
	Pairs       []string `json:"g"` // of title and body, in the order of the text
	TitlePairs  string   `json:"gt"`
	Chars       string   `json:"c"` // of title and body, each once
	TitleChars  string   `json:"ct"`
	InTitle     string   `json:"pt"` // pairs of letters
	InHeading   string   `json:"ph"`
	InClause    string   `json:"pc"`
	Begins      string   `json:"ba"`
	TitleBegins string   `json:"bt"`
	Words       string   `json:"w"` // as often as they stand
	Length      int      `json:"n"`
	ByDate      string   `json:"sd"`
	ByPlace     string   `json:"sp"`
}

// noPlace comes after all codes.
const noPlace = "~"

func newDocument(r *corpus.Record, seg index.Segmenter) ([]byte, error) {
	e, t, err := index.NewEntry(r, seg)
	if err != nil {
		return nil, err
	}
	title, body := index.Fold(e.Title), index.Fold(e.Body)
	d := document{Entry: e, Pairs: []string{pairs(title), pairs(body)}, TitlePairs: pairs(title), Chars: chars(title + body), TitleChars: chars(title),
		InTitle: joined(t.TitlePairs), InHeading: joined(t.HeadingPairs), InClause: joined(t.ClausePairs),
		Begins: joined(t.Begins), TitleBegins: joined(t.TitleBegins), Words: often(t.Words), Length: t.Length,
		ByDate: first(e.Keys[index.KeyDate], ""), ByPlace: first(e.Keys[index.KeyOwn], noPlace)}
	return json.Marshal(d)
}

func first(list []string, otherwise string) string {
	if len(list) > 0 {
		return list[0]
	}
	return otherwise
}

// A token must not hold white space, of which folded text has two kinds. They are
// written as characters that Unicode says no text has.
const space, lineEnd = '\ufdd0', '\ufdd1'

func visible(r rune) rune {
	switch r {
	case ' ':
		return space
	case '\n':
		return lineEnd
	}
	return r
}

func token(s string) string { return strings.Map(visible, s) }

// pairs are the pairs of neighbouring characters of folded text, apart by spaces.
func pairs(folded string) string {
	var b strings.Builder
	b.Grow(3 * len(folded))
	prev := rune(-1)
	for _, r := range folded {
		r = visible(r)
		if prev >= 0 {
			if b.Len() > 0 {
				b.WriteByte(' ')
			}
			b.WriteRune(prev)
			b.WriteRune(r)
		}
		prev = r
	}
	return b.String()
}

// chars are the characters of folded text, each once.
func chars(folded string) string {
	seen := map[rune]bool{}
	for _, r := range folded {
		seen[visible(r)] = true
	}
	list := slices.Sorted(maps.Keys(seen))
	out := make([]byte, 0, 4*len(list))
	for i, r := range list {
		if i > 0 {
			out = append(out, ' ')
		}
		out = utf8.AppendRune(out, r)
	}
	return string(out)
}

func joined(tokens []string) string {
	out := make([]string, len(tokens))
	for i, t := range tokens {
		out[i] = token(t)
	}
	return strings.Join(out, " ")
}

// often writes words as often as they stand.
func often(words map[string]int) string {
	var list []string
	for _, w := range slices.Sorted(maps.Keys(words)) {
		for range words[w] {
			list = append(list, w)
		}
	}
	return joined(list)
}
