// Package xmlscan walks XML and knows the bytes of every character.
//
// The readers of DOCX, XLSX and OFD must say which bytes spell each character of
// the text, entities included, and must read on in files that are cut off or
// badly nested. encoding/xml gives the end of a token only, decodes what is in
// it, and stops at the first fault. A [Scanner] does the little that those three
// formats need, in one pass over the bytes: elements by their local names (files
// choose their own prefixes), attributes, text, CDATA. It knows the five entities
// of XML and numbers; a DOCTYPE is stepped over, so that no entity can be
// defined, let alone grow.
//
// Starts and ends always pair: ends that fit no start are dropped, missing ones
// are added, and elements nested deeper than allowed are stepped over.
package xmlscan

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"tuogou/extract/reader/flow"
)

// Kind is a kind of token.
type Kind int

// The kinds of tokens.
const (
	EOF Kind = iota
	Start
	End
	Text
)

// Scanner reads one document. Use New.
type Scanner struct {
	data    []byte
	pos     int
	nesting int
	open    []string // local names of the open elements
	drop    int      // ends still to be given before reading on
	self    bool     // the start just given ends itself

	kind       Kind
	name       string
	attrs      []byte
	textAt     int
	textEnd    int
	literal    bool // text of a CDATA section
	incomplete bool
	deep       bool
}

// New returns a scanner over data, which must be UTF-8 (see [UTF8]). Elements
// nested deeper than nesting are stepped over.
func New(data []byte, nesting int) *Scanner {
	return &Scanner{data: data, nesting: nesting}
}

// UTF8 is data as UTF-8: itself, unless it is UTF-16 or says that it is GBK.
func UTF8(data []byte) []byte {
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		return fromUTF16(data[2:], 0)
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		return fromUTF16(data[2:], 1)
	}
	head := strings.ToLower(string(data[:min(len(data), 100)]))
	if strings.Contains(head, `encoding="gb`) || strings.Contains(head, `encoding='gb`) {
		if out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data); err == nil {
			return out
		}
	}
	return data
}

func fromUTF16(b []byte, high int) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i+1 < len(b); i += 2 {
		r := rune(b[i+high])<<0 | rune(b[i+1-high])<<8
		if utf16.IsSurrogate(r) && i+3 < len(b) {
			r = utf16.DecodeRune(r, rune(b[i+2+high])|rune(b[i+3-high])<<8)
			i += 2
		}
		out = utf8.AppendRune(out, r)
	}
	return out
}

// Name is the local name of the element that the last token starts or ends.
func (s *Scanner) Name() string { return s.name }

// Depth is the number of open elements.
func (s *Scanner) Depth() int { return len(s.open) }

// Incomplete says whether the document ended before its elements did.
func (s *Scanner) Incomplete() bool { return s.incomplete }

// Deep says whether elements were stepped over for being nested too deep.
func (s *Scanner) Deep() bool { return s.deep }

// Next reads the next token and returns its kind.
func (s *Scanner) Next() Kind {
	s.kind = s.next()
	return s.kind
}

func (s *Scanner) next() Kind {
	if s.self {
		s.self = false
		s.drop = 1
	}
	for {
		if s.drop > 0 {
			s.drop--
			s.name = s.open[len(s.open)-1]
			s.open = s.open[:len(s.open)-1]
			return End
		}
		if s.pos >= len(s.data) {
			if len(s.open) == 0 {
				return EOF
			}
			s.incomplete = true
			s.drop = len(s.open)
			continue
		}
		if s.data[s.pos] != '<' {
			s.text()
			return Text
		}
		if k := s.markup(); k != EOF {
			return k
		}
	}
}

func (s *Scanner) text() {
	s.textAt, s.literal = s.pos, false
	n := bytes.IndexByte(s.data[s.pos:], '<')
	if n < 0 {
		n = len(s.data) - s.pos
	}
	s.pos += n
	s.textEnd = s.pos
}

