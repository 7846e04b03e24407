package timeline

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tuogou/compare/comparetest"
	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/index/query"
	"tuogou/rules"
)

var day1 = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

// kindsOf are the changes of an update as "kind cause".
func kindsOf(changes []Change) []string {
	var out []string
	for _, c := range changes {
		out = append(out, string(c.Kind)+" "+string(c.Cause))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

const simple = `槐砚县行业协会商会与行政机关脱钩实施方案（示例）
槐政办发〔2018〕12号
协会占用的行政办公用房，由县财政局负责，2018年10月底前清理腾退。
各业务主管单位2018年6月底前向县民政局报送脱钩名单。
`

// plan1 is a record of simple, or of an edited form of it, at an address.
func plan1(t *testing.T, url, text string, edit func(b *comparetest.Builder)) *corpus.Record {
	t.Helper()
	b := comparetest.New(t, url, "990101", "槐砚县（示例）", text)
	if strings.Contains(text, "12号") {
		b.R.DocNumber = &corpus.DocNumber{Text: "槐政办发〔2018〕12号", Normal: "槐政办发〔2018〕12号", Year: 2018, Serial: 12, Evidence: b.Cite("槐政办发〔2018〕12号")}
	}
	b.R.Rules = "rules1"
	b.R.Jurisdiction.Codes = []string{"000000", "990000", "990100", "990101"}
	switch {
	case strings.Contains(text, "2018年10月底前"):
		b.Due("2018年10月底前", "清理腾退", "", "2018-10-31")
	case strings.Contains(text, "2019年3月底前"):
		b.Due("2019年3月底前", "清理腾退", "", "2019-03-31")
	}
	if strings.Contains(text, "报送脱钩名单") {
		b.Due("2018年6月底前", "向县民政局报送脱钩名单", "", "2018-06-30")
	}
	for i := range b.R.Deadlines {
		d := &b.R.Deadlines[i]
		d.EDTF = "../" + *d.End
		if i == 0 && strings.Contains(text, "县财政局") {
			d.Organs = []corpus.OrganRef{b.Organ("县财政局", "finance")}
		}
	}
	if edit != nil {
		edit(b)
	}
	if err := b.R.Check(); err != nil {
		t.Fatal(err)
	}
	return b.R
}

// Each kind of change, and who is to blame for it.
func TestChanges(t *testing.T) {
	const url = "https://www.a.example/plan.html"
	first := plan1(t, url, simple, nil)
	moved := strings.Replace(simple, "2018年10月底前", "2019年3月底前", 1)
	for _, c := range []struct {
		reason string
		now    []*corpus.Record
		want   []string
	}{
		{"nothing new", []*corpus.Record{first}, nil},
		{"the text moves a date", []*corpus.Record{plan1(t, url, moved, nil)}, []string{"date_changed source", "source_edited source", "wording_changed source"}},
		{"other rules read another date in the same bytes", []*corpus.Record{plan1(t, url, simple, func(b *comparetest.Builder) {
			b.R.Rules = "rules2"
			end := "2018-10-30"
			b.R.Deadlines[0].End, b.R.Deadlines[0].EDTF = &end, "../2018-10-30"
		})}, []string{"date_changed rules"}},
		{"other rules that read the same", []*corpus.Record{plan1(t, url, simple, func(b *comparetest.Builder) { b.R.Rules = "rules2" })}, nil},
		{"another department", []*corpus.Record{plan1(t, url, strings.Replace(simple, "县财政局", "县审计局", 1), func(b *comparetest.Builder) {
			b.R.Deadlines[0].Organs = []corpus.OrganRef{b.Organ("县审计局", "audit")}
		})}, []string{"department_changed source", "source_edited source", "wording_changed source"}},
		{"the page is edited elsewhere", []*corpus.Record{plan1(t, url, simple+"附则略。\n", nil)}, []string{"source_edited source"}},
		{"a task is taken out", []*corpus.Record{plan1(t, url, strings.Replace(simple, "各业务主管单位2018年6月底前向县民政局报送脱钩名单。\n", "", 1), nil)},
			[]string{"source_edited source", "withdrawn source"}},
		{"the rules find a task no more", []*corpus.Record{plan1(t, url, simple, func(b *comparetest.Builder) {
			b.R.Rules = "rules2"
			b.R.Deadlines = b.R.Deadlines[:1]
		})}, []string{"withdrawn rules"}},
		{"all records are gone", nil, []string{"withdrawn source"}},
		{"a copy at another address", []*corpus.Record{first, plan1(t, "https://www.b.example/1.html", simple, nil)}, []string{"sources_changed source"}},
		{"another address, and the old page tells of something else", []*corpus.Record{plan1(t, "https://www.b.example/1.html", simple, nil),
			comparetest.New(t, url, "990101", "槐砚县（示例）", "槐砚县机构职能\n本栏目正在调整。\n").R}, []string{"sources_changed source"}},
		{"the place is read otherwise", []*corpus.Record{plan1(t, url, simple, func(b *comparetest.Builder) {
			b.R.Rules = "rules2"
			b.R.Jurisdiction.Code, b.R.Jurisdiction.Name = "990102", "芷棠区（示例）"
		})}, []string{"place_changed rules"}},
	} {
		t.Run(c.reason, func(t *testing.T) {
			list := Replay(nil, Update(nil, Facts{Records: []*corpus.Record{first}, At: day1}))
			changes := Update(list, Facts{Records: c.now, At: day1.Add(time.Hour)})
			if diff := cmp.Diff(c.want, kindsOf(changes)); diff != "" {
				t.Error(diff)
			}
			after := Replay(list, changes)
			if len(after) != 2 {
				t.Fatalf("%d obligations after it, want the two of before", len(after))
			}
			uids := func(l []Obligation) []string {
				var out []string
				for _, o := range l {
					out = append(out, o.UID)
				}
				slices.Sort(out)
				return out
			}
			if diff := cmp.Diff(uids(list), uids(after)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What was withdrawn comes back under its uid, with a higher sequence.
func TestRestored(t *testing.T) {
	const url = "https://www.a.example/plan.html"
	first := []*corpus.Record{plan1(t, url, simple, nil)}
	less := []*corpus.Record{plan1(t, url, strings.Replace(simple, "各业务主管单位2018年6月底前向县民政局报送脱钩名单。\n", "", 1), nil)}
	var list []Obligation
	var uid string
	for i, rs := range [][]*corpus.Record{first, less, first} {
		list = Replay(list, Update(list, Facts{Records: rs, At: day1.Add(time.Duration(i) * time.Hour)}))
		j := slices.IndexFunc(list, func(o Obligation) bool { return strings.Contains(o.Task, "名单") })
		switch o := list[j]; {
		case i == 0:
			uid = o.UID
		case o.UID != uid, i == 1 && o.Status != Withdrawn, i == 2 && (o.Status != Open || o.Sequence != 2):
			t.Errorf("step %d: %+v", i, o)
		}
	}
}

// A later document of the place that moves a date, one that repeals the plan, and a
// date that the text itself gives up.
func TestSuperseded(t *testing.T) {
	old := plan1(t, "https://www.a.example/1.html", simple, func(b *comparetest.Builder) {
		b.R.Deadlines[1].SupersededBy = b.R.Deadlines[0].UID
	})
	list := Replay(nil, Update(nil, Facts{Records: []*corpus.Record{old}, At: day1}))
	by := map[string]Obligation{}
	for _, o := range list {
		by[o.Task] = o
	}
	if o := by["向县民政局报送脱钩名单"]; o.Status != Superseded || o.SupersededBy != by["清理腾退"].UID {
		t.Errorf("inside the text: %+v", o)
	}
	repeal := comparetest.New(t, "https://www.a.example/2.html", "990101", "槐砚县（示例）", "槐砚县关于废止槐政办发〔2018〕12号的通知（示例）\n")
	repeal.R.Kind = corpus.KindNotice
	repeal.R.References = []corpus.Reference{{Relation: corpus.Repeals, Target: old.ID, Evidence: repeal.Cite("槐政办发〔2018〕12号")}}
	changes := Update(list, Facts{Records: []*corpus.Record{old, repeal.R}, At: day1.Add(time.Hour)})
	if diff := cmp.Diff([]string{"superseded source"}, kindsOf(changes)); diff != "" {
		t.Error(diff)
	}
	for _, c := range changes {
		if c.Obligation.Status != Superseded || c.Obligation.SupersededIn != repeal.R.ID {
			t.Errorf("repealed: %+v", c.Obligation)
		}
	}
}

// Drift: the lower level shows the date of the level above, and a newer document of
// the same place supersedes the older date; both are shown.
func TestShifts(t *testing.T) {
	provision := func(b *comparetest.Builder) {
		b.R.Provisions = []corpus.Provision{{ID: "A6", Status: "stated", Evidence: b.R.Deadlines[0].Evidence, Deadlines: []string{b.R.Deadlines[0].UID}}}
	}
	dated := func(b *comparetest.Builder, day string) {
		b.R.Dates.Signed = &corpus.Date{Date: day, EDTF: day, Basis: "signature"}
	}
	above := plan1(t, "https://www.city.example/1.html", strings.ReplaceAll(simple, "槐砚县", "桐汐市"), func(b *comparetest.Builder) {
		provision(b)
		dated(b, "2018-01-10")
		b.R.DocNumber, b.R.Jurisdiction.Code, b.R.Jurisdiction.Name, b.R.Jurisdiction.Codes = nil, "990100", "桐汐市（示例）", []string{"000000", "990000", "990100"}
	})
	later := strings.Replace(simple, "2018年10月底前", "2019年3月底前", 1)
	below := plan1(t, "https://www.a.example/1.html", later, func(b *comparetest.Builder) {
		provision(b)
		dated(b, "2018-03-30")
		b.R.References = []corpus.Reference{{Title: "桐汐市方案", Relation: corpus.Implements, Target: above.ID, Evidence: b.Cite("槐砚县")}}
	})
	list := Replay(nil, Update(nil, Facts{Records: []*corpus.Record{above, below}, At: day1}))
	i := slices.IndexFunc(list, func(o Obligation) bool { return o.Place.Code == "990101" && o.Task == "清理腾退" })
	if i < 0 || len(list[i].Shifts) != 1 || list[i].Shifts[0].Day != "2018-10-31" || !list[i].Shifts[0].Later || list[i].Shifts[0].UID == "" {
		t.Fatalf("the date of the city is not beside that of the county: %+v", list)
	}
}

// A story that repeats the plan's deadline is a source of it and no second one.
func TestStoryIsNoSecond(t *testing.T) {
	plan := plan1(t, "https://www.a.example/1.html", simple, nil)
	story := comparetest.New(t, "https://news.a.example/1.html", "990101", "槐砚县（示例）", "槐砚县启动脱钩\n记者获悉，办公用房2018年10月底前全部清理腾退。\n")
	story.R.Kind = corpus.KindNews
	story.Due("2018年10月底前", "全部清理腾退", "", "2018-10-31")
	got := Read([]*corpus.Record{story.R, plan}, false)
	if len(got) != 2 || len(got[0].Sources) != 2 || got[0].Sources[0].Document.ID != plan.ID {
		t.Errorf("%+v", got)
	}
}

// The seed of the design: what a reader corrects holds through new extractions, until
// the text itself says something else.
func TestCorrections(t *testing.T) {
	const url = "https://www.a.example/plan.html"
	r := plan1(t, url, simple, nil)
	fix := store.Correction{ID: "c1", Doc: r.ID, Field: "/deadlines/0/end", Was: `"2018-10-31"`, Want: `"2018-10-15"`, By: "李示例", Bytes: r.Source.SHA256, At: day1}
	reject := store.Correction{ID: "c2", Doc: r.ID, Field: "/deadlines/1", By: "李示例", Bytes: r.Source.SHA256, At: day1}
	stale := store.Correction{ID: "c3", Doc: r.ID, Field: "/deadlines/0/end", Was: `"2017-01-01"`, Want: `"2017-02-02"`, By: "x", Bytes: r.Source.SHA256, At: day1}
	other := store.Correction{ID: "c4", Doc: r.ID, Field: "/title", Was: `""`, Want: `"x"`, By: "x", At: day1}
	all := []store.Correction{fix, reject, stale, other}
	list := Replay(nil, Update(nil, Facts{Records: []*corpus.Record{r}, At: day1}))
	changes := Update(list, Facts{Records: []*corpus.Record{r}, Corrections: all, At: day1})
	if diff := cmp.Diff([]string{"corrected person"}, kindsOf(changes)); diff != "" || len(changes) != 2 || changes[0].By != "李示例" {
		t.Fatalf("%s %+v", diff, changes)
	}
	list = Replay(list, changes)
	at := func(task string) Obligation {
		return list[slices.IndexFunc(list, func(o Obligation) bool { return strings.Contains(o.Task, task) })]
	}
	if o := at("腾退"); o.When.End != "2018-10-15" || o.When.EDTF != "../2018-10-15" || o.Sequence != 1 {
		t.Errorf("corrected: %+v", o.When)
	}
	if o := at("名单"); o.Status != Withdrawn {
		t.Errorf("rejected: %s", o.Status)
	}
	// Extracted again, with the tasks in another order and by other rules: it holds.
	again := plan1(t, url, simple+"附则略。\n", func(b *comparetest.Builder) {
		b.R.Rules = "rules2"
		slices.Reverse(b.R.Deadlines)
	})
	list = Replay(list, Update(list, Facts{Records: []*corpus.Record{again}, Corrections: all, At: day1}))
	if a, b := at("腾退"), at("名单"); a.When.End != "2018-10-15" || b.Status != Withdrawn {
		t.Errorf("after a new extraction: %+v, %s", a.When, b.Status)
	}
	// The text now gives another date: the correction was of another sentence.
	edited := plan1(t, url, strings.Replace(simple, "2018年10月底前", "2019年3月底前", 1), nil)
	changes = Update(list, Facts{Records: []*corpus.Record{edited}, Corrections: all, At: day1})
	list = Replay(list, changes)
	if o := at("腾退"); o.When.End != "2019-03-31" || !slices.Contains(kindsOf(changes), "date_changed source") || !o.Fixes[0].Lapsed {
		t.Errorf("after an edit of the source: %+v, %v", o.When, kindsOf(changes))
	}
}

// A term that counts from an event has no date until somebody knows the event's day.
func TestAnchors(t *testing.T) {
	set, err := rules.Load(rules.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		formula  string
		workdays int
		day, end string
	}{
		{"P30D", 0, "2018-05-02", "2018-06-01"},
		{"P1M", 0, "2018-01-31", "2018-02-28"}, // the last day, where there is no 31st
		{"P6M", 0, "2018-08-31", "2019-02-28"},
		{"P1Y", 0, "2016-02-29", "2017-02-28"},
		{"P2W", 0, "2018-05-02", "2018-05-16"},
		{"", 10, "2018-09-20", "2018-10-10"}, // Mid-Autumn, National Day, and two Saturdays worked
		{"", 10, "1901-05-02", ""},           // no such calendar
		{"P1X", 0, "2018-05-02", ""},
		{"P30D", 0, "", ""},
	} {
		w := When{Kind: corpus.KindWithin, Formula: c.formula, Workdays: c.workdays, Anchor: &Anchor{Kind: "event", Text: "收到批复之日", Date: c.day}}
		w.resolve(set.Times.Workdays)
		if w.End != c.end || w.Resolved != (c.end != "") {
			t.Errorf("%s %d from %s: %+v, want %s", c.formula, c.workdays, c.day, w, c.end)
		}
	}
	r := comparetest.Records(t)[0] // its last deadline counts 30 working days from an approval
	n := slices.IndexFunc(r.Deadlines, func(d corpus.Deadline) bool { return d.Workdays == 30 })
	list := Replay(nil, Update(nil, Facts{Records: []*corpus.Record{r}, At: day1}))
	known := store.Correction{ID: "c1", Doc: r.ID, Field: fmt.Sprintf("/deadlines/%d/anchor/date", n), Want: `"2018-08-01"`, By: "李示例", Bytes: r.Source.SHA256}
	changes := Update(list, Facts{Records: []*corpus.Record{r}, Corrections: []store.Correction{known}, Workdays: set.Times.Workdays, At: day1})
	if len(changes) != 1 || changes[0].Kind != Corrected || changes[0].Obligation.When.End != "2018-09-12" || changes[0].Obligation.When.Workdays != 30 {
		t.Errorf("%+v", changes)
	}
}

// The day of another document that the text names: 自《…》印发之日起30日内.
func TestAnchorDocument(t *testing.T) {
	const title = "霁澜省行业协会商会与行政机关脱钩总体方案"
	b := comparetest.New(t, "https://www.a.example/1.html", "990101", "槐砚县（示例）", "槐砚县方案（示例）\n各单位自《"+title+"》印发之日起30日内报送清单。\n")
	d := b.Due("自《"+title+"》印发之日起30日内", "报送清单", "", "")
	d.Kind, d.Formula, d.Anchor = corpus.KindWithin, "P30D", &corpus.Anchor{Kind: "event", Text: "《" + title + "》印发之日"}
	above := comparetest.New(t, "https://www.p.example/1.html", "990000", "霁澜省（示例）", title+"（示例）\n2018年3月1日\n")
	above.R.Dates.Signed = &corpus.Date{Date: "2018-03-01", EDTF: "2018-03-01", Basis: "signature", Evidence: above.Cite("2018年3月1日")}
	list := Replay(nil, Update(nil, Facts{Records: []*corpus.Record{b.R}, At: day1}))
	if len(list) != 1 || list[0].When.Resolved {
		t.Fatalf("resolved without its anchor: %+v", list)
	}
	b.R.References = []corpus.Reference{{Title: title, Relation: corpus.Cites, Target: above.R.ID, Evidence: b.Cite("《" + title + "》")}}
	changes := Update(list, Facts{Records: []*corpus.Record{b.R, above.R}, At: day1})
	if len(changes) != 1 || changes[0].Kind != DateResolved || changes[0].Cause != BySource || changes[0].Obligation.When.End != "2018-03-31" {
		t.Errorf("%+v", changes)
	}
}

func TestStates(t *testing.T) {
	by := When{Kind: corpus.KindBy, End: "2018-10-31", Resolved: true}
	from := When{Kind: corpus.KindFrom, Start: "2018-01-01", Resolved: true}
	yearly := When{Kind: corpus.KindRecurring, RRule: "FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=30", Resolved: true}
	for _, c := range []struct {
		o    Obligation
		asOf string
		want State
		day  string
	}{
		{Obligation{When: by}, "2018-01-01", Upcoming, "2018-10-31"},
		{Obligation{When: by}, "2018-10-01", DueSoon, "2018-10-31"},
		{Obligation{When: by}, "2018-10-31", DueSoon, "2018-10-31"}, // the last day is inside
		{Obligation{When: by}, "2018-11-01", Past, "2018-10-31"},
		{Obligation{When: by}, "", Upcoming, "2018-10-31"},
		{Obligation{When: from}, "2017-01-01", Upcoming, "2018-01-01"},
		{Obligation{When: from}, "2018-06-01", Standing, "2018-01-01"},
		{Obligation{When: yearly}, "2018-07-01", Upcoming, "2019-06-30"},
		{Obligation{When: yearly}, "2018-06-20", DueSoon, "2018-06-30"},
		{Obligation{When: When{Workdays: 10}}, "2018-06-20", Unresolved, ""},
		{Obligation{When: by, Status: Superseded}, "2018-01-01", IsReplaced, "2018-10-31"},
		{Obligation{When: by, Status: Withdrawn, Met: &Met{}}, "2018-01-01", IsWithdrawn, "2018-10-31"},
		{Obligation{When: by, Met: &Met{}}, "2019-01-01", IsMet, "2018-10-31"},
	} {
		if c.o.Status == "" {
			c.o.Status = Open
		}
		if got, day := c.o.StateAt(c.asOf, SoonDays); got != c.want || day != c.day {
			t.Errorf("%+v on %q: %s %s, want %s %s", c.o.When, c.asOf, got, day, c.want, c.day)
		}
	}
}

// Only a report of a later document proposes, and only a person makes it met.
func TestProposals(t *testing.T) {
	plan := plan1(t, "https://www.a.example/1.html", strings.Replace(simple, "清理腾退", "完成办公用房清理腾退", 1), nil)
	plan.Deadlines[0].Action.Text = "完成办公用房清理腾退"
	at := strings.Index(plan.Text.Body, "完成办公用房清理腾退")
	plan.Deadlines[0].Action.Span = corpus.Span{Start: at, End: at + len("完成办公用房清理腾退")}
	report := func(url, day, sentence string) *corpus.Record {
		b := comparetest.New(t, url, "990101", "槐砚县（示例）", "槐砚县脱钩工作总结（示例）\n"+sentence+"\n")
		b.R.Kind = corpus.KindSummary
		b.R.Dates.Posted = &corpus.Date{Date: day, EDTF: day, Basis: "field"}
		return b.R
	}
	list := Replay(nil, Update(nil, Facts{Records: []*corpus.Record{plan}, At: day1}))
	for _, c := range []struct {
		sentence string
		want     int
	}{
		{"截至目前，办公用房清理腾退已全部完成。", 1},
		{"办公用房清理腾退尚未全部完成。", 0},
		{"下一步，将于年底前全部完成办公用房清理腾退。", 0},
		{"全县已完成秋粮收购任务。", 0},
	} {
		got := Proposals(list, []*corpus.Record{plan, report("https://www.a.example/2.html", "2018-12-01", c.sentence)})
		if len(got) != c.want {
			t.Errorf("%s: %+v", c.sentence, got)
		}
		if len(got) == 1 {
			o := list[slices.IndexFunc(list, func(o Obligation) bool { return o.UID == got[0].UID })]
			x := Accept(o, got[0], "李示例", day1)
			if s, _ := x.Obligation.StateAt("2019-01-01", 0); s != IsMet || x.Cause != ByPerson || x.Sequence != o.Sequence+1 {
				t.Errorf("%+v", x)
			}
			if s, _ := o.StateAt("2019-01-01", 0); s != Past {
				t.Errorf("met without a person: %s", s)
			}
			// Reading again leaves it met.
			after := Replay(list, []Change{x})
			if again := Update(after, Facts{Records: []*corpus.Record{plan}, At: day1}); len(again) != 0 {
				t.Errorf("%+v", again)
			}
		}
	}
}

// The language of the search, asked of obligations.
func TestQuery(t *testing.T) {
	list := Replay(nil, Update(nil, Facts{Records: comparetest.Records(t), At: day1}))
	for q, want := range map[string]int{
		"": 13, "腾退": 3, "place:990101": 8, "place:99": 13, "place:9901 clause:asset": 5, "clause:asset organ:finance": 5, "-clause:asset": 8,
		"due:2018-12": 2, "due:2018-10..2018-12": 5, "kind:news": 1, "kind:plan OR kind:news": 12, "number:青禾府发〔2018〕7号": 8, "number:青禾府发*": 8,
		"lead:civil_affairs": 1, "role:lead": 1, "level:county": 12, "has:organ": 11, "missing:organ": 2, "title:青禾区": 8, "issuer:青禾区人民政府": 8,
		"provision:A6": 0, "source:qinghe.example": 8, "year:2018": 8, "date:2018-07-20": 8, "青禾区 腾退": 1, "on_topic:true": 13, "fetched:2026": 0,
	} {
		if got := len(Choose(list, Filter{Query: parsed(t, q)})); got != want {
			t.Errorf("%q finds %d, want %d", q, got, want)
		}
	}
	if got := PlaceQuery("a OR b", []string{"990100", "99"}); got != `(a OR b) (place:"990100" OR place:"99")` {
		t.Error(got)
	}
	for f, want := range map[*Filter]int{{From: "2018-10-01", To: "2018-10-31"}: 6, {States: []State{Past}, AsOf: "2018-10-15"}: 3, {States: []State{IsWithdrawn}}: 0} {
		if got := len(Choose(list, *f)); got != want {
			t.Errorf("%+v: %d, want %d", f, got, want)
		}
	}
}

func parsed(t *testing.T, q string) query.Node {
	t.Helper()
	n, err := query.Parse(q)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWordsCanBeRead(t *testing.T) {
	if _, err := readWords(wordFile); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"", "[done]\npattern = '('", strings.Replace(string(wordFile), "收到批复之日", "方案印发之日", 1)} {
		if _, err := readWords([]byte(bad)); err == nil {
			t.Errorf("%.40q is taken", bad)
		}
	}
}
