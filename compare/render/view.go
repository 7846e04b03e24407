package render

import (
	"net/url"
	"slices"
	"strings"

	"tuogou/compare"
	"tuogou/corpus"
)

// Linker gives the address that shows the words behind a value: a footnote in a
// report, a highlighted sentence in the pages. Empty: no link.
type Linker func(compare.Cite) string

// Value is words with the link to their evidence.
type Value struct {
	Text, Href, Title string
}

// MatrixView is a matrix ready for the template "matrix" and "documents".
type MatrixView struct {
	TopicHead, DifferenceHead, OrgansHead string
	Comma, SampleMark                     string
	Columns                               []ColumnView
	Rows                                  []RowView
}

// ColumnView is one place of a MatrixView.
type ColumnView struct {
	Name, Code, State, StateLabel, Why string
	Sample                             bool
	Documents                          []DocumentView
}

// DocumentView is one document of a place.
type DocumentView struct {
	Title     Value
	Facts     []string
	URL, Host string
}

// RowView is one topic of a MatrixView.
type RowView struct {
	Name  string
	Cells []CellView
	Lines []string
}

// CellView is one cell of a MatrixView.
type CellView struct {
	State, StateLabel, Why string
	Items                  []ItemView
}

// ItemView is one passage in a cell.
type ItemView struct {
	Heading       Value
	Tags, Changed []string
	Organs        []Value
	Due           []DueView
}

// DueView is one deadline.
type DueView struct {
	Days   Value
	Action string
	Notes  []string
	Old    bool
}

// TimelineView is deadlines ready for the template "timeline".
type TimelineView struct {
	Head                     []string
	Comma, SampleMark, Empty string
	Rows                     []EntryView
}

// EntryView is one deadline of a TimelineView.
type EntryView struct {
	Due                  DueView
	Place, Words, Number string
	Sample               bool
	Organs               []Value
	Document             Value
}

// NewMatrixView prepares m; document links to the page of a document where there
// is one and may be nil.
func NewMatrixView(m *compare.Matrix, o Options, link Linker, document func(corpus.DocID) string) *MatrixView {
	v := &MatrixView{
		TopicHead: o.label("col.topic"), DifferenceHead: o.label("col.difference"),
		OrgansHead: o.label("col.organs") + o.colon(), Comma: o.join([]string{"", ""}), SampleMark: o.label("sample_mark"),
	}
	for _, c := range m.Columns {
		col := ColumnView{
			Name: o.place(c.Place), Code: c.Code, State: string(c.State), StateLabel: o.label("state." + string(c.State)),
			Why: c.Why, Sample: c.Sample && !strings.Contains(c.Name, "示例"),
		}
		for _, d := range c.Documents {
			col.Documents = append(col.Documents, o.documentView(d, document))
		}
		v.Columns = append(v.Columns, col)
	}
	for _, r := range m.Rows {
		row := RowView{Name: o.topic(r.Topic), Lines: DifferenceLines(r.Difference, m.Columns, o)}
		for _, c := range r.Cells {
			row.Cells = append(row.Cells, o.cellView(c, link))
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}

func (o Options) documentView(d compare.Document, document func(corpus.DocID) string) DocumentView {
	v := DocumentView{Title: Value{Text: d.Title}, URL: LinkURL(d.URL)}
	if u, err := url.Parse(v.URL); err == nil {
		v.Host = u.Host
	}
	if document != nil {
		v.Title.Href = document(d.ID)
	}
	if d.Number != "" {
		v.Facts = append(v.Facts, d.Number)
	}
	if d.Date != "" {
		v.Facts = append(v.Facts, d.Date+" "+o.label("date."+d.DateKind))
	}
	if d.Kind != "" {
		v.Facts = append(v.Facts, o.label("kind."+string(d.Kind)))
	}
	if d.Truncated {
		v.Facts = append(v.Facts, o.label("col.truncated"))
	}
	return v
}

func (o Options) cellView(c compare.Cell, link Linker) CellView {
	v := CellView{State: string(c.State), StateLabel: o.label("state." + string(c.State)), Why: c.Why}
	for _, item := range c.Items {
		i := ItemView{Heading: o.value(item.Heading, item.Cite, link), Changed: append(slices.Clone(item.Changed), reviewLines(item.Reviews, o.Lang)...)}
		if i.Heading.Text == "" {
			i.Heading.Text = short(oneLine(item.Cite.Quote), quoteChars)
		}
		if item.Form != "" && item.Form != corpus.FormSection {
			i.Tags = append(i.Tags, o.label("form."+string(item.Form)))
		}
		if item.Status != "" {
			i.Tags = append(i.Tags, o.label("provision."+item.Status))
		}
		i.Organs = o.organViews(item.Organs, link)
		for _, d := range item.Due {
			i.Due = append(i.Due, o.dueView(d, link))
		}
		v.Items = append(v.Items, i)
	}
	return v
}

func (o Options) value(text string, c compare.Cite, link Linker) Value {
	v := Value{Text: text}
	if c.Quote != "" && link != nil {
		v.Href, v.Title = link(c), short(oneLine(c.Quote), 2*quoteChars)
	}
	return v
}

func (o Options) organViews(organs []compare.Organ, link Linker) []Value {
	var out []Value
	for _, organ := range organs {
		v := o.value(OrganWords(organ, o.Lang), organ.Cite, link)
		if organ.Kind != "" {
			v.Title = o.organ(organ.Kind)
		}
		out = append(out, v)
	}
	return out
}

func (o Options) dueView(d compare.Due, link Linker) DueView {
	v := DueView{Days: o.value(Days(d, o.Lang), d.Cite, link), Action: d.Action, Notes: Notes(d, o.Lang), Old: d.SupersededBy != ""}
	if !d.Resolved {
		v.Days.Text = d.Words
		v.Notes = append([]string{o.label("due.unresolved")}, v.Notes...)
	}
	return v
}

// NewTimelineView prepares entries; document may be nil.
func NewTimelineView(entries []compare.Entry, o Options, link Linker, document func(corpus.DocID) string) *TimelineView {
	v := &TimelineView{
		Head: o.heads("date", "place", "action", "organs", "words", "document"), Comma: o.join([]string{"", ""}),
		SampleMark: o.label("sample_mark"), Empty: o.label("empty"),
	}
	for _, e := range entries {
		row := EntryView{
			Due: o.dueView(e.Due, link), Place: o.place(e.Place), Words: e.Words, Number: e.Document.Number,
			Sample: e.Place.Sample && !strings.Contains(e.Place.Name, "示例"), Organs: o.organViews(e.Organs, link),
			Document: o.documentView(e.Document, document).Title,
		}
		if e.Kind == "" { // a vague time has no date to show
			row.Due.Notes = nil
		}
		if e.Passed {
			row.Due.Notes = append(row.Due.Notes, o.label("due.passed"))
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}
