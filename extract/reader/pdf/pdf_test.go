package pdf

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
	"golang.org/x/text/encoding/simplifiedchinese"

	"tuogou/extract/reader/flow"
	"tuogou/extract/reader/flow/flowtest"
	"tuogou/extract/reader/program"
)

var update = flag.Bool("update", false, "write the expected texts")

// reader is shared: compiling the engine takes seconds.
var reader = &Reader{Instances: 2, Memory: 256 << 20}

func TestMain(m *testing.M) {
	flag.Parse()
	if dir, err := os.UserCacheDir(); err == nil {
		reader.Cache = filepath.Join(dir, "tuogou-test-pdfium")
	}
	code := m.Run()
	if err := reader.Close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	if code == 0 {
		if err := goleak.Find(); err != nil {
			fmt.Fprintln(os.Stderr, "after Close:", err)
			code = 1
		}
	}
	os.Exit(code)
}

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var fixtures = []string{"plan", "notice", "table", "columns", "office", "unruled"}

func TestFixtures(t *testing.T) {
	for _, name := range fixtures {
		t.Run(name, func(t *testing.T) {
			doc := flowtest.Read(t, reader, fixture(t, name+".pdf"))
			got := flowtest.Text(doc) + "\n"
			if *update {
				if err := os.WriteFile(filepath.Join("testdata", name+".want.txt"), []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(fixture(t, name+".want.txt")), got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if len(doc.Problems) > 0 {
				t.Errorf("problems: %v", doc.Problems)
			}
		})
	}
}

var (
	furniture = regexp.MustCompile(`(?s)<(head|office:(font-face-decls|styles|automatic-styles|master-styles))\b.*?</(head|office:[a-z-]+)>`)
	tags      = regexp.MustCompile(`<[^>]*>|&nbsp;`)
)

// The truth here is not what the reader once gave but the file that the PDF was
// made from: all its text, and nothing else.
func TestTextIsThatOfTheSource(t *testing.T) {
	for _, name := range fixtures {
		t.Run(name, func(t *testing.T) {
			src := name + ".html"
			if name == "office" {
				src = name + ".fodt"
			}
			want := tags.ReplaceAllString(furniture.ReplaceAllString(string(fixture(t, src)), ""), "")
			doc := flowtest.Read(t, reader, fixture(t, name+".pdf"))
			var got strings.Builder
			for _, l := range doc.Lines {
				if l.Kind != flow.Running {
					for _, c := range l.Chars {
						got.WriteRune(c.R)
					}
				}
			}
			if f := bigramF1(want, got.String()); f < 0.98 {
				t.Errorf("F1 of character pairs is %.4f", f)
			} else {
				t.Logf("F1 %.4f", f)
			}
		})
	}
}

func bigramF1(want, got string) float64 {
	count := func(s string) (map[[2]rune]int, int) {
		m, n := map[[2]rune]int{}, 0
		var last rune
		for _, r := range s {
			if unicode.IsSpace(r) {
				continue
			}
			if last != 0 {
				m[[2]rune{last, r}]++
				n++
			}
			last = r
		}
		return m, n
	}
	w, nw := count(want)
	g, ng := count(got)
	both := 0
	for k, n := range w {
		both += min(n, g[k])
	}
	return 2 * float64(both) / float64(nw+ng)
}

func TestTitlesNotesAndRunningHeads(t *testing.T) {
	doc := flowtest.Read(t, reader, fixture(t, "notice.pdf"))
	var title, note string
	for i, l := range doc.Lines {
		switch {
		case l.Title:
			title += text(l)
		case l.Kind == flow.Note:
			note = text(l)
			if before := text(doc.Lines[i-1]); !strings.HasPrefix(before, "根据市委") {
				t.Errorf("the note stands behind %q", before)
			}
		}
	}
	if want := "示例市民政局 示例市财政局关于开展行业协会商会脱钩自查的通知"; title != want {
		t.Errorf("title %q, want %q", title, want)
	}
	if !strings.HasPrefix(note, "① 自查事项") {
		t.Errorf("note %q", note)
	}
}

func TestParagraphOverPages(t *testing.T) {
	doc := flowtest.Read(t, reader, fixture(t, "plan.pdf"))
	found := false
	for _, l := range doc.Lines {
		if s := doc.Streams[l.Stream]; s.Page == 0 {
			found = true
			if !regexp.MustCompile(`^pages \d-\d$`).MatchString(s.Name) || bytes.Count(s.Data, []byte("\f")) != 1 {
				t.Errorf("stream %q: %q", s.Name, s.Data)
			}
		}
	}
	if !found {
		t.Error("no paragraph goes over a page end")
	}
}

func text(l flow.Line) string {
	var s []rune
	for _, c := range l.Chars {
		s = append(s, c.R)
	}
	return string(s)
}

func TestFontsThatAreNotEmbedded(t *testing.T) {
	const words = "示例县行业协会商会应于2018年底前完成脱钩。"
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(words)
	if err != nil {
		t.Fatal(err)
	}
	for cmap, content := range map[string]string{
		"UniGB-UCS2-H":  at(90, 700, 16, words),
		"UniGB-UTF16-H": at(90, 700, 16, words),
		"GBK-EUC-H":     fmt.Sprintf("BT /F 16 Tf 1 0 0 1 90 700 Tm <%X> Tj ET\n", gbk),
	} {
		doc := flowtest.Read(t, reader, pages(notEmbedded(cmap), a4Box, content))
		if got := flowtest.Text(doc); got != words {
			t.Errorf("%s: %q", cmap, got)
		}
	}
}

func TestFontWithoutCharacters(t *testing.T) {
	data := pages(noMap, a4Box, at(90, 700, 16, strings.Repeat("示例县行业协会", 3)), at(90, 700, 16, strings.Repeat("示例县行业协会", 4)))
	doc := flowtest.Read(t, reader, data)
	for i := range 2 {
		if len(doc.Problems) != 2 || doc.Problems[i].ID != "no_unicode" || doc.Problems[i].Page != i+1 {
			t.Fatalf("problems: %v", doc.Problems)
		}
	}
}

// picture shows one picture on a page.
func picture(m *maker) string {
	img := m.stream("/Type/XObject/Subtype/Image/Width 8/Height 8/ColorSpace/DeviceGray/BitsPerComponent 8", strings.Repeat("\x80", 64))
	return fmt.Sprintf("<</XObject<</I %d 0 R>>>>", img)
}

func scan() []byte {
	m := &maker{}
	res := picture(m)
	c := m.stream("", "q 200 0 0 100 0 0 cm /I Do Q")
	tree := len(m.objs) + 2
	p := m.add(fmt.Sprintf("<</Type/Page/Parent %d 0 R/MediaBox[0 0 200 100]/Contents %d 0 R/Resources%s>>", tree, c, res))
	m.add(fmt.Sprintf("<</Type/Pages/Count 1/Kids[%d 0 R]>>", p))
	return m.file(m.add(fmt.Sprintf("<</Type/Catalog/Pages %d 0 R>>", tree)))
}

func TestScans(t *testing.T) {
	doc := flowtest.Read(t, reader, scan())
	if len(doc.Problems) != 1 || doc.Problems[0].ID != "scan_page" || !strings.Contains(doc.Problems[0].Message, "tesseract-ocr-chi-sim") {
		t.Errorf("without OCR: %v", doc.Problems)
	}
	with := &Reader{Cache: reader.Cache, Instances: 1, OCR: func(_ context.Context, png []byte) ([]program.Word, error) {
		if !bytes.HasPrefix(png, []byte("\x89PNG")) {
			t.Error("no PNG")
		}
		return []program.Word{
			{Text: "示例县", Page: 1, Block: 1, Par: 1, Line: 1, Left: 300, Top: 200, Right: 450, Bottom: 250},
			{Text: "方案", Page: 1, Block: 1, Par: 1, Line: 1, Left: 420, Top: 202, Right: 550, Bottom: 250},
		}, nil
	}}
	defer with.Close()
	doc = flowtest.Read(t, with, scan())
	if got := flowtest.Text(doc); got != "示例县方案" || len(doc.Problems) != 1 || doc.Problems[0].ID != "ocr" {
		t.Errorf("with OCR: %q, %v", got, doc.Problems)
	}
	with.OCR = func(context.Context, []byte) ([]program.Word, error) { return nil, errors.New("no data for chi_sim") }
	doc = flowtest.Read(t, with, scan())
	if len(doc.Problems) != 1 || doc.Problems[0].ID != "ocr_failed" {
		t.Errorf("with broken OCR: %v", doc.Problems)
	}
}

func TestRefusals(t *testing.T) {
	good := fixture(t, "office.pdf")
	long := make([]string, 300)
	for _, c := range []struct {
		name, id string
		data     []byte
		limits   flow.Limits
	}{
		{"nothing", "empty", nil, flow.Limits{}},
		{"a web page by the name of a PDF", "corrupt", []byte("<!DOCTYPE html><title>404</title>"), flow.Limits{}},
		{"a head without a body", "corrupt", []byte("%PDF-1.7\n"), flow.Limits{}},
		{"half sent, before its pages", "corrupt", good[:2000], flow.Limits{}},
		{"locked with a password", "encrypted", fixture(t, "locked.pdf"), flow.Limits{}},
		{"no pages", "empty", pages(helvetica, a4Box), flow.Limits{}},
		{"too many pages", "too_many", pages(helvetica, a4Box, long...), flow.Limits{Pages: 299}},
		{"too many bytes", "too_large", good, flow.Limits{Bytes: 1000}},
		{"no time", "too_slow", good, flow.Limits{Time: time.Nanosecond}},
	} {
		_, err := reader.ReadFile(context.Background(), c.data, c.limits)
		var e *flow.Error
		if !errors.As(err, &e) || e.ID != c.id {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// A password of the owner forbids printing, not reading.
func TestOwnerPassword(t *testing.T) {
	doc := flowtest.Read(t, reader, fixture(t, "owner.pdf"))
	if got := flowtest.Text(doc); got != "Annex 1" {
		t.Errorf("%q", got)
	}
}

func TestHostileFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("bombs take seconds")
	}
	deep := &maker{}
	const depth = 3000
	for i := range depth {
		deep.add(fmt.Sprintf("<</Type/Pages/Count 1/Kids[%d 0 R]/Parent %d 0 R>>", i+2, max(1, i)))
	}
	deep.add(fmt.Sprintf("<</Type/Page/Parent %d 0 R/MediaBox[0 0 595 842]>>", depth))
	circle := &maker{}
	circle.add("<</Type/Pages/Count 5/Kids[1 0 R 1 0 R]>>")
	bomb := &maker{}
	c := bomb.stream("/Filter/FlateDecode", deflated(strings.Repeat("0 0 m 1 1 l S\n", 3_000_000)))
	bomb.add("<</Type/Page/Parent 3 0 R/MediaBox[0 0 595 842]/Contents " + fmt.Sprint(c) + " 0 R>>")
	bomb.add("<</Type/Pages/Count 1/Kids[2 0 R]>>")
	twice := &maker{}
	twice.stream("/Filter[/FlateDecode/FlateDecode]", deflated(deflated(strings.Repeat(" ", 1<<29))))
	twice.add("<</Type/Page/Parent 3 0 R/MediaBox[0 0 595 842]/Contents 1 0 R>>")
	twice.add("<</Type/Pages/Count 1/Kids[2 0 R]>>")
	for name, data := range map[string][]byte{
		"deep page tree":   deep.file(deep.add("<</Type/Catalog/Pages 1 0 R>>")),
		"circular tree":    circle.file(circle.add("<</Type/Catalog/Pages 1 0 R>>")),
		"content bomb":     bomb.file(bomb.add("<</Type/Catalog/Pages 3 0 R>>")),
		"bomb in a bomb":   twice.file(twice.add("<</Type/Catalog/Pages 3 0 R>>")),
		"giant page":       pages(helvetica, "-1e30 -1e30 1e30 1e30", latin(10, 10, 1e20, "giant")),
		"page of no size":  pages(helvetica, "0 0 0 0", latin(10, 10, 12, "none")),
		"millions of text": pages(helvetica, a4Box, strings.Repeat(latin(10, 10, 12, strings.Repeat("a", 100)), 5000)),
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			flowtest.Hostile(t, reader, data, flow.Limits{Time: 3 * time.Second})
			if d := time.Since(start); d > 15*time.Second {
				t.Errorf("took %v", d)
			}
		})
	}
	// and the reader works on
	flowtest.Read(t, reader, fixture(t, "office.pdf"))
}

func TestDamagedFiles(t *testing.T) {
	good := fixture(t, "notice.pdf")
	for i := 1; i < 12; i++ {
		flowtest.Hostile(t, reader, good[:len(good)*i/12], flow.Limits{})
		bad := bytes.Clone(good)
		for k := i; k < len(bad); k += 97 * i {
			bad[k] ^= 0x55
		}
		flowtest.Hostile(t, reader, bad, flow.Limits{})
	}
}

func TestManyAtOnce(t *testing.T) {
	want := flowtest.Text(flowtest.Read(t, reader, fixture(t, "notice.pdf")))
	var wg sync.WaitGroup
	for range 6 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			doc, err := reader.ReadFile(context.Background(), fixture(t, "notice.pdf"), flow.Limits{})
			if err != nil || flowtest.Text(doc) != want {
				t.Errorf("another text, or %v", err)
			}
		}()
	}
	wg.Wait()
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var e *flow.Error
	if _, err := reader.ReadFile(ctx, fixture(t, "notice.pdf"), flow.Limits{}); !errors.As(err, &e) || e.ID != "too_slow" {
		t.Errorf("%v", err)
	}
}

