package extract

import (
	"sort"
	"strings"
	"unicode/utf8"

	"tuogou/corpus"
	"tuogou/corpus/organs"
	"tuogou/rules"
)

// duties reads who does what: a cue directly behind a list of organs ("A、B负责…",
// "A会同B制定…") or before it ("由A…", "报A批准").
func (d *draft) duties() {
	for _, l := range d.lists {
		s, ok := d.sentenceOf(l.Span)
		if !ok || l.Span.Start < d.textStart || !d.free(l.Span) || d.text.Blocks[s.block].Kind == corpus.BlockTitle {
			continue
		}
		for _, l := range d.split(l, s) {
			if cue, from, to := d.cueOf(l, s); cue != nil {
				d.addDuty(cue, l, s, from, to)
			}
		}
	}
	d.bracketDuties()
	d.rowDuties()
	sort.SliceStable(d.rec.Duties, func(i, j int) bool { return d.rec.Duties[i].Organ.Span.Start < d.rec.Duties[j].Organ.Span.Start })
}

// split parts a list at a comma where its first part only receives or approves:
// "报市民政局，市财政局负责…", "报税务机关，税务机关应当处理".
func (d *draft) split(l organs.List, s sentence) []organs.List {
	for i := 1; i < len(l.Members); i++ {
		gap := d.body[l.Members[i-1].Span.End:l.Members[i].Span.Start]
		if !strings.ContainsAny(gap, "，,") {
			continue
		}
		first := organs.List{Members: l.Members[:i], Span: corpus.Span{Start: l.Span.Start, End: l.Members[i-1].Span.End}}
		cue, _, _ := d.dutyCue(tail(d.body[s.span.Start:l.Span.Start], 60), d.body[first.Span.End:l.Members[i].Span.Start])
		if cue == nil || !cue.Before || acts(corpus.DutyRole(cue.Role)) {
			continue
		}
		rest := organs.List{Members: l.Members[i:], Span: corpus.Span{Start: l.Members[i].Span.Start, End: l.Span.End}}
		return append([]organs.List{first}, d.split(rest, s)...)
	}
	return []organs.List{l}
}

// cueOf is the cue of a list in its sentence, with how many bytes before and behind
// the list belong to it. A bracket that only shortens the name ("联合工作组（以下简称
// 工作组）负责") is passed over.
func (d *draft) cueOf(l organs.List, s sentence) (cue *rules.DutyCue, from, to int) {
	skip := 0
	after := head(d.body[l.Span.End:s.span.End], 150)
	if m := d.x.rules.Who.ShortName.FindStringIndex(after); m != nil {
		skip = m[1]
	}
	// "财政厅：负责资产清查", a line that the organ heads.
	if r, w := utf8.DecodeRuneInString(after[skip:]); (r == '：' || r == ':') && d.subjectStart(s) == l.Span.Start && skip+w < len(after) {
		skip += w
	}
	cue, from, to = d.dutyCue(tail(d.body[s.span.Start:l.Span.Start], 60), head(after[skip:], 120))
	if to > 0 {
		to += skip
	}
	return cue, from, to
}

// dutyCue is the first cue that fits, with how many bytes of before and after
// belong to it. What stands before decides first: "报A批准" is no duty of A to act.
func (d *draft) dutyCue(before, after string) (cue *rules.DutyCue, from, to int) {
	cue, from, to = d.findCue(before, after)
	if cue != nil && cue.Role == rules.NoDuty {
		return nil, 0, 0
	}
	return cue, from, to
}

// findCue is dutyCue with those cues, too, that say that there is no duty.
func (d *draft) findCue(before, after string) (cue *rules.DutyCue, from, to int) {
	if d.x.rules.Who.OtherDept.MatchString(after) {
		return nil, 0, 0 // what is named goes on: 国务院|药品监督管理部门
	}
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
			m := c.Pattern.FindStringSubmatchIndex(text)
			if m == nil || c.NeedsAfter != nil && !c.NeedsAfter.MatchString(after) {
				continue
			}
			switch {
			case c.Before:
				return c, len(before) - m[0], 0
			case len(m) > 2 && m[3] > 0: // a group bounds the cue
				return c, 0, m[3]
			}
			return c, 0, m[1]
		}
	}
	return nil, 0, 0
}

func (d *draft) addDuty(cue *rules.DutyCue, l organs.List, s sentence, from, to int) {
	after := head(d.body[l.Span.End:s.span.End], 120)
	// "由A牵头", "由A会同B": the cue behind says more than the one before.
	if cue.Before && cue.Role == string(corpus.Responsible) && !cue.Label {
		more, _, t := d.findCue("", after)
		if more != nil && more.Role == rules.NoDuty || more == nil && d.x.rules.Who.NoDuty.MatchString(after) {
			return // "由A、B等部门组成": nobody is told to do anything
		}
		if more != nil {
			cue, to = more, t
		}
	}
	role := roleOf(cue, after)
	span := corpus.Span{Start: l.Span.Start - from, End: l.Span.End + to}
	action := d.rest(corpus.Span{Start: span.End, End: s.span.End})
	if role == corpus.Responsible || role == corpus.Lead || role == corpus.Support || role == corpus.Supervise {
		action = d.rest(corpus.Span{Start: l.Span.End, End: s.span.End})
	}
	whole := corpus.Span{Start: span.Start, End: max(span.End, action.End)}
	if task, ok := d.bracketTask(l.Span, s); ok {
		action = task
	}
	for i, o := range l.Members {
		r := role
		if i == 0 && len(l.Members) > 1 && (role == corpus.Responsible) && d.firstLeads(l.Span) {
			r = corpus.Lead
		}
		d.putDuty(r, d.organRef(o), corpus.Cite(d.body, whole, "duties/"+cue.Role), action)
	}
}

