package office

import (
	"slices"

	"tuogou/extract/reader/flow"
)

// docTable is a table of a DOC that is being read. The text gives cell after
// cell; where they stand the mark at the end of each row says.
type docTable struct {
	cell  []flow.Line
	cells [][]flow.Line
	rows  []docRow
}

type docRow struct {
	cells [][]flow.Line
	edges []int // left edge of each cell and the right one of the last, in twentieths of a point
	flags []int // of each cell
}

// Flags of a cell.
const (
	cellFirst   = 0x01 // first of cells merged side by side
	cellMerged  = 0x02 // goes on with the one to its left
	cellVert    = 0x20 // merged with the one above or below
	cellRestart = 0x40 // the uppermost of those
)

func (t *docTable) endCell() {
	if len(t.cell) == 0 {
		t.cell = []flow.Line{{}}
	}
	t.cells = append(t.cells, t.cell)
	t.cell = nil
}

// endRow ends a row with what its mark says.
func (t *docTable) endRow(s shape) {
	r := docRow{cells: t.cells}
	t.cells, t.cell = nil, nil
	n := s.table.u8(0)
	if n > 0 && n <= 63 && len(s.table) >= 1+2*(n+1) {
		for i := range n + 1 {
			r.edges = append(r.edges, s.table.i16(1+2*i))
		}
		for i := range n {
			flags := s.table.u16(1 + 2*(n+1) + 20*i)
			switch s.vert[i] {
			case 1:
				flags |= cellVert
			case 3:
				flags |= cellVert | cellRestart
			}
			r.flags = append(r.flags, flags)
		}
	}
	t.rows = append(t.rows, r)
}

// finish gives every cell its place and returns all lines.
func (t *docTable) finish(number int) []flow.Line {
	if len(t.cells) > 0 || len(t.cell) > 0 { // a row without its end, in a damaged file
		if len(t.cell) > 0 {
			t.endCell()
		}
		t.endRow(shape{})
	}
	grid := t.grid()
	var out []flow.Line
	open := map[int][]int{} // by column: lines of the cell that goes on below
	for r, row := range t.rows {
		var last []int
		for i, lines := range row.cells {
			col, span, flags := row.place(i, grid)
			if above := open[col]; flags&cellVert != 0 && flags&cellRestart == 0 && above != nil {
				for _, k := range above {
					out[k].Rows = r + 2 - out[k].Row
				}
				last = above
				continue
			}
			if flags&cellMerged != 0 && flags&cellFirst == 0 && last != nil {
				for _, k := range last {
					out[k].Cols = max(out[k].Cols, 1) + span
				}
				continue
			}
			last = nil
			for _, l := range lines {
				if l.Table == 0 {
					l.Kind, l.Table, l.Row, l.Col = flow.Cell, number, r+1, col
					if span > 1 {
						l.Cols = span
					}
					last = append(last, len(out))
				}
				out = append(out, l)
			}
			delete(open, col)
			if flags&cellVert != 0 {
				open[col] = last
			}
		}
	}
	return out
}

// place is the column a cell of a row begins in, from 1, and how many it covers.
func (r docRow) place(i int, grid []int) (col, span, flags int) {
	if i+1 >= len(r.edges) {
		return i + 1, 1, 0
	}
	from, to := nearest(grid, r.edges[i]), nearest(grid, r.edges[i+1])
	return from + 1, max(to-from, 1), r.flags[i]
}

// grid is the edges of all rows from left to right, each once. Rows that a person
// dragged differ by a hair.
func (t *docTable) grid() []int {
	var all []int
	for _, r := range t.rows {
		all = append(all, r.edges...)
	}
	slices.Sort(all)
	var out []int
	for _, e := range all {
		if len(out) == 0 || e-out[len(out)-1] > hair {
			out = append(out, e)
		}
	}
	return out
}

// hair is how far edges that are meant to be one may lie apart: 2 mm.
const hair = 113

func nearest(grid []int, e int) int {
	i, found := slices.BinarySearch(grid, e)
	if found {
		return i
	}
	return max(i-1, 0)
}
