package deliver

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tuogou/corpus/store"
	"tuogou/corpus/store/sqlite"
	"tuogou/timeline"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZg=="

var start = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// The example of the Standard Webhooks text, so that its libraries take ours.
func TestSign(t *testing.T) {
	got, err := Sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	if want := "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; err != nil || got != want {
		t.Errorf("%s %v, want %s", got, err, want)
	}
	for _, bad := range []string{"", "whsec_", "whsec_!!", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"} {
		if _, err := Sign(bad, "x", start, nil); err == nil {
			t.Errorf("the secret %q signs", bad)
		}
	}
}

func TestCheckHook(t *testing.T) {
	for url, ok := range map[string]bool{"https://a.example/x?y=1": true, "http://127.0.0.1:99/": true, "ftp://a.example/": false,
		"file:///etc/passwd": false, "https://user:pass@a.example/": false, "a.example": false, "": false, "http://[": false} {
		if err := CheckHook(store.Hook{URL: url, Secret: secret}); (err == nil) != ok {
			t.Errorf("%s: %v", url, err)
		}
	}
	if a, b := NewSecret(), NewSecret(); a == b || CheckHook(store.Hook{URL: "https://a.example/", Secret: a}) != nil {
		t.Errorf("secrets %s %s", a, b)
	}
}

// receiver takes what it is sent and is unkind about it.
type receiver struct {
	t    *testing.T
	mu   sync.Mutex
	n    int
	how  func(n int) string // ok, fail, late (taken, but says 500), hang, slow down
	got  []int64
	seen map[string]bool
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return
	}
	r.mu.Lock()
	r.n++
	how := r.how(r.n)
	r.mu.Unlock()
	id := req.Header.Get("Webhook-Id")
	sec, _ := strconv.ParseInt(req.Header.Get("Webhook-Timestamp"), 10, 64)
	if sign, err := Sign(secret, id, time.Unix(sec, 0), body); err != nil || sign != req.Header.Get("Webhook-Signature") || req.Header.Get("Idempotency-Key") != id {
		r.t.Errorf("a wrong signature of %s: %v", id, err)
	}
	if how == "hang" {
		select {
		case <-req.Context().Done():
		case <-time.After(5 * time.Second):
		}
		return
	}
	if how == "ok" || how == "late" {
		var m Message
		if err := json.Unmarshal(body, &m); err != nil || m.Type != "obligation."+string(m.Data.Kind) {
			r.t.Errorf("%s: %v", body, err)
		}
		r.mu.Lock()
		if !r.seen[id] {
			r.seen[id] = true
			r.got = append(r.got, m.Data.Cursor)
		}
		r.mu.Unlock()
	}
	switch how {
	case "slow down":
		w.Header().Set("Retry-After", "120")
		w.WriteHeader(http.StatusTooManyRequests)
	case "fail", "late":
		w.WriteHeader(http.StatusInternalServerError)
	}
}

func (r *receiver) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.n
}

func fill(t *testing.T, s store.Store, from, n int) {
	t.Helper()
	var list []timeline.Change
	for i := range n {
		o := timeline.Obligation{UID: fmt.Sprintf("o%d", (from+i)%7), Sequence: from + i, Status: timeline.Open, Task: "腾退"}
		list = append(list, timeline.Change{UID: o.UID, Sequence: o.Sequence, Kind: timeline.DateChanged, Cause: timeline.BySource, At: store.Stamp(start), Obligation: o})
	}
	if _, err := timeline.Append(t.Context(), s, store.Cursor(from), list); err != nil {
		t.Fatal(err)
	}
}

