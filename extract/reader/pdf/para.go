package pdf

import (
	"math"
	"regexp"
	"slices"
	"unicode"
)

// numbered is how a numbered paragraph begins: 一、 （一） 1. 第一条 ①
var numbered = regexp.MustCompile(`^(?:第[一二三四五六七八九十百零\d]{1,5}[章节条编]|[一二三四五六七八九十]{1,3}[、．.]|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,3}[、．.)）]|\d{1,2}(?:\.\d{1,2}){1,3}|[①-⑳]|[●■◆•\-·])`)

// margins sets l and r of every row of one column: the edges that a full line
// of running text reaches. fall is what holds where the column has few rows.
func margins(rs []*row, fall rect) {
	if len(rs) == 0 {
		return
	}
	need := max(2, len(rs)/12)
	var left, right []float64
	for _, r := range rs {
		left = append(left, r.box.x0)
		right = append(right, r.box.x1)
	}
	slices.Sort(left)
	slices.Sort(right)
	var l, r float64
	if len(rs) < 5 && fall.w() > 0 {
		l, r = fall.x0, fall.x1
	} else {
		l = edge(left, need, func(a, b float64) bool { return b-a <= 3 })
		slices.Reverse(right)
		r = edge(right, max(3, need), func(a, b float64) bool { return a-b <= 4 })
	}
	for _, x := range rs {
		x.l, x.r = l, r
	}
}

// edge is the first of the sorted values that need-1 others follow closely.
func edge(v []float64, need int, near func(a, b float64) bool) float64 {
	for i := range v {
		if i+need-1 < len(v) && near(v[i], v[i+need-1]) {
			return v[i]
		}
	}
	return v[0]
}

func (r *row) indent() float64 { return (r.box.x0 - r.l) / r.size }

// room is how many em are free behind the row.
func (r *row) room() float64 {
	if r.cell {
		return (r.r - r.l - r.box.w()) / r.size
	}
	return (r.r - r.box.x1) / r.size
}

// centred reports whether r stands in the middle of its column. A row of the
// text itself must be further in than the indent of a paragraph.
func (r *row) centred(body float64) bool {
	if r.cell {
		return false
	}
	a, b := r.box.x0-r.l, r.r-r.box.x1
	if r.large(body) {
		return a > 0.6*r.size && math.Abs(a-b) < 1.2*r.size
	}
	return a > 2.4*r.size && b > r.size && math.Abs(a-b) < 2*r.size
}

// first is the width in em of what must stand together at the start of a row:
// a character with the marks that may not begin a line, or a word.
func (r *row) first() float64 {
	k := 0
	for k < len(r.g)-1 && opens(r.g[k].r) {
		k++
	}
	if !wide(r.g[k].r) {
		for k+1 < len(r.g) && !wide(r.g[k+1].r) && !unicode.IsSpace(r.g[k+1].r) {
			k++
		}
	}
	for k+1 < len(r.g) && closes(r.g[k+1].r) {
		k++
	}
	return (r.g[k].box.x1 - r.box.x0) / r.size
}

func opens(c rune) bool  { return unicode.In(c, unicode.Ps, unicode.Pi) || c == '“' || c == '‘' }
func closes(c rune) bool { return wide(c) && unicode.In(c, unicode.Pe, unicode.Pf, unicode.Po) }

// columned reports whether r holds entries set in columns: names, a form.
func (r *row) columned() bool { return !r.cell && len(r.gaps(1.5)) > 0 }

// ended reports whether the text of r ends a sentence.
func (r *row) ended() bool {
	for k := len(r.g) - 1; k >= 0; k-- {
		switch c := r.g[k].r; {
		case unicode.IsSpace(c), unicode.In(c, unicode.Pe, unicode.Pf):
			continue
		default:
			return slices.Contains([]rune("。！？；：.!?;:…"), c)
		}
	}
	return false
}

func (r *row) numbered() bool {
	var s []rune
	for _, g := range r.g[:min(len(r.g), 12)] {
		if !unicode.IsSpace(g.r) {
			s = append(s, g.r)
		}
	}
	return numbered.MatchString(string(s))
}

// large reports whether r is set in a size of headlines.
func (r *row) large(body float64) bool { return r.size >= 1.15*body }

// begins reports whether cur starts a new paragraph after prev. pitch is the
// usual distance of lines, body the usual size.
func begins(prev, cur *row, pitch, body float64) bool {
	if math.Abs(prev.size-cur.size) > 0.12*max(prev.size, cur.size) {
		return true
	}
	if prev.page == cur.page {
		d := cur.base - prev.base
		if d < 0 && cur.l < prev.r { // the next column starts over at the top, to the right
			return true
		}
		if usual := max(pitch*max(1, cur.size/body), 1.15*cur.size); d > 1.5*usual && !(cur.spaced() && cur.large(body) && d < 2.5*usual) { // 通　　知 stands off
			return true
		}
	}
	pc, cc := prev.centred(body), cur.centred(body)
	switch {
	case pc && cc:
		// A headline over several lines; headings in the size of the text stand alone.
		return !(cur.large(body) && !cur.numbered() && prev.page == cur.page)
	case pc && !prev.large(body):
		return true
	case !cur.cell && (prev.box.x0-prev.l > 0.4*(prev.r-prev.l) || cur.box.x0-cur.l > 0.4*(cur.r-cur.l)):
		return true // 落款, set to the right
	case prev.columned() && (cur.columned() || len(prev.gaps(1.5)) > 1):
		return true
	case prev.room() > cur.first()+0.6:
		return true
	}
	return starts(prev, cur)
}

// starts decides between two rows of which the first is full.
func starts(prev, cur *row) bool {
	step := cur.indent() - prev.indent()
	switch {
	case !prev.ended():
		return cur.numbered() && (cur.indent() >= 1.2 || prev.numbered()) && step > -0.8 && !prev.open()
	case cur.cell:
		return cur.numbered() || step > 1.2
	case step > 0.8:
		return true
	case cur.indent() >= 1.2 && step > -0.8:
		return true
	}
	return cur.numbered() && step > -0.8
}

// open reports whether r ends in the middle of an enumeration or bracket.
func (r *row) open() bool {
	c := r.g[len(r.g)-1].r
	return c == '、' || c == '，' || c == ',' || opens(c)
}

// paragraphs groups the rows of one column.
func paragraphs(rs []*row, pitch, body float64) [][]*row {
	var out [][]*row
	for i, r := range rs {
		if i == 0 || begins(rs[i-1], r, pitch, body) {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], r)
	}
	return out
}

// pitchOf is the usual distance between the baselines of rows.
func pitchOf(rs []*row) float64 {
	var d []float64
	for i := 1; i < len(rs); i++ {
		if v := rs[i].base - rs[i-1].base; v > 0.8*rs[i].size && v < 4*rs[i].size && rs[i].page == rs[i-1].page {
			d = append(d, v)
		}
	}
	return median(d)
}

func median(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	slices.Sort(v)
	return v[len(v)/2]
}

// bodySize is the size in which most characters are set.
func bodySize(rs []*row) float64 {
	n := map[float64]int{}
	best := 0.0
	for _, r := range rs {
		n[r.size] += len(r.g)
	}
	for s, c := range n {
		if c > n[best] || c == n[best] && s > best {
			best = s
		}
	}
	return max(best, 1)
}
