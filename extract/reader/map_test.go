package reader

import (
	"bytes"
	"encoding/json"
	"html"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	xunicode "golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"tuogou/corpus"
)

// checkMap proves the way back, mark by mark: the source bytes of each character
// of the body, decoded and unescaped, are that character. Texts in traditional
// script are not for this check.
func checkMap(t interface {
	Helper()
	Errorf(string, ...any)
}, x *corpus.Text, source []byte) {
	t.Helper()
	mapped := 0
	for _, k := range x.Map {
		for i := range k.Count {
			at := k.Body + i*k.BodyUnit
			char := x.Body[at : at+k.BodyUnit]
			from, to := k.Source+i*k.SourceUnit, k.Source+(i+1)*k.SourceUnit
			if from < 0 || to > len(source) || from >= to {
				t.Errorf("byte %d of the body comes from %d..%d of %d", at, from, to, len(source))
				return
			}
			got := sourceText(source[from:to], x.Charset)
			if day, ok := timestamp(got, false); ok && strings.Contains(day, char) {
				mapped++
				continue // a day that the source writes as a number
			}
			if got != char && !(char == " " && strings.TrimFunc(got, isBlank) == "") && char != "\ufffd" && !repaired(got, char) {
				t.Errorf("byte %d of the body is %q, its source %d..%d is %q", at, char, from, to, got)
				return
			}
			mapped++
		}
	}
	// What the reader adds: line ends, and labels of page tags.
	if runes := utf8.RuneCountInString(strings.ReplaceAll(x.Body, "\n", "")); mapped < runes/2 {
		t.Errorf("only %d of %d characters have a source", mapped, runes)
	}
}

// repaired reports whether cleaning may make char of got: another width, or
// another sign for the same figure.
func repaired(got, char string) bool {
	if got == "" {
		return false
	}
	r, _ := utf8.DecodeRuneInString(got)
	return string(narrow(r)) == char ||
		char == "〇" && strings.Contains("○◯OoΟО零0Ｏｏ０", got) ||
		char == "0" && strings.Contains("OoΟО○〇Ｏｏ", got) ||
		char == "1" && strings.Contains("lｌ", got)
}

func sourceText(b []byte, charset string) string {
	switch charset {
	case "utf-16le":
		b, _ = xunicode.UTF16(xunicode.LittleEndian, xunicode.IgnoreBOM).NewDecoder().Bytes(b)
	case "gb18030":
		b, _ = simplifiedchinese.GB18030.NewDecoder().Bytes(b)
	}
	s := string(b)
	if len(s) > 1 && s[0] == '\\' {
		// An escape of a script.
		var out string
		if json.Unmarshal([]byte(`"`+s+`"`), &out) == nil {
			return out
		}
	}
	if len(s) > 1 && s[0] == '&' {
		s = html.UnescapeString(s)
	}
	return s
}

// Paragraphs of random words, entities, blanks and inline tags, in UTF-8 and
// GB18030, with and without nesting: every character must lead back to its own
// bytes, and every paragraph's words must be those that were put in.
func TestMapOfPages(t *testing.T) {
	r := newReader(t)
	rapid.Check(t, func(t *rapid.T) {
		piece := rapid.SampledFrom([]string{
			"脱钩", "协会", "〔2031〕5号", "，", "ABC", " ", "&nbsp;", "&amp;", "&#12290;", "&#x4E00;", "&ldquo;", "&lt;b&gt;",
			"&", "&nbspx", "<b>要</b>", "<span style='x'>必须</span>", "<!-- 注 -->", "\n", "　", "<a href=a.pdf>附件</a>", "&bogus;", "<br>",
		})
		var page strings.Builder
		page.WriteString("<html><head><title>题目</title></head><body><div class='content'>")
		for range rapid.IntRange(1, 6).Draw(t, "paragraphs") {
			around := rapid.SampledFrom([]string{"<p>|</p>", "<p>|", "<div>|</div>", "<table><tr><td>|</td></tr></table>", "<li>|"}).Draw(t, "around")
			open, end, _ := strings.Cut(around, "|")
			page.WriteString(open + "甲" + strings.Join(rapid.SliceOfN(piece, 1, 12).Draw(t, "pieces"), "") + end)
		}
		source := []byte(page.String())
		if rapid.Bool().Draw(t, "gb") {
			out, err := simplifiedchinese.GB18030.NewEncoder().Bytes(source)
			if err != nil {
				t.Fatal(err)
			}
			source = out
		}
		x, err := r.Read(Input{Data: source})
		if err != nil {
			t.Fatal(err)
		}
		if err := x.Check(); err != nil {
			t.Fatal(err)
		}
		checkMap(t, x, source)
		if got, want := strings.Count(x.Body, "脱钩"), strings.Count(page.String(), "脱钩"); got != want {
			t.Errorf("%d words of %d came through", got, want)
		}
	})
}

