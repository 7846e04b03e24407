package index

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"tuogou/segment"
)

// benchDocs is how many records the benchmarks index: 1000, or what
// TUOGOU_BENCH_DOCS says.
func benchDocs(b *testing.B) int {
	n, err := strconv.Atoi(os.Getenv("TUOGOU_BENCH_DOCS"))
	if err != nil || n <= 0 {
		return 1000
	}
	return n
}

func benchSegmenter(b *testing.B) Segmenter {
	j := segment.New(segment.Options{CacheDir: b.TempDir()})
	if err := j.Load(); err != nil {
		b.Fatal(err)
	}
	return j
}

func BenchmarkRebuild(b *testing.B) {
	records := synthetic(benchDocs(b), 5000, 42)
	seg := benchSegmenter(b)
	var text, disk int64
	for _, r := range records {
		text += int64(len(r.Text.Body))
	}
	b.SetBytes(text)
	b.ReportAllocs()
	for b.Loop() {
		dir := filepath.Join(b.TempDir(), "i")
		if _, err := Rebuild(context.Background(), dir, Build{Segmenter: seg}, all(records)); err != nil {
			b.Fatal(err)
		}
		disk = size(b, dir)
	}
	b.ReportMetric(float64(len(records)*b.N)/b.Elapsed().Seconds(), "docs/s")
	b.ReportMetric(float64(disk)/float64(text), "disk/text")
}

func size(b *testing.B, dir string) (n int64) {
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
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
	return n
}

var benchQueries = []string{"脱钩", "公示期", "行业协会商会", "民政 财政局", "公示期 OR 牵头", "机构分离 -资产、财务",
	"〔2018〕50号", "2018年底前 kind:plan", "会", "行业协会商会与行政机关脱钩 place:9901"}

func BenchmarkQuery(b *testing.B) {
	ix, dir := built(b, Build{Segmenter: benchSegmenter(b)}, synthetic(benchDocs(b), 5000, 42))
	for _, q := range benchQueries {
		b.Run(q, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				find(b, ix, Query{Text: q})
			}
		})
	}
	// What a process that answers one set of queries and ends does.
	b.Run("open and all of them", func(b *testing.B) {
		for b.Loop() {
			fresh, _, err := Open(dir, Fingerprint{}, Options{})
			if err != nil {
				b.Fatal(err)
			}
			for _, q := range benchQueries {
				find(b, fresh, Query{Text: q})
			}
			if err := fresh.Close(); err != nil {
				b.Fatal(err)
			}
		}
	})
}
