package index

import (
	"math"
	"unicode/utf8"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"

	"tuogou/index/query"
)

// BM25: k1 is how soon more of a word stops counting, b how much long bodies
// are held back. The average length, in words, is a constant, so that a score
// does not change with what else is in the index.
const (
	k1      = 1.2
	b       = 0.6
	average = 500
)

// ranker scores the hits of one query.
type ranker struct {
	segs    []*segView
	weights Weights
	total   float64 // documents
	terms   []rankTerm
}

// rankTerm is one text of the query.
type rankTerm struct {
	text   query.Text
	needle needle
	idf    float64
	words  [][]byte // words of the index that the text is made of
	idfs   []float64
}

// newRanker prepares the texts of q; sets holds what each segment matched.
func newRanker(segs []*segView, w Weights, texts []query.Text, sets []map[query.Text]*roaring.Bitmap) (*ranker, error) {
	r := &ranker{segs: segs, weights: w}
	for _, s := range segs {
		r.total += float64(s.live.GetCardinality())
	}
	for _, t := range texts {
		n, ok := newNeedle(t.Value)
		if !ok {
			continue
		}
		df := 0.0
		for _, s := range sets {
			if docs := s[t]; docs != nil {
				df += float64(docs.GetCardinality())
			}
		}
		term := rankTerm{text: t, needle: n, idf: r.idf(df)}
		if err := r.words(&term); err != nil {
			return nil, err
		}
		r.terms = append(r.terms, term)
	}
	return r, nil
}

func (r *ranker) idf(df float64) float64 {
	return math.Log(1 + (r.total-min(df, r.total)+0.5)/(df+0.5))
}

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
		t.idfs = append(t.idfs, r.idf(df))
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
		for _, s := range r.segs {
			docs, err := s.term(wordsBody, word)
			if err != nil {
				return nil, 0, err
			}
			df += float64(docs.GetCardinality())
		}
		if df > 0 {
			return word, df, nil
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
			if err := addWords(scores, seg, word, present, weight); err != nil {
				return nil, err
			}
		}
	}
	return scores, r.boost(scores, seg, hits)
}

// addPlaces adds for where a text stands in the documents of present.
func (r *ranker) addPlaces(scores []float64, seg *segView, t rankTerm, present *roaring.Bitmap) error {
	inTitle, inHeading := roaring.New(), roaring.New()
	if len(t.needle.grams)+len(t.needle.prefix) > 0 {
		title, err := seg.candidates(gramsTitle, t.needle)
		if err != nil {
			return err
		}
		heading, err := seg.candidates(gramsHeading, t.needle)
		if err != nil {
			return err
		}
		inTitle, inHeading = roaring.And(title, present), roaring.And(heading, present)
	}
	titleStarts, bodyStarts := present, present
	if pair := firstPair(t.needle.text); pair != nil {
		var err error
		if titleStarts, err = seg.term(startsTitle, pair); err != nil {
			return err
		}
		if bodyStarts, err = seg.term(startsBody, pair); err != nil {
			return err
		}
	}
	for _, p := range []struct {
		docs, starts *roaring.Bitmap
		weight       float64
	}{
		{present, roaring.Or(titleStarts, bodyStarts), r.weights.Present},
		{inTitle, titleStarts, r.weights.Title},
		{inHeading, bodyStarts, r.weights.Heading},
	} {
		addTo(scores, roaring.And(p.docs, p.starts), p.weight*t.idf)
		addTo(scores, roaring.AndNot(p.docs, p.starts), p.weight*t.idf*r.weights.Accident)
	}
	return nil
}

func addTo(scores []float64, docs *roaring.Bitmap, v float64) {
	docs.Iterate(func(d uint32) bool {
		scores[d] += v
		return true
	})
}

// addWords adds BM25 of one word of the body to the documents in docs.
func addWords(scores []float64, seg *segView, word []byte, docs *roaring.Bitmap, weight float64) error {
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
		tf, length := float64(next.Frequency()), float64(average)
		if norm := next.Norm(); norm > 0 && !math.IsInf(norm, 0) {
			length = 1 / (norm * norm) // bleve keeps 1/√length
		}
		scores[n] += weight * tf * (k1 + 1) / (tf + k1*(1-b+b*length/average))
	}
}

// boost multiplies by what the documents are.
func (r *ranker) boost(scores []float64, seg *segView, hits *roaring.Bitmap) error {
	for _, f := range []struct {
		field  query.Field
		value  string
		factor float64
	}{
		{query.OnTopic, "true", r.weights.OnTopic},
		{query.Kind, "plan", r.weights.Plan},
		{query.Kind, "news", r.weights.News},
	} {
		docs, err := seg.term(string(f.field), []byte(f.value))
		if err != nil {
			return err
		}
		roaring.And(docs, hits).Iterate(func(d uint32) bool {
			scores[d] *= f.factor
			return true
		})
	}
	return nil
}
