package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tuogou/compare/render"
	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/corpus/store/sqlite"
	"tuogou/correct"
	"tuogou/prove"
	"tuogou/timeline"
)

// proven is what verify finds in a file by itself.
func proven(t *testing.T, s store.Store, name string, data []byte) []prove.Finding {
	t.Helper()
	var found []prove.Finding
	_, err := prove.File(t.Context(), name, data, books{correct.Over(s), s}, func(f prove.Finding) error { found = append(found, f); return nil })
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
	return found
}

// idOf is the document that was added as a file of that name.
func idOf(t *testing.T, s store.Reader, name string) corpus.DocID {
	t.Helper()
	for d, err := range s.Documents(t.Context(), store.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		if d.Latest.Path == name {
			return d.ID
		}
	}
	t.Fatalf("no document %s", name)
	return ""
}

// written is what a command writes.
func written(t *testing.T, dir string, args ...string) []byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), "file")
	if code, out, errs := call(t, dir, append(args, "-o", file)...); code != exitOK {
		t.Fatalf("%v: exit %d\n%s%s", args, code, out, errs)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// tampered is a folder with a plan that has several obligations and personal data.
func tampered(t *testing.T) (dir string, s store.Store) {
	t.Helper()
	dir = seeded(t)
	texts := t.TempDir()
	if err := os.WriteFile(filepath.Join(texts, "planted.txt"), []byte(planted), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"add", texts}, {"run"}} {
		if code, out, errs := call(t, dir, args...); code != 0 {
			t.Fatalf("%v: exit %d\n%s%s", args, code, out, errs)
		}
	}
	s, err := sqlite.Open(t.Context(), dir, store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	return dir, s
}

// Whatever is tampered with in what verify reads beside records, it finds; prove has the
// tests of records.
func TestTampering(t *testing.T) {
	t.Parallel()
	dir, s := tampered(t)
	t.Run("tables", func(t *testing.T) { everyChangeOfATable(t, dir, s) })
	t.Run("files", func(t *testing.T) { tamperedFiles(t, dir, s) })
	t.Run("made again", func(t *testing.T) { madeAgain(t, dir) })
	t.Run("corrections", func(t *testing.T) { forgedCorrection(t, dir, s) })
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	t.Run("ledger", func(t *testing.T) { forgedLedger(t, dir) })
}

// byCommandOnly are the columns that no passage proves: what follows from the day, what
// is drawn from several facts, and what people wrote. The command that made the table
// proves them.
var byCommandOnly = map[string][]string{
	"timeline": {"state", "day", "lead", "support", "issued", "notes", "changed"},
	"matrix":   {"topic_id", "topic", "code", "place", "state", "heading", "form", "organs", "kinds", "deadlines", "days", "notes"},
}

// Every cell of a table that verify proves by itself is tampered with, and found with its
// line; the other columns are named, so that none is forgotten.
func everyChangeOfATable(t *testing.T, dir string, s store.Store) {
	for _, c := range []struct {
		name string
		args []string
	}{{"timeline", []string{"timeline"}}, {"matrix", []string{"compare", "990101"}}} {
		rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(written(t, dir, append(c.args, "--format", "csv")...), []byte("\ufeff")))).ReadAll()
		if err != nil || len(rows) < 3 {
			t.Fatal(err, rows)
		}
		table := func(rows [][]string) []byte {
			var b bytes.Buffer
			if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
				t.Fatal(err)
			}
			return b.Bytes()
		}
		sheet := func(rows [][]string) []byte {
			g := render.Grid{ID: "x", Head: rows[0]}
			for _, r := range rows[1:] {
				var fields []render.Field
				for _, cell := range r {
					fields = append(fields, render.Field{Text: cell})
				}
				g.Rows = append(g.Rows, fields)
			}
			var b bytes.Buffer
			if err := render.WriteXLSX(&b, []render.Grid{g}); err != nil {
				t.Fatal(err)
			}
			return b.Bytes()
		}
		if found := append(proven(t, s, "x.csv", table(rows)), proven(t, s, "x.xlsx", sheet(rows))...); len(found) > 0 {
			t.Fatalf("%s untouched: %+v", c.name, found)
		}
		left := func(column int) bool {
			return slices.ContainsFunc(byCommandOnly[c.name], func(key string) bool { return slices.Contains(books{}.Heads(key), rows[0][column]) })
		}
		cited := slices.IndexFunc(rows[0], func(h string) bool { return slices.Contains(books{}.Heads("doc"), h) })
		if cited < 0 {
			t.Fatalf("%s names no documents: %v", c.name, rows[0])
		}
		for i := 1; i < len(rows); i++ {
			for column, cell := range rows[i] {
				if left(column) || rows[i][cited] == "" && cell == "" {
					continue
				}
				for _, forged := range []string{cell + "9", ""} {
					if forged == cell {
						continue
					}
					own := slices.Clone(rows)
					own[i] = slices.Clone(rows[i])
					own[i][column] = forged
					if len(proven(t, s, "x.csv", table(own))) == 0 {
						t.Errorf("%s.csv: %s “%s” for “%s”: all is proved", c.name, rows[0][column], forged, cell)
					}
					if len(proven(t, s, "x.xlsx", sheet(own))) == 0 {
						t.Errorf("%s.xlsx: %s “%s” for “%s”: all is proved", c.name, rows[0][column], forged, cell)
					}
				}
			}
		}
	}
}

