package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tuogou/compare"
	"tuogou/compare/render"
	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/correct"
	"tuogou/index"
	"tuogou/index/query"
	"tuogou/timeline"
	"tuogou/web"
)

func (a *app) serveCmd() *cobra.Command {
	addr := "127.0.0.1:8580"
	write := false
	c := &cobra.Command{
		Use: "serve", Short: "Open the pages in a browser", Args: cobra.NoArgs,
		Long: `serve shows search, documents, comparison and timeline as web pages on this
machine. Every page has a .json twin, and /api/v1 gives all of it to programs.
With --allow-write who knows the token that is printed may also add files and
pages, crawl and rebuild; else the pages are for reading only. Ctrl-C ends it.

Exit codes: 0 ok, 1 error, 2 usage.`,
		Example: "  tuogou serve --addr 127.0.0.1:8580",
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.serve(cmd.Context(), addr, write) },
	}
	c.Flags().StringVar(&addr, "addr", addr, "address to listen on; only this machine can reach the default")
	c.Flags().BoolVar(&write, "allow-write", false, "let who knows the token (TUOGOU_TOKEN, else a new one is printed) start jobs")
	return c
}

func (a *app) serve(ctx context.Context, addr string, write bool) error {
	token := ""
	if write {
		if token = a.Getenv("TUOGOU_TOKEN"); token == "" {
			token = web.NewToken()
			a.tell("%s", a.msg("serve.token", token))
		}
	}
	h, ix, err := a.pages(ctx, token)
	if err != nil {
		return err
	}
	defer ix.Close()
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", addr, err)
	}
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 2 * time.Minute, WriteTimeout: 2 * time.Minute,
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

// job runs a command for the pages as a run of its own over the same data folder.
func (a *app) job(ctx context.Context, args []string, out io.Writer) error {
	dir, err := a.dir()
	if err != nil {
		return err
	}
	env := a.Env
	env.Stdin, env.Stdout, env.Stderr = strings.NewReader(""), out, out
	args = append([]string{"--data", dir, "--rules", a.rulesDir, "--lang", string(a.lang())}, args...)
	if code := Main(ctx, args, env); code != exitOK && code != exitFailures {
		return fmt.Errorf("exit code %d", code)
	}
	return nil
}

// desk takes corrections from the pages. Each opens the store for itself: the pages only
// read, and a job may be writing.
type desk struct{ *app }

func (d desk) with(ctx context.Context, do func(*correct.Service) error) error {
	dir, err := d.dir()
	if err != nil {
		return err
	}
	own := &app{Env: d.Env, data: dir, rulesDir: d.rulesDir, know: d.know}
	defer own.close()
	s, err := own.desk(ctx)
	if err != nil {
		return err
	}
	return do(s)
}

// Make implements web.Desk.
func (d desk) Make(ctx context.Context, ch correct.Change) (c store.Correction, v corpus.Review, err error) {
	err = d.with(ctx, func(s *correct.Service) error { c, v, err = s.Make(ctx, ch); return err })
	return c, v, err
}

// Undo implements web.Desk.
func (d desk) Undo(ctx context.Context, id, by, note string) (c store.Correction, err error) {
	err = d.with(ctx, func(s *correct.Service) error { c, err = s.Undo(ctx, id, by, note); return err })
	return c, err
}

// List implements web.Desk.
func (d desk) List(ctx context.Context, id corpus.DocID) ([]correct.Listed, error) {
	return (&correct.Service{Store: d.store, Places: d.know.places, Now: d.Now}).List(ctx, id)
}

// pages is the handler of the pages over the data folder; the index is to be closed.
func (a *app) pages(ctx context.Context, token string) (http.Handler, index.Reader, error) {
	s, _, err := a.ledger(ctx)
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
	opt := web.Options{Today: a.today, OrganNames: a.renderOptions("").OrganNames, Provisions: topics, Log: a.log(), Token: token, Run: a.job, Desk: desk{a}}
	return web.New(backend{a, s, ix}, opt), ix, nil
}

