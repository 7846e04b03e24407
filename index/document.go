package index

import (
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/document"
	index "github.com/blevesearch/bleve_index_api"

	"tuogou/corpus"
)

// The fields of the index. Stored ones come first in the order of their names,
// so that a look at the text stops before the rest.
const (
	storedBody  = "B"
	storedTitle = "C"
	storedMeta  = "M"
	storedUnits = "U"

	gramsAll     = "g"  // pairs of title and body, with where they begin
	gramsTitle   = "gt" // pairs of the title, with where they begin
	gramsHeading = "gh" // pairs of headings of sections
	gramsClause  = "gc" // pairs of headings of clauses
	wordsBody    = "w"  // words of the body, with their frequency
)

// What stands as the frequency of a pair: whether it begins with a word
// somewhere, and may reach into the next one. It tells 民政局 from 人民政府 when 民政
// is looked for, and still knows 公示期 in 公示 期满. One is the cheaper value: a
// term of one document with it needs no postings.
const (
	beginsWord = 1
	insideWord = 2
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
	sections, clauses := headings(r)
	title, body := &cut{seg: seg, text: r.Title}, &cut{seg: seg, text: r.Text.Body}
	doc.AddField(&field{name: gramsAll, options: set, analyze: grammed(title, body)})
	doc.AddField(&field{name: gramsTitle, options: set, analyze: grammed(title)})
	doc.AddField(&field{name: gramsHeading, options: set, analyze: gramsOf(sections)})
	doc.AddField(&field{name: gramsClause, options: set, analyze: gramsOf(clauses)})
	doc.AddField(&field{name: wordsBody, options: index.IndexField, analyze: body.words})
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

// counts are frequencies, shared by all terms that have them: bleve only reads
// them, and one for each term of each text was a third of all memory.
var counts = func() (list [256]index.TokenFreq) {
	for i := range list {
		list[i].SetFrequency(i)
	}
	return list
}()

// count is one more than t, which may be nil. What stands more often than the
// table reaches ranks no higher for it.
func count(t *index.TokenFreq) *index.TokenFreq {
	if t == nil {
		return &counts[1]
	}
	return &counts[min(t.Frequency()+1, len(counts)-1)]
}

func once(terms []string) index.TokenFrequencies {
	out := make(index.TokenFrequencies, len(terms))
	for _, t := range terms {
		out[t] = &counts[1]
	}
	return out
}

// gramsOf are the pairs of texts of which the words are not known.
func gramsOf(texts []string) func() (index.TokenFrequencies, int) {
	return func() (index.TokenFrequencies, int) {
		out := index.TokenFrequencies{}
		for _, t := range texts {
			folded := foldString(t)
			grams(folded, func(from, to int) { out[folded[from:to]] = &counts[insideWord] })
		}
		return out, 1
	}
}

// grammed are the pairs of texts.
func grammed(texts ...*cut) func() (index.TokenFrequencies, int) {
	return func() (index.TokenFrequencies, int) {
		size := 0
		for _, c := range texts {
			size += len(c.text)
		}
		out := make(index.TokenFrequencies, size/5)
		for _, c := range texts {
			c.cut()
			grams(c.folded, func(from, to int) {
				g := c.folded[from:to]
				if c.begins[from] {
					out[g] = &counts[beginsWord]
				} else if out[g] == nil {
					out[g] = &counts[insideWord]
				}
			})
		}
		return out, 1
	}
}

// cut is a text and its words, cut when they are first asked for: once, and in
// the analysis worker. Bleve analyzes one field of a document after the other.
type cut struct {
	seg    Segmenter
	text   string
	done   bool
	folded string // whose parts are the terms: none is copied
	begins []bool // whether a word begins at a byte of folded
	bounds []int  // begin and end of each word in folded, one after the other
}

func (c *cut) cut() {
	if c.done {
		return
	}
	c.done = true
	at := make([]int32, 0, len(c.text)+1)
	c.folded = string(fold(make([]byte, 0, len(c.text)), []byte(c.text), &at))
	c.begins = make([]bool, len(c.folded)+1)
	tokens := c.seg.Cut(c.text)
	c.bounds = make([]int, 0, 2*len(tokens))
	i := 0
	upTo := func(end int) int {
		for i < len(c.folded) && int(at[i]) < end {
			i++
		}
		return i
	}
	for _, t := range tokens { // which leave out white space
		from := upTo(t.Start)
		c.begins[from] = true
		c.bounds = append(c.bounds, from, upTo(t.End))
	}
}

// words counts the words. Single characters rank nothing, and there are more of
// them than of all else.
func (c *cut) words() (index.TokenFrequencies, int) {
	c.cut()
	out, n := make(index.TokenFrequencies, len(c.bounds)/6), 0
	for i := 0; i < len(c.bounds); i += 2 {
		word := c.folded[c.bounds[i]:c.bounds[i+1]]
		if r, w := utf8.DecodeRuneInString(word); w < len(word) && letter(r) {
			out[word] = count(out[word])
			n++
		}
	}
	return out, n
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
