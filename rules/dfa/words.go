package dfa

import (
	"fmt"
	"sync"
	"unicode/utf8"
)

// Words tells in one reading which of many lists of words have one that stands
// in a text (after Aho and Corasick). It may be used by many goroutines at once.
type Words struct {
	always Bits // lists without words: nothing is known of them
	trie   func() *trie
}

// NewWords takes the lists, at most 256.
func NewWords(lists [][]string) (*Words, error) {
	if len(lists) > maxSet {
		return nil, fmt.Errorf("dfa: %d lists of words, more than %d", len(lists), maxSet)
	}
	w := &Words{}
	for i, list := range lists {
		if len(list) == 0 {
			w.always.add(i)
		}
	}
	w.trie = sync.OnceValue(func() *trie { return newTrie(lists) })
	return w, nil
}

// In are the lists of which a word stands in s, and those without words.
func (w *Words) In(s string) Bits {
	t := w.trie()
	out := w.always
	n := uint32(0)
	for i := 0; i < len(s); {
		c, width := uint16(0), 1
		if b := s[i]; b < utf8.RuneSelf {
			c = t.ascii[b]
		} else {
			c, width = t.at(s, i)
		}
		n = t.next[int(n)*t.classes+int(c)]
		if h := t.hits[n]; h != nil {
			out.join(h)
		}
		i += width
	}
	return out
}

// trie is the words with, for each node and class of characters, the node that
// holds the longest end of what was read.
type trie struct {
	*alphabet
	next []uint32 // by node times classes plus class
	hits []*Bits  // by node: the lists that have a word which ends there
}

func newTrie(lists [][]string) *trie {
	var sets [][]rune
	known := map[rune]bool{}
	for _, list := range lists {
		for _, word := range list {
			for _, r := range word {
				if !known[r] {
					known[r] = true
					sets = append(sets, []rune{r, r})
				}
			}
		}
	}
	t := &trie{alphabet: newAlphabet(sets)}
	t.grow()
	for i, list := range lists {
		for _, word := range list {
			n := 0
			for _, r := range word {
				at := n*t.classes + int(t.of(r))
				if t.next[at] == 0 {
					t.next[at] = uint32(t.grow())
				}
				n = int(t.next[at])
			}
			if t.hits[n] == nil {
				t.hits[n] = &Bits{}
			}
			t.hits[n].add(i)
		}
	}
	t.link()
	return t
}

// grow adds a node.
func (t *trie) grow() int {
	t.next = append(t.next, make([]uint32, t.classes)...)
	t.hits = append(t.hits, nil)
	return len(t.hits) - 1
}

// link fills the gaps of each node from the node of its longest proper end, the
// shallow nodes first.
func (t *trie) link() {
	row := func(n uint32) []uint32 { return t.next[int(n)*t.classes : (int(n)+1)*t.classes] }
	ends := make([]uint32, len(t.hits))
	var queue []uint32
	for _, n := range row(0) {
		if n != 0 {
			queue = append(queue, n)
		}
	}
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		end := ends[n]
		if h := t.hits[end]; h != nil {
			if t.hits[n] == nil {
				t.hits[n] = &Bits{}
			}
			t.hits[n].join(h)
		}
		for c, to := range row(n) {
			if to == 0 {
				row(n)[c] = row(end)[c]
				continue
			}
			ends[to] = row(end)[c]
			queue = append(queue, to)
		}
	}
}
