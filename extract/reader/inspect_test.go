package reader

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"

	"tuogou/corpus"
)

// problems writes the problems of a text as "id=words", one a line.
func problems(x *corpus.Text) string {
	var out []string
	for _, p := range x.Problems {
		out = append(out, p.ID+"="+p.Span.In(x.Body))
	}
	return strings.Join(out, "\n")
}

func TestRedecode(t *testing.T) {
	const words = "示例市关于脱钩的通知，2018年底前完成。"
	latin := func(b []byte) string {
		s, err := charmap.ISO8859_1.NewDecoder().Bytes(b)
		if err != nil {
			t.Fatal(err)
		}
		return string(s)
	}
	western := func(b []byte) string {
		var out []rune
		for _, c := range b {
			if r := charmap.Windows1252.DecodeByte(c); r != '\ufffd' {
				out = append(out, r)
			} else {
				out = append(out, rune(c))
			}
		}
		return string(out)
	}
	gb, err := simplifiedchinese.GBK.NewEncoder().String("示例市关于脱钩的通知，完成。")
	if err != nil {
		t.Fatal(err)
	}
	asGBK, err := simplifiedchinese.GBK.NewDecoder().String("关于行业首页")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, in, want string }{
		{"UTF-8 read as ISO 8859-1", latin([]byte(words)), words},
		{"UTF-8 read as Windows-1252", western([]byte(words)), words},
		{"GBK read as ISO 8859-1", latin([]byte(gb)), "示例市关于脱钩的通知，完成。"},
		{"UTF-8 read as GBK, whole", asGBK, "关于行业首页"},
		{"French stays", "Le résumé de l'été à Genève où déjà naïf", "Le résumé de l'été à Genève où déjà naïf"},
		{"Chinese with quotes stays", "“五分离”……——“五规范”", "“五分离”……——“五规范”"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			x := read(t, newReader(t), Input{Data: []byte(tt.in), Name: "a.txt"})
			if x.Body != tt.want {
				t.Fatalf("%q, want %q (%s)", x.Body, tt.want, noise(x))
			}
			// All of the source is claimed by the characters, in order.
			all := x.Map.Source(corpus.Span{Start: 0, End: len(x.Body)})
			if len(all) != 1 || all[0] != (corpus.Span{Start: 0, End: len(tt.in)}) {
				t.Errorf("the body comes from %v of %d bytes", all, len(tt.in))
			}
		})
	}
}

