package format

import (
	"tuogou/compare/render"
	"tuogou/corpus"
	"tuogou/timeline"
)

// Row is an obligation in words, for pages.
type Row struct {
	UID          string
	State, Class string // the name of the state and its id
	Due          string
	Code, Place  string
	Sample       bool
	Task, Words  string // the task, and its time as written
	Sentence     string
	Parties      string
	Notes        []string
	Doc          corpus.DocID
	Document     string // title
	Number, URL  string // URL is empty where it cannot be a link
	Chars        corpus.Span
}

// NewRow puts x into words.
func NewRow(x *timeline.Item, o Options) Row {
	d := x.Document()
	r := Row{
		UID: x.UID, State: o.state(x.State), Class: string(x.State), Due: o.due(&x.Obligation), Code: x.Place.Code, Place: o.place(x.Place), Sample: x.Place.Sample,
		Task: oneLine(x.Task), Words: x.Words, Sentence: oneLine(x.Sentence), Parties: o.parties(&x.Obligation), Notes: o.notes(&x.Obligation),
		Doc: d.ID, Document: d.Title, Number: d.Number, URL: render.LinkURL(d.URL),
	}
	if len(x.Sources) > 0 {
		r.Chars = x.Sources[0].Chars
	}
	return r
}
