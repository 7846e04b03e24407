package extract

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sort"
	"strings"
	"unicode/utf8"

	"tuogou/corpus"
	"tuogou/rules"
)

// times finds every time expression of the text, says what each does, and
// turns those that bind a task into deadlines and standing rules into terms.
func (d *draft) times() {
	var dated []window    // resolved windows of this block, for the years of its neighbours
	var phases []window   // those of the phases so far
	ruling := ""          // the section of the last phase
	block, first := -1, 0 // first: where in dated the sentence's own list begins
	listed := false       // the sentence before ended in a semicolon
	var item headedItem   // the last that a time heads
	var task *window      // of the last task in the list
	for n, s := range d.sentences {
		if s.block != block {
			block, listed = s.block, false
			if !d.continues(s) {
				dated = nil
			}
		}
		if !listed {
			first = len(dated)
		}
		text := s.span.In(d.body)
		wasListed := listed
		listed = strings.HasSuffix(text, "；") || strings.HasSuffix(text, ";")
		es := findTimes(d.x.rules.Times, d.body, s.span)
		bound := false // a time of the sentence binds a task
		if !wasListed {
			task = nil
		}
		var named []window
		var yearly *rules.TimeExpression // the 每年 before it in the sentence
		for i := range es {
			e := &es[i]
			if role, why := d.outsideTask(e.span); role != "" {
				d.addTime(e, value{}, is(role, why))
				continue
			}
			yearly = e.carryYearly(yearly)
			c := d.sceneOf(e, s)
			c.later = es[i+1:]
			c.listed, c.sibling = bound, d.opensItem(c) && item.before(d, n, s)
			if r, ok := d.rowOf(s); ok {
				c.due = r.due == r.at.Span
			}
			near := around{before: dated[first:], named: named, after: d.ahead(es[i+1:], s), past: d.pastClause(c) || d.tellsStatus(c)}
			near.bound = task
			d.besides(&near, c, s, dated, phases, ruling)
			c.v = d.evaluate(e, near)
			c.v.w.approx = c.v.w.approx || e.binds["about"] || e.g["about"] != ""
			if c.v.ok && e.g["y"] != "" {
				named = append(named, c.v.w)
			}
			c.pastDay = c.v.ok && d.ref.known && c.v.w.end.Before(d.ref.day) && (d.ref.kind != "posted" || c.news) // pages put up old plans
			v := d.judge(c)
			d.addTime(e, c.v, v)
			if bound = bound || v.kind != ""; c.v.ok && v.kind != "" {
				w := c.v.w
				task = &w
			}
			if d.opensItem(c) {
				item = headedItem{sentence: n, binds: v.kind != ""}
			}
			if c.v.ok && (v.role == corpus.RoleDeadline || v.role == corpus.RolePhase) && (e.g["y"] != "" || len(dated) > 0) {
				dated = append(dated, c.v.w)
			}
			if c.v.ok && v.role == corpus.RolePhase {
				phases = append(phases, c.v.w)
				_, ruling = d.placeOf(e.span.Start)
			}
			d.keep(e, c, v, s)
		}
		d.vagueTimes(s, es)
		d.bareLengths(s, es)
	}
	d.supersede()
	sort.SliceStable(d.rec.Times, func(i, j int) bool { return d.rec.Times[i].Span.Start < d.rec.Times[j].Span.Start })
}

// headedItem is a sentence that a time heads, as items of a schedule are headed.
type headedItem struct {
	sentence int
	binds    bool // the time binds a task
}

// opensItem reports whether nothing stands before the time of c in its item but words
// that lead in the list.
func (d *draft) opensItem(c scene) bool {
	before := strings.TrimRight(c.before, " \u3000\u00a0")
	return before == "" || d.x.rules.Times.Cues.LeadsList.MatchString(tail(before, 30))
}

// before reports whether i is the item before sentence n, which is s: parted from it by a
// semicolon, or on the line above in a text that orders things.
func (i headedItem) before(d *draft, n int, s sentence) bool {
	if !i.binds || i.sentence != n-1 {
		return false
	}
	last := d.sentences[n-1]
	if text := last.span.In(d.body); strings.HasSuffix(text, "；") || strings.HasSuffix(text, ";") {
		return s.block-last.block <= 1
	}
	return !d.reports() && s.block == last.block+1
}

