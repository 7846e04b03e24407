package extract

import (
	"regexp"
	"sort"
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
	if d.rec.Generation == corpus.Precursor {
		found = nil // 福建 2009 "人员分离" is not the clause of 2015
	}
	d.rec.Clauses = found
	d.clauseStates()
}

// clauseStates says of each clause whether it is there and, if not, whether
// the text is whole enough to say so.
func (d *draft) clauseStates() {
	d.rec.ClauseStates = map[corpus.ClauseType]corpus.State{}
	for _, t := range corpus.ClauseTypes {
		d.rec.ClauseStates[t] = corpus.NotStated
		if d.text.Truncated {
			d.rec.ClauseStates[t] = corpus.NotFound
		}
	}
	for _, c := range d.rec.Clauses {
		d.rec.ClauseStates[c.Type] = corpus.Stated
	}
	if n := len(d.rec.Clauses); n > 0 && n < len(corpus.ClauseTypes) && !d.text.Truncated {
		d.problem("clauses_incomplete", d.rec.Clauses[0].HeadingSpan, "not all of the five clauses were found")
	}
}

// clauseSections takes sections whose heading begins with a clause name.
func (d *draft) clauseSections() []corpus.Clause {
	var out []corpus.Clause
	full := 0
	for _, s := range d.rec.Outline {
		for i := range d.x.rules.Clauses.Types {
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
	if full == 0 && len(out) < d.x.rules.Clauses.Together && !d.text.Truncated {
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
	content, list := d.closingBracket(s.Body)
	if !list.Empty() {
		c.Organs = d.organRefs(list)
	}
	if content.Empty() {
		c.Evidence = corpus.Cite(d.body, head, "clauses/"+string(r.Type), "a heading without text")
		return c
	}
	c.Evidence = corpus.Cite(d.body, content, "clauses/"+string(r.Type), "section "+s.ID+" headed "+s.Heading)
	if !list.Empty() {
		c.Trace = append(c.Trace, "departments from the closing bracket")
	}
	return c
}

// itemClause is a clause of a run "一是机构分离，…；二是…": the name is its heading,
// without the 一是, and the content follows the comma and leaves the stop out.
func (d *draft) itemClause(r *rules.ClauseRule, s corpus.Section) corpus.Clause {
	m := r.Full.FindStringIndex(s.Span.In(d.body))
	if m == nil || m[0] > len(s.Marker) {
		m = r.Name.FindStringIndex(s.Span.In(d.body))
	}
	h := hit{rule: r, span: corpus.Span{Start: s.Span.Start + m[0], End: s.Span.Start + m[1]}}
	end := trimTail(d.body, s.Span).End
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
	for _, re := range []*regexp.Regexp{d.x.rules.Clauses.Closing, d.x.rules.Clauses.Labelled} {
		m := re.FindStringIndex(text)
		if m == nil {
			continue
		}
		content = trim(d.body, corpus.Span{Start: s.Start, End: s.Start + m[0]})
		return content, trim(d.body, corpus.Span{Start: s.Start + m[0], End: s.End})
	}
	re := d.x.rules.Clauses.Sentence
	if m := re.FindStringSubmatchIndex(text); m != nil {
		return trim(d.body, s), corpus.Span{Start: s.Start + m[2], End: s.Start + m[3]}
	}
	return trim(d.body, s), corpus.Span{}
}

// hit is one place where a clause is named in running text.
type hit struct {
	rule *rules.ClauseRule
	span corpus.Span
	full bool
}

// names lists where the clauses are named in s, in order, longest form first.
func (d *draft) names(s corpus.Span) []hit {
	text := s.In(d.body)
	var out []hit
	for i := range d.x.rules.Clauses.Types {
		r := &d.x.rules.Clauses.Types[i]
		taken := map[int]bool{}
		for _, m := range r.Full.FindAllStringIndex(text, -1) {
			out = append(out, hit{r, corpus.Span{Start: s.Start + m[0], End: s.Start + m[1]}, true})
			taken[m[0]] = true
		}
		for _, m := range r.Name.FindAllStringIndex(text, -1) {
			if !taken[m[0]] && standsFree(text[:m[0]]) {
				out = append(out, hit{r, corpus.Span{Start: s.Start + m[0], End: s.Start + m[1]}, false})
			}
		}
	}
	sortHits(out)
	return out
}

// standsFree reports whether a name may begin after before: not in the middle
// of a word ("离岸机构分离").
func standsFree(before string) bool {
	r, w := utf8.DecodeLastRuneInString(before)
	return w == 0 || !unicode.Is(unicode.Han, r) || strings.ContainsRune("是即在现行施到面括与和及为按之", r)
}

// clauseRuns finds five paragraphs or sentences that each begin with a clause
// name and go on with its content, where numbering is missing or is 一是…五是.
func (d *draft) clauseRuns() []corpus.Clause {
	var heads []hit
	for _, s := range d.sentences {
		if hs := d.names(s.span); len(hs) > 0 {
			h := hs[0]
			before := d.body[s.span.Start:h.span.Start]
			if i := strings.LastIndexAny(before, ":："); i >= 0 { // "即：机构分离，…；职能分离，…"
				_, w := utf8.DecodeRuneInString(before[i:])
				before = before[i+w:]
			}
			before = strings.TrimLeft(before, "(（）)一二三四五六七八九十0123456789.、．，, \u3000第是在实现")
			if before == "" && !hasHit(heads, h.rule) {
				heads = append(heads, h)
			}
		}
	}
	if len(heads) < d.x.rules.Clauses.Together || d.otherProgramme(heads) {
		return nil
	}
	var out []corpus.Clause
	for i, h := range heads {
		end := d.blockEnd(h.span.Start)
		if s, ok := d.sentenceOf(h.span); ok && i > 0 && d.toldInOne(heads[:i]) {
			end = s.span.End
		}
		if i+1 < len(heads) { // the next may begin a sentence of the same line
			if s, ok := d.sentenceOf(heads[i+1].span); ok {
				end = s.span.Start
			}
		}
		out = append(out, d.runClause(h, end))
	}
	return out
}

// toldInOne reports whether each of the heads has its content in its own
// sentence ("一是机构分离，取消主管关系；"): then the last one has no more.
func (d *draft) toldInOne(heads []hit) bool {
	for _, h := range heads {
		s, ok := d.sentenceOf(h.span)
		if !ok || utf8.RuneCountInString(d.body[h.span.End:s.span.End]) < 4 {
			return false
		}
	}
	return true
}

func (d *draft) runClause(h hit, end int) corpus.Clause {
	c := corpus.Clause{Type: h.rule.Type, Heading: h.span.In(d.body), Form: corpus.FormSection, HeadingSpan: h.span}
	rest := trimPunct(d.body, corpus.Span{Start: h.span.End, End: max(end, h.span.End)})
	content, list := d.closingBracket(rest)
	if s := d.sectionAt(h.span.Start); s != nil {
		c.Section = s.ID
	}
	if utf8.RuneCountInString(content.In(d.body)) < 6 {
		c.Form = corpus.FormMention
		if h.full {
			c.Form = corpus.FormInline
		}
		c.Evidence = corpus.Cite(d.body, h.span, "clauses/"+string(h.rule.Type), "named without content")
		return c
	}
	c.Evidence = corpus.Cite(d.body, content, "clauses/"+string(h.rule.Type), "a run of clauses without numbered headings")
	if !list.Empty() {
		c.Organs = d.organRefs(list)
	}
	return c
}

// clausesInline finds the clauses named within one sentence: inline with their
// norm, a mere mention without.
func (d *draft) clausesInline() []corpus.Clause {
	for _, s := range d.sentences {
		hits := d.names(s.span)
		kinds := map[corpus.ClauseType]bool{}
		full := false
		for _, h := range hits {
			kinds[h.rule.Type] = true
			full = full || h.full
		}
		if len(kinds) < d.x.rules.Clauses.Together || d.otherProgramme(hits) {
			continue
		}
		form := corpus.FormMention
		if full {
			form = corpus.FormInline
		}
		var out []corpus.Clause
		for _, h := range hits {
			if hasClause(out, h.rule.Type) {
				continue
			}
			_, section := d.placeOf(h.span.Start)
			out = append(out, corpus.Clause{
				Type: h.rule.Type, Heading: h.span.In(d.body), Form: form, Section: section, HeadingSpan: h.span,
				Evidence: corpus.Cite(d.body, h.span, "clauses/"+string(h.rule.Type), "named within a sentence with its sisters"),
			})
		}
		return out
	}
	return nil
}

// otherProgramme reports whether the names stand beside the slogan of another
// programme (四分开, 五清理五脱钩) in their block and none has its norm.
func (d *draft) otherProgramme(hits []hit) bool {
	for _, h := range hits {
		if h.full {
			return false
		}
	}
	for _, h := range hits {
		from, to := d.lineStart(h.span.Start), d.blockEnd(h.span.Start)
		if d.x.rules.Clauses.Other.MatchString(d.body[from:to]) {
			return true
		}
	}
	return false
}

func hasHit(hs []hit, r *rules.ClauseRule) bool {
	for _, h := range hs {
		if h.rule == r {
			return true
		}
	}
	return false
}

func sortHits(hs []hit) {
	sort.SliceStable(hs, func(i, j int) bool { return hs[i].span.Start < hs[j].span.Start })
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
