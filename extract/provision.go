package extract

import (
	"sort"

	"tuogou/corpus"
	"tuogou/rules"
)

// provisions codes each sentence by the codebook.
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
			if _, ok := p.Match(s.span.In(d.body)); ok {
				d.rec.Provisions = append(d.rec.Provisions, d.provision(p, s))
			}
		}
	}
	ps := d.rec.Provisions
	sort.SliceStable(ps, func(i, j int) bool { return ps[i].Span.Start < ps[j].Span.Start })
}

// provision is p as sentence s states it, with its deadlines and departments,
// and what differs from the central default.
func (d *draft) provision(p *rules.ProvisionRule, s sentence) corpus.Provision {
	v := corpus.Provision{ID: p.ID, Status: "stated", Evidence: corpus.Cite(d.body, s.span, "codebook/"+p.ID)}
	v.Clause, v.Section = d.placeOf(s.span.Start)
	v.Organs = d.actors(s)
	for _, x := range d.deadlinesIn(s.span) {
		v.Deadlines = append(v.Deadlines, x.UID)
		if p.Due != "" && x.Kind == corpus.KindBy && x.End != nil && *x.End != p.Due {
			v.Changed = append(v.Changed, "due "+*x.End+" for "+p.Due)
		}
	}
	if len(v.Changed) > 0 {
		v.Status = "changed"
	}
	return v
}

// deadlinesIn are the deadlines whose words begin in s. Deadlines are in the
// order of the text, so a search finds the first.
func (d *draft) deadlinesIn(s corpus.Span) []corpus.Deadline {
	all := d.rec.Deadlines
	from := sort.Search(len(all), func(i int) bool { return all[i].Span.Start >= s.Start })
	to := sort.Search(len(all), func(i int) bool { return all[i].Span.Start >= s.End })
	return all[from:to]
}
