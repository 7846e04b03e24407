package main

import (
	"cmp"
	"context"
	"errors"
	"time"

	"tuogou/corpus/store"
)

// committer puts the records that many jobs of one worker have made in few transactions:
// each costs a wait for the disk under the lock of the revisions, one for all workers.
// What has been made while one transaction is written goes into the next.
type committer struct {
	s    store.Store
	now  func() time.Time
	made chan toCommit
}

type toCommit struct {
	r    *reading
	done chan<- error
}

func newCommitter(s store.Store, now func() time.Time) *committer {
	return &committer{s: s, now: now, made: make(chan toCommit, putBatch)}
}

// run commits until ctx is over.
func (c *committer) run(ctx context.Context) {
	for {
		var batch []toCommit
		select {
		case <-ctx.Done():
			return
		case one := <-c.made:
			batch = append(batch, one)
		}
		for more := true; more && len(batch) < putBatch; {
			select {
			case one := <-c.made:
				batch = append(batch, one)
			default:
				more = false
			}
		}
		alone := make([]error, len(batch)) // of one record, beside which the others are kept
		err := c.s.Batch(ctx, func(w store.Writer) error {
			for i, one := range batch {
				alone[i] = one.r.put(ctx, w, c.now())
				if alone[i] != nil && !errors.Is(alone[i], store.ErrNotFound) {
					return alone[i]
				}
			}
			return nil
		})
		for i, one := range batch {
			one.done <- cmp.Or(err, alone[i])
		}
	}
}

// put returns when what r came to is kept. After an error it may be kept or not.
func (c *committer) put(ctx context.Context, r *reading) error {
	done := make(chan error, 1)
	select {
	case c.made <- toCommit{r, done}:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}
