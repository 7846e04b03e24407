package postgres

import (
	"context"
	"embed"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/klauspost/compress/zstd"

	"tuogou/corpus/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// defaultSchema holds the tables where the address names no search_path.
const defaultSchema = "tuogou"

// db is an opened data set.
type db struct {
	label    string // for errors: host and database, no password
	schema   string
	readOnly bool
	pool     *pgxpool.Pool
	enc      *zstd.Encoder
	dec      *zstd.Decoder

	alive

	batches sync.WaitGroup // under way
	ending  sync.Mutex
	closing sync.Once
	closed  chan struct{}
	err     error // of the first Close
}

var _ store.Store = (*db)(nil)

// Open opens the data set at address, postgres://USER@HOST/DATABASE, making its tables
// where they are missing unless opts.ReadOnly. A search_path in the address names
// another schema than tuogou; pool_max_conns the most connections (default twice the
// processors, at least 4). Errors wrap store.ErrUnreachable, ErrNewer or ErrNotFound
// (read-only, and nothing there), and say what to do; none shows the password. The
// Store has to be closed.
func Open(ctx context.Context, address string, opts store.Options) (store.Store, error) {
	d, err := open(ctx, address, opts)
	if err != nil {
		return nil, err
	}
	return d, nil
}

func open(ctx context.Context, address string, opts store.Options) (_ *db, err error) {
	conf, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, fmt.Errorf("open store: the address of the database cannot be read: postgres://USER@HOST/DATABASE is one: %w", store.ErrInvalid)
	}
	d := &db{readOnly: opts.ReadOnly, closed: make(chan struct{}), alive: alive{lease: opts.Lease, stop: func() {}}}
	if d.lease <= 0 {
		d.lease = defaultLease
	}
	d.configure(conf, opts)
	if d.enc, err = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderCRC(false)); err != nil {
		return nil, err
	}
	if d.dec, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(maxBlob)); err != nil {
		return nil, err
	}
	if d.pool, err = pgxpool.NewWithConfig(ctx, conf); err != nil {
		return nil, d.fail("open store", err)
	}
	if d.readOnly {
		err = d.checkVersion(ctx, migrations)
	} else if err = d.migrate(ctx, migrations); err == nil {
		err = d.sign(ctx)
	}
	if err != nil {
		d.pool.Close()
		d.dec.Close()
		return nil, d.fail("open store", err)
	}
	return d, nil
}

func (d *db) configure(conf *pgxpool.Config, opts store.Options) {
	c := conf.ConnConfig
	d.label = fmt.Sprintf("database %s on %s", c.Database, c.Host)
	params := c.RuntimeParams
	if params["search_path"] == "" {
		params["search_path"] = defaultSchema
	}
	d.schema = params["search_path"]
	if d.readOnly {
		params["default_transaction_read_only"] = "on"
	}
	if params["application_name"] == "" {
		params["application_name"] = "tuogou"
	}
	// A transaction whose host is cut off shall not hold its locks for long: others wait
	// for that of the revisions.
	params["idle_in_transaction_session_timeout"], params["tcp_user_timeout"] = "20000", "15000"
	params["tcp_keepalives_idle"], params["tcp_keepalives_interval"], params["tcp_keepalives_count"] = "10", "5", "2"
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = 10 * time.Second
	}
	conf.MaxConns = max(conf.MaxConns, int32(2*runtime.GOMAXPROCS(0)), 4, int32(min(opts.Connections, 1000)))
	c.DialFunc = dialer().DialContext
}

// Close gives back what this writer claimed.
func (d *db) Close() error {
	d.closing.Do(func() {
		d.ending.Lock()
		close(d.closed)
		d.ending.Unlock()
		d.stop()
		d.beat.Wait()
		d.batches.Wait() // those under way end first
		if !d.readOnly {
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			defer cancel()
			for _, q := range []string{`UPDATE frontier SET state = 'pending', owner = 0 WHERE state = 'claimed' AND owner = $1`,
				`UPDATE leases SET owner = 0, freed = clock_timestamp() WHERE owner = $1`, `DELETE FROM writers WHERE id = $1`} {
				if _, err := d.pool.Exec(ctx, q, d.me); err != nil {
					// The lease ends by itself.
					d.err = fmt.Errorf("close store: %s: %w", d.label, err)
					break
				}
			}
		}
		d.pool.Close()
		d.dec.Close()
	})
	return d.err
}
