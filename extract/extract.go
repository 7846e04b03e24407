// Package extract reads the record of a document out of its clean text: what
// it is, who issued it and when, its outline, the five clauses, deadlines,
// duties, references and standard provisions, each with the words it came from.
//
// It is pure and deterministic: no clock, no files, no network. Relative dates
// count from the document's own date or from [Options.Date]. All it knows comes
// from a rules.Set; the Go code only applies it, in this order:
//
//  1. find   organs, places, titles in book marks, outline
//  2. facts  title and carrier, kind, number, dates, issuers, topic, place
//  3. time   expressions, their role, deadlines and terms
//  4. text   clauses, duties, references, provisions, contacts
//
// Where the text leaves something open the record says so (state, candidates,
// resolved false); it never picks one of several.
package extract

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"sort"
	"unicode/utf8"

	"tuogou/corpus"
	"tuogou/corpus/organs"
	"tuogou/corpus/places"
	"tuogou/rules"
	"tuogou/segment"
)

// Segmenter cuts a text into words. Tokens are in order, do not overlap and
// hold byte offsets of s.
type Segmenter interface {
	Cut(s string) []segment.Token
}

// Extractor turns texts into records. It may be used by many goroutines at once.
type Extractor struct {
	rules  *rules.Set
	places *places.Table
	seg    Segmenter
	hash   corpus.Hash
}

// Options are the knobs of one extraction. The zero value is the default.
type Options struct {
	// Date, YYYY-MM-DD, stands in for the document's own date where the text
	// gives none, so that relative dates can be resolved. Empty: leave them open.
	Date string
}

// New makes an extractor. seg may be nil: then words are not used to bound the
// names of unknown organs, and some of them stay unfound.
func New(set *rules.Set, gazetteer *places.Table, seg Segmenter) (*Extractor, error) {
	if set == nil || gazetteer == nil {
		return nil, errors.New("extract: rules and places are needed")
	}
	sum := sha256.Sum256([]byte(string(set.Hash) + "\n" + gazetteer.Hash()))
	return &Extractor{rules: set, places: gazetteer, seg: seg, hash: corpus.Hash(hex.EncodeToString(sum[:]))}, nil
}

// Hash names everything that decides what a record says: rules and places.
// Two records with the same source bytes and the same hash are the same.
func (x *Extractor) Hash() corpus.Hash { return x.hash }

// Extract makes the record of one text. src says where the bytes came from;
// its media type and charset are taken from the text. It never fails: what
// cannot be read is a state or a problem of the record.
func (x *Extractor) Extract(src corpus.Source, text *corpus.Text, opts Options) *corpus.Record {
	src.MediaType, src.Charset = text.MediaType, text.Charset
	name := src.SHA256
	if len(name) != 2*sha256.Size { // a text that was made, not read
		name = corpus.HashBytes([]byte(text.Body))
	}
	d := &draft{x: x, text: text, body: text.Body, opts: opts}
	d.rec = &corpus.Record{
		ID: corpus.IDOf(src.URL, name), Schema: corpus.SchemaVersion, Rules: x.hash, Source: src,
		Facts: map[string]corpus.Fact{},
		Text: corpus.TextInfo{
			Body: text.Body, SHA256: corpus.HashBytes([]byte(text.Body)), Chars: utf8.RuneCountInString(text.Body),
			Truncated: text.Truncated, Why: text.Why, Noise: text.Noise,
		},
	}
	d.rec.Problems = append(d.rec.Problems, text.Problems...)
	d.find()
	d.facts()
	d.attachments()
	d.selfOrgans()
	d.listedOrgans()
	d.clauses()
	d.times()
	d.duties()
	d.bindDuties()
	d.clauseLinks()
	d.references()
	d.provisions()
	d.contacts()
	return d.rec
}

// attachments adds the files that the text was read from beside the page itself,
// those without text too: their problem says why. The body ends where the first
// of them begins, unless the document itself stands in one (a plan whose notice
// is the page).
func (d *draft) attachments() {
	for _, p := range d.text.Parts {
		if p.Role == corpus.PartBody {
			continue
		}
		for i := range d.rec.Parts {
			if b := &d.rec.Parts[i]; b.Role == corpus.PartBody && b.Span.Start < p.Span.Start && p.Span.Start < b.Span.End {
				b.Span = trim(d.body, corpus.Span{Start: b.Span.Start, End: p.Span.Start})
			}
		}
		d.rec.Parts = append(d.rec.Parts, p)
	}
}

