package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"tuogou/cmd/tuogou/samples"
	"tuogou/compare"
	"tuogou/compare/render"
	"tuogou/corpus/store"
	"tuogou/crawler/crawlertest"
	"tuogou/timeline"
	"tuogou/timeline/format"
)

func (a *app) demoCmd() *cobra.Command {
	var serve bool
	addr := "127.0.0.1:8580"
	dir := "tuogou-demo"
	c := &cobra.Command{
		Use:   "demo",
		Short: "See the whole way on invented sample sites",
		Long: `demo serves eleven small sample government sites on this machine (invented places,
marked 示例), crawls them, makes records, indexes them, compares the five clauses,
lists the next deadlines, and writes a report and a calendar. Nothing leaves this
machine and no other data folder is touched.

Exit codes: 0 ok, 1 error, 2 usage.`,
		Example: "  tuogou demo --serve",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a.data = dir
			if err := a.demo(cmd.Context()); err != nil {
				return err
			}
			if !serve {
				return nil
			}
			return a.serve(cmd.Context(), addr, false)
		},
	}
	c.Flags().BoolVar(&serve, "serve", false, "keep the pages open on the result")
	c.Flags().StringVar(&addr, "addr", addr, "address for --serve")
	c.Flags().StringVar(&dir, "dir", dir, "folder to put the demo's data, report and calendar in")
	return c
}

// demoDay is the day that the demo looks ahead from: its samples are of
// 2015–2020, and the output is the same on every day.
const demoDay = "2017-09-01"

// demoPlaces are the columns of the printed comparison: a city and two counties
// that changed its plan. The report has all.
var demoPlaces = [...]string{"991100", "991102", "991101"}

func (a *app) demo(ctx context.Context) error {
	if err := os.MkdirAll(a.data, 0o755); err != nil {
		return fmt.Errorf("demo folder: %w", err)
	}
	files := samples.Files()
	tsv, err := fs.ReadFile(files, "places.tsv")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(a.data, "places.tsv"), tsv, 0o644); err != nil {
		return fmt.Errorf("demo folder: %w", err)
	}
	sites, err := fs.Sub(files, "sites")
	if err != nil {
		return err
	}
	served, err := crawlertest.Serve(sites)
	if err != nil {
		return fmt.Errorf("serve the samples: %w", err)
	}
	defer served.Close()
	a.Transport = served.Client().Transport
	a.say("demo.served", len(served.Hosts()))
	if err := a.demoStages(ctx); err != nil {
		return err
	}
	return a.demoReports(ctx)
}

func (a *app) demoStages(ctx context.Context) error {
	sources, err := samples.Sites()
	if err != nil {
		return err
	}
	t := &tally{out: io.Discard}
	if _, err := a.crawlSites(ctx, sources, crawlFlags{Delay: -1, Contact: "demo"}, t, nil); err != nil {
		return err
	}
	a.say("demo.crawled", t.done, t.same, t.skipped, t.failed)
	t = &tally{out: io.Discard}
	if err := a.extractStore(ctx, store.Work{}, t); err != nil {
		return err
	}
	a.say("demo.read", t.done, t.same, t.failed)
	t = &tally{out: io.Discard}
	if err := a.indexStore(ctx, false, t); err != nil {
		return err
	}
	a.say("demo.indexed", t.done, t.same)
	return nil
}

func (a *app) demoReports(ctx context.Context) error {
	rs, err := a.records(ctx)
	if err != nil {
		return err
	}
	names, err := a.placeNames(demoPlaces[:])
	if err != nil {
		return err
	}
	m := compare.NewMatrix(rs, compare.MatrixOptions{Selection: compare.Selection{Codes: demoPlaces[:]}, Names: names, Limit: 1})
	schedule := compare.Timeline(rs, compare.TimelineOptions{AsOf: demoDay})
	o := a.renderOptions("")
	o.AsOf = demoDay
	a.say("demo.clauses")
	if err := render.WriteText(a.Stdout, render.MatrixTable(m, o), a.textOptions()); err != nil {
		return err
	}
	a.say("demo.next", demoDay)
	next := chosen(render.TimelineTable(schedule.Next(demoDay, 6), o), 0, 1, 2, 4)
	if err := render.WriteText(a.Stdout, next, a.textOptions()); err != nil {
		return err
	}
	report, calendar := filepath.Join(a.data, "report.html"), filepath.Join(a.data, "deadlines.ics")
	everyone := compare.NewMatrix(rs, compare.MatrixOptions{Selection: compare.Selection{Codes: topicPlaces(rs)}})
	if err := a.output(report, func(w io.Writer) error {
		return render.WriteHTML(w, render.Report{Matrix: everyone, Schedule: schedule}, o)
	}); err != nil {
		return err
	}
	if err := a.demoCalendar(ctx, calendar); err != nil {
		return err
	}
	a.say("demo.end", report, calendar, a.data)
	return nil
}

// demoCalendar writes the obligations of the demo as a calendar.
func (a *app) demoCalendar(ctx context.Context, path string) error {
	list, _, err := timeline.Load(ctx, a.store)
	if err != nil {
		return err
	}
	items := timeline.Choose(list, timeline.Filter{AsOf: demoDay, Soon: timeline.SoonDays})
	return a.output(path, func(w io.Writer) error {
		return format.WriteICS(w, items, format.ICSOptions{Options: format.Options{Lang: a.lang()}})
	})
}

// chosen is t with only some of its columns: date, place, task and words are
// enough for a first look.
func chosen(t render.Table, cols ...int) render.Table {
	pick := func(row []string) []string {
		var out []string
		for _, c := range cols {
			out = append(out, row[c])
		}
		return out
	}
	t.Head = pick(t.Head)
	for i := range t.Rows {
		t.Rows[i] = pick(t.Rows[i])
	}
	return t
}
