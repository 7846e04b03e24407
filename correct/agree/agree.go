// Package agree measures how far coders agree: Cohen's kappa for two, and
// Krippendorff's alpha for any number with values missing.
package agree

import (
	"math"
	"slices"
)

// Unit is one thing that coders gave a value, by the name of the coder. Coders
// that did not look at it are left out.
type Unit map[string]string

// Kappa is Cohen's kappa of two coders over the units that both coded, their
// observed agreement, and how many units these were. It is NaN where both gave
// one and the same value throughout: there is no chance to correct for.
func Kappa(units []Unit, a, b string) (kappa, observed float64, n int) {
	same := 0
	left, right := map[string]int{}, map[string]int{}
	for _, u := range units {
		x, ok := u[a]
		y, ok2 := u[b]
		if !ok || !ok2 {
			continue
		}
		n++
		left[x]++
		right[y]++
		if x == y {
			same++
		}
	}
	if n == 0 {
		return math.NaN(), math.NaN(), 0
	}
	observed = float64(same) / float64(n)
	chance := 0.0
	for v, k := range left {
		chance += float64(k) / float64(n) * float64(right[v]) / float64(n)
	}
	if chance >= 1 {
		return math.NaN(), observed, n
	}
	return (observed - chance) / (1 - chance), observed, n
}

// Difference is the squared distance of two values: 0 of equal ones.
type Difference func(a, b string) float64

// Nominal tells equal values from others.
func Nominal(a, b string) float64 {
	if a == b {
		return 0
	}
	return 1
}

// Interval is the squared distance of what number reads, for values on a scale
// (days, years). All values must be numbers.
func Interval(number func(string) float64) Difference {
	return func(a, b string) float64 {
		d := number(a) - number(b)
		return d * d
	}
}

// Alpha is Krippendorff's alpha of all coders, and how many values could be
// paired. Units with one value only say nothing. It is NaN where nothing can be
// paired or all values are the same.
func Alpha(units []Unit, diff Difference) (alpha float64, pairable int) {
	totals := map[string]int{}
	within := 0.0
	for _, u := range units {
		if len(u) < 2 {
			continue
		}
		values := make([]string, 0, len(u))
		for _, v := range u {
			values = append(values, v)
			totals[v]++
		}
		pairable += len(values)
		slices.Sort(values) // sums of floats in one order
		sum := 0.0
		for i, a := range values {
			for j, b := range values {
				if i != j {
					sum += diff(a, b)
				}
			}
		}
		within += sum / float64(len(values)-1)
	}
	kinds := make([]string, 0, len(totals))
	for v := range totals {
		kinds = append(kinds, v)
	}
	slices.Sort(kinds)
	between := 0.0
	for _, a := range kinds {
		for _, b := range kinds {
			between += float64(totals[a]) * float64(totals[b]) * diff(a, b)
		}
	}
	if between == 0 {
		return math.NaN(), pairable
	}
	return 1 - float64(pairable-1)*within/between, pairable
}
