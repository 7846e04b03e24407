package crawler

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"tuogou/corpus"
)

// placeholders fills the placeholders of a template with something, so that it
// can be read as an address.
var placeholders = strings.NewReplacer("{", "", "}", "")

// maxBranches bounds how deep lists may lead to lists: a sitemap can name
// sitemaps without end.
const maxBranches = 3

// list reads a list page: its rows become articles, its next pages targets.
func (w *worker) list(ctx context.Context, t Target, resp *Response) (Result, error) {
	u, err := url.Parse(resp.URL)
	if err != nil {
		return Result{Outcome: corpus.Failed, Reason: err.Error(), Status: resp.Status}, nil
	}
	p := &Page{URL: u, Text: decodePage(resp.Body, resp.Header.Get("Content-Type")), HTML: isHTML(resp),
		Target: t, Site: w.sites[t.Site], Web: w.opts.Web, Wanted: w.wanted}
	if p.HTML {
		if to := leadsTo(u, p.Text, p.Doc(), p.Web); to != "" {
			return w.follow(ctx, t, to, "the page leads on to "+to)
		}
	}
	form := formOf(t.List, p)
	if form == nil {
		return Result{Outcome: corpus.Failed, Reason: "the page has no list form that is known", Status: resp.Status}, nil
	}
	l, err := form.Read(p)
	if errors.Is(err, errNoRecords) && t.Page > 1 {
		w.shortfall(t, err.Error())
		return Result{Outcome: corpus.Done, Reason: err.Error(), Status: resp.Status}, nil
	}
	if err != nil {
		return Result{Outcome: corpus.Failed, Reason: err.Error(), Status: resp.Status}, nil
	}
	if len(l.Rows) == 0 && len(l.Next) == 0 && p.HTML && w.renders(t) && p.Doc().Find("script").Length() > 0 {
		return w.renderList(ctx, t, p, resp)
	}
	if err := w.keepRows(ctx, p, l); err != nil {
		return Result{}, err
	}
	if len(l.Rows) == 0 && len(l.Next) == 0 {
		why := "no rows found in the page (form " + form.Name() + ")"
		if len(resp.Body) < stubSize {
			why = fmt.Sprintf("stub of %d bytes", len(resp.Body))
		}
		outcome := listEnd(t)
		if t.Depth > 0 && t.Parent != "" && t.List == "" {
			outcome = corpus.Skipped // a frame or a link 更多 that leads to something else
		}
		return Result{Outcome: outcome, Reason: why, Status: resp.Status}, nil
	}
	return w.rows(ctx, t, form, l, resp.Status)
}

// wanted says whether a link's words are on the topic by themselves.
func (w *worker) wanted(title string) bool {
	return !w.opts.Focus.Empty() && w.opts.Focus.Score(title, "").Total >= w.opts.Focus.Keep
}

// rows takes over what a list page holds.
func (w *worker) rows(ctx context.Context, t Target, form List, l Listing, status int) (Result, error) {
	if t.First == "" {
		t.First = t.Key()
	}
	news, err := w.remember(ctx, t, form, l)
	if err != nil {
		return Result{}, err
	}
	if news || t.Page <= 1 {
		t.Quiet = 0
	} else {
		t.Quiet++
	}
	targets := w.rowTargets(t, l.Rows)
	more, stop := w.nextTargets(t, form, l)
	targets = append(targets, more...)
	added, err := w.opts.Frontier.Add(context.WithoutCancel(ctx), targets...)
	if err != nil {
		return Result{}, fmt.Errorf("crawl: frontier: %w", err)
	}
	reason := fmt.Sprintf("%s: %d rows, %d new addresses", form.Name(), len(l.Rows), added)
	if stop != "" {
		reason += "; list ends: " + stop
	}
	return Result{Outcome: corpus.Done, Reason: reason, Status: status}, nil
}

func (w *worker) rowTargets(t Target, rows []Row) []Target {
	var out []Target
	for _, r := range rows {
		kind := Article
		if u, err := url.Parse(r.URL); err == nil && isFile(u, w.opts.Web) {
			kind = Attachment // a list can lead to the file itself
		}
		out = append(out, Target{URL: r.URL, Host: hostOf(r.URL), Kind: kind, Site: t.Site, Parent: t.URL,
			Title: r.Title, Number: r.Number, Listed: r.Date})
	}
	return out
}

// nextTargets are the next pages of a list, unless it ends here; then it says
// why.
func (w *worker) nextTargets(t Target, form List, l Listing) ([]Target, string) {
	if l.Sealed != "" {
		w.shortfall(t, l.Sealed)
	}
	if len(l.Next) == 0 {
		w.complete(t, l)
		return nil, ""
	}
	print := fingerprint(l.Rows)
	page := max(t.Page, 1)
	stop := w.stops(t, l, print)
	var out []Target
	for _, n := range l.Next {
		next := Target{URL: n.URL, Form: n.Form, Host: hostOf(n.URL), Kind: ListPage, Site: t.Site, Parent: t.URL, List: n.List, Page: page + 1,
			First: t.First, Quiet: t.Quiet, Depth: t.Depth}
		if next.List == "" && !n.Branch {
			next.List = form.Name()
		}
		if !n.Branch || t.Form != "" {
			next.Trail = append(slices.Clone(t.Trail), print)
			next.Rows = t.Rows + len(l.Rows)
		}
		if n.Branch {
			next.Page, next.Depth, next.First = 1, t.Depth+1, ""
		}
		if n.Branch && page == 1 && next.Depth <= maxBranches || !n.Branch && stop == "" {
			out = append(out, next)
		}
	}
	return out, stop
}

// stops says why a list is not read on; "" means that it is.
func (w *worker) stops(t Target, l Listing, print corpus.Hash) string {
	switch {
	case len(l.Rows) > 0 && slices.Contains(t.Trail, print):
		return "same page as before"
	case max(t.Page, 1) >= w.opts.MaxPages:
		w.shortfall(t, fmt.Sprintf("a list is longer than the limit of %d pages", w.opts.MaxPages))
		return fmt.Sprintf("limit of %d pages", w.opts.MaxPages)
	case !w.anyNew(t, l.Rows):
		return "no new link"
	case w.opts.LookBack > 0 && t.Quiet >= w.opts.LookBack:
		return fmt.Sprintf("nothing new in %d pages", t.Quiet)
	}
	return ""
}

// anyNew says whether a page has a link that did not stand on another page of
// its list. Read again, a page has its own links still.
func (w *worker) anyNew(t Target, rows []Row) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	key := t.Site + " " + t.First
	if w.seen[key] == nil {
		w.seen[key] = map[string]string{}
	}
	found := len(rows) == 0 && t.Page <= 1
	for _, r := range rows {
		if first, ok := w.seen[key][r.URL]; !ok || first == t.Key() {
			w.seen[key][r.URL] = t.Key()
			found = true
		}
	}
	return found
}

func fingerprint(rows []Row) corpus.Hash {
	var b strings.Builder
	for _, r := range rows {
		b.WriteString(r.URL)
		b.WriteByte('\n')
	}
	return corpus.HashBytes([]byte(b.String()))
}
