package extract_test

import (
	"strings"
	"testing"

	"tuogou/corpus"
	"tuogou/extract"
)

// Every row of the table of time expressions in docs/rules.md, by its number, in
// a plan signed on 2018-08-09: the words, their role and their EDTF.
func TestTimeTable(t *testing.T) {
	for _, c := range []struct{ row, text, want string }{
		{"T01", "依据二〇一八年八月十日的名册。", "二〇一八年八月十日 period 2018-08-10"},
		{"T01 circle for zero", "应于二○一八年十月八日前报送。", "二○一八年十月八日前 deadline ../2018-10-08"},
		{"T01 letter for zero", "应于二OO八年十月八日前报送。", "二OO八年十月八日前 deadline ../2008-10-08"},
		{"T01 full width", "应于２０１８年１０月８日前报送。", "２０１８年１０月８日前 deadline ../2018-10-08"},
		{"T01 blanks", "应于2018 年 10 月 8 日前报送。", "2018 年 10 月 8 日前 deadline ../2018-10-08"},
		{"T01 slashes", "应于2018/10/09前报送。", "2018/10/09前 deadline ../2018-10-09"},
		{"T01 an hour", "请于2018年12月31日24时前报送。", "2018年12月31日24时前 deadline ../2018-12-31"},
		{"T02", "2018年10月完成试点。", "2018年10月 deadline 2018-10"},
		{"T03", "2018年度完成试点。", "2018年度 deadline 2018"},
		{"T03 two digits", "08年的名册。", "08年 period 2008"},
		{"T03 two Chinese digits", "零八年一季度的名册。", "零八年一季度 period 2008-33"},
		{"T04 without 前", "2018年10月底的名册。", "2018年10月底 period 2018-10-21/2018-10-31~"},
		{"T04 the beginning", "10月初启动试点。", "10月初 deadline 2018-10-01/2018-10-10~"},
		{"T04 before the beginning", "10月初前完成清理。", "10月初前 deadline ../2018-10-10"},
		{"T04", "2018年10月底前完成清理。", "2018年10月底前 deadline ../2018-10-31"},
		{"T04 doubled month", "2018年10月月底前完成清理。", "2018年10月月底前 deadline ../2018-10-31"},
		{"T05", "2018年年底前完成清理。", "2018年年底前 deadline ../2018-12-31"},
		{"T06", "年底前完成清理。", "年底前 deadline ../2018-12-31"},
		{"T07", "最迟不晚于2018年10月31日完成清理。", "最迟不晚于2018年10月31日 deadline ../2018-10-31"},
		{"T07 closing", "截止2018年10月31日，报名结束。", "截止2018年10月31日 deadline ../2018-10-31"},
		{"T08", "2018年下半年启动试点。", "2018年下半年 deadline 2018-41"},
		{"T09", "2018年第四季度完成清理。", "2018年第四季度 deadline 2018-36"},
		{"T09 the first three", "2018年前三季度完成清理。", "2018年前三季度 deadline 2018-01/2018-09"},
		{"T09 the end of one", "第三季度末前完成清理。", "第三季度末前 deadline ../2018-09-30"},
		{"T09 end without 前", "2018年一季度末的名册。", "2018年一季度末 period 2018-03~"},
		{"T09 the first by name", "2018年首季度的名册。", "2018年首季度 period 2018-33"},
		{"T10", "10月下旬完成清理。", "10月下旬 deadline 2018-10-21/2018-10-31"},
		{"T10 by", "10月中旬前完成清理。", "10月中旬前 deadline ../2018-10-20"},
		{"T11", "10月上中旬完成清理。", "10月上中旬 deadline 2018-10-01/2018-10-20"},
		{"T12", "10月中下旬完成清理。", "10月中下旬 deadline 2018-10-11/2018-10-31"},
		{"T13", "2019年初启动第二批试点。", "2019年初 deadline 2019-01~/2019-03~"},
		{"T14", "2019年年中组织评估。", "2019年年中 deadline 2019-06~/2019-07~"},
		{"T15", "2018年底的协会数。", "2018年底 period 2018-12~"},
		{"T16", "年内完成清理。", "年内 deadline 2018-08-09/2018-12-31"},
		{"T17", "当年完成清理。", "当年 deadline 2018"},
		{"T18", "翌年3月底前完成清理。", "翌年3月底前 deadline ../2019-03-31"},
		{"T19", "自2018年9月1日起取消拨款。", "自2018年9月1日起 deadline 2018-09-01/.."},
		{"T19 month", "2018年10月起取消拨款。", "2018年10月起 deadline 2018-10/.."},
		{"T19 of the past", "自2016年9月起开展试点的名册。", "自2016年9月起 past 2016-09/.."},
		{"T20", "本方案自印发之日起施行。", "自印发之日起 start 2018-08-09/.."},
		{"T21", "文件印发后3个月以内完成腾退。", "文件印发后3个月以内 deadline 2018-08-09/2018-11-09"},
		{"T21 working days", "自本方案印发之日起10个工作日内上报名单。", "自本方案印发之日起10个工作日内 deadline 2018-08-09/2018-08-23"},
		{"T22", "自收到申请之日起10个工作日内批复。", "自收到申请之日起10个工作日内 term "},
		{"T22 the document itself", "各单位自收到本通知之日起15日内上报名单。", "自收到本通知之日起15日内 deadline "},
		{"T23", "两年内完成清理。", "两年内 deadline 2018-08-09/2020-08-09"},
		{"T23 and a half", "两年半内完成清理。", "两年半内 deadline 2018-08-09/2021-02-09"},
		{"T23 quarters", "两个季度内完成清理。", "两个季度内 deadline 2018-08-09/2019-02-09"},
		{"T24", "力争用3年左右时间完成改革。", "力争用3年左右时间 deadline 2018-08-09/2021-08-09~"},
		{"T25", "到2020年底，实现脱钩。", "到2020年底 deadline ../2020-12-31"},
		{"T26", "“十三五”期间完成改革。", "“十三五”期间 deadline 2016/2020"},
		{"T27", "每年6月底前报送报告。", "每年6月底前 recurring "},
		{"T28", "每半年向市政府报告一次。", "每半年 recurring "},
		{"T27 a quarter of each year", "每年第一季度末前报送总结。", "每年第一季度末前 recurring "},
		{"T28 the first month", "每个季度第1个月20日前报送台账。", "每个季度第1个月20日前 recurring "},
		{"T28 days behind it", "每季度结束后10日内报送进展。", "每季度结束后10日内 recurring "},
		{"T28 working days behind it", "每季度结束后5个工作日内报送进展。", "5个工作日内 term "},
		{"T37 the end of the month", "月底前报送名单。", "月底前 deadline ../2018-08-31"},
		{"T28 a day of the week", "每周五前报送进展。", "每周五前 recurring "},
		{"T29", "适时开展评估。", "适时 vague 2018-08-09/.."},
		{"T30", "清理腾退的过渡期至2018年12月31日。", "过渡期至2018年12月31日 deadline 2018-08-09/2018-12-31"},
		{"T30 by", "过渡期设定为2018年年底前。", "过渡期设定为2018年年底前 deadline 2018-08-09/2018-12-31"},
		{"T31", "3月底前完成清理。", "3月底前 deadline ../2019-03-31"},
		{"T31 a day that only some years have", "2月29日前完成清理。", "2月29日前 deadline "},
		{"T31 past", "名单已于6月20日印发。", "6月20日 past 2018-06-20"},
		{"T32", "2018年9月至12月开展清理。", "2018年9月至12月 deadline 2018-09/2018-12"},
		{"T32 months", "8月-9月开展清理。", "8月-9月 deadline 2018-08/2018-09"},
		{"T32 dots", "2018.8-2018.9开展清理。", "2018.8-2018.9 deadline 2018-08/2018-09"},
		{"T32 days", "9月3日-7日开展督查。", "9月3日-7日 deadline 2018-09-03/2018-09-07"},
		{"T32 over the year", "2018年12月?2019年2月开展清理。", "2018年12月?2019年2月 deadline 2018-12/2019-02"},
		{"T32 between", "2007年与2009年间的名册。", "2007年与2009年间 period 2007/2009"},
		{"T32 a list of days", "10月9日、10日和11日开展培训。", "10月9日、10日和11日 deadline 2018-10-09/2018-10-11"},
		{"T33", "第一阶段（2018年8月—9月）：动员部署。", "2018年8月—9月 phase 2018-08/2018-09"},
		{"T34", "截至2018年底，共有协会30家。", "截至2018年底 as_of 2018-12-31"},
		{"T34 so far", "截止目前，共有协会30家。", "截止目前 as_of 2018-08-09"},
		{"T35", "2018年10月左右完成清理。", "2018年10月左右 deadline 2018-10~"},
		{"T36", "国庆节前完成清理。", "国庆节前 deadline ../2018-09-30"},
		{"T36 by the moon", "春节前完成清理。", "春节前 deadline ../2019-02-04"},
		{"T37", "于本月内报送名单。", "本月内 deadline 2018-08-09/2018-08-31"},
		{"T37 next month", "下月10日前报送名单。", "下月10日前 deadline ../2018-09-10"},
		{"T37 week", "本周五前报送名单。", "本周五前 deadline ../2018-08-10"},
		{"T38", "2007年以来，协会发展较快。", "2007年以来 period 2007/.."},
		{"T39", "2018年8月9日后登记的协会。", "2018年8月9日后 period 2018-08-09/.."},
		{"T40", "届时组织验收。", "届时 vague "},
		{"T41", "一周内报送名单。", "一周内 deadline 2018-08-09/2018-08-16"},
		{"T41 half a month", "半个月内报送名单。", "半个月内 deadline 2018-08-09/2018-08-24"},
		{"T42", "方案批复后1个月内办理登记。", "方案批复后1个月内 term "},
		{"T42 event", "换届时选举负责人。", "换届时 vague "},
		{"T42 event without a length", "自方案批准之日起，主管单位不再履职。", "自方案批准之日起 vague "},
		{"length as a rule", "连续两年未年检的协会。", "两年 term "},
		{"length alone", "改革历时两年半。", "两年半 term "},
		{"T43", "近年来，协会发展较快。", "近年来 vague "},
		{"T44", "2019年或2020年完成试点。", "2019年或2020年 deadline [2019,2020]"},
	} {
		t.Run(c.row, func(t *testing.T) {
			var got []string
			for _, x := range planOf(t, c.text).Times {
				if x.Role != corpus.RoleIssued {
					got = append(got, x.Quote+" "+string(x.Role)+" "+x.EDTF)
				}
			}
			if s := strings.Join(got, "; "); s != c.want {
				t.Errorf("%s\n got %s\nwant %s", c.text, s, c.want)
			}
		})
	}
}

