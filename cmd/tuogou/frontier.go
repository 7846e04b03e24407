package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/crawler"
)

// frontier keeps the crawler's list of work in the store, so that a crawl that
// was stopped goes on where it stood.
type frontier struct {
	s     store.Store
	round int
	now   func() time.Time
}

const roundKey = "crawl_round"

// openFrontier goes on with the round that has work left, else begins a new one.
func openFrontier(ctx context.Context, s store.Store, now func() time.Time) (*frontier, error) {
	f := &frontier{s: s, now: now}
	switch n, err := s.Meta(ctx, roundKey); {
	case err == nil:
		if f.round, err = strconv.Atoi(n); err != nil {
			return nil, fmt.Errorf("crawl round: %w", err)
		}
	case !errors.Is(err, store.ErrNotFound):
		return nil, err
	}
	hosts, err := s.Hosts(ctx)
	if err != nil {
		return nil, err
	}
	if len(hosts) > 0 && f.round > 0 {
		return f, nil
	}
	f.round++
	return f, s.PutMeta(ctx, roundKey, strconv.Itoa(f.round))
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
			Parent: t.Parent, Title: t.Title, Number: t.Number, Listed: t.Listed, Round: f.round, Work: string(work)}
	}
	return f.s.AddTargets(ctx, f.now(), rows)
}

// Claim implements crawler.Frontier.
func (f *frontier) Claim(ctx context.Context, host string) (crawler.Target, bool, error) {
	var t crawler.Target
	// Far ahead: the crawler keeps its own pauses, nothing is due later.
	got, err := f.s.Claim(ctx, store.Claim{Host: host, Limit: 1, Now: f.now().AddDate(1, 0, 0)})
	if err != nil || len(got) == 0 {
		return t, false, err
	}
	if err := json.Unmarshal([]byte(got[0].Work), &t); err != nil {
		return t, false, fmt.Errorf("target %s: %w", got[0].URL, err)
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
	return f.s.Finish(ctx, v)
}

// sink keeps what was fetched.
type sink struct{ s store.Store }

// Put implements crawler.Sink.
func (k sink) Put(ctx context.Context, c corpus.Capture, body []byte) (corpus.Outcome, error) {
	return k.s.PutCapture(ctx, c, body)
}

// validators keeps ETag and Last-Modified beside the source states.
type validators struct{ s store.Store }

// Recall implements crawler.Validators.
func (v validators) Recall(ctx context.Context, url string) (etag, modified string, err error) {
	data, err := v.s.SourceState(ctx, "validators "+url)
	if errors.Is(err, store.ErrNotFound) {
		return "", "", nil
	}
	if err != nil {
		return "", "", err
	}
	var pair [2]string
	if err := json.Unmarshal(data, &pair); err != nil {
		return "", "", nil // only a hint: without it the page is asked for whole
	}
	return pair[0], pair[1], nil
}

// Remember implements crawler.Validators.
func (v validators) Remember(ctx context.Context, url, etag, modified string) error {
	data, err := json.Marshal([2]string{etag, modified})
	if err != nil {
		return err
	}
	return v.s.PutSourceState(ctx, "validators "+url, data)
}
