package extract

import (
	"fmt"
	"strings"

	"tuogou/corpus"
)

// verdict is what a time expression turned out to be.
type verdict struct {
	role corpus.TimeRole
	kind corpus.DeadlineKind // only where role is deadline or phase
	why  string
}

func is(role corpus.TimeRole, why string) verdict { return verdict{role: role, why: why} }

func binds(kind corpus.DeadlineKind, why string) verdict {
	role := corpus.RoleDeadline
	if kind == corpus.KindPhase {
		role = corpus.RolePhase
	}
	return verdict{role, kind, why}
}

// scene is what a verdict is given on: the expression and the words around it.
type scene struct {
	e             *expression
	v             value
	before, after string       // of the sentence
	clause        string       // between the commas around the expression, without it
	due           bool         // it stands in a table's column of times
	later         []expression // those that follow in the sentence
	news          bool         // the document tells of things, it does not order them
	pastDay       bool         // the window ended before the document's own date
	listed        bool         // a time before it in the sentence binds a task
	sibling       bool         // it heads its item, as a time that binds a task heads the item before
}

// judge decides what an expression does in its sentence.
func (d *draft) judge(c scene) verdict {
	q := &d.x.rules.Times.Cues
	r := c.e.rule
	switch {
	case r.Recurring != "":
		return d.judgeRecurring(c)
	case c.news && q.ToldPast.MatchString(c.clause):
		return is(corpus.RolePast, "what was planned once")
	case r.AsOf:
		return is(corpus.RoleAsOf, "截至 states how things stood")
	case r.Term:
		return is(corpus.RoleTerm, "a rule of its own, not a task")
	case c.e.binds["as_of"]:
		return is(corpus.RoleAsOf, "截至 states how things stood")
	case q.Closing.MatchString(c.e.span.In(d.body)) && q.StatusAfter.MatchString(c.after):
		return is(corpus.RoleAsOf, "截止 stands for 截至")
	case c.e.binds["since"]:
		return is(corpus.RolePeriod, "以来 looks back")
	case r.Start:
		if q.InForce.MatchString(c.after) {
			return is(corpus.RoleStart, "the document comes into force")
		}
		if c.v.open {
			return binds(corpus.KindBy, "from a day that is not known to the one named")
		}
		if c.e.right != nil {
			return binds(corpus.KindWithin, "from now to a day")
		}
		return binds(corpus.KindFrom, "起 opens an interval")
	case c.e.g["shift"] == "前":
		return is(corpus.RolePast, "counted back")
	case c.e.g["shift"] == "后":
		return is(corpus.RolePeriod, "counted on, without a task")
	case c.e.g["n"] != "":
		return d.judgeLength(c)
	}
	return d.judgePoint(c)
}

// judgeRecurring tells "每半年报告一次" and "每月5日前" from a mere rate ("每年会费").
func (d *draft) judgeRecurring(c scene) verdict {
	v := verdict{role: corpus.RoleRecurring, why: "每… repeats"}
	if c.e.rule.ID != recurringUnit || c.e.g["edge"] != "" || c.e.binds["by"] ||
		c.e.g["per"] != "年" && d.x.rules.Times.Cues.RecurringTask.MatchString(c.after) {
		v.kind = corpus.KindRecurring
	}
	return v
}

// recurringUnit is the rule of a bare 每半年, 每季度, which may be no more than a rate.
const recurringUnit = "recurring_unit"

