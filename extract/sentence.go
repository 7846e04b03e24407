package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"tuogou/corpus"
)

// sentence is one sentence of a block of text.
type sentence struct {
	span  corpus.Span
	block int // index into Text.Blocks
}

// sentences cuts the blocks that hold the text itself (paragraphs, cells,
// titles) at full stops and semicolons. Brackets and book-title marks are not
// cut: "（一）…；（二）…" within brackets stays whole.
func sentences(text *corpus.Text) []sentence {
	var out []sentence
	for i, b := range text.Blocks {
		if b.Kind == corpus.BlockMeta || b.Kind == corpus.BlockOutside {
			continue
		}
		for _, s := range cut(text.Body, b.Span) {
			out = append(out, sentence{s, i})
		}
	}
	return out
}

// maxSentence is the number of bytes after which a sentence without a stop is cut
// at a comma or blank, and after twice as many anywhere: a bracket that is never
// closed, or a page that is all noise, must not become one sentence of megabytes.
const maxSentence = 3000

func cut(body string, block corpus.Span) []corpus.Span {
	var out []corpus.Span
	start, depth := block.Start, 0
	flush := func(end int) {
		if s := trim(body, corpus.Span{Start: start, End: end}); !s.Empty() {
			out = append(out, s)
		}
		start, depth = end, 0
	}
	for i := block.Start; i < block.End; {
		r, w := utf8.DecodeRuneInString(body[i:])
		i += w
		if r >= 0x4E00 && r <= 0x9FFF && i-start <= 2*maxSentence {
			continue // Chinese characters, nearly all of a text, end nothing
		}
		switch {
		case strings.ContainsRune("(（《〈【〔[“", r):
			depth++
		case strings.ContainsRune(")）》〉】〕]”", r):
			depth = max(0, depth-1)
		case r == '\n':
			flush(i)
		case strings.ContainsRune("。！!；;", r) && depth == 0, strings.ContainsRune("。", r):
			// A closing quotation mark belongs to the sentence that it ends.
			if c, cw := utf8.DecodeRuneInString(body[i:block.End]); cw > 0 && strings.ContainsRune("”’」』", c) {
				i += cw
			}
			flush(i)
		case r == '？' || r == '?':
			// "2018年8月?2018年9月": a dash lost in conversion, no question.
			if !lostDash(body[block.Start:i-w], body[i:block.End]) {
				flush(i)
			}
		case i-start > maxSentence && strings.ContainsRune("，,、 \u3000", r), i-start > 2*maxSentence:
			flush(i)
		}
	}
	flush(block.End)
	return out
}

func lostDash(before, after string) bool {
	b, _ := utf8.DecodeLastRuneInString(before)
	a, _ := utf8.DecodeRuneInString(after)
	return strings.ContainsRune("年月日旬底", b) && (unicode.IsDigit(a) || strings.ContainsRune("一二三四五六七八九十", a))
}

// trim takes blanks off both ends of s.
func trim(body string, s corpus.Span) corpus.Span {
	t := s.In(body)
	l := len(t) - len(strings.TrimLeftFunc(t, unicode.IsSpace))
	r := len(strings.TrimRightFunc(t, unicode.IsSpace))
	if l >= r {
		return corpus.Span{Start: s.Start, End: s.Start}
	}
	return corpus.Span{Start: s.Start + l, End: s.Start + r}
}

// cutAtSections cuts sentences where a numbered section begins within them:
// "…（省外办负责） 三、组织实施 第一步…" has no stop before 三. Items within a
// sentence (一是…；二是…) stay together. Both lists are in body order.
func cutAtSections(body string, ss []sentence, sections []corpus.Section) []sentence {
	var out []sentence
	k := 0
	for _, s := range ss {
		for k < len(sections) && sections[k].Span.Start <= s.span.Start {
			k++
		}
		rest := s
		for ; k < len(sections) && sections[k].Span.Start < s.span.End; k++ {
			if sections[k].Rule == "outline/item" {
				continue
			}
			at := sections[k].Span.Start
			if head := trim(body, corpus.Span{Start: rest.span.Start, End: at}); !head.Empty() {
				out = append(out, sentence{head, s.block})
			}
			rest.span.Start = at
		}
		out = append(out, rest)
	}
	return out
}
