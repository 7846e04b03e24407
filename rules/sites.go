package rules

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"sort"
	"strings"
	"time"

	"tuogou/corpus"
)

// Site is one column of one government site: where its list begins and what is
// known of its form. The catalogue is seed and history; an address stays
// Checked = false until somebody has seen it answer.
type Site struct {
	ID      string       `toml:"id"`    // unique, e.g. "330000-mzt.zj.gov.cn"
	Level   corpus.Level `toml:"level"` // of the jurisdiction
	Code    string       `toml:"code"`  // GB/T 2260, six digits; 000000 is the nation
	Place   string       `toml:"place"`
	Name    string       `toml:"name"`  // the organ or portal
	Organ   string       `toml:"organ"` // kind of organ, e.g. civil_affairs
	Section string       `toml:"section"`

	// Pages are the entry list pages, the newest known address first. An address
	// with {page} or {n} is a template of its list form, and one with {year} is
	// asked for FirstYear and each year after it.
	Pages []string `toml:"pages"`
	// FirstYear is the oldest {year} of Pages; 0 where none is to be asked for.
	FirstYear int `toml:"first_year"`
	// List names the list form; empty means that it is told from the page.
	List string `toml:"list"`
	// Article is a pattern on the addresses of articles, in which {year},
	// {month}, {day} and {id} may stand; empty means that the known address
	// dialects and the shape of the list decide.
	Article string `toml:"article"`
	// Hosts are further hosts on which the site keeps articles or files, with
	// their port if it is not the scheme's own. Files may lie on any host below
	// the same registered name without being named here.
	Hosts []string `toml:"hosts"`
	// Content is a CSS selector hint for the text of an article.
	Content string `toml:"content"`
	// Render is "browser" where the pages are built by scripts and may be opened
	// in an installed Chromium; empty means never.
	Render string `toml:"render"`
	// DelaySeconds is the pause between requests where the site needs a longer
	// one than the crawler's own.
	DelaySeconds int `toml:"delay_seconds"`

	System   string `toml:"system"`   // the publishing system, as far as known
	Paging   string `toml:"paging"`   // how others saw it page
	Evidence string `toml:"evidence"` // who saw it
	Seen     string `toml:"seen"`     // when it was last seen by them
	Note     string `toml:"note"`
	Checked  bool   `toml:"checked"` // seen to work by this program

	article *regexp.Regexp
}

// IsArticle says whether the site's own pattern takes address as an article,
// and whether there is such a pattern at all.
func (s Site) IsArticle(address string) (is, known bool) {
	if s.article == nil {
		return false, false
	}
	return s.article.MatchString(address), true
}

// Delay is DelaySeconds as a duration; 0 means the crawler's own.
func (s Site) Delay() time.Duration { return time.Duration(s.DelaySeconds) * time.Second }

// Compile checks the site and prepares its pattern. LoadSites has done so; a
// Site made by hand needs it before its pattern counts.
func (s *Site) Compile() error {
	var bad []error
	need := func(ok bool, why string) {
		if !ok {
			bad = append(bad, fmt.Errorf("site %q: %s", s.ID, why))
		}
	}
	need(siteID.MatchString(s.ID), "id needs letters, digits, dot, dash")
	need(siteCode.MatchString(s.Code), "code is not six digits")
	need(s.Name != "", "no name")
	need(s.Organ != "", "no organ")
	need(len(s.Pages) > 0, "no pages")
	need(s.Render == "" || s.Render == "browser", fmt.Sprintf("render is %q, and can be browser only", s.Render))
	need(s.DelaySeconds >= 0, "delay below zero")
	switch s.Level {
	case corpus.Nation, corpus.Province, corpus.Prefecture, corpus.County, corpus.Town, corpus.Zone:
	default:
		need(false, fmt.Sprintf("unknown level %q", s.Level))
	}
	for _, p := range s.Pages {
		if err := checkTemplate(p); err != nil {
			need(false, err.Error())
		}
	}
	s.article = nil
	if s.Article != "" {
		re, err := regexp.Compile(articleParts.Replace(s.Article))
		if m := placeholder.FindString(articleParts.Replace(s.Article)); m != "" {
			need(false, "article has an unknown placeholder "+m)
		}
		if err != nil {
			need(false, err.Error())
		}
		s.article = re
	}
	return errors.Join(bad...)
}

var (
	siteID      = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.\-]*$`)
	siteCode    = regexp.MustCompile(`^\d{6}$`)
	placeholder = regexp.MustCompile(`\{[a-z]+\}`)

	// articleParts are the placeholders of article patterns.
	articleParts = strings.NewReplacer("{year}", `(?:19|20)[0-9]{2}`, "{month}", `(?:0?[1-9]|1[0-2])`, "{day}", `(?:0?[1-9]|[12][0-9]|3[01])`,
		"{id}", `[0-9A-Za-z_\-]+`)
)

// checkTemplate accepts an absolute http or https address in which {word}
// may stand below the host.
func checkTemplate(p string) error {
	filled := placeholder.ReplaceAllString(p, "1")
	if strings.ContainsAny(filled, "{} \t…") {
		return fmt.Errorf("page %q is no address", p)
	}
	u, err := url.Parse(filled)
	if err != nil {
		return fmt.Errorf("page %q: %w", p, err)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.Fragment != "" {
		return fmt.Errorf("page %q is no absolute http address", p)
	}
	if head, _, _ := strings.Cut(p, u.Host); strings.Contains(head, "{") || !strings.Contains(p, u.Host) {
		return fmt.Errorf("page %q has a placeholder in its host", p)
	}
	return nil
}

// LoadSites reads sites/*.toml of the rules folder, in order of file and place.
// Unknown keys, a repeated id, a bad address and a bad pattern are errors that
// name the file.
func LoadSites(fsys fs.FS) ([]Site, error) {
	names, err := fs.Glob(fsys, "sites/*.toml")
	if err != nil {
		return nil, fmt.Errorf("rules: sites: %w", err)
	}
	sort.Strings(names)
	var all []Site
	seen := map[string]string{}
	for _, name := range names {
		var file struct {
			Site []Site `toml:"site"`
		}
		if err := decode(fsys, name, &file); err != nil {
			return nil, err
		}
		for _, s := range file.Site {
			if err := s.Compile(); err != nil {
				return nil, fmt.Errorf("rules: %s: %w", name, err)
			}
			if first, twice := seen[s.ID]; twice {
				return nil, fmt.Errorf("rules: %s: site %q stands in %s already", name, s.ID, path.Base(first))
			}
			seen[s.ID] = name
			all = append(all, s)
		}
	}
	return all, nil
}
