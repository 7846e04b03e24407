package sqlite

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/corpus/store/storetest"
)

func opened(t testing.TB, dir string) *db {
	t.Helper()
	d, err := open(t.Context(), dir, store.Options{}, migrations)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// sqlExec changes the database behind the store's back.
func sqlExec(t *testing.T, d *db, query string, args ...any) {
	t.Helper()
	if _, err := d.conn.ExecContext(t.Context(), query, args...); err != nil {
		t.Fatal(err)
	}
}

func problems(t *testing.T, d *db) (out []store.Problem) {
	t.Helper()
	for p, err := range d.Verify(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, p)
	}
	return out
}

func TestVerifyNamesWhatIsDamaged(t *testing.T) {
	for _, c := range []struct {
		reason, sql string
		id          string
		message     string
	}{
		{"a blob cut short", `UPDATE blob_data SET data = substr(data, 1, 20) WHERE id = 1`, store.ProblemBlob, "damaged"},
		{"a blob's data gone", `DELETE FROM blob_data WHERE id = 1`, store.ProblemBlob, "damaged"},
		{"a blob with another one's data", `UPDATE blob_data SET data = (SELECT data FROM blob_data WHERE id = 2) WHERE id = 1`, store.ProblemBlob, "hash"},
		{"an absurd size", `UPDATE blobs SET size = 1 << 40 WHERE id = 1`, store.ProblemBlob, "size"},
		{"a record edited in its title", `UPDATE record_data SET json = replace(json, '实施方案"', '假方案"') WHERE id = 1`, store.ProblemRecord, "changed since"},
		{"a record edited together with its hash", `UPDATE records SET sha256 = '` + sumOfEmptyObject + `'; UPDATE record_data SET json = '{}'`, store.ProblemRecord, "in the place of"},
		{"a record without its data", `DELETE FROM record_data`, store.ProblemRecord, "changed since"},
		{"a record listed as another kind", `UPDATE records SET kind = 'news'`, store.ProblemRecord, "listed under"},
		{"a record made from other bytes", `UPDATE records SET made_from = 'x'`, store.ProblemRecord, "no capture"},
		{"a capture whose blob is gone", `DELETE FROM blob_data WHERE id = 2; DELETE FROM blobs WHERE id = 2`, store.ProblemCapture, "missing"},
		{"a capture of another size", `UPDATE captures SET size = 1 WHERE seq = 2`, store.ProblemCapture, "size"},
		{"a latest capture gone", `DELETE FROM captures WHERE seq = 2`, store.ProblemCapture, "not there"},
		{"an index that lost a row", `PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'corrections_by_doc') WHERE name = 'frontier_by_host'`, store.ProblemDatabase, ""},
	} {
		t.Run(c.reason, func(t *testing.T) {
			d := opened(t, newFolder(t).dir)
			page := storetest.PutPage(t, d, 1, 1)
			storetest.PutRecord(t, d, page, storetest.Rules(1))
			storetest.PutPage(t, d, 1, 2)
			sqlExec(t, d, `PRAGMA foreign_keys = OFF`)
			sqlExec(t, d, c.sql)
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
			d = opened(t, d.dir)
			found := problems(t, d)
			for _, p := range found {
				if p.ID == c.id && strings.Contains(p.Message, c.message) && (p.Subject != "") == (p.ID != store.ProblemDatabase) {
					return
				}
			}
			t.Errorf("found %+v, want a problem %s with %q", found, c.id, c.message)
		})
	}
}

// sumOfEmptyObject is the SHA-256 of "{}".
const sumOfEmptyObject = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"

func TestVerifyFindsAFlippedByteInTheFile(t *testing.T) {
	d := opened(t, newFolder(t).dir)
	mark := bytes.Repeat([]byte{0xfa, 0x17, 0x99, 0x03}, 8) // does not compress: stands raw in the file
	h, err := d.PutBlob(t.Context(), mark[:5])
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(d.dir, fileName)
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(data, mark[:5])
	if at < 0 {
		t.Fatal("the blob does not stand raw in the file")
	}
	data[at+2] ^= 1
	if err := os.WriteFile(file, data, 0o644); err != nil {
		t.Fatal(err)
	}
	d = opened(t, d.dir)
	if _, err := d.Blob(t.Context(), h); !errors.Is(err, store.ErrCorrupt) {
		t.Errorf("reading it: %v, want ErrCorrupt", err)
	}
	got := problems(t, d)
	if len(got) != 1 || got[0].ID != store.ProblemBlob || got[0].Subject != string(h) {
		t.Errorf("problems %+v, want the one blob %s", got, h)
	}
}

