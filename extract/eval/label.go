// Package eval scores records against labels made by hand: precision, recall
// and F1 a field, with every miss and every false hit by name, so that a change
// to a rule shows what it won and what it lost.
//
// A label is a JSON file that names its text ("file") and says in plain words
// what a careful reader finds in it. Lists that a label leaves out altogether
// are not scored for that text. Fields and matching are told in docs/quality.md.
package eval

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"sort"
)

// Label is what a reader found in one text.
type Label struct {
	File         string   `json:"file"`
	About        string   `json:"about"` // the behaviour the text is there for; not scored
	Kind         string   `json:"kind"`
	Generation   string   `json:"generation"`
	OnTopic      bool     `json:"on_topic"`
	Title        string   `json:"title"`
	WrapperTitle string   `json:"wrapper_title"`
	Issuers      []string `json:"issuers"`
	DocNumber    *string  `json:"doc_number"`
	IndexNumber  *string  `json:"index_number"`
	Register     *string  `json:"register_number"`
	Jurisdiction struct {
		Code  string   `json:"code"`
		Level string   `json:"level"`
		Path  []string `json:"path"`
	} `json:"jurisdiction"`
	Signed    *string `json:"signed"`
	Published *string `json:"published"`
	Printed   *string `json:"printed"`
	Effective *string `json:"effective"`
	Abolished *string `json:"abolished"`
	EventYear int     `json:"event_year"`

	Truncated    *bool             `json:"truncated"`
	Noise        []string          `json:"noise"`
	Parts        []string          `json:"parts"`
	ClauseStates map[string]string `json:"clause_states"`
	Problems     []string          `json:"problems"`

	Clauses          []Clause    `json:"clauses"`
	Provisions       []Provision `json:"provisions"`
	Times            []Time      `json:"times"`
	Deadlines        []Deadline  `json:"deadlines"`
	Durations        []Duration  `json:"durations"`
	Responsibilities []Duty      `json:"responsibilities"`
	References       []Reference `json:"references"`
	PersonalData     []string    `json:"personal_data"`
	PastEvents       []string    `json:"past_events"`
	Notes            string      `json:"notes"`
	// Complete names the lists of the label that hold all there is, so that what
	// the record has beside them is false: duties, provisions, durations.
	Complete []string `json:"complete"`
}

// Clause is a labelled clause; Starts and Ends are the first and last words of its
// content.
type Clause struct {
	Type        string   `json:"type"`
	Heading     string   `json:"heading"`
	Form        string   `json:"form"`
	Starts      string   `json:"starts"`
	Ends        string   `json:"ends"`
	Departments []string `json:"departments"`
	Note        string   `json:"note"`
}

// Provision is a labelled standard provision: the words lie in its sentence.
type Provision struct {
	Quote  string `json:"quote"`
	ID     string `json:"id"`
	Status string `json:"status"`
}

// Time is a labelled time with its role; EDTF is scored where it is given.
type Time struct {
	Quote string `json:"quote"`
	Role  string `json:"role"`
	EDTF  string `json:"edtf"`
}

// Deadline is a labelled deadline. Kind and EDTF may give alternatives, parted
// by |, where the conventions allow more than one reading.
type Deadline struct {
	Quote      string   `json:"quote"`
	SpanQuote  string   `json:"span_quote"`
	Kind       string   `json:"kind"`
	EDTF       string   `json:"edtf"`
	Start      *string  `json:"start"`
	End        *string  `json:"end"`
	StrictEnd  string   `json:"strict_end"`
	Goal       bool     `json:"goal"`
	Hedged     bool     `json:"hedged"`
	Approx     bool     `json:"approximate"`
	Superseded bool     `json:"superseded"`
	Unresolved bool     `json:"unresolved"`
	RRule      string   `json:"rrule"`
	Formula    string   `json:"formula"`
	Workdays   int      `json:"workdays"`
	Anchor     string   `json:"anchor"` // kind of anchor
	What       string   `json:"what"`
	Clause     *string  `json:"clause"`
	Who        []string `json:"who"`
	RelativeTo string   `json:"relative_to"`
	Note       string   `json:"note"`
}

// Duration is a labelled standing rule in time.
type Duration struct {
	Quote    string  `json:"quote"`
	ISO      string  `json:"iso"`
	Workdays int     `json:"workdays"`
	Trigger  *string `json:"trigger"`
	Clause   *string `json:"clause"`
	Note     string  `json:"note"`
}

// Duty is a labelled duty of one or more organs.
type Duty struct {
	Quote  string   `json:"quote"`
	Role   string   `json:"role"`
	Organs []string `json:"organs"`
	Kinds  []string `json:"kinds"`
	Action string   `json:"action"` // words of the task; scored where given
	Due    []string `json:"due"`    // EDTF of its deadlines; scored where given, an empty list too
	Note   string   `json:"note"`
}

// Reference is a labelled document.
type Reference struct {
	Title     string  `json:"title"`
	DocNumber *string `json:"doc_number"`
	Relation  string  `json:"relation"` // scored where given
	AsWritten string  `json:"as_written"`
	Note      string  `json:"note"`
}

// LoadLabels reads every .json file in fsys, in the order of their names. An
// unknown key is an error that names the file: a label misspelt is a label lost.
func LoadLabels(fsys fs.FS) ([]Label, error) {
	names, err := fs.Glob(fsys, "*.json")
	if err != nil {
		return nil, fmt.Errorf("labels: %w", err)
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("labels: no .json file in the folder")
	}
	sort.Strings(names)
	var out []Label
	for _, n := range names {
		data, err := fs.ReadFile(fsys, n)
		if err != nil {
			return nil, fmt.Errorf("labels: %w", err)
		}
		var l Label
		d := json.NewDecoder(bytes.NewReader(data))
		d.DisallowUnknownFields()
		if err := d.Decode(&l); err != nil {
			return nil, fmt.Errorf("labels: %s: %w", n, err)
		}
		if l.File == "" {
			return nil, fmt.Errorf("labels: %s: says no \"file\"", n)
		}
		out = append(out, l)
	}
	return out, nil
}
