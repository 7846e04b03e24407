package store

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"time"

	"tuogou/corpus"
)

// Cursor numbers the changes of the ledger, from 1, rising by 1.
type Cursor int64

// LedgerChange is one thing that happened to one obligation. It is written once:
// the ledger is a log, and how an obligation stands is what its last change says.
type LedgerChange struct {
	Cursor Cursor // given by AppendLedger
	UID    string // of the obligation
	// Sequence is the obligation's after the change; it never falls.
	Sequence int
	Kind     string // what happened, in the words of package timeline
	Cause    string // source, rules or person
	At       time.Time
	// Data is JSON in the form of package timeline: what changed, and the whole
	// obligation after the change.
	Data []byte
	// Doc is the document that speaks for the obligation after the change; empty where
	// none does.
	Doc corpus.DocID
}

// Check reports why c cannot be kept, as ErrInvalid, or nil.
func (c LedgerChange) Check() error {
	switch {
	case c.UID == "" || c.Kind == "" || c.Cause == "":
		return fmt.Errorf("append to the ledger: a change names no obligation, kind or cause: %w", ErrInvalid)
	case c.Sequence < 0:
		return fmt.Errorf("append to the ledger: sequence %d of %s: %w", c.Sequence, c.UID, ErrInvalid)
	case !json.Valid(c.Data):
		return fmt.Errorf("append to the ledger: the data of %s are no JSON: %w", c.UID, ErrInvalid)
	}
	return nil
}

// Hook is a subscriber to the ledger. The ledger is its outbox: all changes after
// its cursor are still to be sent.
type Hook struct {
	ID     string
	URL    string
	Secret string
	Query  string // which obligations, in the query language; empty: all
	Cursor Cursor // the last change that it took, or that is none of its business
	// Failures counts the attempts that failed since the last success, Error is why
	// the last one did, and Due the earliest time of the next.
	Failures int
	Error    string
	Due      time.Time
	At       time.Time // when it subscribed
}

// Ledger gives back the obligations and all that happened to them.
type Ledger interface {
	// Obligations runs by UID over the last change of each obligation.
	Obligations(ctx context.Context) iter.Seq2[LedgerChange, error]
	// Obligation is all changes of one obligation, oldest first, or ErrNotFound.
	Obligation(ctx context.Context, uid string) ([]LedgerChange, error)
	// ObligationsOf is, by UID, the last change of each obligation for which the
	// document speaks or ever spoke; none where there is none.
	ObligationsOf(ctx context.Context, doc corpus.DocID) ([]LedgerChange, error)
	// LedgerSince runs over the changes after a cursor, each once, in order.
	LedgerSince(ctx context.Context, after Cursor) iter.Seq2[LedgerChange, error]
	// LedgerEnd is the cursor of the last change, 0 where there is none.
	LedgerEnd(ctx context.Context) (Cursor, error)
	// Hooks are the subscribers, by ID.
	Hooks(ctx context.Context) ([]Hook, error)
}

// LedgerWriter adds to the ledger. Nothing is ever taken from it.
type LedgerWriter interface {
	// AppendLedger adds changes, all or none, and returns the new end. base is the
	// end that they were worked out from; ErrMoved where the ledger has gone on
	// since. A sequence that falls is ErrInvalid.
	AppendLedger(ctx context.Context, base Cursor, changes []LedgerChange) (Cursor, error)
	// PutHook keeps a subscriber, in the place of any of its ID.
	PutHook(ctx context.Context, h Hook) error
	// DeleteHook forgets a subscriber. ErrNotFound where there is none.
	DeleteHook(ctx context.Context, id string) error
}
