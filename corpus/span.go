package corpus

import (
	"fmt"
	"unicode/utf8"
)

// Span is a half-open range of byte offsets into a body, on rune boundaries.
// The zero value is the empty range at the start.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Len is the number of bytes covered.
func (s Span) Len() int { return s.End - s.Start }

// Empty reports whether the span covers nothing.
func (s Span) Empty() bool { return s.End <= s.Start }

// Contains reports whether t lies wholly inside s.
func (s Span) Contains(t Span) bool { return s.Start <= t.Start && t.End <= s.End }

// Overlaps reports whether s and t share at least one byte.
func (s Span) Overlaps(t Span) bool { return s.Start < t.End && t.Start < s.End }

// In returns the text that s covers in body. It panics where s is out of range:
// a span that does not fit its body is a defect of the program, not of the input.
func (s Span) In(body string) string { return body[s.Start:s.End] }

// check reports why s cannot be a span of body, or nil.
func (s Span) check(body string) error {
	switch {
	case s.Start < 0 || s.End > len(body) || s.End < s.Start:
		return fmt.Errorf("span %d..%d does not fit a body of %d bytes", s.Start, s.End, len(body))
	case !boundary(body, s.Start) || !boundary(body, s.End):
		return fmt.Errorf("span %d..%d cuts a character", s.Start, s.End)
	}
	return nil
}

func boundary(s string, i int) bool { return i == len(s) || utf8.RuneStart(s[i]) }

// Mark is one stretch of characters that are all mapped in the same way:
// Count characters, each BodyUnit bytes long in the body and SourceUnit bytes
// long in the bytes that were read (3 and 2 for Chinese read from GB18030, 3
// and 3 from UTF-8, 1 and 6 for "&nbsp;").
type Mark struct {
	Body, Source         int // byte offsets of the first character
	Count                int // characters
	BodyUnit, SourceUnit int // bytes a character
}

// SourceMap leads from a body back to the bytes that were read. Marks stand in
// the order of the body; what lies between two marks was added by the reader
// (a line end after a paragraph). The order in the source may differ.
type SourceMap []Mark

// Add appends one character, joining it to the last mark where it continues it.
func (m *SourceMap) Add(body, bodyUnit, source, sourceUnit int) {
	if n := len(*m); n > 0 {
		last := &(*m)[n-1]
		if last.BodyUnit == bodyUnit && last.SourceUnit == sourceUnit &&
			last.Body+last.Count*bodyUnit == body && last.Source+last.Count*sourceUnit == source {
			last.Count++
			return
		}
	}
	*m = append(*m, Mark{Body: body, Source: source, Count: 1, BodyUnit: bodyUnit, SourceUnit: sourceUnit})
}

// Source returns the ranges of source bytes that s was read from, in body
// order, neighbours joined. It is empty where s holds only added text.
func (m SourceMap) Source(s Span) []Span {
	var out []Span
	for _, k := range m {
		end := k.Body + k.Count*k.BodyUnit
		if end <= s.Start || k.Body >= s.End || k.BodyUnit == 0 {
			continue
		}
		first := max(0, (s.Start-k.Body)/k.BodyUnit)
		last := min(k.Count, (s.End-k.Body+k.BodyUnit-1)/k.BodyUnit)
		r := Span{k.Source + first*k.SourceUnit, k.Source + last*k.SourceUnit}
		if n := len(out); n > 0 && out[n-1].End == r.Start {
			out[n-1].End = r.End
			continue
		}
		out = append(out, r)
	}
	return out
}
