package postgres

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"tuogou/corpus"
	"tuogou/corpus/store"
)

// maxFindings ends the list of what is wrong with the ledger: after
// some lines a person needs a copy, not more lines.
const maxFindings = 50

func (d *db) Verify(ctx context.Context) iter.Seq2[store.Problem, error] {
	return func(yield func(store.Problem, error) bool) {
		for _, part := range []func(context.Context) iter.Seq2[store.Problem, error]{
			d.verifyBlobs, d.verifyCaptures, d.verifyRecords, d.verifyLedger,
		} {
			for p, err := range part(ctx) {
				// What cannot be read because it is damaged is what was
				// looked for. The other parts may still be whole.
				if errors.Is(err, store.ErrCorrupt) {
					p, err = store.Problem{ID: store.ProblemDatabase, Message: err.Error()}, nil
				}
				if !yield(p, err) || err != nil {
					return
				}
			}
		}
	}
}

// findings yields the rows of a query that names problems.
func (d *db) findings(ctx context.Context, query string, args ...any) iter.Seq2[store.Problem, error] {
	return func(yield func(store.Problem, error) bool) {
		var all []store.Problem
		err := d.rows(ctx, query, args, func(scan func(...any) error) error {
			var p store.Problem
			err := scan(&p.ID, &p.Subject, &p.Message)
			all = append(all, p)
			return err
		})
		for _, p := range all {
			if !yield(p, nil) {
				return
			}
		}
		if err != nil {
			yield(store.Problem{}, err)
		}
	}
}

// keys runs over the keys of a table, by a query that takes the last id and
// the size of a page and gives id and key.
func (d *db) keys(ctx context.Context, query string) iter.Seq2[string, error] {
	type row = item[int64, string]
	return paged(int64(0), 0, documentPage, func(after int64, n int) (page []row, err error) {
		err = d.rows(ctx, query, []any{after, n}, func(scan func(...any) error) error {
			var r row
			err := scan(&r.key, &r.val)
			page = append(page, r)
			return err
		})
		return page, err
	})
}

// verifyBlobs reads every blob, which proves its hash.
func (d *db) verifyBlobs(ctx context.Context) iter.Seq2[store.Problem, error] {
	return d.eachKey(ctx, store.ProblemBlob, `SELECT id, hash FROM blobs WHERE id > $1 ORDER BY id LIMIT $2`, func(key string) error {
		_, err := d.Blob(ctx, corpus.Hash(key))
		return err
	})
}

// verifyRecords reads every record and proves what it promises.
func (d *db) verifyRecords(ctx context.Context) iter.Seq2[store.Problem, error] {
	return d.eachKey(ctx, store.ProblemRecord, `SELECT id, doc FROM records WHERE id > $1 ORDER BY id LIMIT $2`, func(key string) error {
		return d.verifyRecord(ctx, corpus.DocID(key))
	})
}

func (d *db) verifyRecord(ctx context.Context, id corpus.DocID) error {
	var (
		row        store.Filter
		from, sum  string
		rules      corpus.Hash
		data       string
		captures   int
		onTopicRow bool
	)
	err := d.row(ctx, `SELECT r.made_from, r.rules, r.kind, r.generation, r.on_topic, r.jurisdiction, r.sha256, coalesce(x.json, ''),
			(SELECT count(*) FROM captures c WHERE c.doc = r.doc AND c.sha256 = r.made_from)
		FROM records r LEFT JOIN record_data x USING (id) WHERE r.doc = $1`, []any{string(id)},
		&from, &rules, &row.Kind, &row.Generation, &onTopicRow, &row.Jurisdiction, &sum, &data, &captures)
	if err != nil {
		return err
	}
	if string(corpus.HashBytes([]byte(data))) != sum {
		return fmt.Errorf("changed since it was put: extract it again: %w", store.ErrCorrupt)
	}
	r, err := store.CheckRecord(id, []byte(data))
	switch {
	case err != nil:
		return err
	case captures == 0:
		return fmt.Errorf("made from bytes that no capture of it holds: %s: %w", from, store.ErrCorrupt)
	case string(r.Source.SHA256) != from || r.Rules != rules || r.Kind != row.Kind || r.Generation != row.Generation ||
		r.OnTopic != onTopicRow || r.Jurisdiction.Code != row.Jurisdiction:
		return fmt.Errorf("what it is listed under is not what it says: extract it again: %w", store.ErrCorrupt)
	}
	return nil
}

// eachKey checks what stands under each key. A thing that is gone or damaged
// is a problem; any other error ends the run.
func (d *db) eachKey(ctx context.Context, id, query string, check func(key string) error) iter.Seq2[store.Problem, error] {
	return func(yield func(store.Problem, error) bool) {
		for key, err := range d.keys(ctx, query) {
			if err != nil {
				yield(store.Problem{}, err)
				return
			}
			err = check(key)
			switch {
			case err == nil:
				continue
			case errors.Is(err, store.ErrCorrupt), errors.Is(err, store.ErrNotFound):
				if !yield(store.Problem{ID: id, Subject: key, Message: err.Error()}, nil) {
					return
				}
			default:
				yield(store.Problem{}, err)
				return
			}
		}
	}
}

// verifyCaptures compares captures with their blobs and documents.
func (d *db) verifyCaptures(ctx context.Context) iter.Seq2[store.Problem, error] {
	return d.findings(ctx, `
		SELECT 'capture', c.doc, 'capture ' || c.seq || ': its bytes are missing: ' || c.sha256
			FROM captures c LEFT JOIN blobs b ON b.hash = c.sha256 WHERE b.hash IS NULL
		UNION ALL
		SELECT 'capture', c.doc, 'capture ' || c.seq || ': its size is ' || c.size || ', its bytes are ' || b.size
			FROM captures c JOIN blobs b ON b.hash = c.sha256 WHERE b.size <> c.size
		UNION ALL
		SELECT 'capture', d.id, 'the document names a latest capture that is not there'
			FROM documents d LEFT JOIN captures c ON c.doc = d.id AND c.seq = d.captures
			WHERE c.doc IS NULL OR c.sha256 <> d.latest
		UNION ALL
		SELECT 'capture', c.doc, 'capture ' || c.seq || ' belongs to no document'
			FROM captures c LEFT JOIN documents d ON d.id = c.doc WHERE d.id IS NULL OR c.seq > d.captures`)
}
