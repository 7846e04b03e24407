package office

import (
	"tuogou/extract/reader/flow"
)

// cell collects the lines of a cell. Lines of a table inside it have their place
// already.
type cell struct {
	lines     []flow.Line
	span      int
	above     bool // goes on with the cell above (vMerge)
	begins    bool // may go on below
	left      bool // goes on with the cell to its left (hMerge)
	table     int
	row, col  int
	firstLine int // index of its first line among the lines of the table
	lastLine  int
}

// table reads w:tbl.
func (w *docx) table() {
	outer, para := w.cell, w.para
	w.tables++
	number, row := w.tables, 0
	var lines []flow.Line
	open := map[int]*cell{} // by column: the cell that a merge goes on with
	w.rows(func() {
		row++
		col := 1
		var last *cell
		w.row(&col, func(c *cell) {
			c.row, c.col = row, col
			col += max(c.span, 1)
			switch {
			case c.left && last != nil:
				widen(lines, last, 0, c.span)
				last.span += c.span
				return
			case c.above && open[c.col] != nil:
				up := open[c.col]
				widen(lines, up, row-up.row+1, 0)
				last = up
				return
			}
			lines = w.place(lines, c, number)
			if last = c; c.begins {
				open[c.col] = c
			} else {
				delete(open, c.col)
			}
		})
	})
	w.cell, w.para = outer, para
	if w.cell == nil && w.kind != flow.Para {
		for i := range lines { // tables in notes and heads only arrange
			lines[i] = flow.Line{Kind: w.kind, Chars: lines[i].Chars, Stream: lines[i].Stream}
		}
	}
	w.emit(lines)
}

// rows calls f for each row of the table just started that is not deleted. The
// row is the element just started.
func (w *docx) rows(f func()) {
	var walk func(name string)
	walk = func(name string) {
		switch name {
		case "tr":
			f()
		case "sdt", "sdtContent", "customXml", "ins", "moveTo":
			w.mark(name)
			w.s.Each(walk)
		}
	}
	w.s.Each(walk)
}

// row reads w:tr and calls f for each of its cells; col is moved over what the
// row leaves out at its beginning.
func (w *docx) row(col *int, f func(*cell)) {
	deleted := false
	var walk func(name string)
	walk = func(name string) {
		switch name {
		case "trPr":
			w.s.Each(func(name string) {
				switch name {
				case "gridBefore":
					*col += bounded(w.s.Int("val", 0))
				case "del":
					deleted = true
					w.tracked()
				case "ins":
					w.tracked()
				}
			})
		case "tc":
			if !deleted {
				c := &cell{span: 1}
				w.readCell(c)
				f(c)
			}
		case "sdt", "sdtContent", "customXml":
			w.s.Each(walk)
		}
	}
	w.s.Each(walk)
}

// bounded keeps a number of columns sensible.
func bounded(n int) int { return min(max(n, 0), 1000) }

func (w *docx) readCell(c *cell) {
	w.cell, w.para = c, nil
	w.s.Each(func(name string) {
		if name != "tcPr" {
			w.block(name)
			return
		}
		w.s.Each(func(name string) {
			switch name {
			case "gridSpan":
				c.span = max(bounded(w.s.Int("val", 1)), 1)
			case "vMerge":
				c.above = w.s.Attr("val") != "restart"
				c.begins = !c.above
			case "hMerge":
				c.left = w.s.Attr("val") != "restart"
			}
		})
	})
	w.cell = nil
}

// place adds the lines of c with their place. A cell without text has one empty
// line, so that the table keeps its shape.
func (w *docx) place(lines []flow.Line, c *cell, table int) []flow.Line {
	if len(c.lines) == 0 {
		c.lines = []flow.Line{{Stream: w.stream}}
	}
	c.table, c.firstLine = table, len(lines)
	for _, l := range c.lines {
		if l.Table == 0 {
			l.Kind, l.Table, l.Row, l.Col = flow.Cell, table, c.row, c.col
			if c.span > 1 {
				l.Cols = c.span
			}
		}
		lines = append(lines, l)
	}
	c.lastLine = len(lines)
	c.lines = nil
	return lines
}

// widen makes a cell cover rows rows and cols more columns.
func widen(lines []flow.Line, c *cell, rows, cols int) {
	for i := c.firstLine; i < c.lastLine; i++ {
		l := &lines[i]
		if l.Table != c.table {
			continue // of a table inside
		}
		if rows > 0 {
			l.Rows = rows
		}
		if cols > 0 {
			l.Cols = max(l.Cols, 1) + cols
		}
	}
}
