package reader

import (
	"bytes"
	"mime"
	"regexp"
	"sort"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/simplifiedchinese"

	"tuogou/corpus"
)

// decoded is the input as valid UTF-8, with the way back to its bytes. It
// belongs to one read.
type decoded struct {
	text    string
	charset string
	size    int              // bytes of the source
	base    int              // bytes of the mark before the text
	marks   corpus.SourceMap // text → source; nil where they are equal but for base
	bad     int              // sequences that were not valid in the charset
	at      int              // mark of the last look-up, where the next one begins
	direct  bool             // glyphs hold offsets of the source themselves

	redecoded int // characters that were decoded wrongly before, put right
}

// source is the offset in the source of a character at off in the text.
func (d *decoded) source(off int) int {
	if d.direct {
		return off
	}
	if off >= len(d.text) {
		return d.size
	}
	if len(d.marks) == 0 {
		return d.base + off
	}
	in := func(i int) bool {
		return i < len(d.marks) && d.marks[i].Body <= off && (i+1 == len(d.marks) || off < d.marks[i+1].Body)
	}
	switch {
	case in(d.at):
	case in(d.at + 1):
		d.at++
	default:
		d.at = max(0, sort.Search(len(d.marks), func(i int) bool { return d.marks[i].Body > off })-1)
	}
	k := d.marks[d.at]
	return k.Source + (off-k.Body)/k.BodyUnit*k.SourceUnit
}

// end is the offset in the source behind a character that ends at off in the
// text. Where the text of a script is written out it is not source(off).
func (d *decoded) end(off int) int {
	if len(d.marks) == 0 || off == 0 {
		return d.source(off)
	}
	d.source(min(off, len(d.text)) - 1) // finds the mark
	k := d.marks[d.at]
	return k.Source + (min((off-1-k.Body)/k.BodyUnit, k.Count-1)+1)*k.SourceUnit
}

// has reports whether the character at off stands in the source. Some are added
// where the text of a script is written out as a page.
func (d *decoded) has(off int) bool {
	if len(d.marks) == 0 {
		return true
	}
	d.source(off) // finds the mark
	k := d.marks[d.at]
	return off >= k.Body && off < k.Body+k.Count*k.BodyUnit
}

// decode reads the characters of the input, and puts right what was decoded
// wrongly before it reached us.
func (r *Reader) decode(in Input) *decoded { return r.redecode(r.decodeBytes(in)) }

// decodeBytes finds the charset and decodes: byte-order mark, strictly valid UTF-8,
// declared charset, GB18030. Headers and tags lie, so UTF-8 with a few broken
// bytes (a cut file) stays UTF-8, and all that is called gb* is GB18030.
func (r *Reader) decodeBytes(in Input) *decoded {
	data := in.Data
	switch {
	case bytes.HasPrefix(data, []byte("\xEF\xBB\xBF")):
		return decodeUTF8(data, 3)
	case utf16Mark(data) != "":
		return decodeUTF16(data, utf16Mark(data))
	case utf8.Valid(data):
		return decodeUTF8(data, 0)
	}
	declared := declaredCharset(in)
	multi, bad := utf8Score(data)
	if bad*4 <= multi || declared == "utf-8" && bad <= multi {
		return decodeUTF8(data, 0)
	}
	if enc := otherEncoding(declared); enc != nil {
		return decodeOther(data, enc, declared)
	}
	return r.decodeGB(data)
}

var charsetName = regexp.MustCompile(`(?i)charset\s*=\s*["']?\s*([\w.:-]+)`)

// declaredCharset is the canonical name of what the header or the page itself
// says, or "".
func declaredCharset(in Input) string {
	_, params, _ := mime.ParseMediaType(in.Type)
	name := params["charset"]
	if name == "" {
		m := charsetName.FindSubmatch(in.Data[:min(len(in.Data), 4096)])
		if m != nil {
			name = string(m[1])
		}
	}
	name = strings.ToLower(strings.TrimSpace(name))
	if strings.HasPrefix(name, "gb") {
		return "gb18030"
	}
	enc, err := htmlindex.Get(name)
	if err != nil {
		return ""
	}
	name, _ = htmlindex.Name(enc)
	return name
}

// otherEncoding is the encoding for a declared charset that is neither UTF nor
// gb*. Western ones are the default of servers, not a fact about the page.
func otherEncoding(name string) encoding.Encoding {
	switch name {
	case "big5", "euc-kr", "shift_jis", "euc-jp":
		enc, err := htmlindex.Get(name)
		if err == nil {
			return enc
		}
	}
	return nil
}

// utf8Score counts the valid characters of more than one byte, and the bytes
// that fit none.
func utf8Score(data []byte) (multi, bad int) {
	for i := 0; i < len(data); {
		if data[i] < utf8.RuneSelf {
			i++
			continue
		}
		c, n := utf8.DecodeRune(data[i:])
		switch {
		case c != utf8.RuneError || n > 1:
			multi++
		case !utf8.FullRune(data[i:]):
			return multi, bad // cut at the end
		default:
			bad++
		}
		i += n
	}
	return multi, bad
}

