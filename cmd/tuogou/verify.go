package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"tuogou/compare/render"
	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/correct"
	"tuogou/crawler"
	"tuogou/prove"
	"tuogou/rules"
	"tuogou/timeline"
	"tuogou/timeline/format"
)

func (a *app) verifyCmd() *cobra.Command {
	var quick bool
	c := &cobra.Command{
		Use:   "verify [FILE…] [-- COMMAND…]",
		Short: "Prove every fact again from the stored bytes, or prove a report",
		Long: `verify reads the bytes of every capture again, makes text and record of them again, and
compares every fact: quote, place, value, rule. It needs no network. It checks
the archives in warc/ too: lengths, digests, and that repeated answers name one
that is there. --quick compares hashes and quotes only.

With files it proves reports and exports of tuogou (JSON, JSON lines, CSV, XLSX, HTML,
calendars): every passage has to stand in the text of its document, where the file
says, a record has to be the one that is kept, an obligation that of the ledger. Files
that end in .warc or .warc.gz are checked as archives.

With the command that made a file, verify makes it again and compares all of it: totals,
verdicts, charts, in every format. A list of obligations looks the same again if the
command names its day (--as-of).

Every thing that cannot be proved is listed with the reason.

Exit codes: 0 all is proved, 1 error, 2 usage, 3 some is not.`,
		Example: "  tuogou verify\n  tuogou verify report.html deadlines.ics\n  tuogou verify study.docx -- compare --baseline cited --format docx",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			v := verdict{app: a}
			var err error
			switch dash := cmd.ArgsLenAtDash(); {
			case dash == 0 || dash == len(args) || dash > 1:
				return usage("give one file before -- and the command that made it behind")
			case dash == 1:
				v.Again = true
				err = v.remade(cmd.Context(), args[0], args[1:])
			case len(args) > 0:
				err = v.files(cmd.Context(), args)
			default:
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
	Archived int  // records of archives
	Orphaned int  // corrections
	Behind   bool // the ledger is behind the records, and was not looked at
	Again    bool // a file was made again
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
	ways := prove.Ways{Rules: k.x.Hash()}
	if !quick {
		ways.Derive = func(ctx context.Context, c corpus.Capture) (*corpus.Record, error) {
			data, err := s.Blob(ctx, c.SHA256)
			if err != nil {
				return nil, err
			}
			return k.read(c, data, k.kept(ctx, s), noOptions)
		}
		_, behind, err := v.ledgerBehind(ctx, s)
		if err != nil {
			return err
		}
		if v.Behind = behind; !behind { // what is behind follows from no record of now
			ways.Ledger = ledgerProof{s: s, days: k.set.Times.Workdays}.differs
		}
	}
	if v.Counts, err = prove.Store(ctx, s, ways, v.found); err != nil {
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
	if err == nil { // those of jobs
		var more []string
		more, err = filepath.Glob(filepath.Join(dir, "warc", "*", "*.warc.gz"))
		archives = append(archives, more...)
	}
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
		n, err := prove.File(ctx, name, data, books{correct.Over(s), s}, v.found)
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
			"archive_records": v.Archived, "orphaned_corrections": v.Orphaned, "ledger_behind": v.Behind, "findings": findings}); err != nil {
			return err
		}
	} else if v.Again {
		v.say("verify.again", v.Proved, v.Facts)
	} else if files {
		v.say("verify.file", v.Proved, v.Facts, v.Records, v.Archived)
	} else {
		v.say("verify.folder", v.Captures, v.Records, v.Proved, v.Facts, v.Archived)
		if v.Orphaned > 0 {
			v.say("verify.orphaned", v.Orphaned)
		}
		if v.Behind {
			v.say("verify.behind")
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

// books are what files are proved against.
type books struct {
	correct.Records
	store.Ledger
}

// Heads are those of tables in both languages; each room that writes tables has its own.
func (books) Heads(key string) []string {
	var out []string
	for _, lang := range []render.Lang{render.ZH, render.EN} {
		out = append(out, render.Label("col."+key, lang), format.Label("col."+key, lang))
	}
	return out
}

// ledgerProof proves the ledger from the records.
type ledgerProof struct {
	s    store.Reader
	days *rules.Workdays
}

func (l ledgerProof) differs(ctx context.Context, id corpus.DocID, r *corpus.Record) ([]prove.Finding, error) {
	list, err := timeline.SpokenBy(ctx, l.s, id)
	if err != nil && !errors.Is(err, store.ErrCorrupt) {
		return nil, err
	}
	var found []prove.Finding
	if err != nil {
		return append(found, prove.Finding{Kind: store.ProblemLedger, Subject: string(id), Message: err.Error()}), nil
	}
	if r != nil && len(list) > 0 {
		if r, err = correct.Over(l.s).Record(ctx, id); err != nil {
			return nil, err
		}
	}
	for _, o := range list {
		if o.Document().ID != id {
			continue // another document speaks for it by now
		}
		message := "its document has no record"
		if r != nil {
			message = timeline.Differs(o, r, correct.Deadlines(r), l.days)
		}
		if message != "" {
			found = append(found, prove.Finding{Kind: store.ProblemLedger, Subject: string(id), Where: o.UID, Message: message})
		}
	}
	return found, nil
}
