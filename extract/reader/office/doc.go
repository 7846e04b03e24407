package office

import (
	"context"
	"errors"
	"sort"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"

	"tuogou/extract/reader/flow"
)

// errOldWord says that a DOC is older than Word 97.
var errOldWord = errors.New("older than Word 97")

// Offsets in the FIB, the table at the beginning of the stream WordDocument
// ([MS-DOC] 2.5). An offset in the table stream is followed by a length.
const (
	fibFlags   = 0x0a
	fibCcpText = 0x4c // characters of the text, then of the notes and so on, each 4 bytes
	fibStyles  = 0xa2
	fibFtnRef  = 0xaa
	fibFtnText = 0xb2
	fibHeads   = 0xf2
	fibChpx    = 0xfa
	fibPapx    = 0x102
	fibClx     = 0x1a2
	fibEndRef  = 0x20a
	fibEndText = 0x212
	fibLists   = 0x2e2
	fibLfo     = 0x2ea

	flagEncrypted = 0x0100
	flagTable1    = 0x0200
)

// piece is a run of characters that lie together in the file.
type piece struct {
	from, to int // character positions
	at       int // offset in WordDocument
	narrow   bool
	props    bin // changes to the looks that a fast save left here
}

// word is a DOC that is being read.
type word struct {
	ctx    context.Context
	limits flow.Limits
	main   bin
	table  bin
	pieces []piece
	ccp    [8]int
	chpx   []run
	papx   []run
	styles docStyles
	lists  numbering
	doc    *flow.Document
	mixed  []byte // characters of lines that have both codings, as UTF-16
	tables int
	count  int // lines of ordinary text
}

// The streams of a DOC. Both codings stand side by side in one stream of the file.
const (
	streamWide = iota
	streamNarrow
	streamMixed
)

func readDOC(ctx context.Context, s *storage, l flow.Limits) (*flow.Document, error) {
	w := &word{ctx: ctx, limits: l, main: s.streams["WordDocument"], doc: &flow.Document{}}
	if err := w.open(s); err != nil {
		return nil, err
	}
	w.doc.Streams = []flow.Stream{
		{Name: "WordDocument", Coding: flow.UTF16, Data: w.main},
		{Name: "WordDocument", Coding: flow.Latin1, Data: w.main},
	}
	w.read()
	if ctx.Err() != nil {
		return nil, flow.Errorf("too_slow", "reading took too long and was given up")
	}
	if w.mixed != nil {
		w.doc.Streams = append(w.doc.Streams, flow.Stream{Name: "WordDocument text", Coding: flow.UTF16, Data: w.mixed})
	}
	if w.count == 0 {
		w.problem("no_text", "the file holds no text, perhaps only pictures: print it to PDF and read that, or find a version with text")
	}
	w.doc.Files = append(w.doc.Files, objects(s)...)
	return w.doc, nil
}

// objects are the files embedded in a DOC, of which each has a folder of its own.
func objects(s *storage) []flow.File {
	var out []flow.File
	for _, name := range s.order {
		inPool := len(name) > 10 && name[:10] == "ObjectPool"
		switch {
		case inPool && hasSuffix(name, "/Package"):
			out = append(out, flow.File{Name: "embedded", Data: s.streams[name]})
		case inPool && hasSuffix(name, "/Ole10Native"):
			if f, ok := native(s.streams[name]); ok {
				out = append(out, f)
			}
		}
	}
	return out
}

func hasSuffix(s, end string) bool { return len(s) >= len(end) && s[len(s)-len(end):] == end }

func (w *word) problem(id, message string) {
	for _, p := range w.doc.Problems {
		if p.ID == id {
			return
		}
	}
	w.doc.Problems = append(w.doc.Problems, flow.Problem{ID: id, Message: message, Lost: loses(id)})
}

