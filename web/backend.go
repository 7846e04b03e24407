package web

import (
	"context"
	"errors"
	"io"
	"iter"

	"tuogou/compare"
	"tuogou/compare/render"
	"tuogou/corpus"
	"tuogou/index"
	"tuogou/index/query"
	"tuogou/timeline"
)

// ErrNotFound is what a Backend's error wraps where there is no such document.
var ErrNotFound = errors.New("no such document")

// ErrPrivate is what a Backend's error wraps where bytes hold personal data and are not
// to be given as they are.
var ErrPrivate = errors.New("personal data")

// ErrChoice is what a Backend's error wraps where what was asked for cannot be
// made of what is here, for a reason the reader can mend. Its text is shown.
var ErrChoice = errors.New("this cannot be shown")

// Backend is where the pages get their data. All methods may be called by many
// goroutines at once, and what they return is not changed by the pages.
type Backend interface {
	// Search answers a query. A query that cannot be read is a *query.Error, a
	// cursor that no longer fits index.ErrCursor.
	Search(ctx context.Context, q index.Query) (index.Result, error)
	// Each calls f for every hit until it returns false.
	Each(ctx context.Context, q index.Query, f func(index.Hit) bool) (index.Result, error)
	// State says how the index relates to the records.
	State(ctx context.Context) (index.State, error)

	// Revision changes whenever a record or an obligation does. What is made of them is
	// kept until then.
	Revision(ctx context.Context) (string, error)
	// Record gives one document, or an error that wraps ErrNotFound.
	Record(ctx context.Context, id corpus.DocID) (*corpus.Record, error)
	// Records gives all documents, in any order.
	Records(ctx context.Context) iter.Seq2[*corpus.Record, error]
	// Obligations are all obligations as they stand.
	Obligations(ctx context.Context) ([]timeline.Obligation, error)
	// History is all that happened to one obligation, oldest first, or ErrNotFound.
	History(ctx context.Context, uid string) ([]timeline.Change, error)
	// Changes runs over what happened after a cursor, as far as it concerns those who
	// ask for q; nil is everything.
	Changes(ctx context.Context, q query.Node, after int64) iter.Seq2[timeline.Change, error]
	// Parse reads a query. One that cannot be read is a *query.Error.
	Parse(text string) (query.Node, error)
	// Captures are those of a document, oldest first, and ErrNotFound where there is none.
	Captures(ctx context.Context, id corpus.DocID) ([]corpus.Capture, error)
	// Blob gives the bytes of a capture, ErrNotFound, or ErrPrivate: bytes cannot be masked.
	Blob(ctx context.Context, h corpus.Hash) ([]byte, error)
	// Text reads one capture: its clean body, its own contacts masked.
	Text(ctx context.Context, c corpus.Capture) (string, error)

	// Origin finds where the first words of a stretch of a document's body (bytes) were
	// read, or ErrNotFound where they were added by the reader.
	Origin(ctx context.Context, id corpus.DocID, s corpus.Span) (Origin, error)

	// Visits are what the crawler knows of its sources.
	Visits(ctx context.Context) ([]compare.Visit, error)
	// Study compares places. It wraps ErrChoice for a baseline that is not here.
	Study(ctx context.Context, rs []*corpus.Record, c StudyChoice) (*render.Study, error)
	// WriteStudy writes a study in one of StudyFormats.
	WriteStudy(w io.Writer, rs []*corpus.Record, s *render.Study, format string, lang render.Lang) error
	// Extract makes a record of a text that is not kept.
	Extract(ctx context.Context, body string) (*corpus.Record, error)
}

// Origin is where words were read.
type Origin struct {
	SHA256 corpus.Hash // of the file, at /capture/{sha256}
	URL    string      // of the file; empty where unknown
	Page   int         // from 1; 0 where the file has none
}

// StudyChoice says what is compared. The zero value sets all places on the topic
// beside the document that each cites.
type StudyChoice struct {
	Places     []string          // codes
	Below      bool              // count the places inside too
	Baseline   string            // id of a document, "codebook", or empty for the cited one
	Generation corpus.Generation // empty for all
}

// StudyFormats are the forms of a report: name, ending and media type.
var StudyFormats = []struct{ Name, Ext, Type string }{
	{"html", "html", "text/html; charset=utf-8"},
	{"docx", "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
	{"xlsx", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
	{"md", "md", "text/markdown; charset=utf-8"},
	{"csv", "csv", "text/csv; charset=utf-8"},
	{"json", "json", "application/json; charset=utf-8"},
	{"events", "events.csv", "text/csv; charset=utf-8"},
	{"gbt7714", "txt", "text/plain; charset=utf-8"},
	{"bibtex", "bib", "application/x-bibtex; charset=utf-8"},
	{"csl", "csl.json", "application/vnd.citationstyles.csl+json"},
}