// judgeLength decides on a length of time: a task to be done in it, or a
// standing rule ("退(离)休后三年内一般不得兼职", "三年内给予费用减免").
func (d *draft) judgeLength(c scene) verdict {
	q := &d.x.rules.Times.Cues
	issue := c.v.event != "" && d.isIssue(c.v.event)
	switch {
	case q.PastIn.MatchString(c.clause) && !q.FutureIn.MatchString(c.clause):
		return is(corpus.RolePast, "the clause tells of the past")
	case q.TargetBefore.MatchString(c.before):
		return is(corpus.RoleTerm, "a length that something is cut to")
	case c.e.rule.Forward && q.DescribesBefore.MatchString(c.before) && q.DescribesAfter.MatchString(c.after):
		return is(corpus.RolePeriod, "tells what a thing is")
	case c.e.rule.Forward:
		return binds(corpus.KindWithin, "counted on from the document's date")
	case c.v.event != "" && !issue && q.OwnReceipt.MatchString(c.v.event):
		return binds(corpus.KindWithin, "counted from the receipt of the document, on a day that nobody knows")
	case c.v.event != "" && !issue:
		return is(corpus.RoleTerm, "counted from an event that the text does not date")
	case issue && !q.TermAfter.MatchString(c.after):
		return binds(corpus.KindWithin, "counted from "+c.v.event)
	case q.TermAfter.MatchString(c.after):
		return is(corpus.RoleTerm, "a rule follows, no task")
	case q.TermTrigger.MatchString(c.clause + "|" + tail(c.before, 60)):
		return is(corpus.RoleTerm, "a time limit of a procedure")
	case d.rec.Kind == corpus.KindMeasures:
		return is(corpus.RoleTerm, "measures set standing rules")
	case q.TaskIn.MatchString(head(c.after, 90)) || q.Goal.MatchString(c.clause):
		return binds(corpus.KindWithin, "a task stands in it")
	case c.e.binds["after"]:
		return is(corpus.RolePeriod, "后 looks ahead without a task")
	}
	return is(corpus.RoleTerm, "a length without a task")
}

// judgePoint decides on a point, a unit of the calendar or a range.
func (d *draft) judgePoint(c scene) verdict {
	q := &d.x.rules.Times.Cues
	future := q.FutureIn.MatchString(c.clause)
	past := q.PastBefore.MatchString(c.before) ||
		q.PastIn.MatchString(c.clause) && !future ||
		c.news && q.PastNews.MatchString(c.clause) && !future && !c.e.binds["by"] && !d.running(c)
	past = past && !d.future(c.v) // "并于明年3月公布": what is still to come is no past
	past = past && !(c.sibling && !c.pastDay && !q.PastIn.MatchString(c.clause) && !q.PastBefore.MatchString(c.before))
	switch {
	case c.e.right == nil && !c.e.binds["from"] && (q.DueBefore.MatchString(c.before) || q.DueAfter.MatchString(c.after)):
		return binds(corpus.KindBy, "a label calls it the time by which")
	case c.e.right != nil && !c.news && q.SpanBefore.MatchString(c.before):
		return binds(corpus.KindWithin, "a label calls it the time of a task")
	case c.e.right != nil && d.underTimeHeading(c):
		return binds(corpus.KindWithin, "stands alone under a heading that calls it the time")
	case c.e.right != nil && q.AppointmentBefore.MatchString(c.before) && q.Phase.MatchString(c.before): // 第一阶段为…，时间为8月15日至8月31日
		return binds(corpus.KindPhase, "the time of the phase that the sentence is about")
	case c.v.w.unit == corpus.ByDay && !c.e.binds["by"] && (q.AppointmentBefore.MatchString(c.before) || q.AppointmentAfter.MatchString(c.after)):
		return is(corpus.RolePeriod, "an appointment, no task")
	case len(c.e.binds) == 0 && closesBracket(c.after) && q.NamedBefore.MatchString(c.before):
		return is(corpus.RolePeriod, "part of a name")
	case len(c.e.binds) == 0 && q.ObjectBefore.MatchString(c.before):
		return is(corpus.RolePeriod, "part of what is handed in")
	case d.dayOfAnother(c) && q.IssuedAfter.MatchString(c.after):
		return is(corpus.RolePast, "the day on which another document came out")
	case d.dayOfAnother(c) && q.CitedBefore.MatchString(c.before) && q.CitedAfter.MatchString(c.after):
		return is(corpus.RoleCited, "the day of another document")
	case q.AttributeAfter.MatchString(c.after) || c.e.binds["by"] && q.AttributeBefore.MatchString(c.before):
		return is(corpus.RolePeriod, "tells which ones, not by when")
	case q.NoTask.MatchString(c.clause) && (!c.e.binds["from"] || c.e.right != nil):
		return is(corpus.RolePeriod, "a fee or a term, no task")
	case c.e.binds["until"] && q.InForceBefore.MatchString(c.before):
		return is(corpus.RolePeriod, "the end of what is in force")
	case past && (c.pastDay || c.news || !c.e.binds["by"]):
		return is(corpus.RolePast, "the clause tells of the past")
	case c.e.binds["transition"] && d.ref.known:
		return binds(corpus.KindWithin, "a time of transition from the document's date on")
	case c.e.right != nil && c.e.binds["from"] && c.e.binds["by"]: // 自10月1日起至12月31日止
		return binds(corpus.KindWithin, "起 and 止 enclose an interval")
	case c.e.binds["by"], c.e.binds["transition"]:
		return binds(corpus.KindBy, "前 closes an interval")
	case d.inPhase(c):
		return binds(corpus.KindPhase, "stands with the name of a phase")
	case c.e.right == nil && c.e.binds["from"]:
		return d.judgeFrom(c)
	case c.e.binds["until"] && c.e.right == nil:
		if c.news && !future && !d.goesOn(c) && !(c.listed && !c.pastDay && !q.StatusAfter.MatchString(c.after)) && !q.Goal.MatchString(c.before) {
			return is(corpus.RolePeriod, "到 in a report, without a goal")
		}
		return binds(corpus.KindBy, "到 closes an interval")
	case c.e.binds["after"]:
		return is(corpus.RolePeriod, "后 without a task")
	}
	return d.judgeBare(c)
}

