package web

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"tuogou/compare"
	"tuogou/corpus"
	"tuogou/index"
)

// HitAnswer is a document, or a part of one, that was found.
type HitAnswer struct {
	ID         corpus.DocID      `json:"id"`
	Title      string            `json:"title"`
	Place      index.Place       `json:"place"`
	Date       string            `json:"date"`
	Kind       corpus.Kind       `json:"kind"`
	Generation corpus.Generation `json:"generation"`
	OnTopic    bool              `json:"on_topic"`
	Number     string            `json:"number"`
	URL        string            `json:"url"`
	Score      float64           `json:"score"`
	Cut        bool              `json:"cut"`
	Unit       *UnitAnswer       `json:"unit,omitempty"`
	Snippets   []SnippetAnswer   `json:"snippets"`
	Why        *index.Why        `json:"why,omitempty"`
}

// UnitAnswer is the part of a document that was found.
type UnitAnswer struct {
	Kind       index.UnitKind `json:"kind"`
	ID         string         `json:"id"`
	Label      string         `json:"label"`
	Section    string         `json:"section"`
	Clauses    []string       `json:"clauses"`
	Provisions []string       `json:"provisions"`
	Organs     []string       `json:"organs"`
	Roles      []string       `json:"roles"`
	Due        []string       `json:"due"`
}

// SnippetAnswer is a stretch of a body, contacts masked. Span counts code points
// of the body, Marks of Text.
type SnippetAnswer struct {
	Span    corpus.Span       `json:"span"`
	Text    string            `json:"text"`
	Marks   []corpus.Span     `json:"marks"`
	Section string            `json:"section,omitempty"`
	Clause  corpus.ClauseType `json:"clause,omitempty"`
}

// NewHit is h in the form of the API. Its words come from its record, as quote gives them
// for a span of the body in bytes; without a record, which the store may have lost, there
// are only those that the index has.
func NewHit(h index.Hit, r *corpus.Record, quote func(*corpus.Record, corpus.Span) string) HitAnswer {
	out := HitAnswer{ID: h.Doc, Title: h.Title, Place: h.Place, Date: h.Date, Kind: h.Kind, Generation: h.Generation, OnTopic: h.OnTopic,
		Number: h.Number, URL: h.URL, Score: h.Score, Cut: h.Cut, Snippets: []SnippetAnswer{}, Why: h.Why}
	if u := h.Unit; u != nil {
		out.Unit = &UnitAnswer{u.Kind, u.ID, u.Label, u.Section, filled(u.Clauses), filled(u.Provisions), filled(u.Organs), filled(u.Roles), filled(u.Due)}
	}
	if r == nil {
		return out
	}
	d := compare.DocumentOf(r)
	out.Title, out.Number, out.URL = d.Title, d.Number, d.URL
	for _, n := range h.Snippets {
		if n.Span.End <= len(r.Text.Body) { // else the record is younger than the index
			out.Snippets = append(out.Snippets, snippetOf(r, n, quote))
		}
	}
	return out
}

func snippetOf(r *corpus.Record, n index.Snippet, quote func(*corpus.Record, corpus.Span) string) SnippetAnswer {
	points := func(from, to int) int { return utf8.RuneCountInString(r.Text.Body[from:to]) }
	start := points(0, n.Span.Start)
	out := SnippetAnswer{Span: corpus.Span{Start: start, End: start + points(n.Span.Start, n.Span.End)}, Text: quote(r, n.Span),
		Marks: []corpus.Span{}, Section: n.Section, Clause: n.Clause}
	for _, m := range n.Spans {
		if m.Start < n.Span.Start || m.End > n.Span.End {
			continue
		}
		at := points(n.Span.Start, m.Start)
		out.Marks = append(out.Marks, corpus.Span{Start: at, End: at + points(m.Start, m.End)})
	}
	return out
}

// HitColumns are the columns of a list of hits; see [HitAnswer.Row].
var HitColumns = []string{"rank", "id", "title", "place_code", "place", "level", "date", "kind", "generation", "number", "url", "score",
	"cut", "unit", "unit_id", "label", "section", "organs", "due", "quote"}

// Row is the hit, the n-th from 1, under HitColumns.
func (h HitAnswer) Row(n int) []string {
	u := h.Unit
	if u == nil {
		u = &UnitAnswer{}
	}
	quote := ""
	if len(h.Snippets) > 0 {
		quote = h.Snippets[0].Text
	}
	return []string{strconv.Itoa(n), string(h.ID), h.Title, h.Place.Code, strings.Join(h.Place.Path, ""), string(h.Place.Level), h.Date, string(h.Kind),
		string(h.Generation), h.Number, h.URL, strconv.FormatFloat(h.Score, 'f', 4, 64), strconv.FormatBool(h.Cut), string(u.Kind), u.ID, u.Label, u.Section,
		strings.Join(u.Organs, " "), strings.Join(u.Due, " "), quote}
}
