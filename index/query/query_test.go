package query

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func text(v string) Node { return Text{Value: v} }

func TestParse(t *testing.T) {
	for _, c := range []struct {
		reason, in string
		want       Node
	}{
		{"empty is everything", "  　", All{}},
		{"one word", "脱钩", text("脱钩")},
		{"words are joined by AND", "脱钩　公示期", And{[]Node{text("脱钩"), text("公示期")}}},
		{"AND may be written", "脱钩 AND 公示期", And{[]Node{text("脱钩"), text("公示期")}}},
		{"a phrase keeps its spaces", `"资产 财务"`, text("资产 财务")},
		{"Chinese quotation marks", "“资产 财务”", text("资产 财务")},
		{"minus", "脱钩 -新闻", And{[]Node{text("脱钩"), Not{text("新闻")}}}},
		{"NOT", "NOT 新闻", Not{text("新闻")}},
		{"a minus inside a word is part of it", "2018-12", text("2018-12")},
		{"OR is weaker than AND", "a b OR c", Or{[]Node{And{[]Node{text("a"), text("b")}}, text("c")}}},
		{"a bar is OR", "民政|财政", Or{[]Node{text("民政"), text("财政")}}},
		{"parentheses", "a (b OR c)", And{[]Node{text("a"), Or{[]Node{text("b"), text("c")}}}}},
		{"full-width parentheses", "a （b OR c）", And{[]Node{text("a"), Or{[]Node{text("b"), text("c")}}}}},
		{"lower-case or is a word", "a or b", And{[]Node{text("a"), text("or"), text("b")}}},
		{"brackets of a document number", "发改体改(2019)1063号", text("发改体改(2019)1063号")},
		{"a bracket after a word closes the group", "(a b)", And{[]Node{text("a"), text("b")}}},
		{"field", "place:220106", Filter{Place, "220106"}},
		{"Chinese field, colon and value", "文种：方案", Filter{Kind, "plan"}},
		{"field with a name", "地区:绿园区", Filter{Place, "绿园区"}},
		{"quoted value", `place:"绿园 区"`, Filter{Place, "绿园 区"}},
		{"without a field", "-kind:news", Not{Filter{Kind, "news"}}},
		{"title", "title:脱钩", Text{Value: "脱钩", Title: true}},
		{"one year", "year:2018", Range{Year, "2018", "2018"}},
		{"years from", "年份:2018..", Range{Year, "2018", ""}},
		{"month of leap year", "due:2020-02", Range{Due, "2020-02-01", "2020-02-29"}},
		{"days up to", "due:..2018", Range{Due, "", "2018-12-31"}},
		{"days between", "due:2018-01-01..2018-12-31", Range{Due, "2018-01-01", "2018-12-31"}},
		{"unknown Chinese name before a colon is text", "联系人:张", text("联系人:张")},
		{"an address is text", "http://example.com", text("http://example.com")},
	} {
		t.Run(c.reason, func(t *testing.T) {
			got, err := Parse(c.in)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.in, diff)
			}
		})
	}
}

func TestParseErrors(t *testing.T) {
	for _, c := range []struct {
		in   string
		pos  int
		says string
	}{
		{"脱钩 \"公示", 3, "not closed"},
		{"脱钩 (公示", 3, "not closed"},
		{"脱钩)", 2, "closes nothing"},
		{"脱钩 OR", 5, "missing at the end"},
		{"OR 脱钩", 0, "missing before"},
		{"()", 1, "missing before"},
		{"脱钩 - 新闻", 3, "after the minus"},
		{"--脱钩", 1, "cannot stand"},
		{"plcae:220106", 0, "no field"},
		{"脱钩 kind:plann", 8, "not one of plan"},
		{"year:abc", 5, "want a year"},
		{"year:2019..2018", 5, "ends before"},
		{"due:2018-13", 4, "want a day"},
		{"due:..", 4, "at least one end"},
		{"place:", 0, "no value"},
		{`脱钩 ""`, 3, "nothing between"},
		{"a\x00b", 1, "not a character"},
		{strings.Repeat("(", 40) + "a", 31, "inside each other"},
		{strings.Repeat("a ", 200), 200, "more than"},
	} {
		_, err := Parse(c.in)
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%q: error %v", c.in, err)
			continue
		}
		if e.Pos != c.pos || !strings.Contains(e.Msg, c.says) {
			t.Errorf("%q: at %d %q, want at %d %q", c.in, e.Pos, e.Msg, c.pos, c.says)
		}
	}
}

func TestTexts(t *testing.T) {
	n, err := Parse("a (b OR title:c) -d kind:plan")
	if err != nil {
		t.Fatal(err)
	}
	want := []Text{{Value: "a"}, {Value: "b"}, {Value: "c", Title: true}}
	if diff := cmp.Diff(want, Texts(n)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	up := MapText(n, strings.ToUpper)
	if got := Texts(up)[0].Value; got != "A" {
		t.Errorf("mapped text is %q", got)
	}
}

// Every table row must be usable: fields exist as constants, aliases are unique.
func TestTables(t *testing.T) {
	known := map[Field]bool{Title: true, Place: true, Year: true, Kind: true, Level: true, Generation: true,
		Clause: true, Organ: true, Provision: true, Due: true, OnTopic: true}
	seen := map[string]bool{}
	for _, row := range rows(fieldTable, 2) {
		if !known[Field(row[0])] {
			t.Errorf("field %q is not known to the package", row[0])
		}
		for _, alias := range append(strings.Fields(row[1]), row[0]) {
			if seen[alias] {
				t.Errorf("%q names two fields", alias)
			}
			seen[alias] = true
		}
	}
	seen = map[string]bool{}
	for _, row := range rows(valueTable, 3) {
		for _, alias := range append(strings.Fields(row[2]), row[1]) {
			if key := row[0] + ":" + alias; seen[key] {
				t.Errorf("%q names two values", key)
			} else {
				seen[key] = true
			}
			if n, err := Parse(row[0] + ":" + alias); err != nil || n != Node(Filter{Field(row[0]), row[1]}) {
				t.Errorf("%s:%s becomes %v, %v", row[0], alias, n, err)
			}
		}
	}
	if diff := cmp.Diff([]string{"institution", "function", "asset", "personnel", "party"}, Values(Clause)); diff != "" {
		t.Errorf("clauses (-want +got):\n%s", diff)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"脱钩 -新闻", "a (b OR “c d”)|x", "年份：2015..2018 -due:..2018-06", `title:"a“b"`, "a(b)c", "((a)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := Parse(s)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.Pos < 0 || e.Pos > utf8.RuneCountInString(s) {
				t.Fatalf("%q: error %v", s, err)
			}
			return
		}
		back, err := Parse(n.String())
		if err != nil && len(n.String()) <= maxBytes {
			t.Fatalf("%q: %q does not parse: %v", s, n, err)
		}
		if diff := cmp.Diff(n, back); err == nil && diff != "" {
			t.Errorf("%q: %q parses to something else:\n%s", s, n, diff)
		}
	})
}
