package main

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
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
	path := filepath.Join("testdata", "study.md")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("study.md (rewrite with -update and read the diff):\n%s", diff)
	}
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
