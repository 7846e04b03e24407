package correct

import (
	"context"
	"errors"
	"iter"

	"tuogou/corpus"
	"tuogou/corpus/store"
)

// Records reads records as people corrected them.
type Records struct{ s store.Reader }

// Over lays the corrections that s keeps over its records. It is the one place
// where that is done. What it gives cannot be put into a store again.
func Over(s store.Reader) Records { return Records{s} }

// Record is store.Records.Record, corrected.
func (o Records) Record(ctx context.Context, id corpus.DocID) (*corpus.Record, error) {
	r, err := o.s.Record(ctx, id)
	if err != nil {
		return nil, err
	}
	all, err := o.s.Corrections(ctx, id)
	if err != nil {
		return nil, err
	}
	return Apply(r, all)
}

// Records is store.Records.Records, corrected. A filter looks at what the
// machine said.
func (o Records) Records(ctx context.Context, f store.Filter) iter.Seq2[*corpus.Record, error] {
	return func(yield func(*corpus.Record, error) bool) {
		list, err := o.s.Corrections(ctx, "")
		if err != nil {
			yield(nil, err)
			return
		}
		of := map[corpus.DocID][]store.Correction{}
		for _, c := range list {
			of[c.Doc] = append(of[c.Doc], c)
		}
		for r, err := range o.s.Records(ctx, f) {
			if err == nil {
				r, err = Apply(r, of[r.ID])
			}
			if !yield(r, err) || err != nil && !errors.Is(err, store.ErrCorrupt) {
				return
			}
		}
	}
}
