package main

import (
	"context"
	"errors"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"

	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/correct"
	"tuogou/timeline"
)

// metaSigns holds the signs of all documents up to a revision: a few hundred bytes each.
const metaSigns = "ledger signs"

// signsForm is raised when signs say other things, or are written otherwise.
const signsForm = 1

type keptSigns struct {
	Form     int             `json:"form"`
	Revision store.Revision  `json:"revision"`
	Signs    []timeline.Sign `json:"signs"`
	// everyPage says that pages went or came back since: which ones is to be asked.
	everyPage bool
}

// readSigns gives the signs that were kept with the ledger. Where there are none, what
// the obligations remember is gathered, and all records count as new.
func readSigns(ctx context.Context, s store.Store, key string) (keptSigns, *timeline.Signs, error) {
	var kept keptSigns
	data, err := s.Meta(ctx, metaSigns)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return kept, nil, err
	}
	if err == nil && jsonv2.Unmarshal([]byte(data), &kept) == nil && kept.Form == signsForm {
		was, err := s.Meta(ctx, metaLedger)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return kept, nil, err
		}
		kept.everyPage = goneOf(was) != goneOf(key)
		return kept, timeline.NewSigns(kept.Signs), nil
	}
	signs := timeline.NewSigns(nil)
	list, _, err := timeline.Load(ctx, s)
	if err != nil {
		return kept, nil, err
	}
	signs.Recall(list)
	return keptSigns{}, signs, nil
}

// goneOf is the number of pages that are gone, the last part of a ledger's key.
func goneOf(key string) string { return key[strings.LastIndexByte(key, '/')+1:] }

// ledgerShelf is the store as timeline.Sync wants it.
type ledgerShelf struct {
	s    store.Store
	over correct.Records
	end  store.Cursor
	near map[corpus.DocID]*corpus.Record // read of late: neighbours lean on the same documents
}

// mostNear is how many records are kept at hand, of some 100 kB each.
const mostNear = 600

// changed are the signs of the documents that are not as they were.
func (l *ledgerShelf) changed(ctx context.Context, signs *timeline.Signs, kept keptSigns, seen *passing) ([]timeline.Sign, error) {
	whole, err := seen.whole(ctx, l.s)
	if err != nil {
		return nil, err
	}
	if n, err := l.s.Corrected(ctx); err != nil {
		return nil, err
	} else if n > 0 {
		whole = false // a sign is of what persons left
	}
	var out []timeline.Sign
	fresh := map[corpus.DocID]bool{}
	for c, err := range l.s.Changed(ctx, kept.Revision) {
		if err != nil {
			return nil, err
		}
		x, ok := passed{}, false
		if whole {
			x, ok = seen.signs[c.Doc]
		}
		if !ok {
			r, _, err := l.Record(ctx, c.Doc)
			if err != nil {
				return nil, err
			}
			if r == nil {
				continue // verify tells of it
			}
			x = passed{timeline.SignOf(r), r.Source.URL}
		}
		if x.sign.Gone, err = l.gone(ctx, x.url); err != nil {
			return nil, err
		}
		fresh[c.Doc] = true
		out = append(out, x.sign)
	}
	if !kept.everyPage {
		return out, nil
	}
	for _, x := range signs.All() {
		if fresh[x.Doc] || !x.Due {
			continue
		}
		c, err := l.s.Latest(ctx, x.Doc)
		if err != nil {
			return nil, err
		}
		gone, err := l.gone(ctx, c.URL)
		if err != nil {
			return nil, err
		}
		if gone != x.Gone {
			x.Gone = gone
			out = append(out, x)
		}
	}
	return out, nil
}

// gone reports whether a page is no longer at its address, as the crawler found.
func (l *ledgerShelf) gone(ctx context.Context, url string) (bool, error) {
	if url == "" {
		return false, nil
	}
	q, err := l.s.Target(ctx, url)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil && strings.HasPrefix(q.Last.Reason, goneReason), err
}

func (l *ledgerShelf) Record(ctx context.Context, id corpus.DocID) (*corpus.Record, []store.Correction, error) {
	r := l.near[id]
	if r == nil {
		var err error
		r, err = l.over.Record(ctx, id)
		if errors.Is(err, store.ErrCorrupt) || errors.Is(err, store.ErrNotFound) {
			return nil, nil, nil
		}
		if err != nil {
			return nil, nil, err
		}
		if len(l.near) >= mostNear {
			clear(l.near)
		}
		l.near[id] = r
	}
	return r, correct.Deadlines(r), nil
}

func (l *ledgerShelf) Obligations(ctx context.Context, id corpus.DocID) ([]timeline.Obligation, error) {
	return timeline.SpokenBy(ctx, l.s, id)
}

func (l *ledgerShelf) Known(ctx context.Context, uid string) (bool, error) {
	_, err := l.s.Obligation(ctx, uid)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

func (l *ledgerShelf) Append(ctx context.Context, changes []timeline.Change) error {
	end := l.end
	err := l.s.Batch(ctx, func(w store.Writer) (err error) {
		end, err = timeline.Append(ctx, w, l.end, changes)
		return err
	})
	if err == nil {
		l.end = end
	}
	return err
}
