package main

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/corpus/store/postgres"
	"tuogou/corpus/store/postgres/jobs"
	"tuogou/corpus/store/postgres/pgtest"
	"tuogou/rules"
)

// watched is a small site of two lists that sees who comes: how many connections are
// open at once, and how long it was left alone between two answers.
type watched struct {
	server *httptest.Server

	mu         sync.Mutex
	open, most int
	ended      time.Time
	shortest   time.Duration
	answers    int
}

const watchedPages = 8 // of each list

func newWatched(t *testing.T) *watched {
	w := &watched{shortest: time.Hour}
	w.server = httptest.NewUnstartedServer(w)
	w.server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		w.mu.Lock()
		defer w.mu.Unlock()
		switch s {
		case http.StateNew:
			w.open++
			w.most = max(w.most, w.open)
		case http.StateClosed:
			w.open--
		}
	}
	w.server.Start()
	t.Cleanup(w.server.Close)
	return w
}

// reset forgets who came.
func (w *watched) reset() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.most, w.ended, w.shortest, w.answers = w.open, time.Time{}, time.Hour, 0
}

func (w *watched) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	if !w.ended.IsZero() {
		w.shortest = min(w.shortest, time.Since(w.ended))
	}
	w.answers++
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		w.ended = time.Now()
		w.mu.Unlock()
	}()
	out.Header().Set("Content-Type", "text/html; charset=utf-8")
	switch dir, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/"); {
	case dir == "l":
		for i := range watchedPages {
			fmt.Fprintf(out, "<li><a href='/%s/%d.html'>示例%d区行业协会商会与行政机关脱钩实施方案</a><span>2019-01-01</span></li>\n", strings.TrimSuffix(name, ".html"), i, i)
		}
	case dir == "a", dir == "b":
		fmt.Fprintf(out, "<html><head><title>示例</title></head><body><div id='zoom'><h1>示例%s%s区行业协会商会与行政机关脱钩实施方案</h1>%s</div></body></html>",
			dir, name, strings.Repeat("<p>各行业协会商会应当与行政机关脱钩，机构分离、职能分离，2018年底前完成。</p>", 30))
	default:
		http.NotFound(out, r)
	}
}

// sources are two, of which the second calls the server by another name where it has one.
func (w *watched) sources(t *testing.T) string {
	t.Helper()
	second := w.server.URL
	if names, err := net.DefaultResolver.LookupNetIP(t.Context(), "ip", "localhost"); err == nil && len(names) > 0 && names[0].Unmap().String() == "127.0.0.1" {
		second = strings.Replace(second, "127.0.0.1", "localhost", 1)
	}
	out := ""
	for id, list := range map[string]string{"990000-a": w.server.URL + "/l/a.html", "990000-b": second + "/l/b.html"} {
		entry, err := entryOf(rules.Site{ID: id, Level: corpus.Province, Code: "990000", Name: "示例", Organ: "government", Pages: []string{list}})
		if err != nil {
			t.Fatal(err)
		}
		out += entry + "\n"
	}
	return out
}

// scene is what the tests of faults have in common: texts and sites, and what one
// process without faults makes of them.
type scene struct {
	site            *watched
	sources, texts  string
	digest, records string
}

const (
	sceneTexts = 70
	scenePause = 40 * time.Millisecond
)

func newScene(t *testing.T) *scene {
	t.Helper()
	s := &scene{site: newWatched(t), texts: t.TempDir()}
	s.sources = s.site.sources(t)
	writePlans(t, s.texts, sceneTexts)
	dir := s.folder(t)
	ok(t, "sqlite", dir, "add", s.texts)
	ok(t, "sqlite", dir, "crawl", "990000", "--allow-private", "--delay", "-1ns", "--no-warc")
	ok(t, "sqlite", dir, "run")
	s.digest, s.records = digest(t, dir), ok(t, "sqlite", dir, "export")
	if n := strings.Count(s.records, "\n"); n != sceneTexts+2*watchedPages {
		t.Fatalf("%d records", n)
	}
	return s
}

// folder is the data folder of a host.
func (s *scene) folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, ownSources), []byte(s.sources), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// order queues everything on an empty database.
func (s *scene) order(t *testing.T, address string) *jobs.Queue {
	t.Helper()
	dir := s.folder(t)
	ok(t, address, dir, "add", s.texts)
	s.site.reset()
	ok(t, address, dir, "run", "--jobs")
	ok(t, address, dir, "crawl", "--jobs", "990000", "--allow-private", "--delay", scenePause.String(), "--no-warc")
	st, err := postgres.Open(t.Context(), address, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	q, err := jobs.Open(t.Context(), st, nil)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// process is a worker in a process of its own.
type process struct {
	cmd  *exec.Cmd
	said bytes.Buffer
}

// worker starts a worker on a host of its own.
func (s *scene) worker(t *testing.T, address string, args ...string) *process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{cmd: command(self, s.folder(t), append([]string{"worker", "--drain", "--stages", "crawl,read,finish", "--reads", "2", "--lease", "2s"}, args...)...)}
	p.cmd.Env = append(os.Environ(), envStore+"="+address)
	p.cmd.Stdout, p.cmd.Stderr = &p.said, &p.said
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.cmd.Process.Kill() }) // it has ended
	return p
}

