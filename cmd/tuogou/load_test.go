package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/index/indextest"
)

// loadDocuments is how many documents the pages are measured over, and clients how many
// readers ask at once.
const (
	loadDocuments = 10000
	clients       = 16
)

// filled is a data folder with many generated records and their index.
func filled(b *testing.B, n int) *app {
	b.Helper()
	a := &app{Env: Env{Stdout: &bytes.Buffer{}, Stderr: &bytes.Buffer{}, Getenv: func(string) string { return "" }, Now: time.Now}, data: b.TempDir()}
	ctx := b.Context()
	s, err := a.open(ctx, true)
	if err != nil {
		b.Fatal(err)
	}
	for i := 0; i < n; i += 500 {
		err := s.Batch(ctx, func(w store.Writer) error {
			for k := i; k < min(i+500, n); k++ {
				r := quoted(indextest.Record(k, 5000, 1))
				r.Source.SHA256 = corpus.HashBytes([]byte(r.Text.Body))
				if r.Rules == "" {
					r.Rules = "generated"
				}
				if _, err := w.PutCapture(ctx, corpus.Capture{Doc: r.ID, URL: r.Source.URL}, []byte(r.Text.Body)); err != nil {
					return err
				}
				if _, err := w.PutRecord(ctx, r, time.Unix(0, 0)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	if err := a.indexStore(ctx, true, &tally{out: &bytes.Buffer{}}); err != nil {
		b.Fatal(err)
	}
	return a
}

// quoted gives each fact of a generated record the words at its place.
func quoted(r *corpus.Record) *corpus.Record {
	say := func(e *corpus.Evidence) { e.Quote, e.Rule = e.Span.In(r.Text.Body), "generated" }
	for i := range r.Clauses {
		say(&r.Clauses[i].Evidence)
	}
	for i := range r.Provisions {
		say(&r.Provisions[i].Evidence)
	}
	for i := range r.Deadlines {
		say(&r.Deadlines[i].Evidence)
	}
	for i := range r.Duties {
		say(&r.Duties[i].Evidence)
	}
	return r
}

// BenchmarkPages asks for pages with 16 readers at once and tells how long they wait.
func BenchmarkPages(b *testing.B) {
	a := filled(b, loadDocuments)
	h, ix, err := a.pages(b.Context(), "")
	if err != nil {
		b.Fatal(err)
	}
	defer ix.Close()
	defer a.close()
	server := httptest.NewServer(h)
	defer server.Close()
	asks := indextest.Asks()
	// No two of the first are the same search, so that none is answered from memory.
	first := func(i int) string {
		return "/search?q=" + url.QueryEscape(fmt.Sprintf("(%s) OR zz%d", asks[i%len(asks)].Text, i))
	}
	again := func(i int) string { return "/search?q=" + url.QueryEscape(asks[i%len(asks)].Text) }
	doc := "/doc/" + string(indextest.Record(7, 5000, 1).ID)
	for _, c := range []struct {
		name  string
		page  func(i int) string
		pause time.Duration
	}{
		{"search", first, 0}, {"search again", again, 0}, {"document", func(int) string { return doc }, 0},
		{"suggest", func(int) string { return "/suggest.json?q=" + url.QueryEscape("财") }, 0}, {"timeline", func(int) string { return "/timeline" }, 0},
		{"search, and look for a second", func(i int) string { return first(1<<20 + i) }, time.Second},
	} {
		b.Run(c.name, func(b *testing.B) { ask(b, server.URL, c.page, c.pause) })
	}
}

// ask has each reader ask again at once, or after a pause: half to one and a half times
// the pause given, by his place and his page, so that they do not march in step.
func ask(b *testing.B, base string, page func(i int) string, pause time.Duration) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}}
	var mu sync.Mutex
	var times []time.Duration
	var wait sync.WaitGroup
	next := make(chan int)
	for c := range clients {
		wait.Go(func() {
			for i := range next {
				time.Sleep(pause/2 + pause*time.Duration((7*c+11*i)%clients)/clients)
				start := time.Now()
				r, err := client.Get(base + page(i))
				if err != nil {
					b.Error(err)
					continue
				}
				_, err = io.Copy(io.Discard, r.Body)
				_ = r.Body.Close()
				if took := time.Since(start); err != nil || r.StatusCode != http.StatusOK {
					b.Errorf("%s: %s %v", page(i), r.Status, err)
				} else {
					mu.Lock()
					times = append(times, took)
					mu.Unlock()
				}
			}
		})
	}
	if r, err := client.Get(base + page(0)); err == nil { // what is made once for all is made before
		_ = r.Body.Close()
	}
	b.ResetTimer()
	for i := range b.N {
		next <- i
	}
	close(next)
	wait.Wait()
	b.StopTimer()
	slices.Sort(times)
	if n := len(times); n > 0 {
		b.ReportMetric(float64(times[n/2].Microseconds())/1000, "p50-ms")
		b.ReportMetric(float64(times[n*95/100].Microseconds())/1000, "p95-ms")
	}
}
