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
	defaultLookBack = 20
	progressEvery   = 5 * time.Second
)

// Run crawls the sites. Their entry pages are added to the frontier, where
// they may be known already, and everything open on their hosts is worked on,
// and then on the hosts to which that led. The report holds what was finished
// in this run, also beside an error. Errors are those of the frontier, the
// sink, the notes and the archive, and the context's; an address that fails is
// an outcome in the report.
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
	fresh, err := r.enter(ctx)
	if err != nil {
		return Report{}, err
	}
	err = r.rounds(ctx)
	rep = r.report(fresh)
	if err == nil {
		rep.Sites, err = r.healths(ctx, !rep.Resumed)
	}
	return rep, err
}

// run is one run. What stands above mu does not change.
type run struct {
	opts    Options
	sites   map[string]rules.Site
	order   []string
	fetch   Fetcher
	archive *archive
	log     *slog.Logger

	mu       sync.Mutex
	reports  map[string]*HostReport
	health   map[string]*Health
	docs     map[string]int // documents fetched, by host
	seen     map[string]map[string]string
	finished int
	told     time.Time // when Progress was called last
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
	if o.LookBack == 0 {
		o.LookBack = defaultLookBack
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = defaultMaxBytes
	}
	if o.Web == nil {
		o.Web = &rules.Web{}
	}
	if o.Notes == nil {
		o.Notes = noNotes{}
	}
	r := &run{opts: o, sites: map[string]rules.Site{}, fetch: o.Fetcher, log: o.Log,
		reports: map[string]*HostReport{}, health: map[string]*Health{}, docs: map[string]int{}, seen: map[string]map[string]string{}}
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
		r.health[s.ID] = &Health{Site: s.ID}
	}
	if r.fetch != nil {
		return r, nil
	}
	return r, r.ownClient()
}

// ownClient makes the polite client, with the archive between it and the
// network.
func (r *run) ownClient() error {
	c, err := NewClient(r.opts)
	if err != nil {
		return err
	}
	if r.opts.WARCDir != "" {
		a, err := newArchive(r.opts.WARCDir, c.http.Transport, r.opts.MaxBytes, c.clock.Now, r.opts.Notes)
		if err != nil {
			return err
		}
		r.archive, c.http.Transport = a, a
	}
	r.fetch = c
	return nil
}

// enter adds the entry pages and says whether any of them was new.
func (r *run) enter(ctx context.Context) (fresh bool, err error) {
	for _, id := range r.order {
		s := r.sites[id]
		for _, p := range s.Pages {
			var targets []Target
			for _, p := range fillYears(p, s.FirstYear, r.now().Year()) {
				of, err := r.entries(s, p)
				if err != nil {
					return fresh, err
				}
				targets = append(targets, of...)
			}
			n, err := r.opts.Frontier.Add(ctx, targets...)
			if err != nil {
				return fresh, fmt.Errorf("crawl: frontier: %w", err)
			}
			fresh = fresh || n > 0
		}
	}
	return fresh, nil
}

// entries are the targets of one entry address: several where it asks for each
// search word.
func (r *run) entries(s rules.Site, page string) ([]Target, error) {
	one := Target{Kind: ListPage, Site: s.ID, List: s.List, Page: 1}
	if s.List == "page" {
		one.Kind, one.List = Article, ""
	}
	var words []string
	if r.opts.Focus != nil {
		words = r.opts.Focus.Search
	}
	filled := fillTemplates(page, words)
	if len(filled) == 0 || !knownForm(s.List) {
		u, err := url.Parse(placeholders.Replace(page))
		if err != nil {
			return nil, fmt.Errorf("crawl: site %s: %w", s.ID, err)
		}
		one.URL, one.Host = page, hostOf(CleanURL(u.String(), nil)) // is skipped with its reason
		return []Target{one}, nil
	}
	var all []Target
	for _, f := range filled {
		t := one
		t.URL = CleanURL(f, r.opts.Web)
		if u, err := url.Parse(t.URL); err == nil && u.Path == xxgkPath {
			t.URL, t.Form = xxgkForm(u)
		}
		t.Host = hostOf(t.URL)
		all = append(all, t)
	}
	return all, nil
}

