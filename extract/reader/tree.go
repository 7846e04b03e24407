package reader

import "strings"

// node is an element of a page, or a text. Nodes know where in the page they
// stand, so that every character of the body can be led back to it; this is why
// the tree is built here and not by a parser of the library.
type node struct {
	name                      string // in lower case; "" for a text
	kind                      tagKind
	attrs                     []attribute
	parent, first, last, next *node
	text                      stretch // of a text
	link                      *node   // the link that a text stands in, or nil
	element
}

// attr is the value of an attribute, or "".
func (n *node) attr(name string) string {
	for i := range n.attrs {
		if n.attrs[i].key == name {
			return n.attrs[i].val
		}
	}
	return ""
}

// is reports whether n is of one of the kinds.
func (n *node) is(k tagKind) bool { return n.kind&k != 0 }

// maxDepth is how many elements may stand in one another. What stands deeper
// still begins and ends lines, but is not nested any further.
const maxDepth = 500

// tree builds the elements of a page from its tags by the rules that browsers
// follow: end tags that are left out, cells and rows without their table, tags
// closed in the wrong order. Where browsers move text out of a table, it stays.
type tree struct {
	cursor
	root, html, head, body *node
	open                   []*node
	slab                   []node    // room for those to come
	scripts                []stretch // contents of scripts and styles
}

// parseTree makes the tree of a page.
func parseTree(input string) *tree {
	t := &tree{cursor: cursor{input: input}}
	t.root = t.node(node{name: "#page"})
	t.html = t.node(node{name: "html", kind: tagKinds["html"]})
	t.push(t.root, t.html)
	for t.at < len(t.input) {
		if t.input[t.at] != '<' || t.kind(t.at) == tokenText {
			t.addText(t.cursor.text())
			continue
		}
		switch t.kind(t.at) {
		case tokenComment:
			t.comment()
		case tokenStart:
			if name, attrs, void, whole := t.startTag(); whole {
				t.start(name, attrs, void)
			}
		case tokenEnd:
			if name, whole := t.endTag(); whole {
				t.end(name)
			}
		}
	}
	return t
}

func (t *tree) node(n node) *node {
	if len(t.slab) == 0 {
		t.slab = make([]node, min(256, 8+(len(t.input)-t.at)/64))
	}
	out := &t.slab[0]
	t.slab = t.slab[1:]
	*out = n
	return out
}

func (t *tree) top() *node { return t.open[len(t.open)-1] }

func (n *node) add(c *node) {
	c.parent = n
	if n.last == nil {
		n.first = c
	} else {
		n.last.next = c
	}
	n.last = c
}

// push makes n a child of up and opens it.
func (t *tree) push(up, n *node) {
	if len(t.open) >= maxDepth {
		if n.is(tagBlock) {
			up.add(t.node(node{name: "br", kind: tagKinds["br"]}))
		}
		return
	}
	up.add(n)
	t.open = append(t.open, n)
}

// addText adds a text to the innermost element.
func (t *tree) addText(s stretch) {
	if isBlankText(t.input[s.start:s.end]) {
		// Only a blank within a line shows.
		if up := t.top(); t.body != nil && (up.last == nil && !up.is(tagBlock) || up.last != nil && !up.last.is(tagBlock)) {
			up.add(t.node(node{}))
		}
		return
	}
	t.needBody()
	t.top().add(t.node(node{text: s, link: t.opened("a")}))
}

func isBlankText(s string) bool { return strings.TrimSpace(s) == "" }

// opened is the innermost open element of that name, or nil.
func (t *tree) opened(name string) *node {
	for i := len(t.open) - 1; i >= 0; i-- {
		if t.open[i].name == name {
			return t.open[i]
		}
	}
	return nil
}

// needBody opens the body, unless it is open.
func (t *tree) needBody() {
	if t.body == nil {
		t.open = t.open[:1]
		t.body = t.node(node{name: "body", kind: tagKinds["body"]})
		t.push(t.html, t.body)
	}
}

// start takes a start tag.
func (t *tree) start(name string, attrs []attribute, void bool) {
	kind := tagKinds[name]
	switch name {
	case "html":
		if t.html.attrs == nil {
			t.html.attrs = attrs
		}
		return
	case "head":
		if t.head == nil && t.body == nil {
			t.head = t.node(node{name: name, kind: kind, attrs: attrs})
			t.push(t.html, t.head)
		}
		return
	case "body":
		fresh := t.body == nil
		if t.needBody(); fresh {
			t.body.attrs = attrs
		}
		return
	}
	up := t.place(name, kind)
	if up == nil {
		return
	}
	if kind&tagSilent != 0 {
		if kind&tagRaw != 0 {
			t.scripts = append(t.scripts, t.rawText(name))
		}
		return
	}
	n := t.node(node{name: name, kind: kind, attrs: attrs})
	switch {
	case kind&(tagRaw|tagWords) != 0:
		up.add(n)
		s := t.rawText(name)
		s.raw = kind&tagRaw != 0
		if !isBlankText(t.input[s.start:s.end]) {
			n.add(t.node(node{text: s}))
		}
	case kind&tagVoid != 0 || void && t.opened("svg") != nil:
		up.add(n)
	default:
		t.push(up, n)
	}
}

