package extract

import (
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"tuogou/corpus"
	"tuogou/corpus/organs"
)

// listedOrgans adds to the organs those that no table knows and that stand in a list
// of organs only: "责任单位：财政局、人才办、建设局", "（水利部、空管委办公室负责）". Without
// them a list would end at the first name that is unknown.
func (d *draft) listedOrgans() {
	var closed []corpus.Span
	for _, b := range d.text.Blocks {
		if b.Kind != corpus.BlockOutside && b.Kind != corpus.BlockMeta {
			closed = append(closed, d.closedLists(b.Span)...)
		}
	}
	if len(closed) == 0 {
		return
	}
	closed = disjoint(closed)
	var found []organs.Mention
	for _, c := range closed {
		if len(d.organsWithin(c)) > 0 { // else its label is that of something else
			found = append(found, d.unnamedIn(c)...)
		}
	}
	for _, o := range found {
		d.organs = append(d.organs, o)
		d.lists = append(d.lists, organs.List{Span: o.Span, Members: []organs.Mention{o}})
	}
	sort.SliceStable(d.organs, func(i, j int) bool { return d.organs[i].Span.Start < d.organs[j].Span.Start })
	sort.SliceStable(d.lists, func(i, j int) bool { return d.lists[i].Span.Start < d.lists[j].Span.Start })
	d.lists = slices.DeleteFunc(d.lists, func(l organs.List) bool { return containing(closed, l.Span) && d.bracketed(l.Span) })
	d.joinLists(func(gap corpus.Span) bool {
		return containing(closed, gap) && d.x.rules.Organs.Joins(withoutBracket(gap.In(d.body)))
	})
}

// maxClosed is the longest list of organs, in bytes.
const maxClosed = 900

// closedLists are the stretches of b that name organs only.
func (d *draft) closedLists(b corpus.Span) []corpus.Span {
	w, text := d.x.rules.Who, b.In(d.body)
	var out []corpus.Span
	for _, m := range w.ListOpen.FindAllStringIndex(text, -1) {
		rest := head(text[m[1]:], maxClosed)
		depth, end := 0, len(rest)
	list:
		for i, r := range rest {
			switch r {
			case '（', '(':
				depth++
			case '）', ')', '】', ']':
				if depth--; depth < 0 {
					end = i
					break list
				}
			case '。', '；', ';', '\n', '：', ':':
				end = i
				break list
			}
		}
		out = append(out, corpus.Span{Start: b.Start + m[1], End: b.Start + m[1] + end})
	}
	for _, m := range w.ListBracket.FindAllStringSubmatchIndex(text, -1) {
		out = append(out, corpus.Span{Start: b.Start + m[2], End: b.Start + m[3]})
	}
	return slices.DeleteFunc(out, corpus.Span.Empty)
}

// unnamedIn are the members of a closed list that are no known organ but are called
// like one.
func (d *draft) unnamedIn(list corpus.Span) []organs.Mention {
	w := d.x.rules.Who
	var out []organs.Mention
	for at := list.Start; at < list.End; {
		item := corpus.Span{Start: at, End: list.End}
		if i := strings.IndexAny(item.In(d.body), "，,）)"); i >= 0 {
			item.End = at + i
		}
		// "各区、县级市" is one member
		if all := trim(d.body, item); !all.Empty() && !d.named(all) && w.ListLocal.MatchString(all.In(d.body)) {
			words := all.In(d.body)
			out = append(out, organs.Mention{Span: all, Text: words, Name: words, Stem: words, All: true})
			at = item.End
		}
		item = corpus.Span{Start: at, End: list.End}
		if i := strings.IndexAny(item.In(d.body), "、，,（(）)"); i >= 0 {
			item.End = at + i
		}
		_, step := utf8.DecodeRuneInString(d.body[item.End:])
		at = item.End + max(1, step)
		item = trim(d.body, item)
		d.widen(item)
		words := item.In(d.body)
		if item.Empty() || d.named(item) || !w.Listed.MatchString(words) || w.NotListed.MatchString(words) {
			continue
		}
		out = append(out, organs.Mention{Span: item, Text: words, Name: words, Stem: words})
	}
	return out
}

// widen makes an organ that ends a member of a list the whole of it, where the part is
// of no known kind or has neither place nor level: 区党工委 is no organ where 园区党工委
// stands, and 体育局 none where 文化和广电旅游体育局 does, which is of no one kind.
func (d *draft) widen(item corpus.Span) {
	w, words := d.x.rules.Who, item.In(d.body)
	i := sort.Search(len(d.organs), func(i int) bool { return d.organs[i].Span.End >= item.End })
	if i == len(d.organs) || d.organs[i].Span.End != item.End || d.organs[i].Span.Start <= item.Start {
		return
	}
	o := d.organs[i]
	if bare := o.Place == "" && (o.Level == "" || o.Inherited); len(o.Kinds) > 0 && !bare || o.Role || o.Generic || o.All || !w.Listed.MatchString(words) || w.NotListed.MatchString(words) {
		return
	}
	whole := organs.Mention{Span: item, Text: words, Name: words, Stem: words}
	d.organs[i] = whole
	i = sort.Search(len(d.lists), func(i int) bool { return d.lists[i].Span.End >= item.End })
	if i == len(d.lists) {
		return
	}
	for j, m := range d.lists[i].Members {
		if m.Span.End == item.End {
			d.lists[i].Members[j] = whole
			d.lists[i].Span.Start = min(d.lists[i].Span.Start, item.Start)
		}
	}
}

// bracketed reports whether s is all that a bracket holds: 区委社会工委 of
// "区民政局（区委社会工委）、园区党工委", the other name of the member before it.
func (d *draft) bracketed(s corpus.Span) bool {
	before, _ := utf8.DecodeLastRuneInString(d.body[:s.Start])
	after, _ := utf8.DecodeRuneInString(d.body[s.End:])
	return (before == '（' || before == '(') && (after == '）' || after == ')')
}

// withoutBracket is a gap between two members without the bracket behind the first:
// "区民政局（区委社会工委）、园区党工委".
func withoutBracket(gap string) string {
	gap = strings.TrimSpace(gap)
	r, w := utf8.DecodeRuneInString(gap)
	if r != '（' && r != '(' {
		return gap
	}
	if i := strings.IndexAny(gap[w:], "）)"); i >= 0 {
		_, close := utf8.DecodeRuneInString(gap[w+i:])
		return gap[w+i+close:]
	}
	return gap
}
