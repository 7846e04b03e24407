package web

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tuogou/corpus"
	"tuogou/index"
)

// searchView is what the page shows.
type searchView struct {
	*Answer
	Blank        bool
	Asking       Asking
	Units, Sorts []choiceLink
	Chips        []chip
	Facets       []facetView
	Rows         []hitView
	Notes        []string
	Coverage     string
	Stale        string
	NextHref     string
	Exports      []choiceLink
	Fields       []Filter // hidden in the form, so that new words keep the filters
}

type choiceLink struct {
	Label, Href string
	On          bool
	Count       int
}

// chip is a filter that is on; its link takes it away.
type chip struct{ Label, Href string }

type facetView struct {
	Name   string
	Values []choiceLink
	More   []choiceLink // behind a fold
}

type hitView struct {
	Href, Title string
	Facts, Tags []string
	Snippets    []snippetView
	Why         []string
	Score       string
}

type snippetView struct {
	Href, Where string
	Segments    []segment
}

// segment is a stretch of a snippet, found or not.
type segment struct {
	Text string
	Hit  bool
}

func (req *request) asking() (Asking, error) {
	q := req.query
	a := Asking{Text: q.Get("q"), Unit: q.Get("unit"), Sort: q.Get("sort"), After: q.Get("after")}
	if a.Unit == "document" {
		a.Unit = ""
	}
	for _, f := range facetFields {
		for _, v := range q[f] {
			if v != "" {
				a.Filters = append(a.Filters, Filter{f, v})
			}
		}
	}
	if len(a.Filters) > maxFilters {
		return a, badParameter("filters")
	}
	var err error
	if a.Explain, err = req.flag("explain"); err != nil {
		return a, err
	}
	if a.Coverage, err = req.flag("coverage"); err != nil {
		return a, err
	}
	a.Limit, err = req.number("limit", pageSize, 1, maxPageSize)
	return a, err
}

func (s *server) search(req *request) error {
	a, err := req.asking()
	if err != nil {
		return err
	}
	done, err := s.turn(req.r.Context())
	if err != nil {
		return err
	}
	defer done()
	view := searchView{Asking: a, Answer: &Answer{}, Blank: strings.TrimSpace(a.Text) == "" && len(a.Filters) == 0 && a.Unit == ""}
	if view.Blank && req.json {
		return badParameter("q")
	}
	if !view.Blank {
		if view.Answer, err = s.ask(req.r.Context(), a); err != nil {
			return err
		}
		if req.json {
			done()
			return req.writeJSON(view.Answer)
		}
		req.fillSearch(&view)
	}
	p := req.page(req.label("search.title"))
	if w := strings.TrimSpace(a.Text); w != "" {
		p.Title = w + " · " + p.Title
	}
	p.Heading, p.Body = req.label("search.title"), view
	if !view.Blank {
		p.JSONHref = req.here("/search.json")
	}
	return req.renderInTurn("search", p, done)
}

func (req *request) fillSearch(v *searchView) {
	a := v.Asking
	for _, u := range append([]string{""}, unitNames()...) {
		v.Units = append(v.Units, choiceLink{Label: req.label("unit." + nonEmpty(u, "document")), On: a.Unit == u, Href: req.here("/search", "unit", u, "after", "")})
	}
	for _, o := range []string{"", "date", "place"} {
		v.Sorts = append(v.Sorts, choiceLink{Label: req.label("sort." + nonEmpty(o, "score")), On: a.Sort == o, Href: req.here("/search", "sort", o, "after", "")})
	}
	for _, f := range a.Filters {
		v.Fields = append(v.Fields, f)
		v.Chips = append(v.Chips, chip{req.chipName(f, v.Answer), req.hereWithout("/search", f.Field, f.Value)})
	}
	v.Facets = req.facets(v.Answer, a)
	for _, h := range v.Hits {
		v.Rows = append(v.Rows, req.hitView(h))
	}
	for _, n := range v.Answer.Notes {
		v.Notes = append(v.Notes, fmt.Sprintf(req.label("note."+n.ID), n.Word, strings.Join(n.Also, "、")))
	}
	if c := v.Answer.Coverage; c != nil {
		v.Coverage = fmt.Sprintf(req.label("search.coverage"), c.With, c.Documents, c.Without, c.Cut)
	}
	if v.Index != index.Current {
		v.Stale = req.label("index." + string(v.Index))
	}
	if v.Next != "" {
		v.NextHref = req.here("/search", "after", v.Next)
	}
	for _, f := range []string{"csv", "jsonl"} {
		v.Exports = append(v.Exports, choiceLink{Label: strings.ToUpper(f), Href: req.here("/api/v1/export", "format", f, "after", "", "limit", "", "lang", "")})
	}
}

func unitNames() []string {
	var out []string
	for _, u := range index.UnitKinds() {
		out = append(out, string(u))
	}
	return out
}

func nonEmpty(s, instead string) string {
	if s == "" {
		return instead
	}
	return s
}

// shownValues is how many values of a facet stand open.
const shownValues = 7

