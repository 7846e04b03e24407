package web

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"tuogou/compare"
	"tuogou/index"
	"tuogou/index/query"
)

// Asking is a search as a reader asks for it. Empty fields do not narrow it.
type Asking struct {
	Text     string // in the query language
	Filters  []Filter
	Unit     string // document, clause, provision, deadline or duty
	Sort     string // score, date or place
	After    string // the next of the page before
	Limit    int    // 1 to 50; 0 means 20
	Explain  bool
	Coverage bool
}

// Filter is one value of a facet that was chosen beside the words.
type Filter struct{ Field, Value string }

// facetFields are the parameters that narrow a search, in the order of the page.
var facetFields = []string{"province", "city", "county", "place", "level", "year", "kind", "generation", "clause", "organ", "role", "source"}

var filterForm = regexp.MustCompile(`^[\p{L}\p{N}_.:〔〕-]{1,80}$`)

// query is the whole search in the query language.
func (a Asking) query() (index.Query, error) {
	q := index.Query{Text: a.Text, After: a.After, Limit: a.Limit, Snippets: 2, Explain: a.Explain, Coverage: a.Coverage}
	switch {
	case len(a.Text) > maxWords || !utf8.ValidString(a.Text) || strings.ContainsRune(a.Text, 0):
		return q, badParameter("q")
	case len(a.After) > maxCursor:
		return q, badParameter("after")
	}
	if strings.TrimSpace(a.Text) != "" && len(a.Filters) > 0 {
		q.Text = "(" + a.Text + ")"
	}
	for _, f := range a.Filters {
		if !slices.Contains(facetFields, f.Field) || !filterForm.MatchString(f.Value) {
			return q, badParameter(f.Field)
		}
		q.Text += fmt.Sprintf(" %s:%q", f.Field, f.Value)
	}
	var err error
	if q.Unit, err = index.ParseUnit(a.Unit); a.Unit != "" && err != nil {
		return q, badParameter("unit")
	}
	if q.Sort, err = index.ParseSort(a.Sort); a.Sort != "" && err != nil {
		return q, badParameter("sort")
	}
	if q.Limit == 0 {
		q.Limit = pageSize
	}
	if q.Limit < 1 || q.Limit > maxPageSize {
		return q, badParameter("limit")
	}
	return q, nil
}

// Answer is one page of hits.
type Answer struct {
	Total     int                           `json:"total" doc:"documents or units that match, exactly"`
	Documents int                           `json:"documents" doc:"documents that match or have a unit that does"`
	Hits      []HitAnswer                   `json:"hits"`
	Next      string                        `json:"next" doc:"cursor of the next page; empty on the last one"`
	Facets    map[string][]index.FacetValue `json:"facets" doc:"counts for the present selection"`
	Notes     []query.Note                  `json:"notes" doc:"what was made of the query, such as synonyms"`
	Coverage  *index.Coverage               `json:"coverage,omitempty" doc:"what the query was counted against"`
	Index     index.State                   `json:"index" doc:"current, or why the answer may be behind the records"`
}

// asTyped counts the place of an error in what the reader typed, which stands in brackets
// where filters follow it.
func (a Asking) asTyped(q index.Query, err error) error {
	var bad *query.Error
	if !errors.As(err, &bad) || q.Text == a.Text || !strings.HasPrefix(q.Text, "(") {
		return err
	}
	inside := *bad
	inside.Pos, inside.Fix = max(0, bad.Pos-1), ""
	return &inside
}

// ask answers a search, perhaps with an answer that was given before.
func (s *server) ask(ctx context.Context, a Asking) (*Answer, error) {
	q, err := a.query()
	if err != nil {
		return nil, err
	}
	return kept(ctx, s.lib, s.lib.answers, fmt.Sprintf("%+v", q), func(ctx context.Context) (*Answer, error) { return s.answer(ctx, a, q) })
}

func (s *server) answer(ctx context.Context, a Asking, q index.Query) (*Answer, error) {
	res, err := s.b.Search(ctx, q)
	if err != nil {
		return nil, a.asTyped(q, err)
	}
	out := &Answer{Total: res.Total, Documents: res.Docs, Hits: []HitAnswer{}, Next: res.Next, Facets: res.Facets, Notes: res.Notes, Coverage: res.Coverage}
	if out.Facets == nil {
		out.Facets = map[string][]index.FacetValue{}
	}
	if out.Notes == nil {
		out.Notes = []query.Note{}
	}
	if out.Index, err = s.b.State(ctx); err != nil {
		return nil, err
	}
	for _, h := range res.Hits {
		hit, err := s.hit(ctx, h)
		if errors.Is(err, ErrNotFound) {
			// The index may know a document that the store has lost since.
			s.opt.Log.Warn("hit without record", "id", h.Doc)
			continue
		}
		if err != nil {
			return nil, err
		}
		out.Hits = append(out.Hits, hit)
	}
	return out, nil
}

// hit takes its words from the record, so that no contact slips through an index.
func (s *server) hit(ctx context.Context, h index.Hit) (HitAnswer, error) {
	r, err := s.lib.record(ctx, h.Doc)
	if err != nil {
		return HitAnswer{}, err
	}
	return NewHit(h, r, compare.Quote), nil
}

// filled is never null in JSON.
func filled[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
