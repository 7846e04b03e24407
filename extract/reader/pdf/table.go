package pdf

import (
	"cmp"
	"slices"
	"strings"
)

// table is a grid of rules with the cells in it. Rows and columns count from 1.
type table struct {
	box    rect
	xs, ys []float64
	cells  []*cell
	pages  int  // number of pages it has gone over so far
	loose  bool // without rules: the edges of its columns are guessed
}

type cell struct {
	row, col, rows, cols int
	box                  rect
	glyphs               []*glyph
	paras                [][]*row
}

// near is how far apart two rules may be drawn that a reader takes for one.
const near = 2.5

// tables finds the ruled grids of a page.
func (p *page) tables() []*table {
	hor, ver := merge(p.hor), merge(p.ver)
	hor = slices.DeleteFunc(hor, func(s seg) bool { return s.to-s.from < 6 })
	ver = slices.DeleteFunc(ver, func(s seg) bool { return s.to-s.from < 6 })
	if len(hor) < 2 || len(ver) == 0 || len(hor)*len(ver) > 4_000_000 {
		return nil
	}
	var out []*table
	for _, group := range connected(hor, ver) {
		if t := newTable(group.hor, group.ver); t != nil {
			out = append(out, t)
		}
	}
	slices.SortStableFunc(out, func(a, b *table) int { return cmp.Compare(a.box.y0, b.box.y0) })
	return outermost(out)
}

// outermost drops grids that stand within a cell of another one.
func outermost(ts []*table) []*table {
	return slices.DeleteFunc(slices.Clone(ts), func(t *table) bool {
		return slices.ContainsFunc(ts, func(o *table) bool {
			return o != t && o.box.has(t.box.x0, t.box.y0) && o.box.has(t.box.x1, t.box.y1)
		})
	})
}

// merge unites rules on one line that touch.
func merge(in []seg) []seg {
	s := slices.Clone(in)
	slices.SortFunc(s, func(a, b seg) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
	})
	// Rules a hair apart get one place, so that they sort by their beginnings.
	for i := 1; i < len(s); i++ {
		if s[i].at-s[i-1].at < 1.2 {
			s[i].at = s[i-1].at
		}
	}
	slices.SortStableFunc(s, func(a, b seg) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.from, b.from))
	})
	var out []seg
	for _, x := range s {
		if n := len(out); n > 0 && out[n-1].at == x.at && x.from <= out[n-1].to+near {
			out[n-1].to = max(out[n-1].to, x.to)
			continue
		}
		out = append(out, x)
	}
	return out
}

type grid struct{ hor, ver []seg }

// connected groups rules that touch each other.
func connected(hor, ver []seg) []grid {
	parent := make([]int, len(hor)+len(ver))
	for i := range parent {
		parent[i] = i
	}
	find := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	for i, h := range hor {
		for k, v := range ver {
			if v.at >= h.from-near && v.at <= h.to+near && h.at >= v.from-near && h.at <= v.to+near {
				parent[find(len(hor)+k)] = find(i)
			}
		}
	}
	groups := map[int]*grid{}
	var order []int
	for i := range parent {
		root := find(i)
		g := groups[root]
		if g == nil {
			g = &grid{}
			groups[root] = g
			order = append(order, root)
		}
		if i < len(hor) {
			g.hor = append(g.hor, hor[i])
		} else {
			g.ver = append(g.ver, ver[i-len(hor)])
		}
	}
	var out []grid
	for _, root := range order {
		out = append(out, *groups[root])
	}
	return out
}

// places are the distinct places of rules, those a reader takes for one united.
func places(segs []seg, more ...float64) []float64 {
	var v []float64
	for _, s := range segs {
		v = append(v, s.at)
	}
	v = append(v, more...)
	slices.Sort(v)
	var out []float64
	for _, x := range v {
		if n := len(out); n == 0 || x-out[n-1] > near {
			out = append(out, x)
		}
	}
	return out
}

