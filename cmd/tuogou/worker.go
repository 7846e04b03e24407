package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/corpus/store/postgres/jobs"
	"tuogou/crawler"
	"tuogou/rules"
)

// workerFlags say what a worker does.
type workerFlags struct {
	stages         []string
	crawls, reads  int
	lease, stopFor time.Duration
	drain          bool
}

func (a *app) workerCmd() *cobra.Command {
	f := workerFlags{stopFor: 30 * time.Second}
	var words []string
	for _, s := range jobs.Stages {
		words = append(words, string(s))
	}
	c := &cobra.Command{
		Use: "worker", Short: "Do queued work, beside other workers on any number of hosts", Args: cobra.NoArgs,
		Long: `worker does the jobs that "tuogou run --jobs" and "tuogou crawl --jobs" queue in a
store in PostgreSQL, until it is stopped. Any number may run, on any number of hosts.
They share the manners towards sites: one of them at a time asks a server, with its
pause. What a worker had in hand when it died is done by another. An index in a folder
is that of the host whose worker does the stage index.

Exit codes: 0 stopped, or with --drain nothing is left; 1 error, 2 usage.`,
		Example: "  TUOGOU_STORE=postgres://tuogou@db.example.org/tuogou tuogou worker --crawls 8",
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.work(cmd.Context(), f) },
	}
	c.Flags().StringSliceVar(&f.stages, "stages", words, "the stages that it does")
	c.Flags().IntVar(&f.crawls, "crawls", 4, "sources crawled at once")
	c.Flags().IntVar(&f.reads, "reads", 0, "documents in hand at once: as many as there are processors are read, others are kept (0 = 16 for each)")
	c.Flags().DurationVar(&f.lease, "lease", 0, "how long after it was last heard of the worker counts as dead (0 = 30s)")
	c.Flags().BoolVar(&f.drain, "drain", false, "end when no job of its stages is left")
	return c
}

func (a *app) work(ctx context.Context, f workerFlags) error {
	if f.reads <= 0 {
		f.reads = 16 * runtime.GOMAXPROCS(0)
	}
	for _, s := range f.stages {
		if !slices.Contains(jobs.Stages, jobs.Stage(s)) {
			return usage("--stages %s: %v are known", s, jobs.Stages)
		}
	}
	if _, err := a.openAs(ctx, store.Options{Lease: f.lease, Connections: min(f.reads, 2*runtime.GOMAXPROCS(0)) + 2*f.crawls + 8}); err != nil {
		return err
	}
	k, err := a.knowledge()
	if err != nil {
		return err
	}
	var q *jobs.Queue
	var s store.Store
	err = whenBack(ctx, func() (err error) {
		if q, s, err = a.queue(ctx); err == nil {
			err = a.putRules(ctx, s, k)
		}
		return err
	})
	if err != nil {
		return err
	}
	if a.Getenv("GOGC") == "" { // as in extractStore
		defer debug.SetGCPercent(debug.SetGCPercent(400))
	}
	a.Stderr = &inTurn{w: a.Stderr}
	h := &hands{app: a, q: q, s: s, k: k, t: &tally{out: a.Stderr}, commit: newCommitter(s, a.Now),
		busy: make(chan struct{}, min(f.reads, runtime.GOMAXPROCS(0)+1))}
	committing, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	go h.commit.run(committing)
	does, stages := map[jobs.Stage]jobs.Hands{}, []jobs.Stage{}
	for stage, hand := range map[jobs.Stage]jobs.Hands{
		jobs.Crawl: {Many: f.crawls, Do: h.crawl}, jobs.Read: {Many: f.reads, Do: h.read},
		jobs.Finish: {Many: 1, Do: h.finish}, jobs.Index: {Many: 1, Do: h.index},
	} {
		if slices.Contains(f.stages, string(stage)) {
			does[stage], stages = hand, append(stages, stage)
		}
	}
	var w *jobs.Worker
	err = whenBack(ctx, func() (err error) {
		w, err = q.Start(ctx, does)
		return err
	})
	if err != nil {
		return err
	}
	if f.drain {
		err = h.drained(ctx, stages)
	} else {
		<-ctx.Done()
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), f.stopFor)
	defer cancel()
	err = errors.Join(err, w.Stop(stop))
	_ = h.t.end("worker") // what failed stands among the dead jobs
	return err
}

// whenBack does fn, again each second where the database was there and went away: a
// worker that has begun outlives that.
func whenBack(ctx context.Context, fn func() error) error {
	for {
		err := fn()
		if !errors.Is(err, store.ErrUnreachable) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(time.Second):
		}
	}
}

// inTurn lets jobs that are done at once write one line after the other.
type inTurn struct {
	mu sync.Mutex
	w  io.Writer
}

// Write implements io.Writer.
func (t *inTurn) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.w.Write(p)
}

// hands do the jobs of a worker.
type hands struct {
	*app
	q *jobs.Queue
	s store.Store
	k *knowledge
	t *tally // of the documents read

	busy   chan struct{} // one for each document that is being read
	commit *committer

	sources sync.Map // locks of those in hand, by id
}