// Obligations as JSON, calendars and pages: what is tampered with, in what form.
func tamperedFiles(t *testing.T, dir string, s store.Store) {
	other, err := s.Latest(t.Context(), idOf(t, s, "plan.txt"))
	if err != nil {
		t.Fatal(err)
	}
	this, err := s.Latest(t.Context(), idOf(t, s, "planted.txt"))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	days := regexp.MustCompile(`(DTEND;VALUE=DATE:2019)0101`)
	for _, c := range []struct {
		reason   string
		args     []string
		old, new string
		pattern  *regexp.Regexp
	}{
		{"another day", []string{"timeline", "--format", "jsonl"}, `"end":"2018-12-31"`, `"end":"2019-12-31"`, nil},
		{"another EDTF", []string{"timeline", "--format", "json"}, `../2018-12-31`, `../2019-12-31`, nil},
		{"another task", []string{"timeline", "--format", "jsonl"}, `"task":"`, `"task":"不`, nil},
		{"another thing", []string{"timeline", "--format", "jsonl"}, `"sentence":"2018年底前完成办公用房`, `"sentence":"2018年底前完成办公楼房`, nil},
		{"another sentence", []string{"timeline", "--format", "jsonl"}, `"sentence":"2018年底前完成`, `"sentence":"2018年底前基本完成`, nil},
		{"another place", []string{"timeline", "--format", "jsonl"}, `"code":"990101"`, `"code":"990102"`, nil},
		{"another document", []string{"timeline", "--format", "jsonl"}, string(this.Doc), string(other.Doc), nil},
		{"another hash of the capture", []string{"timeline", "--format", "jsonl"}, string(this.SHA256), string(other.SHA256), nil},
		{"a span that begins one later", []string{"timeline", "--format", "jsonl"}, `"span":{"start":`, `"span":{"start":1`, nil},
		{"an obligation nobody knows", []string{"timeline", "--format", "jsonl"}, `"uid":"o`, `"uid":"o0`, nil},
		{"an event on another day", []string{"timeline", "--format", "ics"}, "", "${1}0102", days},
		{"an event that recurs", []string{"timeline", "--format", "ics"}, "SUMMARY:", "RRULE:FREQ=YEARLY\r\nSUMMARY:", nil},
		{"a to-do with another day", []string{"timeline", "--format", "ics", "--tasks"}, "DUE;VALUE=DATE:20181231", "DUE;VALUE=DATE:20191231", nil},
		{"an event without its passage", []string{"timeline", "--format", "ics"}, "X-TUOGOU-CITE", "X-OTHER", nil},
		{"an event of another document", []string{"timeline", "--format", "ics"}, "X-TUOGOU-CITE:" + string(this.Doc), "X-TUOGOU-CITE:" + string(other.Doc), nil},
		{"a page with another passage", []string{"compare", "990101", "--format", "html"}, "2018年底前</mark>", "2019年底前</mark>", nil},
		{"a page with another place in the text", []string{"compare", "990101", "--format", "html"}, `data-chars="`, `data-chars="1`, nil},
		{"a page whose passage has no place", []string{"compare", "990101", "--format", "html"}, `data-chars="`, `data-x="`, nil},
		{"a page of another document", []string{"compare", "990101", "--format", "html"}, `data-doc="` + string(this.Doc), `data-doc="` + string(other.Doc), nil},
		{"a cell with another day", []string{"compare", "990101", "--format", "json"}, `"end": "2018-12-31"`, `"end": "2019-12-31"`, nil},
		{"a cell with another kind of deadline", []string{"compare", "990101", "--format", "json"}, `"kind": "by"`, `"kind": "from"`, nil},
		{"a study with another day", []string{"compare", "990101", "--baseline", "codebook", "--format", "json"}, `"quote": "2018年底前`, `"quote": "2019年底前`, nil},
	} {
		name := "x." + c.args[slices.Index(c.args, "--format")+1]
		key := strings.Join(c.args, " ")
		if files[key] == nil {
			files[key] = written(t, dir, c.args...)
		}
		data := files[key]
		if found := proven(t, s, name, data); len(found) > 0 {
			t.Errorf("%s: untouched: %+v", c.reason, found)
			continue
		}
		forged := bytes.Replace(data, []byte(c.old), []byte(c.new), 1)
		if c.pattern != nil {
			forged = c.pattern.ReplaceAll(data, []byte(c.new))
		}
		if bytes.Equal(forged, data) {
			t.Errorf("%s: nothing to tamper with in\n%.2000s", c.reason, data)
			continue
		}
		if len(proven(t, s, name, forged)) == 0 {
			t.Errorf("%s: all is proved", c.reason)
		}
	}
}

