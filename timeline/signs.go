package timeline

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"tuogou/compare"
	"tuogou/corpus"
)

// Signs are the signs of all documents, and what ties them.
type Signs struct {
	list   []Sign
	at     map[corpus.DocID]int
	keys   map[uint64][]int // documents by key
	bands  map[uint64][]int // by a piece of their sketch
	cited  map[corpus.DocID][]int
	repeal map[corpus.DocID][]int
	places map[string][]int
	own    map[uint64]int // by the key that only one document has
}

// NewSigns gathers signs; of one document the last counts.
func NewSigns(list []Sign) *Signs {
	s := &Signs{at: make(map[corpus.DocID]int, len(list)), keys: map[uint64][]int{}, bands: map[uint64][]int{},
		cited: map[corpus.DocID][]int{}, repeal: map[corpus.DocID][]int{}, places: map[string][]int{}, own: map[uint64]int{}}
	for _, x := range list {
		s.Put(x)
	}
	return s
}

// All are the signs, by document.
func (s *Signs) All() []Sign {
	out := slices.Clone(s.list)
	slices.SortFunc(out, func(a, b Sign) int { return cmp.Compare(a.Doc, b.Doc) })
	return out
}

// Recall gathers from obligations what their documents were called when they were
// written down. Signs that were lost are made whole by it.
func (s *Signs) Recall(list []Obligation) {
	told := map[corpus.DocID]hashes{}
	for i := range list {
		recall(&list[i], func(id corpus.DocID, keys ...uint64) { told[id] = append(told[id], keys...) })
	}
	for id, keys := range told {
		sign := s.Of(id)
		sign.Doc, sign.Keys = id, hashes(nil).with(keys...)
		s.Put(sign)
	}
}

// Of is the sign of a document; zero where none is known.
func (s *Signs) Of(id corpus.DocID) Sign {
	if i, ok := s.at[id]; ok {
		return s.list[i]
	}
	return Sign{}
}

// Put sets the sign of a document. What it was called before is kept among its keys.
func (s *Signs) Put(x Sign) {
	i, ok := s.at[x.Doc]
	if !ok {
		i = len(s.list)
		s.at[x.Doc] = i
		s.list = append(s.list, Sign{})
		s.own[hashOf(documentKey(x.Doc))] = i
	}
	old := s.list[i]
	x.Keys = slices.Clone(x.Keys).with(old.Keys...)
	for _, k := range x.Keys {
		if _, had := slices.BinarySearch(old.Keys, k); !had {
			s.keys[k] = append(s.keys[k], i)
		}
	}
	move(s.bands, old.Sketch.bands(), x.Sketch.bands(), i)
	move(s.cited, old.Cites, x.Cites, i)
	move(s.repeal, old.Repeals, x.Repeals, i)
	var was, is []string
	if ok {
		was = []string{old.Place}
	}
	is = []string{x.Place}
	move(s.places, was, is, i)
	s.list[i] = x
}

// move takes i from the lists of keys that are gone and adds it to those of new ones.
func move[K cmp.Ordered](m map[K][]int, was, is []K, i int) {
	for _, k := range was {
		if !slices.Contains(is, k) {
			m[k] = slices.DeleteFunc(m[k], func(n int) bool { return n == i })
		}
	}
	for _, k := range is {
		if !slices.Contains(was, k) {
			m[k] = append(m[k], i)
		}
	}
}

// mates are the documents that are tied to x directly: by a key, or by their wording.
func (s *Signs) mates(x Sign, visit func(int)) {
	for _, k := range x.Keys {
		for _, i := range s.keys[k] {
			visit(i)
		}
	}
	for _, b := range x.Sketch.bands() {
		for _, i := range s.bands[b] {
			if compare.SketchAlike(x.Sketch, s.list[i].Sketch) {
				visit(i)
			}
		}
	}
}

