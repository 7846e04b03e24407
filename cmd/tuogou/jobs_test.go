package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tuogou/corpus/store/postgres/pgtest"
)

// A document that cannot be read is a dead job with the reason that extract gives, is not
// queued again by itself, gets another try when a person says so, and hinders no other.
func TestJobsOfABadDocument(t *testing.T) {
	address, dir := pgtest.Address(t), t.TempDir()
	texts := t.TempDir()
	for name, data := range map[string]string{"plan.txt": plan, "broken.pdf": "%PDF-1.7 行业协会商会脱钩"} {
		if err := os.WriteFile(filepath.Join(texts, name), []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	lite := t.TempDir()
	ok(t, "sqlite", lite, "add", texts)
	if code, _, _ := at(t, "sqlite", lite, "extract"); code != exitFailures {
		t.Fatalf("extract: exit %d", code)
	}
	ok(t, address, dir, "add", texts)
	if out := ok(t, address, dir, "run", "--jobs", "--priority", "urgent"); !strings.Contains(out, "3 jobs") { // two documents and the end
		t.Errorf("ordered: %s", out)
	}
	ok(t, address, dir, "worker", "--drain")
	if a, b := digest(t, lite), digestOf(t, address); a != b {
		t.Errorf("digest %s, want that of extract: %s", b, a)
	}
	dead := func() (id string) {
		t.Helper()
		out := ok(t, address, dir, "jobs", "dead")
		id, rest, _ := strings.Cut(out, "\t")
		if strings.Count(out, "\n") != 1 || !strings.Contains(rest, "broken.pdf") || strings.Contains(rest, "JobCancelError") {
			t.Fatalf("dead:\n%s", out)
		}
		return id
	}
	id := dead()
	if out := ok(t, address, dir, "run", "--jobs"); !strings.Contains(out, "1 jobs") { // only the end
		t.Errorf("ordered again: %s", out)
	}
	ok(t, address, dir, "jobs", "cancel", "--order", "2")
	if out := ok(t, address, dir, "jobs", "requeue", id); !strings.Contains(out, "1 jobs") {
		t.Errorf("requeued: %s", out)
	}
	ok(t, address, dir, "worker", "--drain")
	dead()
	var orders []struct {
		Order  int64
		Counts map[string]map[string]int
	}
	if err := json.Unmarshal([]byte(ok(t, address, dir, "jobs", "--json")), &orders); err != nil {
		t.Fatal(err)
	}
	if len(orders) != 2 || orders[0].Counts["finish"]["cancelled"] != 1 || orders[1].Counts["finish"]["done"] != 2 || orders[1].Counts["read"]["dead"] != 1 {
		t.Errorf("orders: %+v", orders)
	}
	for _, args := range [][]string{{"jobs", "requeue"}, {"jobs", "cancel"}, {"jobs", "cancel", "99"}, {"jobs", "list", "--state", "x"}, {"run", "--jobs", "--priority", "high"}, {"worker", "--stages", "x"}} {
		if code, _, errs := at(t, address, dir, args...); code != exitUsage {
			t.Errorf("%v: exit %d, %s", args, code, errs)
		}
	}
	for _, args := range [][]string{{"jobs"}, {"worker"}, {"run", "--jobs"}} {
		if code, _, errs := at(t, "sqlite", dir, args...); code != exitUsage || !strings.Contains(errs, envStore) {
			t.Errorf("%v without a database: exit %d, %s", args, code, errs)
		}
	}
}
