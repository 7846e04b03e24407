package compare_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tuogou/compare"
	"tuogou/compare/comparetest"
	"tuogou/corpus"
)

func states(row compare.Row) []compare.CellState {
	var out []compare.CellState
	for _, c := range row.Cells {
		out = append(out, c.State)
	}
	return out
}

func sample(t *testing.T) *compare.Matrix {
	t.Helper()
	return compare.NewMatrix(comparetest.Records(t), compare.MatrixOptions{
		Selection: compare.Selection{Codes: []string{
			comparetest.Qinghe, comparetest.Baishi, comparetest.Linzhou, comparetest.Nowhere, comparetest.Xueling}},
		Provisions: []compare.Topic{{ID: "A6", Name: "办公用房腾退"}},
		Names:      map[string]string{comparetest.Nowhere: "空山区（示例）"},
	})
}

func TestMatrixTellsTheStatesApart(t *testing.T) {
	m := sample(t)
	const (
		S, A, N = compare.CellStated, compare.CellAbsent, compare.CellNotFound
		X, F    = compare.CellNoRecord, compare.CellFailed
	)
	want := map[string][]compare.CellState{
		"institution": {S, S, S, X, F},
		"function":    {S, S, S, X, F}, // the notice speaks where the cut plan cannot
		"asset":       {S, S, S, X, F},
		"personnel":   {S, N, S, X, F}, // the plan of Baishi is cut
		"party":       {S, N, A, X, F}, // the story of Linzhou is whole and silent
		"A6":          {S, N, A, X, F},
	}
	got := map[string][]compare.CellState{}
	for _, row := range m.Rows {
		got[row.Topic.ID] = states(row)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if w := m.Rows[4].Cells[1].Why; w != "全文详见附件" {
		t.Errorf("the sign of the cut is %q", w)
	}
	if c := m.Columns[4]; !strings.Contains(c.Why, "tesseract") {
		t.Errorf("the reason of the failure is %q", c.Why)
	}
	if c := m.Columns[3]; c.Name != "空山区（示例）" || !c.Sample {
		t.Errorf("the place without a record is %+v", c)
	}
}

func TestDifferencesCompareKindsAndLastDays(t *testing.T) {
	m := sample(t)
	institution := m.Rows[0].Difference
	// 区民政局 and 区行政审批和民政局 are one kind of organ.
	if diff := cmp.Diff([]string{"civil_affairs"}, institution.CommonKinds); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]compare.PlaceValues{{Place: "990101", Values: []string{"development_reform"}}}, institution.OtherKinds); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"2018-09-30"}, institution.CommonDays); diff != "" {
		t.Error(diff)
	}
	asset := m.Rows[2].Difference
	if diff := cmp.Diff([]compare.PlaceValues{
		{Place: "990101", Values: []string{"2018-01-01/", "2018-12-31", "FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=30"}},
		{Place: "990102", Values: []string{"2019-12-31"}}, // not the superseded 2018-06-30
	}, asset.OtherDays); diff != "" {
		t.Error(diff)
	}
	party := m.Rows[4].Difference
	if len(party.CommonKinds) != 0 || len(party.OpenDays) != 1 {
		t.Errorf("one place alone has nothing in common, and its open deadline is told: %+v", party)
	}
}

func TestItemsPreferSectionsAndKeepRoles(t *testing.T) {
	m := sample(t)
	organs := m.Rows[0].Cells[0].Items[0].Organs
	if organs[0].Role != corpus.Lead || organs[0].Text != "区民政局" {
		t.Errorf("organ %+v", organs[0])
	}
	if got := m.Rows[0].Cells[0].Items[0].Due[0].Cite.Sentence; got != "2018年9月底前完成关系清理。" {
		t.Errorf("sentence %q", got)
	}

	r := comparetest.Records(t)[0]
	r.Clauses = append(r.Clauses, corpus.Clause{Type: corpus.Asset, Form: corpus.FormMention, Heading: "资产"})
	one := compare.NewMatrix([]*corpus.Record{r}, compare.MatrixOptions{})
	if n := len(one.Rows[2].Cells[0].Items); n != 1 {
		t.Errorf("a mention beside a section gives %d items, want 1", n)
	}
}