// carryYearly makes e recur where 每年 stands before it in the sentence
// ("每年3月31日前报送…，6月30日前公开…"), and gives the rule that holds for what follows.
func (e *expression) carryYearly(yearly *rules.TimeExpression) *rules.TimeExpression {
	if yearly != nil && e.g["m"] != "" && e.g["y"]+e.g["yr"] == "" && e.right == nil && e.binds["by"] {
		r := *e.rule
		r.Recurring, e.rule = yearly.Recurring, &r
	}
	if e.rule.Recurring == "YEARLY" {
		return e.rule
	}
	return yearly
}

// besides adds to near what helps with a year that is missing: the dated times
// before the sentence, where the document has no date; the phases that went
// before, where c is the next; the phase that rules the section of s.
func (d *draft) besides(near *around, c scene, s sentence, dated, phases []window, ruling string) {
	phase := d.inPhase(c)
	switch {
	case len(near.before) > 0:
	case !d.ref.known:
		near.before = dated
	case phase: // the phases of a plan follow one another
		near.before = phases
	}
	if n := len(phases); n > 0 && len(near.named) == 0 && d.within(s, ruling) && !phase {
		near.phase = &phases[n-1]
	}
}

// within reports whether s stands in the section with this id, or below it.
func (d *draft) within(s sentence, id string) bool {
	_, at := d.placeOf(s.span.Start)
	return id != "" && (at == id || strings.HasPrefix(at, id+"."))
}

// continues reports whether the block of s goes on with the list of the block
// before it, so that its dates share a year: both stand in one section.
func (d *draft) continues(s sentence) bool {
	a, b := d.sectionAt(s.span.Start), d.sectionAt(max(0, s.span.Start-1))
	return a != nil && b != nil && a.ID == b.ID
}

// ahead finds the next expression of the sentence that has its own year and is
// bound as a deadline.
func (d *draft) ahead(rest []expression, s sentence) []window {
	for i := range rest {
		e := &rest[i]
		if e.g["y"] == "" || !e.binds["by"] {
			continue
		}
		if v := point(d.x.rules.Times, e.g, reference{}, around{}, nil); v.ok {
			return []window{v.w}
		}
	}
	return nil
}

// sceneBytes is how far a verdict looks around an expression.
const sceneBytes = 600

func (d *draft) sceneOf(e *expression, s sentence) scene {
	before, after := tail(d.body[s.span.Start:e.span.Start], sceneBytes), head(d.body[e.span.End:s.span.End], sceneBytes)
	left, right := before, after
	if i := strings.LastIndexAny(left, ",，;；:："); i >= 0 {
		_, w := utf8.DecodeRuneInString(left[i:])
		left = left[i+w:]
	}
	// A comma directly behind the time ("9月底,省委办公厅公布…") opens its clause.
	lead := len(right) - len(strings.TrimLeft(right, ",， \u3000"))
	if i := strings.IndexAny(right[lead:], ",，;；:："); i >= 0 {
		right = right[:lead+i]
	}
	return scene{e: e, before: before, after: after, clause: left + right, news: d.reports()}
}

func (d *draft) pastClause(c scene) bool {
	q := &d.x.rules.Times.Cues
	return q.PastBefore.MatchString(c.before) || (q.PastIn.MatchString(c.clause) || c.news && !c.e.binds["by"] && q.PastNews.MatchString(c.clause)) && !q.FutureIn.MatchString(c.clause)
}

// tellsStatus reports whether c says how things stood: 截至6月底 is the last June.
func (d *draft) tellsStatus(c scene) bool {
	q := &d.x.rules.Times.Cues
	return c.e.binds["as_of"] || q.Closing.MatchString(c.e.span.In(d.body)) && q.StatusAfter.MatchString(c.after)
}

// reports says whether the document tells of things rather than ordering them.
// What a notice wraps is never a story, whatever it calls itself (转发…报告的通知).
func (d *draft) reports() bool {
	if d.rec.Carrier != nil {
		return false
	}
	switch d.rec.Kind {
	case corpus.KindNews, corpus.KindCommentary, corpus.KindSummary, corpus.KindInterpretation, corpus.KindOther:
		return true
	}
	return false
}

