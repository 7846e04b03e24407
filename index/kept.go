package index

import (
	"bytes"
	"sync/atomic"
)

// maxKept is how many bytes of texts a segment keeps once they were unpacked:
// the next query looks into most of the same. What does not fit is unpacked
// again each time.
const maxKept = 96 << 20

// keptText is the title and body of a document, unpacked.
type keptText struct {
	title, body []byte
	folded      atomic.Pointer[foldedText]
}

type foldedText struct{ title, body []byte }

// kept is the text of a document, from memory where it was read before.
func (v *segView) kept(doc uint32) (*keptText, error) {
	if t := v.texts[doc].Load(); t != nil {
		return t, nil
	}
	t := &keptText{}
	err := v.text(doc, func(body, title []byte) {
		both := append(append(make([]byte, 0, len(title)+len(body)), title...), body...)
		t.title, t.body = both[:len(title):len(title)], both[len(title):]
	})
	if err == nil && v.keptBytes.Add(int64(cap(t.body)+len(t.title))) <= maxKept {
		v.texts[doc].Store(t)
	}
	return t, err
}

// holds reports whether the folded form of t holds n. The usual forms are looked
// for first: folding takes ten times as long, so it is done once a text, and
// only for one that has none of them.
func (v *segView) holds(t *keptText, n needle, title bool) bool {
	f := t.folded.Load()
	if f == nil {
		for _, form := range n.forms {
			if bytes.Contains(t.title, form) || !title && bytes.Contains(t.body, form) {
				return true
			}
		}
		f = &foldedText{fold(nil, t.title, nil), fold(make([]byte, 0, len(t.body)), t.body, nil)}
		if v.keptBytes.Add(int64(len(f.title)+cap(f.body))) <= maxKept {
			t.folded.Store(f)
		}
	}
	return bytes.Contains(f.title, n.text) || !title && bytes.Contains(f.body, n.text)
}
