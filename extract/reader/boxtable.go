package reader

import (
	"slices"
	"strings"
	"unicode/utf8"

	"tuogou/corpus"
)

// Older databases keep tables as characters that draw them:
//
//	┌────┬────┐
//	│工作任│责任单│
//	│务   │位   │
//	├────┼────┤
//	│清查资│市财政│
//	│产   │局   │
//	└────┴────┘

const (
	boxTop    = "┌┏╔"
	boxBottom = "└┗╚"
	boxSides  = "│┃║|┬┐├┼┤┴┘┳┓┣╋┫┻┛╦╗╠╬╣╩╝" + boxTop + boxBottom
	boxRules  = "─━═"
)

// maxBox is how many lines a drawn table has at most.
const maxBox = 3000

// boxCell is a cell of a drawn table, with its words from all its lines.
type boxCell struct {
	g              []glyph
	row, rows, col int
}

// boxTable reads the drawn table whose top is the line at offset at, and gives the
// offset behind it. It is false where none stands there, or one whose lines do not
// have the same columns.
func boxTable(input string, at int) ([]boxCell, int, bool) {
	if r, _ := utf8.DecodeRuneInString(strings.TrimLeft(input[at:min(len(input), at+80)], " \t\u3000")); !strings.ContainsRune(boxTop, r) {
		return nil, at, false
	}
	var out []boxCell
	var open []boxCell // by column
	row := 0
	for range maxBox {
		if at == len(input) {
			return nil, at, false
		}
		end := at + strings.IndexByte(input[at:], '\n')
		if end < at {
			end = len(input)
		}
		parts, edge := boxParts(input, at, end)
		at = min(end+1, len(input))
		if open == nil {
			open = make([]boxCell, len(parts))
		}
		if len(parts) == 0 || len(parts) != len(open) {
			return nil, at, false
		}
		if slices.ContainsFunc(parts, isRule) {
			row++
		}
		for c, p := range parts {
			if !isRule(p) {
				open[c].g = append(open[c].g, trim(p)...)
				continue
			}
			if len(open[c].g) > 0 {
				open[c].rows = row - open[c].row
				out = append(out, open[c])
			}
			open[c] = boxCell{row: row, col: c + 1}
		}
		if strings.ContainsRune(boxBottom, edge) {
			break
		}
	}
	slices.SortStableFunc(out, func(a, b boxCell) int {
		if a.row != b.row {
			return a.row - b.row
		}
		return a.col - b.col
	})
	return out, at, len(out) > 0
}

// boxParts are the parts of a line of a drawn table between its sides, and the side
// that it begins with.
func boxParts(input string, at, end int) (parts [][]glyph, edge rune) {
	part := []glyph{}
	for at < end {
		r, n := utf8.DecodeRuneInString(input[at:end])
		switch {
		case !strings.ContainsRune(boxSides, r):
			part = append(part, glyph{r, int32(at), int32(n)})
		case edge == 0:
			edge, part = r, []glyph{}
		default:
			parts, part = append(parts, part), []glyph{}
		}
		at += n
	}
	return parts, edge
}

// isRule reports whether a part is drawn: the end of the cell above it.
func isRule(p []glyph) bool {
	return len(p) > 0 && !slices.ContainsFunc(p, func(g glyph) bool { return !strings.ContainsRune(boxRules, g.r) })
}

// boxLines writes the cells of a drawn table, one a line.
func (b *builder) boxLines(lines []line, cells []boxCell, c *cleaner) []line {
	table := firstFlat + len(lines)
	for _, cell := range cells {
		g, noise := c.clean(cell.g)
		b.count(noise)
		if g = trim(g); len(g) == 0 {
			continue
		}
		b.line()
		out := line{span: b.write(g), n: len(g), kind: corpus.BlockCell}
		out.blocks = []corpus.Block{{Span: out.span, Kind: corpus.BlockCell, Table: table, Row: cell.row, Col: cell.col, Rows: several(cell.rows)}}
		lines = append(lines, out)
	}
	return lines
}
