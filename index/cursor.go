package index

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"hash/fnv"
	"math"
	"path/filepath"
)

// ErrCursor is the error of a search with an After that does not belong to it:
// of another query, or of an index that has changed since.
var ErrCursor = errors.New("the place to go on from belongs to another query, or the index has changed since: begin again")

// place is where a page of hits ended.
type place struct {
	Asked uint64 `json:"q"` // the query and the generation
	Score uint64 `json:"s,omitempty"`
	Key   string `json:"k,omitempty"`
	ID    string `json:"i"`
	Unit  int32  `json:"u,omitempty"`
}

// asked tells queries and generations apart.
func (s *search) asked() uint64 {
	h := fnv.New64a()
	for _, p := range []string{filepath.Base(s.gen), string(s.query.Sort), string(s.query.Unit), s.node.String()} {
		_, _ = h.Write([]byte(p + "\x00")) // a hash takes everything
	}
	return h.Sum64()
}

func (s *search) cursor(c candidate) (string, error) {
	id, err := s.segs[c.seg].id(c.doc)
	if err != nil {
		return "", err
	}
	data, err := json.Marshal(place{s.asked(), math.Float64bits(c.score), c.key, id, c.unit})
	return base64.RawURLEncoding.EncodeToString(data), err
}

// readCursor makes t go on after the place of the query, if it has one.
func (s *search) readCursor(t *top) error {
	if s.query.After == "" {
		return nil
	}
	data, err := base64.RawURLEncoding.DecodeString(s.query.After)
	var p place
	if err != nil || json.Unmarshal(data, &p) != nil || p.Asked != s.asked() {
		return ErrCursor
	}
	t.after = &candidate{score: math.Float64frombits(p.Score), key: p.Key, id: p.ID, unit: p.Unit}
	return nil
}
