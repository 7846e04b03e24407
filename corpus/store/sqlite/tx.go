package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"sync"

	"tuogou/corpus/store"
)

// preparer is a pool or one connection.
type preparer interface {
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
}

// statements keeps the prepared form of each query. The queries are constants
// of this package, so there are few.
type statements struct {
	mu    sync.Mutex
	known map[string]*sql.Stmt
}

func (s *statements) get(ctx context.Context, on preparer, query string) (*sql.Stmt, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if st, ok := s.known[query]; ok {
		return st, nil
	}
	st, err := on.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	if s.known == nil {
		s.known = map[string]*sql.Stmt{}
	}
	s.known[query] = st
	return st, nil
}

func (s *statements) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for _, st := range s.known {
		errs = append(errs, st.Close())
	}
	s.known = nil
	return errors.Join(errs...)
}

// writer is one transaction on the one writing connection, begun and ended by
// hand: a sql.Tx could not reuse statements prepared on its connection. After
// a statement failed, the transaction cannot be committed any more, whatever
// its user makes of the error.
type writer struct {
	d      *db
	broken error
	ended  bool
}

var _ store.Writer = (*writer)(nil)

func (d *db) Batch(ctx context.Context, fn func(store.Writer) error) error {
	return d.batch(ctx, func(w *writer) error { return fn(w) })
}

func (d *db) batch(ctx context.Context, fn func(*writer) error) (err error) {
	if err := d.takeTurn(ctx); err != nil {
		return fmt.Errorf("write to %s: %w", d.dir, err)
	}
	defer func() { d.turn <- struct{}{} }()
	if _, err := d.conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return d.fail("write", err)
	}
	w := &writer{d: d}
	committed := false
	defer func() {
		w.ended = true
		if committed {
			return
		}
		// Also where fn panicked, and where ctx is over. After some errors
		// SQLite has rolled back by itself, and this one fails.
		_, _ = d.conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
	}()
	if err := fn(w); err != nil {
		return err
	}
	if w.broken != nil {
		return w.broken
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("write to %s: %w", d.dir, err)
	}
	// From here on it is all or nothing whatever ctx says: a commit that is
	// interrupted could not tell which.
	if _, err := d.conn.ExecContext(context.WithoutCancel(ctx), "COMMIT"); err != nil {
		return d.fail("write", err)
	}
	committed = true
	return nil
}

// takeTurn waits until this goroutine may write. Close keeps the last turn.
func (d *db) takeTurn(ctx context.Context) error {
	switch {
	case d.isClosed():
		return store.ErrClosed
	case d.lock == nil:
		return store.ErrReadOnly
	}
	select {
	case <-d.closed:
		return store.ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	case <-d.turn:
	}
	if d.isClosed() { // both were ready
		d.turn <- struct{}{}
		return store.ErrClosed
	}
	return nil
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

// stmt is the prepared form of query, for use in this batch.
func (w *writer) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	switch {
	case w.ended:
		return nil, fmt.Errorf("write to %s: the batch is over: %w", w.d.dir, store.ErrClosed)
	case w.broken != nil:
		return nil, w.broken
	}
	st, err := w.d.writeStmts.get(ctx, w.d.conn, query)
	if err != nil {
		return nil, w.fail(err)
	}
	return st, nil
}

// exec runs a statement and returns how many rows it changed.
func (w *writer) exec(ctx context.Context, query string, args ...any) (int, error) {
	st, err := w.stmt(ctx, query)
	if err != nil {
		return 0, err
	}
	res, err := st.ExecContext(ctx, args...)
	if err != nil {
		return 0, w.fail(err)
	}
	n, err := res.RowsAffected()
	if err != nil {
		return 0, w.fail(err)
	}
	return int(n), nil
}

// row reads one row into dest and reports whether there was one.
func (w *writer) row(ctx context.Context, query string, args []any, dest ...any) (bool, error) {
	st, err := w.stmt(ctx, query)
	if err != nil {
		return false, err
	}
	err = st.QueryRowContext(ctx, args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, w.fail(err)
	}
	return true, nil
}

// rows gives each row of a query to scan.
func (w *writer) rows(ctx context.Context, query string, args []any, scan func(row func(...any) error) error) error {
	st, err := w.stmt(ctx, query)
	if err != nil {
		return err
	}
	if err := each(ctx, st, args, scan); err != nil {
		return w.fail(err)
	}
	return nil
}

func (w *writer) fail(err error) error {
	w.broken = w.d.fail("write", err)
	return w.broken
}

func each(ctx context.Context, st *sql.Stmt, args []any, scan func(row func(...any) error) error) error {
	rows, err := st.QueryContext(ctx, args...)
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
	st, err := d.readStmts.get(ctx, d.read, query)
	if err != nil {
		return d.fail("read", err)
	}
	return d.fail("read", each(ctx, st, args, scan))
}

// row runs a query of a reader for one row. ErrNotFound where there is none.
func (d *db) row(ctx context.Context, query string, args []any, dest ...any) error {
	st, err := d.readStmts.get(ctx, d.read, query)
	if err != nil {
		return d.fail("read", err)
	}
	return d.fail("read", st.QueryRowContext(ctx, args...).Scan(dest...))
}

// item is one step of an iteration: a value or what is wrong with it.
type item[K, T any] struct {
	key K
	val T
	err error
}

// paged runs over what next gives, a page at a time, each from behind the key
// of the last one: so no read transaction is open while the caller works, the
// caller may write, and what it writes behind the key is not met again. limit
// 0 is no limit.
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
