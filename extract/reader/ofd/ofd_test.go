package ofd_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"tuogou/extract/reader/flow"
	"tuogou/extract/reader/flow/flowtest"
	"tuogou/extract/reader/ofd"
)

// sheet writes the content of a page as converters do; no common program writes
// OFD.
type sheet struct {
	strings.Builder
	shape int // 0: one object a line; 1: one a character, scaled by its matrix; 2: steps written with g
}

// line draws text from x on, its baseline at y, in millimetres.
func (s *sheet) line(x, y, size float64, text string) {
	runes := []rune(text)
	switch s.shape {
	case 1:
		for _, r := range runes {
			fmt.Fprintf(s, `<ofd:TextObject ID="%d" CTM="%.4f 0 0 %.4f 0 0" Boundary="%.3f %.3f %.3f %.3f" Font="4" Size="1">`+
				`<ofd:CGTransform CodePosition="0" CodeCount="1" GlyphCount="1"><ofd:Glyphs>77</ofd:Glyphs></ofd:CGTransform>`+
				`<ofd:TextCode X="0" Y="0.88">%s</ofd:TextCode></ofd:TextObject>`,
				s.Len(), size, size, x, y-0.88*size, size, size, escape(string(r)))
			x += size * wide(r)
		}
		return
	case 2:
		fmt.Fprintf(s, `<ofd:TextObject ID="%d" Boundary="0 0 210 297" Font="4" Size="%.3f"><ofd:FillColor Value="0 0 0"/>`+
			`<ofd:TextCode X="%.3f" Y="%.3f" DeltaX="%s">%s</ofd:TextCode></ofd:TextObject>`,
			s.Len(), size, x, y, short(runes, size), escape(text))
		return
	}
	var steps []string
	for _, r := range runes[:len(runes)-1] {
		steps = append(steps, fmt.Sprintf("%.3f", size*wide(r)))
	}
	fmt.Fprintf(s, `<ofd:TextObject ID="%d" Boundary="%.3f %.3f %.3f %.3f" Font="4" Size="%.3f">`+
		`<ofd:TextCode X="0" Y="%.3f" DeltaX="%s">%s</ofd:TextCode></ofd:TextObject>`,
		s.Len(), x, y-0.88*size, size*float64(len(runes)), size, size, 0.88*size, strings.Join(steps, " "), escape(text))
}

// short writes the steps of runes, equal ones together.
func short(runes []rune, size float64) string {
	var out []string
	for i, k := 0, 0; i < len(runes)-1; i = k {
		for k = i; k < len(runes)-1 && wide(runes[k]) == wide(runes[i]); k++ {
		}
		out = append(out, fmt.Sprintf("g %d %.3f", k-i, size*wide(runes[i])))
	}
	return strings.Join(out, " ")
}

// wide is the width of a character in em.
func wide(r rune) float64 {
	if r < 0x80 {
		return 0.5
	}
	return 1
}

func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;").Replace(s)
}

func (s *sheet) rule(x0, y0, x1, y1 float64) {
	fmt.Fprintf(s, `<ofd:PathObject ID="%d" Boundary="%.3f %.3f %.3f %.3f" LineWidth="0.25"><ofd:AbbreviatedData>M 0 0 L %.3f %.3f</ofd:AbbreviatedData></ofd:PathObject>`,
		s.Len(), x0, y0, x1-x0+0.1, y1-y0+0.1, x1-x0, y1-y0)
}

// broken breaks a paragraph to lines of 28 characters as 公文 do, with an indent of two.
func broken(text string) []string {
	out, room := []string{""}, 26.0
	for _, r := range text {
		if room -= wide(r); room < 0 {
			out, room = append(out, ""), 28-wide(r)
		}
		out[len(out)-1] += string(r)
	}
	return out
}

// text draws lines of a paragraph, the first of them indented or not.
func (s *sheet) text(y, indent float64, lines []string) float64 {
	for _, l := range lines {
		s.line(28+indent*5.6, y, 5.6, l)
		y, indent = y+10, 0
	}
	return y
}

