package postgres

import (
	"fmt"
	"testing"
	"testing/fstest"

	"github.com/jackc/pgx/v5/pgxpool"

	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/corpus/store/postgres/pgtest"
	"tuogou/corpus/store/storetest"
)

// A database that any version left opens, with all that it held, and proves itself.
func TestUpgradeFromEveryVersion(t *testing.T) {
	steps, err := readSteps(migrations)
	if err != nil {
		t.Fatal(err)
	}
	for last := 1; last <= len(steps); last++ {
		t.Run(fmt.Sprint("version ", last), func(t *testing.T) {
			address, ctx := pgtest.Address(t), t.Context()
			conf, err := pgxpool.ParseConfig(address)
			if err != nil {
				t.Fatal(err)
			}
			old := &db{}
			old.configure(conf, store.Options{})
			if old.pool, err = pgxpool.NewWithConfig(ctx, conf); err != nil {
				t.Fatal(err)
			}
			files := fstest.MapFS{}
			for i, sql := range steps[:last] {
				files[fmt.Sprintf("migrations/%04d_x.sql", i+1)] = &fstest.MapFile{Data: []byte(sql)}
			}
			if err := old.migrate(ctx, files); err != nil {
				t.Fatal(err)
			}
			body := "行业协会商会脱钩"
			h := corpus.HashBytes([]byte(body))
			for _, c := range []struct {
				sql  string
				args []any
			}{
				{`INSERT INTO blobs (hash, size, stored, coding) VALUES ($1, $2, $2, 'raw')`, []any{string(h), len(body)}},
				{`INSERT INTO blob_data (id, data) SELECT id, $1 FROM blobs`, []any{[]byte(body)}},
				{`INSERT INTO documents (id, host, seen, captures, latest) VALUES ('u1', 'www.example.test', '', 1, $1)`, []any{string(h)}},
				{`INSERT INTO captures VALUES ('u1', 1, 'http://www.example.test/1', '', '', '', 200, 'text/plain', $1, $2, '', '', '', '')`, []any{string(h), len(body)}},
				{`INSERT INTO corrections VALUES ('c1', 'u1', 'fix', '/kind', '{}', '"plan"', '"notice"', '', 'wang', '', '2026-01-01T00:00:00.000000000Z')`, nil},
				{`INSERT INTO meta VALUES ('k', 'v')`, nil},
				{`INSERT INTO ledger (cursor, uid, sequence, kind, cause, at, data) VALUES (1, 'o1', 0, 'new', 'page', '2026-01-01T00:00:00.000000000Z', $1)`,
					[]any{`{"uid":"o1","obligation":{"uid":"o1","sources":[{"document":{"id":"u1"}}]}}`}},
				{`UPDATE counters SET n = 1 WHERE name = 'ledger'`, nil},
			} {
				if _, err := old.pool.Exec(ctx, c.sql, c.args...); err != nil {
					t.Fatalf("%s: %v", c.sql, err)
				}
			}
			old.pool.Close()

			d := opened(t, address, store.Options{})
			defer d.Close()
			for p, err := range d.Verify(ctx) {
				t.Errorf("problem %+v, %v", p, err)
			}
			if data, err := d.Blob(ctx, h); err != nil || string(data) != body {
				t.Errorf("blob %q, %v", data, err)
			}
			if c, err := d.Latest(ctx, "u1"); err != nil || c.SHA256 != h {
				t.Errorf("capture %+v, %v", c, err)
			}
			if cs, err := d.Corrections(ctx, "u1"); err != nil || len(cs) != 1 || cs[0].By != "wang" {
				t.Errorf("corrections %+v, %v", cs, err)
			}
			if v, err := d.Meta(ctx, "k"); err != nil || v != "v" {
				t.Errorf("meta %q, %v", v, err)
			}
			if last < 2 { // from step 2 on who writes puts the document beside the change; before, the upgrade does
				if list, err := d.ObligationsOf(ctx, "u1"); err != nil || len(list) != 1 || list[0].UID != "o1" {
					t.Errorf("obligations %+v, %v", list, err)
				}
			}
			storetest.PutRecord(t, d, storetest.PutPage(t, d, 1, 1), storetest.Rules(1)) // and is written to
		})
	}
}
