package opensearch

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"math"
	"slices"

	"tuogou/corpus"
	"tuogou/index"
)

// place is where a page of hits ended.
type place struct {
	Asked  uint64       `json:"q"`           // the query and the state of the index
	Score  float64      `json:"s,omitempty"` // as package index counts it
	Engine float64      `json:"e,omitempty"` // as OpenSearch does
	Key    string       `json:"k,omitempty"`
	ID     corpus.DocID `json:"i"`
	Unit   int          `json:"u,omitempty"`
}

func (s *search) asked() uint64 { return s.ask.Asked(s.at.generation()) }

func (s *search) cursor(p place) (string, error) {
	p.Asked = s.asked()
	data, err := json.Marshal(p)
	return base64.RawURLEncoding.EncodeToString(data), err
}

// readCursor is the place of the query; nil where it has none.
func (s *search) readCursor() (*place, error) {
	if s.q.After == "" {
		return nil, nil
	}
	data, err := base64.RawURLEncoding.DecodeString(s.q.After)
	var p place
	if err != nil || json.Unmarshal(data, &p) != nil || p.Asked != s.asked() {
		return nil, index.ErrCursor
	}
	return &p, nil
}

// found is a document on its way into the result.
type found struct {
	h      *hit
	engine float64 // the score by which OpenSearch sorted
	score  float64
	parts  []index.Part
	key    string
}

// stream is the hits of a query in order. OpenSearch sorts by scores of 24 bits.
// Those that are nearer to each other than that is exact are put in the order of
// their true scores here; equal ones are in the order of ids already.
type stream struct {
	*search
	size int  // documents a request
	pit  *pit // nil reads the index as it is

	after   []any // sort values of the last hit read
	ended   bool
	read    []*found // read, not yet grouped
	ready   []*found // in order
	group   []*found
	skipped *place // what comes before it was shown
}

// near is the relative difference below which OpenSearch's order of scores is not
// to be trusted: some units in the last of 24 bits.
const near = 2e-6

// lookAhead is how many hits with one score are kept back to see whether one that is
// only near to it belongs among them. There may be thousands with one score.
const lookAhead = 8

func nearly(a, b float64) bool { return math.Abs(a-b) <= near*max(math.Abs(a), math.Abs(b)) }

// goOn makes the stream begin after p.
func (st *stream) goOn(p *place) error {
	st.skipped = p
	switch {
	case st.q.Sort != index.ByScore:
		st.after = []any{p.Key, p.ID}
		return nil
	case !st.inexact():
		st.after = []any{p.Engine, p.ID}
		return nil
	}
	// Of those just before p in the order of OpenSearch, some come after it.
	st.after = []any{p.Engine * (1 + 2*near), ""}
	for {
		f, err := st.pull()
		if err != nil {
			return err
		}
		if f == nil || f.engine <= p.Engine {
			break
		}
		st.add(f)
	}
	st.read, st.ended, st.after = nil, false, []any{p.Engine, p.ID}
	return nil
}

// inexact reports whether scores can differ by less than OpenSearch sees: those of
// constants alone do not.
func (s *search) inexact() bool {
	return slices.ContainsFunc(s.rank.Addends, func(a index.Addend) bool { return a.What == "words" })
}

// next is the next hit; nil where there is none.
func (st *stream) next() (*found, error) {
	for len(st.ready) == 0 {
		f, err := st.pull()
		if err != nil {
			return nil, err
		}
		if f == nil {
			if len(st.group) == 0 {
				return nil, nil
			}
			st.flush()
			continue
		}
		st.add(f)
	}
	f := st.ready[0]
	st.ready = st.ready[1:]
	return f, nil
}

// add puts a hit beside those that are as near to it as scores are exact, or begins
// a new group of such.
func (st *stream) add(f *found) {
	p := st.skipped
	if p != nil && st.q.Sort == index.ByScore && f.engine != p.Engine && nearly(f.engine, p.Engine) &&
		(f.score > p.Score || f.score == p.Score && f.h.ID <= p.ID) {
		return // shown already
	}
	if n := len(st.group); n > 0 && (st.q.Sort != index.ByScore || !nearly(st.group[n-1].engine, f.engine) || n >= lookAhead && st.group[0].engine == f.engine) {
		st.flush()
	}
	st.group = append(st.group, f)
}

func (st *stream) flush() {
	if g := st.group; g[0].engine != g[len(g)-1].engine {
		slices.SortStableFunc(g, func(a, b *found) int {
			return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.h.ID, b.h.ID))
		})
	}
	st.ready = append(st.ready, st.group...)
	st.group = nil
}

// pull is the next hit in the order of OpenSearch.
func (st *stream) pull() (*found, error) {
	if len(st.read) == 0 && !st.ended {
		if err := st.fetch(); err != nil {
			return nil, err
		}
	}
	if len(st.read) == 0 {
		return nil, nil
	}
	f := st.read[0]
	st.read = st.read[1:]
	return f, nil
}

func (st *stream) fetch() error {
	body := obj{"size": st.size, "track_total_hits": false, "query": st.match, "sort": order(st.q.Sort)}
	if st.rank != nil {
		body["query"] = ranked(st.match, st.rank, st.ask.Weights())
		body["track_scores"] = false
	}
	if st.after != nil {
		body["search_after"] = st.after
	}
	a, err := st.requestPage(body, st.pit)
	if err != nil {
		return err
	}
	st.ended = len(a.Hits.Hits) < st.size
	for i := range a.Hits.Hits {
		h := &a.Hits.Hits[i]
		f := &found{h: h, key: h.Source.key(st.q.Sort)}
		if st.rank != nil {
			f.score, f.parts = scored(st.rank, h)
		}
		if st.q.Sort == index.ByScore {
			f.engine, _ = h.Sort[0].(float64)
		} else {
			f.score = 0
		}
		st.read = append(st.read, f)
		st.after = h.Sort
	}
	return nil
}

// requestPage sends body to the index, or to a point in time.
func (s *search) requestPage(body obj, p *pit) (answer, error) {
	if p == nil {
		return s.send(s.path(), body)
	}
	body["pit"] = obj{"id": p.id, "keep_alive": "5m"}
	a, err := s.send("/_search?allow_partial_search_results=false", body)
	if a.PIT != "" {
		p.id = a.PIT
	}
	return a, err
}

func order(by index.Sort) []obj {
	id := obj{"id": "asc"}
	switch by {
	case index.ByDate:
		return []obj{{"sd": "desc"}, id}
	case index.ByPlace:
		return []obj{{"sp": "asc"}, id}
	}
	return []obj{{"_score": "desc"}, id}
}
