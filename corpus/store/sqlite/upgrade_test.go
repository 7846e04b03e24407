package sqlite

import (
	"fmt"
	"io/fs"
	"testing"
	"testing/fstest"

	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/corpus/store/storetest"
)

// A folder that any released version left opens, with all that it held, and proves
// itself.
func TestUpgradeFromEveryVersion(t *testing.T) {
	all, err := readSteps(migrations)
	if err != nil {
		t.Fatal(err)
	}
	for last := 1; last <= len(all); last++ {
		t.Run(fmt.Sprint("version ", last), func(t *testing.T) {
			old := fstest.MapFS{}
			for i, s := range all[:last] {
				old[fmt.Sprintf("migrations/%04d_x.sql", i+1)] = &fstest.MapFile{Data: []byte(s.sql), Mode: fs.ModePerm}
			}
			dir := newFolder(t).dir
			d, err := open(t.Context(), dir, store.Options{}, old)
			if err != nil {
				t.Fatal(err)
			}
			body := []byte("行业协会商会脱钩")
			h := corpus.HashBytes(body)
			sqlExec(t, d, `INSERT INTO blobs (id, hash, size, stored, coding) VALUES (1, ?, ?, ?, 'raw')`, string(h), len(body), len(body))
			sqlExec(t, d, `INSERT INTO blob_data (id, data) VALUES (1, ?)`, body)
			sqlExec(t, d, `INSERT INTO documents (id, host, seen, captures, latest) VALUES ('u1', 'www.example.test', '', 1, ?)`, string(h))
			sqlExec(t, d, `INSERT INTO captures (doc, seq, url, final, path, fetched, status, type, sha256, size, title, number, listed, parent)
				VALUES ('u1', 1, 'http://www.example.test/1', '', '', '', 200, 'text/plain', ?, ?, '', '', '', '')`, string(h), len(body))
			// Its name is the hash of {"ID":"","Doc":"u1",…,"At":"2026-01-01T00:00:00Z"}, as versions before 4 made it.
			sqlExec(t, d, `INSERT INTO corrections (id, doc, field, was, want, note, by, bytes, at)
				VALUES ('c56949231d62812f1', 'u1', '/kind', '"plan"', '"notice"', '', 'wang', '', '2026-01-01T00:00:00.000000000Z')`)
			if last >= 3 {
				sqlExec(t, d, `INSERT INTO ledger (cursor, uid, sequence, kind, cause, at, data) VALUES (1, 'o1', 0, 'new', 'page', '2026-01-01T00:00:00.000000000Z',
					'{"uid":"o1","obligation":{"uid":"o1","sources":[{"document":{"id":"u1"}}]}}')`)
			}
			sqlExec(t, d, `INSERT INTO meta (key, value) VALUES ('k', 'v')`)
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
			d = opened(t, dir)
			if got := problems(t, d); len(got) != 0 {
				t.Errorf("problems %+v", got)
			}
			if c, err := d.Latest(t.Context(), "u1"); err != nil || c.SHA256 != h {
				t.Errorf("capture %+v, %v", c, err)
			}
			if data, err := d.Blob(t.Context(), h); err != nil || string(data) != string(body) {
				t.Errorf("blob %q, %v", data, err)
			}
			cs, err := d.Corrections(t.Context(), "u1")
			if err != nil || len(cs) != 1 || cs[0].By != "wang" || last < 4 && cs[0].Action != corpus.ReviewFix {
				t.Errorf("corrections %+v, %v", cs, err)
			}
			if len(cs) == 1 && last < 4 {
				if !store.Named(cs[0]) {
					t.Errorf("the correction %s is not known by its name any more", cs[0].ID)
				}
				if cs[0].Want = `"news"`; store.Named(cs[0]) {
					t.Error("a correction with another value has the same name")
				}
			}
			if last == 3 || last == 4 { // the upgrade writes the document beside the change
				if list, err := d.ObligationsOf(t.Context(), "u1"); err != nil || len(list) != 1 || list[0].UID != "o1" {
					t.Errorf("obligations %+v, %v", list, err)
				}
			}
			if v, err := d.Meta(t.Context(), "k"); err != nil || v != "v" {
				t.Errorf("meta %q, %v", v, err)
			}
			storetest.PutRecord(t, d, storetest.PutPage(t, d, 1, 1), storetest.Rules(1)) // and is written to
		})
	}
}

// A backup of a folder that somebody writes to is whole.
func TestBackupBesideAWriter(t *testing.T) {
	d := opened(t, newFolder(t).dir)
	page := storetest.PutPage(t, d, 1, 1)
	dest := t.TempDir()
	if err := Backup(t.Context(), d.dir, dest); err != nil {
		t.Fatal(err)
	}
	later := storetest.PutPage(t, d, 2, 1)
	copied := opened(t, dest)
	if _, err := copied.Blob(t.Context(), page.SHA256); err != nil {
		t.Error(err)
	}
	if _, err := copied.Blob(t.Context(), later.SHA256); err == nil {
		t.Error("the copy follows the store")
	}
	if got := problems(t, copied); len(got) != 0 {
		t.Errorf("problems %+v", got)
	}
	if err := Backup(t.Context(), d.dir, dest); err == nil {
		t.Error("an old backup was written over")
	}
}
