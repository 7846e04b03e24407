package extract

import (
	"strings"

	"tuogou/corpus"
)

// numbersBehind reads the numbers directly behind a title, in brackets or
// without, and takes them into the quoted words:
// 《甲》（中办发〔2015〕39号，以下简称《方案》）, 《甲》（甲号、乙号）, 《甲》中办发〔2015〕39号.
func (d *draft) numbersBehind(ref *corpus.Reference, at corpus.Span) []corpus.DocNumber {
	after := d.body[at.End:d.blockEnd(at.End-1)]
	blank := len(after) - len(strings.TrimLeft(after, " \u3000\u00a0"))
	if m := d.x.rules.Documents.Reference.OfNotice.FindStringIndex(after[blank:]); m != nil { // 关于印发《甲》的通知（…号）
		blank += m[1]
	}
	in := corpus.Span{Start: at.End, End: at.End + len(head(after, blank+90))}
	bracket := strings.HasPrefix(after[blank:], "(") || strings.HasPrefix(after[blank:], "（")
	closed := 0
	if bracket {
		if closed = closing(head(after[blank:], 400)); closed > 0 {
			in.End = at.End + blank + closed
		}
	}
	ns := d.numbersIn(in)
	if len(ns) == 0 {
		return nil
	}
	lead := d.body[at.End+blank : ns[0].Span.Start]
	if closed == 0 {
		if strings.Trim(lead, "(（ \u3000\u00a0") != "" {
			return nil
		}
		ns = ns[:1]
	}
	end := ns[len(ns)-1].Span.End
	if rest := d.body[end:]; strings.HasPrefix(rest, ")") {
		end++
	} else if strings.HasPrefix(rest, "）") {
		end += len("）")
	}
	ref.Evidence = corpus.Cite(d.body, corpus.Span{Start: at.Start, End: end}, ref.Rule)
	return ns
}

// closing is the byte behind the bracket that closes the one s begins with, or 0.
// Brackets of years within (（国发(2015)5号）) are counted.
func closing(s string) int {
	depth := 0
	for i, r := range s {
		switch r {
		case '(', '（':
			depth++
		case ')', '）':
			if depth--; depth == 0 {
				return i + len(string(r))
			}
		}
	}
	return 0
}

// numbers adds the documents that are named without book marks.
func (f *refFinder) numbers() {
	d := f.d
	var quoted []corpus.Span
	for i := range d.rec.References {
		quoted = append(quoted, d.rec.References[i].Span)
	}
	for _, m := range d.booked {
		quoted = append(quoted, m.span)
	}
	quoted = disjoint(quoted)
	for _, b := range d.text.Blocks {
		if b.Kind == corpus.BlockOutside || b.Kind == corpus.BlockMeta {
			continue
		}
		for _, n := range d.numbersIn(b.Span) {
			if !overlapping(quoted, n.Span) {
				f.bare(b.Span, n)
			}
		}
	}
}

// bare takes in a number that stands behind no title in book marks.
func (f *refFinder) bare(line corpus.Span, n corpus.DocNumber) {
	d := f.d
	if own := d.rec.DocNumber; own != nil && own.Normal == n.Normal {
		return
	}
	if _, ok := f.byNumber[n.Normal]; ok {
		return
	}
	if d.onlyNumber(line.In(d.body), n.Text) { // the head of an annexed document
		for i := range d.rec.References {
			if r := &d.rec.References[i]; r.Relation == corpus.Forwards && r.DocNumber == nil {
				f.number(i, &n)
			}
		}
		return
	}
	ref := corpus.Reference{Evidence: corpus.Cite(d.body, n.Span, "document/reference_number")}
	if m := d.x.rules.Documents.Reference.Unmarked.FindStringSubmatchIndex(d.body[line.Start:n.Span.Start]); m != nil {
		at := corpus.Span{Start: line.Start + m[2], End: line.Start + m[3]}
		at.Start = d.organsBefore(at.Start)
		ref.Title = plain(at.In(d.body))
		ref.Evidence = corpus.Cite(d.body, corpus.Span{Start: at.Start, End: n.Span.End}, "document/reference_unmarked")
		if i, ok := f.byKey[squeeze(ref.Title)]; ok && d.rec.References[i].DocNumber == nil || d.isOwn(ref.Title) {
			if ok {
				f.number(i, &n)
			}
			return
		}
	}
	ref.Relation = d.relation(ref.Span)
	f.put(ref, &n)
}

// organsBefore is where the organs begin that end directly before byte at:
// 国务院办公厅|关于….
func (d *draft) organsBefore(at int) int {
	start := d.blockOf(at).Start
	os := d.organsWithin(corpus.Span{Start: start, End: at})
	for i := len(os) - 1; i >= 0; i-- {
		if strings.Trim(d.body[os[i].Span.End:at], " \u3000\u00a0") != "" {
			break
		}
		at = os[i].Span.Start
	}
	return at
}

// onlyNumber reports whether the line is nothing but the number.
func (d *draft) onlyNumber(line, number string) bool {
	rest := strings.Trim(strings.Replace(line, number, "", 1), " \u3000\u00a0()（）[]【】〔〕:：")
	return rest == "" || d.x.rules.Documents.Number.Label.MatchString(rest)
}
