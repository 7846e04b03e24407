package organs

import (
	"strings"
	"unicode/utf8"

	"tuogou/corpus"
)

// prefix is what stands between start and a stem.
type prefix struct {
	start                int
	level                corpus.Level
	placeStart, placeEnd int
	units                int  // levels and places read
	bare                 bool // the last one read was a level word and no place
	all, former          bool
	lead                 string // levels and places alone: 市 of 市委
}

// maxPrefix bounds the parts of a prefix: 中共|吉林省|长春市|市|委 has five.
const maxPrefix = 8

// prefix reads to the left from byte at, not past limit. For the name of a
// national body only words of its level count: 国家|税务总局.
func (f *finder) prefix(limit, at int, national bool) prefix {
	p := prefix{start: at}
	last := preWord{class: preFree}
	for range maxPrefix {
		w, isPlace := f.step(limit, p, last, national)
		if w.text == "" {
			break
		}
		end := p.start
		p.start -= len(w.text)
		p.bare = w.class == preUnit && !isPlace
		switch w.class {
		case preUnit:
			if p.units == 0 {
				p.level = w.level
			}
			p.units++
			p.lead = w.text + p.lead
			p.all = p.all || strings.HasPrefix(w.text, "各")
		case preAll:
			p.all = true
		case preFormer:
			p.former = true
		}
		if isPlace {
			if p.placeEnd == 0 {
				p.placeEnd = end
			}
			p.placeStart = p.start
		}
		last = w
	}
	return p
}

// step is the longest part of a prefix that ends where p starts; its text is
// empty where there is none.
func (f *finder) step(limit int, p prefix, last preWord, national bool) (preWord, bool) {
	at := p.start
	if at <= limit {
		return preWord{}, false
	}
	left := f.text[limit:at]
	var best preWord
	for _, w := range f.t.pre[lastRune(left)] {
		if len(w.text) > len(best.text) && strings.HasSuffix(left, w.text) && f.allowed(w, limit, p, last, national) {
			best = w
			break // longest first
		}
	}
	if national || last.class == preMark && best.class == preMark {
		return best, false
	}
	if start := f.placeBefore(limit, at); start < at && at-start >= len(best.text) {
		place := f.text[start:at]
		return preWord{place, preUnit, f.t.placeLevel(place)}, true
	}
	return best, false
}

func (f *finder) allowed(w preWord, limit int, p prefix, last preWord, national bool) bool {
	switch w.class {
	case preUnit:
		// 州|市 in 郴州市 are no two levels; those that are stand together in the
		// data (市县). Only a word for any level has one before it: 全市|各级.
		return (!p.bare || last.level == "") && (!national || w.level == corpus.Nation) && !f.t.notLevel(f.text[limit:p.start], w.text)
	case preMark:
		return !national && p.units == 0 && f.unitBefore(limit, p.start-len(w.text))
	case preBeforeUnit:
		return last.class == preUnit || national
	}
	return true
}

// unitBefore reports whether a place or a level word ends at byte at.
func (f *finder) unitBefore(limit, at int) bool {
	if at <= limit {
		return false
	}
	left := f.text[limit:at]
	for _, w := range f.t.pre[lastRune(left)] {
		if w.class == preUnit && strings.HasSuffix(left, w.text) && !f.t.notLevel(left, w.text) {
			return true
		}
	}
	return f.placeBefore(limit, at) < at
}

// placeBefore asks the caller's gazetteer, and believes only a sound answer.
func (f *finder) placeBefore(limit, at int) int {
	if f.place == nil {
		return at
	}
	start := f.place(f.text, at)
	if start < limit || start >= at || !utf8.RuneStart(f.text[start]) {
		return at
	}
	return start
}

// notLevel reports whether unit, at the end of left, is only the end of a
// longer word that is no level: 社|区, 城|市.
func (t *Table) notLevel(left, unit string) bool {
	for _, w := range t.grammar.NotLevels {
		if len(w) > len(unit) && strings.HasSuffix(w, unit) && strings.HasSuffix(left, w) {
			return true
		}
	}
	return false
}

// placeLevel is the level that the last word of a place name says.
func (t *Table) placeLevel(place string) corpus.Level {
	for _, m := range t.grammar.Municipalities {
		if place == m {
			return corpus.Province
		}
	}
	for _, w := range t.pre[lastRune(place)] {
		if w.class == preUnit && strings.HasSuffix(place, w.text) && len(w.text) < len(place) {
			return w.level
		}
	}
	return ""
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}
