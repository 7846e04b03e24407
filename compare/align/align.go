// Package align sets the sentences of two texts side by side and finds, among
// many texts, those that share wording.
//
// Algorithm: a text is cut into sentences ([Split]), each reduced to the
// characters that carry its wording ([Normal]). [Index] counts the shingles
// (runs of three characters) that texts share, through an inverted index and
// bit sets: the counts are exact, nothing is sampled. [Align] pairs sentences
// free of order: candidates share runs of two characters; of these the best
// come first, sentences of the same clause before others; only inside a pair
// are characters compared, by their longest common subsequence. A sentence may
// be paired with several, each covering another part of it, so that split and
// merged sentences are found.
//
// Everything is pure and gives the same result for the same input.
package align

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tuogou/corpus"
)

// Unit is a sentence of a text.
type Unit struct {
	Span   corpus.Span // bytes of the body
	Clause corpus.ClauseType
	norm   []rune
}

// Chars is how many characters of the unit count, see [Normal].
func (u *Unit) Chars() int { return len(u.norm) }

// Normal is what is compared of a text: letters and figures in narrow form,
// without marks and blanks, without the words of drop (names of the place), and
// without the four signs of levels (省市区县), so that a district's 区民政局 copies
// a city's 市民政局.
func Normal(text string, drop []string) []rune {
	for _, w := range drop {
		if w != "" {
			text = strings.ReplaceAll(text, w, "")
		}
	}
	out := make([]rune, 0, utf8.RuneCountInString(text))
	for _, c := range text {
		if c >= 0xff01 && c <= 0xff5e {
			c -= 0xfee0
		}
		if strings.ContainsRune("省市区县", c) || !unicode.IsLetter(c) && !unicode.IsDigit(c) {
			continue
		}
		out = append(out, unicode.ToLower(c))
	}
	return out
}

// Split cuts the part s of body into sentences. They end at 。！？；and line ends.
// clause tells the clause at a byte offset and may be nil; drop is as for
// [Normal]. What holds no character that counts is left out.
func Split(body string, s corpus.Span, clause func(int) corpus.ClauseType, drop []string) []Unit {
	var out []Unit
	add := func(start, end int) {
		text := body[start:end]
		start += len(text) - len(strings.TrimLeftFunc(text, unicode.IsSpace))
		end -= len(text) - len(strings.TrimRightFunc(text, unicode.IsSpace))
		if start >= end {
			return
		}
		u := Unit{Span: corpus.Span{Start: start, End: end}, norm: Normal(body[start:end], drop)}
		if clause != nil {
			u.Clause = clause(start)
		}
		if len(u.norm) > 0 {
			out = append(out, u)
		}
	}
	from := s.Start
	for i, c := range body[s.Start:s.End] {
		if strings.ContainsRune("。！？；;\n", c) {
			end := s.Start + i + utf8.RuneLen(c)
			add(from, end)
			from = end
		}
	}
	add(from, s.End)
	return out
}

// Match is a pair of sentences, by their place in the two lists.
type Match struct {
	A, B int
	// Chars is how many characters of A this pair covers that no better pair did.
	Chars int
	// Equal says that the two are the same but for what [Normal] leaves out.
	Equal bool
	// Moved says that another clause holds it, or that it stands before what it
	// followed.
	Moved bool
}

// Result is an alignment of a text A with a text B.
type Result struct {
	Matches []Match // in the order of A, then of B
	// CoverA and CoverB are, for each sentence, how many of its characters stand
	// in a paired sentence of the other text, in the same order within it.
	CoverA, CoverB []int
}

// leastShare is the share of the shorter sentence that a pair must cover. Two
// sentences on one matter in other words share less; the changes between them
// would be noise.
const leastShare = 0.5

// Align pairs the sentences of a and b.
func Align(a, b []Unit) *Result {
	r := &Result{Matches: []Match{}, CoverA: make([]int, len(a)), CoverB: make([]int, len(b))}
	takenA, takenB := masks(a), masks(b)
	for _, c := range Candidates(a, b) {
		x, y := &a[c.A], &b[c.B]
		short := min(len(x.norm), len(y.norm))
		need := max(min(4, short), int(leastShare*float64(short)))
		if min(len(x.norm)-r.CoverA[c.A], len(y.norm)-r.CoverB[c.B]) < need {
			continue
		}
		blocks := common(x.norm, y.norm)
		n := fresh(blocks, takenA[c.A], takenB[c.B])
		if n < need {
			continue
		}
		take(blocks, takenA[c.A], takenB[c.B])
		r.CoverA[c.A], r.CoverB[c.B] = count(takenA[c.A]), count(takenB[c.B])
		r.Matches = append(r.Matches, Match{A: c.A, B: c.B, Chars: n, Equal: slices.Equal(x.norm, y.norm)})
	}
	slices.SortFunc(r.Matches, func(p, q Match) int { return cmp.Or(p.A-q.A, p.B-q.B) })
	markMoved(r.Matches, a, b)
	return r
}

func masks(units []Unit) [][]bool {
	out := make([][]bool, len(units))
	for i := range units {
		out[i] = make([]bool, len(units[i].norm))
	}
	return out
}

func fresh(blocks []block, a, b []bool) int {
	n := 0
	for _, k := range blocks {
		for i := range k.n {
			if !a[k.a+i] && !b[k.b+i] {
				n++
			}
		}
	}
	return n
}

