package extract

import (
	"sort"

	"tuogou/corpus"
)

// contacts finds personal data, so that every output can mask it.
func (d *draft) contacts() {
	var taken []corpus.Span // by the rules before, in order
	for i := range d.x.rules.Contacts {
		r := &d.x.rules.Contacts[i]
		group := r.Pattern.SubexpIndex("value")
		var mine []corpus.Span
		for _, m := range r.Pattern.FindAllStringSubmatchIndex(d.body, -1) {
			whole := corpus.Span{Start: m[2*group], End: m[2*group+1]}
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
		taken = disjoint(append(taken, mine...))
	}
	sortContacts(d.rec.Contacts)
}

func split(body string, s corpus.Span, seps [][]int) []corpus.Span {
	var out []corpus.Span
	at := s.Start
	for _, m := range append(seps, []int{s.Len(), s.Len()}) {
		out = append(out, corpus.Span{Start: at, End: s.Start + m[0]})
		at = s.Start + m[1]
	}
	return out
}

func sortContacts(cs []corpus.Contact) {
	sort.SliceStable(cs, func(i, j int) bool { return cs[i].Span.Start < cs[j].Span.Start })
}

// provisions codes each sentence by the codebook and compares its deadline and
// departments with the central default.
func (d *draft) provisions() {
	if !d.rec.OnTopic {
		return // the codebook is of the reform's plans, not of every text on associations
	}
	for i := range d.x.rules.Codebook.Provisions {
		p := &d.x.rules.Codebook.Provisions[i]
		for _, s := range d.sentences {
			if s.span.Start < d.textStart || !d.inText(s.span) {
				continue
			}
			if _, ok := p.Match(s.span.In(d.body)); !ok {
				continue
			}
			v := corpus.Provision{ID: p.ID, Status: "stated", Evidence: corpus.Cite(d.body, s.span, "codebook/"+p.ID)}
			v.Clause, v.Section = d.placeOf(s.span.Start)
			from := sort.Search(len(d.rec.Deadlines), func(i int) bool { return d.rec.Deadlines[i].Span.Start >= s.span.Start })
			for _, x := range d.rec.Deadlines[from:] {
				if x.Span.Start >= s.span.End {
					break
				}
				if s.span.Contains(x.Span) {
					v.Deadlines = append(v.Deadlines, x.UID)
					if p.Due != "" && x.Kind == corpus.KindBy && x.End != nil && *x.End != p.Due {
						v.Changed = append(v.Changed, "due "+*x.End+" for "+p.Due)
					}
				}
			}
			v.Organs = d.actors(s)
			if len(v.Changed) > 0 {
				v.Status = "changed"
			}
			d.rec.Provisions = append(d.rec.Provisions, v)
		}
	}
	sortProvisions(d.rec.Provisions)
}

func sortProvisions(ps []corpus.Provision) {
	sort.SliceStable(ps, func(i, j int) bool { return ps[i].Span.Start < ps[j].Span.Start })
}
