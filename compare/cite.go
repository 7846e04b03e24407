package compare

import (
	"strings"
	"unicode/utf8"

	"tuogou/corpus"
)

// Cite points at the words behind a value.
type Cite struct {
	Doc corpus.DocID `json:"doc"`
	// Span is in bytes of the record's body, Chars the same in code points.
	Span  corpus.Span `json:"-"`
	Chars corpus.Span `json:"span"`
	// Quote is the words themselves, personal data masked. It is empty where
	// nothing can be quoted.
	Quote string `json:"quote"`
	// Sentence is the sentence around Quote, masked; empty where it is no longer
	// than Quote.
	Sentence string `json:"sentence,omitempty"`
}

// Document names a record in a result.
type Document struct {
	ID         corpus.DocID      `json:"id"`
	Title      string            `json:"title"`
	Number     string            `json:"number"` // as written; empty where none is known
	Kind       corpus.Kind       `json:"kind"`
	Generation corpus.Generation `json:"generation"`
	// Date is the day that stands for the document: signed, else printed, else
	// posted; DateKind says which. Both are empty where none is known.
	Date      string `json:"date"`
	DateKind  string `json:"date_kind"`
	URL       string `json:"url"`
	Fetched   string `json:"fetched,omitempty"`
	Truncated bool   `json:"truncated"`
}

// Place is a jurisdiction as the records name it.
type Place struct {
	Code  string       `json:"code"` // empty where the records leave it open
	Name  string       `json:"name"`
	Level corpus.Level `json:"level,omitempty"`
	// Sample marks invented places, whose codes begin with 99.
	Sample bool `json:"sample,omitempty"`
}

// DocumentOf names r, personal data masked.
func DocumentOf(r *corpus.Record) Document {
	d := Document{
		ID: r.ID, Title: hideWords(r.Title, contactWords(r.Contacts)), Kind: r.Kind,
		Generation: r.Generation, URL: r.Source.URL, Fetched: r.Source.Fetched,
		Truncated: r.Text.Truncated,
	}
	if r.DocNumber != nil {
		d.Number = r.DocNumber.Text
		if d.Number == "" {
			d.Number = r.DocNumber.Normal
		}
	}
	d.Date, d.DateKind = DateOf(r)
	return d
}

// DateOf is the date that stands for r and which of its dates that is: signed,
// printed or posted. Both are empty where none is known.
func DateOf(r *corpus.Record) (date, kind string) {
	for _, d := range []struct {
		date *corpus.Date
		kind string
	}{{r.Dates.Signed, "signed"}, {r.Dates.Printed, "printed"}, {r.Dates.Posted, "posted"}} {
		if d.date != nil && d.date.Date != "" {
			return d.date.Date, d.kind
		}
	}
	return "", ""
}

// PlaceOf is the place of r.
func PlaceOf(r *corpus.Record) Place {
	return Place{
		Code: r.Jurisdiction.Code, Name: r.Jurisdiction.Name, Level: r.Jurisdiction.Level,
		Sample: IsSample(r.Jurisdiction.Code),
	}
}

// IsSample reports whether code belongs to an invented place. The demo's places
// have codes from 99, which GB/T 2260 does not use.
func IsSample(code string) bool { return strings.HasPrefix(code, "99") }

func (src *source) cite(s corpus.Span) Cite {
	c := Cite{Doc: src.r.ID}
	body := src.r.Text.Body
	if s.Empty() || !fits(s, body) {
		return c
	}
	c.Span = s
	c.Chars.Start = utf8.RuneCountInString(body[:s.Start])
	c.Chars.End = c.Chars.Start + utf8.RuneCountInString(s.In(body))
	c.Quote = src.quote(s)
	if around := sentence(body, s); around.Len() > s.Len() {
		c.Sentence = src.quote(around)
	}
	return c
}

// reach is how many bytes a sentence is followed to either side: lists of
// addressees and tables run on for pages without a full stop.
const reach = 600

// sentence is the sentence around s, without the white space before it.
func sentence(body string, s corpus.Span) corpus.Span {
	lo := max(0, s.Start-reach)
	for !boundary(body, lo) {
		lo++
	}
	if i := strings.LastIndexAny(body[lo:s.Start], sentenceEnds); i >= 0 {
		_, w := utf8.DecodeRuneInString(body[lo+i:])
		lo += i + w
	}
	for lo < s.Start && (body[lo] == ' ' || strings.HasPrefix(body[lo:], "\u3000")) {
		_, w := utf8.DecodeRuneInString(body[lo:])
		lo += w
	}
	hi := min(len(body), s.End+reach)
	for !boundary(body, hi) {
		hi--
	}
	if i := strings.IndexAny(body[s.End:hi], sentenceEnds); i >= 0 {
		c, w := utf8.DecodeRuneInString(body[s.End+i:])
		hi = s.End + i
		if c != '\n' {
			hi += w
		}
	}
	return corpus.Span{Start: lo, End: hi}
}

const sentenceEnds = "。！？；\n"
