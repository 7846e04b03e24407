// Package comparetest holds records of invented places (codes 99xxxx, marked
// 示例) for the tests of compare, of its writers and of the pages. They are
// built by hand from the texts beside this file, each fact by the words it
// stands on, so that they hold whatever the extractor does.
package comparetest

import (
	"embed"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"tuogou/corpus"
)

//go:embed texts
var texts embed.FS

// The places of the sample records. Xueling has a record that could not be read.
const (
	City    = "990100" // 示例市
	Qinghe  = "990101"
	Baishi  = "990102"
	Nowhere = "990103" // has no record
	Xueling = "990104"
	Linzhou = "990200"
)

// Records are fresh copies of the sample records: a whole plan, a cut plan with
// the notice beside it, a news story and a file that could not be read.
func Records(t testing.TB) []*corpus.Record {
	t.Helper()
	list := []*corpus.Record{qinghe(t), baishi(t), baishiNotice(t), linzhou(t), xueling()}
	for _, r := range list {
		if err := r.Check(); err != nil {
			t.Fatalf("sample record: %v", err)
		}
	}
	return list
}

// Builder makes a record from a text, each fact by the words it stands on.
type Builder struct {
	t    testing.TB
	R    *corpus.Record
	body string
}

// New starts a record on the topic with the given address, place and text.
func New(t testing.TB, url, code, name, body string) *Builder {
	t.Helper()
	title, _, _ := strings.Cut(body, "\n")
	hash := corpus.HashBytes([]byte(body))
	b := &Builder{t: t, body: body, R: &corpus.Record{
		ID: corpus.IDOf(url, hash), Schema: corpus.SchemaVersion, OnTopic: true, Title: title,
		Kind: corpus.KindPlan, Generation: corpus.Decoupling2015,
		Source: corpus.Source{URL: url, SHA256: hash, Fetched: "2026-11-20T08:00:00Z"},
		Text:   corpus.TextInfo{Body: body, SHA256: hash, Chars: utf8.RuneCountInString(body)},
		Jurisdiction: corpus.Jurisdiction{
			Code: code, Name: name, Level: corpus.County, State: corpus.Stated, Basis: "title",
		},
		Facts:        map[string]corpus.Fact{},
		ClauseStates: map[corpus.ClauseType]corpus.State{},
	}}
	b.R.Facts["title"] = corpus.Fact{State: corpus.Stated, Evidence: b.Cite(title)}
	return b
}

// Span is where words stand first in the text.
func (b *Builder) Span(words string) corpus.Span {
	b.t.Helper()
	i := strings.Index(b.body, words)
	if i < 0 {
		b.t.Fatalf("sample text of %s has no %q", b.R.Jurisdiction.Name, words)
	}
	return corpus.Span{Start: i, End: i + len(words)}
}

// Cite is evidence for words.
func (b *Builder) Cite(words string) corpus.Evidence {
	b.t.Helper()
	return corpus.Cite(b.body, b.Span(words), "sample")
}

// Organ is a named organ.
func (b *Builder) Organ(words, kind string) corpus.OrganRef {
	b.t.Helper()
	return corpus.OrganRef{Text: words, Kind: kind, Level: corpus.County, Span: b.Span(words)}
}

// Clause adds a clause with a heading, its words and its organs.
func (b *Builder) Clause(t corpus.ClauseType, form corpus.ClauseForm, heading, words string, organs ...corpus.OrganRef) {
	b.t.Helper()
	b.R.Clauses = append(b.R.Clauses, corpus.Clause{
		Type: t, Heading: heading, Form: form, Evidence: b.Cite(words), HeadingSpan: b.Span(heading), Organs: organs,
	})
	b.R.ClauseStates[t] = corpus.Stated
}

// Due adds a deadline to the last clause and gives it for more facts. An empty
// start or end is open.
func (b *Builder) Due(words, action, start, end string) *corpus.Deadline {
	b.t.Helper()
	d := corpus.Deadline{
		UID: fmt.Sprintf("%s-%d", b.R.ID, len(b.R.Deadlines)+1), Kind: corpus.KindBy, Precision: corpus.ByDay,
		Start: day(start), End: day(end), Resolved: start != "" || end != "", Evidence: b.Cite(words),
		Action: corpus.Action{Text: action, Span: b.Span(action)},
	}
	if n := len(b.R.Clauses); n > 0 {
		c := &b.R.Clauses[n-1]
		c.Deadlines = append(c.Deadlines, d.UID)
		d.Clause, d.Organs = c.Type, c.Organs
	}
	b.R.Deadlines = append(b.R.Deadlines, d)
	return &b.R.Deadlines[len(b.R.Deadlines)-1]
}

