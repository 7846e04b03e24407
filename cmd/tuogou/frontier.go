package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/crawler"
)

// frontier keeps the crawler's list of work in the store, so that a crawl that
// was stopped goes on where it stood. Each source has its own round, numbered
// over all sources; other sources' work is left alone.
type frontier struct {
	s      store.Store
	sites  []string
	rounds map[string]int
	now    func() time.Time
	notes  *crawlNotes // written together with what they are about; nil is none

	mu    sync.Mutex
	ahead map[string][]store.Queued // claimed in the store and not handed out yet, by host
}

// claimAhead is how many targets are claimed in one transaction. Claims end with
// the store, so what a dead run had claimed ahead is pending again.
const claimAhead = 32

const roundKey = "crawl_round"

// siteRound is the round of one source. It is open until a crawl came to its
// end.
type siteRound struct {
	N    int  `json:"n"`
	Open bool `json:"open"`
}

// openFrontier goes on with the rounds that were interrupted and begins a new
// one for all other sources. One process at a time gives out rounds.
func openFrontier(ctx context.Context, s store.Store, sites []string, now func() time.Time) (f *frontier, err error) {
	err = store.Alone(ctx, s, "rounds", func(ctx context.Context) error {
		f, err = openFrontierNow(ctx, s, sites, now)
		return err
	})
	return f, err
}

func openFrontierNow(ctx context.Context, s store.Store, sites []string, now func() time.Time) (*frontier, error) {
	f := &frontier{s: s, sites: sites, rounds: map[string]int{}, now: now, ahead: map[string][]store.Queued{}}
	last := 0
	switch n, err := s.Meta(ctx, roundKey); {
	case err == nil:
		if last, err = strconv.Atoi(n); err != nil {
			return nil, fmt.Errorf("crawl round: %w", err)
		}
	case !errors.Is(err, store.ErrNotFound):
		return nil, err
	}
	hosts, err := s.Hosts(ctx)
	if err != nil {
		return nil, err
	}
	waiting := map[string]bool{}
	for _, h := range hosts {
		waiting[h.Source] = true
	}
	fresh := false
	for _, id := range sites {
		r, err := f.state(ctx, id)
		if err != nil {
			return nil, err
		}
		if r.Open && waiting[id] {
			f.rounds[id] = r.N
			continue
		}
		f.rounds[id], fresh = last+1, true
	}
	if fresh {
		if err := s.PutMeta(ctx, roundKey, strconv.Itoa(last+1)); err != nil {
			return nil, err
		}
	}
	return f, f.mark(ctx, true)
}

func (f *frontier) state(ctx context.Context, site string) (r siteRound, err error) {
	data, err := f.s.SourceState(ctx, "round "+site)
	if errors.Is(err, store.ErrNotFound) {
		return r, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &r)
	}
	return r, err
}

// mark writes down whether the rounds are under way.
func (f *frontier) mark(ctx context.Context, open bool) error {
	if f.notes != nil {
		if err := f.notes.flush(ctx, func(store.Writer) error { return nil }); err != nil {
			return err
		}
	}
	for id, n := range f.rounds {
		data, err := json.Marshal(siteRound{n, open})
		if err != nil {
			return err
		}
		if err := f.s.PutSourceState(ctx, "round "+id, data); err != nil {
			return err
		}
	}
	return nil
}

// Add implements crawler.Frontier.
func (f *frontier) Add(ctx context.Context, targets ...crawler.Target) (int, error) {
	rows := make([]store.Target, len(targets))
	for i, t := range targets {
		work, err := json.Marshal(t)
		if err != nil {
			return 0, err
		}
		rows[i] = store.Target{URL: t.Key(), Host: t.Host, Source: t.Site, Kind: string(t.Kind), Depth: t.Depth,
			Parent: t.Parent, Title: t.Title, Number: t.Number, Listed: t.Listed, Round: f.rounds[t.Site], Work: string(work)}
	}
	return f.s.AddTargets(ctx, f.now(), rows)
}

