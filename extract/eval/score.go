package eval

import (
	"fmt"
	"path"
	"strings"
	"unicode"

	"tuogou/corpus"
)

// Fields are the scored fields, in the order of the report.
var fields = []string{
	"kind", "generation", "on_topic", "title", "carrier", "issuers", "doc_number", "index_number", "register_number", "jurisdiction",
	"signed", "published", "printed", "effective", "abolished", "event_year", "truncated", "noise", "parts", "problems",
	"clauses", "clause_form", "clause_text", "clause_departments", "clause_states", "provisions", "times",
	"deadlines", "deadline_detail", "deadline_clause", "deadline_who", "durations", "duties", "duty_action", "duty_due",
	"references", "reference_relation", "personal_data",
}

// Count is the tally of one field.
type Count struct {
	Right, Missed, False int
	// Wrong are those of Missed in whose place the record has another value; the
	// rest was not found.
	Wrong          int
	Misses, Falses []string // "file: what"
}

// Precision, Recall and F1 are 1 where there is nothing to find and nothing found.
func (c Count) Precision() float64 { return share(c.Right, c.Right+c.False) }

// Recall is the share of what the labels name that was found.
func (c Count) Recall() float64 { return share(c.Right, c.Right+c.Missed) }

// F1 is the harmonic mean of the two.
func (c Count) F1() float64 { return share(2*c.Right, 2*c.Right+c.False+c.Missed) }

func share(a, b int) float64 {
	if b == 0 {
		return 1
	}
	return float64(a) / float64(b)
}

// Report is the score of a set of texts.
type Report struct {
	Texts  int
	Fields map[string]*Count
	// Groups has the same by level, kind and generation of the label and by format of its file, under
	// names such as "kind plan". Its counts have no names of misses.
	Groups map[string]*Report
}

// New is an empty report.
func New() *Report {
	r := &Report{Fields: map[string]*Count{}}
	for _, f := range fields {
		r.Fields[f] = &Count{}
	}
	return r
}

// Add scores one record against its label.
func (r *Report) Add(l Label, x *corpus.Record) {
	one := New()
	s := scorer{r: one, l: l, x: x}
	s.facts()
	s.more()
	s.clauses()
	s.deadlines()
	s.lists()
	r.sum(one, true)
	for _, g := range [][2]string{{"level", l.Jurisdiction.Level}, {"kind", l.Kind}, {"generation", l.Generation},
		{"format", strings.TrimPrefix(path.Ext(l.File), ".")}} {
		if g[1] != "" {
			r.group(g[0]+" "+g[1]).sum(one, false)
		}
	}
}

type scorer struct {
	r *Report
	l Label
	x *corpus.Record
}

// sets compares two lists as bags of keys.
func (s *scorer) sets(field string, want, got []string) {
	c := s.r.Fields[field]
	missed, falses := c.Missed, c.False
	defer func() { c.Wrong += min(c.Missed-missed, c.False-falses) }()
	left := map[string]int{}
	for _, g := range got {
		left[g]++
	}
	for _, w := range want {
		if left[w] > 0 {
			left[w]--
			c.Right++
			continue
		}
		c.Missed++
		c.Misses = append(c.Misses, s.l.File+": "+w)
	}
	for _, g := range got {
		if left[g] > 0 {
			left[g]--
			c.False++
			c.Falses = append(c.Falses, s.l.File+": "+g)
		}
	}
}

