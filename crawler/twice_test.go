package crawler

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"slices"
	"sort"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"tuogou/corpus"
	"tuogou/crawler/crawlertest"
	"tuogou/rules"
)

// All families are crawled twice, with changes between. What was kept, how each
// address ended and what the servers saw must be what was to be expected:
// nothing missed, nothing asked twice without need, no rule of manners broken.
func TestAllFamiliesTwice(t *testing.T) {
	sink, front := &MemorySink{}, &MemoryFrontier{}
	for visit := 1; visit <= 2; visit++ {
		w := newWorld(visit)
		rep, sites := w.crawl(t, sink, front)
		w.checkOutcomes(t, rep)
		w.checkServers(t, sites, rep)
		front.NextRound()
	}
	checkCaptures(t, sink)
}

const pauseOfTest = 3 * time.Millisecond

func newWorld(visit int) *world {
	w := &world{visit: visit, files: map[string]string{}, head: map[string]string{}, want: map[string]wanted{}}
	for _, f := range families() {
		w.add(f)
	}
	w.manners()
	for host, text := range w.head {
		w.files[host+"/_headers"] = text
	}
	return w
}

// manners adds the hosts that try the crawler's manners.
func (w *world) manners() {
	list := func(host string, rows ...string) {
		w.files[host+"/l/index.html"] = page("列表", "<ul>"+strings.Join(rows, "")+"</ul>")
		w.files[host+"/index.html"] = page("首页", "")
		w.sites = append(w.sites, rules.Site{ID: "990000-" + host, Level: corpus.Province, Code: "990000", Name: "示例", Organ: "government",
			Pages: []string{"http://" + host + "/l/"}})
	}
	unique := func(host string) string { return w.counted(article(plan+host, "<p>"+host+"</p>")) }
	known := func(address string) {
		w.want[address] = "done"
		if w.visit == 2 {
			w.want[address] = "same"
		}
	}
	// robots.txt forbids a folder and wants a pause.
	list("robots.example", row("/l/a.html", plan, "2019-01-01"), row("/closed/b.html", plan+"二", "2019-01-01"))
	w.files["robots.example/robots.txt"] = "User-agent: *\nDisallow: /closed/\nCrawl-delay: 0.05\n"
	w.files["robots.example/l/a.html"], w.files["robots.example/closed/b.html"] = unique("robots"), unique("closed")
	known("http://robots.example/l/a.html")
	w.want["http://robots.example/closed/b.html"] = "skipped"
	// robots.txt is the site's home page: there is none.
	list("html.example", row("/l/a.html", plan, "2019-01-01"))
	w.files["html.example/robots.txt"] = page("首页", "")
	w.files["html.example/l/a.html"] = unique("html")
	known("http://html.example/l/a.html")
	// robots.txt cannot be read: keep out.
	list("down.example", row("/l/a.html", plan, "2019-01-01"))
	w.files["down.example/_headers"] = "/robots.txt\n  Status: 500\n"
	// A challenge ends the host.
	list("waf.example", row("/l/a.html", plan, "2019-01-01"), row("/l/b.html", plan+"二", "2019-01-01"), row("/l/c.html", plan+"三", "2019-01-01"))
	w.files["waf.example/l/a.html"], w.files["waf.example/l/c.html"] = unique("waf"), unique("waf-c")
	w.files["waf.example/l/b.html"] = "<script r='m'>1</script>"
	w.files["waf.example/_headers"] = "/l/b.html\n  Status: 412\n"
	known("http://waf.example/l/a.html")
	// A file on the site's file host, one on a stranger's, a copy of another
	// site's text, a broken body, a conditional page.
	list("mz.yunxi.example", row("/l/a.html", plan, "2019-01-01"), row("/l/copy.html", plan+"转", "2019-01-01"), row("/l/half.html", plan+"三", "2019-01-01"), row("/l/old.html", plan+"四", "2019-01-01"))
	w.files["mz.yunxi.example/l/a.html"] = w.counted(article(plan, "<p>"+strings.Repeat("云溪的方案与众不同，", 20)+"</p><a href='http://static.yunxi.example/f/1.pdf'>附件1</a><a href='http://evil.example/f/2.pdf'>附件2</a>"))
	w.files["static.yunxi.example/f/1.pdf"] = "%PDF-1.4 x"
	w.files["evil.example/f/2.pdf"] = "%PDF-1.4 y"
	w.files["mz.yunxi.example/l/copy.html"] = w.counted(article(plan+"转", "<p>"+strings.Repeat("抄送的文本一字不差，", 30)+"</p>"))
	w.files["mz.qinglan.example/l/copy.html"] = w.files["mz.yunxi.example/l/copy.html"]
	w.files["mz.yunxi.example/l/half.html"], w.files["mz.yunxi.example/l/old.html"] = unique("half"), unique("old")
	w.files["mz.yunxi.example/_headers"] = "/l/half.html\n  Fault: half\n/l/old.html\n  Etag: \"1\"\n  Last-Modified: Mon, 02 May 2016 08:00:00 GMT\n"
	list("mz.qinglan.example", row("/l/copy.html", plan+"转", "2019-01-01"))
	for _, a := range []string{"mz.yunxi.example/l/a.html", "static.yunxi.example/f/1.pdf", "mz.yunxi.example/l/copy.html", "mz.yunxi.example/l/old.html", "mz.qinglan.example/l/copy.html"} {
		known("http://" + a)
	}
	w.want["http://mz.yunxi.example/l/half.html"] = "failed"
}

