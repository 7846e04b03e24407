package office

import (
	"slices"

	"tuogou/extract/reader/flow"
)

// Characters that are marks ([MS-DOC] 2.4).
const (
	markCell     = 0x07
	markLine     = 0x0b
	markPage     = 0x0c
	markPara     = 0x0d
	markColumn   = 0x0e
	markField    = 0x13
	markResult   = 0x14
	markFieldEnd = 0x15
	markHyphen   = 0x1e
)

// read reads all parts of the text.
func (w *word) read() {
	starts := [9]int{}
	for i, n := range w.ccp {
		starts[i+1] = starts[i] + n
	}
	part := func(i int) (from, to int) { return starts[i], starts[i+1] }
	const (
		text, footnotes, heads, endnotes, boxes = 0, 1, 2, 5, 6
	)
	notes := map[int][]flow.Line{}
	w.notes(notes, fibFtnRef, fibFtnText, starts[footnotes], starts[footnotes+1])
	w.notes(notes, fibEndRef, fibEndText, starts[endnotes], starts[endnotes+1])
	from, to := part(text)
	w.doc.Lines = w.part(from, to, flow.Para, notes)
	// Where on the page a text box hangs is a matter of drawing; they follow the text.
	from, to = part(boxes)
	w.doc.Lines = append(w.doc.Lines, w.part(from, to, flow.Para, nil)...)
	from, to = part(heads)
	w.doc.Lines = append(w.doc.Lines, w.part(from, to, flow.Running, nil)...)
}

// notes reads notes by the positions of their marks in the text.
func (w *word) notes(out map[int][]flow.Line, refs, texts, from, to int) {
	ref, text := w.struct_(refs), w.struct_(texts)
	for i := range (len(ref) - 4) / 6 {
		a, b := from+text.u32(4*i), from+text.u32(4*i+4)
		if a < from || b > to || b <= a {
			return
		}
		out[ref.u32(4*i)] = w.part(a, b, flow.Note, nil)
	}
}

// docPart is one part of the text being read.
type docPart struct {
	*word
	kind   flow.Kind
	notes  map[int][]flow.Line
	chars  []char
	breaks []int
	after  []flow.Line
	fields []bool // open fields: whether the result has begun
	size   int
	tables []*docTable // open tables, the outermost first
	out    []flow.Line
}

// part reads the characters of one part into lines.
func (w *word) part(from, to int, kind flow.Kind, notes map[int][]flow.Line) []flow.Line {
	p := &docPart{word: w, kind: kind, notes: notes}
	var last char
	w.chars(from, to, func(c char) {
		if c.cp&0xfff == 0 && w.ctx.Err() != nil {
			return // readDOC says so
		}
		last = c
		p.char(c)
	})
	if len(p.chars) > 0 {
		p.end(last)
	}
	p.close(0)
	return p.out
}

func (p *docPart) char(c char) {
	switch c.R {
	case markPara, markCell, markPage:
		if l := p.looks(c, 0); c.R == markPara && l.deleted && len(p.tables) == 0 {
			p.tracked()
			return // runs on into the next paragraph
		}
		p.end(c)
		return
	case markField:
		p.fields = append(p.fields, false)
		return
	case markResult:
		if n := len(p.fields); n > 0 {
			p.fields[n-1] = true
		}
		return
	case markFieldEnd:
		if n := len(p.fields); n > 0 {
			p.fields = p.fields[:n-1]
		}
		return
	}
	l := p.looks(c, 0)
	if l.inserted || l.deleted {
		p.tracked()
	}
	if l.deleted || l.hidden || slices.Contains(p.fields, false) {
		return
	}
	p.after = append(p.after, p.notes[c.cp]...)
	p.visible(c, l)
}

func (p *docPart) tracked() {
	p.problem("tracked_changes", "the file has tracked changes and was read as if all were accepted: check that it is the final text")
}

