package compare

import (
	"slices"
	"strings"
	"time"

	"tuogou/corpus"
)

// ChangeKind is how a sentence differs from that of the baseline.
type ChangeKind string

// The kinds of changes.
const (
	DateMoved         ChangeKind = "date_moved" // Days later; earlier where below 0
	DateAdded         ChangeKind = "date_added"
	DateDropped       ChangeKind = "date_dropped"
	OrganReplaced     ChangeKind = "department_replaced"
	OrganAdded        ChangeKind = "department_added"
	OrganDropped      ChangeKind = "department_dropped"
	NumberChanged     ChangeKind = "number_changed"
	ScopeNarrowed     ChangeKind = "scope_narrowed"
	ScopeWidened      ChangeKind = "scope_widened" // a narrowing of the baseline is gone
	ProvisionOpposed  ChangeKind = "opposed"       // says the contrary
	DelegationAdded   ChangeKind = "delegation_added"
	DelegationDropped ChangeKind = "delegation_dropped"
)

// Change is one typed difference. From and To are days (YYYY-MM-DD; 2018-01-01/
// for an open end), kinds of organs, or words; empty where there is none.
type Change struct {
	Kind ChangeKind `json:"kind"`
	From string     `json:"from"`
	To   string     `json:"to"`
	Days int        `json:"days,omitempty"`
}

// changes are the differences between what the baseline says and what the text
// says, dates first.
func changes(from, to facts) []Change {
	out := dateChanges(from.dues, to.dues)
	out = append(out, setChanges(from.kinds, to.kinds, OrganReplaced, OrganAdded, OrganDropped)...)
	lost, gained := without(from.numbers, to.numbers), without(to.numbers, from.numbers)
	if len(lost) > 0 && len(gained) > 0 {
		out = append(out, Change{Kind: NumberChanged, From: strings.Join(lost, ";"), To: strings.Join(gained, ";")})
	}
	if gained := without(to.narrow, from.narrow); len(gained) > 0 {
		out = append(out, Change{Kind: ScopeNarrowed, To: strings.Join(gained, ";")})
	}
	if lost := without(from.narrow, to.narrow); len(lost) > 0 {
		out = append(out, Change{Kind: ScopeWidened, From: strings.Join(lost, ";")})
	}
	switch {
	case len(from.open) == 0 && len(to.open) > 0:
		out = append(out, Change{Kind: DelegationAdded, To: strings.Join(to.open, ";")})
	case len(from.open) > 0 && len(to.open) == 0:
		out = append(out, Change{Kind: DelegationDropped, From: strings.Join(from.open, ";")})
	}
	return out
}

func without(list, other []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(other, s) })
}

func setChanges(from, to []string, replaced, added, dropped ChangeKind) []Change {
	lost, gained := strings.Join(without(from, to), ";"), strings.Join(without(to, from), ";")
	switch {
	case lost == "" && gained == "":
		return nil
	case lost == "":
		return []Change{{Kind: added, To: gained}}
	case gained == "":
		return []Change{{Kind: dropped, From: lost}}
	}
	return []Change{{Kind: replaced, From: lost, To: gained}}
}

// dateChanges pairs the deadlines of one kind that differ, in their order: "by",
// "from" and "within" are never taken for each other.
func dateChanges(from, to []Due) []Change {
	kinds := []corpus.DeadlineKind{corpus.KindBy, corpus.KindFrom, corpus.KindWithin, corpus.KindDuring, corpus.KindPhase, corpus.KindRecurring}
	out := []Change{}
	for _, kind := range kinds {
		a, b := daysOf(from, kind), daysOf(to, kind)
		lost, gained := without(a, b), without(b, a)
		for i := range max(len(lost), len(gained)) {
			switch {
			case i >= len(lost):
				out = append(out, Change{Kind: DateAdded, To: gained[i]})
			case i >= len(gained):
				out = append(out, Change{Kind: DateDropped, From: lost[i]})
			default:
				out = append(out, Change{Kind: DateMoved, From: lost[i], To: gained[i], Days: daysBetween(lost[i], gained[i])})
			}
		}
	}
	return out
}

func daysOf(dues []Due, kind corpus.DeadlineKind) []string {
	var out []string
	for _, d := range dues {
		k := d.key()
		if k == "" {
			k = d.Words // open: the words are all there is
		}
		if d.Kind == kind && !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	return out
}

// daysBetween is 0 where one of the two is no day.
func daysBetween(from, to string) int {
	a, err := time.Parse(time.DateOnly, strings.TrimSuffix(from, "/"))
	if err != nil {
		return 0
	}
	b, err := time.Parse(time.DateOnly, strings.TrimSuffix(to, "/"))
	if err != nil {
		return 0
	}
	return int(b.Sub(a).Hours() / 24)
}
