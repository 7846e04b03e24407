package rules

import (
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"
)

// Workdays is the calendar of working days, from holidays.tsv. The zero value
// knows no year.
type Workdays struct {
	known     map[int]bool
	off, work map[time.Time]bool // off against the week, worked against the week
}

// Is reports whether the civil day t, at midnight UTC, is worked; known is
// false where the table does not have its year.
func (w *Workdays) Is(t time.Time) (worked, known bool) {
	if !w.known[t.Year()] {
		return false, false
	}
	switch {
	case w.work[t]:
		return true, true
	case w.off[t]:
		return false, true
	}
	return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday, true
}

// Add is the n-th working day after t, which is not counted itself. It reports
// false where the way leads into a year that is not known, or n is not positive.
func (w *Workdays) Add(t time.Time, n int) (time.Time, bool) {
	for left := n; left > 0; {
		t = t.AddDate(0, 0, 1)
		worked, known := w.Is(t)
		if !known {
			return t, false
		}
		if worked {
			left--
		}
	}
	return t, n > 0
}

func loadWorkdays(fsys fs.FS) (*Workdays, error) {
	const name = "holidays.tsv"
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, fmt.Errorf("rules: %w", err)
	}
	w := &Workdays{known: map[int]bool{}, off: map[time.Time]bool{}, work: map[time.Time]bool{}}
	for i, line := range strings.Split(string(data), "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		if err := w.read(line); err != nil {
			return nil, fmt.Errorf("rules: %s:%d: %w", name, i+1, err)
		}
	}
	return w, nil
}

// read takes in one line: year, days off, days worked.
func (w *Workdays) read(line string) error {
	f := strings.Split(line, "\t")
	if len(f) != 3 {
		return fmt.Errorf("%d columns, want year, days off, days worked", len(f))
	}
	year, err := strconv.Atoi(f[0])
	if err != nil || w.known[year] {
		return fmt.Errorf("%q is no year, or stands twice", f[0])
	}
	w.known[year] = true
	if err := days(year, f[1], w.off); err != nil {
		return err
	}
	if err := days(year, f[2], w.work); err != nil {
		return err
	}
	for t := range w.work {
		if t.Year() == year && (w.off[t] || t.Weekday() != time.Saturday && t.Weekday() != time.Sunday) {
			return fmt.Errorf("%s cannot be a day worked against the week", t.Format(time.DateOnly))
		}
	}
	return nil
}

// days puts the days of list (01-01 01-22/01-28) into set.
func days(year int, list string, set map[time.Time]bool) error {
	for _, s := range strings.Fields(list) {
		first, last, isRange := strings.Cut(s, "/")
		if !isRange {
			last = first
		}
		a, err := time.Parse(time.DateOnly, fmt.Sprintf("%d-%s", year, first))
		if err != nil {
			return fmt.Errorf("%q: %w", s, err)
		}
		b, err := time.Parse(time.DateOnly, fmt.Sprintf("%d-%s", year, last))
		if err != nil || b.Before(a) {
			return fmt.Errorf("%q is no range of days", s)
		}
		for ; !a.After(b); a = a.AddDate(0, 0, 1) {
			set[a] = true
		}
	}
	return nil
}
