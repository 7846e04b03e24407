package index

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"

	"tuogou/corpus"
	"tuogou/index/query"
)

// A search for units first finds the documents that may hold one, by the same
// postings as a search for documents, and then looks at the units stored with
// them. So units cost no room in the postings, and what a substring scan of
// them finds is found.

// unitHit is one unit for which the query holds. It is kept small, since a query
// may find millions: what is shown is read again.
type unitHit struct {
	doc   uint32
	n     int32 // of the units of the document
	score float64
}

// ofDocument reports whether n asks only for facts of the document, which are
// the same for all of its units.
func ofDocument(n query.Node) bool {
	switch n := n.(type) {
	case query.And:
		return !slices.ContainsFunc(n.Nodes, func(k query.Node) bool { return !ofDocument(k) })
	case query.Or:
		return !slices.ContainsFunc(n.Nodes, func(k query.Node) bool { return !ofDocument(k) })
	case query.Not:
		return ofDocument(n.Node)
	case query.Text:
		return n.Title
	case query.Filter:
		switch n.Field {
		case query.Clause, query.Organ, query.Lead, query.Role, query.Provision:
			return false
		case query.Has:
			return !slices.Contains(unitHas, n.Value)
		}
	case query.Range:
		return n.Field != query.Due
	}
	return true
}

// unitHas are the values of has that a unit answers for itself.
var unitHas = append([]string{"clause", "provision", "deadline", "duty", "lead", "organ"},
	string(corpus.Institution), string(corpus.Function), string(corpus.Asset), string(corpus.Personnel), string(corpus.Party))

// unitTest is a query as a test of one unit.
type unitTest func(doc uint32, u *unit, folded [][]byte) bool

// test compiles n; what asks for documents is answered once for the segment.
func (m *matcher) test(n query.Node) (unitTest, error) {
	return testOf(n, func(n query.Node) (func(uint32) bool, error) {
		docs, err := m.match(n)
		if err != nil {
			return nil, err
		}
		return docs.Contains, nil
	})
}

// testOf compiles n; ofDoc answers what asks for documents.
func testOf(n query.Node, ofDoc func(query.Node) (func(doc uint32) bool, error)) (unitTest, error) {
	if ofDocument(n) {
		holds, err := ofDoc(n)
		return func(doc uint32, _ *unit, _ [][]byte) bool { return holds(doc) }, err
	}
	switch n := n.(type) {
	case query.And:
		return testsOf(n.Nodes, ofDoc, false)
	case query.Or:
		return testsOf(n.Nodes, ofDoc, true)
	case query.Not:
		t, err := testOf(n.Node, ofDoc)
		return func(doc uint32, u *unit, folded [][]byte) bool { return !t(doc, u, folded) }, err
	case query.Text:
		needle, ok := newNeedle(n.Value)
		return func(_ uint32, _ *unit, folded [][]byte) bool {
			return !ok || slices.ContainsFunc(folded, func(s []byte) bool { return bytes.Contains(s, needle.text) })
		}, nil
	case query.Filter:
		v := n.Value
		if n.Field == query.Provision {
			v = foldString(v)
		}
		return func(_ uint32, u *unit, _ [][]byte) bool { return u.has(n.Field, v) }, nil
	case query.Range:
		return func(_ uint32, u *unit, _ [][]byte) bool {
			return slices.ContainsFunc(u.Due, func(d string) bool { return d >= n.From && (n.To == "" || d <= n.To) })
		}, nil
	}
	return nil, fmt.Errorf("no test of %T", n)
}

// testsOf holds where all of nodes do, or with any one of them.
func testsOf(nodes []query.Node, ofDoc func(query.Node) (func(doc uint32) bool, error), any bool) (unitTest, error) {
	var list []unitTest
	for _, k := range nodes {
		t, err := testOf(k, ofDoc)
		if err != nil {
			return nil, err
		}
		list = append(list, t)
	}
	return func(doc uint32, u *unit, folded [][]byte) bool {
		for _, t := range list {
			if t(doc, u, folded) == any {
				return any
			}
		}
		return !any
	}, nil
}

// has reports whether u has a value of a field.
func (u *unit) has(f query.Field, v string) bool {
	switch f {
	case query.Clause:
		return slices.Contains(u.Clauses, v)
	case query.Provision:
		return slices.Contains(u.Provisions, v)
	case query.Organ:
		return slices.Contains(u.Organs, v)
	case query.Lead:
		return slices.Contains(u.Leads, v)
	case query.Role:
		return slices.Contains(u.Roles, v)
	}
	switch v { // of has
	case "clause":
		return len(u.Clauses) > 0
	case "provision":
		return len(u.Provisions) > 0
	case "deadline":
		return u.Timed
	case "duty":
		return len(u.Roles) > 0
	case "lead":
		return slices.Contains(u.Roles, string(corpus.Lead))
	case "organ":
		return len(u.Organs) > 0
	}
	return slices.Contains(u.Clauses, v)
}