func opened(t *testing.T, dir string) store.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestNothingIsLost sends to a receiver that fails, hangs, takes a change and says it
// failed, is away and comes back, while the sender is killed now and then and the store
// opened anew: every change arrives, in order, and each once by its id.
func TestNothingIsLost(t *testing.T) {
	dir := t.TempDir()
	r := &receiver{t: t, seen: map[string]bool{}}
	r.how = func(n int) string { return []string{"ok", "fail", "ok", "late", "hang", "ok", "ok", "slow down"}[n%8] }
	server := httptest.NewServer(r)
	address := server.URL
	away := false
	s := opened(t, dir)
	fill(t, s, 0, 20)
	if err := s.PutHook(t.Context(), store.Hook{ID: "h", URL: address, Secret: secret}); err != nil {
		t.Fatal(err)
	}
	now := start
	send := &Sender{Client: &http.Client{Timeout: 100 * time.Millisecond, Transport: &http.Transport{DisableKeepAlives: true}}, Now: func() time.Time { return now }}
	total := 20
	for pass := 0; ; pass++ {
		if pass > 400 {
			t.Fatalf("%d of %d after %d passes", len(r.got), total, pass)
		}
		switch {
		case pass == 6: // the receiver's machine is restarted
			server.Close()
			away = true
		case pass == 9:
			server = httptest.NewUnstartedServer(r)
			server.Start()
			away = false
			h := hook(t, s)
			h.URL = server.URL
			if err := s.PutHook(t.Context(), h); err != nil {
				t.Fatal(err)
			}
		case pass%5 == 4 && total < 60: // more happens meanwhile
			fill(t, s, total, 10)
			total += 10
		}
		ctx, cancel := t.Context(), func() {}
		if pass%7 == 3 { // the sender is killed within a request
			ctx, cancel = context.WithTimeout(ctx, 30*time.Millisecond)
		}
		rep, err := send.Pass(ctx, s, hook(t, s), nil)
		cancel()
		if err != nil && ctx.Err() == nil {
			t.Fatal(err)
		}
		if away && rep.Sent > 0 {
			t.Error("sent to nobody")
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s = opened(t, dir)
		now = now.Add(2 * time.Minute)
		if h := hook(t, s); int(h.Cursor) == total && total >= 60 {
			break
		}
	}
	server.Close()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	var want []int64
	for i := range total {
		want = append(want, int64(i+1))
	}
	if !slices.Equal(r.got, want) {
		t.Errorf("arrived: %v", r.got)
	}
	if n := r.count(); n <= total {
		t.Errorf("%d requests for %d changes: nothing was unkind", n, total)
	}
}

func hook(t *testing.T, s store.Store) store.Hook {
	t.Helper()
	list, err := s.Hooks(t.Context())
	if err != nil || len(list) != 1 {
		t.Fatalf("%v %v", list, err)
	}
	return list[0]
}

// The pause doubles up to its bound, the receiver may ask for a longer one, and no
// request is made before it is over.
func TestPause(t *testing.T) {
	r := &receiver{t: t, seen: map[string]bool{}, how: func(n int) string { return []string{"", "fail", "fail", "slow down", "ok"}[n] }}
	server := httptest.NewServer(r)
	defer server.Close()
	defer http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	s := opened(t, t.TempDir())
	defer s.Close()
	fill(t, s, 0, 1)
	if err := s.PutHook(t.Context(), store.Hook{ID: "h", URL: server.URL, Secret: secret}); err != nil {
		t.Fatal(err)
	}
	now := start
	send := &Sender{Now: func() time.Time { return now }, First: time.Second, Most: time.Minute}
	for i, want := range []time.Duration{time.Second, 2 * time.Second, 2 * time.Minute, 0} {
		before := r.count()
		rep, err := send.Pass(t.Context(), s, hook(t, s), nil)
		if err != nil {
			t.Fatal(err)
		}
		h := hook(t, s)
		if got := h.Due.Sub(now); want > 0 && got != want || want == 0 && (rep.Sent != 1 || h.Failures != 0 || h.Error != "") {
			t.Errorf("attempt %d: %+v, a pause of %s, want %s", i, h, got, want)
		}
		if want > 0 {
			now = h.Due.Add(-time.Millisecond)
			if rep, err = send.Pass(t.Context(), s, h, nil); err != nil || !rep.Waiting || r.count() != before+1 {
				t.Errorf("attempt %d: asked again before its time (%v)", i, err)
			}
			now = h.Due
		}
	}
	if got := send.pause(99); got != time.Minute {
		t.Errorf("the pause grows to %s", got)
	}
}

// What a hook did not ask for moves its cursor and is not sent.
func TestWants(t *testing.T) {
	r := &receiver{t: t, seen: map[string]bool{}, how: func(int) string { return "ok" }}
	server := httptest.NewServer(r)
	defer server.Close()
	defer http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	s := opened(t, t.TempDir())
	defer s.Close()
	fill(t, s, 0, 14)
	if err := s.PutHook(t.Context(), store.Hook{ID: "h", URL: server.URL, Secret: secret}); err != nil {
		t.Fatal(err)
	}
	send := &Sender{Now: func() time.Time { return start }}
	rep, err := send.Pass(t.Context(), s, hook(t, s), func(_ context.Context, c timeline.Change) (bool, error) { return c.UID == "o3", nil })
	if err != nil || rep.Sent != 2 || rep.Passed != 12 || hook(t, s).Cursor != 14 || !slices.Equal(r.got, []int64{4, 11}) {
		t.Errorf("%+v %v, arrived %v", rep, err, r.got)
	}
}
