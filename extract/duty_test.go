package extract_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tuogou/corpus"
	"tuogou/extract"
)

// dutiesOf are the duties of a record in short: role organ.
func dutiesOf(rec *corpus.Record) []string {
	var out []string
	for _, d := range rec.Duties {
		out = append(out, fmt.Sprintf("%s %s", d.Role, d.Organ.Text))
	}
	return out
}

func TestDuties(t *testing.T) {
	for _, c := range []struct {
		why, text string
		want      []string
	}{
		{"a closing bracket with both roles and a time", "一、取消主管关系。（市民政局、市发展改革委牵头，各业务主管单位配合，2020年6月底前完成）",
			[]string{"lead 市民政局", "lead 市发展改革委", "support 各业务主管单位"}},
		{"labels in a bracket", "一、剥离行政职能。（责任单位：市委编办；配合单位：各业务主管单位）", []string{"responsible 市委编办", "support 各业务主管单位"}},
		{"organs alone in the bracket of an item", "1.清查资产。（市财政局、市审计局）", []string{"responsible 市财政局", "responsible 市审计局"}},
		{"a bracket within a sentence names no task", "有关部门（市财政局、市审计局）的意见要研究。", nil},
		{"the first leads, from here on", "1.清查资产。（市财政局、市审计局。排名第一的为牵头单位，下同）\n2.腾退用房。（市机关事务管理局、市财政局）",
			[]string{"lead 市财政局", "responsible 市审计局", "lead 市机关事务管理局", "responsible 市财政局"}},
		{"three links in order", "脱钩方案由业务主管单位制定，报市民政局审核，报联合工作组批准。",
			[]string{"responsible 业务主管单位", "approve 市民政局", "approve 联合工作组"}},
		{"a receiver and, behind a comma, the next subject", "结果报市民政局，市财政局负责审核。", []string{"receive 市民政局", "responsible 市财政局"}},
		{"the seat of the office leads", "联合工作组办公室设在市民政局。", []string{"lead 市民政局"}},
		{"members of a group are told nothing", "联合工作组由市民政局、市财政局等部门组成。", nil},
		{"what others made", "市统计局公布的数据为准。", nil},
		{"what is done already", "市财政局研究提出了意见。", nil},
		{"a department of no table is not its government", "报国务院药品监督管理部门批准。", nil},
		{"the organ is spoken to", "征求市财政局意见后印发。", nil},
		{"the document's own approval", "经市政府同意，现就有关事项通知如下。", nil},
		{"an approval within the task", "清查结果经市财政局审核后报市政府审批。", []string{"approve 市财政局", "approve 市政府"}},
		{"a principle before the verb", "市财政局按照严格规范的原则，对清查结果进行审核。", []string{"responsible 市财政局"}},
		{"a bracket that shortens the name", "市脱钩联合工作组（以下简称工作组）负责统筹协调。", []string{"responsible 市脱钩联合工作组"}},
		{"an association is no organ", "示例市建筑业协会负责制定行规。", nil},
	} {
		t.Run(c.why, func(t *testing.T) {
			rec := extractOf(t, c.text)
			if diff := cmp.Diff(c.want, dutiesOf(rec)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// extractOf extracts lines below a title, without signature.
func extractOf(t testing.TB, text string) *corpus.Record {
	t.Helper()
	rec := newExtractor(t).Extract(corpus.Source{}, textOf(append([]string{"示例市行业协会商会与行政机关脱钩实施方案"}, lines(text)...)...), extract.Options{})
	if err := rec.Check(); err != nil {
		t.Fatal(err)
	}
	return rec
}

func TestDutyOfABracketHasItsTask(t *testing.T) {
	rec := extractOf(t, "（一）机构分离，规范综合监管关系。取消主管关系。（市民政局负责）")
	if len(rec.Duties) != 1 {
		t.Fatalf("%d duties", len(rec.Duties))
	}
	d := rec.Duties[0]
	if d.Action.Text != "取消主管关系" || d.Clause != corpus.Institution || d.Section != "1" {
		t.Errorf("action %q, clause %q, section %q", d.Action.Text, d.Clause, d.Section)
	}
}

func TestClausesToldApart(t *testing.T) {
	for _, c := range []struct {
		why, text string
		want      []string // type form
	}{
		{"headed by number, in one line", "（一）机构分离,规范综合监管关系。取消关系。（责任单位：市民政局）（二）职能分离,规范行政委托和职责分工关系。剥离职能。三、实施步骤 动员。",
			[]string{"institution section 取消关系。", "function section 剥离职能。"}},
		{"named side by side", "实现“五分离五规范”，即机构分离，规范综合监管关系；职能分离，规范行政委托和职责分工关系；人员管理分离，规范用人关系。",
			[]string{"institution inline 机构分离，规范综合监管关系", "function inline 职能分离，规范行政委托和职责分工关系", "personnel inline 人员管理分离，规范用人关系"}},
		{"the last of 一是… ends with its paragraph", "一是机构分离。取消关系。二是职能分离。剥离职能。三是人员管理分离。不得兼职。\n下一步，继续推进。",
			[]string{"institution section 取消关系。", "function section 剥离职能。", "personnel section 不得兼职。"}},
		{"another programme", "做到“四分开”。\n（一）机构分离。不得合署。\n（二）人员分离。不得兼职。\n（三）职能分离。不再承担。", nil},
	} {
		t.Run(c.why, func(t *testing.T) {
			var got []string
			for _, x := range extractOf(t, c.text).Clauses {
				got = append(got, fmt.Sprintf("%s %s %s", x.Type, x.Form, x.Quote))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A phrase that names the five is a mention: it states none of them.
func TestMentionIsNoClause(t *testing.T) {
	rec := extractOf(t, "推进协会在机构、职能、资产财务、人员管理和党建、外事等方面分离。")
	if len(rec.Clauses) != 5 || rec.Clauses[0].Form != corpus.FormMention || rec.ClauseStates[corpus.Party] != corpus.NotStated {
		t.Errorf("%d clauses, party %s", len(rec.Clauses), rec.ClauseStates[corpus.Party])
	}
}

func TestProvisionsDiffer(t *testing.T) {
	for _, c := range []struct {
		why, text string
		want      []string
	}{
		{"by the book", "自2018年起，取消行业协会商会的财政直接拨款。", []string{"A2 stated []"}},
		{"another day", "自2019年起，取消行业协会商会的财政直接拨款。", []string{"A2 changed [from 2019-01-01 for 2018-01-01]"}},
		{"another department", "行业协会商会占用的行政办公用房，由市财政局负责清理腾退。", []string{"A6 changed [department finance for government_offices]"}},
		{"the contrary", "经同意的协会可继续使用现有办公用房。", []string{"A6 opposed []"}},
		{"a title cited", "落实《关于全面推开行业协会商会脱钩改革的实施意见》。", nil},
		{"a preamble", "现就全面推开行业协会商会脱钩改革有关事项通知如下。", nil},
	} {
		t.Run(c.why, func(t *testing.T) {
			var got []string
			for _, p := range planOf(t, c.text).Provisions {
				got = append(got, fmt.Sprintf("%s %s %v", p.ID, p.Status, p.Changed))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOutlineOfDamagedTexts(t *testing.T) {
	for _, c := range []struct {
		why, text string
		want      []string
	}{
		{"the start is cut off", "（三）资产财务\n（四）人员管理\n四、工作要求\n（一）加强领导", []string{"1 （三）", "2 （四）", "3 四、", "3.1 （一）"}},
		{"a sign lost behind a number", "1、总体目标\n2、主要任务\n3领导干部", []string{"1 1、", "2 2、", "3 3"}},
		{"a count is no heading", "1、总体目标\n2家协会已脱钩。", []string{"1 1、"}},
		{"machine translation", "One、主要目标\nTwo、主要任务", []string{"1 One、", "2 Two、"}},
		{"an article without a blank", "第一条本办法适用于全市。\n第二条的规定另行制定。", []string{"1 第一条"}},
	} {
		t.Run(c.why, func(t *testing.T) {
			var got []string
			for _, s := range extractOf(t, c.text).Outline {
				got = append(got, s.ID+" "+s.Marker)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func lines(text string) []string { return strings.Split(text, "\n") }

// The action of a deadline is its task, no more: with the object that stands before
// the time where the verb has none, without the organs and without the exception.
func TestDeadlineActions(t *testing.T) {
	for _, c := range []struct{ why, text, want string }{
		{"the object before a comma", "协会占用的办公用房，2018年底前清理腾退。", "协会占用的办公用房，2018年底前清理腾退"},
		{"the object in the same clause", "各县（区）脱钩工作2018年12月底前基本完成。", "各县（区）脱钩工作2018年12月底前基本完成"},
		{"the whole task before", "协会要与机关彻底分开，2018年底前全面完成。", "协会要与机关彻底分开"},
		{"an object of its own", "合署办公的，2018年9月底前完成财务分设。", "完成财务分设"},
		{"two verbs of one object", "试点名单于2018年9月10日前确定，9月30日前完成。", "试点名单于2018年9月10日前确定; 试点名单于2018年9月10日前确定，9月30日前完成"},
		{"the next time has its own subject", "第二批2018年9月底前完成脱钩，第三批2018年12月底前完成。", "完成脱钩; 第三批2018年12月底前完成"},
		{"an exception", "2018年9月底前应完成任务，确有困难的，经批准可延长至2018年12月31日。", "应完成任务; 确有困难的，经批准可延长"},
		{"a start and what held before", "自2019年起，取消直接拨款，在此之前，保留原有渠道。", "取消直接拨款"},
		{"a standing length behind", "市民政局于2018年9月20日前将方案报联合工作组，联合工作组在收到方案后10个工作日内批复。", "将方案报联合工作组"},
		{"no organs", "2018年10月底前，由市财政局负责完成清查登记。", "完成清查登记"},
		{"for two times one task", "自2018年9月起，每月25日前报送进展情况。", "报送进展情况; 报送进展情况"},
	} {
		var got []string
		for _, d := range planOf(t, c.text).Deadlines {
			got = append(got, d.Action.Text)
			if d.Action.Text != d.Action.Span.In(planOf(t, c.text).Text.Body) {
				t.Errorf("%s: %q is not in its span", c.why, d.Action.Text)
			}
		}
		if s := strings.Join(got, "; "); s != c.want {
			t.Errorf("%s: %s\n got %s\nwant %s", c.why, c.text, s, c.want)
		}
	}
}
