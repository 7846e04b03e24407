package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/text/width"

	"tuogou/compare"
	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/index"
	"tuogou/index/query"
)

func (a *app) searchCmd() *cobra.Command {
	var q index.Query
	var sort string
	c := &cobra.Command{
		Use:   "search WORDS…",
		Short: "Find documents",
		Long: `search finds documents that hold all the words. "…" is a phrase, -word leaves out,
OR and brackets combine; fields narrow: place:330000 (and all below), year:2018,
kind:plan, clause:asset, organ:finance, generation:decoupling_2015,
due:2018-01-01..2018-12-31. docs/query.md has the whole language.

Exit codes: 0 ok, 1 error, 2 usage or a query that cannot be read, 4 the index is
behind the records (run "tuogou run").`,
		Example: "  tuogou search 办公用房 place:220000 year:2018",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			var err error
			if q.Sort, err = index.ParseSort(sort); err != nil {
				return usage("%w", err)
			}
			q.Text = strings.Join(args, " ")
			return a.search(cmd.Context(), q)
		},
	}
	c.Flags().IntVar(&q.Limit, "limit", 10, "hits to show (at most 1000)")
	c.Flags().IntVar(&q.Offset, "offset", 0, "hits to skip")
	c.Flags().StringVar(&sort, "sort", "score", "score, date or place")
	return c
}

// openIndex opens the index as it is. The second result says that it is behind
// the records.
func (a *app) openIndex(ctx context.Context) (*index.Index, bool, error) {
	s, err := a.open(ctx, false)
	if err != nil {
		return nil, false, err
	}
	want, _, err := a.fingerprint(ctx, s)
	if err != nil {
		return nil, false, err
	}
	dir, err := a.indexDir()
	if err != nil {
		return nil, false, err
	}
	k, err := a.knowledge()
	if err != nil {
		return nil, false, err
	}
	ix, state, err := index.Open(dir, want, index.Options{Normalize: k.reader.Simplify})
	if err != nil {
		return nil, false, err
	}
	if ix == nil {
		return nil, false, fmt.Errorf("the index is %s: run tuogou run", state)
	}
	return ix, state != index.Current, nil
}

func (a *app) search(ctx context.Context, q index.Query) error {
	ix, stale, err := a.openIndex(ctx)
	if err != nil {
		return err
	}
	defer ix.Close()
	res, err := ix.Search(ctx, q)
	var bad *query.Error
	if errors.As(err, &bad) {
		return usage("%s\n  %s\n  %s^", bad.Error(), q.Text, strings.Repeat(" ", columns(q.Text, bad.Pos)))
	}
	if err != nil {
		return err
	}
	if a.json {
		err = a.printHits(res)
	} else {
		err = a.showHits(ctx, res, q.Offset)
	}
	if err == nil && stale {
		a.tell("%s", a.msg("index.stale"))
		err = errStale
	}
	return err
}

// columns is how many columns of a terminal the first n characters take.
func columns(s string, n int) int {
	w := 0
	for i, r := range []rune(s) {
		if i >= n {
			break
		}
		w++
		if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
			w++
		}
	}
	return w
}

func (a *app) showHits(ctx context.Context, res index.Result, offset int) error {
	s, err := a.open(ctx, false)
	if err != nil {
		return err
	}
	a.say("search.total", res.Total)
	for i, h := range res.Hits {
		a.print("\n%d. %s\n   %s\n", offset+i+1, h.Title, strings.Join(nonEmpty(strings.Join(h.Place.Path, ""), h.Number, h.Date, string(h.Kind), string(h.Doc)), " · "))
		r, err := s.Record(ctx, h.Doc)
		if err != nil {
			continue // the index is a little ahead or behind; the title is shown
		}
		for _, n := range h.Snippets {
			if n.Span.End <= len(r.Text.Body) {
				a.print("   %s\n", a.marked(r, n))
			}
		}
	}
	for _, f := range index.FacetFields() {
		var parts []string
		for k, v := range res.Facets[string(f)] {
			if k == 6 {
				parts = append(parts, "…")
				break
			}
			name := v.Value
			if v.Name != "" {
				name += " " + v.Name
			}
			parts = append(parts, fmt.Sprintf("%s (%d)", name, v.Count))
		}
		if len(parts) > 0 && res.Total > 1 {
			a.print("\n%s: %s", f, strings.Join(parts, ", "))
		}
	}
	if res.Total > 1 {
		a.print("\n")
	}
	return nil
}

