package crawler

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// jpageList is a Hanweb JPAGE list. The page holds the first records in a
// <datastore> of XML, each a piece of HTML in CDATA, and parameters with which
// a POST to dataproxy.jsp gives the next block, again a <datastore>. A block
// can repeat the last record of the one before.
type jpageList struct{}

// datastore is the XML of a block.
type datastore struct {
	Next    string   `xml:"nextgroup"`
	Total   int      `xml:"totalrecord"`
	Records []string `xml:"recordset>record"`
	Loose   []string `xml:"record"` // of pages that leave recordset out
}

const (
	jpageBlock = 45 // records of a block: three pages of 15
	jpagePage  = 15
	maxStores  = 20 // of one page; an unclosed one is read to the page's end
)

var (
	jpageParam = regexp.MustCompile(`param_\d+\s*=\s*\{([^{}]{1,1000})\}`)
	jpagePair  = regexp.MustCompile(`["']?(\w+)["']?\s*:\s*(?:'([^']*)'|"([^"]*)"|([\w.\-]+))`)
	jpageTotal = regexp.MustCompile(`totalRecord\s*:\s*["']?(\d{1,7})`)
	jpageSize  = regexp.MustCompile(`perPage\s*:\s*["']?(\d{1,3})`)
	jpageProxy = regexp.MustCompile(`["']([^"'\s]*/jpage/dataproxy\.jsp)`)
	columnID   = regexp.MustCompile(`columnid=([^&"'\s]+)`)
)

func (jpageList) Name() string { return "jpage" }

func (jpageList) Detect(p *Page) bool {
	return strings.Contains(p.Text, "<datastore>") || jpageParam.MatchString(p.Text) && strings.Contains(p.Text, "<record>")
}

func (j jpageList) Read(p *Page) (Listing, error) {
	stores, err := readDatastores(p.Text)
	if err != nil && len(stores) == 0 {
		return Listing{}, err
	}
	if p.Target.Form != "" {
		return j.block(p, stores)
	}
	var l Listing
	params := jpageParam.FindAllStringSubmatch(p.Text, -1)
	totals := jpageTotal.FindAllStringSubmatch(p.Text, -1)
	for i, d := range stores {
		rows, count := j.rows(p, d)
		l.Rows = append(l.Rows, rows...)
		if i >= len(params) {
			continue
		}
		total := d.Total
		if total == 0 && i < len(totals) {
			total, _ = strconv.Atoi(totals[i][1])
		}
		l.Total = max(l.Total, total)
		form := jpageForm(params[i][1])
		if count == 0 || total <= count {
			continue
		}
		if sealed(d.Next, form) {
			l.Sealed = fmt.Sprintf("encrypted ids: the site gives the other %d rows of a list only to its own pages", total-count)
			continue
		}
		l.Next = append(l.Next, Next{URL: j.proxy(p, count+1), Form: form.Encode(), List: j.Name(), Branch: len(stores) > 1})
	}
	// The records may stand in the page as plain rows, and more of them.
	for _, r := range pageRows(p) {
		if !slices.ContainsFunc(l.Rows, func(have Row) bool { return have.URL == r.URL }) {
			l.Rows = append(l.Rows, r)
		}
	}
	return l, nil
}

// errNoRecords is the answer of 54 bytes that some sites give: a datastore
// without anything in it.
var errNoRecords = errors.New("dataproxy gave no records: only the rows of the page itself can be read")

// block reads the answer to a POST.
func (j jpageList) block(p *Page, stores []datastore) (Listing, error) {
	if len(stores) == 0 || len(stores[0].Records)+len(stores[0].Loose) == 0 {
		return Listing{}, errNoRecords
	}
	rows, count := j.rows(p, stores[0])
	l := Listing{Rows: rows, Total: stores[0].Total}
	q := p.URL.Query()
	start, err1 := strconv.Atoi(q.Get("startrecord"))
	end, err2 := strconv.Atoi(q.Get("endrecord"))
	if err1 != nil || err2 != nil || count == 0 {
		return l, nil
	}
	next := end + 1
	if count < end-start+1 { // a short block; its first record may be of the one before
		next = min(next, start+max(count-1, 1))
	}
	if total := stores[0].Total; total > 0 && end >= total || next > total || count < 2 && start > 1 {
		return l, nil
	}
	u := *p.URL
	u.RawQuery = jpageQuery(next, q.Get("perpage"))
	l.Next = []Next{{URL: u.String(), Form: p.Target.Form, List: j.Name()}}
	return l, nil
}

// rows reads the records of one block, each as HTML, and counts the records.
func (jpageList) rows(p *Page, d datastore) ([]Row, int) {
	var rows []Row
	records := slices.Concat(d.Records, d.Loose)
	for _, r := range records {
		rows = append(rows, htmlRows(p, parseHTML("<ul>"+r+"</ul>").Selection)...)
	}
	return rows, len(records)
}

func (jpageList) proxy(p *Page, start int) string {
	path := "/module/web/jpage/dataproxy.jsp"
	if m := jpageProxy.FindStringSubmatch(p.Text); m != nil {
		path = m[1]
	}
	u, err := p.URL.Parse(path)
	if err != nil || !sameHost(u, p.URL) {
		u = &url.URL{Scheme: p.URL.Scheme, Host: p.URL.Host, Path: "/module/web/jpage/dataproxy.jsp"}
	}
	per := strconv.Itoa(jpagePage)
	if m := jpageSize.FindStringSubmatch(p.Text); m != nil {
		per = m[1]
	}
	u.RawQuery = jpageQuery(start, per)
	return u.String()
}

func jpageQuery(start int, per string) string {
	if n, err := strconv.Atoi(per); err != nil || n < 1 {
		per = strconv.Itoa(jpagePage)
	}
	return "startrecord=" + strconv.Itoa(start) + "&endrecord=" + strconv.Itoa(start+jpageBlock-1) + "&perpage=" + per
}

// jpageForm turns "col:1,webid:'25',path:'/'" into the form of the POST.
func jpageForm(object string) url.Values {
	form := url.Values{}
	for _, m := range jpagePair.FindAllStringSubmatch(object, -1) {
		form.Set(m[1], m[2]+m[3]+m[4])
	}
	if !form.Has("appid") {
		form.Set("appid", "1")
	}
	return form
}

// sealed says whether the site names its column otherwise in the link to the
// next group than in the parameters: such a site answers only its own ids.
func sealed(next string, form url.Values) bool {
	m := columnID.FindStringSubmatch(next)
	return m != nil && form.Get("columnid") != "" && m[1] != form.Get("columnid")
}

// readDatastores parses every <datastore> in a page or an answer. A broken one
// gives the records before the break.
func readDatastores(page string) ([]datastore, error) {
	var all []datastore
	var bad error
	rest := page
	for range maxStores {
		i := strings.Index(rest, "<datastore>")
		if i < 0 {
			break
		}
		rest = rest[i:]
		d, err := readDatastore(rest)
		bad = errors.Join(bad, err)
		if err == nil || len(d.Records)+len(d.Loose) > 0 {
			all = append(all, d)
		}
		rest = rest[len("<datastore>"):]
	}
	return all, bad
}

func readDatastore(text string) (datastore, error) {
	end := strings.Index(text, "</datastore>")
	if end >= 0 {
		text = text[:end+len("</datastore>")]
	}
	dec := xml.NewDecoder(strings.NewReader(text))
	dec.Strict = false
	dec.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // decoded already
	var d datastore
	err := dec.Decode(&d)
	return d, err
}
