package rules

import (
	"regexp"
	"regexp/syntax"
	"unicode/utf8"
)

// Pattern is a regular expression that is tried only where it can begin. The
// patterns of Chinese text are long lists of words; the engine of the standard
// library walks through all of them at every character, while a look at the
// first character rules nearly every place out. The results are those of the
// standard library.
type Pattern struct {
	re    *regexp.Regexp
	here  *regexp.Regexp // re at the start of a text; nil where re itself must be used
	first runeSet        // what a match can begin with
	reach int            // no match is longer, in bytes; 0: no bound is known
}

// NewPattern compiles expr as [regexp.Compile] does.
func NewPattern(expr string) (*Pattern, error) {
	re, err := regexp.Compile(expr)
	if err != nil {
		return nil, err
	}
	p := &Pattern{re: re}
	tree, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return nil, err
	}
	tree = tree.Simplify()
	empty, ok := firsts(tree, &p.first)
	if !ok || empty {
		return p, nil
	}
	p.reach, _ = reach(tree)
	p.here, err = regexp.Compile("^(?:" + expr + ")")
	return p, err
}

// String is the expression.
func (p *Pattern) String() string { return p.re.String() }

// SubexpNames and SubexpIndex are those of the expression.
func (p *Pattern) SubexpNames() []string { return p.re.SubexpNames() }

// SubexpIndex is the index of the group name, or -1.
func (p *Pattern) SubexpIndex(name string) int { return p.re.SubexpIndex(name) }

// CanBegin reports whether a match may begin with r. It may say yes wrongly.
func (p *Pattern) CanBegin(r rune) bool { return p.here == nil || p.first.has(r) }

// At is the match that begins at byte i of s, with its groups, or nil.
func (p *Pattern) At(s string, i int) []int {
	if p.here == nil {
		return nil
	}
	m := p.here.FindStringSubmatchIndex(p.window(s, i))
	for k := range m {
		if m[k] >= 0 {
			m[k] += i
		}
	}
	return m
}

func (p *Pattern) window(s string, i int) string {
	if p.reach > 0 && len(s)-i > p.reach {
		return s[i : i+p.reach]
	}
	return s[i:]
}

// next is the first byte from i on where a match may begin, or -1.
func (p *Pattern) next(s string, i int) int {
	for i < len(s) {
		r, w := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, w = utf8.DecodeRuneInString(s[i:])
		}
		if p.first.has(r) {
			return i
		}
		i += w
	}
	return -1
}

func step(s string, i int) int {
	_, w := utf8.DecodeRuneInString(s[i:])
	return i + w
}

// MatchString reports whether p matches anywhere in s.
func (p *Pattern) MatchString(s string) bool {
	if p.here == nil {
		return p.re.MatchString(s)
	}
	for i := p.next(s, 0); i >= 0; i = p.next(s, step(s, i)) {
		if p.here.MatchString(p.window(s, i)) {
			return true
		}
	}
	return false
}

// FindStringSubmatchIndex is the leftmost match in s with its groups, or nil.
func (p *Pattern) FindStringSubmatchIndex(s string) []int {
	if p.here == nil {
		return p.re.FindStringSubmatchIndex(s)
	}
	return p.from(s, 0)
}

func (p *Pattern) from(s string, at int) []int {
	for i := p.next(s, at); i >= 0; i = p.next(s, step(s, i)) {
		if m := p.At(s, i); m != nil {
			return m
		}
	}
	return nil
}

// FindStringIndex is the leftmost match in s, or nil.
func (p *Pattern) FindStringIndex(s string) []int {
	if m := p.FindStringSubmatchIndex(s); m != nil {
		return m[:2]
	}
	return nil
}

// FindStringSubmatch are the words of the leftmost match in s and of its groups.
func (p *Pattern) FindStringSubmatch(s string) []string {
	m := p.FindStringSubmatchIndex(s)
	if m == nil {
		return nil
	}
	out := make([]string, len(m)/2)
	for k := range out {
		if m[2*k] >= 0 {
			out[k] = s[m[2*k]:m[2*k+1]]
		}
	}
	return out
}

