package compare

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"tuogou/corpus"
)

// LockVersion is the version of the form of a [Lock].
const LockVersion = 1

// Lock is what a report was made from, so that it can be made again.
type Lock struct {
	Version int         `json:"version"`
	Words   corpus.Hash `json:"words"` // of the words of comparison, see [WordsHash]
	Rules   corpus.Hash `json:"rules"` // of the rule set, which holds the codebook
	// Options are those of the command, by name.
	Options map[string]string `json:"options"`
	// Records are those of the corpus, by id.
	Records []LockedRecord `json:"records"`
	// Visits are what was known of the sources.
	Visits []Visit `json:"visits"`
	// Report is the hash of the report's bytes.
	Report corpus.Hash `json:"report"`
}

// LockedRecord names a record as it was.
type LockedRecord struct {
	ID    corpus.DocID `json:"id"`
	Text  corpus.Hash  `json:"text"`  // of the body
	Rules corpus.Hash  `json:"rules"` // that made the record
	Hash  corpus.Hash  `json:"hash"`  // of the whole record in its JSON form
}

// NewLock locks records and options.
func NewLock(records []*corpus.Record, rules corpus.Hash, options map[string]string) (*Lock, error) {
	l := &Lock{Version: LockVersion, Words: WordsHash(), Rules: rules, Options: options, Records: []LockedRecord{}}
	for _, r := range records {
		k, err := locked(r)
		if err != nil {
			return nil, err
		}
		l.Records = append(l.Records, k)
	}
	slices.SortFunc(l.Records, func(a, b LockedRecord) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return l, nil
}

// locked leaves out where references lead: that depends on the other records, and
// only those of the lock are looked at again.
func locked(r *corpus.Record) (LockedRecord, error) {
	c := *r
	c.References = slices.Clone(r.References)
	for i := range c.References {
		c.References[i].Target, c.References[i].Trace = "", nil
	}
	data, err := corpus.Encode(&c)
	if err != nil {
		return LockedRecord{}, fmt.Errorf("lock record %s: %w", r.ID, err)
	}
	return LockedRecord{ID: r.ID, Text: r.Text.SHA256, Rules: r.Rules, Hash: corpus.HashBytes(data)}, nil
}

// ReadLock reads a lock file. Unknown fields are errors.
func ReadLock(data []byte) (*Lock, error) {
	var l Lock
	dec := json.NewDecoder(strings.NewReader(string(data)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&l); err != nil {
		return nil, fmt.Errorf("read lock: %w", err)
	}
	if l.Version != LockVersion {
		return nil, fmt.Errorf("read lock: version %d is not %d", l.Version, LockVersion)
	}
	return &l, nil
}

// Since is what has changed after a lock was written.
type Since struct {
	Added []corpus.DocID `json:"added"` // records that the lock does not know; harmless
	Gone  []corpus.DocID `json:"gone"`  // records of the lock that are not here
	Text  []corpus.DocID `json:"text"`  // whose text is another
	Facts []corpus.DocID `json:"facts"` // whose text is the same and whose record is another
	// Sources were visited since; harmless, the report tells of the visits of the lock.
	Sources []string `json:"sources"`
	Words   bool     `json:"words"` // other words of comparison
	Rules   bool     `json:"rules"` // another rule set
}

// Same reports whether the locked report can be made again.
func (s *Since) Same() bool { return len(s.Gone)+len(s.Text)+len(s.Facts) == 0 && !s.Words && !s.Rules }

// Since compares the lock with the records and visits at hand and gives the records
// that it names.
func (l *Lock) Since(records []*corpus.Record, visits []Visit, rules corpus.Hash) (*Since, []*corpus.Record, error) {
	s := &Since{Added: []corpus.DocID{}, Gone: []corpus.DocID{}, Text: []corpus.DocID{}, Facts: []corpus.DocID{},
		Sources: []string{}, Words: l.Words != WordsHash(), Rules: l.Rules != rules}
	for _, v := range visits {
		if !slices.Contains(l.Visits, v) {
			s.Sources = append(s.Sources, v.Source)
		}
	}
	old := map[corpus.DocID]LockedRecord{}
	for _, k := range l.Records {
		old[k.ID] = k
	}
	var kept []*corpus.Record
	for _, r := range records {
		was, ok := old[r.ID]
		if !ok {
			s.Added = append(s.Added, r.ID)
			continue
		}
		delete(old, r.ID)
		kept = append(kept, r)
		now, err := locked(r)
		switch {
		case err != nil:
			return nil, nil, err
		case now.Text != was.Text:
			s.Text = append(s.Text, r.ID)
		case now.Hash != was.Hash:
			s.Facts = append(s.Facts, r.ID)
		}
	}
	for id := range old {
		s.Gone = append(s.Gone, id)
	}
	slices.Sort(s.Gone)
	slices.Sort(s.Added)
	return s, kept, nil
}
