package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/spf13/cobra"

	"tuogou/corpus"
	"tuogou/crawler"
	"tuogou/rules"
)

func (a *app) discoverCmd() *cobra.Command {
	var f crawlFlags
	c := &cobra.Command{
		Use:   "discover URL",
		Short: "Find the columns of a site",
		Long: `discover asks for one page of a site and for the pages behind its links that are
named as columns are (政策文件, 通知公告, 社会组织 …), by the manners of a crawl, and
prints which of them are lists.

Exit codes: 0 ok, 1 error, 2 usage, 3 no list was found.`,
		Example: "  tuogou sources discover https://mzt.example.gov.cn/",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := a.discover(cmd.Context(), args[0], f)
			if err != nil {
				return err
			}
			for _, c := range d.Columns {
				if err := a.printColumn("", c); err != nil {
					return err
				}
			}
			if len(usable(d)) == 0 {
				a.tell("no list was found; give the address of a list page itself")
				return errFailures
			}
			return nil
		},
	}
	f.manners(c)
	return c
}

func (a *app) discover(ctx context.Context, address string, f crawlFlags) (crawler.Discovery, error) {
	if u, err := url.Parse(address); err != nil || u.Host == "" {
		return crawler.Discovery{}, usage("%q is no address of a page", address)
	}
	opts, err := a.crawlOptions(f)
	if err != nil {
		return crawler.Discovery{}, err
	}
	opts.WARCDir = ""
	return crawler.Discover(ctx, address, opts)
}

func usable(d crawler.Discovery) []crawler.Column {
	var out []crawler.Column
	for _, c := range d.Columns {
		if c.Problem == "" {
			out = append(out, c)
		}
	}
	return out
}

// newSource are the facts that a user gives of a site.
type newSource struct {
	id, code, name, organ, place string
	save                         bool
}

func (a *app) addSourceCmd() *cobra.Command {
	var f crawlFlags
	var n newSource
	c := &cobra.Command{
		Use:   "add URL",
		Short: "Propose an entry for a site from one address",
		Long: `add finds the columns of a site (see discover) and prints an entry for it. With
--save it is put into sources.toml of the data folder, where crawl finds it. The
place is told from the site's code or its title; give --code where that fails.

Exit codes: 0 ok, 1 error, 2 usage, 3 no list was found.`,
		Example: "  tuogou sources add https://mzt.example.gov.cn/ --save",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.addSource(cmd.Context(), args[0], n, f)
		},
	}
	c.Flags().BoolVar(&n.save, "save", false, "keep the entry in the data folder")
	c.Flags().StringVar(&n.id, "id", "", "id of the source (default CODE-HOST)")
	c.Flags().StringVar(&n.code, "code", "", "code of the place, six digits")
	c.Flags().StringVar(&n.place, "place", "", "name of the place")
	c.Flags().StringVar(&n.name, "name", "", "name of the organ or portal (default the page's title)")
	c.Flags().StringVar(&n.organ, "organ", "", "kind of organ: civil_affairs, development_reform, government …")
	f.manners(c)
	return c
}

func (a *app) addSource(ctx context.Context, address string, n newSource, f crawlFlags) error {
	d, err := a.discover(ctx, address, f)
	if err != nil {
		return err
	}
	columns := usable(d)
	if len(columns) == 0 {
		a.tell("no list was found; give the address of a list page itself")
		return errFailures
	}
	site, err := a.propose(address, d, columns, n)
	if err != nil {
		return err
	}
	if err := site.Compile(); err != nil {
		return usage("%w", err)
	}
	entry, err := entryOf(site)
	if err != nil {
		return err
	}
	a.print("%s", entry)
	for _, c := range columns {
		a.tell("%s %s: %d rows, %d on the topic", c.Title, c.URL, c.Rows, c.Wanted)
	}
	if !n.save {
		a.tell("not kept: give --save to keep it in %s of the data folder", ownSources)
		return nil
	}
	return a.saveSource(site, entry)
}

const maxEntries = 8 // columns of one proposed entry

