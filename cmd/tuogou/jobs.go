package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/corpus/store/postgres/jobs"
)

// shownOrders is how many orders jobs tells of, the newest ones.
const shownOrders = 10

func (a *app) jobsCmd() *cobra.Command {
	c := &cobra.Command{
		Use: "jobs", Short: "How far queued work is, and what became of it", Args: cobra.NoArgs,
		Long: `jobs shows how far the newest orders are: for each stage how many jobs are waiting,
running, done, dead. A job is dead when its work cannot be done (a file that cannot be
read) or failed eight times; "jobs dead" names the reasons, "jobs requeue" gives dead
jobs another try, for example with a newer program.

Exit codes: 0 ok, 1 error, 2 usage.`,
		Example: "  tuogou jobs --json | jq '.[0].counts'",
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.showOrders(cmd.Context()) },
	}
	c.AddCommand(a.jobsListCmd(), a.jobsDeadCmd(), a.jobsRequeueCmd(), a.jobsCancelCmd())
	return c
}

func (a *app) showOrders(ctx context.Context) error {
	q, _, err := a.queue(ctx)
	if err != nil {
		return err
	}
	list, err := q.Progress(ctx, shownOrders)
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(list)
	}
	workers, err := q.Workers(ctx)
	if err != nil {
		return err
	}
	if len(workers) == 0 {
		a.say("jobs.no_worker")
	} else {
		a.say("jobs.workers", strings.Join(workers, ", "))
	}
	for _, p := range list {
		a.say("jobs.order", p.Order, p.At.UTC().Format(time.DateTime), p.What)
		for _, stage := range jobs.Stages {
			var parts []string
			for _, state := range jobs.States {
				if n := p.Counts[stage][state]; n > 0 {
					parts = append(parts, fmt.Sprintf("%s %d", a.msg("job."+string(state)), n))
				}
			}
			if len(parts) > 0 {
				a.print("  %-8s%s\n", stage, strings.Join(parts, ", "))
			}
		}
	}
	return nil
}

// jobFlags choose jobs.
type jobFlags struct {
	order int64
	stage string
	state string
	limit int
}

// filter is what flags and the numbers of jobs choose.
func (f jobFlags) filter(args []string) (jobs.Filter, error) {
	out := jobs.Filter{Order: f.order, Stage: jobs.Stage(f.stage), State: jobs.State(f.state), Limit: f.limit}
	if f.stage != "" && !slices.Contains(jobs.Stages, out.Stage) {
		return out, usage("--stage %s: %v are known", f.stage, jobs.Stages)
	}
	if f.state != "" && !slices.Contains(jobs.States, out.State) {
		return out, usage("--state %s: %v are known", f.state, jobs.States)
	}
	for _, s := range args {
		id, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return out, usage("%q is no number of a job; tuogou jobs list shows them", s)
		}
		out.IDs = append(out.IDs, id)
	}
	return out, nil
}

func (a *app) jobsListCmd() *cobra.Command {
	var f jobFlags
	c := &cobra.Command{Use: "list", Short: "List jobs", Args: cobra.NoArgs,
		Long:    "list prints number, order, stage, state, priority, tries, what the job is about, and\nwhy it failed last; with --json one object a line.\n\nExit codes: 0 ok, 1 error, 2 usage.",
		Example: "  tuogou jobs list --order 3 --state running",
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.listJobs(cmd.Context(), f) }}
	c.Flags().Int64Var(&f.order, "order", 0, "only those of this order")
	c.Flags().StringVar(&f.stage, "stage", "", "only those of this stage: crawl, read, finish, index")
	c.Flags().StringVar(&f.state, "state", "", "only those in this state: waiting, running, retrying, done, dead, cancelled")
	c.Flags().IntVar(&f.limit, "limit", 100, "at most so many (0 = all)")
	return c
}

func (a *app) jobsDeadCmd() *cobra.Command {
	f := jobFlags{state: string(jobs.Dead)}
	c := &cobra.Command{Use: "dead", Short: "List the jobs that were given up, with their reasons", Args: cobra.NoArgs,
		Long:    "dead lists the jobs that wait for a person: with --json one object a line.\n\nExit codes: 0 ok, 1 error, 2 usage.",
		Example: "  tuogou jobs dead --order 3",
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.listJobs(cmd.Context(), f) }}
	c.Flags().Int64Var(&f.order, "order", 0, "only those of this order")
	return c
}

