package extract

import (
	"net/url"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"tuogou/corpus"
	"tuogou/corpus/places"
)

// verdict on the place: the strongest sign that names exactly one.
type placeSign struct {
	basis string
	place places.Place
	ev    corpus.Evidence
}

// jurisdiction infers whose authority the document carries or describes, by the
// strongest sign: issuer, title, number, the place that the text speaks of, and
// only for a page without any of these the site that published it. Publisher
// and issuer are kept apart, because sites post higher-level texts all the time.
func (d *draft) jurisdiction() {
	j := &d.rec.Jurisdiction
	var candidates []places.Place
	for _, find := range []func() ([]places.Place, placeSign){
		d.placeOfIssuer, d.placeOfTitle, d.placeOfNumber, d.placeOfLead, d.placeOfActual, d.placeOfOwnPlan, d.placeOfSite, d.placeOfText, d.placeOfAddressed,
		d.onlyPlace, d.placeOfPublisher,
	} {
		ps, sign := find()
		if len(candidates) > 0 { // a weaker sign chooses, but names no other place
			ps = among(ps, candidates)
		}
		if len(ps) == 1 {
			d.settle(ps[0], sign)
			return
		}
		candidates = append(candidates, ps...)
	}
	if len(candidates) == 0 && d.national() {
		d.settle(places.Place{Code: places.NationCode, Level: corpus.Nation},
			placeSign{basis: "text", ev: corpus.Evidence{Rule: "place/nation", Trace: []string{"speaks of the whole country and of no single place"}}})
		return
	}
	j.State = corpus.NotStated
	if len(candidates) > 0 {
		j.State = corpus.Unresolved
		seen := map[string]bool{}
		for _, p := range candidates {
			if !seen[p.Code] {
				seen[p.Code] = true
				j.Candidates = append(j.Candidates, corpus.PlaceCandidate{Code: p.Code, Path: d.x.places.Path(p.Code, d.year()), Why: "bears a name found in the text"})
			}
		}
	}
}

func among(ps, candidates []places.Place) []places.Place {
	return slices.DeleteFunc(slices.Clone(ps), func(p places.Place) bool {
		return !slices.ContainsFunc(candidates, func(c places.Place) bool { return c.Code == p.Code })
	})
}

func (d *draft) settle(p places.Place, s placeSign) {
	j := &d.rec.Jurisdiction
	j.Code, j.Level, j.State, j.Basis, j.Evidence = p.Code, p.Level, corpus.Stated, s.basis, s.ev
	if q, ok := d.x.places.ByCode(p.Code, d.year()); ok {
		j.Name = q.Name
		j.Level = q.Level
	}
	j.Codes = d.x.places.Codes(p.Code, d.year())
	if j.Level != corpus.Nation {
		j.Path = d.x.places.Path(p.Code, d.year())
	}
	d.below()
	d.issuerPlaces()
	d.republished()
}

// below names the zone or town that issued the document, which GB/T 2260 does not
// number: 长春新区管理委员会 is of 长春新区, whose code is that of the city it lies in.
func (d *draft) below() {
	j, docs := &d.rec.Jurisdiction, d.x.rules.Documents
	if len(d.rec.Issuers) == 0 || j.Level == corpus.Nation {
		return
	}
	name := squeeze(d.rec.Issuers[0].Name)
	level, m := corpus.Zone, docs.Zone.FindStringSubmatch(name)
	if m == nil {
		level, m = corpus.Town, docs.Town.FindStringSubmatch(name)
	}
	if m == nil {
		return
	}
	own := strings.Join(m[1:], "")
	for _, p := range d.x.places.Find(own, d.year()) { // 重庆市黔江区|濯水镇
		if p.Span.Start == 0 && !p.Short && p.Span.End < len(own) {
			own = own[p.Span.End:]
		}
	}
	if len(d.x.places.Named(own, d.year())) > 0 {
		return // 浦东新区 is a district with a code of its own
	}
	j.Level, j.Name, j.Path = level, own, append(j.Path, own)
	j.Trace = append(j.Trace, own+" has no code of its own; "+j.Code+" is that of the place it lies in")
}

