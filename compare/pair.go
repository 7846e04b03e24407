package compare

import (
	"slices"

	"tuogou/compare/align"
	"tuogou/corpus"
)

// Pairing is two documents side by side, sentence by sentence.
type Pairing struct {
	There Document `json:"there"` // the baseline
	Here  Document `json:"here"`
	// Reproduced is the share of the baseline's wording that the document has, Own the
	// share of the document's wording that is not in the baseline.
	Reproduced *float64     `json:"reproduced"`
	Own        *float64     `json:"own"`
	Rows       []PairingRow `json:"rows"`
}

// PairingRow is sentences that were set side by side, in the order of the baseline;
// what only the document has stands where its own order puts it.
type PairingRow struct {
	There []Cite `json:"there"`
	Here  []Cite `json:"here"`
	// Clause is that of the baseline's sentence, else of the document's.
	Clause corpus.ClauseType `json:"clause,omitempty"`
	// Equal says that the two are the same but for names and marks, Moved that the
	// document has it elsewhere.
	Equal   bool     `json:"equal"`
	Moved   bool     `json:"moved"`
	Changes []Change `json:"changes"`
}

// Pair sets a document beside another one.
func Pair(there, here *corpus.Record) *Pairing {
	c := beside{here: newText(here), there: newText(there)}
	c.result = align.Align(c.there.units, c.here.units)
	c.index()
	p := &Pairing{There: DocumentOf(there), Here: DocumentOf(here), Own: c.own(), Rows: []PairingRow{}}
	p.Reproduced, _ = c.share(c.there.all())
	matches := map[[2]int]align.Match{}
	for _, m := range c.result.Matches {
		matches[[2]int{m.A, m.B}] = m
	}
	next := 0 // the first sentence of the document that has no row yet
	shown := map[int]bool{}
	alone := func(to int) {
		for ; next < to; next++ {
			if len(c.sources[next]) == 0 && !shown[next] {
				p.Rows = append(p.Rows, c.row(nil, []int{next}, matches))
			}
		}
	}
	for i := range c.there.units {
		with := c.partners[i]
		if len(with) > 0 && !c.movedAll(i, matches) {
			alone(slices.Min(with))
		}
		for _, j := range with {
			shown[j] = true
		}
		p.Rows = append(p.Rows, c.row([]int{i}, with, matches))
	}
	alone(len(c.here.units))
	return p
}

// movedAll reports whether all partners of a sentence stand elsewhere.
func (c *beside) movedAll(i int, matches map[[2]int]align.Match) bool {
	return !slices.ContainsFunc(c.partners[i], func(j int) bool { return !matches[[2]int{i, j}].Moved })
}

func (c *beside) row(theirs, mine []int, matches map[[2]int]align.Match) PairingRow {
	r := PairingRow{There: c.there.cites(theirs), Here: c.here.cites(mine), Changes: []Change{}}
	switch {
	case len(theirs) > 0:
		r.Clause = c.there.units[theirs[0]].Clause
	case len(mine) > 0:
		r.Clause = c.here.units[mine[0]].Clause
	}
	if len(theirs) == 0 || len(mine) == 0 {
		return r
	}
	r.Equal, r.Moved = len(mine) == 1, c.movedAll(theirs[0], matches)
	for _, j := range mine {
		r.Equal = r.Equal && matches[[2]int{theirs[0], j}].Equal
	}
	from := c.there.facts(c.there.focus(theirs, c.here, mine), "")
	to := c.here.facts(c.here.focus(mine, c.there, theirs), "")
	r.Changes = append(r.Changes, changes(from, to, [][2]facts{{from, to}})...)
	return r
}
