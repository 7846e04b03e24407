package office_test

import (
	"testing"

	"tuogou/extract/reader/flow/flowtest"
	"tuogou/extract/reader/office"
)

func TestRTF(t *testing.T) {
	tests := []struct{ reason, body, want string }{
		{"GBK by its font", `{\fonttbl{\f0\fcharset134 SimSun;}}\f0 \'ca\'be\'c0\'fd\par`, "示例"},
		{"GBK by the file", `\ansicpg936 \'ca\'be\'c0\'fd\par`, "示例"},
		{"numbers with what older programs show instead", `\u31034\'3f\uc2\u20363??\par`, "示例"},
		{"a pair", `\u-10187?\u-9216?\par`, "𝐀"},
		{"fields show their result", `{\field{\*\fldinst HYPERLINK "x"}{\fldrslt a}}b\par`, "ab"},
		{"hidden and deleted", `a{\v b}{\deleted c}d\par`, "ad"},
		{"a note follows its paragraph", `a{\footnote n}b\par c\par`, "ab\nn\nc"},
		{"automatic numbers stand in the file", `{\listtext 1.\tab}a\par`, "1.a"},
		{"a picture", `a{\pict\bin4 }}}}b}c\par`, "ac"},
		{"a table", `\trowd\clvmgf\cellx1000\cellx2000\intbl a\cell b\cell\row\trowd\clvmrg\cellx1000\cellx2000\intbl\cell c\par d\cell\row\pard e\par`, "a | b\nc / d\ne"},
	}
	for _, tt := range tests {
		t.Run(tt.reason, func(t *testing.T) {
			doc := flowtest.Read(t, office.Reader{}, []byte(`{\rtf1\ansi `+tt.body+`}`))
			if got := flowtest.Text(doc); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func FuzzRTF(f *testing.F) {
	seeds(f, "rtf")
	f.Fuzz(func(t *testing.T, data []byte) {
		flowtest.Hostile(t, office.Reader{}, append([]byte(`{\rtf1`), data...), small)
	})
}