func (p *process) ends(t *testing.T) {
	t.Helper()
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("worker: %v\n%s", err, p.said.String())
	}
}

// reached waits until so many jobs of a stage are done; it fails the test where all are.
func reached(t *testing.T, q *jobs.Queue, stage jobs.Stage, n int) {
	t.Helper()
	for range 3000 {
		list, err := q.List(t.Context(), jobs.Filter{Stage: stage})
		if err != nil {
			t.Fatal(err)
		}
		done := 0
		for _, j := range list {
			if j.State == jobs.Done {
				done++
			}
		}
		if done >= n {
			if done == len(list) {
				t.Errorf("all %d jobs of %s are done: too late for a fault", done, stage)
			}
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatalf("%d jobs of %s are not reached", n, stage)
}

// same proves that the database holds what one process without faults made, and that the
// site was treated as it should be.
func (s *scene) same(t *testing.T, address string) {
	t.Helper()
	dir := s.folder(t)
	if got := digestOf(t, address); got != s.digest {
		t.Errorf("digest %s, want %s", got, s.digest)
	}
	want := moment.ReplaceAllString(s.records, "T")
	if got := moment.ReplaceAllString(ok(t, address, dir, "export"), "T"); got != want {
		t.Errorf("the export differs: %d bytes, want %d", len(got), len(want))
	}
	ok(t, address, dir, "verify", "--quick")
	w := s.site
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.most > 1 || w.shortest < scenePause || w.answers < 2*watchedPages {
		t.Errorf("the site saw %d connections at once and was asked again after %v, in %d requests", w.most, w.shortest, w.answers)
	}
}

// Whatever happens to workers, the database and the network between them, in the end
// records, exports and outcomes are those of one process to which nothing happened, and
// the server that all workers asked saw one connection at a time, with the pause kept.
func TestWorkersUnderFaults(t *testing.T) {
	t.Parallel() // it waits for other processes; no other test that runs beside it uses the database
	if testing.Short() {
		t.Skip("starts the program several times")
	}
	pgtest.Of(t)
	s := newScene(t)
	t.Run("workers are killed", func(t *testing.T) {
		address := pgtest.Address(t)
		q := s.order(t, address)
		first, second := s.worker(t, address), s.worker(t, address)
		reached(t, q, jobs.Read, 10)
		_ = first.cmd.Process.Kill() // it crawls one of the sources and reads
		third := s.worker(t, address)
		reached(t, q, jobs.Read, 30)
		_ = second.cmd.Process.Kill()
		_, _ = first.cmd.Wait(), second.cmd.Wait() // killed: errors are what is wanted
		third.ends(t)
		s.same(t, address)
	})
	t.Run("the database crashes", func(t *testing.T) {
		address := pgtest.Address(t)
		q := s.order(t, address)
		first, second := s.worker(t, address), s.worker(t, address)
		reached(t, q, jobs.Read, 10)
		if err := pgtest.Of(t).Restart(); err != nil {
			t.Fatal(err)
		}
		first.ends(t)
		second.ends(t)
		s.same(t, address)
	})
	t.Run("the network is cut", func(t *testing.T) {
		address := pgtest.Address(t)
		q := s.order(t, address)
		net := newCable(t, address)
		cut, other := s.worker(t, net.address), s.worker(t, address)
		reached(t, q, jobs.Read, 10)
		net.cut()
		time.Sleep(3 * time.Second) // longer than its lease
		net.mend()
		cut.ends(t)
		other.ends(t)
		s.same(t, address)
	})
}

// cable is the network between a worker and the database.
type cable struct {
	address string
	socket  string

	mu   sync.Mutex
	up   *sync.Cond
	down bool
}

// newCable leads to the server of an address.
func newCable(t *testing.T, address string) *cable {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	c := &cable{socket: filepath.Join(u.Query().Get("host"), ".s.PGSQL.5432")}
	c.up = sync.NewCond(&c.mu)
	c.address = fmt.Sprintf("postgres://postgres@%s/postgres?sslmode=disable&search_path=%s", l.Addr(), u.Query().Get("search_path"))
	go func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			go c.carry(near)
		}
	}()
	return c
}

func (c *cable) carry(near net.Conn) {
	defer near.Close()
	c.wait()
	far, err := net.Dial("unix", c.socket)
	if err != nil {
		return
	}
	defer far.Close()
	var wg sync.WaitGroup
	for _, way := range [][2]net.Conn{{near, far}, {far, near}} {
		wg.Go(func() {
			defer near.Close()
			defer far.Close()
			buf := make([]byte, 32<<10)
			for {
				n, err := way[0].Read(buf)
				c.wait()
				if n > 0 {
					if _, err := way[1].Write(buf[:n]); err != nil {
						return
					}
				}
				if err != nil {
					return
				}
			}
		})
	}
	wg.Wait()
}

// wait lets nothing through while the cable is cut.
func (c *cable) wait() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.down {
		c.up.Wait()
	}
}

func (c *cable) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.down = true
}

func (c *cable) mend() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.down = false
	c.up.Broadcast()
}
