package eval

import (
	"fmt"
	"slices"
	"strings"

	"tuogou/corpus"
)

// more scores what a label says beyond the first form: each field only where
// the label gives it.
func (s *scorer) more() {
	l, x := s.l, s.x
	if l.Generation != "" {
		s.sets("generation", one(l.Generation), one(string(x.Generation)))
	}
	if l.WrapperTitle != "" {
		got := ""
		if x.Carrier != nil {
			got = fold(x.Carrier.Title)
		}
		s.sets("carrier", one(fold(l.WrapperTitle)), one(got))
	}
	if l.Register != nil {
		s.sets("register_number", one(*l.Register), one(deref(x.RegisterNumber)))
	}
	for _, d := range []struct {
		field string
		want  *string
		got   *corpus.Date
	}{{"printed", l.Printed, x.Dates.Printed}, {"effective", l.Effective, x.Dates.Effective}, {"abolished", l.Abolished, x.Dates.Abolished}} {
		if d.want != nil {
			s.sets(d.field, one(*d.want), one(date(d.got)))
		}
	}
	if l.Truncated != nil {
		s.sets("truncated", one(fmt.Sprint(*l.Truncated)), one(fmt.Sprint(x.Text.Truncated)))
	}
	if l.Parts != nil {
		var got []string
		for _, p := range x.Parts {
			got = append(got, string(p.Role))
		}
		s.sets("parts", l.Parts, got)
	}
	for t, want := range l.ClauseStates {
		s.sets("clause_states", one(t+" "+want), one(t+" "+string(x.ClauseStates[corpus.ClauseType(t)])))
	}
	s.found("noise", len(l.Noise), func(i int) (string, bool) {
		return l.Noise[i], slices.ContainsFunc(x.Text.Noise, func(n corpus.Noise) bool { return n.ID == l.Noise[i] })
	})
	s.found("problems", len(l.Problems), func(i int) (string, bool) {
		return l.Problems[i], slices.ContainsFunc(x.Problems, func(p corpus.Problem) bool { return p.ID == l.Problems[i] })
	})
	s.found("times", len(l.Times), s.time)
	s.provisions()
}

// time is found where a time with that role, and that value where one is
// given, holds the words or lies in them.
func (s *scorer) time(i int) (string, bool) {
	w := s.l.Times[i]
	for _, g := range s.x.Times {
		if string(g.Role) == w.Role && (w.EDTF == "" || oneOf(g.EDTF, w.EDTF)) && overlap(g.Quote, w.Quote) {
			return w.Quote, true
		}
	}
	return w.Role + " " + w.EDTF + " " + w.Quote, false
}

// provisions match where id and status are equal and the words overlap.
func (s *scorer) provisions() {
	if s.l.Provisions == nil {
		return
	}
	used := make([]bool, len(s.x.Provisions))
	var want, got []string
	for _, w := range s.l.Provisions {
		key := w.ID + " " + w.Status + " " + w.Quote
		want = append(want, key)
		for i, g := range s.x.Provisions {
			if !used[i] && g.ID == w.ID && g.Status == w.Status && overlap(g.Quote, w.Quote) {
				used[i], got = true, append(got, key)
				break
			}
		}
	}
	if slices.Contains(s.l.Complete, "provisions") {
		for i, g := range s.x.Provisions {
			if !used[i] {
				got = append(got, g.ID+" "+g.Status+" "+g.Quote)
			}
		}
	}
	s.sets("provisions", want, got)
}

// clauseForms compares type and form where the label gives forms.
func (s *scorer) clauseForms() {
	var want, got []string
	for _, c := range s.l.Clauses {
		if c.Form == "" {
			return
		}
		want = append(want, c.Type+" "+c.Form)
	}
	for _, c := range s.x.Clauses {
		got = append(got, string(c.Type)+" "+string(c.Form))
	}
	if want != nil {
		s.sets("clause_form", want, got)
	}
}

