package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"tuogou/corpus"
)

// stamp is RFC 3339 in UTC with a fixed number of digits, so that the order of
// the strings is the order of the times.
const stamp = "2006-01-02T15:04:05.000000000Z"

// Stamp is the form in which a time is kept; the zero time is "".
func Stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(stamp)
}

// ParseStamp reads what Stamp wrote.
func ParseStamp(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(stamp, s)
	if err != nil {
		return time.Time{}, fmt.Errorf("time %q: %w", s, ErrCorrupt)
	}
	return t.UTC(), nil
}

// Clean is s as every implementation can keep it: what is not valid UTF-8, and
// NUL, becomes U+FFFD. Headers come in GBK, and PostgreSQL takes neither.
func Clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// IsHash reports whether h is the lower-case hexadecimal form of a SHA-256.
func IsHash(h corpus.Hash) bool {
	if len(h) != 64 {
		return false
	}
	for i := range len(h) {
		if c := h[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// FillCapture checks c against its body and fills in what follows from it.
func FillCapture(c corpus.Capture, body []byte) (corpus.Capture, error) {
	h := corpus.HashBytes(body)
	switch {
	case c.Doc == "":
		return c, fmt.Errorf("put capture %s: no document id: %w", c.URL+c.Path, ErrInvalid)
	case c.SHA256 != "" && c.SHA256 != h:
		return c, fmt.Errorf("put capture %s: the hash given is not that of the bytes: %w", c.Doc, ErrInvalid)
	case c.Size != 0 && c.Size != int64(len(body)):
		return c, fmt.Errorf("put capture %s: size %d given for %d bytes: %w", c.Doc, c.Size, len(body), ErrInvalid)
	}
	c.SHA256, c.Size, c.Fetched = h, int64(len(body)), c.Fetched.UTC()
	c.Doc = corpus.DocID(Clean(string(c.Doc)))
	for _, s := range []*string{&c.URL, &c.Final, &c.Path, &c.Type, &c.Title, &c.Number, &c.Listed, &c.Parent} {
		*s = Clean(*s)
	}
	return c, nil
}

// EncodeRecord is the form in which r is kept: that of corpus.Encode. A record
// that cannot be kept is ErrInvalid.
func EncodeRecord(r *corpus.Record) ([]byte, error) {
	switch {
	case r == nil || r.ID == "":
		return nil, fmt.Errorf("put record: no document id: %w", ErrInvalid)
	case !IsHash(r.Source.SHA256):
		return nil, fmt.Errorf("put record %s: source.sha256 does not name the bytes it was made from: %w", r.ID, ErrInvalid)
	case r.Rules == "":
		return nil, fmt.Errorf("put record %s: no rules hash: %w", r.ID, ErrInvalid)
	}
	data, err := corpus.Encode(r)
	if err != nil {
		return nil, fmt.Errorf("put record: %w: %w", err, ErrInvalid)
	}
	if bytes.Contains(data, []byte(`"reviews":[`)) { // in a string its marks would be escaped
		return nil, fmt.Errorf("put record %s: people's corrections are kept beside the record, not in it: %w", r.ID, ErrInvalid)
	}
	return data, nil
}

// CheckRecord reads a kept record and proves what it promises: that it
// decodes, is about id, quotes its own text, and is written as corpus.Encode
// writes it. Every failure wraps ErrCorrupt.
func CheckRecord(id corpus.DocID, data []byte) (*corpus.Record, error) {
	r, err := corpus.Decode(data)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", err, ErrCorrupt)
	}
	if r.ID != id {
		return nil, fmt.Errorf("record of %s stands in the place of %s: %w", r.ID, id, ErrCorrupt)
	}
	if err := r.Check(); err != nil {
		return nil, fmt.Errorf("%w: %w", err, ErrCorrupt)
	}
	if r.Text.SHA256 != "" && r.Text.SHA256 != corpus.HashBytes([]byte(r.Text.Body)) {
		return nil, fmt.Errorf("text is not that of its hash: %w", ErrCorrupt)
	}
	return r, nil
}

// Identify gives a correction its ID and cleans its strings.
func Identify(c Correction) (Correction, error) {
	if c.Doc == "" || c.Field == "" {
		return c, fmt.Errorf("put correction: it names no document or no field: %w", ErrInvalid)
	}
	switch c.Action {
	case corpus.ReviewAccept, corpus.ReviewFix, corpus.ReviewReject, corpus.ReviewAdd, Undo:
	default:
		return c, fmt.Errorf("put correction of %s: unknown action %q: %w", c.Doc, c.Action, ErrInvalid)
	}
	for _, s := range []*string{&c.Field, &c.Was, &c.Want, &c.Note, &c.By, &c.Anchor.Exact, &c.Anchor.Prefix, &c.Anchor.Suffix, &c.Anchor.Section, &c.Anchor.Item} {
		*s = Clean(*s)
	}
	c.ID, c.At = "", c.At.UTC()
	data, err := json.Marshal(c)
	if err != nil {
		return c, fmt.Errorf("put correction of %s: %w: %w", c.Doc, err, ErrInvalid)
	}
	c.ID = "c" + string(corpus.HashBytes(data)[:16])
	return c, nil
}

// Named reports whether the ID of a kept correction is that of its content: that it says
// what it said when it was made. Before corrections had anchors, IDs were made without.
func Named(c Correction) bool {
	if as, err := Identify(c); err != nil || as.ID == c.ID {
		return err == nil
	}
	if c.Anchor != (Anchor{}) {
		return false
	}
	data, err := json.Marshal(struct {
		ID, Doc, Field, Was, Want, Note, By, Bytes string
		At                                         time.Time
	}{"", string(c.Doc), c.Field, c.Was, c.Want, c.Note, c.By, string(c.Bytes), c.At.UTC()})
	return err == nil && c.ID == "c"+string(corpus.HashBytes(data)[:16])
}

// Check reports why o cannot be kept, as ErrInvalid, or nil.
func (o StageOutcome) Check() error {
	if o.Stage == "" || o.Doc == "" {
		return fmt.Errorf("put outcome: it names no stage or no document: %w", ErrInvalid)
	}
	return checkOutcome("put outcome of "+string(o.Doc), o.Outcome)
}

// Check reports why v cannot be kept, as ErrInvalid, or nil.
func (v Visit) Check() error {
	return checkOutcome("finish "+v.URL, v.Outcome)
}

func checkOutcome(op string, o corpus.Outcome) error {
	switch o {
	case corpus.Done, corpus.Same, corpus.Skipped, corpus.Failed:
		return nil
	}
	return fmt.Errorf("%s: unknown outcome %q: %w", op, o, ErrInvalid)
}

// FillTarget cleans t and sets its host where it is empty. A target without
// an address or a host is ErrInvalid.
func FillTarget(t Target) (Target, error) {
	for _, s := range []*string{&t.URL, &t.Host, &t.Source, &t.Kind, &t.Parent, &t.Title, &t.Number, &t.Listed} {
		*s = Clean(*s)
	}
	if t.Host == "" {
		t.Host = HostOf(t.URL)
	}
	if t.URL == "" || t.Host == "" {
		return t, fmt.Errorf("add target %q: no address with a host: %w", t.URL, ErrInvalid)
	}
	t.Due = t.Due.UTC()
	return t, nil
}
