package compare

import (
	"slices"
	"strings"

	"tuogou/compare/align"
	"tuogou/corpus"
)

// text is a record made ready to be set beside another.
type text struct {
	*source
	units []align.Unit
	spans []clauseSpan
}

type clauseSpan struct {
	clause corpus.ClauseType
	span   corpus.Span
}

func newText(r *corpus.Record) *text {
	t := &text{source: newSource(r)}
	for _, c := range r.Clauses {
		if c.Form != corpus.FormSection {
			continue
		}
		span := c.Span
		for _, s := range r.Outline {
			if s.ID == c.Section && s.Span.Contains(c.Span) {
				span = s.Span
			}
		}
		t.spans = append(t.spans, clauseSpan{c.Type, span})
	}
	for _, s := range bodies(r) {
		t.units = append(t.units, align.Split(r.Text.Body, s, t.clauseAt, placeWords(r))...)
	}
	return t
}

// bodies are the parts of the text that say something: without the lines of the
// page around them and without the notice that only issues the plan.
func bodies(r *corpus.Record) []corpus.Span {
	var out []corpus.Span
	for _, p := range r.Parts {
		if p.Role != corpus.PartCarrier && !p.Span.Empty() && fits(p.Span, r.Text.Body) {
			out = append(out, p.Span)
		}
	}
	if len(out) == 0 && r.Text.Body != "" {
		return []corpus.Span{{Start: 0, End: len(r.Text.Body)}}
	}
	return union(out)
}

// placeWords are the names of the place, without the sign of its level.
func placeWords(r *corpus.Record) []string {
	var out []string
	for _, n := range append(slices.Clone(r.Jurisdiction.Path), r.Jurisdiction.Name) {
		n = strings.TrimSuffix(n, "（示例）")
		for _, level := range []string{"省", "市", "区", "县"} {
			n = strings.TrimSuffix(n, level)
		}
		if len(n) >= len("两字") {
			out = append(out, n)
		}
	}
	// Longest first: 桐汐南 before 桐汐.
	slices.SortFunc(out, func(a, b string) int { return len(b) - len(a) })
	return out
}

// clauseAt is the clause in whose section a byte stands; empty where in none.
func (t *text) clauseAt(at int) corpus.ClauseType {
	best := clauseSpan{}
	for _, c := range t.spans {
		if c.span.Start <= at && at < c.span.End && (best.clause == "" || c.span.Len() < best.span.Len()) {
			best = c
		}
	}
	return best.clause
}

// within are the units that share a byte with one of the spans.
func (t *text) within(spans []corpus.Span) []int {
	var out []int
	for i, u := range t.units {
		if slices.ContainsFunc(spans, u.Span.Overlaps) {
			out = append(out, i)
		}
	}
	return out
}

// ofClause are the units of one clause.
func (t *text) ofClause(c corpus.ClauseType) []int {
	var out []int
	for i, u := range t.units {
		if u.Clause == c {
			out = append(out, i)
		}
	}
	return out
}

func (t *text) spansOf(units []int) []corpus.Span {
	var out []corpus.Span
	for _, i := range units {
		out = append(out, t.units[i].Span)
	}
	return out
}

func (t *text) cites(units []int) []Cite {
	out := []Cite{}
	for _, i := range units {
		out = append(out, t.cite(t.units[i].Span))
	}
	return out
}

// leastFocus is the share of a part's runs of two characters that the other side has
// where the part speaks of the same matter.
const leastFocus = 0.3

// focus is what counts of some sentences: of one that states several provisions
// (党建工作由组织部负责，外事工作由外办管理) only the parts between commas that share words
// with the other side. Where no part does, the whole sentence counts.
func (t *text) focus(units []int, other *text, others []int) []corpus.Span {
	var words []rune
	for _, i := range others {
		words = append(words, align.Normal(other.units[i].Span.In(other.r.Text.Body), nil)...)
	}
	var out []corpus.Span
	for _, i := range units {
		u := t.units[i].Span
		var kept []corpus.Span
		if t.statements(u) > 1 {
			for _, part := range align.Parts(t.r.Text.Body, u) {
				if align.Share(align.Normal(part.In(t.r.Text.Body), nil), words) >= leastFocus {
					kept = append(kept, part)
				}
			}
		}
		if len(kept) == 0 {
			kept = []corpus.Span{u}
		}
		out = append(out, kept...)
	}
	return out
}

