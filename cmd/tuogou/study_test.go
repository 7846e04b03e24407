package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tuogou/compare"
	"tuogou/corpus"
	"tuogou/corpus/corpustest"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestStudyOfTheSamples holds the report on the sample corpus: read the diff after a
// change of rules as you read the score.
func TestStudyOfTheSamples(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "samples")
	if code, _, errs := call(t, dir, "demo", "--dir", dir); code != exitOK {
		t.Fatalf("demo ends with %d\n%s", code, errs)
	}
	code, out, errs := call(t, dir, "compare", "--baseline", "cited", "--format", "md", "--lang", "zh")
	if code != exitOK {
		t.Fatalf("ends with %d\n%s", code, errs)
	}
	// What quotes the texts at length or the day of fetching is left out.
	var kept []string
	for _, part := range strings.Split(out, "\n## ") {
		head, _, _ := strings.Cut(part, "\n")
		switch head {
		case "逐条差异", "部门分工", "时间节点", "参考文献":
		default:
			kept = append(kept, part)
		}
	}
	got := strings.Join(kept, "\n## ")
	golden(t, filepath.Join("testdata", "study.md"), got)
	studyLock(t, dir)
}

// studyLock: every format comes out the same from its lock, also after the corpus has
// grown, and the lock says when it cannot.
func studyLock(t *testing.T, dir string) {
	lock, first := filepath.Join(dir, "report.lock"), filepath.Join(dir, "first")
	for _, format := range []string{"text", "md", "html", "csv", "json", "docx", "xlsx", "events", "gbt7714", "bibtex", "csl"} {
		if code, _, errs := call(t, dir, "compare", "991100", "991101", "--baseline", "codebook", "--format", format, "--save-lock", lock, "-o", first); code != exitOK {
			t.Fatalf("%s ends with %d\n%s", format, code, errs)
		}
		again := filepath.Join(dir, "again")
		if code, _, errs := call(t, dir, "compare", "--lock", lock, "-o", again); code != exitOK {
			t.Fatalf("%s again ends with %d\n%s", format, code, errs)
		}
		a, _ := os.ReadFile(first)
		b, _ := os.ReadFile(again)
		if len(a) == 0 || string(a) != string(b) {
			t.Errorf("%s: %d and %d bytes differ", format, len(a), len(b))
		}
	}
	text := filepath.Join(dir, "new.txt")
	if err := os.WriteFile(text, []byte("新增的示例文本。\n一、行业协会商会脱钩。"), 0o644); err != nil {
		t.Fatal(err)
	}
	call(t, dir, "add", text)
	call(t, dir, "run")
	if code, _, errs := call(t, dir, "compare", "--lock", lock); code != exitOK {
		t.Errorf("with another document: %d\n%s", code, errs)
	}
	code, out, _ := call(t, dir, "compare", "--lock", lock, "--changes")
	if code != exitOK || !strings.Contains(out, `"gone": []`) || strings.Contains(out, `"added": []`) {
		t.Errorf("changes: %d %s", code, out)
	}
}

// TestStudyOfTheSeeds holds what the report says of the five real texts: the verdict of
// each cell, the kinds of its changes, shares and the hash of the evidence. The texts
// themselves are no part of the project.
func TestStudyOfTheSeeds(t *testing.T) {
	seeds, dir := corpustest.Shared(t, "seeds"), t.TempDir()
	files, err := filepath.Glob(filepath.Join(seeds, "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d seeds, %v", len(files), err)
	}
	for _, args := range [][]string{append([]string{"add"}, files...), {"run"}} {
		if code, _, errs := call(t, dir, args...); code != exitOK {
			t.Fatalf("%s ends with %d\n%s", args[0], code, errs)
		}
	}
	var b strings.Builder
	for _, baseline := range []string{compare.ByCodebook, compare.ByCitation} {
		code, out, errs := call(t, dir, "compare", "--baseline", baseline, "--format", "json")
		if code != exitOK {
			t.Fatalf("ends with %d\n%s", code, errs)
		}
		var r compare.Report
		if err := json.Unmarshal([]byte(out), &r); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "baseline %s\nplaces %d documents %d compared %d cells %d decided %d\n", baseline, r.Count.Places, r.Count.Documents, r.Count.Compared, r.Count.Cells, r.Count.Decided)
		fmt.Fprintf(&b, "edges %d adoptions %d drift %d clusters %d wanted %d gaps %d deadlines %d open %d\n", len(r.Lineage.Edges), len(r.Lineage.Adoption),
			len(r.Drift.Entries), len(r.Clusters), len(r.Wanted), len(r.Gaps), len(r.Schedule.Entries), len(r.Schedule.Unresolved))
		for i, p := range r.Places {
			fmt.Fprintf(&b, "\n%s %s %s %s\n", p.Code, p.State, p.Document.Kind, p.Document.Generation)
			for _, row := range r.Rows {
				seedCell(&b, row.Topic.ID, row.Cells[i])
			}
		}
		b.WriteString("\n")
	}
	golden(t, filepath.Join("testdata", "study_seeds.txt"), b.String())
}

// seedCell tells of a cell without its words; a cell that has none is left out.
func seedCell(b *strings.Builder, topic string, c compare.StudyCell) {
	if len(c.Here)+len(c.There) == 0 {
		return
	}
	words := ""
	for _, q := range append(c.Here, c.There...) {
		words += q.Quote + "\n"
	}
	fmt.Fprintf(b, "%s %s %.8s", topic, c.Verdict, corpus.HashBytes([]byte(words)))
	if c.Reproduced != nil {
		fmt.Fprintf(b, " %.2f", *c.Reproduced)
	}
	for _, k := range c.Changes {
		fmt.Fprintf(b, " %s", k.Kind)
		if k.Days != 0 {
			fmt.Fprintf(b, "(%d)", k.Days)
		}
	}
	b.WriteString("\n")
}
