package index

import (
	"fmt"

	"tuogou/corpus"
	"tuogou/segment"
)

// formatVersion changes whenever an index written before cannot be read, or
// would answer differently. 1: first form.
const formatVersion = 1

// Segmenter cuts text into words. It must be safe for concurrent use.
type Segmenter interface {
	Cut(string) []segment.Token
	Fingerprint() string
}

// Fingerprint is what an index was made from.
type Fingerprint struct {
	Words   string      `json:"words"`   // of the segmenter
	Rules   corpus.Hash `json:"rules"`   // that made the records
	Content string      `json:"content"` // of the records; the caller's choice
}

// State says how an index relates to what is wanted.
type State string

// The states, the worst first.
const (
	Missing State = "missing" // there is none
	Corrupt State = "corrupt" // it cannot be read
	Schema  State = "schema"  // written in another form or with other words: must be rebuilt
	Rules   State = "rules"   // usable; its records were made by other rules
	Content State = "content" // usable; the records have changed since
	Current State = "current"
)

// Options for reading. The zero value works.
type Options struct {
	// Normalize brings the words of a query into the characters of the index,
	// traditional to simplified. Nil: as typed.
	Normalize func(string) string
	// Weights of the ranking; nil means DefaultWeights.
	Weights *Weights
}

// Weights are the parts of a score. For each text of the query, Present counts
// once, Title and Heading where it stands there, each times the text's rarity
// (BM25 idf); Body is the weight of BM25 over the words of the body. The sum is
// multiplied by OnTopic and by one of Plan and News where they apply. Where no
// word of the document begins as the text does (民政 in 人民政府), Present, Title
// and Heading are multiplied by Accident.
type Weights struct {
	Present, Title, Heading, Body float64
	Accident                      float64
	OnTopic, Plan, News           float64
}

// DefaultWeights puts a hit in a title above one in a heading above any number
// of hits in the body. The factors for the document are small: they order
// documents that match equally well and let no weak match pass a strong one.
func DefaultWeights() Weights {
	return Weights{Present: 0.3, Title: 4, Heading: 1.2, Body: 1, Accident: 0.05, OnTopic: 1.2, Plan: 1.15, News: 0.9}
}

// Sort is an order of hits. Ties are ordered by document id.
type Sort string

// The orders. The zero value is ByScore.
const (
	ByScore Sort = ""
	ByDate  Sort = "date"  // latest first, undated last
	ByPlace Sort = "place" // by code, unknown last
)

// ParseSort reads the name of an order: score, date or place.
func ParseSort(s string) (Sort, error) {
	switch s {
	case "", "score":
		return ByScore, nil
	case "date", "place":
		return Sort(s), nil
	}
	return "", fmt.Errorf("sort %q is not one of score, date, place", s)
}

// Query is what to look for and how to show it. The zero value lists the first
// ten documents.
type Query struct {
	Text   string // in the language of package query
	Offset int    // hits to skip
	Limit  int    // hits to return; 0 means 10, negative none; at most 1000
	Sort   Sort   // a query without text to look for is ordered by date instead of score
	// Snippets for each hit; 0 means 3, negative none.
	Snippets int
	// NoFacets leaves them out.
	NoFacets bool
}

// Result is the answer to a query.
type Result struct {
	Total  int // documents that match, exactly
	Hits   []Hit
	Facets map[string][]FacetValue // by name of the field; see FacetFields
}

// FacetValue is one value of a field, and how many hits adding it as a filter
// would leave. Values are ordered by count, then value.
type FacetValue struct {
	Value string
	Name  string // of a place; empty elsewhere
	Count int
}

// Hit is one document that matches, with what is needed to show it.
type Hit struct {
	Doc        corpus.DocID
	Score      float64 // comparable within one result; 0 where not ordered by score
	Title      string
	TitleSpans []corpus.Span // the words found, in bytes of Title
	Place      Place
	Date       string // signed, else printed, else posted; YYYY-MM-DD or YYYY-MM; may be empty
	Year       int    // 0 where unknown
	Kind       corpus.Kind
	Generation corpus.Generation
	OnTopic    bool
	Number     string // document number; may be empty
	URL        string // may be empty
	Snippets   []Snippet
}

// Place is where a document applies.
type Place struct {
	Code  string       `json:"code"`
	Name  string       `json:"name"`
	Level corpus.Level `json:"level"`
	Path  []string     `json:"path"`
	Codes []string     `json:"codes"` // of the place and of all above it, from the nation down
}

// Snippet is a stretch of a body around words found.
type Snippet struct {
	Span    corpus.Span   // in bytes of the body
	Text    string        // the body at Span
	Spans   []corpus.Span // the words found, in bytes of the body, inside Span
	Section string        // id of the section; empty where none
	Heading string
	Clause  corpus.ClauseType // empty where none
}
