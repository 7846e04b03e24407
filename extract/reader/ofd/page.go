package ofd

import (
	"math"
	"strconv"
	"strings"

	"tuogou/extract/reader/flow"
	"tuogou/extract/reader/pdf"
	"tuogou/extract/reader/xmlscan"
)

// point is a millimetre, the unit of OFD, in points.
const point = 72 / 25.4

// canvas is a page being drawn.
type canvas struct {
	s        *xmlscan.Scanner
	out      *pdf.Drawn
	shift    int // where in the text of the page the part at hand begins
	pictures int
}

// page reads the content of a page, and the templates it stands on behind it, so
// that what the page itself says comes first in its stream.
func (f *file) page(part string) error {
	box := f.box
	c := &canvas{out: &pdf.Drawn{Name: part}}
	var templates []string
	err := f.draw(c, part, func(name string) {
		switch name {
		case "Area":
			f.area(c.s, &box)
		case "Template":
			templates = append(templates, f.templates[c.s.Attr("TemplateID")])
		}
	})
	if err != nil {
		return err
	}
	own := len(c.out.Glyphs)
	for _, t := range templates {
		if t == "" {
			continue
		}
		if err := f.draw(c, t, func(string) {}); err != nil {
			return err
		}
	}
	if own == 0 && c.pictures > 0 {
		f.pictures++
	}
	c.out.W, c.out.H = box[2]*point, box[3]*point
	f.pages = append(f.pages, *c.out)
	return nil
}

// draw draws a part; other is called for what is no content.
func (f *file) draw(c *canvas, part string, other func(name string)) error {
	s, data, err := f.open(part)
	if err != nil {
		return err
	}
	c.s, c.shift = s, len(c.out.Text)
	c.out.Text = append(c.out.Text, data...)
	s.Root()
	s.Each(func(name string) {
		if name == "Content" {
			s.Each(c.object)
			return
		}
		other(name)
	})
	if s.Incomplete() {
		f.problem("ofd_part_lost", "in the OFD file, "+part+" breaks off: the text may not be whole")
	}
	return nil
}

// object draws what stands in a layer.
func (c *canvas) object(name string) {
	if c.s.Attr("Visible") == "false" {
		return
	}
	switch name {
	case "Layer", "PageBlock":
		c.s.Each(c.object)
	case "TextObject":
		c.text()
	case "PathObject":
		c.path()
	case "ImageObject":
		c.pictures++
	}
}

// placed is how an object lies on the page.
type placed struct {
	x, y             float64
	a, b, c, d, e, f float64
}

func (c *canvas) placed() placed {
	p := placed{a: 1, d: 1}
	if b := numbers(c.s.Attr("Boundary")); len(b) == 4 {
		p.x, p.y = b[0], b[1]
	}
	if m := numbers(c.s.Attr("CTM")); len(m) == 6 {
		p.a, p.b, p.c, p.d, p.e, p.f = m[0], m[1], m[2], m[3], m[4], m[5]
	}
	return p
}

// at is a place of an object in points on the page.
func (p placed) at(x, y float64) (float64, float64) {
	return (p.a*x + p.c*y + p.e + p.x) * point, (p.b*x + p.d*y + p.f + p.y) * point
}

// text draws a TextObject.
func (c *canvas) text() {
	p := c.placed()
	size, err := strconv.ParseFloat(c.s.Attr("Size"), 64)
	if err != nil || size <= 0 || size > 1000 {
		size = 4.23 // 小四: a file that says nothing is damaged
	}
	across, down := math.Hypot(p.a, p.b), math.Hypot(p.c, p.d)
	g := pdf.Glyph{
		Size: size * down * point, Bold: c.s.Int("Weight", 400) >= 600,
		Aslant: p.a <= 0 || p.d <= 0 || math.Abs(p.b) > 0.02*across || math.Abs(p.c) > 0.5*down,
	}
	c.s.Each(func(name string) {
		switch name {
		case "FillColor":
			v := numbers(c.s.Attr("Value"))
			g.Red = len(v) == 3 && v[0] > 150 && v[1] < 80 && v[2] < 80
		case "TextCode":
			c.code(p, g, size)
		}
	})
}