func TestDamage(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"characters lost before", "通知\ufffd\ufffd正文\ufffd。", "lost_characters=\ufffd\ufffd\nlost_characters=\ufffd"},
		{"U+FFFD read as GBK", "通知锟斤拷正文", "mojibake=锟斤拷"},
		{"GBK shifted by a byte", "关于?吨泄仓醒腙P于", "mojibake=吨泄仓醒\nmojibake=腙P"},
		{"UTF-8 read as GBK with bytes lost", "标题：鍏充簬鏈烘瀯鍒嗙？鐨勯€氱煡。", "mojibake=鍏充簬鏈烘瀯鍒嗙？鐨勯€氱煡"},
		{"one rare character is a name", "由李鍦负责。", ""},
		{"accented letters are words", "Café résumé，法国。", ""},
		{"blotted out", "近日，行政机关**批脱钩试点，一边积*配合。", "starred=**\nstarred=*"},
		{"blotted out at the start of a quotation", "称“**批脱钩试点”。", "starred=**"},
		{"bold type", "要**高度重视**脱钩工作。\n**工作要求**\n各部门", ""},
		{"lists, notes, telephones, formulas", "* 项目\n*注：略\n电话138****0000\n得分=权重*分值", ""},
		{"a text whose words were swapped", "推进行业协会商会改良，行政构造与协会疏散，人员打点由区民政局卖力，来岁底前完成。", "spun=改良"},
		{"two such words in their own sense", "险情发生时疏散群众，打点行装，有序撤离。", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			x := read(t, newReader(t), Input{Data: []byte(tt.in), Name: "a.txt"})
			if got := problems(x); got != tt.want {
				t.Errorf("%s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestEndOfText(t *testing.T) {
	text := "示例市关于脱钩的方案\n" + strings.Repeat("各业务主管单位应当为每一家示例协会制定方案，报示例工作组批准后实施。\n", 5)
	tests := []struct{ name, end, why string }{
		{"a full stop", "本方案自印发之日起施行。", ""},
		{"signature and date", "示例市人民政府办公室\n2031年3月12日", ""},
		{"two signatures side by side", "示例市民政局 示例市财政局\n二〇三一年三月十二日", ""},
		{"a list of attachments", "附件：1.示例名单\n2.脱钩方案示范文本样式", ""},
		{"contacts", "联系人：示例，联系电话：00000000", ""},
		{"copies and printing", "抄送：市委各部门，市人大常委会办公室\n示例市民政局办公室2031年3月12日印发", ""},
		{"a note in brackets", "（此件公开发布）", ""},
		{"a quotation", "他说：“要把改革进行到底。”", ""},
		{"the button of a site", "完成。\n打印本页 关闭窗口 |", ""},
		{"a list of headings", "一、示例协会\n二、示例商会\n三、示例联合会", ""},
		{"within a sentence", "各区县要按照本方案的要求，认真组织实施，确保脱钩工作平稳有序推进，及时研究解决工作", "mid_sentence"},
		{"within a word", "各区县要加强领导，明确分工，确保脱钩工作平", "mid_sentence"},
		{"organs of a list of copies", "示例市委各部门，市人大常委会办公室，市政协办公室", ""},
		{"a line of names", "主持人：张示例，李示例，王示例", ""},
		{"after a comma", "各区县要按照本方案的要求，", "mid_sentence"},
		{"within a bracket", "以下简称（", "mid_sentence"},
		{"shortly behind a stop", "（三）职能分离。剥离示例职能", "mid_sentence"},
		{"a signature behind a stop", "请认真落实。示例市民政局", ""},
		{"a short line under a heading", "（三）职能分离，规范示例关系\n取消", "mid_sentence"},
		{"two headings and a list", "（三）职能分离，规范示例关系\n由示例市民政局负责。", ""},
		{"with a number alone", "完成。\n（三）", "heading_without_text"},
		{"with words of courtesy", "请结合实际，认真贯彻执行，工作中遇到的问题请及时向示例工作组办公室反映\n特此通知", ""},
		{"on the next page of a journal", "完成。\n（下转第3版）", "preview"},
		{"with an ellipsis", "各区县要结合实际……", "ellipsis"},
		{"with a heading", "（三）各行业协会商会工作职责", "heading_without_text"},
		{"a preview of a document site", "完成。\n试读结束，登录后查看全文", "preview"},
		{"a preview in brackets", "完成。\n（试读部分结束，下载全文查看）", "preview"},
		{"to be continued", "完成。（未完待续）", "preview"},
		{"phases that never come", "分三个阶段进行。\n第一阶段：准备阶段。各单位摸底。", "phases_missing"},
		{"phases that all come", "分两个阶段进行。\n第一阶段：准备阶段。摸底。\n第二阶段：实施阶段。完成。", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			x := read(t, newReader(t), Input{Data: []byte(text + tt.end), Name: "a.txt"})
			why, _, _ := strings.Cut(x.Why, ":")
			if why != tt.why || x.Truncated != (tt.why != "") {
				t.Errorf("truncated %v, %q, want %q", x.Truncated, x.Why, tt.why)
			}
			if got := strings.HasPrefix(problems(x), "truncated="); got != x.Truncated {
				t.Errorf("problems %q", problems(x))
			}
		})
	}
}

func TestBodyInAttachment(t *testing.T) {
	x := read(t, newReader(t), Input{Data: []byte("示例市关于脱钩的通知\n全文详见附件。"), Name: "a.txt"})
	if !x.Truncated || problems(x) != "body_in_attachment=全文详见附件。" {
		t.Errorf("%v %s", x.Truncated, problems(x))
	}
}
