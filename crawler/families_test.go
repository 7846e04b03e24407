package crawler

import (
	"encoding/json"
	"fmt"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"

	"tuogou/corpus"
	"tuogou/rules"
)

// A world is a set of sample sites as they are at one visit. Each family shows
// the same kinds of documents in its own form of list, with its own faults.
type world struct {
	visit int // 1 or 2
	files map[string]string
	head  map[string]string // _headers, by host
	sites []rules.Site
	// want is how each document must end in this visit, by address.
	want map[string]wanted
}

// wanted is an expected outcome: done, same, skipped, changed, gone, copy.
type wanted string

// doc is one document of a family.
type doc struct {
	n           int
	title, date string
	path        string // set by the family
	body        string
	wantFirst   wanted
	wantSecond  wanted
}

// family is one site and how it lists.
type family struct {
	host string
	list string // the site's list field
	// entry is the entry path; hosts are the site's further hosts.
	entry string
	hosts []string
	// path is the address of document n on docHost (empty: host).
	path    func(n int) string
	docHost string
	// pages writes the list pages.
	pages func(w *world, f *family, ds []doc)
	// shell wraps an article; nil is an ordinary page.
	shell func(d doc, page string) string
}

// documents are those of one family at a visit. Between the visits 13 is
// posted, 14 is posted with an old date at the end, 2 is edited, 3 and 7 are
// taken away; all pages count their readers.
func documents(f *family, visit int) []doc {
	var ds []doc
	for n := 1; n <= 12; n++ {
		d := doc{n: n, title: fmt.Sprintf("示例%d区行业协会商会与行政机关脱钩实施方案（%s）", n, f.host[:strings.IndexByte(f.host, '.')]),
			date: fmt.Sprintf("2019-%02d-11", 13-n), wantFirst: "done", wantSecond: "same"}
		switch n {
		case 2:
			d.wantSecond = "changed"
		case 3, 7:
			d.wantSecond = "gone"
		case 5:
			d.title, d.wantFirst, d.wantSecond = "关于春节放假安排的通知", "skipped", "skipped"
		case 8:
			d.title = "关于印发实施方案的通知" // says nothing: the text decides
		}
		if visit == 2 && (n == 3 || n == 7) {
			d.body = "gone"
		}
		ds = append(ds, d)
	}
	if visit == 2 {
		news := doc{n: 13, title: "示例13区行业协会商会脱钩工作总结通报", date: "2020-01-11", wantSecond: "done"}
		old := doc{n: 14, title: "示例14区行业协会商会脱钩试点名单", date: "2016-01-11", wantSecond: "done"}
		ds = append(append([]doc{news}, ds...), old)
	}
	for i := range ds {
		ds[i].path = f.path(ds[i].n)
	}
	return ds
}

func (w *world) add(f *family) {
	ds := documents(f, w.visit)
	at := f.docHost
	if at == "" {
		at = f.host
	}
	for _, d := range ds {
		address := "http://" + at + d.path
		w.want[address] = d.wantFirst
		if w.visit == 2 {
			w.want[address] = d.wantSecond
		}
		if d.body == "gone" {
			if d.n == 7 { // answers with the home page in return
				w.head[at] += d.path + "\n  Status: 302\n  Location: /\n"
			}
			continue
		}
		w.document(f, at, d)
	}
	var listed []doc
	for _, d := range ds {
		if d.body != "gone" {
			listed = append(listed, d)
		}
	}
	f.pages(w, f, listed)
	w.files[at+"/index.html"] = page("首页", "<a href='/x/'>栏目</a>")
	w.files[f.host+"/index.html"] = page("首页", "<a href='/x/'>栏目</a>")
	s := rules.Site{ID: "990000-" + f.host, Level: corpus.Province, Code: "990000", Name: "示例", Organ: "civil_affairs",
		Pages: []string{"http://" + f.host + f.entry}, List: f.list, Hosts: f.hosts}
	w.sites = append(w.sites, s)
}

