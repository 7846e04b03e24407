package reader

import (
	"html"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	xhtml "golang.org/x/net/html"

	"tuogou/corpus"
)

// The nodes of the parsed tree do not know where they came from. So the page is
// cut into tokens first, and each stretch of text is replaced by a marker that
// names it; the parser carries the marker to its place in the tree, and the walk
// over the tree looks the text up again, with its offset. The same is done for
// meta elements, whose attributes hold facts. As every text that shows anything
// is replaced, no text of the page can be taken for a marker.
const (
	markOpen  = '\uE000'
	markClose = '\uE001'
	markAttr  = "tuogou-at"
)

// joinEvery bounds how many texts the parser joins into one node, which it does
// by copying ("<td>甲<td>甲…" without a table would take hours): an element
// that shows nothing is put before every so many-th.
const joinEvery = 64

// stretch is a piece of the decoded page: the text between two tags, or a tag.
type stretch struct {
	start, end int
	raw        bool // in an element whose text knows no entities
}

// markup is a page cut into tokens.
type markup struct {
	input    string
	stretchs []stretch
	marked   string // the page with markers, for the parser
	tags     int
}

func newMarkup(input string) *markup {
	m := &markup{input: input}
	var out strings.Builder
	out.Grow(len(input))
	z := xhtml.NewTokenizer(strings.NewReader(input))
	at, raw, words, skip := 0, false, false, false
	for {
		kind := z.Next()
		if kind == xhtml.ErrorToken {
			break
		}
		s := z.Raw() // Text() and TagName() would change it in place
		switch kind {
		case xhtml.TextToken:
			if strings.TrimSpace(string(s)) == "" {
				out.Write(s)
				break
			}
			if raw && skip {
				m.stretchs = append(m.stretchs, stretch{start: at, end: at + len(s), raw: true})
				break
			}
			if !raw && !words && len(m.stretchs)%joinEvery == joinEvery-1 {
				out.WriteString("<wbr>")
			}
			out.WriteRune(markOpen)
			out.WriteString(strconv.Itoa(len(m.stretchs)))
			out.WriteRune(markClose)
			m.stretchs = append(m.stretchs, stretch{start: at, end: at + len(s), raw: raw})
		case xhtml.StartTagToken, xhtml.SelfClosingTagToken:
			m.tags++
			name := tagName(s)
			raw, words = rawText(name), name == "title" || name == "textarea"
			if skip = textless(name); skip {
				break
			}
			if name != "meta" {
				out.Write(s)
				break
			}
			out.WriteString("<meta " + markAttr + "=\"" + strconv.Itoa(len(m.stretchs)) + "\" ")
			out.Write(s[len("<meta"):])
			m.stretchs = append(m.stretchs, stretch{start: at, end: at + len(s)})
		case xhtml.CommentToken:
			raw, words = false, false
		case xhtml.EndTagToken:
			raw, words, skip = false, false, false
			if !textless(tagName(s[1:])) {
				out.Write(s)
			}
		default:
			raw, words = false, false
			out.Write(s)
		}
		at += len(s)
	}
	m.marked = out.String()
	return m
}

// tagName is the lower-case name of a raw start tag.
func tagName(raw []byte) string {
	end := 1
	for end < len(raw) && !strings.ContainsRune(" \t\r\n\f/>", rune(raw[end])) {
		end++
	}
	return strings.ToLower(string(raw[1:end]))
}

// textless reports whether an element can be left out of what is parsed: it
// shows no text and holds no other element.
func textless(name string) bool {
	switch name {
	case "script", "style", "img", "link":
		return true
	}
	return false
}

func rawText(name string) bool {
	switch name {
	case "script", "style", "xmp", "iframe", "noembed", "noframes", "noscript", "plaintext":
		return true
	}
	return false
}

// look finds the stretch that a number names.
func (m *markup) look(number string) (stretch, bool) {
	i, err := strconv.Atoi(number)
	if err != nil || i < 0 || i >= len(m.stretchs) {
		return stretch{}, false
	}
	return m.stretchs[i], true
}

// nodeText calls do with each stretch of a text node, and with the blanks
// between them as a stretch that is empty.
func (m *markup) nodeText(data string, do func(stretch)) {
	for data != "" {
		open := strings.IndexRune(data, markOpen)
		if open != 0 {
			do(stretch{})
		}
		if open < 0 {
			return
		}
		data = data[open+utf8.RuneLen(markOpen):]
		number, rest, ok := strings.Cut(data, string(markClose))
		if s, found := m.look(number); ok && found {
			do(s)
		}
		data = rest
	}
}

// unescape appends the characters of input[s.start:s.end]; each knows the bytes
// it came from, the six of "&nbsp;" too.
func unescape(g []glyph, input string, s stretch) []glyph {
	for at := s.start; at < s.end; {
		c, n := utf8.DecodeRuneInString(input[at:s.end])
		if c == '&' && !s.raw {
			if chars, size := entity(input[at:s.end]); size > 0 {
				for _, r := range chars {
					g = append(g, glyph{r, int32(at), int32(size)})
				}
				at += size
				continue
			}
		}
		g = append(g, glyph{c, int32(at), int32(n)})
		at += n
	}
	return g
}

// entity resolves the character reference at the start of s and returns its
// length in bytes, or 0 where "&" is only that.
func entity(s string) (string, int) {
	const longest = 40
	end := 1
	for end < min(len(s), longest) && (s[end] == '#' && end == 1 || isAlnum(s[end])) {
		end++
	}
	if end < len(s) && s[end] == ';' {
		end++
	}
	whole := html.UnescapeString(s[:end])
	if whole == s[:end] {
		return "", 0
	}
	// "&nbspabc" resolves a part only: find the part that gives the same.
	for size := 2; size <= end; size++ {
		if part := html.UnescapeString(s[:size]); part != s[:size] && part+s[size:end] == whole {
			return part, size
		}
	}
	return whole, end
}

func isAlnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// htmlPage is one page while it is read.
type htmlPage struct {
	r         *Reader
	c         *cleaner
	m         *markup
	root      *xhtml.Node // nil where the page does not parse
	base      *url.URL    // nil where the page's address is not known
	elems     map[*xhtml.Node]*element
	found     found
	container *xhtml.Node
	dense     bool // the container was found by its density, not by its name
	cells     map[*xhtml.Node]place
	lines     []htmlLine
	facts     []fact
	stated    map[string]bool // facts by field and value
	title     []glyph
	links     []corpus.Link
	next      []string
	attaches  map[*xhtml.Node]bool
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
	p := &htmlPage{r: r, c: c, m: newMarkup(dec.text)}
	b := r.newBuilder(dec)
	root, err := xhtml.Parse(strings.NewReader(p.m.marked))
	if err != nil {
		// Nested too deep for the parser: the tokens alone still give the text.
		p.flatten()
		return p.compose(b), nil
	}
	p.root = root
	p.read(in, true)
	if p.at(p.container).all == 0 {
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
	var cell *xhtml.Node
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
	if p.root != nil {
		// More sentences outside the container than in it: a stray </div> may have
		// closed it early.
		in := p.at(p.container).sentences
		if out := p.at(p.root).sentences - in; out > in && out > 200 {
			b.noise["text_outside"] += out
		}
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
