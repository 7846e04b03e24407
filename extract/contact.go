package extract

import (
	"sort"
	"strings"
	"unicode/utf8"

	"tuogou/corpus"
	"tuogou/rules"
)

// contacts finds personal data, so that every output can mask it. A rule is tried
// only on lines that hold one of its words, or a figure where it has none.
func (d *draft) contacts() {
	rs := d.x.rules.Contacts
	lines := make([][]corpus.Span, len(rs.Rules)) // by rule
	at := 0
	for line := range strings.Lines(d.body) {
		near := rs.Near(line)
		for i := range near.All() {
			lines[i] = append(lines[i], corpus.Span{Start: at, End: at + len(line)})
		}
		at += len(line)
	}
	var taken []corpus.Span // by the rules before, in order
	for i := range rs.Rules {
		var mine []corpus.Span
		for _, line := range lines[i] {
			mine = d.contactsIn(line, &rs.Rules[i], taken, mine)
		}
		taken = disjoint(append(taken, mine...))
	}
	sortContacts(d.rec.Contacts)
}

// contactsIn adds to mine what rule r finds in the line and no rule before took.
func (d *draft) contactsIn(line corpus.Span, r *rules.ContactRule, taken, mine []corpus.Span) []corpus.Span {
	group := r.Pattern.SubexpIndex("value")
	for from := line.Start; from < line.End; {
		m := r.Pattern.FindStringSubmatchIndex(d.body[from:line.End])
		if m == nil {
			break
		}
		whole := shifted(corpus.Span{Start: m[2*group], End: m[2*group+1]}, from)
		from = whole.End // what ends one may begin the next: 0999-0000000、0999-0000001
		pieces := []corpus.Span{whole}
		if r.Split != nil {
			pieces = split(d.body, whole, r.Split.FindAllStringIndex(whole.In(d.body), -1))
		}
		for _, p := range pieces {
			if r.NotValue != nil && r.NotValue.MatchString(p.In(d.body)) {
				continue // "联系人：简一苇、乐知白，联系电话：…": the next label is no name
			}
			if !p.Empty() && !overlapping(taken, p) {
				mine = append(mine, p)
				d.rec.Contacts = append(d.rec.Contacts, corpus.Contact{Kind: r.Kind, Evidence: corpus.Cite(d.body, p, "contacts/"+r.Kind)})
			}
		}
	}
	return mine
}

// split cuts a list of values. Two single characters are one name written wide
// (王 五).
func split(body string, s corpus.Span, seps [][]int) []corpus.Span {
	var out []corpus.Span
	at := s.Start
	for _, m := range append(seps, []int{s.Len(), s.Len()}) {
		piece := corpus.Span{Start: at, End: s.Start + m[0]}
		if n := len(out); n > 0 && single(body, piece) && single(body, out[n-1]) {
			out[n-1].End = piece.End
		} else {
			out = append(out, piece)
		}
		at = s.Start + m[1]
	}
	return out
}

func single(body string, s corpus.Span) bool { return utf8.RuneCountInString(s.In(body)) == 1 }

func sortContacts(cs []corpus.Contact) {
	sort.SliceStable(cs, func(i, j int) bool { return cs[i].Span.Start < cs[j].Span.Start })
}
