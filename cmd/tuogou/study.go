package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"tuogou/compare"
	"tuogou/compare/render"
	"tuogou/corpus"
)

// studyFlags are those of compare that set places beside a baseline.
type studyFlags struct {
	baseline, lock, saveLock string
	changes                  bool
}

// studyFormats are those that only a comparison with a baseline has.
var studyFormats = []string{"docx", "xlsx", "events", "gbt7714", "bibtex", "csl"}

// studyJob is all that a report of a study depends on beside the records.
type studyJob struct {
	codes            []string
	below            bool
	generation       string
	baseline, format string
}

func (j studyJob) options(lang render.Lang) map[string]string {
	return map[string]string{
		"codes": strings.Join(j.codes, ","), "below": strconv.FormatBool(j.below), "generation": j.generation,
		"baseline": j.baseline, "format": j.format, "lang": string(lang),
	}
}

func jobOf(options map[string]string) (studyJob, error) {
	below, err := strconv.ParseBool(options["below"])
	if err != nil {
		return studyJob{}, fmt.Errorf("lock option below: %w", err)
	}
	j := studyJob{below: below, generation: options["generation"], baseline: options["baseline"], format: options["format"]}
	if options["codes"] != "" {
		j.codes = strings.Split(options["codes"], ",")
	}
	return j, nil
}

// resolveAll leads the references of records to the documents they mean.
func (a *app) resolveAll(rs []*corpus.Record) error {
	k, err := a.knowledge()
	if err != nil {
		return err
	}
	w := k.x.Works()
	for _, r := range rs {
		w.Add(r)
	}
	for _, r := range rs {
		w.Resolve(r)
	}
	return nil
}

// provisions are those of the codebook with the central defaults.
func (a *app) provisions() ([]compare.Provision, error) {
	k, err := a.knowledge()
	if err != nil {
		return nil, err
	}
	var out []compare.Provision
	for _, p := range k.set.Codebook.Provisions {
		v := compare.Provision{Topic: compare.Topic{ID: p.ID, Name: p.Name, NameEN: p.NameEn, Provision: true}, Clause: p.Clause,
			Defaults: map[corpus.Generation]compare.Default{"": {Due: p.Due, From: p.From, Kinds: p.Organs}}}
		for _, w := range p.Waves {
			v.Defaults[w.Generation] = compare.Default{Due: w.Due, From: w.From, Kinds: w.Organs}
		}
		out = append(out, v)
	}
	return out, nil
}

// study compares records; the places are those of the job, or all on the topic.
func (a *app) study(rs []*corpus.Record, j studyJob, visits []compare.Visit) (*render.Study, error) {
	provisions, err := a.provisions()
	if err != nil {
		return nil, err
	}
	codes, searched := j.codes, j.codes
	if len(codes) == 0 {
		codes = topicPlaces(rs)
		if searched, err = a.searched(rs, codes, visits); err != nil {
			return nil, err
		}
	}
	names, err := a.placeNames(searched)
	if err != nil {
		return nil, err
	}
	opt := compare.StudyOptions{Selection: compare.Selection{Codes: codes, Below: j.below, Generation: corpus.Generation(j.generation)},
		Provisions: provisions, Baseline: j.baseline, Names: names}
	if !opt.HasBaseline(rs) {
		return nil, usage("--baseline %s is no document here; give its id, cited or codebook", j.baseline)
	}
	return &render.Study{Report: compare.NewReport(rs, compare.ReportOptions{StudyOptions: opt, Visits: visits, Searched: searched})}, nil
}

