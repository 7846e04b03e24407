package index

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tuogou/corpus"
	"tuogou/index/query"
)

// withUnits is records whose bodies are sentences, each of them a unit or two.
func withUnits(n int, seed uint64) []*corpus.Record {
	rnd := rand.New(rand.NewPCG(seed, 7))
	tasks := []string{"清理办公用房", "完成资产登记", "公示期满后换届", "取消财政直接拨款", "移交职能目录"}
	organs := []corpus.OrganRef{{Text: "县财政局", Kind: "finance"}, {Text: "县民政局", Kind: "civil_affairs"}, {Text: "县编办", Kind: "staffing"}}
	roles := []corpus.DutyRole{corpus.Lead, corpus.Support, corpus.Responsible}
	out := make([]*corpus.Record, n)
	for i := range out {
		r := &corpus.Record{ID: corpus.DocID(fmt.Sprintf("u%04d", i)), Title: "示例方案", Kind: corpus.KindPlan}
		var body strings.Builder
		for k := range 5 {
			task, organ, end := tasks[rnd.IntN(len(tasks))], organs[rnd.IntN(len(organs))], fmt.Sprintf("20%d-12-31", 16+rnd.IntN(5))
			clause := corpus.ClauseTypes[rnd.IntN(5)]
			start := body.Len()
			fmt.Fprintf(&body, "%s年底前%s，", end[:4], task)
			told := body.Len()
			fmt.Fprintf(&body, "由%s负责。\n", organ.Text)
			sentence := corpus.Span{Start: start, End: body.Len() - 1}
			ev := corpus.Evidence{Span: sentence}
			r.Clauses = append(r.Clauses, corpus.Clause{Type: clause, Evidence: ev, HeadingSpan: corpus.Span{Start: start, End: start + 4}})
			uid := fmt.Sprintf("d%d", k)
			r.Deadlines = append(r.Deadlines, corpus.Deadline{UID: uid, End: &end, Clause: clause,
				Evidence: corpus.Evidence{Span: corpus.Span{Start: start, End: start + len("2018年底前")}},
				Action:   corpus.Action{Span: corpus.Span{Start: start + len("2018年底前"), End: told - len("，")}}})
			if rnd.IntN(3) > 0 {
				r.Duties = append(r.Duties, corpus.Duty{Role: roles[rnd.IntN(3)], Organ: organ, Clause: clause,
					Evidence: corpus.Evidence{Span: corpus.Span{Start: told, End: sentence.End}}})
			}
			if rnd.IntN(3) > 0 {
				r.Provisions = append(r.Provisions, corpus.Provision{ID: []string{"SC1", "A2"}[rnd.IntN(2)], Evidence: ev, Clause: clause})
			}
		}
		r.Text.Body = body.String()
		out[i] = r
	}
	return out
}

// wanted counts the units that are asked for with plain loops over the records.
func wanted(records []*corpus.Record, kind UnitKind, ok func(u *unit, text string) bool) int {
	n := 0
	for _, r := range records {
		for _, u := range unitsOf(r) {
			text := ""
			for _, s := range u.Spans {
				text += foldString(s.In(r.Text.Body)) + "\n"
			}
			if u.Kind == kind && ok(&u, text) {
				n++
			}
		}
	}
	return n
}

func TestUnitCountsAreExact(t *testing.T) {
	records := withUnits(200, 3)
	ix, _ := built(t, Build{BatchDocs: 40}, records)
	holds := func(w string) func(*unit, string) bool {
		return func(_ *unit, text string) bool { return strings.Contains(text, w) }
	}
	for _, c := range []struct {
		query string
		kind  UnitKind
		ok    func(*unit, string) bool
	}{
		{"办公用房", Deadlines, holds("办公用房")},
		{"办公用房", Clauses, holds("办公用房")},
		{"公", Provisions, holds("公")},
		{"负", Duties, holds("负")},
		{"-办公用房", Clauses, func(_ *unit, text string) bool { return !strings.Contains(text, "办公用房") }},
		{"clause:asset 换届", Deadlines, func(u *unit, text string) bool { return u.Clauses[0] == "asset" && strings.Contains(text, "换届") }},
		{"lead:finance", Duties, func(u *unit, _ string) bool { return slices.Contains(u.Leads, "finance") }},
		{"role:support -organ:finance", Duties, func(u *unit, _ string) bool {
			return slices.Contains(u.Roles, "support") && !slices.Contains(u.Organs, "finance")
		}},
		{"provision:sc1 missing:lead", Provisions, func(u *unit, _ string) bool {
			return slices.Contains(u.Provisions, "sc1") && !slices.Contains(u.Roles, "lead")
		}},
		{"due:..2018 (登记 OR 拨款)", Clauses, func(u *unit, text string) bool {
			return (strings.Contains(text, "登记") || strings.Contains(text, "拨款")) &&
				slices.ContainsFunc(u.Due, func(d string) bool { return d <= "2018-12-31" })
		}},
		{"has:duty kind:plan", Clauses, func(u *unit, _ string) bool { return len(u.Roles) > 0 }},
		{"kind:news", Clauses, func(*unit, string) bool { return false }},
		{"title:示例 换届", Clauses, holds("换届")},
		{"", Duties, func(*unit, string) bool { return true }},
	} {
		want := wanted(records, c.kind, c.ok)
		r := find(t, ix, Query{Text: c.query, Unit: c.kind, Limit: 1000})
		if r.Total != want || len(r.Hits) != min(want, 1000) || c.query != "kind:news" && want == 0 {
			t.Errorf("%s %q: %d units (%d hits), want %d", c.kind, c.query, r.Total, len(r.Hits), want)
		}
		for _, h := range r.Hits {
			if h.Unit == nil || h.Unit.Kind != c.kind {
				t.Fatalf("%q: unit %+v", c.query, h.Unit)
			}
		}
	}
}

