package extract

import (
	"strings"

	"tuogou/corpus"
	"tuogou/corpus/organs"
	"tuogou/rules"
)

// duties reads who does what: a cue directly behind a list of organs ("A、B负责…",
// "A会同B制定…") or before it ("由A…", "报A批准").
func (d *draft) duties() {
	for _, l := range d.lists {
		s, ok := d.sentenceOf(l.Span)
		if !ok || l.Span.Start < d.textStart || !d.free(l.Span) {
			continue
		}
		before := tail(d.body[s.span.Start:l.Span.Start], 60)
		after := head(d.body[l.Span.End:s.span.End], 120)
		cue, from, to := d.dutyCue(before, after)
		if cue == nil {
			continue
		}
		d.addDuty(cue, l, s, from, to)
	}
	d.inheritJoint()
}

// dutyCue is the first cue that fits, with how many bytes of before and after
// belong to it. What stands before decides first: "报A批准" is no duty of A to act.
func (d *draft) dutyCue(before, after string) (cue *rules.DutyCue, from, to int) {
	for _, wantBefore := range []bool{true, false} {
		for i := range d.x.rules.Duties {
			c := &d.x.rules.Duties[i]
			if c.Before != wantBefore {
				continue
			}
			text := after
			if c.Before {
				text = before
			}
			m := c.Pattern.FindStringIndex(text)
			if m == nil || c.NeedsAfter != nil && !c.NeedsAfter.MatchString(after) {
				continue
			}
			if c.Before {
				return c, len(before) - m[0], 0
			}
			return c, 0, m[1]
		}
	}
	return nil, 0, 0
}

func (d *draft) addDuty(cue *rules.DutyCue, l organs.List, s sentence, from, to int) {
	after := d.body[l.Span.End:s.span.End]
	// "由A牵头", "由A会同B": the cue behind says more than the one before.
	if cue.Before && cue.Role == string(corpus.Responsible) {
		if more, _, t := d.dutyCue("", head(after, 120)); more != nil {
			cue, to = more, t
		}
	}
	role := corpus.DutyRole(cue.Role)
	if cue.Role == "joint_lead" {
		role = corpus.Lead
	}
	if cue.Approve != nil && cue.Approve.MatchString(after) {
		role = corpus.Approve
	}
	span := corpus.Span{Start: l.Span.Start - from, End: l.Span.End + to}
	action := d.rest(corpus.Span{Start: span.End, End: s.span.End})
	if role == corpus.Responsible || role == corpus.Lead || role == corpus.Support {
		action = d.rest(corpus.Span{Start: l.Span.End, End: s.span.End})
	}
	whole := corpus.Span{Start: span.Start, End: max(span.End, action.End)}
	clause, section := d.placeOf(l.Span.Start)
	for _, o := range l.Members {
		d.rec.Duties = append(d.rec.Duties, corpus.Duty{
			Role: role, Organ: d.organRef(o), Evidence: corpus.Cite(d.body, whole, "duties/"+cue.Role),
			Action: corpus.Action{Text: action.In(d.body), Span: action}, Section: section, Clause: clause,
		})
	}
}

// inheritJoint gives the organs taken along by 会同 their part: the list that
// stands directly behind the cue.
func (d *draft) inheritJoint() {
	for i := range d.rec.Duties {
		y := d.rec.Duties[i]
		if y.Rule != "duties/joint_lead" {
			continue
		}
		for _, l := range d.lists {
			gap := l.Span.Start - y.Organ.Span.End
			if gap < 0 || gap > 40 || !y.Span.Contains(l.Span) || d.hasDuty(l.Span) {
				continue
			}
			for _, o := range l.Members {
				z := y
				z.Role, z.Organ, z.Rule = corpus.Joint, d.organRef(o), "duties/joint"
				d.rec.Duties = append(d.rec.Duties, z)
			}
			break
		}
	}
}

func (d *draft) hasDuty(s corpus.Span) bool {
	for _, y := range d.rec.Duties {
		if s.Contains(y.Organ.Span) {
			return true
		}
	}
	return false
}

// rest is the first clause of s: up to the next stop or comma, without the
// signs that lead it in.
func (d *draft) rest(s corpus.Span) corpus.Span {
	s = trimPunct(d.body, s)
	if i := strings.IndexAny(s.In(d.body), "，,；;。)）\n"); i >= 0 {
		s.End = s.Start + i
	}
	return trim(d.body, s)
}

