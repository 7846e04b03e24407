package main

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"sync"

	"github.com/spf13/cobra"

	"tuogou/compare"
	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/extract"
	"tuogou/extract/reader"
)

func (a *app) extractCmd() *cobra.Command {
	var date string
	var retry, all bool
	c := &cobra.Command{
		Use:   "extract [FILE…]",
		Short: "Make records of what was added, or print those of files",
		Long: `Without files, extract makes the records of all documents in the data folder that
are new, changed, or were read by other rules. With files it prints their records
and keeps nothing: one JSON object a line with --json, a short view without.

Exit codes: 0 ok, 1 error, 2 usage, 3 finished with failures.`,
		Example: "  tuogou extract --json notice.txt | jq .deadlines",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return a.extractFiles(cmd.Context(), args, date)
			}
			t := &tally{out: a.Stderr}
			if err := a.extractStore(cmd.Context(), store.Work{Retry: retry, All: all}, t); err != nil {
				return err
			}
			return t.end("extract")
		},
	}
	c.Flags().StringVar(&date, "date", "", "day (YYYY-MM-DD) that relative dates count from where a file gives none")
	c.Flags().BoolVar(&retry, "retry", false, "also try again what failed before")
	c.Flags().BoolVar(&all, "all", false, "also redo what is up to date")
	return c
}

// extractFiles prints the records of files.
func (a *app) extractFiles(ctx context.Context, files []string, date string) error {
	k, err := a.knowledge()
	if err != nil {
		return err
	}
	t := &tally{out: a.Stderr}
	for _, p := range files {
		if err := ctx.Err(); err != nil {
			return err
		}
		data, err := readFile(p)
		if err != nil {
			t.add(corpus.Failed, p, reason(err))
			continue
		}
		r, err := k.read(corpus.Capture{Path: filepath.Base(p), SHA256: corpus.HashBytes(data)}, data, beside(p), extract.Options{Date: date})
		if err == nil {
			err = a.printRecord(r)
		}
		if err != nil {
			t.add(corpus.Failed, p, reason(err))
			continue
		}
		t.add(corpus.Done, p, "")
	}
	if t.failed > 0 {
		return t.end("extract")
	}
	return nil
}

// read makes the record of one capture.
func (k *knowledge) read(c corpus.Capture, data []byte, open opener, opts extract.Options) (*corpus.Record, error) {
	_, r, err := k.readText(c, data, open, opts)
	return r, err
}

// readText makes the text and the record of one capture. A panic in the depths
// costs this document and not the run.
func (k *knowledge) readText(c corpus.Capture, data []byte, open opener, opts extract.Options) (t *corpus.Text, r *corpus.Record, err error) {
	defer func() {
		if p := recover(); p != nil {
			t, r, err = nil, nil, fmt.Errorf("defect in the program, please report it: %v", p)
		}
	}()
	name := c.Path
	url := c.Final
	if url == "" {
		url = c.URL
	}
	if name == "" {
		name = url
	}
	t, err = k.reader.Read(reader.Input{Data: data, Name: name, URL: url, Type: c.Type, Open: open})
	if err != nil {
		return nil, nil, err
	}
	src := corpus.Source{URL: c.URL, Path: c.Path, SHA256: c.SHA256}
	if !c.Fetched.IsZero() {
		src.Fetched = c.Fetched.UTC().Format("2006-01-02T15:04:05Z")
	}
	r = k.x.Extract(src, t, opts)
	return t, r, r.Check()
}

// printable is the record as an output may show it.
func (a *app) printable(r *corpus.Record) *corpus.Record {
	if a.contacts {
		return r
	}
	return compare.Mask(r)
}

func (a *app) printRecord(r *corpus.Record) error {
	r = a.printable(r)
	if !a.json {
		return a.view(r)
	}
	line, err := corpus.Encode(r)
	if err != nil {
		return err
	}
	a.print("%s\n", line)
	return nil
}

const putBatch = 32

// extractStore runs the extract stage: readers side by side, one writer that
// keeps finished records in batches. A kill loses the open batch and nothing else.
func (a *app) extractStore(ctx context.Context, w store.Work, t *tally) error {
	s, err := a.open(ctx, true)
	if err != nil {
		return err
	}
	k, err := a.knowledge()
	if err != nil {
		return err
	}
	w.Rules = k.x.Hash()
	var todo []store.Document
	for d, err := range s.Stale(ctx, w) {
		if err != nil {
			return err
		}
		todo = append(todo, d)
	}
	st, err := s.Status(ctx)
	if err != nil {
		return err
	}
	t.same += st.Documents - len(todo)
	var seen *passing
	if len(todo) > 0 {
		if err := a.putRules(ctx, s, k); err != nil {
			return err
		}
		if seen, err = pass(ctx, s, k); err != nil {
			return err
		}
	}
	bar := a.progress(len(todo), "extract")
	defer bar.Close()
	if a.Getenv("GOGC") == "" { // little lives long here: a tenth of the CPU for some 35 MB
		defer debug.SetGCPercent(debug.SetGCPercent(400))
	}
	for start := 0; start < len(todo); start += putBatch {
		batch := make([]reading, min(putBatch, len(todo)-start))
		for i := range batch {
			batch[i].doc = todo[start+i]
		}
		if err := k.readAll(ctx, s, batch); err != nil {
			return err
		}
		if err := a.keep(ctx, s, batch, seen, t); err != nil {
			return err
		}
		_ = bar.Add(len(batch)) // a bar that cannot be drawn is no reason to stop
	}
	return a.afterRecords(ctx, s, k, seen)
}

// putRules says which rules the records are made by.
func (a *app) putRules(ctx context.Context, s store.Writer, k *knowledge) error {
	return s.PutRules(ctx, store.RuleSet{Hash: k.x.Hash(), Name: "tuogou", At: a.Now()})
}

// afterRecords does what can only be done when documents have their records: references
// are led to documents, and the ledger is brought up. One process at a time does it.
func (a *app) afterRecords(ctx context.Context, s store.Store, k *knowledge, seen *passing) error {
	if err := a.resolve(ctx, s, k, seen); err != nil {
		return err
	}
	_, err := a.syncLedger(ctx, s, seen)
	return err
}

// readAll makes the records of a batch, several at once.
func (k *knowledge) readAll(ctx context.Context, s store.Store, batch []reading) error {
	var wg sync.WaitGroup
	next := make(chan int)
	errs := make([]error, len(batch))
	for range min(runtime.GOMAXPROCS(0), len(batch)) {
		wg.Go(func() {
			for i := range next {
				errs[i] = batch[i].make(ctx, k, s)
			}
		})
	}
	for i := range batch {
		next <- i
	}
	close(next)
	wg.Wait()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	for _, err := range errs {
		if err != nil {
			return err // once is enough
		}
	}
	return nil
}

// keep puts a batch in one transaction.
func (a *app) keep(ctx context.Context, s store.Store, batch []reading, seen *passing, t *tally) error {
	err := s.Batch(ctx, func(w store.Writer) error {
		for i := range batch {
			if err := batch[i].put(ctx, w, a.Now()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("keep records: %w", err)
	}
	for i := range batch {
		r := &batch[i]
		if r.outcome == corpus.Done && r.kept != corpus.Skipped {
			seen.put(r.record, r.kept)
		}
		t.add(r.outcome, nameOf(r.doc.Latest), r.why)
	}
	return nil
}

func nameOf(c corpus.Capture) string {
	if c.URL != "" {
		return c.URL
	}
	return c.Path
}
