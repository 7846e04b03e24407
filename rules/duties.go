package rules

import (
	"io/fs"
	"regexp"
	"strings"

	"tuogou/corpus"
)

// NoDuty is the role of a cue that keeps a list of organs from having a duty.
const NoDuty = "none"

// DutyCue tells the role of a list of organs from the words directly after it
// (Before false) or before it.
type DutyCue struct {
	Role       string // a corpus.DutyRole; NoDuty; or joint_lead: the list before leads, the one after takes part
	Before     bool
	Label      bool // 责任单位：, the organs behind it need no verb
	Pattern    *regexp.Regexp
	Approve    *regexp.Regexp // words after the organ that turn receive into approve
	NeedsAfter *regexp.Regexp // words after the organ without which the cue does not count
	Examples   []string
}

// Who decides whose a deadline is. Its patterns are told in duties.toml.
type Who struct {
	Direct, OtherSubject, Condition *regexp.Regexp
	Decide, Extend, Owner, Submit   *regexp.Regexp
	NotSubject, CarryOn, GoesOn     *regexp.Regexp
	ShortName, First, NoDuty, Self  *regexp.Regexp
	OtherDept                       *regexp.Regexp
	Local                           []LocalRule
	Table                           TableHeads
}

// LocalRule finds the governments of a level as a subject: 各县（区）. Its first
// group is the quoted words.
type LocalRule struct {
	Level    corpus.Level
	Pattern  *regexp.Regexp
	Examples []string
}

// TableHeads tells what the columns of a table of tasks hold.
type TableHeads struct {
	Lead, Support, Responsible, Due, Task *regexp.Regexp
}

// Role is lead, support, responsible, due or task by the words over a column, or "".
func (t *TableHeads) Role(head string) string {
	switch {
	case head == "":
		return ""
	case t.Lead.MatchString(head):
		return "lead"
	case t.Support.MatchString(head):
		return "support"
	case t.Responsible.MatchString(head):
		return "responsible"
	case t.Due.MatchString(head):
		return "due"
	case t.Task.MatchString(head):
		return "task"
	}
	return ""
}

func loadDuties(fsys fs.FS) ([]DutyCue, *Who, error) {
	const name = "duties.toml"
	type cue struct {
		Role       string   `toml:"role"`
		Pattern    string   `toml:"pattern"`
		Approve    string   `toml:"approve"`
		NeedsAfter string   `toml:"needs_after"`
		Label      bool     `toml:"label"`
		Examples   []string `toml:"examples"`
	}
	var f struct {
		Vars   map[string]string `toml:"vars"`
		After  []cue             `toml:"after"`
		Who    whoFile           `toml:"who"`
		Table  tableFile         `toml:"table"`
		Before []cue             `toml:"before"`
	}
	if err := decode(fsys, name, &f); err != nil {
		return nil, nil, err
	}
	c := compiler{file: name, vars: f.Vars}
	var out []DutyCue
	add := func(cues []cue, before bool) {
		for _, q := range cues {
			out = append(out, DutyCue{
				Role: q.Role, Before: before, Label: q.Label, Pattern: c.pattern(q.Role, q.Pattern),
				Approve: c.optional(q.Role, q.Approve), NeedsAfter: c.optional(q.Role, q.NeedsAfter), Examples: q.Examples,
			})
		}
	}
	add(f.After, false)
	add(f.Before, true)
	return out, compileWho(&c, f.Who, f.Table), c.err
}

type whoFile struct {
	Direct       string `toml:"direct"`
	OtherSubject string `toml:"other_subject"`
	Condition    string `toml:"condition"`
	Decide       string `toml:"decide"`
	Extend       string `toml:"extend"`
	Owner        string `toml:"owner"`
	Submit       string `toml:"submit"`
	NotSubject   string `toml:"not_subject"`
	CarryOn      string `toml:"carry_on"`
	GoesOn       string `toml:"goes_on"`
	ShortName    string `toml:"short_name"`
	First        string `toml:"first"`
	NoDuty       string `toml:"no_duty"`
	Self         string `toml:"self"`
	OtherDept    string `toml:"other_dept"`
	Local        []struct {
		Level    string   `toml:"level"`
		Pattern  string   `toml:"pattern"`
		Examples []string `toml:"examples"`
	} `toml:"local"`
}

type tableFile struct {
	Lead        string `toml:"lead"`
	Support     string `toml:"support"`
	Responsible string `toml:"responsible"`
	Due         string `toml:"due"`
	Task        string `toml:"task"`
}

func compileWho(c *compiler, f whoFile, t tableFile) *Who {
	w := &Who{
		Direct: c.pattern("direct", f.Direct), OtherSubject: c.pattern("other_subject", f.OtherSubject),
		Condition: c.pattern("condition", f.Condition), Decide: c.pattern("decide", f.Decide),
		Extend: c.pattern("extend", f.Extend), Owner: c.pattern("owner", f.Owner), Submit: c.pattern("submit", f.Submit),
		NotSubject: c.pattern("not_subject", f.NotSubject), CarryOn: c.pattern("carry_on", f.CarryOn),
		GoesOn: c.pattern("goes_on", f.GoesOn), ShortName: c.pattern("short_name", f.ShortName),
		First: c.pattern("first", f.First), NoDuty: c.pattern("no_duty", f.NoDuty),
		Self: c.pattern("self", f.Self), OtherDept: c.pattern("other_dept", f.OtherDept),
		Table: TableHeads{
			Lead: c.pattern("table lead", t.Lead), Support: c.pattern("table support", t.Support),
			Responsible: c.pattern("table responsible", t.Responsible), Due: c.pattern("table due", t.Due),
			Task: c.pattern("table task", t.Task),
		},
	}
	for _, l := range f.Local {
		w.Local = append(w.Local, LocalRule{corpus.Level(l.Level), c.pattern("local "+l.Level, l.Pattern), l.Examples})
	}
	return w
}

// ContactRule finds personal data: a group value, cut at Split where it is a list.
type ContactRule struct {
	Kind                  string
	Pattern               *regexp.Regexp
	Split                 *regexp.Regexp
	NotValue              *regexp.Regexp
	Examples, Nonexamples []string
	needs                 []string
}

// Near reports whether the rule may find something in line: whether one of the
// words stands there that its pattern cannot do without or, for a pattern without
// such words, figures enough for a number or a sign of mail.
func (r *ContactRule) Near(line string) bool {
	if len(r.needs) > 0 {
		return anyIn(line, r.needs)
	}
	figures := 0
	for i := range len(line) {
		if c := line[i]; '0' <= c && c <= '9' {
			if figures++; figures >= 7 {
				return true
			}
		}
	}
	return strings.ContainsAny(line, "@＠")
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
			needs: needs(c.expand(r.Kind, r.Pattern, 0)),
		})
	}
	return out, c.err
}