func day(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func text(t testing.TB, name string) string {
	t.Helper()
	data, err := texts.ReadFile("texts/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func qinghe(t testing.TB) *corpus.Record {
	b := New(t, "https://www.qinghe.example/zwgk/2018/plan.html", Qinghe, "青禾区（示例）", text(t, "qinghe.txt"))
	r := b.R
	r.DocNumber = &corpus.DocNumber{Text: "青禾府发〔2018〕7号", Normal: "青禾府发〔2018〕7号", Agency: "青禾府发", Year: 2018, Serial: 7, Evidence: b.Cite("青禾府发〔2018〕7号")}
	r.Dates.Signed = &corpus.Date{Date: "2018-07-20", EDTF: "2018-07-20", Basis: "signature", Evidence: b.Cite("2018年7月20日")}
	r.Issuers = []corpus.Issuer{{Name: "青禾区人民政府办公室", Jurisdiction: Qinghe, Evidence: b.Cite("青禾区人民政府办公室")}}
	r.Facts["doc_number"] = corpus.Fact{State: corpus.Stated, Evidence: r.DocNumber.Evidence}
	r.Facts["validity"] = corpus.Fact{State: corpus.NotStated}

	b.Clause(corpus.Institution, corpus.FormSection, "机构分离，规范综合监管关系", "取消行政机关与行业协会商会的主办、主管、联系和挂靠关系，协会商会直接登记、独立运行。2018年9月底前完成关系清理。",
		b.Organ("区民政局", "civil_affairs"), b.Organ("区发展改革局", "development_reform"))
	b.Due("2018年9月底前", "完成关系清理", "", "2018-09-30").EDTF = "../2018-09-30"
	b.Clause(corpus.Function, corpus.FormSection, "职能分离，规范行政委托和职责分工关系", "业务主管单位提出剥离行政职能的意见，编制转移职能清单，自本方案印发之日起3个月内报区委编办审核。", b.Organ("区委编办", "staffing"))
	d := b.Due("自本方案印发之日起3个月内", "报区委编办审核", "2018-07-20", "2018-10-20")
	d.Kind, d.Anchor = corpus.KindWithin, &corpus.Anchor{Kind: "signed", Text: "本方案印发之日", Date: "2018-07-20"}
	b.Clause(corpus.Asset, corpus.FormSection, "资产财务分离，规范财产关系", "自2018年起取消对协会商会的财政直接拨款。协会商会占用的行政办公用房，于2018年底前腾退；特殊情况适时处理。每年6月底前报送资产年报。",
		b.Organ("区财政局", "finance"), b.Organ("区机关事务服务中心", "government_offices"))
	b.Due("自2018年起", "取消对协会商会的财政直接拨款", "2018-01-01", "").Kind = corpus.KindFrom
	b.Due("2018年底前", "腾退", "", "2018-12-31")
	d = b.Due("每年6月底前", "报送资产年报", "", "")
	d.Kind, d.Resolved, d.RRule = corpus.KindRecurring, true, "FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=30"
	b.Clause(corpus.Personnel, corpus.FormSection, "人员管理分离，规范用人关系", "现职公务员兼任协会商会职务的，2018年10月至11月中旬集中清理。退休领导干部三年内不得兼职。",
		b.Organ("区委组织部", "organization_dept"), b.Organ("区人力资源社会保障局", "hr_social_security"))
	b.Due("2018年10月至11月中旬", "集中清理", "2018-10-01", "2018-11-20").Kind = corpus.KindWithin
	b.Clause(corpus.Party, corpus.FormSection, "党建、外事等事项分离，规范管理关系", "协会商会党建工作由区委两新工委领导，在接到批复后30个工作日内办理交接。", b.Organ("区委两新工委", "two_new_committee"))
	d = b.Due("在接到批复后30个工作日内", "办理交接", "", "")
	d.Workdays = 30
	d = b.Due("2018年8月—2018年12月", "逐个制定脱钩实施方案", "2018-08-01", "2018-12-31")
	d.Kind, d.Clause, d.Organs = corpus.KindPhase, "", nil
	c := &r.Clauses[len(r.Clauses)-1]
	c.Deadlines = c.Deadlines[:1]

	r.Duties = []corpus.Duty{{Role: corpus.Lead, Organ: b.Organ("区民政局", "civil_affairs"), Clause: corpus.Institution, Evidence: b.Cite("区民政局、区发展改革局牵头"), Action: corpus.Action{}}}
	r.Times = []corpus.Time{{Role: corpus.RoleVague, Evidence: b.Cite("适时")}}
	r.Terms = []corpus.Term{{ISO: "P3Y", Trigger: "退休", Evidence: b.Cite("三年内"), Clause: corpus.Personnel}}
	r.Provisions = []corpus.Provision{{ID: "A6", Status: "changed", Changed: []string{"2018-12-31 instead of 2017-12-31"}, Evidence: b.Cite("协会商会占用的行政办公用房，于2018年底前腾退"), Clause: corpus.Asset, Organs: []corpus.OrganRef{b.Organ("区财政局", "finance")}}}
	r.Contacts = []corpus.Contact{
		{Kind: "name", Evidence: b.Cite("林示例")},
		{Kind: "telephone", Evidence: b.Cite("0990-5550123")},
	}
	for i, h := range []string{"机构分离，规范综合监管关系", "职能分离，规范行政委托和职责分工关系", "资产财务分离，规范财产关系", "人员管理分离，规范用人关系", "党建、外事等事项分离，规范管理关系", "进度安排"} {
		r.Outline = append(r.Outline, corpus.Section{ID: fmt.Sprint(i + 1), Level: 1, Marker: string([]rune("一二三四五六")[i]) + "、", Heading: h, Span: b.Span(h)})
	}
	return r
}

func baishi(t testing.TB) *corpus.Record {
	b := New(t, "https://www.baishi.example/plan.html", Baishi, "白石区（示例）", text(t, "baishi.txt"))
	r := b.R
	r.Text.Truncated, r.Text.Why = true, "全文详见附件"
	r.DocNumber = &corpus.DocNumber{Text: "白石区办发〔2018〕15号", Normal: "白石区办发〔2018〕15号", Agency: "白石区办发", Year: 2018, Serial: 15, Evidence: b.Cite("白石区办发〔2018〕15号")}
	b.Clause(corpus.Institution, corpus.FormSection, "机构分离", "按照机构分离要求，协会商会依法独立运行，由区行政审批和民政局直接登记，2018年9月底前完成。", b.Organ("区行政审批和民政局", "civil_affairs"))
	b.Due("2018年9月底前", "直接登记", "", "2018-09-30")
	b.Clause(corpus.Asset, corpus.FormSection, "资产财务分离", "办公用房由区财政局会同区机关事务管理局清理，2018年6月底前腾退，确有困难的可延至2019年12月31日前。",
		b.Organ("区财政局", "finance"), b.Organ("区机关事务管理局", "government_offices"))
	d := b.Due("2018年6月底前", "腾退", "", "2018-06-30")
	d.SupersededBy = string(r.ID) + "-3"
	b.Due("2019年12月31日前", "延至", "", "2019-12-31")
	for _, missing := range []corpus.ClauseType{corpus.Function, corpus.Personnel, corpus.Party} {
		r.ClauseStates[missing] = corpus.NotFound
	}
	r.Problems = []corpus.Problem{{ID: "TX001", Message: "the source is cut"}}
	return r
}

func baishiNotice(t testing.TB) *corpus.Record {
	b := New(t, "https://www.baishi.example/notice.html", Baishi, "白石区（示例）", text(t, "baishi_notice.txt"))
	b.R.Kind = corpus.KindNotice
	b.Clause(corpus.Function, corpus.FormInline, "职能分离", "各单位要落实职能分离要求", b.Organ("区编办", "staffing"))
	b.Due("2018年11月30日前", "将职能清单报区编办", "", "2018-11-30")
	return b.R
}

func linzhou(t testing.TB) *corpus.Record {
	b := New(t, "https://news.linzhou.example/1.html", Linzhou, "麟州市（示例）", text(t, "linzhou.txt"))
	b.R.Kind, b.R.Jurisdiction.Level = corpus.KindNews, corpus.Prefecture
	b.R.Dates.Posted = &corpus.Date{Date: "2016-09-13", EDTF: "2016-09-13", Basis: "field"}
	b.Clause(corpus.Institution, corpus.FormMention, "机构", "机构")
	b.Clause(corpus.Function, corpus.FormMention, "职能", "职能")
	b.Clause(corpus.Asset, corpus.FormMention, "资产财务", "资产财务")
	b.Clause(corpus.Personnel, corpus.FormMention, "人员管理", "人员管理")
	d := b.Due("2017年4月前", "完成试点", "", "2017-04-30")
	strict := "2017-03-31"
	d.StrictEnd, d.Goal, d.Clause = &strict, true, ""
	b.R.Clauses[3].Deadlines = nil
	b.R.ClauseStates[corpus.Party] = corpus.NotStated
	return b.R
}

func xueling() *corpus.Record {
	return &corpus.Record{
		ID: "fxueling", Schema: corpus.SchemaVersion, OnTopic: true, Title: "雪岭区脱钩方案（示例）", Kind: corpus.KindPlan,
		Source:       corpus.Source{Path: "scan.pdf"},
		Jurisdiction: corpus.Jurisdiction{Code: Xueling, Name: "雪岭区（示例）", Level: corpus.County, State: corpus.Stated},
		Facts:        map[string]corpus.Fact{}, ClauseStates: map[corpus.ClauseType]corpus.State{},
		Problems: []corpus.Problem{{ID: "RD001", Message: "the scan cannot be read: tesseract is not installed"}},
	}
}
