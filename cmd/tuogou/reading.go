package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/extract"
	"tuogou/extract/reader"
)

// reading is one document on its way through the extract stage: made, then put.
type reading struct {
	doc     store.Document
	was     corpus.Hash // of the record that was there before
	rules   corpus.Hash
	record  *corpus.Record
	outcome corpus.Outcome
	why     string
	kept    corpus.Outcome // what putting the record came to; Skipped: another process was faster
}

// make reads the document and makes its record, or finds out why that cannot be. An
// error is the store's and says nothing of the document.
func (r *reading) make(ctx context.Context, k *knowledge, s store.Reader) (err error) {
	r.rules = k.x.Hash()
	if r.was, err = s.RecordHash(ctx, r.doc.ID); err != nil {
		return err
	}
	data, err := s.Blob(ctx, r.doc.Latest.SHA256)
	if err != nil && !settled(err) {
		return err
	}
	if err == nil {
		var trouble error
		r.record, err = k.read(r.doc.Latest, data, k.keptOr(ctx, s, &trouble), extract.Options{})
		if trouble != nil {
			return trouble
		}
	}
	switch {
	case err == nil && r.record.ID != r.doc.ID:
		r.outcome, r.why = corpus.Failed, fmt.Sprintf("the record is of %s", r.record.ID)
	case err == nil:
		r.outcome = corpus.Done
	default:
		r.outcome, r.why = corpus.Failed, err.Error()
		var e *reader.Error
		if errors.As(err, &e) {
			r.why = e.Message
		}
	}
	return nil
}

// put keeps the record in the place of the one that was there when it was made, or the
// reason why there is none. It may be called again after a batch that failed.
func (r *reading) put(ctx context.Context, w store.Writer, at time.Time) (err error) {
	if r.outcome == corpus.Done {
		if r.kept, err = w.ReviseRecord(ctx, r.was, r.record, at); err == nil {
			return nil
		}
		if !errors.Is(err, store.ErrInvalid) {
			return err
		}
		r.outcome, r.why = corpus.Failed, err.Error()
	}
	return w.PutOutcome(ctx, store.StageOutcome{Stage: store.StageExtract, Doc: r.doc.ID, Outcome: r.outcome,
		Reason: r.why, Bytes: r.doc.Latest.SHA256, Rules: r.rules, At: at})
}
