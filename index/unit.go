package index

import (
	"fmt"
	"slices"
	"strings"

	"tuogou/corpus"
)

// UnitKind is what a search finds.
type UnitKind string

// The kinds of units. The zero value is whole documents.
const (
	Documents  UnitKind = ""
	Clauses    UnitKind = "clause"
	Provisions UnitKind = "provision"
	Deadlines  UnitKind = "deadline"
	Duties     UnitKind = "duty"
)

// UnitKinds are the parts of documents that can be searched for.
func UnitKinds() []UnitKind { return []UnitKind{Clauses, Provisions, Deadlines, Duties} }

// ParseUnit reads document, clause, provision, deadline or duty.
func ParseUnit(s string) (UnitKind, error) {
	u := UnitKind(strings.TrimSuffix(strings.ToLower(s), "s"))
	switch {
	case s == "", u == "document":
		return Documents, nil
	case strings.EqualFold(s, "duties"):
		return Duties, nil
	case slices.Contains(UnitKinds(), u):
		return u, nil
	}
	return "", fmt.Errorf("unit %q is not one of document, clause, provision, deadline, duty", s)
}

// unit is a part of a document as it is stored. Its facts are what filters on it
// see: its own, and for clauses and provisions those of what stands inside.
type unit struct {
	Kind       UnitKind      `json:"k"`
	ID         string        `json:"i"`
	Spans      []corpus.Span `json:"s"` // bytes of the body: where its words stand
	Heading    string        `json:"h,omitempty"`
	Section    string        `json:"sec,omitempty"`
	Clauses    []string      `json:"c,omitempty"`
	Provisions []string      `json:"p,omitempty"`
	Organs     []string      `json:"o,omitempty"`
	Roles      []string      `json:"r,omitempty"`
	Leads      []string      `json:"l,omitempty"`
	Due        []string      `json:"d,omitempty"`
	Timed      bool          `json:"t,omitempty"` // has a deadline, perhaps one without a date
	Label      string        `json:"n,omitempty"` // what it is, for a line of a list
}

// unitsOf are the units of r, by kind, in the order of the text.
func unitsOf(r *corpus.Record) []unit {
	var out []unit
	for i, c := range r.Clauses {
		u := unit{Kind: Clauses, ID: fmt.Sprintf("clause.%d", i+1), Heading: c.Heading, Section: c.Section,
			Clauses: []string{string(c.Type)}, Organs: kindsOf(c.Organs), Label: string(c.Type),
			Spans: joined(r.Text.Body, c.HeadingSpan, c.Span)}
		u.inside(r, c.Span, c.Deadlines)
		out = append(out, u)
	}
	for i, p := range r.Provisions {
		u := unit{Kind: Provisions, ID: fmt.Sprintf("provision.%d", i+1), Section: p.Section,
			Clauses: []string{string(p.Clause)}, Provisions: []string{strings.ToLower(p.ID)}, Organs: kindsOf(p.Organs),
			Label: p.ID, Spans: []corpus.Span{p.Span}}
		u.inside(r, p.Span, p.Deadlines)
		out = append(out, u)
	}
	for i := range r.Deadlines {
		d := &r.Deadlines[i]
		u := unit{Kind: Deadlines, ID: d.UID, Section: d.Section, Clauses: []string{string(d.Clause)},
			Organs: kindsOf(d.Organs), Due: due(d), Timed: true, Label: d.EDTF, Spans: joined(r.Text.Body, d.Span, d.Action.Span)}
		u.duties(r, u.Spans)
		out = append(out, u)
	}
	for i, d := range r.Duties {
		u := unit{Kind: Duties, ID: fmt.Sprintf("duty.%d", i+1), Section: d.Section, Clauses: []string{string(d.Clause)},
			Label: string(d.Role) + " " + d.Organ.Text, Spans: joined(r.Text.Body, d.Organ.Span, d.Span, d.Action.Span)}
		u.duty(&d)
		for j := range r.Deadlines {
			if touches(u.Spans, r.Deadlines[j].Span) || slices.Contains(d.Deadlines, r.Deadlines[j].UID) {
				u.Due, u.Timed = append(u.Due, due(&r.Deadlines[j])...), true
			}
		}
		out = append(out, u)
	}
	for i := range out {
		u := &out[i]
		for _, list := range []*[]string{&u.Clauses, &u.Provisions, &u.Organs, &u.Roles, &u.Leads, &u.Due} {
			*list = distinct(*list)
		}
	}
	return out
}

// inside adds the facts that stand in span, and the deadlines named by uid.
func (u *unit) inside(r *corpus.Record, span corpus.Span, uids []string) {
	for i := range r.Deadlines {
		if d := &r.Deadlines[i]; span.Contains(d.Span) || slices.Contains(uids, d.UID) {
			u.Due, u.Timed = append(u.Due, due(d)...), true
		}
	}
	for _, p := range r.Provisions {
		if span.Contains(p.Span) {
			u.Provisions = append(u.Provisions, strings.ToLower(p.ID))
		}
	}
	u.duties(r, []corpus.Span{span})
}

func (u *unit) duties(r *corpus.Record, spans []corpus.Span) {
	for i := range r.Duties {
		if touches(spans, r.Duties[i].Span) {
			u.duty(&r.Duties[i])
		}
	}
}

func (u *unit) duty(d *corpus.Duty) {
	kinds := append(slices.Clone(d.Organ.Candidates), d.Organ.Kind)
	u.Organs = append(u.Organs, kinds...)
	u.Roles = append(u.Roles, string(d.Role))
	if d.Role == corpus.Lead {
		u.Leads = append(u.Leads, kinds...)
	}
}

// kindsOf are the kinds of organs: all that each may be.
func kindsOf(organs []corpus.OrganRef) []string {
	var out []string
	for _, o := range organs {
		out = append(append(out, o.Kind), o.Candidates...)
	}
	return out
}

// due is the day a task is due: its end; of an open start (自2018年起) the start.
func due(d *corpus.Deadline) []string {
	switch {
	case d.End != nil:
		return []string{*d.End}
	case d.Start != nil:
		return []string{*d.Start}
	}
	return nil
}

func touches(spans []corpus.Span, s corpus.Span) bool {
	return slices.ContainsFunc(spans, s.Overlaps)
}

// joined are the spans in order, those of one paragraph as one stretch: a
// deadline and its task, with the words between them.
func joined(body string, spans ...corpus.Span) []corpus.Span {
	spans = slices.DeleteFunc(slices.Clone(spans), func(s corpus.Span) bool { return s.Empty() || s.End > len(body) })
	slices.SortFunc(spans, func(a, b corpus.Span) int { return a.Start - b.Start })
	var out []corpus.Span
	for _, s := range spans {
		if n := len(out); n > 0 {
			last := &out[n-1]
			if s.Start <= last.End || !strings.Contains(body[last.End:s.Start], "\n") {
				last.End = max(last.End, s.End)
				continue
			}
		}
		out = append(out, s)
	}
	return out
}
