package crawler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"sort"
	"sync"
	"time"

	"tuogou/corpus"
	"tuogou/rules"
)

const (
	defaultHosts    = 4
	defaultMaxPages = 100
)

// Run crawls the sites. Their entry pages are added to the frontier, where
// they may be known already, and everything open on their hosts is worked on.
// The report holds what was finished in this run, also beside an error. Errors
// are those of the frontier, the sink and the archive, and the context's; an
// address that fails is an outcome in the report.
func Run(ctx context.Context, sites []rules.Site, opts Options) (rep Report, err error) {
	r, err := newRun(sites, opts)
	if err != nil {
		return Report{}, err
	}
	if r.archive != nil {
		defer func() {
			path, closeErr := r.archive.close()
			rep.WARC = path
			if closeErr != nil {
				err = errors.Join(err, fmt.Errorf("warc: %w", closeErr))
			}
		}()
	}
	if c, own := r.fetch.(*Client); own && opts.Fetcher == nil {
		defer c.http.CloseIdleConnections()
	}
	hosts, err := r.enter(ctx)
	if err != nil {
		return Report{}, err
	}
	reports, err := r.work(ctx, hosts)
	for _, h := range reports {
		rep.Done += h.Done
		rep.Same += h.Same
		rep.Skipped += h.Skipped
		rep.Failed += h.Failed
	}
	rep.Hosts = reports
	return rep, err
}

// run is one run. Its fields do not change; what changes is in worker.
type run struct {
	opts    Options
	sites   map[string]rules.Site
	order   []string
	fetch   Fetcher
	archive *archive
	log     *slog.Logger
}

func newRun(sites []rules.Site, o Options) (*run, error) {
	if o.Frontier == nil || o.Sink == nil {
		return nil, errors.New("crawl: needs a frontier and a sink")
	}
	if o.Hosts <= 0 {
		o.Hosts = defaultHosts
	}
	if o.MaxPages <= 0 {
		o.MaxPages = defaultMaxPages
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = defaultMaxBytes
	}
	if o.Web == nil {
		o.Web = &rules.Web{}
	}
	r := &run{opts: o, sites: map[string]rules.Site{}, fetch: o.Fetcher, log: o.Log}
	if r.log == nil {
		r.log = slog.New(slog.DiscardHandler)
	}
	for _, s := range sites {
		if _, twice := r.sites[s.ID]; twice {
			return nil, fmt.Errorf("crawl: site %q given twice", s.ID)
		}
		if err := s.Compile(); err != nil {
			return nil, fmt.Errorf("crawl: %w", err)
		}
		r.sites[s.ID] = s
		r.order = append(r.order, s.ID)
	}
	if r.fetch != nil {
		return r, nil
	}
	return r, r.ownClient()
}

// ownClient makes the polite client, with the archive below it.
func (r *run) ownClient() error {
	o := r.opts
	if o.WARCDir != "" {
		next := o.Transport
		if next == nil {
			t := http.DefaultTransport.(*http.Transport).Clone()
			t.MaxConnsPerHost, t.Proxy = 1, nil
			next = t
		}
		now := time.Now
		if o.Clock != nil {
			now = o.Clock.Now
		}
		a, err := newArchive(o.WARCDir, next, o.MaxBytes, now)
		if err != nil {
			return err
		}
		r.archive, o.Transport = a, a
	}
	c, err := NewClient(o)
	if err != nil {
		return err
	}
	r.fetch = c
	return nil
}

// enter adds the entry pages and returns the hosts, in order of name.
func (r *run) enter(ctx context.Context) ([]string, error) {
	var hosts []string
	for _, id := range r.order {
		s := r.sites[id]
		for _, p := range s.Pages {
			t := Target{Kind: ListPage, Site: id, List: s.List, Page: 1}
			switch filled := fillTemplate(p); {
			case filled == "" || !knownForm(s.List):
				t.URL = p // is skipped with its reason
			default:
				t.URL = CleanURL(filled, r.opts.Web)
			}
			if s.List == "page" {
				t.Kind, t.List = Article, ""
			}
			u, err := url.Parse(placeholders.Replace(p))
			if err != nil {
				return nil, fmt.Errorf("crawl: site %s: %w", id, err)
			}
			t.Host = hostOf(CleanURL(u.String(), nil))
			if _, err := r.opts.Frontier.Add(ctx, t); err != nil {
				return nil, fmt.Errorf("crawl: frontier: %w", err)
			}
			if !slices.Contains(hosts, t.Host) {
				hosts = append(hosts, t.Host)
			}
		}
	}
	sort.Strings(hosts)
	return hosts, nil
}

// work runs a worker for each host, some at a time. The first error of the
// frontier or the sink stops all of them; a host's end stops only itself.
func (r *run) work(ctx context.Context, hosts []string) ([]HostReport, error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	reports := make([]HostReport, len(hosts))
	slots := make(chan struct{}, r.opts.Hosts)
	var wg sync.WaitGroup
	for i, name := range hosts {
		reports[i].Host = name
		wg.Add(1)
		go func() {
			defer wg.Done()
			select {
			case slots <- struct{}{}:
				defer func() { <-slots }()
			case <-ctx.Done():
				return
			}
			w := &worker{run: r, report: &reports[i], seen: map[string]map[string]string{}}
			if err := w.loop(ctx); err != nil {
				stop(err)
			}
		}()
	}
	wg.Wait()
	return reports, context.Cause(ctx)
}

