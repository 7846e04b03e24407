package web

import (
	"fmt"
	"html/template"
	"slices"
	"strings"

	"tuogou/compare"
	"tuogou/compare/render"
	"tuogou/corpus"
)

// docView is the page of a document: its text in the middle, what was found in it
// beside it.
type docView struct {
	ID                     corpus.DocID
	Facts                  []factView
	Cut, Masked            bool
	Why, Source, File      string
	Fetched                string
	CaptureHref            string
	VersionsHref           string
	Versions               int
	CiteHref, CompareHref  string
	ReviewHref             string
	Citation               string
	Groups                 []factGroup
	Outline                []outlineView
	Problems               []corpus.Problem
	Parts                  []partView
	Text                   template.HTML
	Generation, Topic, Off string
}

// factView is one fact of the document; State stands in for a value that is not
// there.
type factView struct {
	Label, State string
	Values       []render.Value
}

// factGroup is the facts of one kind, in the order of the text.
type factGroup struct {
	ID, Name string
	Count    int
	Items    []factItem
}

// factItem is a fact, the words it was read from and how.
type factItem struct {
	Head  string // what it is
	Href  string // of its words in the text
	Tags  []string
	Lines []string
	State string // where there is nothing to quote
	Quote string
	How   string // stands for the quote where there is none
	Rule  string
	Trace []string
	Link  string // of the document a reference leads to
	From  string // where its words were read
}

type outlineView struct {
	Level      int
	Text, Href string
}

type partView struct{ Role, Title, Type, Href, Text string }

func (s *server) doc(req *request) error {
	id := req.r.PathValue("id")
	id, req.json = strings.CutSuffix(id, ".json")
	r, err := s.lib.record(req.r.Context(), corpus.DocID(id))
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
	p := req.page(nonEmpty(m.Title, req.label("doc.unknown")))
	p.JSONHref = req.href(req.r.URL.EscapedPath() + ".json")
	p.Sample = compare.IsSample(m.Jurisdiction.Code)
	view, err := req.docView(m)
	if err != nil {
		return err
	}
	p.Body = view
	return req.render("doc", p)
}

func (req *request) docView(r *corpus.Record) (docView, error) {
	t := newMarkedText(r)
	path := "/doc/" + string(r.ID)
	v := docView{
		ID: r.ID, Facts: req.facts(r, t), Cut: r.Text.Truncated, Masked: len(r.Contacts) > 0, Why: r.Text.Why,
		Source: render.LinkURL(r.Source.URL), File: r.Source.Path, Problems: r.Problems,
		CiteHref: req.href(path + "/cite"), ReviewHref: req.href("/review", "doc", string(r.ID)), VersionsHref: req.href(path + "/versions"),
		Groups: req.groups(r, t),
	}
	if refs := compare.References([]*corpus.Record{r}); len(refs) == 1 {
		v.Citation = render.GBT7714(refs[0])
	}
	if r.Jurisdiction.Code != "" {
		v.CompareHref = req.href("/compare", "places", r.Jurisdiction.Code)
	}
	if !r.OnTopic {
		v.Off = req.label("search.offtopic")
	}
	for _, s := range r.Outline {
		v.Outline = append(v.Outline, outlineView{Level: min(max(s.Level, 1), 4), Text: s.Marker + s.Heading, Href: t.href(s.Span)})
	}
	for _, p := range r.Parts {
		part := partView{Role: req.label("part." + string(p.Role)), Title: p.Title, Type: p.MediaType, Text: t.href(p.Span)}
		if p.SHA256 != "" {
			part.Href = "/capture/" + string(p.SHA256)
		}
		v.Parts = append(v.Parts, part)
	}
	captures, err := req.s.b.Captures(req.r.Context(), r.ID)
	if err != nil {
		return v, err
	}
	if v.Versions = len(captures); v.Versions > 0 {
		last := captures[v.Versions-1]
		if v.Fetched = stampWords(last.Fetched); last.SHA256 != "" {
			v.CaptureHref = "/capture/" + string(last.SHA256)
		}
	}
	t.add(corpus.Span{End: firstPart(r)}, "meta")
	if at, ok := spanOf(req.query.Get("at")); ok {
		t.add(corpus.Span{Start: t.byteAt(at.Start), End: t.byteAt(at.End)}, "cited")
	}
	v.Text = t.html()
	return v, nil
}

// spanOf reads ?at=25-35, in code points.
func spanOf(text string) (corpus.Span, bool) {
	var s corpus.Span
	n, err := fmt.Sscanf(text, "%d-%d", &s.Start, &s.End)
	return s, err == nil && n == 2 && s.Start >= 0 && s.End > s.Start
}

// firstPart is where the document itself begins: what stands before are the facts of its
// page (索引号, 发布时间).
func firstPart(r *corpus.Record) int {
	at := len(r.Text.Body)
	for _, p := range r.Parts {
		if !p.Span.Empty() {
			at = min(at, p.Span.Start)
		}
	}
	if at == len(r.Text.Body) {
		return 0
	}
	return at
}

// groups are the facts in the text by kind.
func (req *request) groups(r *corpus.Record, t *markedText) []factGroup {
	var out []factGroup
	add := func(id string, items []factItem) {
		if len(items) > 0 {
			out = append(out, factGroup{ID: id, Name: req.label("group." + id), Count: len(items), Items: items})
		}
	}
	add("clauses", req.clauseItems(r, t))
	add("deadlines", req.deadlineItems(r, t))
	add("duties", req.dutyItems(r, t))
	add("references", req.referenceItems(r, t))
	add("provisions", req.provisionItems(r, t))
	add("terms", req.termItems(r, t))
	add("times", req.timeItems(r, t))
	return out
}

