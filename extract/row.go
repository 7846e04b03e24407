package extract

import (
	"strings"

	"tuogou/corpus"
)

// row is one row of a table of tasks, by what the heads of its columns say.
type row struct {
	lead, responsible, support, task, due corpus.Span
	at                                    corpus.Block // the cell asked for
}

// rowOf reads the row of the cell that holds s, where its table has a head that
// names a column of times and one of organs or tasks.
func (d *draft) rowOf(s sentence) (row, bool) {
	r, ok := d.rowAt(s.block)
	return r, ok && !r.due.Empty() && (!r.lead.Empty() || !r.responsible.Empty() || !r.task.Empty())
}

// rowAt reads the row of a cell below the head of its table. A cell that reaches
// over several rows counts in each.
func (d *draft) rowAt(block int) (row, bool) {
	bs := d.text.Blocks
	b := bs[block]
	if b.Kind != corpus.BlockCell {
		return row{}, false
	}
	r := row{at: b}
	t := &d.x.rules.Who.Table
	h := d.headsOf(b.Table, block)
	if h.row == 0 || b.Row <= h.row {
		return row{}, false
	}
	for i := block; i >= 0 && bs[i].Table == b.Table && b.Row-bs[i].Row < maxRows && bs[i].Row > h.row; i-- {
		if bs[i].Row == b.Row || bs[i].Row+bs[i].Rows > b.Row {
			d.column(&r, t.Role(h.words[bs[i].Col]), bs[i].Span)
		}
	}
	for i := block + 1; i < len(bs) && bs[i].Table == b.Table && bs[i].Row == b.Row; i++ {
		d.column(&r, t.Role(h.words[bs[i].Col]), bs[i].Span)
	}
	return r, true
}

// maxRows is over how many rows a cell is believed to reach: bounds the search.
const maxRows = 30

// tableHead is the row of a table that says what its columns hold; row is 0 where
// none does.
type tableHead struct {
	row   int
	words map[int]string // by column
}

// headsOf finds the head of a table: the first of its first three rows with two
// columns whose words are known, so that a title over all columns is passed over.
// It is read once a table.
func (d *draft) headsOf(table, from int) tableHead {
	if h, ok := d.tableHeads[table]; ok {
		return h
	}
	if d.tableHeads == nil {
		d.tableHeads = map[int]tableHead{}
	}
	for from > 0 && d.text.Blocks[from-1].Table == table {
		from--
	}
	rows := [4]map[int]string{}
	known := [4]int{}
	for _, b := range d.text.Blocks[from:] {
		if b.Table != table || b.Row > 3 {
			break
		}
		if rows[b.Row] == nil {
			rows[b.Row] = map[int]string{}
		}
		head := strings.Join(strings.Fields(b.Span.In(d.body)), "") // 责 任 单 位
		rows[b.Row][b.Col] = head
		if b.Span.Len() <= maxHead && d.x.rules.Who.Table.Role(head) != "" {
			known[b.Row]++
		}
	}
	var h tableHead
	for i := 1; i < len(rows) && h.row == 0; i++ {
		if known[i] > 1 {
			h = tableHead{i, rows[i]}
		}
	}
	d.tableHeads[table] = h
	return h
}

// maxHead is the number of bytes of the words over a column at most.
const maxHead = 60

// column puts a cell where its head belongs; the first cell of a role stays.
func (d *draft) column(r *row, role string, cell corpus.Span) {
	at := map[string]*corpus.Span{"lead": &r.lead, "responsible": &r.responsible, "support": &r.support, "task": &r.task, "due": &r.due}[role]
	if at != nil && at.Empty() {
		*at = cell
	}
}

func (d *draft) rowOrgans(r row) []corpus.OrganRef {
	out := d.organRefs(r.lead)
	return append(out, d.organRefs(r.responsible)...)
}

// rowDuties are the duties that the rows of tables give, one for each organ.
func (d *draft) rowDuties() {
	last := corpus.Block{}
	for i, b := range d.text.Blocks {
		if b.Kind != corpus.BlockCell || b.Table == last.Table && b.Row == last.Row {
			continue
		}
		last = b
		r, ok := d.rowAt(i)
		if !ok {
			continue
		}
		for _, c := range []struct {
			role corpus.DutyRole
			cell corpus.Span
		}{{corpus.Lead, r.lead}, {corpus.Responsible, r.responsible}, {corpus.Support, r.support}} {
			for _, o := range d.organRefs(c.cell) {
				d.putDuty(c.role, o, corpus.Cite(d.body, c.cell, "duties/table", "by the head of its column"), r.task)
			}
		}
	}
}
