package render_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"

	"tuogou/compare"
	"tuogou/compare/comparetest"
	"tuogou/compare/render"
	"tuogou/corpus"
)

// study is a report on the sample records; the title of one begins like a formula
// and holds markup.
func study(t *testing.T) *render.Study {
	t.Helper()
	records := comparetest.Records(t)
	records[0].Title = `=HYPERLINK("http://x.example")<script>alert(1)</script>`
	codes := []string{comparetest.Qinghe, comparetest.Baishi, comparetest.Linzhou, comparetest.Nowhere, comparetest.Xueling}
	sel := compare.Selection{Codes: codes}
	p := []compare.Provision{{Topic: compare.Topic{ID: "A6", Name: "办公用房腾退", Provision: true}, Clause: corpus.Asset,
		Defaults: map[corpus.Generation]compare.Default{"": {Due: "2017-12-31", Kinds: []string{"government_offices"}}}}}
	return &render.Study{Report: compare.NewReport(records, compare.ReportOptions{StudyOptions: compare.StudyOptions{
		Selection: sel, Provisions: p, Baseline: compare.ByCodebook}})}
}

func write(t *testing.T, f func(io.Writer, *render.Study, render.Options) error, s *render.Study) string {
	t.Helper()
	var b bytes.Buffer
	if err := f(&b, s, render.Options{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestStudyHTMLStandsAlone: nothing is fetched, nothing of a text becomes markup, every
// pop-up that is asked for is there, and every chart has words.
func TestStudyHTMLStandsAlone(t *testing.T) {
	page := write(t, render.WriteStudyHTML, study(t))
	if m := regexp.MustCompile(`(?i)(?:src|srcset)=|url\(|@import|<link`).FindString(page); m != "" {
		t.Errorf("the page fetches by %q", m)
	}
	if strings.Contains(page, "<script>alert") || strings.Count(page, "<script>") != 1 {
		t.Error("a title became markup")
	}
	for _, m := range regexp.MustCompile(`popovertarget="(e\d+)"`).FindAllStringSubmatch(page, -1) {
		if !strings.Contains(page, `popover id="`+m[1]+`"`) {
			t.Errorf("no pop-up %s", m[1])
		}
	}
	charts := regexp.MustCompile(`(?s)<svg.*?</svg>`).FindAllString(page, -1)
	if len(charts) != 5 {
		t.Errorf("%d charts", len(charts))
	}
	for _, c := range charts {
		if !regexp.MustCompile(`<title id="[^"]+">[^<]+</title><desc id="[^"]+">[^<]+</desc>`).MatchString(c) || !strings.Contains(c, "CJK") {
			t.Errorf("a chart without words or fonts: %.120s", c)
		}
		wellFormed(t, "chart", c)
	}
}

func wellFormed(t *testing.T, name, text string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
	}
}

// parts are the files of an office document.
func parts(t *testing.T, data string) map[string]string {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = string(text)
		if !strings.HasSuffix(f.Name, ".emf") {
			wellFormed(t, f.Name, string(text))
		}
	}
	return out
}

func TestStudyXLSX(t *testing.T) {
	s := study(t)
	files := parts(t, write(t, render.WriteStudyXLSX, s))
	for i, name := range []string{"matrix", "provisions", "deadlines", "duties", "evidence"} {
		if !strings.Contains(files["xl/workbook.xml"], `name="`+name+`" sheetId="`+string(rune('1'+i))+`"`) {
			t.Errorf("sheet %d is not %s", i+1, name)
		}
	}
	cells := 0
	for name, text := range files {
		for _, m := range regexp.MustCompile(`<t xml:space="preserve">([^<]*)`).FindAllStringSubmatch(text, -1) {
			cells++
			if m[1] != "" && strings.ContainsAny(m[1][:1], "=+-@") {
				t.Errorf("%s: %q would be a formula", name, m[1])
			}
		}
		if strings.Contains(text, "<f>") {
			t.Errorf("%s has a formula", name)
		}
	}
	if cells < 100 || !strings.Contains(files["xl/worksheets/_rels/sheet5.xml.rels"], `TargetMode="External"`) {
		t.Errorf("%d cells, links %.80q", cells, files["xl/worksheets/_rels/sheet5.xml.rels"])
	}
}

func TestStudyDOCX(t *testing.T) {
	files := parts(t, write(t, render.WriteStudyDOCX, study(t)))
	text := files["word/document.xml"]
	described := regexp.MustCompile(`<wp:docPr id="\d" name="\w+" title="[^"]+" descr="[^"]+"/>`).FindAllString(text, -1)
	if len(described) != 5 {
		t.Errorf("%d pictures with words for those who do not see them", len(described))
	}
	for i := range described {
		metafile(t, files[fmt.Sprintf("word/media/chart%d.emf", i+1)])
	}
	for _, want := range []string{"办公用房腾退", "青禾区（示例）", "w:tblHeader", "可判断"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q", want)
		}
	}
}

