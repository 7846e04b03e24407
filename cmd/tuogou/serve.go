package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"tuogou/compare"
	"tuogou/compare/render"
	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/correct"
	"tuogou/index"
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
	h, ix, err := a.pages(ctx)
	if err != nil {
		return err
	}
	defer ix.Close()
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", addr, err)
	}
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: 2 * time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}
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

// pages is the handler of the pages over the data folder; the index is to be closed.
func (a *app) pages(ctx context.Context) (http.Handler, *index.Index, error) {
	s, err := a.open(ctx, false)
	if err != nil {
		return nil, nil, err
	}
	topics, err := a.topics()
	if err != nil {
		return nil, nil, err
	}
	ix, state, err := a.openIndex(ctx)
	if err != nil {
		return nil, nil, err
	}
	if state != index.Current {
		a.tell("%s", a.msg("index.stale"))
	}
	opt := web.Options{Today: a.today, OrganNames: a.renderOptions("").OrganNames, Provisions: topics, Log: a.log()}
	return web.New(backend{a, s, ix}, opt), ix, nil
}

// backend gives the pages what store and index hold.
type backend struct {
	*app
	s  store.Store
	ix *index.Index
}

// Search implements web.Backend.
func (b backend) Search(ctx context.Context, q index.Query) (index.Result, error) {
	return b.ix.Search(ctx, q)
}

// Each implements web.Backend.
func (b backend) Each(ctx context.Context, q index.Query, f func(index.Hit) bool) (index.Result, error) {
	return b.ix.Each(ctx, q, f)
}

// State implements web.Backend. A newer index that another process has written is
// taken up here.
func (b backend) State(ctx context.Context) (index.State, error) {
	if _, err := b.ix.Refresh(); err != nil {
		return "", err
	}
	want, err := b.fingerprint(ctx, b.s)
	if err != nil {
		return "", err
	}
	return b.ix.State(want), nil
}

// Revision implements web.Backend.
func (b backend) Revision(ctx context.Context) (string, error) {
	last, err := b.s.Revision(ctx)
	return fmt.Sprint(last), err
}

// Record implements web.Backend.
func (b backend) Record(ctx context.Context, id corpus.DocID) (*corpus.Record, error) {
	r, err := correct.Over(b.s).Record(ctx, id)
	return r, notFound(err)
}

// Records implements web.Backend.
func (b backend) Records(ctx context.Context) iter.Seq2[*corpus.Record, error] {
	return corrected(ctx, b.s)
}

// Captures implements web.Backend.
func (b backend) Captures(ctx context.Context, id corpus.DocID) ([]corpus.Capture, error) {
	list, err := b.s.History(ctx, id)
	return list, notFound(err)
}

// Blob implements web.Backend.
func (b backend) Blob(ctx context.Context, h corpus.Hash) ([]byte, error) {
	data, err := b.s.Blob(ctx, h)
	return data, notFound(err)
}

// Text implements web.Backend.
func (b backend) Text(ctx context.Context, c corpus.Capture) (string, error) {
	k, err := b.knowledge()
	if err != nil {
		return "", err
	}
	data, err := b.s.Blob(ctx, c.SHA256)
	if err != nil {
		return "", notFound(err)
	}
	t, _, err := k.readText(c, data, k.kept(ctx, b.s), noOptions)
	if err != nil {
		return "", err
	}
	return t.Body, nil
}

// Visits implements web.Backend.
func (b backend) Visits(ctx context.Context) ([]compare.Visit, error) { return visits(ctx, b.s) }

// Study implements web.Backend.
func (b backend) Study(ctx context.Context, rs []*corpus.Record, c web.StudyChoice) (*render.Study, error) {
	visited, err := b.Visits(ctx)
	if err != nil {
		return nil, err
	}
	s, err := b.study(rs, studyJob{codes: c.Places, below: c.Below, generation: string(c.Generation), baseline: c.Baseline}, visited)
	var bad *codedError
	if errors.As(err, &bad) && bad.code == exitUsage {
		err = fmt.Errorf("%w: %w", web.ErrChoice, err)
	}
	return s, err
}

// WriteStudy implements web.Backend.
func (b backend) WriteStudy(w io.Writer, rs []*corpus.Record, s *render.Study, format string, lang render.Lang) error {
	o := b.renderOptions("")
	o.Lang = lang
	return b.writeStudy(w, rs, s, format, o)
}

// Extract implements web.Backend.
func (b backend) Extract(_ context.Context, body string) (*corpus.Record, error) {
	k, err := b.knowledge()
	if err != nil {
		return nil, err
	}
	data := []byte(body)
	return k.read(corpus.Capture{Path: "text.txt", SHA256: corpus.HashBytes(data)}, data, nil, noOptions)
}

func notFound(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("%w: %w", web.ErrNotFound, err)
	}
	return err
}
