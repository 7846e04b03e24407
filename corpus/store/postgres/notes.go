package postgres

import (
	"context"
	"encoding/json"
	"fmt"

	"tuogou/corpus"
	"tuogou/corpus/store"
)

func (d *db) Corrections(ctx context.Context, id corpus.DocID) ([]store.Correction, error) {
	var all []store.Correction
	err := d.rows(ctx, `SELECT id, doc, action, field, anchor, was, want, note, by, bytes, at FROM corrections WHERE $1::text = '' OR doc = $1 ORDER BY at, id`,
		[]any{store.Clean(string(id))}, func(scan func(...any) error) error {
			var (
				c          store.Correction
				anchor, at string
			)
			err := scan(&c.ID, &c.Doc, &c.Action, &c.Field, &anchor, &c.Was, &c.Want, &c.Note, &c.By, &c.Bytes, &at)
			if err != nil {
				return err
			}
			if err := json.Unmarshal([]byte(anchor), &c.Anchor); err != nil {
				return fmt.Errorf("%s: its anchor: %w: %w", c.ID, err, store.ErrCorrupt)
			}
			c.At, err = store.ParseStamp(at)
			all = append(all, c)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("corrections of %s: %w", id, err)
	}
	return all, nil
}

func (d *db) Corrected(ctx context.Context) (n int, err error) {
	err = d.row(ctx, `SELECT count(*) FROM corrections`, nil, &n)
	return n, err
}

func (d *db) RuleSets(ctx context.Context) ([]store.RuleSet, error) {
	var all []store.RuleSet
	err := d.rows(ctx, `SELECT hash, name, data, at FROM rule_sets ORDER BY at, hash`, nil, func(scan func(...any) error) error {
		var (
			r  store.RuleSet
			at string
		)
		err := scan(&r.Hash, &r.Name, &r.Data, &at)
		if err != nil {
			return err
		}
		r.At, err = store.ParseStamp(at)
		all = append(all, r)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("rule sets: %w", err)
	}
	return all, nil
}

func (d *db) Meta(ctx context.Context, key string) (string, error) {
	var value string
	if err := d.row(ctx, `SELECT value FROM meta WHERE key = $1`, []any{store.Clean(key)}, &value); err != nil {
		return "", fmt.Errorf("meta %s: %w", key, err)
	}
	return value, nil
}

func (d *db) PutCorrection(ctx context.Context, c store.Correction) (string, error) {
	return alone(ctx, d, func(w *writer) (string, error) { return w.PutCorrection(ctx, c) })
}

func (w *writer) PutCorrection(ctx context.Context, c store.Correction) (string, error) {
	c, err := store.Identify(c)
	if err != nil {
		return "", err
	}
	anchor, err := json.Marshal(c.Anchor)
	if err != nil {
		return "", fmt.Errorf("put correction of %s: %w", c.Doc, err)
	}
	// Holding the document's row, it comes before or after a record that is put at the
	// same time, and in either case the later one's revision tells of both.
	doc := store.Clean(string(c.Doc))
	if _, err := w.row(ctx, `SELECT id FROM documents WHERE id = $1 FOR NO KEY UPDATE`, []any{doc}, &doc); err != nil {
		return "", fmt.Errorf("put correction of %s: %w", c.Doc, err)
	}
	n, err := w.exec(ctx, `INSERT INTO corrections (id, doc, action, field, anchor, was, want, note, by, bytes, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (id) DO NOTHING`,
		c.ID, string(c.Doc), string(c.Action), c.Field, string(anchor), c.Was, c.Want, c.Note, c.By, string(c.Bytes), store.Stamp(c.At))
	if err == nil && n > 0 {
		// To whoever follows the records (the index) a corrected one is a changed one.
		var known bool
		if known, err = w.row(ctx, `SELECT doc FROM records WHERE doc = $1`, []any{string(c.Doc)}, &doc); known {
			w.touch(doc)
		}
	}
	if err != nil {
		return "", fmt.Errorf("put correction of %s: %w", c.Doc, err)
	}
	return c.ID, nil
}

func (d *db) PutRules(ctx context.Context, r store.RuleSet) error {
	return d.batch(ctx, func(w *writer) error { return w.PutRules(ctx, r) })
}

func (w *writer) PutRules(ctx context.Context, r store.RuleSet) error {
	if r.Hash == "" {
		return fmt.Errorf("put rules: no hash: %w", store.ErrInvalid)
	}
	_, err := w.exec(ctx, `INSERT INTO rule_sets (hash, name, data, at) VALUES ($1, $2, $3, $4) ON CONFLICT (hash) DO NOTHING`,
		string(r.Hash), store.Clean(r.Name), string(r.Data), store.Stamp(r.At))
	if err != nil {
		return fmt.Errorf("put rules %s: %w", r.Hash, err)
	}
	return nil
}

func (d *db) PutMeta(ctx context.Context, key, value string) error {
	return d.batch(ctx, func(w *writer) error { return w.PutMeta(ctx, key, value) })
}

func (w *writer) PutMeta(ctx context.Context, key, value string) error {
	if key == "" {
		return fmt.Errorf("put meta: no key: %w", store.ErrInvalid)
	}
	_, err := w.exec(ctx, `INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value`, store.Clean(key), store.Clean(value))
	if err != nil {
		return fmt.Errorf("put meta %s: %w", key, err)
	}
	return nil
}
