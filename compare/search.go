package compare

import (
	"fmt"
	"slices"
	"strings"

	"tuogou/corpus"
)

// SearchState is what is known of a place.
type SearchState string

// The states of a search.
const (
	SearchFound   SearchState = "found"        // a binding document is here
	SearchCited   SearchState = "cited"        // a document of the place is cited, and not here
	SearchNothing SearchState = "nothing"      // a source of its own was read to the end
	SearchDown    SearchState = "source_down"  // its sources were asked, and none could be read to the end
	SearchNever   SearchState = "not_searched" // nobody looked
)

// PlaceSearch is what is known of one place.
type PlaceSearch struct {
	Place Place       `json:"place"`
	State SearchState `json:"state"`
	Why   string      `json:"why,omitempty"`
	// Visits are those of the place's own sources, whatever the state.
	Visits []Visit `json:"visits"`
}

// Visit is what the crawler knows of one source.
type Visit struct {
	Source string `json:"source"` // its id
	Name   string `json:"name"`
	Code   string `json:"code"` // of its place
	// Read is the day (YYYY-MM-DD) on which its lists were last read to the end,
	// empty where they never were, and Rows is what they listed.
	Read string `json:"read,omitempty"`
	Rows int    `json:"rows,omitempty"`
	// Asked is the day of the last visit, Why what went wrong on it.
	Asked string `json:"asked"`
	Why   string `json:"why,omitempty"`
}

func (v Visit) words() string {
	switch {
	case v.Read == "":
		return fmt.Sprintf("%s %s: %s", v.Name, v.Asked, v.Why)
	case v.Why != "":
		return fmt.Sprintf("%s %s: %d; %s: %s", v.Name, v.Read, v.Rows, v.Asked, v.Why)
	}
	return fmt.Sprintf("%s %s: %d", v.Name, v.Read, v.Rows)
}

// Searches says of each code what is known. A place counts as searched where the
// lists of one source of its own were read to the end: the sources of a province do
// not list what its counties publish.
func Searches(records []*corpus.Record, codes []string, names map[string]string, visits []Visit) []PlaceSearch {
	of := map[string][]Visit{}
	for _, v := range visits {
		of[v.Code] = append(of[v.Code], v)
	}
	here := map[string][]*corpus.Record{}
	var wanted []string // titles, in order
	for _, r := range records {
		if r == nil {
			continue
		}
		here[r.Jurisdiction.Code] = append(here[r.Jurisdiction.Code], r)
		for _, ref := range r.References {
			if r.OnTopic && WantedPlan(ref) {
				wanted = append(wanted, ref.Title)
			}
		}
	}
	out := []PlaceSearch{}
	for _, code := range codes {
		p := PlaceSearch{Place: Place{Code: code, Name: names[code], Sample: IsSample(code)}, State: SearchNever, Visits: []Visit{}}
		p.visited(of[code])
		p.look(here[code], wanted)
		out = append(out, p)
	}
	return out
}

func (p *PlaceSearch) visited(visits []Visit) {
	var why []string
	for _, v := range visits {
		p.Visits = append(p.Visits, v)
		why = append(why, v.words())
		if v.Read != "" {
			p.State = SearchNothing
		} else if p.State == SearchNever {
			p.State = SearchDown
		}
	}
	p.Why = strings.Join(why, "; ")
}

// look sees whether a binding document of the place is here or cited: a title that
// begins with the name of the place.
func (p *PlaceSearch) look(here []*corpus.Record, wanted []string) {
	if len(here) > 0 && p.Place.Name == "" {
		p.Place = PlaceOf(here[0])
	}
	if i := slices.IndexFunc(here, binding); i >= 0 {
		p.Place, p.State, p.Why = PlaceOf(here[i]), SearchFound, ""
		return
	}
	name := strings.TrimSuffix(p.Place.Name, "（示例）")
	i := slices.IndexFunc(wanted, func(title string) bool { return strings.HasPrefix(title, name) })
	if name != "" && i >= 0 {
		p.State, p.Why = SearchCited, wanted[i]
	}
}

// WantedPlan reports whether a reference names a document of the reform that is not
// here.
func WantedPlan(ref corpus.Reference) bool {
	return ref.Target == "" && strings.Contains(ref.Title, "脱钩")
}
