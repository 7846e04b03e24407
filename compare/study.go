package compare

import (
	"slices"

	"tuogou/compare/align"
	"tuogou/corpus"
)

// Verdict says what a place made of a clause or provision of the baseline.
type Verdict string

// The verdicts. Neither and Kept are no differences; those from NotInText to Unclear
// say that nothing can be said.
const (
	Copied     Verdict = "copied"    // the same words, but for names and levels
	Reworded   Verdict = "reworded"  // other words, no difference found in what is compared
	Changed    Verdict = "changed"   // another date, department, number or scope
	Added      Verdict = "added"     // the baseline is whole and does not have it
	Missing    Verdict = "missing"   // the text is whole and does not have it
	Delegated  Verdict = "delegated" // left to another document (另行制定)
	Kept       Verdict = "kept"      // as in the central defaults, whose wording is not at hand
	Neither    Verdict = "neither"   // neither has it
	NotInText  Verdict = "not_found" // not in the text given, which is cut or has an unread attachment
	NoDocument Verdict = "no_document"
	Unreadable Verdict = "failed"
	NoBaseline Verdict = "no_baseline" // there is nothing to compare with, or it is cut
	Unclear    Verdict = "unclear"     // no rule finds it, but a sentence speaks of the matter
	Itself     Verdict = "baseline"    // the place's document is the baseline
)

// Provision is a row of a study below its clause, with the central defaults.
type Provision struct {
	Topic
	Clause corpus.ClauseType
	// Defaults are the central ones by generation; that of the empty generation
	// counts where a generation has none of its own.
	Defaults map[corpus.Generation]Default
}

// Default is what the central plan fixes of a provision.
type Default struct {
	Due  string `json:"due,omitempty"`  // YYYY-MM-DD, the last day
	From string `json:"from,omitempty"` // YYYY-MM-DD, the first day
	// Kinds are the kinds of organs in charge.
	Kinds []string `json:"kinds,omitempty"`
}

// The baselines that are no document.
const (
	ByCodebook = "codebook" // the central defaults, by generation
	ByCitation = "cited"    // the parent that each plan itself cites; the codebook where it is not here
)

// StudyOptions say what is set beside what. The zero value sets every place
// beside the parent that its document cites.
type StudyOptions struct {
	Selection
	Provisions []Provision
	// Baseline is the id of a document, ByCodebook or ByCitation (also where empty).
	Baseline string
	// Names and Failed are as in [MatrixOptions].
	Names, Failed map[string]string
}

// Study is the comparison of places with a baseline.
type Study struct {
	Baseline string       `json:"baseline"` // as in the options
	Places   []StudyPlace `json:"places"`
	Rows     []StudyRow   `json:"rows"`
	// Denominators of what is told above.
	Count StudyCount `json:"count"`
}

// StudyCount is how many places the study rests on.
type StudyCount struct {
	Places    int             `json:"places"`
	Documents int             `json:"documents"` // places with a readable document
	Compared  int             `json:"compared"`  // of these, set beside the text of a baseline
	Cells     int             `json:"cells"`
	Decided   int             `json:"decided"` // cells about which something can be said
	Verdicts  map[Verdict]int `json:"verdicts"`
}

// StudyPlace is a place, its document and what that is set beside.
type StudyPlace struct {
	Place
	Document *Document `json:"document"`
	// Chosen is only, where the place has one document, or ranked, by [Select].
	Chosen string  `json:"chosen"`
	State  Verdict `json:"state"` // copied where a document speaks, else no_document or failed
	Why    string  `json:"why,omitempty"`
	// Baseline is the document that Document is set beside; nil for the codebook.
	Baseline *Document `json:"baseline"`
	// BaselineBy says how it was taken: given, cited, codebook, no_parent (none that is
	// cited is here: the codebook) or absent. BaselineWhy are the words that cite it.
	BaselineBy  string `json:"baseline_by"`
	BaselineWhy string `json:"baseline_why,omitempty"`
	// Reproduced is how much of the baseline's wording stands in the document, Own
	// how much of the document's stands not in the baseline; nil without wording.
	Reproduced *float64 `json:"reproduced"`
	Own        *float64 `json:"own"`
	// Chars are those of the baseline that Reproduced counts.
	Chars int `json:"chars"`
}

