package reader

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/longbridgeapp/opencc"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"

	"tuogou/corpus"
	"tuogou/corpus/corpustest"
	"tuogou/rules"
)

func newReader(t testing.TB) *Reader {
	t.Helper()
	page, err := rules.LoadPage(os.DirFS(filepath.Join(corpustest.Root(t), "rules")))
	if err != nil {
		t.Fatal(err)
	}
	return New(page)
}

func read(t testing.TB, r *Reader, in Input) *corpus.Text {
	t.Helper()
	x, err := r.Read(in)
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Check(); err != nil {
		t.Fatal(err)
	}
	return x
}

// show writes the blocks of a text one a line, as the tables of the tests do.
func show(x *corpus.Text) string {
	var out []string
	for _, b := range x.Blocks {
		s := string(b.Kind)
		switch {
		case b.Kind == corpus.BlockMeta:
			s += " " + string(b.Field) + "=" + b.Value.In(x.Body)
		case b.Table > 0:
			s += fmt.Sprintf(" %d/%d/%d %s", b.Table, b.Row, b.Col, b.Span.In(x.Body))
		default:
			s += " " + b.Span.In(x.Body)
		}
		out = append(out, strings.ReplaceAll(s, "\n", "⏎"))
	}
	return strings.Join(out, "\n")
}

func noise(x *corpus.Text) string {
	var out []string
	for _, n := range x.Noise {
		out = append(out, fmt.Sprintf("%s=%d", n.ID, n.Count))
	}
	return strings.Join(out, " ")
}

func values(x *corpus.Text, f corpus.Field) []string {
	var out []string
	for _, b := range x.Blocks {
		if b.Kind == corpus.BlockMeta && b.Field == f {
			out = append(out, b.Value.In(x.Body))
		}
	}
	return out
}

func packed(t *testing.T, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestErrors(t *testing.T) {
	r := newReader(t)
	noise := make([]byte, 1000)
	for i := range noise {
		noise[i] = byte(i % 7)
	}
	tests := []struct {
		name string
		data []byte
		id   string
	}{
		{"nothing", nil, "empty"},
		{"blanks only", []byte(" \n\t\n"), "empty"},
		{"full-width blanks only", []byte("\u3000\u3000\n\u3000"), "empty"},
		{"NUL only", make([]byte, 100), "empty"},
		{"a page without words", []byte("<html><body><div></div></body></html>"), "empty"},
		{"control bytes", noise, "binary"},
		{"PDF", []byte("%PDF-1.4 …"), "unsupported"},
		{"DOC by its magic bytes, whatever its name", []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), "unsupported"},
		{"ZIP", []byte("PK\x03\x04rest"), "unsupported"},
		{"PDF packed with gzip", packed(t, []byte("%PDF-1.4")), "unsupported"},
		{"an image", []byte("\x89PNG\r\n\x1a\n"), "unsupported"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := r.Read(Input{Data: tt.data, Name: "plan.txt"})
			var e *Error
			if !errors.As(err, &e) || e.ID != tt.id || e.Error() == "" {
				t.Fatalf("error %v, want id %s", err, tt.id)
			}
		})
	}
	_, err := r.Read(Input{Data: []byte("%PDF-1.4")})
	if err == nil || !strings.Contains(err.Error(), "cannot read PDF:") {
		t.Errorf("error %v does not name the type", err)
	}
}

func TestMediaType(t *testing.T) {
	r := newReader(t)
	tests := []struct{ name, data, file, sent, want string }{
		{"content tells HTML", "<html><p>关于试点的通知</p>", "a.txt", "text/plain", "text/html"},
		{"bare angles in a text are no tags", "关于转发《示例省〈实施意见〉<试行>的通知》的通知", "a.txt", "", "text/plain"},
		{"the name tells HTML where the content has tags", "<b>通知</b>正文", "a.shtml", "", "text/html"},
		{"the server tells HTML", "<b>通知</b>正文", "", "text/html; charset=utf-8", "text/html"},
		{"a name alone makes no page", "通知正文", "a.html", "", "text/plain"},
		{"gzip unasked", string(packed(t, []byte("<html><p>通知</p>"))), "", "", "text/html"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			x := read(t, r, Input{Data: []byte(tt.data), Name: tt.file, Type: tt.sent})
			if x.MediaType != tt.want {
				t.Errorf("media type %s, want %s", x.MediaType, tt.want)
			}
		})
	}
}

