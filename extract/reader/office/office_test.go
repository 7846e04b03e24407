package office_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tuogou/extract/reader/flow"
	"tuogou/extract/reader/flow/flowtest"
	"tuogou/extract/reader/office"
)

var update = flag.Bool("update", false, "rewrite the wanted texts in testdata")

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestFixtures reads what real programs wrote; testdata/README.md says how.
func TestFixtures(t *testing.T) {
	files, err := filepath.Glob("testdata/*.want.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no fixtures", err)
	}
	for _, want := range files {
		name := strings.TrimSuffix(filepath.Base(want), ".want.txt")
		t.Run(name, func(t *testing.T) {
			got := report(flowtest.Read(t, office.Reader{}, fixture(t, name)))
			if *update {
				if err := os.WriteFile(want, []byte(got), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(fixture(t, filepath.Base(want))), got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// report is the text of doc, after it what does not belong to the text.
func report(doc *flow.Document) string {
	out := flowtest.Text(doc) + "\n"
	for _, l := range doc.Lines {
		var text strings.Builder
		for _, c := range l.Chars {
			text.WriteRune(c.R)
		}
		switch {
		case l.Title:
			out += "title: " + text.String() + "\n"
		case l.Level > 0:
			out += "level " + string(rune('0'+l.Level)) + ": " + text.String() + "\n"
		case l.Kind == flow.Running:
			out += "running: " + text.String() + "\n"
		case l.Rows > 1 || l.Cols > 1:
			out += "spans " + string(rune('0'+max(l.Rows, 1))) + "x" + string(rune('0'+max(l.Cols, 1))) + ": " + text.String() + "\n"
		}
	}
	for _, f := range doc.Files {
		out += "file: " + f.Name + "\n"
	}
	for _, p := range doc.Problems {
		out += "problem: " + p.ID + "\n"
	}
	return out
}