func TestClosed(t *testing.T) {
	r := &Reader{}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	var e *flow.Error
	if _, err := r.ReadFile(context.Background(), fixture(t, "notice.pdf"), flow.Limits{}); !errors.As(err, &e) {
		t.Errorf("%v", err)
	}
}

func FuzzPDF(f *testing.F) {
	for _, name := range fixtures {
		f.Add(fixture(f, name+".pdf"))
	}
	f.Add(fixture(f, "locked.pdf"))
	f.Add(fixture(f, "owner.pdf"))
	f.Add(scan())
	f.Add(pages(notEmbedded("UniGB-UCS2-H"), a4Box, at(90, 700, 16, "示例")))
	f.Fuzz(func(t *testing.T, data []byte) {
		flowtest.Hostile(t, reader, data, flow.Limits{Time: 5 * time.Second, Pages: 50})
	})
}

func BenchmarkRead(b *testing.B) {
	for _, name := range fixtures {
		data := fixture(b, name+".pdf")
		if _, err := reader.ReadFile(context.Background(), data, flow.Limits{}); err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			n := 0
			for b.Loop() {
				doc, err := reader.ReadFile(context.Background(), data, flow.Limits{})
				if err != nil {
					b.Fatal(err)
				}
				n += doc.Pages
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "pages/s")
		})
	}
}