func TestCharset(t *testing.T) {
	r := newReader(t)
	const words = "示例市〔2031〕5号通知，㐂㑇镕"
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(words)
	if err != nil {
		t.Fatal(err)
	}
	le, _ := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(words)
	be, _ := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String(words)
	big5, _ := traditionalchinese.Big5.NewEncoder().String("關於行業協會的通知")
	tests := []struct{ name, data, sent, charset, want string }{
		{"UTF-8", words, "", "utf-8", words},
		{"a byte-order mark is no text", "\ufeff" + words, "", "utf-8", words},
		{"valid UTF-8 that calls itself gbk", words, "text/plain; charset=gbk", "utf-8", words},
		{"GB18030 that calls itself UTF-8", gb, "text/plain; charset=utf-8", "gb18030", words},
		{"gb2312 is read as GB18030, for 〔〕 and rare characters", gb, "text/plain; charset=gb2312", "gb18030", words},
		{"GB18030 that says nothing", gb, "", "gb18030", words},
		{"the server's Western default is not a fact", gb, "text/plain; charset=iso-8859-1", "gb18030", words},
		{"UTF-16, little end first", le, "", "utf-16le", words},
		{"UTF-16, big end first", be, "", "utf-16be", words},
		{"Big5 only where declared", big5, "text/plain; charset=big5", "big5", "关于行业协会的通知"},
		{"UTF-8 cut within a character", words[:len(words)-1], "", "utf-8", "示例市〔2031〕5号通知，㐂㑇\ufffd\ufffd"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			x := read(t, r, Input{Data: []byte(tt.data), Type: tt.sent})
			if x.Charset != tt.charset || x.Body != tt.want {
				t.Errorf("%s %q, want %s %q", x.Charset, x.Body, tt.charset, tt.want)
			}
		})
	}
}

func TestCharsetOfPage(t *testing.T) {
	r := newReader(t)
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(`<html><head><meta charset="gb2312"></head><body><p>示例市的通知。</p></body></html>`)
	if err != nil {
		t.Fatal(err)
	}
	x := read(t, r, Input{Data: []byte(gb)})
	if x.Charset != "gb18030" || x.Body != "示例市的通知。" {
		t.Fatalf("%s %q", x.Charset, x.Body)
	}
	from := x.Map.Source(corpus.Span{Start: 0, End: len("示例市")})
	if len(from) != 1 || from[0].Len() != 6 || from[0].Start != strings.Index(gb, "<p>")+3 {
		t.Errorf("示例市 comes from %v", from)
	}
}

