package rules

import (
	"regexp/syntax"
	"unicode/utf8"
)

// needs is a set of words of which one must stand in a text for a pattern to
// match it, or empty where there is no such set. A search for them costs a
// fraction of the pattern, and most sentences hold none.
func needs(pattern string) []string {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil // the compiler of patterns reports it
	}
	return needed(re.Simplify())
}

// needed takes the best of a concatenation and the union of an alternation.
func needed(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		if re.Flags&syntax.FoldCase != 0 {
			return nil
		}
		return []string{string(re.Rune)}
	case syntax.OpCapture, syntax.OpPlus:
		return needed(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return needed(re.Sub[0])
		}
	case syntax.OpConcat:
		var best []string
		for _, s := range re.Sub {
			if words := needed(s); rarer(words, best) {
				best = words
			}
		}
		return best
	case syntax.OpAlternate:
		var all []string
		for _, s := range re.Sub {
			words := needed(s)
			if len(words) == 0 {
				return nil
			}
			all = append(all, words...)
		}
		return all
	}
	return nil
}

// rarer reports whether a is likelier to be missing from a text than b: by its
// shortest word, then by how few words it has.
func rarer(a, b []string) bool {
	if len(a) == 0 || len(b) == 0 {
		return len(a) > 0
	}
	if x, y := shortest(a), shortest(b); x != y {
		return x > y
	}
	return len(a) < len(b)
}

func shortest(words []string) int {
	n := 1 << 30
	for _, w := range words {
		n = min(n, utf8.RuneCountInString(w))
	}
	return n
}
