package pdf

import (
	"unicode"

	"tuogou/extract/reader/flow"
)

// chars writes the rows of one paragraph as one line of characters.
func chars(rs []*row) []flow.Char {
	var out []flow.Char
	for i, r := range rs {
		if i > 0 && len(out) > 0 {
			out = seam(out, r.g[0].r)
		}
		out = r.chars(out)
	}
	if n := len(out); n > 0 && out[n-1].R == hyphen {
		out[n-1].R = '-' // it breaks no word: nothing follows
		out[n-1].N = 0
	}
	return out
}

// seam joins two visual lines: nothing between Chinese characters, a blank
// between words, and no hyphen where it only broke a word.
func seam(out []flow.Char, next rune) []flow.Char {
	last := out[len(out)-1].R
	switch {
	case last == hyphen:
		return out[:len(out)-1]
	case last == '-' && len(out) > 1 && unicode.IsLetter(out[len(out)-2].R) && unicode.IsLower(next):
		return out[:len(out)-1]
	case last == '-' || last == '/' || wide(last) || wide(next) || unicode.IsDigit(last) && unicode.IsDigit(next):
		return out
	}
	return append(out, flow.Char{R: ' '})
}

// chars appends the characters of r. Blanks of the file are kept where a
// reader sees one; those that only set characters apart are not.
func (r *row) chars(out []flow.Char) []flow.Char {
	spaced := r.spaced()
	var last, blank *glyph
	for k, g := range r.g {
		if unicode.IsSpace(g.r) {
			if blank == nil || g.r == 0x3000 {
				blank = g
			}
			continue
		}
		if last != nil && !spaced {
			out = r.between(out, last, g, blank)
		}
		last, blank = g, nil
		if k == 0 && g.bad && len(out) == 0 && g.r == 0xFFFD {
			continue // a bullet of a symbol font
		}
		out = append(out, flow.Char{R: g.r, Off: g.off, N: g.n})
	}
	return out
}

// between appends the blank between two neighbours, if there is one.
func (r *row) between(out []flow.Char, a, b, blank *glyph) []flow.Char {
	gap := (b.box.x0 - a.box.x1) / r.size
	narrow := !wide(a.r) && !wide(b.r)
	var see bool
	switch {
	case blank != nil && blank.r == 0x3000:
		see = gap >= 0.5
	case blank != nil:
		see = gap >= 0.15
	case narrow:
		see = gap >= 0.2
	default: // between columns set by hand: 示例市民政局        2018年8月9日
		see = gap >= 0.8
	}
	switch {
	case !see:
		return out
	case blank != nil && blank.r != '\t':
		return append(out, flow.Char{R: blank.r, Off: blank.off, N: blank.n})
	}
	return append(out, flow.Char{R: ' '})
}
