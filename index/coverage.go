package index

import (
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"tuogou/index/query"
)

// selects reports whether n only selects documents by what they are, so that a
// count of what they say can be set against it.
func selects(n query.Node) bool {
	switch n := n.(type) {
	case query.All:
		return true
	case query.Filter:
		switch n.Field {
		case query.Place, query.Level, query.Kind, query.Generation, query.OnTopic, query.Source:
			return true
		}
	case query.Range:
		return n.Field == query.Year || n.Field == query.Date
	case query.Or:
		for _, k := range n.Nodes {
			if !selects(k) {
				return false
			}
		}
		return true
	case query.Not:
		return selects(n.Node)
	}
	return false
}

// parts are the two halves of a query: what selects, and what is asked of it.
func parts(n query.Node) (selection, asked []query.Node) {
	nodes := []query.Node{n}
	if and, ok := n.(query.And); ok {
		nodes = and.Nodes
	}
	for _, k := range nodes {
		if selects(k) {
			selection = append(selection, k)
		} else {
			asked = append(asked, k)
		}
	}
	return selection, asked
}

// coverage counts the hits, which are in docs documents, against what the query
// selects.
func (s *search) coverage(docs int) (*Coverage, error) {
	selection, asked := parts(s.node)
	var words []string
	for _, n := range selection {
		text := n.String()
		if _, ok := n.(query.Or); ok {
			text = "(" + text + ")"
		}
		words = append(words, text)
	}
	c := &Coverage{Selection: strings.Join(words, " ")}
	for _, n := range asked {
		_, denied := n.(query.Not)
		c.Denied = c.Denied || denied && s.query.Unit == Documents
	}
	places := map[string]bool{}
	for i, seg := range s.segs {
		m := &matcher{ctx: s.ctx, seg: seg, texts: map[query.Text]*roaring.Bitmap{}}
		all, err := m.and(selection)
		if err != nil {
			return nil, err
		}
		all = roaring.And(all, seg.live)
		c.Documents += int(all.GetCardinality())
		without := s.hits[i]
		if !c.Denied {
			without = roaring.AndNot(all, s.hits[i])
		}
		cut, err := seg.term(string(query.Has), []byte("cut"))
		if err != nil {
			return nil, err
		}
		c.Cut += int(cut.AndCardinality(without))
		cols, err := seg.column(keyPlace)
		if err != nil {
			return nil, err
		}
		for _, col := range cols {
			if !places[col.term] && col.docs.Intersects(all) {
				places[col.term] = true
				c.Places = append(c.Places, col.term)
			}
		}
	}
	c.With, c.Without = docs, c.Documents-docs
	if c.Denied {
		c.With, c.Without = c.Without, c.With
	}
	return c, nil
}
