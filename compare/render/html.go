package render

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"strings"

	"tuogou/compare"
	"tuogou/corpus"
)

//go:embed templates
var templates embed.FS

// Templates holds partials.html, with the templates "matrix", "documents",
// "timeline" and "table", for other pages to use. They need [Funcs].
func Templates() fs.FS {
	sub, err := fs.Sub(templates, "templates")
	if err != nil {
		return templates
	}
	return sub
}

// Style is the style sheet of the reports.
func Style() string {
	data, err := templates.ReadFile("templates/style.css")
	if err != nil {
		return ""
	}
	return string(data)
}

// Funcs are what the templates call.
func Funcs() template.FuncMap {
	return template.FuncMap{"lines": func(s string) template.HTML {
		return template.HTML(strings.ReplaceAll(template.HTMLEscapeString(s), "\n", "<br>"))
	}}
}

// Report is what an HTML report is made of. A nil part is left out.
type Report struct {
	Matrix   *compare.Matrix
	Schedule *compare.Schedule
	Coverage *compare.Coverage
}

// WriteHTML writes one self-contained page: no script, no outside file; every
// value leads to its quotation at the end.
func WriteHTML(w io.Writer, r Report, o Options) error {
	t, err := template.New("report.html").Funcs(Funcs()).ParseFS(Templates(), "partials.html", "report.html")
	if err != nil {
		return fmt.Errorf("report template: %w", err)
	}
	return t.Execute(w, newReportView(r, o))
}

type reportView struct {
	HTMLLang, Title, AsOf, Sample              string
	MatrixTitle, DocumentsTitle, TimelineTitle string
	UnresolvedTitle, VagueTitle, QuotesTitle   string
	Style                                      template.CSS
	Matrix                                     *MatrixView
	Timeline, Unresolved, Vague                *TimelineView
	Coverage                                   *Table
	Quotes                                     []footnote
}

// footnote is one quotation at the end of a report.
type footnote struct {
	ID, Before, Quote, After  string
	Title, Number, URL, Chars string
	Doc                       corpus.DocID
}

func newReportView(r Report, o Options) reportView {
	v := reportView{
		HTMLLang: HTMLLang(o.Lang), Title: o.Title, Style: template.CSS(Style()),
		MatrixTitle: o.label("matrix.title"), DocumentsTitle: o.label("documents.title"),
		TimelineTitle: o.label("timeline.title"), UnresolvedTitle: o.label("unresolved.title"),
		VagueTitle: o.label("vague.title"), QuotesTitle: o.label("quotes.title"),
	}
	if v.Title == "" {
		v.Title = o.label("report.title")
	}
	if o.AsOf != "" {
		v.AsOf = o.label("asof") + " " + o.AsOf
	}
	if r.sample() {
		v.Sample = o.label("sample")
	}
	notes := footnotes{documents: r.documents(), numbers: map[noteKey]int{}}
	if r.Matrix != nil {
		v.Matrix = NewMatrixView(r.Matrix, o, notes.link, nil)
	}
	if s := r.Schedule; s != nil {
		v.Timeline = NewTimelineView(s.Entries, o, notes.link, nil)
		if len(s.Unresolved) > 0 {
			v.Unresolved = NewTimelineView(s.Unresolved, o, notes.link, nil)
		}
		if len(s.Vague) > 0 {
			v.Vague = NewTimelineView(s.Vague, o, notes.link, nil)
		}
	}
	if r.Coverage != nil {
		t := CoverageTable(r.Coverage, o)
		v.Coverage = &t
	}
	v.Quotes = notes.list
	return v
}

// HTMLLang is the value of an HTML lang attribute.
func HTMLLang(l Lang) string {
	if l == EN {
		return "en"
	}
	return "zh-CN"
}

func (r Report) sample() bool {
	if r.Matrix != nil {
		for _, c := range r.Matrix.Columns {
			if c.Sample {
				return true
			}
		}
	}
	if r.Coverage != nil {
		for _, p := range r.Coverage.Places {
			if p.Place.Sample {
				return true
			}
		}
	}
	return r.Schedule != nil && (anySample(r.Schedule.Entries) || anySample(r.Schedule.Unresolved) || anySample(r.Schedule.Vague))
}

func (r Report) documents() map[corpus.DocID]compare.Document {
	out := map[corpus.DocID]compare.Document{}
	if r.Matrix != nil {
		for _, c := range r.Matrix.Columns {
			for _, d := range c.Documents {
				out[d.ID] = d
			}
		}
	}
	if r.Schedule != nil {
		for _, list := range [][]compare.Entry{r.Schedule.Entries, r.Schedule.Unresolved, r.Schedule.Vague} {
			for _, e := range list {
				out[e.Document.ID] = e.Document
			}
		}
	}
	return out
}

// footnotes number the quotations in the order in which they are first cited.
type footnotes struct {
	documents map[corpus.DocID]compare.Document
	numbers   map[noteKey]int
	list      []footnote
}

type noteKey struct {
	doc  corpus.DocID
	span corpus.Span
}

func (f *footnotes) link(c compare.Cite) string {
	key := noteKey{c.Doc, c.Chars}
	n, ok := f.numbers[key]
	if !ok {
		n = len(f.list) + 1
		f.numbers[key] = n
		d := f.documents[c.Doc]
		note := footnote{
			ID: fmt.Sprintf("q%d", n), Quote: c.Quote, Title: d.Title, Number: d.Number,
			URL: LinkURL(d.URL), Chars: charRange(c), Doc: c.Doc,
		}
		if before, after, ok := strings.Cut(c.Sentence, c.Quote); ok {
			note.Before, note.After = before, after
		}
		f.list = append(f.list, note)
	}
	return fmt.Sprintf("#q%d", n)
}
