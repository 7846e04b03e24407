package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"tuogou/corpus/store"
)

// advice says, for a primary result code of SQLite, what kind of error it is
// and what a person can do.
var advice = map[int]struct {
	kind error
	todo string
}{
	lib.SQLITE_FULL:     {store.ErrFull, "free some space and run again; what was stored is safe"},
	lib.SQLITE_CORRUPT:  {store.ErrCorrupt, "run verify, and restore the folder from a copy"},
	lib.SQLITE_NOTADB:   {store.ErrCorrupt, fileName + " is not a database: choose another folder with --data, or restore a copy"},
	lib.SQLITE_READONLY: {store.ErrReadOnly, "check the rights of the folder and its files"},
	lib.SQLITE_CANTOPEN: {nil, "check the rights of the folder and its files"},
	lib.SQLITE_PERM:     {nil, "check the rights of the folder and its files"},
	lib.SQLITE_IOERR:    {nil, "the disk cannot be read or written: check the disk; what was stored is safe"},
	lib.SQLITE_BUSY:     {store.ErrLocked, "another program holds the database: close it and run again"},
	lib.SQLITE_NOMEM:    {nil, "not enough memory"},
}

// fail adds to an error of the database what was being done, where, and what
// to do about it. It keeps errors that are already the store's own.
func (d *db) fail(op string, err error) error {
	var e *sqlite.Error
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sql.ErrNoRows):
		return fmt.Errorf("%s: %w", op, store.ErrNotFound)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%s: %w", op, err)
	case d.isClosed():
		return fmt.Errorf("%s: %w", op, store.ErrClosed)
	case !errors.As(err, &e):
		return fmt.Errorf("%s: %s: %w", op, d.dir, err)
	}
	a, ok := advice[e.Code()&0xff]
	switch {
	case !ok:
		return fmt.Errorf("%s: %s: %w", op, d.dir, err)
	case a.kind == nil:
		return fmt.Errorf("%s: %s: %s: %w", op, d.dir, a.todo, err)
	}
	return fmt.Errorf("%s: %s: %w: %s: %w", op, d.dir, a.kind, a.todo, err)
}

func (d *db) isClosed() bool {
	select {
	case <-d.closed:
		return true
	default:
		return false
	}
}