// document writes a page, for 1 with an attachment, for 6 with two further
// pages.
func (w *world) document(f *family, at string, d doc) {
	text := fmt.Sprintf("<p>（示例）%s第%d号。</p>", f.host, d.n)
	if d.n == 2 && w.visit == 2 {
		text += "<p>本方案经修订，完成时限调整为年底前。</p>"
	}
	more := ""
	dir, name := d.path[:strings.LastIndexByte(d.path, '/')+1], d.path[strings.LastIndexByte(d.path, '/')+1:]
	if d.n == 1 {
		more = fmt.Sprintf("<p><a href='%sP0201.doc'>附件：任务分工表</a></p>", dir)
		w.part(at+dir+"P0201.doc", "%PDF-1.4 sample "+f.host) // its name says otherwise
	}
	if stem, ext, ok := strings.Cut(name, "."); d.n == 6 && ok && !strings.Contains(ext, "?") {
		for i := 1; i <= 2; i++ {
			further := fmt.Sprintf("%s_%d.%s", stem, i+1, ext)
			more += fmt.Sprintf("<a href='%s'>%d</a>", further, i+1)
			w.part(at+dir+further, w.counted(article(d.title, fmt.Sprintf("<p>第%d页。%s</p>", i+1, f.host))))
		}
		more += fmt.Sprintf("<a href='%s_2.%s'>下一页</a>", stem, ext)
	}
	body := article(d.title, text+more)
	if d.title == "关于春节放假安排的通知" {
		body = page(d.title, "<div class='TRS_Editor'><p>放假三天。</p></div>")
	}
	body = w.counted(body)
	if f.shell != nil {
		body = f.shell(d, body)
	}
	w.put(at+d.path, body)
}

func (w *world) part(where, body string) {
	w.put(where, body)
	w.want["http://"+where] = "done"
	if w.visit == 2 {
		w.want["http://"+where] = "same"
	}
}

// counted is a page with a counter, a clock and a token.
func (w *world) counted(page string) string {
	return strings.Replace(page, "</body>", fmt.Sprintf("<p>浏览次数：<span>{{visits}}%d</span>次</p><p>今天是：2026年11月%d日 星期三</p><input type=hidden name=token value=9f%d><script>var t=%d</script></body>",
		w.visit, w.visit, w.visit, w.visit), 1)
}

// put writes the file of an address without scheme.
func (w *world) put(where, body string) {
	path, query, _ := strings.Cut(where, "?")
	if query != "" {
		path += "@" + query
	}
	w.files[path] = body
}

// chunks cuts the documents into list pages.
func chunks(ds []doc, size int) [][]doc {
	var out [][]doc
	for len(ds) > size {
		out, ds = append(out, ds[:size]), ds[size:]
	}
	return append(out, ds)
}

func lis(ds []doc) string {
	var b strings.Builder
	for _, d := range ds {
		b.WriteString(row(d.path, d.title, d.date))
	}
	return "<ul>" + b.String() + "</ul>"
}

func quoted(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(data)
}

