package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"

	"tuogou/corpus/store"
	"tuogou/corpus/store/postgres"
)

// Stage is a kind of work.
type Stage string

// The stages. Crawl is about a source, Read about a document; Finish and Index are about
// all documents and come after the others of their order.
const (
	Crawl  Stage = "crawl"
	Read   Stage = "read"
	Finish Stage = "finish"
	Index  Stage = "index"
)

// Stages are all of them in the order of the flow.
var Stages = []Stage{Crawl, Read, Finish, Index}

// The priorities. Zero is Normal.
const (
	Urgent = 1
	Normal = 2
	Low    = 4
)

// Work is what a job is to do.
type Work struct {
	Stage   Stage
	Subject string // what it is about: the id of a source or a document; empty is all, once an order
	// Version tells work on one subject apart: other bytes or rules are other work.
	Version  string
	Order    int64
	Priority int
	Settings any // for the one who does it, as JSON; nil is none
}

// args is a Work as River keeps it.
type args struct {
	Stage    Stage           `json:"stage" river:"unique"`
	Subject  string          `json:"subject" river:"unique"`
	Version  string          `json:"version" river:"unique"`
	Order    int64           `json:"order"`
	Settings json.RawMessage `json:"settings,omitempty"`
}

// Kind implements river.JobArgs.
func (args) Kind() string { return "tuogou" }

// tries is how often a job is tried before it is dead.
const tries = 8

// live are the states of a job that is not over.
var live = []rivertype.JobState{rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning,
	rivertype.JobStateRetryable, rivertype.JobStateScheduled}

// waiting are the states of a job that keep its like from being queued: for a document
// also that it is dead, since the same bytes would fail by the same rules.
func waiting(s Stage) []rivertype.JobState {
	if s == Read {
		return append([]rivertype.JobState{rivertype.JobStateCancelled, rivertype.JobStateDiscarded}, live...)
	}
	return live
}

// Queue is the list of work of one data set. It is safe for concurrent use, and good for
// as long as its store is open.
type Queue struct {
	db    postgres.Handle
	river *river.Client[pgx.Tx] // only queues
	log   *slog.Logger
}

// ErrNoQueue says that the store has no jobs.
var ErrNoQueue = errors.New("jobs need a store in PostgreSQL, which several processes share")

// Open opens the list of work of a store, making its tables where they are missing.
// Errors are ErrNoQueue or the database's. log, where not nil, takes what River says.
func Open(ctx context.Context, s store.Store, log *slog.Logger) (*Queue, error) {
	db, ok := postgres.HandleOf(s)
	if !ok {
		return nil, ErrNoQueue
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	q := &Queue{db: db, log: log}
	driver := riverpgxv5.New(db.Pool)
	err := store.Alone(ctx, s, "jobs", func(ctx context.Context) error {
		m, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: log})
		if err == nil {
			_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
		}
		return err
	})
	if err == nil {
		q.river, err = river.NewClient(driver, &river.Config{Logger: log})
	}
	if err != nil {
		return nil, db.Fail("open the list of jobs", err)
	}
	return q, nil
}

// page is how many jobs go to the server at once. Tests set it.
var page = 1000

// Order queues work as one order, all or nothing, and returns its number and how much
// was queued. It leaves out what waits already. What is queued first asks for each of
// the jobs; add returns false to stop.
func (q *Queue) Order(ctx context.Context, what string, each func(add func(Work) error) error) (order int64, queued int, err error) {
	err = pgx.BeginFunc(ctx, q.db.Pool, func(tx pgx.Tx) error {
		if err := tx.QueryRow(ctx, `INSERT INTO orders (at, what) VALUES (now(), $1) RETURNING id`, store.Clean(what)).Scan(&order); err != nil {
			return err
		}
		var open []river.InsertManyParams
		flush := func() error {
			n, err := q.insert(ctx, tx, open)
			queued, open = queued+n, nil
			return err
		}
		err := each(func(w Work) error {
			w.Order = order
			p, err := params(w)
			if open = append(open, p); err == nil && len(open) == page {
				err = flush()
			}
			return err
		})
		if err != nil {
			return err
		}
		return flush()
	})
	if err != nil {
		return 0, 0, q.db.Fail("queue jobs", err)
	}
	return order, queued, nil
}

// Add queues more work of orders that are there, and returns how much of it did not
// wait already.
func (q *Queue) Add(ctx context.Context, ws ...Work) (n int, err error) {
	err = pgx.BeginFunc(ctx, q.db.Pool, func(tx pgx.Tx) error {
		n = 0
		for len(ws) > 0 {
			var some []river.InsertManyParams
			for _, w := range ws[:min(page, len(ws))] {
				p, err := params(w)
				if err != nil {
					return err
				}
				some = append(some, p)
			}
			ws = ws[len(some):]
			m, err := q.insert(ctx, tx, some)
			if n += m; err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, q.db.Fail("queue jobs", err)
	}
	return n, nil
}

func (q *Queue) insert(ctx context.Context, tx pgx.Tx, ps []river.InsertManyParams) (n int, err error) {
	if len(ps) == 0 {
		return 0, nil
	}
	got, err := q.river.InsertManyTx(ctx, tx, ps)
	for _, r := range got {
		if !r.UniqueSkippedAsDuplicate {
			n++
		}
	}
	return n, err
}

func params(w Work) (p river.InsertManyParams, err error) {
	a := args{Stage: w.Stage, Subject: w.Subject, Version: w.Version, Order: w.Order}
	if w.Subject == "" { // about all: each order has its own
		a.Version = fmt.Sprint("order ", w.Order)
	}
	if w.Settings != nil {
		if a.Settings, err = json.Marshal(w.Settings); err != nil {
			return p, fmt.Errorf("settings of a job: %w", err)
		}
	}
	if w.Priority == 0 {
		w.Priority = Normal
	}
	return river.InsertManyParams{Args: a, InsertOpts: &river.InsertOpts{Queue: string(w.Stage), Priority: w.Priority, MaxAttempts: tries,
		UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: waiting(w.Stage)}}}, nil
}

// Open reports whether any job of an order, of these stages, is not over. Order 0 is
// all orders.
func (q *Queue) Open(ctx context.Context, order int64, stages ...Stage) (open bool, err error) {
	err = q.db.Pool.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM river_job WHERE queue = ANY ($1)
		AND state IN ('available', 'pending', 'running', 'retryable', 'scheduled') AND ($2 = 0 OR (args->>'order')::bigint = $2))`,
		names(stages), order).Scan(&open)
	if err != nil {
		return false, q.db.Fail("look at jobs", err)
	}
	return open, nil
}

func names(stages []Stage) []string {
	out := make([]string, len(stages))
	for i, s := range stages {
		out[i] = string(s)
	}
	return out
}

// hopeless is an error that will be the same however often the job is tried.
type hopeless struct{ error }

// Hopeless makes the job that returns it dead at once.
func Hopeless(err error) error { return hopeless{err} }

// later asks for the job to be done later, and is no failure.
type later time.Duration

// Error implements error.
func (l later) Error() string { return "later: " + time.Duration(l).String() }

// Later puts the job that returns it back for some time, which is no failure.
func Later(d time.Duration) error { return later(d) }

// reason is an error as people read it.
func reason(words string) string { return strings.TrimPrefix(words, "JobCancelError: ") }
