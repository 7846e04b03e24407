package compare

import (
	"reflect"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"tuogou/corpus"
)

// hidden is what stands in place of each character of personal data.
const hidden = "＊"

// Quote is the words that s covers in the body of r, with every character of a
// contact replaced by ＊, so that the number of characters stays the same. It
// is empty where s does not fit the body. Any number of goroutines may call it.
func Quote(r *corpus.Record, s corpus.Span) string {
	return newSource(r).quote(s)
}

// Mask is a copy of r without personal data: the body, the quotes and all
// derived words have each character of a contact replaced by ＊. Code point
// offsets stay as they are, byte offsets move with the masked body, and
// text.sha256 is that of the masked body. r itself is not changed.
func Mask(r *corpus.Record) *corpus.Record {
	src := newSource(r)
	m := masking{words: contactWords(r.Contacts)}
	m.body, m.moved = src.maskBody()
	out := m.walk(reflect.ValueOf(*r)).Interface().(corpus.Record)
	out.Text.Body = m.body
	if m.body != r.Text.Body {
		out.Text.SHA256 = corpus.HashBytes([]byte(m.body))
	}
	return &out
}

// Hide is words with those of the contacts of r in them replaced by ＊.
func Hide(r *corpus.Record, words string) string {
	return hideWords(words, contactWords(r.Contacts))
}

// HideParts is Hide for words that stand one behind the other in the body of r: there a
// contact of which only a part is quoted is known, too.
func HideParts(r *corpus.Record, parts ...string) []string {
	out := make([]string, len(parts))
	at := strings.Index(r.Text.Body, strings.Join(parts, ""))
	for i, words := range parts {
		if at < 0 {
			out[i] = Hide(r, words)
			continue
		}
		out[i] = Quote(r, corpus.Span{Start: at, End: at + len(words)})
		at += len(words)
	}
	return out
}

// source is a record made ready for quoting.
type source struct {
	r       *corpus.Record
	private []corpus.Span // sorted, not overlapping
}

func newSource(r *corpus.Record) *source {
	var spans []corpus.Span
	for _, c := range r.Contacts {
		if !fits(c.Span, r.Text.Body) {
			continue
		}
		spans = append(spans, c.Span)
		if c.Kind != "name" && utf8.RuneCountInString(c.Quote) >= minNumber {
			spans = append(spans, occurrences(r.Text.Body, c.Quote)...)
		}
	}
	return &source{r: r, private: union(spans)}
}

// minNumber is the length in characters from which a number is personal wherever
// it stands: the 110 of a hotline is also part of many other numbers.
const minNumber = 6

func occurrences(body, words string) []corpus.Span {
	var out []corpus.Span
	for at := 0; ; {
		i := strings.Index(body[at:], words)
		if i < 0 {
			return out
		}
		out = append(out, corpus.Span{Start: at + i, End: at + i + len(words)})
		at += i + len(words)
	}
}

func union(spans []corpus.Span) []corpus.Span {
	sort.Slice(spans, func(i, j int) bool { return spans[i].Start < spans[j].Start })
	var out []corpus.Span
	for _, s := range spans {
		if n := len(out); n > 0 && s.Start <= out[n-1].End {
			out[n-1].End = max(out[n-1].End, s.End)
			continue
		}
		out = append(out, s)
	}
	return out
}

func fits(s corpus.Span, body string) bool {
	return s.Start >= 0 && s.Start <= s.End && s.End <= len(body) &&
		boundary(body, s.Start) && boundary(body, s.End)
}

func boundary(s string, i int) bool { return i == len(s) || utf8.RuneStart(s[i]) }

func (src *source) quote(s corpus.Span) string {
	body := src.r.Text.Body
	if !fits(s, body) {
		return ""
	}
	var b strings.Builder
	at := s.Start
	for _, p := range src.private {
		if !p.Overlaps(s) {
			continue
		}
		start, end := max(p.Start, s.Start), min(p.End, s.End)
		b.WriteString(body[at:start])
		b.WriteString(stars(body[start:end]))
		at = end
	}
	b.WriteString(body[at:s.End])
	return b.String()
}

// stars hides each character of words except white space, which may be a line
// end that the layout of the text needs.
func stars(words string) string {
	var b strings.Builder
	for _, c := range words {
		if unicode.IsSpace(c) {
			b.WriteRune(c)
			continue
		}
		b.WriteString(hidden)
	}
	return b.String()
}