// families are the forms of lists that are known, each as real sites of its
// kind behave.
func families() []*family {
	trsPath := func(n int) string { return fmt.Sprintf("/zwgk/tz/2019%02d/t2019%02d11_%d.html", 1+n%12, 1+n%12, n) }
	artPath := func(n int) string { return fmt.Sprintf("/art/2019/%d/11/art_12_%d.html", 1+n%12, n) }
	flat := func(dir string) func(int) string {
		return func(n int) string { return fmt.Sprintf("%s/n%d.html", dir, 100+n) }
	}
	return []*family{
		{host: "trs.example", entry: "/zwgk/tz/", path: trsPath, pages: trsPages},
		{host: "jpage.example", entry: "/col/col12/index.html", path: artPath, pages: jpagePages},
		{host: "jpempty.example", entry: "/col/col12/index.html", list: "jpage", path: artPath, pages: jpageEmpty},
		{host: "jpaas.example", entry: "/col/col12/index.html", list: "jpaas", path: artPath, pages: jpaasPages},
		{host: "xxgk.example", entry: "/module/xxgk/search.jsp?infotypeId=W001&jdid=3&area=0024", list: "xxgk", path: artPath, pages: xxgkPages},
		{host: "gkmlpt.example", entry: "/gkmlpt/index", path: func(n int) string { return fmt.Sprintf("/gkmlpt/content/7/7/post_%d.html", n) },
			pages: gkmlptPages},
		{host: "was.example", entry: "/was5/web/search?channelid=22&prepage=5", path: trsPath, pages: wasPages},
		{host: "gdnps.example", entry: "/gdnps/searchIndex.jsp?params={json}&callback={cb}", list: "gdnps",
			path: func(n int) string { return fmt.Sprintf("/gdnps/content.jsp?id=%d", n) }, pages: gdnpsPages},
		{host: "sousuo.example", entry: "/search-gov/data?t=zhengce&q={q}&p={page}&n={n}", list: "govsearch", hosts: []string{"wwwgov.example"}, docHost: "wwwgov.example",
			path: func(n int) string { return fmt.Sprintf("/zhengce/content_%d.htm", 5400+n) }, pages: searchPages},
		{host: "vsb.example", entry: "/tzgg.htm", path: func(n int) string { return fmt.Sprintf("/info/1538/%d.htm", n) }, pages: vsbPages},
		{host: "writeln.example", entry: "/sy/list.html", path: flat("/sy/wj"), pages: writelnPages},
		{host: "arrays.example", entry: "/col/col6112/index.html", path: artPath, pages: arrayPages},
		{host: "sitemap.example", entry: "/sitemap.xml", path: artPath, pages: sitemapPages},
		{host: "node.example", entry: "/n152/n165/index.html", path: func(n int) string { return fmt.Sprintf("/n152/n165/c166200499998000%d/content.html", n) }, pages: nodePages},
		{host: "query.example", entry: "/wz/zcfgku.jsp?pn=1", path: flat("/wz/a"), pages: queryPages, shell: gbkShell},
		{host: "shape.example", entry: "/wj/", path: flat("/wj/v"), pages: shapePages},
		{host: "pager.example", entry: "/gs/index.html", path: flat("/gs/k"), pages: pagerPages},
		{host: "feed.example", entry: "/zhengce/zuixin/", path: func(n int) string { return fmt.Sprintf("/zhengce/content_%d.htm", 77+n) }, pages: feedPages},
		{host: "form.example", entry: "/zcwj.do", path: flat("/zc/f"), pages: formPages},
	}
}

func trsPages(w *world, f *family, ds []doc) {
	pages := chunks(ds, 5)
	for i, p := range pages {
		name := "index.html"
		if i > 0 {
			name = fmt.Sprintf("index_%d.html", i)
		}
		// The call says one page more than there is: the last is a stub.
		w.put(f.host+"/zwgk/tz/"+name, page("通知", lis(p)+"<a href='http://www.gov.example/2019-01/01/content_1.htm'>脱钩的链接在别处的网站上</a>"+
			fmt.Sprintf("<script>createPageHTML(%d, %d, 'index', 'html');</script>", len(pages)+1, i)))
	}
	w.put(fmt.Sprintf("%s/zwgk/tz/index_%d.html", f.host, len(pages)), "<html>stub</html>")
	w.head[f.host] += "/zwgk/tz/index.html\n  Fault: once-503\n  Retry-After: 1\n"
}

func record(d doc) string { return "<record><![CDATA[" + row(d.path, d.title, d.date) + "]]></record>" }

func jpagePages(w *world, f *family, ds []doc) {
	inline, rest := ds[:8], ds[8:]
	var one, two strings.Builder
	for _, d := range inline {
		one.WriteString(record(d))
	}
	two.WriteString(record(inline[7])) // the last of the block before, again
	for _, d := range rest {
		two.WriteString(record(d))
	}
	w.put(f.host+"/col/col12/index.html", page("栏目", "<script type='text/xml'><datastore><recordset>"+one.String()+"</recordset></datastore></script>"+
		fmt.Sprintf("<script>var param_3 = {col:1,webid:'25',path:'/',columnid:'12',unitid:'3',webname:'示例',permissiontype:0}; x({totalRecord:%d,perPage:15})</script>", len(ds))))
	w.put(f.host+"/module/web/jpage/dataproxy.jsp", fmt.Sprintf("<?xml version='1.0' encoding='UTF-8'?><datastore><totalrecord>%d</totalrecord><recordset>%s</recordset></datastore>", len(ds), two.String()))
}

