package crawler

import (
	"fmt"
	"strings"
	"testing"

	"tuogou/crawler/crawlertest"
)

// scriptSite is a site whose list and articles scripts build from data, in three
// pages of data, with a picture, another host and an address that robots.txt
// forbids on the way.
func scriptSite() map[string]string {
	files := map[string]string{
		"robots.txt":     "User-agent: *\nDisallow: /closed/\n",
		"l/index.html":   shellPage("/js/list.js"),
		"closed/x.json":  `{"title":"不应取"}`,
		"plain/l.html":   page("列表", "<script src='/js/list.js'></script><ul>"+row("p.html", plan, "2019-01-01")+"</ul>"),
		"plain/p.html":   article(plan, ""),
		"js/list.js":     listScript,
		"js/art.js":      articleScript,
		"api/text@id=11": quoted(map[string]any{"body": longText}),
	}
	for n := 1; n <= 3; n++ {
		var rows []map[string]any
		for i := range 2 {
			id := n*10 + i
			rows = append(rows, map[string]any{"title": fmt.Sprintf("%s%d", plan, id), "url": fmt.Sprintf("/d/%d.html", id), "date": "2019-01-02"})
			files[fmt.Sprintf("d/%d.html", id)] = article(fmt.Sprintf("%s%d", plan, id), "")
		}
		files[fmt.Sprintf("api/list@page=%d&size=2", n)] = quoted(map[string]any{"total": 6, "rows": rows})
	}
	files["d/11.html"] = shellPage("/js/art.js")
	return files
}

const (
	listScript = `var key = "pa" + "ge";
fetch("/closed/x.json").catch(() => 0).then(() => fetch("/api/list?" + key + "=1&size=2")).then((r) => r.json()).then((d) => {
  let h = "<img src='/pic.png'><img src='http://other.example/x.png'><ul>";
  for (const r of d.rows) h += "<li><a href='" + r.url + "'>" + r.title + "</a><span>" + r.date + "</span></li>";
  document.getElementById("app").innerHTML = h + "</ul>";
});`
	articleScript = `fetch("/api/text?id=" + location.pathname.match(/\d+/)[0]).then((r) => r.json()).then((d) => {
  document.getElementById("app").innerHTML = "<div class='TRS_Editor'>" + d.body + "</div>";
});`
)

var longText = "<p>" + strings.Repeat("各行业协会商会应当与行政机关脱钩，机构分离、职能分离。", 12) + "</p>"

func shellPage(script string) string {
	return "<!DOCTYPE html><html><head><meta charset='utf-8'><title>示例</title></head><body><div id='app'></div>" +
		"<script src='http://cdn.example/jq.js'></script><script src='" + script + "'></script></body></html>"
}

func paths(asked []crawlertest.Asked) (all []string) {
	for _, a := range asked {
		if a.Path != "/robots.txt" {
			all = append(all, a.Host+a.Path)
		}
	}
	return all
}

func TestBrowserReadsWhatScriptsBuild(t *testing.T) {
	path := FindBrowser()
	if path == "" {
		t.Skip(InstallBrowser + ": pages that scripts build were not opened")
	}
	b := newBench(t, scriptSite())
	b.opts.Browser = path
	s := site("/l/index.html", "/plain/l.html")
	s.Render = "browser"
	rep := b.run(s)
	if len(b.sink.Captures()) != 7 || rep.Failed != 0 {
		t.Errorf("%d captures, want 6 of the script's list and 1 of the plain one: %+v", len(b.sink.Captures()), rep.Hosts)
	}
	for _, c := range b.sink.Captures() {
		if strings.HasSuffix(c.URL, "/d/11.html") && (!strings.Contains(string(b.sink.Body(c.SHA256)), "职能分离") || !strings.Contains(c.Type, "rendered=1")) {
			t.Errorf("the text that a script brought was not kept: %s %s", c.Type, b.sink.Body(c.SHA256))
		}
	}
	seen := map[string]int{}
	for _, p := range paths(b.sites.Asked()) {
		seen[p]++
		if seen[p] > 1 || !strings.HasPrefix(p, mzt) || strings.Contains(p, "/closed/") || strings.Contains(p, ".png") {
			t.Errorf("asked %s, %d times", p, seen[p])
		}
	}
	if seen[mzt+"/js/list.js"] != 1 {
		t.Errorf("the list's script was asked %d times, want once, for the page without rows: %v", seen[mzt+"/js/list.js"], seen)
	}
}

func TestBrowserIsOffByDefaultAndMissedByName(t *testing.T) {
	for _, tt := range []struct{ why, render, want string }{
		{"nobody asked for it", "", "stub of"},
		{"asked for, and not there", "browser", "Chromium is not installed"},
	} {
		t.Run(tt.why, func(t *testing.T) {
			b := newBench(t, scriptSite())
			s := site("/l/index.html")
			s.Render = tt.render
			rep := b.run(s)
			got := rep.Hosts[0].Items[0]
			if !strings.Contains(got.Reason, tt.want) {
				t.Errorf("the outcome is %s (%s), want %q", got.Outcome, got.Reason, tt.want)
			}
			if n := len(paths(b.sites.Asked())); n != 1 {
				t.Errorf("%d requests, want the page alone", n)
			}
		})
	}
}

// TestRefusalInBrowserEndsTheHost has the data behind a challenge.
func TestRefusalInBrowserEndsTheHost(t *testing.T) {
	path := FindBrowser()
	if path == "" {
		t.Skip(InstallBrowser + ": pages that scripts build were not opened")
	}
	files := scriptSite()
	files["_headers"] = "/api/list?page=1&size=2\n  Status: 403\n"
	b := newBench(t, files)
	b.opts.Browser, b.opts.Render = path, true
	rep := b.run(site("/l/index.html"))
	if !strings.Contains(rep.Hosts[0].Ended, "refused with status 403") {
		t.Errorf("the host's end is %q, want the refusal", rep.Hosts[0].Ended)
	}
}

// TestGdnpsShellIsReadFromItsRow has a document whose own page is a shell: its
// list held the text.
func TestGdnpsShellIsReadFromItsRow(t *testing.T) {
	files := map[string]string{
		"gdnps/searchIndex.jsp": "cb(" + quoted(map[string]any{"totalPage": 1, "resultMap": []any{
			map[string]any{"id": 4, "title": plan, "publishTime": "20190102", "htmlContent": longText},
			map[string]any{"id": 5, "title": "关于春节放假安排的通知", "publishTime": "20190102", "htmlContent": "<p>放假。</p>"}}}) + ");",
		"gdnps/content.jsp": shellPage("/js/art.js"),
	}
	b := newBench(t, files)
	b.opts.Notes = b.sink
	b.run(site("/gdnps/searchIndex.jsp?params={json}&callback={cb}"))
	got := b.sink.Captures()
	if len(got) != 1 || !strings.HasSuffix(got[0].URL, "content.jsp?id=4") || !strings.Contains(got[0].Final, "searchIndex.jsp") ||
		!strings.Contains(string(b.sink.Body(got[0].SHA256)), "职能分离") {
		t.Fatalf("captures %+v, want the row of the document under its address", got)
	}
	b.opts.Frontier = &MemoryFrontier{}
	if rep := b.run(site("/gdnps/searchIndex.jsp?params={json}&callback={cb}")); rep.Same != 1 || rep.Done != 0 {
		t.Errorf("the second visit has %d same and %d new, want it to be the same", rep.Same, rep.Done)
	}
}
