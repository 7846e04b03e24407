package organs

import (
	"slices"
	"strings"
	"unicode/utf8"

	"tuogou/corpus"
)

// addUnknown adds to the mentions found what looks like an organ and is none of
// those known: a level or place, some characters, an organ's last word
// (市园林绿化局, 区文化广电体育局). Without a prefix nothing is taken, because 局,
// 部 and 办 end too many common words.
func (f *finder) addUnknown(known []Mention) []Mention {
	return f.between(f.between(known, f.unknownIn), f.bareIn)
}

// between adds to the mentions found those that find sees in a stretch without any.
func (f *finder) between(known []Mention, find func(out []Mention, from, to int) []Mention) []Mention {
	out := make([]Mention, 0, len(known))
	from := 0
	for _, m := range known {
		out = append(find(out, from, m.Span.Start), m)
		from = m.Span.End
	}
	return find(out, from, len(f.text))
}

func (f *finder) unknownIn(out []Mention, from, to int) []Mention {
	limit := from
	for i := from; i < to; {
		r, w := utf8.DecodeRuneInString(f.text[i:])
		i += w
		if i > to || !f.t.starts.has(r) || f.notStart(i-w) || !f.startsUnknown(limit, i) {
			continue
		}
		end, ok := f.run(i, to)
		if !ok {
			continue
		}
		end = min(to, f.section(end))
		p := f.prefix(limit, i, false)
		m := Mention{
			Span: corpus.Span{Start: p.start, End: end}, Stem: f.text[i:end], Name: f.text[p.start:end],
			Level: p.level, All: p.all, Former: p.former, prefixed: true, lead: p.lead,
		}
		if p.placeEnd > 0 {
			m.Place = f.text[p.placeStart:p.placeEnd]
		}
		out = append(out, m)
		i, limit = end, end
	}
	return out
}

// bareIn finds the groups that a text calls by their task alone, without a level or a
// place, where such a name may begin: after a stop, or after what leads to an organ
// (由联合采购办公室负责, 向试点工作小组办公室报告).
func (f *finder) bareIn(out []Mention, from, to int) []Mention {
	words := f.t.unknown.Bare
	next := make([]int, len(words)) // where each word stands next, to where it does not
	for i := range next {
		next[i] = -1
	}
	for from < to {
		at, core := to, ""
		for i, w := range words {
			if next[i] < from {
				next[i] = to
				if n := strings.Index(f.text[from:to], w); n >= 0 {
					next[i] = from + n
				}
			}
			if next[i] < at {
				at, core = next[i], w
			}
		}
		if at == to {
			break
		}
		start, ok := f.bareStart(from, at)
		end := at + len(core)
		if tail := f.t.unknown.BareTail; strings.HasPrefix(f.text[end:to], tail) && !strings.HasSuffix(core, tail) {
			end += len(tail)
		}
		if ok && f.sound(end) && !f.led(start, at) && !hasAnyPrefix(f.text[end:], f.t.unknown.NotBare) {
			name := f.text[start:end]
			out = append(out, Mention{Span: corpus.Span{Start: start, End: end}, Stem: name, Name: name})
		}
		from = end
	}
	return out
}

// led reports whether a name is what is done with a group: 定期召开|联席会议.
func (f *finder) led(start, at int) bool {
	return slices.ContainsFunc(f.t.unknown.BareStops, func(s string) bool { return strings.Contains(f.text[start:at], s) })
}

func hasAnyPrefix(s string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(s, p) })
}

// bareStart is where the name begins whose last word stands at byte at.
func (f *finder) bareStart(from, at int) (int, bool) {
	u := &f.t.unknown
	start := at
	for n := 0; start > from; n++ {
		r, w := utf8.DecodeLastRuneInString(f.text[from:start])
		if strings.ContainsRune(u.BareAfter, r) || !isHan(r) {
			break
		}
		if n >= u.MaxRunes {
			return 0, false
		}
		start -= w
	}
	if start == from && from > 0 {
		return 0, false // what stands before is part of another name
	}
	for i := range f.text[start:at] {
		if f.stopped(start + i) {
			return 0, false
		}
	}
	return start, true
}

// notStart reports whether the level character at byte i begins a common word:
// 市|场, 区|别.
func (f *finder) notStart(i int) bool {
	for _, w := range f.t.unknown.NotStarts {
		if strings.HasPrefix(f.text[i:], w) {
			return true
		}
	}
	return false
}

// startsUnknown reports whether an organ of unknown kind may start with the
// level or place that ends at byte at.
func (f *finder) startsUnknown(limit, at int) bool {
	if f.placeBefore(limit, at) < at {
		return true
	}
	for _, w := range f.t.unknown.NotLevels {
		if strings.HasSuffix(f.text[limit:at], w) {
			return false
		}
	}
	return f.unitBefore(limit, at)
}

// run is the end of the organ's name that starts at byte i, before byte to.
func (f *finder) run(i, to int) (int, bool) {
	u := &f.t.unknown
	n := 0
	for at := i; at < to && n < max(u.MaxRunes, u.MaxGroup); n++ {
		r, w := utf8.DecodeRuneInString(f.text[at:])
		if end := quotedWord(f.text[at:to]); end > 0 { // 县深化“放管服”改革领导小组办公室
			at, n = at+end, n+end/len("“")-1
			continue
		}
		if !isHan(r) {
			return 0, false
		}
		if f.stopped(at) {
			return 0, false
		}
		at += w
		if n < 2 {
			continue
		}
		if end := f.suffixEnd(i, at, to); end > 0 && (n < u.MaxRunes || f.group(i, end)) {
			return end, true
		}
	}
	return 0, false
}

// maxQuoted is the longest word in quotation marks, in bytes, inside a name.
const maxQuoted = 30

// quotedWord is the length of the word in quotation marks that s begins with, or 0.
func quotedWord(s string) int {
	if !strings.HasPrefix(s, "“") {
		return 0
	}
	end := strings.Index(s, "”") + len("”")
	if end < len("”") || end > maxQuoted || strings.ContainsAny(s[:end], "，。；、\n") {
		return 0
	}
	return end
}

// group reports whether the name ends as those do that may be long.
func (f *finder) group(i, end int) bool {
	return slices.ContainsFunc(f.t.unknown.Groups, func(s string) bool { return strings.HasSuffix(f.text[i:end], s) })
}

// suffixEnd is the end of the organ suffix whose first characters end at byte
// at, taken as long as it goes (委, 委员会), or 0.
func (f *finder) suffixEnd(i, at, to int) int {
	u := &f.t.unknown
	for _, s := range u.Suffixes {
		if !strings.HasSuffix(f.text[i:at], s) || len(s) == at-i {
			continue
		}
		name := f.text[i:at]
		if slices.ContainsFunc(u.StopEnds, func(e string) bool { return len(e) > len(s) && strings.HasSuffix(name, e) }) || slices.Contains(u.StopEnds, name) {
			return 0
		}
		for _, longer := range u.Suffixes {
			if tail, ok := strings.CutPrefix(longer, s); ok && tail != "" && strings.HasPrefix(f.text[at:to], tail) {
				return at + len(tail)
			}
		}
		if f.sound(at) {
			return at
		}
	}
	return 0
}
