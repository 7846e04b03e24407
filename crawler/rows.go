package crawler

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
)

var (
	fullDate  = regexp.MustCompile(`((?:19|20)\d{2})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})`)
	shortDate = regexp.MustCompile(`(?:^|[\[(（\s])(\d{1,2})[-/](\d{1,2})(?:$|[\])）\s])`)
	docNumber = regexp.MustCompile(`[\p{Han}]{2,12}[〔\[（(﹝]\s*20\d{2}\s*[〕\]）)﹞]\s*(?:第)?\d{1,5}号`)
	cutTitle  = regexp.MustCompile(`(?:…|\.{3,}|。。。)\s*$`)
)

// listedDate is the first date in a row's text, in the forms lists use:
// 2019-11-18, 2019/11/18, 2019年11月18日, [11-18].
func listedDate(text string) string {
	if m := fullDate.FindStringSubmatch(text); m != nil {
		return fmt.Sprintf("%s-%02s-%02s", m[1], pad(m[2]), pad(m[3]))
	}
	if m := shortDate.FindStringSubmatch(text); m != nil {
		return pad(m[1]) + "-" + pad(m[2])
	}
	return ""
}

func pad(s string) string {
	if len(s) < 2 {
		return "0" + s
	}
	return s
}

// linkTitle is the whole title of a row's link. Lists cut the text with … and
// keep the title in the title attribute.
func linkTitle(a *goquery.Selection) string {
	text := squeeze(a.Text())
	attr := squeeze(a.AttrOr("title", ""))
	if utf8.RuneCountInString(attr) >= utf8.RuneCountInString(cutTitle.ReplaceAllString(text, "")) && attr != "" {
		return attr
	}
	return text
}

func squeeze(s string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(s, "\u00a0", " ")), " ")
}

// htmlRows reads the rows of an HTML list: links of this host whose address
// the site's pattern or a known dialect takes for an article, and, where the
// site has no pattern, links with a date beside them.
func htmlRows(p *Page, root *goquery.Selection) []Row {
	var rows []Row
	at := map[string]int{}
	root.Find("a[href]").Each(func(_ int, a *goquery.Selection) {
		address := resolve(p.URL, a.AttrOr("href", ""), p.Web)
		u, err := url.Parse(address)
		if address == "" || err != nil || !sameHost(u, p.URL) || isHome(u) {
			return
		}
		title := linkTitle(a)
		row := rowOf(a)
		date := listedDate(row)
		if !isRow(p, u, title, date) {
			return
		}
		if i, twice := at[address]; twice {
			if utf8.RuneCountInString(title) > utf8.RuneCountInString(rows[i].Title) {
				rows[i].Title = title
			}
			return
		}
		at[address] = len(rows)
		rows = append(rows, Row{address, title, date, docNumber.FindString(row)})
	})
	return rows
}

func isRow(p *Page, u *url.URL, title, date string) bool {
	if is, known := p.Site.IsArticle(u.String()); known {
		return is
	}
	if p.Web.IsArticle(u.RequestURI()) {
		return true
	}
	return date != "" && utf8.RuneCountInString(title) >= 6
}

// rowOf is the text of the row around a link: the nearest list item, table row
// or definition, or the nearest parent that holds something beside the link
// and no second row.
func rowOf(a *goquery.Selection) string {
	if row := a.Closest("li, tr, dd, record"); row.Length() > 0 && row.Find("a[href]").Length() <= 3 {
		return squeeze(spaced(row))
	}
	for up, n := a.Parent(), 0; up.Length() > 0 && n < 3; up, n = up.Parent(), n+1 {
		if up.Find("a[href]").Length() > 2 {
			break
		}
		if text := squeeze(spaced(up)); text != squeeze(a.Text()) {
			return text
		}
	}
	return squeeze(a.Text())
}

// spaced is the text of a row with a space between its parts: cells that touch
// ("通知2019-11-18") would hide a date.
func spaced(s *goquery.Selection) string {
	var b strings.Builder
	for _, n := range s.Nodes {
		for c := range n.Descendants() {
			if c.FirstChild == nil && c.Type == html.TextNode {
				b.WriteString(c.Data)
				b.WriteByte(' ')
			}
		}
	}
	return b.String()
}