// StudyRow is a clause or a provision across the places, in their order.
type StudyRow struct {
	Topic  Topic             `json:"topic"`
	Clause corpus.ClauseType `json:"clause"`
	Cells  []StudyCell       `json:"cells"`
}

// StudyCell is a clause or provision in one place.
type StudyCell struct {
	Place   string  `json:"place"`
	Verdict Verdict `json:"verdict"`
	Why     string  `json:"why,omitempty"`
	// Changes are typed; they may be there beside every verdict that has words on
	// both sides.
	Changes []Change `json:"changes"`
	// Reproduced is as in [StudyPlace], of this clause or provision.
	Reproduced *float64 `json:"reproduced"`
	// Here are the sentences of the place, There those of the baseline; Central is
	// the default of the codebook where that is the baseline.
	Here    []Cite   `json:"here"`
	There   []Cite   `json:"there"`
	Central *Default `json:"central,omitempty"`
	// Aligned says that the wording and not the codebook led to the sentence.
	Aligned bool `json:"aligned"`
}

// copiedShare is the share of the baseline's characters from which a text without
// typed changes is a copy: a word or two may differ.
const copiedShare = 0.97

// study is the work on one: texts are prepared once.
type study struct {
	opt   StudyOptions
	byID  map[corpus.DocID]*corpus.Record
	texts map[corpus.DocID]*text
}

// NewStudy compares places. The document of a place is the first of [Select] that
// is on the topic and can be read.
func NewStudy(records []*corpus.Record, opt StudyOptions) *Study {
	if opt.Baseline == "" {
		opt.Baseline = ByCitation
	}
	w := &study{opt: opt, byID: map[corpus.DocID]*corpus.Record{}, texts: map[corpus.DocID]*text{}}
	for _, r := range records {
		if r != nil {
			w.byID[r.ID] = r
		}
	}
	out := &Study{Baseline: opt.Baseline, Places: []StudyPlace{}, Count: StudyCount{Verdicts: map[Verdict]int{}}}
	out.Rows = opt.rows()
	chosen := Select(records, opt.Selection)
	for _, code := range opt.codes(records) {
		p, column := w.place(code, chosen[code], len(out.Rows))
		out.Places = append(out.Places, p)
		for i := range column {
			column[i].Place = code
			out.Rows[i].Cells = append(out.Rows[i].Cells, column[i])
			out.Count.Verdicts[column[i].Verdict]++
			out.Count.Cells++
			if column[i].Verdict.decided() {
				out.Count.Decided++
			}
		}
		out.Count.Places++
		if p.Document != nil {
			out.Count.Documents++
		}
		if p.Baseline != nil {
			out.Count.Compared++
		}
	}
	return out
}

func (v Verdict) decided() bool {
	switch v {
	case NotInText, NoDocument, Unreadable, NoBaseline, Unclear:
		return false
	}
	return true
}

func (opt StudyOptions) rows() []StudyRow {
	out := []StudyRow{}
	for _, t := range corpus.ClauseTypes {
		out = append(out, StudyRow{Topic: Topic{ID: string(t)}, Clause: t, Cells: []StudyCell{}})
	}
	for _, p := range opt.Provisions {
		p.Topic.Provision = true
		out = append(out, StudyRow{Topic: p.Topic, Clause: p.Clause, Cells: []StudyCell{}})
	}
	return out
}

