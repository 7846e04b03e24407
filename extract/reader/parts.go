package reader

import (
	"context"
	"path"
	"strings"

	"tuogou/corpus"
	"tuogou/extract/reader/flow"
)

// attachmentOnly is the cue of a page that leaves its text to an attachment.
const attachmentOnly = "body_in_attachment"

// joined is a text that is being put together from several files.
type joined struct {
	text corpus.Text
	body strings.Builder
	base int    // of the next file's bytes
	cut  string // why the text of a part after the first is not whole
}

// add appends one file's text. Headlines of attachments are lines of the whole:
// a notice with its plan in an attachment reads like a notice with its plan
// below it.
func (j *joined) add(part corpus.Part, t *corpus.Text) {
	if j.body.Len() > 0 {
		j.body.WriteByte('\n')
	}
	by, tables := j.body.Len(), j.lastTable()
	move := func(s corpus.Span) corpus.Span { return corpus.Span{Start: s.Start + by, End: s.End + by} }
	j.body.WriteString(t.Body)
	for _, b := range t.Blocks {
		b.Span = move(b.Span)
		if b.Kind == corpus.BlockMeta {
			b.Value = move(b.Value)
		}
		b = asPart(b, part.Role, len(j.text.Parts))
		if b.Table > 0 {
			b.Table += tables
		}
		j.text.Blocks = append(j.text.Blocks, b)
	}
	for _, m := range t.Map {
		m.Body, m.Source = m.Body+by, m.Source+j.base
		j.text.Map = append(j.text.Map, m)
	}
	for _, p := range t.Problems {
		p.Span = move(p.Span)
		j.text.Problems = append(j.text.Problems, p)
	}
	if t.Truncated && len(j.text.Parts) > 0 {
		j.cut = t.Why
	}
	j.streams(t)
	part.Span = corpus.Span{Start: by, End: j.body.Len()}
	part.MediaType = t.MediaType
	j.text.Parts = append(j.text.Parts, part)
	j.text.Links = append(j.text.Links, t.Links...)
	j.text.Noise = append(j.text.Noise, t.Noise...)
}

// asPart is a block of the n-th file, from 0, as a block of the whole. A further
// page repeats headline and facts of the first one.
func asPart(b corpus.Block, role corpus.PartRole, n int) corpus.Block {
	switch {
	case n == 0:
	case role == corpus.PartBody && (b.Kind == corpus.BlockTitle || b.Kind == corpus.BlockMeta):
		b.Kind, b.Field, b.Value = corpus.BlockOutside, "", corpus.Span{}
	case b.Kind == corpus.BlockTitle:
		b.Kind = corpus.BlockPara
	}
	return b
}

func (j *joined) lastTable() int {
	last := 0
	for _, b := range j.text.Blocks {
		last = max(last, b.Table)
	}
	return last
}

// streams takes over those of t, or makes one of the file as it is.
func (j *joined) streams(t *corpus.Text) {
	own := t.Streams
	if len(own) == 0 {
		size := 0
		for _, m := range t.Map {
			size = max(size, m.Source+m.Count*m.SourceUnit)
		}
		own = []corpus.Stream{{Size: size}}
	}
	for _, s := range own {
		s.Part, s.Base = len(j.text.Parts), s.Base+j.base
		j.text.Streams = append(j.text.Streams, s)
	}
	last := j.text.Streams[len(j.text.Streams)-1]
	j.base = last.Base + last.Size
}

// unread notes a file of the work that gave no text.
func (j *joined) unread(part corpus.Part, e *Error) {
	at := corpus.Span{Start: j.body.Len(), End: j.body.Len()}
	part.Span = at
	j.text.Parts = append(j.text.Parts, part)
	j.text.Problems = append(j.text.Problems, corpus.Problem{ID: "part_" + e.ID, Span: at, Message: part.Title + ": " + e.Message})
}

// done is the whole text.
func (j *joined) done(first *corpus.Text, read int) *corpus.Text {
	t := j.text
	t.Body = j.body.String()
	t.MediaType, t.Charset = first.MediaType, first.Charset
	t.Noise = sumNoise(t.Noise)
	t.Truncated, t.Why = first.Truncated, first.Why
	t.Next = first.Next
	if read > 0 && strings.HasPrefix(t.Why, attachmentOnly) {
		t.Truncated, t.Why = false, "" // 详见附件, and here it is
	}
	if !t.Truncated && j.cut != "" {
		t.Truncated, t.Why = true, j.cut
	}
	return &t
}

func sumNoise(list []corpus.Noise) []corpus.Noise {
	counts := map[string]int{}
	for _, n := range list {
		counts[n.ID] += n.Count
	}
	return noiseList(counts)
}

