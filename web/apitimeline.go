package web

import (
	"bytes"
	"context"

	"github.com/danielgtaylor/huma/v2"

	"tuogou/compare/render"
	"tuogou/timeline"
	"tuogou/timeline/format"
)

// apiTimeline is what has to be done by when, and what happened to it.
func (s *server) apiTimeline(api huma.API, get func(path, id, summary string) huma.Operation) {
	huma.Register(api, get("/timeline", "timeline", "Obligations: what has to be done by when, by whom, in which words"), func(ctx context.Context, in *TimelinePage) (*body[*TimelineAnswer], error) {
		v, err := s.timelinePage(ctx, *in)
		return answered(s, v, err)
	})
	huma.Register(api, get("/timeline/file", "timeline-file", "All of a timeline as a file"), func(ctx context.Context, in *struct {
		TimelineInput
		Format string `query:"format" enum:"csv,xlsx,jsonl,md,gantt,jira,trello,project" default:"csv"`
		Lang   string `query:"lang" enum:"zh,en" default:"zh"`
	}) (*raw, error) {
		data, disposition, kind, err := s.timelineFile(ctx, in.TimelineInput, in.Format, render.Lang(in.Lang))
		if err != nil {
			return nil, s.problem(err)
		}
		return &raw{kind, disposition, data}, nil
	})
	huma.Register(api, get("/timeline/calendar", "calendar", "A calendar (RFC 5545); its entries keep their identity"), func(ctx context.Context, in *struct {
		TimelineInput
		Tasks bool   `query:"tasks" doc:"to-dos in place of events"`
		Alarm []int  `query:"alarm" maxItems:"5" doc:"remind so many days before the last day"`
		Lang  string `query:"lang" enum:"zh,en" default:"zh"`
	}) (*raw, error) {
		data, err := s.icalendar(ctx, in.TimelineInput, format.ICSOptions{Options: format.Options{Lang: render.Lang(in.Lang)}, Tasks: in.Tasks, Alarms: in.Alarm})
		if err != nil {
			return nil, s.problem(err)
		}
		return &raw{"text/calendar; charset=utf-8", "", data}, nil
	})
	huma.Register(api, get("/obligations/{uid}", "obligation", "One obligation and all that happened to it"), func(ctx context.Context, in *struct {
		UID string `path:"uid" maxLength:"40"`
	}) (*body[*ObligationAnswer], error) {
		v, err := s.obligation(ctx, in.UID)
		return answered(s, v, err)
	})
	huma.Register(api, get("/changes", "changes", "What happened after a cursor, each once, in order"), func(ctx context.Context, in *struct {
		TimelineInput
		Since string `query:"since" doc:"cursor of the answer before; empty is everything" maxLength:"20"`
	}) (*body[*ChangesAnswer], error) {
		v, err := s.changesPage(ctx, in.TimelineInput, in.Since)
		return answered(s, v, err)
	})
}

// icalendar is the calendar of what was asked for, also of what was withdrawn where no
// states are named, so that a calendar that has it takes it away.
func (s *server) icalendar(ctx context.Context, in TimelineInput, opt format.ICSOptions) ([]byte, error) {
	if len(opt.Alarms) > maxAlarms {
		return nil, badParameter("alarm")
	}
	for _, n := range opt.Alarms {
		if n < 0 || n > 3650 {
			return nil, badParameter("alarm")
		}
	}
	f, err := s.filter(in)
	if err != nil {
		return nil, err
	}
	if len(f.States) == 0 {
		f.States = timeline.States()
	}
	items, err := s.items(ctx, f)
	if err != nil {
		return nil, err
	}
	opt.AsOf, opt.Refresh = f.AsOf, refresh
	var b bytes.Buffer
	err = format.WriteICS(&b, items, opt)
	return b.Bytes(), err
}
