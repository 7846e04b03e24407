package index

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Folding makes writings of the same thing equal: ２０１８ and 2018, 〔2018〕 and
// [2018], A and a. White space beside a Chinese character does not count
// (2018 年底 and 2018年底); elsewhere any amount of it is one space. Line ends
// stay, so nothing matches across paragraphs.

// foldRune folds one character other than white space.
func foldRune(r rune) rune {
	switch {
	case r >= 0x4e00 && r <= 0x9fff:
		return r
	case r >= 0xff01 && r <= 0xff5e:
		r -= 0xff01 - '!'
	}
	switch r {
	case '[', '{', '〔', '【', '〖', '「', '『':
		return '('
	case ']', '}', '〕', '】', '〗', '」', '』':
		return ')'
	case '“', '”', '„':
		return '"'
	case '‘', '’':
		return '\''
	case '‐', '‑', '–', '—', '―', '－', '─':
		return '-'
	case '•', '・', '‧':
		return '·'
	case '○', '◯': // typed for 〇 in 二○一八
		return '〇'
	}
	if r < utf8.RuneSelf {
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}
	return unicode.ToLower(r)
}

// wide reports characters beside which white space does not count.
func wide(r rune) bool { return r >= 0x2e80 }

// fold appends the folded form of s to dst. Where at is not nil it receives,
// for each byte appended, the offset in s of the character it came from, and
// then len(s).
func fold(dst []byte, s []byte, at *[]int32) []byte {
	var last rune = '\n'
	gap, gapAt := rune(0), 0 // pending ' ' or '\n'
	for i := 0; i < len(s); {
		// Most of a text is this: a Chinese character, after which no gap is waiting.
		if c := s[i]; c >= 0xe4 && c <= 0xe9 && gap != '\n' && i+2 < len(s) {
			if r := rune(c&0xf)<<12 | rune(s[i+1]&0x3f)<<6 | rune(s[i+2]&0x3f); r >= 0x4e00 && r <= 0x9fff && s[i+1]&0xc0 == 0x80 && s[i+2]&0xc0 == 0x80 {
				gap = 0 // white space beside it does not count
				dst = append(dst, c, s[i+1], s[i+2])
				if at != nil {
					*at = append(*at, int32(i), int32(i), int32(i))
				}
				last = r
				i += 3
				continue
			}
		}
		r, w := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, w = utf8.DecodeRune(s[i:])
		}
		if r == '\n' || r <= ' ' || r > 0x7f && r < 0x4e00 && unicode.IsSpace(r) {
			if gap == 0 {
				gap, gapAt = ' ', i
			}
			if r == '\n' {
				gap = '\n'
			}
			i += w
			continue
		}
		r = foldRune(r)
		if gap == '\n' && last != '\n' || gap == ' ' && last != '\n' && !wide(last) && !wide(r) {
			dst = append(dst, byte(gap))
			if at != nil {
				*at = append(*at, int32(gapAt))
			}
		}
		gap = 0
		n := len(dst)
		dst = utf8.AppendRune(dst, r)
		if at != nil {
			for range len(dst) - n {
				*at = append(*at, int32(i))
			}
		}
		last = r
		i += w
	}
	if at != nil {
		*at = append(*at, int32(len(s)))
	}
	return dst
}

func foldString(s string) string { return string(fold(nil, []byte(s), nil)) }

// letter reports what pairs are made of; marks never are.
func letter(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= '0' && r <= '9'
	}
	return r >= 0x4e00 && r <= 0x9fff || unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)
}

// grams calls f with the bounds of each pair of neighbouring letters in folded
// text, and of each letter that no letter follows. So a letter stands in a text
// exactly where the text has a gram that begins with it.
func grams(folded string, f func(from, to int)) {
	prev := -1 // start of the letter before
	for i := 0; i < len(folded); {
		r, w := utf8.DecodeRuneInString(folded[i:])
		switch ok := letter(r); {
		case ok && prev >= 0:
			f(prev, i+w)
			prev = i
		case ok:
			prev = i
		case prev >= 0:
			f(prev, i)
			prev = -1
		}
		i += w
	}
	if prev >= 0 {
		f(prev, len(folded))
	}
}

// needle is a text to look for.
type needle struct {
	text  []byte // folded, not empty
	grams [][]byte
	// prefix is a letter that stands alone: all grams that begin with it match.
	prefix []byte
	exact  bool // the grams or the prefix prove the text
	// forms are ways in which the text is usually written, text among them: where
	// one of them stands in a body as it is, its folded form holds text.
	forms [][]byte
}

// brackets are the pairs usual in document numbers, which people type with
// whatever their keyboard has: 〔2018〕50号, [2018]50号, （2018）50号.
var brackets = [...][2]string{{"〔", "〕"}, {"（", "）"}, {"[", "]"}}

// writings are the forms of folded text that was written as s.
func writings(s string, text []byte) [][]byte {
	out := [][]byte{text}
	add := func(f string) {
		if f != string(text) && bytes.Equal(fold(nil, []byte(f), nil), text) {
			out = append(out, []byte(f))
		}
	}
	add(strings.TrimSpace(s))
	if bytes.ContainsAny(text, "()") {
		for _, b := range brackets {
			add(strings.NewReplacer("(", b[0], ")", b[1]).Replace(string(text)))
		}
	}
	return out
}

// newNeedle is the needle of s; ok is false where nothing is left of it.
func newNeedle(s string) (n needle, ok bool) {
	n.text = fold(nil, []byte(s), nil)
	n.forms = writings(s, n.text)
	letters := true
	for _, r := range string(n.text) {
		letters = letters && letter(r)
	}
	count := utf8.RuneCount(n.text)
	if letters && count == 1 {
		n.prefix, n.exact = n.text, true
		return n, true
	}
	grams(string(n.text), func(from, to int) {
		// A single letter at the very end may be followed by another one in
		// the text; before a mark it is not.
		g := n.text[from:to]
		if single := utf8.RuneCount(g) == 1; !single || to < len(n.text) {
			n.grams = append(n.grams, g)
		}
	})
	if letters { // the last letter of a run is in its last pair already
		n.exact = count == 2
	}
	return n, len(n.text) > 0
}
