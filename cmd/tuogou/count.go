package main

import (
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/schollz/progressbar/v3"

	"tuogou/corpus"
)

// tally counts the outcomes of a batch and prints one line for each failure.
type tally struct {
	mu                          sync.Mutex
	done, same, skipped, failed int
	out                         io.Writer
}

func (t *tally) add(o corpus.Outcome, what, why string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch o {
	case corpus.Done:
		t.done++
	case corpus.Same:
		t.same++
	case corpus.Skipped:
		t.skipped++
		fmt.Fprintf(t.out, "skipped %s: %s\n", what, why)
	case corpus.Failed:
		t.failed++
		fmt.Fprintf(t.out, "failed %s: %s\n", what, why)
	}
}

// end prints the summary line and tells whether anything failed.
func (t *tally) end(what string) error {
	fmt.Fprintf(t.out, "%s: done %d, same %d, skipped %d, failed %d\n", what, t.done, t.same, t.skipped, t.failed)
	if t.failed > 0 {
		return errFailures
	}
	return nil
}

// progress is a bar on standard error for long work, and nothing where that is
// no terminal or the work is short.
func (a *app) progress(n int, what string) *progressbar.ProgressBar {
	f, ok := a.Stderr.(*os.File)
	if ok {
		s, err := f.Stat()
		ok = err == nil && s.Mode()&os.ModeCharDevice != 0
	}
	if !ok || n < 50 {
		return progressbar.DefaultSilent(int64(n), what)
	}
	return progressbar.NewOptions(n, progressbar.OptionSetDescription(what), progressbar.OptionSetWriter(f), progressbar.OptionClearOnFinish())
}
