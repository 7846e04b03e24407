package reader

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"tuogou/corpus"
	"tuogou/rules"
)

// fact is one field that the page states about its document.
type fact struct {
	field        corpus.Field
	label, value []glyph
}

// addFact adds a fact, once: pages repeat their disclosure block for telephones.
func (p *htmlPage) addFact(f fact) {
	f.value = trim(f.value)
	if len(f.value) == 0 {
		return
	}
	key := string(f.field) + "=" + rules.FoldLabel(text(f.value))
	if p.stated[key] {
		return
	}
	p.stated[key] = true
	p.facts = append(p.facts, f)
}

// tagFacts reads the meta elements, in the order of the page.
func (p *htmlPage) tagFacts() {
	for _, n := range p.found.metas {
		tag, ok := p.r.page.Tags[strings.ToLower(strings.TrimSpace(n.attr("name")))]
		if !ok {
			continue
		}
		value := p.attrGlyphs(n)
		folded := rules.FoldLabel(text(value))
		if folded == tag.Label || slices.Contains(tag.Placeholders, folded) {
			continue // a template left unfilled
		}
		if tag.Field == corpus.FieldPosted || tag.Field == corpus.FieldSiteCode {
			if _, fits, _ := p.r.shape(tag.Field, text(value)); !fits {
				continue
			}
		}
		p.addFact(fact{tag.Field, added(tag.Label), value})
	}
	for _, n := range p.found.posted {
		e := n
		for i := e.from; i < e.to; i++ {
			if l := &p.lines[i]; !l.used && within(l.node, n) {
				l.used = true
				p.addFact(fact{corpus.FieldPosted, added("发布时间"), l.g})
			}
		}
	}
}

// innerTag is markup within a value: headlines are stored with their <br>.
var innerTag = regexp.MustCompile(`<[a-zA-Z/][^<>]{0,60}>`)

// attrGlyphs are the characters of the content attribute of a meta element. They
// point at the attribute's own bytes, or, where those were escaped twice or
// hold markup, at the whole of them.
func (p *htmlPage) attrGlyphs(n *node) []glyph {
	var a attribute
	for _, a = range n.attrs {
		if a.key == "content" {
			break
		}
	}
	at, want := a.at, a.val
	g := unescape(nil, p.doc.input, at)
	if plain := innerTag.ReplaceAllString(html.UnescapeString(want), ""); text(g) != plain {
		g = g[:0]
		for _, r := range plain {
			g = append(g, glyph{r, int32(at.start), int32(at.end - at.start)})
		}
	}
	g = p.oneLine(g)
	g, _ = p.c.clean(g)
	return trim(g)
}

// oneLine makes line ends blanks, as a block holds none.
func (p *htmlPage) oneLine(g []glyph) []glyph {
	for i, c := range g {
		if c.r == '\n' || c.r == '\r' {
			g[i].r = ' '
		}
	}
	return g
}

// hit is a label found on a line, with where its value stands.
type hit struct {
	pair
	line   int
	values []int // lines that hold the value, where it is not on the label's own
	label  []glyph
	value  []glyph
}

// blockFacts reads the disclosure block in all its forms, and the line under
// the headline: a label, then the rest of its line, else the next cell, else
// the next line. Labels must stand near each other to be believed.
func (p *htmlPage) blockFacts() {
	var hits []hit
	begun := false // the text
	for i := range p.lines {
		l := &p.lines[i]
		if l.used || l.node != nil && l.node.name == "title" || len(l.g) > 400 {
			begun = begun || l.inside && len(l.g) > 400
			continue
		}
		s := text(l.g)
		begun = begun || l.inside && p.r.isText(s, len(l.g))
		for _, h := range p.lineHits(i, s) {
			// The text has begun: 来源： is a word of it. The footer stands below it.
			if !l.inside || !begun || h.pair.label.Field == corpus.FieldSiteCode {
				hits = append(hits, h)
			}
		}
	}
	for i := 0; i < len(hits); {
		j := i + 1
		for j < len(hits) && hits[j].line-hits[j-1].line <= nearLines {
			j++
		}
		p.believe(hits[i:j])
		i = j
	}
}

// nearLines is how many lines may lie between two labels of one block.
const nearLines = 4

