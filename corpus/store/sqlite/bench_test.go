package sqlite

import (
	"testing"

	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/corpus/store/storetest"
)

// A benchmark's unit is 1,000 pages, put in one batch or read in one run.
const benchPages = 1000

func putPages(b *testing.B, d *db, version int) {
	b.Helper()
	err := d.Batch(b.Context(), func(w store.Writer) error {
		for n := range benchPages {
			c, body := storetest.Page(n, version)
			if _, err := w.PutCapture(b.Context(), c, body); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

func BenchmarkPutBatch(b *testing.B) {
	d := opened(b, newFolder(b).dir)
	for v := 0; b.Loop(); v++ {
		putPages(b, d, v)
	}
}

func BenchmarkPutSame(b *testing.B) {
	d := opened(b, newFolder(b).dir)
	putPages(b, d, 1)
	for b.Loop() {
		putPages(b, d, 1)
	}
}

func BenchmarkPutOneByOne(b *testing.B) {
	d := opened(b, newFolder(b).dir)
	for v := 0; b.Loop(); v++ {
		for n := range benchPages {
			c, body := storetest.Page(n, v)
			if _, err := d.PutCapture(b.Context(), c, body); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkBlobs(b *testing.B) {
	d := opened(b, newFolder(b).dir)
	putPages(b, d, 1)
	var hashes []corpus.Hash
	for n := range benchPages {
		_, body := storetest.Page(n, 1)
		hashes = append(hashes, corpus.HashBytes(body))
	}
	for b.Loop() {
		for _, h := range hashes {
			if _, err := d.Blob(b.Context(), h); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkDocuments(b *testing.B) {
	d := opened(b, newFolder(b).dir)
	putPages(b, d, 1)
	for b.Loop() {
		for _, err := range d.Documents(b.Context(), store.Filter{}) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkRecords(b *testing.B) {
	d := opened(b, newFolder(b).dir)
	putPages(b, d, 1)
	err := d.Batch(b.Context(), func(w store.Writer) error {
		for doc, err := range d.Documents(b.Context(), store.Filter{}) {
			if err != nil {
				return err
			}
			r := storetest.Record(doc.Latest, storetest.Rules(1))
			r.Source.SHA256 = doc.Latest.SHA256
			if _, err := w.PutRecord(b.Context(), r, storetest.At(1)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		for _, err := range d.Records(b.Context(), store.Filter{}) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}
