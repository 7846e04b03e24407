package crawler

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tuogou/rules"
)

func loadWeb(t testing.TB) *rules.Web {
	t.Helper()
	web, err := rules.LoadWeb(os.DirFS("../rules"))
	if err != nil {
		t.Fatal(err)
	}
	return web
}

func TestCleanURL(t *testing.T) {
	web := loadWeb(t)
	for _, tt := range []struct{ why, in, want string }{
		{"host and port", "HTTP://MZT.Qinglan.Example:80/a.html#top", "http://mzt.qinglan.example/a.html"},
		{"another port is another server", "http://a.example:8086/x", "http://a.example:8086/x"},
		{"session in the path", "http://a.example/x/a.jsp;jsessionid=0A1B?id=3", "http://a.example/x/a.jsp?id=3"},
		{"session in the query", "http://a.example/a?JSESSIONID=1&id=3&_t=9", "http://a.example/a?id=3"},
		{"the page state of a list", "http://a.example/col/col1/index.html?uid=5&pageNum=2", "http://a.example/col/col1/index.html?pageNum=2"},
		{"dots", "http://a.example/b/../c/./d.html", "http://a.example/c/d.html"},
		{"a folder stays one", "http://a.example/b/../c/", "http://a.example/c/"},
		{"no path", "https://a.example", "https://a.example/"},
		{"an empty query", "http://a.example/a?", "http://a.example/a"},
		{"escapes stay", "http://a.example/%E9%99%84%E4%BB%B6.doc", "http://a.example/%E9%99%84%E4%BB%B6.doc"},
		{"mail", "mailto:a@a.example", ""},
		{"script", "javascript:void(0)", ""},
		{"a name and password", "http://u:p@a.example/", ""},
		{"relative", "/a.html", ""},
	} {
		if got := CleanURL(tt.in, web); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.why, got, tt.want)
		}
	}
}

func TestCleanURLTwiceIsOnce(t *testing.T) {
	web := loadWeb(t)
	rapid.Check(t, func(rt *rapid.T) {
		in := "http://a.example/" + rapid.StringMatching(`[a-zA-Z0-9%./;=?&_#附 -]{0,40}`).Draw(rt, "path")
		once := CleanURL(in, web)
		if once == "" {
			return
		}
		if twice := CleanURL(once, web); twice != once {
			rt.Fatalf("%q gave %q and then %q", in, once, twice)
		}
	})
}

