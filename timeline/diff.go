package timeline

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"tuogou/corpus"
	"tuogou/corpus/store"
)

// part is one kind of change: whether it happened, and how it is made.
type part struct {
	kind  Kind
	words func(o Obligation) string // what the change shows as from and to
	move  func(at *Obligation, to Obligation)
}

// changesOf are the changes that lead from one form of an obligation to the other,
// one kind at a time, each with the obligation as it stands then.
func (u *update) changesOf(s step) []Change {
	if !s.known {
		return []Change{u.change(s, New, BySource, "", summary(s.to), s.to)}
	}
	at, all := copyOf(s.from), copyOf(s.from)
	for _, p := range parts {
		p.move(&all, s.to)
	}
	if sameForm(at, all) { // as of nearly every obligation on nearly every day
		return nil
	}
	var out []Change
	for _, p := range parts {
		next := copyOf(at)
		p.move(&next, s.to)
		if sameForm(at, next) {
			continue
		}
		kind, cause := p.kind, u.cause(s, p.kind)
		switch {
		case kind == BecameSuperseded && s.to.Status == Withdrawn:
			kind = BecameWithdrawn
		case kind == BecameSuperseded && s.to.Status == Open:
			kind = Restored
		case kind == DateChanged && !at.When.Resolved && next.When.Resolved:
			kind = DateResolved
		case kind == SourceGone && !gone(next):
			kind = SourceBack
		case kind == SourcesChanged && edited(at, next):
			kind = SourceEdited
		}
		next.Sequence = at.Sequence
		if kind.raises() {
			next.Sequence++
		}
		out = append(out, u.change(s, kind, cause, p.words(at), p.words(next), next))
		at = out[len(out)-1].Obligation
	}
	return out
}

func (u *update) change(s step, kind Kind, cause Cause, from, to string, o Obligation) Change {
	o.Changed = store.Stamp(u.now.At)
	c := Change{UID: o.UID, Sequence: o.Sequence, Kind: kind, Cause: cause, At: o.Changed, From: from, To: to, Obligation: o}
	if cause == ByPerson {
		c.By = personOf(s)
	}
	return c
}

func personOf(s step) string {
	for _, f := range slices.Concat(s.to.Fixes, s.from.Fixes) {
		if !slices.Contains(s.from.Fixes, f) || !slices.Contains(s.to.Fixes, f) {
			return f.By
		}
	}
	return ""
}

// parts are in the order in which a reader wants to know. That of the status comes
// before those of the sources, which can move daily.
var parts = []part{
	{PlaceChanged, func(o Obligation) string { return strings.TrimSpace(o.Place.Code + " " + o.Place.Name) },
		func(at *Obligation, to Obligation) { at.Place = to.Place }},
	{Corrected, fixWords, func(at *Obligation, to Obligation) {
		// What a person set is one change, whatever it moves.
		if !slices.Equal(at.Fixes, to.Fixes) && newFix(at.Fixes, to.Fixes) {
			at.Fixes, at.When, at.Task = to.Fixes, to.When, to.Task
			if rejected(to) {
				at.Status = Withdrawn
			}
		}
	}},
	{DateChanged, func(o Obligation) string { return timeWords(o.When) }, func(at *Obligation, to Obligation) {
		if !at.When.same(to.When) {
			at.When = to.When
		}
	}},
	{PartiesChanged, partyWords, func(at *Obligation, to Obligation) { at.Parties = to.Parties }},
	{WordingChanged, summary, func(at *Obligation, to Obligation) {
		at.Fixes = to.Fixes // one that lapsed, or is in force again
		at.Clause, at.Section, at.Provisions, at.Task, at.Words, at.Sentence = to.Clause, to.Section, to.Provisions, to.Task, to.Words, to.Sentence
	}},
	{BecameSuperseded, func(o Obligation) string {
		return strings.TrimSpace(string(o.Status) + " " + o.SupersededBy + " " + string(o.SupersededIn))
	}, func(at *Obligation, to Obligation) {
		at.Status, at.SupersededBy, at.SupersededIn = to.Status, to.SupersededBy, to.SupersededIn
	}},
	{SourcesChanged, sourceWords, func(at *Obligation, to Obligation) {
		gone := map[corpus.DocID]bool{}
		for _, s := range at.Sources {
			gone[s.Document.ID] = gone[s.Document.ID] || s.Gone
		}
		next := slices.Clone(to.Sources)
		for i, s := range next { // whether it is gone is a change of its own
			next[i].Gone = gone[s.Document.ID]
		}
		if !sameSources(at.Sources, next) {
			at.Sources = next
		}
	}},
	{SourceGone, sourceWords, func(at *Obligation, to Obligation) {
		if !sameSources(at.Sources, to.Sources) {
			at.Sources = to.Sources
		}
	}},
	{ShiftsChanged, shiftWords, func(at *Obligation, to Obligation) { at.Shifts = to.Shifts }},
}

