package postgres

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"tuogou/corpus/store"
)

// advice says, for a code of PostgreSQL or its class, what kind of error it is and
// what a person can do.
var advice = map[string]struct {
	kind error
	todo string
}{
	"53100": {store.ErrFull, "free some space on the database server and run again; what was stored is safe"},
	"53200": {nil, "the database server has not enough memory"},
	"53300": {store.ErrUnreachable, "the database has too many connections: stop some workers, or raise max_connections"},
	"57":    {store.ErrUnreachable, "the database was stopped: start it and run again; what was stored is safe"},
	"08":    {store.ErrUnreachable, "the connection to the database is gone: run again; what was stored is safe"},
	"28":    {store.ErrUnreachable, "the database refuses this user or password: see ~/.pgpass and pg_hba.conf"},
	"3D":    {store.ErrUnreachable, "there is no such database: make it with createdb"},
	"42501": {nil, "this user has no right to do that: make it the owner of the database"},
	"25006": {store.ErrReadOnly, "this database cannot be written (a standby?)"},
	"XX":    {store.ErrCorrupt, "the database is damaged: run verify, and restore it from a backup"},
}

// fail adds to an error of the database what was being done, where, and what to do
// about it. It keeps errors that are already the store's own.
func (d *db) fail(op string, err error) error {
	var server *pgconn.PgError
	var network net.Error
	var connect *pgconn.ConnectError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, pgx.ErrNoRows):
		return fmt.Errorf("%s: %w", op, store.ErrNotFound)
	case d.isClosed():
		return fmt.Errorf("%s: %w", op, store.ErrClosed)
	case errors.As(err, &server):
		a, ok := advice[server.Code]
		if !ok {
			a, ok = advice[server.Code[:2]]
		}
		switch {
		case !ok:
			return fmt.Errorf("%s: %s: %w", op, d.label, err)
		case a.kind == nil:
			return fmt.Errorf("%s: %s: %s: %w", op, d.label, a.todo, err)
		}
		return fmt.Errorf("%s: %s: %w: %s: %w", op, d.label, a.kind, a.todo, err)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%s: %w", op, err)
	case errors.As(err, &connect), errors.As(err, &network), pgconn.SafeToRetry(err), strings.Contains(err.Error(), "conn closed"), strings.Contains(err.Error(), "EOF"):
		return fmt.Errorf("%s: %s: %w: check that it runs and run again; what was stored is safe: %w", op, d.label, store.ErrUnreachable, err)
	}
	return fmt.Errorf("%s: %s: %w", op, d.label, err)
}

// inTheWay reports whether a transaction failed only because others wrote at the same
// time, so that it can be run again.
func inTheWay(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && (e.Code == "40P01" || e.Code == "40001")
}

func (d *db) isClosed() bool {
	select {
	case <-d.closed:
		return true
	default:
		return false
	}
}
