package index

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	segment "github.com/blevesearch/scorch_segment_api/v2"

	"tuogou/corpus"
)

// segView is one segment: documents are numbers from 0 in it, sets of them
// bitmaps. Bitmaps that come from it may lie in the mapped file and are never
// changed. What it remembers stays true, since segments do not change.
type segView struct {
	snap *scorch.SegmentSnapshot
	seg  segment.Segment
	size uint32
	live *roaring.Bitmap // not deleted

	texts     []atomic.Pointer[keptText] // by document
	keptBytes atomic.Int64

	names     map[string]string // of places by code; see placeNames
	namesOnce sync.Once
	namesErr  error

	mu       sync.Mutex
	columns  map[string][]column
	ordinals map[string]*ordinals
	verified map[string]*roaring.Bitmap // by needle and scope
}

// column is one term of a key field and the documents that have it.
type column struct {
	term string
	docs *roaring.Bitmap
}

// ordinals are the terms of a key field turned round: those of document d are
// terms[from[d]:from[d+1]], as numbers of columns.
type ordinals struct {
	from, terms []uint32
}

func newSegView(s *scorch.SegmentSnapshot) *segView {
	v := &segView{
		snap: s, seg: s.Segment(), size: uint32(s.Segment().Count()),
		live:    roaring.New(),
		columns: map[string][]column{}, ordinals: map[string]*ordinals{}, verified: map[string]*roaring.Bitmap{},
	}
	v.texts = make([]atomic.Pointer[keptText], v.size)
	v.live.AddRange(0, uint64(v.size))
	if d := s.Deleted(); d != nil {
		v.live.AndNot(d)
	}
	return v
}

// term is the documents that have term in field.
func (v *segView) term(field string, term []byte) (*roaring.Bitmap, error) {
	d, err := v.seg.Dictionary(field)
	if err != nil {
		return nil, err
	}
	return postings(d, term)
}

func postings(d segment.TermDictionary, term []byte) (*roaring.Bitmap, error) {
	p, err := d.PostingsList(term, nil, nil)
	if err != nil {
		return nil, err
	}
	it := p.Iterator(false, false, false, nil)
	if o, ok := it.(segment.OptimizablePostingsIterator); ok {
		if n, ok := o.DocNum1Hit(); ok {
			return roaring.BitmapOf(uint32(n)), nil
		}
		if b := o.ActualBitmap(); b != nil {
			return b, nil
		}
	}
	out := roaring.New()
	for {
		n, err := it.Next()
		if err != nil || n == nil {
			return out, err
		}
		out.Add(uint32(n.Number()))
	}
}

// begins is the documents in which pair begins with a word, by the frequencies of
// field. It is remembered.
func (v *segView) begins(field string, pair []byte) (*roaring.Bitmap, error) {
	key := "begins\x00" + field + "\x00" + string(pair)
	if docs := v.recall(key); docs != nil {
		return docs, nil
	}
	d, err := v.seg.Dictionary(field)
	if err != nil {
		return nil, err
	}
	p, err := d.PostingsList(pair, nil, nil)
	if err != nil {
		return nil, err
	}
	out := roaring.New()
	it := p.Iterator(true, false, false, nil)
	for {
		n, err := it.Next()
		if err != nil {
			return nil, err
		}
		if n == nil {
			v.remember(key, out)
			return out, nil
		}
		if n.Frequency() == beginsWord {
			out.Add(uint32(n.Number()))
		}
	}
}

// between is the documents that have a term from from up to but not including
// to; nil is open.
func (v *segView) between(field string, from, to []byte) (*roaring.Bitmap, error) {
	d, err := v.seg.Dictionary(field)
	if err != nil {
		return nil, err
	}
	out := roaring.New()
	it := d.AutomatonIterator(nil, from, to)
	for {
		e, err := it.Next()
		if err != nil || e == nil {
			return out, err
		}
		docs, err := postings(d, []byte(e.Term))
		if err != nil {
			return nil, err
		}
		out.Or(docs)
	}
}