func (s *sheet) page() string {
	return `<?xml version="1.0" encoding="UTF-8"?><ofd:Page xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Template TemplateID="1"/>` +
		`<ofd:Content><ofd:Layer ID="2">` + s.String() + `</ofd:Layer></ofd:Content></ofd:Page>`
}

func zipped(t testing.TB, parts ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(parts[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

const head = `<?xml version="1.0" encoding="UTF-8"?><ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" DocType="OFD"><ofd:DocBody>` +
	`<ofd:DocInfo><ofd:Title>示例</ofd:Title></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>`

// packed is an OFD of the given pages with a template that draws a watermark aslant.
func packed(t testing.TB, pages ...string) []byte {
	var list strings.Builder
	parts := []string{"OFD.xml", head}
	for i, p := range pages {
		loc := fmt.Sprintf("Pages/Page_%d/Content.xml", i)
		fmt.Fprintf(&list, `<ofd:Page ID="%d" BaseLoc="%s"/>`, i+10, loc)
		parts = append(parts, "Doc_0/"+loc, p)
	}
	parts = append(parts, "Doc_0/Document.xml", `<ofd:Document xmlns:ofd="http://www.ofdspec.org/2016"><ofd:CommonData>`+
		`<ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea><ofd:TemplatePage ID="1" BaseLoc="Tpls/Tpl_0/Content.xml"/>`+
		`</ofd:CommonData><ofd:Pages>`+list.String()+`</ofd:Pages><ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments></ofd:Document>`,
		"Doc_0/Tpls/Tpl_0/Content.xml", `<ofd:Page><ofd:Content><ofd:Layer><ofd:TextObject CTM="0.7 0.7 -0.7 0.7 0 0" Boundary="60 100 90 90" Size="10">`+
			`<ofd:TextCode X="0" Y="9" DeltaX="10">水印</ofd:TextCode></ofd:TextObject></ofd:Layer></ofd:Content></ofd:Page>`,
		"Doc_0/Attachs/Attachments.xml", `<ofd:Attachments><ofd:Attachment ID="1" Name="示例名单.xlsx"><ofd:FileLoc>名单.xlsx</ofd:FileLoc></ofd:Attachment></ofd:Attachments>`,
		"Doc_0/Attachs/名单.xlsx", "PK")
	return zipped(t, parts...)
}

var paragraphs = []string{
	"各乡镇人民政府，县政府各部门：",
	"为贯彻落实国家关于行业协会商会与行政机关脱钩的部署，加快形成政社分开、权责明确、依法自治的现代社会组织体制，结合本县实际，现就有关事项通知如下。",
	"一、总体要求",
	"按照去行政化的原则，落实机构、职能、资产财务、人员管理、党建外事等事项分离的要求，A&B<示例>全面实现行业协会商会与行政机关脱钩。",
	"二、工作安排",
	"（一）2019年9月底前，示例县民政局牵头制定脱钩名单，报示例县行业协会商会与行政机关脱钩联合工作组办公室备案后实施。",
	"（二）2020年底前，各业务主管单位完成脱钩任务，并将完成情况报送联合工作组。",
}

// plan is a plan on two pages, with a paragraph that runs over from the first.
func plan(t testing.TB, shape int) []byte {
	var out []string
	title := "示例县行业协会商会脱钩方案"
	s := &sheet{shape: shape}
	s.line(105-float64(utf8.RuneCountInString(title))*7.76/2, 40, 7.76, title)
	y := 60.0
	for i, p := range paragraphs {
		lines := broken(p)
		if i == 3 { // runs over
			s.text(242, 2, lines[:2])
			s.line(100, 285, 4, "—1—")
			out = append(out, s.page())
			s = &sheet{shape: shape}
			y = s.text(37, 0, lines[2:])
			continue
		}
		y = s.text(y, 2, lines)
	}
	for i, row := range [][]string{{"序号", "任务", "牵头单位"}, {"1", "制定名单", "示例县民政局"}} {
		top := 160 + 12*float64(i)
		for k, text := range row {
			x := 28 + 50*float64(k)
			s.rule(x, top, x, top+12)
			s.line(x+3, top+8, 4, text)
		}
		s.rule(28, top, 178, top)
		s.rule(178, top, 178, top+12)
		s.rule(28, top+12, 178, top+12)
	}
	s.line(100, 285, 4, "—2—")
	return packed(t, append(out, s.page())...)
}

func TestPlan(t *testing.T) {
	want := "示例县行业协会商会脱钩方案\n" + strings.Join(paragraphs, "\n") + "\n序号 | 任务 | 牵头单位\n1 | 制定名单 | 示例县民政局"
	for shape, name := range []string{"an object a line", "an object a character", "steps in short"} {
		t.Run(name, func(t *testing.T) {
			doc := flowtest.Read(t, ofd.Reader{}, plan(t, shape))
			if got := flowtest.Text(doc); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
			if doc.Pages != 2 || !doc.Lines[0].Title || doc.Props.Title != "示例" {
				t.Errorf("%d pages, first line %+v, title %q", doc.Pages, doc.Lines[0].Title, doc.Props.Title)
			}
			if len(doc.Files) != 1 || doc.Files[0].Name != "示例名单.xlsx" {
				t.Errorf("files %v", doc.Files)
			}
			if len(doc.Problems) > 0 {
				t.Errorf("problems %v", doc.Problems)
			}
		})
	}
}

func TestProblems(t *testing.T) {
	picture := `<ofd:Page><ofd:Content><ofd:Layer><ofd:ImageObject Boundary="0 0 210 297"/></ofd:Layer></ofd:Content></ofd:Page>`
	doc := flowtest.Read(t, ofd.Reader{}, packed(t, picture))
	if len(doc.Problems) != 1 || doc.Problems[0].ID != "pages_without_text" {
		t.Errorf("got %v", doc.Problems)
	}
	whole := (&sheet{}).page()
	doc = flowtest.Read(t, ofd.Reader{}, packed(t, whole[:len(whole)-20]))
	if len(doc.Problems) != 1 || doc.Problems[0].ID != "ofd_part_lost" {
		t.Errorf("got %v", doc.Problems)
	}
}

func TestRefused(t *testing.T) {
	tests := []struct {
		reason string
		data   []byte
		l      flow.Limits
		want   string
	}{
		{"nothing", nil, flow.Limits{}, "empty"},
		{"half a file", plan(t, 0)[:900], flow.Limits{}, "corrupt"},
		{"another ZIP", zipped(t, "a.txt", "a"), flow.Limits{}, "unsupported"},
		{"encrypted", zipped(t, "OFD.xml", "\x01\x02", "Encryptions.xml", "<a/>"), flow.Limits{}, "encrypted"},
		{"no document", zipped(t, "OFD.xml", head), flow.Limits{}, "corrupt"},
		{"too many pages", plan(t, 0), flow.Limits{Pages: 1}, "too_many"},
		{"larger than allowed", plan(t, 0), flow.Limits{Bytes: 100}, "too_large"},
	}
	for _, tt := range tests {
		t.Run(tt.reason, func(t *testing.T) {
			_, err := ofd.Reader{}.ReadFile(context.Background(), tt.data, tt.l)
			var e *flow.Error
			if !errors.As(err, &e) || e.ID != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

func FuzzPage(f *testing.F) {
	s := &sheet{}
	s.line(20, 20, 5, "示例&方案")
	s.rule(1, 1, 100, 1)
	f.Add(s.page())
	f.Add(`<Page><Content><Layer><TextObject Size="5" Boundary="1 1 9 9"><TextCode DeltaX="g 99999999 5">示例</TextCode></TextObject></Layer></Content></Page>`)
	f.Fuzz(func(t *testing.T, page string) {
		flowtest.Hostile(t, ofd.Reader{}, packed(t, page), flow.Limits{Unpacked: 8 << 20})
	})
}

func BenchmarkRead(b *testing.B) {
	data := plan(b, 0)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := (ofd.Reader{}).ReadFile(context.Background(), data, flow.Limits{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "documents/s")
}
