package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tuogou/compare"
	"tuogou/compare/render"
	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/correct"
	"tuogou/index/query"
	"tuogou/timeline"
	"tuogou/timeline/format"
)

// timelineFormats are those of a list of obligations, changeFormats those of --since.
var (
	timelineFormats = append([]string{"text", "md", "csv", "xlsx", "json", "jsonl", "ics", "gantt"}, format.Profiles()...)
	changeFormats   = []string{"text", "md", "csv", "json", "jsonl", "atom"}
)

// timelineFlags are the flags of timeline.
type timelineFlags struct {
	format, out, asOf, since string
	from, to                 string
	places, states           []string
	soon                     int
	alarms                   []int
	tasks, offTopic, vague   bool
}

func (a *app) timelineCmd() *cobra.Command {
	var f timelineFlags
	c := &cobra.Command{
		Use:   "timeline [QUERY…]",
		Short: "Follow obligations: list them, export them, feed their changes",
		Long: `timeline lists what has to be done by when: task, departments, state, words. An
obligation keeps its uid however often its document is crawled and read; each change
of it is kept with its cause. QUERY is in the language of search: place:990100 (and
all below), clause:asset, organ:财政局, role:lead, level:county, due:2018-06..2018-12.

States are seen from --as-of: due_soon, upcoming, standing, past, unresolved, met (only
where a person accepted the evidence), superseded, withdrawn (listed only when asked for).

--format ics is a calendar whose entries keep their identity; jira, trello and project
are tables that these programs import; gantt is a page. --since CURSOR gives the
changes after a cursor, each once, in order. docs/timeline.md tells all of it.

Exit codes: 0 ok, 1 error, 2 usage, 4 another process is writing and the ledger is
behind the records.`,
		Example: `  tuogou timeline place:220106 --format ics -o deadlines.ics
  tuogou timeline --state due_soon,past --as-of 2018-09-01
  tuogou timeline --since 0 --format jsonl`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return a.timeline(cmd, args, f) },
	}
	g := c.Flags()
	g.StringVar(&f.format, "format", "text", strings.Join(timelineFormats, ", ")+"; with --since "+strings.Join(changeFormats, ", "))
	g.StringVarP(&f.out, "output", "o", "", "file to write (default standard output)")
	g.StringVar(&f.asOf, "as-of", "", "the day that states are seen from (default today in China)")
	g.IntVar(&f.soon, "soon", timeline.SoonDays, "days ahead in which something is due soon")
	g.StringVar(&f.since, "since", "", "only what happened after this cursor; 0 is everything")
	g.StringVar(&f.from, "from", "", "first day (YYYY-MM-DD)")
	g.StringVar(&f.to, "to", "", "last day (YYYY-MM-DD)")
	g.StringSliceVar(&f.places, "place", nil, "only these places and those inside them, by code")
	g.StringSliceVar(&f.states, "state", nil, "only these states")
	g.IntSliceVar(&f.alarms, "alarm", nil, "in a calendar: remind so many days before the last day")
	g.BoolVar(&f.tasks, "tasks", false, "in a calendar: to-dos in place of events")
	g.BoolVar(&f.offTopic, "off-topic", false, "list documents off the topic instead, which the ledger does not follow")
	g.BoolVar(&f.vague, "vague", false, "list times that bind nobody to a day instead (尽快, 逐步)")
	c.AddCommand(a.historyCmd(), a.proposalsCmd(), a.acceptCmd(), a.anchorCmd(), a.hooksCmd(), a.deliverCmd())
	return c
}

func (a *app) timeline(cmd *cobra.Command, args []string, f timelineFlags) error {
	allowed := timelineFormats
	if cmd.Flags().Changed("since") {
		allowed = changeFormats
	}
	if a.json && f.format == "jsonl" {
		return usage("--json and --format jsonl are two formats; give one")
	}
	name, err := a.format(f.format, allowed...)
	if err != nil {
		return err
	}
	filter, err := a.timelineFilter(args, f)
	if err != nil {
		return err
	}
	ctx := cmd.Context()
	if f.vague {
		return a.vagueTimes(ctx, f, name)
	}
	s, stale, err := a.ledger(ctx)
	if err != nil {
		return err
	}
	if cmd.Flags().Changed("since") {
		err = a.changes(ctx, s, f, filter, name)
	} else {
		err = a.obligations(ctx, s, f, filter, name)
	}
	if err == nil && stale {
		return errStale
	}
	return err
}