// group adds to in all documents that are tied to those of from, directly or through
// others: what is worked out for one of them depends on all.
func (s *Signs) group(in map[int]bool, from ...int) {
	var todo []int
	add := func(i int) {
		if !in[i] {
			in[i] = true
			todo = append(todo, i)
		}
	}
	for _, i := range from {
		add(i)
	}
	// A place or a text can have thousands: a list is walked once, and one whose members
	// are compared keeps only those that are not in yet.
	seen, rest := map[uint64]bool{}, map[uint64][]int{}
	for len(todo) > 0 {
		x := s.list[todo[len(todo)-1]]
		todo = todo[:len(todo)-1]
		for _, k := range x.Keys {
			if !seen[k] {
				seen[k] = true
				for _, i := range s.keys[k] {
					add(i)
				}
			}
		}
		for _, b := range x.Sketch.bands() {
			list, ok := rest[b]
			if !ok {
				list = slices.Clone(s.bands[b])
			}
			rest[b] = slices.DeleteFunc(list, func(i int) bool {
				if !in[i] && compare.SketchAlike(x.Sketch, s.list[i].Sketch) {
					add(i)
				}
				return in[i]
			})
		}
	}
}

// speakers are the documents that spoke for an obligation that names x.
func (s *Signs) speakers(x Sign) []corpus.DocID {
	var out []corpus.DocID
	for _, k := range x.Keys {
		if i, ok := s.own[k]; ok {
			out = append(out, s.list[i].Doc)
		}
	}
	return out
}

// above reports whether a document of place p is one that x may follow: its place lies
// over that of x.
func above(x Sign, p string) bool {
	return p != "" && p != x.Place && (compare.Within(x.Place, p) || slices.Contains(x.Codes, p))
}

// cell is what decides over which places lie above a document.
func (x Sign) cell() string { return x.Place + " " + strings.Join(x.Codes, " ") }

// beside are the documents outside of in that those in it lean on: what they cite, what
// repeals them, and what binds in the places above.
func (s *Signs) beside(in map[int]bool) []int {
	out := map[int]bool{}
	add := func(i int) {
		if !in[i] {
			out[i] = true
		}
	}
	cells, generations := map[string]Sign{}, map[corpus.Generation]bool{}
	for i := range in {
		x := s.list[i]
		for _, j := range s.repeal[x.Doc] {
			add(j)
		}
		for _, id := range x.Cites {
			if j, ok := s.at[id]; ok {
				add(j)
			}
		}
		if x.Binds {
			cells[x.cell()], generations[x.Generation] = x, true
		}
	}
	for p, list := range s.places {
		for _, x := range cells {
			if !above(x, p) {
				continue
			}
			for _, j := range list {
				if y := s.list[j]; y.Binds && generations[y.Generation] {
					add(j)
				}
			}
			break
		}
	}
	return slices.Sorted(maps.Keys(out))
}

// below are the documents that lean on any of xs: they cite it, it repeals them, or
// they bind in a place below it.
func (s *Signs) below(xs []Sign, visit func(int)) {
	over := map[string]map[corpus.Generation]bool{}
	for _, x := range xs {
		for _, j := range s.cited[x.Doc] {
			visit(j)
		}
		for _, id := range x.Repeals {
			if j, ok := s.at[id]; ok {
				visit(j)
			}
		}
		if x.Binds && x.Place != "" {
			if over[x.Place] == nil {
				over[x.Place] = map[corpus.Generation]bool{}
			}
			over[x.Place][x.Generation] = true
		}
	}
	cells := map[string]map[corpus.Generation]bool{}
	for _, list := range s.places {
		for _, j := range list {
			y := s.list[j]
			if !y.Binds {
				continue
			}
			cell := y.cell()
			led, ok := cells[cell]
			if !ok {
				led = map[corpus.Generation]bool{}
				for p, gs := range over {
					if above(y, p) {
						maps.Copy(led, gs)
					}
				}
				cells[cell] = led
			}
			if led[y.Generation] {
				visit(j)
			}
		}
	}
}