// drained returns when no job of the stages is left, or ctx is over. That the database
// is away is waited for.
func (h *hands) drained(ctx context.Context, stages []jobs.Stage) error {
	for {
		open, err := h.q.Open(ctx, 0, stages...)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil && !errors.Is(err, store.ErrUnreachable):
			return err
		case err == nil && !open:
			return nil
		}
		select {
		case <-ctx.Done():
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// crawl asks one source, and queues the documents that it brought.
func (h *hands) crawl(ctx context.Context, t jobs.Task) error {
	var f crawlFlags
	if err := t.Read(&f); err != nil {
		return err
	}
	all, err := h.allSites()
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(s rules.Site) bool { return s.ID == t.Subject })
	if i < 0 {
		return jobs.Hopeless(errors.New(h.msg("jobs.no_source", t.Subject, ownSources)))
	}
	// An earlier try in this process may still be giving back what it had claimed.
	defer h.source(t.Subject)()
	c := &tally{out: io.Discard}
	report, err := h.crawlSites(ctx, []rules.Site{all[i]}, f, c, func(o *crawler.Options) {
		o.Endings, o.Progress = endings{h.s, t.Order}, nil
		if o.WARCDir != "" { // another job may be writing to it
			o.WARCDir = filepath.Join(o.WARCDir, strings.Map(inName, t.Subject))
		}
	})
	if err != nil {
		h.giveBack(ctx, t.Subject)
		return err
	}
	for _, host := range report.Hosts {
		if err := h.queueReads(ctx, t, store.Filter{Host: host.Host}); err != nil {
			return err
		}
	}
	h.tell("crawl %s: done %d, same %d, skipped %d, failed %d", t.Subject, c.done, c.same, c.skipped, c.failed)
	return nil
}

// source takes the work on a source in this process, and returns how to give it back.
func (h *hands) source(id string) func() {
	of, _ := h.sources.LoadOrStore(id, new(sync.Mutex))
	mu := of.(*sync.Mutex)
	mu.Lock()
	return mu.Unlock
}

// giveBack makes what this process claimed of a source free for other workers, as soon
// as the database is there: while we live nobody takes it from us.
func (h *hands) giveBack(ctx context.Context, source string) {
	for ctx.Err() == nil {
		if _, err := h.s.Release(ctx, source); err == nil {
			return
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
}

// inName keeps what may stand in the name of a folder.
func inName(r rune) rune {
	if strings.ContainsRune(`/\:*?"<>|`, r) || r < ' ' {
		return '_'
	}
	return r
}

// queueReads queues what is to be read, for the order and with the priority of a task.
func (h *hands) queueReads(ctx context.Context, t jobs.Task, f store.Filter) error {
	_, err := h.queueMore(ctx, t, f)
	return err
}

func (h *hands) queueMore(ctx context.Context, t jobs.Task, f store.Filter) (int, error) {
	var ws []jobs.Work
	for w, err := range toRead(ctx, h.s, h.k, f) {
		if err != nil {
			return 0, err
		}
		w.Order, w.Priority = t.Order, t.Priority
		ws = append(ws, w)
	}
	return h.q.Add(ctx, ws...)
}

// read makes the record of one document. Where that cannot be, the store keeps the
// reason as it does for tuogou extract, and the job is dead: the same bytes would fail
// again.
func (h *hands) read(ctx context.Context, t jobs.Task) error {
	d, is, err := due(ctx, h.s, corpus.DocID(t.Subject), h.k.x.Hash())
	if err != nil {
		return err
	}
	if !is {
		h.t.add(corpus.Same, t.Subject, "")
		return nil
	}
	r := &reading{doc: d}
	if err := h.make(ctx, r); err != nil {
		return err
	}
	if err := h.commit.put(ctx, r); err != nil {
		return err
	}
	h.t.add(r.outcome, nameOf(d.Latest), r.why)
	if r.outcome == corpus.Failed {
		return jobs.Hopeless(fmt.Errorf("%s: %s", nameOf(d.Latest), r.why))
	}
	return nil
}

// make makes a record when a processor is free: others wait for the disk meanwhile.
func (h *hands) make(ctx context.Context, r *reading) error {
	select {
	case h.busy <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-h.busy }()
	return r.make(ctx, h.k, h.s)
}

// finishWait is how long the end of an order waits before it looks again whether the
// documents are read.
const finishWait = 200 * time.Millisecond

// finish does what comes after the documents of an order: it waits for them, makes sure
// that none was left out, leads references and brings up the ledger.
func (h *hands) finish(ctx context.Context, t jobs.Task) error {
	open, err := h.q.Open(ctx, t.Order, jobs.Crawl, jobs.Read)
	if err != nil {
		return err
	}
	if open {
		return jobs.Later(finishWait)
	}
	switch n, err := h.queueMore(ctx, t, store.Filter{}); {
	case err != nil:
		return err
	case n > 0:
		return jobs.Later(finishWait)
	}
	if err := h.afterRecords(ctx, h.s, h.k, nil); err != nil {
		return err
	}
	_, err = h.q.Add(ctx, jobs.Work{Stage: jobs.Index, Order: t.Order, Priority: t.Priority})
	return err
}

// index brings the search index up to the records.
func (h *hands) index(ctx context.Context, t jobs.Task) error {
	c := &tally{out: h.Stderr}
	if err := store.Alone(ctx, h.s, "index", func(ctx context.Context) error { return h.indexStore(ctx, false, c) }); err != nil {
		return err
	}
	_ = c.end(fmt.Sprint("index of order ", t.Order)) // single failures were printed
	return nil
}
