package main

import (
	"context"
	"errors"
	"fmt"

	"tuogou/corpus"
	"tuogou/corpus/store"
)

// metaUnresolved is set in the store from before records are made until their
// references were led to documents, so that a kill in between is made good.
const metaUnresolved = "references unresolved"

// resolve leads the references of all records to the documents they mean, where
// records were made since the last time: a new document may be what an old one
// cites.
func (a *app) resolve(ctx context.Context, s store.Store, k *knowledge) error {
	switch due, err := s.Meta(ctx, metaUnresolved); {
	case errors.Is(err, store.ErrNotFound), err == nil && due == "":
		return nil
	case err != nil:
		return err
	}
	works := k.x.Works()
	if err := eachRecord(ctx, s, func(r *corpus.Record) error {
		works.Add(r)
		return nil
	}); err != nil {
		return err
	}
	var changed []*corpus.Record
	flush := func() error {
		list := changed
		changed = nil
		return s.Batch(ctx, func(w store.Writer) error {
			for _, r := range list {
				if _, err := w.PutRecord(ctx, r, a.Now()); err != nil && !errors.Is(err, store.ErrNotFound) {
					return err
				}
			}
			return nil
		})
	}
	err := eachRecord(ctx, s, func(r *corpus.Record) error {
		if before := targets(r); works.Resolve(r) == 0 && before == "" || before == targets(r) {
			return nil
		}
		if changed = append(changed, r); len(changed) < putBatch {
			return nil
		}
		return flush()
	})
	if err == nil && len(changed) > 0 {
		err = flush()
	}
	if err != nil {
		return fmt.Errorf("lead references to documents: %w", err)
	}
	return s.PutMeta(ctx, metaUnresolved, "")
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

// eachRecord calls do with each record that can be read.
func eachRecord(ctx context.Context, s store.Store, do func(*corpus.Record) error) error {
	for r, err := range s.Records(ctx, store.Filter{}) {
		switch {
		case errors.Is(err, store.ErrCorrupt):
			continue // verify tells of it
		case err != nil:
			return err
		}
		if err := do(r); err != nil {
			return err
		}
	}
	return nil
}