// open reads the FIB and the tables it points to.
func (w *word) open(s *storage) error {
	switch id := w.main.u16(0); {
	case len(w.main) < 0x1aa:
		return corruptOLE()
	case id == 0xa5dc || id == 0xa5db || id == 0xa5ec && w.main.u16(2) < 190:
		return errOldWord
	case id != 0xa5ec:
		return flow.Errorf("corrupt", "the file is damaged: the Word text has no proper beginning")
	}
	flags := w.main.u16(fibFlags)
	if flags&flagEncrypted != 0 {
		return flow.Errorf("encrypted", "the file opens only with a password: save it without one")
	}
	w.table = s.streams["0Table"]
	if flags&flagTable1 != 0 {
		w.table = s.streams["1Table"]
	}
	for i := range w.ccp {
		w.ccp[i] = max(w.main.i32(fibCcpText+4*i), 0)
	}
	if !w.readPieces() {
		return flow.Errorf("corrupt", "the file is damaged: the table of the Word text is missing")
	}
	w.chpx = w.readRuns(fibChpx)
	w.papx = w.readRuns(fibPapx)
	w.styles = readDocStyles(w.struct_(fibStyles))
	w.lists = w.readLists()
	return nil
}

// struct_ is the structure in the table stream that the FIB points to at offset at.
func (w *word) struct_(at int) bin { return w.table.cut(w.main.u32(at), w.main.u32(at+4)) }

// readPieces reads the table that says where the characters are.
func (w *word) readPieces() bool {
	clx := w.struct_(fibClx)
	var changes []bin
	for at := 0; at < len(clx); {
		switch clx[at] {
		case 1:
			n := clx.u16(at + 1)
			changes = append(changes, clx.cut(at+3, n))
			at += 3 + n
		case 2:
			w.splitPieces(clx.cut(at+5, clx.u32(at+1)), changes)
			return len(w.pieces) > 0
		default:
			return false
		}
	}
	return false
}

func (w *word) splitPieces(plc bin, changes []bin) {
	n := (len(plc) - 4) / 12
	last := 0
	for i := range n {
		p := piece{from: plc.u32(4 * i), to: plc.u32(4*i + 4)}
		d := 4*(n+1) + 8*i
		fc, prm := plc.u32(d+2), plc.u16(d+6)
		p.at, p.narrow = fc&0x3fffffff, fc&0x40000000 != 0
		size := 2
		if p.narrow {
			p.at /= 2
			size = 1
		}
		if prm&1 != 0 && prm>>1 < len(changes) {
			p.props = changes[prm>>1]
		}
		if room := (len(w.main) - p.at) / size; p.from != last || p.to <= p.from || room <= 0 {
			break
		} else if p.to-p.from > room {
			p.to = p.from + room
		}
		last = p.to
		w.pieces = append(w.pieces, p)
	}
}

// char is a character of a DOC with its place and the piece it is of.
type char struct {
	flow.Char
	cp     int
	narrow bool
	props  bin
}

// chars calls f for the characters from one position up to another.
func (w *word) chars(from, to int, f func(c char)) {
	i := sort.Search(len(w.pieces), func(i int) bool { return w.pieces[i].to > from })
	for ; i < len(w.pieces) && w.pieces[i].from < to; i++ {
		p := w.pieces[i]
		for cp := max(p.from, from); cp < min(p.to, to); cp++ {
			c := char{cp: cp, narrow: p.narrow, props: p.props}
			if p.narrow {
				at := p.at + cp - p.from
				c.Char = flow.Char{R: charmap.Windows1252.DecodeByte(w.main[at]), Off: int32(at), N: 1}
				f(c)
				continue
			}
			at := p.at + 2*(cp-p.from)
			c.Char = flow.Char{R: rune(w.main.u16(at)), Off: int32(at), N: 2}
			if utf16.IsSurrogate(c.R) {
				c.R = utf16.DecodeRune(c.R, rune(w.main.u16(at+2)))
				if c.R == 0xfffd || cp+1 >= p.to {
					continue
				}
				c.N = 4
				cp++
			}
			f(c)
		}
	}
}

// line makes a line of characters that may have two codings: then it points into
// a stream of its own, where they have one.
func (w *word) line(chars []char, number string) flow.Line {
	narrow, wide := false, false
	for _, c := range chars {
		narrow, wide = narrow || c.narrow && c.N > 0, wide || !c.narrow && c.N > 0
	}
	l := flow.Line{Chars: added(number)}
	switch {
	case narrow && wide:
		l.Stream = streamMixed
	case narrow:
		l.Stream = streamNarrow
	}
	for _, c := range chars {
		if l.Stream == streamMixed && c.N > 0 {
			c.Off = int32(len(w.mixed))
			for _, u := range utf16.AppendRune(nil, c.R) {
				w.mixed = append(w.mixed, byte(u), byte(u>>8))
			}
			c.N = int32(len(w.mixed)) - c.Off
		}
		l.Chars = append(l.Chars, c.Char)
	}
	return l
}
