package timeline

import (
	"slices"
	"strings"

	"golang.org/x/text/width"

	"tuogou/compare"
	"tuogou/corpus"
	"tuogou/index/query"
)

// Filter chooses obligations. The zero value takes all that stand or stood.
type Filter struct {
	// Query is in the language of the search; what it says of clauses, organs, roles
	// and days is asked of the obligation, the rest of the document that speaks for
	// it. Nil: everything.
	Query query.Node
	// States keeps these; empty: all but withdrawn ones.
	States []State
	// From and To (inclusive days) keep what touches these days; what recurs and what
	// has no day is kept.
	From, To string
	// AsOf and Soon are as for [Obligation.StateAt].
	AsOf string
	Soon int
}

// Item is an obligation as it looks from the day of a filter.
type Item struct {
	Obligation
	State State  `json:"state"`
	Day   string `json:"day"` // that counts on that day; the next turn of what recurs
}

// Choose is the obligations that f keeps, by day, those without one last.
func Choose(list []Obligation, f Filter) []Item {
	return slices.DeleteFunc(Seen(list, f.AsOf, f.Soon), func(x Item) bool { return !f.Keeps(&x) })
}

// Seen is all obligations as they look from a day, in the order of [Choose].
func Seen(list []Obligation, asOf string, soon int) []Item {
	out := make([]Item, len(list))
	for i, o := range list {
		state, day := o.StateAt(asOf, soon)
		out[i] = Item{o, state, day}
	}
	slices.SortStableFunc(out, func(a, b Item) int {
		switch {
		case a.Day == b.Day:
			return inText(a.Obligation, b.Obligation)
		case a.Day == "":
			return 1
		case b.Day == "":
			return -1
		}
		return strings.Compare(a.Day, b.Day)
	})
	return out
}

// Keeps reports whether f keeps x, whose state is of f's day.
func (f Filter) Keeps(x *Item) bool {
	if len(f.States) == 0 && x.State == IsWithdrawn || len(f.States) > 0 && !slices.Contains(f.States, x.State) {
		return false
	}
	return f.touches(&x.Obligation) && Matches(f.Query, &x.Obligation)
}

// touches reports whether o binds on one of the filter's days. What is due by a day
// counts on that day only.
func (f Filter) touches(o *Obligation) bool {
	first, last := o.When.Start, o.When.End
	if o.When.RRule != "" || first == "" && last == "" {
		return true
	}
	if first == "" {
		first = last
	}
	if last == "" && o.When.Kind != corpus.KindFrom {
		last = first
	}
	return (f.From == "" || last == "" || last >= f.From) && (f.To == "" || first <= f.To)
}

// Matches reports whether q holds for o.
func Matches(q query.Node, o *Obligation) bool { return q == nil || matches(q, o) }

func matches(q query.Node, o *Obligation) bool {
	switch q := q.(type) {
	case query.And:
		return !slices.ContainsFunc(q.Nodes, func(n query.Node) bool { return !matches(n, o) })
	case query.Or:
		return slices.ContainsFunc(q.Nodes, func(n query.Node) bool { return matches(n, o) })
	case query.Not:
		return !matches(q.Node, o)
	case query.Text:
		return holds(o.Document().Title, q.Value) || !q.Title && (holds(o.Sentence, q.Value) || holds(o.Task, q.Value) || holds(o.Words, q.Value))
	case query.Range:
		return o.within(q)
	case query.Filter:
		return o.has(q.Field, q.Value)
	}
	return true // query.All
}

// plain makes writings of the same thing equal, as the search does: full and half
// width, kinds of brackets, capitals, blanks.
func plain(s string) string {
	s = strings.ToLower(width.Narrow.String(s))
	return strings.NewReplacer(" ", "", "\n", "", "\u3000", "", "〔", "(", "［", "(", "[", "(", "〕", ")", "］", ")", "]", ")").Replace(s)
}

func holds(text, words string) bool { return strings.Contains(plain(text), plain(words)) }

