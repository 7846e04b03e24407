package reader

import (
	"strings"
	"unicode/utf8"

	"tuogou/corpus"
)

// A copy may keep the rows of a table as lines, with blanks or bars between its
// cells:
//
//	序号 工 作 任 务 责任单位
//	1 清查资产 示例市财政局
//
// A head that names a column of those in charge and two rows below it are needed
// before lines are believed to be a table.

// column is one column of such a table.
type column struct {
	free bool // its cells may hold blanks
}

// maxRowGap is how many lines may stand between two rows: the rest of a cell that was
// broken over lines, which stays a paragraph.
const maxRowGap = 3

// firstFlat is above the numbers that tables of a page have while it is read.
const firstFlat = 1 << 20

// flatTables makes cells of the lines of flattened tables.
func (r *Reader) flatTables(body string, lines []line) {
	for i := 0; i < len(lines); i++ {
		head, ok := r.flatHead(body, lines[i])
		if !ok {
			continue
		}
		rows := r.flatRows(body, lines, i, head)
		if len(rows) < 3 {
			continue
		}
		table := firstFlat + i
		for k, row := range rows {
			l := &lines[row.line]
			l.kind, l.blocks = corpus.BlockCell, nil
			for c, s := range row.cells {
				l.blocks = append(l.blocks, corpus.Block{Span: corpus.Span{Start: l.span.Start + s.Start, End: l.span.Start + s.End},
					Kind: corpus.BlockCell, Table: table, Row: k + 1, Col: c + 1})
			}
			i = row.line
		}
	}
}

// flatRow is a line with its cells, as offsets into it.
type flatRow struct {
	line  int
	cells []corpus.Span
}

// flatHead are the cells of a line that is the head of a table.
func (r *Reader) flatHead(body string, l line) ([]corpus.Span, bool) {
	if l.kind != corpus.BlockPara || l.blocks != nil || l.n > 80 {
		return nil, false
	}
	s := l.in(body)
	if !r.page.Table.InCharge.MatchString(s) {
		return nil, false
	}
	cells := cellsOf(s)
	if !hasBars(s) {
		cells = r.wholeHeads(s, cells)
	}
	charge := 0
	for _, c := range cells {
		head := withoutSpaces(c.In(s))
		if !r.page.Table.Head.MatchString(head) {
			return nil, false
		}
		if r.page.Table.InCharge.MatchString(head) {
			charge++
		}
	}
	return cells, charge > 0 && len(cells) > 1 && (len(cells) > 2 || !r.page.Table.Number.MatchString(withoutSpaces(cells[0].In(s))))
}

// wholeHeads joins the characters of heads that stand apart ("序 号 工 作 任 务 责任单位"), and
// parts the number from a head that cleaning has joined with it ("序号工作任务").
func (r *Reader) wholeHeads(s string, words []corpus.Span) []corpus.Span {
	var out []corpus.Span
	if w := words[0].In(s); len(w) > len("序号") && !r.page.Table.Head.MatchString(w) && r.page.Table.Number.MatchString(w[:len("序号")]) {
		cut := words[0].Start + len("序号")
		words = append([]corpus.Span{{Start: words[0].Start, End: cut}, {Start: cut, End: words[0].End}}, words[1:]...)
	}
	for i := 0; i < len(words); {
		n := 1
		for k := min(len(words), i+6); k > i+1; k-- { // the longest that is a head
			span := corpus.Span{Start: words[i].Start, End: words[k-1].End}
			if whole := withoutSpaces(span.In(s)); utf8.RuneCountInString(whole) <= 8 && r.page.Table.Head.MatchString(whole) && !r.page.Table.Head.MatchString(words[i].In(s)) {
				n = k - i
				break
			}
		}
		out = append(out, corpus.Span{Start: words[i].Start, End: words[i+n-1].End})
		i += n
	}
	return out
}

