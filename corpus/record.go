package corpus

import (
	"slices"
	"strings"
)

// SchemaVersion is the version of the record's JSON form.
const SchemaVersion = "1"

// Evidence is where a fact came from. Body[Span] equals Quote, always.
type Evidence struct {
	Quote string `json:"quote"`
	Span  Span   `json:"span"`
	// Rule is the id of the rule that found it, as in rules/.
	Rule string `json:"rule"`
	// Trace tells step by step how the value was derived from the quote.
	Trace []string `json:"trace,omitempty"`
	// Reviews are what people said about the fact, oldest first.
	Reviews []Review `json:"reviews,omitempty"`
}

// Review is what a person said about a fact. The extractor never writes one: it
// is laid over a record where the record is read, and the store keeps it apart.
type Review struct {
	ID     string       `json:"id"`
	Action ReviewAction `json:"action"`
	State  ReviewState  `json:"state"`
	// Field is a JSON pointer into the record, with * for an item of a list:
	// /deadlines/*/end.
	Field string `json:"field"`
	// Was is the machine's value when the person looked, Want the person's; as
	// words where the value is a string, else as JSON. Now is the machine's value
	// of today where it is another one than Was.
	Was   string `json:"was"`
	Want  string `json:"want"`
	Now   string `json:"now,omitempty"`
	Quote string `json:"quote,omitempty"` // the words that it is anchored by
	By    string `json:"by"`
	At    string `json:"at"` // RFC 3339, UTC
	Note  string `json:"note,omitempty"`
}

// ReviewAction is what a person did.
type ReviewAction string

// The actions of a review.
const (
	ReviewAccept ReviewAction = "accept" // the machine is right
	ReviewFix    ReviewAction = "fix"    // another value is right
	ReviewReject ReviewAction = "reject" // there is no such fact
	ReviewAdd    ReviewAction = "add"    // the machine does not have it
)

// ReviewState is what became of a review in the record of today.
type ReviewState string

// The states of a review.
const (
	ReviewApplied  ReviewState = "applied"  // laid over the record
	ReviewAgrees   ReviewState = "agrees"   // the machine says the same by now
	ReviewRestored ReviewState = "restored" // the machine no longer has the fact; it stands as the person saw it
	ReviewOrphaned ReviewState = "orphaned" // the words are no longer in the text; nothing was changed
)

// Cite makes evidence for s in body.
func Cite(body string, s Span, rule string, trace ...string) Evidence {
	return Evidence{Quote: s.In(body), Span: s, Rule: rule, Trace: trace}
}

// Record is what the extractor found in one published work. Its JSON form is
// described field by field in docs/records.md and by the JSON Schema in
// schema.json. Lists are in the order of the text and never null in JSON.
type Record struct {
	ID     DocID  `json:"id"`
	Schema string `json:"schema"`
	Rules  Hash   `json:"rules"` // of the rule set that made it
	Source Source `json:"source"`

	Title      string     `json:"title"`
	Carrier    *Carrier   `json:"carrier"`
	Kind       Kind       `json:"kind"`
	Generation Generation `json:"generation"`
	OnTopic    bool       `json:"on_topic"`

	Issuers        []Issuer     `json:"issuers"`
	Publisher      *string      `json:"publisher"`
	DocNumber      *DocNumber   `json:"doc_number"`
	IndexNumber    *string      `json:"index_number"`
	RegisterNumber *string      `json:"register_number"`
	Dates          Dates        `json:"dates"`
	Validity       *string      `json:"validity"`
	Jurisdiction   Jurisdiction `json:"jurisdiction"`
	EventYear      *EventYear   `json:"event_year"`
	// Facts holds, for each scalar field above, its state and the words it
	// came from; a field that is null above says here why.
	Facts map[string]Fact `json:"facts"`

	Text  TextInfo `json:"text"`
	Parts []Part   `json:"parts"`

	Outline    []Section   `json:"outline"`
	Clauses    []Clause    `json:"clauses"`
	Provisions []Provision `json:"provisions"`
	Times      []Time      `json:"times"`
	Deadlines  []Deadline  `json:"deadlines"`
	Terms      []Term      `json:"terms"`
	Duties     []Duty      `json:"duties"`
	References []Reference `json:"references"`
	Contacts   []Contact   `json:"contacts"`
	Problems   []Problem   `json:"problems"`
	// Reviews are those of the record as a whole, of facts that it no longer has
	// (rejected ones) and of words that it no longer has (orphaned ones).
	Reviews []Review `json:"reviews,omitempty"`
	// ClauseStates says for each of the five whether it is there, and if not,
	// whether the text is whole enough to say so.
	ClauseStates map[ClauseType]State `json:"clause_states"`
}

// Fact is the evidence of a scalar field. Quote and Span are zero unless State
// is stated, or where the value stands outside the text (a host name).
type Fact struct {
	State State `json:"state"`
	Evidence
}

// Carrier is the notice that issues the document.
type Carrier struct {
	Title string `json:"title"`
	Kind  Kind   `json:"kind"`
	Evidence
}

