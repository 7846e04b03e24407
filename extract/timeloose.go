package extract

import (
	"slices"

	"tuogou/corpus"
	"tuogou/rules"
)

// vagueTimes lists the words of s that sound like time and set none.
func (d *draft) vagueTimes(s sentence, es []expression) {
	text := s.span.In(d.body)
	may := d.x.rules.Times.VagueIn(text)
	for i := range may.All() {
		r := &d.x.rules.Times.Vague[i]
		for _, m := range r.Pattern.FindAllStringIndex(text, -1) {
			span := corpus.Span{Start: s.span.Start + m[0], End: s.span.Start + m[1]}
			taken := slices.ContainsFunc(es, func(e expression) bool { return e.span.Overlaps(span) })
			if taken || r.NotBefore != nil && r.NotBefore.MatchString(tail(text[:m[0]], 24)) ||
				r.NotAfter != nil && r.NotAfter.MatchString(head(text[m[1]:], 24)) || !d.free(span) {
				continue
			}
			d.addVague(r, span)
		}
	}
}

func (d *draft) addVague(r *rules.VagueTime, span corpus.Span) {
	t := corpus.Time{Role: corpus.RoleVague}
	why := "sets no time"
	switch r.Read {
	case "open":
		why = "from the document's date on, without an end"
		if d.ref.known {
			t.EDTF, t.Start = iso(d.ref.day)+"/..", ptr(iso(d.ref.day))
		}
	case "event":
		why = "an event that the text does not date"
	case "back":
		why = "points to a time that stands before it; none does here"
		for i := len(d.rec.Times) - 1; i >= 0; i-- {
			if b := &d.rec.Times[i]; b.Role != corpus.RoleVague && b.Span.End <= span.Start {
				if b.EDTF != "" && d.sentenceIndex(b.Span) >= d.sentenceIndex(span)-3 {
					t.EDTF, t.Start, t.End = b.EDTF, b.Start, b.End
					why = "points to " + b.Quote
				}
				break
			}
		}
	}
	t.Evidence = corpus.Cite(d.body, span, "times/vague", why)
	d.rec.Times = append(d.rec.Times, t)
}

// bareLengths lists the lengths of time in s that nothing else took and no word
// binds: "连续两年未年检" is a rule, "历时三个月" a mere length. None is ever a deadline.
func (d *draft) bareLengths(s sentence, es []expression) {
	text := s.span.In(d.body)
	for i := range d.x.rules.Times.Lengths {
		r := &d.x.rules.Times.Lengths[i]
		for _, m := range r.Pattern.FindAllStringSubmatchIndex(text, -1) {
			span := corpus.Span{Start: s.span.Start + m[0], End: s.span.Start + m[1]}
			before, after := tail(text[:m[0]], 24), head(text[m[1]:], 24)
			if d.timeAt(span, es) || r.NotBefore.MatchString(before) || r.NotAfter.MatchString(after) || !d.free(span) {
				continue
			}
			n, unit, ok := length(groups(r.Pattern, text, m))
			if !ok {
				continue
			}
			why := "a length without a task"
			if isRule(r, before, after) {
				why = "a standing rule in time, no task"
				d.fileTerm(n, unit, "", span, "times/length")
			}
			d.rec.Times = append(d.rec.Times, corpus.Time{Role: corpus.RoleTerm,
				Evidence: corpus.Cite(d.body, span, "times/length", why, isoDuration(n, unit))})
		}
	}
}

// isRule reports whether the words around a length make it a standing rule.
func isRule(r *rules.BareLength, before, after string) bool {
	if r.RuleBefore == nil && r.RuleAfter == nil {
		return true
	}
	return r.RuleBefore != nil && r.RuleBefore.MatchString(before) || r.RuleAfter != nil && r.RuleAfter.MatchString(after)
}

// timeAt reports whether s touches an expression, or a time that is listed already.
func (d *draft) timeAt(s corpus.Span, es []expression) bool {
	if slices.ContainsFunc(es, func(e expression) bool { return e.span.Overlaps(s) }) {
		return true
	}
	for i := len(d.rec.Times) - 1; i >= 0 && i >= len(d.rec.Times)-40; i-- {
		if d.rec.Times[i].Span.Overlaps(s) {
			return true
		}
	}
	return false
}
