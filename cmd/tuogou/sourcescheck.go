package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tuogou/corpus/store"
	"tuogou/crawler"
	"tuogou/rules"
)

// sourceCheck is how a source answered when it was last tried here.
type sourceCheck struct {
	At      time.Time `json:"at"`
	Rows    int       `json:"rows"`
	Problem string    `json:"problem,omitempty"`
}

func (c sourceCheck) words() string {
	day := c.At.Format(time.DateOnly)
	if c.Problem != "" {
		return "checked here " + day + ": " + c.Problem
	}
	return fmt.Sprintf("checked here %s: %d rows", day, c.Rows)
}

// checks looks up the last checks; without a data folder there are none.
func (a *app) checks(ctx context.Context) func(id string) (sourceCheck, bool) {
	s, err := a.open(ctx, false)
	if err != nil {
		return func(string) (sourceCheck, bool) { return sourceCheck{}, false }
	}
	return func(id string) (c sourceCheck, ok bool) {
		data, err := s.SourceState(ctx, "check "+id)
		return c, err == nil && json.Unmarshal(data, &c) == nil
	}
}

func (a *app) checkSourcesCmd() *cobra.Command {
	var f crawlFlags
	c := &cobra.Command{
		Use:   "check ID|CODE…",
		Short: "Try whether sources answer as lists",
		Long: `check asks for the first list page of each chosen source, by the manners of a
crawl, and tells the list form, the rows and those on the topic. The result is kept
and shown by "sources list".

Exit codes: 0 ok, 1 error, 2 usage, 3 some sources cannot be read.`,
		Example: "  tuogou sources check 330000 --contact you@example.org",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			sites, err := a.chosenSites(args, f)
			if err != nil {
				return err
			}
			return a.checkSources(cmd.Context(), sites, f)
		},
	}
	f.manners(c)
	return c
}

func (a *app) checkSources(ctx context.Context, sites []rules.Site, f crawlFlags) error {
	s, err := a.open(ctx, true)
	if err != nil {
		return err
	}
	opts, err := a.crawlOptions(f)
	if err != nil {
		return err
	}
	bad := 0
	for _, site := range sites {
		columns, err := crawler.Check(ctx, site, opts)
		if err != nil {
			return err
		}
		c := sourceCheck{At: a.Now()}
		for _, col := range columns {
			c.Rows += col.Rows
			if col.Problem != "" {
				c.Problem = col.URL + ": " + col.Problem
			}
			if err := a.printColumn(site.ID, col); err != nil {
				return err
			}
		}
		if c.Rows > 0 {
			c.Problem = ""
		} else {
			bad++
		}
		if err := putCheck(ctx, s, site.ID, c); err != nil {
			return err
		}
	}
	a.tell("sources: %d read, %d not", len(sites)-bad, bad)
	if bad > 0 {
		return errFailures
	}
	return nil
}

func putCheck(ctx context.Context, s store.Store, id string, c sourceCheck) error {
	data, err := json.Marshal(c)
	if err != nil {
		return err
	}
	return s.PutSourceState(ctx, "check "+id, data)
}

func (a *app) printColumn(id string, c crawler.Column) error {
	if a.json {
		return a.printJSON(struct {
			Source string `json:"source,omitempty"`
			crawler.Column
		}{id, c})
	}
	state := fmt.Sprintf("%s, %d rows, %d on the topic", c.Form, c.Rows, c.Wanted)
	if c.Newest != "" {
		state += ", newest " + c.Newest
	}
	if c.Problem != "" {
		state = c.Problem
	}
	a.print("%s\n", strings.Join(nonEmpty(id, c.Title, c.URL, state), "\t"))
	return nil
}
