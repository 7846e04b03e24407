package reader

import (
	"html"
	"net/url"
	"path"
	"strings"

	"tuogou/corpus"
)

// baseURL is the address that the page's links are relative to, or nil.
func (p *htmlPage) baseURL(page string) *url.URL {
	base, err := url.Parse(page)
	if err != nil || page == "" {
		base = nil
	}
	if n := p.found.base; n != nil {
		if u, err := url.Parse(strings.TrimSpace(n.attr("href"))); err == nil {
			if base != nil {
				u = base.ResolveReference(u)
			}
			if u.IsAbs() {
				return u
			}
		}
	}
	return base
}

// findLinks collects the attachments, wherever on the page they are offered:
// many templates list them under the text.
func (p *htmlPage) findLinks() {
	p.links, p.attaches = nil, map[*node]bool{}
	seen := map[string]bool{}
	for _, n := range p.found.links {
		href := strings.TrimSpace(n.attr("href"))
		if href == "" || href[0] == '#' || !p.attachment(href, p.rawWords(n)) {
			continue
		}
		u, err := url.Parse(href)
		if err != nil {
			continue
		}
		words := p.words(n)
		switch u.Scheme {
		case "", "http", "https", "ftp":
		default:
			continue // javascript:, mailto:
		}
		if p.base != nil {
			u = p.base.ResolveReference(u)
		}
		p.attaches[n] = true
		for up := n; up != nil; up = up.parent {
			up.offers++
		}
		if address := u.String(); !seen[address] {
			seen[address] = true
			p.links = append(p.links, corpus.Link{Title: p.linkTitle(n, u, words), URL: address})
		}
	}
}

// attachment reports whether a link offers a file.
func (p *htmlPage) attachment(href, words string) bool {
	a := &p.r.page.Attach
	href = strings.ToLower(href)
	file, query, _ := strings.Cut(href, "?")
	file, _, _ = strings.Cut(file, "#")
	for _, name := range []string{file, words, query} {
		if ext := path.Ext(name); len(ext) > 1 && a.Extensions[strings.ToLower(ext[1:])] {
			return true
		}
	}
	for _, s := range a.Addresses {
		if strings.Contains(href, s) {
			return true
		}
	}
	return words != "" && a.Words.MatchString(words)
}

// rawWords are the words of a link as the page has them, without blanks at
// their ends; "" for more than a link would have.
func (p *htmlPage) rawWords(n *node) string {
	if n.all == 0 || n.all > 300 {
		return ""
	}
	out := ""
	var look func(n *node)
	look = func(n *node) {
		if n.name == "" {
			out += p.doc.input[n.text.start:n.text.end]
		}
		for c := n.first; c != nil; c = c.next {
			look(c)
		}
	}
	look(n)
	if strings.IndexByte(out, '&') >= 0 {
		out = html.UnescapeString(out)
	}
	return strings.TrimFunc(out, isBlank)
}

// linkTitle is the words of the link without 附件1：, else its title, else the
// name of the file.
func (p *htmlPage) linkTitle(n *node, u *url.URL, words string) string {
	for _, s := range []string{words, n.attr("title")} {
		if m := p.r.page.Attach.Prefix.FindStringIndex(s); m != nil {
			s = s[:m[0]] + s[m[1]:]
		}
		if t := strings.TrimSpace(s); t != "" {
			return t
		}
	}
	if words != "" {
		return words
	}
	return path.Base(u.Path)
}

// words are the clean words of a link.
func (p *htmlPage) words(n *node) string {
	if n.all == 0 || n.all > 300 {
		return ""
	}
	w := &walker{p: &htmlPage{r: p.r, c: p.c, doc: p.doc}}
	w.walk(n)
	w.flush()
	var parts []string
	for _, l := range w.p.lines {
		parts = append(parts, text(l.g))
	}
	return strings.Join(parts, " ")
}
