package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"tuogou/corpus"
	"tuogou/rules"
)

// clauses finds the five clauses: as sections with a heading, or named within a
// sentence. A bare name ("人员分离。") is believed only among its sisters, and
// other programmes with a similar sound never.
func (d *draft) clauses() {
	found := d.clauseSections()
	if len(found) == 0 {
		found = d.clauseRuns()
	}
	if len(found) == 0 {
		found = d.clausesInline()
	}
	if len(found) == 0 {
		found = d.clausesMentioned()
	}
	if d.rec.Generation == corpus.Precursor && !ofTheFive(d.x.rules.Clauses.Norms, found) {
		found = nil // 福建 2009 "人员分离" is not the clause of 2015
	}
	d.rec.Clauses = found
	d.clauseStates()
}

// ofTheFive reports whether the clauses can be those of 2015: a norm stands by one,
// or the party is among them, which no precursor has.
func ofTheFive(norms *rules.Pattern, cs []corpus.Clause) bool {
	for _, c := range cs {
		if c.Type == corpus.Party || norms.MatchString(c.Heading) {
			return true
		}
	}
	return false
}

// clauseStates says of each clause whether it is there and, if not, whether
// the text is whole enough to say so.
func (d *draft) clauseStates() {
	d.rec.ClauseStates = map[corpus.ClauseType]corpus.State{}
	for _, t := range corpus.ClauseTypes {
		d.rec.ClauseStates[t] = corpus.NotStated
		if d.text.Truncated || d.breaksOff() {
			d.rec.ClauseStates[t] = corpus.NotFound
		}
	}
	for _, c := range d.rec.Clauses {
		if c.Form != corpus.FormMention {
			d.rec.ClauseStates[c.Type] = corpus.Stated
		}
	}
	if n := len(d.rec.Clauses); n > 0 && n < len(corpus.ClauseTypes) && !d.text.Truncated {
		d.problem("clauses_incomplete", d.rec.Clauses[0].HeadingSpan, "not all of the five clauses were found")
	}
}

// breaksOff reports whether the text ends within a sentence: its last paragraph is
// long, has no stop at its end and no signature stands below it.
func (d *draft) breaksOff() bool {
	if d.sectionsEnd != d.textEnd {
		return false
	}
	i := len(d.text.Blocks) - 1
	for i >= 0 && (d.text.Blocks[i].Kind == corpus.BlockOutside || d.text.Blocks[i].Kind == corpus.BlockMeta) {
		i--
	}
	if i < 0 || d.text.Blocks[i].Kind != corpus.BlockPara {
		return false
	}
	last := strings.TrimSpace(d.text.Blocks[i].Span.In(d.body))
	r, _ := utf8.DecodeLastRuneInString(last)
	return utf8.RuneCountInString(last) >= 40 && (unicode.Is(unicode.Han, r) || strings.ContainsRune("，,、；;：:", r))
}

// clauseSections takes sections whose heading begins with a clause name.
func (d *draft) clauseSections() []corpus.Clause {
	var out []corpus.Clause
	full := 0
	for _, s := range d.rec.Outline {
		may := d.x.rules.Clauses.NamedIn(s.Heading)
		for i := range may.All() {
			r := &d.x.rules.Clauses.Types[i]
			whole, ok := headingIs(r, s.Heading)
			if !ok || hasClause(out, r.Type) {
				continue
			}
			if whole {
				full++
			}
			if s.Rule == "outline/item" {
				out = append(out, d.itemClause(r, s))
			} else {
				out = append(out, d.sectionClause(r, s))
			}
			break
		}
	}
	if full == 0 && (len(out) < d.x.rules.Clauses.Together && !d.text.Truncated || !ofTheFive(d.x.rules.Clauses.Norms, out) && d.x.rules.Clauses.Other.MatchString(d.body)) {
		return nil
	}
	return out
}

// headingIs reports whether a heading names the clause, and whether with its
// norm (规范…关系), which no other programme has.
func headingIs(r *rules.ClauseRule, heading string) (full, ok bool) {
	if m := r.Full.FindStringIndex(heading); m != nil && m[0] <= len("实现") {
		return true, true
	}
	m := r.Name.FindStringIndex(heading)
	if m == nil || m[0] > len("实现") || utf8.RuneCountInString(heading[m[1]:]) > 24 {
		return false, false
	}
	return false, true
}