// detail scores what a label says of a deadline beside its date.
func (s *scorer) detail(w Deadline, g corpus.Deadline) {
	var want, got []string
	add := func(asked bool, name, a, b string) {
		if asked {
			want, got = append(want, w.Quote+" "+name+" "+a), append(got, w.Quote+" "+name+" "+b)
		}
	}
	flag := func(asked bool, name string, is bool) { add(asked, name, "true", fmt.Sprint(is)) }
	add(w.StrictEnd != "", "strict_end", w.StrictEnd, deref(g.StrictEnd))
	add(w.RRule != "", "rrule", w.RRule, g.RRule)
	add(w.Formula != "", "formula", w.Formula, g.Formula)
	add(w.Workdays > 0, "workdays", fmt.Sprint(w.Workdays), fmt.Sprint(g.Workdays))
	flag(w.Goal, "goal", g.Goal)
	flag(w.Hedged, "hedged", g.Hedged)
	flag(w.Approx, "approximate", g.Approximate)
	flag(w.Superseded, "superseded", g.SupersededBy != "")
	flag(w.Unresolved, "unresolved", !g.Resolved)
	if w.Anchor != "" {
		kind := ""
		if g.Anchor != nil {
			kind = g.Anchor.Kind
		}
		add(true, "anchor", w.Anchor, kind)
	}
	s.sets("deadline_detail", want, got)
}

// relation scores the relation of a reference that was found.
func (s *scorer) relation(w Reference) {
	if w.Relation == "" {
		return
	}
	got := ""
	for _, g := range s.x.References {
		if fold(g.Title) == fold(w.Title) {
			got = w.Title + " " + string(g.Relation)
		}
	}
	s.sets("reference_relation", one(w.Title+" "+w.Relation), one(got))
}

// duties scores the actions and times that the label names and, where its list is
// complete, counts the duties it does not have as false.
func (s *scorer) duties() {
	var want, got []string
	said := map[int]bool{}
	for _, w := range s.l.Responsibilities {
		at := strings.Index(s.x.Text.Body, w.Quote)
		task := false
		for i, y := range s.x.Duties {
			if at < 0 || y.Organ.Span.Start < at || y.Organ.Span.End > at+len(w.Quote) || !slices.Contains(w.Organs, y.Organ.Text) {
				continue
			}
			said[i] = said[i] || slices.Contains(strings.Split(w.Role, "+"), string(y.Role))
			task = task || w.Action != "" && overlap(y.Action.Text, w.Action)
		}
		if w.Action != "" {
			want = append(want, w.Quote+": "+w.Action)
			if task {
				got = append(got, w.Quote+": "+w.Action)
			}
		}
	}
	s.sets("duty_action", want, got)
	s.dutyTimes()
	if !slices.Contains(s.l.Complete, "duties") {
		return
	}
	c := s.r.Fields["duties"]
	for i, y := range s.x.Duties {
		if !said[i] {
			c.False++
			c.Falses = append(c.Falses, fmt.Sprintf("%s: %s %s: %s", s.l.File, y.Role, y.Organ.Text, y.Quote))
		}
	}
}

// dutyTimes scores the times that bind the duties whose label names them. Where
// only one of several organs has them they are wrong for the label.
func (s *scorer) dutyTimes() {
	edtf := map[string]string{}
	for _, x := range s.x.Deadlines {
		edtf[x.UID] = x.EDTF
	}
	var want, got []string
	for _, w := range s.l.Responsibilities {
		if w.Due == nil {
			continue
		}
		want = append(want, w.Quote+": "+strings.Join(w.Due, " "))
		at := strings.Index(s.x.Text.Body, w.Quote)
		var found []string
		for _, y := range s.x.Duties {
			if at < 0 || y.Organ.Span.Start < at || y.Organ.Span.End > at+len(w.Quote) || !slices.Contains(strings.Split(w.Role, "+"), string(y.Role)) {
				continue
			}
			var due []string
			for _, uid := range y.Deadlines {
				due = append(due, edtf[uid])
			}
			found = append(found, w.Quote+": "+strings.Join(due, " "))
		}
		got = append(got, slices.Compact(found)...)
	}
	s.sets("duty_due", want, got)
}

func overlap(a, b string) bool {
	return a != "" && b != "" && (strings.Contains(a, b) || strings.Contains(b, a))
}

// oneOf tells whether got is one of the alternatives of want, parted by |.
func oneOf(got, want string) bool { return slices.Contains(strings.Split(want, "|"), got) }
