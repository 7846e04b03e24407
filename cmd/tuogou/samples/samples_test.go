package samples

import (
	"encoding/csv"
	"html"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/sfomuseum/go-edtf/parser"
	"golang.org/x/text/encoding/simplifiedchinese"

	"tuogou/extract/eval"
)

const maxTotal = 400 << 10 // bytes of all samples

// TestPagesAreMarked guards the promise that nobody can take a page for policy.
func TestPagesAreMarked(t *testing.T) {
	n := 0
	for name, text := range pages(t) {
		n++
		if !strings.Contains(text, "示例") {
			t.Errorf("%s: not marked 示例", name)
		}
		if isHTML(name) && !strings.Contains(text, "本页为示例，内容虚构，不是政策文件") {
			t.Errorf("%s: no footer", name)
		}
		if isHTML(name) && !strings.Contains(text, "（示例）</b>") {
			t.Errorf("%s: its site name is not marked", name)
		}
	}
	if n < 50 {
		t.Errorf("%d pages: some are not embedded", n)
	}
}

func TestDeclaredCharsetIsTrue(t *testing.T) {
	gb := 0
	for name, data := range raw(t) {
		if !isHTML(name) {
			continue
		}
		declaredGB := strings.Contains(string(data), `charset="gb2312"`)
		if declaredGB == utf8.Valid(data) {
			t.Errorf("%s: declared gb2312 is %v, but valid UTF-8 is %v", name, declaredGB, utf8.Valid(data))
		}
		if declaredGB {
			gb++
		}
		if strings.ContainsRune(decode(t, name, data), utf8.RuneError) {
			t.Errorf("%s: does not decode", name)
		}
	}
	if gb == 0 {
		t.Error("no page in GB18030")
	}
}

// provinces are the short names of GB/T 2260's provinces: a sample that names
// one could be taken for a real document.
var provinces = strings.Fields(`北京 天津 河北 山西 内蒙古 辽宁 吉林 黑龙江 上海 江苏 浙江 安徽
	福建 江西 山东 河南 湖北 湖南 广东 广西 海南 重庆 四川 贵州 云南 西藏 陕西 甘肃 青海 宁夏 新疆
	台湾 香港 澳门`)

func TestNoRealPlaceOrNumber(t *testing.T) {
	if len(provinces) != 34 {
		t.Fatalf("%d provinces", len(provinces))
	}
	phone := regexp.MustCompile(`\b0\d{2,3}-\d{7,8}\b|\b1[3-9]\d{9}\b`)
	for name, text := range pages(t) {
		for _, p := range provinces {
			if strings.Contains(text, p) {
				t.Errorf("%s: names %s", name, p)
			}
		}
		for _, number := range phone.FindAllString(text, -1) {
			if !strings.HasPrefix(number, "0999-0000") {
				t.Errorf("%s: telephone %s is not an invented one", name, number)
			}
		}
	}
}

