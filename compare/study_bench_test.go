package compare_test

import (
	"fmt"
	"strings"
	"testing"

	"tuogou/compare"
	"tuogou/compare/comparetest"
	"tuogou/corpus"
)

// many are n records of invented counties that copy a plan with another date each.
func many(b *testing.B, n int) []*corpus.Record {
	out := make([]*corpus.Record, 0, n)
	base := comparetest.Records(b)[0]
	for i := range n {
		r := *base
		r.ID = corpus.DocID(fmt.Sprintf("f%05d", i))
		r.Jurisdiction.Code = fmt.Sprintf("99%04d", i)
		r.Text.Body = strings.ReplaceAll(base.Text.Body, "协会商会", fmt.Sprintf("协会%d", i%7))
		r.Text.Body += strings.Repeat(fmt.Sprintf("\n第%d号协会由第%d科负责联系。", i, i), 20)
		r.Clauses, r.Contacts = nil, nil // their spans are those of the other text
		r.Provisions, r.Deadlines, r.Duties, r.Times, r.Terms, r.Outline, r.References = nil, nil, nil, nil, nil, nil, nil
		out = append(out, &r)
	}
	return out
}

func BenchmarkStudy(b *testing.B) {
	for _, n := range []int{100, 1000, 10000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			records := many(b, n)
			for b.Loop() {
				compare.NewStudy(records, compare.StudyOptions{Provisions: provisions, Baseline: string(records[0].ID)})
			}
		})
	}
}

func BenchmarkLineage(b *testing.B) {
	for _, n := range []int{100, 1000, 10000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			records := many(b, n)
			for b.Loop() {
				compare.NewLineage(records)
			}
		})
	}
}
