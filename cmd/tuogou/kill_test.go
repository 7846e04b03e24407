package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"tuogou/corpus/store"
	"tuogou/corpus/store/sqlite"
)

// A run that was killed at any point and run again leaves what one clean run
// leaves: the same records, the same outcomes, a store that proves itself, and
// an index that answers the same.
func TestKilledRun(t *testing.T) {
	t.Parallel() // it waits for other processes
	if testing.Short() {
		t.Skip("starts the program some twenty times")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	texts := t.TempDir()
	writePlans(t, texts, 160)
	seed := filepath.Join(t.TempDir(), "seed")
	tuogou(t, self, seed, "add", texts)

	clean := filepath.Join(t.TempDir(), "clean")
	copyFolder(t, seed, clean)
	begin := time.Now()
	tuogou(t, self, clean, "run")
	whole := time.Since(begin)

	killed := filepath.Join(t.TempDir(), "killed")
	copyFolder(t, seed, killed)
	rng := rand.New(rand.NewPCG(1, 2))
	hits := 0
	for i := range 10 {
		cmd := command(self, killed, "run")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		// Spread over the whole run, the earlier points first, because each try
		// finds less to do.
		time.Sleep(time.Duration(rng.Int64N(int64(whole)))/2 + time.Duration(i)*time.Millisecond)
		if err := cmd.Process.Kill(); err == nil {
			hits++
		}
		_ = cmd.Wait() // killed: an error is what is wanted
	}
	if hits == 0 {
		t.Fatal("no run was killed")
	}
	tuogou(t, self, killed, "run")
	if a, b := digest(t, clean), digest(t, killed); a != b {
		t.Errorf("after %d kills the store holds other things than after one clean run:\n%s\n%s", hits, a, b)
	}
	tuogou(t, self, killed, "verify")
	for _, q := range []string{"办公用房", "脱钩 kind:plan"} {
		// Where a page goes on depends on how often the index was written.
		next := regexp.MustCompile(`"next":"[^"]*"`)
		a, b := next.ReplaceAllString(tuogou(t, self, clean, "search", q, "--json"), ""), next.ReplaceAllString(tuogou(t, self, killed, "search", q, "--json"), "")
		if a != b {
			t.Errorf("search %s answers\n%s\nafter a clean run\n%s", q, b, a)
		}
	}
}

// command starts the test binary as the program.
func command(self, data string, args ...string) *exec.Cmd {
	cmd := exec.Command(self, append([]string{"--data", data}, args...)...)
	cmd.Args[0] = "tuogou" // see testscript.Main
	cmd.Env = os.Environ()
	return cmd
}

func tuogou(t *testing.T, self, data string, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	cmd := command(self, data, args...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("tuogou %v: %v\n%s", args, err, errs.String())
	}
	return out.String()
}

func digest(t *testing.T, dir string) string {
	t.Helper()
	ctx := context.Background()
	s, err := sqlite.Open(ctx, dir, store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	d, err := store.Digest(ctx, s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// writePlans writes n short plans of invented places, each different.
func writePlans(t *testing.T, dir string, n int) {
	t.Helper()
	for i := range n {
		text := fmt.Sprintf(`示例%d区行业协会商会与行政机关脱钩实施方案

示%d政发〔2017〕%d号

一、总体要求

按照上级部署，积极稳妥推进行业协会商会与行政机关脱钩。

二、脱钩任务

（一）机构分离，规范综合监管关系。取消行政机关与行业协会商会的主管关系。

（二）资产财务分离，规范财产关系。%d年底前完成办公用房清理腾退。（区财政局负责）

2017年3月%d日
`, i, i, i+1, 2017+i%4, 1+i%28)
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("plan%03d.txt", i)), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func copyFolder(t *testing.T, from, to string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}
