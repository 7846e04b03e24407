package main

import (
	"context"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tuogou/corpus"
	"tuogou/crawler"
	"tuogou/rules"
)

// crawlFlags are the knobs of a crawl.
type crawlFlags struct {
	contact  string
	keepAll  bool
	noWARC   bool
	all      bool
	maxDocs  int
	maxPages int
	hosts    int
	delay    time.Duration
}

func (f *crawlFlags) register(c *cobra.Command) {
	c.Flags().StringVar(&f.contact, "contact", "", "address at which site owners can reach you, sent with each request")
	c.Flags().BoolVar(&f.keepAll, "keep-all", false, "keep pages that are off topic too")
	c.Flags().BoolVar(&f.noWARC, "no-warc", false, "write no WARC archive of the exchanges")
	c.Flags().BoolVar(&f.all, "all", false, "crawl every source of the catalogue")
	c.Flags().IntVar(&f.maxDocs, "max-docs", 0, "most documents a host in this run (0 = no bound)")
	c.Flags().IntVar(&f.maxPages, "max-pages", 0, "most pages of one list (0 = 100)")
	c.Flags().IntVar(&f.hosts, "hosts", 0, "hosts worked on at once (0 = 4)")
	c.Flags().DurationVar(&f.delay, "delay", 0, "pause between two requests to one host (0 = 2s)")
}

func (a *app) crawlCmd() *cobra.Command {
	var f crawlFlags
	c := &cobra.Command{
		Use:   "crawl [SOURCE…]",
		Short: "Fetch what the sources publish, politely",
		Long: `crawl reads the list pages of the chosen sources and keeps the articles on the
topic with their attachments. A source is chosen by its id, or all of a place by
its code ("tuogou sources list" shows both). robots.txt is obeyed, one request at
a time a host with a pause; a host that refuses is left alone and reported.
A crawl that was stopped goes on where it stood.

Exit codes: 0 ok, 1 error, 2 usage, 3 finished with failures.`,
		Example: "  tuogou crawl 330000 --contact you@example.org",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			sites, err := a.chosenSites(args, f)
			if err != nil {
				return err
			}
			t := &tally{out: a.Stderr}
			if err := a.crawlSites(cmd.Context(), sites, f, t); err != nil {
				return err
			}
			return t.end("crawl")
		},
	}
	f.register(c)
	return c
}

// chosenSites are the sources that args name.
func (a *app) chosenSites(args []string, f crawlFlags) ([]rules.Site, error) {
	files, err := a.ruleFiles()
	if err != nil {
		return nil, err
	}
	all, err := rules.LoadSites(files)
	if err != nil {
		return nil, err
	}
	if len(args) == 0 && f.all {
		return all, nil
	}
	if len(args) == 0 {
		return nil, usage("name sources by id or code (tuogou sources list), or give --all")
	}
	var out []rules.Site
	for _, arg := range args {
		n := len(out)
		for _, s := range all {
			if s.ID == arg || s.Code == arg {
				out = append(out, s)
			}
		}
		if len(out) == n {
			return nil, usage("no source has the id or code %q; see tuogou sources list", arg)
		}
	}
	return out, nil
}

// crawlSites runs the crawler over the store and adds its counts to t.
func (a *app) crawlSites(ctx context.Context, sites []rules.Site, f crawlFlags, t *tally) error {
	s, err := a.open(ctx, true)
	if err != nil {
		return err
	}
	opts, err := a.crawlOptions(f)
	if err != nil {
		return err
	}
	var ids []string
	for _, site := range sites {
		ids = append(ids, site.ID)
	}
	front, err := openFrontier(ctx, s, ids, a.Now)
	if err != nil {
		return err
	}
	opts.Frontier, opts.Sink, opts.Notes = front, sink{s}, crawlNotes{s}
	report, err := crawler.Run(ctx, sites, opts)
	a.tellCrawl(report, t)
	if err == nil && f.maxDocs == 0 { // a run with a bound goes on the next time
		err = front.mark(ctx, false)
	}
	return err
}

func (a *app) crawlOptions(f crawlFlags) (crawler.Options, error) {
	files, err := a.ruleFiles()
	if err != nil {
		return crawler.Options{}, err
	}
	o := crawler.Options{Transport: a.Transport, Contact: f.contact, Delay: f.delay, Hosts: f.hosts,
		MaxDocs: f.maxDocs, MaxPages: f.maxPages, KeepAll: f.keepAll, Log: a.log()}
	if o.Focus, err = rules.LoadFocus(files); err != nil {
		return o, err
	}
	if o.Signs, err = rules.LoadSigns(files); err != nil {
		return o, err
	}
	if o.Web, err = rules.LoadWeb(files); err != nil {
		return o, err
	}
	if dir, err := a.dir(); err == nil && !f.noWARC {
		o.WARCDir = filepath.Join(dir, "warc")
	}
	return o, nil
}

// tellCrawl prints what went wrong, and with -v every address.
func (a *app) tellCrawl(r crawler.Report, t *tally) {
	t.done += r.Done
	t.same += r.Same
	t.skipped += r.Skipped
	t.failed += r.Failed
	for _, h := range r.Hosts {
		if h.Ended != "" {
			a.tell("%s: left alone: %s", h.Host, h.Ended)
		}
		for _, i := range h.Items {
			if i.Outcome == corpus.Failed || a.verbose {
				a.tell("%s %s%s", i.Outcome, i.URL, why(i.Reason))
			}
		}
	}
}

func why(s string) string {
	if s = strings.TrimSpace(s); s != "" {
		return ": " + s
	}
	return ""
}

func (a *app) sourcesCmd() *cobra.Command {
	c := &cobra.Command{Use: "sources", Short: "The catalogue of sites", Args: cobra.NoArgs,
		Long:    "sources shows the sites that crawl knows. Sources not yet seen to work by this program are marked.",
		Example: "  tuogou sources list 330000",
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	list := &cobra.Command{Use: "list [CODE]", Short: "List the sources, of all places or of one", Args: cobra.MaximumNArgs(1),
		Example: "  tuogou sources list",
		RunE:    func(_ *cobra.Command, args []string) error { return a.listSources(args, false) }}
	show := &cobra.Command{Use: "show ID", Short: "Show one source whole", Args: cobra.ExactArgs(1),
		Example: "  tuogou sources show ID",
		RunE:    func(_ *cobra.Command, args []string) error { return a.listSources(args, true) }}
	c.AddCommand(list, show)
	return c
}

func (a *app) listSources(args []string, whole bool) error {
	sites, err := a.chosenSites(args, crawlFlags{all: true})
	if err != nil {
		return err
	}
	for _, s := range sites {
		if a.json {
			if err := a.printJSON(s); err != nil {
				return err
			}
			continue
		}
		mark := "not checked"
		if s.Checked {
			mark = "checked"
		}
		a.print("%s\t%s\t%s %s %s\t%s\n", s.ID, s.Code, s.Place, s.Name, s.Section, mark)
		if whole {
			for _, p := range s.Pages {
				a.print("  %s\n", p)
			}
			a.print("  %s\n", strings.Join(nonEmpty(s.System, s.Paging, s.Evidence, s.Seen, s.Note), "\n  "))
		}
	}
	return nil
}

func nonEmpty(ss ...string) []string {
	var out []string
	for _, s := range ss {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}
