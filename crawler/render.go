package crawler

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"unicode/utf8"

	"tuogou/corpus"
)

// thinText is how many runes of text a page has at most that may be the shell
// of an article.
const thinText = 200

// renders says whether the pages of a source may be opened in a browser.
func (w *worker) renders(t Target) bool {
	return w.opts.Render || w.sites[t.Site].Render == "browser"
}

// browse opens a page in the browser. Where that cannot be, the result says
// why, and ok is false.
func (w *worker) browse(ctx context.Context, t Target, resp *Response) (out rendered, res Result, ok bool, err error) {
	fail := func(why string) (rendered, Result, bool, error) {
		return rendered{}, Result{Outcome: corpus.Failed, Reason: why, Status: resp.Status}, false, nil
	}
	if w.opts.Browser == "" {
		return fail("the page is built by its scripts: " + InstallBrowser)
	}
	base, err := url.Parse(resp.URL)
	if err != nil {
		return fail(err.Error())
	}
	agent := "tuogou"
	if c, own := w.fetch.(*Client); own {
		agent = c.agent
	}
	b := &browser{fetch: w.fetch, site: w.sites[t.Site], base: base, first: resp}
	out, err = b.render(ctx, w.opts.Browser, agent)
	var end *HostError
	switch {
	case err != nil && ctx.Err() != nil:
		return rendered{}, Result{}, false, ctx.Err()
	case errors.As(err, &end):
		w.report.Ended = end.Reason
		return fail(end.Reason)
	case err != nil:
		return fail("the page is built by its scripts and could not be opened: " + err.Error())
	}
	return out, Result{}, true, nil
}

// renderList reads a list that scripts build: the rows of the page as it stands
// in the end, and those of the data for which its scripts asked, which also
// tell where the list goes on.
func (w *worker) renderList(ctx context.Context, t Target, p *Page, resp *Response) (Result, error) {
	out, res, ok, err := w.browse(ctx, t, resp)
	if !ok {
		return res, err
	}
	shown := *p
	shown.Text, shown.doc = out.html, nil
	form := formOf("html", &shown)
	l, err := form.Read(&shown)
	if err != nil {
		return Result{Outcome: corpus.Failed, Reason: err.Error(), Status: resp.Status}, nil
	}
	for _, a := range out.answers {
		more := w.answered(p, a)
		for _, r := range more.Rows {
			if !slices.ContainsFunc(l.Rows, func(have Row) bool { return have.URL == r.URL }) {
				l.Rows = append(l.Rows, r)
			}
		}
		if len(more.Rows) > 0 {
			l.Next, l.Total = more.Next, max(l.Total, more.Total)
		}
	}
	if len(l.Rows) == 0 {
		return Result{Outcome: listEnd(t), Reason: "no rows found in the page, nor after its scripts had run", Status: resp.Status}, nil
	}
	res, err = w.rows(ctx, t, form, l, resp.Status)
	res.Reason += "; built by scripts"
	if out.refused > 0 {
		res.Reason += fmt.Sprintf(", %d requests of theirs were not made", out.refused)
	}
	return res, err
}

// answered reads the rows of data that a script asked for.
func (w *worker) answered(p *Page, a answer) Listing {
	u, err := url.Parse(a.resp.URL)
	if err != nil {
		return Listing{}
	}
	data := &Page{URL: u, Text: decodePage(a.resp.Body, a.resp.Header.Get("Content-Type")), Site: p.Site, Web: p.Web, Wanted: p.Wanted,
		Target: Target{URL: a.req.URL, Form: a.req.Form, Page: 1}}
	l, err := jsonList{"json"}.Read(data)
	if err != nil {
		return Listing{}
	}
	return l
}

// shell says whether a page has scripts and hardly a text.
func (w *worker) shell(a opened) bool {
	return len(a.files)+len(a.frames) == 0 && a.doc.Find("script").Length() > 0 && a.runes() < thinText
}

// runes is the length of an article's text.
func (a opened) runes() int {
	return utf8.RuneCountInString(squash(pageText(a.text, a.doc, a.containers)))
}

// unshell is the page that stands in the place of a shell: what its list said
// in full, or what its scripts make of it in a browser, if that has more text.
// Nil means that there is none; a result with an outcome says why.
func (w *worker) unshell(ctx context.Context, t Target, resp *Response, a opened) (*Response, Result, error) {
	if full, err := w.fullRow(ctx, t, resp, a.runes()); full != nil || err != nil {
		return full, Result{}, err
	}
	if !w.renders(t) {
		return nil, Result{}, nil
	}
	out, res, ok, err := w.browse(ctx, t, resp)
	if !ok {
		return nil, res, err
	}
	// No validators: the shell does not change with its text.
	body := []byte(out.html)
	whole := &Response{URL: resp.URL, Status: resp.Status, Header: http.Header{"Content-Type": {"text/html; charset=utf-8; rendered=1"}},
		Body: body, Hash: corpus.HashBytes(body), Time: resp.Time}
	if w.open(t, whole).runes() <= a.runes() {
		return nil, Result{}, nil
	}
	return whole, Result{}, nil
}