// Every format is proved, in all it says, by the command that made it: a report as it
// was, and then with one character changed.
func madeAgain(t *testing.T, dir string) {
	// Those that prove nothing by themselves, and one that does.
	all := [][]string{{"export"}, {"compare", "990101", "--format", "md"}, {"timeline", "--since", "0", "--format", "atom"}}
	for _, format := range []string{"md", "csv", "docx", "xlsx"} {
		all = append(all, []string{"compare", "990101", "--baseline", "codebook", "--format", format})
	}
	for _, format := range []string{"text", "gantt", "jira"} {
		all = append(all, []string{"timeline", "--as-of", "2018-01-01", "--format", format})
	}
	for _, args := range all {
		data := written(t, dir, args...)
		file := filepath.Join(t.TempDir(), "report")
		verify := append([]string{"verify", file, "--"}, append(args, "-o", file)...)
		if err := os.WriteFile(file, data, 0o644); err != nil {
			t.Fatal(err)
		}
		if code, out, errs := call(t, dir, verify...); code != exitOK {
			t.Errorf("%v: exit %d\n%s%s", args, code, out, errs)
			continue
		}
		forged := repacked(t, data, func(text string) string { return strings.ReplaceAll(text, "2018", "2019") })
		if bytes.Equal(forged, data) {
			t.Errorf("%v does not name the year", args)
		}
		if err := os.WriteFile(file, forged, 0o644); err != nil {
			t.Fatal(err)
		}
		if code, out, _ := call(t, dir, verify...); code != exitFailures || !strings.Contains(out, "2019") {
			t.Errorf("forged %v: exit %d\n%s", args, code, out)
		}
	}
	for _, args := range [][]string{{"verify", "--", "export"}, {"verify", "a", "b", "--", "export"}, {"verify", "a", "--"}, {"verify", dir + "/places.tsv", "--", "run"},
		{"verify", dir + "/places.tsv", "--", "timeline", "accept", "x"}, {"verify", dir + "/places.tsv", "--", "compare", "--save-lock", "x"}} {
		if code, _, errs := call(t, dir, args...); code != exitUsage {
			t.Errorf("%v: exit %d %s", args, code, errs)
		}
	}
}

