package office

import "tuogou/extract/reader/flow"

// rtfHidden are destinations that are no text. Unknown ones marked \* are none either.
var rtfHidden = map[string]bool{
	"colortbl": true, "stylesheet": true, "info": true, "pict": true, "fldinst": true, "objdata": true,
	"listtable": true, "listoverridetable": true, "nonesttables": true, "annotation": true, "atnid": true,
	"atnauthor": true, "xe": true, "tc": true, "bkmkstart": true, "bkmkend": true, "sp": true, "filetbl": true,
	"revtbl": true, "fonttbl": true, "themedata": true, "ftnsep": true, "ftnsepc": true, "aftnsep": true,
}

// rtfShown are destinations marked \* that hold text all the same.
var rtfShown = map[string]bool{"shpinst": true, "shptxt": true, "footnote": true, "pntext": true}

// word does what a control word says. has tells whether it has a number.
func (r *rtf) word(word string, n int, has bool) {
	if r.group.dest == "*" {
		r.group.dest = word
		if !rtfShown[word] && r.skip == 0 {
			r.skip = len(r.stack)
		}
	}
	if rtfHidden[word] {
		r.group.dest = word
		if r.skip == 0 {
			r.skip = len(r.stack)
		}
	}
	on := !has || n != 0
	switch word {
	case "ansicpg":
		if c := charsets[n]; c != nil {
			r.coding = c
		}
	case "f":
		r.group.font, r.font = n, n
	case "fcharset":
		r.fonts[r.font] = charsets[n]
	case "uc":
		r.group.after = min(max(n, 0), 8)
	}
	if r.skip > 0 {
		return
	}
	switch word {
	case "v":
		r.group.hidden = on
	case "deleted":
		r.group.hidden = on
		r.tracked()
	case "revised":
		r.tracked()
	case "fs":
		r.group.size = n
	case "plain":
		r.group.hidden, r.group.size = false, 24
	case "footnote":
		r.interrupt(flow.Note)
	case "listtext", "pntext":
		r.group.dest, r.group.numberAt = "listtext", len(r.chars)
	case "header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf":
		r.interrupt(flow.Running)
	default:
		r.layout(word, n)
	}
}

// interrupt begins a note or a head in the middle of a paragraph.
func (r *rtf) interrupt(kind flow.Kind) {
	if r.group.kind == flow.Para {
		r.group.kind, r.group.host, r.group.hostSize = kind, r.chars, r.size
		r.chars, r.size = nil, 0
	}
}

func (r *rtf) tracked() {
	r.problem("tracked_changes", "the file has tracked changes and was read as if all were accepted: check that it is the final text")
}

// layout follows paragraphs and tables.
func (r *rtf) layout(word string, n int) {
	switch word {
	case "par", "sect", "page", "nestcell":
		r.paragraph(true)
	case "line":
		r.paragraph(true)
	case "tab":
		r.rune('\t')
	case "emdash":
		r.rune('—')
	case "endash":
		r.rune('–')
	case "lquote":
		r.rune('‘')
	case "rquote":
		r.rune('’')
	case "ldblquote":
		r.rune('“')
	case "rdblquote":
		r.rune('”')
	case "pard":
		r.group.inTable, r.group.centred, r.group.level = false, false, 0
	case "intbl":
		r.group.inTable = true
	case "qc":
		r.group.centred = true
	case "outlinelevel":
		r.group.level = n + 1
	case "cell":
		r.group.inTable = true
		r.paragraph(false)
		r.open().endCell()
	case "row":
		t := r.open()
		t.rows = append(t.rows, docRow{cells: t.cells, edges: r.row.edges, flags: r.row.flags})
		t.cells, t.cell = nil, nil
	case "trowd":
		r.row, r.flags, r.left = docRow{}, 0, 0
	case "trleft":
		r.left = n
	case "clmgf":
		r.flags |= cellFirst
	case "clmrg":
		r.flags |= cellMerged
	case "clvmgf":
		r.flags |= cellVert | cellRestart
	case "clvmrg":
		r.flags |= cellVert
	case "cellx":
		if len(r.row.edges) == 0 {
			r.row.edges = []int{r.left}
		}
		if len(r.row.edges) < 1000 {
			r.row.edges, r.row.flags = append(r.row.edges, n), append(r.row.flags, r.flags)
		}
		r.flags = 0
	}
}

func (r *rtf) open() *docTable {
	if r.table == nil {
		r.table = &docTable{}
	}
	return r.table
}

func (r *rtf) endTable() {
	if r.table == nil {
		return
	}
	r.tables++
	r.doc.Lines = append(r.doc.Lines, r.table.finish(r.tables)...)
	r.table = nil
}

// paragraph ends a paragraph. ended says that its mark was there.
func (r *rtf) paragraph(ended bool) {
	r.flush()
	chars, size := r.chars, r.size
	r.chars, r.size = nil, 0
	if blank(chars) {
		if ended && !r.group.inTable && r.group.kind == flow.Para {
			r.endTable()
		}
		return
	}
	l := flow.Line{Kind: r.group.kind, Chars: chars, Level: min(max(r.group.level, 0), 9)}
	if r.group.kind != flow.Para {
		r.notes = append(r.notes, l)
		return
	}
	notes := r.notes
	r.notes = nil
	if r.group.inTable {
		t := r.open()
		t.cell = append(append(t.cell, l), notes...)
		return
	}
	r.endTable()
	defer func() { r.doc.Lines = append(r.doc.Lines, notes...) }()
	if r.group.centred && size >= 36 && r.body < 12 {
		l.Title, l.Level = true, 0
	} else if !r.group.centred {
		r.body++
	}
	r.doc.Lines = append(r.doc.Lines, l)
}
