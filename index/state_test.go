package index

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"tuogou/corpus"
	"tuogou/segment/segmenttest"
)

func TestStates(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "index")
	made := Fingerprint{Rules: "r1", Content: "c1"}
	b := Build{Segmenter: fake, Fingerprint: made}
	if ix, s, err := Open(dir, Fingerprint{}, Options{}); ix != nil || s != Missing || err != nil {
		t.Errorf("before: %s, %v", s, err)
	}
	if _, err := Update(context.Background(), dir, b, Changes{}); err == nil {
		t.Error("an update of nothing has no error")
	}
	if _, err := Rebuild(context.Background(), dir, b, all(synthetic(20, 200, 1))); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		want  Fingerprint
		state State
	}{
		{Fingerprint{}, Current},
		{Fingerprint{Words: fake.Fingerprint(), Rules: "r1", Content: "c1"}, Current},
		{Fingerprint{Rules: "r1", Content: "c2"}, Content},
		{Fingerprint{Rules: "r2", Content: "c2"}, Rules},
		{Fingerprint{Words: "other", Rules: "r2"}, Schema},
	} {
		ix, s, err := Open(dir, c.want, Options{})
		if s != c.state || err != nil || (ix == nil) != (s == Schema) {
			t.Errorf("%+v: %s, %v", c.want, s, err)
		}
		if ix != nil {
			ix.Close()
		}
	}
	other := Build{Segmenter: segmenttest.Fake{}, Fingerprint: made}
	if _, err := Update(context.Background(), dir, other, Changes{}); err == nil {
		t.Error("an update with other words has no error")
	}
}

func TestCorrupt(t *testing.T) {
	for name, damage := range map[string]func(dir, gen string) error{
		"pointer to nothing": func(dir, gen string) error { return os.RemoveAll(gen) },
		"pointer is nonsense": func(dir, gen string) error {
			return os.WriteFile(filepath.Join(dir, pointerFile), []byte("../x"), 0o644)
		},
		"manifest is cut": func(dir, gen string) error {
			return os.WriteFile(filepath.Join(gen, manifestFile), []byte("{"), 0o644)
		},
		"store is empty": func(dir, gen string) error { return os.RemoveAll(filepath.Join(gen, storeFolder)) },
		"a segment is cut": func(dir, gen string) error {
			zaps, _ := filepath.Glob(filepath.Join(gen, storeFolder, "*.zap"))
			return os.Truncate(zaps[0], 10)
		},
		"a segment is gone": func(dir, gen string) error {
			zaps, _ := filepath.Glob(filepath.Join(gen, storeFolder, "*.zap"))
			return os.Remove(zaps[0])
		},
	} {
		t.Run(name, func(t *testing.T) {
			ix, dir := built(t, Build{}, synthetic(20, 200, 1))
			ix.Close()
			gen, err := current(dir)
			if err != nil {
				t.Fatal(err)
			}
			if err := damage(dir, gen); err != nil {
				t.Fatal(err)
			}
			if ix, s, err := Open(dir, Fingerprint{}, Options{}); ix != nil || s != Corrupt || err == nil {
				t.Errorf("state %s, %v", s, err)
			}
			if _, err := Rebuild(context.Background(), dir, Build{Segmenter: fake}, all(synthetic(5, 100, 1))); err != nil {
				t.Fatalf("rebuild over the damage: %v", err)
			}
			opened(t, dir, Options{})
		})
	}
}

func TestReadersStayWhileWritersWork(t *testing.T) {
	ix, dir := built(t, Build{}, synthetic(20, 200, 1))
	ctx := context.Background()
	b := Build{Segmenter: fake, Fingerprint: Fingerprint{Content: "two"}}
	n, err := Rebuild(ctx, dir, b, func(yield func(*corpus.Record, error) bool) {
		for i, r := range synthetic(30, 200, 2) {
			if i == 10 {
				if got := find(t, ix, Query{}).Total; got != 20 {
					t.Errorf("during the rebuild: %d documents, want 20", got)
				}
				if _, err := Update(ctx, dir, b, Changes{}); !errors.Is(err, ErrLocked) {
					t.Errorf("a second writer: %v", err)
				}
			}
			if !yield(r, nil) {
				return
			}
		}
	})
	if err != nil || n != 30 {
		t.Fatalf("%d, %v", n, err)
	}
	if got := find(t, ix, Query{}).Total; got != 20 {
		t.Errorf("before the refresh: %d documents, want 20", got)
	}
	if changed, err := ix.Refresh(); !changed || err != nil {
		t.Errorf("refresh: %v, %v", changed, err)
	}
	if got := find(t, ix, Query{}).Total; got != 30 || ix.Count() != 30 || ix.Fingerprint().Content != "two" {
		t.Errorf("after the refresh: %d, %d, %+v", got, ix.Count(), ix.Fingerprint())
	}
	if changed, err := ix.Refresh(); changed || err != nil {
		t.Errorf("a second refresh: %v, %v", changed, err)
	}
	gens, _ := filepath.Glob(filepath.Join(dir, "g*"))
	if len(gens) != 1 {
		t.Errorf("old generations are left: %v", gens)
	}
}

func TestCancelledRebuild(t *testing.T) {
	ix, dir := built(t, Build{}, synthetic(20, 200, 1))
	ctx, cancel := context.WithCancel(context.Background())
	_, err := Rebuild(ctx, dir, Build{Segmenter: fake, BatchDocs: 5, Progress: func(int) { cancel() }}, all(synthetic(100, 200, 2)))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if changed, err := ix.Refresh(); changed || err != nil {
		t.Errorf("refresh after a cancelled rebuild: %v, %v", changed, err)
	}
	if got := find(t, ix, Query{Text: "会"}).Total; got == 0 {
		t.Error("the index is gone")
	}
}

func TestUpdateKeepsOldReaders(t *testing.T) {
	ix, dir := built(t, Build{}, synthetic(20, 200, 1))
	r := synthetic(1, 200, 9)[0]
	r.Text.Body = "只此一处"
	for i := range 3 {
		r.ID = corpus.DocID([]string{"u00003", "new", "new"}[i])
		n, err := Update(context.Background(), dir, Build{Segmenter: fake}, Changes{Put: []*corpus.Record{r}, Delete: []corpus.DocID{"u00004"}})
		if want := []int{19, 20, 20}[i]; err != nil || n != want {
			t.Fatalf("update %d: %d documents, want %d; %v", i, n, want, err)
		}
	}
	if got := find(t, ix, Query{Text: "只此一处"}).Total; got != 0 || ix.Count() != 20 {
		t.Errorf("the old reader sees the update")
	}
	if _, err := ix.Refresh(); err != nil {
		t.Fatal(err)
	}
	zaps, _ := filepath.Glob(filepath.Join(dir, "g*", storeFolder, "*.zap"))
	if n := len(ix.view.segs); len(zaps) != n {
		t.Errorf("%d segment files for %d segments", len(zaps), n)
	}
	if got := docs(find(t, ix, Query{Text: "只此一处"})); got != "new u00003" {
		t.Errorf("found %q", got)
	}
}
