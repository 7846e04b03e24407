package index

import (
	"cmp"
	"container/heap"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"tuogou/index/query"
)

// ErrClosed is the error of a search on a closed index.
var ErrClosed = errors.New("the index is closed")

// maxLimit bounds the hits of one result: each costs a look into its text.
const maxLimit = 1000

// Search answers q. An error in the text of q is a [*query.Error]. Total and
// facets count every document that matches, whatever Offset and Limit say.
func (ix *Index) Search(ctx context.Context, q Query) (Result, error) {
	n, err := query.Parse(q.Text)
	if err != nil {
		return Result{}, err
	}
	if ix.opts.Normalize != nil {
		n = query.MapText(n, ix.opts.Normalize)
	}
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	if ix.view == nil {
		return Result{}, ErrClosed
	}
	s := &search{ctx: ctx, segs: ix.view.segs, weights: ix.weights, query: q, node: n, texts: query.Texts(n)}
	s.applyDefaults()
	r, err := s.run()
	if err != nil {
		return Result{}, fmt.Errorf("search %q: %w", q.Text, err)
	}
	return r, nil
}

// search is one query under way.
type search struct {
	ctx     context.Context
	segs    []*segView
	weights Weights
	query   Query
	node    query.Node
	texts   []query.Text

	hits []*roaring.Bitmap // by segment
	sets []map[query.Text]*roaring.Bitmap
}

func (s *search) applyDefaults() {
	q := &s.query
	switch {
	case q.Limit == 0:
		q.Limit = 10
	case q.Limit < 0:
		q.Limit = 0
	}
	q.Limit = min(q.Limit, maxLimit)
	q.Offset = max(q.Offset, 0)
	if q.Snippets == 0 {
		q.Snippets = 3
	}
	if q.Sort == ByScore && len(s.texts) == 0 {
		q.Sort = ByDate
	}
}

func (s *search) run() (Result, error) {
	var r Result
	for _, seg := range s.segs {
		m := &matcher{ctx: s.ctx, seg: seg, texts: map[query.Text]*roaring.Bitmap{}}
		docs, err := m.match(s.node)
		if err != nil {
			return r, err
		}
		docs = roaring.And(docs, seg.live)
		s.hits = append(s.hits, docs)
		s.sets = append(s.sets, m.texts)
		r.Total += int(docs.GetCardinality())
	}
	if !s.query.NoFacets {
		var err error
		if r.Facets, err = s.facets(); err != nil {
			return r, err
		}
	}
	if s.query.Limit == 0 {
		return r, nil
	}
	best, err := s.best()
	if err != nil {
		return r, err
	}
	for _, c := range best {
		h, err := s.hit(c)
		if err != nil {
			return r, err
		}
		r.Hits = append(r.Hits, h)
	}
	return r, nil
}

// candidate is a document on its way into the result. Which of score and key
// decides is up to the order.
type candidate struct {
	seg   int
	doc   uint32
	score float64
	key   string
	id    string // read only where two are equal
}

// best is the candidates of the page, in order.
func (s *search) best() ([]candidate, error) {
	top := &top{search: s, keep: s.query.Offset + s.query.Limit}
	var err error
	if s.query.Sort == ByScore {
		err = s.byScore(top)
	} else {
		err = s.byKey(top)
	}
	if err == nil {
		err = top.err
	}
	if err != nil {
		return nil, err
	}
	slices.SortFunc(top.list, func(a, b candidate) int { return top.compare(&a, &b) })
	return top.list[min(s.query.Offset, len(top.list)):], top.err
}

func (s *search) byScore(t *top) error {
	r, err := newRanker(s.segs, s.weights, s.texts, s.sets)
	if err != nil {
		return err
	}
	for i, seg := range s.segs {
		if s.hits[i].IsEmpty() {
			continue
		}
		scores, err := r.score(seg, s.hits[i], s.sets[i])
		if err != nil {
			return err
		}
		s.hits[i].Iterate(func(d uint32) bool {
			t.offer(candidate{seg: i, doc: d, score: scores[d]})
			return true
		})
	}
	return nil
}

func (s *search) byKey(t *top) error {
	field := keyDate
	if s.query.Sort == ByPlace {
		field = keyOwn
	}
	for i, seg := range s.segs {
		cols, err := seg.column(field)
		if err != nil {
			return err
		}
		rest := s.hits[i].Clone()
		for _, c := range cols {
			docs := roaring.And(c.docs, rest)
			rest.AndNot(docs)
			docs.Iterate(func(d uint32) bool {
				t.offer(candidate{seg: i, doc: d, key: c.term})
				return true
			})
		}
		rest.Iterate(func(d uint32) bool {
			t.offer(candidate{seg: i, doc: d})
			return true
		})
	}
	return nil
}

// top keeps the best candidates, the worst of them on top of the heap.
type top struct {
	search *search
	keep   int
	list   []candidate
	err    error
}

func (t *top) Len() int           { return len(t.list) }
func (t *top) Less(i, j int) bool { return t.compare(&t.list[i], &t.list[j]) > 0 }
func (t *top) Swap(i, j int)      { t.list[i], t.list[j] = t.list[j], t.list[i] }
func (t *top) Push(x any)         { t.list = append(t.list, x.(candidate)) }
func (t *top) Pop() any {
	last := t.list[len(t.list)-1]
	t.list = t.list[:len(t.list)-1]
	return last
}

func (t *top) offer(c candidate) {
	if len(t.list) < t.keep {
		heap.Push(t, c)
		return
	}
	if t.keep > 0 && t.compare(&c, &t.list[0]) < 0 {
		t.list[0] = c
		heap.Fix(t, 0)
	}
}

// compare is negative where a comes before b.
func (t *top) compare(a, b *candidate) int {
	var c int
	switch t.search.query.Sort {
	case ByScore:
		c = cmp.Compare(b.score, a.score)
	case ByDate:
		c = cmp.Compare(b.key, a.key)
	case ByPlace:
		if (a.key == "") != (b.key == "") {
			return cmp.Compare(b.key, "") - cmp.Compare(a.key, "")
		}
		c = cmp.Compare(a.key, b.key)
	}
	if c != 0 {
		return c
	}
	return cmp.Compare(t.id(a), t.id(b))
}

func (t *top) id(c *candidate) string {
	if c.id == "" {
		id, err := t.search.segs[c.seg].id(c.doc)
		if err != nil && t.err == nil {
			t.err = err
		}
		c.id = id
	}
	return c.id
}
