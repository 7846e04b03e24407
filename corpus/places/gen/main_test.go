package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestHistory(t *testing.T) {
	years := func(code, name string, from, to int) string {
		var b strings.Builder
		for y := from; y <= to; y++ {
			b.WriteString(strings.Join([]string{itoa(y), code, name}, ",") + "\n")
		}
		return b.String()
	}
	for _, c := range []struct {
		why, source string
		want        []row
	}{
		{"all the time", years("990100", "甲市", 1980, 2020), []row{{"990100", "甲市", 0, 0}}},
		{"abolished in the year after the last one", years("990101", "乙区", 1980, 2009), []row{{"990101", "乙区", 0, 2010}}},
		{"renamed: the year belongs to both", years("990100", "甲市", 1980, 2009) + years("990100", "丙市", 2010, 2020),
			[]row{{"990100", "甲市", 0, 2010}, {"990100", "丙市", 2010, 0}}},
		{"a year left out is a slip", years("990101", "乙区", 1990, 1995) + years("990101", "乙区", 1997, 2020), []row{{"990101", "乙区", 1990, 0}}},
		{"many years are none", years("990101", "乙区", 1990, 1995) + years("990101", "乙区", 2010, 2020),
			[]row{{"990101", "乙区", 1990, 1996}, {"990101", "乙区", 2010, 0}}},
		{"two names in one year: the one of before", years("990101", "乙县", 1981, 1982) + years("990101", "丁县", 1982, 1982),
			[]row{{"990101", "乙县", 1981, 1983}}},
	} {
		got, err := history([]byte(c.source), io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(c.want, got, cmp.AllowUnexported(row{})); d != "" {
			t.Errorf("%s: %s", c.why, d)
		}
	}
	for _, bad := range []string{"1979,990100,甲市\n", "x,990100,甲市\n", "1980,990100\n"} {
		if _, err := history([]byte(bad), io.Discard); err == nil {
			t.Errorf("%q taken", bad)
		}
	}
}

func itoa(y int) string {
	return string([]byte{byte('0' + y/1000), byte('0' + y/100%10), byte('0' + y/10%10), byte('0' + y%10)})
}

func TestApply(t *testing.T) {
	rows := []row{{"990100", "甲市", 0, 0}, {"990101", "乙县", 1990, 0}}
	got, err := apply(rows, "# c\nop\tcode\tname\tyear\tnote\nend\t990101\t乙县\t2021\t\nadd\t990181\t乙市\t2021\t\nfrom\t990100\t甲市\t1999\t\n")
	if err != nil {
		t.Fatal(err)
	}
	want := []row{{"990100", "甲市", 1999, 0}, {"990101", "乙县", 1990, 2021}, {"990181", "乙市", 2021, 0}}
	if d := cmp.Diff(want, got, cmp.AllowUnexported(row{})); d != "" {
		t.Error(d)
	}
	for _, bad := range []string{"end\t990102\t乙县\t2021\t\n", "add\t990100\t甲市\t2021\t\n", "move\t990100\t甲市\t2021\t\n", "end\t990100\t甲市\t\t\n", "end\t990100\n"} {
		if _, err := apply(want, bad); err == nil {
			t.Errorf("%q taken", bad)
		}
	}
}

// The committed table holds what changes.tsv says.
func TestChangesAreInTable(t *testing.T) {
	table, err := os.ReadFile(filepath.Join("..", "places.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(changes) {
		f := strings.Split(line, "\t")
		if len(f) != 5 || f[0] == "op" {
			continue
		}
		want := "\n" + f[1] + "\t" + f[2] + "\t"
		switch f[0] {
		case "add", "from":
			want += f[3] + "\t"
		}
		if has := bytes.Contains(table, []byte(want)); has == (f[0] == "drop") {
			t.Errorf("places.tsv does not follow %q: run the generator", strings.TrimSpace(line))
		}
	}
}
