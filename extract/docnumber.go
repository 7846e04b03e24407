package extract

import (
	"strings"
	"unicode/utf8"

	"tuogou/corpus"
)

// maxNumber is how many bytes before 号 a document number is looked for in.
const maxNumber = 110

// numbersIn lists the document numbers in s, in order. Each is read from the
// words before a 号, so that a long text is not searched from every character.
func (d *draft) numbersIn(s corpus.Span) []corpus.DocNumber {
	const end = "号"
	var out []corpus.DocNumber
	from := s.Start
	for at := s.Start; ; {
		i := strings.Index(d.body[at:s.End], end)
		if i < 0 {
			return out
		}
		at += i + len(end)
		if !endsInNumber(d.body[from : at-len(end)]) {
			continue
		}
		window := corpus.Span{Start: max(from, at-maxNumber), End: at}
		for !utf8.RuneStart(d.body[window.Start]) {
			window.Start++
		}
		order := window
		if strings.HasPrefix(d.body[at:s.End], "令") {
			order.End += len("令")
		}
		if n, ok := d.numberAt(window, order, s.Start); ok {
			out = append(out, n)
			from, at = n.Span.End, n.Span.End
		}
	}
}

// endsInNumber reports whether s ends in a figure: all other 号 (账号, 番号) are
// passed over.
func endsInNumber(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s, " \u3000\u00a0"))
	_, ok := digit(r)
	return ok || r == '十' || r == '百'
}

// numberAt reads the number that ends where the window ends; order is the window
// with a 令 that follows.
func (d *draft) numberAt(window, order corpus.Span, line int) (corpus.DocNumber, bool) {
	r := &d.x.rules.Documents.Number
	text := window.In(d.body)
	if m := r.Full.FindStringSubmatchIndex(text); m != nil {
		agency := d.agency(text[m[2]:m[3]], window.Start+m[2] == line)
		if agency != "" && (r.AgencyEnd.MatchString(agency) || square(text[m[3]:m[4]]) && !r.NotAgency.MatchString(agency)) {
			return d.docNumber(window, m[3], agency, text[m[4]:m[5]], text[m[6]:m[7]]), true
		}
		return corpus.DocNumber{}, false
	}
	if m := r.Yearly.FindStringSubmatchIndex(text); m != nil {
		agency := d.agency(text[m[2]:m[3]], window.Start+m[2] == line)
		n := d.docNumber(window, m[3], agency, text[m[4]:m[5]], text[m[6]:m[7]])
		n.Normal = agency + itoa(n.Year) + "年第" + itoa(n.Serial) + "号"
		return n, agency != ""
	}
	if m := r.Lost.FindStringSubmatchIndex(text); m != nil {
		agency := d.agency(text[m[2]:m[3]], window.Start+m[2] == line)
		if agency != "" && r.AgencyEnd.MatchString(agency) && !r.NotAgency.MatchString(agency) {
			n := d.docNumber(window, m[3], agency, text[m[4]:m[5]], text[m[6]:m[7]])
			n.Trace = append(n.Trace, "a bracket is lost; the four digits after the prefix are the year")
			return n, true
		}
	}
	if m := r.Order.FindStringSubmatchIndex(text); m != nil {
		agency := d.agency(text[m[2]:m[3]], window.Start+m[2] == line)
		return d.docNumber(window, m[3], agency, "", text[m[4]:m[5]]), agency != "" && !r.NotOrder.MatchString(agency)
	}
	text = order.In(d.body)
	if m := r.OrderEnd.FindStringSubmatchIndex(text); m != nil {
		if agency := d.agency(text[m[2]:m[3]], window.Start+m[2] == line); agency != "" {
			n := d.docNumber(order, m[3], agency, "", text[m[4]:m[5]])
			n.Agency += "令"
			n.Normal = n.Agency + "第" + itoa(n.Serial) + "号"
			return n, true
		}
	}
	return corpus.DocNumber{}, false
}

// square reports whether the bracket is one that years of numbers stand in and
// plain remarks do not.
func square(between string) bool { return strings.ContainsAny(between, "〔﹝[［【") }

// agency is the prefix without what a greedy match took along ("根据中办发" →
// 中办发), or "" where nothing is left. At the head of a line nothing was taken
// along by a single character: 和政办发 is 和县's.
func (d *draft) agency(s string, first bool) string {
	r := &d.x.rules.Documents.Number
	if _, ok := d.x.rules.Agencies.Fixed(s); ok {
		return s
	}
	if m := r.LeadIn.FindStringSubmatch(s); m != nil {
		cut := len(s) - len(m[1])
		if !r.Whole.MatchString(m[1]) && !(first && utf8.RuneCountInString(s[:cut]) == 1) && (r.AgencyEnd.MatchString(m[1]) || strings.HasSuffix(s[:cut], "的")) { // 民政部|公告 is whole
			s = m[1]
		}
	}
	if utf8.RuneCountInString(s) < 2 {
		return ""
	}
	return s
}

// docNumber makes the number at the end of window whose prefix ends at byte end
// of it.
func (d *draft) docNumber(window corpus.Span, end int, agency, year, serial string) corpus.DocNumber {
	s := corpus.Span{Start: window.Start + end - len(agency), End: window.End}
	y, _ := number(year)
	n, _ := number(serial)
	x := corpus.DocNumber{Text: s.In(d.body), Agency: agency, Year: y, Serial: n,
		Evidence: corpus.Cite(d.body, s, "document/number")}
	x.Normal = agency + "〔" + year + "〕" + itoa(n) + "号"
	if y == 0 {
		x.Normal = agency + "第" + itoa(n) + "号"
	}
	if x.Normal != x.Text {
		x.Trace = append(x.Trace, "written "+x.Text)
	}
	return x
}
