package compare

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"tuogou/corpus"
)

// TimelineOptions narrow a timeline. The zero value takes every deadline of every
// document on the topic.
type TimelineOptions struct {
	// From and To (YYYY-MM-DD, inclusive) keep what touches these days. Empty is
	// open. Recurring deadlines are kept always.
	From, To string
	// Places keeps these codes; Below also the places inside them. Empty keeps all.
	Places []string
	Below  bool
	// OffTopic also takes documents that are not about the decoupling.
	OffTopic bool
	// IncludeVague also lists times that bind nobody to a day (逐步, 尽快).
	IncludeVague bool
	// AsOf (YYYY-MM-DD) marks what had passed by that day. Empty marks nothing:
	// there is no clock here.
	AsOf string
}

// Entry is one deadline of one document.
type Entry struct {
	Due
	Place    Place             `json:"place"`
	Document Document          `json:"document"`
	Organs   []Organ           `json:"organs"`
	Clause   corpus.ClauseType `json:"clause,omitempty"`
	// Day is the day that counts: the end, or the start where the end is open;
	// empty for recurring ones without dates and for unresolved ones.
	Day string `json:"day"`
	// Passed says that Day lies before the AsOf of the options.
	Passed bool `json:"passed"`
}

// Schedule is the deadlines of a corpus. Standing rules in time (terms) are no
// tasks and never stand in it.
type Schedule struct {
	// Entries have a date or a rule of recurrence. They are sorted by Day, then
	// start, then place, then document; those without a day come last.
	Entries []Entry `json:"entries"`
	// Unresolved have words only, sorted by place, then document.
	Unresolved []Entry `json:"unresolved"`
	// Vague is empty unless asked for.
	Vague []Entry `json:"vague"`
}

// Timeline gathers the deadlines of records.
func Timeline(records []*corpus.Record, opt TimelineOptions) *Schedule {
	s := &Schedule{Entries: []Entry{}, Unresolved: []Entry{}, Vague: []Entry{}}
	for _, r := range records {
		if r == nil || !r.OnTopic && !opt.OffTopic || !opt.place(r) {
			continue
		}
		src := newSource(r)
		for _, d := range r.Deadlines {
			s.add(src.entry(d), opt)
		}
		if opt.IncludeVague {
			for _, t := range r.Times {
				if t.Role == corpus.RoleVague {
					s.Vague = append(s.Vague, src.vague(t))
				}
			}
		}
	}
	slices.SortStableFunc(s.Entries, byDay)
	slices.SortStableFunc(s.Unresolved, byPlace)
	slices.SortStableFunc(s.Vague, byPlace)
	return s
}

func (opt TimelineOptions) place(r *corpus.Record) bool {
	if len(opt.Places) == 0 {
		return true
	}
	return slices.ContainsFunc(opt.Places, func(p string) bool {
		return p == r.Jurisdiction.Code || opt.Below && inside(r, p)
	})
}

func (s *Schedule) add(e Entry, opt TimelineOptions) {
	if !e.Resolved || e.Day == "" && e.RRule == "" {
		s.Unresolved = append(s.Unresolved, e)
		return
	}
	if e.RRule == "" {
		first, last := e.span()
		if opt.From != "" && last != "" && last < opt.From || opt.To != "" && first != "" && first > opt.To {
			return
		}
	}
	e.Passed = opt.AsOf != "" && e.Day != "" && e.Day < opt.AsOf && e.RRule == "" && e.Kind != corpus.KindFrom
	s.Entries = append(s.Entries, e)
}

// span is the days on which an entry binds. What is due by a day counts on that
// day only: else every 2018年底前 would show in every earlier year.
func (e Entry) span() (first, last string) {
	switch {
	case e.Start == "":
		return e.End, e.End
	case e.End == "" && e.Kind != corpus.KindFrom:
		return e.Start, e.Start
	}
	return e.Start, e.End
}

func (src *source) entry(d corpus.Deadline) Entry {
	e := Entry{
		Due: src.due(d), Place: PlaceOf(src.r), Document: DocumentOf(src.r),
		Organs: src.organs(d.Organs, d.Clause), Clause: d.Clause,
	}
	// A day that is none (2017-02-30) is kept as words only.
	if !isDay(e.Start) || !isDay(e.End) || e.Start != "" && e.End != "" && e.End < e.Start {
		e.Resolved = false
	}
	if e.Resolved {
		e.Day = e.End
		if e.Day == "" {
			e.Day = e.Start
		}
	}
	return e
}

func (src *source) vague(t corpus.Time) Entry {
	cite := src.cite(t.Span)
	return Entry{
		Due:   Due{Words: cite.Quote, Cite: cite},
		Place: PlaceOf(src.r), Document: DocumentOf(src.r), Organs: []Organ{},
	}
}

// isDay reports whether s is a day or empty.
func isDay(s string) bool {
	if s == "" {
		return true
	}
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// Next is the first n entries that still stand and whose day is asOf or later, the
// recurring ones with the day of their next turn. n below 1 means all.
func (s *Schedule) Next(asOf string, n int) []Entry {
	out := []Entry{}
	for _, e := range s.Entries {
		if e.RRule != "" {
			e.Day = NextTurn(e.RRule, later(asOf, e.Start))
		}
		if e.SupersededBy == "" && e.Day != "" && e.Day >= asOf {
			out = append(out, e)
		}
	}
	slices.SortStableFunc(out, byDay)
	if n > 0 && len(out) > n {
		out = out[:n]
	}
	return out
}

func later(a, b string) string { return max(a, b) }

func byDay(a, b Entry) int {
	switch {
	case a.Day == b.Day:
	case a.Day == "":
		return 1
	case b.Day == "":
		return -1
	default:
		return strings.Compare(a.Day, b.Day)
	}
	if c := strings.Compare(a.Start, b.Start); c != 0 {
		return c
	}
	return byPlace(a, b)
}

func byPlace(a, b Entry) int {
	return cmp.Or(
		strings.Compare(a.Place.Code, b.Place.Code),
		strings.Compare(string(a.Document.ID), string(b.Document.ID)),
		cmp.Compare(a.Cite.Span.Start, b.Cite.Span.Start),
		strings.Compare(a.UID, b.UID),
	)
}
