package main

import (
	"bytes"
	"io/fs"
	"sync"

	"tuogou/corpus/places"
	"tuogou/rules"
)

// memory is what runs of one process load only once: the built-in rules, and tables of
// places by their text. Both are only read. The program runs once and has none; tests run
// it hundreds of times.
type memory struct {
	mu     sync.Mutex
	set    *rules.Set
	tables map[string]*places.Table
}

// rules are those of files, the built-in ones where dir is empty.
func (m *memory) rules(dir string, files fs.FS) (*rules.Set, error) {
	if m == nil || dir != "" {
		return rules.Load(files)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.set == nil {
		set, err := rules.Load(files)
		if err != nil {
			return nil, err
		}
		m.set = set
	}
	return m.set, nil
}

// places is the built-in table with own places over it.
func (m *memory) places(own []byte) (*places.Table, error) {
	if m == nil {
		return places.Default().With(bytes.NewReader(own))
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if t := m.tables[string(own)]; t != nil {
		return t, nil
	}
	t, err := places.Default().With(bytes.NewReader(own))
	if err != nil {
		return nil, err
	}
	if m.tables == nil {
		m.tables = map[string]*places.Table{}
	}
	m.tables[string(own)] = t
	return t, nil
}
