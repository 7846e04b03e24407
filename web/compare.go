package web

import (
	"bytes"
	"context"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"tuogou/compare"
	"tuogou/compare/render"
	"tuogou/corpus"
)

type compareView struct {
	Choices   []choice
	Below     bool
	Baselines []option
	Waves     []option
	Parts     []choiceLink
	Grid      *gridView
	Downloads []choiceLink
	Chosen    bool
}

type choice struct {
	Code, Name string
	Checked    bool
}

// option is one line of a select.
type option struct {
	Value, Label string
	On           bool
}

// gridView is a table of the study, its chart, and the evidence of its cells.
type gridView struct {
	ID, Title string
	Notes     []string
	Head      []string
	Rows      [][]cellView
	Charts    []template.HTML
	Evidence  []evidenceView
}

type cellView struct{ Text, Class, Pop string }

// evidenceView is the sentences behind a cell, in a box that opens beside it.
type evidenceView struct {
	ID, Head    string
	There, Here []noteView
	PairHref    string
}

type noteView struct{ Quote, Title, Href string }

func (req *request) studyChoice() (StudyChoice, error) {
	var c StudyChoice
	var err error
	if c.Places, err = req.places(); err != nil {
		return c, err
	}
	if c.Below, err = req.flag("below"); err != nil {
		return c, err
	}
	c.Baseline, c.Generation = req.query.Get("baseline"), corpus.Generation(req.query.Get("generation"))
	return c, c.check()
}

func (c StudyChoice) check() error {
	if len(c.Baseline) > 80 {
		return badParameter("baseline")
	}
	if c.Generation != "" && !slices.Contains(waves, c.Generation) {
		return badParameter("generation")
	}
	return nil
}

// waves are the generations that can be compared.
var waves = []corpus.Generation{corpus.Decoupling2015, corpus.Decoupling2019, corpus.Reform2026}

func (c StudyChoice) key() string {
	return fmt.Sprintf("study\x00%s\x00%t\x00%s\x00%s", strings.Join(c.Places, ","), c.Below, c.Baseline, c.Generation)
}

// study is the comparison, made once for each choice.
func (s *server) study(ctx context.Context, c StudyChoice) (*render.Study, error) {
	return derive(ctx, s.lib, c.key(), func(ctx context.Context, rs []*corpus.Record) (*render.Study, error) {
		slices.SortFunc(rs, func(a, b *corpus.Record) int { return strings.Compare(string(a.ID), string(b.ID)) })
		return s.b.Study(ctx, rs, c)
	})
}

func (s *server) compare(req *request) error {
	c, err := req.studyChoice()
	if err != nil {
		return err
	}
	if len(c.Places) == 0 && req.json {
		return badParameter("places")
	}
	o, err := s.overview(req.r.Context())
	if err != nil {
		return err
	}
	view := compareView{Choices: choices(o.Places, c.Places), Below: c.Below, Chosen: len(c.Places) > 0}
	view.Baselines = append(view.Baselines, option{"", req.label("compare.cited"), c.Baseline == ""}, option{"codebook", req.label("compare.codebook"), c.Baseline == "codebook"})
	for _, d := range o.Baseline {
		view.Baselines = append(view.Baselines, option{string(d.ID), strings.TrimSpace(d.Date + " " + d.Title), c.Baseline == string(d.ID)})
	}
	view.Waves = append(view.Waves, option{"", req.label("compare.allwaves"), c.Generation == ""})
	for _, w := range waves {
		view.Waves = append(view.Waves, option{string(w), req.label("generation." + string(w)), c.Generation == w})
	}
	p := req.page(req.label("compare.title"))
	if view.Chosen {
		study, err := s.study(req.r.Context(), c)
		if err != nil {
			return err
		}
		if req.json {
			return req.writeJSON(study)
		}
		if err := req.fillStudy(&view, study); err != nil {
			return err
		}
		p.JSONHref = req.here("/compare.json", "part", "")
		p.Sample = slices.ContainsFunc(study.Places, func(c compare.StudyPlace) bool { return c.Sample })
	}
	p.Body = view
	return req.render("compare", p)
}

