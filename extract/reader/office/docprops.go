package office

import "sort"

// run is a stretch of the stream WordDocument that shares properties.
type run struct {
	from, to int // offsets
	style    int
	props    bin // list of changes to properties ("sprm")
}

// readRuns reads the properties of characters or paragraphs, which stand on pages
// of 512 bytes in the stream WordDocument.
func (w *word) readRuns(fib int) []run {
	plc := w.struct_(fib)
	n := (len(plc) - 4) / 8
	var out []run
	for i := range n {
		page := w.main.cut(512*(plc.u32(4*(n+1)+4*i)&0x3fffff), 512)
		if page == nil || len(out) > 4<<20 {
			continue
		}
		for k := range page.u8(511) {
			r := run{from: page.u32(4 * k), to: page.u32(4*k + 4)}
			if fib == fibChpx {
				at := 2 * page.u8(4*(page.u8(511)+1)+k)
				if at > 0 {
					r.props = page.cut(at+1, page.u8(at))
				}
			} else {
				r.style, r.props = paragraphProps(page, k)
			}
			out = append(out, r)
		}
	}
	sort.SliceStable(out, func(i, k int) bool { return out[i].from < out[k].from })
	return out
}

func paragraphProps(page bin, k int) (style int, props bin) {
	at := 2 * page.u8(4*(page.u8(511)+1)+13*k)
	if at == 0 {
		return 0, nil
	}
	size := 2*page.u8(at) - 1
	at++
	if size < 0 {
		size = 2 * page.u8(at)
		at++
	}
	b := page.cut(at, size)
	if len(b) < 2 {
		return 0, nil
	}
	return b.u16(0), b[2:]
}

// at is the run that offset fc lies in.
func at(runs []run, fc int) run {
	i := sort.Search(len(runs), func(i int) bool { return runs[i].from > fc })
	if i == 0 || fc >= runs[i-1].to {
		return run{}
	}
	return runs[i-1]
}

// The properties that reading needs ([MS-DOC] 2.6).
const (
	sprmDeleted   = 0x0800
	sprmInserted  = 0x0801
	sprmHidden    = 0x083c
	sprmSpecial   = 0x0855
	sprmSize      = 0x4a43
	sprmSymbol    = 0x6a09
	sprmJc        = 0x2461
	sprmJcOld     = 0x2403
	sprmInTable   = 0x2416
	sprmRowEnd    = 0x2417
	sprmDepth     = 0x6649
	sprmInnerCell = 0x244b
	sprmInnerEnd  = 0x244c
	sprmOutline   = 0x2640
	sprmListLevel = 0x260a
	sprmList      = 0x460b
	sprmTable     = 0xd608
	sprmVertMerge = 0xd62b
)

// sprms calls f for each property with its operand.
func sprms(b bin, f func(id int, operand bin)) {
	for i := 0; i+2 <= len(b); {
		id := b.u16(i)
		i += 2
		size := 0
		switch id >> 13 {
		case 0, 1:
			size = 1
		case 2, 4, 5:
			size = 2
		case 3:
			size = 4
		case 7:
			size = 3
		case 6:
			size = b.u8(i)
			i++
			switch {
			case id == sprmTable || id == 0xd606:
				size += b.u8(i)<<8 - 1
				i++
			case id == 0xc615 && size == 255:
				return // tab stops: only paragraphs with more than a hundred
			}
		}
		operand := b.cut(i, size)
		if operand == nil {
			return
		}
		f(id, operand)
		i += size
	}
}

// looks are the properties of a character.
type looks struct {
	deleted, inserted, hidden, special bool
	size                               int
	font, symbol                       int
}

func (w *word) looks(c char, size int) looks {
	l := looks{size: size}
	read := func(id int, v bin) {
		switch id {
		case sprmDeleted:
			l.deleted = v[0] == 1
		case sprmInserted:
			l.inserted = v[0] == 1
		case sprmHidden:
			l.hidden = v[0] == 1
		case sprmSpecial:
			l.special = v[0] == 1
		case sprmSize:
			l.size = v.u16(0)
		case sprmSymbol:
			l.font, l.symbol = v.u16(0), v.u16(2)
		}
	}
	sprms(at(w.chpx, int(c.Off)).props, read)
	sprms(c.props, read)
	return l
}

