package crawler

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"

	"tuogou/rules"
)

// stubSize is the size in bytes under which a page is a stub: deep list pages
// of many sites are 300 to 400 bytes of nothing.
const stubSize = 500

// isHTML says whether an answer is an HTML page, by its bytes first: a refusal
// page comes with the type of the file that was asked for.
func isHTML(resp *Response) bool {
	if looksHTML(resp.Body) {
		return true
	}
	if isData(resp.Body) {
		return false
	}
	ct := strings.ToLower(resp.Header.Get("Content-Type"))
	return strings.Contains(ct, "html") && !isDocument(resp.Body)
}

// isData says whether a body is JSON, JSONP or XML: interfaces often call it HTML.
func isData(body []byte) bool {
	start := strings.TrimLeft(string(body[:min(len(body), 64)]), "\xef\xbb\xbf \t\r\n")
	return jsonStart.MatchString(start) || slices.ContainsFunc([]string{"<?xml", "<datastore", "<urlset", "<sitemapindex"},
		func(p string) bool { return strings.HasPrefix(start, p) })
}

// isDocument knows the first bytes of office files, PDF, archives and images.
func isDocument(body []byte) bool {
	for _, magic := range []string{"%PDF", "\xd0\xcf\x11\xe0", "PK\x03\x04", "{\\rtf", "Rar!", "\xff\xd8\xff", "\x89PNG", "GIF8", "II*\x00", "MM\x00*"} {
		if strings.HasPrefix(string(body[:min(len(body), 8)]), magic) {
			return true
		}
	}
	return false
}

// softError says why an answer with status 200 is no page of its own; "" means
// that it is one. asked is the address before redirects.
func softError(asked string, resp *Response, signs []rules.Sign) string {
	said := *resp
	if !isDocument(resp.Body) && !utf8.Valid(resp.Body) {
		said.Body = []byte(decodePage(resp.Body, resp.Header.Get("Content-Type"))) // 页面不存在 in GBK
	}
	if s := signOf(signs, &said, "soft"); s != nil {
		return "soft error: sign " + s.ID
	}
	if len(resp.Body) == 0 {
		return "soft error: empty body"
	}
	from, err1 := url.Parse(asked)
	to, err2 := url.Parse(resp.URL)
	if err1 == nil && err2 == nil && isHome(to) && !isHome(from) {
		return "soft error: home page in return"
	}
	return ""
}

// softArticle looks into an HTML article for what is none.
func softArticle(t Target, page string, doc *goquery.Document, web *rules.Web) string {
	short := len(page) < 5<<10 && utf8.RuneCountInString(squeeze(pageText(page, doc, nil))) < 40
	if short && len(page) < stubSize {
		return fmt.Sprintf("soft error: stub of %d bytes", len(page))
	}
	if short && doc.Find("a[href]").Length() == 0 && doc.Find("script").Length() > 0 {
		return "soft error: only a script, no text"
	}
	title := doc.Find("title").First().Text()
	if hasWord(title, web.HomeWords) && t.Title != "" && !strings.Contains(squash(page), squash(head(t.Title, 8))) {
		return "soft error: home page in return"
	}
	return ""
}

// squash drops all spaces: titles are broken over lines.
func squash(s string) string { return strings.Join(strings.Fields(s), "") }

func head(s string, runes int) string {
	for i := range s {
		if runes == 0 {
			return s[:i]
		}
		runes--
	}
	return s
}
