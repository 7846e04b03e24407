package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/corpus/store/sqlite"
)

// r2 is a moment after those of the tests' clock.
func r2() time.Time { return time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC) }

// killAt starts the program and kills it after a while. It returns what it had
// said by then.
func killAt(t *testing.T, self, data string, after time.Duration, args ...string) string {
	t.Helper()
	cmd := command(self, data, args...)
	var out bytes.Buffer
	cmd.Stdout = &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(after)
	_ = cmd.Process.Kill() // it may have ended by itself
	_ = cmd.Wait()
	return out.String()
}

// A correction that was said to be kept is kept, whenever the program is killed
// after that, and one that was not is there whole or not at all.
func TestKilledCorrect(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the program some ten times")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := seeded(t)
	begin := time.Now()
	tuogou(t, self, dir, "correct", "fix", "plan.txt", "/title", "题目", "--by", "wang")
	whole := time.Since(begin)
	rng := rand.New(rand.NewPCG(3, 4))
	said := []string{}
	for i := range 6 {
		out := killAt(t, self, dir, whole/2+time.Duration(rng.Int64N(int64(whole))), "correct", "fix", "plan.txt", "/title", fmt.Sprint("题目", i), "--by", "wang")
		if id, _, ok := strings.Cut(out, " "); ok {
			said = append(said, id)
		}
	}
	list := tuogou(t, self, dir, "correct", "list")
	for _, id := range said {
		if !strings.Contains(list, id) {
			t.Errorf("%s was said to be kept and is not:\n%s", id, list)
		}
	}
	tuogou(t, self, dir, "verify", "--quick")
}

// A report is the old one or the new one, never half of one, and an index that
// was killed while it was made answers or is made again.
func TestKilledIndexAndCompare(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the program some ten times")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := seeded(t)
	report := filepath.Join(t.TempDir(), "report.html")
	begin := time.Now()
	tuogou(t, self, dir, "compare", "990101", "--format", "html", "-o", report)
	whole := time.Since(begin)
	want, err := os.ReadFile(report)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(5, 6))
	for range 4 {
		killAt(t, self, dir, time.Duration(rng.Int64N(int64(whole))), "compare", "990101", "--format", "html", "-o", report)
		if got, err := os.ReadFile(report); err != nil || !bytes.Equal(got, want) {
			t.Fatalf("after a kill the report has %d bytes, want %d: %v", len(got), len(want), err)
		}
		killAt(t, self, dir, time.Duration(rng.Int64N(int64(whole))), "index", "--rebuild")
	}
	tuogou(t, self, dir, "run")
	if out := tuogou(t, self, dir, "search", "办公用房", "--json"); !strings.Contains(out, `"total":1`) {
		t.Errorf("search after kills: %s", out)
	}
}

