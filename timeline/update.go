package timeline

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"tuogou/compare"
	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/rules"
)

// Facts are what is known now.
type Facts struct {
	Records     []*corpus.Record
	Corrections []store.Correction
	// Gone are documents that are no longer at their address.
	Gone map[corpus.DocID]bool
	// Workdays counts working days from anchors that became known; nil: none.
	Workdays *rules.Workdays
	At       time.Time
	// Beside are documents that Records lean on (they cite them, follow them, are
	// repealed by them). Their own obligations stay as they are: Standing gives those
	// that name a document.
	Beside   []*corpus.Record
	Standing func(corpus.DocID) []Obligation
	// Taken reports whether an obligation that is not among the old ones has a uid
	// already. nil: all are among them.
	Taken func(uid string) bool
}

// all are the records and those beside them.
func (f Facts) all() []*corpus.Record { return slices.Concat(f.Records, f.Beside) }

// Update works out what happened to the obligations since they were as in old: the
// typed changes, each with the obligation as it stands after it. Applied to old they
// give the obligations as they are now. Nothing new gives no change.
func Update(old []Obligation, now Facts) []Change {
	u := newUpdate(old, now)
	found := read(now.Records, now.all(), false)
	u.anchor(found)
	match := u.match(found)
	for i := range found {
		o, known := Obligation{}, false
		if at, ok := match[i]; ok {
			o, known = u.old[at], true
		}
		u.take(found[i], o, known)
	}
	u.replace(found)
	u.drift()
	kept := map[int]bool{}
	for _, at := range match {
		kept[at] = true
	}
	for i, o := range u.old {
		if !kept[i] {
			u.lose(o)
		}
	}
	return u.changes()
}

func newUpdate(old []Obligation, now Facts) *update {
	u := &update{now: now, old: slices.Clone(old), records: map[corpus.DocID]*corpus.Record{},
		byDoc: map[string]string{}, bound: map[string]string{}, taken: map[string]bool{}}
	slices.SortFunc(u.old, inText)
	for _, r := range now.all() {
		if r != nil {
			u.records[r.ID] = r
		}
	}
	for _, o := range u.old {
		for _, f := range o.Fixes {
			u.bound[f.ID] = o.UID
		}
		u.taken[o.UID] = true
	}
	return u
}

// OffTopic is what documents off the topic ask for. The ledger does not follow it: a
// uid of it is that of a first meeting.
func OffTopic(now Facts) []Obligation {
	u := newUpdate(nil, now)
	out := []Obligation{}
	for _, d := range Read(now.Records, true) {
		u.take(d, Obligation{}, false)
		out = append(out, u.steps[len(u.steps)-1].to)
	}
	return out
}

// inText orders obligations by place, document and their place in the text.
func inText(a, b Obligation) int {
	var x, y Source
	if len(a.Sources) > 0 {
		x = a.Sources[0]
	}
	if len(b.Sources) > 0 {
		y = b.Sources[0]
	}
	return cmp.Or(strings.Compare(a.Place.Code, b.Place.Code), strings.Compare(string(x.Document.ID), string(y.Document.ID)),
		x.Chars.Start-y.Chars.Start, strings.Compare(a.UID, b.UID))
}

// update is one run of Update.
type update struct {
	now     Facts
	old     []Obligation
	records map[corpus.DocID]*corpus.Record
	steps   []step
	byDoc   map[string]string // document and deadline in its record → uid
	bound   map[string]string // correction → the obligation that has it
	taken   map[string]bool   // uids
}

// step is one obligation before and after.
type step struct {
	from, to Obligation
	known    bool // from was in the ledger
}

// match leads deadlines to the obligations they are: index of found → index of old.
func (u *update) match(found []Deadline) map[int]int {
	olds, nows := make([]*face, len(u.old)), make([]*face, len(found))
	for i := range u.old {
		f := faceOfOld(&u.old[i])
		olds[i] = &f
	}
	for i := range found {
		nows[i] = &found[i].face
		nows[i].docs = slices.Sorted(slices.Values(found[i].docs))
	}
	out := map[int]int{}
	for _, p := range choose(u.related(found, olds, nows)) {
		out[p.now] = p.old
	}
	u.moved(found, olds, nows, out)
	return out
}

