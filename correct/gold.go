package correct

import (
	"encoding/json"
	"fmt"
	"slices"

	"tuogou/corpus"
	"tuogou/extract/eval"
)

// Checked reports whether a person accepted the record as a whole and the
// acceptance still holds: then it says all there is, and can be gold.
func Checked(r *corpus.Record) bool {
	return slices.ContainsFunc(r.Reviews, func(v corpus.Review) bool {
		return v.Field == "/" && v.Action == corpus.ReviewAccept && v.State == corpus.ReviewApplied
	})
}

// Label is a corrected record as a label of package eval; file is the name of
// its text. Lists stand in it whole, for a person said so.
func Label(r *corpus.Record, file string) eval.Label {
	l := eval.Label{
		File: file, About: "made of corrections", Kind: string(r.Kind), Generation: string(r.Generation), OnTopic: r.OnTopic, Title: r.Title,
		IndexNumber: r.IndexNumber, Register: r.RegisterNumber, Signed: dateOf(r.Dates.Signed), Published: dateOf(r.Dates.Posted),
		Printed: dateOf(r.Dates.Printed), Effective: dateOf(r.Dates.Effective), Abolished: dateOf(r.Dates.Abolished),
		Deadlines: []eval.Deadline{}, Durations: []eval.Duration{}, Responsibilities: []eval.Duty{}, References: []eval.Reference{},
		Provisions: []eval.Provision{}, PersonalData: []string{}, Complete: []string{"duties", "provisions"},
	}
	l.Jurisdiction.Code, l.Jurisdiction.Level, l.Jurisdiction.Path = r.Jurisdiction.Code, string(r.Jurisdiction.Level), r.Jurisdiction.Path
	if r.Carrier != nil {
		l.WrapperTitle = r.Carrier.Title
	}
	if r.DocNumber != nil {
		l.DocNumber = &r.DocNumber.Normal
	}
	if r.EventYear != nil {
		l.EventYear = r.EventYear.Year
	}
	for _, i := range r.Issuers {
		l.Issuers = append(l.Issuers, i.Name)
	}
	for _, v := range Reviews(r) {
		l.Notes += fmt.Sprintf("%s %s %s by %s %s\n", v.Action, v.Field, v.Want, v.By, v.At)
	}
	labelLists(&l, r)
	return l
}

func dateOf(d *corpus.Date) *string {
	if d == nil {
		return nil
	}
	return &d.Date
}

func labelLists(l *eval.Label, r *corpus.Record) {
	for _, c := range r.Clauses {
		l.Clauses = append(l.Clauses, labelClause(c))
	}
	for _, p := range r.Provisions {
		l.Provisions = append(l.Provisions, eval.Provision{Quote: p.Quote, ID: p.ID, Status: p.Status})
	}
	for _, t := range r.Times {
		l.Times = append(l.Times, eval.Time{Quote: t.Quote, Role: string(t.Role), EDTF: t.EDTF})
	}
	for _, d := range r.Deadlines {
		clause := string(d.Clause)
		g := eval.Deadline{Quote: d.Quote, Kind: string(d.Kind), EDTF: d.EDTF, Start: d.Start, End: d.End, Goal: d.Goal, Hedged: d.Hedged,
			Approx: d.Approximate, Superseded: d.SupersededBy != "", Unresolved: !d.Resolved, RRule: d.RRule, Formula: d.Formula,
			Workdays: d.Workdays, What: d.Action.Text, Clause: &clause}
		for _, o := range d.Organs {
			g.Who = append(g.Who, o.Text)
		}
		l.Deadlines = append(l.Deadlines, g)
	}
	for _, t := range r.Terms {
		l.Durations = append(l.Durations, eval.Duration{Quote: t.Quote, ISO: t.ISO, Workdays: t.Value})
	}
	due := map[string]string{}
	for _, x := range r.Deadlines {
		due[x.UID] = x.EDTF
	}
	for _, d := range r.Duties {
		times := []string{}
		for _, uid := range d.Deadlines {
			times = append(times, due[uid])
		}
		l.Responsibilities = append(l.Responsibilities, eval.Duty{Quote: d.Quote, Role: string(d.Role), Organs: []string{d.Organ.Text},
			Kinds: []string{d.Organ.Kind}, Action: d.Action.Text, Due: times})
	}
	for _, x := range r.References {
		g := eval.Reference{Title: x.Title, Relation: string(x.Relation)}
		if x.DocNumber != nil {
			g.DocNumber = &x.DocNumber.Normal
		}
		l.References = append(l.References, g)
	}
	for _, c := range r.Contacts {
		l.PersonalData = append(l.PersonalData, c.Quote)
	}
}

func labelClause(c corpus.Clause) eval.Clause {
	g := eval.Clause{Type: string(c.Type), Heading: c.Heading, Form: string(c.Form)}
	if q := []rune(c.Quote); c.Form != corpus.FormMention {
		g.Starts, g.Ends = string(q[:min(12, len(q))]), string(q[max(0, len(q)-12):])
	}
	for _, o := range c.Organs {
		g.Departments = append(g.Departments, o.Text)
	}
	return g
}

// WriteLabel is a label in its file form, without what it does not say. An
// empty list stays: it says that there is none.
func WriteLabel(l eval.Label) ([]byte, error) {
	t, err := treeOf(l)
	if err != nil {
		return nil, err
	}
	prune(t)
	data, err := json.MarshalIndent(t, "", "  ")
	return append(data, '\n'), err
}

func prune(o object) {
	for name, v := range o {
		switch v := v.(type) {
		case object:
			prune(v)
		case []any:
			for _, sub := range v {
				if m, ok := sub.(object); ok {
					prune(m)
				}
			}
		case nil:
			delete(o, name)
		case string:
			if v == "" {
				delete(o, name)
			}
		case json.Number:
			if v == "0" {
				delete(o, name)
			}
		case bool:
			if !v && name != "on_topic" {
				delete(o, name)
			}
		}
	}
}
