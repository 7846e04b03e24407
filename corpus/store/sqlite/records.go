package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"time"

	"tuogou/corpus"
	"tuogou/corpus/store"
)

func (d *db) Record(ctx context.Context, id corpus.DocID) (*corpus.Record, error) {
	var sum, data string
	err := d.row(ctx, `SELECT r.sha256, coalesce(x.json, '') FROM records r LEFT JOIN record_data x USING (id) WHERE r.doc = ?`,
		[]any{string(id)}, &sum, &data)
	if err != nil {
		return nil, fmt.Errorf("record %s: %w", id, err)
	}
	return readRecord(id, sum, data)
}

// readRecord decodes a kept record that is what was put. Its quotes are left
// to Verify: the hash says already that nobody touched them.
func readRecord(id corpus.DocID, sum, data string) (*corpus.Record, error) {
	if string(corpus.HashBytes([]byte(data))) != sum {
		return nil, fmt.Errorf("record %s: changed since it was put: extract it again: %w", id, store.ErrCorrupt)
	}
	r, err := corpus.Decode([]byte(data))
	if err != nil {
		return nil, fmt.Errorf("record %s: %w: %w", id, err, store.ErrCorrupt)
	}
	return r, nil
}

func (d *db) RecordHash(ctx context.Context, id corpus.DocID) (h corpus.Hash, err error) {
	err = d.row(ctx, `SELECT coalesce((SELECT sha256 FROM records WHERE doc = ?), '')`, []any{string(id)}, &h)
	return h, err
}

func (d *db) Records(ctx context.Context, f store.Filter) iter.Seq2[*corpus.Record, error] {
	const query = `SELECT r.doc, r.sha256, coalesce(x.json, '')
		FROM records r JOIN documents d ON d.id = r.doc LEFT JOIN record_data x ON x.id = r.id
		WHERE` + filterWhere + `AND r.doc > ?7 ORDER BY r.doc LIMIT ?8`
	type row = item[corpus.DocID, *corpus.Record]
	return paged(f.After, f.Limit, recordPage, func(after corpus.DocID, n int) (page []row, err error) {
		err = d.rows(ctx, query, append(filterArgs(f), string(after), n), func(scan func(...any) error) error {
			var sum, data string
			it := row{}
			if err := scan(&it.key, &sum, &data); err != nil {
				return err
			}
			it.val, it.err = readRecord(it.key, sum, data)
			page = append(page, it)
			return nil
		})
		return page, err
	})
}

func (d *db) Stale(ctx context.Context, w store.Work) iter.Seq2[store.Document, error] {
	const query = `SELECT ` + documentColumns + documentTables + `
		LEFT JOIN outcomes o ON o.stage = 'extract' AND o.doc = d.id
		WHERE` + filterWhere + `AND d.id > ?7 AND d.part_of = ''
		AND (?11 OR r.doc IS NULL OR r.made_from <> d.latest OR r.parts <> d.parts OR r.rules <> ?9)
		AND (?10 OR ?11 OR o.doc IS NULL OR o.outcome NOT IN ('failed', 'skipped') OR o.bytes <> d.latest OR o.parts <> d.parts OR o.rules <> ?9)
		ORDER BY d.id LIMIT ?8`
	return d.documents(ctx, w.Filter, query, string(w.Rules), w.Retry, w.All)
}

func (d *db) Changed(ctx context.Context, after store.Revision) iter.Seq2[store.Change, error] {
	type row = item[store.Revision, store.Change]
	return paged(after, 0, documentPage, func(after store.Revision, n int) (page []row, err error) {
		err = d.rows(ctx, `SELECT doc, rev FROM records WHERE rev > ? ORDER BY rev LIMIT ?`, []any{int64(after), n}, func(scan func(...any) error) error {
			var c store.Change
			err := scan(&c.Doc, &c.Revision)
			page = append(page, row{key: c.Revision, val: c})
			return err
		})
		return page, err
	})
}

func (d *db) Revision(ctx context.Context) (r store.Revision, err error) {
	err = d.row(ctx, `SELECT coalesce(max(rev), 0) FROM records`, nil, &r)
	return r, err
}

func (d *db) PutRecord(ctx context.Context, r *corpus.Record, at time.Time) (corpus.Outcome, error) {
	return d.encodeAndPut(ctx, r, func(w *writer, data []byte) (corpus.Outcome, error) { return w.putRecord(ctx, nil, r, data, at) })
}

