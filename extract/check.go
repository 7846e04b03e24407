package extract

import (
	"fmt"
	"slices"
	"strings"

	"tuogou/corpus"
	"tuogou/rules"
)

// CheckRules proves the examples and counter-examples of the rules that x works
// by: each example is put into a plan signed on 2018-08-09 and must come out as
// the rule file says; no counter-example may be taken for the rule's own. It
// returns one error for each that does not, in the order of the files.
func CheckRules(x *Extractor) []error {
	c := checker{x: x}
	c.times()
	c.vague()
	c.clauses()
	c.documents()
	c.duties()
	c.contacts()
	c.markers()
	return c.errs
}

type checker struct {
	x    *Extractor
	errs []error
}

func (c *checker) fail(file, id, text, format string, args ...any) {
	c.errs = append(c.errs, fmt.Errorf("rules/%s: %s: %q: %w", file, id, text, fmt.Errorf(format, args...)))
}

// plan extracts a plan whose text is the given lines.
func (c *checker) plan(lines ...string) *corpus.Record {
	all := append([]string{"示例市行业协会商会与行政机关脱钩实施方案"}, lines...)
	all = append(all, "示例市民政局", "2018年8月9日")
	return c.x.Extract(corpus.Source{SHA256: corpus.HashBytes([]byte("check"))}, textOf(all), Options{})
}

// textOf is a text whose first line is its title.
func textOf(lines []string) *corpus.Text {
	t := &corpus.Text{}
	var b strings.Builder
	for i, l := range lines {
		kind := corpus.BlockPara
		if i == 0 {
			kind = corpus.BlockTitle
		}
		t.Blocks = append(t.Blocks, corpus.Block{Span: corpus.Span{Start: b.Len(), End: b.Len() + len(l)}, Kind: kind})
		b.WriteString(l + "\n")
	}
	t.Body = b.String()
	return t
}

func (c *checker) times() {
	for i := range c.x.rules.Times.Expressions {
		r := &c.x.rules.Times.Expressions[i]
		for _, e := range r.Examples {
			c.time(r, e)
		}
		for _, text := range r.Nonexamples {
			for _, t := range c.plan(text).Times {
				if t.Rule == "times/"+r.ID && t.Role != corpus.RoleIssued {
					c.fail("times.toml", r.ID, text, "must not match, and matches %q", t.Quote)
				}
			}
		}
	}
}

func (c *checker) vague() {
	t := c.x.rules.Times
	for i := range t.Vague {
		r := &t.Vague[i]
		c.loose("times/vague", fmt.Sprintf("vague %d", i+1), r.Pattern, r.Examples, r.Nonexamples)
	}
	for i := range t.Lengths {
		r := &t.Lengths[i]
		c.loose("times/length", fmt.Sprintf("length %d", i+1), r.Pattern, r.Examples, r.Nonexamples)
	}
}

// loose tries the examples of words that are no core of a time: one each, or none.
func (c *checker) loose(rule, id string, p *rules.Pattern, examples, nonexamples []string) {
	for k, texts := range [][]string{nonexamples, examples} {
		for _, text := range texts {
			found := 0
			for _, t := range c.plan(text).Times {
				if t.Rule == rule && p.MatchString(t.Quote) {
					found++
				}
			}
			if found != k {
				c.fail("times.toml", id, text, "%d found, want %d", found, k)
			}
		}
	}
}

func (c *checker) time(r *rules.TimeExpression, e rules.TimeExample) {
	rec := c.plan(e.Text)
	var seen []string
	for _, t := range rec.Times {
		if t.Quote != e.Quote || t.Rule != "times/"+r.ID && !r.OnlyRight {
			if t.Role != corpus.RoleIssued {
				seen = append(seen, t.Rule+" "+t.Quote+" "+t.EDTF)
			}
			continue
		}
		if e.EDTF != "" && t.EDTF != e.EDTF {
			c.fail("times.toml", r.ID, e.Text, "means %s, want %s", t.EDTF, e.EDTF)
		}
		c.length(rec, r, e)
		return
	}
	c.fail("times.toml", r.ID, e.Text, "%q is not found by this rule; found: %s", e.Quote, strings.Join(seen, "; "))
}

// length checks what only terms and recurring deadlines say.
func (c *checker) length(rec *corpus.Record, r *rules.TimeExpression, e rules.TimeExample) {
	if e.ISO != "" {
		ok := false
		for _, t := range rec.Terms {
			ok = ok || t.Quote == e.Quote && t.ISO == e.ISO
		}
		if !ok {
			c.fail("times.toml", r.ID, e.Text, "no term %s of %q", e.ISO, e.Quote)
		}
	}
	if e.RRule != "" {
		ok := false
		for _, t := range rec.Deadlines {
			ok = ok || t.Quote == e.Quote && t.RRule == e.RRule
		}
		if !ok {
			c.fail("times.toml", r.ID, e.Text, "no deadline %s of %q", e.RRule, e.Quote)
		}
	}
}

