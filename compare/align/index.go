package align

import (
	"cmp"
	"math/bits"
	"runtime"
	"slices"
	"sync"
)

// Index knows which shingles of three characters each of many texts has. It is
// read-only once made; any number of goroutines may use it.
type Index struct {
	ids   table
	start []int32   // by number: where its postings begin; one more at the end
	post  []int32   // the texts that have a shingle, ascending
	texts [][]int32 // by text: its shingles' numbers, each once
}

// shingle is exact: three code points of 21 bits each.
func shingle(a, b, c rune) uint64 { return uint64(a)<<42 | uint64(b)<<21 | uint64(c) }

// shingles are those of a text, each once, sorted. A text of fewer than three
// characters is one shingle.
func shingles(s []rune) []uint64 {
	var out []uint64
	each(s, func(h uint64) { out = append(out, h) })
	slices.Sort(out)
	return slices.Compact(out)
}

func each(s []rune, visit func(uint64)) {
	switch len(s) {
	case 0:
		return
	case 1:
		visit(shingle(s[0], 0, 0))
		return
	case 2:
		visit(shingle(s[0], s[1], 0))
		return
	}
	for i := 2; i < len(s); i++ {
		visit(shingle(s[i-2], s[i-1], s[i]))
	}
}

// NewIndex indexes texts, given in their [Normal] form.
func NewIndex(texts [][]rune) *Index {
	total := 0
	for _, s := range texts {
		total += len(s)
	}
	x := &Index{texts: make([][]int32, len(texts))}
	x.ids.grow(total/4 + 8)
	var last, count []int32 // by number: the last text seen, and how many
	numbers := make([]int32, 0, total)
	for t, s := range texts {
		from := len(numbers)
		each(s, func(h uint64) {
			id := x.ids.add(h)
			if int(id) == len(last) {
				last, count = append(last, -1), append(count, 0)
			}
			if last[id] != int32(t) {
				last[id] = int32(t)
				count[id]++
				numbers = append(numbers, id)
			}
		})
		x.texts[t] = numbers[from:len(numbers):len(numbers)]
	}
	x.start = make([]int32, len(count)+1)
	for id, n := range count {
		x.start[id+1] = x.start[id] + n
	}
	x.post = make([]int32, len(numbers))
	at := slices.Clone(x.start)
	for t, ids := range x.texts {
		for _, id := range ids {
			x.post[at[id]] = int32(t)
			at[id]++
		}
	}
	return x
}

func (x *Index) postings(id int32) []int32 { return x.post[x.start[id]:x.start[id+1]] }

// table numbers shingles in the order in which they come. It is a hash table with
// open addresses: Go's map takes three times as long, which is most of the time
// of an index.
type table struct {
	keys []uint64 // 0: free; no shingle is 0
	ids  []int32
	n    int32
}

func (t *table) grow(want int) {
	size := 1024
	for size < want*2 {
		size *= 2
	}
	keys, ids := t.keys, t.ids
	t.keys, t.ids = make([]uint64, size), make([]int32, size)
	for i, k := range keys {
		if k != 0 {
			at := t.slot(k)
			t.keys[at], t.ids[at] = k, ids[i]
		}
	}
}

// slot is where k stands or would stand.
func (t *table) slot(k uint64) int {
	mask := len(t.keys) - 1
	h := k * 0x9e3779b97f4a7c15
	at := int(h>>32) & mask
	for t.keys[at] != 0 && t.keys[at] != k {
		at = (at + 1) & mask
	}
	return at
}

func (t *table) add(k uint64) int32 {
	at := t.slot(k)
	if t.keys[at] == k {
		return t.ids[at]
	}
	if int(t.n+1)*2 > len(t.keys) {
		t.grow(len(t.keys))
		at = t.slot(k)
	}
	t.keys[at], t.ids[at] = k, t.n
	t.n++
	return t.n - 1
}

func (t *table) find(k uint64) (int32, bool) {
	at := t.slot(k)
	return t.ids[at], t.keys[at] == k
}

// Hit is a text that shares wording with a query.
type Hit struct {
	Text   int
	Shared int     // shingles in both
	Share  float64 // of the query's shingles
}

