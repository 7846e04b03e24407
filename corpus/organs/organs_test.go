package organs

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tuogou/corpus"
	"tuogou/corpus/corpustest"
)

// data is the real rule file.
func data(t testing.TB) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(corpustest.Root(t), "rules", "organs.toml"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func load(t testing.TB) *Table {
	t.Helper()
	table, err := Parse(data(t))
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// gazetteer knows the places given, joined ones too (长春市绿园区).
func gazetteer(names ...string) PlaceFunc {
	return func(text string, end int) int {
		start := end
		for again := true; again; {
			again = false
			for _, n := range names {
				if strings.HasSuffix(text[:start], n) {
					start, again = start-len(n), true
				}
			}
		}
		return start
	}
}

func TestCheck(t *testing.T) {
	for _, err := range load(t).Check() {
		t.Error(err)
	}
}

// TestCheckFindsFaults makes sure that Check can fail, and says where.
func TestCheckFindsFaults(t *testing.T) {
	for name, c := range map[string]struct{ old, new, want string }{
		"example at a wrong level": {`words = "区审计局", level = "county"`, `words = "区审计局", level = "town"`, "audit: example"},
		"nonexample that matches":  {`nonexamples = ["审计脱钩过程中资金使用情况"`, `nonexamples = ["区审计局负责"`, "audit: nonexample"},
		"name not found":           {`prefecture = ["×市审计局"]`, `prefecture = ["×市查账局"]`, "audit: its name"},
		"rename to nothing":        {`name = "体改办", to = 2004, now = "发展改革委"`, `name = "体改办", to = 2004, now = "发展革委"`, "development_reform: 体改办 became"},
	} {
		t.Run(name, func(t *testing.T) {
			s := string(data(t))
			if !strings.Contains(s, c.old) {
				t.Fatalf("the data holds no %s", c.old)
			}
			table, err := Parse([]byte(strings.Replace(s, c.old, c.new, 1)))
			if err != nil {
				t.Fatal(err)
			}
			errs := table.Check()
			if len(errs) != 1 || !strings.Contains(errs[0].Error(), c.want) {
				t.Errorf("want one fault with %q, got %v", c.want, errs)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	const ok = `
[[unit]]
level = "county"
words = ["区"]
[[organ]]
id = "a"
name = "甲"
stems = ["甲局"]
examples = [{ text = "区甲局", words = "区甲局", level = "county" }, { text = "甲局", words = "甲局" }]
nonexamples = ["乙局"]
`
	if table, err := Parse([]byte(ok)); err != nil {
		t.Fatal(err)
	} else if errs := table.Check(); len(errs) > 0 {
		t.Fatal(errs)
	}
	second := strings.Replace(ok[strings.Index(ok, "[[organ]]"):], `id = "a"`, `id = "b"`, 1)
	for name, c := range map[string]struct{ text, want string }{
		"not TOML":             {"[[organ", "line 1"},
		"empty":                {"", "no kinds"},
		"unknown key":          {ok + "colour = 1\n", "colour"},
		"id twice":             {ok + ok[strings.Index(ok, "[[organ]]"):], "a: id used twice"},
		"one example":          {strings.Replace(ok, `, { text = "甲局", words = "甲局" }`, "", 1), "a: needs two examples"},
		"no nonexample":        {strings.Replace(ok, `["乙局"]`, "[]", 1), "a: needs two examples and a nonexample"},
		"words not in text":    {strings.Replace(ok, `words = "甲局"`, `words = "丙局"`, 1), "丙局"},
		"unknown level":        {strings.Replace(ok, `level = "county" }`, `level = "moon" }`, 1), "moon"},
		"stem of two kinds":    {ok + second, "b: stem 甲局 is also one of a"},
		"shared with nobody":   {ok + "shared = [{ stem = \"丁局\", reason = \"x\" }]\n", "丁局"},
		"shared, no reason":    {ok + "shared = [{ stem = \"丁局\", reason = \"\" }]\n", "without a reason"},
		"dated without a year": {ok + "dated = [{ name = \"丁局\" }]\n", "丁局 has no year"},
		"ends before it began": {ok + "dated = [{ name = \"丁局\", from = 2018, to = 2010 }]\n", "before it starts"},
		"stop hides a stem":    {"[grammar]\nstops = [\"甲局\"]\n" + ok, "甲局"},
		"empty stem":           {strings.Replace(ok, `["甲局"]`, `[""]`, 1), "an empty word"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse([]byte(c.text))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("want an error with %q, got %v", c.want, err)
			}
		})
	}
}

// TestKinds keeps the ids the same as those of the record's reference.
func TestKinds(t *testing.T) {
	table := load(t)
	if n := len(table.Kinds()); n != 41 {
		t.Errorf("%d kinds, want 41", n)
	}
	raw, err := os.ReadFile(corpustest.Shared(t, "domain", "department_kinds.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for _, line := range strings.Split(strings.TrimSpace(string(raw)), "\n")[1:] {
		if id, _, _ := strings.Cut(line, "\t"); !strings.HasPrefix(id, "#") {
			want = append(want, id)
		}
	}
	for _, k := range table.Kinds() {
		got = append(got, k.ID)
		if k2, ok := table.Kind(k.ID); !ok || k2.Name != k.Name {
			t.Errorf("Kind(%s) = %v, %v", k.ID, k2.Name, ok)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
	if _, ok := table.Kind("nonsense"); ok {
		t.Error("a kind of nonsense")
	}
}

func TestNames(t *testing.T) {
	table := load(t)
	for _, c := range []struct {
		kind  string
		level corpus.Level
		year  int
		want  []string
	}{
		{"government_offices", corpus.Nation, 2010, []string{"国务院机关事务管理局"}},
		{"government_offices", corpus.Nation, 2016, []string{"国家机关事务管理局"}},
		{"natural_resources", corpus.Nation, 2016, []string{"国土资源部"}},
		{"natural_resources", corpus.Nation, 0, []string{"自然资源部"}},
		{"market_supervision", corpus.County, 2010, []string{"×区市场监督管理局", "×区工商行政管理局", "×区质量技术监督局", "×区食品药品监督管理局", "×县市场监督管理局", "×县工商行政管理局", "×县质量技术监督局", "×县食品药品监督管理局"}},
		{"civil_affairs", corpus.Province, 2018, []string{"×省民政厅"}},
		{"nonsense", corpus.Province, 2018, nil},
	} {
		if diff := cmp.Diff(c.want, table.Names(c.kind, c.level, c.year)); diff != "" {
			t.Errorf("%s %s %d (-want +got):\n%s", c.kind, c.level, c.year, diff)
		}
	}
}

func TestValid(t *testing.T) {
	table := load(t)
	for _, c := range []struct {
		kind, form string
		year       int
		want       bool
	}{
		{"social_work_dept", "市委社会工作部", 2016, false},
		{"social_work_dept", "市委社会工作部", 2024, true},
		{"market_supervision", "市工商局", 2016, true},
		{"market_supervision", "市工商局", 2022, false},
		{"civil_affairs", "市民政局", 1990, true},
		{"civil_affairs", "省民间组织管理局", 2020, false},
		{"tax", "市地税局", 2018, true}, // both names are good in the year of the change
		{"tax", "市地税局", 0, true},
		{"nonsense", "市地税局", 2020, true},
	} {
		if got := table.Valid(c.kind, c.form, c.year); got != c.want {
			t.Errorf("Valid(%s, %s, %d) = %v", c.kind, c.form, c.year, got)
		}
	}
	if d, ok := table.Renamed("civil_affairs", "市民管局"); !ok || d.Now != "社会组织管理局" || d.To != 2016 {
		t.Errorf("市民管局: %+v %v", d, ok)
	}
	if d, ok := table.Renamed("finance", "市财政局"); ok {
		t.Errorf("市财政局 was renamed: %+v", d)
	}
}

func TestSameKind(t *testing.T) {
	table := load(t)
	ms := table.Find("区民政局。市民政局。民政部。市财政局。市物价局。省物价局。", nil)
	if len(ms) != 6 {
		t.Fatalf("%d mentions", len(ms))
	}
	if !SameKind(ms[0], ms[1]) || !SameKind(ms[1], ms[2]) || SameKind(ms[2], ms[3]) {
		t.Error("区民政局, 市民政局 and 民政部 are one kind, 市财政局 another")
	}
	if SameKind(ms[4], ms[5]) {
		t.Error("物价局 has two candidates and is surely of no kind")
	}
}

func TestWords(t *testing.T) {
	words := load(t).Words()
	has := map[string]bool{}
	for i, w := range words {
		has[w] = true
		if i > 0 && words[i-1] >= w {
			t.Errorf("%s after %s", w, words[i-1])
		}
	}
	for _, w := range []string{"编办", "机关事务管理局", "业务主管单位", "人力资源和社会保障局", "财政部门"} {
		if !has[w] {
			t.Errorf("no %s", w)
		}
	}
	for _, w := range []string{"财政", "政府", "财政拨款", "有关部门"} {
		if has[w] {
			t.Errorf("%s is no name of an organ", w)
		}
	}
}

// TestReferenceNames looks for every short form and former name that the
// reference table of kinds lists.
func TestReferenceNames(t *testing.T) {
	raw, err := os.ReadFile(corpustest.Shared(t, "domain", "department_kinds.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	table := load(t)
	found, missing := 0, []string{}
	for _, line := range strings.Split(strings.TrimSpace(string(raw)), "\n")[1:] {
		cols := strings.Split(line, "\t")
		if len(cols) < 8 {
			continue
		}
		for _, name := range strings.Split(cols[6]+";"+cols[7], ";") {
			name, _, _ = strings.Cut(strings.TrimSpace(name), "(")
			name = strings.TrimPrefix(strings.TrimSpace(name), "×市")
			if name = strings.TrimPrefix(name, "×"); name == "" {
				continue
			}
			ok := false
			for _, m := range table.Find(name, nil) {
				ok = ok || m.Text == name && slices.Contains(m.Kinds, cols[0])
			}
			if found++; !ok {
				missing = append(missing, cols[0]+" "+name)
			}
		}
	}
	if found < 250 {
		t.Errorf("only %d names read", found)
	}
	// 商会 alone is an association, 民族宗教 a field, and the rest are places: they
	// are organs only with 各 or 管委会.
	places := []string{
		"acfic 商会", "united_front 民族宗教", "subdistrict_town 街镇", "subdistrict_town 镇街", "dev_zone 开发区",
		"dev_zone 高新区", "dev_zone 经开区", "dev_zone 保税区", "dev_zone 示范区", "dev_zone 度假区",
	}
	if diff := cmp.Diff(places, missing); diff != "" {
		t.Errorf("of %d names (-want +got):\n%s", found, diff)
	}
}
