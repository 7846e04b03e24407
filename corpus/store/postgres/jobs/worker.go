package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"
)

// Task is a job in the hands of a worker.
type Task struct {
	ID       int64
	Attempt  int // from 1
	Work         // without Settings
	settings json.RawMessage
}

// Read reads the settings of a task into v.
func (t Task) Read(v any) error {
	if len(t.settings) == 0 {
		return nil
	}
	if err := json.Unmarshal(t.settings, v); err != nil {
		return Hopeless(fmt.Errorf("settings of the job: %w", err))
	}
	return nil
}

// Hands says how a worker does the jobs of a stage: Do, of as many at once as Many.
type Hands struct {
	Many int
	Do   func(ctx context.Context, t Task) error
}

// Worker does jobs until it is stopped.
type Worker struct {
	q     *Queue
	me    string
	river *river.Client[pgx.Tx]
	hands map[Stage]Hands

	stop  context.CancelFunc
	sweep sync.WaitGroup

	mu     sync.Mutex
	inHand map[int64]bool
	lost   map[run]time.Time // ours in the list and not in our hands: since when
}

// run is one try of a job.
type run struct {
	id int64
	at int64 // when it was handed out, in microseconds
}

// telling is how long the list may take to learn that a job has ended.
const telling = 2 * time.Second

// Start begins to do jobs. Stages without hands are left to other workers. The store of
// the queue needs some four connections beside those that Do uses.
func (q *Queue) Start(ctx context.Context, hands map[Stage]Hands) (*Worker, error) {
	w := &Worker{q: q, me: clientID(q.db.Writer), hands: hands, inHand: map[int64]bool{}}
	conf := &river.Config{
		ID: w.me, Logger: q.log, Queues: map[string]river.QueueConfig{}, Workers: river.NewWorkers(),
		// A job is fetched when a hand is free, not a tenth of a second later.
		FetchCooldown: 2 * time.Millisecond, FetchPollInterval: 500 * time.Millisecond,
		JobTimeout: -1, RetryPolicy: retries{}, MaxAttempts: tries,
		CancelledJobRetentionPeriod: -1, DiscardedJobRetentionPeriod: -1, // people read them
	}
	for s, h := range hands {
		if h.Many > 0 {
			conf.Queues[string(s)] = river.QueueConfig{MaxWorkers: h.Many}
		}
	}
	river.AddWorker(conf.Workers, &doer{w: w})
	var err error
	if w.river, err = river.NewClient(riverpgxv5.New(q.db.Pool), conf); err == nil {
		err = w.river.Start(context.WithoutCancel(ctx))
	}
	if err != nil {
		return nil, q.db.Fail("begin to work", err)
	}
	ctx, w.stop = context.WithCancel(context.WithoutCancel(ctx))
	w.sweep.Go(func() {
		for ctx.Err() == nil {
			w.sweepUp(ctx)
			select {
			case <-ctx.Done():
			case <-time.After(q.db.Lease / 3):
			}
		}
	})
	return w, nil
}

// Stop ends the jobs in hand, which go to the next worker, and returns when they have.
func (w *Worker) Stop(ctx context.Context) error {
	w.stop()
	w.sweep.Wait()
	if err := w.river.StopAndCancel(ctx); err != nil {
		return w.q.db.Fail("stop working", err)
	}
	return nil
}

func clientID(writer int64) string { return fmt.Sprint("writer-", writer) }

// retries tries again after the third power of the tries so far in seconds.
type retries struct{}

// NextRetry implements river.ClientRetryPolicy.
func (retries) NextRetry(j *rivertype.JobRow) time.Time {
	n := time.Duration(len(j.Errors) + 1)
	return time.Now().UTC().Add(min(n*n*n*time.Second, 10*time.Minute))
}

// doer does River's jobs.
type doer struct {
	river.WorkerDefaults[args]
	w *Worker
}