func (d *draft) putDuty(role corpus.DutyRole, o corpus.OrganRef, e corpus.Evidence, action corpus.Span) {
	clause, section := d.placeOf(o.Span.Start)
	d.rec.Duties = append(d.rec.Duties, corpus.Duty{
		Role: role, Organ: o, Evidence: e, Section: section, Clause: clause,
		Action: corpus.Action{Text: action.In(d.body), Span: action},
	})
}

// roleOf is the role that a cue gives, with the words behind the organ.
func roleOf(cue *rules.DutyCue, after string) corpus.DutyRole {
	if cue.Approve != nil && cue.Approve.MatchString(after) {
		return corpus.Approve
	}
	if cue.Role == "joint_lead" {
		return corpus.Lead
	}
	return corpus.DutyRole(cue.Role)
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

// actionOf is the task of a deadline: in a table the cell of the task; for a phase
// the name of the phase; else what follows the time up to the next time, or, where
// nothing follows ("…（2020年6月底前完成）"), what stands before it. later are the
// expressions that follow in the sentence.
func (d *draft) actionOf(e *expression, s sentence, kind corpus.DeadlineKind, later []expression) corpus.Action {
	if r, ok := d.rowOf(s); ok && !r.task.Empty() {
		return corpus.Action{Text: r.task.In(d.body), Span: r.task}
	}
	if kind == corpus.KindPhase {
		return d.phaseName(e, s)
	}
	a := trimPunct(d.body, corpus.Span{Start: e.span.End, End: s.span.End})
	a.Start += len(a.In(d.body)) - len(strings.TrimLeft(a.In(d.body), ")） ")) // "（8月中旬前）"
	for i := range later {
		o := &later[i]
		if a.Start >= o.span.Start { // "自2019年7月起，每月25日前报送": both bind the one task
			a = trimPunct(d.body, corpus.Span{Start: o.span.End, End: s.span.End})
			continue
		}
		if len(o.binds) > 0 || lastComma(d.body[a.Start:o.span.Start]) == o.span.Start-a.Start {
			a.End = o.span.Start
			break
		}
	}
	a = d.endAction(a)
	if task := d.taskOfBracket(e, s); !task.Empty() {
		return corpus.Action{Text: task.In(d.body), Span: task}
	}
	if q := &d.x.rules.Times.Cues; q.BareAction.MatchString(a.In(d.body)) {
		from := min(d.subjectStart(s), e.span.Start)
		before := d.endAction(corpus.Span{Start: from, End: max(from, e.span.Start)})
		if before.Len() > len("确保") && !q.DueBefore.MatchString(d.body[from:e.span.Start]) && len(findCores(d.x.rules.Times, d.body, before)) == 0 { // else it is another time's task
			a = before
		}
	}
	return corpus.Action{Text: a.In(d.body), Span: a}
}

// taskOfBracket is what stands before the bracket that e is in and that ends the
// sentence: "制定试点方案。（市民政局牵头；2016年3月底前完成）". It is empty where e is
// in no such bracket, or a task of its own stands behind e there.
func (d *draft) taskOfBracket(e *expression, s sentence) corpus.Span {
	before, after := d.body[s.span.Start:e.span.Start], strings.Trim(d.body[e.span.End:s.span.End], "。；; \u3000")
	open := max(strings.LastIndex(before, "（"), strings.LastIndex(before, "("))
	rest := strings.TrimRight(after, "）)")
	if open < 0 || rest == after || strings.ContainsAny(before[open:], "）)") || !d.x.rules.Times.Cues.BareAction.MatchString(rest) {
		return corpus.Span{}
	}
	from := min(d.subjectStart(s), s.span.Start+open)
	if strings.Trim(d.body[from:s.span.Start+open], " \u3000") != "" {
		return trimTail(d.body, corpus.Span{Start: from, End: s.span.Start + open})
	}
	i := d.sentenceIndex(e.inner)
	if i < 1 || d.sentences[i-1].block != s.block {
		return corpus.Span{}
	}
	last := d.sentences[i-1]
	return trimTail(d.body, corpus.Span{Start: d.subjectStart(last), End: last.span.End})
}

// endAction takes from the end of an action what leads over to its time ("并于").
func (d *draft) endAction(a corpus.Span) corpus.Span {
	a = trimTail(d.body, a)
	text := tail(a.In(d.body), 48)
	if m := d.x.rules.Times.Cues.ActionEnd.FindStringIndex(text); m != nil {
		a.End -= len(text) - m[0]
		a = trimTail(d.body, a)
	}
	return a
}

// phaseName is the name before the time ("第一阶段：准备阶段（2018年8月—9月）"), or, where
// that only counts ("第一阶段（2016年3月—5月）：摸底动员。"), what follows it.
func (d *draft) phaseName(e *expression, s sentence) corpus.Action {
	a := trimTail(d.body, corpus.Span{Start: s.span.Start, End: max(s.span.Start, e.span.Start)})
	if a.Empty() || d.x.rules.Times.Cues.BarePhase.MatchString(a.In(d.body)) {
		next := corpus.Span{Start: e.span.End, End: s.span.End}
		next.Start += len(next.In(d.body)) - len(strings.TrimLeft(next.In(d.body), ")） "))
		if next = d.rest(next); !next.Empty() {
			a = next
		}
	}
	return corpus.Action{Text: a.In(d.body), Span: a}
}

// trimTail takes separating signs and opening brackets off both ends.
func trimTail(body string, s corpus.Span) corpus.Span {
	s = trimPunct(body, s)
	t := s.In(body)
	s.End = s.Start + len(strings.TrimRight(t, " \u3000\u00a0，,；;。：:（("))
	return s
}
