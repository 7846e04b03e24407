package web

import (
	"html/template"
	"slices"
	"strings"
	"unicode/utf8"

	"tuogou/compare"
	"tuogou/compare/render"
	"tuogou/corpus"
)

type docView struct {
	Facts           []factView
	Cut, Masked     bool
	Why             string
	Source, File    string
	Matrix          *render.MatrixView
	Deadlines, Open *render.TimelineView
	Outline         []outlineView
	Problems        []corpus.Problem
	Text            template.HTML
}

// factView is one fact of the document; State stands in for a value that is not
// there.
type factView struct {
	Label, State string
	Values       []render.Value
}

type outlineView struct {
	Level      int
	Text, Href string
}

func (s *server) doc(req *request) error {
	id := req.r.PathValue("id")
	id, req.json = strings.CutSuffix(id, ".json")
	r, err := s.b.Record(req.r.Context(), corpus.DocID(id))
	if err != nil {
		return err
	}
	m := compare.Mask(r)
	if req.json {
		data, err := corpus.Encode(m)
		if err != nil {
			return err
		}
		req.head("application/json; charset=utf-8")
		_, _ = req.w.Write(append(data, '\n'))
		return nil
	}
	title := m.Title
	if title == "" {
		title = req.label("doc.unknown")
	}
	p := req.page(title)
	p.JSONHref = req.href(req.r.URL.EscapedPath() + ".json")
	p.Sample = compare.IsSample(m.Jurisdiction.Code)
	p.Body = req.docView(m)
	return req.render("doc", p)
}

func (req *request) docView(r *corpus.Record) docView {
	t := newMarkedText(r)
	v := docView{
		Facts: req.facts(r, t), Cut: r.Text.Truncated, Masked: len(r.Contacts) > 0, Why: r.Text.Why,
		Source: render.LinkURL(r.Source.URL), File: r.Source.Path, Problems: r.Problems, Text: t.html(),
	}
	link := func(c compare.Cite) string { return "#" + anchor(c.Chars) }
	one := *r
	one.OnTopic = true // the page of a document shows what it has, whatever its topic
	list := []*corpus.Record{&one}
	if len(r.Clauses) > 0 {
		v.Matrix = render.NewMatrixView(compare.NewMatrix(list, compare.MatrixOptions{}), req.options(), link, nil)
	}
	schedule := compare.Timeline(list, compare.TimelineOptions{AsOf: req.s.today()})
	if len(schedule.Entries) > 0 {
		v.Deadlines = render.NewTimelineView(schedule.Entries, req.options(), link, nil)
	}
	if len(schedule.Unresolved) > 0 {
		v.Open = render.NewTimelineView(schedule.Unresolved, req.options(), link, nil)
	}
	for _, s := range r.Outline {
		v.Outline = append(v.Outline, outlineView{Level: min(max(s.Level, 1), 4), Text: s.Marker + s.Heading, Href: t.href(s.Span)})
	}
	return v
}

func (req *request) facts(r *corpus.Record, t *markedText) []factView {
	var out []factView
	add := func(key, fact string, values ...render.Value) {
		values = slices.DeleteFunc(values, func(v render.Value) bool { return v.Text == "" })
		f := factView{Label: req.label("fact." + key), Values: values}
		if len(values) == 0 {
			state := r.Facts[fact].State
			if fact == "" || state == "" || state == corpus.Stated {
				return
			}
			f.State = req.label("state." + string(state))
		}
		out = append(out, f)
	}
	value := func(text string, e corpus.Evidence) render.Value {
		return render.Value{Text: text, Href: t.href(e.Span), Title: e.Quote}
	}
	named := func(text *string, fact string) render.Value {
		if text == nil {
			return render.Value{}
		}
		return value(*text, r.Facts[fact].Evidence)
	}
	var number render.Value
	if r.DocNumber != nil {
		number = value(r.DocNumber.Text, r.DocNumber.Evidence)
	}
	add("number", "doc_number", number)
	var issuers []render.Value
	for _, i := range r.Issuers {
		issuers = append(issuers, value(i.Name, i.Evidence))
	}
	add("issuers", "issuers", issuers...)
	place := value(strings.TrimSpace(r.Jurisdiction.Name+" "+r.Jurisdiction.Code), r.Jurisdiction.Evidence)
	add("place", "jurisdiction", place)
	if r.Kind != "" {
		add("kind", "kind", value(req.label("kind."+string(r.Kind)), r.Facts["kind"].Evidence))
	}
	for _, d := range []struct {
		key  string
		date *corpus.Date
	}{{"signed", r.Dates.Signed}, {"printed", r.Dates.Printed}, {"posted", r.Dates.Posted},
		{"effective", r.Dates.Effective}, {"abolished", r.Dates.Abolished}} {
		var date render.Value
		if d.date != nil {
			date = value(d.date.Date, d.date.Evidence)
		}
		add(d.key, "dates."+d.key, date)
	}
	add("validity", "validity", named(r.Validity, "validity"))
	add("index", "index_number", named(r.IndexNumber, "index_number"))
	add("register", "register_number", named(r.RegisterNumber, "register_number"))
	if r.Carrier != nil {
		add("carrier", "", value(r.Carrier.Title, r.Carrier.Evidence))
	}
	return out
}

