package compare

import (
	"slices"
	"strings"

	"tuogou/corpus"
)

// CellState says what the corpus knows about one topic in one place.
type CellState string

// The states of a cell.
const (
	CellStated     CellState = "stated"        // found, with evidence
	CellAbsent     CellState = "absent"        // the texts are whole and do not say
	CellNotFound   CellState = "not_found"     // not in the texts given, one of which is cut
	CellUnresolved CellState = "unresolved"    // said, but open
	CellNoRecord   CellState = "not_in_corpus" // no document of this place on the topic
	CellFailed     CellState = "failed"        // the documents of this place could not be read
)

// Topic is a row of the matrix: a clause or a provision of the codebook.
type Topic struct {
	// ID is the clause type or the provision's id.
	ID     string `json:"id"`
	Name   string `json:"name"`              // in Chinese; empty: the ID is shown
	NameEN string `json:"name_en,omitempty"` // in English
	// Provision tells the provisions from the five clauses.
	Provision bool `json:"provision"`
}

// MatrixOptions say what is set side by side. The zero value compares the five
// clauses over all places.
type MatrixOptions struct {
	Selection
	// Provisions are further rows, in order: give them only where the records
	// were made with that codebook, or every cell will say absent.
	Provisions []Topic
	// Limit is how many documents may speak for a place. 0 means 3.
	Limit int
	// Names are names of places by code, for those without any record.
	Names map[string]string
	// Failed says, by code, why the documents of a place could not be read.
	Failed map[string]string
}

// Matrix is topics by places.
type Matrix struct {
	Columns []Column `json:"columns"`
	Rows    []Row    `json:"rows"`
}

// Column is a place and the documents that speak for it.
type Column struct {
	Place
	Documents []Document `json:"documents"`
	// Others is how many further records of the place were not used.
	Others int `json:"others"`
	// State is stated where documents speak for the place, else not_in_corpus or
	// failed, and Why the reason in words where there is one.
	State CellState `json:"state"`
	Why   string    `json:"why,omitempty"`
}

// Row is a topic across the places; Cells are in the order of the columns.
type Row struct {
	Topic      Topic      `json:"topic"`
	Cells      []Cell     `json:"cells"`
	Difference Difference `json:"difference"`
}

// Cell is one topic in one place.
type Cell struct {
	Place string    `json:"place"` // code
	State CellState `json:"state"`
	// Why is the sign that the text is cut or the reading failed; often empty.
	Why   string `json:"why,omitempty"`
	Items []Item `json:"items"`
}

// Item is what one document says about the topic, in one of its passages.
type Item struct {
	Heading string            `json:"heading,omitempty"`
	Form    corpus.ClauseForm `json:"form,omitempty"` // of a clause
	// Status and Changed are those of a provision.
	Status  string   `json:"status,omitempty"`
	Changed []string `json:"changed,omitempty"`
	Organs  []Organ  `json:"organs"`
	Due     []Due    `json:"deadlines"`
	Cite    Cite     `json:"cite"`
	// Reviews are what people said of it, personal data masked.
	Reviews []corpus.Review `json:"reviews,omitempty"`
}

// Organ is an organ as the text names it.
type Organ struct {
	Text       string          `json:"text"`
	Kind       string          `json:"kind"` // canonical; empty where unknown
	Level      corpus.Level    `json:"level,omitempty"`
	Candidates []string        `json:"candidates,omitempty"`
	Role       corpus.DutyRole `json:"role,omitempty"` // where the text gives it a duty here
	Cite       Cite            `json:"cite"`
}

// Due is a deadline.
type Due struct {
	UID   string              `json:"uid"`
	Words string              `json:"words"`
	Kind  corpus.DeadlineKind `json:"kind"`
	EDTF  string              `json:"edtf"`
	// Start and End are inclusive days (YYYY-MM-DD), empty where open.
	Start        string `json:"start"`
	End          string `json:"end"`
	StrictEnd    string `json:"strict_end,omitempty"`
	RRule        string `json:"rrule,omitempty"`
	Resolved     bool   `json:"resolved"`
	Goal         bool   `json:"goal"`
	Hedged       bool   `json:"hedged"`
	Approximate  bool   `json:"approximate"`
	SupersededBy string `json:"superseded_by,omitempty"`
	Action       string `json:"action"`
	Cite         Cite   `json:"cite"`
	// Reviews are what people said of it, personal data masked.
	Reviews []corpus.Review `json:"reviews,omitempty"`
}

const defaultLimit = 3

