package reader

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/andybalholm/cascadia"

	"tuogou/corpus"
	"tuogou/rules"
)

// Input is what was fetched or found. Only Data is needed.
type Input struct {
	Data []byte
	Name string // file name, for its extension
	URL  string // address of the page, for its links
	Type string // Content-Type as the server sent it
}

// Error says why bytes cannot be read. ID is one of empty, binary, unsupported
// and too_large, and does not change between versions.
type Error struct {
	ID      string
	Message string
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// maxSize is the most bytes, packed or not, that are read: offsets of glyphs
// have 32 bits, and no published page comes near it.
const maxSize = 256 << 20

// Reader reads pages and files. It is safe for use by several goroutines.
type Reader struct {
	page       *rules.Page
	labels     *regexp.Regexp
	survey     *surveyor
	containers []cascadia.SelectorGroup
	drop       []cascadia.SelectorGroup
	titles     []cascadia.SelectorGroup
	posted     []cascadia.SelectorGroup
	gb         func() *gbTable
	general    func() (*converter, error) // traditional script of the mainland and Hong Kong
	taiwan     func() (*converter, error)
}

// New returns a reader that works by page. The tables for GB18030 and for
// traditional script are built when a text first needs them.
func New(page *rules.Page) *Reader {
	return &Reader{
		page:       page,
		labels:     labelPattern(page),
		survey:     newSurveyor(&page.Noise),
		containers: selectors(page.Containers),
		drop:       selectors(page.Drop),
		titles:     selectors(page.Title.Elements),
		posted:     selectors(page.PostedElements),
		gb:         sync.OnceValue(newGBTable),
		general:    newConverter("t2s"),
		taiwan:     newConverter("tw2s"),
	}
}

// selectors skips what does not parse: rules.LoadPage has refused it already.
func selectors(list []string) []cascadia.SelectorGroup {
	var out []cascadia.SelectorGroup
	for _, s := range list {
		if g, err := cascadia.ParseGroup(s); err == nil {
			out = append(out, g)
		}
	}
	return out
}

// Read reads one page or file. The offsets of the map are those of in.Data, or
// of its contents where it is packed with gzip. A text that cannot be read is
// an [*Error]; anything odd inside a readable one is noise, not an error.
func (r *Reader) Read(in Input) (*corpus.Text, error) {
	data, err := unpack(in.Data)
	if err != nil {
		return nil, err
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, &Error{"empty", "the file is empty"}
	}
	f := sniff(data, in)
	if f.read == nil {
		return nil, &Error{f.errorID(), f.refusal}
	}
	in.Data = data
	t, err := f.read(r, in)
	if err != nil {
		return nil, err
	}
	t.MediaType = f.mediaType
	if len(t.Blocks) == 0 {
		return nil, &Error{"empty", "the file holds no text"}
	}
	return t, nil
}

// noiseList is the counts in a fixed order.
func noiseList(counts map[string]int) []corpus.Noise {
	var out []corpus.Noise
	for id, n := range counts {
		if n > 0 {
			out = append(out, corpus.Noise{ID: id, Count: n})
		}
	}
	slices.SortFunc(out, func(a, b corpus.Noise) int { return strings.Compare(a.ID, b.ID) })
	return out
}

// truncated notes on t that its text only points to an attachment, or is a preview.
func (r *Reader) truncated(t *corpus.Text) {
	var text []string
	n := 0
	for _, b := range t.Blocks {
		if b.Kind != corpus.BlockPara && b.Kind != corpus.BlockCell {
			continue
		}
		s := b.Span.In(t.Body)
		text = append(text, s)
		n += utf8.RuneCountInString(s)
		if n > 200 {
			return
		}
	}
	words := strings.Join(text, " ")
	for i := range r.page.Cues {
		c := &r.page.Cues[i]
		if c.Kind != "truncated" || c.Max > 0 && n > c.Max+linkRunes(t) {
			continue
		}
		if m := c.Pattern.FindString(words); m != "" {
			t.Truncated = true
			t.Why = c.ID + ": " + m
			return
		}
	}
}

// linkRunes is how much of a short body may be the names of its attachments.
func linkRunes(t *corpus.Text) int {
	n := 0
	for _, l := range t.Links {
		n += utf8.RuneCountInString(l.Title) + 8
	}
	return n
}
