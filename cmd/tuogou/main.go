// Command tuogou turns published government pages on the decoupling (脱钩) of
// industry associations and chambers of commerce into verifiable records, and
// searches, compares and lists them. "tuogou help" names the commands.
//
// This package only wires: one file a command over the packages that do the
// work. Nothing below it reads the environment, the clock or the arguments.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"tuogou/segment"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(Main(ctx, os.Args[1:], Env{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv, Now: time.Now,
	}))
}

// Env is the world of one run of the program, so that tests can give another.
type Env struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Getenv         func(string) string
	Now            func() time.Time
	Transport      http.RoundTripper // nil is the network

	memory *memory // nil remembers nothing
}

// The exit codes, as documented in docs/cli.md.
const (
	exitOK       = 0
	exitError    = 1
	exitUsage    = 2
	exitFailures = 3 // finished, but some documents failed
	exitStale    = 4 // answered from an index that is behind the records
)

// codedError is an error that asks for its own exit code.
type codedError struct {
	code int
	err  error
}

func (e *codedError) Error() string { return e.err.Error() }
func (e *codedError) Unwrap() error { return e.err }

func usage(format string, args ...any) error {
	return &codedError{exitUsage, fmt.Errorf(format, args...)}
}

// errFailures ends a run in which single documents failed. Its words have been
// printed already, one line a document.
var errFailures = &codedError{exitFailures, errors.New("some documents failed")}

// errStale ends a search that an outdated index answered.
var errStale = &codedError{exitStale, errors.New("the index is behind the records")}

// Main runs one command and returns its exit code.
func Main(ctx context.Context, args []string, env Env) int {
	if err := segment.Available(); err != nil {
		fmt.Fprintln(env.Stderr, "tuogou:", err)
		return exitError
	}
	a := &app{Env: env}
	defer a.close()
	root := a.root()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		err = a.closeStore()
	}
	if err == nil {
		return exitOK
	}
	var coded *codedError
	if errors.As(err, &coded) {
		if coded != errFailures && coded != errStale {
			fmt.Fprintln(env.Stderr, "tuogou:", err)
		}
		return coded.code
	}
	if errors.Is(err, context.Canceled) {
		fmt.Fprintln(env.Stderr, "tuogou: stopped; what was finished is kept, run the same command again to go on")
		return exitError
	}
	fmt.Fprintln(env.Stderr, "tuogou:", err)
	return exitError
}
