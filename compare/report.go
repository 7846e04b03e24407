package compare

import (
	"tuogou/corpus"
)

// Report is a whole comparison with a baseline: what every writer and page shows.
// A part that is nil is left out.
type Report struct {
	*Study
	Lineage    *Lineage         `json:"lineage"`
	Drift      *DriftLedger     `json:"drift"`
	Duties     []Responsibility `json:"duties"`
	Clusters   []Cluster        `json:"clusters"`
	Searches   []PlaceSearch    `json:"searches"`
	Wanted     []Wanted         `json:"wanted"`
	Gaps       []Gap            `json:"gaps"`
	Schedule   *Schedule        `json:"schedule"`
	References []Reference      `json:"references"`
	Records    int              `json:"records"` // how many were looked at
}

// ReportOptions are those of the study and what is known of the sources.
type ReportOptions struct {
	StudyOptions
	// Visits are what the crawler knows of its sources; none where it never ran.
	Visits []Visit
	// Searched are the places of the coverage in their order; those of the study
	// where empty. Names should have them all.
	Searched []string
}

// NewReport compares records, whose references have been led to each other.
func NewReport(records []*corpus.Record, opt ReportOptions) *Report {
	var topics []Topic
	for _, p := range opt.Provisions {
		topics = append(topics, p.Topic)
	}
	if len(opt.Searched) == 0 {
		opt.Searched = opt.codes(records)
	}
	l := NewLineage(records)
	m := NewMatrix(records, MatrixOptions{Selection: opt.Selection, Provisions: topics, Names: opt.Names, Limit: 1})
	return &Report{
		Study: NewStudy(records, opt.StudyOptions), Lineage: l, Drift: NewDrift(records, l), Duties: NewResponsibility(m, opt.Provisions),
		Clusters: Clusters(records), Wanted: WantedList(records), Gaps: Gaps(records), Records: len(records),
		Schedule:   Timeline(records, TimelineOptions{Places: opt.Codes, Below: opt.Below}),
		Searches:   Searches(records, opt.Searched, opt.Names, opt.Visits),
		References: References(records),
	}
}

// Reference is a document as a bibliography names it.
type Reference struct {
	Document
	Issuers []string `json:"issuers"`
	// Where is the heading of the clause that is cited (三、资产财务分离). Empty: the
	// whole document.
	Where string `json:"where,omitempty"`
}

// References are those of the records, in their order.
func References(records []*corpus.Record) []Reference {
	out := []Reference{}
	for _, r := range records {
		ref := Reference{Document: DocumentOf(r), Issuers: []string{}}
		for _, i := range r.Issuers {
			ref.Issuers = append(ref.Issuers, i.Name)
		}
		out = append(out, ref)
	}
	return out
}

// ClauseReferences are the records' clauses that have a section of their own, each
// cited by its heading.
func ClauseReferences(records []*corpus.Record) []Reference {
	out := []Reference{}
	for i, whole := range References(records) {
		for _, c := range records[i].Clauses {
			if c.Form == corpus.FormSection && !c.HeadingSpan.Empty() {
				ref := whole
				ref.Where = Quote(records[i], c.HeadingSpan)
				out = append(out, ref)
			}
		}
	}
	return out
}
