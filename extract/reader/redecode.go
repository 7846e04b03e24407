package reader

import (
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// Some pages were decoded wrongly and stored so, before they reached us. Where
// nothing was lost on that way it can be gone back: the characters are written
// in the wrong charset again and read in the right one. That takes a whole run
// that becomes common Chinese; anything less is marked and left alone.

// minRedecoded is how many characters must come out right in the whole text.
const minRedecoded = 4

// redecode undoes one wrong decoding: UTF-8 or GBK read as Windows-1252
// (å…³äºŽ, ¹ØÓÚ), UTF-8 read as GBK (鍏充簬).
func (r *Reader) redecode(d *decoded) *decoded {
	latin, odd := 0, 0
	for _, c := range d.text {
		if c < 0x80 || r.survey.kind(c).alone&markLost == 0 {
			continue
		}
		if c <= 0xFF {
			latin++
		} else {
			odd++
		}
	}
	if latin < minRedecoded && odd < 2 {
		return d
	}
	out := &decoded{charset: d.charset, size: d.size, bad: d.bad}
	b := decodeBuilder{d: out, at: d.source(0)}
	b.out.Grow(len(d.text))
	for i := 0; i < len(d.text); {
		run := wrongRun(d.text[i:])
		fixed := 0
		if run > 0 {
			fixed = r.rerun(&b, d, i, i+run)
		}
		if fixed > 0 {
			out.redecoded += fixed
			i += run
			continue
		}
		_, size := utf8.DecodeRuneInString(d.text[i:])
		for end := i + max(run, size); i < end; {
			c, n := utf8.DecodeRuneInString(d.text[i:])
			b.copy(d, i, i+n, c)
			i += n
		}
	}
	if out.redecoded < minRedecoded && !(odd >= 2 && out.redecoded >= 2) {
		return d
	}
	return b.done()
}

// copy adds c for d.text[from:to].
func (b *decodeBuilder) copy(d *decoded, from, to int, c rune) {
	b.at = d.source(from)
	b.add(c, d.source(to)-b.at, false)
}

// maxWrongRun bounds, in bytes, what is read again at once.
const maxWrongRun = 1 << 12

// wrongRun is the length of the run at the start of s of characters that are not
// ASCII.
func wrongRun(s string) int {
	i := 0
	for i < len(s) && s[i] >= utf8.RuneSelf && i < maxWrongRun {
		_, n := utf8.DecodeRuneInString(s[i:])
		i += n
	}
	return i
}

// rerun reads d.text[from:to] again and adds it, if it comes out as Chinese; it
// returns how many characters did.
func (r *Reader) rerun(b *decodeBuilder, d *decoded, from, to int) int {
	var raw []byte
	var starts []int // offset in raw → offset in d.text of the character it came from
	whole := true
	for i := from; i < to; {
		c, n := utf8.DecodeRuneInString(d.text[i:])
		x, ok := latinByte(c)
		if !ok {
			whole = false
			break
		}
		raw, starts = append(raw, x), append(starts, i)
		i += n
	}
	if whole {
		if chars := chinese(raw, utf8Char); chars != nil {
			return b.again(d, chars, starts, to)
		}
		if chars := chinese(raw, r.gbChar); len(chars) > 1 {
			return b.again(d, chars, starts, to)
		}
		return 0
	}
	odd := false
	enc := simplifiedchinese.GBK.NewEncoder()
	raw, starts = raw[:0], starts[:0]
	for i := from; i < to; {
		c, n := utf8.DecodeRuneInString(d.text[i:])
		odd = odd || r.survey.kind(c).alone&markLost != 0
		two, err := enc.String(string(c))
		if err != nil {
			return 0
		}
		for k := range len(two) {
			raw, starts = append(raw, two[k]), append(starts, i)
		}
		i += n
	}
	if chars := chinese(raw, utf8Char); odd && len(chars) > 1 {
		return b.again(d, chars, starts, to)
	}
	return 0
}

// again adds characters that were read again, each from the character that its
// first byte stands in to the one of the next.
func (b *decodeBuilder) again(d *decoded, chars []wideChar, starts []int, to int) int {
	at := 0
	for i, c := range chars {
		from, end := starts[at], to
		at += c.n
		if i+1 < len(chars) {
			end = starts[at]
		}
		b.copy(d, from, end, c.r)
	}
	return len(chars)
}

// wideChar is a character and the bytes it takes.
type wideChar struct {
	r rune
	n int
}

// chinese reads all of raw with next, or returns nil where anything but Chinese
// comes out of it.
func chinese(raw []byte, next func([]byte) wideChar) []wideChar {
	var out []wideChar
	han := 0
	for len(raw) > 0 {
		c := next(raw)
		switch {
		case c.r >= 0x4E00 && c.r <= 0x9FA5:
			han++
		case c.r >= 0x3000 && c.r <= 0x301F, c.r >= 0xFF01 && c.r <= 0xFF5E, c.r >= 0x2010 && c.r <= 0x2026:
		default:
			return nil
		}
		out = append(out, c)
		raw = raw[c.n:]
	}
	if han*2 < len(out) || han == 0 {
		return nil
	}
	return out
}

func utf8Char(b []byte) wideChar {
	c, n := utf8.DecodeRune(b)
	return wideChar{c, n}
}

// gbChar reads one character of GB2312: a mark, or one of the 3,755 common ones.
func (r *Reader) gbChar(b []byte) wideChar {
	if len(b) < 2 || b[1] < 0xA1 || !(b[0] >= 0xB0 && b[0] <= 0xD7 || b[0] == 0xA1 || b[0] == 0xA3) {
		return wideChar{utf8.RuneError, 1}
	}
	return wideChar{r.gb()[int(b[0]-0x81)<<8|int(b[1])], 2}
}

// latinByte is the byte of Windows-1252, or of ISO 8859-1, that was read as c.
func latinByte(c rune) (byte, bool) {
	if c >= 0x80 && c <= 0x9F {
		return byte(c), true
	}
	return charmap.Windows1252.EncodeRune(c)
}