// statements is how many provisions a sentence states.
func (t *text) statements(s corpus.Span) int {
	seen := map[string]bool{}
	for _, p := range t.r.Provisions {
		if p.Span.Overlaps(s) {
			seen[p.ID] = true
		}
	}
	return len(seen)
}

// provisionSpans are where the codebook found a provision.
func (t *text) provisionSpans(id string) []corpus.Span {
	var out []corpus.Span
	for _, p := range t.r.Provisions {
		if p.ID == id && fits(p.Span, t.r.Text.Body) {
			out = append(out, p.Span)
		}
	}
	return out
}

// facts is what is compared of some sentences of a text.
type facts struct {
	dues    []Due
	kinds   []string // of organs in charge, sorted
	numbers []string
	// narrow are the words that narrow the scope, open those that leave the matter to
	// another document, by the id of their cue.
	narrow, open map[string]string
}

func (t *text) facts(spans []corpus.Span, clause corpus.ClauseType) facts {
	f := facts{narrow: map[string]string{}, open: map[string]string{}}
	inside := func(s corpus.Span) bool { return slices.ContainsFunc(spans, s.Overlaps) }
	var organs []corpus.OrganRef
	for _, d := range t.r.Deadlines {
		if inside(d.Span) && d.SupersededBy == "" {
			f.dues = append(f.dues, t.due(d))
		}
	}
	for _, d := range t.r.Duties {
		if inside(d.Organ.Span) && d.Role != corpus.Approve && d.Role != corpus.Receive {
			organs = append(organs, d.Organ)
		}
	}
	for _, p := range t.r.Provisions {
		for _, o := range p.Organs {
			if clause == "" && inside(o.Span) {
				organs = append(organs, o)
			}
		}
	}
	for _, c := range t.r.Clauses {
		if c.Type == clause {
			organs = append(organs, c.Organs...)
		}
	}
	for _, o := range organs {
		if o.Kind != "" && len(o.Candidates) <= 1 {
			f.kinds = append(f.kinds, o.Kind)
		}
	}
	f.kinds = sortedSet(f.kinds)
	w := builtin()
	for _, s := range spans {
		sentence := s.In(t.r.Text.Body)
		f.numbers = append(f.numbers, w.numbers(t.withoutTimes(s))...)
		w.cues("narrowed", sentence, f.narrow)
		w.cues("delegated", sentence, f.open)
	}
	f.numbers = sortedSet(f.numbers)
	return f
}

// withoutTimes is a sentence without its dates and its document numbers: they are
// compared as dates, or not at all.
func (t *text) withoutTimes(s corpus.Span) string {
	body := []byte(t.r.Text.Body[s.Start:s.End])
	blank := func(x corpus.Span) {
		for i := max(x.Start, s.Start); i < min(x.End, s.End); i++ {
			body[i-s.Start] = ' '
		}
	}
	for _, x := range t.r.Times {
		if x.Role != corpus.RoleTerm {
			blank(x.Span)
		}
	}
	for _, x := range t.r.Deadlines {
		blank(x.Span)
	}
	for _, x := range t.r.References {
		blank(x.Span)
	}
	return string(body)
}

// incomplete is why something that is not in the text of r may still be in force at
// its place: the text is cut, an attachment could not be read, or it only tells of a
// plan, as news do. Empty: whole.
func incomplete(r *corpus.Record) string {
	if class(r.Kind) > 2 {
		return WhyTold
	}
	if r.Text.Truncated {
		if r.Text.Why != "" {
			return r.Text.Why
		}
		return WhyCut
	}
	for _, p := range r.Problems {
		if strings.HasPrefix(p.ID, "part_") {
			return WhyPart
		}
	}
	return ""
}

// Reasons why nothing can be said, beside those that a record gives in its own words.
const (
	WhyTold    = "told"     // the document only tells of a plan
	WhyCut     = "cut"      // the text is cut
	WhyPart    = "part"     // an attachment could not be read
	WhyWording = "wordless" // the central defaults have dates and departments, no wording
)
