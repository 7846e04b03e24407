package store

import (
	"context"
	"iter"
	"time"

	"tuogou/corpus"
)

// Store is one opened data folder.
type Store interface {
	Reader
	Writer
	// Batch runs fn with a Writer whose puts all become visible together, or,
	// where fn or one of them fails, not at all. It is also the fast way to
	// put many things. fn must write through w only, for a put on the Store
	// itself may wait for the batch to end. What fn reads from the Store is what
	// was there before. Where many processes write, fn is run again from the
	// start, with another w, when their batches and this one were in each
	// other's way.
	//
	// An error wrapping ErrInvalid or ErrNotFound that w returns concerns one
	// put that changed nothing, so fn may go on after it.
	Batch(ctx context.Context, fn func(w Writer) error) error
	// Close releases the folder and everything claimed. A second Close does
	// nothing.
	Close() error
}

// Reader is the reading half of a Store.
type Reader interface {
	Blobs
	Captures
	Records
	Changes
	Outcomes
	Frontier
	Notes
	Ledger
	Checker
}

// Writer is the writing half of a Store, or one batch of it. On a store opened
// read-only each method fails with ErrReadOnly.
type Writer interface {
	CaptureWriter
	RecordWriter
	FrontierWriter
	NoteWriter
	LedgerWriter
}

// Blobs gives back bytes by their hash.
type Blobs interface {
	// Blob fails with ErrNotFound, or with ErrCorrupt where the bytes kept are
	// no longer those that were put.
	Blob(ctx context.Context, h corpus.Hash) ([]byte, error)
}

// Captures gives back what was read from where.
type Captures interface {
	// Latest is the newest capture of a document, or ErrNotFound.
	Latest(ctx context.Context, id corpus.DocID) (corpus.Capture, error)
	// History is all captures of a document, oldest first, or ErrNotFound.
	History(ctx context.Context, id corpus.DocID) ([]corpus.Capture, error)
	// Documents runs over the documents by DocID.
	Documents(ctx context.Context, f Filter) iter.Seq2[Document, error]
}

// Records gives back what the extractor made, and what it still has to make.
type Records interface {
	// Record fails with ErrNotFound, or with ErrCorrupt where what is kept is
	// not what was put.
	Record(ctx context.Context, id corpus.DocID) (*corpus.Record, error)
	// RecordHash tells one record of a document from another, for ReviseRecord. It is
	// empty where there is none.
	RecordHash(ctx context.Context, id corpus.DocID) (corpus.Hash, error)
	// Records runs over the records by DocID. An error wrapping ErrCorrupt
	// concerns one record, and the run goes on after it; any other error is
	// the last step.
	Records(ctx context.Context, f Filter) iter.Seq2[*corpus.Record, error]
	// Stale runs by DocID over the documents that the extract stage has to
	// work on: see Work.
	Stale(ctx context.Context, w Work) iter.Seq2[Document, error]
}

// Changes tells a stage behind the records (the index) what is new to it.
type Changes interface {
	// Changed runs over the records put after the given revision, in the order
	// of their revisions. 0 gives all. A record put twice stands there once.
	Changed(ctx context.Context, after Revision) iter.Seq2[Change, error]
	// Revision is that of the record put last, 0 where there is none. It costs next
	// to nothing, so that a reader may ask before each look.
	Revision(ctx context.Context) (Revision, error)
}

// Outcomes gives back how the work on each document ended.
type Outcomes interface {
	// Outcomes runs by stage, then DocID.
	Outcomes(ctx context.Context, f OutcomeFilter) iter.Seq2[StageOutcome, error]
}

// Frontier shows what the crawler has to do. See FrontierWriter.
type Frontier interface {
	// Hosts lists the hosts with pending or claimed targets, by name and source.
	Hosts(ctx context.Context) ([]HostQueue, error)
	// Target is one target by its address, or ErrNotFound.
	Target(ctx context.Context, url string) (Queued, error)
	// SourceState is what PutSourceState kept, or ErrNotFound.
	SourceState(ctx context.Context, source string) ([]byte, error)
}

