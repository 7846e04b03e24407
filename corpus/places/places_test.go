package places

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"tuogou/corpus"
)

// codes renders places as "code name" for comparison.
func codes(ps []Place) []string {
	var out []string
	for _, p := range ps {
		out = append(out, p.Code+" "+p.Name)
	}
	return out
}

func TestByCode(t *testing.T) {
	tab := Default()
	for _, c := range []struct {
		why, code string
		year      int
		want      Place
	}{
		{"district of a city", "220106", 2018, Place{"220106", "绿园区", corpus.County, "220100", 1995, 0}},
		{"city", "440600", 0, Place{"440600", "佛山市", corpus.Prefecture, "440000", 0, 0}},
		{"city that was a prefecture under another code", "331000", 0, Place{"331000", "台州市", corpus.Prefecture, "330000", 1994, 0}},
		{"province", "330000", 1999, Place{"330000", "浙江省", corpus.Province, NationCode, 0, 0}},
		{"the nation", NationCode, 2015, Place{NationCode, "全国", corpus.Nation, "", 0, 0}},
		{"abolished, asked for later", "110103", 2016, Place{"110103", "崇文区", corpus.County, "110000", 0, 2010}},
		{"before a renaming", "420600", 2009, Place{"420600", "襄樊市", corpus.Prefecture, "420000", 0, 2010}},
		{"year of the renaming: the later", "420600", 2010, Place{"420600", "襄阳市", corpus.Prefecture, "420000", 2010, 0}},
		{"after a renaming", "420600", 2016, Place{"420600", "襄阳市", corpus.Prefecture, "420000", 2010, 0}},
		{"莱芜市 went into 济南市 in January 2019", "371200", 2019, Place{"371200", "莱芜市", corpus.Prefecture, "370000", 1992, 2019}},
		{"its district before that", "371202", 2015, Place{"371202", "莱城区", corpus.County, "371200", 1992, 2019}},
		{"in its new city", "370116", 2020, Place{"370116", "莱芜区", corpus.County, "370100", 2018, 0}},
		{"市 → 区", "220181", 2015, Place{"220181", "九台市", corpus.County, "220100", 1995, 2014}},
		{"abolished 2015", "310108", 0, Place{"310108", "闸北区", corpus.County, "310000", 0, 2015}},
		{"abolished 2021", "330104", 2021, Place{"330104", "江干区", corpus.County, "330100", 0, 2021}},
		{"abolished 2025", "500105", 0, Place{"500105", "江北区", corpus.County, "500000", 1997, 2025}},
		{"new 2025", "500157", 0, Place{"500157", "两江新区", corpus.County, "500000", 2025, 0}},
		{"asked for before its time", "500157", 2010, Place{"500157", "两江新区", corpus.County, "500000", 2025, 0}},
		{"Taiwan under its GB code", "710000", 0, Place{"710000", "台湾省", corpus.Province, NationCode, 0, 0}},
	} {
		t.Run(c.why, func(t *testing.T) {
			got, ok := tab.ByCode(c.code, c.year)
			if !ok {
				t.Fatal("not found")
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
	for _, code := range []string{"", "999999", "830000", "110100", "22"} {
		if p, ok := tab.ByCode(code, 0); ok {
			t.Errorf("%q gives %v", code, p)
		}
	}
}

func TestPathWithinChildren(t *testing.T) {
	tab := Default()
	for _, c := range []struct {
		why, code string
		year      int
		want      string
	}{
		{"three levels", "220106", 2018, "吉林省 长春市 绿园区"},
		{"a municipality has no level between", "110105", 2018, "北京市 朝阳区"},
		{"run by the province", "419001", 2018, "河南省 济源市"},
		{"in 新疆 too", "659001", 2018, "新疆维吾尔自治区 石河子市"},
		{"name of the time", "420606", 2008, "湖北省 襄樊市 樊城区"},
		{"name of now", "420606", 0, "湖北省 襄阳市 樊城区"},
		{"city of the time", "341421", 2008, "安徽省 巢湖市 庐江县"},
		{"nation", NationCode, 0, "全国"},
		{"unknown", "999999", 0, ""},
	} {
		if got := strings.Join(tab.Path(c.code, c.year), " "); got != c.want {
			t.Errorf("%s: Path(%s, %d) = %s, want %s", c.why, c.code, c.year, got, c.want)
		}
	}
	for _, c := range []struct {
		code, above string
		want        bool
	}{
		{"220106", "220000", true}, {"220106", "220100", true}, {"220106", NationCode, true}, {"220106", "220106", true},
		{"220106", "330000", false}, {"220100", "220106", false}, {"999999", "999999", false}, {"999999", NationCode, false},
	} {
		if got := tab.Within(c.code, c.above); got != c.want {
			t.Errorf("Within(%s, %s) = %v", c.code, c.above, got)
		}
	}
	if got := tab.Parent("441900"); got != "440000" {
		t.Errorf("parent of 东莞市 is %q", got)
	}
	if got := codes(tab.Children("350200", 2018)); len(got) != 6 || got[0] != "350203 思明区" {
		t.Errorf("districts of 厦门市: %v", got)
	}
	if got := tab.Children("500000", 0); len(got) != 37 {
		t.Errorf("重庆市 has %d districts and counties, want 25 + 8 + 4", len(got))
	}
	if got := tab.Children(NationCode, 0); len(got) != 34 {
		t.Errorf("%d provinces", len(got))
	}
}

func TestNamed(t *testing.T) {
	tab := Default()
	for _, c := range []struct {
		why, name string
		year      int
		want      []string
	}{
		{"one name, four cities", "鼓楼区", 2018, []string{"320106 鼓楼区", "320302 鼓楼区", "350102 鼓楼区", "410204 鼓楼区"}},
		{"short name of province and city, province first", "吉林", 2018, []string{"220000 吉林省", "220200 吉林市"}},
		{"full name of the city", "吉林市", 2018, []string{"220200 吉林市"}},
		{"one word on three levels", "海南", 2018, []string{"460000 海南省", "632500 海南藏族自治州", "150303 海南区"}},
		{"full name with 省", "海南省", 2018, []string{"460000 海南省"}},
		{"district only", "海南区", 2018, []string{"150303 海南区"}},
		{"city, districts and county", "朝阳", 2018, []string{"211300 朝阳市", "110105 朝阳区", "211324 喀喇沁左翼蒙古族自治县"}[:0]},
		{"out of use: found at any year", "闸北区", 2020, []string{"310108 闸北区"}},
		{"old name, old time", "襄樊", 2009, []string{"420600 襄樊市"}},
		{"both in the year of the change", "襄阳市", 2010, []string{"420600 襄阳市"}},
		{"usual short form of an autonomous prefecture", "延边州", 2018, []string{"222400 延边朝鲜族自治州"}},
		{"nation", "全国", 2018, []string{"000000 全国"}},
		{"no such place", "脱钩市", 2018, nil},
	} {
		if c.name == "朝阳" {
			got := codes(tab.Named(c.name, c.year))
			if len(got) < 4 || got[0] != "211300 朝阳市" {
				t.Errorf("%s: %v", c.why, got)
			}
			continue
		}
		if d := cmp.Diff(c.want, codes(tab.Named(c.name, c.year))); d != "" {
			t.Errorf("%s: %s", c.why, d)
		}
	}
}

func TestShort(t *testing.T) {
	for full, want := range map[string]string{
		"绿园区": "绿园", "长春市": "长春", "吉林省": "吉林", "广西壮族自治区": "广西", "延边朝鲜族自治州": "延边", "和县": "和县",
		"城区": "城区", "西藏自治区": "西藏", "内蒙古自治区": "内蒙古", "新疆维吾尔自治区": "新疆", "恩施土家族苗族自治州": "恩施",
		"克孜勒苏柯尔克孜自治州": "克孜勒苏", "东乡族自治县": "东乡", "鄂温克族自治旗": "鄂温克", "积石山保安族东乡族撒拉族自治县": "积石山",
		"龙胜各族自治县": "龙胜", "管城回族区": "管城", "浦东新区": "浦东", "神农架林区": "神农架", "香港特别行政区": "香港", "大兴安岭地区": "大兴安岭",
		"锡林郭勒盟": "锡林郭勒", "双江拉祜族佤族布朗族傣族自治县": "双江", "三都水族自治县": "三都", "玛多县": "玛多", "梅里斯达斡尔族区": "梅里斯",
	} {
		if got := (Place{Name: full}).Short(); got != want {
			t.Errorf("%s → %s, want %s", full, got, want)
		}
	}
}

func TestAbbreviation(t *testing.T) {
	tab := Default()
	for abbr, want := range map[string]string{
		"吉": "220000", "浙": "330000", "粤": "440000", "川": "510000", "蜀": "510000", "贵": "520000", "黔": "520000", "云": "530000",
		"滇": "530000", "陕": "610000", "秦": "610000", "甘": "620000", "陇": "620000", "宁": "640000",
	} {
		if d := cmp.Diff([]string{want}, tab.Abbreviation(abbr)); d != "" {
			t.Errorf("%s: %s", abbr, d)
		}
	}
	for _, not := range []string{"佛", "穗", "", "川委"} {
		if got := tab.Abbreviation(not); got != nil {
			t.Errorf("%s: %v", not, got)
		}
	}
	for _, p := range tab.Children(NationCode, 0) {
		has := false
		for _, c := range knowledge().abbr {
			has = has || strings.Contains(strings.Join(c, " "), p.Code)
		}
		if !has {
			t.Errorf("%s has no abbreviation", p.Name)
		}
	}
	for abbr, cs := range knowledge().abbr {
		for _, code := range cs {
			if _, ok := tab.ByCode(code, 0); !ok {
				t.Errorf("%s stands for %s, which is not in the table", abbr, code)
			}
		}
	}
}

func TestByDocPrefix(t *testing.T) {
	tab := Default()
	for _, c := range []struct {
		why, prefix string
		want        []string // among the results, in this order
		first       string   // the first result
		not         string
	}{
		{"province", "浙", []string{"330000 浙江省"}, "330000 浙江省", ""},
		{"city", "佛", []string{"440600 佛山市"}, "440600 佛山市", ""},
		{"three cities of one character", "长", []string{"140400 长治市", "220100 长春市", "430100 长沙市"}, "140400 长治市", "330000 浙江省"},
		{"city and district", "长绿", []string{"220106 绿园区"}, "220106 绿园区", "220100 长春市"},
		{"province before city", "苏", []string{"320000 江苏省", "320500 苏州市"}, "320000 江苏省", ""},
		{"province, city by its other name, cities by their initial", "宁", []string{"640000 宁夏回族自治区", "320100 南京市", "330200 宁波市"}, "640000 宁夏回族自治区", ""},
		{"other name of a city", "穗", []string{"440100 广州市"}, "440100 广州市", ""},
		{"two characters of a name", "镇巴", []string{"610728 镇巴县"}, "610728 镇巴县", ""},
		{"county by one character", "镇", []string{"321100 镇江市", "610728 镇巴县"}, "321100 镇江市", ""},
		{"municipality and district", "京朝", []string{"110105 朝阳区"}, "110105 朝阳区", "211300 朝阳市"},
	} {
		got := codes(tab.ByDocPrefix(c.prefix, 2018))
		at := 0
		for _, g := range got {
			if at < len(c.want) && g == c.want[at] {
				at++
			}
			if g == c.not {
				t.Errorf("%s: %s among %v", c.why, c.not, got)
			}
		}
		if at != len(c.want) || got[0] != c.first {
			t.Errorf("%s: %s gives %v, want %v in it", c.why, c.prefix, got, c.want)
		}
	}
	for _, none := range []string{"", "脱", "脱钩", "x", "\xff"} {
		if got := tab.ByDocPrefix(none, 0); got != nil {
			t.Errorf("%q gives %v", none, got)
		}
	}
}

// The invariants of the whole table.
func TestTable(t *testing.T) {
	tab := Default()
	last := map[string]Place{}
	for _, p := range tab.rows {
		if q, ok := last[p.Code]; ok && (q.To == 0 || q.To > p.From) {
			t.Errorf("%s: %s and %s overlap by more than the year of change", p.Code, q.Name, p.Name)
		}
		last[p.Code] = p
		if p.Level == corpus.Nation {
			continue
		}
		if p.Name == p.Short() && len([]rune(p.Name)) > 2 && p.Name != "畹町镇" {
			t.Errorf("%s %s has no suffix", p.Code, p.Name)
		}
		overlap := false
		for _, i := range tab.byCode[p.Parent] {
			q := tab.rows[i]
			overlap = overlap || q.From <= end(p) && p.From <= end(q)
		}
		if !overlap && p.To != 0 && p.To > 1990 || !overlap && p.To == 0 {
			t.Errorf("%v: its parent was valid in no year of its own", p)
		}
	}
	// The counts that the Ministry of Civil Affairs and the Bureau of
	// Statistics give for the end of the year.
	for _, c := range []struct{ year, provinces, prefectures, counties int }{
		{2015, 34, 334, 2850}, {2019, 34, 333, 2846}, {2020, 34, 333, 2844}, {2021, 34, 333, 2843}, {2022, 34, 333, 2843},
		{2023, 34, 333, 2844}, {2024, 34, 333, 2846}, {2025, 34, 333, 2845},
	} {
		n := map[corpus.Level]int{}
		for _, p := range tab.rows {
			if p.From <= c.year && (p.To == 0 || p.To > c.year) {
				n[p.Level]++
			}
		}
		got := []int{n[corpus.Province], n[corpus.Prefecture], n[corpus.County]}
		if d := cmp.Diff([]int{c.provinces, c.prefectures, c.counties}, got); d != "" {
			t.Errorf("%d: %s", c.year, d)
		}
	}
}

func TestWith(t *testing.T) {
	base := Default()
	const sample = `# invented places for tests
code	name	from	to	level	parent
990000	示例省
990100	云岭市	2001
990102	溪口区
990102-kf	云岭经济开发区	2005		zone	990100
990102001	石桥镇
`
	tab, err := base.With(strings.NewReader(sample))
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(tab.Path("990102", 2018), " "); got != "示例省 云岭市 溪口区" {
		t.Error(got)
	}
	if got := strings.Join(tab.Path("990102-kf", 2018), " "); got != "示例省 云岭市 云岭经济开发区" {
		t.Error(got)
	}
	if p, _ := tab.ByCode("990102001", 0); p.Level != corpus.Town || p.Parent != "990102" {
		t.Errorf("town: %+v", p)
	}
	if ms := tab.Find("示例省云岭市溪口区人民政府", 2018); len(ms) != 1 || ms[0].Places[0].Code != "990102" || ms[0].Names != 3 {
		t.Errorf("overlay not found in text: %+v", ms)
	}
	if len(base.Named("云岭市", 0)) != 0 || base.Hash() == tab.Hash() {
		t.Error("the overlay reached the table it was laid over")
	}
	if again, _ := base.With(strings.NewReader(sample)); again.Hash() != tab.Hash() {
		t.Error("the same overlay gives another hash")
	}
	apart, err := base.With(strings.NewReader("999999\t示例全国\t\t\tnation\n990000\t示例省\t\t\t\t999999\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(apart.Path("990000", 0), " "); got != "示例省" || len(apart.Children(NationCode, 0)) != 34 || apart.Within("990000", NationCode) {
		t.Errorf("an invented nation is not apart: %s", got)
	}
	same, err := base.With(strings.NewReader(""))
	if err != nil || same.Hash() != base.Hash() {
		t.Errorf("an empty overlay changes the table (%v)", err)
	}
	ended, err := base.With(strings.NewReader("220106\t绿园区\t1995\t2030\n"))
	if err != nil {
		t.Fatal(err)
	}
	if p, _ := ended.ByCode("220106", 0); p.To != 2030 {
		t.Errorf("a row of the same code and name does not replace: %+v", p)
	}
	for _, c := range []struct{ why, text, want string }{
		{"too few columns", "# c\n990000\n", "line 2: want 2 to 6"},
		{"code", "99\t示例省\n", "line 1: bad code"},
		{"the nation is taken", "000000\t示例国\n", "line 1: bad code"},
		{"name", "990000\t \n", "line 1: bad name"},
		{"year", "990000\t示例省\t两千年\n", "line 1: bad year"},
		{"years the wrong way round", "990000\t示例省\t2010\t2005\n", "line 1: 示例省 ends in 2005"},
		{"level", "990000\t示例省\t\t\tcity\n", "line 1: code 990000 needs a level"},
		{"level of an own code", "990102-kf\t开发区\n", "line 1: code 990102-kf needs a level"},
		{"a nation is on top", "999999\t示例全国\t\t\tnation\t990000\n990000\t示例省\t\t\t\t999999\n", "line 1: nation 999999 has a parent"},
		{"UTF-8", "990000\t示例省\n990100\t\xc0\xaf\n", "line 2: not UTF-8"},
		{"parent", "990102\t溪口区\n", "no parent 990000"},
		{"parent below", "990000\t示例省\n990100\t云岭市\t\t\tprefecture\t990100\n", "not above it"},
		{"two names in one year", "220106\t示例区\t2000\n", "code 220106: 绿园区 and 示例区"},
	} {
		_, err := base.With(strings.NewReader(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.why, err, c.want)
		}
	}
}

func ExampleTable_Find() {
	for _, m := range Default().Find("吉林省长春市绿园区、佛山市场监管部门", 2018) {
		fmt.Println(m.Span, m.Places[0].Code, m.Places[0].Name)
	}
	// Output:
	// {0 27} 220106 绿园区
	// {30 36} 440600 佛山市
}
