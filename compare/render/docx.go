package render

import (
	"fmt"
	"io"
	"strings"
)

// WriteDOCX writes a report for a word processor: headings, notes and tables, on
// landscape A4, with the charts as metafiles.
func WriteDOCX(w io.Writer, title string, grids []Grid) error {
	var b strings.Builder
	b.WriteString(xmlHead + `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><w:body>`)
	var pictures []part
	var rels strings.Builder
	paragraph(&b, "Title", title)
	for _, g := range grids {
		paragraph(&b, "Heading1", g.Title)
		for _, n := range g.Notes {
			paragraph(&b, "Note", n)
		}
		for _, c := range g.Charts {
			n := len(pictures) + 1
			name := fmt.Sprintf("media/chart%d.emf", n)
			pictures = append(pictures, part{"word/" + name, string(c.EMF())})
			fmt.Fprintf(&rels, `<Relationship Id="pic%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="%s"/>`, n, name)
			wordPicture(&b, c, n)
		}
		if len(g.Rows) > 0 {
			wordTable(&b, g)
		}
	}
	b.WriteString(`<w:sectPr><w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/><w:pgMar w:top="850" w:right="850" w:bottom="850" w:left="850" w:header="400" w:footer="400" w:gutter="0"/></w:sectPr></w:body></w:document>`)
	return writeZip(w, append([]part{
		{"[Content_Types].xml", xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="emf" ContentType="image/x-emf"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>`},
		{"_rels/.rels", xmlHead + relsOf(`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>`)},
		{"word/_rels/document.xml.rels", xmlHead + relsOf(`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>`+rels.String())},
		{"word/document.xml", b.String()},
		{"word/styles.xml", xmlHead + wordStyles},
	}, pictures...))
}

const wordStyles = `<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Noto Sans CJK SC" w:hAnsi="Noto Sans CJK SC" w:eastAsia="Noto Sans CJK SC"/><w:sz w:val="18"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style><w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Normal"/><w:rPr><w:b/><w:sz w:val="36"/></w:rPr></w:style><w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/><w:pPr><w:keepNext/><w:spacing w:before="280" w:after="80"/><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/><w:sz w:val="26"/></w:rPr></w:style><w:style w:type="paragraph" w:styleId="Note"><w:name w:val="Note"/><w:basedOn w:val="Normal"/><w:rPr><w:color w:val="56606B"/></w:rPr></w:style></w:styles>`

func paragraph(b *strings.Builder, style, text string) {
	fmt.Fprintf(b, `<w:p><w:pPr><w:pStyle w:val="%s"/></w:pPr>%s</w:p>`, style, run(text, false))
}

func run(text string, bold bool) string {
	var b strings.Builder
	b.WriteString("<w:r>")
	if bold {
		b.WriteString("<w:rPr><w:b/></w:rPr>")
	}
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			b.WriteString("<w:br/>")
		}
		b.WriteString(`<w:t xml:space="preserve">` + xmlText(line) + `</w:t>`)
	}
	return b.String() + "</w:r>"
}

// Room for a picture on a landscape A4 page, in pixels of 96 to the inch.
const mostPictureWide, mostPictureHigh = 1000.0, 520.0

// wordPicture places the n-th chart; its words for those who do not see it are its
// description.
func wordPicture(b *strings.Builder, c *Chart, n int) {
	const emu = 9525 // a pixel
	scale := min(1, mostPictureWide/float64(c.W), mostPictureHigh/float64(c.H))
	cx, cy := int(scale*float64(c.W)*emu), int(scale*float64(c.H)*emu)
	fmt.Fprintf(b, `<w:p><w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="%[1]d" cy="%[2]d"/><wp:docPr id="%[3]d" name="%[4]s" title="%[5]s" descr="%[6]s"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="%[3]d" name="%[4]s" descr="%[6]s"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="pic%[3]d"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="%[1]d" cy="%[2]d"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>`,
		cx, cy, n, c.ID, xmlText(c.Title), xmlText(c.Alt))
}

// pageWidth is what a landscape A4 page has between its margins, in twentieths of a
// point.
const pageWidth = 15138

func wordTable(b *strings.Builder, g Grid) {
	const borders = `<w:tblBorders><w:top w:val="single" w:sz="4" w:color="D8DDE3"/><w:left w:val="single" w:sz="4" w:color="D8DDE3"/><w:bottom w:val="single" w:sz="4" w:color="D8DDE3"/><w:right w:val="single" w:sz="4" w:color="D8DDE3"/><w:insideH w:val="single" w:sz="4" w:color="D8DDE3"/><w:insideV w:val="single" w:sz="4" w:color="D8DDE3"/></w:tblBorders>`
	widths := wordWidths(g)
	fmt.Fprintf(b, `<w:tbl><w:tblPr><w:tblW w:w="%d" w:type="dxa"/>%s<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>`, pageWidth, borders)
	for _, n := range widths {
		fmt.Fprintf(b, `<w:gridCol w:w="%d"/>`, n)
	}
	b.WriteString(`</w:tblGrid>`)
	line := func(cells []Field, head bool) {
		b.WriteString("<w:tr><w:trPr><w:cantSplit/>")
		if head {
			b.WriteString("<w:tblHeader/>")
		}
		b.WriteString("</w:trPr>")
		for i, f := range cells {
			fill := wordFill(f.Class)
			if head {
				fill = "F5F7F9"
			}
			fmt.Fprintf(b, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>`, widths[i])
			if fill != "" {
				fmt.Fprintf(b, `<w:shd w:val="clear" w:color="auto" w:fill="%s"/>`, fill)
			}
			b.WriteString(`</w:tcPr><w:p>` + run(f.Text, head) + `</w:p></w:tc>`)
		}
		b.WriteString("</w:tr>")
	}
	line(words(g.Head...), true)
	for _, r := range g.Rows {
		line(r, false)
	}
	b.WriteString("</w:tbl><w:p/>")
}

// wordWidths shares the page among the columns by how much they hold.
func wordWidths(g Grid) []int {
	weight := make([]int, len(g.Head))
	total := 0
	for i := range g.Head {
		most := Width(g.Head[i])
		for _, r := range g.Rows {
			most = max(most, Width(r[i].Text))
		}
		weight[i] = min(max(most, 6), 40)
		total += weight[i]
	}
	for i := range weight {
		weight[i] = weight[i] * pageWidth / max(total, 1)
	}
	return weight
}

func wordFill(class string) string {
	switch sheetStyle(class) {
	case 4:
		return "DCE9F3"
	case 5:
		return "FBEBC8"
	case 6:
		return "F6D9D7"
	case 7:
		return "DDEEDB"
	}
	return ""
}