func TestSize(t *testing.T) {
	total := 0
	err := fs.WalkDir(Files(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(Files(), name)
		total += len(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if total > maxTotal {
		t.Errorf("%d bytes, want at most %d", total, maxTotal)
	}
}

// TestLinksLeadSomewhere follows every link of every page, and every row of a
// list that stands in <record>.
func TestLinksLeadSomewhere(t *testing.T) {
	href := regexp.MustCompile(`href="([^"]+)"`)
	linked := map[string]bool{}
	for name, text := range pages(t) {
		host, rest, _ := strings.Cut(name, "/")
		base := &url.URL{Scheme: "http", Host: host, Path: "/" + rest}
		for _, m := range href.FindAllStringSubmatch(text, -1) {
			u, err := base.Parse(html.UnescapeString(m[1]))
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			target := path.Join(u.Host, u.Path)
			linked[target] = true
			if _, err := fs.Stat(Files(), "sites/"+target); err != nil {
				t.Errorf("%s: link to %s: %v", name, m[1], err)
			}
		}
	}
	// The pages that only a list's own script leads to, and the closed one.
	exempt := regexp.MustCompile(`/index(_\d)?\.html$`)
	for name := range pages(t) {
		if isHTML(name) && !linked[name] && !exempt.MatchString(name) {
			t.Errorf("%s: nothing links to it", name)
		}
	}
}

func TestSitesAreServed(t *testing.T) {
	sites, err := Sites()
	if err != nil {
		t.Fatal(err)
	}
	places := readPlaces(t)
	listed := map[string]bool{}
	for _, s := range sites {
		if p, ok := places[s.Code]; !ok || p[1] != s.Place || p[2] != string(s.Level) {
			t.Errorf("%s: code %s, place %s, level %s are not those of places.tsv", s.ID, s.Code, s.Place, s.Level)
		}
		for _, page := range s.Pages {
			u, err := url.Parse(page)
			if err != nil {
				t.Fatal(err)
			}
			listed[u.Host] = true
			if _, err := fs.Stat(Files(), "sites/"+u.Host+u.Path); err != nil {
				t.Errorf("%s: %v", s.ID, err)
			}
		}
	}
	hosts, err := fs.ReadDir(Files(), "sites")
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range hosts {
		if !listed[h.Name()] || !strings.HasSuffix(h.Name(), ".example") {
			t.Errorf("host %s: not in sites.toml, or not below .example", h.Name())
		}
	}
}

func TestArticlePatternsTellArticles(t *testing.T) {
	sites, err := Sites()
	if err != nil {
		t.Fatal(err)
	}
	articles := 0
	for name, text := range pages(t) {
		host, rest, _ := strings.Cut(name, "/")
		for _, s := range sites {
			if !isHTML(name) || !strings.HasSuffix(s.ID, "-"+host) {
				continue
			}
			is, known := s.IsArticle("http://" + host + "/" + rest)
			want := strings.Contains(text, `name="ArticleTitle"`)
			if !known || is != want {
				t.Errorf("%s: article by its address %v, by its tags %v", name, is, want)
			}
			if want {
				articles++
			}
		}
	}
	if articles < 35 {
		t.Errorf("only %d articles", articles)
	}
}

func TestPlacesAreWellFormed(t *testing.T) {
	code := regexp.MustCompile(`^99\d{4}$`)
	places := readPlaces(t)
	above := map[string]string{"province": "nation", "prefecture": "province", "county": "prefecture"}
	for c, p := range places {
		if !code.MatchString(c) || p[1] == "" {
			t.Errorf("%v: not an invented code with a name", p)
		}
		if want := above[p[2]]; p[2] != "nation" && (want == "" || places[p[3]] == nil || places[p[3]][2] != want) {
			t.Errorf("%v: level or parent", p)
		}
		for _, y := range p[4:] {
			if year, err := strconv.Atoi(y); err != nil || year != 0 && (year < 1949 || year > 2100) {
				t.Errorf("%v: year %q", p, y)
			}
		}
	}
}

func TestGoldQuotesStandInTheirPages(t *testing.T) {
	all := pages(t)
	for name, g := range readGold(t) {
		t.Run(name, func(t *testing.T) {
			page, ok := all[g.File]
			if !ok {
				t.Fatalf("no page %s", g.File)
			}
			text := strip(page)
			for _, q := range quotes(g) {
				if !strings.Contains(text, strip(q)) {
					t.Errorf("%q does not stand in %s", q, g.File)
				}
			}
			for _, r := range g.Responsibilities {
				if len(r.Kinds) != len(r.Organs) {
					t.Errorf("%q: %d kinds for %d organs", r.Quote, len(r.Kinds), len(r.Organs))
				}
				for _, o := range r.Organs {
					if !strings.Contains(r.Quote, o) {
						t.Errorf("%q does not name %s", r.Quote, o)
					}
				}
			}
		})
	}
}

// quotes are the words of g that its page must hold.
func quotes(g eval.Label) []string {
	out := []string{g.Title, g.WrapperTitle}
	if g.IndexNumber != nil {
		out = append(out, *g.IndexNumber)
	}
	for _, c := range g.Clauses {
		out = append(append(out, c.Heading, c.Starts, c.Ends), c.Departments...)
	}
	for _, d := range g.Deadlines {
		out = append(append(out, d.Quote, d.SpanQuote), d.Who...)
	}
	for _, d := range g.Durations {
		out = append(out, d.Quote)
	}
	for _, r := range g.Responsibilities {
		out = append(out, r.Quote)
	}
	for _, r := range g.References {
		out = append(out, r.Title, r.AsWritten)
	}
	return slices.Concat(out, g.PastEvents, g.PersonalData)
}

func TestGoldValuesAreSound(t *testing.T) {
	places := readPlaces(t)
	golds := readGold(t)
	if len(golds) < 10 {
		t.Errorf("%d labels, want 10 at least", len(golds))
	}
	types := []string{"institution", "function", "asset", "personnel", "party"}
	kinds := []string{"by", "from", "within", "during", "phase", "recurring"}
	for name, g := range golds {
		if g.Kind == "" || g.Notes == "" {
			t.Errorf("%s: kind, on_topic and notes are needed", name)
		}
		if p := places[g.Jurisdiction.Code]; p == nil || p[2] != g.Jurisdiction.Level {
			t.Errorf("%s: jurisdiction %v", name, g.Jurisdiction)
		}
		for _, c := range g.Clauses {
			if !slices.Contains(types, c.Type) {
				t.Errorf("%s: clause %q", name, c.Type)
			}
		}
		for _, d := range g.Deadlines {
			if !slices.Contains(kinds, d.Kind) {
				t.Errorf("%s: %s: kind %q", name, d.Quote, d.Kind)
			}
			if (d.EDTF == "") != (d.Kind == "recurring") {
				t.Errorf("%s: %s: EDTF %q of kind %s", name, d.Quote, d.EDTF, d.Kind)
			}
			if d.EDTF == "" {
				continue
			}
			if _, err := parser.ParseString(d.EDTF); err != nil {
				t.Errorf("%s: %s: %v", name, d.Quote, err)
			}
			if d.Kind == "by" && (d.Start != nil || d.End == nil || d.EDTF != "../"+*d.End) {
				t.Errorf("%s: %s: %s with another start or end", name, d.Quote, d.EDTF)
			}
			if d.Start != nil && d.End != nil && *d.Start > *d.End {
				t.Errorf("%s: %s: ends before it starts", name, d.Quote)
			}
		}
	}
}

// raw are the bytes of every file below sites, by host and path.
func raw(t *testing.T) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	err := fs.WalkDir(Files(), "sites", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(Files(), name)
		out[strings.TrimPrefix(name, "sites/")] = data
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// pages are the decoded texts of all files that a reader of the sites may see.
func pages(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for name, data := range raw(t) {
		if isHTML(name) || strings.HasSuffix(name, ".txt") {
			out[name] = decode(t, name, data)
		}
	}
	return out
}

func decode(t *testing.T, name string, data []byte) string {
	t.Helper()
	if utf8.Valid(data) {
		return string(data)
	}
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return string(text)
}

func isHTML(name string) bool {
	ext := path.Ext(name)
	return ext == ".html" || ext == ".htm" || ext == ".shtml"
}

var tag = regexp.MustCompile(`<[^>]*>`)

// strip is s without tags and blanks.
func strip(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, html.UnescapeString(tag.ReplaceAllString(s, "")))
}

func readGold(t *testing.T) map[string]eval.Label {
	t.Helper()
	sub, err := fs.Sub(Files(), "gold")
	if err != nil {
		t.Fatal(err)
	}
	labels, err := eval.LoadLabels(sub)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]eval.Label{}
	for _, l := range labels {
		out[l.File] = l
	}
	return out
}

// readPlaces are the rows of places.tsv by code.
func readPlaces(t *testing.T) map[string][]string {
	t.Helper()
	f, err := Files().Open("places.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.Comment, r.FieldsPerRecord = '\t', '#', 6
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(rows[0], " "); got != "code name from to level parent" {
		t.Fatalf("columns %s", got)
	}
	out := map[string][]string{}
	for _, row := range rows[1:] {
		if out[row[0]] != nil {
			t.Errorf("code %s stands twice", row[0])
		}
		out[row[0]] = []string{row[0], row[1], row[4], row[5], row[2], row[3]} // code, name, level, parent, from, to
	}
	return out
}
