package organs

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tuogou/corpus/corpustest"
)

// show is a mention in one line: words|kinds|level and what else is set.
func show(m Mention) string {
	s := fmt.Sprintf("%s|%s|%s", m.Text, strings.Join(m.Kinds, "+"), m.Level)
	for _, f := range []struct {
		set  bool
		name string
	}{
		{m.Place != "", "place=" + m.Place}, {m.Generic, "generic"}, {m.Role, "role"}, {m.All, "all"},
		{m.Vague, "vague"}, {m.Former, "former"}, {m.Inherited, "inherited"},
	} {
		if f.set {
			s += " " + f.name
		}
	}
	return s
}

func TestFind(t *testing.T) {
	table := load(t)
	place := gazetteer("长春市", "绿园区", "佛山市", "广东省", "吉林省", "郴州市", "示例市", "北京市")
	for _, c := range []struct {
		why, text string
		want      []string
	}{
		{"district names of seed 003", "区编办、区民政局", []string{"区编办|staffing|county", "区民政局|civil_affairs|county"}},
		{"直 belongs to the level", "区财政局会同区直机关事务管理局", []string{"区财政局|finance|county", "区直机关事务管理局|government_offices|county"}},
		{"the committee is part of the prefix", "区委组织部", []string{"区委组织部|organization_dept|county"}},
		{"和 inside a name joins nothing", "区人力资源和社会保障局", []string{"区人力资源和社会保障局|hr_social_security|county"}},
		{"发改局 in full", "区发展和改革局", []string{"区发展和改革局|development_reform|county"}},
		{"a role, all of them", "各业务主管单位", []string{"各业务主管单位|supervising_unit| role all"}},
		{"经信局 in full", "市经济和信息化局", []string{"市经济和信息化局|industry_it|prefecture"}},
		{"市 once for two", "市财政局、民政局制定", []string{"市财政局|finance|prefecture", "民政局|civil_affairs|prefecture inherited"}},
		{"a kind at every level", "人力资源社会保障部门负责", []string{"人力资源社会保障部门|hr_social_security| generic"}},
		{"及 joins, levels differ", "报送市社会组织管理局及省民政厅", []string{"市社会组织管理局|civil_affairs|prefecture", "省民政厅|civil_affairs|province"}},
		{"two places", "长春市绿园区人民政府", []string{"长春市绿园区人民政府|government|county place=长春市绿园区"}},
		{"the office is another kind than the government", "佛山市人民政府办公室", []string{"佛山市人民政府办公室|government_office|prefecture place=佛山市"}},
		{"中共 before the place", "中共广东省委办公厅", []string{"中共广东省委办公厅|party_office|province place=广东省"}},
		{"a provincial office", "广东省政府办公厅", []string{"广东省政府办公厅|government_office|province place=广东省"}},
		{"two issuers run together", "中共广东省委办公厅广东省政府办公厅", []string{"中共广东省委办公厅|party_office|province place=广东省", "广东省政府办公厅|government_office|province place=广东省"}},
		{"the two central offices", "中央办公厅、国务院办公厅", []string{"中央办公厅|party_office|nation", "国务院办公厅|government_office|nation"}},
		{"their short names", "中办、国办印发", []string{"中办|party_office|nation", "国办|government_office|nation"}},
		{"国家 is a level", "国家发展改革委", []string{"国家发展改革委|development_reform|nation"}},
		{"部 against 部门", "民政部、民政部门", []string{"民政部|civil_affairs|nation", "民政部门|civil_affairs| generic"}},
		{"委编办 since 2018", "市委编办", []string{"市委编办|staffing|prefecture"}},
		{"inner blanks", "郴 州 市 财 政 局", []string{"郴 州 市 财 政 局|finance|prefecture place=郴州市"}},
		{"a wide gap is no inner blank", "市民政局    市财政局", []string{"市民政局|civil_affairs|prefecture", "市财政局|finance|prefecture"}},
		{"office of the joint group", "联合工作组办公室", []string{"联合工作组办公室|joint_working_group|"}},
		{"the long name of the office", "区行业协会商会与行政机关脱钩办公室", []string{"区行业协会商会与行政机关脱钩办公室|joint_working_group|county"}},
		{"an internal body", "设在区民政局审批办", []string{"区民政局审批办|civil_affairs|county"}},
		{"the registration authority", "经登记管理机关审核", []string{"登记管理机关|civil_affairs| generic"}},
		{"工商联 is not 工商", "工商联、工商部门", []string{"工商联|acfic|", "工商部门|market_supervision| generic"}},
		{"a shared head and a shared level", "市民政、财政、人社部门", []string{"市民政|civil_affairs|prefecture generic", "财政|finance|prefecture generic inherited", "人社部门|hr_social_security|prefecture generic inherited"}},
		{"a shared head, no level", "民政、发展改革部门", []string{"民政|civil_affairs| generic", "发展改革部门|development_reform| generic"}},
		{"a head after 等", "会同发改、审计、市场监管等部门检查", []string{"发改|development_reform| generic", "审计|audit| generic", "市场监管|market_supervision| generic"}},
		{"a level and a verb, no head", "市发改、民政牵头", []string{"市发改|development_reform|prefecture generic", "民政|civil_affairs|prefecture generic inherited"}},
		{"bases that are plain words", "党建、外事、人力资源服务等事项，财政、教育支出", nil},
		{"市 carried over a list of three", "市人事局、法制办、民政局", []string{"市人事局|hr_social_security|prefecture", "法制办|justice|prefecture inherited", "民政局|civil_affairs|prefecture inherited"}},
		{"、 lost", "民政部市场监管总局按职责分工负责", []string{"民政部|civil_affairs|nation", "市场监管总局|market_supervision|nation"}},
		{"a national level passes to a national name only", "民政部、发展改革委、民政局", []string{"民政部|civil_affairs|nation", "发展改革委|development_reform|nation inherited", "民政局|civil_affairs|"}},
		{"several levels in brackets", "各县（市、区）人民政府", []string{"各县（市、区）人民政府|government|county all"}},
		{"ASCII brackets", "各县(市、区)民政局", []string{"各县(市、区)民政局|civil_affairs|county all"}},
		{"all provinces, two heads", "各省、自治区、直辖市民政厅（局）", []string{"各省、自治区、直辖市民政厅（局）|civil_affairs|province all"}},
		{"厅 of an autonomous region", "区民政厅", []string{"区民政厅|civil_affairs|province"}},
		{"a municipality is a province", "北京市民政局", []string{"北京市民政局|civil_affairs|province place=北京市"}},
		{"one name with a national head", "国家税务总局长春市税务局", []string{"国家税务总局长春市税务局|tax|prefecture place=长春市"}},
		{"the government before its office", "长春市人民政府法制办公室", []string{"长春市人民政府法制办公室|justice|prefecture place=长春市"}},
		{"办 is 办公室", "国务院港澳办公室", []string{"国务院港澳办公室|foreign_affairs+united_front|nation"}},
		{"两新 against 组织部", "市委两新工委、组织部", []string{"市委两新工委|two_new_committee|prefecture", "组织部|organization_dept|prefecture inherited"}},
		{"all of one, all of the next", "各设区市民政局、财政局", []string{"各设区市民政局|civil_affairs|prefecture all", "财政局|finance|prefecture all inherited"}},
		{"a level before all levels", "全市各级民政部门", []string{"全市各级民政部门|civil_affairs| generic all"}},
		{"a base inside the prefix", "新疆生产建设兵团民政局", []string{"新疆生产建设兵团民政局|civil_affairs|province"}},
		{"labels of a list", "（牵头单位：市民政局；责任单位:市审计局）", []string{"市民政局|civil_affairs|prefecture", "市审计局|audit|prefecture"}},
		{"a second name in brackets", "市工商联（总商会）", []string{"市工商联（总商会）|acfic|prefecture"}},
		{"机关 names a kind", "审计机关", []string{"审计机关|audit| generic"}},
		{"formerly", "原业务主管单位", []string{"原业务主管单位|supervising_unit| role former"}},
		{"somebody", "各有关部门会同市财政局", []string{"各有关部门|| generic all vague", "市财政局|finance|prefecture"}},
		{"full names of all levels", "市委、市政府", []string{"市委||prefecture", "市政府|government|prefecture"}},
		{"two candidates", "市物价局", []string{"市物价局|development_reform+market_supervision|prefecture"}},
		{"a branch of the town", "各街道办事处", []string{"各街道办事处|subdistrict_town|town all"}},
		{"unknown organ with a level", "由区城市更新和土地整备局负责", []string{"区城市更新和土地整备局||county"}},
		{"unknown organ with a place", "报示例市葡萄产业发展局审核", []string{"示例市葡萄产业发展局||prefecture place=示例市"}},
		{"known organ without a kind, bare", "民政局、医保局", []string{"民政局|civil_affairs|", "医保局||"}},
		{"common words that end like organs", "区行业协会和全市会议，本部干部全部在内部办公，市场布局，区域格局，社区服务中心，省餐饮行业协会", nil},
		{"money, not its keeper", "取消财政直接拨款，财政部分支持", nil},
		{"offices to be cleared", "清理政府办公用房、市委办公用房", []string{"市委||prefecture"}},
		{"document numbers", "中办发〔2015〕39号，联组[2015]1号，长办发【2017】28号，粤民民〔2012〕105号，党办[2016]23号", nil},
		{"集中办 is not 中办", "集中办公，统一对外办理，意外办结", nil},
		{"associations are no organs", "行业协会商会、异地商会、社会组织部分职能", nil},
		{"empty", "", nil},
	} {
		t.Run(c.why, func(t *testing.T) {
			var got []string
			for _, m := range table.Find(c.text, place) {
				got = append(got, show(m))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.text, diff)
			}
		})
	}
}

