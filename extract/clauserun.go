package extract

import (
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"tuogou/corpus"
	"tuogou/rules"
)

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
	may := d.x.rules.Clauses.NamedIn(text)
	for i := range may.All() {
		r := &d.x.rules.Clauses.Types[i]
		taken := map[int]bool{}
		for _, m := range r.Full.FindAllStringIndex(text, -1) {
			out = append(out, hit{r, corpus.Span{Start: s.Start + m[0], End: s.Start + m[1]}, true})
			taken[m[0]] = true
		}
		for _, m := range r.Name.FindAllStringIndex(text, -1) {
			if !taken[m[0]] && d.standsFree(text[:m[0]]) {
				out = append(out, hit{r, corpus.Span{Start: s.Start + m[0], End: s.Start + m[1]}, false})
			}
		}
	}
	sortHits(out)
	return out
}

// standsFree reports whether a name may begin after before: not in the middle
// of a word ("离岸机构分离").
func (d *draft) standsFree(before string) bool {
	r, w := utf8.DecodeLastRuneInString(before)
	return w == 0 || !unicode.Is(unicode.Han, r) || d.x.rules.Clauses.BeforeName.MatchString(tail(before, 4))
}

// clauseRuns finds five paragraphs or sentences that each begin with a clause
// name and go on with its content, where numbering is missing or is 一是…五是.
func (d *draft) clauseRuns() []corpus.Clause {
	var heads []hit
	for _, s := range d.sentences {
		if h, ok := d.aspect(s); ok && !hasHit(heads, h.rule) {
			heads = append(heads, h)
			continue
		}
		if hs := d.names(s.span); len(hs) > 0 {
			h := hs[0]
			before := d.body[s.span.Start:h.span.Start]
			if i := strings.LastIndexAny(before, ":："); i >= 0 { // "即：机构分离，…；职能分离，…"
				_, w := utf8.DecodeRuneInString(before[i:])
				before = before[i+w:]
			}
			before = strings.TrimLeft(before, d.x.rules.Clauses.LeadsIn)
			if before == "" && !hasHit(heads, h.rule) {
				heads = append(heads, h)
			}
		}
	}
	together := d.x.rules.Clauses.Together
	if d.x.rules.Clauses.Mention.MatchString(d.body) {
		together = 2 // "在机构、职能、…和党建、外事等方面分离" says which programme it is
	}
	if len(heads) < together || d.otherProgramme(heads) {
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
	if !slices.ContainsFunc(out, func(c corpus.Clause) bool { return c.Form == corpus.FormSection }) {
		return nil // only named: clausesInline reads that better
	}
	return out
}

// aspect is the clause whose looser name opens the sentence: "资产财务方面，实施方案…".
func (d *draft) aspect(s sentence) (hit, bool) {
	text := head(s.span.In(d.body), 90)
	may := d.x.rules.Clauses.AspectsIn(text)
	for i := range may.All() {
		r := &d.x.rules.Clauses.Types[i]
		m := r.Aspect.FindStringIndex(text)
		if m == nil || !strings.ContainsAny(head(text[m[1]:], 3), "，,：:") {
			continue
		}
		if before := strings.TrimLeft(text[:m[0]], d.x.rules.Clauses.LeadsIn); before == "" {
			return hit{rule: r, span: corpus.Span{Start: s.span.Start + m[0], End: s.span.Start + m[1]}}, true
		}
	}
	return hit{}, false
}

// clausesMentioned finds the phrase that names all five and tells none.
func (d *draft) clausesMentioned() []corpus.Clause {
	for _, m := range d.x.rules.Clauses.Mention.FindAllStringIndex(d.body, -1) {
		span := corpus.Span{Start: m[0], End: m[1]}
		if !d.inText(span) {
			continue
		}
		_, section := d.placeOf(m[0])
		var out []corpus.Clause
		for i := range d.x.rules.Clauses.Types {
			r := &d.x.rules.Clauses.Types[i]
			out = append(out, corpus.Clause{
				Type: r.Type, Heading: span.In(d.body), Form: corpus.FormMention, Section: section, HeadingSpan: span,
				Evidence: corpus.Cite(d.body, span, "clauses/mention", "the five in one phrase"),
			})
		}
		return out
	}
	return nil
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
	rest := corpus.Span{Start: h.span.End, End: max(end, h.span.End)}
	if m := d.x.rules.Clauses.AfterName.FindStringIndex(head(rest.In(d.body), 30)); m != nil {
		rest.Start += m[1]
	}
	rest = trimPunct(d.body, rest)
	content, list := d.closingBracket(rest)
	if s := d.sectionAt(h.span.Start); s != nil {
		c.Section = s.ID
	}
	if utf8.RuneCountInString(content.In(d.body)) < 4 {
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

// clausesInline finds the clauses named side by side ("即机构分离，规范综合监管关系；职能
// 分离，…"): inline with their norm, a mere mention without.
func (d *draft) clausesInline() []corpus.Clause {
	for _, b := range d.text.Blocks {
		if b.Kind == corpus.BlockMeta || b.Kind == corpus.BlockOutside {
			continue
		}
		hits := d.names(b.Span)
		for from := 0; from < len(hits); {
			to := from + 1
			for to < len(hits) && hits[to].span.Start-hits[to-1].span.End <= maxBetween {
				to++
			}
			if out := d.inlineClauses(hits[from:to]); out != nil {
				return out
			}
			from = to
		}
	}
	return nil
}

// maxBetween is the number of bytes that may stand between the names of clauses
// named side by side.
const maxBetween = 60

// inlineClauses are the clauses of names that stand side by side, or nil where they
// are too few or those of another programme.
func (d *draft) inlineClauses(hits []hit) []corpus.Clause {
	kinds := map[corpus.ClauseType]bool{}
	form := corpus.FormMention
	for _, h := range hits {
		kinds[h.rule.Type] = true
		if h.full {
			form = corpus.FormInline
		}
	}
	if len(kinds) < d.x.rules.Clauses.Together || d.otherProgramme(hits) {
		return nil
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

// otherProgramme reports whether the names stand beside the slogan of another
// programme (四分开, 五清理五脱钩), none has its norm and the party is not among them.
func (d *draft) otherProgramme(hits []hit) bool {
	for _, h := range hits {
		if h.full {
			return false
		}
	}
	for _, h := range hits {
		if h.rule.Type == corpus.Party { // no other programme has it
			return false
		}
	}
	return d.x.rules.Clauses.Other.MatchString(d.body)
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
