// Package rules loads the knowledge that the program works by: clause
// headings, the codebook, time words, duty cues, organs, page labels, sites.
// All of it is data in TOML files beside this one, each entry with its own
// examples and counter-examples, so that a researcher can read, check and
// change it without touching Go. "tuogou rules check" and the tests of this
// package prove every example.
//
// Patterns are RE2 with named groups; ${name} stands for an entry of the file's
// own [vars] table. Unknown keys are errors. Where two rules match the same
// words the longer match wins, then the higher priority; a tie is an error.
package rules

import (
	"bytes"
	"fmt"
	"io/fs"

	"github.com/pelletier/go-toml/v2"
)

// decode reads one TOML file strictly: a key that the type does not know is an
// error that names the file and the line.
func decode(fsys fs.FS, name string, into any) error {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return fmt.Errorf("rules: %w", err)
	}
	d := toml.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		if s, ok := err.(*toml.StrictMissingError); ok {
			return fmt.Errorf("rules: %s: unknown key\n%s", name, s.String())
		}
		if s, ok := err.(*toml.DecodeError); ok {
			row, col := s.Position()
			return fmt.Errorf("rules: %s:%d:%d: %w", name, row, col, err)
		}
		return fmt.Errorf("rules: %s: %w", name, err)
	}
	return nil
}
