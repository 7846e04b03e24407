package main

import (
	"archive/zip"
	"encoding/csv"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/corpus/store/sqlite"
	"tuogou/timeline"
	"tuogou/web"
)

// planted is a plan with personal data of every kind, all invented.
const planted = `示例区行业协会商会与行政机关脱钩实施方案

示政发〔2017〕7号

一、总体要求

按照上级部署，稳妥推进行业协会商会与行政机关脱钩。

（一）机构分离，规范综合监管关系。取消主管关系。2017年6月底前报区民政局（联系人：钱小柏，电话：0999-7654321，手机：13900001234，QQ群：246813579）。

（二）资产财务分离，规范财产关系。2018年底前完成办公用房清理腾退。（区财政局负责）

联系人：钱小柏，联系电话：0999-7654321，邮箱：qianxb@example.test

2017年3月6日
`

// secretive is a folder with a planted document in two versions, the first of which
// named another person, and a correction of it; args are words of cases by their names.
func secretive(t *testing.T) (dir string, words *strings.Replacer) {
	t.Helper()
	dir = seeded(t)
	texts := t.TempDir()
	page := filepath.Join(texts, "planted.txt")
	if err := os.WriteFile(page, []byte(planted), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"add", texts}, {"run"}, {"correct", "fix", "planted.txt", "/deadlines/0/end", "2017-06-29", "--by", "wang"}} {
		if code, out, errs := call(t, dir, args...); code != 0 {
			t.Fatalf("%v: exit %d\n%s%s", args, code, out, errs)
		}
	}
	s, err := sqlite.Open(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	id := idOf(t, s, "planted.txt")
	latest, err := s.Latest(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	list, err := timeline.SpokenBy(t.Context(), s, id)
	if err != nil || len(list) == 0 {
		t.Fatal(err, list)
	}
	corrections, err := s.Corrections(t.Context(), id)
	if err != nil || len(corrections) == 0 {
		t.Fatal(err, corrections)
	}
	// A page with an address, edited since: only what it said at first names the one.
	address := "http://www.shili.example/plan.html"
	for i, name := range []string{"郑旧名", "钱小柏"} {
		body := "<html><head><title>示例区行业协会商会与行政机关脱钩实施方案</title></head><body><div class='TRS_Editor'><p>" +
			strings.ReplaceAll(strings.ReplaceAll(planted, "钱小柏", name), "\n\n", "</p><p>") + "</p></div></body></html>"
		if i == 0 {
			body = strings.ReplaceAll(strings.ReplaceAll(body, "7654321", "7654388"), "稳妥推进", "积极推进")
		}
		h := corpus.HashBytes([]byte(body))
		c := corpus.Capture{Doc: corpus.IDOf(address, h), URL: address, Fetched: r2().Add(time.Duration(i) * time.Hour), Status: 200, Type: "text/html", SHA256: h, Size: int64(len(body))}
		if _, err := s.PutCapture(t.Context(), c, []byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	s.Close()
	if code, out, errs := call(t, dir, "run"); code != 0 {
		t.Fatalf("run: exit %d\n%s%s", code, out, errs)
	}
	return dir, strings.NewReplacer("DOC", string(id), "PAGE", string(corpus.IDOf(address, "")), "CAPTURE", string(latest.SHA256), "UID", list[0].UID, "CORRECTION", corrections[0].ID,
		"TEXTS", texts, "FILE", page, "TEMP", t.TempDir())
}

// secrets are what no output shows: a telephone, a mobile, a group number, an address of
// mail, names, and those of an older version.
var secrets = []string{"钱小柏", "7654321", "13900001234", "246813579", "qianxb", "郑旧名", "7654388"}

func leaks(t *testing.T, what, out string) {
	t.Helper()
	flat := strings.ReplaceAll(strings.ReplaceAll(out, "\r\n ", ""), "\n ", "")
	for _, s := range secrets {
		if i := strings.Index(flat, s); i >= 0 {
			t.Errorf("%s shows %s: …%s…", what, s, flat[max(0, i-60):min(len(flat), i+60)])
		}
	}
}

// commandCases is each command, by its name, with the ways in which it is run. One that
// is not run says why.
var commandCases = []struct {
	name string
	runs []string
	why  string
}{
	{name: "tuogou", runs: []string{""}},
	{name: "tuogou add", runs: []string{"add TEXTS", "add TEXTS --json"}},
	{name: "tuogou run", runs: []string{"run", "run --json"}},
	{name: "tuogou extract", runs: []string{"extract --all", "extract FILE", "extract FILE --json"}},
	{name: "tuogou index", runs: []string{"index", "index --rebuild"}},
	{name: "tuogou search", runs: []string{"search 联系人", "search 联系电话 --json", "search 民政局 --unit deadline --format csv", "search 民政局 --explain", "search 钱小柏", "search 13900001234 --json", "search 脱钩 --all --format jsonl"}},
	{name: "tuogou show", runs: []string{"show DOC", "show DOC --json", "show PAGE", "show PAGE --json"}},
	{name: "tuogou text", runs: []string{"text DOC", "text DOC --json", "text FILE"}},
	{name: "tuogou compare", runs: []string{"compare 990101", "compare 990101 --format md", "compare 990101 --format json", "compare 990101 --format csv", "compare 990101 --format html", "compare 990101 --provisions",
		"compare 990101 --baseline codebook --format html", "compare 990101 --baseline codebook --format md", "compare 990101 --baseline codebook --format json", "compare 990101 --baseline codebook --format csv",
		"compare 990101 --baseline DOC --format html", "compare 990101 --baseline codebook --format docx", "compare 990101 --baseline codebook --format xlsx", "compare 990101 --baseline codebook --format csl"}},
	{name: "tuogou coverage", runs: []string{"coverage", "coverage --json"}},
	{name: "tuogou timeline", runs: []string{"timeline", "timeline --format md", "timeline --format csv", "timeline --format xlsx", "timeline --format json", "timeline --format jsonl", "timeline --format ics", "timeline --format gantt",
		"timeline --format jira", "timeline --format trello", "timeline --format project", "timeline --since 0", "timeline --since 0 --format json", "timeline --since 0 --format atom", "timeline --vague", "timeline --off-topic"}},
	{name: "tuogou timeline history", runs: []string{"timeline history UID", "timeline history UID --json"}},
	{name: "tuogou timeline proposals", runs: []string{"timeline proposals", "timeline proposals UID --json"}},
	{name: "tuogou timeline accept", runs: []string{"timeline accept UID DOC --by wang"}},
	{name: "tuogou timeline anchor", runs: []string{"timeline anchor UID 2018-01-01 --by wang"}},
	{name: "tuogou timeline hooks", runs: []string{"timeline hooks", "timeline hooks --json"}},
	{name: "tuogou timeline hooks add", runs: []string{"timeline hooks add https://hook.example/x"}},
	{name: "tuogou timeline hooks remove", runs: []string{"timeline hooks remove x"}},
	{name: "tuogou timeline deliver", why: "what is sent are changes of the ledger as --since gives them; timeline/deliver tests the sending"},
	{name: "tuogou eval", runs: []string{"eval --gold TEXTS TEXTS"}},
	{name: "tuogou export", runs: []string{"export"}},
	{name: "tuogou verify", runs: []string{"verify", "verify --json", "verify FILE"}},
	{name: "tuogou backup", runs: []string{"backup TEMP/backup"}},
	{name: "tuogou migrate", runs: []string{"migrate --to TEMP/other"}},
	{name: "tuogou restore", runs: []string{"restore TEMP/backup"}},
	{name: "tuogou correct", runs: []string{"correct"}},
	{name: "tuogou correct facts", runs: []string{"correct facts DOC", "correct facts DOC --json"}},
	{name: "tuogou correct list", runs: []string{"correct list", "correct list DOC --json"}},
	{name: "tuogou correct accept", runs: []string{"correct accept DOC /deadlines/1 --by wang", "correct accept DOC /deadlines/1 --by wang --json"}},
	{name: "tuogou correct fix", runs: []string{"correct fix DOC /title 题目 --by wang"}},
	{name: "tuogou correct reject", runs: []string{"correct reject DOC /duties/0 --by wang"}},
	{name: "tuogou correct add", runs: []string{"correct add DOC deadlines --quote 2018年底前 --set end=2018-12-30 --by wang"}},
	{name: "tuogou correct agree", runs: []string{"correct agree", "correct agree --json"}},
	{name: "tuogou correct undo", runs: []string{"correct undo CORRECTION --by wang"}},
	{name: "tuogou correct export", runs: []string{"correct export --to-gold TEMP/gold"}, why: "the text itself quotes what it corrects, and says so: its anchors have to be found again"},
	{name: "tuogou correct import", runs: []string{"correct import FILE"}},
	{name: "tuogou status", runs: []string{"status", "status --json"}},
	{name: "tuogou doctor", why: "it knows no documents"},
	{name: "tuogou rules", runs: []string{"rules"}},
	{name: "tuogou rules check", why: "it knows no documents"},
	{name: "tuogou sources", runs: []string{"sources"}},
	{name: "tuogou sources list", runs: []string{"sources list 99"}},
	{name: "tuogou sources show", runs: []string{"sources show x"}},
	{name: "tuogou sources check", why: "asks sites; it names addresses and rules"},
	{name: "tuogou sources discover", why: "asks sites; it names addresses and rules"},
	{name: "tuogou sources add", why: "asks sites; it names addresses and rules"},
	{name: "tuogou crawl", why: "asks sites; it names addresses and counts"},
	{name: "tuogou worker", why: "it prints what extract does, for documents that fail, and counts"},
	{name: "tuogou jobs", why: "counts"},
	{name: "tuogou jobs list", why: "addresses or names of files, and reasons, as extract prints them"},
	{name: "tuogou jobs dead", why: "as jobs list"},
	{name: "tuogou jobs requeue", why: "counts"},
	{name: "tuogou jobs cancel", why: "counts"},
	{name: "tuogou demo", why: "it shows the invented samples in a folder of its own, by the commands above"},
	{name: "tuogou serve", why: "its pages have cases of their own"},
}

// No page, no answer of the API and no command shows a planted telephone number, name,
// group number or address of mail, unless --contacts asks for it.
func TestPersonalDataIsMasked(t *testing.T) {
	t.Parallel()
	dir, words := secretive(t)
	t.Run("pages", func(t *testing.T) { noPageShows(t, dir, words) })
	t.Run("commands", func(t *testing.T) { noCommandShows(t, dir, words) }) // some write
}

func noCommandShows(t *testing.T, dir string, words *strings.Replacer) {
	if _, out, _ := call(t, dir, "show", "planted.txt", "--json", "--contacts"); !strings.Contains(out, "钱小柏") || !strings.Contains(out, "13900001234") {
		t.Fatalf("--contacts does not show what was planted: %s", out)
	}
	cases := map[string]bool{}
	for _, c := range commandCases {
		cases[c.name] = true
		if len(c.runs) == 0 && c.why == "" {
			t.Errorf("%s is not run, and nothing says why", c.name)
		}
		for _, run := range c.runs {
			in := dir
			if c.name == "tuogou restore" {
				in = filepath.Join(t.TempDir(), "new")
			}
			_, out, errs := call(t, in, strings.Fields(words.Replace(run))...)
			leaks(t, run, unpacked(out)+errs)
		}
	}
	var each func(c *cobra.Command)
	each = func(c *cobra.Command) {
		if c.Runnable() && !cases[c.CommandPath()] {
			t.Errorf("%s: nobody looked whether it shows personal data: give it a case", c.CommandPath())
		}
		for _, sub := range c.Commands() {
			each(sub)
		}
	}
	each((&app{}).root())
}

// unpacked is the text of an output, of a packed file (DOCX, XLSX) that of its parts.
func unpacked(out string) string {
	z, err := zip.NewReader(strings.NewReader(out), int64(len(out)))
	if err != nil {
		return out
	}
	for _, f := range z.File {
		if in, err := f.Open(); err == nil {
			text, _ := io.ReadAll(in)
			out += string(text)
		}
	}
	return out
}

// pageCases is each page and each way into the API, by its pattern, with the addresses
// that are asked for.
var pageCases = map[string][]string{
	"/{$}": {"/"}, "/index.json": {"/index.json"}, "/": {"/nothing"}, "/style.css": {"/style.css"}, "/app.js": {"/app.js"}, "/healthz": {"/healthz"},
	"/search":       {"/search?q=联系人", "/search?q=钱小柏", "/search?q=13900001234", "/search?q=民政局&unit=deadline", "/search?q=联系人&explain=1"},
	"/search.json":  {"/search.json?q=联系人", "/search.json?q=民政局&unit=deadline"},
	"/suggest.json": {"/suggest.json?q=钱小", "/suggest.json?q=1390"},
	"/doc/{id}":     {"/doc/DOC", "/doc/DOC.json", "/doc/PAGE", "/doc/PAGE.json"}, "/doc/{id}/cite": {"/doc/DOC/cite", "/doc/DOC/cite?format=csl"},
	"/doc/{id}/versions": {"/doc/DOC/versions", "/doc/PAGE/versions", "/doc/PAGE/versions?version=1"}, "/doc/{id}/original": {"/doc/DOC/original?at=0-5"}, "/capture/{hash}": {"/capture/CAPTURE"},
	"/compare": {"/compare?places=990101", "/compare?places=990101&part=deadlines"}, "/compare.json": {"/compare.json?places=990101"}, "/compare/report": {"/compare/report?places=990101&baseline=codebook&format=html", "/compare/report?places=990101&baseline=codebook&format=docx"},
	"/compare/pair": {"/compare/pair?there=DOC&here=PAGE"}, "/compare/pair.json": {"/compare/pair.json?there=DOC&here=PAGE"},
	"/timeline": {"/timeline", "/timeline?view=month", "/timeline?view=bars", "/timeline?view=changes", "/timeline?vague=1"}, "/timeline.json": {"/timeline.json"}, "/timeline.ics": {"/timeline.ics"}, "/timeline.atom": {"/timeline.atom"},
	"/timeline/file": {"/timeline/file?format=csv", "/timeline/file?format=xlsx", "/timeline/file?format=jsonl"}, "/obligation/{uid}": {"/obligation/UID", "/obligation/UID.json"}, "/changes.json": {"/changes.json"},
	"/coverage": {"/coverage"}, "/coverage.json": {"/coverage.json"}, "/help": {"/help"}, "GET /jobs": {"/jobs"}, "GET /jobs.json": {"/jobs.json"}, "GET /review": {"/review", "/review?doc=DOC"},
	"POST /jobs": {"/jobs"}, "POST /review": {"/review"}, "POST /login": {"/login"},
	"/api/v1/search": {"/api/v1/search?q=联系人", "/api/v1/search?q=民政局&unit=deadline"}, "/api/v1/export": {"/api/v1/export?q=联系人", "/api/v1/export?q=脱钩&format=jsonl"}, "/api/v1/suggest": {"/api/v1/suggest?q=钱小"},
	"/api/v1/documents/{id}": {"/api/v1/documents/DOC", "/api/v1/documents/PAGE"}, "/api/v1/documents/{id}/captures": {"/api/v1/documents/PAGE/captures"}, "/api/v1/pair": {"/api/v1/pair?there=DOC&here=PAGE"},
	"/api/v1/study": {"/api/v1/study?places=990101&baseline=codebook"}, "/api/v1/study/report": {"/api/v1/study/report?places=990101&baseline=codebook&format=md"}, "/api/v1/coverage": {"/api/v1/coverage"},
	"/api/v1/timeline": {"/api/v1/timeline"}, "/api/v1/timeline/file": {"/api/v1/timeline/file?format=csv"}, "/api/v1/timeline/calendar": {"/api/v1/timeline/calendar"}, "/api/v1/obligations/{uid}": {"/api/v1/obligations/UID"},
	"/api/v1/changes": {"/api/v1/changes"}, "/api/v1/extract": {"/api/v1/extract"},
}

func noPageShows(t *testing.T, dir string, words *strings.Replacer) {
	pagesOf := func(contacts bool) http.Handler {
		var errs strings.Builder
		a := &app{Env: Env{Stdout: io.Discard, Stderr: &errs, Getenv: func(string) string { return "" }, Now: r2, memory: &remembered}, data: dir, contacts: contacts}
		h, ix, err := a.pages(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { ix.Close(); a.close() })
		return h
	}
	h := pagesOf(false)
	ask := func(h http.Handler, method, address string) *httptest.ResponseRecorder {
		path, query, _ := strings.Cut(words.Replace(address), "?")
		var parts []string
		for p := range strings.SplitSeq(query, "&") {
			name, value, _ := strings.Cut(p, "=")
			parts = append(parts, name+"="+url.QueryEscape(value))
		}
		var body io.Reader
		if strings.HasSuffix(path, "/extract") {
			data, err := json.Marshal(map[string]string{"text": planted})
			if err != nil {
				t.Fatal(err)
			}
			method, body = "POST", strings.NewReader(string(data))
		}
		r := httptest.NewRequest(method, path+"?"+strings.Join(parts, "&"), body)
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	var api struct {
		Paths map[string]any `json:"paths"`
	}
	if err := json.Unmarshal(ask(h, "GET", "/api/v1/openapi.json").Body.Bytes(), &api); err != nil || len(api.Paths) < 10 {
		t.Fatalf("the description of the API: %v, %d paths", err, len(api.Paths))
	}
	for _, pattern := range slices.Concat(web.Routes(), slices.Sorted(maps.Keys(api.Paths))) {
		addresses := pageCases[pattern]
		if len(addresses) == 0 {
			t.Errorf("%s: nobody looked whether it shows personal data: give it a case", pattern)
		}
		for _, address := range addresses {
			method := "GET"
			if m, _, ok := strings.Cut(pattern, " "); ok {
				method = m
			}
			w := ask(h, method, address)
			shown := unpacked(w.Body.String())
			if _, asked, ok := strings.Cut(address, "?q="); ok { // a reader sees what he typed
				shown = strings.ReplaceAll(strings.ReplaceAll(shown, url.QueryEscape(asked), ""), asked, "")
			}
			leaks(t, address, shown)
			want := 200
			switch pattern {
			case "/":
				want = 404
			case "/doc/{id}/original":
				want = 302
			case "/capture/{hash}", "GET /jobs.json", "POST /jobs", "POST /review", "POST /login":
				want = 403
			}
			if w.Code != want {
				t.Errorf("%s: status %d, want %d: %.300s", address, w.Code, want, w.Body)
			}
		}
	}
	if w := ask(h, "GET", "/doc/PAGE/versions?version=1"); !strings.Contains(w.Body.String(), "<del>") {
		t.Error("the page has no older version: the test looks at nothing")
	}
	if w := ask(pagesOf(true), "GET", "/capture/CAPTURE"); w.Code != 200 || !strings.Contains(w.Body.String(), "13900001234") {
		t.Errorf("with --contacts the original is not given: %d", w.Code)
	}
}

// A text that begins like a formula is no formula in any table.
func TestFormulaCellsAreNeutralised(t *testing.T) {
	dir := seeded(t)
	texts := t.TempDir()
	evil := strings.ReplaceAll(planted, "（二）资产财务分离，规范财产关系。", "（二）资产财务分离，规范财产关系。\n\n=HYPERLINK(\"http://evil.example\")办公用房，")
	if err := os.WriteFile(filepath.Join(texts, "evil.txt"), []byte(evil), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"add", texts}, {"run"}} {
		if code, out, errs := call(t, dir, args...); code != 0 {
			t.Fatalf("%v: exit %d\n%s%s", args, code, out, errs)
		}
	}
	guarded := 0
	for _, args := range [][]string{{"search", "HYPERLINK", "--format", "csv"}, {"compare", "990101", "--format", "csv"}, {"timeline", "--format", "csv"},
		{"compare", "990101", "--baseline", "codebook", "--format", "events"}} {
		code, out, errs := call(t, dir, args...)
		if code != exitOK {
			t.Fatalf("%v: exit %d %s", args, code, errs)
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(out, "\ufeff"))).ReadAll()
		if err != nil || len(rows) < 2 {
			t.Fatalf("%v: %d rows, %v", args, len(rows), err)
		}
		for _, row := range rows {
			for _, cell := range row {
				if strings.HasPrefix(cell, "'=") {
					guarded++
				}
				if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") {
					t.Errorf("%v: a spreadsheet would run the cell %q", args, cell)
				}
			}
		}
	}
	if guarded == 0 {
		t.Error("no cell began like a formula: the test looks at nothing")
	}
}
