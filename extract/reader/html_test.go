package reader

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tuogou/corpus"
)

const sentence = "示例市各业务主管单位应当在年底前为每一家示例协会制定方案，报示例工作组批准后实施。"

func page(body string) string {
	return "<!DOCTYPE html><html><head></head><body>" + body + "</body></html>"
}

func TestHTMLText(t *testing.T) {
	r := newReader(t)
	tests := []struct{ name, in, want string }{
		{"paragraphs, entities and hard blanks", `<div id="zoom"><p>&nbsp;&nbsp;一、总&nbsp;则</p><p>甲&amp;乙&#12289;丙&#x3002;</p></div>`,
			"para 一、总 则\npara 甲&乙、丙。"},
		{"br ends a paragraph", `<div id="zoom">一、甲<br>二、乙<br/><br/>三、丙</div>`, "para 一、甲\npara 二、乙\npara 三、丙"},
		{"the source is wrapped within a sentence", "<div id=zoom><p>各业务\n   主管单位 ABC\n DEF</p></div>", "para 各业务主管单位 ABC DEF"},
		{"inline elements do not part words", `<div id="zoom"><p><b>第一</b><span>条</span> <font>本办法</font></p></div>`, "para 第一条 本办法"},
		{"lists", `<div id="zoom"><ul><li>甲单位</li><li>乙单位</li></ul></div>`, "para 甲单位\npara 乙单位"},
		{"script, style and comments", `<div id="zoom"><style>.a{}</style><script>var a="<p>假</p>";</script><!-- 假 --><p>真的正文</p></div>`, "para 真的正文"},
		{"Word remnants", `<div id="zoom"><p>正文<o:p></o:p></p><!--[if gte mso 9]><xml><w:a>假</w:a></xml><![endif]--></div>`, "para 正文"},
		{"what is not shown", `<div id="zoom"><p>正文内容</p><p style="display: none">假</p><p hidden>假</p></div>`, "para 正文内容"},
		{"a text that only a script would show", `<div id="zoom" style="display:none"><p>正文内容</p></div>`, "para 正文内容"},
		{"zero-width characters within words", "<div id=zoom><p>脱\u200b钩&#8203;方案</p></div>", "para 脱钩方案"},
		{"two ends of the page", `<div id="zoom"><p>正文</p></div></body></html><div id="x"></div></body></html>`, "para 正文"},
		{"tags that are never closed", `<div id="zoom"><p>甲<p>乙<b>丙`, "para 甲\npara 乙丙"},
		{"an ampersand that is only that", `<div id="zoom"><p>A&B & C&nbspD &unknown; &</p></div>`, "para A&B & C D &unknown; &"},
		{"readings over tags", `<div id="zoom"><p>行業<span>(yè)</span>和协会(huì)</p></div>`, "para 行業和协会"},
		{"paragraphs that only their indent parts", "<div id=zoom><p>　　甲项。　　乙项。&nbsp;&nbsp;&nbsp;&nbsp;丙项。　　（责任单位：丁）</p></div>", "para 甲项。\npara 乙项。\npara 丙项。  （责任单位：丁）"},
		{"preformatted text keeps its lines", "<div id=zoom><pre>一、甲\n二、乙</pre></div>", "para 一、甲\npara 二、乙"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			x := read(t, r, Input{Data: []byte(page(tt.in))})
			if diff := cmp.Diff(tt.want, show(x)); diff != "" {
				t.Errorf("blocks (-want +got):\n%s", diff)
			}
		})
	}
}

