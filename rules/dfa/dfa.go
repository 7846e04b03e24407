// Package dfa finds the matches of regular expressions at the same small cost a
// character, however many words an expression lists.
//
// The patterns of Chinese text are long lists of words. The engine of the
// standard library walks through all of them at every character; an automaton
// whose states are sets of places in the expression takes one step a character.
// The states are made when a text first needs them and kept for the next text,
// so that the many that never occur cost nothing. Two automata answer a search:
// one from left to right finds where the leftmost match ends, and one of the
// reversed expression runs back from there to where it begins. The matches are
// those of package regexp; groups within a match are left to it.
//
// A search that needs too many states gives up; the caller then asks package
// regexp.
package dfa

import (
	"regexp/syntax"
	"sync"
	"unicode/utf8"
)

// Machine is a compiled expression. It may be used by many goroutines at once.
type Machine struct {
	forward  *automaton
	anchored bool                       // it matches at the start of a text only
	back     func() (*automaton, error) // the same from right to left, made on first use
}

// New compiles expr, in the syntax of package regexp.
func New(expr string) (*Machine, error) {
	tree, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return nil, err
	}
	prog, err := syntax.Compile(tree.Simplify())
	if err != nil {
		return nil, err
	}
	m := &Machine{}
	m.anchored = prog.StartCond()&syntax.EmptyBeginText != 0
	m.forward = &automaton{prog: prog, begins: []uint32{uint32(prog.Start)}, alphabet: sync.OnceValue(func() *alphabet { return alphabetOf(prog) })}
	m.back = sync.OnceValues(func() (*automaton, error) {
		turned, err := syntax.Parse(expr, syntax.Perl)
		if err != nil {
			return nil, err
		}
		prog, err := syntax.Compile(reversed(turned.Simplify()))
		if err != nil {
			return nil, err
		}
		// Both read the same characters, so one alphabet serves both.
		return &automaton{prog: prog, begins: []uint32{uint32(prog.Start)}, longest: true, alphabet: m.forward.alphabet}, nil
	})
	return m, nil
}

// Match reports whether the expression matches anywhere in s. It is not ok where
// the search gave up.
func (m *Machine) Match(s string) (matched, ok bool) {
	end, ok := m.forward.run(s, 0, !m.anchored, true)
	return end >= 0, ok
}

// Find is the leftmost match in s that begins at byte from or later, or -1, -1.
// It is not ok where the search gave up.
func (m *Machine) Find(s string, from int) (start, end int, ok bool) {
	if m.anchored && from > 0 {
		return -1, -1, true
	}
	end, ok = m.forward.run(s, from, !m.anchored, false)
	if m.anchored && ok && end >= 0 {
		return 0, end, true
	}
	if !ok || end < 0 {
		return -1, -1, ok
	}
	back, err := m.back()
	if err != nil {
		return -1, -1, false
	}
	start, ok = back.runBack(s, from, end)
	return start, end, ok && start >= 0
}

// At is the end of the match that begins at byte i of s, or -1. It is not ok
// where the search gave up.
func (m *Machine) At(s string, i int) (end int, ok bool) {
	return m.forward.run(s, i, false, false)
}

// run reads s from byte i on and gives the end of the match, or -1. floating
// lets the match begin anywhere behind i; first stops at the first end seen.
//
// The look-up of the next state stands here and not in follow, which the compiler
// does not inline: this loop is most of the time of an extraction.
func (a *automaton) run(s string, i int, floating, first bool) (end int, ok bool) {
	end = -1
	m, st := a.begin(a.before(s, i), floating)
	abc := a.alphabet()
	states := *m.states.Load()
	for i < len(s) {
		var c uint16
		w := 1
		if b := s[i]; b < utf8.RuneSelf {
			c = abc.ascii[b]
		} else {
			c, w = abc.at(s, i)
		}
		var next *state
		if n := int(st.next[c].Load()); n != 0 && n <= len(states) {
			next = states[n-1]
		} else if next = a.follow(m, st, c); next == nil {
			return -1, false
		}
		if next.matched {
			if end = i; first {
				return end, true
			}
		}
		if next.dead {
			return end, true
		}
		st, i = next, i+w
	}
	return a.finish(m, st, abc.end, len(s), end)
}

// runBack reads s from byte end back to byte from, on the reversed expression,
// and gives the furthest byte where a match of s[:end] begins.
func (a *automaton) runBack(s string, from, end int) (start int, ok bool) {
	start = -1
	abc := a.alphabet()
	m, st := a.begin(a.behind(s, end), false)
	i := end
	for i > from {
		r, w := rune(s[i-1]), 1
		if r >= utf8.RuneSelf {
			r, w = utf8.DecodeLastRuneInString(s[:i])
		}
		c := abc.of(r)
		next := a.follow(m, st, c)
		if next == nil {
			return -1, false
		}
		if next.matched {
			start = i
		}
		if next.dead {
			return start, true
		}
		st, i = next, i-w
	}
	c := abc.end
	if i > 0 { // what stands before from only decides on ^ and \b
		r, _ := utf8.DecodeLastRuneInString(s[:i])
		c = abc.of(r)
	}
	return a.finish(m, st, c, i, start)
}

// finish asks whether a match ends in st, before a character of the class c.
func (a *automaton) finish(m *memory, st *state, c uint16, at, found int) (int, bool) {
	next := a.follow(m, st, c)
	if next == nil {
		return -1, false
	}
	if next.matched {
		found = at
	}
	return found, true
}

// before is what stands before byte i of s.
func (a *automaton) before(s string, i int) context {
	if i == 0 {
		return edge
	}
	r, _ := utf8.DecodeLastRuneInString(s[:i])
	return contextOf(r)
}

// behind is what stands at byte i of s.
func (a *automaton) behind(s string, i int) context {
	if i == len(s) {
		return edge
	}
	r, _ := utf8.DecodeRuneInString(s[i:])
	return contextOf(r)
}

// reversed turns re round in place: what matched a text matches its mirror image.
func reversed(re *syntax.Regexp) *syntax.Regexp {
	// A copy: "(?:ab){2}" holds its part twice, as one node.
	out := *re
	out.Sub = make([]*syntax.Regexp, len(re.Sub))
	for i, s := range re.Sub {
		out.Sub[i] = reversed(s)
	}
	switch re.Op {
	case syntax.OpConcat:
		turn(out.Sub)
	case syntax.OpLiteral:
		out.Rune = append([]rune(nil), re.Rune...)
		turn(out.Rune)
	case syntax.OpBeginLine:
		out.Op = syntax.OpEndLine
	case syntax.OpEndLine:
		out.Op = syntax.OpBeginLine
	case syntax.OpBeginText:
		out.Op = syntax.OpEndText
	case syntax.OpEndText:
		out.Op, out.Flags = syntax.OpBeginText, re.Flags&^syntax.WasDollar
	}
	return &out
}

func turn[T any](s []T) {
	for i, j := 0, len(s)-1; i < j; i, j = i+1, j-1 {
		s[i], s[j] = s[j], s[i]
	}
}
