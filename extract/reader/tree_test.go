package reader

import (
	"strings"
	"testing"
)

// shape writes the elements of a tree with their text; text in a link in brackets.
func shape(t *tree, n *node) string {
	if n.name == "" {
		s := strings.TrimSpace(t.input[n.text.start:n.text.end])
		if n.link != nil {
			s = "[" + s + "]"
		}
		return s
	}
	var in []string
	for c := n.first; c != nil; c = c.next {
		if s := shape(t, c); s != "" {
			in = append(in, s)
		}
	}
	return n.name + "(" + strings.Join(in, " ") + ")"
}

func TestTree(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"paragraphs and items are not closed", "<p>甲<p>乙<ul><li>丙<li>丁</ul>", "body(p(甲) p(乙) ul(li(丙) li(丁)))"},
		{"a row and cells without ends", "<table><tr><td>甲<td>乙<tr><td>丙</table>丁", "body(table(tr(td(甲) td(乙)) tr(td(丙))) 丁)"},
		{"a cell without its row", "<table><td>甲</td></table>", "body(table(tr(td(甲))))"},
		{"cells without a table are no cells", "<td>甲</td>", "body(甲)"},
		{"a stray end does not leave the cell", "<table><tr><td>甲</div></p>乙</td></tr></table>", "body(table(tr(td(甲 乙))))"},
		{"a form between table and row", "<table><form><tr><td>甲</td></tr></form></table>", "body(table(tr(td(甲))))"},
		{"a link closed after a block began in it", "<a href=/>甲<div>乙</a>丙</div>", "body(a([甲] div([乙] 丙)))"},
		{"a link ends the one before", "<a>甲<a>乙</a>", "body(a([甲]) a([乙]))"},
		{"the text after two ends", "甲</body></html>乙", "body(甲 乙)"},
		{"comments of all kinds", "甲<!-- > --><!--><?x?></ x>乙<![if 1]>丙", "body(甲 乙 丙)"},
		{"a smaller-than sign", "a < b <3 丙", "body(a < b <3 丙)"},
		{"a script that writes scripts", `<body><script><!-- w("<script></script>") --></script>甲`, "body(甲)"},
		{"entities and markup in a title", "<title>甲<b>乙</title><p>丙", "head(title(甲<b>乙)) body(p(丙))"},
		{"a page cut within a tag", "甲<a href='x", "body(甲)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tree := parseTree(tt.in)
			got := strings.TrimSuffix(strings.TrimPrefix(shape(tree, tree.root), "#page(html("), "))")
			if got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

// What readers write below a story may be longer than the story.
func TestCommentsOfReaders(t *testing.T) {
	r := newReader(t)
	story := strings.Repeat("<p>"+sentence+"</p>", 4)
	said := strings.Repeat("<li>我认为这个办法很好，应当尽快在全市推行，希望有关部门抓紧落实，不要再拖延下去了。</li>", 9)
	in := `<div class="left"><h1>示例市推进脱钩</h1><div class="txt">` + story + `</div><div class="comment-list"><ul>` + said + `</ul></div></div>`
	if x := read(t, r, Input{Data: []byte(page(in))}); strings.Contains(show(x), "para 我认为") || !strings.Contains(show(x), "para "+sentence) {
		t.Errorf("%s", show(x))
	}
}
