package crawler

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"tuogou/crawler/crawlertest"
	"tuogou/rules"
)

// together are turns and endings of several crawls in this process.
type together struct {
	turn  sync.Mutex
	took  time.Duration
	ended time.Time

	mu   sync.Mutex
	ends map[string]string
	lose bool // the next turn is lost while it is used
}

func (w *together) Turn(ctx context.Context, server string, fn func(context.Context, Asked) time.Duration) error {
	w.turn.Lock()
	defer w.turn.Unlock()
	if server != mzt {
		return errors.New("another server: " + server)
	}
	ctx, end := context.WithCancel(ctx)
	defer end()
	w.mu.Lock()
	lose := w.lose
	w.mu.Unlock()
	if lose {
		end()
	}
	w.took = fn(ctx, Asked{Ago: time.Since(w.ended), Took: w.took})
	w.ended = time.Now()
	if lose {
		return errors.New("cut off")
	}
	return nil
}

func (w *together) Ended(_ context.Context, host string) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.ends[host], nil
}

func (w *together) End(_ context.Context, host, reason string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ends == nil {
		w.ends = map[string]string{}
	}
	w.ends[host] = reason
	return nil
}

// Two crawls that share turns ask a server one after the other, each with the pause
// since the other asked, and leave no connection behind.
func TestTurns(t *testing.T) {
	const pause = 20 * time.Millisecond
	files := many(3)
	for name, text := range many(3) {
		files["m"+strings.TrimPrefix(name, "l")] = text
	}
	b := newBench(t, files)
	shared := &together{}
	var wg sync.WaitGroup
	for i, list := range []string{"/l/", "/m/"} {
		o := b.opts
		o.Frontier, o.Sink, o.Turns, o.Endings, o.Delay = &MemoryFrontier{}, &MemorySink{}, shared, shared, pause
		s := site(list)
		s.ID += strings.Trim(list, "/")
		wg.Go(func() {
			if rep, err := Run(t.Context(), []rules.Site{s}, o); err != nil || rep.Done != 6 {
				t.Errorf("crawl %d: %d done, %v", i, rep.Done, err)
			}
		})
	}
	wg.Wait()
	var before crawlertest.Asked
	turns, last := 0, ""
	for i, a := range b.sites.Asked() {
		if i > 0 && a.Began.Sub(before.Ended) < pause {
			t.Errorf("%s was asked %v after %s", a.Path, a.Began.Sub(before.Ended), before.Path)
		}
		if a.Header.Get("Connection") != "close" {
			t.Errorf("%s leaves its connection open", a.Path)
		}
		if dir, _, _ := strings.Cut(strings.TrimPrefix(a.Path, "/"), "/"); dir != last {
			turns, last = turns+1, dir
		}
		before = a
	}
	if turns < 4 {
		t.Errorf("the crawls did not take turns: %d changes", turns)
	}
}

// A host that refused one of the crawls is not asked by the other.
func TestEndingsAreShared(t *testing.T) {
	files := many(2)
	files["l/a00.html"], files["_headers"] = "no", "/l/a00.html\n  Status: 403\n"
	b := newBench(t, files)
	shared := &together{}
	b.opts.Turns, b.opts.Endings = shared, shared
	if rep := b.run(site("/l/")); rep.Failed != 1 {
		t.Fatalf("first: %+v", rep)
	}
	asked := len(b.sites.Asked())
	b.opts.Frontier = &MemoryFrontier{}
	rep := b.run(site("/l/"))
	if len(b.sites.Asked()) != asked || len(rep.Hosts) != 1 || !strings.Contains(rep.Hosts[0].Ended, "403") {
		t.Errorf("the second asked %d times: %+v", len(b.sites.Asked())-asked, rep)
	}
}

// A turn that is lost stops the crawl, and says nothing of the page: it is open again.
func TestLostTurn(t *testing.T) {
	b := newBench(t, many(2))
	shared := &together{}
	b.opts.Turns, b.opts.Endings = shared, shared
	shared.lose = true
	rep, err := Run(t.Context(), []rules.Site{site("/l/")}, b.opts)
	var lost *TurnError
	if !errors.As(err, &lost) || rep.Failed != 0 || openTargets(b.opts.Frontier) != 1 || len(shared.ends) != 0 {
		t.Errorf("%v, %+v, %d open, ends %v", err, rep, openTargets(b.opts.Frontier), shared.ends)
	}
	shared.lose = false
	if rep := b.run(site("/l/")); rep.Done != 4 {
		t.Errorf("then: %+v", rep)
	}
}
