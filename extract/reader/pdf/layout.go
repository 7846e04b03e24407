package pdf

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"tuogou/extract/reader/flow"
)

// sheet is a page on its way to lines.
type sheet struct {
	*page
	rows    []*row
	tables  []*table
	running []*row
	aslant  []*glyph
	notes   []*row
	cut     *gutter // between two columns
	pitch   float64
	body    float64
}

// part is a paragraph, a note or a table, in the order of reading.
type part struct {
	kind  flow.Kind
	rows  []*row
	table *table
	page  int
	title bool
}

// build lays the pages out and writes the lines of the document.
func build(doc *flow.Document, pages []*page) {
	var sheets []*sheet
	for _, p := range pages {
		sheets = append(sheets, newSheet(p))
	}
	var all []*row
	for _, s := range sheets {
		all = append(all, s.rows...)
	}
	body, pitch := bodySize(all), pitchOf(all)
	for _, s := range sheets {
		s.body = body
		if s.pitch == 0 || len(s.rows) < 8 {
			s.pitch = pitch
		}
	}
	running(sheets)
	findColumns(sheets)
	for _, s := range sheets {
		s.findNotes()
	}
	w := newWriter(doc, pages)
	fall := commonMargins(sheets)
	var parts []*part
	for _, s := range sheets {
		parts = s.flow(parts, fall[s.num&1])
	}
	titles(parts, body)
	w.write(parts, sheets)
}

func newSheet(p *page) *sheet {
	s := &sheet{page: p}
	glyphs, aslant := p.shown()
	s.aslant = aslant
	for _, t := range p.tables() {
		glyphs = t.take(glyphs)
		t.lay(p.num)
		if t.rowCount() == 1 && len(t.cells) == 1 || t.empty() {
			continue
		}
		s.tables = append(s.tables, t)
	}
	s.rows = rows(glyphs, p.num)
	for t, rest := unruled(glyphs, s.rows); t != nil; t, rest = unruled(rest, s.rows) {
		t.lay(p.num)
		s.tables = append(s.tables, t)
		s.rows = rows(rest, p.num)
	}
	slices.SortStableFunc(s.tables, func(a, b *table) int { return cmp.Compare(a.box.y0, b.box.y0) })
	s.pitch = pitchOf(s.rows)
	return s
}

func (t *table) empty() bool {
	for _, c := range t.cells {
		if len(c.paras) > 0 {
			return false
		}
	}
	return true
}

// commonMargins are the margins of most odd and most even pages, for pages
// with too few rows to show their own.
func commonMargins(sheets []*sheet) [2]rect {
	var out [2]rect
	for side := range 2 {
		var rs []*row
		for _, s := range sheets {
			if s.num&1 == side {
				rs = append(rs, s.rows...)
			}
		}
		if len(rs) >= 5 {
			margins(rs, rect{})
			out[side] = rect{rs[0].l, 0, rs[0].r, 1}
		}
	}
	for side := range 2 {
		if out[side].w() <= 0 {
			out[side] = out[1-side]
		}
	}
	return out
}

// noteMark is how a footnote begins.
var noteMark = regexp.MustCompile(`^(?:[①-⑳*＊†※]|[\[［〔【]\d{1,3}[\]］〕】]|\d{1,3}\D|注[:：\d]|[（(]\d[）)])`)

// findNotes takes the footnotes out of the rows: small type at the foot of the
// page that begins with a mark, below a short rule or a wide gap.
func (s *sheet) findNotes() {
	n := len(s.rows)
	from := n
	for from > 0 && s.rows[from-1].size < 0.9*s.body && s.rows[from-1].base > 0.4*s.h {
		from--
	}
	for from < n && !noteMark.MatchString(s.rows[from].text()) {
		from++
	}
	if from == n || from == 0 {
		return
	}
	top := s.rows[from]
	above := s.rows[from-1]
	ruled := slices.ContainsFunc(s.hor, func(h seg) bool {
		return h.at > above.base && h.at < top.base && h.to-h.from < 0.5*s.w
	})
	if !ruled && top.base-above.base < 1.3*max(s.pitch, above.size) {
		return
	}
	s.notes = append(s.notes, s.rows[from:]...)
	s.rows = s.rows[:from]
}

// block is a piece of a page that is read by itself: a column or what stands
// between columns.
type block struct {
	rows   []*row
	tables []*table
}

