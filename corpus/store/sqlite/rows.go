package sqlite

import (
	"context"
	"fmt"
	"strings"

	"tuogou/corpus/store"
)

var _ store.Movable = (*db)(nil)

// ReadRows implements store.Movable.
func (d *db) ReadRows(ctx context.Context, t store.Table, after []any) ([][]any, error) {
	key := strings.Join(t.Key, ", ")
	query := `SELECT ` + strings.Join(t.Columns, ", ") + ` FROM ` + t.Name
	if after != nil {
		query += ` WHERE (` + key + `) > (?` + strings.Repeat(`, ?`, len(t.Key)-1) + `)`
	}
	query += fmt.Sprintf(` ORDER BY %s LIMIT %d`, key, t.Page)
	var all [][]any
	err := d.rows(ctx, query, after, func(scan func(...any) error) error {
		row, into := make([]any, len(t.Columns)), make([]any, len(t.Columns))
		for i := range row {
			into[i] = &row[i]
		}
		err := scan(into...)
		for i, v := range row {
			if v == nil && (t.Columns[i] == "data" || t.Columns[i] == "state") {
				row[i] = []byte{} // the driver gives no bytes as none
			}
		}
		all = append(all, row)
		return err
	})
	return all, err
}

// WriteRows implements store.Movable.
func (d *db) WriteRows(ctx context.Context, t store.Table, rows [][]any) error {
	query := `INSERT INTO ` + t.Name + ` (` + strings.Join(t.Columns, ", ") + `) VALUES (?` + strings.Repeat(`, ?`, len(t.Columns)-1) +
		`) ON CONFLICT (` + strings.Join(t.Key, ", ") + `) DO NOTHING`
	return d.batch(ctx, func(w *writer) error {
		for _, row := range rows {
			if _, err := w.exec(ctx, query, row...); err != nil {
				return err
			}
		}
		return nil
	})
}

// Moved implements store.Movable. What was claimed elsewhere is nobody's here.
func (d *db) Moved(ctx context.Context) error {
	return d.batch(ctx, func(w *writer) error {
		_, err := w.exec(ctx, unclaim)
		return err
	})
}
