package reader

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/longbridgeapp/opencc"

	"tuogou/corpus/corpustest"
)

// sampleFiles are the pages of the invented sites.
func sampleFiles(t testing.TB) map[string]string {
	t.Helper()
	out := map[string]string{}
	root := filepath.Join(corpustest.Root(t), "cmd", "tuogou", "samples", "sites")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if ext := filepath.Ext(path); utf8.Valid(data) && (strings.HasPrefix(ext, ".htm") || ext == ".txt" && d.Name() != "robots.txt") {
			out[path] = string(data)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// A page put into traditional script, as converters for the mainland, Taiwan
// and Hong Kong do it, reads as the page itself.
func TestScriptsReadTheSame(t *testing.T) {
	r := newReader(t)
	files := sampleFiles(t)
	if len(files) < 20 {
		t.Fatalf("only %d samples", len(files))
	}
	for _, name := range []string{"s2t", "s2tw", "s2hk"} {
		cc, err := opencc.New(name)
		if err != nil {
			t.Fatal(err)
		}
		for path, page := range files {
			other, err := cc.Convert(page)
			if err != nil {
				t.Fatal(err)
			}
			want := read(t, r, Input{Data: []byte(page), Name: path})
			got := read(t, r, Input{Data: []byte(other), Name: path})
			if got.Body != want.Body {
				t.Errorf("%s %s: the body differs\n%s\nwant\n%s", name, filepath.Base(path), got.Body, want.Body)
			}
		}
	}
}

// A text cut into lines of one length, as pasted from a PDF.
func TestLinesOfAPage(t *testing.T) {
	cut := func(s string, n int) string {
		var out strings.Builder
		for i, c := range []rune(s) {
			if i > 0 && i%n == 0 {
				out.WriteByte('\n')
			}
			out.WriteRune(c)
		}
		return out.String()
	}
	const para = "示例市各业务主管单位应当在二〇三一年底前为每一家示例协会逐个制定脱钩实施方案并报示例工作组批准后组织实施涉及资产的由财政部门会同机关事务管理部门按照规定办理"
	tests := []struct{ name, in, want string }{
		{"one paragraph", cut(para+"。"+para+"。", 30), para + "。" + para + "。"},
		{"an item of its own after a full line", strings.Join(strings.Split(cut(para+para, 30), "\n")[:4], "\n") + "\n（一）机构分离。" + "\n" + cut(para, 30), ""},
		{"lines that end where they end", "示例协会\n示例商会\n示例联合会\n示例促进会", "示例协会\n示例商会\n示例联合会\n示例促进会"},
		{"long paragraphs, no page", para + para + "\n" + para + "\n" + para + "\n" + para, para + para + "\n" + para + "\n" + para + "\n" + para},
		{"blanks for line ends in one paragraph", strings.ReplaceAll(cut(para+para, 36), "\n", " "), para + para},
		{"two blanks of the author", "主办单位 示例市民政局 示例市财政局", "主办单位 示例市民政局 示例市财政局"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			x := read(t, newReader(t), Input{Data: []byte(tt.in), Name: "a.txt"})
			if tt.want == "" {
				if !strings.Contains(x.Body, "\n（一）机构分离。\n") {
					t.Errorf("the item is no line of its own: %q", x.Body)
				}
				return
			}
			if x.Body != tt.want {
				t.Errorf("%q\nwant %q", x.Body, tt.want)
			}
			checkMap(t, x, []byte(tt.in))
		})
	}
}

// The repairs of the rules, in whole texts, keep the way back.
func TestMapOfRepairs(t *testing.T) {
	for _, in := range []string{
		"示 例 市 财 政 局\n二○○八年九月\n示政发 〔 2 0 1 8 〕 1 5 号\n6O或3O个，２０３１年，业(yè)协。。甲",
		"關於行業協會與行政機關脫鈎的總體方案，二○一八年。",
	} {
		x := read(t, newReader(t), Input{Data: []byte(in), Name: "a.txt"})
		last := 0
		for _, m := range x.Map {
			if m.Source < last || m.Source+m.Count*m.SourceUnit > len(in) {
				t.Errorf("mark %+v goes back or out of range", m)
			}
			last = m.Source
		}
		if !strings.Contains(in, "關") {
			checkMap(t, x, []byte(in))
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{
		"示 例 市 财 政 局于 2 0 1 8 年 8 月 1 5 日", "二○○八年、二OO八、6O或3O个，20l8年", "三,、工作,,各市 、县。。", "業(yè)會(huì )隨著",
		"示政发 〔 2 0 1 8 〕 1 5 号", "透過網際網路最佳化程式", "行业协 会商会", "１２Ａ\u3000\u200b\x00", "å…³äºŽ鍏充簬锟斤拷", "附 件：1. 通  知",
		"、 、 、 《 甲》 ，，，。。。", "甲 乙 丙 丁  戊 己 庚",
	} {
		f.Add(s)
	}
	r := newReader(f)
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) || strings.ContainsAny(s, "\n\r\v\f\u0085\u2028\u2029") {
			return
		}
		once, from := cleanLine(t, r, s)
		for _, g := range from {
			if g.off < 0 || g.n < 0 || int(g.off+g.n) > len(s) {
				t.Fatalf("%q: a character from %d, %d bytes", s, g.off, g.n)
			}
		}
		if twice, _ := cleanLine(t, r, once); twice != once {
			t.Fatalf("%q becomes %q, then %q", s, once, twice)
		}
	})
}

func cleanLine(t *testing.T, r *Reader, s string) (string, []glyph) {
	c, err := r.newCleaner(s)
	if err != nil {
		t.Fatal(err)
	}
	var g []glyph
	for i, ch := range s {
		g = append(g, glyph{ch, int32(i), int32(utf8.RuneLen(ch))})
	}
	g, _ = c.clean(g)
	out := text(g)
	if !utf8.ValidString(out) {
		t.Fatalf("%q becomes %q", s, out)
	}
	return out, g
}

// Cleaning alone, of lines as they come from a page.
func BenchmarkClean(b *testing.B) {
	r := newReader(b)
	cc, err := opencc.New("s2t")
	if err != nil {
		b.Fatal(err)
	}
	old, err := cc.Convert(sentence)
	if err != nil {
		b.Fatal(err)
	}
	for name, line := range map[string]string{
		"simplified": sentence, "traditional": old,
		"damaged": "示 例 市 财 政 局于 2 0 1 8 年 8 月，" + sentence + "二○○八年，6O个,,业(yè)务",
	} {
		b.Run(name, func(b *testing.B) {
			lines := strings.Repeat(line+"\n", 500)
			var g []glyph
			b.SetBytes(int64(len(lines)))
			for b.Loop() {
				c, err := r.newCleaner(lines)
				if err != nil {
					b.Fatal(err)
				}
				for at := 0; at < len(lines); {
					g, at = r.plainLine(g[:0], lines, at)
					c.clean(g)
				}
			}
		})
	}
}
