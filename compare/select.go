package compare

import (
	"slices"
	"strings"

	"tuogou/corpus"
)

// Selection says which records belong to a place.
type Selection struct {
	// Codes are the places, in the wanted order. Empty means every place that
	// has a record, by code.
	Codes []string
	// Below counts the records of the places inside a place for it too: 990000
	// then holds 990100 and 990101.
	Below bool
	// Generation keeps one wave of the reform. Empty keeps all.
	Generation corpus.Generation
}

// Select gives for each code the records of that place, the best one first: on
// the topic, then plan before notice before opinion and measures before others
// before news, then whole texts before cut ones, then those with more clauses,
// then the younger, then by id. A code without records has an empty list.
func Select(records []*corpus.Record, sel Selection) map[string][]*corpus.Record {
	out := make(map[string][]*corpus.Record)
	for _, code := range sel.codes(records) {
		list := []*corpus.Record{}
		for _, r := range records {
			if r == nil || sel.Generation != "" && r.Generation != sel.Generation {
				continue
			}
			if r.Jurisdiction.Code == code || sel.Below && inside(r, code) {
				list = append(list, r)
			}
		}
		slices.SortStableFunc(list, better)
		out[code] = list
	}
	return out
}

// inside reports whether the place of r lies inside the place outer.
func inside(r *corpus.Record, outer string) bool {
	j := r.Jurisdiction
	return j.Code != outer && (slices.Contains(j.Codes, outer) || len(j.Codes) == 0 && Within(j.Code, outer))
}

// Within reports whether the place code lies inside the place outer, by the
// digits of GB/T 2260. A place does not lie inside itself.
func Within(code, outer string) bool {
	if code == "" || outer == "" || code == outer {
		return false
	}
	if outer == "000000" {
		return true
	}
	head := outer
	if len(outer) == 6 {
		head = strings.TrimSuffix(strings.TrimSuffix(outer, "00"), "00")
	}
	return len(code) >= len(outer) && strings.HasPrefix(code, head)
}

func (sel Selection) codes(records []*corpus.Record) []string {
	if len(sel.Codes) > 0 {
		var out []string
		for _, c := range sel.Codes {
			if !slices.Contains(out, c) {
				out = append(out, c)
			}
		}
		return out
	}
	seen := map[string]bool{}
	var out []string
	for _, r := range records {
		if r != nil && !seen[r.Jurisdiction.Code] {
			seen[r.Jurisdiction.Code] = true
			out = append(out, r.Jurisdiction.Code)
		}
	}
	slices.Sort(out)
	return out
}

// class ranks kinds of documents by how much they bind: 0 is best.
func class(k corpus.Kind) int {
	switch k {
	case corpus.KindPlan:
		return 0
	case corpus.KindNotice:
		return 1
	case corpus.KindOpinion, corpus.KindMeasures:
		return 2
	case corpus.KindNews, corpus.KindCommentary:
		return 4
	}
	return 3
}

func better(a, b *corpus.Record) int {
	if c := boolOrder(a.OnTopic, b.OnTopic); c != 0 {
		return c
	}
	if c := class(a.Kind) - class(b.Kind); c != 0 {
		return c
	}
	if c := boolOrder(!a.Text.Truncated, !b.Text.Truncated); c != 0 {
		return c
	}
	if c := clauseCount(b) - clauseCount(a); c != 0 {
		return c
	}
	ad, _ := DateOf(a)
	bd, _ := DateOf(b)
	if c := strings.Compare(bd, ad); c != 0 {
		return c
	}
	return strings.Compare(string(a.ID), string(b.ID))
}

// boolOrder puts true first.
func boolOrder(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// clauseCount is how many of the five r states.
func clauseCount(r *corpus.Record) int {
	n := 0
	for _, t := range corpus.ClauseTypes {
		if clauseState(r, t) == corpus.Stated {
			n++
		}
	}
	return n
}

// clauseState is what r says about a clause, also where the extractor left the
// state out.
func clauseState(r *corpus.Record, t corpus.ClauseType) corpus.State {
	if slices.ContainsFunc(r.Clauses, func(c corpus.Clause) bool { return c.Type == t }) {
		return corpus.Stated
	}
	if s, ok := r.ClauseStates[t]; ok && s != corpus.Stated {
		return s
	}
	return missing(r)
}

// missing is the state of something that is not in the text of r.
func missing(r *corpus.Record) corpus.State {
	if r.Text.Truncated {
		return corpus.NotFound
	}
	return corpus.NotStated
}

// unread reports whether nothing could be read of r.
func unread(r *corpus.Record) bool { return strings.TrimSpace(r.Text.Body) == "" }

// used are the records that speak for a place: of those on the topic that could
// be read, the ones of the best class, at most limit; the next class is added
// while all of those before it are cut.
func used(ranked []*corpus.Record, limit int) []*corpus.Record {
	var out []*corpus.Record
	whole, last := false, -1
	for _, r := range ranked {
		if !r.OnTopic || unread(r) {
			continue
		}
		c := class(r.Kind)
		if len(out) == limit || whole && c != last {
			break
		}
		out = append(out, r)
		whole, last = whole || !r.Text.Truncated, c
	}
	return out
}