// outsideTask gives the role of a time that stands in the document's own dates,
// in a cited title or in a document number.
func (d *draft) outsideTask(s corpus.Span) (corpus.TimeRole, string) {
	if overlapping(d.ownDates, s) {
		return corpus.RoleIssued, "the document's own date"
	}
	if containing(d.quoted, s) {
		return corpus.RoleCited, "stands in the title of a document"
	}
	return "", ""
}

func (d *draft) addTime(e *expression, v value, j verdict) {
	if e.rule.Recurring != "" {
		v.trace = append(v.trace, d.firstOf(recurrence(e))...)
	}
	t := corpus.Time{Role: j.role, Evidence: corpus.Cite(d.body, e.span, "times/"+e.rule.ID, append(v.trace, j.why)...)}
	if v.ok && j.role != corpus.RoleTerm && e.rule.Recurring == "" {
		t.EDTF = v.w.edtf()
		t.Start, t.End = ptr(iso(v.w.start)), ptr(iso(v.w.end))
		if edge := v.w.edge; j.role == corpus.RoleAsOf && (edge == "底" || edge == "末") { // a status of the last day
			t.EDTF, t.Start = iso(v.w.end), t.End
		}
		switch j.kind {
		case corpus.KindBy:
			t.EDTF, t.Start = "../"+iso(v.w.end), nil
		case corpus.KindFrom:
			t.EDTF, t.End = v.w.from(), nil
		}
		if j.role == corpus.RolePeriod && e.right == nil && (e.binds["since"] || e.binds["after"] || e.g["shift"] == "后") {
			t.EDTF, t.End = v.w.from(), nil
		}
		if j.role == corpus.RoleStart || j.role == corpus.RolePast && e.right == nil && e.binds["from"] {
			t.EDTF, t.End = v.w.from(), nil
		}
	}
	d.rec.Times = append(d.rec.Times, t)
}

// keep files the expression as a deadline or a term, where it is one.
func (d *draft) keep(e *expression, c scene, j verdict, s sentence) {
	switch j.role {
	case corpus.RoleTerm:
		d.addTerm(e, c)
	case corpus.RoleDeadline, corpus.RolePhase:
		d.addDeadline(e, c, j, s)
	case corpus.RoleRecurring:
		if j.kind != "" {
			d.addDeadline(e, c, j, s)
		}
	}
}

func (d *draft) addTerm(e *expression, c scene) {
	n, unit, ok := length(e.g)
	if !ok {
		return
	}
	trigger := c.v.event
	if trigger == "" {
		trigger = e.g["anchor"]
	}
	if m := d.x.rules.Times.Cues.TriggerCore.FindStringSubmatch(trigger); m != nil {
		trigger = m[1]
	}
	d.fileTerm(n, unit, trigger, e.span, "times/"+e.rule.ID)
}

func (d *draft) fileTerm(n int, unit, trigger string, span corpus.Span, rule string) {
	t := corpus.Term{ISO: isoDuration(n, unit), Trigger: trigger,
		Evidence: corpus.Cite(d.body, span, rule, "a standing rule in time, no task")}
	if t.ISO == "" {
		t.Value, t.Unit = n, "workday"
	}
	t.Clause, t.Section = d.placeOf(span.Start)
	d.rec.Terms = append(d.rec.Terms, t)
}

