package render

import (
	"strconv"

	"tuogou/compare"
)

// EventRows is the event-history table. Its heads are the same in every language,
// in letters that R and Stata take as names of variables.
func EventRows(list []compare.Event) Table {
	t := Table{Head: []string{"code", "place", "level", "generation", "year", "t", "adopted", "date", "censored"}}
	flag := func(b bool) string {
		if b {
			return "1"
		}
		return "0"
	}
	for _, e := range list {
		t.Rows = append(t.Rows, []string{e.Code, e.Name, string(e.Level), string(e.Generation), strconv.Itoa(e.Year), strconv.Itoa(e.T),
			flag(e.Adopted), e.Date, flag(e.Censored)})
	}
	return t
}