func (d *draft) judgeFrom(c scene) verdict {
	switch {
	case d.x.rules.Times.Cues.InForce.MatchString(c.after):
		return is(corpus.RoleStart, "the document comes into force")
	case c.v.ok && d.ref.year > 0 && c.v.w.end.Year() < d.ref.year && (c.news || !d.x.rules.Times.Cues.Standing.MatchString(c.after)) && !d.x.rules.Times.Cues.Superseded.MatchString(c.before):
		return is(corpus.RolePast, "begins before the year of the document")
	case c.news && c.pastDay:
		return is(corpus.RolePast, "a start that lies in the past of the report")
	case c.news && !d.future(c.v) && d.x.rules.Times.Cues.ToldDone.MatchString(head(d.body[c.e.span.End:d.blockEnd(c.e.span.Start)], sceneBytes)):
		return is(corpus.RolePast, "how far it came is told below")
	}
	return binds(corpus.KindFrom, "起 opens an interval")
}

// judgeBare decides on a time without any word that binds it: a deadline only
// beside a word of doing ("确保2018年如期完成"), never as part of a name
// ("参加2018年脱钩名单").
func (d *draft) judgeBare(c scene) verdict {
	q := &d.x.rules.Times.Cues
	if q.Superseded.MatchString(c.before) && q.Moved.MatchString(c.after) {
		return binds(corpus.KindBy, "the old date of a deadline that is moved")
	}
	if c.pastDay && c.v.w.unit == corpus.ByDay {
		return is(corpus.RolePast, "a day before the document's own date")
	}
	if c.e.g["edge2"] != "" && d.inMotto(c) {
		return is(corpus.RolePeriod, "part of a motto")
	}
	if q.NameAfter.MatchString(c.after) && !q.YearTaskAfter.MatchString(c.after) {
		return is(corpus.RolePeriod, "part of a name")
	}
	if (c.due || bracketDue(c)) && !c.pastDay {
		if e := c.v.w.edge; e == "底" || e == "末" || c.v.w.unit == corpus.ByDay && c.e.right == nil {
			return binds(corpus.KindBy, "stands where the time of a task is told")
		}
		return binds(corpus.KindWithin, "stands where the time of a task is told")
	}
	asked := q.TaskBefore.MatchString(c.before)
	doing := q.TaskAfter.MatchString(head(c.after, 90))
	if c.v.w.unit == corpus.ByYear && c.e.right == nil && c.e.g["y2"] == "" && c.v.w.edge == "" && !c.v.relative {
		doing = q.YearTaskAfter.MatchString(c.after) || doing && c.listed
	}
	if (!c.news || d.future(c.v) || d.running(c)) && d.opensClause(c) && c.v.w.unit != corpus.ByYear && q.SubjectAfter.MatchString(c.after) {
		doing = true
	}
	if c.news && !d.future(c.v) && !d.running(c) && !c.listed {
		doing = doing && q.FutureIn.MatchString(head(c.after, 30))
	}
	doing = doing || d.goesOn(c)
	if !asked && !doing || c.pastDay {
		return is(corpus.RolePeriod, "no task beside it")
	}
	if e := c.v.w.edge; (e == "底" || e == "末") && c.e.right == nil { // a range has a start, too
		return binds(corpus.KindBy, "a task is to be done by the end named")
	}
	return binds(corpus.KindWithin, "a task is to be done in it")
}

