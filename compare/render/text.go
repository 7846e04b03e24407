package render

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// TextOptions lay out a table for a terminal.
type TextOptions struct {
	// Width is how many columns the terminal has. 0 means 100; a table with many
	// columns may still be wider, as no column gets less than 10.
	Width int
}

const (
	defaultWidth = 100
	minColumn    = 10
	gap          = 2
)

// WriteText writes t for a terminal. Chinese characters count two columns, control
// characters are dropped, so that a title cannot steer the terminal.
func WriteText(w io.Writer, t Table, opt TextOptions) error {
	if opt.Width <= 0 {
		opt.Width = defaultWidth
	}
	var b strings.Builder
	if t.Title != "" {
		b.WriteString(visible(t.Title) + "\n")
	}
	for _, n := range t.Notes {
		b.WriteString("  " + visible(n) + "\n")
	}
	widths := columnWidths(t, opt.Width)
	writeTextRow(&b, t.Head, widths)
	rule := make([]string, len(widths))
	for i, n := range widths {
		rule[i] = strings.Repeat("-", n)
	}
	writeTextRow(&b, rule, widths)
	multi := false
	for _, row := range t.Rows {
		multi = multi || strings.Contains(strings.Join(row, ""), "\n")
	}
	for i, row := range t.Rows {
		if multi && i > 0 {
			b.WriteString("\n")
		}
		writeTextRow(&b, row, widths)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// columnWidths gives each column what it needs, and cuts the widest until the
// table fits. No column gets narrower than a date in it.
func columnWidths(t Table, total int) []int {
	out, least := make([]int, len(t.Head)), make([]int, len(t.Head))
	for _, row := range append([][]string{t.Head}, t.Rows...) {
		for i, cell := range row {
			for line := range strings.SplitSeq(cell, "\n") {
				if i < len(out) {
					out[i] = max(out[i], Width(visible(line)))
					least[i] = max(least[i], min(longestRun(line), maxRun), minColumn)
				}
			}
		}
	}
	for {
		sum, widest := gap*(len(out)-1), -1
		for i, n := range out {
			sum += n
			if n > least[i] && (widest < 0 || n > out[widest]) {
				widest = i
			}
		}
		if sum <= total || widest < 0 {
			return out
		}
		out[widest]--
	}
}

// maxRun is the longest stretch of Latin letters and digits kept on one line.
const maxRun = 14

// longestRun is the length of the longest stretch of s without a place to break.
func longestRun(s string) int {
	longest, run := 0, 0
	for _, c := range s {
		if run++; c <= ' ' || c >= utf8.RuneSelf {
			run = 0
		}
		longest = max(longest, run)
	}
	return longest
}

func writeTextRow(b *strings.Builder, row []string, widths []int) {
	cells := make([][]string, len(widths))
	lines := 0
	for i := range widths {
		if i < len(row) {
			cells[i] = wrap(row[i], widths[i])
		}
		lines = max(lines, len(cells[i]))
	}
	for n := range lines {
		var line strings.Builder
		for i, wide := range widths {
			s := ""
			if n < len(cells[i]) {
				s = cells[i][n]
			}
			line.WriteString(s + strings.Repeat(" ", max(0, wide-Width(s))+gap))
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
}

// wrap breaks s into lines of at most wide columns.
func wrap(s string, wide int) []string {
	var out []string
	for part := range strings.SplitSeq(s, "\n") {
		part = visible(part)
		for Width(part) > wide {
			cut := breakAt(part, wide)
			out = append(out, strings.TrimRight(part[:cut], " "))
			part = strings.TrimLeft(part[cut:], " ")
		}
		out = append(out, part)
	}
	return out
}

// breakAt is where the first line of s ends: between any two Chinese characters,
// but neither inside a number or Latin word nor before a closing mark, unless
// the line would be empty.
func breakAt(s string, wide int) int {
	cut, good, used := 0, 0, 0
	last := ' '
	for i, c := range s {
		inWord := last > ' ' && last < utf8.RuneSelf && c > ' ' && c < utf8.RuneSelf
		if i > 0 && !inWord && !strings.ContainsRune(closing, c) {
			good = i
		}
		if used += runeWidth(c); used > wide && i > 0 {
			break
		}
		cut, last = i+len(string(c)), c
	}
	if good > 0 && cut < len(s) {
		return good
	}
	return cut
}

// closing may not begin a line.
const closing = "、，。；：？！）〕》”’"

// Width is how many columns of a terminal s takes: two for wide and full-width
// characters, none for marks that combine with the one before.
func Width(s string) int {
	n := 0
	for _, c := range s {
		n += runeWidth(c)
	}
	return n
}

func runeWidth(c rune) int {
	if c == 0 || unicode.Is(unicode.Mn, c) || unicode.Is(unicode.Cf, c) {
		return 0
	}
	switch width.LookupRune(c).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// visible drops what does not show: control characters and direction marks.
func visible(s string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c == '\t' || c == '\n':
			return ' '
		case unicode.IsControl(c) || unicode.Is(unicode.Cf, c):
			return -1
		}
		return c
	}, s)
}

// WriteMarkdown writes t as a section with a pipe table.
func WriteMarkdown(w io.Writer, t Table) error {
	var b strings.Builder
	if t.Title != "" {
		fmt.Fprintf(&b, "## %s\n\n", markdown(t.Title))
	}
	for _, n := range t.Notes {
		fmt.Fprintf(&b, "- %s\n", markdown(n))
	}
	if len(t.Notes) > 0 {
		b.WriteString("\n")
	}
	line := func(cells []string) {
		b.WriteString("| " + strings.Join(mapped(cells, markdown), " | ") + " |\n")
	}
	line(t.Head)
	b.WriteString("|" + strings.Repeat(" --- |", len(t.Head)) + "\n")
	for _, row := range t.Rows {
		line(row)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// markdown escapes what Markdown or HTML would read as more than words.
func markdown(s string) string {
	var lines []string
	for part := range strings.SplitSeq(s, "\n") {
		part = visible(part)
		var b strings.Builder
		for _, c := range part {
			switch c {
			case '\\', '`', '*', '_', '[', ']', '|', '#', '~', '!':
				b.WriteByte('\\')
				b.WriteRune(c)
			case '<':
				b.WriteString("&lt;")
			case '>':
				b.WriteString("&gt;")
			case '&':
				b.WriteString("&amp;")
			default:
				b.WriteRune(c)
			}
		}
		lines = append(lines, b.String())
	}
	return strings.Join(lines, "<br>")
}

// WriteCSV writes t for spreadsheets: UTF-8 with a byte order mark, CRLF, and a '
// before a cell that a spreadsheet would run as a formula.
func WriteCSV(w io.Writer, t Table) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	for _, row := range append([][]string{t.Head}, t.Rows...) {
		if err := out.Write(mapped(row, guard)); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// Guard is s as a cell of a table that a spreadsheet reads: with a ' before what it
// would run as a formula.
func Guard(s string) string { return guard(s) }

// guard also covers the full-width signs, which some spreadsheets read as the
// plain ones, and leading tabs and returns, which they skip.
func guard(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r＝＋－＠", []rune(s)[0]) {
		return "'" + s
	}
	return s
}

// WriteJSON writes a result of package compare, indented. Spans in it count code
// points of the documents' bodies.
func WriteJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
