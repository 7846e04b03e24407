package extract

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"tuogou/corpus"
)

// maxTitle is the longest title in characters. Longer is what follows a mark
// that nobody closed.
const maxTitle = 160

// marked is a title in book marks.
type marked struct {
	span, inner corpus.Span // with and without the marks
}

// markedTitles are the titles of the whole body, in order. A title may run on to
// the next line ("《关于…脱钩\n总体方案》"), but over no more than two line ends.
func (d *draft) markedTitles() []marked {
	var out []marked
	for _, m := range d.x.rules.Documents.Reference.Title.FindAllStringSubmatchIndex(d.body, -1) {
		inner := corpus.Span{Start: m[2], End: m[3]}
		words := inner.In(d.body)
		if len(words) > 4*maxTitle || strings.Count(words, "\n") > 2 || utf8.RuneCountInString(words) > maxTitle {
			continue
		}
		out = append(out, marked{corpus.Span{Start: m[0], End: m[1]}, inner})
	}
	return out
}

// refFinder gathers the references of one text.
type refFinder struct {
	d *draft
	// Places in the record's list, by title and number, by number, and by the
	// short name that the text declares (以下简称《方案》).
	byKey, byNumber, short map[string]int
	uses                   map[int]int // how often a short name was used again
	last                   int         // the last title; -1 where none
	chain                  []int       // titles side by side that have no number yet
}

// references finds the documents that the text names: in book marks, with the
// numbers in brackets behind them; without marks before a number in brackets;
// and by number alone (中办发〔2015〕39号精神). A short name stands for what it was
// declared for and is no document of its own; nor is the document's own title.
func (d *draft) references() {
	f := &refFinder{d: d, byKey: map[string]int{}, byNumber: map[string]int{}, short: map[string]int{}, uses: map[int]int{}, last: -1}
	for _, m := range d.booked {
		f.title(m)
	}
	f.numbers()
	for i := range d.rec.References {
		if n := f.uses[i]; n > 0 {
			r := &d.rec.References[i]
			r.Trace = append(r.Trace, "named by its short name again, times: "+itoa(n))
		}
	}
	sort.SliceStable(d.rec.References, func(i, j int) bool {
		return d.rec.References[i].Span.Start < d.rec.References[j].Span.Start
	})
}

// title takes in one title in book marks.
func (f *refFinder) title(m marked) {
	d, r := f.d, &f.d.x.rules.Documents.Reference
	if !d.inLines(m.span) {
		return
	}
	name := plain(m.inner.In(d.body))
	if i, ok := f.short[squeeze(name)]; ok {
		f.uses[i]++
		return
	}
	if r.Self.MatchString(name) {
		return
	}
	ref := corpus.Reference{Title: name, Evidence: corpus.Cite(d.body, m.span, "document/reference")}
	numbers := d.numbersBehind(&ref, m.span)
	if r.NotDocument.MatchString(name) || len(numbers) == 0 && !r.IsDocument.MatchString(name) {
		return
	}
	if i, ok := f.pointsBack(name, m.span.Start); ok && len(numbers) == 0 {
		if i >= 0 {
			f.uses[i]++
		}
		return
	}
	ref.Relation = d.relation(m.span)
	if l, ok := f.before(m.span); ok && ref.Relation == corpus.Cites {
		ref.Relation = l.Relation
		ref.Trace = append(ref.Trace, "goes on in the list of the one before")
	}
	if (d.isOwn(name) || r.Issued.MatchString(head(d.body[m.span.End:], 240))) && ref.Relation != corpus.Repeals {
		if !d.forwarded(name) {
			f.declared(m.span, ref.Span, -1)
			return
		}
		ref.Relation = corpus.Forwards
	}
	first := f.add(ref, numbers)
	f.declared(m.span, ref.Span, first)
	f.last = first
	f.chain = append(f.chain, first)
	if d.rec.References[first].DocNumber != nil {
		f.chain = nil
	}
}

