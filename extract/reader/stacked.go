package reader

import (
	"tuogou/corpus"
	"tuogou/rules"
)

// minStacked is how many labels make lines a disclosure block, and maxStacked how many
// lines such a block has at most.
const (
	minStacked = 3
	maxStacked = 60
)

// stacked takes the facts of a disclosure block whose labels and values stand on lines
// by turns, as a copied table leaves them:
//
//	索 引 号
//	990102331/2031-00041
//	发布日期
//	2031-08-09
//
// It gives the number of lines up to the end of the block, 0 where there is none. A
// label may have no value; a headline is never one.
func (r *Reader) stacked(body string, lines []line) int {
	type entry struct {
		label rules.PageLabel
		line  int
		value int // its length in bytes; 0 for none
	}
	var found []entry
	sure, end := false, 0
	for i := 0; i < len(lines) && i < maxStacked; i++ {
		label, ok := r.labelLine(body, lines[i])
		if !ok {
			if len(found) > 0 {
				break
			}
			continue
		}
		e := entry{label: label, line: i}
		if i+1 < len(lines) {
			e.value = r.stackedValue(body, lines[i+1], label)
		}
		if e.value > 0 {
			_, _, shaped := r.shape(label.Field, lines[i+1].in(body))
			sure = sure || shaped && !label.Weak
			i++
		}
		found, end = append(found, e), i+1
	}
	if len(found) < minStacked || !sure {
		return 0
	}
	for _, e := range found {
		lines[e.line].kind = corpus.BlockOutside
		if e.value == 0 {
			continue
		}
		v := &lines[e.line+1]
		v.kind = corpus.BlockOutside
		if e.label.Field != "" {
			at := corpus.Span{Start: v.span.Start, End: v.span.Start + e.value}
			v.blocks = []corpus.Block{{Span: at, Kind: corpus.BlockMeta, Field: e.label.Field, Value: at}}
			if at.End < v.span.End {
				v.blocks = append(v.blocks, corpus.Block{Span: corpus.Span{Start: at.End, End: v.span.End}, Kind: corpus.BlockOutside})
			}
		}
	}
	return end
}

// labelLine is the label that a line is, whole.
func (r *Reader) labelLine(body string, l line) (rules.PageLabel, bool) {
	if l.n > 2*maxLabel {
		return rules.PageLabel{}, false
	}
	label, ok := r.page.Labels[rules.FoldLabel(l.in(body))]
	return label, ok
}

// stackedValue is how many bytes of the line below a label are its value.
func (r *Reader) stackedValue(body string, l line, label rules.PageLabel) int {
	s := l.in(body)
	if _, another := r.labelLine(body, l); another || l.n > maxCueLine || r.page.Title.Headline.MatchString(s) || r.isText(s, l.n) {
		return 0
	}
	n, ok, _ := r.shape(label.Field, s)
	if !ok {
		return 0
	}
	return n
}
