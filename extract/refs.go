package extract

import (
	"strings"

	"tuogou/corpus"
)

// references finds the documents that the text names in book-title marks, with
// the number in brackets behind them, and how each is used. Names that only
// point back (本《方案》) and the document's own title are left out.
func (d *draft) references() {
	r := &d.x.rules.Documents.Reference
	seen := map[string]int{}
	var last *corpus.Reference // of a chain under one cue
	for _, m := range r.Title.FindAllStringSubmatchIndex(d.body, -1) {
		at, inner := corpus.Span{Start: m[0], End: m[1]}, corpus.Span{Start: m[2], End: m[3]}
		if !d.inText(at) {
			continue
		}
		title := plain(inner.In(d.body))
		chained := last != nil && at.Start >= last.Span.End && at.Start-last.Span.End <= sceneBytes && r.Chain.MatchString(d.body[last.Span.End:at.Start])
		if !r.IsDocument.MatchString(title) || r.Self.MatchString(title) {
			continue
		}
		ref := corpus.Reference{Title: title, Evidence: corpus.Cite(d.body, at, "document/reference")}
		ref.DocNumber = d.numberBehind(&ref, at)
		ref.Relation = d.relation(at)
		if chained && ref.Relation == corpus.Cites {
			ref.Relation = last.Relation
			ref.Trace = append(ref.Trace, "goes on in the list of the one before")
		}
		if d.isOwn(title) {
			if ref.Relation != corpus.Forwards {
				continue
			}
		}
		last = &ref
		key := squeeze(title)
		if i, ok := seen[key]; ok {
			if d.rec.References[i].DocNumber == nil && ref.DocNumber != nil {
				d.rec.References[i].DocNumber = ref.DocNumber
			}
			continue
		}
		seen[key] = len(d.rec.References)
		d.rec.References = append(d.rec.References, ref)
	}
}

func (d *draft) isOwn(title string) bool {
	own := squeeze(d.rec.Title)
	if d.rec.Carrier != nil && squeeze(title) == squeeze(d.rec.Carrier.Title) {
		return true
	}
	return squeeze(title) == own && own != ""
}

// numberBehind reads the number in brackets directly behind a title and takes
// it into the quoted words.
func (d *draft) numberBehind(ref *corpus.Reference, at corpus.Span) *corpus.DocNumber {
	after := d.body[at.End:d.blockEnd(at.Start)]
	window := head(after, 90)
	ns := d.numbersIn(corpus.Span{Start: at.End, End: at.End + len(window)})
	if len(ns) == 0 {
		return nil
	}
	between := d.body[at.End:ns[0].Span.Start]
	if strings.Trim(between, " \u3000\u00a0(（") != "" {
		return nil
	}
	end := ns[0].Span.End
	if strings.HasPrefix(d.body[end:], ")") {
		end++
	} else if strings.HasPrefix(d.body[end:], "）") {
		end += len("）")
	}
	ref.Evidence = corpus.Cite(d.body, corpus.Span{Start: at.Start, End: end}, ref.Rule)
	return &ns[0]
}

// relation reads from the words before a title how it is used.
func (d *draft) relation(at corpus.Span) corpus.Relation {
	r := &d.x.rules.Documents.Reference
	s, ok := d.sentenceOf(at)
	if !ok {
		s.span = d.blockOf(at.Start)
	}
	before, after := tail(d.body[s.span.Start:at.Start], sceneBytes), d.body[at.End:max(at.End, s.span.End)]
	before = dropQuoted(before)
	switch {
	case r.Repeals.MatchString(head(after, 60)):
		return corpus.Repeals
	case r.Forwards.MatchString(before) && d.isOwn(at.In(d.body)):
		return corpus.Forwards
	case r.Implements.MatchString(before):
		return corpus.Implements
	case r.Basis.MatchString(before):
		return corpus.Basis
	}
	return corpus.Cites
}

// dropQuoted takes earlier titles and numbers out of the words before a title,
// so that a cue before the first of a list is seen from the last.
func dropQuoted(s string) string {
	for {
		i := strings.Index(s, "《")
		j := strings.Index(s, "》")
		if i < 0 || j < i {
			return s
		}
		s = s[:i] + s[j+len("》"):]
	}
}