// Issuer is an organ that issued the document.
type Issuer struct {
	Name         string `json:"name"`
	Organ        string `json:"organ"`        // kind of organ, as in rules/organs; empty where unknown
	Jurisdiction string `json:"jurisdiction"` // code; empty where unknown
	Evidence
}

// DocNumber is a document number (发文字号).
type DocNumber struct {
	Text   string `json:"text"`   // as written
	Normal string `json:"normal"` // prefix〔year〕n号
	Agency string `json:"agency"` // 机关代字
	Year   int    `json:"year"`   // 0 for orders without one (省政府令第316号)
	Serial int    `json:"serial"`
	Evidence
}

// Dates are the dates of a document. They are never mixed: the day a page went
// up says nothing about the day a plan was signed.
type Dates struct {
	Signed    *Date `json:"signed"`    // 成文日期
	Printed   *Date `json:"printed"`   // 印发日期
	Posted    *Date `json:"posted"`    // 发布日期
	Effective *Date `json:"effective"` // 施行日期
	Abolished *Date `json:"abolished"` // 废止日期
}

// Date is one dated fact about a document.
type Date struct {
	Date  string `json:"date"`  // YYYY-MM-DD, or YYYY-MM where no day is given
	EDTF  string `json:"edtf"`  // the same in EDTF
	Basis string `json:"basis"` // signature, title_note, field, printed_line, text
	Evidence
}

// EventYear is the year in which the reported things happened, where it differs
// from or is not given by the document's own dates (an old story posted again).
type EventYear struct {
	Year int `json:"year"`
	Evidence
}

// Jurisdiction is the place whose authority a document carries or describes.
type Jurisdiction struct {
	Code  string   `json:"code"` // GB/T 2260; 000000 for the nation; empty where open
	Name  string   `json:"name"` // valid at the document's date
	Level Level    `json:"level,omitempty"`
	Path  []string `json:"path"` // names from the province down
	// Codes are those of the place and of all above it, from the nation down, so
	// that nobody need guess them from digits (济源市 lies in no prefecture).
	Codes []string `json:"codes"`
	// Basis is the kind of sign that decided: site_code, host, issuer, title,
	// doc_number, text.
	Basis string `json:"basis"`
	State State  `json:"state"`
	// Candidates are the codes still possible where State is unresolved.
	Candidates []PlaceCandidate `json:"candidates"`
	Evidence
}

// PlaceCandidate is one place a name may mean.
type PlaceCandidate struct {
	Code string   `json:"code"`
	Path []string `json:"path"`
	Why  string   `json:"why"`
}

// TextInfo is the text a record was made from.
type TextInfo struct {
	Body      string  `json:"body"`
	SHA256    Hash    `json:"sha256"` // of the body's UTF-8 bytes
	Chars     int     `json:"chars"`  // code points
	Truncated bool    `json:"truncated"`
	Why       string  `json:"why,omitempty"`
	Noise     []Noise `json:"noise"`
}

// PartRole says what a part of a text is.
type PartRole string

// The roles of parts.
const (
	PartCarrier    PartRole = "carrier"    // the notice that issues the document
	PartBody       PartRole = "body"       // the document itself; of files, the page and its further pages
	PartAttachment PartRole = "attachment" // a file that the page offers, or an archive holds; a text below 附件1
)

// Part is a stretch of the text with a role of its own. Its span is empty where
// a file gave no text; a problem at that place says why.
type Part struct {
	Role      PartRole `json:"role"`
	SHA256    Hash     `json:"sha256,omitempty"`
	MediaType string   `json:"media_type,omitempty"`
	Title     string   `json:"title,omitempty"`
	Span      Span     `json:"span"`
}

// Section is a heading and what stands under it.
type Section struct {
	ID      string `json:"id"`     // "3.1": by position, so that it survives damaged numbers
	Parent  string `json:"parent"` // "" at the top
	Level   int    `json:"level"`  // 1 is the highest
	Marker  string `json:"marker"` // "(一)" as written; "" for a heading without number
	Heading string `json:"heading"`
	// Span runs from the marker to the end of the section, Body over what
	// follows the heading.
	Span Span   `json:"span"`
	Body Span   `json:"body"`
	Rule string `json:"rule"`
}

// OrganRef is an organ named in the text.
type OrganRef struct {
	Text         string   `json:"text"` // as written
	Kind         string   `json:"kind"` // as in rules/organs; "" where unknown
	Level        Level    `json:"level,omitempty"`
	Jurisdiction string   `json:"jurisdiction,omitempty"` // code
	Candidates   []string `json:"candidates,omitempty"`   // kinds, where more than one fits
	Span         Span     `json:"span"`
}

// Clause is one of the five separations as this text has it.
type Clause struct {
	Type    ClauseType `json:"type"`
	Heading string     `json:"heading"`
	Form    ClauseForm `json:"form"`
	Section string     `json:"section"`
	// Evidence covers what follows the heading, without the closing bracket of
	// departments, or the heading itself where nothing follows; for the other
	// forms it covers the naming words.
	Evidence
	HeadingSpan Span       `json:"heading_span"`
	Organs      []OrganRef `json:"organs"`
	Deadlines   []string   `json:"deadlines"` // uids
}

