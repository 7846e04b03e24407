package extract

import (
	"slices"
	"sort"
	"strings"

	"tuogou/corpus"
	"tuogou/rules"
)

// core is the heart of a time expression, as one rule found it.
type core struct {
	rule *rules.TimeExpression
	span corpus.Span // in the body
	g    map[string]string
}

// expression is a whole time expression: one core, or two that form a range,
// with the words that bind it.
type expression struct {
	core
	right  *core           // of a range
	either bool            // one of core and right is meant, not the range
	span   corpus.Span     // with its affixes
	inner  corpus.Span     // without them
	binds  map[string]bool // by, from, until, within, after, as_of, since, about
}

// findTimes lists the time expressions of one sentence, in order.
func findTimes(t *rules.Times, body string, s corpus.Span) []expression {
	cores := findCores(t, body, s)
	var out []expression
	for i := 0; i < len(cores); i++ {
		c := cores[i]
		if c.rule.OnlyRight {
			continue
		}
		e := expression{core: c, span: c.span, binds: map[string]bool{}}
		if i+1 < len(cores) && joins(t, body, c, cores[i+1]) {
			e.right, e.either = &cores[i+1], t.Either.MatchString(body[c.span.End:cores[i+1].span.Start])
			e.span.End = cores[i+1].span.End
			i++
		}
		e.inner = e.span
		addAffixes(t, body, s, &e)
		if c.rule.NeedsAffix && len(e.binds) == 0 && !(c.rule.Pair && (e.right != nil || e.span == s)) {
			continue
		}
		out = append(out, e)
	}
	shareBy(body, out)
	return out
}

// shareBy gives a time of a list the 前 that stands behind the last:
// "6月10日、7月15日前分别完成第一批、第二批方案审核".
func shareBy(body string, es []expression) {
	for i := len(es) - 2; i >= 0; i-- {
		a, b := &es[i], &es[i+1]
		if b.binds["by"] && len(a.binds) == 0 && a.right == nil && b.right == nil && (a.g["m"] != "" && b.g["m"] != "" || a.g["mr"] != "" && b.g["mr"] != "") &&
			(a.g["d"] == "") == (b.g["d"] == "") && strings.Trim(body[a.span.End:b.span.Start], " \u3000、和及与") == "" && a.span.End < b.span.Start {
			a.binds["by"] = true
		}
	}
}

// joins reports whether a and b are the two ends of one range.
func joins(t *rules.Times, body string, a, b core) bool {
	if a.rule.Term || a.rule.Forward || b.rule.Term || b.rule.Forward || b.rule.Recurring != "" || b.g["n"] != "" {
		return false
	}
	between := body[a.span.End:b.span.Start]
	return len(between) < 24 && (t.Range.MatchString(between) || t.Either.MatchString(between))
}

// findCores applies every expression rule to the sentence, each only where it
// can begin. Of overlapping matches the longest wins, then the one further left.
func findCores(t *rules.Times, body string, s corpus.Span) []core {
	text := s.In(body)
	if !strings.ContainsAny(text, timeSigns) {
		return nil
	}
	var all []core
	var next []int // by rule: the end of its last match
	for i, r := range text {
		if !t.CanBegin(r) || digitBefore(text[:i], text[i:]) {
			continue
		}
		may := t.Cores(text, i)
		for k := range may.All() {
			if next == nil {
				next = make([]int, len(t.Expressions))
			}
			if i < next[k] {
				continue
			}
			m := t.At(k, text, i)
			if m == nil {
				continue
			}
			next[k] = m[1]
			if c, ok := coreOf(t, &t.Expressions[k], text, m); ok {
				c.span = shifted(c.span, s.Start)
				all = append(all, c)
			}
		}
	}
	return longest(all)
}

// coreOf is the match m of r, unless what stands around it forbids it.
func coreOf(t *rules.Times, r *rules.TimeExpression, text string, m []int) (core, bool) {
	if !allowed(r, text, m[0], m[1]) {
		return core{}, false
	}
	g := groups(r.Pattern, text, m)
	end := keepWord(t, text, g, m[1])
	end = m[0] + len(strings.TrimRight(text[m[0]:end], " \u3000\u00a0"))
	return core{r, corpus.Span{Start: m[0], End: end}, g}, true
}

