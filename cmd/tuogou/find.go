package main

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"tuogou/compare"
	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/correct"
)

// find resolves what a user calls a document: its id, the start of it, a file
// name, or the code of a place (its best document).
func (a *app) find(ctx context.Context, name string) (*corpus.Record, error) {
	s, err := a.open(ctx, false)
	if err != nil {
		return nil, err
	}
	over := correct.Over(s)
	if r, err := over.Record(ctx, corpus.DocID(name)); err == nil {
		return r, nil
	}
	var byName, byPlace []*corpus.Record
	for r, err := range over.Records(ctx, store.Filter{}) {
		if errors.Is(err, store.ErrCorrupt) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if len(name) >= 3 && strings.HasPrefix(string(r.ID), name) || r.Source.Path == name || r.Source.URL == name {
			byName = append(byName, r)
		}
		if r.Jurisdiction.Code == name {
			byPlace = append(byPlace, r)
		}
	}
	switch {
	case len(byName) == 1:
		return byName[0], nil
	case len(byName) > 1:
		return nil, usage("%q fits %d documents; give more of the id", name, len(byName))
	case len(byPlace) > 0:
		return compare.Select(byPlace, compare.Selection{Codes: []string{name}})[name][0], nil
	}
	return nil, usage("no document has the id, file name, address or place %q; tuogou search lists ids", name)
}

func (a *app) showCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "show ID",
		Short: "Show the record of one document",
		Long: `show prints what was found in one document: facts, clauses, deadlines, duties and
references, each with its words. The document is named by its id or the start of
it, its file name, its address, or the code of its place. --json prints the whole
record as described in docs/records.md.

Exit codes: 0 ok, 1 error, 2 usage.`,
		Example: "  tuogou show 220106",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := a.find(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			return a.printRecord(r)
		},
	}
}
