package extract

import (
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
	b := d.text.Blocks[s.block]
	if b.Kind != corpus.BlockCell || b.Row < 2 {
		return row{}, false
	}
	r := row{at: b}
	t := &d.x.rules.Who.Table
	heads := d.heads1(b.Table, s.block)
	for i := s.block; i >= 0 && d.text.Blocks[i].Table == b.Table && d.text.Blocks[i].Row == b.Row; i-- {
		d.column(&r, t.Role(heads[d.text.Blocks[i].Col]), d.text.Blocks[i].Span)
	}
	for i := s.block + 1; i < len(d.text.Blocks) && d.text.Blocks[i].Table == b.Table && d.text.Blocks[i].Row == b.Row; i++ {
		d.column(&r, t.Role(heads[d.text.Blocks[i].Col]), d.text.Blocks[i].Span)
	}
	return r, !r.due.Empty() && (!r.lead.Empty() || !r.responsible.Empty() || !r.task.Empty())
}

// heads1 are the words over the columns of a table. They are read once a table.
func (d *draft) heads1(table, from int) map[int]string {
	if h, ok := d.tableHeads[table]; ok {
		return h
	}
	if d.tableHeads == nil {
		d.tableHeads = map[int]map[int]string{}
	}
	h := map[int]string{}
	for i := from; i >= 0 && d.text.Blocks[i].Table == table; i-- {
		if b := d.text.Blocks[i]; b.Row == 1 {
			h[b.Col] = b.Span.In(d.body)
		}
	}
	d.tableHeads[table] = h
	return h
}

func (d *draft) column(r *row, role string, cell corpus.Span) {
	switch role {
	case "lead":
		r.lead = cell
	case "responsible":
		r.responsible = cell
	case "support":
		r.support = cell
	case "task":
		r.task = cell
	case "due":
		r.due = cell
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
		if b.Kind != corpus.BlockCell || b.Row < 2 || b.Table == last.Table && b.Row == last.Row {
			continue
		}
		last = b
		r, ok := d.rowOf(sentence{b.Span, i})
		if !ok || r.task.Empty() {
			continue
		}
		clause, section := d.placeOf(b.Span.Start)
		for _, c := range []struct {
			role corpus.DutyRole
			cell corpus.Span
		}{{corpus.Lead, r.lead}, {corpus.Responsible, r.responsible}, {corpus.Support, r.support}} {
			for _, o := range d.organRefs(c.cell) {
				d.rec.Duties = append(d.rec.Duties, corpus.Duty{
					Role: c.role, Organ: o, Evidence: corpus.Cite(d.body, c.cell, "duties/table", "by the head of its column"),
					Action: corpus.Action{Text: r.task.In(d.body), Span: r.task}, Section: section, Clause: clause,
				})
			}
		}
	}
}
