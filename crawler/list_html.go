package crawler

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/PuerkitoBio/goquery"
)

// htmlList is a plain list in HTML. Its next page is, in this order, the link
// with a word for it (下一页), the link with the next number, the same address
// with the next number, a form that carries the page, or the names that a pager
// in a script would make. A link may count down (VSB: tzgg.htm, then
// tzgg/7.htm); following it is enough.
type htmlList struct{}

func (htmlList) Name() string { return "html" }

func (htmlList) Detect(p *Page) bool { return p.HTML }

func (htmlList) Read(p *Page) (Listing, error) {
	l := Listing{Rows: pageRows(p)}
	l.Next = furtherPages(p, len(l.Rows))
	if p.number() > 1 {
		return l, nil
	}
	for _, f := range frames(p.URL, p.Doc(), nil, p.Web) {
		l.Next = append(l.Next, Next{URL: f, Branch: true})
	}
	if len(l.Rows) == 0 {
		l.Next = append(l.Next, calls(p)...)
	}
	if len(l.Rows) < fewRows && len(l.Next) == 0 {
		l.Next = whole(p)
	}
	if len(l.Rows) == 0 && len(l.Next) == 0 {
		l.Next = feeds(p)
	}
	return l, nil
}

// furtherPages are the next pages of a list of some rows.
func furtherPages(p *Page, rows int) []Next {
	if next := nextPage(p, rows); next != "" {
		return []Next{{URL: next}}
	}
	if rows == 0 {
		return nil
	}
	if next, ok := formPage(p, rows); ok {
		return []Next{next}
	}
	var out []Next
	for _, name := range pagerNames(p, rows) {
		out = append(out, Next{URL: name})
	}
	return out
}

// nextPage is the address of the next page of an HTML list, or "".
func nextPage(p *Page, rows int) string {
	f := pager{page: p, here: CleanURL(p.URL.String(), p.Web), want: strconv.Itoa(p.number() + 1)}
	p.Doc().Find("a, input, button, span, li, option").Each(func(_ int, a *goquery.Selection) { f.look(a) })
	switch {
	case f.byWord != "":
		return f.byWord
	case f.byNumber != "":
		return f.byNumber
	}
	if next := countdown(p); next != "" {
		return next
	}
	if pages := countedPages(p, rows); pages > 0 && p.number() < pages || pages == 0 && f.script {
		return CleanURL(stepAddress(p), p.Web)
	}
	return ""
}

// pager looks for the link to the next page.
type pager struct {
	page                         *Page
	here, want, byWord, byNumber string
	script                       bool // the link is there, and a script follows it
}

// inScript finds an address in the call of a pager: goto('list_2.html').
var inScript = regexp.MustCompile(`["']([^"'()\s]{0,200}(?:\.[a-z]?html?|\.jsp|[?&]\w+=\d+)[^"'()\s]{0,100})["']`)

func (f *pager) look(a *goquery.Selection) {
	text := squeeze(a.Text())
	if len(text) > 60 {
		return
	}
	if text == "" {
		text = squeeze(a.AttrOr("value", ""))
	}
	word := isNextWord(f.page, text, a)
	if !word && text != f.want && text != "["+f.want+"]" && text != "第"+f.want+"页" {
		return
	}
	href, link := a.Attr("href")
	if goquery.NodeName(a) == "option" {
		href, link = a.AttrOr("value", ""), true
	}
	href = strings.TrimSpace(href)
	if !link || href == "" || href[0] == '#' || strings.HasPrefix(strings.ToLower(href), "javascript:") {
		m := inScript.FindStringSubmatch(href + " " + a.AttrOr("onclick", "") + " " + a.AttrOr("data-href", ""))
		if m == nil {
			f.script = f.script || link || a.AttrOr("onclick", "") != ""
			return
		}
		href = m[1]
	}
	address := resolve(f.page.URL, href, f.page.Web)
	u, err := url.Parse(address)
	if address == "" || err != nil || address == f.here || !sameHost(u, f.page.URL) {
		return
	}
	if word && f.byWord == "" {
		f.byWord = address
	}
	if !word && f.byNumber == "" && !f.page.Web.IsArticle(u.RequestURI()) && (link || strings.ContainsAny(address, "0123456789")) {
		f.byNumber = address
	}
}

func isNextWord(p *Page, text string, a *goquery.Selection) bool {
	for _, w := range p.Web.NextWords {
		if text == w || squeeze(a.AttrOr("title", "")) == w {
			return true
		}
	}
	return false
}

