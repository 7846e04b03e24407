package extract

import (
	"sort"

	"tuogou/corpus"
	"tuogou/corpus/organs"
)

// lookup answers "what stands here" by binary search. Texts of ten megabytes in
// one line do occur (a page that is nothing but its noise), and a scan of all
// sentences for each organ would not end.

// blockIndex is the block that holds byte at, or -1.
func (d *draft) blockIndex(at int) int {
	bs := d.text.Blocks
	i := sort.Search(len(bs), func(i int) bool { return bs[i].Span.End > at })
	if i < len(bs) && bs[i].Span.Start <= at {
		return i
	}
	return -1
}

func (d *draft) blockOf(at int) corpus.Span {
	if i := d.blockIndex(at); i >= 0 {
		return d.text.Blocks[i].Span
	}
	return corpus.Span{Start: at, End: at}
}

func (d *draft) lineStart(at int) int { return d.blockOf(at).Start }
func (d *draft) blockEnd(at int) int  { return d.blockOf(at).End }

// inText reports whether s stands in the text itself, not in page furniture.
func (d *draft) inText(s corpus.Span) bool {
	i := d.blockIndex(s.Start)
	if i < 0 || !d.text.Blocks[i].Span.Contains(s) {
		return false
	}
	k := d.text.Blocks[i].Kind
	return k != corpus.BlockOutside && k != corpus.BlockMeta
}

// sentenceIndex is the sentence that holds s, or -1.
func (d *draft) sentenceIndex(s corpus.Span) int {
	i := sort.Search(len(d.sentences), func(i int) bool { return d.sentences[i].span.End >= s.End })
	if i < len(d.sentences) && d.sentences[i].span.Contains(s) {
		return i
	}
	return -1
}

func (d *draft) sentenceOf(s corpus.Span) (sentence, bool) {
	if i := d.sentenceIndex(s); i >= 0 {
		return d.sentences[i], true
	}
	return sentence{}, false
}

// listsIn are the lists of organs inside s, in order.
func (d *draft) listsIn(s corpus.Span) []organs.List {
	from := sort.Search(len(d.lists), func(i int) bool { return d.lists[i].Span.Start >= s.Start })
	to := from
	for to < len(d.lists) && d.lists[to].Span.End <= s.End {
		to++
	}
	return d.lists[from:to]
}

// organsWithin are the organs inside s, in order.
func (d *draft) organsWithin(s corpus.Span) []organs.Mention {
	from := sort.Search(len(d.organs), func(i int) bool { return d.organs[i].Span.Start >= s.Start })
	to := from
	for to < len(d.organs) && d.organs[to].Span.End <= s.End {
		to++
	}
	return d.organs[from:to]
}

// overlapping reports whether one of the spans, which are in order and do not
// overlap, shares a byte with s.
func overlapping(spans []corpus.Span, s corpus.Span) bool {
	i := sort.Search(len(spans), func(i int) bool { return spans[i].End > s.Start })
	return i < len(spans) && spans[i].Overlaps(s)
}

// containing reports whether one of the spans, which are in order and do not
// overlap, holds s.
func containing(spans []corpus.Span, s corpus.Span) bool {
	i := sort.Search(len(spans), func(i int) bool { return spans[i].End >= s.End })
	return i < len(spans) && spans[i].Contains(s)
}

// disjoint puts spans in order and joins those that overlap.
func disjoint(spans []corpus.Span) []corpus.Span {
	sort.Slice(spans, func(i, j int) bool { return spans[i].Start < spans[j].Start })
	var out []corpus.Span
	for _, s := range spans {
		if n := len(out); n > 0 && out[n-1].Overlaps(s) {
			out[n-1].End = max(out[n-1].End, s.End)
			continue
		}
		out = append(out, s)
	}
	return out
}

// sectionAt is the innermost section that holds byte at, or nil. Sections are in
// the order of their starts and nested, so the last one that starts before at is
// it, or one of those around it.
func (d *draft) sectionAt(at int) *corpus.Section {
	o := d.rec.Outline
	i := sort.Search(len(o), func(i int) bool { return o[i].Span.Start > at }) - 1
	for i >= 0 {
		if at < o[i].Span.End {
			return &o[i]
		}
		up := -1
		if o[i].Parent != "" {
			up = d.sectionIDs[o[i].Parent]
		}
		i = up
	}
	return nil
}