// maxGrid bounds the cells of one grid.
const maxGrid = 40_000

// newTable makes a table of rules that touch; nil where they form no grid of
// at least two cells.
func newTable(hor, ver []seg) *table {
	if len(hor) < 2 || len(ver) == 0 {
		return nil
	}
	// A table may be open at its sides: its rules then end at one place.
	from, to := hor[0].from, hor[0].to
	for _, h := range hor {
		from, to = min(from, h.from), max(to, h.to)
	}
	xs, ys := places(ver, from, to), places(hor)
	if len(xs) < 2 || len(ys) < 2 || len(xs)*len(ys) < 6 || len(xs)*len(ys) > maxGrid {
		return nil
	}
	t := &table{xs: xs, ys: ys, pages: 1, box: rect{xs[0], ys[0], xs[len(xs)-1], ys[len(ys)-1]}}
	t.cells = join(xs, ys, hor, ver)
	if len(t.cells) < 2 {
		return nil
	}
	return t
}

// join unites the squares of the grid that no rule parts.
func join(xs, ys []float64, hor, ver []seg) []*cell {
	nc, nr := len(xs)-1, len(ys)-1
	parent := make([]int, nc*nr)
	for i := range parent {
		parent[i] = i
	}
	find := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	for r := range nr {
		for c := range nc {
			if c+1 < nc && !parted(ver, xs[c+1], ys[r], ys[r+1]) {
				parent[find(r*nc+c+1)] = find(r*nc + c)
			}
			if r+1 < nr && !parted(hor, ys[r+1], xs[c], xs[c+1]) {
				parent[find((r+1)*nc+c)] = find(r*nc + c)
			}
		}
	}
	cells := map[int]*cell{}
	var out []*cell
	for r := range nr {
		for c := range nc {
			root := find(r*nc + c)
			x := cells[root]
			if x == nil {
				x = &cell{row: r + 1, col: c + 1, rows: 1, cols: 1}
				cells[root] = x
				out = append(out, x)
			}
			x.rows = max(x.rows, r+2-x.row)
			x.col, x.cols = min(x.col, c+1), max(x.col+x.cols, c+2)-min(x.col, c+1)
			x.box = rect{xs[x.col-1], ys[x.row-1], xs[x.col-1+x.cols], ys[x.row-1+x.rows]}
		}
	}
	return out
}

// parted reports whether a rule at about at covers most of from..to.
func parted(segs []seg, at, from, to float64) bool {
	covered := 0.0
	for _, s := range segs {
		if s.at >= at-near && s.at <= at+near {
			covered += max(0, min(to, s.to)-max(from, s.from))
		}
	}
	return covered >= 0.6*(to-from)
}

// take moves the glyphs that stand in t into its cells and returns the rest.
func (t *table) take(glyphs []*glyph) []*glyph {
	var rest []*glyph
	for _, g := range glyphs {
		x, y := g.box.cx(), g.base-0.3*g.size
		if c := t.at(x, y); c != nil {
			c.glyphs = append(c.glyphs, g)
		} else {
			rest = append(rest, g)
		}
	}
	return rest
}

func (t *table) at(x, y float64) *cell {
	if !t.box.has(x, y) {
		return nil
	}
	for _, c := range t.cells {
		if c.box.has(x, y) {
			return c
		}
	}
	return nil
}

// lay makes paragraphs of what stands in the cells.
func (t *table) lay(page int) {
	all := make([][]*row, len(t.cells))
	pad, width := map[int]float64{}, map[int]float64{}
	for i, c := range t.cells {
		all[i] = rows(c.glyphs, page)
		for _, r := range all[i] {
			p, ok := pad[c.col]
			if d := r.box.x0 - c.box.x0; !ok || d < p {
				pad[c.col] = d
			}
			if c.cols == 1 {
				width[c.col] = max(width[c.col], r.box.w())
			}
		}
	}
	for i, c := range t.cells {
		p := max(1, min(6, pad[c.col]))
		w := c.box.w() - 2*p
		if c.cols == 1 {
			w = max(w, width[c.col])
		}
		for _, r := range all[i] {
			r.cell, r.l, r.r = true, c.box.x0+p, c.box.x0+p+w
		}
		c.paras = paragraphs(all[i], pitchOf(all[i]), bodySize(all[i]))
		c.glyphs = nil
	}
}

