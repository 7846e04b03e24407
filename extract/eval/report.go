package eval

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"text/tabwriter"
)

// group is the part of the report under name, made where it is missing.
func (r *Report) group(name string) *Report {
	if r.Groups == nil {
		r.Groups = map[string]*Report{}
	}
	if r.Groups[name] == nil {
		r.Groups[name] = New()
	}
	return r.Groups[name]
}

// sum adds the counts of one text; names says whether to keep what was missed.
func (r *Report) sum(one *Report, names bool) {
	r.Texts++
	for f, c := range one.Fields {
		t := r.Fields[f]
		t.Right, t.Missed, t.False, t.Wrong = t.Right+c.Right, t.Missed+c.Missed, t.False+c.False, t.Wrong+c.Wrong
		if names {
			t.Misses, t.Falses = append(t.Misses, c.Misses...), append(t.Falses, c.Falses...)
		}
	}
}

// Interval is the 95 % Wilson interval of the F1, which is read as a share: of
// the values that label and record name together, those in both. Values of one
// text depend on each other, so the true interval is wider.
func (c Count) Interval() (low, high float64) {
	const z = 1.96
	n := float64(c.Right) + float64(c.Missed+c.False)/2
	if n == 0 {
		return 0, 1
	}
	p := c.F1()
	mid, half := p+z*z/(2*n), z*math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return (mid - half) / (1 + z*z/n), (mid + half) / (1 + z*z/n)
}

// all adds up the fields.
func (r *Report) all() Count {
	var t Count
	for _, c := range r.Fields {
		t.Right, t.Missed, t.False, t.Wrong = t.Right+c.Right, t.Missed+c.Missed, t.False+c.False, t.Wrong+c.Wrong
	}
	return t
}

// Write prints the table of fields and, below it, every miss and false hit.
func (r *Report) Write(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "field\tright\tmissed\tfalse\tprecision\trecall\tF1\t\n")
	for _, f := range fields {
		if c := r.Fields[f]; c.Right+c.Missed+c.False > 0 {
			fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%.3f\t%.3f\t%.3f\t\n", f, c.Right, c.Missed, c.False, c.Precision(), c.Recall(), c.F1())
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	return r.WriteMisses(w)
}

// WriteMisses prints every miss and every false hit.
func (r *Report) WriteMisses(w io.Writer) error {
	var b strings.Builder
	for _, f := range fields {
		for _, m := range r.Fields[f].Misses {
			fmt.Fprintf(&b, "missed  %s  %s\n", f, m)
		}
		for _, m := range r.Fields[f].Falses {
			fmt.Fprintf(&b, "false   %s  %s\n", f, m)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// WriteTotals prints the table of fields with the misses told apart (wrong:
// another value stands in the record, absent: none) and the 95 % interval of
// F1, then a table by level, kind, generation and file format with the interval of
// all fields and how many values the record does not have (abstentions).
func (r *Report) WriteTotals(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "field\tright\tmissed\tfalse\twrong\tabsent\tprecision\trecall\tF1\t95 %%\t\n")
	for _, f := range fields {
		c := r.Fields[f]
		if c.Right+c.Missed+c.False == 0 {
			continue
		}
		low, high := c.Interval()
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%d\t%d\t%.3f\t%.3f\t%.3f\t%.2f–%.2f\t\n", f, c.Right, c.Missed, c.False, c.Wrong, c.Missed-c.Wrong, c.Precision(), c.Recall(), c.F1(), low, high)
	}
	fmt.Fprintf(t, "\n")
	if err := t.Flush(); err != nil {
		return err
	}
	shown := []string{"deadlines", "clauses", "duties", "references", "jurisdiction"}
	fmt.Fprintf(t, "F1 of\ttexts\tall\t95 %%\tabsent\t%s\t\n", strings.Join(shown, "\t"))
	for _, g := range slices.SortedFunc(maps.Keys(r.Groups), cmp.Compare[string]) {
		part := r.Groups[g]
		all := part.all()
		low, high := all.Interval()
		fmt.Fprintf(t, "%s\t%d\t%.3f\t%.2f–%.2f\t%d\t", g, part.Texts, all.F1(), low, high, all.Missed-all.Wrong)
		for _, f := range shown {
			fmt.Fprintf(t, "%.3f\t", part.Fields[f].F1())
		}
		fmt.Fprintf(t, "\n")
	}
	return t.Flush()
}