// Find gives the texts that have at least the share least of the shingles of s,
// those with most first.
func (x *Index) Find(s []rune, least float64) []Hit {
	set := shingles(s)
	shared := make([]int32, len(x.texts))
	for _, h := range set {
		if id, ok := x.ids.find(h); ok {
			for _, t := range x.postings(id) {
				shared[t]++
			}
		}
	}
	out := []Hit{}
	for t, n := range shared {
		if share := float64(n) / float64(len(set)); n > 0 && share >= least {
			out = append(out, Hit{Text: t, Shared: int(n), Share: share})
		}
	}
	slices.SortStableFunc(out, func(a, b Hit) int { return cmp.Compare(b.Shared, a.Shared) })
	return out
}

// Pair is two texts that share wording; A < B.
type Pair struct {
	A, B   int
	Shared int // shingles in both
	// Jaccard is Shared by the shingles in either; ShareA and ShareB are Shared by
	// those of A and of B.
	Jaccard, ShareA, ShareB float64
}

// Pairs gives every pair of texts whose Jaccard is at least least (above 0), by A
// and B. Shingles that many texts have are counted by bit sets, the others
// through the index.
func (x *Index) Pairs(least float64) []Pair {
	heavy := x.heavy()
	found := make([][]Pair, len(x.texts))
	var next sync.Mutex
	row := 0
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			shared := make([]int32, len(x.texts))
			for {
				next.Lock()
				b := row
				row++
				next.Unlock()
				if b >= len(x.texts) {
					return
				}
				found[b] = x.pairsOf(b, heavy, shared, least)
			}
		})
	}
	wg.Wait()
	var out []Pair
	for _, f := range found {
		out = append(out, f...)
	}
	slices.SortFunc(out, func(p, q Pair) int { return cmp.Or(p.A-q.A, p.B-q.B) })
	return out
}

// Size is how many shingles text t has.
func (x *Index) Size(t int) int { return len(x.texts[t]) }

// Counter counts what one text shares with all others. It is for one goroutine.
type Counter struct {
	x      *Index
	heavy  heavySet
	shared []int32
}

// Counter prepares the counting; that costs about as much as making the index.
func (x *Index) Counter() *Counter {
	return &Counter{x: x, heavy: x.heavy(), shared: make([]int32, len(x.texts))}
}

// Shared is how many shingles text b shares with each text before number end. The
// result is valid until the next call.
func (c *Counter) Shared(b, end int) []int32 {
	c.x.count(b, end, c.heavy, c.shared)
	return c.shared[:end]
}

// heavySet are the shingles that many texts have: bit is their place in the sets, -1
// for the other shingles.
type heavySet struct {
	bit  []int32
	sets [][]uint64
}

func (x *Index) heavy() heavySet {
	limit := max(16, len(x.texts)/24) // from here on a bit costs less than a posting
	h := heavySet{bit: make([]int32, len(x.start)-1), sets: make([][]uint64, len(x.texts))}
	n := int32(0)
	for id := range h.bit {
		h.bit[id] = -1
		if int(x.start[id+1]-x.start[id]) >= limit {
			h.bit[id] = n
			n++
		}
	}
	for t, ids := range x.texts {
		h.sets[t] = make([]uint64, (n+63)/64)
		for _, id := range ids {
			if k := h.bit[id]; k >= 0 {
				h.sets[t][k/64] |= 1 << (k % 64)
			}
		}
	}
	return h
}

// count fills shared with what text b shares with each text before number end.
func (x *Index) count(b, end int, h heavySet, shared []int32) {
	clear(shared)
	for _, id := range x.texts[b] {
		if h.bit[id] >= 0 {
			continue
		}
		for _, a := range x.postings(id) {
			if int(a) >= end {
				break
			}
			shared[a]++
		}
	}
	for a := range end {
		n, set := 0, h.sets[a]
		for i, w := range h.sets[b] {
			n += bits.OnesCount64(w & set[i])
		}
		shared[a] += int32(n)
	}
}

// pairsOf are the pairs of text b with those before it. shared is scratch space.
func (x *Index) pairsOf(b int, h heavySet, shared []int32, least float64) []Pair {
	x.count(b, b, h, shared)
	var out []Pair
	size := len(x.texts[b])
	for a := range b {
		other := len(x.texts[a])
		if float64(min(size, other)) < least*float64(max(size, other)) {
			continue
		}
		n := int(shared[a])
		if n == 0 {
			continue
		}
		j := float64(n) / float64(size+other-n)
		if j >= least {
			out = append(out, Pair{A: a, B: b, Shared: n, Jaccard: j, ShareA: float64(n) / float64(other), ShareB: float64(n) / float64(size)})
		}
	}
	return out
}
