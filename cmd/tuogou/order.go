package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/corpus/store/postgres/jobs"
	"tuogou/rules"
)

// orderFlags are those of a command whose work can be queued.
type orderFlags struct {
	jobs     bool
	priority string
}

// priorities by the word that users give.
var priorities = map[string]int{"urgent": jobs.Urgent, "normal": jobs.Normal, "low": jobs.Low}

func (o *orderFlags) register(c *cobra.Command) {
	c.Flags().BoolVar(&o.jobs, "jobs", false, "do nothing here, but queue the work for tuogou worker")
	c.Flags().StringVar(&o.priority, "priority", "normal", "of the jobs: urgent, normal or low")
}

// queue is the list of work of the store.
func (a *app) queue(ctx context.Context) (*jobs.Queue, store.Store, error) {
	s, err := a.open(ctx, true)
	if err != nil {
		return nil, nil, err
	}
	q, err := jobs.Open(ctx, s, a.log())
	if errors.Is(err, jobs.ErrNoQueue) {
		return nil, nil, usage("%s", a.msg("jobs.no_queue", envStore))
	}
	return q, s, err
}

// order queues the crawl of sites, the reading of what is new, and what comes after.
func (a *app) order(ctx context.Context, what string, sites []rules.Site, f crawlFlags, o orderFlags) error {
	priority, known := priorities[o.priority]
	if !known {
		return usage("--priority %s: urgent, normal and low are known", o.priority)
	}
	q, s, err := a.queue(ctx)
	if err != nil {
		return err
	}
	k, err := a.knowledge()
	if err != nil {
		return err
	}
	var ids []string
	for _, site := range sites {
		ids = append(ids, site.ID)
	}
	id, n, err := q.Order(ctx, strings.Join(append([]string{what}, ids...), " "), func(add func(jobs.Work) error) error {
		for _, id := range ids {
			if err := add(jobs.Work{Stage: jobs.Crawl, Subject: id, Priority: priority, Settings: f}); err != nil {
				return err
			}
		}
		for w, err := range toRead(ctx, s, k, store.Filter{}) {
			if err != nil {
				return err
			}
			w.Priority = priority
			if err := add(w); err != nil {
				return err
			}
		}
		return add(jobs.Work{Stage: jobs.Finish, Priority: priority})
	})
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(map[string]int64{"order": id, "jobs": int64(n)})
	}
	a.say("jobs.ordered", id, n)
	return nil
}

// toRead gives the work of reading what is new, changed or was read by other rules.
func toRead(ctx context.Context, s store.Reader, k *knowledge, f store.Filter) func(func(jobs.Work, error) bool) {
	rules := k.x.Hash()
	return func(yield func(jobs.Work, error) bool) {
		for d, err := range s.Stale(ctx, store.Work{Rules: rules, Filter: f}) {
			w := jobs.Work{Stage: jobs.Read, Subject: string(d.ID), Version: fmt.Sprintf("%.16s by %.16s", d.Latest.SHA256, rules)}
			if !yield(w, err) || err != nil {
				return
			}
		}
	}
}

// due is a document as the extract stage has to work on it; false where there is nothing
// to do any more.
func due(ctx context.Context, s store.Reader, id corpus.DocID, rules corpus.Hash) (store.Document, bool, error) {
	if id == "" {
		return store.Document{}, false, nil
	}
	near := store.Filter{After: id[:len(id)-1], Last: id} // next to nothing stands between
	for d, err := range s.Stale(ctx, store.Work{Rules: rules, Retry: true, Filter: near}) {
		if err != nil || d.ID == id {
			return d, err == nil, err
		}
	}
	return store.Document{}, false, nil
}
