package storetest

import (
	"context"
	"errors"
	"os"
	"sync"
	"testing"

	"tuogou/corpus"
	"tuogou/corpus/store"
)

func count(t *testing.T, s store.Store) int {
	t.Helper()
	return must[store.Status](t)(s.Status(t.Context())).Documents
}

func batch(t *testing.T, f Folder) {
	s, ctx := open(t, f), t.Context()
	stop := errors.New("stop")
	err := s.Batch(ctx, func(w store.Writer) error {
		c := PutPage(t, w, 1, 1)
		PutRecord(t, w, c, Rules(1))
		must[int](t)(w.AddTargets(ctx, At(0), []store.Target{{URL: listURL}}))
		wantEqual(t, "seen from outside", count(t, s), 0)
		return stop
	})
	wantError(t, "batch", err, stop)
	st := must[store.Status](t)(s.Status(ctx))
	if st.Documents+st.Blobs+st.Records+len(st.Frontier) != 0 {
		t.Errorf("a batch that failed left something: %+v", st)
	}
	func() {
		defer func() { _ = recover() }()
		_ = s.Batch(ctx, func(w store.Writer) error {
			PutPage(t, w, 1, 1)
			panic("a defect of the caller")
		})
	}()
	wantEqual(t, "after a panic", count(t, s), 0)
	var kept store.Writer
	do(t, s.Batch(ctx, func(w store.Writer) error { kept = w; PutPage(t, w, 1, 1); return nil }))
	wantEqual(t, "after a batch", count(t, s), 1)
	if kept.PutMeta(ctx, "a", "b") == nil {
		t.Error("a writer works after its batch")
	}
}

func batchRefusal(t *testing.T, f Folder) {
	s, ctx := open(t, f), t.Context()
	do(t, s.Batch(ctx, func(w store.Writer) error {
		c := PutPage(t, w, 1, 1)
		bad := Record(c, Rules(1)) // made from bytes nobody captured
		_, err := w.PutRecord(ctx, bad, At(1))
		wantError(t, "a bad record", err, store.ErrNotFound)
		bad.Deadlines[0].Quote = "别的话"
		_, err = w.PutRecord(ctx, bad, At(1))
		wantError(t, "a worse record", err, store.ErrInvalid)
		wantError(t, "an unknown target", w.Finish(ctx, store.Visit{URL: listURL, Outcome: corpus.Done}), store.ErrNotFound)
		PutRecord(t, w, c, Rules(1))
		return nil
	}))
	wantEqual(t, "records", must[store.Status](t)(s.Status(ctx)).Records, 1)
}

func iteration(t *testing.T, f Folder) {
	s, ctx := open(t, f), t.Context()
	do(t, s.Batch(ctx, func(w store.Writer) error {
		for n := range 300 {
			PutPage(t, w, n, 1)
		}
		return nil
	}))
	n := 0
	for d, err := range s.Stale(ctx, store.Work{Rules: Rules(1)}) {
		do(t, err)
		must[[]byte](t)(s.Blob(ctx, d.Latest.SHA256))
		PutRecord(t, s, d.Latest, Rules(1))
		n++
	}
	wantEqual(t, "each once", n, 300)
	wantEqual(t, "nothing left", len(staleIDs(t, s, store.Work{Rules: Rules(1)})), 0)
}

