package extract

import (
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"tuogou/corpus"
	"tuogou/corpus/organs"
)

// part is what a list of organs does in its sentence.
type part struct {
	list organs.List
	ref  []corpus.OrganRef // of the list, or the local governments named as 各县（区）
	span corpus.Span
	role corpus.DutyRole // "" where no cue stands by it
}

func (p part) acts() bool { return acts(p.role) || p.role == corpus.Support }

// actors are the organs that act in s, by their cues.
func (d *draft) actors(s sentence) []corpus.OrganRef {
	var out []corpus.OrganRef
	for _, p := range d.partsIn(s) {
		if p.acts() {
			out = append(out, p.ref...)
		}
	}
	return out
}

// partsIn are the lists of organs of s, in order, with their roles. Each deadline
// and provision of a sentence asks for them.
func (d *draft) partsIn(s sentence) []part {
	if ps, ok := d.roles[s.span.Start]; ok {
		return ps
	}
	ps := d.findParts(s)
	if d.roles == nil {
		d.roles = map[int][]part{}
	}
	d.roles[s.span.Start] = ps
	return ps
}

func (d *draft) findParts(s sentence) []part {
	var out []part
	for _, l := range d.listsIn(s.span) {
		if !d.free(l.Span) {
			continue
		}
		p := part{list: l, span: l.Span}
		before, after := tail(d.body[s.span.Start:l.Span.Start], 60), head(d.body[l.Span.End:s.span.End], 120)
		if cue, _, _ := d.dutyCue(before, after); cue != nil {
			p.role = roleOf(cue, after)
		}
		for _, o := range l.Members {
			if !o.Vague {
				p.ref = append(p.ref, d.organRef(o))
			}
		}
		out = append(out, p)
	}
	return append(d.localParts(s), out...)
}

// localParts is the group of local governments that opens s as its subject:
// "各县（区）应当在2017年上半年制定本地方案".
func (d *draft) localParts(s sentence) []part {
	from := d.subjectStart(s)
	text := head(d.body[from:s.span.End], 90)
	for _, r := range d.x.rules.Who.Local {
		m := r.Pattern.FindStringSubmatchIndex(text)
		if m == nil {
			continue
		}
		span := corpus.Span{Start: from + m[2], End: from + m[3]}
		return []part{{span: span, role: corpus.Responsible,
			ref: []corpus.OrganRef{{Text: span.In(d.body), Level: r.Level, Span: span}}}}
	}
	return nil
}

// subjectStart is where the words of s begin behind a section's marker and heading.
func (d *draft) subjectStart(s sentence) int {
	at := s.span.Start
	if x := d.sectionAt(at); x != nil && x.Span.Start == at {
		at = min(s.span.End, at+len(x.Marker))
	}
	return trimPunct(d.body, corpus.Span{Start: at, End: s.span.End}).Start
}

// organsFor are the organs that carry the task of a deadline: those of its row in
// a table; the subject before it in its sentence; else who is named behind it;
// else the subject of the part before a semicolon, or whom the next sentence puts
// in charge. Where none of these is clear it names none.
func (d *draft) organsFor(e *expression, s sentence) []corpus.OrganRef {
	if row, ok := d.rowOf(s); ok {
		return d.rowOrgans(row)
	}
	if out := d.organsOf(e, s); len(out) > 0 {
		return out
	}
	w := d.x.rules.Who
	i := d.sentenceIndex(e.inner)
	if i < 0 {
		return nil
	}
	if i+1 < len(d.sentences) && d.sentences[i+1].block == s.block && w.CarryOn.MatchString(head(d.sentences[i+1].span.In(d.body), 30)) {
		return d.actors(d.sentences[i+1])
	}
	if i > 0 && d.sentences[i-1].block == s.block && strings.Trim(d.body[s.span.Start:e.span.Start], " \u3000") == "" {
		before := d.sentences[i-1]
		if w.GoesOn.MatchString(tail(before.span.In(d.body), 6)) {
			return d.subjectOf(before)
		}
	}
	return nil
}

// subjectOf are the organs that open s as its subject.
func (d *draft) subjectOf(s sentence) []corpus.OrganRef {
	from := d.subjectStart(s)
	for _, p := range d.partsIn(s) {
		if p.span.Start == from && p.role != corpus.Receive && p.role != corpus.Approve {
			return p.ref
		}
	}
	return nil
}

