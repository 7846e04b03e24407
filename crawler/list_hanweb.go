package crawler

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// xxgkList is the disclosure module of Hanweb: the page names a catalogue
// (infotypeId, jdid, area, divid), a POST to search.jsp draws its list, and
// currpage turns the pages.
type xxgkList struct{}

const xxgkPath = "/module/xxgk/search.jsp"

var (
	xxgkCall  = regexp.MustCompile(`["']([^"'\s]{0,200}/module/xxgk/search\.jsp(?:\?[^"'\s]{0,400})?)`)
	xxgkParam = regexp.MustCompile(`\b(infotypeId|jdid|area|divid|sortfield)["']?\s*[:=]\s*["']([^"'&]{0,120})["']`)
	xxgkKeys  = []string{"infotypeId", "jdid", "area", "divid"}
)

func (xxgkList) Name() string { return "xxgk" }

func (xxgkList) Detect(p *Page) bool {
	return strings.Contains(p.URL.Path, xxgkPath) || xxgkCall.MatchString(p.Text)
}

func (x xxgkList) Read(p *Page) (Listing, error) {
	if p.Target.Form == "" {
		return x.entry(p), nil
	}
	l := Listing{Rows: htmlRows(p, p.Doc().Selection)}
	pages, err := strconv.Atoi(p.Web.CountPages(p.Text))
	if len(l.Rows) > 0 && (err != nil || p.number() < pages) {
		l.Next = []Next{{URL: p.URL.String(), Form: stepForm(p), List: x.Name()}}
	}
	return l, nil
}

// entry is the page that calls the module. What it shows already is taken too.
func (x xxgkList) entry(p *Page) Listing {
	l := Listing{Rows: htmlRows(p, p.Doc().Selection)}
	form := url.Values{}
	target := *p.URL
	if m := xxgkCall.FindStringSubmatch(p.Text); m != nil {
		if u, err := p.URL.Parse(strings.ReplaceAll(m[1], "&amp;", "&")); err == nil && sameHost(u, p.URL) {
			target = *u
		}
	}
	for key, values := range target.Query() {
		form[key] = values
	}
	for _, m := range xxgkParam.FindAllStringSubmatch(p.Text, -1) {
		if form.Get(m[1]) == "" {
			form.Set(m[1], m[2])
		}
	}
	for _, key := range xxgkKeys {
		if !form.Has(key) {
			form.Set(key, "")
		}
	}
	form.Set("currpage", "1")
	target.RawQuery, target.Path, target.RawPath = "", xxgkPath, ""
	l.Next = []Next{{URL: target.String(), Form: form.Encode(), List: x.Name(), Branch: true}}
	return l
}

// xxgkForm makes the POST of an entry address that is the module itself.
func xxgkForm(u *url.URL) (address, form string) {
	q := u.Query()
	for _, key := range xxgkKeys {
		if !q.Has(key) {
			q.Set(key, "")
		}
	}
	if !q.Has("sortfield") {
		q.Set("sortfield", ",compaltedate:0")
	}
	q.Set("currpage", "1")
	plain := *u
	plain.RawQuery = ""
	return plain.String(), q.Encode()
}

// jpaasList is Hanweb's newer publisher: the page carries the parameters of its
// list in an attribute, and an interface answers with JSON whose data.html
// holds the rows.
type jpaasList struct{}

const jpaasPath = "/api-gateway/jpaas-publish-server/front/page/build/unit"

var (
	jpaasData  = regexp.MustCompile(`(?s)queryData\s*=\s*(?:"(\{.{10,1000}?\})"|'(\{.{10,1000}?\})')`)
	jpaasPair  = regexp.MustCompile(`["']?(\w+)["']?\s*:\s*["']([^"']*)["']`)
	jpaasRows  = regexp.MustCompile(`\brows\s*=\s*["']?(\d{1,3})`)
	jpaasCount = regexp.MustCompile(`\bcount\s*=\s*\\?["']?(\d{1,7})`)
	jpaasCall  = regexp.MustCompile(`["']([^"'\s]{0,100}` + regexp.QuoteMeta(jpaasPath) + `[^"'\s]{0,600})["']`)
)

