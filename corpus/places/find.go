package places

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"tuogou/corpus"
)

// findSince is the year from which on names are looked for in texts: what went
// out of use before is likelier another word than a place.
const findSince = 1995

// Mention is a place named in a text, alone or as a chain of places written
// together (吉林省长春市绿园区), which is one mention of the last of them.
type Mention struct {
	Span corpus.Span // the whole chain
	// Places are the candidates, in the order of [Table.Named]; never empty.
	// Those above in a chain have narrowed them.
	Places []Place
	// Names counts the names of the chain, from 1.
	Names int
	// Short says that the last name was written without its suffix.
	Short bool
	// Part says that the name is part of the name of something else: 南京路,
	// 吉林大学, 佛山商会.
	Part bool
}

// found is one way to read a chain from some point on.
type found struct {
	end   int
	refs  []ref
	names int
}

// Find gives the mentions of places in text, in order and without overlap, with
// the names as they were in year (a name then out of use is found too). From
// each point the reading that covers most text wins. Alone, counties need
// their suffix, since 和平 or 新华 are words; provinces and prefectures do not.
// Short names that happen inside other words are held back by words.tsv. A text
// that is not UTF-8 gives mentions for its valid parts.
func (t *Table) Find(text string, year int) []Mention {
	var out []Mention
	for i := 0; i < len(text); {
		if text[i] < utf8.RuneSelf {
			i++
			continue
		}
		var f found
		a, n := utf8.DecodeRuneInString(text[i:])
		if t.index.begins(a, text[i+n:]) {
			f = t.read(text, i, nil, year)
		}
		if f.end == 0 {
			i += n
			continue
		}
		out = append(out, t.mention(text, i, f, year))
		i = f.end
	}
	return out
}

func (t *Table) mention(text string, start int, f found, year int) Mention {
	rows := make([]int32, len(f.refs))
	short := true
	for i, r := range f.refs {
		rows[i] = r.row
		short = short && r.short
	}
	return Mention{
		Span:   corpus.Span{Start: start, End: f.end},
		Places: t.pick(rows, year),
		Names:  f.names,
		Short:  short,
		Part:   t.index.words.isPart(text[f.end:], short),
	}
}

// read finds the best chain at text[i:] whose first name lies under one of the
// places above, or stands alone where above is nil. Its end is 0 if none.
func (t *Table) read(text string, i int, above []ref, year int) found {
	var best found
	key, _, ok := head(text[i:])
	if !ok {
		return best
	}
	for _, n := range t.index.heads[key] {
		if !strings.HasPrefix(text[i:], n.text) {
			continue
		}
		end := i + len(n.text)
		refs := t.admit(text, i, n, above)
		if len(refs) == 0 {
			continue
		}
		f := found{end: end, refs: t.prefer(refs, year), names: 1}
		if g := t.read(text, end, refs, year); g.end > 0 {
			f.end, f.refs, f.names = g.end, g.refs, g.names+1
		} else if n.edge && above == nil && !bounded(text, i, end) {
			f.refs = fullOnly(f.refs)
		}
		if len(f.refs) > 0 && f.end > best.end {
			best = f
		}
	}
	return best
}

// prefer keeps the bearers valid in year, if there are any.
func (t *Table) prefer(refs []ref, year int) []ref {
	var out []ref
	for _, r := range refs {
		if t.rows[r.row].Valid(year) {
			out = append(out, r)
		}
	}
	if len(out) == 0 {
		return refs
	}
	return out
}

// admit gives the bearers of n that the text at i may mean.
func (t *Table) admit(text string, i int, n *name, above []ref) []ref {
	w := t.index.words
	end := i + len(n.text)
	for _, c := range n.not {
		if strings.HasSuffix(text[:i], c.before) && strings.HasPrefix(text[end:], c.after) {
			return nil
		}
	}
	cut := w.isCut(n.text, text[end:])
	var out, counties []ref
	for _, r := range n.refs {
		p := &t.rows[r.row]
		if p.Level == corpus.Nation || p.To != 0 && p.To < findSince || cut && !r.short {
			continue
		}
		if above != nil {
			if t.under(p, above) && !(r.short && rank(p.Level) >= rank(corpus.County) && (n.province || w.wordy[n.text])) {
				out = append(out, r)
			}
			continue
		}
		switch {
		case rank(p.Level) < rank(corpus.County):
			out = append(out, r)
		case r.short:
			counties = append(counties, r)
		case w.chainOnly[n.text] || len(n.text) <= 6 && letterBefore(text, i):
		default:
			out = append(out, r)
		}
	}
	// 朝阳 is the city, but may be a district too; 河北 is never 河北区.
	if len(out) > 0 && !n.province {
		out = append(out, counties...)
	}
	return out
}

// under reports whether p lies under one of the places above.
func (t *Table) under(p *Place, above []ref) bool {
	for _, r := range above {
		if a := &t.rows[r.row]; a.Code != p.Code && rank(a.Level) < rank(p.Level) &&
			(p.Parent == a.Code || t.Within(p.Parent, a.Code)) {
			return true
		}
	}
	return false
}

func fullOnly(refs []ref) []ref {
	var out []ref
	for _, r := range refs {
		if !r.short {
			out = append(out, r)
		}
	}
	return out
}

// letterBefore reports whether a letter or digit stands before i: 和县 may
// begin a sentence, but in 省、市和县 it is none.
func letterBefore(text string, i int) bool {
	r, n := utf8.DecodeLastRuneInString(text[:i])
	return n > 0 && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// bounded reports whether neither side of the range touches a letter.
func bounded(text string, i, end int) bool {
	r, n := utf8.DecodeRuneInString(text[end:])
	return !letterBefore(text, i) && !(n > 0 && unicode.IsLetter(r))
}

// isCut reports whether a full name seems to end within another word: 佛山市 in
// 佛山市场.
func (w *words) isCut(name, after string) bool {
	for _, c := range w.cut {
		if strings.HasPrefix(after, c.after) && strings.HasSuffix(name, c.before) {
			return true
		}
	}
	return false
}

// isPart reports whether what follows a name makes it part of another name.
// After a full name a road is none (上海市路灯): only words of two characters
// and more count there.
func (w *words) isPart(after string, short bool) bool {
	for _, s := range w.whole {
		if strings.HasPrefix(after, s) {
			return false
		}
	}
	n := 0
	for range 4 {
		_, size := utf8.DecodeRuneInString(after[n:])
		if size == 0 {
			break
		}
		n += size
		if w.part[after[:n]] && (short || n > size) {
			return true
		}
	}
	return false
}
