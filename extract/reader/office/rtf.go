package office

import (
	"context"
	"slices"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"

	"tuogou/extract/reader/flow"
)

// rtf is an RTF that is being read. RTF spells one character in many ways
// (\'d6\'d0, \u20013?), none of them a coding of its own, so that its characters
// point into the text as it was decoded, the one stream of the document.
type rtf struct {
	ctx   context.Context
	data  []byte
	pos   int
	group rtfGroup
	stack []rtfGroup
	skip  int // group depth below which everything is left out; 0: nothing is

	text   []byte
	chars  []flow.Char
	bytes  []byte // of \'xx that are not decoded yet
	high   rune   // first half of a pair of \u
	after  int    // characters still to be left out after \u
	size   int
	fonts  map[int]encoding.Encoding
	font   int // being defined
	coding encoding.Encoding
	table  *docTable
	row    docRow
	flags  int
	left   int
	notes  []flow.Line // of the paragraph being read
	doc    *flow.Document
	tables int
	body   int
}

// rtfGroup is what ends with a group.
type rtfGroup struct {
	font    int
	after   int // \uc
	hidden  bool
	inTable bool
	centred bool
	level   int
	size    int
	kind    flow.Kind
	dest    string

	numberAt int         // where in the paragraph its automatic number begins
	host     []flow.Char // paragraph that a note interrupts
	hostSize int
}

func readRTF(ctx context.Context, data []byte, l flow.Limits) (*flow.Document, error) {
	r := &rtf{ctx: ctx, data: data, fonts: map[int]encoding.Encoding{}, coding: charmap.Windows1252, doc: &flow.Document{}}
	r.group = rtfGroup{after: 1, kind: flow.Para, size: 24}
	for r.pos < len(r.data) {
		if r.pos&0xffff == 0 && ctx.Err() != nil {
			return nil, flow.Errorf("too_slow", "reading took too long and was given up")
		}
		if len(r.stack) > l.Nesting {
			return nil, flow.Errorf("too_deep", "the RTF file is nested deeper than the limit of %d", l.Nesting)
		}
		r.token()
	}
	r.paragraph(false)
	r.endTable()
	r.doc.Lines = append(r.doc.Lines, r.notes...)
	if ctx.Err() != nil {
		return nil, flow.Errorf("too_slow", "reading took too long and was given up")
	}
	if len(r.doc.Lines) == 0 {
		return nil, flow.Errorf("empty", "the RTF file holds no text")
	}
	if len(r.stack) > 0 {
		r.problem("damaged_part", "the file breaks off: only the part before the break was read")
	}
	r.doc.Streams = []flow.Stream{{Name: "text", Coding: flow.UTF8, Data: r.text}}
	return r.doc, nil
}

func (r *rtf) problem(id, message string) {
	for _, p := range r.doc.Problems {
		if p.ID == id {
			return
		}
	}
	r.doc.Problems = append(r.doc.Problems, flow.Problem{ID: id, Message: message, Lost: loses(id)})
}

// token reads one group mark, control or character.
func (r *rtf) token() {
	c := r.data[r.pos]
	r.pos++
	switch c {
	case '{':
		r.flush()
		r.stack = append(r.stack, r.group)
	case '}':
		r.flush()
		r.close()
	case '\\':
		r.control()
	case '\r', '\n', 0:
	default:
		r.byte(c)
	}
}

func (r *rtf) close() {
	n := len(r.stack)
	if n == 0 {
		return
	}
	if r.skip == n {
		r.skip = 0
	}
	switch was := r.group; {
	case was.kind != r.stack[n-1].kind: // a note or head ends, the paragraph goes on
		r.paragraph(false)
		r.chars, r.size = was.host, was.hostSize
	case was.dest == "listtext" && was.numberAt <= len(r.chars):
		number := slices.DeleteFunc(slices.Clone(r.chars[was.numberAt:]), func(c flow.Char) bool { return c.R == '\t' || c.R == ' ' })
		r.chars = append(r.chars[:was.numberAt], number...)
	}
	r.group = r.stack[n-1]
	r.stack = r.stack[:n-1]
}

