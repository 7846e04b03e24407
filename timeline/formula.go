package timeline

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"tuogou/compare"
	"tuogou/corpus"
	"tuogou/rules"
)

// Anchor is what a relative time counts from.
type Anchor = corpus.Anchor

// anchorDocument is the kind of an anchor that another document gives: 自《…方案》
// 印发之日起30日内.
const anchorDocument = "document"

var duration = regexp.MustCompile(`^P(\d{1,4})([DWMY])$`)

// resolve turns a formula with a known anchor into dates. The day of the anchor is
// not counted; a month ends on the day of the same number, or on its last one.
func (w *When) resolve(days *rules.Workdays) {
	if w.Formula == "" && w.Workdays == 0 || w.Anchor == nil {
		return
	}
	from, err := time.Parse(time.DateOnly, w.Anchor.Date)
	if err != nil {
		return
	}
	to, ok := time.Time{}, false
	if w.Workdays > 0 {
		if days != nil {
			to, ok = days.Add(from, w.Workdays)
		}
	} else if m := duration.FindStringSubmatch(w.Formula); m != nil {
		n, _ := strconv.Atoi(m[1]) // the pattern lets only digits through
		to, ok = later(from, n, m[2]), true
	}
	if !ok {
		return
	}
	w.Start, w.End, w.Resolved = w.Anchor.Date, to.Format(time.DateOnly), true
	w.EDTF = interval(w.Start, w.End)
}

func later(from time.Time, n int, unit string) time.Time {
	switch unit {
	case "D":
		return from.AddDate(0, 0, n)
	case "W":
		return from.AddDate(0, 0, 7*n)
	case "Y":
		n *= 12
	}
	to := from.AddDate(0, n, 0)
	if to.Day() != from.Day() { // 31 August and six months: 28 February
		to = to.AddDate(0, 0, -to.Day())
	}
	return to
}

// FormulaWords is the formula of a time and what it counts from, in words; "" where it
// has none.
func FormulaWords(w When) string {
	what := w.Formula
	if w.Workdays > 0 {
		what = fmt.Sprintf("%d workdays", w.Workdays)
	}
	if w.Anchor != nil && w.Anchor.Text != "" {
		what = strings.TrimSpace(what + " after " + w.Anchor.Text)
	}
	return what
}

// anchor gives open formulas the day of another document that they count from, where
// the text names that document in the sentence and the corpus has it.
func (u *update) anchor(found []Deadline) {
	for i := range found {
		d := &found[i]
		r := u.records[d.Sources[0].Document.ID]
		if d.When.Resolved || d.When.Anchor == nil || r == nil || !words().Issued.MatchString(d.When.Anchor.Text) {
			continue
		}
		for _, ref := range r.References {
			if ref.Target == "" || ref.Title == "" || !strings.Contains(d.When.Anchor.Text, ref.Title) {
				continue
			}
			if day := issueDay(u.records[ref.Target]); day != "" {
				d.When.Anchor = &Anchor{Kind: anchorDocument, Text: d.When.Anchor.Text, Date: day}
				d.When.resolve(u.now.Workdays)
				d.face.when = timeKey(d.When)
				break
			}
		}
	}
}

// issueDay is the day on which r was issued; the day its page went up is none.
func issueDay(r *corpus.Record) string {
	if r == nil {
		return ""
	}
	day, kind := compare.DateOf(r)
	if _, err := time.Parse(time.DateOnly, day); err != nil || kind == "posted" {
		return ""
	}
	return day
}
