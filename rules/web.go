package rules

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// Sign is a mark by which a firewall or a soft error shows itself: which
// product, seen how, and what the crawler makes of it. All conditions that are
// given must hold.
type Sign struct {
	ID     string `toml:"id"`
	Family string `toml:"family"`
	// Treat is "blocked" (ends the host for this run), "soft" (the answer is no
	// document) or "pass" (a known product that lets us through).
	Treat  string `toml:"treat"`
	Status []int  `toml:"status"` // any of these; empty means any status
	Header string `toml:"header"` // pattern on one "Name: value" line
	Body   string `toml:"body"`   // pattern on the first bytes of the body
	// MaxBytes bounds the size of the body for which the sign counts; 0 is no bound.
	MaxBytes int           `toml:"max_bytes"`
	Evidence string        `toml:"evidence"`
	Examples []SignExample `toml:"examples"`
	Non      []SignExample `toml:"nonexamples"`

	header, body *regexp.Regexp
}

// SignExample is a small answer that must, or must not, show the sign.
type SignExample struct {
	Status int      `toml:"status"`
	Header []string `toml:"header"` // "Name: value"
	Body   string   `toml:"body"`
}

// signWindow is how much of a body the patterns see, in bytes: challenges are
// short, and articles are long.
const signWindow = 64 << 10

// Match says whether an answer shows the sign.
func (s *Sign) Match(status int, header http.Header, body []byte) bool {
	if len(s.Status) > 0 && !slices.Contains(s.Status, status) {
		return false
	}
	if s.MaxBytes > 0 && len(body) > s.MaxBytes {
		return false
	}
	if s.header != nil && !matchHeader(s.header, header) {
		return false
	}
	return s.body == nil || s.body.Match(body[:min(len(body), signWindow)])
}

func matchHeader(re *regexp.Regexp, header http.Header) bool {
	for name, values := range header {
		for _, v := range values {
			if re.MatchString(name + ": " + v) {
				return true
			}
		}
	}
	return false
}

func (s *Sign) compile() error {
	var err error
	if s.Header != "" {
		if s.header, err = regexp.Compile(s.Header); err != nil {
			return err
		}
	}
	if s.Body != "" {
		if s.body, err = regexp.Compile(s.Body); err != nil {
			return err
		}
	}
	if s.ID == "" || !slices.Contains([]string{"blocked", "soft", "pass"}, s.Treat) {
		return errors.New("needs an id and treat = blocked, soft or pass")
	}
	if len(s.Status) == 0 && s.header == nil && s.body == nil {
		return errors.New("has no condition")
	}
	if len(s.Examples) == 0 {
		return errors.New("has no example")
	}
	for i, e := range s.Examples {
		if !s.Match(e.Status, e.headers(), []byte(e.Body)) {
			return fmt.Errorf("example %d does not show it", i+1)
		}
	}
	for i, e := range s.Non {
		if s.Match(e.Status, e.headers(), []byte(e.Body)) {
			return fmt.Errorf("counter-example %d shows it", i+1)
		}
	}
	return nil
}

func (e SignExample) headers() http.Header {
	h := http.Header{}
	for _, line := range e.Header {
		name, value, _ := strings.Cut(line, ":")
		h.Add(name, strings.TrimSpace(value))
	}
	return h
}

// LoadSigns reads waf.toml of the rules folder, in its order: the first sign
// that matches counts.
func LoadSigns(fsys fs.FS) ([]Sign, error) {
	const name = "waf.toml"
	var file struct {
		Sign []Sign `toml:"sign"`
	}
	if err := decode(fsys, name, &file); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for i := range file.Sign {
		s := &file.Sign[i]
		if err := s.compile(); err != nil {
			return nil, fmt.Errorf("rules: %s: sign %q: %w", name, s.ID, err)
		}
		if seen[s.ID] {
			return nil, fmt.Errorf("rules: %s: sign %q stands there twice", name, s.ID)
		}
		seen[s.ID] = true
	}
	return file.Sign, nil
}

