package crawler

import (
	"bytes"
	"encoding/json"
	"mime"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

var declared = regexp.MustCompile(`(?i)<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]+)`)

// decodePage turns a body into valid UTF-8, to be read, not kept. Headers lie
// (a page said UTF-8 and was GBK), so the bytes come first: byte-order mark,
// valid UTF-8, the declared charset, and GB18030 for all that is left, which
// also reads what is called gb2312 or gbk.
func decodePage(body []byte, contentType string) string {
	if bytes.HasPrefix(body, []byte("\xef\xbb\xbf")) {
		body = body[3:]
	}
	if bytes.HasPrefix(body, []byte("\xff\xfe")) || bytes.HasPrefix(body, []byte("\xfe\xff")) {
		if out, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(body); err == nil {
			return string(out)
		}
	}
	if utf8.Valid(body) {
		return string(body)
	}
	name := ""
	if _, params, err := mime.ParseMediaType(contentType); err == nil {
		name = params["charset"]
	}
	if m := declared.FindSubmatch(body[:min(len(body), 4096)]); m != nil {
		name = string(m[1])
	}
	name = strings.ToLower(name)
	if name != "" && name != "utf-8" && name != "utf8" && !strings.HasPrefix(name, "gb") {
		if enc, err := htmlindex.Get(name); err == nil {
			if out, err := enc.NewDecoder().Bytes(body); err == nil {
				return strings.ToValidUTF8(string(out), "\uFFFD")
			}
		}
	}
	out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(body)
	if err != nil || bytes.Count(out, []byte("\uFFFD")) > len(body)/20 {
		return strings.ToValidUTF8(string(body), "\uFFFD")
	}
	return string(out)
}

// parseHTML reads a page. The parser takes anything, so it cannot fail on a
// string.
func parseHTML(page string) *goquery.Document {
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(page))
	if err != nil {
		return goquery.NewDocumentFromNode(&html.Node{Type: html.DocumentNode})
	}
	return doc
}

// jsonContent is the text of a gkmlpt article, which lies in a script.
var jsonContent = regexp.MustCompile(`"content"\s*:\s*("(?:[^"\\]|\\.)*")`)

// pageText is the text of a page outside scripts, navigation and links, as
// far as focus needs it: every page of a site may link to a column on reform.
func pageText(page string, doc *goquery.Document, selectors []string) string {
	root := doc.Selection
	for _, sel := range selectors {
		if found := root.Find(sel); found.Length() > 0 && len(strings.TrimSpace(found.Text())) > 60 {
			root = found
			break
		}
	}
	var b strings.Builder
	for _, n := range root.Nodes {
		plainText(&b, n, 0)
	}
	if strings.Contains(page, "_CONFIG") {
		if m := jsonContent.FindStringSubmatch(page); m != nil {
			var inner string
			if json.Unmarshal([]byte(m[1]), &inner) == nil {
				for _, n := range parseHTML(inner).Nodes {
					plainText(&b, n, 0)
				}
			}
		}
	}
	return b.String()
}

const maxDepth = 600 // of nested elements: beyond it a page is no page

func plainText(b *strings.Builder, n *html.Node, depth int) {
	if depth > maxDepth {
		return
	}
	if n.Type == html.ElementNode {
		switch n.Data {
		case "script", "style", "a", "nav", "header", "footer", "head", "noscript", "select":
			return
		case "p", "div", "br", "li", "td", "h1", "h2", "h3":
			b.WriteByte('\n')
		}
	}
	if n.Type == html.TextNode {
		b.WriteString(strings.Join(strings.Fields(n.Data), " "))
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		plainText(b, c, depth+1)
	}
}
