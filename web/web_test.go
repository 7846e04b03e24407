package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"tuogou/compare"
	"tuogou/compare/comparetest"
	"tuogou/compare/render"
	"tuogou/corpus"
	"tuogou/index"
	"tuogou/index/query"
	"tuogou/timeline"
	"tuogou/web"
)

// shelf is a Backend over a list; its search is a plain substring search.
type shelf struct {
	list []*corpus.Record
	err  error
}

func (s shelf) Search(_ context.Context, q index.Query) (index.Result, error) {
	if _, err := query.Parse(q.Text); err != nil {
		return index.Result{}, err
	}
	words := strings.Fields(q.Text)
	out := index.Result{}
	for _, r := range s.list {
		at := 0
		if len(words) > 0 {
			at = strings.Index(r.Text.Body, strings.Trim(words[0], "()"))
		}
		if at < 0 || strings.Contains(q.Text, `kind:"plan"`) && r.Kind != corpus.KindPlan {
			continue
		}
		if out.Total++; fmt.Sprint(out.Total) <= q.After || len(out.Hits) == q.Limit && q.Limit > 0 {
			continue
		}
		h := index.Hit{Doc: r.ID, Title: r.Title, Kind: r.Kind, OnTopic: r.OnTopic, Place: index.Place{Code: r.Jurisdiction.Code, Path: []string{r.Jurisdiction.Name}}}
		if len(words) > 0 {
			h.Snippets = []index.Snippet{{Span: corpus.Span{End: len(r.Text.Body)}, Spans: []corpus.Span{{Start: at, End: at + len(strings.Trim(words[0], "()"))}}}}
		}
		if out.Hits = append(out.Hits, h); q.Explain {
			out.Hits[len(out.Hits)-1].Why = &index.Why{Words: []index.WordFound{{Word: words[0], Text: 1}}}
		}
		out.Next = fmt.Sprint(out.Total)
	}
	if out.Next == fmt.Sprint(out.Total) {
		out.Next = ""
	}
	out.Docs = out.Total
	out.Facets = map[string][]index.FacetValue{"kind": {{Value: "plan", Count: 2}, {Value: "news", Count: 1}}, "county": {{Value: comparetest.Qinghe, Name: "青禾区", Count: 1}}}
	return out, s.err
}

func (s shelf) Each(ctx context.Context, q index.Query, f func(index.Hit) bool) (index.Result, error) {
	q.Limit, q.After = 0, ""
	res, err := s.Search(ctx, q)
	for _, h := range res.Hits {
		if !f(h) {
			break
		}
	}
	return res, err
}

func (s shelf) State(context.Context) (index.State, error) { return index.Content, s.err }

func (s shelf) Revision(context.Context) (string, error) { return "7", nil }

func (s shelf) Captures(_ context.Context, id corpus.DocID) ([]corpus.Capture, error) {
	for _, r := range s.list {
		if r.ID == id {
			return []corpus.Capture{{Doc: id, SHA256: corpus.HashBytes([]byte("old"))}, {Doc: id, SHA256: r.Source.SHA256, Size: 12}}, s.err
		}
	}
	return nil, web.ErrNotFound
}

func (s shelf) Blob(_ context.Context, h corpus.Hash) ([]byte, error) {
	for _, r := range s.list {
		if r.Source.SHA256 == h || corpus.HashBytes([]byte("old")) == h {
			return []byte("<html><script>alert(1)</script>" + r.Text.Body), s.err
		}
	}
	return nil, web.ErrNotFound
}

func (s shelf) Text(_ context.Context, c corpus.Capture) (string, error) {
	for _, r := range s.list {
		if r.Source.SHA256 == c.SHA256 {
			return compare.Mask(r).Text.Body, s.err
		}
	}
	return "an old line\n", s.err
}

func (s shelf) Origin(_ context.Context, id corpus.DocID, at corpus.Span) (web.Origin, error) {
	o := web.Origin{SHA256: corpus.HashBytes([]byte("old")), URL: "https://example.org/a.html#top"}
	if at.Start == 0 {
		o.Page = 3
	}
	return o, s.err
}

func (s shelf) Study(_ context.Context, rs []*corpus.Record, c web.StudyChoice) (*render.Study, error) {
	if c.Baseline == "unone" {
		return nil, fmt.Errorf("%w: no such baseline", web.ErrChoice)
	}
	opt := compare.StudyOptions{Selection: compare.Selection{Codes: c.Places, Below: c.Below}, Baseline: c.Baseline}
	return &render.Study{Report: compare.NewReport(rs, compare.ReportOptions{StudyOptions: opt})}, s.err
}

