package crawler

import (
	"context"
	"fmt"
	"os"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
	"golang.org/x/text/encoding/simplifiedchinese"

	"tuogou/corpus"
	"tuogou/crawler/crawlertest"
	"tuogou/rules"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const mzt = "mzt.qinglan.example"

// fakeClock does not wait; it keeps what was asked of it.
type fakeClock struct {
	mu    sync.Mutex
	now   time.Time
	slept []time.Duration
}

func (c *fakeClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.now.IsZero() {
		c.now = time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	}
	return c.now
}

func (c *fakeClock) Sleep(ctx context.Context, d time.Duration) error {
	c.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	if d > 0 {
		c.now = c.now.Add(d)
		c.slept = append(c.slept, d)
	}
	return ctx.Err()
}

// bench is one sample site set and a crawler on it.
type bench struct {
	t     *testing.T
	sites *crawlertest.Sites
	sink  *MemorySink
	opts  Options
}

func newBench(t *testing.T, files map[string]string) *bench {
	t.Helper()
	m := fstest.MapFS{}
	for name, text := range files {
		if !strings.Contains(strings.SplitN(name, "/", 2)[0], ".example") {
			name = mzt + "/" + name
		}
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	s, err := crawlertest.Serve(m)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	ruleFiles := os.DirFS("../rules")
	focus, err := rules.LoadFocus(ruleFiles)
	if err != nil {
		t.Fatal(err)
	}
	signs, err := rules.LoadSigns(ruleFiles)
	if err != nil {
		t.Fatal(err)
	}
	web, err := rules.LoadWeb(ruleFiles)
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, sites: s, sink: &MemorySink{}}
	b.opts = Options{Frontier: &MemoryFrontier{}, Sink: b.sink, Transport: s.Client().Transport, Delay: -1,
		Focus: focus, Signs: signs, Web: web}
	return b
}

func site(pages ...string) rules.Site {
	s := rules.Site{ID: "990000-mzt", Level: corpus.Province, Code: "990000", Name: "示例省民政厅", Organ: "civil_affairs"}
	for _, p := range pages {
		if !strings.Contains(p, "://") {
			p = "http://" + mzt + p
		}
		s.Pages = append(s.Pages, p)
	}
	return s
}

func (b *bench) run(sites ...rules.Site) Report {
	b.t.Helper()
	rep, err := Run(context.Background(), sites, b.opts)
	if err != nil {
		b.t.Fatal(err)
	}
	return rep
}

func openTargets(f Frontier) int {
	open, err := f.Open(context.Background())
	if err != nil {
		return -1
	}
	n := 0
	for _, k := range open {
		n += k
	}
	return n
}

// kept are the paths of the captures, sorted.
func (b *bench) kept() []string {
	var out []string
	for _, c := range b.sink.Captures() {
		out = append(out, strings.TrimPrefix(c.URL, "http://"+mzt))
	}
	sort.Strings(out)
	return out
}

func reasons(rep Report) string {
	var b strings.Builder
	for _, h := range rep.Hosts {
		for _, i := range h.Items {
			fmt.Fprintf(&b, "%s %s %s: %s\n", i.Outcome, i.Kind, i.URL, i.Reason)
		}
		if h.Ended != "" {
			fmt.Fprintf(&b, "%s ended: %s\n", h.Host, h.Ended)
		}
	}
	return b.String()
}

const plan = "示例市行业协会商会与行政机关脱钩实施方案"

// page is a page big enough to be one.
func page(title, body string) string {
	return "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>" + title + "</title></head><body>" +
		"<div id=\"top\"><a href=\"/\">示例省民政厅</a> 【打印本页】</div>" + body +
		"<div id=\"foot\">" + strings.Repeat("示例网站，仅供演示。", 30) + "</div></body></html>"
}

func article(title, more string) string {
	return page(title, "<div class=\"TRS_Editor\"><p>"+title+"</p><p>"+strings.Repeat("各行业协会商会应当与行政机关脱钩，机构分离、职能分离。", 4)+"</p>"+more+"</div><p>责任编辑：示例</p><a href=\"/help/用户手册.pdf\">手册</a>")
}

func row(href, title, date string) string {
	return "<li><a href=\"" + href + "\" title=\"" + title + "\">" + head(title, 8) + "…</a><span>" + date + "</span></li>"
}

func TestPlainListWithNextLinksFocusAndAttachments(t *testing.T) {
	b := newBench(t, map[string]string{
		"list/index.html": page("列表", "<ul>"+row("a1.html", plan, "2019/11/18")+row("a2.html", "关于春节放假安排的通知", "2019-11-17")+
			row("a3.html", "示例省社会组织年度检查公告", "[11-16]")+"<li><a href='http://www.gov.example/x1.html'>别处的脱钩文件一二三</a>2019-01-01</li></ul><a href='p2.html'>下一页</a>"),
		"list/p2.html": page("列表", "<ul>"+row("a1.html", plan, "2019-11-18")+row("a4.html;jsessionid=AB12?spm=1", "关于转发"+plan+"的通知", "2016年3月4日")+"</ul><a href='p2.html'>下一页</a>"),
		"list/a1.html": article(plan, "<p><a href='P1.doc'>附件1：任务分工表</a></p>"),
		"list/P1.doc":  "\xd0\xcf\x11\xe0 sample",
		"list/a2.html": article("关于春节放假安排的通知", ""),
		"list/a3.html": page("年度检查", "<p>"+strings.Repeat("请各社会组织提交年检材料。", 10)+"</p>"),
		"list/a4.html": article("关于转发"+plan+"的通知", ""),
	})
	rep := b.run(site("/list/"))
	want := []string{"/list/P1.doc", "/list/a1.html", "/list/a4.html"}
	if diff := cmp.Diff(want, b.kept()); diff != "" {
		t.Fatalf("kept (-want +got):\n%s\n%s", diff, reasons(rep))
	}
	if rep.Done != 3 || rep.Skipped != 2 || rep.Failed != 0 || rep.Hosts[0].Lists != 2 {
		t.Errorf("counts are wrong: %+v\n%s", rep, reasons(rep))
	}
	if b.sites.Hits(mzt, "/list/a2.html") != 0 {
		t.Error("a title that is off topic was fetched")
	}
	if !strings.Contains(reasons(rep), "off topic (score") {
		t.Errorf("no explained score for a3:\n%s", reasons(rep))
	}
	c := b.sink.Captures()[0]
	if c.Title != plan || c.Listed != "2019-11-18" || c.Parent != "http://"+mzt+"/list/" || c.Status != 200 || c.Size == 0 {
		t.Errorf("capture: %+v", c)
	}
	again := b.opts
	again.Frontier = &MemoryFrontier{}
	rep, err := Run(context.Background(), []rules.Site{site("/list/")}, again)
	if err != nil || rep.Same != 3 || rep.Done != 0 {
		t.Errorf("second round: %v, %+v", err, rep)
	}
}

func TestKeepAll(t *testing.T) {
	b := newBench(t, map[string]string{
		"index.html":   page("列表", ""),
		"l/index.html": page("列表", row("a2.html", "关于春节放假安排的通知", "2019-11-17")),
		"l/a2.html":    page("放假", strings.Repeat("放假。", 100)),
	})
	b.opts.KeepAll = true
	rep := b.run(site("/l/"))
	if rep.Done != 1 {
		t.Error(reasons(rep))
	}
}

func TestTRSPagesAndBackDatedPostings(t *testing.T) {
	script := func(cur int) string {
		return fmt.Sprintf("<script>createPageHTML(3, %d, 'index', 'html');</script>", cur)
	}
	b := newBench(t, map[string]string{
		"tz/index.html":                     page("通知", "<ul>"+row("./202001/t20200102_1.html", plan+"一", "2020-01-02")+"</ul>"+script(0)),
		"tz/index_1.html":                   page("通知", "<ul>"+row("./201606/t20160601_2.html", plan+"二", "2016-06-01")+row("./202605/t20260501_3.html", plan+"三", "2026-05-01")+"</ul>"+script(1)),
		"tz/index_2.html":                   "<html>stub</html>",
		"tz/202001/t20200102_1.html":        article(plan+"一", ""),
		"tz/201606/t20160601_2.html":        article(plan+"二", ""),
		"tz/202605/t20260501_3.html":        article(plan+"三", ""),
		"tz/202605/other/t20260501_33.html": "",
	})
	rep := b.run(site("/tz/index.html"))
	want := []string{"/tz/201606/t20160601_2.html", "/tz/202001/t20200102_1.html", "/tz/202605/t20260501_3.html"}
	if diff := cmp.Diff(want, b.kept()); diff != "" {
		t.Errorf("%s\n%s", diff, reasons(rep))
	}
	if !strings.Contains(reasons(rep), "stub of 17 bytes") || rep.Failed != 0 {
		t.Errorf("the stub should end the list without a failure:\n%s", reasons(rep))
	}
}

func TestQueryAndPathPaging(t *testing.T) {
	files := map[string]string{}
	for n := 1; n <= 3; n++ {
		files[fmt.Sprintf("q/list.jsp@pageNo=%d", n)] = page("列表", "共3页<ul>"+row(fmt.Sprintf("q%d.html", n), plan+fmt.Sprint(n), "2019-01-01")+"</ul><a href='javascript:next(2)'>下一页</a>")
		files[fmt.Sprintf("p/82-%d.html", n)] = page("列表", "<ul>"+row(fmt.Sprintf("/p/x%d.html", n), plan+fmt.Sprint(n), "2019-01-01")+
			fmt.Sprintf("</ul><a href='82-%d.html'>%d</a>", n+1, n+1))
		files[fmt.Sprintf("q/q%d.html", n)] = article(plan, "")
		files[fmt.Sprintf("p/x%d.html", n)] = article(plan, "")
	}
	b := newBench(t, files)
	rep := b.run(site("/q/list.jsp?pageNo=1", "/p/82-1.html"))
	if rep.Done != 6 || rep.Failed != 0 {
		t.Errorf("got %+v\n%s", b.kept(), reasons(rep))
	}
}

func TestListThatRepeatsItselfEnds(t *testing.T) {
	same := page("列表", "<ul>"+row("/a.html", plan, "2019-01-01")+"</ul>共90页<a href='javascript:x()'>下一页</a>")
	b := newBench(t, map[string]string{"list.jsp": same, "a.html": article(plan, "")})
	rep := b.run(site("/list.jsp?page=1"))
	if rep.Hosts[0].Lists != 2 || !strings.Contains(reasons(rep), "same page as before") {
		t.Error(reasons(rep))
	}
}

func jpageRecords(from, to int) string {
	var s strings.Builder
	for n := from; n <= to; n++ {
		fmt.Fprintf(&s, "<record><![CDATA[<li><a href=\"/art/2019/11/18/art_12_%d.html\" title=\"%s%d\">标题</a><b>2019-11-18</b></li>]]></record>", n, plan, n)
	}
	return s.String()
}

func TestJPage(t *testing.T) {
	files := map[string]string{
		"col/col12/index.html": page("栏目", "<script type=\"text/xml\"><datastore><nextgroup><![CDATA[<a href=\"/module/web/jpage/dataproxy.jsp?page=1&columnid=12&unitid=3\"></a>]]></nextgroup><recordset>"+jpageRecords(1, 45)+
			"</recordset></datastore></script><script>var param_3 = {col:1,webid:'25',path:'/',columnid:'12',sourceContentType:'1',unitid:'3',webname:'示例',permissiontype:0}; x({totalRecord:92,perPage:15,proxyUrl:'/module/web/jpage/dataproxy.jsp'})</script>"),
		// Blocks can begin with the last record of the one before.
		"module/web/jpage/dataproxy.jsp@startrecord=46&endrecord=90&perpage=15":  "<?xml version='1.0' encoding='gbk'?><datastore><totalrecord>92</totalrecord><recordset>" + jpageRecords(45, 90) + "</recordset></datastore>",
		"module/web/jpage/dataproxy.jsp@startrecord=91&endrecord=135&perpage=15": "<datastore><totalrecord>92</totalrecord><recordset>" + jpageRecords(90, 92) + "</recordset></datastore>",
	}
	for n := 1; n <= 92; n++ {
		files[fmt.Sprintf("art/2019/11/18/art_12_%d.html", n)] = article(fmt.Sprintf("%s%d", plan, n), "")
	}
	b := newBench(t, files)
	rep := b.run(site("/col/col12/index.html"))
	if rep.Done != 92 || rep.Hosts[0].Lists != 3 {
		t.Errorf("done %d of 92 from %d lists", rep.Done, rep.Hosts[0].Lists)
	}
	posts := 0
	for _, a := range b.sites.Asked() {
		if a.Method == "POST" {
			posts++
		}
	}
	if posts != 2 {
		t.Errorf("%d posts, want 2", posts)
	}
}

func TestGkmlpt(t *testing.T) {
	item := func(n int) string {
		return fmt.Sprintf(`{"title":"%s%d","url":"/gkmlpt/content/1/2/post_%d.html","document_number":"示民〔2019〕%d号","date":1574042400,"attachment":[]}`, plan, n, n, n)
	}
	b := newBench(t, map[string]string{
		"gkmlpt/index":                      page("信息公开", `<script>window._CONFIG = {SID:'99', TREE:[{"id":1,"name":"机构","children":[{"id":7,"name":"政策文件","jump_url":""},{"id":8,"name":"领导","jump_url":""},{"id":9,"name":"政策法规","jump_url":"http://x.example/"}]}], X:1};</script>`),
		"gkmlpt/api/all/7@page=1&sid=99":    `{"classify":{"post_count":3},"articles":[` + item(1) + "," + item(2) + `]}`,
		"gkmlpt/api/all/7@page=2&sid=99":    `{"classify":{"post_count":3},"articles":[` + item(3) + `]}`,
		"gkmlpt/content/1/2/post_1.html":    page("x", `<script>window._CONFIG={"DETAIL":{"content":"<p>行业协会与行政机关脱钩\"方案\"</p>"}}</script>`),
		"gkmlpt/content/1/2/post_2.html":    article(plan, ""),
		"gkmlpt/content/1/2/post_3.html":    article(plan, ""),
		"gkmlpt/api/all/8@page=1&sid=99":    "{}",
		"gkmlpt/api/all/9@page=1&sid=99":    "{}",
		"gkmlpt/api/all/broken@page=1&sid=": "{",
	})
	rep := b.run(site("/gkmlpt/index"))
	if rep.Done != 3 || rep.Failed != 0 || rep.Hosts[0].Lists != 3 {
		t.Errorf("%s", reasons(rep))
	}
	if c := b.sink.Captures()[0]; c.Number != "示民〔2019〕1号" || c.Listed != "2019-11-18" {
		t.Errorf("capture: %+v", c)
	}
}

func TestSitemap(t *testing.T) {
	b := newBench(t, map[string]string{
		"sitemap.xml": `<?xml version="1.0" encoding="UTF-8"?><sitemapindex><sitemap><loc>http://` + mzt + `/s1.xml</loc></sitemap><sitemap><loc>http://other.example/s.xml</loc></sitemap></sitemapindex>`,
		"s1.xml": `<urlset><url><loc>http://` + mzt + `/art/2019/1/2/art_1_2.html</loc><lastmod>2019-01-02</lastmod></url>
			<url><loc>http://` + mzt + `/about.html</loc></url></urlset>`,
		"art/2019/1/2/art_1_2.html": article(plan, ""),
		"about.html":                article(plan, ""),
	})
	rep := b.run(site("/sitemap.xml"))
	if diff := cmp.Diff([]string{"/art/2019/1/2/art_1_2.html"}, b.kept()); diff != "" {
		t.Errorf("%s\n%s", diff, reasons(rep))
	}
}

func TestSinglePagesAndFormsThatCannotBeRead(t *testing.T) {
	b := newBench(t, map[string]string{"a.html": article(plan, "")})
	one := site("/a.html")
	one.List = "page"
	other := site("/datacall.jsp")
	other.ID, other.List = "990000-datacall", "datacall"
	tmpl := site("/s/{id}.html")
	tmpl.ID = "990000-q"
	rep := b.run(one, other, tmpl)
	if rep.Done != 1 || rep.Skipped != 2 || !strings.Contains(reasons(rep), `form "datacall" cannot be read yet`) {
		t.Error(reasons(rep))
	}
}

func TestGBKPageWithWrongHeader(t *testing.T) {
	gbk := func(s string) string {
		out, err := simplifiedchinese.GBK.NewEncoder().String(strings.ReplaceAll(s, "utf-8", "gb2312"))
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	b := newBench(t, map[string]string{
		"l.html":   gbk(page("列表", "<ul>"+row("a.html", plan, "2019年1月2日")+"</ul>")),
		"a.html":   gbk(article(plan, "<a href='P.wps'>附件</a>")),
		"P.wps":    "\xd0\xcf\x11\xe0",
		"_headers": "/l.html\n  Content-Type: text/html; charset=utf-8\n/a.html\n  Content-Type: text/html; charset=UTF-8\n",
	})
	rep := b.run(site("/l.html"))
	if rep.Done != 2 {
		t.Fatal(reasons(rep))
	}
	c := b.sink.Captures()[0]
	if c.Title != plan || !slices.Equal(b.sink.Body(c.SHA256), []byte(gbk(article(plan, "<a href='P.wps'>附件</a>")))) {
		t.Errorf("title %q, or the bytes were changed", c.Title)
	}
}

// A frame beside a list that holds no rows is no failure of the source; a list
// that stands in a frame is read.
func TestFramesOfLists(t *testing.T) {
	b := newBench(t, map[string]string{
		"l/index.html": page("列表", "<iframe src='/w/links.html'></iframe><iframe src='rows.html'></iframe>"),
		"w/links.html": page("链接", "<a href='/'>示例</a>"),
		"l/rows.html":  page("列表", row("a.html", plan, "2019-01-01")),
		"l/a.html":     article(plan, ""),
	})
	rep := b.run(site("/l/"))
	if rep.Done != 1 || rep.Skipped != 1 || rep.Failed != 0 {
		t.Errorf("done %d, skipped %d, failed %d; want 1, 1, 0\n%s", rep.Done, rep.Skipped, rep.Failed, reasons(rep))
	}
}
