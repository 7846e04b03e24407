package crawler

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"tuogou/corpus"
)

// MemoryFrontier is a Frontier in memory, for tests and small runs. Its zero
// value is an empty round.
type MemoryFrontier struct {
	mu    sync.Mutex
	order []string
	items map[string]*memoryItem
	first map[string]int // by host: where in order the open targets begin
	kept  []Target       // by earlier rounds
}

type memoryItem struct {
	target  Target
	claimed bool
	result  Result
}

// Add is Frontier.Add.
func (f *MemoryFrontier) Add(_ context.Context, targets ...Target) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.items == nil {
		f.items = map[string]*memoryItem{}
	}
	added := 0
	for _, t := range targets {
		if _, known := f.items[t.Key()]; known {
			continue
		}
		f.items[t.Key()] = &memoryItem{target: t}
		f.order = append(f.order, t.Key())
		added++
	}
	return added, nil
}

// Claim is Frontier.Claim.
func (f *MemoryFrontier) Claim(_ context.Context, host string) (Target, bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.first == nil {
		f.first = map[string]int{}
	}
	begin := true // no open target of the host so far
	for i := f.first[host]; i < len(f.order); i++ {
		it := f.items[f.order[i]]
		if it.target.Host != host || it.result.Outcome != "" {
			continue
		}
		if begin {
			f.first[host], begin = i, false
		}
		if !it.claimed {
			it.claimed = true
			return it.target, true, nil
		}
	}
	return Target{}, false, nil
}

// Finish is Frontier.Finish.
func (f *MemoryFrontier) Finish(_ context.Context, t Target, r Result) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	it := f.items[t.Key()]
	if it == nil || !it.claimed {
		return fmt.Errorf("finish %s: not claimed", t.URL)
	}
	it.claimed, it.result = false, r
	return nil
}

// Open is Frontier.Open.
func (f *MemoryFrontier) Open(context.Context) (map[string]int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	open := map[string]int{}
	for _, it := range f.items {
		if it.result.Outcome == "" {
			open[it.target.Host]++
		}
	}
	return open, nil
}

// Again is Frontier.Again.
func (f *MemoryFrontier) Again(ctx context.Context, site string) (int, error) {
	f.mu.Lock()
	var again []Target
	for _, t := range f.kept {
		if t.Site == site {
			again = append(again, t)
		}
	}
	f.mu.Unlock()
	return f.Add(ctx, again...)
}

// NextRound begins a new round, which knows what this one kept.
func (f *MemoryFrontier) NextRound() {
	f.mu.Lock()
	defer f.mu.Unlock()
	var kept []Target
	known := map[string]bool{}
	for _, key := range f.order {
		it := f.items[key]
		if it.target.Kind != ListPage && (it.result.Outcome == corpus.Done || it.result.Outcome == corpus.Same) {
			kept, known[key] = append(kept, it.target), true
		}
	}
	for _, t := range f.kept {
		if it := f.items[t.Key()]; !known[t.Key()] && (it == nil || it.result.Outcome != corpus.Failed) {
			kept = append(kept, t)
		}
	}
	f.kept, f.order, f.items, f.first = kept, nil, nil, nil
}

// MemorySink is a Sink and Notes in memory, for tests and small runs. Its
// zero value is empty.
type MemorySink struct {
	mu       sync.Mutex
	captures []corpus.Capture
	bodies   map[corpus.Hash][]byte
	last     map[corpus.DocID]corpus.Hash
	notes    map[string][]byte
}

// Put is Sink.Put.
func (s *MemorySink) Put(_ context.Context, c corpus.Capture, body []byte, n Note) (corpus.Outcome, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.putNote(n.Key, n.Value)
	if s.last == nil {
		s.last, s.bodies = map[corpus.DocID]corpus.Hash{}, map[corpus.Hash][]byte{}
	}
	if s.last[c.Doc] == c.SHA256 {
		return corpus.Same, nil
	}
	s.last[c.Doc] = c.SHA256
	s.bodies[c.SHA256] = slices.Clone(body)
	s.captures = append(s.captures, c)
	return corpus.Done, nil
}

// Captures returns what was kept, in order.
func (s *MemorySink) Captures() []corpus.Capture {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.captures)
}

// Body returns the bytes of a hash, or nil.
func (s *MemorySink) Body(h corpus.Hash) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bodies[h]
}

// Note is Notes.Note.
func (s *MemorySink) Note(_ context.Context, key string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.notes[key], nil
}

// PutNote is Notes.PutNote.
func (s *MemorySink) PutNote(_ context.Context, key string, value []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.putNote(key, value)
	return nil
}

func (s *MemorySink) putNote(key string, value []byte) {
	if s.notes == nil {
		s.notes = map[string][]byte{}
	}
	s.notes[key] = slices.Clone(value)
}