// readParts reads the further files of in and puts the text together: what an
// archive holds, and what the page links to.
func (r *Reader) readParts(ctx context.Context, in Input, first *corpus.Text, files []flow.File) (*corpus.Text, error) {
	if len(first.Links) == 0 && len(first.Next) == 0 && len(files) == 0 {
		return first, nil
	}
	j := &joined{}
	if len(first.Blocks) > 0 {
		j.add(corpus.Part{Role: corpus.PartBody, SHA256: corpus.HashBytes(in.Data)}, first)
	}
	whole := r.addPages(ctx, j, in, first.Next)
	read := r.addFiles(ctx, j, files, r.limits.Depth)
	for _, l := range links(j.text.Links) {
		read += r.addLink(ctx, j, l, in.Open)
	}
	t := j.done(first, read)
	if !whole && !t.Truncated {
		t.Truncated, t.Why = true, "page_missing: a further page of the text is not at hand"
	}
	if len(t.Blocks) == 0 {
		return nil, noneRead(t)
	}
	return t, nil
}

// links are the links of all pages, each address once.
func links(list []corpus.Link) []corpus.Link {
	seen := map[string]bool{}
	var out []corpus.Link
	for _, l := range list {
		if !seen[l.URL] {
			seen[l.URL] = true
			out = append(out, l)
		}
	}
	return out
}

// addPages adds the further pages of a text that is split, the ones that only a
// further page names too, and reports whether all are there.
func (r *Reader) addPages(ctx context.Context, j *joined, in Input, next []string) bool {
	seen := map[string]bool{in.URL: true}
	for len(next) > 0 && len(seen) <= maxNext {
		address := next[0]
		next = next[1:]
		if seen[address] {
			continue
		}
		seen[address] = true
		part := corpus.Part{Role: corpus.PartBody, Title: address}
		page, ok := Input{}, false
		if in.Open != nil {
			page, ok = in.Open(corpus.Link{URL: address})
		}
		if !ok {
			j.unread(part, &Error{ID: "missing", Message: "this further page of the text is not among the files at hand"})
			return false
		}
		part.SHA256 = corpus.HashBytes(page.Data)
		t, _, err := r.readOne(ctx, page)
		if err != nil || len(t.Blocks) == 0 {
			j.unread(part, &Error{ID: "corrupt", Message: "this further page of the text cannot be read"})
			return false
		}
		j.add(part, t)
		next = append(next, t.Next...)
	}
	return true
}

// addLink adds the file that a link leads to, or notes that it is not at hand.
func (r *Reader) addLink(ctx context.Context, j *joined, l corpus.Link, open func(corpus.Link) (Input, bool)) int {
	part := corpus.Part{Role: corpus.PartAttachment, Title: l.Title}
	if open != nil {
		if in, ok := open(l); ok {
			return r.addPart(ctx, j, part, in, r.limits.Depth)
		}
	}
	j.unread(part, &Error{ID: "missing", Message: "not among the files at hand: fetch " + l.URL + " or lay the file beside the page"})
	return 0
}

// noneRead says why a work of several files has no text at all.
func noneRead(t *corpus.Text) *Error {
	e := noText(t)
	for _, p := range t.Problems[min(1, len(t.Problems)):] {
		e.Message += "; " + p.Message
	}
	return &Error{ID: strings.TrimPrefix(e.ID, "part_"), Message: "none of the files inside can be read: " + e.Message}
}

// noText says why a file has no text: by its first problem (a page that is a
// picture), where it has one.
func noText(t *corpus.Text) *Error {
	if len(t.Problems) > 0 {
		return &Error{ID: t.Problems[0].ID, Message: t.Problems[0].Message}
	}
	return &Error{ID: "empty", Message: "the file holds no text"}
}

// addFiles adds what an archive holds, and reports how many gave a text.
func (r *Reader) addFiles(ctx context.Context, j *joined, files []flow.File, depth int) int {
	read := 0
	for _, f := range files {
		part := corpus.Part{Role: corpus.PartAttachment, Title: strings.TrimSuffix(f.Name, path.Ext(f.Name))}
		read += r.addPart(ctx, j, part, Input{Data: f.Data, Name: f.Name}, depth-1)
	}
	return read
}

// addPart adds one file, and what it holds where it is an archive.
func (r *Reader) addPart(ctx context.Context, j *joined, part corpus.Part, in Input, depth int) int {
	part.SHA256 = corpus.HashBytes(in.Data)
	if depth < 0 {
		j.unread(part, &Error{ID: "too_deep", Message: "archives are nested too deep"})
		return 0
	}
	t, files, err := r.readOne(ctx, in)
	if err == nil && len(t.Blocks) == 0 && len(files) == 0 {
		err = noText(t)
	}
	if err != nil {
		j.unread(part, asError(ctx, err))
		return 0
	}
	read := 0
	if len(t.Blocks) > 0 {
		j.add(part, t)
		read = 1
	}
	return read + r.addFiles(ctx, j, files, depth)
}
