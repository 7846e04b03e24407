package crawler

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"tuogou/rules"
)

// The bounds of one page in a browser.
const (
	browserTime  = 2 * time.Minute
	browserAsks  = 25                     // requests of its scripts
	browserQuiet = 600 * time.Millisecond // nothing asked for so long: the page stands
	browserDOM   = 8 << 20                // bytes
)

// InstallBrowser says what to install where FindBrowser finds nothing.
const InstallBrowser = "Chromium is not installed (apt install chromium)"

// FindBrowser is the path of an installed Chromium, or "".
func FindBrowser() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// rendered is a page after its scripts have run.
type rendered struct {
	html    string
	answers []answer // the data for which its scripts asked, in order
	refused int      // requests that were not made: other hosts, other kinds, too many
}

type answer struct {
	req  Request
	resp *Response
}

// browser opens one page in Chromium. Chromium itself has no network: each
// request that it wants to make stops before it leaves, and is answered by the
// polite Fetcher or not at all. A browser is used once.
type browser struct {
	fetch Fetcher
	site  rules.Site
	base  *url.URL
	first *Response // the page itself, which has been fetched already

	mu    sync.Mutex
	out   rendered
	asked int
	open  int       // requests that wait for their answer
	last  time.Time // when something was asked or answered
	ended error     // a *HostError: nothing more may be asked
}

// render runs the scripts of a page. Its error is a *HostError where an answer
// ended the host, and else says why there is no page.
func (b *browser) render(ctx context.Context, path, agent string) (rendered, error) {
	ctx, late := context.WithTimeout(ctx, browserTime)
	defer late()
	opts := []chromedp.ExecAllocatorOption{chromedp.ExecPath(path), chromedp.Headless, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.UserAgent(agent), chromedp.Flag("lang", "zh-CN"), chromedp.Flag("disable-background-networking", true),
		// What is not stopped page by page (workers, sockets) meets a proxy that is none.
		chromedp.Flag("proxy-server", "http://127.0.0.1:9"), chromedp.Flag("proxy-bypass-list", "<-loopback>"),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND"), chromedp.Flag("force-webrtc-ip-handling-policy", "disable_non_proxied_udp")}
	if os.Geteuid() == 0 {
		opts = append(opts, chromedp.NoSandbox) // Chromium does not start otherwise
	}
	alloc, stop := chromedp.NewExecAllocator(ctx, opts...)
	defer stop()
	tab, cancel := chromedp.NewContext(alloc)
	var wg sync.WaitGroup
	defer func() { cancel(); wg.Wait() }()
	paused := chromedp.Events(tab, fetch.RequestPaused)
	wg.Go(func() {
		for e, err := range paused {
			if err == nil {
				b.answer(tab, &e)
			}
		}
	})
	if err := chromedp.Do(tab, command(fetch.Enable, fetch.EnableParams{}), chromedp.Navigate(b.first.URL)); err != nil {
		return rendered{}, b.why(err)
	}
	if err := b.settle(tab); err != nil {
		return rendered{}, b.why(err)
	}
	html, err := chromedp.Run(tab, chromedp.Evaluate[string]("document.documentElement.outerHTML"))
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.ended != nil:
		return rendered{}, b.ended
	case err != nil:
		return rendered{}, fmt.Errorf("browser: %w", err)
	case len(html) > browserDOM:
		return rendered{}, errTooLarge
	}
	b.out.html = "<!DOCTYPE html>\n" + html
	return b.out, nil
}

// why is the error that a person should see: a host's end before the browser's.
func (b *browser) why(err error) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ended != nil {
		return b.ended
	}
	return fmt.Errorf("browser: %w", err)
}

// command is an action that sends one command of the protocol.
func command[P, R any](c cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, c, params)
		return chromedp.Void{}, err
	}
}

// settle waits until nothing has been asked for a while.
func (b *browser) settle(ctx context.Context) error {
	began := time.Now()
	for {
		b.mu.Lock()
		since, busy, ended := b.last, b.open > 0, b.ended
		b.mu.Unlock()
		if since.Before(began) {
			since = began
		}
		if ended != nil || !busy && time.Since(since) > browserQuiet {
			return nil
		}
		if err := (realClock{}).Sleep(ctx, 50*time.Millisecond); err != nil {
			return err
		}
	}
}

// answer gives a request of the page its answer.
func (b *browser) answer(ctx context.Context, e *fetch.EventRequestPaused) {
	b.mu.Lock()
	b.open++
	b.mu.Unlock()
	resp := b.answerOf(ctx, e)
	var action chromedp.Action[chromedp.Void]
	if resp == nil {
		action = command(fetch.FailRequest, fetch.FailRequestParams{RequestID: e.RequestID, ErrorReason: network.ErrorReasonBlockedByClient})
	} else {
		action = command(fetch.FulfillRequest, fetch.FulfillRequestParams{RequestID: e.RequestID, ResponseCode: int64(resp.Status), Body: resp.Body,
			ResponseHeaders: []*fetch.HeaderEntry{{Name: "Content-Type", Value: resp.Header.Get("Content-Type")}}})
	}
	_ = chromedp.Do(ctx, action) // it fails only where the tab is closed
	b.mu.Lock()
	defer b.mu.Unlock()
	b.open--
	b.last = time.Now()
}

// answerOf fetches what a page asks for, if that is the page itself, a script
// or data of its own site; nil refuses.
func (b *browser) answerOf(ctx context.Context, e *fetch.EventRequestPaused) *Response {
	kind := e.ResourceType
	if kind == network.ResourceTypeDocument && e.Request.URL == b.first.URL && e.Request.Method == http.MethodGet {
		return b.first
	}
	if kind == network.ResourceTypeStylesheet {
		return &Response{Status: http.StatusOK, Header: http.Header{"Content-Type": {"text/css"}}} // looks do not matter
	}
	req, ok := b.request(e)
	if !ok {
		return nil
	}
	resp, err := b.fetch.Fetch(ctx, req)
	var end *HostError
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case errors.As(err, &end):
		b.ended = end
	case err == nil && kind != network.ResourceTypeScript && !isHTML(resp) && jsonStart.Match(resp.Body):
		b.out.answers = append(b.out.answers, answer{req, resp})
	}
	if err != nil {
		return nil
	}
	return resp
}

// request is what is asked in the browser's place; false refuses.
func (b *browser) request(e *fetch.EventRequestPaused) (Request, bool) {
	req := Request{URL: e.Request.URL, Delay: b.site.Delay()}
	u, err := url.Parse(e.Request.URL)
	b.mu.Lock()
	defer b.mu.Unlock()
	data := e.ResourceType == network.ResourceTypeXHR || e.ResourceType == network.ResourceTypeFetch
	good := err == nil && (data || e.ResourceType == network.ResourceTypeScript) && (u.Scheme == "http" || u.Scheme == "https") &&
		(sameHost(u, b.base) || siteHost(b.site, u)) && b.asked < browserAsks && b.ended == nil
	switch e.Request.Method {
	case http.MethodGet:
	case http.MethodPost:
		var form strings.Builder
		for _, part := range e.Request.PostDataEntries {
			form.Write(part.Bytes)
		}
		req.Form = form.String()
		good = good && data && req.Form != ""
	default:
		good = false
	}
	if !good {
		b.out.refused++
		return Request{}, false
	}
	b.asked++
	return req, true
}
