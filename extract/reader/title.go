package reader

import (
	"strings"

	xhtml "golang.org/x/net/html"

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
	if take(window) {
		return
	}
	if cut != nil {
		p.title = cut
	} else if len(window) > 0 {
		p.title = window
	}
}

// windowTitle is what stands in <title>, without what names the site.
func (p *htmlPage) windowTitle() []glyph {
	for i := range p.lines {
		if l := &p.lines[i]; l.node != nil && l.node.Data == "title" {
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
func (p *htmlPage) linesOf(n *xhtml.Node) []glyph {
	var g []glyph
	if e := p.at(n); e.dropped || e.all == 0 || e.all > 300 {
		return nil
	}
	for i := range p.lines {
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
// headline, as it stands in the body already.
func (p *htmlPage) hideTitleLine() {
	want := rules.FoldLabel(text(p.title))
	for i := range p.lines {
		l := &p.lines[i]
		if l.node == nil || len(l.g) > len(p.title)+8 {
			continue
		}
		switch l.node.Data {
		case "h1", "h2", "h3", "ucaptitle":
			if rules.FoldLabel(text(l.g)) == want {
				l.used = true
			}
		}
	}
}
