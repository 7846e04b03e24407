package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"tuogou/compare/render"
	"tuogou/timeline"
	"tuogou/timeline/format"
)

// refresh is how often a calendar that subscribed may ask again.
const refresh = 12 * time.Hour

// Bounds of a feed: what a reader shows, what is given at once, and how many alarms.
const (
	feedEntries = 100
	maxChanges  = 1000
	maxAlarms   = 5
)

// timelineInput is what a request asks of the timeline. place is an older name of places.
func (req *request) timelineInput() (in TimelineInput, err error) {
	in = TimelineInput{Q: req.query.Get("q"), Organ: req.query.Get("organ"), From: req.query.Get("from"), To: req.query.Get("to"), AsOf: req.query.Get("as_of")}
	if in.Places, err = placeCodes(slices.Concat(req.query["places"], req.query["place"])); err != nil {
		return in, err
	}
	for _, list := range req.query["state"] {
		for state := range strings.SplitSeq(list, ",") {
			if state != "" {
				in.State = append(in.State, state)
			}
		}
	}
	return in, nil
}

func (req *request) filter() (timeline.Filter, error) {
	in, err := req.timelineInput()
	if err != nil {
		return timeline.Filter{}, err
	}
	return req.s.filter(in)
}

// calendar is the address that calendars subscribe to.
func (s *server) calendar(req *request) error {
	in, err := req.timelineInput()
	if err != nil {
		return err
	}
	if _, err = req.flag("vague"); err != nil { // of the page, whose address this may be
		return err
	}
	opt := format.ICSOptions{Options: format.Options{Lang: req.lang}}
	if opt.Tasks, err = req.flag("tasks"); err != nil {
		return err
	}
	for _, v := range req.query["alarm"] {
		n, err := strconv.Atoi(v)
		if err != nil {
			return badParameter("alarm")
		}
		opt.Alarms = append(opt.Alarms, n)
	}
	data, err := s.icalendar(req.r.Context(), in, opt)
	if err != nil {
		return err
	}
	req.w.Header().Set("Content-Disposition", `inline; filename="timeline.ics"`)
	return req.tagged("text/calendar; charset=utf-8", data)
}

// askedChanges are the changes after ?since=, at most most of them: the first, or with
// newest the last.
func (req *request) askedChanges(most int, newest bool) ([]timeline.Change, error) {
	f, err := req.filter()
	if err != nil {
		return nil, err
	}
	return req.s.changesAfter(req.r.Context(), f, req.query.Get("since"), most, newest)
}

func (s *server) changesAfter(ctx context.Context, f timeline.Filter, since string, most int, newest bool) ([]timeline.Change, error) {
	after, err := cursorOf(since)
	if err != nil {
		return nil, err
	}
	list := []timeline.Change{}
	for c, err := range s.b.Changes(ctx, f.Query, after) {
		if err != nil {
			return nil, fmt.Errorf("changes: %w", err)
		}
		if list = append(list, c); len(list) > most {
			if !newest {
				return list[:most], nil
			}
			list = list[1:]
		}
	}
	return list, nil
}

// atom is the feed of the newest changes.
func (s *server) atom(req *request) error {
	list, err := req.askedChanges(feedEntries, true)
	if err != nil {
		return err
	}
	scheme := "http"
	if req.r.TLS != nil {
		scheme = "https"
	}
	self := scheme + "://" + req.r.Host + req.r.URL.RequestURI()
	var b bytes.Buffer
	if err := format.WriteAtom(&b, list, self, format.Options{Lang: req.lang}); err != nil {
		return err
	}
	return req.tagged("application/atom+xml; charset=utf-8", b.Bytes())
}

// ChangesAnswer is a page of the feed of changes.
type ChangesAnswer struct {
	Changes []timeline.Change `json:"changes"`
	Cursor  int64             `json:"cursor" doc:"give it as since to go on"`
}

func cursorOf(since string) (int64, error) {
	if since == "" {
		return 0, nil
	}
	n, err := timeline.ParseCursor(since)
	if err != nil {
		return 0, badParameter("since")
	}
	return n, nil
}