// issuerPlaces gives issuers that name no place, or one of several, the place of
// the document: 市政府办公厅 under a plan of 深圳市.
func (d *draft) issuerPlaces() {
	j := &d.rec.Jurisdiction
	for k := range d.rec.Issuers {
		i := &d.rec.Issuers[k]
		os := d.organsWithin(i.Span)
		if i.Jurisdiction != "" || len(os) == 0 {
			continue
		}
		same := os[0].Place == "" && os[0].Level == j.Level
		for _, p := range d.x.places.Named(os[0].Place, d.year()) {
			same = same || p.Code == j.Code
		}
		if same {
			i.Jurisdiction = j.Code
			i.Trace = append(i.Trace, "the place is that of the document")
		}
	}
}

// republished notes that the site of a lower place shows the document of a
// higher one, as sites do all the time.
func (d *draft) republished() {
	code := d.rec.Source.SiteCode
	s, ok := d.field(corpus.FieldSiteCode)
	if ok {
		code = s.In(d.body)
	}
	p, known := d.siteCode(code)
	j := &d.rec.Jurisdiction
	if known && p.Code != j.Code && d.x.places.Within(p.Code, j.Code) {
		d.problem("republished", s, "the site is of %s, the document of %s", strings.Join(d.x.places.Path(p.Code, d.year()), ""), j.Name)
	}
}

func (d *draft) placeOfIssuer() ([]places.Place, placeSign) {
	for _, i := range d.rec.Issuers {
		if i.Jurisdiction == "" {
			continue
		}
		if p, ok := d.x.places.ByCode(i.Jurisdiction, d.year()); ok {
			return []places.Place{p}, placeSign{"issuer", p, i.Evidence}
		}
	}
	return nil, placeSign{}
}

// placeOfTitle is the place that a title names first: "浙江启动…", "绿园区…方案".
func (d *draft) placeOfTitle() ([]places.Place, placeSign) {
	for _, f := range []corpus.Span{d.carrierSpan(), d.rec.Facts["title"].Span} {
		if os := d.organsWithin(f); len(os) > 0 && os[0].Span.Start == f.Start && os[0].Level == corpus.Nation {
			if p, ok := d.x.places.ByCode(d.nation(), d.year()); ok {
				return []places.Place{p}, placeSign{"title", p, corpus.Cite(d.body, os[0].Span, "place/title", "a body of the nation opens the title")}
			}
		}
		for _, m := range d.places {
			if f.Contains(m.Span) && !m.Part {
				return d.narrow(m.Places), placeSign{"title", places.Place{}, corpus.Cite(d.body, m.Span, "place/title")}
			}
		}
	}
	return nil, placeSign{}
}

func (d *draft) carrierSpan() corpus.Span {
	if d.rec.Carrier != nil {
		return d.rec.Carrier.Span
	}
	return corpus.Span{}
}

func (d *draft) placeOfNumber() ([]places.Place, placeSign) {
	if n := d.rec.DocNumber; n != nil {
		if p, ok := d.numberPlace(n.Agency); ok {
			return []places.Place{p}, placeSign{"doc_number", p, n.Evidence}
		}
	}
	return nil, placeSign{}
}

// placeOfLead is the place that opens the text as its subject ("台州市认真贯彻…").
func (d *draft) placeOfLead() ([]places.Place, placeSign) {
	n, lines := 0, 0
	for _, s := range d.sentences {
		if strings.HasSuffix(s.span.In(d.body), "：") || strings.HasSuffix(s.span.In(d.body), ":") {
			continue // the organs addressed
		}
		if s.span.Start < d.textStart || d.rec.Facts["title"].Span.Overlaps(s.span) {
			continue
		}
		for _, m := range d.places {
			lead := d.body[s.span.Start:max(s.span.Start, m.Span.Start)]
			if s.span.Contains(m.Span) && !m.Part && (utf8.RuneCountInString(lead) <= 6 || d.x.rules.Documents.NewsLead.MatchString(lead)) && d.free(m.Span) &&
				!d.x.rules.Documents.Dateline.MatchString(head(d.body[m.Span.End:], 90)) {
				return d.narrow(m.Places), placeSign{"text", places.Place{}, corpus.Cite(d.body, m.Span, "place/lead", "opens the text")}
			}
		}
		if lines++; sentenceEnd(s.span.In(d.body)) || lines > headBlocks { // lines under the headline are none
			n++
		}
		if n >= 2 {
			break
		}
	}
	return nil, placeSign{}
}

