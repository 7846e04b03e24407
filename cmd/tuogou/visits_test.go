package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tuogou/compare"
	"tuogou/rules"
)

// TestSearched: a crawl leaves behind which sources it read to the end, and coverage
// and study tell of each place whether it was found, cited, searched for, or its
// source down. A later failure leaves the day of the last complete visit.
func TestSearched(t *testing.T) {
	dir, answer := t.TempDir(), http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/robots.txt" || r.URL.Path == "/down/":
			http.NotFound(w, r)
		case answer != http.StatusOK:
			w.WriteHeader(answer)
		default:
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = w.Write([]byte(`<html><body><ul><li><a href="/x/1.html">示例市举行消防演练</a><span>2019-01-02</span></li>
<li><a href="/x/2.html">示例市召开水利工作会议</a><span>2019-01-03</span></li><li><a href="/x/3.html">示例市绿化工作简报</a><span>2019-01-04</span></li></ul></body></html>`))
		}
	}))
	defer server.Close()
	tsv, err := os.ReadFile("samples/places.tsv")
	if err != nil {
		t.Fatal(err)
	}
	entries := ""
	for code, path := range map[string]string{"991200": "/list/", "992100": "/down/"} {
		entry, err := entryOf(rules.Site{ID: code + "-test", Level: "prefecture", Code: code, Name: "示例市政府", Organ: "government", Pages: []string{server.URL + path}})
		if err != nil {
			t.Fatal(err)
		}
		entries += string(entry)
	}
	text := strings.ReplaceAll(plan, "示例区", "桐汐市") + "\n根据《槐砚县行业协会商会与行政机关脱钩实施方案》，制定本方案。\n"
	for name, data := range map[string]string{"places.tsv": string(tsv), ownSources: entries, "plan.txt": text} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	call(t, dir, "add", filepath.Join(dir, "plan.txt"))
	call(t, dir, "run")
	crawl := func() {
		call(t, dir, "crawl", "991200", "992100", "--allow-private", "--delay", "-1ns", "--contact", "test")
	}
	crawl()
	want := map[string]string{
		"991100": "found", "991102": "cited 槐砚县行业协会商会与行政机关脱钩实施方案",
		"991200": "nothing 示例市政府 2026-11-24: 3", "992100": "source_down 示例市政府 2026-11-24: 1 list pages could not be read",
	}
	if diff := cmp.Diff(want, searches(t, dir)); diff != "" {
		t.Error(diff)
	}
	answer = http.StatusForbidden
	crawl()
	got := searches(t, dir)
	if !strings.HasPrefix(got["991200"], "nothing 示例市政府 2026-11-24: 3; 2026-11-24: ") {
		t.Errorf("after a refusal: %q", got["991200"])
	}
	code, out, errs := call(t, dir, "coverage", "992000", "--format", "csv", "--lang", "en")
	if code != exitOK || !strings.Contains(out, "992000,槿汀省,not searched") {
		t.Errorf("ends with %d\n%s%s", code, out, errs)
	}
}

// searches are the states of the places in a study, by code.
func searches(t *testing.T, dir string) map[string]string {
	t.Helper()
	code, out, errs := call(t, dir, "compare", "--baseline", "codebook", "--format", "json")
	if code != exitOK {
		t.Fatalf("ends with %d\n%s", code, errs)
	}
	var report compare.Report
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, p := range report.Searches {
		got[p.Place.Code] = strings.TrimSpace(string(p.State) + " " + p.Why)
	}
	return got
}