func (req *request) fillStudy(v *compareView, study *render.Study) error {
	grids := study.Grids(req.options())
	var ids []string
	for _, g := range grids {
		ids = append(ids, g.ID)
	}
	part, err := req.choice("part", ids...)
	if err != nil {
		return err
	}
	for _, g := range grids {
		v.Parts = append(v.Parts, choiceLink{Label: g.Title, Href: req.here("/compare", "part", g.ID), On: g.ID == part, Count: len(g.Rows)})
		if g.ID == part {
			v.Grid = req.gridView(g)
		}
	}
	for _, f := range StudyFormats {
		v.Downloads = append(v.Downloads, choiceLink{Label: req.label("format." + f.Name), Href: req.here("/compare/report", "part", "", "format", f.Name)})
	}
	return nil
}

func (req *request) gridView(g render.Grid) *gridView {
	v := &gridView{ID: g.ID, Title: g.Title, Notes: g.Notes, Head: g.Head}
	for _, c := range g.Charts {
		v.Charts = append(v.Charts, template.HTML(c.SVG())) // the drawing escapes its words
	}
	for i, row := range g.Rows {
		var cells []cellView
		for j, f := range row {
			c := cellView{Text: f.Text, Class: f.Class}
			if len(f.Here)+len(f.There) > 0 {
				c.Pop = fmt.Sprintf("e%d-%d", i, j)
				e := evidenceView{ID: c.Pop, Head: row[0].Text, There: req.notes(f.There), Here: req.notes(f.Here)}
				if j < len(g.Head) && j > 0 {
					e.Head += " · " + g.Head[j]
				}
				if len(f.Here) > 0 && len(f.There) > 0 && f.Here[0].Doc != f.There[0].Doc {
					e.PairHref = req.href("/compare/pair", "there", string(f.There[0].Doc), "here", string(f.Here[0].Doc))
				}
				v.Evidence = append(v.Evidence, e)
			}
			cells = append(cells, c)
		}
		v.Rows = append(v.Rows, cells)
	}
	return v
}

func (req *request) notes(list []compare.Cite) []noteView {
	var out []noteView
	for _, c := range list {
		n := noteView{Quote: c.Quote, Href: req.citeHref(c)}
		if r, err := req.s.lib.record(req.r.Context(), c.Doc); err == nil {
			n.Title = strings.TrimSpace(compare.DocumentOf(r).Title + " " + compare.DocumentOf(r).Number)
		}
		out = append(out, n)
	}
	return out
}

// choices are the places to choose from, by code.
func choices(places []compare.Place, chosen []string) []choice {
	var out []choice
	seen := map[string]bool{}
	for _, p := range places {
		seen[p.Code] = true
		out = append(out, choice{Code: p.Code, Name: p.Name, Checked: slices.Contains(chosen, p.Code)})
	}
	for _, code := range chosen {
		if !seen[code] {
			out = append(out, choice{Code: code, Name: code, Checked: true})
		}
	}
	slices.SortFunc(out, func(a, b choice) int { return strings.Compare(a.Code, b.Code) })
	return out
}

// report gives the study as a file.
func (s *server) report(req *request) error {
	c, err := req.studyChoice()
	if err != nil {
		return err
	}
	if len(c.Places) == 0 {
		return badParameter("places")
	}
	for _, f := range StudyFormats {
		if f.Name != req.query.Get("format") {
			continue
		}
		b, err := s.writeReport(req.r.Context(), c, f.Name, req.lang)
		if err != nil {
			return err
		}
		req.head(f.Type)
		req.w.Header().Set("Content-Disposition", `attachment; filename="tuogou-comparison.`+f.Ext+`"`)
		_, _ = req.w.Write(b)
		return nil
	}
	return badParameter("format")
}

