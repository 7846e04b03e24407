package format

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"tuogou/compare/render"
	"tuogou/timeline"
)

// Text is obligations for people.
func Text(list []timeline.Item, o Options) render.Table {
	t := render.Table{Title: o.label("timeline.title")}
	for _, c := range []string{"date", "state", "place", "action", "organs", "notes", "uid"} {
		t.Head = append(t.Head, o.label("col."+c))
	}
	for i := range list {
		x := &list[i]
		t.Rows = append(t.Rows, []string{o.due(&x.Obligation), o.state(x.State), o.place(x.Place), oneLine(x.Task), o.parties(&x.Obligation),
			o.join(o.notes(&x.Obligation)), x.UID})
	}
	if anySample(list) {
		t.Notes = []string{o.label("sample")}
	}
	return t
}

func (o Options) state(s timeline.State) string { return StateLabel(s, o.Lang) }

// StateLabel is the name of a state.
func StateLabel(s timeline.State, lang render.Lang) string {
	if s == timeline.Unresolved {
		return Label("tl.unresolved", lang)
	}
	return Label("state."+string(s), lang)
}

// tableColumns are those of csv and xlsx, by key of their label.
var tableColumns = []string{"uid", "sequence", "state", "code", "place", "level", "start", "end", "day", "edtf", "rrule", "kind", "action",
	"lead", "support", "clause", "words", "sentence", "document", "number", "issued", "url", "notes", "changed", "doc", "chars"}

// Rows is obligations for machines and for Excel.
func Rows(list []timeline.Item, o Options) render.Grid {
	g := render.Grid{ID: "timeline", Title: o.label("timeline.title")}
	for _, c := range tableColumns {
		g.Head = append(g.Head, o.label("col."+c))
	}
	for i := range list {
		x := &list[i]
		d := x.Document()
		cells := []string{x.UID, itoa(x.Sequence), o.state(x.State), x.Place.Code, x.Place.Name, string(x.Place.Level), x.When.Start, x.When.End, x.Day,
			x.When.EDTF, x.When.RRule, string(x.When.Kind), x.Task, strings.Join(x.Leads(), "; "), strings.Join(x.Others(), "; "), string(x.Clause),
			x.Words, x.Sentence, d.Title, d.Number, d.Date, d.URL, strings.Join(o.notes(&x.Obligation), "; "), second(x.Changed), string(d.ID), chars(x)}
		row := make([]render.Field, 0, len(cells))
		for n, s := range cells {
			f := render.Field{Text: s}
			switch tableColumns[n] {
			case "start", "end", "day", "issued":
				f.Class = render.ClassDay
			}
			row = append(row, f)
		}
		g.Rows = append(g.Rows, row)
	}
	return g
}

// second is a kept time to the second.
func second(stamp string) string {
	if head, _, ok := strings.Cut(stamp, "."); ok {
		return head + "Z"
	}
	return stamp
}

// profile is a table that another program imports: its columns, in its own words.
type profile struct {
	head []string
	row  func(x *timeline.Item, o Options) []string
}

// profiles are the programs whose import is known; docs/timeline.md says how to do it.
var profiles = map[string]profile{
	"jira": {
		[]string{"Summary", "Description", "Issue Type", "External ID", "Start date", "Due Date", "Status", "Component", "Labels", "Labels", "Labels"},
		func(x *timeline.Item, o Options) []string {
			status := "To Do"
			if x.Met != nil {
				status = "Done"
			} else if x.Status != timeline.Open {
				status = "Cancelled"
			}
			label := func(s string) string { return strings.ReplaceAll(s, " ", "_") } // Jira's labels have no blanks
			return []string{o.summary(x), o.details(x), "Task", x.UID, x.When.Start, x.When.End, status, o.place(x.Place),
				label(string(x.Clause)), label(x.Place.Code), label(string(x.Status))}
		},
	},
	"trello": {
		[]string{"Card Name", "Card Description", "List Name", "Start Date", "Due Date", "Labels", "Card ID"},
		func(x *timeline.Item, o Options) []string {
			var labels []string
			for _, s := range []string{o.place(x.Place), string(x.Clause)} {
				if s != "" {
					labels = append(labels, strings.ReplaceAll(s, ",", " "))
				}
			}
			return []string{o.summary(x), o.details(x), o.state(x.State), x.When.Start, x.When.End, strings.Join(labels, ","), x.UID}
		},
	},
	"project": {
		[]string{"Name", "Start", "Finish", "Deadline", "Milestone", "% Complete", "Resource Names", "Notes", "Hyperlink Address", "Text1", "Text2", "Text3"},
		func(x *timeline.Item, o Options) []string {
			start, finish, milestone, done := x.When.Start, x.When.End, "No", "0"
			if start == "" || finish == "" { // a day of its own
				start, milestone = x.When.Day(), "Yes"
				finish = start
			}
			if x.Met != nil {
				done = "100"
			}
			// A comma separates resources, and brackets their share.
			var names []string
			for _, p := range x.Parties {
				names = append(names, strings.NewReplacer(",", " ", "[", "(", "]", ")").Replace(p.Name))
			}
			return []string{o.summary(x), start, finish, x.When.End, milestone, done, strings.Join(names, ","), o.details(x),
				render.LinkURL(x.Document().URL), x.UID, x.Place.Code, string(x.Status)}
		},
	},
}

// Profiles are the names of the programs that [Import] writes for.
func Profiles() []string { return []string{"jira", "trello", "project"} }

// Import is obligations as another program imports them. Its columns are in that
// program's words, whatever the language. What recurs or has no date is left out of
// those for Microsoft Project, where a task without dates begins today.
func Import(name string, list []timeline.Item, o Options) render.Table {
	p := profiles[name]
	t := render.Table{Head: p.head}
	for i := range list {
		x := &list[i]
		if name == "project" && (x.When.Day() == "" || !x.When.Resolved) {
			continue
		}
		t.Rows = append(t.Rows, p.row(x, o))
	}
	return t
}

func (o Options) summary(x *timeline.Item) string {
	c := calendar{opt: ICSOptions{Options: o}}
	return c.summary(x)
}

func (o Options) details(x *timeline.Item) string {
	c := calendar{opt: ICSOptions{Options: o}}
	return c.description(x)
}

// WriteJSONL writes one object a line.
func WriteJSONL[T any](w io.Writer, list []T) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, x := range list {
		if err := enc.Encode(x); err != nil {
			return err
		}
	}
	return nil
}

// Changes is what happened, for people.
func Changes(list []timeline.Change, o Options) render.Table {
	t := render.Table{Title: o.label("tl.changes")}
	for _, c := range []string{"cursor", "at", "change_kind", "cause", "place", "action", "from", "to", "uid"} {
		t.Head = append(t.Head, o.label("col."+c))
	}
	for i := range list {
		c := &list[i]
		t.Rows = append(t.Rows, []string{itoa(int(c.Cursor)), second(c.At), o.label("change." + string(c.Kind)), o.label("cause." + string(c.Cause)),
			o.place(c.Obligation.Place), oneLine(c.Obligation.Task), c.From, c.To, c.UID})
		if c.Obligation.Place.Sample && t.Notes == nil {
			t.Notes = []string{o.label("sample")}
		}
	}
	return t
}

// chars is the place of the words in the text, in code points, as "12..40".
func chars(x *timeline.Item) string {
	if len(x.Sources) == 0 || x.Sources[0].Chars.Empty() {
		return ""
	}
	return fmt.Sprintf("%d..%d", x.Sources[0].Chars.Start, x.Sources[0].Chars.End)
}