func one(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func (s *scorer) facts() {
	l, x := s.l, s.x
	s.sets("kind", one(l.Kind), one(string(x.Kind)))
	s.sets("on_topic", one(fmt.Sprint(l.OnTopic)), one(fmt.Sprint(x.OnTopic)))
	s.sets("title", one(fold(l.Title)), one(fold(x.Title)))
	var issuers []string
	for _, i := range x.Issuers {
		issuers = append(issuers, i.Name)
	}
	s.sets("issuers", l.Issuers, issuers)
	number := ""
	if x.DocNumber != nil {
		number = x.DocNumber.Normal
	}
	s.sets("doc_number", one(deref(l.DocNumber)), one(number))
	if l.IndexNumber != nil {
		s.sets("index_number", one(*l.IndexNumber), one(deref(x.IndexNumber)))
	}
	j := l.Jurisdiction
	s.sets("jurisdiction", one(place(j.Code, j.Level, j.Path)), one(place(x.Jurisdiction.Code, string(x.Jurisdiction.Level), x.Jurisdiction.Path)))
	s.sets("signed", one(deref(l.Signed)), one(date(x.Dates.Signed)))
	s.sets("published", one(deref(l.Published)), one(date(x.Dates.Posted)))
	if l.EventYear > 0 {
		year := ""
		if x.EventYear != nil {
			year = fmt.Sprint(x.EventYear.Year)
		}
		s.sets("event_year", one(fmt.Sprint(l.EventYear)), one(year))
	}
}

func place(code, level string, path []string) string {
	if code == "" {
		return ""
	}
	return code + " " + level + " " + strings.Join(path, "/")
}

func date(d *corpus.Date) string {
	if d == nil {
		return ""
	}
	return d.Date
}

// fold takes away what two writings of one title may differ in.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

func (s *scorer) clauses() {
	var want, got, text, gotText, deps, gotDeps []string
	byType := map[string]corpus.Clause{}
	for _, c := range s.x.Clauses {
		if c.Form == corpus.FormMention {
			continue
		}
		got = append(got, string(c.Type)+" "+fold(c.Heading))
		byType[string(c.Type)] = c
	}
	s.clauseForms()
	for _, c := range s.l.Clauses {
		if c.Form == string(corpus.FormMention) {
			continue
		}
		want = append(want, c.Type+" "+fold(c.Heading))
		text = append(text, c.Type+" "+c.Starts+"…"+c.Ends)
		have := byType[c.Type]
		if strings.HasPrefix(have.Quote, c.Starts) && strings.HasSuffix(have.Quote, c.Ends) && c.Starts != "" {
			gotText = append(gotText, c.Type+" "+c.Starts+"…"+c.Ends)
		} else if have.Type != "" {
			gotText = append(gotText, c.Type+" "+ends(have.Quote))
		}
		for _, d := range c.Departments {
			deps = append(deps, c.Type+" "+d)
		}
		for _, o := range have.Organs {
			gotDeps = append(gotDeps, c.Type+" "+o.Text)
		}
	}
	s.sets("clauses", want, got)
	s.sets("clause_text", text, gotText)
	s.sets("clause_departments", deps, gotDeps)
}

func ends(q string) string {
	r := []rune(q)
	if len(r) < 24 {
		return q
	}
	return string(r[:12]) + "…" + string(r[len(r)-12:])
}

// deadlines match where kind, date and words agree; the words, where one quote
// holds the other.
func (s *scorer) deadlines() {
	if s.l.Deadlines == nil {
		return
	}
	c := s.r.Fields["deadlines"]
	used := make([]bool, len(s.x.Deadlines))
	for _, w := range s.l.Deadlines {
		at := -1
		for i, g := range s.x.Deadlines {
			if !used[i] && oneOf(string(g.Kind), w.Kind) && oneOf(g.EDTF, w.EDTF) && sameWords(g.Quote, w) {
				at = i
				break
			}
		}
		if at < 0 {
			c.Missed++
			c.Misses = append(c.Misses, fmt.Sprintf("%s: %s %s %s", s.l.File, w.Kind, w.EDTF, w.Quote))
			continue
		}
		used[at] = true
		c.Right++
		g := s.x.Deadlines[at]
		s.sets("deadline_clause", one(deref(w.Clause)), one(string(g.Clause)))
		var who []string
		for _, o := range g.Organs {
			who = append(who, o.Text)
		}
		if len(w.Who) > 0 {
			s.sets("deadline_who", w.Who, who)
		}
		s.detail(w, g)
	}
	before := c.False
	for i, g := range s.x.Deadlines {
		if !used[i] {
			c.False++
			c.Falses = append(c.Falses, fmt.Sprintf("%s: %s %s %s", s.l.File, g.Kind, g.EDTF, g.Quote))
		}
	}
	c.Wrong += min(c.Missed, c.False-before)
}

func sameWords(got string, w Deadline) bool {
	for _, q := range []string{w.Quote, w.SpanQuote} {
		if q != "" && (strings.Contains(got, q) || strings.Contains(q, got)) {
			return true
		}
	}
	return false
}

func (s *scorer) lists() {
	l, x := s.l, s.x
	if l.Durations != nil {
		s.found("durations", len(l.Durations), func(i int) (string, bool) {
			w := l.Durations[i]
			for _, g := range x.Terms {
				if (g.ISO == w.ISO && g.Value == w.Workdays) && (strings.Contains(g.Quote, w.Quote) || strings.Contains(w.Quote, g.Quote)) {
					return w.Quote, true
				}
			}
			return w.Quote, false
		})
	}
	if l.Responsibilities != nil {
		s.found("duties", len(l.Responsibilities), s.duty)
		s.duties()
	}
	if l.References != nil {
		s.references()
	}
	if l.PersonalData != nil {
		var got []string
		for _, c := range x.Contacts {
			got = append(got, c.Quote)
		}
		s.sets("personal_data", l.PersonalData, got)
	}
}

// found scores recall only: labels of durations and duties are a choice of the
// reader, not a full list.
func (s *scorer) found(field string, n int, has func(i int) (string, bool)) {
	c := s.r.Fields[field]
	for i := range n {
		what, ok := has(i)
		if ok {
			c.Right++
			continue
		}
		c.Missed++
		c.Misses = append(c.Misses, s.l.File+": "+what)
	}
}

// duty is found where every labelled organ has a duty in words that overlap the
// label's.
func (s *scorer) duty(i int) (string, bool) {
	w := s.l.Responsibilities[i]
	roles := map[string]bool{}
	for _, r := range strings.Split(w.Role, "+") {
		roles[r] = true
	}
	for k, o := range w.Organs {
		ok := false
		for _, y := range s.x.Duties {
			at := strings.Index(s.x.Text.Body, w.Quote)
			near := at >= 0 && y.Organ.Span.Start >= at && y.Organ.Span.End <= at+len(w.Quote)
			kind := k >= len(w.Kinds) || w.Kinds[k] == "" || y.Organ.Kind == w.Kinds[k]
			ok = ok || near && kind && y.Organ.Text == o && roles[string(y.Role)]
		}
		if !ok {
			return w.Role + " " + o + ": " + w.Quote, false
		}
	}
	return w.Quote, true
}

// references compares the documents that the text builds on or reports (basis
// and cites). The text's own product and what it is carried out by are not in
// the labels.
func (s *scorer) references() {
	var want, got []string
	for _, r := range s.l.References {
		s.relation(r)
		if to := corpus.Relation(r.Relation); to != "" && to != corpus.Basis && to != corpus.Cites {
			continue
		}
		want = append(want, fold(r.Title)+" "+deref(r.DocNumber))
	}
	for _, r := range s.x.References {
		if r.Relation != corpus.Basis && r.Relation != corpus.Cites {
			continue
		}
		n := ""
		if r.DocNumber != nil {
			n = r.DocNumber.Normal
		}
		got = append(got, fold(r.Title)+" "+n)
	}
	s.sets("references", want, got)
}
