package crawler

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nlnwa/gowarc"

	"tuogou/corpus"
	"tuogou/rules"
)

// many is a list of n articles.
func many(n int) map[string]string {
	files := map[string]string{}
	var rows strings.Builder
	for i := range n {
		name := fmt.Sprintf("a%02d.html", i)
		rows.WriteString(row(name, fmt.Sprintf("%s%d", plan, i), "2019-01-01"))
		files["l/"+name] = article(fmt.Sprintf("%s%d", plan, i), "<a href='"+name+".doc'>附件</a>")
		files["l/"+name+".doc"] = "\xd0\xcf\x11\xe0" + name
	}
	files["l/index.html"] = page("列表", "<ul>"+rows.String()+"</ul>")
	return files
}

func TestRefusalsEndTheHostAndNoOther(t *testing.T) {
	for _, tt := range []struct{ why, status, body, header, want string }{
		{"a plain 403", "403", "no", "", "refused with status 403, no known sign"},
		{"a country that is refused", "403", "reason:GeoBL", "", "sign wzws"},
		{"a script challenge", "412", `<script r='m'>1</script>`, "", "sign riversecurity"},
		{"a challenge with status 200", "200", `<html><script r='m'>$_ts=1</script>`, "", "sign riversecurity"},
		{"a cookie challenge", "521", "<script>1</script>", "  Set-Cookie: __jsluid_h=1\n", "sign jiasule"},
	} {
		t.Run(tt.why, func(t *testing.T) {
			files := many(3)
			files["l/a01.html"] = tt.body
			files["_headers"] = "/l/a01.html\n  Status: " + tt.status + "\n" + tt.header
			files["mzj.yunxi.example/l/index.html"] = page("列表", "<ul>"+row("b.html", plan, "2019-01-01")+"</ul>")
			files["mzj.yunxi.example/l/b.html"] = article(plan, "")
			b := newBench(t, files)
			other := site("http://mzj.yunxi.example/l/")
			other.ID = "990100-mzj"
			rep := b.run(site("/l/"), other)
			var mine, theirs HostReport
			for _, h := range rep.Hosts {
				if h.Host == mzt {
					mine = h
				} else {
					theirs = h
				}
			}
			if !strings.Contains(mine.Ended, tt.want) || mine.Done != 1 || mine.Failed != 1 {
				t.Errorf("ended %q, %+v", mine.Ended, mine)
			}
			if theirs.Done != 1 || theirs.Ended != "" {
				t.Errorf("the other host suffered: %+v", theirs)
			}
			if n := b.sites.Hits(mzt, "/l/a02.html"); n != 0 {
				t.Error("the host was asked again after it refused")
			}
			if open := openTargets(b.opts.Frontier); open != 2 {
				t.Errorf("%d targets wait for another run, want 2", open)
			}
		})
	}
}

func TestFaults(t *testing.T) {
	files := many(7)
	files["l/a03.html"] = "<html><title>页面不存在</title>" + strings.Repeat("x", 600)
	files["l/a04.html"] = "<html>tiny</html>"
	files["index.html"] = page("示例省民政厅门户网站首页", strings.Repeat("新闻。", 300))
	files["_headers"] = `/l/a00.html
  Status: 302
  Location: /l/a00.html
/l/a01.html
  Fault: half
/l/a02.html
  Fault: once-500
/l/a05.html
  Status: 302
  Location: /
/l/a06.html.doc
  Status: 302
  Location: http://elsewhere.example/x.doc
`
	b := newBench(t, files)
	rep := b.run(site("/l/"))
	got := map[string]string{}
	for _, i := range rep.Hosts[0].Items {
		got[strings.TrimPrefix(i.URL, "http://"+mzt+"/l/")] = string(i.Outcome) + " " + i.Reason
	}
	for name, want := range map[string]string{
		"a00.html":     "too many redirects",
		"a01.html":     "unexpected EOF",
		"a02.html":     "done",
		"a03.html":     "soft error: sign not_found_page",
		"a04.html":     "soft error: stub",
		"a05.html":     "soft error: home page in return",
		"a06.html":     "done",
		"a06.html.doc": "skipped leads to another host: http://elsewhere.example/x.doc",
		"a02.html.doc": "done",
	} {
		if !strings.Contains(got[name], want) {
			t.Errorf("%s: got %q, want %q", name, got[name], want)
		}
	}
	want := []string{"/l/a02.html", "/l/a02.html.doc", "/l/a06.html"}
	if diff := cmp.Diff(want, b.kept()); diff != "" {
		t.Error(diff)
	}
	if n := b.sites.Hits(mzt, "/l/a01.html"); n != 1+maxRetries {
		t.Errorf("half a body was asked for %d times, want %d", n, 1+maxRetries)
	}
}

