package timeline

import (
	"slices"

	"tuogou/compare"
	"tuogou/corpus"
)

// Status says whether an obligation stands.
type Status string

// Where an obligation can stand.
const (
	Open       Status = "open"
	Superseded Status = "superseded" // another date or document took its place
	Withdrawn  Status = "withdrawn"  // no document says it any more, or a person rejected it
)

// Place is where an obligation binds, and what it lies in.
type Place struct {
	compare.Place
	Codes []string `json:"codes"` // from the nation down, its own last
	Path  []string `json:"path"`
}

// Party is an organ that has to do with the task.
type Party struct {
	Name  string          `json:"name"` // as written
	Kind  string          `json:"kind"` // empty where unknown
	Kinds []string        `json:"kinds,omitempty"`
	Level corpus.Level    `json:"level,omitempty"`
	Role  corpus.DutyRole `json:"role,omitempty"` // empty where the text gives none
}

// When is the time of an obligation.
type When struct {
	Kind corpus.DeadlineKind `json:"kind"`
	EDTF string              `json:"edtf"`
	// Start and End are inclusive days (YYYY-MM-DD), empty where open.
	Start     string `json:"start"`
	End       string `json:"end"`
	StrictEnd string `json:"strict_end,omitempty"`
	RRule     string `json:"rrule,omitempty"` // of RFC 5545
	Resolved  bool   `json:"resolved"`
	// Formula (ISO 8601) or Workdays count from Anchor; they stay beside the dates
	// once the anchor is known.
	Formula     string         `json:"formula,omitempty"`
	Workdays    int            `json:"workdays,omitempty"`
	Anchor      *corpus.Anchor `json:"anchor,omitempty"`
	Goal        bool           `json:"goal,omitempty"`
	Hedged      bool           `json:"hedged,omitempty"`
	Approximate bool           `json:"approximate,omitempty"`
}

// Day is the day that counts: the end, or the start where the end is open; empty
// where none is known.
func (w When) Day() string {
	if w.End != "" {
		return w.End
	}
	return w.Start
}

func (w When) same(v When) bool {
	a, b := w.Anchor, v.Anchor
	w.Anchor, v.Anchor = nil, nil
	return w == v && (a == nil) == (b == nil) && (a == nil || *a == *b)
}

// Source is one document that states an obligation.
type Source struct {
	Document compare.Document `json:"document"`
	Issuers  []string         `json:"issuers"`
	Number   string           `json:"number"`   // of the document in its normal form
	Deadline string           `json:"deadline"` // uid in the record
	Chars    corpus.Span      `json:"span"`     // of the words, in code points of the record's text
	Bytes    corpus.Hash      `json:"sha256"`   // of the document as it was read
	Text     corpus.Hash      `json:"text"`     // of its text
	Rules    corpus.Hash      `json:"rules"`
	// Day is set where this copy gives another day than the obligation.
	Day  string `json:"day,omitempty"`
	Gone bool   `json:"gone,omitempty"` // no longer at its address
}

// Met is the evidence that a person accepted for a task that was done.
type Met struct {
	Document compare.Document `json:"document"`
	Chars    corpus.Span      `json:"span"`
	Quote    string           `json:"quote"`
	By       string           `json:"by"`
	At       string           `json:"at"`
}

// Fix is a person's correction in force.
type Fix struct {
	ID    string `json:"id"` // of the correction in the store
	Field string `json:"field"`
	Was   string `json:"was"`
	Want  string `json:"want"`
	By    string `json:"by,omitempty"`
	At    string `json:"at,omitempty"` // RFC 3339, UTC
	Note  string `json:"note,omitempty"`
	// Lapsed says that the text now says something else than it did when the
	// person corrected it: the correction is kept, and not applied.
	Lapsed bool `json:"lapsed,omitempty"`
}

// Shift is another date for the same task: of the document above, of an older
// document of the place, or of the text itself.
type Shift struct {
	Kind     compare.DriftKind `json:"kind"`
	Day      string            `json:"day"`
	Days     int               `json:"days"` // how much later the newer date is; below 0 earlier
	Later    bool              `json:"later,omitempty"`
	Place    compare.Place     `json:"place"`
	Document corpus.DocID      `json:"document"`
	UID      string            `json:"uid,omitempty"` // the obligation of the other date
	Quote    string            `json:"quote"`
}

