package reader

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tuogou/corpus"
)

// minText is the fewest characters of text whose end says anything: a line or
// two may be anything. One with numbered headings says so sooner.
const (
	minText    = 100
	minNumbers = 40
)

// ends finds out whether the text stops in the middle, and says so in the text
// and as a problem.
func (in *inspection) ends() {
	t := in.t
	var at corpus.Span
	if !t.Truncated {
		var why string
		if why, at = in.cut(); why == "" {
			return
		}
		t.Truncated, t.Why = true, why
	} else if n := len(t.Blocks); n > 0 {
		at = t.Blocks[n-1].Span
	}
	if strings.HasPrefix(t.Why, "body_in_attachment") {
		in.problem("body_in_attachment", at, "the page only points to its attachment, which holds the text")
		return
	}
	in.problem("truncated", at, "the text stops before its end (%s): what is not here may stand in the rest", t.Why)
}

// cut is the sign that the text goes on elsewhere, with its place; "" for none.
func (in *inspection) cut() (string, corpus.Span) {
	t, tr := in.t, &in.r.page.Noise.Truncation
	var text []corpus.Block // paragraphs and cells
	for i, b := range t.Blocks {
		if b.Kind == corpus.BlockPara || b.Kind == corpus.BlockCell {
			text = append(text, b)
		}
		// The words of a preview may stand among the furniture.
		if s := b.Span.In(t.Body); i >= len(t.Blocks)-5 && b.Kind != corpus.BlockMeta && len(s) <= 200 {
			if m := tr.Cut.FindString(s); m != "" {
				return "preview: " + m, b.Span
			}
		}
	}
	if len(text) == 0 || in.chars < minText && (in.chars < minNumbers || !slices.ContainsFunc(text, in.headed)) {
		return "", corpus.Span{}
	}
	last := text[len(text)-1]
	if last.Kind == corpus.BlockPara {
		if why := in.open(text); why != "" {
			return why, last.Span
		}
	}
	return in.phases(last.Span)
}

// open is the sign that the last paragraph does not end the text, or "".
func (in *inspection) open(text []corpus.Block) string {
	last := text[len(text)-1]
	s := strings.TrimRight(last.Span.In(in.t.Body), " |｜\t*")
	if s == "" {
		return ""
	}
	tr := &in.r.page.Noise.Truncation
	n := utf8.RuneCountInString(s)
	tail := tailOf(s, 12)
	if m := tr.Open.FindString(s); m != "" {
		switch {
		case (m == "：" || m == ":") && (len(in.t.Links) > 0 || n <= 12):
			return "" // what follows the colon is an attachment, or it is a label left empty
		case strings.HasPrefix(m, "…") || strings.HasPrefix(m, ".") || strings.HasPrefix(m, "。"):
			return "ellipsis: " + tail
		}
		return "mid_sentence: " + tail
	}
	if strings.HasSuffix(s, "。") || tr.Close.MatchString(s) {
		return ""
	}
	heading := in.heading(s, n)
	if heading && n <= 5 { // "（三）" and nothing behind it
		return "heading_without_text: " + s
	}
	if strings.ContainsAny(tailOf(s, 1), "！？!?”’）)》〉】〕].") {
		return ""
	}
	above := len(text) >= 2 && in.headed(text[len(text)-2])
	switch {
	case heading && !above:
		return "heading_without_text: " + tailOf(s, 30)
	case !heading && (n >= 30 && strings.ContainsAny(s, "，。；") || in.clause(s) && in.sentences(text) >= 3 || in.stopsShort(s) || above && in.sentences(text) > 0):
		return "mid_sentence: " + tail
	}
	return ""
}

// clause reports whether a line is words of a sentence that does not end: "…，明确
// 责任分工，确保脱钩工作平". A line of contacts has a colon.
func (in *inspection) clause(s string) bool {
	last, _ := utf8.DecodeLastRuneInString(s)
	return strings.Count(s, "，") >= 2 && !strings.ContainsAny(s, "：:") && unicode.Is(unicode.Han, last)
}

// stopsShort reports whether a sentence begins in the line and does not end there:
// "…分工关系。剥离行业协会". What is behind the stop may sign the text, too.
func (in *inspection) stopsShort(s string) bool {
	i := strings.LastIndex(s, "。")
	if i < 0 {
		return false
	}
	rest := strings.TrimSpace(s[i+len("。"):])
	last, _ := utf8.DecodeLastRuneInString(rest)
	return rest != "" && unicode.Is(unicode.Han, last) && !in.r.page.Noise.Truncation.Close.MatchString(rest)
}

// sentences counts the paragraphs that end with a full stop.
func (in *inspection) sentences(text []corpus.Block) int {
	n := 0
	for _, b := range text {
		if strings.HasSuffix(b.Span.In(in.t.Body), "。") {
			n++
		}
	}
	return n
}

// heading reports whether a line is a heading and nothing more.
func (in *inspection) heading(s string, n int) bool {
	return n <= 50 && !strings.ContainsAny(s, "。；") && in.r.page.Noise.Item.MatchString(s)
}

// headed reports whether a block is a heading: a text that is a list of them ends
// with one.
func (in *inspection) headed(b corpus.Block) bool {
	s := b.Span.In(in.t.Body)
	return in.heading(s, utf8.RuneCountInString(s))
}

// phases reports a plan that announces its phases, begins the first and never
// comes to the last.
func (in *inspection) phases(last corpus.Span) (string, corpus.Span) {
	body := in.t.Body
	if !strings.Contains(body, "第一阶段") {
		return "", corpus.Span{}
	}
	m := in.r.page.Noise.Truncation.Phases.FindStringSubmatch(body)
	if m == nil || strings.Contains(body, "第"+m[1]+"阶段") || strings.Contains(body, "最后阶段") {
		return "", corpus.Span{}
	}
	return "phases_missing: " + m[0] + ", no 第" + m[1] + "阶段", last
}

// tailOf is the last n characters of s.
func tailOf(s string, n int) string {
	at := len(s)
	for range n {
		_, size := utf8.DecodeLastRuneInString(s[:at])
		at -= size
	}
	return s[at:]
}