// code draws a TextCode: characters from a place on, each with its step to the
// next. Glyph ids (CGTransform) only say what is drawn, the code what is meant.
func (c *canvas) code(p placed, g pdf.Glyph, size float64) {
	x, _ := strconv.ParseFloat(c.s.Attr("X"), 64)
	y, _ := strconv.ParseFloat(c.s.Attr("Y"), 64)
	dx, dy := steps(c.s.Attr("DeltaX")), steps(c.s.Attr("DeltaY"))
	k := 0
	c.s.Chars(func(ch flow.Char) {
		width := size
		if ch.R < 0x2000 {
			width = size / 2
		}
		step, rise := width, 0.0
		if len(dy) > 0 {
			step = 0
		}
		if k < len(dx) {
			step = dx[k]
		}
		if k < len(dy) {
			rise = dy[k]
		}
		if step > 0 && step < 1.2*size {
			width = step // figures as wide as characters in one file, half as wide in another
		}
		k++
		gx, gy := p.at(x, y)
		x, y = x+step, y+rise
		if math.Abs(gx) > 1e5 || math.Abs(gy) > 1e5 || math.IsNaN(gx+gy) {
			return
		}
		ch.Off += int32(c.shift)
		g.Char, g.X, g.Base, g.Width = ch, gx, gy, width*math.Hypot(p.a, p.b)*point
		c.out.Glyphs = append(c.out.Glyphs, g)
	})
}

// maxSteps bounds what "g 1000000 5" asks for.
const maxSteps = 100_000

// steps reads DeltaX: numbers, where "g 3 5.6" stands for three times 5.6.
func steps(s string) []float64 {
	var out []float64
	f := strings.Fields(s)
	for i := 0; i < len(f) && len(out) < maxSteps; i++ {
		if f[i] == "g" && i+2 < len(f) {
			n, _ := strconv.Atoi(f[i+1])
			v, _ := strconv.ParseFloat(f[i+2], 64)
			for range min(max(n, 0), maxSteps-len(out)) {
				out = append(out, v)
			}
			i += 2
			continue
		}
		v, _ := strconv.ParseFloat(f[i], 64)
		out = append(out, v)
	}
	return out
}

// path notes the straight lines of a PathObject: the rules of tables.
func (c *canvas) path() {
	p := c.placed()
	c.s.Each(func(name string) {
		if name != "AbbreviatedData" {
			return
		}
		f := strings.Fields(c.s.String())
		var x, y, fromX, fromY float64
		for i := 0; i < len(f); i++ {
			switch f[i] {
			case "M", "S", "L":
				if i+2 >= len(f) {
					return
				}
				nx, _ := strconv.ParseFloat(f[i+1], 64)
				ny, _ := strconv.ParseFloat(f[i+2], 64)
				if f[i] == "L" {
					c.rule(p, x, y, nx, ny)
				} else {
					fromX, fromY = nx, ny
				}
				x, y = nx, ny
				i += 2
			case "C":
				c.rule(p, x, y, fromX, fromY)
				x, y = fromX, fromY
			case "B", "Q", "A":
				return // a curve is no rule
			}
		}
	})
}

func (c *canvas) rule(p placed, ax, ay, bx, by float64) {
	x0, y0 := p.at(ax, ay)
	x1, y1 := p.at(bx, by)
	if s := x0 + y0 + x1 + y1; math.IsNaN(s) || math.IsInf(s, 0) {
		return
	}
	c.out.Rules = append(c.out.Rules, [4]float64{x0, y0, x1, y1})
}

// numbers reads numbers parted by blanks; nil where one is none.
func numbers(s string) []float64 {
	var out []float64
	for _, f := range strings.Fields(s) {
		v, err := strconv.ParseFloat(f, 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return nil
		}
		out = append(out, v)
	}
	return out
}