// Obligation is a task with its time, at one place, as published.
type Obligation struct {
	UID string `json:"uid"`
	// Sequence rises by one with each change that a calendar has to show.
	Sequence int    `json:"sequence"`
	Status   Status `json:"status"`

	Place      Place             `json:"place"`
	Clause     corpus.ClauseType `json:"clause,omitempty"`
	Section    string            `json:"section,omitempty"`
	Provisions []string          `json:"provisions"`
	Task       string            `json:"task"`
	Words      string            `json:"words"` // the time as written
	Sentence   string            `json:"sentence"`
	Parties    []Party           `json:"parties"`
	When       When              `json:"when"`

	// Sources are the copies that state it; the first one speaks.
	Sources []Source `json:"sources"`
	// SupersededBy is the obligation that took its place, SupersededIn the document.
	SupersededBy string       `json:"superseded_by,omitempty"`
	SupersededIn corpus.DocID `json:"superseded_in,omitempty"`
	Met          *Met         `json:"met,omitempty"`
	Fixes        []Fix        `json:"fixes,omitempty"`
	Shifts       []Shift      `json:"shifts,omitempty"`

	First   string `json:"first"`   // when it came into the ledger; RFC 3339
	Changed string `json:"changed"` // when it changed last
	Cursor  int64  `json:"cursor"`  // of its last change
}

// Document is the one that speaks for the obligation.
func (o *Obligation) Document() compare.Document {
	if len(o.Sources) == 0 {
		return compare.Document{}
	}
	return o.Sources[0].Document
}

// Leads are the names of those who lead or answer for the task; all, where no role
// is known.
func (o *Obligation) Leads() []string {
	lead := func(p Party) bool {
		return p.Role == corpus.Lead || p.Role == corpus.Responsible || p.Role == corpus.Joint
	}
	some := slices.ContainsFunc(o.Parties, lead)
	var out []string
	for _, p := range o.Parties {
		if !some || lead(p) {
			out = append(out, p.Name)
		}
	}
	return out
}

// Others are the names of the rest.
func (o *Obligation) Others() []string {
	leads := o.Leads()
	var out []string
	for _, p := range o.Parties {
		if !slices.Contains(leads, p.Name) {
			out = append(out, p.Name)
		}
	}
	return out
}

// copyOf shares nothing that a change of one could reach.
func copyOf(o Obligation) Obligation {
	o.Provisions, o.Parties, o.Sources = slices.Clone(o.Provisions), slices.Clone(o.Parties), slices.Clone(o.Sources)
	o.Fixes, o.Shifts = slices.Clone(o.Fixes), slices.Clone(o.Shifts)
	return o
}

// Kind says what happened to an obligation.
type Kind string

// The kinds of changes. Those with a star raise the sequence.
const (
	New              Kind = "new"
	DateChanged      Kind = "date_changed"       // *
	DateResolved     Kind = "date_resolved"      // * a formula became a date
	PartiesChanged   Kind = "department_changed" // *
	WordingChanged   Kind = "wording_changed"    // *
	PlaceChanged     Kind = "place_changed"      // *
	BecameSuperseded Kind = "superseded"         // *
	BecameWithdrawn  Kind = "withdrawn"          // *
	Restored         Kind = "restored"           // *
	Corrected        Kind = "corrected"          // * by a reader
	BecameMet        Kind = "met"                // * a person accepted the evidence
	SourceEdited     Kind = "source_edited"      // the document changed, though not this in it
	SourceGone       Kind = "source_gone"
	SourceBack       Kind = "source_back"
	SourcesChanged   Kind = "sources_changed" // a copy came or went, or its facts changed
	ShiftsChanged    Kind = "drift_changed"   // another date for the same task came or went
)

// Kinds are all kinds of changes.
func Kinds() []Kind {
	return []Kind{New, DateChanged, DateResolved, PartiesChanged, WordingChanged, PlaceChanged, BecameSuperseded, BecameWithdrawn, Restored,
		Corrected, BecameMet, SourceEdited, SourceGone, SourceBack, SourcesChanged, ShiftsChanged}
}

func (k Kind) raises() bool {
	switch k {
	case New, SourceEdited, SourceGone, SourceBack, SourcesChanged, ShiftsChanged:
		return false
	}
	return true
}

// Cause says who brought a change about.
type Cause string

// The causes.
const (
	BySource Cause = "source" // what is published changed
	ByRules  Cause = "rules"  // it is read otherwise: other rules, or another version of the program
	ByPerson Cause = "person"
)

// Change is one thing that happened to one obligation. From and To are what
// changed, in words; Obligation is how it stands after the change.
type Change struct {
	Cursor     int64      `json:"cursor"`
	UID        string     `json:"uid"`
	Sequence   int        `json:"sequence"`
	Kind       Kind       `json:"kind"`
	Cause      Cause      `json:"cause"`
	At         string     `json:"at"` // RFC 3339
	By         string     `json:"by,omitempty"`
	From       string     `json:"from,omitempty"`
	To         string     `json:"to,omitempty"`
	Obligation Obligation `json:"obligation"`
}