func TestPuttingAgainMends(t *testing.T) {
	d := opened(t, newFolder(t).dir)
	page := storetest.PutPage(t, d, 1, 1)
	storetest.PutRecord(t, d, page, storetest.Rules(1))
	for _, damage := range []string{
		`UPDATE blob_data SET data = x'00'`,
		`DELETE FROM blob_data`,
		`UPDATE record_data SET json = replace(json, '方案', '假案')`,
		`DELETE FROM record_data`,
	} {
		sqlExec(t, d, damage)
		if len(problems(t, d)) == 0 {
			t.Errorf("%s: not found", damage)
		}
		for r, err := range d.Records(t.Context(), store.Filter{}) {
			if err != nil && !errors.Is(err, store.ErrCorrupt) {
				t.Errorf("%s: records: %v %v", damage, r, err)
			}
		}
		storetest.PutPage(t, d, 1, 1)
		storetest.PutRecord(t, d, page, storetest.Rules(1))
		if got := problems(t, d); len(got) != 0 {
			t.Errorf("%s: after putting again: %+v", damage, got)
		}
	}
}

func TestOneDamagedRecordDoesNotEndTheRun(t *testing.T) {
	d := opened(t, newFolder(t).dir)
	for n := range 5 {
		storetest.PutRecord(t, d, storetest.PutPage(t, d, n, 1), storetest.Rules(1))
	}
	sqlExec(t, d, `UPDATE record_data SET json = '{' WHERE id = 3`)
	good, bad := 0, 0
	for _, err := range d.Records(t.Context(), store.Filter{}) {
		switch {
		case err == nil:
			good++
		case errors.Is(err, store.ErrCorrupt):
			bad++
		default:
			t.Fatal(err)
		}
	}
	if good != 4 || bad != 1 {
		t.Errorf("%d good and %d damaged, want 4 and 1", good, bad)
	}
}

func TestFullDisk(t *testing.T) {
	d := opened(t, newFolder(t).dir)
	page := storetest.PutPage(t, d, 1, 1)
	sqlExec(t, d, `PRAGMA max_page_count = 40`) // as a full disk: the file cannot grow
	huge := make([]byte, 1<<20)                 // of what does not compress
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range huge {
		huge[i] = byte(rng.Uint32())
	}
	err := d.Batch(t.Context(), func(w store.Writer) error {
		if _, err := w.PutBlob(t.Context(), []byte("small")); err != nil {
			return err
		}
		_, _ = w.PutBlob(t.Context(), huge) // an error left alone does not make half a batch
		return nil
	})
	if !errors.Is(err, store.ErrFull) || !strings.Contains(err.Error(), d.dir) || !strings.Contains(err.Error(), "free some space") {
		t.Errorf("error %v, want ErrFull with the folder and what to do", err)
	}
	if _, err := d.Blob(t.Context(), corpus.HashBytes([]byte("small"))); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("half a batch was kept: %v", err)
	}
	if _, err := d.Blob(t.Context(), page.SHA256); err != nil {
		t.Error(err)
	}
	sqlExec(t, d, `PRAGMA max_page_count = 1000000`)
	if _, err := d.PutBlob(t.Context(), huge); err != nil {
		t.Errorf("with space again: %v", err)
	}
}

func TestMigration(t *testing.T) {
	ctx := t.Context()
	one := fstest.MapFS{"migrations/0001_a.sql": {Data: []byte("CREATE TABLE a (x TEXT) STRICT; INSERT INTO a VALUES ('kept');" +
		"CREATE TABLE frontier (state TEXT);")}}
	two := fstest.MapFS{"migrations/0001_a.sql": one["migrations/0001_a.sql"],
		"migrations/0002_b.sql": {Data: []byte("CREATE TABLE b (x TEXT) STRICT; INSERT INTO b SELECT x FROM a;")}}
	torn := fstest.MapFS{"migrations/0001_a.sql": one["migrations/0001_a.sql"],
		"migrations/0002_b.sql": {Data: []byte("CREATE TABLE b (x TEXT); INSERT INTO nowhere VALUES (1);")}}
	f := newFolder(t)
	step := func(steps fstest.MapFS, opts store.Options) error {
		d, err := open(ctx, f.dir, opts, steps)
		if err == nil {
			err = d.Close()
		}
		return err
	}
	ro := store.Options{ReadOnly: true}
	for _, c := range []struct {
		reason string
		steps  fstest.MapFS
		opts   store.Options
		want   error // nil is none
		says   string
	}{
		{"nothing there to read", one, ro, store.ErrNotFound, "add or crawl"},
		{"from nothing", one, store.Options{}, nil, ""},
		{"again, nothing to do", one, store.Options{}, nil, ""},
		{"too old to read only", two, ro, store.ErrReadOnly, "open it once for writing"},
		{"a step that fails changes nothing", torn, store.Options{}, errAny, "migration 2"},
		{"a step forward", two, store.Options{}, nil, ""},
		{"read only", two, ro, nil, ""},
		{"too new", one, store.Options{}, store.ErrNewer, "use the newer tuogou"},
		{"too new to read only", one, ro, store.ErrNewer, "use the newer tuogou"},
	} {
		err := step(c.steps, c.opts)
		switch {
		case c.want == nil && err != nil, c.want == errAny && err == nil,
			c.want != nil && c.want != errAny && !errors.Is(err, c.want):
			t.Errorf("%s: error %v, want %v", c.reason, err, c.want)
		case err != nil && !strings.Contains(err.Error(), c.says):
			t.Errorf("%s: error %q does not say %q", c.reason, err, c.says)
		}
	}
	d, err := open(ctx, f.dir, store.Options{}, two)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	var x string
	if err := d.row(ctx, `SELECT x FROM b`, nil, &x); err != nil || x != "kept" {
		t.Errorf("what was there before the step: %q, %v", x, err)
	}
}

