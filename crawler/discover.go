package crawler

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"

	"tuogou/rules"
)

// Column is a list page that was looked at.
type Column struct {
	URL    string
	Title  string // the words of the link to it, or its own title
	Form   string // the list form that reads it; empty where none does
	Rows   int
	Wanted int    // rows whose title is on the topic
	Newest string // the latest full date beside a row
	More   bool   // it has further pages
	// Problem says why it cannot be used; empty where it can.
	Problem string
}

// Discovery is what one address of a site leads to.
type Discovery struct {
	Title    string // of the page
	SiteCode string // 政府网站标识码, where the page has it: ten digits, the first six a place
	Columns  []Column
}

const (
	maxColumns = 24 // pages looked at for one site
	fewRows    = 3  // a list has at least so many
)

var siteCode = regexp.MustCompile(`(?i)<meta[^>]{0,80}SiteIDCode[^>]{0,80}content\s*=\s*["']?(\d{10})|标识码[：:]?\s*(?:<[^>]{0,60}>\s*)?(\d{10})`)

// looker fetches single pages by the same manners as a crawl.
type looker struct {
	run *run
}

func newLooker(opts Options) (*looker, error) {
	opts.Frontier, opts.Sink = &MemoryFrontier{}, &MemorySink{}
	r, err := newRun(nil, opts)
	if err != nil {
		return nil, err
	}
	return &looker{r}, nil
}

func (l *looker) close() error {
	if c, own := l.run.fetch.(*Client); own {
		c.http.CloseIdleConnections()
	}
	if l.run.archive == nil {
		return nil
	}
	_, err := l.run.archive.close()
	return err
}

// page fetches a list page. A problem with the page is in words; an error is
// the context's.
func (l *looker) page(ctx context.Context, s rules.Site, t Target) (p *Page, problem string, err error) {
	resp, err := l.run.fetch.Fetch(ctx, Request{URL: t.URL, Form: t.Form, Delay: s.Delay()})
	var moved *MovedError
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, "", ctx.Err()
	case errors.As(err, &moved):
		return nil, moved.Error(), nil
	case err != nil:
		return nil, err.Error(), nil
	case resp.Status != 200:
		return nil, fmt.Sprintf("status %d", resp.Status), nil
	}
	if why := softError(t.URL, resp, l.run.opts.Signs); why != "" {
		return nil, why, nil
	}
	u, err := url.Parse(resp.URL)
	if err != nil {
		return nil, err.Error(), nil
	}
	w := worker{run: l.run}
	return &Page{URL: u, Text: decodePage(resp.Body, resp.Header.Get("Content-Type")), HTML: isHTML(resp), Target: t, Site: s,
		Web: l.run.opts.Web, Wanted: w.wanted}, "", nil
}

// column reads a page as a list. A page that only leads to its list (a POST, an
// interface, a tree of categories) is followed one step.
func (l *looker) column(ctx context.Context, p *Page, steps int) (Column, error) {
	c := Column{URL: p.URL.String(), Title: squeeze(p.Doc().Find("title").First().Text())}
	form := formOf(p.Target.List, p)
	if form == nil {
		c.Problem = "no list form that is known"
		return c, nil
	}
	c.Form = form.Name()
	listing, err := form.Read(p)
	if err != nil {
		c.Problem = err.Error()
		return c, nil
	}
	c.Rows, c.More = len(listing.Rows), len(listing.Next) > 0
	for _, r := range listing.Rows {
		if p.Wanted != nil && p.Wanted(r.Title) {
			c.Wanted++
		}
		if len(r.Date) == len("2006-01-02") {
			c.Newest = max(c.Newest, r.Date)
		}
	}
	if c.Rows == 0 && c.More && steps > 0 {
		for _, n := range listing.Next[:min(len(listing.Next), 3)] {
			t := Target{URL: n.URL, Form: n.Form, List: n.List, Kind: ListPage, Page: 1}
			inner, problem, err := l.page(ctx, p.Site, t)
			if err != nil {
				return c, err
			}
			if problem != "" {
				c.Problem = problem
				continue
			}
			got, err := l.column(ctx, inner, steps-1)
			if err != nil {
				return c, err
			}
			if got.Rows > 0 {
				c.Rows, c.Wanted, c.Newest, c.More, c.Problem = c.Rows+got.Rows, c.Wanted+got.Wanted, max(c.Newest, got.Newest), true, ""
			}
		}
	}
	if c.Rows == 0 && c.Problem == "" {
		c.Problem = "no rows"
	}
	return c, nil
}

