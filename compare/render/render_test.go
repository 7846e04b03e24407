package render_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tuogou/compare"
	"tuogou/compare/comparetest"
	"tuogou/compare/render"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (rewrite with -update and read the diff):\n%s", name, diff)
	}
}

func sample(t testing.TB) render.Report {
	records := comparetest.Records(t)
	sel := compare.Selection{Codes: []string{
		comparetest.Qinghe, comparetest.Baishi, comparetest.Linzhou, comparetest.Nowhere, comparetest.Xueling}}
	names := map[string]string{comparetest.Nowhere: "空山区（示例）"}
	return render.Report{
		Matrix: compare.NewMatrix(records, compare.MatrixOptions{
			Selection: sel, Names: names,
			Provisions: []compare.Topic{{ID: "A6", Name: "办公用房腾退", NameEN: "Office space"}}}),
		Schedule: compare.Timeline(records, compare.TimelineOptions{IncludeVague: true, AsOf: "2018-10-01"}),
		Coverage: compare.Cover(records, compare.CoverageOptions{Selection: sel, Names: names}),
	}
}

var organNames = map[string]render.Name{
	"civil_affairs": {ZH: "民政部门", EN: "civil affairs"}, "finance": {ZH: "财政部门", EN: "finance"},
	"government_offices": {ZH: "机关事务管理部门", EN: "government offices"},
}

// files are all the formats of the sample report.
func files(t testing.TB, lang render.Lang) map[string]string {
	r, o := sample(t), render.Options{Lang: lang, OrganNames: organNames, AsOf: "2018-10-01"}
	out := map[string]string{}
	write := func(name string, f func(*bytes.Buffer) error) {
		var b bytes.Buffer
		if err := f(&b); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out[string(lang)+"_"+name] = b.String()
	}
	write("report.html", func(b *bytes.Buffer) error { return render.WriteHTML(b, r, o) })
	write("matrix.txt", func(b *bytes.Buffer) error {
		return render.WriteText(b, render.MatrixTable(r.Matrix, o), render.TextOptions{Width: 140})
	})
	write("timeline.txt", func(b *bytes.Buffer) error {
		return render.WriteText(b, render.TimelineTable(r.Schedule.Entries, o), render.TextOptions{})
	})
	write("coverage.md", func(b *bytes.Buffer) error { return render.WriteMarkdown(b, render.CoverageTable(r.Coverage, o)) })
	write("matrix.md", func(b *bytes.Buffer) error { return render.WriteMarkdown(b, render.MatrixTable(r.Matrix, o)) })
	write("matrix.csv", func(b *bytes.Buffer) error { return render.WriteCSV(b, render.MatrixRows(r.Matrix, o)) })
	write("timeline.csv", func(b *bytes.Buffer) error {
		return render.WriteCSV(b, render.TimelineRows(append(r.Schedule.Entries, r.Schedule.Unresolved...), o))
	})
	write("matrix.json", func(b *bytes.Buffer) error { return render.WriteJSON(b, r.Matrix) })
	write("timeline.json", func(b *bytes.Buffer) error { return render.WriteJSON(b, r.Schedule) })
	return out
}

func TestGolden(t *testing.T) {
	keep := []string{"zh_report.html", "zh_matrix.txt", "en_matrix.txt", "zh_timeline.txt", "zh_coverage.md", "en_matrix.md",
		"zh_matrix.csv", "zh_timeline.csv", "zh_matrix.json"}
	for _, lang := range []render.Lang{render.ZH, render.EN} {
		all := files(t, lang)
		for _, name := range keep {
			if got, ok := all[name]; ok {
				t.Run(name, func(t *testing.T) { golden(t, name, got) })
			}
		}
	}
}

func TestNoContactInAnyFormat(t *testing.T) {
	for _, lang := range []render.Lang{render.ZH, render.EN} {
		for name, got := range files(t, lang) {
			for _, secret := range []string{"5550123", "林示例"} {
				if strings.Contains(got, secret) {
					t.Errorf("%s holds the contact %s", name, secret)
				}
			}
			if !json.Valid([]byte(got)) && strings.HasSuffix(name, ".json") {
				t.Errorf("%s is not JSON", name)
			}
		}
	}
}

