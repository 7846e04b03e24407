package web

import (
	"context"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"tuogou/compare"
	"tuogou/compare/render"
	"tuogou/timeline"
	"tuogou/timeline/format"
)

type timelineView struct {
	TimelinePage
	Place                   string
	Places, Organs          []option
	View                    string
	Views, States           []choiceLink
	Rows                    []obligationRow
	Months                  []monthView
	Bars                    template.HTML
	Changes                 []changeRow
	VagueView               *render.TimelineView
	Count                   string
	Empty                   bool
	NextHref                string
	SubscribeHref, AtomHref string
	Downloads               []choiceLink
}

// obligationRow is an obligation, and where its words and its history are.
type obligationRow struct {
	format.Row
	Href, WordsHref, DocHref string
}

// monthView is the obligations whose day lies in one month.
type monthView struct {
	Month string
	Rows  []obligationRow
	Past  bool
}

// changeRow is one thing that happened.
type changeRow struct {
	Day, Kind, Cause, Place, Task, From, To, Href string
	Cursor                                        int64
}

// What a page shows at once.
const (
	shownRows    = 100
	shownMonths  = 1000
	shownBars    = 400
	shownChanges = 200
)

var timelineViews = []string{"list", "month", "bars", "changes"}

func (s *server) timeline(req *request) error {
	in := TimelinePage{After: req.query.Get("after")}
	var err error
	if in.TimelineInput, err = req.timelineInput(); err != nil {
		return err
	}
	if in.Vague, err = req.flag("vague"); err != nil {
		return err
	}
	view, err := req.choice("view", timelineViews...)
	if err != nil {
		return err
	}
	most := map[string]int{"list": shownRows, "month": shownMonths, "bars": shownBars, "changes": shownRows}[view]
	if in.Limit, err = req.number("limit", most, 1, shownMonths); err != nil {
		return err
	}
	answer, err := s.timelinePage(req.r.Context(), in)
	if err != nil {
		return err
	}
	if req.json {
		return req.writeJSON(answer)
	}
	v, err := req.timelineView(in, view, answer)
	if err != nil {
		return err
	}
	p := req.page(req.label("timeline.title"))
	p.Words = "" // the words are of this page's own form
	p.JSONHref, p.ICSHref = req.here("/timeline.json", "view", ""), v.SubscribeHref
	p.Sample = slices.ContainsFunc(answer.Obligations, func(x timeline.Item) bool { return x.Place.Sample })
	p.Body = v
	return req.render("timeline", p)
}

func (req *request) timelineView(in TimelinePage, view string, answer *TimelineAnswer) (v timelineView, err error) {
	v = timelineView{TimelinePage: in, View: view, Place: strings.Join(in.Places, ","), Empty: answer.Total == 0,
		SubscribeHref: req.here("/timeline.ics", "view", "", "after", ""), AtomHref: req.here("/timeline.atom", "view", "", "after", "")}
	for _, n := range timelineViews {
		v.Views = append(v.Views, choiceLink{Label: req.label("timeline.view." + n), Href: req.here("/timeline", "view", n, "after", ""), On: n == view})
	}
	for _, f := range TimelineFormats {
		v.Downloads = append(v.Downloads, choiceLink{Label: req.label("timeline.as." + f.Name), Href: req.here("/timeline/file", "format", f.Name, "view", "", "after", "")})
	}
	if answer.Next != "" {
		v.NextHref = req.here("/timeline", "after", answer.Next)
	}
	v.Count = fmt.Sprintf(req.label("timeline.count"), answer.Total)
	v.States = req.stateChips(in.State, answer.States)
	if v.Places, v.Organs, err = req.timelineChoices(in); err != nil {
		return v, err
	}
	if len(answer.Vague) > 0 {
		v.VagueView = render.NewTimelineView(answer.Vague, req.options(), req.citeHref, req.docHref)
	}
	o := format.Options{Lang: req.lang, AsOf: answer.AsOf}
	switch view {
	case "month":
		v.Months = req.months(answer)
	case "bars":
		v.Bars, err = format.Chart(answer.Obligations, o, func(x *timeline.Item) string { return req.obligationHref(x.UID) })
	case "changes":
		v.Changes, err = req.newestChanges()
		v.NextHref = ""
	default:
		v.Rows = req.rows(answer.Obligations, o)
	}
	return v, err
}

// stateChips turn one state on or off each, and say how many there are of it.
func (req *request) stateChips(on []string, counts map[timeline.State]int) []choiceLink {
	var out []choiceLink
	for _, state := range timeline.States() {
		chosen := slices.Contains(on, string(state))
		if counts[state] == 0 && !chosen {
			continue
		}
		next := slices.DeleteFunc(slices.Clone(on), func(s string) bool { return s == string(state) })
		if !chosen {
			next = append(next, string(state))
		}
		out = append(out, choiceLink{Label: fmt.Sprintf("%s %d", format.StateLabel(state, req.lang), counts[state]), On: chosen,
			Href: req.here("/timeline", "state", strings.Join(next, ","), "after", "")})
	}
	return out
}

