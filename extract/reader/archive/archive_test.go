package archive_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"io/fs"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"tuogou/extract/reader/archive"
	"tuogou/extract/reader/flow"
	"tuogou/extract/reader/flow/flowtest"
)

type entry struct {
	name, data string
	change     func(*zip.FileHeader)
}

func zipped(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		if e.change != nil {
			e.change(h)
		}
		w, err := z.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(e.data)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func names(doc *flow.Document) string {
	var out []string
	for _, f := range doc.Files {
		out = append(out, f.Name)
	}
	return strings.Join(out, " ")
}

func TestNames(t *testing.T) {
	gbk, err := simplifiedchinese.GBK.NewEncoder().String("附件1：示例名单.docx")
	if err != nil {
		t.Fatal(err)
	}
	unsaid := func(h *zip.FileHeader) { h.NonUTF8 = true }
	tests := []struct {
		reason string
		entry  entry
		want   string
	}{
		{"GBK of a Chinese Windows", entry{gbk, "x", unsaid}, "附件1：示例名单.docx"},
		{"UTF-8 that does not say so", entry{"方案.doc", "x", unsaid}, "方案.doc"},
		{"UTF-8", entry{"通知/方案.doc", "x", nil}, "方案.doc"},
		{"out of the folder", entry{"../../方案.doc", "x", nil}, "方案.doc"},
		{"an absolute path", entry{"/etc/方案.doc", "x", nil}, "方案.doc"},
		{"a drive and backslashes", entry{`C:\方案\一.doc`, "x", nil}, "一.doc"},
		{"the name in an extra field", entry{"____.doc", "x", func(h *zip.FileHeader) {
			h.NonUTF8 = true
			h.Extra = append([]byte{0x75, 0x70, byte(5 + len("名单.doc")), 0, 1, 0, 0, 0, 0}, "名单.doc"...)
		}}, "名单.doc"},
	}
	for _, tt := range tests {
		t.Run(tt.reason, func(t *testing.T) {
			if got := names(flowtest.Read(t, archive.Reader{}, zipped(t, tt.entry))); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestEntries(t *testing.T) {
	data := zipped(t,
		entry{"方案/", "", nil},
		entry{"__MACOSX/方案/._方案.doc", "x", nil},
		entry{"方案/.DS_Store", "x", nil},
		entry{"方案/~$方案.doc", "x", nil},
		entry{"方案/方案.doc", "正文", nil},
		entry{"链接.doc", "/etc/passwd", func(h *zip.FileHeader) { h.SetMode(fs.ModeSymlink | 0o777) }},
		entry{"密.doc", "x", func(h *zip.FileHeader) { h.Flags |= 1 }},
		entry{"内.zip", string(zipped(t, entry{"a.txt", "a", nil})), nil},
	)
	doc := flowtest.Read(t, archive.Reader{}, data)
	if got := names(doc); got != "方案.doc 内.zip" || string(doc.Files[0].Data) != "正文" {
		t.Errorf("got %q", got)
	}
	if len(doc.Problems) != 2 || doc.Problems[0].ID != "encrypted_entry" || doc.Problems[1].ID != "linked_entry" {
		t.Errorf("got %v", doc.Problems)
	}
}

// overlapped is a ZIP whose two entries share their packed bytes.
func overlapped(t testing.TB) []byte {
	data := zipped(t, entry{"a.txt", strings.Repeat("a", 1000), nil}, entry{"b.txt", strings.Repeat("a", 1000), nil})
	first := bytes.Index(data, []byte("PK\x01\x02"))
	second := first + bytes.Index(data[first+4:], []byte("PK\x01\x02")) + 4
	copy(data[second+42:second+46], data[first+42:first+46])
	return data
}

func TestRefused(t *testing.T) {
	ok := zipped(t, entry{"a.txt", "a", nil}, entry{"b.txt", "b", nil})
	tests := []struct {
		reason string
		data   []byte
		l      flow.Limits
		want   string
	}{
		{"nothing", nil, flow.Limits{}, "empty"},
		{"nothing inside", zipped(t, entry{"a/", "", nil}), flow.Limits{}, "empty"},
		{"half a file", ok[:len(ok)/2], flow.Limits{}, "corrupt"},
		{"too many entries", ok, flow.Limits{Entries: 1}, "too_many"},
		{"a bomb", zipped(t, entry{"a.txt", strings.Repeat("0", 40<<20), nil}), flow.Limits{}, "too_packed"},
		{"more than allowed", zipped(t, entry{"a.txt", strings.Repeat("0", 2000), nil}), flow.Limits{Unpacked: 1000}, "too_large"},
		{"entries that share bytes", overlapped(t), flow.Limits{}, "too_packed"},
		{"all with a password", zipped(t, entry{"a", "a", func(h *zip.FileHeader) { h.Flags |= 1 }}), flow.Limits{}, "encrypted"},
		{"7z", []byte("7z\xbc\xaf\x27\x1c\x00\x04"), flow.Limits{}, "unsupported"},
		{"text", []byte("附件"), flow.Limits{}, "unsupported"},
		{"the beginning of a RAR", []byte("Rar!\x1a\x07\x00"), flow.Limits{}, "corrupt"},
	}
	for _, tt := range tests {
		t.Run(tt.reason, func(t *testing.T) {
			_, err := archive.Reader{}.ReadFile(context.Background(), tt.data, tt.l)
			var e *flow.Error
			if !errors.As(err, &e) || e.ID != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

// stored is a RAR 4 with the file 示例.txt, not compressed, made by hand after the
// description of the format: no free program writes RAR.
func stored(t testing.TB) []byte {
	t.Helper()
	data, err := hex.DecodeString(rar4)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestRAR(t *testing.T) {
	doc := flowtest.Read(t, archive.Reader{}, stored(t))
	if names(doc) != "示例.txt" || string(doc.Files[0].Data) != "示例正文" {
		t.Errorf("got %q", names(doc))
	}
}

func FuzzZIP(f *testing.F) {
	f.Add(zipped(f, entry{"方案/方案.doc", "正文", nil}))
	f.Add(overlapped(f))
	f.Fuzz(func(t *testing.T, data []byte) {
		flowtest.Hostile(t, archive.Reader{}, data, flow.Limits{Unpacked: 8 << 20})
	})
}

func FuzzRAR(f *testing.F) {
	f.Add(stored(f))
	f.Add([]byte("Rar!\x1a\x07\x01\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		flowtest.Hostile(t, archive.Reader{}, data, flow.Limits{Unpacked: 8 << 20})
	})
}

func BenchmarkZIP(b *testing.B) {
	data := zipped(b, entry{"方案.doc", strings.Repeat("推进行业协会商会与行政机关脱钩", 20_000), nil})
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := (archive.Reader{}).ReadFile(context.Background(), data, flow.Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}
