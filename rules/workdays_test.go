package rules

import (
	"testing"
	"testing/fstest"
	"time"
)

func TestWorkdays(t *testing.T) {
	w, err := loadWorkdays(Embedded())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		why, from string
		n         int
		want      string // "" where it stays open
	}{
		{"within a week", "2018-08-06", 3, "2018-08-09"},
		{"over a weekend", "2018-08-09", 10, "2018-08-23"},
		{"the holiday of victory day in 2015, and the Sunday worked for it", "2015-09-02", 2, "2015-09-07"},
		{"spring festival of 2016 with its two working weekends", "2016-02-05", 3, "2016-02-15"},
		{"national day and mid-autumn of 2017 together", "2017-09-29", 2, "2017-10-09"},
		{"labour day of 2018 with a worked Saturday", "2018-04-27", 2, "2018-05-02"},
		{"labour day of 2019, made longer", "2019-04-30", 1, "2019-05-05"},
		{"spring festival of 2020, made longer by the epidemic", "2020-01-23", 1, "2020-02-03"},
		{"national day of 2021", "2021-09-30", 2, "2021-10-09"},
		{"a Saturday and a Sunday worked in 2022", "2022-01-28", 2, "2022-01-30"},
		{"mid-autumn and national day of 2023", "2023-09-28", 1, "2023-10-07"},
		{"spring festival of 2024", "2024-02-09", 1, "2024-02-18"},
		{"before the first notice in the table", "2003-12-30", 5, ""},
		{"after the last", "2026-12-30", 10, ""},
		{"no days", "2018-08-09", 0, ""},
	} {
		day, err := time.Parse(time.DateOnly, c.from)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := w.Add(day, c.n)
		if s := got.Format(time.DateOnly); ok != (c.want != "") || ok && s != c.want {
			t.Errorf("%s: %d working days after %s: %s %v, want %q", c.why, c.n, c.from, s, ok, c.want)
		}
	}
	if _, ok := (&Workdays{}).Add(time.Date(2018, 1, 1, 0, 0, 0, 0, time.UTC), 1); ok {
		t.Error("the zero value knows a year")
	}
}

func TestWorkdaysRefusesBadLines(t *testing.T) {
	for _, line := range []string{"2018\t01-01", "x\t\t", "2018\t\t\n2018\t\t", "2018\t13-01\t", "2018\t01-05/01-02\t", "2018\t\t01-03", "2018\t02-11\t02-11"} {
		if _, err := loadWorkdays(fstest.MapFS{"holidays.tsv": {Data: []byte(line)}}); err == nil {
			t.Errorf("%q: no error", line)
		}
	}
}