func decodeUTF8(data []byte, base int) *decoded {
	d := &decoded{charset: "utf-8", size: len(data), base: base}
	body := data[base:]
	if utf8.Valid(body) {
		d.text = string(body)
		return d
	}
	b := decodeBuilder{d: d, at: base}
	b.out.Grow(len(body))
	for i := 0; i < len(body); {
		c, n := utf8.DecodeRune(body[i:])
		b.add(c, n, c == utf8.RuneError && n == 1)
		i += n
	}
	return b.done()
}

// decodeBuilder collects characters in the order of the source.
type decodeBuilder struct {
	d   *decoded
	out strings.Builder
	at  int
}

func (b *decodeBuilder) add(c rune, n int, bad bool) {
	if bad {
		b.d.bad++
	}
	b.d.marks.Add(b.out.Len(), utf8.RuneLen(c), b.at, n)
	b.out.WriteRune(c)
	b.at += n
}

func (b *decodeBuilder) done() *decoded {
	b.d.text = b.out.String()
	return b.d
}

// utf16Mark is utf-16le or utf-16be where data begins with a mark, or where
// every second byte of its head is mostly NUL; else "".
func utf16Mark(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}):
		return "utf-16le"
	case bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		return "utf-16be"
	}
	head := data[:min(len(data), 512)]
	var zero [2]int
	for i, c := range head {
		if c == 0 {
			zero[i%2]++
		}
	}
	half := len(head) / 2
	switch {
	case half < 8:
		return ""
	case zero[1]*10 > half*7 && zero[0] == 0:
		return "utf-16le"
	case zero[0]*10 > half*7 && zero[1] == 0:
		return "utf-16be"
	}
	return ""
}

func decodeUTF16(data []byte, name string) *decoded {
	d := &decoded{charset: name, size: len(data)}
	b := decodeBuilder{d: d}
	unit := func(i int) rune {
		if name == "utf-16le" {
			return rune(data[i]) | rune(data[i+1])<<8
		}
		return rune(data[i])<<8 | rune(data[i+1])
	}
	for i := 0; i < len(data); {
		if i+1 >= len(data) {
			b.add(utf8.RuneError, 1, true)
			break
		}
		c, n := unit(i), 2
		if i == 0 && c == 0xFEFF {
			b.at, i = 2, 2
			continue
		}
		bad := false
		if utf16.IsSurrogate(c) {
			low := utf8.RuneError
			if i+3 < len(data) {
				low = utf16.DecodeRune(c, unit(i+2))
			}
			if bad = low == utf8.RuneError; !bad {
				n = 4
			}
			c = low
		}
		b.add(c, n, bad)
		i += n
	}
	return b.done()
}

// gbTable holds all two-byte codes of GB18030, as decoding them one by one
// through the transformer is ten times slower.
type gbTable [126 * 256]rune

func newGBTable() *gbTable {
	t := new(gbTable)
	dec := simplifiedchinese.GB18030.NewDecoder()
	for lead := 0x81; lead <= 0xFE; lead++ {
		for trail := 0x40; trail <= 0xFE; trail++ {
			if trail == 0x7F {
				continue
			}
			out, err := dec.Bytes([]byte{byte(lead), byte(trail)})
			if c, n := utf8.DecodeRune(out); err == nil && n == len(out) && c != utf8.RuneError {
				t[(lead-0x81)<<8|trail] = c
			}
		}
	}
	return t
}

func (r *Reader) decodeGB(data []byte) *decoded {
	d := &decoded{charset: "gb18030", size: len(data)}
	b := decodeBuilder{d: d}
	b.out.Grow(len(data) * 3 / 2)
	table := r.gb()
	dec := simplifiedchinese.GB18030.NewDecoder()
	for i := 0; i < len(data); {
		c, n := data[i], 1
		switch {
		case c < utf8.RuneSelf:
			b.add(rune(c), 1, false)
		case c >= 0x81 && c <= 0xFE && i+1 < len(data) && data[i+1] >= 0x40 && table[int(c-0x81)<<8|int(data[i+1])] != 0:
			n = 2
			b.add(table[int(c-0x81)<<8|int(data[i+1])], 2, false)
		default:
			four := rune(utf8.RuneError)
			if i+3 < len(data) && data[i+1] >= 0x30 && data[i+1] <= 0x39 {
				if out, err := dec.Bytes(data[i : i+4]); err == nil {
					if c, size := utf8.DecodeRune(out); size == len(out) {
						four = c
					}
				}
			}
			if four != utf8.RuneError {
				n = 4
			}
			b.add(four, n, four == utf8.RuneError)
		}
		i += n
	}
	return b.done()
}

// decodeOther decodes any other charset, one character at a time to know where
// each came from. Slow, and rare.
func decodeOther(data []byte, enc encoding.Encoding, name string) *decoded {
	d := &decoded{charset: name, size: len(data)}
	b := decodeBuilder{d: d}
	dec := enc.NewDecoder()
	for i := 0; i < len(data); {
		c, n, bad := rune(data[i]), 1, false
		if data[i] >= utf8.RuneSelf {
			c, bad = utf8.RuneError, true
			for size := 1; size <= 3 && i+size <= len(data); size++ {
				out, err := dec.Bytes(data[i : i+size])
				got, width := utf8.DecodeRune(out)
				if err == nil && width == len(out) && got != utf8.RuneError {
					c, n, bad = got, size, false
					break
				}
			}
		}
		b.add(c, n, bad)
		i += n
	}
	return b.done()
}
