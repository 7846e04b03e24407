package main

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"tuogou/corpus/store"
	"tuogou/crawler"
	"tuogou/rules"
)

// crawlFlags are the knobs of a crawl, and its settings where it is a job.
type crawlFlags struct {
	Contact  string
	KeepAll  bool
	NoWARC   bool
	All      bool
	MaxDocs  int
	MaxPages int
	Hosts    int
	Delay    time.Duration
	LookBack int
	Private  bool
	Browser  bool
}

// manners registers the flags of everything that asks sites.
func (f *crawlFlags) manners(c *cobra.Command) {
	c.Flags().StringVar(&f.Contact, "contact", "", "address at which site owners can reach you, sent with each request")
	c.Flags().BoolVar(&f.NoWARC, "no-warc", false, "write no WARC archive of the exchanges")
	c.Flags().BoolVar(&f.Private, "allow-private", false, "ask hosts whose address is not public (this machine, the local network)")
	c.Flags().DurationVar(&f.Delay, "delay", 0, "pause between two requests to one server (0 = 2s, below 0 = none, for this machine only)")
}

// register registers the flags of a crawl.
func (f *crawlFlags) register(c *cobra.Command) {
	f.manners(c)
	c.Flags().BoolVar(&f.KeepAll, "keep-all", false, "keep pages that are off topic too")
	c.Flags().BoolVar(&f.Browser, "browser", false, "open pages that their scripts build in an installed Chromium")
	c.Flags().BoolVar(&f.All, "all", false, "crawl every source of the catalogue")
	c.Flags().IntVar(&f.MaxDocs, "max-docs", 0, "most documents a host in this run (0 = no bound)")
	c.Flags().IntVar(&f.MaxPages, "max-pages", 0, "most pages of one list (0 = 100)")
	c.Flags().IntVar(&f.LookBack, "look-back", 0, "pages of a list read beyond the last with something new (0 = 20, -1 = all)")
	c.Flags().IntVar(&f.Hosts, "hosts", 0, "hosts worked on at once (0 = 4)")
}

func (a *app) crawlCmd() *cobra.Command {
	var f crawlFlags
	var o orderFlags
	c := &cobra.Command{
		Use:   "crawl [SOURCE…]",
		Short: "Fetch what the sources publish, politely",
		Long: `crawl reads the list pages of the chosen sources and keeps the articles on the
topic with their attachments. A source is chosen by its id, or all of a place by
its code ("tuogou sources list" shows both). robots.txt is obeyed, one request at
a time a host with a pause; a host that refuses is left alone and reported.
A crawl that was stopped goes on where it stood. A second crawl asks again for
what is known, by conditional requests, and tells what is new, changed or gone.
The report is printed, with --json one object a line, and kept in reports/.
With --jobs the sources are queued for the workers of a store in PostgreSQL.

Exit codes: 0 ok, 1 error, 2 usage, 3 finished with failures.`,
		Example: "  tuogou crawl 330000 --contact you@example.org",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			sites, err := a.chosenSites(args, f)
			if err != nil {
				return err
			}
			if o.jobs {
				return a.order(cmd.Context(), "crawl", sites, f, o)
			}
			t := &tally{out: a.Stderr}
			if err := a.crawlAndTell(cmd.Context(), sites, f, t); err != nil {
				return err
			}
			return t.end("crawl")
		},
	}
	f.register(c)
	o.register(c)
	return c
}

// chosenSites are the sources that args name, of the catalogue and of the user's
// own (see ownSources), which come in the place of one with the same id.
func (a *app) chosenSites(args []string, f crawlFlags) ([]rules.Site, error) {
	all, err := a.allSites()
	if err != nil {
		return nil, err
	}
	if len(args) == 0 && f.All {
		return all, nil
	}
	if len(args) == 0 {
		return nil, usage("name sources by id or code (tuogou sources list), or give --all")
	}
	var out []rules.Site
	for _, arg := range args {
		found := false
		for _, s := range all {
			if s.ID == arg || s.Code == arg {
				found = true
				if !slices.ContainsFunc(out, func(o rules.Site) bool { return o.ID == s.ID }) {
					out = append(out, s)
				}
			}
		}
		if !found {
			return nil, usage("no source has the id or code %q; see tuogou sources list", arg)
		}
	}
	return out, nil
}

// crawlSites runs the crawler over the store and adds its counts to t. The
// report is also written into the data folder. adjust, where not nil, changes what was
// made of the flags.
func (a *app) crawlSites(ctx context.Context, sites []rules.Site, f crawlFlags, t *tally, adjust func(*crawler.Options)) (crawler.Report, error) {
	s, err := a.open(ctx, true)
	if err != nil {
		return crawler.Report{}, err
	}
	opts, err := a.crawlOptions(f)
	if err != nil {
		return crawler.Report{}, err
	}
	if l, shared := s.(store.Leaser); shared {
		opts.Turns = turns{l}
	}
	if adjust != nil {
		adjust(&opts)
	}
	var ids []string
	for _, site := range sites {
		ids = append(ids, site.ID)
	}
	// What an earlier try in this process had claimed and could not give back.
	if _, err := s.Release(ctx, ids...); err != nil {
		return crawler.Report{}, err
	}
	front, err := openFrontier(ctx, s, ids, a.Now)
	if err != nil {
		return crawler.Report{}, err
	}
	front.notes = newNotes(s)
	opts.Frontier, opts.Sink, opts.Notes = front, sink{front.notes}, front.notes
	report, err := crawler.Run(ctx, sites, opts)
	// What was claimed ahead is free, however it ended.
	_, freed := s.Release(context.WithoutCancel(ctx), ids...)
	err = errors.Join(err, freed)
	t.done += report.Done
	t.same += report.Same
	t.skipped += report.Skipped
	t.failed += report.Failed
	// A run with a bound goes on the next time.
	if err == nil {
		err = front.mark(ctx, f.MaxDocs > 0)
	}
	if err == nil {
		err = a.keepVisits(ctx, s, sites, report)
	}
	return report, errors.Join(err, a.keepReport(report))
}

// crawlAndTell crawls and prints the report.
func (a *app) crawlAndTell(ctx context.Context, sites []rules.Site, f crawlFlags, t *tally) error {
	report, err := a.crawlSites(ctx, sites, f, t, nil)
	a.tellCrawl(report)
	if a.json {
		err = errors.Join(err, writeReport(a.Stdout, report))
	}
	return err
}

func (a *app) crawlOptions(f crawlFlags) (crawler.Options, error) {
	files, err := a.ruleFiles()
	if err != nil {
		return crawler.Options{}, err
	}
	o := crawler.Options{Transport: a.Transport, Contact: f.Contact, Delay: f.Delay, Hosts: f.Hosts, LookBack: f.LookBack, AllowPrivate: f.Private,
		MaxDocs: f.MaxDocs, MaxPages: f.MaxPages, KeepAll: f.KeepAll, Browser: crawler.FindBrowser(), Render: f.Browser, Log: a.log(), Progress: a.crawlProgress()}
	if f.Browser && o.Browser == "" {
		return o, usage("--browser: %s", crawler.InstallBrowser)
	}
	if o.Focus, err = rules.LoadFocus(files); err != nil {
		return o, err
	}
	if o.Signs, err = rules.LoadSigns(files); err != nil {
		return o, err
	}
	if o.Web, err = rules.LoadWeb(files); err != nil {
		return o, err
	}
	if dir, err := a.dir(); err == nil && !f.NoWARC {
		o.WARCDir = filepath.Join(dir, "warc")
	}
	return o, nil
}