func jpageEmpty(w *world, f *family, ds []doc) {
	w.put(f.host+"/col/col12/index.html", page("栏目", lis(ds)+"<script type='text/xml'><datastore><nextgroup></nextgroup><recordset>"+record(ds[0])+"</recordset></datastore></script>"+
		"<script>var param_3 = {col:1,webid:'25',columnid:'12',unitid:'3'}; x({totalRecord:900,perPage:15})</script>"))
	w.put(f.host+"/module/web/jpage/dataproxy.jsp", "<datastore>\n<totalrecord>0</totalrecord></datastore>      ")
}

func jpaasPages(w *world, f *family, ds []doc) {
	w.put(f.host+"/col/col12/index.html", page("栏目", `<div class="page" queryData="{'webId':'3206','pageId':'12','tagId':'信息列表','tplSetId':'q1'}" count="`+fmt.Sprint(len(ds))+`" rows="5"></div>`))
	for i, p := range chunks(ds, 5) {
		w.put(fmt.Sprintf("%s/api-gateway/jpaas-publish-server/front/page/build/unit?pageNo=%d", f.host, i+1),
			`{"success":true,"data":{"html":`+quoted(lis(p)+fmt.Sprintf(`<div class="pagination" count="%d"></div>`, len(ds)))+`}}`)
	}
}

func xxgkPages(w *world, f *family, ds []doc) {
	pages := chunks(ds, 5)
	for i, p := range pages {
		var rows strings.Builder
		for _, d := range p {
			fmt.Fprintf(&rows, "<tr class='tr_main_value_odd'><td><a href='http://%s%s' title='%s'>%s</a></td><td>示民发〔2019〕%d号</td><td>%s</td></tr>", f.host, d.path, d.title, head(d.title, 6), d.n, d.date)
		}
		w.put(fmt.Sprintf("%s/module/xxgk/search.jsp?currpage=%d", f.host, i+1), fmt.Sprintf("<table>%s</table><td>共 %d 页</td>", rows.String(), len(pages)))
	}
}

func gkmlptPages(w *world, f *family, ds []doc) {
	w.put(f.host+"/gkmlpt/index", page("信息公开", `<script>window._CONFIG = {SID:'99', TREE:[{"id":1,"name":"机构","children":[{"id":7,"name":"政策文件","jump_url":""},{"id":8,"name":"领导","jump_url":""}]}]};</script>`))
	for i, p := range chunks(ds, 5) {
		var arts []map[string]any
		for _, d := range p {
			arts = append(arts, map[string]any{"title": d.title, "url": "http://" + f.host + d.path, "document_number": "示民〔2019〕1号", "date": 1574042400, "attachment": []string{}})
		}
		w.put(fmt.Sprintf("%s/gkmlpt/api/all/7?page=%d", f.host, i+1), quoted(map[string]any{"classify": map[string]any{"post_count": len(ds)}, "articles": arts}))
	}
}

func wasPages(w *world, f *family, ds []doc) {
	for i, p := range chunks(ds, 5) {
		var docs []map[string]any
		for _, d := range p {
			docs = append(docs, map[string]any{"TITLE": "<em>" + d.title + "</em>", "DOCPUBURL": "http://" + f.host + d.path, "DOCRELTIME": d.date, "fileno": ""})
		}
		name := "channelid=22&prepage=5"
		if i > 0 {
			name = fmt.Sprintf("page=%d", i+1)
		}
		w.put(f.host+"/was5/web/search?"+name, "callback("+quoted(map[string]any{"count": fmt.Sprint(len(ds)), "docs": docs})+");")
	}
	w.head[f.host] += "/was5/web/search\n  Content-Type: text/html;charset=UTF-8\n"
}

