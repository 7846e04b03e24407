// Package enginetest says what every engine of the index must do. Each engine's
// own test runs it; [Run] compares with a scan of the plain texts, [Same] with the
// index in a folder, answer by answer.
package enginetest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tuogou/corpus"
	"tuogou/index"
	"tuogou/index/indextest"
	"tuogou/segment/segmenttest"
)

// words are those that the tests' segmenter knows.
var words = segmenttest.Fake{Words: []string{"行业", "协会", "行业协会", "脱钩", "人民政府", "民政", "民政局", "财政局", "公示", "期满", "资产", "财务", "机构",
	"办公用房", "审计局", "司法局", "牵头", "负责", "单项方案", "办公室", "会费", "票据", "章程", "注销", "变更"}}

// Records are n documents of two kinds: with clauses, provisions, deadlines and
// duties, and with words glued to whatever comes next.
func Records(n int) []*corpus.Record {
	out := indextest.Glued(n/2, 600, 7)
	for i := len(out); i < n; i++ {
		out = append(out, indextest.Record(1000+i, 1500, 5))
	}
	return out
}

func seq(records []*corpus.Record) iter.Seq2[*corpus.Record, error] {
	return func(yield func(*corpus.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func build(content string) index.Build {
	return index.Build{Segmenter: words, BatchDocs: 40, Fingerprint: index.Fingerprint{Rules: "r1", Content: content}}
}

// Fill builds an index of records and opens it.
func Fill(t testing.TB, h index.Home, records []*corpus.Record) index.Reader {
	t.Helper()
	if n, err := h.Rebuild(context.Background(), build("c1"), seq(records)); err != nil || n != len(records) {
		t.Fatalf("%d documents of %d, %v", n, len(records), err)
	}
	return open(t, h)
}

func open(t testing.TB, h index.Home) index.Reader {
	t.Helper()
	r, state, err := h.Open(index.Fingerprint{}, index.Options{})
	if err != nil || state != index.Current {
		t.Fatalf("state %s, %v", state, err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// search fails the test where q has an error.
func search(t testing.TB, r index.Reader, q index.Query) index.Result {
	t.Helper()
	res, err := r.Search(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// Run holds an engine to its promises; home makes a new, empty one.
func Run(t *testing.T, home func(t *testing.T) index.Home) {
	t.Run("states", func(t *testing.T) { states(t, home(t)) })
	t.Run("counts", func(t *testing.T) { counts(t, home(t)) })
	t.Run("fifty counts", func(t *testing.T) { Fifty(t, home(t), 300) })
	t.Run("updates", func(t *testing.T) { updates(t, home(t)) })
	t.Run("rebuild", func(t *testing.T) { rebuild(t, home(t)) })
	t.Run("pages", func(t *testing.T) { pages(t, home(t)) })
}

func states(t *testing.T, h index.Home) {
	ctx := context.Background()
	if r, s, err := h.Open(index.Fingerprint{}, index.Options{}); r != nil || s != index.Missing || err != nil {
		t.Errorf("before: %s, %v", s, err)
	}
	if _, err := h.Update(ctx, build("c1"), index.Changes{}); err == nil {
		t.Error("an update of nothing has no error")
	}
	r := Fill(t, h, Records(20))
	for _, c := range []struct {
		want  index.Fingerprint
		state index.State
	}{
		{index.Fingerprint{}, index.Current},
		{index.Fingerprint{Words: words.Fingerprint(), Rules: "r1", Content: "c1"}, index.Current},
		{index.Fingerprint{Rules: "r1", Content: "c2"}, index.Content},
		{index.Fingerprint{Rules: "r2", Content: "c2"}, index.Rules},
		{index.Fingerprint{Words: "other", Rules: "r2"}, index.Schema},
	} {
		o, s, err := h.Open(c.want, index.Options{})
		if s != c.state || err != nil || (o == nil) != (s == index.Schema) {
			t.Errorf("%+v: %s, %v", c.want, s, err)
		}
		if o != nil {
			o.Close()
		}
		if s := r.State(c.want); s != c.state {
			t.Errorf("%+v, open: %s, not %s", c.want, s, c.state)
		}
	}
	other := build("c1")
	other.Segmenter = segmenttest.Fake{}
	if _, err := h.Update(ctx, other, index.Changes{}); err == nil {
		t.Error("an update with other words has no error")
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Search(ctx, index.Query{}); !errors.Is(err, index.ErrClosed) {
		t.Errorf("a search after Close: %v", err)
	}
}

var needles = []string{"公示期", "公示", "公示期满", "民政", "人民政府", "行业协会", "行业协会商会与行政机关脱钩", "脱钩", "会", "期", "号",
	"〔2018〕50号", "[2018]50号", "(2018)50号", "（２０１８）50号", "〔2019〕5号", "2018年底", "2018 年底", "二〇一八", "18", "0", "AB类", "ab", "gov",
	"example.gov", "e-mail", "资产、财务", "、财", "产、", "《", "》“", "𠮷林", "鿄", "不存在的词", "z", "机构分离职能"}

// scan is how many records hold text, folded, in the title or, unless title, the body.
func scan(records []*corpus.Record, text string, title bool) (n int) {
	text = index.Fold(text)
	for _, r := range records {
		if strings.Contains(index.Fold(r.Title), text) || !title && strings.Contains(index.Fold(r.Text.Body), text) {
			n++
		}
	}
	return n
}

func exact(t *testing.T, r index.Reader, records []*corpus.Record) {
	t.Helper()
	if r.Count() != len(records) {
		t.Errorf("%d documents, want %d", r.Count(), len(records))
	}
	for i, n := range needles {
		for _, f := range []struct {
			before string
			want   int
		}{{"", scan(records, n, false)}, {"title:", scan(records, n, true)}, {"-", len(records) - scan(records, n, false)}}[i%2 : 2+i%2] {
			text := f.before + `"` + n + `"`
			if got := search(t, r, index.Query{Text: text, Limit: -1, NoFacets: true}).Total; got != f.want {
				t.Errorf("%s: %d documents, a scan finds %d", text, got, f.want)
			}
		}
	}
}

func counts(t *testing.T, h index.Home) {
	records := Records(120)
	exact(t, Fill(t, h, records), records)
}

// Fifty asks the fifty queries over n generated texts; every count must be exact.
func Fifty(t *testing.T, h index.Home, n int) {
	records := make([]*corpus.Record, n)
	for i := range records {
		records[i] = indextest.Record(i, 2000, 1)
	}
	r := Fill(t, h, records)
	right := 0
	for _, a := range indextest.Asks() {
		want := 0
		for _, rec := range records {
			if a.Holds(rec) {
				want++
			}
		}
		if got := search(t, r, index.Query{Text: a.Text, Limit: -1, NoFacets: true}).Total; got != want {
			t.Errorf("%s: %d, want %d", a.Text, got, want)
		} else {
			right++
		}
	}
	t.Logf("%d of %d counts are exact", right, len(indextest.Asks()))
}

func updates(t *testing.T, h index.Home) {
	records := Records(120)
	r := Fill(t, h, records)
	c := index.Changes{Put: indextest.Glued(30, 500, 8), Delete: []corpus.DocID{"u00035", "u00055", "u99999"}}
	changed := append(indextest.Glued(30, 500, 8), records[30:]...)
	changed = slices.DeleteFunc(changed, func(r *corpus.Record) bool { return slices.Contains(c.Delete, r.ID) })
	for range 2 { // done twice it has the effect of once
		n, err := h.Update(context.Background(), build("c2"), c)
		if err != nil || n != len(changed) {
			t.Fatalf("%d documents, want %d; %v", n, len(changed), err)
		}
		if fresh, err := r.Refresh(); err != nil || !fresh {
			t.Errorf("refresh: %v, %v", fresh, err)
		}
		exact(t, r, changed)
	}
	if fresh, err := r.Refresh(); err != nil || fresh || r.Fingerprint().Content != "c2" {
		t.Errorf("a refresh with nothing new: %v, %v, %+v", fresh, err, r.Fingerprint())
	}
}

func rebuild(t *testing.T, h index.Home) {
	r := Fill(t, h, Records(40))
	n, err := h.Rebuild(context.Background(), build("c2"), func(yield func(*corpus.Record, error) bool) {
		for i, rec := range Records(60) {
			if i == 20 {
				if got := search(t, r, index.Query{}).Total; got != 40 {
					t.Errorf("during the rebuild: %d documents, want 40", got)
				}
			}
			if !yield(rec, nil) {
				return
			}
		}
	})
	if err != nil || n != 60 {
		t.Fatalf("%d, %v", n, err)
	}
	// A reader that has not refreshed answers from the old one or goes over by itself.
	if got := search(t, r, index.Query{}).Total; got != 40 && got != 60 {
		t.Errorf("after the rebuild: %d documents", got)
	}
	if _, err := r.Refresh(); err != nil {
		t.Error(err)
	}
	if got := search(t, r, index.Query{}).Total; got != 60 || r.Count() != 60 || r.Fingerprint().Content != "c2" {
		t.Errorf("after the refresh: %d, %d, %+v", got, r.Count(), r.Fingerprint())
	}
	ctx, cancel := context.WithCancel(context.Background())
	b := build("c3")
	b.BatchDocs, b.Progress = 5, func(int) { cancel() }
	if _, err := h.Rebuild(ctx, b, seq(Records(200))); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled rebuild: %v", err)
	}
	twice := append(Records(10), Records(1)...)
	twice = append(twice, Records(10)[0])
	if _, err := h.Rebuild(context.Background(), build("c3"), seq(twice)); err == nil {
		t.Error("a record that comes twice is no error")
	}
	if fresh, err := r.Refresh(); fresh || err != nil || search(t, r, index.Query{}).Total != 60 {
		t.Errorf("what failed is seen: %v, %v", fresh, err)
	}
}

var orders = []index.Sort{index.ByScore, index.ByDate, index.ByPlace}

// Queries are what Same asks.
func Queries() []index.Query {
	var out []index.Query
	for i, text := range []string{"", "脱钩", "会", "公示期", "办公用房 牵头", "民政 OR 财政局", "行业协会商会 -资产", `"〔2018〕50号"`, "18", "、", "title:脱钩 公示",
		"place:990101", "place:99 脱钩", "place:示例省", "place:示例县01", "year:2018", "year:2016..2018 会", "date:2017-06-01..2019-01-01", "kind:plan 办公室",
		"clause:asset", "organ:finance 脱钩", "has:deadline", "missing:party", "-has:duty 会", "due:2018-01-01..2018-12-31", "number:50号", "number:政办发", "number:2018*",
		"source:example", "source:www*", "on_topic:true 公示", "has:cut", "(脱钩 OR 公示) -title:通知 kind:plan,notice", "人民政府办公室关于印发", "政办发〔2018〕50号 会"} {
		out = append(out, index.Query{Text: text, Explain: true, Coverage: true, Limit: 25},
			index.Query{Text: text, Sort: orders[1+i%2], Explain: i%4 == 0, Coverage: i%4 == 1, Limit: 25})
	}
	for _, unit := range index.UnitKinds() {
		for i, text := range []string{"", "办公用房", "脱钩 OR 公示", "clause:asset", "lead:kind_3 会", "due:2018-01-01..2019-12-31 -牵头", "title:脱钩 -has:lead", "missing:due place:99", "year:2018 provision:A3"} {
			out = append(out, index.Query{Text: text, Unit: unit, Sort: orders[i%3], Explain: true, Coverage: true, Limit: 25})
		}
	}
	return out
}

// Same asks both readers, which hold the same records, and compares all that they
// say. Cursors may differ.
func Same(t *testing.T, want, got index.Reader) {
	hits, asked := 0, 0
	for _, q := range Queries() {
		a, errA := want.Search(context.Background(), q)
		b, errB := got.Search(context.Background(), q)
		if errA != nil || errB != nil {
			if errA == nil || errB == nil || fmt.Sprint(errA) != fmt.Sprint(errB) {
				t.Errorf("%q %s %s: %v, but %v", q.Text, q.Unit, q.Sort, errA, errB)
			}
			continue
		}
		if (a.Next == "") != (b.Next == "") {
			t.Errorf("%q %s %s: only one goes on", q.Text, q.Unit, q.Sort)
		}
		a.Next, b.Next = "", ""
		for _, c := range []*index.Coverage{a.Coverage, b.Coverage} {
			if c != nil {
				slices.Sort(c.Places)
			}
		}
		if d := cmp.Diff(a, b, cmpopts.EquateEmpty()); d != "" {
			t.Errorf("%q %s %s (-folder +engine):\n%.1500s", q.Text, q.Unit, q.Sort, d)
		}
		hits += len(a.Hits)
		asked++
	}
	if asked < 100 || hits < 1000 {
		t.Errorf("only %d queries with %d hits compared", asked, hits)
	}
	t.Logf("%d queries, %d hits", asked, hits)
}

// line is what tells one hit from another.
func line(h index.Hit) string {
	if h.Unit == nil {
		return string(h.Doc)
	}
	return string(h.Doc) + " " + h.Unit.ID
}

func pages(t *testing.T, h index.Home) {
	r := Fill(t, h, Records(150))
	ctx := context.Background()
	for _, q := range []index.Query{{Text: "会"}, {Text: "脱钩 OR 公示"}, {Text: "办公用房 OR 会费"}, {Sort: index.ByPlace}, {Text: "会", Sort: index.ByDate},
		{Unit: index.Duties, Text: "会"}, {Unit: index.Clauses, Sort: index.ByPlace}, {Unit: index.Deadlines, Text: "办公用房 OR 牵头"}} {
		name := fmt.Sprintf("%q %s %s", q.Text, q.Unit, q.Sort)
		var every, paged []string
		res, err := r.Each(ctx, q, func(h index.Hit) bool { every = append(every, line(h)); return true })
		if err != nil || len(every) != res.Total || res.Total < 20 {
			t.Fatalf("%s: %d hits of %d, %v", name, len(every), res.Total, err)
		}
		q.Limit = 17
		if q.Unit != index.Documents {
			q.Limit = 160
		}
		for page := q; ; {
			res := search(t, r, page)
			for _, h := range res.Hits {
				paged = append(paged, line(h))
			}
			if page.After = res.Next; res.Next == "" {
				break
			}
		}
		if !slices.Equal(every, paged) {
			t.Errorf("%s: pages (-each +pages)\n%.800s", name, cmp.Diff(every, paged))
		}
		q.Offset = 9
		if res := search(t, r, q); len(res.Hits) > 0 && line(res.Hits[0]) != every[9] {
			t.Errorf("%s: the tenth hit is %s, not %s", name, line(res.Hits[0]), every[9])
		}
		n := 0
		if _, err := r.Each(ctx, q, func(index.Hit) bool { n++; return n < 3 }); err != nil || n != 3 {
			t.Errorf("%s: stopped after %d hits, %v", name, n, err)
		}
	}
	first := search(t, r, index.Query{Text: "会", Limit: 5})
	if _, err := r.Search(ctx, index.Query{Text: "公示", After: first.Next}); !errors.Is(err, index.ErrCursor) {
		t.Errorf("a place of another query: %v", err)
	}
	if _, err := h.Update(ctx, build("c2"), index.Changes{Delete: []corpus.DocID{first.Hits[0].Doc}}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Refresh(); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Search(ctx, index.Query{Text: "会", After: first.Next}); !errors.Is(err, index.ErrCursor) {
		t.Errorf("a place in an index that has changed: %v", err)
	}
}
