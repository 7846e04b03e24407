package rules

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"unicode/utf8"

	"tuogou/corpus"
)

// Search is how search ranks and which words mean the same. It is not changed
// after LoadSearch and may be shared.
type Search struct {
	Rank     Weights
	Synonyms []Synonym
	groups   map[string]int // word → index in Synonyms
}

// Weights are the parts of a score, as search.toml explains them.
type Weights struct {
	Present     float64                 `toml:"present"`
	Title       float64                 `toml:"title"`
	Number      float64                 `toml:"number"`
	Synonym     float64                 `toml:"synonym"`
	Heading     float64                 `toml:"heading"`
	Clause      float64                 `toml:"clause"`
	Body        float64                 `toml:"body"`
	Accident    float64                 `toml:"accident"`
	OnTopic     float64                 `toml:"on_topic"`
	K1          float64                 `toml:"k1"`
	B           float64                 `toml:"b"`
	Average     float64                 `toml:"average"`      // words of a usual body
	AverageUnit float64                 `toml:"average_unit"` // words of a usual unit
	Kinds       map[corpus.Kind]float64 `toml:"kinds"`
}

// Synonym is a group of words for the same thing, the usual full name first.
type Synonym struct {
	Words    []string `toml:"words"`
	Examples []string `toml:"examples"`
}

const searchFile = "search.toml"

// LoadSearch reads search.toml and proves it.
func LoadSearch(fsys fs.FS) (*Search, error) {
	var file struct {
		Rank    Weights   `toml:"rank"`
		Synonym []Synonym `toml:"synonym"`
	}
	if err := decode(fsys, searchFile, &file); err != nil {
		return nil, err
	}
	s := &Search{Rank: file.Rank, Synonyms: file.Synonym, groups: map[string]int{}}
	if err := s.Rank.check(); err != nil {
		return nil, fmt.Errorf("rules: search.toml: %w", err)
	}
	for i, g := range s.Synonyms {
		if err := s.add(i, g); err != nil {
			return nil, fmt.Errorf("rules: search.toml: synonyms %s: %w", strings.Join(g.Words, ", "), err)
		}
	}
	return s, nil
}

func (w Weights) check() error {
	for name, v := range map[string]float64{"present": w.Present, "synonym": w.Synonym, "body": w.Body, "on_topic": w.OnTopic, "k1": w.K1,
		"average": w.Average, "average_unit": w.AverageUnit} {
		if v <= 0 {
			return fmt.Errorf("rank: %s must be above 0", name)
		}
	}
	if w.B < 0 || w.B > 1 {
		return fmt.Errorf("rank: b must lie between 0 and 1")
	}
	for k, v := range w.Kinds {
		if v <= 0 {
			return fmt.Errorf("rank: the factor of %s must be above 0", k)
		}
	}
	return nil
}

// add proves one group: no word means two things, and every example holds a word.
func (s *Search) add(i int, g Synonym) error {
	if len(g.Words) < 2 || len(g.Examples) == 0 {
		return fmt.Errorf("a group needs two words and an example")
	}
	for _, w := range g.Words {
		if utf8.RuneCountInString(w) < 2 {
			return fmt.Errorf("%q: one character means too much", w)
		}
		if _, ok := s.groups[w]; ok {
			return fmt.Errorf("%q stands twice", w)
		}
		s.groups[w] = i
	}
	for _, e := range g.Examples {
		if !slices.ContainsFunc(g.Words, func(w string) bool { return strings.Contains(e, w) }) {
			return fmt.Errorf("the example %q holds none of the words", e)
		}
	}
	return nil
}

// Also gives the other words that mean what word does, and are neither part of
// it nor hold it: those are found with it anyway. None where it has no synonyms.
func (s *Search) Also(word string) []string {
	i, ok := s.groups[word]
	if !ok {
		return nil
	}
	var out []string
	for _, w := range s.Synonyms[i].Words {
		if !strings.Contains(w, word) {
			out = append(out, w)
		}
	}
	return out
}
