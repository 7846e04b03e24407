package reader

import (
	"strconv"
	"strings"

	xhtml "golang.org/x/net/html"
)

// choose finds the element that holds the text: by its name, else by density.
func (p *htmlPage) choose() {
	total := p.at(p.root)
	p.container, p.dense = nil, false
	if j := p.found.json; j != nil && p.at(j).sentences*5 >= total.sentences {
		p.container = j
		p.placeCells()
		return
	}
	for rank := range p.r.page.Containers {
		best := p.heaviest(p.found.containers[rank])
		w := p.at(best)
		// An empty shell with the right name, on a page that has its text elsewhere.
		if best == nil || w.all == 0 || total.sentences >= 300 && w.sentences*10 < total.sentences {
			continue
		}
		p.container = p.innermost(best)
		if w := p.at(p.container); w.linked*3 > w.all {
			// It goes around more than the text: .content is a name for anything.
			if b := p.best(p.container, true); b != nil && p.at(b).sentences*10 >= w.sentences*8 {
				p.container, p.dense = p.widen(b, p.container), true
			}
		}
		break
	}
	if p.container == nil {
		p.container, p.dense = p.densest(), true
	}
	p.placeCells()
}

// at is what is known of n; all zero for what holds no text.
func (p *htmlPage) at(n *xhtml.Node) element {
	if e := p.elems[n]; e != nil {
		return *e
	}
	return element{}
}

// hidden reports whether n or what is around it is dropped.
func (p *htmlPage) hidden(n *xhtml.Node) bool {
	for ; n != nil; n = n.Parent {
		if p.at(n).dropped {
			return true
		}
	}
	return false
}

func (p *htmlPage) heaviest(nodes []*xhtml.Node) *xhtml.Node {
	var best *xhtml.Node
	for _, n := range nodes {
		if !p.hidden(n) && (best == nil || p.at(n).all > p.at(best).all) {
			best = n
		}
	}
	return best
}

// innermost is the last container within n that still holds nine tenths of its
// text: editors nest their elements. No two beside each other can hold so much,
// so all that do stand in one another.
func (p *htmlPage) innermost(n *xhtml.Node) *xhtml.Node {
	last := n
	for rank := range p.r.page.Containers {
		for _, c := range p.found.containers[rank] {
			if p.at(c).all*10 >= p.at(n).all*9 && within(c, last) {
				last = c
			}
		}
	}
	return last
}

// densest is the element with the most sentences of its own. What an element
// holds counts half for the one around it, so a text in many small sections is
// found too.
func (p *htmlPage) densest() *xhtml.Node {
	body := p.found.body
	if body == nil {
		return p.root
	}
	best := p.best(body, true)
	if p.at(best).sentences*5 < p.at(body).sentences*2 {
		best = p.best(body, false)
	}
	if best == nil {
		return body
	}
	return p.widen(best, body)
}

// best finds the element with the highest score.
func (p *htmlPage) best(body *xhtml.Node, skipAside bool) *xhtml.Node {
	var best *xhtml.Node
	top := 0
	var score func(n *xhtml.Node) int
	score = func(n *xhtml.Node) int {
		e := p.at(n)
		if e.dropped || skipAside && e.aside {
			return 0
		}
		sum := 0
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Type == xhtml.ElementNode {
				sum += score(c)
			}
		}
		if !isHolder(n) && n != body {
			return sum
		}
		sum = e.loose + sum/2
		if e.linked*2 < e.all && sum > top {
			best, top = n, sum
		}
		return sum
	}
	score(body)
	return best
}

// widen goes up while the element around holds much more text and few links.
func (p *htmlPage) widen(n, body *xhtml.Node) *xhtml.Node {
	for up := n.Parent; up != nil && n != body; up = up.Parent {
		e, in := p.at(up), p.at(n)
		if e.linked*4 > e.all {
			break
		}
		if e.sentences*2 >= in.sentences*3 {
			n = up
		}
	}
	return n
}

// isHolder reports whether n is an element that holds paragraphs.
func isHolder(n *xhtml.Node) bool {
	switch n.Data {
	case "div", "td", "section", "article", "main", "center", "form", "font", "span", "dd", "li":
		return n.Type == xhtml.ElementNode && n.FirstChild != nil && hasBlock(n)
	}
	return false
}

func hasBlock(n *xhtml.Node) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == xhtml.ElementNode && isBlock(c.Data) {
			return true
		}
	}
	return false
}

// place is where a cell stands and how far it reaches: all count from 1.
type place struct{ table, row, col, rows, cols int }

// placeCells numbers the cells of the tables of facts within the container.
// Tables around tables, with one cell or with one column are there for the
// layout; a small table within a cell of facts is words of that cell.
func (p *htmlPage) placeCells() {
	p.cells = map[*xhtml.Node]place{}
	count := 0
	var look func(n *xhtml.Node)
	look = func(n *xhtml.Node) {
		if n.Data == "table" && n.Type == xhtml.ElementNode && n != p.container {
			if rows := tableRows(n); !p.layout(n, rows) {
				count++
				p.placeRows(count, rows)
				return
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			look(c)
		}
	}
	look(p.container)
}

// tableRows are the cells of each row of t.
func tableRows(t *xhtml.Node) [][]*xhtml.Node {
	var rows [][]*xhtml.Node
	for c := t.FirstChild; c != nil; c = c.NextSibling {
		switch c.Data {
		case "thead", "tbody", "tfoot":
			rows = append(rows, tableRows(c)...)
		case "tr":
			var cells []*xhtml.Node
			for d := c.FirstChild; d != nil; d = d.NextSibling {
				if d.Type == xhtml.ElementNode && (d.Data == "td" || d.Data == "th") {
					cells = append(cells, d)
				}
			}
			rows = append(rows, cells)
		}
	}
	return rows
}

// nested is how much text stands in tables within n.
func (p *htmlPage) nested(n *xhtml.Node) int {
	sum := 0
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Data == "table" && c.Type == xhtml.ElementNode {
			sum += p.at(c).all
		} else {
			sum += p.nested(c)
		}
	}
	return sum
}

func (p *htmlPage) layout(t *xhtml.Node, rows [][]*xhtml.Node) bool {
	full, widest := 0, 0
	for _, row := range rows {
		widest = max(widest, len(row))
		for _, c := range row {
			if p.at(c).all > 0 {
				full++
			}
		}
	}
	return full <= 1 || widest <= 1 || p.nested(t)*2 > p.at(t).all
}

// maxSpan bounds colspan and rowspan, which pages may set to anything.
const maxSpan = 200

// placeRows walks the grid, with cells that reach over several rows or columns.
func (p *htmlPage) placeRows(table int, rows [][]*xhtml.Node) {
	taken := map[int]int{} // column → rows that a cell above still reaches into
	for r, row := range rows {
		col := 1
		next := map[int]int{}
		for c, left := range taken {
			if left > 1 {
				next[c] = left - 1
			}
		}
		for _, cell := range row {
			for taken[col] > 0 {
				col++
			}
			wide, high := span(cell, "colspan"), span(cell, "rowspan")
			p.cells[cell] = place{table, r + 1, col, high, wide}
			for range wide {
				if high > 1 {
					next[col] = high - 1
				}
				col++
			}
		}
		taken = next
	}
}

func span(n *xhtml.Node, name string) int {
	v, err := strconv.Atoi(strings.TrimSpace(attr(n, name)))
	if err != nil || v < 1 {
		return 1
	}
	return min(v, maxSpan)
}