func (s shelf) Visits(context.Context) ([]compare.Visit, error) { return nil, s.err }

func (s shelf) WriteStudy(w io.Writer, _ []*corpus.Record, st *render.Study, format string, lang render.Lang) error {
	if format == "json" {
		return render.WriteJSON(w, st)
	}
	return render.WriteStudyHTML(w, st, render.Options{Lang: lang})
}

func (s shelf) Extract(_ context.Context, body string) (*corpus.Record, error) {
	if strings.Contains(body, "panic") {
		return nil, errors.New("secret")
	}
	return s.list[0], nil
}

func (s shelf) Obligations(context.Context) ([]timeline.Obligation, error) {
	return timeline.Replay(nil, s.log()), s.err
}

func (s shelf) History(_ context.Context, uid string) ([]timeline.Change, error) {
	out := slices.DeleteFunc(s.log(), func(c timeline.Change) bool { return c.UID != uid })
	if len(out) == 0 {
		return nil, web.ErrNotFound
	}
	return out, s.err
}

func (s shelf) Changes(_ context.Context, q query.Node, after int64) iter.Seq2[timeline.Change, error] {
	return func(yield func(timeline.Change, error) bool) {
		for _, c := range s.log() {
			if c.Cursor > after && timeline.Matches(q, &c.Obligation) && !yield(c, s.err) {
				return
			}
		}
	}
}

func (s shelf) Parse(text string) (query.Node, error) { return query.Parse(text) }

// log is the ledger of the list.
func (s shelf) log() []timeline.Change {
	out := timeline.Update(nil, timeline.Facts{Records: s.list, At: time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)})
	for i := range out {
		out[i].Cursor = int64(i + 1)
	}
	return out
}

func (s shelf) Record(_ context.Context, id corpus.DocID) (*corpus.Record, error) {
	for _, r := range s.list {
		if r.ID == id {
			return r, s.err
		}
	}
	return nil, fmt.Errorf("record %s: %w", id, web.ErrNotFound)
}

func (s shelf) Records(context.Context) iter.Seq2[*corpus.Record, error] {
	return func(yield func(*corpus.Record, error) bool) {
		for _, r := range s.list {
			if !yield(r, s.err) {
				return
			}
		}
	}
}

func newSite(t testing.TB, change func([]*corpus.Record)) (http.Handler, []*corpus.Record) {
	list := comparetest.Records(t)
	if change != nil {
		change(list)
	}
	return web.New(shelf{list: list}, web.Options{Today: func() string { return "2018-10-01" }, Rate: 1e6}), list
}

func get(t testing.TB, h http.Handler, target string, header ...string) *http.Response {
	t.Helper()
	return do(t, h, http.MethodGet, target, header...)
}

func do(t testing.TB, h http.Handler, method, target string, header ...string) *http.Response {
	t.Helper()
	req := httptest.NewRequest(method, target, nil)
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	return w.Result()
}