func (d *db) ReviseRecord(ctx context.Context, was corpus.Hash, r *corpus.Record, at time.Time) (corpus.Outcome, error) {
	return d.encodeAndPut(ctx, r, func(w *writer, data []byte) (corpus.Outcome, error) { return w.putRecord(ctx, &was, r, data, at) })
}

// encodeAndPut encodes before the transaction, which costs far more than writing.
func (d *db) encodeAndPut(ctx context.Context, r *corpus.Record, put func(*writer, []byte) (corpus.Outcome, error)) (corpus.Outcome, error) {
	data, err := store.EncodeRecord(r)
	if err != nil {
		return "", err
	}
	return alone(ctx, d, func(w *writer) (corpus.Outcome, error) { return put(w, data) })
}

func (w *writer) PutRecord(ctx context.Context, r *corpus.Record, at time.Time) (corpus.Outcome, error) {
	data, err := store.EncodeRecord(r)
	if err != nil {
		return "", err
	}
	return w.putRecord(ctx, nil, r, data, at)
}

func (w *writer) ReviseRecord(ctx context.Context, was corpus.Hash, r *corpus.Record, at time.Time) (corpus.Outcome, error) {
	data, err := store.EncodeRecord(r)
	if err != nil {
		return "", err
	}
	return w.putRecord(ctx, &was, r, data, at)
}

// putRecord puts a record, in the place of the one that was where that is said.
func (w *writer) putRecord(ctx context.Context, was *corpus.Hash, r *corpus.Record, data []byte, at time.Time) (out corpus.Outcome, err error) {
	defer func() {
		if err != nil {
			out, err = "", fmt.Errorf("put record %s: %w", r.ID, err)
		}
	}()
	var one int
	known, err := w.row(ctx, `SELECT 1 FROM captures WHERE doc = ? AND sha256 = ? LIMIT 1`, []any{string(r.ID), string(r.Source.SHA256)}, &one)
	switch {
	case err != nil:
		return "", err
	case !known:
		return "", fmt.Errorf("no capture of it has the bytes %s: %w", r.Source.SHA256, store.ErrNotFound)
	}
	if out, err = w.replaceRecord(ctx, was, r, data); err != nil || out == corpus.Skipped {
		return out, err
	}
	if _, err := w.exec(ctx, `UPDATE records SET parts = (SELECT parts FROM documents WHERE id = doc) WHERE doc = ?`, string(r.ID)); err != nil {
		return "", err
	}
	return out, w.putOutcome(ctx, store.StageOutcome{
		Stage: store.StageExtract, Doc: r.ID, Outcome: corpus.Done, Bytes: r.Source.SHA256, Rules: r.Rules, At: at,
	})
}

func (w *writer) replaceRecord(ctx context.Context, was *corpus.Hash, r *corpus.Record, data []byte) (corpus.Outcome, error) {
	var (
		sum  string
		kept sql.NullString
	)
	hash := string(corpus.HashBytes(data))
	_, err := w.row(ctx, `SELECT r.sha256, x.json FROM records r LEFT JOIN record_data x USING (id) WHERE r.doc = ?`, []any{string(r.ID)}, &sum, &kept)
	if err != nil {
		return "", err
	}
	if was != nil && sum != string(*was) {
		return corpus.Skipped, nil
	}
	// Both are compared, so that a record edited by hand is mended.
	if sum == hash && kept.Valid && kept.String == string(data) {
		return corpus.Same, nil
	}
	var id int64
	_, err = w.row(ctx, `INSERT INTO records (doc, rev, made_from, rules, kind, generation, on_topic, jurisdiction, sha256)
		VALUES (?, (SELECT coalesce(max(rev), 0) + 1 FROM records), ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (doc) DO UPDATE SET rev = excluded.rev, made_from = excluded.made_from, rules = excluded.rules, kind = excluded.kind,
			generation = excluded.generation, on_topic = excluded.on_topic, jurisdiction = excluded.jurisdiction, sha256 = excluded.sha256
		RETURNING id`,
		[]any{string(r.ID), string(r.Source.SHA256), string(r.Rules), string(r.Kind), string(r.Generation), r.OnTopic, r.Jurisdiction.Code, hash}, &id)
	if err != nil {
		return "", err
	}
	_, err = w.exec(ctx, `INSERT INTO record_data (id, json) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET json = excluded.json`, id, string(data))
	return corpus.Done, err
}
