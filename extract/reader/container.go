package reader

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/andybalholm/cascadia"
	xhtml "golang.org/x/net/html"
)

var (
	bodyTag  = cascadia.MustCompile("body")
	tableTag = cascadia.MustCompile("table")
	rowTag   = cascadia.MustCompile("tr")
)

// weight is how much text an element holds, in characters.
type weight struct {
	all       int // all that shows
	sentences int // of it, in sentences that are no links
}

// weigh adds up the text of every element that is not dropped.
func (p *htmlPage) weigh() {
	p.weight = map[*xhtml.Node]weight{}
	p.weighNode(p.root, false)
}

func (p *htmlPage) weighNode(n *xhtml.Node, link bool) weight {
	var sum weight
	if n.Type == xhtml.TextNode {
		p.m.nodeText(n.Data, func(s stretch) {
			words := strings.TrimSpace(p.m.input[s.start:s.end])
			size := utf8.RuneCountInString(words)
			sum.all += size
			if !link && (size >= 25 || size > 1 && strings.ContainsAny(words, "。；，、：")) {
				sum.sentences += size
			}
		})
		return sum
	}
	if p.dropped[n] || n.Type == xhtml.CommentNode || n.Data == "head" && n.Type == xhtml.ElementNode {
		return sum
	}
	link = link || n.Data == "a" && n.Type == xhtml.ElementNode
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w := p.weighNode(c, link)
		sum.all += w.all
		sum.sentences += w.sentences
	}
	p.weight[n] = sum
	return sum
}

// choose finds the element that holds the text: by its name, else by density.
func (p *htmlPage) choose() {
	total := p.weight[p.root]
	p.container, p.dense = nil, false
	for _, sel := range p.r.containers {
		best := p.heaviest(cascadia.QueryAll(p.root, sel))
		w := p.weight[best]
		// An empty shell with the right name, on a page that has its text elsewhere.
		if best == nil || w.all == 0 || total.sentences >= 300 && w.sentences*10 < total.sentences {
			continue
		}
		p.container = p.innermost(best)
		break
	}
	if p.container == nil {
		p.container, p.dense = p.densest(), true
	}
	p.placeCells()
}

func (p *htmlPage) heaviest(nodes []*xhtml.Node) *xhtml.Node {
	var best *xhtml.Node
	for _, n := range nodes {
		if w, ok := p.weight[n]; ok && (best == nil || w.all > p.weight[best].all) {
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
	for _, sel := range p.r.containers {
		for _, c := range cascadia.QueryAll(n, sel) {
			if p.weight[c].all*10 >= p.weight[n].all*9 && within(c, last) {
				last = c
			}
		}
	}
	return last
}

// densest goes down from the body as long as one child holds four fifths of the
// sentences, and stops above the paragraphs.
func (p *htmlPage) densest() *xhtml.Node {
	body := cascadia.Query(p.root, bodyTag)
	if body == nil {
		return p.root
	}
	for n := body; ; {
		var next *xhtml.Node
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if isHolder(c) && p.weight[n].sentences > 0 && p.weight[c].sentences*5 >= p.weight[n].sentences*4 {
				next = c
				break
			}
		}
		if next == nil {
			return n
		}
		n = next
	}
}

// isHolder reports whether n is an element that holds paragraphs.
func isHolder(n *xhtml.Node) bool {
	switch n.Data {
	case "div", "td", "section", "article", "main", "table", "tbody", "tr", "center", "form", "font", "span", "ul", "ol", "dl", "dd":
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

// place is where a cell stands: all three count from 1.
type place struct{ table, row, col int }

// placeCells numbers the cells of the tables of facts within the container.
// Tables that hold a table, one cell, or one column are there for the layout.
func (p *htmlPage) placeCells() {
	p.cells = map[*xhtml.Node]place{}
	for i, t := range cascadia.QueryAll(p.container, tableTag) {
		rows := tableRows(t)
		if t != p.container && !p.layout(t, rows) {
			p.placeRows(i+1, rows)
		}
	}
}

// tableRows are the cells of each row of t.
func tableRows(t *xhtml.Node) [][]*xhtml.Node {
	var rows [][]*xhtml.Node
	for _, tr := range cascadia.QueryAll(t, rowTag) {
		var cells []*xhtml.Node
		for c := tr.FirstChild; c != nil; c = c.NextSibling {
			if c.Type == xhtml.ElementNode && (c.Data == "td" || c.Data == "th") {
				cells = append(cells, c)
			}
		}
		rows = append(rows, cells)
	}
	return rows
}

func (p *htmlPage) layout(t *xhtml.Node, rows [][]*xhtml.Node) bool {
	for c := t.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == xhtml.ElementNode && cascadia.Query(c, tableTag) != nil {
			return true
		}
	}
	full, widest := 0, 0
	for _, row := range rows {
		widest = max(widest, len(row))
		for _, c := range row {
			if p.weight[c].all > 0 {
				full++
			}
		}
	}
	return full <= 1 || widest <= 1
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
			p.cells[cell] = place{table, r + 1, col}
			wide, high := span(cell, "colspan"), span(cell, "rowspan")
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
