package agree_test

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"tuogou/correct/agree"
)

// rows makes units of one line a coder; a dot is no value.
func rows(lines ...string) []agree.Unit {
	var out []agree.Unit
	for c, line := range lines {
		for i, v := range strings.Fields(line) {
			if len(out) <= i {
				out = append(out, agree.Unit{})
			}
			if v != "." {
				out[i][fmt.Sprint(c)] = v
			}
		}
	}
	return out
}

func repeat(n int, a, b string) (out []agree.Unit) {
	for range n {
		out = append(out, agree.Unit{"A": a, "B": b})
	}
	return out
}

func join(all ...[]agree.Unit) (out []agree.Unit) {
	for _, u := range all {
		out = append(out, u...)
	}
	return out
}

func near(a, b float64) bool {
	return math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) < 0.0005
}

func TestKappa(t *testing.T) {
	for _, c := range []struct {
		reason      string
		units       []agree.Unit
		kappa, seen float64
		n           int
	}{
		// 50 units, 20 both yes, 15 both no: seen 0.7; chance 0.5·0.6 + 0.5·0.4 = 0.5.
		{"the textbook table", join(repeat(20, "y", "y"), repeat(5, "y", "n"), repeat(10, "n", "y"), repeat(15, "n", "n")), 0.4, 0.7, 50},
		// Seen 0.6; chance 0.7·0.6 + 0.3·0.4 = 0.54.
		{"agreement by one frequent value", join(repeat(45, "y", "y"), repeat(15, "n", "y"), repeat(25, "y", "n"), repeat(15, "n", "n")), 0.1304, 0.6, 100},
		{"never the same", join(repeat(1, "y", "n"), repeat(1, "n", "y")), -1, 0, 2},
		{"always one value", repeat(3, "y", "y"), math.NaN(), 1, 3},
		{"what one of them left out", join(repeat(1, "y", "y"), repeat(1, "n", "n"), []agree.Unit{{"A": "y"}, {"B": "n"}}), 1, 1, 2},
		{"nothing in common", []agree.Unit{{"A": "y"}}, math.NaN(), math.NaN(), 0},
	} {
		k, seen, n := agree.Kappa(c.units, "A", "B")
		if !near(k, c.kappa) || !near(seen, c.seen) || n != c.n {
			t.Errorf("%s: kappa %.4f, observed %.4f of %d; want %.4f, %.4f of %d", c.reason, k, seen, n, c.kappa, c.seen, c.n)
		}
	}
}

func number(s string) float64 {
	f, _ := strconv.ParseFloat(s, 64)
	return f
}

func TestAlpha(t *testing.T) {
	// Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), example C.
	four := rows(
		"1 2 3 3 2 1 4 1 2 . . .",
		"1 2 3 3 2 2 4 1 2 5 . 3",
		". 3 3 3 2 3 4 2 2 5 1 .",
		"1 2 3 3 2 4 4 1 2 5 1 .")
	// Three coders, fifteen units, many values missing.
	three := rows(
		". . . . . 3 4 1 2 1 1 3 3 . 3",
		"1 . 2 1 3 3 4 3 . . . . . . .",
		". . 2 1 3 4 4 . 2 1 1 3 3 . 4")
	for _, c := range []struct {
		reason string
		units  []agree.Unit
		diff   agree.Difference
		alpha  float64
		n      int
	}{
		{"four observers, nominal", four, agree.Nominal, 0.743, 40},
		{"four observers, interval", four, agree.Interval(number), 0.849, 40},
		{"three coders, nominal", three, agree.Nominal, 0.691, 26},
		{"three coders, interval", three, agree.Interval(number), 0.811, 26},
		// By hand: values 0,0 and 0,1 and 1,1: Do = (0+2+0)/6, De = 2·3·3/(6·5).
		{"two coders, by hand", rows("0 0 1", "0 1 1"), agree.Nominal, 1 - (2.0/6)/(18.0/30), 6},
		{"one value throughout", rows("1 1", "1 1"), agree.Nominal, math.NaN(), 4},
		{"nothing to pair", rows("1 .", ". 1"), agree.Nominal, math.NaN(), 0},
	} {
		a, n := agree.Alpha(c.units, c.diff)
		if !near(a, c.alpha) || n != c.n {
			t.Errorf("%s: alpha %.4f of %d values, want %.4f of %d", c.reason, a, n, c.alpha, c.n)
		}
	}
}
