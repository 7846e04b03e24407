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
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"sort"

	"github.com/pelletier/go-toml/v2"

	"tuogou/corpus"
	"tuogou/corpus/organs"
)

//go:embed *.toml *.tsv sites/*.toml
var files embed.FS

// Embedded is the rule set that the program was built with.
func Embedded() fs.FS { return files }

// Set is a whole rule set. It is not changed after Load and may be shared.
type Set struct {
	Hash      corpus.Hash // of all files, in the order of their names
	Times     *Times
	Outline   *Outline
	Clauses   *Clauses
	Documents *Documents
	Agencies  *Agencies
	Duties    *Duties
	Who       *Who
	Contacts  *Contacts
	Codebook  *Codebook
	Organs    *organs.Table
	Page      *Page
}

// Load reads the rule set in fsys. Sites, focus words and signs of blocking are
// the crawler's own and are loaded by it (see LoadSites).
func Load(fsys fs.FS) (*Set, error) {
	var s Set
	var err error
	load := func(f func() error) {
		if err == nil {
			err = f()
		}
	}
	load(func() (e error) { s.Times, e = loadTimes(fsys); return })
	load(func() (e error) { s.Outline, e = loadOutline(fsys); return })
	load(func() (e error) { s.Clauses, e = loadClauses(fsys); return })
	load(func() (e error) { s.Documents, e = loadDocuments(fsys); return })
	load(func() (e error) { s.Agencies, e = loadAgencies(fsys); return })
	load(func() (e error) { s.Duties, s.Who, e = loadDuties(fsys); return })
	load(func() (e error) { s.Contacts, e = loadContacts(fsys); return })
	load(func() (e error) { s.Codebook, e = loadCodebook(fsys); return })
	load(func() (e error) { s.Page, e = LoadPage(fsys); return })
	load(func() (e error) { s.Organs, e = loadOrgans(fsys); return })
	load(func() (e error) { s.Hash, e = hash(fsys); return })
	if err != nil {
		return nil, err
	}
	return &s, nil
}

func loadOrgans(fsys fs.FS) (*organs.Table, error) {
	data, err := fs.ReadFile(fsys, "organs.toml")
	if err != nil {
		return nil, fmt.Errorf("rules: %w", err)
	}
	t, err := organs.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("rules: organs.toml: %w", err)
	}
	return t, nil
}

// hash covers the names and bytes of the files that decide what a record says.
// The list of sites and the words of the search are not among them: they change
// no record.
func hash(fsys fs.FS) (corpus.Hash, error) {
	names, err := fs.Glob(fsys, "*.toml")
	if err != nil {
		return "", fmt.Errorf("rules: %w", err)
	}
	tables, err := fs.Glob(fsys, "*.tsv")
	if err != nil {
		return "", fmt.Errorf("rules: %w", err)
	}
	names = append(names, tables...)
	sort.Strings(names)
	h := sha256.New()
	for _, n := range names {
		if n == searchFile {
			continue
		}
		data, err := fs.ReadFile(fsys, n)
		if err != nil {
			return "", fmt.Errorf("rules: %w", err)
		}
		fmt.Fprintf(h, "%s %d\n", n, len(data))
		h.Write(data)
	}
	return corpus.Hash(hex.EncodeToString(h.Sum(nil))), nil
}

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
