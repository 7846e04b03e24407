package pdf

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"
	"unicode/utf16"

	"tuogou/extract/reader/flow"
	"tuogou/extract/reader/program"
)

// Reader reads PDF files. The zero value works. It is safe for use by several
// goroutines; Close it in the end.
type Reader struct {
	// Cache is a folder for the compiled engine, so that only the first start
	// on a machine compiles it. Empty: compile at each start, about 3 seconds.
	Cache string
	// Instances is how many files are read at once; 0 is the number of CPUs.
	Instances int
	// Memory bounds each sandbox in bytes, the file included; 0 is 1 GiB.
	Memory int64
	// OCR reads the picture of a page, a PNG. Nil: such pages become problems.
	OCR func(ctx context.Context, png []byte) ([]program.Word, error)

	engine engine
}

// howToOCR is what a person can do about pages that are pictures.
const howToOCR = "install tesseract with its data for simplified Chinese (packages tesseract-ocr and tesseract-ocr-chi-sim) and read the file again"

// Close stops the engine. The reader cannot be used afterwards.
func (r *Reader) Close() error { return r.engine.close() }

// ReadFile reads one PDF file; see [flow.Reader].
func (r *Reader) ReadFile(ctx context.Context, data []byte, l flow.Limits) (doc *flow.Document, err error) {
	l = l.WithDefaults()
	defer func() { // the geometry of a hostile file must not end the program
		if v := recover(); v != nil {
			doc, err = nil, flow.Errorf("corrupt", "the PDF file cannot be laid out: %v", v)
		}
	}()
	if len(data) == 0 {
		return nil, flow.Errorf("empty", "the file is empty")
	}
	if int64(len(data)) > l.Bytes {
		return nil, flow.Errorf("too_large", "the PDF file has %d bytes, the limit is %d", len(data), l.Bytes)
	}
	if !bytes.Contains(data[:min(len(data), 1024)], []byte("%PDF-")) {
		return nil, flow.Errorf("corrupt", "this is no PDF file: it does not begin with %%PDF")
	}
	ctx, cancel := context.WithTimeout(ctx, l.Time)
	defer cancel()
	pool, err := r.engine.start(r.Cache, r.Instances, r.memory())
	if err != nil {
		return nil, flow.Errorf("needs_program", "%v", err)
	}
	f := &file{r: r, ctx: ctx, data: data, limits: l, open: func(ctx context.Context) (*sandbox, error) { return newSandbox(ctx, pool) }}
	defer f.close()
	doc, err = f.read()
	if err == nil || ctx.Err() == nil {
		return doc, err
	}
	return nil, tooSlow(ctx, l.Time)
}

func tooSlow(ctx context.Context, limit time.Duration) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return flow.Errorf("too_slow", "the PDF file was not read within %v", limit)
	}
	return flow.Errorf("too_slow", "reading the PDF file was broken off: %v", ctx.Err())
}

func (r *Reader) memory() int64 {
	const least = 64 << 20
	if r.Memory <= 0 {
		return 1 << 30
	}
	return min(max(r.Memory, least), 2<<30)
}

// file is one PDF being read.
type file struct {
	r      *Reader
	ctx    context.Context
	data   []byte
	limits flow.Limits
	open   func(context.Context) (*sandbox, error)

	box   *sandbox
	doc   uint64
	traps int
	out   flow.Document
}

func (f *file) close() {
	if f.box != nil {
		f.box.close()
		f.box = nil
	}
}

// maxTraps is how many pages of one file may bring the engine down before the
// file is given up.
const maxTraps = 3

