package index

import (
	"context"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"

	"tuogou/index/query"
)

// matcher answers one query in one segment.
type matcher struct {
	ctx context.Context
	seg *segView
	// texts is what each text of the query matched, for the ranking.
	texts map[query.Text]*roaring.Bitmap
	// units says that documents are looked for which may hold a unit for which
	// the query holds: what filters on units exclude is not excluded.
	units bool
}

// match is the documents for which n holds, deleted ones perhaps among them.
// The result is not to be changed.
func (m *matcher) match(n query.Node) (*roaring.Bitmap, error) {
	if err := m.ctx.Err(); err != nil {
		return nil, err
	}
	switch n := n.(type) {
	case query.And:
		return m.and(n.Nodes)
	case query.Or:
		out := roaring.New()
		for _, k := range n.Nodes {
			docs, err := m.match(k)
			if err != nil {
				return nil, err
			}
			out.Or(docs)
		}
		return out, nil
	case query.Not:
		if m.units && !ofDocument(n.Node) {
			return m.seg.live, nil
		}
		docs, err := m.match(n.Node)
		if err != nil {
			return nil, err
		}
		return roaring.AndNot(m.seg.live, docs), nil
	case query.Text:
		docs, err := m.text(n)
		if err == nil {
			m.texts[n] = docs
		}
		return docs, err
	case query.Filter:
		if m.units && n.Field == query.Has && !ofDocument(n) {
			return m.seg.live, nil
		}
		return m.filter(n)
	case query.Range:
		return m.ranged(n)
	}
	return m.seg.live, nil
}

func (m *matcher) and(nodes []query.Node) (*roaring.Bitmap, error) {
	out := m.seg.live
	for _, k := range nodes {
		docs, err := m.match(k)
		if err != nil {
			return nil, err
		}
		out = roaring.And(out, docs)
	}
	return out, nil
}

// ranged is the documents with a value in a range. A date of which only the
// month is known belongs to every range that has a day of it.
func (m *matcher) ranged(n query.Range) (*roaring.Bitmap, error) {
	from := n.From
	if n.Field == query.Date && len(from) > len("2018-06") {
		from = from[:len("2018-06")]
	}
	var to []byte
	if n.To != "" {
		to = []byte(n.To + "\x00") // just past n.To
	}
	docs, err := m.seg.between(string(n.Field), []byte(n.From), to)
	if err != nil || from == n.From {
		return docs, err
	}
	month, err := m.seg.term(string(n.Field), []byte(from))
	return roaring.Or(docs, month), err
}

// filter is the documents with one value of a key field.
func (m *matcher) filter(n query.Filter) (*roaring.Bitmap, error) {
	switch n.Field {
	case query.Place:
		return m.place(n.Value)
	case query.Provision:
		return m.seg.term(string(n.Field), []byte(foldString(n.Value)))
	case query.Issuer, query.Source:
		return m.holding(string(n.Field), foldString(n.Value))
	case query.Number:
		return m.seg.number(n.Value)
	}
	return m.seg.term(string(n.Field), []byte(n.Value))
}

// holding is the documents with a term that holds v, or, where v ends with a
// star, begins with it.
func (m *matcher) holding(field, v string) (*roaring.Bitmap, error) {
	begin, star := strings.CutSuffix(v, "*")
	return m.seg.terms(field, func(term string) bool {
		if star {
			return strings.HasPrefix(term, begin)
		}
		return strings.Contains(term, v)
	})
}

// typedNumber is a document number without brackets: 吉政办发2018 50, 2018年50.
var typedNumber = regexp.MustCompile(`^(\PN*)((?:19|20)\d\d)年?(\d+)$`)

// number is the documents whose number holds s, however its brackets are
// written. 5号 is not found in 50号 or 15号.
func (v *segView) number(s string) (*roaring.Bitmap, error) {
	key, star, whole := NumberKey(s)
	if key == "" {
		return roaring.New(), nil
	}
	isDigit := func(s string, i int) bool { return i >= 0 && i < len(s) && s[i] >= '0' && s[i] <= '9' }
	return v.terms(string(query.Number), func(term string) bool {
		if star {
			return strings.HasPrefix(term, key)
		}
		for at := 0; ; at++ {
			i := strings.Index(term[at:], key)
			if i < 0 {
				return false
			}
			at += i
			end := at + len(key)
			inside := isDigit(key, 0) && isDigit(term, at-1) || isDigit(key, len(key)-1) && isDigit(term, end)
			if !inside && (!whole || end == len(term)) {
				return true
			}
		}
	})
}

