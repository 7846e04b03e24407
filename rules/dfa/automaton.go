package dfa

import (
	"encoding/binary"
	"regexp/syntax"
	"slices"
	"sync"
	"sync/atomic"
)

// automaton is the states of one program that texts have needed so far.
type automaton struct {
	prog     *syntax.Prog
	begins   []uint32       // where the expressions of the program begin
	ids      map[uint32]int // of a set: which expression a match instruction ends
	longest  bool           // all matches count, not the one that the program prefers
	alphabet func() *alphabet

	memory atomic.Pointer[memory]

	mu    sync.Mutex // guards what follows and the keys of memory; transitions are read without it
	seen  []uint32
	round uint32
}

// memory is the states made so far. States name each other by number and not by
// address, which spares the garbage collector the millions of transitions.
type memory struct {
	starts [2][contexts]atomic.Pointer[state] // by floating, then by what stands before
	states atomic.Pointer[[]*state]           // by number
	keys   map[string]uint32                  // of a state's identity, its number
	cells  int                                // transitions of all states
}

// maxCells is the number of transitions, 4 bytes each, after which a search gives
// up and the next one begins with no states.
const maxCells = 1 << 20

// state is a set of places in the program, in the order in which it prefers them.
type state struct {
	list    []uint32        // instructions still to be followed; floatPC for a match that may yet begin
	ctx     context         // the character read last, as far as ^ and \b ask for it
	matched bool            // a match ended before that character
	dead    bool            // nothing can match any more
	hits    *Bits           // of a set: the expressions whose matches ended there
	next    []atomic.Uint32 // by class: the number of the state that follows, plus 1; 0 where it is not made yet
}

// context is a character as the assertions ^, $ and \b see it.
type context uint8

const (
	other context = iota
	edge          // the start or end of the text
	newline
	word
	contexts
)

func contextOf(r rune) context {
	switch {
	case r == '\n':
		return newline
	case syntax.IsWordChar(r):
		return word
	}
	return other
}

// sample is a character of the context, as [syntax.EmptyOpContext] takes it.
func (c context) sample() rune { return [...]rune{' ', -1, '\n', 'a'}[c] }

// floatPC stands in a list for the beginning that a match may still have.
const floatPC = 1<<24 - 1

// begin is the memory to search with and the state to begin in.
func (a *automaton) begin(ctx context, floating bool) (*memory, *state) {
	m := a.memory.Load()
	if m == nil {
		m = &memory{}
		m.states.Store(&[]*state{})
		if !a.memory.CompareAndSwap(nil, m) {
			m = a.memory.Load()
		}
	}
	k, list := 0, a.begins
	if floating {
		k, list = 1, []uint32{floatPC}
	}
	if st := m.starts[k][ctx].Load(); st != nil {
		return m, st
	}
	abc := a.alphabet()
	a.mu.Lock()
	defer a.mu.Unlock()
	n := a.intern(m, list, abc.seen(ctx), nil)
	st := (*m.states.Load())[n]
	m.starts[k][ctx].Store(st)
	return m, st
}

// follow is the state behind st on a character of class c; nil where there are
// too many states.
func (a *automaton) follow(m *memory, st *state, c uint16) *state {
	if n := st.next[c].Load(); n != 0 {
		return (*m.states.Load())[n-1]
	}
	return a.step(m, st, c)
}

// step makes the state that follows st on a character of class c; nil where there
// are too many states.
func (a *automaton) step(m *memory, st *state, c uint16) *state {
	abc := a.alphabet()
	a.mu.Lock()
	defer a.mu.Unlock()
	if n := st.next[c].Load(); n != 0 {
		return (*m.states.Load())[n-1]
	}
	if m.cells > maxCells {
		a.memory.CompareAndSwap(m, nil) // searches under way go on with what they have
		return nil
	}
	r := abc.sample[c] // -1 for the end
	flags := syntax.EmptyOpContext(st.ctx.sample(), r)
	threads := a.closure(st.list, flags)
	var list []uint32
	var matched []int
	a.visit()
	for _, pc := range threads {
		if pc == floatPC {
			list = append(list, pc)
			continue
		}
		in := &a.prog.Inst[pc]
		if in.Op == syntax.InstMatch {
			if matched = append(matched, a.ids[pc]); !a.longest {
				break // what is preferred less counts no more
			}
			continue
		}
		if r >= 0 && in.MatchRune(r) && a.first(in.Out) {
			list = append(list, in.Out)
		}
	}
	ctx := edge
	if r >= 0 {
		ctx = abc.seen(contextOf(r))
	}
	n := a.intern(m, list, ctx, matched)
	st.next[c].Store(n + 1)
	return (*m.states.Load())[n]
}

// closure lists the instructions that read a character, or match, and are reached
// from those of list while flags hold, in order of preference.
func (a *automaton) closure(list []uint32, flags syntax.EmptyOp) []uint32 {
	var out []uint32
	a.visit()
	var walk func(pc uint32)
	walk = func(pc uint32) {
		if !a.first(pc) {
			return
		}
		switch in := &a.prog.Inst[pc]; in.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			walk(in.Out)
			walk(in.Arg)
		case syntax.InstEmptyWidth:
			if syntax.EmptyOp(in.Arg)&^flags == 0 {
				walk(in.Out)
			}
		case syntax.InstCapture, syntax.InstNop:
			walk(in.Out)
		case syntax.InstFail:
		default:
			out = append(out, pc)
		}
	}
	for _, pc := range list {
		if pc == floatPC {
			for _, b := range a.begins {
				walk(b)
			}
			out = append(out, pc)
			continue
		}
		walk(pc)
	}
	return out
}

// visit begins a walk; first reports whether the walk meets pc for the first time.
func (a *automaton) visit() {
	if a.seen == nil {
		a.seen = make([]uint32, len(a.prog.Inst))
	}
	a.round++
}

func (a *automaton) first(pc uint32) bool {
	if a.seen[pc] == a.round {
		return false
	}
	a.seen[pc] = a.round
	return true
}

// intern is the number of the one state with this list, context and matches.
func (a *automaton) intern(m *memory, list []uint32, ctx context, matched []int) uint32 {
	var hits *Bits
	if a.ids != nil && len(matched) > 0 {
		hits = &Bits{}
		for _, id := range matched {
			hits.add(id)
		}
	}
	k := key(list, ctx, len(matched) > 0, hits)
	if n, ok := m.keys[k]; ok {
		return n
	}
	n := a.alphabet().classes
	st := &state{list: slices.Clone(list), ctx: ctx, matched: len(matched) > 0, hits: hits, dead: len(list) == 0, next: make([]atomic.Uint32, n)}
	if m.keys == nil {
		m.keys = map[string]uint32{}
	}
	id := uint32(len(m.keys))
	m.keys[k] = id
	m.cells += n
	states := append(*m.states.Load(), st)
	m.states.Store(&states)
	return id
}

// key is a state's identity as a string.
func key(list []uint32, ctx context, matched bool, hits *Bits) string {
	b := make([]byte, 0, 3*len(list)+2+8*len(Bits{}))
	b = append(b, byte(ctx), 0)
	if matched {
		b[1] = 1
	}
	for _, pc := range list {
		b = append(b, byte(pc), byte(pc>>8), byte(pc>>16))
	}
	if hits != nil {
		b = append(b, 0xFF, 0xFF) // no list has this length
		for _, w := range hits {
			b = binary.LittleEndian.AppendUint64(b, w)
		}
	}
	return string(b)
}
