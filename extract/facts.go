package extract

import (
	"strings"
	"unicode/utf8"

	"tuogou/corpus"
)

// facts fills in what the document is. The order matters: the kind needs the
// title, the dates need the kind, the place needs issuers and number.
func (d *draft) facts() {
	d.title()
	d.kind()
	d.numbers()
	d.dates()
	d.ownDates = disjoint(d.ownDates)
	d.issuers()
	d.scalars()
	d.eventYear()
	d.reference()
	d.topic()
	d.jurisdiction()
}

// field is the first meta block of that name with a value.
func (d *draft) field(f corpus.Field) (corpus.Span, bool) {
	for _, b := range d.text.Blocks {
		if b.Kind == corpus.BlockMeta && b.Field == f && !b.Value.Empty() {
			return b.Value, true
		}
	}
	return corpus.Span{}, false
}

// scalars takes over the facts that a page states about its document.
func (d *draft) scalars() {
	d.rec.IndexNumber = d.scalar("index_number", corpus.FieldIndex)
	d.rec.RegisterNumber = d.scalar("register_number", corpus.FieldRegister)
	if d.rec.RegisterNumber == nil {
		d.registerLine()
	}
	d.rec.Validity = d.scalar("validity", corpus.FieldValidity)
	d.rec.Publisher = d.scalar("publisher", corpus.FieldSiteName, corpus.FieldSource)
	if s, ok := d.field(corpus.FieldSiteCode); ok && d.rec.Source.SiteCode == "" {
		d.rec.Source.SiteCode = s.In(d.body)
	}
}

// headBlocks is how many blocks the head of a text has at most.
const headBlocks = 10

// registerLine finds a register number that stands on a line of its own in the
// head of the text, beside the document's number: CZCR-2017-10006.
func (d *draft) registerLine() {
	r := d.x.rules.Documents.Number.Register
	n := 0
	for _, b := range d.text.Blocks {
		if b.Kind == corpus.BlockOutside || b.Kind == corpus.BlockMeta {
			continue
		}
		if n++; n > headBlocks {
			return
		}
		if b.Span.Len() > 120 {
			continue
		}
		if m := r.FindStringSubmatchIndex(b.Span.In(d.body)); m != nil {
			at := corpus.Span{Start: b.Span.Start + m[2], End: b.Span.Start + m[3]}
			d.rec.RegisterNumber = ptr(at.In(d.body))
			d.stated("register_number", corpus.Cite(d.body, at, "document/register_line"))
			return
		}
	}
}

func (d *draft) scalar(name string, fields ...corpus.Field) *string {
	for _, f := range fields {
		if s, ok := d.field(f); ok {
			d.stated(name, corpus.Cite(d.body, s, "page/"+string(f)))
			return ptr(s.In(d.body))
		}
	}
	d.missing(name)
	return nil
}

// numbers finds the document's own number: the field of the page first, else a
// line that is only a number near the top, else one in brackets under the title.
func (d *draft) numbers() {
	if s, ok := d.field(corpus.FieldDocNumber); ok {
		if ns := d.numbersIn(s); len(ns) > 0 {
			d.rec.DocNumber = &ns[0]
			d.rec.DocNumber.Rule = "page/doc_no"
			d.stated("doc_number", ns[0].Evidence)
			return
		}
	}
	n := 0
	for _, b := range d.text.Blocks {
		if b.Kind != corpus.BlockPara && b.Kind != corpus.BlockTitle && b.Kind != corpus.BlockCell {
			continue
		}
		if n++; n > headBlocks {
			break
		}
		line := b.Span.In(d.body)
		if len(line) > 300 {
			continue // no line that is only a number
		}
		for _, x := range d.numbersIn(b.Span) {
			rest := strings.Replace(line, x.Text, "", 1)
			// "（民社函〔1998〕224号 1998年11月3日）" under the title
			if rest = strings.Trim(rest, " \u3000\u00a0()（）[]:："); rest == "" || d.x.rules.Documents.Number.Label.MatchString(rest) || d.x.rules.Documents.Date.Line.MatchString(line) {
				x.Rule = "document/number_line"
				d.rec.DocNumber = &x
				d.stated("doc_number", x.Evidence)
				return
			}
		}
	}
	if d.titled != nil {
		d.titled.Rule = "document/number_title"
		d.rec.DocNumber = d.titled
		d.stated("doc_number", d.titled.Evidence)
		return
	}
	d.missing("doc_number")
}

