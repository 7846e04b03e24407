package organs

import (
	"fmt"
	"slices"
	"strings"

	"tuogou/corpus"
)

// Check proves the data: every example is found with exactly its words, first
// with its kind and at its level; no nonexample has its kind; every full name
// is found as its kind at its level; every Now of a dated name is a name of
// some kind. It returns all faults, each naming its entry.
func (t *Table) Check() []error {
	var errs []error
	for i := range t.entries {
		e := &t.entries[i]
		for _, x := range e.Examples {
			if err := t.checkExample(e.ID, x); err != nil {
				errs = append(errs, err)
			}
		}
		for _, x := range e.Nonexamples {
			for _, m := range t.Find(x, nil) {
				if slices.Contains(m.Kinds, e.ID) {
					errs = append(errs, fmt.Errorf("organs: %s: nonexample %q has it in %q", e.ID, x, m.Text))
				}
			}
		}
		for _, l := range []corpus.Level{corpus.Nation, corpus.Province, corpus.Prefecture, corpus.County} {
			for _, form := range t.kinds[i].Forms[l] {
				if err := t.checkForm(e, l, form); err != nil {
					errs = append(errs, err)
				}
			}
		}
		for _, d := range e.Dated {
			if d.Now != "" && !t.names(d.Now) {
				errs = append(errs, fmt.Errorf("organs: %s: %s became %s, which is the name of no kind", e.ID, d.Name, d.Now))
			}
		}
	}
	return errs
}

func (t *Table) checkExample(id string, x example) error {
	var got []string
	for _, m := range t.Find(x.Text, nil) {
		if m.Text == x.Words && len(m.Kinds) > 0 && m.Kinds[0] == id && m.Level == x.Level {
			return nil
		}
		got = append(got, fmt.Sprintf("%s %v %s", m.Text, m.Kinds, m.Level))
	}
	return fmt.Errorf("organs: %s: example %q wants %s at level %q, has %s", id, x.Text, x.Words, x.Level, strings.Join(got, "; "))
}

// checkForm looks for a full name in the name itself. The level is not compared
// for roles, for kinds with a level of their own, and for branches (×市…×分局).
func (t *Table) checkForm(e *entry, l corpus.Level, form string) error {
	free := e.Role || e.Level != "" || strings.Count(form, "×") > 1
	var got []string
	for _, m := range t.Find(strings.ReplaceAll(form, "×", "示例"), nil) {
		if slices.Contains(m.Kinds, e.ID) && (free || m.Level == l) {
			return nil
		}
		got = append(got, fmt.Sprintf("%s %v %s", m.Text, m.Kinds, m.Level))
	}
	return fmt.Errorf("organs: %s: its name %s is not found as itself at level %s, only %s", e.ID, form, l, strings.Join(got, "; "))
}

// names reports whether s is the whole name of an organ of known kind.
func (t *Table) names(s string) bool {
	ms := t.Find(s, nil)
	return len(ms) == 1 && ms[0].Text == s && len(ms[0].Kinds) > 0
}
