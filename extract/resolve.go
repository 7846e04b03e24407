package extract

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"reflect"
	"slices"
	"strings"

	"tuogou/corpus"
)

// Works knows the documents of a corpus by number and title, so that references
// can be led to them. Fill it with [Works.Add], then call [Works.Resolve] for
// each record, or for those that [Works.Due] names. It holds no texts. Add and
// Resolve must not run at once.
type Works struct {
	x        *Extractor
	all      map[corpus.DocID]*work
	byNumber map[string][]*work
	byTitle  map[string][]*work
	moved    map[uint64]bool       // what documents added or changed are or were called
	added    map[corpus.DocID]bool // since the last Encode; true where a reference has a target
}

// work is what is kept of a document.
type work struct {
	ID     corpus.DocID
	Text   corpus.Hash
	Number string   `json:",omitempty"`
	Titles []string `json:",omitempty"`
	Story  bool     `json:",omitempty"` // that bears the title of a plan is not the plan
	Code   string   `json:",omitempty"` // of its place
	Date   string   `json:",omitempty"` // of signing, else of posting; "" where unknown
	Cites  []uint64 `json:",omitempty"` // the names that its references ask for, see nameOf
}

// Works is an empty set of documents.
func (x *Extractor) Works() *Works {
	return &Works{x: x, all: map[corpus.DocID]*work{}, byNumber: map[string][]*work{}, byTitle: map[string][]*work{},
		moved: map[uint64]bool{}, added: map[corpus.DocID]bool{}}
}

// nameOf is a number or title as it is kept of references: two that differ may,
// very rarely, be one, which costs a look and changes nothing.
func nameOf(s string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(s)) // never fails
	return h.Sum64()
}

// names are those under which references find k.
func (k *work) names() []uint64 {
	var out []uint64
	if k.Number != "" {
		out = append(out, nameOf(k.Number))
	}
	for _, t := range k.Titles {
		out = append(out, nameOf(t))
	}
	return out
}

// Add makes r a document that references may mean, in the place of what was known
// of it.
func (w *Works) Add(r *corpus.Record) {
	k := w.workOf(r)
	w.added[r.ID] = slices.ContainsFunc(r.References, func(ref corpus.Reference) bool { return ref.Target != "" })
	if old := w.all[r.ID]; old != nil {
		if reflect.DeepEqual(old, k) {
			return
		}
		w.drop(old)
		w.move(old)
	}
	w.move(k)
	w.put(k)
}

func (w *Works) move(k *work) {
	for _, n := range k.names() {
		w.moved[n] = true
	}
}

func (w *Works) workOf(r *corpus.Record) *work {
	k := &work{ID: r.ID, Text: r.Text.SHA256, Code: r.Jurisdiction.Code, Date: dayOf(r)}
	k.Story = r.Kind == corpus.KindNews || r.Kind == corpus.KindCommentary || r.Kind == corpus.KindInterpretation
	names := []string{r.Title}
	if r.Carrier != nil {
		names = append(names, r.Carrier.Title)
	}
	for _, n := range names {
		k.Titles = append(k.Titles, w.keys(n)...)
	}
	slices.Sort(k.Titles)
	k.Titles = slices.Compact(k.Titles)
	if r.DocNumber != nil {
		k.Number = r.DocNumber.Normal
	}
	for _, ref := range r.References {
		if ref.DocNumber != nil {
			k.Cites = append(k.Cites, nameOf(ref.DocNumber.Normal))
		}
		for _, t := range w.keys(ref.Title) {
			k.Cites = append(k.Cites, nameOf(t))
		}
	}
	slices.Sort(k.Cites)
	k.Cites = slices.Compact(k.Cites)
	return k
}

func (w *Works) put(k *work) {
	w.all[k.ID] = k
	if k.Number != "" {
		w.byNumber[k.Number] = append(w.byNumber[k.Number], k)
	}
	if k.Story {
		return
	}
	for _, t := range k.Titles {
		w.byTitle[t] = append(w.byTitle[t], k)
	}
}

func (w *Works) drop(k *work) {
	same := func(o *work) bool { return o == k }
	delete(w.all, k.ID)
	w.byNumber[k.Number] = slices.DeleteFunc(w.byNumber[k.Number], same)
	for _, t := range k.Titles {
		w.byTitle[t] = slices.DeleteFunc(w.byTitle[t], same)
	}
}

