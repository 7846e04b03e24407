package index

import (
	"testing"

	"tuogou/corpus"
	"tuogou/index/indextest"
	"tuogou/segment"
)

// Fifty queries over ten thousand generated texts count exactly what a scan of
// the plain texts counts: words of one character to many, numbers, words glued to
// their neighbours, either, both, without. Over a thousand with -short.
func TestFiftyCountsAreExact(t *testing.T) {
	n := 10_000
	if testing.Short() {
		n = 1000
	}
	j := segment.New(segment.Options{CacheDir: t.TempDir()})
	if err := j.Load(); err != nil {
		t.Fatal(err)
	}
	asks := indextest.Asks()
	want := make([]int, len(asks))
	records := make([]*corpus.Record, n)
	for i := range records {
		records[i] = indextest.Record(i, 2000, 1)
		for k, q := range asks {
			if q.Holds(records[i]) {
				want[k]++
			}
		}
	}
	ix, _ := built(t, Build{Segmenter: j}, records)
	found, right := 0, 0
	for k, q := range asks {
		r := find(t, ix, Query{Text: q.Text, Limit: -1, NoFacets: true})
		if r.Total == want[k] {
			right++
		} else {
			t.Errorf("%s: %d, want %d", q.Text, r.Total, want[k])
		}
		if want[k] > 0 && want[k] < n {
			found++
		}
	}
	if len(asks) != 50 || found < 30 {
		t.Errorf("%d queries, of which %d tell texts apart", len(asks), found)
	}
	t.Logf("%d of %d counts are exact", right, len(asks))
}