// findUnits sets the units for which the query holds, and narrows the documents
// to those that have one.
func (s *search) findUnits() error {
	r, err := s.newRanker()
	if err != nil {
		return err
	}
	for i, seg := range s.segs {
		test, err := s.matchers[i].test(s.node)
		if err != nil {
			return err
		}
		factors, err := r.factors(seg)
		if err != nil {
			return err
		}
		scan := unitScan{ctx: s.ctx, seg: seg, kind: s.query.Unit, test: test, rank: r, factors: factors, count: !s.query.NoFacets}
		found, err := scan.all(s.hits[i].ToArray(), s.unitFacets)
		if err != nil {
			return err
		}
		docs := roaring.New()
		for _, h := range found {
			docs.Add(h.doc)
		}
		s.hits[i] = docs
		s.units = append(s.units, found)
	}
	return nil
}

// unitScan looks at the units of documents.
type unitScan struct {
	ctx     context.Context
	seg     *segView
	kind    UnitKind
	test    unitTest
	rank    *ranker
	factors []float64
	count   bool
}

// all is the units of docs, in order; facets receives the values of their facts.
func (s unitScan) all(docs []uint32, facets valueCounts) ([]unitHit, error) {
	workers := min(runtime.GOMAXPROCS(0), len(docs)/64+1)
	parts, counts, errs := make([][]unitHit, workers), make([]valueCounts, workers), make([]error, workers)
	var wg sync.WaitGroup
	for i := range workers {
		part := docs[i*len(docs)/workers : (i+1)*len(docs)/workers]
		counts[i] = valueCounts{}
		wg.Go(func() { parts[i], errs[i] = s.run(part, counts[i]) })
	}
	wg.Wait()
	for i, err := range errs {
		if err != nil {
			return nil, err
		}
		facets.merge(counts[i])
	}
	return slices.Concat(parts...), nil
}

func (s unitScan) run(docs []uint32, facets valueCounts) ([]unitHit, error) {
	var out []unitHit
	for i, d := range docs {
		if i%256 == 0 && s.ctx.Err() != nil {
			return nil, s.ctx.Err()
		}
		var bad error
		err := s.seg.units(d, func(body, data []byte) {
			var units []unit
			if bad = json.Unmarshal(data, &units); bad != nil {
				return
			}
			for n := range units {
				u := &units[n]
				if u.Kind != s.kind {
					continue
				}
				folded := u.folded(body)
				if !s.test(d, u, folded) {
					continue
				}
				out = append(out, unitHit{d, int32(n), s.rank.unit(u, folded, nil) * s.factors[d]})
				if s.count {
					facets.addUnit(u)
				}
			}
		})
		if err == nil {
			err = bad
		}
		if err != nil {
			return nil, fmt.Errorf("units: %w", err)
		}
	}
	return out, nil
}

// folded is the words of u, each stretch by itself.
func (u *unit) folded(body []byte) [][]byte {
	var out [][]byte
	for _, s := range u.Spans {
		if s.Start >= 0 && s.End <= len(body) && s.Start <= s.End {
			out = append(out, fold(nil, body[s.Start:s.End], nil))
		}
	}
	return out
}

// unit is the score of a unit, before what its document is.
func (r *ranker) unit(u *unit, folded [][]byte, tape *[]Part) float64 {
	words := 0.0
	for _, f := range folded {
		words += float64(len(f)) / 6 // Chinese words have about two characters of three bytes
	}
	heading := []byte(foldString(u.Heading))
	total := 0.0
	for _, t := range r.terms {
		if t.text.Title {
			continue
		}
		count := 0.0
		for _, f := range folded {
			count += float64(bytes.Count(f, t.needle.text))
		}
		if count == 0 {
			continue
		}
		w := &r.weights
		body := (w.Present + w.Body*count*(w.K1+1)/(count+w.K1*(1-w.B+w.B*words/w.AverageUnit))) * t.idf
		record(tape, t.text, "text", body)
		total += body
		if bytes.Contains(heading, t.needle.text) {
			record(tape, t.text, "clause", w.Clause*t.idf)
			total += w.Clause * t.idf
		}
	}
	return total
}
