package index

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tuogou/corpus"
	"tuogou/index/indextest"
	"tuogou/index/query"
	"tuogou/segment"
	"tuogou/segment/segmenttest"
)

var fake = segmenttest.Fake{Words: []string{"行业", "协会", "行业协会", "脱钩", "人民政府", "民政", "民政局", "财政局", "公示", "期满", "资产", "财务", "机构"}}

func all(records []*corpus.Record) iter.Seq2[*corpus.Record, error] {
	return func(yield func(*corpus.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// built is an index of records.
func built(t testing.TB, b Build, records []*corpus.Record) (*Index, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "index")
	if b.Segmenter == nil {
		b.Segmenter = fake
	}
	if n, err := Rebuild(context.Background(), dir, b, all(records)); err != nil || n != len(records) {
		t.Fatalf("%d documents, %v", n, err)
	}
	return opened(t, dir, Options{}), dir
}

func opened(t testing.TB, dir string, opts Options) *Index {
	t.Helper()
	ix, state, err := Open(dir, Fingerprint{}, opts)
	if err != nil || state != Current {
		t.Fatalf("state %s, %v", state, err)
	}
	t.Cleanup(func() { ix.Close() })
	return ix
}

func find(t testing.TB, ix *Index, q Query) Result {
	t.Helper()
	r, err := ix.Search(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func docs(r Result) string {
	ids := make([]string, len(r.Hits))
	for i, h := range r.Hits {
		ids[i] = string(h.Doc)
	}
	return strings.Join(ids, " ")
}

func synthetic(n, length int, seed uint64) []*corpus.Record { return indextest.Glued(n, length, seed) }

// scan is what the query must find: the folded text stands in the folded title
// or body.
func scan(records []*corpus.Record, text string, title bool) map[corpus.DocID]bool {
	out := map[corpus.DocID]bool{}
	for _, r := range records {
		if strings.Contains(foldString(r.Title), foldString(text)) ||
			!title && strings.Contains(foldString(r.Text.Body), foldString(text)) {
			out[r.ID] = true
		}
	}
	return out
}

var needles = []string{"公示期", "公示", "公示期满", "民政", "人民政府", "行业协会", "行业协会商会与行政机关脱钩", "脱钩", "会", "期", "号",
	"〔2018〕50号", "[2018]50号", "(2018)50号", "（２０１８）50号", "〔2019〕5号", "2018年底", "2018 年底", "二〇一八", "18", "0", "AB类", "ab", "gov",
	"example.gov", "e-mail", "资产、财务", "、财", "产、", "《", "》“", "𠮷林", "鿄", "不存在的词", "z", "机构分离职能"}

func TestCountsAreExact(t *testing.T) {
	records := synthetic(300, 700, 7)
	j := segment.New(segment.Options{CacheDir: t.TempDir()})
	if err := j.Load(); err != nil {
		t.Fatal(err)
	}
	for name, seg := range map[string]Segmenter{"jieba": j, "fake": fake} {
		ix, dir := built(t, Build{Segmenter: seg, BatchDocs: 70}, records)
		// And in several segments, with some documents replaced and deleted.
		_, err := Update(context.Background(), dir, Build{Segmenter: seg}, Changes{
			Put: synthetic(40, 500, 8), Delete: []corpus.DocID{"u00100", "u00299", "u99999"}})
		if err != nil {
			t.Fatal(err)
		}
		changed := append(synthetic(40, 500, 8), records[40:]...)
		changed = append(changed[:100:100], changed[101:299]...)
		updated := opened(t, dir, Options{})
		for _, c := range []struct {
			what    string
			ix      *Index
			records []*corpus.Record
		}{{"built", ix, records}, {"updated", updated, changed}} {
			if got := c.ix.Count(); got != len(c.records) {
				t.Errorf("%s, %s: %d documents, want %d", name, c.what, got, len(c.records))
			}
			for _, n := range needles {
				checkScan(t, name+", "+c.what, c.ix, c.records, n)
			}
		}
	}
}

func checkScan(t *testing.T, what string, ix *Index, records []*corpus.Record, n string) {
	t.Helper()
	want := scan(records, n, false)
	for range 2 { // the second time from what is remembered
		r := find(t, ix, Query{Text: `"` + n + `"`, Limit: 1000, Snippets: 2})
		if r.Total != len(want) || len(r.Hits) != len(want) {
			t.Errorf("%s: %s: total %d, %d hits, want %d", what, n, r.Total, len(r.Hits), len(want))
		}
		for _, h := range r.Hits {
			if !want[h.Doc] {
				t.Errorf("%s: %s: %s is no hit", what, n, h.Doc)
			}
		}
	}
	if r := find(t, ix, Query{Text: `-"` + n + `"`}); r.Total != len(records)-len(want) {
		t.Errorf("%s: without %s: %d, want %d", what, n, r.Total, len(records)-len(want))
	}
	if r, w := find(t, ix, Query{Text: `title:"` + n + `"`}), scan(records, n, true); r.Total != len(w) {
		t.Errorf("%s: title %s: %d, want %d", what, n, r.Total, len(w))
	}
}

func TestQueriesAndFacets(t *testing.T) {
	records := synthetic(200, 400, 3)
	ix, _ := built(t, Build{}, records)
	count := func(f func(*corpus.Record) bool) (n int) {
		for _, r := range records {
			if f(r) {
				n++
			}
		}
		return n
	}
	has := func(r *corpus.Record, s string) bool { return scan([]*corpus.Record{r}, s, false)[r.ID] }
	for _, c := range []struct {
		query string
		want  int
	}{
		{"", len(records)},
		{"公示期 财政局", count(func(r *corpus.Record) bool { return has(r, "公示期") && has(r, "财政局") })},
		{"公示期 OR 鿃鿄", count(func(r *corpus.Record) bool { return has(r, "公示期") || has(r, "鿃鿄") })},
		{"民政 -(公示期 OR kind:news)", count(func(r *corpus.Record) bool { return has(r, "民政") && !has(r, "公示期") && r.Kind != "news" })},
		{"kind:plan", count(func(r *corpus.Record) bool { return r.Kind == "plan" })},
		{"place:99", len(records)},
		{"place:000000", len(records)},
		{"place:9902", count(func(r *corpus.Record) bool { return r.Jurisdiction.Code[:4] == "9902" })},
		{"place:990203", count(func(r *corpus.Record) bool { return r.Jurisdiction.Code == "990203" })},
		{"地区:示例市02", count(func(r *corpus.Record) bool { return r.Jurisdiction.Code[:4] == "9902" })},
		{"地区:示例", len(records)}, // 示例省, with its ending left out
		{"year:2016..2017", count(func(r *corpus.Record) bool { y := r.Dates.Signed.Date[:4]; return y == "2016" || y == "2017" })},
		{"year:2018", count(func(r *corpus.Record) bool { return r.Dates.Signed.Date[:4] == "2018" })},
		{"due:2018", count(func(r *corpus.Record) bool { return (*r.Deadlines[0].End)[:4] == "2018" })},
		{"due:..2018-03", count(func(r *corpus.Record) bool { return *r.Deadlines[0].End <= "2018-03-31" })},
		{"切题:是", count(func(r *corpus.Record) bool { return r.OnTopic })},
		{"clause:资产", count(func(r *corpus.Record) bool { return r.Clauses[0].Type == corpus.Asset })},
		{"organ:finance level:county generation:2015", len(records)},
		{"organ:audit", 0},
	} {
		if r := find(t, ix, Query{Text: c.query}); r.Total != c.want {
			t.Errorf("%q: %d, want %d", c.query, r.Total, c.want)
		}
	}
	r := find(t, ix, Query{Text: "公示期", Limit: -1})
	if len(r.Hits) != 0 || len(r.Facets) != len(FacetFields()) {
		t.Errorf("%d hits, %d facets", len(r.Hits), len(r.Facets))
	}
	for field, values := range r.Facets {
		for _, v := range values {
			if with := find(t, ix, Query{Text: fmt.Sprintf("公示期 %s:%s", field, v.Value), Limit: -1}); with.Total != v.Count {
				t.Errorf("facet %s:%s says %d, the filter finds %d", field, v.Value, v.Count, with.Total)
			}
		}
	}
	if p := r.Facets["place"]; p[0].Value != "000000" || p[1].Value != "990000" || p[1].Name != "示例省" {
		t.Errorf("places: %+v", p[:2])
	}
}

func TestErrorsOfQueries(t *testing.T) {
	ix, _ := built(t, Build{}, synthetic(3, 100, 1))
	_, err := ix.Search(context.Background(), Query{Text: "kind:plann"})
	var e *query.Error
	if !errors.As(err, &e) || e.Pos != 5 {
		t.Errorf("error %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := ix.Search(ctx, Query{Text: "公示期"}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if err := ix.Close(); err != nil {
		t.Error(err)
	}
	if _, err := ix.Search(context.Background(), Query{}); !errors.Is(err, ErrClosed) {
		t.Errorf("closed: %v", err)
	}
}

func TestPagesAndOrders(t *testing.T) {
	records := synthetic(60, 300, 5)
	records[7].Dates = corpus.Dates{}
	records[9].Jurisdiction = corpus.Jurisdiction{}
	ix, _ := built(t, Build{BatchDocs: 11, Workers: 1}, records)
	for _, sort := range []Sort{ByScore, ByDate, ByPlace} {
		whole := find(t, ix, Query{Text: "会 OR 公示", Sort: sort, Limit: 100})
		var paged []string
		for at := 0; at < whole.Total; at += 7 {
			paged = append(paged, docs(find(t, ix, Query{Text: "会 OR 公示", Sort: sort, Offset: at, Limit: 7})))
		}
		if diff := cmp.Diff(docs(whole), strings.Join(paged, " ")); diff != "" {
			t.Errorf("%q: pages differ from the whole:\n%s", sort, diff)
		}
		for i := 1; i < len(whole.Hits); i++ {
			a, b := whole.Hits[i-1], whole.Hits[i]
			bad := map[Sort]bool{ByScore: a.Score < b.Score, ByDate: a.Date < b.Date,
				ByPlace: a.Place.Code > b.Place.Code && b.Place.Code != "" || a.Place.Code == "" && b.Place.Code != ""}[sort]
			if bad {
				t.Errorf("%q: %s stands before %s", sort, a.Doc, b.Doc)
			}
		}
	}
	if r := find(t, ix, Query{Text: "", Offset: 1000}); r.Total != 60 || len(r.Hits) != 0 {
		t.Errorf("past the end: %d %d", r.Total, len(r.Hits))
	}
}

func TestNormalize(t *testing.T) {
	_, dir := built(t, Build{}, synthetic(50, 300, 2))
	ix := opened(t, dir, Options{Language: query.Language{Simplify: strings.NewReplacer("脫鉤", "脱钩").Replace}})
	if a, b := find(t, ix, Query{Text: "脫鉤"}), find(t, ix, Query{Text: "脱钩"}); a.Total == 0 || a.Total != b.Total {
		t.Errorf("traditional finds %d, simplified %d", a.Total, b.Total)
	}
}

func TestSnippets(t *testing.T) {
	const body = "一、总体要求\n坚持政会分开。\n（一）资产财务分离。取消　财政 直接拨款，２０１８年底前清理。（财政局）\n附则"
	at := strings.Index(body, "（一）")
	end := strings.Index(body, "\n附则")
	r := &corpus.Record{ID: "u1", Title: "示例省脱钩方案", Text: corpus.TextInfo{Body: body},
		Outline: []corpus.Section{{ID: "1", Heading: "总体要求", Span: corpus.Span{End: end}},
			{ID: "1.1", Heading: "资产财务分离", Span: corpus.Span{Start: at, End: end}}},
		Clauses: []corpus.Clause{{Type: corpus.Asset, Evidence: corpus.Evidence{Span: corpus.Span{Start: at, End: end}}}},
	}
	ix, _ := built(t, Build{}, []*corpus.Record{r})
	h := find(t, ix, Query{Text: "取消财政直接拨款 2018年 title:脱钩"}).Hits[0]
	if len(h.Snippets) != 1 {
		t.Fatalf("%+v", h.Snippets)
	}
	s := h.Snippets[0]
	var marked []string
	for _, m := range s.Spans {
		marked = append(marked, m.In(body))
	}
	if diff := cmp.Diff([]string{"取消　财政 直接拨款", "２０１８年"}, marked); diff != "" {
		t.Errorf("marked (-want +got):\n%s", diff)
	}
	if s.Text != s.Span.In(body) || s.Text != "取消　财政 直接拨款，２０１８年底前清理。" {
		t.Errorf("snippet %q", s.Text)
	}
	if s.Section != "1.1" || s.Heading != "资产财务分离" || s.Clause != corpus.Asset {
		t.Errorf("in section %q %q, clause %q", s.Section, s.Heading, s.Clause)
	}
	if len(h.TitleSpans) != 1 || h.TitleSpans[0].In(h.Title) != "脱钩" {
		t.Errorf("title spans %v", h.TitleSpans)
	}
	if h := find(t, ix, Query{}).Hits[0]; h.Snippets[0].Text != "一、总体要求" {
		t.Errorf("without text the snippet is %q", h.Snippets[0].Text)
	}
}

func TestSnippetsAreInRangeAndApart(t *testing.T) {
	for _, r := range synthetic(20, 3000, 11) {
		body := r.Text.Body
		found := occurrences(body, []query.Text{{Value: "公示"}, {Value: "行业协会"}, {Value: "会"}}, maxSpans)
		last := 0
		for _, s := range snippets(body, found, 5) {
			if s.Span.Start < last || s.Text != body[s.Span.Start:s.Span.End] || len(s.Spans) == 0 {
				t.Fatalf("snippet %+v after %d", s, last)
			}
			for _, m := range s.Spans {
				if !s.Span.Contains(m) {
					t.Errorf("%v lies outside %v", m, s.Span)
				}
			}
			last = s.Span.End
		}
	}
}

func TestOddRecords(t *testing.T) {
	records := []*corpus.Record{{ID: "empty"}, {ID: "bytes", Title: "\xff", Text: corpus.TextInfo{Body: "脱钩\xff\x00公示"}},
		{ID: "long", Text: corpus.TextInfo{Body: strings.Repeat("脱", 100000)}}}
	ix, dir := built(t, Build{}, records)
	if r := find(t, ix, Query{Text: "脱钩"}); docs(r) != "bytes" {
		t.Errorf("found %q", docs(r))
	}
	if r := find(t, ix, Query{}); r.Total != 3 {
		t.Errorf("%d documents", r.Total)
	}
	if _, err := Rebuild(context.Background(), dir, Build{Segmenter: fake}, all([]*corpus.Record{nil, {ID: "a"}, {ID: "a"}})); err == nil {
		t.Error("the same id twice, and no error")
	}
	if ix := opened(t, dir, Options{}); ix.Count() != 3 {
		t.Error("a failed rebuild damaged the index")
	}
	if _, err := os.Stat(filepath.Join(dir, "g000002")); err == nil {
		t.Error("a failed rebuild left its folder")
	}
}