// timelineFilter reads words and flags. Places are filters of the query language.
func (a *app) timelineFilter(args []string, f timelineFlags) (timeline.Filter, error) {
	out := timeline.Filter{From: f.from, To: f.to, AsOf: f.asOf, Soon: f.soon}
	if out.AsOf == "" {
		out.AsOf = a.today()
	}
	for _, d := range []struct{ name, day string }{{"from", f.from}, {"to", f.to}, {"as-of", f.asOf}} {
		if _, err := time.Parse(time.DateOnly, d.day); d.day != "" && err != nil {
			return out, usage("--%s %q is no day (YYYY-MM-DD)", d.name, d.day)
		}
	}
	for _, s := range f.states {
		if !slices.Contains(timeline.States(), timeline.State(s)) {
			return out, usage("--state %q is not one of %v", s, timeline.States())
		}
		out.States = append(out.States, timeline.State(s))
	}
	for _, n := range f.alarms {
		if n < 0 || n > 3650 {
			return out, usage("--alarm %d: give days before the last day", n)
		}
	}
	if _, err := a.placeNames(f.places); err != nil {
		return out, err
	}
	var err error
	out.Query, err = a.obligationQuery(timeline.PlaceQuery(strings.Join(args, " "), f.places))
	return out, err
}

// obligationQuery reads a query; an empty one is nil.
func (a *app) obligationQuery(text string) (query.Node, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	k, err := a.knowledge()
	if err != nil {
		return nil, err
	}
	p, err := k.language().Parse(text)
	if err != nil {
		return nil, usage("%w", err)
	}
	return p.Node, nil
}

func (a *app) obligations(ctx context.Context, s store.Store, f timelineFlags, filter timeline.Filter, name string) error {
	list, _, err := timeline.Load(ctx, s)
	if err != nil {
		return err
	}
	if f.offTopic {
		rs, err := a.records(ctx)
		if err != nil {
			return err
		}
		list = timeline.OffTopic(timeline.Facts{Records: rs, At: a.Now()})
	}
	if len(filter.States) == 0 && (name == "ics" || slices.Contains(format.Profiles(), name)) {
		filter.States = timeline.States() // who has what was withdrawn has to learn of it
	}
	items := timeline.Choose(list, filter)
	o := format.Options{Lang: a.lang(), AsOf: filter.AsOf}
	return a.output(f.out, func(w io.Writer) error { return a.writeObligations(w, items, o, f, name) })
}

func (a *app) writeObligations(w io.Writer, items []timeline.Item, o format.Options, f timelineFlags, name string) error {
	switch name {
	case "ics":
		return format.WriteICS(w, items, format.ICSOptions{Options: o, Tasks: f.tasks, Alarms: f.alarms})
	case "json":
		return render.WriteJSON(w, items)
	case "jsonl":
		return format.WriteJSONL(w, items)
	case "csv":
		return render.WriteCSV(w, format.Rows(items, o).Table())
	case "xlsx":
		return render.WriteXLSX(w, []render.Grid{format.Rows(items, o)})
	case "gantt":
		return format.WriteGantt(w, items, o)
	case "md":
		return render.WriteMarkdown(w, format.Text(items, o))
	case "text":
		return render.WriteText(w, format.Text(items, o), a.textOptions())
	}
	return render.WriteCSV(w, format.Import(name, items, o))
}

// changes writes what happened after the cursor of --since.
func (a *app) changes(ctx context.Context, s store.Store, f timelineFlags, filter timeline.Filter, name string) error {
	after, err := timeline.ParseCursor(f.since)
	if err != nil {
		return usage("--since: %w", err)
	}
	list := []timeline.Change{}
	for c, err := range timeline.Since(ctx, s, after) {
		if err != nil {
			return err
		}
		ok, err := timeline.Concerns(ctx, s, filter.Query, c)
		if err != nil {
			return err
		}
		if ok {
			list = append(list, c)
		}
	}
	end, err := s.LedgerEnd(ctx)
	if err != nil {
		return err
	}
	o := format.Options{Lang: a.lang(), AsOf: filter.AsOf}
	err = a.output(f.out, func(w io.Writer) error {
		switch name {
		case "json":
			return render.WriteJSON(w, list)
		case "jsonl":
			return format.WriteJSONL(w, list)
		case "atom":
			return format.WriteAtom(w, list, "", o)
		case "csv":
			return render.WriteCSV(w, format.Changes(list, o))
		case "md":
			return render.WriteMarkdown(w, format.Changes(list, o))
		}
		return render.WriteText(w, format.Changes(list, o), a.textOptions())
	})
	if err == nil {
		a.tell(a.msg("timeline.cursor"), len(list), max(int64(end), after))
	}
	return err
}

