package rules

import (
	"io/fs"
	"regexp"
)

// DutyCue tells the role of a list of organs from the words directly after it
// (Before false) or before it.
type DutyCue struct {
	Role       string // a corpus.DutyRole, or joint_lead: the list before leads, the one after takes part
	Before     bool
	Pattern    *regexp.Regexp
	Approve    *regexp.Regexp // words after the organ that turn receive into approve
	NeedsAfter *regexp.Regexp // words after the organ without which the cue does not count
	Examples   []string
}

func loadDuties(fsys fs.FS) ([]DutyCue, error) {
	const name = "duties.toml"
	type cue struct {
		Role       string   `toml:"role"`
		Pattern    string   `toml:"pattern"`
		Approve    string   `toml:"approve"`
		NeedsAfter string   `toml:"needs_after"`
		Examples   []string `toml:"examples"`
	}
	var f struct {
		Vars   map[string]string `toml:"vars"`
		After  []cue             `toml:"after"`
		Before []cue             `toml:"before"`
	}
	if err := decode(fsys, name, &f); err != nil {
		return nil, err
	}
	c := compiler{file: name, vars: f.Vars}
	var out []DutyCue
	add := func(cues []cue, before bool) {
		for _, q := range cues {
			out = append(out, DutyCue{
				Role: q.Role, Before: before, Pattern: c.pattern(q.Role, q.Pattern),
				Approve: c.optional(q.Role, q.Approve), NeedsAfter: c.optional(q.Role, q.NeedsAfter), Examples: q.Examples,
			})
		}
	}
	add(f.After, false)
	add(f.Before, true)
	return out, c.err
}

// ContactRule finds personal data: a group value, cut at Split where it is a list.
type ContactRule struct {
	Kind                  string
	Pattern               *regexp.Regexp
	Split                 *regexp.Regexp
	NotValue              *regexp.Regexp
	Examples, Nonexamples []string
}

func loadContacts(fsys fs.FS) ([]ContactRule, error) {
	const name = "contacts.toml"
	var f struct {
		Vars    map[string]string `toml:"vars"`
		Contact []struct {
			Kind        string   `toml:"kind"`
			Pattern     string   `toml:"pattern"`
			Split       string   `toml:"split"`
			NotValue    string   `toml:"not_value"`
			Examples    []string `toml:"examples"`
			Nonexamples []string `toml:"nonexamples"`
		} `toml:"contact"`
	}
	if err := decode(fsys, name, &f); err != nil {
		return nil, err
	}
	c := compiler{file: name, vars: f.Vars}
	var out []ContactRule
	for _, r := range f.Contact {
		out = append(out, ContactRule{
			Kind: r.Kind, Pattern: c.pattern(r.Kind, r.Pattern), Split: c.optional(r.Kind, r.Split),
			NotValue: c.optional(r.Kind, r.NotValue), Examples: r.Examples, Nonexamples: r.Nonexamples,
		})
	}
	return out, c.err
}