func faceOfOld(o *Obligation) face {
	d := Deadline{Obligation: *o}
	for _, s := range o.Sources {
		d.docs = append(d.docs, docKey(s.Document.ID, s.Deadline))
	}
	return faceOf(&d)
}

// related are the pairs within one work: a document of both, or a key of both.
func (u *update) related(found []Deadline, olds, nows []*face) []pair {
	at := map[string][]int{}
	for i, o := range u.old {
		for _, k := range keysOfOld(o) {
			at[k] = append(at[k], i)
		}
	}
	var all []pair
	for j, d := range found {
		seen := map[int]bool{}
		for _, k := range keysOf(d) {
			for _, i := range at[k] {
				if seen[i] {
					continue
				}
				seen[i] = true
				if s, same := likeness(olds[i], nows[j]); s >= leastLike {
					// One that was withdrawn comes back only where none that stands fits.
					if u.old[i].Status == Withdrawn {
						s -= 0.02
					}
					all = append(all, pair{i, j, s, same})
				}
			}
		}
	}
	return all
}

func keysOf(d Deadline) []string {
	out := slices.Clone(d.works)
	for _, s := range d.Sources {
		out = append(out, documentKey(s.Document.ID))
	}
	return out
}

// keysOfOld are the keys of an obligation's works, made from what the ledger keeps.
func keysOfOld(o Obligation) []string {
	var out []string
	for _, s := range o.Sources {
		out = append(out, documentKey(s.Document.ID))
		out = append(out, sourceKeys(s, o.Place.Code)...)
	}
	return out
}

// moved leads what is left to obligations of the same place whose work cannot be
// told: the same words and the same time, at a document that nobody knew.
func (u *update) moved(found []Deadline, olds, nows []*face, out map[int]int) {
	taken := map[int]bool{}
	for _, i := range out {
		taken[i] = true
	}
	at := map[string][]int{}
	for i, f := range olds {
		if !taken[i] && f.place != "" && len(f.sentence) >= 8 {
			at[f.place+"\x00"+f.when] = append(at[f.place+"\x00"+f.when], i)
		}
	}
	var all []pair
	for j := range found {
		if _, ok := out[j]; ok {
			continue
		}
		for _, i := range at[nows[j].place+"\x00"+nows[j].when] {
			if s, same := likeness(olds[i], nows[j]); s >= leastMoved {
				all = append(all, pair{i, j, s, same})
			}
		}
	}
	for _, p := range choose(all) {
		out[p.now] = p.old
	}
}

// take sets what a deadline says as the new form of an obligation, or makes one.
func (u *update) take(d Deadline, old Obligation, known bool) {
	to := copyOf(d.Obligation)
	to.Status = Open
	if d.until != "" {
		to.Status, to.SupersededIn = Superseded, d.until
	}
	for i := range to.Sources {
		to.Sources[i].Gone = u.now.Gone[to.Sources[i].Document.ID]
	}
	to.Fixes = u.fixes(d, old)
	applyFixes(&to, u.now.Workdays)
	if known {
		to.UID, to.Sequence, to.Met, to.First, to.Changed, to.Cursor = old.UID, old.Sequence, old.Met, old.First, old.Changed, old.Cursor
	} else {
		to.UID = u.fresh(d)
		to.First = store.Stamp(u.now.At)
		to.Changed = to.First
	}
	for _, k := range d.docs {
		u.byDoc[k] = to.UID
	}
	u.steps = append(u.steps, step{from: old, to: to, known: known})
}

// fresh is a uid that nobody has: made from the work, the place, the clause and the
// task without its date, so that two data folders give one task one uid.
func (u *update) fresh(d Deadline) string {
	work := ""
	if len(d.works) > 0 {
		work = d.works[0]
		for _, k := range d.works { // a number says more than a text that is edited
			if k[0] == 'n' || k[0] == 't' && work[0] != 'n' {
				work = k
			}
		}
	}
	key := strings.Join([]string{work, d.Place.Code, string(d.Clause), fmt.Sprint(d.face.task)}, "\x00")
	for n := 0; ; n++ {
		sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", key, n))
		uid := "o" + hex.EncodeToString(sum[:8])
		if !u.taken[uid] && (u.now.Taken == nil || !u.now.Taken(uid)) {
			u.taken[uid] = true
			return uid
		}
	}
}

