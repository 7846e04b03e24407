package render

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"tuogou/compare"
	"tuogou/corpus"
)

// LinkURL is u where it may stand as a link: an absolute http or https address.
// It is empty for everything else.
func LinkURL(u string) string {
	p, err := url.Parse(u)
	if err != nil || p.Host == "" || p.Scheme != "http" && p.Scheme != "https" {
		return ""
	}
	return u
}

// Days is the date of a deadline in short: the day, the interval, the rule of
// recurrence or the word for "no date".
func Days(d compare.Due, lang Lang) string {
	switch {
	case !d.Resolved:
		return Label("due.unresolved", lang)
	case d.RRule != "" && d.End == "":
		return recurrence(d.RRule, lang)
	case d.Start != "" && d.End != "":
		return d.Start + "–" + d.End
	case d.End != "":
		return "≤ " + d.End
	case lang == EN:
		return d.Start + " " + Label("due.open_end", lang)
	}
	return d.Start + Label("due.open_end", lang)
}

var turns = regexp.MustCompile(`^(?:RRULE:)?FREQ=(YEARLY|MONTHLY)(?:;INTERVAL=(3|6))?(?:;BYMONTH=(\d+))?;BYMONTHDAY=(-?\d+)$`)

// recurrence says the common rules in words (每年 06-30) and shows others as they are.
func recurrence(rule string, lang Lang) string {
	m := turns.FindStringSubmatch(rule)
	if m == nil || (m[1] == "YEARLY") != (m[3] != "") || m[1] == "YEARLY" && m[2] != "" {
		return rule
	}
	day := m[4]
	if day == "-1" {
		day = Label("due.last_day", lang)
	}
	switch {
	case m[2] == "3" && m[4] == "-1":
		return Label("due.quarterly", lang)
	case m[2] == "6" && m[4] == "-1":
		return Label("due.half_yearly", lang)
	case m[2] != "":
		return rule
	case m[1] == "MONTHLY":
		return Label("due.monthly", lang) + " " + day
	}
	return Label("due.yearly", lang) + " " + pad2(m[3]) + "-" + pad2(day)
}

func pad2(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s
}

// Notes are the reservations of a deadline: a goal, in principle, approximate,
// superseded, the strict reading.
func Notes(d compare.Due, lang Lang) []string {
	var out []string
	for _, n := range []struct {
		on  bool
		key string
	}{
		{d.Goal, "due.goal"}, {d.Hedged, "due.hedged"}, {d.Approximate, "due.approximate"},
		{d.SupersededBy != "", "due.superseded"},
	} {
		if n.on {
			out = append(out, Label(n.key, lang))
		}
	}
	if d.StrictEnd != "" {
		out = append(out, Label("due.strict", lang)+" "+d.StrictEnd)
	}
	for _, v := range d.Reviews {
		out = append(out, "✎ "+ReviewWords(v, lang))
	}
	return out
}

// OrganWords is an organ as written, with its role where known.
func OrganWords(o compare.Organ, lang Lang) string {
	if o.Role == "" {
		return o.Text
	}
	if lang == EN {
		return o.Text + " (" + Label("role."+string(o.Role), lang) + ")"
	}
	return o.Text + "（" + Label("role."+string(o.Role), lang) + "）"
}

// DifferenceLines say in words in what the places of a row agree and differ.
func DifferenceLines(d compare.Difference, columns []compare.Column, o Options) []string {
	names := map[string]string{}
	for _, c := range columns {
		names[c.Code] = o.place(c.Place)
	}
	var out []string
	add := func(key string, words []string) {
		if len(words) > 0 {
			out = append(out, o.label(key)+o.colon()+o.join(words))
		}
	}
	addPlaces := func(key string, list []compare.PlaceValues, show func(string) string) {
		var parts []string
		for _, p := range list {
			parts = append(parts, names[p.Place]+" "+o.join(mapped(p.Values, show)))
		}
		if len(parts) > 0 {
			sep := "；"
			if o.Lang == EN {
				sep = "; "
			}
			out = append(out, o.label(key)+o.colon()+strings.Join(parts, sep))
		}
	}
	same := func(s string) string { return s }
	place := func(code string) string { return names[code] }
	add("diff.common_kinds", mapped(d.CommonKinds, o.organ))
	addPlaces("diff.other_kinds", d.OtherKinds, o.organ)
	addPlaces("diff.open_organs", d.OpenOrgans, same)
	add("diff.common_days", mapped(d.CommonDays, o.day))
	addPlaces("diff.other_days", d.OtherDays, o.day)
	addPlaces("diff.open_days", d.OpenDays, same)
	add("diff.absent", mapped(d.Absent, place))
	add("diff.not_found", mapped(d.NotFound, place))
	add("diff.unknown", mapped(d.Unknown, place))
	return out
}

// day shows the key by which deadlines are compared.
func (o Options) day(key string) string {
	if start, ok := strings.CutSuffix(key, "/"); ok {
		return Days(compare.Due{Resolved: true, Start: start}, o.Lang)
	}
	return recurrence(key, o.Lang)
}

func mapped[T any](list []T, f func(T) string) []string {
	out := make([]string, 0, len(list))
	for _, s := range list {
		out = append(out, f(s))
	}
	return out
}

// short is s cut to n characters.
func short(s string, n int) string {
	count := 0
	for i := range s {
		if count == n {
			return s[:i] + "…"
		}
		count++
	}
	return s
}

// oneLine folds white space, so that a quote fits a cell.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// ReviewWords says in one line what a person said of a fact: who, when, both
// values, what became of it, and why.
func ReviewWords(v corpus.Review, lang Lang) string {
	day, _, _ := strings.Cut(v.At, "T")
	s := fmt.Sprintf(Label("review."+string(v.Action), lang), v.By, day, orNothing(v.Was), orNothing(v.Want))
	if v.Now != "" {
		s += fmt.Sprintf(Label("review.now", lang), v.Now)
	}
	if v.State != corpus.ReviewApplied {
		s += " [" + Label("review.state."+string(v.State), lang) + "]"
	}
	return strings.TrimSpace(s + " " + oneLine(v.Note))
}

func orNothing(s string) string {
	if s == "" {
		return "∅"
	}
	return oneLine(s)
}

func reviewLines(vs []corpus.Review, lang Lang) []string {
	return mapped(vs, func(v corpus.Review) string { return "✎ " + ReviewWords(v, lang) })
}
