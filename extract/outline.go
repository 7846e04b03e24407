package extract

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"tuogou/corpus"
	"tuogou/rules"
)

// mark is a place where a section may begin.
type mark struct {
	rule   *rules.Marker
	span   corpus.Span // the marker
	block  int
	n      int
	strong bool // at the start of a line
}

// outline finds the sections of the text. A marker at the start of a line is
// believed; one in the middle of a line only where it carries its series on.
func (d *draft) outline() {
	marks := d.believed(d.marks())
	type open struct {
		rule  *rules.Marker
		index int // into d.rec.Outline
		kids  int
	}
	var stack []open
	roots := 0
	for k, m := range marks {
		stack = stack[:stays(len(stack), func(i int) *rules.Marker { return stack[i].rule }, m)]
		s := corpus.Section{Level: len(stack) + 1, Marker: strings.TrimSpace(m.span.In(d.body)), Rule: "outline/" + m.rule.Style}
		if len(stack) == 0 {
			roots++
			s.ID = fmt.Sprint(roots)
		} else {
			p := &stack[len(stack)-1]
			p.kids++
			s.Parent = d.rec.Outline[p.index].ID
			s.ID = fmt.Sprintf("%s.%d", s.Parent, p.kids)
		}
		s.Span.Start = m.span.Start
		s.Span.End = d.sectionEnd(marks, k)
		s.Heading, s.Body = d.heading(m, s.Span.End)
		stack = append(stack, open{m.rule, len(d.rec.Outline), 0})
		d.rec.Outline = append(d.rec.Outline, s)
	}
	d.closeSections()
}

// stays is how many of the n styles that are open stay so around m: those before
// its own style; else those that do not rank below it. "1、" that is the first style
// of a text may hold "（一）".
func stays(n int, open func(int) *rules.Marker, m mark) int {
	for i := n - 1; i >= 0; i-- {
		if open(i).Style == m.rule.Style {
			return i
		}
	}
	for n > 0 && m.rule.Rank > 0 && open(n-1).Rank > m.rule.Rank {
		if n == 1 && m.n == 1 && open(0).Style == "int" && m.rule.Style == "paren_han" {
			break
		}
		n--
	}
	return n
}

// marks lists every place where a marker stands, in order.
func (d *draft) marks() []mark {
	var out []mark
	for bi, b := range d.text.Blocks {
		if b.Kind != corpus.BlockPara {
			continue
		}
		line := b.Span.In(d.body)
		may := d.x.rules.Outline.In(line)
		for i := range may.All() {
			r := &d.x.rules.Outline.Markers[i]
			for _, m := range r.Find.FindAllStringIndex(line, -1) {
				if r.Damaged && m[0] > 0 {
					break
				}
				if !opens(line[:m[0]], r) || r.NotAfter != nil && r.NotAfter.MatchString(line[m[1]:]) {
					continue
				}
				g := r.Find.At(line, m[0])
				n, ok := d.x.ordinal(line[g[2]:g[3]])
				if !ok {
					continue
				}
				out = append(out, mark{r, corpus.Span{Start: b.Span.Start + m[0], End: b.Span.Start + m[1]}, bi, n, m[0] == 0})
			}
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].span.Start < out[j].span.Start })
	return out
}

// ordinal is the number that a marker shows.
func (x *Extractor) ordinal(s string) (int, bool) {
	if i := slices.Index(x.rules.Outline.Numbers, s); i >= 0 {
		return i + 1, true
	}
	if i := strings.Index("①②③④⑤⑥⑦⑧⑨⑩", s); i >= 0 && s != "" {
		return i/len("①") + 1, true
	}
	return number(s)
}

// opens reports whether a section may begin after before: at the start of a
// line, after a stop, a colon or a blank; one of high rank also after a bracket
// ("（责任单位：市编办）（三）资产财务分离").
func opens(before string, m *rules.Marker) bool {
	if before == "" {
		return true
	}
	r, _ := utf8.DecodeLastRuneInString(before)
	return strings.ContainsRune("。；;：:！!？?”》 \u3000\t", r) || (m.Style == "han" || m.Style == "paren_han") && strings.ContainsRune("）)", r)
}

