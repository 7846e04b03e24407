//go:build unix

package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"strings"

	"tuogou/corpus"
	"tuogou/index/indextest"
)

// seed and size in bytes of the texts.
const (
	seed = 1
	size = 5000
)

// made is the corpus: the same for the same number of documents.
type made struct {
	text, pages int   // bytes
	want        []int // of the fifty queries, what a scan of the texts finds
}

// makeCorpus writes the texts three times, for three kinds of tools: as lines of
// JSON, as pages of a site with its furniture, and a tenth of the pages again.
func makeCorpus(dir string, docs int) (made, error) {
	asks := indextest.Asks()
	m := made{want: make([]int, len(asks))}
	for _, d := range []string{"pages", "tenth"} {
		if err := os.RemoveAll(filepath.Join(dir, d)); err != nil {
			return m, err
		}
		if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
			return m, err
		}
	}
	f, err := os.Create(filepath.Join(dir, "texts.jsonl"))
	if err != nil {
		return m, err
	}
	defer f.Close()
	lines := bufio.NewWriter(f)
	for i := range docs {
		r := indextest.Record(i, size, seed)
		m.text += len(r.Text.Body)
		for k, q := range asks {
			if q.Holds(r) {
				m.want[k]++
			}
		}
		if err := json.NewEncoder(lines).Encode([]any{i, r.Title, r.Text.Body, r.Jurisdiction.Code[:2], r.Dates.Signed.Date[:4], r.Kind}); err != nil {
			return m, err
		}
		page := []byte(pageOf(i, r))
		m.pages += len(page)
		name := fmt.Sprintf("%06d.html", i)
		if err := os.WriteFile(filepath.Join(dir, "pages", name), page, 0o644); err != nil {
			return m, err
		}
		if i < docs/10 {
			if err := os.WriteFile(filepath.Join(dir, "tenth", name), page, 0o644); err != nil {
				return m, err
			}
		}
	}
	if err := lines.Flush(); err != nil {
		return m, err
	}
	data, err := json.Marshal(asks)
	if err != nil {
		return m, err
	}
	return m, os.WriteFile(filepath.Join(dir, "asks.json"), data, 0o644)
}

// pageOf is the text of r as a page of an invented government site: about 10 kB,
// half of it the site's own.
func pageOf(i int, r *corpus.Record) string {
	var b strings.Builder
	place := r.Jurisdiction.Name
	fmt.Fprintf(&b, `<!DOCTYPE html><html><head><meta charset="utf-8"><title>%s_%s人民政府</title>
<meta name="SiteName" content="%s人民政府"><meta name="ArticleTitle" content="%s"><meta name="PubDate" content="%s">
<link rel="stylesheet" href="/css/site.css"><script>var site = {id: %d, track: function (x) { return x * 7; }};</script></head><body>
<div class="top"><a href="/">首页</a>`, r.Title, place, place, r.Title, r.Dates.Signed.Date, i)
	for _, n := range []string{"政务公开", "政策文件", "办事服务", "互动交流", "走进" + place, "数据发布", "专题专栏", "无障碍浏览"} {
		fmt.Fprintf(&b, `<ul class="nav"><li><a href="/list/%d.html" title="%s">%s</a></li></ul>`, i%97, n, n)
	}
	fmt.Fprintf(&b, `</div><div class="pos">您现在的位置：<a href="/">首页</a> &gt; <a href="/zcwj/">政策文件</a></div>
<div class="main"><h1>%s</h1><div class="info">发布日期：%s　来源：%s民政局　字体：【<a>大</a> <a>中</a> <a>小</a>】　浏览次数：%d</div><div class="content">`,
		html.EscapeString(r.Title), r.Dates.Signed.Date, place, 100+i%900)
	for line := range strings.Lines(r.Text.Body) {
		fmt.Fprintf(&b, "<p style=\"text-indent:2em;line-height:2\">　　%s</p>\n", html.EscapeString(strings.TrimSpace(line)))
	}
	b.WriteString(`</div><div class="share">分享到：<a>微信</a><a>微博</a></div><div class="near"><h3>相关信息</h3><ul>`)
	for k := range 12 {
		fmt.Fprintf(&b, `<li><a href="/zcwj/%d.html" title="关于做好第%d批有关工作的通知">关于做好第%d批有关工作的通知</a><span>2018-0%d-1%d</span></li>`, i+k, k+1, k+1, 1+k%9, k%9)
	}
	fmt.Fprintf(&b, `</ul></div></div><div class="foot">主办：%s人民政府办公室　网站标识码：99%08d　备案号：示ICP备%08d号　<a href="/map.html">网站地图</a> <a href="/about.html">关于我们</a></div>
<script src="/js/site.js"></script></body></html>`, place, i, i)
	return b.String()
}