// placeOfActual is the place for whose conditions the text says it was written:
// "结合示例市实际，制定本方案".
func (d *draft) placeOfActual() ([]places.Place, placeSign) {
	docs := d.x.rules.Documents
	for _, m := range d.places {
		if !m.Part && m.Span.Start >= d.textStart && docs.ActualBefore.MatchString(tail(d.body[:m.Span.Start], 24)) && docs.ActualAfter.MatchString(head(d.body[m.Span.End:], 40)) {
			return d.narrow(m.Places), placeSign{"text", places.Place{}, corpus.Cite(d.body, m.Span, "place/actual", "the text says that it is written for the conditions there")}
		}
	}
	return nil, placeSign{}
}

// placeOfOwnPlan is the place whose own plan for the reform the text names
// (《示例县行业协会商会与行政机关脱钩实施方案》), where it speaks of itself as of that level:
// 全县, or 市民政局 without a place.
func (d *draft) placeOfOwnPlan() ([]places.Place, placeSign) {
	for _, m := range d.places {
		if len(m.Places) != 1 || m.Part || !strings.HasSuffix(d.body[:m.Span.Start], "《") || m.Places[0].Level != d.ownLevel() {
			continue
		}
		rest, _, _ := strings.Cut(head(d.body[m.Span.End:], 180), "》")
		if d.x.rules.Documents.OwnDocument.MatchString(rest) {
			return m.Places, placeSign{"text", m.Places[0], corpus.Cite(d.body, m.Span, "place/own_plan", "its plan is named, and the text speaks of itself as of its level")}
		}
	}
	return nil, placeSign{}
}

// ownLevel is the level that the text speaks of itself as: 全县, else that of the
// first organ without a place (市经信委). 全区 is the whole autonomous region where its
// departments are named (自治区民政厅) and none of a district.
func (d *draft) ownLevel() corpus.Level {
	var first, level corpus.Level
	region, district := false, false
	if m := d.x.rules.Documents.Ours.FindStringSubmatch(d.body); m != nil {
		level = levelOf(m[1])
	}
	for _, o := range d.organs {
		if o.Place != "" || o.Level == "" || o.Vague {
			continue
		}
		if first == "" {
			first = o.Level
		}
		region = region || d.x.rules.Documents.Region.MatchString(o.Text)
		district = district || o.Level == corpus.County
	}
	switch {
	case level == "":
		return first
	case level == corpus.County && region && !district:
		return corpus.Province
	}
	return level
}

// placeOfSite is the place of the site that published the page.
func (d *draft) placeOfSite() ([]places.Place, placeSign) {
	code := d.rec.Source.SiteCode
	if s, ok := d.field(corpus.FieldSiteCode); ok {
		code = s.In(d.body)
		if p, ok := d.siteCode(code); ok {
			return []places.Place{p}, placeSign{"site_code", p, corpus.Cite(d.body, s, "place/site_code", "the first six digits are the code of the site's place")}
		}
	}
	if p, ok := d.siteCode(code); ok {
		return []places.Place{p}, placeSign{"site_code", p, corpus.Evidence{Rule: "place/site_code", Trace: []string{"site code " + code}}}
	}
	u, err := url.Parse(d.rec.Source.URL)
	if err != nil {
		return nil, placeSign{}
	}
	if p, ok := d.hostPlace(u.Hostname()); ok {
		return []places.Place{p}, placeSign{"host", p, corpus.Evidence{Rule: "place/host", Trace: []string{"host " + u.Hostname()}}}
	}
	return nil, placeSign{}
}

// hostPlace is the place of a government's host: its portal, or that of one of its
// departments, whose hosts stand below it (mzt.zj.gov.cn).
func (d *draft) hostPlace(host string) (places.Place, bool) {
	for name := host; name != ""; {
		if code, ok := d.x.rules.Documents.Hosts[name]; ok {
			return d.x.places.ByCode(code, d.year())
		}
		_, name, _ = strings.Cut(name, ".")
		if name == "gov.cn" {
			break
		}
	}
	return places.Place{}, false
}

