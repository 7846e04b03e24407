//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
)

// row compares two works.
type row struct {
	target       int // of the ten targets; 0 where it is none
	what         string
	ours, peer   string  // names of steps
	goal         float64 // the ratio is to be at most this; 0 where there is no goal
	oursN, peerN float64 // documents each did, 0 for the same
}

// rows are those that can be told from costs alone.
func rows(o options) []row {
	n := float64(o.docs)
	return []row{
		{1, "pages to records and index / Python script", "pages", "pages Python", 1.0 / 8, 0, 0},
		{1, "pages to records and index / recollindex", "pages", "pages recollindex", 1.0 / 8, 0, 0},
		{2, "index build / SQLite trigram", "build", "build SQLite", 0.9, 0, 0},
		{2, "index build / Lucene, bigrams", "build", "build Lucene", 0, 0, 0},
		{4, "open and 50 queries / SQLite trigram", "ask", "ask SQLite", 0.7, 0, 0},
		{4, "open and 50 queries / Lucene, bigrams", "ask", "ask Lucene", 0, 0, 0},
		{7, "text of a page / go-readability", "body", "body go-readability", 1.0 / 8, 0, 0},
		{8, "whole record / times alone by chrono-node", "records", "times chrono-node", 1.0 / 20, 0, 0},
		{0, "words / @node-rs/jieba", "words", "words node-rs", 0, 0, 0},
		{0, "words / Python jieba", "words", "words Python", 0, 0, 0},
		{10, "a page, all of them / a tenth of them", "pages", "tenth", 1.3, n, n / 10},
		{0, "run, nothing changed / first run", "nothing changed", "pages", 0.02, 0, 0},
		{0, "add and run of one page / first run", "one added", "pages", 0, 0, 0},
	}
}

// report prints the tables.
func report(w io.Writer, o options, m made, steps []step, costs map[string][]cost) error {
	fmt.Fprintf(w, "%d documents, %.1f MB of text, %.1f MB of pages, %d rounds; median (least–most)\n\n", o.docs, float64(m.text)/1e6, float64(m.pages)/1e6, o.rounds)
	fmt.Fprintln(w, "| work | wall s | CPU s | peak MiB |\n|---|---|---|---|")
	for _, s := range steps {
		if k := costs[s.name]; len(k) > 0 {
			fmt.Fprintf(w, "| %s | %s | %s | %s |\n", s.name, spread(k, func(c cost) float64 { return c.wall }, "%.2f"),
				spread(k, func(c cost) float64 { return c.cpu }, "%.2f"), spread(k, func(c cost) float64 { return c.peak }, "%.0f"))
		}
	}
	fmt.Fprintln(w, "\n| # | ours / peer | wall | CPU | goal | |\n|---|---|---|---|---|---|")
	for _, r := range rows(o) {
		r.print(w, costs)
	}
	return answersOf(w, o, m, costs)
}

func (r row) print(w io.Writer, costs map[string][]cost) {
	a, b := costs[r.ours], costs[r.peer]
	if len(a) == 0 || len(b) == 0 {
		return
	}
	scale := 1.0
	if r.oursN > 0 {
		scale = r.peerN / r.oursN
	}
	var wall, cpu []float64
	for i := range a {
		wall = append(wall, scale*a[i].wall/b[i].wall)
		cpu = append(cpu, scale*a[i].cpu/b[i].cpu)
	}
	goal, verdict := "", ""
	if r.goal > 0 {
		goal, verdict = fmt.Sprintf("%.3g", r.goal), "missed"
		if median(wall) <= r.goal {
			verdict = "met"
		}
	}
	number := ""
	if r.target > 0 {
		number = fmt.Sprint(r.target)
	}
	fmt.Fprintf(w, "| %s | %s | %s | %s | %s | %s |\n", number, r.what, ranged(wall, "%.3g"), ranged(cpu, "%.3g"), goal, verdict)
}

// answersOf prints the targets on what the queries gave: exactness, their times
// one by one, sizes.
func answersOf(w io.Writer, o options, m made, costs map[string][]cost) error {
	var p50, p99 = map[string][]float64{}, map[string][]float64{}
	for _, name := range []string{"warm", "warm SQLite", "warm Lucene"} {
		for _, k := range costs[name] {
			var a answers
			if err := json.Unmarshal(k.out, &a); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			right := 0
			for i, n := range a.Counts {
				if n == m.want[i] {
					right++
				}
			}
			slices.Sort(a.Warm)
			p50[name] = append(p50[name], a.Warm[len(a.Warm)/2])
			p99[name] = append(p99[name], a.Warm[len(a.Warm)*99/100])
			if len(p50[name]) == 1 {
				fmt.Fprintf(w, "\n%s: %d of %d counts are those of a scan", name, right, len(m.want))
			}
		}
	}
	for _, name := range []string{"warm", "warm SQLite", "warm Lucene"} {
		if len(p50[name]) > 0 {
			fmt.Fprintf(w, "\n%s: p50 %s ms, p99 %s ms", name, ranged(p50[name], "%.2f"), ranged(p99[name], "%.1f"))
		}
	}
	if len(costs["build"]) > 0 && len(costs["build SQLite"]) > 0 {
		a, b := megabytes(filepath.Join(o.dir, "ours")), megabytes(filepath.Join(o.dir, "sqlite.db"))
		fmt.Fprintf(w, "\nindex with its texts: %.1f MB / %.1f MB = %.2f (goal 0.9)", a, b, a/b)
	}
	if len(costs["build"]) > 0 && len(costs["build Lucene"]) > 0 {
		fmt.Fprintf(w, "\nindex of Lucene with its texts: %.1f MB", megabytes(filepath.Join(o.dir, "lucene")))
	}
	fmt.Fprintln(w)
	return nil
}

func spread(k []cost, of func(cost) float64, format string) string {
	var list []float64
	for _, c := range k {
		list = append(list, of(c))
	}
	return ranged(list, format)
}

func median(list []float64) float64 {
	s := slices.Sorted(slices.Values(list))
	return s[len(s)/2]
}

// ranged is the median of list, with the least and the most where they are more
// than one.
func ranged(list []float64, format string) string {
	s := fmt.Sprintf(format, median(list))
	if len(list) > 1 {
		s += fmt.Sprintf(strings.ReplaceAll(" (F–F)", "F", format), slices.Min(list), slices.Max(list))
	}
	return s
}

// megabytes is the size of a file or folder.
func megabytes(path string) float64 {
	n := int64(0)
	_ = filepath.WalkDir(path, func(_ string, d fs.DirEntry, err error) error { // what is gone counts nothing
		if err == nil && !d.IsDir() {
			if i, err := d.Info(); err == nil {
				n += i.Size()
			}
		}
		return nil
	})
	return float64(n) / 1e6
}
