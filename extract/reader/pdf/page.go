package pdf

import (
	"image"
	"math"
	"unicode"
	"unicode/utf8"
)

// rect is a box on a page as it is shown: points from the top left, y downward.
type rect struct{ x0, y0, x1, y1 float64 }

func (r rect) w() float64  { return r.x1 - r.x0 }
func (r rect) h() float64  { return r.y1 - r.y0 }
func (r rect) cx() float64 { return (r.x0 + r.x1) / 2 }
func (r rect) cy() float64 { return (r.y0 + r.y1) / 2 }

func (r rect) union(o rect) rect {
	return rect{min(r.x0, o.x0), min(r.y0, o.y0), max(r.x1, o.x1), max(r.y1, o.y1)}
}

func (r rect) has(x, y float64) bool { return x >= r.x0 && x <= r.x1 && y >= r.y0 && y <= r.y1 }

// glyph is one character with its place on the page and in the page's stream.
type glyph struct {
	r      rune
	off, n int32
	box    rect
	base   float64 // y of its baseline
	size   float64 // em in points
	bold   bool
	red    bool
	hidden bool // drawn invisibly: the text layer of a scan
	made   bool // a space that the engine made up
	bad    bool // the font does not say which character it is
	turn   int  // quarter turns clockwise of the character as shown; -1: aslant
}

// seg is a straight rule, horizontal or vertical, by its centre line.
type seg struct {
	at, from, to float64
}

// page is what is drawn on one page.
type page struct {
	num    int
	w, h   float64
	glyphs []glyph // in the order of drawing
	hor    []seg
	ver    []seg
	images []rect
	curves int // paths that are no rules: a text drawn as outlines has hundreds
	text   []byte
}

// Bounds of one page, far above any real one. What lies beyond is not read.
const (
	maxGlyphs  = 200_000
	maxObjects = 100_000
	maxSegs    = 20_000
)

// matrix is a transformation of PDF: x' = a·x + c·y + e, y' = b·x + d·y + f.
type matrix struct{ a, b, c, d, e, f float64 }

func (m matrix) apply(x, y float64) (float64, float64) {
	return m.a*x + m.c*y + m.e, m.b*x + m.d*y + m.f
}

// then is m followed by n.
func (m matrix) then(n matrix) matrix {
	return matrix{
		m.a*n.a + m.b*n.c, m.a*n.b + m.b*n.d,
		m.c*n.a + m.d*n.c, m.c*n.b + m.d*n.d,
		m.e*n.a + m.f*n.c + n.e, m.e*n.b + m.f*n.d + n.f,
	}
}

func (m matrix) box(r rect) rect {
	ax, ay := m.apply(r.x0, r.y0)
	bx, by := m.apply(r.x1, r.y1)
	return rect{min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)}
}

// view maps the space of a page to the page as shown.
func view(box rect, turns int) (m matrix, w, h float64) {
	w, h = box.w(), box.h()
	switch turns & 3 {
	case 1:
		return matrix{0, 1, 1, 0, -box.y0, -box.x0}, h, w
	case 2:
		return matrix{-1, 0, 0, 1, box.x1, -box.y0}, w, h
	case 3:
		return matrix{0, -1, -1, 0, box.y1, box.x1}, h, w
	}
	return matrix{1, 0, 0, -1, -box.x0, box.y1}, w, h
}

// readPage reads what is drawn on page i, counted from 0. It returns nil where
// the engine cannot load the page; s.err tells whether it still runs.
func (s *sandbox) readPage(doc uint64, i int) *page {
	ph := s.ptr("FPDF_LoadPage", doc, uint64(i))
	if ph == 0 {
		return nil
	}
	defer func() { s.call("FPDF_ClosePage", ph) }()
	p := &page{num: i + 1}
	box := rect{0, 0, 595, 842}
	if s.int("FPDF_GetPageBoundingBox", ph, uint64(s.buf)) != 0 { // left, top, right, bottom
		box = rect{s.f32(0), s.f32(3), s.f32(2), s.f32(1)}
	}
	turns := s.int("FPDFPage_GetRotation", ph)
	m, w, h := view(box, turns)
	p.w, p.h = w, h
	s.readText(ph, p, m)
	s.readObjects(p, m, s.int("FPDFPage_CountObjects", ph), func(k int) uint64 {
		return s.ptr("FPDFPage_GetObject", ph, uint64(k))
	}, 0)
	p.upright(box, turns)
	return p
}

