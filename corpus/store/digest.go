package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"

	"tuogou/corpus"
)

// Digest is a hash over what a store says, so that two stores can be compared:
// every capture, record, outcome and correction in order, without the times at
// which things were fetched and done, and without the frontier and the ledger,
// which depend on when the stages ran. It is the same
// for every implementation, and for a run that was killed and finished as for
// a clean one. It reads all records; nobody should write meanwhile.
func Digest(ctx context.Context, r Reader) (string, error) {
	h := sha256.New()
	enc := json.NewEncoder(h)
	for _, part := range []func(context.Context, Reader, *json.Encoder) error{
		digestCaptures, digestRecords, digestOutcomes, digestCorrections,
	} {
		if _, err := io.WriteString(h, "\x00"); err != nil {
			return "", fmt.Errorf("digest: %w", err)
		}
		if err := part(ctx, r, enc); err != nil {
			return "", fmt.Errorf("digest: %w", err)
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func digestCaptures(ctx context.Context, r Reader, enc *json.Encoder) error {
	for d, err := range r.Documents(ctx, Filter{}) {
		if err != nil {
			return err
		}
		all := []corpus.Capture{d.Latest}
		if d.Captures > 1 {
			if all, err = r.History(ctx, d.ID); err != nil {
				return err
			}
		}
		for _, c := range all {
			if err := enc.Encode([]any{c.Doc, c.URL, c.Final, c.Path, c.Status, c.Type, c.SHA256, c.Size, c.Title, c.Number, c.Listed, c.Parent}); err != nil {
				return err
			}
		}
	}
	return nil
}

func digestRecords(ctx context.Context, r Reader, enc *json.Encoder) error {
	for rec, err := range r.Records(ctx, Filter{}) {
		if err != nil {
			return err
		}
		rec.Source.Fetched = ""
		data, err := corpus.Encode(rec)
		if err != nil {
			return fmt.Errorf("%w: %w", err, ErrCorrupt)
		}
		if err := enc.Encode(corpus.HashBytes(data)); err != nil {
			return err
		}
	}
	return nil
}

func digestOutcomes(ctx context.Context, r Reader, enc *json.Encoder) error {
	for o, err := range r.Outcomes(ctx, OutcomeFilter{}) {
		if err != nil {
			return err
		}
		if err := enc.Encode([]any{o.Stage, o.Doc, o.Outcome, o.Reason, o.Bytes, o.Rules}); err != nil {
			return err
		}
	}
	return nil
}

func digestCorrections(ctx context.Context, r Reader, enc *json.Encoder) error {
	all, err := r.Corrections(ctx, "")
	if err != nil {
		return err
	}
	for _, c := range all {
		if err := enc.Encode(c); err != nil {
			return err
		}
	}
	return nil
}
