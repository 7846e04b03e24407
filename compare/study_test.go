package compare_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tuogou/compare"
	"tuogou/compare/comparetest"
	"tuogou/corpus"
)

// The plan of an invented city, and the sentences that its counties change.
const (
	offices  = "行业协会商会占用的行政办公用房，由市财政局负责，2018年底前清理腾退。"
	grants   = "自2018年起，取消对行业协会商会的财政直接拨款。"
	posts    = "公务员不得在行业协会商会兼职，退休三年内不得任职。"
	cityPlan = "示例市脱钩方案（示例）\n一、资产财务分离\n" + offices + "\n" + grants + "\n二、人员管理分离\n" + posts
)

// plan is the record of a text in which the provisions and dates are found by their
// words: A6 by 办公用房, A2 by 直接拨款, P2 by 兼职.
func plan(t *testing.T, code, body string) *corpus.Record {
	t.Helper()
	b := comparetest.New(t, "https://www.plan.example/"+code, code, code+"（示例）", body)
	r := b.R
	r.Dates.Signed = &corpus.Date{Date: "2017-03-0" + code[5:]}
	for heading, clause := range map[string]corpus.ClauseType{"一、资产财务分离": corpus.Asset, "二、人员管理分离": corpus.Personnel} {
		if !strings.Contains(body, heading) {
			continue
		}
		_, rest, _ := strings.Cut(body, heading+"\n")
		words, _, _ := strings.Cut(rest, "\n二、")
		b.Clause(clause, corpus.FormSection, heading, words)
	}
	for id, cue := range map[string]string{"A6": "占用的行政办公用房", "A2": "直接拨款", "P2": "公务员不得"} {
		for _, line := range strings.SplitAfter(body, "。") {
			if line = strings.TrimSpace(line[strings.LastIndex(line, "\n")+1:]); !strings.Contains(line, cue) {
				continue
			}
			p := corpus.Provision{ID: id, Status: "stated", Evidence: b.Cite(line)}
			for _, k := range [][2]string{{"财政局", "finance"}, {"机关事务管理局", "government_offices"}} {
				if strings.Contains(line, k[0]) {
					p.Organs = append(p.Organs, b.Organ(k[0], k[1]))
				}
			}
			for words, end := range map[string]string{"2018年底前": "2018-12-31", "2019年底前": "2019-12-31"} {
				if strings.Contains(line, words) {
					p.Deadlines = append(p.Deadlines, b.Due(words, words, "", end).UID)
				}
			}
			r.Provisions = append(r.Provisions, p)
		}
	}
	return r
}

var provisions = []compare.Provision{
	{Topic: compare.Topic{ID: "A6", Name: "办公用房腾退"}, Clause: corpus.Asset,
		Defaults: map[corpus.Generation]compare.Default{"": {Due: "2017-12-31", Kinds: []string{"government_offices"}}}},
	{Topic: compare.Topic{ID: "A2", Name: "取消财政直接拨款"}, Clause: corpus.Asset},
	{Topic: compare.Topic{ID: "P2", Name: "禁止兼职"}, Clause: corpus.Personnel},
	{Topic: compare.Topic{ID: "W3", Name: "外事"}, Clause: corpus.Party},
}

func verdicts(s *compare.Study, topic string) map[string]compare.Verdict {
	out := map[string]compare.Verdict{}
	for _, r := range s.Rows {
		for _, c := range r.Cells {
			if r.Topic.ID == topic {
				out[c.Place] = c.Verdict
			}
		}
	}
	return out
}

func cell(t *testing.T, s *compare.Study, topic, place string) compare.StudyCell {
	t.Helper()
	for _, r := range s.Rows {
		for _, c := range r.Cells {
			if r.Topic.ID == topic && c.Place == place {
				return c
			}
		}
	}
	t.Fatalf("no cell %s %s", topic, place)
	return compare.StudyCell{}
}

