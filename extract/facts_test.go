package extract_test

import (
	"strings"
	"testing"

	"tuogou/corpus"
	"tuogou/extract"
)

func recordOf(t *testing.T, url string, lines ...string) *corpus.Record {
	t.Helper()
	return newExtractor(t).Extract(corpus.Source{URL: url}, textOf(lines...), extract.Options{})
}

func TestTitles(t *testing.T) {
	const plan = "示例市行业协会商会脱钩实施方案"
	for _, c := range []struct {
		why            string
		lines          []string
		title, carrier string
		kind           corpus.Kind
	}{
		{"the plan's title is broken over two lines",
			[]string{"示例市人民政府关于印发《" + plan + "》的通知", "现印发给你们。", "2018年8月9日", "示例市行业协会商会", "脱钩实施方案", "一、总体要求"},
			plan, "示例市人民政府关于印发《" + plan + "》的通知", corpus.KindPlan},
		{"the whole title in book marks",
			[]string{"《示例市关于做好示例工作的通知》", "现就有关事项通知如下：", "一、总体要求"},
			"《示例市关于做好示例工作的通知》", "", corpus.KindNotice},
		{"a list of attachments only names the plan",
			[]string{"关于印发《" + plan + "》的通知", "现印发给你们。", "附件：" + plan, "2018年8月9日"},
			"关于印发《" + plan + "》的通知", "", corpus.KindNotice},
		{"two layers: a county hands on what issues the plan",
			[]string{"甲县转发《乙市关于印发" + plan + "的通知》的通知", "现转发给你们。", "乙市关于印发" + plan + "的通知", "现印发给你们。", plan, "一、总体要求"},
			plan, "甲县转发《乙市关于印发" + plan + "的通知》的通知", corpus.KindPlan},
		{"the notice of others is handed on",
			[]string{"转发省民政厅等七部门《关于做好示例工作的通知》的通知", "现转发给你们。", "2018年8月9日", "关于做好示例工作的通知", "一、总体要求"},
			"关于做好示例工作的通知", "转发省民政厅等七部门《关于做好示例工作的通知》的通知", corpus.KindNotice},
		{"（试行） and 的 come and go",
			[]string{"关于印发《示例市行业协会的管理办法》的通知", "现印发给你们。", "示例市行业协会管理办法（试行）", "第一条 为了管理。"},
			"示例市行业协会管理办法（试行）", "关于印发《示例市行业协会的管理办法》的通知", corpus.KindMeasures},
		{"of two plans, the first that follows",
			[]string{"关于印发《示例市甲方案》和《示例市乙办法》的通知", "现印发给你们。", "示例市乙办法", "第一条 为了管理。"},
			"示例市乙办法", "关于印发《示例市甲方案》和《示例市乙办法》的通知", corpus.KindMeasures},
		{"a headline whose marks close two lines below",
			[]string{"示例市人民政府关于印发《示例市行业协会", "商会脱钩方案》的通知", "各区人民政府：", "现印发给你们。"},
			"示例市人民政府关于印发《示例市行业协会商会脱钩方案》的通知", "", corpus.KindNotice},
		{"a day above a number is no title, and what is handed out is not what it rests on",
			[]string{"（二〇一八年二月二十六日）", "示府办〔2018〕18号", "各镇人民政府：", "按照《政府工作报告》，现将《" + plan + "》印发给你们。", plan, "一、总体要求"},
			plan, "", corpus.KindPlan},
		{"a section's heading is no title",
			[]string{"一、坚持分类推进脱钩工作", "1．清理办公用房。", "2018年8月9日"}, "", "", corpus.KindOther},
	} {
		rec := recordOf(t, "", c.lines...)
		carrier := ""
		if rec.Carrier != nil {
			carrier = rec.Carrier.Title
		}
		if rec.Title != c.title || carrier != c.carrier || rec.Kind != c.kind {
			t.Errorf("%s: got %q, carrier %q, kind %s", c.why, rec.Title, carrier, rec.Kind)
		}
	}
}

