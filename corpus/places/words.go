package places

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
)

//go:embed words.tsv
var wordsText string

//go:embed abbr.tsv
var abbrText string

// context is what stands around a name that is none: 创[新乡].
type context struct{ before, after string }

// words is what words.tsv and abbr.tsv know.
type words struct {
	suffixes, peoples      []string // longest first
	chainOnly, wordy, edge map[string]bool
	not                    map[string][]context
	cut                    []context // before = the last character, after = what follows
	part                   map[string]bool
	whole                  []string
	abbr                   map[string][]string
}

// knowledge is read once. The files are embedded, so an error in them is a
// defect of the program.
var knowledge = sync.OnceValue(func() *words {
	w, err := readWords(wordsText, abbrText)
	if err != nil {
		panic(err)
	}
	return w
})

func readWords(text, abbr string) (*words, error) {
	w := &words{
		chainOnly: map[string]bool{}, wordy: map[string]bool{}, edge: map[string]bool{}, part: map[string]bool{},
		not: map[string][]context{}, abbr: map[string][]string{},
	}
	err := eachRow(text, "kind", func(f []string) error {
		if len(f) != 3 || f[1] == "" {
			return fmt.Errorf("want kind, word, note, have %q", f)
		}
		return w.add(f[0], f[1])
	})
	if err != nil {
		return nil, fmt.Errorf("words.tsv: %w", err)
	}
	err = eachRow(abbr, "abbr", func(f []string) error {
		if len(f) != 2 {
			return fmt.Errorf("want abbr, code, have %q", f)
		}
		w.abbr[f[0]] = append(w.abbr[f[0]], f[1])
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("abbr.tsv: %w", err)
	}
	longest := func(a, b string) int { return len(b) - len(a) }
	slices.SortStableFunc(w.suffixes, longest)
	slices.SortStableFunc(w.peoples, longest)
	return w, nil
}

func (w *words) add(kind, word string) error {
	switch kind {
	case "suffix":
		w.suffixes = append(w.suffixes, word)
	case "people":
		w.peoples = append(w.peoples, word)
	case "chainonly":
		w.chainOnly[word] = true
	case "wordy":
		w.wordy[word] = true
	case "edge":
		w.edge[word] = true
	case "part":
		w.part[word] = true
	case "whole":
		w.whole = append(w.whole, word)
	case "not", "cut":
		before, rest, ok := strings.Cut(word, "[")
		name, after, closed := strings.Cut(rest, "]")
		if !ok || !closed || name == "" || before+after == "" {
			return fmt.Errorf("%q: want a name in brackets and something beside it", word)
		}
		if kind == "cut" {
			w.cut = append(w.cut, context{name, after})
		} else {
			w.not[name] = append(w.not[name], context{before, after})
		}
	default:
		return fmt.Errorf("unknown kind %q", kind)
	}
	return nil
}

// eachRow calls f with the columns of each row of a table, leaving out comments
// and the header, whose first column is named. Errors carry the line number.
func eachRow(text, header string, f func([]string) error) error {
	n := 0
	for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		n++
		line = strings.TrimRight(line, "\r\n")
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			continue
		}
		cols := strings.Split(line, "\t")
		if cols[0] == header {
			continue
		}
		if err := f(cols); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	return nil
}