// TestVerdicts: one edit of the city's plan for each verdict.
func TestVerdicts(t *testing.T) {
	city := plan(t, "990100", cityPlan)
	edit := func(code, old, new string) *corpus.Record {
		body := strings.Replace(cityPlan, old, new, 1)
		if body == cityPlan {
			t.Fatalf("%s: the edit changes nothing", code)
		}
		return plan(t, code, body)
	}
	cut := edit("990106", offices+"\n", "")
	cut.Text.Truncated, cut.Text.Why = true, "全文详见附件"
	part := edit("990107", offices+"\n", "")
	part.Problems = []corpus.Problem{{ID: "part_missing", Message: "附件1.docx"}}
	unread := &corpus.Record{ID: "fx", OnTopic: true, Kind: corpus.KindPlan, Jurisdiction: corpus.Jurisdiction{Code: "990111"}}
	records := []*corpus.Record{city,
		edit("990101", "市财政局", "区财政局"),
		edit("990102", offices, "区财政局负责督促各协会，将行业协会商会占用的行政办公用房，在2018年底前全部清理腾退到位。"),
		edit("990103", "2018年底前", "2019年底前"),
		edit("990104", "市财政局", "市机关事务管理局"),
		edit("990105", offices+"\n", ""),
		cut, part,
		edit("990108", offices, "行业协会商会占用的行政办公用房，由区财政局负责，腾退办法另行制定。"),
		edit("990109", offices, "协会的办公用房要在规定时间里腾退。"),
		unread,
	}
	var codes []string
	for _, r := range records {
		codes = append(codes, r.Jurisdiction.Code)
	}
	s := compare.NewStudy(records, compare.StudyOptions{Selection: compare.Selection{Codes: append(codes, "990110")},
		Provisions: provisions, Baseline: string(city.ID)})
	want := map[string]compare.Verdict{
		"990100": compare.Itself, "990101": compare.Copied, "990102": compare.Reworded, "990103": compare.Changed,
		"990104": compare.Changed, "990105": compare.Missing, "990106": compare.NotInText, "990107": compare.NotInText,
		"990108": compare.Delegated, "990109": compare.Unclear, "990110": compare.NoDocument, "990111": compare.Unreadable,
	}
	if diff := cmp.Diff(want, verdicts(s, "A6")); diff != "" {
		t.Error(diff)
	}
	if got := verdicts(s, "W3")["990101"]; got != compare.Neither {
		t.Errorf("what neither has is %s", got)
	}
	moved := []compare.Change{{Kind: compare.DateMoved, From: "2018-12-31", To: "2019-12-31", Days: 365}}
	if diff := cmp.Diff(moved, cell(t, s, "A6", "990103").Changes); diff != "" {
		t.Error(diff)
	}
	replaced := []compare.Change{{Kind: compare.OrganReplaced, From: "finance", To: "government_offices"}}
	if diff := cmp.Diff(replaced, cell(t, s, "A6", "990104").Changes); diff != "" {
		t.Error(diff)
	}
	if got := cell(t, s, "asset", "990101").Reproduced; got == nil || *got != 1 {
		t.Errorf("a copy for another level reproduces %v", got)
	}
	if c := s.Count; c.Places != 12 || c.Documents != 10 || c.Compared != 10 {
		t.Errorf("denominators %+v", c)
	}
	if got := cell(t, s, "A6", "990101"); len(got.Here) != 1 || got.Here[0].Quote != strings.Replace(offices, "市", "区", 1) || got.There[0].Quote != offices {
		t.Errorf("evidence %+v", got)
	}
}

// TestAddedNeedsAWholeBaseline: what a cut baseline lacks was perhaps cut off.
func TestAddedNeedsAWholeBaseline(t *testing.T) {
	city := plan(t, "990100", strings.Replace(cityPlan, posts, "另行安排。", 1))
	county := plan(t, "990101", cityPlan)
	for _, want := range []compare.Verdict{compare.Added, compare.NoBaseline} {
		s := compare.NewStudy([]*corpus.Record{city, county}, compare.StudyOptions{Provisions: provisions, Baseline: string(city.ID)})
		if got := verdicts(s, "P2")["990101"]; got != want {
			t.Errorf("%s, want %s", got, want)
		}
		city.Text.Truncated = true
	}
}

// TestNewsIsNotThePlan: what a story about a plan leaves out is not missing in the plan.
func TestNewsIsNotThePlan(t *testing.T) {
	city := plan(t, "990100", cityPlan)
	story := plan(t, "990101", strings.Replace(cityPlan, posts, "另行安排。", 1))
	story.Kind = corpus.KindNews
	s := compare.NewStudy([]*corpus.Record{city, story}, compare.StudyOptions{Provisions: provisions, Baseline: string(city.ID)})
	if c := cell(t, s, "P2", "990101"); c.Verdict != compare.NotInText || c.Why == "" {
		t.Errorf("%s (%s)", c.Verdict, c.Why)
	}
}