// flow appends what stands on the page, in order of reading, and joins it to
// what the page before left unfinished.
func (s *sheet) flow(parts []*part, fall rect) []*part {
	start := len(parts)
	for _, b := range s.blocks() {
		if len(b.rows) > 0 {
			f := fall
			switch {
			case len(b.rows) != len(s.rows):
				f = rect{}
			case f.w() <= 0: // a few rows and nothing else: margins of one width
				f = rect{b.rows[0].box.x0, 0, b.rows[0].box.x1, 0}
				for _, r := range b.rows {
					f = f.union(r.box)
				}
				f.x1 = max(f.x1, s.w-f.x0)
			}
			margins(b.rows, f)
		}
		parts = s.blockParts(parts, b, start)
	}
	for _, p := range paragraphs(s.noteRows(), 0, s.body) {
		parts = append(parts, &part{kind: flow.Note, rows: p, page: s.num})
	}
	return s.placeNotes(parts, start)
}

func (s *sheet) noteRows() []*row {
	margins(s.notes, rect{})
	return s.notes
}

// blockParts appends one block.
func (s *sheet) blockParts(parts []*part, b block, start int) []*part {
	ts := b.tables
	var last *row
	emitTables := func(until float64) {
		for len(ts) > 0 && ts[0].box.y0 < until {
			parts = s.addTable(parts, ts[0], start)
			ts = ts[1:]
			last = nil
		}
	}
	for _, r := range b.rows {
		emitTables(r.base)
		if last == nil {
			last = openEnd(parts, start)
		}
		if last != nil && !begins(last, r, s.pitch, s.body) {
			p := parts[lastText(parts)]
			p.rows = append(p.rows, r)
		} else {
			parts = append(parts, &part{kind: flow.Para, rows: []*row{r}, page: s.num})
		}
		last = r
	}
	emitTables(1e9)
	return parts
}

// lastText is the index of the last part that is no note.
func lastText(parts []*part) int {
	for i := len(parts) - 1; i >= 0; i-- {
		if parts[i].kind != flow.Note {
			return i
		}
	}
	return -1
}

// openEnd is the last row of the text so far, where the text can go on: in the
// next column, or on the next page.
func openEnd(parts []*part, start int) *row {
	i := lastText(parts)
	if i < 0 || parts[i].table != nil {
		return nil
	}
	return parts[i].rows[len(parts[i].rows)-1]
}

// addTable appends t, or joins it to the table that the page before ended with.
func (s *sheet) addTable(parts []*part, t *table, start int) []*part {
	if i := lastText(parts); i >= 0 && len(parts) == start && parts[i].table != nil && parts[i].table.goesOn(t) {
		for _, c := range parts[i].table.extend(t) {
			for _, p := range c.paras {
				s.running = append(s.running, p...)
			}
		}
		parts[i].table.xs = t.xs
		return parts
	}
	return append(parts, &part{kind: flow.Cell, table: t, page: s.num})
}

// placeNotes moves each note of the page behind the paragraph that has its mark.
func (s *sheet) placeNotes(parts []*part, start int) []*part {
	for i := start; i < len(parts); i++ {
		if parts[i].kind != flow.Note {
			continue
		}
		note := parts[i]
		mark := noteMark.FindString(note.rows[0].text())
		at := slices.IndexFunc(parts[:i], func(p *part) bool { return p.kind == flow.Para && p.hasMark(mark, s.num) })
		if at < 0 {
			continue
		}
		for at+1 < i && parts[at+1].kind == flow.Note {
			at++
		}
		parts = slices.Insert(slices.Delete(parts, i, i+1), at+1, note)
	}
	return parts
}

// hasMark reports whether the paragraph refers to a note by mark: in small
// raised type, on page num.
func (p *part) hasMark(mark string, num int) bool {
	mark = strings.TrimRight(mark, "：: ")
	for _, r := range p.rows {
		if r.page != num {
			continue
		}
		var s []rune
		for _, g := range r.g {
			if g.size < 0.8*r.size {
				s = append(s, g.r)
			}
		}
		if len(s) > 0 && strings.HasPrefix(mark, string(s)) || len(s) > 0 && strings.Contains(string(s), mark) {
			return true
		}
	}
	return false
}

// titles marks headlines: centred and large, at the top of a page, above the
// text. The name of the issuer on red-head paper (示例市人民政府文件, in red, above
// the number of the document) is none.
func titles(parts []*part, body float64) {
	seen := map[int]int{}
	for i, p := range parts {
		if p.kind != flow.Para {
			continue
		}
		r := p.rows[0]
		n := seen[p.page]
		seen[p.page]++
		if n > 4 || !r.large(body) || !middle(p) || r.base > 300 && n > 2 {
			continue
		}
		if r.red && slices.ContainsFunc(parts[i+1:min(len(parts), i+5)], func(q *part) bool {
			return q.kind == flow.Para && q.page == p.page && q.rows[0].large(body) && !q.rows[0].red && middle(q)
		}) {
			continue
		}
		p.title = true
	}
}

