package extract

import (
	"net/url"
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
		d.placeOfIssuer, d.placeOfTitle, d.placeOfNumber, d.placeOfLead, d.placeOfSite, d.placeOfText,
	} {
		ps, sign := find()
		if len(ps) == 1 {
			d.settle(ps[0], sign)
			return
		}
		candidates = append(candidates, ps...)
	}
	if d.national() {
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
	n := 0
	for _, s := range d.sentences {
		if s.span.Start < d.textStart || d.rec.Facts["title"].Span.Overlaps(s.span) {
			continue
		}
		for _, m := range d.places {
			lead := d.body[s.span.Start:max(s.span.Start, m.Span.Start)]
			if s.span.Contains(m.Span) && !m.Part && utf8.RuneCountInString(lead) <= 6 && d.free(m.Span) {
				return d.narrow(m.Places), placeSign{"text", places.Place{}, corpus.Cite(d.body, m.Span, "place/lead", "opens the text")}
			}
		}
		if n++; n >= 2 {
			break
		}
	}
	return nil, placeSign{}
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
	if u, err := url.Parse(d.rec.Source.URL); err == nil && (u.Hostname() == "www.gov.cn") {
		p, _ := d.x.places.ByCode(places.NationCode, 0)
		return []places.Place{p}, placeSign{"host", p, corpus.Evidence{Rule: "place/host", Trace: []string{"host " + u.Hostname()}}}
	}
	return nil, placeSign{}
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
	m := d.x.rules.Documents.Ours.FindStringIndex(d.body)
	if m == nil {
		return nil, placeSign{}
	}
	count := map[string]int{}
	first := map[string]places.Mention{}
	for _, p := range d.places {
		if len(p.Places) != 1 || p.Part {
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

// narrow keeps, of places with one name, those whose parent the text names too.
func (d *draft) narrow(ps []places.Place) []places.Place {
	if len(ps) < 2 {
		return ps
	}
	var out []places.Place
	for _, p := range ps {
		for _, m := range d.places {
			if len(m.Places) == 1 && m.Places[0].Code != p.Code && d.x.places.Within(p.Code, m.Places[0].Code) {
				out = append(out, p)
				break
			}
		}
	}
	if len(out) == 1 {
		return out
	}
	return ps
}

// national reports whether the text speaks of the country and of no place as its own.
func (d *draft) national() bool {
	docs := d.x.rules.Documents
	return docs.Nation.MatchString(d.body) && !docs.Ours.MatchString(d.body)
}
