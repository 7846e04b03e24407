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
	p, err := ix.opts.Language.Parse(q.Text)
	if err != nil {
		return Result{}, err
	}
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	if ix.view == nil {
		return Result{}, ErrClosed
	}
	s := ix.search(ctx, q, p)
	r, err := s.run()
	if err == nil && q.Coverage {
		r.Coverage, err = s.coverage(r.Docs)
	}
	if err != nil {
		return Result{}, fmt.Errorf("search %q: %w", q.Text, err)
	}
	r.Notes = p.Notes
	return r, nil
}

func (ix *Index) search(ctx context.Context, q Query, p query.Parsed) *search {
	s := &search{ctx: ctx, gen: ix.view.gen, segs: ix.view.segs, weights: ix.weights, query: q, node: p.Node, notes: p.Notes,
		texts: distinctTexts(query.Texts(p.Node)), unitFacets: valueCounts{}}
	s.applyDefaults()
	return s
}

// Each calls f for every hit of q in order, however many there are, until f
// returns false. Limit, Offset and After do not count. The index stays as it is
// meanwhile, so f should not be slow: it keeps [Index.Refresh] waiting.
func (ix *Index) Each(ctx context.Context, q Query, f func(Hit) bool) (Result, error) {
	p, err := ix.opts.Language.Parse(q.Text)
	if err != nil {
		return Result{}, err
	}
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	if ix.view == nil {
		return Result{}, ErrClosed
	}
	s := ix.search(ctx, q, p)
	r, err := s.match()
	if err != nil {
		return r, fmt.Errorf("search %q: %w", q.Text, err)
	}
	r.Notes = p.Notes
	s.query.Offset, s.query.Limit, s.query.After = 0, r.Total, ""
	best, err := s.best()
	for i := 0; i < len(best) && err == nil; i++ {
		var h Hit
		if err = context.Cause(ctx); err == nil {
			h, err = s.hit(best[i])
		}
		if err == nil && !f(h) {
			break
		}
	}
	if err != nil {
		return r, fmt.Errorf("search %q: %w", q.Text, err)
	}
	return r, nil
}

// distinctTexts is texts without repeats: a word that stands twice in a query
// counts once.
func distinctTexts(texts []query.Text) []query.Text {
	var out []query.Text
	for _, t := range texts {
		if !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

// search is one query under way.
type search struct {
	ctx     context.Context
	gen     string
	segs    []*segView
	weights Weights
	query   Query
	node    query.Node
	notes   []query.Note
	texts   []query.Text

	matchers   []*matcher        // by segment
	hits       []*roaring.Bitmap // by segment: documents that match or have a unit that does
	sets       []map[query.Text]*roaring.Bitmap
	units      [][]unitHit // by segment, in order; nil where documents are searched
	unitFacets valueCounts
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
	r, err := s.match()
	if err != nil {
		return r, err
	}
	if !s.query.NoFacets {
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
	more := len(best) > s.query.Limit
	best = best[:min(len(best), s.query.Limit)]
	for _, c := range best {
		h, err := s.hit(c)
		if err != nil {
			return r, err
		}
		r.Hits = append(r.Hits, h)
	}
	if more {
		r.Next, err = s.cursor(best[len(best)-1])
	}
	return r, err
}

// match finds all that match, and counts it.
func (s *search) match() (Result, error) {
	var r Result
	for _, seg := range s.segs {
		m := &matcher{ctx: s.ctx, seg: seg, texts: map[query.Text]*roaring.Bitmap{}, units: s.query.Unit != Documents}
		docs, err := m.match(s.node)
		if err != nil {
			return r, err
		}
		s.matchers = append(s.matchers, m)
		s.hits = append(s.hits, roaring.And(docs, seg.live))
		s.sets = append(s.sets, m.texts)
	}
	if s.query.Unit != Documents {
		if err := s.findUnits(); err != nil {
			return r, err
		}
	}
	for i, docs := range s.hits {
		r.Docs += int(docs.GetCardinality())
		if s.units != nil {
			r.Total += len(s.units[i])
		}
	}
	if s.query.Unit == Documents {
		r.Total = r.Docs
	}
	return r, nil
}

// candidate is a document on its way into the result. Which of score and key
// decides is up to the order.
type candidate struct {
	seg   int
	doc   uint32
	unit  int32 // of the document; 0 where documents are searched
	score float64
	key   string
	id    string // read only where two are equal
}

// best is the candidates of the page in order, and one more where more follow.
func (s *search) best() ([]candidate, error) {
	top := &top{search: s, keep: s.query.Offset + s.query.Limit + 1}
	err := s.readCursor(top)
	if err != nil {
		return nil, err
	}
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
	if s.units != nil {
		for i := range s.segs {
			for _, u := range s.units[i] {
				t.offer(candidate{seg: i, doc: u.doc, unit: u.n, score: u.score})
			}
		}
		return nil
	}
	r, err := s.newRanker()
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
			s.offerDocs(t, i, docs, c.term)
		}
		s.offerDocs(t, i, rest, "")
	}
	return nil
}

// offerDocs offers documents of one segment with one key, or their units.
func (s *search) offerDocs(t *top, seg int, docs *roaring.Bitmap, key string) {
	docs.Iterate(func(d uint32) bool {
		if s.units == nil {
			t.offer(candidate{seg: seg, doc: d, key: key})
			return true
		}
		list := s.units[seg]
		from, _ := slices.BinarySearchFunc(list, d, func(u unitHit, d uint32) int { return cmp.Compare(u.doc, d) })
		for _, u := range list[from:] {
			if u.doc != d {
				break
			}
			t.offer(candidate{seg: seg, doc: d, unit: u.n, key: key})
		}
		return true
	})
}

// top keeps the best candidates, the worst of them on top of the heap.
type top struct {
	search *search
	keep   int
	after  *candidate // only what comes after it counts
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
	if t.after != nil && t.compare(&c, t.after) <= 0 {
		return
	}
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
	return cmp.Or(cmp.Compare(t.id(a), t.id(b)), cmp.Compare(a.unit, b.unit))
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
