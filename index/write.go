package index

import (
	"context"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"sync"

	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/index/scorch/mergeplan"
	index "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"

	"tuogou/corpus"
)

// Build says how to write an index.
type Build struct {
	// Segmenter cuts the bodies; required. Its fingerprint must be the Words of
	// Fingerprint, or Words empty to take it from there.
	Segmenter   Segmenter
	Fingerprint Fingerprint
	// BatchDocs and BatchBytes (of bodies) limit one batch; 0 means 500
	// documents and 2 MiB. Larger ones make fewer segments and cost memory, of
	// which a batch takes about thirty times its bytes.
	BatchDocs, BatchBytes int
	// Workers is how many batches are made at once; 0 means 2.
	Workers int
	// Progress, where set, is told after each batch how many documents are in.
	// It is called from one goroutine at a time.
	Progress func(docs int)
}

func (b *Build) applyDefaults() error {
	if b.Segmenter == nil {
		return fmt.Errorf("index: no segmenter")
	}
	words := b.Segmenter.Fingerprint()
	if b.Fingerprint.Words == "" {
		b.Fingerprint.Words = words
	}
	if b.Fingerprint.Words != words {
		return fmt.Errorf("index: the segmenter is not the one of the fingerprint")
	}
	if b.BatchDocs <= 0 {
		b.BatchDocs = 500
	}
	if b.BatchBytes <= 0 {
		b.BatchBytes = 2 << 20
	}
	if b.Workers <= 0 {
		b.Workers = 2
	}
	if b.Progress == nil {
		b.Progress = func(int) {}
	}
	return nil
}

// Rebuild makes a new index of records in dir and puts it in place of the old
// one, which stays in use until then and stays whole where Rebuild fails. An id
// must not come twice; nil records are left out. It returns the number of
// documents in the index. An error of the sequence ends it; [ErrLocked] says
// that another writer is at work.
func Rebuild(ctx context.Context, dir string, b Build, records iter.Seq2[*corpus.Record, error]) (int, error) {
	return write(dir, b, whileFilled, func(string, string) error { return nil }, func(w *writer) error {
		err := w.put(ctx, records)
		if err != nil {
			return err
		}
		return w.store.ForceMerge(ctx, &onceFilled)
	})
}

// A whole index is one segment, since every query visits every segment. It is
// merged once: on the way there no batch is.
var (
	whileFilled = map[string]any{"MaxSegmentsPerTier": 10_000, "SegmentsPerMergeTask": 10_000, "FloorSegmentSize": 1, "FloorSegmentFileSize": 1}
	onceFilled  = mergeplan.MergePlanOptions{MaxSegmentsPerTier: 1, MaxSegmentSize: maxSegment, TierGrowth: 10, SegmentsPerMergeTask: 10_000,
		FloorSegmentSize: 2000, ReclaimDeletesWeight: 2}
)

// maxSegment is the most documents in one segment of a rebuilt index.
const maxSegment = 200_000

// Changes are what an update does, deletions first.
type Changes struct {
	Delete []corpus.DocID // those not in the index are ignored
	Put    []*corpus.Record
}

// Update applies c to the index in dir, all of it or nothing, and gives it the
// fingerprint of b. It returns the number of documents in the index. Readers
// see it after [Index.Refresh]. An update costs a fixed tenth of a second: make
// few large ones. It fails where there is no index that can be updated.
func Update(ctx context.Context, dir string, b Build, c Changes) (int, error) {
	return write(dir, b, nil, cloneCurrent(&b), func(w *writer) error {
		if len(c.Delete) > 0 {
			batch := index.NewBatch()
			for _, id := range c.Delete {
				batch.Delete(string(id))
			}
			if err := w.store.Batch(batch); err != nil {
				return err
			}
		}
		return w.put(ctx, func(yield func(*corpus.Record, error) bool) {
			for _, r := range c.Put {
				if !yield(r, nil) {
					return
				}
			}
		})
	})
}

func cloneCurrent(b *Build) func(dir, gen string) error {
	return func(dir, gen string) error {
		old, err := current(dir)
		if err != nil {
			return fmt.Errorf("no index to update: %w", err)
		}
		m, err := readManifest(old)
		if err != nil {
			return err
		}
		if m.Format != formatVersion || b.Segmenter != nil && m.Fingerprint.Words != b.Segmenter.Fingerprint() {
			return fmt.Errorf("the index was written in another form or with other words: rebuild it")
		}
		return clone(old, gen)
	}
}

