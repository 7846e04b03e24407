package reader

import (
	"strings"
	"unicode"
	"unicode/utf8"

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
func (t *roleTable) of(n *node, do func(role)) {
	each := func(list []role) {
		for _, r := range list {
			do(r)
		}
	}
	each(t.keys[n.name])
	for _, a := range n.attrs {
		each(t.attr[a.key])
		switch a.key {
		case "id":
			each(t.keys["#"+strings.ToLower(a.val)])
		case "class":
			for c := range strings.FieldsSeq(a.val) {
				each(t.keys["."+strings.ToLower(c)])
			}
		}
	}
}

// element is what one walk over the tree learns about an element.
type element struct {
	all       int // characters that show
	sentences int // of them, in sentences that are no links
	plain     int // of these, outside what is named as standing beside the text
	linked    int // of all, in links
	loose     int // sentences that no holder below it holds
	offers    int // attachments
	from, to  int // its lines in p.lines, where it is a block
	dropped   bool
	aside     bool // its class or id says that it stands beside the text
}

// found is what the page has for each part, in the order of the page.
type found struct {
	containers map[int][]*node
	titles     map[int][]*node
	posted     []*node
	metas      []*node
	links      []*node
	base       *node
	json       *node // the text that a script held
}

// scanner walks the tree once.
type scanner struct {
	p    *htmlPage
	hide bool            // leave out what the page does not show
	said map[string]bool // style → hidden, class → aside: pages repeat them a thousand times
}

// scan weighs all elements and fills p.found.
func (p *htmlPage) scan(hide bool) {
	p.found = found{containers: map[int][]*node{}, titles: map[int][]*node{}}
	s := &scanner{p: p, hide: hide, said: map[string]bool{}}
	s.visit(p.doc.root)
}

// visit weighs an element with all that stands in it.
func (s *scanner) visit(n *node) {
	n.element = element{}
	s.note(n)
	for c := n.first; c != nil; c = c.next {
		if c.name == "" {
			if !n.dropped {
				s.weigh(n, c)
			}
			continue
		}
		s.visit(c)
		if c.dropped || n.dropped || c.name == "head" {
			continue
		}
		n.all += c.all
		n.sentences += c.sentences
		if !c.aside {
			n.plain += c.plain
		}
		n.linked += c.linked
		if !isHolder(c) {
			n.loose += c.loose
		}
	}
}

// note finds the roles of an element.
func (s *scanner) note(n *node) {
	f := &s.p.found
	switch n.name {
	case "meta":
		f.metas = append(f.metas, n)
	case "a":
		f.links = append(f.links, n)
	case "base":
		if f.base == nil {
			f.base = n
		}
	}
	s.p.r.roles.of(n, func(r role) {
		switch r.part {
		case partDrop:
			n.dropped = n.dropped || s.hide || !n.is(tagBlock) && n.name != "span"
		case partContainer:
			f.containers[r.rank] = append(f.containers[r.rank], n)
		case partTitle:
			f.titles[r.rank] = append(f.titles[r.rank], n)
		case partPosted:
			f.posted = append(f.posted, n)
		}
	})
	for _, a := range n.attrs {
		switch a.key {
		case "style":
			if s.hide && s.says("="+a.val, s.p.r.page.HiddenStyle.MatchString) {
				n.dropped = true
			}
		case "class", "id":
			if a.val == jsonID {
				f.json = n
			}
			n.aside = n.aside || s.says(a.val, s.p.r.isAside) && n.name != "body" && n.name != "html"
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
func (s *scanner) weigh(e, text *node) {
	words := strings.TrimSpace(s.p.doc.input[text.text.start:text.text.end])
	size := utf8.RuneCountInString(words)
	e.all += size
	switch {
	case text.link != nil:
		e.linked += size
	case size >= 25 || size > 1 && strings.ContainsFunc(words, isStop):
		e.sentences += size
		e.plain += size
		e.loose += size
	}
}

// isStop reports whether r parts the sentences and clauses of a text.
func isStop(r rune) bool { return r == '。' || r == '；' || r == '，' || r == '、' || r == '：' }

// beside reports whether an element within the text is a bar or a list beside
// it: by its name, or as it holds links and next to nothing else.
func (p *htmlPage) beside(n *node) bool {
	if !n.is(tagBlock) || n.name == "br" {
		return false
	}
	if n.aside && (n.sentences*2 < n.all || p.dense && n.sentences*2 < p.container.sentences) {
		return true // the comments of readers are sentences too
	}
	return p.dense && n.linked*2 >= n.all && n.sentences*5 < n.all && n.offers == 0
}
