package format

import (
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"tuogou/compare"
	"tuogou/compare/render"
	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/timeline"
)

func itoa(n int) string { return strconv.Itoa(n) }

// ICSOptions say how a calendar is written.
type ICSOptions struct {
	Options
	// Tasks writes to-dos (VTODO) instead of all-day events (VEVENT).
	Tasks bool
	// Alarms are days before the last day on which to remind; 0 is the day itself.
	Alarms []int
	// Refresh is how often a subscriber may ask again; 0 says nothing.
	Refresh time.Duration
}

// WriteICS writes the obligations that have a date as an iCalendar file (RFC 5545,
// with the names of RFC 7986): all-day, under their own uid and sequence; what was
// superseded or withdrawn is cancelled, so that a calendar that has it takes it away.
// What has no date is left out, for a calendar has no place for it. Each entry is
// stamped with the time of its last change.
func WriteICS(w io.Writer, list []timeline.Item, opt ICSOptions) error {
	c := calendar{opt: opt}
	name := opt.title("tl.name", anySample(list))
	c.line("BEGIN", "VCALENDAR")
	c.line("VERSION", "2.0")
	c.line("PRODID", "-//tuogou//tuogou//ZH")
	c.line("CALSCALE", "GREGORIAN")
	c.line("NAME", escape(name))
	c.line("X-WR-CALNAME", escape(name))
	if opt.Refresh > 0 {
		every := fmt.Sprintf("PT%dM", max(1, int(opt.Refresh.Minutes())))
		c.line("REFRESH-INTERVAL;VALUE=DURATION", every)
		c.line("X-PUBLISHED-TTL", every)
	}
	n := 0
	for i := range list {
		if c.entry(&list[i]) {
			n++
		}
	}
	if n == 0 {
		// A calendar has at least one component (RFC 5545, 3.6). A time zone that
		// nothing uses is one, and shows nothing.
		c.zone()
	}
	c.line("END", "VCALENDAR")
	_, err := io.WriteString(w, c.b.String())
	return err
}

type calendar struct {
	b   strings.Builder
	opt ICSOptions
}

const icsDay, icsTime = "20060102", "20060102T150405Z"

func (c *calendar) zone() {
	for _, l := range [][2]string{{"BEGIN", "VTIMEZONE"}, {"TZID", "Asia/Shanghai"}, {"BEGIN", "STANDARD"}, {"DTSTART", "19910915T000000"},
		{"TZOFFSETFROM", "+0800"}, {"TZOFFSETTO", "+0800"}, {"TZNAME", "CST"}, {"END", "STANDARD"}, {"END", "VTIMEZONE"}} {
		c.line(l[0], l[1])
	}
}

func (c *calendar) entry(x *timeline.Item) bool {
	first, last, ok := span(&x.Obligation)
	if !ok {
		return false
	}
	kind := "VEVENT"
	if c.opt.Tasks {
		kind = "VTODO"
	}
	stamp := utc(x.Changed)
	c.line("BEGIN", kind)
	c.line("UID", escape(x.UID+"@tuogou"))
	c.line("DTSTAMP", stamp)
	c.line("CREATED", utc(x.First))
	c.line("LAST-MODIFIED", stamp)
	c.line("SEQUENCE", itoa(x.Sequence))
	c.days(&x.Obligation, first, last)
	if x.When.RRule != "" {
		c.line("RRULE", strings.TrimPrefix(x.When.RRule, "RRULE:"))
	}
	c.line("SUMMARY", escape(c.summary(x)))
	c.line("DESCRIPTION", escape(c.description(x)))
	c.line("CATEGORIES", strings.Join(c.categories(x), ","))
	if u := render.LinkURL(x.Document().URL); u != "" && !strings.ContainsAny(u, "\r\n") {
		c.line("URL", u)
	}
	if len(x.Sources) > 0 && !x.Sources[0].Chars.Empty() { // for tuogou verify
		s := x.Sources[0]
		c.line("X-TUOGOU-CITE", fmt.Sprintf("%s %d..%d %s", s.Document.ID, s.Chars.Start, s.Chars.End, escape(x.Words)))
	}
	if x.SupersededBy != "" {
		c.line("RELATED-TO;RELTYPE=SIBLING", escape(x.SupersededBy+"@tuogou"))
	}
	c.status(&x.Obligation)
	if x.Status == timeline.Open && x.Met == nil {
		for _, n := range c.opt.Alarms {
			c.alarm(x, n, first.Equal(last))
		}
	}
	c.line("END", kind)
	return true
}

// days writes the days. The end of an all-day event does not belong to it. A to-do is
// due on its last day, and a start is only given where it lies before that, as RFC
// 5545 asks; what recurs has a start and lasts a day.
func (c *calendar) days(o *timeline.Obligation, first, last time.Time) {
	switch {
	case !c.opt.Tasks:
		c.line("DTSTART;VALUE=DATE", first.Format(icsDay))
		c.line("DTEND;VALUE=DATE", last.AddDate(0, 0, 1).Format(icsDay))
		c.line("TRANSP", "TRANSPARENT")
	case o.When.RRule != "":
		c.line("DTSTART;VALUE=DATE", first.Format(icsDay))
		c.line("DURATION", "P1D")
	case o.When.End == "": // from a day on: it has no due day
		c.line("DTSTART;VALUE=DATE", first.Format(icsDay))
	default:
		if first.Before(last) {
			c.line("DTSTART;VALUE=DATE", first.Format(icsDay))
		}
		c.line("DUE;VALUE=DATE", last.Format(icsDay))
	}
}