// 2月29日 of a document of the year before lies in the next.
func TestLeapDay(t *testing.T) {
	rec := newExtractor(t).Extract(corpus.Source{}, textOf("示例市脱钩实施方案", "2月29日前完成清理。"), extract.Options{Date: "2019-12-05"})
	if len(rec.Deadlines) != 1 || rec.Deadlines[0].EDTF != "../2020-02-29" {
		t.Errorf("deadlines: %+v", rec.Deadlines)
	}
}

// What holds digits and is no time.
func TestNoTimes(t *testing.T) {
	for _, text := range []string{
		"根据示政办发〔2018〕50号、示政发[2017]6号、示办（2016）3号、示区政办发201756号要求。",
		"联系电话：0999-2018093、0999-20180930，邮编201809，QQ群20180930。",
		"统一代码51990000MJ20180930，ISBN 978-7-2018-0930-1，地址10.20.18.1。",
		"年满70周岁、任职2届、第3次会议、5A级、500强企业、985/211高校、12345热线、24小时值守。",
		"协会有2000年轻会员，资产2018.8万元，占比20.18%，面积2018平方米。",
	} {
		for _, x := range planOf(t, text).Times {
			if x.Role != corpus.RoleIssued {
				t.Errorf("%s: %s %q", text, x.Role, x.Quote)
			}
		}
	}
}

