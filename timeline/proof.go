package timeline

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/rules"
)

// Differs says what of an obligation does not follow from the record of the document
// that speaks for it, as people corrected it, and from the corrections that o names;
// "" where all of it does, and for one that was withdrawn, for which no document
// speaks any more. days are the working days by which formulas become dates.
func Differs(o Obligation, r *corpus.Record, corrections []store.Correction, days *rules.Workdays) string {
	if o.Status == Withdrawn {
		return ""
	}
	if len(o.Sources) == 0 {
		return "it names no document"
	}
	for _, f := range o.Fixes {
		if !slices.ContainsFunc(corrections, func(c store.Correction) bool { return c.ID == f.ID && c.Want == f.Want && c.By == f.By }) {
			return fmt.Sprintf("nobody made the correction %s of %s to %s", f.ID, f.Field, f.Want)
		}
	}
	said := deadlinesOf(r, nil)
	i := slices.IndexFunc(said, func(d Deadline) bool { return d.Sources[0].Deadline == o.Sources[0].Deadline })
	if i < 0 {
		return fmt.Sprintf("the record of %s has no deadline %s", r.ID, o.Sources[0].Deadline)
	}
	want := copyOf(said[i].Obligation)
	want.Fixes = o.Fixes
	applyFixes(&want, days)
	type part struct {
		name      string
		here, now any
	}
	here, now := o.Sources[0], want.Sources[0]
	for _, p := range []part{
		{"when", o.When, want.When}, {"task", o.Task, want.Task}, {"words", o.Words, want.Words}, {"sentence", o.Sentence, want.Sentence},
		{"place", o.Place, want.Place}, {"clause", o.Clause, want.Clause}, {"section", o.Section, want.Section},
		{"provisions", o.Provisions, want.Provisions}, {"parties", o.Parties, want.Parties},
		{"document", here.Document, now.Document}, {"issuers", here.Issuers, now.Issuers}, {"number", here.Number, now.Number},
		{"span", here.Chars, now.Chars}, {"sha256", here.Bytes, now.Bytes}, {"text", here.Text, now.Text}, // the rules are those of the last change: other ones that find the same change nothing
	} {
		if x, y := asJSON(p.here), asJSON(p.now); !bytes.Equal(x, y) {
			return fmt.Sprintf("its %s is %s, its document gives %s", p.name, x, y)
		}
	}
	return ""
}

// asJSON is v as it is kept: what is not kept makes no difference.
func asJSON(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		return []byte(err.Error()) // an obligation holds nothing that JSON cannot
	}
	return bytes.TrimSpace(data)
}
