package main

import (
	"path/filepath"
	"testing"
	"time"

	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/corpus/store/sqlite"
	"tuogou/crawler"
	"tuogou/crawler/frontiertest"
)

func newStore(t *testing.T, dir string) store.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// The crawler's own contract, on the store.
func TestFrontier(t *testing.T) {
	frontiertest.Run(t, func(t *testing.T) crawler.Frontier {
		f, err := openFrontier(t.Context(), newStore(t, t.TempDir()), []string{"", "s", "990000-mzt"}, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		return f
	})
}

// A crawl that died goes on in its round; one that was finished begins anew and
// asks for every address again.
func TestRounds(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	ctx := t.Context()
	target := crawler.Target{URL: "http://mz.example/1", Host: "mz.example", Kind: crawler.Article, Site: "s", Title: "示例", Trail: []corpus.Hash{"a"}}
	open := func() (store.Store, *frontier) {
		s, err := sqlite.Open(ctx, dir, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		f, err := openFrontier(ctx, s, []string{"s"}, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		return s, f
	}
	s, f := open()
	if n, err := f.Add(ctx, target); n != 1 || err != nil {
		t.Fatalf("added %d (%v)", n, err)
	}
	if _, ok, err := f.Claim(ctx, "mz.example"); !ok || err != nil {
		t.Fatalf("claim: %v %v", ok, err)
	}
	s.Close() // dies with the target claimed

	s, f = open()
	if f.rounds["s"] != 1 {
		t.Errorf("round %d after a crash, want 1", f.rounds["s"])
	}
	got, ok, err := f.Claim(ctx, "mz.example")
	if !ok || err != nil || got.Title != "示例" || len(got.Trail) != 1 {
		t.Fatalf("claim after a crash: %+v %v %v", got, ok, err)
	}
	if err := f.Finish(ctx, got, crawler.Result{Outcome: corpus.Done}); err != nil {
		t.Fatal(err)
	}
	s.Close()

	s, f = open()
	defer s.Close()
	if f.rounds["s"] != 2 {
		t.Errorf("round %d after a whole crawl, want 2", f.rounds["s"])
	}
	if n, err := f.Add(ctx, target, target); n != 1 || err != nil {
		t.Errorf("in a new round %d are added, want 1 (%v)", n, err)
	}
}