func gdnpsPages(w *world, f *family, ds []doc) {
	pages := chunks(ds, 5)
	for i, p := range pages {
		var rows []map[string]any
		for _, d := range p {
			rows = append(rows, map[string]any{"id": d.n, "title": d.title, "publishTime": strings.ReplaceAll(d.date, "-", "") + "101500", "htmlContent": "<p>示例</p>"})
		}
		params := fmt.Sprintf(`{"goPage":%d,"orderBy":[{"orderBy":"publishTime","reverse":true}],"pageSize":15,"queryParam":[]}`, i+1)
		w.put(f.host+"/gdnps/searchIndex.jsp?params="+params, "cb("+quoted(map[string]any{"totalPage": len(pages), "resultMap": rows})+");")
	}
}

func searchPages(w *world, f *family, ds []doc) {
	for i, p := range chunks(ds, 5) {
		var rows []map[string]any
		for _, d := range p {
			rows = append(rows, map[string]any{"title": d.title, "url": "http://" + f.docHost + d.path, "pcode": "示政发〔2019〕3号", "pubtimeStr": strings.ReplaceAll(d.date, "-", ".")})
		}
		w.put(fmt.Sprintf("%s/search-gov/data?p=%d", f.host, i+1), quoted(map[string]any{"totalCount": 0,
			"searchVO": map[string]any{"catMap": map[string]any{"gongwen": map[string]any{"listVO": rows[:2]}, "otherfile": map[string]any{"listVO": rows[2:]}}}}))
	}
	w.put(f.host+"/search-gov/data", `{"totalCount":0,"searchVO":{"catMap":{}}}`)
}

func vsbPages(w *world, f *family, ds []doc) {
	pages := chunks(ds, 5)
	for i, p := range pages {
		name, next := "/tzgg.htm", fmt.Sprintf("<a href='/tzgg/%d.htm'>下页</a>", len(pages)-1-i)
		if i > 0 {
			name = fmt.Sprintf("/tzgg/%d.htm", len(pages)-i)
		}
		if i == len(pages)-1 {
			next = "<span>下页</span>"
		}
		w.put(f.host+name, page("通知", lis(p)+next))
	}
}

func writelnPages(w *world, f *family, ds []doc) {
	pages := chunks(ds, 5)
	for i, p := range pages {
		var b strings.Builder
		for _, d := range p {
			fmt.Fprintf(&b, "document.writeln(\"<li><a href=\\\"%s\\\" title=\\\"%s\\\">标题…<\\/a><span>%s<\\/span><\\/li>\");\n", d.path, d.title, d.date)
		}
		name, next := "list.html", fmt.Sprintf("<a onclick=\"location.href='list_%d.html'\">下一页</a>", i+2)
		if i > 0 {
			name = fmt.Sprintf("list_%d.html", i+1)
		}
		if i == len(pages)-1 {
			next = ""
		}
		w.put(f.host+"/sy/"+name, page("文件", "<ul><script>\n"+b.String()+"</script></ul>"+next))
	}
}

func arrayPages(w *world, f *family, ds []doc) {
	var b strings.Builder
	for _, d := range ds {
		fmt.Fprintf(&b, "urls[i]='%s';\nheaders[i]='%s';\nyear[i]='%s';\ni++;\n", d.path, d.title, d.date)
	}
	w.put(f.host+"/col/col6112/index.html", page("文件", "<script>var urls=[],headers=[],year=[];var i=0;\n"+b.String()+"</script><div id='list'></div>"))
}

func sitemapPages(w *world, f *family, ds []doc) {
	w.put(f.host+"/sitemap.xml", `<?xml version="1.0" encoding="UTF-8"?><sitemapindex><sitemap><loc>http://`+f.host+`/s1.xml</loc></sitemap><sitemap><loc>http://`+f.host+`/sitemap.xml</loc></sitemap></sitemapindex>`)
	var b strings.Builder
	for _, d := range ds {
		fmt.Fprintf(&b, "<url><loc>http://%s%s</loc><lastmod>%s</lastmod></url>", f.host, d.path, d.date)
	}
	w.put(f.host+"/s1.xml", "<urlset>"+b.String()+"</urlset>")
}