func TestNoise(t *testing.T) {
	r := newReader(t)
	tests := []struct{ name, in, want, noise string }{
		{"NUL", "通\x00知\x00正文", "通知正文", "nul=2"},
		{"control characters", "通\x01知\x7f正文", "通知正文", "control=2"},
		{"zero width", "通\u200b知\ufeff正文", "通知正文", "zero_width=2"},
		{"bytes that are no UTF-8 within much that is", "示例市民政局的通知\xff正文", "示例市民政局的通知\ufffd正文", "invalid_utf8=1"},
		{"readings, also with a blank", "行业(yè)协会(huì )商会脱钩", "行业协会商会脱钩", "pinyin=2"},
		{"a reading of two syllables, full-width brackets", "改革（gǎi gé）试点", "改革试点", "pinyin=1"},
		{"syllables without a mark beside marked ones", "业(yè)会(huì)关(guān)的(de)事", "业会关的事", "pinyin=4"},
		{"brackets that hold no reading", "方案(A)和群(qq)和办法(试行)和世贸(WTO)和的(de)", "方案(A)和群(qq)和办法(试行)和世贸(WTO)和的(de)", ""},
		{"a reading needs a Chinese character before it", "A(yè)", "A(yè)", ""},
		{"traditional script", "關於行業協會與行政機關脫鈎的總體方案", "关于行业协会与行政机关脱钩的总体方案", "traditional=12"},
		{"one old character in a name", "由张國强负责，各部门配合，按照方案执行并按时完成全部工作任务", "由张國强负责，各部门配合，按照方案执行并按时完成全部工作任务", ""},
		{"a text that was decoded wrongly before", "通知锟斤拷正文\ufffd", "通知锟斤拷正文\ufffd", "mojibake=1 replaced=1"},
		{"starred-out words stay", "首**批脱钩试点，积*配合", "首**批脱钩试点，积*配合", "starred=2"},
		{"full-width figures and letters, marks stay", "２０３１年５月，ＡＢ：１．５％", "2031年5月，AB：1．5％", "width=9"},
		{"blanks of any kind", "甲\u3000乙\u00a0丙", "甲 乙 丙", ""},
		{"circles in a year", "二○○八年九月", "二〇〇八年九月", "zero=2"},
		{"a full-width letter in a year", "二Ｏ一八年", "二〇一八年", "width=1 zero=1"},
		{"letters among figures", "由6O或3O个工作日，2O18年", "由60或30个工作日，2018年", "letter_digit=3"},
		{"a letter-spaced name and date", "示 例 市 财 政 局 于 2 0 1 8 年 8 月", "示例市财政局于2018年8月", "spaced=13"},
		{"figures and words of a table stay apart", "2018 2019 12 35 Total amount 5", "2018 2019 12 35 Total amount 5", ""},
		{"a word broken by a line end", "清理公务员在行业协 会商会任职", "清理公务员在行业协会商会任职", "broken_word=1"},
		{"marks written twice", "三,、工作措施。要认真负责,,抓好落实。。", "三、工作措施。要认真负责,抓好落实。", "doubled=3"},
		{"a comma before every other mark", "取得成效,。2016年6月,、2017年1月开展,,完成", "取得成效。2016年6月、2017年1月开展,完成", "doubled=3"},
		{"an odd mark between two dates may be anything", "（2018年8月?2018年9月中下旬）", "（2018年8月?2018年9月中下旬）", ""},
		{"a traditional headline over a simplified text", "關於行業協會與行政機關脫鈎的方案\n" + "由张國强负责。" + strings.Repeat("各部门要按照方案执行并按时完成任务。", 20),
			"关于行业协会与行政机关脱钩的方案\n" + "由张國强负责。" + strings.Repeat("各部门要按照方案执行并按时完成任务。", 20), "traditional=10"},
		{"the particle of Taiwan, and 著 in 著名", "隨著行業協會與行政機關脫鉤，著名協會", "随着行业协会与行政机关脱钩，著名协会", "traditional=12"},
		{"words of Taiwan", "透過網際網路最佳化程式，支援協會發展", "通过互联网优化程序，支持协会发展", "traditional=12"},
		{"machine-made mixtures", "后綴、范圍、乾部、批覆、計畫、裡、裏、於", "后缀、范围、干部、批复、计划、里、里、于", "traditional=9"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			x := read(t, r, Input{Data: []byte(tt.in)})
			if x.Body != tt.want || noise(x) != tt.noise {
				t.Errorf("%q noise %q\nwant %q noise %q", x.Body, noise(x), tt.want, tt.noise)
			}
		})
	}
}

// Every character of the list that decides on the script must be one that the
// conversion changes, or a simplified text could count as traditional.
func TestTraditionalList(t *testing.T) {
	cc, err := opencc.New("t2s")
	if err != nil {
		t.Fatal(err)
	}
	for c := range newReader(t).page.Noise.Traditional {
		if out, err := cc.Convert(string(c)); err != nil || out == string(c) {
			t.Errorf("%c stays %s (%v)", c, out, err)
		}
	}
}

