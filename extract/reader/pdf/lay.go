package pdf

import "tuogou/extract/reader/flow"

// Glyph is one character that another format draws: its bytes in the text of
// its page and its place in points from the top left of the page.
type Glyph struct {
	flow.Char
	X, Base float64 // left edge, baseline
	Width   float64
	Size    float64 // em
	Bold    bool
	Red     bool
	Aslant  bool // a watermark
}

// Drawn is a page of another format that draws.
type Drawn struct {
	Name   string // of its stream
	Text   []byte // what its glyphs point into
	W, H   float64
	Glyphs []Glyph
	Rules  [][4]float64 // straight lines: from x, y to x, y
}

// Lay lays drawn pages out as those of a PDF: lines to paragraphs over pages,
// tables by their rules, heads and feet apart. It adds the streams and lines to
// doc, which must have none.
func Lay(doc *flow.Document, drawn []Drawn, coding flow.Coding) {
	var pages []*page
	for i, d := range drawn {
		p := &page{num: i + 1, w: d.W, h: d.H, text: d.Text}
		for _, g := range d.Glyphs[:min(len(d.Glyphs), maxGlyphs)] {
			turn := 0
			if g.Aslant {
				turn = -1
			}
			p.glyphs = append(p.glyphs, glyph{
				r: g.R, off: g.Off, n: g.N, base: g.Base, size: g.Size, bold: g.Bold, red: g.Red, turn: turn,
				box: rect{g.X, g.Base - 0.88*g.Size, g.X + g.Width, g.Base + 0.12*g.Size},
			})
		}
		for _, r := range d.Rules[:min(len(d.Rules), maxSegs)] {
			p.rule(matrix{a: 1, d: 1}, r[0], r[1], r[2], r[3])
		}
		pages = append(pages, p)
	}
	doc.Pages = len(pages)
	build(doc, pages)
	for i := range doc.Streams {
		doc.Streams[i].Coding = coding
		if i < len(drawn) {
			doc.Streams[i].Name = drawn[i].Name
		}
	}
}
