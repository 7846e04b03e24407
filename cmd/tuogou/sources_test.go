package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"tuogou/crawler/crawlertest"
)

// website is a small site: a home page that leads to the columns over 政务公开.
func website() fstest.MapFS {
	page := func(title, body string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("<!DOCTYPE html><html><head><meta charset='utf-8'><meta name='SiteIDCode' content='3300000001'><title>" + title + "</title></head><body>" +
			body + "<div>" + strings.Repeat("示例网站，仅供演示。", 30) + "</div></body></html>")}
	}
	m := fstest.MapFS{
		"mzj.lanxi.example/index.html":      page("澜汐市民政局（示例）", "<a href='/zwgk/'>政务公开</a><a href='/hd/'>互动交流</a><a href='/zx/1.html'>一则新闻的标题在此</a>"),
		"mzj.lanxi.example/zwgk/index.html": page("政务公开", "<a href='/zwgk/tz/'>通知公告</a><a href='/zwgk/ld/'>领导信息</a><a href='/zwgk/wj/'>政策文件</a>"),
	}
	for _, column := range []string{"tz", "wj"} {
		rows := ""
		for n := range 4 {
			title := fmt.Sprintf("澜汐市%s%d行业协会商会与行政机关脱钩实施方案", column, n)
			rows += fmt.Sprintf("<li><a href='a%d.html'>%s</a><span>2019-01-0%d</span></li>", n, title, n+1)
			m[fmt.Sprintf("mzj.lanxi.example/zwgk/%s/a%d.html", column, n)] = page(title, "<div id='zoom'><p>"+title+"</p><p>"+strings.Repeat("行业协会商会与行政机关脱钩。", 8)+"</p></div>")
		}
		m["mzj.lanxi.example/zwgk/"+column+"/index.html"] = page("列表", "<ul>"+rows+"</ul>")
	}
	return m
}

// on calls the program with a network of sample sites.
func on(t *testing.T, files fstest.MapFS, data string, args ...string) (code int, out, errs string) {
	t.Helper()
	sites, err := crawlertest.Serve(files)
	if err != nil {
		t.Fatal(err)
	}
	defer sites.Close()
	var o, e bytes.Buffer
	code = Main(context.Background(), append([]string{"--data", data}, args...), Env{Stdin: strings.NewReader(""), Stdout: &o, Stderr: &e,
		Getenv: os.Getenv, Now: time.Now, Transport: sites.Client().Transport})
	return code, o.String(), e.String()
}

// A site is found by one address, kept, tried, and crawled twice.
func TestASiteOfOnesOwn(t *testing.T) {
	data, files := filepath.Join(t.TempDir(), "data"), website()
	home := "http://mzj.lanxi.example/"
	if code, out, errs := on(t, files, data, "sources", "discover", home, "--delay", "-1ns"); code != exitOK || strings.Count(out, "4 rows, 4 on the topic") != 2 {
		t.Fatalf("discover: %d\n%s\n%s", code, out, errs)
	}
	code, out, errs := on(t, files, data, "sources", "add", home, "--save", "--delay", "-1ns")
	for _, want := range []string{"code = '330000'", "http://mzj.lanxi.example/zwgk/wj/", "http://mzj.lanxi.example/zwgk/tz/", "organ = 'civil_affairs'", "checked = false"} {
		if code != exitOK || !strings.Contains(out, want) {
			t.Errorf("add: %d: no %s in\n%s\n%s", code, want, out, errs)
		}
	}
	const id = "330000-mzj.lanxi.example"
	if code, _, errs := on(t, files, data, "sources", "add", home, "--save", "--delay", "-1ns"); code != exitUsage || !strings.Contains(errs, "already") {
		t.Errorf("added twice: %d %s", code, errs)
	}
	if code, out, errs := on(t, files, data, "sources", "check", id, "--delay", "-1ns"); code != exitOK || !strings.Contains(out, "html, 4 rows") {
		t.Errorf("check: %d\n%s\n%s", code, out, errs)
	}
	if _, out, _ := on(t, files, data, "sources", "list", id); !strings.Contains(out, ": 8 rows") {
		t.Errorf("list does not tell the check: %s", out)
	}
	code, _, errs = on(t, files, data, "crawl", id, "--delay", "-1ns", "--no-warc")
	if code != exitOK || !strings.Contains(errs, "8 new; 2 list pages") || !strings.Contains(errs, "8 rows in 2 list pages (first visit), 8 new, newest 2019-01-04") {
		t.Errorf("crawl: %d\n%s", code, errs)
	}
	delete(files, "mzj.lanxi.example/zwgk/tz/a0.html")
	code, out, errs = on(t, files, data, "--json", "crawl", id, "--delay", "-1ns", "--no-warc")
	if code != exitOK || !strings.Contains(errs, "7 same, 1 gone") || !strings.Contains(out, `"outcome":"gone"`) || !strings.Contains(out, `"before":8`) {
		t.Errorf("second crawl: %d\n%s\n%s", code, errs, out)
	}
	if kept, _ := filepath.Glob(filepath.Join(data, "reports", "crawl-*.jsonl")); len(kept) != 2 {
		t.Errorf("reports kept: %v", kept)
	}
	if code, _, errs := on(t, files, data, "add", home+"zwgk/wj/a1.html", "--delay", "-1ns", "--no-warc"); code != exitOK || !strings.Contains(errs, "same 1") {
		t.Errorf("a page by its address: %d %s", code, errs)
	}
}
