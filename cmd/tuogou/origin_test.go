package main

import (
	"strings"
	"testing"
	"time"

	"tuogou/corpus"
	"tuogou/corpus/store"
)

// Words of a PDF lead to its page.
func TestOrigin(t *testing.T) {
	data := t.TempDir()
	for _, args := range [][]string{{"add", "../../extract/reader/pdf/testdata/columns.pdf"}, {"run"}} {
		if code, _, errs := call(t, data, args...); code != exitOK {
			t.Fatalf("%v ends with %d\n%s", args, code, errs)
		}
	}
	a := &app{Env: Env{Getenv: func(string) string { return "" }, Now: time.Now}, data: data}
	defer a.close()
	s, err := a.open(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	b := backend{app: a, s: s}
	for r, err := range s.Records(t.Context(), store.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		o, err := b.Origin(t.Context(), r.ID, r.Deadlines[0].Span)
		if err != nil || o.Page != 1 || o.SHA256 != r.Source.SHA256 {
			t.Errorf("%+v, %v", o, err)
		}
		if _, err := b.Origin(t.Context(), "unone", corpus.Span{End: 1}); err == nil || !strings.Contains(err.Error(), "unone") {
			t.Errorf("an unknown document: %v", err)
		}
	}
}
