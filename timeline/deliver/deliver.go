// Package deliver sends the changes of the ledger to webhooks: signed, in order, each
// at least once. The ledger is the outbox: a hook has a cursor in the store, which moves
// only after the receiver took a change, so that no crash on either side loses one. A
// change that is sent again has the same id, by which the receiver knows it.
//
// The headers are those of Standard Webhooks, so that its libraries can check them:
// webhook-id, webhook-timestamp and webhook-signature, the latter "v1," and the base64
// of HMAC-SHA256 over "id.timestamp.body".
package deliver

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"tuogou/corpus/store"
	"tuogou/timeline"
)

// Outbox is what is read and written of a store.
type Outbox interface {
	store.Ledger
	PutHook(ctx context.Context, h store.Hook) error
}

// Sender sends to hooks.
type Sender struct {
	// Client sends; nil is one that waits 15 s and follows no redirect.
	Client *http.Client
	// Now is the clock.
	Now func() time.Time
	// First and Most are the pauses after the first failure and at most; each failure
	// doubles it. 0 is 5 s and 1 h.
	First, Most time.Duration
}

const secretPrefix = "whsec_"

// NewSecret is a secret to share with a receiver.
func NewSecret() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails
	return secretPrefix + base64.StdEncoding.EncodeToString(b[:])
}

// CheckHook says what is wrong with a hook that a person gave.
func CheckHook(h store.Hook) error {
	u, err := url.Parse(h.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
		return fmt.Errorf("%q is no address of the web", h.URL)
	}
	if _, err := key(h.Secret); err != nil {
		return err
	}
	return nil
}

func key(secret string) ([]byte, error) {
	k, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, secretPrefix))
	if err != nil || len(k) < 16 || !strings.HasPrefix(secret, secretPrefix) {
		return nil, fmt.Errorf("the secret is not %s and the base64 of at least 16 bytes", secretPrefix)
	}
	return k, nil
}

// Sign is the signature of a message.
func Sign(secret, id string, at time.Time, body []byte) (string, error) {
	k, err := key(secret)
	if err != nil {
		return "", err
	}
	mac := hmac.New(sha256.New, k)
	fmt.Fprintf(mac, "%s.%d.", id, at.Unix())
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)), nil
}

// Message is the body of a webhook.
type Message struct {
	Type      string          `json:"type"` // obligation. and the kind of the change
	Timestamp string          `json:"timestamp"`
	Data      timeline.Change `json:"data"`
}

// Report is what one pass did for a hook.
type Report struct {
	Hook    store.Hook
	Sent    int
	Passed  int  // changes that the hook did not ask for
	Waiting bool // its next attempt is not due yet, or the last one failed
}

// Pass sends to a hook what it has not taken, in order, until all is sent or an attempt
// fails; then the hook is not due again before its pause. wants chooses the changes; nil
// takes all. An error is one of the store or of ctx: what the receiver does wrong stands
// in the hook.
func (s *Sender) Pass(ctx context.Context, out Outbox, h store.Hook, wants func(context.Context, timeline.Change) (bool, error)) (Report, error) {
	r := Report{Hook: h}
	if h.Due.After(s.Now()) {
		r.Waiting = true
		return r, nil
	}
	for c, err := range timeline.Since(ctx, out, int64(h.Cursor)) {
		ok := true
		if err == nil && wants != nil {
			ok, err = wants(ctx, c)
		}
		if err != nil {
			return r, err
		}
		if !ok {
			r.Passed++
			r.Hook.Cursor = store.Cursor(c.Cursor)
			continue
		}
		pause, err := s.send(ctx, r.Hook, c)
		if ctx.Err() != nil {
			return r, ctx.Err() // whether it arrived or not, it is sent again
		}
		if err != nil {
			r.Waiting = true
			r.Hook.Failures++
			r.Hook.Error = err.Error()
			r.Hook.Due = s.Now().Add(max(pause, s.pause(r.Hook.Failures)))
			return r, out.PutHook(ctx, r.Hook)
		}
		r.Sent++
		r.Hook.Cursor, r.Hook.Failures, r.Hook.Error, r.Hook.Due = store.Cursor(c.Cursor), 0, "", time.Time{}
		if err := out.PutHook(ctx, r.Hook); err != nil {
			return r, err
		}
	}
	if r.Hook.Cursor == h.Cursor {
		return r, nil
	}
	return r, out.PutHook(ctx, r.Hook)
}

func (s *Sender) pause(failures int) time.Duration {
	first, most := s.First, s.Most
	if first <= 0 {
		first = 5 * time.Second
	}
	if most <= 0 {
		most = time.Hour
	}
	for range min(failures-1, 30) {
		if first *= 2; first >= most {
			return most
		}
	}
	return min(first, most)
}

// longestPause is how long a receiver may ask us to wait.
const longestPause = 24 * time.Hour

// ID is that of a change to a hook, the same however often it is sent.
func ID(h store.Hook, c timeline.Change) string { return fmt.Sprintf("msg_%s_%d", h.ID, c.Cursor) }

// send makes one attempt. The pause is what the receiver asked for.
func (s *Sender) send(ctx context.Context, h store.Hook, c timeline.Change) (pause time.Duration, err error) {
	body, err := json.Marshal(Message{"obligation." + string(c.Kind), c.At, c})
	if err != nil {
		return 0, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.URL, bytes.NewReader(body))
	if err != nil {
		return 0, errors.New("the address cannot be used")
	}
	id, at := ID(h, c), s.Now()
	sign, err := Sign(h.Secret, id, at, body)
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.Header.Set("User-Agent", "tuogou")
	req.Header.Set("Idempotency-Key", id)
	req.Header.Set("Webhook-Id", id)
	req.Header.Set("Webhook-Timestamp", strconv.FormatInt(at.Unix(), 10))
	req.Header.Set("Webhook-Signature", sign)
	res, err := s.client().Do(req)
	if err != nil {
		return 0, plainError(err)
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10)) // so that the connection can be used again
	if res.StatusCode/100 == 2 {
		return 0, nil
	}
	if n, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil && n > 0 {
		pause = min(time.Duration(n)*time.Second, longestPause)
	}
	return pause, fmt.Errorf("status %d", res.StatusCode)
}

func (s *Sender) client() *http.Client {
	if s.Client != nil {
		return s.Client
	}
	return &http.Client{Timeout: 15 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// plainError is err without the address, which may hold a token.
func plainError(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
