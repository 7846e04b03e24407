package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"github.com/klauspost/compress/zstd"
	_ "modernc.org/sqlite" // the driver

	"tuogou/corpus/store"
)

const (
	fileName = "tuogou.db"
	lockName = "lock"
)

//go:embed migrations/*.sql
var migrations embed.FS

// db is an opened data folder. The writer has one connection and readers a few
// of their own, which see the last commit and wait for nobody.
type db struct {
	dir   string
	lock  *lock // nil where read-only
	write *sql.DB
	conn  *sql.Conn // the only one of write
	read  *sql.DB
	turn  chan struct{} // holds one token: the turn to write
	enc   *zstd.Encoder
	dec   *zstd.Decoder

	writeStmts, readStmts statements

	closing sync.Once
	closed  chan struct{}
	err     error // of the first Close
}

var _ store.Store = (*db)(nil)

// Open opens the data folder dir, making it where it is missing unless
// opts.ReadOnly. Errors wrap store.ErrLocked, ErrNewer, ErrNotFound (read-only,
// and nothing there) or ErrCorrupt, and say what to do. The Store has to be
// closed.
func Open(ctx context.Context, dir string, opts store.Options) (store.Store, error) {
	d, err := open(ctx, dir, opts, migrations)
	if err != nil {
		return nil, err
	}
	return d, nil
}

func open(ctx context.Context, dir string, opts store.Options, steps fs.FS) (_ *db, err error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("open store %s: %w", dir, err)
	}
	d := &db{dir: abs, turn: make(chan struct{}, 1), closed: make(chan struct{})}
	d.turn <- struct{}{}
	defer func() {
		if err != nil {
			_ = d.release()
		}
	}()
	if err := d.codecs(); err != nil {
		return nil, fmt.Errorf("open store %s: %w", dir, err)
	}
	if opts.ReadOnly {
		return d, d.openToRead(ctx, steps)
	}
	return d, d.openToWrite(ctx, steps)
}

func (d *db) codecs() (err error) {
	if d.enc, err = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderCRC(false)); err != nil {
		return err
	}
	d.dec, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(maxBlob))
	return err
}

func (d *db) openToWrite(ctx context.Context, steps fs.FS) (err error) {
	if err := makeFolder(d.dir); err != nil {
		return err
	}
	if d.lock, err = acquire(d.dir); err != nil {
		return err
	}
	// The page size holds only for a new file. Pages of 8 KiB suit compressed
	// web pages of some KiB.
	d.write = d.connect("_busy_timeout=10000&_pragma=page_size(8192)&_journal_mode=WAL&_synchronous=FULL" +
		"&_foreign_keys=1&_pragma=journal_size_limit(67108864)&_pragma=cache_size(-32768)&_txlock=immediate&_dqs=0&_error_rc=1")
	d.write.SetMaxOpenConns(1)
	if err := migrate(ctx, d.write, steps); err != nil {
		return d.fail("open store", err)
	}
	if d.conn, err = d.write.Conn(ctx); err != nil {
		return d.fail("open store", err)
	}
	// Nobody else writes, so whatever is claimed was claimed by a process that
	// is gone.
	if _, err := d.conn.ExecContext(ctx, unclaim); err != nil {
		return d.fail("open store", err)
	}
	d.readers("_query_only=1&_busy_timeout=10000&_dqs=0&_error_rc=1")
	return nil
}

func (d *db) openToRead(ctx context.Context, steps fs.FS) error {
	file := filepath.Join(d.dir, fileName)
	info, err := os.Stat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("open store %s: no tuogou data here yet: add or crawl something first, or name another folder: %w", d.dir, store.ErrNotFound)
	case err != nil:
		return folderError(d.dir, err)
	case !info.Mode().IsRegular():
		return fmt.Errorf("open store %s: %s is not a file: %w", d.dir, fileName, store.ErrCorrupt)
	}
	query := "mode=ro&_busy_timeout=10000&_dqs=0&_error_rc=1"
	if frozen(file) {
		query += "&immutable=1"
	}
	d.readers(query)
	if err := checkVersion(ctx, d.read, steps); err != nil {
		return d.fail("open store", err)
	}
	return nil
}

// frozen reports whether file stands, cleanly closed, in a folder where nothing
// can be written (a CD, a share): SQLite then cannot make the shared memory
// that WAL needs, and does not need it, since nobody can write.
func frozen(file string) bool {
	if wal, err := os.Stat(file + "-wal"); err == nil && wal.Size() > 0 {
		return false
	}
	probe, err := os.CreateTemp(filepath.Dir(file), ".probe-*")
	if err != nil {
		return true
	}
	_ = probe.Close()
	_ = os.Remove(probe.Name())
	return false
}

func (d *db) readers(query string) {
	d.read = d.connect(query)
	n := max(4, runtime.GOMAXPROCS(0))
	d.read.SetMaxOpenConns(n)
	d.read.SetMaxIdleConns(n)
}

// connect names the file as a URI, in which any path can be written.
func (d *db) connect(query string) *sql.DB {
	path := filepath.ToSlash(filepath.Join(d.dir, fileName))
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/…
	}
	u := url.URL{Scheme: "file", OmitHost: true, Path: path}
	// The driver is linked in and its name fixed, so this cannot fail.
	pool, _ := sql.Open("sqlite", u.String()+"?"+query)
	return pool
}

// makeFolder makes dir, or says why it cannot be used.
func makeFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return folderError(dir, err)
	}
	return nil
}

// folderError says what is wrong with dir and what to do about it.
func folderError(dir string, err error) error {
	advice := "check the disk, or choose another folder with --data"
	switch {
	case errors.Is(err, fs.ErrPermission):
		advice = "no right to use this folder: change its rights, or choose another with --data"
	case isFileInTheWay(dir):
		advice = "a file stands in its place: move the file away, or choose another folder with --data"
	}
	return fmt.Errorf("open store %s: %s: %w", dir, advice, err)
}

func isFileInTheWay(dir string) bool {
	for ; ; dir = filepath.Dir(dir) {
		if info, err := os.Stat(dir); err == nil {
			return !info.IsDir()
		}
		if dir == filepath.Dir(dir) {
			return false
		}
	}
}

func (d *db) Close() error {
	d.closing.Do(func() {
		close(d.closed)
		<-d.turn // a batch under way ends first
		if d.lock != nil {
			_, err := d.conn.ExecContext(context.Background(), unclaim)
			d.err = d.fail("close store", err)
		}
		d.err = errors.Join(d.err, d.release())
	})
	return d.err
}

// release closes what is open. The lock goes last: until then nobody else may
// write.
func (d *db) release() error {
	var errs []error
	for _, s := range []*statements{&d.readStmts, &d.writeStmts} {
		errs = append(errs, s.close())
	}
	if d.conn != nil {
		errs = append(errs, d.conn.Close())
	}
	for _, pool := range []*sql.DB{d.read, d.write} {
		if pool != nil {
			errs = append(errs, pool.Close())
		}
	}
	if d.dec != nil {
		d.dec.Close()
	}
	if d.lock != nil {
		errs = append(errs, d.lock.release())
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("close store %s: %w", d.dir, err)
	}
	return nil
}
