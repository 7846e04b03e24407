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
		s = d.headed(l, s)
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
		if cue == nil || !cue.Before || cue.Label && !cue.Seat || acts(corpus.DutyRole(cue.Role)) && !cue.Seat {
			continue
		}
		rest := organs.List{Members: l.Members[i:], Span: corpus.Span{Start: l.Members[i].Span.Start, End: l.Span.End}}
		return append([]organs.List{first}, d.split(rest, s)...)
	}
	return []organs.List{l}
}

// headed is the sentence of a list with the one behind it, where the list is all of
// its sentence and heads an item: "（七）县审计局。负责对清查结果进行审计监督。"
func (d *draft) headed(l organs.List, s sentence) sentence {
	if !d.headsItem(l, s) || strings.Trim(d.body[l.Span.End:s.span.End], "。. \u3000") != "" {
		return s
	}
	i := d.sentenceIndex(s.span) + 1
	if i == 0 || i >= len(d.sentences) || d.sentences[i].block != s.block || !d.x.rules.Who.Headed.MatchString(d.sentences[i].span.In(d.body)) {
		return s
	}
	s.span.End = d.sentences[i].span.End
	return s
}

// headsItem reports whether a list opens its sentence, perhaps behind names that no
// table knows.
func (d *draft) headsItem(l organs.List, s sentence) bool {
	from := d.subjectStart(s)
	return from == l.Span.Start || from < l.Span.Start && l.Span.Start-from < 120 && d.x.rules.Who.Names.MatchString(d.body[from:l.Span.Start])
}

// cueOf is the cue of a list in its sentence, with how many bytes before and behind
// the list belong to it. A bracket that only shortens the name ("联合工作组（以下简称
// 工作组）负责") is passed over.
func (d *draft) cueOf(l organs.List, s sentence) (cue *rules.DutyCue, from, to int) {
	after := head(d.body[l.Span.End:s.span.End], 150)
	skip := d.shortName(after)
	// "财政厅：负责资产清查", a line that the organ heads.
	if r, w := utf8.DecodeRuneInString(after[skip:]); strings.ContainsRune("：:。.", r) && d.headsItem(l, s) && skip+w < len(after) {
		skip += w
	}
	cue, from, to = d.dutyCue(tail(d.body[s.span.Start:l.Span.Start], 60), head(after[skip:], 180))
	if to > 0 {
		to += skip
	}
	return cue, from, to
}

// shortName is the length of the bracket behind an organ that only shortens its name
// or gives its other one; 0 where there is none.
func (d *draft) shortName(after string) int {
	if m := d.x.rules.Who.ShortName.FindStringIndex(after); m != nil {
		return m[1]
	}
	return 0
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
	cues := d.x.rules.Duties
	for c := range cues.Before.In(before) {
		if m := c.Pattern.FindStringIndex(before); m != nil && c.GoesWith(after) {
			return c, len(before) - m[0], 0
		}
	}
	for c := range cues.After.In(after) {
		m := c.Pattern.FindStringSubmatchIndex(after)
		switch {
		case m == nil || !c.GoesWith(after):
			continue
		case len(m) > 2 && m[3] > 0: // a group bounds the cue
			return c, 0, m[3]
		}
		return c, 0, m[1]
	}
	return nil, 0, 0
}

func (d *draft) addDuty(cue *rules.DutyCue, l organs.List, s sentence, from, to int) {
	after := head(d.body[l.Span.End:s.span.End], 120)
	// "由A牵头", "由A会同B": the cue behind says more than the one before.
	if cue.Label {
		// "责任单位：区编办牵头，各业务主管单位配合": the verb behind the list says more than the label.
		if m := d.x.rules.Who.Verb.FindStringIndex(after); m != nil {
			if more, _, t := d.findCue("", after); more != nil && more.Role != rules.NoDuty {
				cue, to = more, t
			}
		}
	}
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
		action = d.rest(corpus.Span{Start: l.Span.End + d.shortName(after), End: s.span.End})
	}
	whole := corpus.Span{Start: span.Start, End: max(span.End, action.End)}
	if task, ok := d.bracketTask(l.Span, s); ok {
		action = task
	}
	for i, o := range l.Members {
		r := role
		if cue.Named && o.Vague {
			continue
		}
		if r == corpus.Responsible && !cue.Before && d.x.rules.Who.Inspects.MatchString(o.Text) {
			r = corpus.Supervise
		}
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