// Work implements river.Worker.
func (d *doer) Work(ctx context.Context, j *river.Job[args]) error {
	d.w.take(j.ID, true)
	defer d.w.take(j.ID, false)
	a := j.Args
	err := d.w.hands[a.Stage].Do(ctx, Task{ID: j.ID, Attempt: j.Attempt, settings: a.Settings,
		Work: Work{Stage: a.Stage, Subject: a.Subject, Version: a.Version, Order: a.Order, Priority: j.Priority}})
	var wait later
	var dead hopeless
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil && !errors.Is(context.Cause(ctx), rivertype.ErrJobCancelledRemotely):
		return river.JobSnooze(0) // we are being stopped: it was not the job's fault
	case errors.As(err, &wait):
		return river.JobSnooze(time.Duration(wait))
	case errors.As(err, &dead):
		return river.JobCancel(err)
	}
	return err
}

func (w *Worker) take(id int64, inHand bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if inHand {
		w.inHand[id] = true
	} else {
		delete(w.inHand, id)
	}
}

// sweepUp hands out again the jobs of workers that died, and those of our own that ended
// here without the list having learned of it, because the database was away.
func (w *Worker) sweepUp(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, w.q.db.Lease/3)
	defer cancel()
	const freed = `UPDATE river_job SET
			state = (CASE WHEN metadata ? 'cancel_attempted_at' THEN 'cancelled' WHEN attempt >= max_attempts THEN 'discarded' ELSE 'available' END)::river_job_state,
			finalized_at = CASE WHEN metadata ? 'cancel_attempted_at' OR attempt >= max_attempts THEN now() END, scheduled_at = now(),
			errors = array_append(errors, jsonb_build_object('at', now(), 'attempt', attempt, 'error', $1::text, 'trace', ''))
		WHERE state = 'running' AND `
	if _, err := w.q.db.Pool.Exec(ctx, freed+`NOT EXISTS (SELECT 1 FROM writers w WHERE 'writer-' || w.id = attempted_by[array_upper(attempted_by, 1)]
		AND w.until > clock_timestamp())`, "the worker that did it was not heard of any more"); err != nil {
		w.q.log.Warn("look for jobs of dead workers", "error", err)
		return
	}
	lost, err := w.forgotten(ctx)
	if err == nil && len(lost) > 0 {
		_, err = w.q.db.Pool.Exec(ctx, freed+`id = ANY ($2)`, "the database was away when it ended", lost)
	}
	if err != nil {
		w.q.log.Warn("look for jobs that were lost", "error", err)
	}
}

// forgotten are the jobs that are ours in the list, and have not been in our hands for
// longer than the list takes to learn of their end.
func (w *Worker) forgotten(ctx context.Context) ([]int64, error) {
	rows, err := w.q.db.Pool.Query(ctx, `SELECT id, attempted_at FROM river_job WHERE state = 'running' AND attempted_by[array_upper(attempted_by, 1)] = $1`, w.me)
	if err != nil {
		return nil, err
	}
	ours, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r run, err error) {
		var at time.Time
		err = row.Scan(&r.id, &at)
		r.at = at.UnixMicro()
		return r, err
	})
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	before := w.lost
	w.lost = map[run]time.Time{}
	var over []int64
	for _, r := range ours {
		if w.inHand[r.id] {
			continue
		}
		since, seen := before[r]
		if !seen {
			since = time.Now()
		}
		w.lost[r] = since
		if time.Since(since) > telling {
			over = append(over, r.id)
		}
	}
	return over, nil
}

// Workers are the processes that write to the data set and are alive, as HOST/PID.
func (q *Queue) Workers(ctx context.Context) ([]string, error) {
	rows, err := q.db.Pool.Query(ctx, `SELECT host || '/' || pid FROM writers WHERE until > clock_timestamp() AND id <> $1 ORDER BY 1`, q.db.Writer)
	if err == nil {
		var list []string
		if list, err = pgx.CollectRows(rows, pgx.RowTo[string]); err == nil {
			return list, nil
		}
	}
	return nil, q.db.Fail("look for workers", err)
}
