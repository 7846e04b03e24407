package extract_test

import (
	"os"
	"strings"
	"testing"

	"tuogou/corpus"
)

// variation is one way in which published texts vary, with a text of our own that
// shows it and what a careful reader takes from it.
type variation struct {
	row  string
	text string
	want string // see said
	miss bool   // known to be read otherwise; docs/quality.md names the row
}

// said is what a record says of one matter, in short.
func said(matter string, r *corpus.Record) string {
	var out []string
	switch matter {
	case "outline":
		for _, s := range r.Outline {
			out = append(out, s.ID+" "+s.Marker)
		}
	case "clauses":
		for _, c := range r.Clauses {
			out = append(out, string(c.Type)+" "+string(c.Form))
		}
	case "deadlines":
		for _, x := range r.Deadlines {
			out = append(out, string(x.Kind)+" "+x.EDTF)
		}
	case "numbers":
		if r.DocNumber != nil {
			out = append(out, "own "+r.DocNumber.Normal)
		}
		for _, x := range r.References {
			n := ""
			if x.DocNumber != nil {
				n = x.DocNumber.Normal
			}
			out = append(out, x.Title+" "+n)
		}
	case "duties":
		for _, y := range r.Duties {
			out = append(out, string(y.Role)+" "+y.Organ.Text)
		}
	}
	return strings.Join(out, "; ")
}