// flatRows are the head in line at and the rows below it.
func (r *Reader) flatRows(body string, lines []line, at int, head []corpus.Span) []flatRow {
	s := lines[at].in(body)
	numbered := r.page.Table.Number.MatchString(withoutSpaces(head[0].In(s)))
	cols := make([]column, len(head))
	free := 0
	for c, h := range head {
		if c > 0 || !numbered {
			cols[c].free = r.page.Table.Task.MatchString(withoutSpaces(h.In(s)))
		}
		if cols[c].free {
			free++
		}
	}
	if free > 1 { // nobody can tell where the one ends
		for c := range cols {
			cols[c].free = false
		}
	}
	rows := []flatRow{{at, head}}
	last, gap := 0, 0
	for i := at + 1; i < len(lines) && gap <= maxRowGap; i++ {
		l := lines[i]
		text := l.in(body)
		if l.kind != corpus.BlockPara || l.blocks != nil || l.n > maxCueLine {
			break
		}
		number, cells := 0, cellsOf(text)
		if numbered {
			number, cells = numberedCells(text, cells)
			if number == 0 || number != last+1 && len(rows) > 1 {
				gap++
				continue
			}
			last = number // the next is looked for, whether or not this one can be read
		}
		if cells = fit(text, cells, cols); cells == nil || !r.inCharge(text, cells, head, s) {
			gap++
			continue
		}
		gap, rows = 0, append(rows, flatRow{i, cells})
	}
	return rows
}

// inCharge reports whether the cells under a head of those in charge look like organs.
func (r *Reader) inCharge(text string, cells, head []corpus.Span, heads string) bool {
	for c := range cells {
		if r.page.Table.InCharge.MatchString(withoutSpaces(head[c].In(heads))) && !r.page.Table.Organs.MatchString(withoutSpaces(cells[c].In(text))) {
			return false
		}
	}
	return true
}

// numberedCells parts the number that a row begins with from a cell it is glued to:
// "1.清查资产". It is 0 where none stands there.
func numberedCells(s string, cells []corpus.Span) (int, []corpus.Span) {
	if len(cells) == 0 {
		return 0, nil
	}
	first := cells[0]
	n, i := 0, 0
	for w := first.In(s); i < len(w) && i < 3 && w[i] >= '0' && w[i] <= '9'; i++ {
		n = 10*n + int(w[i]-'0')
	}
	end := first.Start + i
	rest := strings.TrimLeft(s[end:first.End], ".、．")
	switch {
	case n == 0 || rest != "" && len(rest) == first.End-end: // 1000万人
		return 0, nil
	case rest == "":
		return n, cells
	}
	return n, append([]corpus.Span{{Start: first.Start, End: end}, {Start: first.End - len(rest), End: first.End}}, cells[1:]...)
}

// fit gives each column its cell, the free one all words that are too many; nil where
// the words do not fit. Of several words under the last head those that are short
// belong to it only where there is no free column.
func fit(s string, words []corpus.Span, cols []column) []corpus.Span {
	more := len(words) - len(cols)
	if more < 0 {
		return nil
	}
	out := make([]corpus.Span, 0, len(cols))
	k := 0
	for _, c := range cols {
		n := 1
		if c.free && !hasBars(s) {
			n, more = n+more, 0
		}
		out = append(out, corpus.Span{Start: words[k].Start, End: words[k+n-1].End})
		k += n
	}
	if more > 0 {
		return nil
	}
	return out
}

func hasBars(s string) bool { return strings.Count(s, "|")+strings.Count(s, "｜") > 1 }

// cellsOf cuts a line at its bars, or at its blanks where it has none.
func cellsOf(s string) []corpus.Span {
	cut := func(r rune) bool { return isBlank(r) }
	if hasBars(s) {
		cut = func(r rune) bool { return r == '|' || r == '｜' }
	}
	var out []corpus.Span
	at := 0
	for _, w := range strings.FieldsFunc(s, cut) {
		i := at + strings.Index(s[at:], w)
		at = i + len(w)
		w, i = strings.TrimRight(w, " \u3000"), i+len(w)-len(strings.TrimLeft(w, " \u3000"))
		if w = strings.TrimLeft(w, " \u3000"); w != "" {
			out = append(out, corpus.Span{Start: i, End: i + len(w)})
		}
	}
	return out
}

func withoutSpaces(s string) string {
	return strings.Map(func(r rune) rune {
		if isBlank(r) {
			return -1
		}
		return r
	}, s)
}
