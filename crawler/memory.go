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
	for _, key := range f.order {
		it := f.items[key]
		if it.target.Host == host && !it.claimed && it.result.Outcome == "" {
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

// Open counts the targets that are not finished.
func (f *MemoryFrontier) Open() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, it := range f.items {
		if it.result.Outcome == "" {
			n++
		}
	}
	return n
}

// MemorySink is a Sink and Validators in memory, for tests and small runs. Its
// zero value is empty.
type MemorySink struct {
	mu       sync.Mutex
	captures []corpus.Capture
	bodies   map[corpus.Hash][]byte
	last     map[corpus.DocID]corpus.Hash
	tags     map[string][2]string
}

// Put is Sink.Put.
func (s *MemorySink) Put(_ context.Context, c corpus.Capture, body []byte) (corpus.Outcome, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
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

// Recall is Validators.Recall.
func (s *MemorySink) Recall(_ context.Context, url string) (etag, modified string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tags[url][0], s.tags[url][1], nil
}

// Remember is Validators.Remember.
func (s *MemorySink) Remember(_ context.Context, url, etag, modified string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tags == nil {
		s.tags = map[string][2]string{}
	}
	s.tags[url] = [2]string{etag, modified}
	return nil
}
