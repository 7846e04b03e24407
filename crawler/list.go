package crawler

import (
	"net/url"
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
}

// Page is a fetched list page.
type Page struct {
	URL    *url.URL // after redirects
	Text   string   // decoded
	HTML   bool
	Target Target
	Site   rules.Site
	Web    *rules.Web // never nil

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
	return []List{gkmlptList{}, jpageList{}, sitemapList{}, trsList{}, htmlList{}}
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

// fillTemplate sets the page placeholders of an entry address to the first
// page. Other placeholders cannot be filled, and the result is "".
func fillTemplate(address string) string {
	address = strings.NewReplacer("{page}", "1", "{n}", "1").Replace(address)
	if strings.ContainsAny(address, "{}") {
		return ""
	}
	return address
}
