package timeline

import (
	"time"

	"tuogou/compare"
	"tuogou/corpus"
)

// State is how an obligation looks from a day.
type State string

// The states.
const (
	Upcoming    State = "upcoming"
	DueSoon     State = "due_soon"
	Past        State = "past"     // its day is over; nobody knows whether it was met
	Standing    State = "standing" // it began and has no end
	Unresolved  State = "unresolved"
	IsMet       State = "met" // a person accepted the evidence
	IsReplaced  State = "superseded"
	IsWithdrawn State = "withdrawn"
)

// States are all states, in the order in which they are listed.
func States() []State {
	return []State{DueSoon, Upcoming, Standing, Past, Unresolved, IsMet, IsReplaced, IsWithdrawn}
}

// SoonDays is how many days ahead something is due soon, where nothing else is said.
const SoonDays = 30

// StateAt is the state of o on a day (YYYY-MM-DD), and the day that counts then: the
// next turn of what recurs, else [When.Day]. Without a day nothing is past.
func (o *Obligation) StateAt(asOf string, soon int) (State, string) {
	day := o.When.Day()
	switch {
	case o.Status == Withdrawn:
		return IsWithdrawn, day
	case o.Met != nil:
		return IsMet, day
	case o.Status == Superseded:
		return IsReplaced, day
	}
	if o.When.RRule != "" && asOf != "" {
		day = compare.NextTurn(o.When.RRule, max(asOf, o.When.Start))
	}
	switch {
	case day == "" && o.When.RRule != "":
		return Standing, ""
	case day == "" || !o.When.Resolved:
		return Unresolved, day
	case asOf == "":
		return Upcoming, day
	case day < asOf && o.When.End == "" && (o.When.Kind == corpus.KindFrom || o.When.Kind == corpus.KindDuring):
		return Standing, day
	case day < asOf:
		return Past, day
	case day <= addDays(asOf, soon):
		return DueSoon, day
	}
	return Upcoming, day
}

func addDays(day string, n int) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.AddDate(0, 0, n).Format(time.DateOnly)
}
