package organs

import (
	"slices"
	"strings"
	"unicode/utf8"

	"tuogou/corpus"
)

// PlaceFunc tells where the name of a place that ends at byte end of text
// starts, or end itself where none does. Text may be a text given to
// [Table.Find] without its inner blanks. It must be safe for as many
// goroutines as call Find with it.
type PlaceFunc func(text string, end int) (start int)

// Mention is one place where a text names an organ.
type Mention struct {
	Span corpus.Span // bytes of the text, prefix and internal office included
	Text string      // the words as written, inner blanks kept
	// Name is Text without inner blanks and with the parts given to it by its
	// list: 财政 in 市民政、财政、人社部门 is 市财政部门.
	Name string
	// Kinds are the ids of the kinds it may be, in the order of the table: one
	// is sure, several are open, none is an organ of unknown kind.
	Kinds []string
	// Level is what prefix or stem say; "" where they do not. 市 is read as
	// prefecture, also for county-level cities: only a gazetteer can tell, by Place.
	Level corpus.Level
	Place string // words of the place as written (长春市绿园区), without inner blanks; "" where none
	Stem  string // the name without prefix and office
	// Generic marks a name of the kind and not of one body (财政部门, 登记管理机关):
	// at every level where Level is "".
	Generic bool
	Role    bool // what an organ is to an association: 业务主管单位
	All     bool // every organ so called: 各业务主管单位, 各级民政部门
	Vague   bool // somebody, not named: 有关部门. Kinds is empty
	Former  bool // 原业务主管单位
	// Listed says that the table has the name, with or without a kind, and that it does
	// not only look like one.
	Listed bool
	// Inherited says that Level, Place and All come from an earlier member of
	// the same list: 法制办 in 市人事局、法制办.
	Inherited bool

	national, prefixed bool
	lead               string // level and place words, for those that inherit them
}

// finder is one search.
type finder struct {
	t     *Table
	text  string // folded
	place PlaceFunc
	buf   []hit
}

// token is one word found, before lists are looked at.
type token struct {
	start, stem, stemEnd, end int // prefix, stem, office: bytes of the folded text
	word                      *word
	base                      bool   // a base: an organ only by its list
	head                      string // the head its list gave it
	prefix                    prefix
	limit                     int // where the prefix could start at the earliest
}

// Find returns the organs that text names, in order and without overlap. Place
// may be nil where there is no gazetteer. Names inside titles of documents
// (《…》) are found too: what to make of them is the caller's business. Find does
// not fail; bytes that are not UTF-8 are passed over.
func (t *Table) Find(text string, place PlaceFunc) []Mention {
	fold := fold(text)
	f := &finder{t: t, text: fold.text, place: place}
	tokens := f.apart(f.promote(f.tokens()))
	out := make([]Mention, 0, len(tokens))
	for i := range tokens {
		out = append(out, f.mention(&tokens[i]))
	}
	out = f.addUnknown(out)
	for i := range out {
		m := &out[i]
		m.Span = fold.span(m.Span.Start, m.Span.End)
		m.Text = m.Span.In(text)
	}
	t.inherit(text, out)
	return out
}

// tokens scans from left to right and takes the longest sound word each time.
func (f *finder) tokens() []token {
	var out []token
	limit := 0
	for i := 0; i < len(f.text); {
		k, ok := f.match(limit, i)
		if !ok {
			_, w := utf8.DecodeRuneInString(f.text[i:])
			i += w
			continue
		}
		i = k.end
		if k.word.class == stopWord {
			limit = k.end
			continue
		}
		if n := len(out); n > 0 && f.host(&out[n-1], &k) {
			limit = out[n-1].limit
			out = out[:n-1]
		}
		k.prefix, k.limit = f.prefix(limit, k.stem, k.word.national && !k.base), limit
		k.start = k.prefix.start
		if !k.base { // most bases are plain words: 新疆生产|建设|兵团
			limit = k.end
		}
		if n := len(out); n > 0 && f.vertical(&out[n-1], &k) {
			k.start = out[n-1].start
			out[n-1] = k
			continue
		}
		out = append(out, k)
	}
	return out
}

// inFull makes 办 the 办公室 it is short for.
const inFull = "公室"

// match is the longest sound word that starts at byte i.
func (f *finder) match(limit, i int) (token, bool) {
	f.buf = f.t.trie.at(f.text, i, f.buf[:0])
	for n := len(f.buf) - 1; n >= 0; n-- {
		h := f.buf[n]
		w := &f.t.words[h.value]
		k := token{stem: i, stemEnd: h.end, end: h.end, word: w}
		switch {
		case w.class == stopWord:
			return k, true
		case w.isStem && (!w.tail || f.unitBefore(limit, i)) && f.sound(h.end):
			if strings.HasSuffix(w.text, "办") && strings.HasPrefix(f.text[h.end:], inFull) {
				h.end += len(inFull) // 港澳办|公室
				k.stemEnd, k.end = h.end, h.end
			}
			if !w.generic && w.class == organWord && !f.t.role(w) {
				k.end = f.office(h.end)
			}
			return k, true
		case len(w.base) > 0:
			k.base = true
			return k, true
		}
	}
	return token{}, false
}

// followed reports whether next begins with a word that stands behind names.
func (f *finder) followed(next string) bool { return hasAnyPrefix(next, f.t.grammar.Followers) }

