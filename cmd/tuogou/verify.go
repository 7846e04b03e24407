package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/correct"
	"tuogou/crawler"
	"tuogou/prove"
)

func (a *app) verifyCmd() *cobra.Command {
	var quick bool
	c := &cobra.Command{
		Use:   "verify [FILE…]",
		Short: "Prove every fact again from the stored bytes, or prove a report",
		Long: `verify reads the bytes of every capture again, makes text and record of them again, and
compares every fact: quote, place, value, rule. It needs no network. It checks
the archives in warc/ too: lengths, digests, and that repeated answers name one
that is there. --quick compares hashes and quotes only.

With files it proves reports and exports of tuogou (JSON, JSON lines, CSV, HTML,
calendars): every passage has to stand in the text of its document, where the file
says. Files that end in .warc or .warc.gz are checked as archives.

Every thing that cannot be proved is listed with the reason.

Exit codes: 0 all is proved, 1 error, 2 usage, 3 some is not.`,
		Example: "  tuogou verify\n  tuogou verify report.html deadlines.ics",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			v := verdict{app: a}
			var err error
			if len(args) > 0 {
				err = v.files(cmd.Context(), args)
			} else {
				err = v.folder(cmd.Context(), quick)
			}
			if err != nil {
				return err
			}
			return v.end(len(args) > 0)
		},
	}
	c.Flags().BoolVar(&quick, "quick", false, "compare hashes and quotes only, without reading the bytes again")
	return c
}

// verdict gathers what one verification finds.
type verdict struct {
	*app
	prove.Counts
	Archived int // records of archives
	Orphaned int // corrections
	Findings []prove.Finding
}

func (v *verdict) found(f prove.Finding) error {
	v.Findings = append(v.Findings, f)
	if !v.json {
		where := f.Subject
		if f.Where != "" {
			where += " " + f.Where
		}
		v.print("%s %s: %s\n", f.Kind, where, f.Message)
	}
	return nil
}

func (v *verdict) folder(ctx context.Context, quick bool) error {
	s, err := v.open(ctx, false)
	if err != nil {
		return err
	}
	k, err := v.knowledge()
	if err != nil {
		return err
	}
	derive := func(ctx context.Context, d store.Document) (*corpus.Record, error) {
		data, err := s.Blob(ctx, d.Latest.SHA256)
		if err != nil {
			return nil, err
		}
		return k.read(d.Latest, data, k.kept(ctx, s), noOptions)
	}
	if quick {
		derive = nil
	}
	if v.Counts, err = prove.Store(ctx, s, k.x.Hash(), derive, v.found); err != nil {
		return err
	}
	all, err := (&correct.Service{Store: s}).List(ctx, "")
	if err != nil && !errors.Is(err, store.ErrCorrupt) {
		return err
	}
	for _, c := range all {
		if c.State == corpus.ReviewOrphaned {
			v.Orphaned++
		}
	}
	dir, err := v.dir()
	if err != nil {
		return err
	}
	archives, err := filepath.Glob(filepath.Join(dir, "warc", "*.warc.gz"))
	if err != nil {
		return err
	}
	return v.archives(archives)
}

func (v *verdict) archives(names []string) error {
	n, err := crawler.CheckWARC(names, func(file, record, problem string) {
		_ = v.found(prove.Finding{Kind: "warc", Subject: file, Where: record, Message: problem}) // it only prints
	})
	v.Archived = n
	return err
}

func (v *verdict) files(ctx context.Context, names []string) error {
	var archives []string
	for _, name := range names {
		if ok, _ := filepath.Match("*.warc*", filepath.Base(name)); ok {
			archives = append(archives, name)
			continue
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return usage("%w", err)
		}
		s, err := v.open(ctx, false)
		if err != nil {
			return err
		}
		n, err := prove.File(ctx, name, data, correct.Over(s).Record, v.found)
		if errors.Is(err, prove.ErrForm) {
			return usage("%w", err)
		}
		if err != nil {
			return err
		}
		v.Records, v.Facts, v.Proved = v.Records+n.Records, v.Facts+n.Facts, v.Proved+n.Proved
	}
	return v.archives(archives)
}

func (v *verdict) end(files bool) error {
	if v.json {
		findings := v.Findings
		if findings == nil {
			findings = []prove.Finding{}
		}
		if err := v.printJSON(map[string]any{"captures": v.Captures, "records": v.Records, "facts": v.Facts, "proved": v.Proved,
			"archive_records": v.Archived, "orphaned_corrections": v.Orphaned, "findings": findings}); err != nil {
			return err
		}
	} else if files {
		v.say("verify.file", v.Proved, v.Facts, v.Records, v.Archived)
	} else {
		v.say("verify.folder", v.Captures, v.Records, v.Proved, v.Facts, v.Archived)
		if v.Orphaned > 0 {
			v.say("verify.orphaned", v.Orphaned)
		}
	}
	if len(v.Findings) > 0 {
		if !v.json {
			v.tell("%s", v.msg("verify.problems", len(v.Findings)))
		}
		return errFailures
	}
	if !v.json {
		v.say("verify.well")
	}
	return nil
}
