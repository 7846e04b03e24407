package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"tuogou/corpus"
	"tuogou/corpus/store"
)

func (d *db) Status(ctx context.Context) (store.Status, error) {
	s := store.Status{Rules: map[corpus.Hash]int{}, Frontier: map[store.TargetState]int{}}
	// One transaction, so that the numbers are those of one moment.
	tx, err := d.pool.BeginTx(ctx, pgx.TxOptions{AccessMode: pgx.ReadOnly, IsoLevel: pgx.RepeatableRead})
	if err != nil {
		return s, d.fail("status", err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }() // it only read
	for _, count := range []func(context.Context, pgx.Tx, *store.Status) error{countAll, countRules, countReasons, countFrontier} {
		if err := count(ctx, tx, &s); err != nil {
			return s, d.fail("status", err)
		}
	}
	return s, nil
}

func countAll(ctx context.Context, tx pgx.Tx, s *store.Status) error {
	return tx.QueryRow(ctx, `SELECT
		(SELECT count(*) FROM documents WHERE part_of = ''), (SELECT count(*) FROM documents WHERE part_of <> ''), (SELECT count(*) FROM captures),
		(SELECT count(*) FROM blobs), (SELECT coalesce(sum(size), 0)::bigint FROM blobs), (SELECT coalesce(sum(stored), 0)::bigint FROM blobs),
		(SELECT count(*) FROM records), (SELECT coalesce(max(rev), 0) FROM records),
		(SELECT count(*) FROM documents d LEFT JOIN records r ON r.doc = d.id WHERE d.part_of = '' AND (r.doc IS NULL OR r.made_from <> d.latest OR r.parts <> d.parts)),
		(SELECT count(*) FROM corrections), (SELECT count(DISTINCT uid) FROM ledger), (SELECT coalesce(max(cursor), 0) FROM ledger)`).Scan(
		&s.Documents, &s.Parts, &s.Captures, &s.Blobs, &s.Bytes, &s.Stored, &s.Records, &s.Revision, &s.Stale, &s.Corrections, &s.Obligations, &s.Ledger)
}

func countRules(ctx context.Context, tx pgx.Tx, s *store.Status) error {
	return each(ctx, tx, `SELECT rules, count(*) FROM records GROUP BY rules`, nil, func(scan func(...any) error) error {
		var (
			rules corpus.Hash
			n     int
		)
		err := scan(&rules, &n)
		s.Rules[rules] = n
		return err
	})
}

func countReasons(ctx context.Context, tx pgx.Tx, s *store.Status) error {
	return each(ctx, tx, `SELECT stage, outcome, reason, count(*) FROM (
			SELECT stage, outcome, reason FROM outcomes UNION ALL SELECT 'fetch', outcome, reason FROM frontier) AS ended
		WHERE outcome IN ('failed', 'skipped') GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`, nil, func(scan func(...any) error) error {
		var c store.ReasonCount
		err := scan(&c.Stage, &c.Outcome, &c.Reason, &c.Count)
		s.Reasons = append(s.Reasons, c)
		return err
	})
}

func countFrontier(ctx context.Context, tx pgx.Tx, s *store.Status) error {
	return each(ctx, tx, `SELECT state, count(*) FROM frontier GROUP BY state`, nil, func(scan func(...any) error) error {
		var (
			state store.TargetState
			n     int
		)
		err := scan(&state, &n)
		s.Frontier[state] = n
		return err
	})
}
