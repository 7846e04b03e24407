package main

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/spf13/cobra"

	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/correct"
	"tuogou/index"
	"tuogou/rules"
)

func (a *app) indexCmd() *cobra.Command {
	var rebuild bool
	c := &cobra.Command{
		Use:   "index",
		Short: "Bring the search index up to the records",
		Long: `index puts new and changed records into the search index. It is built anew where
its form, its words or its rules have changed, beside the old one, which answers
until the new one is whole.

Exit codes: 0 ok, 1 error, 2 usage, 3 finished with failures.`,
		Example: "  tuogou index --rebuild",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			t := &tally{out: a.Stderr}
			if err := a.indexStore(cmd.Context(), rebuild, t); err != nil {
				return err
			}
			return t.end("index")
		},
	}
	c.Flags().BoolVar(&rebuild, "rebuild", false, "build it anew in any case")
	return c
}

// fingerprint is what the index should have been made from. Its content is the
// number of the last record put.
func (a *app) fingerprint(ctx context.Context, s store.Store) (index.Fingerprint, error) {
	k, err := a.knowledge()
	if err != nil {
		return index.Fingerprint{}, err
	}
	last, err := s.Revision(ctx)
	return index.Fingerprint{Words: a.segmenter(k.set).Fingerprint(), Rules: k.x.Hash(), Content: fmt.Sprint(last)}, err
}

// indexStore updates the index, or builds it where it cannot be used.
func (a *app) indexStore(ctx context.Context, rebuild bool, t *tally) error {
	s, err := a.open(ctx, true)
	if err != nil {
		return err
	}
	want, err := a.fingerprint(ctx, s)
	if err != nil {
		return err
	}
	st, err := s.Status(ctx)
	if err != nil {
		return err
	}
	home, err := a.indexHome()
	if err != nil {
		return err
	}
	ix, state, err := home.Open(want, index.Options{})
	if state == index.Corrupt {
		a.tell("%s", a.msg("index.corrupt", err))
		rebuild, err = true, nil
	}
	if err != nil {
		return err
	}
	var had index.Fingerprint
	if ix != nil {
		had = ix.Fingerprint()
		if err := ix.Close(); err != nil {
			return err
		}
	}
	if state == index.Current && !rebuild {
		t.same += st.Records
		return nil
	}
	k, err := a.knowledge()
	if err != nil {
		return err
	}
	words := a.segmenter(k.set)
	if err := words.Load(); err != nil {
		return err
	}
	build := index.Build{Segmenter: words, Fingerprint: want}
	if !rebuild && (state == index.Content || state == index.Rules) {
		return a.updateIndex(ctx, s, home, build, had, st.Records, t)
	}
	bar := a.progress(st.Records, "index")
	defer bar.Close()
	build.Progress = func(n int) { _ = bar.Set(n) }
	n, err := home.Rebuild(ctx, build, whole(corrected(ctx, s), t))
	t.done += n
	return err
}

// updateIndex puts in what changed since the index was made.
func (a *app) updateIndex(ctx context.Context, s store.Store, home index.Home, b index.Build, had index.Fingerprint, records int, t *tally) error {
	var after store.Revision
	if _, err := fmt.Sscan(had.Content, &after); err != nil {
		after = 0
	}
	over := correct.Over(s)
	var ch index.Changes
	for c, err := range s.Changed(ctx, after) {
		if err != nil {
			return err
		}
		r, err := over.Record(ctx, c.Doc)
		if err != nil {
			t.add(corpus.Failed, string(c.Doc), err.Error())
			continue
		}
		ch.Put = append(ch.Put, r)
	}
	if _, err := home.Update(ctx, b, ch); err != nil {
		return err
	}
	t.done += len(ch.Put)
	t.same += max(0, records-len(ch.Put))
	return nil
}

// whole passes records on and counts those that are damaged.
func whole(records iter.Seq2[*corpus.Record, error], t *tally) iter.Seq2[*corpus.Record, error] {
	return func(yield func(*corpus.Record, error) bool) {
		for r, err := range records {
			if errors.Is(err, store.ErrCorrupt) {
				t.add(corpus.Failed, "a record", err.Error())
				continue
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

func (a *app) runCmd() *cobra.Command {
	var f crawlFlags
	var o orderFlags
	var crawl bool
	c := &cobra.Command{
		Use:   "run",
		Short: "All stages: crawl (if asked), extract, index",
		Long: `run brings everything up to date: it makes the records of what is new or changed
and puts them into the index. With --crawl it first asks the sources for news.
It can be stopped at any point and run again. With --jobs nothing is done here: the
work is queued for the workers of a store in PostgreSQL (see tuogou worker).

Exit codes: 0 ok, 1 error, 2 usage, 3 finished with failures.`,
		Example: "  tuogou add plans/ && tuogou run",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			if o.jobs {
				var sites []rules.Site
				if crawl {
					var err error
					if sites, err = a.chosenSites(nil, f); err != nil {
						return err
					}
				}
				return a.order(ctx, "run", sites, f, o)
			}
			failed := false
			if crawl {
				t := &tally{out: a.Stderr}
				sites, err := a.chosenSites(nil, f)
				if err == nil {
					err = a.crawlAndTell(ctx, sites, f, t)
				}
				if err != nil {
					return err
				}
				failed = t.end("crawl") != nil
			}
			for _, stage := range []struct {
				name string
				run  func(*tally) error
			}{
				{"extract", func(t *tally) error { return a.extractStore(ctx, store.Work{}, t) }},
				{"index", func(t *tally) error { return a.indexStore(ctx, false, t) }},
			} {
				t := &tally{out: a.Stderr}
				if err := stage.run(t); err != nil {
					return err
				}
				failed = t.end(stage.name) != nil || failed
			}
			if failed {
				return errFailures
			}
			return nil
		},
	}
	c.Flags().BoolVar(&crawl, "crawl", false, "first crawl the sources")
	o.register(c)
	f.register(c)
	return c
}