// believed drops overlapping marks and those inside a line that do not carry
// their series on.
func (d *draft) believed(all []mark) []mark {
	var out []mark
	last := map[string]int{}    // style → its last number
	var stack []*rules.Marker   // styles that are open, the highest first
	seconds := map[string]int{} // style → where its last second item stands
	for _, m := range all {
		if m.n == 2 {
			seconds[m.rule.Style] = m.span.Start
		}
	}
	end := -1
	for _, m := range all {
		if m.span.Start < end {
			continue
		}
		next := last[m.rule.Style] + 1
		switch {
		case m.rule.Inline && (m.n != 1 && m.n != next):
			continue
		case !m.strong && !m.rule.Inline && m.n != next && m.n != 1 && !cutBefore(stack, m, last):
			continue
		case !m.strong && m.n == 1 && seconds[m.rule.Style] <= m.span.Start: // no second item follows
			continue
		case m.strong && m.rule.Style == "int" && m.n > 30:
			continue
		case m.rule.Damaged && (!m.strong || m.n != next || m.n == 1 && (seconds[m.rule.Style] <= m.span.Start || m.span.Len() == 1)):
			continue
		}
		// A higher heading ends the series below it.
		n := stays(len(stack), func(i int) *rules.Marker { return stack[i] }, m)
		for _, below := range stack[n:] {
			if below.Style != m.rule.Style {
				delete(last, below.Style)
			}
		}
		stack = append(stack[:n], m.rule)
		last[m.rule.Style] = m.n
		out = append(out, m)
		end = m.span.End
	}
	return out
}

// cutBefore reports whether a mark within a line goes on with a series whose start
// is lost: "…（五）…负责。 三、实施步骤" in a text that begins with （一）.
func cutBefore(stack []*rules.Marker, m mark, last map[string]int) bool {
	return m.rule.Style == "han" && last["han"] == 0 && len(stack) > 0 && stack[0].Rank > m.rule.Rank && last[stack[0].Style] > 1
}

// sectionEnd is where the line of thought opened by marks[k] ends at the
// latest: at the next marker. closeSections stretches it over its children.
func (d *draft) sectionEnd(marks []mark, k int) int {
	end := d.sectionsEnd
	if k+1 < len(marks) {
		end = marks[k+1].span.Start
	}
	// The last of 一是…五是 ends with its paragraph, where the one before it did.
	// So does the last of a series within one paragraph: "（1）…（5）…由组织部门负责。"
	if m := marks[k]; k > 0 && m.rule.Style == marks[k-1].rule.Style && (m.rule.Inline && m.block-marks[k-1].block <= 1 ||
		!m.strong && m.block == marks[k-1].block && (k+1 == len(marks) || marks[k+1].rule.Style != m.rule.Style)) {
		end = min(end, d.text.Blocks[m.block].Span.End)
	}
	return trim(d.body, corpus.Span{Start: marks[k].span.Start, End: max(end, marks[k].span.End)}).End
}

// closeSections makes each section reach to the end of its last descendant.
func (d *draft) closeSections() {
	index := map[string]int{}
	for i := range d.rec.Outline {
		index[d.rec.Outline[i].ID] = i
	}
	d.sectionIDs = index
	for i := len(d.rec.Outline) - 1; i >= 0; i-- {
		s := &d.rec.Outline[i]
		s.Body.End = max(s.Body.End, s.Span.End)
		if p, ok := index[s.Parent]; ok && s.Parent != "" {
			q := &d.rec.Outline[p]
			q.Span.End = max(q.Span.End, s.Span.End)
			q.Body.End = max(q.Body.End, s.Span.End)
		}
	}
}

// heading cuts the heading off what follows a marker. A line of its own
// without a full stop is a heading whole; otherwise it ends at its first stop,
// or, where a clause name is glued to its text ("机构分离取消…"), after that name.
func (d *draft) heading(m mark, end int) (string, corpus.Span) {
	line := d.text.Blocks[m.block].Span
	rest := corpus.Span{Start: m.span.End, End: max(m.span.End, min(line.End, end))}
	text := rest.In(d.body)
	stop := d.x.rules.Outline.Stop.FindStringIndex(text)
	limit := d.x.rules.Outline.MaxHeadingChars
	cutAt := -1
	switch {
	case stop == nil && utf8.RuneCountInString(text) <= limit:
		cutAt = len(text)
	case stop != nil && utf8.RuneCountInString(text[:stop[0]]) <= limit:
		cutAt = stop[0]
	}
	glued := cutAt
	if m.rule.Inline { // "一是机构分离，收回…": the name alone is the heading
		glued = -1
	}
	// In a text that is one line a single blank ends a heading: "一、主要目标 认真…".
	if i := strings.IndexAny(head(text, 60), " \u3000"); !m.strong && i > 0 && (stop == nil || i < stop[0]) {
		cutAt = i
	}
	if n := d.gluedName(text, glued); n > 0 {
		cutAt = n
	}
	if m.rule.Inline && cutAt == len(text) {
		cutAt = -1
	}
	if cutAt < 0 {
		return "", corpus.Span{Start: rest.Start, End: max(rest.Start, end)}
	}
	after := rest.Start + cutAt
	if stop != nil && stop[0] == cutAt {
		after = rest.Start + stop[1]
	}
	b := trim(d.body, corpus.Span{Start: after, End: max(after, end)})
	return strings.TrimSpace(text[:cutAt]), b
}

