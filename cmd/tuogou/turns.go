package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"tuogou/corpus/store"
	"tuogou/crawler"
)

// turns keeps the crawler's manners among the processes that share a store: one lease for
// each server, with how long its last answer took left in it.
type turns struct{ leases store.Leaser }

// Turn implements crawler.Turns.
func (t turns) Turn(ctx context.Context, server string, fn func(context.Context, crawler.Asked) time.Duration) error {
	return t.leases.Leased(ctx, "server "+server, func(ctx context.Context, before store.Past) (string, error) {
		took, err := time.ParseDuration(before.Note)
		if err != nil {
			took = 0 // nobody has asked it yet, or who did died over it
		}
		return fn(ctx, crawler.Asked{Ago: before.Free, Took: took}).String(), nil
	})
}

// endings keeps which hosts have ended in one order of jobs.
type endings struct {
	s     store.Store
	order int64
}

func (e endings) key(host string) string { return fmt.Sprintf("ended %s in order %d", host, e.order) }

// Ended implements crawler.Endings.
func (e endings) Ended(ctx context.Context, host string) (string, error) {
	why, err := e.s.SourceState(ctx, e.key(strings.ToLower(host)))
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	return string(why), err
}

// End implements crawler.Endings.
func (e endings) End(ctx context.Context, host, reason string) error {
	return e.s.PutSourceState(ctx, e.key(strings.ToLower(host)), []byte(reason))
}
