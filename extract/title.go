package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"tuogou/corpus"
	"tuogou/rules"
)

// title finds the headline and, where it is a notice that wraps a plan whose
// text follows, tells the two apart: the plan is the document, the notice its
// carrier ("…关于印发《绿园区行业协会商会与行政机关脱钩方案》的通知").
func (d *draft) title() {
	span, rule := d.headline()
	span = d.withoutNumber(span)
	d.textStart = d.firstPara()
	if span.Empty() {
		d.missing("title")
		d.parts(span, corpus.Span{})
		return
	}
	d.rec.Title = plain(span.In(d.body))
	d.stated("title", corpus.Cite(d.body, span, rule))
	inner, kind := d.innermost(span), corpus.KindNotice
	if m := d.x.rules.Documents.Bulletin.FindStringSubmatch(d.rec.Title); inner.Empty() && m != nil {
		inner, kind = d.innerTitle(m[1], span.End), corpus.KindNews
		if inner.Empty() {
			inner = d.inFull(m[1])
		}
	}
	if inner.Empty() {
		d.parts(span, corpus.Span{})
		return
	}
	d.rec.Carrier = &corpus.Carrier{Title: d.rec.Title, Kind: kind,
		Evidence: corpus.Cite(d.body, span, "document/carrier", "the "+string(kind)+" wraps a text that follows under its own title")}
	d.rec.Title = plain(inner.In(d.body))
	d.stated("title", corpus.Cite(d.body, inner, "document/carrier", "the title that the notice names, on a line of its own"))
	d.parts(span, inner)
}

// inFull is the title want in the line that a release has above the whole text:
// "《…总体方案》全文如下。"
func (d *draft) inFull(want string) corpus.Span {
	re := d.x.rules.Documents.InFull
	g := 2 * re.SubexpIndex("title")
	for _, b := range d.text.Blocks {
		if b.Kind != corpus.BlockPara || b.Span.Len() > 400 {
			continue
		}
		if m := re.FindStringSubmatchIndex(b.Span.In(d.body)); m != nil {
			if s := (corpus.Span{Start: b.Span.Start + m[g], End: b.Span.Start + m[g+1]}); d.coreTitle(s.In(d.body)) == d.coreTitle(want) {
				return s
			}
		}
	}
	return corpus.Span{}
}

// maxLayers is how many notices may wrap a plan: a county's hands on the
// prefecture's, which issues the plan.
const maxLayers = 3

// innermost is the title of the text that the notice under title wraps, through
// all layers, or empty.
func (d *draft) innermost(title corpus.Span) corpus.Span {
	var found corpus.Span
	for range maxLayers {
		at := d.innerTitle(d.wrapped(plain(title.In(d.body))), title.End)
		if at.Empty() {
			break
		}
		found, title = at, at
	}
	return found
}

// headline is the title block that the reader marked, else the first line that
// is no sentence.
func (d *draft) headline() (corpus.Span, string) {
	if s := d.gluedTitle(); !s.Empty() {
		return s, "document/glued_title"
	}
	for _, b := range d.text.Blocks {
		if b.Kind == corpus.BlockTitle && !d.x.rules.Documents.NoTitle.MatchString(b.Span.In(d.body)) {
			return d.wholeTitle(b.Span), "document/title"
		}
	}
	for _, b := range d.text.Blocks {
		if b.Kind == corpus.BlockMeta && b.Field == corpus.FieldTitle {
			return b.Value, "document/title"
		}
	}
	first := true
	for i, b := range d.text.Blocks {
		if i > 5 || b.Kind != corpus.BlockPara {
			continue
		}
		line := b.Span.In(d.body)
		if first && (strings.HasSuffix(line, "：") || strings.HasSuffix(line, ":")) {
			break // the organs addressed: the text has no title
		}
		if d.x.rules.Documents.NoTitle.MatchString(line) {
			continue
		}
		if d.onlyNumbers(b.Span) { // 遂府函〔2019〕55 号: the head is lost
			continue
		}
		first = false
		if n := utf8.RuneCountInString(line); n >= 6 && n <= 80 && !strings.ContainsAny(line, "。;；") {
			return d.wholeTitle(b.Span), "document/first_line"
		}
	}
	if s := d.handedOut(); !s.Empty() {
		return s, "document/handed_out"
	}
	return d.oneLineTitle(), "document/first_words"
}

// handedOut is the title of what a notice without a head hands out: "《甲方案》已经市
// 政府同意，现印发给你们", and below 甲方案 on a line of its own.
func (d *draft) handedOut() corpus.Span {
	for i, b := range d.text.Blocks {
		line := b.Span.In(d.body)
		if i > headBlocks || b.Kind != corpus.BlockPara || len(line) > 900 || !d.x.rules.Documents.Handing.MatchString(line) {
			continue
		}
		// "按照《政府工作报告》，现将《目标任务分解》印发给你们": the one that follows below.
		for _, m := range d.x.rules.Documents.Reference.Title.FindAllStringSubmatchIndex(line, -1) {
			if s := d.innerTitle(line[m[2]:m[3]], b.Span.End); !s.Empty() {
				return s
			}
		}
	}
	return corpus.Span{}
}