// goesOn reports whether c goes on with a list of tasks in time, of which the one
// before it is bound: "2017年年底前，完成清理；到2020年，建成新的体制". How things stood is no
// task, and a year alone wants a word of doing.
func (d *draft) goesOn(c scene) bool {
	q := &d.x.rules.Times.Cues
	if !c.sibling || c.pastDay || q.StatusAfter.MatchString(c.after) || q.PastIn.MatchString(c.clause) {
		return false
	}
	return c.v.w.unit != corpus.ByYear || c.e.right != nil || q.YearTaskAfter.MatchString(c.after) || q.TaskAfter.MatchString(head(c.after, 90))
}

// future reports whether the whole time lies behind the document's own date.
func (d *draft) future(v value) bool { return v.ok && d.ref.known && v.w.start.After(d.ref.day) }

// running reports whether a range has begun and not ended by the document's own date.
func (d *draft) running(c scene) bool {
	return c.e.right != nil && c.v.ok && d.ref.known && d.ref.day.Before(c.v.w.end)
}

// underTimeHeading reports whether the time is all of its sentence, and the heading of
// its section says no more than that a time follows: "二、时间安排 / 2018年9月—12月。".
func (d *draft) underTimeHeading(c scene) bool {
	x := d.sectionAt(c.e.span.Start)
	if x == nil || strings.Trim(c.after, "。；; \u3000\u00a0") != "" {
		return false
	}
	before := strings.Trim(c.before, " \u3000\u00a0")
	if x.Span.Start >= c.e.span.Start-len(c.before) { // "三、时间安排 3月1日至5月31日" in one line
		before = strings.Trim(strings.TrimPrefix(before, x.Marker), " \u3000\u00a0")
	}
	return (before == "" || before == x.Heading) && d.x.rules.Times.Cues.TimeHeading.MatchString(x.Heading)
}

// dayOfAnother reports whether c may be the day of another document: "根据2019年5月16日
// 《…》", "7月2日，国务院办公厅印发《…》". A day still to come is a plan.
func (d *draft) dayOfAnother(c scene) bool {
	return c.v.w.unit == corpus.ByDay && c.e.right == nil && len(c.e.binds) == 0 && !d.future(c.v)
}

// opensClause reports whether nothing but the number of an item stands before a time:
// "三、9月1日至9月25日，…", "一是自2010年9月18日至9月30日，…".
func (d *draft) opensClause(c scene) bool {
	at := c.e.span.Start - len(c.before)
	before := c.before
	if x := d.sectionAt(at); x != nil && x.Span.Start == at {
		before = strings.TrimLeft(before[min(len(before), len(x.Marker)):], " \u3000、.．")
	}
	return before == "" || len(before) <= len("一是") && strings.HasSuffix(before, "是")
}

// inMotto reports whether c stands in quotation marks that hold a motto:
// “年初公布、年中检查、年底兑现”.
func (d *draft) inMotto(c scene) bool {
	open := strings.LastIndex(c.before, "“")
	if open < 0 || strings.Contains(c.before[open:], "”") {
		return false
	}
	end := strings.Index(c.after, "”")
	return end >= 0 && d.x.rules.Times.Cues.Motto.MatchString(c.before[open:]+c.e.span.In(d.body)+c.after[:end])
}

// inPhase reports whether the expression names the time of a phase: in brackets
// or after a colon on a line that names one ("第一阶段：准备阶段（2018年8月—9月）").
func (d *draft) inPhase(c scene) bool {
	q := &d.x.rules.Times.Cues
	line := strings.TrimRight(c.before, " \u3000")
	if q.PhaseAfter.MatchString(c.after) {
		return true
	}
	if d.headingTime(c, line) || c.e.right != nil && closesBracket(c.after) && q.PhaseName.MatchString(line) {
		return true
	}
	if !strings.HasSuffix(line, "(") && !strings.HasSuffix(line, "（") && !strings.HasSuffix(line, "：") && !strings.HasSuffix(line, ":") && line != "" {
		return false
	}
	if line == "" { // "2016年9月—10月，动员部署阶段。"
		return c.e.right != nil && q.Phase.MatchString(head(c.after, 45))
	}
	m := q.Phase.FindAllStringIndex(line, -1)
	if len(m) == 0 {
		return false
	}
	return len(line)-m[len(m)-1][1] <= 75
}