func TestFacetsOfUnits(t *testing.T) {
	ix, _ := built(t, Build{}, withUnits(80, 4))
	r := find(t, ix, Query{Text: "办公用房", Unit: Duties, Limit: -1})
	if r.Total == 0 {
		r = find(t, ix, Query{Text: "负责", Unit: Duties, Limit: -1})
	}
	for _, f := range []query.Field{query.Clause, query.Organ, query.Role, query.Kind} {
		for _, v := range r.Facets[string(f)] {
			with := find(t, ix, Query{Text: fmt.Sprintf("负责 %s:%s", f, v.Value), Unit: Duties, Limit: -1})
			if with.Total != v.Count {
				t.Errorf("%s:%s says %d, the filter finds %d", f, v.Value, v.Count, with.Total)
			}
		}
	}
}

func TestCursor(t *testing.T) {
	ix, dir := built(t, Build{BatchDocs: 30}, withUnits(100, 5))
	for _, q := range []Query{{Text: "办公用房"}, {Text: "办公用房", Sort: ByDate}, {Text: "公", Unit: Clauses}, {Text: "公", Unit: Clauses, Sort: ByPlace}} {
		var whole, paged []string
		name := func(h Hit) string {
			s := string(h.Doc)
			if h.Unit != nil {
				s += "#" + h.Unit.ID
			}
			return s
		}
		all, err := ix.Each(context.Background(), q, func(h Hit) bool { whole = append(whole, name(h)); return true })
		if err != nil || len(whole) != all.Total {
			t.Fatalf("%+v: %d of %d, %v", q, len(whole), all.Total, err)
		}
		q.Limit = 7
		for {
			r := find(t, ix, q)
			for _, h := range r.Hits {
				paged = append(paged, name(h))
			}
			if q.After = r.Next; r.Next == "" {
				break
			}
		}
		if diff := cmp.Diff(whole, paged); diff != "" {
			t.Errorf("%+v: pages differ from the whole:\n%s", q, diff)
		}
	}
	r := find(t, ix, Query{Text: "办公用房", Limit: 3})
	for _, c := range []Query{{Text: "换届", After: r.Next}, {Text: "办公用房", Sort: ByDate, After: r.Next}, {Text: "办公用房", After: "x"}} {
		if _, err := ix.Search(context.Background(), c); !errors.Is(err, ErrCursor) {
			t.Errorf("%+v: %v", c, err)
		}
	}
	if _, err := Update(context.Background(), dir, Build{Segmenter: fake}, Changes{Delete: []corpus.DocID{"u0001"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := ix.Refresh(); err != nil {
		t.Fatal(err)
	}
	if _, err := ix.Search(context.Background(), Query{Text: "办公用房", After: r.Next}); !errors.Is(err, ErrCursor) {
		t.Errorf("after a change of the index: %v", err)
	}
}

// The parts of a score must make the score.
func TestExplain(t *testing.T) {
	ix, dir := built(t, Build{}, withUnits(50, 6))
	ix.Close()
	ix = opened(t, dir, Options{Language: query.Language{Synonyms: func(w string) []string {
		if w == "办公场所" {
			return []string{"办公用房"}
		}
		return nil
	}}})
	for _, q := range []Query{{Text: "办公用房 示例", Explain: true}, {Text: "换届", Unit: Clauses, Explain: true}, {Text: "办公场所", Explain: true}} {
		r := find(t, ix, q)
		if len(r.Hits) == 0 {
			t.Fatalf("%q finds nothing", q.Text)
		}
		for _, h := range r.Hits {
			sum, factor := 0.0, 1.0
			for _, p := range h.Why.Score {
				if p.Word == "" {
					factor *= p.Value
				} else {
					sum += p.Value
				}
			}
			if math.Abs(sum*factor-h.Score) > 1e-9 || len(h.Why.Words) == 0 {
				t.Errorf("%q %s: %v × %v is not %v; words %+v", q.Text, h.Doc, sum, factor, h.Score, h.Why.Words)
			}
		}
		if w := r.Hits[0].Why.Words[0]; q.Text == "办公场所" && w.SynonymOf != "办公场所" {
			t.Errorf("found by %+v", w)
		}
	}
}

func TestCoverage(t *testing.T) {
	records := synthetic(60, 300, 8)
	for i, r := range records {
		r.Kind = []corpus.Kind{corpus.KindPlan, corpus.KindNews}[i%2]
		r.Text.Truncated = i%4 == 0
		r.Text.Body = []string{"公示期", "会"}[i%3/2]
	}
	ix, _ := built(t, Build{}, records)
	// Of 30 plans (even i) 10 have i%3 == 2 and lack the word; of these i%12 is 2
	// or 8, and those with 8 (i%4 == 0) are cut.
	for _, q := range []string{"kind:plan 公示期", "kind:plan -公示期"} {
		c := find(t, ix, Query{Text: q, Coverage: true}).Coverage
		if c.Documents != 30 || c.With != 20 || c.Without != 10 || c.Cut != 5 || c.Selection != `kind:"plan"` || c.Denied != strings.Contains(q, "-") {
			t.Errorf("%s: %+v", q, c)
		}
	}
	if c := find(t, ix, Query{Text: "公示期", Coverage: true}).Coverage; c.Documents != 60 || c.With != 40 || len(c.Places) < 4 {
		t.Errorf("of all: %+v", c)
	}
}

func TestNumbersAndDates(t *testing.T) {
	records := []*corpus.Record{
		{ID: "a", DocNumber: &corpus.DocNumber{Normal: "示政办发〔2018〕50号"}, Dates: corpus.Dates{Signed: &corpus.Date{Date: "2018-06"}}},
		{ID: "b", DocNumber: &corpus.DocNumber{Normal: "示政办发〔2018〕5号"}, Dates: corpus.Dates{Signed: &corpus.Date{Date: "2018-06-30"}}},
		{ID: "c", DocNumber: &corpus.DocNumber{Normal: "示发改体改〔2019〕15号"}, Issuers: []corpus.Issuer{{Name: "示例省发展改革委"}},
			Source: corpus.Source{URL: "http://fgw.shili.example/a", Fetched: "2026-11-20T01:02:03Z"}},
		{ID: "d", DocNumber: &corpus.DocNumber{Normal: "示例省人民政府令第316号"}},
	}
	ix, _ := built(t, Build{}, records)
	for _, c := range []struct{ reason, query, want string }{
		{"other brackets", "number:示政办发[2018]50号", "a"},
		{"round ones", "number:示政办发(2018)50号", "a"},
		{"without brackets", "number:示政办发2018年50号", "a"},
		{"no 5 in 50 and 15", "number:5号", "b"},
		{"no 50 without its year", "number:〔2018〕5", "b"},
		{"only the year", "number:〔2018〕", "a b"},
		{"the beginning", "number:示政办发*", "a b"},
		{"an order", "number:令第316号", "d"},
		{"not the middle with a star", "number:政办发*", ""},
		{"issuer", "issuer:发展改革", "c"},
		{"source", "source:fgw.shili", "c"},
		{"read since", "fetched:2026-11-20..", "c"},
		{"a month belongs to a range that has a day of it", "date:2018-06-15..", "a b"},
		{"and to the whole month", "date:2018-06", "a b"},
		{"and to no other", "date:2018-07..", ""},
		{"before it", "date:..2018-05", ""},
		{"up to a day in it", "date:..2018-06-10", "a"},
		{"without a date", "missing:date", "c d"},
		{"with an issuer", "has:issuer", "c"},
	} {
		r := find(t, ix, Query{Text: c.query, Sort: ByDate})
		var ids []string
		for _, h := range r.Hits {
			ids = append(ids, string(h.Doc))
		}
		slices.Sort(ids)
		if got := strings.Join(ids, " "); got != c.want {
			t.Errorf("%s: %s finds %q, want %q", c.reason, c.query, got, c.want)
		}
	}
}
