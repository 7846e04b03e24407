package timeline

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"tuogou/compare"
	"tuogou/compare/align"
	"tuogou/corpus"
)

// Deadline is what the records say of one obligation now: the copies of one
// deadline put together. It has no uid yet.
type Deadline struct {
	Obligation
	raw   json.RawMessage // the deadline of the first source, as in its record
	works []string        // keys of the work
	docs  []string        // "document\x00uid in the record", one for each source
	order int             // in its document
	// replaced is the key, as in docs, of the deadline that the text itself puts in
	// its place; until is set where another document repeals the whole.
	replaced string
	until    corpus.DocID
	face     face
}

// Read gathers the deadlines of records on the topic (with off, of the others).
// Copies of one document give each deadline once, and a story that repeats a plan's
// deadline is one more source of it. The order is that of places, documents and
// their texts.
func Read(records []*corpus.Record, off bool) []Deadline { return read(records, records, off) }

// read is Read, with all the records that may repeal those.
func read(records, all []*corpus.Record, off bool) []Deadline {
	list := slices.DeleteFunc(slices.Clone(records), func(r *corpus.Record) bool {
		return r == nil || r.OnTopic == off || len(r.Deadlines) == 0
	})
	slices.SortStableFunc(list, speaksBefore)
	repealed := repeals(all)
	var out []Deadline
	for _, group := range works(list) {
		keys := workKeys(group)
		group = lastVersions(group)
		var ds []Deadline
		for _, r := range group {
			ds = join(ds, deadlinesOf(r, keys))
		}
		for i := range ds {
			ds[i].until = repealed[ds[i].Sources[0].Document.ID]
		}
		out = append(out, ds...)
	}
	out = withoutStories(out)
	slices.SortStableFunc(out, func(a, b Deadline) int {
		return cmp.Or(strings.Compare(a.Place.Code, b.Place.Code),
			strings.Compare(string(a.Sources[0].Document.ID), string(b.Sources[0].Document.ID)), a.order-b.order)
	})
	return out
}

// binds reports whether a document of this kind gives orders.
func binds(k corpus.Kind) bool {
	switch k {
	case corpus.KindPlan, corpus.KindNotice, corpus.KindOpinion, corpus.KindMeasures:
		return true
	}
	return false
}

// speaksBefore puts the copy first that shall speak for a work: what binds, what is
// whole, what has a number and a date of signing, then the older.
func speaksBefore(a, b *corpus.Record) int {
	rank := func(r *corpus.Record) int {
		n := 0
		for _, good := range []bool{binds(r.Kind), !r.Text.Truncated, r.DocNumber != nil, r.Dates.Signed != nil} {
			if n *= 2; !good {
				n++
			}
		}
		return n
	}
	da, _ := compare.DateOf(a)
	db, _ := compare.DateOf(b)
	later := 0
	if a.Source.URL == "" && a.Source.Path == b.Source.Path {
		later = strings.Compare(b.Source.Fetched, a.Source.Fetched)
	}
	return cmp.Or(rank(a)-rank(b), strings.Compare(da, db), strings.Compare(a.Source.URL, b.Source.URL), strings.Compare(a.Source.Path, b.Source.Path),
		later, strings.Compare(string(a.ID), string(b.ID)))
}

// lastVersions leaves out what a file said before it was edited and added again: it has
// no address by which the two were one document. group is sorted.
func lastVersions(group []*corpus.Record) []*corpus.Record {
	newest := map[string]*corpus.Record{}
	for _, r := range group {
		if n := newest[r.Source.Path]; r.Source.URL == "" && r.Source.Path != "" && (n == nil || n.Source.Fetched < r.Source.Fetched) {
			newest[r.Source.Path] = r
		}
	}
	return slices.DeleteFunc(group, func(r *corpus.Record) bool {
		n := newest[r.Source.Path]
		return r.Source.URL == "" && n != nil && n.ID != r.ID
	})
}

