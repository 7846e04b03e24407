package organs

import (
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"

	"tuogou/corpus"
)

var levels = []corpus.Level{corpus.Nation, corpus.Province, corpus.Prefecture, corpus.County, corpus.Town, corpus.Zone}

// Kind is one kind of organ, the same at every level.
type Kind struct {
	ID   string
	Name string // what all its organs are called together: 民政部门
	// Role says that it is what an organ is to an association (业务主管单位), not
	// an organ of its own.
	Role bool
	// Forms are the full names at each level, best first, × for the place.
	Forms map[corpus.Level][]string
	// Dated are the names that were not always in use.
	Dated []Dated
}

// Table is the knowledge of organs.toml, ready to search with. It does not
// change after [Parse] and is safe for concurrent use.
type Table struct {
	kinds   []Kind
	entries []entry
	index   map[string]int
	trie    *trie
	words   []word
	grammar grammar
	pre     map[rune][]preWord
	unknown unknown
	starts  chars // that end a unit word
}

// word is one entry of the trie.
type word struct {
	text string
	// stem: kinds it names; base: kinds whose base it is. Either may be empty.
	stem, base []int
	class      class
	isStem     bool
	tail       bool // only right after a place or a level
	generic    bool // names a kind, not one body
	national   bool
	head       string // of a stem made from a base: 局, 部门
}

type class uint8

const (
	organWord class = iota
	stopWord
	vagueWord
	otherWord
)

// preWord is one word of the prefix grammar.
type preWord struct {
	text  string
	class preClass
	level corpus.Level
}

type preClass uint8

const (
	preUnit preClass = iota
	preMark
	preBeforeUnit
	preAll
	preFree
	preFormer
)

// Kind is the kind with this id.
func (t *Table) Kind(id string) (Kind, bool) {
	i, ok := t.index[id]
	if !ok {
		return Kind{}, false
	}
	return t.kinds[i], true
}

// Kinds are all kinds, in the order of the file. The slice is the caller's,
// what its items hold is not to be changed.
func (t *Table) Kinds() []Kind { return slices.Clone(t.kinds) }

// Words are all stems, sorted, for the user dictionary of a segmenter. Bases
// and tails, which are words of the common language too, are left out.
func (t *Table) Words() []string {
	var out []string
	for _, w := range t.words {
		if w.isStem && !w.tail && w.class == organWord {
			out = append(out, w.text)
		}
	}
	sort.Strings(out)
	return out
}