func hasClause(cs []corpus.Clause, t corpus.ClauseType) bool {
	for _, c := range cs {
		if c.Type == t {
			return true
		}
	}
	return false
}

func (d *draft) sectionClause(r *rules.ClauseRule, s corpus.Section) corpus.Clause {
	head := corpus.Span{Start: s.Span.Start, End: s.Span.Start + len(s.Marker)}
	if i := strings.Index(d.body[s.Span.Start:s.Span.End], s.Heading); i >= 0 && s.Heading != "" {
		head.End = s.Span.Start + i + len(s.Heading)
	}
	c := corpus.Clause{Type: r.Type, Heading: head.In(d.body), Form: corpus.FormSection, Section: s.ID, HeadingSpan: head}
	body, first := d.openingBracket(s.Body)
	content, list := d.closingBracket(body)
	if d.ofLastChild(s, list) {
		content, list = trim(d.body, body), corpus.Span{}
	}
	if list.Empty() {
		list = first
	}
	if !list.Empty() {
		c.Organs = d.organRefs(list)
	}
	if content.Empty() {
		c.Evidence = corpus.Cite(d.body, head, "clauses/"+string(r.Type), "a heading without text")
		return c
	}
	c.Evidence = corpus.Cite(d.body, content, "clauses/"+string(r.Type), "section "+s.ID+" headed "+s.Heading)
	if !list.Empty() {
		c.Trace = append(c.Trace, "departments from the bracket")
	}
	return c
}

// itemClause is a clause of a run "一是机构分离，…；二是…": the name is its heading,
// without the 一是, and the content follows the comma. It keeps its full stop and
// leaves the ； that only parts it from the next.
func (d *draft) itemClause(r *rules.ClauseRule, s corpus.Section) corpus.Clause {
	m := r.Full.FindStringIndex(s.Span.In(d.body))
	if m == nil || m[0] > len(s.Marker) {
		m = r.Name.FindStringIndex(s.Span.In(d.body))
	}
	h := hit{rule: r, span: corpus.Span{Start: s.Span.Start + m[0], End: s.Span.Start + m[1]}}
	h.full = d.x.rules.Clauses.Norms.MatchString(h.span.In(d.body))
	end := s.Span.Start + len(strings.TrimRight(s.Span.In(d.body), " \u3000\u00a0\n，,；;、：:"))
	var sisters []hit
	for _, o := range d.rec.Outline {
		if o.Rule == s.Rule && o.Parent == s.Parent && o.Span.Start < s.Span.Start {
			sisters = append(sisters, hit{span: corpus.Span{Start: o.Span.Start, End: o.Body.Start}})
		}
	}
	if own, ok := d.sentenceOf(h.span); ok && len(sisters) > 0 && d.toldInOne(sisters) {
		end = min(end, own.span.End) // "五是党建、外事等事项分离。2015年7月，中央…"
	}
	c := d.runClause(h, end)
	c.Section = s.ID
	return c
}

// closingBracket splits a clause into its content and the bracket of
// departments that ends it, if there is one.
func (d *draft) closingBracket(s corpus.Span) (content, list corpus.Span) {
	text := s.In(d.body)
	for _, re := range []*rules.Pattern{d.x.rules.Clauses.Closing, d.x.rules.Clauses.Labelled} {
		m := re.FindStringIndex(text)
		if m == nil {
			continue
		}
		content = trim(d.body, corpus.Span{Start: s.Start, End: s.Start + m[0]})
		return content, trim(d.body, corpus.Span{Start: s.Start + m[0], End: s.End})
	}
	if list := d.organBracket(s); !list.Empty() {
		return trim(d.body, corpus.Span{Start: s.Start, End: list.Start}), list
	}
	re := d.x.rules.Clauses.Sentence
	if m := re.FindStringSubmatchIndex(text); m != nil {
		return trim(d.body, s), corpus.Span{Start: s.Start + m[2], End: s.Start + m[3]}
	}
	return trim(d.body, s), corpus.Span{}
}

