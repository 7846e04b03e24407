package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"tuogou/compare"
	"tuogou/compare/render"
	"tuogou/corpus"
	"tuogou/corpus/store"
)

func itoa(n int) string { return strconv.Itoa(n) }

// records are all records of the store. A damaged one is reported and left out.
func (a *app) records(ctx context.Context) ([]*corpus.Record, error) {
	s, err := a.open(ctx, false)
	if err != nil {
		return nil, err
	}
	var out []*corpus.Record
	for r, err := range corrected(ctx, s) {
		if errors.Is(err, store.ErrCorrupt) {
			a.tell("left out: %v", err)
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	if len(out) == 0 {
		return nil, errors.New("there are no records yet: add texts with tuogou add and make records with tuogou run")
	}
	return out, nil
}

// names of places, for columns without any record.
func (a *app) placeNames(codes []string) (map[string]string, error) {
	k, err := a.knowledge()
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, c := range codes {
		p, ok := k.places.ByCode(c, 0)
		if !ok {
			return nil, usage("no place has the code %q", c)
		}
		out[c] = p.Name
	}
	return out, nil
}

// output runs write on standard output, or on a file that is only put in place
// when it is whole.
func (a *app) output(path string, write func(io.Writer) error) error {
	if a.caught != nil {
		return write(a.caught)
	}
	if path == "" || path == "-" {
		return write(a.Stdout)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".tuogou-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer os.Remove(f.Name())
	err = write(f)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Chmod(f.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	a.tell("wrote %s", path)
	return nil
}

func (a *app) format(given string, allowed ...string) (string, error) {
	if a.json {
		return "json", nil
	}
	for _, f := range allowed {
		if f == given {
			return f, nil
		}
	}
	return "", usage("--format %s is not one of %s", given, strings.Join(allowed, ", "))
}

func (a *app) compareCmd() *cobra.Command {
	var format, out, generation string
	var below, provisions bool
	var study studyFlags
	c := &cobra.Command{
		Use:   "compare [CODE…]",
		Short: "Compare the five clauses across places",
		Long: `compare sets the five clauses of places side by side: headings, departments,
deadlines, and where the places differ. Places are given by their codes (GB/T
2260); without any, all places with documents on the topic are taken. A cell says
whether a clause is stated, absent, or not found because the text is cut, and
whether the place has no document here at all.

With --baseline, each place is set beside a text, clause by clause and provision by
provision: copied, reworded, changed (what, from what to what), added, missing, left
to another document, or why nothing can be said; then who follows whom, how dates
moved, who is responsible, what is republished, wanted and missing. docs/compare.md
tells every part. --save-lock keeps what the report was made from, and --lock makes
the same bytes again.

Exit codes: 0 ok, 1 error, 2 usage.`,
		Example: "  tuogou compare 220106 330000 --format html -o report.html",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			f, err := a.format(format, append([]string{"text", "md", "html", "csv", "json"}, studyFormats...)...)
			if err != nil {
				return err
			}
			if study.wants(f) {
				return a.runStudy(cmd, studyJob{codes: args, below: below, generation: generation, baseline: study.baseline, format: f}, study, out)
			}
			names, err := a.placeNames(args)
			if err != nil {
				return err
			}
			rs, err := a.records(cmd.Context())
			if err != nil {
				return err
			}
			opt := compare.MatrixOptions{Selection: compare.Selection{Codes: args, Below: below, Generation: corpus.Generation(generation)}, Names: names}
			if provisions {
				if opt.Provisions, err = a.topics(); err != nil {
					return err
				}
			}
			if len(args) == 0 {
				opt.Codes = topicPlaces(rs)
			}
			m := compare.NewMatrix(rs, opt)
			return a.output(out, func(w io.Writer) error { return a.writeMatrix(w, m, f) })
		},
	}
	c.Flags().StringVar(&study.baseline, "baseline", "", "set each place beside: cited (the parent it names), codebook (the central defaults), or a document's id")
	c.Flags().StringVar(&study.lock, "lock", "", "make the report of this lock file again, to the byte")
	c.Flags().StringVar(&study.saveLock, "save-lock", "", "file to keep what the report was made from")
	c.Flags().BoolVar(&study.changes, "changes", false, "with --lock: say what has changed since, and make no report")
	c.Flags().StringVar(&format, "format", "text", "text, md, html, csv or json; with a baseline also docx, xlsx, events, gbt7714, bibtex or csl")
	c.Flags().StringVarP(&out, "output", "o", "", "file to write (default standard output)")
	c.Flags().BoolVar(&below, "below", false, "count the places inside a place for it too")
	c.Flags().BoolVar(&provisions, "provisions", false, "also the standard provisions of the codebook")
	c.Flags().StringVar(&generation, "generation", "", "only documents of one wave, e.g. decoupling_2015")
	return c
}

// topicPlaces are the codes of the places with a document on the topic.
func topicPlaces(rs []*corpus.Record) []string {
	var on []*corpus.Record
	for _, r := range rs {
		if r.OnTopic && r.Jurisdiction.Code != "" {
			on = append(on, r)
		}
	}
	var codes []string
	for _, p := range compare.Cover(on, compare.CoverageOptions{}).Places {
		codes = append(codes, p.Place.Code)
	}
	return codes
}

func (a *app) writeMatrix(w io.Writer, m *compare.Matrix, format string) error {
	o := a.renderOptions("")
	switch format {
	case "json":
		return render.WriteJSON(w, m)
	case "html":
		return render.WriteHTML(w, render.Report{Matrix: m}, o)
	case "csv":
		return render.WriteCSV(w, render.MatrixRows(m, o))
	case "md":
		return render.WriteMarkdown(w, render.MatrixTable(m, o))
	}
	return render.WriteText(w, render.MatrixTable(m, o), a.textOptions())
}

func (a *app) textOptions() render.TextOptions {
	n, _ := strconv.Atoi(a.Getenv("COLUMNS")) // 0, the default, where it is no number
	return render.TextOptions{Width: n}
}

func (a *app) coverageCmd() *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:     "coverage [CODE…]",
		Short:   "What is here of each place, and what is missing",
		Long:    "coverage counts by place the documents, plans, clauses and deadlines found, and the\nsources that are cut, and says of each place whether a document is here, is cited and\nnot found, was searched for and not found, or was not searched for, or its source is\ndown. Without codes it tells of the places with records, of those whose sources were\ncrawled, and of those whose plans are cited.\n\nExit codes: 0 ok, 1 error, 2 usage.",
		Example: "  tuogou coverage",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			f, err := a.format(format, "text", "md", "csv", "json")
			if err != nil {
				return err
			}
			v, err := a.coverage(cmd.Context(), args)
			if err != nil {
				return err
			}
			t := render.CoverageTable(v, a.renderOptions(""))
			switch f {
			case "json":
				return render.WriteJSON(a.Stdout, v)
			case "csv":
				return render.WriteCSV(a.Stdout, t)
			case "md":
				return render.WriteMarkdown(a.Stdout, t)
			}
			return render.WriteText(a.Stdout, t, a.textOptions())
		},
	}
	c.Flags().StringVar(&format, "format", "text", "text, md, csv or json")
	return c
}

// coverage is what is here of the places with the given codes. Without any it tells of
// those with records, of those whose sources were asked, and of those cited.
func (a *app) coverage(ctx context.Context, codes []string) (*compare.Coverage, error) {
	if _, err := a.placeNames(codes); err != nil {
		return nil, err
	}
	rs, err := a.records(ctx)
	if err != nil {
		return nil, err
	}
	st, err := a.open(ctx, false)
	if err != nil {
		return nil, err
	}
	seen, err := visits(ctx, st)
	if err != nil {
		return nil, err
	}
	if err := a.resolveAll(rs); err != nil {
		return nil, err
	}
	if len(codes) == 0 {
		for _, p := range compare.Cover(rs, compare.CoverageOptions{}).Places {
			codes = append(codes, p.Place.Code)
		}
		if codes, err = a.searched(rs, codes, seen); err != nil {
			return nil, err
		}
	}
	names := map[string]string{}
	for _, c := range codes {
		if n, err := a.placeNames([]string{c}); err == nil { // a record may be of a place without a code
			names[c] = n[c]
		}
	}
	return compare.Cover(rs, compare.CoverageOptions{Selection: compare.Selection{Codes: codes}, Names: names, Visits: seen}), nil
}
