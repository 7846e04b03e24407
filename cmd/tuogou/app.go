package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tuogou/compare"
	"tuogou/compare/render"
	"tuogou/corpus/places"
	"tuogou/corpus/store"
	"tuogou/extract"
	"tuogou/extract/reader"
	"tuogou/extract/reader/pdf"
	"tuogou/index"
	"tuogou/rules"
	"tuogou/segment"
)

// app is one run: the global flags, and what commands share, made when first
// asked for.
type app struct {
	Env
	data, rulesDir, langFlag string
	json, contacts, verbose  bool
	limits                   []string // of --limit

	// caught, where it is set, takes what commands would write to a file of -o.
	caught io.Writer

	store store.Store
	conf  *config
	home  index.Home
	know  *knowledge
	words *segment.Jieba
	pdf   *pdf.Reader
}

// knowledge is everything that decides what a record says.
type knowledge struct {
	set    *rules.Set
	web    *rules.Web // how addresses are written
	places *places.Table
	reader *reader.Reader
	x      *extract.Extractor
	search *rules.Search
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "tuogou",
		Short: "Verifiable records of the decoupling (脱钩) of associations from government",
		Long: `tuogou reads published government plans and notices on the decoupling (脱钩) of
industry associations and chambers of commerce, and makes records of them: who
issued what, when, the five clauses, deadlines, responsible departments. Every
fact carries the sentence it came from.

First look:  tuogou demo
Own texts:   tuogou add FOLDER && tuogou run && tuogou search 办公用房`,
		SilenceErrors: true, SilenceUsage: true,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetOut(a.Stdout)
	root.SetErr(a.Stderr)
	root.SetIn(a.Stdin)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage("%w", err) })
	f := root.PersistentFlags()
	f.StringVar(&a.data, "data", "", "data folder (default $TUOGOU_DATA, else tuogou in the user's data folder)")
	f.StringVar(&a.rulesDir, "rules", "", "folder of rule files to use in place of the built-in ones")
	f.StringVar(&a.langFlag, "lang", "", "language of the output: zh or en (default by locale)")
	f.BoolVar(&a.json, "json", false, "JSON on standard output")
	f.BoolVar(&a.contacts, "contacts", false, "do not mask personal data (telephone numbers, names)")
	f.StringArrayVar(&a.limits, "limit", nil, "bound for one file, as NAME=VALUE: bytes, unpacked, ratio, depth, nesting, entries, pages, cells, time")
	f.BoolVarP(&a.verbose, "verbose", "v", false, "tell more on standard error")
	root.AddCommand(a.addCmd(), a.crawlCmd(), a.extractCmd(), a.indexCmd(), a.runCmd(), a.searchCmd(), a.showCmd(), a.textCmd(),
		a.compareCmd(), a.timelineCmd(), a.coverageCmd(), a.evalCmd(), a.exportCmd(), a.verifyCmd(), a.backupCmd(), a.restoreCmd(), a.migrateCmd(), a.correctCmd(), a.sourcesCmd(), a.rulesCmd(),
		a.workerCmd(), a.jobsCmd(), a.serveCmd(), a.statusCmd(), a.doctorCmd(), a.demoCmd())
	usageErrors(root)
	return root
}

// usageErrors makes wrong arguments exit with 2.
func usageErrors(c *cobra.Command) {
	check := c.Args
	if check != nil {
		c.Args = func(cmd *cobra.Command, args []string) error {
			if err := check(cmd, args); err != nil {
				return usage("%w; see %s --help", err, cmd.CommandPath())
			}
			return nil
		}
	}
	for _, k := range c.Commands() {
		usageErrors(k)
	}
}

// dir is the data folder.
func (a *app) dir() (string, error) {
	switch {
	case a.data != "":
		return a.data, nil
	case a.Getenv("TUOGOU_DATA") != "":
		return a.Getenv("TUOGOU_DATA"), nil
	case a.Getenv("XDG_DATA_HOME") != "":
		return filepath.Join(a.Getenv("XDG_DATA_HOME"), "tuogou"), nil
	case a.Getenv("HOME") != "":
		return filepath.Join(a.Getenv("HOME"), ".local", "share", "tuogou"), nil
	case a.Getenv("LocalAppData") != "":
		return filepath.Join(a.Getenv("LocalAppData"), "tuogou"), nil
	}
	return "", usage("no data folder: give --data DIR or set TUOGOU_DATA")
}

// open opens the store, for reading only where write is false and it exists.
func (a *app) open(ctx context.Context, write bool) (store.Store, error) {
	return a.openAs(ctx, store.Options{ReadOnly: !write})
}

