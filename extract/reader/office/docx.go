package office

import (
	"slices"
	"strings"

	"tuogou/extract/reader/flow"
	"tuogou/extract/reader/xmlscan"
)

// docx walks the parts of a DOCX. One docx walks one part.
type docx struct {
	*pack
	*shared
	s      *xmlscan.Scanner
	stream int
	kind   flow.Kind // of what is outside tables

	out    []flow.Line
	para   *paragraph
	fields []bool // open fields: whether the result has begun
	held   []flow.Char
	cell   *cell // the cell that paragraphs go into
}

// shared is what the parts of one document have in common.
type shared struct {
	styles  *styles
	numbers numbering
	notes   map[string]map[string][]flow.Line // "footnote", "endnote": lines by id
	tables  int
	body    int // lines of ordinary text so far
}

// paragraph is a paragraph being read.
type paragraph struct {
	style  style
	chars  []flow.Char
	breaks []int // where in chars a line ends
	number string
	size   int // largest of its characters, half points
	merge  bool
	after  []flow.Line // notes and text boxes that follow it
}

// readDOCX reads the document whose main part is named.
func (p *pack) readDOCX(main string) error {
	rels := p.rels(main)
	sh := &shared{notes: map[string]map[string][]flow.Line{}}
	data, err := p.open(target(rels, "styles"))
	if err != nil {
		return err
	}
	sh.styles = readStyles(data, p.limits.Nesting)
	if data, err = p.open(target(rels, "numbering")); err != nil {
		return err
	}
	sh.numbers = readNumbering(data, p.limits.Nesting)
	text, err := p.open(main)
	if err != nil {
		return err
	}
	stream := p.stream(main, text)
	for _, kind := range []string{"footnote", "endnote"} {
		if err := p.readNotes(sh, target(rels, kind+"s"), kind); err != nil {
			return err
		}
	}
	w := &docx{pack: p, shared: sh, s: xmlscan.New(text, p.limits.Nesting), stream: stream, kind: flow.Para}
	w.s.Root()
	w.s.Each(func(name string) {
		if name == "body" {
			w.blocks()
		}
	})
	p.finished(w.s, main)
	p.doc.Lines = append(p.doc.Lines, w.out...)
	if err := p.readRunning(sh, rels); err != nil {
		return err
	}
	p.props()
	folder, _, _ := strings.Cut(main, "/")
	p.embedded(folder + "/embeddings/")
	if len(w.out) == 0 {
		p.problem("no_text", "the file holds no text, perhaps only pictures: print it to PDF and read that, or find a version with text")
	}
	return nil
}

// readNotes reads footnotes.xml or endnotes.xml.
func (p *pack) readNotes(sh *shared, part, kind string) error {
	data, err := p.open(part)
	if err != nil || data == nil {
		return err
	}
	byID := map[string][]flow.Line{}
	w := &docx{pack: p, shared: sh, s: xmlscan.New(data, p.limits.Nesting), stream: p.stream(part, data), kind: flow.Note}
	w.s.Root()
	w.s.Each(func(name string) {
		if id, special := w.s.Attr("id"), w.s.Attr("type"); name == kind && (special == "" || special == "normal") {
			w.out = nil
			w.blocks()
			byID[id] = w.out
		}
	})
	sh.notes[kind] = byID
	p.finished(w.s, part)
	return nil
}

// readRunning reads heads and feet, each once.
func (p *pack) readRunning(sh *shared, rels map[string]rel) error {
	var parts []string
	for _, r := range rels {
		if r.kind == "header" || r.kind == "footer" {
			parts = append(parts, r.target)
		}
	}
	slices.Sort(parts)
	for _, part := range slices.Compact(parts) {
		data, err := p.open(part)
		if err != nil {
			return err
		}
		if data == nil {
			continue
		}
		w := &docx{pack: p, shared: sh, s: xmlscan.New(data, p.limits.Nesting), stream: p.stream(part, data), kind: flow.Running}
		w.s.Root()
		w.blocks()
		for _, l := range w.out {
			// A table in a head only puts things left and right.
			p.doc.Lines = append(p.doc.Lines, flow.Line{Kind: flow.Running, Chars: l.Chars, Stream: l.Stream})
		}
		p.finished(w.s, part)
	}
	return nil
}

// blocks reads the paragraphs and tables in the element just started.
func (w *docx) blocks() { w.s.Each(w.block) }

func (w *docx) block(name string) {
	switch name {
	case "p":
		w.paragraph()
	case "tbl":
		w.table()
	case "sdt":
		w.s.Each(func(name string) {
			if name == "sdtContent" {
				w.blocks()
			}
		})
	case "customXml", "smartTag", "ins", "moveTo":
		w.mark(name)
		w.blocks()
	case "del", "moveFrom":
		w.tracked()
	case "AlternateContent":
		w.alternate(w.block)
	case "altChunk":
		w.problem("embedded_unread", "a piece of another format inside the file was not read")
	}
}