// rowText is the text of the cells of one row, for comparison.
func (t *table) rowText(n int) string {
	var s []byte
	for _, c := range t.cells {
		if c.row != n {
			continue
		}
		for _, p := range c.paras {
			for _, r := range p {
				s = append(s, r.text()...)
			}
		}
		s = append(s, '|')
	}
	return string(s)
}

func (t *table) rowCount() int {
	n := 0
	for _, c := range t.cells {
		n = max(n, c.row+c.rows-1)
	}
	return n
}

// goesOn reports whether o, at the top of the next page, is the rest of t.
func (t *table) goesOn(o *table) bool {
	if len(t.xs) != len(o.xs) {
		return false
	}
	if t.loose || o.loose {
		return t.loose && o.loose
	}
	shift := o.xs[0] - t.xs[0] // pages to be bound have margins in turn
	for i := range t.xs {
		if d := o.xs[i] - t.xs[i] - shift; d > 4 || d < -4 {
			return false
		}
	}
	return true
}

// extend puts the rows of o below those of t. A head that is repeated is left
// out and returned.
func (t *table) extend(o *table) (head []*cell) {
	skip := 0
	for k := 1; k <= min(3, o.rowCount()) && o.rowText(k) == t.rowText(k) && strings.Trim(t.rowText(k), "|") != ""; k++ {
		skip = k
	}
	base := t.rowCount()
	for _, c := range o.cells {
		if c.row <= skip {
			head = append(head, c)
			continue
		}
		c.row += base - skip
		t.cells = append(t.cells, c)
	}
	t.pages++
	if skip < o.rowCount() {
		t.mend(base)
	}
	return head
}

// mend joins the row that a page end cut in two: the rest of it, first row of
// the new page, has nothing in its first column, where all rows have a number,
// and the cells above it are unfinished.
func (t *table) mend(above int) {
	var upper, lower []*cell
	for _, c := range t.cells {
		if c.row == above+1 {
			lower = append(lower, c)
		}
		if c.row+c.rows-1 == above {
			upper = append(upper, c)
		}
	}
	for _, l := range [][]*cell{upper, lower} {
		slices.SortStableFunc(l, func(a, b *cell) int { return a.col - b.col })
	}
	if len(lower) == 0 || len(lower) != len(upper) || len(lower[0].paras) > 0 || len(upper[0].paras) == 0 {
		return
	}
	cut := false
	for i, c := range lower {
		if c.col != upper[i].col || c.cols != upper[i].cols {
			return
		}
		if len(c.paras) > 0 {
			if len(upper[i].paras) == 0 {
				return
			}
			last := upper[i].paras[len(upper[i].paras)-1]
			cut = cut || !last[len(last)-1].ended()
		}
	}
	if !cut {
		return
	}
	for i, c := range lower {
		u := upper[i]
		u.rows += c.rows - 1
		if len(c.paras) == 0 {
			continue
		}
		n := len(u.paras) - 1
		if last := u.paras[n]; !begins(last[len(last)-1], c.paras[0][0], 0, last[0].size) {
			u.paras[n] = append(last, c.paras[0]...)
			c.paras = c.paras[1:]
		}
		u.paras = append(u.paras, c.paras...)
	}
	t.cells = slices.DeleteFunc(t.cells, func(c *cell) bool { return slices.Contains(lower, c) })
	for _, c := range t.cells {
		if c.row > above+1 {
			c.row--
		}
	}
}