func body(t testing.TB, r *http.Response) string {
	t.Helper()
	data, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

const places = "?places=990101,990102"

func pages(list []*corpus.Record) []string {
	doc := "/doc/" + string(list[0].ID)
	return []string{"/", "/index.json", "/search?q=%E8%84%B1%E9%92%A9", "/search.json?q=%E8%84%B1%E9%92%A9", "/search", "/search?q=%E8%84%B1%E9%92%A9&explain=1&kind=plan&sort=date", doc, doc + ".json",
		doc + "/versions", doc + "/cite", doc + "/cite?format=csl", doc + "/cite?format=bibtex",
		"/doc/" + string(list[1].ID), "/doc/fxueling", "/doc/fxueling.json", "/compare", "/compare" + places, "/compare" + places + "&part=deadlines", "/compare.json" + places,
		"/compare/pair?there=" + string(list[0].ID) + "&here=" + string(list[1].ID), "/compare/pair.json?there=" + string(list[0].ID) + "&here=" + string(list[1].ID),
		"/timeline", "/timeline?vague=1&places=990100", "/timeline?view=month", "/timeline?view=bars", "/timeline?view=changes", "/timeline?organ=finance&state=upcoming,past&as_of=2018-06-01&q=clause:asset", "/timeline.json", "/timeline.ics",
		"/changes.json", "/obligation/" + shelf{list: list}.log()[0].UID, "/obligation/" + shelf{list: list}.log()[0].UID + ".json",
		"/coverage", "/coverage.json", "/help", "/jobs", "/review", "/review?doc=" + string(list[0].ID), "/suggest.json?q=%E9%9D%92", "/style.css", "/app.js", "/healthz"}
}

func TestEveryPageAnswersSafely(t *testing.T) {
	h, list := newSite(t, nil)
	for _, p := range pages(list) {
		for _, lang := range []string{"zh", "en"} {
			r := get(t, h, p, "Accept-Language", lang)
			got := body(t, r)
			if r.StatusCode != 200 {
				t.Errorf("%s: status %d: %s", p, r.StatusCode, got)
			}
			for header, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"} {
				if r.Header.Get(header) != want {
					t.Errorf("%s: %s is %q", p, header, r.Header.Get(header))
				}
			}
			if csp := r.Header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
				t.Errorf("%s: policy %q", p, csp)
			}
			for _, secret := range []string{"5550123", "林示例"} {
				if strings.Contains(got, secret) {
					t.Errorf("%s shows the contact %s", p, secret)
				}
			}
			if (strings.Contains(p, ".json") || strings.Contains(p, "=csl")) != (r.Header.Get("Content-Type") == "application/json; charset=utf-8") {
				t.Errorf("%s: type %s", p, r.Header.Get("Content-Type"))
			}
			if strings.Contains(p, ".json") && !json.Valid([]byte(got)) {
				t.Errorf("%s is not JSON", p)
			}
			if strings.Contains(got, "<no value>") || strings.Contains(got, "ZgotmplZ") || strings.Contains(r.Header.Get("Content-Type"), "html") && regexp.MustCompile(` style=|<script(>| [^s])|<style| on[a-z]+="`).MatchString(got) {
				t.Errorf("%s holds what the policy forbids, or a template's slip", p)
			}
		}
	}
}

func TestLinksLeadSomewhere(t *testing.T) {
	h, list := newSite(t, nil)
	href := regexp.MustCompile(`href="([^"]*)"`)
	bodies := map[string]string{}
	seen := 0
	for _, p := range pages(list) {
		if !strings.Contains(get(t, h, p).Header.Get("Content-Type"), "html") {
			continue
		}
		for _, m := range href.FindAllStringSubmatch(body(t, get(t, h, p)), -1) {
			link := html.UnescapeString(m[1])
			if strings.HasPrefix(link, "https://") || strings.HasPrefix(link, "data:") {
				continue
			}
			path, fragment, _ := strings.Cut(link, "#")
			if path == "" {
				path = p
			}
			if _, ok := bodies[path]; !ok {
				r := get(t, h, path)
				if bodies[path] = body(t, r); r.StatusCode != 200 && (r.StatusCode != 302 || !strings.Contains(path, "/original?")) {
					t.Errorf("%s: link %s answers %d", p, link, r.StatusCode)
				}
			}
			if fragment != "" && !strings.Contains(bodies[path], `id="`+fragment+`"`) {
				t.Errorf("%s: nothing at %s", p, link)
			}
			seen++
		}
	}
	if seen < 100 {
		t.Errorf("only %d links seen", seen)
	}
}

func TestDocumentMarksItsFactsInCodePoints(t *testing.T) {
	h, list := newSite(t, nil)
	got := body(t, get(t, h, "/doc/"+string(list[0].ID)))
	runes := []rune(compare.Mask(list[0]).Text.Body)
	marks := regexp.MustCompile(`<span id="s(\d+)-(\d+)"[^>]*>([^<]*)</span>`).FindAllStringSubmatch(got, -1)
	if len(marks) < 15 {
		t.Errorf("%d marks", len(marks))
	}
	for _, m := range marks {
		var a, b int
		if _, err := fmt.Sscan(m[1]+" "+m[2], &a, &b); err != nil {
			t.Fatal(err)
		}
		if string(runes[a:b]) != m[3] {
			t.Errorf("s%d-%d is around %q, want %q", a, b, m[3], string(runes[a:b]))
		}
	}
	text := regexp.MustCompile(`(?s)<article[^>]*>(.*)</article>`).FindStringSubmatch(got)[1]
	if plain := regexp.MustCompile(`<[^>]*>`).ReplaceAllString(text, ""); plain != string(runes) {
		t.Error(cmp.Diff(string(runes), plain))
	}
	for _, want := range []string{"青禾府发〔2018〕7号", "2018-07-20", "全文未提及", "＊＊＊，联系电话", `rel="noopener noreferrer external"`} {
		if !strings.Contains(got, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if cut := body(t, get(t, h, "/doc/"+string(list[1].ID))); !strings.Contains(cut, "没有见到的内容不等于没有规定") {
		t.Error("a cut text does not say so")
	}
}

func TestRecordJSONIsTheMaskedRecord(t *testing.T) {
	h, list := newSite(t, nil)
	want, err := corpus.Encode(compare.Mask(list[0]))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want)+"\n", body(t, get(t, h, "/doc/"+string(list[0].ID)+".json"))); diff != "" {
		t.Error(diff)
	}
}