func (c *checker) clauses() {
	for i := range c.x.rules.Clauses.Types {
		r := &c.x.rules.Clauses.Types[i]
		for _, text := range r.Examples {
			m := r.Full.FindStringIndex(text)
			if m == nil {
				m = r.Name.FindStringIndex(text)
			}
			if m == nil {
				c.fail("clauses.toml", string(r.Type), text, "is not recognised")
			}
		}
		for _, text := range r.Nonexamples {
			for _, h := range (&draft{x: c.x, body: text}).names(corpus.Span{End: len(text)}) {
				if h.rule == r {
					c.fail("clauses.toml", string(r.Type), text, "must not match, and matches %q", h.span.In(text))
				}
			}
		}
	}
}

func (c *checker) documents() {
	docs := c.x.rules.Documents
	for _, k := range docs.Kinds {
		for _, title := range k.Examples {
			got := corpus.KindOther
			for _, o := range docs.Kinds {
				if o.Title.MatchString(title) {
					got = o.Kind
					break
				}
			}
			if got != k.Kind {
				c.fail("document.toml", string(k.Kind), title, "is taken for %s", got)
			}
		}
	}
	for _, title := range docs.PaperExamples {
		if !docs.Paper.MatchString(title) {
			c.fail("document.toml", "style paper", title, "is not recognised")
		}
	}
	for _, title := range docs.CarrierExamples {
		if !docs.Carrier.MatchString(title) {
			c.fail("document.toml", "carrier", title, "is not recognised")
		}
	}
	for _, w := range docs.Waves.Signs {
		for _, text := range w.Examples {
			if !w.Pattern.MatchString(text) {
				c.fail("document.toml", "sign "+string(w.Generation), text, "is not recognised")
			}
		}
		for _, text := range w.Nonexamples {
			if m := w.Pattern.FindString(text); m != "" {
				c.fail("document.toml", "sign "+string(w.Generation), text, "must not match, and matches %q", m)
			}
		}
	}
	for _, text := range docs.Number.Examples {
		if len((&draft{x: c.x, body: text}).numbersIn(corpus.Span{End: len(text)})) == 0 {
			c.fail("document.toml", "number", text, "is not recognised")
		}
	}
	for _, text := range docs.Number.Nonexamples {
		for _, n := range (&draft{x: c.x, body: text}).numbersIn(corpus.Span{End: len(text)}) {
			c.fail("document.toml", "number", text, "must not match, and matches %q", n.Text)
		}
	}
}

func (c *checker) duties() {
	for _, q := range slices.Concat(c.x.rules.Duties.After.Cues, c.x.rules.Duties.Before.Cues) {
		want := corpus.DutyRole(q.Role)
		if q.Role == "joint_lead" {
			want = corpus.Lead
		}
		for _, text := range q.Examples {
			var seen []string
			ok := false
			for _, y := range c.plan(text).Duties {
				ok = ok || y.Role == want || q.Approve != nil && y.Role == corpus.Approve
				seen = append(seen, string(y.Role)+" "+y.Organ.Text)
			}
			if q.Role == rules.NoDuty {
				ok = len(seen) == 0
			}
			if !ok {
				c.fail("duties.toml", q.Role, text, "no such duty; found: %s", strings.Join(seen, "; "))
			}
		}
	}
	for _, l := range c.x.rules.Who.Local {
		for _, text := range l.Examples {
			if !l.Pattern.MatchString(text) {
				c.fail("duties.toml", "who.local "+string(l.Level), text, "is not recognised")
			}
		}
	}
}

func (c *checker) contacts() {
	for _, r := range c.x.rules.Contacts.Rules {
		for _, text := range r.Examples {
			if !c.hasContact(r.Kind, text) {
				c.fail("contacts.toml", r.Kind, text, "is not found")
			}
		}
		for _, text := range r.Nonexamples {
			if c.hasContact(r.Kind, text) {
				c.fail("contacts.toml", r.Kind, text, "must not match")
			}
		}
	}
}

func (c *checker) hasContact(kind, text string) bool {
	for _, k := range c.plan(text).Contacts {
		if k.Kind == kind {
			return true
		}
	}
	return false
}

func (c *checker) markers() {
	for _, r := range c.x.rules.Outline.Markers {
		for _, text := range r.Examples {
			m := r.Find.FindStringSubmatchIndex(text)
			if m == nil || m[0] != 0 {
				c.fail("outline.toml", r.Style, text, "does not begin with the marker")
				continue
			}
			if _, ok := c.x.ordinal(text[m[2]:m[3]]); !ok {
				c.fail("outline.toml", r.Style, text, "has no number")
			}
		}
	}
}
