package crawler

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"tuogou/corpus"
)

// fullRow is the row of a gdnps list that holds the whole text of its document
// (htmlContent): the document's own page is a shell without it.
type fullRow struct {
	ID   json.RawMessage `json:"id"`
	HTML string          `json:"htmlContent"`
}

// keptRow is what is remembered of such a row.
type keptRow struct {
	List string `json:"list"` // the address of the list
	Row  []byte `json:"row"`  // as it came
}

const maxFullRow = 2 << 20 // bytes

func rowKey(address string) string { return "row " + address }

// keepRows remembers the rows of a gdnps list that hold the text of a document
// on the topic, until that document is asked for.
func (w *worker) keepRows(ctx context.Context, p *Page, l Listing) error {
	if !strings.Contains(p.URL.Path, gdnpsPath) {
		return nil
	}
	var data struct {
		Rows []json.RawMessage `json:"resultMap"`
	}
	if json.Unmarshal([]byte(unwrap(p.Text)), &data) != nil {
		return nil // a page of another kind, which has told so
	}
	titles := map[string]string{}
	for _, r := range l.Rows {
		if u, err := url.Parse(r.URL); err == nil && u.Query().Get("id") != "" {
			titles[u.Query().Get("id")] = r.URL
			if w.opts.Focus != nil && !w.opts.KeepAll && !w.opts.Focus.Empty() && !w.opts.Focus.Fetches(r.Title) {
				delete(titles, u.Query().Get("id"))
			}
		}
	}
	for _, raw := range data.Rows {
		var row fullRow
		if json.Unmarshal(raw, &row) != nil || row.HTML == "" || len(raw) > maxFullRow {
			continue
		}
		address := titles[strings.Trim(string(row.ID), `"`)]
		if address == "" {
			continue
		}
		if err := w.putNote(ctx, rowKey(address), keptRow{p.URL.String(), raw}); err != nil {
			return err
		}
	}
	return nil
}

// fullRow is a document as the row of its list has it, or nil where the page
// itself says no less. Its bytes are those of the row, and its address is that of
// the list.
func (w *worker) fullRow(ctx context.Context, t Target, shell *Response, runes int) (*Response, error) {
	var kept keptRow
	if err := w.note(ctx, rowKey(t.URL), &kept); err != nil {
		return nil, fmt.Errorf("row of %s: %w", t.URL, err)
	}
	var row fullRow
	if json.Unmarshal(kept.Row, &row) != nil || utf8.RuneCountInString(squash(parseHTML(row.HTML).Text())) <= runes {
		return nil, nil
	}
	return &Response{URL: kept.List, Status: shell.Status, Header: http.Header{"Content-Type": {"application/json; charset=utf-8"}},
		Body: kept.Row, Hash: corpus.HashBytes(kept.Row), Time: shell.Time}, nil
}
