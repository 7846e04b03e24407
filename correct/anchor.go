package correct

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"tuogou/corpus"
	"tuogou/corpus/store"
)

// around is how many characters of context an anchor keeps on each side.
const around = 32

// enough is how many characters make words that stand once in a text certain
// without any of their old context.
const enough = 4

// anchorOf anchors s, a span in bytes of the body of r.
func anchorOf(r *corpus.Record, s corpus.Span, item string) store.Anchor {
	if s.Empty() {
		return store.Anchor{Item: item}
	}
	body := r.Text.Body
	before, after := []rune(body[:s.Start]), []rune(body[s.End:])
	return store.Anchor{
		Exact: s.In(body), Prefix: string(before[max(0, len(before)-around):]), Suffix: string(after[:min(around, len(after))]),
		Section: sectionOf(r, s.Start), Start: len(before), Item: item,
	}
}

// sectionOf is the headings around a place, highest first, parted by ›.
func sectionOf(r *corpus.Record, at int) string {
	var out []string
	for _, s := range r.Outline {
		if s.Span.Start <= at && at < s.Span.End {
			out = append(out, s.Marker+s.Heading)
		}
	}
	return strings.Join(out, " › ")
}

// folded is a text without white space, which readers of pages disagree on, and
// the byte offset that each of its characters had.
type folded struct {
	runes []rune
	at    []int // one more than runes
}

func fold(s string) folded {
	var f folded
	for i, c := range s {
		if !unicode.IsSpace(c) {
			f.runes, f.at = append(f.runes, c), append(f.at, i)
		}
	}
	f.at = append(f.at, len(s))
	return f
}

// locate finds the words of an anchor in the body of r: the place whose context
// is most like the old one. It is false where the words are gone or where
// several places fit equally well.
func locate(r *corpus.Record, a store.Anchor) (corpus.Span, bool) {
	text, exact := fold(r.Text.Body), fold(a.Exact).runes
	if len(exact) == 0 {
		return corpus.Span{}, false
	}
	prefix, suffix := fold(a.Prefix).runes, fold(a.Suffix).runes
	best, second, found := corpus.Span{}, -1, -1
	n := 0
	for i := 0; i+len(exact) <= len(text.runes); i++ {
		if !starts(text.runes[i:], exact) {
			continue
		}
		n++
		end := i + len(exact)
		span := corpus.Span{Start: text.at[i], End: text.at[end-1] + utf8.RuneLen(text.runes[end-1])}
		score := 2*(sameEnd(text.runes[:i], prefix)+sameStart(text.runes[end:], suffix)) + 1
		if a.Section != "" && sectionOf(r, span.Start) == a.Section {
			score += 8
		}
		if utf8.RuneCountInString(r.Text.Body[:span.Start]) == a.Start {
			score++ // settles it where the context is the same
		}
		if score > found {
			best, second, found = span, found, score
		} else if score > second {
			second = score
		}
	}
	switch {
	case n == 0, n > 1 && second == found:
		return corpus.Span{}, false
	case n == 1 && len(exact) < enough && found < 8:
		return corpus.Span{}, false
	}
	return best, true
}

func starts(text, words []rune) bool {
	for i, c := range words {
		if text[i] != c {
			return false
		}
	}
	return true
}

func sameStart(a, b []rune) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

func sameEnd(a, b []rune) int {
	n := 0
	for n < len(a) && n < len(b) && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	return n
}

// near is where words stand in body nearest to at, both in bytes.
func near(body, words string, at int) (corpus.Span, bool) {
	best, found := corpus.Span{}, false
	for from := 0; words != ""; {
		i := strings.Index(body[from:], words)
		if i < 0 {
			break
		}
		s := corpus.Span{Start: from + i, End: from + i + len(words)}
		if !found || distance(s.Start, at) < distance(best.Start, at) {
			best, found = s, true
		}
		from = s.End
	}
	return best, found
}

func distance(a, b int) int { return max(a-b, b-a) }
