package timeline

import (
	"errors"
	"testing"
	"time"

	"tuogou/compare/comparetest"
	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/corpus/store/sqlite"
)

// The ledger of a store, closed and opened between the steps: what stands in it is what
// its changes replay to, from the beginning and from any cursor on.
func TestLedgerInAStore(t *testing.T) {
	dir := t.TempDir()
	w := newWorld(t, 5, ruleSets(t))
	ctx := t.Context()
	var standing [][]Obligation // after each step
	var ends []store.Cursor
	for n := range 25 {
		if n > 0 {
			w.edit()
		}
		s, err := sqlite.Open(ctx, dir, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		old, base, err := Load(ctx, s)
		if err != nil {
			t.Fatal(err)
		}
		changes := Update(old, Facts{Records: w.records(), At: day1.Add(time.Duration(n) * time.Minute)})
		if _, err := Append(ctx, s, base, changes); err != nil {
			t.Fatal(err)
		}
		if len(changes) > 0 {
			if _, err := Append(ctx, s, base, changes); !errors.Is(err, store.ErrMoved) {
				t.Errorf("the same changes twice: %v", err)
			}
		}
		now, end, err := Load(ctx, s)
		if err != nil {
			t.Fatal(err)
		}
		standing, ends = append(standing, now), append(ends, end)
		for i, from := range ends {
			var since []Change
			for c, err := range Since(ctx, s, int64(from)) {
				if err != nil {
					t.Fatal(err)
				}
				if c.Cursor != int64(from)+int64(len(since))+1 {
					t.Fatalf("cursor %d after %d changes from %d", c.Cursor, len(since), from)
				}
				since = append(since, c)
			}
			replayed := Replay(standing[i], since)
			if len(replayed) != len(now) {
				t.Fatalf("step %d from %d: %d obligations, want %d", n, i, len(replayed), len(now))
			}
			for k := range now {
				if !sameForm(now[k], replayed[k]) {
					t.Fatalf("step %d from %d: %s differs", n, i, now[k].UID)
				}
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if ends[len(ends)-1] < 20 {
		t.Errorf("only %d changes", ends[len(ends)-1])
	}
}

// Who asked for a place is told when an obligation leaves it.
func TestConcerns(t *testing.T) {
	s, err := sqlite.Open(t.Context(), t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	q := parsed(t, "place:990101")
	var list []Obligation
	for n, code := range []string{"990101", "990102", "990102"} {
		r := plan1(t, "https://www.a.example/1.html", simple, func(b *comparetest.Builder) {
			b.R.Jurisdiction.Code = code
			b.R.Jurisdiction.Codes = []string{"000000", code}
			if n == 2 {
				b.R.Deadlines[0].Organs = nil
			}
		})
		changes := Update(list, Facts{Records: []*corpus.Record{r}, At: day1})
		end, err := s.LedgerEnd(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Append(t.Context(), s, end, changes); err != nil {
			t.Fatal(err)
		}
		list = Replay(list, changes)
	}
	told, all := 0, 0
	for c, err := range Since(t.Context(), s, 0) {
		if err != nil {
			t.Fatal(err)
		}
		ok, err := Concerns(t.Context(), s, q, c)
		if err != nil {
			t.Fatal(err)
		}
		if all++; ok {
			told++
		}
	}
	if all != 5 || told != 5 { // two new, two that left, and one more of what was followed
		t.Errorf("%d of %d changes concern the follower", told, all)
	}
	if ok, err := Concerns(t.Context(), s, parsed(t, "place:990200"), Change{UID: list[0].UID, Obligation: list[0]}); ok || err != nil {
		t.Errorf("a stranger is told: %v", err)
	}
}

// A story off the topic has a uid too, though nobody follows it.
func TestOffTopic(t *testing.T) {
	r := plan1(t, "https://www.a.example/1.html", simple, func(b *comparetest.Builder) { b.R.OnTopic = false })
	list := OffTopic(Facts{Records: []*corpus.Record{r}, At: day1})
	if len(list) != 2 || list[0].UID == "" || list[0].UID == list[1].UID {
		t.Errorf("%+v", list)
	}
	if got := Update(nil, Facts{Records: []*corpus.Record{r}, At: day1}); len(got) != 0 {
		t.Errorf("the ledger follows it: %+v", got)
	}
}

func TestCursor(t *testing.T) {
	for s, want := range map[string]int64{"0": 0, "17": 17} {
		if n, err := ParseCursor(s); n != want || err != nil {
			t.Errorf("%s: %d %v", s, n, err)
		}
	}
	for _, bad := range []string{"", "-1", "x", "1.5", "99999999999999999999"} {
		if _, err := ParseCursor(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