func TestCookieOverARedirectIsPlainHTTP(t *testing.T) {
	b := newBench(t, many(1))
	rt := roundTrip(func(r *http.Request) (*http.Response, error) {
		if r.URL.Path == "/l/" && r.Header.Get("Cookie") == "" {
			return &http.Response{StatusCode: 302, Status: "302 Found", Request: r, Body: http.NoBody,
				Header: http.Header{"Location": {"/l/"}, "Set-Cookie": {"CT6T=1"}}}, nil
		}
		return b.sites.Client().Transport.RoundTrip(r)
	})
	b.opts.Transport = rt
	if rep := b.run(site("/l/")); rep.Done != 2 {
		t.Error(reasons(rep))
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestRetryAfter(t *testing.T) {
	files := many(2)
	files["_headers"] = "/l/a00.html\n  Fault: once-503\n  Retry-After: 7\n"
	b := newBench(t, files)
	clock := &fakeClock{}
	b.opts.Clock = clock
	if rep := b.run(site("/l/")); rep.Done != 4 {
		t.Error(reasons(rep))
	}
	if diff := cmp.Diff([]time.Duration{7 * time.Second}, clock.slept); diff != "" {
		t.Errorf("waits: %s", diff)
	}

	files["_headers"] = "/l/a00.html\n  Fault: once-503\n  Retry-After: 7200\n"
	b = newBench(t, files)
	rep := b.run(site("/l/"))
	if rep.Done != 0 || !strings.Contains(rep.Hosts[0].Ended, "asks to wait 2h") {
		t.Error(reasons(rep))
	}
}

func TestPauseBetweenRequests(t *testing.T) {
	b := newBench(t, many(3))
	clock := &fakeClock{}
	b.opts.Clock, b.opts.Delay = clock, 0
	b.run(site("/l/"))
	// robots.txt, the list, three articles, three attachments.
	if len(clock.slept) != 7 {
		t.Fatalf("%d pauses, want 7: %v", len(clock.slept), clock.slept)
	}
	for _, d := range clock.slept {
		if d < 2*time.Second || d > 3*time.Second {
			t.Errorf("pause of %v, want 2 s to 3 s", d)
		}
	}
	agent := b.sites.Asked()[0].Header.Get("User-Agent")
	if agent != "tuogou" {
		t.Errorf("agent %q", agent)
	}
}

func TestRobots(t *testing.T) {
	for _, tt := range []struct {
		why, robots, header string
		done                int
		contact             string
	}{
		{why: "no file allows", done: 4},
		{why: "a rule for all", robots: "User-agent: *\nDisallow: /l/a0\n"},
		{why: "a rule for us wins", robots: "User-agent: *\nDisallow: /\n\nUser-agent: tuogou\nAllow: /\n", done: 4},
		{why: "the longest match wins", robots: "User-agent: *\nDisallow: /\nAllow: /l/\n", done: 4},
		{why: "lines that mean nothing", robots: "hello\nFoo: bar\nDisallow: /early\nUser-agent: *\nDisallow: /x\n", done: 4},
		{why: "an HTML page is no robots file", robots: "<!DOCTYPE html><html><body>Disallow: /</body></html>", done: 4},
		{why: "a server error keeps us out", robots: "x", header: "/robots.txt\n  Status: 500\n"},
		{why: "a plain 403 means there is none", robots: "x", header: "/robots.txt\n  Status: 403\n", done: 4},
	} {
		t.Run(tt.why, func(t *testing.T) {
			files := many(2)
			if tt.robots != "" {
				files["robots.txt"] = tt.robots
			}
			files["_headers"] = tt.header
			b := newBench(t, files)
			rep := b.run(site("/l/"))
			if rep.Done != tt.done {
				t.Errorf("done %d, want %d\n%s", rep.Done, tt.done, reasons(rep))
			}
			if tt.done == 0 && !strings.Contains(reasons(rep), ErrDisallowed.Error()) {
				t.Error(reasons(rep))
			}
			if n := b.sites.Hits(mzt, "/robots.txt"); tt.header == "" && n != 1 {
				t.Errorf("robots.txt was read %d times", n)
			}
		})
	}
}

func TestUnreachableHostEnds(t *testing.T) {
	b := newBench(t, many(1))
	s := site("http://nowhere.example/l/", "http://nowhere.example/m/")
	rep := b.run(s)
	if len(rep.Hosts) != 1 || !strings.Contains(rep.Hosts[0].Ended, "unreachable") || rep.Failed != 1 {
		t.Errorf("%+v", rep)
	}
}

func TestConditionalGet(t *testing.T) {
	files := many(1)
	files["_headers"] = "/l/a00.html\n  Etag: \"v1\"\n"
	b := newBench(t, files)
	b.opts.Notes = b.sink
	b.run(site("/l/"))
	b.opts.Frontier = &MemoryFrontier{}
	rep := b.run(site("/l/"))
	if rep.Same != 1 || rep.Done != 0 || !strings.Contains(reasons(rep), "not modified") {
		t.Error(reasons(rep))
	}
}

func TestTooLarge(t *testing.T) {
	files := many(1)
	files["l/a00.html.doc"] = strings.Repeat("x", 9000)
	b := newBench(t, files)
	b.opts.MaxBytes = 8000
	rep := b.run(site("/l/"))
	if rep.Done != 1 || rep.Failed != 1 || !strings.Contains(reasons(rep), "larger than the limit of 8000 bytes") {
		t.Error(reasons(rep))
	}
}

// cancelling stops the run after some puts.
type cancelling struct {
	*MemorySink
	left int
	stop context.CancelFunc
}

func (c *cancelling) Put(ctx context.Context, cap corpus.Capture, body []byte, n Note) (corpus.Outcome, error) {
	if c.left--; c.left == 0 {
		c.stop()
	}
	return c.MemorySink.Put(ctx, cap, body, n)
}

func TestStoppedAndStartedAgainGivesTheSame(t *testing.T) {
	clean := newBench(t, many(9))
	clean.run(site("/l/"))
	for after := 1; after <= 17; after += 4 {
		b := newBench(t, many(9))
		for starts := 0; openTargets(b.opts.Frontier) > 0 || starts == 0; starts++ {
			if starts > 20 {
				t.Fatal("does not come to an end")
			}
			ctx, stop := context.WithCancel(context.Background())
			b.opts.Sink = &cancelling{b.sink, after, stop}
			_, err := Run(ctx, []rules.Site{site("/l/")}, b.opts)
			stop()
			if err != nil && !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
		}
		var want, got []string
		for _, c := range clean.sink.Captures() {
			want = append(want, c.URL+" "+string(c.SHA256)+" "+c.Parent)
		}
		for _, c := range b.sink.Captures() {
			got = append(got, c.URL+" "+string(c.SHA256)+" "+c.Parent)
		}
		sort.Strings(want)
		sort.Strings(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("stopped after %d: %s", after, diff)
		}
	}
}

// full is a sink without room.
type full struct{}

func (full) Put(context.Context, corpus.Capture, []byte, Note) (corpus.Outcome, error) {
	return "", errors.New("disk full")
}

func TestAFullSinkStopsTheRun(t *testing.T) {
	b := newBench(t, many(3))
	b.opts.Sink = full{}
	_, err := Run(context.Background(), []rules.Site{site("/l/")}, b.opts)
	if err == nil || !strings.Contains(err.Error(), "disk full") {
		t.Errorf("got %v", err)
	}
	if open := openTargets(b.opts.Frontier); open != 3 {
		t.Errorf("%d open targets, want all 3 articles", open)
	}
}

func TestWARC(t *testing.T) {
	files := many(2)
	files["_headers"] = "/l/a00.html\n  Status: 302\n  Location: /l/a01.html\n/l/a01.html.doc\n  Fault: half\n"
	b := newBench(t, files)
	b.opts.WARCDir = filepath.Join(t.TempDir(), "warc")
	rep := b.run(site("/l/"))
	r, err := gowarc.NewWarcFileReader(rep.WARC, 0, gowarc.WithBlockErrorPolicy(gowarc.ErrIgnore))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	got := map[string]int{}
	truncated := 0
	for {
		rec, _, v, err := r.Next()
		if rec == nil || err != nil {
			break
		}
		if v != nil && !v.Valid() {
			t.Errorf("record %s: %v", rec.WarcHeader().Get(gowarc.WarcTargetURI), v)
		}
		got[rec.Type().String()]++
		if rec.WarcHeader().Get(gowarc.WarcTruncated) == "disconnect" {
			truncated++
		}
		if rec.Type() == gowarc.Response && rec.WarcHeader().Get(gowarc.WarcTargetURI) == b.sites.URL(mzt, "/l/") {
			block := rec.Block().(gowarc.HttpResponseBlock)
			if block.HttpStatusCode() != 200 || block.HttpHeader().Get("Content-Type") != "text/html" {
				t.Errorf("the list's record: %d %v", block.HttpStatusCode(), block.HttpHeader())
			}
		}
		rec.Close()
	}
	asked := len(b.sites.Asked())
	if diff := cmp.Diff(map[string]int{"warcinfo": 1, "request": asked, "response": asked}, got); diff != "" {
		t.Error(diff)
	}
	if truncated != 1+maxRetries {
		t.Errorf("%d truncated records, want %d", truncated, 1+maxRetries)
	}
}

// A second run archives what it has archived before as revisit records, which
// name what they repeat; another program reads both files and finds no fault.
func TestRevisitRecords(t *testing.T) {
	files := many(3)
	files["_headers"] = "/l/a00.html\n  Etag: \"v1\"\n"
	b := newBench(t, files)
	b.opts.Notes = b.sink
	b.opts.WARCDir = filepath.Join(t.TempDir(), "warc")
	var names []string
	for range 2 {
		b.opts.Frontier = &MemoryFrontier{}
		names = append(names, b.run(site("/l/")).WARC)
	}
	got := map[string]int{}
	r, err := gowarc.NewWarcFileReader(names[1], 0)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for {
		rec, _, v, err := r.Next()
		if rec == nil || err != nil {
			break
		}
		if v != nil && !v.Valid() {
			t.Errorf("record %s: %v", rec.WarcHeader().Get(gowarc.WarcTargetURI), v)
		}
		kind := rec.Type().String()
		if rec.Type() == gowarc.Revisit {
			ref, err := rec.RevisitRef()
			if err != nil || ref.TargetUri == "" || ref.TargetDate == "" || ref.TargetRecordId == "" {
				t.Errorf("revisit refers to %+v (%v)", ref, err)
			} else {
				kind += " " + ref.Profile[strings.LastIndexByte(ref.Profile, '/')+1:]
			}
		}
		got[kind]++
		rec.Close()
	}
	// The list and two of the articles repeat; two files are too small, the third
	// is on a page that was not sent, and robots.txt is known for a day.
	want := map[string]int{"warcinfo": 1, "request": 6, "response": 2, "revisit identical-payload-digest": 3, "revisit server-not-modified": 1}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	foreign(t, names)
}

// foreign has the archives checked by warcio, where it is installed.
func foreign(t *testing.T, names []string) {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3 here: the archives were not read by another program")
	}
	if exec.Command(python, "-c", "import warcio").Run() != nil {
		t.Skip("warcio is not installed (pip install warcio): the archives were not read by another program")
	}
	script := `
import sys
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker
class Args: inputs=sys.argv[1:]; verbose=True
code=Checker(Args()).process_all()
kinds={}
for name in sys.argv[1:]:
    for r in ArchiveIterator(open(name,'rb')):
        body=r.content_stream().read()
        kinds[r.rec_type]=kinds.get(r.rec_type,0)+1
        assert r.rec_headers.protocol=='WARC/1.1', r.rec_headers.protocol
        if r.rec_type=='response': assert r.http_headers.get_statuscode() in ('200','404'), r.http_headers.get_statuscode()
        if r.rec_type=='revisit': assert r.rec_headers.get_header('WARC-Refers-To-Target-URI')
print(sorted(kinds.items()))
sys.exit(code or 0)
`
	out, err := exec.Command(python, append([]string{"-c", script}, names...)...).CombinedOutput()
	t.Logf("warcio: %s", out)
	if err != nil {
		t.Errorf("warcio finds fault: %v", err)
	}
}

// robots.txt is kept a day between runs, by name of the one who asks; what a
// broken server said is not kept.
func TestRobotsAreKeptADayBetweenRuns(t *testing.T) {
	asked := func(b *bench) (n int) {
		for _, a := range b.sites.Asked() {
			if a.Path == "/robots.txt" {
				n++
			}
		}
		return n
	}
	for _, tt := range []struct {
		why, robots, headers, agent string
		pause                       time.Duration
		want                        int // questions in two runs
	}{
		{"an hour later", "User-agent: *\nDisallow: /l/a01", "", "", time.Hour, 1},
		{"two days later", "User-agent: *\nDisallow: /l/a01", "", "", 48 * time.Hour, 2},
		{"under another name", "User-agent: *\nDisallow: /l/a01", "", "other", time.Hour, 2},
		{"a file that says nothing", "\n", "", "", time.Hour, 1},
		{"a broken server, once a run as the first run", "x", "/robots.txt\n  Status: 500\n", "", time.Hour, 6},
	} {
		t.Run(tt.why, func(t *testing.T) {
			files := many(2)
			files["robots.txt"] = tt.robots
			if tt.headers != "" {
				files["_headers"] = tt.headers
			}
			clock := &fakeClock{}
			b := newBench(t, files)
			b.opts.Clock, b.opts.Notes = clock, b.sink
			b.run(site("/l/"))
			first := len(b.sink.Captures())
			_ = clock.Sleep(context.Background(), tt.pause)
			b.opts.Frontier, b.opts.Agent = &MemoryFrontier{}, tt.agent
			b.run(site("/l/"))
			if got := asked(b); got != tt.want {
				t.Errorf("robots.txt was asked for %d times, want %d", got, tt.want)
			}
			for _, a := range b.sites.Asked() {
				if strings.HasPrefix(a.Path, "/l/a01.html") && strings.Contains(tt.robots, "Disallow") {
					t.Errorf("%s was asked for, which the kept file forbids", a.Path)
				}
			}
			if n := len(b.sink.Captures()); n != first {
				t.Errorf("the second run keeps %d more", n-first)
			}
		})
	}
}

func TestYearsAreFilled(t *testing.T) {
	b := newBench(t, map[string]string{
		"2025/l.html": page("列表", "<ul>"+row("a.html", plan, "2025-01-01")+"</ul>"), "2025/a.html": article(plan, ""),
		"2026/l.html": page("列表", "<ul>"+row("b.html", "关于转发"+plan+"的通知", "2026-01-01")+"</ul>"), "2026/b.html": article("关于转发"+plan+"的通知", "<p>乙</p>"),
	})
	b.opts.Clock = &fakeClock{} // in 2026
	s := site("/{year}/l.html")
	s.FirstYear, s.Article = 2025, `/{year}/{id}\.html$`
	if rep := b.run(s); rep.Done != 2 || rep.Failed != 0 {
		t.Errorf("%d kept, %d failed, want the articles of both years: %+v", rep.Done, rep.Failed, rep.Hosts)
	}
}

// A list whose ids are encrypted gives its first rows, and the report says so.
func TestEncryptedIDsAreNamed(t *testing.T) {
	b := newBench(t, map[string]string{
		"col/col1/index.html": page("列表", "<script type='text/xml'><datastore><nextgroup><![CDATA[<a href='/module/web/jpage/dataproxy.jsp?page=1&columnid=x9f3'></a>]]></nextgroup><totalrecord>60</totalrecord><recordset><record><![CDATA["+
			row("/art/2019/1/2/art_1_1.html", plan, "2019-01-02")+"]]></record></recordset></datastore></script><script>var param_1 = {col:1,webid:'1',columnid:'1'};</script>"),
		"art/2019/1/2/art_1_1.html": article(plan, ""),
	})
	rep := b.run(site("/col/col1/index.html"))
	if rep.Done != 1 || len(rep.Sites[0].Warnings) == 0 || !strings.Contains(rep.Sites[0].Warnings[0], "encrypted ids: the site gives the other 59 rows") {
		t.Errorf("%d kept, warnings %q", rep.Done, rep.Sites[0].Warnings)
	}
}
