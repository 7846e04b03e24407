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

// metaUnresolved is set in the store from before records are made until their
// references were led to documents, so that a kill in between is made good.
const metaUnresolved = "references unresolved"

// metaWorks holds what is known of all documents up to a revision, so that a new
// one costs a look at what it names and at those that name it, and not at all.
const metaWorks = "works"

type keptWorks struct {
	Revision store.Revision
	Works    json.RawMessage
}

// resolve leads the references of records to the documents they mean, where
// records were made since the last time: a new document may be what an old one
// cites.
func (a *app) resolve(ctx context.Context, s store.Store, k *knowledge, seen *passing) error {
	switch due, err := s.Meta(ctx, metaUnresolved); {
	case errors.Is(err, store.ErrNotFound), err == nil && due == "":
		return nil
	case err != nil:
		return err
	}
	whole, err := seen.whole(ctx, s)
	if err != nil {
		return err
	}
	var works *extract.Works
	if whole {
		works = seen.works
	} else if works, err = newWorks(ctx, s, k); err != nil {
		return err
	}
	if err := a.lead(ctx, s, works, seen); err != nil {
		return fmt.Errorf("lead references to documents: %w", err)
	}
	st, err := s.Status(ctx)
	if err != nil {
		return err
	}
	kept := keptWorks{Revision: st.Revision}
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
		return w.PutMeta(ctx, metaUnresolved, "")
	})
}

// newWorks are the documents kept the last time, with those put since then added;
// all are added where none were kept, or were by other rules.
func newWorks(ctx context.Context, s store.Store, k *knowledge) (*extract.Works, error) {
	var kept keptWorks
	data, err := s.Meta(ctx, metaWorks)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	works := k.x.Works()
	if err == nil && json.Unmarshal([]byte(data), &kept) == nil {
		if old, err := k.x.DecodeWorks(kept.Works); err == nil {
			works = old
		} else {
			kept.Revision = 0
		}
	}
	for c, err := range s.Changed(ctx, kept.Revision) {
		if err != nil {
			return nil, err
		}
		r, err := s.Record(ctx, c.Doc)
		switch {
		case errors.Is(err, store.ErrCorrupt):
			continue // verify tells of it
		case err != nil:
			return nil, err
		}
		works.Add(r)
	}
	return works, nil
}

// lead puts the records whose references lead elsewhere now.
func (a *app) lead(ctx context.Context, s store.Store, works *extract.Works, seen *passing) error {
	var changed []*corpus.Record
	flush := func() error {
		if len(changed) == 0 {
			return nil
		}
		list := changed
		changed = nil
		puts := make([]corpus.Outcome, len(list))
		err := s.Batch(ctx, func(w store.Writer) (err error) {
			for i, r := range list {
				if puts[i], err = w.PutRecord(ctx, r, a.Now()); err != nil && !errors.Is(err, store.ErrNotFound) {
					return err
				}
			}
			return nil
		})
		for i, r := range list {
			if err == nil && puts[i] != "" {
				seen.put(r, puts[i])
			}
		}
		return err
	}
	for _, id := range works.Due() {
		r, err := s.Record(ctx, id)
		switch {
		case errors.Is(err, store.ErrCorrupt):
			continue
		case err != nil:
			return err
		}
		before := targets(r)
		if works.Resolve(r); before == targets(r) {
			continue
		}
		if changed = append(changed, r); len(changed) == putBatch {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
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
