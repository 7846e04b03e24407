package office

import "testing"

func TestNumber(t *testing.T) {
	tests := []struct {
		n            int
		format, want string
	}{
		{10, "chineseCounting", "十"},
		{11, "chineseCountingThousand", "十一"},
		{20, "chineseCounting", "二十"},
		{101, "chineseCountingThousand", "一百零一"},
		{110, "chineseCountingThousand", "一百一十"},
		{1001, "chineseCountingThousand", "一千零一"},
		{10, "chineseLegalSimplified", "壹拾"},
		{12, "ideographDigital", "一二"},
		{3, "ideographTraditional", "丙"},
		{11, "ideographTraditional", "11"}, // past the last of them
		{2, "ideographEnclosedCircle", "㈡"},
		{3, "decimalEnclosedCircle", "③"},
		{5, "decimalFullWidth", "５"},
		{9, "decimalZero", "09"},
		{10, "decimalZero", "10"},
		{14, "lowerRoman", "xiv"},
		{28, "upperLetter", "BB"},
		{-1, "upperRoman", "-1"}, // hostile
		{1 << 40, "lowerLetter", "1099511627776"},
		{7, "somethingNew", "7"},
	}
	for _, tt := range tests {
		if got := number(tt.n, tt.format); got != tt.want {
			t.Errorf("%d as %s: got %q, want %q", tt.n, tt.format, got, tt.want)
		}
	}
}

// TestNumbering counts as a plan does: 一、（一）1. and again under the next 一、.
func TestNumbering(t *testing.T) {
	l := newList()
	for i, text := range []string{"%1、", "（%2）", "%1.%2.%3\n", "第%4条"} {
		l.levels[i] = level{start: 1, format: "chineseCounting", text: text, restart: -1, tight: i < 2}
	}
	l.levels[2].format, l.levels[2].legal = "decimal", true
	l.levels[3].restart = 0 // articles count through all chapters
	n := numbering{1: {list: l}, 2: {list: l, starts: map[int]int{0: 5}}}
	tests := []struct {
		list, level int
		want        string
	}{
		{1, 0, "一、"}, {1, 1, "（一）"}, {1, 3, "第一条 "}, {1, 1, "（二）"}, {1, 2, "1.2.1"},
		{1, 0, "二、"}, {1, 1, "（一）"}, {1, 3, "第二条 "},
		{2, 0, "五、"}, {2, 0, "六、"}, // begins at 5, once
		{3, 0, ""}, {1, 9, ""}, {1, -1, ""}, // no such list or level
	}
	for i, tt := range tests {
		got := ""
		for _, c := range added(n.next(tt.list, tt.level)) {
			got += string(c.R)
		}
		if got != tt.want && got != tt.want+" " {
			t.Errorf("step %d: got %q, want %q", i, got, tt.want)
		}
	}
}
