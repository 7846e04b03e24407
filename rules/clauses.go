package rules

import (
	"fmt"
	"io/fs"

	"tuogou/corpus"
	"tuogou/rules/dfa"
)

// Clauses is the knowledge about the five clauses, from clauses.toml.
type Clauses struct {
	Types           []ClauseRule
	names, aspects  *dfa.Set // the Name and the Aspect of each; Full begins with Name
	Other           *Pattern // other programmes, never the five
	Mention         *Pattern // the five in one phrase, without their content
	MentionExamples []string
	AfterName       *Pattern // what may follow a name and belongs to it
	Norms           *Pattern // what a heading with its norm has: 规范…
	BeforeName      *Pattern // the character of a word before a name: 是|机构分离
	LeadsIn         string   // characters that only lead in a name
	Together        int      // how many must stand together to be believed
	Closing         *Pattern // the bracket of departments that ends a clause
	Labelled        *Pattern // the same with labels (牵头单位：…)
	Sentence        *Pattern // a last sentence that does the same (此项工作由…负责)
}

// ClauseRule recognises one of the five.
type ClauseRule struct {
	Type               corpus.ClauseType
	Name, Norm, Aspect *Pattern
	// Full is name and norm together, with what may stand between.
	Full                  *Pattern
	Examples, Nonexamples []string
}

func loadClauses(fsys fs.FS) (*Clauses, error) {
	const name = "clauses.toml"
	var f struct {
		Vars   map[string]string `toml:"vars"`
		Clause []struct {
			Type        string   `toml:"type"`
			Name        string   `toml:"name"`
			Norm        string   `toml:"norm"`
			Aspect      string   `toml:"aspect"`
			Examples    []string `toml:"examples"`
			Nonexamples []string `toml:"nonexamples"`
		} `toml:"clause"`
		Set []struct {
			Other           string   `toml:"other"`
			Together        int      `toml:"together"`
			Mention         string   `toml:"mention"`
			MentionExamples []string `toml:"mention_examples"`
			AfterName       string   `toml:"after_name"`
			Norms           string   `toml:"norms"`
			BeforeName      string   `toml:"before_name"`
			LeadsIn         string   `toml:"leads_in"`
		} `toml:"clause_set"`
		Brackets struct {
			Closing  string `toml:"closing"`
			Labelled string `toml:"labelled"`
			Sentence string `toml:"sentence"`
		} `toml:"brackets"`
	}
	if err := decode(fsys, name, &f); err != nil {
		return nil, err
	}
	if len(f.Clause) != len(corpus.ClauseTypes) || len(f.Set) != 1 {
		return nil, fmt.Errorf("rules: %s: wants the %d clauses and one clause_set", name, len(corpus.ClauseTypes))
	}
	c := compiler{file: name, vars: f.Vars}
	out := &Clauses{
		Other: c.quick("clause_set", f.Set[0].Other), Together: f.Set[0].Together,
		Mention: c.quick("mention", f.Set[0].Mention), MentionExamples: f.Set[0].MentionExamples,
		AfterName: c.quick("after_name", f.Set[0].AfterName), Norms: c.quick("norms", f.Set[0].Norms),
		BeforeName: c.quick("before_name", f.Set[0].BeforeName), LeadsIn: f.Set[0].LeadsIn,
		Closing: c.quick("closing", f.Brackets.Closing), Labelled: c.quick("labelled", f.Brackets.Labelled),
		Sentence: c.quick("sentence", f.Brackets.Sentence),
	}
	for i, r := range f.Clause {
		if corpus.ClauseType(r.Type) != corpus.ClauseTypes[i] {
			return nil, fmt.Errorf("rules: %s: clause %d is %q, want %q", name, i+1, r.Type, corpus.ClauseTypes[i])
		}
		out.Types = append(out.Types, ClauseRule{
			Type: corpus.ClauseType(r.Type),
			Name: c.quick(r.Type, r.Name), Norm: c.quick(r.Type, r.Norm), Aspect: c.quick(r.Type, r.Aspect),
			Full:     c.quick(r.Type, `(?:`+r.Name+`)\s*[,，、:：]?\s*(?:`+r.Norm+`)`),
			Examples: r.Examples, Nonexamples: r.Nonexamples,
		})
	}
	if c.err != nil {
		return nil, c.err
	}
	var err error
	if out.names, err = setOf(each(out.Types, func(r *ClauseRule) *Pattern { return r.Name })); err != nil {
		return nil, fmt.Errorf("rules: %s: %w", name, err)
	}
	if out.aspects, err = setOf(each(out.Types, func(r *ClauseRule) *Pattern { return r.Aspect })); err != nil {
		return nil, fmt.Errorf("rules: %s: %w", name, err)
	}
	return out, nil
}

// NamedIn are the clauses, by their place in Types, that text may name.
func (c *Clauses) NamedIn(text string) dfa.Bits { return c.names.Match(text) }

// AspectsIn are the clauses whose looser name text may hold.
func (c *Clauses) AspectsIn(text string) dfa.Bits { return c.aspects.Match(text) }
