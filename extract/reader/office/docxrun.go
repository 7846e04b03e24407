package office

import (
	"strconv"
	"strings"

	"tuogou/extract/reader/flow"
)

// inline reads what stands in a paragraph.
func (w *docx) inline(name string) {
	switch name {
	case "r":
		w.run()
	case "ins", "moveTo", "hyperlink", "smartTag", "fldSimple", "customXml", "dir", "bdo", "sdtContent",
		"oMath", "oMathPara", "num", "den", "e", "sub", "sup", "f", "sSub", "sSup", "d", "rad", "nary":
		w.mark(name)
		w.s.Each(w.inline)
	case "sdt":
		w.s.Each(func(name string) {
			if name == "sdtContent" {
				w.s.Each(w.inline)
			}
		})
	case "del", "moveFrom":
		w.tracked()
	case "ruby":
		w.ruby()
	case "AlternateContent":
		w.alternate(w.inline)
	}
}

// ruby reads the words under a reading aid and leaves the aid out.
func (w *docx) ruby() {
	w.s.Each(func(name string) {
		if name == "rubyBase" {
			w.s.Each(w.inline)
		}
	})
}

// run reads w:r.
func (w *docx) run() {
	hidden, size := w.para.style.hidden == 1, w.para.style.size
	w.s.Each(func(name string) {
		if name == "rPr" {
			hidden, size = w.runStyle(hidden, size)
			return
		}
		if !hidden {
			w.runPart(name, size)
		}
	})
}

func (w *docx) runStyle(hidden bool, size int) (bool, int) {
	own, id := newStyle(), ""
	w.s.Each(func(name string) {
		switch name {
		case "rStyle":
			id = w.s.Attr("val")
		case "sz":
			own.size = w.s.Int("val", -1)
		case "vanish":
			own.hidden = 0
			if on(w.s) {
				own.hidden = 1
			}
		}
	})
	if id != "" {
		named := w.styles.byID[id]
		if named.hidden == 1 && own.hidden < 0 {
			own.hidden = 1
		}
	}
	if own.hidden >= 0 {
		hidden = own.hidden == 1
	}
	if own.size > 0 {
		size = own.size
	}
	return hidden, size
}

// runPart reads one child of a run.
func (w *docx) runPart(name string, size int) {
	p := w.para
	switch name {
	case "t":
		if w.inCode() {
			return
		}
		p.size = max(p.size, size)
		w.s.Chars(func(c flow.Char) { p.chars = append(p.chars, c) })
	case "fldChar":
		w.field(w.s.Attr("fldCharType"))
	case "tab", "ptab":
		w.add('\t')
	case "br", "cr":
		if kind := w.s.Attr("type"); !w.inCode() && kind != "page" && kind != "column" {
			p.breaks = append(p.breaks, len(p.chars))
		}
	case "noBreakHyphen":
		w.add('-')
	case "sym":
		if r := symbol(w.s.Attr("font"), w.s.Attr("char")); r != 0 {
			w.add(r)
		}
	case "footnoteReference", "endnoteReference":
		p.after = append(p.after, w.notes[strings.TrimSuffix(name, "Reference")][w.s.Attr("id")]...)
	case "delText", "delInstrText":
		w.tracked()
	case "ruby":
		w.ruby()
	case "AlternateContent":
		w.alternate(w.drawn)
	case "drawing", "pict", "object":
		w.s.Each(w.drawn)
	}
}

// add adds a character that no bytes spell.
func (w *docx) add(r rune) {
	if !w.inCode() {
		w.para.chars = append(w.para.chars, flow.Char{R: r})
	}
}

// field follows the marks of a field, of which only the result is text.
func (w *docx) field(kind string) {
	switch kind {
	case "begin":
		w.fields = append(w.fields, false)
	case "separate":
		if len(w.fields) > 0 {
			w.fields[len(w.fields)-1] = true
		}
	case "end":
		if len(w.fields) > 0 {
			w.fields = w.fields[:len(w.fields)-1]
		}
	}
}

func (w *docx) inCode() bool {
	for _, result := range w.fields {
		if !result {
			return true
		}
	}
	return false
}

// drawn looks for text boxes in a drawing. They follow the paragraph they hang on.
func (w *docx) drawn(name string) {
	switch name {
	case "txbxContent":
		host, out, cell, fields := w.para, w.out, w.cell, w.fields
		w.out, w.cell, w.fields, w.para = nil, nil, nil, nil
		w.blocks()
		box := w.out
		w.para, w.out, w.cell, w.fields = host, out, cell, fields
		host.after = append(host.after, box...)
	case "AlternateContent":
		w.alternate(w.drawn)
	default:
		w.s.Each(w.drawn)
	}
}

// symbols of the fonts that official forms use for ticks and boxes.
var wingdings = map[uint64]rune{
	0xa8: '□', 0x6f: '□', 0x71: '□', 0x72: '□', 0xfe: '☑', 0x52: '☑', 0xfd: '☒', 0x54: '☒',
	0xfc: '√', 0x50: '√', 0x6c: '●', 0x6e: '■', 0x75: '◆', 0xd8: '➢',
}

// symbol is the character that w:sym shows, 0 where it is not known.
func symbol(font, code string) rune {
	n, err := strconv.ParseUint(code, 16, 16)
	if err != nil {
		return 0
	}
	private := n >= 0xf000 && n <= 0xf0ff
	if private {
		n -= 0xf000
	}
	if strings.HasPrefix(font, "Wingdings") {
		return wingdings[n]
	}
	if private && n < 0x80 && font == "Symbol" || n < 0x20 || n >= 0xd800 && n < 0xf900 {
		return 0 // Greek letters by their place in the font: no official text
	}
	return rune(n)
}
