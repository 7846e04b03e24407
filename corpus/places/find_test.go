package places

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
	"tuogou/corpus/corpustest"
)

// shown renders mentions as "words=code/code", with * for Part.
func shown(text string, ms []Mention) []string {
	var out []string
	for _, m := range ms {
		var cs []string
		for _, p := range m.Places {
			cs = append(cs, p.Code)
		}
		s := m.Span.In(text) + "=" + strings.Join(cs, "/")
		if m.Part {
			s += "*"
		}
		out = append(out, s)
	}
	return out
}

func TestFind(t *testing.T) {
	for _, c := range []struct {
		why, text string
		want      []string
	}{
		{"a chain of three is one mention", "吉林省长春市绿园区人民政府", []string{"吉林省长春市绿园区=220106"}},
		{"a chain of two", "长春市绿园区民政局", []string{"长春市绿园区=220106"}},
		{"short names in a chain", "浙江杭州的做法", []string{"浙江杭州=330100"}},
		{"short county after its parent", "江苏昆山", []string{"江苏昆山=320583"}},
		{"short county alone is a word", "和平与新华、昆山", nil},
		{"full county alone", "绿园区民政局", []string{"绿园区=220106"}},
		{"ambiguous county keeps all", "鼓楼区", []string{"鼓楼区=320106/320302/350102/410204"}},
		{"its parent settles it", "福州市鼓楼区", []string{"福州市鼓楼区=350102"}},
		{"district of a municipality", "北京市朝阳区", []string{"北京市朝阳区=110105"}},
		{"北京朝阳", "北京朝阳", []string{"北京朝阳=110105"}},
		{"province and city of one name", "吉林省、吉林市、吉林", []string{"吉林省=220000", "吉林市=220200", "吉林=220000/220200"}},
		{"province over city of one name", "吉林省吉林市", []string{"吉林省吉林市=220200"}},
		{"省 is not 区", "海南省与海南区", []string{"海南省=460000", "海南区=150303"}},
		{"a road", "上海路和南京路", []string{"上海=310000*", "南京=320100*"}},
		{"a park", "中山公园", []string{"中山=442000/210202*"}},
		{"a university", "吉林大学", []string{"吉林=220000/220200*"}},
		{"a chamber", "佛山市商会", []string{"佛山市=440600*"}},
		{"the associations of a place are no institution", "四川省行业协会商会", []string{"四川省=510000"}},
		{"a sub-district is no road", "上海街道", []string{"上海=310000"}},
		{"市场 begins in 佛山市", "佛山市场监管", []string{"佛山=440600"}},
		{"市 and 市场", "长春市市场监督管理局", []string{"长春市=220100"}},
		{"区域 is no 区", "北京朝阳区域", []string{"北京朝阳=110105"}},
		{"the reading that covers most", "济南市中区", []string{"济南市中区=370103"}},
		{"city and its district of a common name", "阳泉市城区", []string{"阳泉市城区=140302"}},
		{"a common word alone", "城区、郊区、新城区", nil},
		{"two characters within a list of words", "各省、市和县级机关", nil},
		{"a word over the border of two", "确保定期报告，平衡水平，创新乡村治理，推广安全", nil},
		{"such a name with its suffix", "保定市、保定、河北保定", []string{"保定市=130600", "保定=130600", "河北保定=130600"}},
		{"a river", "黄河南岸、长江西岸", nil},
		{"a person", "孙中山先生", nil},
		{"organ after province", "湖北公安厅、湖南会同有关部门", []string{"湖北=420000", "湖南=430000"}},
		{"provinces side by side stay apart", "北京天津河北", []string{"北京=110000", "天津=120000", "河北=130000"}},
		{"province-run", "湖北省仙桃市", []string{"湖北省仙桃市=429004"}},
		{"autonomous prefecture in short", "延边州延吉市", []string{"延边州延吉市=222401"}},
		{"a name out of use", "襄樊市", []string{"襄樊市=420600"}},
		{"abolished later", "闸北区", []string{"闸北区=310108"}},
		{"no text", "", nil},
		{"broken UTF-8 between", "长春市\xff\xe5佛山市", []string{"长春市=220100", "佛山市=440600"}},
	} {
		t.Run(c.why, func(t *testing.T) {
			if d := cmp.Diff(c.want, shown(c.text, Default().Find(c.text, 2018))); d != "" {
				t.Error(d)
			}
		})
	}
}

// What 渝北区 means depends on the year only through who else bears the name.
func TestFindYear(t *testing.T) {
	tab := Default()
	if d := cmp.Diff([]string{"通州区=110112/320612"}, shown("通州区", tab.Find("通州区", 2018))); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"通州区=110112"}, shown("通州区", tab.Find("通州区", 2005))); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"江北区=330205/500105"}, shown("江北区", tab.Find("江北区", 2018))); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"江北区=330205"}, shown("江北区", tab.Find("江北区", 0))); d != "" {
		t.Error(d)
	}
}

func TestFindWords(t *testing.T) {
	m := Default().Find("关于长春市绿园区与四川", 2018)
	if len(m) != 2 || m[0].Names != 2 || m[0].Short || m[1].Names != 1 || !m[1].Short {
		t.Errorf("%+v", m)
	}
}

