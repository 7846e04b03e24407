package rules

import (
	"fmt"
	"io/fs"
	"regexp"

	"tuogou/corpus"
)

// Codebook is the list of standard provisions that plans are compared by, from
// codebook.toml. A researcher may replace it.
type Codebook struct {
	Version    string
	Generation corpus.Generation
	Provisions []ProvisionRule
}

// ProvisionRule recognises one provision in a sentence.
type ProvisionRule struct {
	ID, Name string
	NameEn   string
	Clause   corpus.ClauseType // where it usually stands; empty for the rest
	// Any of the patterns states the provision.
	Patterns []*regexp.Regexp
	// Due is the central default (YYYY-MM-DD), "" where the plan gives none;
	// Organs are the kinds that the central plan puts in charge.
	Due                   string
	Organs                []string
	Examples, Nonexamples []string

	needs [][]string // of each pattern: words of which one must be there
}

func loadCodebook(fsys fs.FS) (*Codebook, error) {
	const name = "codebook.toml"
	var f struct {
		Version    string            `toml:"version"`
		Generation string            `toml:"generation"`
		Vars       map[string]string `toml:"vars"`
		Provision  []struct {
			ID          string   `toml:"id"`
			Name        string   `toml:"name"`
			NameEn      string   `toml:"name_en"`
			Clause      string   `toml:"clause"`
			Patterns    []string `toml:"patterns"`
			Due         string   `toml:"due"`
			Organs      []string `toml:"organs"`
			Examples    []string `toml:"examples"`
			Nonexamples []string `toml:"nonexamples"`
		} `toml:"provision"`
	}
	if err := decode(fsys, name, &f); err != nil {
		return nil, err
	}
	c := compiler{file: name, vars: f.Vars}
	book := &Codebook{Version: f.Version, Generation: corpus.Generation(f.Generation)}
	seen := map[string]bool{}
	for _, p := range f.Provision {
		if seen[p.ID] {
			return nil, fmt.Errorf("rules: %s: provision %s stands twice", name, p.ID)
		}
		seen[p.ID] = true
		r := ProvisionRule{
			ID: p.ID, Name: p.Name, NameEn: p.NameEn, Clause: corpus.ClauseType(p.Clause),
			Due: p.Due, Organs: p.Organs, Examples: p.Examples, Nonexamples: p.Nonexamples,
		}
		for _, s := range p.Patterns {
			r.Patterns = append(r.Patterns, c.pattern(p.ID, s))
			r.needs = append(r.needs, needs(c.expand(p.ID, s, 0)))
		}
		if len(r.Patterns) == 0 {
			c.fail(p.ID, "has no pattern")
		}
		book.Provisions = append(book.Provisions, r)
	}
	return book, c.err
}

// Match reports whether sentence states the provision, and where.
func (p *ProvisionRule) Match(sentence string) (corpus.Span, bool) {
	for i, re := range p.Patterns {
		if !anyIn(sentence, p.needs[i]) {
			continue
		}
		if m := re.FindStringIndex(sentence); m != nil {
			return corpus.Span{Start: m[0], End: m[1]}, true
		}
	}
	return corpus.Span{}, false
}

// Check proves every example and counter-example of the provisions.
func (b *Codebook) Check() []error {
	var errs []error
	for i := range b.Provisions {
		p := &b.Provisions[i]
		for _, s := range p.Examples {
			if _, ok := p.Match(s); !ok {
				errs = append(errs, fmt.Errorf("rules/codebook.toml: %s: the example %q does not match", p.ID, s))
			}
		}
		for _, s := range p.Nonexamples {
			if _, ok := p.Match(s); ok {
				errs = append(errs, fmt.Errorf("rules/codebook.toml: %s: the counter-example %q matches", p.ID, s))
			}
		}
	}
	return errs
}
