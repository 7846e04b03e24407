package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"time"

	"tuogou/corpus"
	"tuogou/crawler"
)

// tellCrawl prints the report in words, and with -v every address.
func (a *app) tellCrawl(r crawler.Report) {
	for _, h := range r.Hosts {
		for _, i := range h.Items {
			if i.Outcome == corpus.Failed || i.Gone || a.verbose {
				a.tell("%s %s%s", outcomeWord(i), i.URL, why(i.Reason))
			}
		}
		a.tell("%s: %s", h.Host, hostWords(h))
		if h.Ended != "" {
			a.tell("%s: left alone: %s", h.Host, h.Ended)
		}
	}
	for _, s := range r.Sites {
		a.tell("source %s: %s", s.Site, sourceWords(s, r.Resumed))
		for _, w := range s.Warnings {
			a.tell("source %s: look at it: %s", s.Site, w)
		}
	}
	if r.Copies > 0 {
		a.tell("%d documents are copies of others", r.Copies)
	}
	if r.WARC != "" {
		a.tell("archive: %s", r.WARC)
	}
}

// sourceWords tells what a source listed. The rest of an interrupted crawl is
// not compared with a visit: most of its lists may have been read before.
func sourceWords(s crawler.Health, resumed bool) string {
	if resumed {
		return fmt.Sprintf("the rest of an interrupted crawl: %d documents new or changed, %d rows in %d list pages", s.Kept, s.Rows, s.Lists)
	}
	before, newest := "first visit", ""
	if s.Before >= 0 {
		before = fmt.Sprintf("%d the last time", s.Before)
	}
	if s.Newest != "" {
		newest = ", newest " + s.Newest
	}
	return fmt.Sprintf("%d rows in %d list pages (%s), %d new%s", s.Rows, s.Lists, before, s.New, newest)
}

// outcomeWord is the outcome as people say it: new, changed, same, gone,
// skipped, failed; read for a list page.
func outcomeWord(i crawler.Item) string {
	switch {
	case i.Kind == crawler.ListPage && i.Outcome == corpus.Done:
		return "read"
	case i.Gone:
		return "gone"
	case i.Changed:
		return "changed"
	case i.Outcome == corpus.Done:
		return "new"
	}
	return string(i.Outcome)
}

func hostWords(h crawler.HostReport) string {
	counts := map[string]int{}
	for _, i := range h.Items {
		if i.Kind != crawler.ListPage || i.Outcome != corpus.Done {
			counts[outcomeWord(i)]++
		}
	}
	var parts []string
	for _, word := range []string{"new", "changed", "same", "gone", "skipped", "failed"} {
		if n := counts[word]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, word))
		}
	}
	if len(parts) == 0 {
		parts = []string{"no documents"}
	}
	return strings.Join(parts, ", ") + fmt.Sprintf("; %d list pages", h.Lists)
}

func why(s string) string {
	if s = strings.TrimSpace(s); s != "" {
		return ": " + s
	}
	return ""
}

// reportLine is one line of a report in JSON. Type is "url", "host", "source"
// or "crawl".
type reportLine struct {
	Type string `json:"type"`
	Data any    `json:"data"`
}

type reportURL struct {
	URL     string `json:"url"`
	Kind    string `json:"kind"`
	Source  string `json:"source"`
	Outcome string `json:"outcome"`
	Reason  string `json:"reason,omitempty"`
	Status  int    `json:"status,omitempty"`
	CopyOf  string `json:"copy_of,omitempty"`
}

type reportHost struct {
	Host  string `json:"host"`
	Lists int    `json:"lists"`
	Ended string `json:"ended,omitempty"`
}

type reportSource struct {
	Source   string   `json:"source"`
	Rows     int      `json:"rows"`
	Before   int      `json:"before"` // -1 where there was no visit before
	New      int      `json:"new"`
	Lists    int      `json:"lists"`
	Docs     int      `json:"docs"`
	Kept     int      `json:"kept"` // of docs, new or changed in this run
	Newest   string   `json:"newest,omitempty"`
	Forms    []string `json:"forms,omitempty"`
	Warnings []string `json:"warnings,omitempty"`
}

type reportTotal struct {
	Done    int    `json:"done"`
	Changed int    `json:"changed"` // of done
	Same    int    `json:"same"`
	Skipped int    `json:"skipped"`
	Gone    int    `json:"gone"` // of skipped
	Failed  int    `json:"failed"`
	Copies  int    `json:"copies"`
	WARC    string `json:"warc,omitempty"`
	Resumed bool   `json:"resumed,omitempty"`
}

// writeReport writes a report as JSON, one object a line.
func writeReport(w io.Writer, r crawler.Report) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	var errs []error
	put := func(kind string, data any) { errs = append(errs, e.Encode(reportLine{kind, data})) }
	for _, h := range r.Hosts {
		for _, i := range h.Items {
			put("url", reportURL{i.URL, string(i.Kind), i.Site, outcomeWord(i), i.Reason, i.Status, i.CopyOf})
		}
		put("host", reportHost{h.Host, h.Lists, h.Ended})
	}
	for _, s := range r.Sites {
		put("source", reportSource{s.Site, s.Rows, s.Before, s.New, s.Lists, s.Docs, s.Kept, s.Newest, s.Forms, s.Warnings})
	}
	name := ""
	if r.WARC != "" {
		name = filepath.Base(r.WARC)
	}
	put("crawl", reportTotal{r.Done, r.Changed, r.Same, r.Skipped, r.Gone, r.Failed, r.Copies, name, r.Resumed})
	return errors.Join(errs...)
}

const keptReports = 200 // files in reports/

// keepReport writes the report into the data folder, and drops the oldest where
// there are many.
func (a *app) keepReport(r crawler.Report) error {
	dir, err := a.dir()
	if err != nil || len(r.Hosts) == 0 {
		return nil
	}
	dir = filepath.Join(dir, "reports")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	var b strings.Builder
	if err := writeReport(&b, r); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	if err := writeNew(dir, a.Now().UTC(), []byte(b.String())); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	old, err := fs.Glob(os.DirFS(dir), "crawl-*.jsonl")
	if err != nil || len(old) <= keptReports {
		return nil
	}
	sort.Strings(old)
	for _, name := range slices.Clone(old[:len(old)-keptReports]) {
		if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("report: %w", err)
		}
	}
	return nil
}

// writeNew writes a report under a name that no other has: several crawls may end in one
// millisecond.
func writeNew(dir string, at time.Time, data []byte) error {
	for {
		f, err := os.OpenFile(filepath.Join(dir, "crawl-"+at.Format("20060102T150405.000")+".jsonl"), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
		if errors.Is(err, fs.ErrExist) {
			at = at.Add(time.Millisecond)
			continue
		}
		if err != nil {
			return err
		}
		_, err = f.Write(data)
		return errors.Join(err, f.Close())
	}
}

// crawlProgress prints now and then how far a crawl is, with its rate and the
// time that what is known to be open will take.
func (a *app) crawlProgress() func(crawler.Progress) {
	begin := time.Now()
	return func(p crawler.Progress) {
		now := time.Now()
		rate := float64(p.Finished) / now.Sub(begin).Seconds()
		left := time.Duration(float64(p.Open) / max(rate, 0.001) * float64(time.Second)).Round(time.Second)
		a.tell("crawl: %d done, %d open, %.1f a second, about %s left (%s)", p.Finished, p.Open, rate, left, p.Host)
	}
}
