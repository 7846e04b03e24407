package pdf

import (
	"cmp"
	"math"
	"slices"
	"unicode"
)

// hyphen is what the engine gives for a hyphen at the end of a visual line.
const hyphen = 2

// row is one visual line: glyphs on a common baseline, from left to right,
// without blanks at its ends.
type row struct {
	g    []*glyph
	box  rect
	base float64
	size float64 // of most of its glyphs
	bold bool
	red  bool
	page int
	l, r float64 // margins of the column it stands in
	cell bool    // stands in a cell of a table
}

// shown is the glyphs of p that take part in the layout, and those that run
// aslant: stamps and watermarks.
func (p *page) shown() (straight, aslant []*glyph) {
	type spot struct {
		r    rune
		x, y int
	}
	seen := map[spot]bool{}
	for i := range p.glyphs {
		g := &p.glyphs[i]
		switch {
		case g.made, g.r == 0xAD, unicode.IsControl(g.r) && g.r != hyphen && g.r != '\t',
			unicode.Is(unicode.Cf, g.r):
			continue
		case !unicode.IsSpace(g.r) && g.turn != 0:
			aslant = append(aslant, g)
			continue
		}
		// A character drawn again a hair beside itself is bold type made by hand.
		at := spot{g.r, int(math.Round(g.box.x0 / max(1, g.size/3))), int(math.Round(g.base / max(1, g.size/3)))}
		if !unicode.IsSpace(g.r) && seen[at] {
			continue
		}
		seen[at] = true
		straight = append(straight, g)
	}
	return straight, aslant
}

// rows puts glyphs together to visual lines, from top to bottom.
func rows(glyphs []*glyph, page int) []*row {
	gs := slices.Clone(glyphs)
	slices.SortStableFunc(gs, func(a, b *glyph) int { return cmp.Compare(a.base, b.base) })
	var out []*row
	for _, g := range gs {
		if n := len(out); n > 0 {
			if last := out[n-1]; math.Abs(g.base-last.base) <= 0.3*min(g.size, last.size) {
				last.g = append(last.g, g)
				last.size = max(last.size, g.size)
				continue
			}
		}
		out = append(out, &row{g: []*glyph{g}, base: g.base, size: g.size, page: page})
	}
	out = raised(out)
	kept := out[:0]
	for _, r := range out {
		if r.finish() {
			kept = append(kept, r)
		}
	}
	slices.SortStableFunc(kept, func(a, b *row) int { return cmp.Compare(a.base, b.base) })
	return kept
}

// raised moves rows of small characters into the row that they are raised or
// lowered from: marks of footnotes, and text of two sizes on one line.
func raised(in []*row) []*row {
	var out []*row
	for i, r := range in {
		var home *row
		for _, k := range []int{i + 1, i - 1} {
			if k < 0 || k >= len(in) || in[k].size < r.size || in[k].size < 1.2*r.size && len(in[k].g) < 2*len(r.g) {
				continue
			}
			o := in[k]
			top, bottom := o.base-0.9*o.size, o.base+0.25*o.size
			if mid := r.base - 0.35*r.size; mid > top && mid < bottom && !o.covers(r) {
				home = o
			}
		}
		if home == nil {
			out = append(out, r)
			continue
		}
		home.g = append(home.g, r.g...)
	}
	return out
}

// covers reports whether glyphs of o stand above or below glyphs of r.
func (r *row) covers(o *row) bool {
	for _, a := range r.g {
		if unicode.IsSpace(a.r) {
			continue
		}
		for _, b := range o.g {
			if !unicode.IsSpace(b.r) && min(a.box.x1, b.box.x1)-max(a.box.x0, b.box.x0) > 0.4*b.box.w() {
				return true
			}
		}
		if len(r.g)*len(o.g) > 1<<16 {
			return true
		}
	}
	return false
}

// finish sorts the glyphs, cuts blanks off and measures; false where nothing is left.
func (r *row) finish() bool {
	slices.SortStableFunc(r.g, func(a, b *glyph) int { return cmp.Compare(a.box.x0, b.box.x0) })
	blank := func(g *glyph) bool { return unicode.IsSpace(g.r) }
	for len(r.g) > 0 && blank(r.g[0]) {
		r.g = r.g[1:]
	}
	for len(r.g) > 0 && blank(r.g[len(r.g)-1]) {
		r.g = r.g[:len(r.g)-1]
	}
	if len(r.g) == 0 {
		return false
	}
	sizes := map[float64]int{}
	bold, red := 0, 0
	r.box = r.g[0].box
	r.size = 0
	for _, g := range r.g {
		r.box = r.box.union(g.box)
		if blank(g) {
			continue
		}
		s := math.Round(g.size*2) / 2
		sizes[s]++
		if n, m := sizes[s], sizes[r.size]; n > m || n == m && s > r.size {
			r.size = s
		}
		if g.bold {
			bold++
		}
		if g.red {
			red++
		}
	}
	for _, g := range r.g {
		if math.Abs(g.size-r.size) <= 0.5 {
			r.base = g.base
			break
		}
	}
	r.size = max(r.size, 0.5)
	r.bold, r.red = bold*2 > len(r.g), red*2 > len(r.g)
	return true
}

// text is the characters of r without blanks.
func (r *row) text() string {
	var s []rune
	for _, g := range r.g {
		if !unicode.IsSpace(g.r) {
			s = append(s, g.r)
		}
	}
	return string(s)
}

// wide reports whether c is set on the grid of Chinese characters.
func wide(c rune) bool {
	return unicode.Is(unicode.Han, c) || c >= 0x3000 && c <= 0x30FF || c >= 0xFF01 && c <= 0xFF60 ||
		c >= 0x2460 && c <= 0x24FF || c >= 0x3200 && c <= 0x33FF ||
		c == '“' || c == '”' || c == '‘' || c == '’' || c == '—' || c == '…' || c == '·' || c == '×'
}

// spaced reports whether the characters of r are set far apart, as in a
// heading 通　　知: a few wide characters and the same gap between all of them.
func (r *row) spaced() bool {
	var last *glyph
	n, lo, hi := 0, math.Inf(1), 0.0
	for _, g := range r.g {
		if unicode.IsSpace(g.r) {
			continue
		}
		if !wide(g.r) {
			return false
		}
		if last != nil {
			gap := g.box.x0 - last.box.x1
			lo, hi = min(lo, gap), max(hi, gap)
		}
		last = g
		n++
	}
	return n >= 2 && n <= 16 && lo >= 0.4*r.size && hi-lo <= 0.5*r.size+0.3*lo
}

// gap is a place in a row where nothing is drawn.
type gap struct{ from, to float64 }

// gaps are the gaps of r that are at least em of its size wide.
func (r *row) gaps(em float64) []gap {
	var out []gap
	var last *glyph
	right := 0.0
	for _, g := range r.g {
		if unicode.IsSpace(g.r) {
			continue
		}
		if last != nil && g.box.x0-right >= em*r.size {
			out = append(out, gap{right, g.box.x0})
		}
		last = g
		right = max(right, g.box.x1)
	}
	return out
}
