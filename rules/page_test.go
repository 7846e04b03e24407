package rules

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"tuogou/corpus"
)

func TestLoadPage(t *testing.T) {
	p, err := LoadPage(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	labels := map[string]corpus.Field{
		"索引号": corpus.FieldIndex, "发文机关": corpus.FieldIssuer, "文号": corpus.FieldDocNumber,
		"成文日期": corpus.FieldSigned, "发布日期": corpus.FieldPosted, "来源": corpus.FieldSource,
	}
	for word, want := range labels {
		if got := p.Labels[word].Field; got != want {
			t.Errorf("label %s means %q, want %q", word, got, want)
		}
	}
	if got := p.Tags["pubdate"].Field; got != corpus.FieldPosted {
		t.Errorf("tag PubDate means %q", got)
	}
	if !p.Labels["来源"].Weak || p.Labels["发文字号"].Weak {
		t.Error("来源 must be weak and 发文字号 strong")
	}
}

func TestFoldLabel(t *testing.T) {
	for in, want := range map[string]string{
		"索 引 号：":      "索引号",
		"文　号:":        "文号",
		"标\u00a0题 ： ": "标题",
		"有效性":         "有效性",
	} {
		if got := FoldLabel(in); got != want {
			t.Errorf("FoldLabel(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestNeutralReadings(t *testing.T) {
	p, err := LoadPage(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	if p.Noise.Reading("de", false) || !p.Noise.Reading("de", true) || p.Noise.Reading("qq", true) {
		t.Error("a syllable without a mark is a reading only in a text of readings")
	}
}

// Each change to the real file must be refused, with the entry named.
func TestLoadPageRefuses(t *testing.T) {
	data, err := os.ReadFile("page.toml")
	if err != nil {
		t.Fatal(err)
	}
	noise, err := os.ReadFile("noise.toml")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, old, new, want string }{
		{"an unknown key", "[attachments]", "[attachments]\ncolour = 1", "colour"},
		{"a bad pattern", `words = '^附件'`, `words = '(附件'`, "attachments.words"},
		{"an unknown field", `field = "index_no"`, `field = "index"`, "unknown field"},
		{"a label twice", `words = ["服务对象"]`, `words = ["索引号"]`, "索引号"},
		{"a label with a blank", `words = ["服务对象"]`, `words = ["服务 对象"]`, "folded"},
		{"an example that does not match", `examples = ["试读结束，登录后查看全文", "展开全文"]`, `examples = ["甲"]`, "preview"},
		{"a nonexample that matches", `nonexamples = ["认真阅读文件"]`, `nonexamples = ["展开全文"]`, "preview"},
		{"an unknown kind", `kind = "truncated"`, `kind = "cut"`, "unknown kind"},
		{"a bad selector", `"#UCAP-CONTENT"`, `"#"`, "containers"},
		{"an id twice", `id = "preview"`, `id = "pipes"`, "twice"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := strings.Replace(string(data), tt.old, tt.new, 1)
			if text == string(data) {
				t.Fatalf("page.toml has no %q any more", tt.old)
			}
			_, err := LoadPage(fstest.MapFS{"page.toml": {Data: []byte(text)}, "noise.toml": {Data: noise}})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("error %v, want one that names %q", err, tt.want)
			}
		})
	}
	if _, err := LoadPage(fstest.MapFS{}); err == nil {
		t.Error("a missing file must be an error")
	}
}