// headingTime reports whether the time stands alone in the bracket of a short
// heading with a number: "1.组织实施（2017年4月1日—8月31日）。".
func (d *draft) headingTime(c scene, line string) bool {
	if !strings.HasSuffix(line, "（") && !strings.HasSuffix(line, "(") || !closesBracket(c.after) {
		return false
	}
	if !c.v.ok || c.v.w.unit == corpus.ByYear || c.v.w.unit == corpus.ByPlan || c.e.right == nil && c.v.w.unit == corpus.ByDay || len(c.e.binds) > 0 {
		return false
	}
	at := c.e.span.Start - len(c.before)
	x := d.sectionAt(at)
	return x != nil && x.Span.Start == at && x.Marker != "" && len(line) <= len(x.Marker)+60 && !strings.ContainsAny(line, "，,。；;")
}

func closesBracket(after string) bool {
	after = strings.TrimLeft(after, " \u3000")
	return strings.HasPrefix(after, "）") || strings.HasPrefix(after, ")")
}

// bracketDue reports whether the time ends a bracket behind the names of those
// in charge: "（市民政局、市发展改革委，2016年9月底）".
func bracketDue(c scene) bool {
	if !closesBracket(c.after) {
		return false
	}
	open := max(strings.LastIndex(c.before, "（"), strings.LastIndex(c.before, "("))
	if open < 0 || strings.ContainsAny(c.before[open:], "）)") {
		return false
	}
	inside := strings.TrimRight(c.before[open:], " \u3000")
	for _, comma := range []string{"，", ",", "；", ";"} {
		if strings.HasSuffix(inside, comma) {
			return true
		}
	}
	return false
}

// length reads the number and unit of a duration; of "2至3年" the upper number.
func length(g map[string]string) (n int, unit string, ok bool) {
	s, unit := g["n"], g["unit"]+g["unit2"]+g["unit3"]
	if g["n2"] != "" {
		s = g["n2"]
	}
	if s == "半" {
		switch unit {
		case "年":
			return 6, "月", true
		case "月", "个月":
			return 15, "天", true
		}
		return 0, unit, false
	}
	n, ok = number(s)
	if g["half"] != "" { // 两年半, 一个半月
		switch unit {
		case "年":
			n, unit = 12*n+6, "月"
		case "月", "个月":
			n, unit = 30*n+15, "天"
		default:
			ok = false
		}
	}
	if strings.HasSuffix(unit, "季度") {
		n, unit = 3*n, "月"
	}
	return n, unit, ok && n > 0
}

// evaluate works out what e says.
func (d *draft) evaluate(e *expression, near around) value {
	t, ref := d.x.rules.Times, d.ref
	switch {
	case e.rule.AsOf:
		return today(ref, e.span.In(d.body))
	case e.g["n"] != "":
		return d.evaluateLength(e)
	case e.rule.Start && e.right == nil:
		return d.evaluateStart(e)
	case e.right == nil:
		v := point(t, e.g, ref, near, nil)
		if e.binds["transition"] && v.ok && ref.known && !v.w.end.Before(ref.day) {
			v.w = window{start: ref.day, end: v.w.end, unit: corpus.ByDay}
		}
		if e.g["feast"] != "" && e.binds["by"] && v.ok { // 国庆节前 ends on the day before
			v.w.end = v.w.end.AddDate(0, 0, -1)
			v.w.start, v.w.edge = v.w.end, "末"
		}
		return v
	}
	var left value
	if e.rule.Start {
		left = d.evaluateStart(e)
	} else {
		probe := point(t, e.right.g, reference{}, around{}, nil)
		if probe.ok && e.right.g["y"] != "" {
			near.after = []window{probe.w}
		}
		left = point(t, e.g, ref, near, nil)
	}
	if !left.ok {
		return d.onlyEnd(e, left, ref, near)
	}
	right := point(t, e.right.g, ref, near, &left.w)
	if !right.ok {
		return right
	}
	w := window{start: left.w.start, end: right.w.end, unit: finer(left.w.unit, right.w.unit), edge: right.w.edge}
	if w.end.Before(w.start) { // 11月至3月: the right end is in the next year
		w.end = addMonths(w.end, 12)
	}
	if e.either {
		w.either = left.w.edtf() + "," + right.w.edtf()
	}
	return value{w: w, ok: !w.end.Before(w.start), relative: left.relative || right.relative,
		anchor: left.anchor, trace: append(left.trace, right.trace...)}
}

