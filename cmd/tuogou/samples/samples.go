// Package samples holds the small sample sites that "tuogou demo" crawls:
// static pages of invented governments, the table of their invented places,
// the catalogue entries of the sites, and hand-made labels of some documents.
//
// Everything in it was written for this project. Every page is marked 示例, the
// places have codes 99xxxx, the hosts end in .example, so that nobody takes a
// page for policy. README.md beside this file tells how to add one.
package samples

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pelletier/go-toml/v2"

	"tuogou/rules"
)

// The prefix all: is needed for names that begin with an underscore.
//
//go:embed all:sites gold places.tsv sites.toml
var files embed.FS

// Files are the samples: sites/<host>/… is what each host serves, gold/*.json
// are the labels, places.tsv the invented places, sites.toml the catalogue.
// The result is read-only and safe for concurrent use.
func Files() fs.FS { return files }

// Sites are the catalogue entries of the sample sites, compiled, in the order
// of sites.toml. An unknown key or a bad entry is an error that names it.
func Sites() ([]rules.Site, error) {
	data, err := files.ReadFile("sites.toml")
	if err != nil {
		return nil, fmt.Errorf("samples: %w", err)
	}
	var file struct {
		Site []rules.Site `toml:"site"`
	}
	dec := toml.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&file); err != nil {
		return nil, fmt.Errorf("samples: sites.toml: %w", err)
	}
	for i := range file.Site {
		if err := file.Site[i].Compile(); err != nil {
			return nil, fmt.Errorf("samples: sites.toml: %w", err)
		}
	}
	return file.Site, nil
}