func TestNameRestoresSharedParts(t *testing.T) {
	var got []string
	for _, m := range load(t).Find("市民政、财政、人社部门和郴 州 市审计局", nil) {
		got = append(got, m.Name)
	}
	want := []string{"市民政部门", "市财政部门", "市人社部门", "市审计局"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLists(t *testing.T) {
	table := load(t)
	text := "（各业务主管单位、区编办、区民政局负责）市委组织部和\n市民政局牵头，市财政局 以及 市审计局配合；民政部市场监管总局。"
	var got []string
	for _, l := range table.Lists(text, table.Find(text, nil)) {
		got = append(got, fmt.Sprintf("%d %s", len(l.Members), l.Span.In(text)))
	}
	want := []string{"3 各业务主管单位、区编办、区民政局", "1 市委组织部", "1 市民政局", "2 市财政局 以及 市审计局", "2 民政部市场监管总局"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if l := table.Lists("", nil); l != nil {
		t.Errorf("lists of nothing: %v", l)
	}
}

// TestPlaceFuncIsNotTrusted: a gazetteer that answers nonsense costs places, not spans.
func TestPlaceFuncIsNotTrusted(t *testing.T) {
	table := load(t)
	text := "由长春市民政局负责，由区城市更新局负责"
	for _, off := range []int{-100, -1, 1, 100} {
		ms := table.Find(text, func(_ string, end int) int { return end + off })
		if err := sound(text, ms); err != nil {
			t.Errorf("%d: %v", off, err)
		}
	}
}

// TestSeedLists compares the five closing brackets of the real plan with the
// labels made by hand.
func TestSeedLists(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join(corpustest.Shared(t, "seeds"), "003_85f60e7efc90d062.txt"))
	if err != nil {
		t.Fatal(err)
	}
	label, err := os.ReadFile(filepath.Join(corpustest.Shared(t, "gold"), "003_85f60e7efc90d062.json"))
	if err != nil {
		t.Fatal(err)
	}
	var gold struct {
		Clauses          []struct{ Departments []string }
		Responsibilities []struct {
			Quote         string
			Organs, Kinds []string
		}
	}
	if err := json.Unmarshal(label, &gold); err != nil {
		t.Fatal(err)
	}
	table, text := load(t), string(raw)
	var got, want [][]string
	for _, l := range table.Lists(text, table.Find(text, gazetteer("长春市", "绿园区"))) {
		rest := text[l.Span.End:]
		open := strings.HasSuffix(text[:l.Span.Start], "(") && strings.HasPrefix(rest, "负责)")
		if !open && !strings.HasPrefix(rest, "负责。") {
			continue
		}
		var words []string
		for _, m := range l.Members {
			words = append(words, m.Text)
			if len(m.Kinds) != 1 {
				t.Errorf("%s: kinds %v", m.Text, m.Kinds)
			}
		}
		got = append(got, words)
	}
	for _, c := range gold.Clauses {
		want = append(want, c.Departments)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, r := range gold.Responsibilities {
		var words, kinds []string
		for _, m := range table.Find(r.Quote, nil) {
			words, kinds = append(words, m.Text), append(kinds, strings.Join(m.Kinds, "+"))
		}
		if diff := cmp.Diff([][]string{r.Organs, r.Kinds}, [][]string{words, kinds}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", r.Quote, diff)
		}
	}
}

// sound reports the first broken promise of Find.
func sound(text string, ms []Mention) error {
	at := 0
	for i, m := range ms {
		s := m.Span
		switch {
		case s.Start < at || s.End > len(text) || s.Empty():
			return fmt.Errorf("mention %d at %d..%d, after %d of %d bytes", i, s.Start, s.End, at, len(text))
		case utf8.ValidString(text) && (!utf8.RuneStart(text[s.Start]) || s.End < len(text) && !utf8.RuneStart(text[s.End])):
			return fmt.Errorf("mention %d cuts a character", i)
		case s.In(text) != m.Text:
			return fmt.Errorf("mention %d: %q is not %q", i, m.Text, s.In(text))
		case m.Stem == "" || m.Name == "":
			return fmt.Errorf("mention %d: no stem or name: %+v", i, m)
		}
		at = s.End
	}
	return nil
}

func TestFindKeepsItsPromises(t *testing.T) {
	table := load(t)
	known := gazetteer("长春市", "绿园区", "示例省")
	// Every third offset is called a place: a gazetteer gone wild.
	place := func(text string, end int) int {
		if end%3 == 0 {
			return end - 6
		}
		return known(text, end)
	}
	piece := rapid.OneOf(
		rapid.SampledFrom([]string{"区", "市", "省", "委", "直", "各", "中共", "、", "和", "，", " ", "\u3000", "\n", "（局）", "（", "民政", "财政", "局", "部门", "等部门", "部", "办公室", "办", "公室", "政府", "组织部", "国家税务总局", "税务局", "长春市", "绿园区", "\xff", "a", "〔2015〕", "负责", "编办", "文化", "中心", "𠮷"}),
		rapid.StringN(0, 4, 12),
	)
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(piece, 8, 40).Draw(t, "pieces"), "")
		ms := table.Find(text, place)
		if err := sound(text, ms); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if diff := cmp.Diff(ms, table.Find(text, place), cmp.AllowUnexported(Mention{})); diff != "" {
			t.Fatalf("%q: a second run differs:\n%s", text, diff)
		}
		n := 0
		for _, l := range table.Lists(text, ms) {
			n += len(l.Members)
		}
		if n != len(ms) {
			t.Fatalf("%q: %d mentions in lists of %d", text, len(ms), n)
		}
	})
}

