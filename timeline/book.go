package timeline

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"

	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/index/query"
)

// Load is all obligations as they stand, in the order of places and texts, and the
// end of the ledger.
func Load(ctx context.Context, l store.Ledger) ([]Obligation, store.Cursor, error) {
	end, err := l.LedgerEnd(ctx)
	if err != nil {
		return nil, 0, err
	}
	out := []Obligation{}
	for c, err := range l.Obligations(ctx) {
		if err != nil {
			return nil, 0, fmt.Errorf("read the ledger: %w", err)
		}
		x, err := decode(c)
		if err != nil {
			return nil, 0, err
		}
		// What was appended since is left for the next look: its base is the end.
		if store.Cursor(x.Cursor) > end {
			end = store.Cursor(x.Cursor)
		}
		out = append(out, x.Obligation)
	}
	slices.SortFunc(out, inText)
	return out, end, nil
}

// SpokenBy are the obligations for which a document speaks or ever spoke, as they stand.
func SpokenBy(ctx context.Context, l store.Ledger, id corpus.DocID) ([]Obligation, error) {
	list, err := l.ObligationsOf(ctx, id)
	if err != nil {
		return nil, err
	}
	out := make([]Obligation, 0, len(list))
	for _, c := range list {
		x, err := decode(c)
		if err != nil {
			return nil, err
		}
		out = append(out, x.Obligation)
	}
	return out, nil
}

// Since runs over the changes after a cursor, each once, in order.
func Since(ctx context.Context, l store.Ledger, after int64) iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		for c, err := range l.LedgerSince(ctx, store.Cursor(after)) {
			var x Change
			if err == nil {
				x, err = decode(c)
			}
			if !yield(x, err) || err != nil {
				return
			}
		}
	}
}

// History is all that happened to one obligation, oldest first; the error wraps
// store.ErrNotFound where nobody knows it.
func History(ctx context.Context, l store.Ledger, uid string) ([]Change, error) {
	list, err := l.Obligation(ctx, uid)
	if err != nil {
		return nil, err
	}
	var out []Change
	for _, c := range list {
		x, err := decode(c)
		if err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, nil
}

func decode(c store.LedgerChange) (Change, error) {
	var x Change
	if err := jsonv2.Unmarshal(c.Data, &x); err != nil {
		return x, fmt.Errorf("change %d of the ledger: %w: %w", c.Cursor, err, store.ErrCorrupt)
	}
	x.Cursor = int64(c.Cursor)
	x.Obligation.Cursor = x.Cursor
	return x, nil
}

// Append keeps changes that were worked out from the ledger as it stood at base.
func Append(ctx context.Context, w store.LedgerWriter, base store.Cursor, changes []Change) (store.Cursor, error) {
	list := make([]store.LedgerChange, 0, len(changes))
	for _, x := range changes {
		at, err := store.ParseStamp(x.At)
		if err != nil {
			return 0, err
		}
		x.Cursor, x.Obligation.Cursor = 0, 0 // the ledger's own
		data, err := json.Marshal(x)
		if err != nil {
			return 0, fmt.Errorf("append to the ledger: %w", err)
		}
		list = append(list, store.LedgerChange{UID: x.UID, Sequence: x.Sequence, Kind: string(x.Kind), Cause: string(x.Cause), At: at, Data: data, Doc: x.Obligation.Document().ID})
	}
	return w.AppendLedger(ctx, base, list)
}

// Replay is the obligations after changes, which begin where list stands. It is what
// a follower of the feed does.
func Replay(list []Obligation, changes []Change) []Obligation {
	out := slices.Clone(list)
	at := map[string]int{}
	for i, o := range out {
		at[o.UID] = i
	}
	for _, c := range changes {
		i, ok := at[c.UID]
		if !ok {
			i = len(out)
			at[c.UID] = i
			out = append(out, Obligation{})
		}
		out[i] = c.Obligation
	}
	slices.SortFunc(out, inText)
	return out
}

// ParseCursor reads the cursor of a feed.
func ParseCursor(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%q is no cursor: give 0, or the cursor of the last change that you have", s)
	}
	return n, nil
}

// Concerns reports whether a follower who asked for q has to know of c: the obligation
// fits after the change, or it did before, so that he learns when it leaves.
func Concerns(ctx context.Context, l store.Ledger, q query.Node, c Change) (bool, error) {
	if Matches(q, &c.Obligation) {
		return true, nil
	}
	before, err := History(ctx, l, c.UID)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(before, func(x Change) bool { return x.Cursor < c.Cursor && Matches(q, &x.Obligation) }), nil
}

// PlaceQuery is a query with places, of which one has to hold.
func PlaceQuery(text string, places []string) string {
	var filters []string
	for _, p := range places {
		filters = append(filters, "place:"+strconv.Quote(p))
	}
	switch {
	case len(filters) == 0:
		return text
	case strings.TrimSpace(text) == "":
		return strings.Join(filters, " OR ")
	}
	return "(" + text + ") (" + strings.Join(filters, " OR ") + ")"
}
