package reader

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	xunicode "golang.org/x/text/encoding/unicode"

	"tuogou/corpus"
)

// wantPage is what a page of testdata/pages holds; see the README there.
type wantPage struct {
	URL    string                    `json:"url"`
	Sent   string                    `json:"sent"`   // Content-Type
	Encode string                    `json:"encode"` // the page is read in this charset
	Title  string                    `json:"title"`
	Fields map[corpus.Field][]string `json:"fields"`
	Links  []corpus.Link             `json:"links"`
	Next   []string                  `json:"next"`
	Body   []string                  `json:"body"`
}

// encodePage turns a page kept in UTF-8 into the bytes of its charset.
func encodePage(t testing.TB, page []byte, name string) []byte {
	t.Helper()
	enc := map[string]encoding.Encoding{
		"":         encoding.Nop,
		"gb18030":  simplifiedchinese.GB18030,
		"big5":     traditionalchinese.Big5,
		"utf-16le": xunicode.UTF16(xunicode.LittleEndian, xunicode.UseBOM),
	}[name]
	if enc == nil {
		t.Fatalf("no charset %q", name)
	}
	out, err := enc.NewEncoder().Bytes(page)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// fixture is one page of testdata/pages.
type fixture struct {
	name string
	in   Input
	want wantPage
}

func fixtures(t testing.TB) []fixture {
	t.Helper()
	files, err := filepath.Glob("testdata/pages/*.want.json")
	if err != nil {
		t.Fatal(err)
	}
	var out []fixture
	for _, file := range files {
		var f fixture
		data, err := os.ReadFile(file)
		if err == nil {
			err = json.Unmarshal(data, &f.want)
		}
		if err != nil {
			t.Fatal(file, err)
		}
		f.name = strings.TrimSuffix(filepath.Base(file), ".want.json")
		pages, _ := filepath.Glob("testdata/pages/" + f.name + ".[hj]*")
		if len(pages) != 1 {
			t.Fatalf("%s: pages %v", file, pages)
		}
		page, err := os.ReadFile(pages[0])
		if err != nil {
			t.Fatal(err)
		}
		f.in = Input{Data: encodePage(t, page, f.want.Encode), Name: filepath.Base(pages[0]), URL: f.want.URL, Type: f.want.Sent}
		out = append(out, f)
	}
	return out
}

func TestEncodePage(t *testing.T) {
	for name, want := range map[string]string{"": "㙍镇", "gb18030": "\x82\x30\xab\x33\xd5\xf2", "utf-16le": "\xff\xfe\x4d\x36\x47\x95"} {
		if got := encodePage(t, []byte("㙍镇"), name); string(got) != want {
			t.Errorf("%s: % x, want % x", name, got, want)
		}
	}
}

// Each page gives its body, all facts it states and no other, all attachments,
// a true map, and the same text when it is read again.
func TestPages(t *testing.T) {
	list := fixtures(t)
	if len(list) < 40 {
		t.Errorf("%d pages, want 40 or more", len(list))
	}
	r := newReader(t)
	for _, f := range list {
		t.Run(f.name, func(t *testing.T) {
			x := read(t, r, f.in)
			if err := x.Check(); err != nil {
				t.Error(err)
			}
			if b := firstOf(x, corpus.BlockTitle); b != f.want.Title {
				t.Errorf("title %q, want %q", b, f.want.Title)
			}
			got := map[corpus.Field][]string{}
			for _, b := range x.Blocks {
				if b.Kind == corpus.BlockMeta {
					got[b.Field] = append(got[b.Field], b.Value.In(x.Body))
				}
			}
			for _, m := range []map[corpus.Field][]string{got, f.want.Fields} {
				for _, v := range m {
					slices.Sort(v)
				}
			}
			if diff := cmp.Diff(f.want.Fields, got); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(f.want.Links, x.Links); diff != "" && len(f.want.Links)+len(x.Links) > 0 {
				t.Errorf("links (-want +got):\n%s", diff)
			}
			if score := bigramF1(bodyText(x), strings.Join(f.want.Body, "\n")); score < 0.98 {
				t.Errorf("F1 of the body %.3f:\n%s", score, cmp.Diff(f.want.Body, strings.Split(bodyText(x), "\n")))
			}
			if f.want.Encode != "big5" { // its characters are other ones after conversion
				checkMap(t, x, f.in.Data)
			}
			if again := read(t, r, f.in); show(again) != show(x) || again.Body != x.Body {
				t.Error("the second read differs")
			}
		})
	}
}

// bodyText is the lines of a text that are neither facts nor furniture.
func bodyText(x *corpus.Text) string {
	var out []string
	for _, b := range x.Blocks {
		if b.Kind == corpus.BlockPara || b.Kind == corpus.BlockCell {
			out = append(out, b.Span.In(x.Body))
		}
	}
	return strings.Join(out, "\n")
}

// bigramF1 compares two texts by their pairs of letters and digits, each as
// often as it stands there.
func bigramF1(got, want string) float64 {
	pairs := func(s string) (map[[2]rune]int, int) {
		m, n := map[[2]rune]int{}, 0
		var last rune
		for _, c := range s {
			if !unicode.IsLetter(c) && !unicode.IsDigit(c) {
				continue
			}
			if last != 0 {
				m[[2]rune{last, c}]++
				n++
			}
			last = c
		}
		return m, n
	}
	a, na := pairs(got)
	b, nb := pairs(want)
	both := 0
	for k, n := range a {
		both += min(n, b[k])
	}
	if na+nb == 0 {
		return 1
	}
	return 2 * float64(both) / float64(na+nb)
}