// countedPages is the number of pages of a list as far as the page tells it: of
// pages, or of rows with as many rows a page as stand on the first. 0 is
// unknown.
func countedPages(p *Page, rows int) int {
	if n, err := strconv.Atoi(p.Web.CountPages(p.Text)); err == nil {
		return n
	}
	if n, err := strconv.Atoi(p.Web.CountRows(p.Text)); err == nil && rows > 0 {
		per := rows
		if p.number() > 1 {
			per = max(rows, (p.Target.Rows+p.number()-2)/(p.number()-1))
		}
		return (n + per - 1) / per
	}
	return 0
}

// pathNumber is the page number in the path of a list: 1395_3.html,
// list-2-3.html, list/3.html.
var pathNumber = regexp.MustCompile(`([_\-/])(\d{1,4})(\.[a-z]+)?$`)

// stepAddress is the page's own address with its number one higher, where the
// address holds the page's number; "" otherwise.
func stepAddress(p *Page) string {
	u := *p.URL
	here, next := strconv.Itoa(p.number()), strconv.Itoa(p.number()+1)
	for _, key := range p.Web.PageKeys {
		if u.Query().Get(key) == here {
			u.RawQuery = regexp.MustCompile(`(^|&)`+regexp.QuoteMeta(key)+`=`+here+`(&|$)`).
				ReplaceAllString(u.RawQuery, "${1}"+key+"="+next+"${2}")
			return u.String()
		}
	}
	if m := pathNumber.FindStringSubmatchIndex(u.Path); m != nil && u.Path[m[4]:m[5]] == here {
		u.Path, u.RawPath = u.Path[:m[4]]+next+u.Path[m[5]:], ""
		return u.String()
	}
	return ""
}

// pagerNames are the names that scripts give to the next page where the page
// says that there are more but links to none: name_1 (which counts from 0, as
// TRS does) and name_2. One of them is missing or the same page again, which
// ends that way; from page 2 on there is one.
func pagerNames(p *Page, rows int) []string {
	pages := countedPages(p, rows)
	if pages < 2 {
		return nil
	}
	dir, base := path.Split(p.URL.Path)
	ext := path.Ext(base)
	stem := strings.TrimSuffix(base, ext)
	if base == "" {
		stem, ext = "index", ".html"
	}
	if ext != ".html" && ext != ".htm" && ext != ".shtml" && ext != ".jhtml" {
		return nil
	}
	var numbers []int
	if m := pagerStem.FindStringSubmatch(stem); m != nil && p.number() > 1 {
		n, err := strconv.Atoi(m[2])
		if err != nil || n >= pages {
			return nil
		}
		stem, numbers = m[1], []int{n + 1}
	} else if p.number() == 1 {
		numbers = []int{1, 2}
	}
	var out []string
	for _, n := range numbers {
		u := *p.URL
		u.Path, u.RawPath = dir+stem+"_"+strconv.Itoa(n)+ext, ""
		if next := CleanURL(u.String(), p.Web); next != "" && !slices.Contains(out, next) {
			out = append(out, next)
		}
	}
	return out
}

var pagerStem = regexp.MustCompile(`^(.+)_(\d{1,4})$`)

// formPage is the next page of a list that a form turns: its hidden fields with
// the one for the page set to the next.
func formPage(p *Page, rows int) (Next, bool) {
	if pages := countedPages(p, rows); pages > 0 && p.number() >= pages {
		return Next{}, false
	}
	if p.Target.Form != "" {
		form := stepForm(p)
		return Next{URL: p.URL.String(), Form: form}, form != ""
	}
	var next Next
	p.Doc().Find("form").EachWithBreak(func(_ int, f *goquery.Selection) bool {
		values, key := url.Values{}, ""
		f.Find("input[name], select[name]").Each(func(_ int, in *goquery.Selection) {
			name := in.AttrOr("name", "")
			switch strings.ToLower(in.AttrOr("type", "")) {
			case "submit", "button", "image", "checkbox", "radio":
				return
			}
			values.Set(name, in.AttrOr("value", ""))
			if slices.Contains(p.Web.PageKeys, name) {
				key = name
			}
		})
		address := resolve(p.URL, f.AttrOr("action", p.URL.String()), p.Web)
		u, err := url.Parse(address)
		if key == "" || err != nil || address == "" || !sameHost(u, p.URL) {
			return true
		}
		values.Set(key, strconv.Itoa(p.number()+1))
		if strings.EqualFold(f.AttrOr("method", "get"), "post") {
			next = Next{URL: address, Form: values.Encode()}
			return false
		}
		u.RawQuery = values.Encode()
		next = Next{URL: CleanURL(u.String(), p.Web)}
		return false
	})
	return next, next.URL != ""
}
