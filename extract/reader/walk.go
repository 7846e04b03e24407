package reader

import (
	"strings"
	"unicode/utf8"

	xhtml "golang.org/x/net/html"
)

// htmlLine is one paragraph, cell or other line of a page.
type htmlLine struct {
	g      []glyph
	cuts   []int       // glyphs at which a new run of text begins
	node   *xhtml.Node // the block element it stands in
	cell   *xhtml.Node // the td or th it stands in, or nil
	inside bool        // within the container
	linked int         // glyphs within links
	attach bool        // one of the links is an attachment
	aside  bool        // in an element beside the text, within the container
	used   bool        // taken for the headline or a fact
	noise  map[string]int
}

// isBlock reports whether an element begins and ends a line.
func isBlock(name string) bool {
	switch name {
	case "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dir", "div",
		"dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head",
		"header", "hr", "html", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody",
		"td", "tfoot", "th", "thead", "title", "tr", "ul", "br", "ucapcontent", "ucaptitle", "publishtime":
		return true
	}
	return false
}

func attr(n *xhtml.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// walker cuts the tree into lines.
type walker struct {
	p      *htmlPage
	cur    htmlLine
	slab   []glyph       // room for the lines to come
	blocks []*xhtml.Node // open block elements
	cells  []*xhtml.Node // open cells
	blank  glyph         // a blank that is due before the next character
	due    bool
	wrap   bool // it holds a line end
	inside bool
	aside  int // open elements beside the text
	links  int // open links
	attach bool
	pre    int
}

// walkAll fills p.lines with all lines of the page that show something.
func (p *htmlPage) walkAll() {
	p.lines, p.facts, p.title = nil, nil, nil
	p.stated = map[string]bool{}
	w := &walker{p: p}
	w.walk(p.root)
	w.flush()
}

func (w *walker) walk(n *xhtml.Node) {
	switch n.Type {
	case xhtml.TextNode:
		w.text(n.Data)
		return
	case xhtml.ElementNode:
		if e := w.p.elems[n]; e != nil && (e.dropped || e.all == 0 && n.Data != "br" && n.Data != "hr") {
			return
		}
	case xhtml.DocumentNode:
	default:
		return
	}
	if n == w.p.container {
		w.flush()
		w.inside = true
		defer func() { w.flush(); w.inside = false }()
	}
	block := n.Type == xhtml.ElementNode && isBlock(n.Data)
	e := w.p.elems[n]
	if block {
		w.flush()
		w.blocks = append(w.blocks, n)
		e.from = len(w.p.lines)
	}
	w.enter(n)
	aside := w.inside && n != w.p.container && w.p.beside(n)
	if aside {
		w.flush()
		w.aside++
		defer func() { w.flush(); w.aside-- }()
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.walk(c)
	}
	if block {
		w.flush()
		w.blocks = w.blocks[:len(w.blocks)-1]
		e.to = len(w.p.lines)
	}
	w.leave(n)
}

func (w *walker) enter(n *xhtml.Node) {
	switch n.Data {
	case "td", "th":
		w.cells = append(w.cells, n)
	case "a":
		w.links++
		w.attach = w.attach || w.p.attaches[n]
	case "pre":
		w.pre++
	}
}

func (w *walker) leave(n *xhtml.Node) {
	switch n.Data {
	case "td", "th":
		w.cells = w.cells[:len(w.cells)-1]
	case "a":
		w.links--
		w.attach = false
	case "pre":
		w.pre--
	}
}

func (w *walker) text(data string) {
	w.p.m.nodeText(data, func(s stretch) {
		if s.end == 0 {
			w.space(glyph{r: ' '})
			return
		}
		first := true
		var g [1]glyph
		for at := s.start; at < s.end; {
			// One character at a time: a text node may be as long as the page.
			next := at + step(w.p.m.input, at, s)
			for _, c := range unescape(g[:0], w.p.m.input, stretch{at, next, s.raw}) {
				w.char(c, &first)
			}
			at = next
		}
	})
}

// step is the length of the character or entity at offset at.
func step(input string, at int, s stretch) int {
	if input[at] == '&' && !s.raw {
		if _, n := entity(input[at:s.end]); n > 0 {
			return n
		}
	}
	_, n := utf8.DecodeRuneInString(input[at:s.end])
	return n
}

func (w *walker) char(c glyph, first *bool) {
	switch c.r {
	case '\n':
		if w.pre > 0 {
			w.flush()
			return
		}
		w.wrap = true
		w.space(c)
	case ' ', '\t', '\r', '\f':
		w.space(c)
	default:
		w.put(c, *first)
		*first = false
	}
}

// space notes that a blank is due; several make one.
func (w *walker) space(c glyph) {
	if !w.due {
		w.due, w.blank = true, c
	}
}

// put adds a character. A blank that holds a line end between two Chinese
// characters is how the source was wrapped, not a blank of the text.
func (w *walker) put(c glyph, first bool) {
	if k := len(w.cur.g); w.due && k > 0 {
		if !w.wrap || !isHan(w.cur.g[k-1].r) || !isHan(c.r) {
			w.blank.r = ' '
			w.cur.g = append(w.cur.g, w.blank)
			if w.links > 0 {
				w.cur.linked++
			}
		}
	}
	w.due, w.wrap = false, false
	if first {
		w.cur.cuts = append(w.cur.cuts, len(w.cur.g))
	}
	if w.cur.g == nil {
		w.cur.g = w.room()
	}
	w.cur.g = append(w.cur.g, c)
	if w.links > 0 {
		w.cur.linked++
		w.cur.attach = w.cur.attach || w.attach
	}
}

// room is where the next line begins in a stretch of memory that many share.
func (w *walker) room() []glyph {
	if len(w.slab) < 64 {
		w.slab = make([]glyph, 2048)
	}
	return w.slab[:0]
}

// flush ends the line.
func (w *walker) flush() {
	w.due, w.wrap = false, false
	l := w.cur
	if len(l.g) == 0 {
		return
	}
	w.cur = htmlLine{}
	for k, i := range l.cuts {
		l.cuts[k] = int(l.g[i].off)
	}
	w.slab = w.slab[min(len(l.g), len(w.slab)):]
	l.g, l.noise = w.p.c.clean(l.g)
	l.g = trim(l.g)
	if len(l.g) == 0 {
		return
	}
	l.cuts = runStarts(l.g, l.cuts)
	l.inside, l.aside = w.inside, w.aside > 0
	if k := len(w.blocks); k > 0 {
		l.node = w.blocks[k-1]
		if l.node.Data == "br" && k > 1 {
			l.node = w.blocks[k-2]
		}
	}
	l.cell = w.cell()
	w.p.lines = append(w.p.lines, l)
}

// runStarts finds the starts of the runs again by their offsets, as cleaning
// moves glyphs. It overwrites offsets.
func runStarts(g []glyph, offsets []int) []int {
	out := offsets[:0]
	k := 0
	for i, c := range g {
		for k < len(offsets) && offsets[k] < int(c.off) {
			k++
		}
		if k == len(offsets) {
			break
		}
		if c.n > 0 && offsets[k] == int(c.off) {
			out = append(out, i)
			k++
		}
	}
	return out
}

// cell is the cell that the line stands in: the innermost that has a place, as
// a small table within it is words of it; else the innermost.
func (w *walker) cell() *xhtml.Node {
	for i := len(w.cells) - 1; i >= 0; i-- {
		if _, ok := w.p.cells[w.cells[i]]; ok {
			return w.cells[i]
		}
	}
	if k := len(w.cells); k > 0 {
		return w.cells[k-1]
	}
	return nil
}

// flatten fills p.lines from the tokens alone, for a page that does not parse.
func (p *htmlPage) flatten() {
	p.lines = nil
	w := &walker{p: p, inside: true}
	z := xhtml.NewTokenizer(strings.NewReader(p.m.marked))
	name := ""
	for {
		switch z.Next() {
		case xhtml.ErrorToken:
			w.flush()
			return
		case xhtml.TextToken:
			if !rawText(name) && name != "title" {
				w.text(string(z.Raw()))
			}
		case xhtml.StartTagToken, xhtml.SelfClosingTagToken:
			name = tagName(z.Raw())
			if isBlock(name) {
				w.flush()
			}
		case xhtml.EndTagToken:
			if b, _ := z.TagName(); isBlock(string(b)) {
				w.flush()
			}
			name = ""
		}
	}
}
