// Package office reads what word processors and spreadsheets write: DOCX, DOC,
// old WPS files (which are DOC), XLSX, RTF, and, through a program, XLS.
//
// Each reader points every character at the bytes of the part it stands in
// (word/document.xml, the stream WordDocument, xl/sharedStrings.xml). What the
// file leaves to be worked out, as automatic numbers and the looks of a date, is
// worked out and has no bytes. Text that a reader of the printed document would
// not see (deleted, hidden, instructions of fields) is left out.
package office

import (
	"bytes"
	"context"

	"tuogou/extract/reader/flow"
	"tuogou/extract/reader/packed"
)

// Reader reads every format of this package by its content. The zero value works.
// It may be used from several goroutines.
type Reader struct {
	// Convert turns a file of the format from ("xls", "doc") into one of the format
	// to ("xlsx", "docx"). Nil means that no program for this is installed.
	Convert func(ctx context.Context, data []byte, from, to string) ([]byte, error)
}

var _ flow.Reader = Reader{}

// ReadFile reads data, whatever office format it is.
func (r Reader) ReadFile(ctx context.Context, data []byte, l flow.Limits) (*flow.Document, error) {
	l = l.WithDefaults()
	switch {
	case len(data) == 0:
		return nil, flow.Errorf("empty", "the file is empty")
	case int64(len(data)) > l.Bytes:
		return nil, flow.Errorf("too_large", "the file is larger than the limit of %d MiB", l.Bytes>>20)
	case bytes.HasPrefix(data, []byte("PK")):
		return readPackage(ctx, data, l)
	case bytes.HasPrefix(data, []byte(oleMagic)):
		return r.readOLE(ctx, data, l)
	case bytes.HasPrefix(data, []byte(`{\rtf`)):
		return readRTF(ctx, data, l)
	}
	return nil, flow.Errorf("unsupported", "this is no Word, WPS or Excel file")
}

func readPackage(ctx context.Context, data []byte, l flow.Limits) (*flow.Document, error) {
	z, err := packed.Open(ctx, data, l)
	if err != nil {
		return nil, err
	}
	p := &pack{Zip: z, ctx: ctx, limits: l, doc: &flow.Document{}}
	main := p.mainPart()
	switch kind := p.kind(main); kind {
	case "document":
		err = p.readDOCX(main)
	case "workbook":
		err = p.readXLSX(main)
	default:
		return nil, flow.Errorf("unsupported", "the file holds neither a Word text nor an Excel workbook")
	}
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, flow.Errorf("too_slow", "reading took too long and was given up")
	}
	return p.doc, nil
}

// convert has a program turn data into the newer format, and reads that.
func (r Reader) convert(ctx context.Context, data []byte, l flow.Limits, from, to string) (*flow.Document, error) {
	if r.Convert == nil {
		return nil, flow.Errorf("needs_program",
			"reading %s files needs LibreOffice: install it (Debian, Ubuntu: apt install libreoffice-calc libreoffice-writer; Windows, macOS: libreoffice.org), then: tuogou extract --retry", from)
	}
	ctx, cancel := context.WithTimeout(ctx, l.Time)
	defer cancel()
	out, err := r.Convert(ctx, data, from, to)
	if err != nil {
		if ctx.Err() != nil {
			return nil, flow.Errorf("too_slow", "LibreOffice did not convert the file within %s (%s)", l.Time, from)
		}
		return nil, flow.Errorf("corrupt", "LibreOffice cannot convert this %s file: %v", from, err)
	}
	if !bytes.HasPrefix(out, []byte("PK")) {
		return nil, flow.Errorf("corrupt", "LibreOffice made of this %s file no %s", from, to)
	}
	doc, err := readPackage(ctx, out, l)
	if err != nil {
		return nil, err
	}
	for i := range doc.Streams {
		doc.Streams[i].Name = "converted/" + doc.Streams[i].Name
	}
	return doc, nil
}

// oleMagic begins every OLE file: DOC, XLS, old WPS, encrypted DOCX.
const oleMagic = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