func item(head string, e corpus.Evidence, t *markedText) factItem {
	return factItem{Head: head, Href: t.href(e.Span), Quote: e.Quote, Rule: e.Rule, Trace: e.Trace, From: t.original(e.Span)}
}

func (req *request) clauseItems(r *corpus.Record, t *markedText) []factItem {
	var out []factItem
	for _, c := range r.Clauses {
		f := item(req.label(string(c.Type)), c.Evidence, t)
		if !c.HeadingSpan.Empty() {
			f.Href = t.href(c.HeadingSpan)
		}
		f.Tags = []string{req.label("form." + string(c.Form))}
		if c.Heading != "" {
			f.Lines = append(f.Lines, c.Heading)
		}
		for _, o := range c.Organs {
			f.Lines = append(f.Lines, req.organWords(o))
		}
		f.Quote, f.How = "", req.label("doc.how") // a clause is read in the text, not beside it
		out = append(out, f)
	}
	for _, c := range corpus.ClauseTypes {
		if state := r.ClauseStates[c]; state != "" && state != corpus.Stated {
			out = append(out, factItem{Head: req.label(string(c)), State: req.label("state." + string(state))})
		}
	}
	return out
}

func (req *request) organWords(o corpus.OrganRef) string {
	words := o.Text
	if n, ok := req.s.opt.OrganNames[o.Kind]; ok && n.In(req.lang) != o.Text {
		words += "（" + n.In(req.lang) + "）"
	}
	return words
}

func (req *request) deadlineItems(r *corpus.Record, t *markedText) []factItem {
	one := *r
	one.OnTopic = true // the page of a document shows what it has, whatever its topic
	var out []factItem
	schedule := compare.Timeline([]*corpus.Record{&one}, compare.TimelineOptions{AsOf: req.s.today(), IncludeVague: true})
	byUID := map[string]compare.Entry{}
	for _, list := range [][]compare.Entry{schedule.Entries, schedule.Unresolved, schedule.Vague} {
		for _, e := range list {
			byUID[e.UID] = e
		}
	}
	for _, d := range r.Deadlines {
		e, ok := byUID[d.UID]
		head := d.EDTF
		if ok {
			head = render.Days(e.Due, req.lang)
		}
		f := item(nonEmpty(head, d.Quote), d.Evidence, t)
		if ok {
			f.Tags = render.Notes(e.Due, req.lang)
		}
		if a := d.Anchor; a != nil && a.Text != "" {
			f.Lines = append(f.Lines, req.label("doc.anchor")+a.Text+" "+a.Date)
		}
		f.Lines = append([]string{d.Action.Text}, f.Lines...)
		for _, o := range d.Organs {
			f.Lines = append(f.Lines, req.organWords(o))
		}
		out = append(out, f)
	}
	return out
}

func (req *request) dutyItems(r *corpus.Record, t *markedText) []factItem {
	var out []factItem
	for _, d := range r.Duties {
		f := item(req.organWords(d.Organ), d.Evidence, t)
		f.Href = t.href(d.Organ.Span)
		f.Tags = []string{req.label("role." + string(d.Role))}
		if d.Clause != "" {
			f.Tags = append(f.Tags, req.label(string(d.Clause)))
		}
		if d.Action.Text != "" {
			f.Lines = []string{d.Action.Text}
		}
		for i := range r.Deadlines {
			if x := &r.Deadlines[i]; slices.Contains(d.Deadlines, x.UID) {
				f.Tags = append(f.Tags, x.Quote)
			}
		}
		out = append(out, f)
	}
	return out
}

func (req *request) referenceItems(r *corpus.Record, t *markedText) []factItem {
	var out []factItem
	for _, x := range r.References {
		head := x.Title
		if x.DocNumber != nil {
			head = strings.TrimSpace(head + " " + x.DocNumber.Normal)
		}
		f := item(head, x.Evidence, t)
		f.Tags = []string{req.label("relation." + string(x.Relation))}
		if x.Target != "" {
			f.Link = req.docHref(x.Target)
		}
		out = append(out, f)
	}
	return out
}

func (req *request) provisionItems(r *corpus.Record, t *markedText) []factItem {
	names := map[string]compare.Topic{}
	for _, p := range req.s.opt.Provisions {
		names[p.ID] = p
	}
	var out []factItem
	for _, p := range r.Provisions {
		head := p.ID
		if n, ok := names[p.ID]; ok {
			head += " " + render.Name{ZH: n.Name, EN: n.NameEN}.In(req.lang)
		}
		f := item(head, p.Evidence, t)
		f.Tags = []string{req.label("status." + p.Status)}
		f.Lines = p.Changed
		out = append(out, f)
	}
	return out
}

func (req *request) termItems(r *corpus.Record, t *markedText) []factItem {
	var out []factItem
	for _, x := range r.Terms {
		f := item(nonEmpty(x.ISO, fmt.Sprintf("%d %s", x.Value, x.Unit)), x.Evidence, t)
		if x.Trigger != "" {
			f.Lines = []string{x.Trigger}
		}
		out = append(out, f)
	}
	return out
}

// timeItems are the times that are no deadline: what was read and left aside.
func (req *request) timeItems(r *corpus.Record, t *markedText) []factItem {
	deadlines := map[corpus.Span]bool{}
	for _, d := range r.Deadlines {
		deadlines[d.Span] = true
	}
	var out []factItem
	for _, x := range r.Times {
		if deadlines[x.Span] {
			continue
		}
		f := item(nonEmpty(x.EDTF, x.Quote), x.Evidence, t)
		f.Tags = []string{req.label("time." + string(x.Role))}
		out = append(out, f)
	}
	return out
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
