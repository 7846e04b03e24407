package postgres

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"tuogou/corpus/store"
)

// tries is how often a transaction is run before those in its way are told of.
const tries = 20

// writer is one transaction. After a statement failed it cannot be committed any more,
// whatever its user makes of the error.
type writer struct {
	d *db

	mu      sync.Mutex // one statement at a time on the connection
	tx      pgx.Tx
	broken  error
	ended   bool
	touched []string // documents whose records change their revision, in order
}

var _ store.Writer = (*writer)(nil)

func (d *db) Batch(ctx context.Context, fn func(store.Writer) error) error {
	return d.batch(ctx, func(w *writer) error { return fn(w) })
}

// batch runs fn as one transaction, again where others were in the way.
func (d *db) batch(ctx context.Context, fn func(*writer) error) error {
	if err := d.begin(ctx); err != nil {
		return fmt.Errorf("write to %s: %w", d.label, err)
	}
	defer d.batches.Done()
	for n := 1; ; n++ {
		err := d.once(ctx, fn)
		if !inTheWay(err) || n == tries {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("write to %s: %w", d.label, ctx.Err())
		case <-time.After(rand.N(time.Duration(n) * 10 * time.Millisecond)):
		}
	}
}

func (d *db) begin(ctx context.Context) error {
	d.ending.Lock()
	defer d.ending.Unlock()
	switch {
	case d.isClosed():
		return store.ErrClosed
	case d.readOnly:
		return store.ErrReadOnly
	case ctx.Err() != nil:
		return ctx.Err()
	}
	d.batches.Add(1)
	return nil
}

func (d *db) once(ctx context.Context, fn func(*writer) error) error {
	tx, err := d.pool.Begin(ctx)
	if err != nil {
		return d.fail("write", err)
	}
	w := &writer{d: d, tx: tx}
	// Also where fn panicked, and where ctx is over; after the commit it does nothing.
	defer func() {
		w.mu.Lock()
		w.ended = true
		w.mu.Unlock()
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		_ = tx.Rollback(end)
	}()
	if err := fn(w); err != nil {
		if w.broken != nil && inTheWay(w.broken) {
			return w.broken
		}
		return err
	}
	if w.broken != nil {
		return w.broken
	}
	if err := w.number(ctx); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("write to %s: %w", d.label, err)
	}
	// From here on it is all or nothing whatever ctx says: a commit that is interrupted
	// could not tell which.
	return d.fail("write", tx.Commit(context.WithoutCancel(ctx)))
}

// touch marks the record of a document as changed.
func (w *writer) touch(doc string) {
	w.touched = append(slices.DeleteFunc(w.touched, func(d string) bool { return d == doc }), doc)
}

// number gives the records that changed their revisions. It comes last: the lock on
// the counter is held until the commit, so that no later revision is seen before these.
func (w *writer) number(ctx context.Context) error {
	if len(w.touched) == 0 {
		return nil
	}
	var last int64
	if _, err := w.row(ctx, `UPDATE counters SET n = n + $1 WHERE name = 'revision' RETURNING n`, []any{len(w.touched)}, &last); err != nil {
		return err
	}
	_, err := w.exec(ctx, `UPDATE records r SET rev = $1 + t.n FROM unnest($2::text[]) WITH ORDINALITY t(doc, n) WHERE r.doc = t.doc COLLATE "C"`,
		last-int64(len(w.touched)), w.touched)
	return err
}

// alone runs one put as a transaction of its own.
func alone[T any](ctx context.Context, d *db, put func(*writer) (T, error)) (T, error) {
	var out T
	err := d.batch(ctx, func(w *writer) (err error) {
		out, err = put(w)
		return err
	})
	if err != nil {
		var none T
		return none, err
	}
	return out, nil
}

func (w *writer) ready() error {
	if w.ended {
		return fmt.Errorf("write to %s: the batch is over: %w", w.d.label, store.ErrClosed)
	}
	return w.broken
}

// exec runs a statement and returns how many rows it changed.
func (w *writer) exec(ctx context.Context, query string, args ...any) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.ready(); err != nil {
		return 0, err
	}
	tag, err := w.tx.Exec(ctx, query, args...)
	if err != nil {
		return 0, w.fail(err)
	}
	return int(tag.RowsAffected()), nil
}

// many runs a statement for each of rows, all in one exchange with the server.
func (w *writer) many(ctx context.Context, query string, rows [][]any) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.ready(); err != nil {
		return err
	}
	var b pgx.Batch
	for _, row := range rows {
		b.Queue(query, row...)
	}
	if err := w.tx.SendBatch(ctx, &b).Close(); err != nil {
		return w.fail(err)
	}
	return nil
}

// row reads one row into dest and reports whether there was one.
func (w *writer) row(ctx context.Context, query string, args []any, dest ...any) (bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.ready(); err != nil {
		return false, err
	}
	err := w.tx.QueryRow(ctx, query, args...).Scan(dest...)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, w.fail(err)
	}
	return true, nil
}

// rows gives each row of a query to scan, which must not use w.
func (w *writer) rows(ctx context.Context, query string, args []any, scan func(row func(...any) error) error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.ready(); err != nil {
		return err
	}
	if err := each(ctx, w.tx, query, args, scan); err != nil {
		return w.fail(err)
	}
	return nil
}

func (w *writer) fail(err error) error {
	w.broken = w.d.fail("write", err)
	return w.broken
}

// querier is a pool or a transaction.
type querier interface {
	Query(ctx context.Context, query string, args ...any) (pgx.Rows, error)
}

func each(ctx context.Context, on querier, query string, args []any, scan func(row func(...any) error) error) error {
	rows, err := on.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// rows runs a query of a reader and gives each row to scan.
func (d *db) rows(ctx context.Context, query string, args []any, scan func(row func(...any) error) error) error {
	return d.fail("read", each(ctx, d.pool, query, args, scan))
}

// row runs a query of a reader for one row. ErrNotFound where there is none.
func (d *db) row(ctx context.Context, query string, args []any, dest ...any) error {
	return d.fail("read", d.pool.QueryRow(ctx, query, args...).Scan(dest...))
}

// item is one step of an iteration: a value or what is wrong with it.
type item[K, T any] struct {
	key K
	val T
	err error
}

// paged runs over what next gives, a page at a time, each from behind the key of the
// last one: so no connection is held while the caller works. limit 0 is no limit.
func paged[K, T any](from K, limit, size int, next func(after K, n int) ([]item[K, T], error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		after, left := from, limit
		for {
			n := size
			if limit > 0 {
				n = min(size, left)
			}
			page, err := next(after, n)
			for _, it := range page {
				if !yield(it.val, it.err) {
					return
				}
				after = it.key
			}
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			left -= len(page)
			if len(page) < n || limit > 0 && left == 0 {
				return
			}
		}
	}
}
