package corpus

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"sort"
	"unicode/utf8"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
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
	own := reflect.New(reflect.TypeOf(v)).Elem()
	own.Set(reflect.ValueOf(v))
	w := walker{body: body, copy: true, fill: true, span: func(s *Span) error {
		if err := s.check(body); err != nil {
			return err
		}
		*s = Span{conv.chars(s.Start), conv.chars(s.End)}
		return nil
	}}
	if err := w.walk(own); err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(own.Addr().Interface()); err != nil {
		return nil, err
	}
	return bytes.TrimRight(buf.Bytes(), "\n"), nil
}

// Decode reads what Encode wrote, with spans in bytes again.
func Decode(data []byte) (*Record, error) {
	r := new(Record)
	// What runs over many records spends most of its time here.
	if err := jsonv2.Unmarshal(data, r, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)); err != nil {
		return nil, fmt.Errorf("record: %w", err)
	}
	conv := newOffsets(r.Text.Body)
	w := walker{fill: true, span: func(s *Span) error {
		b, ok := conv.bytes(s.Start)
		e, ok2 := conv.bytes(s.End)
		if !ok || !ok2 {
			return fmt.Errorf("span %d..%d does not fit a body of %d characters", s.Start, s.End, conv.total())
		}
		*s = Span{b, e}
		return nil
	}}
	if err := w.walk(reflect.ValueOf(r).Elem()); err != nil {
		return nil, fmt.Errorf("record %s: %w", r.ID, err)
	}
	return r, nil
}

// Check reports the first fact of r whose quote is not what its span covers.
func (r *Record) Check() error {
	w := walker{body: r.Text.Body, span: func(s *Span) error { return s.check(r.Text.Body) }}
	return w.walk(reflect.ValueOf(r).Elem())
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