// checkFind is what holds for any text.
func checkFind(t interface{ Errorf(string, ...any) }, text string, year int) {
	at := 0
	for _, m := range Default().Find(text, year) {
		if m.Span.Start < at || m.Span.End > len(text) || m.Span.Empty() || !utf8.ValidString(m.Span.In(text)) {
			t.Errorf("bad span %v in %q", m.Span, text)
			return
		}
		if len(m.Places) == 0 || m.Names < 1 {
			t.Errorf("empty mention %+v in %q", m, text)
		}
		at = m.Span.End
	}
}

func TestFindProperty(t *testing.T) {
	tab := Default()
	rapid.Check(t, func(t *rapid.T) {
		year := rapid.SampledFrom([]int{0, 1985, 2008, 2018, 2026}).Draw(t, "year")
		p := tab.rows[rapid.IntRange(0, len(tab.rows)-1).Draw(t, "place")]
		// A name that others bore in that year is found among them only if it
		// was in use then.
		if n := tab.Named(p.Name, p.From+max(0, (end(p)-p.From)/2)); p.To != 0 && p.From != 0 && !contains(n, p) {
			t.Errorf("Named(%s) without %v: %v", p.Name, p, n)
		}
		if n := tab.Named(p.Name, 0); p.To == 0 && !contains(n, p) {
			t.Errorf("Named(%s) without %v: %v", p.Name, p, n)
		}
		var b strings.Builder
		for range rapid.IntRange(0, 6).Draw(t, "pieces") {
			q := tab.rows[rapid.IntRange(0, len(tab.rows)-1).Draw(t, "piece")]
			b.WriteString(rapid.SampledFrom([]string{q.Name, q.Short(), "市", "区", "、", "\xe5", "协会", "a"}).Draw(t, "form"))
		}
		checkFind(t, b.String(), year)
	})
}

func contains(ps []Place, p Place) bool {
	for _, q := range ps {
		if q == p {
			return true
		}
	}
	return false
}

// Every valid county is found by its full path.
func TestFindEveryPath(t *testing.T) {
	tab := Default()
	for _, p := range tab.rows {
		if p.Code == NationCode || !p.Valid(2018) || p.To == 2018 || p.From == 2018 {
			continue
		}
		text := strings.Join(tab.Path(p.Code, 2018), "")
		ms := tab.Find(text, 2018)
		if len(ms) != 1 || len(ms[0].Places) != 1 || ms[0].Places[0].Code != p.Code || ms[0].Span.End != len(text) {
			t.Errorf("%s: %v", text, shown(text, ms))
		}
	}
}

func FuzzFind(f *testing.F) {
	f.Add("吉林省长春市绿园区", 2018)
	f.Add("省、市和县\xff南京路", 0)
	f.Fuzz(func(t *testing.T, text string, year int) { checkFind(t, text, year) })
}

func FuzzWith(f *testing.F) {
	f.Add("990000\t示例省\n990100\t云岭市\t2001\t\tprefecture\t990000\n")
	f.Add("220106-k\t某区\t\t\tzone\t220106\n")
	base := Default()
	f.Fuzz(func(t *testing.T, tsv string) {
		rows, err := parse(tsv)
		if err != nil || len(rows) == 0 {
			return
		}
		tab, err := base.With(strings.NewReader(tsv))
		if err != nil {
			return
		}
		for _, p := range rows {
			if len(tab.Path(p.Code, 0)) == 0 {
				t.Errorf("%+v has no path", p)
			}
			if tab.Within(p.Code, "111111") {
				t.Errorf("%+v lies under an unknown code", p)
			}
		}
	})
}

// Real texts: each says of which place it is.
func TestFindRealTexts(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(corpustest.Shared(t, "seeds"), "*.txt"))
	if err != nil || len(files) == 0 {
		t.Skip("no texts")
	}
	all := map[string]bool{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		checkFind(t, string(data), 2018)
		for _, s := range shown(string(data), Default().Find(string(data), 2018)) {
			all[s] = true
		}
	}
	for _, want := range []string{"长春市绿园区=220106", "台州市=331000", "佛山市=440600", "浙江省=330000"} {
		if !all[want] {
			t.Errorf("%s not found", want)
		}
	}
}

func BenchmarkFind5KB(b *testing.B) {
	line := "吉林省长春市绿园区民政局会同有关部门，按照四川省、浙江杭州的做法，推进行业协会商会与行政机关脱钩，2018年底前完成试点任务。"
	text := strings.Repeat(line, 5000/len(line)+1)
	tab := Default()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		tab.Find(text, 2018)
	}
}

func BenchmarkDefault(b *testing.B) {
	for b.Loop() {
		rows, err := parse(placesText)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := build(append(rows, Place{Code: NationCode, Name: "全国", Level: "nation"})); err != nil {
			b.Fatal(err)
		}
	}
}

func ExampleTable_ByDocPrefix() {
	for _, p := range Default().ByDocPrefix("长绿", 2018) {
		fmt.Println(p.Code, strings.Join(Default().Path(p.Code, 2018), ""))
	}
	// Output: 220106 吉林省长春市绿园区
}
