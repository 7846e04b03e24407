package crawler

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/temoto/robotstxt"
)

// robots is what a host's robots.txt says, for a day.
type robots struct {
	group  *robotstxt.Group // nil means that everything is allowed
	none   bool             // nothing is allowed
	delay  time.Duration
	expiry time.Time
	lines  string // what the file says, as far as it counts
}

// robotsNote is what is remembered of a robots.txt between runs, of a host that
// answered.
type robotsNote struct {
	Agent  string    `json:"agent"` // whose rules they were
	Lines  string    `json:"lines"`
	Expiry time.Time `json:"expiry"`
}

// robotsKey is the key of a robotsNote: each scheme and port has its own file.
func robotsKey(u *url.URL) string { return "robots " + u.Scheme + "://" + u.Host }

// recallRobots is what an earlier run read less than a day ago, or nil.
func (c *Client) recallRobots(ctx context.Context, u *url.URL) *robots {
	if c.opts.Notes == nil {
		return nil
	}
	data, err := c.opts.Notes.Note(ctx, robotsKey(u))
	var n robotsNote
	now := c.clock.Now()
	if err != nil || json.Unmarshal(data, &n) != nil || n.Agent != c.agent || !now.Before(n.Expiry) || n.Expiry.After(now.Add(robotsAge)) {
		return nil // it is asked for, which is never wrong
	}
	r := readRobots(n.Lines, c.agent)
	r.expiry = n.Expiry
	return r
}

// keepRobots remembers a file for a day. That a server is broken is not
// remembered: it may be mended by the next run.
func (c *Client) keepRobots(ctx context.Context, u *url.URL, r *robots) error {
	if c.opts.Notes == nil || r.none {
		return nil
	}
	data, err := json.Marshal(robotsNote{c.agent, r.lines, r.expiry})
	if err != nil {
		return err
	}
	return c.opts.Notes.PutNote(context.WithoutCancel(ctx), robotsKey(u), data)
}

const (
	robotsAge   = 24 * time.Hour
	robotsLimit = 500 << 10 // bytes read, as in RFC 9309
)

// allowed is nil where robots.txt lets the address be fetched.
func (c *Client) allowed(ctx context.Context, h *host, u *url.URL, delay time.Duration) error {
	if h.robots == nil {
		h.robots = c.recallRobots(ctx, u)
	}
	if h.robots == nil || c.clock.Now().After(h.robots.expiry) {
		r, err := c.fetchRobots(ctx, h, u, delay)
		if err != nil {
			return err
		}
		r.expiry = c.clock.Now().Add(robotsAge)
		h.robots = r
		if err := c.keepRobots(ctx, u, r); err != nil {
			return err
		}
	}
	if h.robots.none {
		return fmt.Errorf("%w (robots.txt itself could not be read)", ErrDisallowed)
	}
	if g := h.robots.group; g != nil && !g.Test(u.RequestURI()) {
		return ErrDisallowed
	}
	return nil
}

// fetchRobots reads robots.txt as RFC 9309 wants it: absent (4xx) allows all,
// 5xx disallows all, and silence
// ends the host.
func (c *Client) fetchRobots(ctx context.Context, h *host, u *url.URL, delay time.Duration) (*robots, error) {
	at := url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/robots.txt"}
	for range maxRedirects + 1 {
		resp, err := c.retry(ctx, h, Request{URL: at.String(), Delay: delay})
		var end *HostError
		switch {
		case errors.As(err, &end) && end.Status == 403 && end.Sign == "":
			return &robots{}, nil
		case errors.As(err, &end) || ctx.Err() != nil:
			return nil, err
		case err != nil:
			return nil, &HostError{Host: u.Host, Reason: fmt.Sprintf("unreachable: robots.txt did not answer: %v", err)}
		}
		to, moved := redirect(&at, resp)
		if !moved {
			return parseRobots(resp, c.agent), nil
		}
		if !sameHost(&at, to) {
			return &robots{}, nil
		}
		at = *to
	}
	return &robots{}, nil
}

// parseRobots reads an answer for robots.txt. An HTML answer is the site's
// error or home page: there is no robots file.
func parseRobots(resp *Response, agent string) *robots {
	if resp.Status >= 500 || resp.Status == 429 {
		return &robots{none: true}
	}
	body := resp.Body[:min(len(resp.Body), robotsLimit)]
	if resp.Status != 200 || looksHTML(body) {
		return &robots{}
	}
	return readRobots(string(robotsLines(body)), agent)
}

// readRobots reads the lines of a robots file that count.
func readRobots(lines, agent string) *robots {
	if lines == "" {
		return &robots{}
	}
	data, err := robotstxt.FromString(lines)
	if err != nil {
		// The parser gives up where RFC 9309 wants bad lines passed over, and
		// what the file forbids is then unknown: keep out.
		return &robots{none: true}
	}
	g := data.FindGroup(agent)
	return &robots{group: g, delay: g.CrawlDelay, lines: lines}
}

// robotsLines keeps the lines of a robots file that can be rules, from the
// first group on: everything else is to be passed over.
func robotsLines(body []byte) []byte {
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	var out bytes.Buffer
	inGroup := false
	for _, line := range bytes.FieldsFunc(body, func(r rune) bool { return r == '\n' || r == '\r' }) {
		text, _, _ := strings.Cut(string(line), "#")
		key, value, ok := strings.Cut(text, ":")
		key, value = strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value)
		if !ok {
			continue
		}
		switch key {
		case "user-agent":
			inGroup = inGroup || value != ""
		case "allow", "disallow":
		case "crawl-delay":
			if _, err := time.ParseDuration(value + "s"); err != nil {
				continue
			}
		default:
			continue
		}
		if inGroup {
			fmt.Fprintf(&out, "%s: %s\n", key, value)
		}
	}
	return out.Bytes()
}

func looksHTML(body []byte) bool {
	head := bytes.ToLower(bytes.TrimLeft(body[:min(len(body), 1024)], "\xef\xbb\xbf \t\r\n"))
	return bytes.HasPrefix(head, []byte("<!doctype")) || bytes.HasPrefix(head, []byte("<html")) || bytes.HasPrefix(head, []byte("<head")) ||
		bytes.Contains(head, []byte("<html"))
}
