package postgres

import (
	"context"
	"fmt"
	"iter"

	"tuogou/corpus"
	"tuogou/corpus/store"
)

const ledgerColumns = `cursor, uid, sequence, kind, cause, at, data, doc`

// ledgerPage is how many changes are read at once; each holds some KiB.
const ledgerPage = 200

func scanChange(scan func(...any) error) (c store.LedgerChange, err error) {
	var at, data string
	if err := scan(&c.Cursor, &c.UID, &c.Sequence, &c.Kind, &c.Cause, &at, &data, &c.Doc); err != nil {
		return c, err
	}
	c.Data = []byte(data)
	c.At, err = store.ParseStamp(at)
	return c, err
}

func (d *db) Obligations(ctx context.Context) iter.Seq2[store.LedgerChange, error] {
	const query = `SELECT ` + ledgerColumns + ` FROM ledger WHERE cursor IN (
		SELECT max(cursor) FROM ledger WHERE uid > $1 GROUP BY uid ORDER BY uid LIMIT $2) ORDER BY uid`
	type row = item[string, store.LedgerChange]
	return paged("", 0, ledgerPage, func(after string, n int) (page []row, err error) {
		err = d.rows(ctx, query, []any{after, n}, func(scan func(...any) error) error {
			c, err := scanChange(scan)
			page = append(page, row{key: c.UID, val: c})
			return err
		})
		return page, err
	})
}

func (d *db) Obligation(ctx context.Context, uid string) ([]store.LedgerChange, error) {
	var all []store.LedgerChange
	err := d.rows(ctx, `SELECT `+ledgerColumns+` FROM ledger WHERE uid = $1 ORDER BY cursor`, []any{store.Clean(uid)}, func(scan func(...any) error) error {
		c, err := scanChange(scan)
		all = append(all, c)
		return err
	})
	if err == nil && len(all) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("obligation %s: %w", uid, err)
	}
	return all, nil
}

