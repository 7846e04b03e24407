package reader

import (
	"strings"
	"unicode/utf8"
)

// Copies lose the line ends of a text, or put some where none were: paragraphs that
// stand in one line keep their indent between them, and a date may be cut in pieces.

// indent is how many columns of blanks begin a paragraph: two full-width blanks, or
// four of &nbsp;. Plain blanks may be layout.
const indent = 4

// minAddressed is how many characters the organs addressed have at least, before
// their colon: shorter words before one are a label, and what follows is its value.
const minAddressed = 10

// glued reports whether a new paragraph begins at s, the rest of the text behind the
// line g. A caller that cannot look ahead gives one character of it.
func (r *Reader) glued(g []glyph, s string) bool {
	n, width := len(g), 0
	for n > 0 && isBlank(g[n-1].r) {
		switch g[n-1].r {
		case 0x3000, 0xE5E5:
			width += 2
		case 0xA0:
			width++
		}
		n--
	}
	next, _ := utf8.DecodeRuneInString(s)
	if n == 0 {
		return false
	}
	if width < indent {
		// "（此件公开发布） 示例方案": the plan begins behind the remark.
		return n < len(g) && n < 24 && (g[0].r == '（' || g[0].r == '(') && (g[n-1].r == '）' || g[n-1].r == ')') && g[1].r == '此'
	}
	last := g[n-1].r
	bracket := next == '（' || next == '(' // a closing bracket belongs to what it closes
	switch {
	case strings.ContainsRune("。；！？;!?", last) && !bracket:
		return true
	case (last == '：' || last == ':') && !bracket && wordsBefore(g[:n-1]) >= minAddressed:
		return true
	case len(s) <= utf8.UTFMax:
		return false
	}
	end := min(len(s), 80)
	if i := strings.IndexAny(s[:end], "\r\n"); i >= 0 {
		end = i
	}
	return r.page.Noise.Glued.MatchString(text(g[max(0, n-30):n]) + "¶" + s[:end])
}

// wordsBefore is how many characters stand at the end of g without a blank or a stop.
func wordsBefore(g []glyph) int {
	n := 0
	for i := len(g) - 1; i >= 0 && !isBlank(g[i].r) && !strings.ContainsRune("。；：:", g[i].r); i-- {
		n++
	}
	return n
}

// splitsDate reports whether a date runs over the end of the line before into next,
// the lines that follow it.
func (r *Reader) splitsDate(before, next string) bool {
	const blanks = " \t\r\n\u3000"
	before = strings.Trim(before, blanks)
	next = strings.TrimLeft(next, " \t\u3000")
	first, _ := utf8.DecodeRuneInString(next)
	if before == "" || first != '前' && first != '以' && first != '之' && first != '底' && first != '末' && first != '起' && first != '止' && first != '至' && (first < '0' || first > '9') {
		return false
	}
	lines := strings.SplitN(next, "\n", 4)
	for i := range lines {
		lines[i] = strings.Trim(lines[i], blanks)
	}
	if from := len(before) - 40; from > 0 {
		for !utf8.RuneStart(before[from]) {
			from++
		}
		before = "…" + before[from:]
	}
	return r.page.Noise.Date.MatchString(before + "⏎" + strings.Join(lines, "///"))
}
