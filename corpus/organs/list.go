package organs

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tuogou/corpus"
)

// List is a run of mentions that stand side by side, joined by 、 和 与 及 and the
// like or by nothing (民政部市场监管总局). A single mention is a list of one.
type List struct {
	Span    corpus.Span
	Members []Mention
}

// Lists groups the mentions that [Table.Find] found in the same text.
func (t *Table) Lists(text string, mentions []Mention) []List {
	var out []List
	for i, m := range mentions {
		if n := len(out); n > 0 && i > 0 && t.Joins(text[mentions[i-1].Span.End:m.Span.Start]) {
			out[n-1].Members = append(out[n-1].Members, m)
			out[n-1].Span.End = m.Span.End
			continue
		}
		out = append(out, List{Span: m.Span, Members: []Mention{m}})
	}
	return out
}

// Joins reports whether gap only joins two members of a list.
func (t *Table) Joins(gap string) bool {
	if len(gap) > 32 {
		return false
	}
	gap = strings.TrimFunc(gap, isBlank)
	return gap == "" || slices.Contains(t.grammar.Separators, gap)
}

// inherit carries level and place over to bare members of a list: 市 once for
// all of 市人事局、法制办、民政局. A national level is passed on only to a name
// that a national body has (民政部、发展改革委, but not 民政部、民政局).
func (t *Table) inherit(text string, ms []Mention) {
	var from *Mention
	for i := range ms {
		m := &ms[i]
		if i > 0 && !t.Joins(text[ms[i-1].Span.End:m.Span.Start]) {
			from = nil
		}
		if m.Role || m.Vague {
			continue
		}
		if m.prefixed || m.national {
			if m.Level != "" {
				from = m
			}
			continue
		}
		if from == nil || m.Place != "" || m.Level != "" && m.Level != from.Level {
			continue
		}
		if from.Level == corpus.Nation && !t.hasNational(m) {
			continue
		}
		m.Level, m.Place, m.Inherited = from.Level, from.Place, true
		m.All = m.All || from.All
		m.Name = from.lead + m.Name
	}
}

// hasNational reports whether the national body of m's kind may be called so
// for short.
func (t *Table) hasNational(m *Mention) bool {
	if len(m.Kinds) != 1 || m.Generic {
		return false
	}
	e := t.entries[t.index[m.Kinds[0]]]
	for _, list := range [][]string{e.Nation, e.National} {
		for _, n := range list {
			if n != m.Stem && strings.HasSuffix(n, m.Stem) {
				return true
			}
		}
	}
	return false
}

// promote decides which bases are organs. In 市民政、财政、人社部门 the last member
// lends its head; in 会同发改、审计等部门 the words after it do; 市发改、民政牵头 has a
// level and a verb. All other bases are plain words and go.
func (f *finder) promote(in []token) []token {
	in = f.fields(in)
	out := in[:0:0]
	for i := 0; i < len(in); i++ {
		if !in[i].base {
			out = append(out, in[i])
			continue
		}
		j := i
		for j+1 < len(in) && in[j+1].base && f.joined(&in[j], &in[j+1]) {
			j++
		}
		if i == j && f.compound(in, j) {
			out = append(out, f.compounded(in[j], in[j+1]))
			i = j + 1
			continue
		}
		if head, ok := f.sharedHead(in, i, j); ok {
			for _, k := range in[i : j+1] {
				k.head = head
				out = append(out, k)
			}
		}
		i = j
	}
	return out
}

// compound reports whether in[i] and in[i+1] are one bureau for two fields, as
// counties have them: 县科技|和|工信局. Departments of two fields are two: 市民政和财政部门.
func (f *finder) compound(in []token, i int) bool {
	if i+1 == len(in) || in[i].prefix.units == 0 {
		return false
	}
	next := &in[i+1]
	return !next.base && next.prefix.units == 0 && slices.Contains(f.t.grammar.BodyHeads, next.word.head) && f.text[in[i].end:next.stem] == "和"
}

