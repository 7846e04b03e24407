package postgres

import (
	"context"
	"fmt"
	"iter"

	"tuogou/corpus"
	"tuogou/corpus/store"
)

type outcomeKey struct{ stage, doc string }

func (d *db) Outcomes(ctx context.Context, f store.OutcomeFilter) iter.Seq2[store.StageOutcome, error] {
	const query = `SELECT stage, doc, outcome, reason, bytes, rules, at FROM outcomes
		WHERE (stage, doc) > ($1 COLLATE "C", $2 COLLATE "C") AND ($3::text = '' OR stage = $3) AND ($4::text = '' OR outcome = $4) ORDER BY stage, doc LIMIT $5`
	type row = item[outcomeKey, store.StageOutcome]
	return paged(outcomeKey{}, 0, documentPage, func(after outcomeKey, n int) (page []row, err error) {
		args := []any{after.stage, after.doc, string(f.Stage), string(f.Outcome), n}
		err = d.rows(ctx, query, args, func(scan func(...any) error) error {
			var (
				o  store.StageOutcome
				at string
			)
			err := scan(&o.Stage, &o.Doc, &o.Outcome, &o.Reason, &o.Bytes, &o.Rules, &at)
			if err != nil {
				return err
			}
			o.At, err = store.ParseStamp(at)
			page = append(page, row{key: outcomeKey{string(o.Stage), string(o.Doc)}, val: o})
			return err
		})
		return page, err
	})
}

func (d *db) PutOutcome(ctx context.Context, o store.StageOutcome) error {
	return d.batch(ctx, func(w *writer) error { return w.PutOutcome(ctx, o) })
}

func (w *writer) PutOutcome(ctx context.Context, o store.StageOutcome) error {
	if err := o.Check(); err != nil {
		return err
	}
	if err := w.putOutcome(ctx, o); err != nil {
		return fmt.Errorf("put outcome of %s: %w", o.Doc, err)
	}
	return nil
}

func (w *writer) putOutcome(ctx context.Context, o store.StageOutcome) error {
	if o.Outcome == corpus.Same {
		return nil
	}
	_, err := w.exec(ctx, `INSERT INTO outcomes (stage, doc, outcome, reason, bytes, rules, at, parts)
			VALUES ($1, $2, $3, $4, $5, $6, $7, coalesce((SELECT parts FROM documents WHERE id = $2::text), 0))
		ON CONFLICT (stage, doc) DO UPDATE SET outcome = excluded.outcome, reason = excluded.reason,
			bytes = excluded.bytes, rules = excluded.rules, at = excluded.at, parts = excluded.parts`,
		store.Clean(string(o.Stage)), store.Clean(string(o.Doc)), string(o.Outcome), store.Clean(o.Reason), string(o.Bytes), string(o.Rules), store.Stamp(o.At))
	return err
}