func TestNothingFromOutsideBecomesCode(t *testing.T) {
	const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>`
	h, list := newSite(t, func(list []*corpus.Record) {
		r := list[0]
		r.Title, r.Jurisdiction.Name, r.DocNumber.Text = evil, evil, evil
		r.Source.URL = "javascript:alert(1)"
		r.Problems = []corpus.Problem{{ID: "X", Message: evil}}
		r.Deadlines[0].Action = corpus.Action{Text: evil}
		r.Text.Body += evil
		r.Facts["doc_number"] = corpus.Fact{State: corpus.Stated}
	})
	q := "?q=" + "%22%3E%3Cscript%3Ealert(1)%3C/script%3E%3Cimg%20src=x%20onerror=alert(1)%3E"
	for _, p := range append(pages(list), "/search"+q, "/nothing"+q, "/timeline?places=%3Cscript%3E", "/compare"+q+"&places=990101", "/doc/%3Cscript%3E") {
		r := get(t, h, p)
		if !strings.Contains(r.Header.Get("Content-Type"), "html") {
			continue
		}
		got := body(t, r)
		for _, bad := range []string{"<script>", "<img", `href="javascript:`} {
			if strings.Contains(got, bad) {
				t.Errorf("%s: %s got through", p, bad)
			}
		}
	}
}

// Words lead to where they were read.
func TestOriginal(t *testing.T) {
	h, list := newSite(t, nil)
	doc := "/doc/" + string(list[0].ID)
	for at, want := range map[string]string{"0-5": "/capture/" + string(corpus.HashBytes([]byte("old"))) + "#page=3", "5-9": "https://example.org/a.html#:~:text="} {
		r := get(t, h, doc+"/original?at="+at)
		if got := r.Header.Get("Location"); r.StatusCode != 302 || !strings.HasPrefix(got, want) || strings.ContainsAny(got, "\n ") {
			t.Errorf("%s: %d %s", at, r.StatusCode, got)
		}
	}
	for _, bad := range []string{"", "9-5", "x", "900000-900001"} {
		if r := get(t, h, doc+"/original?at="+bad); r.StatusCode != 400 {
			t.Errorf("%q: %d", bad, r.StatusCode)
		}
	}
	if got := body(t, get(t, h, doc)); !strings.Contains(got, doc+"/original?at=") {
		t.Error("no fact leads to its original")
	}
}

// many is a shelf whose answers count ten thousand values, with names that are no UTF-8.
type many struct{ shelf }

func (m many) Search(ctx context.Context, q index.Query) (index.Result, error) {
	out, err := m.shelf.Search(ctx, q)
	for _, f := range index.FacetFields() {
		var values []index.FacetValue
		for i := range 10000 {
			values = append(values, index.FacetValue{Value: fmt.Sprintf("v%d", i), Name: fmt.Sprintf("</a>\xff%d", i), Count: 10000 - i})
		}
		out.Facets[string(f)] = values
	}
	return out, err
}

// Ten thousand values of each facet neither swell the page nor break it; the answer in
// JSON has them all.
func TestManyFacets(t *testing.T) {
	h := web.New(many{shelf{list: comparetest.Records(t)}}, web.Options{Rate: 1e6})
	page := body(t, get(t, h, "/search?q=%E8%84%B1%E9%92%A9&county=v9999"))
	if len(page) > 300_000 || !utf8.ValidString(page) || strings.Contains(page, "</a>\xff") || !strings.Contains(page, "9999") {
		t.Errorf("%d bytes, valid UTF-8: %t", len(page), utf8.ValidString(page))
	}
	var a struct {
		Facets map[string][]struct{ Value, Name string }
	}
	if err := json.Unmarshal([]byte(body(t, get(t, h, "/search.json?q=%E8%84%B1%E9%92%A9"))), &a); err != nil || len(a.Facets["county"]) != 10000 {
		t.Errorf("%v: %d values", err, len(a.Facets["county"]))
	}
}

