package extract_test

import (
	"strings"
	"testing"

	"tuogou/corpus"
	"tuogou/extract"
	"tuogou/extract/reader"
	"tuogou/rules"
)

// headOf tells what the head of a record says: title; number; day of signing; issuers.
func headOf(r *corpus.Record) string {
	out := []string{r.Title, "", "", ""}
	if r.DocNumber != nil {
		out[1] = r.DocNumber.Normal
	}
	if r.Dates.Signed != nil {
		out[2] = r.Dates.Signed.Date
	}
	var names []string
	for _, i := range r.Issuers {
		names = append(names, i.Name)
	}
	out[3] = strings.Join(names, "、")
	return strings.Join(out, "; ")
}

// Copies of documents lose line ends and labels in ways of their own. What stands at
// their head must be found all the same, and the document's own number is no reference.
func TestHeadsOfCopies(t *testing.T) {
	set, err := rules.Load(rules.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	const (
		title  = "市民政局关于做好示例协会脱钩工作的通知"
		number = "示民发〔2018〕12号"
		body   = "各业务主管单位要清理合署办公的协会，按规定程序办理变更登记，做到事项不漏、资产不失。"
	)
	want := title + "; " + number + "; 2018-08-09; 市民政局"
	for _, c := range []struct{ why, text, want string }{
		{"one line, indents left between the paragraphs",
			title + number + "各县人民政府、市直各部门、各直属单位：　　" + body + "　　" + body + "　　市民政局　　2018年8月9日　　（此件公开发布）", want},
		{"one line, blanks about the number too", title + "　　" + number + "　　各县人民政府、市直各部门：　　" + body + "　　市民政局　　2018年8月9日", want},
		{"who signed it off beside the number", "市民政局文件\n" + number + "　　　签发人：甲某\n" + title + "\n各县人民政府：\n" + body + "\n市民政局\n2018年8月9日", want},
		{"one line, nothing left",
			title + number + "各县人民政府、市直各部门、各直属单位：" + body + "市民政局2018年8月9日（此件公开发布）", want},
		{"a signature within the line, the plan behind it",
			title + " 各县人民政府，市直各部门： 现将《示例方案》印发给你们。 市民政局 2018年8月9日 示例方案 " + body, title + "; ; 2018-08-09; 市民政局"},
		{"a number before the title", number + " " + title + "\n各县人民政府：\n" + body + "\n市民政局\n2018年8月9日", want},
		{"a number before the title in book marks", number + "《" + title + "》\n各县人民政府：\n" + body + "\n市民政局\n2018年8月9日", want},
		{"a number behind the title", title + " " + number + "\n各县人民政府：\n" + body + "\n市民政局\n2018年8月9日", want},
		{"the date glued to the number, signers on lines of their own",
			"关于做好示例协会脱钩工作的通知\n2018年8月9日" + number + "\n各县人民政府：\n" + body + "\n市民政局\n市财政局",
			"关于做好示例协会脱钩工作的通知; " + number + "; 2018-08-09; 市民政局、市财政局"},
		{"offices that sign for their organs", title + "\n各县人民政府：\n" + body + "\n省民政厅办公室\n省财政厅办公室\n2018年8月9日", title + "; ; 2018-08-09; 市民政局"},
		{"offices that sign under no title", "关于做好示例协会脱钩工作的通知\n各县人民政府：\n" + body + "\n省民政厅办公室\n省财政厅办公室\n2018年8月9日", "关于做好示例协会脱钩工作的通知; ; 2018-08-09; 省民政厅办公室、省财政厅办公室"},
		{"labels in black brackets", "文件属性\n●【制定机关】市民政局\n●【公布日期】2018.08.09\n●【字　号】" + number + "\n●【效力级别】规范性文件\n正文\n" + title + "\n各县人民政府：\n" + body, want},
		{"a database of laws", "【法规名称】" + title + "\n【发布部门】市民政局\n【发布文号】" + number + "\n【发布日期】2018-08-09\n【生效日期】2018-08-09\n" + title + "\n各县人民政府：\n" + body, want},
		{"labels and values by turns", "索 引 号\n990102331/2018-00041\n发文机关\n市民政局\n成文日期\n2018-08-09\n文 号\n" + number + "\n主 题 词\n" + title + "\n各县人民政府：\n" + body, want},
		{"the name of the portal behind the title", title + "-示例市人民政府门户网站\n" + number + "\n各县人民政府：\n" + body + "\n市民政局\n2018年8月9日", want},
		{"what another document is called stays a reference", title + "\n根据省民政厅关于示例工作的意见省民发〔2017〕5号要求，现就有关事项通知如下：\n" + body + "\n市民政局\n2018年8月9日",
			title + "; ; 2018-08-09; 市民政局"},
		{"a day on which something was done signs nothing", title + "\n" + body + "市民政局 2018年8月9日 召开了会议，作出了部署。", title + "; ; ; 市民政局"},
	} {
		x, err := reader.New(set.Page).Read(reader.Input{Data: []byte(c.text), Name: "a.txt"})
		if err != nil {
			t.Fatalf("%s: %v", c.why, err)
		}
		rec := newExtractor(t).Extract(corpus.Source{}, x, extract.Options{})
		if err := rec.Check(); err != nil {
			t.Errorf("%s: %v", c.why, err)
		}
		if got := headOf(rec); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.why, got, c.want)
		}
		for _, ref := range rec.References {
			if ref.DocNumber != nil && ref.DocNumber.Normal == number {
				t.Errorf("%s: the document's own number is a reference", c.why)
			}
		}
	}
}