// FindAllStringSubmatchIndex are all matches in s that do not overlap, with
// their groups, from left to right; at most n of them unless n is negative.
func (p *Pattern) FindAllStringSubmatchIndex(s string, n int) [][]int {
	if p.here == nil {
		return p.re.FindAllStringSubmatchIndex(s, n)
	}
	var out [][]int
	for at := 0; n < 0 || len(out) < n; {
		m := p.from(s, at)
		if m == nil {
			break
		}
		out, at = append(out, m), m[1]
	}
	return out
}

// FindAllStringIndex is FindAllStringSubmatchIndex without the groups.
func (p *Pattern) FindAllStringIndex(s string, n int) [][]int {
	all := p.FindAllStringSubmatchIndex(s, n)
	for i := range all {
		all[i] = all[i][:2]
	}
	return all
}

// runeSet is a set of characters by their last ten bits: it may hold more than
// was put in, never less.
type runeSet [16]uint64

func (s *runeSet) add(r rune)      { s[r>>6&15] |= 1 << (r & 63) }
func (s *runeSet) has(r rune) bool { return s[r>>6&15]&(1<<(r&63)) != 0 }

// firsts puts what re can begin with into set. It reports whether re can match
// nothing, and false for ok where re can begin with too much, or looks at what
// stands before it.
func firsts(re *syntax.Regexp, set *runeSet) (empty, ok bool) {
	switch re.Op {
	case syntax.OpEmptyMatch, syntax.OpEndText:
		return true, true
	case syntax.OpLiteral:
		if re.Flags&syntax.FoldCase != 0 {
			return false, false
		}
		set.add(re.Rune[0])
		return false, true
	case syntax.OpCharClass:
		return false, addClass(re.Rune, set)
	case syntax.OpStar, syntax.OpQuest:
		_, ok = firsts(re.Sub[0], set)
		return true, ok
	case syntax.OpPlus, syntax.OpCapture:
		return firsts(re.Sub[0], set)
	case syntax.OpAlternate:
		ok = true
		for _, s := range re.Sub {
			e, o := firsts(s, set)
			empty, ok = empty || e, ok && o
		}
		return empty, ok && !looksBack(re)
	case syntax.OpConcat:
		for _, s := range re.Sub {
			e, o := firsts(s, set)
			if !o {
				return false, false
			}
			if !e {
				return false, !looksBack(re)
			}
		}
		return true, !looksBack(re)
	}
	return false, false
}

// classMost is the size of a class of characters above which a look at the
// first character is not worth it.
const classMost = 600

func addClass(ranges []rune, set *runeSet) bool {
	n := 0
	for i := 0; i < len(ranges); i += 2 {
		n += int(ranges[i+1]-ranges[i]) + 1
		if n > classMost {
			return false
		}
		for r := ranges[i]; r <= ranges[i+1]; r++ {
			set.add(r)
		}
	}
	return true
}

// looksBack reports whether re asks for the start of the text, of a line or of
// a word, which a text cut off at its left end answers wrongly.
func looksBack(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpBeginText, syntax.OpBeginLine, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return true
	}
	for _, s := range re.Sub {
		if looksBack(s) {
			return true
		}
	}
	return false
}

// reach is the length in bytes of the longest match of re, and false where
// there is no bound or the end of the text counts.
func reach(re *syntax.Regexp) (int, bool) {
	switch re.Op {
	case syntax.OpEmptyMatch:
		return 0, true
	case syntax.OpLiteral:
		return len(string(re.Rune)), true
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return utf8.UTFMax, true
	case syntax.OpQuest, syntax.OpCapture:
		return reach(re.Sub[0])
	case syntax.OpConcat, syntax.OpAlternate:
		sum, most := 0, 0
		for _, s := range re.Sub {
			n, ok := reach(s)
			if !ok {
				return 0, false
			}
			sum, most = sum+n, max(most, n)
		}
		if re.Op == syntax.OpAlternate {
			return most, true
		}
		return sum, true
	}
	return 0, false
}