// visible adds a character that is shown.
func (p *docPart) visible(c char, l looks) {
	switch {
	case l.symbol != 0 && (l.special || c.R == 0x28):
		if c.R = symbolOf(l.symbol); c.R == 0 {
			return
		}
		c.N = 0
	case c.R >= 0xf020 && c.R <= 0xf0ff && wingdings[uint64(c.R-0xf000)] != 0:
		c.R, c.N = wingdings[uint64(c.R-0xf000)], 0
	case c.R == markLine:
		p.breaks = append(p.breaks, len(p.chars))
		return
	case c.R == markColumn, c.R == 0x1f: // column break, soft hyphen
		return
	case c.R == markHyphen:
		c.R, c.N = '-', 0
	case l.special && c.R < 0x80, c.R < 0x20 && c.R != '\t', c.R == 0xfffe, c.R == 0xffff:
		return // pictures, marks of notes
	}
	p.size = max(p.size, l.size)
	p.chars = append(p.chars, c)
}

// symbolOf is the character of a symbol font. The font itself is left out of
// account: forms use Wingdings for ticks and boxes.
func symbolOf(code int) rune {
	if code >= 0xf000 && code <= 0xf0ff {
		return wingdings[uint64(code-0xf000)]
	}
	if code < 0x20 || code >= 0xd800 && code < 0xf900 {
		return 0
	}
	return rune(code)
}

// end ends a paragraph, a cell or a row with the mark c.
func (p *docPart) end(c char) {
	s := p.shape(c)
	lines := p.lines(s)
	depth := s.depth
	if c.R == markCell && depth == 0 {
		depth = 1
	}
	if p.kind == flow.Running || p.kind == flow.Note {
		depth = 0 // tables there only arrange
	}
	p.close(depth)
	for len(p.tables) < depth {
		p.tables = append(p.tables, &docTable{})
	}
	p.emit(lines)
	if depth == 0 {
		return
	}
	t := p.tables[depth-1]
	switch {
	case s.rowEnd:
		t.endRow(s)
	case c.R == markCell && depth == 1, s.innerCell:
		t.endCell()
	}
}

// lines turns the characters since the last mark into lines.
func (p *docPart) lines(s shape) []flow.Line {
	chars, breaks, after := p.chars, p.breaks, p.after
	size := p.size
	if size == 0 {
		size = s.size
	}
	p.chars, p.breaks, p.after, p.size = nil, nil, nil, 0
	for i := range p.fields {
		p.fields[i] = true // an instruction does not go on in the next paragraph
	}
	number := ""
	if s.list > 0 && s.list != 2047 && !s.rowEnd {
		number = p.lists.next(s.list, s.listAt)
	}
	level, title := p.rank(s, size)
	var out []flow.Line
	from := 0
	for _, to := range append(breaks, len(chars)) {
		part := chars[from:to]
		from = to
		if blankChars(part) && (s.depth == 0 || number == "") {
			continue
		}
		l := p.line(part, number)
		number = ""
		l.Kind, l.Level, l.Title = p.kind, level, title
		out = append(out, l)
	}
	if p.kind == flow.Para && len(out) > 0 && !title && !s.centred {
		p.count++
	}
	return append(out, after...)
}

// rank is the level of a heading, or whether the paragraph is a title.
func (p *docPart) rank(s shape, size int) (level int, title bool) {
	kind := p.styles.get(s.style).kind
	switch {
	case kind == 62 || s.centred && size >= 36 && p.count < 12 && p.kind == flow.Para && s.depth == 0:
		return 0, true
	case s.level < 9:
		return s.level + 1, false
	case kind >= 1 && kind <= 9:
		return kind, false
	}
	return 0, false
}

func blankChars(chars []char) bool {
	return !slices.ContainsFunc(chars, func(c char) bool { return c.R != ' ' && c.R != '\t' && c.R != '　' })
}

// emit puts lines where the paragraph stands: in the innermost open cell or outside.
func (p *docPart) emit(lines []flow.Line) {
	if n := len(p.tables); n > 0 {
		t := p.tables[n-1]
		t.cell = append(t.cell, lines...)
		return
	}
	p.out = append(p.out, lines...)
}

// close ends the tables that are deeper than depth.
func (p *docPart) close(depth int) {
	for len(p.tables) > depth {
		n := len(p.tables) - 1
		t := p.tables[n]
		p.tables = p.tables[:n]
		p.word.tables++
		p.emit(t.finish(p.word.tables))
	}
}
