package render

import (
	"encoding/csv"
	"io"
	"strconv"

	"tuogou/compare"
)

// WriteEvents writes the event-history table as CSV for R and Stata: UTF-8 without a
// byte order mark, which R would take for a part of the first name.
func WriteEvents(w io.Writer, list []compare.Event) error {
	t := eventRows(list)
	return csv.NewWriter(w).WriteAll(append([][]string{t.Head}, t.Rows...))
}

// eventRows has heads that are the same in every language, in letters that R and
// Stata take as names of variables.
func eventRows(list []compare.Event) Table {
	t := Table{Head: []string{"code", "place", "level", "generation", "year", "t", "adopted", "date", "censored"}}
	flag := func(b bool) string {
		if b {
			return "1"
		}
		return "0"
	}
	for _, e := range list {
		t.Rows = append(t.Rows, []string{e.Code, guard(e.Name), string(e.Level), string(e.Generation), strconv.Itoa(e.Year), strconv.Itoa(e.T),
			flag(e.Adopted), e.Date, flag(e.Censored)})
	}
	return t
}