func (req *request) facets(ans *Answer, a Asking) []facetView {
	var out []facetView
	for _, name := range facetFields {
		if name == "place" { // its provinces, cities and counties have facets of their own
			continue
		}
		v := facetView{Name: req.label("facet." + name)}
		for i, x := range ans.Facets[name] {
			on := slices.Contains(a.Filters, Filter{name, x.Value})
			if i >= shownValues+maxFacetValues && !on {
				continue
			}
			l := choiceLink{Label: nonEmpty(x.Name, req.valueName(name, x.Value)), Count: x.Count, On: on}
			if on {
				l.Href = req.hereWithout("/search", name, x.Value)
			} else {
				l.Href = req.hereWith("/search", name, x.Value)
			}
			if len(v.Values) < shownValues {
				v.Values = append(v.Values, l)
			} else {
				v.More = append(v.More, l)
			}
		}
		if len(v.Values) > 1 || len(v.Values) == 1 && (v.Values[0].On || v.Values[0].Count < ans.Total) {
			out = append(out, v)
		}
	}
	return out
}

// chipName is a filter in words: a place by the name that its facet has.
func (req *request) chipName(f Filter, ans *Answer) string {
	name := req.valueName(f.Field, f.Value)
	for _, x := range ans.Facets[f.Field] {
		if x.Value == f.Value {
			name = nonEmpty(x.Name, name)
		}
	}
	return req.label("facet."+f.Field) + "：" + name
}

// valueName is a value of a field in words.
func (req *request) valueName(field, value string) string {
	switch field {
	case "organ":
		if n, ok := req.s.opt.OrganNames[value]; ok {
			return n.In(req.lang)
		}
	case "clause":
		return req.label(value)
	case "kind", "level", "role", "generation":
		return req.label(field + "." + value)
	}
	return value
}

func (req *request) hitView(h HitAnswer) hitView {
	v := hitView{Href: req.docHref(h.ID), Title: nonEmpty(h.Title, req.label("doc.unknown"))}
	for _, f := range []string{strings.Join(h.Place.Path, ""), h.Number, h.Date, req.kindName(h.Kind)} {
		if f != "" {
			v.Facts = append(v.Facts, f)
		}
	}
	if !h.OnTopic {
		v.Tags = append(v.Tags, req.label("search.offtopic"))
	}
	if h.Cut {
		v.Tags = append(v.Tags, req.label("search.cut"))
	}
	if u := h.Unit; u != nil {
		v.Tags = append(v.Tags, req.unitTags(u)...)
		if len(h.Snippets) > 0 {
			v.Href = req.wordsHref(h.ID, h.Snippets[0].Span)
		}
	}
	for _, n := range h.Snippets {
		v.Snippets = append(v.Snippets, req.snippetView(h, n))
	}
	if h.Why != nil {
		if len(h.Why.Words) > 0 {
			v.Score = strconv.FormatFloat(h.Score, 'f', 2, 64)
		}
		for _, w := range h.Why.Words {
			v.Why = append(v.Why, fmt.Sprintf(req.label("search.why"), nonEmpty(w.SynonymOf, w.Word), w.Word, w.Title, w.Text))
		}
		for _, p := range h.Why.Score {
			sign := "+"
			if p.Word == "" {
				sign = "×"
			}
			v.Why = append(v.Why, fmt.Sprintf("%s%.2f %s %s", sign, p.Value, p.What, p.Word))
		}
	}
	return v
}

func (req *request) kindName(k corpus.Kind) string {
	if k == "" {
		return ""
	}
	return req.label("kind." + string(k))
}

func (req *request) unitTags(u *UnitAnswer) []string {
	out := []string{req.label("unit." + string(u.Kind))}
	for _, c := range u.Clauses {
		out = append(out, req.label(c))
	}
	out = append(out, u.Provisions...)
	for _, r := range u.Roles {
		out = append(out, req.label("role."+r))
	}
	if _, organ, ok := strings.Cut(u.Label, " "); ok && u.Kind == index.Duties {
		return append(append(out, organ), u.Due...) // 市财政局 and not its kind: the closing bracket may stand far from the task
	}
	for _, o := range u.Organs {
		out = append(out, req.valueName("organ", o))
	}
	return append(out, u.Due...)
}

func (req *request) snippetView(h HitAnswer, n SnippetAnswer) snippetView {
	v := snippetView{Href: req.wordsHref(h.ID, n.Span)}
	if n.Clause != "" {
		v.Where = req.label(string(n.Clause))
	}
	rs := []rune(n.Text)
	at := 0
	add := func(to int, hit bool) {
		if to > at && to <= len(rs) {
			v.Segments = append(v.Segments, segment{string(rs[at:to]), hit})
			at = to
		}
	}
	for _, m := range n.Marks {
		add(m.Start, false)
		add(m.End, true)
	}
	add(len(rs), false)
	return v
}

// hereWith is the page with one more value of a filter, from the first hit on.
func (req *request) hereWith(path, field, value string) string {
	return req.hereChanged(path, func(q url.Values) { q.Add(field, value) })
}

// hereWithout is the page without one value of a filter.
func (req *request) hereWithout(path, field, value string) string {
	return req.hereChanged(path, func(q url.Values) {
		q[field] = slices.DeleteFunc(slices.Clone(q[field]), func(v string) bool { return v == value })
	})
}

func (req *request) hereChanged(path string, change func(url.Values)) string {
	q := url.Values{}
	for k, v := range req.query {
		q[k] = slices.Clone(v)
	}
	q.Del("after")
	change(q)
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}
