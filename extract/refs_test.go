package extract_test

import (
	"strings"
	"testing"

	"tuogou/corpus"
	"tuogou/extract"
)

// refsOf writes the references of a plan with the given lines, one "relation
// title number" each.
func refsOf(t *testing.T, lines ...string) []string {
	t.Helper()
	all := append([]string{"示例市行业协会商会与行政机关脱钩实施方案"}, lines...)
	rec := newExtractor(t).Extract(corpus.Source{}, textOf(all...), extract.Options{})
	var out []string
	for _, r := range rec.References {
		n := ""
		if r.DocNumber != nil {
			n = r.DocNumber.Normal
		}
		if r.Quote != r.Span.In(rec.Text.Body) {
			t.Errorf("quote %q is not what stands at its span", r.Quote)
		}
		out = append(out, string(r.Relation)+" "+r.Title+" "+n)
	}
	return out
}

func TestReferences(t *testing.T) {
	for _, c := range []struct {
		why   string
		lines []string
		want  []string
	}{
		{"a short name stands for what it was declared for", []string{
			"根据《示例省行业协会脱钩方案》（示办发〔2016〕3号，以下简称《脱钩方案》）精神，制定本方案。", "按照《脱钩方案》和《方案》要求执行。"},
			[]string{"basis 示例省行业协会脱钩方案 示办发〔2016〕3号"}},
		{"what the notice itself hands out, named otherwise than in its title", []string{
			"《2018年示例市〈工作要点〉任务分解方案》已经市政府同意，现印发给你们。"}, nil},
		{"a number alone is a document, once", []string{"根据中办发〔2015〕39号精神，按照示办〔2016〕21号、示脱钩办〔2016〕2号文件要求执行。", "落实中办发[2015]39号文件。"},
			[]string{"basis  中办发〔2015〕39号", "basis  示办〔2016〕21号", "basis  示脱钩办〔2016〕2号"}},
		{"two numbers of one title", []string{"依据《示例市抽查办法》（示民〔2017〕8号、示民规〔2017〕2号）办理。"},
			[]string{"basis 示例市抽查办法 示民〔2017〕8号", "basis 示例市抽查办法 示民规〔2017〕2号"}},
		{"two titles with their numbers behind both", []string{"依据《示例市甲办法》《示例市乙办法》（示民〔2017〕8号、示民〔2017〕9号）办理。"},
			[]string{"basis 示例市甲办法 示民〔2017〕8号", "basis 示例市乙办法 示民〔2017〕9号"}},
		{"newspapers, forms and certificates are none", []string{"在《示例日报》公告，填报《变更登记申请表》，领取《法人登记证书》。"}, nil},
		{"reports and requests are documents", []string{"《关于示例事项的请示》收悉。按照《示例市应急预案》执行。"},
			[]string{"cites 关于示例事项的请示 ", "basis 示例市应急预案 "}},
		{"no marks, but a number in brackets", []string{"按照市人民政府办公室关于做好示例工作的通知（示政办发〔2016〕5号）要求。"},
			[]string{"basis 市人民政府办公室关于做好示例工作的通知 示政办发〔2016〕5号"}},
		{"a notice named around the marks", []string{"按照关于印发《示例省脱钩方案》的通知（示办发[2016]25号）执行。"},
			[]string{"basis 示例省脱钩方案 示办发〔2016〕25号"}},
		{"what is repealed", []string{"《示例市行业协会办法》（示政发〔2002〕18号）同时废止。"},
			[]string{"repeals 示例市行业协会办法 示政发〔2002〕18号"}},
		{"what is no longer applied under another", []string{"在《示例两岸经济合作框架协议》下，对示例协会不再执行《示例市行业协会办法》的有关规定；《示例市商会办法》停止执行。"},
			[]string{"cites 示例两岸经济合作框架协议 ", "cites 示例市行业协会办法 ", "repeals 示例市商会办法 "}},
		{"a title broken over two lines", []string{"根据《示例省行业协会商会", "与行政机关脱钩总体方案》执行。"},
			[]string{"basis 示例省行业协会商会与行政机关脱钩总体方案 "}},
		{"a mark that nobody closed swallows no text", []string{"《示例" + strings.Repeat("很长的文字", 80), "按照《示例市甲办法》执行。"},
			[]string{"basis 示例市甲办法 "}},
		{"the document's own title is none", []string{"《示例市行业协会商会与行政机关脱钩实施方案》已经同意。"}, nil},
		{"a law needs no number", []string{"根据《社会团体登记管理条例》和《中华人民共和国民法典》。"},
			[]string{"basis 社会团体登记管理条例 ", "basis 中华人民共和国民法典 "}},
	} {
		if got := refsOf(t, c.lines...); strings.Join(got, "|") != strings.Join(c.want, "|") {
			t.Errorf("%s:\n got %q\nwant %q", c.why, got, c.want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct{ why, text, want string }{
		{"small brackets", "长办发﹝2015﹞28号", "长办发〔2015〕28号"},
		{"a blank before 号", "国办发〔2015〕53 号", "国办发〔2015〕53号"},
		{"a needless 第 and zero", "示民发（2016）第05号", "示民发〔2016〕5号"},
		{"a lost closing bracket", "示办发〔201655号", "示办发〔2016〕55号"},
		{"words before the prefix", "国务院文件中办发[2015]39号", "中办发〔2015〕39号"},
		{"an organ before the prefix", "示例市住房和城乡建设局示住建规〔2011〕4号", "示住建规〔2011〕4号"},
		{"an ending that no list has", "发改社会〔2017〕8号", "发改社会〔2017〕8号"},
		{"厅 is part of the prefix", "国资厅发法规〔2016〕5号", "国资厅发法规〔2016〕5号"},
		{"和 is the place at the head of a line", "和政办发〔2016〕5号", "和政办发〔2016〕5号"},
		{"an order in Chinese figures", "中华人民共和国主席令第四十三号", "中华人民共和国主席令第43号"},
		{"an order with its number first", "民政部第39号令", "民政部令第39号"},
		{"a public notice of a year", "民政部公告2018年第5号", "民政部公告2018年第5号"},
		{"a proposal is none", "全国政协第2741号提案", ""},
		{"a street is none", "示例路201512号", ""},
		{"a year in brackets before a meeting", "（2015年）第3次会议", ""},
		{"a telephone is none", "电话（2018）1234号", ""},
	} {
		got := ""
		for _, r := range refsOf(t, c.text+"文件收悉。") {
			got += strings.TrimSpace(strings.TrimPrefix(r, "cites"))
		}
		if got != c.want {
			t.Errorf("%s: %q: got %q, want %q", c.why, c.text, got, c.want)
		}
	}
}