func TestPlain(t *testing.T) {
	r := newReader(t)
	const clause = "示例市各业务主管单位应当在年底前为每一家示例协会制定方案，报示例工作组批准后实施。"
	tests := []struct{ name, in, want string }{
		{"line ends of all systems", "第一行\r\n第二行\r第三行\n\n第四行",
			"para 第一行\npara 第二行\npara 第三行\npara 第四行"},
		{"blanks at both ends, full-width too", "　　示例市关于脱钩的通知　\n  各区人民政府：", "title 示例市关于脱钩的通知\npara 各区人民政府："},
		{"a line of labels under the headline", "示例区关于脱钩的通知\n索引码:99010000  文件文名:示政发〔2031〕50号  生成日期:2031-08-15\n各部门:",
			"title 示例区关于脱钩的通知\nmeta index_no=99010000\nmeta doc_no=示政发〔2031〕50号\nmeta signed=2031-08-15\npara 各部门:"},
		{"blanks within labels", "示例区关于脱钩的通知\n索 引 号：99/2031　文　号：示政发〔2031〕50号\n" + clause,
			"title 示例区关于脱钩的通知\nmeta index_no=99/2031\nmeta doc_no=示政发〔2031〕50号\npara " + clause},
		{"author, time and source", "示例市启动试点\n作者:示例网 时间:2031-02-11 来源:示例日报\n" + clause,
			"title 示例市启动试点\noutside 作者:示例网\nmeta posted=2031-02-11\nmeta source=示例日报\npara " + clause},
		{"one label with a date, furniture after it", "示例市脱钩方案\n发表于:2031-11-22 关注  示例市民政局\n" + clause,
			"title 示例市脱钩方案\nmeta posted=2031-11-22\noutside 关注  示例市民政局\npara " + clause},
		{"a breadcrumb that ends in the headline", "当前位置: 首页 > 关于脱钩的通知\n示例市关于脱钩的通知\n" + clause,
			"meta column=首页 > 关于脱钩的通知\ntitle 示例市关于脱钩的通知\npara " + clause},
		{"a page date without a label", "示例总结\n2031-03-13 总结\n" + clause, "title 示例总结\nmeta posted=2031-03-13\noutside 总结\npara " + clause},
		{"the date of a document is not the page's", "示例市关于脱钩的意见\n2031年3月13日\n" + clause,
			"title 示例市关于脱钩的意见\npara 2031年3月13日\npara " + clause},
		{"a label within the text is text", "示例市关于脱钩的通知\n" + clause + "\n来源：会费。发文字号：无",
			"title 示例市关于脱钩的通知\npara " + clause + "\npara 来源：会费。发文字号：无"},
		{"one weak label is not enough", "示例市关于脱钩的通知\n名称：示例市示例协会\n" + clause,
			"title 示例市关于脱钩的通知\npara 名称：示例市示例协会\npara " + clause},
		{"the size of the type is no document number", "示例市关于脱钩的通知\n发布日期：2031-01-02 字号：大 中 小\n" + clause,
			"title 示例市关于脱钩的通知\nmeta posted=2031-01-02\noutside 字号：大 中 小\npara " + clause},
		{"a headline under the issuer's name is one", "示例市人民政府办公室\n关于印发《示例方案》的通知\n" + clause,
			"title 示例市人民政府办公室关于印发《示例方案》的通知\npara " + clause},
		{"a headline broken in the middle", "示例市人民政府关于做好当前一个时期\n脱钩工作的若干意见\n" + clause,
			"title 示例市人民政府关于做好当前一个时期脱钩工作的若干意见\npara " + clause},
		{"the site's name above the headline", "示例市人民政府门户网站\n示例市启动脱钩试点\n" + clause,
			"para 示例市人民政府门户网站\ntitle 示例市启动脱钩试点\npara " + clause},
		{"number and head of the organ are no headline", "示例市人民政府文件\n示政发〔2031〕5号\n示例市人民政府关于脱钩的通知\n" + clause,
			"para 示例市人民政府文件\npara 示政发〔2031〕5号\ntitle 示例市人民政府关于脱钩的通知\npara " + clause},
		{"buttons and residue of a table", "示例市脱钩工作\n|\n||||||\n" + clause + "\n打印本页 关闭窗口 |",
			"title 示例市脱钩工作\noutside |\noutside ||||||\npara " + clause + "\noutside 打印本页 关闭窗口 |"},
		{"related links to the end", "示例市脱钩工作\n" + clause + "\n相关文章:\n示例章程09-12\n示例总结05-23",
			"title 示例市脱钩工作\npara " + clause + "\noutside 相关文章:\noutside 示例章程09-12\noutside 示例总结05-23"},
		{"a cue with text after it ends nothing", "示例市脱钩工作\n相关链接：\n一、总体要求\n" + clause,
			"title 示例市脱钩工作\noutside 相关链接：\npara 一、总体要求\npara " + clause},
		{"paragraphs that only their indent parts", "示例市脱钩工作\n各县人民政府、市直各部门：　　" + clause + "　　一、总体要求　　" + clause + "　　示例市　　2031年8月9日　　（此件公开发布）",
			"title 示例市脱钩工作\npara 各县人民政府、市直各部门：\npara " + clause + "\npara 一、总体要求\npara " + clause + "\npara 示例市\npara 2031年8月9日\npara （此件公开发布）"},
		{"blanks within a line of names and labels", "示例市脱钩工作\n联系电话：　　00000000\n甲某（组长）　　乙某（副组长）\n组织实施。　　（责任单位：示例市民政局）",
			"title 示例市脱钩工作\npara 联系电话：  00000000\npara 甲某（组长）  乙某（副组长）\npara 组织实施。  （责任单位：示例市民政局）"},
		{"a date broken over lines", "示例市脱钩工作\n必须在\n2031年\n7月\n20日\n前由协会提出\n2031年\n示例市民政局\n2031年\n8月9日\n前期工作。",
			"title 示例市脱钩工作\npara 必须在2031年7月20日前由协会提出\npara 2031年\npara 示例市民政局\npara 2031年8月9日\npara 前期工作。"},
		{"labels in black brackets", "示例市脱钩工作\n∙【制定机关】示例市人民政府\n∙【公布日期】2031.01.17\n∙【字 号】示政办〔2031〕1号\n∙【效力等级】规范性文件\n" + clause + "\n【来源】会费。",
			"title 示例市脱钩工作\noutside ∙\nmeta issuer=示例市人民政府\noutside ∙\nmeta signed=2031.01.17\noutside ∙\nmeta doc_no=示政办〔2031〕1号\npara ∙【效力等级】规范性文件\npara " + clause + "\npara 【来源】会费。"},
		{"labels and values by turns", "2031-01-03 15:31:04 529\n索 引 号\n99000185-5/2031-00409\n主题分类\n规范性文件\n发布日期\n2031-01-03\n主 题 词\n文 号\n示例市关于脱钩的通知\n" + clause,
			"meta posted=2031-01-03 15:31:04\noutside 529\noutside 索引号\nmeta index_no=99000185-5/2031-00409\noutside 主题分类\nmeta theme=规范性文件\noutside 发布日期\nmeta posted=2031-01-03\noutside 主题词\noutside 文 号\ntitle 示例市关于脱钩的通知\npara " + clause},
		{"one label on a line of its own is none", "示例市脱钩工作\n发布日期\n2031-01-03\n" + clause, "title 示例市脱钩工作\npara 发布日期\nmeta posted=2031-01-03\npara " + clause},
		{"the portal behind the headline", "示例市关于脱钩的通知-示例市人民政府门户网站\n" + clause, "title 示例市关于脱钩的通知\noutside -示例市人民政府门户网站\npara " + clause},
		{"a table as lines", "示例市脱钩工作\n序 号 重 点 任 务 牵头单位 完成时限\n1 开展 摸底 示例市民政局 9月底\n2.清查资产 示例市财政局 10月底\n续行\n3 变更登记 示例市民政局 12月\n" + clause,
			"title 示例市脱钩工作\ncell 1/1/1 序号\ncell 1/1/2 重点任务\ncell 1/1/3 牵头单位\ncell 1/1/4 完成时限\n" +
				"cell 1/2/1 1\ncell 1/2/2 开展 摸底\ncell 1/2/3 示例市民政局\ncell 1/2/4 9月底\n" +
				"cell 1/3/1 2\ncell 1/3/2 清查资产\ncell 1/3/3 示例市财政局\ncell 1/3/4 10月底\npara 续行\n" +
				"cell 1/4/1 3\ncell 1/4/2 变更登记\ncell 1/4/3 示例市民政局\ncell 1/4/4 12月\npara " + clause},
		{"a table with bars", "示例市脱钩工作\n| 任务 | 责任单位 |\n| 开展 摸底 | 示例市民政局 |\n| 清查资产 | 示例市财政局 |",
			"title 示例市脱钩工作\ncell 1/1/1 任务\ncell 1/1/2 责任单位\ncell 1/2/1 开展 摸底\ncell 1/2/2 示例市民政局\ncell 1/3/1 清查资产\ncell 1/3/2 示例市财政局"},
		{"a table that is drawn", "示例市脱钩工作\n┌───┬────┬───┐\n│任 务│责任单│时限│\n│  │位  │  │\n├───┼────┼───┤\n│清查资│示例市财│年内完│\n├───┤政局 │成  │\n│清退 ├────┤  │\n│  │示例市编办│ │\n└───┴────┴───┘\n" + clause,
			"title 示例市脱钩工作\ncell 1/1/1 任 务\ncell 1/1/2 责任单位\ncell 1/1/3 时限\ncell 1/2/1 清查资\ncell 1/2/2 示例市财政局\ncell 1/2/3 年内完成\ncell 1/3/1 清退\ncell 1/4/2 示例市编办\npara " + clause},
		{"a frame with other columns on each line stays as it is", "示例市脱钩工作\n┌───┬────┐\n│任务│\n└───┴────┘", "title 示例市脱钩工作\npara ┌───┬────┐\npara │任务│\npara └───┴────┘"},
		{"one row is no table, nor is a list", "示例市脱钩工作\n序号 任务 责任单位\n1 开展摸底 示例市民政局\n任务 责任单位\n各责任单位要高度重视 认真落实\n认真组织实施 责任到人。",
			"title 示例市脱钩工作\npara 序号 任务 责任单位\npara 1 开展摸底 示例市民政局\npara 任务 责任单位\npara 各责任单位要高度重视 认真落实\npara 认真组织实施 责任到人。"},
		{"a footer", "示例市脱钩工作\n" + clause + "\n版权所有：示例市人民政府  示ICP备00000000号\n地址：示例路1号",
			"title 示例市脱钩工作\npara " + clause + "\noutside 版权所有：示例市人民政府  示ICP备00000000号\noutside 地址：示例路1号"},
		{"contact lines at the end are text", "示例市脱钩工作\n" + clause + "\n联系电话: 00000000  联系人:甲",
			"title 示例市脱钩工作\npara " + clause + "\npara 联系电话: 00000000  联系人:甲"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			x := read(t, r, Input{Data: []byte(tt.in), Name: "a.txt"})
			if diff := cmp.Diff(tt.want, show(x)); diff != "" {
				t.Errorf("blocks (-want +got):\n%s", diff)
			}
		})
	}
}

