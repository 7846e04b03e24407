package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"tuogou/corpus/store/postgres/pgtest"
)

// TestMain lets the test binary stand in for the program: in scripts as the
// command tuogou, and for the tests that kill it.
func TestMain(m *testing.M) {
	testscript.Main(served{m}, map[string]func(){"tuogou": func() { os.Exit(child()) }})
}

// served are the tests of this binary, and the end of the database that they started.
type served struct{ m *testing.M }

func (s served) Run() int { return pgtest.Main(s.m) }

func child() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return Main(ctx, os.Args[1:], Env{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv, Now: time.Now})
}

func TestScripts(t *testing.T) {
	cache, err := os.UserCacheDir() // the unpacked dictionaries, shared with other runs
	if err != nil {
		cache = t.TempDir()
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("TUOGOU_DATA", e.Cd+"/data")
			e.Setenv("XDG_CACHE_HOME", cache)
			e.Setenv("LANG", "C.UTF-8")
			return nil
		},
	})
}
