package main

import (
	"slices"
	"strings"

	"tuogou/compare/render"
	"tuogou/corpus"
	"tuogou/correct"
	"tuogou/extract"
)

var noOptions = extract.Options{}

// view prints a record for people: facts first, then the lists, each item with
// the words it came from.
func (a *app) view(r *corpus.Record) error {
	a.print("%s\n%s · %s · %s\n", r.Title, r.ID, r.Kind, r.Generation)
	if r.Carrier != nil {
		a.field("carrier", r.Carrier.Title)
	}
	var issuers []string
	for _, i := range r.Issuers {
		issuers = append(issuers, i.Name)
	}
	a.field("issuers", a.known(r, "issuers", strings.Join(issuers, "、")))
	number := ""
	if r.DocNumber != nil {
		number = r.DocNumber.Normal
	}
	a.field("number", a.known(r, "doc_number", number))
	a.field("signed", a.known(r, "dates.signed", dateWords(r.Dates.Signed)))
	a.field("posted", a.known(r, "dates.posted", dateWords(r.Dates.Posted)))
	if r.EventYear != nil {
		a.say("show.event", r.EventYear.Year, strings.Join(r.EventYear.Trace, "; "))
	}
	a.field("place", a.placeWords(r.Jurisdiction))
	a.field("source", strings.Join(nonEmpty(r.Source.URL, r.Source.Path), " "))
	for _, c := range r.Clauses {
		a.print("\n%s %s (%s)  %s\n", a.msg("show.clause"), c.Type, c.Form, flat(c.Heading))
		a.field("organs", strings.Join(organWords(c.Organs), "、"))
		if c.Form == corpus.FormSection {
			a.field("text", short(c.Quote, 120))
		}
	}
	for i, d := range r.Deadlines {
		if i == 0 {
			a.heading("deadlines")
		}
		a.print("  %-9s %-24s %s  %s\n", d.Kind, dueWords(d), flat(d.Quote), short(d.Action.Text, 40))
		if len(d.Organs) > 0 {
			a.print("            %s\n", strings.Join(organWords(d.Organs), "、"))
		}
	}
	for i, t := range r.Terms {
		if i == 0 {
			a.heading("terms")
		}
		a.print("  %s%s  %s\n", t.ISO, workdays(t), flat(t.Quote))
	}
	for i, x := range r.References {
		if i == 0 {
			a.heading("references")
		}
		n := ""
		if x.DocNumber != nil {
			n = x.DocNumber.Normal
		}
		a.print("  %-10s 《%s》 %s\n", x.Relation, x.Title, n)
	}
	a.duties(r)
	if vs := correct.Reviews(r); len(vs) > 0 {
		a.heading("reviews")
		for _, v := range vs {
			a.print("  %s  ✎ %s%s\n", v.Field, quoteOf(v), a.reviewWords(v))
		}
	}
	for i, p := range r.Problems {
		if i == 0 {
			a.heading("problems")
		}
		a.print("  %s: %s\n", p.ID, p.Message)
	}
	a.print("\n")
	return nil
}

func (a *app) duties(r *corpus.Record) {
	for i, y := range r.Duties {
		if i == 0 {
			a.heading("duties")
		}
		a.print("  %-11s %s  %s%s\n", y.Role, flat(y.Organ.Text), short(y.Action.Text, 50), dueOf(r, y))
	}
}

// dueOf are the times by which a duty is to be done, behind an arrow.
func dueOf(r *corpus.Record, y corpus.Duty) string {
	var due []string
	for i := range r.Deadlines {
		if slices.Contains(y.Deadlines, r.Deadlines[i].UID) {
			due = append(due, dueWords(r.Deadlines[i]))
		}
	}
	if len(due) == 0 {
		return ""
	}
	return " → " + strings.Join(due, ", ")
}

func (a *app) heading(name string) { a.print("\n%s\n", a.msg("show."+name)) }

func (a *app) field(name, value string) {
	if value != "" {
		name = a.msg("show." + name)
		a.print("  %s%s %s\n", name, strings.Repeat(" ", max(0, 9-render.Width(name))), value)
	}
}

// known is the value, or in words why there is none.
func (a *app) known(r *corpus.Record, field, value string) string {
	if value != "" {
		return value
	}
	switch r.Facts[field].State {
	case corpus.NotFound:
		return a.msg("state.not_found")
	case corpus.Unresolved:
		return a.msg("state.unresolved")
	}
	return a.msg("state.not_stated")
}

func (a *app) placeWords(j corpus.Jurisdiction) string {
	switch j.State {
	case corpus.Stated:
		if len(j.Path) == 0 {
			return j.Code + " " + j.Name
		}
		return j.Code + " " + strings.Join(j.Path, " ")
	case corpus.Unresolved:
		var c []string
		for _, p := range j.Candidates {
			c = append(c, p.Code+" "+strings.Join(p.Path, ""))
		}
		return a.msg("state.open", strings.Join(c, ", "))
	}
	return a.msg("state.not_stated")
}

func dateWords(d *corpus.Date) string {
	if d == nil {
		return ""
	}
	return d.Date + " (" + d.Basis + ")"
}

func dueWords(d corpus.Deadline) string {
	switch {
	case d.RRule != "":
		return d.RRule
	case !d.Resolved:
		return "(open)"
	}
	return d.EDTF
}

func workdays(t corpus.Term) string {
	if t.Value > 0 {
		return itoa(t.Value) + " " + t.Unit + "s"
	}
	return ""
}

func organWords(os []corpus.OrganRef) []string {
	var out []string
	for _, o := range os {
		out = append(out, flat(o.Text))
	}
	return out
}

func flat(s string) string { return strings.Join(strings.Fields(s), " ") }

// short is s on one line, cut after n characters.
func short(s string, n int) string {
	r := []rune(flat(s))
	if len(r) <= n {
		return string(r)
	}
	return string(r[:n]) + "…"
}

// quoteOf is the words that a review is anchored by, in front of what it says.
func quoteOf(v corpus.Review) string {
	if v.Quote == "" {
		return ""
	}
	return "“" + short(v.Quote, 20) + "” "
}
