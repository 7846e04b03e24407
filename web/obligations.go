package web

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tuogou/compare"
	"tuogou/corpus"
	"tuogou/index/query"
	"tuogou/timeline"
)

// TimelineInput chooses obligations. All that is given has to hold; of several places
// or states one has to.
type TimelineInput struct {
	Q      string   `query:"q" doc:"in the language of /help, asked of each obligation" example:"clause:asset organ:finance" maxLength:"500"`
	Places []string `query:"places" doc:"codes; what lies under them is included"`
	Organ  string   `query:"organ" doc:"id of a kind of organ that has to do with it" maxLength:"40"`
	State  []string `query:"state" enum:"due_soon,upcoming,standing,past,unresolved,met,superseded,withdrawn" doc:"all but withdrawn ones where none is given"`
	From   string   `query:"from" format:"date" doc:"the first day"`
	To     string   `query:"to" format:"date" doc:"the last day"`
	AsOf   string   `query:"as_of" format:"date" doc:"the day that states are seen from; today where none is given"`
}

// TimelinePage is a part of a timeline.
type TimelinePage struct {
	TimelineInput
	Vague bool   `query:"vague" doc:"also list words that bind nobody to a day"`
	Limit int    `query:"limit" minimum:"1" maximum:"1000" default:"200"`
	After string `query:"after" doc:"next of the page before" maxLength:"40"`
}

// TimelineAnswer is what was asked for, in the order of days; what has none comes last.
type TimelineAnswer struct {
	AsOf        string                 `json:"as_of"`
	Total       int                    `json:"total"`
	States      map[timeline.State]int `json:"states" doc:"how many there are of each state, whatever states were asked for"`
	Obligations []timeline.Item        `json:"obligations"`
	Next        string                 `json:"next" doc:"give it as after; empty on the last page"`
	Vague       []compare.Entry        `json:"vague,omitempty"`
}

var organForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// filter checks in.
func (s *server) filter(in TimelineInput) (f timeline.Filter, err error) {
	places, err := placeCodes(in.Places)
	if err != nil {
		return f, err
	}
	for _, d := range []struct {
		name, day string
		to        *string
	}{{"from", in.From, &f.From}, {"to", in.To, &f.To}, {"as_of", in.AsOf, &f.AsOf}} {
		if _, err := time.Parse(time.DateOnly, d.day); d.day != "" && err != nil {
			return f, badParameter(d.name)
		}
		*d.to = d.day
	}
	if f.AsOf == "" {
		f.AsOf = s.today()
	}
	f.Soon = timeline.SoonDays
	for _, state := range in.State {
		if !slices.Contains(timeline.States(), timeline.State(state)) {
			return f, badParameter("state")
		}
		f.States = append(f.States, timeline.State(state))
	}
	if len(in.Q) > maxWords || !utf8.ValidString(in.Q) || strings.ContainsRune(in.Q, 0) {
		return f, badParameter("q")
	}
	text := timeline.PlaceQuery(in.Q, places)
	if in.Organ != "" {
		if !organForm.MatchString(in.Organ) {
			return f, badParameter("organ")
		}
		if text = "organ:" + in.Organ + " (" + text + ")"; strings.HasSuffix(text, "()") {
			text = "organ:" + in.Organ
		}
	}
	f.Query, err = s.node(text)
	return f, err
}

func (s *server) node(text string) (query.Node, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	return s.b.Parse(text)
}

// obligations are all as they stand, read once until one changes.
func (s *server) obligations(ctx context.Context) ([]timeline.Obligation, error) {
	return kept(ctx, s.lib, s.lib.made, "obligations", func(ctx context.Context) ([]timeline.Obligation, error) {
		list, err := s.b.Obligations(ctx)
		if err != nil {
			return nil, fmt.Errorf("obligations: %w", err)
		}
		return list, nil
	})
}

// seen is all obligations as they look from a day. Nobody may change it.
func (s *server) seen(ctx context.Context, asOf string) ([]timeline.Item, error) {
	return kept(ctx, s.lib, s.lib.made, "obligations\x00"+asOf, func(ctx context.Context) ([]timeline.Item, error) {
		list, err := s.obligations(ctx)
		return timeline.Seen(list, asOf, timeline.SoonDays), err
	})
}

// items are those that f keeps.
func (s *server) items(ctx context.Context, f timeline.Filter) ([]timeline.Item, error) {
	all, err := s.seen(ctx, f.AsOf)
	out := []timeline.Item{}
	for i := range all {
		if f.Keeps(&all[i]) {
			out = append(out, all[i])
		}
	}
	return out, err
}

// timelinePage answers one page of a timeline, perhaps as it did before.
func (s *server) timelinePage(ctx context.Context, in TimelinePage) (*TimelineAnswer, error) {
	return kept(ctx, s.lib, s.lib.answers, fmt.Sprintf("timeline %s %+v", s.today(), in), func(ctx context.Context) (*TimelineAnswer, error) {
		return s.timelineAnswer(ctx, in)
	})
}

func (s *server) timelineAnswer(ctx context.Context, in TimelinePage) (*TimelineAnswer, error) {
	f, err := s.filter(in.TimelineInput)
	if err != nil {
		return nil, err
	}
	all, err := s.seen(ctx, f.AsOf)
	if err != nil {
		return nil, err
	}
	out := &TimelineAnswer{AsOf: f.AsOf, States: map[timeline.State]int{}, Obligations: []timeline.Item{}}
	counted := f
	counted.States = timeline.States()
	begun := in.After == ""
	for i := range all {
		x := &all[i]
		if !counted.Keeps(x) {
			continue
		}
		out.States[x.State]++
		if !slices.Contains(f.States, x.State) && (len(f.States) > 0 || x.State == timeline.IsWithdrawn) {
			continue
		}
		out.Total++
		switch {
		case !begun:
			begun = x.UID == in.After
		case len(out.Obligations) < in.Limit:
			out.Obligations = append(out.Obligations, *x)
		default:
			out.Next = out.Obligations[in.Limit-1].UID
		}
	}
	if !begun {
		return nil, badParameter("after")
	}
	if in.Vague && in.After == "" {
		out.Vague, err = s.vague(ctx, in.Places)
	}
	return out, err
}

// vague is the words that bind nobody to a day; they are no obligations.
func (s *server) vague(ctx context.Context, places []string) ([]compare.Entry, error) {
	codes, err := placeCodes(places)
	if err != nil {
		return nil, err
	}
	return derive(ctx, s.lib, "vague\x00"+strings.Join(codes, ","), func(_ context.Context, rs []*corpus.Record) ([]compare.Entry, error) {
		return compare.Timeline(rs, compare.TimelineOptions{Places: codes, Below: true, IncludeVague: true}).Vague, nil
	})
}

// ObligationAnswer is one obligation and all that happened to it, oldest first.
type ObligationAnswer struct {
	Obligation timeline.Item     `json:"obligation"`
	History    []timeline.Change `json:"history"`
}

// obligation is one obligation as it looks today.
func (s *server) obligation(ctx context.Context, uid string) (*ObligationAnswer, error) {
	history, err := s.b.History(ctx, uid)
	if err != nil {
		return nil, err
	}
	if len(history) == 0 {
		return nil, fmt.Errorf("obligation %s: %w", uid, ErrNotFound)
	}
	o := history[len(history)-1].Obligation
	state, day := o.StateAt(s.today(), timeline.SoonDays)
	return &ObligationAnswer{timeline.Item{Obligation: o, State: state, Day: day}, history}, nil
}
