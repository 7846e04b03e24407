package prove

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"tuogou/compare"
	"tuogou/corpus"
	"tuogou/corpus/store"
)

// Books are what reports are proved against, as they stand today. Both fail with
// store.ErrNotFound.
type Books interface {
	// Record is the record of a document, corrections laid over it.
	Record(ctx context.Context, id corpus.DocID) (*corpus.Record, error)
	// Obligation is all that happened to one obligation, oldest first.
	Obligation(ctx context.Context, uid string) ([]store.LedgerChange, error)
	// Heads are what a column of a table may be called, by its key.
	Heads(key string) []string
}

// ErrForm is a file in a form that carries nothing that could be proved.
var ErrForm = errors.New("nothing in it can be proved by itself")

// File proves a report or an export: that every passage it quotes stands in the
// text of the document it names, where it says; that a record is the one that is
// kept, in all it says; and that dates which name their deadline or obligation are
// those of the record or the ledger. It knows JSON and JSON lines, CSV, XLSX, HTML and
// iCalendar, by the name of the file. Masked characters (＊) stand for personal data
// only.
func File(ctx context.Context, name string, data []byte, books Books, each func(Finding) error) (Counts, error) {
	f := fileProver{ctx: ctx, name: name, books: books, each: each, records: map[corpus.DocID]*source{}, seen: map[corpus.DocID]bool{}, told: map[string][]map[string]any{}}
	var err error
	switch ext := strings.ToLower(name[strings.LastIndexByte(name, '.')+1:]); ext {
	case "json", "jsonl", "ndjson":
		err = f.json(data)
	case "csv":
		err = f.csv(data)
	case "xlsx":
		err = f.xlsx(data)
	case "html", "htm":
		err = f.html(data)
	case "ics":
		err = f.ics(data)
	default:
		return f.n, fmt.Errorf("%s: by its name it is no .json, .jsonl, .csv, .xlsx, .html or .ics; give the command that made it (verify %s -- compare …): %w", name, name, ErrForm)
	}
	if err == nil && f.n.Facts == 0 {
		err = fmt.Errorf("%s: it quotes nothing with a document and a place; give the command that made it (verify %s -- compare …): %w", name, name, ErrForm)
	}
	f.n.Records = len(f.seen)
	return f.n, err
}

type fileProver struct {
	ctx     context.Context
	name    string
	books   Books
	each    func(Finding) error
	n       Counts
	records map[corpus.DocID]*source    // of late; nil where there is none
	seen    map[corpus.DocID]bool       // of them, all that were asked for
	told    map[string][]map[string]any // forms of obligations, oldest first
}

// source is a document of the store. open and masked have the same characters, but
// for personal data.
type source struct {
	record       *corpus.Record
	open, masked []rune
}

// mostNear is how many documents are kept at hand, of some 200 kB each.
const mostNear = 256

func (f *fileProver) source(id corpus.DocID) (*source, error) {
	if s, known := f.records[id]; known {
		return s, nil
	}
	f.seen[id] = true
	if len(f.records) >= mostNear {
		clear(f.records)
	}
	r, err := f.books.Record(f.ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		f.records[id] = nil
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	s := &source{record: r, open: []rune(r.Text.Body), masked: []rune(compare.Mask(r).Text.Body)}
	f.records[id] = s
	return s, nil
}

// cite proves one passage.
func (f *fileProver) cite(where string, id corpus.DocID, span corpus.Span, quote string) error {
	f.n.Facts++
	s, err := f.source(id)
	if err != nil {
		return err
	}
	message := ""
	switch {
	case s == nil:
		message = fmt.Sprintf("the document %s is not in this data folder", id)
	case span.Start < 0 || span.End > len(s.open) || span.Start > span.End:
		message = fmt.Sprintf("characters %d..%d do not fit the text of %s", span.Start, span.End, id)
	case !s.has(span, quote):
		message = fmt.Sprintf("“%s” is not what stands at %d..%d of %s: “%s”", quote, span.Start, span.End, id, string(s.masked[span.Start:span.End]))
	}
	return f.tell(where, message)
}

// unplaced tells of a passage that does not say where it stands.
func (f *fileProver) unplaced(where, quote string) error {
	f.n.Facts++
	return f.tell(where, fmt.Sprintf("“%s” does not say of what document and place it is", quote))
}

// tell counts a proof, or gives what failed.
func (f *fileProver) tell(where, message string) error {
	if message == "" {
		f.n.Proved++
		return nil
	}
	return f.each(Finding{Kind: "report", Subject: f.name, Where: where, Message: message})
}

// has reports whether quote is what stands at c, or a stretch around it (the
// sentence). White space does not count, and an apostrophe in front keeps a
// spreadsheet from reading a formula.
func (s *source) has(c corpus.Span, quote string) bool {
	want := solid([]rune(quote))
	words, hidden := s.at(c.Start, c.End)
	if like(words, hidden, want) || len(want) > 0 && want[0] == '\'' && like(words, hidden, want[1:]) {
		return true
	}
	if len(words) == 0 || len(want) < len(words) {
		return false
	}
	text, veiled := s.at(0, len(s.open))
	before, _ := s.at(0, c.Start)
	at := len(before)
	for i := max(0, at+len(words)-len(want)); i <= at && i+len(want) <= len(text); i++ {
		if like(text[i:i+len(want)], veiled[i:i+len(want)], want) {
			return true
		}
	}
	return false
}

// at is the text from one character to another without white space, and the same
// masked.
func (s *source) at(start, end int) (open, masked []rune) {
	return solid(s.open[start:end]), solid(s.masked[start:end])
}

func solid(s []rune) []rune {
	return slices.DeleteFunc(slices.Clone(s), unicode.IsSpace)
}

// like reports whether want is text, each of its characters open or masked.
func like(text, masked, want []rune) bool {
	if len(text) != len(want) || len(masked) != len(want) {
		return false
	}
	for i, c := range want {
		if c != text[i] && c != masked[i] {
			return false
		}
	}
	return true
}
