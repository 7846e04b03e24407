package index

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"tuogou/index/query"
)

// Ask is a query made ready for an engine of another package. The engine finds,
// sorts and counts documents; what a unit is, what a score is made of and what is
// shown of a hit is decided here, for all engines alike.
type Ask struct{ s *search }

// NewAsk reads q. An error in its text is a [*query.Error].
func NewAsk(q Query, o Options) (*Ask, error) {
	p, err := o.Language.Parse(q.Text)
	if err != nil {
		return nil, err
	}
	s := &search{query: q, node: p.Node, notes: p.Notes, texts: distinctTexts(query.Texts(p.Node)), weights: DefaultWeights()}
	if o.Weights != nil {
		s.weights = *o.Weights
	}
	s.applyDefaults()
	return &Ask{s}, nil
}

// Query is what was asked, with the defaults filled in.
func (a *Ask) Query() Query { return a.s.query }

// Node is the tree of the query.
func (a *Ask) Node() query.Node { return a.s.node }

// Notes are what was made of the query.
func (a *Ask) Notes() []query.Note { return a.s.notes }

// Weights are those of the ranking.
func (a *Ask) Weights() Weights { return a.s.weights }

// Texts are the different texts that rank, those that are only white space left out.
func (a *Ask) Texts() []query.Text {
	return slices.DeleteFunc(slices.Clone(a.s.texts), func(t query.Text) bool { return Fold(t.Value) == "" })
}

// Asked tells queries apart, and the states of an index that gen names.
func (a *Ask) Asked(gen string) uint64 {
	a.s.gen = gen
	return a.s.asked()
}

