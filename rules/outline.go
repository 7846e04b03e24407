package rules

import (
	"fmt"
	"io/fs"

	"tuogou/rules/dfa"
)

// Outline is the knowledge about headings, from outline.toml.
type Outline struct {
	Markers         []Marker
	MaxHeadingChars int      // code points of a heading on a line of its own
	Stop            *Pattern // what ends a run-in heading
	finds           *dfa.Set // the Find of each marker
	Numbers         []string // words that stand for numbers, from 1
}

// Marker is one style of numbering. Its pattern has a group n with the number.
type Marker struct {
	Style    string
	Pattern  *Pattern // anchored at its start
	Find     *Pattern // the same, not anchored
	NotAfter *Pattern
	Inline   bool // 一是…二是…: lives inside a paragraph
	Damaged  bool // the sign behind the number is lost: only as the next of a series
	Rank     int  // 1 is the highest; 0 for those that stand anywhere
	Examples []string
}

func loadOutline(fsys fs.FS) (*Outline, error) {
	const name = "outline.toml"
	var f struct {
		Vars   map[string]string `toml:"vars"`
		Marker []struct {
			Style    string   `toml:"style"`
			Pattern  string   `toml:"pattern"`
			NotAfter string   `toml:"not_after"`
			Inline   bool     `toml:"inline"`
			Damaged  bool     `toml:"damaged"`
			Rank     int      `toml:"rank"`
			Examples []string `toml:"examples"`
		} `toml:"marker"`
		Heading struct {
			MaxChars int    `toml:"max_chars"`
			Stop     string `toml:"stop"`
		} `toml:"heading"`
		Words struct {
			Numbers []string `toml:"numbers"`
		} `toml:"words"`
	}
	if err := decode(fsys, name, &f); err != nil {
		return nil, err
	}
	c := compiler{file: name, vars: f.Vars}
	o := &Outline{MaxHeadingChars: f.Heading.MaxChars, Stop: c.quick("heading stop", f.Heading.Stop), Numbers: f.Words.Numbers}
	for _, m := range f.Marker {
		o.Markers = append(o.Markers, Marker{
			Style: m.Style, Pattern: c.quick(m.Style, "^(?:"+m.Pattern+")"), Find: c.quick(m.Style, m.Pattern),
			NotAfter: c.quickOptional(m.Style, m.NotAfter), Inline: m.Inline, Damaged: m.Damaged, Rank: m.Rank, Examples: m.Examples,
		})
	}
	if c.err != nil {
		return nil, c.err
	}
	var err error
	if o.finds, err = setOf(each(o.Markers, func(m *Marker) *Pattern { return m.Find })); err != nil {
		return nil, fmt.Errorf("rules: %s: %w", name, err)
	}
	return o, nil
}

// In are the markers, by index, that may stand in line.
func (o *Outline) In(line string) dfa.Bits { return o.finds.Match(line) }
