package extract

import (
	"fmt"
	"strings"
	"time"

	"tuogou/corpus"
	"tuogou/rules"
)

// reference is the day that relative times count from.
type reference struct {
	day   time.Time
	known bool   // day is known
	year  int    // known even where the day is not (an undated story of 2016)
	kind  string // signed, printed, posted, option, context
	text  string // the words or field it was read from
}

func (r reference) anchor() *corpus.Anchor {
	a := &corpus.Anchor{Kind: r.kind, Text: r.text}
	if r.known {
		a.Date = iso(r.day)
	}
	return a
}

// around is what stands near an expression and helps where the year is missing.
type around struct {
	before []window // resolved windows with a year of their own, nearest last
	after  []window // the next one in the same sentence
	named  []window // times with a year of their own earlier in the sentence
	phase  *window  // of the phase whose section this is
	bound  *window  // of the task before it in the list
	past   bool     // the clause tells of the past
}

// value is what an expression says.
type value struct {
	w        window
	ok       bool
	open     bool   // a range of which only the end is known
	relative bool   // counted from an anchor
	anchor   string // which: ref, before, after
	n        int    // a length, with its unit
	unit     string
	event    string // what the length counts from, where that is not the document's date
	trace    []string
}

// point reads the groups of one core (or of the right end of a range, with left
// as its left end).
func point(t *rules.Times, g map[string]string, ref reference, near around, left *window) value {
	if p, ok := g["plan"]; ok {
		if y, ok := t.Plans[p]; ok {
			w := window{start: civil(y[0], 1, 1), end: civil(y[1], 12, 31), unit: corpus.ByPlan}
			if e := g["edge"]; e == "末" || e == "期末" {
				w = window{start: civil(y[1], 1, 1), end: civil(y[1], 12, 31), unit: corpus.ByYear, edge: "末"}
			}
			return value{w: w, ok: true, trace: []string{fmt.Sprintf("%s is %d to %d", p, y[0], y[1])}}
		}
		return value{}
	}
	if _, ok := g["mr"]; ok {
		return monthRelative(t, g, ref)
	}
	if _, ok := g["mend"]; ok && left == nil {
		return monthEnd(ref, near)
	}
	if _, ok := g["wr"]; ok {
		return weekRelative(g, ref)
	}
	if _, ok := g["qr"]; ok {
		return quarterRelative(g, ref)
	}
	if s, ok := g["rd"]; ok {
		return dayRelative(t.DayShift[s], s, ref)
	}
	y, v := yearFor(t, g, ref, near, left)
	if !v.ok {
		return v
	}
	v.w, v.ok = windowIn(t, y, g, left, ref)
	return v
}

// yearFor finds the year of a point: written, relative, from the left end, or
// from what stands around.
func yearFor(t *rules.Times, g map[string]string, ref reference, near around, left *window) (int, value) {
	if s, ok := g["y"]; ok {
		y, ok := number(s)
		return y, value{ok: ok && y >= 1900 && y <= 2100}
	}
	if s, ok := g["yy"]; ok { // 18年底, 98年4月
		y, ok := number(s)
		if y += 2000; y > 2050 {
			y -= 100
		}
		return y, value{ok: ok, trace: []string{fmt.Sprintf("a year of two digits: %d", y)}}
	}
	if s, ok := g["yr"]; ok {
		shift := t.YearShift[s]
		base, from := ref.year, ref.kind
		// 当年, 次年 and 同年 count from the nearest year named before them.
		if t.YearBeside[s] {
			if n := len(near.before); n > 0 {
				base, from = near.before[n-1].end.Year(), "context"
			}
			if n := len(near.named); n > 0 { // "2017年确定名单，当年年底前完成试点"
				base, from = near.named[n-1].end.Year(), "context"
			}
		}
		// "2016年12月8日召开的动员会提出，明年6月底前完成": the year of the act, where the document
		// gives none; open, where its page is years younger.
		if n := len(near.named); n > 0 && near.named[n-1].unit == corpus.ByDay && !t.YearBeside[s] {
			said := near.named[n-1].end.Year()
			if base == 0 {
				base, from = said, "context"
			}
			if ref.kind == "posted" && said < ref.year-1 {
				return 0, value{relative: true, trace: []string{fmt.Sprintf("%s may count from %d, or from the page of %d", s, said, ref.year)}}
			}
		}
		if base == 0 {
			return 0, value{relative: true, trace: []string{s + " needs a year that the document does not give"}}
		}
		return base + shift, value{ok: true, relative: true, anchor: from,
			trace: []string{fmt.Sprintf("%s is %d, counted from %s", s, base+shift, from)}}
	}
	if left != nil {
		return left.start.Year(), value{ok: true, trace: []string{"year taken from the start of the range"}}
	}
	return missingYear(t, g, ref, near)
}

