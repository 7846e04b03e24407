package crawler

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"tuogou/corpus"
	"tuogou/rules"
)

// A simSite is a site made by chance from a seed: a form of list, a dialect of
// addresses, kinds of documents and faults, put together in ways that no sample
// shows. It answers in memory.
type simSite struct {
	host, base  string // base is the folder below which the site lies
	turn, entry string // how lists turn pages, and how the entry leads to them
	dialect     int
	gbk, bare   bool // pages in GBK; rows without a date
	size        int
	docs        []*simDoc

	mu                       sync.Mutex
	asked                    map[string]int
	rowForm, robots, missing int            // how rows, robots.txt and missing pages look
	session, trap, dated     bool           // ids in links; a calendar without end; Last-Modified
	faulty                   map[string]int // answers that fail first, by path
	turns                    int            // lists shown
	stamped, reset           bool           // Last-Modified in the place of ETag; what fails is cut off without an answer
	slow                     map[string]time.Duration
	slowed                   time.Duration // how long the last answer took
	limit                    int           // requests after which a challenge comes; 0 is never
	blocked                  bool
	last                     time.Time // when the last answer was given
	wrong                    []string  // what was broken of the manners
	clock                    Clock
}

// simDoc is one document of a simSite.
type simDoc struct {
	n                 int
	title, date, kind string
	on, gone          bool
	version           int
	marker, path      string
}

var (
	simTurns   = []string{"word", "trs", "query", "option", "names", "json", "post", "postjson", "form", "onclick"}
	simEntries = []string{"plain", "refresh", "script", "frame", "moved", "https", "home"}
	simKinds   = []string{"plain", "plain", "plain", "pdf", "refresh", "script", "moved", "frame"}
	simTitles  = []string{plan, "关于印发" + plan + "的通知", "关于印发实施方案的通知", "关于转发有关文件的通知", "关于做好行业协会商会改革有关工作的通知",
		"关于印发2019年全面深化改革工作要点的通知", "关于清理规范办公用房的通知", "示例市民政局关于贯彻落实国家十部门文件的通知"}
	simOff = []string{"关于春节放假安排的通知", "防汛工作会议召开", "高温津贴发放办法", "关于社会组织年度检查的公告"}
)

func newSimSite(seed uint64, i int, clock Clock) *simSite {
	rng := rand.New(rand.NewPCG(seed, uint64(i)))
	pick := func(all []string) string { return all[rng.IntN(len(all))] }
	s := &simSite{host: fmt.Sprintf("s%d.example", i), base: pick([]string{"", "/zwgk", "/mzj/xxgk"}), turn: pick(simTurns), entry: pick(simEntries),
		dialect: rng.IntN(8), gbk: rng.IntN(4) == 0, bare: rng.IntN(5) == 0, size: 4 + rng.IntN(6), asked: map[string]int{}, faulty: map[string]int{}, slow: map[string]time.Duration{}, clock: clock}
	s.rowForm, s.robots, s.missing = rng.IntN(4), rng.IntN(4), rng.IntN(3)
	s.session, s.trap, s.dated = rng.IntN(4) == 0, rng.IntN(4) == 0, rng.IntN(3) == 0
	if s.bare && s.dialect >= 4 {
		s.bare = false // neither a date nor a known address: nobody could tell
	}
	for n := 1; n <= 8+rng.IntN(20); n++ {
		d := &simDoc{n: n, on: rng.IntN(4) > 0, kind: pick(simKinds), date: fmt.Sprintf("20%02d-%02d-%02d", 19-n/12, 12-n%12, 1+rng.IntN(28)),
			marker: fmt.Sprintf("标记%d第%d号", i, n), title: pick(simTitles)}
		if !d.on {
			d.title, d.kind = pick(simOff), "plain"
		}
		s.place(d)
		if rng.IntN(6) == 0 {
			s.faulty[d.path] = 1 + rng.IntN(2)
		}
		if rng.IntN(9) == 0 {
			s.slow[d.path] = time.Duration(1+rng.IntN(15)) * time.Second
		}
		s.docs = append(s.docs, d)
	}
	s.stamped, s.reset = rng.IntN(2) == 0, rng.IntN(3) == 0
	if rng.IntN(8) == 0 {
		s.limit = 1 + rng.IntN(30)
	}
	s.twin()
	return s
}

