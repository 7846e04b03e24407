package rules

import (
	"fmt"
	"io/fs"
	"slices"

	"tuogou/corpus"
	"tuogou/rules/dfa"
)

// Codebook is the list of standard provisions that plans are compared by, from
// codebook.toml. A researcher may replace it.
type Codebook struct {
	Version    string
	Generation corpus.Generation
	Provisions []ProvisionRule
	// Preamble marks the sentence that says what the document is for; it states no
	// provision ("现就全面推开…改革提出以下意见"). May be nil.
	Preamble *Pattern

	near *dfa.Words // words without one of which a pattern cannot match, by pattern
}

// ProvisionRule recognises one provision in a sentence.
type ProvisionRule struct {
	ID, Name string
	NameEn   string
	Clause   corpus.ClauseType // where it usually stands; empty for the rest
	// Any of the patterns states the provision.
	Patterns []*Pattern
	// Due is the central default (YYYY-MM-DD), "" where the plan gives none;
	// Organs are the kinds that the central plan puts in charge.
	Due    string
	Organs []string
	// From is the day (YYYY-MM-DD) from which the central plan has it hold, or "".
	From                  string
	Opposed               []*Pattern // says the contrary
	Additions             []Addition
	Waves                 []Wave
	Examples, Nonexamples []string

	first int // the number of its first pattern in Codebook.near
}

// Addition is what some local plans add to a provision.
type Addition struct {
	Name     string
	Pattern  *Pattern
	Examples []string
}

// Wave is what another generation of the reform says of the provision: its own
// defaults instead of those of the book, and wording beside that of the book.
type Wave struct {
	Generation corpus.Generation
	Default
	Patterns []*Pattern
	Examples []string
}

// Default is what the central plan fixes: Due and From (YYYY-MM-DD, "" where it
// gives no day) and the kinds of organs in charge.
type Default struct {
	Due, From string
	Organs    []string
}

// DefaultIn is the central default in the wave g; that of the book where the wave
// has none of its own.
func (p *ProvisionRule) DefaultIn(g corpus.Generation) Default {
	for i := range p.Waves {
		if p.Waves[i].Generation == g {
			return p.Waves[i].Default
		}
	}
	return Default{Due: p.Due, From: p.From, Organs: p.Organs}
}

// Near tells which patterns of the book may match sentence, for Status.
func (b *Codebook) Near(sentence string) dfa.Bits { return b.near.In(sentence) }

// Status is stated, opposed, or "" where sentence, of a text of the wave g, has
// nothing of the provision. The span is that of the words that tell. near is what
// Near says of the sentence.
func (p *ProvisionRule) Status(sentence string, near *dfa.Bits, g corpus.Generation) (string, corpus.Span) {
	n := p.first
	found := func(patterns []*Pattern) (s corpus.Span, ok bool) {
		for _, re := range patterns {
			if n++; ok || !near.Has(n-1) {
				continue
			}
			if m := re.FindStringIndex(sentence); m != nil {
				s, ok = corpus.Span{Start: m[0], End: m[1]}, true
			}
		}
		return s, ok
	}
	if s, ok := found(p.Opposed); ok {
		return "opposed", s
	}
	if s, ok := found(p.Patterns); ok {
		return "stated", s
	}
	for i := range p.Waves {
		if s, ok := found(p.Waves[i].Patterns); ok && p.Waves[i].Generation == g {
			return "stated", s
		}
	}
	return "", corpus.Span{}
}

type provisionFile struct {
	ID          string   `toml:"id"`
	Name        string   `toml:"name"`
	NameEn      string   `toml:"name_en"`
	Clause      string   `toml:"clause"`
	Patterns    []string `toml:"patterns"`
	Due         string   `toml:"due"`
	From        string   `toml:"from"`
	Organs      []string `toml:"organs"`
	Opposed     []string `toml:"opposed"`
	Examples    []string `toml:"examples"`
	Nonexamples []string `toml:"nonexamples"`
	Addition    []struct {
		Name     string   `toml:"name"`
		Pattern  string   `toml:"pattern"`
		Examples []string `toml:"examples"`
	} `toml:"addition"`
	Wave []struct {
		Generation string   `toml:"generation"`
		Due        string   `toml:"due"`
		From       string   `toml:"from"`
		Organs     []string `toml:"organs"`
		Patterns   []string `toml:"patterns"`
		Examples   []string `toml:"examples"`
	} `toml:"wave"`
}