// vagueTimes are no obligations, and in no ledger.
func (a *app) vagueTimes(ctx context.Context, f timelineFlags, name string) error {
	rs, err := a.records(ctx)
	if err != nil {
		return err
	}
	v := compare.Timeline(rs, compare.TimelineOptions{Places: f.places, Below: true, IncludeVague: true, OffTopic: f.offTopic}).Vague
	o := a.renderOptions("")
	return a.output(f.out, func(w io.Writer) error {
		switch name {
		case "json":
			return render.WriteJSON(w, v)
		case "csv":
			return render.WriteCSV(w, render.TimelineRows(v, o))
		case "md":
			return render.WriteMarkdown(w, render.TimelineTable(v, o))
		case "text":
			return render.WriteText(w, render.TimelineTable(v, o), a.textOptions())
		}
		return usage("--vague can be written as text, md, csv and json")
	})
}

func (a *app) historyCmd() *cobra.Command {
	return &cobra.Command{
		Use: "history UID", Short: "All that happened to one obligation", Args: cobra.ExactArgs(1),
		Long:    "history lists the changes of one obligation, oldest first, each with its cause.\n\nExit codes: 0 ok, 1 error, 2 usage.",
		Example: "  tuogou timeline history o1f2e3d4c5b6a798",
		RunE: func(cmd *cobra.Command, args []string) error {
			s, _, err := a.ledger(cmd.Context())
			if err != nil {
				return err
			}
			list, err := a.history(cmd.Context(), s, args[0])
			if err != nil {
				return err
			}
			if a.json {
				return render.WriteJSON(a.Stdout, list)
			}
			return render.WriteText(a.Stdout, format.Changes(list, format.Options{Lang: a.lang()}), a.textOptions())
		},
	}
}

func (a *app) history(ctx context.Context, s store.Store, uid string) ([]timeline.Change, error) {
	list, err := timeline.History(ctx, s, strings.TrimSuffix(uid, "@tuogou"))
	if errors.Is(err, store.ErrNotFound) {
		return nil, usage("no obligation has the uid %q; tuogou timeline lists them", uid)
	}
	return list, err
}

func (a *app) proposalsCmd() *cobra.Command {
	return &cobra.Command{
		Use: "proposals [UID]", Short: "Reports that may show that a task was done", Args: cobra.MaximumNArgs(1),
		Long: `proposals looks in summaries, news and replies of the same place, or of one above it,
for sentences that report the task of an open obligation as done. Nothing is met by
itself: accept takes one for the evidence.

Exit codes: 0 ok, 1 error, 2 usage.`,
		Example: "  tuogou timeline proposals",
		RunE: func(cmd *cobra.Command, args []string) error {
			uid := ""
			if len(args) > 0 {
				uid = args[0]
			}
			s, _, err := a.ledger(cmd.Context())
			if err != nil {
				return err
			}
			list, err := a.proposals(cmd.Context(), s, uid)
			if err != nil {
				return err
			}
			if a.json {
				return render.WriteJSON(a.Stdout, list)
			}
			for _, p := range list {
				a.print("%s  %s\n  %s %s %s\n  “%s”\n", p.UID, flat(p.Task), p.Document.ID, p.Document.Date, p.Document.Title, flat(p.Quote))
			}
			return nil
		},
	}
}

func (a *app) proposals(ctx context.Context, s store.Store, uid string) ([]timeline.Proposal, error) {
	list, _, err := timeline.Load(ctx, s)
	if err != nil {
		return nil, err
	}
	rs, err := a.records(ctx)
	if err != nil {
		return nil, err
	}
	if uid != "" {
		list = slices.DeleteFunc(list, func(o timeline.Obligation) bool { return o.UID != strings.TrimSuffix(uid, "@tuogou") })
		if len(list) == 0 {
			return nil, usage("no obligation has the uid %q; tuogou timeline lists them", uid)
		}
	}
	return timeline.Proposals(list, rs), nil
}

