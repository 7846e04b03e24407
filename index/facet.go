package index

import (
	"cmp"
	"slices"
	"strings"

	"tuogou/index/query"
)

// FacetFields are the fields of which a result counts the values, in the order
// in which they are best shown. The values are what a filter on the field
// takes; places are codes, each counting all below it.
func FacetFields() []query.Field {
	return []query.Field{query.Place, query.Level, query.Year, query.Kind, query.Generation, query.Clause, query.Organ}
}

func (s *search) facets() (map[string][]FacetValue, error) {
	out := map[string][]FacetValue{}
	for _, f := range FacetFields() {
		counts := map[string]int{}
		for i, seg := range s.segs {
			if s.hits[i].IsEmpty() {
				continue
			}
			cols, err := seg.column(string(f))
			if err != nil {
				return nil, err
			}
			for _, c := range cols {
				if n := int(c.docs.AndCardinality(s.hits[i])); n > 0 {
					counts[c.term] += n
				}
			}
		}
		out[string(f)] = ordered(counts)
	}
	return out, s.namePlaces(out[string(query.Place)])
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
func (s *search) namePlaces(values []FacetValue) error {
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
	for i := range values {
		values[i].Name = names[values[i].Value]
	}
	return nil
}
