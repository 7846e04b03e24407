package crawler

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/publicsuffix"

	"tuogou/corpus"
	"tuogou/rules"
)

// Request asks for one address.
type Request struct {
	URL            string
	Form           string // of a POST, form encoded; empty means GET
	ETag, Modified string // make the request conditional; empty does not
	Delay          time.Duration
}

// Response is a whole answer, decompressed. Its status can be an error's.
type Response struct {
	URL    string // after redirects
	Status int
	Header http.Header
	Body   []byte
	Hash   corpus.Hash // of Body
	Time   time.Time   // when the answer had come, UTC
}

// Fetcher answers requests. Errors that say more than "this address did not
// answer" are ErrDisallowed, *HostError and *MovedError. A Fetcher is safe for
// concurrent use.
type Fetcher interface {
	Fetch(ctx context.Context, r Request) (*Response, error)
}

// ErrDisallowed means that robots.txt does not want the address fetched.
var ErrDisallowed = errors.New("robots.txt disallows it")

var (
	errTooLarge  = errors.New("body is larger than the limit")
	errRedirects = errors.New("too many redirects")
	errEncoding  = errors.New("content encoding that was not asked for")
)

// HostError means that nothing more may be asked of a host in this run.
type HostError struct {
	Host   string
	Status int    // 0 if there was no answer
	Sign   string // ID of the sign seen; empty if none is known
	Reason string // in words, with the sign
}

func (e *HostError) Error() string { return "host " + e.Host + ": " + e.Reason }

// MovedError means that an address leads to another host, which was not asked.
type MovedError struct{ To string }

func (e *MovedError) Error() string { return "leads to another host: " + e.To }

// Clock tells and waits time.
type Clock interface {
	Now() time.Time
	Sleep(ctx context.Context, d time.Duration) error // the context's error when it ends first
}

type realClock struct{}

func (realClock) Now() time.Time { return time.Now() }

func (realClock) Sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// The limits of a Client.
const (
	defaultDelay    = 2 * time.Second
	defaultTimeout  = 60 * time.Second
	defaultMaxWait  = 2 * time.Minute
	defaultMaxBytes = 50 << 20
	maxRedirects    = 5
	maxRetries      = 2
	maxSilent       = 3 // addresses in a row without any answer
)

// Client is the polite Fetcher. Make it with NewClient.
type Client struct {
	opts  Options
	http  *http.Client
	clock Clock
	agent string

	mu      sync.Mutex
	hosts   map[string]*host
	servers map[string]*server
}

// host is what a Client knows of one host name with its port. Its fields are
// guarded by the lock of its server.
type host struct {
	*server
	silent int // addresses in a row that did not answer
	robots *robots
	ended  *HostError
}

// server is one machine, known by its address. Its lock is held through a whole
// fetch: one connection, one request at a time, however many names it has.
type server struct {
	name string
	mu   sync.Mutex
	next time.Time     // not before
	slow time.Duration // how long the last answer took
	last string        // host asked last
}

// NewClient makes a Client from the network fields of o.
func NewClient(o Options) (*Client, error) {
	jar, err := cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List})
	if err != nil {
		return nil, fmt.Errorf("cookie jar: %w", err)
	}
	o.Timeout = positive(o.Timeout, defaultTimeout)
	o.MaxWait = positive(o.MaxWait, defaultMaxWait)
	if o.Delay == 0 {
		o.Delay = defaultDelay
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = defaultMaxBytes
	}
	c := &Client{opts: o, clock: o.Clock, hosts: map[string]*host{}, servers: map[string]*server{}}
	if c.clock == nil {
		c.clock = realClock{}
	}
	c.agent = o.Agent
	if c.agent == "" {
		c.agent = "tuogou"
	}
	if o.Contact != "" {
		c.agent += " (+" + strings.Map(printable, o.Contact) + ")"
	}
	transport := o.Transport
	if transport == nil {
		transport = c.network()
	}
	c.http = &http.Client{Transport: transport, Jar: jar, Timeout: o.Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return c, nil
}

func positive(d, otherwise time.Duration) time.Duration {
	if d <= 0 {
		return otherwise
	}
	return d
}

func printable(r rune) rune {
	if r < ' ' || r > '~' {
		return -1
	}
	return r
}