// NewMatrix compares records. The result shares no memory with them.
func NewMatrix(records []*corpus.Record, opt MatrixOptions) *Matrix {
	if opt.Limit <= 0 {
		opt.Limit = defaultLimit
	}
	m := &Matrix{Columns: []Column{}, Rows: []Row{}}
	chosen := Select(records, opt.Selection)
	var sources [][]*source
	for _, code := range opt.codes(records) {
		speaking := used(chosen[code], opt.Limit)
		m.Columns = append(m.Columns, opt.column(code, chosen[code], speaking))
		var list []*source
		for _, r := range speaking {
			list = append(list, newSource(r))
		}
		sources = append(sources, list)
	}
	for _, topic := range opt.topics() {
		row := Row{Topic: topic, Cells: []Cell{}}
		for i, col := range m.Columns {
			row.Cells = append(row.Cells, cell(topic, col, sources[i]))
		}
		row.Difference = differ(row.Cells)
		m.Rows = append(m.Rows, row)
	}
	return m
}

func (opt MatrixOptions) topics() []Topic {
	var out []Topic
	for _, t := range corpus.ClauseTypes {
		out = append(out, Topic{ID: string(t)})
	}
	for _, t := range opt.Provisions {
		t.Provision = true
		out = append(out, t)
	}
	return out
}

func (opt MatrixOptions) column(code string, all, speaking []*corpus.Record) Column {
	col := Column{
		Place:     Place{Code: code, Name: opt.Names[code], Sample: IsSample(code)},
		Documents: []Document{}, Others: len(all) - len(speaking), State: CellStated,
	}
	for _, r := range all {
		if r.Jurisdiction.Code == code && (col.Name == "" || col.Level == "") {
			col.Name, col.Level = r.Jurisdiction.Name, r.Jurisdiction.Level
		}
	}
	for _, r := range speaking {
		col.Documents = append(col.Documents, DocumentOf(r))
	}
	if len(speaking) > 0 {
		return col
	}
	col.State, col.Why = CellNoRecord, ""
	if why, ok := opt.Failed[code]; ok {
		col.State, col.Why = CellFailed, why
	}
	for _, r := range all {
		if unread(r) && r.OnTopic || unread(r) && len(all) == 1 {
			col.State = CellFailed
			if col.Why == "" {
				col.Why = reason(r)
			}
		}
	}
	return col
}

// reason is why nothing could be read of r, as its problems tell it.
func reason(r *corpus.Record) string {
	var out []string
	for _, p := range r.Problems {
		if p.Message != "" && !slices.Contains(out, p.Message) {
			out = append(out, p.Message)
		}
	}
	if len(out) == 0 && r.Text.Why != "" {
		out = append(out, r.Text.Why)
	}
	return strings.Join(out, "; ")
}

func cell(topic Topic, col Column, sources []*source) Cell {
	c := Cell{Place: col.Code, State: col.State, Why: col.Why, Items: []Item{}}
	if len(sources) == 0 {
		return c
	}
	c.State = CellAbsent
	for _, src := range sources {
		items, state := src.items(topic)
		c.Items = append(c.Items, items...)
		if s := cellState(state); weight(s) > weight(c.State) {
			c.State = s
		}
		if state == corpus.NotFound && c.Why == "" {
			c.Why = src.r.Text.Why
		}
	}
	if c.State == CellStated {
		c.Why = ""
	}
	return c
}

func cellState(s corpus.State) CellState {
	switch s {
	case corpus.Stated:
		return CellStated
	case corpus.Unresolved:
		return CellUnresolved
	case corpus.NotStated:
		return CellAbsent
	}
	return CellNotFound
}

// weight decides which of several documents' states a cell has: one that says
// it is enough, and one that is cut forbids calling it absent.
func weight(s CellState) int {
	switch s {
	case CellStated:
		return 3
	case CellUnresolved:
		return 2
	case CellNotFound:
		return 1
	}
	return 0
}

func (src *source) items(topic Topic) ([]Item, corpus.State) {
	if topic.Provision {
		return src.provisionItems(topic.ID)
	}
	return src.clauseItems(corpus.ClauseType(topic.ID))
}

func (src *source) provisionItems(id string) ([]Item, corpus.State) {
	var out []Item
	for _, p := range src.r.Provisions {
		if p.ID != id {
			continue
		}
		out = append(out, Item{
			Status: p.Status, Changed: slices.Clone(p.Changed), Cite: src.cite(p.Span),
			Organs: src.organs(p.Organs, p.Clause), Due: src.dues(p.Deadlines), Reviews: src.reviews(p.Reviews),
		})
	}
	if len(out) > 0 {
		return out, corpus.Stated
	}
	return nil, missing(src.r)
}

