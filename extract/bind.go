package extract

import (
	"slices"
	"sort"

	"tuogou/corpus"
)

// bindBytes is how far from its duty a deadline is looked for: further than any
// sentence or row that gives both.
const bindBytes = 4096

// bindDuties ties each duty to the deadlines of its task: those that the organ
// carries, and those whose task or words it shares; a duty with none is due in the
// phase that it stands in. Deadlines are in the order of the text.
func (d *draft) bindDuties() {
	phases := d.phasesOf()
	for i := range d.rec.Duties {
		y := &d.rec.Duties[i]
		near := d.deadlinesNear(y.Span)
		for k := range near {
			if ofTask(&near[k], y) {
				y.Deadlines = append(y.Deadlines, near[k].UID)
			}
		}
		if len(y.Deadlines) > 0 {
			continue
		}
		if x := d.phaseAround(phases, y); x != nil {
			y.Deadlines = []string{x.UID}
		}
	}
}

// deadlinesNear are the deadlines that begin near s.
func (d *draft) deadlinesNear(s corpus.Span) []corpus.Deadline {
	xs := d.rec.Deadlines
	from := sort.Search(len(xs), func(i int) bool { return xs[i].Span.Start >= s.Start-bindBytes })
	to := sort.Search(len(xs), func(i int) bool { return xs[i].Span.Start > s.End+bindBytes })
	return xs[from:to]
}

// ofTask reports whether x is a deadline of y's task. Who only receives or approves
// ("6月底前报市民政局") is named by the task and does not carry it.
func ofTask(x *corpus.Deadline, y *corpus.Duty) bool {
	if slices.ContainsFunc(x.Organs, func(o corpus.OrganRef) bool { return o.Span == y.Organ.Span }) {
		return true
	}
	if y.Role == corpus.Receive || y.Role == corpus.Approve {
		return x.Action.Span.Contains(y.Organ.Span)
	}
	return y.Span.Contains(x.Span) || share(x.Action.Span, y.Action.Span)
}

// share reports whether two spans have a character in common.
func share(a, b corpus.Span) bool { return a.Start < b.End && b.Start < a.End }

// phasesOf are the deadlines that head a phase, in the order of the text.
func (d *draft) phasesOf() []*corpus.Deadline {
	var out []*corpus.Deadline
	for i := range d.rec.Deadlines {
		if x := &d.rec.Deadlines[i]; x.Kind == corpus.KindPhase {
			out = append(out, x)
		}
	}
	return out
}

// phaseAround is the last phase before y whose section holds it; outside of all
// sections a phase rules its own paragraph only.
func (d *draft) phaseAround(phases []*corpus.Deadline, y *corpus.Duty) *corpus.Deadline {
	k := sort.Search(len(phases), func(i int) bool { return phases[i].Span.Start > y.Span.Start })
	if k == 0 {
		return nil
	}
	x := phases[k-1]
	if x.Section == "" && d.blockIndex(x.Span.Start) == d.blockIndex(y.Span.Start) || d.within(sentence{span: y.Span}, x.Section) {
		return x
	}
	return nil
}
