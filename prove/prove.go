// Package prove shows that what is kept, and what was written from it, is what the
// stored bytes give: offline, fact by fact.
package prove

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"

	"tuogou/corpus"
	"tuogou/corpus/store"
)

// Finding is one thing that could not be proved.
type Finding struct {
	// Kind is what it is about: blob, capture, record, ledger, database (as
	// store.Problem), fact, rules, warc or report.
	Kind    string `json:"kind"`
	Subject string `json:"subject"`         // the document, hash or file
	Where   string `json:"where,omitempty"` // a JSON pointer, a line, a record
	Message string `json:"message"`
}

// Counts are what was looked at and what of it was proved.
type Counts struct {
	Captures int `json:"captures"`
	Records  int `json:"records"`
	Facts    int `json:"facts"`
	Proved   int `json:"proved"` // facts
}

// Derive makes the record of a document again from its stored bytes.
type Derive func(ctx context.Context, d store.Document) (*corpus.Record, error)

// Store proves everything that s keeps: first what store.Verify proves, then, for
// each record, that its bytes give the same text and the same facts by the rules
// named. each gets what could not be proved, one at a time; its error ends the
// run. Corrections are not looked at: they are no work of the machine.
func Store(ctx context.Context, s store.Reader, rules corpus.Hash, derive Derive, each func(Finding) error) (Counts, error) {
	var n Counts
	for p, err := range s.Verify(ctx) {
		if err == nil {
			err = each(Finding{Kind: p.ID, Subject: p.Subject, Message: p.Message})
		}
		if err != nil {
			return n, err
		}
	}
	st, err := s.Status(ctx)
	if err != nil {
		return n, err
	}
	n.Captures = st.Captures
	if derive == nil {
		n.Records = st.Records
		return n, nil
	}
	p := prover{s: s, rules: rules, derive: derive, each: each, n: &n}
	return n, p.run(ctx)
}

type prover struct {
	s      store.Reader
	rules  corpus.Hash
	derive Derive
	each   func(Finding) error
	n      *Counts
}

// page is how many documents are read side by side and told in order.
const page = 64

func (p *prover) run(ctx context.Context) error {
	var docs []store.Document
	flush := func() error {
		found := make([]result, len(docs))
		var wg sync.WaitGroup
		turn := make(chan int)
		for range min(runtime.GOMAXPROCS(0), len(docs)) {
			wg.Go(func() {
				for i := range turn {
					found[i] = p.document(ctx, docs[i])
				}
			})
		}
		for i := range docs {
			turn <- i
		}
		close(turn)
		wg.Wait()
		docs = docs[:0]
		for _, r := range found {
			if r.err != nil {
				return r.err
			}
			p.n.Records += r.n.Records
			p.n.Facts += r.n.Facts
			p.n.Proved += r.n.Proved
			for _, f := range r.found {
				if err := p.each(f); err != nil {
					return err
				}
			}
		}
		return ctx.Err()
	}
	for d, err := range p.s.Documents(ctx, store.Filter{}) {
		if errors.Is(err, store.ErrCorrupt) {
			continue // Verify told it
		}
		if err != nil {
			return err
		}
		if docs = append(docs, d); len(docs) == page {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

type result struct {
	n     Counts
	found []Finding
	err   error
}

// document proves the record of one document; one without a record has nothing to
// prove, and one that is damaged was told by Verify.
func (p *prover) document(ctx context.Context, d store.Document) (out result) {
	kept, err := p.s.Record(ctx, d.ID)
	switch {
	case errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrCorrupt):
		return out
	case err != nil:
		out.err = err
		return out
	}
	out.n.Records = 1
	say := func(kind, where, message string) {
		out.found = append(out.found, Finding{Kind: kind, Subject: string(d.ID), Where: where, Message: message})
	}
	for i := range kept.References { // which document is meant depends on the others
		kept.References[i].SetTarget("", "")
	}
	was, err := tree(kept)
	if err != nil {
		say("record", "", err.Error())
		return out
	}
	facts := evidence(was)
	out.n.Facts = len(facts)
	switch {
	case kept.Rules != p.rules:
		say("rules", "", fmt.Sprintf("made by the rules %.12s, which are not those of now (%.12s): tuogou run makes it again", kept.Rules, p.rules))
		return out
	case kept.Source.SHA256 != d.Latest.SHA256:
		say("record", "", "the page has a newer version: tuogou run reads it")
		return out
	}
	fresh, err := p.derive(ctx, d)
	if err != nil {
		say("record", "", "its bytes cannot be read again: "+err.Error())
		return out
	}
	now, err := tree(fresh)
	if err != nil {
		say("record", "", err.Error())
		return out
	}
	if kept.Text.SHA256 != fresh.Text.SHA256 {
		say("record", "/text", "its bytes give another text")
	}
	again := evidence(now)
	for _, path := range facts.paths() {
		if reflect.DeepEqual(facts[path], again[path]) {
			out.n.Proved++
			continue
		}
		say("fact", path, difference(facts[path], again[path]))
	}
	for _, path := range again.paths() {
		if facts[path] == nil {
			say("fact", path, "its bytes give it, and the record does not have it: "+said(again[path]))
		}
	}
	return out
}

func difference(was, now map[string]any) string {
	if now == nil {
		return "its bytes do not give it: " + said(was)
	}
	for _, name := range []string{"quote", "span", "rule"} {
		if !reflect.DeepEqual(was[name], now[name]) {
			return fmt.Sprintf("its %s is %s, its bytes give %s", name, compact(was[name]), compact(now[name]))
		}
	}
	return fmt.Sprintf("it says %s, its bytes give %s", said(was), said(now))
}

func said(v map[string]any) string {
	s := []rune(compact(v))
	if len(s) > 200 {
		return string(s[:200]) + "…"
	}
	return string(s)
}

func compact(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Sprint(v)
	}
	return strings.TrimSpace(b.String())
}

func tree(r *corpus.Record) (map[string]any, error) {
	data, err := corpus.Encode(r)
	if err != nil {
		return nil, err
	}
	var out map[string]any
	return out, json.Unmarshal(data, &out)
}

// facts are the parts of a record that carry evidence, by their pointers, and the
// scalar fields beside them.
type facts map[string]map[string]any

func (f facts) paths() []string {
	out := make([]string, 0, len(f))
	for p := range f {
		out = append(out, p)
	}
	slices.Sort(out)
	return out
}

func evidence(record map[string]any) facts {
	out := facts{}
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case map[string]any:
			if v["quote"] != nil && v["span"] != nil && v["rule"] != nil {
				out[path] = v
			}
			for name, sub := range v {
				walk(path+"/"+name, sub)
			}
		case []any:
			for i, sub := range v {
				walk(fmt.Sprintf("%s/%d", path, i), sub)
			}
		}
	}
	walk("", record)
	scalars := map[string]any{}
	for name, v := range record {
		switch v.(type) {
		case string, bool, float64:
			if name != "schema" && name != "rules" {
				scalars[name] = v
			}
		}
	}
	out["/"] = scalars
	return out
}
