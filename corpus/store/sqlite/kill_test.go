package sqlite

import (
	"bufio"
	"context"
	"errors"
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
	"tuogou/corpus/store/storetest"
)

// killEnv tells the test binary, started again by a test, to do the job on the
// folder named and be killed.
const killEnv = "TUOGOU_STORE_KILL_DIR"

const jobPages = 120

func TestMain(m *testing.M) {
	dir := os.Getenv(killEnv)
	if dir == "" {
		os.Exit(m.Run())
	}
	if err := job(context.Background(), dir, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// job crawls and extracts invented pages as the program would: what is done
// already is not done again. It says what it does, line by line.
func job(ctx context.Context, dir string, say *os.File) (err error) {
	s, err := Open(ctx, dir, store.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	var ts []store.Target
	for n := range jobPages {
		c, _ := storetest.Page(n, 1)
		ts = append(ts, store.Target{URL: c.URL, Depth: n})
	}
	if _, err := s.AddTargets(ctx, storetest.At(0), ts); err != nil {
		return err
	}
	if err := crawl(ctx, s, say); err != nil {
		return err
	}
	return extract(ctx, s, say)
}

func crawl(ctx context.Context, s store.Store, say *os.File) error {
	for {
		claimed, err := s.Claim(ctx, store.Claim{Limit: 7, Now: storetest.At(1)})
		if err != nil || len(claimed) == 0 {
			return err
		}
		for _, q := range claimed {
			c, body := storetest.Page(q.Depth, 1)
			fmt.Fprintln(say, "capture", c.Doc)
			if _, err := s.PutCapture(ctx, c, body); err != nil {
				return err
			}
			if err := s.Finish(ctx, store.Visit{URL: c.URL, Outcome: corpus.Done, At: c.Fetched}); err != nil {
				return err
			}
		}
	}
}

func extract(ctx context.Context, s store.Store, say *os.File) error {
	n := 0
	for d, err := range s.Stale(ctx, store.Work{Rules: storetest.Rules(1)}) {
		if err != nil {
			return err
		}
		fmt.Fprintln(say, "record", d.ID)
		if strings.HasSuffix(string(d.ID), "0") {
			o := store.StageOutcome{Stage: store.StageExtract, Doc: d.ID, Outcome: corpus.Failed, Reason: "unreadable", Bytes: d.Latest.SHA256, Rules: storetest.Rules(1)}
			if err := s.PutOutcome(ctx, o); err != nil {
				return err
			}
			continue
		}
		err := s.Batch(ctx, func(w store.Writer) error {
			r := storetest.Record(d.Latest, storetest.Rules(1))
			r.Source.SHA256 = d.Latest.SHA256
			if _, err := w.PutRecord(ctx, r, storetest.At(2)); err != nil {
				return err
			}
			n++
			return w.PutMeta(ctx, "extracted", fmt.Sprint(n))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func contentOf(t *testing.T, dir string) string {
	t.Helper()
	s := folder{dir}.Open(t, store.Options{ReadOnly: true})
	defer s.Close()
	for p, err := range s.Verify(t.Context()) {
		t.Errorf("verify: %v %v", p, err)
	}
	sum, err := store.Digest(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

func TestKilledRunsEndLikeACleanOne(t *testing.T) {
	quiet, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer quiet.Close()
	clean := filepath.Join(t.TempDir(), "clean")
	if err := job(t.Context(), clean, quiet); err != nil {
		t.Fatal(err)
	}
	want := contentOf(t, clean)

	const seed = 20261124
	rng := rand.New(rand.NewPCG(seed, 1))
	dir := filepath.Join(t.TempDir(), "killed")
	kills := 0
	for ; kills < 12 && killOnce(t, dir, rng.IntN(40), time.Duration(rng.IntN(1500))*time.Microsecond); kills++ {
		contentOf(t, dir)
	}
	t.Logf("seed %d: killed %d times", seed, kills)
	if kills < 5 {
		t.Errorf("the job ended after %d kills: too few to prove anything", kills)
	}
	for range 2 { // finish it, and once more with nothing to do
		if err := job(t.Context(), dir, quiet); err != nil {
			t.Fatal(err)
		}
		if got := contentOf(t, dir); got != want {
			t.Errorf("content %s, want that of the clean run %s", got, want)
		}
	}
}

// killOnce runs the job in another process and kills it some lines and a
// moment after its start. It reports whether there was anything to kill.
func killOnce(t *testing.T, dir string, lines int, wait time.Duration) bool {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), killEnv+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	in := bufio.NewScanner(out)
	for lines >= 0 && in.Scan() {
		lines--
	}
	if lines < 0 {
		time.Sleep(wait) // only to vary the moment: nothing is expected of it
	}
	killed := cmd.Process.Kill() == nil
	for in.Scan() { // what stands in the pipe still
	}
	err = cmd.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() > 0 {
		t.Fatalf("the job ended by itself: %v", err)
	}
	return killed && err != nil
}

func TestLockOfAnotherProcessNamesIt(t *testing.T) {
	f := newFolder(t)
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), killEnv+"="+f.dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	// Its output is not read on, so it stops at a full pipe or goes on
	// writing; either way it holds the lock after its first line.
	if !bufio.NewScanner(out).Scan() {
		t.Fatal("the other process says nothing")
	}
	_, err = Open(t.Context(), f.dir, store.Options{})
	var locked *store.LockedError
	if !errors.As(err, &locked) || locked.PID != cmd.Process.Pid {
		t.Errorf("error %v, want one that names process %d", err, cmd.Process.Pid)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	// The lock is gone with its process; the number in the file is no lock.
	f.Open(t, store.Options{}).Close()
}
