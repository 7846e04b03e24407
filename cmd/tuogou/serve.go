package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/index"
	"tuogou/index/query"
	"tuogou/web"
)

func (a *app) serveCmd() *cobra.Command {
	addr := "127.0.0.1:8580"
	c := &cobra.Command{
		Use: "serve", Short: "Open the pages in a browser", Args: cobra.NoArgs,
		Long: `serve shows search, documents, comparison and timeline as web pages on this
machine. Every page has a .json twin. Ctrl-C ends it.

Exit codes: 0 ok, 1 error, 2 usage.`,
		Example: "  tuogou serve --addr 127.0.0.1:8580",
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.serve(cmd.Context(), addr) },
	}
	c.Flags().StringVar(&addr, "addr", addr, "address to listen on; only this machine can reach the default")
	return c
}

func (a *app) serve(ctx context.Context, addr string) error {
	s, err := a.open(ctx, false)
	if err != nil {
		return err
	}
	ix, stale, err := a.openIndex(ctx)
	if err != nil {
		return err
	}
	defer ix.Close()
	if stale {
		a.tell("%s", a.msg("index.stale"))
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", addr, err)
	}
	topics, err := a.topics()
	if err != nil {
		return err
	}
	h := web.New(backend{s, ix}, web.Options{Today: a.today, OrganNames: a.renderOptions("").OrganNames, Provisions: topics, Log: a.log()})
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	a.print("http://%s/\n", l.Addr())
	done := make(chan error, 1)
	go func() { done <- srv.Serve(l) }()
	select {
	case err = <-done:
		return err
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return srv.Shutdown(stop)
}

// backend gives the pages what store and index hold.
type backend struct {
	s  store.Reader
	ix *index.Index
}

// Search implements web.Backend.
func (b backend) Search(ctx context.Context, q web.Query) (*web.SearchResult, error) {
	text := q.Text
	for _, f := range [][2]string{{"place", q.Place}, {"kind", string(q.Kind)}, {"year", q.Year}} {
		if f[1] != "" {
			text += fmt.Sprintf(" %s:%q", f[0], f[1])
		}
	}
	res, err := b.ix.Search(ctx, index.Query{Text: text, Offset: q.Offset, Limit: q.Limit, Snippets: 1})
	var bad *query.Error
	if errors.As(err, &bad) {
		return nil, fmt.Errorf("%w: %s", web.ErrQuery, bad.Error())
	}
	if err != nil {
		return nil, err
	}
	out := &web.SearchResult{Total: res.Total}
	for _, h := range res.Hits {
		w := web.Hit{ID: h.Doc}
		if len(h.Snippets) > 0 {
			w.Snippet, w.Marks = h.Snippets[0].Span, h.Snippets[0].Spans
		}
		out.Hits = append(out.Hits, w)
	}
	for _, f := range []string{"place", "kind", "year"} {
		facet := web.Facet{Field: f}
		for _, v := range res.Facets[f] {
			facet.Values = append(facet.Values, web.FacetValue{Value: v.Value, Label: v.Name, Count: v.Count})
		}
		out.Facets = append(out.Facets, facet)
	}
	return out, nil
}

// Record implements web.Backend.
func (b backend) Record(ctx context.Context, id corpus.DocID) (*corpus.Record, error) {
	r, err := b.s.Record(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, fmt.Errorf("%w: %s", web.ErrNotFound, id)
	}
	return r, err
}

// Records implements web.Backend.
func (b backend) Records(ctx context.Context) iter.Seq2[*corpus.Record, error] {
	return b.s.Records(ctx, store.Filter{})
}
