package query

import (
	"strings"
)

// Language is what a query may say beyond the built-in names. The zero value
// knows nothing more: names of organs and places stay as they were written.
type Language struct {
	// Simplify brings words into the characters of the index, traditional to
	// simplified; nil: as typed.
	Simplify func(string) string
	// Organs and Provisions give the ids that a name may mean, none where it is
	// unknown, and then what was perhaps meant. Nil: an id must be written.
	Organs, Provisions func(name string) (ids []string, like string)
	// Places gives the codes of the places of that name. Nil, or none: the index
	// is asked for the name.
	Places func(name string) []string
	// Synonyms gives the other words for a word; they are looked for too. A
	// phrase in quotation marks has none.
	Synonyms func(word string) []string
}

// Parsed is a query that was understood.
type Parsed struct {
	Node  Node
	Notes []Note
}

// Note is something about a query that its reader should know.
type Note struct {
	Pos  int      `json:"pos"` // code points before the word
	ID   string   `json:"id"`  // one of the constants
	Word string   `json:"word"`
	Also []string `json:"also"`
}

// The notes.
const (
	NoteSynonyms  = "synonyms"       // Also were looked for too
	NoteStar      = "star"           // a star after a word changes nothing: words are open at both ends
	NoteLowerCase = "lower_case"     // or, and, not were taken as words; Also is the operator
	NotePlaces    = "places"         // several places bear the name; Also are their codes
	NoteNoPlace   = "no_such_place"  // the gazetteer does not know the name
	NoteOrgans    = "organs"         // the name of an organ means the kinds in Also
	NoteProvision = "provision_name" // the name of a provision means the ids in Also
)

func (l Language) simple(s string) string {
	if l.Simplify == nil {
		return s
	}
	if t := l.Simplify(s); strings.TrimSpace(t) != "" {
		return t
	}
	return s
}

func (l Language) synonyms(word string) []string {
	if l.Synonyms == nil {
		return nil
	}
	return l.Synonyms(word)
}

// wordy reports fields whose values are words of documents, in which brackets
// may stand: number:(2018)50号.
func (f Field) wordy() bool { return f == Title || f == Number || f == Issuer || f == Source }

// value is the node of one filter; v stands at byte at.
func (p *parser) value(f Field, at int, v string, phrase bool) (Node, error) {
	v = p.lang.simple(v)
	switch f {
	case Title:
		if phrase {
			return Text{Value: v, Title: true}, nil
		}
		return p.text(at, v, true)
	case Year, Due, Date, Fetched:
		n, msg := interval(f, v)
		if !msg.none() {
			return nil, p.fail(at, "%s: %s", f, msg)
		}
		return n, nil
	case Organ, Lead:
		return p.known(f, at, v, "no organ is called %q", p.lang.Organs, NoteOrgans)
	case Provision:
		return p.known(f, at, v, "no provision is called %q", p.lang.Provisions, NoteProvision)
	case Place:
		return p.place(at, v), nil
	}
	if closed := Values(f); closed != nil {
		known, ok := names().value(f, strings.ToLower(v))
		if !ok {
			return nil, p.unknown(f, at, v, nearest(v, names().spellings(f)), say("%q is not one of %s", v, strings.Join(closed, ", ")))
		}
		v = known
	}
	if f == Missing {
		return Not{Filter{Has, v}}, nil
	}
	return Filter{f, v}, nil
}

// unknown is the error of a value, with the query in which like stands for it.
func (p *parser) unknown(f Field, at int, v, like string, msg words) error {
	fix := ""
	if like != "" && strings.HasPrefix(p.in[at:], v) {
		fix = p.in[:at] + like + p.in[at+len(v):]
	}
	return p.fixed(at, fix, "%s: %s", f, msg)
}

// known is a filter by the ids that look up gives for v; none says that there are none.
func (p *parser) known(f Field, at int, v, none string, lookUp func(string) ([]string, string), note string) (Node, error) {
	if lookUp == nil {
		return Filter{f, v}, nil
	}
	ids, like := lookUp(v)
	if len(ids) == 0 {
		return nil, p.unknown(f, at, v, like, say(none, v))
	}
	if len(ids) > 1 || ids[0] != v {
		p.note(at, note, v, ids)
	}
	return either(f, ids), nil
}

func (p *parser) place(at int, v string) Node {
	if p.lang.Places == nil || strings.IndexFunc(v, func(r rune) bool { return r < '0' || r > '9' }) < 0 {
		return Filter{Place, v}
	}
	switch codes := p.lang.Places(v); {
	case len(codes) == 0:
		p.note(at, NoteNoPlace, v, nil)
	case len(codes) == 1:
		return Filter{Place, codes[0]}
	default:
		p.note(at, NotePlaces, v, codes)
		return either(Place, codes)
	}
	return Filter{Place, v}
}

func either(f Field, values []string) Node {
	if len(values) == 1 {
		return Filter{f, values[0]}
	}
	var nodes []Node
	for _, v := range values {
		nodes = append(nodes, Filter{f, v})
	}
	return Or{nodes}
}

// nearest is the one of names that is most like s, or none where none is
// within a third of its length.
func nearest(s string, names []string) string {
	best, dist := "", len([]rune(s))/3+2
	for _, n := range names {
		if d := distance([]rune(strings.ToLower(s)), []rune(n)); d < dist && d < len([]rune(n)) {
			best, dist = n, d
		}
	}
	return best
}

// Nearest is the one of names that is most like s, for suggestions; empty where
// none is near.
func Nearest(s string, names []string) string { return nearest(s, names) }

// distance is how many characters must be put in, left out, changed or swapped
// with their neighbour to make b of a.
func distance(a, b []rune) int {
	before, row := []int(nil), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		next := make([]int, len(b)+1)
		next[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			next[j+1] = min(row[j+1]+1, next[j]+1, row[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, row = row, next
	}
	return row[len(b)]
}
