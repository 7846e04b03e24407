package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"tuogou/corpus"
)

// title finds the headline and, where it is a notice that wraps a plan whose
// text follows, tells the two apart: the plan is the document, the notice its
// carrier ("…关于印发《绿园区行业协会商会与行政机关脱钩方案》的通知").
func (d *draft) title() {
	span, rule := d.headline()
	d.textStart = d.firstPara()
	if span.Empty() {
		d.missing("title")
		d.parts(span, corpus.Span{})
		return
	}
	d.rec.Title = plain(span.In(d.body))
	d.stated("title", corpus.Cite(d.body, span, rule))
	m := d.x.rules.Documents.Carrier.FindStringSubmatch(d.rec.Title)
	if m == nil {
		d.parts(span, corpus.Span{})
		return
	}
	inner := m[1] + m[2]
	at := d.innerTitle(inner, span.End)
	if at.Empty() {
		d.parts(span, corpus.Span{})
		return
	}
	d.rec.Carrier = &corpus.Carrier{Title: d.rec.Title, Kind: corpus.KindNotice,
		Evidence: corpus.Cite(d.body, span, "document/carrier", "the notice wraps a text that follows under its own title")}
	d.rec.Title = plain(at.In(d.body))
	d.stated("title", corpus.Cite(d.body, at, "document/carrier", "the title that the notice names, on a line of its own"))
	d.parts(span, at)
}

// headline is the title block that the reader marked, else the first line that
// is no sentence.
func (d *draft) headline() (corpus.Span, string) {
	for _, b := range d.text.Blocks {
		if b.Kind == corpus.BlockTitle {
			return b.Span, "document/title"
		}
	}
	for _, b := range d.text.Blocks {
		if b.Kind == corpus.BlockMeta && b.Field == corpus.FieldTitle {
			return b.Value, "document/title"
		}
	}
	for i, b := range d.text.Blocks {
		if i > 5 || b.Kind != corpus.BlockPara {
			continue
		}
		line := b.Span.In(d.body)
		if n := utf8.RuneCountInString(line); n >= 6 && n <= 80 && !strings.ContainsAny(line, "。;；") {
			return b.Span, "document/first_line"
		}
	}
	return corpus.Span{}, ""
}

// innerTitle finds the line that repeats the title a notice wraps. Local plans
// often leave the place out or put it in, so one may end with the other.
func (d *draft) innerTitle(inner string, after int) corpus.Span {
	want := squeeze(inner)
	for _, b := range d.text.Blocks {
		if b.Kind != corpus.BlockPara || b.Span.Start < after {
			continue
		}
		line := b.Span.In(d.body)
		if utf8.RuneCountInString(line) > 80 {
			continue
		}
		got := squeeze(line)
		if got == want || utf8.RuneCountInString(got) >= 8 && (strings.HasSuffix(want, got) || strings.HasSuffix(got, want)) {
			return b.Span
		}
	}
	return corpus.Span{}
}

// squeeze leaves only what two writings of one title share: letters and digits.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

// plain joins the broken lines and doubled blanks of a title. A line end is no
// blank: "…与行政机关\n脱钩总体方案" is one title.
func plain(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = strings.Join(strings.Fields(l), " ")
	}
	return strings.Join(lines, "")
}

// parts lays out carrier, body and attachments, and where the text begins.
func (d *draft) parts(title, inner corpus.Span) {
	start := d.firstPara()
	if !inner.Empty() {
		d.rec.Parts = append(d.rec.Parts, corpus.Part{Role: corpus.PartCarrier, Title: d.rec.Carrier.Title,
			Span: trim(d.body, corpus.Span{Start: min(start, inner.Start), End: inner.Start})})
		start = inner.Start
	}
	d.textStart = start
	if d.textEnd > start {
		d.rec.Parts = append(d.rec.Parts, corpus.Part{Role: corpus.PartBody, Title: d.rec.Title, MediaType: d.text.MediaType,
			Span: trim(d.body, corpus.Span{Start: start, End: d.textEnd})})
	}
}

func (d *draft) firstPara() int {
	for _, b := range d.text.Blocks {
		if b.Kind == corpus.BlockPara || b.Kind == corpus.BlockCell {
			return b.Span.Start
		}
	}
	return len(d.body)
}

// kind reads the kind of the document from its title, or from its style where
// the title does not say or only claims to ("工作总结" on a page of model texts).
func (d *draft) kind() {
	docs := d.x.rules.Documents
	span := d.rec.Facts["title"].Span
	kind, trace := corpus.KindOther, ""
	title := d.rec.Title
	for _, k := range docs.Kinds {
		if k.Title.MatchString(title) {
			kind, trace = k.Kind, "the title ends so"
			break
		}
	}
	if kind == corpus.KindOther || kind == corpus.KindSummary || kind == corpus.KindMeasures && !d.orders() {
		if styled, why := d.style(); styled != "" && !(kind == corpus.KindMeasures && styled == corpus.KindSummary) {
			kind, trace = styled, why
		}
	}
	d.rec.Kind = kind
	if span.Empty() {
		d.rec.Facts["kind"] = corpus.Fact{State: corpus.Stated, Evidence: corpus.Evidence{Rule: "document/kind", Trace: []string{trace}}}
		return
	}
	d.stated("kind", corpus.Cite(d.body, span, "document/kind", trace))
}

// orders reports whether the text looks like a measure: it has articles or
// numbered sections.
func (d *draft) orders() bool { return len(d.rec.Outline) > 2 }

// style adds up the cues of each kind and names the one with the highest sum.
func (d *draft) style() (corpus.Kind, string) {
	docs := d.x.rules.Documents
	sums := map[corpus.Kind]int{}
	var order []corpus.Kind
	text := d.plainText()
	for _, c := range docs.Styles {
		if _, ok := sums[c.Kind]; !ok {
			order = append(order, c.Kind)
		}
		sums[c.Kind] += min(c.Most, c.Weight*len(c.Pattern.FindAllStringIndex(text, -1)))
	}
	var best corpus.Kind
	for _, k := range order {
		if sums[k] >= docs.StyleLeast && (best == "" || sums[k] > sums[best]) {
			best = k
		}
	}
	if best == "" {
		return "", ""
	}
	return best, "by words of style, sum " + itoa(sums[best])
}

// plainText is the text without page furniture, for counting words.
func (d *draft) plainText() string {
	var b strings.Builder
	for _, k := range d.text.Blocks {
		if k.Kind != corpus.BlockOutside && k.Kind != corpus.BlockMeta {
			b.WriteString(k.Span.In(d.body))
			b.WriteByte('\n')
		}
	}
	return b.String()
}