// missingYear decides the year of 11月20日前 and its like: the one that follows
// from the dated times before it in the sentence, else the first such day on or
// after the document's date (the last before it, where the clause tells of the
// past). Where that date is not known, the dated time that follows decides.
func missingYear(t *rules.Times, g map[string]string, ref reference, near around) (int, value) {
	at := func(y int) (window, bool) { return windowIn(t, y, g, nil, reference{}) }
	if p := near.phase; p != nil {
		for y := p.start.Year(); y <= p.end.Year(); y++ {
			if w, ok := at(y); ok && !w.end.Before(p.start) && !w.start.After(p.end) {
				return y, value{ok: true, relative: true, anchor: "before",
					trace: []string{fmt.Sprintf("no year written; %d lies in the phase that the section is about", y)}}
			}
		}
	}
	if n := len(near.after); n > 0 && !ref.known {
		y := near.after[0].end.Year()
		if w, ok := at(y); ok && w.end.After(near.after[0].end) {
			y--
		}
		return y, value{ok: true, relative: true, anchor: "after",
			trace: []string{fmt.Sprintf("no year written; %d is the last one before the dated time that follows in the sentence", y)}}
	}
	if n := len(near.before); n > 0 && !near.past {
		y := near.before[n-1].end.Year()
		// 由原定的11月底提前至9月30日: what need not lie in the next year does not.
		if w, ok := at(y); ok && w.end.Before(near.before[n-1].start) && !(ref.known && !w.end.Before(ref.day)) {
			y++
		}
		return y, value{ok: true, relative: true, anchor: "before",
			trace: []string{fmt.Sprintf("no year written; %d follows from the dated time before it", y)}}
	}
	if ref.year == 0 {
		return 0, value{relative: true, trace: []string{"no year written and the document's date is not known"}}
	}
	y := ref.year
	if ref.known {
		w, ok := at(y)
		switch {
		case ok && near.past && w.start.After(ref.day):
			y--
		case ok && !near.past && w.end.Before(ref.day):
			y++
		case !ok && !near.past: // 2月29日, in a document of the year before
			if _, ok := at(y + 1); ok {
				y++
			}
		}
	}
	return y, value{ok: true, relative: true, anchor: ref.kind,
		trace: []string{fmt.Sprintf("no year written; %d by the document's date (%s)", y, ref.kind)}}
}

func monthRelative(t *rules.Times, g map[string]string, ref reference) value {
	if !ref.known {
		return value{relative: true, trace: []string{g["mr"] + " needs the document's date"}}
	}
	m := addMonths(civil(ref.day.Year(), int(ref.day.Month()), 1), t.MonthShift[g["mr"]])
	h := map[string]string{"m": fmt.Sprint(int(m.Month()))}
	for _, k := range []string{"d", "ten", "edge"} {
		if s, ok := g[k]; ok {
			h[k] = s
		}
	}
	w, ok := windowIn(t, m.Year(), h, nil, ref)
	if g["edge"] == "内" && w.start.Before(ref.day) && !w.end.Before(ref.day) { // 本月内: from now on
		w.start, w.unit = ref.day, corpus.ByDay
	}
	return value{w: w, ok: ok, relative: true, anchor: ref.kind, trace: []string{fmt.Sprintf("%s is %s", g["mr"], m.Format("2006-01"))}}
}

