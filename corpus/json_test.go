package corpus

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestEncodeCountsCodePoints(t *testing.T) {
	body := "自2018年起，取消𠮷财政直接拨款。2018年底前腾退。"
	at := strings.Index(body, "2018年底前")
	r := &Record{ID: "f1", Text: TextInfo{Body: body}}
	s := Span{at, at + len("2018年底前")}
	r.Deadlines = []Deadline{{Evidence: Cite(body, s, "by")}}
	data, err := Encode(r)
	if err != nil {
		t.Fatal(err)
	}
	if want := `"span":{"start":18,"end":25}`; !strings.Contains(string(data), want) {
		t.Errorf("want %s in\n%s", want, data)
	}
	if strings.Contains(string(data), `"clauses":null`) {
		t.Error("an empty list is written as null")
	}
	back, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s, back.Deadlines[0].Span); diff != "" {
		t.Errorf("span after a round trip (-want +got):\n%s", diff)
	}
}

func TestEncodeRefusesWrongWords(t *testing.T) {
	r := &Record{ID: "f1", Text: TextInfo{Body: "二〇一八年"}}
	for name, e := range map[string]Evidence{
		"other words":     {Quote: "二〇一九", Span: Span{0, 12}},
		"cut character":   {Quote: "二", Span: Span{0, 2}},
		"past the end":    {Quote: "二", Span: Span{0, 99}},
		"end before it":   {Quote: "", Span: Span{6, 3}},
		"negative offset": {Quote: "", Span: Span{-1, 3}},
	} {
		r.Times = []Time{{Evidence: e}}
		if _, err := Encode(r); err == nil {
			t.Errorf("%s: no error", name)
		}
		if r.Check() == nil {
			t.Errorf("%s: Check finds nothing", name)
		}
	}
}

func TestOffsetsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := rapid.StringOf(rapid.SampledFrom([]rune("a年〔𠮷é\n"))).Draw(t, "body")
		o := newOffsets(body)
		n := 0
		for b := range body {
			if got := o.chars(b); got != n {
				t.Fatalf("chars(%d) = %d, want %d", b, got, n)
			}
			if got, ok := o.bytes(n); !ok || got != b {
				t.Fatalf("bytes(%d) = %d %v, want %d", n, got, ok, b)
			}
			n++
		}
		if got, ok := o.bytes(n); !ok || got != len(body) || o.chars(len(body)) != n {
			t.Fatalf("the end: %d %v", got, ok)
		}
	})
}

func TestSourceMap(t *testing.T) {
	var m SourceMap
	// "年底" read from GB18030 at 10, then a line end of the reader's, then "a" read from "&#97;" at 20.
	m.Add(0, 3, 10, 2)
	m.Add(3, 3, 12, 2)
	m.Add(7, 1, 20, 5)
	if len(m) != 2 {
		t.Fatalf("%d marks, want 2: %v", len(m), m)
	}
	for _, c := range []struct {
		in   Span
		want []Span
	}{
		{Span{0, 6}, []Span{{10, 14}}},
		{Span{3, 6}, []Span{{12, 14}}},
		{Span{6, 7}, nil},
		{Span{0, 8}, []Span{{10, 14}, {20, 25}}},
	} {
		if diff := cmp.Diff(c.want, m.Source(c.in)); diff != "" {
			t.Errorf("%v (-want +got):\n%s", c.in, diff)
		}
	}
}
