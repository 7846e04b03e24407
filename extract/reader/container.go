package reader

import (
	"strconv"
	"strings"
)

// choose finds the element that holds the text: by its name, else by density.
func (p *htmlPage) choose() {
	total := p.doc.root
	p.container, p.dense = nil, false
	if j := p.found.json; j != nil && j.sentences*5 >= total.sentences {
		p.container = j
		p.placeCells()
		return
	}
	for rank := range p.r.page.Containers {
		best := p.heaviest(p.found.containers[rank])
		// An empty shell with the right name, on a page that has its text elsewhere.
		if best == nil || best.all == 0 || total.sentences >= 300 && best.sentences*10 < total.sentences {
			continue
		}
		p.container = p.innermost(best)
		if w := p.container; w.linked*3 > w.all {
			// It goes around more than the text: .content is a name for anything.
			if b := p.best(p.container, true); b != nil && b.plain*2 >= w.plain {
				p.container, p.dense = p.widen(b, p.container, uncommented), true
			}
		}
		break
	}
	if p.container == nil {
		p.container, p.dense = p.densest(), true
	}
	p.placeCells()
}

// hidden reports whether n or what is around it is dropped.
func (p *htmlPage) hidden(n *node) bool {
	for ; n != nil; n = n.parent {
		if n.dropped {
			return true
		}
	}
	return false
}

func (p *htmlPage) heaviest(nodes []*node) *node {
	var best *node
	for _, n := range nodes {
		if !p.hidden(n) && (best == nil || n.all > best.all) {
			best = n
		}
	}
	return best
}

// innermost is the last container within n that still holds nine tenths of its
// text: editors nest their elements. No two beside each other can hold so much,
// so all that do stand in one another.
func (p *htmlPage) innermost(n *node) *node {
	last := n
	for rank := range p.r.page.Containers {
		for _, c := range p.found.containers[rank] {
			if c.all*10 >= n.all*9 && within(c, last) {
				last = c
			}
		}
	}
	return last
}

// densest is the element with the most sentences of its own. What an element
// holds counts half for the one around it, so a text in many small sections is
// found too.
func (p *htmlPage) densest() *node {
	body := p.doc.body
	if body == nil {
		return p.doc.root
	}
	best := p.best(body, true)
	const story = 150 // characters that are a text, however long the comments below it
	if best == nil || best.sentences < story && best.sentences*5 < body.sentences*2 {
		// The text may stand in what is named as beside it; or it is short and this is the
		// foot of the page, around which the whole page is taken.
		if best = p.best(body, false); best == nil {
			return body
		}
		return p.widen(best, body, func(n *node) int { return n.sentences })
	}
	return p.widen(best, body, uncommented)
}

// best finds the element with the highest score.
func (p *htmlPage) best(body *node, skipAside bool) *node {
	var best *node
	top := 0
	var score func(n *node) int
	score = func(n *node) int {
		if n.dropped || skipAside && n.aside {
			return 0
		}
		sum := 0
		for c := n.first; c != nil; c = c.next {
			if c.name != "" {
				sum += score(c)
			}
		}
		if !isHolder(n) && n != body {
			return sum
		}
		sum = n.loose + sum/2
		if n.linked*2 < n.all && sum > top {
			best, top = n, sum
		}
		return sum
	}
	score(body)
	return best
}

// uncommented leaves out what is named as standing beside the text: comments below an article
// are often longer than it.
func uncommented(n *node) int { return n.plain }

// widen goes up while the element around holds much more text and few links.
func (p *htmlPage) widen(n, body *node, size func(*node) int) *node {
	for up := n.parent; up != nil && n != body; up = up.parent {
		if up.linked*4 > up.all {
			break
		}
		if size(up)*2 >= size(n)*3 {
			n = up
		}
	}
	return n
}

// isHolder reports whether n is an element that holds paragraphs.
func isHolder(n *node) bool {
	switch n.name {
	case "div", "td", "section", "article", "main", "center", "form", "font", "span", "dd", "li":
		return n.name != "" && n.first != nil && hasBlock(n)
	}
	return false
}

func hasBlock(n *node) bool {
	for c := n.first; c != nil; c = c.next {
		if c.is(tagBlock) {
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
	p.cells = map[*node]place{}
	count := 0
	var look func(n *node)
	look = func(n *node) {
		if n.name == "table" && n.name != "" && n != p.container {
			if rows := tableRows(n); !p.layout(n, rows) {
				count++
				p.placeRows(count, rows)
				return
			}
		}
		for c := n.first; c != nil; c = c.next {
			look(c)
		}
	}
	look(p.container)
}

// tableRows are the cells of each row of t.
func tableRows(t *node) [][]*node {
	var rows [][]*node
	for c := t.first; c != nil; c = c.next {
		switch c.name {
		case "thead", "tbody", "tfoot":
			rows = append(rows, tableRows(c)...)
		case "tr":
			var cells []*node
			for d := c.first; d != nil; d = d.next {
				if d.name != "" && (d.name == "td" || d.name == "th") {
					cells = append(cells, d)
				}
			}
			rows = append(rows, cells)
		}
	}
	return rows
}

// nested is how much text stands in tables within n.
func (p *htmlPage) nested(n *node) int {
	sum := 0
	for c := n.first; c != nil; c = c.next {
		if c.name == "table" && c.name != "" {
			sum += c.all
		} else {
			sum += p.nested(c)
		}
	}
	return sum
}

func (p *htmlPage) layout(t *node, rows [][]*node) bool {
	full, widest := 0, 0
	for _, row := range rows {
		widest = max(widest, len(row))
		for _, c := range row {
			if c.all > 0 {
				full++
			}
		}
	}
	return full <= 1 || widest <= 1 || p.nested(t)*2 > t.all
}

// maxSpan bounds colspan and rowspan, which pages may set to anything.
const maxSpan = 200

// placeRows walks the grid, with cells that reach over several rows or columns.
func (p *htmlPage) placeRows(table int, rows [][]*node) {
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

func span(n *node, name string) int {
	v, err := strconv.Atoi(strings.TrimSpace(n.attr(name)))
	if err != nil || v < 1 {
		return 1
	}
	return min(v, maxSpan)
}
