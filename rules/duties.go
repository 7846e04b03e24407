package rules

import (
	"fmt"
	"io/fs"
	"iter"
	"strings"

	"tuogou/corpus"
	"tuogou/rules/dfa"
)

// NoDuty is the role of a cue that keeps a list of organs from having a duty.
const NoDuty = "none"

// DutyCue tells the role of a list of organs from the words directly after it
// (Before false) or before it.
type DutyCue struct {
	Role       string // a corpus.DutyRole; NoDuty; or joint_lead: the list before leads, the one after takes part
	Before     bool
	Seat       bool // where an office sits: what follows a comma is told apart
	Named      bool // counts for organs by name only: 请各市民政局…, not 请各部门
	Label      bool // 责任单位：, the organs behind it need no verb
	Pattern    *Pattern
	Approve    *Pattern // words after the organ that turn receive into approve
	NeedsAfter *Pattern // words after the organ without which the cue does not count
	Examples   []string
}

// GoesWith reports whether the words after the organ let the cue count.
func (c *DutyCue) GoesWith(after string) bool {
	return c.NeedsAfter == nil || c.NeedsAfter.MatchString(after)
}

// Who decides whose a deadline is. Its patterns are told in duties.toml.
type Who struct {
	Direct, OtherSubject, Condition *Pattern
	Decide, Extend, Owner, Submit   *Pattern
	NotSubject, CarryOn, GoesOn     *Pattern
	ShortName, First, NoDuty, Self  *Pattern
	OtherDept, Verb, Headed, Names  *Pattern
	Leads, Below, SelfTail          *Pattern
	ListOpen, ListBracket           *Pattern
	Listed, ListLocal, NotListed    *Pattern
	Inspects                        *Pattern
	Local                           []LocalRule
	Table                           TableHeads
}

// LocalRule finds the governments of a level as a subject: 各县（区）. Its first
// group is the quoted words.
type LocalRule struct {
	Level    corpus.Level
	Pattern  *Pattern
	Examples []string
}

