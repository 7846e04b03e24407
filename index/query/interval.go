package query

import (
	"strings"
	"time"
)

// writings are other ways to write ranges and dates: 2015至2018, 2018年6月.
var writings = strings.NewReplacer("…", "..", "～", "..", "~", "..", "至", "..", "—", "..", "年", "-", "月", "-", "日", "", "/", "-")

// interval reads 2018, 2015..2018, 2018-06, ..2018-12-31 and the like.
func interval(f Field, v string) (Node, words) {
	from, to, ranged := strings.Cut(writings.Replace(v), "..")
	from, to = strings.TrimRight(from, "-."), strings.TrimRight(strings.TrimLeft(to, "."), "-")
	if !ranged {
		to = from
	}
	if from == "" && to == "" {
		return nil, say("a range needs at least one end")
	}
	first, _, ok1 := bounds(f, from)
	_, last, ok2 := bounds(f, to)
	switch {
	case !ok1 || !ok2:
		if f == Year {
			return nil, say("want a year such as 2018, or a range such as 2015..2018")
		}
		return nil, say("want a day, month or year such as 2018-12-31, 2018-12 or 2018, or a range with ..")
	case first != "" && last != "" && first > last:
		return nil, say("the range ends before it begins")
	}
	return Range{f, first, last}, words{}
}

// bounds are the first and last year or day of one end of a range; both are
// empty for an empty one.
func bounds(f Field, v string) (first, last string, ok bool) {
	if v == "" {
		return "", "", true
	}
	if f == Year {
		t, err := time.Parse("2006", v)
		return t.Format("2006"), t.Format("2006"), err == nil
	}
	for _, u := range []struct {
		layout        string
		years, months int
		days          int
	}{{"2006-1-2", 0, 0, 1}, {"2006-1", 0, 1, 0}, {"2006", 1, 0, 0}} {
		if t, err := time.Parse(u.layout, v); err == nil {
			end := t.AddDate(u.years, u.months, u.days).AddDate(0, 0, -1)
			return t.Format(time.DateOnly), end.Format(time.DateOnly), true
		}
	}
	return "", "", false
}