// twin puts one text at a second address.
func (s *simSite) twin() {
	for _, d := range s.docs {
		if d.on && d.kind == "plain" {
			d.kind = "twin"
			other := *d
			other.n = 70
			s.place(&other)
			s.docs = append(s.docs, &other)
			return
		}
	}
}

// place gives a document its address in the site's dialect.
func (s *simSite) place(d *simDoc) {
	day, n := strings.ReplaceAll(d.date, "-", ""), 1000+d.n
	d.path = s.base + []string{
		fmt.Sprintf("/tz/%s/t%s_%d.html", day[:6], day, n),
		fmt.Sprintf("/art/%s/%s/%s/art_12_%d.html", day[:4], day[4:6], day[6:], n),
		fmt.Sprintf("/info/1538/%d.htm", n),
		fmt.Sprintf("/content/post_%d.html", n),
		fmt.Sprintf("/wj/%d.html", n),
		fmt.Sprintf("/showinfo.aspx?id=%d", n),
		fmt.Sprintf("/doc/%x/detail.shtml", 0xabcdef01234567+n),
		fmt.Sprintf("/InfoDetail/?InfoID=%08x-7b2f-4c41-9d3e-1234567890ab&CategoryNum=003", n),
	}[s.dialect]
}

// news is what happens between the visits: a new posting, an old one on the last
// page, one edited, one taken away.
func (s *simSite) news() {
	for i, n := range []int{90, 91} {
		d := &simDoc{n: n, on: true, kind: "plain", date: []string{"2020-03-01", "2014-03-01"}[i], marker: fmt.Sprintf("标记%s第%d号", s.host[1:2], n), title: plan + "（补）"}
		s.place(d)
		s.docs = slices.Insert(s.docs, i*len(s.docs), d)
	}
	edited, gone := false, false
	for _, d := range s.docs {
		switch {
		case d.n >= 90 || !d.on || d.kind != "plain":
		case !edited:
			d.version, edited = 1, true
		case !gone:
			d.gone, gone = true, true
		}
	}
	s.asked, s.blocked = map[string]int{}, false
}

func (s *simSite) source() rules.Site {
	entry := s.base + "/list/"
	switch s.turn {
	case "json":
		entry = s.base + "/api/list?page=1&rows=9"
	}
	return rules.Site{ID: "990000-" + s.host, Level: corpus.Province, Code: "990000", Name: "示例", Organ: "government", Pages: []string{"http://" + s.host + entry}}
}

func (s *simSite) listed() []*simDoc {
	return slices.DeleteFunc(slices.Clone(s.docs), func(d *simDoc) bool { return d.gone })
}

// chunk is a page of the list, from 1, and the number of pages.
func (s *simSite) chunk(page int) ([]*simDoc, int) {
	all := s.listed()
	pages := (len(all) + s.size - 1) / s.size
	lo := min(max(page-1, 0)*s.size, len(all))
	return all[lo:min(lo+s.size, len(all))], pages
}