// Notes gives back corrections, rule sets and named values.
type Notes interface {
	// Corrections are those of one document, or of all where id is empty, in
	// the order of their time, then ID.
	Corrections(ctx context.Context, id corpus.DocID) ([]Correction, error)
	// Corrected is how many corrections there are. It costs next to nothing, as
	// Changes.Revision does: the two together tell whether a record reads as before.
	Corrected(ctx context.Context) (int, error)
	// RuleSets are the rule sets used so far, by time of first use, then hash.
	RuleSets(ctx context.Context) ([]RuleSet, error)
	// Meta is a named value, or ErrNotFound.
	Meta(ctx context.Context, key string) (string, error)
}

// Checker counts and proves what is kept.
type Checker interface {
	// Status counts. It never reads the blobs or records themselves.
	Status(ctx context.Context) (Status, error)
	// Verify reads everything and names each thing that is not as it was put.
	// An error ends it; a Problem does not. No problem means all is well.
	Verify(ctx context.Context) iter.Seq2[Problem, error]
}

// CaptureWriter keeps bytes.
type CaptureWriter interface {
	// PutBlob keeps data under its hash. Putting it again mends the blob where
	// it was damaged and else does nothing.
	PutBlob(ctx context.Context, data []byte) (corpus.Hash, error)
	// PutCapture keeps body and c as the latest capture of c.Doc, and returns
	// Done; where body is what the latest capture holds already, only
	// Document.Seen moves, and it returns Same. c.SHA256 and c.Size are set
	// from body where they are zero and must agree with it otherwise; c.Doc is
	// required. Where c.Parent is the address of a document that is kept already,
	// c.Doc is a part of it from then on, and each new capture makes the whole
	// stale.
	PutCapture(ctx context.Context, c corpus.Capture, body []byte) (corpus.Outcome, error)
}

// RecordWriter keeps what the extractor made of captures.
type RecordWriter interface {
	// PutRecord keeps r in the place of any record before it, together with
	// the outcome Done of the extract stage, and returns Done, or Same where
	// that very record was there. r.Source.SHA256 names the bytes it was made
	// from, which must be a capture of r.ID (else ErrNotFound), r.Rules the
	// rules. A record that corpus.Encode refuses is ErrInvalid.
	PutRecord(ctx context.Context, r *corpus.Record, at time.Time) (corpus.Outcome, error)
	// ReviseRecord is PutRecord where the record that is kept has the given RecordHash; else it changes nothing and returns Skipped. So
	// who worked on what others have replaced meanwhile does not undo their work.
	ReviseRecord(ctx context.Context, was corpus.Hash, r *corpus.Record, at time.Time) (corpus.Outcome, error)
	// PutOutcome keeps how a stage ended for a document. Same is the count of
	// a run, not a state: it leaves what was kept as it is.
	PutOutcome(ctx context.Context, o StageOutcome) error
}

// FrontierWriter is the crawler's queue. A target is pending, then claimed,
// then done. A claim lasts no longer than the Store that made it: what was
// claimed when the process died or the Store was closed is pending again.
type FrontierWriter interface {
	// AddTargets puts new targets into the queue and returns how many were
	// new. An address known in this round or a later one is left as it is, in
	// whatever state; one of an earlier round is pending again and counts as new.
	AddTargets(ctx context.Context, at time.Time, ts []Target) (int, error)
	// Claim hands out pending targets: those with the highest priority first,
	// then those due longest, then those added first.
	Claim(ctx context.Context, q Claim) ([]Queued, error)
	// Release makes pending again what this Store has claimed of the sources and not
	// finished, and returns how much. Closing the Store does so with all.
	Release(ctx context.Context, sources ...string) (int, error)
	// Finish keeps how the fetch of a target ended. ErrNotFound where the
	// address was never added.
	Finish(ctx context.Context, v Visit) error
	// Requeue makes finished targets pending again and returns how many.
	Requeue(ctx context.Context, q Requeue) (int, error)
	// PutSourceState keeps where the reading of a source's lists stands, in
	// whatever form the crawler likes.
	PutSourceState(ctx context.Context, source string, state []byte) error
}

// NoteWriter keeps corrections, rule sets and named values.
type NoteWriter interface {
	// PutCorrection keeps a person's correction and returns its ID, made from
	// its content: the same correction put twice is one. A new one counts as a
	// change of the record.
	PutCorrection(ctx context.Context, c Correction) (string, error)
	// PutRules keeps the first use of a rule set.
	PutRules(ctx context.Context, r RuleSet) error
	// PutMeta keeps a named value, in the place of any before it.
	PutMeta(ctx context.Context, key, value string) error
}
