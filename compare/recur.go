package compare

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// NextTurn is the first day (YYYY-MM-DD) on or after from on which a rule of RFC
// 5545 falls. It knows what Chinese plans need: BYMONTH and BYMONTHDAY of yearly and
// monthly rules (每年6月底前, 每月5日前), INTERVAL of monthly ones, counted from January
// (每季度末 is March, June, …), BYDAY of weekly ones without a number, and daily ones.
// COUNT and UNTIL are not known to it. It is empty where the rule says something
// else or from is no day.
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

// turns is a rule.
type turns struct {
	freq         string
	months, days []int
	weekday      string
	step         int
}

func parseRule(rrule string) (turns, bool) {
	t := turns{step: 1}
	for part := range strings.SplitSeq(strings.TrimPrefix(rrule, "RRULE:"), ";") {
		name, value, ok := strings.Cut(part, "=")
		if !ok {
			return t, false
		}
		switch name {
		case "FREQ":
			t.freq = value
		case "BYMONTH":
			t.months, ok = numbers(value, 1, 12)
		case "BYMONTHDAY":
			t.days, ok = numbers(value, -31, 31)
		case "INTERVAL":
			t.step, ok = atLeastOne(value)
		case "BYDAY":
			t.weekday, ok = value, slices.Contains(weekdayNames[:], value)
		default:
			return t, false
		}
		if !ok {
			return t, false
		}
	}
	switch t.freq {
	case "DAILY":
		return t, t.step == 1 && len(t.days) == 0
	case "WEEKLY":
		return t, t.step == 1 && len(t.days) == 0
	case "MONTHLY":
		return t, len(t.days) > 0 && 12%t.step == 0
	}
	return t, t.freq == "YEARLY" && len(t.days) > 0 && t.step == 1
}

var weekdayNames = [...]string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}

func atLeastOne(s string) (int, bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil && n > 0
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
	switch {
	case t.freq == "DAILY":
		return true
	case t.freq == "WEEKLY": // without a day, the first one will do
		return t.weekday == "" || weekdayNames[day.Weekday()] == t.weekday
	case len(t.months) > 0 && !slices.Contains(t.months, int(day.Month())), int(day.Month())%t.step != 0:
		return false
	}
	last := time.Date(day.Year(), day.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
	return slices.Contains(t.days, day.Day()) || slices.Contains(t.days, day.Day()-last-1)
}
