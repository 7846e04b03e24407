package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/corpus/store/postgres/pgtest"
	"tuogou/corpus/store/sqlite"
	"tuogou/corpus/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// folder is a schema of a test.
type folder struct{ address string }

func (f folder) Shared() {}

func (f folder) Open(t *testing.T, opts store.Options) store.Store {
	t.Helper()
	return opened(t, f.address, opts)
}

func opened(t *testing.T, address string, opts store.Options) *db {
	t.Helper()
	d, err := open(t.Context(), address, opts)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestConformance(t *testing.T) {
	pgtest.Of(t)
	storetest.Run(t, func(t *testing.T) storetest.Folder { return folder{pgtest.Address(t)} })
}

// Of many that start at once on an empty database each finds it made.
func TestManyMigrateAtOnce(t *testing.T) {
	address := pgtest.Address(t)
	errs := make(chan error)
	for range 8 {
		go func() {
			s, err := Open(context.Background(), address, store.Options{})
			if err == nil {
				err = s.Close()
			}
			errs <- err
		}()
	}
	for range 8 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}

// A writer that is no longer heard of loses what it claimed, and no other does.
func TestDeadWritersClaims(t *testing.T) {
	address, ctx := pgtest.Address(t), t.Context()
	dead, alive, next := opened(t, address, store.Options{}), opened(t, address, store.Options{}), opened(t, address, store.Options{})
	defer dead.Close()
	defer alive.Close()
	defer next.Close()
	var ts []store.Target
	for n := range 3 {
		ts = append(ts, store.Target{URL: fmt.Sprintf("http://a.example.test/%d.html", n)})
	}
	if _, err := dead.AddTargets(ctx, storetest.At(0), ts); err != nil {
		t.Fatal(err)
	}
	claim := func(d *db) string {
		t.Helper()
		q, err := d.Claim(ctx, store.Claim{Now: storetest.At(1)})
		if err != nil {
			t.Fatal(err)
		}
		if len(q) == 0 {
			return ""
		}
		return q[0].URL
	}
	first, second, third := claim(dead), claim(alive), claim(next)
	if first != ts[0].URL || second != ts[1].URL || third != ts[2].URL || claim(next) != "" {
		t.Fatalf("claimed %s, %s, %s", first, second, third)
	}
	// As the time would.
	dead.stop()
	dead.beat.Wait()
	if _, err := next.pool.Exec(ctx, `UPDATE writers SET until = now() - interval '1 second' WHERE id = $1`, dead.me); err != nil {
		t.Fatal(err)
	}
	if again := claim(next); again != first {
		t.Errorf("handed out %q, want %q of the dead one", again, first)
	}
	if more := claim(next); more != "" {
		t.Errorf("handed out %q, which another holds", more)
	}
}

// A server that crashed and came back is used again by the same store; meanwhile it is
// told that it cannot be reached, and what was put is there.
func TestServerCrashes(t *testing.T) {
	address := pgtest.Address(t)
	server, ctx := pgtest.Of(t), t.Context()
	d := opened(t, address, store.Options{})
	defer d.Close()
	kept := storetest.PutPage(t, d, 1, 1)
	if err := server.Crash(); err != nil {
		t.Fatal(err)
	}
	c, body := storetest.Page(2, 1)
	_, err := d.PutCapture(ctx, c, body)
	if !errors.Is(err, store.ErrUnreachable) {
		t.Errorf("while it is down: %v, want %v", err, store.ErrUnreachable)
	}
	if err := server.Up(); err != nil {
		t.Fatal(err)
	}
	for range 50 { // connections that are dead are met one by one
		if _, err = d.PutCapture(ctx, c, body); err == nil {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if err != nil {
		t.Fatalf("after it is up: %v", err)
	}
	if got, err := d.Latest(ctx, kept.Doc); err != nil || got != kept {
		t.Errorf("kept before: %+v, %v", got, err)
	}
}

// Bytes changed behind our back are found.
func TestVerifyFindsDamage(t *testing.T) {
	ctx := t.Context()
	d := opened(t, pgtest.Address(t), store.Options{})
	defer d.Close()
	a, b := storetest.PutPage(t, d, 1, 1), storetest.PutPage(t, d, 2, 1)
	storetest.PutRecord(t, d, b, storetest.Rules(1))
	for _, q := range []string{`UPDATE blob_data SET data = '\x00' WHERE id = (SELECT id FROM blobs WHERE hash = '` + string(a.SHA256) + `')`,
		`UPDATE record_data SET json = replace(json, '2018', '2019')`} {
		if _, err := d.pool.Exec(ctx, q); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for p, err := range d.Verify(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, p.ID+" "+p.Subject)
	}
	if want := "blob " + string(a.SHA256) + ", record " + string(b.Doc); strings.Join(got, ", ") != want {
		t.Errorf("found %v, want %s", got, want)
	}
	if _, err := d.Record(ctx, b.Doc); !errors.Is(err, store.ErrCorrupt) {
		t.Errorf("record: %v", err)
	}
	// Seen again, the blob is mended.
	if c := storetest.PutPage(t, d, 1, 1); c.Doc != a.Doc {
		t.Fatal("another document")
	}
	if _, err := d.Blob(ctx, a.SHA256); err != nil {
		t.Errorf("after it was seen again: %v", err)
	}
	for _, q := range []string{`DELETE FROM corrections`, `UPDATE ledger SET uid = ''`} {
		if _, err := d.pool.Exec(ctx, q); err == nil || !strings.Contains(err.Error(), "written once") {
			t.Errorf("%s: %v", q, err)
		}
	}
}

// No error shows the password.
func TestErrorsHideThePassword(t *testing.T) {
	for _, address := range []string{"postgres://u:geheim@127.0.0.1:1/d", "postgres://u:geheim@127.0.0.1:x/d"} {
		_, err := Open(t.Context(), address, store.Options{})
		if err == nil || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%v", err)
		}
	}
	_, err := Open(t.Context(), "postgres://u:geheim@127.0.0.1:1/d", store.Options{})
	if !errors.Is(err, store.ErrUnreachable) {
		t.Errorf("%v, want %v", err, store.ErrUnreachable)
	}
}

// A store that is not there is not made by reading.
func TestReadingMakesNothing(t *testing.T) {
	_, err := Open(t.Context(), pgtest.Address(t), store.Options{ReadOnly: true})
	if !errors.Is(err, store.ErrNotFound) {
		t.Errorf("%v, want %v", err, store.ErrNotFound)
	}
}

// The same puts give the same digest as in SQLite.
func TestDigestOfSQLite(t *testing.T) {
	ctx := t.Context()
	other, err := sqlite.Open(ctx, t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	d := opened(t, pgtest.Address(t), store.Options{})
	defer d.Close()
	var sums [2]string
	for i, s := range []store.Store{other, d} {
		for n := range 40 {
			c := storetest.PutPage(t, s, n, 1)
			storetest.PutRecord(t, s, c, storetest.Rules(n%2))
			storetest.PutPage(t, s, n/2, 2)
			if _, err := s.PutCorrection(ctx, store.Correction{Doc: c.Doc, Field: "/kind", Action: corpus.ReviewReject, At: storetest.At(n)}); err != nil {
				t.Fatal(err)
			}
		}
		if sums[i], err = store.Digest(ctx, s); err != nil {
			t.Fatal(err)
		}
	}
	if sums[0] != sums[1] {
		t.Errorf("SQLite %s, PostgreSQL %s", sums[0], sums[1])
	}
}
