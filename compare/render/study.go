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

// studyView is a report ready for the templates "grid" and "evidence".
type studyView struct {
	Grids    []gridView
	Evidence []evidenceView
	Sample   bool // some place is invented
}

// gridView is a table with its charts. Long marks lists of single facts, which a
// reader may not want on paper.
type gridView struct {
	ID, Title string
	Notes     []string
	Charts    []template.HTML
	Head      []fieldView
	Rows      [][]fieldView
	Long      bool
}

// fieldView is one cell.
type fieldView struct {
	Text, Class string
	Pop         string // id of the evidence, or empty
}

// evidenceView is the words behind a cell.
type evidenceView struct {
	ID, Grid, Head             string
	Here, There                []footnote
	HereHead, ThereHead, Close string
}

type studyPage struct {
	studyView
	HTMLLang, Title, AsOf, Sample, Filter    string
	EvidenceTitle, PrintLists, PrintEvidence string
	Style                                    template.CSS
}

// WriteStudyHTML writes one self-contained page. It needs nothing from outside; the
// evidence of a cell opens beside it without a script (popover); the only script
// filters the rows by a word, and the page is whole without it.
func WriteStudyHTML(w io.Writer, s *Study, o Options) error {
	t, err := template.New("study.html").Funcs(Funcs()).ParseFS(Templates(), "study.html")
	if err != nil {
		return fmt.Errorf("report template: %w", err)
	}
	v := studyPage{studyView: *newStudyView(s, o), HTMLLang: HTMLLang(o.Lang), Title: o.title(), Style: template.CSS(Style() + studyStyle()),
		Filter: o.label("study.filter"), EvidenceTitle: o.label("study.evidence"),
		PrintLists: o.label("study.print_lists"), PrintEvidence: o.label("study.print_evidence")}
	if o.AsOf != "" {
		v.AsOf = o.label("asof") + " " + o.AsOf
	}
	if v.studyView.Sample {
		v.Sample = o.label("sample")
	}
	return t.Execute(w, v)
}

func (o Options) title() string {
	if o.Title != "" {
		return o.Title
	}
	return o.label("report.title")
}

// newStudyView prepares a report.
func newStudyView(s *Study, o Options) *studyView {
	v := &studyView{}
	for _, p := range s.Places {
		v.Sample = v.Sample || p.Sample
	}
	e := evidenceList{documents: s.documents(), ids: map[string]string{}, o: o}
	for _, g := range s.Grids(o) {
		gv := gridView{ID: g.ID, Title: g.Title, Notes: g.Notes, Long: g.ID == "changes" || g.ID == "deadlines" || g.ID == "duties"}
		for _, c := range g.Charts {
			gv.Charts = append(gv.Charts, template.HTML(c.SVG()))
		}
		quoted := map[int]bool{} // columns of words, which stand with the evidence too
		for _, r := range g.Rows {
			var row []fieldView
			for i, f := range r {
				fv := fieldView{Text: f.Text, Pop: e.id(g, r[0].Text, f)}
				switch {
				case f.Class != "":
					fv.Class = "v " + f.Class
				case f.Words:
					fv.Class, quoted[i] = "words", true
				}
				row = append(row, fv)
			}
			gv.Rows = append(gv.Rows, row)
		}
		for i, h := range g.Head {
			fv := fieldView{Text: h}
			if quoted[i] {
				fv.Class = "words"
			}
			gv.Head = append(gv.Head, fv)
		}
		v.Grids = append(v.Grids, gv)
	}
	v.Evidence = e.list
	return v
}

// evidenceList gathers the words behind cells, those of two cells once where they are
// the same.
type evidenceList struct {
	documents map[corpus.DocID]compare.Document
	ids       map[string]string
	list      []evidenceView
	o         Options
}

// id is that of the evidence of a cell, or empty.
func (e *evidenceList) id(g Grid, row string, f Field) string {
	here, there := notesOf(f.Here, e.documents), notesOf(f.There, e.documents)
	if len(here)+len(there) == 0 {
		return ""
	}
	key := fmt.Sprint(spansOf(f.Here), spansOf(f.There))
	if id, ok := e.ids[key]; ok {
		return id
	}
	id := fmt.Sprintf("e%d", len(e.list)+1)
	e.ids[key] = id
	e.list = append(e.list, evidenceView{ID: id, Grid: g.ID, Head: g.Title + " · " + row, Here: here, There: there,
		HereHead: e.o.label("col.here"), ThereHead: e.o.label("col.there"), Close: e.o.label("study.close")})
	return id
}

func spansOf(list []compare.Cite) []noteKey {
	var out []noteKey
	for _, c := range list {
		out = append(out, noteKey{c.Doc, c.Chars})
	}
	return out
}

// studyStyle is what a study needs beside [Style].
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
		note := footnote{Quote: c.Quote, Chars: charRange(c), Doc: c.Doc}
		if i == 0 || list[i-1].Doc != c.Doc { // a document is named with the first of its sentences
			note.Title, note.Number, note.URL = d.Title, d.Number, LinkURL(d.URL)
		}
		out = append(out, note)
	}
	return out
}

// WriteStudyMarkdown writes the tables one after another.
func WriteStudyMarkdown(w io.Writer, s *Study, o Options) error {
	if _, err := fmt.Fprintf(w, "# %s\n", markdown(o.title())); err != nil {
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
	return WriteDOCX(w, o.title(), s.Grids(o))
}

// WriteStudyXLSX writes the study as a workbook.
func WriteStudyXLSX(w io.Writer, s *Study, o Options) error { return WriteXLSX(w, s.Sheets(o)) }

// StudyRows is the matrix for machines: one line for each cell.
func StudyRows(s *Study, o Options) Table { return s.provisions(o).Table() }