// markup reads what begins with <. It returns EOF for what is no token.
func (s *Scanner) markup() Kind {
	rest := s.data[s.pos:]
	switch {
	case bytes.HasPrefix(rest, []byte("<!--")):
		s.until("-->")
	case bytes.HasPrefix(rest, []byte("<![CDATA[")):
		s.textAt, s.literal = s.pos+len("<![CDATA["), true
		s.until("]]>")
		s.textEnd = s.pos
		if bytes.HasSuffix(s.data[:s.pos], []byte("]]>")) && s.pos-3 >= s.textAt {
			s.textEnd -= 3
		}
		return Text
	case bytes.HasPrefix(rest, []byte("<?")):
		s.until("?>")
	case bytes.HasPrefix(rest, []byte("<!")):
		s.doctype()
	case bytes.HasPrefix(rest, []byte("</")):
		s.until(">")
		s.end(local(bytes.TrimSuffix(rest[2:s.pos-(len(s.data)-len(rest))], []byte(">"))))
	default:
		return s.start()
	}
	return EOF
}

// until moves behind the next mark, or to the end.
func (s *Scanner) until(mark string) {
	n := bytes.Index(s.data[s.pos:], []byte(mark))
	if n < 0 {
		s.pos, s.incomplete = len(s.data), true
		return
	}
	s.pos += n + len(mark)
}

// doctype steps over <!DOCTYPE x [ … ]>.
func (s *Scanner) doctype() {
	inside := false
	for ; s.pos < len(s.data); s.pos++ {
		switch s.data[s.pos] {
		case '[':
			inside = true
		case ']':
			inside = false
		case '>':
			if !inside {
				s.pos++
				return
			}
		}
	}
}

// end looks for the start that name ends; the ones inside it end with it.
func (s *Scanner) end(name string) {
	for i := len(s.open) - 1; i >= 0; i-- {
		if s.open[i] == name {
			s.drop = len(s.open) - i
			return
		}
	}
}

func (s *Scanner) start() Kind {
	at := s.pos + 1
	end, quote := at, byte(0)
	for ; end < len(s.data); end++ {
		c := s.data[end]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		}
		if c == '>' && quote == 0 {
			break
		}
	}
	if end >= len(s.data) {
		s.pos, s.incomplete = len(s.data), true
		return EOF
	}
	s.pos = end + 1
	tag := s.data[at:end]
	self := len(tag) > 0 && tag[len(tag)-1] == '/'
	if self {
		tag = tag[:len(tag)-1]
	}
	n := bytes.IndexAny(tag, " \t\r\n")
	if n < 0 {
		n = len(tag)
	}
	if len(s.open) >= s.nesting {
		// Its end will fit no start, or one of the same name further out. Then what
		// follows stands one element too high, which only a hostile file brings about.
		s.deep = true
		return EOF
	}
	s.name, s.attrs, s.self = local(tag[:n]), tag[n:], self
	s.open = append(s.open, s.name)
	return Start
}

// local is a name without its prefix and the blanks around it.
func local(name []byte) string {
	if i := bytes.LastIndexByte(name, ':'); i >= 0 {
		name = name[i+1:]
	}
	return string(bytes.TrimSpace(name))
}

// Attr is the value of the first attribute with this local name of the element
// that was started last; "" when it has none.
func (s *Scanner) Attr(name string) string {
	v, _ := s.Lookup(name)
	return v
}

// Lookup is like Attr and says whether the attribute is there.
func (s *Scanner) Lookup(name string) (string, bool) {
	rest := s.attrs
	for {
		eq := bytes.IndexByte(rest, '=')
		if eq < 0 {
			return "", false
		}
		key := bytes.TrimRight(rest[:eq], " \t\r\n")
		key = key[bytes.LastIndexAny(key, " \t\r\n")+1:]
		rest = bytes.TrimLeft(rest[eq+1:], " \t\r\n")
		if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
			continue
		}
		end := bytes.IndexByte(rest[1:], rest[0])
		if end < 0 {
			return "", false
		}
		if local(key) == name {
			return unescape(rest[1 : 1+end]), true
		}
		rest = rest[end+2:]
	}
}

