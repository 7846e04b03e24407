package web

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"tuogou/compare"
	"tuogou/compare/render"
	"tuogou/corpus"
)

// homeJSON is the overview's twin.
type homeJSON struct {
	Coverage *compare.Coverage `json:"coverage"`
	Next     []compare.Entry   `json:"next"`
}

type homeView struct {
	Documents, Places, Deadlines int
	Next                         *render.TimelineView
	Coverage                     render.Table
}

func (s *server) home(req *request) error {
	records, err := req.records()
	if err != nil {
		return err
	}
	coverage := compare.Cover(records, compare.CoverageOptions{Names: s.opt.Names})
	schedule := compare.Timeline(records, compare.TimelineOptions{})
	next := schedule.Next(s.today(), nextDeadlines)
	if req.json {
		return req.writeJSON(homeJSON{coverage, next})
	}
	p := req.page(req.label("site"))
	p.JSONHref, p.Sample = req.href("/index.json"), sampleCoverage(coverage)
	p.Body = homeView{
		Documents: coverage.Total.Documents, Places: len(coverage.Places), Deadlines: len(schedule.Entries),
		Next:     render.NewTimelineView(next, req.options(), req.cite, req.docHref),
		Coverage: render.CoverageTable(coverage, req.options()),
	}
	return req.render("home", p)
}

func sampleCoverage(c *compare.Coverage) bool {
	return slices.ContainsFunc(c.Places, func(p compare.PlaceCoverage) bool { return p.Place.Sample })
}

var codeForm = regexp.MustCompile(`^[0-9A-Za-z]{2,16}$`)

// places reads ?places=a,b (or given more than once).
func (req *request) places() ([]string, error) {
	var out []string
	for _, list := range req.query["places"] {
		for code := range strings.SplitSeq(list, ",") {
			if code = strings.TrimSpace(code); code == "" || slices.Contains(out, code) {
				continue
			}
			if !codeForm.MatchString(code) || len(out) == maxPlaces {
				return nil, badParameter("places")
			}
			out = append(out, code)
		}
	}
	return out, nil
}

