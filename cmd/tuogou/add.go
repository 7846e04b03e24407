package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/rules"
)

// maxFile bounds one file, in bytes: more than any published text.
const maxFile = 256 << 20

func (a *app) addCmd() *cobra.Command {
	var f crawlFlags
	c := &cobra.Command{
		Use:   "add PATH|URL…",
		Short: "Take files, folders, archives or single pages into the data folder",
		Long: `add keeps the bytes of files, of all files in folders, and of single pages in
the data folder. Nothing is read yet: "tuogou run" does that. What was added
before with the same bytes is the same document.

Of web archives (.warc, .warc.gz, .wacz) it keeps the pages on the topic with their
further pages and attachments, with --keep-all all pages. Files that lie beside a
saved page and are linked from it are its attachments.

Exit codes: 0 ok, 1 error, 2 usage, 3 finished with failures.`,
		Example: "  tuogou add plans/ notice.html\n  tuogou add https://www.example.gov.cn/art/1.html",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := a.open(cmd.Context(), true)
			if err != nil {
				return err
			}
			t := &tally{out: a.Stderr}
			var pages []string
			for _, arg := range args {
				if strings.HasPrefix(arg, "http://") || strings.HasPrefix(arg, "https://") {
					pages = append(pages, arg)
					continue
				}
				if err := a.addPath(cmd.Context(), s, arg, f, t); err != nil {
					return err
				}
			}
			if len(pages) > 0 {
				site := rules.Site{ID: "added", Level: corpus.Nation, Code: "000000", Name: "added by address", Organ: "unknown", Pages: pages, List: "page"}
				f.KeepAll = true
				report, err := a.crawlSites(cmd.Context(), []rules.Site{site}, f, t, nil)
				if err != nil {
					return err
				}
				a.tellCrawl(report)
			}
			return t.end("add")
		},
	}
	f.manners(c)
	c.Flags().BoolVar(&f.KeepAll, "keep-all", false, "keep the pages of archives that are off topic too")
	return c
}

// addPath adds a file, or every file below a folder. What cannot be read is
// one failure; the rest goes on.
func (a *app) addPath(ctx context.Context, s store.Store, path string, f crawlFlags, t *tally) error {
	ruleFiles, err := a.ruleFiles()
	if err != nil {
		return err
	}
	web, err := rules.LoadWeb(ruleFiles)
	if err != nil {
		return err
	}
	var files []string
	err = filepath.WalkDir(path, func(p string, e fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			t.add(corpus.Failed, p, reason(err))
			if e != nil && e.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		// What lies in the folder that a browser made comes with its page.
		if !e.IsDir() && !strings.HasPrefix(e.Name(), ".") && (p == path || !isCompanion(p)) {
			files = append(files, p)
		}
		return nil
	})
	if err != nil {
		return err
	}
	// Pages first: a file beside a page may be a part of it.
	slices.SortStableFunc(files, func(x, y string) int { return pageFirst(x) - pageFirst(y) })
	in := adder{app: a, s: s, t: t, web: web, flags: f, taken: map[string]bool{}}
	for _, p := range files {
		if err := in.file(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

func pageFirst(p string) int {
	if isPageName(p) {
		return 0
	}
	return 1
}

// adder takes files in.
type adder struct {
	*app
	s     store.Store
	t     *tally
	web   *rules.Web
	flags crawlFlags
	taken map[string]bool // files that are parts of a page
}

func (in *adder) file(ctx context.Context, p string) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case in.taken[filepath.Clean(p)]:
		return nil
	case archiveKind(p) != "":
		return in.addArchive(ctx, in.s, p, in.flags, in.t)
	}
	data, err := readFile(p)
	if err != nil {
		in.t.add(corpus.Failed, p, reason(err))
		return nil
	}
	if sv := savedPage(p, data, in.web); sv != nil {
		for _, file := range sv.files {
			in.taken[filepath.Clean(file)] = true
		}
		return in.addSaved(ctx, in.s, p, data, sv, in.t)
	}
	h := corpus.HashBytes(data)
	c := corpus.Capture{Doc: corpus.IDOf("", h), Path: filepath.Base(p), Fetched: in.Now(), SHA256: h, Size: int64(len(data))}
	o, err := in.s.PutCapture(ctx, c, data)
	if err != nil {
		return fmt.Errorf("add %s: %w", p, err)
	}
	in.t.add(o, p, "")
	return nil
}

// readFile reads a regular file that is not empty and not absurdly large.
func readFile(p string) ([]byte, error) {
	info, err := os.Stat(p)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, errors.New("is a folder")
	case !info.Mode().IsRegular():
		return nil, errors.New("is not a regular file")
	case info.Size() == 0:
		return nil, errors.New("the file is empty")
	case info.Size() > maxFile:
		return nil, fmt.Errorf("is larger than %d MiB", maxFile>>20)
	}
	return os.ReadFile(p)
}

// reason is an error without the path that the line names already.
func reason(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		switch {
		case errors.Is(err, fs.ErrPermission):
			return "no right to read it"
		case errors.Is(err, fs.ErrNotExist):
			return "there is no such file or folder"
		}
		return p.Err.Error()
	}
	return err.Error()
}