// TestCodebookBaseline compares only what the central plan fixes.
func TestCodebookBaseline(t *testing.T) {
	r := plan(t, "990100", cityPlan)
	s := compare.NewStudy([]*corpus.Record{r}, compare.StudyOptions{Provisions: provisions, Baseline: compare.ByCodebook})
	got := cell(t, s, "A6", "990100")
	want := []compare.Change{{Kind: compare.DateMoved, From: "2017-12-31", To: "2018-12-31", Days: 365},
		{Kind: compare.OrganReplaced, From: "government_offices", To: "finance"}}
	if diff := cmp.Diff(want, got.Changes); diff != "" || got.Verdict != compare.Changed || got.Central == nil {
		t.Errorf("%s %s", got.Verdict, diff)
	}
	if v := verdicts(s, "A2")["990100"]; v != compare.Kept {
		t.Errorf("a provision without central dates is %s", v)
	}
	if v := verdicts(s, "asset")["990100"]; v != compare.Changed {
		t.Errorf("the clause of a changed provision is %s", v)
	}
}

// TestCitedBaseline takes the parent that the plan names, and the codebook without one.
func TestCitedBaseline(t *testing.T) {
	city, county := plan(t, "990100", cityPlan), plan(t, "990101", cityPlan)
	county.References = []corpus.Reference{{Title: "示例市脱钩方案（示例）", Relation: corpus.Basis, Target: city.ID}}
	s := compare.NewStudy([]*corpus.Record{city, county}, compare.StudyOptions{Provisions: provisions})
	if s.Places[0].Baseline != nil || s.Places[1].Baseline == nil || s.Places[1].Baseline.ID != city.ID {
		t.Errorf("baselines %+v, %+v", s.Places[0].Baseline, s.Places[1].Baseline)
	}
}

func TestLineageAndDrift(t *testing.T) {
	city := plan(t, "990100", cityPlan)
	cites := plan(t, "990102", strings.Replace(cityPlan, "2018年底前", "2019年底前", 1))
	cites.References = []corpus.Reference{{Title: "示例市脱钩方案（示例）", Relation: corpus.Basis, Target: city.ID},
		{Title: "示例省脱钩方案（示例）", Relation: corpus.Basis}}
	silent := plan(t, "990103", cityPlan)
	records := []*corpus.Record{silent, cites, city}
	for _, r := range records {
		r.Dates.Signed.Date = map[string]string{"990100": "2017-03-01", "990102": "2017-03-11", "990103": "2017-04-01"}[r.Jurisdiction.Code]
	}
	l := compare.NewLineage(records)
	if len(l.Edges) != 2 || l.Documents != 3 || l.Led != 2 || l.Outside != 1 {
		t.Fatalf("lineage %+v", l)
	}
	if e := l.Edges[0]; !e.Cited || !e.Worded || *e.Lag != 10 {
		t.Errorf("the one that cites: %+v", e)
	}
	if e := l.Edges[1]; e.Cited || !e.Worded || *e.Lag != 31 {
		t.Errorf("the one that only copies: %+v", e)
	}
	d := compare.NewDrift(records, l)
	if len(d.Entries) != 1 || d.Entries[0].Topic != "A6" || d.Entries[0].Days != 365 || !d.Entries[0].Later || d.Compared != 2 {
		t.Errorf("drift %+v", d)
	}
	if got := compare.Events(l, []compare.Place{{Code: "990100"}, {Code: "990199"}}, 2018); len(got) != 3 || !got[0].Adopted || !got[2].Censored || got[2].T != 2 {
		t.Errorf("events %+v", got)
	}
}

