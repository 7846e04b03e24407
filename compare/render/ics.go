package render

import (
	"io"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tuogou/compare"
	"tuogou/corpus"
)

// ICSOptions say how a calendar is written.
type ICSOptions struct {
	Options
	// Stamp is the DTSTAMP of every entry. Zero: the document's own date, so that
	// the same records give the same file.
	Stamp time.Time
	// Tasks writes to-dos (VTODO) instead of all-day events (VEVENT).
	Tasks bool
}

// WriteICS writes the entries that have a date as an iCalendar file (RFC 5545):
// all-day, with the deadline's own uid, superseded ones as cancelled, recurring
// ones with their rule. Entries without a date are left out, for a calendar has
// no place for them.
func WriteICS(w io.Writer, entries []compare.Entry, opt ICSOptions) error {
	c := calendar{opt: opt, uids: map[string]bool{}}
	name := opt.Title
	if name == "" {
		name = opt.label("ics.name")
	}
	if anySample(entries) && !strings.Contains(name, "示例") {
		name += " (示例)"
	}
	c.line("BEGIN", "VCALENDAR")
	c.line("VERSION", "2.0")
	c.line("PRODID", "-//tuogou//tuogou//ZH")
	c.line("CALSCALE", "GREGORIAN")
	c.line("X-WR-CALNAME", escape(name))
	for _, e := range entries {
		c.entry(e)
	}
	c.line("END", "VCALENDAR")
	_, err := io.WriteString(w, c.b.String())
	return err
}

type calendar struct {
	b    strings.Builder
	opt  ICSOptions
	uids map[string]bool
}

func (c *calendar) entry(e compare.Entry) {
	first, after, ok := dates(e)
	if !ok {
		return
	}
	kind := "VEVENT"
	if c.opt.Tasks {
		kind = "VTODO"
	}
	c.line("BEGIN", kind)
	c.line("UID", escape(c.uid(e)))
	c.line("DTSTAMP", c.stamp(e, first))
	if c.opt.Tasks {
		// Task programs show DUE as the last day itself, and need no start.
		if e.Start != "" || e.RRule != "" {
			c.line("DTSTART;VALUE=DATE", first.Format(icsDay))
		}
		c.line("DUE;VALUE=DATE", after.AddDate(0, 0, -1).Format(icsDay))
	} else {
		c.line("DTSTART;VALUE=DATE", first.Format(icsDay))
		c.line("DTEND;VALUE=DATE", after.Format(icsDay))
		c.line("TRANSP", "TRANSPARENT")
	}
	if e.RRule != "" {
		c.line("RRULE", strings.TrimPrefix(e.RRule, "RRULE:"))
	}
	c.line("SUMMARY", escape(c.summary(e)))
	c.line("DESCRIPTION", escape(c.description(e)))
	if u := LinkURL(e.Document.URL); u != "" && !strings.ContainsAny(u, "\r\n") {
		c.line("URL", u)
	}
	if e.SupersededBy != "" {
		c.line("STATUS", "CANCELLED")
	}
	c.line("END", kind)
}

const icsDay = "20060102"

// rule is what may stand in an RRULE; anything else could start a new property.
var rule = regexp.MustCompile(`^(RRULE:)?FREQ=(YEARLY|MONTHLY|WEEKLY|DAILY)(;[A-Z]+=[A-Z0-9,+-]+)*$`)

// dates are the first day of an entry and the day after its last: the end of an
// all-day event does not belong to it.
func dates(e compare.Entry) (first, after time.Time, ok bool) {
	if !e.Resolved {
		return first, after, false
	}
	start, end := e.Start, e.End
	if e.RRule != "" {
		if !rule.MatchString(e.RRule) {
			return first, after, false
		}
		from := firstDay(start, end, e.Document.Date, dayOf(e.Document.Fetched))
		// The first day has to be a turn of the rule, or programs disagree on it.
		if turn := compare.NextTurn(e.RRule, from); turn != "" {
			from = turn
		} else if start == "" && end == "" {
			return first, after, false
		}
		start, end = from, from
	}
	if start == "" {
		start = end
	}
	if end == "" {
		end = start
	}
	first, err := time.Parse(time.DateOnly, start)
	last, err2 := time.Parse(time.DateOnly, end)
	if err != nil || err2 != nil || last.Before(first) {
		return first, after, false
	}
	return first, last.AddDate(0, 0, 1), true
}

// firstDay is the first of days that is one; YYYY-MM is its first day.
func firstDay(days ...string) string {
	for _, d := range days {
		if len(d) == len("2006-01") {
			d += "-01"
		}
		if _, err := time.Parse(time.DateOnly, d); err == nil {
			return d
		}
	}
	return ""
}

func dayOf(stamp string) string {
	day, _, _ := strings.Cut(stamp, "T")
	return day
}

// uid keeps two deadlines apart that have one uid in two documents.
func (c *calendar) uid(e compare.Entry) string {
	uid := e.UID
	if uid == "" || c.uids[uid] {
		uid = strings.TrimPrefix(e.UID+"-"+string(e.Document.ID), "-")
	}
	for c.uids[uid] {
		uid += "-x"
	}
	c.uids[uid] = true
	return uid + "@tuogou"
}

func (c *calendar) stamp(e compare.Entry, first time.Time) string {
	at := c.opt.Stamp
	if at.IsZero() {
		day := firstDay(e.Document.Date, dayOf(e.Document.Fetched))
		var err error
		if at, err = time.Parse(time.DateOnly, day); err != nil {
			at = first
		}
	}
	return at.UTC().Format("20060102T150405Z")
}

func (c *calendar) summary(e compare.Entry) string {
	what := e.Action
	if what == "" {
		what = e.Words
	}
	parts := []string{c.opt.place(e.Place), short(oneLine(what), 80)}
	if e.Place.Sample && !strings.Contains(parts[0], "示例") {
		parts = slices.Insert(parts, 1, "(示例)")
	}
	return strings.Join(parts, " ")
}

func (c *calendar) description(e compare.Entry) string {
	quote := e.Cite.Sentence
	if quote == "" {
		quote = e.Words
	}
	o := c.opt.Options
	lines := []string{o.label("ics.words") + o.colon() + short(oneLine(quote), 300)}
	for _, p := range []struct{ key, value string }{
		{"col.document", e.Document.Title}, {"ics.number", e.Document.Number}, {"ics.source", e.Document.URL},
	} {
		if p.value != "" {
			lines = append(lines, o.label(p.key)+o.colon()+p.value)
		}
	}
	if notes := Notes(e.Due, o.Lang); len(notes) > 0 {
		lines = append(lines, o.label("col.notes")+o.colon()+o.join(notes))
	}
	if e.Kind != corpus.KindBy && e.Kind != "" {
		lines = append(lines, o.label("col.kind")+o.colon()+o.label("due."+string(e.Kind)))
	}
	if e.Place.Sample {
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