func (c *calendar) status(o *timeline.Obligation) {
	switch {
	case o.Status != timeline.Open:
		c.line("STATUS", "CANCELLED")
	case c.opt.Tasks && o.Met != nil:
		c.line("STATUS", "COMPLETED")
		c.line("COMPLETED", utc(o.Met.At))
		c.line("PERCENT-COMPLETE", "100")
	case c.opt.Tasks:
		c.line("STATUS", "NEEDS-ACTION")
	case o.When.Approximate || o.When.Goal:
		c.line("STATUS", "TENTATIVE")
	default:
		c.line("STATUS", "CONFIRMED")
	}
}

// alarm reminds n days before the last day. An event ends a day later than it shows.
func (c *calendar) alarm(x *timeline.Item, n int, oneDay bool) {
	c.line("BEGIN", "VALARM")
	c.line("ACTION", "DISPLAY")
	switch {
	case oneDay && (!c.opt.Tasks || x.When.RRule != "" || x.When.End == ""):
		c.line("TRIGGER", before(n))
	case c.opt.Tasks:
		c.line("TRIGGER;RELATED=END", before(n))
	default:
		c.line("TRIGGER;RELATED=END", before(n+1))
	}
	c.line("DESCRIPTION", escape(c.opt.label("tl.alarm")+c.opt.colon()+c.summary(x)))
	c.line("END", "VALARM")
}

func before(days int) string {
	if days == 0 {
		return "PT0S"
	}
	return fmt.Sprintf("-P%dD", days)
}

// rule is what may stand in an RRULE; anything else could start a new property.
var rule = regexp.MustCompile(`^(RRULE:)?FREQ=(YEARLY|MONTHLY|WEEKLY|DAILY)(;[A-Z]+=[A-Z0-9,+-]+)*$`)

// span is the first and the last day of an obligation.
func span(o *timeline.Obligation) (first, last time.Time, ok bool) {
	if !o.When.Resolved {
		return first, last, false
	}
	start, end := o.When.Start, o.When.End
	if o.When.RRule != "" {
		if !rule.MatchString(o.When.RRule) {
			return first, last, false
		}
		// The first day has to be a turn of the rule, or programs disagree on it.
		day, _, _ := strings.Cut(o.First, "T")
		for _, from := range []string{start, end, monthDay(o.Document().Date), day} {
			if start = compare.NextTurn(o.When.RRule, from); start != "" {
				break
			}
		}
		end = start
	}
	if start == "" {
		start = end
	}
	if end == "" {
		end = start
	}
	first, err := time.Parse(time.DateOnly, start)
	last, err2 := time.Parse(time.DateOnly, end)
	return first, last, err == nil && err2 == nil && !last.Before(first)
}

// monthDay is a day; of a month its first.
func monthDay(d string) string {
	if len(d) == len("2006-01") {
		return d + "-01"
	}
	return d
}

// utc is a kept time as iCalendar writes it.
func utc(stamp string) string {
	t, err := store.ParseStamp(stamp)
	if err != nil || t.IsZero() {
		return "19700101T000000Z"
	}
	return t.Format(icsTime)
}

func (c *calendar) summary(x *timeline.Item) string {
	what := x.Task
	if what == "" {
		what = x.Words
	}
	parts := []string{c.opt.place(x.Place), short(oneLine(what), 80)}
	if x.Place.Sample && !strings.Contains(parts[0], "示例") {
		parts[0] += " (示例)"
	}
	return strings.Join(parts, " ")
}

// categories are the clause, the place and the level. They do not tell the state,
// which would change with the day.
func (c *calendar) categories(x *timeline.Item) []string {
	var out []string
	if x.Clause != "" {
		out = append(out, escape(c.opt.label(string(x.Clause))))
	}
	out = append(out, escape(c.opt.place(x.Place)))
	if x.Place.Level != "" {
		out = append(out, escape(c.opt.label("level."+string(x.Place.Level))))
	}
	return out
}

func (c *calendar) description(x *timeline.Item) string {
	o, d := c.opt.Options, x.Document()
	lines := []string{o.label("ics.words") + o.colon() + short(oneLine(x.Sentence), 300)}
	for _, p := range []struct{ key, value string }{
		{"col.organs", o.parties(&x.Obligation)}, {"col.document", d.Title}, {"ics.number", d.Number}, {"ics.source", d.URL},
	} {
		if p.value != "" {
			lines = append(lines, o.label(p.key)+o.colon()+p.value)
		}
	}
	if notes := o.notes(&x.Obligation); len(notes) > 0 {
		lines = append(lines, o.label("col.notes")+o.colon()+o.join(notes))
	}
	if x.When.Kind != corpus.KindBy && x.When.Kind != "" {
		lines = append(lines, o.label("col.kind")+o.colon()+o.label("due."+string(x.When.Kind)))
	}
	if x.Place.Sample {
		lines = append(lines, o.label("sample"))
	}
	return strings.Join(lines, "\n")
}

// escape is a TEXT value of RFC 5545, 3.3.11.
func escape(s string) string {
	s = strings.Map(func(c rune) rune {
		if c < ' ' && c != '\n' && c != '\t' || c == 0x7f {
			return -1
		}
		return c
	}, strings.ToValidUTF8(s, "\ufffd"))
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`).Replace(s)
}

// line writes one property, folded at 75 octets without cutting a character.
func (c *calendar) line(name, value string) {
	s := name + ":" + value
	limit := 75
	for len(s) > limit {
		cut := limit
		for !utf8.RuneStart(s[cut]) {
			cut--
		}
		c.b.WriteString(s[:cut] + "\r\n ")
		s, limit = s[cut:], 74
	}
	c.b.WriteString(s + "\r\n")
}