func (d *draft) organRef(o organs.Mention) corpus.OrganRef {
	r := corpus.OrganRef{Text: o.Text, Level: o.Level, Span: o.Span}
	if len(o.Kinds) == 1 {
		r.Kind = o.Kinds[0]
	} else {
		r.Candidates = o.Kinds
	}
	if o.Place != "" {
		if ps := d.x.places.Find(o.Place, d.year()); len(ps) > 0 && len(ps[0].Places) == 1 {
			r.Jurisdiction = ps[0].Places[0].Code
		}
	} else if o.Level != "" && o.Level == d.rec.Jurisdiction.Level {
		// 区民政局 in a district's own plan is that district's.
		r.Jurisdiction = d.rec.Jurisdiction.Code
	}
	return r
}

// organRefs are the organs named in s.
func (d *draft) organRefs(s corpus.Span) []corpus.OrganRef {
	var out []corpus.OrganRef
	for _, o := range d.organsWithin(s) {
		if !o.Vague {
			out = append(out, d.organRef(o))
		}
	}
	return out
}

// organsFor are the organs that carry the task of a deadline: those with a duty
// in its sentence, else those whom the next sentence puts in charge of it
// ("具体办法由区直机关事务管理局会同有关部门制定").
func (d *draft) organsFor(at corpus.Span, s sentence) []corpus.OrganRef {
	if out := d.actors(s); len(out) > 0 {
		return out
	}
	for i, x := range d.sentences {
		if x.span == s.span && i+1 < len(d.sentences) && d.sentences[i+1].block == s.block {
			next := d.sentences[i+1]
			if strings.HasPrefix(next.span.In(d.body), "具体") {
				return d.actors(next)
			}
		}
	}
	return nil
}

func (d *draft) actors(s sentence) []corpus.OrganRef {
	var out []corpus.OrganRef
	for _, l := range d.lists {
		if !s.span.Contains(l.Span) || !d.free(l.Span) {
			continue
		}
		before, after := tail(d.body[s.span.Start:l.Span.Start], 60), head(d.body[l.Span.End:s.span.End], 120)
		cue, _, _ := d.dutyCue(before, after)
		if cue == nil || cue.Role == string(corpus.Receive) || cue.Role == string(corpus.Approve) || cue.Role == string(corpus.Supervise) {
			continue
		}
		for _, o := range l.Members {
			if !o.Vague {
				out = append(out, d.organRef(o))
			}
		}
	}
	return out
}

// actionOf is the task of a deadline: for a phase the name of the phase, else
// what follows the time up to the next stop or the next time, or, where nothing
// follows ("…（2020年6月底前完成）"), what stands before it.
func (d *draft) actionOf(e *expression, s sentence, kind corpus.DeadlineKind) corpus.Action {
	if kind == corpus.KindPhase {
		return d.phaseName(e, s)
	}
	a := trimPunct(d.body, corpus.Span{Start: e.span.End, End: s.span.End})
	for _, o := range findTimes(d.x.rules.Times, d.body, a) {
		if len(o.binds) > 0 {
			a.End = max(a.Start, o.span.Start)
			break
		}
	}
	a = trimTail(d.body, a)
	if a.Len() < len("完成任务") {
		a = trimTail(d.body, corpus.Span{Start: s.span.Start, End: max(s.span.Start, e.span.Start)})
	}
	return corpus.Action{Text: a.In(d.body), Span: a}
}

func (d *draft) phaseName(e *expression, s sentence) corpus.Action {
	a := corpus.Span{Start: s.span.Start, End: max(s.span.Start, e.span.Start)}
	if a.Empty() {
		a = d.rest(corpus.Span{Start: e.span.End, End: s.span.End})
	}
	a = trimTail(d.body, a)
	return corpus.Action{Text: a.In(d.body), Span: a}
}

// trimTail takes separating signs and opening brackets off both ends.
func trimTail(body string, s corpus.Span) corpus.Span {
	s = trimPunct(body, s)
	t := s.In(body)
	s.End = s.Start + len(strings.TrimRight(t, " \u3000\u00a0，,；;。：:（("))
	return s
}