// Claim implements crawler.Frontier.
func (f *frontier) Claim(ctx context.Context, host string) (crawler.Target, bool, error) {
	var t crawler.Target
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.ahead[host]) == 0 {
		// Far in the future: the crawler keeps its own pauses, nothing is due later.
		got, err := f.s.Claim(ctx, store.Claim{Host: host, Limit: claimAhead, Now: f.now().AddDate(1, 0, 0), Sources: f.sites})
		if err != nil || len(got) == 0 {
			return t, false, err
		}
		f.ahead[host] = got
	}
	next := f.ahead[host][0]
	f.ahead[host] = f.ahead[host][1:]
	if err := json.Unmarshal([]byte(next.Work), &t); err != nil {
		return t, false, fmt.Errorf("target %s: %w", next.URL, err)
	}
	return t, true, nil
}

// Finish implements crawler.Frontier.
func (f *frontier) Finish(ctx context.Context, t crawler.Target, r crawler.Result) error {
	q, err := f.s.Target(ctx, t.Key())
	if err != nil {
		return err
	}
	if q.State != store.Claimed {
		return fmt.Errorf("finish %s: it is not claimed", t.URL)
	}
	v := store.Visit{URL: t.Key(), Outcome: r.Outcome, Reason: r.Reason, At: f.now(), ETag: q.Last.ETag, LastModified: q.Last.LastModified}
	if r.Outcome == "" { // interrupted: open again at once
		v.Outcome, v.Reason, v.Again = corpus.Failed, "interrupted", time.Unix(1, 0)
	}
	if f.notes == nil {
		return f.s.Finish(ctx, v)
	}
	return f.notes.flush(ctx, func(w store.Writer) error { return w.Finish(ctx, v) })
}

// Open implements crawler.Frontier.
func (f *frontier) Open(ctx context.Context) (map[string]int, error) {
	hosts, err := f.s.Hosts(ctx)
	if err != nil {
		return nil, err
	}
	open := map[string]int{}
	for _, h := range hosts {
		if _, mine := f.rounds[h.Source]; mine {
			open[h.Host] += h.Pending + h.Claimed
		}
	}
	return open, nil
}

// Again implements crawler.Frontier.
func (f *frontier) Again(ctx context.Context, site string) (int, error) {
	total := 0
	for _, kind := range []crawler.Kind{crawler.Article, crawler.Further, crawler.Attachment} {
		for _, o := range []corpus.Outcome{corpus.Done, corpus.Same} {
			n, err := f.s.Requeue(ctx, store.Requeue{Source: site, Kind: string(kind), Outcome: o, Round: f.rounds[site]})
			if err != nil {
				return total, err
			}
			total += n
		}
	}
	return total, nil
}

// sink keeps what was fetched, together with the notes on it.
type sink struct{ notes *crawlNotes }

// Put implements crawler.Sink.
func (k sink) Put(ctx context.Context, c corpus.Capture, body []byte, n crawler.Note) (outcome corpus.Outcome, err error) {
	err = k.notes.flush(ctx, func(w store.Writer) error {
		if outcome, err = w.PutCapture(ctx, c, body); err != nil {
			return err
		}
		return w.PutSourceState(ctx, noteKey(n.Key), n.Value)
	})
	return outcome, err
}

// crawlNotes keeps what the crawler remembers beside the states of sources. A
// note is written with the next capture or outcome, in one transaction: one that
// is lost belongs to a target that will be done again.
type crawlNotes struct {
	s store.Store

	mu   sync.Mutex
	kept map[string][]byte // not written yet
}

// noteKey is where a note stands among the states of sources.
func noteKey(key string) string { return "note " + key }

func newNotes(s store.Store) *crawlNotes { return &crawlNotes{s: s, kept: map[string][]byte{}} }

// Note implements crawler.Notes.
func (n *crawlNotes) Note(ctx context.Context, key string) ([]byte, error) {
	n.mu.Lock()
	value, ok := n.kept[key]
	n.mu.Unlock()
	if ok {
		return value, nil
	}
	data, err := n.s.SourceState(ctx, noteKey(key))
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return data, err
}

// PutNote implements crawler.Notes.
func (n *crawlNotes) PutNote(_ context.Context, key string, value []byte) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.kept[key] = slices.Clone(value)
	return nil
}

// flush writes the notes and what more does, all or none.
func (n *crawlNotes) flush(ctx context.Context, more func(store.Writer) error) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	err := n.s.Batch(ctx, func(w store.Writer) error {
		for _, key := range slices.Sorted(maps.Keys(n.kept)) {
			if err := w.PutSourceState(ctx, noteKey(key), n.kept[key]); err != nil {
				return err
			}
		}
		return more(w)
	})
	if err == nil {
		clear(n.kept)
	}
	return err
}