func TestMapOfPlainText(t *testing.T) {
	r := newReader(t)
	rapid.Check(t, func(t *rapid.T) {
		piece := rapid.SampledFrom([]string{"脱钩", "A", " ", "　", "\n", "\r\n", "\r", "\x00", "。", "业(yè)", "\u200b", "𠀀", "〔2031〕"})
		s := "甲" + strings.Join(rapid.SliceOfN(piece, 0, 40).Draw(t, "pieces"), "")
		source := []byte(s)
		if rapid.Bool().Draw(t, "gb") {
			if out, err := simplifiedchinese.GB18030.NewEncoder().Bytes(source); err == nil {
				source = append(out, 0xB9, 0xE3) // 广, so that it is no UTF-8
			}
		}
		x, err := r.Read(Input{Data: source})
		if err != nil {
			t.Fatal(err)
		}
		checkMap(t, x, source)
	})
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"示例区关于脱钩的通知\n索引码:99 文号:示政发〔2031〕50号 生成日期:2031-08-15\n各部门:",
		"<html><meta name=pubdate content='2031-01-02'><div id=zoom><p>一、&nbsp;甲&amp;</p><table><tr><td rowspan=9>甲<td>乙</table>",
		"關於行業協會與行政機關脫鈎的總體方案(yè)", "\xff\xfe\x00\x4e\x00", "\xb9\xe3\xb6\xab\x30\x81\x30", "\x1f\x8b\x08", "PK\x03\x04",
		"<table><tr><td>索引号：<td>99/1<td>文号<td>示〔1〕2号</table>", "<ul><li>来源：<li>时间：2031-01-02", "\ue0001\ue001<p>\ue0000\ue001",
		`<script>a={content:"<p>\u4e00\/甲",date:1926172800,files:[{name:'甲',url:"a.pdf"}]}</script>`, `f({"content":"<p>甲\ud83d\ude00"})`,
		"<pre>\n\n甲</pre><svg><title>乙</title></svg><template>丙</template><noscript>丁</noscript>",
	} {
		f.Add([]byte(s), "a.html", "text/html; charset=gbk")
		f.Add([]byte(s), "a.txt", "")
	}
	r := newReader(f)
	f.Fuzz(func(t *testing.T, data []byte, name, sent string) {
		in := Input{Data: data, Name: name, Type: sent, URL: "http://www.example.cn/" + name}
		x, err := r.Read(in)
		if err != nil {
			if _, ok := err.(*Error); !ok {
				t.Fatalf("an error of another kind: %v", err)
			}
			return
		}
		if err := x.Check(); err != nil {
			t.Fatal(err)
		}
		for _, b := range x.Blocks {
			if b.Kind != corpus.BlockCell && strings.Contains(b.Span.In(x.Body), "\n") {
				t.Fatalf("a line end in a block of kind %s", b.Kind)
			}
			for _, s := range x.Map.Source(b.Span) {
				if s.Start < 0 || s.End < s.Start || !packedData(data) && s.End > len(data) {
					t.Fatalf("source %v of %d bytes", s, len(data))
				}
			}
		}
		again, err := r.Read(in)
		if err != nil || again.Body != x.Body || show(again) != show(x) {
			t.Fatal("the second read differs")
		}
	})
}

func packedData(data []byte) bool { return bytes.HasPrefix(data, []byte{0x1f, 0x8b}) }