func TestListedDate(t *testing.T) {
	for in, want := range map[string]string{
		"通知 2019-11-18": "2019-11-18", "2019/1/8": "2019-01-08", "[11-18]": "11-18", "2019年1月8日": "2019-01-08", "2019.01.08": "2019-01-08",
		"电话 0571-88886666": "", "示民〔2019〕138号": "", "第3-5条": "", "(3-5)": "03-05",
	} {
		if got := listedDate(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestRowsTakeTheWholeTitleAndTheNumber(t *testing.T) {
	base, _ := url.Parse("http://" + mzt + "/l/")
	p := &Page{URL: base, HTML: true, Web: loadWeb(t), Text: `<table><tr><td><a href="a.html" title="">示例省民政厅关于开展脱钩试点的通知</a></td>
		<td>示民发〔2016〕12号</td><td>2016-03-04</td></tr></table><div class="menu"><a href="/m1/">新闻</a><a href="/m2/">公开</a></div>
		<p><a href="t2.html" title="点击">关于建立示例市脱钩联合工作组的通知</a> (2016-03-05)</p>`}
	want := []Row{
		{"http://" + mzt + "/l/a.html", "示例省民政厅关于开展脱钩试点的通知", "2016-03-04", "示民发〔2016〕12号"},
		{"http://" + mzt + "/l/t2.html", "关于建立示例市脱钩联合工作组的通知", "2016-03-05", ""},
	}
	if diff := cmp.Diff(want, htmlRows(p, p.Doc().Selection)); diff != "" {
		t.Error(diff)
	}
}

func TestAttachmentsStandBeforeTheTail(t *testing.T) {
	base, _ := url.Parse("http://" + mzt + "/l/a.html")
	web := loadWeb(t)
	doc := parseHTML(`<html><body><div>【打印本页】<a href="/top.pdf">手册</a></div><div id="zoom"><p>正文，责任编辑和相关链接都在后面写明而且这句话很长很长。</p>
		<p>附件：<a href="./P0201.doc">1.任务分工表</a></p><p><a href="http://other.example/x.pdf">附件2</a></p></div>
		<div>附件：<a href="/module/download/downfile.jsp?classid=0&filename=1">表</a> <a href="./P0201.doc">再一次</a></div>
		<div>扫一扫在手机打开当前页</div><a href="/help.pdf">帮助</a></body></html>`)
	want := []Row{
		{URL: "http://" + mzt + "/l/P0201.doc", Title: "1.任务分工表"},
		{URL: "http://" + mzt + "/module/download/downfile.jsp?classid=0&filename=1", Title: "表"},
	}
	if diff := cmp.Diff(want, filesOf(base, doc, web)); diff != "" {
		t.Error(diff)
	}
}

func filesOf(base *url.URL, doc *goquery.Document, web *rules.Web) []Row {
	f := fileFinder{base: base, web: web, seen: map[string]bool{}}
	f.look(doc, web.Containers)
	return f.rows
}

func TestReadBody(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	fmt.Fprint(z, strings.Repeat("脱钩", 1000))
	z.Close()
	for _, tt := range []struct {
		why, encoding string
		body          []byte
		limit         int64
		want          string
		err           error
	}{
		{why: "plain", body: []byte("abc"), limit: 9, want: "abc"},
		{why: "packed and said so", encoding: "gzip", body: packed.Bytes(), limit: 1 << 20, want: strings.Repeat("脱钩", 1000)},
		{why: "packed without saying so", body: packed.Bytes(), limit: 1 << 20, want: strings.Repeat("脱钩", 1000)},
		{why: "unpacks to more than the limit", encoding: "gzip", body: packed.Bytes(), limit: 500, err: errTooLarge},
		{why: "only begins like gzip", body: []byte("\x1f\x8bxyz"), limit: 9, want: "\x1f\x8bxyz"},
	} {
		got, err := readBody(bytes.NewReader(tt.body), tt.encoding, "/a.html", tt.limit)
		if string(got) != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("%s: got %d bytes, %v", tt.why, len(got), err)
		}
	}
}

func TestSealedJPageKeepsTheInlineBlock(t *testing.T) {
	base, _ := url.Parse("http://" + mzt + "/col/col1/index.html")
	text := `<datastore><nextgroup><![CDATA[<a href="/x?columnid=k9Zs&unitid=q">]]></nextgroup><totalrecord>90</totalrecord><recordset>` +
		jpageRecords(1, 2) + `</recordset></datastore> var param_1 = {columnid:'1',unitid:'3'};`
	l, err := jpageList{}.Read(&Page{URL: base, Text: text, Web: loadWeb(t)})
	if err != nil || len(l.Rows) != 2 || len(l.Next) != 0 {
		t.Errorf("%d rows, next %v, %v", len(l.Rows), l.Next, err)
	}
	open := strings.Replace(text, "columnid=k9Zs", "columnid=1", 1)
	l, err = jpageList{}.Read(&Page{URL: base, Text: open, Web: loadWeb(t)})
	if err != nil || len(l.Next) != 1 || l.Next[0].Form != "appid=1&columnid=1&unitid=3" {
		t.Errorf("next %v, %v", l.Next, err)
	}
}

func TestContactIsInTheAgent(t *testing.T) {
	c, err := NewClient(Options{Agent: "tuogou/1", Contact: "mailto:a@b.example\r\nX: 1"})
	if err != nil {
		t.Fatal(err)
	}
	if want := "tuogou/1 (+mailto:a@b.exampleX: 1)"; c.agent != want {
		t.Errorf("got %q, want %q", c.agent, want)
	}
}

// checkListing tells what no page may make a list form do.
func checkListing(t *testing.T, form List, p *Page) {
	l, _ := form.Read(p)
	for _, r := range l.Rows {
		u, err := url.Parse(r.URL)
		if err != nil || !sameHost(u, p.URL) || CleanURL(r.URL, p.Web) != r.URL {
			t.Fatalf("%s: row address %q", form.Name(), r.URL)
		}
		if !utf8.ValidString(r.Title) {
			t.Fatalf("%s: title %q", form.Name(), r.Title)
		}
	}
	for _, n := range l.Next {
		if u, err := url.Parse(n.URL); err != nil || !sameHost(u, p.URL) {
			t.Fatalf("%s: next page %q", form.Name(), n.URL)
		}
	}
}

func FuzzLists(f *testing.F) {
	f.Add([]byte(page("列表", row("a.html", plan, "2019-01-01")+"<a href='p2.html'>下一页</a>")), "/l/")
	f.Add([]byte("<script>createPageHTML(3, 0, '../../x', 'html')</script>"), "/tz/index.html")
	f.Add([]byte("<datastore><totalrecord>99</totalrecord><recordset>"+jpageRecords(1, 2)+"</recordset></datastore>var param_1={columnid:'1'}"), "/col/col1/index.html?startrecord=1&endrecord=2")
	f.Add([]byte(`{"classify":{"post_count":9},"articles":[{"title":"x","url":"//evil.example/a","date":12}]}`), "/gkmlpt/api/all/7?page=1&sid=9")
	f.Add([]byte(`window._CONFIG={SID:'1',TREE:[{"id":"../../x","children":[]}]}`), "/gkmlpt/index")
	f.Add([]byte("<urlset><url><loc>http://"+mzt+"/info/1/2.htm</loc></url></urlset>"), "/sitemap.xml")
	web := loadWeb(f)
	f.Fuzz(func(t *testing.T, body []byte, path string) {
		u, err := url.Parse("http://" + mzt + "/" + strings.TrimPrefix(path, "/"))
		if err != nil || u.Host != mzt {
			return
		}
		text := decodePage(body, "text/html")
		if !utf8.ValidString(text) {
			t.Fatal("decoded text is not valid UTF-8")
		}
		for _, form := range Lists() {
			p := &Page{URL: u, Text: text, HTML: true, Web: web, Target: Target{Page: 1, Form: "a=1"}}
			checkListing(t, form, p)
			p.Target.Form = ""
			checkListing(t, form, p)
		}
	})
}

func FuzzRobots(f *testing.F) {
	f.Add([]byte("User-agent: *\nDisallow: /a\nCrawl-delay: 3\n"))
	f.Add([]byte("Disallow: /\n*: x\nUser-agent\n"))
	f.Fuzz(func(t *testing.T, body []byte) {
		r := parseRobots(&Response{Status: http.StatusOK, Body: body, Header: http.Header{}}, "tuogou")
		if r == nil || r.none && r.group != nil {
			t.Fatal("robots that both allow and forbid")
		}
		if r.group != nil {
			r.group.Test("/a/b?c=d")
		}
	})
}

func BenchmarkHTMLRows(b *testing.B) {
	var rows strings.Builder
	for i := range 40 {
		rows.WriteString(row(fmt.Sprintf("a%d.html", i), plan, "2019-01-01"))
	}
	base, _ := url.Parse("http://" + mzt + "/l/")
	text := page("列表", rows.String())
	web := loadWeb(b)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		p := &Page{URL: base, HTML: true, Web: web, Text: text}
		if got := htmlRows(p, p.Doc().Selection); len(got) != 40 {
			b.Fatal(len(got))
		}
	}
}
