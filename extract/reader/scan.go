package reader

import (
	"strings"
	"unicode"
	"unicode/utf8"

	xhtml "golang.org/x/net/html"

	"tuogou/rules"
)

// part is what an element may be on a page.
type part uint8

const (
	partDrop part = iota + 1
	partContainer
	partTitle
	partPosted
)

// role is a part with its place in the list of the rules, best first.
type role struct {
	part part
	rank int
}

// roleTable tells the roles of an element by its name, id, classes and
// attributes, so that one walk over the tree finds what the rules name.
type roleTable struct {
	keys map[string][]role // "div", "#zoom", ".content"; all in lower case
	attr map[string][]role // "hidden"
}

func newRoleTable(page *rules.Page) *roleTable {
	t := &roleTable{keys: map[string][]role{}, attr: map[string][]role{}}
	t.add(partDrop, page.Drop)
	t.add(partContainer, page.Containers)
	t.add(partTitle, page.Title.Elements)
	t.add(partPosted, page.PostedElements)
	return t
}

func (t *roleTable) add(p part, selectors []string) {
	for i, s := range selectors {
		s = strings.ToLower(s)
		if name, ok := strings.CutPrefix(s, "["); ok {
			name = strings.TrimSuffix(name, "]")
			t.attr[name] = append(t.attr[name], role{p, i})
			continue
		}
		t.keys[s] = append(t.keys[s], role{p, i})
	}
}

// of calls do with each role of the element. The names of classes and ids are
// compared without regard to case: TRS_Editor is trs_editor on other sites.
func (t *roleTable) of(n *xhtml.Node, do func(role)) {
	each := func(list []role) {
		for _, r := range list {
			do(r)
		}
	}
	each(t.keys[n.Data])
	for _, a := range n.Attr {
		each(t.attr[a.Key])
		switch a.Key {
		case "id":
			each(t.keys["#"+strings.ToLower(a.Val)])
		case "class":
			for c := range strings.FieldsSeq(a.Val) {
				each(t.keys["."+strings.ToLower(c)])
			}
		}
	}
}

// element is what one walk over the tree learns about an element.
type element struct {
	all       int // characters that show
	sentences int // of them, in sentences that are no links
	linked    int // of them, in links
	loose     int // sentences that no holder below it holds
	offers    int // attachments
	from, to  int // its lines in p.lines, where it is a block
	dropped   bool
	aside     bool // its class or id says that it stands beside the text
}

// found is what the page has for each part, in the order of the page.
type found struct {
	containers map[int][]*xhtml.Node
	titles     map[int][]*xhtml.Node
	posted     []*xhtml.Node
	metas      []*xhtml.Node
	links      []*xhtml.Node
	base, body *xhtml.Node
	json       *xhtml.Node // the text that a script held
}

// scanner walks the tree once.
type scanner struct {
	p    *htmlPage
	hide bool            // leave out what the page does not show
	slab []element       // room for the elements to come
	said map[string]bool // style → hidden, class → aside: pages repeat them a thousand times
}

// scan fills p.elems and p.found.
func (p *htmlPage) scan(hide bool) {
	p.elems = make(map[*xhtml.Node]*element, p.m.tags)
	p.found = found{containers: map[int][]*xhtml.Node{}, titles: map[int][]*xhtml.Node{}}
	s := &scanner{p: p, hide: hide, said: map[string]bool{}}
	s.visit(p.root, false)
}

// visit returns nil for what holds no text of the page.
func (s *scanner) visit(n *xhtml.Node, link bool) *element {
	if n.Type != xhtml.ElementNode && n.Type != xhtml.DocumentNode {
		return nil
	}
	if len(s.slab) == 0 {
		s.slab = make([]element, 256)
	}
	e := &s.slab[0]
	s.slab = s.slab[1:]
	s.p.elems[n] = e
	if n.Type == xhtml.ElementNode {
		s.note(n, e)
	}
	link = link || n.Data == "a"
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == xhtml.TextNode {
			if !e.dropped {
				s.weigh(e, c.Data, link)
			}
			continue
		}
		in := s.visit(c, link)
		if in == nil || in.dropped || e.dropped || c.Data == "head" {
			continue
		}
		e.all += in.all
		e.sentences += in.sentences
		e.linked += in.linked
		if !isHolder(c) {
			e.loose += in.loose
		}
	}
	return e
}

// note finds the roles of an element.
func (s *scanner) note(n *xhtml.Node, e *element) {
	f := &s.p.found
	switch n.Data {
	case "meta":
		f.metas = append(f.metas, n)
	case "a":
		f.links = append(f.links, n)
	case "base":
		if f.base == nil {
			f.base = n
		}
	case "body":
		if f.body == nil {
			f.body = n
		}
	}
	s.p.r.roles.of(n, func(r role) {
		switch r.part {
		case partDrop:
			e.dropped = e.dropped || s.hide || !isBlock(n.Data) && n.Data != "span"
		case partContainer:
			f.containers[r.rank] = append(f.containers[r.rank], n)
		case partTitle:
			f.titles[r.rank] = append(f.titles[r.rank], n)
		case partPosted:
			f.posted = append(f.posted, n)
		}
	})
	for _, a := range n.Attr {
		switch a.Key {
		case "style":
			if s.hide && s.says("="+a.Val, s.p.r.page.HiddenStyle.MatchString) {
				e.dropped = true
			}
		case "class", "id":
			if a.Val == jsonID {
				f.json = n
			}
			e.aside = e.aside || s.says(a.Val, s.p.r.isAside) && n.Data != "body" && n.Data != "html"
		}
	}
}

// says remembers what was found out about a value.
func (s *scanner) says(value string, find func(string) bool) bool {
	yes, known := s.said[value]
	if !known {
		yes = find(strings.TrimPrefix(value, "="))
		s.said[value] = yes
	}
	return yes
}

// isAside reports whether one of the words in a class or id is a name for what
// stands beside the text: "related-news", "bottomShare".
func (r *Reader) isAside(names string) bool {
	start := 0
	for i, c := range names + " " {
		switch {
		case unicode.IsUpper(c) && i > start && !unicode.IsUpper(rune(names[i-1])), !unicode.IsLetter(c):
			if r.page.Aside[strings.ToLower(names[start:i])] {
				return true
			}
			start = i
			if !unicode.IsLetter(c) {
				start = i + utf8.RuneLen(c)
			}
		}
	}
	return false
}

// weigh adds a text to the element that holds it.
func (s *scanner) weigh(e *element, data string, link bool) {
	s.p.m.nodeText(data, func(t stretch) {
		words := strings.TrimSpace(s.p.m.input[t.start:t.end])
		size := utf8.RuneCountInString(words)
		e.all += size
		switch {
		case link:
			e.linked += size
		case size >= 25 || size > 1 && strings.ContainsAny(words, "。；，、："):
			e.sentences += size
			e.loose += size
		}
	})
}

// beside reports whether an element within the text is a bar or a list beside
// it: by its name, or as it holds links and next to nothing else.
func (p *htmlPage) beside(n *xhtml.Node) bool {
	if !isBlock(n.Data) || n.Data == "br" {
		return false
	}
	e := p.at(n)
	if e.aside && e.sentences*2 < e.all {
		return true
	}
	return p.dense && e.linked*2 >= e.all && e.sentences*5 < e.all && e.offers == 0
}
