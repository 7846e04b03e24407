package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/crawler"
	"tuogou/rules"
)

// archiveKind tells web archives by their names: "warc", "wacz" or "".
func archiveKind(name string) string {
	name = strings.ToLower(name)
	switch {
	case strings.HasSuffix(name, ".warc"), strings.HasSuffix(name, ".warc.gz"):
		return "warc"
	case strings.HasSuffix(name, ".wacz"):
		return "wacz"
	}
	return ""
}

// addArchive takes the pages on the topic out of a web archive, with their
// further pages and attachments as parts of them. The archive is read three
// times: what belongs to what is known only at its end, and a page must be kept
// before its parts.
func (a *app) addArchive(ctx context.Context, s store.Store, name string, f crawlFlags, t *tally) error {
	opts, err := a.crawlOptions(f)
	if err != nil {
		return err
	}
	in := archiveAdder{app: a, s: s, t: t, web: opts.Web, focus: opts.Focus, part: map[string]string{}, on: map[string]bool{}}
	if f.KeepAll {
		in.focus = nil
	}
	read := crawler.ReadWARC
	if archiveKind(name) == "wacz" {
		read = crawler.ReadWACZ
	}
	for _, step := range []func(context.Context, crawler.Archived) error{in.look, in.pages, in.parts} {
		bad, err := read(name, maxFile, func(r crawler.Archived) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			if r.URL = crawler.CleanURL(r.URL, in.web); r.Status != 200 || r.URL == "" || strings.HasSuffix(r.URL, "/robots.txt") {
				return nil
			}
			return step(ctx, r)
		})
		if err != nil {
			t.add(corpus.Failed, name, reason(err))
			return ctx.Err()
		}
		if in.bad == 0 && bad > 0 {
			in.bad = bad
			t.add(corpus.Failed, name, fmt.Sprintf("%d records are broken or too large, or there is none", bad))
		}
	}
	return nil
}

// archiveAdder takes one archive in.
type archiveAdder struct {
	*app
	s     store.Store
	t     *tally
	web   *rules.Web
	focus *rules.Focus
	bad   int
	part  map[string]string // address of a part to that of its page
	on    map[string]bool   // pages to be kept
}

// look finds the pages and what belongs to them.
func (in *archiveAdder) look(_ context.Context, r crawler.Archived) error {
	page := crawler.Inspect(r, in.web, in.focus)
	if !page.Page || page.Off != "" {
		return nil
	}
	in.on[r.URL] = true
	whole := r.URL
	if first, ok := in.part[r.URL]; ok {
		whole = first
	}
	for _, rows := range [][]crawler.Row{page.Further, page.Files} {
		for _, row := range rows {
			if _, known := in.part[row.URL]; !known && row.URL != whole {
				in.part[row.URL] = whole
			}
		}
	}
	return nil
}

func (in *archiveAdder) pages(ctx context.Context, r crawler.Archived) error {
	page := crawler.Inspect(r, in.web, in.focus)
	if _, isPart := in.part[r.URL]; isPart || !page.Page {
		return nil
	}
	if !in.on[r.URL] {
		in.t.add(corpus.Skipped, r.URL, page.Off)
		return nil
	}
	return in.keep(ctx, r, "")
}

func (in *archiveAdder) parts(ctx context.Context, r crawler.Archived) error {
	page := crawler.Inspect(r, in.web, in.focus)
	whole, isPart := in.part[r.URL]
	switch {
	case isPart && in.on[whole] && (page.Page || page.File):
		return in.keep(ctx, r, whole)
	case page.File && in.focus == nil:
		return in.keep(ctx, r, "")
	case page.File:
		in.t.add(corpus.Skipped, r.URL, "no page on the topic offers it")
	}
	return nil
}

func (in *archiveAdder) keep(ctx context.Context, r crawler.Archived, parent string) error {
	c := corpus.Capture{Doc: corpus.IDOf(r.URL, ""), URL: r.URL, Fetched: r.Time, Status: r.Status, Type: r.Type, Parent: parent}
	o, err := in.s.PutCapture(ctx, c, r.Body)
	if err != nil {
		return fmt.Errorf("add %s: %w", r.URL, err)
	}
	in.t.add(o, r.URL, "")
	return nil
}

