package segment_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tuogou/corpus/corpustest"
	"tuogou/segment"
	"tuogou/segment/segmenttest"
)

var sampleWords = []string{"示例市委社会工作部", "业务主管单位"}

func TestConformance(t *testing.T) {
	t.Run("jieba", func(t *testing.T) {
		j := segment.New(segment.Options{CacheDir: t.TempDir(), Words: sampleWords})
		if err := j.Load(); err != nil {
			t.Fatal(err)
		}
		segmenttest.Run(t, j)
	})
	t.Run("chars", func(t *testing.T) { segmenttest.Run(t, charCutter{}) })
	t.Run("fake", func(t *testing.T) { segmenttest.Run(t, segmenttest.Fake{Words: []string{"行业", "行业协会"}}) })
}

type charCutter struct{}

func (charCutter) Cut(s string) []segment.Token { return segment.Chars(s) }

func TestCutWords(t *testing.T) {
	j := segment.New(segment.Options{Words: append(sampleWords, "", "会", "两 个 词", "\xff\xff\xff", strings.Repeat("长", 65))})
	for _, c := range []struct{ reason, text, want string }{
		{"dictionary", "行业协会商会与行政机关脱钩", "行业协会商会/与/行政/机关/脱钩"},
		{"an added name stays whole", "由示例市委社会工作部牵头", "由/示例市委社会工作部/牵头"},
		{"offsets go on after a NUL", "机构\x00分离", "机构/分离"},
		{"marks beside unknown words are tokens", "《鿃鿄》办法", "《/鿃/鿄/》/办法"},
		{"document number", "示发〔2018〕50号", "示发/〔/2018/〕/50/号"},
	} {
		t.Run(c.reason, func(t *testing.T) {
			got := strings.Join(segmenttest.Words(c.text, j.Cut(c.text)), "/")
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestFingerprint(t *testing.T) {
	a := segment.New(segment.Options{Words: []string{"民政局", "财政局"}}).Fingerprint()
	b := segment.New(segment.Options{Words: []string{"财政局", "民政局", "民政局"}, CacheDir: "elsewhere"}).Fingerprint()
	c := segment.New(segment.Options{Words: []string{"财政局"}}).Fingerprint()
	if a != b {
		t.Error("order, repetition or folder change the fingerprint")
	}
	if a == c {
		t.Error("other words, same fingerprint")
	}
}

func TestCacheFolder(t *testing.T) {
	cut := func(t *testing.T, cache string) {
		t.Helper()
		j := segment.New(segment.Options{CacheDir: cache})
		if err := j.Load(); err != nil {
			t.Fatal(err)
		}
		if n := len(j.Cut("行业协会脱钩")); n == 6 {
			t.Error("cut by character: the dictionary is not in use")
		}
	}
	t.Run("made, used again, repaired", func(t *testing.T) {
		cache := filepath.Join(t.TempDir(), "a", "b")
		cut(t, cache)
		dicts, _ := filepath.Glob(filepath.Join(cache, "*", "dict.utf8"))
		if len(dicts) != 1 {
			t.Fatalf("want one unpacked dictionary, have %v", dicts)
		}
		whole, err := os.ReadFile(dicts[0])
		if err != nil {
			t.Fatal(err)
		}
		// An empty dictionary would abort the process.
		if err := os.WriteFile(dicts[0], nil, 0o644); err != nil {
			t.Fatal(err)
		}
		cut(t, cache)
		if got, err := os.ReadFile(dicts[0]); err != nil || len(got) != len(whole) {
			t.Errorf("the damaged dictionary was not replaced: %d bytes, %v", len(got), err)
		}
		left, err := os.ReadDir(cache)
		if err != nil || len(left) != 1 {
			t.Errorf("temporary files are left over: %v %v", left, err)
		}
	})
	t.Run("a file stands where the folder should be", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(file, []byte("x"), 0o644); err != nil {
			t.Fatal(err)
		}
		cut(t, file)
	})
}

func TestNoFolderAtAll(t *testing.T) {
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "missing"))
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	j := segment.New(segment.Options{CacheDir: file})
	if j.Load() == nil {
		t.Fatal("nowhere to unpack, and no error")
	}
	if got := len(j.Cut("行业 协会")); got != 4 {
		t.Errorf("want a token a character without a dictionary, have %d", got)
	}
}

// gojieba finds its dictionaries by the path it was compiled at. A released
// binary has none.
func TestMovedBinary(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program")
	}
	root := corpustest.Root(t)
	src, err := os.MkdirTemp(filepath.Join(root, "segment"), "moved_test_*")
	if err != nil {
		t.Skipf("cannot write into the module: %v", err)
	}
	defer os.RemoveAll(src)
	const program = `package main

import ("fmt"; "os"; "tuogou/segment")

func main() {
	j := segment.New(segment.Options{CacheDir: os.Args[1]})
	if err := j.Load(); err != nil { fmt.Println(err); os.Exit(1) }
	fmt.Println(len(j.Cut("行业协会商会")))
}
`
	if err := os.WriteFile(filepath.Join(src, "main.go"), []byte(program), 0o644); err != nil {
		t.Fatal(err)
	}
	away := t.TempDir()
	built, moved := filepath.Join(t.TempDir(), "built"), filepath.Join(away, "moved")
	build := exec.Command("go", "build", "-trimpath", "-o", built, "./segment/"+filepath.Base(src))
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	if err := os.Rename(built, moved); err != nil {
		t.Fatal(err)
	}
	run := exec.Command(moved, filepath.Join(away, "cache"))
	run.Dir = away
	run.Env = []string{"GOMODCACHE=" + away, "HOME=" + away, "TMPDIR=" + away}
	out, err := run.CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != "1" {
		t.Errorf("want 行业协会商会 cut as one word: %v\n%s", err, out)
	}
}

func FuzzCut(f *testing.F) {
	j := segment.New(segment.Options{Words: sampleWords})
	if err := j.Load(); err != nil {
		f.Fatal(err)
	}
	f.Add("机构\x00分离\xff，示发〔2018〕50号　》办法")
	f.Add("\xed\xa0\x80\xf4\x90\x80\x80\xc0\x80")
	f.Fuzz(func(t *testing.T, s string) {
		if err := segmenttest.Check(s, j.Cut(s)); err != nil {
			t.Error(err)
		}
		if err := segmenttest.Check(s, segment.Chars(s)); err != nil {
			t.Error(err)
		}
	})
}

const sentence = "各级行政机关与其主办、主管、联系、挂靠的行业协会商会于2018年底前完成脱钩，由示例市民政局会同财政局负责。\n"

func BenchmarkCut(b *testing.B) {
	j := segment.New(segment.Options{Words: sampleWords})
	if err := j.Load(); err != nil {
		b.Fatal(err)
	}
	text := strings.Repeat(sentence, 40)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		j.Cut(text)
	}
}

func BenchmarkLoad(b *testing.B) {
	for name, cache := range map[string]string{"cached": b.TempDir(), "unpacked": ""} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := segment.New(segment.Options{CacheDir: cache}).Load(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func ExampleJieba_Cut() {
	j := segment.New(segment.Options{Words: []string{"示例市委社会工作部"}})
	text := "示例市委社会工作部负责"
	for _, t := range j.Cut(text) {
		os.Stdout.WriteString(text[t.Start:t.End] + "\n")
	}
	// Output:
	// 示例市委社会工作部
	// 负责
}
