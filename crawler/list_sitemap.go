package crawler

import (
	"encoding/xml"
	"fmt"
	"io"
	"net/url"
	"strings"
)

// sitemapList is a sitemap.xml or a sitemap index. It has no titles, so what
// it leads to is known only after fetching.
type sitemapList struct{}

type sitemap struct {
	XMLName xml.Name
	URLs    []sitemapEntry `xml:"url"`
	Maps    []sitemapEntry `xml:"sitemap"`
}

type sitemapEntry struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod"`
}

func (sitemapList) Name() string { return "sitemap" }

func (sitemapList) Detect(p *Page) bool {
	head := p.Text[:min(len(p.Text), 2048)]
	return strings.Contains(head, "<urlset") || strings.Contains(head, "<sitemapindex")
}

func (s sitemapList) Read(p *Page) (Listing, error) {
	dec := xml.NewDecoder(strings.NewReader(p.Text))
	dec.Strict = false
	dec.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // decoded already
	var m sitemap
	err := dec.Decode(&m)
	if err != nil && len(m.URLs)+len(m.Maps) == 0 {
		return Listing{}, fmt.Errorf("sitemap: %w", err)
	}
	var l Listing
	for _, e := range m.URLs {
		if u := s.own(p, e); u != nil && p.isArticle(u) {
			l.Rows = append(l.Rows, Row{URL: u.String(), Date: listedDate(e.LastMod)})
		}
	}
	for _, e := range m.Maps {
		if u := s.own(p, e); u != nil {
			l.Next = append(l.Next, Next{URL: u.String(), List: s.Name(), Branch: true})
		}
	}
	return l, nil
}

// own is the address of an entry, if it lies on this host.
func (sitemapList) own(p *Page, e sitemapEntry) *url.URL {
	u, err := url.Parse(resolve(p.URL, e.Loc, p.Web))
	if err != nil || u.Host == "" || !sameHost(u, p.URL) {
		return nil
	}
	return u
}
