package prove

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"

	"tuogou/compare"
	"tuogou/corpus"
	"tuogou/corpus/store"
)

func (f *fileProver) json(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	for line := 1; ; line++ {
		var v any
		err := d.Decode(&v)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w: %w", f.name, err, ErrForm)
		}
		where := ""
		if line > 1 {
			where = fmt.Sprintf("line %d", line)
		}
		if err := f.value(where, v); err != nil {
			return err
		}
	}
}

// value proves what a JSON value quotes.
func (f *fileProver) value(where string, v any) error {
	switch v := v.(type) {
	case map[string]any:
		if text, ok := v["text"].(map[string]any); ok && text["body"] != nil && v["id"] != nil {
			return f.whole(where, v)
		}
		if sources, ok := v["sources"].([]any); ok && v["words"] != nil && v["when"] != nil {
			return f.obligation(where, v, sources)
		}
		if quote, ok := v["quote"].(string); ok && v["doc"] != nil {
			if err := f.passage(where, corpus.DocID(str(v["doc"])), v, quote); err != nil {
				return err
			}
		}
		if err := f.due(where, v); err != nil {
			return err
		}
		for _, name := range names(v) {
			if name != "reviews" {
				if err := f.value(where+"/"+name, v[name]); err != nil {
					return err
				}
			}
		}
	case []any:
		for i, sub := range v {
			if err := f.value(fmt.Sprintf("%s/%d", where, i), sub); err != nil {
				return err
			}
		}
	}
	return nil
}

// passage proves the words that an object quotes from a document.
func (f *fileProver) passage(where string, id corpus.DocID, v map[string]any, quote string) error {
	span, ok := spanIn(v)
	switch {
	case !ok && quote == "", ok && span.Empty() && quote == "":
		return nil
	case !ok:
		return f.unplaced(where, quote)
	}
	if err := f.cite(where, id, span, quote); err != nil {
		return err
	}
	if sentence := str(v["sentence"]); sentence != "" {
		return f.cite(where+"/sentence", id, span, sentence)
	}
	return nil
}

func recordSays(r *corpus.Record) origin {
	return origin{"the record does not have it: ", "the record has ", "the record has it, and the file does not: ",
		func(s string) string { return compare.Hide(r, s) }}
}

// whole proves a record: it has to be the one that is kept in all it says, with
// personal data or without.
func (f *fileProver) whole(where string, v map[string]any) error {
	s, err := f.source(corpus.DocID(str(v["id"])))
	if err != nil {
		return err
	}
	n := len(evidence(v))
	f.n.Facts += n
	if s == nil {
		return f.tell(where, fmt.Sprintf("the document %s is not in this data folder", v["id"]))
	}
	var found []Finding
	wrong := -1
	for _, r := range []*corpus.Record{compare.Mask(s.record), s.record} {
		now, err := tree(r)
		if err != nil {
			return err
		}
		var list []Finding
		bad := contrast(v, now, recordSays(s.record), func(_, path, message string) {
			list = append(list, Finding{Kind: "report", Subject: f.name, Where: where + path, Message: message})
		})
		if str(v["rules"]) != string(r.Rules) {
			list = append(list, Finding{Kind: "report", Subject: f.name, Where: where + "/rules", Message: fmt.Sprintf("made by the rules %.12s, the record by %.12s", v["rules"], r.Rules)})
		}
		if wrong < 0 || len(list) < len(found) {
			found, wrong = list, bad
		}
	}
	f.n.Proved += n - min(wrong, n)
	for _, x := range found {
		if err := f.each(x); err != nil {
			return err
		}
	}
	return nil
}

