package pdf

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/png"
	"testing"

	"tuogou/extract/reader/flow"
	"tuogou/extract/reader/flow/flowtest"
	"tuogou/extract/reader/program"
)

func onePNG(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 595, 842))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// tiff is the directories of a TIFF with pages of one size and no pixels.
func tiff(order binary.ByteOrder, n int) []byte {
	b := []byte("II*\x00")
	if order == binary.BigEndian {
		b = []byte("MM\x00*")
	}
	put32 := func(v uint32) { b = append(b, make([]byte, 4)...); order.PutUint32(b[len(b)-4:], v) }
	put16 := func(v uint16) { b = append(b, make([]byte, 2)...); order.PutUint16(b[len(b)-2:], v) }
	put32(8)
	for i := range n {
		put16(2)
		for tag, v := range map[uint16]uint32{256: 100, 257: 200} {
			put16(tag)
			put16(4)
			put32(1)
			put32(v)
		}
		if i == n-1 {
			put32(0)
		} else {
			put32(uint32(len(b) + 4))
		}
	}
	return b
}

func TestImages(t *testing.T) {
	doc := flowtest.Read(t, Images{}, onePNG(t))
	if doc.Pages != 1 || len(doc.Problems) != 1 || doc.Problems[0].ID != "scan_page" {
		t.Errorf("PNG without OCR: %d pages, %v", doc.Pages, doc.Problems)
	}
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		if doc := flowtest.Read(t, Images{}, tiff(order, 3)); doc.Pages != 3 || len(doc.Problems) != 3 {
			t.Errorf("TIFF: %d pages, %v", doc.Pages, doc.Problems)
		}
	}
	with := Images{OCR: func(context.Context, []byte) ([]program.Word, error) {
		return []program.Word{{Text: "第二页", Page: 2, Left: 10, Top: 20, Right: 70, Bottom: 40}, {Text: "示例", Page: 1, Left: 10, Top: 20, Right: 50, Bottom: 40}}, nil
	}}
	doc = flowtest.Read(t, with, tiff(binary.LittleEndian, 2))
	if got := flowtest.Text(doc); got != "示例\n第二页" || doc.Lines[1].Page != 2 {
		t.Errorf("TIFF with OCR: %q", got)
	}
}

func TestImagesRefused(t *testing.T) {
	circle := tiff(binary.LittleEndian, 1)
	binary.LittleEndian.PutUint32(circle[len(circle)-4:], 8)
	for name, c := range map[string]struct {
		id   string
		data []byte
	}{
		"nothing":    {"empty", nil},
		"half a PNG": {"corrupt", onePNG(t)[:20]},
		"circle":     {"corrupt", circle},
		"many pages": {"too_many", tiff(binary.LittleEndian, 50)},
		"short":      {"corrupt", []byte("II*\x00")},
	} {
		_, err := Images{}.ReadFile(context.Background(), c.data, flow.Limits{Pages: 40})
		var e *flow.Error
		if !errors.As(err, &e) || e.ID != c.id {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzImages(f *testing.F) {
	f.Add(onePNG(f))
	f.Add(tiff(binary.BigEndian, 2))
	f.Fuzz(func(t *testing.T, data []byte) { flowtest.Hostile(t, Images{}, data, flow.Limits{}) })
}
