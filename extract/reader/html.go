package reader

import (
	"net/url"

	"tuogou/corpus"
)

// htmlPage is one page while it is read.
type htmlPage struct {
	r         *Reader
	c         *cleaner
	doc       *tree
	base      *url.URL // nil where the page's address is not known
	found     found
	container *node
	dense     bool // the container was found by its density, not by its name
	cells     map[*node]place
	lines     []htmlLine
	facts     []fact
	stated    map[string]bool // facts by field and value
	title     []glyph
	links     []corpus.Link
	next      []string
	attaches  map[*node]bool
}

// readHTML reads a page.
func (r *Reader) readHTML(in Input) (*corpus.Text, error) {
	return r.readDecoded(in, r.unfoldScripts(r.decode(in)))
}

// readDecoded reads a page that has been decoded.
func (r *Reader) readDecoded(in Input, dec *decoded) (*corpus.Text, error) {
	c, err := r.newCleaner(dec.text)
	if err != nil {
		return nil, err
	}
	p := &htmlPage{r: r, c: c, doc: parseTree(dec.text)}
	b := r.newBuilder(dec)
	p.read(in, true)
	if p.container.all == 0 {
		// Some pages hide their text until a script shows it.
		p.read(in, false)
	}
	return p.compose(b), nil
}

// read walks the tree. hide leaves out what the page does not show.
func (p *htmlPage) read(in Input, hide bool) {
	p.scan(hide)
	p.base = p.baseURL(in.URL)
	p.choose()
	p.findLinks()
	p.next = p.findNext(in.URL)
	p.walkAll()
	p.tagFacts()
	p.blockFacts()
	p.findTitle()
}

// compose writes headline, facts and text into the body.
func (p *htmlPage) compose(b *builder) *corpus.Text {
	if len(p.title) > 0 {
		b.blocks = append(b.blocks, corpus.Block{Span: b.write(p.title), Kind: corpus.BlockTitle})
	}
	for _, f := range p.facts {
		b.line()
		start := len(b.body)
		b.write(f.label)
		b.write(added("："))
		value := b.write(f.value)
		b.blocks = append(b.blocks, corpus.Block{
			Span: corpus.Span{Start: start, End: len(b.body)}, Kind: corpus.BlockMeta, Field: f.field, Value: value})
	}
	lines := p.writeLines(b)
	p.r.flatTables(string(b.body), lines)
	p.r.furniture(string(b.body), lines)
	b.blocks = append(b.blocks, blocksOf(lines)...)
	p.r.tables(b.blocks)
	t := b.done()
	t.Links, t.Next = p.links, p.next
	p.r.twoDocuments(t)
	p.r.truncated(t)
	return t
}

// writeLines writes the lines of the container, the paragraphs of one cell
// joined in one block.
func (p *htmlPage) writeLines(b *builder) []line {
	var lines []line
	var cell *node
	furniture := 0
	for i := range p.lines {
		l := &p.lines[i]
		if l.used {
			b.count(l.noise)
			continue
		}
		if !l.inside {
			furniture += len(l.g)
			continue
		}
		b.count(l.noise)
		at, inTable := p.cells[l.cell]
		if k := len(lines); inTable && l.cell == cell && k > 0 {
			b.body = append(b.body, '\n')
			lines[k-1].span.End = b.write(l.g).End
			lines[k-1].n += len(l.g) + 1
			lines[k-1].blocks[0].Span = lines[k-1].span
			continue
		}
		cell = l.cell
		b.line()
		out := line{span: b.write(l.g), n: len(l.g), kind: corpus.BlockPara}
		if inTable {
			out.kind = corpus.BlockCell
			out.blocks = []corpus.Block{{Span: out.span, Kind: out.kind, Table: at.table, Row: at.row, Col: at.col,
				Rows: several(at.rows), Cols: several(at.cols)}}
		} else if l.aside || p.dense && l.linked*10 >= len(l.g)*8 && !l.attach {
			out.kind = corpus.BlockOutside
		}
		lines = append(lines, out)
	}
	if furniture > 0 {
		b.noise["furniture"] += furniture
	}
	// More sentences outside the container than in it: a stray </div> may have
	// closed it early.
	in := p.container.sentences
	if out := p.doc.root.sentences - in; out > in && out > 200 {
		b.noise["text_outside"] += out
	}
	return lines
}

// several leaves out what a block need not say: a cell covers one row of itself.
func several(n int) int {
	if n == 1 {
		return 0
	}
	return n
}

// tables numbers the tables that gave cells from 1, in body order.
func (r *Reader) tables(blocks []corpus.Block) {
	number := map[int]int{}
	for i := range blocks {
		if t := blocks[i].Table; t > 0 {
			if number[t] == 0 {
				number[t] = len(number) + 1
			}
			blocks[i].Table = number[t]
		}
	}
}