func (a *app) writeStudy(w io.Writer, rs []*corpus.Record, s *render.Study, format string, o render.Options) error {
	switch format {
	case "json":
		return render.WriteJSON(w, s)
	case "html":
		return render.WriteStudyHTML(w, s, o)
	case "csv":
		return render.WriteCSV(w, render.StudyRows(s, o))
	case "md":
		return render.WriteStudyMarkdown(w, s, o)
	case "docx":
		return render.WriteStudyDOCX(w, s, o)
	case "xlsx":
		return render.WriteStudyXLSX(w, s, o)
	case "events":
		var places []compare.Place
		for _, p := range s.Places {
			places = append(places, p.Place)
		}
		return render.WriteEvents(w, compare.Events(s.Lineage, places, 0))
	case "gbt7714":
		return render.WriteGBT7714(w, compare.ClauseReferences(rs))
	case "bibtex":
		return render.WriteBibTeX(w, compare.ClauseReferences(rs))
	case "csl":
		return render.WriteCSL(w, compare.ClauseReferences(rs))
	}
	for _, g := range s.Grids(o) {
		if err := render.WriteText(w, g.Table(), a.textOptions()); err != nil {
			return err
		}
		a.print("\n")
	}
	return nil
}

// runStudy makes one report, and its lock where asked for.
func (a *app) runStudy(cmd *cobra.Command, j studyJob, f studyFlags, out string) error {
	rs, err := a.studyRecords(cmd)
	if err != nil {
		return err
	}
	k, err := a.knowledge()
	if err != nil {
		return err
	}
	st, err := a.open(cmd.Context(), false)
	if err != nil {
		return err
	}
	visited, err := visits(cmd.Context(), st)
	if err != nil {
		return err
	}
	var lock *compare.Lock
	if f.lock != "" {
		if lock, err = a.readLock(f.lock); err != nil {
			return err
		}
		since, kept, err := lock.Since(rs, visited, k.set.Hash)
		if err != nil {
			return err
		}
		if f.changes {
			return a.output(out, func(w io.Writer) error { return render.WriteJSON(w, since) })
		}
		if !since.Same() {
			return fmt.Errorf("the report of %s cannot be made again: %d records are gone, %d have another text, %d other facts; see --changes",
				f.lock, len(since.Gone), len(since.Text), len(since.Facts))
		}
		if j, err = jobOf(lock.Options); err != nil {
			return err
		}
		a.langFlag, rs, visited = lock.Options["lang"], kept, lock.Visits
	}
	if err := a.resolveAll(rs); err != nil {
		return err
	}
	s, err := a.study(rs, j, visited)
	if err != nil {
		return err
	}
	var report bytes.Buffer
	if err := a.writeStudy(&report, rs, s, j.format, a.renderOptions("")); err != nil {
		return err
	}
	if lock != nil && lock.Report != corpus.HashBytes(report.Bytes()) {
		return fmt.Errorf("the report of %s came out differently: this program is not the one that wrote it", f.lock)
	}
	if f.saveLock != "" {
		if err := a.saveLock(f.saveLock, rs, visited, k.set.Hash, j, report.Bytes()); err != nil {
			return err
		}
	}
	return a.output(out, func(w io.Writer) error { _, err := w.Write(report.Bytes()); return err })
}

// studyRecords are all records, by id.
func (a *app) studyRecords(cmd *cobra.Command) ([]*corpus.Record, error) {
	rs, err := a.records(cmd.Context())
	if err != nil {
		return nil, err
	}
	slices.SortFunc(rs, func(a, b *corpus.Record) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return rs, nil
}

func (a *app) readLock(path string) (*compare.Lock, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read lock: %w", err)
	}
	return compare.ReadLock(data)
}

func (a *app) saveLock(path string, rs []*corpus.Record, visited []compare.Visit, rules corpus.Hash, j studyJob, report []byte) error {
	lock, err := compare.NewLock(rs, rules, j.options(a.lang()))
	if err != nil {
		return err
	}
	lock.Visits = visited
	lock.Report = corpus.HashBytes(report)
	return a.output(path, func(w io.Writer) error {
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		return enc.Encode(lock)
	})
}

// wants reports whether flags or format ask for a baseline.
func (f studyFlags) wants(format string) bool {
	return f.baseline != "" || f.lock != "" || f.saveLock != "" || slices.Contains(studyFormats, format)
}