// place closes what the start tag ends, and returns the element that the new
// one stands in; nil where a browser would ignore the tag.
func (t *tree) place(name string, kind tagKind) *node {
	if t.body == nil {
		if kind&tagHead != 0 {
			if t.head == nil {
				t.head = t.node(node{name: "head", kind: tagKinds["head"]})
				t.push(t.html, t.head)
			}
			return t.head
		}
		t.needBody()
	}
	if kind&tagClosesP != 0 {
		t.closeBlock("p")
	}
	switch name {
	case "frameset", "colgroup":
		return nil
	case "li":
		t.closeItem("li", "li")
	case "dd", "dt":
		t.closeItem("dd", "dt")
	case "option":
		if t.top().name == name {
			t.open = t.open[:len(t.open)-1]
		}
	case "a":
		t.closeInline(name)
	case "form":
		if t.opened("form") != nil || isTablePart(t.top().name) {
			return nil
		}
	case "table":
		if isTablePart(t.top().name) {
			t.closeBlock(name) // a table cannot stand between the rows of another
		}
	case "caption", "thead", "tbody", "tfoot", "tr", "td", "th":
		return t.placeInTable(name)
	}
	if kind&tagHeading != 0 && t.top().is(tagHeading) {
		t.open = t.open[:len(t.open)-1]
	}
	return t.top()
}

func isTablePart(name string) bool {
	switch name {
	case "table", "tbody", "thead", "tfoot", "tr":
		return true
	}
	return false
}

// placeInTable closes cells, rows and parts of the innermost table as far as the
// new part calls for.
func (t *tree) placeInTable(name string) *node {
	for i := len(t.open) - 1; i >= 0; i-- {
		switch up := t.open[i]; up.name {
		case "tr":
			if name != "td" && name != "th" {
				continue
			}
		case "tbody", "thead", "tfoot":
			if name != "td" && name != "th" && name != "tr" {
				continue
			}
		case "table":
		default:
			continue
		}
		t.open = t.open[:i+1]
		if up := t.open[i]; up.name != "tr" && (name == "td" || name == "th") {
			t.push(up, t.node(node{name: "tr", kind: tagKinds["tr"]}))
		}
		return t.top()
	}
	return nil
}

// closeItem closes the list item that another one ends, unless a list or
// another block stands between.
func (t *tree) closeItem(name, other string) {
	for i := len(t.open) - 1; i >= 0; i-- {
		n := t.open[i]
		if n.name == name || n.name == other {
			t.open = t.open[:i]
			return
		}
		if n.is(tagSpecial) && n.name != "address" && n.name != "div" && n.name != "p" {
			return
		}
	}
}

// end takes an end tag.
func (t *tree) end(name string) {
	kind := tagKinds[name]
	switch {
	case name == "html" || name == "body":
		// What follows still belongs to the page.
	case name == "head":
		if t.body == nil {
			t.open = t.open[:1]
		}
	case name == "br":
		t.needBody()
		t.top().add(t.node(node{name: name, kind: kind}))
	case kind&tagInline != 0:
		t.closeInline(name)
	case kind&tagHeading != 0:
		for i := len(t.open) - 1; i > 0 && !t.open[i].is(tagFence); i-- {
			if t.open[i].is(tagHeading) {
				t.open = t.open[:i]
				return
			}
		}
	case isTablePart(name) || kind&tagFence != 0:
		for i := len(t.open) - 1; i > 0; i-- {
			if t.open[i].name == name {
				t.open = t.open[:i]
				return
			}
			if t.open[i].name == "table" {
				return
			}
		}
	case kind&tagSpecial != 0:
		t.closeBlock(name)
	default:
		t.closeOther(name)
	}
}

// closeBlock closes a block of that name with all that is open in it, unless it
// stands around the table cell.
func (t *tree) closeBlock(name string) {
	for i := len(t.open) - 1; i > 0; i-- {
		if t.open[i].name == name {
			if i > 1 || t.open[i] != t.body {
				t.open = t.open[:i]
			}
			return
		}
		if t.open[i].is(tagFence) {
			return
		}
	}
}

// closeInline closes an inline element. Blocks that were opened in it stay open.
func (t *tree) closeInline(name string) {
	for i := len(t.open) - 1; i > 0; i-- {
		if t.open[i].name == name {
			for k := i + 1; k < len(t.open); k++ {
				if t.open[k].is(tagSpecial) {
					t.open = append(t.open[:i], t.open[i+1:]...)
					return
				}
			}
			t.open = t.open[:i]
			return
		}
		if t.open[i].is(tagFence) {
			return
		}
	}
}

// closeOther closes an element that is neither, unless a block stands between.
func (t *tree) closeOther(name string) {
	for i := len(t.open) - 1; i > 0; i-- {
		if t.open[i].name == name {
			t.open = t.open[:i]
			return
		}
		if t.open[i].is(tagSpecial) {
			return
		}
	}
}