func (a *app) listJobs(ctx context.Context, f jobFlags) error {
	filter, err := f.filter(nil)
	if err != nil {
		return err
	}
	q, s, err := a.queue(ctx)
	if err != nil {
		return err
	}
	list, err := q.List(ctx, filter)
	if err != nil {
		return err
	}
	for _, j := range list {
		if a.json {
			if err := a.printJSON(j); err != nil {
				return err
			}
			continue
		}
		a.print("%d\torder %d\t%s\t%s\tpriority %d\ttry %d\t%s", j.ID, j.Order, j.Stage, a.msg("job."+string(j.State)), j.Priority, j.Attempt, subjectOf(ctx, s, j))
		if j.Reason != "" && j.State != jobs.Done {
			a.print("\t%s", j.Reason)
		}
		a.print("\n")
	}
	return nil
}

// subjectOf is what a job is about, as people know it.
func subjectOf(ctx context.Context, s store.Reader, j jobs.Job) string {
	if j.Stage != jobs.Read {
		return j.Subject
	}
	c, err := s.Latest(ctx, corpus.DocID(j.Subject))
	if err != nil {
		return j.Subject
	}
	return j.Subject + " " + nameOf(c)
}

func (a *app) jobsRequeueCmd() *cobra.Command {
	var f jobFlags
	var dead bool
	c := &cobra.Command{Use: "requeue [JOB…]", Short: "Give dead or cancelled jobs another try", Args: cobra.ArbitraryArgs,
		Long:    "requeue puts the jobs with these numbers, or with --dead all that are dead, back into\nthe queue, with what comes after them.\n\nExit codes: 0 ok, 1 error, 2 usage.",
		Example: "  tuogou jobs requeue --dead",
		RunE: func(cmd *cobra.Command, args []string) error {
			if dead {
				f.state = string(jobs.Dead)
			} else if len(args) == 0 {
				return usage("name jobs by their numbers (tuogou jobs dead), or give --dead")
			}
			return a.changeJobs(cmd.Context(), f, args, "jobs.requeued", requeue)
		}}
	c.Flags().BoolVar(&dead, "dead", false, "all that are dead")
	c.Flags().Int64Var(&f.order, "order", 0, "only those of this order")
	return c
}

// requeue queues jobs again, and the end of their orders, which has to come after them.
func requeue(q *jobs.Queue, ctx context.Context, f jobs.Filter) ([]jobs.Job, error) {
	list, err := q.Requeue(ctx, f)
	ends := map[int64]jobs.Work{}
	for _, j := range list {
		ends[j.Order] = jobs.Work{Stage: jobs.Finish, Order: j.Order, Priority: j.Priority}
	}
	_, more := q.Add(ctx, slices.Collect(maps.Values(ends))...)
	return list, errors.Join(err, more)
}

func (a *app) jobsCancelCmd() *cobra.Command {
	var f jobFlags
	c := &cobra.Command{Use: "cancel [JOB…]", Short: "Take back jobs that are not done", Args: cobra.ArbitraryArgs,
		Long:    "cancel takes back the jobs with these numbers, or with --order all of an order. What\nruns is interrupted; what it has kept by then stays.\n\nExit codes: 0 ok, 1 error, 2 usage.",
		Example: "  tuogou jobs cancel --order 3",
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 && f.order == 0 {
				return usage("name jobs by their numbers (tuogou jobs list), or an order with --order")
			}
			return a.changeJobs(cmd.Context(), f, args, "jobs.cancelled", (*jobs.Queue).Cancel)
		}}
	c.Flags().Int64Var(&f.order, "order", 0, "all of this order")
	return c
}

func (a *app) changeJobs(ctx context.Context, f jobFlags, args []string, said string, change func(*jobs.Queue, context.Context, jobs.Filter) ([]jobs.Job, error)) error {
	filter, err := f.filter(args)
	if err != nil {
		return err
	}
	q, _, err := a.queue(ctx)
	if err != nil {
		return err
	}
	list, err := change(q, ctx, filter)
	if errors.Is(err, store.ErrNotFound) {
		return usage("%w; tuogou jobs list shows them", err)
	}
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(list)
	}
	a.say(said, len(list))
	return nil
}