// Web holds the words and names by which list and article pages are read.
type Web struct {
	// SessionKeys are query keys that carry a visit, not a document.
	SessionKeys []string `toml:"session_keys"`
	// PageKeys are query keys that carry a page number.
	PageKeys []string `toml:"page_keys"`
	// NextWords name the link to the next page of a list.
	NextWords []string `toml:"next_words"`
	// ColumnWords name the columns worth reading where a site has many.
	ColumnWords []string `toml:"column_words"`
	// GateWords name the pages that lead to columns.
	GateWords []string `toml:"gate_words"`
	// AttachmentWords begin the text of a link to an attachment.
	AttachmentWords []string `toml:"attachment_words"`
	// AttachmentPaths are parts of the addresses of download programs.
	AttachmentPaths []string `toml:"attachment_paths"`
	// DocumentTypes are file extensions of documents, without the dot.
	DocumentTypes []string `toml:"document_types"`
	// FileHosts are the ends of host names of storage services on which sites
	// keep their files.
	FileHosts []string `toml:"file_hosts"`
	// TailWords begin the tail of an article page.
	TailWords []string `toml:"tail_words"`
	// HomeWords stand in the title of a home page.
	HomeWords []string `toml:"home_words"`
	// Containers are the known containers of an article's text, best first.
	Containers []string `toml:"containers"`
	// Dialects are the known shapes of an article's address.
	Dialects []Dialect `toml:"dialect"`
	// PageCounts are patterns whose first group is the number of pages,
	// RowCounts of the rows of all pages.
	PageCounts []PageCount `toml:"page_count"`
	RowCounts  []PageCount `toml:"row_count"`
	// JSONTitle, JSONURL, JSONDate and JSONNumber are the keys of a row in an
	// answer of JSON, best first, whatever their case.
	JSONTitle  []string `toml:"json_title"`
	JSONURL    []string `toml:"json_url"`
	JSONDate   []string `toml:"json_date"`
	JSONNumber []string `toml:"json_number"`
	// JSONPages and JSONRows are the keys of the numbers of pages and of rows.
	JSONPages []string `toml:"json_pages"`
	JSONRows  []string `toml:"json_rows"`
	// MoreWords name the link to the next page of an article.
	MoreWords []string `toml:"more_words"`
	// Volatile are patterns of the parts of a page that differ with each visit.
	Volatile []Volatile `toml:"volatile"`
}

// Volatile is one part of a page that differs with each visit: a counter, a
// token, the date of rendering.
type Volatile struct {
	Pattern  string   `toml:"pattern"`
	Examples []string `toml:"examples"`
	Non      []string `toml:"nonexamples"`

	re *regexp.Regexp
}

// Dialect is one known shape of an article's address.
type Dialect struct {
	ID       string   `toml:"id"`
	Pattern  string   `toml:"pattern"`
	Examples []string `toml:"examples"`
	Non      []string `toml:"nonexamples"`

	re *regexp.Regexp
}

// PageCount is one way in which a list says how many pages it has.
type PageCount struct {
	Pattern  string   `toml:"pattern"`
	Examples []string `toml:"examples"`
	Non      []string `toml:"nonexamples"`

	re *regexp.Regexp
}

// IsArticle says whether a path with its query has a known article shape.
func (w *Web) IsArticle(path string) bool {
	for i := range w.Dialects {
		if w.Dialects[i].re != nil && w.Dialects[i].re.MatchString(path) {
			return true
		}
	}
	return false
}

// CountPages is the number of pages that a list states, or "".
func (w *Web) CountPages(page string) string { return firstCount(w.PageCounts, page) }

// CountRows is the number of rows that a list states for all its pages, or "".
func (w *Web) CountRows(page string) string { return firstCount(w.RowCounts, page) }

// Steady is a page without the parts that differ with each visit.
func (w *Web) Steady(page string) string {
	for i := range w.Volatile {
		if re := w.Volatile[i].re; re != nil {
			page = re.ReplaceAllString(page, "")
		}
	}
	return page
}

func firstCount(counts []PageCount, page string) string {
	for i := range counts {
		if re := counts[i].re; re != nil {
			if m := re.FindStringSubmatch(page); m != nil {
				return m[1]
			}
		}
	}
	return ""
}

// LoadWeb reads web.toml of the rules folder and proves its examples.
func LoadWeb(fsys fs.FS) (*Web, error) {
	const name = "web.toml"
	var w Web
	if err := decode(fsys, name, &w); err != nil {
		return nil, err
	}
	var err error
	for i := range w.Dialects {
		d := &w.Dialects[i]
		if d.re, err = provePattern(d.Pattern, d.Examples, d.Non); err != nil {
			return nil, fmt.Errorf("rules: %s: dialect %q: %w", name, d.ID, err)
		}
	}
	for _, list := range [][]PageCount{w.PageCounts, w.RowCounts} {
		for i := range list {
			c := &list[i]
			if c.re, err = provePattern(c.Pattern, c.Examples, c.Non); err != nil {
				return nil, fmt.Errorf("rules: %s: count: %w", name, err)
			}
			if c.re.NumSubexp() != 1 {
				return nil, fmt.Errorf("rules: %s: count %q needs one group", name, c.Pattern)
			}
		}
	}
	for i := range w.Volatile {
		v := &w.Volatile[i]
		if v.re, err = provePattern(v.Pattern, v.Examples, v.Non); err != nil {
			return nil, fmt.Errorf("rules: %s: volatile: %w", name, err)
		}
	}
	return &w, nil
}