func TestConcurrentUse(t *testing.T) {
	table := load(t)
	text := strings.Repeat("市民政、财政、人社部门和郴 州 市审计局。", 20)
	want := table.Find(text, nil)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if diff := cmp.Diff(want, table.Find(text, nil), cmp.AllowUnexported(Mention{})); diff != "" {
				t.Errorf("differs:\n%s", diff)
			}
		})
	}
	wg.Wait()
}

func FuzzFind(f *testing.F) {
	table := load(f)
	for _, s := range []string{"区编办、区民政局", "郴 州 市 财 政 局", "市民政、财政、人社部门", "国家税务总局长春市税务局", "区\xff局", "港澳办公室", "民政厅（局"} {
		f.Add(s)
	}
	place := gazetteer("长春市")
	f.Fuzz(func(t *testing.T, s string) {
		if err := sound(s, table.Find(s, place)); err != nil {
			t.Fatal(err)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("[[unit]]\nwords=[\"区\"]\n[[organ]]\nid=\"a\"\nname=\"a\"\nstems=[\"甲局\"]\nnonexamples=[\"b\"]\nexamples=[{text=\"甲局\",words=\"甲局\"},{text=\"甲局\",words=\"甲局\"}]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		table, err := Parse(data)
		if (table == nil) == (err == nil) {
			t.Fatalf("table %v and error %v", table, err)
		}
		if table != nil {
			table.Check()
		}
	})
}

func ExampleTable_Find() {
	data, err := os.ReadFile("../../rules/organs.toml")
	if err != nil {
		fmt.Println(err)
		return
	}
	table, err := Parse(data)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range table.Find("各业务主管单位、市财政局、民政局配合", nil) {
		fmt.Println(m.Text, m.Kinds, m.Level, m.Inherited)
	}
	// Output:
	// 各业务主管单位 [supervising_unit]  false
	// 市财政局 [finance] prefecture false
	// 民政局 [civil_affairs] prefecture true
}

func BenchmarkFind(b *testing.B) {
	table := load(b)
	text := strings.Repeat("（各业务主管单位、区委组织部、区人力资源和社会保障局负责）取消财政直接拨款，会同发改、审计等部门加强全市行业协会商会服务中心建设，报登记管理机关审核。", 24)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		table.Find(text, nil)
	}
}

func BenchmarkParse(b *testing.B) {
	raw := data(b)
	for b.Loop() {
		if _, err := Parse(raw); err != nil {
			b.Fatal(err)
		}
	}
}