// openingBracket splits off a bracket of departments right behind the heading:
// "（四）人员管理分离。（牵头单位：市委组织部；责任单位：…）行政机关不得…".
func (d *draft) openingBracket(s corpus.Span) (rest, list corpus.Span) {
	s = trim(d.body, s)
	text := s.In(d.body)
	if !strings.HasPrefix(text, "（") && !strings.HasPrefix(text, "(") {
		return s, corpus.Span{}
	}
	i := strings.IndexAny(text, "）)")
	if i < 0 {
		return s, corpus.Span{}
	}
	_, w := utf8.DecodeRuneInString(text[i:])
	end := s.Start + i + w
	b := corpus.Span{Start: s.Start, End: end}
	if _, l := d.closingBracket(b); l.Empty() || l.Start != s.Start || end == s.End {
		return s, corpus.Span{}
	}
	return trim(d.body, corpus.Span{Start: end, End: s.End}), b
}

// organBracket is a bracket at the end of s that holds organs and nothing else, but
// for the words that say which of them leads ("市财政局、市民政局。排名第一的为牵头单位").
func (d *draft) organBracket(s corpus.Span) corpus.Span {
	text := strings.TrimRight(s.In(d.body), "。. \u3000\n")
	if !strings.HasSuffix(text, "）") && !strings.HasSuffix(text, ")") {
		return corpus.Span{}
	}
	i := strings.LastIndexAny(text, "（(")
	if i < 0 {
		return corpus.Span{}
	}
	b := corpus.Span{Start: s.Start + i, End: s.Start + len(text)}
	if len(d.bracketOrgans(b)) == 0 || d.endsWithOrgan(s, b.Start-s.Start) { // "报送省民政厅（民管局）"
		return corpus.Span{}
	}
	return trim(d.body, corpus.Span{Start: b.Start, End: s.End})
}

// ofLastChild reports whether a closing bracket belongs to the last item of the
// section and not to the whole: an earlier item has a bracket of its own.
func (d *draft) ofLastChild(s corpus.Section, list corpus.Span) bool {
	if list.Empty() {
		return false
	}
	var last *corpus.Section
	others := false
	for i := range d.rec.Outline {
		c := &d.rec.Outline[i]
		if c.Parent != s.ID {
			continue
		}
		if last != nil {
			if _, l := d.closingBracket(last.Body); !l.Empty() {
				others = true
			}
		}
		last = c
	}
	return others && d.blockIndex(list.Start) == d.blockIndex(last.Span.End-1) && last.Span.Start < list.Start && d.blockIndex(last.Span.Start) == d.blockIndex(list.Start)
}

// clauseLinks links the clauses to the deadlines that stand in them and, where
// no bracket names departments, to the organs that have duties in them.
func (d *draft) clauseLinks() {
	for i := range d.rec.Clauses {
		c := &d.rec.Clauses[i]
		for _, x := range d.rec.Deadlines {
			if c.Span.Contains(x.Span) {
				c.Deadlines = append(c.Deadlines, x.UID)
			}
		}
		// The articles of measures give single tasks to single organs, which makes
		// none of them responsible for the whole clause.
		if len(c.Organs) > 0 || c.Form != corpus.FormSection || d.rec.Kind == corpus.KindMeasures {
			continue
		}
		for _, y := range d.rec.Duties {
			if c.Span.Contains(y.Organ.Span) && acts(y.Role) && !hasOrgan(c.Organs, y.Organ) {
				c.Organs = append(c.Organs, y.Organ)
			}
		}
	}
}

func acts(r corpus.DutyRole) bool {
	return r == corpus.Lead || r == corpus.Joint || r == corpus.Responsible
}

func hasOrgan(os []corpus.OrganRef, o corpus.OrganRef) bool {
	for _, p := range os {
		if p.Text == o.Text {
			return true
		}
	}
	return false
}

// trimPunct takes blanks and separating signs off the start, blanks off the end.
func trimPunct(body string, s corpus.Span) corpus.Span {
	t := s.In(body)
	s.Start += len(t) - len(strings.TrimLeft(t, " \u3000\u00a0\n。，,：:；;、”"))
	return trim(body, s)
}