// A second process that wants to write is told who does, and readers go on.
func TestTwoProcesses(t *testing.T) {
	dir := seeded(t)
	s, err := sqlite.Open(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if code, _, errs := call(t, dir, "correct", "fix", "plan.txt", "/title", "x", "--by", "wang"); code != exitError || !strings.Contains(errs, fmt.Sprint(os.Getpid())) {
		t.Errorf("a second writer: exit %d, %s", code, errs)
	}
	if code, out, errs := call(t, dir, "search", "办公用房"); code != exitOK || out == "" {
		t.Errorf("a reader beside a writer: exit %d, %s", code, errs)
	}
}

// Damage to the index costs the index: search says what to do, and run does it.
func TestCorruptIndex(t *testing.T) {
	dir := seeded(t)
	n := 0
	err := filepath.Walk(filepath.Join(dir, "index"), func(path string, info os.FileInfo, err error) error {
		if err == nil && info.Mode().IsRegular() {
			n++
			return os.WriteFile(path, bytes.Repeat([]byte("damage"), 64), 0o644)
		}
		return err
	})
	if err != nil || n == 0 {
		t.Fatalf("%d files damaged: %v", n, err)
	}
	if code, _, errs := call(t, dir, "search", "办公用房"); code == exitOK || !strings.Contains(errs, "tuogou") {
		t.Errorf("search in a damaged index: exit %d, %s", code, errs)
	}
	if code, _, errs := call(t, dir, "run"); code != exitOK {
		t.Fatalf("run: exit %d, %s", code, errs)
	}
	if code, out, _ := call(t, dir, "search", "办公用房"); code != exitOK || !strings.Contains(out, "示例区") {
		t.Errorf("after run: exit %d, %s", code, out)
	}
}

// A database page with other bytes is found; what is whole can still be read out.
func TestDamagedPage(t *testing.T) {
	dir := seeded(t)
	file := filepath.Join(dir, "tuogou.db")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	damaged := bytes.ReplaceAll(data, []byte("实施方案"), []byte("实施办法")) // in the record
	if bytes.Equal(damaged, data) {
		t.Fatal("the record does not stand raw in the file")
	}
	if err := os.WriteFile(file, damaged, 0o644); err != nil {
		t.Fatal(err)
	}
	if code, out, _ := call(t, dir, "verify", "--quick"); code != exitFailures || !strings.Contains(out, "extract it again") {
		t.Errorf("verify: exit %d\n%s", code, out)
	}
	if code, _, errs := call(t, dir, "extract", "--all"); code != exitOK {
		t.Errorf("extract --all: exit %d %s", code, errs)
	}
	if code, out, _ := call(t, dir, "verify"); code != exitOK {
		t.Errorf("after extract --all: exit %d\n%s", code, out)
	}
}

// The clock goes back and forth: nothing is lost, overwritten or refused.
func TestClockJumps(t *testing.T) {
	dir := seeded(t)
	texts := t.TempDir()
	for i, year := range []int{1999, 2090, 2026} {
		// The same file, edited, is added at each time, too.
		if err := os.WriteFile(filepath.Join(texts, "edited.txt"), []byte(strings.Replace(plan, "2018年底前", fmt.Sprint(2019+i, "年底前"), 1)), 0o644); err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{{"correct", "fix", "plan.txt", "/title", fmt.Sprint("题目", i), "--by", "wang"}, {"add", texts}, {"run"}} {
			var out, errs bytes.Buffer
			code := Main(context.Background(), append([]string{"--data", dir}, args...), Env{
				Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Getenv: func(string) string { return "" }, memory: &remembered,
				Now: func() time.Time { return time.Date(year, 1, 1, 0, 0, i, 0, time.UTC) }})
			if code != exitOK {
				t.Fatalf("%d: %v: exit %d %s", year, args, code, errs.String())
			}
		}
	}
	if code, out, errs := call(t, dir, "verify", "--json"); code != exitOK || !strings.Contains(out, `"captures":4`) {
		t.Errorf("verify: exit %d\n%s%s", code, out, errs)
	}
	if code, out, errs := call(t, dir, "correct", "list"); code != exitOK || strings.Count(out, "题目") < 3 {
		t.Errorf("exit %d\n%s%s", code, out, errs)
	}
	if code, _, errs := call(t, dir, "run"); code != exitOK {
		t.Errorf("run: exit %d %s", code, errs)
	}
}

// On a disk that is full the program says so, keeps what it had, and goes on when
// there is space.
func TestFullDisk(t *testing.T) {
	if testing.Short() {
		t.Skip("mounts a small disk")
	}
	disk := t.TempDir()
	if err := exec.Command("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", disk).Run(); err != nil {
		t.Skip("no right to mount a small disk")
	}
	defer exec.Command("umount", "-l", disk).Run()
	dir, texts := filepath.Join(disk, "data"), t.TempDir()
	if err := os.WriteFile(filepath.Join(texts, "plan.txt"), []byte(plan), 0o644); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := call(t, dir, "add", texts); code != exitOK {
		t.Fatalf("exit %d %s", code, errs)
	}
	rng := rand.New(rand.NewPCG(7, 8))
	noise := make([]byte, 2<<20)
	for i := range noise {
		noise[i] = "abcdefghijklmnopqrstuvwxyz0123456789"[rng.IntN(36)]
	}
	for i := range 3 {
		if err := os.WriteFile(filepath.Join(texts, fmt.Sprintf("big%d.txt", i)), append([]byte("行业协会商会脱钩"), noise[i:]...), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	code, _, errs := call(t, dir, "add", texts)
	if code == exitOK || !strings.Contains(errs, "free some space") {
		t.Errorf("exit %d %s, want a word about space", code, errs)
	}
	s, err := sqlite.Open(t.Context(), dir, store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Latest(t.Context(), corpus.IDOf("", corpus.HashBytes([]byte(plan)))); err != nil {
		t.Errorf("what was kept before: %v", err)
	}
}
