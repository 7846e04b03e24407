package main

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tuogou/corpus"
	"tuogou/corpus/corpustest"
	"tuogou/extract/reader/program"
)

// recordOf is what extract --json prints of a file.
func recordOf(t *testing.T, file string) *corpus.Record {
	t.Helper()
	code, out, errs := call(t, t.TempDir(), "extract", "--json", file)
	if code != exitOK {
		t.Fatalf("%s: exit %d: %s", file, code, errs)
	}
	r, err := corpus.Decode([]byte(out))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// facts of a record that do not depend on how its file was laid out.
func factsOf(r *corpus.Record) map[string][]string {
	out := map[string][]string{"title": {r.Title}, "kind": {string(r.Kind)}}
	for _, d := range r.Deadlines {
		out["deadlines"] = append(out["deadlines"], d.Quote+" "+d.EDTF)
	}
	for _, d := range r.Duties {
		out["duties"] = append(out["duties"], string(d.Role)+" "+d.Organ.Text)
	}
	for _, s := range r.Outline {
		out["outline"] = append(out["outline"], s.ID+" "+s.Heading)
	}
	return out
}

// One plan saved by an office program in several formats gives the same facts.
func TestFormatsAgree(t *testing.T) {
	dir := filepath.Join(corpustest.Root(t), "extract", "reader", "office", "testdata")
	want := factsOf(recordOf(t, filepath.Join(dir, "plan.html")))
	if len(want["deadlines"]) < 3 || len(want["duties"]) < 3 {
		t.Fatalf("the page gives too little: %v", want)
	}
	for _, name := range []string{"plan.docx", "plan.doc", "plan.rtf"} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(want, factsOf(recordOf(t, filepath.Join(dir, name)))); diff != "" {
				t.Errorf("other facts than the page (-page +%s):\n%s", name, diff)
			}
		})
	}
}

// A PDF gives the page and the words of the page for each block.
func TestTextOfPDF(t *testing.T) {
	file := filepath.Join(corpustest.Root(t), "extract", "reader", "pdf", "testdata", "plan.pdf")
	code, out, errs := call(t, t.TempDir(), "text", "--json", file)
	if code != exitOK {
		t.Fatal(errs)
	}
	var v textView
	if err := json.Unmarshal([]byte(out), &v); err != nil {
		t.Fatal(err)
	}
	body := []rune(v.Body)
	pages := map[int]bool{}
	for _, b := range v.Blocks {
		pages[b.Page] = true
		if len(b.Source) == 0 || b.Source[0].Stream == "" {
			t.Fatalf("%q has no place in the file", string(body[b.Span.Start:b.Span.End]))
		}
	}
	if !pages[1] || !pages[2] || len(v.Outline) < 5 {
		t.Errorf("pages %v, %d sections", pages, len(v.Outline))
	}
}

// An old workbook is read where LibreOffice is installed; else the message says
// what to install.
func TestXLS(t *testing.T) {
	dir := filepath.Join(corpustest.Root(t), "extract", "reader", "office", "testdata")
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice is not installed (apt install libreoffice-calc)")
	}
	data, err := os.ReadFile(filepath.Join(dir, "features.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	xls, err := program.Soffice{Path: soffice}.Convert(context.Background(), data, "xlsx", "xls")
	if err != nil {
		t.Skipf("this LibreOffice does not write XLS (apt install libreoffice-calc): %v", err)
	}
	file := filepath.Join(t.TempDir(), "tasks.xls")
	if err := os.WriteFile(file, xls, 0o600); err != nil {
		t.Fatal(err)
	}
	old, now := recordOf(t, file), recordOf(t, filepath.Join(dir, "features.xlsx"))
	if !strings.Contains(old.Text.Body, "牵头单位") {
		t.Errorf("the table of tasks is not in the text:\n%s", old.Text.Body)
	}
	if diff := cmp.Diff(factsOf(now)["duties"], factsOf(old)["duties"]); diff != "" {
		t.Errorf("duties of XLSX and XLS differ:\n%s", diff)
	}
}
