package crawler

import (
	"regexp"
	"strconv"
)

// trsList is a list of TRS WCM. Its pages are named by a script call,
// createPageHTML(12, 0, 'index', 'html'): page count, this page from 0, name
// and extension, giving index.html, index_1.html … index_11.html.
type trsList struct{}

var trsCall = regexp.MustCompile(`createPageHTML\(\s*["']?(\d{1,5})["']?\s*,\s*["']?(\d{1,5})["']?\s*,\s*["']([\w.\-]+)["']\s*,\s*["'](\w+)["']`)

func (trsList) Name() string { return "trs" }

func (trsList) Detect(p *Page) bool { return p.HTML && trsCall.MatchString(p.Text) }

func (trsList) Read(p *Page) (Listing, error) {
	l := Listing{Rows: pageRows(p)}
	m := trsCall.FindStringSubmatch(p.Text)
	if m == nil {
		// Another signature of the call, or none: links may still lead on.
		l.Next = furtherPages(p, len(l.Rows))
		return l, nil
	}
	count, _ := strconv.Atoi(m[1])
	current, _ := strconv.Atoi(m[2])
	if current+1 < count {
		name := m[3] + "_" + strconv.Itoa(current+1) + "." + m[4]
		if next := resolve(p.URL, name, p.Web); next != "" {
			l.Next = []Next{{URL: next}}
		}
	}
	return l, nil
}
