package office

import (
	"bytes"
	"context"
	"encoding/binary"
	"path"
	"strings"
	"unicode/utf16"

	"github.com/richardlehane/mscfb"
	"golang.org/x/text/encoding/simplifiedchinese"

	"tuogou/extract/reader/flow"
	"tuogou/extract/reader/packed"
)

// storage is the streams of an OLE file by their paths ("WordDocument",
// "ObjectPool/_123/Package").
type storage struct {
	streams map[string][]byte
	order   []string
}

// openOLE reads all streams. Every byte of them lies in data, so that their sum
// cannot be larger unless a chain of sectors runs in a circle.
func openOLE(ctx context.Context, data []byte, l flow.Limits) (out *storage, err error) {
	defer func() {
		// mscfb trusts some counts of the header.
		if recover() != nil {
			out, err = nil, corruptOLE()
		}
	}()
	r, err := mscfb.New(bytes.NewReader(data))
	if err != nil {
		return nil, corruptOLE()
	}
	l.Unpacked = min(l.Unpacked, 2*int64(len(data))+1<<20)
	budget := packed.NewBudget(int64(len(data)), l)
	out = &storage{streams: map[string][]byte{}}
	if len(r.File) > l.Entries {
		return nil, flow.Errorf("too_many", "the file has %d parts, more than the limit of %d", len(r.File), l.Entries)
	}
	for _, e := range r.File {
		if e.Size <= 0 {
			continue
		}
		name := path.Join(append(append([]string{}, e.Path...), strings.TrimLeft(e.Name, "\x01\x03\x05"))...)
		b, err := budget.ReadAll(ctx, e)
		if _, limit := err.(*flow.Error); limit {
			return nil, err
		}
		if _, twice := out.streams[name]; !twice {
			out.streams[name] = b
			out.order = append(out.order, name)
		}
	}
	return out, nil
}

func corruptOLE() error {
	return flow.Errorf("corrupt", "the file is damaged or breaks off (its OLE structure does not hold together): fetch it again")
}

// readOLE reads what stands in an OLE file: a DOC, an XLS, an encrypted DOCX.
func (r Reader) readOLE(ctx context.Context, data []byte, l flow.Limits) (*flow.Document, error) {
	s, err := openOLE(ctx, data, l)
	if err != nil {
		return nil, err
	}
	switch {
	case s.streams["EncryptedPackage"] != nil:
		return nil, flow.Errorf("encrypted", "the file opens only with a password: save it without one")
	case s.streams["WordDocument"] != nil:
		doc, err := readDOC(ctx, s, l)
		if err == errOldWord {
			return r.convert(ctx, data, l, "doc", "docx")
		}
		return doc, err
	case s.streams["Workbook"] != nil || s.streams["Book"] != nil:
		return r.convert(ctx, data, l, "xls", "xlsx")
	}
	return nil, flow.Errorf("unsupported", "the OLE file holds neither a Word text nor an Excel workbook")
}

// embeddedFile is an embedded object as a file, if it can be a document. name is
// that of the part that holds it.
func embeddedFile(name string, data []byte) (flow.File, bool) {
	if !bytes.HasPrefix(data, []byte(oleMagic)) {
		return flow.File{Name: name, Data: data}, true
	}
	s, err := openOLE(context.Background(), data, flow.Limits{}.WithDefaults())
	if err != nil {
		return flow.File{}, false
	}
	stem := strings.TrimSuffix(name, path.Ext(name))
	switch {
	case s.streams["WordDocument"] != nil:
		return flow.File{Name: stem + ".doc", Data: data}, true
	case s.streams["Workbook"] != nil:
		return flow.File{Name: stem + ".xls", Data: data}, true
	case s.streams["Package"] != nil:
		return flow.File{Name: stem, Data: s.streams["Package"]}, true
	case s.streams["Ole10Native"] != nil:
		return native(s.streams["Ole10Native"])
	}
	return flow.File{}, false
}

// native takes the file out of an Ole10Native stream: size, 2 bytes, name, path,
// 8 bytes, path of a temporary file with its length, size, file.
func native(b []byte) (flow.File, bool) {
	if len(b) < 6 {
		return flow.File{}, false
	}
	b = b[6:]
	name, b, ok := bytes.Cut(b, []byte{0})
	if !ok {
		return flow.File{}, false
	}
	if _, b, ok = bytes.Cut(b, []byte{0}); !ok || len(b) < 8 {
		return flow.File{}, false
	}
	skip := uint64(8) + uint64(binary.LittleEndian.Uint32(b[4:]))
	if skip+4 > uint64(len(b)) {
		return flow.File{}, false
	}
	b = b[skip:]
	size := uint64(binary.LittleEndian.Uint32(b))
	if b = b[4:]; size > uint64(len(b)) {
		return flow.File{}, false
	}
	clean, err := simplifiedchinese.GB18030.NewDecoder().Bytes(name)
	if err != nil {
		clean = []byte("embedded")
	}
	return flow.File{Name: packed.BaseName(string(clean)), Data: b[:size]}, true
}

// bin reads little-endian numbers and gives 0 beyond the end.
type bin []byte

func (b bin) u16(at int) int {
	if at < 0 || at+2 > len(b) {
		return 0
	}
	return int(binary.LittleEndian.Uint16(b[at:]))
}

func (b bin) u32(at int) int {
	if at < 0 || at+4 > len(b) {
		return 0
	}
	return int(binary.LittleEndian.Uint32(b[at:]))
}

func (b bin) i16(at int) int { return int(int16(b.u16(at))) }
func (b bin) i32(at int) int { return int(int32(b.u32(at))) }

func (b bin) u8(at int) int {
	if at < 0 || at >= len(b) {
		return 0
	}
	return int(b[at])
}

// cut is size bytes at offset at, or nil when they are not all there.
func (b bin) cut(at, size int) bin {
	if at < 0 || size < 0 || at > len(b) || size > len(b)-at {
		return nil
	}
	return b[at : at+size]
}

// text is n UTF-16 units at offset at.
func (b bin) text(at, n int) string {
	var u []uint16
	for i := range n {
		u = append(u, uint16(b.u16(at+2*i)))
	}
	return string(utf16.Decode(u))
}