func (s *server) writeReport(ctx context.Context, c StudyChoice, format string, lang render.Lang) ([]byte, error) {
	return derive(ctx, s.lib, c.key()+"\x00"+format+"\x00"+string(lang), func(ctx context.Context, rs []*corpus.Record) ([]byte, error) {
		slices.SortFunc(rs, func(a, b *corpus.Record) int { return strings.Compare(string(a.ID), string(b.ID)) })
		study, err := s.b.Study(ctx, rs, c)
		if err != nil {
			return nil, err
		}
		var b bytes.Buffer
		err = s.b.WriteStudy(&b, rs, study, format, lang)
		return b.Bytes(), err
	})
}

// pairView is two documents side by side.
type pairView struct {
	There, Here       documentLink
	Reproduced, Own   string
	Rows              []pairRow
	SwapHref          string
	ChangesHref       string
	Only              bool
	Equal, Kept, Gone int
	New               int
}

type documentLink struct{ Title, Href, Facts string }

type pairRow struct {
	Class, Clause string
	There, Here   []noteView
	Tags          []string
}

func (s *server) pair(req *request) error {
	ctx := req.r.Context()
	var docs [2]*corpus.Record
	for i, name := range []string{"there", "here"} {
		id := req.query.Get(name)
		if id == "" || len(id) > 80 {
			return badParameter(name)
		}
		var err error
		if docs[i], err = s.lib.record(ctx, corpus.DocID(id)); err != nil {
			return err
		}
	}
	only, err := req.flag("changed")
	if err != nil {
		return err
	}
	pairing := compare.Pair(docs[0], docs[1])
	if req.json {
		return req.writeJSON(pairing)
	}
	v := pairView{There: req.documentLink(pairing.There), Here: req.documentLink(pairing.Here), Reproduced: share(pairing.Reproduced), Own: share(pairing.Own), Only: only,
		SwapHref: req.here("/compare/pair", "there", req.query.Get("here"), "here", req.query.Get("there"))}
	v.ChangesHref = req.here("/compare/pair", "changed", map[bool]string{true: "", false: "1"}[only])
	for _, r := range pairing.Rows {
		row := req.pairRow(r)
		switch row.Class {
		case "equal":
			v.Equal++
		case "missing":
			v.Gone++
		case "added":
			v.New++
		default:
			v.Kept++
		}
		if !only || row.Class != "equal" {
			v.Rows = append(v.Rows, row)
		}
	}
	p := req.page(req.label("pair.title"))
	p.JSONHref, p.Body = req.here("/compare/pair.json"), v
	return req.render("pair", p)
}

func share(v *float64) string {
	if v == nil {
		return "–"
	}
	return fmt.Sprintf("%.1f%%", 100**v)
}

func (req *request) documentLink(d compare.Document) documentLink {
	return documentLink{nonEmpty(d.Title, req.label("doc.unknown")), req.docHref(d.ID), strings.Trim(d.Number+" · "+d.Date, " ·")}
}

func (req *request) pairRow(r compare.PairingRow) pairRow {
	out := pairRow{There: req.notes(r.There), Here: req.notes(r.Here)}
	if r.Clause != "" {
		out.Clause = req.label(string(r.Clause))
	}
	switch {
	case len(r.Here) == 0:
		out.Class = "missing"
	case len(r.There) == 0:
		out.Class = "added"
	case len(r.Changes) > 0:
		out.Class = "changed"
	case r.Equal:
		out.Class = "equal"
	default:
		out.Class = "reworded"
	}
	out.Tags = append(out.Tags, req.label("pair."+out.Class))
	if r.Moved {
		out.Tags = append(out.Tags, req.label("pair.moved"))
	}
	for _, c := range r.Changes {
		out.Tags = append(out.Tags, req.changeWords(c))
	}
	return out
}

func (req *request) changeWords(c compare.Change) string { return render.ChangeWords(c, req.options()) }
