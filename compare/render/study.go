package render

import (
	"fmt"
	"html/template"
	"io"

	"tuogou/compare"
	"tuogou/corpus"
)

// document is what the study knows of a document.
func (s *Study) document(id corpus.DocID) compare.Document {
	return s.documents()[id]
}

func (s *Study) documents() map[corpus.DocID]compare.Document {
	out := map[corpus.DocID]compare.Document{}
	for _, r := range s.References {
		out[r.ID] = r.Document
	}
	return out
}

type studyView struct {
	HTMLLang, Title, AsOf, Sample, Filter, Close, HereHead, ThereHead string
	Style                                                             template.CSS
	Grids                                                             []gridView
	Evidence                                                          []evidenceView
	EvidenceTitle                                                     string
}

type gridView struct {
	ID, Title string
	Notes     []string
	Head      []string
	Rows      [][]fieldView
	Chart     template.HTML
}

type fieldView struct {
	Text, Class string
	Pop         string // id of the evidence, or empty
}

// evidenceView is the words behind one cell.
type evidenceView struct {
	ID, Grid, Head string
	Here, There    []footnote
}

// WriteStudyHTML writes one self-contained page. It needs nothing from outside; the
// evidence of a cell opens beside it without a script (popover); the only script
// filters the rows by a word, and the page is whole without it.
func WriteStudyHTML(w io.Writer, s *Study, o Options) error {
	t, err := template.New("study.html").Funcs(Funcs()).ParseFS(Templates(), "study.html")
	if err != nil {
		return fmt.Errorf("report template: %w", err)
	}
	return t.Execute(w, newStudyView(s, o))
}

func newStudyView(s *Study, o Options) studyView {
	v := studyView{HTMLLang: HTMLLang(o.Lang), Title: o.Title, Style: template.CSS(Style() + studyStyle()), Filter: o.label("study.filter"),
		Close: o.label("study.close"), HereHead: o.label("col.here"), ThereHead: o.label("col.there"), EvidenceTitle: o.label("study.evidence")}
	if v.Title == "" {
		v.Title = o.label("report.title")
	}
	if o.AsOf != "" {
		v.AsOf = o.label("asof") + " " + o.AsOf
	}
	documents := s.documents()
	for _, p := range s.Places {
		if p.Sample {
			v.Sample = o.label("sample")
		}
	}
	for _, g := range s.Grids(o) {
		gv := gridView{ID: g.ID, Title: g.Title, Notes: g.Notes, Head: g.Head, Chart: template.HTML(g.Chart)}
		for _, r := range g.Rows {
			var row []fieldView
			for _, f := range r {
				fv := fieldView{Text: f.Text, Class: f.Class}
				if here, there := notesOf(f.Here, documents), notesOf(f.There, documents); len(here)+len(there) > 0 {
					fv.Pop = fmt.Sprintf("e%d", len(v.Evidence)+1)
					v.Evidence = append(v.Evidence, evidenceView{ID: fv.Pop, Grid: g.ID, Head: g.Title + " · " + r[0].Text, Here: here, There: there})
				}
				row = append(row, fv)
			}
			gv.Rows = append(gv.Rows, row)
		}
		v.Grids = append(v.Grids, gv)
	}
	return v
}

// studyStyle is what the study needs beside [Style].
func studyStyle() string {
	data, err := templates.ReadFile("templates/study.css")
	if err != nil {
		return ""
	}
	return string(data)
}

func notesOf(list []compare.Cite, documents map[corpus.DocID]compare.Document) []footnote {
	var out []footnote
	for i, c := range list {
		if c.Quote == "" {
			continue
		}
		d := documents[c.Doc]
		note := footnote{Quote: c.Quote, Chars: charRange(c)}
		if i == 0 || list[i-1].Doc != c.Doc { // a document is named with the first of its sentences
			note.Title, note.Number, note.URL = d.Title, d.Number, LinkURL(d.URL)
		}
		out = append(out, note)
	}
	return out
}

// WriteStudyMarkdown writes the tables one after another.
func WriteStudyMarkdown(w io.Writer, s *Study, o Options) error {
	title := o.Title
	if title == "" {
		title = o.label("report.title")
	}
	if _, err := fmt.Fprintf(w, "# %s\n", markdown(title)); err != nil {
		return err
	}
	for _, g := range s.Grids(o) {
		if _, err := io.WriteString(w, "\n"); err != nil {
			return err
		}
		t := g.Table()
		if len(t.Rows) == 0 {
			t.Notes = append(t.Notes, o.label("empty"))
		}
		if err := WriteMarkdown(w, t); err != nil {
			return err
		}
	}
	return nil
}

// WriteStudyDOCX writes the study for a word processor.
func WriteStudyDOCX(w io.Writer, s *Study, o Options) error {
	title := o.Title
	if title == "" {
		title = o.label("report.title")
	}
	return WriteDOCX(w, title, s.Grids(o))
}

// WriteStudyXLSX writes the study as a workbook.
func WriteStudyXLSX(w io.Writer, s *Study, o Options) error { return WriteXLSX(w, s.Sheets(o)) }

// StudyRows is the matrix for machines: one line for each cell.
func StudyRows(s *Study, o Options) Table { return s.provisions(o).Table() }
