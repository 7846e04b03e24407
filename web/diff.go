package web

import (
	"strings"

	"tuogou/corpus"
)

// diffLine is a line of two texts: kept, added or dropped.
type diffLine struct{ Class, Text string }

// Kinds of lines, as classes of the page.
const (
	lineKept    = "kept"
	lineAdded   = "added"
	lineDropped = "dropped"
)

// maxDiffLines bounds the table that the comparison fills: its square.
const maxDiffLines = 3000

// diffLines sets two texts side by side, line by line, by their longest common
// subsequence. What is the same at both ends is not compared at all.
func diffLines(from, to string) []diffLine {
	a, b := linesOf(from), linesOf(to)
	var head, tail []diffLine
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		head = append(head, diffLine{lineKept, a[0]})
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		tail = append(tail, diffLine{lineKept, a[len(a)-1]})
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	out := append(head, middle(a, b)...)
	for i := len(tail) - 1; i >= 0; i-- {
		out = append(out, tail[i])
	}
	return out
}

func linesOf(s string) []string {
	var out []string
	for l := range strings.Lines(s) {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	return out[:min(len(out), maxDiffLines)]
}

// middle fills the table of lengths from the end and walks it from the start.
func middle(a, b []string) []diffLine {
	width := len(b) + 1
	common := make([]int32, (len(a)+1)*width)
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i*width+j] = common[(i+1)*width+j+1] + 1
			} else {
				common[i*width+j] = max(common[(i+1)*width+j], common[i*width+j+1])
			}
		}
	}
	var out []diffLine
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			out = append(out, diffLine{lineKept, a[i]})
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[(i+1)*width+j] >= common[i*width+j+1]:
			out = append(out, diffLine{lineDropped, a[i]})
			i++
		default:
			out = append(out, diffLine{lineAdded, b[j]})
			j++
		}
	}
	return out
}

// maskWords hides the contacts of r wherever they stand in another version of its text.
func maskWords(r *corpus.Record, text string) string {
	for _, c := range r.Contacts {
		if c.Quote != "" {
			text = strings.ReplaceAll(text, c.Quote, strings.Repeat("＊", len([]rune(c.Quote))))
		}
	}
	return text
}
