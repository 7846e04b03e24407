package crawler

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"

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
		return Result{corpus.Failed, err.Error(), resp.Status}, nil
	}
	if len(resp.Body) < stubSize && t.Form == "" && isHTML(resp) {
		return Result{listEnd(t), fmt.Sprintf("stub of %d bytes", len(resp.Body)), resp.Status}, nil
	}
	p := &Page{URL: u, Text: decodePage(resp.Body, resp.Header.Get("Content-Type")), HTML: isHTML(resp),
		Target: t, Site: w.sites[t.Site], Web: w.opts.Web}
	form := formOf(t.List, p)
	if form == nil {
		return Result{corpus.Failed, "the page has no list form that is known", resp.Status}, nil
	}
	l, err := form.Read(p)
	if err != nil {
		return Result{corpus.Failed, err.Error(), resp.Status}, nil
	}
	targets := w.rowTargets(t, l.Rows)
	more, stop := w.nextTargets(t, form, l)
	targets = append(targets, more...)
	added, err := w.opts.Frontier.Add(context.WithoutCancel(ctx), targets...)
	if err != nil {
		return Result{}, fmt.Errorf("crawl: frontier: %w", err)
	}
	if len(l.Rows) == 0 && len(l.Next) == 0 {
		return Result{listEnd(t), "no rows found in the page (form " + form.Name() + ")", resp.Status}, nil
	}
	reason := fmt.Sprintf("%s: %d rows, %d new addresses", form.Name(), len(l.Rows), added)
	if stop != "" {
		reason += "; list ends: " + stop
	}
	return Result{corpus.Done, reason, resp.Status}, nil
}

func (w *worker) rowTargets(t Target, rows []Row) []Target {
	var out []Target
	for _, r := range rows {
		out = append(out, Target{URL: r.URL, Host: hostOf(r.URL), Kind: Article, Site: t.Site, Parent: t.URL,
			Title: r.Title, Number: r.Number, Listed: r.Date})
	}
	return out
}

// nextTargets are the next pages of a list, unless it ends here; then it says
// why.
func (w *worker) nextTargets(t Target, form List, l Listing) ([]Target, string) {
	if len(l.Next) == 0 {
		return nil, ""
	}
	print := fingerprint(l.Rows)
	page := max(t.Page, 1)
	stop := ""
	switch {
	case len(l.Rows) > 0 && slices.Contains(t.Trail, print):
		stop = "same page as before"
	case page >= w.opts.MaxPages:
		stop = fmt.Sprintf("limit of %d pages", w.opts.MaxPages)
	case !w.anyNew(t, l.Rows):
		stop = "no new link"
	}
	var out []Target
	for _, n := range l.Next {
		next := Target{URL: n.URL, Form: n.Form, Host: hostOf(n.URL), Kind: ListPage, Site: t.Site, Parent: t.URL, List: n.List, Page: page + 1}
		if next.List == "" {
			next.List = form.Name()
		}
		if !n.Branch || t.Form != "" {
			next.Trail = append(slices.Clone(t.Trail), print)
			next.Rows = t.Rows + len(l.Rows)
		}
		next.Depth = t.Depth
		if n.Branch {
			next.Page, next.Depth = 1, t.Depth+1
		}
		if n.Branch && page == 1 && next.Depth <= maxBranches || !n.Branch && stop == "" {
			out = append(out, next)
		}
	}
	return out, stop
}

// anyNew says whether a page has a link that did not stand on another page of
// its list. Read again, a page has its own links still.
func (w *worker) anyNew(t Target, rows []Row) bool {
	key := t.Site
	if len(t.Trail) > 0 {
		key += " " + string(t.Trail[0]) // lists of one site are told apart by their first page
	} else {
		key += " " + string(fingerprint(rows))
	}
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

// article judges and keeps an article, and adds its attachments.
func (w *worker) article(ctx context.Context, t Target, resp *Response) (Result, error) {
	if !isHTML(resp) {
		return w.keep(ctx, t, resp)
	}
	page := decodePage(resp.Body, resp.Header.Get("Content-Type"))
	doc := parseHTML(page)
	if why := softArticle(t, page, doc, w.opts.Web); why != "" {
		return Result{corpus.Failed, why, resp.Status}, nil
	}
	containers := w.opts.Web.Containers
	if hint := w.sites[t.Site].Content; hint != "" {
		containers = append([]string{hint}, containers...)
	}
	if why := w.offTopic(t, page, doc, containers); why != "" {
		return Result{corpus.Skipped, why, resp.Status}, nil
	}
	res, err := w.keep(ctx, t, resp)
	if err != nil || res.Outcome == corpus.Failed {
		return res, err
	}
	base, err := url.Parse(resp.URL)
	if err != nil {
		return res, nil
	}
	var found []Target
	for _, a := range attachments(base, doc, containers, w.opts.Web) {
		found = append(found, Target{URL: a.URL, Host: hostOf(a.URL), Kind: Attachment, Site: t.Site, Parent: t.URL, Title: a.Title, Listed: t.Listed})
	}
	if len(found) > 0 {
		if _, err := w.opts.Frontier.Add(context.WithoutCancel(ctx), found...); err != nil {
			return Result{}, fmt.Errorf("crawl: frontier: %w", err)
		}
	}
	return res, nil
}

// offTopic says why a page is not kept; "" means that it is. The page's own
// title helps where the list had none.
func (w *worker) offTopic(t Target, page string, doc *goquery.Document, containers []string) string {
	if w.opts.KeepAll || w.opts.Focus.Empty() {
		return ""
	}
	title := t.Title
	if title == "" || cutTitle.MatchString(title) {
		title = squeeze(doc.Find("title").First().Text())
	}
	s := w.opts.Focus.Score(title, pageText(page, doc, containers))
	if s.Total >= w.opts.Focus.Keep {
		return ""
	}
	return fmt.Sprintf("off topic (score %s; needs %d)", s, w.opts.Focus.Keep)
}

func (w *worker) attachment(ctx context.Context, t Target, resp *Response) (Result, error) {
	if looksHTML(resp.Body) {
		return Result{corpus.Failed, "soft error: a web page instead of a file", resp.Status}, nil
	}
	return w.keep(ctx, t, resp)
}

// keep puts an answer into the sink, exactly as it came.
func (w *worker) keep(ctx context.Context, t Target, resp *Response) (Result, error) {
	ctx = context.WithoutCancel(ctx) // an answer that is here is kept
	c := corpus.Capture{Doc: corpus.IDOf(t.URL, ""), URL: t.URL, Fetched: resp.Time, Status: resp.Status,
		Type: resp.Header.Get("Content-Type"), SHA256: resp.Hash, Size: int64(len(resp.Body)),
		Title: t.Title, Number: t.Number, Listed: t.Listed, Parent: t.Parent}
	if final := CleanURL(resp.URL, w.opts.Web); final != t.URL {
		c.Final = final
	}
	outcome, err := w.opts.Sink.Put(ctx, c, resp.Body)
	if err != nil {
		return Result{}, fmt.Errorf("crawl: keep %s: %w", t.URL, err)
	}
	etag, modified := resp.Header.Get("Etag"), resp.Header.Get("Last-Modified")
	if w.opts.Validators != nil && (etag != "" || modified != "") {
		if err := w.opts.Validators.Remember(ctx, t.URL, etag, modified); err != nil {
			return Result{}, fmt.Errorf("crawl: validators: %w", err)
		}
	}
	return Result{Outcome: outcome, Status: resp.Status}, nil
}
