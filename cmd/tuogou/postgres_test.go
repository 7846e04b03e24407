package main

import (
	"bytes"
	"context"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"tuogou/corpus/store"
	"tuogou/corpus/store/postgres"
	"tuogou/corpus/store/postgres/pgtest"
)

// at runs one command in this process on the store at an address, "sqlite" for that of
// the data folder.
func at(t *testing.T, address, data string, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = Main(context.Background(), append([]string{"--data", data}, args...), Env{
		memory: &remembered, Stdin: strings.NewReader(""), Stdout: &o, Stderr: &e,
		Getenv: func(k string) string { return map[string]string{"HOME": data, envStore: address}[k] },
		Now:    func() time.Time { return time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC) },
	})
	return code, o.String(), e.String()
}

// ok is at for what has to end well; it returns the standard output.
func ok(t *testing.T, address, data string, args ...string) string {
	t.Helper()
	code, out, errs := at(t, address, data, args...)
	if code != exitOK {
		t.Fatalf("%v: exit %d\n%s%s", args, code, out, errs)
	}
	return out
}

// moment is a time of day, as the two crawls of a test have it differently.
var moment = regexp.MustCompile(`20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z`)

// demoCommands are the ways in which the demo is looked at.
var demoCommands = [][]string{{"export"}, {"search", "办公用房", "--json"}, {"compare", "--format", "json"}, {"coverage", "--json"}, {"timeline", "--format", "jsonl"}}

// demoByOne is what the demo says in one process with SQLite, made when first asked for.
var demoByOne struct {
	once   sync.Once
	says   []string // to demoCommands, without moments
	digest string
}

// sameDemo proves that a store holds the demo as one process with SQLite makes it, and
// that a folder beside it gives the same answers.
func sameDemo(t *testing.T, address, data string) {
	t.Helper()
	one := &demoByOne
	one.once.Do(func() {
		dir := filepath.Join(t.TempDir(), "d")
		ok(t, "sqlite", t.TempDir(), "demo", "--dir", dir)
		for _, args := range demoCommands {
			one.says = append(one.says, moment.ReplaceAllString(ok(t, "sqlite", dir, args...), "T"))
		}
		one.digest = digest(t, dir)
	})
	for i, want := range one.says {
		got := moment.ReplaceAllString(ok(t, address, data, demoCommands[i]...), "T")
		if got != want || len(want) < 100 {
			t.Errorf("%v: %d bytes, and %d from one process with SQLite", demoCommands[i], len(got), len(want))
		}
	}
	if got := digestOf(t, address); got != one.digest || got == "" {
		t.Errorf("digest %s, and %s of one process with SQLite", got, one.digest)
	}
}

// The demo gives the same export, the same answers and the same store, byte for byte but
// for the second of each fetch, in SQLite and in PostgreSQL.
func TestDemoOnPostgres(t *testing.T) {
	address := pgtest.Address(t)
	pg := filepath.Join(t.TempDir(), "d")
	ok(t, address, t.TempDir(), "demo", "--dir", pg)
	sameDemo(t, address, pg)
	if out := ok(t, address, pg, "verify"); strings.Contains(out, "problem") && !strings.Contains(out, "0 problems") {
		t.Errorf("verify: %s", out)
	}
	if out := ok(t, address, pg, "status"); !strings.Contains(out, "PostgreSQL") {
		t.Errorf("status does not name the engine:\n%s", out)
	}
}

func digestOf(t *testing.T, address string) string {
	t.Helper()
	s, err := postgres.Open(t.Context(), address, store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	d, err := store.Digest(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// A data folder goes to PostgreSQL and back; nothing is lost on the way, work goes on
// where it stood, and a target that holds other data is refused.
func TestMigrateThereAndBack(t *testing.T) {
	address := pgtest.Address(t)
	dir, back := seeded(t), filepath.Join(t.TempDir(), "back")
	ok(t, "sqlite", dir, "correct", "fix", "plan.txt", "/title", "题目", "--by", "wang")
	want := digest(t, dir)
	out := ok(t, "sqlite", dir, "migrate", "--to", address)
	if strings.Count(out, want) != 2 {
		t.Errorf("migrate prints\n%s, want twice %s", out, want)
	}
	ok(t, "sqlite", dir, "migrate", "--to", pgtest.Address(t)) // another one is another copy
	if code, _, errs := at(t, "sqlite", seeded(t), "migrate", "--to", address); code != exitUsage || !strings.Contains(errs, "holds data already") {
		t.Errorf("a second folder into the same database: exit %d, %s", code, errs)
	}
	// What is new goes in beside what came.
	more := t.TempDir()
	writePlans(t, more, 3)
	ok(t, address, dir, "add", more)
	ok(t, address, dir, "run")
	ok(t, address, dir, "correct", "fix", "plan.txt", "/title", "另一题目", "--by", "wang")
	moved := digestOf(t, address)
	if moved == want {
		t.Error("nothing was put")
	}
	ok(t, address, dir, "migrate", "--to", back)
	if got := digest(t, back); got != moved {
		t.Errorf("back it is %s, want %s", got, moved)
	}
	if a, b := ok(t, address, dir, "export"), ok(t, "sqlite", back, "export"); a != b {
		t.Error("the export is another one")
	}
	if a, b := ok(t, address, dir, "timeline", "--format", "jsonl"), ok(t, "sqlite", back, "timeline", "--format", "jsonl"); a != b {
		t.Error("the ledger is another one")
	}
	ok(t, "sqlite", back, "run")
	ok(t, "sqlite", back, "verify")
}

// A move that was stopped goes on.
func TestMigrateGoesOn(t *testing.T) {
	address, dir, ctx := pgtest.Address(t), seeded(t), t.Context()
	a := &app{Env: Env{Getenv: func(string) string { return "" }, Stderr: &bytes.Buffer{}, Now: time.Now}, data: dir}
	defer a.close()
	from, err := a.open(ctx, false)
	if err != nil {
		t.Fatal(err)
	}
	to, err := postgres.Open(ctx, address, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer to.Close()
	if err := a.mayMove(ctx, to, "it", dir); err != nil {
		t.Fatal(err)
	}
	stopped, stop := context.WithCancel(ctx)
	err = store.Copy(stopped, to.(store.Movable), from.(store.Movable), func(table string, _ int) {
		if table == "captures" {
			stop()
		}
	})
	if err == nil {
		t.Fatal("it was not stopped")
	}
	if out := ok(t, "sqlite", dir, "migrate", "--to", address); strings.Count(out, digest(t, dir)) != 2 {
		t.Errorf("after it was stopped: %s", out)
	}
}

// No command shows the password.
func TestPasswordIsNotShown(t *testing.T) {
	u, err := url.Parse(pgtest.Address(t))
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword("postgres", "geheim")
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "plan.txt"), []byte(plan), 0o644); err != nil {
		t.Fatal(err)
	}
	ok(t, u.String(), dir, "add", filepath.Join(dir, "plan.txt"))
	ok(t, u.String(), dir, "run")
	for _, args := range [][]string{{"status"}, {"doctor"}, {"migrate", "--to", filepath.Join(dir, "back")}, {"backup", filepath.Join(dir, "b")}} {
		if _, out, errs := at(t, u.String(), dir, args...); strings.Contains(out+errs, "geheim") || !strings.Contains(out, "xxxxx") && args[0] != "backup" {
			t.Errorf("%v: %s%s", args, out, errs)
		}
	}
}