// propose makes the entry of a site from what was found and what the user said.
func (a *app) propose(address string, d crawler.Discovery, columns []crawler.Column, n newSource) (rules.Site, error) {
	u, err := url.Parse(address)
	if err != nil {
		return rules.Site{}, usage("%w", err)
	}
	s := rules.Site{ID: n.id, Code: n.code, Place: n.place, Name: n.name, Organ: n.organ,
		Evidence: "found by tuogou sources add", Seen: a.today()[:7]}
	if s.Name == "" {
		s.Name = strings.TrimSpace(d.Title)
	}
	if s.Name == "" {
		s.Name = u.Hostname()
	}
	table, err := a.gazetteer()
	if err != nil {
		return s, err
	}
	if s.Code == "" && len(d.SiteCode) == 10 {
		if _, known := table.ByCode(d.SiteCode[:6], 0); known {
			s.Code = d.SiteCode[:6]
		}
	}
	if s.Code == "" {
		for _, m := range table.Find(s.Name, 0) {
			if !m.Part && len(m.Places) == 1 {
				s.Code = m.Places[0].Code
			}
		}
	}
	if s.Code == "" {
		return s, usage("the place cannot be told from %s: give --code (six digits, 000000 for the nation)", address)
	}
	if p, known := table.ByCode(s.Code, 0); known && s.Place == "" {
		s.Place = p.Name
	}
	s.Level = levelOf(s.Code)
	if s.Organ == "" {
		s.Organ = a.organOf(s.Name)
	}
	if s.ID == "" {
		s.ID = s.Code + "-" + strings.ReplaceAll(u.Host, ":", "-")
	}
	var titles []string
	for _, c := range columns[:min(len(columns), maxEntries)] {
		s.Pages = append(s.Pages, c.URL)
		titles = append(titles, c.Title)
	}
	s.Section = strings.Join(titles, "/")
	return s, nil
}

func levelOf(code string) corpus.Level {
	switch {
	case code == "000000":
		return corpus.Nation
	case strings.HasSuffix(code, "0000"):
		return corpus.Province
	case strings.HasSuffix(code, "00"):
		return corpus.Prefecture
	}
	return corpus.County
}

// organOf tells the kind of organ from a title; a portal is the government's.
func (a *app) organOf(title string) string {
	k, err := a.knowledge()
	if err != nil {
		return "government"
	}
	for _, m := range k.set.Organs.Find(title, nil) {
		if len(m.Kinds) == 1 {
			return m.Kinds[0]
		}
	}
	return "government"
}

// entryOf is a site as an entry of a catalogue, its empty fields left out.
func entryOf(s rules.Site) (string, error) {
	var b strings.Builder
	b.WriteString("[[site]]\n")
	put := func(key string, v any) error {
		line, err := toml.Marshal(map[string]any{key: v})
		b.Write(line)
		return err
	}
	var errs []error
	for _, kv := range []struct {
		key   string
		value string
	}{{"id", s.ID}, {"level", string(s.Level)}, {"code", s.Code}, {"place", s.Place}, {"name", s.Name}, {"organ", s.Organ}, {"section", s.Section}} {
		if kv.value != "" {
			errs = append(errs, put(kv.key, kv.value))
		}
	}
	errs = append(errs, put("pages", s.Pages))
	for _, kv := range [][2]string{{"list", s.List}, {"evidence", s.Evidence}, {"seen", s.Seen}} {
		if kv[1] != "" {
			errs = append(errs, put(kv[0], kv[1]))
		}
	}
	errs = append(errs, put("checked", s.Checked))
	return b.String(), errors.Join(errs...)
}

// saveSource appends an entry to the user's own catalogue.
func (a *app) saveSource(site rules.Site, entry string) error {
	own, err := a.ownSites()
	if err != nil {
		return err
	}
	for _, s := range own {
		if s.ID == site.ID {
			return usage("there is a source %q of your own already; give another --id, or edit %s", site.ID, ownSources)
		}
	}
	dir, err := a.dir()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("own sources: %w", err)
	}
	name := filepath.Join(dir, ownSources)
	old, err := os.ReadFile(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("own sources: %w", err)
	}
	text := string(old)
	if text != "" {
		text += "\n"
	}
	temp := name + ".new"
	if err := os.WriteFile(temp, []byte(text+entry), 0o644); err != nil {
		return fmt.Errorf("own sources: %w", err)
	}
	if err := os.Rename(temp, name); err != nil {
		return fmt.Errorf("own sources: %w", err)
	}
	a.tell("kept in %s; crawl it with: tuogou crawl %s", name, site.ID)
	return nil
}
