package pdf

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"strings"
	"unicode/utf16"
)

// maker writes small PDF files by hand, for what no program makes.
type maker struct{ objs []string }

func (m *maker) add(s string) int {
	m.objs = append(m.objs, s)
	return len(m.objs)
}

func (m *maker) stream(dict, data string) int {
	return m.add(fmt.Sprintf("<<%s/Length %d>>stream\n%s\nendstream", dict, len(data), data))
}

func deflated(s string) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = w.Write([]byte(s))
	_ = w.Close()
	return b.String()
}

// file writes the objects with a table of their places. root is the catalogue.
func (m *maker) file(root int) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.5\n")
	at := make([]int, len(m.objs))
	for i, o := range m.objs {
		at[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	x := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, o := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, root, x)
	return b.Bytes()
}

// pages writes a file of pages with the given contents and one font.
func pages(font func(m *maker) int, box string, contents ...string) []byte {
	m := &maker{}
	f := font(m)
	tree := len(m.objs) + 2*len(contents) + 1
	var kids []string
	for _, c := range contents {
		s := m.stream("", c)
		p := m.add(fmt.Sprintf("<</Type/Page/Parent %d 0 R/MediaBox[%s]/Contents %d 0 R/Resources<</Font<</F %d 0 R>>>>>>", tree, box, s, f))
		kids = append(kids, fmt.Sprintf("%d 0 R", p))
	}
	m.add(fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", len(kids), strings.Join(kids, " ")))
	return m.file(m.add(fmt.Sprintf("<</Type/Catalog/Pages %d 0 R>>", tree)))
}

const a4Box = "0 0 595 842"

// notEmbedded is a font that the file only names, as old programs did.
func notEmbedded(cmap string) func(*maker) int {
	return func(m *maker) int {
		d := m.add("<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>")
		c := m.add(fmt.Sprintf("<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/FontDescriptor %d 0 R/DW 1000>>", d))
		return m.add(fmt.Sprintf("<</Type/Font/Subtype/Type0/BaseFont/STSong-Light-%s/Encoding/%s/DescendantFonts[%d 0 R]>>", cmap, cmap, c))
	}
}

// noMap is a font of which nothing says which characters its codes are.
func noMap(m *maker) int {
	d := m.add("<</Type/FontDescriptor/FontName/ABCDEF+Song/Flags 4/FontBBox[0 -200 1000 880]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>")
	c := m.add(fmt.Sprintf("<</Type/Font/Subtype/CIDFontType2/BaseFont/ABCDEF+Song/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor %d 0 R/DW 1000>>", d))
	return m.add(fmt.Sprintf("<</Type/Font/Subtype/Type0/BaseFont/ABCDEF+Song/Encoding/Identity-H/DescendantFonts[%d 0 R]>>", c))
}

// helvetica is one of the fonts that every reader has.
func helvetica(m *maker) int {
	return m.add("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
}

// at sets text at a place, in UTF-16 codes.
func at(x, y, size float64, s string) string {
	var hex strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&hex, "%04X", u)
	}
	return fmt.Sprintf("BT /F %g Tf 1 0 0 1 %g %g Tm <%s> Tj ET\n", size, x, y, hex.String())
}

// latin sets text in one-byte codes.
func latin(x, y, size float64, s string) string {
	return fmt.Sprintf("BT /F %g Tf 1 0 0 1 %g %g Tm (%s) Tj ET\n", size, x, y, s)
}