// markedText is a body with the stretches that facts came from.
type markedText struct {
	body  string
	marks map[corpus.Span][]string // span in bytes → classes
	chars func(int) int
}

func newMarkedText(r *corpus.Record) *markedText {
	t := &markedText{body: r.Text.Body, marks: map[corpus.Span][]string{}, chars: counter(r.Text.Body)}
	for _, f := range r.Facts {
		t.add(f.Span, "")
	}
	for _, d := range []*corpus.Date{r.Dates.Signed, r.Dates.Printed, r.Dates.Posted, r.Dates.Effective, r.Dates.Abolished} {
		if d != nil {
			t.add(d.Span, "")
		}
	}
	for _, i := range r.Issuers {
		t.add(i.Span, "")
	}
	if r.DocNumber != nil {
		t.add(r.DocNumber.Span, "")
	}
	if r.Carrier != nil {
		t.add(r.Carrier.Span, "")
	}
	t.add(r.Jurisdiction.Span, "")
	for _, s := range r.Outline {
		t.add(s.Span, "")
	}
	for _, c := range r.Clauses {
		t.add(c.Span, "")
		t.add(c.HeadingSpan, "clause")
		t.organs(c.Organs)
	}
	for _, p := range r.Provisions {
		t.add(p.Span, "")
		t.organs(p.Organs)
	}
	for _, d := range r.Deadlines {
		t.add(d.Span, "deadline")
		t.organs(d.Organs)
	}
	for _, x := range r.Times {
		t.add(x.Span, "")
	}
	for _, d := range r.Duties {
		t.organs([]corpus.OrganRef{d.Organ})
	}
	return t
}

func (t *markedText) organs(list []corpus.OrganRef) {
	for _, o := range list {
		t.add(o.Span, "organ")
	}
}

func (t *markedText) add(s corpus.Span, class string) {
	if s.Empty() || s.Start < 0 || s.End > len(t.body) || !start(t.body, s.Start) || !start(t.body, s.End) {
		return
	}
	classes := t.marks[s]
	if class != "" && !slices.Contains(classes, class) {
		classes = append(classes, class)
	}
	t.marks[s] = classes
}

func start(s string, i int) bool { return i == len(s) || utf8.RuneStart(s[i]) }

// href leads to a marked stretch; it is empty for one that is not marked.
func (t *markedText) href(s corpus.Span) string {
	if _, ok := t.marks[s]; !ok {
		return ""
	}
	return "#" + anchor(corpus.Span{Start: t.chars(s.Start), End: t.chars(s.End)})
}

// html is the escaped body with each stretch in an element of its own, outer ones
// around inner ones. Where two cross, the later one ends with the earlier.
func (t *markedText) html() template.HTML {
	spans := make([]corpus.Span, 0, len(t.marks))
	for s := range t.marks {
		spans = append(spans, s)
	}
	slices.SortFunc(spans, func(a, b corpus.Span) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return b.End - a.End
	})
	var b strings.Builder
	var open []int // ends of the elements that are open, outermost first
	at := 0
	write := func(to int) {
		for len(open) > 0 && open[len(open)-1] <= to {
			end := open[len(open)-1]
			template.HTMLEscape(&b, []byte(t.body[at:end]))
			b.WriteString("</span>")
			at, open = end, open[:len(open)-1]
		}
		template.HTMLEscape(&b, []byte(t.body[at:to]))
		at = to
	}
	for _, s := range spans {
		write(s.Start)
		end := s.End
		if len(open) > 0 {
			end = min(end, open[len(open)-1])
		}
		b.WriteString(`<span id="` + anchor(corpus.Span{Start: t.chars(s.Start), End: t.chars(s.End)}) + `"`)
		if classes := t.marks[s]; len(classes) > 0 {
			b.WriteString(` class="` + strings.Join(classes, " ") + `"`)
		}
		b.WriteString(">")
		open = append(open, end)
	}
	write(len(t.body))
	return template.HTML(b.String()) // every part of it is escaped above
}

// counter converts byte offsets of body to code points. It remembers one place
// in every 256 bytes.
func counter(body string) func(int) int {
	const step = 256
	counts := make([]int, 0, len(body)/step+1)
	n := 0
	for i := range len(body) {
		if i%step == 0 {
			counts = append(counts, n)
		}
		if utf8.RuneStart(body[i]) {
			n++
		}
	}
	return func(at int) int {
		if at >= len(body) {
			return n
		}
		k := at / step
		c := counts[k]
		for i := k * step; i < at; i++ {
			if utf8.RuneStart(body[i]) {
				c++
			}
		}
		return c
	}
}