// Fetch is Fetcher.Fetch: robots.txt, pause, exchange, redirects, retries.
func (c *Client) Fetch(ctx context.Context, r Request) (*Response, error) {
	u, err := url.Parse(r.URL)
	if err != nil {
		return nil, fmt.Errorf("fetch: %w", err)
	}
	h, err := c.host(ctx, u)
	if err != nil {
		return nil, fmt.Errorf("fetch %s: %w", r.URL, err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.last != "" && h.last != u.Host {
		c.http.CloseIdleConnections() // the one to the other name of this machine
	}
	h.last = u.Host
	if h.ended != nil {
		return nil, h.ended
	}
	resp, err := c.inTurn(ctx, h, func(ctx context.Context) (*Response, error) { return c.follow(ctx, h, r) })
	var end *HostError
	if errors.As(err, &end) {
		h.ended = end
	}
	if err != nil {
		return nil, fmt.Errorf("fetch %s: %w", r.URL, err)
	}
	return resp, nil
}

// follow fetches an address and where it redirects to, on the same host.
func (c *Client) follow(ctx context.Context, h *host, r Request) (*Response, error) {
	for range maxRedirects + 1 {
		u, err := url.Parse(r.URL)
		if err != nil {
			return nil, err
		}
		if err := c.allowed(ctx, h, u, r.Delay); err != nil {
			return nil, err
		}
		resp, err := c.retry(ctx, h, r)
		if err != nil {
			return nil, err
		}
		to, moved := redirect(u, resp)
		if !moved {
			return resp, nil
		}
		if !sameHost(u, to) {
			return nil, &MovedError{to.String()}
		}
		r.URL = to.String()
		if resp.Status != http.StatusTemporaryRedirect && resp.Status != http.StatusPermanentRedirect {
			r.Form = ""
		}
	}
	return nil, errRedirects
}

// redirect is where an answer leads to, if it leads anywhere.
func redirect(from *url.URL, resp *Response) (*url.URL, bool) {
	switch resp.Status {
	case 301, 302, 303, 307, 308:
	default:
		return nil, false
	}
	to, err := from.Parse(resp.Header.Get("Location"))
	if err != nil || resp.Header.Get("Location") == "" || to.Scheme != "http" && to.Scheme != "https" {
		return nil, false
	}
	to.Fragment = ""
	return to, true
}

// retry makes one exchange, and up to two more after silence or a 5xx.
func (c *Client) retry(ctx context.Context, h *host, r Request) (*Response, error) {
	for try := 0; ; try++ {
		resp, err := c.exchange(ctx, h, r)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if errors.Is(err, errTooLarge) || errors.Is(err, errEncoding) {
			return nil, err
		}
		if end := hopeless(r.URL, err); end != nil {
			return nil, end
		}
		if err == nil {
			h.silent = 0
			if end := c.refused(r.URL, resp); end != nil {
				return nil, end
			}
			if resp.Status < 500 && resp.Status != http.StatusTooManyRequests {
				return resp, nil
			}
			wait, asked := c.retryAfter(resp)
			if asked && wait > c.opts.MaxWait {
				return nil, &HostError{hostOf(r.URL), resp.Status, "", fmt.Sprintf("status %d, asks to wait %s", resp.Status, wait)}
			}
			if try == maxRetries {
				return resp, nil
			}
			if err := c.clock.Sleep(ctx, max(wait, c.backoff(try))); err != nil {
				return nil, err
			}
			continue
		}
		if try == maxRetries {
			h.silent++
			if h.silent >= maxSilent {
				return nil, &HostError{hostOf(r.URL), 0, "", fmt.Sprintf("unreachable: %d addresses in a row did not answer, last: %v", h.silent, err)}
			}
			return nil, err
		}
		if err := c.clock.Sleep(ctx, c.backoff(try)); err != nil {
			return nil, err
		}
	}
}

// backoff grows with each try and is nothing where there is no delay at all.
func (c *Client) backoff(try int) time.Duration {
	if c.opts.Delay < 0 {
		return 0
	}
	return c.opts.Delay << (try + 1)
}

// retryAfter is the wait an answer asks for.
func (c *Client) retryAfter(resp *Response) (time.Duration, bool) {
	v := strings.TrimSpace(resp.Header.Get("Retry-After"))
	if v == "" {
		return 0, false
	}
	if n, err := strconv.Atoi(v); err == nil {
		return time.Duration(min(max(n, 0), 1<<30)) * time.Second, true
	}
	if at, err := http.ParseTime(v); err == nil {
		return max(at.Sub(c.clock.Now()), 0), true
	}
	return 0, false
}

// refused says whether an answer ends the host. A sign is looked for in every
// answer, as a challenge can come with status 200 or 202.
func (c *Client) refused(address string, resp *Response) *HostError {
	reason, id := "", ""
	if s := signOf(c.opts.Signs, resp, "blocked"); s != nil {
		id = s.ID
		reason = fmt.Sprintf("refused with status %d, sign %s (%s)", resp.Status, s.ID, s.Family)
	} else if resp.Status == 403 || resp.Status == 412 || resp.Status == 521 {
		reason = fmt.Sprintf("refused with status %d, no known sign", resp.Status)
	}
	if reason == "" {
		return nil
	}
	return &HostError{hostOf(address), resp.Status, id, reason}
}

// signOf is the first sign an answer shows, if that is of the given treatment.
func signOf(signs []rules.Sign, resp *Response, treat string) *rules.Sign {
	for i := range signs {
		if signs[i].Treat == treat && signs[i].Match(resp.Status, resp.Header, resp.Body) {
			return &signs[i]
		}
	}
	return nil
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Host
}
