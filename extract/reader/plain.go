package reader

import (
	"strings"
	"unicode/utf8"

	"tuogou/corpus"
)

// line is one line of a body while its kind is being decided.
type line struct {
	span   corpus.Span
	n      int  // characters
	gap    bool // a blank line stands before it
	kind   corpus.BlockKind
	blocks []corpus.Block // set where the line is split
}

func (l *line) in(body string) string { return l.span.In(body) }

// readPlain reads plain text: one paragraph a line, with what a scraper left
// around it.
func (r *Reader) readPlain(in Input) (*corpus.Text, error) {
	dec := r.decode(in)
	c, err := r.newCleaner(dec.text)
	if err != nil {
		return nil, err
	}
	b := r.newBuilder(dec)
	lines := r.plainLines(b, c)
	body := string(b.body)
	r.head(body, lines)
	r.flatTables(body, lines)
	r.furniture(body, lines)
	b.blocks = blocksOf(lines)
	r.tables(b.blocks)
	t := b.done()
	r.twoDocuments(t)
	r.truncated(t)
	return t, nil
}

// plainLines writes all lines that are not blank.
func (r *Reader) plainLines(b *builder, c *cleaner) []line {
	var lines []line
	var g []glyph
	gap := false
	input := b.dec.text
	width := pageWidth(input)
	for at := 0; at < len(input); {
		if cells, next, ok := boxTable(input, at); ok {
			lines, at = b.boxLines(lines, cells, c), next
			continue
		}
		var next int
		g, next = r.plainLine(g[:0], input, at)
		raw := input[at:next]
		at = next
		// Cleaning must see the whole paragraph: a date may run over the line end.
		for at < len(input) && (r.goesOn(width, raw, rest(input, at)) || r.splitsDate(raw, rest(input, at))) {
			for isBlank(g[len(g)-1].r) {
				g = g[:len(g)-1]
			}
			g, next = r.plainLine(g, input, at)
			raw, at = input[at:next], next
			b.noise["unwrapped"]++
		}
		clean, noise := c.clean(g)
		b.count(noise)
		clean = trim(clean)
		if len(clean) == 0 {
			gap = true
			continue
		}
		if k := len(lines); k > 0 && k <= headLines && lines[k-1].kind == corpus.BlockPara && !gap && len(clean) <= 120 && r.joins(b.body[lines[k-1].span.Start:], clean) {
			// A headline broken over two lines is one headline.
			lines[k-1].span.End = b.write(clean).End
			lines[k-1].n += len(clean)
			continue
		}
		b.line()
		lines = append(lines, line{span: b.write(clean), n: len(clean), gap: gap, kind: corpus.BlockPara})
		gap = false
	}
	return lines
}

// rest is the beginning of the line at offset at, as much of it as tells whether
// it goes on with the line before.
func rest(s string, at int) string { return s[at:min(len(s), at+80)] }

// plainLine appends the glyphs of the line at offset at and returns the offset
// of the next line. All kinds of line ends count, and the indent of a paragraph
// that was glued to the one before it.
func (r *Reader) plainLine(g []glyph, s string, at int) ([]glyph, int) {
	from := len(g)
	for at < len(s) {
		ch, n := utf8.DecodeRuneInString(s[at:])
		switch ch {
		case '\r':
			if at+1 < len(s) && s[at+1] == '\n' {
				n = 2
			}
			return g, at + n
		case '\n', '\f', '\v', 0x85, 0x2028, 0x2029:
			return g, at + n
		}
		if k := len(g); k > from && isBlank(g[k-1].r) && !isBlank(ch) && r.glued(g[from:], s[at:]) {
			return g, at
		}
		g = append(g, glyph{ch, int32(at), int32(n)})
		at += n
	}
	return g, at
}

// headLines is how many lines the head of a text has at most.
const headLines = 12

// joins reports whether next is the rest of the headline that begins above: an
// organ's name alone with 关于… under it, or a headline that has no end yet.
func (r *Reader) joins(above []byte, next []glyph) bool {
	t := &r.page.Title
	if len(above) > 400 {
		return false
	}
	a, b := string(above), text(next)
	if t.Headline.MatchString(a) || t.Never.MatchString(a) {
		return false
	}
	if t.Organ.MatchString(a) && t.JoinedStart.MatchString(b) {
		return true
	}
	return t.JoinedEnd.MatchString(b) && strings.Contains(a, "关于") && t.Headline.MatchString(a+b)
}

// head finds the headline and the facts stated around it.
func (r *Reader) head(body string, lines []line) {
	end := min(len(lines), headLines+r.stacked(body, lines))
	found := make([][]pair, end)
	for i := range end {
		s := lines[i].in(body)
		if lines[i].kind == corpus.BlockCell {
			end = i
			break
		}
		titled := lines[i].n <= maxCueLine && r.page.Title.Headline.MatchString(s)
		if r.isText(s, lines[i].n) && !titled {
			end = i
			break
		}
		// A headline may hold the word 来源：; a breadcrumb may end in the headline.
		if ps := r.pairs(s, nil); !titled || len(ps) > 0 && ps[0].start == 0 {
			found[i] = ps
		}
	}
	r.headMeta(body, lines[:end], found[:end])
	if i := r.headline(body, lines[:end]); i >= 0 {
		lines[i].kind = corpus.BlockTitle
		if at := lines[i].span.Start + r.portalAt(lines[i].in(body)); at < lines[i].span.End {
			lines[i].blocks = []corpus.Block{{Span: corpus.Span{Start: lines[i].span.Start, End: at}, Kind: corpus.BlockTitle},
				{Span: corpus.Span{Start: at, End: lines[i].span.End}, Kind: corpus.BlockOutside}}
		}
		r.pageDate(body, lines[:end], i)
	}
}

