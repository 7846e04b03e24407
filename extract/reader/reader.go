package reader

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"tuogou/corpus"
	"tuogou/extract/reader/flow"
	"tuogou/rules"
)

// Input is what was fetched or found. Only Data is needed.
type Input struct {
	Data []byte
	Name string // file name, for its extension
	URL  string // address of the page, for its links
	Type string // Content-Type as the server sent it
	// Open gives the bytes of a file that the page links to, with name, address
	// and type, and false where it is not at hand. It must answer the same
	// question in the same way. Nil: the page is read alone.
	Open func(corpus.Link) (Input, bool)
}

// Error says why bytes cannot be read. ID is one of those of [flow.Error] and
// does not change between versions.
type Error = flow.Error

// Options are the knobs of a reader. The zero value reads pages and plain texts.
type Options struct {
	Limits flow.Limits
	// Files are the readers of other formats by media type, as named in format.go.
	Files map[string]flow.Reader
}

// Reader reads pages and files. It is safe for use by several goroutines.
type Reader struct {
	limits  flow.Limits
	files   map[string]flow.Reader
	page    *rules.Page
	survey  *surveyor
	spun    map[rune][]string // words that rewriters put in, by their first character
	roles   *roleTable
	gb      func() *gbTable
	general func() (*converter, error) // traditional script of the mainland and Hong Kong
	taiwan  func() (*converter, error)
}

// New returns a reader of pages and plain texts that works by page. The tables
// for GB18030 and for traditional script are built when a text first needs them.
func New(page *rules.Page) *Reader { return NewWith(page, Options{}) }

// NewWith returns a reader with options.
func NewWith(page *rules.Page, o Options) *Reader {
	return &Reader{
		limits:  o.Limits.WithDefaults(),
		files:   o.Files,
		page:    page,
		survey:  newSurveyor(&page.Noise),
		spun:    spunWords(&page.Noise),
		roles:   newRoleTable(page),
		gb:      sync.OnceValue(newGBTable),
		general: newConverter("t2s"),
		taiwan:  newConverter("tw2s"),
	}
}

// spunWords are the swapped words by their first character, the longest first.
func spunWords(n *rules.Noise) map[rune][]string {
	out := map[rune][]string{}
	for _, w := range n.Spun {
		c := firstRune(w.From)
		out[c] = append(out[c], w.From)
	}
	for _, list := range out {
		slices.SortFunc(list, func(a, b string) int { return len(b) - len(a) })
	}
	return out
}

// Read reads one work: a page or file, with its further pages and attachments
// where in has them. The map leads to the bytes of in.Data, or of its contents
// where it is packed with gzip; where the text has Streams, to those. A text
// that cannot be read is an [*Error]; anything odd inside a readable one is
// noise or a problem, not an error, and so is an attachment that cannot be read.
func (r *Reader) Read(in Input) (*corpus.Text, error) {
	ctx, stop := context.WithTimeout(context.Background(), r.limits.Time)
	defer stop()
	t, files, err := r.readOne(ctx, in)
	if err != nil {
		return nil, err
	}
	if len(t.Blocks) == 0 && len(files) == 0 {
		return nil, noText(t)
	}
	if t, err = r.readParts(ctx, in, t, files); err != nil {
		return nil, err
	}
	r.inspect(t)
	return t, nil
}

// readOne reads one file. Its text may be empty where it is an archive.
func (r *Reader) readOne(ctx context.Context, in Input) (t *corpus.Text, files []flow.File, err error) {
	data, err := r.unpack(in.Data)
	if err != nil {
		return nil, nil, err
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, nil, &Error{ID: "empty", Message: "the file is empty"}
	}
	f := sniff(data, in)
	in.Data = data
	switch own, ok := r.files[f.mediaType]; {
	case f.read != nil:
		t, err = f.read(r, in)
	case ok:
		t, files, err = r.readFile(ctx, own, in)
	default:
		err = &Error{ID: f.errorID(), Message: f.refusal}
	}
	if err != nil {
		return nil, nil, err
	}
	t.MediaType = f.mediaType
	return t, files, nil
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
