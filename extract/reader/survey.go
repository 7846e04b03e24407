package reader

import (
	"unicode"
	"unicode/utf8"

	"tuogou/rules"
)

// mark says what a character may mean for cleaning. Bits from markRepair up
// belong to the repairs of the rules.
type mark uint64

const (
	markHan     mark = 1 << iota // a Chinese character
	markTrad                     // one that only traditional script uses
	markOdd                      // has no room in a text, or is a blank other than the plain one
	markWide                     // full-width figure or letter
	markBracket                  // opens what may be a reading
	markStar                     // stands for what was blotted out
	markLost                     // may come from wrong decoding
	markSign                     // begins a word that only wrong decoding makes
	markSpun                     // begins a word that rewriters put in
	markBlank
	markRepair
)

// surveyor knows the marks of every character, so that one look at each tells
// which repairs a line needs; most lines need none.
type surveyor struct {
	class [1 << 16]uint8
	kinds []charKind
	high  charKind // Chinese characters above U+FFFF
}

// charKind is a set of marks: what the character says alone, which repairs it
// may begin, which it calls for when it follows one that begins them, and which
// when the last but one was of the same kind.
type charKind struct{ alone, first, then, around mark }

func newSurveyor(n *rules.Noise) *surveyor {
	s := &surveyor{high: charKind{alone: markHan}}
	kinds := map[rune]charKind{}
	add := func(r rune, k charKind) {
		old := kinds[r]
		kinds[r] = charKind{old.alone | k.alone, old.first | k.first, old.then | k.then, old.around | k.around}
	}
	for r := rune(0); r < 1<<16; r++ {
		if m := ownMarks(r); m != 0 {
			add(r, charKind{alone: m})
		}
	}
	for r := range n.Traditional {
		add(r, charKind{alone: markTrad})
	}
	for _, r := range n.MojibakeChars {
		add(r, charKind{alone: markLost})
	}
	for _, w := range n.Mojibake {
		add(firstRune(w), charKind{alone: markSign})
	}
	for _, w := range n.Spun {
		add(firstRune(w.From), charKind{alone: markSpun})
	}
	for i, rep := range n.Repairs {
		bit := markRepair << i
		for _, r := range rep.First {
			switch {
			case rep.Letters:
				add(r, charKind{around: bit})
			case rep.Then == "":
				add(r, charKind{alone: bit})
			default:
				add(r, charKind{first: bit})
			}
		}
		for _, r := range rep.Then {
			add(r, charKind{then: bit})
		}
	}
	ids := map[charKind]uint8{{}: 0}
	s.kinds = []charKind{{}}
	for r := rune(0); r < 1<<16; r++ {
		k := kinds[r]
		id, ok := ids[k]
		if !ok {
			id = uint8(len(s.kinds))
			ids[k] = id
			s.kinds = append(s.kinds, k)
		}
		s.class[r] = id
	}
	return s
}

// ownMarks are the marks that need no rules.
func ownMarks(r rune) mark {
	switch {
	case r == ' ':
		return markBlank
	case r == '(' || r == '（':
		return markBracket
	case r == '*' || r == '＊':
		return markStar
	case r == utf8.RuneError || r >= 0xC0 && r <= 0xFF:
		return markLost
	case r != ' ' && isBlank(r), dropped(r) != "":
		return markOdd
	case narrow(r) != r:
		return markWide
	case unicode.Is(unicode.Han, r):
		return markHan
	}
	return 0
}

// dropped is the kind of noise that r is wherever it stands, or "".
func dropped(r rune) string {
	switch {
	case r == 0:
		return "nul"
	case isBlank(r):
		return ""
	case r < 0x20 || r >= 0x7F && r < 0xA0:
		return "control"
	case r == 0xAD, r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x206F, r == 0xFEFF:
		return "zero_width"
	}
	return ""
}

// narrow is the plain form of a full-width figure or letter, and r for all else:
// marks stay as they are, since both widths are usual in Chinese text.
func narrow(r rune) rune {
	if r >= '０' && r <= '９' || r >= 'Ａ' && r <= 'Ｚ' || r >= 'ａ' && r <= 'ｚ' {
		return r - 0xFEE0
	}
	return r
}

func (s *surveyor) kind(r rune) charKind {
	if r >= 0 && r < 1<<16 {
		return s.kinds[s.class[r]]
	}
	if unicode.Is(unicode.Han, r) {
		return s.high
	}
	return charKind{}
}

// line looks at the characters of one line.
func (s *surveyor) line(g []glyph) mark {
	var all, first, last, before mark
	for i := range g {
		k := s.kind(g[i].r)
		all |= k.alone | first&k.then | before&k.around
		first, last, before = k.first, k.around, last
	}
	return all
}

// script counts the Chinese characters of a line, and the traditional of them.
func (s *surveyor) script(g []glyph) (han, trad int) {
	for i := range g {
		k := s.kind(g[i].r).alone
		if k&(markHan|markTrad) != 0 {
			han++
		}
		if k&markTrad != 0 {
			trad++
		}
	}
	return han, trad
}