func (d *db) ObligationsOf(ctx context.Context, doc corpus.DocID) ([]store.LedgerChange, error) {
	const query = `SELECT ` + ledgerColumns + ` FROM ledger WHERE cursor IN (
		SELECT max(cursor) FROM ledger WHERE uid IN (SELECT uid FROM ledger WHERE doc = $1 AND doc <> '') GROUP BY uid) ORDER BY uid`
	var all []store.LedgerChange
	err := d.rows(ctx, query, []any{string(doc)}, func(scan func(...any) error) error {
		c, err := scanChange(scan)
		all = append(all, c)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("obligations of %s: %w", doc, err)
	}
	return all, nil
}

func (d *db) LedgerSince(ctx context.Context, after store.Cursor) iter.Seq2[store.LedgerChange, error] {
	type row = item[store.Cursor, store.LedgerChange]
	return paged(after, 0, ledgerPage, func(after store.Cursor, n int) (page []row, err error) {
		err = d.rows(ctx, `SELECT `+ledgerColumns+` FROM ledger WHERE cursor > $1 ORDER BY cursor LIMIT $2`, []any{int64(after), n}, func(scan func(...any) error) error {
			c, err := scanChange(scan)
			page = append(page, row{key: c.Cursor, val: c})
			return err
		})
		return page, err
	})
}

func (d *db) LedgerEnd(ctx context.Context) (end store.Cursor, err error) {
	if err := d.row(ctx, `SELECT coalesce(max(cursor), 0) FROM ledger`, nil, &end); err != nil {
		return 0, fmt.Errorf("end of the ledger: %w", err)
	}
	return end, nil
}

func (d *db) Hooks(ctx context.Context) ([]store.Hook, error) {
	var all []store.Hook
	err := d.rows(ctx, `SELECT id, url, secret, query, cursor, failures, error, due, at FROM hooks ORDER BY id`, nil, func(scan func(...any) error) error {
		var (
			h       store.Hook
			due, at string
		)
		err := scan(&h.ID, &h.URL, &h.Secret, &h.Query, &h.Cursor, &h.Failures, &h.Error, &due, &at)
		if err == nil {
			h.Due, err = store.ParseStamp(due)
		}
		if err == nil {
			h.At, err = store.ParseStamp(at)
		}
		all = append(all, h)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("hooks: %w", err)
	}
	return all, nil
}

func (d *db) AppendLedger(ctx context.Context, base store.Cursor, changes []store.LedgerChange) (store.Cursor, error) {
	return alone(ctx, d, func(w *writer) (store.Cursor, error) { return w.AppendLedger(ctx, base, changes) })
}

func (w *writer) AppendLedger(ctx context.Context, base store.Cursor, changes []store.LedgerChange) (store.Cursor, error) {
	var end store.Cursor
	// One appends at a time, until its commit.
	if _, err := w.row(ctx, `SELECT n FROM counters WHERE name = 'ledger' FOR UPDATE`, nil, &end); err != nil {
		return 0, fmt.Errorf("append to the ledger: %w", err)
	}
	if _, err := w.row(ctx, `SELECT coalesce(max(cursor), 0) FROM ledger`, nil, &end); err != nil {
		return 0, fmt.Errorf("append to the ledger: %w", err)
	}
	if end != base {
		return 0, fmt.Errorf("append to the ledger: worked out from %d, and it ends at %d: %w", base, end, store.ErrMoved)
	}
	// All is checked before anything is written: a batch may go on after a refusal.
	if err := w.checkChanges(ctx, changes); err != nil {
		return 0, err
	}
	rows := make([][]any, len(changes))
	for i, c := range changes {
		end++
		rows[i] = []any{int64(end), c.UID, c.Sequence, c.Kind, c.Cause, store.Stamp(c.At), string(c.Data), string(c.Doc)}
	}
	if err := w.many(ctx, `INSERT INTO ledger (`+ledgerColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, rows); err != nil {
		return 0, fmt.Errorf("append to the ledger: %w", err)
	}
	return end, nil
}

func (w *writer) checkChanges(ctx context.Context, changes []store.LedgerChange) error {
	uids := make([]string, len(changes))
	for i, c := range changes {
		if err := c.Check(); err != nil {
			return err
		}
		uids[i] = c.UID
	}
	last := map[string]int{}
	err := w.rows(ctx, `SELECT DISTINCT ON (uid) uid, sequence FROM ledger WHERE uid = ANY ($1) ORDER BY uid, cursor DESC`, []any{uids}, func(scan func(...any) error) error {
		var uid string
		var sequence int
		err := scan(&uid, &sequence)
		last[uid] = sequence
		return err
	})
	if err != nil {
		return fmt.Errorf("append to the ledger: %w", err)
	}
	for _, c := range changes {
		if before := last[c.UID]; c.Sequence < before {
			return fmt.Errorf("append to the ledger: the sequence of %s falls from %d to %d: %w", c.UID, before, c.Sequence, store.ErrInvalid)
		}
		last[c.UID] = c.Sequence
	}
	return nil
}

func (d *db) PutHook(ctx context.Context, h store.Hook) error {
	return d.batch(ctx, func(w *writer) error { return w.PutHook(ctx, h) })
}

func (w *writer) PutHook(ctx context.Context, h store.Hook) error {
	if h.ID == "" || h.URL == "" {
		return fmt.Errorf("put hook: no id or no address: %w", store.ErrInvalid)
	}
	_, err := w.exec(ctx, `INSERT INTO hooks (id, url, secret, query, cursor, failures, error, due, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (id) DO UPDATE SET url = excluded.url, secret = excluded.secret, query = excluded.query, cursor = excluded.cursor,
			failures = excluded.failures, error = excluded.error, due = excluded.due, at = excluded.at`,
		h.ID, store.Clean(h.URL), store.Clean(h.Secret), store.Clean(h.Query), int64(h.Cursor), h.Failures, store.Clean(h.Error), store.Stamp(h.Due), store.Stamp(h.At))
	if err != nil {
		return fmt.Errorf("put hook %s: %w", h.ID, err)
	}
	return nil
}

func (d *db) DeleteHook(ctx context.Context, id string) error {
	return d.batch(ctx, func(w *writer) error { return w.DeleteHook(ctx, id) })
}

func (w *writer) DeleteHook(ctx context.Context, id string) error {
	n, err := w.exec(ctx, `DELETE FROM hooks WHERE id = $1`, id)
	if err == nil && n == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("delete hook %s: %w", id, err)
	}
	return nil
}

// verifyLedger proves that the log has no gap, that no sequence falls, and that
// each change is JSON still.
func (d *db) verifyLedger(ctx context.Context) iter.Seq2[store.Problem, error] {
	return d.findings(ctx, `SELECT 'ledger', uid, message FROM (
			SELECT cursor, uid, CASE
				WHEN cursor <> row_number() OVER (ORDER BY cursor) THEN 'a change before this one is missing'
				WHEN sequence < lag(sequence, 1, 0) OVER (PARTITION BY uid ORDER BY cursor) THEN 'its sequence falls'
				WHEN data !~ '^\s*\{' THEN 'a change of it cannot be read' END AS message FROM ledger) AS checked
		WHERE message IS NOT NULL ORDER BY cursor LIMIT $1`, maxFindings)
}