// rounds works until nothing is open on any host that can still be asked: a
// page of one host may lead to a file of another. When all lists have been
// read, it asks again for what was kept before and is listed no more.
func (r *run) rounds(ctx context.Context) error {
	for again := false; ; {
		open, err := r.opts.Frontier.Open(ctx)
		if err != nil {
			return fmt.Errorf("crawl: frontier: %w", err)
		}
		var hosts []string
		for host := range open {
			if rep := r.reports[host]; rep == nil || rep.Ended == "" {
				hosts = append(hosts, host)
			}
		}
		sort.Strings(hosts)
		if len(hosts) > 0 {
			before := r.finished
			if err := r.work(ctx, hosts); err != nil {
				return err
			}
			// Another process holds what is open, or held it when it died.
			if r.finished == before && r.allOpen(hosts) {
				if err := (realClock{}).Sleep(ctx, othersWait); err != nil {
					return err
				}
			}
			continue
		}
		if again {
			return nil
		}
		again = true
		for _, id := range r.order {
			if _, err := r.opts.Frontier.Again(ctx, id); err != nil {
				return fmt.Errorf("crawl: frontier: %w", err)
			}
		}
	}
}

// othersWait is how long targets that another process holds are waited for at a time.
const othersWait = 200 * time.Millisecond

// allOpen reports whether none of the hosts has ended.
func (r *run) allOpen(hosts []string) bool {
	return !slices.ContainsFunc(hosts, func(h string) bool { return r.reports[h].Ended != "" })
}