// Names are the full names that organs of kind id at this level had in year, ×
// for the place; best first, more than one where several bodies were merged
// into today's. Year 0 means today's names. It is nil for an unknown kind.
func (t *Table) Names(id string, level corpus.Level, year int) []string {
	k, ok := t.Kind(id)
	if !ok {
		return nil
	}
	var out []string
	put := func(s string) {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	for _, form := range k.Forms[level] {
		if k.valid(form, year) {
			put(form)
		}
		if year == 0 {
			continue
		}
		for _, d := range k.Dated {
			if d.Now == "" || !d.in(year) || d.Nation != (level == corpus.Nation) {
				continue
			}
			if d.Nation && d.Now == form {
				put(d.Name)
			} else if !d.Nation && strings.HasSuffix(form, d.Now) {
				put(strings.TrimSuffix(form, d.Now) + d.Name)
			}
		}
	}
	return out
}

// Valid reports whether a name as written (市工商局) was in use for kind id in
// year. It is true where the data knows nothing against it: a test of
// consistency, no proof. Year 0 is always valid.
func (t *Table) Valid(id, form string, year int) bool {
	k, ok := t.Kind(id)
	return !ok || k.valid(form, year)
}

// Renamed is what the data knows of a name's years: the dated name of kind id
// that form ends with, the longest where several do.
func (t *Table) Renamed(id, form string) (Dated, bool) {
	k, ok := t.Kind(id)
	if !ok {
		return Dated{}, false
	}
	return k.renamed(form)
}

func (k Kind) renamed(form string) (Dated, bool) {
	var best Dated
	for _, d := range k.Dated {
		if len(d.Name) > len(best.Name) && strings.HasSuffix(form, d.Name) {
			best = d
		}
	}
	return best, best.Name != ""
}

func (k Kind) valid(form string, year int) bool {
	d, ok := k.renamed(form)
	return !ok || year == 0 || d.in(year)
}

func (d Dated) in(year int) bool {
	return (d.From == 0 || year >= d.From) && (d.To == 0 || year <= d.To)
}

// SameKind reports whether a and b surely are organs of one kind, whatever
// their names and levels: 区民政局 and 民政部.
func SameKind(a, b Mention) bool {
	return len(a.Kinds) == 1 && len(b.Kinds) == 1 && a.Kinds[0] == b.Kinds[0]
}

// builder gathers the words of all kinds.
type builder struct {
	t     *Table
	at    map[string]int
	ok    map[string][]int // stems that may have several kinds: those that say so
	errs  []error
	entry *entry
	kind  int
}

func build(f *file) (*Table, error) {
	t := &Table{
		index: map[string]int{}, trie: newTrie(), grammar: f.Grammar, entries: f.Organs,
		pre: map[rune][]preWord{}, unknown: f.Unknown,
	}
	if t.unknown.MaxRunes == 0 {
		t.unknown.MaxRunes = 12
	}
	b := &builder{t: t, at: map[string]int{}, ok: map[string][]int{}}
	for i, e := range f.Organs {
		t.index[e.ID] = i
		t.kinds = append(t.kinds, Kind{ID: e.ID, Name: e.Name, Role: e.Role, Dated: e.Dated, Forms: map[corpus.Level][]string{
			corpus.Nation: e.Nation, corpus.Province: e.Province, corpus.Prefecture: e.Prefecture, corpus.County: e.County,
		}})
		for _, s := range e.Shared {
			b.ok[s.Stem] = append(b.ok[s.Stem], i)
		}
	}
	for i := range f.Organs {
		b.entry, b.kind = &f.Organs[i], i
		b.addKind()
	}
	b.addRest(f)
	b.addPrefix(f)
	if len(b.errs) > 0 {
		return nil, fmt.Errorf("organs: %w", errors.Join(b.errs...))
	}
	for i, w := range t.words {
		t.trie.add(w.text, i)
	}
	return t, nil
}

// word is the entry of the trie for text, made on first use.
func (b *builder) word(text string) *word {
	i, ok := b.at[text]
	if !ok {
		i = len(b.t.words)
		b.at[text] = i
		b.t.words = append(b.t.words, word{text: text})
	}
	return &b.t.words[i]
}

func (b *builder) stem(text string) *word {
	w := b.word(text)
	if slices.Contains(w.stem, b.kind) {
		return w
	}
	if len(w.stem) > 0 {
		both := b.ok[text]
		if !slices.Contains(both, b.kind) || !slices.Contains(both, w.stem[0]) {
			b.errs = append(b.errs, fmt.Errorf("%s: stem %s is also one of %s, and not shared by both", b.entry.ID, text, b.t.kinds[w.stem[0]].ID))
		}
	}
	w.stem, w.isStem = append(w.stem, b.kind), true
	return w
}

func (b *builder) addKind() {
	e := b.entry
	for _, s := range e.Stems {
		b.stem(s)
	}
	for _, s := range e.Shared {
		if len(b.ok[s.Stem]) < 2 {
			b.errs = append(b.errs, fmt.Errorf("%s: shared stem %s is shared with no other kind", e.ID, s.Stem))
		}
		b.stem(s.Stem)
	}
	for _, s := range e.National {
		b.stem(s).national = true
	}
	for _, d := range e.Dated {
		if w := b.stem(d.Name); d.Nation {
			w.national = true
		}
	}
	for _, s := range e.Generic {
		b.stem(s).generic = true
	}
	for _, s := range e.Tails {
		if w := b.word(s); !w.isStem {
			b.stem(s).tail = true
		}
	}
	for _, base := range e.Bases {
		b.addBase(base)
	}
}

func (b *builder) addBase(base string) {
	w := b.word(base)
	if len(w.base) > 0 {
		b.errs = append(b.errs, fmt.Errorf("%s: base %s is also one of %s", b.entry.ID, base, b.t.kinds[w.base[0]].ID))
		return
	}
	w.base = append(w.base, b.kind)
	for _, h := range b.entry.Heads {
		s := b.stem(base + h)
		s.head, s.generic = h, s.generic || slices.Contains(b.t.grammar.ClassHeads, h)
	}
	for _, h := range b.t.grammar.GenericHeads {
		s := b.stem(base + h)
		s.head, s.generic = h, true
	}
}

// addRest adds the words that are no stems of a kind. A stop phrase that is a
// stem too would hide it: that is a fault of the data.
func (b *builder) addRest(f *file) {
	add := func(list []string, c class, tail, national bool) {
		for _, s := range list {
			w := b.word(s)
			if w.isStem || len(w.base) > 0 || s == "" {
				b.errs = append(b.errs, fmt.Errorf("word %q is also a stem or base of a kind", s))
				continue
			}
			w.class, w.tail, w.national, w.isStem = c, tail, national, c != stopWord
			w.generic = c == vagueWord
		}
	}
	add(f.Other, otherWord, false, false)
	add(f.OtherNation, otherWord, false, true)
	add(f.OtherTails, otherWord, true, false)
	add(f.Vague, vagueWord, false, false)
	add(f.Grammar.Stops, stopWord, false, false)
}

func (b *builder) addPrefix(f *file) {
	add := func(list []string, c preClass, l corpus.Level) {
		for _, s := range list {
			r := lastRune(s)
			b.t.pre[r] = append(b.t.pre[r], preWord{s, c, l})
		}
	}
	for _, u := range f.Units {
		add(u.Words, preUnit, u.Level)
		for _, w := range u.Words {
			b.t.starts.add(lastRune(w))
		}
	}
	add(f.Prefix.Marks, preMark, "")
	add(f.Prefix.BeforeUnit, preBeforeUnit, "")
	add(f.Prefix.All, preAll, "")
	add(f.Prefix.Free, preFree, "")
	add(f.Prefix.Former, preFormer, "")
	for _, list := range b.t.pre {
		slices.SortStableFunc(list, func(x, y preWord) int { return len(y.text) - len(x.text) })
	}
}
