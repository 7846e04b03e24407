// Package corpustest finds the real texts that some tests read. They are not
// part of the project (they are other people's words), so where they are not
// lying beside the checkout those tests are skipped.
package corpustest

import (
	"os"
	"path/filepath"
	"testing"
)

// Root is the folder of the checkout, found by its go.mod.
func Root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = up
	}
}

// Shared is the path of a folder or file of real texts, kept beside the
// checkout in a folder named shared. The test is skipped where it is missing.
func Shared(t testing.TB, elem ...string) string {
	t.Helper()
	path := filepath.Join(append([]string{filepath.Dir(Root(t)), "shared"}, elem...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("the real texts are not here (%v)", err)
	}
	return path
}