func (d *draft) siteCode(code string) (places.Place, bool) {
	if strings.HasPrefix(code, "bm") {
		return d.x.places.ByCode(places.NationCode, 0)
	}
	if len(code) < 6 {
		return places.Place{}, false
	}
	return d.x.places.ByCode(code[:6], d.year())
}

// placeOfText is the place that the text names most, where it speaks of itself
// as one (我省, 全市) and no other place comes near.
func (d *draft) placeOfText() ([]places.Place, placeSign) {
	m := d.x.rules.Documents.Ours.FindStringSubmatchIndex(d.body)
	if m == nil {
		return nil, placeSign{}
	}
	count := map[string]int{}
	first := map[string]places.Mention{}
	for _, p := range d.places {
		// 我区 is no province, however often that is named.
		if len(p.Places) != 1 || p.Part || !strings.HasSuffix(p.Places[0].Name, d.body[m[2]:m[3]]) {
			continue
		}
		code := p.Places[0].Code
		if count[code]++; count[code] == 1 {
			first[code] = p
		}
	}
	codes := make([]string, 0, len(count))
	for c := range count {
		codes = append(codes, c)
	}
	sort.Slice(codes, func(i, j int) bool {
		if count[codes[i]] != count[codes[j]] {
			return count[codes[i]] > count[codes[j]]
		}
		return codes[i] < codes[j]
	})
	if len(codes) == 0 || count[codes[0]] < 2 || len(codes) > 1 && count[codes[1]]*2 > count[codes[0]] {
		return nil, placeSign{}
	}
	p := first[codes[0]]
	return p.Places, placeSign{"text", p.Places[0], corpus.Cite(d.body, p.Span, "place/text", "named "+itoa(count[codes[0]])+" times, and the text speaks of itself as "+d.body[m[0]:m[1]])}
}

// placeOfAddressed is the one place that the text names of the level to whose
// departments it is addressed ("省级有关部门，各市（州）…：").
func (d *draft) placeOfAddressed() ([]places.Place, placeSign) {
	level := d.addressedLevel()
	if level == "" {
		return nil, placeSign{}
	}
	var one []places.Place
	var at places.Mention
	for _, m := range d.places {
		if len(m.Places) != 1 || m.Part || m.Places[0].Level != level {
			continue
		}
		if len(one) > 0 && one[0].Code != m.Places[0].Code {
			return nil, placeSign{}
		}
		if len(one) == 0 {
			one, at = m.Places, m
		}
	}
	if len(one) == 0 {
		return nil, placeSign{}
	}
	return one, placeSign{"text", one[0], corpus.Cite(d.body, at.Span, "place/addressed", "the only place named of the level whose departments are addressed")}
}

// onlyPlace is the one place that the text names of the level at which it speaks of
// itself (我市, 市民政局), outside of titles of others, where it is named at the start of
// a clause as the subject: "按照有关精神，示例省示例市注重从…入手".
func (d *draft) onlyPlace() ([]places.Place, placeSign) {
	level := d.ownLevel()
	if level == "" {
		return nil, placeSign{}
	}
	var one places.Mention
	for _, m := range d.places {
		if m.Part || containing(d.quoted, m.Span) || len(m.Places) == 1 && m.Places[0].Level != level {
			continue
		}
		if len(m.Places) != 1 || len(one.Places) > 0 && one.Places[0].Code != m.Places[0].Code {
			return nil, placeSign{}
		}
		if len(one.Places) == 0 {
			one = m
		}
	}
	if len(one.Places) == 0 || !d.x.rules.Documents.PlaceSubject.MatchString(tail(d.body[:one.Span.Start], 12)) {
		return nil, placeSign{}
	}
	return one.Places, placeSign{"text", one.Places[0], corpus.Cite(d.body, one.Span, "place/only", "the only place named of the level that the text speaks of as its own")}
}