func (s *simSite) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	uri := r.URL.RequestURI()
	s.mu.Lock()
	defer s.mu.Unlock()
	least := defaultDelay
	if s.robots == 1 && len(s.asked) > 1 {
		least = 5 * time.Second
	}
	least = max(least, 2*s.slowed)
	if gap := s.clock.Now().Sub(s.last); gap < least {
		s.wrong = append(s.wrong, fmt.Sprintf("%s came after %v", uri, gap))
	}
	defer func() { s.last = s.clock.Now() }()
	s.slowed = s.slow[uri]
	_ = s.clock.Sleep(r.Context(), s.slowed)
	if s.blocked {
		s.wrong = append(s.wrong, uri+" was asked for after a challenge")
	}
	if s.limit > 0 && len(s.asked) >= s.limit {
		s.blocked = true
		w.WriteHeader(412)
		fmt.Fprint(w, "<html><head><script r='m'>$_ts=1</script></head></html>")
		return
	}
	key := r.URL.Scheme + uri + " " + string(body)
	s.asked[key]++
	if strings.Contains(uri, "/closed") && s.robots < 2 {
		s.wrong = append(s.wrong, "asked for "+uri)
	}
	if s.faulty[uri] >= s.asked[key] {
		if s.reset {
			panic(http.ErrAbortHandler)
		}
		w.Header().Set("Retry-After", "3")
		w.WriteHeader(503)
		return
	}
	if s.asked[key] > 1+s.faulty[uri] {
		s.wrong = append(s.wrong, fmt.Sprintf("%s was asked for %d times", key, s.asked[key]))
	}
	if uri == "/robots.txt" {
		s.sendRobots(w)
		return
	}
	text, status := s.answer(w, r, string(body))
	w.Header().Set("Content-Type", "text/html")
	if strings.HasPrefix(text, "{") || strings.HasPrefix(text, "%PDF") {
		w.Header().Set("Content-Type", "application/octet-stream")
	} else if s.gbk {
		text, _ = simplifiedchinese.GB18030.NewEncoder().String(strings.ReplaceAll(text, `charset="utf-8"`, `charset="gb2312"`))
	}
	w.WriteHeader(status)
	fmt.Fprint(w, text)
}

func (s *simSite) sendRobots(w http.ResponseWriter) {
	switch s.robots {
	case 0:
		fmt.Fprint(w, "\ufeffUser-agent: *\r\nDisallow: /closed\r\nDisallow: "+s.base+"/closed\r\nAllow: /\r\n")
	case 1:
		fmt.Fprint(w, "# all\nUser-agent: badbot\nDisallow: /\n\nUser-agent: *\nCrawl-delay: 5\nDisallow: /*closed\nSitemap: http://x.example/s.xml\n")
	case 2:
		w.WriteHeader(404)
	case 3:
		fmt.Fprint(w, page("首页", "<a href='/'>示例</a>"))
	}
}

func (s *simSite) answer(w http.ResponseWriter, r *http.Request, form string) (string, int) {
	at := strings.TrimPrefix(r.URL.RequestURI(), s.base)
	for _, d := range s.docs {
		if r.URL.RequestURI() == d.path && !d.gone {
			return s.document(w, r, d)
		}
	}
	var n int
	if _, err := fmt.Sscanf(at, "/real/%d", &n); err == nil {
		for _, d := range s.docs {
			if d.n == n && !d.gone {
				return s.text(d), 200
			}
		}
	}
	switch {
	case at == "/list/" && s.turn != "json":
		switch s.entry {
		case "refresh":
			return `<html><head><meta http-equiv="refresh" content="0; url=col1/index.html"></head><body></body></html>`, 200
		case "script":
			return `<html><head><script>window.location.href = "col1/index.html";</script></head><body></body></html>`, 200
		case "https":
			if r.URL.Scheme == "http" {
				w.Header().Set("Location", "https://"+s.host+s.base+"/list/")
				return "", 301
			}
		case "home":
			return page("通知公告", s.rows(s.listed()[:1])+"<a href='col1/index.html'>更多&gt;&gt;</a>"), 200
		case "frame":
			return page("通知公告", `<iframe src="col1/index.html" width="100%"></iframe>`), 200
		case "moved":
			w.Header().Set("Location", "col1/index.html")
			return "", 302
		}
		w.Header().Set("Location", "col1/index.html")
		return "", 301
	case strings.HasPrefix(at, "/list/col1/"), strings.HasPrefix(at, "/api/list"):
		return s.list(r, strings.TrimPrefix(at, "/list/col1/"), form)
	case at == "/" || r.URL.Path == "/":
		return s.home(), 200
	}
	return s.notFound()
}

