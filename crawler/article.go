package crawler

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/PuerkitoBio/goquery"

	"tuogou/corpus"
)

// article judges and keeps an article, and adds its further pages and its
// attachments.
func (w *worker) article(ctx context.Context, t Target, note pageNote, resp *Response) (Result, error) {
	if !isHTML(resp) {
		return w.file(ctx, t, note, resp)
	}
	a := w.open(t, resp)
	if to := leadsTo(a.base, a.text, a.doc, w.opts.Web); to != "" && len(a.files) == 0 {
		return w.follow(ctx, t, to, "the page leads on to "+to)
	}
	if w.shell(a) {
		whole, res, err := w.unshell(ctx, t, resp, a)
		switch {
		case err != nil || res.Outcome != "":
			return res, err
		case whole != nil && !isHTML(whole):
			return w.file(ctx, t, note, whole)
		case whole != nil:
			resp, a = whole, w.open(t, whole)
		}
	}
	if why := softArticle(t, a.text, a.doc, w.opts.Web); why != "" && len(a.files)+len(a.frames) == 0 {
		return w.lost(ctx, t, note, Result{Outcome: corpus.Failed, Reason: why, Status: resp.Status})
	}
	if why := w.offTopic(t, a); why != "" {
		if len(a.frames) > 0 { // the text may stand in a frame
			return w.follow(ctx, t, a.frames[0], "the page shows "+a.frames[0])
		}
		return Result{Outcome: corpus.Skipped, Reason: why, Status: resp.Status}, nil
	}
	res, err := w.keepPage(ctx, t, note, resp, a)
	if err != nil || res.Outcome == corpus.Failed {
		return res, err
	}
	return res, w.parts(ctx, t, t.URL, a)
}

// further keeps a further page of an article as a part of it.
func (w *worker) further(ctx context.Context, t Target, note pageNote, resp *Response) (Result, error) {
	if !isHTML(resp) {
		return Result{Outcome: corpus.Failed, Reason: "soft error: no page", Status: resp.Status}, nil
	}
	a := w.open(t, resp)
	if why := softArticle(t, a.text, a.doc, w.opts.Web); why != "" && len(a.files) == 0 {
		return w.lost(ctx, t, note, Result{Outcome: corpus.Failed, Reason: why, Status: resp.Status})
	}
	res, err := w.keepPage(ctx, t, note, resp, a)
	if err != nil {
		return res, err
	}
	return res, w.parts(ctx, t, t.Parent, a)
}

// opened is an article as the crawler needs it.
type opened struct {
	base       *url.URL
	text       string // decoded
	doc        *goquery.Document
	containers []string
	files      []Row
	more       []string
	frames     []string // pages shown inside it
}

func (w *worker) open(t Target, resp *Response) opened {
	a := opened{text: decodePage(resp.Body, resp.Header.Get("Content-Type")), containers: w.opts.Web.Containers}
	a.doc = parseHTML(a.text)
	if hint := w.sites[t.Site].Content; hint != "" {
		a.containers = append([]string{hint}, a.containers...)
	}
	base, err := url.Parse(resp.URL)
	if err != nil {
		return a
	}
	a.base = base
	from := fileFinder{base: base, site: w.sites[t.Site], web: w.opts.Web, seen: map[string]bool{}}
	from.look(a.doc, a.containers)
	if inner := jsonArticle(a.text); inner != "" {
		from.look(parseHTML(inner), nil)
	}
	a.files = from.rows
	a.frames = frames(base, a.doc, a.containers, w.opts.Web)
	a.more = furtherPagesOf(base, t.Kind == Further, a.text, a.doc, w.opts.Web.MoreWords, w.opts.Web.PageKeys)
	return a
}

// jsonArticle is the HTML of an article that a page keeps in a script.
func jsonArticle(page string) string {
	if !strings.Contains(page, "_CONFIG") {
		return ""
	}
	m := jsonContent.FindStringSubmatch(page)
	var inner string
	if m == nil || json.Unmarshal([]byte(m[1]), &inner) != nil {
		return ""
	}
	return inner
}

// parts adds the further pages and the attachments of an article as parts of
// the document at whole.
func (w *worker) parts(ctx context.Context, t Target, whole string, a opened) error {
	var found []Target
	for _, address := range slices.Concat(a.more, a.frames) {
		if address != whole && address != t.URL {
			found = append(found, Target{URL: address, Host: hostOf(address), Kind: Further, Site: t.Site, Parent: whole, Title: t.Title, Listed: t.Listed})
		}
	}
	for _, f := range a.files {
		found = append(found, Target{URL: f.URL, Host: hostOf(f.URL), Kind: Attachment, Site: t.Site, Parent: whole, Title: f.Title, Listed: t.Listed})
	}
	if len(found) == 0 {
		return nil
	}
	if _, err := w.opts.Frontier.Add(context.WithoutCancel(ctx), found...); err != nil {
		return fmt.Errorf("crawl: frontier: %w", err)
	}
	return nil
}