func TestConcurrentUse(t *testing.T) {
	r := newReader(t)
	gb, _ := simplifiedchinese.GB18030.NewEncoder().String("關於行業協會與行政機關脫鈎的總體方案")
	var wg sync.WaitGroup
	for range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			x, err := r.Read(Input{Data: []byte(gb)})
			if err != nil || x.Body != "关于行业协会与行政机关脱钩的总体方案" {
				t.Errorf("%v %v", x, err)
			}
		}()
	}
	wg.Wait()
}

// A heading as wide as the widest line is no line that was cut at the margin.
func TestFullHeadingsStayAlone(t *testing.T) {
	for _, in := range []string{
		"示例县行业协会商会与行政机关脱钩方案\n\n（二）职能分离，规范行政委托和职责分工关系\n剥离行政职能。\n（五）党建、外事等事项分离，规范管理关系\n党组织关系移交。\n由示例县民政局督办，2017年3月底前上报名单。\n",
		"示例縣行業協會商會與行政機關脫鉤方案\n\n（二）職能分離，規範行政委托和職責分工關係\n剥離行政職能。\n（五）黨建、外事等事項分離，規範管理關係\n黨組織關係移交。\n由示例縣民政局督辦，2017年3月底前上報名單。\n",
	} {
		x := read(t, newReader(t), Input{Data: []byte(in), Name: "a.txt"})
		if !strings.Contains(x.Body, "关系\n剥离") || !strings.Contains(x.Body, "关系\n党组织") {
			t.Errorf("a heading is joined with its text:\n%s", x.Body)
		}
	}
}