func (w *world) crawl(t *testing.T, sink *MemorySink, front *MemoryFrontier) (Report, *crawlertest.Sites) {
	t.Helper()
	m := fstest.MapFS{}
	for name, text := range w.files {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	sites, err := crawlertest.Serve(m)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sites.Close() })
	opts := Options{Frontier: front, Sink: sink, Notes: sink, Transport: sites.Client().Transport, Delay: pauseOfTest, Hosts: 8, Resolve: sameServer}
	opts.Clock = &fakeClockFrom{now: time.Now()}
	ruleFiles := os.DirFS("../rules")
	if opts.Focus, err = rules.LoadFocus(ruleFiles); err != nil {
		t.Fatal(err)
	}
	if opts.Signs, err = rules.LoadSigns(ruleFiles); err != nil {
		t.Fatal(err)
	}
	if opts.Web, err = rules.LoadWeb(ruleFiles); err != nil {
		t.Fatal(err)
	}
	rep, err := Run(context.Background(), w.sites, opts)
	if err != nil {
		t.Fatal(err)
	}
	return rep, sites
}

// fakeClockFrom is the real clock, but waits of retries are cut short.
type fakeClockFrom struct{ now time.Time }

func (c *fakeClockFrom) Now() time.Time { return time.Now() }

func (c *fakeClockFrom) Sleep(ctx context.Context, d time.Duration) error {
	return realClock{}.Sleep(ctx, min(d, 100*time.Millisecond))
}

// sameServer puts all hosts of names below yunxi.example on one machine, and
// gives each other its own.
func sameServer(_ context.Context, host string) ([]netip.Addr, error) {
	if strings.HasSuffix(host, "yunxi.example") {
		host = "yunxi"
	}
	h := corpus.HashBytes([]byte(host))
	return []netip.Addr{netip.AddrFrom4([4]byte{110, h[0], h[1], h[2]})}, nil
}

// checkOutcomes compares every document with what was expected, and finds
// none that was not.
func (w *world) checkOutcomes(t *testing.T, rep Report) {
	t.Helper()
	got := map[string]wanted{}
	why := map[string]string{}
	for _, h := range rep.Hosts {
		for _, i := range h.Items {
			if i.Kind == ListPage {
				continue
			}
			o := wanted(i.Outcome)
			switch {
			case i.Gone:
				o = "gone"
			case i.Changed:
				o = "changed"
			}
			if _, twice := got[i.URL]; twice {
				t.Errorf("visit %d: %s ended twice", w.visit, i.URL)
			}
			got[i.URL], why[i.URL] = o, i.Reason
		}
	}
	for address, want := range w.want {
		if want != got[address] {
			t.Errorf("visit %d: %s ended %q (%s), want %q", w.visit, address, got[address], why[address], want)
		}
	}
	for address, o := range got {
		if _, ok := w.want[address]; !ok && o != "skipped" && !strings.Contains(address, "waf.example") {
			t.Errorf("visit %d: %s ended %q (%s) and was not expected", w.visit, address, o, why[address])
		}
	}
	if t.Failed() {
		for _, h := range rep.Hosts {
			for _, i := range h.Items {
				if i.Kind == ListPage {
					t.Logf("visit %d: list %s: %s: %s", w.visit, i.URL, i.Outcome, i.Reason)
				}
			}
			if h.Ended != "" {
				t.Logf("%s ended: %s", h.Host, h.Ended)
			}
		}
	}
}

