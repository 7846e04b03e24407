package timeline

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"tuogou/corpus/store"
	"tuogou/rules"
)

// deadlineField is a correction's field: /deadlines/3/end, or /deadlines/3 for the
// whole of it.
var deadlineField = regexp.MustCompile(`^/deadlines/(\d+)(?:/(.+))?$`)

// fixes are the corrections of an obligation: those that it had, in force or lapsed,
// and those that were made since. A correction is bound to the obligation once; its
// number in the list of the record means nothing after the next extraction.
func (u *update) fixes(d Deadline, old Obligation) []Fix {
	var out []Fix
	for _, f := range old.Fixes {
		if !slices.ContainsFunc(u.now.Corrections, func(c store.Correction) bool { return c.ID == f.ID }) {
			continue // taken back
		}
		now := valueAt(d.raw, f.Field)
		f.Lapsed = !sameJSON(now, f.Was) && !sameJSON(now, f.Want)
		out = append(out, f)
	}
	for _, c := range u.now.Corrections {
		if u.bound[c.ID] != "" {
			continue
		}
		if f, ok := u.fix(d, c); ok {
			u.bound[c.ID] = d.docs[0]
			// Of two of one value the later one counts, in whatever order they came to be known.
			if slices.ContainsFunc(out, func(x Fix) bool { return x.Field == f.Field && u.later(x.ID, c.ID) }) {
				continue
			}
			out = slices.DeleteFunc(out, func(x Fix) bool { return x.Field == f.Field })
			out = append(out, f)
		}
	}
	return out
}

// later reports whether correction a was made after b.
func (u *update) later(a, b string) bool {
	at := func(id string) int {
		return slices.IndexFunc(u.now.Corrections, func(c store.Correction) bool { return c.ID == id })
	}
	x, y := at(a), at(b)
	if x < 0 || y < 0 {
		return false
	}
	if p, q := u.now.Corrections[x].At, u.now.Corrections[y].At; !p.Equal(q) {
		return p.After(q)
	}
	return x > y
}

// fix reads a correction that was made of d, of the very bytes that it comes from.
func (u *update) fix(d Deadline, c store.Correction) (Fix, bool) {
	m := deadlineField.FindStringSubmatch(c.Field)
	r := u.records[c.Doc]
	if m == nil || r == nil || c.Bytes != "" && c.Bytes != r.Source.SHA256 {
		return Fix{}, false
	}
	n, err := strconv.Atoi(m[1])
	if err != nil || n >= len(r.Deadlines) || !slices.Contains(d.docs, docKey(c.Doc, r.Deadlines[n].UID)) {
		return Fix{}, false
	}
	raw, err := json.Marshal(r.Deadlines[n])
	if err != nil {
		return Fix{}, false
	}
	now := valueAt(raw, m[2])
	f := Fix{ID: c.ID, Field: m[2], Was: now, Want: c.Want, By: c.By, Note: c.Note}
	if !c.At.IsZero() {
		f.At = c.At.UTC().Format(time.RFC3339)
	}
	switch {
	case c.Was == "" || m[2] == "":
	case sameJSON(now, c.Want): // laid over the record already
		f.Was = c.Was
	case !sameJSON(now, c.Was):
		return Fix{}, false
	}
	return f, true
}

// valueAt is a value of a deadline as JSON; "null" where there is none, and empty for
// the whole, which only rejects.
func valueAt(raw json.RawMessage, field string) string {
	if field == "" {
		return ""
	}
	for name := range strings.SplitSeq(field, "/") {
		var m map[string]json.RawMessage
		if json.Unmarshal(raw, &m) != nil {
			return "null"
		}
		if raw = m[name]; raw == nil {
			return "null"
		}
	}
	return string(raw)
}

func sameJSON(a, b string) bool {
	plain := func(s string) string {
		var out bytes.Buffer
		if json.Compact(&out, []byte(s)) != nil {
			return s
		}
		if s = out.String(); s == `""` {
			return "null"
		}
		return s
	}
	return plain(a) == plain(b)
}

// rejected reports whether a person says that o is no obligation.
func rejected(o Obligation) bool {
	return slices.ContainsFunc(o.Fixes, func(f Fix) bool { return f.Field == "" && f.Want == "" && !f.Lapsed })
}

func newFix(old, now []Fix) bool {
	return slices.ContainsFunc(now, func(f Fix) bool {
		return !f.Lapsed && !slices.ContainsFunc(old, func(x Fix) bool { return x.ID == f.ID })
	})
}

func fixWords(o Obligation) string {
	var out []string
	for _, f := range o.Fixes {
		if !f.Lapsed {
			out = append(out, strings.TrimSpace(f.Field+" "+f.Want))
		}
	}
	return strings.TrimSpace(summary(o) + " [" + strings.Join(out, "; ") + "]")
}

// applyFixes sets what persons corrected, and works out what follows from it: a
// formula with a known anchor becomes a date.
func applyFixes(o *Obligation, days *rules.Workdays) {
	if rejected(*o) {
		o.Status = Withdrawn
	}
	w, edtf := &o.When, false
	for _, f := range o.Fixes {
		if f.Lapsed {
			continue
		}
		var text string
		_ = json.Unmarshal([]byte(f.Want), &text) // null and the like are ""
		switch f.Field {
		case "start":
			w.Start = text
		case "end":
			w.End = text
		case "strict_end":
			w.StrictEnd = text
		case "rrule":
			w.RRule = text
		case "edtf":
			w.EDTF, edtf = text, true
		case "anchor/date":
			anchor := Anchor{Kind: "person", Date: text}
			if w.Anchor != nil {
				anchor.Text = w.Anchor.Text
			}
			w.Anchor = &anchor
			w.resolve(days)
		case "action/text":
			o.Task = text
		}
		if f.Field == "start" || f.Field == "end" {
			w.Resolved = w.Start != "" || w.End != ""
			if !edtf {
				w.EDTF = interval(w.Start, w.End)
			}
		}
	}
}

// interval is the EDTF of two days, either of them open.
func interval(start, end string) string {
	switch {
	case start == "" && end == "":
		return ""
	case start == "":
		return "../" + end
	case end == "":
		return start + "/.."
	case start == end:
		return start
	}
	return start + "/" + end
}
