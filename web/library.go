package web

import (
	"context"
	"fmt"
	"sync"

	lru "github.com/hashicorp/golang-lru/v2"

	"tuogou/corpus"
)

// library keeps what pages have read or made of the records, until these change.
type library struct {
	b Backend

	mu       sync.Mutex
	revision string
	records  *lru.Cache[corpus.DocID, *corpus.Record]
	made     *lru.Cache[string, *making]
	answers  *lru.Cache[string, *making]
	pages    *lru.Cache[string, []byte] // by their names, see [request.known]
}

// How many records, results over all records, answers to searches, and pages are kept. A
// record of a plan takes some 60 kB, a result between a kilobyte and a few megabytes, an
// answer with the counts of thousands of places up to half of one, a page up to maxKeptPage
// bytes; longer ones are made anew.
const (
	keptRecords = 1000
	keptResults = 32
	keptAnswers = 128
	keptPages   = 64
	maxKeptPage = 512 << 10
)

// making is one result, or its being made: who comes second waits for it.
type making struct {
	once  sync.Once
	value any
	err   error
}

func newLibrary(b Backend) *library {
	records, _ := lru.New[corpus.DocID, *corpus.Record](keptRecords) // fails for sizes below 1 only
	made, _ := lru.New[string, *making](keptResults)
	answers, _ := lru.New[string, *making](keptAnswers)
	pages, _ := lru.New[string, []byte](keptPages)
	return &library{b: b, records: records, made: made, answers: answers, pages: pages}
}

// fresh drops what was made of records that have changed since, and gives the
// revision that the answers are of.
func (l *library) fresh(ctx context.Context) (string, error) {
	now, err := l.b.Revision(ctx)
	if err != nil {
		return "", fmt.Errorf("revision: %w", err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if now != l.revision {
		l.revision = now
		l.records.Purge()
		l.made.Purge()
		l.answers.Purge()
		l.pages.Purge()
	}
	return now, nil
}

// record is one record, perhaps one that was read before. Whether it has changed since
// is asked once for each request, by [request.known].
func (l *library) record(ctx context.Context, id corpus.DocID) (*corpus.Record, error) {
	if r, ok := l.records.Get(id); ok {
		return r, nil
	}
	r, err := l.b.Record(ctx, id)
	if err == nil {
		l.records.Add(id, r)
	}
	return r, err
}

// all reads every record. They are not kept: ten thousand take half a gigabyte.
func (l *library) all(ctx context.Context) ([]*corpus.Record, error) {
	var out []*corpus.Record
	for r, err := range l.b.Records(ctx) {
		if err != nil {
			return nil, fmt.Errorf("records: %w", err)
		}
		out = append(out, r)
	}
	return out, nil
}

// kept is what f makes, once for each key until something changes. The work goes on when
// its first reader goes away, for the next one wants it too. Nobody may change it.
func kept[T any](ctx context.Context, l *library, in *lru.Cache[string, *making], key string, f func(context.Context) (T, error)) (T, error) {
	var zero T
	revision, err := l.fresh(ctx)
	if err != nil {
		return zero, err
	}
	key = revision + "\x00" + key
	l.mu.Lock()
	m, ok := in.Get(key)
	if !ok {
		m = &making{}
		in.Add(key, m)
	}
	l.mu.Unlock()
	m.once.Do(func() { m.value, m.err = f(context.WithoutCancel(ctx)) })
	if m.err != nil { // an error is not kept
		in.Remove(key)
		return zero, m.err
	}
	return m.value.(T), nil
}

// derive is kept for what f makes of all records.
func derive[T any](ctx context.Context, l *library, key string, f func(context.Context, []*corpus.Record) (T, error)) (T, error) {
	return kept(ctx, l, l.made, key, func(ctx context.Context) (T, error) {
		rs, err := l.all(ctx)
		if err != nil {
			var zero T
			return zero, err
		}
		return f(ctx, rs)
	})
}
