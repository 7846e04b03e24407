package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"tuogou/compare/render"
	"tuogou/index/query"
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

// asked is what a request asks of the timeline.
type asked struct {
	timeline.Filter
	places []string
}

func (req *request) askedTimeline() (a asked, err error) {
	if a.places, err = req.places(); err != nil {
		return a, err
	}
	if p := req.query.Get("place"); p != "" {
		if !codeForm.MatchString(p) {
			return a, badParameter("place")
		}
		a.places = append(a.places, p)
	}
	if a.From, err = req.day("from"); err != nil {
		return a, err
	}
	if a.To, err = req.day("to"); err != nil {
		return a, err
	}
	if _, err = req.flag("vague"); err != nil { // of the page, whose address this may be
		return a, err
	}
	for s := range strings.SplitSeq(req.query.Get("state"), ",") {
		if s == "" {
			continue
		}
		if !slices.Contains(timeline.States(), timeline.State(s)) {
			return a, badParameter("state")
		}
		a.States = append(a.States, timeline.State(s))
	}
	a.AsOf, a.Soon = req.s.today(), timeline.SoonDays
	text := req.query.Get("q")
	if len(text) > maxWords || !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return a, badParameter("q")
	}
	a.Query, err = req.s.node(timeline.PlaceQuery(text, a.places))
	return a, err
}

func (s *server) node(text string) (query.Node, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	return s.b.Parse(text)
}

func (req *request) items(a asked) ([]timeline.Item, error) {
	list, err := req.s.b.Obligations(req.r.Context())
	if err != nil {
		return nil, fmt.Errorf("obligations: %w", err)
	}
	return timeline.Choose(list, a.Filter), nil
}

// calendar is the address that calendars subscribe to.
func (s *server) calendar(req *request) error {
	a, err := req.askedTimeline()
	if err != nil {
		return err
	}
	opt := format.ICSOptions{Options: format.Options{Lang: req.lang, AsOf: a.AsOf}, Refresh: refresh}
	if opt.Tasks, err = req.flag("tasks"); err != nil {
		return err
	}
	for _, v := range req.query["alarm"] {
		n, err := strconv.Atoi(v)
		if err != nil || n < 0 || n > 3650 || len(opt.Alarms) == maxAlarms {
			return badParameter("alarm")
		}
		opt.Alarms = append(opt.Alarms, n)
	}
	if len(a.States) == 0 { // also what was withdrawn, so that a calendar that has it takes it away
		a.States = timeline.States()
	}
	items, err := req.items(a)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := format.WriteICS(&b, items, opt); err != nil {
		return err
	}
	req.w.Header().Set("Content-Disposition", `inline; filename="timeline.ics"`)
	return req.tagged("text/calendar; charset=utf-8", b.Bytes())
}

// askedChanges are the changes after ?since=, at most most of them: the first, or with
// newest the last.
func (req *request) askedChanges(most int, newest bool) ([]timeline.Change, error) {
	a, err := req.askedTimeline()
	if err != nil {
		return nil, err
	}
	after := int64(0)
	if v := req.query.Get("since"); v != "" {
		if after, err = timeline.ParseCursor(v); err != nil {
			return nil, badParameter("since")
		}
	}
	list := []timeline.Change{}
	for c, err := range req.s.b.Changes(req.r.Context(), a.Query, after) {
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

// obligationsJSON is all obligations that were asked for, as they stand.
type obligationsJSON struct {
	AsOf        string          `json:"as_of"`
	Obligations []timeline.Item `json:"obligations"`
}

func (s *server) obligations(req *request) error {
	a, err := req.askedTimeline()
	if err != nil {
		return err
	}
	items, err := req.items(a)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := render.WriteJSON(&b, obligationsJSON{a.AsOf, items}); err != nil {
		return err
	}
	return req.tagged("application/json; charset=utf-8", b.Bytes())
}

// changesJSON is a page of the feed. Cursor is where the next one begins.
type changesJSON struct {
	Changes []timeline.Change `json:"changes"`
	Cursor  int64             `json:"cursor"`
}

// changes gives what happened after a cursor, each once, in order.
func (s *server) changes(req *request) error {
	list, err := req.askedChanges(maxChanges, false)
	if err != nil {
		return err
	}
	out := changesJSON{Changes: list}
	if len(list) > 0 {
		out.Cursor = list[len(list)-1].Cursor
	} else if v := req.query.Get("since"); v != "" {
		out.Cursor, _ = timeline.ParseCursor(v) // it was read before
	}
	var b bytes.Buffer
	if err := render.WriteJSON(&b, out); err != nil {
		return err
	}
	return req.tagged("application/json; charset=utf-8", b.Bytes())
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
