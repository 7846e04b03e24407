package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// What status says of the index and the ledger is there for programs, too, and true
// when something was added since.
func TestStatusAsJSON(t *testing.T) {
	dir := seeded(t)
	read := func(want int) (r statusReport) {
		code, out, errs := call(t, dir, "status", "--json")
		if err := json.Unmarshal([]byte(out), &r); err != nil || code != want {
			t.Fatalf("exit %d, %v\n%s%s", code, err, out, errs)
		}
		return r
	}
	r := read(exitOK)
	if r.Documents != 1 || r.Records != 1 || r.Stale != 0 || r.Index.State != "current" || r.Index.Documents != 1 || !r.Ledger.Current || r.Ledger.Obligations == 0 {
		t.Errorf("%+v", r)
	}
	more := filepath.Join(t.TempDir(), "more.txt")
	if err := os.WriteFile(more, []byte(plan+"\n其他事项另行通知。\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"add", more}, {"extract"}} {
		if code, out, errs := call(t, dir, args...); code != 0 {
			t.Fatalf("%v: exit %d\n%s%s", args, code, out, errs)
		}
	}
	if r = read(exitStale); r.Documents != 2 || r.Index.State != "content" || r.Index.Reason == "" {
		t.Errorf("behind: %+v", r)
	}
}