// place is one column.
func (w *study) place(code string, all []*corpus.Record, rows int) (StudyPlace, []StudyCell) {
	column := MatrixOptions{Names: w.opt.Names, Failed: w.opt.Failed}.column(code, all, used(all, 1))
	p := StudyPlace{Place: column.Place, State: Copied, Why: column.Why, Chosen: chosenBy(all)}
	cells := make([]StudyCell, rows)
	if len(column.Documents) == 0 {
		p.State = NoDocument
		if column.State == CellFailed {
			p.State = Unreadable
		}
		for i := range cells {
			cells[i] = StudyCell{Verdict: p.State, Why: p.Why, Changes: []Change{}, Here: []Cite{}, There: []Cite{}}
		}
		return p, cells
	}
	p.Document = &column.Documents[0]
	here := w.text(w.byID[p.Document.ID])
	base, by, why := w.baseline(here.r)
	p.BaselineBy, p.BaselineWhy = by, why
	c := beside{here: here}
	if base != nil {
		d := DocumentOf(base)
		p.Baseline = &d
		c.there = w.text(base)
		c.result = align.Align(c.there.units, here.units)
		c.index()
		p.Reproduced, p.Chars = c.share(c.there.all())
		p.Own = c.own()
	}
	for i, t := range corpus.ClauseTypes {
		cells[i] = c.clause(t)
	}
	for i, v := range w.opt.Provisions {
		cells[len(corpus.ClauseTypes)+i] = c.provision(v)
	}
	if base == nil {
		c.clausesByProvisions(cells, w.opt.Provisions)
	}
	return p, cells
}

// chosenBy names the rule by which the first document was taken.
func chosenBy(all []*corpus.Record) string {
	if len(all) == 0 {
		return ""
	}
	if len(all) == 1 {
		return "only"
	}
	return "ranked"
}

func (w *study) text(r *corpus.Record) *text {
	t, ok := w.texts[r.ID]
	if !ok {
		t = newText(r)
		w.texts[r.ID] = t
	}
	return t
}

// baseline is the document that r is set beside, or nil for the codebook, how it was
// taken, and the words that cite it.
func (w *study) baseline(r *corpus.Record) (base *corpus.Record, by, why string) {
	switch w.opt.Baseline {
	case ByCodebook:
		return nil, ByCodebook, ""
	case ByCitation:
		if p, ref := w.parent(r); p != nil {
			return p, ByCitation, ref.Quote
		}
		return nil, "no_parent", ""
	}
	b := w.byID[corpus.DocID(w.opt.Baseline)]
	if b == nil {
		return nil, "absent", ""
	}
	return b, "given", ""
}

// parent is the document on the topic that r itself names as its basis: of several
// the one of the lowest place above or at r, then the first named.
func (w *study) parent(r *corpus.Record) (*corpus.Record, corpus.Reference) {
	var best *corpus.Record
	var by corpus.Reference
	for _, ref := range r.References {
		p := w.byID[ref.Target]
		basis := ref.Relation == corpus.Basis || ref.Relation == corpus.Implements || ref.Relation == corpus.Forwards
		if p == nil || p == r || !basis || !p.OnTopic || unread(p) || class(p.Kind) > 2 {
			continue
		}
		if best == nil || Within(p.Jurisdiction.Code, best.Jurisdiction.Code) {
			best, by = p, ref
		}
	}
	return best, by
}

// HasBaseline reports whether one of the records is the baseline that the options
// name; true for those that are no document.
func (opt StudyOptions) HasBaseline(records []*corpus.Record) bool {
	return opt.Baseline == "" || opt.Baseline == ByCodebook || opt.Baseline == ByCitation ||
		slices.ContainsFunc(records, func(r *corpus.Record) bool { return r != nil && string(r.ID) == opt.Baseline })
}

func (c *beside) index() {
	c.partners = map[int][]int{}
	c.sources = map[int][]int{}
	for _, m := range c.result.Matches {
		c.partners[m.A] = append(c.partners[m.A], m.B)
		c.sources[m.B] = append(c.sources[m.B], m.A)
	}
}

func (t *text) all() []int {
	out := make([]int, len(t.units))
	for i := range out {
		out[i] = i
	}
	return out
}

// incompleteOr joins a reason with the verdict for something that is not there.
func incompleteOr(r *corpus.Record, whole, cut Verdict) (Verdict, string) {
	if why := incomplete(r); why != "" {
		return cut, why
	}
	return whole, ""
}