// What is no address of ours is a page that says so, whatever it tries.
func TestPathTricks(t *testing.T) {
	h, _ := newSite(t, nil)
	for _, p := range []string{"/%2e%2e/%2e%2e/etc/passwd", "/doc/..%2f..%2fetc%2fpasswd", "/doc/%00", "/doc/%ff%fe", "/capture/..%2f..%2fstore.db", "/capture/%00", "/style.css%00.html",
		"/doc/" + strings.Repeat("a", 3000), "/obligation/..%2f", "/doc/%2e%2e", "//evil.example/", "/static/app.js", "/.git/config", "/doc/x/cite/../../../y"} {
		r := get(t, h, p)
		got := body(t, r)
		if r.StatusCode != 404 && r.StatusCode != 400 && r.StatusCode != 307 && r.StatusCode != 301 || strings.Contains(got, "root:") || !utf8.ValidString(got) {
			t.Errorf("%s: %d %.200s", p, r.StatusCode, got)
		}
		if to := r.Header.Get("Location"); strings.Contains(to, "//") {
			t.Errorf("%s leads to %s", p, to)
		}
	}
	for _, q := range []string{"/search?q=%ff%fe", "/search?q=%00", "/search?q=" + strings.Repeat("a", 600), "/search?place=%ff", "/suggest.json?q=%ff", "/timeline?q=%c3%28", "/search?after=%ff%00"} {
		if r := get(t, h, q); r.StatusCode != 400 && r.StatusCode != 200 && r.StatusCode != 414 || !utf8.ValidString(body(t, r)) {
			t.Errorf("%s: %d", q, r.StatusCode)
		}
	}
}

func TestErrorsInPlainWords(t *testing.T) {
	h, _ := newSite(t, nil)
	for _, tt := range []struct {
		target string
		status int
		says   string
	}{
		{"/doc/unone", 404, "没有这一页"}, {"/doc/unone.json", 404, "请检查地址"}, {"/nothing", 404, "没有这一页"}, {"/doc/a/b", 404, "没有这一页"},
		{"/search?q=a&limit=1000", 400, "limit"}, {"/search?q=a&limit=x", 400, "limit"},
		{"/search?q=" + strings.Repeat("a", 501), 400, "q"}, {"/search?q=%ff", 400, "q"}, {"/search?q=%28", 400, "检索式第 2 个字"}, {"/search?q=%28&lang=en", 400, "query, character 2"}, {"/search?q=a%20year:x&kind=plan", 400, "第 8 个字"},
		{"/search?q=a&kind=%3C", 400, "kind"}, {"/search?q=a&year=%22)", 400, "year"}, {"/search?q=a&place=%22", 400, "place"},
		{"/search.json?q=a&limit=0", 400, "limit"},
		{"/compare?places=a%20b", 400, "places"}, {"/compare.json", 400, "places"}, {"/compare?below=yes", 400, "below"},
		{"/compare?places=990101&baseline=unone", 400, "no such baseline"}, {"/compare?places=990101&part=x", 400, "part"}, {"/compare/report?places=990101&format=exe", 400, "format"},
		{"/compare/pair?there=unone&here=unone", 404, "没有这一页"}, {"/capture/..%2f..", 404, "没有这一页"}, {"/doc/unone/versions", 404, "没有这一页"}, {"/timeline?view=x", 400, "view"},
		{"/timeline?from=2018-13-01", 400, "from"}, {"/timeline?to=x", 400, "to"}, {"/timeline.ics?vague=2", 400, "vague"},
		{"/timeline?organ=%22", 400, "organ"}, {"/timeline?state=late", 400, "state"}, {"/timeline?after=o1", 400, "after"}, {"/timeline/file?format=exe", 400, "format"}, {"/obligation/o1", 404, "没有这一页"},
		{"/?" + strings.Repeat("a", 5000), 400, "query string"},
	} {
		r := get(t, h, tt.target)
		if got := body(t, r); r.StatusCode != tt.status || !strings.Contains(got, tt.says) {
			t.Errorf("%.60s: status %d, want %d and %q", tt.target, r.StatusCode, tt.status, tt.says)
		}
	}
}

