package crawler

import (
	"encoding/json"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
)

// scriptList is a list that a script writes: document.writeln("<li>…"), arrays
// filled one by one (urls[i]='…'; headers[i]='…'), or objects with a title and
// an address. Nothing is run: the strings are read where they stand. A page
// whose rows lie in a script or a feed of its own folder leads there.
type scriptList struct{}

var (
	writeCall = regexp.MustCompile(`document\.write(?:ln)?\s*\(`)
	literal   = regexp.MustCompile(`"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'`)
	arraySet  = regexp.MustCompile(`\b(\w+)\s*\[\s*\w*\s*\]\s*=\s*("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')`)
	arrayPush = regexp.MustCompile(`\b(\w+)\.push\(\s*("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')\s*\)`)
	objectLit = regexp.MustCompile(`\{[^{}]{10,1000}\}`)
	objectKey = regexp.MustCompile(`["']?(\w+)["']?\s*:\s*("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')`)
	feedName  = regexp.MustCompile(`["']([\w./\-]{1,120}\.json)(?:\?[^"']{0,40})?["']`)
)

const maxScripts = 5 // of one page that are looked into

func (scriptList) Name() string { return "script" }

func (s scriptList) Detect(p *Page) bool {
	if strings.HasSuffix(strings.ToLower(p.URL.Path), ".js") {
		return true
	}
	return p.HTML && len(s.rows(p)) > 0 && len(htmlRows(p, p.Doc().Selection)) == 0
}

func (s scriptList) Read(p *Page) (Listing, error) {
	l := Listing{Rows: s.rows(p)}
	if p.HTML {
		if next := nextPage(p, len(l.Rows)); next != "" {
			l.Next = []Next{{URL: next, List: s.Name()}}
		}
	}
	return l, nil
}

// rows are those of all three ways of writing a list.
func (s scriptList) rows(p *Page) []Row {
	text := p.Text
	if p.HTML {
		var b strings.Builder
		p.Doc().Find("script:not([src])").Each(func(_ int, e *goquery.Selection) { b.WriteString(e.Text() + "\n") })
		text = b.String()
	}
	var rows []Row
	if html := written(text); html != "" {
		rows = htmlRows(p, parseHTML(html).Selection)
	}
	if len(rows) == 0 {
		rows = s.objects(p, text)
	}
	if len(rows) == 0 {
		rows = s.arrays(p, text)
	}
	return rows
}

// written joins what a script writes into the page.
func written(script string) string {
	var b strings.Builder
	for _, at := range writeCall.FindAllStringIndex(script, 2000) {
		rest := script[at[1]:]
		if end := strings.IndexByte(rest, '\n'); end >= 0 {
			rest = rest[:end]
		}
		for _, lit := range literal.FindAllString(rest, 50) {
			b.WriteString(unquote(lit))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// unquote reads a JavaScript string.
func unquote(lit string) string {
	inner := lit[1 : len(lit)-1]
	if !strings.Contains(inner, `\`) {
		return inner
	}
	inner = strings.NewReplacer(`\'`, `'`, `\/`, `/`, `\"`, `"`).Replace(inner)
	var out string
	if json.Unmarshal([]byte(`"`+strings.ReplaceAll(inner, `"`, `\"`)+`"`), &out) == nil {
		return out
	}
	return inner
}

func (scriptList) objects(p *Page, script string) []Row {
	var rows []Row
	for _, o := range objectLit.FindAllString(script, 5000) {
		m := map[string]any{}
		for _, kv := range objectKey.FindAllStringSubmatch(o, 40) {
			m[kv[1]] = unquote(kv[2])
		}
		f := jsonFinder{page: p}
		if len(m) > 1 && f.row(m) {
			rows = append(rows, f.rows...)
		}
	}
	return rows
}

// arrays puts the nth values of all arrays together: the address is the one
// with an article's shape, the title the longest other one.
func (scriptList) arrays(p *Page, script string) []Row {
	values := map[string][]string{}
	var names []string
	for _, m := range append(arraySet.FindAllStringSubmatch(script, 20000), arrayPush.FindAllStringSubmatch(script, 20000)...) {
		if values[m[1]] == nil {
			names = append(names, m[1])
		}
		values[m[1]] = append(values[m[1]], unquote(m[2]))
	}
	var rows []Row
	for _, name := range names {
		for i, ref := range values[name] {
			address := resolve(p.URL, ref, p.Web)
			u, err := url.Parse(address)
			if address == "" || err != nil || !p.own(u) || !p.isArticle(u) {
				continue
			}
			r := Row{URL: address}
			for _, other := range names {
				if other == name || i >= len(values[other]) {
					continue
				}
				v := squeeze(plainTitle(values[other][i]))
				if utf8.RuneCountInString(v) > utf8.RuneCountInString(r.Title) && listedDate(v) != v {
					r.Title = v
				}
				if d := listedDate(v); d != "" && r.Date == "" {
					r.Date = d
				}
			}
			rows = append(rows, r)
		}
		if len(rows) > 0 {
			break
		}
	}
	return rows
}

// feeds are the scripts and JSON files in a page's own folder: where a page has
// no rows, they may lie there.
func feeds(p *Page) []Next {
	var out []Next
	seen := map[string]bool{}
	add := func(ref, form string) {
		address := resolve(p.URL, ref, p.Web)
		u, err := url.Parse(address)
		if address == "" || err != nil || seen[address] || len(out) >= maxScripts || !sameHost(u, p.URL) ||
			!strings.HasPrefix(path.Dir(u.Path)+"/", strings.TrimSuffix(path.Dir(p.URL.Path), "/")+"/") || path.Dir(p.URL.Path) == "/" {
			return
		}
		seen[address] = true
		out = append(out, Next{URL: address, List: form, Branch: true})
	}
	for _, m := range feedName.FindAllStringSubmatch(p.Text, 20) {
		add(m[1], "json")
	}
	p.Doc().Find("script[src]").Each(func(_ int, e *goquery.Selection) { add(e.AttrOr("src", ""), "script") })
	return out
}

// countdown is the next page of lists whose script names a stem and the number
// of pages (n-node sites): the newest page has the highest number.
func countdown(p *Page) string {
	stem, pages := nodeStem.FindStringSubmatch(p.Text), nodeMax.FindStringSubmatch(p.Text)
	if stem == nil || pages == nil {
		return ""
	}
	n, err := strconv.Atoi(pages[1])
	if err != nil || n-p.number() < 1 {
		return ""
	}
	ref := strings.TrimSuffix(stem[1], "_")
	return resolve(p.URL, ref+"_"+strconv.Itoa(n-p.number())+".html", p.Web)
}

var (
	nodeStem = regexp.MustCompile(`\bpurl\w{0,12}\s*=\s*["']([^"'\s]{1,200}index_\d+_?)["']`)
	nodeMax  = regexp.MustCompile(`\bmaxPageNum\w{0,12}\s*=\s*["']?(\d{1,4})`)
)
