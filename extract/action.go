package extract

import (
	"strings"

	"tuogou/corpus"
)

// actionOf is the task of a time: its row in a table, the name of its phase, what
// stands before its bracket, else what stands behind it up to the next time. Where
// that has no object of its own ("占用的办公用房，2017年底前清理腾退"), it begins before the
// time.
func (d *draft) actionOf(e *expression, s sentence, kind corpus.DeadlineKind, later []expression) corpus.Action {
	a := d.behindTime(e, s, later)
	q := &d.x.rules.Times.Cues
	r, ok := d.rowOf(s)
	task := d.taskOfBracket(e, s)
	switch {
	case ok && !r.task.Empty():
		a = r.task
	case kind == corpus.KindPhase:
		a = d.phaseName(e, s)
	case !task.Empty():
		a = task
	case q.BareAction.MatchString(a.In(d.body)):
		a = d.withTask(e, s, a, true)
	case q.Objectless.MatchString(a.In(d.body)):
		a = d.withTask(e, s, a, false)
	}
	return corpus.Action{Text: a.In(d.body), Span: a}
}

// behindTime is what stands behind e, up to the clause of the next time that binds
// a task of its own.
func (d *draft) behindTime(e *expression, s sentence, later []expression) corpus.Span {
	q := &d.x.rules.Times.Cues
	a := trimPunct(d.body, corpus.Span{Start: e.span.End, End: s.span.End})
	a.Start += len(a.In(d.body)) - len(strings.TrimLeft(a.In(d.body), ")） ")) // "（8月中旬前）"
	for i := range later {
		o := &later[i]
		if a.Start >= o.span.Start { // "自2019年7月起，每月25日前报送": both bind the one task
			a = trimPunct(d.body, corpus.Span{Start: o.span.End, End: s.span.End})
			continue
		}
		between := d.body[a.Start:o.span.Start]
		comma := lastComma(between)
		switch {
		case comma > 0 && (len(o.binds) > 0 || o.g["n"] != ""), comma == len(between):
			a.End = a.Start + comma // "完成脱钩，第三批26家9月底前完成"
		case len(o.binds) > 0:
			a.End = o.span.Start
		default:
			continue
		}
		break
	}
	if m := q.Excuse.FindStringIndex(a.In(d.body)); m != nil { // "应完成任务，确有困难的，可延长至…"
		a.End = a.Start + m[0]
	}
	return d.endAction(a)
}

// withTask is the action of a verb that says nothing alone. The task may be the
// whole clause before the time ("要与机关彻底分开，2009年底前全面完成": then the verb
// adds nothing), or only name what the verb is about ("第一批2018年9月底前完成").
func (d *draft) withTask(e *expression, s sentence, verb corpus.Span, bare bool) corpus.Span {
	from := min(d.subjectStart(s), e.span.Start)
	text := d.body[from:e.span.Start]
	if d.x.rules.Times.Cues.DueBefore.MatchString(text) {
		return verb
	}
	end := max(verb.End, e.span.End)
	if m := d.x.rules.Times.Cues.Excuse.FindStringIndex(text); m != nil {
		from = trimPunct(d.body, corpus.Span{Start: from + m[0], End: e.span.Start}).Start
		text = d.body[from:e.span.Start]
	}
	comma := from + lastComma(text)
	if own := d.endAction(corpus.Span{Start: comma, End: e.span.Start}); own.Len() > len("确保") {
		if verb.Empty() {
			return d.endAction(corpus.Span{Start: from, End: e.span.Start})
		}
		return corpus.Span{Start: own.Start, End: end}
	}
	before := d.endAction(corpus.Span{Start: from, End: comma})
	switch cores := findCores(d.x.rules.Times, d.body, before); {
	case before.Len() <= len("确保"):
		return verb
	case len(cores) == 0 && bare:
		return before
	case len(cores) == 0:
		last := before.Start + lastComma(before.In(d.body))
		return corpus.Span{Start: trimPunct(d.body, corpus.Span{Start: last, End: end}).Start, End: end}
	default: // "名单于7月10日前确定，9月30日前完成": the time before has no task of its own either
		if q := &d.x.rules.Times.Cues; q.Objectless.MatchString(strings.TrimLeft(d.body[cores[len(cores)-1].span.End:before.End], "前底末内之以")) {
			return corpus.Span{Start: before.Start, End: end}
		}
	}
	return verb
}

// withoutSubject takes the organs that carry a task off the front of its action.
func (d *draft) withoutSubject(a corpus.Action, organs []corpus.OrganRef) corpus.Action {
	at := a.Span.Start
	for _, o := range organs {
		if o.Span.Start >= at && o.Span.End < a.Span.End && strings.Trim(d.body[at:o.Span.Start], "由、，和及与") == "" {
			at = o.Span.End
		}
	}
	if at == a.Span.Start {
		return a
	}
	rest := corpus.Span{Start: at, End: a.Span.End}
	if m := d.x.rules.Times.Cues.InCharge.FindStringIndex(rest.In(d.body)); m != nil && m[0] == 0 {
		rest.Start += m[1]
	}
	if rest = trimPunct(d.body, rest); rest.Len() < len("公布") {
		return a
	}
	return corpus.Action{Text: rest.In(d.body), Span: rest}
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
func (d *draft) phaseName(e *expression, s sentence) corpus.Span {
	a := trimTail(d.body, corpus.Span{Start: s.span.Start, End: max(s.span.Start, e.span.Start)})
	if a.Empty() || d.x.rules.Times.Cues.BarePhase.MatchString(a.In(d.body)) {
		next := corpus.Span{Start: e.span.End, End: s.span.End}
		next.Start += len(next.In(d.body)) - len(strings.TrimLeft(next.In(d.body), ")） "))
		if next = d.rest(next); !next.Empty() {
			a = next
			if d.x.rules.Times.Cues.PhaseIs.MatchString(a.In(d.body)) {
				a.Start += len("为")
			}
		}
	}
	return a
}

// trimTail takes separating signs and opening brackets off both ends.
func trimTail(body string, s corpus.Span) corpus.Span {
	s = trimPunct(body, s)
	t := s.In(body)
	s.End = s.Start + len(strings.TrimRight(t, " \u3000\u00a0，,；;。：:（("))
	return s
}