// Words are all that might be words of the index in the texts of the query.
func (a *Ask) Words() []string {
	var out []string
	r := ranker{df: func(word []byte) (float64, error) {
		out = append(out, string(word))
		return 0, nil
	}}
	for _, t := range a.Texts() {
		n, _ := newNeedle(t.Value)
		_ = r.words(&rankTerm{text: t, needle: n}) // only df could fail
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Counts are what an engine looked up for a ranking: how many documents there are,
// have each of Texts, have each of Words.
type Counts struct {
	Documents int
	Texts     map[query.Text]int
	Words     map[string]int
}

// Ranking is how the documents of one query are scored.
type Ranking struct {
	r       *ranker
	Addends []Addend
}

// Addend is a part of a score that a document has or has not. A score is the sum of
// those that it has, in their order, times [Ranking.Factor].
type Addend struct {
	Text query.Text // which the document must hold
	What string     // present, title, heading, clause, number or words
	// Begins narrows it to documents in which Pair begins with a word (1), or does
	// not (-1): in the title where What is title, else anywhere.
	Begins int
	Pair   string
	Word   string  // where What is words
	Value  float64 // of words, the weight of BM25
}

// Rank prepares the ranking.
func (a *Ask) Rank(c Counts) *Ranking {
	r := &ranker{weights: a.s.weights, total: float64(c.Documents),
		df: func(word []byte) (float64, error) { return float64(c.Words[string(word)]), nil }}
	k := &Ranking{r: r}
	for _, t := range a.Texts() {
		term, _ := a.s.rankTerm(r, t, float64(c.Texts[t])) // only df could fail
		r.terms = append(r.terms, term)
		k.Addends = append(k.Addends, r.addends(term)...)
	}
	return k
}

// addends are in the order of [ranker.score].
func (r *ranker) addends(t rankTerm) (out []Addend) {
	add := func(what string, begins int, v float64) {
		if v != 0 {
			out = append(out, Addend{Text: t.text, What: what, Begins: begins, Pair: string(firstPair(t.needle.text)), Value: v})
		}
	}
	w := &r.weights
	if t.number {
		add("number", 0, w.Number*t.idf)
	}
	for _, p := range []struct {
		what   string
		weight float64
	}{{"present", w.Present}, {"title", w.Title}, {"heading", w.Heading}, {"clause", w.Clause}} {
		if firstPair(t.needle.text) == nil {
			add(p.what, 0, p.weight*t.idf)
			continue
		}
		add(p.what, 1, p.weight*t.idf)
		add(p.what, -1, p.weight*t.idf*w.Accident)
	}
	for i, word := range t.words {
		out = append(out, Addend{Text: t.text, What: "words", Word: string(word), Value: w.Body * t.idfs[i] / float64(len(t.words))})
	}
	return out
}

// Scored is what the score of one document is made of.
type Scored struct {
	Has    func(i int) bool      // whether the document has an addend
	Often  func(word string) int // a word in its body
	Length int                   // of its body, in words
	Entry  *Entry
}

// Score is the score of a document and its parts.
func (k *Ranking) Score(d Scored) (float64, []Part) {
	total, parts := 0.0, []Part{}
	// The length as bleve keeps it, so that scores are the same to the last digit.
	norm := float64(float32(1 / math.Sqrt(float64(d.Length))))
	for i, a := range k.Addends {
		v := a.Value
		switch {
		case !d.Has(i):
			continue
		case a.What == "words":
			length := k.r.weights.Average
			if norm > 0 && !math.IsInf(norm, 0) {
				length = 1 / (norm * norm)
			}
			v = k.r.bm25(v, float64(d.Often(a.Word)), length)
		}
		total += v
		record(&parts, a.Text, a.What, v)
	}
	factor := k.Factor(d.Entry)
	if factor != 1 {
		parts = append(parts, Part{What: "document", Value: factor})
	}
	return total * factor, parts
}

// Factor is what the score of a document is multiplied by for what it is.
func (k *Ranking) Factor(e *Entry) float64 {
	f := 1.0
	if slices.Contains(e.Keys[string(query.OnTopic)], "true") {
		f *= k.r.weights.OnTopic
	}
	for kind, factor := range k.r.weights.Kinds {
		if slices.Contains(e.Keys[string(query.Kind)], string(kind)) {
			f *= factor
		}
	}
	return f
}

// FoundUnit is a unit for which the query holds: the N-th of its document.
type FoundUnit struct {
	N     int
	Score float64
	unit  *unit
}

// OfDocument reports whether n asks only for facts of the document, which are the
// same for all of its units.
func OfDocument(n query.Node) bool { return ofDocument(n) }

// Units are the units of e for which the query holds. Whether a part of the query
// that is [OfDocument] holds for e is asked of holds.
func (a *Ask) Units(e *Entry, k *Ranking, holds func(query.Node) bool) ([]FoundUnit, error) {
	test, err := testOf(a.s.node, func(n query.Node) (func(uint32) bool, error) {
		ok := holds(n)
		return func(uint32) bool { return ok }, nil
	})
	if err != nil {
		return nil, err
	}
	var units []unit
	if err := json.Unmarshal(e.Units, &units); err != nil {
		return nil, fmt.Errorf("document %s: its units: %w", e.ID, err)
	}
	var out []FoundUnit
	for n := range units {
		u := &units[n]
		if u.Kind != a.s.query.Unit {
			continue
		}
		if folded := u.folded([]byte(e.Body)); test(0, u, folded) {
			out = append(out, FoundUnit{n, k.r.unit(u, folded, nil) * k.Factor(e), u})
		}
	}
	return out, nil
}

// Hit is what is shown of e, or of one of its units where unit is not negative.
// parts are those of its score; where they are nil, those of a unit are found here.
func (a *Ask) Hit(e *Entry, unit int, score float64, k *Ranking, parts []Part) (Hit, error) {
	d := e.stored()
	h, u, err := a.s.show(d, unit)
	h.Score = score
	if err != nil || !a.s.query.Explain {
		return h, err
	}
	h.Why = a.s.wordsFound(d, u)
	if u != nil {
		parts = []Part{}
		k.r.unit(u, u.folded([]byte(e.Body)), &parts)
		if f := k.Factor(e); f != 1 {
			parts = append(parts, Part{What: "document", Value: f})
		}
	}
	if parts != nil {
		h.Why.Score = parts
	}
	return h, nil
}

// Selection is the part of the query that only selects documents by what they are,
// as nodes and as a query; denied says that the rest asks for documents without.
func (a *Ask) Selection() (nodes []query.Node, text string, denied bool) {
	nodes, asked := parts(a.s.node)
	var words []string
	for _, n := range nodes {
		s := n.String()
		if _, ok := n.(query.Or); ok {
			s = "(" + s + ")"
		}
		words = append(words, s)
	}
	for _, n := range asked {
		_, no := n.(query.Not)
		denied = denied || no && a.s.query.Unit == Documents
	}
	return nodes, strings.Join(words, " "), denied
}

// Tally counts the values of facets.
type Tally struct{ counts valueCounts }

// Add adds n to the count of a value.
func (t *Tally) Add(f query.Field, v string, n int) {
	if t.counts == nil {
		t.counts = valueCounts{}
	}
	t.counts.add(f, v, n)
}

// AddUnits counts units that were found in e.
func (t *Tally) AddUnits(e *Entry, found []FoundUnit) {
	for _, u := range found {
		if t.counts == nil {
			t.counts = valueCounts{}
		}
		t.counts.addUnit(u.unit)
	}
	for _, f := range FacetFields() {
		if !ofUnit(f) {
			for _, v := range e.Keys[string(f)] {
				t.Add(f, v, len(found))
			}
		}
	}
}

// ofUnit reports whether a field is counted unit by unit.
func ofUnit(f query.Field) bool { return f == query.Clause || f == query.Organ || f == query.Role }

// Facets are the counts, with the names of places by code.
func (t *Tally) Facets(names map[string]string) map[string][]FacetValue {
	out := map[string][]FacetValue{}
	for _, f := range FacetFields() {
		values := ordered(t.counts.values(f))
		if f == query.Place || f == Province || f == City || f == County {
			for i := range values {
				values[i].Name = names[values[i].Value]
			}
		}
		out[string(f)] = values
	}
	return out
}

// Needle is a text to look for, as postings see it.
type Needle struct {
	Text   string   // folded
	Pairs  []string // of letters, all of which a text with it has
	Prefix string   // a letter that stands alone: a pair that begins with it will do
}

// NewNeedle is the needle of s; its Text is empty where s is only white space.
func NewNeedle(s string) Needle {
	n, ok := newNeedle(s)
	if !ok {
		return Needle{}
	}
	out := Needle{Text: string(n.text), Prefix: string(n.prefix)}
	for _, g := range n.grams {
		out.Pairs = append(out.Pairs, string(g))
	}
	return out
}

// NumberKey is how a document number is looked for in the terms of its field: as a
// part of a term; at its beginning where begin is set, at its end where end is. A
// digit at either end of key must not have another one beside it. key is empty
// where nothing can be found.
func NumberKey(s string) (key string, begin, end bool) {
	s, begin = strings.CutSuffix(s, "*")
	end = strings.HasSuffix(strings.TrimSpace(s), "号")
	return typedNumber.ReplaceAllString(strings.TrimSuffix(numberKey(s), "|"), "$1|$2|$3"), begin, end
}

// PlaceTerm is the field and the terms by which a filter on places is answered.
func PlaceTerm(v string) (field string, terms []string) {
	if code := foldString(v); len(code) >= 2 && len(code)%2 == 0 && digits(code) {
		for len(code) < 6 {
			code += "00"
		}
		return keyPlace, []string{code}
	}
	for _, ending := range placeEndings {
		terms = append(terms, v+ending)
	}
	return keyName, terms
}

// MaxHits bounds the hits of one result.
const MaxHits = maxLimit

// FormatVersion changes whenever an index written before cannot be used.
const FormatVersion = formatVersion

// Compare says how what an index was made from relates to what is wanted.
func Compare(format int, have, want Fingerprint) State {
	return compare(manifest{Format: format, Fingerprint: have}, want)
}

// ApplyDefaults checks b and fills in what is not set.
func (b *Build) ApplyDefaults() error { return b.applyDefaults() }

// Kept fields of keys that an engine sorts and names by.
const (
	KeyDate  = keyDate  // of the document, as it is sorted by
	KeyOwn   = keyOwn   // code of its place
	KeyPlace = keyPlace // codes of its place and of all above it
	KeyLabel = keyLabel // code=name of the same
)
