package storetest

import (
	"errors"
	"fmt"
	"testing"

	"tuogou/corpus"
	"tuogou/corpus/store"
)

// change is an invented change of the obligation with that uid.
func change(uid string, sequence, n int) store.LedgerChange {
	return store.LedgerChange{UID: uid, Sequence: sequence, Kind: "date_changed", Cause: "source", At: At(n), Data: fmt.Appendf(nil, `{"day":"2018-12-%02d","task":"腾退"}`, n%28+1)}
}

func ledger(t *testing.T, f Folder) {
	s, ctx := open(t, f), t.Context()
	wantEqual(t, "end of an empty ledger", must[store.Cursor](t)(s.LedgerEnd(ctx)), store.Cursor(0))
	first := []store.LedgerChange{change("o2", 0, 1), change("o1", 0, 2), change("o2", 1, 3)}
	first[0].Doc, first[1].Doc, first[2].Doc = "da", "db", "dc"
	wantEqual(t, "its new end", must[store.Cursor](t)(s.AppendLedger(ctx, 0, first)), store.Cursor(3))
	for i := range first {
		first[i].Cursor = store.Cursor(i + 1)
	}
	wantEqual(t, "in order", all(t, s.LedgerSince(ctx, 0)), first)
	wantEqual(t, "after a cursor", all(t, s.LedgerSince(ctx, 2)), first[2:])
	wantEqual(t, "by uid, as they stand", all(t, s.Obligations(ctx)), []store.LedgerChange{first[1], first[2]})
	wantEqual(t, "one", must[[]store.LedgerChange](t)(s.Obligation(ctx, "o2")), []store.LedgerChange{first[0], first[2]})
	for doc, want := range map[corpus.DocID][]store.LedgerChange{"da": {first[2]}, "dc": {first[2]}, "db": {first[1]}, "dd": nil, "": nil} {
		wantEqual(t, "those for which "+string(doc)+" speaks or spoke", must[[]store.LedgerChange](t)(s.ObligationsOf(ctx, doc)), want)
	}
	_, err := s.Obligation(ctx, "o3")
	wantError(t, "an unknown obligation", err, store.ErrNotFound)

	_, err = s.AppendLedger(ctx, 2, []store.LedgerChange{change("o3", 0, 4)})
	wantError(t, "worked out from an old end", err, store.ErrMoved)
	falls, noJSON, noKind := change("o2", 0, 4), change("o1", 1, 4), change("o1", 1, 4)
	noJSON.Data, noKind.Kind = []byte("{"), ""
	for name, bad := range map[string]store.LedgerChange{"a sequence that falls": falls, "no JSON": noJSON, "no kind": noKind} {
		_, err := s.AppendLedger(ctx, 3, []store.LedgerChange{change("o4", 0, 4), bad})
		wantError(t, name, err, store.ErrInvalid)
	}
	wantEqual(t, "what was refused left nothing", must[store.Cursor](t)(s.LedgerEnd(ctx)), store.Cursor(3))

	stop := errors.New("stop")
	err = s.Batch(ctx, func(w store.Writer) error {
		must[store.Cursor](t)(w.AppendLedger(ctx, 3, []store.LedgerChange{change("o5", 0, 5)}))
		return stop
	})
	wantError(t, "a batch that ends badly", err, stop)
	wantEqual(t, "its changes", must[store.Cursor](t)(s.LedgerEnd(ctx)), store.Cursor(3))

	var many []store.LedgerChange
	for n := range 1000 {
		many = append(many, change(fmt.Sprintf("p%03d", n%500), n/500, n%50))
	}
	wantEqual(t, "many at once", must[store.Cursor](t)(s.AppendLedger(ctx, 3, many)), store.Cursor(1003))
	// An iteration may be written under, and goes on in order.
	seen := store.Cursor(3)
	for c, err := range s.LedgerSince(ctx, 3) {
		do(t, err)
		if c.Cursor != seen+1 {
			t.Fatalf("%d comes after %d", c.Cursor, seen)
		}
		if seen = c.Cursor; seen == 100 {
			must[store.Cursor](t)(s.AppendLedger(ctx, 1003, []store.LedgerChange{change("q", 0, 1)}))
		}
	}
	wantEqual(t, "all, and what came meanwhile", seen, store.Cursor(1004))
	wantEqual(t, "each once", len(all(t, s.Obligations(ctx))), 503)
	st := must[store.Status](t)(s.Status(ctx))
	wantEqual(t, "counted", [2]int64{int64(st.Obligations), int64(st.Ledger)}, [2]int64{503, 1004})
	for p, err := range s.Verify(ctx) {
		t.Errorf("verify: %v %v", p, err)
	}
}

func hooks(t *testing.T, f Folder) {
	s, ctx := open(t, f), t.Context()
	h := store.Hook{ID: "h2", URL: "https://hooks.example.test/脱钩", Secret: "whsec_x", Query: "place:990100", Cursor: 3, At: At(1)}
	other := store.Hook{ID: "h1", URL: "http://127.0.0.1:1/", Failures: 2, Error: "refused", Due: At(5), At: At(2)}
	do(t, s.PutHook(ctx, h))
	do(t, s.PutHook(ctx, other))
	wantEqual(t, "by id", must[[]store.Hook](t)(s.Hooks(ctx)), []store.Hook{other, h})
	h.Cursor, h.Failures, h.Error, h.Due = 9, 1, "status 500", At(7)
	do(t, s.PutHook(ctx, h))
	wantEqual(t, "replaced", must[[]store.Hook](t)(s.Hooks(ctx)), []store.Hook{other, h})
	do(t, s.DeleteHook(ctx, "h1"))
	wantEqual(t, "one left", must[[]store.Hook](t)(s.Hooks(ctx)), []store.Hook{h})
	wantError(t, "forgotten twice", s.DeleteHook(ctx, "h1"), store.ErrNotFound)
	wantError(t, "no address", s.PutHook(ctx, store.Hook{ID: "h3"}), store.ErrInvalid)
}