var errAny = errors.New("any error")

func TestVersionZeroBecomesAStore(t *testing.T) {
	f := newFolder(t)
	if err := os.MkdirAll(f.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(f.dir, fileName), nil, 0o644); err != nil { // killed before the first step
		t.Fatal(err)
	}
	s := f.Open(t, store.Options{})
	defer s.Close()
	storetest.PutPage(t, s, 1, 1)
}

func TestBadFolders(t *testing.T) {
	write := func(t *testing.T, data string, elem ...string) {
		t.Helper()
		path := filepath.Join(elem...)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		reason string
		make   func(t *testing.T, dir string)
		want   error
		says   string
	}{
		{"a file in its place", func(t *testing.T, dir string) { write(t, "x", dir) }, errAny, "a file stands in its place"},
		{"a file above it", func(t *testing.T, dir string) { write(t, "x", filepath.Dir(dir)) }, errAny, "a file stands in its place"},
		{"not a database", func(t *testing.T, dir string) { write(t, strings.Repeat("no database ", 500), dir, fileName) }, store.ErrCorrupt, "not a database"},
		{"a folder named like the file", func(t *testing.T, dir string) { write(t, "x", dir, fileName, "x") }, errAny, "check the rights"},
		{"a folder named like the lock", func(t *testing.T, dir string) { write(t, "x", dir, lockName, "x") }, errAny, "check the disk"},
		{"another program's database", foreign, store.ErrCorrupt, "another program's database"},
		{"no right to write", func(t *testing.T, dir string) {
			if os.Geteuid() == 0 {
				t.Skip("root has every right")
			}
			if err := errors.Join(os.MkdirAll(dir, 0o755), os.Chmod(dir, 0o500)); err != nil {
				t.Fatal(err)
			}
		}, errAny, "no right"},
	} {
		t.Run(c.reason, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "a", "b")
			c.make(t, dir)
			_, err := Open(t.Context(), dir, store.Options{})
			if err == nil || c.want != errAny && !errors.Is(err, c.want) {
				t.Fatalf("error %v, want %v", err, c.want)
			}
			if !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), dir) {
				t.Errorf("error %q, want the folder and %q", err, c.says)
			}
		})
	}
}

// foreign makes a database of someone else's.
func foreign(t *testing.T, dir string) {
	d, err := open(t.Context(), dir, store.Options{}, fstest.MapFS{"migrations/0001_a.sql": {Data: []byte("CREATE TABLE frontier (state TEXT)")}})
	if err != nil {
		t.Fatal(err)
	}
	sqlExec(t, d, "PRAGMA application_id = 7")
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestReadOnlyFolder(t *testing.T) {
	f := newFolder(t)
	s := f.Open(t, store.Options{})
	page := storetest.PutPage(t, s, 1, 1)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() == 0 {
		t.Skip("root has every right")
	}
	if err := os.Chmod(f.dir, 0o500); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(f.dir, 0o700)
	s = f.Open(t, store.Options{ReadOnly: true})
	defer s.Close()
	if _, err := s.Blob(t.Context(), page.SHA256); err != nil {
		t.Error(err)
	}
}

func TestClaimUsesItsIndex(t *testing.T) {
	d := opened(t, newFolder(t).dir)
	for _, where := range []string{"", " AND host = 'a'"} {
		var plan strings.Builder
		err := d.rows(context.Background(), `EXPLAIN QUERY PLAN SELECT url FROM frontier WHERE state = 'pending' AND due <= 'x'`+where+` ORDER BY priority DESC, due, id LIMIT 1`, nil,
			func(scan func(...any) error) error {
				var a, b, c int
				var line string
				err := scan(&a, &b, &c, &line)
				plan.WriteString(line + "\n")
				return err
			})
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(plan.String(), "TEMP B-TREE") || !strings.Contains(plan.String(), "USING INDEX") {
			t.Errorf("a claim sorts the whole queue:\n%s", &plan)
		}
	}
}
