package sqlite

import (
	"context"
	"testing"

	"tuogou/corpus/store"
	"tuogou/corpus/store/storetest"
)

// folder is a data folder of a test. Its name has what paths can have.
type folder struct{ dir string }

func newFolder(t testing.TB) folder { return folder{t.TempDir() + "/数据 50%? #1&mode=memory"} }

func (f folder) TryOpen(ctx context.Context, opts store.Options) (store.Store, error) {
	return Open(ctx, f.dir, opts)
}

func (f folder) Open(t *testing.T, opts store.Options) store.Store {
	t.Helper()
	s, err := Open(t.Context(), f.dir, opts)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestConformance(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Folder { return newFolder(t) })
}
