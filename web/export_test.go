package web

import "strings"

// DiffWords is diffLines in short, for tests.
func DiffWords(from, to string) string {
	var out []string
	for _, l := range diffLines(from, to) {
		out = append(out, l.Class+" "+l.Text)
	}
	return strings.Join(out, ", ")
}
