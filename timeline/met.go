package timeline

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"tuogou/compare"
	"tuogou/compare/align"
	"tuogou/corpus"
	"tuogou/corpus/store"
)

// Proposal is a sentence of a later document that seems to report a task as done. A
// person accepts it, or not: only then is the obligation met.
type Proposal struct {
	UID      string           `json:"uid"`
	Task     string           `json:"task"`
	Document compare.Document `json:"document"`
	Chars    corpus.Span      `json:"span"`
	Quote    string           `json:"quote"`
	Likeness float64          `json:"likeness"`
}

// leastReport is the share of a task's pairs that a report of it has: reports say in
// their own words what a plan ordered.
const leastReport = 0.5

// Proposals looks for reports on open obligations in summaries, news and replies of
// the same place, or of a place that it lies in, which are younger than the plan.
// The best sentence of each document is proposed, the likeliest first.
func Proposals(list []Obligation, records []*corpus.Record) []Proposal {
	out := []Proposal{}
	for _, r := range records {
		if r == nil || binds(r.Kind) || !r.OnTopic {
			continue
		}
		var sentences []report
		for _, u := range align.Split(r.Text.Body, corpus.Span{Start: 0, End: len(r.Text.Body)}, nil, nil) {
			text := u.Span.In(r.Text.Body)
			if words().Done.MatchString(text) && !words().Open.MatchString(text) {
				sentences = append(sentences, report{u.Span, newBigrams(text)})
			}
		}
		for i := range list {
			if p, ok := propose(&list[i], r, sentences); ok {
				out = append(out, p)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Proposal) int {
		return cmp.Or(strings.Compare(a.UID, b.UID), cmp.Compare(b.Likeness, a.Likeness), strings.Compare(string(a.Document.ID), string(b.Document.ID)))
	})
	return out
}

// report is a sentence that says of something that it is done.
type report struct {
	span  corpus.Span
	words bigrams
}

func propose(o *Obligation, r *corpus.Record, sentences []report) (Proposal, bool) {
	d := compare.DocumentOf(r)
	about := r.Jurisdiction.Code == o.Place.Code || slices.Contains(o.Place.Codes, r.Jurisdiction.Code)
	if o.Status != Open || o.Met != nil || !about || o.Place.Code == "" || d.Date == "" || d.Date < o.Document().Date || o.When.RRule != "" {
		return Proposal{}, false
	}
	task, best := newBigrams(o.Task), report{}
	likest := 0.0
	for _, s := range sentences {
		if n := contained(task, s.words); n > likest {
			best, likest = s, n
		}
	}
	if likest < leastReport || len(task) < 3 {
		return Proposal{}, false
	}
	body := r.Text.Body
	start := len([]rune(body[:best.span.Start]))
	d.Fetched = ""
	return Proposal{UID: o.UID, Task: o.Task, Document: d, Quote: compare.Quote(r, best.span), Likeness: float64(int(likest*100)) / 100,
		Chars: corpus.Span{Start: start, End: start + len([]rune(best.span.In(body)))}}, true
}

// contained is the share of a's pairs that stand in b.
func contained(a, b bigrams) float64 {
	if len(a) == 0 {
		return 0
	}
	n := 0
	for _, p := range a {
		if _, ok := slices.BinarySearch(b, p); ok {
			n++
		}
	}
	return float64(n) / float64(len(a))
}

// Accept is the change by which a person takes p for the proof that o was met.
func Accept(o Obligation, p Proposal, by string, at time.Time) Change {
	next := copyOf(o)
	next.Sequence++
	next.Changed = store.Stamp(at)
	next.Met = &Met{Document: p.Document, Chars: p.Chars, Quote: p.Quote, By: by, At: next.Changed}
	return Change{UID: o.UID, Sequence: next.Sequence, Kind: BecameMet, Cause: ByPerson, At: next.Changed, By: by,
		To: p.Quote, Obligation: next}
}