// onlyEnd is a range from a start that is not known to an end with a year of its own:
// 即日起至2021年2月底 in an undated text is due by that day.
func (d *draft) onlyEnd(e *expression, left value, ref reference, near around) value {
	if !e.rule.Start || e.right.g["y"] == "" {
		return left
	}
	right := point(d.x.rules.Times, e.right.g, ref, near, nil)
	if !right.ok {
		return left
	}
	right.open, right.trace = true, append(left.trace, right.trace...)
	return right
}

// finer is the unit of a range: that of its ends, or ten days where they differ.
func finer(a, b corpus.Precision) corpus.Precision {
	if a == b {
		return a
	}
	if a == corpus.ByDay || b == corpus.ByDay {
		return corpus.ByDay
	}
	return corpus.ByTenday
}

func (d *draft) evaluateLength(e *expression) value {
	n, unit, ok := length(e.g)
	if !ok {
		return value{trace: []string{"the length cannot be read"}}
	}
	if e.g["shift"] != "" {
		return shiftedDay(d.ref, e.g["shift"], n, unit)
	}
	v := value{n: n, unit: unit, relative: true, event: e.g["anchor"]}
	if v.event == "" && !e.rule.Forward {
		v.event = d.eventBefore(e)
	}
	if v.event != "" && !d.isIssue(v.event) {
		v.trace = []string{"counts from an event without a date: " + v.event}
		return v
	}
	ref := d.anchorFor(v.event)
	v.anchor = ref.kind
	if !ref.known {
		v.trace = []string{"the document's date is not known"}
		return v
	}
	end, ok := add(ref.day, n, unit)
	if unit == workday {
		end, ok = d.x.rules.Times.Workdays.Add(ref.day, n)
	}
	if !ok {
		v.trace = []string{fmt.Sprintf("%d working days lead into a year whose holidays are not known", n)}
		return v
	}
	v.w = window{start: ref.day, end: end, unit: corpus.ByDay}
	v.ok = true
	v.trace = []string{fmt.Sprintf("%d%s on from %s (%s)", n, unit, iso(ref.day), ref.kind)}
	return v
}

// shiftedDay is the day n units before or after the document's date.
func shiftedDay(ref reference, shift string, n int, unit string) value {
	v := today(ref, "the day to count from")
	if !v.ok {
		return v
	}
	if shift == "前" {
		n = -n
	}
	v.w.start, v.ok = add(ref.day, n, unit)
	v.w.end = v.w.start
	return v
}

// isIssue reports whether an anchor's words mean the issue of this document:
// 本方案印发之日, 文件下发后, but not 脱钩实施方案批准后, whose day nobody knows.
func (d *draft) isIssue(words string) bool {
	re := d.x.rules.Times.Cues.IssueAnchor
	m := re.FindStringSubmatch(words)
	if m == nil {
		return false
	}
	title := m[re.SubexpIndex("title")]
	return title == "" || d.isOwn(title)
}

// eventBefore is the event in the clause before that of e which a length counts
// from: "脱钩完成后，协会应当在30个工作日内办理变更登记".
func (d *draft) eventBefore(e *expression) string {
	q := &d.x.rules.Times.Cues
	i := d.sentenceIndex(e.inner)
	if i < 0 {
		return ""
	}
	before := tail(d.body[d.sentences[i].span.Start:e.span.Start], 160)
	m := q.AfterEvent.FindStringSubmatch(before)
	if m == nil || q.NotEvent.MatchString(m[q.AfterEvent.SubexpIndex("event")]) {
		return ""
	}
	return m[q.AfterEvent.SubexpIndex("event")]
}

func (d *draft) evaluateStart(e *expression) value {
	ref := d.anchorFor(e.g["anchor"] + e.g["now"])
	if !ref.known {
		return value{relative: true, event: e.g["anchor"], trace: []string{"the document's date is not known"}}
	}
	return value{w: window{start: ref.day, end: ref.day, unit: corpus.ByDay}, ok: true, relative: true, anchor: ref.kind,
		trace: []string{fmt.Sprintf("counts from %s (%s)", iso(ref.day), ref.kind)}}
}
