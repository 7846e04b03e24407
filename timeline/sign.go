package timeline

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"slices"

	"tuogou/compare"
	"tuogou/compare/align"
	"tuogou/corpus"
)

// Sign is what is kept in mind of a document, so that it can be told, without reading
// any, whose obligations a change of it may touch.
type Sign struct {
	Doc   corpus.DocID `json:"doc"`
	Place string       `json:"place,omitempty"`
	Codes []string     `json:"codes,omitempty"` // of the places that its place lies in, and its own
	// Due says that it is on the topic and has deadlines.
	Due bool `json:"due,omitempty"`
	// Binds says that others below may follow it: the generation that they share.
	Binds      bool              `json:"binds,omitempty"`
	Generation corpus.Generation `json:"generation,omitempty"`
	// Cites are the documents that it refers to, Repeals those that it puts out of force.
	Cites   []corpus.DocID `json:"cites,omitempty"`
	Repeals []corpus.DocID `json:"repeals,omitempty"`
	// Keys are what documents of one work, and documents of one place, have in common,
	// hashed; those that it had in earlier versions are among them, since obligations
	// remember them.
	Keys hashes `json:"keys,omitempty"`
	// Sketch stands for its wording.
	Sketch sketch `json:"sketch,omitempty"`
	Gone   bool   `json:"gone,omitempty"`
}

// SignOf reads the sign of a record.
func SignOf(r *corpus.Record) Sign {
	s := Sign{Doc: r.ID, Place: r.Jurisdiction.Code, Codes: r.Jurisdiction.Codes, Due: r.OnTopic && len(r.Deadlines) > 0,
		Binds: compare.Binding(r), Generation: r.Generation}
	for _, ref := range r.References {
		if ref.Target == "" || ref.Target == r.ID {
			continue
		}
		s.Cites = append(s.Cites, ref.Target)
		if ref.Relation == corpus.Repeals && binds(r.Kind) {
			s.Repeals = append(s.Repeals, ref.Target)
		}
	}
	s.Cites, s.Repeals = distinct(s.Cites), distinct(s.Repeals)
	s.own(documentKey(r.ID))
	if !s.Due {
		return s
	}
	for _, k := range append(sourceKeys(sourceOf(r), s.Place), copyKeys(r)...) {
		s.own(k)
	}
	if s.Place != "" {
		s.own(placeKey(s.Place))
	}
	s.Sketch = compare.Sketch(r)
	return s
}

func documentKey(id corpus.DocID) string { return "d" + string(id) }

func placeKey(code string) string { return "p" + code }

func distinct(list []corpus.DocID) []corpus.DocID {
	slices.Sort(list)
	return slices.Compact(list)
}

// own adds a key.
func (s *Sign) own(key string) { s.Keys = s.Keys.with(hashOf(key)) }

func hashOf(key string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(key)) // never fails
	return h.Sum64()
}

// recall visits the keys that an obligation gives to the documents that speak for it:
// each one's own, and the names of the others, which lead to theirs.
func recall(o *Obligation, visit func(id corpus.DocID, keys ...uint64)) {
	shared := make([]uint64, 0, len(o.Sources)+1)
	for _, x := range o.Sources {
		shared = append(shared, hashOf(documentKey(x.Document.ID)))
	}
	if o.Place.Code != "" {
		shared = append(shared, hashOf(placeKey(o.Place.Code)))
	}
	for _, x := range o.Sources {
		visit(x.Document.ID, shared...)
		for _, k := range sourceKeys(x, o.Place.Code) {
			visit(x.Document.ID, hashOf(k))
		}
	}
}

// hashes is a sorted set, written in eight bytes each.
type hashes []uint64

// with is the set with more keys; h itself may be changed by it.
func (h hashes) with(keys ...uint64) hashes {
	h = append(h, keys...)
	slices.Sort(h)
	return slices.Compact(h)
}

// MarshalText writes base64.
func (h hashes) MarshalText() ([]byte, error) {
	raw := make([]byte, 0, 8*len(h))
	for _, k := range h {
		raw = binary.LittleEndian.AppendUint64(raw, k)
	}
	return base64.RawStdEncoding.AppendEncode(nil, raw), nil
}

// UnmarshalText reads what MarshalText wrote.
func (h *hashes) UnmarshalText(text []byte) error {
	raw, err := base64.RawStdEncoding.AppendDecode(nil, text)
	if err != nil || len(raw)%8 != 0 {
		return fmt.Errorf("keys of %d bytes: %v", len(raw), err)
	}
	*h = make(hashes, len(raw)/8)
	for i := range *h {
		(*h)[i] = binary.LittleEndian.Uint64(raw[8*i:])
	}
	return nil
}

// sketch is that of align, written in four bytes each.
type sketch []uint32

// MarshalText writes base64.
func (s sketch) MarshalText() ([]byte, error) {
	raw := make([]byte, 0, 4*len(s))
	for _, k := range s {
		raw = binary.LittleEndian.AppendUint32(raw, k)
	}
	return base64.RawStdEncoding.AppendEncode(nil, raw), nil
}

// UnmarshalText reads what MarshalText wrote.
func (s *sketch) UnmarshalText(text []byte) error {
	raw, err := base64.RawStdEncoding.AppendDecode(nil, text)
	if err != nil || len(raw)%4 != 0 {
		return fmt.Errorf("a sketch of %d bytes: %v", len(raw), err)
	}
	*s = make(sketch, len(raw)/4)
	for i := range *s {
		(*s)[i] = binary.LittleEndian.Uint32(raw[4*i:])
	}
	return nil
}

// bandSize is how many values of a sketch make one key. Of two texts with the share of
// shingles from which they are one, all eight keys differ in less than one pair in a
// million; with half of the shingles in common one of eight pairs has a key in common,
// and the sketches themselves tell.
const bandSize = 6

func (s sketch) bands() []uint64 {
	var out []uint64
	for i := 0; i+bandSize <= min(len(s), align.SketchSize); i += bandSize {
		h := fnv.New64a()
		_, _ = h.Write([]byte{byte(i)}) // never fails
		for _, v := range s[i : i+bandSize] {
			_, _ = h.Write(binary.LittleEndian.AppendUint32(nil, v))
		}
		out = append(out, h.Sum64())
	}
	return out
}