func nodePages(w *world, f *family, ds []doc) {
	pages := chunks(ds, 5)
	for i, p := range pages {
		name := "index.html"
		if i > 0 {
			name = fmt.Sprintf("index_603_%d.html", len(pages)-i)
		}
		w.put(f.host+"/n152/n165/"+name, page("通知", lis(p)+fmt.Sprintf("<script>var maxPageNum603=%d; var purl603='/n152/n165/index_603';</script>", len(pages))))
	}
}

func gbk(s string) string {
	out, err := simplifiedchinese.GB18030.NewEncoder().String(strings.ReplaceAll(s, "utf-8", "gb2312"))
	if err != nil {
		panic(err)
	}
	return out
}

func gbkShell(_ doc, page string) string { return gbk(page) }

// queryPages is in GBK under a header that says otherwise, carries sessions in
// its links, and has a calendar without end.
func queryPages(w *world, f *family, ds []doc) {
	pages := chunks(ds, 5)
	for i, p := range pages {
		list := strings.ReplaceAll(lis(p), ".html\"", fmt.Sprintf(".html;jsessionid=A%d%d?_t=%d\"", w.visit, i, w.visit))
		w.put(fmt.Sprintf("%s/wz/zcfgku.jsp?pn=%d", f.host, i+1), gbk(page("文件", list+fmt.Sprintf("共%d页<a href='javascript:goto(%d)'>下一页</a><a href='/wz/cal.jsp?y=%d&m=1'>下个月</a>", len(pages), i+2, 2020+i))))
	}
	w.head[f.host] += "/wz/zcfgku.jsp\n  Content-Type: text/html; charset=utf-8\n"
}

// shapePages have no dates, addresses of no known kind, and links to the next
// page by number.
func shapePages(w *world, f *family, ds []doc) {
	pages := chunks(ds, 5)
	for i, p := range pages {
		var b strings.Builder
		for _, d := range p {
			fmt.Fprintf(&b, "<div class='item'><a href='%s'>%s</a></div>", d.path, d.title)
		}
		name := "index.html"
		if i > 0 {
			name = fmt.Sprintf("%d.html", i+1)
		}
		nav := ""
		for n := 2; n <= len(pages); n++ {
			nav += fmt.Sprintf("<a href='/wj/%d.html'>%d</a>", n, n)
		}
		w.put(f.host+"/wj/"+name, page("文件", "<ul class='menu'><li><a href='/a1/'>首页</a></li><li><a href='/a2/'>公开</a></li><li><a href='/a3/'>互动</a></li></ul>"+b.String()+nav))
	}
}

// pagerPages link to no further page: a script would.
func pagerPages(w *world, f *family, ds []doc) {
	pages := chunks(ds, 5)
	for i, p := range pages {
		name := "index.html"
		if i > 0 {
			name = fmt.Sprintf("index_%d.html", i+1)
		}
		w.put(f.host+"/gs/"+name, page("公示", lis(p)+fmt.Sprintf("<div id='pager'></div><script>var countPage = %d; pager(%d)</script>", len(pages), i)))
	}
}

func feedPages(w *world, f *family, ds []doc) {
	w.put(f.host+"/zhengce/zuixin/index.html", page("最新政策", "<div id='list'></div><script>$.get('./ZUIXINZHENGCE.json', show)</script>"))
	var rows []map[string]any
	for _, d := range ds {
		rows = append(rows, map[string]any{"TITLE": d.title, "URL": "http://" + f.host + d.path, "DOCRELPUBTIME": d.date})
	}
	w.put(f.host+"/zhengce/zuixin/ZUIXINZHENGCE.json", quoted(rows))
}

func formPages(w *world, f *family, ds []doc) {
	pages := chunks(ds, 5)
	for i, p := range pages {
		body := page("文件", lis(p)+fmt.Sprintf("共%d页<form method='post' action='/zcwj.do'><input type=hidden name=pageNo value=%d><input type=hidden name=lm value=7></form><a href='javascript:turn()'>下一页</a>", len(pages), i+1))
		if i == 0 {
			w.put(f.host+"/zcwj.do", body)
		} else {
			w.put(fmt.Sprintf("%s/zcwj.do?pageNo=%d", f.host, i+1), body)
		}
	}
}
