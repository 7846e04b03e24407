package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/correct"
	"tuogou/timeline"
)

// metaLedger is what the ledger was last brought up to: see ledgerKey.
const metaLedger = "ledger"

// ledgerForm is raised when this program leads records to obligations otherwise, so
// that they are looked at once more.
const ledgerForm = 1

// goneReason begins the reason of a page that is no longer at its address.
const goneReason = "gone: "

// ledgerKey is the same while nothing happened that obligations depend on.
func (a *app) ledgerKey(ctx context.Context, s store.Reader) (string, error) {
	st, err := s.Status(ctx)
	if err != nil {
		return "", err
	}
	n := 0
	for _, r := range st.Reasons {
		if strings.HasPrefix(r.Reason, goneReason) {
			n += r.Count
		}
	}
	return fmt.Sprintf("%d/%d/%d/%d", ledgerForm, st.Revision, st.Corrections, n), nil
}

// ledgerBehind reports whether something happened since the ledger was written.
func (a *app) ledgerBehind(ctx context.Context, s store.Reader) (key string, behind bool, err error) {
	if key, err = a.ledgerKey(ctx, s); err != nil {
		return "", false, err
	}
	was, err := s.Meta(ctx, metaLedger)
	if errors.Is(err, store.ErrNotFound) {
		return key, true, nil
	}
	return key, was != key, err
}

// syncLedger brings the ledger up to the records, and returns how many changes that
// made. Records, corrections and pages that are gone give them; nothing new gives none.
// It reads what changed since, and what depends on that. seen is what passed by; nil
// where nothing did. One process at a time does it.
func (a *app) syncLedger(ctx context.Context, s store.Store, seen *passing) (n int, err error) {
	err = store.Alone(ctx, s, "ledger", func(ctx context.Context) error {
		n, err = a.syncLedgerNow(ctx, s, seen)
		return err
	})
	return n, err
}

func (a *app) syncLedgerNow(ctx context.Context, s store.Store, seen *passing) (int, error) {
	key, behind, err := a.ledgerBehind(ctx, s)
	if err != nil || !behind {
		return 0, err
	}
	k, err := a.knowledge()
	if err != nil {
		return 0, err
	}
	kept, signs, err := readSigns(ctx, s, key)
	if err != nil {
		return 0, err
	}
	shelf := &ledgerShelf{s: s, over: correct.Over(s), near: map[corpus.DocID]*corpus.Record{}}
	if shelf.end, err = s.LedgerEnd(ctx); err != nil {
		return 0, err
	}
	now, err := s.Revision(ctx)
	if err != nil {
		return 0, err
	}
	changed, err := shelf.changed(ctx, signs, kept, seen)
	if err != nil {
		return 0, err
	}
	n, err := timeline.Sync(ctx, shelf, signs, changed, timeline.Facts{Workdays: k.set.Times.Workdays, At: a.Now()})
	if err != nil {
		return n, fmt.Errorf("bring the ledger up to the records: %w", err)
	}
	data, err := json.Marshal(keptSigns{Form: signsForm, Revision: now, Signs: signs.All()})
	if err != nil {
		return n, err
	}
	return n, s.Batch(ctx, func(w store.Writer) error {
		if err := w.PutMeta(ctx, metaSigns, string(data)); err != nil {
			return err
		}
		return w.PutMeta(ctx, metaLedger, key)
	})
}

// ledger opens the store for reading, with a ledger that is up to date. Where it cannot
// be written, because another process does, it is taken as it is, and stale is true.
func (a *app) ledger(ctx context.Context) (_ store.Store, stale bool, err error) {
	s, err := a.open(ctx, false)
	if err != nil {
		return nil, false, err
	}
	if _, behind, err := a.ledgerBehind(ctx, s); err != nil || !behind {
		return s, false, err
	}
	if err := a.closeStore(); err != nil {
		return nil, false, err
	}
	if s, err = a.open(ctx, true); err != nil { // another process writes, or nobody may here
		a.tell("%s: %v", a.msg("timeline.stale"), err)
		s, err = a.open(ctx, false)
		return s, true, err
	}
	if _, err := a.syncLedger(ctx, s, nil); err != nil {
		return nil, false, err
	}
	// What only reads shall not keep others from writing.
	if err := a.closeStore(); err != nil {
		return nil, false, err
	}
	s, err = a.open(ctx, false)
	return s, false, err
}
