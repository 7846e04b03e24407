package store

import (
	"time"

	"tuogou/corpus"
)

// Options says how to open a store. The zero value opens it for writing and
// creates it where there is none.
type Options struct {
	// ReadOnly opens an existing store beside any writer and changes nothing.
	ReadOnly bool
	// Lease is how long after it was last heard of a process counts as dead, where
	// several share the store; 0 is 30 s. A store of one process needs none.
	Lease time.Duration
	// Connections is how many this process may need at once to a store behind a
	// network; 0 is few.
	Connections int
}

// Document is one document and where its captures stand.
type Document struct {
	ID       corpus.DocID
	Latest   corpus.Capture
	Captures int       // how many different ones in a row, at least 1
	Seen     time.Time // when it was last put, changed or not
}

// Filter chooses documents and records. Zero fields choose everything; those
// about the record leave out documents that have none.
type Filter struct {
	After        corpus.DocID // only what stands after this one
	Last         corpus.DocID // nothing that stands after this one; empty is the end
	Limit        int          // at most so many; 0 is all
	Host         string       // of the address, as in a URL; lower case
	Jurisdiction string       // a code or the beginning of one: 99 is all below it
	Kind         corpus.Kind
	Generation   corpus.Generation
	OnTopic      bool // only documents on the topic
}

// Bound is Last, or what stands behind every id.
func (f Filter) Bound() corpus.DocID {
	if f.Last == "" {
		return "\U0010FFFF"
	}
	return f.Last
}

// Work chooses what the extract stage has to do: the documents that have no
// record, or one made from other bytes than the latest capture or by other
// rules, or before the latest capture of one of its parts. Parts have no record
// of their own. A document that failed or was skipped with these bytes and rules is
// left out.
type Work struct {
	Rules corpus.Hash
	Retry bool // also what failed or was skipped
	All   bool // also what is up to date
	Filter
}

// Stage is one stage of the flow.
type Stage string

// The stages that keep outcomes by document. The crawler keeps its own by
// address, in the frontier.
const (
	StageExtract Stage = "extract"
	StageIndex   Stage = "index"
)

// StageOutcome is how a stage ended for a document. It holds for the bytes and
// rules named: where either is empty, the work is tried again on each run.
type StageOutcome struct {
	Stage   Stage
	Doc     corpus.DocID
	Outcome corpus.Outcome
	Reason  string // short and the same for the same cause, so that it can be counted
	Bytes   corpus.Hash
	Rules   corpus.Hash
	At      time.Time
}

// OutcomeFilter chooses outcomes. Zero fields choose everything.
type OutcomeFilter struct {
	Stage   Stage
	Outcome corpus.Outcome
}

// Revision numbers the puts of records, from 1, rising.
type Revision int64

// Change is one record that was put.
type Change struct {
	Doc      corpus.DocID
	Revision Revision
}

// Correction is what a person says against a record. It is kept beside the
// record, never written into it: the record stays what the rules made. It is
// written once: what is taken back is taken back by a correction of its own.
type Correction struct {
	ID     string // made by PutCorrection
	Doc    corpus.DocID
	Action corpus.ReviewAction // or Undo
	// Field is a JSON pointer into the record, with * for an item of a list, which
	// the anchor finds: /deadlines/*/end.
	Field  string
	Anchor Anchor
	Was    string // JSON, as the record had it: of an item of a list the whole item
	Want   string // JSON; empty to accept or reject; of Undo the ID of what is taken back
	Note   string
	By     string
	Bytes  corpus.Hash // the capture the person looked at
	At     time.Time
}

// Undo takes back an earlier correction, which stays in the store.
const Undo corpus.ReviewAction = "undo"

// Anchor finds words again in a text that has changed around them, after the
// TextQuoteSelector of the W3C. The zero value anchors nothing: the correction
// is about the record as a whole or about a field without words.
type Anchor struct {
	Exact   string `json:"exact,omitempty"`
	Prefix  string `json:"prefix,omitempty"`  // up to 32 characters before
	Suffix  string `json:"suffix,omitempty"`  // up to 32 characters after
	Section string `json:"section,omitempty"` // the headings around it, highest first
	Start   int    `json:"start,omitempty"`   // code points before it, a hint
	// Item tells items apart that stand on the same words: the type of a clause,
	// the id of a provision, the role and organ of a duty.
	Item string `json:"item,omitempty"`
}

// RuleSet is a rule set that records were made with.
type RuleSet struct {
	Hash corpus.Hash
	Name string
	Data corpus.Hash // a blob that holds the rules themselves; empty where not kept
	At   time.Time   // of its first use
}

// Status counts what a store holds.
type Status struct {
	Documents int // works; what is a part of one is not counted
	Parts     int // attachments and further pages of works
	Captures  int
	Blobs     int
	Bytes     int64 // of the blobs as they were read
	Stored    int64 // of the blobs as they are kept, compressed
	Records   int
	Revision  Revision // of the last record put
	// Stale counts documents without a record or with one made from other
	// bytes than the latest captures of the document and its parts. Rules are not looked at: ask Stale.
	Stale int
	// Rules counts the records by the rules that made them.
	Rules map[corpus.Hash]int
	// Reasons counts what failed or was skipped, in every stage and in the
	// frontier.
	Reasons     []ReasonCount // by stage, outcome, reason
	Frontier    map[TargetState]int
	Corrections int
	Obligations int
	Ledger      Cursor // the last change of an obligation
}

// ReasonCount is how often one reason was given. Stage is "fetch" for the
// frontier.
type ReasonCount struct {
	Stage   Stage
	Outcome corpus.Outcome
	Reason  string
	Count   int
}

// Problem is something that Verify found.
type Problem struct {
	ID      string // blob, capture, record, ledger or database
	Subject string // the hash or DocID concerned; empty for the whole
	Message string
}

// The kinds of problems.
const (
	ProblemBlob     = "blob"     // bytes missing or not those of their hash
	ProblemCapture  = "capture"  // a capture that does not fit its document or blob
	ProblemRecord   = "record"   // a record that is not what was put, or not what it promises
	ProblemLedger   = "ledger"   // a change that is missing or not what it promises
	ProblemDatabase = "database" // damage below the level of documents
)