// due proves the dates of a deadline that a report names with its uid and the
// words it stands on.
func (f *fileProver) due(where string, v map[string]any) error {
	cite, ok := v["cite"].(map[string]any)
	if !ok || str(v["uid"]) == "" || v["edtf"] == nil {
		return nil
	}
	s, err := f.source(corpus.DocID(str(cite["doc"])))
	if err != nil || s == nil {
		return err // the passage told it
	}
	f.n.Facts++
	for _, d := range s.record.Deadlines {
		if d.UID == str(v["uid"]) {
			for _, p := range [][3]string{{"edtf", d.EDTF, str(v["edtf"])}, {"kind", string(d.Kind), str(v["kind"])}, {"start", day(d.Start), str(v["start"])},
				{"end", day(d.End), str(v["end"])}, {"rrule", d.RRule, str(v["rrule"])}} {
				if p[1] != p[2] {
					return f.tell(where, fmt.Sprintf("the %s of the deadline %s is “%s” in the record, not “%s”", p[0], d.UID, p[1], p[2]))
				}
			}
			return f.tell(where, "")
		}
	}
	return f.tell(where, fmt.Sprintf("the record has no deadline %s", v["uid"]))
}

func day(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// byTheDay are the fields of an obligation that follow from the day it is looked at,
// or from when it was written down.
var byTheDay = []string{"state", "day", "first", "changed", "cursor"}

// obligation proves an obligation: its words in the document that speaks for it, and
// all of it by the ledger, which has to have said so once.
func (f *fileProver) obligation(where string, v map[string]any, sources []any) error {
	if len(sources) > 0 {
		first, _ := sources[0].(map[string]any)
		document, _ := first["document"].(map[string]any)
		span, ok := spanIn(first)
		if !ok || span.Empty() {
			if err := f.unplaced(where, str(v["words"])); err != nil {
				return err
			}
		} else if err := f.cite(where, corpus.DocID(str(document["id"])), span, str(v["words"])); err != nil {
			return err
		}
	}
	f.n.Facts++
	forms, err := f.forms(str(v["uid"]))
	if err != nil {
		return err
	}
	if len(forms) == 0 {
		return f.tell(where, fmt.Sprintf("the ledger has no obligation %s", v["uid"]))
	}
	message := ""
	for _, form := range slices.Backward(forms) { // the newest first: what it says is told
		field := ""
		for _, name := range names(v) {
			if !slices.Contains(byTheDay, name) && !reflect.DeepEqual(v[name], form[name]) {
				field = name
				break
			}
		}
		for _, name := range names(form) {
			if _, there := v[name]; !there && field == "" && !slices.Contains(byTheDay, name) {
				field = name
			}
		}
		if field == "" {
			return f.tell(where, "")
		}
		if message == "" {
			message = fmt.Sprintf("its %s is %s, the ledger says %s", field, said(v[field]), said(form[field]))
		}
	}
	return f.tell(where, message)
}

// forms are what the ledger ever said of an obligation, oldest first.
func (f *fileProver) forms(uid string) ([]map[string]any, error) {
	if forms, known := f.told[uid]; known {
		return forms, nil
	}
	list, err := f.books.Obligation(f.ctx, uid)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	var out []map[string]any
	for _, c := range list {
		var change struct {
			Obligation map[string]any `json:"obligation"`
		}
		if err := json.Unmarshal(c.Data, &change); err != nil {
			return nil, fmt.Errorf("obligation %s: %w: %w", uid, err, store.ErrCorrupt)
		}
		out = append(out, change.Obligation)
	}
	f.told[uid] = out
	return out, nil
}
func str(v any) string { s, _ := v.(string); return s }

func names(m map[string]any) []string {
	out := make([]string, 0, len(m))
	for n := range m {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}

func spanIn(v map[string]any) (corpus.Span, bool) {
	for _, name := range []string{"span", "chars"} {
		s, ok := v[name].(map[string]any)
		if !ok {
			continue
		}
		start, ok1 := s["start"].(float64)
		end, ok2 := s["end"].(float64)
		return corpus.Span{Start: int(start), End: int(end)}, ok1 && ok2
	}
	return corpus.Span{}, false
}