// shownPlaces bounds the places that can be chosen from a list: beyond it counties are
// left to the query (place:990101), then cities.
const shownPlaces = 400

// timelineChoices are the places with a document, and the kinds of organs that have
// anything to do.
func (req *request) timelineChoices(in TimelinePage) (places, organs []option, err error) {
	o, err := req.s.overview(req.r.Context())
	if err != nil {
		return nil, nil, err
	}
	place := strings.Join(in.Places, ",")
	places = append(places, option{"", req.label("timeline.everywhere"), place == ""})
	known := place == ""
	for _, p := range fewest(o.Places, shownPlaces) {
		known = known || p.Code == place
		places = append(places, option{p.Code, p.Name + " " + p.Code, place == p.Code})
	}
	if !known {
		places = append(places, option{place, place, true})
	}
	kinds, err := req.s.organKinds(req.r.Context())
	if err != nil {
		return nil, nil, err
	}
	organs = append(organs, option{"", req.label("timeline.anyorgan"), in.Organ == ""})
	for _, id := range kinds {
		name := id
		if n, ok := req.s.opt.OrganNames[id]; ok {
			name = n.In(req.lang)
		}
		organs = append(organs, option{id, name, id == in.Organ})
	}
	if in.Organ != "" && !slices.Contains(kinds, in.Organ) {
		organs = append(organs, option{in.Organ, in.Organ, true})
	}
	return places, organs, nil
}

// fewest is list where it is short, else its provinces and cities, or its provinces.
func fewest(list []compare.Place, most int) []compare.Place {
	for _, end := range []string{"", "00", "0000"} {
		some := slices.DeleteFunc(slices.Clone(list), func(p compare.Place) bool { return !strings.HasSuffix(p.Code, end) })
		if len(some) <= most || end == "0000" {
			return some
		}
	}
	return nil
}

// organKinds are the ids of the kinds of organs that obligations name, in order.
func (s *server) organKinds(ctx context.Context) ([]string, error) {
	return kept(ctx, s.lib, s.lib.made, "organ kinds", func(ctx context.Context) ([]string, error) {
		list, err := s.obligations(ctx)
		seen := map[string]bool{}
		for i := range list {
			for _, p := range list[i].Parties {
				seen[p.Kind] = true
			}
		}
		delete(seen, "")
		return sortedKeys(seen), err
	})
}

func (req *request) obligationHref(uid string) string { return req.href("/obligation/" + uid) }

func (req *request) row(x *timeline.Item, o format.Options) obligationRow {
	r := format.NewRow(x, o)
	return obligationRow{Row: r, Href: req.obligationHref(x.UID), WordsHref: req.wordsHref(r.Doc, r.Chars), DocHref: req.docHref(r.Doc)}
}

func (req *request) rows(list []timeline.Item, o format.Options) []obligationRow {
	out := make([]obligationRow, len(list))
	for i := range list {
		out[i] = req.row(&list[i], o)
	}
	return out
}

// months groups by the month of the day that counts; what has no day comes last.
func (req *request) months(answer *TimelineAnswer) []monthView {
	var out []monthView
	list := answer.Obligations
	for len(list) > 0 {
		month := monthOf(list[0])
		n := 1
		for n < len(list) && monthOf(list[n]) == month {
			n++
		}
		name := month
		if name == "" {
			name = req.label("timeline.nomonth")
		}
		out = append(out, monthView{Month: name, Rows: req.rows(list[:n], format.Options{Lang: req.lang, AsOf: answer.AsOf}),
			Past: month != "" && answer.AsOf != "" && month < answer.AsOf[:len("2006-01")]})
		list = list[n:]
	}
	return out
}

func monthOf(x timeline.Item) string { return x.Day[:min(len(x.Day), len("2006-01"))] }

// newestChanges are the last ones, the newest first.
func (req *request) newestChanges() ([]changeRow, error) {
	list, err := req.askedChanges(shownChanges, true)
	if err != nil {
		return nil, err
	}
	slices.Reverse(list)
	return req.changeRows(list), nil
}

func (req *request) changeRows(list []timeline.Change) []changeRow {
	out := make([]changeRow, 0, len(list))
	for _, c := range list {
		day, _, _ := strings.Cut(c.At, "T")
		cause := format.Label("cause."+string(c.Cause), req.lang)
		if c.By != "" {
			cause += " " + c.By
		}
		out = append(out, changeRow{Day: day, Kind: format.Label("change."+string(c.Kind), req.lang), Cause: cause, Place: c.Obligation.Place.Name,
			Task: strings.Join(strings.Fields(c.Obligation.Task), " "), From: c.From, To: c.To, Href: req.obligationHref(c.UID), Cursor: c.Cursor})
	}
	return out
}
