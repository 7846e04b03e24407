package reader

import (
	"unicode/utf8"
)

// htmlLine is one paragraph, cell or other line of a page.
type htmlLine struct {
	g      []glyph
	cuts   []int // glyphs at which a new run of text begins
	node   *node // the block element it stands in
	cell   *node // the td or th it stands in, or nil
	inside bool  // within the container
	linked int   // glyphs within links
	attach bool  // one of the links is an attachment
	aside  bool  // in an element beside the text, within the container
	used   bool  // taken for the headline or a fact
	noise  map[string]int
}

// walker cuts the tree into lines.
type walker struct {
	p      *htmlPage
	cur    htmlLine
	slab   []glyph // room for the lines to come
	cuts   []int   // and for their cuts
	blocks []*node // open block elements
	cells  []*node // open cells
	blank  glyph   // a blank that is due before the next character
	due    bool
	wrap   bool // it holds a line end
	inside bool
	aside  int  // open elements beside the text
	linked bool // the text stands in a link
	attach bool // to an attachment
	pre    int
}

// walkAll fills p.lines with all lines of the page that show something.
func (p *htmlPage) walkAll() {
	p.lines, p.facts, p.title = nil, nil, nil
	p.stated = map[string]bool{}
	w := &walker{p: p}
	w.walk(p.doc.root)
	w.flush()
}

func (w *walker) walk(n *node) {
	if n.name == "" {
		w.text(n)
		return
	}
	if n.dropped || n.all == 0 && n.name != "br" && n.name != "hr" && n != w.p.doc.root {
		return
	}
	if n == w.p.container {
		w.flush()
		w.inside = true
		defer func() { w.flush(); w.inside = false }()
	}
	block := n.is(tagBlock)
	if block {
		w.flush()
		w.blocks = append(w.blocks, n)
		n.from = len(w.p.lines)
	}
	w.enter(n)
	aside := w.inside && n != w.p.container && w.p.beside(n)
	if aside {
		w.flush()
		w.aside++
		defer func() { w.flush(); w.aside-- }()
	}
	for c := n.first; c != nil; c = c.next {
		w.walk(c)
	}
	if block {
		w.flush()
		w.blocks = w.blocks[:len(w.blocks)-1]
		n.to = len(w.p.lines)
	}
	w.leave(n)
}

func (w *walker) enter(n *node) {
	switch n.name {
	case "td", "th":
		w.cells = append(w.cells, n)
	case "pre":
		w.pre++
	}
}

func (w *walker) leave(n *node) {
	switch n.name {
	case "td", "th":
		w.cells = w.cells[:len(w.cells)-1]
	case "pre":
		w.pre--
	}
}

// text takes the characters of a text, one at a time: it may be as long as the page.
func (w *walker) text(n *node) {
	s, input := n.text, w.p.doc.input
	if s.end == 0 {
		w.space(glyph{r: ' '})
		return
	}
	w.linked = n.link != nil
	w.attach = w.linked && w.p.attaches[n.link]
	first := true
	for at := s.start; at < s.end; {
		if input[at] == '&' && !s.raw {
			if chars, size := entity(input[at:s.end]); size > 0 {
				for _, r := range chars {
					w.char(glyph{r, int32(at), int32(size)}, &first)
				}
				at += size
				continue
			}
		}
		r, size := utf8.DecodeRuneInString(input[at:s.end])
		w.char(glyph{r, int32(at), int32(size)}, &first)
		at += size
	}
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
	if k := len(w.cur.g); k > 0 && isBlank(w.cur.g[k-1].r) && !isBlank(c.r) && w.p.r.glued(w.cur.g, string(c.r)) {
		w.flush()
	}
	if k := len(w.cur.g); w.due && k > 0 {
		if !w.wrap || !isHan(w.cur.g[k-1].r) || !isHan(c.r) {
			w.blank.r = ' '
			w.cur.g = append(w.cur.g, w.blank)
			if w.linked {
				w.cur.linked++
			}
		}
	}
	w.due, w.wrap = false, false
	if first {
		if w.cur.cuts == nil {
			if len(w.cuts) < 8 {
				w.cuts = make([]int, 256)
			}
			w.cur.cuts = w.cuts[:0]
		}
		w.cur.cuts = append(w.cur.cuts, len(w.cur.g))
	}
	if w.cur.g == nil {
		w.cur.g = w.room()
	}
	w.cur.g = append(w.cur.g, c)
	if w.linked {
		w.cur.linked++
		w.cur.attach = w.cur.attach || w.attach
	}
}

// room is where the next line begins in a stretch of memory that many share.
func (w *walker) room() []glyph {
	if len(w.slab) < 64 {
		w.slab = make([]glyph, max(256, min(w.p.doc.root.all, 2048)))
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
	w.cuts = w.cuts[min(len(l.cuts), len(w.cuts)):]
	l.g, l.noise = w.p.c.clean(l.g)
	l.g = trim(l.g)
	if len(l.g) == 0 {
		return
	}
	l.cuts = runStarts(l.g, l.cuts)
	l.inside, l.aside = w.inside, w.aside > 0
	if k := len(w.blocks); k > 0 {
		l.node = w.blocks[k-1]
		if l.node.name == "br" && k > 1 {
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
func (w *walker) cell() *node {
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