func TestOnlyReading(t *testing.T) {
	h, _ := newSite(t, nil)
	for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS"} {
		if r := do(t, h, method, "/"); r.StatusCode != 405 || r.Header.Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: status %d", method, r.StatusCode)
		}
	}
	server := httptest.NewServer(h)
	defer server.Close()
	r, err := http.Head(server.URL + "/timeline")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	if got := body(t, r); r.StatusCode != 200 || got != "" || r.Header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("HEAD: status %d, %d bytes", r.StatusCode, len(got))
	}
}

func TestLanguage(t *testing.T) {
	h, _ := newSite(t, nil)
	for _, tt := range []struct{ target, accept, want string }{
		{"/", "", "zh-CN"}, {"/", "en-US,en;q=0.9", "en"}, {"/", "zh-TW,en;q=0.5", "zh-CN"}, {"/", "fr, en;q=0.4, zh;q=0.2", "en"},
		{"/", "fr", "zh-CN"}, {"/", "en;q=0, zh", "zh-CN"}, {"/", ";;;", "zh-CN"}, {"/?lang=en", "zh", "en"}, {"/?lang=xx", "en", "en"},
	} {
		r := get(t, h, tt.target, "Accept-Language", tt.accept)
		if got := r.Header.Get("Content-Language"); got != tt.want || !strings.Contains(body(t, r), `<html lang="`+tt.want+`">`) {
			t.Errorf("%s with %q: %s, want %s", tt.target, tt.accept, got, tt.want)
		}
	}
	if got := body(t, get(t, h, "/compare?lang=en&places=990101")); !strings.Contains(got, `href="/timeline?lang=en"`) || !strings.Contains(got, "&amp;lang=en#s") {
		t.Error("the chosen language is lost in the links")
	}
}