func TestContainer(t *testing.T) {
	r := newReader(t)
	nav := `<div class="nav"><a href="/">首页</a><a href="/zw">政务公开</a></div>`
	text := "<p>" + sentence + "</p><p>" + sentence + "</p>"
	want := "para " + sentence + "\npara " + sentence
	tests := []struct{ name, in, want string }{
		{"by name", nav + `<div class="TRS_Editor">` + text + `</div><div class="foot">主办：示例市</div>`, want},
		{"the inner of two", `<div class="content"><h3>工具</h3><div id="zoom">` + text + `</div></div>`, want},
		{"two editors, one in the other", `<div class="TRS_Editor"><div class="TRS_Editor"><style>a{}</style>` + text + `</div></div>`, want},
		{"an empty shell of the right name", nav + `<div id="zoom"></div><div class="main">` + strings.Repeat(text, 3) + `</div>`,
			strings.Repeat("\n"+want, 3)[1:]},
		{"by density", nav + `<div class="main"><div class="txt">` + text + `</div></div><div class="foot"><a href="/a">网站声明</a></div>`, want},
		{"nothing but a body", sentence, "para " + sentence},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			x := read(t, r, Input{Data: []byte(page(tt.in))})
			if diff := cmp.Diff(tt.want, show(x)); diff != "" {
				t.Errorf("blocks (-want +got):\n%s", diff)
			}
		})
	}
	x := read(t, r, Input{Data: []byte(page(nav + `<div id="zoom">正文内容</div>`))})
	if got := noise(x); got != "furniture=6" {
		t.Errorf("noise %q, want the six characters of the menu", got)
	}
}

