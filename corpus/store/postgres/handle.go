package postgres

import (
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"tuogou/corpus/store"
)

// Handle is what the packages below this one may use of an opened store.
type Handle struct {
	Pool   *pgxpool.Pool // of the store: not to be closed
	Writer int64         // the number of this process among the writers
	Lease  time.Duration
	// Fail says of an error of the database what it was met at and what to do.
	Fail func(doing string, err error) error
}

// HandleOf is the handle of a store that is in PostgreSQL and open for writing.
func HandleOf(s store.Store) (Handle, bool) {
	d, ok := s.(*db)
	if !ok || d.readOnly {
		return Handle{}, false
	}
	return Handle{d.pool, d.me, d.lease, d.fail}, true
}