func TestSearchPage(t *testing.T) {
	h, _ := newSite(t, nil)
	got := body(t, get(t, h, "/search?q=%E9%9B%86%E4%B8%AD%E6%B8%85%E7%90%86"))
	for _, want := range []string{"<strong>1</strong> 条结果", "<mark>集中清理</mark>", "kind=plan", "＊＊＊", "索引落后于记录"} {
		if !strings.Contains(got, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if got := body(t, get(t, h, "/search?q=zzz&kind=plan")); !strings.Contains(got, "没有找到") || !strings.Contains(got, "可去掉一个条件") {
		t.Error("no words for nothing found")
	}
	if got := body(t, get(t, h, "/search?q=%E8%84%B1%E9%92%A9&limit=1")); !strings.Contains(got, `rel="next"`) || !strings.Contains(got, "after=1") {
		t.Error("no way to the other pages")
	}
	if got := body(t, get(t, h, "/search?q=%E8%84%B1%E9%92%A9&explain=1&kind=plan")); !strings.Contains(got, "为何匹配") || !strings.Contains(got, `class="chips"`) {
		t.Error("neither why nor chips")
	}
}

func TestEmptyAndBrokenBackends(t *testing.T) {
	empty := web.New(shelf{}, web.Options{})
	for _, p := range []string{"/", "/compare", "/timeline", "/search?q=a", "/timeline.ics", "/index.json"} {
		if r := get(t, empty, p); r.StatusCode != 200 {
			t.Errorf("%s of an empty corpus: %d", p, r.StatusCode)
		}
	}
	if !strings.Contains(body(t, get(t, empty, "/")), "库中还没有文件") {
		t.Error("an empty corpus does not say what to do")
	}
	list := comparetest.Records(t)
	broken := web.New(shelf{list, errors.New("disk secret")}, web.Options{})
	for _, p := range []string{"/", "/doc/" + string(list[0].ID), "/search?q=a", "/compare.json" + places} {
		if r := get(t, broken, p); r.StatusCode != 500 || strings.Contains(body(t, r), "secret") {
			t.Errorf("%s of a broken store: %d", p, r.StatusCode)
		}
	}
}

func TestCrossingSpansKeepTheText(t *testing.T) {
	h, list := newSite(t, func(list []*corpus.Record) {
		r := list[0]
		s := r.Deadlines[0].Span
		crossing := corpus.Span{Start: s.Start + len("2018"), End: s.End + len("完成")}
		r.Times = append(r.Times, corpus.Time{Evidence: corpus.Cite(r.Text.Body, crossing, "x")}, corpus.Time{Evidence: corpus.Evidence{Span: corpus.Span{Start: 1, End: 9999999}}})
	})
	got := body(t, get(t, h, "/doc/"+string(list[0].ID)))
	text := regexp.MustCompile(`(?s)<article[^>]*>(.*)</article>`).FindStringSubmatch(got)[1]
	if plain := regexp.MustCompile(`<[^>]*>`).ReplaceAllString(text, ""); plain != compare.Mask(list[0]).Text.Body {
		t.Error("the text is changed by its marks")
	}
	if strings.Count(text, "<span") != strings.Count(text, "</span>") {
		t.Error("an element is left open")
	}
}

func TestLabelsHaveBothLanguages(t *testing.T) {
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
	}
	templates, err := os.ReadDir("templates")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range templates {
		text, err := os.ReadFile("templates/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`\.L "([^"]+)"`).FindAllStringSubmatch(string(text), -1) {
			if _, ok := labels[m[1]]; !ok && render.Label(m[1], render.EN) == m[1][strings.LastIndexByte(m[1], '.')+1:] && m[1] != "sample" {
				t.Errorf("%s uses the label %s, which is not there", f.Name(), m[1])
			}
		}
	}
}

func ExampleNew() {
	h := web.New(shelf{}, web.Options{})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/healthz", nil))
	fmt.Println(w.Code, strings.TrimSpace(w.Body.String()))
	// Output: 200 ok
}

func BenchmarkDocument(b *testing.B) {
	h, list := newSite(b, nil)
	for b.Loop() {
		get(b, h, "/doc/"+string(list[0].ID))
	}
}

func TestTooManyRequests(t *testing.T) {
	h := web.New(shelf{}, web.Options{Rate: 1})
	var refused *http.Response
	for range 10 {
		if r := get(t, h, "/healthz"); r.StatusCode == http.StatusTooManyRequests {
			refused = r
		}
	}
	if refused == nil || refused.Header.Get("Retry-After") == "" || !strings.Contains(body(t, refused), "请稍候") {
		t.Error("ten requests at once are answered where one a second is allowed")
	}
}

// What a reader has is not sent again until a record changes.
func TestUnchangedPages(t *testing.T) {
	h, list := newSite(t, nil)
	for _, p := range []string{"/", "/doc/" + string(list[0].ID), "/search?q=%E8%84%B1%E9%92%A9", "/timeline.ics", "/api/v1/search?q=%E8%84%B1%E9%92%A9", "/api/v1/coverage"} {
		first := get(t, h, p)
		tag := first.Header.Get("ETag")
		if again := get(t, h, p, "If-None-Match", tag); tag == "" || again.StatusCode != http.StatusNotModified || body(t, again) != "" {
			t.Errorf("%s: tag %q, then %d", p, tag, again.StatusCode)
		}
		if other := get(t, h, p, "If-None-Match", tag, "Accept-Language", "en"); !strings.HasPrefix(p, "/api") && other.StatusCode != 200 {
			t.Errorf("%s: the English page is not that in Chinese", p)
		}
	}
}

// counted counts the searches and has a revision of its own.
type counted struct {
	shelf
	searches *int
	revision *string
}

func (c counted) Search(ctx context.Context, q index.Query) (index.Result, error) {
	*c.searches++
	return c.shelf.Search(ctx, q)
}

func (c counted) Revision(context.Context) (string, error) { return *c.revision, nil }

// A page is made once for all who read it in one language, and anew when a record changes.
func TestKeptPages(t *testing.T) {
	revision, searches := "1", 0
	h := web.New(counted{shelf{list: comparetest.Records(t)}, &searches, &revision}, web.Options{Rate: 1e6})
	page := "/search?q=" + url.QueryEscape("脱钩") // looked for once for both languages
	first := body(t, get(t, h, page))
	again := get(t, h, page)
	if body(t, again) != first || again.Header.Get("Content-Type") != "text/html; charset=utf-8" || searches != 1 {
		t.Errorf("asked again: another page, or %d searches", searches)
	}
	if english := body(t, get(t, h, page, "Accept-Language", "en")); english == first || searches != 1 {
		t.Errorf("the English page is the Chinese one, or %d searches", searches)
	}
	revision = "2"
	if got := body(t, get(t, h, page)); got != first || searches != 2 {
		t.Errorf("with new records: another page, or %d searches", searches)
	}
}

// busy holds searches until they are let go.
type busy struct {
	shelf
	running chan struct{}
	let     chan struct{}
}

func (b busy) Search(ctx context.Context, q index.Query) (index.Result, error) {
	b.running <- struct{}{}
	<-b.let
	return b.shelf.Search(ctx, q)
}

// No more searches run at once than there are processors, and who leaves while waiting
// takes no turn with him.
func TestSearchesTakeTurns(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	b := busy{shelf{list: comparetest.Records(t)}, make(chan struct{}), make(chan struct{})}
	h := web.New(b, web.Options{Rate: 1e6})
	ask := func(ctx context.Context, path string) <-chan int {
		done := make(chan int, 1)
		go func() {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, path, nil))
			done <- w.Code
		}()
		return done
	}
	one := ask(t.Context(), "/search?q=a")
	<-b.running
	leaving, leave := context.WithCancel(t.Context())
	two, three := ask(leaving, "/search?q=b"), ask(t.Context(), "/api/v1/search?q=c")
	select {
	case <-b.running:
		t.Error("two searches at once on one processor")
	case <-time.After(20 * time.Millisecond):
	}
	leave()
	<-two
	b.let <- struct{}{}
	<-b.running
	b.let <- struct{}{}
	if a, c := <-one, <-three; a != 200 || c != 200 {
		t.Errorf("answers %d and %d", a, c)
	}
}

// A capture is a page from elsewhere: it must not run as if it were ours.
func TestCapturesDoNotRun(t *testing.T) {
	h, list := newSite(t, nil)
	r := get(t, h, "/capture/"+string(list[0].Source.SHA256))
	if got := r.Header.Get("Content-Type"); r.StatusCode != 200 || !strings.HasPrefix(got, "text/plain") || !strings.HasPrefix(r.Header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("%d %s", r.StatusCode, got)
	}
}

func TestVersionsShowWhatChanged(t *testing.T) {
	h, list := newSite(t, nil)
	got := body(t, get(t, h, "/doc/"+string(list[0].ID)+"/versions"))
	if !strings.Contains(got, "<del>an old line</del>") || !strings.Contains(got, "<ins>") || strings.Contains(got, "5550123") {
		t.Error("the changes are not shown, or a telephone is")
	}
}

// A page and its twin of the API say the same.
func TestTwinsAgree(t *testing.T) {
	h, list := newSite(t, nil)
	uid := shelf{list: list}.log()[0].UID
	pair := "?there=" + string(list[0].ID) + "&here=" + string(list[1].ID)
	for page, api := range map[string]string{
		"/search.json?q=%E8%84%B1%E9%92%A9&kind=plan": "/api/v1/search?q=%E8%84%B1%E9%92%A9&kind=plan", "/timeline.json?places=990100&organ=finance": "/api/v1/timeline?places=990100&organ=finance",
		"/timeline.json?limit=2&vague=1": "/api/v1/timeline?limit=2&vague=true", "/changes.json?since=3": "/api/v1/changes?since=3",
		"/obligation/" + uid + ".json": "/api/v1/obligations/" + uid, "/timeline.json?state=upcoming,past": "/api/v1/timeline?state=upcoming,past",
		"/coverage.json": "/api/v1/coverage", "/compare.json" + places: "/api/v1/study" + places, "/compare/pair.json" + pair: "/api/v1/pair" + pair,
		"/doc/" + string(list[0].ID) + ".json": "/api/v1/documents/" + string(list[0].ID), "/suggest.json?q=%E9%9D%92": "/api/v1/suggest?q=%E9%9D%92",
	} {
		var a, b any
		for target, v := range map[string]*any{page: &a, api: &b} {
			r := get(t, h, target)
			if err := json.Unmarshal([]byte(body(t, r)), v); err != nil || r.StatusCode != 200 {
				t.Errorf("%s: %d %v", target, r.StatusCode, err)
			}
		}
		if diff := cmp.Diff(a, b); diff != "" {
			t.Errorf("%s and %s differ:\n%s", page, api, diff)
		}
	}
}

func TestDiff(t *testing.T) {
	for _, tt := range []struct{ why, from, to, want string }{
		{"nothing moved", "a\nb", "a\nb", "kept a, kept b"},
		{"a line was changed", "a\nb\nc", "a\nx\nc", "kept a, dropped b, added x, kept c"},
		{"a line was put in front", "a", "x\na", "added x, kept a"},
		{"everything is new", "", "a", "added a"},
		{"blank lines do not count", "a\n\n b", "a\nb\n", "kept a, kept b"},
	} {
		if got := web.DiffWords(tt.from, tt.to); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.why, got, tt.want)
		}
	}
}
