package eval_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"tuogou/corpus"
	"tuogou/corpus/corpustest"
	"tuogou/corpus/places"
	"tuogou/extract"
	"tuogou/extract/eval"
	"tuogou/extract/reader"
	"tuogou/rules"
)

func extractor(t testing.TB) (*reader.Reader, *extract.Extractor) {
	t.Helper()
	set, err := rules.Load(rules.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	x, err := extract.New(set, places.Default(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return reader.New(set.Page), x
}

// The five real texts, against labels made by hand.
func TestRealTexts(t *testing.T) {
	labels, err := eval.LoadLabels(os.DirFS(corpustest.Shared(t, "gold")))
	if err != nil {
		t.Fatal(err)
	}
	dir := corpustest.Shared(t, "seeds")
	rd, x := extractor(t)
	report := eval.New()
	for _, l := range labels {
		data, err := os.ReadFile(filepath.Join(dir, l.File))
		if err != nil {
			t.Fatal(err)
		}
		text, err := rd.Read(reader.Input{Data: data, Name: l.File})
		if err != nil {
			t.Fatal(err)
		}
		rec := x.Extract(corpus.Source{Path: l.File, SHA256: corpus.HashBytes(data)}, text, extract.Options{})
		if err := rec.Check(); err != nil {
			t.Errorf("%s: %v", l.File, err)
		}
		report.Add(l, rec)
	}
	var table bytes.Buffer
	if err := report.Write(&table); err != nil {
		t.Fatal(err)
	}
	t.Logf("\n%s", table.String())
	for _, f := range []string{"kind", "on_topic", "clauses", "clause_text", "clause_departments", "deadlines", "deadline_clause", "doc_number", "references", "jurisdiction"} {
		if c := report.Fields[f]; c.F1() < 1 {
			t.Errorf("%s: F1 %.3f, want 1", f, c.F1())
		}
	}
}
