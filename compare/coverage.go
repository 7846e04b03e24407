package compare

import (
	"cmp"
	"slices"
	"strings"

	"tuogou/corpus"
)

// CoverageOptions say which places are looked at. The zero value takes every
// place that has a record.
type CoverageOptions struct {
	Selection
	// Names are names of places by code, for those without any record.
	Names map[string]string
	// Visits are what the crawler knows of its sources.
	Visits []Visit
}

// Coverage is what a corpus holds, by place.
type Coverage struct {
	Places []PlaceCoverage `json:"places"`
	Total  PlaceCoverage   `json:"total"` // of these places; a record counts once
}

// PlaceCoverage is what a corpus holds of one place.
type PlaceCoverage struct {
	Place Place `json:"place"`
	// Search says whether the place was looked for; empty for the total.
	Search    SearchState `json:"search,omitempty"`
	Why       string      `json:"why,omitempty"` // of Search
	Documents int         `json:"documents"`
	OnTopic   int         `json:"on_topic"`
	Kinds     []KindCount `json:"kinds"`
	// Plans are the documents on the topic of kind plan. Empty: none was found.
	Plans []Document `json:"plans"`
	// Clauses is the best state of each of the five over the documents on the topic.
	Clauses map[corpus.ClauseType]CellState `json:"clauses"`
	// Found is how many of the five are stated.
	Found int `json:"clauses_found"`
	// Resolved and Unresolved count the deadlines that still stand.
	Resolved   int `json:"deadlines_resolved"`
	Unresolved int `json:"deadlines_unresolved"`
	Superseded int `json:"deadlines_superseded"`
	// Truncated are the documents whose source is cut, Unread those of which
	// nothing could be read.
	Truncated []Document `json:"truncated"`
	Unread    []Document `json:"unread"`
	Problems  int        `json:"problems"`
}

// KindCount is how many documents of one kind there are.
type KindCount struct {
	Kind  corpus.Kind `json:"kind"`
	Count int         `json:"count"`
}

// Cover counts what records hold of each place.
func Cover(records []*corpus.Record, opt CoverageOptions) *Coverage {
	out := &Coverage{Places: []PlaceCoverage{}}
	chosen := Select(records, opt.Selection)
	seen := map[*corpus.Record]bool{}
	var all []*corpus.Record
	codes := opt.codes(records)
	searches := Searches(records, codes, opt.Names, opt.Visits)
	for i, code := range codes {
		p := cover(chosen[code])
		p.Search, p.Why = searches[i].State, searches[i].Why
		p.Place = Place{Code: code, Name: opt.Names[code], Sample: IsSample(code)}
		for _, r := range chosen[code] {
			if r.Jurisdiction.Code == code && (p.Place.Name == "" || p.Place.Level == "") {
				p.Place.Name, p.Place.Level = r.Jurisdiction.Name, r.Jurisdiction.Level
			}
			if !seen[r] {
				seen[r] = true
				all = append(all, r)
			}
		}
		out.Places = append(out.Places, p)
	}
	out.Total = cover(all)
	return out
}

func cover(records []*corpus.Record) PlaceCoverage {
	p := PlaceCoverage{
		Documents: len(records), Plans: []Document{}, Truncated: []Document{}, Unread: []Document{},
		Clauses: map[corpus.ClauseType]CellState{},
	}
	kinds := map[corpus.Kind]int{}
	for _, t := range corpus.ClauseTypes {
		p.Clauses[t] = CellNoRecord
	}
	for _, r := range records {
		kinds[r.Kind]++
		p.Problems += len(r.Problems)
		if unread(r) {
			p.Unread = append(p.Unread, DocumentOf(r))
		} else if r.Text.Truncated {
			p.Truncated = append(p.Truncated, DocumentOf(r))
		}
		if r.OnTopic {
			p.addOnTopic(r)
		}
	}
	for _, t := range corpus.ClauseTypes {
		if p.Clauses[t] == CellStated {
			p.Found++
		}
	}
	p.Kinds = countKinds(kinds)
	return p
}

func (p *PlaceCoverage) addOnTopic(r *corpus.Record) {
	p.OnTopic++
	if r.Kind == corpus.KindPlan {
		p.Plans = append(p.Plans, DocumentOf(r))
	}
	for _, d := range r.Deadlines {
		switch {
		case d.SupersededBy != "":
			p.Superseded++
		case d.Resolved:
			p.Resolved++
		default:
			p.Unresolved++
		}
	}
	for _, t := range corpus.ClauseTypes {
		s := cellState(clauseState(r, t))
		if unread(r) {
			s = CellFailed
		}
		if have := p.Clauses[t]; have == CellNoRecord || have == CellFailed && s != CellFailed ||
			s != CellFailed && weight(s) > weight(have) {
			p.Clauses[t] = s
		}
	}
}

func countKinds(kinds map[corpus.Kind]int) []KindCount {
	out := []KindCount{}
	for k, n := range kinds {
		out = append(out, KindCount{Kind: k, Count: n})
	}
	slices.SortFunc(out, func(a, b KindCount) int {
		return cmp.Or(class(a.Kind)-class(b.Kind), strings.Compare(string(a.Kind), string(b.Kind)))
	})
	return out
}