// backend gives the pages what store and index hold.
type backend struct {
	*app
	s  store.Store
	ix index.Reader
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

// Revision implements web.Backend. It counts what was made, what people corrected, what
// happened to obligations, and what of it the index has.
func (b backend) Revision(ctx context.Context) (string, error) {
	last, err := b.s.Revision(ctx)
	if err != nil {
		return "", err
	}
	n, err := b.s.Corrected(ctx)
	if err != nil {
		return "", err
	}
	end, err := b.s.LedgerEnd(ctx)
	if err != nil {
		return "", err
	}
	_, err = b.ix.Refresh()
	f := b.ix.Fingerprint()
	return fmt.Sprintf("%d.%d.%d/%s.%.8s.%.8s", last, n, end, f.Content, f.Words, f.Rules), err
}

// Obligations implements web.Backend.
func (b backend) Obligations(ctx context.Context) ([]timeline.Obligation, error) {
	list, _, err := timeline.Load(ctx, b.s)
	return list, err
}

// History implements web.Backend.
func (b backend) History(ctx context.Context, uid string) ([]timeline.Change, error) {
	list, err := timeline.History(ctx, b.s, uid)
	return list, notFound(err)
}

// Changes implements web.Backend.
func (b backend) Changes(ctx context.Context, q query.Node, after int64) iter.Seq2[timeline.Change, error] {
	return func(yield func(timeline.Change, error) bool) {
		for c, err := range timeline.Since(ctx, b.s, after) {
			ok := true
			if err == nil {
				ok, err = timeline.Concerns(ctx, b.s, q, c)
			}
			if (ok || err != nil) && !yield(c, err) || err != nil {
				return
			}
		}
	}
}

// Parse implements web.Backend.
func (b backend) Parse(text string) (query.Node, error) {
	k, err := b.knowledge()
	if err != nil {
		return nil, err
	}
	p, err := k.language().Parse(text)
	return p.Node, err
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
	if err != nil || b.contacts {
		return data, notFound(err)
	}
	// What cannot be read (a picture) holds nothing that could be known to be personal.
	if _, r, err := b.reread(ctx, corpus.Capture{SHA256: h}); err == nil && len(r.Contacts) > 0 {
		return nil, fmt.Errorf("capture %s: %w", h, web.ErrPrivate)
	}
	return data, nil
}

// Text implements web.Backend. What is masked are the contacts of these very bytes: those
// of the record are of its newest version.
func (b backend) Text(ctx context.Context, c corpus.Capture) (string, error) {
	_, r, err := b.reread(ctx, c)
	if err != nil {
		return "", err
	}
	return compare.Mask(r).Text.Body, nil
}

func (b backend) reread(ctx context.Context, c corpus.Capture) (*corpus.Text, *corpus.Record, error) {
	k, err := b.knowledge()
	if err != nil {
		return nil, nil, err
	}
	data, err := b.s.Blob(ctx, c.SHA256)
	if err != nil {
		return nil, nil, notFound(err)
	}
	return k.readText(c, data, k.kept(ctx, b.s), noOptions)
}

// Origin implements web.Backend.
func (b backend) Origin(ctx context.Context, id corpus.DocID, s corpus.Span) (web.Origin, error) {
	r, err := b.Record(ctx, id)
	if err != nil {
		return web.Origin{}, err
	}
	list, err := b.Captures(ctx, id)
	if err != nil {
		return web.Origin{}, err
	}
	i := slices.IndexFunc(list, func(c corpus.Capture) bool { return c.SHA256 == r.Source.SHA256 })
	if i < 0 {
		return web.Origin{}, fmt.Errorf("capture of %s: %w", id, web.ErrNotFound)
	}
	t, _, err := b.reread(ctx, list[i])
	if err != nil {
		return web.Origin{}, err
	}
	from := t.Map.Source(s)
	if len(from) == 0 {
		return web.Origin{}, fmt.Errorf("source of %s: %w", id, web.ErrNotFound)
	}
	o := web.Origin{SHA256: r.Source.SHA256, URL: r.Source.URL}
	if in, _, ok := t.StreamAt(from[0].Start); ok {
		for _, k := range t.Blocks { // a paragraph may run over two pages, and is in a stream of both
			if k.Span.Start <= s.Start {
				o.Page = k.Page
			}
		}
		if in.Part < len(t.Parts) && t.Parts[in.Part].SHA256 != "" && t.Parts[in.Part].SHA256 != o.SHA256 {
			o.SHA256, o.URL = t.Parts[in.Part].SHA256, ""
		}
	}
	return o, nil
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
