package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The packed files are those of the module version in go.mod. Only the sums are
// compared: another Go release may compress differently.
func TestDataIsCurrent(t *testing.T) {
	if testing.Short() {
		t.Skip("reads and packs the whole dictionary")
	}
	dir, err := moduleDir()
	if err != nil {
		t.Skipf("the go command does not answer: %v", err)
	}
	files, err := generate(filepath.Join(dir, "deps", "cppjieba", "dict"))
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("../data/sums.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(files["sums.txt"])); diff != "" {
		t.Errorf("run go run ./segment/gen (-have +want):\n%s", diff)
	}
	for name, data := range files {
		if len(data) > 1<<20 {
			t.Errorf("%s has %d bytes, more than one MiB", name, len(data))
		}
	}
}