// worker works on one host.
type worker struct {
	*run
	report *HostReport
	docs   int // documents fetched
	// seen holds, for each list, where each of its links was first seen: a page
	// whose links all stood on pages before it ends the list.
	seen map[string]map[string]string
}

// loop claims and finishes targets until none is open, the host has ended, or
// the context has.
func (w *worker) loop(ctx context.Context) error {
	for ctx.Err() == nil {
		if w.opts.MaxDocs > 0 && w.docs >= w.opts.MaxDocs {
			w.report.Ended = fmt.Sprintf("limit of %d documents", w.opts.MaxDocs)
			return nil
		}
		t, ok, err := w.opts.Frontier.Claim(ctx, w.report.Host)
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return fmt.Errorf("crawl: frontier: %w", err)
		}
		if !ok {
			return nil
		}
		res, err := w.do(ctx, t)
		if err != nil && ctx.Err() != nil {
			res, err = Result{}, nil // interrupted: open again
		}
		// What is finished is written down even while the run is being stopped.
		if fin := w.opts.Frontier.Finish(context.WithoutCancel(ctx), t, res); fin != nil {
			return errors.Join(err, fmt.Errorf("crawl: frontier: %w", fin))
		}
		if err != nil {
			return err
		}
		if res.Outcome == "" {
			continue
		}
		w.report.add(t, res)
		w.log.Info("crawl", "url", t.URL, "kind", t.Kind, "outcome", res.Outcome, "reason", res.Reason)
		if w.report.Ended != "" {
			return nil
		}
	}
	return nil
}

// do works on one target. An error is the frontier's, the sink's or the
// context's; all that is wrong with the target is in its result.
func (w *worker) do(ctx context.Context, t Target) (Result, error) {
	if why := w.unable(t); why != "" {
		return Result{Outcome: corpus.Skipped, Reason: why}, nil
	}
	if t.Kind == Article && t.Title != "" && !w.opts.KeepAll && !w.opts.Focus.Empty() && cutTitle.FindString(t.Title) == "" {
		if s := w.opts.Focus.Score(t.Title, ""); s.Total < w.opts.Focus.Fetch {
			return Result{Outcome: corpus.Skipped, Reason: fmt.Sprintf("off topic (title scores %s; needs %d)", s, w.opts.Focus.Fetch)}, nil
		}
	}
	resp, res, err := w.get(ctx, t)
	if err != nil || resp == nil {
		return res, err
	}
	switch t.Kind {
	case ListPage:
		return w.list(ctx, t, resp)
	case Attachment:
		return w.attachment(ctx, t, resp)
	default:
		return w.article(ctx, t, resp)
	}
}

// unable says why a target cannot be worked on at all.
func (w *worker) unable(t Target) string {
	s, known := w.sites[t.Site]
	switch {
	case !known:
		return fmt.Sprintf("site %q is not among those of this run", t.Site)
	case t.Kind == ListPage && !knownForm(s.List):
		return fmt.Sprintf("list form %q cannot be read yet", s.List)
	case CleanURL(t.URL, nil) == "" || placeholders.Replace(t.URL) != t.URL:
		return "the address is a template that cannot be filled"
	}
	return ""
}

// get fetches a target and sorts out all answers that are no page. A nil
// response means that the result is the outcome.
func (w *worker) get(ctx context.Context, t Target) (*Response, Result, error) {
	req := Request{URL: t.URL, Form: t.Form, Delay: w.sites[t.Site].Delay()}
	if w.opts.Validators != nil && t.Kind != ListPage {
		var err error
		if req.ETag, req.Modified, err = w.opts.Validators.Recall(ctx, t.URL); err != nil {
			return nil, Result{}, fmt.Errorf("crawl: validators: %w", err)
		}
	}
	if t.Kind != ListPage {
		w.docs++
	}
	resp, err := w.fetch.Fetch(ctx, req)
	var end *HostError
	var moved *MovedError
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, Result{}, ctx.Err()
	case errors.As(err, &end):
		w.report.Ended = end.Reason
		return nil, Result{corpus.Failed, end.Reason, end.Status}, nil
	case errors.Is(err, ErrDisallowed):
		return nil, Result{corpus.Skipped, errors.Unwrap(err).Error(), 0}, nil
	case errors.As(err, &moved):
		return nil, Result{corpus.Skipped, moved.Error(), 0}, nil
	case err != nil:
		return nil, Result{corpus.Failed, err.Error(), 0}, nil
	case resp.Status == http.StatusNotModified:
		return nil, Result{corpus.Same, "not modified", resp.Status}, nil
	case resp.Status != http.StatusOK:
		return nil, w.status(t, resp), nil
	}
	if why := softError(t.URL, resp, w.opts.Signs); why != "" {
		return nil, Result{listEnd(t), why, resp.Status}, nil
	}
	return resp, Result{}, nil
}

// status is the result of an answer that is neither a page nor a refusal.
func (w *worker) status(t Target, resp *Response) Result {
	return Result{listEnd(t), fmt.Sprintf("status %d", resp.Status), resp.Status}
}

// listEnd is the outcome of a page that is missing: for a page after a list's
// first that is how lists end, for all others a failure.
func listEnd(t Target) corpus.Outcome {
	if t.Kind == ListPage && t.Page > 1 {
		return corpus.Done
	}
	return corpus.Failed
}