// holdsStar is holds, or, where words end with a star, begins with.
func holdsStar(text, words string) bool {
	if begin, ok := strings.CutSuffix(words, "*"); ok {
		return strings.HasPrefix(plain(text), plain(begin))
	}
	return holds(text, words)
}

func (o *Obligation) within(q query.Range) bool {
	d := o.Document()
	inside := func(v string) bool { return v != "" && v >= q.From && (q.To == "" || v <= q.To) }
	switch q.Field {
	case query.Due:
		return inside(o.When.Day())
	case query.Year:
		year, _, _ := strings.Cut(d.Date, "-")
		return inside(year)
	case query.Date:
		return inside(d.Date)
	}
	return false // the ledger does not keep when a page was fetched
}

func (o *Obligation) has(f query.Field, v string) bool {
	d := o.Document()
	switch f {
	case query.Place:
		return o.at(v)
	case query.Kind:
		return string(d.Kind) == v
	case query.Level:
		return string(o.Place.Level) == v
	case query.Generation:
		return string(d.Generation) == v
	case query.Clause:
		return string(o.Clause) == v
	case query.Organ:
		return o.party(func(p Party) bool { return p.Kind == v || slices.Contains(p.Kinds, v) })
	case query.Lead:
		return o.party(func(p Party) bool {
			return p.Role == corpus.Lead && (p.Kind == v || slices.Contains(p.Kinds, v))
		})
	case query.Role:
		return o.party(func(p Party) bool { return string(p.Role) == v })
	case query.Provision:
		return slices.ContainsFunc(o.Provisions, func(p string) bool { return strings.EqualFold(p, v) })
	case query.OnTopic:
		return v == "true"
	case query.Number:
		return slices.ContainsFunc(o.Sources, func(s Source) bool { return holdsStar(s.Number, v) })
	case query.Issuer:
		return slices.ContainsFunc(o.Sources, func(s Source) bool {
			return slices.ContainsFunc(s.Issuers, func(i string) bool { return holdsStar(i, v) })
		})
	case query.Source:
		return slices.ContainsFunc(o.Sources, func(s Source) bool { return holdsStar(s.Document.URL, v) })
	case query.Has:
		return o.hasA(v)
	}
	return false
}

// at reports whether o binds at a place, or at one inside it: a code, the beginning
// of one (22), or a name, also without its 市 or 县.
func (o *Obligation) at(v string) bool {
	if strings.IndexFunc(v, func(r rune) bool { return r < '0' || r > '9' }) < 0 {
		for len(v)%2 == 0 && len(v) < 6 {
			v += "00"
		}
		return o.Place.Code == v || slices.Contains(o.Place.Codes, v) || len(o.Place.Codes) == 0 && compare.Within(o.Place.Code, v)
	}
	for _, name := range append([]string{o.Place.Name}, o.Place.Path...) {
		if name == v || len([]rune(name)) == len([]rune(v))+1 && strings.HasPrefix(name, v) {
			return true
		}
	}
	return false
}

func (o *Obligation) party(ok func(Party) bool) bool { return slices.ContainsFunc(o.Parties, ok) }

func (o *Obligation) hasA(v string) bool {
	d := o.Document()
	switch v {
	case "deadline":
		return true
	case "clause":
		return o.Clause != ""
	case "provision":
		return len(o.Provisions) > 0
	case "duty":
		return o.party(func(p Party) bool { return p.Role != "" })
	case "lead":
		return o.party(func(p Party) bool { return p.Role == corpus.Lead })
	case "organ":
		return len(o.Parties) > 0
	case "date":
		return d.Date != ""
	case "number":
		return d.Number != ""
	case "place":
		return o.Place.Code != ""
	case "url":
		return d.URL != ""
	case "cut":
		return d.Truncated
	case "issuer":
		return slices.ContainsFunc(o.Sources, func(s Source) bool { return len(s.Issuers) > 0 })
	}
	return string(o.Clause) == v
}