// Due are the documents whose references may lead elsewhere after what was added:
// they cite a number or title that came, went or changed its meaning, or were
// added themselves and cite something that is here. They are in order.
func (w *Works) Due() []corpus.DocID {
	known := map[uint64]bool{}
	for _, k := range w.all {
		for _, n := range k.names() {
			known[n] = true
		}
	}
	var out []corpus.DocID
	for id, k := range w.all {
		led, added := w.added[id]
		asks := w.moved
		if added {
			asks = known
		}
		if led || slices.ContainsFunc(k.Cites, func(n uint64) bool { return asks[n] }) {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}

// works is the form in which Works are kept.
type works struct {
	Rules corpus.Hash
	All   []*work
}

// Encode gives what is known of the documents for [Extractor.DecodeWorks], about a
// kilobyte a document. From then on Due counts from here.
func (w *Works) Encode() ([]byte, error) {
	f := works{Rules: w.x.hash}
	for _, k := range w.all {
		f.All = append(f.All, k)
	}
	slices.SortFunc(f.All, func(a, b *work) int { return strings.Compare(string(a.ID), string(b.ID)) })
	clear(w.moved)
	clear(w.added)
	return json.Marshal(f)
}

// DecodeWorks is the Works that Encode gave, with nothing added since. It fails
// where they were made by other rules.
func (x *Extractor) DecodeWorks(data []byte) (*Works, error) {
	var f works
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, fmt.Errorf("works: %w", err)
	}
	if f.Rules != x.hash {
		return nil, errors.New("works: made by other rules")
	}
	w := x.Works()
	for _, k := range f.All {
		w.put(k)
	}
	return w, nil
}

func dayOf(r *corpus.Record) string {
	for _, d := range []*corpus.Date{r.Dates.Signed, r.Dates.Printed, r.Dates.Posted} {
		if d != nil {
			return d.Date
		}
	}
	return ""
}

// keys are the forms under which a title is compared: whole, without the organs
// before 关于, and, for a notice, what it issues.
func (w *Works) keys(title string) []string {
	docs := w.x.rules.Documents
	keys := []string{coreTitle(docs, title)}
	if m := docs.About.FindStringIndex(title); m != nil && m[0] > 0 {
		keys = append(keys, coreTitle(docs, title[m[0]:]))
	}
	if m := docs.Carrier.FindStringSubmatch(title); m != nil {
		keys = append(keys, coreTitle(docs, m[1]+m[2]))
	}
	return slices.DeleteFunc(keys, func(k string) bool { return len(k) < minKey })
}

// minKey is the length in bytes of the shortest title that says enough: eight
// characters.
const minKey = 24

// Resolve sets the targets of r's references to the documents they mean and gives
// how many it found. A number decides before a title; of several documents with
// one number or title the one whose title agrees, or which is the same text
// published again, is taken, and where that leaves several, none. A title alone
// counts only for a document of the record's own place or one above it. Nothing
// signed after the record is meant. Targets set before are set anew.
func (w *Works) Resolve(r *corpus.Record) int {
	found := 0
	for i := range r.References {
		id, why := w.target(r, &r.References[i])
		if r.References[i].SetTarget(id, why); id != "" {
			found++
		}
	}
	return found
}

func (w *Works) target(r *corpus.Record, ref *corpus.Reference) (corpus.DocID, string) {
	keys := w.keys(ref.Title)
	agrees := func(k *work) bool {
		return slices.ContainsFunc(keys, func(key string) bool { return slices.Contains(k.Titles, key) })
	}
	if n := ref.DocNumber; n != nil {
		if ks := w.before(r, w.byNumber[n.Normal]); len(ks) > 0 {
			if len(keys) > 0 {
				if same := pickWorks(ks, agrees); len(same) > 0 {
					ks = same
				}
			}
			return one(ks), "the number is that of the document"
		}
	}
	for _, key := range keys {
		ks := pickWorks(w.before(r, w.byTitle[key]), func(k *work) bool {
			return slices.Contains(r.Jurisdiction.Codes, k.Code)
		})
		if id := one(ks); id != "" {
			return id, "the title is that of the document, and its place or one above it"
		}
	}
	return "", ""
}

// before leaves out the record itself, other copies of it, and what is younger.
func (w *Works) before(r *corpus.Record, ks []*work) []*work {
	day := dayOf(r)
	return pickWorks(ks, func(k *work) bool {
		return k.ID != r.ID && k.Text != r.Text.SHA256 && (day == "" || k.Date == "" || k.Date <= day)
	})
}

func pickWorks(ks []*work, fits func(*work) bool) []*work {
	var out []*work
	for _, k := range ks {
		if fits(k) {
			out = append(out, k)
		}
	}
	return out
}

// one is the one document of the list, the first by id where all are copies of one
// text, else "".
func one(ks []*work) corpus.DocID {
	var id corpus.DocID
	for _, k := range ks {
		if k.Text != ks[0].Text {
			return ""
		}
		if id == "" || k.ID < id {
			id = k.ID
		}
	}
	return id
}
