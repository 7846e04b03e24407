package index

import (
	"fmt"
	"sync"

	"tuogou/corpus"
	"tuogou/index/query"
	"tuogou/rules"
	"tuogou/segment"
)

// formatVersion changes whenever an index written before cannot be read, or
// would answer differently. 1: first form. 2: units and more fields.
const formatVersion = 3

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
	// Unreachable says that the server that keeps it does not answer.
	Unreachable State = "unreachable"
)

// Options for reading. The zero value works.
type Options struct {
	// Language is what a query may say beyond the built-in names.
	Language query.Language
	// Weights of the ranking; nil means DefaultWeights.
	Weights *Weights
}

// Weights are the parts of a score; rules/search.toml explains them.
type Weights = rules.Weights

// DefaultWeights are those of the built-in rules.
func DefaultWeights() Weights { return defaultWeights() }

var defaultWeights = sync.OnceValue(func() Weights {
	s, err := rules.LoadSearch(rules.Embedded())
	if err != nil {
		panic(err) // a test of package rules loads the same file
	}
	return s.Rank
})

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
	Text   string   // in the language of package query
	Unit   UnitKind // what to find: documents, or parts of them
	Offset int      // hits to skip
	// After is the Next of an earlier result of the same query: its hits follow.
	After string
	Limit int  // hits to return; 0 means 10, negative none; at most 1000
	Sort  Sort // a query without text to look for is ordered by date instead of score
	// Snippets for each hit; 0 means 3, negative none.
	Snippets int
	// NoFacets leaves them out.
	NoFacets bool
	// Explain says why each hit was found and how its score came about.
	Explain bool
	// Coverage says what the query was counted against.
	Coverage bool
}

// Result is the answer to a query.
type Result struct {
	Total  int // documents or units that match, exactly
	Docs   int // documents that match, or have a unit that does
	Hits   []Hit
	Next   string                  // for Query.After; empty where no more hits follow
	Facets map[string][]FacetValue // by name of the field; see FacetFields
	Notes  []query.Note            // what was made of the query
	// Coverage is set where it was asked for.
	Coverage *Coverage
}

// Coverage tells what a query was counted against: the documents selected by its
// filters on the document itself (place, level, year, date, kind, generation,
// source, topic), whatever else it asks for.
type Coverage struct {
	Selection string `json:"selection"` // the query that selects them; empty for all
	Documents int    `json:"documents"` // selected
	With      int    `json:"with"`      // of these, hold what was asked for
	Without   int    `json:"without"`   // do not, as far as their text goes
	// Cut is how many of Without have a text that is cut: whether they hold it
	// is open.
	Cut int `json:"cut"`
	// Denied says that the hits are those without.
	Denied bool `json:"denied"`
	// Places are the codes of all places with a selected document, and of all
	// places above them.
	Places []string `json:"-"`
}

// FacetValue is one value of a field, and how many hits adding it as a filter
// would leave. Values are ordered by count, then value.
type FacetValue struct {
	Value string `json:"value"`
	Name  string `json:"name,omitempty"` // of a place; empty elsewhere
	Count int    `json:"count"`
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
	Cut        bool   // the text is cut
	Unit       *Unit  // nil where documents are searched
	Snippets   []Snippet
	Why        *Why // nil unless asked for
}

// Unit is the part of a document that was found.
type Unit struct {
	Kind       UnitKind
	ID         string // unique in the document
	Label      string // what it is: type of a clause, id of a provision, EDTF of a deadline, role and organ of a duty
	Spans      []corpus.Span
	Section    string
	Clauses    []string
	Provisions []string
	Organs     []string // kinds
	Roles      []string
	Due        []string // days
}

// Why says how a hit was found.
type Why struct {
	Words []WordFound `json:"words"`
	Score []Part      `json:"score"` // addends, then factors
}

// WordFound is a text of the query and where it stands.
type WordFound struct {
	Word      string `json:"word"`
	SynonymOf string `json:"synonym_of,omitempty"`
	Title     int    `json:"title"` // how often
	Text      int    `json:"text"`
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
