package compare

import (
	"slices"
	"strings"

	"tuogou/compare/align"
	"tuogou/corpus"
)

// beside is a text beside its baseline; there is nil for the codebook.
type beside struct {
	here, there *text
	result      *align.Result
	partners    map[int][]int // sentences of the baseline → those of the text
	sources     map[int][]int // the other way
}

// share is how much of the wording of some sentences of the baseline the text has,
// and of how many characters. It is nil where there are none.
func (c *beside) share(units []int) (*float64, int) {
	total, covered := 0, 0
	for _, i := range units {
		total += c.there.units[i].Chars()
		covered += c.result.CoverA[i]
	}
	return ratio(covered, total), total
}

// own is how much of the text's wording is not in the baseline.
func (c *beside) own() *float64 {
	total, covered := 0, 0
	for i := range c.here.units {
		total += c.here.units[i].Chars()
		covered += c.result.CoverB[i]
	}
	return ratio(total-covered, total)
}

func ratio(n, total int) *float64 {
	if total == 0 {
		return nil
	}
	v := float64(n) / float64(total)
	return &v
}

func (c *beside) itself() bool { return c.there != nil && c.there.r == c.here.r }

func blank() StudyCell { return StudyCell{Changes: []Change{}, Here: []Cite{}, There: []Cite{}} }

// clause is the cell of one of the five. Without a baseline it says only that the
// clause is there; clausesByProvisions says more.
func (c *beside) clause(t corpus.ClauseType) StudyCell {
	cell := blank()
	mine := c.here.ofClause(t)
	said := clauseState(c.here.r, t) == corpus.Stated
	if len(mine) == 0 && said {
		mine = c.here.within(clauseWords(c.here.r, t))
	}
	cell.Here = c.here.cites(mine)
	if c.there == nil {
		cell.Verdict, cell.Why = NoBaseline, WhyWording
		if !said {
			cell.Verdict, cell.Why = incompleteOr(c.here.r, Missing, NotInText)
		}
		return cell
	}
	theirs := c.there.ofClause(t)
	stated := clauseState(c.there.r, t) == corpus.Stated
	if len(theirs) == 0 && stated {
		theirs = c.there.within(clauseWords(c.there.r, t))
	}
	cell.There = c.there.cites(theirs)
	if done := c.absent(&cell, said, stated); done {
		return cell
	}
	cell.Reproduced, _ = c.share(theirs)
	cell.Changes = changes(c.there.facts(c.there.spansOf(theirs), t), c.here.facts(c.here.spansOf(mine), t), c.pairs(theirs, mine))
	cell.Verdict = verdict(cell)
	return cell
}

// pairs are the facts of those sentences of the baseline that have partners in the
// text, beside those of the partners.
func (c *beside) pairs(theirs, mine []int) [][2]facts {
	var out [][2]facts
	for _, i := range theirs {
		var with []int
		for _, j := range c.partners[i] {
			if slices.Contains(mine, j) {
				with = append(with, j)
			}
		}
		if len(with) > 0 {
			one := []int{i}
			out = append(out, [2]facts{c.there.facts(c.there.focus(one, c.here, with), ""), c.here.facts(c.here.focus(with, c.there, one), "")})
		}
	}
	return out
}

// clauseWords are the words of a clause that has no section of its own.
func clauseWords(r *corpus.Record, t corpus.ClauseType) []corpus.Span {
	var out []corpus.Span
	for _, k := range r.Clauses {
		if k.Type == t {
			out = append(out, k.Span)
		}
	}
	return out
}

// absent decides the cells in which one side has nothing.
func (c *beside) absent(cell *StudyCell, said, stated bool) bool {
	switch {
	case c.itself() && said:
		cell.Verdict = Itself
		return true
	case said && stated:
		return false
	case said:
		cell.Verdict, cell.Why = incompleteOr(c.there.r, Added, NoBaseline)
	case stated:
		cell.Verdict, cell.Why = incompleteOr(c.here.r, Missing, NotInText)
	default:
		cell.Verdict, cell.Why = incompleteOr(c.here.r, Neither, NotInText)
	}
	return true
}