// maxTail is the longest end of a title, in characters, that stands for the whole.
const maxTail = 14

// pointsBack reports whether name is no more than the end of a longer title that was
// named before, or of the document's own (-1): 《分工方案》 after 《…重点任务分工方案》.
func (f *refFinder) pointsBack(name string, at int) (int, bool) {
	key := squeeze(name)
	if utf8.RuneCountInString(key) > maxTail {
		return 0, false
	}
	longer := func(title string) bool { t := squeeze(title); return len(t) > len(key) && strings.HasSuffix(t, key) }
	for i := len(f.d.rec.References) - 1; i >= 0; i-- {
		if r := &f.d.rec.References[i]; r.Span.Start < at && longer(r.Title) {
			return i, true
		}
	}
	own := longer(f.d.rec.Title)
	if c := f.d.rec.Carrier; c != nil {
		own = own || longer(c.Title)
	}
	return -1, own
}

// before is the reference that a list goes on from: 根据《甲》（…号）、《乙》以及《丙》.
func (f *refFinder) before(at corpus.Span) (corpus.Reference, bool) {
	if f.last < 0 {
		return corpus.Reference{}, false
	}
	l := f.d.rec.References[f.last]
	if at.Start < l.Span.End || at.Start-l.Span.End > sceneBytes {
		return l, false
	}
	return l, f.d.x.rules.Documents.Reference.Chain.MatchString(f.d.body[l.Span.End:at.Start])
}

// add puts a reference and its numbers into the list and gives its place.
// Numbers side by side belong to as many titles side by side: 《甲》《乙》（甲号、乙号);
// else the title has them all.
func (f *refFinder) add(ref corpus.Reference, numbers []corpus.DocNumber) int {
	if !f.sideBySide(ref.Span.Start) {
		f.chain = nil
	}
	if n := len(f.chain); n > 0 && len(numbers) == n+1 {
		for i, at := range f.chain {
			f.number(at, &numbers[i])
		}
		numbers = numbers[n:]
	}
	if len(numbers) == 0 {
		return f.put(ref, nil)
	}
	first := f.put(ref, &numbers[0])
	for i := range numbers[1:] {
		f.put(ref, &numbers[i+1])
	}
	return first
}

// put adds ref with its number, or gives the place of the one that is there.
func (f *refFinder) put(ref corpus.Reference, n *corpus.DocNumber) int {
	list := &f.d.rec.References
	key := squeeze(ref.Title)
	if key == "" {
		key = n.Normal
	}
	if at, ok := f.byKey[key]; ok {
		have := &(*list)[at]
		switch {
		case n == nil || have.DocNumber != nil && have.DocNumber.Normal == n.Normal:
			return at
		case have.DocNumber == nil:
			f.number(at, n)
			return at
		}
		if at, ok := f.byKey[key+n.Normal]; ok {
			return at
		}
		key += n.Normal
	}
	at := len(*list)
	f.byKey[key] = at
	*list = append(*list, ref)
	if n != nil {
		f.number(at, n)
	}
	return at
}

func (f *refFinder) number(at int, n *corpus.DocNumber) {
	f.d.rec.References[at].DocNumber = n
	f.byNumber[n.Normal] = at
}

// sideBySide reports whether nothing but marks of a list stands between the last
// title of the chain and byte at.
func (f *refFinder) sideBySide(at int) bool {
	if len(f.chain) == 0 {
		return true
	}
	last := f.d.rec.References[f.chain[len(f.chain)-1]].Span.End
	return last <= at && strings.Trim(f.d.body[last:at], " \u3000\u00a0、,，和及与以") == ""
}