// monthEnd is 月底 alone: that of the time before it in the list, else of the document.
func monthEnd(ref reference, near around) value {
	if w := near.bound; w != nil {
		return value{w: lastOfMonth(w.end), ok: true, relative: true, anchor: "before", trace: []string{"月底 is that of the time before it, " + w.edtf()}}
	}
	v := today(ref, "月底")
	if v.ok {
		v.w = lastOfMonth(ref.day)
	}
	return v
}

// lastOfMonth is the last day of the month of t.
func lastOfMonth(t time.Time) window {
	end := monthOf(t.Year(), int(t.Month())).end
	return window{start: end, end: end, unit: corpus.ByDay, edge: "底"}
}

// windowIn is the window that the groups name in year y.
func windowIn(t *rules.Times, y int, g map[string]string, left *window, ref reference) (window, bool) {
	edge := g["edge"]
	if s, ok := g["edge2"]; ok {
		edge = tail(s, len("底"))
	}
	if edge == "伊始" {
		edge = "初"
	}
	switch {
	case g["feast"] != "":
		return feastIn(t, y, g["feast"])
	case g["years"] != "": // 今明两年
		return window{start: civil(y, 1, 1), end: civil(y+1, 12, 31), unit: corpus.ByYear}, true
	case g["fm"] != "": // 前十个月
		m, ok := number(g["fm"])
		return window{start: civil(y, 1, 1), end: civil(y, max(m, 1), lastDay(y, max(m, 1))), unit: corpus.ByMonth}, ok && m >= 1 && m < 12
	case g["y2"] != "":
		y2, ok := number(g["y2"])
		return window{start: civil(y, 1, 1), end: civil(y2, 12, 31), unit: corpus.ByYear}, ok && y2 >= y
	case g["m"] != "":
		return monthIn(y, g, edge)
	case g["mend"] != "" && left != nil: // 即日起至月底
		return lastOfMonth(left.start), true
	case g["d"] != "" && left != nil: // the right end of 10月8日至12日
		d, ok := number(g["d"])
		m := int(left.start.Month())
		return window{start: civil(y, m, d), end: civil(y, m, d), unit: corpus.ByDay}, ok && valid(y, m, d)
	case g["q2"] != "": // 前三季度; 三、四季度
		q := 1
		if g["q"] != "" {
			q, _ = number(g["q"])
		}
		q2, ok := number(g["q2"])
		if !ok || q < 1 || q2 < q || q2 > 4 {
			return window{}, false
		}
		return window{start: quarterOf(y, q).start, end: quarterOf(y, q2).end, unit: corpus.ByQuarter, edge: edge}, true
	case g["q"] != "":
		q, ok := number(g["q"])
		return quarterPart(quarterOf(y, max(1, q)), edge), ok && q >= 1 && q <= 4
	case g["h"] != "":
		return halfOf(y, g["h"] == "上"), true
	}
	return yearPart(y, edge, ref), true
}

func monthIn(y int, g map[string]string, edge string) (window, bool) {
	m, ok := number(g["m"])
	if !ok || m < 1 || m > 12 {
		return window{}, false
	}
	if s := g["m2"]; s != "" {
		m2, ok := number(s)
		w := window{start: civil(y, m, 1), end: civil(y, m2, lastDay(y, m2)), unit: corpus.ByMonth, edge: edge}
		return w, ok && m2 >= m && m2 <= 12
	}
	if s, ok := g["mid"]; ok { // 9月10日、11日和12日
		d, _ := number(g["d"])
		d2, ok := number(g["d2"])
		n := strings.Count(s, "日") + strings.Count(s, "号") + 1
		return window{start: civil(y, m, d), end: civil(y, m, d2), unit: corpus.ByDay}, ok && d2-d == n && valid(y, m, d) && valid(y, m, d2)
	}
	if s := g["d"]; s != "" {
		d, ok := number(s)
		d2, ok2 := d, true
		if g["d2"] != "" {
			d2, ok2 = number(g["d2"])
		}
		return window{start: civil(y, m, d), end: civil(y, m, d2), unit: corpus.ByDay}, ok && ok2 && d2 >= d && valid(y, m, d) && valid(y, m, d2)
	}
	if s := g["ten"]; s != "" {
		return tendayOf(y, m, s), true
	}
	w := monthOf(y, m)
	w.edge = edge
	switch edge { // 月初 and 月底 have no legal meaning: the first and the last third
	case "初":
		w = tendayOf(y, m, "上旬")
		w.edge, w.approx = edge, true
	case "底", "末":
		w.start = civil(y, m, 21)
	}
	return w, true
}

