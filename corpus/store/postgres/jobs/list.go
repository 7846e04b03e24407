package jobs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/riverqueue/river/rivertype"

	"tuogou/corpus/store"
)

// State is where a job stands.
type State string

// The states. Dead waits for a person; Cancelled was taken back by one.
const (
	Waiting   State = "waiting"
	Running   State = "running"
	Retrying  State = "retrying"
	Done      State = "done"
	Dead      State = "dead"
	Cancelled State = "cancelled"
)

// States are all of them.
var States = []State{Waiting, Running, Retrying, Done, Dead, Cancelled}

// stateOf is how a row of River's stands, in our words. A job that gave up by itself has
// an error that says so.
const stateOf = `CASE WHEN state = 'completed' THEN 'done' WHEN state = 'discarded' THEN 'dead'
	WHEN state = 'cancelled' AND errors[array_upper(errors, 1)]->>'error' LIKE 'JobCancelError: %' AND NOT metadata ? 'cancel_attempted_at' THEN 'dead'
	WHEN state = 'cancelled' THEN 'cancelled' WHEN state = 'running' THEN 'running'
	WHEN cardinality(errors) > 0 THEN 'retrying' ELSE 'waiting' END`

// Job is a job as people see it.
type Job struct {
	ID       int64     `json:"id"`
	Stage    Stage     `json:"stage"`
	Subject  string    `json:"subject,omitempty"`
	Order    int64     `json:"order"`
	State    State     `json:"state"`
	Priority int       `json:"priority"`
	Attempt  int       `json:"attempt"`
	Reason   string    `json:"reason,omitempty"` // of the last failure
	At       time.Time `json:"at"`               // of the last change of state, or when it is due
}

// Filter chooses jobs. Zero fields choose everything.
type Filter struct {
	IDs   []int64
	Order int64
	Stage Stage
	State State
	Limit int // at most so many; 0 is all
}

// where is the condition of a filter over $1 to $4.
const where = ` WHERE ($1::bigint[] IS NULL OR id = ANY ($1)) AND ($2 = 0 OR (args->>'order')::bigint = $2) AND ($3 = '' OR queue = $3) AND ($4 = '' OR ` + stateOf + ` = $4) `

func (f Filter) args() []any { return []any{f.IDs, f.Order, string(f.Stage), string(f.State)} }

// List gives jobs, those of the newest order first, then by number.
func (q *Queue) List(ctx context.Context, f Filter) ([]Job, error) {
	limit := ""
	if f.Limit > 0 {
		limit = fmt.Sprint(` LIMIT `, f.Limit)
	}
	rows, err := q.db.Pool.Query(ctx, `SELECT id, queue, args->>'subject', (args->>'order')::bigint, `+stateOf+`, priority, attempt,
		coalesce(errors[array_upper(errors, 1)]->>'error', ''), coalesce(finalized_at, CASE WHEN state = 'running' THEN attempted_at ELSE scheduled_at END)
		FROM river_job`+where+`ORDER BY 4 DESC, id`+limit, f.args()...)
	if err == nil {
		var list []Job
		list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (j Job, err error) {
			err = row.Scan(&j.ID, &j.Stage, &j.Subject, &j.Order, &j.State, &j.Priority, &j.Attempt, &j.Reason, &j.At)
			j.Reason = reason(j.Reason)
			return j, err
		})
		if err == nil {
			return list, nil
		}
	}
	return nil, q.db.Fail("list jobs", err)
}

// Progress is how far an order is.
type Progress struct {
	Order  int64                   `json:"order"`
	At     time.Time               `json:"at"`
	What   string                  `json:"what"`
	Counts map[Stage]map[State]int `json:"counts"` // without those that are zero
}

// Progress gives the newest orders, at most limit, the newest first. Of jobs that are
// done the list keeps a day.
func (q *Queue) Progress(ctx context.Context, limit int) ([]Progress, error) {
	var all []Progress
	at := map[int64]int{}
	rows, err := q.db.Pool.Query(ctx, `SELECT id, at, what FROM orders ORDER BY id DESC LIMIT $1`, limit)
	if err == nil {
		all, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (p Progress, err error) {
			p.Counts = map[Stage]map[State]int{}
			err = row.Scan(&p.Order, &p.At, &p.What)
			return p, err
		})
	}
	if err != nil || len(all) == 0 {
		return nil, q.db.Fail("look at orders", err)
	}
	for i, p := range all {
		at[p.Order] = i
	}
	rows, err = q.db.Pool.Query(ctx, `SELECT (args->>'order')::bigint, queue, `+stateOf+`, count(*) FROM river_job
		WHERE (args->>'order')::bigint >= $1 GROUP BY 1, 2, 3`, all[len(all)-1].Order)
	if err != nil {
		return nil, q.db.Fail("look at orders", err)
	}
	var (
		order int64
		stage Stage
		state State
		n     int
	)
	_, err = pgx.ForEachRow(rows, []any{&order, &stage, &state, &n}, func() error {
		i, known := at[order]
		if !known {
			return nil
		}
		c := all[i].Counts
		if c[stage] == nil {
			c[stage] = map[State]int{}
		}
		c[stage][state] = n
		return nil
	})
	if err != nil {
		return nil, q.db.Fail("look at orders", err)
	}
	return all, nil
}

// Requeue gives dead and cancelled jobs another try and returns those for which there
// was something to do. What runs, waits or is done is left alone.
func (q *Queue) Requeue(ctx context.Context, f Filter) ([]Job, error) {
	return q.change(ctx, f, func(j Job) bool { return j.State == Dead || j.State == Cancelled || j.State == Retrying },
		func(id int64) (*rivertype.JobRow, error) { return q.river.JobRetry(ctx, id) })
}

// Cancel takes back jobs that are not over and returns them. One that runs is
// interrupted; what it has done by then stays. The same work may be ordered again.
func (q *Queue) Cancel(ctx context.Context, f Filter) ([]Job, error) {
	return q.change(ctx, f, func(j Job) bool { return j.State == Waiting || j.State == Running || j.State == Retrying },
		func(id int64) (*rivertype.JobRow, error) {
			row, err := q.river.JobCancel(ctx, id)
			if err == nil {
				_, err = q.db.Pool.Exec(ctx, `UPDATE river_job SET unique_key = NULL WHERE id = $1`, id)
			}
			return row, err
		})
}

func (q *Queue) change(ctx context.Context, f Filter, fits func(Job) bool, do func(id int64) (*rivertype.JobRow, error)) ([]Job, error) {
	list, err := q.List(ctx, f)
	if err != nil {
		return nil, err
	}
	for _, id := range f.IDs {
		if !known(list, id) {
			return nil, fmt.Errorf("job %d: %w", id, store.ErrNotFound)
		}
	}
	var out []Job
	for _, j := range list {
		if !fits(j) {
			continue
		}
		switch _, err := do(j.ID); {
		case err == nil:
			out = append(out, j)
		case !errors.Is(err, rivertype.ErrNotFound) && !isDouble(err):
			return out, q.db.Fail(fmt.Sprint("change job ", j.ID), err)
		}
	}
	return out, nil
}

// isDouble reports whether a job is left as it is because its like waits already.
func isDouble(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && e.Code == "23505"
}

func known(list []Job, id int64) bool {
	for _, j := range list {
		if j.ID == id {
			return true
		}
	}
	return false
}
