package office_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tuogou/extract/reader/flow"
	"tuogou/extract/reader/flow/flowtest"
	"tuogou/extract/reader/office"
)

// zipped is a package with the given parts.
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

const (
	docHead = `<?xml version="1.0"?><w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body>`
	docFoot = `</w:body></w:document>`
)

func TestDOCX(t *testing.T) {
	long := strings.Repeat("<w:sdt><w:sdtContent>", 600) + "<w:p><w:r><w:t>深</w:t></w:r></w:p>"
	tests := []struct {
		name, body, want, problem string
	}{
		{"a prefix of its own and a reference to a character",
			`<x:p><x:r><x:t>一&#x4e8c;&amp;&lt;</x:t></x:r></x:p>`, "一二&<", ""},
		{"CDATA", `<w:p><w:r><w:t><![CDATA[a<b]]></w:t></w:r></w:p>`, "a<b", ""},
		{"the file is cut off: what came is read",
			`<w:p><w:r><w:t>前半</w:t></w:r></w:p><w:p><w:r><w:t>后`, "前半\n后", "damaged_part"},
		{"a field whose end is missing hides nothing after its paragraph",
			`<w:p><w:r><w:fldChar w:fldCharType="begin"/><w:instrText>TOC</w:instrText></w:r></w:p><w:p><w:r><w:t>正文</w:t></w:r></w:p>`, "正文", ""},
		{"nested too deep", long, "", "too_deep"},
		{"a paragraph mark that was deleted joins two paragraphs",
			`<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>前</w:t></w:r></w:p><w:p><w:r><w:t>后</w:t></w:r></w:p>`, "前后", "tracked_changes"},
		{"the base of a reading aid",
			`<w:p><w:r><w:ruby><w:rt><w:r><w:t>yè</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>业</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>`, "业", ""},
		{"nothing but a picture", `<w:p><w:r><w:drawing/></w:r></w:p>`, "", "no_text"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			foot := docFoot
			if tt.problem == "damaged_part" {
				foot = ""
			}
			doc := flowtest.Read(t, office.Reader{}, zipped(t, "word/document.xml", docHead+tt.body+foot))
			if got := flowtest.Text(doc); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if got := problems(doc); tt.problem != "" && !strings.Contains(got, tt.problem) || tt.problem == "" && got != "" {
				t.Errorf("problems %q, want %q", got, tt.problem)
			}
		})
	}
}

func problems(doc *flow.Document) string {
	var out []string
	for _, p := range doc.Problems {
		out = append(out, p.ID)
	}
	return strings.Join(out, " ")
}

func TestFootnotes(t *testing.T) {
	rels := `<Relationships><Relationship Id="a" Type="http://x/footnotes" Target="footnotes.xml"/></Relationships>`
	notes := `<w:footnotes><w:footnote w:id="0" w:type="separator"><w:p><w:r><w:t>线</w:t></w:r></w:p></w:footnote>` +
		`<w:footnote w:id="2"><w:p><w:r><w:t>脚注</w:t></w:r></w:p></w:footnote></w:footnotes>`
	body := `<w:p><w:r><w:t>前</w:t><w:footnoteReference w:id="2"/><w:t>后</w:t></w:r></w:p><w:p><w:r><w:t>下段</w:t></w:r></w:p>`
	doc := flowtest.Read(t, office.Reader{}, zipped(t, "word/document.xml", docHead+body+docFoot,
		"word/_rels/document.xml.rels", rels, "word/footnotes.xml", notes))
	if got := flowtest.Text(doc); got != "前后\n脚注\n下段" || doc.Lines[1].Kind != flow.Note {
		t.Errorf("got %q with a %s", got, doc.Lines[1].Kind)
	}
}