// declared reads a short name that stands in brackets behind a title and its
// number: （以下简称《方案》）, （…号，下称“总体方案”). The place -1 is the document itself.
func (f *refFinder) declared(title, whole corpus.Span, at int) {
	d := f.d
	after := head(d.body[title.End:d.blockEnd(title.End-1)], max(200, whole.End-title.End+90))
	m := d.x.rules.Documents.Reference.Short.FindStringSubmatch(after)
	if m == nil {
		return
	}
	for _, name := range m[1:] {
		if name == "" {
			continue
		}
		f.short[squeeze(name)] = at
		if at >= 0 {
			r := &d.rec.References[at]
			r.Trace = append(r.Trace, "called “"+name+"” below")
		}
	}
}

// inLines reports whether s stands in the text itself, perhaps over a line end.
func (d *draft) inLines(s corpus.Span) bool {
	i, j := d.blockIndex(s.Start), d.blockIndex(s.End-1)
	if i < 0 || j < 0 {
		return false
	}
	for ; i <= j; i++ {
		if k := d.text.Blocks[i].Kind; k == corpus.BlockOutside || k == corpus.BlockMeta {
			return false
		}
	}
	return true
}

// isOwn reports whether title is that of the document or of its carrier, or what
// its notice issues (the text of the plan may be in an attachment).
func (d *draft) isOwn(title string) bool {
	key := squeeze(title)
	if key == "" {
		return false
	}
	if key == squeeze(d.rec.Title) || key == squeeze(d.wrapped(d.rec.Title)) {
		return true
	}
	c := d.rec.Carrier
	return c != nil && (key == squeeze(c.Title) || key == squeeze(d.wrapped(c.Title)))
}

// wrapped is the title of what a notice of that title issues or asks to comment on, or "".
func (d *draft) wrapped(title string) string {
	if m := d.x.rules.Documents.Reference.Asks.FindStringSubmatch(title); m != nil {
		return m[1] + m[2]
	}
	if m := d.x.rules.Documents.Carrier.FindStringSubmatch(title); m != nil {
		return m[1] + m[2]
	}
	return ""
}

// forwarded reports whether the document hands on title, which is another's
// (转发, 批转), rather than issuing it.
func (d *draft) forwarded(title string) bool {
	outer := d.rec.Title
	if d.rec.Carrier != nil {
		outer = d.rec.Carrier.Title
	}
	return d.x.rules.Documents.Reference.HandsOn.MatchString(outer) && squeeze(title) == squeeze(d.wrapped(outer))
}

// relation reads from the words around a title how it is used.
func (d *draft) relation(at corpus.Span) corpus.Relation {
	r := &d.x.rules.Documents.Reference
	s, ok := d.sentenceOf(at)
	if !ok {
		s.span = d.blockOf(at.Start)
	}
	before, after := tail(d.body[s.span.Start:at.Start], sceneBytes), d.body[at.End:max(at.End, s.span.End)]
	before = dropQuoted(before)
	switch {
	case r.Repeals.MatchString(head(after, 90)) || r.RepealsBefore.MatchString(before):
		return corpus.Repeals
	case r.RepealTitle.MatchString(d.rec.Title) && listItem(before):
		return corpus.Repeals
	case r.Implements.MatchString(before) && !r.Told.MatchString(before) && !r.ToldAfter.MatchString(after):
		return corpus.Implements
	case r.Basis.MatchString(before):
		return corpus.Basis
	}
	return corpus.Cites
}

// listItem reports whether nothing but a number stands before a title.
func listItem(before string) bool {
	return !strings.ContainsFunc(before, func(r rune) bool {
		return unicode.IsLetter(r) && !strings.ContainsRune("一二三四五六七八九十", r)
	})
}

// dropQuoted takes earlier titles and numbers out of the words before a title,
// so that a cue before the first of a list is seen from the last.
func dropQuoted(s string) string {
	for {
		i := strings.Index(s, "《")
		j := strings.Index(s, "》")
		if i < 0 || j < i {
			return s
		}
		s = s[:i] + s[j+len("》"):]
	}
}
