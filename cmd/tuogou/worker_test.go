package main

import (
	"bytes"
	"context"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tuogou/cmd/tuogou/samples"
	"tuogou/corpus/store/postgres/pgtest"
	"tuogou/crawler/crawlertest"
)

// fleet is some workers with folders of their own, one database, and sites that they
// can reach.
type fleet struct {
	t       *testing.T
	address string
	served  *crawlertest.Sites
	sources []string
}

// newFleet serves the sites of the demo.
func newFleet(t *testing.T) *fleet {
	t.Helper()
	address := pgtest.Address(t)
	sites, err := fs.Sub(samples.Files(), "sites")
	if err != nil {
		t.Fatal(err)
	}
	f := &fleet{t: t, address: address}
	if f.served, err = crawlertest.Serve(sites); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.served.Close() })
	list, err := samples.Sites()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range list {
		f.sources = append(f.sources, s.ID)
	}
	return f
}

// folder is a data folder that knows the places and sources of the demo.
func (f *fleet) folder() string {
	f.t.Helper()
	dir := f.t.TempDir()
	for from, to := range map[string]string{"places.tsv": "places.tsv", "sites.toml": ownSources} {
		data, err := fs.ReadFile(samples.Files(), from)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, to), data, 0o644)
		}
		if err != nil {
			f.t.Fatal(err)
		}
	}
	return dir
}

// call runs one command on a host of the fleet.
func (f *fleet) call(ctx context.Context, dir string, args ...string) (int, string, string) {
	var o, e bytes.Buffer
	transport := f.served.Client().Transport.(*http.Transport).Clone() // connections of its own
	defer transport.CloseIdleConnections()
	code := Main(ctx, append([]string{"--data", dir}, args...), Env{
		memory: &remembered, Stdin: strings.NewReader(""), Stdout: &o, Stderr: &e, Transport: transport,
		Getenv: func(k string) string { return map[string]string{"HOME": dir, envStore: f.address}[k] }, Now: time.Now,
	})
	return code, o.String(), e.String()
}

func (f *fleet) ok(dir string, args ...string) string {
	f.t.Helper()
	code, out, errs := f.call(f.t.Context(), dir, args...)
	if code != exitOK {
		f.t.Fatalf("%v: exit %d\n%s%s", args, code, out, errs)
	}
	return out
}

// drain lets so many workers do all that is queued.
func (f *fleet) drain(n int, args ...string) {
	f.t.Helper()
	var wg sync.WaitGroup
	for range n {
		dir := f.folder()
		wg.Go(func() {
			if code, out, errs := f.call(f.t.Context(), dir, append([]string{"worker", "--drain"}, args...)...); code != exitOK {
				f.t.Errorf("worker: exit %d\n%s%s", code, out, errs)
			}
		})
	}
	wg.Wait()
}

// The demo, crawled, read and indexed by two workers, gives the same export, reports and
// ledger, byte for byte but for the second of each fetch, as in one process with SQLite;
// no server was asked by both at once; and all of it ordered once more changes nothing.
func TestDemoByWorkers(t *testing.T) {
	f := newFleet(t)
	home := f.folder()
	f.ok(home, append([]string{"crawl", "--jobs", "--delay", "-1ns", "--contact", "demo"}, f.sources...)...)
	f.drain(2, "--stages", "crawl,read,finish")
	f.ok(home, "worker", "--drain") // the index is in this folder
	sameDemo(t, f.address, home)
	askedInTurn(t, f.served, 0)
	before := digestOf(t, f.address)
	f.ok(home, append([]string{"crawl", "--jobs", "--delay", "-1ns"}, f.sources...)...)
	f.drain(2)
	if after := digestOf(t, f.address); after != before {
		t.Error("a second order of the same changed the store")
	}
	if out := f.ok(home, "jobs"); !strings.Contains(out, "order 2") || strings.Contains(out, "waiting") || strings.Contains(out, "dead") {
		t.Errorf("jobs:\n%s", out)
	}
}

// askedInTurn fails where a host was asked while it was answering, or sooner than pause after
// it had.
func askedInTurn(t *testing.T, s *crawlertest.Sites, pause time.Duration) {
	t.Helper()
	last := map[string]crawlertest.Asked{}
	for _, a := range s.Asked() {
		before, asked := last[a.Host]
		if asked && a.Began.Sub(before.Ended) < pause {
			t.Errorf("%s: %s began %v after the end of %s, want %v", a.Host, a.Path, a.Began.Sub(before.Ended), before.Path, pause)
		}
		last[a.Host] = a
	}
	if len(last) == 0 {
		t.Error("nobody was asked")
	}
}