// maskBody is the masked body, and for each byte offset of the body the offset
// in the masked one.
func (src *source) maskBody() (string, []int) {
	body := src.r.Text.Body
	moved := make([]int, len(body)+1)
	var b strings.Builder
	next := 0
	for i, c := range body {
		for next < len(src.private) && src.private[next].End <= i {
			next++
		}
		width := utf8.RuneLen(c)
		if c == utf8.RuneError {
			_, width = utf8.DecodeRuneInString(body[i:])
		}
		for k := range width {
			moved[i+k] = b.Len()
		}
		if next < len(src.private) && src.private[next].Start <= i && !unicode.IsSpace(c) {
			b.WriteString(hidden)
			continue
		}
		b.WriteString(body[i : i+width])
	}
	moved[len(body)] = b.Len()
	return b.String(), moved
}

// contactWords are the contacts' words that are hidden in strings without a span
// of their own, such as the steps of a trace.
func contactWords(contacts []corpus.Contact) []string {
	var out []string
	for _, c := range contacts {
		n := utf8.RuneCountInString(c.Quote)
		if n >= minNumber || c.Kind == "name" && n >= 2 {
			out = append(out, c.Quote)
		}
	}
	// Longest first: a number with its area code holds the number without.
	sort.Slice(out, func(i, j int) bool {
		if len(out[i]) != len(out[j]) {
			return len(out[i]) > len(out[j])
		}
		return out[i] < out[j]
	})
	return out
}

func hideWords(s string, words []string) string {
	for _, w := range words {
		s = strings.ReplaceAll(s, w, stars(w))
	}
	return s
}

// reviews are a copy of vs, masked.
func (src *source) reviews(vs []corpus.Review) []corpus.Review {
	words := contactWords(src.r.Contacts)
	var out []corpus.Review
	for _, v := range vs {
		v.Was, v.Want, v.Now = hideWords(v.Was, words), hideWords(v.Want, words), hideWords(v.Now, words)
		v.Quote, v.Note = hideWords(v.Quote, words), hideWords(v.Note, words)
		out = append(out, v)
	}
	return out
}

// masking copies a record by type, so that a list added to corpus.Record later
// cannot be forgotten here.
type masking struct {
	body  string
	moved []int
	words []string
}

var (
	spanType     = reflect.TypeFor[corpus.Span]()
	evidenceType = reflect.TypeFor[corpus.Evidence]()
	sourceType   = reflect.TypeFor[corpus.Source]()
	textType     = reflect.TypeFor[string]()
)

func (m *masking) walk(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.String:
		if v.Type() == textType {
			return reflect.ValueOf(hideWords(v.String(), m.words))
		}
	case reflect.Struct:
		return m.walkStruct(v)
	case reflect.Slice:
		if v.IsNil() {
			return v
		}
		out := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			out.Index(i).Set(m.walk(v.Index(i)))
		}
		return out
	case reflect.Pointer:
		if v.IsNil() {
			return v
		}
		out := reflect.New(v.Type().Elem())
		out.Elem().Set(m.walk(v.Elem()))
		return out
	case reflect.Map:
		if v.IsNil() {
			return v
		}
		out := reflect.MakeMapWithSize(v.Type(), v.Len())
		for it := v.MapRange(); it.Next(); {
			out.SetMapIndex(it.Key(), m.walk(it.Value()))
		}
		return out
	}
	return v
}

func (m *masking) walkStruct(v reflect.Value) reflect.Value {
	switch v.Type() {
	case spanType:
		s := v.Interface().(corpus.Span)
		return reflect.ValueOf(corpus.Span{Start: m.move(s.Start), End: m.move(s.End)})
	case sourceType: // an address is a fact about the page, not about a person
		return v
	}
	out := reflect.New(v.Type()).Elem()
	for i := range v.NumField() {
		out.Field(i).Set(m.walk(v.Field(i)))
	}
	if v.Type() == evidenceType {
		e := out.Interface().(corpus.Evidence)
		if !e.Span.Empty() && fits(e.Span, m.body) {
			e.Quote = e.Span.In(m.body)
		}
		return reflect.ValueOf(e)
	}
	return out
}

// move leaves an offset that fits no body as it is: Encode will report it.
func (m *masking) move(at int) int {
	if at < 0 || at >= len(m.moved) {
		return at
	}
	return m.moved[at]
}
