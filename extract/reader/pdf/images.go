package pdf

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"image"
	_ "image/jpeg" // the forms that Images knows
	_ "image/png"

	"tuogou/extract/reader/flow"
	"tuogou/extract/reader/program"
)

// Images reads a picture of a page, PNG, JPEG or TIFF, as a scan: a file of
// pages without text. A TIFF may have several pages.
type Images struct {
	// OCR reads the picture as it is, all its pages. Nil: each page is a problem.
	OCR func(ctx context.Context, picture []byte) ([]program.Word, error)
}

// maxImage is the most pixels of one picture: an A3 page at 600 dots an inch
// has 70 million.
const maxImage = 150_000_000

// ReadFile reads one picture; see [flow.Reader].
func (m Images) ReadFile(ctx context.Context, data []byte, l flow.Limits) (*flow.Document, error) {
	l = l.WithDefaults()
	if len(data) == 0 {
		return nil, flow.Errorf("empty", "the file is empty")
	}
	if int64(len(data)) > l.Bytes {
		return nil, flow.Errorf("too_large", "the picture has %d bytes, the limit is %d", len(data), l.Bytes)
	}
	sizes, err := dimensions(data, l.Pages)
	if err != nil {
		return nil, err
	}
	doc := &flow.Document{Pages: len(sizes)}
	pages := make([]*page, len(sizes))
	for i, s := range sizes {
		if int64(s.X)*int64(s.Y) > maxImage {
			return nil, flow.Errorf("too_large", "the picture has %d × %d pixels, more than %d million", s.X, s.Y, maxImage/1_000_000)
		}
		pages[i] = &page{num: i + 1, w: a4, h: a4 * float64(s.Y) / float64(max(1, s.X))}
	}
	if m.OCR == nil {
		for i := range pages {
			doc.Problems = append(doc.Problems, flow.Problem{ID: "scan_page", Page: i + 1, Lost: true,
				Message: fmt.Sprintf("page %d is a picture without text: %s", i+1, howToOCR)})
		}
		build(doc, pages)
		return doc, nil
	}
	return m.read(ctx, data, l, doc, pages, sizes)
}

// a4 is the width in points that a page is taken to have: a picture does not say.
const a4 = 595

func (m Images) read(ctx context.Context, data []byte, l flow.Limits, doc *flow.Document, pages []*page, sizes []image.Point) (*flow.Document, error) {
	ctx, cancel := context.WithTimeout(ctx, l.Time)
	defer cancel()
	words, err := m.OCR(ctx, data)
	if ctx.Err() != nil {
		return nil, flow.Errorf("too_slow", "the picture was not read within %v", l.Time)
	}
	byPage := map[int][]program.Word{}
	for _, w := range words {
		byPage[w.Page] = append(byPage[w.Page], w)
	}
	for i, p := range pages {
		pr := flow.Problem{ID: "ocr", Page: i + 1, Message: fmt.Sprintf("page %d is a picture and was read by machine: characters may be wrong", i+1)}
		if err != nil {
			pr = flow.Problem{ID: "ocr_failed", Page: i + 1, Lost: true, Message: fmt.Sprintf("page %d is a picture and could not be read by machine: %v", i+1, err)}
		}
		doc.Problems = append(doc.Problems, pr)
		p.words(byPage[i+1], float64(max(1, sizes[i].X))/a4)
	}
	build(doc, pages)
	return doc, nil
}

// dimensions are the sizes in pixels of the pages of a picture.
func dimensions(data []byte, most int) ([]image.Point, error) {
	if bytes.HasPrefix(data, []byte("II*\x00")) || bytes.HasPrefix(data, []byte("MM\x00*")) {
		return tiffPages(data, most)
	}
	c, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, flow.Errorf("corrupt", "this is no PNG, JPEG or TIFF picture, or it is damaged")
	}
	return []image.Point{{X: c.Width, Y: c.Height}}, nil
}

// tiffPages walks the chain of directories of a TIFF.
func tiffPages(data []byte, most int) ([]image.Point, error) {
	var order binary.ByteOrder = binary.LittleEndian
	if data[0] == 'M' {
		order = binary.BigEndian
	}
	broken := flow.Errorf("corrupt", "the TIFF picture is damaged or was not sent whole: fetch it again")
	if len(data) < 8 {
		return nil, broken
	}
	var out []image.Point
	seen := map[uint32]bool{}
	for at := order.Uint32(data[4:]); at != 0; {
		if seen[at] || uint64(at)+2 > uint64(len(data)) {
			return nil, broken
		}
		if len(out) >= most {
			return nil, flow.Errorf("too_many", "the TIFF picture has more than %d pages", most)
		}
		seen[at] = true
		n := uint64(order.Uint16(data[at:]))
		end := uint64(at) + 2 + 12*n
		if end+4 > uint64(len(data)) {
			return nil, broken
		}
		var size image.Point
		for e := uint64(at) + 2; e < end; e += 12 {
			v := int(order.Uint32(data[e+8:]))
			if order.Uint16(data[e+2:]) == 3 { // a short stands in the first two bytes
				v = int(order.Uint16(data[e+8:]))
			}
			switch order.Uint16(data[e:]) {
			case 256:
				size.X = v
			case 257:
				size.Y = v
			}
		}
		out = append(out, size)
		at = order.Uint32(data[end:])
	}
	if len(out) == 0 {
		return nil, broken
	}
	return out, nil
}