func readers(t *testing.T, f Folder) {
	s, ctx := open(t, f), t.Context()
	other := f.Open(t, store.Options{ReadOnly: true}) // as another process would
	defer other.Close()
	var wg sync.WaitGroup
	stop := make(chan struct{})
	for _, r := range []store.Store{s, other, s} {
		wg.Go(func() {
			for last := 0; ; {
				n := 0
				for d, err := range r.Documents(ctx, store.Filter{}) {
					if err != nil {
						t.Errorf("read while writing: %v", err)
						return
					}
					if _, err := r.Blob(ctx, d.Latest.SHA256); err != nil {
						t.Errorf("read while writing: %v", err)
						return
					}
					n++
				}
				if n < last || n%10 != 0 {
					t.Errorf("%d documents seen after %d: half a batch", n, last)
				}
				last = n
				select {
				case <-stop:
					return
				default:
				}
			}
		})
	}
	for b := range 10 {
		err := s.Batch(ctx, func(w store.Writer) error {
			for n := range 10 {
				c, body := Page(b*10+n, 1)
				if _, err := w.PutCapture(ctx, c, body); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Errorf("write while reading: %v", err)
		}
	}
	close(stop)
	wg.Wait()
	wantEqual(t, "seen by the other", count(t, other), 100)
}

func readOnly(t *testing.T, f Folder) {
	s, ctx := f.Open(t, store.Options{}), t.Context()
	c := PutPage(t, s, 1, 1)
	do(t, s.Close())
	s = f.Open(t, store.Options{ReadOnly: true})
	defer s.Close()
	wantEqual(t, "capture", must[corpus.Capture](t)(s.Latest(ctx, c.Doc)), c)
	_, err := s.PutBlob(ctx, nil)
	wantError(t, "put blob", err, store.ErrReadOnly)
	wantError(t, "put meta", s.PutMeta(ctx, "a", "b"), store.ErrReadOnly)
	wantError(t, "batch", s.Batch(ctx, func(store.Writer) error { return nil }), store.ErrReadOnly)
	for p, err := range s.Verify(ctx) {
		t.Errorf("verify: %v %v", p, err)
	}
}

// Opener is a Folder that can be asked for a second writer, which has to be
// refused.
type Opener interface {
	TryOpen(ctx context.Context, opts store.Options) (store.Store, error)
}

// Shared is a Folder that several processes may write at once.
type Shared interface {
	Folder
	Shared()
}

func oneWriter(t *testing.T, f Folder) {
	if _, ok := f.(Shared); ok {
		manyWriters(t, f)
		return
	}
	o, ok := f.(Opener)
	if !ok {
		t.Fatal("the folder cannot be opened twice by the test")
	}
	s := f.Open(t, store.Options{})
	second, err := o.TryOpen(t.Context(), store.Options{})
	if err == nil {
		second.Close()
	}
	wantError(t, "a second writer", err, store.ErrLocked)
	var locked *store.LockedError
	if !errors.As(err, &locked) || locked.PID != os.Getpid() {
		t.Errorf("%v does not name the process %d", err, os.Getpid())
	}
	do(t, s.Close())
	open(t, f)
}

func closed(t *testing.T, f Folder) {
	s, ctx := f.Open(t, store.Options{}), t.Context()
	c := PutPage(t, s, 1, 1)
	do(t, s.Close())
	do(t, s.Close())
	_, err := s.Latest(ctx, c.Doc)
	wantError(t, "read", err, store.ErrClosed)
	_, err = s.PutBlob(ctx, nil)
	wantError(t, "write", err, store.ErrClosed)
	_, err = s.Status(ctx)
	wantError(t, "status", err, store.ErrClosed)
	for _, err := range s.Documents(ctx, store.Filter{}) {
		wantError(t, "iterate", err, store.ErrClosed)
	}
}

func cancelled(t *testing.T, f Folder) {
	s := open(t, f)
	PutPage(t, s, 1, 1)
	ctx, cancel := context.WithCancel(t.Context())
	err := s.Batch(ctx, func(w store.Writer) error {
		PutPage(t, w, 2, 1)
		cancel()
		c, body := Page(3, 1)
		_, err := w.PutCapture(ctx, c, body)
		return err
	})
	wantError(t, "batch", err, context.Canceled)
	_, err = s.PutBlob(ctx, nil)
	wantError(t, "put", err, context.Canceled)
	_, err = s.Latest(ctx, "u1")
	wantError(t, "get", err, context.Canceled)
	for _, err := range s.Documents(ctx, store.Filter{}) {
		wantError(t, "iterate", err, context.Canceled)
	}
	wantEqual(t, "documents", count(t, s), 1)
	PutPage(t, s, 4, 1) // and it still works
}

func status(t *testing.T, f Folder) {
	s, ctx := open(t, f), t.Context()
	wantEqual(t, "empty", must[store.Status](t)(s.Status(ctx)), store.Status{Rules: map[corpus.Hash]int{}, Frontier: map[store.TargetState]int{}})
	a, b := PutPage(t, s, 1, 1), PutPage(t, s, 2, 1)
	PutRecord(t, s, a, Rules(1))
	PutRecord(t, s, b, Rules(2))
	a2, c := PutPage(t, s, 1, 2), PutPage(t, s, 3, 1)
	for _, doc := range []corpus.DocID{a.Doc, c.Doc} {
		do(t, s.PutOutcome(ctx, store.StageOutcome{Stage: store.StageExtract, Doc: doc, Outcome: corpus.Failed, Reason: "unreadable"}))
	}
	fill(t, s)
	claim(t, s, store.Claim{Now: At(1)})
	do(t, s.Finish(ctx, store.Visit{URL: firstURL, Outcome: corpus.Skipped, Reason: "robots"}))
	must[string](t)(s.PutCorrection(ctx, store.Correction{Doc: a.Doc, Field: "/kind", Action: corpus.ReviewReject}))
	got := must[store.Status](t)(s.Status(ctx))
	if got.Stored <= 0 || got.Revision < 2 {
		t.Errorf("stored %d bytes, revision %d", got.Stored, got.Revision)
	}
	got.Stored, got.Revision = 0, 0
	wantEqual(t, "status", got, store.Status{
		Documents: 3, Captures: 4, Blobs: 4, Bytes: a.Size + b.Size + a2.Size + c.Size,
		Records: 2, Stale: 2, Corrections: 1,
		Rules:    map[corpus.Hash]int{Rules(1): 1, Rules(2): 1},
		Frontier: map[store.TargetState]int{store.Pending: 2, store.Claimed: 1, store.Finished: 1},
		Reasons: []store.ReasonCount{
			{Stage: store.StageExtract, Outcome: corpus.Failed, Reason: "unreadable", Count: 2},
			{Stage: "fetch", Outcome: corpus.Skipped, Reason: "robots", Count: 1},
		},
	})
}

func digest(t *testing.T, f Folder) {
	s, ctx := open(t, f), t.Context()
	sum := func() string { return must[string](t)(store.Digest(ctx, s)) }
	seen := map[string]string{sum(): "nothing"}
	differs := func(what string) {
		t.Helper()
		d := sum()
		if before, ok := seen[d]; ok {
			t.Errorf("the digest after %s is that after %s", what, before)
		}
		seen[d] = what
	}
	c := PutPage(t, s, 1, 1)
	differs("a capture")
	PutPage(t, s, 1, 2)
	differs("another capture")
	r := PutRecord(t, s, c, Rules(1))
	differs("a record")
	do(t, s.PutOutcome(ctx, store.StageOutcome{Stage: store.StageIndex, Doc: c.Doc, Outcome: corpus.Failed, Reason: "a"}))
	differs("an outcome")
	must[string](t)(s.PutCorrection(ctx, store.Correction{Doc: c.Doc, Field: "/kind", Action: corpus.ReviewReject}))
	differs("a correction")
	before := sum()
	page, body := Page(1, 2)
	page.Fetched = At(50)
	must[corpus.Outcome](t)(s.PutCapture(ctx, page, body))
	r.Source.Fetched = "2026-03-09T00:00:00Z"
	must[corpus.Outcome](t)(s.PutRecord(ctx, r, At(50)))
	fill(t, s)
	do(t, s.PutMeta(ctx, "index", "3"))
	wantEqual(t, "after times and the frontier moved", sum(), before)
}

func verify(t *testing.T, f Folder) {
	s, ctx := open(t, f), t.Context()
	do(t, s.Batch(ctx, func(w store.Writer) error {
		for n := range 300 {
			c := PutPage(t, w, n, 1)
			PutRecord(t, w, c, Rules(1))
			PutPage(t, w, n, 2)
		}
		return nil
	}))
	for p, err := range s.Verify(ctx) {
		t.Errorf("%v %v", p, err)
	}
}

// manyWriters puts pages and records through several stores at once, the same ones
// too, while a reader follows the revisions: it must miss none.
func manyWriters(t *testing.T, f Folder) {
	const writers, rounds, each = 4, 8, 5
	ctx := t.Context()
	reader := open(t, f)
	done := make(chan struct{})
	seen := map[corpus.DocID]bool{}
	var follow sync.WaitGroup
	follow.Go(func() {
		var after store.Revision
		for last := false; ; {
			for c, err := range reader.Changed(ctx, after) {
				if err != nil {
					t.Errorf("follow: %v", err)
					return
				}
				seen[c.Doc], after = true, c.Revision
			}
			if last {
				return
			}
			select {
			case <-done:
				last = true // once more, for what came after the last look
			default:
			}
		}
	})
	var wg sync.WaitGroup
	for n := range writers {
		s := open(t, f)
		wg.Go(func() {
			for round := range rounds {
				err := s.Batch(ctx, func(w store.Writer) error {
					for i := range each {
						// Half of the pages are put by all, in opposite orders.
						page := n*1000 + round*each + i
						if round%2 == 0 {
							page = 100000 + round*each + (i*(1-n%2*2)+each)%each
						}
						c, body := Page(page, 1)
						if _, err := w.PutCapture(ctx, c, body); err != nil {
							return err
						}
						r := Record(c, Rules(1))
						r.Source.SHA256 = corpus.HashBytes(body)
						if _, err := w.PutRecord(ctx, r, At(1)); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					t.Errorf("writer %d: %v", n, err)
				}
			}
		})
	}
	wg.Wait()
	close(done)
	follow.Wait()
	want := writers*rounds/2*each + rounds/2*each
	wantEqual(t, "documents", count(t, reader), want)
	wantEqual(t, "records seen by their revisions", len(seen), want)
	for p, err := range reader.Verify(ctx) {
		t.Errorf("verify: %v %v", p, err)
	}
}
