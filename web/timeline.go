package web

import (
	"context"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"tuogou/compare"
	"tuogou/compare/render"
	"tuogou/corpus"
)

type timelineView struct {
	From, To                   string
	Places                     []option
	Place                      string
	WantVague                  bool
	View                       string
	Views                      []choiceLink
	Entries, Unresolved, Vague *render.TimelineView
	Months                     []monthView
	Bars                       template.HTML
	Count                      string
	SubscribeHref, AtomHref    string
}

// monthView is the deadlines whose day lies in one month.
type monthView struct {
	Month   string
	Entries *render.TimelineView
	Past    bool
}

// schedule is the deadlines asked for, made once for each choice.
func (s *server) schedule(ctx context.Context, opt compare.TimelineOptions) (*compare.Schedule, error) {
	key := fmt.Sprintf("schedule\x00%s\x00%s\x00%s\x00%t\x00%s", opt.From, opt.To, strings.Join(opt.Places, ","), opt.IncludeVague, opt.AsOf)
	return derive(ctx, s.lib, key, func(_ context.Context, rs []*corpus.Record) (*compare.Schedule, error) {
		return compare.Timeline(rs, opt), nil
	})
}

func (s *server) timeline(req *request) error {
	opt, err := req.timelineOptions()
	if err != nil {
		return err
	}
	opt.AsOf = s.today()
	schedule, err := s.schedule(req.r.Context(), opt)
	if err != nil {
		return err
	}
	if req.json {
		return req.writeJSON(schedule)
	}
	view, err := req.timelineView(opt, schedule)
	if err != nil {
		return err
	}
	p := req.page(req.label("timeline.title"))
	p.JSONHref, p.ICSHref = req.here("/timeline.json", "view", ""), req.here("/timeline.ics", "view", "")
	p.Sample = slices.ContainsFunc(append(slices.Clone(schedule.Entries), schedule.Unresolved...), func(e compare.Entry) bool { return e.Place.Sample })
	p.Body = view
	return req.render("timeline", p)
}

func (req *request) timelineView(opt compare.TimelineOptions, schedule *compare.Schedule) (timelineView, error) {
	v := timelineView{From: opt.From, To: opt.To, Place: strings.Join(opt.Places, ","), WantVague: opt.IncludeVague}
	names := []string{"list", "month", "bars"}
	var err error
	if v.View, err = req.choice("view", names...); err != nil {
		return v, err
	}
	for _, n := range names {
		v.Views = append(v.Views, choiceLink{Label: req.label("timeline.view." + n), Href: req.here("/timeline", "view", n), On: n == v.View})
	}
	o, err := req.s.overview(req.r.Context())
	if err != nil {
		return v, err
	}
	v.Places = append(v.Places, option{"", req.label("timeline.everywhere"), v.Place == ""})
	for _, p := range o.Places {
		v.Places = append(v.Places, option{p.Code, p.Name + " " + p.Code, v.Place == p.Code})
	}
	v.Count = fmt.Sprintf(req.label("timeline.count"), len(schedule.Entries), len(schedule.Unresolved))
	v.SubscribeHref, v.AtomHref = req.here("/timeline.ics", "view", ""), req.here("/timeline.atom", "view", "")
	show := func(list []compare.Entry) *render.TimelineView {
		return render.NewTimelineView(list, req.options(), req.citeHref, req.docHref)
	}
	switch v.View {
	case "month":
		v.Months = req.months(schedule.Entries, show)
	case "bars":
		v.Bars = template.HTML(render.Bars(schedule, req.options())) // the drawing escapes its words
	default:
		v.Entries = show(schedule.Entries)
		if len(schedule.Unresolved) > 0 {
			v.Unresolved = show(schedule.Unresolved)
		}
		if len(schedule.Vague) > 0 {
			v.Vague = show(schedule.Vague)
		}
	}
	return v, nil
}

// months groups dated entries by the month of the day that counts; recurring ones
// without a day come last.
func (req *request) months(list []compare.Entry, show func([]compare.Entry) *render.TimelineView) []monthView {
	var out []monthView
	today := req.s.today()
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
		out = append(out, monthView{Month: name, Entries: show(list[:n]), Past: month != "" && today != "" && month < today[:len("2006-01")]})
		list = list[n:]
	}
	return out
}

func monthOf(e compare.Entry) string { return e.Day[:min(len(e.Day), len("2006-01"))] }

func (req *request) timelineOptions() (opt compare.TimelineOptions, err error) {
	opt.Below = true
	if opt.Places, err = req.places(); err != nil {
		return opt, err
	}
	if opt.From, err = req.day("from"); err != nil {
		return opt, err
	}
	if opt.To, err = req.day("to"); err != nil {
		return opt, err
	}
	opt.IncludeVague, err = req.flag("vague")
	return opt, err
}
