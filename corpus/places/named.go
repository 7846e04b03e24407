package places

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"tuogou/corpus"
)

// ref is one place that bears a name.
type ref struct {
	row   int32
	short bool // without its suffix
}

// name is one form of a name with all its bearers, in the order of the table.
type name struct {
	text string
	refs []ref
	// province says that a province bears it: 河北 is never 天津市河北区.
	province bool
	edge     bool // of words.tsv
	not      []context
}

// index finds names by their first two characters.
type index struct {
	names map[string]*name
	heads map[uint64][]*name // longest first
	// first and pairs hold what heads holds, by some of the bits of the first
	// character and of both: they spare nearly every character of a text the map.
	first [1 << 16 / 64]uint64
	pairs [pairBits / 64]uint64
	// initials holds rows by the first character of their short name.
	initials map[string][]int32
	words    *words
}

func newIndex(rows []Place, w *words) *index {
	x := &index{
		names:    make(map[string]*name, 2*len(rows)),
		heads:    make(map[uint64][]*name, 2*len(rows)),
		initials: map[string][]int32{},
		words:    w,
	}
	for i, p := range rows {
		full, short, middle := w.names(p)
		x.add(full, ref{int32(i), false}, p)
		if short != full {
			x.add(short, ref{int32(i), true}, p)
		}
		if middle != "" && middle != full {
			x.add(middle, ref{int32(i), false}, p)
		}
		_, n := utf8.DecodeRuneInString(short)
		x.initials[short[:n]] = append(x.initials[short[:n]], int32(i))
	}
	for _, list := range x.heads {
		slices.SortFunc(list, func(a, b *name) int {
			return cmp.Or(len(b.text)-len(a.text), cmp.Compare(a.text, b.text))
		})
	}
	return x
}

func (x *index) add(text string, r ref, p Place) {
	n := x.names[text]
	if n == nil {
		n = &name{text: text, edge: x.words.edge[text], not: x.words.not[text]}
		x.names[text] = n
		if p.Level != corpus.Nation {
			h, _, _ := head(text)
			x.heads[h] = append(x.heads[h], n)
			a, b := rune(h>>32), rune(h)
			x.first[uint16(a)/64] |= 1 << (a % 64)
			k := pair(a, b)
			x.pairs[k/64] |= 1 << (k % 64)
		}
	}
	n.refs = append(n.refs, r)
	n.province = n.province || p.Level == corpus.Province
}

// pairBits is the size of a set that the pairs of some 10,000 names fill thinly.
const pairBits = 1 << 18

func pair(a, b rune) uint32 { return (uint32(a)*0x9E37 + uint32(b)*0x85EB) % pairBits }

// begins reports whether a name may begin with a, of which after is the rest.
// It is never wrong when it says no.
func (x *index) begins(a rune, after string) bool {
	if x.first[uint16(a)/64]&(1<<(a%64)) == 0 {
		return false
	}
	b, _ := utf8.DecodeRuneInString(after)
	k := pair(a, b)
	return x.pairs[k/64]&(1<<(k%64)) != 0
}

// head packs the first two characters of s and gives the bytes of the first.
func head(s string) (key uint64, size int, ok bool) {
	a, n := utf8.DecodeRuneInString(s)
	b, m := utf8.DecodeRuneInString(s[n:])
	return uint64(a)<<32 | uint64(b), n, n > 0 && m > 0
}

// Named gives all places of that full or short name in year; if none had it
// then, all that ever had it. The order is by level, then code, then time.
func (t *Table) Named(text string, year int) []Place {
	n := t.index.names[text]
	if n == nil {
		return nil
	}
	rows := make([]int32, len(n.refs))
	for i, r := range n.refs {
		rows[i] = r.row
	}
	return t.pick(rows, year)
}

// pick gives the places of the rows that are valid in year, or all if none is,
// in order, and of two rows of one code that are equally valid the later.
func (t *Table) pick(rows []int32, year int) []Place {
	out := make([]Place, 0, len(rows))
	for _, i := range rows {
		if p := t.rows[i]; p.Valid(year) {
			out = append(out, p)
		}
	}
	if len(out) == 0 {
		for _, i := range rows {
			out = append(out, t.rows[i])
		}
	}
	slices.SortStableFunc(out, func(a, b Place) int {
		return cmp.Or(rank(a.Level)-rank(b.Level), cmp.Compare(a.Code, b.Code), cmp.Compare(b.From, a.From))
	})
	return slices.CompactFunc(out, func(a, b Place) bool { return a.Code == b.Code })
}

// Abbreviation gives the codes of the provinces that a one-character
// abbreviation stands for (川 and 蜀 → 510000). The result is the caller's.
func (t *Table) Abbreviation(s string) []string {
	var codes []string
	for _, code := range t.index.words.abbr[s] {
		if levelOf(code) == corpus.Province {
			codes = append(codes, code)
		}
	}
	return codes
}

// ByDocPrefix gives the places that the place characters at the head of a
// document number can stand for, all of them: 浙 → 浙江省; 长 → 长春市, 长沙市,
// 长治市 and the counties in 长; 长绿 → 长春市绿园区; 镇巴 → 镇巴县; 穗 → 广州市. A character
// is the abbreviation of a province or city or begins a short name; two are the
// beginning of a short name, or one place and one directly under it. The order is by
// level, then code. Counties named by one character are many (镇政发 of 镇巴县):
// callers that know the province or the level narrow them down.
func (t *Table) ByDocPrefix(first string, year int) []Place {
	_, n := utf8.DecodeRuneInString(first)
	if n == 0 {
		return nil
	}
	if n == len(first) {
		return t.pickEach(t.initial(first, false), year)
	}
	var rows []int32
	for _, i := range t.index.initials[first[:n]] {
		if strings.HasPrefix(t.index.words.short(t.rows[i].Name), first) {
			rows = append(rows, i)
		}
	}
	if _, m := utf8.DecodeRuneInString(first[n:]); n+m == len(first) {
		above := map[string]bool{}
		for _, i := range t.initial(first[:n], true) {
			if t.rows[i].Valid(year) {
				above[t.rows[i].Code] = true
			}
		}
		for _, i := range t.index.initials[first[n:]] {
			if above[t.rows[i].Parent] {
				rows = append(rows, i)
			}
		}
	}
	return t.pickEach(rows, year)
}

// pickEach is pick without the way out: none valid, none given.
func (t *Table) pickEach(rows []int32, year int) []Place {
	rows = slices.DeleteFunc(rows, func(i int32) bool { return !t.rows[i].Valid(year) })
	if len(rows) == 0 {
		return nil
	}
	return t.pick(rows, year)
}

// initial gives the rows that one character can stand for: abbreviations of
// provinces and cities and the first characters of short names, except those of
// provinces, which have abbreviations. With parents, only places that have
// others under them.
func (t *Table) initial(c string, parents bool) []int32 {
	var rows []int32
	for _, code := range t.index.words.abbr[c] {
		for _, i := range t.byCode[code] {
			rows = append(rows, int32(i))
		}
	}
	for _, i := range t.index.initials[c] {
		switch p := t.rows[i]; {
		case p.Level == corpus.Nation:
		case p.Level == corpus.Province && p.Code[:2] < "90":
		case parents && len(t.kids[p.Code]) == 0:
		default:
			rows = append(rows, i)
		}
	}
	return rows
}