func TestCitesPointAtTheirWords(t *testing.T) {
	records := map[corpus.DocID]*corpus.Record{}
	for _, r := range comparetest.Records(t) {
		records[r.ID] = r
	}
	n := 0
	for _, row := range sample(t).Rows {
		for _, c := range row.Cells {
			for _, item := range c.Items {
				cites := []compare.Cite{item.Cite}
				for _, o := range item.Organs {
					cites = append(cites, o.Cite)
				}
				for _, d := range item.Due {
					cites = append(cites, d.Cite)
				}
				for _, cite := range cites {
					body := records[cite.Doc].Text.Body
					if cite.Span.In(body) != cite.Quote || string([]rune(body)[cite.Chars.Start:cite.Chars.End]) != cite.Quote {
						t.Errorf("%+v does not cover its quote", cite)
					}
					n++
				}
			}
		}
	}
	if n < 20 {
		t.Errorf("only %d cites seen", n)
	}
}

func TestSelect(t *testing.T) {
	records := comparetest.Records(t)
	titles := func(code string, below bool) []corpus.Kind {
		var out []corpus.Kind
		for _, r := range compare.Select(records, compare.Selection{Codes: []string{code}, Below: below})[code] {
			out = append(out, r.Kind)
		}
		return out
	}
	for _, tt := range []struct {
		reason, code string
		below        bool
		want         []corpus.Kind
	}{
		{"plan before notice", comparetest.Baishi, false, []corpus.Kind{"plan", "notice"}},
		{"a city does not hold its districts by itself", comparetest.City, false, nil},
		{"but does when asked, the news of the next city left out", comparetest.City, true, []corpus.Kind{"plan", "plan", "plan", "notice"}},
		{"the province holds all", "990000", true, []corpus.Kind{"plan", "plan", "plan", "notice", "news"}},
	} {
		if diff := cmp.Diff(tt.want, titles(tt.code, tt.below)); diff != "" {
			t.Errorf("%s: %s", tt.reason, diff)
		}
	}
	records[0].OnTopic = false
	if got := compare.NewMatrix(records[:1], compare.MatrixOptions{}); got.Columns[0].State != compare.CellNoRecord || got.Columns[0].Others != 1 {
		t.Errorf("a record off the topic speaks for its place: %+v", got.Columns[0])
	}
}

func TestWithin(t *testing.T) {
	for _, tt := range []struct {
		code, outer string
		want        bool
	}{
		{"990101", "990100", true}, {"990101", "990000", true}, {"990101", "000000", true},
		{"990100", "990100", false}, {"990201", "990100", false}, {"990100", "990101", false},
		{"", "000000", false}, {"990101003", "990101", true}, {"110105", "110000", true},
	} {
		if got := compare.Within(tt.code, tt.outer); got != tt.want {
			t.Errorf("Within(%q, %q) = %v", tt.code, tt.outer, got)
		}
	}
}

func days(entries []compare.Entry) []string {
	var out []string
	for _, e := range entries {
		out = append(out, e.Day+" "+e.Place.Code+" "+e.Words)
	}
	return out
}

func TestTimeline(t *testing.T) {
	s := compare.Timeline(comparetest.Records(t), compare.TimelineOptions{AsOf: "2018-10-01"})
	want := []string{
		"2017-04-30 990200 2017年4月前",
		"2018-01-01 990101 自2018年起",
		"2018-06-30 990102 2018年6月底前",
		"2018-09-30 990101 2018年9月底前",
		"2018-09-30 990102 2018年9月底前",
		"2018-10-20 990101 自本方案印发之日起3个月内",
		"2018-11-20 990101 2018年10月至11月中旬",
		"2018-11-30 990102 2018年11月30日前",
		"2018-12-31 990101 2018年底前",
		"2018-12-31 990101 2018年8月—2018年12月",
		"2019-12-31 990102 2019年12月31日前",
		" 990101 每年6月底前",
	}
	if diff := cmp.Diff(want, days(s.Entries)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{" 990101 在接到批复后30个工作日内"}, days(s.Unresolved)); diff != "" {
		t.Error(diff)
	}
	if len(s.Vague) != 0 {
		t.Errorf("vague times unasked: %v", days(s.Vague))
	}
	if !s.Entries[4].Passed || s.Entries[5].Passed || s.Entries[1].Passed {
		t.Error("what has passed by 2018-10-01 is marked wrongly")
	}
	if diff := cmp.Diff([]string{"2018-10-20 990101 自本方案印发之日起3个月内", "2018-11-20 990101 2018年10月至11月中旬"}, days(s.Next("2018-10-01", 2))); diff != "" {
		t.Error(diff)
	}
	if next := days(s.Next("2026-11-24", 0)); !slices.Equal(next, []string{"2027-06-30 990101 每年6月底前"}) {
		t.Errorf("next after all is %v", next)
	}
}

