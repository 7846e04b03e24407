// Package frontiertest is the conformance suite of crawler.Frontier: every
// implementation runs it on its own kind of frontier.
package frontiertest

import (
	"context"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tuogou/corpus"
	"tuogou/crawler"
)

// Run tries the contract on frontiers that open makes, each an empty round.
func Run(t *testing.T, open func(t *testing.T) crawler.Frontier) {
	t.Helper()
	t.Run("a target is known for the whole round", func(t *testing.T) { known(t, open(t)) })
	t.Run("a target comes back whole and in order", func(t *testing.T) { whole(t, open(t)) })
	t.Run("hosts are apart", func(t *testing.T) { hosts(t, open(t)) })
	t.Run("an interrupted target is open again", func(t *testing.T) { interrupted(t, open(t)) })
	t.Run("two workers never get the same", func(t *testing.T) { parallel(t, open(t)) })
	t.Run("open targets are counted by host", func(t *testing.T) { counted(t, open(t)) })
	t.Run("what is not claimed cannot be finished", func(t *testing.T) {
		if err := open(t).Finish(t.Context(), target("a"), crawler.Result{Outcome: corpus.Done}); err == nil {
			t.Error("finished a target that nobody claimed")
		}
	})
}

const host = "mzt.qinglan.example"

func target(name string) crawler.Target {
	return crawler.Target{URL: "http://" + host + "/" + name, Host: host, Kind: crawler.Article, Site: "990000-mzt"}
}

func add(t *testing.T, f crawler.Frontier, want int, targets ...crawler.Target) {
	t.Helper()
	n, err := f.Add(t.Context(), targets...)
	if err != nil || n != want {
		t.Fatalf("added %d, want %d (%v)", n, want, err)
	}
}

func claim(t *testing.T, f crawler.Frontier, host string) (crawler.Target, bool) {
	t.Helper()
	got, ok, err := f.Claim(t.Context(), host)
	if err != nil {
		t.Fatal(err)
	}
	return got, ok
}

func finish(t *testing.T, f crawler.Frontier, target crawler.Target, o corpus.Outcome) {
	t.Helper()
	if err := f.Finish(t.Context(), target, crawler.Result{Outcome: o, Reason: "x", Status: 200}); err != nil {
		t.Fatal(err)
	}
}

func known(t *testing.T, f crawler.Frontier) {
	post := target("a")
	post.Form = "page=2"
	add(t, f, 3, target("a"), target("b"), target("a"), post)
	add(t, f, 0, target("a"))
	got, _ := claim(t, f, host)
	add(t, f, 0, target("a"))
	finish(t, f, got, corpus.Done)
	add(t, f, 0, target("a"))
}

func whole(t *testing.T, f crawler.Frontier) {
	one := crawler.Target{URL: "http://" + host + "/l", Form: "a=1", Host: host, Kind: crawler.ListPage, Site: "s", Parent: "p",
		Title: "标题", Number: "示〔2019〕1号", Listed: "2019-01-01", List: "jpage", Page: 3, Rows: 90,
		Trail: []corpus.Hash{"aa", "bb"}, Depth: 1}
	add(t, f, 2, one, target("b"))
	for _, want := range []crawler.Target{one, target("b")} {
		got, ok := claim(t, f, host)
		if diff := cmp.Diff(want, got); diff != "" || !ok {
			t.Errorf("%v %s", ok, diff)
		}
		finish(t, f, got, corpus.Failed)
	}
	if got, ok := claim(t, f, host); ok {
		t.Errorf("claimed %v after all were finished", got)
	}
}

func hosts(t *testing.T, f crawler.Frontier) {
	other := crawler.Target{URL: "http://other.example/", Host: "other.example", Kind: crawler.ListPage, Site: "s"}
	add(t, f, 2, target("a"), other)
	if got, ok := claim(t, f, "other.example"); !ok || got.URL != other.URL {
		t.Errorf("got %v", got)
	}
	if _, ok := claim(t, f, "third.example"); ok {
		t.Error("a host without targets has one")
	}
}

func counted(t *testing.T, f crawler.Frontier) {
	other := crawler.Target{URL: "http://other.example/", Host: "other.example", Kind: crawler.ListPage, Site: "s"}
	add(t, f, 3, target("a"), target("b"), other)
	got, _ := claim(t, f, host)
	want := func(n int) {
		t.Helper()
		open, err := f.Open(t.Context())
		if diff := cmp.Diff(map[string]int{host: n, "other.example": 1}, open); diff != "" || err != nil {
			t.Error(diff, err)
		}
	}
	want(2)
	finish(t, f, got, corpus.Done)
	want(1)
	if n, err := f.Again(t.Context(), got.Site); n != 0 || err != nil {
		t.Errorf("%d targets of this round are open again (%v)", n, err)
	}
}

func interrupted(t *testing.T, f crawler.Frontier) {
	add(t, f, 1, target("a"))
	got, _ := claim(t, f, host)
	if _, ok := claim(t, f, host); ok {
		t.Fatal("claimed twice")
	}
	finish(t, f, got, "")
	if again, ok := claim(t, f, host); !ok || again.URL != got.URL {
		t.Error("an interrupted target did not come back")
	}
}

func parallel(t *testing.T, f crawler.Frontier) {
	const n = 40
	for i := range n {
		add(t, f, 1, target(string(rune('A'+i))))
	}
	var mu sync.Mutex
	seen := map[string]int{}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for {
				got, ok, err := f.Claim(context.Background(), host)
				if err != nil || !ok {
					return
				}
				mu.Lock()
				seen[got.Key()]++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if len(seen) != n {
		t.Errorf("claimed %d targets, want %d", len(seen), n)
	}
	for key, times := range seen {
		if times != 1 {
			t.Errorf("%s was claimed %d times", key, times)
		}
	}
}
