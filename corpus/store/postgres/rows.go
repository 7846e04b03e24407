package postgres

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"tuogou/corpus/store"
)

var _ store.Movable = (*db)(nil)

// ReadRows implements store.Movable.
func (d *db) ReadRows(ctx context.Context, t store.Table, after []any) ([][]any, error) {
	key := strings.Join(t.Key, ", ")
	query := `SELECT ` + strings.Join(t.Columns, ", ") + ` FROM ` + t.Name
	if after != nil {
		query += ` WHERE (` + key + `) > (` + places(1, len(after)) + `)`
	}
	query += fmt.Sprintf(` ORDER BY %s LIMIT %d`, key, t.Page)
	rows, err := d.pool.Query(ctx, query, after...)
	if err != nil {
		return nil, d.fail("read", err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) ([]any, error) { return row.Values() })
	return all, d.fail("read", err)
}

// places are n placeholders from $first on.
func places(first, n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprint("$", first+i)
	}
	return strings.Join(all, ", ")
}

// WriteRows implements store.Movable.
func (d *db) WriteRows(ctx context.Context, t store.Table, rows [][]any) error {
	override := ""
	if t.Numbers != "" {
		override = "OVERRIDING SYSTEM VALUE "
	}
	query := `INSERT INTO ` + t.Name + ` (` + strings.Join(t.Columns, ", ") + `) ` + override + `VALUES (` + places(1, len(t.Columns)) +
		`) ON CONFLICT (` + strings.Join(t.Key, ", ") + `) DO NOTHING`
	return d.batch(ctx, func(w *writer) error {
		typed := make([][]any, len(rows))
		for n, row := range rows {
			typed[n] = slices.Clone(row)
			for i, c := range t.Columns {
				if truth, ok := row[i].(int64); ok && slices.Contains(t.Truth, c) {
					typed[n][i] = truth != 0
				}
			}
		}
		return w.many(ctx, query, typed)
	})
}

// Moved implements store.Movable: numbers go on from the highest.
func (d *db) Moved(ctx context.Context) error {
	return d.batch(ctx, func(w *writer) error {
		for _, t := range store.Tables() {
			if t.Numbers == "" {
				continue
			}
			var next int64
			if _, err := w.row(ctx, fmt.Sprintf(`SELECT setval(pg_get_serial_sequence('%s', '%s'), coalesce(max(%[2]s), 0) + 1, false) FROM %[1]s`, t.Name, t.Numbers),
				nil, &next); err != nil {
				return err
			}
		}
		for _, q := range []string{`UPDATE counters SET n = (SELECT coalesce(max(rev), 0) FROM records) WHERE name = 'revision'`, takeOver} {
			if _, err := w.exec(ctx, q); err != nil {
				return err
			}
		}
		return nil
	})
}