// control reads what follows a backslash.
func (r *rtf) control() {
	if r.pos >= len(r.data) {
		return
	}
	c := r.data[r.pos]
	if c|0x20 < 'a' || c|0x20 > 'z' {
		r.pos++
		r.symbol(c)
		return
	}
	from := r.pos
	for r.pos < len(r.data) && r.data[r.pos]|0x20 >= 'a' && r.data[r.pos]|0x20 <= 'z' && r.pos-from < 40 {
		r.pos++
	}
	word := string(r.data[from:r.pos])
	from = r.pos
	if r.pos < len(r.data) && r.data[r.pos] == '-' {
		r.pos++
	}
	for r.pos < len(r.data) && r.data[r.pos] >= '0' && r.data[r.pos] <= '9' && r.pos-from < 11 {
		r.pos++
	}
	n, err := strconv.Atoi(string(r.data[from:r.pos]))
	if r.pos < len(r.data) && r.data[r.pos] == ' ' {
		r.pos++
	}
	if word == "bin" && n > 0 {
		r.pos += min(n, len(r.data)-r.pos)
		return
	}
	if word == "u" && err == nil {
		r.unicode(n)
		return
	}
	r.flush()
	r.high = 0
	r.word(word, n, err == nil)
}

func (r *rtf) symbol(c byte) {
	switch c {
	case '\'':
		if r.pos+2 <= len(r.data) {
			if b, err := strconv.ParseUint(string(r.data[r.pos:r.pos+2]), 16, 8); err == nil {
				r.byte(byte(b))
			}
			r.pos += 2
		}
	case '*':
		r.group.dest = "*"
	case '~':
		r.rune('\u00a0')
	case '_':
		r.rune('-')
	case '{', '}', '\\':
		r.byte(c)
	case '\r', '\n':
		r.paragraph(true)
	}
}

// byte takes a byte of text in the code page of its font.
func (r *rtf) byte(b byte) {
	if r.after > 0 {
		r.after--
		return
	}
	if r.skip > 0 {
		return
	}
	r.bytes = append(r.bytes, b)
}

// unicode takes a \u, which stands for one half of a pair at times.
func (r *rtf) unicode(n int) {
	r.flush()
	c := rune(uint16(n))
	r.after = r.group.after
	switch {
	case utf16.IsSurrogate(c) && r.high == 0:
		r.high = c
		return
	case r.high != 0:
		c = utf16.DecodeRune(r.high, c)
		r.high = 0
	}
	r.rune(c)
}

// flush decodes the bytes gathered.
func (r *rtf) flush() {
	r.after = 0
	if len(r.bytes) == 0 {
		return
	}
	coding := r.fonts[r.group.font]
	if coding == nil || coding == charmap.Windows1252 {
		coding = r.coding
	}
	out, err := coding.NewDecoder().Bytes(r.bytes)
	r.bytes = r.bytes[:0]
	if err != nil {
		return
	}
	for _, c := range string(out) {
		r.rune(c)
	}
}

func (r *rtf) rune(c rune) {
	if len(r.bytes) > 0 {
		r.flush()
	}
	if r.skip > 0 || r.group.hidden || c < 0x20 && c != '\t' || c == utf8.RuneError || !utf8.ValidRune(c) || c == 0xfffe || c == 0xffff {
		return
	}
	at := len(r.text)
	r.text = utf8.AppendRune(r.text, c)
	r.chars = append(r.chars, flow.Char{R: c, Off: int32(at), N: int32(len(r.text) - at)})
	r.size = max(r.size, r.group.size)
}

// charsets are the code pages of fonts (\fcharset) and of the file (\ansicpg).
var charsets = map[int]encoding.Encoding{
	0: charmap.Windows1252, 134: simplifiedchinese.GB18030, 136: traditionalchinese.Big5,
	936: simplifiedchinese.GB18030, 54936: simplifiedchinese.GB18030, 950: traditionalchinese.Big5, 1252: charmap.Windows1252,
}
