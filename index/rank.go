package index

import (
	"math"
	"regexp"
	"unicode/utf8"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"

	"tuogou/index/query"
)

// ranker scores the hits of one query.
type ranker struct {
	df      func(word []byte) (float64, error) // how many documents have it
	weights Weights
	total   float64 // documents
	terms   []rankTerm
	tape    *[]Part // where set, what makes up the score
}

// Part is one addend or factor of a score.
type Part struct {
	Word  string  `json:"word,omitempty"` // of the query; empty for a factor
	What  string  `json:"what"`           // present, title, number, heading, clause, text; words: BM25; document: the factor for what it is
	Value float64 `json:"value"`
}

func record(tape *[]Part, t query.Text, what string, v float64) {
	if tape != nil && v != 0 {
		*tape = append(*tape, Part{t.Value, what, v})
	}
}

// rankTerm is one text of the query.
type rankTerm struct {
	text   query.Text
	needle needle
	idf    float64  // times factor
	factor float64  // of a synonym
	number bool     // may be a document number
	words  [][]byte // words of the index that the text is made of
	idfs   []float64
}

// newRanker prepares the texts of the query, once each segment was matched.
func (s *search) newRanker() (*ranker, error) {
	r := &ranker{df: s.wordDF, weights: s.weights}
	for _, s := range s.segs {
		r.total += float64(s.live.GetCardinality())
	}
	for _, t := range s.texts {
		if _, ok := newNeedle(t.Value); !ok {
			continue
		}
		df := 0.0
		for i, set := range s.sets {
			if docs := set[t]; docs != nil {
				df += float64(docs.AndCardinality(s.segs[i].live))
			}
		}
		term, err := s.rankTerm(r, t, df)
		if err != nil {
			return nil, err
		}
		r.terms = append(r.terms, term)
	}
	return r, nil
}

// wordDF is how many documents have a word in their body.
func (s *search) wordDF(word []byte) (df float64, err error) {
	for _, seg := range s.segs {
		docs, err := seg.term(wordsBody, word)
		if err != nil {
			return 0, err
		}
		df += float64(docs.AndCardinality(seg.live))
	}
	return df, nil
}

// rankTerm prepares a text that df documents hold.
func (s *search) rankTerm(r *ranker, t query.Text, df float64) (rankTerm, error) {
	n, _ := newNeedle(t.Value)
	factor := 1.0
	if s.synonymOf(t.Value) != "" {
		factor = s.weights.Synonym
	}
	term := rankTerm{text: t, needle: n, idf: r.idf(df) * factor, factor: factor, number: numberLike.Match(n.text)}
	return term, r.words(&term)
}

func (r *ranker) idf(df float64) float64 {
	return math.Log(1 + (r.total-min(df, r.total)+0.5)/(df+0.5))
}

// numberLike is folded text that looks like a document number: 霁民函(2017)6号.
var numberLike = regexp.MustCompile(`\d\)?第?\d*号$`)

// maxWordChars is the longest word looked for inside a longer text.
const maxWordChars = 10

// words splits a text into words that the index knows: itself, or from the left
// always the longest one. It is what jieba would do with the same words, near
// enough for a ranking, without loading it.
func (r *ranker) words(t *rankTerm) error {
	if t.text.Title {
		return nil
	}
	for rest := t.needle.text; len(rest) > 0; {
		word, df, err := r.longest(rest)
		if err != nil {
			return err
		}
		if df == 0 {
			_, w := utf8.DecodeRune(rest)
			rest = rest[w:]
			continue
		}
		t.words = append(t.words, word)
		t.idfs = append(t.idfs, r.idf(df)*t.factor)
		rest = rest[len(word):]
	}
	return nil
}

// longest is the longest beginning of text that is a word of the index, and how
// many documents have it.
func (r *ranker) longest(text []byte) (word []byte, df float64, err error) {
	ends := []int{}
	for i := 0; i < len(text) && len(ends) < maxWordChars; {
		_, w := utf8.DecodeRune(text[i:])
		i += w
		ends = append(ends, i)
	}
	if len(ends) > 0 && ends[len(ends)-1] < len(text) {
		ends = append(ends, len(text))
	}
	for i := len(ends) - 1; i > 0; i-- { // words have at least two characters
		word = text[:ends[i]]
		if df, err = r.df(word); df > 0 || err != nil {
			return word, df, err
		}
	}
	return nil, 0, nil
}

