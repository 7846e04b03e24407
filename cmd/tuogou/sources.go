package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"
	"github.com/spf13/cobra"

	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/crawler"
	"tuogou/rules"
)

// ownSources is the user's own catalogue in the data folder, in the form of
// rules/sites/*.toml.
const ownSources = "sources.toml"

// allSites are the sites of the catalogue and the user's own.
func (a *app) allSites() ([]rules.Site, error) {
	files, err := a.ruleFiles()
	if err != nil {
		return nil, err
	}
	all, err := rules.LoadSites(files)
	if err != nil {
		return nil, err
	}
	own, err := a.ownSites()
	if err != nil {
		return nil, err
	}
	mine := map[string]bool{}
	for _, s := range own {
		mine[s.ID] = true
	}
	var out []rules.Site
	for _, s := range all {
		if !mine[s.ID] {
			out = append(out, s)
		}
	}
	return append(out, own...), nil
}

func (a *app) ownSites() ([]rules.Site, error) {
	dir, err := a.dir()
	if err != nil {
		return nil, nil
	}
	name := filepath.Join(dir, ownSources)
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("own sources: %w", err)
	}
	defer f.Close()
	var file struct {
		Site []rules.Site `toml:"site"`
	}
	dec := toml.NewDecoder(f)
	dec.DisallowUnknownFields()
	if err := dec.Decode(&file); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	for i := range file.Site {
		if err := file.Site[i].Compile(); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return file.Site, nil
}

func (a *app) sourcesCmd() *cobra.Command {
	c := &cobra.Command{Use: "sources", Short: "The catalogue of sites", Args: cobra.NoArgs,
		Long: `sources shows, tries and finds the sites that crawl knows: those of the catalogue,
none of which has been seen to work by this program yet, and your own, which stand
in sources.toml of the data folder.`,
		Example: "  tuogou sources list 330000",
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	list := &cobra.Command{Use: "list [CODE]", Short: "List the sources, of all places or of one", Args: cobra.MaximumNArgs(1),
		Long:    "list prints id, code, names, and whether the source has been seen to answer.\n\nExit codes: 0 ok, 1 error, 2 usage.",
		Example: "  tuogou sources list",
		RunE:    func(cmd *cobra.Command, args []string) error { return a.listSources(cmd.Context(), args, false) }}
	show := &cobra.Command{Use: "show ID", Short: "Show one source whole", Args: cobra.ExactArgs(1),
		Long:    "show prints one source with its addresses and what is known of it.\n\nExit codes: 0 ok, 1 error, 2 usage.",
		Example: "  tuogou sources show 330000-mzt.zj.gov.cn",
		RunE:    func(cmd *cobra.Command, args []string) error { return a.listSources(cmd.Context(), args, true) }}
	c.AddCommand(list, show, a.checkSourcesCmd(), a.discoverCmd(), a.addSourceCmd())
	return c
}

func (a *app) listSources(ctx context.Context, args []string, whole bool) error {
	sites, err := a.chosenSites(args, crawlFlags{all: true})
	if err != nil {
		return err
	}
	checks := a.checks(ctx)
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
		if c, ok := checks(s.ID); ok {
			mark = c.words()
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
