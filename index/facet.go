package index

import (
	"maps"
	"math"
	"slices"
	"strings"

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
	out := map[string][]FacetValue{}
	for _, f := range FacetFields() {
		var values []FacetValue
		if s.units != nil && (f == query.Clause || f == query.Organ || f == query.Role) {
			values = s.unitFacets.values(f) // counted unit by unit
		} else {
			for i := range s.segs {
				more, err := s.countColumn(i, f)
				if err != nil {
					return nil, err
				}
				values = sumValues(values, more)
			}
		}
		out[string(f)] = ordered(values)
	}
	return out, s.namePlaces(out[string(query.Place)], out[string(Province)], out[string(City)], out[string(County)])
}

// values is the counts of f by value.
func (c valueCounts) values(f query.Field) []FacetValue {
	var out []FacetValue
	for _, v := range slices.Sorted(maps.Keys(c[f])) {
		out = append(out, FacetValue{Value: v, Count: c[f][v]})
	}
	return out
}

// countColumn counts the values of a field over the documents found in one segment, by
// value.
func (s *search) countColumn(i int, f query.Field) ([]FacetValue, error) {
	hits := s.hits[i]
	if hits.IsEmpty() {
		return nil, nil
	}
	cols, of, err := s.segs[i].byDocument(string(f))
	if err != nil {
		return nil, err
	}
	counts := make([]int, len(cols))
	add := func(doc uint32, n int) {
		for _, c := range of.terms[of.from[doc]:of.from[doc+1]] {
			counts[c] += n
		}
	}
	if s.units != nil {
		for _, u := range s.units[i] {
			add(u.doc, 1)
		}
	} else {
		hits.Iterate(func(doc uint32) bool { add(doc, 1); return true })
	}
	var out []FacetValue
	for c, n := range counts {
		if n > 0 {
			out = append(out, FacetValue{Value: cols[c].term, Count: n})
		}
	}
	return out, nil
}

// sumValues adds two lists that are each in the order of values, as is the sum.
func sumValues(a, b []FacetValue) []FacetValue {
	if len(a) == 0 || len(b) == 0 {
		return append(a, b...)
	}
	out := make([]FacetValue, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch c := strings.Compare(a[0].Value, b[0].Value); {
		case c < 0:
			out, a = append(out, a[0]), a[1:]
		case c > 0:
			out, b = append(out, b[0]), b[1:]
		default:
			a[0].Count += b[0].Count
			out, a, b = append(out, a[0]), a[1:], b[1:]
		}
	}
	return append(append(out, a...), b...)
}

// ordered puts the most frequent values first; those of one count stay as they were.
// There may be thousands, so numbers are sorted in place of the values.
func ordered(values []FacetValue) []FacetValue {
	keys := make([]uint64, len(values))
	for i, v := range values {
		keys[i] = uint64(math.MaxUint32-uint32(v.Count))<<32 | uint64(i)
	}
	slices.Sort(keys)
	out := make([]FacetValue, len(values))
	for i, k := range keys {
		out[i] = values[uint32(k)]
	}
	return out
}

// namePlaces sets the names. A code whose name changed keeps the one that comes
// first in order.
func (s *search) namePlaces(lists ...[]FacetValue) error {
	for _, seg := range s.segs {
		names, err := seg.placeNames()
		if err != nil {
			return err
		}
		for _, values := range lists {
			for i := range values {
				v := &values[i]
				if name, ok := names[v.Value]; ok && (v.Name == "" || name < v.Name) {
					v.Name = name
				}
			}
		}
	}
	return nil
}