// load opens the file in a new sandbox.
func (f *file) load() error {
	f.close()
	box, err := f.open(f.ctx)
	if err != nil {
		if f.ctx.Err() != nil {
			return tooSlow(f.ctx, f.limits.Time)
		}
		return flow.Errorf("needs_program", "the PDF engine does not start: %v", err)
	}
	f.box = box
	p := box.put(f.data)
	if p == 0 {
		return flow.Errorf("too_large", "the PDF file does not fit into the memory that a file may use")
	}
	f.doc = box.ptr("FPDF_LoadMemDocument", p, uint64(len(f.data)), 0)
	if f.doc != 0 {
		return nil
	}
	if box.err != nil {
		return flow.Errorf("corrupt", "the PDF file stops the engine: it is damaged, or needs more than the memory that a file may use")
	}
	const password, security = 4, 5
	switch box.int("FPDF_GetLastError") {
	case password:
		return flow.Errorf("encrypted", "the PDF file is locked with a password: ask its publisher for one without")
	case security:
		return flow.Errorf("encrypted", "the PDF file is locked in a way that cannot be opened here")
	}
	return flow.Errorf("corrupt", "the PDF file is damaged or was not sent whole: fetch it again")
}

func (f *file) read() (*flow.Document, error) {
	if err := f.load(); err != nil {
		return nil, err
	}
	n := f.box.int("FPDF_GetPageCount", f.doc)
	if n > f.limits.Pages {
		return nil, flow.Errorf("too_many", "the PDF file has %d pages, the limit is %d", n, f.limits.Pages)
	}
	if n <= 0 {
		return nil, flow.Errorf("empty", "the PDF file has no pages")
	}
	f.out.Pages = n
	f.props()
	pages := make([]*page, 0, n)
	for i := range n {
		p, err := f.page(i)
		if err != nil {
			return nil, err
		}
		pages = append(pages, p)
	}
	f.close()
	if f.ctx.Err() != nil {
		return nil, tooSlow(f.ctx, f.limits.Time)
	}
	build(&f.out, pages)
	return &f.out, nil
}

// page reads one page, by OCR where it has no text of its own. A page that
// cannot be read is empty and has a problem.
func (f *file) page(i int) (*page, error) {
	p := f.box.readPage(f.doc, i)
	if f.box.err != nil {
		if f.ctx.Err() != nil {
			return nil, tooSlow(f.ctx, f.limits.Time)
		}
		p = nil
		if f.traps++; f.traps >= maxTraps {
			return nil, flow.Errorf("corrupt", "the PDF file stops the engine again and again: it is damaged, or needs more than the memory that a file may use")
		}
		if err := f.load(); err != nil {
			return nil, err
		}
	}
	if p == nil {
		f.problem("page_failed", i, "page %d cannot be read: it is damaged", i+1)
		return &page{num: i + 1, w: 595, h: 842}, nil
	}
	return f.judge(p, i), nil
}

func (f *file) problem(id string, i int, format string, args ...any) {
	f.out.Problems = append(f.out.Problems, flow.Problem{ID: id, Page: i + 1, Message: fmt.Sprintf(format, args...), Lost: id != "ocr"})
}

// props reads what the file says about itself.
func (f *file) props() {
	f.out.Props = flow.Props{
		Title:    f.meta("Title"),
		Author:   f.meta("Author"),
		Created:  f.meta("CreationDate"),
		Modified: f.meta("ModDate"),
	}
}

func (f *file) meta(tag string) string {
	s := f.box
	name := s.put(append([]byte(tag), 0))
	if name == 0 {
		return ""
	}
	n := s.int("FPDF_GetMetaText", f.doc, name, 0, 0)
	if n <= 2 || n > 1<<16 {
		return ""
	}
	buf := s.ptr("malloc", uint64(n))
	if buf == 0 {
		return ""
	}
	s.call("FPDF_GetMetaText", f.doc, name, buf, uint64(n))
	raw := s.bytes(buf, n)
	var u []uint16
	for i := 0; i+1 < len(raw); i += 2 {
		u = append(u, uint16(raw[i])|uint16(raw[i+1])<<8)
	}
	for len(u) > 0 && u[len(u)-1] == 0 {
		u = u[:len(u)-1]
	}
	return string(utf16.Decode(u))
}
