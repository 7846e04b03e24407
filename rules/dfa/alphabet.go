package dfa

import (
	"encoding/binary"
	"regexp/syntax"
	"slices"
	"sort"
	"unicode"
	"unicode/utf8"
)

// alphabet sorts characters into classes: those of a class are alike to every
// part of an expression.
type alphabet struct {
	classes  int
	end      uint16 // the class of the end of the text
	sample   []rune // a character of each class; -1 for the end
	lines    bool   // the expression asks for the start or end of a line
	words    bool   // it asks for the edge of a word
	ascii    [utf8.RuneSelf]uint16
	page     [pages]uint16 // of the first 65,536 characters, by their upper ten bits, a row of rows
	rows     [][pageSize]uint16
	cuts     []rune // where the intervals begin; for characters beyond the pages
	interval []uint16
}

const (
	pageSize = 64
	pages    = 1 << 16 / pageSize
)

// seen is the context as far as the expression asks for it, so that states which
// differ in nothing that counts are one.
func (a *alphabet) seen(c context) context {
	if c == newline && !a.lines || c == word && !a.words {
		return other
	}
	return c
}

// at is the class of the character at byte i of s, which is not ASCII, and its
// length in bytes.
func (a *alphabet) at(s string, i int) (class uint16, width int) {
	b := s[i]
	if b > 0xE0 && b < 0xED && i+2 < len(s) { // three bytes, as nearly all of Chinese
		if x, y := s[i+1], s[i+2]; x&0xC0 == 0x80 && y&0xC0 == 0x80 {
			return a.rows[a.page[int(b&0x0F)<<6|int(x&0x3F)]][y&0x3F], 3
		}
	}
	r, w := utf8.DecodeRuneInString(s[i:])
	return a.of(r), w
}

// of is the class of r.
func (a *alphabet) of(r rune) uint16 {
	switch {
	case r < utf8.RuneSelf:
		return a.ascii[r]
	case r < 1<<16:
		return a.rows[a.page[r/pageSize]][r%pageSize]
	}
	return a.interval[sort.Search(len(a.cuts), func(i int) bool { return a.cuts[i] > r })-1]
}

// alphabetOf makes the classes of the characters that prog tells apart.
func alphabetOf(prog *syntax.Prog) *alphabet {
	asks := &alphabet{}
	a := newAlphabet(asks.sets(prog))
	a.lines, a.words = asks.lines, asks.words
	return a
}

// newAlphabet makes the classes of characters that lie in the same of the sets,
// each a list of first and last characters.
func newAlphabet(sets [][]rune) *alphabet {
	a := &alphabet{}
	cuts := []rune{0}
	for _, set := range sets {
		for i := 0; i < len(set); i += 2 {
			cuts = append(cuts, set[i], set[i+1]+1)
		}
	}
	slices.Sort(cuts)
	a.cuts = slices.Compact(cuts)
	a.sortOut(sets)
	a.fill()
	return a
}

// sets lists the sets of characters that prog asks for, each once.
func (a *alphabet) sets(prog *syntax.Prog) [][]rune {
	var out [][]rune
	known := map[string]bool{}
	add := func(set []rune) {
		if len(set)%2 == 1 {
			set = append(slices.Clone(set), set[len(set)-1])
		}
		if k := string(set); !known[k] {
			known[k] = true
			out = append(out, set)
		}
	}
	for i := range prog.Inst {
		in := &prog.Inst[i]
		switch in.Op {
		case syntax.InstRune1, syntax.InstRune:
			if len(in.Rune) != 1 {
				add(in.Rune)
				continue
			}
			add(in.Rune)
			if syntax.Flags(in.Arg)&syntax.FoldCase != 0 {
				for r := unicode.SimpleFold(in.Rune[0]); r != in.Rune[0]; r = unicode.SimpleFold(r) {
					add([]rune{r})
				}
			}
		case syntax.InstRuneAnyNotNL:
			add([]rune{'\n'})
		case syntax.InstEmptyWidth:
			op := syntax.EmptyOp(in.Arg)
			a.lines = a.lines || op&(syntax.EmptyBeginLine|syntax.EmptyEndLine) != 0
			a.words = a.words || op&(syntax.EmptyWordBoundary|syntax.EmptyNoWordBoundary) != 0
		}
	}
	if a.lines {
		add([]rune{'\n'})
	}
	if a.words {
		add([]rune{'0', '9', 'A', 'Z', '_', '_', 'a', 'z'})
	}
	return out
}

// sortOut gives each interval between two cuts its class: intervals that lie in
// the same sets have the same.
func (a *alphabet) sortOut(sets [][]rune) {
	of := make([][]byte, len(a.cuts))
	for k, set := range sets {
		for i := 0; i < len(set); i += 2 {
			at, _ := slices.BinarySearch(a.cuts, set[i])
			for ; at < len(a.cuts) && a.cuts[at] <= set[i+1]; at++ {
				of[at] = binary.LittleEndian.AppendUint32(of[at], uint32(k))
			}
		}
	}
	class := map[string]uint16{}
	a.interval = make([]uint16, len(a.cuts))
	for i, k := range of {
		c, ok := class[string(k)]
		if !ok {
			c = uint16(len(class))
			class[string(k)] = c
			a.sample = append(a.sample, a.cuts[i])
		}
		a.interval[i] = c
	}
	a.end = uint16(len(class))
	a.sample = append(a.sample, -1)
	a.classes = len(class) + 1
}

// fill writes the classes of the first 65,536 characters into rows; equal rows
// are kept once.
func (a *alphabet) fill() {
	known := map[[pageSize]uint16]uint16{}
	at := 0
	for p := range a.page {
		var row [pageSize]uint16
		for i := range row {
			for at+1 < len(a.cuts) && a.cuts[at+1] <= rune(p*pageSize+i) {
				at++
			}
			row[i] = a.interval[at]
		}
		k, ok := known[row]
		if !ok {
			k = uint16(len(a.rows))
			known[row] = k
			a.rows = append(a.rows, row)
		}
		a.page[p] = k
	}
	for i := range a.ascii {
		a.ascii[i] = a.rows[a.page[i/pageSize]][i%pageSize]
	}
}
