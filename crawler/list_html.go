package crawler

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/PuerkitoBio/goquery"
)

// htmlList is a plain list in HTML. Its next page is, in this order, the link
// with a word for it (下一页), the link with the next number, or the same
// address with the next number where the page says how many there are. A link
// may count down (VSB: tzgg.htm, then tzgg/7.htm); following it is enough.
type htmlList struct{}

func (htmlList) Name() string { return "html" }

func (htmlList) Detect(p *Page) bool { return p.HTML }

func (htmlList) Read(p *Page) (Listing, error) {
	l := Listing{Rows: htmlRows(p, p.Doc().Selection)}
	if next := nextPage(p); next != "" {
		l.Next = []Next{{URL: next}}
	}
	return l, nil
}

// nextPage is the address of the next page of an HTML list, or "".
func nextPage(p *Page) string {
	here := CleanURL(p.URL.String(), p.Web)
	byWord, byNumber, script := "", "", false
	want := strconv.Itoa(p.number() + 1)
	p.Doc().Find("a[href]").Each(func(_ int, a *goquery.Selection) {
		text := squeeze(a.Text())
		word := isNextWord(p, text, a)
		if !word && text != want && text != "["+want+"]" {
			return
		}
		href := strings.TrimSpace(a.AttrOr("href", ""))
		if strings.HasPrefix(strings.ToLower(href), "javascript:") || href == "#" {
			script = true
			return
		}
		address := resolve(p.URL, href, p.Web)
		u, err := url.Parse(address)
		if address == "" || err != nil || address == here || !sameHost(u, p.URL) {
			return
		}
		if word && byWord == "" {
			byWord = address
		}
		if !word && byNumber == "" && !p.Web.IsArticle(u.RequestURI()) {
			byNumber = address
		}
	})
	if byWord != "" {
		return byWord
	}
	if byNumber != "" {
		return byNumber
	}
	pages, err := strconv.Atoi(p.Web.CountPages(p.Text))
	if err == nil && p.number() < pages || err != nil && script {
		return CleanURL(stepAddress(p), p.Web)
	}
	return ""
}

func isNextWord(p *Page, text string, a *goquery.Selection) bool {
	for _, w := range p.Web.NextWords {
		if text == w || squeeze(a.AttrOr("title", "")) == w {
			return true
		}
	}
	return false
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