func (a *app) acceptCmd() *cobra.Command {
	var by string
	c := &cobra.Command{
		Use: "accept UID DOCUMENT", Short: "Take a proposal for the proof that a task was done", Args: cobra.ExactArgs(2),
		Long:    "accept makes an obligation met by the sentence that proposals shows for the document.\n\nExit codes: 0 ok, 1 error, 2 usage.",
		Example: "  tuogou timeline accept o1f2e3d4c5b6a798 u0123456789abcdef --by 'Li Wei'",
		RunE: func(cmd *cobra.Command, args []string) error {
			if strings.TrimSpace(by) == "" {
				return usage("say who accepts it with --by NAME")
			}
			s, err := a.writableLedger(cmd.Context())
			if err != nil {
				return err
			}
			list, err := a.proposals(cmd.Context(), s, args[0])
			if err != nil {
				return err
			}
			i := slices.IndexFunc(list, func(p timeline.Proposal) bool { return strings.HasPrefix(string(p.Document.ID), args[1]) })
			if i < 0 {
				return usage("document %q proposes nothing for %s; see tuogou timeline proposals", args[1], args[0])
			}
			return a.accept(cmd.Context(), s, list[i], by)
		},
	}
	c.Flags().StringVar(&by, "by", "", "who accepts it")
	return c
}

// writableLedger opens the store for writing, with the ledger up to date.
func (a *app) writableLedger(ctx context.Context) (store.Store, error) {
	s, err := a.open(ctx, true)
	if err == nil {
		_, err = a.syncLedger(ctx, s, nil)
	}
	return s, err
}

func (a *app) accept(ctx context.Context, s store.Store, p timeline.Proposal, by string) error {
	history, err := a.history(ctx, s, p.UID)
	if err != nil {
		return err
	}
	end, err := s.LedgerEnd(ctx)
	if err != nil {
		return err
	}
	c := timeline.Accept(history[len(history)-1].Obligation, p, by, a.Now())
	if _, err := timeline.Append(ctx, s, end, []timeline.Change{c}); err != nil {
		return err
	}
	a.say("timeline.met", p.UID, flat(p.Quote))
	return nil
}

func (a *app) anchorCmd() *cobra.Command {
	var by, note string
	c := &cobra.Command{
		Use: "anchor UID DAY", Short: "Give the day that an open term counts from", Args: cobra.ExactArgs(2),
		Long: `anchor tells on which day the event happened that a term counts from (收到批复之日起10个
工作日内), so that it has a date. It is kept as a correction of the record.

Exit codes: 0 ok, 1 error, 2 usage.`,
		Example: "  tuogou timeline anchor o1f2e3d4c5b6a798 2018-05-02 --by 'Li Wei'",
		RunE: func(cmd *cobra.Command, args []string) error {
			if _, err := time.Parse(time.DateOnly, args[1]); err != nil || strings.TrimSpace(by) == "" {
				return usage("give a day (YYYY-MM-DD), and who says so with --by NAME")
			}
			return a.anchor(cmd.Context(), args[0], args[1], by, note)
		},
	}
	c.Flags().StringVar(&by, "by", "", "who says so")
	c.Flags().StringVar(&note, "note", "", "how it is known")
	return c
}

func (a *app) anchor(ctx context.Context, uid, day, by, note string) error {
	s, err := a.writableLedger(ctx)
	if err != nil {
		return err
	}
	history, err := a.history(ctx, s, uid)
	if err != nil {
		return err
	}
	o := history[len(history)-1].Obligation
	if o.When.Formula == "" && o.When.Workdays == 0 {
		return usage("%s counts from nothing: %s", o.UID, flat(o.Words))
	}
	src := o.Sources[0]
	desk, err := a.desk(ctx)
	if err != nil {
		return err
	}
	_, _, err = desk.Make(ctx, correct.Change{Doc: src.Document.ID, Action: corpus.ReviewFix, Field: "/deadlines/" + src.Deadline + "/anchor/date", Value: day, By: by, Note: note})
	if errors.Is(err, correct.ErrInvalid) {
		return usage("%w", err)
	}
	if err != nil {
		return err
	}
	if _, err := a.syncLedger(ctx, s, nil); err != nil {
		return err
	}
	if history, err = a.history(ctx, s, uid); err != nil {
		return err
	}
	o = history[len(history)-1].Obligation
	if !o.When.Resolved {
		return fmt.Errorf("the calendar of working days does not reach that far: %s stays open", o.UID)
	}
	a.say("timeline.anchored", o.UID, o.When.End)
	return nil
}