// Check looks at the first page of each entry of a source, one request or a few
// each. The frontier and the sink of the options are not used.
func Check(ctx context.Context, s rules.Site, opts Options) ([]Column, error) {
	l, err := newLooker(opts)
	if err != nil {
		return nil, err
	}
	defer l.close()
	if err := s.Compile(); err != nil {
		return nil, err
	}
	var out []Column
	for _, page := range s.Pages {
		targets, err := l.run.entries(s, page)
		if err != nil {
			return out, err
		}
		t := targets[0]
		if t.URL == page && strings.ContainsAny(page, "{}") || !knownForm(s.List) {
			out = append(out, Column{URL: page, Problem: "the address is a template that cannot be filled, or its list form is not known"})
			continue
		}
		p, problem, err := l.page(ctx, s, t)
		switch {
		case err != nil:
			return out, err
		case problem != "":
			out = append(out, Column{URL: t.URL, Problem: problem})
		case s.List == "page":
			out = append(out, Column{URL: t.URL, Title: squeeze(p.Doc().Find("title").First().Text()), Form: "page", Rows: 1})
		default:
			c, err := l.column(ctx, p, 1)
			if err != nil {
				return out, err
			}
			out = append(out, c)
		}
	}
	return out, nil
}

// Discover looks for the columns of a site from one address of it: the page
// itself, where it is a list, and the pages to which links with the words of
// columns lead (政策文件, 通知公告, 社会组织 …), two steps deep. The best
// columns come first: those with rows on the topic, then by their words.
func Discover(ctx context.Context, address string, opts Options) (Discovery, error) {
	l, err := newLooker(opts)
	if err != nil {
		return Discovery{}, err
	}
	defer l.close()
	first := CleanURL(address, l.run.opts.Web)
	if first == "" {
		return Discovery{}, fmt.Errorf("discover %q: no absolute http address", address)
	}
	p, problem, err := l.page(ctx, rules.Site{}, Target{URL: first, Kind: ListPage, Page: 1})
	if err != nil {
		return Discovery{}, err
	}
	if problem != "" {
		return Discovery{}, fmt.Errorf("discover %s: %s", first, problem)
	}
	d := Discovery{Title: squeeze(p.Doc().Find("title").First().Text())}
	if m := siteCode.FindStringSubmatch(p.Text); m != nil {
		d.SiteCode = m[1] + m[2]
	}
	f := finder{looker: l, seen: map[string]bool{first: true, p.URL.String(): true}}
	if !isHome(p.URL) {
		c, err := l.column(ctx, p, 1)
		if err != nil {
			return d, err
		}
		f.take(c)
	}
	if err := f.follow(ctx, p, 2); err != nil {
		return d, err
	}
	words := l.run.opts.Web.ColumnWords
	rank := func(c Column) int {
		at := slices.IndexFunc(words, func(w string) bool { return strings.Contains(c.Title, w) })
		if at < 0 {
			return len(words)
		}
		return at
	}
	sort.SliceStable(f.columns, func(i, j int) bool {
		a, b := f.columns[i], f.columns[j]
		if (a.Problem == "") != (b.Problem == "") {
			return a.Problem == ""
		}
		if a.Wanted != b.Wanted {
			return a.Wanted > b.Wanted
		}
		return rank(a) < rank(b)
	})
	d.Columns = f.columns
	return d, nil
}

// finder follows the links to columns.
type finder struct {
	*looker
	seen    map[string]bool
	columns []Column
	asked   int
}

func (f *finder) take(c Column) {
	if c.Rows >= fewRows || c.Wanted > 0 || c.Problem == "" && c.More {
		f.columns = append(f.columns, c)
	}
}

// follow looks at the pages behind a page's links with the words of columns, and
// goes one step on from those that lead to columns rather than being one.
func (f *finder) follow(ctx context.Context, p *Page, steps int) error {
	type candidate struct {
		url, title string
	}
	var next []candidate
	web := f.run.opts.Web
	p.Doc().Find("a[href]").Each(func(_ int, a *goquery.Selection) {
		title := linkTitle(a)
		ref := resolve(p.URL, a.AttrOr("href", ""), web)
		u, err := url.Parse(ref)
		if ref == "" || err != nil || !sameHost(u, p.URL) || f.seen[ref] || isHome(u) || isFile(u, web) || web.IsArticle(u.RequestURI()) ||
			utf8.RuneCountInString(title) > 14 || !hasWord(title, web.ColumnWords) && !hasWord(title, web.GateWords) {
			return
		}
		f.seen[ref] = true
		next = append(next, candidate{ref, title})
	})
	for _, c := range next {
		if f.asked++; f.asked > maxColumns {
			return nil
		}
		page, problem, err := f.page(ctx, rules.Site{}, Target{URL: c.url, Kind: ListPage, Page: 1})
		if err != nil {
			return err
		}
		if problem != "" {
			if hasWord(c.title, web.ColumnWords) {
				f.columns = append(f.columns, Column{URL: c.url, Title: c.title, Problem: problem})
			}
			continue
		}
		f.seen[page.URL.String()] = true
		col, err := f.column(ctx, page, 1)
		if err != nil {
			return err
		}
		col.Title = c.title
		if hasWord(c.title, web.ColumnWords) || col.Wanted > 0 {
			f.take(col)
		}
		if steps > 1 && hasWord(c.title, web.GateWords) {
			if err := f.follow(ctx, page, steps-1); err != nil {
				return err
			}
		}
	}
	return nil
}
