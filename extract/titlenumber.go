package extract

import (
	"strings"
	"unicode/utf8"

	"tuogou/corpus"
)

// withoutNumber is a headline without the document's own number, which lists and
// copies put before it ("示政发〔2031〕5号 示例市方案"), behind it, or behind it in brackets
// ("…的通知（示改〔2019〕1063号）"). Behind 》 it is that of what the headline names.
func (d *draft) withoutNumber(title corpus.Span) corpus.Span {
	const blanks = " \u3000\u00a0"
	ns := d.numbersIn(title)
	if len(ns) == 0 {
		return title
	}
	first, last := ns[0], ns[len(ns)-1]
	if first.Span.Start == title.Start {
		rest := trim(d.body, corpus.Span{Start: first.Span.End, End: title.End})
		words := rest.In(d.body)
		if strings.HasPrefix(words, "《") && strings.HasSuffix(words, "》") && balanced(words) {
			rest = corpus.Span{Start: rest.Start + len("《"), End: rest.End - len("》")}
		}
		if d.titles(rest) {
			d.titled = &first
			return rest
		}
	}
	end := strings.TrimRight(title.In(d.body)[:last.Span.Start-title.Start], blanks)
	behind := strings.Trim(d.body[last.Span.End:title.End], blanks)
	bracket := behind == "）" || behind == ")"
	if bracket {
		open := max(strings.LastIndex(end, "（"), strings.LastIndex(end, "("))
		if open <= 0 || strings.Trim(end[open:], "(（"+blanks) != "" {
			return title
		}
		end = strings.TrimRight(end[:open], blanks)
	}
	rest := corpus.Span{Start: title.Start, End: title.Start + len(end)}
	if behind != "" && !bracket || strings.HasSuffix(end, "》") || !bracket && !d.titles(rest) || end == "" {
		return title
	}
	d.titled = &last
	return rest
}

// balanced reports whether the book mark that s begins with closes at its end.
func balanced(s string) bool {
	inner := strings.TrimSuffix(strings.TrimPrefix(s, "《"), "》")
	depth := 0
	for _, r := range inner {
		switch r {
		case '《':
			depth++
		case '》':
			if depth--; depth < 0 {
				return false
			}
		}
	}
	return depth == 0
}

// titles reports whether the words of s name a paper, as a title does.
func (d *draft) titles(s corpus.Span) bool {
	words := s.In(d.body)
	return utf8.RuneCountInString(words) >= 8 && !strings.ContainsAny(words, "。；;：") && closed(words) && d.titleKind(plain(words)) != corpus.KindOther
}

// gluedTitle is the title of a text whose head is one line, without blanks:
// "示例市人民政府关于示例工作的意见示政发〔2031〕5号各县人民政府：", or empty.
func (d *draft) gluedTitle() corpus.Span {
	at := d.firstPara()
	if at >= len(d.body) {
		return corpus.Span{}
	}
	line := d.blockOf(at)
	if line.Len() > 900 {
		line.End = line.Start + len(head(line.In(d.body), 900))
	}
	ns := d.numbersIn(line)
	if len(ns) == 0 {
		return corpus.Span{}
	}
	title := trim(d.body, corpus.Span{Start: line.Start, End: ns[0].Span.Start})
	if !d.titles(title) || !d.x.rules.Documents.Number.Addressed.MatchString(strings.TrimLeft(d.body[ns[0].Span.End:line.End], " \u3000\u00a0")) {
		return corpus.Span{}
	}
	d.titled = &ns[0]
	return title
}
