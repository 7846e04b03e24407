package crawler

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"tuogou/corpus"
)

// exchange makes one request after the host's pause and reads the answer.
func (c *Client) exchange(ctx context.Context, h *host, r Request) (*Response, error) {
	if err := c.pause(ctx, h, r.Delay); err != nil {
		return nil, err
	}
	req, err := c.request(ctx, r)
	if err != nil {
		return nil, err
	}
	began := c.clock.Now()
	defer func() {
		h.next = c.clock.Now()
		h.slow = h.next.Sub(began)
	}()
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, bare(err)
	}
	defer resp.Body.Close()
	body, err := readBody(resp.Body, resp.Header.Get("Content-Encoding"), req.URL.Path, c.opts.MaxBytes)
	if err != nil {
		return nil, err
	}
	return &Response{URL: r.URL, Status: resp.StatusCode, Header: resp.Header, Body: body,
		Hash: corpus.HashBytes(body), Time: c.clock.Now().UTC()}, nil
}

// bare strips method and address from an error: Fetch names the address.
func bare(err error) error {
	if u, ok := err.(*url.Error); ok {
		return u.Err
	}
	return err
}

func (c *Client) request(ctx context.Context, r Request) (*http.Request, error) {
	method, body := http.MethodGet, io.Reader(nil)
	if r.Form != "" {
		method, body = http.MethodPost, strings.NewReader(r.Form)
	}
	req, err := http.NewRequestWithContext(ctx, method, r.URL, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", c.agent)
	req.Header.Set("Accept", "text/html,application/xhtml+xml,application/json,*/*;q=0.8")
	req.Header.Set("Accept-Language", "zh-CN,zh;q=0.9")
	// Asked for by name, so that the transport leaves the body packed and the
	// archive gets the bytes that were sent.
	req.Header.Set("Accept-Encoding", "gzip")
	// Who asks next may be another process: no connection is left to the server.
	req.Close = c.opts.Turns != nil
	if r.Form != "" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
	}
	if strings.HasPrefix(r.Form, "{") {
		req.Header.Set("Content-Type", "application/json; charset=UTF-8")
	}
	if r.ETag != "" {
		req.Header.Set("If-None-Match", r.ETag)
	}
	if r.Modified != "" {
		req.Header.Set("If-Modified-Since", r.Modified)
	}
	return req, nil
}

// pause waits until the host may be asked again: its delay with up to half as
// much jitter, and twice the time of the last answer if that is longer.
func (c *Client) pause(ctx context.Context, h *host, least time.Duration) error {
	if h.next.IsZero() {
		return ctx.Err()
	}
	d := max(c.opts.Delay, least, 2*h.slow)
	if c.opts.Delay < 0 { // no pause of our own; what the site asks for counts
		d = max(0, least)
	}
	if h.robots != nil {
		d = max(d, min(h.robots.delay, time.Minute))
	}
	d += time.Duration(rand.Int64N(int64(d)/2 + 1))
	if err := c.clock.Sleep(ctx, h.next.Add(d).Sub(c.clock.Now())); err != nil {
		return err
	}
	return ctx.Err() // the turn may have been lost meanwhile
}

// readBody reads a body to its end, unpacked, or fails at the limit. Some
// servers send gzip without saying so, so the first bytes decide, unless the name of
// the file does; a broken
// end is an error, as half a document is none.
func readBody(r io.Reader, encoding, name string, limit int64) ([]byte, error) {
	raw, err := readLimited(r, limit)
	if err != nil {
		return nil, err
	}
	switch encoding = strings.ToLower(strings.TrimSpace(encoding)); encoding {
	case "", "identity", "gzip", "x-gzip", "utf-8", "utf8", "gbk", "gb2312": // some put the charset there
	default:
		return nil, fmt.Errorf("%w: %q", errEncoding, encoding)
	}
	if !bytes.HasPrefix(raw, []byte{0x1f, 0x8b}) {
		return raw, nil
	}
	if ext := strings.ToLower(path.Ext(name)); encoding == "" && (ext == ".gz" || ext == ".tgz") {
		return raw, nil // the document itself is packed
	}
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return raw, nil // a file that only begins like gzip
	}
	defer z.Close()
	plain, err := readLimited(z, limit)
	if err != nil && encoding == "" {
		return raw, nil
	}
	return plain, err
}

func readLimited(r io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, fmt.Errorf("read body: %w", err)
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("%w of %d bytes", errTooLarge, limit)
	}
	return data, nil
}