// score gives each of hits its score; other places of the result are undefined.
func (r *ranker) score(seg *segView, hits *roaring.Bitmap, sets map[query.Text]*roaring.Bitmap) ([]float64, error) {
	scores := make([]float64, seg.size)
	for _, t := range r.terms {
		present := sets[t.text]
		if present == nil { // an OR that another branch answered
			continue
		}
		present = roaring.And(present, hits)
		if err := r.addPlaces(scores, seg, t, present); err != nil {
			return nil, err
		}
		for i, word := range t.words {
			weight := r.weights.Body * t.idfs[i] / float64(len(t.words))
			if err := r.addWords(scores, seg, t.text, word, present, weight); err != nil {
				return nil, err
			}
		}
	}
	factors, err := r.factors(seg)
	if err != nil {
		return nil, err
	}
	hits.Iterate(func(d uint32) bool {
		scores[d] *= factors[d]
		return true
	})
	return scores, nil
}

// addPlaces adds for where a text stands in the documents of present.
func (r *ranker) addPlaces(scores []float64, seg *segView, t rankTerm, present *roaring.Bitmap) error {
	inTitle, inHeading, inClause := roaring.New(), roaring.New(), roaring.New()
	if len(t.needle.grams)+len(t.needle.prefix) > 0 {
		for field, docs := range map[string]**roaring.Bitmap{gramsTitle: &inTitle, gramsHeading: &inHeading, gramsClause: &inClause} {
			all, err := seg.candidates(field, t.needle)
			if err != nil {
				return err
			}
			*docs = roaring.And(all, present)
		}
	}
	if t.number {
		own, err := seg.number(string(t.needle.text))
		if err != nil {
			return err
		}
		r.add(scores, roaring.And(own, present), t.text, "number", r.weights.Number*t.idf)
	}
	titleStarts, starts := present, present
	if pair := firstPair(t.needle.text); pair != nil {
		var err error
		if titleStarts, err = seg.begins(gramsTitle, pair); err != nil {
			return err
		}
		if starts, err = seg.begins(gramsAll, pair); err != nil {
			return err
		}
	}
	for _, p := range []struct {
		what         string
		docs, starts *roaring.Bitmap
		weight       float64
	}{
		{"present", present, starts, r.weights.Present},
		{"title", inTitle, titleStarts, r.weights.Title},
		{"heading", inHeading, starts, r.weights.Heading},
		{"clause", inClause, starts, r.weights.Clause},
	} {
		r.add(scores, roaring.And(p.docs, p.starts), t.text, p.what, p.weight*t.idf)
		r.add(scores, roaring.AndNot(p.docs, p.starts), t.text, p.what, p.weight*t.idf*r.weights.Accident)
	}
	return nil
}

func (r *ranker) add(scores []float64, docs *roaring.Bitmap, t query.Text, what string, v float64) {
	docs.Iterate(func(d uint32) bool {
		scores[d] += v
		record(r.tape, t, what, v)
		return true
	})
}

// addWords adds BM25 of one word of the body to the documents in docs.
func (r *ranker) addWords(scores []float64, seg *segView, t query.Text, word []byte, docs *roaring.Bitmap, weight float64) error {
	d, err := seg.seg.Dictionary(wordsBody)
	if err != nil {
		return err
	}
	p, err := d.PostingsList(word, nil, nil)
	if err != nil {
		return err
	}
	var next segment.Posting
	it := p.Iterator(true, true, false, nil)
	for {
		if next, err = it.Next(); err != nil || next == nil {
			return err
		}
		n := uint32(next.Number())
		if !docs.Contains(n) {
			continue
		}
		tf, length := float64(next.Frequency()), r.weights.Average
		if norm := next.Norm(); norm > 0 && !math.IsInf(norm, 0) {
			length = 1 / (norm * norm) // bleve keeps 1/√length
		}
		v := r.bm25(weight, tf, length)
		scores[n] += v
		record(r.tape, t, "words", v)
	}
}

// bm25 is what a word adds that stands tf times in a body of so many words.
func (r *ranker) bm25(weight, tf, length float64) float64 {
	w := &r.weights
	return weight * tf * (w.K1 + 1) / (tf + w.K1*(1-w.B+w.B*length/w.Average))
}

// factors are what each document's score is multiplied by for what it is. The
// average length of BM25 is a constant too, so that a score does not change with
// the length of what else is in the index.
func (r *ranker) factors(seg *segView) ([]float64, error) {
	out := make([]float64, seg.size)
	for i := range out {
		out[i] = 1
	}
	multiply := func(field query.Field, value string, factor float64) error {
		docs, err := seg.term(string(field), []byte(value))
		if err != nil {
			return err
		}
		docs.Iterate(func(d uint32) bool {
			out[d] *= factor
			return true
		})
		return nil
	}
	if err := multiply(query.OnTopic, "true", r.weights.OnTopic); err != nil {
		return nil, err
	}
	for kind, factor := range r.weights.Kinds {
		if err := multiply(query.Kind, string(kind), factor); err != nil {
			return nil, err
		}
	}
	return out, nil
}
