package render

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tuogou/compare"
	"tuogou/corpus"
)

// Table is a titled grid of text. A cell may have several lines. Every row has
// as many cells as Head.
type Table struct {
	Title string
	Notes []string // stand under the title
	Head  []string
	Rows  [][]string
}

// quoteChars is how much of a quote a table for people shows.
const quoteChars = 60

// MatrixTable is m for people: topics down, places across, the differences last.
func MatrixTable(m *compare.Matrix, o Options) Table {
	t := Table{Title: o.label("matrix.title"), Head: []string{o.label("col.topic")}}
	for _, c := range m.Columns {
		t.Head = append(t.Head, o.place(c.Place))
		for _, d := range c.Documents {
			t.Notes = append(t.Notes, o.place(c.Place)+o.colon()+o.document(d))
		}
	}
	t.Head = append(t.Head, o.label("col.difference"))
	t.Notes = append(t.Notes, o.sampleNote(m.Columns)...)
	for _, row := range m.Rows {
		line := []string{o.topic(row.Topic)}
		for _, c := range row.Cells {
			line = append(line, strings.Join(o.cellLines(c), "\n"))
		}
		t.Rows = append(t.Rows, append(line, strings.Join(DifferenceLines(row.Difference, m.Columns, o), "\n")))
	}
	return t
}

func (o Options) document(d compare.Document) string {
	parts := []string{d.Title}
	for _, p := range []string{d.Number, d.Date} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	if d.Kind != "" {
		parts = append(parts, o.label("kind."+string(d.Kind)))
	}
	if d.Truncated {
		parts = append(parts, o.label("col.truncated"))
	}
	return strings.Join(parts, " · ")
}

func (o Options) sampleNote(columns []compare.Column) []string {
	for _, c := range columns {
		if c.Sample {
			return []string{o.label("sample")}
		}
	}
	return nil
}

func (o Options) cellLines(c compare.Cell) []string {
	if len(c.Items) == 0 {
		line := "— " + o.label("state."+string(c.State))
		if c.Why != "" {
			line += o.colon() + c.Why
		}
		return []string{line}
	}
	var out []string
	for _, item := range c.Items {
		head := item.Heading
		if item.Form != "" && item.Form != corpus.FormSection {
			head += " [" + o.label("form."+string(item.Form)) + "]"
		}
		if item.Status != "" {
			head += " [" + o.label("provision."+item.Status) + "]"
		}
		if head != "" {
			out = append(out, strings.TrimSpace(head))
		}
		out = append(out, item.Changed...)
		out = append(out, reviewLines(item.Reviews, o.Lang)...)
		var organs []string
		for _, organ := range item.Organs {
			organs = append(organs, OrganWords(organ, o.Lang))
		}
		if len(organs) > 0 {
			out = append(out, "◇ "+o.join(organs))
		}
		for _, d := range item.Due {
			out = append(out, "◷ "+o.dueLine(d))
		}
		if len(item.Due) == 0 && len(item.Organs) == 0 && item.Cite.Quote != "" && item.Cite.Quote != item.Heading {
			out = append(out, "“"+short(oneLine(item.Cite.Quote), quoteChars)+"”")
		}
	}
	return out
}

func (o Options) dueLine(d compare.Due) string {
	line := Days(d, o.Lang) + " " + short(oneLine(d.Action), quoteChars/2)
	if !d.Resolved {
		line += " “" + d.Words + "”"
	}
	if notes := Notes(d, o.Lang); len(notes) > 0 {
		line += " [" + o.join(notes) + "]"
	}
	return line
}

// MatrixRows is m for machines: one line for each passage, and one for each cell
// without any.
func MatrixRows(m *compare.Matrix, o Options) Table {
	t := Table{Title: o.label("matrix.title"), Head: o.heads("topic_id", "topic", "code", "place", "state", "heading", "form",
		"organs", "kinds", "deadlines", "days", "quote", "chars", "doc", "document", "number", "url", "notes")}
	documents := map[corpus.DocID]compare.Document{}
	for _, c := range m.Columns {
		for _, d := range c.Documents {
			documents[d.ID] = d
		}
	}
	for _, row := range m.Rows {
		for i, c := range row.Cells {
			head := []string{row.Topic.ID, o.topic(row.Topic), c.Place, m.Columns[i].Name, string(c.State)}
			if len(c.Items) == 0 {
				t.Rows = append(t.Rows, pad(append(head, "", "", "", "", "", "", "", "", "", "", "", "", c.Why), len(t.Head)))
			}
			for _, item := range c.Items {
				t.Rows = append(t.Rows, append(head[:len(head):len(head)], o.itemCells(item, documents[item.Cite.Doc])...))
			}
		}
	}
	return t
}

func (o Options) itemCells(item compare.Item, d compare.Document) []string {
	var organs, kinds, words, days []string
	reviews := slices.Clone(item.Reviews)
	for _, due := range item.Due {
		reviews = append(reviews, due.Reviews...)
	}
	for _, organ := range item.Organs {
		organs, kinds = append(organs, organ.Text), append(kinds, organ.Kind)
	}
	for _, due := range item.Due {
		words, days = append(words, due.Words), append(days, Days(due, o.Lang))
	}
	form := string(item.Form)
	if form == "" {
		form = item.Status
	}
	return []string{item.Heading, form, strings.Join(organs, "; "), strings.Join(kinds, "; "), strings.Join(words, "; "),
		strings.Join(days, "; "), item.Cite.Quote, charRange(item.Cite), string(d.ID), d.Title, d.Number, d.URL,
		strings.Join(append(slices.Clone(item.Changed), reviewLines(reviews, o.Lang)...), "; ")}
}

