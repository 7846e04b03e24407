package reader

import (
	"strings"

	"tuogou/corpus"
	"tuogou/rules"
)

// findTitle finds the headline: the page's tag, an element made for it, the
// disclosure block, else <title> without the names of site and column.
func (p *htmlPage) findTitle() {
	window := p.windowTitle()
	var cut []glyph // a headline that ends in …, kept for want of a whole one
	take := func(g []glyph) bool {
		s := text(g)
		if len(g) < 4 || len(g) > 200 || p.r.page.Title.Site.MatchString(s) && !p.r.page.Title.Headline.MatchString(s) {
			return false
		}
		if strings.HasSuffix(s, "…") || strings.HasSuffix(s, "...") {
			if cut == nil {
				cut = g
			}
			return false
		}
		p.title = g
		return true
	}
	fromTag := func() bool {
		for _, f := range p.facts {
			if f.field == corpus.FieldTitle && take(f.value) {
				return true
			}
		}
		return false
	}
	if fromTag() || p.elementTitle(text(window), take) {
		p.hideTitleLine()
		return
	}
	if w := text(window); !p.r.page.Title.Headline.MatchString(w) && !p.stands(w) && p.lineTitle(take) {
		p.hideTitleLine()
		return // <title> names the site or the column: 信息详情
	}
	if take(window) {
		return
	}
	if cut != nil {
		p.title = cut
	} else if len(window) > 0 {
		p.title = window
	}
}

// stands reports whether a line of the page is s.
func (p *htmlPage) stands(s string) bool {
	s = rules.FoldLabel(s)
	for i := range p.lines {
		if l := &p.lines[i]; !l.used && l.linked == 0 && len(l.g) < 200 && rules.FoldLabel(text(l.g)) == s {
			return true
		}
	}
	return false
}

// lineTitle tries the lines above the text that read like a headline, then the
// elements made for one: <title> alone named only the site.
func (p *htmlPage) lineTitle(take func([]glyph) bool) bool {
	above := p.textAt()
	for i := range above {
		l := &p.lines[i]
		if !l.used && l.linked*2 < len(l.g) && p.r.page.Title.Headline.MatchString(text(l.g)) && take(l.g) {
			return true
		}
	}
	for i := range p.r.page.Title.Elements {
		for _, n := range p.found.titles[i][:min(len(p.found.titles[i]), maxTitles)] {
			if e := n; e.linked > 0 || e.from >= above {
				continue
			}
			if g := p.linesOf(n); len(g) >= 8 && take(g) {
				return true
			}
		}
	}
	return false
}

// textAt is the number of lines above the text.
func (p *htmlPage) textAt() int {
	for i := range p.lines {
		if l := &p.lines[i]; l.inside && p.r.isText(text(l.g), len(l.g)) {
			return i
		}
	}
	return len(p.lines)
}

// windowTitle is what stands in <title>, without what names the site.
func (p *htmlPage) windowTitle() []glyph {
	for i := range p.lines {
		if l := &p.lines[i]; l.node != nil && l.node.name == "title" {
			l.used = true
			return p.withoutSite(l.g)
		}
	}
	return nil
}

func (p *htmlPage) withoutSite(g []glyph) []glyph {
	names := map[string]bool{}
	for _, f := range p.facts {
		if f.field == corpus.FieldSiteName || f.field == corpus.FieldColumn {
			names[rules.FoldLabel(text(f.value))] = true
		}
	}
	for {
		s, at := textAt(g)
		end := -1
		for _, sep := range p.r.page.Title.Separators {
			if i := strings.LastIndex(s, sep); i > 0 && i > end {
				last := strings.TrimSpace(s[i+len(sep):])
				if last == "" || names[rules.FoldLabel(last)] || p.r.page.Title.Site.MatchString(last) {
					end = i
				}
			}
		}
		if end < 0 {
			return trim(g)
		}
		k := 0
		for at[k] < end {
			k++
		}
		g = trim(g[:k])
	}
}

// maxTitles is how many elements of one kind are looked at: the headline stands
// before the lists.
const maxTitles = 50

// elementTitle tries the elements made for headlines, best first. Any but the
// first two must agree with <title> or read like a headline: every list has
// its class "title" too.
func (p *htmlPage) elementTitle(window string, take func([]glyph) bool) bool {
	const sure = 2
	window = rules.FoldLabel(window)
	for i := range p.r.page.Title.Elements {
		found := p.found.titles[i]
		for _, n := range found[:min(len(found), maxTitles)] {
			g := p.linesOf(n)
			s := text(g)
			folded := rules.FoldLabel(s)
			agrees := folded != "" && (strings.Contains(window, folded) || window != "" && strings.Contains(folded, window))
			if (i < sure || agrees || p.r.page.Title.Headline.MatchString(s)) && len(g) >= 6 && take(g) {
				return true
			}
		}
	}
	return false
}

// linesOf joins the lines of an element.
func (p *htmlPage) linesOf(n *node) []glyph {
	var g []glyph
	e := n
	if e.dropped || e.all == 0 || e.all > 300 || !n.is(tagBlock) {
		return nil
	}
	for i := e.from; i < e.to; i++ {
		l := &p.lines[i]
		if l.used || !within(l.node, n) {
			continue
		}
		if k := len(g); k > 0 && !(isHan(g[k-1].r) && isHan(l.g[0].r)) {
			g = append(g, glyph{r: ' '})
		}
		g = append(g, l.g...)
	}
	return g
}

// hideTitleLine leaves out the line of a heading element that repeats the
// headline, as it stands in the body already; where the container was found by
// its density, any such line above the text.
func (p *htmlPage) hideTitleLine() {
	want := rules.FoldLabel(text(p.title))
	above := 0
	if p.dense {
		above = p.textAt()
	}
	for i := range p.lines {
		l := &p.lines[i]
		if l.node == nil || len(l.g) > len(p.title)+8 || !(i < above || isHeading(l.node.name)) {
			continue
		}
		if rules.FoldLabel(text(l.g)) == want {
			l.used = true
		}
	}
}

func isHeading(name string) bool {
	switch name {
	case "h1", "h2", "h3", "ucaptitle":
		return true
	}
	return false
}
