package main

import (
	"context"

	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/extract"
	"tuogou/timeline"
)

// passing is what later stages want to know of records, taken while they pass by:
// reading all of them again would cost as much as making a third of them. A nil one
// has seen nothing.
type passing struct {
	works *extract.Works
	signs map[corpus.DocID]passed
	from  store.Revision
	puts  int // each one revision more
}

type passed struct {
	sign timeline.Sign
	url  string
}

// pass begins where the store stands now.
func pass(ctx context.Context, s store.Store, k *knowledge) (*passing, error) {
	works, from, err := newWorks(ctx, s, k)
	return &passing{works: works, signs: map[corpus.DocID]passed{}, from: from}, err
}

// put takes note of a record that was put, with what that changed.
func (p *passing) put(r *corpus.Record, o corpus.Outcome) {
	if p == nil {
		return
	}
	if o != corpus.Same {
		p.puts++
	}
	p.works.Add(r)
	p.signs[r.ID] = passed{timeline.SignOf(r), r.Source.URL}
}

// to is the revision up to which everything passed by, where it is whole.
func (p *passing) to() store.Revision { return p.from + store.Revision(p.puts) }

// whole reports whether everything that was put since the beginning passed by here, and
// no other process put anything.
func (p *passing) whole(ctx context.Context, s store.Reader) (bool, error) {
	if p == nil {
		return false, nil
	}
	now, err := s.Revision(ctx)
	return err == nil && now == p.to(), err
}
