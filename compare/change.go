package compare

import (
	"maps"
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
// says, dates first. Pairs are sentences of the two that were set side by side:
// only inside a pair can a date or a number have become another one.
func changes(from, to facts, pairs [][2]facts) []Change {
	out := dateChanges(from.dues, to.dues, pairs)
	out = append(out, setChanges(from.kinds, to.kinds, OrganReplaced, OrganAdded, OrganDropped)...)
	for _, p := range pairs {
		out = append(out, numberChanges(p[0].numbers, p[1].numbers)...)
	}
	if gained := unlike(to.narrow, from.narrow); gained != "" {
		out = append(out, Change{Kind: ScopeNarrowed, To: gained})
	}
	if lost := unlike(from.narrow, to.narrow); lost != "" {
		out = append(out, Change{Kind: ScopeWidened, From: lost})
	}
	switch {
	case len(from.open) == 0 && len(to.open) > 0:
		out = append(out, Change{Kind: DelegationAdded, To: unlike(to.open, nil)})
	case len(from.open) > 0 && len(to.open) == 0:
		out = append(out, Change{Kind: DelegationDropped, From: unlike(from.open, nil)})
	}
	return out
}

// unlike are the words of the cues that other has not, by id.
func unlike(cues, other map[string]string) string {
	var out []string
	for _, id := range slices.Sorted(maps.Keys(cues)) {
		if other[id] == "" {
			out = append(out, cues[id])
		}
	}
	return strings.Join(out, ";")
}

// numberChanges pairs quantities of one unit (3年 → 5年) where each side has one that
// the other has not.
func numberChanges(from, to []string) []Change {
	var out []Change
	lost, gained := without(from, to), without(to, from)
	unit := func(s string) string { return strings.TrimLeft(s, "0123456789.") }
	of := func(list []string, u string) []string {
		return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return unit(s) != u })
	}
	for _, n := range lost {
		a, b := of(lost, unit(n)), of(gained, unit(n))
		if len(a) == 1 && len(b) == 1 {
			out = append(out, Change{Kind: NumberChanged, From: a[0], To: b[0]})
		}
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

// dateChanges are dates that moved, and those that only one side has. A date has
// moved where two sentences that stand side by side have one of a kind each and
// they differ: "by", "from" and "within" are never taken for each other.
func dateChanges(from, to []Due, pairs [][2]facts) []Change {
	kinds := []corpus.DeadlineKind{corpus.KindBy, corpus.KindFrom, corpus.KindWithin, corpus.KindDuring, corpus.KindPhase, corpus.KindRecurring}
	out := []Change{}
	for _, kind := range kinds {
		all, others := daysOf(from, kind), daysOf(to, kind)
		lost, gained := without(all, others), without(others, all)
		for _, p := range pairs {
			old, now := daysOf(p[0].dues, kind), daysOf(p[1].dues, kind)
			a, b := without(old, now), without(now, old)
			if len(a) != 1 || len(b) != 1 || !slices.Contains(lost, a[0]) && !slices.Contains(gained, b[0]) {
				continue
			}
			out = append(out, Change{Kind: DateMoved, From: a[0], To: b[0], Days: daysBetween(a[0], b[0])})
			lost, gained = without(lost, a), without(gained, b)
		}
		for _, d := range gained {
			out = append(out, Change{Kind: DateAdded, To: d})
		}
		for _, d := range lost {
			out = append(out, Change{Kind: DateDropped, From: d})
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