func TestTimelineOptions(t *testing.T) {
	records := comparetest.Records(t)
	s := compare.Timeline(records, compare.TimelineOptions{
		From: "2018-11-01", To: "2018-12-01", Places: []string{comparetest.City}, Below: true, IncludeVague: true})
	want := []string{
		"2018-11-20 990101 2018年10月至11月中旬", "2018-11-30 990102 2018年11月30日前",
		"2018-12-31 990101 2018年8月—2018年12月", " 990101 每年6月底前",
	}
	got := slices.DeleteFunc(days(s.Entries), func(d string) bool { return strings.Contains(d, "自2018年起") })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{" 990101 适时"}, days(s.Vague)); diff != "" {
		t.Error(diff)
	}
	bad := "2018-02-30"
	records[0].Deadlines[0].End = &bad
	if s := compare.Timeline(records, compare.TimelineOptions{}); len(s.Unresolved) != 2 {
		t.Errorf("a day that is none counts as resolved: %v", days(s.Entries))
	}
}

func TestNextTurn(t *testing.T) {
	for _, tt := range []struct{ rule, from, want string }{
		{"FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=30", "2018-07-01", "2019-06-30"},
		{"FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=-1", "2018-06-30", "2018-06-30"},
		{"FREQ=MONTHLY;BYMONTHDAY=5", "2018-12-06", "2019-01-05"},
		{"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2017-01-01", "2020-02-29"},
		{"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "2017-01-01", ""},
		{"FREQ=WEEKLY;BYDAY=MO", "2017-01-01", "2017-01-02"},
		{"FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "2017-01-01", ""},
		{"FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1", "2018-04-01", "2018-06-30"},
		{"FREQ=MONTHLY;INTERVAL=6;BYMONTHDAY=-1", "2018-07-01", "2018-12-31"},
		{"FREQ=DAILY", "2018-07-01", "2018-07-01"},
		{"FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=30\r\nX:1", "2018-07-01", ""},
		{"", "", ""},
	} {
		if got := compare.NextTurn(tt.rule, tt.from); got != tt.want {
			t.Errorf("NextTurn(%q, %s) = %q, want %q", tt.rule, tt.from, got, tt.want)
		}
	}
}

func TestCover(t *testing.T) {
	c := compare.Cover(comparetest.Records(t), compare.CoverageOptions{Selection: compare.Selection{Codes: []string{
		comparetest.Qinghe, comparetest.Baishi, comparetest.Nowhere, comparetest.Xueling}}})
	var got []string
	for _, p := range append(c.Places, c.Total) {
		got = append(got, fmt.Sprintf("%s docs=%d plans=%d clauses=%d party=%s due=%d/%d/%d cut=%d unread=%d",
			p.Place.Code, p.Documents, len(p.Plans), p.Found, p.Clauses[corpus.Party],
			p.Resolved, p.Unresolved, p.Superseded, len(p.Truncated), len(p.Unread)))
	}
	want := []string{
		"990101 docs=1 plans=1 clauses=5 party=stated due=7/1/0 cut=0 unread=0",
		"990102 docs=2 plans=1 clauses=3 party=not_found due=3/0/1 cut=1 unread=0",
		"990103 docs=0 plans=0 clauses=0 party=not_in_corpus due=0/0/0 cut=0 unread=0",
		"990104 docs=1 plans=1 clauses=0 party=failed due=0/0/0 cut=0 unread=1",
		" docs=4 plans=3 clauses=5 party=stated due=10/1/1 cut=1 unread=1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestMaskHidesContactsEverywhere(t *testing.T) {
	r := comparetest.Records(t)[0]
	r.Facts["validity"] = corpus.Fact{State: corpus.NotStated, Evidence: corpus.Evidence{Trace: []string{"rang 0990-5550123, asked for 林示例"}}}
	before, err := corpus.Encode(r)
	if err != nil {
		t.Fatal(err)
	}
	m := compare.Mask(r)
	if err := m.Check(); err != nil {
		t.Fatal(err)
	}
	data, err := corpus.Encode(m)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"5550123", "林示例"} {
		if strings.Contains(string(data), secret) {
			t.Errorf("%s is in the masked record", secret)
		}
	}
	if utf8.RuneCountInString(m.Text.Body) != r.Text.Chars || !strings.Contains(m.Text.Body, "联系人：＊＊＊，联系电话：＊＊＊＊＊＊＊＊＊＊＊＊。") {
		t.Errorf("masked body: %s", m.Text.Body)
	}
	if after, _ := corpus.Encode(r); string(after) != string(before) {
		t.Error("the record itself was changed")
	}
	if m.Deadlines[3].Quote != "2018年底前" || m.ID != r.ID {
		t.Error("a fact beside the contacts was changed")
	}
}

func TestMaskProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := rapid.StringOfN(rapid.RuneFrom([]rune("脱钩０1234-é𠮷\n ")), 1, 60, -1).Draw(t, "body")
		var cuts []int
		for i := range body {
			cuts = append(cuts, i)
		}
		cuts = append(cuts, len(body))
		span := func(name string) corpus.Span {
			a, b := rapid.SampledFrom(cuts).Draw(t, name), rapid.SampledFrom(cuts).Draw(t, name+"2")
			return corpus.Span{Start: min(a, b), End: max(a, b)}
		}
		contact, fact := span("contact"), span("fact")
		r := &corpus.Record{
			Text:     corpus.TextInfo{Body: body},
			Times:    []corpus.Time{{Evidence: corpus.Cite(body, fact, "x")}},
			Contacts: []corpus.Contact{{Kind: "telephone", Evidence: corpus.Cite(body, contact, "x")}},
		}
		m := compare.Mask(r)
		if err := m.Check(); err != nil {
			t.Fatal(err)
		}
		if utf8.RuneCountInString(m.Text.Body) != utf8.RuneCountInString(body) {
			t.Fatal("the number of characters changed")
		}
		for _, c := range m.Contacts[0].Quote {
			if c != '＊' && c != ' ' && c != '\n' {
				t.Fatalf("%q is left of the contact", c)
			}
		}
		if m.Times[0].Quote != compare.Quote(r, fact) {
			t.Fatalf("Mask says %q, Quote %q", m.Times[0].Quote, compare.Quote(r, fact))
		}
	})
}