// middle reports whether the rows of p stand in the middle of their column.
func middle(p *part) bool {
	for _, r := range p.rows {
		a, b := r.box.x0-r.l, r.r-r.box.x1
		if abs(a-b) > 2.5*r.size {
			return false
		}
	}
	return len(p.rows) <= 5
}

// blocks cuts the page into columns.
func (s *sheet) blocks() []block {
	whole := block{rows: s.rows, tables: s.tables}
	c := s.cut
	if c == nil {
		return []block{whole}
	}
	var parts [4]block // above, left, right, below
	for i, r := range s.rows {
		switch {
		case i < c.from:
			parts[0].rows = append(parts[0].rows, r)
		case i >= c.to:
			parts[3].rows = append(parts[3].rows, r)
		}
	}
	var left, right []*glyph
	top, bottom := s.rows[c.from].box.y0, s.rows[c.to-1].box.y1
	for _, r := range s.rows[c.from:c.to] {
		for _, g := range r.g {
			if g.box.cx() < c.x {
				left = append(left, g)
			} else {
				right = append(right, g)
			}
		}
	}
	parts[1].rows, parts[2].rows = rows(left, s.num), rows(right, s.num)
	for _, t := range s.tables {
		k := 0
		switch {
		case t.box.cy() > bottom:
			k = 3
		case t.box.cy() < top:
		case t.box.x1 <= c.x+near:
			k = 1
		case t.box.x0 >= c.x-near:
			k = 2
		}
		parts[k].tables = append(parts[k].tables, t)
	}
	return parts[:]
}

// gutter is the space between two columns: at x, in rows from..to.
type gutter struct {
	x        float64
	from, to int
}

// findColumns finds the gutters of all pages. A page with too few rows to show
// one, such as the last, has that of the page before it.
func findColumns(sheets []*sheet) {
	for i, s := range sheets {
		if c, ok := s.columns(0.3*s.w, 0.7*s.w, 4); ok {
			s.cut = &c
		} else if i > 0 && sheets[i-1].cut != nil {
			x := sheets[i-1].cut.x
			if c, ok := s.columns(x, x+1, 1); ok {
				s.cut = &c
			}
		}
	}
}

// columns looks for a gutter between from and to: a place that no row crosses, over at least
// fewest rows, with running text on both sides of it. Two columns of short
// entries are no running text, and are read row by row.
func (s *sheet) columns(low, high float64, fewest int) (gutter, bool) {
	best, score := gutter{}, 0
	for x := low; x <= high; x += 3 {
		from := 0
		for i := 0; i <= len(s.rows); i++ {
			if i < len(s.rows) && !s.rows[i].crosses(x) {
				continue
			}
			if n := s.twoSided(x, from, i, fewest); n > score {
				best, score = gutter{x, from, i}, n
			}
			from = i + 1
		}
	}
	return best, score > 0
}

// crosses reports whether a glyph of r stands at x or close to it.
func (r *row) crosses(x float64) bool {
	half := 0.4 * r.size
	return slices.ContainsFunc(r.g, func(g *glyph) bool { return g.box.x0 < x+half && g.box.x1 > x-half })
}

// twoSided is how many rows of from..to have running text on both sides of x,
// 0 where they are no two columns.
func (s *sheet) twoSided(x float64, from, to, fewest int) int {
	var lw, rw []float64
	l0, r1 := 1e9, 0.0
	for _, r := range s.rows[from:to] {
		var a, b rect
		for _, g := range r.g {
			side := &a
			if g.box.cx() > x {
				side = &b
			}
			if side.x1 == 0 {
				*side = g.box
			} else {
				*side = side.union(g.box)
			}
		}
		if a.x1 > 0 {
			lw = append(lw, a.w())
			l0 = min(l0, a.x0)
		}
		if b.x1 > 0 {
			rw = append(rw, b.w())
			r1 = max(r1, b.x1)
		}
	}
	if len(lw) < fewest || len(rw) < fewest {
		return 0
	}
	slices.SortFunc(lw, cmp.Compare[float64])
	slices.SortFunc(rw, cmp.Compare[float64])
	if median(lw) < 0.7*(x-l0) || median(rw) < 0.7*(r1-x) {
		return 0
	}
	return min(len(lw), len(rw))
}
