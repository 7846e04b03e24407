package index

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"tuogou/corpus"
	"tuogou/index/query"
)

// maxSpans is how many occurrences of one text are looked for in one document:
// more than any snippets show.
const maxSpans = 50

// occurrence is a place where a text of the query stands.
type occurrence struct {
	span corpus.Span
	text int
}

// occurrences are the places in s of each of texts, in order.
func occurrences(s string, texts []query.Text, limit int) []occurrence {
	if len(texts) == 0 {
		return nil
	}
	var at []int32
	folded := fold(nil, []byte(s), &at)
	var out []occurrence
	for i, t := range texts {
		n, ok := newNeedle(t.Value)
		if !ok {
			continue
		}
		for from, k := 0, 0; k < limit; k++ {
			hit := bytes.Index(folded[from:], n.text)
			if hit < 0 {
				break
			}
			end := from + hit + len(n.text)
			// The character before the end: at[end] would take in white space
			// that the folding dropped.
			last := int(at[end-1])
			_, w := utf8.DecodeRuneInString(s[last:])
			out = append(out, occurrence{corpus.Span{Start: int(at[from+hit]), End: last + w}, i})
			from = end
		}
	}
	slices.SortFunc(out, func(a, b occurrence) int {
		if a.span.Start != b.span.Start {
			return a.span.Start - b.span.Start
		}
		return b.span.End - a.span.End
	})
	return out
}

// merged are the spans of found, overlapping ones joined.
func merged(found []occurrence) []corpus.Span {
	var out []corpus.Span
	for _, o := range found {
		if n := len(out); n > 0 && o.span.Start <= out[n-1].End {
			out[n-1].End = max(out[n-1].End, o.span.End)
			continue
		}
		out = append(out, o.span)
	}
	return out
}

// reach is how far a snippet goes on each side of a word found, in characters.
const reach = 40

// snippets are up to limit stretches of body with what was found, in the order
// of the text: first those that show most of the different texts. Without
// anything found it is the beginning.
func snippets(body string, found []occurrence, limit int) []Snippet {
	if len(found) == 0 {
		span := around(body, corpus.Span{})
		if span.Empty() {
			return nil
		}
		return []Snippet{{Span: span, Text: span.In(body)}}
	}
	groups := grouped(body, found)
	slices.SortStableFunc(groups, func(a, b *group) int { return b.kinds() - a.kinds() })
	groups = groups[:min(limit, len(groups))]
	slices.SortFunc(groups, func(a, b *group) int { return a.span.Start - b.span.Start })
	out := make([]Snippet, len(groups))
	for i, g := range groups {
		out[i] = Snippet{Span: g.span, Text: g.span.In(body), Spans: merged(g.found)}
	}
	return out
}

// group is what becomes one snippet.
type group struct {
	span  corpus.Span
	found []occurrence
}

// kinds is how many different texts of the query stand in g.
func (g *group) kinds() int {
	seen := map[int]bool{}
	for _, o := range g.found {
		seen[o.text] = true
	}
	return len(seen)
}

// grouped puts what was found near each other together. Groups do not overlap.
// A chain of near words stops growing at four reaches, or one snippet would be
// the whole text.
func grouped(body string, found []occurrence) []*group {
	var groups []*group
	for _, o := range found {
		span := around(body, o.span)
		if n := len(groups); n > 0 {
			g := groups[n-1]
			if o.span.Start < g.span.End {
				longer := corpus.Span{Start: g.span.Start, End: max(g.span.End, span.End)}
				switch {
				case utf8.RuneCountInString(longer.In(body)) <= 4*reach:
					g.span = longer
				case o.span.End > g.span.End:
					continue
				}
				g.found = append(g.found, o)
				continue
			}
			span.Start = max(span.Start, g.span.End)
		}
		groups = append(groups, &group{span: span, found: []occurrence{o}})
	}
	return groups
}

// ends are the marks after which a snippet may begin and with which it may end.
const ends = "。；！？\n"

// around is s and what stands beside it: back to the beginning of the sentence
// and on to its end, but no more than reach characters each way, and never into
// another paragraph.
func around(body string, s corpus.Span) corpus.Span {
	start := s.Start
	for range reach {
		r, w := utf8.DecodeLastRuneInString(body[:start])
		if w == 0 || strings.ContainsRune(ends, r) {
			break
		}
		start -= w
	}
	end := s.End
	for range reach {
		r, w := utf8.DecodeRuneInString(body[end:])
		if w == 0 || r == '\n' {
			break
		}
		end += w
		if strings.ContainsRune(ends, r) {
			break
		}
	}
	return corpus.Span{Start: start, End: end}
}

// place sets the section and the clause in which the first word of s stands:
// the innermost of each.
func (m *meta) place(s *Snippet) {
	at := s.Span.Start
	if len(s.Spans) > 0 {
		at = s.Spans[0].Start
	}
	if sec := innermost(m.Sections, at); sec != nil {
		s.Section, s.Heading = sec.Name, sec.Heading
	}
	if c := innermost(m.Clauses, at); c != nil {
		s.Clause = corpus.ClauseType(c.Name)
	}
}

func innermost(list []stretch, at int) *stretch {
	var best *stretch
	for i := range list {
		if s := &list[i]; s.Start <= at && at < s.End && (best == nil || s.End-s.Start <= best.End-best.Start) {
			best = s
		}
	}
	return best
}