// pageDate takes the first line of the head that is nothing but a day for that of the
// page, those under the headline before those above it. Where a label tells the day,
// only the line under the headline counts.
func (r *Reader) pageDate(body string, head []line, title int) {
	known := false
	for _, l := range head {
		for _, b := range l.blocks {
			known = known || b.Field == corpus.FieldPosted
		}
	}
	for k := 1; k < len(head); k++ {
		i := (title + k) % len(head)
		if known && k > 1 {
			return
		}
		if head[i].blocks == nil && head[i].kind == corpus.BlockPara {
			if r.bareDate(body, &head[i]); head[i].blocks != nil {
				return
			}
		}
	}
}

// headMeta splits the lines whose labels stand near enough to be believed.
func (r *Reader) headMeta(body string, lines []line, found [][]pair) {
	for i := 0; i < len(lines); {
		if len(found[i]) == 0 {
			i++
			continue
		}
		group := append([]pair(nil), found[i]...)
		j := i + 1
		for j < len(lines) && len(found[j]) > 0 {
			group = append(group, found[j]...)
			j++
		}
		for k := i; k < j; k++ {
			s := lines[k].in(body)
			if (near(group) && found[k][0].start <= 60) || alone(s, found[k]) || r.dated(s, found[k]) {
				lines[k].blocks = r.split(&lines[k], s, found[k])
			}
		}
		i = j
	}
}

// dated reports whether a line is the day of the page and where it was taken from:
// "2014年01月14日 15:23 来源:示例社".
func (r *Reader) dated(s string, ps []pair) bool {
	if len(ps) != 1 || ps[0].label.Field != "" && ps[0].label.Field != corpus.FieldSource || ps[0].val.Empty() {
		return false
	}
	m := r.page.Title.BareDate.FindStringIndex(strings.TrimRight(s[:ps[0].start], " \u3000|｜"))
	return m != nil && m[0] == 0
}

// sourceDate is where the day begins that ends the value of a label:
// "来源:示例日报 2015-03-20"; len(s) where none does.
func (r *Reader) sourceDate(s string) int {
	i := strings.LastIndexAny(s, " \u3000")
	for ; i > 0; i = strings.LastIndexAny(s[:i], " \u3000") {
		at := i + len(s[i:]) - len(strings.TrimLeft(s[i:], " \u3000"))
		if m := r.page.Title.BareDate.FindStringIndex(s[at:]); m != nil && m[0] == 0 && at+m[1] == len(s) && s[at] >= '0' && s[at] <= '9' {
			return at
		}
	}
	return len(s)
}

// split makes meta blocks of the pairs of a line, and outside blocks of what
// stands between them.
func (r *Reader) split(l *line, s string, ps []pair) []corpus.Block {
	var out []corpus.Block
	base := l.span.Start
	rest := func(from, to int) {
		lead := len(s[from:to]) - len(strings.TrimLeft(s[from:to], " \u3000"))
		from += lead
		to = from + len(strings.TrimRight(s[from:to], " \u3000"))
		if from >= to {
			return
		}
		out = append(out, corpus.Block{Span: corpus.Span{Start: base + from, End: base + to}, Kind: corpus.BlockOutside})
	}
	at := 0
	for _, p := range ps {
		if p.val.Empty() {
			continue
		}
		value := s[p.val.Start:p.val.End]
		end, day := p.val.End, len(value)
		if p.label.Field == "" || p.label.Field == corpus.FieldSource {
			day = r.sourceDate(value)
		}
		switch {
		case p.label.Field != "":
			rest(at, p.start)
			p.val.End = p.val.Start + len(strings.TrimRight(value[:day], " \u3000"))
			out = append(out, r.metaBlock(base, p))
		case day < len(value):
			rest(at, p.val.Start+day)
		default:
			continue
		}
		if day < len(value) {
			when := corpus.Span{Start: base + p.val.Start + day, End: base + end}
			out = append(out, corpus.Block{Span: when, Kind: corpus.BlockMeta, Field: corpus.FieldPosted, Value: when})
		}
		at = end
	}
	if at == 0 {
		return nil // no value worth keeping: leave the line as it is
	}
	rest(at, len(s))
	if first := out[0]; first.Kind == corpus.BlockOutside {
		if m := r.page.Title.BareDate.FindStringSubmatchIndex(s[:first.Span.Len()]); m != nil {
			out[0] = r.dateBlock(base, m)
		}
	}
	return out
}