// marked is a snippet with the words found in 【】, contacts masked.
func (a *app) marked(r *corpus.Record, n index.Snippet) string {
	quote := func(s corpus.Span) string {
		if a.contacts {
			return s.In(r.Text.Body)
		}
		return compare.Quote(r, s)
	}
	var b strings.Builder
	at := n.Span.Start
	for _, m := range n.Spans {
		if m.Start < at || m.End > n.Span.End {
			continue
		}
		b.WriteString(quote(corpus.Span{Start: at, End: m.Start}))
		b.WriteString("【" + quote(m) + "】")
		at = m.End
	}
	b.WriteString(quote(corpus.Span{Start: at, End: n.Span.End}))
	return strings.Join(strings.Fields(b.String()), " ")
}

type hitJSON struct {
	Type       string            `json:"type"`
	ID         corpus.DocID      `json:"id"`
	Title      string            `json:"title"`
	Place      index.Place       `json:"place"`
	Date       string            `json:"date"`
	Kind       corpus.Kind       `json:"kind"`
	Generation corpus.Generation `json:"generation"`
	OnTopic    bool              `json:"on_topic"`
	Number     string            `json:"number"`
	URL        string            `json:"url"`
	Score      float64           `json:"score"`
}

func (a *app) printHits(res index.Result) error {
	if err := a.printJSON(map[string]any{"type": "total", "total": res.Total}); err != nil {
		return err
	}
	for _, h := range res.Hits {
		if err := a.printJSON(hitJSON{"hit", h.Doc, h.Title, h.Place, h.Date, h.Kind, h.Generation, h.OnTopic, h.Number, h.URL, h.Score}); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) printJSON(v any) error {
	e := json.NewEncoder(a.Stdout)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// find resolves what a user calls a document: its id, the start of it, a file
// name, or the code of a place (its best document).
func (a *app) find(ctx context.Context, name string) (*corpus.Record, error) {
	s, err := a.open(ctx, false)
	if err != nil {
		return nil, err
	}
	if r, err := s.Record(ctx, corpus.DocID(name)); err == nil {
		return r, nil
	}
	var byName, byPlace []*corpus.Record
	for r, err := range s.Records(ctx, store.Filter{}) {
		if errors.Is(err, store.ErrCorrupt) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if len(name) >= 3 && strings.HasPrefix(string(r.ID), name) || r.Source.Path == name || r.Source.URL == name {
			byName = append(byName, r)
		}
		if r.Jurisdiction.Code == name {
			byPlace = append(byPlace, r)
		}
	}
	switch {
	case len(byName) == 1:
		return byName[0], nil
	case len(byName) > 1:
		return nil, usage("%q fits %d documents; give more of the id", name, len(byName))
	case len(byPlace) > 0:
		return compare.Select(byPlace, compare.Selection{Codes: []string{name}})[name][0], nil
	}
	return nil, usage("no document has the id, file name, address or place %q; tuogou search lists ids", name)
}

func (a *app) showCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "show ID",
		Short: "Show the record of one document",
		Long: `show prints what was found in one document: facts, clauses, deadlines, duties and
references, each with its words. The document is named by its id or the start of
it, its file name, its address, or the code of its place. --json prints the whole
record as described in docs/records.md.

Exit codes: 0 ok, 1 error, 2 usage.`,
		Example: "  tuogou show 220106",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := a.find(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			return a.printRecord(r)
		},
	}
}
