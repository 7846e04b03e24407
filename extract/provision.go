package extract

import (
	"slices"
	"sort"
	"strings"

	"tuogou/corpus"
	"tuogou/rules"
)

// provisions codes each sentence by the codebook.
func (d *draft) provisions() {
	if !d.rec.OnTopic {
		return // the codebook is of the reform's plans, not of every text on associations
	}
	book := d.x.rules.Codebook
	for _, s := range d.sentences {
		text := s.span.In(d.body)
		if !d.codable(s) || book.Preamble != nil && book.Preamble.MatchString(text) {
			continue
		}
		near := book.Near(text)
		if !near.Any() {
			continue
		}
		for i := range book.Provisions {
			p := &book.Provisions[i]
			status, at := p.Status(text, &near, d.rec.Generation)
			if status == "" || containing(d.quoted, shifted(at, s.span.Start)) {
				continue // 《关于全面推开…脱钩改革的实施意见》 is only named
			}
			d.rec.Provisions = append(d.rec.Provisions, d.provision(p, s, status))
		}
	}
	d.dropHeadings()
}

// codable reports whether a sentence belongs to the text itself and is not its title.
func (d *draft) codable(s sentence) bool {
	if s.span.Start < d.textStart || !d.inText(s.span) || d.text.Blocks[s.block].Kind == corpus.BlockTitle {
		return false
	}
	text := strings.TrimSpace(s.span.In(d.body))
	return text != d.rec.Title && (d.rec.Carrier == nil || text != d.rec.Carrier.Title)
}

// dropHeadings drops provisions found in a mere heading ("（二）完善综合监管体制。") where
// the text below it states them.
func (d *draft) dropHeadings() {
	heading := func(p corpus.Provision) bool {
		i, ok := d.sectionIDs[p.Section]
		if !ok || p.Section == "" {
			return false
		}
		s := &d.rec.Outline[i]
		return s.Heading != "" && p.Span.Start == s.Span.Start && p.Span.Len() <= len(s.Marker)+len(s.Heading)+len("。 ")
	}
	all := d.rec.Provisions
	stated := map[string]bool{}
	for _, p := range all {
		if !heading(p) {
			stated[p.ID+" "+p.Section] = true
		}
	}
	d.rec.Provisions = slices.DeleteFunc(all, func(p corpus.Provision) bool { return stated[p.ID+" "+p.Section] && heading(p) })
}

// provision is p as sentence s has it, with its deadlines and departments, and what
// differs from the central default of its wave.
func (d *draft) provision(p *rules.ProvisionRule, s sentence, status string) corpus.Provision {
	v := corpus.Provision{ID: p.ID, Status: status, Evidence: corpus.Cite(d.body, s.span, "codebook/"+p.ID)}
	v.Clause, v.Section = d.placeOf(s.span.Start)
	v.Organs = d.actors(s)
	def := p.DefaultIn(d.rec.Generation)
	for _, x := range d.deadlinesIn(s.span) {
		v.Deadlines = append(v.Deadlines, x.UID)
		switch {
		case def.Due != "" && x.Kind == corpus.KindBy && x.End != nil && *x.End != def.Due:
			v.Changed = append(v.Changed, "due "+*x.End+" for "+def.Due)
		case def.From != "" && x.Kind == corpus.KindFrom && x.Start != nil && *x.Start != def.From:
			v.Changed = append(v.Changed, "from "+*x.Start+" for "+def.From)
		}
	}
	if k := otherDepartments(v.Organs, def.Organs); k != "" {
		v.Changed = append(v.Changed, k)
	}
	for _, a := range p.Additions {
		if a.Pattern.MatchString(s.span.In(d.body)) {
			v.Changed = append(v.Changed, "addition: "+a.Name)
		}
	}
	if len(v.Changed) > 0 && status == "stated" {
		v.Status = "changed"
	}
	return v
}

// generalKinds are in charge of everything in their place, or are no department:
// that they act changes nothing.
var generalKinds = []string{"", "supervising_unit", "joint_working_group", "government", "party_office", "government_office"}

// otherDepartments tells that other kinds of departments act than the central plan
// names, where one kind alone acts and is not among those named.
func otherDepartments(os []corpus.OrganRef, want []string) string {
	var got []string
	for _, o := range os {
		if slices.Contains(want, o.Kind) {
			return ""
		}
		if !slices.Contains(generalKinds, o.Kind) && !slices.Contains(got, o.Kind) {
			got = append(got, o.Kind)
		}
	}
	if len(got) != 1 || len(want) == 0 { // several share the sentence, and maybe its tasks
		return ""
	}
	return "department " + got[0] + " for " + strings.Join(want, ", ")
}

// deadlinesIn are the deadlines whose words begin in s. Deadlines are in the
// order of the text, so a search finds the first.
func (d *draft) deadlinesIn(s corpus.Span) []corpus.Deadline {
	all := d.rec.Deadlines
	from := sort.Search(len(all), func(i int) bool { return all[i].Span.Start >= s.Start })
	to := sort.Search(len(all), func(i int) bool { return all[i].Span.Start >= s.End })
	return all[from:to]
}