// gluedName is the length of a clause name at the start of text, with its norm,
// where text runs on behind it without a stop; 0 otherwise.
func (d *draft) gluedName(text string, cutAt int) int {
	start := head(text, 240)
	may := d.x.rules.Clauses.NamedIn(start)
	for i := range may.All() {
		c := &d.x.rules.Clauses.Types[i]
		m := c.Full.FindStringIndex(start)
		if m == nil || m[0] != 0 {
			m = c.Name.FindStringIndex(start)
		}
		if m == nil || m[0] != 0 || m[1] == len(text) {
			continue
		}
		if cutAt < 0 || cutAt > m[1]+60 {
			return m[1]
		}
	}
	return 0
}

// placeOf is the clause and the section that hold byte at. What closes the section
// of a clause (its bracket of departments) is in the clause, too.
func (d *draft) placeOf(at int) (corpus.ClauseType, string) {
	var clause corpus.ClauseType
	for _, c := range d.rec.Clauses {
		if c.Form != corpus.FormSection {
			continue
		}
		end := c.Span.End
		if i, ok := d.sectionIDs[c.Section]; ok && c.Section != "" && d.rec.Outline[i].Span.Start <= c.HeadingSpan.Start && strings.HasPrefix(c.Heading, d.rec.Outline[i].Marker) {
			end = max(end, d.rec.Outline[i].Span.End)
		}
		if c.HeadingSpan.Start <= at && at < end {
			clause = c.Type
		}
	}
	if s := d.sectionAt(at); s != nil {
		return clause, s.ID
	}
	return clause, ""
}

// beforeSignature is the end of the text without the lines that sign it: a date
// and organs on lines of their own belong to no section.
func (d *draft) beforeSignature() int {
	end := d.textEnd
	for i := len(d.text.Blocks) - 1; i >= 0; i-- {
		b := d.text.Blocks[i]
		if b.Kind == corpus.BlockOutside || b.Kind == corpus.BlockMeta {
			continue
		}
		if b.Kind == corpus.BlockPara && isNote(b.Span.In(d.body)) {
			continue // "（此件公开发布）" below the date
		}
		if b.Kind != corpus.BlockPara || !d.x.rules.Documents.Date.Line.MatchString(b.Span.In(d.body)) && !d.signs(b.Span, end < d.textEnd) {
			break
		}
		end = b.Span.Start
	}
	return end
}

// isNote reports whether a line is nothing but a short bracket.
func isNote(line string) bool {
	line = strings.TrimSpace(line)
	return utf8.RuneCountInString(line) <= 40 && (strings.HasPrefix(line, "（") || strings.HasPrefix(line, "(")) &&
		strings.IndexAny(line, "）)") == strings.LastIndexAny(line, "）)") && (strings.HasSuffix(line, "）") || strings.HasSuffix(line, ")"))
}

// signs reports whether a line is nothing but organs or, above a date, a short
// line that ends with one (a place that is in no table: 示例市民政局).
func (d *draft) signs(line corpus.Span, dated bool) bool {
	text := line.In(d.body)
	mine := d.organsIn(line)
	if len(mine) == 0 {
		return false
	}
	return len(text) <= maxSignature && covers(text, mine) || dated && mine[len(mine)-1].Span.End == line.End && utf8.RuneCountInString(text) <= 30 && !strings.ContainsAny(text, "，,。：:；;")
}

// maxSignature is the number of bytes of a line of issuers at most.
const maxSignature = 600