// checkServers looks at what the servers saw.
func (w *world) checkServers(t *testing.T, sites *crawlertest.Sites, rep Report) {
	t.Helper()
	times := map[string]int{}
	byServer := map[string][]crawlertest.Asked{}
	for _, a := range sites.Asked() {
		times[a.Host+a.Path+" "+a.Form]++
		addr, _ := sameServer(context.Background(), a.Host)
		byServer[addr[0].String()] = append(byServer[addr[0].String()], a)
		if strings.HasPrefix(a.Path, "/closed/") || a.Host == "evil.example" || a.Host == "down.example" && a.Path != "/robots.txt" {
			t.Errorf("visit %d: asked for %s%s", w.visit, a.Host, a.Path)
		}
		if a.Host == "waf.example" && a.Path == "/l/c.html" {
			t.Errorf("visit %d: went on after a challenge", w.visit)
		}
		if !strings.HasPrefix(a.Header.Get("User-Agent"), "tuogou") {
			t.Errorf("asked as %q", a.Header.Get("User-Agent"))
		}
		if w.visit == 2 && a.Path == "/l/old.html" && (a.Header.Get("If-None-Match") == "" || a.Status != 200) {
			t.Errorf("the second visit was not conditional: %v", a.Header)
		}
	}
	for what, n := range times {
		most := 1
		if strings.Contains(what, "/l/half.html") || strings.Contains(what, "down.example/robots.txt") {
			most = 1 + maxRetries
		}
		if strings.HasPrefix(what, "trs.example/zwgk/tz/ ") || strings.HasPrefix(what, "trs.example/zwgk/tz/index.html") {
			most = 2 // fails once
		}
		if strings.HasSuffix(strings.Fields(what)[0], ".example/") {
			continue // the home page, to which gone pages lead
		}
		if n > most {
			t.Errorf("visit %d: %s was asked for %d times", w.visit, what, n)
		}
	}
	for server, asked := range byServer {
		sort.Slice(asked, func(i, j int) bool { return asked[i].Began.Before(asked[j].Began) })
		for i := 1; i < len(asked); i++ {
			gap := asked[i].Began.Sub(asked[i-1].Ended)
			if gap < 0 {
				t.Errorf("visit %d: %s: two requests at once: %s%s and %s%s", w.visit, server, asked[i-1].Host, asked[i-1].Path, asked[i].Host, asked[i].Path)
			}
			least := pauseOfTest * 9 / 10
			if asked[i].Host == "robots.example" && asked[i-1].Path != "/robots.txt" {
				least = 49 * time.Millisecond
			}
			if gap < least {
				t.Errorf("visit %d: %s%s came %v after the answer before it", w.visit, asked[i].Host, asked[i].Path, gap)
			}
		}
	}
	for host, want := range map[string]string{"waf.example": "riversecurity"} {
		at := slices.IndexFunc(rep.Hosts, func(h HostReport) bool { return h.Host == host })
		if at < 0 || !strings.Contains(rep.Hosts[at].Ended, want) {
			t.Errorf("%s is not reported", host)
		}
	}
}

// checkCaptures looks at what was kept over both visits: one version of each
// document, two of those that were edited, and the versions of what is gone.
func checkCaptures(t *testing.T, sink *MemorySink) {
	t.Helper()
	versions := map[string]int{}
	for _, c := range sink.Captures() {
		versions[c.URL]++
		if strings.HasSuffix(c.URL, "P0201.doc") && (c.Parent == "" || strings.HasSuffix(c.Parent, "/index.html")) {
			t.Errorf("%s is tied to %q", c.URL, c.Parent)
		}
	}
	for _, f := range families() {
		at := f.host
		if f.docHost != "" {
			at = f.docHost
		}
		for n := 1; n <= 14; n++ {
			want := 1
			switch n {
			case 2:
				want = 2
			case 5:
				want = 0
			}
			if address := fmt.Sprintf("http://%s%s", at, f.path(n)); versions[address] != want {
				t.Errorf("%s: %d versions kept, want %d", address, versions[address], want)
			}
		}
	}
}
