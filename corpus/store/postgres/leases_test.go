package postgres

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tuogou/corpus/store"
	"tuogou/corpus/store/postgres/pgtest"
)

// Of four stores with two goroutines each one at a time holds a lease, and each learns
// when the one before it gave it back, and what that left.
func TestLeased(t *testing.T) {
	address, ctx := pgtest.Address(t), t.Context()
	var inside atomic.Int32
	var wg sync.WaitGroup
	last := ""
	for n := range 4 {
		d := opened(t, address, store.Options{})
		defer d.Close()
		for m := range 2 {
			wg.Go(func() {
				for range 3 {
					err := d.Leased(ctx, "it", func(_ context.Context, p store.Past) (string, error) {
						if inside.Add(1) != 1 {
							t.Error("two hold it")
						}
						if p.Note != last || last != "" && p.Free > 10*time.Second {
							t.Errorf("got %+v, want the note %q", p, last)
						}
						last = string(rune('a'+n)) + string(rune('0'+m))
						time.Sleep(2 * time.Millisecond)
						inside.Add(-1)
						return last, nil
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	wg.Wait()
}

// The lease of a writer that is no longer heard of goes to another; who held it is told
// before that, and who lives keeps it however long.
func TestLeaseOfTheDead(t *testing.T) {
	address, ctx := pgtest.Address(t), t.Context()
	const short = 600 * time.Millisecond
	dead, next := opened(t, address, store.Options{Lease: short}), opened(t, address, store.Options{Lease: short})
	defer dead.Close()
	defer next.Close()
	var told, taken time.Time
	began := time.Now()
	var wg sync.WaitGroup
	holds := make(chan struct{})
	wg.Go(func() {
		err := dead.Leased(ctx, "it", func(ctx context.Context, _ store.Past) (string, error) {
			close(holds)
			time.Sleep(2 * short)
			if ctx.Err() != nil {
				t.Errorf("lost while it was renewed: %v", context.Cause(ctx))
			}
			dead.stop()
			<-ctx.Done()
			told = time.Now()
			return "never seen", ctx.Err()
		})
		if !errors.Is(err, store.ErrLost) {
			t.Errorf("who lost it: %v", err)
		}
	})
	<-holds
	err := next.Leased(ctx, "it", func(_ context.Context, p store.Past) (string, error) {
		taken = time.Now()
		if p.Free > short || p.Note != "" {
			t.Errorf("got %+v", p)
		}
		return "", nil
	})
	wg.Wait()
	if err != nil || !told.Before(taken) || taken.Sub(began) < 2*short {
		t.Errorf("told after %v, taken after %v, %v", told.Sub(began), taken.Sub(began), err)
	}
}

// A lease whose giving back failed is given back with the next sign of life.
func TestForgottenLease(t *testing.T) {
	d := opened(t, pgtest.Address(t), store.Options{})
	defer d.Close()
	if _, err := d.pool.Exec(t.Context(), `INSERT INTO leases (name, owner, token, freed, note) VALUES ('it', $1, 7, now(), 'left')`, d.me); err != nil {
		t.Fatal(err)
	}
	if err := d.renew(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := d.Leased(t.Context(), "it", func(_ context.Context, p store.Past) (string, error) { return p.Note, nil }); err != nil {
		t.Fatal(err)
	}
}

// A sign of life frees no lease that was taken while it was given.
func TestRenewLeavesWhatIsHeld(t *testing.T) {
	d := opened(t, pgtest.Address(t), store.Options{})
	defer d.Close()
	over := make(chan struct{})
	var renewing sync.WaitGroup
	renewing.Go(func() {
		for {
			select {
			case <-over:
				return
			default:
			}
			if err := d.renew(context.Background()); err != nil {
				t.Error(err)
			}
		}
	})
	for range 300 {
		err := d.Leased(t.Context(), "it", func(ctx context.Context, _ store.Past) (string, error) {
			var owner int64
			time.Sleep(time.Millisecond)
			err := d.pool.QueryRow(ctx, `SELECT owner FROM leases WHERE name = 'it'`).Scan(&owner)
			if err == nil && owner != d.me {
				t.Error("it was freed while it was held")
			}
			return "", err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	close(over)
	renewing.Wait()
}
