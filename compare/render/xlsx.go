package render

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// WriteXLSX writes tables as the sheets of a workbook: the first row frozen and with
// a filter, addresses as links. A cell that begins like a formula is neutralised as
// in [WriteCSV]: it would become one when the sheet is saved as text.
func WriteXLSX(w io.Writer, sheets []Grid) error {
	var types, rels, list strings.Builder
	var parts []part
	for i, g := range sheets {
		n := i + 1
		fmt.Fprintf(&types, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`, n)
		fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet%d.xml"/>`, n, n)
		fmt.Fprintf(&list, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, xmlText(sheetName(g.ID)), n, n)
		sheet, links := worksheet(g)
		parts = append(parts, part{fmt.Sprintf("xl/worksheets/sheet%d.xml", n), sheet})
		if links != "" {
			parts = append(parts, part{fmt.Sprintf("xl/worksheets/_rels/sheet%d.xml.rels", n), links})
		}
	}
	n := len(sheets) + 1
	fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>`, n)
	head := []part{
		{"[Content_Types].xml", xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>` + types.String() + `</Types>`},
		{"_rels/.rels", xmlHead + relsOf(`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>`)},
		{"xl/workbook.xml", xmlHead + `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>` + list.String() + `</sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", xmlHead + relsOf(rels.String())},
		{"xl/styles.xml", xmlHead + sheetStyles},
	}
	return writeZip(w, append(head, parts...))
}

func relsOf(s string) string {
	return `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + s + `</Relationships>`
}

// sheetStyles: 0 plain, 1 head, 2 wrapped, 3 link; then one for each verdict, and 8 for days.
const sheetStyles = `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/></numFmts><fonts count="3"><font><sz val="11"/><name val="Noto Sans CJK SC"/></font><font><b/><sz val="11"/><name val="Noto Sans CJK SC"/></font><font><u/><sz val="11"/><color rgb="FF0B5394"/><name val="Noto Sans CJK SC"/></font></fonts><fills count="7"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFF5F7F9"/></patternFill></fill><fill><patternFill patternType="solid"><fgColor rgb="FFDCE9F3"/></patternFill></fill><fill><patternFill patternType="solid"><fgColor rgb="FFFBEBC8"/></patternFill></fill><fill><patternFill patternType="solid"><fgColor rgb="FFF6D9D7"/></patternFill></fill><fill><patternFill patternType="solid"><fgColor rgb="FFDDEEDB"/></patternFill></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="9"><xf xfId="0"/><xf xfId="0" fontId="1" fillId="2" applyFont="1" applyFill="1"/><xf xfId="0" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf><xf xfId="0" fontId="2" applyFont="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf><xf xfId="0" fillId="3" applyFill="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf><xf xfId="0" fillId="4" applyFill="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf><xf xfId="0" fillId="5" applyFill="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf><xf xfId="0" fillId="6" applyFill="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf><xf xfId="0" numFmtId="164" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top"/></xf></cellXfs></styleSheet>`

// ClassDay is the class of a field that holds a day (YYYY-MM-DD): a workbook keeps it
// as a date that can be counted with.
const ClassDay = "day"

// dayNumber is a day as Excel counts it, from the end of 1899; it begins its days in
// March 1900, after the 29 February that there was not.
func dayNumber(s string) (int, bool) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1901 {
		return 0, false
	}
	return int(t.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24), true
}

func sheetStyle(class string) int {
	switch class {
	case "copied", "kept", "reworded", "found":
		return 4
	case "changed", "delegated", "cited":
		return 5
	case "missing", "nothing", "failed", "source_down":
		return 6
	case "added":
		return 7
	}
	return 2
}

// sheetName is at most 31 characters without the signs that Excel forbids.
func sheetName(id string) string { return short(id, 30) }

// mostCellChars is Excel's limit for one cell.
const mostCellChars = 32767

// sheetColumn is the width of a column in characters; a Chinese one is two.
const sheetColumn = 24

// rowHeight is that of a row with all lines of its cells, in points: LibreOffice shows
// the first line only where it is left open. At most what Excel allows.
func rowHeight(cells []Field) int {
	const line, most = 16, 409
	lines := 1
	for _, f := range cells {
		n := 0
		for _, l := range strings.Split(f.Text, "\n") {
			n += 1 + max(0, Width(l)-1)/sheetColumn
		}
		lines = max(lines, n)
	}
	return min(line*lines, most)
}

