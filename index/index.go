package index

import (
	"fmt"
	"sync"

	"github.com/blevesearch/bleve/v2/index/scorch"
)

// Index is one generation opened for reading. It is safe for concurrent use.
type Index struct {
	dir     string
	opts    Options
	weights Weights

	mu   sync.RWMutex // held for reading by every search
	view *view        // nil after Close
}

// view is what a search reads: it never changes.
type view struct {
	gen      string
	manifest manifest
	store    *scorch.Scorch
	snap     *scorch.IndexSnapshot
	segs     []*segView
}

// Open opens the index in dir and says how it relates to what is wanted; an
// empty part of want fits anything. The index is nil exactly where the state is
// Missing, Corrupt or Schema. The error tells what is wrong with a corrupt
// index, and is nil otherwise. Opening loads no dictionary.
func Open(dir string, want Fingerprint, opts Options) (*Index, State, error) {
	v, found, err := openCurrent(dir)
	if !found {
		return nil, Missing, nil
	}
	if err != nil {
		return nil, Corrupt, fmt.Errorf("open index %s: %w", dir, err)
	}
	if v == nil {
		return nil, Schema, nil
	}
	state := compare(v.manifest, want)
	if state == Schema {
		return nil, state, v.close()
	}
	ix := &Index{dir: dir, opts: opts, view: v, weights: DefaultWeights()}
	if opts.Weights != nil {
		ix.weights = *opts.Weights
	}
	return ix, state, nil
}

// openCurrent opens the generation in use; found is false where no index was
// ever written. A writer may replace the generation between two steps, so what
// is missing is looked for again.
func openCurrent(dir string) (v *view, found bool, err error) {
	for range 3 {
		var gen string
		gen, err = current(dir)
		if missing(err) {
			return nil, false, nil
		}
		if err != nil {
			return nil, true, err
		}
		if v, err = openView(gen); !missing(err) {
			return v, true, err
		}
	}
	return nil, true, err
}

// State says how the generation that is open relates to what is wanted: Current, Content,
// Rules or Schema.
func (ix *Index) State(want Fingerprint) State {
	return compare(manifest{Format: formatVersion, Fingerprint: ix.Fingerprint()}, want)
}

func compare(m manifest, want Fingerprint) State {
	differ := func(have, want string) bool { return want != "" && have != want }
	switch {
	case m.Format != formatVersion, differ(m.Fingerprint.Words, want.Words):
		return Schema
	case differ(string(m.Fingerprint.Rules), string(want.Rules)):
		return Rules
	case differ(m.Fingerprint.Content, want.Content):
		return Content
	}
	return Current
}

// openView opens a generation; nil where it is of another format, which is not
// even tried.
func openView(gen string) (*view, error) {
	m, err := readManifest(gen)
	if err != nil {
		return nil, err
	}
	if m.Format != formatVersion {
		return nil, nil
	}
	store, err := openStore(gen, true, nil, nil)
	if err != nil {
		return nil, err
	}
	v := &view{gen: gen, manifest: m, store: store}
	if err := v.load(); err != nil {
		_ = v.close()
		return nil, err
	}
	return v, nil
}

func (v *view) load() error {
	r, err := v.store.Reader()
	if err != nil {
		return err
	}
	v.snap = r.(*scorch.IndexSnapshot)
	var live uint64
	for _, s := range v.snap.Segments() {
		seg := newSegView(s)
		v.segs = append(v.segs, seg)
		live += seg.live.GetCardinality()
	}
	if live != v.manifest.Count {
		return fmt.Errorf("%d documents where %d were written", live, v.manifest.Count)
	}
	return nil
}

func (v *view) close() error {
	var err error
	if v.snap != nil {
		err = v.snap.Close()
	}
	if e := v.store.Close(); err == nil {
		err = e
	}
	return err
}

// Refresh goes over to the generation written last, if there is a newer one,
// and reports whether it did. Searches under way end first. On an error the
// index stays as it was.
func (ix *Index) Refresh() (bool, error) {
	gen, err := current(ix.dir)
	if err != nil {
		return false, fmt.Errorf("refresh index %s: %w", ix.dir, err)
	}
	ix.mu.RLock()
	same := ix.view == nil || ix.view.gen == gen
	ix.mu.RUnlock()
	if same {
		return false, nil
	}
	v, err := openView(gen)
	if err != nil {
		return false, fmt.Errorf("refresh index %s: %w", ix.dir, err)
	}
	if v == nil {
		return false, fmt.Errorf("refresh index %s: the new one has another format", ix.dir)
	}
	ix.mu.Lock()
	defer ix.mu.Unlock()
	if ix.view == nil { // closed meanwhile
		return false, v.close()
	}
	old := ix.view
	ix.view = v
	return true, old.close()
}

// Fingerprint is what the index was made from.
func (ix *Index) Fingerprint() Fingerprint {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	if ix.view == nil {
		return Fingerprint{}
	}
	return ix.view.manifest.Fingerprint
}

// Count is the number of documents; 0 after Close.
func (ix *Index) Count() int {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	if ix.view == nil {
		return 0
	}
	return int(ix.view.manifest.Count)
}

// Close ends the searches under way and gives the files back. It may be called
// more than once.
func (ix *Index) Close() error {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	if ix.view == nil {
		return nil
	}
	err := ix.view.close()
	ix.view = nil
	return err
}