// placeOfPublisher is the place of the organ that the page names as its source, where
// the text speaks of itself as of that level: "来源：示例市民政局" under a story of 市民政局.
func (d *draft) placeOfPublisher() ([]places.Place, placeSign) {
	s, ok := d.field(corpus.FieldSource)
	if !ok {
		return nil, placeSign{}
	}
	os := d.organsIn(s)
	if len(os) != 1 || os[0].Span.Start != s.Start {
		return nil, placeSign{}
	}
	for _, m := range d.places {
		if !s.Contains(m.Span) || m.Span.Start != s.Start {
			continue
		}
		if ps := d.narrow(m.Places); len(ps) == 1 && ps[0].Level == d.ownLevel() {
			return ps, placeSign{"publisher", ps[0], corpus.Cite(d.body, m.Span, "place/publisher", "its organ put the page up, and the text speaks of itself as of that level")}
		}
	}
	return nil, placeSign{}
}

// addressedLevel is the level whose departments one of the first lines addresses, or "".
func (d *draft) addressedLevel() corpus.Level {
	n := 0
	for _, b := range d.text.Blocks {
		if b.Kind != corpus.BlockPara {
			continue
		}
		if m := d.x.rules.Documents.Addressed.FindStringSubmatch(head(b.Span.In(d.body), 120)); m != nil {
			return levelOf(m[1])
		}
		if n++; n > headBlocks {
			break
		}
	}
	return ""
}

// levelOf is the level that the last word of a place's name says.
func levelOf(word string) corpus.Level {
	switch word {
	case "省", "自治区":
		return corpus.Province
	case "市", "州", "盟":
		return corpus.Prefecture
	}
	return corpus.County
}

// narrow keeps, of places with one name, the one that the signs point to, strongest
// first: the site's own place or province, the letters of the document's number
// (徐鼓政办发), its whole name elsewhere, a place above it that the text names. Where
// none decides, all stay.
func (d *draft) narrow(ps []places.Place) []places.Place {
	if len(ps) < 2 {
		return ps
	}
	for _, fits := range []func(places.Place) bool{d.fitsSite, d.fitsNumber, d.namedWhole, d.fitsText} {
		var out []places.Place
		for _, p := range ps {
			if fits(p) {
				out = append(out, p)
			}
		}
		if len(out) == 1 {
			return out
		}
		if len(out) > 0 {
			ps = out
		}
	}
	return ps
}

func (d *draft) fitsSite(p places.Place) bool {
	site, _ := d.placeOfSite()
	return len(site) == 1 && site[0].Level != corpus.Nation && d.x.places.Within(p.Code, site[0].Code)
}

func (d *draft) fitsNumber(p places.Place) bool {
	n := d.rec.DocNumber
	if n == nil {
		return false
	}
	letters, _, ok := d.x.rules.Agencies.Split(n.Agency, "")
	if !ok || utf8.RuneCountInString(letters) < 2 {
		return false
	}
	for _, q := range d.x.places.ByDocPrefix(letters, d.year()) {
		if q.Code == p.Code {
			return true
		}
	}
	return false
}

// namedWhole reports whether the text names p by its whole name, too, as 长沙市 beside
// a bare 长沙.
func (d *draft) namedWhole(p places.Place) bool {
	return slices.ContainsFunc(d.places, func(m places.Mention) bool {
		return !m.Part && !m.Short && len(m.Places) == 1 && m.Places[0].Code == p.Code
	})
}

func (d *draft) fitsText(p places.Place) bool {
	for _, m := range d.places {
		if len(m.Places) == 1 && m.Places[0].Code != p.Code && m.Places[0].Level != corpus.Nation && d.x.places.Within(p.Code, m.Places[0].Code) {
			return true
		}
	}
	return false
}

// national reports whether the text speaks of the country and of no place as its own:
// not where the organs of a place without a name (区委办公室, 区民政局) outnumber
// those of the nation.
func (d *draft) national() bool {
	docs := d.x.rules.Documents
	if !docs.Nation.MatchString(d.body) || docs.Ours.MatchString(d.body) || docs.Local.MatchString(d.body[min(d.firstPara(), len(d.body)):]) || d.addressedLevel() != "" {
		return false
	}
	nation, below := 0, 0
	for _, o := range d.organs {
		switch {
		case o.Vague || o.All || o.Role || o.Generic || o.Level == "":
		case o.Level == corpus.Nation:
			nation++
		default:
			below++
		}
	}
	return below <= nation
}
