package organs

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"tuogou/corpus"
)

// file is the form of organs.toml. Unknown keys are errors.
type file struct {
	Other       []string    `toml:"other"`
	OtherNation []string    `toml:"other_nation"`
	OtherTails  []string    `toml:"other_tails"`
	Vague       []string    `toml:"vague"`
	Grammar     grammar     `toml:"grammar"`
	Units       []unitEntry `toml:"unit"`
	Prefix      prefixWords `toml:"prefix"`
	Unknown     unknown     `toml:"unknown"`
	Organs      []entry     `toml:"organ"`
}

type grammar struct {
	GenericHeads   []string          `toml:"generic_heads"`
	ClassHeads     []string          `toml:"class_heads"`
	BodyHeads      []string          `toml:"body_heads"`
	AltHeads       []string          `toml:"alt_heads"`
	Offices        []string          `toml:"offices"`
	OfficeTails    []string          `toml:"office_tails"`
	NotSection     []string          `toml:"not_section"` // no part of a section's name
	Separators     []string          `toml:"separators"`
	SharedHeads    []string          `toml:"shared_heads"`
	NotField       string            `toml:"not_field"`
	Followers      []string          `toml:"followers"`
	Municipalities []string          `toml:"municipalities"`
	NotLevels      []string          `toml:"not_levels"`
	Stops          []string          `toml:"stops"`
	Breaks         map[string]string `toml:"breaks"`
}

type unitEntry struct {
	Level corpus.Level `toml:"level"`
	Words []string     `toml:"words"`
}

type prefixWords struct {
	Marks      []string `toml:"marks"`
	BeforeUnit []string `toml:"before_unit"`
	All        []string `toml:"all"`
	Free       []string `toml:"free"`
	Former     []string `toml:"former"`
}

type unknown struct {
	Suffixes  []string `toml:"suffixes"`
	StopEnds  []string `toml:"stop_ends"`
	StopWords []string `toml:"stop_words"`
	NotStarts []string `toml:"not_starts"`
	NotLevels []string `toml:"not_levels"`
	MaxRunes  int      `toml:"max_runes"`
	Bare      []string `toml:"bare"`       // last words of names that need no level before them
	BareTail  string   `toml:"bare_tail"`  // what may follow the last word
	BareStops []string `toml:"bare_stops"` // words that are no part of one
	NotBare   []string `toml:"not_bare"`   // what stands behind the last word where no group is meant
	BareAfter string   `toml:"bare_after"` // characters after which such a name begins
	Groups    []string `toml:"groups"`     // suffixes of names that may be as long as MaxGroup

	MaxGroup int `toml:"max_group_runes"`
}

type entry struct {
	ID          string       `toml:"id"`
	Name        string       `toml:"name"`
	Role        bool         `toml:"role"`
	Vertical    bool         `toml:"vertical"`
	Level       corpus.Level `toml:"level"`
	Nation      []string     `toml:"nation"`
	Province    []string     `toml:"province"`
	Prefecture  []string     `toml:"prefecture"`
	County      []string     `toml:"county"`
	Bases       []string     `toml:"bases"`
	Heads       []string     `toml:"heads"`
	National    []string     `toml:"national"`
	Stems       []string     `toml:"stems"`
	Generic     []string     `toml:"generic"`
	Tails       []string     `toml:"tails"`
	Shared      []shared     `toml:"shared"`
	Dated       []Dated      `toml:"dated"`
	Examples    []example    `toml:"examples"`
	Nonexamples []string     `toml:"nonexamples"`
}

type shared struct {
	Stem   string `toml:"stem"`
	Reason string `toml:"reason"`
}

// Dated is a name that was not always in use.
type Dated struct {
	Name string `toml:"name"`
	// From and To are the first and last year of its use, both inclusive; 0
	// means open. In the year of a change both names are good.
	From int `toml:"from"`
	To   int `toml:"to"`
	// Now is the name that took its place; empty where it still stands.
	Now string `toml:"now"`
	// Nation says that it is the name of the one national body.
	Nation bool   `toml:"nation"`
	Note   string `toml:"note"`
}

type example struct {
	Text  string       `toml:"text"`
	Words string       `toml:"words"`
	Level corpus.Level `toml:"level"`
	Note  string       `toml:"note"`
}

// Parse reads organs.toml. Its errors name the line, or the entry at fault;
// all faults of the entries are reported together.
func Parse(data []byte) (*Table, error) {
	var f file
	d := toml.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		var strict *toml.StrictMissingError
		if errors.As(err, &strict) {
			return nil, fmt.Errorf("organs: unknown key\n%s", strict.String())
		}
		var decode *toml.DecodeError
		if errors.As(err, &decode) {
			row, col := decode.Position()
			return nil, fmt.Errorf("organs: line %d:%d: %w", row, col, err)
		}
		return nil, fmt.Errorf("organs: %w", err)
	}
	if err := f.check(); err != nil {
		return nil, fmt.Errorf("organs: %w", err)
	}
	return build(&f)
}

// check looks at each entry by itself.
func (f *file) check() error {
	var errs []error
	bad := func(id, format string, args ...any) {
		errs = append(errs, fmt.Errorf("%s: %s", id, fmt.Sprintf(format, args...)))
	}
	if len(f.Organs) == 0 {
		bad("organ", "no kinds")
	}
	if len(f.Units) == 0 {
		bad("unit", "no level words")
	}
	for i, u := range f.Units {
		if u.Level != "" && !slices.Contains(levels, u.Level) {
			bad(fmt.Sprintf("unit %d", i+1), "unknown level %q", u.Level)
		}
	}
	seen := map[string]bool{}
	for i := range f.Organs {
		e := &f.Organs[i]
		id := e.ID
		if id == "" {
			id = fmt.Sprintf("organ %d", i+1)
			bad(id, "no id")
		}
		if seen[id] {
			bad(id, "id used twice")
		}
		seen[id] = true
		e.check(func(format string, args ...any) { bad(id, format, args...) })
	}
	return errors.Join(errs...)
}

func (e *entry) check(bad func(format string, args ...any)) {
	if e.Name == "" {
		bad("no name")
	}
	if len(e.Examples) < 2 || len(e.Nonexamples) < 1 {
		bad("needs two examples and a nonexample, has %d and %d", len(e.Examples), len(e.Nonexamples))
	}
	if e.Level != "" && !slices.Contains(levels, e.Level) {
		bad("unknown level %q", e.Level)
	}
	for _, list := range [][]string{e.Bases, e.Heads, e.National, e.Stems, e.Generic, e.Tails} {
		if slices.Contains(list, "") {
			bad("an empty word")
		}
	}
	for _, s := range e.Shared {
		if s.Stem == "" || s.Reason == "" {
			bad("shared stem %q without a reason", s.Stem)
		}
	}
	for _, d := range e.Dated {
		switch {
		case d.Name == "":
			bad("a dated name is empty")
		case d.From == 0 && d.To == 0:
			bad("dated name %s has no year", d.Name)
		case d.To != 0 && d.From > d.To:
			bad("dated name %s ends in %d before it starts in %d", d.Name, d.To, d.From)
		}
	}
	for _, x := range e.Examples {
		if x.Words == "" || !strings.Contains(x.Text, x.Words) {
			bad("example %q does not hold its words %q", x.Text, x.Words)
		}
		if x.Level != "" && !slices.Contains(levels, x.Level) {
			bad("example %q: unknown level %q", x.Text, x.Level)
		}
	}
}