func TestDeadlineSentenceWithAContactIsMasked(t *testing.T) {
	records := comparetest.Records(t)
	r := records[0]
	r.Deadlines[0].Evidence = r.Contacts[1].Evidence // as if the number were the words
	var b bytes.Buffer
	if err := render.WriteHTML(&b, render.Report{Schedule: compare.Timeline(records, compare.TimelineOptions{})}, render.Options{}); err != nil {
		t.Fatal(err)
	}
	if got := b.String(); strings.Contains(got, "5550123") || strings.Contains(got, "林示例") || !regexp.MustCompile("联系电话：<mark[^>]*>＊＊＊＊").MatchString(got) {
		t.Error("the sentence around the deadline shows its contacts")
	}
}

func TestEveryLabelHasBothLanguages(t *testing.T) {
	data, err := os.ReadFile("labels.toml")
	if err != nil {
		t.Fatal(err)
	}
	labels, err := render.ParseLabels(data)
	if err != nil {
		t.Fatal(err)
	}
	for key, n := range labels {
		if n.ZH == "" || n.EN == "" {
			t.Errorf("label %s lacks a language", key)
		}
		if render.Label(key, render.EN) != n.EN {
			t.Errorf("label %s is not built in", key)
		}
	}
	if _, err := render.ParseLabels([]byte("[labels]\na = { zh = \"x\", de = \"y\" }")); err == nil {
		t.Error("an unknown language is taken")
	}
}

func TestHTMLEscapesAndLinksOnlyTheWeb(t *testing.T) {
	records := comparetest.Records(t)
	records[0].Title = `<script>alert(1)</script>`
	records[0].Source.URL = "javascript:alert(1)"
	m := compare.NewMatrix(records, compare.MatrixOptions{})
	var b bytes.Buffer
	if err := render.WriteHTML(&b, render.Report{Matrix: m, Coverage: compare.Cover(records, compare.CoverageOptions{})}, render.Options{}); err != nil {
		t.Fatal(err)
	}
	got := b.String()
	if strings.Contains(got, "<script") || strings.Contains(got, "javascript:") {
		t.Error("a title or address got into the page as code")
	}
	ids := regexp.MustCompile(`href="#(q\d+)"`).FindAllStringSubmatch(got, -1)
	for _, id := range ids {
		if !strings.Contains(got, `<li id="`+id[1]+`">`) {
			t.Errorf("%s leads nowhere", id[1])
		}
	}
	if len(ids) < 10 {
		t.Errorf("only %d values lead to their words", len(ids))
	}
	if strings.Contains(got, "src=") || strings.Contains(got, "@import") {
		t.Error("the report is not self-contained")
	}
}

func TestLinkURL(t *testing.T) {
	for in, want := range map[string]string{
		"https://a.example/b?c=d": "https://a.example/b?c=d", "http://a.example": "http://a.example",
		"javascript:alert(1)": "", "data:text/html,x": "", "//a.example": "", "/etc/passwd": "", "http:x": "", "": "", "http://a\nb": "",
	} {
		if got := render.LinkURL(in); got != want {
			t.Errorf("LinkURL(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCSVGuardsFormulas(t *testing.T) {
	table := render.Table{Head: []string{"a", "b"}, Rows: [][]string{
		{"=1+1", "+86"}, {"-1", "@x"}, {"\t=1", "＝1"}, {"\r=1", "1-1"}, {`x"y,z`, "a\nb"},
	}}
	var b bytes.Buffer
	if err := render.WriteCSV(&b, table); err != nil {
		t.Fatal(err)
	}
	body, ok := strings.CutPrefix(b.String(), "\ufeff")
	if !ok {
		t.Error("no byte order mark")
	}
	rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"a", "b"}, {"'=1+1", "'+86"}, {"'-1", "'@x"}, {"'\t=1", "'＝1"}, {"'=1", "1-1"}, {`x"y,z`, "a\nb"}}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
}

func TestTextAlignsChineseAndDropsControls(t *testing.T) {
	var b bytes.Buffer
	table := render.Table{Head: []string{"地区", "n"}, Rows: [][]string{{"青禾区\x1b[31m", "1"}, {"ab", "2"}, {strings.Repeat("脱钩", 30), "3"}}}
	if err := render.WriteText(&b, table, render.TextOptions{Width: 40}); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimRight(b.String(), "\n"), "\n")
	at := render.Width(strings.TrimSuffix(lines[0], "n"))
	for i, n := range map[int]string{2: "1", 3: "2", 4: "3"} {
		if !strings.HasSuffix(lines[i], n) || render.Width(strings.TrimSuffix(lines[i], n)) != at {
			t.Errorf("line %q does not stand under the head", lines[i])
		}
	}
	for _, l := range lines {
		if render.Width(l) > 40 || strings.Contains(l, "\x1b") {
			t.Errorf("line %q", l)
		}
	}
	for s, want := range map[string]int{"脱钩ab": 6, "（）": 4, "ｱ": 1, "e\u0301": 1, "𠮷": 2, "": 0} {
		if got := render.Width(s); got != want {
			t.Errorf("Width(%q) = %d, want %d", s, got, want)
		}
	}
}

