// Package flow is what the readers of files hand over: the lines of a file in
// the order a person reads them, each character with the place it came from.
// What a line is (paragraph, cell, running head) the reader of the format
// decides; cleaning, headlines and furniture are the same for all formats and
// follow later, in package reader.
//
// A packed file has no single run of bytes to point into: a DOCX is a ZIP, a DOC
// a file system, a PDF a program that draws. So a document is cut into streams
// (an entry, a stream, the text of a page as the engine gives it), and a place
// is an offset in one of them. Reading the same bytes again gives the same
// streams, so that a place can be looked up at any time.
package flow

import (
	"context"
	"fmt"
	"time"
)

// Char is one character and the bytes of its stream it was read from: N bytes
// at Off. A Char with N = 0 was added by the reader.
type Char struct {
	R      rune
	Off, N int32
}

// Coding says how the bytes of a stream spell characters.
type Coding string

// The codings.
const (
	UTF8    Coding = "utf-8"
	XML     Coding = "xml" // UTF-8 in which &amp; is one character
	UTF16   Coding = "utf-16le"
	GB18030 Coding = "gb18030"
	Latin1  Coding = "windows-1252"
)

// Stream is one run of bytes that characters point into.
type Stream struct {
	Name   string // "word/document.xml", "WordDocument", "page 3"
	Page   int    // from 1, where the stream is one page; else 0
	Coding Coding
	Data   []byte
}

// Kind says what a line is in the layout of its file.
type Kind string

// The kinds of lines.
const (
	Para    Kind = "para"    // a paragraph, whole: the layout's own line ends are gone
	Cell    Kind = "cell"    // one paragraph of a cell of a table
	Running Kind = "running" // head, foot or number of a page: not part of the text
	Note    Kind = "note"    // a foot- or endnote, after the paragraph it belongs to
)

// Line is one paragraph or cell.
type Line struct {
	Kind   Kind
	Chars  []Char
	Stream int // index of the stream all its characters point into
	Page   int // page it begins on, from 1; 0 where the format has no pages
	// Level is 1 to 9 where the file itself marks the line as a heading (a
	// style), 0 where it does not say.
	Level int
	// Title marks a line in the style of a title, or centred and large at the top.
	Title bool
	// Table, Row and Col place a cell, each from 1. Rows and Cols are how many it
	// covers; 0 is 1. All are 0 outside tables.
	Table, Row, Col, Rows, Cols int
}

// Props is what a file says about itself. Empty where it says nothing. None of
// it is a fact of the document: templates carry titles and authors along.
type Props struct {
	Title, Author, Created, Modified string
}

// File is a file inside another one: an entry of an archive, an embedded object.
type File struct {
	Name string // clean base name in UTF-8, without folders
	Data []byte
}

// Problem is something that a person should know about how a file was read.
type Problem struct {
	ID      string // stable, listed in docs/records.md
	Page    int    // 0 where it concerns the whole file
	Message string // in the user's words, with what to do
	Lost    bool   // some of the text is missing because of it
}

// Document is one file, read.
type Document struct {
	Streams  []Stream
	Lines    []Line
	Pages    int // 0 where the format has no pages
	Props    Props
	Files    []File // what an archive holds, to be read on their own
	Problems []Problem
}

// Error says why a file cannot be read at all. The ID does not change between
// versions: empty, binary, unsupported, too_large, too_packed (grows too much
// when unpacked), too_deep (nested too deep), too_many (pages, entries, rows),
// too_slow, encrypted, corrupt, needs_program (see Message for which).
type Error struct {
	ID      string
	Message string
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// Errorf makes an Error.
func Errorf(id, format string, args ...any) *Error {
	return &Error{ID: id, Message: fmt.Sprintf(format, args...)}
}

// Limits bound the work that one file may cause. A zero field takes its default;
// no number of bytes is more than 1 GiB.
type Limits struct {
	Bytes    int64         // of the file as it is; default 256 MiB
	Unpacked int64         // of all that is unpacked from it, together; default 512 MiB
	Ratio    int           // unpacked to packed, counted above 16 MiB; default 200
	Depth    int           // of archives in archives; default 3
	Nesting  int           // of elements in XML; default 512
	Entries  int           // of an archive; default 4,096
	Pages    int           // of a PDF or OFD; default 2,000
	Cells    int           // of all sheets of a workbook; default 2,000,000
	Time     time.Duration // for one file, programs outside included; default 2 minutes
}

// WithDefaults is l with every zero field filled in.
func (l Limits) WithDefaults() Limits {
	def := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	// Places have 32 bits.
	size := func(v *int64, d int64) {
		if *v <= 0 {
			*v = d
		}
		*v = min(*v, 1<<30)
	}
	size(&l.Bytes, 256<<20)
	size(&l.Unpacked, 512<<20)
	def(&l.Ratio, 200)
	def(&l.Depth, 3)
	def(&l.Nesting, 512)
	def(&l.Entries, 4096)
	def(&l.Pages, 2000)
	def(&l.Cells, 2_000_000)
	if l.Time <= 0 {
		l.Time = 2 * time.Minute
	}
	return l
}

// Reader reads the files of one format. It must not keep or change data, must
// end soon after ctx does, must give the same document for the same bytes, and
// must never panic. What it cannot read at all is an [*Error]; what it can read
// in part is a document with problems.
type Reader interface {
	ReadFile(ctx context.Context, data []byte, l Limits) (*Document, error)
}

// Func is a Reader made of a function.
type Func func(ctx context.Context, data []byte, l Limits) (*Document, error)

// ReadFile calls f.
func (f Func) ReadFile(ctx context.Context, data []byte, l Limits) (*Document, error) {
	return f(ctx, data, l)
}