func (a *app) openAs(ctx context.Context, opts store.Options) (store.Store, error) {
	if a.store != nil {
		return a.store, nil
	}
	dir, err := a.dir()
	if err != nil {
		return nil, err
	}
	address, err := a.storeAddress()
	if err != nil {
		return nil, err
	}
	s, err := openStore(ctx, address, dir, opts)
	if errors.Is(err, store.ErrNotFound) || opts.ReadOnly && errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is nothing in %s yet: add texts with tuogou add, or try tuogou demo", dir)
	}
	if err != nil {
		return nil, err
	}
	a.store = s
	return s, nil
}

func (a *app) closeStore() error {
	if a.store == nil {
		return nil
	}
	err := a.store.Close()
	a.store = nil
	return err
}

func (a *app) close() {
	_ = a.closeStore() // an error was reported by the command that met it
	if c, ok := a.home.(io.Closer); ok {
		_ = c.Close() // connections
	}
	if a.pdf != nil {
		_ = a.pdf.Close() // nothing of it outlives the process
	}
}

// ruleFiles is the folder of rules in use.
func (a *app) ruleFiles() (fs.FS, error) {
	if a.rulesDir == "" {
		return rules.Embedded(), nil
	}
	if s, err := os.Stat(a.rulesDir); err != nil || !s.IsDir() {
		return nil, usage("--rules %s is not a folder", a.rulesDir)
	}
	return os.DirFS(a.rulesDir), nil
}

// knowledge loads rules and places, with the data folder's own places.tsv
// (zones, towns, samples) over the built-in table.
func (a *app) knowledge() (*knowledge, error) {
	if a.know != nil {
		return a.know, nil
	}
	files, err := a.ruleFiles()
	if err != nil {
		return nil, err
	}
	set, err := a.memory.rules(a.rulesDir, files)
	if err != nil {
		return nil, err
	}
	limits, err := limitsOf(a.limits)
	if err != nil {
		return nil, err
	}
	web, err := rules.LoadWeb(files)
	if err != nil {
		return nil, err
	}
	search, err := rules.LoadSearch(files)
	if err != nil {
		return nil, err
	}
	table, err := a.gazetteer()
	if err != nil {
		return nil, err
	}
	x, err := extract.New(set, table, a.segmenter(set))
	if err != nil {
		return nil, err
	}
	a.know = &knowledge{set: set, web: web, places: table, reader: reader.NewWith(set.Page, reader.Options{Limits: limits, Files: a.files()}), x: x, search: search}
	return a.know, nil
}

func (a *app) gazetteer() (*places.Table, error) {
	dir, err := a.dir()
	if err != nil {
		return places.Default(), nil
	}
	data, err := os.ReadFile(filepath.Join(dir, "places.tsv"))
	if errors.Is(err, fs.ErrNotExist) {
		return places.Default(), nil
	}
	if err != nil {
		return nil, fmt.Errorf("own places: %w", err)
	}
	t, err := a.memory.places(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir, "places.tsv"), err)
	}
	return t, nil
}

// segmenter is jieba with the organs as words of their own. It loads nothing
// until the first cut.
func (a *app) segmenter(set *rules.Set) *segment.Jieba {
	if a.words == nil {
		a.words = segment.New(segment.Options{CacheDir: cacheDir(), Words: set.Organs.Words()})
	}
	return a.words
}

func (a *app) lang() render.Lang {
	for _, s := range []string{a.langFlag, a.Getenv("LC_ALL"), a.Getenv("LC_MESSAGES"), a.Getenv("LANG")} {
		if s != "" {
			if strings.HasPrefix(strings.ToLower(s), "zh") {
				return render.ZH
			}
			return render.EN
		}
	}
	return render.EN
}

// renderOptions are those of every report.
func (a *app) renderOptions(title string) render.Options {
	o := render.Options{Lang: a.lang(), Title: title, OrganNames: map[string]render.Name{}}
	if k, err := a.knowledge(); err == nil {
		for _, kind := range k.set.Organs.Kinds() {
			o.OrganNames[kind.ID] = render.Name{ZH: kind.Name}
		}
	}
	return o
}

// topics are the provisions of the codebook as rows of a comparison.
func (a *app) topics() ([]compare.Topic, error) {
	k, err := a.knowledge()
	if err != nil {
		return nil, err
	}
	var out []compare.Topic
	for _, p := range k.set.Codebook.Provisions {
		out = append(out, compare.Topic{ID: p.ID, Name: p.Name, NameEN: p.NameEn})
	}
	return out, nil
}

func (a *app) log() *slog.Logger {
	if !a.verbose {
		return slog.New(slog.DiscardHandler)
	}
	return slog.New(slog.NewTextHandler(a.Stderr, nil))
}

// tell writes a line for people to standard error.
func (a *app) tell(format string, args ...any) { fmt.Fprintf(a.Stderr, format+"\n", args...) }

// print writes to standard output.
func (a *app) print(format string, args ...any) { fmt.Fprintf(a.Stdout, format, args...) }

func (a *app) today() string { return a.Now().In(time.FixedZone("CST", 8*3600)).Format("2006-01-02") }
