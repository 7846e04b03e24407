package postgres

import (
	"context"
	"embed"
	"fmt"
	"os"
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

// A writer is taken for dead lease after it was last heard of.
const (
	lease = 30 * time.Second
	renew = lease / 3
)

// db is an opened data set.
type db struct {
	label    string // for errors: host and database, no password
	schema   string
	readOnly bool
	pool     *pgxpool.Pool
	me       int64 // the number of this writer; 0 where read-only
	enc      *zstd.Encoder
	dec      *zstd.Decoder

	beat    context.CancelFunc // ends the renewing of the lease
	beating sync.WaitGroup
	batches sync.WaitGroup // under way

	mu      sync.Mutex // of closing
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
	d := &db{readOnly: opts.ReadOnly, closed: make(chan struct{}), beat: func() {}}
	d.configure(conf)
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

func (d *db) configure(conf *pgxpool.Config) {
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
	// A transaction whose host is cut off shall not hold its locks for long.
	params["idle_in_transaction_session_timeout"] = "60000"
	params["tcp_keepalives_idle"], params["tcp_keepalives_interval"], params["tcp_keepalives_count"] = "10", "5", "3"
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = 10 * time.Second
	}
	conf.MaxConns = max(conf.MaxConns, int32(2*runtime.GOMAXPROCS(0)), 4)
}

// sign makes this process a writer and keeps it one.
func (d *db) sign(ctx context.Context) error {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	err = d.pool.QueryRow(ctx, `INSERT INTO writers (host, pid, until) VALUES ($1, $2, now() + $3::interval) RETURNING id`,
		store.Clean(host), os.Getpid(), lease).Scan(&d.me)
	if err != nil {
		return err
	}
	beat, stop := context.WithCancel(context.WithoutCancel(ctx))
	d.beat = stop
	d.beating.Go(func() {
		tick := time.NewTicker(renew)
		defer tick.Stop()
		for {
			select {
			case <-beat.Done():
				return
			case <-tick.C:
				// One that fails is tried again: who stays away for the length of the
				// lease has lost it.
				_, _ = d.pool.Exec(beat, `UPDATE writers SET until = now() + $2::interval WHERE id = $1`, d.me, lease)
			}
		}
	})
	return nil
}

// Close gives back what this writer claimed.
func (d *db) Close() error {
	d.closing.Do(func() {
		d.mu.Lock()
		close(d.closed)
		d.mu.Unlock()
		d.beat()
		d.beating.Wait()
		d.batches.Wait() // those under way end first
		if !d.readOnly {
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			defer cancel()
			for _, q := range []string{`UPDATE frontier SET state = 'pending', owner = 0 WHERE state = 'claimed' AND owner = $1`, `DELETE FROM writers WHERE id = $1`} {
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