func (s *simSite) home() string {
	return page("示例市民政局门户网站-首页", "<a href='"+s.base+"/list/'>通知公告</a>")
}

// notFound is what the site says to an address that it does not have.
func (s *simSite) notFound() (string, int) {
	switch s.missing {
	case 0:
		return "not found", 404
	case 1:
		return page("页面不存在", "<p>对不起，您访问的页面不存在或已被删除！</p>"), 200
	}
	return s.home(), 200
}

func (s *simSite) document(w http.ResponseWriter, r *http.Request, d *simDoc) (string, int) {
	real := fmt.Sprintf("%s/real/%d.html", s.base, d.n)
	switch d.kind {
	case "refresh":
		return `<html><head><title>跳转</title><META HTTP-EQUIV="Refresh" CONTENT="0;URL=` + real + `"></head></html>`, 200
	case "script":
		return `<html><head><script type="text/javascript">location.replace('` + real + `');</script></head><body></body></html>`, 200
	case "moved":
		w.Header().Set("Location", real)
		return "", 302
	case "frame":
		return page(d.title, `<h1>`+d.title+`</h1><iframe src="`+real+`"></iframe>`), 200
	}
	if tag := fmt.Sprintf("%q", d.marker+strconv.Itoa(d.version)); s.dated {
		if s.stamped {
			at := time.Date(2020, 1, 1, 0, d.version, 0, 0, time.UTC).Format(http.TimeFormat)
			w.Header().Set("Last-Modified", at)
			if r.Header.Get("If-Modified-Since") == at {
				return "", 304
			}
			return s.text(d), 200
		}
		tag = strconv.Quote(fmt.Sprintf("%x", tag))
		w.Header().Set("Etag", tag)
		if r.Header.Get("If-None-Match") == tag {
			return "", 304
		}
	}
	return s.text(d), 200
}

func (s *simSite) text(d *simDoc) string {
	if !d.on {
		return page(d.title, "<div class='content'><p>"+strings.Repeat("请按时办理。", 20)+d.marker+"</p></div>")
	}
	if d.kind == "pdf" {
		return page(d.title, "<div class='content'><h1>"+d.title+"</h1><p>行业协会商会脱钩，详见附件。</p><p>"+d.marker+"</p></div>")
	}
	if d.kind == "twin" {
		return article(d.title, "<p>"+strings.Repeat("各有关部门要加强领导，确保改革平稳有序。", 12)+d.marker+"，第0版。</p>")
	}
	text := article(d.title, fmt.Sprintf("<p>%s，第%d版。</p><p>阅读：%d次</p>", d.marker, d.version, len(s.asked)))
	return text
}

// list is a page of the list in the site's form.
func (s *simSite) list(r *http.Request, name, form string) (string, int) {
	page1, n := 1, 0
	q := r.URL.Query()
	for _, v := range []string{q.Get("page"), q.Get("curPage")} {
		if n, _ = strconv.Atoi(v); n > 0 {
			page1 = n
		}
	}
	if _, err := fmt.Sscanf(name, "index_%d.html", &n); err == nil {
		page1 = n
		if s.turn == "trs" {
			page1 = n + 1
		}
	}
	for _, cut := range []string{"pageNo=", `"pageNo":`, "curPage="} {
		if _, rest, ok := strings.Cut(form, cut); ok {
			fmt.Sscanf(rest, "%d", &page1)
		}
	}
	ds, pages := s.chunk(page1)
	api := strings.HasPrefix(name, "/api/")
	if len(ds) == 0 && !api {
		return s.notFound()
	}
	if api {
		var rows []map[string]any
		for _, d := range ds {
			rows = append(rows, map[string]any{"articleTitle": d.title, "articleHref": d.path, "releaseTime": d.date + " 08:00:00", "sourceName": "示例"})
		}
		return quoted(map[string]any{"code": 200, "result": map[string]any{"records": rows, "total": len(s.listed()), "size": s.size}}), 200
	}
	if s.turn == "post" || s.turn == "postjson" {
		call := `$.ajax({url: "` + s.base + `/api/list", type: "post", data: {channelId: "12", pageNo: 1, pageSize: 9}, success: render});`
		if s.turn == "postjson" {
			call = `fetch("` + s.base + `/api/list", {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify({"channelId": "12", "pageNo": 1, "pageSize": 9})}).then(render);`
		}
		return page("通知公告", `<ul id="list"></ul><script>function render(d){}; `+call+`</script>`), 200
	}
	return page("通知公告", s.rows(ds)+s.pager(page1, pages)), 200
}

