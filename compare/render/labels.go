package render

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"

	"github.com/pelletier/go-toml/v2"

	"tuogou/compare"
)

// Lang is a language of reports and pages. The zero value is Chinese.
type Lang string

// The languages.
const (
	ZH Lang = "zh"
	EN Lang = "en"
)

// Name is a name in both languages.
type Name struct {
	ZH string `toml:"zh" json:"zh"`
	EN string `toml:"en" json:"en"`
}

// In is the name in one language, or in the other where that is empty.
func (n Name) In(l Lang) string {
	if l == EN && n.EN != "" || n.ZH == "" {
		return n.EN
	}
	return n.ZH
}

// Labels are words by key.
type Labels map[string]Name

// ParseLabels reads a TOML file with one table, labels. Unknown fields are errors.
func ParseLabels(data []byte) (Labels, error) {
	var file struct {
		Labels Labels `toml:"labels"`
	}
	dec := toml.NewDecoder(strings.NewReader(string(data)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&file); err != nil {
		return nil, fmt.Errorf("read labels: %w", err)
	}
	return file.Labels, nil
}

// Get is the label for key, or the last part of key where there is none.
func (l Labels) Get(key string, lang Lang) string {
	if n, ok := l[key]; ok {
		return n.In(lang)
	}
	return key[strings.LastIndexByte(key, '.')+1:]
}

//go:embed labels.toml
var labelFile []byte

// builtin is read once; a test reads it too, so that a defect cannot ship.
var builtin = sync.OnceValue(func() Labels {
	labels, err := ParseLabels(labelFile)
	if err != nil {
		return Labels{}
	}
	return labels
})

// Label is a word of the reports, such as "state.absent", in one language.
func Label(key string, lang Lang) string { return builtin().Get(key, lang) }

// Options are common to the writers. The zero value writes Chinese.
type Options struct {
	Lang Lang
	// OrganNames are names of the canonical kinds of organs. A kind without one is
	// shown by its id.
	OrganNames map[string]Name
	// Title stands on top of a report or calendar. Empty: a general one.
	Title string
	// AsOf (YYYY-MM-DD) is told in the report where given.
	AsOf string
}

func (o Options) label(key string) string { return Label(key, o.Lang) }

// topic is the name of a row.
func (o Options) topic(t compare.Topic) string {
	name := Name{ZH: t.Name, EN: t.NameEN}.In(o.Lang)
	switch {
	case name != "" && t.Provision:
		return t.ID + " " + name
	case name != "":
		return name
	case t.Provision:
		return t.ID
	}
	return o.label(t.ID)
}

func (o Options) organ(kind string) string {
	if n, ok := o.OrganNames[kind]; ok {
		return n.In(o.Lang)
	}
	return kind
}

func (o Options) place(p compare.Place) string {
	switch {
	case p.Name != "":
		return p.Name
	case p.Code != "":
		return p.Code
	}
	return o.label("unknown_place")
}

// list separators differ by language.
func (o Options) join(words []string) string {
	if o.Lang == EN {
		return strings.Join(words, ", ")
	}
	return strings.Join(words, "、")
}

// colon ends a label.
func (o Options) colon() string {
	if o.Lang == EN {
		return ": "
	}
	return "："
}