// column is all terms of a key field in order, remembered.
func (v *segView) column(field string) ([]column, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if c, ok := v.columns[field]; ok {
		return c, nil
	}
	d, err := v.seg.Dictionary(field)
	if err != nil {
		return nil, err
	}
	cols := []column{}
	it := d.AutomatonIterator(nil, nil, nil)
	for {
		e, err := it.Next()
		if err != nil {
			return nil, err
		}
		if e == nil {
			break
		}
		docs, err := postings(d, []byte(e.Term))
		if err != nil {
			return nil, err
		}
		cols = append(cols, column{e.Term, docs})
	}
	v.columns[field] = cols
	return cols, nil
}

// byDocument is the terms of a key field by document, remembered.
func (v *segView) byDocument(field string) ([]column, *ordinals, error) {
	cols, err := v.column(field)
	if err != nil {
		return nil, nil, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if o, ok := v.ordinals[field]; ok {
		return cols, o, nil
	}
	o := &ordinals{from: make([]uint32, v.size+1)}
	for _, c := range cols {
		c.docs.Iterate(func(d uint32) bool { o.from[d+1]++; return true })
	}
	for d := range v.size {
		o.from[d+1] += o.from[d]
	}
	o.terms = make([]uint32, o.from[v.size])
	next := slices.Clone(o.from)
	for i, c := range cols {
		c.docs.Iterate(func(d uint32) bool { o.terms[next[d]] = uint32(i); next[d]++; return true })
	}
	v.ordinals[field] = o
	return cols, o, nil
}

// placeNames is the names of places by their codes, remembered. Of two names of one code
// the first in order counts.
func (v *segView) placeNames() (map[string]string, error) {
	v.namesOnce.Do(func() {
		cols, err := v.column(keyLabel)
		v.names, v.namesErr = make(map[string]string, len(cols)), err
		for _, c := range cols {
			code, name, _ := strings.Cut(c.term, "=")
			if old, ok := v.names[code]; !ok || name < old {
				v.names[code] = name
			}
		}
	})
	return v.names, v.namesErr
}

// text calls f with the body and the title of a document, which it must not
// keep.
func (v *segView) text(doc uint32, f func(body, title []byte)) error {
	var body []byte
	return v.seg.VisitStoredFields(uint64(doc), func(name string, _ byte, value []byte, _ []uint64) bool {
		switch name {
		case storedBody:
			body = value
		case storedTitle:
			f(body, value)
			return false
		}
		return true
	})
}

// storedDoc is all that is kept of a document.
type storedDoc struct {
	id          corpus.DocID
	body, title string
	meta, units []byte
}

// stored is all that is kept of a document, copied.
func (v *segView) stored(doc uint32) (d storedDoc, err error) {
	err = v.seg.VisitStoredFields(uint64(doc), func(name string, _ byte, value []byte, _ []uint64) bool {
		switch name {
		case "_id":
			d.id = corpus.DocID(value)
		case storedBody:
			d.body = string(value)
		case storedTitle:
			d.title = string(value)
		case storedMeta:
			d.meta = append([]byte(nil), value...)
		case storedUnits:
			d.units = append([]byte(nil), value...)
		}
		return true
	})
	return d, err
}

// units is the stored units of a document, and what f needs of its text; f must
// keep neither body nor data.
func (v *segView) units(doc uint32, f func(body, data []byte)) error {
	var body []byte
	return v.seg.VisitStoredFields(uint64(doc), func(name string, _ byte, value []byte, _ []uint64) bool {
		switch name {
		case storedBody:
			body = value
		case storedUnits:
			f(body, value)
			return false
		}
		return true
	})
}

func (v *segView) id(doc uint32) (string, error) {
	id, err := v.seg.DocID(uint64(doc))
	return string(id), err
}

// maxVerified is how many verified needles a segment remembers: those of the
// query whose pages somebody turns, and of some others.
const maxVerified = 256

func (v *segView) recall(key string) *roaring.Bitmap {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.verified[key]
}

func (v *segView) remember(key string, docs *roaring.Bitmap) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.verified) >= maxVerified {
		clear(v.verified)
	}
	v.verified[key] = docs
}
