package reader

import (
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
)

// maxNext bounds the pages that may continue one.
const maxNext = 99

// maxNextWords is the longest name of such a link, in bytes.
const maxNextWords = 40

// findNext finds the addresses of the pages that continue this one, in their
// order: links named 下一页 or by a number that lead to the page's own address
// with a number behind it (content_990.htm → content_990_2.htm, ?page=2), and
// the call that writes such links (createPageHTML(3, 0, "t20310320_990", "html")).
func (p *htmlPage) findNext(address string) []string {
	own, err := url.Parse(address)
	if err != nil || address == "" {
		return nil
	}
	pages := map[int]string{}
	for _, n := range p.found.links {
		words := p.rawWords(n)
		if words == "" || len(words) > maxNextWords || !p.r.page.Next.Words.MatchString(words) {
			continue
		}
		u, err := url.Parse(strings.TrimSpace(n.attr("href")))
		if err != nil {
			continue
		}
		u = p.base.ResolveReference(u)
		u.Fragment = ""
		if k := pageAfter(own, u); k > 0 && pages[k] == "" {
			pages[k] = u.String()
		}
	}
	p.scriptPages(own, pages)
	numbers := make([]int, 0, len(pages))
	for k := range pages {
		numbers = append(numbers, k)
	}
	slices.Sort(numbers)
	var out []string
	for _, k := range numbers[:min(len(numbers), maxNext)] {
		if !slices.Contains(out, pages[k]) {
			out = append(out, pages[k])
		}
	}
	return out
}

// pageAfter is how many pages u is behind own, or 0 where it is none of the
// same text.
func pageAfter(own, u *url.URL) int {
	if u.Host != own.Host || path.Dir(u.Path) != path.Dir(own.Path) {
		return 0
	}
	if u.Path == own.Path {
		return queryPage(own.Query(), u.Query())
	}
	if u.RawQuery != own.RawQuery || path.Ext(u.Path) != path.Ext(own.Path) {
		return 0
	}
	stem, number := splitPage(pageName(u))
	if stem == pageName(own) {
		return number // the first page has no number of its own
	}
	if first, at := splitPage(pageName(own)); first == stem && number > at && at > 0 {
		return number - at
	}
	return 0
}

func pageName(u *url.URL) string {
	base := path.Base(u.Path)
	return strings.TrimSuffix(base, path.Ext(base))
}

// splitPage parts a_2 and a-2 into a and 2. Longer numbers are those of articles.
func splitPage(name string) (string, int) {
	i := strings.LastIndexAny(name, "_-")
	if i < 0 || len(name)-i > 3 {
		return name, 0
	}
	number, err := strconv.Atoi(name[i+1:])
	if err != nil || number < 1 {
		return name, 0
	}
	return name[:i], number
}

// queryPage is the difference where one query names a later page than the other
// and nothing else differs.
func queryPage(own, other url.Values) int {
	diff := 0
	for key, v := range other {
		if was := own.Get(key); was != v[0] {
			number, err := strconv.Atoi(v[0])
			at, _ := strconv.Atoi(was)
			if err != nil || diff != 0 || len(v[0]) > 3 || !strings.Contains(strings.ToLower(key), "page") && key != "p" && key != "pn" {
				return 0
			}
			diff = number - max(at, 1)
		}
	}
	for key := range own {
		if !other.Has(key) {
			return 0
		}
	}
	return max(diff, 0)
}

// scriptPages adds the pages of the call that writes the links.
func (p *htmlPage) scriptPages(own *url.URL, pages map[int]string) {
	for _, s := range p.doc.scripts {
		script := p.doc.input[s.start:s.end]
		if !strings.Contains(script, "(") {
			continue
		}
		m := p.r.page.Next.Script.FindStringSubmatch(script)
		if m == nil {
			continue
		}
		count, _ := strconv.Atoi(m[1])
		at, _ := strconv.Atoi(m[2])
		name := pageName(own)
		if first, number := splitPage(name); number == at && at > 0 {
			name = first
		}
		if m[3] != name {
			continue // the pages of a list beside the text
		}
		for k := at + 1; k < min(count, at+1+maxNext); k++ {
			u := own.ResolveReference(&url.URL{Path: m[3] + "_" + strconv.Itoa(k) + "." + m[4]})
			if pages[k-at] == "" {
				pages[k-at] = u.String()
			}
		}
	}
}