// style is what all characters of one text object share.
type style struct {
	size                    float64
	turn                    int
	base                    float64 // where turn is 0: of the whole object
	bold, red, hidden, seen bool
}

func (s *sandbox) readText(ph uint64, p *page, m matrix) {
	tp := s.ptr("FPDFText_LoadPage", ph)
	if tp == 0 {
		return
	}
	defer func() { s.call("FPDFText_ClosePage", tp) }()
	n := min(s.int("FPDFText_CountChars", tp), maxGlyphs)
	styles := map[uint64]style{}
	high := rune(0)
	for k := 0; k < n && s.err == nil; k++ {
		idx := uint64(k)
		r := rune(uint32(s.call("FPDFText_GetUnicode", tp, idx)))
		if r >= 0xD800 && r < 0xDC00 { // half of a character beyond U+FFFF
			high = r
			continue
		}
		if r >= 0xDC00 && r < 0xE000 && high != 0 {
			r = (high-0xD800)<<10 + (r - 0xDC00) + 0x10000
		}
		high = 0
		g := s.readGlyph(tp, idx, m, styles)
		p.spell(&g, r)
		p.glyphs = append(p.glyphs, g)
	}
}

// spell writes r to the stream of the page and notes where.
func (p *page) spell(g *glyph, r rune) {
	private := unicode.Is(unicode.Co, r)
	if r == 0 || r == 0xFFFE || r == 0xFFFF || private || !utf8.ValidRune(r) {
		g.bad = true
		r = utf8.RuneError
	}
	if f, ok := radical(r); ok {
		r = f
	}
	g.r, g.off = r, int32(len(p.text))
	p.text = utf8.AppendRune(p.text, r)
	g.n = int32(len(p.text)) - g.off
}

func (s *sandbox) readGlyph(tp, idx uint64, m matrix, styles map[uint64]style) glyph {
	var g glyph
	g.made = s.int("FPDFText_IsGenerated", tp, idx) == 1
	if g.made {
		return g
	}
	obj := s.ptr("FPDFText_GetTextObject", tp, idx)
	st := styles[obj]
	if !st.seen || obj == 0 {
		st = s.readStyle(tp, idx, obj, m)
		styles[obj] = st
	}
	g.size, g.bold, g.red, g.hidden = st.size, st.bold, st.red, st.hidden
	g.turn, g.base = st.turn, st.base
	g.bad = s.int("FPDFText_HasUnicodeMapError", tp, idx) == 1
	s.call("FPDFText_GetLooseCharBox", tp, idx, uint64(s.buf)) // left, top, right, bottom
	g.box = m.box(rect{s.f32(0), s.f32(3), s.f32(2), s.f32(1)})
	if g.turn != 0 || g.base < g.box.y0 || g.base > g.box.y1 { // aslant, or set from top to bottom
		g.base = s.baseline(tp, idx, m)
	}
	if g.size <= 0 {
		g.size = max(1, g.box.h())
	}
	return g
}

// baseline is the y of the baseline of one character.
func (s *sandbox) baseline(tp, idx uint64, m matrix) float64 {
	s.call("FPDFText_GetCharOrigin", tp, idx, uint64(s.buf), uint64(s.buf)+8)
	_, y := m.apply(s.f64(0), s.f64(1))
	return y
}

func (s *sandbox) readStyle(tp, idx, obj uint64, m matrix) style {
	st := style{seen: true, size: math.Float64frombits(s.call("FPDFText_GetFontSize", tp, idx))}
	st.size = math.Abs(finite(st.size))
	st.bold = s.int("FPDFText_GetFontWeight", tp, idx) >= 600
	b := uint64(s.buf)
	if s.int("FPDFText_GetFillColor", tp, idx, b, b+4, b+8, b+12) != 0 {
		st.red = s.i32(0) > 170 && s.i32(1) < 90 && s.i32(2) < 90
	}
	if s.int("FPDFText_GetMatrix", tp, idx, b) != 0 {
		cm := matrix{s.f32(0), s.f32(1), s.f32(2), s.f32(3), 0, 0}
		st.size *= math.Hypot(cm.c, cm.d)
		st.turn = turnOf(cm.then(matrix{a: m.a, b: m.b, c: m.c, d: m.d}))
	}
	st.base = s.baseline(tp, idx, m)
	if obj != 0 {
		st.hidden = s.int("FPDFTextObj_GetTextRenderMode", obj) == 3
	}
	return st
}

