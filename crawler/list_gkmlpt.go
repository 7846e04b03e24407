package crawler

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// gkmlptList is the disclosure platform of Guangdong: an index page with the
// site's number and its tree of categories, and a JSON interface that lists
// each category.
type gkmlptList struct{}

var (
	gkmlptSID  = regexp.MustCompile(`\bSID["']?\s*:\s*["']?(\d+)`)
	gkmlptTree = regexp.MustCompile(`\bTREE["']?\s*:\s*\[`)
)

func (gkmlptList) Name() string { return "gkmlpt" }

func (gkmlptList) Detect(p *Page) bool {
	return strings.Contains(p.URL.Path, "/gkmlpt/api/") || strings.Contains(p.Text, "_CONFIG") && gkmlptTree.MatchString(p.Text)
}

func (g gkmlptList) Read(p *Page) (Listing, error) {
	if strings.Contains(p.URL.Path, "/gkmlpt/api/") {
		return g.articles(p)
	}
	return g.index(p)
}

type gkmlptNode struct {
	ID       json.Number  `json:"id"`
	Name     string       `json:"name"`
	Jump     string       `json:"jump_url"`
	Children []gkmlptNode `json:"children"`
}

// index reads the tree: the leaves that lie on the platform, and of those the
// columns worth reading, or all where no name is known.
func (g gkmlptList) index(p *Page) (Listing, error) {
	sid := gkmlptSID.FindStringSubmatch(p.Text)
	at := gkmlptTree.FindStringIndex(p.Text)
	if sid == nil || at == nil {
		return Listing{}, fmt.Errorf("gkmlpt index without SID or TREE")
	}
	var tree []gkmlptNode
	if err := json.NewDecoder(strings.NewReader(p.Text[at[1]-1:])).Decode(&tree); err != nil {
		return Listing{}, fmt.Errorf("gkmlpt tree: %w", err)
	}
	all := leaves(tree, 0)
	var named []gkmlptNode
	for _, n := range all {
		if hasWord(n.Name, p.Web.ColumnWords) {
			named = append(named, n)
		}
	}
	if len(named) == 0 {
		named = all
	}
	var l Listing
	for _, n := range named {
		ref := "/gkmlpt/api/all/" + url.PathEscape(n.ID.String()) + "?page=1&sid=" + sid[1]
		if next := resolve(p.URL, ref, p.Web); next != "" {
			l.Next = append(l.Next, Next{URL: next, List: g.Name(), Branch: true})
		}
	}
	return l, nil
}

func leaves(nodes []gkmlptNode, depth int) []gkmlptNode {
	var out []gkmlptNode
	for _, n := range nodes {
		switch {
		case depth > 20:
		case len(n.Children) > 0:
			out = append(out, leaves(n.Children, depth+1)...)
		case n.Jump == "" && n.ID != "":
			out = append(out, n)
		}
	}
	return out
}

func hasWord(text string, words []string) bool {
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// gkmlptAnswer is one page of the interface. Dates come as seconds or as text.
type gkmlptAnswer struct {
	Classify struct {
		Count json.Number `json:"post_count"`
	} `json:"classify"`
	Articles []struct {
		Title   string          `json:"title"`
		URL     string          `json:"url"`
		Number  string          `json:"document_number"`
		Date    json.RawMessage `json:"date"`
		Display json.RawMessage `json:"display_publish_time"`
	} `json:"articles"`
}

func (g gkmlptList) articles(p *Page) (Listing, error) {
	var a gkmlptAnswer
	if err := json.Unmarshal([]byte(p.Text), &a); err != nil {
		return Listing{}, fmt.Errorf("gkmlpt list: %w", err)
	}
	var l Listing
	for _, art := range a.Articles {
		address := resolve(p.URL, art.URL, p.Web)
		u, err := url.Parse(address)
		if address == "" || err != nil || !p.own(u) {
			continue
		}
		date := jsonDate(art.Display)
		if date == "" {
			date = jsonDate(art.Date)
		}
		l.Rows = append(l.Rows, Row{address, squeeze(art.Title), date, squeeze(art.Number)})
	}
	count, _ := strconv.Atoi(a.Classify.Count.String())
	if len(a.Articles) > 0 && p.Target.Rows+len(a.Articles) < count {
		u := *p.URL
		q := u.Query()
		page, err := strconv.Atoi(q.Get("page"))
		if err != nil {
			page = p.number()
		}
		q.Set("page", strconv.Itoa(page+1))
		u.RawQuery = q.Encode()
		l.Next = []Next{{URL: u.String(), List: g.Name()}}
	}
	return l, nil
}

// jsonDate reads "2019-11-18 10:00", 1574042400 or "1574042400" as a day in
// China; anything else gives "".
func jsonDate(raw json.RawMessage) string {
	text := strings.Trim(string(raw), `"`)
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && n > 0 && n < 1<<36 {
		return time.Unix(n, 0).In(time.FixedZone("CST", 8*3600)).Format(time.DateOnly)
	}
	return listedDate(text)
}