func (jpaasList) Name() string { return "jpaas" }

func (jpaasList) Detect(p *Page) bool {
	return strings.HasSuffix(p.URL.Path, jpaasPath) || jpaasData.MatchString(p.Text) || jpaasCall.MatchString(p.Text)
}

func (j jpaasList) Read(p *Page) (Listing, error) {
	if strings.HasSuffix(p.URL.Path, jpaasPath) {
		return j.unit(p)
	}
	l := Listing{Rows: htmlRows(p, p.Doc().Selection)}
	for _, m := range jpaasData.FindAllStringSubmatch(p.Text, 8) {
		q := url.Values{}
		for _, pair := range jpaasPair.FindAllStringSubmatch(strings.NewReplacer("&quot;", `"`, "&#39;", "'", `\"`, `"`).Replace(m[1]+m[2]), -1) {
			q.Set(pair[1], pair[2])
		}
		if q.Get("webId") == "" || q.Get("pageId") == "" {
			continue
		}
		j.fill(p, q)
		u := url.URL{Scheme: p.URL.Scheme, Host: p.URL.Host, Path: jpaasPath, RawQuery: q.Encode()}
		l.Next = append(l.Next, Next{URL: u.String(), List: j.Name(), Branch: true})
	}
	if len(l.Next) == 0 {
		for _, m := range jpaasCall.FindAllStringSubmatch(p.Text, 8) {
			if next := resolve(p.URL, strings.ReplaceAll(m[1], "&amp;", "&"), p.Web); next != "" {
				l.Next = append(l.Next, Next{URL: next, List: j.Name(), Branch: true})
			}
		}
	}
	return l, nil
}

func (jpaasList) fill(p *Page, q url.Values) {
	for key, value := range map[string]string{"parseType": "bulidstatic", "pageType": "column"} { // sic: so it is called
		if q.Get(key) == "" {
			q.Set(key, value)
		}
	}
	rows := "15"
	if m := jpaasRows.FindStringSubmatch(p.Text); m != nil {
		rows = m[1]
	}
	q.Set("rows", rows)
	jpaasTurn(q, 1)
}

// jpaasTurn sets the page in both forms that are seen: pageNo, and the same in
// paramJson.
func jpaasTurn(q url.Values, page int) {
	q.Set("pageNo", strconv.Itoa(page))
	size := q.Get("rows")
	if _, err := strconv.Atoi(size); err != nil {
		size = "15"
	}
	q.Set("paramJson", `{"pageNo":`+strconv.Itoa(page)+`,"pageSize":`+size+`}`)
}

func (j jpaasList) unit(p *Page) (Listing, error) {
	var answer struct {
		Data struct {
			HTML string `json:"html"`
		} `json:"data"`
	}
	if err := json.Unmarshal([]byte(p.Text), &answer); err != nil {
		return Listing{}, &listError{j.Name(), err}
	}
	inner := *p
	inner.Text, inner.doc = answer.Data.HTML, nil
	l := Listing{Rows: htmlRows(&inner, inner.Doc().Selection)}
	if len(l.Rows) == 0 {
		return l, nil
	}
	total := 0
	if m := jpaasCount.FindStringSubmatch(answer.Data.HTML); m != nil {
		total, _ = strconv.Atoi(m[1])
	}
	if total > 0 && p.Target.Rows+len(l.Rows) >= total {
		return l, nil
	}
	u := *p.URL
	q := u.Query()
	jpaasTurn(q, p.number()+1)
	u.RawQuery = q.Encode()
	l.Next = []Next{{URL: u.String(), List: j.Name()}}
	return l, nil
}