// onlyNumbers reports whether a line is nothing but a document's number.
func (d *draft) onlyNumbers(s corpus.Span) bool {
	for _, n := range d.numbersIn(s) {
		if d.onlyNumber(s.In(d.body), n.Text) {
			return true
		}
	}
	return false
}

// oneLineTitle is the title of a text that is all one line: the words before a
// blank at its start that name a kind of paper ("示例县脱钩工作方案 为稳妥推进…"), or empty. A
// blank may stand where the title was broken: "关于开展清理规范 示例工作的通知 各县：".
func (d *draft) oneLineTitle() corpus.Span {
	at := d.firstPara()
	line := head(d.body[at:], 300)
	var first, whole int
	for i, r := range line {
		if strings.ContainsRune("。；;：:\n", r) {
			break
		}
		s := line[:i]
		if r != ' ' && r != '\u3000' || utf8.RuneCountInString(s) < 6 || d.titleKind(s) == corpus.KindOther {
			continue
		}
		if first == 0 {
			first = i
		}
		if whole == 0 && d.x.rules.Documents.About.MatchString(s) && closed(s) && d.titleKind(s) == corpus.KindNotice {
			whole = i
		}
	}
	return corpus.Span{Start: at, End: at + max(first, whole)}
}

// maxTitleLines is how many lines a title is broken over at most.
const maxTitleLines = 3

// wholeTitle adds the lines above and below that belong to a headline: organs
// over 转发…的通知, and the rest of "…关于印发《示例省行业协会商会".
func (d *draft) wholeTitle(title corpus.Span) corpus.Span {
	docs := d.x.rules.Documents
	i := d.blockIndex(title.Start)
	if docs.TitleOpens.MatchString(d.body[d.behindOrgans(title):title.End]) {
		organs := 0
		for k := i - 1; k >= 0 && d.text.Blocks[k].Kind == corpus.BlockPara; k-- {
			b := d.text.Blocks[k].Span
			mine := d.organsIn(b)
			if organs += len(mine); len(mine) == 0 || organs > 4 || !covers(b.In(d.body), mine) {
				break
			}
			title.Start = b.Start
		}
	}
	words := plain(title.In(d.body))
	if !d.x.rules.Documents.About.MatchString(words) || d.titleKind(words) != corpus.KindOther && closed(words) {
		return title
	}
	for k := i + 1; k < len(d.text.Blocks) && k <= i+maxTitleLines && d.text.Blocks[k].Kind == corpus.BlockPara; k++ {
		line := d.text.Blocks[k].Span.In(d.body)
		if words += line; utf8.RuneCountInString(line) > 50 || strings.ContainsAny(line, "。；：:") {
			break
		}
		if closed(words) && d.titleKind(words) != corpus.KindOther {
			title.End = d.text.Blocks[k].Span.End
			break
		}
	}
	return title
}

// behindOrgans is where the organs that open s end: a title of two issuers may have
// the second on its own line, before 关于.
func (d *draft) behindOrgans(s corpus.Span) int {
	at := s.Start
	for _, o := range d.organsWithin(s) {
		if strings.Trim(d.body[min(at, o.Span.Start):o.Span.Start], " \u3000、") != "" || o.Span.Start < at {
			break
		}
		at = o.Span.End
	}
	return at
}

// closed reports whether all book marks of a title are closed.
func closed(s string) bool { return strings.Count(s, "《") <= strings.Count(s, "》") }

// innerTitle finds the line or lines that repeat the title a notice wraps; of two
// titles (《甲》和《乙》), the first that is found. A line 附件：《甲》 only names it,
// unless the signature has gone before.
func (d *draft) innerTitle(inner string, after int) corpus.Span {
	if inner == "" {
		return corpus.Span{}
	}
	for _, want := range append([]string{inner}, d.x.rules.Documents.Titles.Split(inner, -1)...) {
		signed := false
		for i, b := range d.text.Blocks {
			if b.Kind != corpus.BlockPara && b.Kind != corpus.BlockTitle || b.Span.Start < after {
				continue
			}
			line := b.Span.In(d.body)
			signed = signed || d.x.rules.Documents.Date.Line.MatchString(line)
			if d.x.rules.Documents.NamesAnnex.MatchString(line) && !signed {
				continue
			}
			if s := d.titleAt(i, d.coreTitle(want)); !s.Empty() {
				return s
			}
		}
	}
	return corpus.Span{}
}

