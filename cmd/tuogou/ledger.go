package main

import (
	"context"
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
func (a *app) syncLedger(ctx context.Context, s store.Store) (int, error) {
	key, behind, err := a.ledgerBehind(ctx, s)
	if err != nil || !behind {
		return 0, err
	}
	k, err := a.knowledge()
	if err != nil {
		return 0, err
	}
	type ledger struct {
		list []timeline.Obligation
		base store.Cursor
		err  error
	}
	read := make(chan ledger, 1)
	go func() { // both are many objects in JSON: on two processors that halves the wait
		list, base, err := timeline.Load(ctx, s)
		read <- ledger{list, base, err}
	}()
	facts := timeline.Facts{Gone: map[corpus.DocID]bool{}, Workdays: k.set.Times.Workdays, At: a.Now()}
	for r, err := range corrected(ctx, s) {
		if errors.Is(err, store.ErrCorrupt) {
			continue // verify tells of it
		}
		if err != nil {
			return 0, err
		}
		facts.Records = append(facts.Records, r)
		facts.Corrections = append(facts.Corrections, correct.Deadlines(r)...)
	}
	if err := goneDocuments(ctx, s, facts); err != nil {
		return 0, err
	}
	old := <-read
	if old.err != nil {
		return 0, old.err
	}
	changes := timeline.Update(old.list, facts)
	err = s.Batch(ctx, func(w store.Writer) error {
		if _, err := timeline.Append(ctx, w, old.base, changes); err != nil {
			return err
		}
		return w.PutMeta(ctx, metaLedger, key)
	})
	return len(changes), err
}

// goneDocuments asks the frontier which pages are no longer at their address.
func goneDocuments(ctx context.Context, s store.Reader, f timeline.Facts) error {
	for _, r := range f.Records {
		if r.Source.URL == "" || len(r.Deadlines) == 0 {
			continue
		}
		q, err := s.Target(ctx, r.Source.URL)
		switch {
		case errors.Is(err, store.ErrNotFound):
		case err != nil:
			return err
		default:
			f.Gone[r.ID] = strings.HasPrefix(q.Last.Reason, goneReason)
		}
	}
	return nil
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
	if _, err := a.syncLedger(ctx, s); err != nil {
		return nil, false, err
	}
	// What only reads shall not keep others from writing.
	if err := a.closeStore(); err != nil {
		return nil, false, err
	}
	s, err = a.open(ctx, false)
	return s, false, err
}
