package extract

import (
	"fmt"
	"strings"
)

// recurrence is the RFC 5545 rule of 每年6月底前, 每月5日前, 每季度末前.
func recurrence(e *expression) string {
	rule := "FREQ=" + e.rule.Recurring
	month, hasMonth := number(e.g["m"])
	switch {
	case e.rule.ID == recurringAfter:
		return afterEach(e.g)
	case e.g["per"] == "天", e.g["per"] == "日":
		return "FREQ=DAILY"
	case e.g["wd"] != "":
		return rule + ";BYDAY=" + weekdays[e.g["wd"]]
	case e.g["per"] == "周":
		return "FREQ=WEEKLY"
	case e.g["per"] == "半年":
		return rule + ";INTERVAL=6;BYMONTHDAY=-1"
	case e.g["per"] == "年":
		return "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31"
	case e.g["q"] != "": // 每年第一季度末前
		q, _ := number(e.g["q"])
		return rule + fmt.Sprintf(";BYMONTH=%d;BYMONTHDAY=-1", 3*q)
	case e.g["m2"] != "":
		m2, _ := number(e.g["m2"])
		return rule + fmt.Sprintf(";BYMONTH=%d,%d;BYMONTHDAY=-1", month, m2)
	}
	day, hasDay := number(e.g["d"])
	if e.rule.ID == recurringQuarterDay {
		first := 3
		if n, ok := number(e.g["qm"]); ok {
			first = n
		} else if e.g["first"] != "" {
			first = 1
		}
		return rule + fmt.Sprintf(";BYMONTH=%d,%d,%d,%d;BYMONTHDAY=%d", first, first+3, first+6, first+9, day)
	}
	if strings.HasPrefix(e.g["per"], "季") {
		rule += ";INTERVAL=3"
	}
	if e.rule.Recurring == "YEARLY" {
		if !hasMonth {
			month = 12
			if e.g["edge"] == "初" {
				month = 3
			}
		}
		rule += fmt.Sprintf(";BYMONTH=%d", month)
	}
	switch part := tendays[e.g["ten"]]; {
	case hasDay && e.g["d2"] != "": // 每月5日、20日前
		second, _ := number(e.g["d2"])
		return rule + fmt.Sprintf(";BYMONTHDAY=%d,%d", day, second)
	case hasDay:
		return rule + fmt.Sprintf(";BYMONTHDAY=%d", day)
	case part[1] > 0 && part[1] < 31:
		return rule + fmt.Sprintf(";BYMONTHDAY=%d", part[1])
	case e.rule.Recurring == "YEARLY" && month != 2:
		return rule + fmt.Sprintf(";BYMONTHDAY=%d", lastDay(2001, month))
	}
	return rule + ";BYMONTHDAY=-1"
}

// recurringQuarterDay is the rule of a day in one month of each quarter, and
// recurringAfter that of days after the end of a stretch of time.
const (
	recurringQuarterDay = "recurring_quarter_day"
	recurringAfter      = "recurring_after"
)

// afterEach is the last of the days after each month, quarter, half-year or year:
// 每季度结束后10日内.
func afterEach(g map[string]string) string {
	day, _ := number(g["d"])
	switch {
	case g["per"] == "月":
		return fmt.Sprintf("FREQ=MONTHLY;BYMONTHDAY=%d", day)
	case g["per"] == "半年":
		return fmt.Sprintf("FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=%d", day)
	case strings.HasPrefix(g["per"], "年"):
		return fmt.Sprintf("FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=%d", day)
	}
	return fmt.Sprintf("FREQ=YEARLY;BYMONTH=1,4,7,10;BYMONTHDAY=%d", day)
}

// firstOf tells the first day of a recurring time after the document's date, as
// ISO 8601 writes it: R/2019-06-30/P1Y.
func (d *draft) firstOf(rule string) []string {
	if !d.ref.known {
		return nil
	}
	f := map[string]string{}
	for _, kv := range strings.Split(rule, ";") {
		k, v, _ := strings.Cut(kv, "=")
		f[k] = v
	}
	step, _ := number(f["INTERVAL"])
	day, _ := number(strings.TrimPrefix(f["BYMONTHDAY"], "-"))
	month, _ := number(f["BYMONTH"])
	if f["FREQ"] == "WEEKLY" || f["FREQ"] == "DAILY" || strings.Contains(f["BYMONTH"], ",") || day == 0 {
		return nil
	}
	for m := civil(d.ref.day.Year(), int(d.ref.day.Month()), 1); ; m = addMonths(m, 1) {
		y, k := m.Year(), int(m.Month())
		if month > 0 && k != month || step > 1 && k%step != 0 {
			continue
		}
		t := civil(y, k, min(day, lastDay(y, k)))
		if strings.HasPrefix(f["BYMONTHDAY"], "-") {
			t = civil(y, k, lastDay(y, k))
		}
		if !t.After(d.ref.day) {
			continue
		}
		period := "P1Y"
		if f["FREQ"] == "MONTHLY" {
			period = fmt.Sprintf("P%dM", max(1, step))
		}
		return []string{"first on " + iso(t) + ": R/" + iso(t) + "/" + period}
	}
}

// weekdays are the names of days in RFC 5545.
var weekdays = map[string]string{"一": "MO", "二": "TU", "三": "WE", "四": "TH", "五": "FR", "六": "SA", "日": "SU", "天": "SU"}