// lineHits finds the labels of line i, which reads s.
func (p *htmlPage) lineHits(i int, s string) []hit {
	l := &p.lines[i]
	cuts := make([]int, 0, len(l.cuts))
	off, k := 0, 0
	for _, c := range l.cuts {
		for ; k < c; k++ {
			off += utf8.RuneLen(l.g[k].r)
		}
		cuts = append(cuts, off)
	}
	var out []hit
	for _, pr := range p.r.pairs(s, cuts) {
		h := hit{pair: pr, line: i}
		h.label = withoutBlanks(glyphsIn(l.g, s, pr.start, pr.end))
		h.value = glyphsIn(l.g, s, pr.val.Start, pr.val.End)
		out = append(out, h)
	}
	if k := len(out); k > 0 && out[k-1].open {
		p.valueElsewhere(&out[k-1])
	}
	return out
}

// glyphsIn are the glyphs of s[start:end], where g reads s.
func glyphsIn(g []glyph, s string, start, end int) []glyph {
	from := utf8.RuneCountInString(s[:start])
	return g[from : from+utf8.RuneCountInString(s[start:end])]
}

func withoutBlanks(g []glyph) []glyph {
	var out []glyph
	for _, c := range g {
		if !isBlank(c.r) && c.r != ':' && c.r != '：' {
			out = append(out, c)
		}
	}
	return out
}

// maxValueLines is how many lines of a cell may be one value.
const maxValueLines = 10

// valueElsewhere looks for the value of a label that ends its line.
func (p *htmlPage) valueElsewhere(h *hit) {
	l := &p.lines[h.line]
	var value []glyph
	for k := h.line + 1; k < len(p.lines); k++ {
		next := &p.lines[k]
		if !p.follows(l, next, len(h.values) > 0) || len(next.g) > 200 || len(h.values) >= maxValueLines {
			break
		}
		s := text(next.g)
		if ps := p.r.pairs(s, []int{0}); len(ps) > 0 && ps[0].start == 0 {
			break // the next label: this one has no value
		}
		if len(value) > 0 {
			value = append(value, glyph{r: ' '})
		}
		value = append(value, next.g...)
		h.values = append(h.values, k)
	}
	s := text(value)
	n, ok, shaped := p.r.shape(h.pair.label.Field, s)
	if !ok {
		h.values = nil
		return
	}
	h.value, h.shaped = glyphsIn(value, s, 0, n), shaped
}

// follows reports whether next can hold the value of a label on l: the cell or
// definition beside it, or the one line after it under the same roof.
func (p *htmlPage) follows(l, next *htmlLine, more bool) bool {
	if l.cell != nil {
		return next.cell == l.cell && !more || next.cell != nil && next.cell == nextCell(l.cell)
	}
	if more || next.cell != nil || l.node == nil || next.node == nil {
		return false
	}
	up := l.node.parent
	if up == nil || up.name == "body" || up.name == "html" {
		return false
	}
	if within(next.node, up) {
		return true
	}
	up = up.parent
	return up != nil && up.name != "body" && up.name != "html" && l.node.parent.next != nil && within(next.node, up)
}

func nextCell(n *node) *node {
	for n = n.next; n != nil; n = n.next {
		if n.name != "" && (n.name == "td" || n.name == "th") {
			return n
		}
	}
	return nil
}

// within reports whether n is top or stands in it.
func within(n, top *node) bool {
	for ; n != nil; n = n.parent {
		if n == top {
			return true
		}
	}
	return false
}

// believe takes the facts of a group of labels, if it is a disclosure block.
func (p *htmlPage) believe(group []hit) {
	ps := make([]pair, len(group))
	for i, h := range group {
		ps[i] = h.pair
	}
	all := near(ps)
	for _, h := range group {
		l := &p.lines[h.line]
		if h.pair.label.Field == corpus.FieldSiteCode && h.shaped {
			// The footer, in whatever line: nothing else looks like it.
			p.addFact(fact{corpus.FieldSiteCode, h.label, h.value})
			continue
		}
		single := h.start == 0 && h.shaped && h.pair.label.Field != "" && len(l.g) <= 80 && !(l.inside && h.pair.label.Weak)
		if !all && !single {
			continue
		}
		l.used = true
		for _, k := range h.values {
			p.lines[k].used = true
		}
		if h.pair.label.Field != "" {
			p.addFact(fact{h.pair.label.Field, h.label, h.value})
		}
	}
}