func TestDamagedRecordsDoNotPanic(t *testing.T) {
	r := comparetest.Records(t)[0]
	far := corpus.Span{Start: 5, End: 99999}
	r.Clauses[0].Span, r.Clauses[0].Organs[0].Span, r.Deadlines[0].Span = far, far, corpus.Span{Start: -1, End: 1}
	r.Contacts[0].Span = corpus.Span{Start: 1, End: 2} // inside a character
	r.ClauseStates = nil
	list := []*corpus.Record{nil, r, {}}
	m := compare.NewMatrix(list, compare.MatrixOptions{})
	if len(m.Columns) != 2 || m.Rows[0].Cells[1].Items[0].Organs[0].Text != "区民政局" {
		t.Errorf("columns %+v", m.Columns)
	}
	compare.Timeline(list, compare.TimelineOptions{IncludeVague: true, OffTopic: true})
	compare.Cover(list, compare.CoverageOptions{})
	compare.Mask(r)
}

func TestSameRecordsInAnyOrderGiveTheSame(t *testing.T) {
	a := comparetest.Records(t)
	b := slices.Clone(a)
	slices.Reverse(b)
	form := func(list []*corpus.Record) string {
		out, err := json.Marshal([]any{
			compare.NewMatrix(list, compare.MatrixOptions{}), compare.Timeline(list, compare.TimelineOptions{IncludeVague: true}),
			compare.Cover(list, compare.CoverageOptions{})})
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(out), ":null") {
			t.Error("a list is null in JSON")
		}
		return string(out)
	}
	if diff := cmp.Diff(form(a), form(b)); diff != "" {
		t.Error(diff)
	}
}

func ExampleNewMatrix() {
	body := "机构分离由区民政局负责。"
	r := &corpus.Record{
		ID: "f1", OnTopic: true, Kind: corpus.KindPlan, Text: corpus.TextInfo{Body: body},
		Jurisdiction: corpus.Jurisdiction{Code: "990101", Name: "青禾区（示例）"},
		Clauses: []corpus.Clause{{
			Type: corpus.Institution, Heading: "机构分离", Form: corpus.FormInline,
			Evidence: corpus.Cite(body, corpus.Span{Start: 0, End: len(body)}, "example"),
		}},
	}
	m := compare.NewMatrix([]*corpus.Record{r}, compare.MatrixOptions{
		Selection: compare.Selection{Codes: []string{"990101", "990102"}}})
	for _, row := range m.Rows[:2] {
		fmt.Println(row.Topic.ID, row.Cells[0].State, row.Cells[1].State)
	}
	// Output:
	// institution stated not_in_corpus
	// function absent not_in_corpus
}