// terms is the documents with a term that ok takes.
func (v *segView) terms(field string, ok func(term string) bool) (*roaring.Bitmap, error) {
	cols, err := v.column(field)
	if err != nil {
		return nil, err
	}
	out := roaring.New()
	for _, c := range cols {
		if ok(c.term) {
			out.Or(c.docs)
		}
	}
	return out, nil
}

// placeEndings are what people leave out of a place's name (长春 for 长春市).
var placeEndings = [...]string{"", "省", "市", "区", "县", "州", "盟", "旗"}

// place is the documents of a place and of all below it, by code, by the
// beginning of a code (22 or 2201), or by name.
func (m *matcher) place(v string) (*roaring.Bitmap, error) {
	field, terms := PlaceTerm(v)
	out := roaring.New()
	for _, t := range terms {
		docs, err := m.seg.term(field, []byte(t))
		if err != nil {
			return nil, err
		}
		out.Or(docs)
	}
	return out, nil
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// text is the documents that hold a text, exactly.
func (m *matcher) text(t query.Text) (*roaring.Bitmap, error) {
	n, ok := newNeedle(t.Value)
	if !ok {
		return m.seg.live, nil // only white space: asks for nothing
	}
	field := gramsAll
	if t.Title {
		field = gramsTitle
	}
	key := field + "\x00" + string(n.text)
	if docs := m.seg.recall(key); docs != nil {
		return docs, nil
	}
	docs, err := m.seg.candidates(field, n)
	if err != nil || n.exact {
		return docs, err
	}
	proven := roaring.New()
	if !t.Title {
		// A document that has the text for a word of its body needs no look.
		words, err := m.seg.term(wordsBody, n.text)
		if err != nil {
			return nil, err
		}
		proven = roaring.And(words, docs)
	}
	found, err := m.verify(roaring.AndNot(docs, proven), n, t.Title)
	if err != nil {
		return nil, err
	}
	proven.Or(found)
	m.seg.remember(key, proven)
	return proven, nil
}

// candidates is the documents with all grams of n in field.
func (v *segView) candidates(field string, n needle) (*roaring.Bitmap, error) {
	if len(n.prefix) > 0 {
		end := slices.Clone(n.prefix)
		end[len(end)-1]++ // the next character of the same length, or none that exists
		return v.between(field, n.prefix, end)
	}
	d, err := v.seg.Dictionary(field)
	if err != nil {
		return nil, err
	}
	var sets []*roaring.Bitmap
	for _, g := range n.grams {
		docs, err := postings(d, g)
		if err != nil {
			return nil, err
		}
		sets = append(sets, docs)
	}
	if len(sets) == 0 {
		return v.live, nil
	}
	slices.SortFunc(sets, func(a, b *roaring.Bitmap) int {
		return int(a.GetCardinality()) - int(b.GetCardinality())
	})
	out := sets[0]
	for _, s := range sets[1:] {
		out = roaring.And(out, s)
	}
	return out, nil
}

// verify is the documents of docs whose stored text holds n.
func (m *matcher) verify(docs *roaring.Bitmap, n needle, title bool) (*roaring.Bitmap, error) {
	all := roaring.And(docs, m.seg.live).ToArray()
	workers := min(runtime.GOMAXPROCS(0), len(all)/64+1)
	found := make([]*roaring.Bitmap, workers)
	errs := make([]error, workers)
	var wg sync.WaitGroup
	for i := range workers {
		part := all[i*len(all)/workers : (i+1)*len(all)/workers]
		wg.Go(func() { found[i], errs[i] = m.verifyPart(part, n, title) })
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return roaring.FastOr(found...), nil
}

func (m *matcher) verifyPart(docs []uint32, n needle, title bool) (*roaring.Bitmap, error) {
	out := roaring.New()
	for i, d := range docs {
		if i%256 == 0 && m.ctx.Err() != nil {
			return nil, m.ctx.Err()
		}
		t, err := m.seg.kept(d)
		if err != nil {
			return nil, err
		}
		if m.seg.holds(t, n, title) {
			out.Add(d)
		}
	}
	return out, nil
}