// work runs a worker for each host, some at a time. The first error of the
// frontier or the sink stops all of them; a host's end stops only itself.
func (r *run) work(ctx context.Context, hosts []string) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	slots := make(chan struct{}, r.opts.Hosts)
	var wg sync.WaitGroup
	for _, name := range hosts {
		if r.reports[name] == nil {
			r.reports[name] = &HostReport{Host: name}
		}
		w := &worker{run: r, report: r.reports[name]}
		wg.Go(func() {
			select {
			case slots <- struct{}{}:
				defer func() { <-slots }()
			case <-ctx.Done():
				return
			}
			if err := w.loop(ctx); err != nil {
				stop(err)
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}

func (r *run) report(fresh bool) Report {
	rep := Report{Resumed: !fresh}
	for _, host := range slices.Sorted(mapKeys(r.reports)) {
		h := *r.reports[host]
		rep.Done += h.Done
		rep.Same += h.Same
		rep.Skipped += h.Skipped
		rep.Failed += h.Failed
		for _, i := range h.Items {
			if i.Changed {
				rep.Changed++
			}
			if i.Gone {
				rep.Gone++
			}
			if i.CopyOf != "" {
				rep.Copies++
			}
		}
		rep.Hosts = append(rep.Hosts, h)
	}
	return rep
}

func mapKeys[K comparable, V any](m map[K]V) func(func(K) bool) {
	return func(yield func(K) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// worker works on one host.
type worker struct {
	*run
	report *HostReport
}

// loop claims and finishes targets until none is open, the host has ended, or
// the context has.
func (w *worker) loop(ctx context.Context) error {
	if left, err := w.left(ctx); left || err != nil {
		return err
	}
	for ctx.Err() == nil {
		if w.opts.MaxDocs > 0 && w.fetched() >= w.opts.MaxDocs {
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
		w.tell(ctx, t, res)
		if w.report.Ended != "" {
			return nil
		}
	}
	return nil
}

// fetched counts the documents asked for at the host.
func (w *worker) fetched() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.docs[w.report.Host]
}

// tell puts an outcome into the report, the log and the progress.
func (w *worker) tell(ctx context.Context, t Target, res Result) {
	w.report.add(t, res)
	w.log.Info("crawl", "url", t.URL, "kind", t.Kind, "outcome", res.Outcome, "reason", res.Reason)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.finished++
	if w.opts.Progress == nil || time.Since(w.told) < progressEvery {
		return
	}
	w.told = time.Now() // counting what is open costs more than a page
	p := Progress{Finished: w.finished, Host: t.Host}
	if open, err := w.opts.Frontier.Open(ctx); err == nil {
		for _, n := range open {
			p.Open += n
		}
	}
	w.opts.Progress(p)
}

// do works on one target. An error is the frontier's, the sink's or the
// context's; all that is wrong with the target is in its result.
func (w *worker) do(ctx context.Context, t Target) (Result, error) {
	if why := w.unable(t); why != "" {
		return Result{Outcome: corpus.Skipped, Reason: why}, nil
	}
	if t.Kind == Article && t.Title != "" && !w.opts.KeepAll && !w.opts.Focus.Empty() && cutTitle.FindString(t.Title) == "" &&
		!w.opts.Focus.Fetches(t.Title) {
		return Result{Outcome: corpus.Skipped, Reason: fmt.Sprintf("off topic (title scores %s; needs %d)", w.opts.Focus.Score(t.Title, ""), w.opts.Focus.Fetch)}, nil
	}
	note, err := w.recall(ctx, t)
	if err != nil {
		return Result{}, err
	}
	resp, res, err := w.get(ctx, t, note)
	if err != nil {
		return res, err
	}
	if resp == nil {
		return w.lost(ctx, t, note, res)
	}
	switch t.Kind {
	case ListPage:
		return w.list(ctx, t, resp)
	case Attachment:
		return w.attachment(ctx, t, note, resp)
	case Further:
		return w.further(ctx, t, note, resp)
	default:
		return w.article(ctx, t, note, resp)
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
func (w *worker) get(ctx context.Context, t Target, note pageNote) (*Response, Result, error) {
	req := Request{URL: t.URL, Form: t.Form, Delay: w.sites[t.Site].Delay()}
	if t.Kind != ListPage {
		req.ETag, req.Modified = note.ETag, note.Modified
		w.mu.Lock()
		w.docs[w.report.Host]++
		w.mu.Unlock()
	}
	resp, err := w.fetch.Fetch(ctx, req)
	var end *HostError
	var moved *MovedError
	var turn *TurnError
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, Result{}, ctx.Err()
	case errors.As(err, &turn):
		return nil, Result{}, err
	case errors.As(err, &end):
		return nil, Result{Outcome: corpus.Failed, Reason: end.Reason, Status: end.Status}, w.end(ctx, end.Reason)
	case errors.Is(err, ErrDisallowed):
		return nil, Result{Outcome: corpus.Skipped, Reason: errors.Unwrap(err).Error()}, nil
	case errors.As(err, &moved):
		res, err := w.follow(ctx, t, moved.To, moved.Error())
		return nil, res, err
	case err != nil:
		return nil, Result{Outcome: corpus.Failed, Reason: err.Error()}, nil
	case resp.Status == http.StatusNotModified:
		return nil, Result{Outcome: corpus.Same, Reason: "not modified", Status: resp.Status}, nil
	case resp.Status != http.StatusOK:
		return nil, w.status(t, resp), nil
	}
	if why := softError(t.URL, resp, w.opts.Signs); why != "" {
		return nil, Result{Outcome: listEnd(t), Reason: why, Status: resp.Status}, nil
	}
	return resp, Result{}, nil
}

// follow adds the address to which another has moved, if that is of the same
// site. It has its own robots.txt and its own turn.
func (w *worker) follow(ctx context.Context, t Target, where, why string) (Result, error) {
	res := Result{Outcome: corpus.Skipped, Reason: why}
	from, err1 := url.Parse(t.URL)
	address := CleanURL(where, w.opts.Web)
	to, err2 := url.Parse(address)
	if address == "" || err1 != nil || err2 != nil || !sameSite(from, to) && !siteHost(w.sites[t.Site], to) || t.Depth > maxBranches {
		return res, nil
	}
	t.URL, t.Host, t.Depth = address, hostOf(address), t.Depth+1
	if _, err := w.opts.Frontier.Add(context.WithoutCancel(ctx), t); err != nil {
		return res, fmt.Errorf("crawl: frontier: %w", err)
	}
	res.Reason += ", which is of the same site and is asked instead"
	return res, nil
}

// status is the result of an answer that is neither a page nor a refusal.
func (w *worker) status(t Target, resp *Response) Result {
	return Result{Outcome: listEnd(t), Reason: fmt.Sprintf("status %d", resp.Status), Status: resp.Status}
}

// listEnd is the outcome of a page that is missing: for a page after a list's
// first that is how lists end, for all others a failure.
func listEnd(t Target) corpus.Outcome {
	if t.Kind == ListPage && t.Page > 1 {
		return corpus.Done
	}
	return corpus.Failed
}