func unescape(b []byte) string {
	if bytes.IndexByte(b, '&') < 0 {
		return string(b)
	}
	var out strings.Builder
	each(b, 0, false, func(c flow.Char) { out.WriteRune(c.R) })
	return out.String()
}

// Int is the attribute as a number; def when it is none.
func (s *Scanner) Int(name string, def int) int {
	n, err := strconv.Atoi(s.Attr(name))
	if err != nil {
		return def
	}
	return n
}

// Each calls f for every child of the element just started. f may read on inside
// the child; Each skips what is left of it.
func (s *Scanner) Each(f func(name string)) {
	depth := len(s.open)
	for {
		switch s.Next() {
		case EOF:
			return
		case End:
			if len(s.open) < depth {
				return
			}
		case Start:
			f(s.name)
			s.leave(depth)
		}
	}
}

// leave reads on until depth elements are open.
func (s *Scanner) leave(depth int) {
	for len(s.open) > depth {
		if s.Next() == EOF {
			return
		}
	}
}

// Root reads on to the start of the outermost element and returns its name.
func (s *Scanner) Root() string {
	for {
		switch s.Next() {
		case Start:
			return s.name
		case EOF:
			return ""
		}
	}
}

// Chars calls f for every character of the text directly in the element just
// started, and moves behind its end. What stands in elements inside is left out.
func (s *Scanner) Chars(f func(flow.Char)) {
	depth := len(s.open)
	for {
		switch s.Next() {
		case EOF:
			return
		case End:
			if len(s.open) < depth {
				return
			}
		case Text:
			if len(s.open) == depth {
				each(s.data[s.textAt:s.textEnd], s.textAt, s.literal, f)
			}
		}
	}
}

// String is the text directly in the element just started, without blanks at
// its ends.
func (s *Scanner) String() string {
	var out strings.Builder
	s.Chars(func(c flow.Char) { out.WriteRune(c.R) })
	return strings.TrimSpace(out.String())
}

// each gives the characters of text that begins at offset at. What a Char may
// not hold or its bytes would not spell (line ends; < in CDATA) has no bytes.
func each(text []byte, at int, literal bool, f func(flow.Char)) {
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		c := flow.Char{R: r, Off: int32(at + i), N: int32(n)}
		switch {
		case r == '&' && !literal:
			if r, size := entity(text[i:]); size > 0 {
				n, c = size, flow.Char{R: r, Off: c.Off, N: int32(size)}
			} else {
				c.N = 0
			}
		case r == '<' || r == '&':
			c.N = 0
		case r == utf8.RuneError && n <= 1:
			i += max(n, 1)
			continue
		}
		i += n
		if c, ok := tidy(c); ok {
			f(c)
		}
	}
}

// tidy turns line ends into blanks that have no bytes, and drops what XML does
// not allow as a character.
func tidy(c flow.Char) (flow.Char, bool) {
	switch {
	case c.R == '\n':
		return flow.Char{R: ' ', Off: c.Off}, true
	case c.R < 0x20 && c.R != '\t', c.R == 0xfffe, c.R == 0xffff, !utf8.ValidRune(c.R):
		return c, false
	}
	return c, true
}

// entity is the character that text begins with and the length of its entity; 0
// when there is none.
func entity(text []byte) (rune, int) {
	end := bytes.IndexByte(text[:min(len(text), 12)], ';')
	if end < 2 {
		return 0, 0
	}
	name := string(text[1:end])
	switch name {
	case "amp":
		return '&', end + 1
	case "lt":
		return '<', end + 1
	case "gt":
		return '>', end + 1
	case "quot":
		return '"', end + 1
	case "apos":
		return '\'', end + 1
	}
	if name[0] != '#' {
		return 0, 0
	}
	base, digits := 10, name[1:]
	if strings.HasPrefix(digits, "x") {
		base, digits = 16, digits[1:]
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil || n == 0 || n > utf8.MaxRune || !utf8.ValidRune(rune(n)) {
		return 0, 0
	}
	return rune(n), end + 1
}
