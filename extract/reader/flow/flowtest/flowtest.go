// Package flowtest is what every reader of a file format must keep to.
package flowtest

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"

	"tuogou/extract/reader/flow"
)

// Read reads data with r, fails the test on an error, and checks the contract.
func Read(t testing.TB, r flow.Reader, data []byte) *flow.Document {
	t.Helper()
	before := bytes.Clone(data)
	doc, err := r.ReadFile(context.Background(), data, flow.Limits{}.WithDefaults())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before, data) {
		t.Error("the reader changed its input")
	}
	Check(t, doc)
	again, err := r.ReadFile(context.Background(), data, flow.Limits{}.WithDefaults())
	if err != nil {
		t.Fatal("second reading: ", err)
	}
	if diff := cmp.Diff(doc, again); diff != "" {
		t.Errorf("read again, it is another document (-first +second):\n%s", diff)
	}
	return doc
}

// Hostile reads data that may be anything, as a fuzz target does: the answer
// must be a document that keeps the contract, or an error with an id.
func Hostile(t testing.TB, r flow.Reader, data []byte, l flow.Limits) {
	t.Helper()
	doc, err := r.ReadFile(context.Background(), data, l.WithDefaults())
	if err == nil {
		Check(t, doc)
		return
	}
	var e *flow.Error
	if !errors.As(err, &e) || e.ID == "" || e.Message == "" {
		t.Errorf("the error has no id or no message: %v", err)
	}
}

// Check reports every way in which doc breaks the contract: characters must
// lie in their stream and be spelled by its bytes there, cells must have a
// place, lines must hold no line end.
func Check(t testing.TB, doc *flow.Document) {
	t.Helper()
	for i, l := range doc.Lines {
		if !slices.Contains([]flow.Kind{flow.Para, flow.Cell, flow.Running, flow.Note}, l.Kind) {
			t.Errorf("line %d has kind %q", i, l.Kind)
		}
		if (l.Kind == flow.Cell) != (l.Table > 0 && l.Row > 0 && l.Col > 0) {
			t.Errorf("line %d: %s at table %d, row %d, column %d", i, l.Kind, l.Table, l.Row, l.Col)
		}
		if l.Page < 0 || l.Page > doc.Pages {
			t.Errorf("line %d is on page %d of %d", i, l.Page, doc.Pages)
		}
		if !checkChars(t, doc, i, l) {
			return
		}
	}
}

func checkChars(t testing.TB, doc *flow.Document, i int, l flow.Line) bool {
	t.Helper()
	for k, c := range l.Chars {
		if strings.ContainsRune("\n\r\x00", c.R) || !utf8.ValidRune(c.R) {
			t.Errorf("line %d holds %U", i, c.R)
			return false
		}
		if c.N == 0 {
			continue
		}
		if l.Stream < 0 || l.Stream >= len(doc.Streams) {
			t.Errorf("line %d points into stream %d of %d", i, l.Stream, len(doc.Streams))
			return false
		}
		s := doc.Streams[l.Stream]
		if c.Off < 0 || c.N < 0 || int(c.Off)+int(c.N) > len(s.Data) {
			t.Errorf("line %d, character %d: bytes %d..%d of %d in %s", i, k, c.Off, c.Off+c.N, len(s.Data), s.Name)
			return false
		}
		if got := Spell(s.Coding, s.Data[c.Off:c.Off+c.N]); got != string(c.R) {
			t.Errorf("line %d, character %d is %q, its bytes in %s spell %q", i, k, c.R, s.Name, got)
			return false
		}
	}
	return true
}

// Spell decodes b by coding.
func Spell(coding flow.Coding, b []byte) string {
	switch coding {
	case flow.XML:
		d := xml.NewDecoder(bytes.NewReader(b))
		d.Strict = false
		var out strings.Builder
		for {
			tok, err := d.Token()
			if errors.Is(err, io.EOF) || err != nil {
				return out.String()
			}
			if s, ok := tok.(xml.CharData); ok {
				out.Write(s)
			}
		}
	case flow.UTF16:
		var u []uint16
		for i := 0; i+1 < len(b); i += 2 {
			u = append(u, uint16(b[i])|uint16(b[i+1])<<8)
		}
		return string(utf16.Decode(u))
	case flow.GB18030:
		out, _ := simplifiedchinese.GB18030.NewDecoder().Bytes(b)
		return string(out)
	case flow.Latin1:
		out, _ := charmap.Windows1252.NewDecoder().Bytes(b)
		return string(out)
	}
	return string(b)
}

// Text is the lines of doc that belong to its text, cells of one row joined by
// " | ", for comparison in tests.
func Text(doc *flow.Document) string {
	var out strings.Builder
	last := flow.Line{}
	for _, l := range doc.Lines {
		if l.Kind == flow.Running {
			continue
		}
		switch {
		case out.Len() == 0:
		case l.Kind == flow.Cell && l.Table == last.Table && l.Row == last.Row && l.Col == last.Col:
			out.WriteString(" / ")
		case l.Kind == flow.Cell && l.Table == last.Table && l.Row == last.Row:
			out.WriteString(" | ")
		default:
			out.WriteString("\n")
		}
		for _, c := range l.Chars {
			out.WriteRune(c.R)
		}
		last = l
	}
	return out.String()
}