// works groups records that are copies of one document: one text, much the same
// text, or one number at one place under much the same title.
func works(list []*corpus.Record) [][]*corpus.Record {
	root := map[corpus.DocID]corpus.DocID{}
	find := func(id corpus.DocID) corpus.DocID {
		for root[id] != "" {
			id = root[id]
		}
		return id
	}
	same := func(a, b corpus.DocID) {
		if a, b = find(a), find(b); a != b {
			root[b] = a
		}
	}
	first := map[string]*corpus.Record{}
	for _, r := range list {
		for _, key := range copyKeys(r) {
			if f, ok := first[key]; !ok {
				first[key] = r
			} else if strings.HasPrefix(key, "x") || oneTitle(f.Title, r.Title) {
				same(f.ID, r.ID)
			}
		}
	}
	for _, group := range compare.Published(list) {
		for _, r := range group[1:] {
			same(group[0].ID, r.ID)
		}
	}
	at := map[corpus.DocID]int{}
	var out [][]*corpus.Record
	for _, r := range list {
		id := find(r.ID)
		i, ok := at[id]
		if !ok {
			i = len(out)
			at[id] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], r)
	}
	return out
}

// copyKeys are the signs by which two records may be copies of each other.
func copyKeys(r *corpus.Record) []string {
	out := []string{"x" + string(r.Text.SHA256)}
	if n := r.DocNumber; n != nil && n.Normal != "" && binds(r.Kind) {
		out = append(out, "n"+n.Normal+"\x00"+r.Jurisdiction.Code)
	}
	return out
}

func oneTitle(a, b string) bool {
	x, y := align.Normal(a, nil), align.Normal(b, nil)
	return len(x) == 0 || len(y) == 0 || max(align.Share(x, y), align.Share(y, x)) >= 0.8
}

// sourceKeys name a work beyond its documents, so that it is known again when it
// stands at another address: its text, its number, and its title with its place and
// year.
func sourceKeys(s Source, place string) []string {
	out := []string{"x" + string(s.Text)}
	if s.Number != "" && binds(s.Document.Kind) {
		out = append(out, "n"+s.Number+"\x00"+place)
	}
	if t := string(align.Normal(s.Document.Title, nil)); len([]rune(t)) >= 8 {
		year, _, _ := strings.Cut(s.Document.Date, "-")
		out = append(out, "t"+t+"\x00"+place+"\x00"+year)
	}
	return out
}

func workKeys(group []*corpus.Record) []string {
	var out []string
	for _, r := range group {
		for _, k := range sourceKeys(sourceOf(r), r.Jurisdiction.Code) {
			if !slices.Contains(out, k) {
				out = append(out, k)
			}
		}
	}
	return out
}

// deadlinesOf are the deadlines of one record, in the order of its text. Of two
// that stand on the same words with the same days, one is kept.
func deadlinesOf(r *corpus.Record, keys []string) []Deadline {
	entries := map[string]compare.Entry{}
	s := compare.Timeline([]*corpus.Record{r}, compare.TimelineOptions{OffTopic: true})
	for _, e := range append(s.Entries, s.Unresolved...) {
		entries[e.UID] = e
	}
	var out []Deadline
	for i := range r.Deadlines {
		d := &r.Deadlines[i]
		e, ok := entries[d.UID]
		twin := func(x Deadline) bool { return x.When.same(whenOf(d, e)) && d.Span.Overlaps(spanOf(r, x)) }
		if !ok || slices.ContainsFunc(out, twin) {
			continue
		}
		out = append(out, newDeadline(r, d, e, keys, i))
	}
	return out
}

func spanOf(r *corpus.Record, x Deadline) corpus.Span {
	for _, d := range r.Deadlines {
		if d.UID == x.Sources[0].Deadline {
			return d.Span
		}
	}
	return corpus.Span{}
}

func whenOf(d *corpus.Deadline, e compare.Entry) When {
	w := When{Kind: e.Kind, EDTF: e.EDTF, Start: e.Start, End: e.End, StrictEnd: e.StrictEnd, RRule: e.RRule, Resolved: e.Resolved,
		Formula: d.Formula, Workdays: d.Workdays, Goal: e.Goal, Hedged: e.Hedged, Approximate: e.Approximate}
	if d.Anchor != nil {
		a := *d.Anchor
		w.Anchor = &a
	}
	return w
}

