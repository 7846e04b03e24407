package crawler

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"tuogou/rules"
)

// fileFinder collects the attachments of an article: links named 附件 or with a
// document's extension, and documents shown in a frame, on a host of the site,
// before the tail of the page.
type fileFinder struct {
	base *url.URL
	site rules.Site
	web  *rules.Web
	seen map[string]bool
	rows []Row
}

// look goes through a page from the first container of its text on.
func (f *fileFinder) look(doc *goquery.Document, containers []string) {
	start := doc.Selection
	for _, sel := range containers {
		if found := doc.Find(sel); found.Length() > 0 {
			start = found.First()
			break
		}
	}
	whole := start.Length() > 0 && start.Get(0) == doc.Get(0)
	inside := whole
	for n := range doc.Get(0).Descendants() {
		if start.Length() > 0 && n == start.Get(0) {
			inside = true
		}
		if !inside {
			continue
		}
		if n.FirstChild == nil && n.Parent != nil && !whole && isTail(n.Data, f.web) {
			return
		}
		f.node(n)
	}
}

// viewed is a file that a page shows in a viewer of its own.
var viewed = regexp.MustCompile(`(?i)[?&](?:file|url|src)=([^&#]+)`)

func (f *fileFinder) node(n *html.Node) {
	key := map[string]string{"a": "href", "iframe": "src", "embed": "src", "object": "data"}[n.Data]
	if n.Type != html.ElementNode || key == "" {
		return
	}
	s := goquery.NewDocumentFromNode(n).Selection
	ref := s.AttrOr(key, "")
	if n.Data != "a" {
		if m := viewed.FindStringSubmatch(ref); m != nil {
			if plain, err := url.QueryUnescape(m[1]); err == nil {
				ref = plain
			}
		}
	}
	title := linkTitle(s)
	address := resolve(f.base, ref, f.web)
	u, err := url.Parse(address)
	if address == "" || err != nil || f.seen[address] {
		return
	}
	is := isFile(u, f.web) || n.Data == "a" && isAttachment(u, title, f.web)
	if !is || !f.near(u) {
		return
	}
	f.seen[address] = true
	f.rows = append(f.rows, Row{URL: address, Title: title})
}

// near says whether a file lies where the site keeps its files.
func (f *fileFinder) near(u *url.URL) bool {
	return sameSite(u, f.base) || siteHost(f.site, u) ||
		isFile(u, f.web) && slices.ContainsFunc(f.web.FileHosts, func(h string) bool { return strings.HasSuffix(strings.ToLower(u.Hostname()), h) })
}

// isTail says whether a text begins the tail of a page. It must be short: a
// sentence of the text can hold the same words.
func isTail(text string, web *rules.Web) bool {
	text = strings.TrimLeft(squash(text), "【[〖·|<>")
	if text == "" || utf8.RuneCountInString(text) > 24 {
		return false
	}
	return slices.ContainsFunc(web.TailWords, func(w string) bool { return strings.HasPrefix(text, w) })
}

// isFile says whether an address names a document.
func isFile(u *url.URL, web *rules.Web) bool {
	return slices.Contains(web.DocumentTypes, strings.TrimPrefix(strings.ToLower(path.Ext(u.Path)), "."))
}

func isAttachment(u *url.URL, title string, web *rules.Web) bool {
	if isFile(u, web) {
		return true
	}
	for _, p := range web.AttachmentPaths {
		if strings.Contains(u.Path, p) {
			return true
		}
	}
	named := slices.ContainsFunc(web.AttachmentWords, func(w string) bool { return strings.HasPrefix(title, w) })
	return named && !isHome(u) && !web.IsArticle(u.RequestURI())
}
