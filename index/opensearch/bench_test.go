package opensearch

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"tuogou/corpus"
	"tuogou/index"
	"tuogou/index/indextest"
	"tuogou/segment"
)

// BenchmarkCost measures what a document and a query cost in a cluster and in a
// folder, with the same records and words: TUOGOU_BENCH_DOCS documents (1000), in
// TUOGOU_BENCH_SHARDS shards (1) with TUOGOU_BENCH_REPLICAS copies (0).
func BenchmarkCost(b *testing.B) {
	number := func(name string, otherwise int) int {
		if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
			return n
		}
		return otherwise
	}
	n := number("TUOGOU_BENCH_DOCS", 1000)
	words := segment.New(segment.Options{CacheDir: b.TempDir()})
	if err := words.Load(); err != nil {
		b.Fatal(err)
	}
	cluster := home(b, Config{Shards: number("TUOGOU_BENCH_SHARDS", 1), Replicas: number("TUOGOU_BENCH_REPLICAS", 0)})
	folder := index.Folder(filepath.Join(b.TempDir(), "index"))
	for _, h := range []index.Home{cluster, folder} {
		at := time.Now()
		if _, err := h.Rebuild(context.Background(), index.Build{Segmenter: words}, made(n)); err != nil {
			b.Fatal(err)
		}
		took := time.Since(at)
		r, _, err := h.Open(index.Fingerprint{}, index.Options{})
		if err != nil {
			b.Fatal(err)
		}
		line := fmt.Sprintf("%s: %d documents, %.2f ms and %d bytes a document", h, n, took.Seconds()*1000/float64(n), stored(b, h)/int64(n))
		for _, round := range []string{"first", "again"} {
			var times []float64
			for _, q := range indextest.Asks() {
				at := time.Now()
				if _, err := r.Search(context.Background(), index.Query{Text: q.Text}); err != nil {
					b.Fatal(err)
				}
				times = append(times, time.Since(at).Seconds()*1000)
			}
			slices.Sort(times)
			line += fmt.Sprintf("; %s: median %.1f, 9 of 10 below %.1f, longest %.1f ms a query", round, times[25], times[44], times[49])
		}
		b.Log(line)
		r.Close()
	}
	for b.Loop() {
	}
}

func made(n int) iter.Seq2[*corpus.Record, error] {
	return func(yield func(*corpus.Record, error) bool) {
		for i := range n {
			if !yield(indextest.Record(i, 5000, 1), nil) {
				return
			}
		}
	}
}

// stored is how many bytes an index takes on disk, copies included.
func stored(b *testing.B, h index.Home) (n int64) {
	switch h := h.(type) {
	case *Home:
		if err := h.call(context.Background(), http.MethodPost, "/"+h.cfg.Name+"-2*/_flush", nil, nil); err != nil {
			b.Fatal(err)
		}
		var got struct {
			All struct {
				Total struct {
					Store struct {
						Size int64 `json:"size_in_bytes"`
					}
				}
			} `json:"_all"`
		}
		if err := h.call(context.Background(), http.MethodGet, "/"+h.cfg.Name+"-2*/_stats/store", nil, &got); err != nil {
			b.Fatal(err)
		}
		return got.All.Total.Store.Size
	case index.Folder:
		err := filepath.WalkDir(string(h), func(_ string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			i, err := d.Info()
			n += i.Size()
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	return n
}
