package compare

import (
	_ "embed"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/pelletier/go-toml/v2"

	"tuogou/corpus"
)

//go:embed words.toml
var wordFile []byte

// cue is one way in which a sentence leaves a matter open or narrows it.
type cue struct {
	ID          string   `toml:"id"`
	Kind        string   `toml:"kind"`
	Pattern     string   `toml:"pattern"`
	Examples    []string `toml:"examples"`
	Nonexamples []string `toml:"nonexamples"`
	re          *regexp.Regexp
}

type words struct {
	Units  []string `toml:"units"`
	Cues   []cue    `toml:"cue"`
	number *regexp.Regexp
}

func parseWords(data []byte) (*words, error) {
	w := &words{}
	dec := toml.NewDecoder(strings.NewReader(string(data))).DisallowUnknownFields()
	if err := dec.Decode(w); err != nil {
		return nil, fmt.Errorf("read words of comparison: %w", err)
	}
	for i := range w.Cues {
		re, err := regexp.Compile(w.Cues[i].Pattern)
		if err != nil {
			return nil, fmt.Errorf("cue %s: %w", w.Cues[i].ID, err)
		}
		w.Cues[i].re = re
	}
	var units []string
	for _, u := range w.Units {
		units = append(units, regexp.QuoteMeta(u))
	}
	re, err := regexp.Compile(`([0-9]+(?:\.[0-9]+)?|[一二两三四五六七八九十百]+)(` + strings.Join(units, "|") + `)`)
	w.number = re
	return w, err
}

// builtin is read once; a test reads it too, so that a defect cannot ship.
var builtin = sync.OnceValue(func() *words {
	w, err := parseWords(wordFile)
	if err != nil {
		return &words{number: regexp.MustCompile(`$^`)}
	}
	return w
})

// WordsHash names the words that comparisons are made by.
func WordsHash() corpus.Hash { return corpus.HashBytes(wordFile) }

// cues adds the cues of one kind in a sentence to found: its words by their id. Two
// sentences that except the same in other words (除…外, …的除外) agree.
func (w *words) cues(kind, sentence string, found map[string]string) {
	for _, c := range w.Cues {
		if m := c.re.FindString(sentence); c.Kind == kind && m != "" && found[c.ID] == "" {
			found[c.ID] = m
		}
	}
}

// numbers are the counted quantities of a sentence, 三年 as 3年.
func (w *words) numbers(sentence string) []string {
	var out []string
	for _, m := range w.number.FindAllStringSubmatch(sentence, -1) {
		if n, ok := hanNumber(m[1]); ok {
			m[1] = strconv.Itoa(n)
		}
		out = append(out, m[1]+m[2])
	}
	return out
}

// hanNumber reads 三, 十五, 二十 and 一百 to 九百九十九.
func hanNumber(s string) (int, bool) {
	total, digit := 0, 0
	for _, c := range s {
		switch c {
		case '十', '百':
			unit := 10
			if c == '百' {
				unit = 100
			}
			total += max(digit, 1) * unit
			digit = 0
			continue
		case '两':
			c = '二'
		}
		at := strings.IndexRune("一二三四五六七八九", c)
		if at < 0 {
			return 0, false
		}
		digit = at/len("一") + 1
	}
	return total + digit, s != ""
}
