package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A correction shows in every output with who, when, why and both values.
func TestCorrectionShowsInEveryOutput(t *testing.T) {
	dir, texts := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(texts, "plan.txt"), []byte(plan), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "places.tsv"), []byte("code\tname\tfrom\tto\tlevel\tparent\n990000\t示例省\t0\t0\tprovince\t000000\n990100\t示例市\t0\t0\tprefecture\t990000\n990101\t示例区\t0\t0\tcounty\t990100\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) string {
		t.Helper()
		code, out, errs := call(t, dir, append(args, "--lang", "en")...)
		if code != 0 {
			t.Fatalf("%v: exit %d\n%s%s", args, code, out, errs)
		}
		return out
	}
	run("add", texts)
	run("run")
	run("correct", "fix", "plan.txt", "/deadlines/0/end", "2018-09-30", "--by", "wang", "--note", "see the print")
	if code, _, _ := call(t, dir, "search", "办公用房"); code != exitStale {
		t.Errorf("search does not see that a record was corrected: exit %d", code)
	}
	run("run")
	if out := run("search", "due:2018-09", "--unit", "deadline"); !strings.Contains(out, "1 hits") {
		t.Errorf("search by the corrected date: %s", out)
	}
	for _, args := range [][]string{
		{"show", "plan.txt"}, {"export"}, {"correct", "facts", "plan.txt"}, {"compare", "990101"}, {"compare", "990101", "--format", "html"},
		{"compare", "990101", "--format", "csv"}, {"timeline", "--format", "md"}, {"timeline", "--format", "json"}, {"timeline", "--format", "ics"},
	} {
		out := strings.NewReplacer("\r\n ", "", "\n", "", " ", "", "&#39;", "'").Replace(run(args...))
		for _, want := range []string{"wang", "2026-11-24", "seetheprint", "2018-12-31", "2018-09-30"} {
			if !strings.Contains(out, want) {
				t.Errorf("%v does not show %s:\n%s", args, want, out)
			}
		}
	}
	id := strings.Fields(run("correct", "list"))[0]
	file := filepath.Join(texts, "c.txt")
	run("correct", "export", "-o", file)
	run("correct", "undo", id, "--by", "wang")
	if out := run("timeline", "--format", "csv"); strings.Contains(out, "2018-09-30") {
		t.Errorf("taken back, and still there: %s", out)
	}
	if out := run("correct", "import", file); !strings.Contains(out, "0 new corrections, 1 known") {
		t.Errorf("import of what is known: %s", out)
	}
	if code, _, errs := call(t, dir, "correct", "undo", id); code != exitUsage || !strings.Contains(errs, "TUOGOU_BY") {
		t.Errorf("a correction by nobody: %d %s", code, errs)
	}
	if code, _, errs := call(t, dir, "correct", "fix", "plan.txt", "/colour", "red", "--by", "x"); code != exitUsage || !strings.Contains(errs, "no field") {
		t.Errorf("a field that is not there: exit %d, %s", code, errs)
	}
	run("verify")
}