// offTopic says why a page is not kept; "" means that it is. The page's own
// title helps where the list had none.
func (w *worker) offTopic(t Target, a opened) string {
	if w.opts.KeepAll || w.opts.Focus.Empty() {
		return ""
	}
	title := t.Title
	if title == "" || cutTitle.MatchString(title) {
		title = squeeze(a.doc.Find("title").First().Text())
	}
	s := w.opts.Focus.Score(title, pageText(a.text, a.doc, a.containers))
	if s.Total >= w.opts.Focus.Keep {
		return ""
	}
	return fmt.Sprintf("off topic (score %s; needs %d)", s, w.opts.Focus.Keep)
}

func (w *worker) attachment(ctx context.Context, t Target, note pageNote, resp *Response) (Result, error) {
	if looksHTML(resp.Body) {
		return w.lost(ctx, t, note, Result{Outcome: corpus.Failed, Reason: "soft error: a web page instead of a file", Status: resp.Status})
	}
	return w.file(ctx, t, note, resp)
}

// file keeps a file, and says where it is not what its name says.
func (w *worker) file(ctx context.Context, t Target, note pageNote, resp *Response) (Result, error) {
	res, err := w.keep(ctx, t, note, resp, resp.Hash)
	if real, name := realType(resp.Body), extension(t.URL); err == nil && real != "" && name != "" && !strings.Contains(real, name) && res.Reason == "" {
		res.Reason = "its bytes are " + strings.ReplaceAll(real, " ", " or ") + ", its name says " + name
	}
	return res, err
}

func extension(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(path.Ext(u.Path)), ".")
}

// realType names what the first bytes of a file can be, by extensions.
func realType(body []byte) string {
	head := string(body[:min(len(body), 4096)])
	switch {
	case strings.HasPrefix(head, "%PDF"):
		return "pdf"
	case strings.HasPrefix(head, "\xd0\xcf\x11\xe0"):
		return "doc wps xls et ppt"
	case strings.HasPrefix(head, "PK\x03\x04"):
		return "docx xlsx pptx ofd zip wps"
	case strings.HasPrefix(head, "{\\rtf"):
		return "rtf doc"
	case strings.HasPrefix(head, "Rar!"):
		return "rar"
	}
	return ""
}

// furtherPagesOf are the addresses of the pages that go on with an article:
// named in the script call of TRS lists, or linked by number or by 下一页 under
// the article's own name (content.html, content_2.html). A link to the next
// article (下一篇) is none.
func furtherPagesOf(base *url.URL, isFurther bool, text string, doc *goquery.Document, moreWords, pageKeys []string) []string {
	dir, name := path.Split(base.Path)
	ext := path.Ext(name)
	stem := strings.TrimSuffix(name, ext)
	if m := pagerStem.FindStringSubmatch(stem); m != nil && m[2] == "1" || m != nil && isFurther {
		stem = m[1] // content_1.html goes on in content_2.html
	}
	numbered := regexp.MustCompile(`^` + regexp.QuoteMeta(dir+stem) + `[_\-]\d{1,2}` + regexp.QuoteMeta(ext) + `$`)
	var out []string
	add := func(ref string) {
		if address := resolve(base, ref, nil); address != "" && address != CleanURL(base.String(), nil) && !slices.Contains(out, address) {
			out = append(out, address)
		}
	}
	if m := trsCall.FindStringSubmatch(text); m != nil {
		count, _ := strconv.Atoi(m[1])
		for n := 1; n < min(count, maxFurther) && m[3] == stem; n++ {
			add(m[3] + "_" + strconv.Itoa(n) + "." + m[4])
		}
	}
	doc.Find("a[href]").Each(func(_ int, a *goquery.Selection) {
		href := strings.TrimSpace(a.AttrOr("href", ""))
		u, err := base.Parse(href)
		if err != nil || href == "" || href[0] == '#' || !sameHost(u, base) || len(out) >= maxFurther {
			return
		}
		words := squeeze(a.Text())
		named := slices.Contains(moreWords, words)
		digits := strings.Trim(words, "0123456789[]第页 ") == "" && words != ""
		switch {
		case numbered.MatchString(u.Path) && ext != "" && (named || digits):
			add(href)
		case u.Path == base.Path && (named || digits) && pageKeyOnly(base, u, pageKeys):
			add(href)
		}
	})
	return out
}

const maxFurther = 60 // further pages of one article

// pageKeyOnly says whether two addresses of one path differ in the page alone.
func pageKeyOnly(a, b *url.URL, keys []string) bool {
	one, two := a.Query(), b.Query()
	differ := false
	for _, key := range keys {
		differ = differ || one.Get(key) != two.Get(key)
		one.Del(key)
		two.Del(key)
	}
	return differ && one.Encode() == two.Encode()
}
