package index

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"tuogou/corpus"
	"tuogou/index/query"
)

// hit reads what is shown of a candidate.
func (s *search) hit(c candidate) (Hit, error) {
	d, err := s.segs[c.seg].stored(c.doc)
	if err != nil {
		return Hit{}, err
	}
	n := -1
	if s.units != nil {
		n = int(c.unit)
	}
	h, u, err := s.show(d, n)
	h.Score = c.score
	if err == nil && s.query.Explain {
		h.Why, err = s.why(c, d, u)
	}
	return h, err
}

// show is what is shown of d, or of its n-th unit where n is not negative.
func (s *search) show(d storedDoc, n int) (Hit, *unit, error) {
	var m meta
	if err := json.Unmarshal(d.meta, &m); err != nil {
		return Hit{}, nil, fmt.Errorf("document %s: %w", d.id, err)
	}
	h := Hit{
		Doc: d.id, Title: d.title, Place: m.Place, Date: m.Date, Year: m.Year, Kind: m.Kind,
		Generation: m.Generation, OnTopic: m.OnTopic, Number: m.Number, URL: m.URL, Cut: m.Cut,
	}
	h.TitleSpans = merged(occurrences(d.title, s.texts, maxSpans))
	within := []corpus.Span{{End: len(d.body)}}
	var u *unit
	if n >= 0 {
		var units []unit
		if err := json.Unmarshal(d.units, &units); err != nil || n >= len(units) {
			return Hit{}, nil, fmt.Errorf("document %s: its units: %v", d.id, err)
		}
		u = &units[n]
		h.Unit, within = u.shown(), u.Spans
	}
	if s.query.Snippets > 0 {
		h.Snippets = s.snippetsIn(d.body, within)
		for i := range h.Snippets {
			m.place(&h.Snippets[i])
		}
	}
	return h, u, nil
}

// snippetsIn are the snippets of stretches of a body.
func (s *search) snippetsIn(body string, within []corpus.Span) []Snippet {
	inBody := slices.DeleteFunc(slices.Clone(s.texts), func(t query.Text) bool { return t.Title })
	var found []occurrence
	for _, w := range within {
		for _, o := range occurrences(w.In(body), inBody, maxSpans) {
			o.span.Start += w.Start
			o.span.End += w.Start
			found = append(found, o)
		}
	}
	if len(found) == 0 && len(within) > 0 {
		span := around(body, corpus.Span{Start: within[0].Start, End: within[0].Start})
		if span.Empty() {
			return nil
		}
		return []Snippet{{Span: span, Text: span.In(body)}}
	}
	return snippets(body, found, s.query.Snippets)
}

func (u *unit) shown() *Unit {
	return &Unit{Kind: u.Kind, ID: u.ID, Label: u.Label, Spans: u.Spans, Section: u.Section, Clauses: u.Clauses,
		Provisions: u.Provisions, Organs: u.Organs, Roles: u.Roles, Due: u.Due}
}

// wordsFound says where the texts of the query stand in a document or in its unit.
func (s *search) wordsFound(d storedDoc, u *unit) *Why {
	w := &Why{Words: []WordFound{}, Score: []Part{}}
	within := []corpus.Span{{End: len(d.body)}}
	if u != nil {
		within = u.Spans
	}
	for _, t := range s.texts {
		f := WordFound{Word: t.Value, SynonymOf: s.synonymOf(t.Value), Title: len(occurrences(d.title, []query.Text{t}, len(d.title)))}
		for _, span := range within {
			if !t.Title {
				f.Text += len(occurrences(span.In(d.body), []query.Text{t}, len(d.body)))
			}
		}
		if f.Title+f.Text > 0 {
			w.Words = append(w.Words, f)
		}
	}
	return w
}

// why explains one hit: it is scored again, alone and on tape.
func (s *search) why(c candidate, d storedDoc, u *unit) (*Why, error) {
	w := s.wordsFound(d, u)
	r, err := s.newRanker()
	if err != nil {
		return nil, err
	}
	seg := s.segs[c.seg]
	if u != nil {
		r.unit(u, u.folded([]byte(d.body)), &w.Score)
	} else {
		r.tape = &w.Score
		if _, err := r.score(seg, roaring.BitmapOf(c.doc), s.sets[c.seg]); err != nil {
			return nil, err
		}
	}
	factors, err := r.factors(seg)
	if err == nil && factors[c.doc] != 1 {
		w.Score = append(w.Score, Part{What: "document", Value: factors[c.doc]})
	}
	return w, err
}

// synonymOf is the word of the query that word was looked for with; empty where
// it stands in the query itself.
func (s *search) synonymOf(word string) string {
	for _, n := range s.notes {
		if n.ID == query.NoteSynonyms && slices.Contains(n.Also, word) {
			return n.Word
		}
	}
	return ""
}
