package opensearch

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"tuogou/index"
	"tuogou/index/query"
)

// Reader is an index opened for reading.
type Reader struct {
	home *Home
	opts index.Options

	mu     sync.RWMutex // held for reading by every search
	at     manifest
	names  map[string]string // of places by code; nil until asked for
	known  map[string]int    // how many documents have a text or a word
	closed bool
}

var _ index.Reader = (*Reader)(nil)

// State implements [index.Reader].
func (r *Reader) State(want index.Fingerprint) index.State {
	return index.Compare(index.FormatVersion, r.Fingerprint(), want)
}

// Fingerprint implements [index.Reader].
func (r *Reader) Fingerprint() index.Fingerprint {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.at.Fingerprint
}

// Count implements [index.Reader].
func (r *Reader) Count() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.at.Count
}

// Close implements [index.Reader]. The connections belong to the home.
func (r *Reader) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed, r.at = true, manifest{}
	return nil
}

// Refresh implements [index.Reader].
func (r *Reader) Refresh() (bool, error) {
	m, found, err := r.home.current(context.Background())
	if err == nil && !found {
		err = fmt.Errorf("it is gone")
	}
	if err == nil && m.Format != index.FormatVersion {
		err = fmt.Errorf("the new one has another format")
	}
	if err != nil {
		return false, fmt.Errorf("refresh %s: %w", r.home, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed || m == r.at {
		return false, nil
	}
	r.at, r.names, r.known = m, nil, nil
	return true, nil
}

// Search implements [index.Reader].
func (r *Reader) Search(ctx context.Context, q index.Query) (index.Result, error) {
	var out index.Result
	err := r.with(ctx, q, func(s *search) (err error) {
		out, err = s.run()
		return err
	})
	return out, err
}

// Each implements [index.Reader]. It reads from a point in time, so that what is
// written meanwhile changes nothing.
func (r *Reader) Each(ctx context.Context, q index.Query, f func(index.Hit) bool) (index.Result, error) {
	var out index.Result
	q.Offset, q.After, q.NoFacets, q.Coverage = 0, "", true, false
	err := r.with(ctx, q, func(s *search) (err error) {
		out, err = s.each(f)
		return err
	})
	return out, err
}

// with calls do with a search under way. An index that was replaced and removed
// since it was opened is looked for again, once.
func (r *Reader) with(ctx context.Context, q index.Query, do func(*search) error) error {
	a, err := index.NewAsk(q, r.opts)
	if err != nil {
		return err
	}
	for try := 0; ; try++ {
		r.mu.RLock()
		at, closed := r.at, r.closed
		r.mu.RUnlock()
		if closed {
			return index.ErrClosed
		}
		s := &search{ctx: ctx, r: r, at: at, ask: a, q: a.Query(), match: compiler{a.Query().Unit != index.Documents}.query(a.Node())}
		err := do(s)
		if status(err) == http.StatusNotFound && try == 0 && !s.told {
			if _, err := r.Refresh(); err != nil {
				return err
			}
			continue
		}
		if err != nil && err != index.ErrCursor {
			err = fmt.Errorf("search %q: %w", q.Text, err)
		}
		return err
	}
}

// search is one query under way.
type search struct {
	ctx   context.Context
	r     *Reader
	at    manifest
	ask   *index.Ask
	q     index.Query
	match obj
	rank  *index.Ranking // nil where neither the order nor what is shown needs it
	told  bool           // somebody was told of a hit: the search cannot begin again
}

func (s *search) run() (index.Result, error) {
	counted, err := s.count()
	if err != nil {
		return index.Result{}, err
	}
	if s.q.Unit != index.Documents {
		return s.runUnits(counted)
	}
	out := index.Result{Total: counted.hits, Docs: counted.hits, Notes: s.ask.Notes()}
	if !s.q.NoFacets {
		if out.Facets, err = s.facets(counted); err != nil {
			return out, err
		}
	}
	if s.q.Coverage {
		out.Coverage = s.coverage(counted, counted.hits, counted.hitsCut)
	}
	if s.q.Limit == 0 {
		return out, nil
	}
	return out, s.page(&out)
}

// page adds the hits and the place where they go on.
func (s *search) page(out *index.Result) error {
	st := &stream{search: s, size: min(s.q.Offset+s.q.Limit+1+lookAhead, 500)}
	after, err := s.readCursor()
	if err != nil {
		return err
	}
	if after != nil {
		if err := st.goOn(after); err != nil {
			return err
		}
	}
	var last *found
	for i := 0; ; i++ {
		f, err := st.next()
		if err != nil || f == nil {
			return err
		}
		if i < s.q.Offset {
			continue
		}
		if len(out.Hits) == s.q.Limit {
			out.Next, err = s.cursor(place{Score: last.score, Engine: last.engine, Key: last.key, ID: last.h.ID})
			return err
		}
		h, err := s.ask.Hit(&f.h.Source.Entry, -1, f.score, s.rank, f.parts)
		if err != nil {
			return err
		}
		out.Hits, last = append(out.Hits, h), f
	}
}

func (s *search) each(f func(index.Hit) bool) (index.Result, error) {
	counted, err := s.count()
	if err != nil {
		return index.Result{}, err
	}
	if s.q.Unit != index.Documents {
		return s.eachUnit(counted, f)
	}
	out := index.Result{Total: counted.hits, Docs: counted.hits, Notes: s.ask.Notes()}
	pit, err := s.openPIT()
	if err != nil {
		return out, err
	}
	defer pit.close()
	st := &stream{search: s, size: 200, pit: pit}
	for {
		d, err := st.next()
		if err != nil || d == nil {
			return out, err
		}
		h, err := s.ask.Hit(&d.h.Source.Entry, -1, d.score, s.rank, d.parts)
		s.told = true
		if err != nil || !f(h) {
			return out, err
		}
	}
}

// ranks reports whether scores are needed.
func (s *search) ranks() bool { return s.q.Sort == index.ByScore || s.q.Explain }

// answer is what a search request brings.
type answer struct {
	PIT      string `json:"pit_id"`
	TimedOut bool   `json:"timed_out"`
	Error    json.RawMessage
	Shards   struct{ Failed int } `json:"_shards"`
	Hits     struct {
		Total struct{ Value int }
		Hits  []hit
	}
	Aggregations map[string]aggregation
}

type aggregation struct {
	DocCount int `json:"doc_count"`
	Other    int `json:"sum_other_doc_count"`
	Buckets  []bucket
}

type bucket struct {
	Key      string
	DocCount int `json:"doc_count"`
}

// retried sends a request that only reads. While the cluster gets over the loss of a
// node it is sent again, for a few seconds.
func (s *search) retried(path string, body, out any) error {
	for pause := 100 * time.Millisecond; ; pause *= 2 {
		err := s.r.home.call(s.ctx, http.MethodPost, path, body, out)
		if err == nil || !passing(status(err)) || pause > 2*time.Second {
			return err
		}
		select {
		case <-time.After(pause):
		case <-s.ctx.Done():
			return context.Cause(s.ctx)
		}
	}
}

// send sends one search request; half an answer is an error.
func (s *search) send(path string, body obj) (answer, error) {
	var a answer
	if err := s.retried(path, body, &a); err != nil {
		return a, err
	}
	if a.TimedOut || a.Shards.Failed > 0 {
		return a, fmt.Errorf("%d shards did not answer", a.Shards.Failed)
	}
	return a, nil
}

func (s *search) path() string {
	return "/" + s.at.index + "/_search?allow_partial_search_results=false"
}

// pit is a point in time from which pages are read.
type pit struct {
	s  *search
	id string
}

func (s *search) openPIT() (*pit, error) {
	var got struct {
		ID string `json:"pit_id"`
	}
	err := s.r.home.call(s.ctx, http.MethodPost, "/"+s.at.index+"/_search/point_in_time?keep_alive=5m", nil, &got)
	return &pit{s, got.ID}, err
}

func (p *pit) close() {
	// It would end by itself.
	_ = p.s.r.home.call(context.WithoutCancel(p.s.ctx), http.MethodDelete, "/_search/point_in_time", obj{"pit_id": []string{p.id}}, nil)
}

// counts are what the first request of a search brings.
type counts struct {
	hits, hitsCut int // documents; of them, those whose text is cut
	aggs          map[string]aggregation
	selected, cut int
	places        []string
}

// maxValues bounds the values of one facet. There are some thousand places and as
// many sources; more than this is an error rather than half an answer.
const maxValues = 20_000

// count asks for all that is counted: hits, values of facets, what the query
// selects, and what the ranking needs.
func (s *search) count() (counts, error) {
	aggs := obj{}
	if !s.q.NoFacets && s.q.Unit == index.Documents {
		for _, f := range index.FacetFields() {
			aggs["f."+string(f)] = obj{"terms": obj{"field": "k." + string(f), "size": maxValues}}
		}
	}
	if s.q.Coverage {
		aggs["cut"] = obj{"filter": term("k.has", "cut")}
	}
	var c counts
	var err error
	if s.q.Unit == index.Documents { // units are counted when they are looked at
		a, err := s.send(s.path(), obj{"size": 0, "track_total_hits": true, "query": s.match, "aggs": aggs})
		if err != nil {
			return c, err
		}
		c = counts{hits: a.Hits.Total.Value, hitsCut: a.Aggregations["cut"].DocCount, aggs: a.Aggregations}
	}
	if s.q.Coverage {
		if err := s.countSelected(&c); err != nil {
			return c, err
		}
	}
	if s.ranks() {
		err = s.countForRank(&c)
	}
	return c, err
}

// countSelected counts what the query selects.
func (s *search) countSelected(c *counts) error {
	nodes, _, _ := s.ask.Selection()
	a, err := s.send(s.path(), obj{"size": 0, "track_total_hits": true, "query": all(compiler{}.list(nodes)...), "aggs": obj{
		"cut": obj{"filter": term("k.has", "cut")}, "places": obj{"terms": obj{"field": "k." + index.KeyPlace, "size": maxValues}}}})
	if err != nil {
		return err
	}
	c.selected, c.cut = a.Hits.Total.Value, a.Aggregations["cut"].DocCount
	for _, b := range a.Aggregations["places"].Buckets {
		c.places = append(c.places, b.Key)
	}
	return nil
}

// countForRank counts the documents that have each text and each word of the query,
// whatever else it asks for.
func (s *search) countForRank(*counts) error {
	n := index.Counts{Documents: s.at.Count, Texts: map[query.Text]int{}, Words: map[string]int{}}
	ask := map[string]obj{}
	for _, t := range s.ask.Texts() {
		ask[t.String()] = text(t)
	}
	for _, w := range s.ask.Words() {
		ask["w "+w] = term("w", token(w))
	}
	known, err := s.holding(ask)
	if err != nil {
		return err
	}
	for _, t := range s.ask.Texts() {
		n.Texts[t] = known[t.String()]
	}
	for _, w := range s.ask.Words() {
		n.Words[w] = known["w "+w]
	}
	s.rank = s.ask.Rank(n)
	return nil
}

// maxKnown is how many counts a reader keeps for the next query.
const maxKnown = 20_000

// holding is how many documents each of ask finds, by name; those that were asked for
// since the index was opened are known.
func (s *search) holding(ask map[string]obj) (map[string]int, error) {
	out := map[string]int{}
	var names []string
	s.r.mu.RLock()
	for _, name := range slices.Sorted(maps.Keys(ask)) {
		if n, ok := s.r.known[name]; ok && s.r.at == s.at {
			out[name] = n
		} else {
			names = append(names, name)
		}
	}
	s.r.mu.RUnlock()
	// Lucene knows how many documents have a term; searches of their own make use of
	// it, filters of an aggregation would each look at every document.
	for part := range slices.Chunk(names, 200) {
		var body bytes.Buffer
		for _, name := range part {
			line, err := json.Marshal(obj{"size": 0, "track_total_hits": true, "query": ask[name]})
			if err != nil {
				return nil, err
			}
			body.WriteString("{\"allow_partial_search_results\":false}\n")
			body.Write(append(line, '\n'))
		}
		var got struct{ Responses []answer }
		if err := s.retried("/"+s.at.index+"/_msearch", body.Bytes(), &got); err != nil {
			return nil, err
		}
		if len(got.Responses) != len(part) {
			return nil, fmt.Errorf("%d answers to %d searches", len(got.Responses), len(part))
		}
		for i, a := range got.Responses {
			if a.Error != nil || a.TimedOut || a.Shards.Failed > 0 {
				return nil, fmt.Errorf("%d shards did not answer: %.200s", a.Shards.Failed, a.Error)
			}
			out[part[i]] = a.Hits.Total.Value
		}
	}
	s.r.mu.Lock()
	defer s.r.mu.Unlock()
	if s.r.at == s.at && len(names) > 0 {
		if len(s.r.known)+len(names) > maxKnown || s.r.known == nil {
			s.r.known = map[string]int{}
		}
		for _, name := range names {
			s.r.known[name] = out[name]
		}
	}
	return out, nil
}

func (s *search) facets(c counts) (map[string][]index.FacetValue, error) {
	var t index.Tally
	for _, f := range index.FacetFields() {
		a := c.aggs["f."+string(f)]
		if a.Other > 0 {
			return nil, fmt.Errorf("%s has more than %d values", f, maxValues)
		}
		for _, b := range a.Buckets {
			t.Add(f, b.Key, b.DocCount)
		}
	}
	names, err := s.placeNames()
	return t.Facets(names), err
}

// placeNames are the names of places by code, read once a state of the index. A code
// whose name changed keeps the one that comes first in order.
func (s *search) placeNames() (map[string]string, error) {
	s.r.mu.RLock()
	names, same := s.r.names, s.r.at == s.at
	s.r.mu.RUnlock()
	if names != nil && same {
		return names, nil
	}
	a, err := s.send(s.path(), obj{"size": 0, "track_total_hits": false, "aggs": obj{
		"labels": obj{"terms": obj{"field": "k." + index.KeyLabel, "size": maxValues}}}})
	if err != nil {
		return nil, err
	}
	names = map[string]string{}
	for _, b := range a.Aggregations["labels"].Buckets {
		code, name, _ := strings.Cut(b.Key, "=")
		if old, ok := names[code]; !ok || name < old {
			names[code] = name
		}
	}
	s.r.mu.Lock()
	defer s.r.mu.Unlock()
	if s.r.at == s.at {
		s.r.names = names
	}
	return names, nil
}

func (s *search) coverage(n counts, docs, cut int) *index.Coverage {
	_, selection, denied := s.ask.Selection()
	c := &index.Coverage{Selection: selection, Documents: n.selected, With: docs, Without: n.selected - docs, Cut: n.cut - cut, Denied: denied, Places: n.places}
	if denied {
		c.With, c.Without, c.Cut = c.Without, c.With, cut
	}
	return c
}
