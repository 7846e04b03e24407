package crawler

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/PuerkitoBio/goquery"

	"tuogou/rules"
)

// Row is one entry of a list.
type Row struct {
	URL    string // clean and absolute
	Title  string // whole, where the page has it
	Date   string // as listed: 2019-11-18, or 11-18 where the list has no year
	Number string // 发文字号, where the list has it
}

// Next is a further page of a list.
type Next struct {
	URL, Form string // as in Target
	List      string // the form that reads it; empty means the same
	Branch    bool   // begins a list of its own, and pages anew from 1
}

// Listing is what a list page holds.
type Listing struct {
	Rows []Row
	Next []Next
	// Total is how many rows the list says it has; 0 where it does not say.
	Total int
	// Sealed says why the rest of the list cannot be asked for; empty where it can.
	Sealed string
}

// Page is a fetched list page.
type Page struct {
	URL    *url.URL // after redirects
	Text   string   // decoded
	HTML   bool
	Target Target
	Site   rules.Site
	Web    *rules.Web // never nil
	// Wanted says whether a link's words are on the topic; nil takes none.
	Wanted func(title string) bool

	doc *goquery.Document
}

// Doc is the page as a tree.
func (p *Page) Doc() *goquery.Document {
	if p.doc == nil {
		p.doc = parseHTML(p.Text)
	}
	return p.doc
}

// number is the page's place in its list, from 1.
func (p *Page) number() int { return max(p.Target.Page, 1) }

// own says whether an address lies on the page's host or on one that the site
// names as its own. Navigation to other hosts stands in every list.
func (p *Page) own(u *url.URL) bool { return sameHost(u, p.URL) || siteHost(p.Site, u) }

func (p *Page) isArticle(u *url.URL) bool {
	if is, known := p.Site.IsArticle(u.String()); known {
		return is
	}
	return p.Web.IsArticle(u.RequestURI())
}

// List is one form of list. It is pure and safe for concurrent use.
type List interface {
	// Name is the word for it in a site's list field.
	Name() string
	// Detect says whether a page is of this form.
	Detect(p *Page) bool
	// Read takes the rows and the next pages out of a page. A page of another
	// shape than expected gives an error, or fewer rows.
	Read(p *Page) (Listing, error)
}

// Lists are the forms that can be read, the more particular ones first: the
// first that detects a page reads it.
func Lists() []List {
	return []List{gkmlptList{}, jpageList{}, jpaasList{}, xxgkList{}, jsonList{"govsearch"}, jsonList{"gdnps"}, jsonList{"was"},
		sitemapList{}, jsonList{"json"}, trsList{}, scriptList{}, htmlList{}}
}

// formOf finds the form by name, or by the page where there is no name.
func formOf(name string, p *Page) List {
	for _, l := range Lists() {
		if name == l.Name() || name == "" && l.Detect(p) {
			return l
		}
	}
	return nil
}

// knownForm says whether a site's form can be read: it is empty, of Lists, or
// "page", which means that the entry page is an article itself.
func knownForm(name string) bool {
	if name == "" || name == "page" {
		return true
	}
	for _, l := range Lists() {
		if l.Name() == name {
			return true
		}
	}
	return false
}

// fillYears gives an entry address with {year} once for each year, the newest
// first; others stay as they are, and so do all where first is 0.
func fillYears(address string, first, last int) []string {
	if first == 0 || !strings.Contains(address, "{year}") {
		return []string{address}
	}
	var all []string
	for y := last; y >= max(first, last-maxYears); y-- {
		all = append(all, strings.ReplaceAll(address, "{year}", strconv.Itoa(y)))
	}
	return all
}

const maxYears = 30

// fillTemplates sets the placeholders of an entry address: {page} and {n} to
// the first page ({n} beside {page} is the size of a page), {q} to each search
// word, {json} to a query for the first page. Others cannot be filled, and the
// result is empty.
func fillTemplates(address string, words []string) []string {
	size := "1"
	if strings.Contains(address, "{page}") {
		size = "20"
	}
	address = strings.NewReplacer("{page}", "1", "{n}", size, "{cb}", "cb",
		"{json}", url.QueryEscape(`{"goPage":1,"orderBy":[{"orderBy":"publishTime","reverse":true}],"pageSize":15,"queryParam":[]}`)).Replace(address)
	all := []string{address}
	if strings.Contains(address, "{q}") {
		all = nil
		for _, w := range words {
			all = append(all, strings.ReplaceAll(address, "{q}", url.QueryEscape(w)))
		}
	}
	if strings.ContainsAny(strings.ReplaceAll(address, "{q}", ""), "{}") {
		return nil
	}
	return all
}