// savedFrom are the marks by which a saved page says where it came from:
// browsers' own comment, then the page's canonical address.
var savedFrom = []*regexp.Regexp{
	regexp.MustCompile(`(?i)<!--\s*saved from url=\(\d+\)(\S+)`),
	regexp.MustCompile(`(?i)<link[^>]{0,200}rel=["']?canonical["']?[^>]{0,200}href=["']?(https?://[^"'\s>]+)`),
	regexp.MustCompile(`(?i)<base[^>]{0,200}href=["']?(https?://[^"'\s>]+\.s?html?)["'\s>]`),
}

func isPageName(p string) bool {
	switch strings.ToLower(filepath.Ext(p)) {
	case ".html", ".htm", ".shtml", ".xhtml":
		return true
	}
	return false
}

// saved is a page that was saved with its files.
type saved struct {
	url   string
	files map[string]string // address of each part to its path
}

// savedPage looks for the files that lie beside a saved page and belong to it:
// in its own folder, or in the one that browsers make (page_files, page.files).
// A page that does not say where it came from gets an address of its own, made
// from its bytes, by which its files are tied to it. Nil is no page with files.
func savedPage(p string, data []byte, web *rules.Web) *saved {
	if !isPageName(p) {
		return nil
	}
	sv := &saved{files: map[string]string{}}
	for _, re := range savedFrom {
		if m := re.FindSubmatch(data[:min(len(data), 64<<10)]); m != nil && sv.url == "" {
			sv.url = crawler.CleanURL(string(m[1]), web)
		}
	}
	// Links of the page are read as if it had been fetched from the folder.
	base := sv.url
	if base == "" {
		base = "http://saved.invalid/" + url.PathEscape(filepath.Base(p))
	}
	page := crawler.Inspect(crawler.Archived{URL: base, Status: 200, Type: "text/html", Body: data}, web, nil)
	own := "file:///" + string(corpus.HashBytes(data)[:16]) + "/"
	for _, rows := range [][]crawler.Row{page.Files, page.Further} {
		for _, row := range rows {
			file := companion(p, row.URL)
			if file == "" {
				continue
			}
			address := row.URL
			if sv.url == "" {
				address = own + strings.TrimPrefix(row.URL, "http://saved.invalid/")
			}
			sv.files[address] = file
		}
	}
	if len(sv.files) == 0 && sv.url == "" {
		return nil
	}
	if sv.url == "" {
		sv.url = own + url.PathEscape(filepath.Base(p))
	}
	return sv
}

// companion is the file beside a saved page to which an address leads, or "".
func companion(page, address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	dir := filepath.Dir(page)
	stem := strings.TrimSuffix(filepath.Base(page), filepath.Ext(page))
	name := path.Base(u.Path)
	for _, rel := range []string{strings.TrimPrefix(u.Path, "/"), name, stem + "_files/" + name, stem + ".files/" + name} {
		local := filepath.FromSlash(rel)
		if !filepath.IsLocal(local) {
			continue
		}
		full := filepath.Join(dir, local)
		if info, err := os.Lstat(full); err == nil && info.Mode().IsRegular() && full != filepath.Clean(page) {
			return full
		}
	}
	return ""
}

// addSaved keeps a saved page and its files as parts of it.
func (a *app) addSaved(ctx context.Context, s store.Store, p string, data []byte, sv *saved, t *tally) error {
	put := func(file, address, parent string, data []byte) error {
		c := corpus.Capture{Doc: corpus.IDOf(address, ""), URL: address, Path: filepath.Base(file), Fetched: a.Now(), Parent: parent}
		o, err := s.PutCapture(ctx, c, data)
		if err != nil {
			return fmt.Errorf("add %s: %w", file, err)
		}
		t.add(o, file, "")
		return nil
	}
	if err := put(p, sv.url, "", data); err != nil {
		return err
	}
	for address, file := range sv.files {
		part, err := readFile(file)
		if err != nil {
			t.add(corpus.Failed, file, reason(err))
			continue
		}
		if err := put(file, address, sv.url, part); err != nil {
			return err
		}
	}
	return nil
}

// isCompanion says whether a file lies in the folder that a browser made for
// the pictures and scripts of a saved page.
func isCompanion(p string) bool {
	dir := filepath.Dir(p)
	for _, end := range []string{"_files", ".files"} {
		stem, ok := strings.CutSuffix(dir, end)
		if !ok {
			continue
		}
		for _, ext := range []string{".html", ".htm"} {
			if _, err := os.Stat(stem + ext); err == nil || !errors.Is(err, fs.ErrNotExist) {
				return true
			}
		}
	}
	return false
}