// verdict is that of a cell with words on both sides.
func verdict(cell StudyCell) Verdict {
	for _, k := range cell.Changes {
		if k.Kind == DelegationAdded {
			return Delegated
		}
	}
	switch {
	case len(cell.Changes) > 0:
		return Changed
	case cell.Reproduced != nil && *cell.Reproduced >= copiedShare:
		return Copied
	}
	return Reworded
}

// provision is the cell of a provision of the codebook.
func (c *beside) provision(p Provision) StudyCell {
	mine := c.here.within(c.here.provisionSpans(p.ID))
	if c.there == nil {
		return c.central(p, mine)
	}
	cell := blank()
	theirs := c.there.within(c.there.provisionSpans(p.ID))
	switch {
	case len(mine) == 0 && len(theirs) > 0:
		mine = c.followed(theirs, c.partners, c.result.CoverA, c.there.units)
		cell.Aligned = len(mine) > 0
	case len(theirs) == 0 && len(mine) > 0:
		theirs = c.followed(mine, c.sources, c.result.CoverB, c.here.units)
		cell.Aligned = len(theirs) > 0
	}
	cell.Here, cell.There = c.here.cites(mine), c.there.cites(theirs)
	if c.absent(&cell, len(mine) > 0, len(theirs) > 0) {
		c.leftOpen(&cell, p, theirs, mine)
		return cell
	}
	cell.Reproduced, _ = c.share(theirs)
	from := c.there.facts(c.there.focus(theirs, c.here, mine), "")
	to := c.here.facts(c.here.focus(mine, c.there, theirs), "")
	pairs := c.pairs(theirs, mine)
	if len(pairs) == 0 { // one provision in other words: what it says can still be set side by side
		pairs = [][2]facts{{from, to}}
	}
	cell.Changes = changes(from, to, pairs)
	cell.Changes = append(cell.Changes, c.opposed(p.ID)...)
	cell.Verdict = verdict(cell)
	return cell
}