func TestTextLosesNoCharacter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.RuneFrom([]rune("脱钩ab，。1 "))).Draw(t, "s")
		wide := rapid.IntRange(1, 30).Draw(t, "wide")
		var b bytes.Buffer
		if err := render.WriteText(&b, render.Table{Head: []string{"h"}, Rows: [][]string{{s}}}, render.TextOptions{Width: wide}); err != nil {
			t.Fatal(err)
		}
		rows := strings.SplitN(b.String(), "\n", 3)[2]
		if strip(rows) != strip(s) {
			t.Fatalf("%q became %q", s, rows)
		}
	})
}

func strip(s string) string { return strings.Join(strings.Fields(s), "") }

func TestMarkdownEscapes(t *testing.T) {
	var b bytes.Buffer
	if err := render.WriteMarkdown(&b, render.Table{Head: []string{"a|b"}, Rows: [][]string{{"<img> *x* [y](z)\n2"}}}); err != nil {
		t.Fatal(err)
	}
	want := "| a\\|b |\n| --- |\n| &lt;img&gt; \\*x\\* \\[y\\](z)<br>2 |\n"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
}

func TestTheSameTwice(t *testing.T) {
	if diff := cmp.Diff(files(t, render.ZH), files(t, render.ZH)); diff != "" {
		t.Error(diff)
	}
}

func TestEmptyResults(t *testing.T) {
	o := render.Options{}
	r := render.Report{Matrix: compare.NewMatrix(nil, compare.MatrixOptions{}),
		Schedule: compare.Timeline(nil, compare.TimelineOptions{}), Coverage: compare.Cover(nil, compare.CoverageOptions{})}
	var b bytes.Buffer
	for name, err := range map[string]error{
		"html": render.WriteHTML(&b, r, o), "nothing": render.WriteHTML(&b, render.Report{}, o),
		"text": render.WriteText(&b, render.MatrixTable(r.Matrix, o), render.TextOptions{}),
		"none": render.WriteText(&b, render.Table{}, render.TextOptions{}),
		"csv":  render.WriteCSV(&b, render.MatrixRows(r.Matrix, o)),
		"md":   render.WriteMarkdown(&b, render.CoverageTable(r.Coverage, o)),
	} {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func ExampleWriteText() {
	t := render.Table{Head: []string{"地区", "期限"}, Rows: [][]string{{"青禾区", "2018-12-31"}, {"白石区", "2019-12-31"}}}
	var b bytes.Buffer
	if err := render.WriteText(&b, t, render.TextOptions{}); err != nil {
		fmt.Println(err)
	}
	fmt.Print(b.String())
	// Output:
	// 地区    期限
	// ------  ----------
	// 青禾区  2018-12-31
	// 白石区  2019-12-31
}

func TestRowsHaveAsManyCellsAsTheHead(t *testing.T) {
	r, o := sample(t), render.Options{}
	for _, table := range []render.Table{render.MatrixTable(r.Matrix, o), render.MatrixRows(r.Matrix, o),
		render.TimelineTable(r.Schedule.Entries, o), render.TimelineRows(slices.Clone(r.Schedule.Vague), o), render.CoverageTable(r.Coverage, o)} {
		for _, row := range table.Rows {
			if len(row) != len(table.Head) {
				t.Errorf("%s: %d cells under %d heads", table.Title, len(row), len(table.Head))
			}
		}
	}
}

func BenchmarkWriteHTML(b *testing.B) {
	r := sample(b)
	for b.Loop() {
		if err := render.WriteHTML(&bytes.Buffer{}, r, render.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
