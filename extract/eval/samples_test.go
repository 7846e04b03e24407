package eval_test

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"path"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tuogou/cmd/tuogou/samples"
	"tuogou/corpus"
	"tuogou/corpus/places"
	"tuogou/extract"
	"tuogou/extract/eval"
	"tuogou/extract/reader"
	"tuogou/rules"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// The sample pages of the demo against their labels. The score is a committed
// number: a change of the rules shows here what it won and what it lost.
func TestSamples(t *testing.T) {
	files := samples.Files()
	tsv, err := fs.ReadFile(files, "places.tsv")
	if err != nil {
		t.Fatal(err)
	}
	gazetteer, err := places.Default().With(bytes.NewReader(tsv))
	if err != nil {
		t.Fatal(err)
	}
	set, err := rules.Load(rules.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	x, err := extract.New(set, gazetteer, nil)
	if err != nil {
		t.Fatal(err)
	}
	gold, err := fs.Sub(files, "gold")
	if err != nil {
		t.Fatal(err)
	}
	labels, err := eval.LoadLabels(gold)
	if err != nil {
		t.Fatal(err)
	}
	rd := reader.New(set.Page)
	report := eval.New()
	for _, l := range labels {
		data, err := fs.ReadFile(files, path.Join("sites", l.File))
		if err != nil {
			t.Fatal(err)
		}
		text, err := rd.Read(reader.Input{Data: data, Name: l.File, URL: "http://" + l.File})
		if err != nil {
			t.Fatalf("%s: %v", l.File, err)
		}
		rec := x.Extract(corpus.Source{URL: "http://" + l.File, SHA256: corpus.HashBytes(data)}, text, extract.Options{})
		if err := rec.Check(); err != nil {
			t.Errorf("%s: %v", l.File, err)
		}
		report.Add(l, rec)
	}
	var got bytes.Buffer
	if err := report.Write(&got); err != nil {
		t.Fatal(err)
	}
	const golden = "testdata/samples.golden"
	if *update {
		if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("the score changed (-committed +now); run with -update and read the difference:\n%s", diff)
	}
}
