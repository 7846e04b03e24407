package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/corpus/store/sqlite"
)

// seeded is a data folder with one plan, read and indexed.
func seeded(t *testing.T) string {
	t.Helper()
	dir, texts := filepath.Join(t.TempDir(), "data"), t.TempDir()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	places := "code\tname\tfrom\tto\tlevel\tparent\n990000\t示例省\t0\t0\tprovince\t000000\n990100\t示例市\t0\t0\tprefecture\t990000\n990101\t示例区\t0\t0\tcounty\t990100\n"
	for name, text := range map[string]string{filepath.Join(dir, "places.tsv"): places, filepath.Join(texts, "plan.txt"): plan} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{"add", texts}, {"run"}} {
		if code, out, errs := call(t, dir, args...); code != 0 {
			t.Fatalf("%v: exit %d\n%s%s", args, code, out, errs)
		}
	}
	return dir
}

// Every fact of the store, and every passage of every kind of report, is proved
// again from the bytes; a change of one character in a report is found.
func TestVerifyProvesStoreAndReports(t *testing.T) {
	dir := seeded(t)
	code, out, _ := call(t, dir, "verify", "--json")
	var v struct{ Captures, Records, Facts, Proved int }
	if err := json.Unmarshal([]byte(out), &v); err != nil || code != 0 || v.Facts < 10 || v.Proved != v.Facts || v.Captures != 1 || v.Records != 1 {
		t.Fatalf("exit %d, %v: %s", code, err, out)
	}
	for _, args := range [][]string{{"export", "-o", "a.jsonl"}, {"compare", "990101", "--format", "json", "-o", "m.json"}, {"compare", "990101", "--format", "csv", "-o", "m.csv"},
		{"compare", "990101", "--format", "html", "-o", "m.html"}, {"timeline", "--format", "ics", "-o", "t.ics"}} {
		file := filepath.Join(t.TempDir(), args[len(args)-1])
		args[len(args)-1] = file
		if code, out, errs := call(t, dir, args...); code != 0 {
			t.Fatalf("%v: %d %s%s", args, code, out, errs)
		}
		if code, out, errs := call(t, dir, "verify", file); code != 0 {
			t.Errorf("%v: exit %d\n%s%s", args, code, out, errs)
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		forged := bytes.ReplaceAll(data, []byte("2018年底前"), []byte("2019年底前"))
		if bytes.Equal(forged, data) {
			t.Errorf("%v does not quote the deadline", args)
		}
		if err := os.WriteFile(file, forged, 0o644); err != nil {
			t.Fatal(err)
		}
		if code, out, _ := call(t, dir, "verify", file); code != exitFailures || !strings.Contains(out, "2019年底前") {
			t.Errorf("forged %v: exit %d\n%s", args, code, out)
		}
	}
}

// A record that says what the bytes do not give is found, fact by fact, though
// its quotes and hashes are in order.
func TestVerifyFindsAFactThatBytesDoNotGive(t *testing.T) {
	dir := seeded(t)
	s, err := sqlite.Open(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for r, err := range s.Records(t.Context(), store.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		end := "2017-12-31"
		r.Deadlines[0].End, r.Deadlines[0].EDTF = &end, "../2017-12-31"
		r.Kind = corpus.KindNews
		if _, err := s.PutRecord(t.Context(), r, r2()); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	code, out, _ := call(t, dir, "verify")
	if code != exitFailures || !strings.Contains(out, "/deadlines/0") || !strings.Contains(out, "news") {
		t.Errorf("exit %d\n%s", code, out)
	}
	if code, _, _ := call(t, dir, "verify", "--quick"); code != 0 {
		t.Errorf("--quick looks at more than hashes and quotes: exit %d", code)
	}
}

// A backup is made while the folder is open for writing, proves itself, and gives
// the same store back with everything beside it.
func TestBackupAndRestoreWhileRunning(t *testing.T) {
	dir := seeded(t)
	if code, _, errs := call(t, dir, "correct", "fix", "plan.txt", "/title", "另一题目", "--by", "wang"); code != 0 {
		t.Fatal(errs)
	}
	writer, err := sqlite.Open(t.Context(), dir, store.Options{}) // another process at work
	if err != nil {
		t.Fatal(err)
	}
	if _, err := writer.PutBlob(t.Context(), []byte("written and not yet in the main file")); err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "copy")
	if code, out, errs := call(t, dir, "backup", copied); code != 0 {
		t.Fatalf("exit %d: %s%s", code, out, errs)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := call(t, dir, "backup", copied); code != exitUsage || !strings.Contains(errs, "not empty") {
		t.Errorf("over an old backup: exit %d %s", code, errs)
	}
	fresh := filepath.Join(t.TempDir(), "new")
	if code, out, errs := call(t, fresh, "restore", copied); code != 0 {
		t.Fatalf("exit %d: %s%s", code, out, errs)
	}
	if a, b := digest(t, dir), digest(t, fresh); a != b {
		t.Errorf("the restored store says other things: %s, %s", a, b)
	}
	if _, err := os.Stat(filepath.Join(fresh, "places.tsv")); err != nil {
		t.Error(err)
	}
	if code, _, errs := call(t, fresh, "restore", copied); code != exitUsage || !strings.Contains(errs, "already") {
		t.Errorf("over a store: exit %d %s", code, errs)
	}
	data, err := os.ReadFile(filepath.Join(copied, "tuogou.db"))
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/2] ^= 1
	if err := os.WriteFile(filepath.Join(copied, "tuogou.db"), data, 0o644); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := call(t, filepath.Join(t.TempDir(), "x"), "restore", copied); code != exitError || !strings.Contains(errs, "not what was backed up") {
		t.Errorf("from a damaged backup: exit %d %s", code, errs)
	}
}
