package web

import (
	"context"
	"html/template"
	"slices"
	"strings"

	"tuogou/compare"
	"tuogou/compare/render"
	"tuogou/corpus"
	"tuogou/timeline"
	"tuogou/timeline/format"
)

// overview is what the home page and the coverage page tell of the whole corpus.
type overview struct {
	Coverage *compare.Coverage  `json:"coverage"`
	Wanted   []compare.Wanted   `json:"wanted"`
	Gaps     []compare.Gap      `json:"gaps"`
	Clusters []compare.Cluster  `json:"-"`
	Sources  []compare.Visit    `json:"sources"`
	Places   []compare.Place    `json:"-"` // with a document, by code
	Baseline []compare.Document `json:"-"` // documents that may be one: plans of a nation or province
}

func (s *server) overview(ctx context.Context) (*overview, error) {
	return derive(ctx, s.lib, "overview", func(ctx context.Context, rs []*corpus.Record) (*overview, error) {
		visits, err := s.b.Visits(ctx)
		if err != nil {
			return nil, err
		}
		o := &overview{Coverage: compare.Cover(rs, compare.CoverageOptions{Names: s.opt.Names, Visits: visits}),
			Wanted: filled(compare.WantedList(rs)), Gaps: filled(compare.Gaps(rs)), Sources: filled(visits)}
		for _, p := range o.Coverage.Places {
			if codeForm.MatchString(p.Place.Code) && p.OnTopic > 0 {
				o.Places = append(o.Places, p.Place)
			}
		}
		slices.SortFunc(o.Places, func(a, b compare.Place) int { return strings.Compare(a.Code, b.Code) })
		for _, r := range rs {
			if l := r.Jurisdiction.Level; r.OnTopic && len(r.Clauses) > 0 && (l == corpus.Nation || l == corpus.Province) {
				o.Baseline = append(o.Baseline, compare.DocumentOf(r))
			}
		}
		slices.SortFunc(o.Baseline, func(a, b compare.Document) int { return strings.Compare(a.Date+string(a.ID), b.Date+string(b.ID)) })
		return o, nil
	})
}

// homeJSON is the overview's twin.
type homeJSON struct {
	Coverage *compare.Coverage `json:"coverage"`
	Next     []timeline.Item   `json:"next"`
}

type homeView struct {
	Documents, Places, Deadlines int
	Next                         []obligationRow
	Coverage                     render.Table
	Tries                        []choiceLink
}

func (s *server) home(req *request) error {
	o, err := s.overview(req.r.Context())
	if err != nil {
		return err
	}
	all, err := s.items(req.r.Context(), timeline.Filter{AsOf: s.today(), Soon: timeline.SoonDays, States: []timeline.State{timeline.DueSoon, timeline.Upcoming}})
	if err != nil {
		return err
	}
	list, err := s.obligations(req.r.Context())
	if err != nil {
		return err
	}
	next := all[:min(len(all), nextDeadlines)]
	if req.json {
		return req.writeJSON(homeJSON{o.Coverage, next})
	}
	p := req.page(req.label("site"))
	p.JSONHref, p.Sample = req.href("/index.json"), sampleCoverage(o.Coverage)
	v := homeView{
		Documents: o.Coverage.Total.Documents, Places: len(o.Coverage.Places), Deadlines: len(list),
		Next:     req.rows(next, format.Options{Lang: req.lang, AsOf: s.today()}),
		Coverage: render.CoverageTable(o.Coverage, req.options()),
	}
	for _, id := range []string{"office", "finance", "foreign", "due"} {
		words := req.label("try." + id + ".query")
		v.Tries = append(v.Tries, choiceLink{Label: req.label("try." + id), Href: req.href("/search", "q", words, "unit", req.label("try."+id+".unit"))})
	}
	p.Body = v
	return req.render("home", p)
}

func sampleCoverage(c *compare.Coverage) bool {
	return slices.ContainsFunc(c.Places, func(p compare.PlaceCoverage) bool { return p.Place.Sample })
}

// coverageView is what is here of each place and what is missing.
type coverageView struct {
	Table   render.Table
	Tiles   template.HTML
	Sources []compare.Visit
	Wanted  []wantedView
	Gaps    []gapView
}

type wantedView struct {
	Words string
	Count int
	By    []choiceLink
}

type gapView struct {
	Agency, Missing string
	Year, Count     int
}

func (s *server) coverage(req *request) error {
	o, err := s.overview(req.r.Context())
	if err != nil {
		return err
	}
	if req.json {
		return req.writeJSON(o)
	}
	p := req.page(req.label("nav.coverage"))
	p.JSONHref, p.Sample = req.here("/coverage.json"), sampleCoverage(o.Coverage)
	v := coverageView{Table: render.CoverageTable(o.Coverage, req.options()), Sources: o.Sources,
		Tiles: template.HTML(render.Tiles(o.Coverage, req.options()))} // the drawing escapes its words
	for _, w := range o.Wanted {
		v.Wanted = append(v.Wanted, req.wanted(w))
	}
	for _, g := range o.Gaps {
		v.Gaps = append(v.Gaps, gapView{Agency: g.Agency, Year: g.Year, Count: g.Count, Missing: ranges(g.Missing)})
	}
	p.Body = v
	return req.render("coverage", p)
}

func (s *server) help(req *request) error {
	p := req.page(req.label("nav.help"))
	p.Body = helpView{Endpoints: s.endpoints()}
	return req.render("help", p)
}

// suggest offers what a reader may be about to type: places, kinds of organs, clauses.
func (s *server) suggest(req *request) error {
	req.json = true
	words := strings.TrimSpace(req.query.Get("q"))
	if len(words) > maxWords {
		return badParameter("q")
	}
	list, err := s.suggestions(req.r.Context(), words, req.lang)
	if err != nil {
		return err
	}
	return req.writeJSON(list)
}

// Suggestion is something that can be asked for.
type Suggestion struct {
	Label string `json:"label"`
	Kind  string `json:"kind" doc:"place, organ or clause"`
	Query string `json:"query" doc:"in the query language"`
	Count int    `json:"count,omitempty" doc:"documents, of a place"`
}

// maxSuggestions is what fits below a box without hiding the page.
const maxSuggestions = 8

func (s *server) suggestions(ctx context.Context, words string, lang render.Lang) ([]Suggestion, error) {
	out := []Suggestion{}
	if words == "" {
		return out, nil
	}
	o, err := s.overview(ctx)
	if err != nil {
		return nil, err
	}
	low := strings.ToLower(words)
	add := func(x Suggestion, names ...string) {
		for _, n := range names {
			if len(out) < maxSuggestions && n != "" && strings.Contains(strings.ToLower(n), low) {
				out = append(out, x)
				return
			}
		}
	}
	for _, p := range o.Coverage.Places {
		add(Suggestion{p.Place.Name + " " + p.Place.Code, "place", "place:" + p.Place.Code, p.Documents}, p.Place.Name, p.Place.Code)
	}
	for _, c := range corpus.ClauseTypes {
		name := s.words(string(c), lang)
		add(Suggestion{name, "clause", "clause:" + string(c), 0}, name, string(c))
	}
	for _, id := range sortedKeys(s.opt.OrganNames) {
		n := s.opt.OrganNames[id]
		add(Suggestion{n.In(lang), "organ", "organ:" + id, 0}, n.ZH, n.EN, id)
	}
	return out, nil
}