func take(blocks []block, a, b []bool) {
	for _, k := range blocks {
		for i := range k.n {
			a[k.a+i], b[k.b+i] = true, true
		}
	}
}

func count(mask []bool) int {
	n := 0
	for _, on := range mask {
		if on {
			n++
		}
	}
	return n
}

// markMoved marks what is not on the longest run of matches in one order.
func markMoved(ms []Match, a, b []Unit) {
	best, from := make([]int, len(ms)), make([]int, len(ms))
	top := -1
	for i := range ms {
		best[i], from[i] = ms[i].Chars, -1
		for j := range i {
			if ms[j].B <= ms[i].B && best[j]+ms[i].Chars > best[i] {
				best[i], from[i] = best[j]+ms[i].Chars, j
			}
		}
		if top < 0 || best[i] > best[top] {
			top = i
		}
	}
	kept := make([]bool, len(ms))
	for i := top; i >= 0; i = from[i] {
		kept[i] = true
	}
	for i := range ms {
		x, y := a[ms[i].A].Clause, b[ms[i].B].Clause
		ms[i].Moved = !kept[i] || x != y && x != "" && y != ""
	}
}

// Candidate is a pair of sentences that share wording.
type Candidate struct {
	A, B  int
	Score float64 // share of the shorter one's runs of two characters
}

// leastScore is the share of runs of two characters below which no pair of
// sentences reaches leastShare: half of the characters in blocks of two or more.
const leastScore = 0.25

// Candidates are the pairs of sentences that may match, best first.
func Candidates(a, b []Unit) []Candidate {
	post := map[[2]rune][]int{}
	sizes := make([]int, len(b))
	for j := range b {
		set := pairsOf(b[j].norm)
		sizes[j] = len(set)
		for _, p := range set {
			post[p] = append(post[p], j)
		}
	}
	var out []Candidate
	shared := make([]int, len(b))
	for i := range a {
		clear(shared)
		set := pairsOf(a[i].norm)
		for _, p := range set {
			for _, j := range post[p] {
				shared[j]++
			}
		}
		for j, n := range shared {
			short := min(len(set), sizes[j])
			if n == 0 || float64(n) < leastScore*float64(short) {
				continue
			}
			out = append(out, Candidate{A: i, B: j, Score: float64(n) / float64(short)})
		}
	}
	slices.SortFunc(out, func(p, q Candidate) int { return order(a, b, p, q) })
	return out
}

// order puts equal sentences first, then those of the same clause, then those
// that share more, then those that stand near the same place.
func order(a, b []Unit, p, q Candidate) int {
	value := func(c Candidate) float64 {
		long := float64(max(len(a[c.A].norm), len(b[c.B].norm)))
		v := c.Score * (1 + float64(min(len(a[c.A].norm), len(b[c.B].norm)))/long)
		if a[c.A].Clause == b[c.B].Clause {
			v += 0.2
		}
		return v
	}
	away := func(c Candidate) int { return max(c.A*len(b)-c.B*len(a), c.B*len(a)-c.A*len(b)) }
	return cmp.Or(cmp.Compare(value(q), value(p)), cmp.Compare(away(p), away(q)), p.A-q.A, p.B-q.B)
}

// A run of two characters tells what its sentence is about where at most rareIn
// sentences of its text have it, and not more than one in rareOf.
const rareIn, rareOf = 2, 8

// Rare are the runs of two characters of the i-th unit that few units have.
func Rare(units []Unit, i int) map[[2]rune]bool {
	out := map[[2]rune]bool{}
	for _, p := range pairsOf(units[i].norm) {
		n := 0
		for k := range units {
			if units[k].has(p) {
				n++
			}
		}
		if n <= rareIn && n*rareOf <= len(units) {
			out[p] = true
		}
	}
	return out
}

func (u *Unit) has(p [2]rune) bool {
	for i := 1; i < len(u.norm); i++ {
		if u.norm[i-1] == p[0] && u.norm[i] == p[1] {
			return true
		}
	}
	return false
}

// SharesTwo reports whether u has two of the runs.
func SharesTwo(u *Unit, rare map[[2]rune]bool) bool {
	n := 0
	for _, p := range pairsOf(u.norm) {
		if rare[p] {
			n++
		}
	}
	return n >= 2
}

// Share is the share of a's runs of two characters that b has; 0 where a has none.
func Share(a, b []rune) float64 {
	mine, other := pairsOf(a), pairsOf(b)
	n := 0
	for _, p := range mine {
		if slices.Contains(other, p) {
			n++
		}
	}
	return float64(n) / float64(max(len(mine), 1))
}

// Parts cuts a sentence at its commas.
func Parts(body string, s corpus.Span) []corpus.Span {
	var out []corpus.Span
	from := s.Start
	for i, c := range body[s.Start:s.End] {
		if strings.ContainsRune("，,；;", c) {
			end := s.Start + i + utf8.RuneLen(c)
			out = append(out, corpus.Span{Start: from, End: end})
			from = end
		}
	}
	return append(out, corpus.Span{Start: from, End: s.End})
}

func pairsOf(s []rune) [][2]rune {
	if len(s) == 1 {
		return [][2]rune{{s[0], 0}}
	}
	out := make([][2]rune, 0, len(s))
	for i := 1; i < len(s); i++ {
		out = append(out, [2]rune{s[i-1], s[i]})
	}
	slices.SortFunc(out, func(p, q [2]rune) int { return cmp.Or(cmp.Compare(p[0], q[0]), cmp.Compare(p[1], q[1])) })
	return slices.Compact(out)
}
