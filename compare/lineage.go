package compare

import (
	"cmp"
	"slices"
	"strings"

	"tuogou/compare/align"
	"tuogou/corpus"
)

// Lineage is who follows whom, and when the places took the reform up.
type Lineage struct {
	Edges    []Edge     `json:"edges"` // by date of the child
	Adoption []Adoption `json:"adoption"`
	// Documents are those on the topic that bind (plans, notices, opinions,
	// measures); Dated of them have a date; Led of them have a parent here.
	Documents int `json:"documents"`
	Dated     int `json:"dated"`
	Led       int `json:"led"`
	// Outside are the basis references to documents that are not here.
	Outside int `json:"outside"`
}

// Edge leads from a document to one that it follows.
type Edge struct {
	Child  Document `json:"child"`
	Parent Document `json:"parent"`
	// ChildPlace and ParentPlace are their places.
	ChildPlace  Place `json:"child_place"`
	ParentPlace Place `json:"parent_place"`
	// Cited says that the child names the parent, in Cite; Worded that it has a
	// share of its wording, in Reproduced.
	Cited      bool     `json:"cited"`
	Worded     bool     `json:"worded"`
	Cite       *Cite    `json:"cite"`
	Reproduced *float64 `json:"reproduced"`
	// Lag is the days from the parent's date to the child's, nil where one has none.
	Lag *int `json:"lag"`
}

// Adoption is a place's first binding document of one generation.
type Adoption struct {
	Place      Place             `json:"place"`
	Generation corpus.Generation `json:"generation"`
	// Date is "" where the document has none.
	Date     string   `json:"date"`
	Document Document `json:"document"`
	// Lag is the days since the first document of the generation here.
	Lag *int `json:"lag"`
}

// wordedShare is the share of a higher document's shingles from which a lower one
// is taken to follow it though it does not say so.
const wordedShare = 0.3

// Binding reports whether a record has a place in the lineage: it is on the topic, could
// be read, and is a plan, a notice, an opinion or measures.
func Binding(r *corpus.Record) bool { return binding(r) }

func binding(r *corpus.Record) bool { return r != nil && r.OnTopic && !unread(r) && class(r.Kind) <= 2 }

// NewLineage finds the parents of documents: those that they cite as their basis,
// and, of the earlier documents of places above, the one whose wording they have
// most of. Citation and wording are told apart.
func NewLineage(records []*corpus.Record) *Lineage {
	l := &Lineage{Edges: []Edge{}, Adoption: []Adoption{}}
	var list []*corpus.Record
	for _, r := range records {
		if binding(r) {
			list = append(list, r)
		}
	}
	slices.SortStableFunc(list, byDate)
	x := align.NewIndex(wordings(list))
	counter := x.Counter()
	at := make(map[corpus.DocID]int, len(list))
	for i, r := range list {
		at[r.ID] = i
	}
	for i, r := range list {
		l.Documents++
		if d, _ := DateOf(r); d != "" {
			l.Dated++
		}
		edges, outside := citedEdges(r, list, at)
		l.Outside += outside
		edges = wordedEdge(i, list, at, x, counter.Shared(i, len(list)), edges)
		if len(edges) > 0 {
			l.Led++
		}
		l.Edges = append(l.Edges, edges...)
	}
	l.Adoption = adoption(list)
	return l
}

// byDate puts the dated first, then by date, place and id.
func byDate(a, b *corpus.Record) int {
	ad, _ := DateOf(a)
	bd, _ := DateOf(b)
	if c := boolOrder(ad != "", bd != ""); c != 0 {
		return c
	}
	return cmp.Or(strings.Compare(ad, bd), strings.Compare(a.Jurisdiction.Code, b.Jurisdiction.Code), strings.Compare(string(a.ID), string(b.ID)))
}

func wordings(list []*corpus.Record) [][]rune {
	out := make([][]rune, len(list))
	for i, r := range list {
		for _, s := range bodies(r) {
			out[i] = append(out[i], align.Normal(s.In(r.Text.Body), placeWords(r))...)
		}
	}
	return out
}

func newEdge(child, parent *corpus.Record) Edge {
	e := Edge{Child: DocumentOf(child), Parent: DocumentOf(parent), ChildPlace: PlaceOf(child), ParentPlace: PlaceOf(parent)}
	e.Lag = lag(e.Parent.Date, e.Child.Date)
	return e
}

// lag is the days between two days; nil where one is none or has only its month.
func lag(from, to string) *int {
	if len(from) != len("2006-01-02") || len(to) != len("2006-01-02") || !isDay(from) || !isDay(to) {
		return nil
	}
	n := daysBetween(from, to)
	return &n
}

func citedEdges(r *corpus.Record, list []*corpus.Record, at map[corpus.DocID]int) (edges []Edge, outside int) {
	src := newSource(r)
	for _, ref := range r.References {
		if ref.Relation != corpus.Basis && ref.Relation != corpus.Implements && ref.Relation != corpus.Forwards {
			continue
		}
		i, ok := at[ref.Target]
		if !ok || list[i] == r {
			if ref.Target == "" {
				outside++
			}
			continue
		}
		if slices.ContainsFunc(edges, func(e Edge) bool { return e.Parent.ID == ref.Target }) {
			continue
		}
		e := newEdge(r, list[i])
		cite := src.cite(ref.Span)
		e.Cited, e.Cite = true, &cite
		edges = append(edges, e)
	}
	return edges, outside
}

// wordedEdge adds the wording to the edges of list[i], and the document above it
// with most of its wording where that is not among them. shared is what each text
// of the index has in common with the i-th, at where each document stands in list.
func wordedEdge(i int, list []*corpus.Record, at map[corpus.DocID]int, x *align.Index, shared []int32, edges []Edge) []Edge {
	r := list[i]
	share := func(j int) float64 { return float64(shared[j]) / float64(max(x.Size(j), 1)) }
	for n := range edges {
		if j, ok := at[edges[n].Parent.ID]; ok {
			part := share(j)
			edges[n].Reproduced, edges[n].Worded = &part, part >= wordedShare
		}
	}
	best, top := -1, wordedShare
	for j, p := range list[:i] {
		part := share(j)
		if part < top { // all but a few, and this costs least
			continue
		}
		above := Within(r.Jurisdiction.Code, p.Jurisdiction.Code) || slices.Contains(r.Jurisdiction.Codes, p.Jurisdiction.Code)
		cited := slices.ContainsFunc(edges, func(e Edge) bool { return e.Parent.ID == p.ID })
		if above && !cited && p.Jurisdiction.Code != r.Jurisdiction.Code && p.Generation == r.Generation {
			best, top = j, part
		}
	}
	if best >= 0 {
		e := newEdge(r, list[best])
		e.Worded, e.Reproduced = true, &top
		edges = append(edges, e)
	}
	return edges
}

// adoption is the first document of each place and generation; list is by date.
func adoption(list []*corpus.Record) []Adoption {
	out := []Adoption{}
	first := map[corpus.Generation]string{}
	seen := map[string]bool{}
	for _, r := range list {
		key := r.Jurisdiction.Code + " " + string(r.Generation)
		if r.Jurisdiction.Code == "" || seen[key] {
			continue
		}
		seen[key] = true
		a := Adoption{Place: PlaceOf(r), Generation: r.Generation, Document: DocumentOf(r)}
		a.Date = a.Document.Date
		if first[r.Generation] == "" {
			first[r.Generation] = a.Date
		}
		a.Lag = lag(first[r.Generation], a.Date)
		out = append(out, a)
	}
	return out
}