// draft is a record in the making.
type draft struct {
	x    *Extractor
	text *corpus.Text
	body string
	opts Options
	rec  *corpus.Record

	sentences   []sentence
	organs      []organs.Mention // spans in the body
	lists       []organs.List
	places      []places.Mention
	titled      *corpus.DocNumber // the number behind the headline
	booked      []marked          // titles in book marks
	quoted      []corpus.Span     // the same, with their marks
	ownDates    []corpus.Span     // where the document's own dates stand, in order
	sectionIDs  map[string]int    // of a section's id, its place in rec.Outline
	tableHeads  map[int]tableHead // of a table, the words over each column
	firstSaid   [][]int           // where the text says that the first of a list leads
	roles       map[int][]part    // by the start of a sentence: see partsIn
	uids        map[string]int    // how often the words and the task of a deadline were met
	textStart   int               // first byte of the text itself: after a carrier
	textEnd     int               // end of the last block of text
	sectionsEnd int               // textEnd without the signature: the last section ends here
	ref         reference         // what relative dates count from
	notAfter    int               // the year that bounds a story whose year is open; 0 where it is not
}

// find gathers what later steps look up.
func (d *draft) find() {
	d.sentences = sentences(d.text)
	for _, b := range d.text.Blocks {
		if b.Kind == corpus.BlockOutside {
			continue
		}
		if b.Kind != corpus.BlockMeta {
			d.textEnd = b.Span.End
		}
		d.namesOf(b.Span)
	}
	d.booked = d.markedTitles()
	for _, m := range d.booked {
		d.quoted = append(d.quoted, m.span)
	}
	d.dropBroken()
	d.sectionsEnd = d.beforeSignature()
	d.outline()
	d.sentences = cutAtSections(d.body, d.sentences, d.rec.Outline)
}

// dropBroken drops mentions of organs of no known kind that begin or end inside a
// word of the segmentation: what sounds like the name of an office is then part of
// something else. The text is cut only where there is such a mention; without a
// segmenter all stay.
func (d *draft) dropBroken() {
	unknown := func(o organs.Mention) bool { return len(o.Kinds) == 0 && !o.Role && !o.Vague }
	if d.x.seg == nil || !slices.ContainsFunc(d.organs, unknown) {
		return
	}
	words := d.x.seg.Cut(d.body)
	inside := func(at int) bool {
		i := sort.Search(len(words), func(i int) bool { return words[i].End > at })
		return i < len(words) && words[i].Start < at
	}
	// 国家能源|局等: a long name of the table ends where it ends; 海关 of 海|关于 is none.
	ends := func(o organs.Mention) bool { return o.Listed && utf8.RuneCountInString(o.Stem) >= 4 }
	broken := func(o organs.Mention) bool {
		return unknown(o) && (inside(o.Span.Start) || inside(o.Span.End) && !ends(o))
	}
	d.organs = slices.DeleteFunc(d.organs, broken)
	for i := range d.lists {
		d.lists[i].Members = slices.DeleteFunc(slices.Clone(d.lists[i].Members), broken)
	}
	d.lists = slices.DeleteFunc(d.lists, func(l organs.List) bool { return len(l.Members) == 0 })
}

// namesOf finds the places and organs of one block.
func (d *draft) namesOf(b corpus.Span) {
	line := b.In(d.body)
	for _, p := range d.x.places.Find(line, 0) {
		p.Span = shifted(p.Span, b.Start)
		d.places = append(d.places, p)
	}
	found := d.x.rules.Organs.Find(line, d.x.placeAt())
	for _, l := range d.x.rules.Organs.Lists(line, found) {
		l.Span = shifted(l.Span, b.Start)
		for i := range l.Members {
			l.Members[i].Span = shifted(l.Members[i].Span, b.Start)
		}
		d.lists = append(d.lists, l)
		d.organs = append(d.organs, l.Members...)
	}
}

// placeAt tells the organs where a place begins that ends at a byte. The text
// asked about may be the line without its inner blanks, so the places are found
// in whatever text is asked about, once for each.
func (x *Extractor) placeAt() organs.PlaceFunc {
	var of string
	var starts map[int]int
	return func(text string, end int) int {
		if starts == nil || text != of {
			of, starts = text, map[int]int{}
			for _, p := range x.places.Find(text, 0) {
				starts[p.Span.End] = p.Span.Start
			}
		}
		if start, ok := starts[end]; ok {
			// 县财政局|会同县机关事务服务中心, "…办法，会同县民政局": here 会同县 is no place.
			if docs := x.rules.Documents; start > 0 && docs.NotPlace.MatchString(text[start:end]) && !docs.PlaceAfter.MatchString(tail(text[:start], 4)) {
				return end
			}
			return start
		}
		return end
	}
}

func shifted(s corpus.Span, by int) corpus.Span {
	return corpus.Span{Start: s.Start + by, End: s.End + by}
}

func (d *draft) problem(id string, s corpus.Span, format string, args ...any) {
	d.rec.Problems = append(d.rec.Problems, corpus.Problem{ID: id, Span: s, Message: fmt.Sprintf(format, args...)})
}

func (d *draft) stated(field string, e corpus.Evidence) {
	d.rec.Facts[field] = corpus.Fact{State: corpus.Stated, Evidence: e}
}

// missing marks a field that was not found: not stated in a whole text, not
// found in a cut one.
func (d *draft) missing(field string) {
	state := corpus.NotStated
	if d.text.Truncated {
		state = corpus.NotFound
	}
	d.rec.Facts[field] = corpus.Fact{State: state}
}