// shape is the properties of a paragraph.
type shape struct {
	style        int
	inTable      bool
	rowEnd       bool // the mark that ends a row, no text
	innerCell    bool // a paragraph mark that ends a cell of a table in a cell
	depth        int  // tables it stands in
	level        int  // outline level from 0; 9 for none
	centred      bool
	size         int
	list, listAt int
	table        bin // cells of the row that ends here
	vert         map[int]int
}

func (w *word) shape(c char) shape {
	r := at(w.papx, int(c.Off))
	s := shape{style: r.style, level: 9}
	st := w.styles.get(r.style)
	s.size = st.size
	for _, b := range st.props {
		sprms(b, s.read)
	}
	sprms(r.props, s.read)
	sprms(c.props, s.read)
	if s.inTable && s.depth == 0 {
		s.depth = 1
	}
	return s
}

func (s *shape) read(id int, v bin) {
	switch id {
	case sprmInTable:
		s.inTable = v[0] == 1
	case sprmRowEnd:
		s.rowEnd = v[0] == 1
	case sprmInnerCell:
		s.innerCell = v[0] == 1
	case sprmInnerEnd:
		s.rowEnd = v[0] == 1
	case sprmDepth:
		s.depth = min(v.u32(0), 64)
	case sprmOutline:
		s.level = int(v[0])
	case sprmJc, sprmJcOld:
		s.centred = v[0] == 1
	case sprmListLevel:
		s.listAt = int(v[0])
	case sprmList:
		s.list = v.i16(0)
	case sprmTable:
		s.table = v
	case sprmVertMerge:
		if len(v) >= 2 {
			if s.vert == nil {
				s.vert = map[int]int{}
			}
			s.vert[int(v[0])] = int(v[1])
		}
	}
}

// docStyle is a style: the properties it sets, those of its bases first.
type docStyle struct {
	base  int
	kind  int // built-in style: 1 to 9 headings, 62 title
	own   bin
	size  int
	chpx  bin
	props []bin
}

type docStyles []docStyle

func (s docStyles) get(i int) docStyle {
	if i < 0 || i >= len(s) {
		return docStyle{size: 20}
	}
	return s[i]
}

// readDocStyles reads the style sheet.
func readDocStyles(b bin) docStyles {
	n, fixed := b.u16(2), b.u16(4)
	out := docStyles{}
	for i, pos := 0, 2+b.u16(0); i < n && pos+2 <= len(b); i++ {
		size := b.u16(pos)
		std := b.cut(pos+2, size)
		out = append(out, readDocStyle(std, fixed))
		pos += 2 + size + size%2
	}
	for i := range out {
		st := &out[i]
		st.size = 20
		var chain []docStyle
		for k, steps := i, 0; k < len(out) && steps < 20; k, steps = out[k].base, steps+1 {
			chain = append([]docStyle{out[k]}, chain...)
		}
		for _, c := range chain {
			st.props = append(st.props, c.own)
			sprms(c.chpx, func(id int, v bin) {
				if id == sprmSize {
					st.size = v.u16(0)
				}
			})
		}
	}
	return out
}

func readDocStyle(std bin, fixed int) docStyle {
	st := docStyle{base: 0xfff}
	if len(std) < 10 || fixed < 10 {
		return st
	}
	st.kind = std.u16(0) & 0xfff
	if kind := std.u16(2) & 0xf; kind != 1 {
		return st // not of paragraphs
	}
	st.base = std.u16(2) >> 4
	at := fixed + 2 + 2*(std.u16(fixed)+1)
	at += at % 2
	papx := std.cut(at+2, std.u16(at))
	if len(papx) >= 2 {
		st.own = papx[2:]
	}
	at += 2 + len(papx)
	at += at % 2
	st.chpx = std.cut(at+2, std.u16(at))
	return st
}
