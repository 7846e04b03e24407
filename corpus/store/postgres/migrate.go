package postgres

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"tuogou/corpus/store"
)

// migrationLock keeps two processes from bringing one database up at the same time.
const migrationLock = 0x74756f67 // "tuog"

// readSteps reads migrations/NNNN_name.sql in order and without gaps; the first is
// number 1.
func readSteps(fsys fs.FS) ([]string, error) {
	names, err := fs.Glob(fsys, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	var steps []string
	for i, name := range names {
		digits, _, _ := strings.Cut(path.Base(name), "_")
		if n, err := strconv.Atoi(digits); err != nil || n != i+1 {
			return nil, fmt.Errorf("migration %s: want number %d", name, i+1)
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		steps = append(steps, string(data))
	}
	return steps, nil
}

// migrate brings the schema to the newest step, making it where it is missing.
func (d *db) migrate(ctx context.Context, fsys fs.FS) error {
	steps, err := readSteps(fsys)
	if err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, int64(migrationLock)); err != nil {
			return err
		}
		have, found, err := version(ctx, tx, len(steps))
		if err != nil {
			return err
		}
		if !found {
			// Not IF NOT EXISTS alone: that asks for a right even where it is there.
			var there bool
			if err := tx.QueryRow(ctx, `SELECT current_schema() IS NOT NULL`).Scan(&there); err != nil {
				return err
			}
			if !there {
				if _, err := tx.Exec(ctx, `CREATE SCHEMA `+pgx.Identifier{d.schema}.Sanitize()); err != nil {
					return err
				}
			}
		}
		for i := have; i < len(steps); i++ {
			if _, err := tx.Exec(ctx, steps[i]); err != nil {
				return fmt.Errorf("migration %d: %w", i+1, err)
			}
			if _, err := tx.Exec(ctx, `UPDATE version SET n = $1`, i+1); err != nil {
				return err
			}
		}
		return nil
	})
}

// asker is a pool or a transaction.
type asker interface {
	QueryRow(ctx context.Context, query string, args ...any) pgx.Row
}

// version is the number of the last step done; found is false where there is no store.
func version(ctx context.Context, on asker, newest int) (have int, found bool, err error) {
	if err := on.QueryRow(ctx, `SELECT to_regclass('version') IS NOT NULL AND to_regclass('record_data') IS NOT NULL`).Scan(&found); err != nil || !found {
		return 0, false, err
	}
	if err := on.QueryRow(ctx, `SELECT n FROM version`).Scan(&have); err != nil {
		return 0, true, err
	}
	if have > newest {
		return 0, true, fmt.Errorf("its version is %d, this program knows up to %d: use the newer tuogou: %w", have, newest, store.ErrNewer)
	}
	return have, true, nil
}

// checkVersion refuses, for reading only, what is not there or would have to be
// migrated first.
func (d *db) checkVersion(ctx context.Context, fsys fs.FS) error {
	steps, err := readSteps(fsys)
	if err != nil {
		return err
	}
	have, found, err := version(ctx, d.pool, len(steps))
	switch {
	case err != nil:
		return err
	case !found:
		return fmt.Errorf("no tuogou data here yet: add or crawl something first: %w", store.ErrNotFound)
	case have < len(steps):
		return fmt.Errorf("its version is %d and this program needs %d: open it once for writing (any add or crawl does): %w", have, len(steps), store.ErrReadOnly)
	}
	return nil
}
