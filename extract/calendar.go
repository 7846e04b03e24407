package extract

import (
	"fmt"
	"time"

	"tuogou/corpus"
)

// civil is a day of the civil calendar in China, kept at midnight UTC because
// only the date counts.
func civil(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC) }

// valid reports whether y-m-d is a day; 31 June is not.
func valid(y, m, d int) bool {
	return y >= 1900 && y <= 2100 && m >= 1 && m <= 12 && d >= 1 && d <= lastDay(y, m)
}

func lastDay(y, m int) int { return civil(y, m+1, 0).Day() }

func iso(t time.Time) string { return t.Format("2006-01-02") }

func parseISO(s string) (time.Time, bool) {
	t, err := time.Parse("2006-01-02", s)
	return t, err == nil
}

// window is an interval of days, both ends included, in the unit in which it
// was written.
type window struct {
	start, end time.Time
	unit       corpus.Precision
	edge       string // 底, 末, 初, 中, 内: what part of the unit was named
	approx     bool
	either     string // of two, in EDTF: one of them is meant
}

// workday is the unit that the calendar of the State Council counts.
const workday = "工作日"

func yearOf(y int) window {
	return window{start: civil(y, 1, 1), end: civil(y, 12, 31), unit: corpus.ByYear}
}

func monthOf(y, m int) window {
	return window{start: civil(y, m, 1), end: civil(y, m, lastDay(y, m)), unit: corpus.ByMonth}
}

// tendays are the parts of a month: 1–10, 11–20, 21–last, and the unions.
var tendays = map[string][2]int{
	"上旬": {1, 10}, "中旬": {11, 20}, "下旬": {21, 31},
	"上中旬": {1, 20}, "中上旬": {1, 20}, "中下旬": {11, 31},
}

func tendayOf(y, m int, part string) window {
	r := tendays[part]
	return window{start: civil(y, m, r[0]), end: civil(y, m, min(r[1], lastDay(y, m))), unit: corpus.ByTenday}
}

func quarterOf(y, q int) window {
	return window{start: civil(y, 3*q-2, 1), end: civil(y, 3*q, lastDay(y, 3*q)), unit: corpus.ByQuarter}
}

func halfOf(y int, first bool) window {
	if first {
		return window{start: civil(y, 1, 1), end: civil(y, 6, 30), unit: corpus.ByHalf}
	}
	return window{start: civil(y, 7, 1), end: civil(y, 12, 31), unit: corpus.ByHalf}
}

// edtf is the window in EDTF, in its own unit where that is one whole unit.
func (w window) edtf() string {
	a, b := w.start, w.end
	if w.either != "" {
		return "[" + w.either + "]"
	}
	tilde := ""
	if w.approx {
		tilde = "~"
	}
	switch w.unit {
	case corpus.ByDay:
		if a.Equal(b) {
			return iso(a) + tilde
		}
	case corpus.ByMonth:
		if a.Day() == 21 { // 10月底, without 前
			return iso(a) + "/" + iso(b) + "~"
		}
		if a.Year() == b.Year() && a.Month() == b.Month() {
			return a.Format("2006-01") + tilde
		}
		return a.Format("2006-01") + tilde + "/" + b.Format("2006-01") + tilde
	case corpus.ByQuarter:
		if a.Month() == b.Month() && a.Year() == b.Year() { // 一季度末
			return a.Format("2006-01") + "~"
		}
		if b.Sub(a) < 93*24*time.Hour {
			return fmt.Sprintf("%d-%d", a.Year(), 33+(int(a.Month())-1)/3)
		}
		return a.Format("2006-01") + "/" + b.Format("2006-01") + tilde
	case corpus.ByHalf:
		if b.Sub(a) < 190*24*time.Hour {
			return fmt.Sprintf("%d-%d", a.Year(), 40+(int(a.Month())-1)/6)
		}
	case corpus.ByYear, corpus.ByPlan:
		if a.Year() == b.Year() && a.Month() == b.Month() { // 2018年底, without 前
			return a.Format("2006-01") + "~"
		}
		if a.Year() == b.Year() {
			return a.Format("2006") + tilde
		}
		if a.YearDay() == 1 && b.Month() == 12 && b.Day() == 31 {
			return a.Format("2006") + "/" + b.Format("2006") + tilde
		}
	}
	return iso(a) + "/" + iso(b) + tilde
}

// from is the open interval that starts with the window, in its own unit.
func (w window) from() string {
	switch w.unit {
	case corpus.ByYear, corpus.ByPlan:
		return w.start.Format("2006") + "/.."
	case corpus.ByMonth, corpus.ByQuarter, corpus.ByHalf:
		return w.start.Format("2006-01") + "/.."
	}
	return iso(w.start) + "/.."
}

// add counts n units on from t. The day of the count is not included (civil
// law): one month after 31 January is the last day of February.
func add(t time.Time, n int, unit string) (time.Time, bool) {
	switch unit {
	case "年":
		return addMonths(t, 12*n), true
	case "月", "个月":
		return addMonths(t, n), true
	case "周", "星期":
		return t.AddDate(0, 0, 7*n), true
	case "天", "日":
		return t.AddDate(0, 0, n), true
	}
	return t, false
}

func addMonths(t time.Time, n int) time.Time {
	y, m := t.Year(), int(t.Month())-1+n
	y, m = y+m/12, m%12+1
	if m < 1 {
		y, m = y-1, m+12
	}
	return civil(y, m, min(t.Day(), lastDay(y, m)))
}

// isoDuration is n units in ISO 8601; a working day has no unit there.
func isoDuration(n int, unit string) string {
	switch unit {
	case "年":
		return fmt.Sprintf("P%dY", n)
	case "月", "个月":
		return fmt.Sprintf("P%dM", n)
	case "周", "星期":
		return fmt.Sprintf("P%dW", n)
	case "天", "日":
		return fmt.Sprintf("P%dD", n)
	}
	return ""
}
