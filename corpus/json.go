package corpus

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"sort"
	"unicode/utf8"
)

// Encode is the JSON form of r: one line, spans in code points of text.body,
// lists never null. It fails where a span does not fit the body or does not
// cover its quote, so that no record can leave the program with a fact that
// points at other words.
func Encode(r *Record) ([]byte, error) {
	out, err := EncodeWith(r.Text.Body, *r)
	if err != nil {
		return nil, fmt.Errorf("record %s: %w", r.ID, err)
	}
	return out, nil
}

// EncodeWith is the JSON form of v, a struct whose spans are of body, by the
// same rules.
func EncodeWith(body string, v any) ([]byte, error) {
	conv := newOffsets(body)
	out, err := respan(reflect.ValueOf(v), func(s Span) (Span, error) {
		if err := s.check(body); err != nil {
			return s, err
		}
		return Span{conv.chars(s.Start), conv.chars(s.End)}, nil
	}, body)
	if err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(out.Interface()); err != nil {
		return nil, err
	}
	return bytes.TrimRight(buf.Bytes(), "\n"), nil
}

// Decode reads what Encode wrote, with spans in bytes again.
func Decode(data []byte) (*Record, error) {
	var r Record
	if err := json.Unmarshal(data, &r); err != nil {
		return nil, fmt.Errorf("record: %w", err)
	}
	conv := newOffsets(r.Text.Body)
	out, err := respan(reflect.ValueOf(r), func(s Span) (Span, error) {
		b, ok := conv.bytes(s.Start)
		e, ok2 := conv.bytes(s.End)
		if !ok || !ok2 {
			return s, fmt.Errorf("span %d..%d does not fit a body of %d characters", s.Start, s.End, conv.total())
		}
		return Span{b, e}, nil
	}, "")
	if err != nil {
		return nil, fmt.Errorf("record %s: %w", r.ID, err)
	}
	r = out.Interface().(Record)
	return &r, nil
}

// Check reports the first fact of r whose quote is not what its span covers.
func (r *Record) Check() error {
	_, err := respan(reflect.ValueOf(*r), func(s Span) (Span, error) {
		return s, s.check(r.Text.Body)
	}, r.Text.Body)
	return err
}

var (
	spanType     = reflect.TypeFor[Span]()
	evidenceType = reflect.TypeFor[Evidence]()
)

// respan copies v with every Span in it passed through f, and every nil slice
// or map made empty. Where body is given, the quote of every Evidence with a
// span is compared with it. The walk is by type, so that a list added to
// Record later cannot be forgotten here.
func respan(v reflect.Value, f func(Span) (Span, error), body string) (reflect.Value, error) {
	switch v.Kind() {
	case reflect.Struct:
		return respanStruct(v, f, body)
	case reflect.Slice:
		out := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			e, err := respan(v.Index(i), f, body)
			if err != nil {
				return v, err
			}
			out.Index(i).Set(e)
		}
		return out, nil
	case reflect.Pointer:
		if v.IsNil() {
			return v, nil
		}
		e, err := respan(v.Elem(), f, body)
		if err != nil {
			return v, err
		}
		out := reflect.New(v.Type().Elem())
		out.Elem().Set(e)
		return out, nil
	case reflect.Map:
		out := reflect.MakeMapWithSize(v.Type(), v.Len())
		for it := v.MapRange(); it.Next(); {
			e, err := respan(it.Value(), f, body)
			if err != nil {
				return v, fmt.Errorf("%v: %w", it.Key(), err)
			}
			out.SetMapIndex(it.Key(), e)
		}
		return out, nil
	}
	return v, nil
}

func respanStruct(v reflect.Value, f func(Span) (Span, error), body string) (reflect.Value, error) {
	switch v.Type() {
	case spanType:
		s, err := f(v.Interface().(Span))
		return reflect.ValueOf(s), err
	case evidenceType:
		e := v.Interface().(Evidence)
		if body != "" && e.Span.check(body) == nil && e.Span.In(body) != e.Quote {
			return v, fmt.Errorf("rule %s: quote %q is not what stands at %d..%d (%q)", e.Rule, e.Quote, e.Span.Start, e.Span.End, e.Span.In(body))
		}
	}
	out := reflect.New(v.Type()).Elem()
	for i := range v.NumField() {
		e, err := respan(v.Field(i), f, body)
		if err != nil {
			return v, fmt.Errorf("%s: %w", v.Type().Field(i).Name, err)
		}
		out.Field(i).Set(e)
	}
	return out, nil
}

// offsets converts between byte offsets and code points of one body. It keeps
// one anchor every stride code points, so that a conversion scans little.
type offsets struct {
	body    string
	anchors []int // byte offset of code point i*stride
	n       int   // code points
}

const stride = 64

func newOffsets(body string) *offsets {
	o := &offsets{body: body, anchors: make([]int, 0, len(body)/(2*stride)+1)}
	for i := range body {
		if o.n%stride == 0 {
			o.anchors = append(o.anchors, i)
		}
		o.n++
	}
	return o
}

func (o *offsets) total() int { return o.n }

// chars is the number of code points before byte b.
func (o *offsets) chars(b int) int {
	k := sort.Search(len(o.anchors), func(i int) bool { return o.anchors[i] > b }) - 1
	if k < 0 {
		return 0
	}
	return k*stride + utf8.RuneCountInString(o.body[o.anchors[k]:b])
}

// bytes is the byte offset of code point c, and whether there is one.
func (o *offsets) bytes(c int) (int, bool) {
	if c < 0 || c > o.n {
		return 0, false
	}
	if c == o.n {
		return len(o.body), true
	}
	b := o.anchors[c/stride]
	for range c % stride {
		_, w := utf8.DecodeRuneInString(o.body[b:])
		b += w
	}
	return b, true
}
