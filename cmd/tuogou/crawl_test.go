package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tuogou/corpus"
	"tuogou/rules"
)

var benchPages = flag.Int("pages", 1000, "pages of the site that BenchmarkCrawl crawls")

// bigSite is a site with a list of n plans, 100 a page.
type bigSite struct {
	n     int
	still bool // pages do not count their readers

	mu    sync.Mutex
	asked map[string]int
	total atomic.Int64
}

func (s *bigSite) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.total.Add(1)
	s.mu.Lock()
	if s.asked != nil {
		s.asked[r.URL.RequestURI()]++
	}
	s.mu.Unlock()
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	pages := (s.n + 99) / 100
	count := s.total.Load()
	if s.still {
		count = 1
	}
	switch name := r.URL.Path; {
	case name == "/l/list.jsp":
		p, _ := strconv.Atoi(r.URL.Query().Get("page"))
		fmt.Fprintf(w, "<html><body>共%d页<ul>", pages)
		for i := (p - 1) * 100; i < min(p*100, s.n); i++ {
			fmt.Fprintf(w, "<li><a href='/a/%d.html'>示例%d区行业协会商会与行政机关脱钩实施方案</a><span>2019-01-01</span></li>", i, i)
		}
		fmt.Fprint(w, "</ul><a href='javascript:next()'>下一页</a></body></html>")
	case strings.HasPrefix(name, "/a/"):
		fmt.Fprintf(w, "<html><head><title>示例</title></head><body><div id='zoom'><h1>示例%s区行业协会商会与行政机关脱钩实施方案</h1>%s</div><p>浏览次数：%d</p></body></html>",
			name, strings.Repeat("<p>"+name+"各行业协会商会应当与行政机关脱钩，机构分离、职能分离。</p>", 60), count)
	default:
		http.NotFound(w, r)
	}
}

func (s *bigSite) source(address string) rules.Site {
	return rules.Site{ID: "990000-big", Level: corpus.Province, Code: "990000", Name: "示例", Organ: "government", Pages: []string{address + "/l/list.jsp?page=1"}}
}

// BenchmarkCrawl crawls a site on loopback into a store, with the archive, and
// says how many pages a second that makes and how much memory it holds at the
// beginning, in the middle and at the end:
//
//	go test ./cmd/tuogou -run '^$' -bench 'Crawl$' -benchtime 1x -pages 10000
func BenchmarkCrawl(b *testing.B) {
	site := &bigSite{n: *benchPages}
	server := httptest.NewServer(site)
	defer server.Close()
	for b.Loop() {
		var heaps [3]float64
		stop := make(chan struct{})
		var wg sync.WaitGroup
		wg.Go(func() { watchHeap(site, &heaps, stop) })
		a := &app{Env: Env{Stdout: io.Discard, Stderr: io.Discard, Getenv: os.Getenv, Now: time.Now}, data: filepath.Join(b.TempDir(), "data")}
		t := &tally{out: io.Discard}
		begin := time.Now()
		_, err := a.crawlSites(context.Background(), []rules.Site{site.source(server.URL)}, crawlFlags{Delay: -1, Private: true, MaxPages: 1 << 20}, t, nil)
		took := time.Since(begin)
		close(stop)
		wg.Wait()
		a.close()
		if err != nil || t.done != site.n {
			b.Fatalf("%d of %d pages: %v", t.done, site.n, err)
		}
		b.ReportMetric(float64(site.n)/took.Seconds(), "pages/s")
		b.ReportMetric(heaps[0], "MB-at-10%")
		b.ReportMetric(heaps[1], "MB-at-50%")
		b.ReportMetric(heaps[2], "MB-at-100%")
	}
}

// watchHeap keeps the live heap, in MB after a collection, when a tenth, a half
// and all of a site has been asked for.
func watchHeap(s *bigSite, heaps *[3]float64, stop chan struct{}) {
	next := 0
	for {
		done := false
		select {
		case <-stop:
			done = true
		case <-time.After(20 * time.Millisecond):
		}
		at := [3]int{s.n / 10, s.n / 2, s.n}
		if next < 3 && (int(s.total.Load()) >= at[next] || done) {
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			heaps[next] = float64(m.HeapAlloc) / (1 << 20)
			next++
		}
		if done {
			return
		}
	}
}

// A crawl that is killed again and again and then let run asks for nothing that
// was finished, and leaves what a clean crawl leaves: to the byte where pages
// stay as they are, and as many versions where each page counts its readers.
func TestKilledCrawl(t *testing.T) {
	t.Parallel() // it waits for other processes
	if testing.Short() {
		t.Skip("starts the program several times")
	}
	t.Run("still pages", func(t *testing.T) {
		clean, killed := killCrawl(t, &bigSite{n: 150, still: true, asked: map[string]int{}})
		if a, b := digest(t, clean), digest(t, killed); a != b {
			t.Errorf("the store holds other things than after a clean crawl: %s and %s", b, a)
		}
	})
	t.Run("counting pages", func(t *testing.T) {
		killCrawl(t, &bigSite{n: 150, asked: map[string]int{}})
	})
}

// killCrawl crawls a site in one go and with kills, and gives both data folders.
func killCrawl(t *testing.T, site *bigSite) (clean, killed string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(site)
	defer server.Close()
	entry, err := entryOf(site.source(server.URL))
	if err != nil {
		t.Fatal(err)
	}
	clean, killed = t.TempDir(), t.TempDir()
	for _, dir := range []string{clean, killed} {
		if err := os.WriteFile(filepath.Join(dir, ownSources), []byte(entry), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	args := []string{"crawl", "990000-big", "--allow-private", "--delay", "-1ns", "--no-warc"}
	begin := time.Now()
	tuogou(t, self, clean, args...)
	whole := time.Since(begin)
	clear(site.asked)
	rng := rand.New(rand.NewPCG(3, 4))
	hits := 0
	for range 5 {
		cmd := command(self, killed, args...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(whole/10 + time.Duration(rng.Int64N(int64(whole)/2)))
		if cmd.Process.Kill() == nil {
			hits++
		}
		_ = cmd.Wait() // killed: an error is what is wanted
	}
	tuogou(t, self, killed, args...)
	for _, dir := range []string{clean, killed} {
		if docs, captures := documents(t, self, dir); docs != site.n || captures != site.n {
			t.Errorf("after %d kills: %d documents, %d captures, want %d", hits, docs, captures, site.n)
		}
	}
	again := 0
	for address, n := range site.asked {
		if strings.HasPrefix(address, "/a/") && n > 1 {
			again += n - 1
		}
	}
	// A kill between answer and commit loses one page; a run that was killed
	// after its end is a second visit, which asks for all once more.
	if again > hits && again%site.n > hits {
		t.Errorf("%d pages were asked for again in %d kills", again, hits)
	}
	return clean, killed
}

// documents counts documents and captures.
func documents(t *testing.T, self, dir string) (docs, captures int) {
	t.Helper()
	var st struct{ Documents, Captures int }
	if err := json.Unmarshal([]byte(tuogou(t, self, dir, "status", "--json")), &st); err != nil {
		t.Fatal(err)
	}
	return st.Documents, st.Captures
}