// changesPage gives what happened after a cursor, each once, in order.
func (s *server) changesPage(ctx context.Context, in TimelineInput, since string) (*ChangesAnswer, error) {
	f, err := s.filter(in)
	if err != nil {
		return nil, err
	}
	out := &ChangesAnswer{}
	if out.Changes, err = s.changesAfter(ctx, f, since, maxChanges, false); err != nil {
		return nil, err
	}
	if n := len(out.Changes); n > 0 {
		out.Cursor = out.Changes[n-1].Cursor
		return out, nil
	}
	out.Cursor, err = cursorOf(since)
	return out, err
}

func (s *server) changes(req *request) error {
	in, err := req.timelineInput()
	if err != nil {
		return err
	}
	out, err := s.changesPage(req.r.Context(), in, req.query.Get("since"))
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := render.WriteJSON(&b, out); err != nil {
		return err
	}
	return req.tagged("application/json; charset=utf-8", b.Bytes())
}

// TimelineFormats are the files that a timeline can be taken away as: name, ending, media
// type.
var TimelineFormats = []struct{ Name, Ext, Type string }{
	{"csv", "csv", "text/csv; charset=utf-8"},
	{"xlsx", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
	{"jsonl", "jsonl", "application/jsonl; charset=utf-8"},
	{"md", "md", "text/markdown; charset=utf-8"},
	{"gantt", "html", "text/html; charset=utf-8"},
	{"jira", "jira.csv", "text/csv; charset=utf-8"},
	{"trello", "trello.csv", "text/csv; charset=utf-8"},
	{"project", "project.csv", "text/csv; charset=utf-8"},
}

// timelineFile writes a whole timeline as a file, and tells its name and type.
func (s *server) timelineFile(ctx context.Context, in TimelineInput, name string, lang render.Lang) (data []byte, disposition, kind string, err error) {
	i := slices.IndexFunc(TimelineFormats, func(f struct{ Name, Ext, Type string }) bool { return f.Name == name })
	if i < 0 {
		return nil, "", "", badParameter("format")
	}
	f, err := s.filter(in)
	if err != nil {
		return nil, "", "", err
	}
	items, err := s.items(ctx, f)
	if err != nil {
		return nil, "", "", err
	}
	var b bytes.Buffer
	o := format.Options{Lang: lang, AsOf: f.AsOf}
	switch name {
	case "csv":
		err = render.WriteCSV(&b, format.Rows(items, o).Table())
	case "xlsx":
		err = render.WriteXLSX(&b, []render.Grid{format.Rows(items, o)})
	case "jsonl":
		err = format.WriteJSONL(&b, items)
	case "md":
		err = render.WriteMarkdown(&b, format.Text(items, o))
	case "gantt":
		err = format.WriteGantt(&b, items, o)
	default:
		err = render.WriteCSV(&b, format.Import(name, items, o))
	}
	return b.Bytes(), `attachment; filename="tuogou-timeline.` + TimelineFormats[i].Ext + `"`, TimelineFormats[i].Type, err
}

func (s *server) download(req *request) error {
	in, err := req.timelineInput()
	if err != nil {
		return err
	}
	data, disposition, kind, err := s.timelineFile(req.r.Context(), in, req.query.Get("format"), req.lang)
	if err != nil {
		return err
	}
	req.w.Header().Set("Content-Disposition", disposition)
	return req.tagged(kind, data)
}

// tagged answers with body under a tag made of it, or says that the asker has it.
func (req *request) tagged(kind string, body []byte) error {
	sum := sha256.Sum256(body)
	tag := `"` + hex.EncodeToString(sum[:16]) + `"`
	req.head(kind)
	h := req.w.Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "no-cache")
	for v := range strings.SplitSeq(req.r.Header.Get("If-None-Match"), ",") {
		if v = strings.TrimPrefix(strings.TrimSpace(v), "W/"); v == tag || v == "*" {
			req.w.WriteHeader(http.StatusNotModified)
			return nil
		}
	}
	_, _ = req.w.Write(body)
	return nil
}
