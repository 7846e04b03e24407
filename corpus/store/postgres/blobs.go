package postgres

import (
	"context"
	"errors"
	"fmt"

	"tuogou/corpus"
	"tuogou/corpus/store"
)

// maxBlob is the largest blob in bytes. PostgreSQL could hold twice that; nothing
// that large is a government page, and it is held in memory whole.
const maxBlob = 512 << 20

func (d *db) Blob(ctx context.Context, h corpus.Hash) ([]byte, error) {
	var (
		size   int64
		coding string
		data   []byte
	)
	err := d.row(ctx, `SELECT b.size, b.coding, x.data FROM blobs b LEFT JOIN blob_data x USING (id) WHERE b.hash = $1`,
		[]any{store.Clean(string(h))}, &size, &coding, &data)
	if err == nil {
		data, err = d.unpack(h, size, coding, data)
	}
	if err != nil {
		return nil, fmt.Errorf("blob %s: %w", h, err)
	}
	return data, nil
}

// pack compresses data where that makes it smaller: PDF and zip stay raw.
func (d *db) pack(data []byte) (coding string, out []byte) {
	if out = d.enc.EncodeAll(data, make([]byte, 0, len(data)/2+64)); len(out) < len(data) {
		return "zstd", out
	}
	if data == nil {
		data = []byte{} // nil would be NULL
	}
	return "raw", data
}

// unpack undoes pack and proves the hash. Every failure wraps ErrCorrupt.
func (d *db) unpack(h corpus.Hash, size int64, coding string, data []byte) ([]byte, error) {
	if size < 0 || size > maxBlob {
		return nil, fmt.Errorf("size %d: %w", size, store.ErrCorrupt)
	}
	if coding == "zstd" {
		var err error
		if data, err = d.dec.DecodeAll(data, make([]byte, 0, size)); err != nil {
			return nil, fmt.Errorf("%w: %w", err, store.ErrCorrupt)
		}
	}
	if got := corpus.HashBytes(data); got != h {
		return nil, fmt.Errorf("its bytes have the hash %s: %w", got, store.ErrCorrupt)
	}
	return data, nil
}

func (d *db) PutBlob(ctx context.Context, data []byte) (corpus.Hash, error) {
	return alone(ctx, d, func(w *writer) (corpus.Hash, error) { return w.PutBlob(ctx, data) })
}

func (w *writer) PutBlob(ctx context.Context, data []byte) (corpus.Hash, error) {
	h := corpus.HashBytes(data)
	if err := w.putBlob(ctx, h, data); err != nil {
		return "", fmt.Errorf("put blob %s: %w", h, err)
	}
	return h, nil
}

// putBlob keeps data, whose hash is h, where it is not kept already or was
// damaged since.
func (w *writer) putBlob(ctx context.Context, h corpus.Hash, data []byte) error {
	if len(data) > maxBlob {
		return fmt.Errorf("%d bytes are more than %d: %w", len(data), maxBlob, store.ErrInvalid)
	}
	whole, err := w.hasBlob(ctx, h)
	if err != nil || whole {
		return err
	}
	coding, packed := w.d.pack(data)
	var id int64
	// Where another puts the same blob at the same time, this waits for its commit.
	_, err = w.row(ctx, `INSERT INTO blobs (hash, size, stored, coding) VALUES ($1, $2, $3, $4)
		ON CONFLICT (hash) DO UPDATE SET size = excluded.size, stored = excluded.stored, coding = excluded.coding
		RETURNING id`, []any{string(h), len(data), len(packed), coding}, &id)
	if err != nil {
		return err
	}
	_, err = w.exec(ctx, `INSERT INTO blob_data (id, data) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET data = excluded.data`, id, packed)
	return err
}

// hasBlob reports whether a blob is kept and whole.
func (w *writer) hasBlob(ctx context.Context, h corpus.Hash) (bool, error) {
	var (
		size   int64
		coding string
		kept   []byte
	)
	found, err := w.row(ctx, `SELECT b.size, b.coding, x.data FROM blobs b LEFT JOIN blob_data x USING (id) WHERE b.hash = $1`,
		[]any{string(h)}, &size, &coding, &kept)
	if err != nil || !found {
		return false, err
	}
	_, err = w.d.unpack(h, size, coding, kept)
	if errors.Is(err, store.ErrCorrupt) {
		return false, nil
	}
	return err == nil, err
}
