package index

import (
	"encoding/json"
	"fmt"
	"slices"

	index "github.com/blevesearch/bleve_index_api"

	"tuogou/corpus"
)

// Entry is a document as an engine of another package keeps it and gives it back.
// Meta and Units are for this package only.
type Entry struct {
	ID    corpus.DocID    `json:"id"`
	Title string          `json:"title"`
	Body  string          `json:"body"`
	Meta  json.RawMessage `json:"meta"`
	Units json.RawMessage `json:"units"`
	// Keys are the terms of each field of the query language, and of the orders.
	Keys map[string][]string `json:"k"`
}

// Terms are what a document is found and ranked by, beside its keys and its folded
// texts (see [Fold]).
type Terms struct {
	// Pairs of neighbouring letters, each once.
	TitlePairs, HeadingPairs, ClausePairs []string
	// Pairs with which a word begins: of title and body, of the title.
	Begins, TitleBegins []string
	Words               map[string]int // of the body, and how often they stand
	Length              int            // of the body, in words
}

// NewEntry is what r is kept as and found by.
func NewEntry(r *corpus.Record, seg Segmenter) (Entry, Terms, error) {
	m, units := metaOf(r), unitsOf(r)
	e := Entry{ID: r.ID, Title: r.Title, Body: r.Text.Body, Keys: keys(r, m, units)}
	for _, p := range []struct {
		from any
		to   *json.RawMessage
	}{{m, &e.Meta}, {units, &e.Units}} {
		data, err := json.Marshal(p.from)
		if err != nil {
			return e, Terms{}, fmt.Errorf("index %s: %w", r.ID, err)
		}
		*p.to = data
	}
	sections, clauses := headings(r)
	title, body := &cut{seg: seg, text: r.Title}, &cut{seg: seg, text: r.Text.Body}
	t := Terms{HeadingPairs: terms(gramsOf(sections)), ClausePairs: terms(gramsOf(clauses)), TitlePairs: terms(grammed(title)),
		Begins: terms(grammed(title, body), beginsWord), TitleBegins: terms(grammed(title), beginsWord), Words: map[string]int{}}
	words, n := body.words()
	for w, f := range words {
		t.Words[w] = f.Frequency()
	}
	t.Length = n
	return e, t, nil
}

// terms are those of a field in order; where frequencies are given, those with one
// of them.
func terms(analyze func() (index.TokenFrequencies, int), freqs ...int) []string {
	all, _ := analyze()
	out := make([]string, 0, len(all))
	for t, f := range all {
		if len(freqs) == 0 || slices.Contains(freqs, f.Frequency()) {
			out = append(out, t)
		}
	}
	slices.Sort(out)
	return out
}

// Fold is the form in which texts are compared: a text stands in another one where
// its folded form is part of the other's.
func Fold(s string) string { return foldString(s) }

func (e *Entry) stored() storedDoc {
	return storedDoc{id: e.ID, body: e.Body, title: e.Title, meta: e.Meta, units: e.Units}
}