// mark notes a tracked insertion.
func (w *docx) mark(name string) {
	if name == "ins" || name == "moveTo" {
		w.tracked()
	}
}

func (w *docx) tracked() {
	w.problem("tracked_changes", "the file has tracked changes and was read as if all were accepted: check that it is the final text")
}

// alternate reads the first choice that gives text, so that a text box that is
// written twice, for new and for old programs, is read once.
func (w *docx) alternate(f func(name string)) {
	given := false
	w.s.Each(func(name string) {
		if given || name != "Choice" && name != "Fallback" {
			return
		}
		before := w.amount()
		w.s.Each(f)
		given = w.amount() > before
	})
}

// amount is how much has been read so far.
func (w *docx) amount() int {
	n := len(w.out)
	if w.para != nil {
		n += len(w.para.chars) + len(w.para.after)
	}
	if w.cell != nil {
		n += len(w.cell.lines)
	}
	return n
}

// paragraph reads w:p.
func (w *docx) paragraph() {
	if w.ctx.Err() != nil {
		return // readPackage says so
	}
	outer, cell := w.para, w.cell
	w.para = &paragraph{style: w.styles.get(""), chars: w.held}
	w.held = nil
	numbered := w.styles.get("")
	w.s.Each(func(name string) {
		if name == "pPr" {
			numbered = w.properties()
			return
		}
		w.inline(name)
	})
	for i := range w.fields {
		w.fields[i] = true // an instruction does not go on in the next paragraph
	}
	p := w.para
	w.para, w.cell = outer, cell
	if p.merge {
		w.held = p.chars
		w.emit(p.after)
		return
	}
	p.style = numbered
	w.finish(p)
}

// properties reads w:pPr and returns what holds for the paragraph.
func (w *docx) properties() style {
	own, id := newStyle(), ""
	depth := func(name string) {
		switch name {
		case "pStyle":
			id = w.s.Attr("val")
		case "rPr":
			w.s.Each(func(name string) {
				if name == "del" {
					w.para.merge = true
					w.tracked()
				}
			})
		case "outlineLvl":
			if l := w.s.Int("val", 9); l >= 0 {
				own.level = l
			}
		case "jc":
			own.centred = 0
			if w.s.Attr("val") == "center" {
				own.centred = 1
			}
		case "numPr":
			w.s.Each(func(name string) {
				switch name {
				case "numId":
					own.num = w.s.Int("val", -1)
				case "ilvl":
					own.numLvl = w.s.Int("val", -1)
				}
			})
		}
	}
	w.s.Each(depth)
	st := w.styles.get(id)
	own.title = st.title
	own = own.over(st)
	w.para.style = own
	if own.num > 0 {
		w.para.number = w.numbers.next(own.num, max(own.numLvl, 0))
	}
	return own
}

// finish turns a paragraph into lines.
func (w *docx) finish(p *paragraph) {
	level, title := 0, p.style.title
	if p.style.level >= 0 && p.style.level < 9 && !title {
		level = p.style.level + 1
	}
	// 二号 is 44 half points, 小二 36: only titles of a document are as large and centred.
	if p.style.centred == 1 && p.size >= 36 && w.body < 12 && w.kind == flow.Para && w.cell == nil {
		title = true
	}
	var lines []flow.Line
	from := 0
	for _, to := range append(p.breaks, len(p.chars)) {
		chars := p.chars[from:to]
		from = to
		if blank(chars) && (w.cell == nil || p.number == "") {
			continue
		}
		if p.number != "" {
			chars = append(added(p.number), chars...)
			p.number = ""
		}
		lines = append(lines, flow.Line{Kind: w.kind, Chars: chars, Stream: w.stream, Level: level, Title: title})
	}
	if len(lines) > 0 && !title && w.kind == flow.Para && p.style.centred != 1 {
		w.body++
	}
	w.emit(lines)
	w.emit(p.after)
}

// emit puts lines where the paragraph stands: in the cell or outside.
func (w *docx) emit(lines []flow.Line) {
	if w.cell != nil {
		w.cell.lines = append(w.cell.lines, lines...)
		return
	}
	w.out = append(w.out, lines...)
}

func blank(chars []flow.Char) bool {
	return !slices.ContainsFunc(chars, func(c flow.Char) bool { return c.R != ' ' && c.R != '\t' && c.R != '　' })
}

// added makes characters that no bytes spell. Control characters, which only
// damaged lists bring, are left out.
func added(s string) []flow.Char {
	out := make([]flow.Char, 0, len(s)/3)
	for _, r := range s {
		if r < 0x20 {
			continue
		}
		out = append(out, flow.Char{R: r})
	}
	return out
}
