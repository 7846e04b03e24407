package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tuogou/corpus"
	"tuogou/corpus/store"
)

// all is what an iteration gives, which has to end without an error.
func all[T any](t *testing.T, seq iter.Seq2[T, error]) []T {
	t.Helper()
	var out []T
	for v, err := range seq {
		do(t, err)
		out = append(out, v)
	}
	return out
}

func wantError(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: error %v, want %q", what, err, want)
	}
}

func wantEqual(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func blobs(t *testing.T, f Folder) {
	s, ctx := open(t, f), t.Context()
	noise := make([]byte, 100_000) // what no compression makes smaller
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range noise {
		noise[i] = byte(rng.Uint32())
	}
	for name, data := range map[string][]byte{
		"nothing":      {},
		"one byte":     {0},
		"text":         []byte("脱钩"),
		"long text":    bytes.Repeat([]byte("行业协会商会"), 200_000),
		"noise":        noise,
		"zstd's magic": {0x28, 0xb5, 0x2f, 0xfd, 0, 1},
	} {
		for range 2 { // the second put changes nothing
			h := must[corpus.Hash](t)(s.PutBlob(ctx, data))
			wantEqual(t, name+": hash", h, corpus.HashBytes(data))
			if got := must[[]byte](t)(s.Blob(ctx, h)); !bytes.Equal(got, data) {
				t.Errorf("%s: %d bytes came back, want %d", name, len(got), len(data))
			}
		}
	}
	_, err := s.Blob(ctx, corpus.HashBytes([]byte("never put")))
	wantError(t, "a blob never put", err, store.ErrNotFound)
	_, err = s.Blob(ctx, "no hash at all")
	wantError(t, "no hash", err, store.ErrNotFound)
}

func captures(t *testing.T, f Folder) {
	s, ctx := open(t, f), t.Context()
	var want []corpus.Capture
	put := func(v, minute int, outcome corpus.Outcome) {
		c, body := Page(1, v)
		c.Fetched = At(minute)
		got := must[corpus.Outcome](t)(s.PutCapture(ctx, c, body))
		wantEqual(t, fmt.Sprintf("version %d at %d", v, minute), got, outcome)
		if outcome == corpus.Done {
			c.SHA256, c.Size = corpus.HashBytes(body), int64(len(body))
			want = append(want, c)
		}
	}
	put(1, 1, corpus.Done)
	put(1, 2, corpus.Same)
	put(2, 3, corpus.Done)
	put(1, 4, corpus.Done) // back to the first version: that too is a change
	put(1, 9, corpus.Same)
	id := want[0].Doc
	wantEqual(t, "history", must[[]corpus.Capture](t)(s.History(ctx, id)), want)
	wantEqual(t, "latest", must[corpus.Capture](t)(s.Latest(ctx, id)), want[2])
	wantEqual(t, "document", all(t, s.Documents(ctx, store.Filter{})),
		[]store.Document{{ID: id, Latest: want[2], Captures: 3, Seen: At(9)}})
	_, body := Page(1, 2)
	wantEqual(t, "bytes of an old capture", string(must[[]byte](t)(s.Blob(ctx, want[1].SHA256))), string(body))
	_, err := s.Latest(ctx, "unknown")
	wantError(t, "latest of an unknown document", err, store.ErrNotFound)
	_, err = s.History(ctx, "unknown")
	wantError(t, "history of an unknown document", err, store.ErrNotFound)
}

func badCaptures(t *testing.T, f Folder) {
	s, ctx := open(t, f), t.Context()
	for name, spoil := range map[string]func(*corpus.Capture){
		"no document":     func(c *corpus.Capture) { c.Doc = "" },
		"another's hash":  func(c *corpus.Capture) { c.SHA256 = corpus.HashBytes(nil) },
		"another's bytes": func(c *corpus.Capture) { c.Size = 3 },
	} {
		c, body := Page(1, 1)
		spoil(&c)
		_, err := s.PutCapture(ctx, c, body)
		wantError(t, name, err, store.ErrInvalid)
	}
	if st := must[store.Status](t)(s.Status(ctx)); st.Documents+st.Blobs+st.Captures != 0 {
		t.Errorf("a refused capture left something: %+v", st)
	}
}

func documents(t *testing.T, f Folder) {
	s, ctx := open(t, f), t.Context()
	var ids []corpus.DocID
	do(t, s.Batch(ctx, func(w store.Writer) error {
		for n := range 600 { // more than any page of an implementation
			ids = append(ids, PutPage(t, w, n, 1).Doc)
		}
		return nil
	}))
	slices.Sort(ids)
	list := func(f store.Filter) (out []corpus.DocID) {
		for _, d := range all(t, s.Documents(ctx, f)) {
			out = append(out, d.ID)
		}
		return out
	}
	wantEqual(t, "all", list(store.Filter{}), ids)
	wantEqual(t, "limit", list(store.Filter{Limit: 3}), ids[:3])
	wantEqual(t, "a limit of several pages", list(store.Filter{Limit: 550}), ids[:550])
	wantEqual(t, "after", list(store.Filter{After: ids[590]}), ids[591:])
	if got := len(list(store.Filter{Host: "www1.example.test"})); got != 200 {
		t.Errorf("%d documents of one host, want 200", got)
	}
	if got := list(store.Filter{Kind: corpus.KindPlan}); got != nil {
		t.Errorf("documents without record have a kind: %v", got)
	}
	for range s.Documents(ctx, store.Filter{}) {
		break // leaving early holds nothing
	}
	PutPage(t, s, 9999, 1)
}

func cleaning(t *testing.T, f Folder) {
	s, ctx := open(t, f), t.Context()
	c, body := Page(1, 1)
	c.Type, c.Title = "text/html; charset=\xb9\xfa", "方案\x00附件" // a header in GBK
	must[corpus.Outcome](t)(s.PutCapture(ctx, c, body))
	got := must[corpus.Capture](t)(s.Latest(ctx, c.Doc))
	wantEqual(t, "header", got.Type, "text/html; charset=\uFFFD")
	wantEqual(t, "title", got.Title, "方案\uFFFD附件")
	must[int](t)(s.AddTargets(ctx, At(0), []store.Target{{URL: "http://a.example.test/\xff\x00"}}))
	do(t, s.Finish(ctx, store.Visit{URL: "http://a.example.test/\xff\x00", Outcome: corpus.Failed, Reason: "bad \xff"}))
	q := must[store.Queued](t)(s.Target(ctx, "http://a.example.test/\xff\x00"))
	wantEqual(t, "reason", q.Last.Reason, "bad \uFFFD")
}

func times(t *testing.T, f Folder) {
	s, ctx := open(t, f), t.Context()
	for n, at := range []time.Time{
		{},
		time.Date(2026, 1, 2, 3, 4, 5, 678_901_234, time.FixedZone("CST", 8*3600)),
		time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
	} {
		c, body := Page(n, 1)
		c.Fetched = at
		must[corpus.Outcome](t)(s.PutCapture(ctx, c, body))
		if got := must[corpus.Capture](t)(s.Latest(ctx, c.Doc)).Fetched; !got.Equal(at) || got.Location() != time.UTC {
			t.Errorf("%v came back as %v", at, got)
		}
	}
}
