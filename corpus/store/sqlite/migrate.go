package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"tuogou/corpus/store"
)

// applicationID marks the file as ours ("tuog"), so that another program's
// database is never changed.
const applicationID = 0x74756f67

// step is one migration. The first is number 1.
type step struct {
	number int
	sql    string
}

// readSteps reads migrations/NNNN_name.sql in order and without gaps.
func readSteps(fsys fs.FS) ([]step, error) {
	names, err := fs.Glob(fsys, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	steps := make([]step, 0, len(names))
	for i, name := range names {
		digits, _, _ := strings.Cut(path.Base(name), "_")
		n, err := strconv.Atoi(digits)
		if err != nil || n != i+1 {
			return nil, fmt.Errorf("migration %s: want number %d", name, i+1)
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		steps = append(steps, step{n, string(data)})
	}
	return steps, nil
}

// migrate brings the database to the newest step, each step whole or not at all.
func migrate(ctx context.Context, pool *sql.DB, fsys fs.FS) error {
	steps, err := readSteps(fsys)
	if err != nil {
		return err
	}
	have, err := version(ctx, pool, len(steps))
	if err != nil {
		return err
	}
	for _, s := range steps[have:] {
		if err := s.run(ctx, pool); err != nil {
			return fmt.Errorf("migration %d: %w", s.number, err)
		}
	}
	return nil
}

func (s step) run(ctx context.Context, pool *sql.DB) error {
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // after a commit it does nothing
	for _, q := range []string{
		s.sql,
		fmt.Sprintf("PRAGMA application_id = %d", applicationID),
		fmt.Sprintf("PRAGMA user_version = %d", s.number),
	} {
		if _, err := tx.ExecContext(ctx, q); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// version is the number of the last step done, once the file is known to be
// ours and not newer than we are.
func version(ctx context.Context, pool *sql.DB, newest int) (int, error) {
	var app, have, tables int
	err := errors.Join(
		pool.QueryRowContext(ctx, "PRAGMA application_id").Scan(&app),
		pool.QueryRowContext(ctx, "PRAGMA user_version").Scan(&have),
		pool.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables))
	switch {
	case err != nil:
		return 0, err
	case app != applicationID && (tables > 0 || have != 0 || app != 0):
		return 0, fmt.Errorf("%s is another program's database: choose another folder with --data: %w", fileName, store.ErrCorrupt)
	case have < 0:
		return 0, fmt.Errorf("version %d: %w", have, store.ErrCorrupt)
	case have > newest:
		return 0, fmt.Errorf("its version is %d, this program knows up to %d: use the newer tuogou: %w", have, newest, store.ErrNewer)
	}
	return have, nil
}

// checkVersion refuses, for reading only, what would have to be migrated first.
func checkVersion(ctx context.Context, pool *sql.DB, fsys fs.FS) error {
	steps, err := readSteps(fsys)
	if err != nil {
		return err
	}
	have, err := version(ctx, pool, len(steps))
	if err != nil {
		return err
	}
	if have < len(steps) {
		return fmt.Errorf("its version is %d and this program needs %d: open it once for writing (any add or crawl does): %w", have, len(steps), store.ErrReadOnly)
	}
	return nil
}
