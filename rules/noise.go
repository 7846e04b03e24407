package rules

import (
	"strings"
	"unicode/utf8"
)

// Noise is the knowledge about damaged characters, from noise.toml. It is not
// changed after loading and may be used by several goroutines.
type Noise struct {
	Traditional map[rune]bool // characters that only traditional script uses
	Variants    []Swap        // made after a text was simplified
	Taiwan      []Swap        // made where TaiwanAfter different signs stand in a traditional text
	TaiwanSigns []string
	TaiwanAfter int

	Pinyin, Toned *Pattern
	Neutral       map[string]bool // readings without a mark …
	NeutralAfter  int             // … taken away in a text with so many marked ones

	Repairs []Repair // in the order in which they are made

	Item *Pattern // begins a line that is no rest of the one before it
	// Heading is a line that has no rest, in the script of the source.
	Heading *Pattern
	// Date finds a date over a line end: ⏎ stands for it, /// for later ones.
	Date *Pattern
	// Glued finds two paragraphs that only blanks part: ¶ stands for these.
	Glued *Pattern

	Mojibake      []string // words that only wrong decoding makes
	MojibakeChars []rune   // characters that say so where MojibakeAfter of them stand in a line
	MojibakeAfter int

	Spun       []Swap // From is the swapped word, To what stood there
	SpunWords  int    // so many different ones make a text spun, …
	SpunPer    int    // … and one for so many characters
	Truncation Truncation
}

// Swap is a word and what it stands for.
type Swap struct{ From, To string }

// Truncation tells a text that stops in the middle from one that ends.
type Truncation struct {
	Cut    *Pattern // words of a preview
	Open   *Pattern // the end of a line that goes on
	Close  *Pattern // a line that ends a text without a full stop
	Phases *Pattern // how many phases a plan announces
}

// Edit replaces the bytes from Start to End of a line, one character, by To;
// "" takes it away.
type Edit struct {
	Start, End int
	To         string
}

// Repair is one kind of damage and how to repair it.
type Repair struct {
	ID          string // kind of noise that it counts as
	First, Then string // characters that call for it, see noise.toml
	Letters     bool   // two of First with one character between them do
	what        string // map, join or once; empty for broken words
	pattern     *Pattern
	group       int
	unless      *Pattern // nil for none
	mapped      map[rune]string
	keep        []rune
	splits      map[[2]rune][]Swap // of broken words: what stands before and after the blank
}

// Edits is what has to be changed in the line s, in order.
func (r *Repair) Edits(s string) []Edit {
	if r.splits != nil {
		return r.broken(s)
	}
	var out []Edit
	for at := 0; at < len(s); {
		m := r.pattern.FindStringSubmatchIndex(s[at:])
		if m == nil {
			break
		}
		from, to := at+m[2*r.group], at+m[2*r.group+1]
		if at > 0 && from == at || from == to {
			// The search goes on with the last character of the match before, as
			// what stands left of the next one; it begins no match itself.
			_, n := utf8.DecodeRuneInString(s[at:])
			at += n
			continue
		}
		out = r.edit(out, s, from, to)
		_, n := utf8.DecodeLastRuneInString(s[from:to])
		at = to - n
	}
	return out
}

// edit appends the edits within s[from:to], what group x holds.
func (r *Repair) edit(out []Edit, s string, from, to int) []Edit {
	x := s[from:to]
	switch r.what {
	case "map":
		for i, c := range x {
			if t, ok := r.mapped[c]; ok {
				out = append(out, Edit{from + i, from + i + utf8.RuneLen(c), t})
			}
		}
	case "join":
		if r.unless != nil && r.unless.MatchString(strings.ReplaceAll(x, " ", "")) {
			break
		}
		for i := range len(x) {
			if x[i] == ' ' {
				out = append(out, Edit{from + i, from + i + 1, ""})
			}
		}
	case "once":
		kept := r.kept(x)
		for i, c := range x {
			if i != kept {
				out = append(out, Edit{from + i, from + i + utf8.RuneLen(c), ""})
			}
		}
	}
	return out
}

// kept is the offset of the character of x that stays.
func (r *Repair) kept(x string) int {
	for _, c := range r.keep {
		if i := strings.IndexRune(x, c); i >= 0 {
			return i
		}
	}
	return 0
}

// broken takes out the blanks that stand within a known word.
func (r *Repair) broken(s string) []Edit {
	var out []Edit
	for i := 1; i+1 < len(s); i++ {
		if s[i] != ' ' {
			continue
		}
		left, _ := utf8.DecodeLastRuneInString(s[:i])
		right, _ := utf8.DecodeRuneInString(s[i+1:])
		for _, w := range r.splits[[2]rune{left, right}] {
			if strings.HasSuffix(s[:i], w.From) && strings.HasPrefix(s[i+1:], w.To) {
				out = append(out, Edit{i, i + 1, ""})
				break
			}
		}
	}
	return out
}

// Apply makes the edits of r in s.
func (r *Repair) Apply(s string) string {
	var out strings.Builder
	at := 0
	for _, e := range r.Edits(s) {
		out.WriteString(s[at:e.Start] + e.To)
		at = e.End
	}
	return out.String() + s[at:]
}

// Reading reports whether the words inside a pair of brackets are the reading
// of the character before them. neutral also takes syllables without a mark.
func (n *Noise) Reading(s string, neutral bool) bool {
	if neutral && n.Neutral[strings.TrimSpace(s)] {
		return true
	}
	return n.Toned.MatchString(s) && n.Pinyin.MatchString(s)
}

// IsSpun reports whether a text of so many characters, with so many hits of so
// many different swapped words, was rewritten by a machine.
func (n *Noise) IsSpun(chars, hits, different int) bool {
	return different >= n.SpunWords && hits*n.SpunPer >= chars
}
