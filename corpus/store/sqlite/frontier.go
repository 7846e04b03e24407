package sqlite

import (
	"context"
	"fmt"
	"strings"
	"time"

	"tuogou/corpus/store"
)

const queuedColumns = `url, host, source, kind, depth, priority, due, parent, title, number, listed,
	round, work, state, attempts, outcome, reason, visited, etag, last_modified`

// unclaim makes claimed targets pending again.
const unclaim = `UPDATE frontier SET state = 'pending' WHERE state = 'claimed'`

func scanQueued(row func(...any) error, more ...any) (q store.Queued, err error) {
	var due, visited string
	v := &q.Last
	err = row(append([]any{&q.URL, &q.Host, &q.Source, &q.Kind, &q.Depth, &q.Priority, &due, &q.Parent, &q.Title, &q.Number, &q.Listed,
		&q.Round, &q.Work, &q.State, &q.Attempts, &v.Outcome, &v.Reason, &visited, &v.ETag, &v.LastModified}, more...)...)
	if err != nil {
		return q, err
	}
	if q.Due, err = store.ParseStamp(due); err != nil {
		return q, err
	}
	if visited != "" {
		v.URL = q.URL
	}
	v.At, err = store.ParseStamp(visited)
	return q, err
}

func (d *db) Hosts(ctx context.Context) ([]store.HostQueue, error) {
	var all []store.HostQueue
	err := d.rows(ctx, `SELECT host, source, sum(state = 'pending'), sum(state = 'claimed'), coalesce(min(CASE state WHEN 'pending' THEN due END), '')
		FROM frontier WHERE state IN ('pending', 'claimed') GROUP BY host, source ORDER BY host, source`, nil, func(scan func(...any) error) error {
		var (
			h   store.HostQueue
			due string
		)
		err := scan(&h.Host, &h.Source, &h.Pending, &h.Claimed, &due)
		if err != nil {
			return err
		}
		h.Due, err = store.ParseStamp(due)
		all = append(all, h)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("hosts: %w", err)
	}
	return all, nil
}

func (d *db) Target(ctx context.Context, url string) (q store.Queued, err error) {
	found := false
	err = d.rows(ctx, `SELECT `+queuedColumns+` FROM frontier WHERE url = ?`, []any{store.Clean(url)}, func(scan func(...any) error) (err error) {
		found = true
		q, err = scanQueued(scan)
		return err
	})
	if err == nil && !found {
		err = store.ErrNotFound
	}
	if err != nil {
		return store.Queued{}, fmt.Errorf("target %s: %w", url, err)
	}
	return q, nil
}

func (d *db) SourceState(ctx context.Context, source string) ([]byte, error) {
	var state []byte
	err := d.row(ctx, `SELECT state FROM source_states WHERE source = ?`, []any{store.Clean(source)}, &state)
	if err != nil {
		return nil, fmt.Errorf("state of source %s: %w", source, err)
	}
	return state, nil
}

func (d *db) AddTargets(ctx context.Context, at time.Time, ts []store.Target) (int, error) {
	return alone(ctx, d, func(w *writer) (int, error) { return w.AddTargets(ctx, at, ts) })
}

func (w *writer) AddTargets(ctx context.Context, at time.Time, ts []store.Target) (int, error) {
	// All are checked before the first is written, for a refused put changes
	// nothing.
	clean := make([]store.Target, 0, len(ts))
	for _, t := range ts {
		t, err := store.FillTarget(t)
		if err != nil {
			return 0, err
		}
		clean = append(clean, t)
	}
	added := 0
	for _, t := range clean {
		n, err := w.exec(ctx, `INSERT INTO frontier (url, host, source, kind, depth, priority, due, parent, title, number, listed, added, round, work, state)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending')
			ON CONFLICT (url) DO UPDATE SET state = 'pending', attempts = 0, due = excluded.due, depth = excluded.depth, priority = excluded.priority,
				source = excluded.source, kind = excluded.kind, parent = excluded.parent, title = excluded.title, number = excluded.number, listed = excluded.listed,
				round = excluded.round, work = excluded.work
			WHERE frontier.round < excluded.round`,
			t.URL, t.Host, t.Source, t.Kind, t.Depth, t.Priority, store.Stamp(t.Due), t.Parent, t.Title, t.Number, t.Listed, store.Stamp(at), t.Round, t.Work)
		if err != nil {
			return 0, fmt.Errorf("add target %s: %w", t.URL, err)
		}
		added += n
	}
	return added, nil
}

func (d *db) Claim(ctx context.Context, q store.Claim) ([]store.Queued, error) {
	return alone(ctx, d, func(w *writer) ([]store.Queued, error) { return w.Claim(ctx, q) })
}

func (w *writer) Claim(ctx context.Context, q store.Claim) ([]store.Queued, error) {
	const order = ` ORDER BY priority DESC, due, id LIMIT ?`
	query := `SELECT ` + queuedColumns + `, id FROM frontier WHERE state = 'pending' AND due <= ?`
	args := []any{store.Stamp(q.Now)}
	if q.Host != "" {
		query += ` AND host = ?`
		args = append(args, q.Host)
	}
	if len(q.Sources) > 0 {
		query += ` AND source IN (?` + strings.Repeat(`, ?`, len(q.Sources)-1) + `)`
		for _, s := range q.Sources {
			args = append(args, store.Clean(s))
		}
	}
	var (
		all []store.Queued
		ids []int64
	)
	err := w.rows(ctx, query+order, append(args, max(1, q.Limit)), func(scan func(...any) error) error {
		var id int64
		t, err := scanQueued(scan, &id)
		t.State, t.Attempts = store.Claimed, t.Attempts+1
		all, ids = append(all, t), append(ids, id)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("claim targets: %w", err)
	}
	for _, id := range ids {
		if _, err := w.exec(ctx, `UPDATE frontier SET state = 'claimed', attempts = attempts + 1 WHERE id = ?`, id); err != nil {
			return nil, fmt.Errorf("claim targets: %w", err)
		}
	}
	return all, nil
}

func (d *db) Finish(ctx context.Context, v store.Visit) error {
	return d.batch(ctx, func(w *writer) error { return w.Finish(ctx, v) })
}

func (w *writer) Finish(ctx context.Context, v store.Visit) error {
	if err := v.Check(); err != nil {
		return err
	}
	state := store.Finished
	if !v.Again.IsZero() {
		state = store.Pending
	}
	n, err := w.exec(ctx, `UPDATE frontier SET state = ?1, due = ?2, outcome = ?3, reason = ?4, visited = ?5,
		attempts = CASE WHEN ?3 IN ('done', 'same') THEN 0 ELSE attempts END,
		etag = CASE WHEN ?3 = 'done' OR ?3 = 'same' AND ?6 <> '' THEN ?6 ELSE etag END,
		last_modified = CASE WHEN ?3 = 'done' OR ?3 = 'same' AND ?7 <> '' THEN ?7 ELSE last_modified END
		WHERE url = ?8`,
		string(state), store.Stamp(v.Again), string(v.Outcome), store.Clean(v.Reason), store.Stamp(v.At),
		store.Clean(v.ETag), store.Clean(v.LastModified), store.Clean(v.URL))
	if err == nil && n == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("finish %s: %w", v.URL, err)
	}
	return nil
}

func (d *db) Release(ctx context.Context, sources ...string) (int, error) {
	return alone(ctx, d, func(w *writer) (int, error) { return w.Release(ctx, sources...) })
}

func (w *writer) Release(ctx context.Context, sources ...string) (int, error) {
	total := 0
	for _, s := range sources {
		n, err := w.exec(ctx, `UPDATE frontier SET state = 'pending' WHERE state = 'claimed' AND source = ?`, store.Clean(s))
		if err != nil {
			return total, fmt.Errorf("release targets of %s: %w", s, err)
		}
		total += n
	}
	return total, nil
}

func (d *db) Requeue(ctx context.Context, q store.Requeue) (int, error) {
	return alone(ctx, d, func(w *writer) (int, error) { return w.Requeue(ctx, q) })
}

func (w *writer) Requeue(ctx context.Context, q store.Requeue) (int, error) {
	n, err := w.exec(ctx, `UPDATE frontier SET state = 'pending', due = '', attempts = 0, round = CASE WHEN ?6 > 0 THEN ?6 ELSE round END WHERE state = 'finished'
		AND (?1 = '' OR url = ?1) AND (?2 = '' OR source = ?2) AND (?3 = '' OR kind = ?3) AND (?4 = '' OR outcome = ?4) AND (?5 = '' OR visited < ?5) AND (?6 = 0 OR round < ?6)`,
		store.Clean(q.URL), q.Source, q.Kind, string(q.Outcome), store.Stamp(q.Before), q.Round)
	if err != nil {
		return 0, fmt.Errorf("requeue targets: %w", err)
	}
	return n, nil
}

func (d *db) PutSourceState(ctx context.Context, source string, state []byte) error {
	return d.batch(ctx, func(w *writer) error { return w.PutSourceState(ctx, source, state) })
}

func (w *writer) PutSourceState(ctx context.Context, source string, state []byte) error {
	if state == nil {
		state = []byte{} // the driver keeps nil as NULL
	}
	_, err := w.exec(ctx, `INSERT INTO source_states (source, state) VALUES (?, ?) ON CONFLICT (source) DO UPDATE SET state = excluded.state`, store.Clean(source), state)
	if err != nil {
		return fmt.Errorf("put state of source %s: %w", source, err)
	}
	return nil
}