func (s *simSite) rows(ds []*simDoc) string {
	var b strings.Builder
	b.WriteString("<div class='nav'><a href='/closed/login.do'>登录</a><a href='/a/map.html'>网站地图</a></div>")
	if s.trap {
		s.turns++
		fmt.Fprintf(&b, "<a href='?month=%d'>下个月</a><a href='/cal/2019-%02d-01.html'>日历</a>", s.turns, 1+s.turns%12)
	}
	open, item, end := "<table>", "<tr><td>%[1]d</td><td><a href=\"%[2]s\" title=\"%[3]s\" target=_blank>%[4]s...</a></td><td>%[5]s</td></tr>", "</table>"
	switch s.rowForm {
	case 1:
		open, item, end = "<ul>", "<li><span>%[5]s</span><a href='%[2]s'>%[3]s</a></li>", "</ul>"
	case 2:
		open, item, end = "<div class=list>", "<div class=item><h3><a href='%[2]s'>%[3]s</a></h3><p>摘要：%[4]s<a href='%[2]s'>[详细]</a></p><em>%[5]s</em></div>", "</div>"
	case 3:
		open, item, end = "<dl>", "<dt><a href='%[2]s' onclick='hit(%[1]d)'>· %[3]s</a></dt><dd>%[5]s</dd>", "</dl>"
	}
	b.WriteString(open)
	for i, d := range ds {
		date := []string{"(" + d.date + ")", strings.ReplaceAll(d.date, "-", "/"), strings.ReplaceAll(d.date, "-", ".")}[s.dialect%3]
		if s.bare {
			date = ""
		}
		link := d.path
		if s.session {
			s.turns++
			sep := map[bool]string{true: "&", false: "?"}[strings.Contains(link, "?")]
			link += fmt.Sprintf("%srandom=%d&jsessionid=A%d", sep, s.turns, s.turns)
		}
		fmt.Fprintf(&b, item, i+1, link, d.title, head(d.title, 9), date)
	}
	return b.String() + end
}

func (s *simSite) pager(page, pages int) string {
	next := fmt.Sprintf("index_%d.html", page+1)
	if page >= pages {
		return fmt.Sprintf("<p>共%d页</p>", pages)
	}
	switch s.turn {
	case "word":
		return "<a href='" + next + "'>下一页</a>"
	case "trs":
		return fmt.Sprintf("<script>createPageHTML(%d, %d, 'index', 'html');</script>", pages, page-1)
	case "query":
		return fmt.Sprintf("<a href='?page=%d'>%d</a> <a href='?page=%d'>末页</a>", page+1, page+1, pages)
	case "option":
		var b strings.Builder
		for i := 1; i <= pages; i++ {
			fmt.Fprintf(&b, "<option value='index_%d.html'>%d</option>", i, i)
		}
		return "<select onchange='location=this.value'>" + b.String() + "</select>"
	case "names":
		return fmt.Sprintf("<a href='javascript:void(0)' onclick='go(%d)'>下一页</a><p>共%d页</p>", page+1, pages)
	case "form":
		return fmt.Sprintf("<form method='post' action='index.html'><input type=hidden name=curPage value=%d><input type=hidden name=cat value=7></form><a href='javascript:sub()'>下一页</a><p>共%d页</p>", page, pages)
	case "onclick":
		return fmt.Sprintf("<span class='next' onclick=\"location.href='?curPage=%d'\">下页</span>", page+1)
	}
	return ""
}
