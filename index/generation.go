package index

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

const (
	pointerFile  = "CURRENT"
	lockFile     = "lock"
	manifestFile = "manifest.json"
	storeFolder  = "store"
)

// ErrLocked says that another writer is at work on the index.
var ErrLocked = errors.New("another process is writing to the index")

// manifest describes one generation. It is written last, so a generation
// without one is unfinished.
type manifest struct {
	Format      int         `json:"format"`
	Fingerprint Fingerprint `json:"fingerprint"`
	Count       uint64      `json:"count"`
}

// current is the folder of the generation in use; fs.ErrNotExist where there
// is none.
func current(dir string) (string, error) {
	data, err := os.ReadFile(filepath.Join(dir, pointerFile))
	if err != nil {
		return "", err
	}
	name := strings.TrimSpace(string(data))
	if _, err := number(name); err != nil {
		return "", err
	}
	return filepath.Join(dir, name), nil
}

func number(name string) (int, error) {
	digits, ok := strings.CutPrefix(name, "g")
	n, err := strconv.Atoi(digits)
	if !ok || err != nil {
		return 0, fmt.Errorf("%q is not the name of a generation", name)
	}
	return n, nil
}

func readManifest(gen string) (manifest, error) {
	var m manifest
	data, err := os.ReadFile(filepath.Join(gen, manifestFile))
	if err != nil {
		return m, err
	}
	err = json.Unmarshal(data, &m)
	return m, err
}

// writeFile writes to a temporary file, syncs, and renames.
func writeFile(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// lock keeps other writers out until unlock is called, also those of other
// processes. It is the lock of an empty bolt file, which works on every system
// bleve works on and is released when the process dies.
func lock(dir string) (unlock func() error, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	file, wait := filepath.Join(dir, lockFile), &bolt.Options{Timeout: 100 * time.Millisecond}
	db, err := bolt.Open(file, 0o644, wait)
	if errors.Is(err, bolterrors.ErrInvalid) || errors.Is(err, bolterrors.ErrChecksum) || errors.Is(err, bolterrors.ErrVersionMismatch) {
		// Damaged, and so held by nobody: it is empty but for its form.
		if err := os.Remove(file); err != nil {
			return nil, err
		}
		db, err = bolt.Open(file, 0o644, wait)
	}
	if errors.Is(err, bolterrors.ErrTimeout) {
		return nil, ErrLocked
	}
	if err != nil {
		return nil, err
	}
	return db.Close, nil
}

// newGeneration makes an empty folder under a number that was not used yet.
func newGeneration(dir string) (string, error) {
	last := 0
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", err
	}
	for _, e := range entries {
		if n, err := number(e.Name()); err == nil {
			last = max(last, n)
		}
	}
	gen := filepath.Join(dir, fmt.Sprintf("g%06d", last+1))
	return gen, os.Mkdir(gen, 0o755)
}

// publish makes gen the one in use and removes all others. Readers that have
// one of them open keep it until they refresh; where the system does not let
// open files go, the next writer tries again.
func publish(dir, gen string, m manifest) error {
	data, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if err := writeFile(filepath.Join(gen, manifestFile), data); err != nil {
		return err
	}
	if err := writeFile(filepath.Join(dir, pointerFile), []byte(filepath.Base(gen)+"\n")); err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if _, err := number(e.Name()); err == nil && e.Name() != filepath.Base(gen) {
			_ = os.RemoveAll(filepath.Join(dir, e.Name()))
		}
	}
	return nil
}

// clone copies the store of one generation into another. Segment files never
// change, so they are linked where the file system can.
func clone(from, to string) error {
	src, dst := filepath.Join(from, storeFolder), filepath.Join(to, storeFolder)
	if err := os.Mkdir(dst, 0o755); err != nil {
		return err
	}
	entries, err := os.ReadDir(src)
	if err != nil {
		return err
	}
	for _, e := range entries {
		a, b := filepath.Join(src, e.Name()), filepath.Join(dst, e.Name())
		if filepath.Ext(a) == ".zap" && os.Link(a, b) == nil {
			continue
		}
		data, err := os.ReadFile(a)
		if err != nil {
			return err
		}
		if err := os.WriteFile(b, data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// openStore opens the store of a generation. Damage in a file shows as a panic
// in some of bleve's decoders; here it is an error like any other.
// Where merge is set, it has fields of mergeplan.MergePlanOptions in place of the usual.
func openStore(gen string, readOnly bool, queue *index.AnalysisQueue, merge map[string]any) (s *scorch.Scorch, err error) {
	defer func() {
		if r := recover(); r != nil {
			s, err = nil, fmt.Errorf("damaged: %v", r)
		}
	}()
	path := filepath.Join(gen, storeFolder)
	if readOnly {
		// bolt would create a missing file, and find it empty.
		if _, err := os.Stat(filepath.Join(path, "root.bolt")); err != nil {
			return nil, err
		}
	}
	config := map[string]any{"path": path, "read_only": readOnly, "bolt_timeout": "2s", "numSnapshotsToKeep": 1}
	if merge != nil {
		config["scorchMergePlanOptions"] = merge
	}
	idx, err := scorch.NewScorch(scorch.Name, config, queue)
	if err != nil {
		return nil, err
	}
	if err := idx.Open(); err != nil {
		return nil, err
	}
	return idx.(*scorch.Scorch), nil
}

func missing(err error) bool { return errors.Is(err, fs.ErrNotExist) }