// dates finds the dates of the document. The day a page went up is never the
// day a plan was signed, and 生成日期 (the day a record was made) gives way to a
// signature.
func (d *draft) dates() {
	d.rec.Dates.Posted = d.fieldDate("posted", corpus.FieldPosted)
	d.rec.Dates.Printed = d.fieldDate("printed", corpus.FieldPrinted)
	d.rec.Dates.Effective = d.fieldDate("effective", corpus.FieldEffective)
	d.rec.Dates.Abolished = d.fieldDate("abolished", corpus.FieldAbolished)
	field := d.fieldDate("signed", corpus.FieldSigned)
	d.rec.Dates.Signed = d.signature()
	switch {
	case d.rec.Dates.Signed == nil:
		d.rec.Dates.Signed = field
	case field != nil && field.Date != d.rec.Dates.Signed.Date:
		d.problem("signed_dates_differ", field.Span, "the page says %s, the signature %s; the signature is kept", field.Date, d.rec.Dates.Signed.Date)
		if d.rec.Dates.Posted == nil && field.Date > d.rec.Dates.Signed.Date {
			field.Trace = append(field.Trace, "later than the signature, so the day the page was made")
			d.rec.Dates.Posted = field
		}
	}
	if d.rec.Dates.Printed == nil {
		d.rec.Dates.Printed = d.textDate(d.x.rules.Documents.Date.Printed, "printed_line")
	}
	if d.rec.Dates.Effective == nil {
		d.rec.Dates.Effective = d.textDate(d.x.rules.Documents.Date.Effective, "text")
	}
	for name, x := range map[string]*corpus.Date{"dates.signed": d.rec.Dates.Signed, "dates.posted": d.rec.Dates.Posted} {
		if x == nil {
			d.missing(name)
			continue
		}
		d.stated(name, x.Evidence)
	}
}

func (d *draft) fieldDate(name string, f corpus.Field) *corpus.Date {
	s, ok := d.field(f)
	if !ok {
		return nil
	}
	x := d.dateIn(s, "page/"+name)
	if x != nil {
		x.Basis = "field"
	}
	return x
}

// dateIn reads the first whole date in s.
func (d *draft) dateIn(s corpus.Span, rule string) *corpus.Date {
	for _, c := range findCores(d.x.rules.Times, d.body, s) {
		switch c.rule.ID {
		case "ymd", "iso_date", "day_month_year", "year_month":
		default:
			continue
		}
		v := point(d.x.rules.Times, c.g, reference{}, around{}, nil)
		if !v.ok {
			continue
		}
		x := &corpus.Date{Date: v.w.edtf(), EDTF: v.w.edtf(), Evidence: corpus.Cite(d.body, c.span, rule)}
		d.ownDates = append(d.ownDates, c.span)
		return x
	}
	return nil
}

// signature finds the date of signing: a line that is only a date, after the
// text or under the title. With several the one of the carrier is taken, which
// issued the plan, else the first.
func (d *draft) signature() *corpus.Date {
	r := &d.x.rules.Documents.Date
	if d.rec.Kind == corpus.KindNews || d.rec.Kind == corpus.KindCommentary {
		return nil
	}
	reports := d.reports()
	var found []corpus.Span
	var basis []string
	paras, told := 0, false // told: sentences have gone before
	for i, b := range d.text.Blocks {
		if b.Kind != corpus.BlockPara && b.Kind != corpus.BlockCell {
			continue
		}
		paras++
		line := b.Span.In(d.body)
		told = told || sentenceEnd(line) || paras > 1 && strings.HasSuffix(line, "：") // the organs addressed
		if m := r.Line.FindStringSubmatchIndex(line); m != nil && !(reports && !strings.Contains(line, "号") && !d.signedAbove(i) && !(d.rec.Kind == corpus.KindSummary && told && d.endsText(i))) {
			where := "signature"
			if !told {
				where = "title_note"
			}
			found, basis = append(found, b.Span), append(basis, where)
			continue
		}
		if utf8.RuneCountInString(line) <= 60 {
			if m := r.Tail.FindStringSubmatchIndex(line); m != nil && d.endsWithOrgan(b.Span, m[0]) {
				found = append(found, corpus.Span{Start: b.Span.Start + m[2], End: b.Span.Start + m[3]})
				basis = append(basis, "signature")
			}
		}
		if !reports {
			if at := d.signedWithin(b.Span); !at.Empty() {
				found, basis = append(found, at), append(basis, "signature")
				continue
			}
		}
		if paras > 4 {
			continue
		}
		if m := r.Adopted.FindStringSubmatchIndex(line); m != nil {
			found = append(found, corpus.Span{Start: b.Span.Start + m[2], End: b.Span.Start + m[3]})
			basis = append(basis, "title_note")
		}
	}
	if len(found) == 0 {
		return nil
	}
	pick := 0
	if d.rec.Carrier == nil {
		for i := range found { // the signature ends the text; a note under the title may be that of a meeting
			if basis[i] == "signature" && basis[pick] != "title_note" {
				pick = i
				break
			}
		}
	}
	d.ownDates = append(d.ownDates, found...)
	x := d.dateIn(found[pick], "document/date")
	if x != nil {
		x.Basis = basis[pick]
	}
	return x
}

// signedWithin is the date that signs within a line, behind the organs that sign, which
// stand behind a full stop: "…认真落实。示例市民政局2018年8月9日（此件公开发布）".
func (d *draft) signedWithin(line corpus.Span) corpus.Span {
	for _, o := range d.organsIn(line) {
		rest := d.body[o.Span.End:line.End]
		blank := len(rest) - len(strings.TrimLeft(rest, " \u3000\u00a0"))
		if len(rest) == blank || rest[blank] < '0' || rest[blank] > '9' {
			continue
		}
		m := d.x.rules.Documents.Date.Within.FindStringSubmatchIndex(head(rest[blank:], 90))
		before := strings.TrimRight(d.body[line.Start:d.organsBefore(o.Span.End)], " \u3000\u00a0")
		if m != nil && sentenceEnd(before) {
			at := o.Span.End + blank
			return corpus.Span{Start: at + m[2], End: at + m[3]}
		}
	}
	return corpus.Span{}
}

// sentenceEnd reports whether a line ends as a sentence does.
func sentenceEnd(line string) bool {
	r, _ := utf8.DecodeLastRuneInString(line)
	return strings.ContainsRune("。！!", r)
}

// endsText reports whether block i ends the text: the day under a summary is its own.
func (d *draft) endsText(i int) bool {
	for _, b := range d.text.Blocks[i+1:] {
		if b.Kind != corpus.BlockOutside && b.Kind != corpus.BlockMeta {
			return false
		}
	}
	return true
}

// signedAbove reports whether the line above block i is nothing but organs: a
// report or an interpretation is signed only so.
func (d *draft) signedAbove(i int) bool {
	if i == 0 {
		return false
	}
	b := d.text.Blocks[i-1].Span
	mine := d.organsIn(b)
	return len(mine) > 0 && covers(b.In(d.body), mine)
}

// endsWithOrgan reports whether an organ stands directly before byte at of s:
// "示例市民政局 2016年9月12日".
func (d *draft) endsWithOrgan(s corpus.Span, at int) bool {
	for _, o := range d.organsWithin(s) {
		if strings.Trim(d.body[o.Span.End:max(o.Span.End, s.Start+at)], " \u3000\u00a0") == "" && o.Span.End <= s.Start+at {
			return true
		}
	}
	return false
}

type datePattern interface{ FindStringSubmatchIndex(string) []int }

func (d *draft) textDate(re datePattern, basis string) *corpus.Date {
	for _, b := range d.text.Blocks {
		if b.Kind == corpus.BlockOutside || b.Kind == corpus.BlockMeta {
			continue
		}
		line := b.Span.In(d.body)
		if m := re.FindStringSubmatchIndex(line); m != nil {
			x := d.dateIn(corpus.Span{Start: b.Span.Start + m[2], End: b.Span.Start + m[3]}, "document/date")
			if x != nil {
				x.Basis = basis
				if basis == "text" { // the clause itself stays a start in the list of times
					d.ownDates = d.ownDates[:len(d.ownDates)-1]
				}
			}
			return x
		}
	}
	return nil
}
