package extract

import (
	"slices"
	"sort"
	"strings"

	"tuogou/corpus"
	"tuogou/corpus/organs"
)

// selfOrgans adds the issuer where the text speaks of it as 我局, 我委 or 本厅, so
// that it has the duties told of it. Where no issuer, or more than one, can be meant
// the words stay unread.
func (d *draft) selfOrgans() {
	var found []organs.List
	for _, m := range d.x.rules.Who.Self.FindAllStringSubmatchIndex(d.body, -1) {
		span := corpus.Span{Start: m[0], End: m[1]}
		if !d.inText(span) || d.named(span) {
			continue
		}
		if o, ok := d.selfOf(span, d.body[m[2]:m[3]]); ok {
			found = append(found, organs.List{Span: span, Members: []organs.Mention{o}})
		}
	}
	if len(found) == 0 {
		return
	}
	for _, l := range found {
		d.organs = append(d.organs, l.Members[0])
	}
	sort.SliceStable(d.organs, func(i, j int) bool { return d.organs[i].Span.Start < d.organs[j].Span.Start })
	d.lists = append(d.lists, found...)
	sort.SliceStable(d.lists, func(i, j int) bool { return d.lists[i].Span.Start < d.lists[j].Span.Start })
	d.joinLists(func(gap corpus.Span) bool {
		return slices.Contains([]string{"、", "和", "与", "及"}, strings.TrimSpace(gap.In(d.body)))
	})
}

// joinLists joins neighbours that only 、 or the like parts: "我局、市财政局".
func (d *draft) joinLists(joins func(gap corpus.Span) bool) {
	out := d.lists[:0:0]
	for _, l := range d.lists {
		if n := len(out); n > 0 {
			end := out[n-1].Span.End
			if joins(corpus.Span{Start: end, End: max(end, l.Span.Start)}) {
				members := append(slices.Clone(out[n-1].Members), l.Members...)
				out[n-1] = organs.List{Span: corpus.Span{Start: out[n-1].Span.Start, End: l.Span.End}, Members: members}
				continue
			}
		}
		out = append(out, l)
	}
	d.lists = out
}

// named reports whether an organ is found at s already.
func (d *draft) named(s corpus.Span) bool {
	i := sort.Search(len(d.organs), func(i int) bool { return d.organs[i].Span.End > s.Start })
	return i < len(d.organs) && d.organs[i].Span.Overlaps(s)
}

// selfOf is the one issuer whose name ends like the word behind 我: 局 of 市民政局, 委
// of 市发展和改革委员会.
func (d *draft) selfOf(span corpus.Span, last string) (organs.Mention, bool) {
	var out []organs.Mention
	for _, i := range d.rec.Issuers {
		name := i.Name
		if m := d.x.rules.Who.SelfTail.FindStringIndex(name); m != nil {
			name = name[:m[0]]
		}
		if !strings.HasSuffix(name, last) {
			continue
		}
		o := organs.Mention{Span: span, Text: span.In(d.body), Name: i.Name}
		if i.Organ != "" {
			o.Kinds = []string{i.Organ}
		}
		if i.Jurisdiction == d.rec.Jurisdiction.Code {
			o.Level = d.rec.Jurisdiction.Level
		}
		out = append(out, o)
	}
	if len(out) != 1 {
		return organs.Mention{}, false
	}
	return out[0], true
}
