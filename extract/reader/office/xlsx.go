package office

import (
	"strconv"
	"strings"

	"tuogou/extract/reader/flow"
	"tuogou/extract/reader/xmlscan"
)

// xlsx is a workbook that is being read. Cells are walked as they stand in the
// sheets, not through a library: each character keeps its place in the part that
// spells it, shared strings or the sheet.
type xlsx struct {
	*pack
	shared  [][]flow.Char
	strings int // stream of the shared strings
	formats formats
	cells   int
	full    bool
}

// readXLSX reads the workbook whose main part is named.
func (p *pack) readXLSX(main string) error {
	rels := p.rels(main)
	w := &xlsx{pack: p}
	if err := w.readShared(target(rels, "sharedStrings")); err != nil {
		return err
	}
	data, err := p.open(target(rels, "styles"))
	if err != nil {
		return err
	}
	w.formats = readFormats(data, p.limits.Nesting)
	book, err := p.open(main)
	if err != nil {
		return err
	}
	s := xmlscan.New(book, p.limits.Nesting)
	s.Root()
	s.Each(func(name string) {
		switch name {
		case "workbookPr":
			w.formats.from1904 = s.Attr("date1904") == "1" || s.Attr("date1904") == "true"
		case "sheets":
			s.Each(func(string) {
				if err == nil {
					err = w.sheet(s.Attr("name"), s.Attr("state"), rels[s.Attr("id")].target)
				}
			})
		}
	})
	if err != nil {
		return err
	}
	p.finished(s, main)
	p.props()
	p.embedded("xl/embeddings/")
	if len(p.doc.Lines) == 0 {
		p.problem("no_text", "the workbook is empty")
	}
	return nil
}

// readShared reads the strings that cells refer to by number.
func (w *xlsx) readShared(part string) error {
	data, err := w.open(part)
	if err != nil || data == nil {
		return err
	}
	w.strings = w.stream(part, data)
	s := xmlscan.New(data, w.limits.Nesting)
	s.Root()
	s.Each(func(name string) {
		if name == "si" && len(w.shared) < w.limits.Cells {
			w.shared = append(w.shared, stringItem(s))
		}
	})
	w.finished(s, part)
	return nil
}

// stringItem reads the text of an si or is: of its runs, without reading aids.
func stringItem(s *xmlscan.Scanner) []flow.Char {
	var out []flow.Char
	take := func(name string) {
		if name == "t" {
			s.Chars(func(c flow.Char) { out = append(out, c) })
		}
	}
	s.Each(func(name string) {
		if name == "r" {
			s.Each(take)
			return
		}
		take(name)
	})
	return out
}

// sheetCell is a cell with text.
type sheetCell struct {
	row, col int
	chars    []flow.Char
	stream   int
}

// sheet reads one sheet: its name as a paragraph, then a table.
func (w *xlsx) sheet(name, state, part string) error {
	if w.full || part == "" {
		return nil
	}
	data, err := w.open(part)
	if err != nil || data == nil {
		return err
	}
	if state == "hidden" || state == "veryHidden" {
		w.problem("hidden_sheet", "the workbook has hidden sheets ("+name+"), which were read: check whether they count")
	}
	stream := w.stream(part, data)
	s := xmlscan.New(data, w.limits.Nesting)
	var cells []sheetCell
	merged := map[[2]int][2]int{}
	s.Root()
	row := 0
	s.Each(func(kind string) {
		switch kind {
		case "sheetData":
			s.Each(func(string) {
				row = s.Int("r", row+1)
				if s.Attr("hidden") == "1" || s.Attr("hidden") == "true" {
					w.problem("hidden_rows", "sheet "+name+" has hidden rows, which were read: check whether they count")
				}
				cells = append(cells, w.row(s, row, stream)...)
			})
		case "mergeCells":
			s.Each(func(string) {
				from, to, ok := strings.Cut(s.Attr("ref"), ":")
				r, c := reference(from)
				r2, c2 := reference(to)
				if ok && r > 0 && c > 0 && r2 >= r && c2 >= c {
					merged[[2]int{r, c}] = [2]int{r2 - r + 1, c2 - c + 1}
				}
			})
		}
	})
	w.finished(s, part)
	w.place(name, cells, merged, stream)
	if w.ctx.Err() != nil {
		return flow.Errorf("too_slow", "reading took too long and was given up")
	}
	return nil
}

