package crawler

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"

	"tuogou/corpus"
)

// noNotes remembers nothing.
type noNotes struct{}

func (noNotes) Note(context.Context, string) ([]byte, error)  { return nil, nil }
func (noNotes) PutNote(context.Context, string, []byte) error { return nil }

// pageNote is what is remembered of a document's address.
type pageNote struct {
	ETag     string `json:"etag,omitempty"`
	Modified string `json:"modified,omitempty"`
	// Sum is the hash of what does not differ with each visit.
	Sum  corpus.Hash `json:"sum,omitempty"`
	Gone bool        `json:"gone,omitempty"`
}

// textNote is where a text was found first.
type textNote struct {
	URL   string `json:"url"`
	Title string `json:"title,omitempty"`
}

func (r *run) note(ctx context.Context, key string, into any) error {
	data, err := r.opts.Notes.Note(ctx, key)
	if err != nil {
		return fmt.Errorf("crawl: notes: %w", err)
	}
	if len(data) > 0 {
		_ = json.Unmarshal(data, into) // a note of another version is no note
	}
	return nil
}

func (r *run) putNote(ctx context.Context, key string, from any) error {
	data, err := json.Marshal(from)
	if err == nil {
		err = r.opts.Notes.PutNote(context.WithoutCancel(ctx), key, data)
	}
	if err != nil {
		return fmt.Errorf("crawl: notes: %w", err)
	}
	return nil
}

func (w *worker) recall(ctx context.Context, t Target) (n pageNote, err error) {
	if t.Kind != ListPage {
		err = w.note(ctx, pageKey(t), &n)
	}
	return n, err
}

// lost marks a document that was kept before and is there no more. What was
// kept stays.
func (w *worker) lost(ctx context.Context, t Target, note pageNote, res Result) (Result, error) {
	missing := res.Status == 404 || res.Status == 410 || strings.HasPrefix(res.Reason, "soft error")
	if t.Kind == ListPage || note.Sum == "" || res.Outcome != corpus.Failed || !missing {
		return res, nil
	}
	res.Outcome, res.gone = corpus.Skipped, true
	res.Reason = "gone: " + res.Reason + "; what was kept stays"
	note.Gone, note.ETag, note.Modified = true, "", ""
	return res, w.putNote(ctx, pageKey(t), note)
}

// keepPage keeps a page, unless only those parts are new that differ with each
// visit, or it is another address of a text of this host.
func (w *worker) keepPage(ctx context.Context, t Target, note pageNote, resp *Response, a opened) (Result, error) {
	sum := w.steadySum(a)
	if note.Sum == sum && !note.Gone {
		return Result{Outcome: corpus.Same, Reason: "same but for parts that differ with each visit", Status: resp.Status},
			w.sign(ctx, t, note, resp, sum)
	}
	text := squash(pageText(a.text, a.doc, a.containers))
	if t.Kind != Article || utf8.RuneCountInString(text) < copyRunes {
		return w.keep(ctx, t, note, resp, sum)
	}
	key := "text " + string(corpus.HashBytes([]byte(text)))
	var first textNote
	if err := w.note(ctx, key, &first); err != nil {
		return Result{}, err
	}
	switch {
	case first.URL == "":
		if err := w.putNote(ctx, key, textNote{t.URL, squash(t.Title)}); err != nil {
			return Result{}, err
		}
	case first.URL == t.URL:
	case note.Sum == "" && hostOf(first.URL) == t.Host && (first.Title == squash(t.Title) || t.Title == "") && len(a.files) == 0 && len(a.more) == 0:
		res := Result{Outcome: corpus.Same, Reason: "another address of " + first.URL, Status: resp.Status, copyOf: first.URL}
		return res, w.sign(ctx, t, note, resp, sum)
	}
	res, err := w.keep(ctx, t, note, resp, sum)
	if first.URL != "" && first.URL != t.URL {
		res.copyOf = first.URL
		if res.Reason == "" {
			res.Reason = "the text is a copy of " + first.URL
		}
	}
	return res, err
}

// copyRunes is how long a text is that two pages do not share by chance.
const copyRunes = 200

// steadySum is the hash of what a page says: its title, its text without links,
// counters, clocks and tokens, its files and pictures.
func (w *worker) steadySum(a opened) corpus.Hash {
	web := w.opts.Web
	doc := parseHTML(web.Steady(a.text))
	// The newest postings beside an article are links with a date.
	doc.Find("li, tr, dd").Each(func(_ int, row *goquery.Selection) {
		links := row.Find("a[href]")
		rest := strings.Replace(squash(row.Text()), squash(links.Text()), "", 1)
		if links.Length() > 0 && utf8.RuneCountInString(rest) < 16 && strings.Trim(rest, "0123456789-/.年月日[]()（）·•:：") == "" {
			row.Remove()
		}
	})
	var b strings.Builder
	b.WriteString(squash(a.doc.Find("title").First().Text()) + "\n")
	b.WriteString(squash(pageText("", doc, nil)))
	b.WriteString(squash(jsonArticle(a.text)))
	for _, f := range a.files {
		b.WriteString("\n" + f.URL + " " + f.Title)
	}
	for _, sel := range a.containers {
		if found := a.doc.Find(sel); found.Length() > 0 {
			for _, n := range found.First().Find("img[src]").Nodes {
				for _, at := range n.Attr {
					if at.Key == "src" {
						b.WriteString("\n" + resolveAny(a.base, at.Val))
					}
				}
			}
			break
		}
	}
	return corpus.HashBytes([]byte(b.String()))
}

func resolveAny(base *url.URL, ref string) string {
	if base == nil {
		return ref
	}
	return resolve(base, ref, nil)
}

// keep puts an answer into the sink, exactly as it came. sum is the hash by
// which it is known again.
func (w *worker) keep(ctx context.Context, t Target, note pageNote, resp *Response, sum corpus.Hash) (Result, error) {
	ctx = context.WithoutCancel(ctx) // an answer that is here is kept
	c := corpus.Capture{Doc: corpus.IDOf(t.URL, ""), URL: t.URL, Fetched: resp.Time, Status: resp.Status,
		Type: resp.Header.Get("Content-Type"), SHA256: resp.Hash, Size: int64(len(resp.Body)),
		Title: t.Title, Number: t.Number, Listed: t.Listed, Parent: t.Parent}
	if final := CleanURL(resp.URL, w.opts.Web); final != t.URL {
		c.Final = final
	}
	signed, err := json.Marshal(signature(resp, sum))
	if err != nil {
		return Result{}, fmt.Errorf("crawl: keep %s: %w", t.URL, err)
	}
	outcome, err := w.opts.Sink.Put(ctx, c, resp.Body, Note{pageKey(t), signed})
	if err != nil {
		return Result{}, fmt.Errorf("crawl: keep %s: %w", t.URL, err)
	}
	res := Result{Outcome: outcome, Status: resp.Status, changed: outcome == corpus.Done && note.Sum != ""}
	if res.changed {
		res.Reason = "changed since the last visit"
	}
	return res, nil
}

// sign remembers an address as it is now, where there is nothing to keep.
func (w *worker) sign(ctx context.Context, t Target, old pageNote, resp *Response, sum corpus.Hash) error {
	n := signature(resp, sum)
	if n == old {
		return nil
	}
	return w.putNote(ctx, pageKey(t), n)
}

// pageKey is the key of a target's pageNote.
func pageKey(t Target) string { return "page " + t.URL }

func signature(resp *Response, sum corpus.Hash) pageNote {
	return pageNote{ETag: resp.Header.Get("Etag"), Modified: resp.Header.Get("Last-Modified"), Sum: sum}
}
