package pdf

import (
	"bytes"
	"image/png"
	"time"
	"unicode"
	"unicode/utf8"

	"tuogou/extract/reader/program"
)

// judge asks whether the text of a page can be trusted, and has the page read
// by OCR where it has none.
func (f *file) judge(p *page, i int) *page {
	n, bad, hidden := p.counts()
	scan, garbled := n < 30 && p.picture(), n >= 20 && (bad*5 > n || p.nonsense())
	switch {
	case garbled && f.r.OCR == nil:
		f.problem("no_unicode", i, "the fonts of page %d do not say which characters they draw, so its text is wrong: %s", i+1, howToOCR)
	case scan && f.r.OCR == nil:
		f.problem("scan_page", i, "page %d is a picture without text: %s", i+1, howToOCR)
	case scan, garbled:
		if q := f.readByOCR(p, i); q != nil {
			return q
		}
	case hidden*2 > n && n > 0:
		f.problem("ocr", i, "page %d is a picture; its text was read by a machine before it was published", i+1)
	}
	return p
}

// counts is how many characters p has, how many of them are unknown, and how
// many are drawn invisibly. Blanks do not count.
func (p *page) counts() (n, bad, hidden int) {
	for i := range p.glyphs {
		g := &p.glyphs[i]
		if g.made || unicode.IsSpace(g.r) {
			continue
		}
		n++
		if g.bad || g.r == utf8.RuneError || unicode.IsControl(g.r) && g.r != hyphen {
			bad++
		}
		if g.hidden {
			hidden++
		}
	}
	return n, bad, hidden
}

// picture reports whether p shows something that may be text: a picture of
// some size, or letters drawn as outlines.
func (p *page) picture() bool {
	const outlines = 200
	area := 0.0
	for _, r := range p.images {
		area += max(0, min(r.x1, p.w)-max(r.x0, 0)) * max(0, min(r.y1, p.h)-max(r.y0, 0))
	}
	return area > 0.2*p.w*p.h || p.curves > outlines
}

// common are characters of which every Chinese text of some length holds many.
var common = func() map[rune]bool {
	m := map[rune]bool{}
	for _, r := range "的一是在不和有人这中大为上个国以要会业行政管理工作部门单位市省年月日协会实施发展，。、" {
		m[r] = true
	}
	return m
}()

// nonsense reports whether p has many Chinese characters but hardly one of the
// common ones, as a font does that gives its glyphs the codes of others.
func (p *page) nonsense() bool {
	han, known := 0, 0
	for i := range p.glyphs {
		if r := p.glyphs[i].r; unicode.Is(unicode.Han, r) {
			han++
			if common[r] {
				known++
			}
		}
	}
	return han >= 200 && known*50 < han
}

// readByOCR draws the page and has it read; nil where that fails.
func (f *file) readByOCR(old *page, i int) *page {
	if d, ok := f.ctx.Deadline(); ok && time.Until(d) < f.limits.Time/8 {
		f.problem("scan_page", i, "page %d is a picture, and reading those before it took nearly all the time there is: raise --limit time", i+1)
		return nil
	}
	img, scale := f.box.render(f.doc, i)
	if img == nil {
		f.problem("ocr_failed", i, "page %d is a picture that cannot be drawn", i+1)
		return nil
	}
	var buf bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&buf, img); err != nil {
		f.problem("ocr_failed", i, "page %d is a picture that cannot be passed on: %v", i+1, err)
		return nil
	}
	words, err := f.r.OCR(f.ctx, buf.Bytes())
	if err != nil {
		f.problem("ocr_failed", i, "page %d is a picture and could not be read by machine: %v", i+1, err)
		return nil
	}
	f.problem("ocr", i, "page %d is a picture and was read by machine: characters may be wrong", i+1)
	p := &page{num: i + 1, w: float64(img.Rect.Dx()) / scale, h: float64(img.Rect.Dy()) / scale}
	p.hor, p.ver = old.hor, old.ver
	p.words(words, scale)
	return p
}

// words makes glyphs of words that were read in a picture drawn at scale.
// All words of a line get one baseline and one size.
func (p *page) words(words []program.Word, scale float64) {
	type place struct{ page, block, par, line int }
	lines := map[place]rect{}
	key := func(w program.Word) place { return place{w.Page, w.Block, w.Par, w.Line} }
	box := func(w program.Word) rect {
		return rect{w.Left / scale, w.Top / scale, w.Right / scale, w.Bottom / scale}
	}
	for _, w := range words {
		if b, ok := lines[key(w)]; ok {
			lines[key(w)] = b.union(box(w))
		} else {
			lines[key(w)] = box(w)
		}
	}
	last, right := place{}, 0.0
	for k, w := range words {
		at := key(w)
		if k > 0 {
			sep := ' '
			if at != last {
				sep, right = '\n', 0
			}
			g := glyph{made: true}
			p.spell(&g, sep)
			p.glyphs = append(p.glyphs, g)
		}
		last = at
		b, n := box(w), float64(utf8.RuneCountInString(w.Text))
		// The boxes of words overlap now and then; their order is right: 2018年.
		b.x0 = max(b.x0, right)
		b.x1 = max(b.x1, b.x0+0.1*n)
		right = b.x1
		size, k := max(1, lines[at].h()), 0.0
		for _, r := range w.Text {
			g := glyph{size: size, base: lines[at].y1 - 0.12*size}
			g.box = rect{b.x0 + b.w()*k/n, lines[at].y0, b.x0 + b.w()*(k+1)/n, lines[at].y1}
			p.spell(&g, r)
			p.glyphs = append(p.glyphs, g)
			k++
		}
	}
}
