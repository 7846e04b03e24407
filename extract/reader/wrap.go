package reader

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text that was pasted from a PDF keeps the line ends of its pages: as line
// ends, or as one blank each. All those lines are about equally long, which
// tells them from lines that end where their author ended them.

// slack is how much shorter than the longest a full line may be, in columns: a
// mark or a number that may not begin a line goes to the next with what it
// stands beside.
const slack = 6

// columns is the width of r: Chinese characters take two.
func columns(r rune) int {
	if r < 0x2E80 && !strings.ContainsRune("“”‘’—…", r) {
		return 1
	}
	return 2
}

// unwrap takes out the blanks that are line ends of a page: at least two, with
// full lines between them, and a last line that is not longer.
func unwrap(g []glyph, note func(string)) []glyph {
	var at []int // blanks between two Chinese characters
	var widths []int
	width := 0
	for i := range g {
		if g[i].r == ' ' && i > 0 && i+1 < len(g) && flows(g[i-1].r) && flows(g[i+1].r) {
			at = append(at, i)
			widths = append(widths, width)
			width = 0
			continue
		}
		width += columns(g[i].r)
	}
	if len(at) < 2 {
		return g
	}
	longest := 0
	for _, w := range widths {
		longest = max(longest, w)
	}
	if longest < 60 || width > longest {
		return g
	}
	for _, w := range widths[1:] {
		if w < longest-slack {
			return g
		}
	}
	// The first line is indented by two characters.
	if widths[0] < longest-slack-4 {
		return g
	}
	out := g[:0]
	for i := range g {
		if len(at) > 0 && at[0] == i {
			at = at[1:]
			note("unwrapped")
			continue
		}
		out = append(out, g[i])
	}
	return out
}

// flows reports whether a sentence may run over a line end at r. A full stop may
// end its line for good.
func flows(r rune) bool {
	return unicode.Is(unicode.Han, r) || strings.ContainsRune("，、：“”《》（）", r)
}

// pageWidth is the width of the lines of a text whose paragraphs are cut into
// lines, in columns, or 0. It takes at least three full lines that stop within a
// sentence, and hardly a line that is longer.
func pageWidth(input string) int {
	var widths []int
	longest := 0
	for line := range strings.Lines(input) {
		w := lineWidth(line)
		if w > 0 {
			widths = append(widths, w)
			longest = max(longest, w)
		}
		if longest > 160 {
			return 0
		}
	}
	if longest < 40 {
		return 0
	}
	full := 0
	for _, w := range widths {
		if w >= longest-slack {
			full++
		}
	}
	open := 0
	for line := range strings.Lines(input) {
		if w := lineWidth(line); w >= longest-slack && stops(line) {
			open++
		}
	}
	if open < 3 || full*3 < len(widths) {
		return 0
	}
	return longest
}

// stops reports whether the line stops within a sentence.
func stops(line string) bool {
	r, _ := utf8.DecodeLastRuneInString(strings.TrimRight(line, " \t\r\n\u3000"))
	return flows(r) && !strings.ContainsRune("：”》）", r) || r >= '0' && r <= '9'
}

// lineWidth is the width of a line without its indent and its end.
func lineWidth(line string) int {
	w := 0
	for _, r := range strings.Trim(line, " \t\r\n\u3000") {
		w += columns(r)
		if w > 1000 {
			break
		}
	}
	return w
}

// goesOn reports whether next, a line as it stands in the source, is the rest of
// the line before it: that one is full, is no heading and stops within a sentence,
// and next has no indent and begins no item of its own.
func (r *Reader) goesOn(width int, before, next string) bool {
	if width == 0 || lineWidth(before) < width-slack || !stops(before) ||
		len(before) <= 200 && r.page.Noise.Heading.MatchString(strings.TrimRight(before, " \t\r\n\u3000")) {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(before, " \t\r\n\u3000"))
	first, _ := utf8.DecodeRuneInString(next)
	// Two figures, or a mark, are left apart: 20 and 18年 may be two numbers.
	if !flows(first) && !(first >= '0' && first <= '9' && flows(last)) {
		return false
	}
	return !r.page.Noise.Item.MatchString(next[:min(len(next), 60)])
}
