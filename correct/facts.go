package correct

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"tuogou/corpus"
	"tuogou/corpus/store"
)

// Fact is one fact of a record as a person reads and names it.
type Fact struct {
	Field   string          `json:"field"` // the pointer that corrections take
	Value   string          `json:"value"`
	Quote   string          `json:"quote,omitempty"`
	Rule    string          `json:"rule,omitempty"`
	Reviews []corpus.Review `json:"reviews,omitempty"`
}

// Facts are the facts of r that can be corrected, scalars first, then lists in
// the order of their names and of the text.
func Facts(r *corpus.Record) ([]Fact, error) {
	tree, err := treeOfRecord(r)
	if err != nil {
		return nil, err
	}
	var out []Fact
	names := make([]string, 0, len(scalars))
	for name := range scalars {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		f := r.Facts[strings.ReplaceAll(name, "/", ".")]
		out = append(out, Fact{Field: "/" + name, Value: words(at(tree, name)), Quote: f.Quote, Rule: f.Rule, Reviews: f.Reviews})
	}
	for _, name := range listNames() {
		items, _ := tree[name].([]any)
		for i, it := range items {
			item, _ := it.(object)
			out = append(out, Fact{Field: fmt.Sprintf("/%s/%d", name, i), Value: lists[name].said(item),
				Quote: words(item["quote"]), Rule: words(item["rule"]), Reviews: reviewsIn(item)})
		}
	}
	return out, nil
}

// Reviews are all reviews of a record, each once.
func Reviews(r *corpus.Record) []corpus.Review {
	tree, err := treeOfRecord(r)
	if err != nil {
		return r.Reviews
	}
	var out []corpus.Review
	seen := map[string]bool{}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case object:
			for _, w := range reviewsIn(v) {
				if !seen[w.ID] {
					seen[w.ID] = true
					out = append(out, w)
				}
			}
			for _, sub := range v {
				walk(sub)
			}
		case []any:
			for _, sub := range v {
				walk(sub)
			}
		}
	}
	walk(tree)
	slices.SortFunc(out, func(a, b corpus.Review) int { return strings.Compare(a.At+a.ID, b.At+b.ID) })
	return out
}

func reviewsIn(o object) []corpus.Review {
	all, _ := o["reviews"].([]any)
	var out []corpus.Review
	for _, a := range all {
		w, ok := a.(object)
		if !ok {
			continue
		}
		out = append(out, corpus.Review{ID: words(w["id"]), Action: corpus.ReviewAction(words(w["action"])), State: corpus.ReviewState(words(w["state"])),
			Field: words(w["field"]), Was: words(w["was"]), Want: words(w["want"]), Now: words(w["now"]), Quote: words(w["quote"]),
			By: words(w["by"]), At: words(w["at"]), Note: words(w["note"])})
	}
	return out
}

// Deadlines are the corrections that were laid over the deadlines of r, by the
// number that the deadline has in r, for those who follow deadlines. An added or
// accepted one counts as a fix of its date.
func Deadlines(r *corpus.Record) []store.Correction {
	var out []store.Correction
	for i, d := range r.Deadlines {
		for _, v := range d.Reviews {
			field, isFix := strings.CutPrefix(v.Field, "/deadlines/*/")
			was, want := v.Was, v.Want
			if !isFix {
				field, was, want = "edtf", "", d.EDTF
			}
			if v.State == corpus.ReviewOrphaned || v.Action == corpus.ReviewAccept && v.Now == "" {
				continue
			}
			at, _ := time.Parse(time.RFC3339, v.At) // zero where it cannot be read
			out = append(out, store.Correction{ID: v.ID, Doc: r.ID, Action: v.Action, Field: fmt.Sprintf("/deadlines/%d/%s", i, field),
				Was: jsonString(was), Want: jsonString(want), By: v.By, Note: v.Note, At: at})
		}
	}
	return out
}

// jsonString is s as JSON, null where it is empty.
func jsonString(s string) string {
	if s == "" {
		return "null"
	}
	data, err := json.Marshal(s)
	if err != nil {
		return "null"
	}
	return string(data)
}