// Every row of the list of variations that was counted over real texts, in words of
// our own. Times stand in TestTimeTable, 我局 in the gold set, noise in the tests of the
// reader.
func TestVariations(t *testing.T) {
	quality, err := os.ReadFile("../docs/quality.md")
	if err != nil {
		t.Fatal(err)
	}
	for matter, rows := range map[string][]variation{
		"outline": {
			{row: "一、 at the start", text: "一、目标\n完成脱钩。\n二、任务\n清理用房。", want: "1 一、; 2 二、"},
			{row: "一、 in the middle of a line", text: "现提出如下意见。 一、主要目标 完成脱钩。 二、主要任务 清理用房。", want: "1 一、; 2 二、"},
			{row: "（一） at the start", text: "一、任务\n（一）机构分离。\n（二）职能分离。", want: "1 一、; 1.1 （一）; 1.2 （二）"},
			{row: "（一） after a stop", text: "一、任务 （一）机构分离。取消主管关系。（二）职能分离。剥离行政职能。", want: "1 一、; 1.1 （一）; 1.2 （二）"},
			{row: "1. below", text: "一、任务\n（一）范围\n1.协会。\n2.商会。", want: "1 一、; 1.1 （一）; 1.1.1 1.; 1.1.2 2."},
			{row: "1、", text: "1、机构分设。取消合署办公。\n2、人员分离。公务员退出。", want: "1 1、; 2 2、"},
			{row: "(1), and a count of comments", text: "一、任务\n(1)清查资产。\n(2)登记造册。\n评论(0)", want: "1 一、; 1.1 (1); 1.2 (2)"},
			{row: "第X条 alone on its line", text: "第一章 总则\n第一条\n本办法适用于协会。\n第二条\n协会依法自治。", want: "1 第一章; 1.1 第一条; 1.2 第二条"},
			{row: "一是…二是", text: "主要任务：一是清查资产；二是清退人员；三是变更登记。", want: "1 一是; 2 二是; 3 三是"},
			{row: "第一步, 第一阶段", text: "第一阶段：动员部署。\n第二阶段：组织实施。", want: "1 第一阶段：; 2 第二阶段："},
			{row: "numbers that run on", text: "一、任务\n（一）甲项工作。\n（二）乙项工作。\n二、要求\n（三）丙项工作。", want: "1 一、; 1.1 （一）; 1.2 （二）; 2 二、; 2.1 （三）"},
			{row: "a damaged number", text: "1、总体目标\n2、主要任务\n3领导干部", want: "1 1、; 2 2、; 3 3"},
			{row: "One、", text: "One、主要目标\nTwo、主要任务", want: "1 One、; 2 Two、"},
			{row: "①", text: "一、任务\n①清查资产。\n②登记造册。", want: "1 一、; 1.1 ①; 1.2 ②"},
		},
		"clauses": {
			{row: "the full form", text: "（一）机构分离，规范综合监管关系。取消主管关系。\n（二）职能分离，规范行政委托和职责分工关系。剥离行政职能。\n（三）资产财务分离，规范财产关系。独立建账。", want: "institution section; function section; asset section"},
			{row: "the first half", text: "（一）机构分离。取消主管关系。\n（二）职能分离。剥离行政职能。\n（三）资产财务分离。独立建账。\n（四）人员管理分离。公务员退出。\n（五）党建、外事等事项分离。移交党组织。", want: "institution section; function section; asset section; personnel section; party section"},
			{row: "方面", text: "机构分离方面：取消主管关系。\n职能分离方面：剥离行政职能。\n资产财务方面：独立建账。\n人员管理方面：公务员退出。\n党建外事方面：移交党组织。", want: "institution section; function section; asset section; personnel section; party section"},
			{row: "人事管理分离", text: "（一）机构分离。取消主管关系。\n（二）职能分离。剥离行政职能。\n（三）财产财务分离。独立建账。\n（四）人事管理分离。公务员退出。\n（五）党建、外事等事项分离。移交党组织。", want: "institution section; function section; asset section; personnel section; party section"},
			{row: "named in one phrase", text: "脱钩协会的机构、职能、资产财务、人员管理、党建外事等事项全部分离。", want: "institution mention; function mention; asset mention; personnel mention; party mention"},
			{row: "another order", text: "（一）资产财务分离。独立建账。\n（二）职能分离。剥离行政职能。\n（三）人员管理分离。公务员退出。\n（四）机构分离。取消主管关系。\n（五）党建、外事等事项分离。移交党组织。", want: "asset section; function section; personnel section; institution section; party section"},
			{row: "五清理五脱钩", text: "开展五清理五脱钩：职能脱钩、人员脱钩、财务脱钩、资产脱钩、场所脱钩。", want: ""},
			{row: "四分开", text: "协会与机关在人员、机构、财务、资产方面“四分开”。", want: ""},
			{row: "一是…五是 in a sentence", text: "脱钩任务：一是机构分离，取消主管关系；二是职能分离，剥离行政职能；三是资产财务分离，独立建账；四是人员管理分离，公务员退出；五是党建、外事等事项分离，移交党组织。", want: "institution section; function section; asset section; personnel section; party section"},
			{row: "no heading, paragraphs alone", text: "取消主办、主管关系，协会依法直接登记。\n剥离协会的行政职能。\n协会独立建账。\n公务员退出协会。", want: "institution section; function section; asset section; personnel section", miss: true},
		},
		"deadlines": {
			{row: "doubled 年", text: "2019年年底前完成清理。", want: "by ../2019-12-31"},
			{row: "a chain without a year", text: "3月底前报送方案，4月底前批复方案，6月底前完成脱钩。", want: "by ../2019-03-31; by ../2019-04-30; by ../2019-06-30"},
			{row: "a chain without commas", text: "9月底前报送方案10月底前批复方案12月底前完成脱钩。", want: "by ../2018-09-30; by ../2018-10-31; by ../2018-12-31"},
			{row: "争取到", text: "争取到2020年，协会全部脱钩。", want: "by ../2020-12-31"},
			{row: "自…起 with blanks", text: "自 2019 年 1 月 1 日起取消拨款。", want: "from 2019-01-01/.."},
			{row: "a dash lost in a range", text: "准备阶段（2018年8月?2018年9月中下旬）。开展摸底。", want: "phase 2018-08-01/2018-09-30"},
			{row: "a phase inside a phase", text: "（二）实施阶段（2019年1月—7月）。其中，2019年1月—3月完成甄别。", want: "phase 2019-01/2019-07; within 2019-01/2019-03"},
			{row: "用2~3年时间", text: "用2~3年时间培育一批协会。", want: "within 2018-08-09/2021-08-09"},
			{row: "即日起到", text: "即日起到10月底前，集中清理协会。", want: "within 2018-08-09/2018-10-31"},
			{row: "本月起至", text: "本月起至明年6月，开展专项清理。", want: "within 2018-08/2019-06"},
			{row: "不超过", text: "过渡期不超过2019年年底。", want: "by ../2019-12-31"},
			{row: "a date that is moved", text: "完成时间由原定的今年11月底提前至9月30日前。", want: "by ../2018-11-30; by ../2018-09-30"},
			{row: "Chinese numerals", text: "今年十一月底前完成清理。", want: "by ../2018-11-30"},
			{row: "a cooling-off time", text: "领导干部退（离）休后三年内不得到协会兼职。", want: ""},
			{row: "terms and ages", text: "任期5年，连任不超过两届，年龄不超过70周岁。", want: ""},
			{row: "words without a date", text: "限期整改，尽快完成，近期启动。", want: ""},
			{row: "to the end of the month", text: "即日起至月底，各协会开展自查；9月10日前报送方案，月底前完成整改。", want: "within 2018-08-09/2018-08-31; by ../2018-09-10; by ../2018-09-30"},
			{row: "a time under its heading, in one line", text: "一、年检范围 全部协会。 二、年检时间安排 2019年3月1日至5月31日 三、提交的材料 章程。", want: "within 2019-03-01/2019-05-31"},
			{row: "which ones, before a comma", text: "二、检查范围 凡2017年12月31日前，在市民政局登记的协会。", want: ""},
			{row: "what a thing is", text: "规划是未来五年全市发展的宏伟蓝图。", want: ""},
			{row: "a schedule with a subject before its verb", text: "2018年8月20日—9月10日，各协会自查；9月11日—9月30日，部门抽查；10月，总结验收。", want: "within 2018-08-20/2018-09-10; within 2018-09-11/2018-09-30; within 2018-10"},
			{row: "years with a task each", text: "2018年全面启动，2019年基本完成，2020年巩固提升。", want: "within 2018; within 2019; within 2020"},
			{row: "names of phases before their brackets", text: "自查自纠（8月15日—8月31日）；集中整治（9月1日-10月31日）；参会人员（9月3日—9月5日）。", want: "phase 2018-08-15/2018-08-31; phase 2018-09-01/2018-10-31"},
			{row: "the time of a phase told as such", text: "第一阶段为动员部署阶段，时间为8月15日至8月31日。", want: "phase 2018-08-15/2018-08-31"},
			{row: "a time of day before 起", text: "2018年9月1日零时起停止收费。", want: "from 2018-09-01/.."},
			{row: "a length and the day it leads to", text: "用两到三年时间，到2020年底前全面完成。", want: "within 2018-08-09/2021-08-09; by ../2020-12-31"},
			{row: "a part of a quarter counts nothing back", text: "四季度前半段完成变更。", want: "within 2018-36"},
			{row: "from 起 to 止", text: "清理自2018年10月1日起至2019年9月30日止。", want: "within 2018-10-01/2019-09-30"},
			{row: "in force until", text: "本办法自2018年9月1日起施行，至2020年12月31日止。合同期限自2018年9月1日起至2021年8月31日止。", want: ""},
			{row: "a range in the name of a table", text: "脱钩情况统计表（2018年10月-12月）由市民政局汇总。", want: ""},
			{row: "two months of which the last has 前", text: "本月底、下月底前分别报送。", want: "by ../2018-08-31; by ../2018-09-30"},
			{row: "a closing date", text: "报名截止时间：2018年9月15日。2018年10月20日为报送截止日期，在规定时限（2018年11月5日）内完成。", want: "by ../2018-09-15; by ../2018-10-20; by ../2018-11-05"},
			{row: "a status", text: "截至2018年6月底，共有协会30家。", want: ""},
		},
		"numbers": {
			{row: "tortoise-shell brackets", text: "根据《甲规定》（示办发〔2015〕53号）要求。", want: "甲规定 示办发〔2015〕53号"},
			{row: "square brackets", text: "根据《甲规定》（示办发[2015]39号）要求。", want: "甲规定 示办发〔2015〕39号"},
			{row: "black brackets", text: "根据《甲规定》（示办发【2017】28号）要求。", want: "甲规定 示办发〔2017〕28号"},
			{row: "small brackets", text: "根据《甲规定》（示办发﹝2015﹞28号）要求。", want: "甲规定 示办发〔2015〕28号"},
			{row: "round brackets", text: "根据《甲规定》（示办发（2015）7号）要求。", want: "甲规定 示办发〔2015〕7号"},
			{row: "a closing bracket lost", text: "根据《甲规定》（示办发〔201655号）要求。", want: "甲规定 示办发〔2016〕55号"},
			{row: "both lost", text: "根据《甲规定》（示政办发201756号）要求。", want: "甲规定 示政办发〔2017〕56号"},
			{row: "an order", text: "根据《甲规定》（示例省政府令第316号）要求。", want: "甲规定 示例省政府令第316号"},
			{row: "titles in titles", text: "贯彻《示例省委办公厅关于印发〈甲方案〉的通知》（示委办〔2016〕42号）精神。", want: "示例省委办公厅关于印发〈甲方案〉的通知 示委办〔2016〕42号"},
			{row: "a mark too many", text: "贯彻《示例省委办公厅关于印发<甲方案>的通知》》（示委办〔2016〕42号）精神。", want: "示例省委办公厅关于印发<甲方案>的通知 示委办〔2016〕42号"},
			{row: "a title over two lines", text: "贯彻《示例省行业协会\n脱钩总体方案》（示委办〔2016〕42号）精神。", want: "示例省行业协会脱钩总体方案 示委办〔2016〕42号"},
			{row: "a register number beside", text: "SLCR-2017-10006\n示政办发〔2017〕6号\n现将有关事项通知如下。", want: "own 示政办发〔2017〕6号"},
			{row: "a treaty", text: "落实《示例两岸经济合作框架协议》和《示例区域合作协定》，不含《示例承诺协议》。", want: "示例两岸经济合作框架协议 ; 示例区域合作协定 "},
			{row: "a number alone", text: "按照示办发〔2015〕39号精神执行。", want: " 示办发〔2015〕39号"},
		},
		"duties": {
			{row: "a closing bracket, no lead", text: "（一）机构分离。取消主管关系。（各业务主管单位、市编办、市民政局负责）", want: "responsible 各业务主管单位; responsible 市编办; responsible 市民政局"},
			{row: "A、B牵头，C及D", text: "清查资产。（市财政局、市民政局牵头，市审计局及市国资委按职责分工负责）", want: "lead 市财政局; lead 市民政局; responsible 市审计局; responsible 市国资委"},
			{row: "labelled", text: "清查资产。（牵头单位：市财政局；责任单位：市审计局、市民政局）", want: "lead 市财政局; responsible 市审计局; responsible 市民政局"},
			{row: "the first leads, said once", text: "（一）清查资产。（市财政局、市审计局。排名第一的为牵头单位，下同）\n（二）变更登记。（市民政局、市编办）", want: "lead 市财政局; responsible 市审计局; lead 市民政局; responsible 市编办"},
			{row: "a sign lost", text: "规范收费。（市民政局市市场监管局按职责分工负责）", want: "responsible 市民政局; responsible 市市场监管局"},
			{row: "由X牵头负责", text: "登记工作由市民政局牵头负责。", want: "lead 市民政局"},
			{row: "X牵头，Y配合", text: "市财政局牵头，市审计局配合清查资产。", want: "lead 市财政局; support 市审计局"},
			{row: "X会同Y", text: "市财政局会同市机关事务管理局制定办法。", want: "lead 市财政局; joint 市机关事务管理局"},
			{row: "报X审批", text: "涉及用房的，由业务主管单位报市机关事务管理局审批。", want: "responsible 业务主管单位; approve 市机关事务管理局"},
			{row: "a list with semicolons", text: "市民政局负责登记；市财政局负责清查；市审计局负责审计。", want: "responsible 市民政局; responsible 市财政局; responsible 市审计局"},
			{row: "牵头制定《…》", text: "市财政局牵头制定并落实《示例办法》和《示例细则》。", want: "lead 市财政局"},
			{row: "receivers", text: "将总结报省民政厅，抄送市财政局。", want: "receive 省民政厅; receive 市财政局"},
			{row: "汇总后报", text: "市民政局汇总后报省民政厅。", want: "receive 省民政厅"},
			{row: "a reporter", text: "各县民政局于9月底前将名单报市民政局。", want: "responsible 各县民政局; receive 市民政局"},
			{row: "the seat of an office", text: "联合工作组办公室设在市发展改革委。", want: "lead 市发展改革委"},
			{row: "members of a group", text: "联合工作组由市民政局、市财政局、市审计局组成。", want: ""},
			{row: "此项工作由X牵头，Y参加", text: "清查资产。此项工作由市财政局牵头，市审计局参加。", want: "lead 市财政局; support 市审计局"},
			{row: "the head of a list written once", text: "由市人力资源社会保障局、法制办、民政局负责。", want: "responsible 市人力资源社会保障局; responsible 法制办; responsible 民政局"},
			{row: "部门 written once", text: "市民政、财政、人社部门要加强监管。", want: "responsible 市民政; responsible 财政; responsible 人社部门"},
			{row: "a name that no table knows in a labelled list", text: "责任单位：市财政局、人才办、示服务中心、建设局", want: "responsible 市财政局; responsible 人才办; responsible 示服务中心; responsible 建设局"},
			{row: "such a name last in a bracket", text: "清理岗位。（公安部、水利部、空管委办公室负责）", want: "responsible 公安部; responsible 水利部; responsible 空管委办公室"},
			{row: "a bracket inside a list", text: "协办单位：区委编办、区民政局（区委社会工委）、园区党工委", want: "support 区委编办; support 区民政局; support 园区党工委"},
			{row: "等主管部门（单位）牵头", text: "由省政府办公厅、省财政厅等省级主管部门（单位）牵头完成自查。", want: "lead 省政府办公厅; lead 省财政厅"},
			{row: "协同责任单位", text: "协同责任单位：市财政局", want: "support 市财政局"},
			{row: "a check announced", text: "市政府办公室要适时开展督促检查。", want: "supervise 市政府办公室"},
			{row: "years gone by", text: "近年来，市委、市政府出台一系列政策。", want: ""},
			{row: "under whose lead", text: "在市委、市政府统一领导下，由市民政局牵头组织实施。", want: "lead 市民政局"},
			{row: "whose arrangement it is", text: "市委、市政府对脱钩工作的总体时间安排是：分三步走。", want: ""},
			{row: "who is helped", text: "协会要配合牵头单位完成清算。", want: ""},
			{row: "whose money", text: "市财政局拨付的经费由协会使用。", want: ""},
			{row: "what has been reached", text: "各部门认真贯彻执行文件精神，已取得阶段成效。", want: ""},
			{row: "where an application goes", text: "到相应的登记管理机关办理变更登记。", want: "receive 登记管理机关"},
			{row: "by which law", text: "民政部门依照登记管理法规，对协会加强登记审查。", want: "responsible 民政部门"},
			{row: "all of a level in a list", text: "（牵头单位：市金融办，配合单位：市财政局，各区、县级市）", want: "lead 市金融办; support 市财政局; support 各区、县级市"},
			{row: "all governments of a level", text: "配合单位：市财政局，各县、市、区政府", want: "support 市财政局; support 各县、市、区政府"},
			{row: "a bureau of many fields", text: "责任单位：区财政局、文化和广电旅游体育局、工商联", want: "responsible 区财政局; responsible 文化和广电旅游体育局; responsible 工商联"},
			{row: "a name that segmentation cuts", text: "（财政部、国家能源局等国务院相关部门负责）", want: "responsible 财政部; responsible 国家能源局"},
			{row: "an office that inspects", text: "市政府督查室要将落实情况作为督查重点。", want: "supervise 市政府督查室"},
			{row: "a signature within a line", text: "请认真组织实施。 市人民政府办公室 2015年9月22日 关于开展清查工作的通知", want: ""},
			{row: "where societies are registered", text: "在市民政局核准登记的社会组织按时换届。", want: ""},
			{row: "a merged bureau", text: "责任单位：市科技和经信局", want: "responsible 市科技和经信局"},
			{row: "a list of fields, one of them unknown", text: "民政、公安、示安、人民银行等部门要积极配合。", want: "support 民政; support 公安; support 示安; support 人民银行"},
			{row: "a group called by its task", text: "由联合采购办公室负责拟定办法，并向试点工作小组办公室报告。", want: "responsible 联合采购办公室; receive 试点工作小组办公室"},
			{row: "a group that is done with", text: "定期召开联席会议研究问题，健全联席会议制度，成立领导小组。", want: ""},
			{row: "members of a group", text: "指挥部各成员单位要密切配合。", want: "support 各成员单位"},
			{row: "a section of a bureau", text: "由市民政局社会组织管理科负责受理，报市人民政府督查室。", want: "responsible 市民政局社会组织管理科; receive 市人民政府督查室"},
			{row: "a bureau within a bureau", text: "省民政厅民间组织管理局负责受理。", want: "responsible 省民政厅民间组织管理局"},
			{row: "an office by its short name", text: "于9月15日前报市安办备案。", want: "receive 市安办", miss: true},
		},
	} {
		for _, c := range rows {
			t.Run(matter+"/"+c.row, func(t *testing.T) {
				got := said(matter, planOf(t, lines(c.text)...))
				switch {
				case !c.miss && got != c.want:
					t.Errorf("%s\n got %s\nwant %s", c.text, got, c.want)
				case c.miss && got == c.want:
					t.Errorf("%s is read now: take it off the list of misses here and in docs/quality.md", c.row)
				case c.miss && !strings.Contains(string(quality), c.row):
					t.Errorf("docs/quality.md does not name the miss %q", c.row)
				}
			})
		}
	}
}