func (d *draft) organsOf(e *expression, s sentence) []corpus.OrganRef {
	parts := d.partsIn(s)
	action := head(d.body[e.span.End:s.span.End], 120)
	scope := d.scopeBefore(e, s)
	k := sort.Search(len(parts), func(i int) bool { return parts[i].span.End > e.span.Start })
	// "各单位2月底前报送方案，3月底前联合工作组批复": who stands directly behind is the subject.
	if k < len(parts) && parts[k].role != corpus.Receive && (parts[k].acts() || parts[k].role == corpus.Approve) &&
		parts[k].span.Start >= e.span.End && strings.Trim(d.body[e.span.End:parts[k].span.Start], " \u3000") == "" {
		return d.behind(parts[k:], e, s, true)
	}
	if out := d.before(parts[:k], scope, e, action); len(out) > 0 {
		return out
	}
	return d.behind(parts[k:], e, s, false)
}

// scopeBefore is the stretch before a time in which its subject may stand: the
// sentence up to it, unless its own clause, or the condition before it, has another
// subject ("公务员在协会兼职的，60日内退出").
func (d *draft) scopeBefore(e *expression, s sentence) corpus.Span {
	w := d.x.rules.Who
	scope := corpus.Span{Start: s.span.Start, End: e.span.Start}
	text := scope.In(d.body)
	cut := lastComma(text)
	if w.OtherSubject.MatchString(text[cut:]) {
		return corpus.Span{Start: scope.Start + cut, End: scope.End}
	}
	if w.Condition.MatchString(text[:cut]) && strings.Trim(text[cut:], " \u3000") == "" {
		return corpus.Span{Start: scope.Start + lastComma(strings.TrimRight(text, ",，;； \u3000")), End: scope.End}
	}
	return scope
}

// lastComma is the byte behind the last comma, semicolon or colon of text, or 0.
func lastComma(text string) int {
	i := strings.LastIndexAny(text, ",，;；:：")
	if i < 0 {
		return 0
	}
	_, w := utf8.DecodeRuneInString(text[i:])
	return i + w
}

// before is the nearest subject in scope, with those it acts together with.
func (d *draft) before(parts []part, scope corpus.Span, e *expression, action string) []corpus.OrganRef {
	w := d.x.rules.Who
	for i := len(parts) - 1; i >= 0 && parts[i].span.Start >= scope.Start; i-- {
		p := parts[i]
		gap := d.body[p.span.End:scope.End]
		direct := w.Direct.MatchString(gap)
		owner := p.span.Start == scope.Start && w.Owner.MatchString(gap) && w.Submit.MatchString(action)
		switch {
		case p.role == corpus.Approve && (w.Decide.MatchString(action) || w.Extend.MatchString(gap)):
			return p.ref
		case p.role == corpus.Receive || p.role == corpus.Approve || p.role == corpus.Supervise && !direct:
			continue
		case w.Decide.MatchString(action) && !direct && i+1 < len(parts):
			return nil // who decides is not who asks
		case !p.acts() && !direct && !owner && !d.heads(p, scope, gap):
			continue
		}
		out := slices.Clone(p.ref)
		for i > 0 && (p.role == corpus.Joint || p.role == corpus.Support) && parts[i-1].acts() {
			i--
			p = parts[i]
			out = append(append([]corpus.OrganRef{}, p.ref...), out...)
		}
		return out
	}
	return nil
}

// heads reports whether the list opens the scope as a subject with a verb behind it.
func (d *draft) heads(p part, scope corpus.Span, gap string) bool {
	s, ok := d.sentenceOf(p.span)
	return ok && p.span.Start == d.subjectStart(s) && !d.x.rules.Who.NotSubject.MatchString(gap)
}

// behind are the organs that act in the first clause behind the time that names
// any, and those who lead or help in the clauses right after it ("由市财政局牵头，
// 市机关事务管理局配合"). First says that the first list counts, whatever it does.
func (d *draft) behind(parts []part, e *expression, s sentence, first bool) []corpus.OrganRef {
	var out []corpus.OrganRef
	end := -1
	for _, p := range parts {
		between := d.body[max(e.span.End, min(end, p.span.Start)):p.span.Start]
		if end < 0 {
			between = d.body[e.span.End:p.span.Start]
		}
		helps := p.role == corpus.Support || p.role == corpus.Joint || p.role == corpus.Lead
		switch {
		case end < 0 && (p.acts() || first), end < 0 && p.role == "" && strings.Trim(between, " \u3000，,") == "" && !d.x.rules.Who.NotSubject.MatchString(d.body[p.span.End:s.span.End]):
			out, end = append(out, p.ref...), p.span.End
		case end < 0:
			continue
		case p.acts() && (helps || !strings.ContainsAny(between, ",，;；")):
			out, end = append(out, p.ref...), p.span.End
		default:
			return out
		}
	}
	return out
}