// row reads the cells of a row that have text.
func (w *xlsx) row(s *xmlscan.Scanner, row, stream int) []sheetCell {
	var out []sheetCell
	col := 0
	s.Each(func(name string) {
		if name != "c" || w.full {
			return
		}
		col++
		if _, c := reference(s.Attr("r")); c > 0 {
			col = c
		}
		if w.cells++; w.cells > w.limits.Cells {
			w.full = true
			w.problem("cells_left_out", "the workbook has more cells than the limit of "+strconv.Itoa(w.limits.Cells)+": the rest was not read")
			return
		}
		c := sheetCell{row: row, col: col, stream: stream}
		w.value(s, &c)
		if !blank(c.chars) {
			out = append(out, c)
		}
	})
	return out
}

// value reads what a cell shows. A formula shows the value it had when the file
// was saved.
func (w *xlsx) value(s *xmlscan.Scanner, c *sheetCell) {
	kind, style := s.Attr("t"), s.Int("s", 0)
	s.Each(func(name string) {
		switch name {
		case "is":
			c.chars = stringItem(s)
		case "v":
			var raw []flow.Char
			s.Chars(func(ch flow.Char) { raw = append(raw, ch) })
			w.show(c, kind, style, raw)
		}
	})
}

func (w *xlsx) show(c *sheetCell, kind string, style int, raw []flow.Char) {
	text := charText(raw)
	switch kind {
	case "s":
		if i, err := strconv.Atoi(text); err == nil && i >= 0 && i < len(w.shared) {
			c.chars, c.stream = w.shared[i], w.strings
		}
	case "b":
		c.chars = added(map[string]string{"1": "TRUE", "0": "FALSE"}[text])
	case "str", "inlineStr", "d", "e":
		c.chars = raw
	default:
		if shown := w.formats.show(text, style); shown != text {
			c.chars = added(shown)
		} else {
			c.chars = raw
		}
	}
}

func charText(chars []flow.Char) string {
	var out strings.Builder
	for _, c := range chars {
		out.WriteRune(c.R)
	}
	return out.String()
}

// place writes a sheet. Rows and columns in front of the first cell are not
// counted, rows without text are left out.
func (w *xlsx) place(name string, cells []sheetCell, merged map[[2]int][2]int, stream int) {
	if len(cells) == 0 {
		return
	}
	w.doc.Lines = append(w.doc.Lines, flow.Line{Kind: flow.Para, Chars: added(name), Stream: stream})
	table := 1
	for _, l := range w.doc.Lines {
		table = max(table, l.Table+1)
	}
	left := cells[0].col
	rank := map[int]int{} // rows with text, counted from 1
	for _, c := range cells {
		left = min(left, c.col)
		if rank[c.row] == 0 {
			rank[c.row] = len(rank) + 1
		}
	}
	for _, c := range cells {
		l := flow.Line{Kind: flow.Cell, Stream: c.stream, Table: table, Row: rank[c.row], Col: c.col - left + 1}
		if m, ok := merged[[2]int{c.row, c.col}]; ok {
			l.Rows, l.Cols = coveredRows(rank, c.row, m[0]), m[1]
			if l.Rows == 1 {
				l.Rows = 0
			}
			if l.Cols == 1 {
				l.Cols = 0
			}
		}
		l.Chars = c.chars
		w.doc.Lines = append(w.doc.Lines, l)
	}
}

// coveredRows is how many rows with text a merged cell covers.
func coveredRows(rank map[int]int, row, rows int) int {
	n := 0
	for i := range min(rows, len(rank)+1000) {
		if rank[row+i] > 0 {
			n++
		}
	}
	return max(n, 1)
}

// reference reads "AB12" into row and column, from 1; 0 where it is none.
func reference(s string) (row, col int) {
	i := 0
	for ; i < len(s) && i < 4 && s[i] >= 'A' && s[i] <= 'Z'; i++ {
		col = col*26 + int(s[i]-'A') + 1
	}
	row, err := strconv.Atoi(s[i:])
	if err != nil || row < 1 || row > 1<<20 || col > 1<<14 {
		return 0, 0
	}
	return row, col
}
