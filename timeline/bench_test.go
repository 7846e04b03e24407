package timeline

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"tuogou/compare/comparetest"
	"tuogou/corpus"
)

// manyPlans are n plans of as many places, each with six deadlines.
func manyPlans(tb testing.TB, n int) []*corpus.Record {
	rnd := rand.New(rand.NewPCG(1, 2))
	var out []*corpus.Record
	for i := range n {
		code := fmt.Sprintf("99%04d", i)
		var tasks, lines []string
		for range 6 {
			tasks = append(tasks, taskPool[rnd.IntN(len(taskPool))]+fmt.Sprintf("并报第%d组", rnd.IntN(1000)))
		}
		for j, x := range tasks {
			lines = append(lines, fmt.Sprintf("%d．由%s负责，于2018年%d月底前%s。", j+1, organPool[rnd.IntN(len(organPool))], j+1, x))
		}
		b := comparetest.New(tb, fmt.Sprintf("https://www.p%d.example/plan.html", i), code, fmt.Sprintf("示例%d县", i), fmt.Sprintf("示例%d县脱钩实施方案（示例）\n", i)+strings.Join(lines, "\n"))
		for j, x := range tasks {
			b.Due(fmt.Sprintf("2018年%d月底前", j+1), x, "", fmt.Sprintf("2018-%02d-28", j+1))
		}
		out = append(out, b.R)
	}
	return out
}

// BenchmarkUpdate reads plans again of which one has changed.
func BenchmarkUpdate(b *testing.B) {
	for _, n := range []int{250, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			rs := manyPlans(b, n)
			list := Replay(nil, Update(nil, Facts{Records: rs, At: day1}))
			day := "2019-01-31"
			rs[n/2].Deadlines[0].End = &day
			for b.Loop() {
				if got := Update(list, Facts{Records: rs, At: day1}); len(got) != 1 {
					b.Fatalf("%d changes", len(got))
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(6*n), "µs/obligation")
		})
	}
}
