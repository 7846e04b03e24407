package web

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"tuogou/compare"
)

// helpView is the page that explains queries, keys and the API.
type helpView struct{ Endpoints []endpointView }

// helpRow is a query and what it finds.
type helpRow struct{ Query, Words string }

// endpointView is one operation of the API.
type endpointView struct {
	Method, Path, Summary string
	Parameters            []parameterView
}

type parameterView struct{ Name, In, Type, Doc string }

// endpoints is the API in words, from its own description.
func (s *server) endpoints() []endpointView {
	var out []endpointView
	for _, path := range slices.Sorted(maps.Keys(s.operations.Paths)) {
		item := s.operations.Paths[path]
		for method, op := range map[string]*huma.Operation{"GET": item.Get, "POST": item.Post} {
			if op == nil {
				continue
			}
			e := endpointView{Method: method, Path: path, Summary: op.Summary}
			for _, p := range op.Parameters {
				v := parameterView{Name: p.Name, In: p.In, Doc: p.Description}
				if p.Schema != nil {
					v.Type = p.Schema.Type
					if len(p.Schema.Enum) > 0 {
						v.Type = strings.Trim(strings.ReplaceAll(fmt.Sprint(p.Schema.Enum), " ", " | "), "[]")
					}
				}
				e.Parameters = append(e.Parameters, v)
			}
			out = append(out, e)
		}
	}
	return out
}

func (req *request) wanted(w compare.Wanted) wantedView {
	v := wantedView{Words: strings.TrimSpace(w.Title + " " + w.Number), Count: w.Basis}
	for _, d := range w.By {
		v.By = append(v.By, choiceLink{Label: nonEmpty(d.Title, req.label("doc.unknown")), Href: req.docHref(d.ID)})
	}
	return v
}

// ranges writes missing numbers as 3, 5–9.
func ranges(list [][2]int) string {
	var out []string
	for _, r := range list {
		if r[0] == r[1] {
			out = append(out, fmt.Sprint(r[0]))
		} else {
			out = append(out, fmt.Sprintf("%d–%d", r[0], r[1]))
		}
	}
	return strings.Join(out, ", ")
}

func sortedKeys[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }
