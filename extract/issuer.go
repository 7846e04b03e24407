package extract

import (
	"slices"
	"strings"

	"tuogou/corpus"
	"tuogou/corpus/organs"
	"tuogou/corpus/places"
)

// issuers finds the organs that issued the document: those that the title
// begins with, that sign it, that the page names as issuer, or, failing these,
// the owner of its number. Of a report only those who sign it.
func (d *draft) issuers() {
	finders := []func() []corpus.Issuer{d.jointIssuers, d.placedSigners, d.titleIssuers, d.signers, d.townIssuer, d.headIssuers, d.lastLine, d.fieldIssuers, d.printers, d.numberIssuer}
	if d.reports() { // only who signs it: a headline names whom a story is about
		finders = []func() []corpus.Issuer{d.signers}
	}
	for _, find := range finders {
		if found := find(); len(found) > 0 {
			d.rec.Issuers = found
			d.stated("issuers", found[0].Evidence)
			return
		}
	}
	d.missing("issuers")
}

// jointIssuers are the signers of a joint document, where several sign and the
// organs of its title are among them: "…等十部门关于印发…" names only the first.
func (d *draft) jointIssuers() []corpus.Issuer {
	title, signed := d.titleIssuers(), d.signers()
	if len(signed) <= len(title) || len(title) == 0 {
		return nil
	}
	for _, t := range title {
		if !slices.ContainsFunc(signed, func(s corpus.Issuer) bool { return s.Name == t.Name }) {
			return nil
		}
	}
	return signed
}

// placedSigners are the signers of a document whose title names the same organs without
// their place: 区人民政府办公室关于…, signed by 示例区人民政府办公室.
func (d *draft) placedSigners() []corpus.Issuer {
	title, signed := d.titleIssuers(), d.signers()
	if len(title) == 0 || len(title) != len(signed) {
		return nil
	}
	for _, t := range title {
		if t.Jurisdiction != "" || !slices.ContainsFunc(signed, func(s corpus.Issuer) bool {
			return s.Jurisdiction != "" && len(s.Name) > len(t.Name) && strings.HasSuffix(s.Name, t.Name)
		}) {
			return nil
		}
	}
	return signed
}

// titleIssuers are the organs at the head of the title (of the carrier, where
// there is one), several side by side for a joint document.
func (d *draft) titleIssuers() []corpus.Issuer {
	span := d.rec.Facts["title"].Span
	if d.rec.Carrier != nil {
		span = d.rec.Carrier.Span
	}
	var out []corpus.Issuer
	at := span.Start
	for _, o := range d.organs {
		if !span.Contains(o.Span) || o.Span.Start < at || o.Role || o.Vague {
			continue
		}
		if strings.Trim(d.body[at:o.Span.Start], " \u3000\u00a0、") != "" {
			break
		}
		out = append(out, d.issuer(o, "document/issuer_title"))
		at = o.Span.End
	}
	return out
}

// townIssuer is a town's government or a sub-district's office, which no list of
// kinds knows, at the head of the title: 黔江区濯水镇人民政府关于….
func (d *draft) townIssuer() []corpus.Issuer {
	span := d.rec.Facts["title"].Span
	if d.rec.Carrier != nil {
		span = d.rec.Carrier.Span
	}
	m := d.x.rules.Documents.Town.FindStringIndex(span.In(d.body))
	if m == nil {
		return nil
	}
	at := corpus.Span{Start: span.Start, End: span.Start + m[1]}
	i := corpus.Issuer{Name: at.In(d.body), Organ: "government", Evidence: corpus.Cite(d.body, at, "document/issuer_town")}
	for _, p := range d.places {
		if at.Contains(p.Span) {
			if ps := d.narrow(p.Places); len(ps) == 1 {
				i.Jurisdiction = ps[0].Code
			}
			break
		}
	}
	return []corpus.Issuer{i}
}

// headIssuers are the organs on the lines directly above the title, one beside or
// under the other, where nobody signs.
func (d *draft) headIssuers() []corpus.Issuer {
	var out []corpus.Issuer
	for k := d.blockIndex(d.rec.Facts["title"].Span.Start) - 1; k >= 0 && d.text.Blocks[k].Kind == corpus.BlockPara; k-- {
		b := d.text.Blocks[k].Span
		mine := d.organsIn(b)
		if len(mine) == 0 || !covers(b.In(d.body), mine) {
			break
		}
		var row []corpus.Issuer
		for _, o := range mine {
			row = append(row, d.issuer(o, "document/issuer_head"))
		}
		out = append(row, out...)
	}
	return out
}

// signers are the organs on lines of their own at the end of the carrier or of
// the text.
func (d *draft) signers() []corpus.Issuer {
	s := d.rec.Dates.Signed
	if s == nil || s.Basis != "signature" {
		return nil
	}
	at := -1
	for i, b := range d.text.Blocks {
		if b.Span.Contains(s.Span) {
			at = i
		}
	}
	var out []corpus.Issuer
	for i := at; i >= 0 && i > at-24; i-- {
		b := d.text.Blocks[i].Span
		line := d.body[b.Start:b.End]
		if i == at {
			if from := d.organsBefore(s.Span.Start); from > b.Start { // behind a full stop, or nowhere
				b.Start = from
			}
			line = d.body[b.Start:s.Span.Start]
			if strings.Trim(line, " \u3000\u00a0(（") == "" {
				continue
			}
		}
		if d.x.rules.Documents.Date.Seal.MatchString(line) {
			continue
		}
		mine := d.organsIn(corpus.Span{Start: b.Start, End: b.Start + len(line)})
		if len(mine) == 0 || !covers(line, mine) {
			break
		}
		var row []corpus.Issuer
		for _, o := range mine {
			row = append(row, d.issuer(o, "document/issuer_signature"))
		}
		out = append(row, out...)
	}
	return out
}

// lastLines is how many lines from the end a signature without a date may stand.
const lastLines = 6

// lastLine are the organs that sign without a date, on lines of their own at the end of
// the text.
func (d *draft) lastLine() []corpus.Issuer {
	n := 0
	var out []corpus.Issuer
	for i := len(d.text.Blocks) - 1; i >= 0 && n < lastLines; i-- {
		b := d.text.Blocks[i]
		if b.Kind != corpus.BlockPara || b.Span.Start <= d.textStart {
			continue
		}
		n++
		mine := d.organsIn(b.Span)
		if len(mine) == 0 || !covers(b.Span.In(d.body), mine) {
			if len(out) > 0 {
				break
			}
			continue
		}
		var row []corpus.Issuer
		for _, o := range mine {
			row = append(row, d.issuer(o, "document/issuer_signature"))
		}
		out = append(row, out...)
	}
	return out
}

// printers are the organs of the line that tells the printing: 示例市人民政府办公室
// 2017年8月15日印发. It is the office of those who issue, and stands for them where
// nobody signs.
func (d *draft) printers() []corpus.Issuer {
	p := d.rec.Dates.Printed
	if p == nil || p.Basis != "printed_line" {
		return nil
	}
	line := corpus.Span{Start: d.lineStart(p.Span.Start), End: p.Span.Start}
	mine := d.organsIn(line)
	if len(mine) == 0 || !covers(line.In(d.body), mine) {
		return nil
	}
	var out []corpus.Issuer
	for _, o := range mine {
		out = append(out, d.issuer(o, "document/issuer_printed"))
	}
	return out
}

func (d *draft) organsIn(s corpus.Span) []organs.Mention {
	var out []organs.Mention
	for _, o := range d.organsWithin(s) {
		if !o.Role && !o.Vague {
			out = append(out, d.withOffice(o))
		}
	}
	return out
}

// withOffice stretches an organ that ends its line over its office, which signs for
// it: 示例省民政厅|办公室.
func (d *draft) withOffice(o organs.Mention) organs.Mention {
	m := d.x.rules.Documents.Office.FindStringSubmatchIndex(d.body[o.Span.End:d.blockEnd(o.Span.Start)])
	if m == nil {
		return o
	}
	o.Name = plainName(o) + d.body[o.Span.End:o.Span.End+m[3]]
	o.Span.End += m[3]
	o.Text = o.Span.In(d.body)
	return o
}

// covers reports whether the line holds nothing but the organs.
func covers(line string, os []organs.Mention) bool {
	for _, o := range os {
		line = strings.Replace(line, o.Text, "", 1)
	}
	return strings.Trim(line, " \u3000\u00a0、,，") == ""
}

// fieldIssuers are the organs of the page's issuer field, where it names any.
func (d *draft) fieldIssuers() []corpus.Issuer {
	s, ok := d.field(corpus.FieldIssuer)
	if !ok {
		return nil
	}
	var out []corpus.Issuer
	for _, o := range d.organsIn(s) {
		before := d.body[:o.Span.Start]
		if strings.HasSuffix(before, "(") || strings.HasSuffix(before, "（") {
			continue // 发展和改革委员会（物价局） is one body
		}
		out = append(out, d.issuer(o, "page/issuer"))
	}
	return out
}

// numberIssuer is the organ behind the document's number: 佛府办 is the office of
// the government of 佛山市, where the text speaks of that place.
func (d *draft) numberIssuer() []corpus.Issuer {
	n := d.rec.DocNumber
	if n == nil {
		return nil
	}
	if a, ok := d.x.rules.Agencies.Fixed(n.Agency); ok {
		return []corpus.Issuer{{Name: a.Issuer, Jurisdiction: a.Code, Organ: d.organKind(a.Issuer),
			Evidence: corpus.Cite(d.body, n.Span, "agencies/"+n.Agency, n.Agency+" is the prefix of "+a.Issuer)}}
	}
	if who, ok := strings.CutSuffix(n.Agency, "令"); ok { // 广东省人民政府令第316号
		at := corpus.Span{Start: n.Span.Start, End: n.Span.Start + len(who)}
		for _, o := range d.x.rules.Organs.Find(at.In(d.body), d.x.placeAt()) {
			o.Span = shifted(o.Span, at.Start)
			return []corpus.Issuer{d.issuer(o, "document/issuer_order")}
		}
	}
	p, ok := d.numberPlace(n.Agency)
	if !ok {
		return nil
	}
	_, a, _ := d.x.rules.Agencies.Split(n.Agency, p.Level)
	name := strings.ReplaceAll(a.Issuer, "×", d.placeName(p))
	return []corpus.Issuer{{Name: name, Organ: a.Organ, Jurisdiction: p.Code,
		Evidence: corpus.Cite(d.body, n.Span, "agencies/place", "read from the prefix "+n.Agency+": "+strings.Join(d.x.places.Path(p.Code, d.year()), "")+" and "+a.Issuer)}}
}

// numberPlace is the one place of the text whose letters begin the prefix.
func (d *draft) numberPlace(agency string) (places.Place, bool) {
	letters, _, ok := d.x.rules.Agencies.Split(agency, "")
	if !ok {
		return places.Place{}, false
	}
	var found []places.Place
	best := 0
	for _, p := range d.x.places.ByDocPrefix(letters, d.year()) {
		switch n := d.spoken(p); {
		case n > best:
			found, best = []places.Place{p}, n
		case n == best && n > 0:
			found = append(found, p)
		}
	}
	if len(found) == 0 && d.firstLevel() == corpus.Province { // 新脱钩办发〔2020〕3号, 自治区脱钩办: the province of the letter
		for _, p := range d.x.places.ByDocPrefix(letters, d.year()) {
			if p.Level == corpus.Province {
				found = append(found, p)
			}
		}
	}
	if len(found) != 1 {
		return places.Place{}, false
	}
	return found[0], true
}

// firstLevel is the level of the first organ that the text names without a place.
func (d *draft) firstLevel() corpus.Level {
	for _, o := range d.organs {
		if o.Place == "" && o.Level != "" && !o.Vague && !o.All {
			return o.Level
		}
	}
	return ""
}

// spoken counts how often the text names p.
func (d *draft) spoken(p places.Place) int {
	n := 0
	for _, m := range d.places {
		for _, q := range m.Places {
			if q.Code == p.Code && len(m.Places) == 1 {
				n++
			}
		}
	}
	return n
}

// placeName is a place's name as an organ carries it: counties and districts
// with their city, as in 长春市绿园区人民政府.
func (d *draft) placeName(p places.Place) string {
	if p.Level == corpus.County && strings.HasSuffix(p.Name, "区") {
		if up, ok := d.x.places.ByCode(p.Parent, d.year()); ok && up.Level == corpus.Prefecture {
			return up.Name + p.Name
		}
	}
	return p.Name
}

func (d *draft) organKind(name string) string {
	for _, o := range d.x.rules.Organs.Find(name, nil) {
		if len(o.Kinds) == 1 {
			return o.Kinds[0]
		}
	}
	return ""
}

func (d *draft) issuer(o organs.Mention, rule string) corpus.Issuer {
	i := corpus.Issuer{Name: plainName(o), Evidence: corpus.Cite(d.body, o.Span, rule)}
	if len(o.Kinds) == 1 {
		i.Organ = o.Kinds[0]
	}
	if ps := d.x.places.Find(o.Place, d.year()); len(ps) > 0 && len(ps[0].Places) == 1 {
		i.Jurisdiction = ps[0].Places[0].Code
	}
	if o.Level == corpus.Nation {
		i.Jurisdiction = d.nation()
	}
	return i
}

func plainName(o organs.Mention) string {
	if o.Name != "" {
		return o.Name
	}
	return o.Text
}

// nation is the code that an organ of the nation has: that of the nation which
// the site's own place lies in, where the gazetteer knows another than China (the
// sample pages do), else 000000.
func (d *draft) nation() string {
	code := d.rec.Source.SiteCode
	if s, ok := d.field(corpus.FieldSiteCode); ok {
		code = s.In(d.body)
	}
	p, ok := d.siteCode(code)
	for ok && p.Level != corpus.Nation {
		p, ok = d.x.places.ByCode(p.Parent, d.year())
	}
	if ok {
		return p.Code
	}
	return places.NationCode
}

// year is the year whose place names are valid for the document.
func (d *draft) year() int {
	switch {
	case d.ref.year > 0:
		return d.ref.year
	case d.rec.Dates.Signed != nil:
		y, _ := number(d.rec.Dates.Signed.Date[:4])
		return y
	case d.rec.DocNumber != nil && d.rec.DocNumber.Year > 0:
		return d.rec.DocNumber.Year
	case d.rec.EventYear != nil:
		return d.rec.EventYear.Year
	}
	return 0
}