func TestTables(t *testing.T) {
	r := newReader(t)
	tests := []struct{ name, in, want string }{
		{"row by row", `<table><tr><th>序号</th><th>任务</th></tr><tr><td>1</td><td>机构分离</td></tr></table>`,
			"cell 1/1/1 序号\ncell 1/1/2 任务\ncell 1/2/1 1\ncell 1/2/2 机构分离"},
		{"cells that reach over rows and columns", `<table><tr><td rowspan=2>甲</td><td colspan=2>乙</td><td>丙</td></tr><tr><td>丁</td><td>戊</td><td>己</td></tr></table>`,
			"cell 1/1/1 甲\ncell 1/1/2 乙\ncell 1/1/4 丙\ncell 1/2/2 丁\ncell 1/2/3 戊\ncell 1/2/4 己"},
		{"several lines in a cell are one block", `<table><tr><td>甲</td><td><p>乙</p><p>丙</p></td></tr></table>`, "cell 1/1/1 甲\ncell 1/1/2 乙⏎丙"},
		{"an empty cell keeps its column", `<table><tr><td>甲</td><td></td><td>丙</td></tr></table>`, "cell 1/1/1 甲\ncell 1/1/3 丙"},
		{"one cell is layout", `<table><tr><td><p>甲</p><p>乙</p></td></tr></table>`, "para 甲\npara 乙"},
		{"one column is layout", `<table><tr><td>甲</td></tr><tr><td>乙</td></tr></table>`, "para 甲\npara 乙"},
		{"a table around a table is layout", `<table><tr><td>前</td><td><table><tr><td>甲</td><td>乙</td></tr></table></td></tr></table>`,
			"para 前\ncell 1/1/1 甲\ncell 1/1/2 乙"},
		{"two tables", `<table><tr><td>甲</td><td>乙</td></tr></table><p>中</p><table><tr><td>丙</td><td>丁</td></tr></table>`,
			"cell 1/1/1 甲\ncell 1/1/2 乙\npara 中\ncell 2/1/1 丙\ncell 2/1/2 丁"},
		{"the container is a cell of the layout", `<table><tr><td>侧栏</td><td id="zoom"><p>正文</p></td></tr></table>`, "para 正文"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := tt.in
			if !strings.Contains(in, "zoom") {
				in = `<div id="zoom">` + in + `</div>`
			}
			x := read(t, r, Input{Data: []byte(page(in))})
			if diff := cmp.Diff(tt.want, show(x)); diff != "" {
				t.Errorf("blocks (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDisclosureBlock(t *testing.T) {
	r := newReader(t)
	const want = "meta index_no=990100/2031-00005\nmeta doc_no=示民〔2031〕138号\nmeta signed=2031-11-18\nmeta issuer=示例省民政厅"
	tests := []struct{ name, in, want string }{
		{"neighbour cells", `<table><tr><td><b>索 引 号：</b></td><td>990100/2031-00005</td><td><b>文　　号：</b></td><td>示民〔2031〕138号</td></tr>
			<tr><td><b>成文日期：</b></td><td>2031-11-18</td><td><b>发文机关：</b></td><td>示例省民政厅</td></tr></table>`, want},
		{"neighbour cells without colons", `<table><tr><th>索引号</th><td>990100/2031-00005</td></tr><tr><th>文号</th><td>示民〔2031〕138号</td></tr>
			<tr><th>成文日期</th><td>2031-11-18</td></tr><tr><th>发文机关</th><td>示例省民政厅</td></tr></table>`, want},
		{"a list with bold labels", `<ul><li><b>索引号：</b>990100/2031-00005</li><li><b>文号：</b>示民〔2031〕138号</li><li><b>成文日期：</b>2031-11-18</li><li><b>发文机关：</b>示例省民政厅</li></ul>`, want},
		{"label and value in one text", `<ul><li>索引号: 990100/2031-00005</li><li>文号: 示民〔2031〕138号</li><li>成文日期: 2031-11-18</li><li>发文机关: 示例省民政厅</li></ul>`, want},
		{"a definition list", `<dl><dt>索引号</dt><dd>990100/2031-00005</dd><dt>文号</dt><dd>示民〔2031〕138号</dd><dt>成文日期</dt><dd>2031-11-18</dd><dt>发文机关</dt><dd>示例省民政厅</dd></dl>`, want},
		{"pairs of div and span", `<div class="classify"><div>索引号：<span>990100/2031-00005</span></div><div>文号：<span>示民〔2031〕138号</span></div><div>成文日期：<span>2031-11-18</span></div><div>发文机关：<span>示例省民政厅</span></div></div>`, want},
		{"pairs of spans without colons", `<div><span>索引号</span><span>990100/2031-00005</span></div><div><span>文号</span><span>示民〔2031〕138号</span></div><div><span>成文日期</span><span>2031-11-18</span></div><div><span>发文机关</span><span>示例省民政厅</span></div>`, want},
		{"all in one line", `<p>索引号：990100/2031-00005 文号：示民〔2031〕138号 成文日期：2031-11-18 发文机关：示例省民政厅</p>`, want},
		{"values that are missing", `<table><tr><td>索引号：</td><td>990100/2031-00005</td><td>主题词：</td><td></td></tr><tr><td>文号：</td><td></td><td>成文日期：</td><td>2031-11-18</td></tr></table>`,
			"meta index_no=990100/2031-00005\nmeta signed=2031-11-18"},
		{"the twin for telephones", `<ul><li>索引号：990100/2031-00005</li><li>文号：示民〔2031〕138号</li></ul><ul class="mobile"><li>索引号：990100/2031-00005</li><li>文号：示民〔2031〕138号</li></ul>`,
			"meta index_no=990100/2031-00005\nmeta doc_no=示民〔2031〕138号"},
		{"the number of the register is another", `<ul><li>文号：示民〔2031〕138号</li><li>统一编号：ZJSP10-2031-0007</li><li>有效性：有效</li></ul>`,
			"meta doc_no=示民〔2031〕138号\nmeta register_no=ZJSP10-2031-0007\nmeta validity=有效"},
		{"one label of a search form", `<div>标题：</div><div>请输入</div>`, ""},
		{"the line under the headline", `<div>发布时间：2031-06-17 10:20　来源：示例日报　【字体：大 中 小】</div>`, "meta posted=2031-06-17 10:20\nmeta source=示例日报"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			x := read(t, r, Input{Data: []byte(page(tt.in + `<div id="zoom"><p>` + sentence + `</p></div>`))})
			if diff := cmp.Diff(strings.TrimSpace(tt.want+"\npara "+sentence), show(x)); diff != "" {
				t.Errorf("blocks (-want +got):\n%s", diff)
			}
		})
	}
}

func TestBlockWithinTheContainer(t *testing.T) {
	r := newReader(t)
	in := `<div class="nav">您现在的位置：<a href="/">首页</a> &gt; <a href="/zc">政策文件</a></div><div class="content"><h1>示例市关于脱钩的通知</h1>
<p class="info">发布时间：2031-06-17　来源：示例日报　浏览次数：<span id="c"></span></p><table><tr><td>索引号</td><td>99/2031-1</td></tr><tr><td>发文字号</td><td>示政发〔2031〕5号</td></tr></table>
<p>示政发〔2031〕5号</p><p>` + sentence + `</p><p>示例市人民政府</p><p>2031年6月1日</p></div>`
	want := "title 示例市关于脱钩的通知\nmeta column=首页 > 政策文件\nmeta posted=2031-06-17\nmeta source=示例日报\nmeta index_no=99/2031-1\nmeta doc_no=示政发〔2031〕5号\n" +
		"para 示政发〔2031〕5号\npara " + sentence + "\npara 示例市人民政府\npara 2031年6月1日"
	x := read(t, r, Input{Data: []byte(page(in))})
	if diff := cmp.Diff(want, show(x)); diff != "" {
		t.Errorf("blocks (-want +got):\n%s", diff)
	}
}

func TestMobileTwin(t *testing.T) {
	r := newReader(t)
	in := `<table class="bd1"><tr><td>索引号：</td><td>99/2031-1</td><td>发文机关：</td><td>示例市</td></tr></table>
<div class="pchide abstract"><p>索引号：<span>99/2031-1</span></p><p>发文机关：<span>示例市人民政府</span></p></div><div id="UCAP-CONTENT"><p>` + sentence + `</p></div>`
	x := read(t, r, Input{Data: []byte(page(in))})
	if diff := cmp.Diff("meta index_no=99/2031-1\nmeta issuer=示例市\npara "+sentence, show(x)); diff != "" {
		t.Errorf("blocks (-want +got):\n%s", diff)
	}
}

func TestLabelsWithinTheText(t *testing.T) {
	r := newReader(t)
	in := `<div id="zoom"><p>` + sentence + `</p><p>来源：会费</p><p>发布日期：另行通知</p><table><tr><td>标题</td><td>文号</td></tr><tr><td>甲</td><td>示民〔2031〕1号</td></tr></table></div>`
	want := "para " + sentence + "\npara 来源：会费\npara 发布日期：另行通知\ncell 1/1/1 标题\ncell 1/1/2 文号\ncell 1/2/1 甲\ncell 1/2/2 示民〔2031〕1号"
	x := read(t, r, Input{Data: []byte(page(in))})
	if diff := cmp.Diff(want, show(x)); diff != "" {
		t.Errorf("blocks (-want +got):\n%s", diff)
	}
}

func TestPageTags(t *testing.T) {
	r := newReader(t)
	in := `<html><head>
<META NAME="siteName" content='示例市人民政府'><meta name="SiteIDCode" content="9901000001">
<meta name="pubdate" content="2031/11/18 09:30"/><meta content="示例日报" name="contentSource">
<meta name="ArticleTitle" content="关于&lt;br&gt;脱钩的通知"><meta name="ColumnName" content="栏目名称">
<meta name="keywords" content="脱钩,&amp;amp;协会"><meta name="description" content="描述"></head>
<body><div id="zoom"><p>` + sentence + `</p></div></body></html>`
	x := read(t, r, Input{Data: []byte(in)})
	want := "title 关于脱钩的通知\nmeta site_name=示例市人民政府\nmeta site_code=9901000001\nmeta posted=2031/11/18 09:30\n" +
		"meta source=示例日报\nmeta title=关于脱钩的通知\nmeta keywords=脱钩,&协会\npara " + sentence
	if diff := cmp.Diff(want, show(x)); diff != "" {
		t.Errorf("blocks (-want +got):\n%s", diff)
	}
	for _, b := range x.Blocks {
		if b.Field == corpus.FieldPosted {
			from := x.Map.Source(b.Value)
			if len(from) != 1 || in[from[0].Start:from[0].End] != "2031/11/18 09:30" {
				t.Errorf("the date comes from %v, not from the attribute", from)
			}
			if b.Span.In(x.Body) != "发布时间：2031/11/18 09:30" {
				t.Errorf("the block reads %q", b.Span.In(x.Body))
			}
		}
	}
}

func TestTitle(t *testing.T) {
	r := newReader(t)
	text := `<div id="zoom"><p>` + sentence + `</p></div>`
	tests := []struct{ name, in, want string }{
		{"the page's tag first", `<meta name="ArticleTitle" content="示例市脱钩方案全文"><title>别的题目在这里</title><body><h1>示例市人民政府</h1>` + text, "示例市脱钩方案全文"},
		{"the element of the template", `<title>甲</title><body><ucaptitle>示例市关于脱钩的通知</ucaptitle>` + text, "示例市关于脱钩的通知"},
		{"h1, but not the site's name in it", `<body><h1>示例市人民政府</h1><h1>示例市关于脱钩的<br>通知</h1>` + text, "示例市关于脱钩的通知"},
		{"the window's title without site and column", `<title>示例市关于脱钩的通知_政策文件_示例市人民政府门户网站</title><body>` + text, "示例市关于脱钩的通知"},
		{"a span of years is no separator", `<title>示例市2031-2033年脱钩工作安排 - 示例网</title><body>` + text, "示例市2031-2033年脱钩工作安排"},
		{"the site's own name wherever it is named", `<meta name="SiteName" content="示例之窗"><title>示例市脱钩工作安排-示例之窗</title><body>` + text, "示例市脱钩工作安排"},
		{"the disclosure block", `<title>信息公开</title><body><ul><li>索引号：99/1</li><li>信息名称：示例市关于脱钩的通知</li></ul>` + text, "示例市关于脱钩的通知"},
		{"a headline that was cut", `<meta name="ArticleTitle" content="示例市关于脱钩…"><body><h1>示例市关于脱钩的通知</h1>` + text, "示例市关于脱钩的通知"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			x := read(t, r, Input{Data: []byte("<html>" + tt.in)})
			if got, _, _ := strings.Cut(show(x), "\n"); got != "title "+tt.want {
				t.Errorf("first block %q, want the title %q\n%s", got, tt.want, show(x))
			}
			if n := strings.Count(show(x), "para "); n != 1 {
				t.Errorf("%d paragraphs:\n%s", n, show(x))
			}
		})
	}
}

func TestLinks(t *testing.T) {
	r := newReader(t)
	in := page(`<a href="/">首页</a><div id="zoom"><p>` + sentence + `</p><p><a href="./P020310429360806.docx">附件1：示例名单.docx</a></p>
<p><a href="javascript:void(0)">附件2</a><a href="mailto:a@example.cn">附件3</a></p></div>
<div>相关附件：<a href="/module/download/downfile.jsp?classid=0&filename=1.bin" title="示例表">下载</a><a href="./P020310429360806.docx">再次</a></div>`)
	x := read(t, r, Input{Data: []byte(in), URL: "http://mz.example.cn/art/2031/a.html"})
	want := []corpus.Link{
		{Title: "示例名单.docx", URL: "http://mz.example.cn/art/2031/P020310429360806.docx"},
		{Title: "下载", URL: "http://mz.example.cn/module/download/downfile.jsp?classid=0&filename=1.bin"},
	}
	if diff := cmp.Diff(want, x.Links); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
	x = read(t, r, Input{Data: []byte(`<base href="http://b.example.cn/x/"><div id=zoom>附件：<a href="a.pdf">附件</a></div>`)})
	if diff := cmp.Diff([]corpus.Link{{Title: "附件", URL: "http://b.example.cn/x/a.pdf"}}, x.Links); diff != "" {
		t.Errorf("links with a base (-want +got):\n%s", diff)
	}
}

func TestTruncated(t *testing.T) {
	r := newReader(t)
	tests := []struct{ name, in, why string }{
		{"the text is in the attachment", page(`<h1>示例市关于脱钩的通知</h1><div id="zoom"><p>全文详见附件。</p><p>附件：<a href="a.pdf">示例市关于印发行业协会商会与行政机关脱钩实施方案的通知.pdf</a></p></div>`), "body_in_attachment: 全文详见附件"},
		{"a preview", "示例市关于脱钩的通知\n登录后查看全文", "preview: 登录后查看全文"},
		{"a whole text that names its attachment", page(`<div id="zoom"><p>` + strings.Repeat(sentence, 3) + `名单见附件。</p></div>`), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			x := read(t, r, Input{Data: []byte(tt.in)})
			if x.Why != tt.why || x.Truncated != (tt.why != "") {
				t.Errorf("truncated %v %q, want %q", x.Truncated, x.Why, tt.why)
			}
		})
	}
}

func TestTextOutsideTheContainer(t *testing.T) {
	r := newReader(t)
	x := read(t, r, Input{Data: []byte(page(`<div class="box"><div class="content"><p>` + sentence + `</p></div></div></div><p>` + strings.Repeat(sentence, 6) + `</p>`))})
	if !strings.Contains(noise(x), "text_outside=") {
		t.Errorf("noise %q does not tell that most of the text stands outside", noise(x))
	}
}

func TestFurnitureWithinTheContainer(t *testing.T) {
	r := newReader(t)
	x := read(t, r, Input{Data: []byte(page(`<div id="zoom"><p>` + sentence + `</p><p>【打印本页】【关闭窗口】</p><p>相关链接：</p><p><a href="/a">示例新闻</a></p></div>`))})
	want := "para " + sentence + "\noutside 【打印本页】【关闭窗口】\noutside 相关链接：\noutside 示例新闻"
	if diff := cmp.Diff(want, show(x)); diff != "" {
		t.Errorf("blocks (-want +got):\n%s", diff)
	}
}

func TestTooDeepForTheParser(t *testing.T) {
	r := newReader(t)
	in := strings.Repeat("<div>", 3000) + "<p>" + sentence + "</p><script>var a = 1</script><p>第二段</p>"
	x := read(t, r, Input{Data: []byte("<html>" + in)})
	if want := "para " + sentence + "\npara 第二段"; show(x) != want {
		t.Errorf("%s", show(x))
	}
}

func TestTextInScript(t *testing.T) {
	r := newReader(t)
	const object = `{"title":"示例市民政局关于脱钩的通知","document_number":"示民〔2031〕5号","identifier":"990100/2031-00005","publisher":"示例市民政局",` +
		`"date":1926172800,"display_publish_time":1926604800,"content":"<p style=\"a\">各协会：<\/p>\r\n<p>\u4e00\u3001总体要求。<\/p>",` +
		`"attachment":[{"name":"脱钩名单.pdf","url":"/attachment/0/5.pdf"}]}`
	const want = "title 示例市民政局关于脱钩的通知\nmeta title=示例市民政局关于脱钩的通知\nmeta doc_no=示民〔2031〕5号\nmeta index_no=990100/2031-00005\n" +
		"meta issuer=示例市民政局\nmeta signed=2031-01-15\nmeta posted=2031-01-20\npara 各协会：\npara 一、总体要求。"
	tests := []struct{ name, in, sent string }{
		{"an object of a script, keys without quotes around it", `<html><head><title>示例市民政局</title><script>window._CONFIG = {SID:'9900', TREE:[{"name":"机构职能"}], DETAIL:` + object + `};</script></head><body><div id="app"></div></body></html>`, ""},
		{"the answer of an interface", object, "application/json"},
		{"with a function around it", `jQuery19_155({"resultMap":[` + object + `],"total":1});`, "application/json"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			x := read(t, r, Input{Data: []byte(tt.in), Type: tt.sent, URL: "http://mz.example.cn/gkmlpt/content/1/post_5.html"})
			if diff := cmp.Diff(want, show(x)); diff != "" {
				t.Errorf("blocks (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff([]corpus.Link{{Title: "脱钩名单.pdf", URL: "http://mz.example.cn/attachment/0/5.pdf"}}, x.Links); diff != "" {
				t.Errorf("links (-want +got):\n%s", diff)
			}
			checkMap(t, x, []byte(tt.in))
		})
	}
	if _, err := r.Read(Input{Data: []byte(`{"a":[1,2]}`), Type: "application/json"}); err == nil {
		t.Error("JSON without a text was read")
	}
}

func TestNextPages(t *testing.T) {
	r := newReader(t)
	text := `<div id="zoom"><p>` + sentence + `</p></div>`
	tests := []struct {
		name, url, in string
		want          []string
	}{
		{"numbers behind the page's own address", "http://a.example.cn/c/content_990.htm", `<a href="content_990_2.htm">[2]</a><a href="content_990_3.htm">[3]</a><a href="content_990_2.htm">下一页</a>`,
			[]string{"http://a.example.cn/c/content_990_2.htm", "http://a.example.cn/c/content_990_3.htm"}},
		{"from the second page on", "http://a.example.cn/c/content_990_2.htm", `<a href="content_990.htm">1</a><a href="content_990_3.htm">下一页</a>`, []string{"http://a.example.cn/c/content_990_3.htm"}},
		{"a query", "http://a.example.cn/v?id=7", `<a href="?id=7&page=2">下一页</a>`, []string{"http://a.example.cn/v?id=7&page=2"}},
		{"a call that writes the links", "http://a.example.cn/c/t20310320_990001.html", `<script>createPageHTML(3, 0, "t20310320_990001", "html");</script>`,
			[]string{"http://a.example.cn/c/t20310320_990001_1.html", "http://a.example.cn/c/t20310320_990001_2.html"}},
		{"the pages of a list beside the text", "http://a.example.cn/c/t20310320_990001.html", `<script>createPageHTML(3, 0, "index", "html");</script><a href="index_1.html">下一页</a>`, nil},
		{"the next article", "http://a.example.cn/c/content_990.htm", `<a href="content_991.htm">下一篇</a><a href="content_992.htm">2</a>`, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			x := read(t, r, Input{Data: []byte(page(text + tt.in)), URL: tt.url})
			if diff := cmp.Diff(tt.want, x.Next); diff != "" {
				t.Errorf("next (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTwoDocuments(t *testing.T) {
	r := newReader(t)
	p := func(lines ...string) string {
		return page(`<div id="zoom"><p>` + strings.Join(lines, "</p><p>") + `</p></div>`)
	}
	first := []string{"示政办发〔2031〕18号", "示例市人民政府办公室关于印发脱钩实施方案的通知", "各部门：", sentence, "示例市人民政府办公室", "2031年3月12日"}
	tests := []struct {
		name string
		more []string
		want string
	}{
		{"a plan below its notice", []string{"示例市脱钩实施方案", "一、总体要求", sentence}, ""},
		{"another document", []string{"示例县人民政府关于做好防汛工作的通知", "示县发〔2031〕3号", sentence, "2031年5月1日"}, "示例县人民政府关于做好防汛工作的通知"},
		{"a document that is passed on", []string{"现将示省发〔2031〕2号文件转发给你们", "2031年3月13日", "示例省关于做好脱钩工作的意见", "示省发〔2031〕2号", sentence}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			x := read(t, r, Input{Data: []byte(p(append(first[:len(first):len(first)], tt.more...)...))})
			got := ""
			for _, pr := range x.Problems {
				if pr.ID == "two_documents" {
					got, _, _ = strings.Cut(pr.Span.In(x.Body), "\n")
				}
			}
			if got != tt.want {
				t.Errorf("a second document at %q, want %q", got, tt.want)
			}
		})
	}
}
