package crawler

import (
	"context"
	"time"
)

// Turns keeps the manners of one crawl where several processes work on it: one of them
// at a time asks a server, and the pause counts from what any of them asked. It is safe
// for concurrent use.
type Turns interface {
	// Turn waits until no other process asks the server, and runs fn, which gets when it
	// was asked last and returns how long its last answer took. ctx of fn ends when
	// another process may take over, because this one was cut off. An error says that
	// the turn was not had to its end.
	Turn(ctx context.Context, server string, fn func(ctx context.Context, last Asked) (took time.Duration)) error
}

// Asked is what is known of the last question to a server.
type Asked struct {
	Ago  time.Duration // since its answer
	Took time.Duration
}

// Endings remembers among processes that work on one crawl which hosts have ended: they
// refused, or were not there. It is safe for concurrent use.
type Endings interface {
	// Ended is why the host was left, or empty.
	Ended(ctx context.Context, host string) (string, error)
	// End says that nothing more may be asked of the host in this crawl.
	End(ctx context.Context, host, reason string) error
}

// TurnError says that a server could not be asked in turn. It tells nothing of the server.
type TurnError struct{ Err error }

func (e *TurnError) Error() string { return "turn to ask: " + e.Err.Error() }

// Unwrap gives the cause.
func (e *TurnError) Unwrap() error { return e.Err }

// inTurn runs ask when it is this process's turn to ask the server of h, whose lock is
// held. The pause before goes by what other processes have asked.
func (c *Client) inTurn(ctx context.Context, h *host, ask func(context.Context) (*Response, error)) (resp *Response, err error) {
	if c.opts.Turns == nil {
		return ask(ctx)
	}
	lost := c.opts.Turns.Turn(ctx, h.name, func(ctx context.Context, last Asked) time.Duration {
		h.next, h.slow = c.clock.Now().Add(-last.Ago), last.Took
		resp, err = ask(ctx)
		return h.slow
	})
	if lost != nil {
		return nil, &TurnError{lost}
	}
	return resp, err
}

// left reports whether another process has found that the host has ended.
func (w *worker) left(ctx context.Context) (bool, error) {
	if w.opts.Endings == nil {
		return false, nil
	}
	why, err := w.opts.Endings.Ended(ctx, w.report.Host)
	if why != "" {
		w.report.Ended = why
	}
	return why != "", err
}

// end leaves the host for the rest of the crawl.
func (w *worker) end(ctx context.Context, why string) error {
	w.report.Ended = why
	if w.opts.Endings == nil {
		return nil
	}
	return w.opts.Endings.End(ctx, w.report.Host, why)
}
