package index

import (
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/document"
	index "github.com/blevesearch/bleve_index_api"

	"tuogou/corpus"
	"tuogou/segment"
)

// The fields of the index. Stored ones come first in the order of their names,
// so that a look at the text stops before the rest.
const (
	storedBody  = "B"
	storedTitle = "C"
	storedMeta  = "M"
	storedUnits = "U"

	gramsAll     = "g"  // pairs of title and body
	gramsTitle   = "gt" // pairs of the title
	gramsHeading = "gh" // pairs of headings of sections
	gramsClause  = "gc" // pairs of headings of clauses
	wordsBody    = "w"  // words of the body, with their frequency
	startsTitle  = "st" // the first two letters from the beginning of each word of the title
	startsBody   = "s"  // the same of the body
)

// meta is what a hit shows, stored as JSON.
type meta struct {
	Place      Place             `json:"place"`
	Date       string            `json:"date,omitempty"`
	Year       int               `json:"year,omitempty"`
	Kind       corpus.Kind       `json:"kind"`
	Generation corpus.Generation `json:"generation"`
	OnTopic    bool              `json:"on_topic"`
	Number     string            `json:"number,omitempty"`
	URL        string            `json:"url,omitempty"`
	Cut        bool              `json:"cut,omitempty"`
	Sections   []stretch         `json:"sections,omitempty"`
	Clauses    []stretch         `json:"clauses,omitempty"`
}

// stretch is a section or a clause: Name is its id or type.
type stretch struct {
	Start   int    `json:"s"`
	End     int    `json:"e"`
	Name    string `json:"n"`
	Heading string `json:"h,omitempty"`
}

// newDocument is the indexed form of r.
func newDocument(r *corpus.Record, seg Segmenter) (index.Document, error) {
	m := metaOf(r)
	data, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("index %s: %w", r.ID, err)
	}
	units := unitsOf(r)
	unitData, err := json.Marshal(units)
	if err != nil {
		return nil, fmt.Errorf("index %s: %w", r.ID, err)
	}
	doc := document.NewDocument(string(r.ID))
	doc.AddField(&field{name: storedBody, value: []byte(r.Text.Body), options: index.StoreField})
	doc.AddField(&field{name: storedTitle, value: []byte(r.Title), options: index.StoreField})
	doc.AddField(&field{name: storedMeta, value: data, options: index.StoreField})
	doc.AddField(&field{name: storedUnits, value: unitData, options: index.StoreField})
	const set = index.IndexField | index.SkipFreqNorm
	doc.AddField(&field{name: gramsAll, options: set, analyze: gramsOf(r.Title, r.Text.Body)})
	doc.AddField(&field{name: gramsTitle, options: set, analyze: gramsOf(r.Title)})
	sections, clauses := headings(r)
	doc.AddField(&field{name: gramsHeading, options: set, analyze: gramsOf(sections...)})
	doc.AddField(&field{name: gramsClause, options: set, analyze: gramsOf(clauses...)})
	body, title := &cut{seg: seg, text: r.Text.Body}, &cut{seg: seg, text: r.Title}
	doc.AddField(&field{name: wordsBody, options: index.IndexField, analyze: body.words})
	doc.AddField(&field{name: startsBody, options: set, analyze: body.starts})
	doc.AddField(&field{name: startsTitle, options: set, analyze: title.starts})
	for name, values := range keys(r, m, units) {
		if len(values) > 0 {
			doc.AddField(&field{name: name, options: set, analyze: func() (index.TokenFrequencies, int) {
				return once(values), 1
			}})
		}
	}
	return doc, nil
}

func metaOf(r *corpus.Record) meta {
	j := r.Jurisdiction
	m := meta{
		Place: Place{Code: j.Code, Name: j.Name, Level: j.Level, Path: j.Path, Codes: j.Codes},
		Date:  date(r), Year: year(r), Kind: r.Kind, Generation: r.Generation, OnTopic: r.OnTopic,
		URL: r.Source.URL, Cut: r.Text.Truncated,
	}
	if r.DocNumber != nil {
		m.Number = r.DocNumber.Normal
	}
	for _, s := range r.Outline {
		m.Sections = append(m.Sections, stretch{s.Span.Start, s.Span.End, s.ID, s.Heading})
	}
	for _, c := range r.Clauses {
		m.Clauses = append(m.Clauses, stretch{c.Span.Start, c.Span.End, string(c.Type), c.Heading})
	}
	return m
}

func headings(r *corpus.Record) (sections, clauses []string) {
	for _, s := range r.Outline {
		sections = append(sections, s.Heading)
	}
	for _, c := range r.Clauses {
		clauses = append(clauses, c.Heading)
	}
	return sections, clauses
}

// date is the day a document is sorted by: the day it was signed says most
// about it, the day a page went up least.
func date(r *corpus.Record) string {
	for _, d := range []*corpus.Date{r.Dates.Signed, r.Dates.Printed, r.Dates.Posted} {
		if d != nil && d.Date != "" {
			return d.Date
		}
	}
	return ""
}

