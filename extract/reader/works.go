package reader

import (
	"strings"

	"tuogou/corpus"
	"tuogou/rules"
)

// unit is one document on a page: its number, with its headline beside it.
type unit struct {
	number, title string
	start         int // offset of the first of the two in the body
}

// headReach is how many lines may lie between the number of a document and its
// headline.
const headReach = 4

// twoDocuments notes where a page holds a second document that has nothing to
// do with the first: its own number and headline, below a date of signing, and
// neither named before. A plan below its notice has no number of its own; a
// document that is passed on (转发) is named in the one that does so.
func (r *Reader) twoDocuments(t *corpus.Text) {
	units := r.units(t)
	for i := 1; i < len(units); i++ {
		u := units[i]
		before := rules.FoldLabel(t.Body[units[0].start:u.start])
		if u.number == units[i-1].number || !r.signedBetween(t, units[i-1].start, u.start) ||
			strings.Contains(before, rules.FoldLabel(u.number)) || strings.Contains(before, subject(u.title)) {
			continue
		}
		t.Problems = append(t.Problems, corpus.Problem{
			ID:      "two_documents",
			Span:    corpus.Span{Start: u.start, End: t.Blocks[len(t.Blocks)-1].Span.End},
			Message: "a second document begins here: " + u.number + " " + u.title,
		})
		return
	}
}

// subject is a headline from 关于 on, as the name of the issuer may be left out
// where it is cited.
func subject(title string) string {
	s := rules.FoldLabel(title)
	if i := strings.Index(s, "关于"); i >= 0 {
		return s[i:]
	}
	return s
}

// units finds the lines that are the number of a document and have a headline
// near them.
func (r *Reader) units(t *corpus.Text) []unit {
	var out []unit
	lines := make([]corpus.Block, 0, len(t.Blocks))
	for _, b := range t.Blocks {
		if b.Kind == corpus.BlockPara || b.Kind == corpus.BlockTitle {
			lines = append(lines, b)
		}
	}
	for i, b := range lines {
		s := b.Span.In(t.Body)
		if len(s) > 90 || !r.page.Works.Number.MatchString(s) {
			continue
		}
		from := max(0, i-headReach)
		for k, near := range lines[from:min(len(lines), i+headReach+1)] {
			title := near.Span.In(t.Body)
			if len(title) > 400 || !r.page.Title.Headline.MatchString(title) {
				continue
			}
			out = append(out, unit{number: s, title: title, start: min(lines[from+k].Span.Start, b.Span.Start)})
			break
		}
	}
	return out
}

// signedBetween reports whether a date of signing stands alone on a line
// between two offsets.
func (r *Reader) signedBetween(t *corpus.Text, from, to int) bool {
	for _, b := range t.Blocks {
		if b.Kind == corpus.BlockPara && b.Span.Start >= from && b.Span.End <= to && b.Span.Len() < 60 &&
			r.page.Works.Signed.MatchString(b.Span.In(t.Body)) {
			return true
		}
	}
	return false
}