// sound reports whether a name may end at byte end: not where the next
// character makes another word of it (政府办|公用房), nor in a document number
// (联组〔2015〕1号).
func (f *finder) sound(end int) bool {
	next := f.text[end:]
	r, w := utf8.DecodeRuneInString(next)
	if w == 0 {
		return true
	}
	last, lw := utf8.DecodeLastRuneInString(f.text[:end])
	if b := f.t.grammar.Breaks[f.text[end-lw:end]]; b != "" && strings.ContainsRune(b, r) {
		// 港澳办|公室 is the same name in full.
		// 省编办|会同省民政厅: what follows a name is no part of a word.
		if (last != '办' || !strings.HasPrefix(next, inFull)) && !f.followed(next) {
			return false
		}
	}
	if r == '发' || r == '字' || r == '函' {
		next = next[w:]
		r, w = utf8.DecodeRuneInString(next)
	}
	if strings.ContainsRune("〔[【﹝(（［", r) && w < len(next) {
		if d, _ := utf8.DecodeRuneInString(next[w:]); d >= '0' && d <= '9' || d >= '０' && d <= '９' {
			return false
		}
	}
	return true
}

// office is the end of the internal body or other head that follows a name:
// 区民政局|审批办, 民政厅|（局）.
func (f *finder) office(end int) int {
	for _, p := range [...][2]string{{"（", "）"}, {"(", ")"}} {
		rest, ok := strings.CutPrefix(f.text[end:], p[0])
		if !ok {
			continue
		}
		if in, _, ok := strings.Cut(rest, p[1]); ok && slices.Contains(f.t.grammar.AltHeads, in) {
			return end + len(p[0]) + len(in) + len(p[1])
		}
	}
	best := end
	for _, o := range f.t.grammar.Offices {
		if len(o) > best-end && strings.HasPrefix(f.text[end:], o) && f.sound(end+len(o)) {
			best = end + len(o)
		}
	}
	if best == end {
		return f.section(end)
	}
	return best
}

// maxSection is the longest name of a section, in code points: 社会组织执法监督处.
const maxSection = 10

// section is the end of the section of an organ whose name ends at byte end
// (市民政局|社会组织管理科), or end.
func (f *finder) section(end int) int {
	n := 0
	for i, r := range f.text[end:] {
		at := end + i
		if n >= 2 {
			for _, t := range f.t.grammar.OfficeTails {
				if strings.HasPrefix(f.text[at:], t) && f.sound(at+len(t)) {
					return at + len(t)
				}
			}
		}
		if n++; n > maxSection || !isHan(r) || f.stopped(at) || hasAnyPrefix(f.text[at:], f.t.grammar.NotSection) {
			break
		}
	}
	return end
}

// stopped reports whether a word at byte at is none of a name.
func (f *finder) stopped(at int) bool { return hasAnyPrefix(f.text[at:], f.t.unknown.StopWords) }

// vertical reports whether prev is the national head of the same line as k:
// 国家税务总局|长春市税务局 is one name.
func (f *finder) vertical(prev, k *token) bool {
	return !k.base && !k.word.national && prev.word.national && prev.end == k.start && k.prefix.units > 0 &&
		len(k.word.stem) == 1 && slices.Equal(k.word.stem, prev.word.stem) && f.t.entries[k.word.stem[0]].Vertical
}

// host reports whether prev, an organ by itself, is only part of k's prefix:
// 市委|组织部, 市人民政府|法制办, 国务院|扶贫办.
func (f *finder) host(prev, k *token) bool {
	return prev.end == k.stem && !prev.base && !k.word.national && f.t.inPrefix(prev.word.text) && !f.t.inPrefix(k.word.text)
}

// inPrefix reports whether s, an organ by itself, also stands before others.
func (t *Table) inPrefix(s string) bool {
	return slices.ContainsFunc(t.pre[lastRune(s)], func(w preWord) bool {
		return (w.class == preMark || w.class == preUnit) && w.text == s
	})
}

func (t *Table) role(w *word) bool {
	return len(w.stem) == 1 && t.kinds[w.stem[0]].Role
}

// mention makes the result of one token; spans are still those of the folded text.
func (f *finder) mention(k *token) Mention {
	w := k.word
	m := Mention{
		Span: corpus.Span{Start: k.start, End: k.end}, Stem: f.text[k.stem:k.stemEnd], Name: f.text[k.start:k.end] + k.head,
		Level: k.prefix.level, All: k.prefix.all || strings.HasPrefix(w.text, "各"), Former: k.prefix.former,
		Generic: w.generic, Vague: w.class == vagueWord, national: w.national && !k.base, prefixed: k.prefix.units > 0, lead: k.prefix.lead,
	}
	m.Listed = w != &unknownField
	if k.prefix.placeEnd > 0 {
		m.Place = f.text[k.prefix.placeStart:k.prefix.placeEnd]
	}
	kinds := w.stem
	if k.base {
		kinds = w.base
		m.Generic = k.head == "" || slices.Contains(f.t.grammar.GenericHeads, k.head)
	}
	for _, i := range kinds {
		m.Kinds = append(m.Kinds, f.t.kinds[i].ID)
	}
	if len(kinds) == 1 {
		m.Role = f.t.kinds[kinds[0]].Role
		if l := f.t.entries[kinds[0]].Level; l != "" {
			m.Level = l
		}
	}
	last := m.Stem
	if k.base {
		last += k.head
	}
	switch {
	case m.national:
		m.Level = corpus.Nation
	case strings.HasSuffix(last, "厅") && !strings.HasSuffix(last, "办公厅") && m.Level != corpus.Nation:
		m.Level = corpus.Province // 区民政厅 is an autonomous region's
	}
	return m
}
