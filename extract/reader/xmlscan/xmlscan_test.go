package xmlscan_test

import (
	"strings"
	"testing"

	"tuogou/extract/reader/flow"
	"tuogou/extract/reader/flow/flowtest"
	"tuogou/extract/reader/xmlscan"
)

// trace is the tokens of a document in short.
func trace(data string) string {
	s := xmlscan.New([]byte(data), 4)
	var out []string
	for {
		switch s.Next() {
		case xmlscan.EOF:
			return strings.Join(out, " ")
		case xmlscan.Start:
			out = append(out, "+"+s.Name())
		case xmlscan.End:
			out = append(out, "-"+s.Name())
		}
	}
}

func TestPairs(t *testing.T) {
	tests := []struct{ name, data, want string }{
		{"plain", `<?xml version="1.0"?><a:b x="1"><c/></a:b>`, "+b +c -c -b"},
		{"an end that fits no start", "<a></b></a>", "+a -a"},
		{"ends that are missing", "<a><b><c></a><d>", "+a +b +c -c -b -a +d -d"},
		{"cut off in a tag", `<a><b x="`, "+a -a"},
		{"> in an attribute, < in a comment", `<a x=">"><!-- <b> --></a>`, "+a -a"},
		{"nested too deep", "<a><b><c><d><e><f/></e></d></c></b></a>", "+a +b +c +d -d -c -b -a"},
		{"a list of definitions", `<!DOCTYPE a [<!ENTITY x "y">]><a/>`, "+a -a"},
	}
	for _, tt := range tests {
		if got := trace(tt.data); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestAttributes(t *testing.T) {
	s := xmlscan.New([]byte(`<a r:id="rId1" w:val = 'x&amp;"y' n="12" bad=z last="&#20013;"/>`), 4)
	s.Root()
	for name, want := range map[string]string{"id": "rId1", "val": `x&"y`, "last": "中", "none": ""} {
		if got := s.Attr(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if got := s.Int("n", 0); got != 12 {
		t.Errorf("got %d", got)
	}
}

func TestUTF8(t *testing.T) {
	for name, data := range map[string]string{
		"UTF-16, low byte first":  "\xff\xfe<\x00a\x00>\x00-N",
		"UTF-16, high byte first": "\xfe\xff\x00<\x00a\x00>N-",
		"GBK":                     `<?xml version="1.0" encoding="GB2312"?><a>` + "\xd6\xd0",
		"UTF-8":                   "<a>中",
	} {
		s := xmlscan.New(xmlscan.UTF8([]byte(data)), 4)
		s.Root()
		if got := s.String(); got != "中" {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

// FuzzChars: starts and ends pair, and every character is spelled by its bytes.
func FuzzChars(f *testing.F) {
	f.Add(`<a x="1">中&amp;&#x4e2d;<![CDATA[<b>]]>` + "\n</a>")
	f.Add("<a>&bad;&#0;]]><b/></c>")
	f.Fuzz(func(t *testing.T, data string) {
		s := xmlscan.New([]byte(data), 8)
		doc := &flow.Document{Streams: []flow.Stream{{Coding: flow.XML, Data: []byte(data)}}}
		var walk func(string)
		walk = func(string) {
			if s.Depth()%2 == 0 {
				l := flow.Line{Kind: flow.Para}
				s.Chars(func(c flow.Char) { l.Chars = append(l.Chars, c) })
				doc.Lines = append(doc.Lines, l)
				return
			}
			s.Each(walk)
		}
		for s.Root() != "" {
			walk("")
			if s.Depth() != 0 {
				t.Fatalf("%d elements stay open", s.Depth())
			}
		}
		flowtest.Check(t, doc)
	})
}