// Provision is one of the codebook's standard provisions found in a sentence.
type Provision struct {
	ID     string `json:"id"`     // as in rules/codebook
	Status string `json:"status"` // stated, changed, opposed
	// Changed tells what differs from the central default, in plain words.
	Changed []string `json:"changed,omitempty"`
	Evidence
	Clause    ClauseType `json:"clause,omitempty"`
	Section   string     `json:"section"`
	Deadlines []string   `json:"deadlines"`
	Organs    []OrganRef `json:"organs"`
}

// Time is one time expression.
type Time struct {
	Role TimeRole `json:"role"`
	EDTF string   `json:"edtf"` // empty where unresolved
	// Start and End are inclusive civil dates (YYYY-MM-DD, Asia/Shanghai); null
	// where open or unresolved.
	Start *string `json:"start"`
	End   *string `json:"end"`
	Evidence
}

// Anchor is what a relative time counts from.
type Anchor struct {
	Kind string `json:"kind"` // signed, printed, posted, effective, context, option, event
	Text string `json:"text"` // the words, or the field
	Date string `json:"date"` // YYYY-MM-DD; empty where unknown
}

// Action is the task that a time or an organ is bound to.
type Action struct {
	Text string `json:"text"`
	Span Span   `json:"span"`
}

// Deadline is a time that binds a task.
type Deadline struct {
	UID  string       `json:"uid"` // the same after every extraction of the same words
	Kind DeadlineKind `json:"kind"`
	EDTF string       `json:"edtf"`
	// Start and End are inclusive civil dates, null where open.
	Start *string `json:"start"`
	End   *string `json:"end"`
	// StrictEnd is the day by the strict reading of 前, where it differs: 2017年4月前
	// ends on 2017-04-30, strictly on 2017-03-31.
	StrictEnd *string   `json:"strict_end,omitempty"`
	Precision Precision `json:"precision"`
	Anchor    *Anchor   `json:"anchor"`
	// Resolved is false where the words are kept but no date could be given.
	Resolved     bool   `json:"resolved"`
	Formula      string `json:"formula,omitempty"`       // ISO 8601 duration of an open formula
	Workdays     int    `json:"workdays,omitempty"`      // N个工作日: no ISO unit
	RRule        string `json:"rrule,omitempty"`         // RFC 5545, for recurring ones
	Goal         bool   `json:"goal"`                    // 力争, 到…年
	Hedged       bool   `json:"hedged"`                  // 原则上
	Approximate  bool   `json:"approximate"`             // 左右, 年初
	SupersededBy string `json:"superseded_by,omitempty"` // uid
	Evidence
	Action  Action     `json:"action"`
	Organs  []OrganRef `json:"organs"`
	Clause  ClauseType `json:"clause,omitempty"`
	Section string     `json:"section"`
}

// Term is a standing rule in time that is no task.
type Term struct {
	ISO     string `json:"iso,omitempty"`   // ISO 8601 duration
	Value   int    `json:"value,omitempty"` // with Unit where ISO has none
	Unit    string `json:"unit,omitempty"`  // workday
	Trigger string `json:"trigger"`         // the words it counts from; "" where none
	Evidence
	Clause  ClauseType `json:"clause,omitempty"`
	Section string     `json:"section"`
}

// Duty is what an organ is told to do.
type Duty struct {
	Role  DutyRole `json:"role"`
	Organ OrganRef `json:"organ"`
	// Evidence covers the clause of the sentence that gives the duty.
	Evidence
	Action Action `json:"action"`
	// Deadlines are the uids of the deadlines that bind the task, in the order of the
	// text; none where the text sets it no time.
	Deadlines []string   `json:"deadlines,omitempty"`
	Section   string     `json:"section"`
	Clause    ClauseType `json:"clause,omitempty"`
}

// Reference is another document that the text names.
type Reference struct {
	Title     string     `json:"title"` // without its brackets; "" where only a number is given
	DocNumber *DocNumber `json:"doc_number"`
	Relation  Relation   `json:"relation"`
	// Target is the document of the store that is meant; it depends on what else is there.
	Target DocID `json:"target,omitempty"`
	Evidence
}

// targetTrace begins the line of the trace that tells why a reference has its target.
const targetTrace = "in the corpus: "

// SetTarget leads the reference to a document of the store, for the reason why. An empty
// id leaves the reference as its own text gives it.
func (r *Reference) SetTarget(id DocID, why string) {
	r.Target = id
	r.Trace = slices.DeleteFunc(slices.Clone(r.Trace), func(s string) bool { return strings.HasPrefix(s, targetTrace) })
	if id != "" {
		r.Trace = append(r.Trace, targetTrace+why)
	}
}

// Contact is personal data: masked in every output unless asked for.
type Contact struct {
	Kind string `json:"kind"` // telephone, name, group_number, address, email, id_number
	Evidence
}

// Problem is something a reader of the record should know.
type Problem struct {
	ID      string `json:"id"` // stable, listed in docs/records.md
	Span    Span   `json:"span"`
	Message string `json:"message"`
}
