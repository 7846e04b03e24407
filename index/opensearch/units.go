package opensearch

import (
	"cmp"
	"fmt"
	"slices"

	"tuogou/corpus"
	"tuogou/index"
	"tuogou/index/query"
)

// foundUnit is a unit for which the query holds. It is kept small, since a query may
// find many: what is shown is read again.
type foundUnit struct {
	id    corpus.DocID
	key   string
	unit  int
	score float64
}

// compare is negative where a comes before b.
func (a foundUnit) compare(b foundUnit, by index.Sort) int {
	var c int
	switch by {
	case index.ByScore:
		c = cmp.Compare(b.score, a.score)
	case index.ByDate:
		c = cmp.Compare(b.key, a.key)
	case index.ByPlace:
		c = cmp.Compare(a.key, b.key)
	}
	return cmp.Or(c, cmp.Compare(a.id, b.id), cmp.Compare(a.unit, b.unit))
}

// unitResult is all units of a query.
type unitResult struct {
	units     []foundUnit // in order
	docs, cut int         // documents that have one; of them, those whose text is cut
	tally     index.Tally
}

// findUnits looks at the units of every document that may have one.
func (s *search) findUnits() (unitResult, error) {
	var out unitResult
	if s.rank == nil {
		s.rank = s.ask.Rank(index.Counts{Documents: s.at.Count})
	}
	p, err := s.openPIT()
	if err != nil {
		return out, err
	}
	defer p.close()
	// The parts of the query that are about documents are named, so that a hit
	// tells which of them hold.
	named := documentParts(s.ask.Node())
	should := []obj{}
	for i, n := range named {
		should = append(should, obj{"bool": obj{"filter": []obj{compiler{}.query(n)}, "_name": fmt.Sprintf("d%d", i)}})
	}
	const size = 500
	var after []any
	for {
		body := obj{"size": size, "track_total_hits": false, "query": obj{"bool": obj{"filter": []obj{s.match}, "should": should}},
			"sort": []obj{{"id": "asc"}}, "_source": obj{"excludes": []string{"w", "title", "meta"}}}
		if after != nil {
			body["search_after"] = after
		}
		a, err := s.requestPage(body, p)
		if err != nil {
			return out, err
		}
		for i := range a.Hits.Hits {
			h := &a.Hits.Hits[i]
			after = h.Sort
			if err := s.unitsOf(h, named, &out); err != nil {
				return out, err
			}
		}
		if len(a.Hits.Hits) < size {
			break
		}
	}
	slices.SortFunc(out.units, func(a, b foundUnit) int { return a.compare(b, s.q.Sort) })
	return out, nil
}

func (s *search) unitsOf(h *hit, named []query.Node, out *unitResult) error {
	e := &h.Source.Entry
	list, err := s.ask.Units(e, s.rank, func(n query.Node) bool {
		i := slices.IndexFunc(named, func(m query.Node) bool { return m.String() == n.String() })
		return slices.Contains(h.Matched, fmt.Sprintf("d%d", i))
	})
	if err != nil || len(list) == 0 {
		return err
	}
	out.docs++
	if slices.Contains(e.Keys[string(query.Has)], "cut") {
		out.cut++
	}
	if !s.q.NoFacets {
		out.tally.AddUnits(e, list)
	}
	for _, u := range list {
		f := foundUnit{id: h.ID, key: h.Source.key(s.q.Sort), unit: u.N, score: u.Score}
		if s.q.Sort != index.ByScore {
			f.score = 0
		}
		out.units = append(out.units, f)
	}
	return nil
}

// documentParts are the largest parts of n that are about documents.
func documentParts(n query.Node) []query.Node {
	if index.OfDocument(n) {
		return []query.Node{n}
	}
	var out []query.Node
	switch n := n.(type) {
	case query.And:
		for _, k := range n.Nodes {
			out = append(out, documentParts(k)...)
		}
	case query.Or:
		for _, k := range n.Nodes {
			out = append(out, documentParts(k)...)
		}
	case query.Not:
		return documentParts(n.Node)
	}
	return out
}

func (s *search) runUnits(c counts) (index.Result, error) {
	after, err := s.readCursor()
	if err != nil {
		return index.Result{}, err
	}
	r, err := s.findUnits()
	if err != nil {
		return index.Result{}, err
	}
	out := index.Result{Total: len(r.units), Docs: r.docs, Notes: s.ask.Notes()}
	if !s.q.NoFacets {
		names, err := s.placeNames()
		if err != nil {
			return out, err
		}
		out.Facets = r.tally.Facets(names)
	}
	if s.q.Coverage {
		out.Coverage = s.coverage(c, r.docs, r.cut)
	}
	if s.q.Limit == 0 {
		return out, nil
	}
	rest := r.units
	if after != nil {
		p := foundUnit{after.ID, after.Key, after.Unit, after.Score}
		rest = rest[sortedAfter(rest, p, s.q.Sort):]
	}
	rest = rest[min(s.q.Offset, len(rest)):]
	shown := rest[:min(s.q.Limit, len(rest))]
	err = s.showUnits(shown, func(h index.Hit) bool { out.Hits = append(out.Hits, h); return true })
	if err == nil && len(shown) < len(rest) {
		last := shown[len(shown)-1]
		out.Next, err = s.cursor(place{Score: last.score, Key: last.key, ID: last.id, Unit: last.unit})
	}
	return out, err
}

func sortedAfter(list []foundUnit, p foundUnit, by index.Sort) int {
	i, same := slices.BinarySearchFunc(list, p, func(a, b foundUnit) int { return a.compare(b, by) })
	if same {
		i++
	}
	return i
}

func (s *search) eachUnit(_ counts, f func(index.Hit) bool) (index.Result, error) {
	r, err := s.findUnits()
	out := index.Result{Total: len(r.units), Docs: r.docs, Notes: s.ask.Notes()}
	if err != nil {
		return out, err
	}
	more := true
	s.told = true
	for part := range slices.Chunk(r.units, 200) {
		if err := s.showUnits(part, func(h index.Hit) bool { more = f(h); return more }); err != nil || !more {
			return out, err
		}
	}
	return out, nil
}

// showUnits reads the documents of units again and calls f for each unit.
func (s *search) showUnits(list []foundUnit, f func(index.Hit) bool) error {
	var ids []corpus.DocID
	for _, u := range list {
		ids = append(ids, u.id)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if len(ids) == 0 {
		return nil
	}
	a, err := s.send(s.path(), obj{"size": len(ids), "track_total_hits": false, "query": obj{"ids": obj{"values": ids}},
		"_source": obj{"excludes": []string{"w"}}})
	if err != nil {
		return err
	}
	byID := map[corpus.DocID]*index.Entry{}
	for i := range a.Hits.Hits {
		byID[a.Hits.Hits[i].ID] = &a.Hits.Hits[i].Source.Entry
	}
	for _, u := range list {
		e := byID[u.id]
		if e == nil {
			continue // deleted since
		}
		h, err := s.ask.Hit(e, u.unit, u.score, s.rank, nil)
		if err != nil {
			return err
		}
		if !f(h) {
			return nil
		}
	}
	return nil
}