func (f *provisionFile) rule(c *compiler) ProvisionRule {
	r := ProvisionRule{
		ID: f.ID, Name: f.Name, NameEn: f.NameEn, Clause: corpus.ClauseType(f.Clause),
		Due: f.Due, From: f.From, Organs: f.Organs, Examples: f.Examples, Nonexamples: f.Nonexamples,
	}
	all := func(patterns []string) (out []*Pattern) {
		for _, s := range patterns {
			out = append(out, c.quick(f.ID, s))
		}
		return out
	}
	r.Patterns, r.Opposed = all(f.Patterns), all(f.Opposed)
	if len(r.Patterns) == 0 {
		c.fail(f.ID, "has no pattern")
	}
	for _, a := range f.Addition {
		r.Additions = append(r.Additions, Addition{a.Name, c.quick(f.ID, a.Pattern), a.Examples})
	}
	for _, w := range f.Wave {
		r.Waves = append(r.Waves, Wave{
			Generation: corpus.Generation(w.Generation), Patterns: all(w.Patterns), Examples: w.Examples,
			Default: Default{Due: w.Due, From: w.From, Organs: w.Organs},
		})
	}
	return r
}

func loadCodebook(fsys fs.FS) (*Codebook, error) {
	const name = "codebook.toml"
	var f struct {
		Version    string            `toml:"version"`
		Generation string            `toml:"generation"`
		Preamble   string            `toml:"preamble"`
		Vars       map[string]string `toml:"vars"`
		Provision  []provisionFile   `toml:"provision"`
	}
	if err := decode(fsys, name, &f); err != nil {
		return nil, err
	}
	c := compiler{file: name, vars: f.Vars}
	book := &Codebook{Version: f.Version, Generation: corpus.Generation(f.Generation), Preamble: c.quickOptional("preamble", f.Preamble)}
	seen := map[string]bool{}
	for _, p := range f.Provision {
		if seen[p.ID] {
			return nil, fmt.Errorf("rules: %s: provision %s stands twice", name, p.ID)
		}
		seen[p.ID] = true
		book.Provisions = append(book.Provisions, p.rule(&c))
	}
	if c.err == nil {
		c.err = book.index()
	}
	return book, c.err
}

// index numbers the patterns in the order in which Status asks them.
func (b *Codebook) index() error {
	var lists [][]string
	for i := range b.Provisions {
		p := &b.Provisions[i]
		p.first = len(lists)
		patterns := slices.Concat(p.Opposed, p.Patterns)
		for _, w := range p.Waves {
			patterns = append(patterns, w.Patterns...)
		}
		for _, re := range patterns {
			lists = append(lists, needs(re.String()))
		}
	}
	var err error
	if b.near, err = dfa.NewWords(lists); err != nil {
		return fmt.Errorf("rules: codebook.toml: %w", err)
	}
	return nil
}

// Match reports whether sentence states the provision by the patterns that hold
// for every wave, and where.
func (p *ProvisionRule) Match(sentence string) (corpus.Span, bool) {
	for _, re := range p.Patterns {
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
		errs = append(errs, b.checkMore(p)...)
	}
	return errs
}

// checkMore proves the examples of additions and waves, and that each wave's
// patterns have one.
func (b *Codebook) checkMore(p *ProvisionRule) []error {
	var errs []error
	for _, a := range p.Additions {
		for _, s := range a.Examples {
			if !a.Pattern.MatchString(s) {
				errs = append(errs, fmt.Errorf("rules/codebook.toml: %s: addition %s: the example %q does not match", p.ID, a.Name, s))
			}
		}
	}
	for i := range p.Waves {
		w := &p.Waves[i]
		for _, s := range w.Examples {
			near := b.Near(s)
			if status, _ := p.Status(s, &near, w.Generation); status == "" {
				errs = append(errs, fmt.Errorf("rules/codebook.toml: %s: %s: the example %q does not match", p.ID, w.Generation, s))
			}
		}
		if len(w.Patterns) > 0 && len(w.Examples) == 0 {
			errs = append(errs, fmt.Errorf("rules/codebook.toml: %s: %s has patterns and no example", p.ID, w.Generation))
		}
	}
	return errs
}
