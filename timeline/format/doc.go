// Package format writes obligations and their changes: iCalendar, tables for Excel
// and for import into Jira, Trello and Microsoft Project, JSON Lines, Atom and a Gantt
// page. The same obligations and options give the same bytes. docs/timeline.md tells
// the columns.
package format

import (
	_ "embed"
	"strings"
	"sync"

	"tuogou/compare"
	"tuogou/compare/render"
	"tuogou/timeline"
)

//go:embed labels.toml
var labelFile []byte

// own is read once; a test reads it too, so that a defect cannot ship.
var own = sync.OnceValue(func() render.Labels {
	labels, err := render.ParseLabels(labelFile)
	if err != nil {
		return render.Labels{}
	}
	return labels
})

// Label is a word of this package or of the reports.
func Label(key string, lang render.Lang) string {
	if _, ok := own()[key]; ok {
		return own().Get(key, lang)
	}
	return render.Label(key, lang)
}

// Options are common to the writers. The zero value writes Chinese.
type Options struct {
	Lang  render.Lang
	Title string // of the calendar, feed or page; empty: a title of the program
	AsOf  string // the day of the states (YYYY-MM-DD), "" for none
}

func (o Options) label(key string) string { return Label(key, o.Lang) }

func (o Options) title(key string, sample bool) string {
	name := o.Title
	if name == "" {
		name = o.label(key)
	}
	if sample && !strings.Contains(name, "示例") {
		name += " (示例)"
	}
	return name
}

func (o Options) colon() string {
	if o.Lang == render.EN {
		return ": "
	}
	return "："
}

func (o Options) join(words []string) string {
	if o.Lang == render.EN {
		return strings.Join(words, ", ")
	}
	return strings.Join(words, "、")
}

func (o Options) place(p timeline.Place) string {
	switch {
	case p.Name != "":
		return p.Name
	case p.Code != "":
		return p.Code
	}
	return o.label("unknown_place")
}

// due is the time of an obligation in the words of the reports.
func (o Options) due(x *timeline.Obligation) string {
	w := x.When
	if !w.Resolved {
		return x.Words
	}
	return render.Days(compare.Due{Kind: w.Kind, Start: w.Start, End: w.End, RRule: w.RRule, EDTF: w.EDTF, Resolved: true, Words: x.Words}, o.Lang)
}

// parties are the organs with their roles.
func (o Options) parties(x *timeline.Obligation) string {
	var out []string
	for _, p := range x.Parties {
		out = append(out, render.OrganWords(compare.Organ{Text: p.Name, Role: p.Role}, o.Lang))
	}
	return o.join(out)
}

// notes are the reservations, the other dates and the evidence of an obligation.
func (o Options) notes(x *timeline.Obligation) []string {
	w := x.When
	out := render.Notes(compare.Due{Goal: w.Goal, Hedged: w.Hedged, Approximate: w.Approximate, StrictEnd: w.StrictEnd}, o.Lang)
	if w.Formula != "" || w.Workdays > 0 {
		out = append(out, o.label("note.formula")+o.colon()+timeline.FormulaWords(w))
	}
	for _, s := range x.Shifts {
		note := o.label("shift."+string(s.Kind)) + o.colon() + s.Day
		if s.Place.Name != "" && s.Place.Code != x.Place.Code {
			note = s.Place.Name + " " + note
		}
		out = append(out, note)
	}
	for _, s := range x.Sources {
		if s.Day != "" {
			out = append(out, o.label("note.copy")+o.colon()+s.Day+" ("+string(s.Document.ID)+")")
		}
	}
	if len(x.Sources) > 1 {
		out = append(out, o.label("note.copies")+o.colon()+itoa(len(x.Sources)))
	}
	if x.SupersededBy != "" {
		out = append(out, o.label("note.replaced")+o.colon()+x.SupersededBy)
	}
	if x.Met != nil {
		out = append(out, o.label("note.met")+o.colon()+x.Met.Quote)
	}
	for _, f := range x.Fixes {
		if !f.Lapsed {
			out = append(out, o.label("note.fixed")+o.colon()+fixWords(f))
		}
	}
	return out
}

func anySample(list []timeline.Item) bool {
	for _, x := range list {
		if x.Place.Sample {
			return true
		}
	}
	return false
}

// oneLine folds white space.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// short is s cut to n characters.
func short(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}

// fixWords are both values, who, when and why.
func fixWords(f timeline.Fix) string {
	day, _, _ := strings.Cut(f.At, "T")
	who := strings.TrimSpace(f.By + " " + day)
	if f.Note != "" {
		who = strings.TrimPrefix(who+"; "+f.Note, "; ")
	}
	if who != "" {
		who = " (" + who + ")"
	}
	return strings.TrimSpace(f.Field+" "+f.Was+" → "+f.Want) + who
}
