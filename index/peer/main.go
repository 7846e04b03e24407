//go:build unix

// Command peer sets search beside SQLite's FTS5 trigram index, on the same
// generated texts and the same fifty queries, in one run: each work in a process
// of its own, in turns. It needs python3 with its sqlite3 module.
//
//	go run ./index/peer -docs 10000 -rounds 3
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	_ "embed"

	"tuogou/corpus"
	"tuogou/index"
	"tuogou/index/indextest"
	"tuogou/segment"
)

//go:embed sqlite.py
var script string

// seed and size of the texts.
const (
	seed = 1
	size = 5000
)

func main() {
	docs := flag.Int("docs", 10000, "texts")
	rounds := flag.Int("rounds", 3, "rounds; the best of each counts")
	dir := flag.String("dir", filepath.Join(os.TempDir(), "tuogou-peer"), "folder for texts and indexes, kept")
	run := flag.String("run", "", "build or ask: what a child process does")
	warm := flag.Bool("warm", false, "ask twice")
	flag.Parse()
	var err error
	switch *run {
	case "build":
		err = build(*dir, *docs)
	case "ask":
		err = ask(*dir, *warm)
	default:
		err = compare(*dir, *docs, *rounds)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "peer:", err)
		os.Exit(1)
	}
}

func build(dir string, docs int) error {
	words := segment.New(segment.Options{CacheDir: filepath.Join(dir, "words")})
	if err := words.Load(); err != nil {
		return err
	}
	_, err := index.Rebuild(context.Background(), filepath.Join(dir, "ours"), index.Build{Segmenter: words}, func(yield func(*corpus.Record, error) bool) {
		for i := range docs {
			if !yield(indextest.Record(i, size, seed), nil) {
				return
			}
		}
	})
	return err
}

// answers is what a process that asks prints.
type answers struct {
	Counts []int     `json:"counts"`
	First  []float64 `json:"first"` // milliseconds a query, the first time
	Warm   []float64 `json:"warm"`  // and again in the same process
}

func ask(dir string, warm bool) error {
	ix, _, err := index.Open(filepath.Join(dir, "ours"), index.Fingerprint{}, index.Options{})
	if err != nil {
		return err
	}
	defer ix.Close()
	var out answers
	for _, times := range []*[]float64{&out.First, &out.Warm} {
		if times == &out.Warm && !warm {
			break
		}
		out.Counts = nil
		for _, q := range indextest.Asks() {
			at := time.Now()
			r, err := ix.Search(context.Background(), index.Query{Text: q.Text})
			if err != nil {
				return err
			}
			*times = append(*times, float64(time.Since(at).Microseconds())/1000)
			out.Counts = append(out.Counts, r.Total)
		}
	}
	return json.NewEncoder(os.Stdout).Encode(out)
}

// cost is what one process took.
type cost struct {
	wall, cpu float64 // seconds
	peak      float64 // MiB
	out       []byte
}

func child(name string, args ...string) (cost, error) {
	c := exec.Command(name, args...)
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, os.Stderr
	at := time.Now()
	if err := c.Run(); err != nil {
		return cost{}, fmt.Errorf("%s %v: %w", name, args, err)
	}
	u := c.ProcessState.SysUsage().(*syscall.Rusage)
	return cost{wall: time.Since(at).Seconds(), cpu: (c.ProcessState.UserTime() + c.ProcessState.SystemTime()).Seconds(),
		peak: float64(u.Maxrss) / 1024, out: out.Bytes()}, nil
}

func compare(dir string, docs, rounds int) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	want, text, err := writeTexts(dir, docs)
	if err != nil {
		return err
	}
	py := filepath.Join(dir, "sqlite.py")
	if err := os.WriteFile(py, []byte(script), 0o644); err != nil {
		return err
	}
	ours := func(what string) []string {
		return []string{self, "-run", what, "-dir", dir, "-docs", fmt.Sprint(docs)}
	}
	theirs := func(what string) []string { return []string{"python3", py, what, dir} }
	costs := map[string][]cost{}
	for range rounds {
		for _, what := range []string{"build", "ask"} {
			for name, args := range map[string][]string{"ours": ours(what), "SQLite": theirs(what)} {
				c, err := child(args[0], args[1:]...)
				if err != nil {
					return err
				}
				costs[what+" "+name] = append(costs[what+" "+name], c)
			}
		}
	}
	fmt.Printf("%d texts, %.1f MB, best of %d rounds\n", docs, float64(text)/1e6, rounds)
	for _, what := range []string{"build", "ask"} {
		a, b := best(costs[what+" ours"]), best(costs[what+" SQLite"])
		fmt.Printf("%-5s wall %.2f s / %.2f s = %.2f; CPU %.2f s / %.2f s; peak %.0f MiB / %.0f MiB\n", what, a.wall, b.wall, a.wall/b.wall, a.cpu, b.cpu, a.peak, b.peak)
	}
	fmt.Printf("bytes %.1f MB / %.1f MB\n", du(filepath.Join(dir, "ours")), du(filepath.Join(dir, "sqlite.db")))
	for name, args := range map[string][]string{"ours": append(ours("ask"), "-warm"), "SQLite": append(theirs("ask"), "warm")} {
		c, err := child(args[0], args[1:]...)
		if err != nil {
			return err
		}
		var a answers
		if err := json.Unmarshal(c.out, &a); err != nil {
			return err
		}
		right := 0
		for i, n := range a.Counts {
			if n == want[i] {
				right++
			}
		}
		slices.Sort(a.Warm)
		slices.Sort(a.First)
		fmt.Printf("%-6s counts right %d of %d; first time p50 %.2f ms, slowest %.1f ms; warm p50 %.2f ms, p99 %.1f ms\n", name, right, len(want),
			a.First[len(a.First)/2], a.First[len(a.First)-1], a.Warm[len(a.Warm)/2], a.Warm[len(a.Warm)*99/100])
	}
	return nil
}

func best(list []cost) cost {
	return slices.MinFunc(list, func(a, b cost) int { return int(1e6 * (a.wall - b.wall)) })
}

// writeTexts writes texts and queries for the other side, and gives what a scan
// of the texts finds.
func writeTexts(dir string, docs int) (want []int, bytes int, err error) {
	asks := indextest.Asks()
	want = make([]int, len(asks))
	f, err := os.Create(filepath.Join(dir, "texts.jsonl"))
	if err != nil {
		return nil, 0, err
	}
	defer f.Close()
	e := json.NewEncoder(f)
	for i := range docs {
		r := indextest.Record(i, size, seed)
		bytes += len(r.Text.Body)
		for k, q := range asks {
			if q.Holds(r) {
				want[k]++
			}
		}
		if err := e.Encode([]any{i, r.Title, r.Text.Body, r.Jurisdiction.Code[:2], r.Dates.Signed.Date[:4], r.Kind}); err != nil {
			return nil, 0, err
		}
	}
	data, err := json.Marshal(asks)
	if err != nil {
		return nil, 0, err
	}
	return want, bytes, os.WriteFile(filepath.Join(dir, "asks.json"), data, 0o644)
}

// du is the size of a file or folder in MB.
func du(path string) float64 {
	n := int64(0)
	_ = filepath.WalkDir(path, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			if i, err := d.Info(); err == nil {
				n += i.Size()
			}
		}
		return nil
	})
	return float64(n) / 1e6
}