func TestClustersWantedGaps(t *testing.T) {
	first, again := plan(t, "990100", cityPlan), plan(t, "990100", cityPlan+"\n来源：示例网。")
	again.ID, again.Dates.Signed.Date = "again", "2019-01-01"
	county := plan(t, "990101", strings.ReplaceAll(cityPlan, "2018年", "2020年"))
	for i, r := range []*corpus.Record{first, again, county} {
		r.DocNumber = &corpus.DocNumber{Agency: "示办发", Year: 2017, Serial: []int{3, 3, 7}[i]}
		r.References = []corpus.Reference{{Title: "示例省脱钩总体方案", Relation: corpus.Basis}}
	}
	county.References = append(county.References, corpus.Reference{Title: "另一文件的标题", Relation: corpus.Cites})
	all := []*corpus.Record{again, county, first}
	c := compare.Clusters(all)
	if len(c) != 1 || len(c[0].Copies) != 2 || c[0].Copies[0].Document.ID != first.ID || len(c[0].Copies[1].Gained) != 1 {
		t.Errorf("clusters %+v", c)
	}
	w := compare.WantedList(all)
	if len(w) != 2 || w[0].Basis != 3 || w[0].Title != "示例省脱钩总体方案" || w[1].Basis != 0 {
		t.Errorf("wanted %+v", w)
	}
	if diff := cmp.Diff([]compare.Gap{{Agency: "示办发", Year: 2017, Known: []int{3, 7}, Missing: [][2]int{{1, 2}, {4, 6}}, Count: 5}}, compare.Gaps(all)); diff != "" {
		t.Error(diff)
	}
}

// TestSearches: what is here counts first, then what is cited, then what the sources
// gave.
func TestSearches(t *testing.T) {
	r := plan(t, "990100", cityPlan)
	r.References = []corpus.Reference{{Title: "青山县行业协会商会脱钩方案"}}
	names := map[string]string{"990101": "青山县", "990102": "白河县", "990103": "红土县", "990104": "黑石县", "990105": "绿水县"}
	visits := []compare.Visit{
		{Source: "a", Name: "示例市政府", Code: "990100", Read: "2026-11-01", Rows: 7, Asked: "2026-11-01"},
		{Source: "b", Name: "青山县政府", Code: "990101", Read: "2026-11-01", Asked: "2026-11-01"},
		{Source: "c", Name: "白河县民政局", Code: "990102", Asked: "2026-11-01", Why: "status 521"},
		{Source: "d", Name: "白河县政府", Code: "990102", Read: "2026-10-01", Rows: 40, Asked: "2026-11-01", Why: "status 500"},
		{Source: "e", Name: "红土县政府", Code: "990103", Asked: "2026-11-01", Why: "status 521"},
		{Source: "f", Name: "示例省政府", Code: "990000", Read: "2026-11-01", Rows: 90, Asked: "2026-11-01"},
	}
	type said struct {
		State compare.SearchState
		Why   string
	}
	got := map[string]said{}
	for _, p := range compare.Searches([]*corpus.Record{r}, []string{"990100", "990101", "990102", "990103", "990104", "990105"}, names, visits) {
		got[p.Place.Code] = said{p.State, p.Why}
	}
	want := map[string]said{
		"990100": {compare.SearchFound, ""},
		"990101": {compare.SearchCited, "青山县行业协会商会脱钩方案"},
		"990102": {compare.SearchNothing, "白河县民政局 2026-11-01: status 521; 白河县政府 2026-10-01: 40; 2026-11-01: status 500"},
		"990103": {compare.SearchDown, "红土县政府 2026-11-01: status 521"},
		"990104": {compare.SearchNever, ""}, // the source of the province does not speak for it
		"990105": {compare.SearchNever, ""},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestLock: another record is harmless, another fact is not.
func TestLock(t *testing.T) {
	a, b := plan(t, "990100", cityPlan), plan(t, "990101", cityPlan)
	l, err := compare.NewLock([]*corpus.Record{a}, "rules", map[string]string{"format": "md"})
	if err != nil {
		t.Fatal(err)
	}
	since, kept, err := l.Since([]*corpus.Record{b, a}, []compare.Visit{{Source: "s"}}, "rules")
	if err != nil || !since.Same() || len(since.Added) != 1 || len(since.Sources) != 1 || len(kept) != 1 {
		t.Errorf("%+v, %v", since, err)
	}
	a.References = nil
	a.Title = "另一标题"
	since, _, _ = l.Since([]*corpus.Record{a}, nil, "other")
	if since.Same() || len(since.Facts) != 1 || !since.Rules {
		t.Errorf("%+v", since)
	}
	if since, _, _ = l.Since(nil, nil, "rules"); len(since.Gone) != 1 {
		t.Errorf("%+v", since)
	}
	if _, err := compare.ReadLock([]byte(`{"version":1,"colour":2}`)); err == nil {
		t.Error("an unknown field was taken")
	}
}
