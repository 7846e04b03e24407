package reader

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"tuogou/corpus"
	"tuogou/extract/reader/flow"
)

// readFile reads a file by the reader of its format and makes a text of its lines.
func (r *Reader) readFile(ctx context.Context, f flow.Reader, in Input) (*corpus.Text, []flow.File, error) {
	doc, err := f.ReadFile(ctx, in.Data, r.limits)
	if err != nil {
		return nil, nil, asError(ctx, err)
	}
	t, err := r.textOf(doc)
	return t, doc.Files, err
}

// asError makes the reader's own error of what a reader of files returns.
func asError(ctx context.Context, err error) *Error {
	var e *Error
	switch {
	case errors.As(err, &e):
		return e
	case ctx.Err() != nil:
		return &Error{ID: "too_slow", Message: "reading the file took too long and was given up"}
	}
	return &Error{ID: "corrupt", Message: fmt.Sprintf("the file cannot be read: %v", err)}
}

// textOf cleans the lines of a file and finds headline, facts and furniture, as
// for a plain text. What a layout repeats on its pages is counted, not kept.
func (r *Reader) textOf(doc *flow.Document) (*corpus.Text, error) {
	var all strings.Builder
	for _, l := range doc.Lines {
		for _, c := range l.Chars {
			all.WriteRune(c.R)
		}
		all.WriteByte('\n')
	}
	c, err := r.newCleaner(all.String())
	if err != nil {
		return nil, err
	}
	bases, streams := streamsOf(doc)
	b := r.newBuilder(&decoded{text: all.String(), direct: true})
	lines := make([]line, 0, len(doc.Lines))
	marks := make([]corpus.Block, 0, len(doc.Lines)) // what the layout says of each line
	for _, l := range doc.Lines {
		if l.Kind == flow.Running {
			b.noise["running"]++
			continue
		}
		g, noise := c.clean(glyphsOf(l, bases))
		b.count(noise)
		if g = trim(g); len(g) == 0 {
			continue
		}
		lines, marks = b.fileLine(lines, marks, l, g)
	}
	r.fileBlocks(b, lines, marks)
	t := b.done()
	t.Charset = ""
	t.Streams = streams
	for _, p := range doc.Problems {
		t.Problems = append(t.Problems, corpus.Problem{ID: p.ID, Message: p.Message, Span: pageSpan(t, p.Page)})
		if p.Lost && !t.Truncated {
			t.Truncated, t.Why = true, p.ID+": "+p.Message
		}
	}
	r.twoDocuments(t)
	r.truncated(t)
	return t, nil
}

// fileLine writes a line; the paragraphs of one cell become one block.
func (b *builder) fileLine(lines []line, marks []corpus.Block, l flow.Line, g []glyph) ([]line, []corpus.Block) {
	mark := corpus.Block{Page: l.Page, Level: l.Level, Table: l.Table, Row: l.Row, Col: l.Col, Rows: l.Rows, Cols: l.Cols}
	if k := len(marks); k > 0 && l.Kind == flow.Cell && samePlace(marks[k-1], mark) {
		b.body = append(b.body, '\n')
		lines[k-1].span.End = b.write(g).End
		lines[k-1].n += len(g) + 1
		return lines, marks
	}
	b.line()
	out := line{span: b.write(g), n: len(g), kind: corpus.BlockPara}
	if l.Kind == flow.Cell {
		out.kind = corpus.BlockCell
	}
	return append(lines, out), append(marks, mark)
}

func samePlace(a, b corpus.Block) bool {
	return a.Table == b.Table && a.Row == b.Row && a.Col == b.Col
}

// fileBlocks makes the blocks of the lines, with what the layout says of them.
func (r *Reader) fileBlocks(b *builder, lines []line, marks []corpus.Block) {
	body := string(b.body)
	r.head(body, lines)
	r.furniture(body, lines)
	for i := range lines {
		blocks := lines[i].blocks
		if blocks == nil {
			blocks = []corpus.Block{{Span: lines[i].span, Kind: lines[i].kind}}
		}
		for _, k := range blocks {
			m := marks[i]
			m.Span, m.Kind, m.Field, m.Value = k.Span, k.Kind, k.Field, k.Value
			b.blocks = append(b.blocks, m)
		}
	}
	r.tables(b.blocks)
}

// streamsOf lays the streams of doc one after another.
func streamsOf(doc *flow.Document) (bases []int, streams []corpus.Stream) {
	at := 0
	for _, s := range doc.Streams {
		bases = append(bases, at)
		streams = append(streams, corpus.Stream{Name: s.Name, Page: s.Page, Base: at, Size: len(s.Data)})
		at += len(s.Data)
	}
	return bases, streams
}

func glyphsOf(l flow.Line, bases []int) []glyph {
	g := make([]glyph, len(l.Chars))
	for i, c := range l.Chars {
		g[i] = glyph{r: c.R}
		if c.N > 0 {
			g[i].off, g[i].n = int32(bases[l.Stream])+c.Off, c.N
		}
	}
	return g
}

// pageSpan is what the body holds of a page, or nothing where it holds none.
func pageSpan(t *corpus.Text, page int) corpus.Span {
	var out corpus.Span
	for _, b := range t.Blocks {
		switch {
		case page == 0 || b.Page != page:
		case out.Empty():
			out = b.Span
		default:
			out.End = b.Span.End
		}
	}
	return out
}
