package pdf

import (
	"cmp"
	"slices"
	"strconv"
	"unicode"
)

// A table without rules, or with rules between rows only, is read as one only
// where it is certain: its first column counts 1, 2, 3, and the space between
// its columns is free from the head to the last row. Without that its lines
// would be read across: 取消主办、主管、联系和挂靠关系 市民政局 2018年10月.

// counter is a number that stands alone at the beginning of a row.
type counter struct {
	n    int
	box  rect
	size float64
}

// fewestCounters is how far the first column must count.
const fewestCounters = 3

// counters is the longest run of numbers that count down the page in one column.
func counters(rs []*row) []counter {
	var all []counter
	for _, r := range rs {
		if c, ok := r.counter(); ok {
			all = append(all, c)
		}
	}
	var best []counter
	for i := range all {
		run := all[i : i+1 : i+1]
		for _, c := range all[i+1:] {
			if last := run[len(run)-1]; c.n == last.n+1 && abs(c.box.cx()-last.box.cx()) < c.size {
				run = append(run, c)
			}
		}
		if len(run) > len(best) {
			best = run
		}
		if len(all)-i <= len(best) {
			break
		}
	}
	if len(best) < fewestCounters {
		return nil
	}
	return best
}

func (r *row) counter() (counter, bool) {
	k := 0
	for k < len(r.g) && unicode.IsDigit(r.g[k].r) {
		k++
	}
	if k == 0 || k > 3 || k < len(r.g) && !unicode.IsSpace(r.g[k].r) && r.g[k].box.x0-r.g[k-1].box.x1 < columnGap*r.size {
		return counter{}, false
	}
	s := make([]rune, k)
	box := r.g[0].box
	for i := range k {
		s[i] = r.g[i].r
		box = box.union(r.g[i].box)
	}
	n, err := strconv.Atoi(string(s))
	return counter{n, box, r.size}, err == nil && n > 0
}

// columnGap is the least space between two columns, in em.
const columnGap = 0.4

// ink is the stretch of a page, from top to bottom, that a row covers.
func (r *row) ink() (float64, float64) { return r.base - 0.85*r.size, r.base + 0.12*r.size }

// unruled makes a table of the rows that belong to one, nil where none is
// certain. The glyphs of the table are moved into its cells.
func unruled(glyphs []*glyph, rs []*row) (*table, []*glyph) {
	cs := counters(rs)
	if cs == nil {
		return nil, glyphs
	}
	ys, usual := strips(rs, cs)
	if ys == nil {
		return nil, glyphs
	}
	in := inked(rs)
	first, last := spanAt(in, cs[0].box.cy()), spanAt(in, cs[len(cs)-1].box.cy())
	for first > 0 && in[first].y0-in[first-1].y1 < 0.75*usual {
		first--
	}
	for last+1 < len(in) && in[last+1].y0-in[last].y1 < 0.75*usual {
		last++
	}
	head := first - 1
	if head > 0 && cs[0].n > 1 && len(columnsOf(rs, in[head-1])) > len(columnsOf(rs, in[head])) {
		head-- // between them is the rest of a row that the page before began
	}
	if head < 0 {
		return nil, glyphs
	}
	for k := first; k > head; k-- {
		ys = slices.Insert(ys, 0, (in[k-1].y1+in[k].y0)/2)
	}
	ys = append([]float64{in[head].y0 - 0.5}, append(ys, in[last].y1+0.5)...)
	xs := gutters(rs, ys[0], ys[len(ys)-1], columnsOf(rs, in[head]))
	if len(xs) < 4 { // three columns
		return nil, glyphs
	}
	t := &table{xs: xs, ys: ys, pages: 1, loose: true, box: rect{xs[0], ys[0], xs[len(xs)-1], ys[len(ys)-1]}}
	for r := range len(ys) - 1 {
		for c := range len(xs) - 1 {
			t.cells = append(t.cells, &cell{row: r + 1, col: c + 1, rows: 1, cols: 1, box: rect{xs[c], ys[r], xs[c+1], ys[r+1]}})
		}
	}
	return t, t.take(glyphs)
}

// strips are the borders of the rows of the table: the widest free strip
// between each two numbers. usual is the width of most of them.
func strips(rs []*row, cs []counter) (ys []float64, usual float64) {
	var widths []float64
	for i := 1; i < len(cs); i++ {
		at, width := widest(rs, cs[i-1].box.cy(), cs[i].box.cy())
		if width < 1 {
			return nil, 0
		}
		ys = append(ys, at)
		widths = append(widths, width)
	}
	return ys, median(widths)
}

// span is a stretch of a page, from top to bottom or from left to right.
type span struct{ y0, y1 float64 }

// inked are the stretches covered by rows, united where they overlap.
func inked(rs []*row) []span {
	var v []span
	for _, r := range rs {
		a, b := r.ink()
		v = append(v, span{a, b})
	}
	return unite(v, 0)
}

// widest is the middle and width of the widest free strip between two heights.
func widest(rs []*row, from, to float64) (at, width float64) {
	in := inked(rs)
	for i := 1; i < len(in); i++ {
		a, b := in[i-1].y1, in[i].y0
		if a >= from && b <= to && b-a > width {
			at, width = (a+b)/2, b-a
		}
	}
	return at, width
}

// spanAt is the index of the stretch that covers y.
func spanAt(in []span, y float64) int {
	for i, s := range in {
		if y <= s.y1 {
			return i
		}
	}
	return len(in) - 1
}

// columnsOf are the pieces of the rows in one stretch, from left to right:
// the heads of the columns, also where 序号 is set in two lines.
func columnsOf(rs []*row, at span) []span {
	const apart = 0.5
	var v []span
	size := 1.0
	for _, r := range rs {
		if r.base < at.y0 || r.base > at.y1 {
			continue
		}
		size = max(size, r.size)
		for _, g := range r.g {
			if !unicode.IsSpace(g.r) {
				v = append(v, span{g.box.x0, g.box.x1})
			}
		}
	}
	return unite(v, apart*size)
}

// unite joins stretches that are less than apart from each other.
func unite(v []span, apart float64) []span {
	slices.SortFunc(v, func(a, b span) int { return cmp.Compare(a.y0, b.y0) })
	var out []span
	for _, s := range v {
		if n := len(out); n > 0 && s.y0-out[n-1].y1 < apart {
			out[n-1].y1 = max(out[n-1].y1, s.y1)
			continue
		}
		out = append(out, s)
	}
	return out
}

// gutters are the borders of the columns between two heights: the left edge, a
// place between each two heads that no glyph crosses, the right edge. Nil where
// there is no such place for one of them, or more of them than heads.
func gutters(rs []*row, top, bottom float64, heads []span) []float64 {
	var v []span
	for _, r := range rs {
		if r.base < top || r.base > bottom {
			continue
		}
		for _, g := range r.g {
			if !unicode.IsSpace(g.r) {
				v = append(v, span{g.box.x0, g.box.x1})
			}
		}
	}
	const hair = 0.7 // points: cells of some programs touch
	free := unite(v, hair)
	if len(free) != len(heads) || len(heads) == 0 {
		return nil
	}
	out := []float64{free[0].y0 - 1}
	for i := 1; i < len(free); i++ {
		x := (free[i-1].y1 + free[i].y0) / 2
		if x < heads[i-1].mid() || x > heads[i].mid() {
			return nil
		}
		out = append(out, x)
	}
	return append(out, free[len(free)-1].y1+1)
}

func (s span) mid() float64 { return (s.y0 + s.y1) / 2 }