// titleAt is the span of the title want that begins at block i, perhaps broken
// over lines, or empty. Local plans often leave the place out or put it in, so
// one may end with the other.
func (d *draft) titleAt(i int, want string) corpus.Span {
	span := d.text.Blocks[i].Span
	got := ""
	for k := i; k < len(d.text.Blocks) && k < i+maxTitleLines && d.text.Blocks[k].Kind == d.text.Blocks[i].Kind; k++ {
		line := d.text.Blocks[k].Span.In(d.body)
		if utf8.RuneCountInString(line) > 80 || strings.HasSuffix(line, "。") {
			break
		}
		if k > i && !strings.Contains(want, got) { // no longer title holds it
			break
		}
		span.End = d.text.Blocks[k].Span.End
		got += d.coreTitle(line)
		if got == want || utf8.RuneCountInString(got) >= 8 && utf8.RuneCountInString(want) >= 8 &&
			(strings.HasSuffix(want, got) || strings.HasSuffix(got, want)) {
			return span
		}
	}
	return corpus.Span{}
}

// coreTitle leaves of a title what a notice and its annex write alike: 关于, 的 and
// （试行） come and go.
func coreTitle(docs *rules.Documents, s string) string {
	s = strings.TrimSpace(s)
	for m := docs.TitleNote.FindStringIndex(s); m != nil; m = docs.TitleNote.FindStringIndex(s) {
		s = strings.TrimSpace(s[:m[0]])
	}
	s = squeeze(s)
	for _, w := range docs.TitleFiller {
		s = strings.ReplaceAll(s, w, "")
	}
	return s
}

func (d *draft) coreTitle(s string) string { return coreTitle(d.x.rules.Documents, s) }

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
	role, name := corpus.PartBody, d.rec.Title
	for i, b := range d.text.Blocks {
		if len(d.text.Parts) > 0 { // attachments are files, known already
			break
		}
		if b.Span.Start <= start || b.Span.Start >= d.textEnd || b.Kind != corpus.BlockPara ||
			!d.x.rules.Documents.Annex.MatchString(b.Span.In(d.body)) {
			continue
		}
		d.part(role, name, corpus.Span{Start: start, End: b.Span.Start})
		role, name, start = corpus.PartAttachment, "", b.Span.Start
		if i+1 < len(d.text.Blocks) {
			name = plain(d.text.Blocks[i+1].Span.In(d.body))
		}
	}
	d.part(role, name, corpus.Span{Start: start, End: d.textEnd})
}

// part adds a part that is not empty. An attachment is called by the line below
// its number, where that is short enough for a title.
func (d *draft) part(role corpus.PartRole, name string, s corpus.Span) {
	if s.End <= s.Start {
		return
	}
	if role == corpus.PartAttachment && utf8.RuneCountInString(name) > 80 {
		name = ""
	}
	d.rec.Parts = append(d.rec.Parts, corpus.Part{Role: role, Title: name, MediaType: d.text.MediaType, Span: trim(d.body, s)})
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
	span := d.rec.Facts["title"].Span
	kind, trace := d.titleKind(d.rec.Title), ""
	if kind != corpus.KindOther {
		trace = "the title ends so"
	}
	switch {
	case kind == corpus.KindOther && d.x.rules.Documents.Paper.MatchString(d.rec.Title):
		trace = "the title names a paper of another kind"
	case kind == corpus.KindOther || kind == corpus.KindSummary || kind == corpus.KindMeasures && !d.orders():
		if styled, why := d.style(); styled != "" && !(styled == corpus.KindNotice && d.rec.Carrier != nil) && (kind == corpus.KindOther || !opening(styled) && !(kind == corpus.KindMeasures && styled == corpus.KindSummary)) {
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

// opening reports whether a kind is one that the opening of a paper says (现将…通知如下):
// it tells what a paper without a title is, and no more.
func opening(k corpus.Kind) bool {
	return k == corpus.KindNotice || k == corpus.KindOpinion || k == corpus.KindPlan
}

// titleKind is the kind that the end of a title says.
func (d *draft) titleKind(title string) corpus.Kind {
	if inner, ok := strings.CutPrefix(title, "《"); ok && strings.HasSuffix(inner, "》") && strings.Count(inner, "》") == strings.Count(inner, "《")+1 {
		title = strings.TrimSuffix(inner, "》") // the whole title in book marks
	}
	for _, k := range d.x.rules.Documents.Kinds {
		if k.Title.MatchString(title) {
			return k.Kind
		}
	}
	return corpus.KindOther
}

// untold reports whether a title names no kind of paper, so that its words may be
// those of a headline. "关于推进…" is none.
func (d *draft) untold(title string) bool {
	about := d.x.rules.Documents.About.FindStringIndex(title)
	return d.titleKind(title) == corpus.KindOther && (about == nil || about[0] > 0)
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
		in := text
		if c.OfTitle {
			if in = d.rec.Title; !d.untold(in) {
				continue
			}
		}
		enough := -1
		if c.Weight > 0 { // more matches than these add nothing
			enough = (c.Most + c.Weight - 1) / c.Weight
		}
		sums[c.Kind] += min(c.Most, c.Weight*len(c.Pattern.FindAllStringIndex(in, enough)))
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
