package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"tuogou/corpus"
	"tuogou/corpus/store"
)

func (d *db) Status(ctx context.Context) (store.Status, error) {
	s := store.Status{Rules: map[corpus.Hash]int{}, Frontier: map[store.TargetState]int{}}
	// One transaction, so that the numbers are those of one moment.
	tx, err := d.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return s, d.fail("status", err)
	}
	defer tx.Rollback()
	for _, count := range []func(context.Context, *sql.Tx, *store.Status) error{countAll, countRules, countReasons, countFrontier} {
		if err := count(ctx, tx, &s); err != nil {
			return s, d.fail("status", err)
		}
	}
	return s, nil
}

func countAll(ctx context.Context, tx *sql.Tx, s *store.Status) error {
	return tx.QueryRowContext(ctx, `SELECT
		(SELECT count(*) FROM documents WHERE part_of = ''), (SELECT count(*) FROM documents WHERE part_of <> ''), (SELECT count(*) FROM captures),
		(SELECT count(*) FROM blobs), (SELECT coalesce(sum(size), 0) FROM blobs), (SELECT coalesce(sum(stored), 0) FROM blobs),
		(SELECT count(*) FROM records), (SELECT coalesce(max(rev), 0) FROM records),
		(SELECT count(*) FROM documents d LEFT JOIN records r ON r.doc = d.id WHERE d.part_of = '' AND (r.doc IS NULL OR r.made_from <> d.latest OR r.parts <> d.parts)),
		(SELECT count(*) FROM corrections), (SELECT count(DISTINCT uid) FROM ledger), (SELECT coalesce(max(cursor), 0) FROM ledger)`).Scan(
		&s.Documents, &s.Parts, &s.Captures, &s.Blobs, &s.Bytes, &s.Stored, &s.Records, &s.Revision, &s.Stale, &s.Corrections, &s.Obligations, &s.Ledger)
}

func countRules(ctx context.Context, tx *sql.Tx, s *store.Status) error {
	return txRows(ctx, tx, `SELECT rules, count(*) FROM records GROUP BY rules`, func(scan func(...any) error) error {
		var (
			rules corpus.Hash
			n     int
		)
		err := scan(&rules, &n)
		s.Rules[rules] = n
		return err
	})
}

func countReasons(ctx context.Context, tx *sql.Tx, s *store.Status) error {
	return txRows(ctx, tx, `SELECT stage, outcome, reason, count(*) FROM (
			SELECT stage, outcome, reason FROM outcomes UNION ALL SELECT 'fetch', outcome, reason FROM frontier)
		WHERE outcome IN ('failed', 'skipped') GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`, func(scan func(...any) error) error {
		var c store.ReasonCount
		err := scan(&c.Stage, &c.Outcome, &c.Reason, &c.Count)
		s.Reasons = append(s.Reasons, c)
		return err
	})
}

func countFrontier(ctx context.Context, tx *sql.Tx, s *store.Status) error {
	return txRows(ctx, tx, `SELECT state, count(*) FROM frontier GROUP BY state`, func(scan func(...any) error) error {
		var (
			state store.TargetState
			n     int
		)
		err := scan(&state, &n)
		s.Frontier[state] = n
		return err
	})
}

func txRows(ctx context.Context, tx *sql.Tx, query string, scan func(row func(...any) error) error) error {
	st, err := tx.PrepareContext(ctx, query)
	if err != nil {
		return fmt.Errorf("prepare: %w", err)
	}
	defer st.Close()
	return each(ctx, st, nil, scan)
}