func (r *Reader) metaBlock(base int, p pair) corpus.Block {
	return corpus.Block{
		Span:  corpus.Span{Start: base + p.start, End: base + p.val.End},
		Kind:  corpus.BlockMeta,
		Field: p.label.Field,
		Value: corpus.Span{Start: base + p.val.Start, End: base + p.val.End},
	}
}

// bareDate takes the line under the headline for the page's own date where it
// is one without a label: web pages write 2031-03-13 there, documents 年月日.
func (r *Reader) bareDate(body string, l *line) {
	if s := l.in(body); len(s) <= 100 {
		if m := r.page.Title.BareDate.FindStringSubmatchIndex(s); m != nil {
			first := r.dateBlock(l.span.Start, m)
			l.blocks = []corpus.Block{first}
			tail := strings.TrimLeft(body[first.Span.End:l.span.End], " \u3000")
			if tail != "" {
				l.blocks = append(l.blocks, corpus.Block{
					Span: corpus.Span{Start: l.span.End - len(tail), End: l.span.End}, Kind: corpus.BlockOutside})
			}
		}
	}
}

func (r *Reader) dateBlock(base int, m []int) corpus.Block {
	g := 2 * r.page.Title.BareDate.SubexpIndex("value")
	span := corpus.Span{Start: base + m[g], End: base + m[g+1]}
	return corpus.Block{Span: span, Kind: corpus.BlockMeta, Field: corpus.FieldPosted, Value: span}
}

// headline is the line of the head that is the headline, or -1: the first that
// reads like one (关于…的通知), else the first that could be one and does not
// look like the name of a site.
func (r *Reader) headline(body string, lines []line) int {
	first, site := -1, -1
	for i := range lines {
		s := lines[i].in(body)
		if lines[i].blocks != nil || lines[i].kind != corpus.BlockPara || !r.plausible(s, lines[i].n) {
			continue
		}
		s = s[:r.portalAt(s)]
		if r.page.Title.Headline.MatchString(s) {
			return i
		}
		switch named := lines[i].n <= 20 && r.page.Title.Site.MatchString(s); {
		case named && site < 0:
			site = i
		case !named && first < 0:
			first = i
		}
	}
	if first < 0 {
		return site
	}
	return first
}

// portalAt is where the name of the site begins that a copied <title> has behind its
// headline; len(s) where none does.
func (r *Reader) portalAt(s string) int {
	const shortest = len("关于的通知")
	for _, sep := range r.page.Title.Separators {
		if i := strings.LastIndex(s, sep); i > shortest && r.page.Title.Portal.MatchString(strings.TrimRight(s[i+len(sep):], " \u3000")) {
			return len(strings.TrimRight(s[:i], " -_|｜—－\u3000"))
		}
	}
	return len(s)
}

// plausible reports whether s could be a headline.
func (r *Reader) plausible(s string, n int) bool {
	if n < 4 || n > 120 || r.page.Title.Never.MatchString(s) || r.cue("line", s, n) || r.cue("tail", s, n) {
		return false
	}
	if strings.ContainsAny(s, "。；") || strings.Contains(s, "http") {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(s)
	return !strings.ContainsRune("：:，,、;|", last)
}

// furniture marks the lines that are not text. A tail begins at a cue with no
// line of text after it: better to keep furniture than to lose a clause.
func (r *Reader) furniture(body string, lines []line) {
	lastText := -1
	for i := range lines {
		l := &lines[i]
		if l.kind == corpus.BlockCell {
			lastText = i
		}
		if l.kind != corpus.BlockPara || l.blocks != nil {
			continue
		}
		s := l.in(body)
		switch {
		case r.cue("line", s, l.n):
			l.kind = corpus.BlockOutside
		case r.isText(s, l.n):
			lastText = i
		case r.cue("tail", s, l.n):
			l.kind = corpus.BlockOutside
		}
	}
	tail := false
	for i := lastText + 1; i < len(lines); i++ {
		l := &lines[i]
		tail = tail || r.cue("tail", l.in(body), l.n)
		if tail && l.kind == corpus.BlockPara && l.blocks == nil {
			l.kind = corpus.BlockOutside
		}
	}
}

// maxCueLine is the longest line, in characters, that is compared with cues.
const maxCueLine = 300

// cue reports whether a cue of the kind hits the line.
func (r *Reader) cue(kind, s string, n int) bool {
	if n > maxCueLine {
		return false
	}
	for i := range r.page.Cues {
		if c := &r.page.Cues[i]; c.Kind == kind && c.Match(s, n) {
			return true
		}
	}
	return false
}

// isText reports whether a line can only be text: long, a sentence, or the
// heading of a clause.
func (r *Reader) isText(s string, n int) bool {
	return n > maxCueLine || r.cue("text", s, n)
}

// blocksOf makes the blocks of the lines.
func blocksOf(lines []line) []corpus.Block {
	out := make([]corpus.Block, 0, len(lines))
	for i := range lines {
		if l := &lines[i]; l.blocks != nil {
			out = append(out, l.blocks...)
		} else {
			out = append(out, corpus.Block{Span: l.span, Kind: l.kind})
		}
	}
	return out
}