// write makes a new generation: prepare fills its folder, fill its store.
func write(dir string, b Build, merge map[string]any, prepare func(dir, gen string) error, fill func(*writer) error) (n int, err error) {
	if err := b.applyDefaults(); err != nil {
		return 0, err
	}
	unlock, err := lock(dir)
	if err != nil {
		return 0, fmt.Errorf("index %s: %w", dir, err)
	}
	defer unlock()
	gen, err := newGeneration(dir)
	if err != nil {
		return 0, fmt.Errorf("index %s: %w", dir, err)
	}
	defer func() {
		if err != nil {
			_ = os.RemoveAll(gen)
			n, err = 0, fmt.Errorf("index %s: %w", dir, err)
		}
	}()
	if err := prepare(dir, gen); err != nil {
		return 0, err
	}
	m := manifest{Format: formatVersion, Fingerprint: b.Fingerprint}
	if m.Count, err = fillStore(gen, b, merge, fill); err != nil {
		return 0, err
	}
	if err := prune(gen); err != nil {
		return 0, err
	}
	return int(m.Count), publish(dir, gen, m)
}

func fillStore(gen string, b Build, merge map[string]any, fill func(*writer) error) (count uint64, err error) {
	queue := index.NewAnalysisQueue(b.Workers)
	defer queue.Close()
	store, err := openStore(gen, false, queue, merge)
	if err != nil {
		return 0, err
	}
	defer func() {
		if e := store.Close(); err == nil {
			err = e
		}
	}()
	if err := fill(&writer{store: store, build: b}); err != nil {
		return 0, err
	}
	// Merges are made durable in the background; a batch waits for it.
	if err := store.SetInternal([]byte("done"), []byte{1}); err != nil {
		return 0, err
	}
	r, err := store.Reader()
	if err != nil {
		return 0, err
	}
	defer r.Close()
	return r.DocCount()
}

// prune removes the segments that were merged into others. Bleve would do so
// some time later, but this generation is not written to again.
func prune(gen string) error {
	store, err := openStore(gen, true, nil, nil)
	if err != nil {
		return err
	}
	defer store.Close()
	r, err := store.Reader()
	if err != nil {
		return err
	}
	defer r.Close()
	used := map[string]bool{}
	for _, s := range r.(*scorch.IndexSnapshot).Segments() {
		if p, ok := s.Segment().(segment.PersistedSegment); ok {
			used[filepath.Base(p.Path())] = true
		}
	}
	files, err := filepath.Glob(filepath.Join(gen, storeFolder, "*.zap"))
	if err != nil {
		return err
	}
	for _, f := range files {
		if !used[filepath.Base(f)] {
			if err := os.Remove(f); err != nil {
				return err
			}
		}
	}
	return nil
}

type writer struct {
	store *scorch.Scorch
	build Build

	mu   sync.Mutex
	done int
	err  error
}

// put indexes records in batches. Batches are safe ones: each is on disk before
// the next of its worker begins, which also bounds the memory.
func (w *writer) put(ctx context.Context, records iter.Seq2[*corpus.Record, error]) error {
	batches := make(chan []*corpus.Record)
	var wg sync.WaitGroup
	for range w.build.Workers {
		wg.Go(func() {
			for batch := range batches {
				if w.failed() == nil {
					w.finish(len(batch), w.batch(batch))
				}
			}
		})
	}
	err := w.feed(ctx, records, batches)
	close(batches)
	wg.Wait()
	if err == nil {
		err = w.failed()
	}
	return err
}

// feed cuts records into batches. Two batches in work at once must not hold
// the same id, or chance would decide which one stays.
func (w *writer) feed(ctx context.Context, records iter.Seq2[*corpus.Record, error], out chan<- []*corpus.Record) error {
	var batch []*corpus.Record
	bytes := 0
	seen := map[corpus.DocID]bool{}
	for r, err := range records {
		if err != nil {
			return err
		}
		if err := context.Cause(ctx); err != nil {
			return err
		}
		if err := w.failed(); err != nil {
			return err
		}
		if r == nil || r.ID == "" {
			continue
		}
		if seen[r.ID] {
			return fmt.Errorf("record %s comes twice", r.ID)
		}
		seen[r.ID] = true
		batch = append(batch, r)
		bytes += len(r.Text.Body)
		if len(batch) >= w.build.BatchDocs || bytes >= w.build.BatchBytes {
			out <- batch
			batch, bytes = nil, 0
		}
	}
	if len(batch) > 0 {
		out <- batch
	}
	return nil
}

func (w *writer) batch(records []*corpus.Record) error {
	b := index.NewBatch()
	for _, r := range records {
		doc, err := newDocument(r, w.build.Segmenter)
		if err != nil {
			return err
		}
		b.Update(doc)
	}
	return w.store.Batch(b)
}

func (w *writer) finish(n int, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil {
		if w.err == nil {
			w.err = err
		}
		return
	}
	w.done += n
	w.build.Progress(w.done)
}

func (w *writer) failed() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}