func (d *draft) addDeadline(e *expression, c scene, j verdict, s sentence) {
	q := &d.x.rules.Times.Cues
	x := corpus.Deadline{
		Kind:     j.kind,
		Goal:     q.Goal.MatchString(c.clause) || q.GoalWords.MatchString(e.span.In(d.body)),
		Hedged:   q.Hedge.MatchString(c.clause),
		Evidence: corpus.Cite(d.body, e.span, "times/"+e.rule.ID, append(append([]string{}, c.v.trace...), j.why)...),
		Resolved: c.v.ok,
	}
	if e.rule.Recurring != "" {
		x.RRule, x.Resolved = recurrence(e), true
	}
	d.fillDates(&x, e, c.v)
	if c.v.relative {
		x.Anchor = d.anchorOf(c.v)
	}
	x.Action = d.actionOf(e, s, j.kind, c.later)
	x.Organs = d.organsFor(e, s)
	x.Action = d.withoutSubject(x.Action, x.Organs)
	x.Clause, x.Section = d.placeOf(e.span.Start)
	x.UID = d.uid(x)
	if e.g["d"] != "" && e.rule.Recurring == "" && !c.v.ok && d.ref.year > 0 {
		d.problem("no_such_day", e.span, "there is no such day in the calendar; the date is left open")
	}
	if x.Resolved && x.End != nil && d.ref.known && d.ref.kind != "posted" && *x.End < iso(d.ref.day) {
		d.problem("deadline_before_issue", e.span, "the deadline ends before the document was issued: a slip, or an old text")
	}
	d.rec.Deadlines = append(d.rec.Deadlines, x)
}

func (d *draft) fillDates(x *corpus.Deadline, e *expression, v value) {
	if v.n > 0 && !v.ok {
		if x.Formula = isoDuration(v.n, v.unit); x.Formula == "" {
			x.Workdays = v.n
		}
	}
	if !v.ok || e.rule.Recurring != "" {
		return
	}
	w := v.w
	x.Precision, x.Approximate = w.unit, w.approx
	switch x.Kind {
	case corpus.KindBy:
		x.EDTF, x.End = "../"+iso(w.end), ptr(iso(w.end))
		// 前 may exclude the unit it follows: kept as the strict reading. With 底 there
		// is nothing to exclude, and 到2015年 does not say 前.
		if w.edge == "" && e.g["plan"] == "" && d.x.rules.Times.Cues.Strict.MatchString(e.span.In(d.body)) {
			x.StrictEnd = ptr(iso(w.start.AddDate(0, 0, -1)))
		}
		if w.edge != "" && !e.binds["by"] && !e.binds["until"] {
			x.Approximate = true
		}
	case corpus.KindFrom:
		x.EDTF, x.Start = w.from(), ptr(iso(w.start))
	default:
		x.EDTF, x.Start, x.End = w.edtf(), ptr(iso(w.start)), ptr(iso(w.end))
	}
}

// anchorOf names what a relative time counted from.
func (d *draft) anchorOf(v value) *corpus.Anchor {
	if v.event != "" && !v.ok {
		return &corpus.Anchor{Kind: "event", Text: v.event}
	}
	if v.anchor == "before" || v.anchor == "after" || v.anchor == "context" {
		return &corpus.Anchor{Kind: "context", Text: "a dated time beside it"}
	}
	a := d.ref.anchor()
	if v.event != "" {
		a = d.anchorFor(v.event).anchor()
	}
	if a.Kind == "" { // the document gives no date to count from
		return nil
	}
	return a
}

// uid is the same for the same words of the same document, in whatever order
// and by whatever rule they were found. A second deadline with the very same
// words and task is told apart by its count.
func (d *draft) uid(x corpus.Deadline) string {
	key := string(d.rec.ID) + "\x00" + x.Quote + "\x00" + x.Action.Text
	if d.uids == nil {
		d.uids = map[string]int{}
	}
	n := d.uids[key]
	d.uids[key]++
	if n > 0 {
		key += fmt.Sprintf("\x00%d", n)
	}
	sum := sha256.Sum256([]byte(key))
	return "d" + hex.EncodeToString(sum[:8])
}

// supersede links a date that the text itself has moved to the new one:
// "由原定的今年11月底提前至9月30日前".
func (d *draft) supersede() {
	q := &d.x.rules.Times.Cues
	for i := 0; i+1 < len(d.rec.Deadlines); i++ {
		a, b := &d.rec.Deadlines[i], &d.rec.Deadlines[i+1]
		gap := b.Span.Start - a.Span.End
		if gap < 0 || gap > 60 {
			continue
		}
		between := d.body[a.Span.End:b.Span.Start]
		before := tail(d.body[:a.Span.Start], 30)
		whole := between + b.Quote
		if q.Moved.MatchString(whole) && (q.Superseded.MatchString(before) || q.MovedFrom.MatchString(before)) {
			a.SupersededBy = b.UID
		}
	}
}

func ptr[T any](v T) *T { return &v }
