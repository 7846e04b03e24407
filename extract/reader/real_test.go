package reader

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tuogou/corpus"
	"tuogou/corpus/corpustest"
)

// expectation is what the shared pages are known to state.
type expectation struct {
	File   string `json:"file"`
	URL    string `json:"url"`
	Expect struct {
		Title     string `json:"title"`
		Issuer    string `json:"issuer"`
		Number    string `json:"doc_number"`
		Index     string `json:"index_number"`
		Written   string `json:"date_written"`
		Published string `json:"date_published"`
	} `json:"expect"`
}

func TestRealPages(t *testing.T) {
	dir := corpustest.Shared(t, "pages")
	data, err := os.ReadFile(filepath.Join(dir, "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var list []expectation
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	r := newReader(t)
	right := 0
	for _, e := range list {
		t.Run(e.File, func(t *testing.T) {
			page, err := os.ReadFile(filepath.Join(dir, e.File))
			if err != nil {
				t.Fatal(err)
			}
			x := read(t, r, Input{Data: page, Name: e.File, URL: e.URL})
			checkPage(t, x, e)
			checkMap(t, x, page)
			if !t.Failed() {
				right++
			}
		})
	}
	t.Logf("%d of %d pages state all their facts", right, len(list))
}

func checkPage(t *testing.T, x *corpus.Text, e expectation) {
	t.Helper()
	if b := x.Blocks[0]; b.Kind != corpus.BlockTitle || b.Span.In(x.Body) != e.Expect.Title {
		t.Errorf("%s %q, want the title %q", b.Kind, b.Span.In(x.Body), e.Expect.Title)
	}
	day := func(s string) string {
		return strings.TrimRight(strings.NewReplacer("年", "-", "月", "-", "日", "").Replace(s), " ")
	}
	for _, want := range []struct {
		field corpus.Field
		value string
		fold  func(string) string
	}{
		{corpus.FieldTitle, e.Expect.Title, strings.TrimSpace},
		{corpus.FieldIssuer, e.Expect.Issuer, strings.TrimSpace},
		{corpus.FieldDocNumber, e.Expect.Number, strings.TrimSpace},
		{corpus.FieldIndex, e.Expect.Index, strings.TrimSpace},
		{corpus.FieldSigned, e.Expect.Written, day},
		{corpus.FieldPosted, e.Expect.Published, day},
	} {
		got := values(x, want.field)
		if len(got) != 1 || want.fold(got[0]) != want.value {
			t.Errorf("%s is %q, want %q", want.field, got, want.value)
		}
	}
}

// What is wrong with the shared seeds, by reading them: none stops in the middle.
func TestRealSeedsDamage(t *testing.T) {
	dir := corpustest.Shared(t, "seeds")
	r := newReader(t)
	for prefix, want := range map[string]string{
		"000": "starred=3",      // **批, 积*配合, 积*研究
		"001": "unwrapped=7",    // a blank for each line end of the page
		"002": "letter_digit=2", // 6O或3O个
		"003": "",
		"004": "",
	} {
		files, _ := filepath.Glob(filepath.Join(dir, prefix+"_*.txt"))
		if len(files) != 1 {
			t.Fatalf("%d seeds %s", len(files), prefix)
		}
		data, err := os.ReadFile(files[0])
		if err != nil {
			t.Fatal(err)
		}
		x := read(t, r, Input{Data: data, Name: files[0]})
		if noise(x) != want || x.Truncated {
			t.Errorf("seed %s: noise %q, truncated %v (%s), want noise %q", prefix, noise(x), x.Truncated, x.Why, want)
		}
	}
}

// furniture of the shared seeds: words that must stand in outside blocks, and
// the number of blocks that must be text.
func TestRealSeeds(t *testing.T) {
	dir := corpustest.Shared(t, "seeds")
	r := newReader(t)
	tests := []struct {
		prefix  string
		title   string
		outside []string
		facts   map[corpus.Field]string
	}{
		{"000", "浙江启动", []string{"我的订单", "专注于为", "能给您带来", "客户案例展示", "相关资讯", "行业热点"},
			map[corpus.Field]string{corpus.FieldPosted: "2022-02-11", corpus.FieldSource: "互联网"}},
		{"001", "行业协会脱钩工作总结", []string{"相关文章", "教师工作总结"}, map[corpus.Field]string{corpus.FieldPosted: "2021-03-13"}},
		{"002", "关于加快培育", []string{"关注"}, map[corpus.Field]string{corpus.FieldPosted: "2012-11-22"}},
		{"003", "长春市绿园区人民政府关于印发", nil, map[corpus.Field]string{
			corpus.FieldIndex: "22010600060500120180010", corpus.FieldDocNumber: "长绿府发〔2018〕50号", corpus.FieldSigned: "2018-08-15"}},
		{"004", "以“三廉”为抓手", []string{"打印本页", "||||||"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.prefix, func(t *testing.T) {
			files, _ := filepath.Glob(filepath.Join(dir, tt.prefix+"_*.txt"))
			if len(files) != 1 {
				t.Fatalf("%d seeds %s", len(files), tt.prefix)
			}
			data, err := os.ReadFile(files[0])
			if err != nil {
				t.Fatal(err)
			}
			x := read(t, r, Input{Data: data, Name: files[0]})
			checkMap(t, x, data)
			checkSeed(t, x, string(data))
			if b := firstOf(x, corpus.BlockTitle); !strings.HasPrefix(b, tt.title) {
				t.Errorf("title %q, want %q", b, tt.title)
			}
			out := kindText(x, corpus.BlockOutside)
			for _, w := range tt.outside {
				if !strings.Contains(out, w) {
					t.Errorf("%q is not outside", w)
				}
			}
			for f, want := range tt.facts {
				if got := values(x, f); len(got) != 1 || got[0] != want {
					t.Errorf("%s is %q, want %q", f, got, want)
				}
			}
		})
	}
}

func firstOf(x *corpus.Text, kind corpus.BlockKind) string {
	for _, b := range x.Blocks {
		if b.Kind == kind {
			return b.Span.In(x.Body)
		}
	}
	return ""
}

func kindText(x *corpus.Text, kind corpus.BlockKind) string {
	var out []string
	for _, b := range x.Blocks {
		if b.Kind == kind {
			out = append(out, b.Span.In(x.Body))
		}
	}
	return strings.Join(out, "\n")
}

// checkSeed proves that nothing of the file is lost, and that no paragraph that
// reads like policy is marked as furniture.
func checkSeed(t *testing.T, x *corpus.Text, file string) {
	t.Helper()
	squeeze := func(s string) string {
		return strings.Map(func(r rune) rune {
			if isBlank(r) {
				return -1
			}
			return r
		}, s)
	}
	// One seed has letters among figures.
	if squeeze(x.Body) != squeeze(strings.Replace(file, "6O或3O个", "60或30个", 1)) {
		t.Error("the body does not hold all of the file")
	}
	for _, b := range x.Blocks {
		s := b.Span.In(x.Body)
		// The one long paragraph of furniture in the seeds is a site's praise of itself.
		if b.Kind == corpus.BlockOutside && strings.Contains(s, "。") && !strings.Contains(s, "专注于为") {
			t.Errorf("policy marked as furniture: %s", s)
		}
	}
}
