package index

import (
	"cmp"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"tuogou/index/query"
)

// Province, City and County are facets of places by their level; as filters they
// are names of place.
const (
	Province query.Field = "province"
	City     query.Field = "city"
	County   query.Field = "county"
)

// FacetFields are the fields of which a result counts the values, in the order
// in which they are best shown. The values are what a filter on the field
// takes; places are codes, each counting all below it.
func FacetFields() []query.Field {
	return []query.Field{query.Place, Province, City, County, query.Level, query.Year, query.Kind, query.Generation,
		query.Clause, query.Organ, query.Role, query.Source}
}

// valueCounts counts the values of fields.
type valueCounts map[query.Field]map[string]int

func (c valueCounts) add(f query.Field, v string, n int) {
	if c[f] == nil {
		c[f] = map[string]int{}
	}
	c[f][v] += n
}

func (c valueCounts) addUnit(u *unit) {
	for f, values := range map[query.Field][]string{query.Clause: u.Clauses, query.Organ: u.Organs, query.Role: u.Roles} {
		for _, v := range values {
			c.add(f, v, 1)
		}
	}
}

func (c valueCounts) merge(o valueCounts) {
	for f, values := range o {
		for v, n := range values {
			c.add(f, v, n)
		}
	}
}

// facets counts documents, or units where they are searched.
func (s *search) facets() (map[string][]FacetValue, error) {
	counts := s.unitFacets
	for _, f := range FacetFields() {
		if s.units != nil && (f == query.Clause || f == query.Organ || f == query.Role) {
			continue // counted unit by unit
		}
		if err := s.countColumn(counts, f); err != nil {
			return nil, err
		}
	}
	out := map[string][]FacetValue{}
	for _, f := range FacetFields() {
		out[string(f)] = ordered(counts[f])
	}
	return out, s.namePlaces(out[string(query.Place)], out[string(Province)], out[string(City)], out[string(County)])
}

// countColumn counts the values of a field over the documents found.
func (s *search) countColumn(counts valueCounts, f query.Field) error {
	for i, seg := range s.segs {
		if s.hits[i].IsEmpty() {
			continue
		}
		cols, err := seg.column(string(f))
		if err != nil {
			return err
		}
		var perDoc map[uint32]int
		if s.units != nil {
			perDoc = map[uint32]int{}
			for _, u := range s.units[i] {
				perDoc[u.doc]++
			}
		}
		for _, c := range cols {
			n := 0
			if perDoc == nil {
				n = int(c.docs.AndCardinality(s.hits[i]))
			} else {
				roaring.And(c.docs, s.hits[i]).Iterate(func(d uint32) bool { n += perDoc[d]; return true })
			}
			if n > 0 {
				counts.add(f, c.term, n)
			}
		}
	}
	return nil
}

func ordered(counts map[string]int) []FacetValue {
	out := make([]FacetValue, 0, len(counts))
	for v, n := range counts {
		out = append(out, FacetValue{Value: v, Count: n})
	}
	slices.SortFunc(out, func(a, b FacetValue) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
	})
	return out
}

// namePlaces sets the names. A code whose name changed keeps the one that comes
// first in order.
func (s *search) namePlaces(lists ...[]FacetValue) error {
	names := map[string]string{}
	for _, seg := range s.segs {
		cols, err := seg.column(keyLabel)
		if err != nil {
			return err
		}
		for _, c := range cols {
			code, name, _ := strings.Cut(c.term, "=")
			if old, ok := names[code]; !ok || name < old {
				names[code] = name
			}
		}
	}
	for _, values := range lists {
		for i := range values {
			values[i].Name = names[values[i].Value]
		}
	}
	return nil
}