func worksheet(g Grid) (sheet, links string) {
	var rows, hyper, rels strings.Builder
	n := 0
	line := func(at int, cells []Field, head bool) {
		fmt.Fprintf(&rows, `<row r="%d" ht="%d" customHeight="1">`, at, rowHeight(cells))
		for i, f := range cells {
			ref := column(i) + fmt.Sprint(at)
			style := sheetStyle(f.Class)
			if head {
				style = 1
			}
			if u := LinkURL(f.Text); u != "" && !head {
				n++
				style = 3
				fmt.Fprintf(&hyper, `<hyperlink ref="%s" r:id="rId%d"/>`, ref, n)
				fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" Target="%s" TargetMode="External"/>`, n, xmlText(u))
			}
			if n, ok := dayNumber(f.Text); ok && f.Class == ClassDay && !head {
				fmt.Fprintf(&rows, `<c r="%s" s="8"><v>%d</v></c>`, ref, n)
				continue
			}
			text := guard(f.Text)
			if utf8.RuneCountInString(text) > mostCellChars {
				text = short(text, mostCellChars-1)
			}
			fmt.Fprintf(&rows, `<c r="%s" s="%d" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, ref, style, xmlText(text))
		}
		rows.WriteString("</row>")
	}
	line(1, words(g.Head...), true)
	for i, r := range g.Rows {
		line(i+2, r, false)
	}
	var b strings.Builder
	b.WriteString(xmlHead + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>`)
	for i := range g.Head {
		fmt.Fprintf(&b, `<col min="%d" max="%d" width="%d" customWidth="1"/>`, i+1, i+1, sheetColumn)
	}
	b.WriteString(`</cols><sheetData>` + rows.String() + `</sheetData>`)
	fmt.Fprintf(&b, `<autoFilter ref="A1:%s%d"/>`, column(len(g.Head)-1), len(g.Rows)+1)
	if n > 0 {
		b.WriteString(`<hyperlinks>` + hyper.String() + `</hyperlinks>`)
		links = xmlHead + relsOf(rels.String())
	}
	return b.String() + `</worksheet>`, links
}

// column is the name of the i-th column: A, Z, AA.
func column(i int) string {
	if i < 26 {
		return string(rune('A' + i))
	}
	return column(i/26-1) + string(rune('A'+i%26))
}

// Sheets are the tables of the workbook: matrix, provisions, deadlines, duties,
// evidence, then the rest.
func (s *Study) Sheets(o Options) []Grid {
	grids := s.Grids(o)
	byID := map[string]Grid{}
	for _, g := range grids {
		byID[g.ID] = g
	}
	out := []Grid{byID["matrix"], s.provisions(o)}
	for _, id := range []string{"deadlines", "duties"} {
		if g, ok := byID[id]; ok {
			out = append(out, g)
		}
	}
	out = append(out, s.evidence(o))
	for _, g := range grids {
		if g.ID != "matrix" && g.ID != "deadlines" && g.ID != "duties" {
			out = append(out, g)
		}
	}
	return out
}

// provisions is the matrix as a long table: one line for each cell.
func (s *Study) provisions(o Options) Grid {
	g := Grid{ID: "provisions", Title: o.label("study.provisions"),
		Head: o.heads("topic_id", "topic", "clauses", "code", "place", "verdict", "reproduced", "change", "here", "there", "doc", "url", "notes")}
	for _, r := range s.Rows {
		for i, c := range r.Cells {
			p := s.Places[i]
			doc, url := "", ""
			if p.Document != nil {
				doc, url = string(p.Document.ID), p.Document.URL
			}
			row := words(r.Topic.ID, o.topic(r.Topic), string(r.Clause), c.Place, o.place(p.Place), string(c.Verdict), decimal(c.Reproduced),
				strings.Join(mapped(c.Changes, o.change), "; "), quotes(c.Here), quotes(c.There), doc, url, o.why(c.Why))
			row[5].Class, row[8].Here, row[9].There = string(c.Verdict), c.Here, c.There
			g.add(row...)
		}
	}
	return g
}

func decimal(v *float64) string {
	if v == nil {
		return ""
	}
	return fmt.Sprintf("%.4f", *v)
}

// evidence is every sentence that a cell of the matrix rests on, once.
func (s *Study) evidence(o Options) Grid {
	g := Grid{ID: "evidence", Title: o.label("study.evidence"), Head: o.heads("doc", "document", "chars", "quote", "url")}
	seen := map[noteKey]bool{}
	add := func(list []Field) {
		for _, f := range list {
			for _, c := range f.Here {
				key := noteKey{c.Doc, c.Chars}
				if c.Quote == "" || seen[key] {
					continue
				}
				seen[key] = true
				d := s.document(c.Doc)
				g.add(words(string(c.Doc), d.Title, charRange(c), oneLine(c.Quote), d.URL)...)
			}
		}
	}
	for _, grid := range s.Grids(o) {
		for _, r := range grid.Rows {
			for _, f := range r {
				add([]Field{{Here: f.Here}, {Here: f.There}})
			}
		}
	}
	return g
}
