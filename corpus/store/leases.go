package store

import (
	"context"
	"errors"
	"time"
)

// ErrLost ends what is done under a lease that could not be renewed in time: another
// process may hold it by now.
var ErrLost = errors.New("the lease was lost, because the database did not answer for long")

// Leaser is a store that several processes share, and that lets one of them at a time
// do what only one may.
type Leaser interface {
	// Leased waits until no process holds the lease of that name, takes it, runs fn,
	// and gives it back. fn gets what the last holder left, and returns what it
	// leaves to the next. The lease of a process that died is free when the process
	// was not heard of for Options.Lease, by the clock of the database; ctx of fn ends
	// with the cause ErrLost before that happens to a process that lives and is cut off.
	Leased(ctx context.Context, name string, fn func(ctx context.Context, before Past) (note string, err error)) error
}

// Past is what is known of a lease before it was taken.
type Past struct {
	// Free is how long nobody has held it: 0 where its last holder died with it, and
	// decades where it is taken for the first time.
	Free time.Duration
	Note string
}

// Alone runs fn while no other process runs what has the same name on this store. A
// store of one process has nobody to wait for.
func Alone(ctx context.Context, s Store, name string, fn func(context.Context) error) error {
	l, shared := s.(Leaser)
	if !shared {
		return fn(ctx)
	}
	return l.Leased(ctx, "alone "+name, func(ctx context.Context, _ Past) (string, error) { return "", fn(ctx) })
}