// groups are the named groups of m that took part.
func groups(p *rules.Pattern, text string, m []int) map[string]string {
	g := map[string]string{}
	for k, name := range p.SubexpNames() {
		if name != "" && m[2*k] >= 0 {
			g[name] = text[m[2*k]:m[2*k+1]]
		}
	}
	return g
}

// longest drops of overlapping cores all but the longest, and sorts the rest.
func longest(all []core) []core {
	if len(all) < 2 {
		return all
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].span.Start < all[j].span.Start })
	var out []core
	for len(all) > 0 { // a cluster of cores that touch each other at a time
		n, end := 1, all[0].span.End
		for n < len(all) && all[n].span.Start < end {
			end = max(end, all[n].span.End)
			n++
		}
		out = append(out, longestOf(all[:n])...)
		all = all[n:]
	}
	sort.Slice(out, func(i, j int) bool { return out[i].span.Start < out[j].span.Start })
	return out
}

func longestOf(all []core) []core {
	sort.SliceStable(all, func(i, j int) bool { return all[i].span.Len() > all[j].span.Len() })
	var out []core
	for _, c := range all {
		if !slices.ContainsFunc(out, func(o core) bool { return o.span.Overlaps(c.span) }) {
			out = append(out, c)
		}
	}
	return out
}

// timeSigns are the characters without one of which no rule can match: a cheap
// test that spares most sentences the patterns.
const timeSigns = "年月日季旬半期时起节旦庆五/-.周天每前今明清端中元春七星"

// keepWord gives back the last character of a match that belongs to the word
// behind it, and takes the part of the year that it seemed to name out of g:
// "2020年初步建成" is no 年初.
func keepWord(t *rules.Times, text string, g map[string]string, end int) int {
	edge := g["edge"]
	if edge == "" || !strings.HasSuffix(text[:end], edge) || !t.Cues.EdgeWord.MatchString(text[end-len(edge):]) {
		return end
	}
	delete(g, "edge")
	return end - len(edge)
}

func allowed(r *rules.TimeExpression, text string, start, end int) bool {
	before, after := tail(text[:start], 24), head(text[end:], 24)
	switch {
	case r.NotBefore != nil && r.NotBefore.MatchString(before):
		return false
	case r.NotAfter != nil && r.NotAfter.MatchString(after):
		return false
	case r.Bound != nil && (ends(r.Bound, before) || starts(r.Bound, after)):
		return false
	}
	return true
}

// digitBefore guards every rule: a number must not be cut in two. The register
// "22010600060500120180010" holds no year.
func digitBefore(before, match string) bool {
	if before == "" || match == "" {
		return false
	}
	first, last := match[0], before[len(before)-1]
	return first >= '0' && first <= '9' && last >= '0' && last <= '9'
}

func starts(re *rules.Pattern, s string) bool {
	m := re.FindStringIndex(s)
	return m != nil && m[0] == 0
}

func ends(re *rules.Pattern, s string) bool {
	for _, m := range re.FindAllStringIndex(s, -1) {
		if m[1] == len(s) {
			return true
		}
	}
	return false
}

// addAffixes takes in the words directly before and after e that bind it,
// nearest first, until none fits.
func addAffixes(t *rules.Times, body string, s corpus.Span, e *expression) {
	for again := true; again; {
		again = false
		for i := range t.Affixes {
			a := &t.Affixes[i]
			before, after := tail(body[s.Start:e.span.Start], 48), head(body[e.span.End:s.End], 48)
			text := after
			if a.Before {
				text = before
			}
			if text == "" {
				continue
			}
			m := a.Pattern.FindStringIndex(text)
			if m == nil || m[0] == m[1] {
				continue
			}
			if a.NotBefore != nil && a.NotBefore.MatchString(text[:m[0]]) {
				continue
			}
			if a.NotAfter != nil && a.NotAfter.MatchString(text[m[1]:]) {
				continue
			}
			if a.Before {
				e.span.Start -= len(before) - m[0]
			} else {
				e.span.End += m[1]
			}
			e.binds[a.Binds] = true
			again = true
		}
	}
}

// tail and head are the last and first n bytes of s, or a little less, cut
// between characters.
func tail(s string, n int) string {
	if len(s) <= n {
		return s
	}
	i := len(s) - n
	for i < len(s) && s[i]&0xC0 == 0x80 {
		i++
	}
	return s[i:]
}

func head(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n]
}
