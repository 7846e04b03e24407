package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/spf13/cobra"

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
	sites, err := a.chosenSites(args, crawlFlags{All: true})
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