// TableHeads tells what the columns of a table of tasks hold.
type TableHeads struct {
	Lead, Support, Responsible, Due, Task *Pattern
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

// Duties are the cues for the words behind a list of organs and those for the
// words before it.
type Duties struct{ After, Before CueList }

// CueList is cues in the order in which they count.
type CueList struct {
	Cues []DutyCue
	set  *dfa.Set
}

// In are the cues whose patterns may match text, in order.
func (l *CueList) In(text string) iter.Seq[*DutyCue] {
	return func(yield func(*DutyCue) bool) {
		may := l.set.Match(text)
		for i := range may.All() {
			if !yield(&l.Cues[i]) {
				return
			}
		}
	}
}

func newCueList(cues []DutyCue) (CueList, error) {
	set, err := setOf(each(cues, func(c *DutyCue) *Pattern { return c.Pattern }))
	return CueList{cues, set}, err
}

func loadDuties(fsys fs.FS) (*Duties, *Who, error) {
	const name = "duties.toml"
	type cue struct {
		Role       string   `toml:"role"`
		Pattern    string   `toml:"pattern"`
		Approve    string   `toml:"approve"`
		NeedsAfter string   `toml:"needs_after"`
		Label      bool     `toml:"label"`
		Named      bool     `toml:"named"`
		Seat       bool     `toml:"seat"`
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
	list := func(cues []cue, before bool) (out []DutyCue) {
		for _, q := range cues {
			out = append(out, DutyCue{
				Role: q.Role, Before: before, Label: q.Label, Named: q.Named, Seat: q.Seat, Pattern: c.quick(q.Role, q.Pattern),
				Approve: c.quickOptional(q.Role, q.Approve), NeedsAfter: c.quickOptional(q.Role, q.NeedsAfter), Examples: q.Examples,
			})
		}
		return out
	}
	after, before := list(f.After, false), list(f.Before, true)
	who := compileWho(&c, f.Who, f.Table)
	if c.err != nil {
		return nil, nil, c.err
	}
	d := &Duties{}
	var err error
	if d.After, err = newCueList(after); err != nil {
		return nil, nil, fmt.Errorf("rules: %s: %w", name, err)
	}
	if d.Before, err = newCueList(before); err != nil {
		return nil, nil, fmt.Errorf("rules: %s: %w", name, err)
	}
	return d, who, nil
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
	Leads        string `toml:"leads"`
	Below        string `toml:"below"`
	SelfTail     string `toml:"self_tail"`
	ListOpen     string `toml:"list_open"`
	ListBracket  string `toml:"list_bracket"`
	Listed       string `toml:"listed"`
	ListLocal    string `toml:"list_local"`
	NotListed    string `toml:"not_listed"`
	Inspects     string `toml:"inspects"`
	NoDuty       string `toml:"no_duty"`
	Self         string `toml:"self"`
	OtherDept    string `toml:"other_dept"`
	Verb         string `toml:"verb"`
	Headed       string `toml:"headed"`
	Names        string `toml:"names"`
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
		Direct: c.quick("direct", f.Direct), OtherSubject: c.quick("other_subject", f.OtherSubject),
		Condition: c.quick("condition", f.Condition), Decide: c.quick("decide", f.Decide),
		Extend: c.quick("extend", f.Extend), Owner: c.quick("owner", f.Owner), Submit: c.quick("submit", f.Submit),
		NotSubject: c.quick("not_subject", f.NotSubject), CarryOn: c.quick("carry_on", f.CarryOn),
		GoesOn: c.quick("goes_on", f.GoesOn), ShortName: c.quick("short_name", f.ShortName),
		Leads: c.quick("leads", f.Leads), Below: c.quick("below", f.Below), SelfTail: c.quick("self_tail", f.SelfTail),
		ListOpen: c.quick("list_open", f.ListOpen), ListBracket: c.quick("list_bracket", f.ListBracket),
		Listed: c.quick("listed", f.Listed), NotListed: c.quick("not_listed", f.NotListed),
		ListLocal: c.quick("list_local", f.ListLocal), Inspects: c.quick("inspects", f.Inspects),
		First: c.quick("first", f.First), NoDuty: c.quick("no_duty", f.NoDuty),
		Self: c.quick("self", f.Self), OtherDept: c.quick("other_dept", f.OtherDept),
		Verb: c.quick("verb", f.Verb), Headed: c.quick("headed", f.Headed), Names: c.quick("names", f.Names),
		Table: TableHeads{
			Lead: c.quick("table lead", t.Lead), Support: c.quick("table support", t.Support),
			Responsible: c.quick("table responsible", t.Responsible), Due: c.quick("table due", t.Due),
			Task: c.quick("table task", t.Task),
		},
	}
	for _, l := range f.Local {
		w.Local = append(w.Local, LocalRule{corpus.Level(l.Level), c.quick("local "+l.Level, l.Pattern), l.Examples})
	}
	return w
}

// ContactRule finds personal data: a group value, cut at Split where it is a list.
type ContactRule struct {
	Kind                  string
	Pattern               *Pattern
	Split                 *Pattern
	NotValue              *Pattern
	Examples, Nonexamples []string
	wordless              bool // its pattern can do without any word
}

// Contacts are the rules for personal data.
type Contacts struct {
	Rules []ContactRule
	near  *dfa.Words
}

// Near are the rules, by index, that may find something in line: one of the words
// stands there that their pattern cannot do without or, for a pattern without such
// words, figures enough for a number or a sign of mail.
func (c *Contacts) Near(line string) dfa.Bits {
	out := c.near.In(line)
	if !hasFigures(line) {
		for i := range c.Rules {
			if c.Rules[i].wordless {
				out.Drop(i)
			}
		}
	}
	return out
}

func hasFigures(line string) bool {
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

func loadContacts(fsys fs.FS) (*Contacts, error) {
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
	out := &Contacts{}
	var lists [][]string
	for _, r := range f.Contact {
		words := needs(c.expand(r.Kind, r.Pattern, 0))
		lists = append(lists, words)
		out.Rules = append(out.Rules, ContactRule{
			Kind: r.Kind, Pattern: c.quick(r.Kind, r.Pattern), Split: c.quickOptional(r.Kind, r.Split),
			NotValue: c.quickOptional(r.Kind, r.NotValue), Examples: r.Examples, Nonexamples: r.Nonexamples,
			wordless: len(words) == 0,
		})
	}
	if c.err != nil {
		return nil, c.err
	}
	var err error
	if out.near, err = dfa.NewWords(lists); err != nil {
		return nil, fmt.Errorf("rules: %s: %w", name, err)
	}
	return out, nil
}
