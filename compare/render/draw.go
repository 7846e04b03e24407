package render

import (
	"fmt"
	"html"
	"strings"
)

// Chart is a drawing, to be written as SVG or EMF. Sizes are in pixels. Title and Alt
// tell those who do not see it what it shows; the table beside it tells the same.
type Chart struct {
	ID, Title, Alt string
	W, H           int
	shapes         []shape
}

// shape is one mark: a box or dot with its tip, a line, steps, or words.
type shape struct {
	kind   shapeKind
	points []float64 // x, y in turn; of a box its corner and its size
	colour string
	words  string // of a text, or the tip of a box or dot
	anchor string // start, middle or end
	turned bool   // a text that rises to the right
}

type shapeKind int

const (
	shapeBox shapeKind = iota
	shapeDot
	shapeLine
	shapeSteps
	shapeText
)

const (
	dotRadius = 5
	turnedBy  = 55 // degrees
	ink       = "#1d2329"
	fontSize  = 12
)

func (c *Chart) text(x, y float64, anchor, colour, words string) {
	c.shapes = append(c.shapes, shape{kind: shapeText, points: []float64{x, y}, colour: colour, words: words, anchor: anchor})
}

func (c *Chart) turnedText(x, y float64, words string) {
	c.shapes = append(c.shapes, shape{kind: shapeText, points: []float64{x, y}, words: words, anchor: "start", turned: true})
}

func (c *Chart) box(x, y, w, h float64, fill, tip string) {
	c.shapes = append(c.shapes, shape{kind: shapeBox, points: []float64{x, y, w, h}, colour: fill, words: tip})
}

func (c *Chart) dot(x, y float64, fill, tip string) {
	c.shapes = append(c.shapes, shape{kind: shapeDot, points: []float64{x, y}, colour: fill, words: tip})
}

func (c *Chart) line(x1, y1, x2, y2 float64, colour string) {
	c.shapes = append(c.shapes, shape{kind: shapeLine, points: []float64{x1, y1, x2, y2}, colour: colour})
}

func (c *Chart) steps(colour string, points ...float64) {
	c.shapes = append(c.shapes, shape{kind: shapeSteps, points: points, colour: colour})
}

// SVG is the drawing for a page. Words without a colour of their own take that of the
// page, so that they can be read on a dark one.
func (c *Chart) SVG() string {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="%[1]s-t %[1]s-d" viewBox="0 0 %[2]d %[3]d" width="%[2]d" height="%[3]d" font-family='%[4]s' font-size="%[5]d" fill="currentColor"><title id="%[1]s-t">%[6]s</title><desc id="%[1]s-d">%[7]s</desc>`,
		c.ID, c.W, c.H, fonts, fontSize, html.EscapeString(c.Title), html.EscapeString(c.Alt))
	for _, s := range c.shapes {
		s.svg(&b)
	}
	return b.String() + "</svg>"
}

const fonts = `"Noto Sans CJK SC","Source Han Sans SC","PingFang SC","Microsoft YaHei",sans-serif`

func (s shape) svg(b *strings.Builder) {
	p, words := s.points, html.EscapeString(s.words)
	switch s.kind {
	case shapeBox:
		fmt.Fprintf(b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"><title>%s</title></rect>`, p[0], p[1], p[2], p[3], s.colour, words)
	case shapeDot:
		fmt.Fprintf(b, `<circle cx="%.1f" cy="%.1f" r="%d" fill="%s"><title>%s</title></circle>`, p[0], p[1], dotRadius, s.colour, words)
	case shapeLine:
		fmt.Fprintf(b, `<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="%s"/>`, p[0], p[1], p[2], p[3], s.colour)
	case shapeSteps:
		b.WriteString(`<polyline fill="none" stroke="` + s.colour + `" stroke-width="2" points="`)
		for i := 0; i < len(p); i += 2 {
			fmt.Fprintf(b, "%.1f,%.1f ", p[i], p[i+1])
		}
		b.WriteString(`"/>`)
	case shapeText:
		at := fmt.Sprintf(`x="%.1f" y="%.1f"`, p[0], p[1])
		if s.turned {
			at = fmt.Sprintf(`transform="translate(%.1f,%.1f) rotate(-%d)"`, p[0], p[1], turnedBy)
		}
		fill := ""
		if s.colour != "" {
			fill = ` fill="` + s.colour + `"`
		}
		fmt.Fprintf(b, `<text %s text-anchor="%s"%s>%s</text>`, at, s.anchor, fill, words)
	}
}
