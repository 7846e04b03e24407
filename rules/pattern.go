package rules

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"sync"
	"unicode/utf8"

	"tuogou/rules/dfa"
)

// Pattern is a regular expression for the long lists of words that Chinese text
// is read by. Where it matches is found by an automaton, at the same cost a
// character whatever the expression; only the groups of a match are left to the
// standard library. The results are those of the standard library.
type Pattern struct {
	expr    string
	names   []string              // of the groups, as SubexpNames
	machine func() *dfa.Machine   // made on first use, as are re and here: many patterns never run
	re      func() *regexp.Regexp // the expression itself
	here    func() *regexp.Regexp // the same at the start of a text
	back    bool                  // a match depends on what stands before it
	ahead   bool                  // or on what stands behind it
	begins  bool                  // first is known
	first   runeSet               // what a match can begin with
}

// NewPattern compiles expr as [regexp.Compile] does.
func NewPattern(expr string) (*Pattern, error) {
	tree, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return nil, err
	}
	p := &Pattern{expr: expr, names: tree.CapNames()}
	p.machine = sync.OnceValue(func() *dfa.Machine {
		m, err := dfa.New(expr)
		if err != nil { // it parsed above, and nothing else can fail
			panic(err)
		}
		return m
	})
	p.re = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
	p.here = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile("^(?:" + expr + ")") })
	tree = tree.Simplify()
	p.back, p.ahead = looksBack(tree), looksAhead(tree)
	empty, ok := firsts(tree, &p.first)
	p.begins = ok && !empty && !p.back
	return p, nil
}

// String is the expression.
func (p *Pattern) String() string { return p.expr }

// SubexpNames and SubexpIndex are those of the expression.
func (p *Pattern) SubexpNames() []string { return p.names }

// SubexpIndex is the index of the group name, or -1.
func (p *Pattern) SubexpIndex(name string) int {
	for i, s := range p.names {
		if s == name && s != "" {
			return i
		}
	}
	return -1
}

// At is the match that begins at byte i of s, with its groups, or nil. The
// expression must not look at what stands before it.
func (p *Pattern) At(s string, i int) []int {
	end, ok := p.machine().At(s, i)
	switch {
	case !ok:
		return moved(p.here().FindStringSubmatchIndex(s[i:]), i)
	case end < 0:
		return nil
	}
	return p.groups(s, i, end)
}

// groups are the match of s from start to end and its groups. They are found in
// the match alone, unless what stands around it counts.
func (p *Pattern) groups(s string, start, end int) []int {
	switch {
	case len(p.names) == 1:
		return []int{start, end}
	case p.back && start > 0:
		return nil
	case p.ahead || p.back:
		return moved(p.here().FindStringSubmatchIndex(s[start:]), start)
	}
	return moved(p.here().FindStringSubmatchIndex(s[start:end]), start)
}

// moved moves the bounds of a match and its groups by n bytes.
func moved(m []int, n int) []int {
	for k := range m {
		if m[k] >= 0 {
			m[k] += n
		}
	}
	return m
}

// MatchString reports whether p matches anywhere in s.
func (p *Pattern) MatchString(s string) bool {
	matched, ok := p.machine().Match(s)
	if !ok {
		return p.re().MatchString(s)
	}
	return matched
}

// FindStringIndex is the leftmost match in s, or nil.
func (p *Pattern) FindStringIndex(s string) []int {
	start, end, ok := p.machine().Find(s, 0)
	switch {
	case !ok:
		return p.re().FindStringIndex(s)
	case start < 0:
		return nil
	}
	return []int{start, end}
}

// FindString is the leftmost match in s, or "".
func (p *Pattern) FindString(s string) string {
	if m := p.FindStringIndex(s); m != nil {
		return s[m[0]:m[1]]
	}
	return ""
}

// FindStringSubmatchIndex is the leftmost match in s with its groups, or nil.
func (p *Pattern) FindStringSubmatchIndex(s string) []int {
	m := p.FindStringIndex(s)
	if m == nil {
		return nil
	}
	if g := p.groups(s, m[0], m[1]); g != nil {
		return g
	}
	return p.re().FindStringSubmatchIndex(s)
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

// FindAllStringIndex are all matches in s that do not overlap, from left to
// right; at most n of them unless n is negative.
func (p *Pattern) FindAllStringIndex(s string, n int) [][]int {
	var out [][]int
	for at, last := 0, -1; at <= len(s) && (n < 0 || len(out) < n); {
		start, end, ok := p.machine().Find(s, at)
		if !ok {
			return p.re().FindAllStringIndex(s, n)
		}
		if start < 0 {
			break
		}
		// An empty match right behind another is none, as in package regexp.
		if start < end || start != last {
			out = append(out, []int{start, end})
		}
		if last = end; end > at {
			at = end
			continue
		}
		_, w := utf8.DecodeRuneInString(s[at:])
		at += max(w, 1)
	}
	return out
}

// FindAllStringSubmatchIndex is FindAllStringIndex with the groups.
func (p *Pattern) FindAllStringSubmatchIndex(s string, n int) [][]int {
	all := p.FindAllStringIndex(s, n)
	for i, m := range all {
		if all[i] = p.groups(s, m[0], m[1]); all[i] == nil {
			return p.re().FindAllStringSubmatchIndex(s, n)
		}
	}
	return all
}

// Split cuts s at all matches, at most n pieces unless n is negative, as
// [regexp.Regexp.Split] does.
func (p *Pattern) Split(s string, n int) []string { return p.re().Split(s, n) }

// setOf is the patterns as one set, asked together.
func setOf(ps []*Pattern) (*dfa.Set, error) {
	exprs := make([]string, len(ps))
	for i, p := range ps {
		exprs[i] = p.expr
	}
	return dfa.NewSet(exprs)
}

// each is one pattern of each rule.
func each[T any](rules []T, pattern func(*T) *Pattern) []*Pattern {
	out := make([]*Pattern, len(rules))
	for i := range rules {
		out[i] = pattern(&rules[i])
	}
	return out
}

// runeSet is a set of characters by their last ten bits: it may hold more than
// was put in, never less.
type runeSet [16]uint64

func (s *runeSet) add(r rune) { s[r>>6&15] |= 1 << (r & 63) }
func (s *runeSet) join(t *runeSet) {
	for i := range s {
		s[i] |= t[i]
	}
}
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

// looksAhead reports whether re asks for the end of the text, of a line or of a
// word.
func looksAhead(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpEndText, syntax.OpEndLine, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return true
	}
	return slices.ContainsFunc(re.Sub, looksAhead)
}
