package crawler

import (
	"encoding/json"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// jsonList is any interface that answers with JSON or JSONP: search of TRS WAS
// (docs[]), of the central government (searchVO.catMap.….listVO[]), of TRS
// gdnps (resultMap[]), feeds beside a page. Rows are the objects that have a
// title and an address, under the names of web.toml, wherever they stand.
type jsonList struct{ name string }

const (
	maxJSONDepth = 12
	gdnpsPath    = "/gdnps/searchIndex.jsp"
)

func (j jsonList) Name() string { return j.name }

func (j jsonList) Detect(p *Page) bool {
	switch j.name {
	case "was":
		return strings.Contains(p.URL.Path, "/was5/")
	case "gdnps":
		return strings.Contains(p.URL.Path, gdnpsPath)
	case "govsearch":
		return strings.Contains(p.URL.Path, "/search-gov/")
	}
	return !p.HTML && jsonStart.MatchString(p.Text)
}

var (
	jsonStart = regexp.MustCompile(`^[\s\x{feff}]*(?:[\w$.]{1,80}\s*\(\s*)?[\[{]`)
	jsonpHead = regexp.MustCompile(`^[\s\x{feff}]*[\w$.]{0,80}\s*\(`)
)

// unwrap is the JSON inside a JSONP answer: cb({…});
func unwrap(text string) string {
	text = strings.TrimSpace(strings.TrimPrefix(text, "\ufeff"))
	if m := jsonpHead.FindStringIndex(text); m != nil {
		text = strings.TrimRight(text[m[1]:], "; \r\n\t")
		text = strings.TrimSuffix(text, ")")
	}
	return text
}

func (j jsonList) Read(p *Page) (Listing, error) {
	if p.HTML { // WAS can also answer with a page
		return htmlList{}.Read(p)
	}
	var data any
	if err := json.Unmarshal([]byte(unwrap(p.Text)), &data); err != nil {
		return Listing{}, &listError{j.name, err}
	}
	f := jsonFinder{page: p, counts: map[string]int{}}
	f.walk(data, "", 0)
	l := Listing{Rows: f.rows}
	if j.more(p, f) {
		if next := stepJSON(p); next != "" {
			l.Next = []Next{{URL: next, Form: stepForm(p), List: j.name}}
		}
	}
	return l, nil
}

// more says whether there are further pages: by the number of pages, by the
// number of rows, or, where neither is told, as long as pages have rows. The
// count of the central government's interface is always 0, so 0 tells nothing.
func (j jsonList) more(p *Page, f jsonFinder) bool {
	if f.found == 0 {
		return false
	}
	if pages := f.counts["pages"]; pages > 0 {
		return p.number() < pages
	}
	if rows := f.counts["rows"]; rows > 0 {
		return p.Target.Rows+f.found < rows
	}
	return true
}

type listError struct {
	form string
	err  error
}

func (e *listError) Error() string { return e.form + " list: " + e.err.Error() }
func (e *listError) Unwrap() error { return e.err }

// jsonFinder collects rows and counts.
type jsonFinder struct {
	page   *Page
	rows   []Row
	found  int // objects that were rows, of any host
	counts map[string]int
}

// walk goes through objects in the order of their keys, so that the same answer
// gives the same rows.
func (f *jsonFinder) walk(v any, key string, depth int) {
	if depth > maxJSONDepth {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			f.walk(e, key, depth+1)
		}
	case map[string]any:
		if f.row(v) {
			return
		}
		keys := make([]string, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		for _, k := range keys {
			f.count(k, v[k])
			f.walk(v[k], k, depth+1)
		}
	case string:
		// Pieces of a page in a string, as {"data":{"html":"<ul>…"}}.
		if strings.Contains(v, "<a ") {
			rows := htmlRows(f.page, parseHTML(v).Selection)
			f.rows = append(f.rows, rows...)
			f.found += len(rows)
		}
	}
}

// row reads an object as a row, if it is one.
func (f *jsonFinder) row(o map[string]any) bool {
	web := f.page.Web
	title, ref := field(o, web.JSONTitle), field(o, web.JSONURL)
	if title == "" {
		title = likeField(o, titleKey, nil)
	}
	if ref == "" {
		ref = likeField(o, addressKey, addressValue)
	}
	if title == "" {
		return false
	}
	if id := field(o, []string{"id"}); ref == "" && id != "" && strings.Contains(f.page.URL.Path, gdnpsPath) {
		ref = strings.Replace(f.page.URL.Path, "searchIndex.jsp", "content.jsp", 1) + "?id=" + url.QueryEscape(id)
	}
	if ref == "" {
		return false
	}
	f.found++
	address := resolve(f.page.URL, ref, web)
	u, err := url.Parse(address)
	if address == "" || err != nil || !f.page.own(u) {
		return true
	}
	date := ""
	for _, k := range web.JSONDate {
		if v, ok := lookUp(o, k); ok && date == "" {
			raw, _ := json.Marshal(v)
			date = jsonDate(raw)
		}
	}
	if date == "" {
		date = listedDate(likeField(o, dateKey, fullDate))
	}
	f.rows = append(f.rows, Row{URL: address, Title: plainTitle(title), Date: date, Number: squeeze(field(o, web.JSONNumber))})
	return true
}

func (f *jsonFinder) count(key string, v any) {
	n := 0
	switch v := v.(type) {
	case float64:
		n = int(min(max(v, 0), 1<<30))
	case string:
		n, _ = strconv.Atoi(strings.TrimSpace(v))
	}
	if n <= 0 {
		return
	}
	for _, k := range f.page.Web.JSONPages {
		if strings.EqualFold(k, key) {
			f.counts["pages"] = max(f.counts["pages"], n)
		}
	}
	for _, k := range f.page.Web.JSONRows {
		if strings.EqualFold(k, key) {
			f.counts["rows"] = max(f.counts["rows"], n)
		}
	}
}

func lookUp(o map[string]any, key string) (any, bool) {
	if v, ok := o[key]; ok {
		return v, true
	}
	for k, v := range o {
		if strings.EqualFold(k, key) {
			return v, true
		}
	}
	return nil, false
}

// field is the first of the keys with a text or a number.
func field(o map[string]any, keys []string) string {
	for _, k := range keys {
		v, ok := lookUp(o, k)
		if !ok {
			continue
		}
		switch v := v.(type) {
		case string:
			if strings.TrimSpace(v) != "" {
				return strings.TrimSpace(v)
			}
		case float64:
			return strconv.FormatFloat(v, 'f', -1, 64)
		}
	}
	return ""
}

var (
	titleKey     = regexp.MustCompile(`(?i)title$|^bt|biaoti$|^subject$|^headline$`)
	addressKey   = regexp.MustCompile(`(?i)(?:url|href|link|path)$`)
	addressValue = regexp.MustCompile(`^(?:https?:/)?\.{0,2}/?[\w.\-/]+(?:\.s?html?|\.jsp|\.do|\.aspx|\?\w+=|\d)`)
	dateKey      = regexp.MustCompile(`(?i)(?:time|date)`)
)

// likeField is the first text, by the order of keys, whose key is named like
// key and whose value is like value: no list of names is whole.
func likeField(o map[string]any, key, value *regexp.Regexp) string {
	for _, k := range slices.Sorted(maps.Keys(o)) {
		if v, ok := o[k].(string); ok && key.MatchString(k) && v != "" && (value == nil || value.MatchString(v)) {
			return strings.TrimSpace(v)
		}
	}
	return ""
}

// plainTitle takes marks out of a title: search answers put <em> around the
// words that were found.
func plainTitle(s string) string {
	if strings.ContainsAny(s, "<&") {
		s = parseHTML(s).Text()
	}
	return squeeze(s)
}

var goPage = regexp.MustCompile(`(?i)("?(?:goPage|pageNo|pageNum|pageIndex|currentPage|currPage|curPage|page|pn)"?\s*:\s*"?)(\d{1,6})`)

// stepJSON is the address of the next page: a query key that carries the page,
// or such a key inside JSON in the query.
func stepJSON(p *Page) string {
	if p.Target.Form != "" {
		return p.URL.String()
	}
	u := *p.URL
	q := u.Query()
	next := strconv.Itoa(p.number() + 1)
	for _, key := range []string{"params", "paramJson"} {
		v := q.Get(key)
		twice := strings.Contains(v, "%22")
		if twice {
			if plain, err := url.QueryUnescape(v); err == nil {
				v = plain
			}
		}
		if !goPage.MatchString(v) {
			continue
		}
		v = goPage.ReplaceAllString(v, "${1}"+next)
		if twice {
			v = url.QueryEscape(v)
		}
		q.Set(key, v)
		u.RawQuery = q.Encode()
		return u.String()
	}
	for _, key := range p.Web.PageKeys {
		if q.Has(key) {
			q.Set(key, next)
			u.RawQuery = q.Encode()
			return u.String()
		}
	}
	if p.number() == 1 && strings.Contains(u.Path, "/was5/") {
		q.Set("page", next)
		u.RawQuery = q.Encode()
		return u.String()
	}
	return ""
}

// stepForm is the form of a POST with its page one higher.
func stepForm(p *Page) string {
	if p.Target.Form == "" {
		return ""
	}
	if strings.HasPrefix(p.Target.Form, "{") {
		if !goPage.MatchString(p.Target.Form) {
			return ""
		}
		return goPage.ReplaceAllString(p.Target.Form, "${1}"+strconv.Itoa(p.number()+1))
	}
	form, err := url.ParseQuery(p.Target.Form)
	if err != nil {
		return ""
	}
	for _, key := range append([]string{"currpage"}, p.Web.PageKeys...) {
		if form.Has(key) {
			form.Set(key, strconv.Itoa(p.number()+1))
			return form.Encode()
		}
	}
	return ""
}