// Words that point back take the time before them.
func TestTimePointsBack(t *testing.T) {
	for _, x := range planOf(t, "2018年10月底前完成清理，届时组织验收。").Times {
		if x.Quote == "届时" && x.EDTF != "../2018-10-31" {
			t.Errorf("届时 is %q", x.EDTF)
		}
	}
}

// Without a date of its own nothing relative is settled, and working days of a
// year without calendar stay open.
func TestOpenTimes(t *testing.T) {
	for _, c := range []struct{ why, date, text string }{
		{"no date", "", "年底前完成清理。"},
		{"no date for a length", "", "自本方案印发之日起30日内上报。"},
		{"no date for a week", "", "本周五前上报。"},
		{"the end of a month", "", "月底前上报。"},
		{"no calendar of the year", "2031-05-06", "自本方案印发之日起10个工作日内上报。"},
		{"no table of the feast", "2044-05-06", "中秋节前上报。"},
	} {
		rec := newExtractor(t).Extract(corpus.Source{}, textOf("示例市脱钩实施方案", c.text), extract.Options{Date: c.date})
		for _, d := range rec.Deadlines {
			if d.Resolved || d.EDTF != "" || d.End != nil {
				t.Errorf("%s: %q is %s", c.why, d.Quote, d.EDTF)
			}
		}
		if len(rec.Deadlines) != 1 {
			t.Errorf("%s: %d deadlines, want 1", c.why, len(rec.Deadlines))
		}
	}
}