// turnOf is the direction in which a line of text runs on the page as shown.
func turnOf(m matrix) int {
	const lean = 0.2
	n := math.Hypot(m.a, m.b)
	if n == 0 {
		return 0
	}
	switch a, b := m.a/n, m.b/n; {
	case a > 1-lean*lean:
		return 0
	case b > 1-lean*lean:
		return 1
	case a < -1+lean*lean:
		return 2
	case b < -1+lean*lean:
		return 3
	}
	return -1
}

// upright turns a page whose text stands on its side, as wide tables do that
// were bound into an upright file.
func (p *page) upright(box rect, turns int) {
	var count [4]int
	for i := range p.glyphs {
		if g := &p.glyphs[i]; g.turn >= 0 && !g.made {
			count[g.turn]++
		}
	}
	t := 0
	for i, n := range count {
		if n > count[t] {
			t = i
		}
	}
	if t == 0 {
		return
	}
	// From shown to shown: a quarter turn back for each turn of the text.
	w, h := p.w, p.h
	m := [4]matrix{{}, {0, -1, 1, 0, 0, w}, {-1, 0, 0, -1, w, h}, {0, 1, -1, 0, h, 0}}[t]
	for i := range p.glyphs {
		g := &p.glyphs[i]
		g.box = m.box(g.box)
		g.base = g.box.y1 - 0.12*g.box.h()
		if g.turn >= 0 {
			g.turn = (g.turn + 4 - t) & 3
		}
	}
	hor, ver := p.hor, p.ver
	p.hor, p.ver = nil, nil
	for _, x := range hor {
		p.rule(m, x.from, x.at, x.to, x.at)
	}
	for _, x := range ver {
		p.rule(m, x.at, x.from, x.at, x.to)
	}
	for i := range p.images {
		p.images[i] = m.box(p.images[i])
	}
	if t != 2 {
		p.w, p.h = h, w
	}
}

// Types of page objects.
const (
	objPath  = 2
	objImage = 3
	objForm  = 5
)

// readObjects reads rules and pictures, also those in forms.
func (s *sandbox) readObjects(p *page, m matrix, n int, get func(int) uint64, depth int) {
	for k := 0; k < min(n, maxObjects) && s.err == nil; k++ {
		obj := get(k)
		switch s.int("FPDFPageObj_GetType", obj) {
		case objPath:
			s.readPath(p, obj, s.objMatrix(obj).then(m))
		case objImage:
			if s.int("FPDFPageObj_GetBounds", obj, uint64(s.buf), uint64(s.buf)+4, uint64(s.buf)+8, uint64(s.buf)+12) != 0 {
				p.images = append(p.images, m.box(rect{s.f32(0), s.f32(1), s.f32(2), s.f32(3)}))
			}
		case objForm:
			if depth < 8 {
				s.readObjects(p, s.objMatrix(obj).then(m), s.int("FPDFFormObj_CountObjects", obj), func(k int) uint64 {
					return s.ptr("FPDFFormObj_GetObject", obj, uint64(k))
				}, depth+1)
			}
		}
		if len(p.hor)+len(p.ver) > maxSegs || len(p.images) > maxObjects {
			return
		}
	}
}

func (s *sandbox) objMatrix(obj uint64) matrix {
	if s.int("FPDFPageObj_GetMatrix", obj, uint64(s.buf)) == 0 {
		return matrix{a: 1, d: 1}
	}
	return matrix{s.f32(0), s.f32(1), s.f32(2), s.f32(3), s.f32(4), s.f32(5)}
}