// clauseItems are the passages on one clause in their best form: a plan names
// all five in its first paragraph and gives each its section later; the list
// adds nothing then.
func (src *source) clauseItems(t corpus.ClauseType) ([]Item, corpus.State) {
	state := clauseState(src.r, t)
	best := 0
	var found []corpus.Clause
	for _, c := range src.r.Clauses {
		if f := formRank(c.Form); c.Type == t && f >= best {
			if f > best {
				best, found = f, nil
			}
			found = append(found, c)
		}
	}
	var out []Item
	for i, c := range found {
		heading := c.Heading
		if !c.HeadingSpan.Empty() && fits(c.HeadingSpan, src.r.Text.Body) {
			heading = src.quote(c.HeadingSpan)
		}
		uids := slices.Clone(c.Deadlines)
		if i == 0 {
			uids = append(uids, src.loose(t)...)
		}
		out = append(out, Item{
			Heading: heading, Form: c.Form, Cite: src.cite(c.Span),
			Organs: src.clauseOrgans(c), Due: src.dues(uids), Reviews: src.reviews(c.Reviews),
		})
	}
	return out, state
}

func formRank(f corpus.ClauseForm) int {
	switch f {
	case corpus.FormSection:
		return 3
	case corpus.FormInline:
		return 2
	}
	return 1
}

// loose are the deadlines that name the clause but that no clause lists.
func (src *source) loose(t corpus.ClauseType) []string {
	var out []string
	for _, d := range src.r.Deadlines {
		listed := slices.ContainsFunc(src.r.Clauses, func(c corpus.Clause) bool {
			return c.Type == t && slices.Contains(c.Deadlines, d.UID)
		})
		if d.Clause == t && !listed {
			out = append(out, d.UID)
		}
	}
	return out
}

// clauseOrgans are the departments of the closing bracket; where a clause has
// none, those to which its sentences give a duty.
func (src *source) clauseOrgans(c corpus.Clause) []Organ {
	if len(c.Organs) > 0 {
		return src.organs(c.Organs, c.Type)
	}
	var refs []corpus.OrganRef
	for _, d := range src.r.Duties {
		if d.Clause == c.Type && d.Organ.Text != "" {
			refs = append(refs, d.Organ)
		}
	}
	return src.organs(refs, c.Type)
}

func (src *source) organs(refs []corpus.OrganRef, clause corpus.ClauseType) []Organ {
	out := []Organ{}
	for _, o := range refs {
		text := o.Text
		if !o.Span.Empty() && fits(o.Span, src.r.Text.Body) {
			text = src.quote(o.Span)
		}
		same := func(p Organ) bool { return p.Text == text && p.Kind == o.Kind }
		if text == "" || slices.ContainsFunc(out, same) {
			continue
		}
		out = append(out, Organ{
			Text: text, Kind: o.Kind, Level: o.Level, Candidates: slices.Clone(o.Candidates),
			Role: src.role(o, clause), Cite: src.cite(o.Span),
		})
	}
	return out
}

func (src *source) role(o corpus.OrganRef, clause corpus.ClauseType) corpus.DutyRole {
	for _, d := range src.r.Duties {
		if !o.Span.Empty() && d.Organ.Span == o.Span && (clause == "" || d.Clause == "" || d.Clause == clause) {
			return d.Role
		}
	}
	return ""
}

func (src *source) dues(uids []string) []Due {
	out := []Due{}
	for _, d := range src.r.Deadlines {
		if slices.Contains(uids, d.UID) {
			out = append(out, src.due(d))
		}
	}
	return out
}

func (src *source) due(d corpus.Deadline) Due {
	out := Due{
		UID: d.UID, Kind: d.Kind, EDTF: d.EDTF, RRule: d.RRule, Resolved: d.Resolved, Goal: d.Goal,
		Hedged: d.Hedged, Approximate: d.Approximate, SupersededBy: d.SupersededBy, Cite: src.cite(d.Span),
		Start: deref(d.Start), End: deref(d.End), StrictEnd: deref(d.StrictEnd), Reviews: src.reviews(d.Reviews),
	}
	words := contactWords(src.r.Contacts)
	if out.Words = out.Cite.Quote; out.Words == "" {
		out.Words = hideWords(d.Quote, words)
	}
	if out.Action = src.quote(d.Action.Span); out.Action == "" {
		out.Action = hideWords(d.Action.Text, words)
	}
	return out
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
