package eval_test

import (
	"strings"
	"testing"

	"tuogou/corpus"
	"tuogou/extract/eval"
)

// scored is one record with one fact of each list, for labels to be held against.
func scored() *corpus.Record {
	const body = "2018年底前，区财政局牵头清理。依据《甲办法》（示发〔2018〕3号）。"
	at := func(words string) corpus.Evidence {
		i := strings.Index(body, words)
		return corpus.Cite(body, corpus.Span{Start: i, End: i + len(words)}, "test")
	}
	organ := at("区财政局")
	rec := &corpus.Record{}
	rec.Text = corpus.TextInfo{Body: body}
	rec.Deadlines = []corpus.Deadline{{Kind: corpus.KindBy, EDTF: "../2018-12-31", Evidence: at("2018年底前"), Resolved: true}}
	rec.Duties = []corpus.Duty{{Role: corpus.Lead, Organ: corpus.OrganRef{Text: "区财政局", Kind: "finance", Span: organ.Span}, Evidence: at("区财政局牵头")}}
	rec.References = []corpus.Reference{{Title: "甲办法", Relation: corpus.Basis, DocNumber: &corpus.DocNumber{Normal: "示发〔2018〕3号"}, Evidence: at("《甲办法》")}}
	return rec
}

func TestScoring(t *testing.T) {
	number, other := "示发〔2018〕3号", "示发〔2018〕4号"
	for _, c := range []struct {
		why, field           string
		label                eval.Label
		right, missed, false int
	}{
		{"kind, date and words agree", "deadlines", eval.Label{Deadlines: []eval.Deadline{{Quote: "2018年底前", Kind: "by", EDTF: "../2018-12-31"}}}, 1, 0, 0},
		{"the label has more words", "deadlines", eval.Label{Deadlines: []eval.Deadline{{Quote: "2018年底前，区财政局", Kind: "by", EDTF: "../2018-12-31"}}}, 1, 0, 0},
		{"one of two readings", "deadlines", eval.Label{Deadlines: []eval.Deadline{{Quote: "2018年底前", Kind: "within|by", EDTF: "2018|../2018-12-31"}}}, 1, 0, 0},
		{"another day is missed and false", "deadlines", eval.Label{Deadlines: []eval.Deadline{{Quote: "2018年底前", Kind: "by", EDTF: "../2018-11-30"}}}, 0, 1, 1},
		{"an empty list makes all false", "deadlines", eval.Label{Deadlines: []eval.Deadline{}}, 0, 0, 1},
		{"a list left out is not scored", "deadlines", eval.Label{}, 0, 0, 0},
		{"one of the roles of the label", "duties", eval.Label{Responsibilities: []eval.Duty{{Quote: "区财政局牵头", Role: "lead+joint", Organs: []string{"区财政局"}, Kinds: []string{"finance"}}}}, 1, 0, 0},
		{"another kind of organ", "duties", eval.Label{Responsibilities: []eval.Duty{{Quote: "区财政局牵头", Role: "lead", Organs: []string{"区财政局"}, Kinds: []string{"audit"}}}}, 0, 1, 0},
		{"a complete list makes the rest false", "duties", eval.Label{Complete: []string{"duties"}, Responsibilities: []eval.Duty{{Quote: "区财政局牵头", Role: "support", Organs: []string{"区财政局"}, Kinds: []string{"finance"}}}}, 0, 1, 1},
		{"title and number agree", "references", eval.Label{References: []eval.Reference{{Title: "甲办法", DocNumber: &number}}}, 1, 0, 0},
		{"another number", "references", eval.Label{References: []eval.Reference{{Title: "甲办法", DocNumber: &other}}}, 0, 1, 1},
		{"the text's own product does not count", "references", eval.Label{References: []eval.Reference{{Title: "甲办法", DocNumber: &number}, {Title: "乙细则", Relation: "implements"}}}, 1, 0, 0},
	} {
		t.Run(c.why, func(t *testing.T) {
			c.label.File = "x.txt"
			r := eval.New()
			r.Add(c.label, scored())
			f := r.Fields[c.field]
			if f.Right != c.right || f.Missed != c.missed || f.False != c.false {
				t.Errorf("%s: right %d missed %d false %d, want %d %d %d", c.field, f.Right, f.Missed, f.False, c.right, c.missed, c.false)
			}
		})
	}
}
