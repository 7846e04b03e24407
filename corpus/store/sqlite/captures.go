package sqlite

import (
	"context"
	"fmt"
	"iter"

	"tuogou/corpus"
	"tuogou/corpus/store"
)

// documentPage and recordPage are how many rows an iteration reads at a time:
// many small ones, few large ones.
const (
	documentPage = 256
	recordPage   = 32
)

const captureColumns = `c.doc, c.url, c.final, c.path, c.fetched, c.status, c.type, c.sha256, c.size, c.title, c.number, c.listed, c.parent`

// scanCapture reads captureColumns and, behind them, more.
func scanCapture(row func(...any) error, more ...any) (c corpus.Capture, err error) {
	var fetched string
	err = row(append([]any{&c.Doc, &c.URL, &c.Final, &c.Path, &fetched, &c.Status, &c.Type, &c.SHA256, &c.Size,
		&c.Title, &c.Number, &c.Listed, &c.Parent}, more...)...)
	if err != nil {
		return c, err
	}
	c.Fetched, err = store.ParseStamp(fetched)
	return c, err
}

func (d *db) Latest(ctx context.Context, id corpus.DocID) (corpus.Capture, error) {
	all, err := d.captures(ctx, `SELECT `+captureColumns+` FROM captures c WHERE c.doc = ? ORDER BY c.seq DESC LIMIT 1`, id)
	if err != nil {
		return corpus.Capture{}, err
	}
	return all[0], nil
}

func (d *db) History(ctx context.Context, id corpus.DocID) ([]corpus.Capture, error) {
	return d.captures(ctx, `SELECT `+captureColumns+` FROM captures c WHERE c.doc = ? ORDER BY c.seq`, id)
}

func (d *db) captures(ctx context.Context, query string, id corpus.DocID) ([]corpus.Capture, error) {
	var all []corpus.Capture
	err := d.rows(ctx, query, []any{string(id)}, func(row func(...any) error) error {
		c, err := scanCapture(row)
		all = append(all, c)
		return err
	})
	if err == nil && len(all) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("captures of %s: %w", id, err)
	}
	return all, nil
}

const documentColumns = captureColumns + `, d.captures, d.seen`

// documentTables joins what a Filter looks at; filterWhere takes filterArgs.
const (
	documentTables = ` FROM documents d JOIN captures c ON c.doc = d.id AND c.seq = d.captures LEFT JOIN records r ON r.doc = d.id `
	filterWhere    = ` (?1 = '' OR d.host = ?1) AND (?2 = '' OR substr(r.jurisdiction, 1, length(?2)) = ?2)
		AND (?3 = '' OR r.kind = ?3) AND (?4 = '' OR r.generation = ?4) AND (NOT ?5 OR r.on_topic) AND d.id <= ?6 `
)

func filterArgs(f store.Filter) []any {
	return []any{f.Host, f.Jurisdiction, string(f.Kind), string(f.Generation), f.OnTopic, string(f.Bound())}
}

func (d *db) Documents(ctx context.Context, f store.Filter) iter.Seq2[store.Document, error] {
	return d.documents(ctx, f, `SELECT `+documentColumns+documentTables+`WHERE`+filterWhere+`AND d.id > ?7 ORDER BY d.id LIMIT ?8`)
}

// documents runs a query that takes filterArgs, the last id and the size of a
// page, and then more.
func (d *db) documents(ctx context.Context, f store.Filter, query string, more ...any) iter.Seq2[store.Document, error] {
	type row = item[corpus.DocID, store.Document]
	return paged(f.After, f.Limit, documentPage, func(after corpus.DocID, n int) (page []row, err error) {
		args := append(append(filterArgs(f), string(after), n), more...)
		err = d.rows(ctx, query, args, func(scan func(...any) error) error {
			var (
				doc  store.Document
				seen string
				err  error
			)
			if doc.Latest, err = scanCapture(scan, &doc.Captures, &seen); err != nil {
				return err
			}
			doc.ID = doc.Latest.Doc
			doc.Seen, err = store.ParseStamp(seen)
			page = append(page, row{key: doc.ID, val: doc})
			return err
		})
		return page, err
	})
}

func (d *db) PutCapture(ctx context.Context, c corpus.Capture, body []byte) (corpus.Outcome, error) {
	return alone(ctx, d, func(w *writer) (corpus.Outcome, error) { return w.PutCapture(ctx, c, body) })
}

func (w *writer) PutCapture(ctx context.Context, c corpus.Capture, body []byte) (corpus.Outcome, error) {
	c, err := store.FillCapture(c, body)
	if err != nil {
		return "", err
	}
	out, err := w.putCapture(ctx, c, body)
	if err != nil {
		return "", fmt.Errorf("put capture %s: %w", c.Doc, err)
	}
	return out, nil
}

func (w *writer) putCapture(ctx context.Context, c corpus.Capture, body []byte) (corpus.Outcome, error) {
	var (
		seq    int
		latest string
	)
	_, err := w.row(ctx, `SELECT captures, latest FROM documents WHERE id = ?`, []any{string(c.Doc)}, &seq, &latest)
	if err != nil {
		return "", err
	}
	// Also where nothing changed: a damaged blob is mended by seeing it again.
	if err := w.putBlob(ctx, c.SHA256, body); err != nil {
		return "", err
	}
	if latest == string(c.SHA256) {
		_, err := w.exec(ctx, `UPDATE documents SET seen = max(seen, ?) WHERE id = ?`, store.Stamp(c.Fetched), string(c.Doc))
		return corpus.Same, err
	}
	seq++
	_, err = w.exec(ctx, `INSERT INTO documents (id, host, seen, captures, latest) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET host = excluded.host, seen = max(seen, excluded.seen), captures = excluded.captures, latest = excluded.latest`,
		string(c.Doc), store.HostOf(c.URL), store.Stamp(c.Fetched), seq, string(c.SHA256))
	if err != nil {
		return "", err
	}
	if err := w.putPart(ctx, c); err != nil {
		return "", err
	}
	_, err = w.exec(ctx, `INSERT INTO captures (doc, seq, url, final, path, fetched, status, type, sha256, size, title, number, listed, parent)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		string(c.Doc), seq, c.URL, c.Final, c.Path, store.Stamp(c.Fetched), c.Status, c.Type, string(c.SHA256), c.Size,
		c.Title, c.Number, c.Listed, c.Parent)
	return corpus.Done, err
}

// putPart ties a new capture to the page that offered it, where that page is a
// document: the page has to be extracted again.
func (w *writer) putPart(ctx context.Context, c corpus.Capture) error {
	if c.Parent == "" || c.Parent == c.URL {
		return nil
	}
	page := corpus.IDOf(c.Parent, "")
	var one int
	if known, err := w.row(ctx, `UPDATE documents SET parts = parts + 1 WHERE id = ? AND part_of = '' RETURNING 1`, []any{string(page)}, &one); err != nil || !known {
		return err
	}
	_, err := w.exec(ctx, `UPDATE documents SET part_of = ? WHERE id = ?`, string(page), string(c.Doc))
	return err
}
