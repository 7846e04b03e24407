package extract_test

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/sfomuseum/go-edtf/parser"
	"pgregory.net/rapid"

	"tuogou/corpus"
	"tuogou/extract"
)

// sound reports by which of its promises a record of text falls short.
func sound(t interface {
	Helper()
	Errorf(string, ...any)
}, x *extract.Extractor, text *corpus.Text) {
	t.Helper()
	rec := x.Extract(corpus.Source{}, text, extract.Options{Date: "2018-08-09"})
	if err := rec.Check(); err != nil {
		t.Errorf("check: %v", err)
	}
	one, err := corpus.Encode(rec)
	if err != nil {
		t.Errorf("encode: %v", err)
	}
	two, _ := corpus.Encode(x.Extract(corpus.Source{}, text, extract.Options{Date: "2018-08-09"}))
	if !bytes.Equal(one, two) {
		t.Errorf("two runs differ")
	}
	for _, m := range rec.Times {
		validEDTF(t, m.EDTF, m.Quote)
	}
	uids := map[string]bool{}
	for _, d := range rec.Deadlines {
		validEDTF(t, d.EDTF, d.Quote)
		if d.Start != nil && d.End != nil && *d.Start > *d.End {
			t.Errorf("%q runs from %s to %s", d.Quote, *d.Start, *d.End)
		}
		if uids[d.UID] {
			t.Errorf("uid %s stands twice", d.UID)
		}
		uids[d.UID] = true
	}
}

func validEDTF(t interface {
	Helper()
	Errorf(string, ...any)
}, s, quote string) {
	t.Helper()
	if s == "" {
		return
	}
	if strings.Contains(s, "/") {
		// Level 1 has "1984/2004-06~"; the parser knows "~" only outside intervals.
		s = strings.ReplaceAll(s, "~", "")
	}
	if _, err := parser.ParseString(s); err != nil {
		t.Errorf("%q: %q is no EDTF: %v", quote, s, err)
	}
}

// clean makes any bytes a body as readers give it.
func clean(s string) []string {
	s = strings.ToValidUTF8(s, "")
	s = strings.NewReplacer("\x00", "", "\r", "").Replace(s)
	var lines []string
	for _, l := range strings.Split(s, "\n") {
		if l != "" {
			lines = append(lines, l)
		}
	}
	return lines
}

func FuzzExtract(f *testing.F) {
	for _, s := range []string{
		"示例市脱钩方案\n一、任务\n（一）机构分离，规范综合监管关系。2018年底前完成。（市民政局负责）",
		"关于印发《甲方案》的通知\n甲方案\n（2018年8月?2018年9月中下旬）自印发之日起30日内，由市财政局会同审计局报市政府批准。",
		"一是机构分离，二是职能分离；三是人员管理分离：6月31日前、当年年底、今后3至5年、十三五期间",
		"截止2018年2月29日（《〈【“",
		"2018年13月40日 第十五季度 二〇一八年九月 每季末 国庆节前 99999年",
	} {
		f.Add(s)
	}
	x := newExtractor(f)
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 4000 {
			t.Skip("longer than needed")
		}
		sound(t, x, textOf(clean(s)...))
	})
}

// Any order of pieces that real plans are made of gives a sound record.
func TestAnyMixtureIsSound(t *testing.T) {
	x := newExtractor(t)
	pieces := []string{
		"2018年", "12月", "31日", "底", "前", "自", "起", "至", "—", "今年", "次年", "上旬", "第三季度", "下半年", "三个月内", "印发之日", "后",
		"一、", "（一）", "1.", "一是", "第一条　", "机构分离", "，规范综合监管关系", "职能分离", "人员分离", "市民政局", "、", "会同", "市财政局", "负责", "牵头",
		"报", "批准", "《总体方案》", "（中办发〔2015〕39号）", "（", "）", "。", "；", "\n", "完成脱钩", "每年", "截至", "力争用", "两年时间", "联系人：示某", "0999-0000001",
	}
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 60).Draw(t, "pieces"), "")
		sound(t, x, textOf(append([]string{"示例市行业协会商会与行政机关脱钩实施方案"}, clean(s)...)...))
	})
}

// Times of any line are sorted, stand on rune boundaries and hold the words quoted.
func FuzzTimes(f *testing.F) {
	for _, s := range []string{
		"2018年10月底前完成，9月10日、11日，两年半内；每周五前，自方案批准之日起", "08年、零八年一季度末、2007年与2009年间、首季度初",
		"连续两年未年检，满20年，三年前，近三年来，24年", "2月29日前至3月底，由原定的11月底提前至9月30日前", "记者2017年7月3日从市民政局获悉，明年6月底前",
	} {
		f.Add(s)
	}
	x := newExtractor(f)
	f.Fuzz(func(t *testing.T, s string) {
		lines := clean(s)
		if len(s) > 600 || len(lines) == 0 {
			t.Skip("longer than needed, or empty")
		}
		rec := x.Extract(corpus.Source{}, textOf(append([]string{"示例市脱钩实施方案"}, lines...)...), extract.Options{Date: "2018-08-09"})
		last := 0
		for _, m := range rec.Times {
			if m.Span.Start < last {
				t.Errorf("%q stands out of order", m.Quote)
			}
			last = m.Span.Start
			body := rec.Text.Body
			if !utf8.ValidString(m.Quote) || m.Span.End > len(body) || body[m.Span.Start:m.Span.End] != m.Quote {
				t.Errorf("%q is not at %d to %d", m.Quote, m.Span.Start, m.Span.End)
			}
			validEDTF(t, m.EDTF, m.Quote)
		}
	})
}