// repacked is a file with its text changed; of a packed one that of its parts.
func repacked(t *testing.T, data []byte, change func(string) string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return []byte(change(string(data)))
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		out, err := w.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(out, change(string(text))); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What the ledger says beside the records is found: a change that no record gives, in
// order otherwise.
func forgedLedger(t *testing.T, dir string) {
	for _, c := range []struct {
		reason string
		forge  func(*timeline.Obligation)
	}{
		{"another day", func(o *timeline.Obligation) { o.When.End = "2030-12-31" }},
		{"another task", func(o *timeline.Obligation) { o.Task = "别的事" }},
		{"another department", func(o *timeline.Obligation) { o.Parties = append(o.Parties, timeline.Party{Name: "区审计局"}) }},
		{"other words", func(o *timeline.Obligation) { o.Words = "2030年底前" }},
		{"another place", func(o *timeline.Obligation) { o.Place.Code = "990102" }},
		{"a correction nobody made", func(o *timeline.Obligation) {
			o.When.End = "2030-12-31"
			o.Fixes = append(o.Fixes, timeline.Fix{ID: "c0123456789abcdef", Field: "end", Want: `"2030-12-31"`})
		}},
	} {
		s, err := sqlite.Open(t.Context(), dir, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		list, end, err := timeline.Load(t.Context(), s)
		if err != nil || len(list) == 0 {
			t.Fatal(err, list)
		}
		i := slices.IndexFunc(list, func(o timeline.Obligation) bool { return o.Status == timeline.Open })
		forge := func(change func(*timeline.Obligation)) {
			o := list[i]
			o.Fixes, o.Parties = slices.Clone(o.Fixes), slices.Clone(o.Parties)
			change(&o)
			x := timeline.Change{UID: o.UID, Sequence: o.Sequence, Kind: "moved", Cause: "page", At: store.Stamp(time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)), Obligation: o}
			if end, err = timeline.Append(t.Context(), s, end, []timeline.Change{x}); err != nil {
				t.Fatal(err)
			}
		}
		forge(c.forge)
		code, out, _ := call(t, dir, "verify", "--json")
		var v struct{ Findings []prove.Finding }
		if err := json.Unmarshal([]byte(out), &v); err != nil || code != exitFailures || len(v.Findings) != 1 || v.Findings[0].Where != list[i].UID {
			t.Errorf("%s: exit %d, %v, %s", c.reason, code, err, out)
		}
		forge(func(*timeline.Obligation) {})
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if code, out, _ := call(t, dir, "verify"); code != exitOK {
		t.Errorf("as it was: %s", out)
	}
}

// lying is a store one of whose corrections is not what the person wrote.
type lying struct{ store.Store }

func (l lying) Corrections(ctx context.Context, id corpus.DocID) ([]store.Correction, error) {
	list, err := l.Store.Corrections(ctx, id)
	for i := range list {
		list[i].Want = `"2030-12-31"`
	}
	return list, err
}

// A correction is named by its content: another content is found.
func forgedCorrection(t *testing.T, dir string, s store.Store) {
	if code, _, errs := call(t, dir, "correct", "fix", "plan.txt", "/deadlines/0/end", "2018-11-30", "--by", "wang"); code != exitOK {
		t.Fatal(errs)
	}
	if code, _, errs := call(t, dir, "run"); code != exitOK {
		t.Fatal(errs)
	}
	for _, c := range []struct {
		s    store.Reader
		want int
	}{{s, 0}, {lying{s}, 1}} {
		var found []prove.Finding
		if _, err := prove.Store(t.Context(), c.s, prove.Ways{}, func(f prove.Finding) error { found = append(found, f); return nil }); err != nil || len(found) != c.want {
			t.Errorf("%v, %+v, want %d", err, found, c.want)
		}
	}
}
