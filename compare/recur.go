package compare

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// NextTurn is the first day (YYYY-MM-DD) on or after from on which a yearly or
// monthly rule of RFC 5545 falls. It knows BYMONTH and BYMONTHDAY, which is what
// 每年6月底前 and 每月5日前 need, and INTERVAL, COUNT and UNTIL are not known to it.
// It is empty where the rule says something else or from is no day.
func NextTurn(rrule, from string) string {
	day, err := time.Parse(time.DateOnly, from)
	rule, ok := parseRule(rrule)
	if err != nil || !ok {
		return ""
	}
	// Eight years hold every 29 February.
	for range 8 * 366 {
		if rule.on(day) {
			return day.Format(time.DateOnly)
		}
		day = day.AddDate(0, 0, 1)
	}
	return ""
}

// turns is a yearly or monthly rule.
type turns struct {
	months, days []int
}

func parseRule(rrule string) (turns, bool) {
	var t turns
	freq := ""
	for part := range strings.SplitSeq(strings.TrimPrefix(rrule, "RRULE:"), ";") {
		name, value, ok := strings.Cut(part, "=")
		if !ok {
			return t, false
		}
		switch name {
		case "FREQ":
			freq = value
		case "BYMONTH":
			t.months, ok = numbers(value, 1, 12)
		case "BYMONTHDAY":
			t.days, ok = numbers(value, -31, 31)
		default:
			return t, false
		}
		if !ok {
			return t, false
		}
	}
	if len(t.days) == 0 {
		return t, false
	}
	return t, freq == "MONTHLY" || freq == "YEARLY"
}

func numbers(list string, lo, hi int) ([]int, bool) {
	var out []int
	for s := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(s)
		if err != nil || n == 0 || n < lo || n > hi {
			return nil, false
		}
		out = append(out, n)
	}
	return out, true
}

func (t turns) on(day time.Time) bool {
	if len(t.months) > 0 && !slices.Contains(t.months, int(day.Month())) {
		return false
	}
	last := time.Date(day.Year(), day.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
	return slices.Contains(t.days, day.Day()) || slices.Contains(t.days, day.Day()-last-1)
}