// sameForm compares as JSON does: an empty list and none are one.
func sameForm(a, b Obligation) bool {
	if reflect.DeepEqual(a, b) {
		return true
	}
	x, err := json.Marshal(a)
	y, err2 := json.Marshal(b)
	return err == nil && err2 == nil && string(x) == string(y)
}

func summary(o Obligation) string {
	return strings.TrimSpace(timeWords(o.When) + " " + o.Task)
}

func timeWords(w When) string {
	switch {
	case w.RRule != "":
		return w.RRule
	case w.Resolved && w.EDTF != "":
		return w.EDTF
	case w.Resolved:
		return w.Day()
	}
	return FormulaWords(w)
}

func partyWords(o Obligation) string {
	var out []string
	for _, p := range o.Parties {
		s := p.Name
		if p.Role != "" {
			s += " (" + string(p.Role) + ")"
		}
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}

func sourceWords(o Obligation) string {
	var out []string
	for _, s := range o.Sources {
		w := string(s.Document.ID)
		if s.Gone {
			w += " (gone)"
		}
		out = append(out, w)
	}
	return strings.Join(out, "; ")
}

func shiftWords(o Obligation) string {
	var out []string
	for _, s := range o.Shifts {
		out = append(out, string(s.Kind)+" "+s.Day)
	}
	return strings.Join(out, "; ")
}

// sameSources leaves out the rules: where nothing was read otherwise, other rules are
// no news.
func sameSources(a, b []Source) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		x, y := a[i], b[i]
		x.Rules, y.Rules = "", ""
		if !reflect.DeepEqual(x, y) {
			return false
		}
	}
	return true
}

func gone(o Obligation) bool {
	return len(o.Sources) > 0 && !slices.ContainsFunc(o.Sources, func(s Source) bool { return !s.Gone })
}

// edited reports whether only the bytes, the text or the place in it of the very
// same documents changed.
func edited(a, b Obligation) bool {
	if len(a.Sources) != len(b.Sources) {
		return false
	}
	for i, s := range a.Sources {
		t := b.Sources[i]
		if s.Document.ID != t.Document.ID || s.Day != t.Day {
			return false
		}
	}
	return true
}

// cause says who changed an obligation. Bytes that are the same can only have been
// read otherwise. Where bytes and rules both changed, the words decide: the same
// sentence with another date was read otherwise.
func (u *update) cause(s step, kind Kind) Cause {
	switch kind {
	case Corrected:
		return ByPerson
	case SourceGone, SourceBack:
		return BySource
	}
	if s.to.Status == Withdrawn && s.from.Status != Withdrawn {
		return u.lostBy(s.from)
	}
	old, now := bytesOf(s.from), bytesOf(s.to)
	same, shared := true, false
	for id, h := range old {
		if h2, ok := now[id]; ok {
			shared = true
			same = same && h == h2
		}
	}
	switch {
	case !shared:
		return BySource
	case same && len(old) == len(now):
		return u.sameBytes(s, kind)
	case same && kind != SourcesChanged && s.from.Document().ID == s.to.Document().ID:
		return ByRules
	}
	if rulesOf(s.from) != rulesOf(s.to) && s.from.Sentence == s.to.Sentence && (kind == DateChanged || kind == PartiesChanged) {
		return ByRules
	}
	return BySource
}

// sameBytes tells for documents that did not change. A repeal, another date in a
// newer document and the anchor of a formula come from other documents.
func (u *update) sameBytes(s step, kind Kind) Cause {
	switch {
	case kind == ShiftsChanged, kind == BecameSuperseded && s.to.SupersededIn != s.from.SupersededIn:
		return BySource
	case kind == DateChanged && s.to.When.Anchor != nil && s.to.When.Anchor.Kind == anchorDocument && s.to.Sentence == s.from.Sentence:
		return BySource
	}
	return ByRules
}

// lostBy is why nothing says an obligation any more: by rules only where each of its
// documents is here, byte for byte.
func (u *update) lostBy(o Obligation) Cause {
	for _, s := range o.Sources {
		if r := u.records[s.Document.ID]; r == nil || r.Source.SHA256 != s.Bytes {
			return BySource
		}
	}
	return ByRules
}

func bytesOf(o Obligation) map[corpus.DocID]corpus.Hash {
	out := map[corpus.DocID]corpus.Hash{}
	for _, s := range o.Sources {
		out[s.Document.ID] = s.Bytes
	}
	return out
}

func rulesOf(o Obligation) corpus.Hash {
	if len(o.Sources) == 0 {
		return ""
	}
	return o.Sources[0].Rules
}
