package timeline

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"tuogou/corpus"
	"tuogou/corpus/store"
)

// Shelf is what Sync reads from and writes to.
type Shelf interface {
	// Record is the record of a document as it is published, with the corrections of its
	// deadlines; nil where there is none that can be read.
	Record(ctx context.Context, id corpus.DocID) (*corpus.Record, []store.Correction, error)
	// Obligations are those for which the document speaks or ever spoke.
	Obligations(ctx context.Context, id corpus.DocID) ([]Obligation, error)
	// Known reports whether an obligation has that uid.
	Known(ctx context.Context, uid string) (bool, error)
	// Append keeps changes.
	Append(ctx context.Context, changes []Change) error
}

// batchDocs is how many documents are looked at together at least, where there are as
// many. What they lean on is read once a batch. Tests set it.
var batchDocs = 400

// mostLooks is how often one document is looked at because another one changed: enough
// for what a chain of levels passes down, and an end where two cite each other.
const mostLooks = 6

// Sync brings the ledger up to documents whose signs are given: those that are new,
// changed, came to be gone or are so no longer. Looked at is, beside them, what depends
// on them: that gives the very changes that [Update] gives for all documents at once,
// though not in one order. signs is as it was and is brought up, too. now gives the
// hour and the working days. It returns how many changes were appended; those that
// were, before an error, stay, and a further Sync of the same documents goes on.
func Sync(ctx context.Context, shelf Shelf, signs *Signs, changed []Sign, now Facts) (int, error) {
	y := &syncing{ctx: ctx, shelf: shelf, signs: signs, now: now, todo: map[int]bool{}, looks: map[int]int{}}
	var moved []Sign
	for _, x := range changed {
		if old := signs.Of(x.Doc); old.Doc != "" {
			moved = append(moved, old)
			signs.mates(old, func(i int) { y.todo[i] = true })
		}
	}
	for _, x := range changed {
		signs.Put(x)
		y.todo[signs.at[x.Doc]] = true
		moved = append(moved, x)
	}
	signs.below(moved, func(i int) { y.todo[i] = true })
	n := 0
	for len(y.todo) > 0 {
		made, err := y.batch()
		if n += made; err != nil {
			return n, err
		}
	}
	return n, nil
}

type syncing struct {
	ctx   context.Context
	shelf Shelf
	signs *Signs
	now   Facts
	todo  map[int]bool
	queue []int // of todo, in order; some are done already
	looks map[int]int
}

func (y *syncing) inOrder() []int {
	return slices.SortedFunc(maps.Keys(y.todo), func(a, b int) int {
		x, y := y.signs.list[a], y.signs.list[b]
		return cmp.Or(strings.Compare(x.Place, y.Place), strings.Compare(string(x.Doc), string(y.Doc)))
	})
}

// batch looks at the next documents that depend on each other, those of higher places
// first, since what they ask for is passed down.
func (y *syncing) batch() (int, error) {
	in := map[int]bool{}
	for len(in) < batchDocs && len(y.todo) > 0 {
		if len(y.queue) == 0 {
			if len(in) > 0 {
				break // what was passed on meanwhile waits for this
			}
			y.queue = y.inOrder()
		}
		if i := y.queue[0]; y.todo[i] {
			y.signs.group(in, i)
		}
		y.queue = y.queue[1:]
	}
	old, err := y.obligations(in)
	if err != nil {
		return 0, err
	}
	changes, err := y.update(in, old)
	if err != nil {
		return 0, err
	}
	if len(changes) > 0 {
		if err := y.shelf.Append(y.ctx, changes); err != nil {
			return 0, err
		}
	}
	for i := range in {
		delete(y.todo, i)
		y.looks[i]++
	}
	y.pass(changes, in)
	return len(changes), nil
}

// obligations are the old ones of the documents; in grows by the documents that one of
// them names and by all that depend on these.
func (y *syncing) obligations(in map[int]bool) ([]Obligation, error) {
	var out []Obligation
	have, asked := map[string]bool{}, map[int]bool{}
	for len(asked) < len(in) {
		for i := range in {
			if asked[i] {
				continue
			}
			asked[i] = true
			list, err := y.shelf.Obligations(y.ctx, y.signs.list[i].Doc)
			if err != nil {
				return nil, err
			}
			for _, o := range list {
				if have[o.UID] {
					continue
				}
				have[o.UID] = true
				out = append(out, o)
				for _, s := range o.Sources {
					if j, ok := y.signs.at[s.Document.ID]; ok && !in[j] {
						y.signs.group(in, j)
					}
				}
			}
		}
	}
	return out, nil
}

// update works the batch out.
func (y *syncing) update(in map[int]bool, old []Obligation) ([]Change, error) {
	facts := y.now
	facts.Records, facts.Beside, facts.Corrections, facts.Gone = nil, nil, nil, map[corpus.DocID]bool{}
	var failed error
	fail := func(err error) {
		if failed == nil {
			failed = err
		}
	}
	for _, i := range y.byDocument(slices.Collect(maps.Keys(in))) {
		x := y.signs.list[i]
		r, fixes, err := y.shelf.Record(y.ctx, x.Doc)
		if err != nil {
			return nil, err
		}
		if r != nil {
			facts.Records = append(facts.Records, r)
			facts.Corrections = append(facts.Corrections, fixes...)
			facts.Gone[x.Doc] = x.Gone
		}
	}
	for _, i := range y.byDocument(y.signs.beside(in)) {
		r, _, err := y.shelf.Record(y.ctx, y.signs.list[i].Doc)
		if err != nil {
			return nil, err
		}
		if r != nil {
			facts.Beside = append(facts.Beside, r)
		}
	}
	facts.Standing = func(id corpus.DocID) []Obligation {
		var out []Obligation
		for _, speaker := range y.signs.speakers(y.signs.Of(id)) {
			list, err := y.shelf.Obligations(y.ctx, speaker)
			if err != nil {
				fail(err)
			}
			out = append(out, list...)
		}
		return out
	}
	facts.Taken = func(uid string) bool {
		known, err := y.shelf.Known(y.ctx, uid)
		if err != nil {
			fail(err)
		}
		return known
	}
	changes := Update(old, facts)
	return changes, failed
}

// byDocument sorts list by document, as the records of a store come.
func (y *syncing) byDocument(list []int) []int {
	slices.SortFunc(list, func(a, b int) int { return strings.Compare(string(y.signs.list[a].Doc), string(y.signs.list[b].Doc)) })
	return list
}

// pass remembers what changed obligations name, and has what leans on their documents
// looked at again.
func (y *syncing) pass(changes []Change, in map[int]bool) {
	touched := map[int]bool{}
	var named []Obligation
	for n := range changes {
		o := &changes[n].Obligation
		odd := len(o.Sources) > 1
		for _, s := range o.Sources {
			i, ok := y.signs.at[s.Document.ID]
			if !ok {
				continue
			}
			touched[i] = true
			odd = odd || o.Place.Code != y.signs.list[i].Place
		}
		if odd {
			named = append(named, *o)
		}
	}
	y.signs.Recall(named)
	var signs []Sign
	for i := range touched {
		signs = append(signs, y.signs.list[i])
	}
	y.signs.below(signs, func(i int) {
		if !in[i] && y.looks[i] < mostLooks {
			y.todo[i] = true
		}
	})
}
