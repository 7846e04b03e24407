package packed

import "testing"

func TestBaseName(t *testing.T) {
	tests := []struct{ name, want string }{
		{"方案/附件1.docx", "附件1.docx"},
		{"../../etc/passwd", "passwd"},
		{`C:\\Windows\\a.doc`, "a.doc"},
		{"C:a.doc", "Ca.doc"},
		{"a\x00b.doc", "ab.doc"},
		{"..", "file"},
		{"\xff\xfe", "file"},
	}
	for _, tt := range tests {
		if got := BaseName(tt.name); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestResolve(t *testing.T) {
	tests := []struct{ base, target, want string }{
		{"word/", "styles.xml", "word/styles.xml"},
		{"word/", "/word/styles.xml", "word/styles.xml"},
		{"word/", "../../../x", "x"},
		{"Doc_0", `Pages\\Page_0\\Content.xml`, "Doc_0/Pages/Page_0/Content.xml"},
	}
	for _, tt := range tests {
		if got := Resolve(tt.base, tt.target); got != tt.want {
			t.Errorf("%q in %q: got %q, want %q", tt.target, tt.base, got, tt.want)
		}
	}
}
