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
		{"one field for all in brackets", "kind:(plan OR 通知)", Or{[]Node{Filter{Kind, "plan"}, Filter{Kind, "notice"}}}},
		{"brackets of a number are no group", "number:(2018)50号", Filter{Number, "(2018)50号"}},
		{"missing is not has", "缺少:牵头", Not{Filter{Has, "lead"}}},
		{"not missing", "-missing:date", Not{Not{Filter{Has, "date"}}}},
		{"date as written in Chinese", "日期:2018年6月", Range{Date, "2018-06-01", "2018-06-30"}},
		{"years joined by 至", "年份:2015至2018", Range{Year, "2015", "2018"}},
		{"months without a zero", "due:2018-6-1..2018-6", Range{Due, "2018-06-01", "2018-06-30"}},
		{"a star ends a word", "民政*", text("民政")},
		{"a star in a value is the index's business", "number:示政办发*", Filter{Number, "示政办发*"}},
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
}

// Every table row must be usable: fields exist as constants, aliases are unique.
func TestTables(t *testing.T) {
	known := map[Field]bool{Title: true, Place: true, Year: true, Kind: true, Level: true, Generation: true,
		Clause: true, Organ: true, Provision: true, Due: true, OnTopic: true, Issuer: true, Number: true, Source: true, Role: true,
		Lead: true, Date: true, Fetched: true, Has: true, Missing: true}
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

// lang is a language as the program would give it, in small.
var lang = Language{
	Simplify: strings.NewReplacer("標題", "标题", "脫鉤", "脱钩", "財政", "财政").Replace,
	Organs: func(name string) ([]string, string) {
		switch name {
		case "财政局", "finance":
			return []string{"finance"}, ""
		case "业务主管单位":
			return []string{"supervisor", "other"}, ""
		}
		return nil, "财政局"
	},
	Places: func(name string) []string {
		return map[string][]string{"示例市": {"990100"}, "鼓楼区": {"990101", "990201"}}[name]
	},
	Synonyms: func(word string) []string {
		if word == "编办" {
			return []string{"机构编制委员会办公室"}
		}
		return nil
	},
}

func TestLanguage(t *testing.T) {
	for _, c := range []struct{ reason, in, want, notes string }{
		{"traditional characters in names and words", "標題:脫鉤", `title:"脱钩"`, ""},
		{"an organ by name", "部门:財政局", `organ:"finance"`, "organs"},
		{"a name of two kinds", "牵头:业务主管单位", `lead:"supervisor" OR lead:"other"`, "organs"},
		{"an id needs no note", "organ:finance", `organ:"finance"`, ""},
		{"a place by name", "地区:示例市", `place:"990100"`, ""},
		{"places of one name", "地区:鼓楼区", `place:"990101" OR place:"990201"`, "places"},
		{"a place that no gazetteer knows is asked for by name", "地区:无名市", `place:"无名市"`, "no_such_place"},
		{"a word and its synonyms", "编办", `"编办" OR "机构编制委员会办公室"`, "synonyms"},
		{"a phrase is what it is", `"编办"`, `"编办"`, ""},
		{"synonyms in titles", "title:编办 a", `(title:"编办" OR title:"机构编制委员会办公室") "a"`, "synonyms"},
		{"or is a word, and said to be one", "a or b", `"a" "or" "b"`, "lower_case"},
		{"a star", "民政*", `"民政"`, "star"},
	} {
		t.Run(c.reason, func(t *testing.T) {
			p, err := lang.Parse(c.in)
			if err != nil {
				t.Fatal(err)
			}
			var notes []string
			for _, n := range p.Notes {
				notes = append(notes, n.ID)
			}
			if got := p.Node.String(); got != c.want || strings.Join(notes, " ") != c.notes {
				t.Errorf("%s: %s, notes %v", c.in, got, notes)
			}
		})
	}
}

// What is proposed must be a query that can be read.
func TestFixes(t *testing.T) {
	for _, c := range []struct{ in, fix string }{
		{"plcae:220106", "place:220106"},
		{"脱钩 kind:plann -新闻", "脱钩 kind:plan -新闻"},
		{"文种:方按", "文种:方案"},
		{"脱钩 (公示", "脱钩 (公示)"},
		{"脱钩 “公示", "脱钩 “公示”"},
		{`脱钩 "公示`, `脱钩 "公示"`},
		{"脱钩)", "脱钩"},
		{"脱钩 - 新闻", "脱钩 -新闻"},
		{"资产*分离", "资产 分离"},
		{"部门:财攻局", "部门:财政局"},
		{"missing:datte", "missing:date"},
		{"zzzzzz:1", ""},
	} {
		_, err := lang.Parse(c.in)
		var e *Error
		if !errors.As(err, &e) || e.Fix != c.fix {
			t.Errorf("%q: %v, want the fix %q", c.in, err, c.fix)
			continue
		}
		if c.fix == "" {
			continue
		}
		if _, err := lang.Parse(c.fix); err != nil {
			t.Errorf("the fix %q: %v", c.fix, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"脱钩 -新闻", "a (b OR “c d”)|x", "年份：2015..2018 -due:..2018-06", `title:"a“b"`, "a(b)c", "((a)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if p, err := lang.Parse(s); err == nil {
			for _, n := range p.Notes {
				if n.Pos > utf8.RuneCountInString(s) {
					t.Fatalf("%q: note %+v", s, n)
				}
			}
		}
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