// replace leads dates that the text itself gives up to those that it gives instead.
func (u *update) replace(found []Deadline) {
	for i, d := range found {
		if d.replaced == "" {
			continue
		}
		if by := u.byDoc[d.replaced]; by != "" && by != u.steps[i].to.UID {
			u.steps[i].to.Status, u.steps[i].to.SupersededBy = Superseded, by
		}
	}
}

// lose withdraws what no document says any more.
func (u *update) lose(o Obligation) {
	to := copyOf(o)
	to.Status = Withdrawn
	for i, s := range to.Sources {
		to.Sources[i].Gone = u.now.Gone[s.Document.ID]
	}
	u.steps = append(u.steps, step{from: o, to: to, known: true})
}

// changes are the steps as typed changes, in a stable order.
func (u *update) changes() []Change {
	slices.SortStableFunc(u.steps, func(a, b step) int { return inText(a.to, b.to) })
	var out []Change
	for _, s := range u.steps {
		out = append(out, u.changesOf(s)...)
	}
	return out
}

// drift attaches other dates for the same task, and lets a newer document of the
// same place that moves a date supersede the old one.
func (u *update) drift() {
	list := slices.DeleteFunc(u.now.all(), func(r *corpus.Record) bool { return r == nil || !r.OnTopic })
	at := map[corpus.DocID][]int{}
	for i, s := range u.steps {
		for _, x := range s.to.Sources {
			at[x.Document.ID] = append(at[x.Document.ID], i)
		}
	}
	find := func(c compare.Cite) int {
		return slices.IndexFunc(at[c.Doc], func(i int) bool { return states(&u.steps[i].to, c) })
	}
	for _, e := range compare.NewDrift(list, compare.NewLineage(list)).Entries {
		from, to := find(e.FromCite), find(e.ToCite)
		if to < 0 {
			continue
		}
		newer := &u.steps[at[e.ToCite.Doc][to]]
		older := Shift{Kind: e.Kind, Day: e.From, Days: e.Days, Later: e.Later, Place: e.FromPlace, Document: e.FromCite.Doc, Quote: e.FromCite.Quote}
		if from < 0 {
			older.UID = u.standing(e.FromCite)
			newer.shift(older)
			continue
		}
		old := &u.steps[at[e.FromCite.Doc][from]]
		if old == newer {
			continue
		}
		older.UID = old.to.UID
		// A document above has no end of documents below it: it does not list them.
		if e.Kind != compare.DriftLevel {
			old.shift(Shift{Kind: e.Kind, Day: e.To, Days: e.Days, Place: e.Place, Document: e.ToCite.Doc, UID: newer.to.UID, Quote: e.ToCite.Quote})
			if o := &old.to; e.Kind == compare.DriftRevision && o.Status == Open {
				o.Status, o.SupersededBy, o.SupersededIn = Superseded, newer.to.UID, e.ToCite.Doc
			}
		}
		newer.shift(older)
	}
}

// states reports whether an obligation stands on the words.
func states(o *Obligation, c compare.Cite) bool {
	return slices.ContainsFunc(o.Sources, func(x Source) bool { return x.Document.ID == c.Doc && x.Chars == c.Chars })
}

// standing is the uid of the obligation beside these that stands on the words, or "".
func (u *update) standing(c compare.Cite) string {
	if u.now.Standing == nil {
		return ""
	}
	list := u.now.Standing(c.Doc)
	i := slices.IndexFunc(list, func(o Obligation) bool { return o.Status != Withdrawn && states(&o, c) })
	if i < 0 {
		return ""
	}
	return list[i].UID
}

func (s *step) shift(x Shift) {
	if !slices.Contains(s.to.Shifts, x) {
		s.to.Shifts = append(s.to.Shifts, x)
	}
}
