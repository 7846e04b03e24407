package extract

import (
	"slices"
	"strings"

	"tuogou/corpus"
)

// Works knows the documents of a corpus by number and title, so that references
// can be led to them. Fill it with [Works.Add], then call [Works.Resolve] for
// each record. It holds no texts. Add and Resolve must not run at once.
type Works struct {
	x        *Extractor
	byNumber map[string][]work
	byTitle  map[string][]work
}

// work is what is kept of a document.
type work struct {
	id     corpus.DocID
	text   corpus.Hash
	titles []string
	code   string // of its place
	date   string // of signing, else of posting; "" where unknown
}

// Works is an empty set of documents.
func (x *Extractor) Works() *Works {
	return &Works{x: x, byNumber: map[string][]work{}, byTitle: map[string][]work{}}
}

// Add makes r a document that references may mean.
func (w *Works) Add(r *corpus.Record) {
	k := work{id: r.ID, text: r.Text.SHA256, code: r.Jurisdiction.Code, date: dayOf(r)}
	names := []string{r.Title}
	if r.Carrier != nil {
		names = append(names, r.Carrier.Title)
	}
	for _, n := range names {
		k.titles = append(k.titles, w.keys(n)...)
	}
	slices.Sort(k.titles)
	k.titles = slices.Compact(k.titles)
	if r.DocNumber != nil {
		w.byNumber[r.DocNumber.Normal] = append(w.byNumber[r.DocNumber.Normal], k)
	}
	if r.Kind == corpus.KindNews || r.Kind == corpus.KindCommentary || r.Kind == corpus.KindInterpretation {
		return // a story that bears the title of a plan is not the plan
	}
	for _, t := range k.titles {
		w.byTitle[t] = append(w.byTitle[t], k)
	}
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
	keys := []string{coreTitle(title)}
	if i := strings.Index(title, "关于"); i > 0 {
		keys = append(keys, coreTitle(title[i:]))
	}
	if m := w.x.rules.Documents.Carrier.FindStringSubmatch(title); m != nil {
		keys = append(keys, coreTitle(m[1]+m[2]))
	}
	return slices.DeleteFunc(keys, func(k string) bool { return len(k) < minKey })
}

// minKey is the length in bytes of the shortest title that says enough: eight
// characters.
const minKey = 24

// resolvedTrace begins what Resolve writes into the trace of a reference.
const resolvedTrace = "in the corpus: "

// Resolve sets the targets of r's references to the documents they mean and gives
// how many it found. A number decides before a title; of several documents with
// one number or title the one whose title agrees, or which is the same text
// published again, is taken, and where that leaves several, none. A title alone
// counts only for a document of the record's own place or one above it. Nothing
// signed after the record is meant. Targets set before are set anew.
func (w *Works) Resolve(r *corpus.Record) int {
	found := 0
	for i := range r.References {
		ref := &r.References[i]
		ref.Target = ""
		ref.Trace = slices.DeleteFunc(ref.Trace, func(s string) bool { return strings.HasPrefix(s, resolvedTrace) })
		id, why := w.target(r, ref)
		if id == "" {
			continue
		}
		ref.Target = id
		ref.Trace = append(ref.Trace, resolvedTrace+why)
		found++
	}
	return found
}

func (w *Works) target(r *corpus.Record, ref *corpus.Reference) (corpus.DocID, string) {
	keys := w.keys(ref.Title)
	agrees := func(k work) bool {
		return slices.ContainsFunc(keys, func(key string) bool { return slices.Contains(k.titles, key) })
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
		ks := pickWorks(w.before(r, w.byTitle[key]), func(k work) bool {
			return slices.Contains(r.Jurisdiction.Codes, k.code)
		})
		if id := one(ks); id != "" {
			return id, "the title is that of the document, and its place or one above it"
		}
	}
	return "", ""
}

// before leaves out the record itself, other copies of it, and what is younger.
func (w *Works) before(r *corpus.Record, ks []work) []work {
	day := dayOf(r)
	return pickWorks(ks, func(k work) bool {
		return k.id != r.ID && k.text != r.Text.SHA256 && (day == "" || k.date == "" || k.date <= day)
	})
}

func pickWorks(ks []work, fits func(work) bool) []work {
	var out []work
	for _, k := range ks {
		if fits(k) {
			out = append(out, k)
		}
	}
	return out
}

// one is the one document of the list, the first by id where all are copies of one
// text, else "".
func one(ks []work) corpus.DocID {
	var id corpus.DocID
	for _, k := range ks {
		if k.text != ks[0].text {
			return ""
		}
		if id == "" || k.id < id {
			id = k.id
		}
	}
	return id
}
