package web

import (
	"context"
	"runtime"
	"sync"
)

// newTurns is as many turns as there are processors. Searching keeps a processor busy
// from its first to its last moment: sixteen searches at once on two of them end late
// one and all, and some very late, where each in its turn ends in the order of coming.
func newTurns() chan struct{} { return make(chan struct{}, runtime.GOMAXPROCS(0)) }

// turn waits until it is this reader's turn to have a processor to himself, in the order
// of coming, which a channel keeps. The caller gives it back by done, as often as it
// likes, before it waits for the network. It fails where the reader has left.
func (s *server) turn(ctx context.Context) (done func(), err error) {
	select {
	case s.turns <- struct{}{}:
		return sync.OnceFunc(func() { <-s.turns }), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
