package main

import (
	"context"
	"errors"
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

// job is one document on its way through the extract stage.
type job struct {
	doc     store.Document
	record  *corpus.Record
	outcome corpus.Outcome
	why     string
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
	if len(todo) > 0 {
		if err := s.PutMeta(ctx, metaUnresolved, "yes"); err != nil {
			return err
		}
		if err := s.PutRules(ctx, store.RuleSet{Hash: w.Rules, Name: "tuogou", At: a.Now()}); err != nil {
			return err
		}
	}
	var seen *passing
	if len(todo) > 0 {
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
		jobs := make([]job, min(putBatch, len(todo)-start))
		for i := range jobs {
			jobs[i].doc = todo[start+i]
		}
		if err := k.readAll(ctx, s, jobs); err != nil {
			return err
		}
		if err := a.keep(ctx, s, jobs, w.Rules, seen, t); err != nil {
			return err
		}
		_ = bar.Add(len(jobs)) // a bar that cannot be drawn is no reason to stop
	}
	if err := a.resolve(ctx, s, k, seen); err != nil {
		return err
	}
	_, err = a.syncLedger(ctx, s, seen)
	return err
}

// readAll makes the records of jobs, several at once.
func (k *knowledge) readAll(ctx context.Context, s store.Store, jobs []job) error {
	var wg sync.WaitGroup
	next := make(chan *job)
	for range min(runtime.GOMAXPROCS(0), len(jobs)) {
		wg.Go(func() {
			for j := range next {
				j.work(ctx, k, s)
			}
		})
	}
	for i := range jobs {
		next <- &jobs[i]
	}
	close(next)
	wg.Wait()
	return ctx.Err()
}

func (j *job) work(ctx context.Context, k *knowledge, s store.Store) {
	data, err := s.Blob(ctx, j.doc.Latest.SHA256)
	if err == nil {
		j.record, err = k.read(j.doc.Latest, data, k.kept(ctx, s), extract.Options{})
	}
	switch {
	case err == nil && j.record.ID != j.doc.ID:
		j.outcome, j.why = corpus.Failed, fmt.Sprintf("the record is of %s", j.record.ID)
	case err == nil:
		j.outcome = corpus.Done
	default:
		j.outcome, j.why = corpus.Failed, err.Error()
		var e *reader.Error
		if errors.As(err, &e) {
			j.why = e.Message
		}
	}
}

func (a *app) keep(ctx context.Context, s store.Store, jobs []job, rules corpus.Hash, seen *passing, t *tally) error {
	puts := make([]corpus.Outcome, len(jobs))
	err := s.Batch(ctx, func(w store.Writer) error {
		for i := range jobs {
			j := &jobs[i]
			if j.outcome == corpus.Done {
				var err error
				if puts[i], err = w.PutRecord(ctx, j.record, a.Now()); err == nil {
					continue
				}
				if !errors.Is(err, store.ErrInvalid) {
					return err
				}
				j.outcome, j.why = corpus.Failed, err.Error()
			}
			if err := w.PutOutcome(ctx, store.StageOutcome{Stage: store.StageExtract, Doc: j.doc.ID, Outcome: j.outcome,
				Reason: j.why, Bytes: j.doc.Latest.SHA256, Rules: rules, At: a.Now()}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("keep records: %w", err)
	}
	for i, j := range jobs {
		if j.outcome == corpus.Done {
			seen.put(j.record, puts[i])
		}
		t.add(j.outcome, nameOf(j.doc.Latest), j.why)
	}
	return nil
}

func nameOf(c corpus.Capture) string {
	if c.URL != "" {
		return c.URL
	}
	return c.Path
}