// charRange is the place of a quote in code points, as "12..40".
func charRange(c compare.Cite) string {
	if c.Chars.Empty() {
		return ""
	}
	return fmt.Sprintf("%d..%d", c.Chars.Start, c.Chars.End)
}

func pad(row []string, n int) []string {
	for len(row) < n {
		row = append(row, "")
	}
	return row[:n]
}

func (o Options) heads(keys ...string) []string {
	return mapped(keys, func(k string) string { return o.label("col." + k) })
}

// TimelineTable is a list of deadlines, as from [compare.Schedule].
func TimelineTable(entries []compare.Entry, o Options) Table {
	t := Table{Title: o.label("timeline.title"), Head: o.heads("date", "place", "action", "organs", "words", "notes", "document", "number")}
	for _, e := range entries {
		var organs []string
		for _, organ := range e.Organs {
			organs = append(organs, organ.Text)
		}
		notes := Notes(e.Due, o.Lang)
		if e.Passed {
			notes = append(notes, o.label("due.passed"))
		}
		t.Rows = append(t.Rows, []string{Days(e.Due, o.Lang), o.place(e.Place), oneLine(e.Action), o.join(organs),
			oneLine(e.Words), o.join(notes), e.Document.Title, e.Document.Number})
	}
	if anySample(entries) {
		t.Notes = append(t.Notes, o.label("sample"))
	}
	return t
}

func anySample(entries []compare.Entry) bool {
	for _, e := range entries {
		if e.Place.Sample {
			return true
		}
	}
	return false
}

// TimelineRows is entries for machines.
func TimelineRows(entries []compare.Entry, o Options) Table {
	t := Table{Title: o.label("timeline.title"), Head: o.heads("uid", "code", "place", "kind", "start", "end", "edtf", "rrule",
		"state", "words", "action", "organs", "kinds", "clauses", "quote", "chars", "doc", "document", "number", "url", "notes")}
	for _, e := range entries {
		var organs, kinds []string
		for _, organ := range e.Organs {
			organs, kinds = append(organs, organ.Text), append(kinds, organ.Kind)
		}
		state := "resolved"
		if !e.Resolved {
			state = "unresolved"
		}
		if e.SupersededBy != "" {
			state = "superseded"
		}
		quote := e.Cite.Sentence
		if quote == "" {
			quote = e.Cite.Quote
		}
		t.Rows = append(t.Rows, []string{e.UID, e.Place.Code, e.Place.Name, string(e.Kind), e.Start, e.End, e.EDTF, e.RRule,
			state, e.Words, e.Action, strings.Join(organs, "; "), strings.Join(kinds, "; "), string(e.Clause), quote,
			charRange(e.Cite), string(e.Document.ID), e.Document.Title, e.Document.Number, e.Document.URL,
			strings.Join(Notes(e.Due, o.Lang), "; ")})
	}
	return t
}

// CoverageTable is c for people and machines alike.
func CoverageTable(c *compare.Coverage, o Options) Table {
	t := Table{Title: o.label("coverage.title"), Head: o.heads("code", "place", "search", "documents", "on_topic", "plan", "clauses",
		"missing", "resolved", "unresolved", "truncated", "unread")}
	for _, p := range c.Places {
		t.Rows = append(t.Rows, o.coverageRow(p, o.place(p.Place)))
		if p.Place.Sample && t.Notes == nil {
			t.Notes = []string{o.label("sample")}
		}
	}
	if len(c.Places) > 1 {
		t.Rows = append(t.Rows, o.coverageRow(c.Total, o.label("total")))
	}
	return t
}

// searchWords is whether a place was looked for, and what the sources gave.
func (o Options) searchWords(p compare.PlaceCoverage) string {
	if p.Search == "" {
		return ""
	}
	words := o.label("search." + string(p.Search))
	if p.Why != "" {
		words += "\n" + p.Why
	}
	return words
}

func (o Options) coverageRow(p compare.PlaceCoverage, name string) []string {
	plan := o.label("plan.no")
	if len(p.Plans) > 0 {
		plan = o.label("plan.yes")
	}
	var missing []string
	for _, t := range corpus.ClauseTypes {
		if s := p.Clauses[t]; s != compare.CellStated && p.OnTopic > 0 {
			missing = append(missing, o.label(string(t))+" ("+o.label("state."+string(s))+")")
		}
	}
	return []string{p.Place.Code, name, o.searchWords(p), strconv.Itoa(p.Documents), strconv.Itoa(p.OnTopic), plan, strconv.Itoa(p.Found) + "/5",
		strings.Join(missing, "\n"), strconv.Itoa(p.Resolved), strconv.Itoa(p.Unresolved), strconv.Itoa(len(p.Truncated)),
		strconv.Itoa(len(p.Unread))}
}
