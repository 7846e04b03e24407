package web

import (
	"context"
	"errors"
	"iter"

	"tuogou/corpus"
)

// ErrNotFound is what a Backend's error wraps where there is no such document.
var ErrNotFound = errors.New("no such document")

// ErrQuery is what a Backend's error wraps where a query cannot be understood. Its
// text is shown to the user.
var ErrQuery = errors.New("the query cannot be understood")

// Backend is where the pages get their data. All methods may be called by many
// goroutines at once, and what they return is not changed by the pages.
type Backend interface {
	// Search finds documents. It wraps ErrQuery for a query it cannot read.
	Search(ctx context.Context, q Query) (*SearchResult, error)
	// Record gives one document, or an error that wraps ErrNotFound.
	Record(ctx context.Context, id corpus.DocID) (*corpus.Record, error)
	// Records gives all documents, in any order.
	Records(ctx context.Context) iter.Seq2[*corpus.Record, error]
}

// Query is one search. Empty fields do not narrow it.
type Query struct {
	Text  string
	Place string // code
	Kind  corpus.Kind
	Year  string
	// Offset is the first hit wanted, Limit how many (1 to 50).
	Offset, Limit int
}

// SearchResult is one page of hits, the best first.
type SearchResult struct {
	Total  int // of all pages
	Hits   []Hit
	Facets []Facet
}

// Hit is one document found. Its words are taken from the record, so that no
// contact can slip through an index.
type Hit struct {
	ID corpus.DocID
	// Snippet is the stretch of the body to show, and Marks what was found in it,
	// in bytes of the record's body, in order. Marks outside Snippet are left out.
	Snippet corpus.Span
	Marks   []corpus.Span
}

// Facet counts the hits by one property: place, kind or year.
type Facet struct {
	Field  string       `json:"field"`
	Values []FacetValue `json:"values"`
}

// FacetValue is one value of a facet.
type FacetValue struct {
	Value string `json:"value"` // as in Query
	Label string `json:"label"` // empty: Value is shown
	Count int    `json:"count"`
}
