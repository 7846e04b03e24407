// Package prove shows that what is kept, and what was written from it, is what the
// stored bytes give: offline, fact by fact.
package prove

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"tuogou/corpus"
	"tuogou/corpus/store"
)

// Finding is one thing that could not be proved.
type Finding struct {
	// Kind is what it is about: blob, capture, record, ledger, database (as
	// store.Problem), fact, rules, correction, warc or report.
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

// Derive makes the record of a document again from the stored bytes of one capture.
type Derive func(ctx context.Context, c corpus.Capture) (*corpus.Record, error)

// Ledger proves what the ledger says in the name of a document, whose record is kept
// as r; nil r is a document without one. It gives what does not follow from the record.
type Ledger func(ctx context.Context, id corpus.DocID, r *corpus.Record) ([]Finding, error)

// Ways are how records and what follows from them are made again.
type Ways struct {
	Rules  corpus.Hash // of the rules in use
	Derive Derive      // nil compares hashes and quotes only
	Ledger Ledger      // nil leaves the ledger unread
}

// Store proves everything that s keeps: first what store.Verify proves, then, for
// each record, that its bytes give the same text and the same facts by the rules
// named, and everything else that it says. each gets what could not be proved, one at
// a time; its error ends the run. Of corrections, which are no work of the
// machine, it proves that they are what was said.
func Store(ctx context.Context, s store.Reader, ways Ways, each func(Finding) error) (Counts, error) {
	var n Counts
	for p, err := range s.Verify(ctx) {
		if err == nil {
			err = each(Finding{Kind: p.ID, Subject: p.Subject, Message: p.Message})
		}
		if err != nil {
			return n, err
		}
	}
	corrections, err := s.Corrections(ctx, "")
	if err != nil && !errors.Is(err, store.ErrCorrupt) { // Verify told it
		return n, err
	}
	for _, c := range corrections {
		if !store.Named(c) {
			if err := each(Finding{Kind: "correction", Subject: string(c.Doc), Where: c.ID, Message: "it is not what was said when it was made: its name is that of another content"}); err != nil {
				return n, err
			}
		}
	}
	st, err := s.Status(ctx)
	if err != nil {
		return n, err
	}
	n.Captures = st.Captures
	if ways.Derive == nil {
		n.Records = st.Records
		return n, nil
	}
	p := prover{s: s, ways: ways, each: each, n: &n}
	return n, p.run(ctx)
}

type prover struct {
	s    store.Reader
	ways Ways
	each func(Finding) error
	n    *Counts
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

// document proves the record of one document and what the ledger makes of it; one
// that is damaged was told by Verify.
func (p *prover) document(ctx context.Context, d store.Document) (out result) {
	kept, err := p.s.Record(ctx, d.ID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		kept = nil
	case errors.Is(err, store.ErrCorrupt):
		return out
	case err != nil:
		out.err = err
		return out
	}
	if kept != nil {
		out.n.Records = 1
		out.err = p.record(ctx, d, kept, &out)
	}
	if p.ways.Ledger != nil && out.err == nil {
		var found []Finding
		found, out.err = p.ways.Ledger(ctx, d.ID, kept)
		out.found = append(out.found, found...)
	}
	return out
}

func (p *prover) record(ctx context.Context, d store.Document, kept *corpus.Record, out *result) error {
	say := func(kind, where, message string) {
		out.found = append(out.found, Finding{Kind: kind, Subject: string(d.ID), Where: where, Message: message})
	}
	was, err := tree(withoutTargets(kept))
	if err != nil {
		say("record", "", err.Error())
		return nil
	}
	out.n.Facts = len(evidence(was))
	switch {
	case kept.Rules != p.ways.Rules:
		say("rules", "", fmt.Sprintf("made by the rules %.12s, which are not those of now (%.12s): tuogou run makes it again", kept.Rules, p.ways.Rules))
		return nil
	case kept.Source.SHA256 != d.Latest.SHA256:
		say("record", "", "the page has a newer version: tuogou run reads it")
		return nil
	}
	from, err := p.capture(ctx, d, kept)
	if err != nil {
		return err
	}
	fresh, err := p.ways.Derive(ctx, from)
	if err != nil {
		say("record", "", "its bytes cannot be read again: "+err.Error())
		return nil
	}
	now, err := tree(fresh)
	if err != nil {
		say("record", "", err.Error())
		return nil
	}
	if kept.Text.SHA256 != fresh.Text.SHA256 {
		say("record", "/text", "its bytes give another text")
	}
	out.n.Proved = out.n.Facts - contrast(was, now, bytesGive(kept, fresh), say)
	return nil
}

// capture is the one that the record was made from. The same bytes may have been
// fetched again since.
func (p *prover) capture(ctx context.Context, d store.Document, r *corpus.Record) (corpus.Capture, error) {
	if r.Source.Fetched == fetched(d.Latest) {
		return d.Latest, nil
	}
	all, err := p.s.History(ctx, d.ID)
	if err != nil {
		return d.Latest, err
	}
	for _, c := range all {
		if c.SHA256 == r.Source.SHA256 && r.Source.Fetched == fetched(c) {
			return c, nil
		}
	}
	return d.Latest, nil // the difference is told
}

func fetched(c corpus.Capture) string {
	if c.Fetched.IsZero() {
		return ""
	}
	return c.Fetched.UTC().Format("2006-01-02T15:04:05Z")
}