// followed are the partners of sentences that are covered for the most part: where
// the codebook knows a sentence on one side, its copy says the same.
func (c *beside) followed(units []int, partners map[int][]int, cover []int, of []align.Unit) []int {
	var out []int
	for _, i := range units {
		if 10*cover[i] >= 7*of[i].Chars() {
			out = append(out, partners[i]...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// leftOpen looks again at a provision that is missing: a sentence of the text may
// leave its matter to another document (办公用房管理办法另行制定), or speak of it in words
// that no rule knows. The second is unclear and never called missing.
func (c *beside) leftOpen(cell *StudyCell, p Provision, theirs, mine []int) {
	if cell.Verdict == Added {
		if units := onMatter(c.there, p, c.here, mine, c.sources); len(units) > 0 {
			cell.Verdict, cell.There = Unclear, c.there.cites(units)
		}
		return
	}
	if cell.Verdict != Missing && cell.Verdict != NotInText {
		return
	}
	units := onMatter(c.here, p, c.there, theirs, c.partners)
	for _, i := range units {
		if len(c.here.facts(c.here.spansOf([]int{i}), "").open) > 0 {
			cell.Verdict, cell.Why, cell.Here = Delegated, "", c.here.cites([]int{i})
			return
		}
	}
	if len(units) > 0 && cell.Verdict == Missing {
		cell.Verdict, cell.Here = Unclear, c.here.cites(units)
	}
}

// leastName is how many runs of three characters of a provision's name a sentence
// must have to speak of it: 办公用房 in 办公用房腾退 has two.
const leastName = 2

// onMatter are sentences of a text that share the name of a provision, or are partners
// of a sentence of the other text that states it, or share words with that sentence
// which few others there have (公务员, 清单目录) and stand in the same clause. Closing brackets with departments
// and headings without words of their own speak of nothing.
func onMatter(t *text, p Provision, other *text, others []int, partners map[int][]int) []int {
	var out []int
	for _, i := range others {
		out = append(out, partners[i]...)
		rare := align.Rare(other.units, i)
		for j := range t.units {
			if t.units[j].Clause == other.units[i].Clause && align.SharesTwo(&t.units[j], rare) {
				out = append(out, j)
			}
		}
	}
	if name := align.Normal(p.Name, nil); len(name) > 0 {
		x := align.NewIndex([][]rune{name})
		for i, u := range t.units {
			if hits := x.Find(align.Normal(u.Span.In(t.r.Text.Body), nil), 0); len(hits) > 0 && hits[0].Shared >= leastName {
				out = append(out, i)
			}
		}
	}
	slices.Sort(out)
	return slices.DeleteFunc(slices.Compact(out), func(i int) bool {
		words := t.units[i].Span.In(t.r.Text.Body)
		heading := slices.ContainsFunc(t.r.Outline, func(o corpus.Section) bool {
			return !o.Body.Empty() && o.Span.Start == t.units[i].Span.Start && len(words) <= len(o.Marker)+len(o.Heading)+len("。")
		})
		return heading || strings.HasPrefix(words, "（") && strings.HasSuffix(words, "）")
	})
}

func (c *beside) opposed(id string) []Change {
	for _, p := range c.here.r.Provisions {
		if p.ID == id && p.Status == "opposed" {
			return []Change{{Kind: ProvisionOpposed}}
		}
	}
	return nil
}

// central sets a provision beside the default of the document's generation.
func (c *beside) central(p Provision, mine []int) StudyCell {
	cell := blank()
	cell.Here = c.here.cites(mine)
	def, ok := p.Defaults[c.here.r.Generation]
	if !ok {
		def = p.Defaults[""]
	}
	cell.Central = &def
	if len(mine) == 0 {
		cell.Verdict, cell.Why = incompleteOr(c.here.r, Missing, NotInText)
		c.leftOpen(&cell, p, nil, nil)
		return cell
	}
	f := c.here.facts(c.here.spansOf(mine), "")
	cell.Changes = append(defaultChanges(def, f), c.opposed(p.ID)...)
	cell.Verdict = Kept
	if len(cell.Changes) > 0 {
		cell.Verdict = verdict(cell)
	}
	return cell
}

// defaultChanges compares only what the central plan fixes: a date or a department
// where it gives none is the local plan's business and no change.
func defaultChanges(def Default, f facts) []Change {
	var from []Due
	var to []Due
	add := func(kind corpus.DeadlineKind, start, end string) {
		from = append(from, Due{Kind: kind, Start: start, End: end, Resolved: true})
		for _, d := range f.dues {
			if d.Kind == kind && d.Resolved {
				to = append(to, d)
			}
		}
	}
	if def.Due != "" {
		add(corpus.KindBy, "", def.Due)
	}
	if def.From != "" {
		add(corpus.KindFrom, def.From, "")
	}
	out := dateChanges(from, to, [][2]facts{{{dues: from}, {dues: to}}})
	out = slices.DeleteFunc(out, func(k Change) bool { return k.Kind == DateDropped && len(f.dues) == 0 })
	if len(def.Kinds) > 0 && len(f.kinds) > 0 && len(without(def.Kinds, f.kinds)) == len(def.Kinds) {
		out = append(out, setChanges(def.Kinds, f.kinds, OrganReplaced, OrganAdded, OrganDropped)...)
	}
	if len(f.open) > 0 {
		out = append(out, Change{Kind: DelegationAdded, To: unlike(f.open, nil)})
	}
	return out
}

// clausesByProvisions gives the clauses a verdict from their provisions where the
// baseline is the codebook, which has no wording of its own.
func (c *beside) clausesByProvisions(cells []StudyCell, provisions []Provision) {
	for i, t := range corpus.ClauseTypes {
		if cells[i].Verdict != NoBaseline {
			continue
		}
		for j, p := range provisions {
			v := cells[len(corpus.ClauseTypes)+j]
			if p.Clause != t || v.Verdict != Kept && v.Verdict != Changed && v.Verdict != Delegated {
				continue
			}
			if cells[i].Verdict == NoBaseline {
				cells[i].Verdict, cells[i].Why = Kept, ""
			}
			if v.Verdict == Changed {
				cells[i].Verdict, cells[i].Why = Changed, ""
			}
			for _, k := range v.Changes {
				if !slices.Contains(cells[i].Changes, k) {
					cells[i].Changes = append(cells[i].Changes, k)
				}
			}
		}
	}
}