// readPath takes the rules out of a path: straight strokes, and filled boxes
// thin enough to be one.
func (s *sandbox) readPath(p *page, obj uint64, m matrix) {
	n := s.int("FPDFPath_CountSegments", obj)
	b := uint64(s.buf)
	if n < 2 || n > 2000 || s.int("FPDFPath_GetDrawMode", obj, b, b+4) == 0 {
		p.curves++
		return
	}
	fill, stroke := s.i32(0) != 0, s.i32(1) != 0
	if !fill && !stroke {
		return
	}
	var pts, start [2]float64
	bounds := rect{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	flush := func() {
		if fill && !stroke && bounds.x1 >= bounds.x0 {
			p.bar(bounds)
		}
		bounds = rect{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	}
	for k := 0; k < n && s.err == nil; k++ {
		sg := s.ptr("FPDFPath_GetPathSegment", obj, uint64(k))
		if sg == 0 || s.int("FPDFPathSegment_GetPoint", sg, b, b+4) == 0 {
			continue
		}
		x, y := m.apply(s.f32(0), s.f32(1))
		kind := s.int("FPDFPathSegment_GetType", sg) // 0 line, 1 curve, 2 move
		switch {
		case kind == 2:
			flush()
			start = [2]float64{x, y}
		case kind == 1:
			p.curves++
		case stroke:
			p.rule(matrix{a: 1, d: 1}, pts[0], pts[1], x, y)
		}
		bounds = bounds.union(rect{x, y, x, y})
		pts = [2]float64{x, y}
		if s.int("FPDFPathSegment_GetClose", sg) == 1 && stroke {
			p.rule(matrix{a: 1, d: 1}, x, y, start[0], start[1])
		}
	}
	flush()
}

// ruleWidth is the widest filled box that is a rule, in points.
const ruleWidth = 3

// bar notes a filled box as a rule where it is thin.
func (p *page) bar(r rect) {
	switch {
	case r.h() <= ruleWidth && r.w() > 2*r.h() && r.w() > 2:
		p.hor = append(p.hor, seg{r.cy(), r.x0, r.x1})
	case r.w() <= ruleWidth && r.h() > 2*r.w() && r.h() > 2:
		p.ver = append(p.ver, seg{r.cx(), r.y0, r.y1})
	case r.w() > ruleWidth && r.h() > ruleWidth:
		p.curves++
	}
}

// rule notes the stroke from one point to another where it is straight.
func (p *page) rule(m matrix, ax, ay, bx, by float64) {
	ax, ay = m.apply(ax, ay)
	bx, by = m.apply(bx, by)
	dx, dy := math.Abs(ax-bx), math.Abs(ay-by)
	switch {
	case dy <= 1 && dx > 2:
		p.hor = append(p.hor, seg{(ay + by) / 2, min(ax, bx), max(ax, bx)})
	case dx <= 1 && dy > 2:
		p.ver = append(p.ver, seg{(ax + bx) / 2, min(ay, by), max(ay, by)})
	}
}

// Rendering for a program that reads pictures: 300 dots an inch, fewer where a
// page is huge.
const (
	renderScale = 300.0 / 72
	maxPixels   = 24_000_000
)

// render draws page i; nil where it cannot.
func (s *sandbox) render(doc uint64, i int) (*image.Gray, float64) {
	ph := s.ptr("FPDF_LoadPage", doc, uint64(i))
	if ph == 0 {
		return nil, 0
	}
	defer func() { s.call("FPDF_ClosePage", ph) }()
	w := float64(math.Float32frombits(uint32(s.call("FPDF_GetPageWidthF", ph))))
	h := float64(math.Float32frombits(uint32(s.call("FPDF_GetPageHeightF", ph))))
	if !(w >= 1 && h >= 1) {
		return nil, 0
	}
	scale := min(renderScale, math.Sqrt(maxPixels/(w*h)))
	pw, phh := int(w*scale), int(h*scale)
	if pw < 1 || phh < 1 {
		return nil, 0
	}
	const gray = 1
	bm := s.ptr("FPDFBitmap_CreateEx", uint64(pw), uint64(phh), gray, 0, 0)
	if bm == 0 {
		return nil, 0
	}
	defer func() { s.call("FPDFBitmap_Destroy", bm) }()
	s.call("FPDFBitmap_FillRect", bm, 0, 0, uint64(pw), uint64(phh), 0xFFFFFFFF)
	const annotations = 1
	s.call("FPDF_RenderPageBitmap", bm, ph, 0, 0, uint64(pw), uint64(phh), 0, annotations)
	stride := s.int("FPDFBitmap_GetStride", bm)
	buf := s.ptr("FPDFBitmap_GetBuffer", bm)
	if s.err != nil || buf == 0 || stride < pw {
		return nil, 0
	}
	pix := s.bytes(buf, stride*phh)
	if pix == nil {
		return nil, 0
	}
	return &image.Gray{Pix: pix, Stride: stride, Rect: image.Rect(0, 0, pw, phh)}, scale
}