func TestJurisdictions(t *testing.T) {
	const plan = "行业协会商会与行政机关脱钩方案"
	for _, c := range []struct {
		why, url string
		lines    []string
		want     string
	}{
		{"four districts bear the name", "", []string{"鼓楼区" + plan, "根据上级部署，制定本方案。"}, "unresolved"},
		{"the number's letters tell which", "", []string{"鼓楼区" + plan, "徐鼓政办发〔2018〕15号", "根据上级部署，制定本方案。"}, "江苏省/徐州市/鼓楼区"},
		{"so does the province that the text names", "", []string{"鼓楼区" + plan, "根据上级部署，制定本方案。", "按照福建省要求执行。"}, "福建省/福州市/鼓楼区"},
		{"so does the host", "https://mzj.beijing.gov.cn/a.html", []string{"朝阳区" + plan, "根据上级部署，制定本方案。"}, "北京市/朝阳区"},
		{"the name is that of the day", "", []string{"襄樊市人民政府关于行业协会的意见", "提出意见。", "2008年9月19日"}, "湖北省/襄樊市"},
		{"a zone has no code", "", []string{"长春新区管理委员会关于印发方案的通知", "现印发给你们。", "2018年6月11日"}, "吉林省/长春市/长春新区"},
		{"nor has the corps", "", []string{"新疆生产建设兵团办公厅关于脱钩工作的通知", "做好工作。", "2016年6月1日"}, "新疆维吾尔自治区/新疆生产建设兵团"},
		{"a town has none either", "", []string{"黔江区濯水镇人民政府关于脱钩工作的通知", "做好工作。", "2019年12月3日"}, "重庆市/黔江区/濯水镇"},
		{"a district called new is one", "", []string{"上海市浦东新区人民政府关于脱钩工作的通知", "做好工作。", "2019年12月3日"}, "上海市/浦东新区"},
		{"from where a story was heard", "", []string{"协会商会与机关“分家”", "涉及70家协会", "记者日前从济源市民政局获悉，该局印发了通知。"}, "河南省/济源市"},
		{"a dateline is no place", "", []string{"行业协会商会脱钩改革启动", "新华社北京7月8日电 全国性行业协会商会将与行政机关脱钩。"}, ""},
		{"a province-run city has no prefecture above it", "", []string{"济源市民政局关于脱钩工作的通知", "做好工作。", "2016年8月25日"}, "河南省/济源市"},
	} {
		j := recordOf(t, c.url, c.lines...).Jurisdiction
		got := strings.Join(j.Path, "/")
		if j.State == corpus.Unresolved {
			got = "unresolved"
		}
		if got != c.want {
			t.Errorf("%s: got %s (%s, %v)", c.why, got, j.Basis, j.Candidates)
		}
	}
}

func TestIssuers(t *testing.T) {
	for _, c := range []struct {
		why   string
		lines []string
		want  string
	}{
		{"two organs run together", []string{"中共北京市委办公厅北京市人民政府办公厅关于脱钩工作的通知", "做好工作。"}, "中共北京市委办公厅、北京市人民政府办公厅"},
		{"inner blanks", []string{"关于脱钩工作的通知", "做好工作。", "郴 州 市 财 政 局", "2017年7月13日"}, "郴州市财政局"},
		{"nobody signs, the organs stand over the title", []string{"济源市民政局　济源市财政局", "济源市脱钩工作方案", "做好工作。"}, "济源市民政局、济源市财政局"},
		{"an order says who gave it", []string{"广东省行业协会办法", "广东省人民政府令第316号", "第一条 为了管理。"}, "广东省人民政府"},
		{"a town", []string{"黔江区濯水镇人民政府关于脱钩工作的通知", "做好工作。"}, "黔江区濯水镇人民政府"},
	} {
		var got []string
		text := textOf(c.lines...)
		if strings.HasSuffix(c.lines[1], "方案") { // the title is the second line
			text.Blocks[0].Kind, text.Blocks[1].Kind = corpus.BlockPara, corpus.BlockTitle
		}
		for _, i := range newExtractor(t).Extract(corpus.Source{}, text, extract.Options{}).Issuers {
			got = append(got, i.Name)
		}
		if s := strings.Join(got, "、"); s != c.want {
			t.Errorf("%s: got %s", c.why, s)
		}
	}
}

func TestRegisterNumber(t *testing.T) {
	rec := recordOf(t, "", "示例市办公用房管理办法", "示财资〔2017〕5号", "SLCR-2017-10006", "第一条 为了管理。")
	if rec.RegisterNumber == nil || *rec.RegisterNumber != "SLCR-2017-10006" || rec.DocNumber == nil || rec.DocNumber.Normal != "示财资〔2017〕5号" {
		t.Errorf("got register number %v beside %v", rec.RegisterNumber, rec.DocNumber)
	}
}

func TestEventYears(t *testing.T) {
	for _, c := range []struct {
		why   string
		lines []string
		want  int
	}{
		{"a dateline", []string{"示例市协会脱钩之后", "本报记者 2018年11月26日", "示例市启动协会脱钩，其余25家今年年底前完成。"}, 2018},
		{"a dateline within the first sentence", []string{"示例市：协会脱钩提前完成", "本报讯 记者2017年7月3日从示例市推进会上获悉，期限是今年11月底。"}, 2017},
		{"the day of a meeting beside 明年", []string{"示例区协会脱钩启动", "日前，示例区启动协会脱钩。2016年12月8日召开的动员会提出，首批协会明年6月底前完成脱钩。"}, 2016},
		{"the day of a document beside 今年", []string{"示例区协会脱钩启动", "按2015年7月8日印发的《示例方案》要求，示例区启动协会脱钩，今年年底前完成。"}, 0},
		{"the day of what is explained", []string{"《示例区行业协会商会脱钩实施方案》解读", "2020年4月10日，示例区人民政府办公室印发了《示例区行业协会商会脱钩实施方案》。协会4月底前填报名单。"}, 2020},
		{"the day of another document", []string{"《示例区行业协会商会脱钩实施方案》解读", "2015年7月8日，示例省人民政府印发了《示例省行业协会商会脱钩总体方案》。协会4月底前填报名单。"}, 0},
	} {
		got := 0
		if y := recordOf(t, "", c.lines...).EventYear; y != nil {
			got = y.Year
		}
		if got != c.want {
			t.Errorf("%s: got %d, want %d", c.why, got, c.want)
		}
	}
}
