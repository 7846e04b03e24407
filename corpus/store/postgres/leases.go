package postgres

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"tuogou/corpus/store"
)

// defaultLease is how long after it was last heard of a writer counts as dead.
const defaultLease = 30 * time.Second

// alive is this process among the writers: a row that is renewed three times in the
// length of a lease, and the leases held under it.
type alive struct {
	me    int64 // the number of this writer; 0 where read-only
	lease time.Duration
	stop  context.CancelFunc
	beat  sync.WaitGroup

	mu    sync.Mutex
	until time.Time // by our own clock: others may take over after it
	held  []int64   // tokens of leases that are held or being taken
}

var _ store.Leaser = (*db)(nil)

// sign makes this process a writer and keeps it one.
func (d *db) sign(ctx context.Context) error {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	began := time.Now()
	err = d.pool.QueryRow(ctx, `INSERT INTO writers (host, pid, until) VALUES ($1, $2, clock_timestamp() + $3::interval) RETURNING id`,
		store.Clean(host), os.Getpid(), d.lease).Scan(&d.me)
	if err != nil {
		return err
	}
	d.renewed(began)
	ctx, d.stop = context.WithCancel(context.WithoutCancel(ctx))
	d.beat.Go(func() {
		for wait := d.lease / 3; ; {
			select {
			case <-ctx.Done():
				return
			case <-time.After(wait):
			}
			wait = d.lease / 3
			if err := d.renew(ctx); err != nil {
				wait = d.lease / 10 // it is tried until it succeeds
			}
		}
	})
	return nil
}

// renew says that this writer lives, and frees leases of it that nobody here knows of:
// the answer to taking them was lost, or they could not be given back.
func (d *db) renew(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, d.lease/3)
	defer cancel()
	began := time.Now()
	if _, err := d.pool.Exec(ctx, `UPDATE writers SET until = clock_timestamp() + $2::interval WHERE id = $1`, d.me, d.lease); err != nil {
		return err
	}
	d.renewed(began)
	rows, err := d.pool.Query(ctx, `SELECT token FROM leases WHERE owner = $1`, d.me)
	if err != nil {
		return err
	}
	lost, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return err
	}
	// Who takes a lease is among the held before it is, so what is not among them now will
	// never be again.
	d.mu.Lock()
	lost = slices.DeleteFunc(lost, func(token int64) bool { return slices.Contains(d.held, token) })
	d.mu.Unlock()
	if len(lost) == 0 {
		return nil
	}
	_, err = d.pool.Exec(ctx, `UPDATE leases SET owner = 0, freed = clock_timestamp() WHERE owner = $1 AND token = ANY ($2)`, d.me, lost)
	return err
}

func (d *db) renewed(began time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.until = began.Add(d.lease - d.lease/6) // earlier than others think
}

// left is how long this writer may still do what it has a lease for.
func (d *db) left() time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	return time.Until(d.until)
}

// Leased implements store.Leaser.
func (d *db) Leased(ctx context.Context, name string, fn func(context.Context, store.Past) (string, error)) error {
	if d.readOnly {
		return fmt.Errorf("take the lease of %s: %w", name, store.ErrReadOnly)
	}
	token := rand.Int64()
	d.mu.Lock()
	d.held = append(d.held, token)
	d.mu.Unlock()
	defer func() {
		d.mu.Lock()
		d.held = slices.DeleteFunc(d.held, func(t int64) bool { return t == token })
		d.mu.Unlock()
	}()
	past, err := d.take(ctx, name, token)
	if err != nil {
		return err
	}
	under, end := context.WithCancelCause(ctx)
	defer end(nil)
	held := heldCtx{under, d.left, end}
	over := make(chan struct{})
	defer close(over)
	go func() {
		for left := d.left(); left > 0; left = d.left() {
			select {
			case <-over:
				return
			case <-time.After(left):
			}
		}
		end(store.ErrLost)
	}()
	note, err := fn(held, past)
	if context.Cause(held) == store.ErrLost {
		return fmt.Errorf("%s: %w", d.label, store.ErrLost) // whatever fn made of it
	}
	// Where that fails renew does it.
	back, cancel := context.WithTimeout(context.WithoutCancel(ctx), d.lease/3)
	defer cancel()
	if _, e := d.pool.Exec(back, `UPDATE leases SET owner = 0, freed = clock_timestamp(), note = $3 WHERE owner = $1 AND token = $2`,
		d.me, token, store.Clean(note)); e != nil && err == nil {
		err = d.fail("give back the lease of "+name, e)
	}
	return err
}

// heldCtx is the context of what is done under a lease. Who asks whether it is over looks at
// the clock: a process that had no processor for long may not have been told yet.
type heldCtx struct {
	context.Context
	left func() time.Duration
	end  context.CancelCauseFunc
}

// Err implements context.Context.
func (h heldCtx) Err() error {
	if h.left() <= 0 {
		h.end(store.ErrLost)
	}
	return h.Context.Err()
}

// take waits for a lease. freed stays what it was, for the one who takes it to learn,
// but that of a dead holder counts from now.
func (d *db) take(ctx context.Context, name string, token int64) (p store.Past, err error) {
	const query = `INSERT INTO leases (name, owner, token, freed) VALUES ($1, $2, $3, 'epoch')
		ON CONFLICT (name) DO UPDATE SET owner = $2, token = $3, freed = CASE WHEN leases.owner IN (0, $2) THEN leases.freed ELSE clock_timestamp() END
		WHERE leases.owner = 0 OR leases.owner = $2 AND leases.token = $3
			OR NOT EXISTS (SELECT 1 FROM writers w WHERE w.id = leases.owner AND w.until > clock_timestamp())
		RETURNING (extract(epoch FROM clock_timestamp() - freed) * 1e6)::bigint, note`
	for {
		if d.left() <= 0 {
			return p, fmt.Errorf("take the lease of %s: %s: %w", name, d.label, store.ErrLost)
		}
		var micros int64
		err = d.pool.QueryRow(ctx, query, store.Clean(name), d.me, token).Scan(&micros, &p.Note)
		if err == nil {
			p.Free = max(0, time.Duration(micros)*time.Microsecond)
			return p, nil
		}
		if err != pgx.ErrNoRows {
			return p, d.fail("take the lease of "+name, err)
		}
		select {
		case <-ctx.Done():
			return p, fmt.Errorf("take the lease of %s: %w", name, ctx.Err())
		case <-time.After(50*time.Millisecond + rand.N(100*time.Millisecond)):
		}
	}
}