func newDeadline(r *corpus.Record, d *corpus.Deadline, e compare.Entry, keys []string, order int) Deadline {
	raw, err := json.Marshal(d)
	if err != nil {
		raw = nil // a deadline holds nothing that JSON cannot
	}
	out := Deadline{raw: raw, works: keys, docs: []string{docKey(r.ID, d.UID)}, order: order}
	if d.SupersededBy != "" {
		out.replaced = docKey(r.ID, d.SupersededBy)
	}
	j := r.Jurisdiction
	out.Obligation = Obligation{
		Status: Open, Place: Place{Place: e.Place, Codes: j.Codes, Path: j.Path}, Clause: d.Clause, Section: d.Section,
		Provisions: []string{}, Task: e.Action, Words: e.Words, Sentence: e.Cite.Sentence, Parties: []Party{}, When: whenOf(d, e),
		Sources: []Source{sourceOf(r)},
	}
	out.Sources[0].Deadline, out.Sources[0].Chars = d.UID, e.Cite.Chars
	if out.Sentence == "" {
		out.Sentence = e.Cite.Quote
	}
	for _, p := range r.Provisions {
		if slices.Contains(p.Deadlines, d.UID) && !slices.Contains(out.Provisions, p.ID) {
			out.Provisions = append(out.Provisions, p.ID)
		}
	}
	for _, o := range e.Organs {
		out.Parties = append(out.Parties, Party{Name: o.Text, Kind: o.Kind, Kinds: o.Candidates, Level: o.Level, Role: o.Role})
	}
	out.face = faceOf(&out)
	return out
}

// sourceOf is a document as a source, without the place in it. When it was fetched is
// no fact of an obligation: it would change daily.
func sourceOf(r *corpus.Record) Source {
	s := Source{Document: compare.DocumentOf(r), Issuers: []string{}, Bytes: r.Source.SHA256, Text: r.Text.SHA256, Rules: r.Rules}
	s.Document.Fetched = ""
	if r.DocNumber != nil {
		s.Number = r.DocNumber.Normal
	}
	for _, i := range r.Issuers {
		s.Issuers = append(s.Issuers, i.Name)
	}
	return s
}

func docKey(id corpus.DocID, uid string) string { return string(id) + "\x00" + uid }

// join adds the deadlines of a further copy. What the first copies state already
// gains a source; what only this one states is added.
func join(have, more []Deadline) []Deadline {
	var old, now []*face
	for i := range have {
		old = append(old, &have[i].face)
	}
	for i := range more {
		now = append(now, &more[i].face)
	}
	taken := map[int]bool{}
	for _, p := range pairs(old, now, leastCopy) {
		taken[p.now] = true
		have[p.old].addSource(more[p.now])
	}
	for i := range more {
		if !taken[i] {
			more[i].order += 10000 * len(have)
			have = append(have, more[i])
		}
	}
	return have
}

func (d *Deadline) addSource(c Deadline) {
	for _, s := range c.Sources {
		if s.Day = ""; c.When.Day() != d.When.Day() {
			s.Day = c.When.Day()
		}
		d.Sources = append(d.Sources, s)
	}
	d.docs = append(d.docs, c.docs...)
}

// withoutStories leads what news and summaries repeat to the plan of the same place
// that says it: the same day, and a task in much the same words.
func withoutStories(list []Deadline) []Deadline {
	at := map[string][]int{}
	key := func(d Deadline) string {
		return d.Place.Code + "\x00" + string(d.When.Kind) + "\x00" + d.When.Start + "\x00" + d.When.End
	}
	for i, d := range list {
		if binds(d.Sources[0].Document.Kind) && d.When.Day() != "" && d.Place.Code != "" {
			at[key(d)] = append(at[key(d)], i)
		}
	}
	gone := map[int]bool{}
	for i, d := range list {
		if binds(d.Sources[0].Document.Kind) {
			continue
		}
		best, likest := -1, leastStory
		for _, k := range at[key(d)] {
			if s := list[k].face.task.like(d.face.task); s >= likest {
				best, likest = k, s
			}
		}
		if best >= 0 {
			list[best].addSource(d)
			gone[i] = true
		}
	}
	var out []Deadline
	for i, d := range list {
		if !gone[i] {
			out = append(out, d)
		}
	}
	return out
}

// repeals gives for each document the one that puts it out of force.
func repeals(records []*corpus.Record) map[corpus.DocID]corpus.DocID {
	out := map[corpus.DocID]corpus.DocID{}
	for _, r := range records {
		if r == nil || !binds(r.Kind) {
			continue
		}
		for _, ref := range r.References {
			if ref.Relation == corpus.Repeals && ref.Target != "" && ref.Target != r.ID {
				if id := out[ref.Target]; id == "" || r.ID < id {
					out[ref.Target] = r.ID
				}
			}
		}
	}
	return out
}