// metafile checks that the records of an EMF fill it to the byte, as many as its head
// says, and that its Chinese words are in it.
func metafile(t *testing.T, data string) {
	t.Helper()
	at := func(i int) int { return int(binary.LittleEndian.Uint32([]byte(data[i : i+4]))) }
	if len(data) < 88 || data[40:44] != " EMF" || at(48) != len(data) {
		t.Errorf("no metafile of %d bytes", len(data))
		return
	}
	records, i, words := 0, 0, ""
	for i+8 <= len(data) && at(i+4) >= 8 {
		if at(i) == 84 {
			for k := range at(i + 44) {
				words += string(rune(binary.LittleEndian.Uint16([]byte(data[i+at(i+48)+2*k:]))))
			}
		}
		i += at(i + 4)
		records++
	}
	if i != len(data) || records != at(52) || !regexp.MustCompile(`\p{Han}`).MatchString(words) {
		t.Errorf("%d records in %d of %d bytes, words %.30q", records, i, len(data), words)
	}
}

// TestEveryTableHasItsDenominator: each says of how many it speaks.
func TestEveryTableHasItsDenominator(t *testing.T) {
	for _, lang := range []render.Lang{render.ZH, render.EN} {
		for _, g := range study(t).Grids(render.Options{Lang: lang}) {
			notes := strings.Join(g.Notes, " ")
			if g.ID != "citations" && g.ID != "duties" && !regexp.MustCompile(`\d`).MatchString(notes) {
				t.Errorf("%s %s: %q", lang, g.ID, notes)
			}
			for _, r := range g.Rows {
				if len(r) != len(g.Head) {
					t.Errorf("%s: a row of %d under %d heads", g.ID, len(r), len(g.Head))
				}
			}
		}
	}
}

func TestCitations(t *testing.T) {
	r := compare.Reference{Document: compare.Document{ID: "f1", Title: "青禾区脱钩方案", Number: "青政发〔2018〕3号", Date: "2018-03-12",
		URL: "https://www.qinghe.example/a_b.html", Fetched: "2026-11-20T08:00:00Z"}, Issuers: []string{"青禾区人民政府"}, Where: "三、资产财务分离"}
	want := "青禾区人民政府. 青禾区脱钩方案: 青政发〔2018〕3号[EB/OL]. (2018-03-12)[2026-11-20]. 三、资产财务分离. https://www.qinghe.example/a_b.html."
	if got := render.GBT7714(r); got != want {
		t.Errorf("%s", got)
	}
	r.URL, r.Fetched, r.Where = "", "", ""
	if got := render.GBT7714(r); got != "青禾区人民政府. 青禾区脱钩方案: 青政发〔2018〕3号[Z]. (2018-03-12)." {
		t.Errorf("a file at hand: %s", got)
	}
	r.Title = "50% {脱钩}_示例"
	var bib, csl bytes.Buffer
	if err := errors.Join(render.WriteBibTeX(&bib, []compare.Reference{r}), render.WriteCSL(&csl, []compare.Reference{r})); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(bib.String(), `title = {{50\% \{脱钩\}\_示例}}`) || !strings.HasPrefix(bib.String(), "@misc{f1,") {
		t.Errorf("%s", bib.String())
	}
	var items []map[string]any
	if err := json.Unmarshal(csl.Bytes(), &items); err != nil || items[0]["title"] != r.Title {
		t.Errorf("%v %v", err, items)
	}
}

// TestEvents: R and Stata read the table as it is: names first, no mark before them.
func TestEvents(t *testing.T) {
	var b bytes.Buffer
	err := render.WriteEvents(&b, []compare.Event{{Code: "990100", Name: "示例市", Level: corpus.Prefecture, Generation: corpus.Decoupling2015, Year: 2016, T: 2, Adopted: true, Date: "2016-03-18"}})
	if want := "code,place,level,generation,year,t,adopted,date,censored\n990100,示例市,prefecture,decoupling_2015,2016,2,1,2016-03-18,0\n"; err != nil || b.String() != want {
		t.Errorf("%q, %v", b.String(), err)
	}
}