// year is the year of what a document tells: its event year, else that of the
// signing, printing, number or posting.
func year(r *corpus.Record) int {
	if r.EventYear != nil && r.EventYear.Year > 0 {
		return r.EventYear.Year
	}
	number := ""
	if r.DocNumber != nil && r.DocNumber.Year > 0 {
		number = strconv.Itoa(r.DocNumber.Year)
	}
	for _, d := range []string{dateOf(r.Dates.Signed), dateOf(r.Dates.Printed), number, dateOf(r.Dates.Posted)} {
		if len(d) >= 4 {
			if y, err := strconv.Atoi(d[:4]); err == nil {
				return y
			}
		}
	}
	return 0
}

func dateOf(d *corpus.Date) string {
	if d == nil {
		return ""
	}
	return d.Date
}

// field is one field of a document. Its tokens are made in bleve's analysis
// workers, straight into the table bleve wants: its own analyzers make an
// object for every character.
type field struct {
	name    string
	value   []byte
	options index.FieldIndexingOptions
	analyze func() (index.TokenFrequencies, int)
	freqs   index.TokenFrequencies
	length  int
}

func (f *field) Name() string                                     { return f.name }
func (f *field) Value() []byte                                    { return f.value }
func (f *field) ArrayPositions() []uint64                         { return nil }
func (f *field) EncodedFieldType() byte                           { return 't' }
func (f *field) Options() index.FieldIndexingOptions              { return f.options }
func (f *field) AnalyzedLength() int                              { return f.length }
func (f *field) NumPlainTextBytes() uint64                        { return uint64(len(f.value)) }
func (f *field) Size() int                                        { return len(f.value) + 64*len(f.freqs) }
func (f *field) Analyze()                                         { f.freqs, f.length = f.analyze() }
func (f *field) AnalyzedTokenFrequencies() index.TokenFrequencies { return f.freqs }

// frequencies counts terms.
type frequencies struct {
	table index.TokenFrequencies
	slab  []index.TokenFreq
}

func newFrequencies(size int) *frequencies {
	return &frequencies{table: make(index.TokenFrequencies, size)}
}

// add counts term, which is copied when it is new.
func (f *frequencies) add(term []byte) {
	if t := f.table[string(term)]; t != nil {
		t.SetFrequency(t.Frequency() + 1)
		return
	}
	if len(f.slab) == 0 {
		f.slab = make([]index.TokenFreq, 128)
	}
	t := &f.slab[0]
	f.slab = f.slab[1:]
	key := string(term)
	t.SetFrequency(1)
	f.table[key] = t
}

func once(terms []string) index.TokenFrequencies {
	f := newFrequencies(len(terms))
	for _, t := range terms {
		f.add([]byte(t))
	}
	return f.table
}

func gramsOf(texts ...string) func() (index.TokenFrequencies, int) {
	return func() (index.TokenFrequencies, int) {
		size, n := 0, 0
		for _, t := range texts {
			size += len(t)
		}
		f := newFrequencies(size / 6)
		var buf []byte
		for _, t := range texts {
			buf = fold(buf[:0], []byte(t), nil)
			grams(buf, func(g []byte) {
				f.add(g)
				n++
			})
		}
		return f.table, n
	}
}

// cut is a text and its words, cut when they are first asked for: once, and in
// the analysis worker. Bleve analyzes one field of a document after the other.
type cut struct {
	seg    Segmenter
	text   string
	done   bool
	tokens []segment.Token
}

func (c *cut) cut() []segment.Token {
	if !c.done {
		c.tokens, c.done = c.seg.Cut(c.text), true
	}
	return c.tokens
}

// words counts the words. Single characters rank nothing, and there are more of
// them than of all else.
func (c *cut) words() (index.TokenFrequencies, int) {
	f, n := newFrequencies(len(c.text)/12), 0
	var buf []byte
	for _, t := range c.cut() {
		buf = fold(buf[:0], []byte(c.text[t.Start:t.End]), nil)
		if r, w := utf8.DecodeRune(buf); w < len(buf) && letter(r) {
			f.add(buf)
			n++
		}
	}
	return f.table, n
}

// starts are the first two letters from each place where a word begins, which
// may reach into the next word. They tell 民政局 from 人民政府 when 民政 is looked
// for, and still know 公示期 in 公示 期满.
func (c *cut) starts() (index.TokenFrequencies, int) {
	f, n := newFrequencies(len(c.text)/12), 0
	var buf []byte
	for _, t := range c.cut() {
		end := t.Start
		for range 4 { // two letters and what folding may drop between them
			_, w := utf8.DecodeRuneInString(c.text[end:])
			end += w
		}
		buf = fold(buf[:0], []byte(c.text[t.Start:end]), nil)
		if g := firstPair(buf); g != nil {
			f.add(g)
			n++
		}
	}
	return f.table, n
}

// firstPair is the first two characters of folded text where both are letters.
func firstPair(folded []byte) []byte {
	a, v := utf8.DecodeRune(folded)
	b, w := utf8.DecodeRune(folded[v:])
	if v == 0 || w == 0 || !letter(a) || !letter(b) {
		return nil
	}
	return folded[:v+w]
}