// quarterPart is the first or the last month of q, where a word names it.
func quarterPart(q window, edge string) window {
	q.edge = edge
	switch edge {
	case "初":
		q.end = monthOf(q.start.Year(), int(q.start.Month())).end
	case "底", "末":
		q.start = civil(q.end.Year(), int(q.end.Month()), 1)
	}
	return q
}

// yearPart is the year, or the part of it that a word names. 年初, 年中 and 年底 have
// no legal meaning: they are approximate as events, and 12-31 as a deadline.
func yearPart(y int, edge string, ref reference) window {
	w := yearOf(y)
	w.edge = edge
	switch edge {
	case "初":
		w = window{start: civil(y, 1, 1), end: civil(y, 3, 31), unit: corpus.ByMonth, edge: edge, approx: true}
	case "中":
		w = window{start: civil(y, 6, 1), end: civil(y, 7, 31), unit: corpus.ByMonth, edge: edge, approx: true}
	case "底", "末": // as an event December; a deadline counts its end only
		w.start = civil(y, 12, 1)
	case "内":
		if ref.known && ref.day.Year() == y {
			w.start, w.unit = ref.day, corpus.ByDay
		}
	}
	return w
}

// feastIn is the day of a feast in year y; false where the table has none.
func feastIn(t *rules.Times, y int, feast string) (window, bool) {
	md, ok := t.Feasts[feast]
	if !ok {
		md, ok = t.MovedFeasts[feast][y]
	}
	day := civil(y, md[0], md[1])
	return window{start: day, end: day, unit: corpus.ByDay}, ok
}

// today is the document's own date, for words that mean it.
func today(ref reference, words string) value {
	if !ref.known {
		return value{relative: true, trace: []string{words + " needs the document's date"}}
	}
	return value{w: window{start: ref.day, end: ref.day, unit: corpus.ByDay}, ok: true, relative: true, anchor: ref.kind,
		trace: []string{fmt.Sprintf("%s is %s (%s)", words, iso(ref.day), ref.kind)}}
}

func dayRelative(shift int, words string, ref reference) value {
	v := today(ref, words)
	if v.ok {
		v.w.start = v.w.start.AddDate(0, 0, shift)
		v.w.end = v.w.start
	}
	return v
}

// quarterRelative is the document's own quarter, or one beside it: 本季度, 下季度末.
func quarterRelative(g map[string]string, ref reference) value {
	v := today(ref, g["qr"]+"季度")
	if !v.ok {
		return v
	}
	m := addMonths(civil(ref.day.Year(), int(ref.day.Month()), 1), 3*map[string]int{"上": -1, "下": 1}[g["qr"]])
	v.w = quarterPart(quarterOf(m.Year(), (int(m.Month())+2)/3), g["edge"])
	return v
}

// weekRelative is a week from Monday to Sunday, or a day of it: 本周, 下周五.
func weekRelative(g map[string]string, ref reference) value {
	v := today(ref, g["wr"]+"周")
	if !v.ok {
		return v
	}
	monday := ref.day.AddDate(0, 0, -(int(ref.day.Weekday())+6)%7+7*map[string]int{"上": -1, "下": 1}[g["wr"]])
	v.w.start, v.w.end = monday, monday.AddDate(0, 0, 6)
	if s := g["wd"]; s != "" {
		n, ok := number(s)
		if !ok { // 日, 天
			n = 7
		}
		v.w.start = monday.AddDate(0, 0, n-1)
		v.w.end = v.w.start
	}
	return v
}
