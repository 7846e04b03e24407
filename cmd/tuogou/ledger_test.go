package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"tuogou/corpus/store"
	"tuogou/corpus/store/sqlite"
	"tuogou/timeline"
)

// obligationsOf are the obligations of a data folder without what tells when they were
// met with, and the end of its ledger.
func obligationsOf(t *testing.T, dir string) (map[string]string, store.Cursor) {
	t.Helper()
	s, err := sqlite.Open(t.Context(), dir, store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	list, end, err := timeline.Load(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, o := range list {
		o.Sequence, o.First, o.Changed, o.Cursor = 0, "", "", 0
		data, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		out[o.UID] = string(data)
	}
	return out, end
}

// A folder that grew page by page has the ledger of one that was read at once, and one
// that lost what it had in mind of its documents goes on without a change.
func TestLedgerGrowsAsItIsReadAtOnce(t *testing.T) {
	files, err := filepath.Glob("samples/*/*")
	if err != nil || len(files) < 8 {
		t.Fatalf("%d samples: %v", len(files), err)
	}
	places, err := os.ReadFile("samples/places.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var dirs [2]string
	for i := range dirs {
		dirs[i] = filepath.Join(t.TempDir(), "data")
		if err := os.MkdirAll(dirs[i], 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dirs[i], "places.tsv"), places, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	do := func(dir string, args ...string) {
		if code, out, errs := call(t, dir, args...); code != 0 && code != exitFailures {
			t.Fatalf("%v: exit %d\n%s%s", args, code, out, errs)
		}
	}
	do(dirs[0], append([]string{"add"}, files...)...)
	do(dirs[0], "extract")
	slices.Reverse(files) // those of the counties first, what they follow later
	for part := range slices.Chunk(files, (len(files)+2)/3) {
		do(dirs[1], append([]string{"add"}, part...)...)
		do(dirs[1], "extract")
	}
	want, _ := obligationsOf(t, dirs[0])
	got, end := obligationsOf(t, dirs[1])
	if len(want) < 20 {
		t.Fatalf("only %d obligations", len(want))
	}
	for uid, o := range want {
		if got[uid] != o {
			t.Errorf("%s at once\n%s\nand page by page\n%s", uid, o, got[uid])
		}
	}

	s, err := sqlite.Open(t.Context(), dirs[1], store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{metaSigns, metaLedger} {
		if err := s.PutMeta(t.Context(), key, "lost"); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	do(dirs[1], "timeline")
	if _, now := obligationsOf(t, dirs[1]); now != end {
		t.Errorf("the ledger went on from %d to %d", end, now)
	}
}
