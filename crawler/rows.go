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

// pageRows are the rows of a page: in its HTML, or else in its scripts.
func pageRows(p *Page) []Row {
	if rows := htmlRows(p, p.Doc().Selection); len(rows) > 0 {
		return rows
	}
	return scriptList{}.rows(p)
}

// link is a link of a page that may be a row.
type link struct {
	Row
	u  *url.URL
	is bool // a row by itself
}

// shape is the address without its numbers, or "" where it has none.
func (l link) shape() string {
	uri := l.u.RequestURI()
	if key := varying.ReplaceAllString(uri, "0"); key != uri {
		return key
	}
	return ""
}

// htmlRows reads the rows of an HTML list: links of the site whose address the
// site's pattern or a known dialect takes for an article, or that have a date
// beside them, or whose words are on the topic, and links with addresses of the
// same shape as one of these. Where there are none, those count that have the
// same shape as several others.
func htmlRows(p *Page, root *goquery.Selection) []Row {
	links := htmlLinks(p, root)
	shapes := map[string]bool{}
	for i := range links {
		if links[i].is = isRow(p, links[i]); links[i].is {
			shapes[links[i].shape()] = true
		}
	}
	_, strict := p.Site.IsArticle("")
	var rows []Row
	for _, l := range links {
		if l.is || !strict && l.shape() != "" && shapes[l.shape()] && utf8.RuneCountInString(l.Title) >= 6 {
			rows = append(rows, l.Row)
		}
	}
	if len(rows) > 0 {
		return rows
	}
	return sameShape(links)
}

// htmlLinks are the links of a page within its site, each address once, with
// the longest of its titles.
func htmlLinks(p *Page, root *goquery.Selection) []link {
	var links []link
	at := map[string]int{}
	root.Find("a[href]").Each(func(_ int, a *goquery.Selection) {
		address := resolve(p.URL, a.AttrOr("href", ""), p.Web)
		u, err := url.Parse(address)
		if address == "" || err != nil || !p.own(u) || isHome(u) || address == p.URL.String() {
			return
		}
		title, row := linkTitle(a), rowOf(a)
		if i, twice := at[address]; twice {
			if utf8.RuneCountInString(title) > utf8.RuneCountInString(links[i].Title) {
				links[i].Title = title
			}
			if links[i].Date == "" {
				links[i].Date = listedDate(row)
			}
			return
		}
		at[address] = len(links)
		links = append(links, link{Row: Row{address, title, listedDate(row), docNumber.FindString(row)}, u: u})
	})
	return links
}

// isRow says whether a link is a row by itself. The site's own pattern comes
// first; it may be out of date, so a link with a date still counts where the
// address has a known shape and the words are on the topic.
func isRow(p *Page, l link) bool {
	wanted := p.Wanted != nil && utf8.RuneCountInString(l.Title) >= 8 && p.Wanted(l.Title)
	if is, known := p.Site.IsArticle(l.URL); known {
		return is || wanted && (l.Date != "" || p.Web.IsArticle(l.u.RequestURI()))
	}
	return p.Web.IsArticle(l.u.RequestURI()) || l.Date != "" && utf8.RuneCountInString(l.Title) >= 6 || wanted
}

const (
	shapeRows  = 3 // links of one shape that make a list
	shapeTitle = 10
)

// sameShape are the rows of a list without dates and with addresses of no known
// dialect: the largest group of links whose addresses differ in their numbers
// only and whose titles are as long as titles are, unlike those of a menu.
func sameShape(links []link) []Row {
	groups := map[string][]Row{}
	var order []string
	for _, l := range links {
		key := l.shape()
		if key == "" || utf8.RuneCountInString(l.Title) < 6 {
			continue
		}
		if groups[key] == nil {
			order = append(order, key)
		}
		groups[key] = append(groups[key], l.Row)
	}
	var best []Row
	for _, key := range order {
		runes := 0
		for _, r := range groups[key] {
			runes += utf8.RuneCountInString(r.Title)
		}
		if n := len(groups[key]); n >= shapeRows && n > len(best) && runes/n >= shapeTitle {
			best = groups[key]
		}
	}
	return best
}

// varying is the part of an address in which articles of one column differ.
var varying = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f\-]{20,}|[0-9a-f]{12,}|\d+`)

// rowOf is the text of the row around a link: the nearest list item, table row
// or definition, or the nearest parent that holds something beside the link
// and no second row.
func rowOf(a *goquery.Selection) string {
	if row := a.Closest("li, tr, dd, record"); row.Length() > 0 && row.Find("a[href]").Length() <= 3 {
		return squeeze(spaced(row))
	}
	if term := a.Closest("dt"); term.Length() > 0 { // the date stands in the dd behind
		return squeeze(spaced(term) + " " + spaced(term.Next().Filter("dd")))
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