func (req *request) number(name string, fallback, lo, hi int) (int, error) {
	text := req.query.Get(name)
	if text == "" {
		return fallback, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < lo || n > hi {
		return 0, badParameter(name)
	}
	return n, nil
}

func (req *request) flag(name string) (bool, error) {
	switch req.query.Get(name) {
	case "":
		return false, nil
	case "1":
		return true, nil
	}
	return false, badParameter(name)
}

func (req *request) day(name string) (string, error) {
	text := req.query.Get(name)
	if text == "" {
		return "", nil
	}
	if _, err := time.Parse(time.DateOnly, text); err != nil {
		return "", badParameter(name)
	}
	return text, nil
}

type compareView struct {
	Choices []choice
	Below   bool
	Matrix  *render.MatrixView
}

type choice struct {
	Code, Name string
	Checked    bool
}

func (s *server) compare(req *request) error {
	codes, err := req.places()
	if err != nil {
		return err
	}
	below, err := req.flag("below")
	if err != nil {
		return err
	}
	if len(codes) == 0 && req.json {
		return badParameter("places")
	}
	records, err := req.records()
	if err != nil {
		return err
	}
	view := compareView{Choices: choices(records, codes), Below: below}
	p := req.page(req.label("compare.title"))
	if len(codes) > 0 {
		m := compare.NewMatrix(records, compare.MatrixOptions{
			Selection:  compare.Selection{Codes: codes, Below: below},
			Provisions: s.opt.Provisions, Names: s.opt.Names,
		})
		if req.json {
			return req.writeJSON(m)
		}
		view.Matrix = render.NewMatrixView(m, req.options(), req.cite, req.docHref)
		p.JSONHref = req.here("/compare.json")
		p.Sample = slices.ContainsFunc(m.Columns, func(c compare.Column) bool { return c.Sample })
	}
	p.Body = view
	return req.render("compare", p)
}

// choices are the places to choose from, by code.
func choices(records []*corpus.Record, chosen []string) []choice {
	names := map[string]string{}
	for _, r := range records {
		if code := r.Jurisdiction.Code; codeForm.MatchString(code) && (names[code] == "" || r.Jurisdiction.Name < names[code]) {
			names[code] = r.Jurisdiction.Name
		}
	}
	for _, code := range chosen {
		if _, ok := names[code]; !ok {
			names[code] = code
		}
	}
	var out []choice
	for code, name := range names {
		out = append(out, choice{Code: code, Name: name, Checked: slices.Contains(chosen, code)})
	}
	slices.SortFunc(out, func(a, b choice) int { return strings.Compare(a.Code, b.Code) })
	return out
}

type timelineView struct {
	From, To, Places           string
	WantVague                  bool
	Entries, Unresolved, Vague *render.TimelineView
}

func (s *server) timeline(req *request) error {
	opt, err := req.timelineOptions()
	if err != nil {
		return err
	}
	opt.AsOf = s.today()
	records, err := req.records()
	if err != nil {
		return err
	}
	schedule := compare.Timeline(records, opt)
	switch {
	case req.json:
		return req.writeJSON(schedule)
	case strings.HasSuffix(req.r.URL.Path, ".ics"):
		var b bytes.Buffer
		if err := render.WriteICS(&b, schedule.Entries, render.ICSOptions{Options: req.options()}); err != nil {
			return err
		}
		req.head("text/calendar; charset=utf-8")
		req.w.Header().Set("Content-Disposition", `attachment; filename="timeline.ics"`)
		_, _ = req.w.Write(b.Bytes())
		return nil
	}
	view := timelineView{From: opt.From, To: opt.To, Places: strings.Join(opt.Places, ","), WantVague: opt.IncludeVague}
	show := func(list []compare.Entry) *render.TimelineView {
		return render.NewTimelineView(list, req.options(), req.cite, req.docHref)
	}
	view.Entries = show(schedule.Entries)
	if len(schedule.Unresolved) > 0 {
		view.Unresolved = show(schedule.Unresolved)
	}
	if len(schedule.Vague) > 0 {
		view.Vague = show(schedule.Vague)
	}
	p := req.page(req.label("timeline.title"))
	p.JSONHref, p.ICSHref = req.here("/timeline.json"), req.here("/timeline.ics")
	p.Sample = slices.ContainsFunc(append(slices.Clone(schedule.Entries), schedule.Unresolved...), func(e compare.Entry) bool { return e.Place.Sample })
	p.Body = view
	return req.render("timeline", p)
}

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

// searchJSON is the twin of the search page.
type searchJSON struct {
	Total  int       `json:"total"`
	Offset int       `json:"offset"`
	Hits   []hitView `json:"hits"`
	Facets []Facet   `json:"facets"`
}

type hitView struct {
	ID      corpus.DocID `json:"id"`
	Href    string       `json:"-"`
	Title   string       `json:"title"`
	Place   string       `json:"place"`
	Code    string       `json:"code"`
	Year    string       `json:"year"`
	Kind    corpus.Kind  `json:"kind"`
	Facts   []string     `json:"-"`
	Snippet []segment    `json:"snippet"`
}

// segment is a stretch of a snippet, found or not.
type segment struct {
	Text string `json:"text"`
	Hit  bool   `json:"hit"`
}

type searchView struct {
	Blank      bool
	Total      int
	Hits       []hitView
	Facets     []facetView
	Prev, Next string
	Clear      string
}

type facetView struct {
	Name   string
	Values []facetLink
}

type facetLink struct {
	Label, Href string
	Count       int
	On          bool
}

func (s *server) search(req *request) error {
	q, err := req.searchQuery()
	if err != nil {
		return err
	}
	result := &SearchResult{}
	blank := strings.TrimSpace(q.Text) == "" && q.Place == "" && q.Kind == "" && q.Year == ""
	if !blank {
		if result, err = s.b.Search(req.r.Context(), q); err != nil {
			return fmt.Errorf("search: %w", err)
		}
	}
	hits := []hitView{}
	for _, h := range result.Hits {
		r, err := s.b.Record(req.r.Context(), h.ID)
		if err != nil {
			// The index may know a document that the store has lost since.
			s.opt.Log.Warn("hit without record", "id", h.ID, "err", err)
			continue
		}
		hits = append(hits, req.hit(r, h))
	}
	if req.json {
		facets := result.Facets
		if facets == nil {
			facets = []Facet{}
		}
		return req.writeJSON(searchJSON{result.Total, q.Offset, hits, facets})
	}
	view := searchView{Blank: blank, Total: result.Total, Hits: hits, Facets: req.facets(result.Facets)}
	if q.Offset > 0 {
		view.Prev = req.here("/search", "offset", strconv.Itoa(max(0, q.Offset-q.Limit)))
	}
	if next := q.Offset + q.Limit; next < result.Total && next <= maxOffset {
		view.Next = req.here("/search", "offset", strconv.Itoa(next))
	}
	if q.Place != "" || q.Kind != "" || q.Year != "" {
		view.Clear = req.href("/search", "q", q.Text)
	}
	p := req.page(req.label("search.title"))
	p.JSONHref, p.Body = req.here("/search.json"), view
	return req.render("search", p)
}

var yearForm = regexp.MustCompile(`^\d{4}$`)
var kindForm = regexp.MustCompile(`^[a-z_]{1,20}$`)

func (req *request) searchQuery() (q Query, err error) {
	q = Query{Text: req.query.Get("q"), Place: req.query.Get("place"), Kind: corpus.Kind(req.query.Get("kind")), Year: req.query.Get("year")}
	switch {
	case len(q.Text) > maxWords || !utf8.ValidString(q.Text) || strings.ContainsRune(q.Text, 0):
		return q, badParameter("q")
	case q.Place != "" && !codeForm.MatchString(q.Place):
		return q, badParameter("place")
	case q.Kind != "" && !kindForm.MatchString(string(q.Kind)):
		return q, badParameter("kind")
	case q.Year != "" && !yearForm.MatchString(q.Year):
		return q, badParameter("year")
	}
	if q.Offset, err = req.number("offset", 0, 0, maxOffset); err != nil {
		return q, err
	}
	q.Limit, err = req.number("limit", pageSize, 1, maxPageSize)
	return q, err
}

func (req *request) hit(r *corpus.Record, h Hit) hitView {
	d := compare.DocumentOf(r)
	v := hitView{
		ID: r.ID, Href: req.docHref(r.ID), Title: d.Title, Place: r.Jurisdiction.Name, Code: r.Jurisdiction.Code,
		Kind: r.Kind, Snippet: snippet(r, h),
	}
	v.Year, _, _ = strings.Cut(d.Date, "-")
	for _, f := range []string{v.Place, d.Number, d.Date} {
		if f != "" {
			v.Facts = append(v.Facts, f)
		}
	}
	if r.Kind != "" {
		v.Facts = append(v.Facts, req.label("kind."+string(r.Kind)))
	}
	if !r.OnTopic {
		v.Facts = append(v.Facts, req.label("search.offtopic"))
	}
	if v.Title == "" {
		v.Title = req.label("doc.unknown")
	}
	return v
}

// snippet cuts the words to show at the marks. Without a snippet it is the first
// words of the text.
func snippet(r *corpus.Record, h Hit) []segment {
	if h.Snippet.Empty() {
		h.Snippet.End = min(len(r.Text.Body), 300)
		for h.Snippet.End < len(r.Text.Body) && !utf8.RuneStart(r.Text.Body[h.Snippet.End]) {
			h.Snippet.End++
		}
	}
	out := []segment{}
	add := func(start, end int, hit bool) {
		if text := compare.Quote(r, corpus.Span{Start: start, End: end}); text != "" {
			out = append(out, segment{text, hit})
		}
	}
	at := h.Snippet.Start
	for _, m := range h.Marks {
		if m.Start < at || m.End > h.Snippet.End || m.Empty() {
			continue
		}
		add(at, m.Start, false)
		add(m.Start, m.End, true)
		at = m.End
	}
	add(at, h.Snippet.End, false)
	return out
}

func (req *request) facets(list []Facet) []facetView {
	var out []facetView
	for _, f := range list {
		if f.Field != "place" && f.Field != "kind" && f.Field != "year" {
			continue
		}
		v := facetView{Name: req.label("facet." + f.Field)}
		for _, x := range f.Values {
			link := facetLink{Label: x.Label, Count: x.Count, On: req.query.Get(f.Field) == x.Value}
			if link.Label == "" && f.Field == "kind" {
				link.Label = req.label("kind." + x.Value)
			}
			if link.Label == "" {
				link.Label = x.Value
			}
			value := x.Value
			if link.On {
				value = ""
			}
			link.Href = req.here("/search", f.Field, value, "offset", "")
			v.Values = append(v.Values, link)
		}
		out = append(out, v)
	}
	return out
}
