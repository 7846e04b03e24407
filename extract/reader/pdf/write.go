package pdf

import (
	"fmt"
	"slices"

	"tuogou/extract/reader/flow"
)

// writer turns what was laid out into the lines and streams of a document.
type writer struct {
	doc   *flow.Document
	pages []*page
}

func newWriter(doc *flow.Document, pages []*page) *writer {
	w := &writer{doc: doc, pages: pages}
	for _, p := range pages {
		doc.Streams = append(doc.Streams, flow.Stream{
			Name: fmt.Sprintf("page %d", p.num), Page: p.num, Coding: flow.UTF8, Data: p.text,
		})
	}
	return w
}

// write writes page after page: what runs at the top, the parts that begin on
// the page, what runs at the foot.
func (w *writer) write(parts []*part, sheets []*sheet) {
	for _, s := range sheets {
		w.running(s, true)
		for len(parts) > 0 && parts[0].page <= s.num {
			w.part(parts[0])
			parts = parts[1:]
		}
		w.running(s, false)
	}
}

func (w *writer) running(s *sheet, top bool) {
	for _, r := range s.running {
		if (r.base < s.h/2) == top {
			w.line(flow.Line{Kind: flow.Running}, []*row{r})
		}
	}
	if top || len(s.aslant) == 0 {
		return
	}
	var c []flow.Char
	for _, g := range s.aslant {
		c = append(c, flow.Char{R: g.r, Off: g.off, N: g.n})
	}
	w.doc.Lines = append(w.doc.Lines, flow.Line{Kind: flow.Running, Chars: c, Stream: s.num - 1, Page: s.num})
}

func (w *writer) part(p *part) {
	if p.table == nil {
		w.line(flow.Line{Kind: p.kind, Title: p.title}, p.rows)
		return
	}
	n := 1
	for _, l := range w.doc.Lines {
		n = max(n, l.Table+1)
	}
	cells := slices.Clone(p.table.cells)
	slices.SortStableFunc(cells, func(a, b *cell) int {
		if a.row != b.row {
			return a.row - b.row
		}
		return a.col - b.col
	})
	page := p.page
	for _, c := range cells {
		l := flow.Line{Kind: flow.Cell, Table: n, Row: c.row, Col: c.col, Rows: c.rows, Cols: c.cols}
		for _, rs := range c.paras {
			w.line(l, rs)
			page = rs[0].page
		}
		if len(c.paras) == 0 { // an empty cell is part of the table
			l.Page, l.Stream = page, page-1
			w.doc.Lines = append(w.doc.Lines, l)
		}
	}
}

// line writes rows as one line. Rows of several pages get a stream of their own.
func (w *writer) line(l flow.Line, rs []*row) {
	first, last := rs[0].page, rs[len(rs)-1].page
	l.Page, l.Stream = first, first-1
	if l.Rows == 1 && l.Cols == 1 {
		l.Rows, l.Cols = 0, 0
	}
	if first == last {
		l.Chars = chars(rs)
		w.doc.Lines = append(w.doc.Lines, l)
		return
	}
	l.Stream = len(w.doc.Streams)
	st := flow.Stream{Name: fmt.Sprintf("pages %d-%d", first, last), Coding: flow.UTF8}
	var moved []*row
	for len(rs) > 0 {
		n := 1
		for n < len(rs) && rs[n].page == rs[0].page {
			n++
		}
		moved = append(moved, w.move(&st, rs[:n])...)
		rs = rs[n:]
	}
	l.Chars = chars(moved)
	w.doc.Streams = append(w.doc.Streams, st)
	w.doc.Lines = append(w.doc.Lines, l)
}

// move appends the text of rows of one page to st and returns the rows as they
// point into it.
func (w *writer) move(st *flow.Stream, rs []*row) []*row {
	if len(st.Data) > 0 {
		st.Data = append(st.Data, '\f')
	}
	lo, hi := int32(1<<30), int32(0)
	for _, r := range rs {
		for _, g := range r.g {
			lo, hi = min(lo, g.off), max(hi, g.off+g.n)
		}
	}
	base := int32(len(st.Data))
	st.Data = append(st.Data, w.pages[rs[0].page-1].text[lo:hi]...)
	var out []*row
	for _, r := range rs {
		c := *r
		c.g = nil
		for _, g := range r.g {
			m := *g
			m.off = m.off - lo + base
			c.g = append(c.g, &m)
		}
		out = append(out, &c)
	}
	return out
}
