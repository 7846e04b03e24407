package office

// docFormats are the number formats of a DOC by their codes.
var docFormats = map[int]string{
	0: "decimal", 1: "upperRoman", 2: "lowerRoman", 3: "upperLetter", 4: "lowerLetter",
	10: "ideographDigital", 11: "japaneseCounting", 14: "decimalFullWidth", 16: "japaneseLegal",
	17: "japaneseDigitalTenThousand", 18: "decimalEnclosedCircle", 19: "decimalFullWidth2",
	22: "decimalZero", 23: "bullet", 26: "decimalEnclosedFullstop", 27: "decimalEnclosedParen",
	28: "decimalEnclosedCircleChinese", 29: "ideographEnclosedCircle", 30: "ideographTraditional",
	31: "ideographZodiac", 33: "taiwaneseCounting", 34: "ideographLegalTraditional",
	35: "taiwaneseCountingThousand", 36: "taiwaneseDigital", 37: "chineseCounting",
	38: "chineseLegalSimplified", 39: "chineseCountingThousand", 255: "none",
}

// readLists reads the definitions of lists and the lists that use them, by the
// numbers that paragraphs call them by.
func (w *word) readLists() numbering {
	out := numbering{}
	lists := w.definitions()
	b := w.struct_(fibLfo)
	n := min(b.u32(0), len(b)/16)
	at := 4 + 16*n
	for i := range n {
		lfo := b.cut(4+16*i, 16)
		in := &instance{list: lists[lfo.u32(0)], starts: map[int]int{}}
		at += 4 // position of the text that the list belongs to
		for range lfo.u8(12) {
			start, flags := b.i32(at), b.u8(at+4)
			at += 8
			lvl := flags & 0xf
			if flags&0x20 != 0 && in.list != nil && lvl < 9 {
				own := *in.list
				in.list = &own
				own.levels[lvl], at = readDocLevel(b, at)
				in.list.levels[lvl] = own.levels[lvl]
				start = own.levels[lvl].start
			}
			if flags&0x10 != 0 {
				in.starts[lvl] = start
			}
			if at > len(b) {
				return out
			}
		}
		if in.list != nil {
			out[i+1] = in
		}
	}
	return out
}

// definitions reads the definitions by their ids. Their levels follow the table
// that the FIB points to.
func (w *word) definitions() map[int]*list {
	out := map[int]*list{}
	at := w.main.u32(fibLists)
	if w.main.u32(fibLists+4) == 0 {
		return out
	}
	n := w.table.u16(at)
	pos := at + 2 + 28*n
	for i := range n {
		lst := w.table.cut(at+2+28*i, 28)
		if lst == nil {
			return out
		}
		l, levels := newList(), 9
		if lst.u8(26)&1 != 0 {
			levels = 1
		}
		for k := range levels {
			l.levels[k], pos = readDocLevel(w.table, pos)
		}
		out[lst.u32(0)] = l
	}
	return out
}

// readDocLevel reads one level at an offset and returns the offset behind it.
func readDocLevel(b bin, at int) (level, int) {
	h := b.cut(at, 28)
	if h == nil {
		return level{start: 1, format: "decimal", restart: -1}, len(b) + 1
	}
	v := level{start: h.i32(0), restart: -1, legal: h.u8(5)&4 != 0, tight: h.u8(15) == 2}
	if h.u8(5)&8 != 0 { // fNoRestart: see the level it restarts after
		v.restart = h.u8(26)
	}
	v.format = "decimal"
	if f, ok := docFormats[h.u8(4)]; ok {
		v.format = f
	}
	at += 28 + h.u8(24) + h.u8(25)
	n := b.u16(at)
	text := b.cut(at+2, 2*n)
	for _, r := range text.text(0, len(text)/2) {
		if r < 9 { // stands for the number of a level
			v.text += "%" + string('1'+r)
			continue
		}
		v.text += string(r)
	}
	return v, at + 2 + 2*n
}