// compounded is that bureau; of which kind it is, its fields leave open.
func (f *finder) compounded(a, b token) token {
	w := *b.word
	w.stem = slices.Concat(a.word.base, b.word.stem)
	a.word, a.base, a.stemEnd, a.end = &w, false, b.stemEnd, b.end
	return a
}

// apart takes out the bases that lie within the prefix of the next name, where
// a gazetteer's place reaches over them.
func (f *finder) apart(in []token) []token {
	out := in[:0]
	for _, k := range in {
		for len(out) > 0 && out[len(out)-1].end > k.start && out[len(out)-1].base {
			out = out[:len(out)-1]
		}
		if n := len(out); n > 0 && k.start < out[n-1].end {
			k.start, k.prefix = k.stem, prefix{start: k.stem}
		}
		out = append(out, k)
	}
	return out
}

// joined reports whether a separator, and not nothing, joins a and b: 财政教育 is
// no list. A prefix of b that reaches over a leaves nothing to join.
func (f *finder) joined(a, b *token) bool {
	return b.start > a.end && f.t.Joins(f.text[a.end:b.start])
}

// maxField is the longest member of a list that no table knows, in code points.
const maxField = 6

// maxFields bounds the walk along a list, so that a text of nothing but lists is still
// read in a time that grows with its length.
const maxFields = 40

// unknownField is the word of such a member.
var unknownField = word{}

// fields adds the members of lists that end in a shared head and that no table knows, as
// bases of no kind: 国家安全 of 民政、国家安全、人民银行等部门.
func (f *finder) fields(in []token) []token {
	out := make([]token, 0, len(in))
	for i := 0; i < len(in); i++ {
		out = append(out, in[i])
		if !in[i].base {
			continue
		}
		var list []token
		for at, next := in[i].end, i+1; len(list) < maxFields; {
			rest := f.text[at:]
			if hasAnyPrefix(rest, f.t.grammar.SharedHeads) {
				out = append(out, list...)
				i = next - 1
				break
			}
			if !strings.HasPrefix(rest, "、") {
				break
			}
			at += len("、")
			if next < len(in) && in[next].start == at {
				list, at = append(list, in[next]), in[next].end
				next++
				continue
			}
			end, ok := f.field(at)
			if !ok || next < len(in) && in[next].start < end {
				break
			}
			list = append(list, token{start: at, stem: at, stemEnd: end, end: end, word: &unknownField, base: true})
			at = end
		}
	}
	return out
}

// field is the end of the member of a list that begins at byte i and that no table knows.
func (f *finder) field(i int) (end int, ok bool) {
	end = i
	for range maxField + 1 {
		r, w := utf8.DecodeRuneInString(f.text[end:])
		if !isHan(r) || strings.ContainsRune(f.t.grammar.NotField, r) {
			return end, end > i
		}
		end += w
	}
	return i, false
}

// listRest is what follows the list that in[j] is in: 等部门 behind 民政、人民银行.
func (f *finder) listRest(in []token, j int) string {
	last := min(len(in)-1, j+maxFields)
	for j < last && f.text[in[j].end:max(in[j].end, in[j+1].start)] == "、" {
		j++
	}
	return f.text[in[j].end:]
}

// sharedHead is the head that the bases in[i..j] share, and whether they are
// organs at all.
func (f *finder) sharedHead(in []token, i, j int) (string, bool) {
	rest := f.text[in[j].end:]
	if j+1 < len(in) {
		next := in[j+1]
		if h := next.word.head; !next.base && h != "" && f.joined(&in[j], &next) {
			return h, true
		}
	}
	if hasAnyPrefix(f.listRest(in, j), f.t.grammar.SharedHeads) {
		return f.t.grammar.GenericHeads[0], true
	}
	if in[i].prefix.units == 0 || in[i].prefix.level == "" || i == j {
		return "", false
	}
	r, _ := utf8.DecodeRuneInString(rest)
	if rest == "" || unicode.IsPunct(r) {
		return "", true
	}
	for _, w := range f.t.grammar.Followers {
		if strings.HasPrefix(rest, w) {
			return "", true
		}
	}
	return "", false
}
