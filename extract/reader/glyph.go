package reader

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"tuogou/corpus"
)

// glyph is one character of the text with the stretch of the decoded input it
// stands for: 1 byte for a letter, 6 for "&nbsp;". A glyph with n = 0 was added
// by the reader.
type glyph struct {
	r      rune
	off, n int32
}

// isBlank reports whether r takes room and shows nothing. U+E5E5 is what the
// full-width blank A3A0 of old GBK pages becomes.
func isBlank(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '\r', '\f', '\v', 0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xE5E5:
		return true
	}
	return r >= 0x2000 && r <= 0x200A
}

// isHan reports whether r is a Chinese character or one of the marks that
// stand between them without blanks.
func isHan(r rune) bool {
	return r >= 0x4E00 && r <= 0x9FFF || r >= 0x3001 && r <= 0x303F || r >= 0xFF01 && r <= 0xFF5E ||
		r >= 0x80 && unicode.Is(unicode.Han, r)
}

// trim cuts blanks off both ends.
func trim(g []glyph) []glyph {
	for len(g) > 0 && isBlank(g[0].r) {
		g = g[1:]
	}
	for len(g) > 0 && isBlank(g[len(g)-1].r) {
		g = g[:len(g)-1]
	}
	return g
}

func text(g []glyph) string {
	b := make([]byte, 0, len(g)*3)
	for _, c := range g {
		b = utf8.AppendRune(b, c.r)
	}
	return string(b)
}

// textAt is text with the offset of each glyph in it, and the length last.
func textAt(g []glyph) (string, []int) {
	b := make([]byte, 0, len(g)*3)
	at := make([]int, len(g)+1)
	for i, c := range g {
		at[i] = len(b)
		b = utf8.AppendRune(b, c.r)
	}
	at[len(g)] = len(b)
	return string(b), at
}

// added makes glyphs of words that do not stand in the source.
func added(s string) []glyph {
	var g []glyph
	for _, r := range s {
		g = append(g, glyph{r: r})
	}
	return g
}

// builder writes a body and notes where each character came from.
type builder struct {
	dec    *decoded
	body   []byte
	marks  corpus.SourceMap
	blocks []corpus.Block
	noise  map[string]int
}

func (r *Reader) newBuilder(dec *decoded) *builder {
	b := &builder{dec: dec, noise: map[string]int{}}
	b.body = make([]byte, 0, min(len(dec.text)+16, 1<<20))
	if dec.bad > 0 {
		b.noise["invalid_"+family(dec.charset)] = dec.bad
	}
	b.noise["redecoded"] = dec.redecoded
	b.noise["replaced"] = strings.Count(dec.text, "\ufffd") - dec.bad
	return b
}

func family(charset string) string {
	if charset == "utf-8" {
		return "utf8"
	}
	return charset
}

// line starts a new line, unless the body is at the start of one.
func (b *builder) line() {
	if n := len(b.body); n > 0 && b.body[n-1] != '\n' {
		b.body = append(b.body, '\n')
	}
}

func (b *builder) write(g []glyph) corpus.Span {
	start := len(b.body)
	for _, c := range g {
		at := len(b.body)
		b.body = utf8.AppendRune(b.body, c.r)
		if c.n > 0 && b.dec.has(int(c.off)) {
			from := b.dec.source(int(c.off))
			b.marks.Add(at, len(b.body)-at, from, b.dec.end(int(c.off+c.n))-from)
		}
	}
	return corpus.Span{Start: start, End: len(b.body)}
}

func (b *builder) count(noise map[string]int) {
	for id, n := range noise {
		b.noise[id] += n
	}
}

// done makes the text of what was written.
func (b *builder) done() *corpus.Text {
	return &corpus.Text{
		Body:    string(b.body),
		Blocks:  b.blocks,
		Map:     b.marks,
		Charset: b.dec.charset,
		Noise:   noiseList(b.noise),
	}
}
