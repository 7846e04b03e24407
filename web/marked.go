package web

import (
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"tuogou/corpus"
)

// markedText is a body with the stretches that facts came from.
type markedText struct {
	id    corpus.DocID
	body  string
	marks map[corpus.Span][]string // span in bytes → classes
	chars func(int) int
}

func newMarkedText(r *corpus.Record) *markedText {
	t := &markedText{id: r.ID, body: r.Text.Body, marks: map[corpus.Span][]string{}, chars: counter(r.Text.Body)}
	for _, f := range r.Facts {
		t.add(f.Span, "")
	}
	for _, d := range []*corpus.Date{r.Dates.Signed, r.Dates.Printed, r.Dates.Posted, r.Dates.Effective, r.Dates.Abolished} {
		if d != nil {
			t.add(d.Span, "")
		}
	}
	for _, i := range r.Issuers {
		t.add(i.Span, "")
	}
	if r.DocNumber != nil {
		t.add(r.DocNumber.Span, "")
	}
	if r.Carrier != nil {
		t.add(r.Carrier.Span, "")
	}
	t.add(r.Jurisdiction.Span, "")
	for _, s := range r.Outline {
		t.add(s.Span, "")
	}
	for _, c := range r.Clauses {
		t.add(c.Span, "")
		t.add(c.HeadingSpan, "clause")
		t.organs(c.Organs)
	}
	for _, p := range r.Provisions {
		t.add(p.Span, "provision")
		t.organs(p.Organs)
	}
	for _, d := range r.Deadlines {
		t.add(d.Span, "deadline")
		t.organs(d.Organs)
	}
	for _, x := range r.Times {
		t.add(x.Span, "")
	}
	for _, x := range r.References {
		t.add(x.Span, "reference")
	}
	for _, x := range r.Terms {
		t.add(x.Span, "")
	}
	for _, p := range r.Parts {
		t.add(corpus.Span{Start: p.Span.Start, End: p.Span.Start}, "")
	}
	for _, d := range r.Duties {
		t.organs([]corpus.OrganRef{d.Organ})
	}
	return t
}

// original is the address that leads to where a stretch was read.
func (t *markedText) original(s corpus.Span) string {
	if s.Empty() {
		return ""
	}
	return fmt.Sprintf("/doc/%s/original?at=%d-%d", url.PathEscape(string(t.id)), t.chars(s.Start), t.chars(s.End))
}

func (t *markedText) organs(list []corpus.OrganRef) {
	for _, o := range list {
		t.add(o.Span, "organ")
	}
}

func (t *markedText) add(s corpus.Span, class string) {
	if s.Empty() || s.Start < 0 || s.End > len(t.body) || !start(t.body, s.Start) || !start(t.body, s.End) {
		return
	}
	classes := t.marks[s]
	if class != "" && !slices.Contains(classes, class) {
		classes = append(classes, class)
	}
	t.marks[s] = classes
}

func start(s string, i int) bool { return i == len(s) || utf8.RuneStart(s[i]) }

// href leads to a marked stretch; it is empty for one that is not marked.
func (t *markedText) href(s corpus.Span) string {
	if _, ok := t.marks[s]; !ok {
		return ""
	}
	return "#" + anchor(corpus.Span{Start: t.chars(s.Start), End: t.chars(s.End)})
}

// html is the escaped body with each stretch in an element of its own, outer ones
// around inner ones. Where two cross, the later one ends with the earlier.
func (t *markedText) html() template.HTML {
	spans := make([]corpus.Span, 0, len(t.marks))
	for s := range t.marks {
		spans = append(spans, s)
	}
	slices.SortFunc(spans, func(a, b corpus.Span) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return b.End - a.End
	})
	var b strings.Builder
	var open []int // ends of the elements that are open, outermost first
	at := 0
	write := func(to int) {
		for len(open) > 0 && open[len(open)-1] <= to {
			end := open[len(open)-1]
			template.HTMLEscape(&b, []byte(t.body[at:end]))
			b.WriteString("</span>")
			at, open = end, open[:len(open)-1]
		}
		template.HTMLEscape(&b, []byte(t.body[at:to]))
		at = to
	}
	for _, s := range spans {
		write(s.Start)
		end := s.End
		if len(open) > 0 {
			end = min(end, open[len(open)-1])
		}
		b.WriteString(`<span id="` + anchor(corpus.Span{Start: t.chars(s.Start), End: t.chars(s.End)}) + `"`)
		if classes := t.marks[s]; len(classes) > 0 {
			b.WriteString(` class="` + strings.Join(classes, " ") + `"`)
		}
		b.WriteString(">")
		open = append(open, end)
	}
	write(len(t.body))
	return template.HTML(b.String()) // every part of it is escaped above
}

// byteAt is the byte offset of a code point; the end of the body for one beyond it.
func (t *markedText) byteAt(point int) int {
	for i := range t.body {
		if point == 0 {
			return i
		}
		point--
	}
	return len(t.body)
}

// counter converts byte offsets of body to code points. It remembers one place
// in every 256 bytes.
func counter(body string) func(int) int {
	const step = 256
	counts := make([]int, 0, len(body)/step+1)
	n := 0
	for i := range len(body) {
		if i%step == 0 {
			counts = append(counts, n)
		}
		if utf8.RuneStart(body[i]) {
			n++
		}
	}
	return func(at int) int {
		if at >= len(body) {
			return n
		}
		k := at / step
		c := counts[k]
		for i := k * step; i < at; i++ {
			if utf8.RuneStart(body[i]) {
				c++
			}
		}
		return c
	}
}
