package main

import (
	"context"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"tuogou/corpus/store"
	"tuogou/index"
)

func (a *app) statusCmd() *cobra.Command {
	return &cobra.Command{
		Use: "status", Short: "What is in the data folder, and what is still to do", Args: cobra.NoArgs,
		Long: `status counts documents, records and failures, and says how far the index and the
ledger of obligations are; with --json as one object.

Exit codes: 0 ok, 1 error, 2 usage, 4 the index is behind the records.`,
		Example: "  tuogou status --json | jq .index.state",
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.status(cmd.Context()) },
	}
}

// statusReport is what status prints.
type statusReport struct {
	Data      string `json:"data"`
	Documents int    `json:"documents"`
	Parts     int    `json:"parts"` // attachments and further pages
	Captures  int    `json:"captures"`
	Bytes     int64  `json:"bytes"`  // as they were read
	Stored    int64  `json:"stored"` // as they are kept
	Records   int    `json:"records"`
	// Stale are documents without a record of what was read last.
	Stale       int                       `json:"stale"`
	Corrections int                       `json:"corrections"`
	Failures    []failures                `json:"failures"`
	Crawl       map[store.TargetState]int `json:"crawl"`
	Index       indexStatus               `json:"index"`
	Ledger      ledgerStatus              `json:"ledger"`
}

type failures struct {
	Stage   store.Stage `json:"stage"`
	Outcome string      `json:"outcome"`
	Reason  string      `json:"reason"`
	Count   int         `json:"count"`
}

type indexStatus struct {
	At        string      `json:"at"`
	State     index.State `json:"state"` // empty where it cannot be opened: then Reason says why
	Reason    string      `json:"reason"`
	Documents int         `json:"documents"`
}

type ledgerStatus struct {
	Obligations int          `json:"obligations"`
	Cursor      store.Cursor `json:"cursor"` // of its last change
	Current     bool         `json:"current"`
}

func (a *app) status(ctx context.Context) error {
	s, err := a.open(ctx, false)
	if err != nil {
		return err
	}
	r, err := a.statusOf(ctx, s)
	if err != nil {
		return err
	}
	if a.json {
		err = a.printJSON(r)
	} else {
		a.printStatus(r)
	}
	if err == nil && r.Index.State != index.Current && r.Index.State != "" {
		a.tell("%s", a.msg("index.stale"))
		err = errStale
	}
	return err
}

func (a *app) statusOf(ctx context.Context, s store.Store) (statusReport, error) {
	st, err := s.Status(ctx)
	if err != nil {
		return statusReport{}, err
	}
	dir, _ := a.dir()
	r := statusReport{Data: dir, Documents: st.Documents, Parts: st.Parts, Captures: st.Captures, Bytes: st.Bytes, Stored: st.Stored, Records: st.Records,
		Stale: st.Stale, Corrections: st.Corrections, Failures: []failures{}, Crawl: st.Frontier, Ledger: ledgerStatus{Obligations: st.Obligations, Cursor: st.Ledger}}
	for _, x := range st.Reasons {
		r.Failures = append(r.Failures, failures{x.Stage, string(x.Outcome), x.Reason, x.Count})
	}
	_, behind, err := a.ledgerBehind(ctx, s)
	if err != nil {
		return r, err
	}
	r.Ledger.Current = !behind
	home, err := a.indexHome()
	if err != nil {
		return r, err
	}
	r.Index.At = home.String()
	ix, state, err := a.openIndex(ctx)
	if err != nil {
		r.Index.Reason = err.Error()
		return r, nil
	}
	defer ix.Close()
	r.Index.State, r.Index.Reason, r.Index.Documents = state, a.msg("index."+string(state)), ix.Count()
	return r, nil
}

func (a *app) printStatus(r statusReport) {
	a.printStore()
	a.print("data      %s\ndocuments %d with %d attachments (%d captures, %d bytes)\nrecords   %d\n", r.Data, r.Documents, r.Parts, r.Captures, r.Bytes, r.Records)
	a.print("to do     %d\n", r.Stale)
	for _, f := range r.Failures {
		a.print("%-9s %d × %s: %s\n", f.Outcome, f.Count, f.Stage, f.Reason)
	}
	for _, k := range slices.Sorted(maps.Keys(r.Crawl)) {
		a.print("crawl     %s %d\n", k, r.Crawl[k])
	}
	a.print("index in  %s\n", r.Index.At)
	if r.Index.State == "" {
		a.print("index     %s\n", r.Index.Reason)
		return
	}
	a.print("index     %d documents, %s: %s\n", r.Index.Documents, r.Index.State, r.Index.Reason)
}
