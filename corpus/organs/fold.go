package organs

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"tuogou/corpus"
)

// folded is a text without the blanks that stand between two Chinese
// characters, and the way back to the text itself.
type folded struct {
	text string
	cuts []cut
}

// cut says that removed bytes in all are missing before byte at of the folded text.
type cut struct{ at, removed int }

// maxBlanks is the longest run of blanks taken for spacing within a name. Wider
// gaps, as between the two halves of a signature line, stay.
const maxBlanks = 2

// fold takes out runs of at most maxBlanks blanks between Chinese characters:
// 郴 州 市 财 政 局. A text without any is returned as it is.
func fold(text string) folded {
	if !strings.ContainsAny(text, " \t\u00a0\u3000") {
		return folded{text: text}
	}
	var b strings.Builder
	b.Grow(len(text))
	out := folded{}
	prev, removed, kept := rune(0), 0, 0
	for i := 0; i < len(text); {
		r, w := utf8.DecodeRuneInString(text[i:])
		if isBlank(r) {
			n, end := 0, i
			for end < len(text) {
				s, sw := utf8.DecodeRuneInString(text[end:])
				if !isBlank(s) {
					break
				}
				n, end = n+1, end+sw
			}
			next, _ := utf8.DecodeRuneInString(text[end:])
			if n <= maxBlanks && isHan(prev) && isHan(next) {
				b.WriteString(text[kept:i])
				removed += end - i
				kept = end
				out.cuts = append(out.cuts, cut{end - removed, removed})
			}
			prev, i = ' ', end
			continue
		}
		prev = r
		i += w
	}
	b.WriteString(text[kept:])
	out.text = b.String()
	return out
}

// span leads from the folded text back to the text itself: blanks at the edges
// are left outside, blanks within are covered.
func (f *folded) span(start, end int) corpus.Span {
	return corpus.Span{Start: start + f.removed(start, true), End: end + f.removed(end, false)}
}

func (f *folded) removed(at int, inclusive bool) int {
	lo, hi := 0, len(f.cuts)
	for lo < hi {
		mid := (lo + hi) / 2
		if c := f.cuts[mid].at; c < at || inclusive && c == at {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == 0 {
		return 0
	}
	return f.cuts[lo-1].removed
}

func isBlank(r rune) bool { return r == ' ' || r == '\t' || r == '\u00a0' || r == '\u3000' }

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }
