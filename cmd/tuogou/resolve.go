package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/extract"
)

// metaLed is the revision up to which references were led to documents. It is behind
// that of the store from when records are made until theirs were led, so that a kill in
// between is made good.
const metaLed = "references led"

// metaWorks holds what is known of all documents up to a revision, so that a new
// one costs a look at what it names and at those that name it, and not at all.
const metaWorks = "works"

type keptWorks struct {
	Revision store.Revision
	Works    json.RawMessage
}

// resolve leads the references of records to the documents they mean, where
// records were made since the last time: a new document may be what an old one
// cites. One process at a time does it.
func (a *app) resolve(ctx context.Context, s store.Store, k *knowledge, seen *passing) error {
	return store.Alone(ctx, s, "references", func(ctx context.Context) error {
		now, err := s.Revision(ctx)
		if err != nil {
			return err
		}
		led, err := s.Meta(ctx, metaLed)
		if err != nil && !errors.Is(err, store.ErrNotFound) || led == fmt.Sprint(now) {
			return err
		}
		return a.resolveNow(ctx, s, k, seen)
	})
}

func (a *app) resolveNow(ctx context.Context, s store.Store, k *knowledge, seen *passing) error {
	whole, err := seen.whole(ctx, s)
	if err != nil {
		return err
	}
	var works *extract.Works
	var upTo store.Revision
	if whole {
		works, upTo = seen.works, seen.to()
	} else if works, upTo, err = newWorks(ctx, s, k); err != nil {
		return err
	}
	puts, err := a.lead(ctx, s, works, seen)
	if err != nil {
		return fmt.Errorf("lead references to documents: %w", err)
	}
	// What others put meanwhile is left for the next time.
	now, err := s.Revision(ctx)
	if err != nil {
		return err
	}
	if now == upTo+store.Revision(puts) {
		upTo = now
	}
	kept := keptWorks{Revision: upTo}
	if kept.Works, err = works.Encode(); err != nil {
		return err
	}
	data, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	return s.Batch(ctx, func(w store.Writer) error {
		if err := w.PutMeta(ctx, metaWorks, string(data)); err != nil {
			return err
		}
		return w.PutMeta(ctx, metaLed, fmt.Sprint(upTo))
	})
}

// newWorks are the documents kept the last time, with those put since then added;
// all are added where none were kept, or were by other rules. They know all that was put
// up to the revision returned.
func newWorks(ctx context.Context, s store.Store, k *knowledge) (*extract.Works, store.Revision, error) {
	var kept keptWorks
	data, err := s.Meta(ctx, metaWorks)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, 0, err
	}
	works := k.x.Works()
	if err == nil && json.Unmarshal([]byte(data), &kept) == nil {
		if old, err := k.x.DecodeWorks(kept.Works); err == nil {
			works = old
		} else {
			kept.Revision = 0
		}
	}
	upTo := kept.Revision
	for c, err := range s.Changed(ctx, kept.Revision) {
		if err != nil {
			return nil, 0, err
		}
		upTo = max(upTo, c.Revision)
		r, err := s.Record(ctx, c.Doc)
		switch {
		case errors.Is(err, store.ErrCorrupt):
			continue // verify tells of it
		case err != nil:
			return nil, 0, err
		}
		works.Add(r)
	}
	return works, upTo, nil
}

// led is a record whose references lead elsewhere now.
type led struct {
	was    corpus.Hash // before
	record *corpus.Record
}

// lead puts the records whose references lead elsewhere now, and returns how many. One
// that another process replaces meanwhile is left to the next time.
func (a *app) lead(ctx context.Context, s store.Store, works *extract.Works, seen *passing) (total int, err error) {
	var changed []led
	for _, id := range works.Due() {
		was, err := s.RecordHash(ctx, id)
		if err != nil {
			return total, err
		}
		r, err := s.Record(ctx, id)
		switch {
		case errors.Is(err, store.ErrCorrupt):
			continue
		case err != nil:
			return total, err
		}
		before := targets(r)
		if works.Resolve(r); before == targets(r) {
			continue
		}
		if changed = append(changed, led{was, r}); len(changed) < putBatch {
			continue
		}
		n, err := a.putLed(ctx, s, changed, seen)
		if total += n; err != nil {
			return total, err
		}
		changed = nil
	}
	n, err := a.putLed(ctx, s, changed, seen)
	return total + n, err
}

// putLed puts records in one transaction and returns how many were changed by that.
func (a *app) putLed(ctx context.Context, s store.Store, list []led, seen *passing) (n int, err error) {
	if len(list) == 0 {
		return 0, nil
	}
	puts := make([]corpus.Outcome, len(list))
	err = s.Batch(ctx, func(w store.Writer) (err error) {
		for i, l := range list {
			if puts[i], err = w.ReviseRecord(ctx, l.was, l.record, a.Now()); err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	for i, l := range list {
		if puts[i] == corpus.Done {
			n++
		}
		if puts[i] == corpus.Done || puts[i] == corpus.Same {
			seen.put(l.record, puts[i])
		}
	}
	return n, nil
}

// targets are the targets of a record's references, for comparison.
func targets(r *corpus.Record) string {
	out := ""
	for i, ref := range r.References {
		if ref.Target != "" {
			out += fmt.Sprintf("%d=%s ", i, ref.Target)
		}
	}
	return out
}
