package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"github.com/spf13/cobra"

	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/extract"
	"tuogou/extract/eval"
	"tuogou/rules"
)

func (a *app) evalCmd() *cobra.Command {
	var gold string
	c := &cobra.Command{
		Use:   "eval --gold DIR TEXTDIR",
		Short: "Score records against labels made by hand",
		Long: `eval makes the records of the texts that the labels in DIR name and compares them:
precision, recall and F1 a field, then every miss and every false hit. The form of
labels is told in docs/quality.md.

Exit codes: 0 ok, 1 error, 2 usage, 3 a labelled text could not be read.`,
		Example: "  tuogou eval --gold labels/ texts/",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if gold == "" {
				return usage("give the folder of labels with --gold")
			}
			return a.eval(gold, args[0])
		},
	}
	c.Flags().StringVar(&gold, "gold", "", "folder of labels (.json)")
	return c
}

func (a *app) eval(gold, texts string) error {
	labels, err := eval.LoadLabels(os.DirFS(gold))
	if err != nil {
		return err
	}
	k, err := a.knowledge()
	if err != nil {
		return err
	}
	report := eval.New()
	t := &tally{out: a.Stderr}
	for _, l := range labels {
		data, err := readFile(filepath.Join(texts, filepath.FromSlash(l.File)))
		if err == nil {
			var r *corpus.Record
			if r, err = k.read(corpus.Capture{Path: filepath.Base(l.File), SHA256: corpus.HashBytes(data)}, data, beside(filepath.Join(texts, filepath.FromSlash(l.File))), noOptions); err == nil {
				report.Add(l, r)
				t.add(corpus.Done, l.File, "")
				continue
			}
		}
		t.add(corpus.Failed, l.File, reason(err))
	}
	if a.json {
		if err := a.printJSON(report); err != nil {
			return err
		}
	} else if err := errors.Join(report.WriteTotals(a.Stdout), report.WriteMisses(a.Stdout)); err != nil {
		return err
	}
	if t.failed > 0 {
		return t.end("eval")
	}
	return nil
}

func (a *app) exportCmd() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:   "export",
		Short: "Write all records, one JSON object a line",
		Long: `export writes the records as described in docs/records.md. Personal data is
masked unless --contacts is given.

Exit codes: 0 ok, 1 error, 2 usage.`,
		Example: "  tuogou export -o records.jsonl",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := a.open(cmd.Context(), false)
			if err != nil {
				return err
			}
			return a.output(out, func(w io.Writer) error {
				for r, err := range corrected(cmd.Context(), s) {
					if errors.Is(err, store.ErrCorrupt) {
						a.tell("left out: %v", err)
						continue
					}
					if err != nil {
						return err
					}
					line, err := corpus.Encode(a.printable(r))
					if err != nil {
						return err
					}
					if _, err := fmt.Fprintf(w, "%s\n", line); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
	c.Flags().StringVarP(&out, "output", "o", "", "file to write (default standard output)")
	return c
}

func (a *app) rulesCmd() *cobra.Command {
	c := &cobra.Command{Use: "rules", Short: "The rules that records are made by", Args: cobra.NoArgs,
		Long: "rules proves the rule files: the built-in ones, or those of --rules DIR.", Example: "  tuogou rules check --rules my-rules/",
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	c.AddCommand(&cobra.Command{
		Use: "check", Short: "Prove every example and counter-example", Args: cobra.NoArgs,
		Long:    "check loads the rules strictly and tries every example and counter-example.\n\nExit codes: 0 all hold, 1 error, 2 usage, 3 some do not.",
		Example: "  tuogou rules check",
		RunE: func(_ *cobra.Command, _ []string) error {
			k, err := a.knowledge()
			if err != nil {
				return err
			}
			files, err := a.ruleFiles()
			if err != nil {
				return err
			}
			sites, err := rules.LoadSites(files)
			if err != nil {
				return err
			}
			if _, err := a.crawlOptions(crawlFlags{NoWARC: true}); err != nil { // focus, signs and web words prove themselves on loading
				return err
			}
			problems := append(k.set.Organs.Check(), k.set.Codebook.Check()...)
			problems = append(problems, extract.CheckRules(k.x)...)
			for _, p := range problems {
				a.print("%v\n", p)
			}
			if len(problems) > 0 {
				a.tell("%d rules do not hold", len(problems))
				return errFailures
			}
			a.print("all rules hold (%d sources, rule set %s)\n", len(sites), k.set.Hash[:12])
			return nil
		},
	})
	return c
}

func (a *app) doctorCmd() *cobra.Command {
	return &cobra.Command{
		Use: "doctor", Short: "Check that everything the program needs is here", Args: cobra.NoArgs,
		Long:    "doctor tries rules, places, dictionaries and the data folder, and tells which kinds\nof files can be read and what to install for the others.\n\nExit codes: 0 ok, 1 something is wrong, 2 usage.",
		Example: "  tuogou doctor",
		RunE: func(cmd *cobra.Command, _ []string) error {
			a.print("program   %s %s/%s\n", runtime.Version(), runtime.GOOS, runtime.GOARCH)
			k, err := a.knowledge()
			if err != nil {
				return err
			}
			a.print("rules     %s (%d time expressions, %d provisions, %d kinds of organs)\n", k.set.Hash[:12], len(k.set.Times.Expressions), len(k.set.Codebook.Provisions), len(k.set.Organs.Kinds()))
			if err := a.segmenter(k.set).Load(); err != nil {
				return err
			}
			a.print("jieba     %d words for 行业协会商会脱钩\n", len(a.words.Cut("行业协会商会脱钩")))
			a.doctorFormats()
			dir, err := a.dir()
			if err != nil {
				return err
			}
			address, err := a.storeAddress()
			if err != nil {
				return err
			}
			if _, err := os.Stat(dir); address == "" && errors.Is(err, os.ErrNotExist) {
				a.print("data      %s (not there yet)\n", dir)
				return nil
			}
			return a.status(cmd.Context())
		},
	}
}
