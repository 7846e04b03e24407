package dfa

import (
	"fmt"
	"iter"
	"math/bits"
	"regexp/syntax"
	"sync"
	"unicode/utf8"
)

// Bits is a set of expressions by their numbers.
type Bits [4]uint64

// maxSet is the number of expressions that a set may hold.
const maxSet = 64 * len(Bits{})

func (b *Bits) add(i int) { b[i/64] |= 1 << (i % 64) }

// Drop takes i out of b.
func (b *Bits) Drop(i int) { b[i/64] &^= 1 << (i % 64) }

// Has reports whether i is in b.
func (b *Bits) Has(i int) bool { return b[i/64]&(1<<(i%64)) != 0 }

// Any reports whether b has a member.
func (b *Bits) Any() bool { return b[0]|b[1]|b[2]|b[3] != 0 }

// All are the members of b in order.
func (b *Bits) All() iter.Seq[int] {
	return func(yield func(int) bool) {
		for k, w := range b {
			for ; w != 0; w &= w - 1 {
				if !yield(64*k + bits.TrailingZeros64(w)) {
					return
				}
			}
		}
	}
}

func (b *Bits) join(c *Bits) {
	for k := range b {
		b[k] |= c[k]
	}
}

// Set tells in one reading which of many expressions match. It may be used by
// many goroutines at once.
type Set struct {
	a        *automaton
	all      Bits
	anchored bool // all match at the start of a text only
}

// NewSet compiles the expressions, at most 256.
func NewSet(exprs []string) (*Set, error) {
	if len(exprs) > maxSet {
		return nil, fmt.Errorf("dfa: %d expressions in a set, more than %d", len(exprs), maxSet)
	}
	s := &Set{anchored: true}
	whole := &syntax.Prog{}
	a := &automaton{prog: whole, ids: map[uint32]int{}, longest: true}
	for id, expr := range exprs {
		tree, err := syntax.Parse(expr, syntax.Perl)
		if err != nil {
			return nil, err
		}
		prog, err := syntax.Compile(tree.Simplify())
		if err != nil {
			return nil, err
		}
		s.anchored = s.anchored && prog.StartCond()&syntax.EmptyBeginText != 0
		by := uint32(len(whole.Inst))
		a.begins = append(a.begins, by+uint32(prog.Start))
		for pc, in := range prog.Inst {
			in.Out += by
			switch in.Op {
			case syntax.InstAlt, syntax.InstAltMatch:
				in.Arg += by
			case syntax.InstMatch:
				a.ids[by+uint32(pc)] = id
			}
			whole.Inst = append(whole.Inst, in)
		}
		s.all.add(id)
	}
	a.alphabet = sync.OnceValue(func() *alphabet { return alphabetOf(whole) })
	s.a = a
	return s, nil
}

// Match are the expressions that match anywhere in s. Where the search gave up,
// they are all, and some of them may not match.
func (t *Set) Match(s string) Bits { return t.run(s, 0, !t.anchored) }

// At are the expressions with a match that begins at byte i of s, of which some
// may not match where the search gave up.
func (t *Set) At(s string, i int) Bits { return t.run(s, i, false) }

func (t *Set) run(s string, i int, floating bool) Bits {
	var out Bits
	a := t.a
	abc := a.alphabet()
	m, st := a.begin(a.before(s, i), floating)
	states := *m.states.Load()
	for {
		c, w := abc.end, 1
		if i < len(s) {
			if b := s[i]; b < utf8.RuneSelf {
				c = abc.ascii[b]
			} else {
				c, w = abc.at(s, i)
			}
		}
		var next *state
		if n := int(st.next[c].Load()); n != 0 && n <= len(states) {
			next = states[n-1]
		} else if next = a.follow(m, st, c); next == nil {
			return t.all
		}
		if next.hits != nil {
			out.join(next.hits)
		}
		if next.dead || i >= len(s) {
			return out
		}
		st, i = next, i+w
	}
}
