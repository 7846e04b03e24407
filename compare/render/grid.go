package render

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tuogou/compare"
	"tuogou/corpus"
)

// Grid is a table whose cells lead to their evidence. ID names it in files.
type Grid struct {
	ID    string
	Title string
	Notes []string
	Head  []string
	Rows  [][]Field
	// Charts draw what the table tells.
	Charts []*Chart
}

// Field is a cell. Class is a verdict or state, for its colour.
type Field struct {
	Text, Class string
	// Here and There are the words of the place and of the baseline; Words says that
	// Text is nothing but these.
	Here, There []compare.Cite
	Words       bool
}

// Table is g without evidence.
func (g Grid) Table() Table {
	t := Table{Title: g.Title, Notes: g.Notes, Head: g.Head}
	for _, r := range g.Rows {
		var row []string
		for _, f := range r {
			row = append(row, f.Text)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// drawn are the charts that there is something to draw for.
func drawn(charts ...*Chart) []*Chart {
	return slices.DeleteFunc(charts, func(c *Chart) bool { return c == nil })
}

func (g *Grid) add(cells ...Field) { g.Rows = append(g.Rows, cells) }

func words(list ...string) []Field {
	var out []Field
	for _, s := range list {
		out = append(out, Field{Text: s})
	}
	return out
}

// Study writes a report.
type Study struct{ *compare.Report }

func (o Options) sprintf(key string, args ...any) string { return fmt.Sprintf(o.label(key), args...) }

// Grids are the tables of a study in their order.
func (s *Study) Grids(o Options) []Grid {
	out := []Grid{s.matrix(o), s.placesGrid(o), s.changes(o)}
	if s.Lineage != nil {
		out = append(out, s.lineage(o), s.adoption(o))
	}
	if s.Drift != nil {
		out = append(out, s.drift(o))
	}
	if s.Duties != nil {
		out = append(out, s.duties(o))
	}
	if s.Schedule != nil {
		out = append(out, s.deadlines(o))
	}
	out = append(out, s.clusters(o))
	if s.Searches != nil {
		out = append(out, s.searches(o))
	}
	return append(out, s.wanted(o), s.gaps(o), s.citations(o))
}

func (s *Study) count(o Options) string {
	c := s.Count
	return o.sprintf("study.places_note", c.Places, c.Documents, c.Compared, c.Cells, c.Decided)
}

func percent(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(100**v, 'f', 1, 64) + "%"
}

// matrix is the heat of the study: a verdict and its changes a cell.
func (s *Study) matrix(o Options) Grid {
	g := Grid{ID: "matrix", Title: o.label("study.title"), Notes: []string{s.count(o), o.label("study.coefficient_note")},
		Head: []string{o.label("col.topic")}, Charts: []*Chart{s.heat(o)}}
	for _, p := range s.Places {
		g.Head = append(g.Head, o.place(p.Place))
		if p.Sample && len(g.Notes) == 2 {
			g.Notes = append(g.Notes, o.label("sample"))
		}
	}
	for _, r := range s.Rows {
		row := []Field{{Text: o.topic(r.Topic)}}
		for _, c := range r.Cells {
			row = append(row, Field{Text: o.verdictWords(c), Class: string(c.Verdict), Here: c.Here, There: c.There})
		}
		g.add(row...)
	}
	return g
}

func (o Options) verdictWords(c compare.StudyCell) string {
	lines := []string{o.label("verdict." + string(c.Verdict))}
	if c.Reproduced != nil {
		lines[0] += " " + percent(c.Reproduced)
	}
	for _, k := range c.Changes {
		lines = append(lines, o.change(k))
	}
	if c.Why != "" {
		lines = append(lines, o.why(c.Why))
	}
	return strings.Join(lines, "\n")
}

// why is a reason in words; one that a record gives stays as it is.
func (o Options) why(reason string) string {
	switch reason {
	case compare.WhyTold, compare.WhyCut, compare.WhyPart, compare.WhyWording:
		return o.label("why." + reason)
	}
	return reason
}

// change is a typed change in words: 日期变动 2018-12-31 → 2019-12-31（推迟365天）.
func (o Options) change(c compare.Change) string {
	out := o.label("change." + string(c.Kind))
	show := func(s string) string {
		switch c.Kind {
		case compare.OrganReplaced, compare.OrganAdded, compare.OrganDropped:
			return o.join(mapped(strings.Split(s, ";"), o.organ))
		case compare.DateMoved, compare.DateAdded, compare.DateDropped:
			return o.day(s)
		}
		return o.join(strings.Split(s, ";"))
	}
	switch {
	case c.From != "" && c.To != "":
		out += " " + show(c.From) + " → " + show(c.To)
	case c.From != "":
		out += " " + show(c.From)
	case c.To != "":
		out += " " + show(c.To)
	}
	switch {
	case c.Days > 0:
		out += " [" + o.sprintf("change.later", c.Days) + "]"
	case c.Days < 0:
		out += " [" + o.sprintf("change.earlier", -c.Days) + "]"
	}
	return out
}

func (s *Study) placesGrid(o Options) Grid {
	g := Grid{ID: "places", Title: o.label("study.places"), Notes: []string{s.count(o)},
		Head: o.heads("code", "place", "document", "number", "date", "generation", "chosen", "baseline", "how", "reproduced", "own")}
	for _, p := range s.Places {
		row := []string{p.Code, o.place(p.Place), o.label("verdict." + string(p.State)), "", "", "", "", "", "", percent(p.Reproduced), percent(p.Own)}
		if d := p.Document; d != nil {
			row[2], row[3], row[4], row[5] = d.Title, d.Number, d.Date, o.label("generation."+string(d.Generation))
		}
		if p.Chosen != "" {
			row[6] = o.label("chosen." + p.Chosen)
		}
		if p.Baseline != nil {
			row[7] = p.Baseline.Title
		}
		switch {
		case p.Why != "":
			row[8] = o.why(p.Why)
		case p.BaselineBy != "":
			row[8] = strings.TrimSpace(o.label("baseline."+p.BaselineBy) + " " + p.BaselineWhy)
		}
		g.add(words(row...)...)
	}
	return g
}

// changes is one line for each typed change, tidy.
func (s *Study) changes(o Options) Grid {
	g := Grid{ID: "changes", Title: o.label("study.changes"), Notes: []string{s.count(o)},
		Head: o.heads("topic_id", "topic", "code", "place", "verdict", "change", "from", "to", "daysmoved", "here", "there")}
	for _, r := range s.Rows {
		for i, c := range r.Cells {
			for _, k := range c.Changes {
				days := ""
				if k.Days != 0 {
					days = strconv.Itoa(k.Days)
				}
				row := words(r.Topic.ID, o.topic(r.Topic), c.Place, o.place(s.Places[i].Place), o.label("verdict."+string(c.Verdict)),
					o.label("change."+string(k.Kind)), k.From, k.To, days, short(quotes(c.Here), quoteChars), short(quotes(c.There), quoteChars))
				for _, n := range []int{9, 10} {
					row[n].Here, row[n].There, row[n].Words = c.Here, c.There, true
				}
				g.add(row...)
			}
		}
	}
	return g
}

// quotes are the words of some evidence, one after another.
func quotes(list []compare.Cite) string {
	var out []string
	for _, c := range list {
		out = append(out, oneLine(c.Quote))
	}
	return strings.Join(out, " ")
}

func (s *Study) lineage(o Options) Grid {
	l := s.Lineage
	g := Grid{ID: "lineage", Title: o.label("study.lineage"),
		Notes: []string{o.sprintf("study.lineage_note", l.Documents, l.Dated, l.Led, l.Outside)},
		Head:  o.heads("place", "child", "date", "how", "parent", "place", "date", "lag", "reproduced")}
	for _, e := range l.Edges {
		var how []string
		if e.Cited {
			how = append(how, o.label("col.cited"))
		}
		if e.Worded {
			how = append(how, o.label("col.worded"))
		}
		row := words(o.place(e.ChildPlace), e.Child.Title, e.Child.Date, o.join(how), e.Parent.Title, o.place(e.ParentPlace),
			e.Parent.Date, number(e.Lag), percent(e.Reproduced))
		if e.Cite != nil {
			row[3].Here = []compare.Cite{*e.Cite}
		}
		g.add(row...)
	}
	return g
}

func number(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

func (s *Study) adoption(o Options) Grid {
	dated := 0
	g := Grid{ID: "adoption", Title: o.label("study.adoption"), Head: o.heads("generation", "code", "place", "date", "lag", "document", "number")}
	for _, a := range s.Lineage.Adoption {
		if a.Date != "" {
			dated++
		}
		g.add(words(o.label("generation."+string(a.Generation)), a.Place.Code, o.place(a.Place), a.Date, number(a.Lag), a.Document.Title, a.Document.Number)...)
	}
	g.Notes = []string{o.sprintf("study.adoption_note", len(s.Lineage.Adoption), dated)}
	g.Charts = drawn(s.curve(o), s.lags(o))
	return g
}

func (s *Study) drift(o Options) Grid {
	d := s.Drift
	g := Grid{ID: "drift", Title: o.label("study.drift"), Notes: []string{o.sprintf("study.drift_note", d.Compared, d.Same, len(d.Entries))},
		Head: o.heads("topic_id", "kind", "place", "to", "place", "from", "daysmoved", "later")}
	for _, e := range d.Entries {
		later := ""
		if e.Later {
			later = "✓"
		}
		topic := e.Topic
		if topic == "" {
			topic = o.label(string(e.Clause))
		}
		row := words(topic, o.label("drift."+string(e.Kind)), o.place(e.Place), o.day(e.To), o.place(e.FromPlace), o.day(e.From), strconv.Itoa(e.Days), later)
		row[3].Here, row[5].There = []compare.Cite{e.ToCite}, []compare.Cite{e.FromCite}
		g.add(row...)
	}
	return g
}

func (s *Study) duties(o Options) Grid {
	g := Grid{ID: "duties", Title: o.label("study.duties"), Notes: []string{o.label("study.duties_note")},
		Head: o.heads("topic_id", "kinds", "role", "place", "silent", "never", "stated")}
	names := map[string]string{}
	for _, p := range s.Places {
		names[p.Code] = o.place(p.Place)
	}
	place := func(code string) string {
		if n := names[code]; n != "" {
			return n
		}
		return code
	}
	for _, r := range s.Duties {
		if r.Stated == 0 {
			continue
		}
		tail := []string{o.join(mapped(r.Silent, place)), o.join(mapped(r.Never, o.organ)), strconv.Itoa(r.Stated)}
		if len(r.Kinds) == 0 {
			g.add(words(append([]string{r.Topic, "", "", ""}, tail...)...)...)
		}
		for _, k := range r.Kinds {
			for _, role := range roles(k) {
				var where []string
				var cites []compare.Cite
				for _, p := range k.Places {
					if p.Role == role {
						where, cites = append(where, place(p.Place)), append(cites, p.Cite)
					}
				}
				label := ""
				if role != "" {
					label = o.label("role." + string(role))
				}
				row := words(append([]string{r.Topic, o.organ(k.Kind), label, o.join(where)}, tail...)...)
				row[3].Here = cites
				g.add(row...)
			}
		}
	}
	return g
}

func roles(k compare.KindPlaces) []corpus.DutyRole {
	var out []corpus.DutyRole
	for _, want := range []corpus.DutyRole{corpus.Lead, corpus.Joint, corpus.Responsible, corpus.Support, corpus.Supervise, corpus.Approve, corpus.Receive, ""} {
		for _, p := range k.Places {
			if p.Role == want {
				out = append(out, want)
				break
			}
		}
	}
	return out
}

func (s *Study) deadlines(o Options) Grid {
	all := append(append([]compare.Entry{}, s.Schedule.Entries...), s.Schedule.Unresolved...)
	t := TimelineTable(all, o)
	g := Grid{ID: "deadlines", Title: t.Title, Notes: append(t.Notes, s.count(o)), Head: t.Head, Charts: drawn(s.bars(o))}
	for i, r := range t.Rows {
		row := words(r...)
		row[4].Here = []compare.Cite{all[i].Cite}
		g.add(row...)
	}
	return g
}

func (s *Study) clusters(o Options) Grid {
	g := Grid{ID: "clusters", Title: o.label("study.clusters"), Notes: []string{o.sprintf("study.clusters_note", s.Records, len(s.Clusters))},
		Head: o.heads("count", "document", "place", "date", "url", "likeness", "lost", "gained")}
	for i, c := range s.Clusters {
		for _, k := range c.Copies {
			like := k.Likeness
			row := words(strconv.Itoa(i+1), k.Document.Title, o.place(k.Place), k.Document.Date, k.Document.URL, percent(&like), quotes(k.Lost), quotes(k.Gained))
			row[6].There, row[7].Here = k.Lost, k.Gained
			if k.More > 0 {
				row[7].Text += " " + o.sprintf("study.truncated", k.More)
			}
			g.add(row...)
		}
	}
	return g
}

func (s *Study) searches(o Options) Grid {
	g := Grid{ID: "coverage", Title: o.label("study.searches"), Notes: []string{o.sprintf("study.searches_note", len(s.Searches))},
		Head: o.heads("code", "place", "state", "notes"), Charts: drawn(s.tiles(o))}
	count := map[compare.SearchState]int{}
	for _, p := range s.Searches {
		count[p.State]++
	}
	for _, st := range []compare.SearchState{compare.SearchFound, compare.SearchCited, compare.SearchNothing, compare.SearchDown, compare.SearchNever} {
		g.Notes[0] += " " + o.label("search."+string(st)) + " " + strconv.Itoa(count[st])
	}
	for _, p := range s.Searches {
		row := words(p.Place.Code, o.place(p.Place), o.label("search."+string(p.State)), p.Why)
		row[2].Class = string(p.State)
		g.add(row...)
	}
	return g
}

func (s *Study) wanted(o Options) Grid {
	citing := map[corpus.DocID]bool{}
	g := Grid{ID: "wanted", Title: o.label("study.wanted"), Head: o.heads("number", "document", "basis", "count", "by")}
	for _, w := range s.Wanted {
		var by []string
		for _, d := range w.By {
			citing[d.ID] = true
			by = append(by, d.Title)
		}
		row := words(w.Number, w.Title, strconv.Itoa(w.Basis), strconv.Itoa(len(w.By)), strings.Join(by, "\n"))
		row[1].Here = []compare.Cite{w.Cite}
		g.add(row...)
	}
	g.Notes = []string{o.sprintf("study.wanted_note", len(s.Wanted), len(citing))}
	return g
}

func (s *Study) gaps(o Options) Grid {
	total := 0
	g := Grid{ID: "gaps", Title: o.label("study.gaps"), Head: o.heads("agency", "year", "known", "missing", "count")}
	for _, x := range s.Gaps {
		total += x.Count
		var ranges []string
		for _, r := range x.Missing {
			if r[0] == r[1] {
				ranges = append(ranges, strconv.Itoa(r[0]))
				continue
			}
			ranges = append(ranges, fmt.Sprintf("%d–%d", r[0], r[1]))
		}
		g.add(words(x.Agency, strconv.Itoa(x.Year), o.join(mapped(x.Known, strconv.Itoa)), o.join(ranges), strconv.Itoa(x.Count))...)
	}
	g.Notes = []string{o.sprintf("study.gaps_note", len(s.Gaps), total)}
	return g
}

func (s *Study) citations(o Options) Grid {
	g := Grid{ID: "citations", Title: o.label("study.citations"), Head: []string{"#", o.label("col.citation")}}
	for i, r := range s.References {
		g.add(words("["+strconv.Itoa(i+1)+"]", GBT7714(r))...)
	}
	return g
}