// TestRefused has files that cannot be read, each for a reason of its own.
func TestRefused(t *testing.T) {
	encrypted := bytes.Clone(fixture(t, "plan.doc"))
	fib := bytes.Index(encrypted, []byte{0xec, 0xa5})
	encrypted[fib+0x0b] |= 1
	old := bytes.Clone(fixture(t, "plan.doc"))
	old[fib], old[fib+1] = 0xdc, 0xa5
	half := fixture(t, "plan.docx")
	tests := []struct {
		name string
		data []byte
		l    flow.Limits
		want string
	}{
		{"nothing", nil, flow.Limits{}, "empty"},
		{"another format", []byte("%PDF-1.7"), flow.Limits{}, "unsupported"},
		{"half a file", half[:len(half)/2], flow.Limits{}, "corrupt"},
		{"half a DOC", fixture(t, "plan.doc")[:600], flow.Limits{}, "corrupt"},
		{"larger than allowed", half, flow.Limits{Bytes: 100}, "too_large"},
		{"more parts than allowed", half, flow.Limits{Entries: 3}, "too_many"},
		{"a bomb", zipped(t, "word/document.xml", docHead+strings.Repeat(" ", 40<<20)+docFoot), flow.Limits{}, "too_packed"},
		{"a ZIP of something else", zipped(t, "a.txt", "a"), flow.Limits{}, "unsupported"},
		{"a DOC with a password", encrypted, flow.Limits{}, "encrypted"},
		{"Word 95, and no program to convert it", old, flow.Limits{}, "needs_program"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := office.Reader{}.ReadFile(context.Background(), tt.data, tt.l)
			var e *flow.Error
			if !errors.As(err, &e) || e.ID != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

// TestEntities: entities that a file defines are not expanded, and long
// attributes cost no more than their length.
func TestEntities(t *testing.T) {
	var def strings.Builder
	def.WriteString(`<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">`)
	for i := 1; i < 30; i++ {
		def.WriteString(`<!ENTITY ` + string(rune('a'+i)) + ` "` + strings.Repeat("&"+string(rune('a'+i-1))+";", 10) + `">`)
	}
	body := strings.TrimPrefix(docHead, `<?xml version="1.0"?>`) + `<w:p w:x="` + strings.Repeat("y=", 1<<16) + `"><w:r><w:t>甲&z;</w:t></w:r></w:p>` + docFoot
	begin := time.Now()
	doc := flowtest.Read(t, office.Reader{}, zipped(t, "word/document.xml", def.String()+"]>"+body))
	if got := flowtest.Text(doc); got != "甲&z;" {
		t.Errorf("got %q", got)
	}
	if took := time.Since(begin); took > time.Minute {
		t.Errorf("it took %s", took)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, name := range []string{"plan.docx", "plan.doc"} {
		_, err := office.Reader{}.ReadFile(ctx, fixture(t, name), flow.Limits{})
		var e *flow.Error
		if !errors.As(err, &e) || e.ID != "too_slow" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func seeds(f *testing.F, exts ...string) {
	for _, ext := range exts {
		files, err := filepath.Glob("testdata/*." + ext)
		if err != nil || len(files) == 0 {
			f.Fatal("no seeds ", ext)
		}
		for _, name := range files {
			data, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
}

var small = flow.Limits{Unpacked: 32 << 20, Cells: 10_000}

func FuzzDOC(f *testing.F) {
	seeds(f, "doc")
	f.Fuzz(func(t *testing.T, data []byte) { flowtest.Hostile(t, office.Reader{}, data, small) })
}

// FuzzDOCX changes the text of the main part: changes to the packed bytes would
// only find the checksum.
func FuzzDOCX(f *testing.F) {
	for _, name := range []string{"plan.docx", "features.docx"} {
		f.Add(part(f, fixture(f, name), "word/document.xml"), part(f, fixture(f, "features.docx"), "word/numbering.xml"),
			part(f, fixture(f, name), "word/styles.xml"))
	}
	f.Fuzz(func(t *testing.T, doc, numbers, styles string) {
		rels := `<Relationships><Relationship Id="a" Type="x/numbering" Target="numbering.xml"/>` +
			`<Relationship Id="b" Type="x/styles" Target="styles.xml"/></Relationships>`
		flowtest.Hostile(t, office.Reader{}, zipped(t, "word/document.xml", doc, "word/numbering.xml", numbers,
			"word/styles.xml", styles, "word/_rels/document.xml.rels", rels), small)
	})
}

func part(t testing.TB, data []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	r, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var out bytes.Buffer
	if _, err := out.ReadFrom(r); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func BenchmarkRead(b *testing.B) {
	for _, name := range []string{"features.docx", "features.doc", "plan.doc"} {
		data := fixture(b, name)
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				if _, err := (office.Reader{}).ReadFile(context.Background(), data, flow.Limits{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "documents/s")
		})
	}
}
