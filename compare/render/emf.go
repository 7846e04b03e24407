package render

import (
	"encoding/binary"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
)

// The records of an enhanced metafile that a drawing needs, by their numbers in
// [MS-EMF] 2.1.1.
const (
	emfHeader       = 1
	emfPolyline     = 4
	emfWindowExt    = 9
	emfViewportExt  = 11
	emfEOF          = 14
	emfMapMode      = 17
	emfBkMode       = 18
	emfTextAlign    = 22
	emfTextColour   = 24
	emfSelect       = 37
	emfPen          = 38
	emfBrush        = 39
	emfDelete       = 40
	emfEllipse      = 42
	emfRectangle    = 43
	emfFont         = 82
	emfText         = 84
	emfNoPen        = 0x80000008
	emfAnisotropic  = 8
	emfTransparent  = 1
	emfCompatible   = 1
	emfBaseline     = 24
	emfCentre       = 6
	emfRight        = 2
	emfObject       = 3 // the one that is made, used and deleted
	emfPlain        = 1 // the font
	emfTurned       = 2 // the font of turned words
	emfScale        = 10
	emfFace         = "Microsoft YaHei"
	emfHeaderBytes  = 88
	emfDevice       = 1440 // pixels across the reference device, at 96 to the inch
	emfDeviceMicros = 381000
)

// emf is a metafile in the making.
type emf struct {
	b       []byte
	records uint32
}

// EMF is the drawing as an enhanced metafile, which word processors scale without
// loss and set with fonts of the reader's machine. The same drawing gives the same
// bytes.
func (c *Chart) EMF() []byte {
	m := &emf{b: make([]byte, emfHeaderBytes), records: 1}
	m.put(emfMapMode, emfAnisotropic)
	m.put(emfWindowExt, uint32(c.W*emfScale), uint32(c.H*emfScale))
	m.put(emfViewportExt, uint32(c.W), uint32(c.H))
	m.put(emfBkMode, emfTransparent)
	m.font(emfPlain, 0)
	m.font(emfTurned, turnedBy*10)
	for _, s := range c.shapes {
		m.shape(s)
	}
	m.put(emfDelete, emfPlain)
	m.put(emfDelete, emfTurned)
	m.put(emfEOF, 0, 16, 20)
	m.header(c.W, c.H)
	return m.b
}

// header fills the place that was kept at the start.
func (m *emf) header(w, h int) {
	var head []byte
	for _, v := range []uint32{emfHeader, emfHeaderBytes, 0, 0, uint32(w), uint32(h), 0, 0, uint32(w * 2540 / 96), uint32(h * 2540 / 96),
		0x464d4520, 0x10000, uint32(len(m.b)), m.records, emfObject + 1, 0, 0, 0, emfDevice, emfDevice, emfDeviceMicros / 1000, emfDeviceMicros / 1000} {
		head = binary.LittleEndian.AppendUint32(head, v)
	}
	copy(m.b, head)
}

func (m *emf) put(kind uint32, values ...uint32) {
	m.b = binary.LittleEndian.AppendUint32(m.b, kind)
	m.b = binary.LittleEndian.AppendUint32(m.b, uint32(8+4*len(values)))
	for _, v := range values {
		m.b = binary.LittleEndian.AppendUint32(m.b, v)
	}
	m.records++
}

// font makes a font whose words rise by tenths of a degree.
func (m *emf) font(object, tenths uint32) {
	v := make([]uint32, 1+80) // the object, and EXTLOGFONTW of 320 bytes
	height := int32(-fontSize * emfScale)
	v[0], v[1], v[3], v[4], v[5] = object, uint32(height), tenths, tenths, 400
	face := append(utf16.Encode([]rune(emfFace)), 0, 0)
	for i := 0; i+1 < len(face); i += 2 {
		v[8+i/2] = uint32(face[i]) | uint32(face[i+1])<<16
	}
	m.put(emfFont, v...)
}

func emfAt(v float64) uint32 { return uint32(int32(math.Round(v * emfScale))) }

// emfColour is #rrggbb as 0x00bbggrr.
func emfColour(hex string) uint32 {
	if hex == "" {
		hex = ink
	}
	if len(hex) == len("#fff") {
		hex = "#" + strings.Repeat(hex[1:2], 2) + strings.Repeat(hex[2:3], 2) + strings.Repeat(hex[3:], 2)
	}
	n, err := strconv.ParseUint(strings.TrimPrefix(hex, "#"), 16, 24)
	if err != nil {
		return 0
	}
	return uint32(n>>16&0xff | n&0xff00 | n&0xff<<16)
}

func (m *emf) shape(s shape) {
	p := s.points
	switch s.kind {
	case shapeBox:
		m.filled(emfRectangle, s.colour, p[0], p[1], p[0]+p[2], p[1]+p[3])
	case shapeDot:
		m.filled(emfEllipse, s.colour, p[0]-dotRadius, p[1]-dotRadius, p[0]+dotRadius, p[1]+dotRadius)
	case shapeLine:
		m.stroke(s.colour, 1, p)
	case shapeSteps:
		m.stroke(s.colour, 2, p)
	case shapeText:
		m.words(s)
	}
}

func (m *emf) filled(kind uint32, colour string, x1, y1, x2, y2 float64) {
	m.put(emfBrush, emfObject, 0, emfColour(colour), 0)
	m.put(emfSelect, emfObject)
	m.put(emfSelect, emfNoPen)
	m.put(kind, emfAt(x1), emfAt(y1), emfAt(x2), emfAt(y2))
	m.put(emfDelete, emfObject)
}

func (m *emf) stroke(colour string, width int, points []float64) {
	m.put(emfPen, emfObject, 0, uint32(width*emfScale), 0, emfColour(colour))
	m.put(emfSelect, emfObject)
	v := []uint32{0, 0, 0, 0, uint32(len(points) / 2)}
	for _, p := range points {
		v = append(v, emfAt(p))
	}
	m.put(emfPolyline, v...)
	m.put(emfDelete, emfObject)
}

func (m *emf) words(s shape) {
	units := utf16.Encode([]rune(s.words))
	if len(units) == 0 {
		return
	}
	align := map[string]uint32{"middle": emfCentre, "end": emfRight}[s.anchor]
	object := uint32(emfPlain)
	if s.turned {
		object = emfTurned
	}
	m.put(emfSelect, object)
	m.put(emfTextAlign, emfBaseline|align)
	m.put(emfTextColour, emfColour(s.colour))
	const fixed = 76 // bytes of the record before the words
	text := make([]uint32, (len(units)+1)/2)
	for i, u := range units {
		text[i/2] |= uint32(u) << (16 * (i % 2))
	}
	one := math.Float32bits(1)
	v := []uint32{0, 0, 0, 0, emfCompatible, one, one, emfAt(s.points[0]), emfAt(s.points[1]), uint32(len(units)), fixed, 0, 0, 0, 0, 0, uint32(fixed + 4*len(text))}
	v = append(v, text...)
	for _, u := range units {
		v = append(v, emfAdvance(rune(u)))
	}
	m.put(emfText, v...)
}

// emfAdvance is how far a character moves the pen: a square for Chinese, and about
// what the common sans serif fonts take for the rest.
func emfAdvance(r rune) uint32 {
	part := 0.56
	switch {
	case r >= 0x2e80:
		part = 1
	case strings.ContainsRune("iljtf.,:;'|!() []", r):
		part = 0.3
	case strings.ContainsRune("mwMW%", r):
		part = 0.85
	case r >= 'A' && r <= 'Z':
		part = 0.66
	}
	return uint32(part * fontSize * emfScale)
}
