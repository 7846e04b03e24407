package organs

// trie maps words to numbers and finds all words that start at one place of a
// text. Nodes are kept in one slice; a node's children are a short list, except at
// the root, where there are hundreds: nearly every character of a text asks there.
type trie struct {
	nodes []node
	root  [1 << 16]int32 // by character; those beyond are edges of the first node
}

type node struct {
	edges []edge
	value int32 // index+1 of the word that ends here; 0 for none
}

type edge struct {
	r  rune
	to int32
}

func newTrie() *trie {
	return &trie{nodes: make([]node, 1)}
}

func (t *trie) next(n int32, r rune) (int32, bool) {
	if n == 0 && r < 1<<16 {
		to := t.root[r]
		return to, to != 0
	}
	for _, e := range t.nodes[n].edges {
		if e.r == r {
			return e.to, true
		}
	}
	return 0, false
}

// add gives word the number value, which must not be negative.
func (t *trie) add(word string, value int) {
	n := int32(0)
	for _, r := range word {
		to, ok := t.next(n, r)
		if !ok {
			to = int32(len(t.nodes))
			t.nodes = append(t.nodes, node{})
			if n == 0 && r < 1<<16 {
				t.root[r] = to
			} else {
				t.nodes[n].edges = append(t.nodes[n].edges, edge{r, to})
			}
		}
		n = to
	}
	t.nodes[n].value = int32(value) + 1
}

// hit is a word that ends at byte end of the text searched.
type hit struct{ value, end int }

// at appends to buf the words that start at byte i of s, shortest first.
func (t *trie) at(s string, i int, buf []hit) []hit {
	n := int32(0)
	for j, r := range s[i:] {
		if j > 0 {
			if v := t.nodes[n].value; v != 0 {
				buf = append(buf, hit{int(v) - 1, i + j})
			}
		}
		to, ok := t.next(n, r)
		if !ok {
			return buf
		}
		n = to
	}
	if v := t.nodes[n].value; v != 0 && n != 0 {
		buf = append(buf, hit{int(v) - 1, len(s)})
	}
	return buf
}

// chars is a set of characters by their last sixteen bits: it may hold more than was
// put in, never less.
type chars [1 << 16 / 64]uint64

func (c *chars) add(r rune)      { c[uint16(r)/64] |= 1 << (r % 64) }
func (c *chars) has(r rune) bool { return c[uint16(r)/64]&(1<<(r%64)) != 0 }