// Long and broken inputs cost time in proportion to their size, no more; this
// test would take hours if any step looked at the rest of the text again.
func TestLongInputs(t *testing.T) {
	r := newReader(t)
	size := 1 << 20
	if testing.Short() {
		size = 1 << 16 // one goroutine reads it: nothing for the race detector to find
	}
	fill := func(s string) []byte { return []byte(strings.Repeat(s, size/len(s))) }
	for name, data := range map[string][]byte{
		"one line":              fill("脱钩"),
		"one line of letters":   fill("a"),
		"NUL between":           fill("a\x00"),
		"broken UTF-8":          append([]byte("<p>"), fill("脱\xff\xff\xff")...),
		"open brackets":         fill("业(yè"),
		"ampersands":            append([]byte("<html><p>"), fill("&a")...),
		"blanks":                append(fill("　"), '1'),
		"labels":                fill("索 引 号："),
		"short lines":           fill("甲\n"),
		"paragraphs":            append([]byte("<html>"), fill("<p>甲,乙</p>")...),
		"cells":                 append([]byte("<table><tr>"), fill("<td>甲")...),
		"attachments":           append([]byte("<html>"), fill("<div><a href=a.pdf>甲</a></div>")...),
		"headlines":             append([]byte("<html>"), fill("<h2 class=title>示例市脱钩</h2>")...),
		"an attribute":          append([]byte("<html>甲<p class=\""), fill("aA ")...),
		"a script":              append([]byte("<html>甲<script>"), fill("{a:'甲',")...),
		"tables in tables":      append([]byte("<html>甲"), fill("<table><tr><td>")...),
		"comments":              append([]byte("<html>甲"), fill("<!--")...),
		"next pages":            append([]byte("<html>"), fill("<a href=a_2.htm>2</a>")...),
		"cells without a table": append([]byte("<html>"), fill("<td>甲")...),
		"text within a table":   append([]byte("<table>"), fill("甲<tr>")...),
		"traditional":           fill("關業協"),
		"letter-spaced":         fill("民 政 部 "),
		"letter-spaced, broken": fill("民 政 部 财政"),
		"figures with blanks":   fill("2 0 1 "),
		"years with blanks":     fill("2 0 1 8 年 "),
		"marks in rows":         fill("、,"),
		"marks after a word":    fill("三、,甲,,"),
		"stars":                 fill("甲*乙"),
		"bold":                  fill("**甲"),
		"circles":               fill("一○"),
		"decoded wrongly":       fill("å…³äºŽ é"),
		"UTF-8 read as GBK":     fill("鍏充簬鐨?"),
		"swapped words":         fill("打点来岁"),
		"lines of a page":       fill("示例市各业务主管单位应当为每一家示例协会制定方案并报示例工作组批准后\n"),
	} {
		t.Run(name, func(t *testing.T) {
			x, err := r.Read(Input{Data: data})
			if err != nil {
				t.Fatal(err)
			}
			if err := x.Check(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func BenchmarkHTML(b *testing.B) {
	r := newReader(b)
	var page strings.Builder
	page.WriteString(`<html><head><meta name="PubDate" content="2031-11-18"><title>示例市关于脱钩的通知</title></head><body><div class="nav">`)
	page.WriteString(strings.Repeat(`<a href="/zw/">政务公开</a>`, 60))
	page.WriteString(`</div><ul><li>索引号：99/2031-1</li><li>文号：示民〔2031〕138号</li></ul><div class="TRS_Editor">`)
	page.WriteString(strings.Repeat(`<p style="text-indent: 2em;"><span style="font-family: 宋体;">　　`+sentence+`&nbsp;</span></p>`, 60))
	page.WriteString(`</div></body></html>`)
	data := []byte(page.String())
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Read(Input{Data: data}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "pages/s")
}

func BenchmarkPlain(b *testing.B) {
	r := newReader(b)
	utf := []byte("示例市关于脱钩的通知\n" + strings.Repeat("　　"+sentence+"\n", 2000))
	gb, err := simplifiedchinese.GB18030.NewEncoder().Bytes(utf)
	if err != nil {
		b.Fatal(err)
	}
	for name, data := range map[string][]byte{"utf-8": utf, "gb18030": gb} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := r.Read(Input{Data: data}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
