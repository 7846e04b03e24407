package extract

import (
	"strings"
	"unicode/utf8"

	"tuogou/corpus"
	"tuogou/corpus/organs"
)

// bracketOrgans are the organs of a bracket that holds nothing else, but for the
// words of the convention that the first of them leads.
func (d *draft) bracketOrgans(b corpus.Span) []organs.Mention {
	in := b
	_, w := utf8.DecodeRuneInString(in.In(d.body))
	in.Start += w
	if in.Empty() {
		return nil
	}
	_, w = utf8.DecodeLastRuneInString(in.In(d.body))
	in.End -= w
	if in.Empty() {
		return nil
	}
	if m := d.x.rules.Who.First.FindStringIndex(in.In(d.body)); m != nil {
		in.End = in.Start + m[0]
	}
	mine := d.organsWithin(in)
	if len(mine) == 0 || !covers(strings.TrimRight(in.In(d.body), "。；;，, 等"), mine) {
		return nil
	}
	return mine
}

// bracketDuties are those of brackets that end an item and name organs only:
// "1.清查资产。（市财政局、市机关事务管理局）".
func (d *draft) bracketDuties() {
	o := d.rec.Outline
	for i := range o {
		own := o[i].Span
		if i+1 < len(o) {
			own.End = min(own.End, o[i+1].Span.Start)
		}
		own = trim(d.body, own)
		list := d.organBracket(own)
		if list.Empty() || list.Start < d.textStart {
			continue
		}
		b := corpus.Span{Start: list.Start, End: list.Start + len(strings.TrimRight(list.In(d.body), "。. \u3000\n"))}
		task := d.taskBefore(b.Start)
		mine := d.bracketOrgans(b)
		for k, m := range mine {
			role := corpus.Responsible
			if k == 0 && len(mine) > 1 && d.firstLeads(corpus.Span{Start: m.Span.Start, End: mine[len(mine)-1].Span.End}) {
				role = corpus.Lead
			}
			d.putDuty(role, d.organRef(m), corpus.Cite(d.body, b, "duties/bracket", "organs alone in the bracket that ends an item"), task)
		}
	}
}

// firstLeads reports whether the text says that the first of the list in brackets
// leads: of this list, or of all ("下同"). Where the bracket tells the parts apart
// ("牵头单位：…；责任单位：…") the convention is of no use.
func (d *draft) firstLeads(at corpus.Span) bool {
	if d.firstSaid == nil { // once a text
		d.firstSaid = append([][]int{}, d.x.rules.Who.First.FindAllStringIndex(d.body, 50)...)
	}
	if len(d.firstSaid) == 0 {
		return false
	}
	line := d.blockOf(at.Start)
	line.Start = max(line.Start, at.Start-maxSentence) // a bracket is no longer
	for line.Start < at.Start && !utf8.RuneStart(d.body[line.Start]) {
		line.Start++
	}
	line.End = min(line.End, at.End+maxSentence)
	open := strings.LastIndexAny(d.body[line.Start:at.Start], "（(")
	if open < 0 || strings.ContainsAny(d.body[line.Start+open:at.Start], "）)") {
		return false
	}
	in := d.body[line.Start+open : line.End]
	if i := strings.IndexAny(in, "）)"); i >= 0 {
		in = in[:i]
	}
	if said := d.x.rules.Who.First.FindString(in); said == "" && d.x.rules.Who.Leads.MatchString(in) {
		return false
	}
	for _, m := range d.firstSaid {
		said := d.body[m[0]:m[1]]
		mine := m[0] >= at.End && m[1] <= line.Start+open+len(in)
		if mine || m[0] < at.Start && (d.x.rules.Who.Below.MatchString(said) || !strings.ContainsAny(tail(d.body[d.lineStart(m[0]):m[0]], 240), "（(")) {
			return true
		}
	}
	return false
}

// bracketTask is the task of organs named in a bracket at the end of a sentence or
// of an item: what stands before the bracket.
func (d *draft) bracketTask(list corpus.Span, s sentence) (corpus.Span, bool) {
	before := d.body[s.span.Start:list.Start]
	i := strings.LastIndexAny(before, "（(")
	if i < 0 || strings.ContainsAny(before[i:], "）)") {
		return corpus.Span{}, false
	}
	task := d.taskBefore(s.span.Start + i)
	return task, !task.Empty()
}

// taskBefore is the last sentence before byte at, in the same section.
func (d *draft) taskBefore(at int) corpus.Span {
	sec := d.sectionAt(at)
	for i := d.sentenceIndex(corpus.Span{Start: max(0, at-1), End: max(0, at-1)}); i >= 0; i-- {
		s := trimTail(d.body, corpus.Span{Start: d.sentences[i].span.Start, End: min(at, d.sentences[i].span.End)})
		if s.Empty() {
			continue
		}
		if sec == nil || s.Start >= sec.Span.Start {
			return s
		}
		break
	}
	return corpus.Span{}
}
