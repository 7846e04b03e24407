package extract

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"tuogou/corpus"
)

// reference settles what relative dates count from: the day of signing, else of
// printing, else of posting (unless the text shows that it was posted again
// years later), else the date that the caller gave.
func (d *draft) reference() {
	if s, ok := d.firstDate(); ok {
		d.ref = s
		return
	}
	if t, s, ok := d.storyDay(); ok {
		d.ref = reference{day: t, known: true, year: t.Year(), kind: "context", text: s.In(d.body)}
		return
	}
	if y := d.oldStory(); y != nil {
		d.ref = reference{year: y.Year, kind: "context", text: y.Quote}
		return
	}
	if p := d.rec.Dates.Posted; p != nil && d.notAfter == 0 {
		if t, ok := parseISO(p.Date); ok {
			d.ref = reference{day: t, known: true, year: t.Year(), kind: "posted", text: p.Quote}
			return
		}
	}
	if t, ok := parseISO(d.opts.Date); ok {
		d.ref = reference{day: t, known: true, year: t.Year(), kind: "option", text: d.opts.Date}
	}
}

func (d *draft) firstDate() (reference, bool) {
	for _, c := range []struct {
		date *corpus.Date
		kind string
	}{{d.rec.Dates.Signed, "signed"}, {d.rec.Dates.Printed, "printed"}} {
		if c.date == nil {
			continue
		}
		if t, ok := parseISO(c.date.Date); ok {
			return reference{day: t, known: true, year: t.Year(), kind: c.kind, text: c.date.Quote}, true
		}
	}
	if n := d.rec.DocNumber; n != nil && n.Year > 0 {
		// The number gives the year of issue, though not the day.
		if p := d.rec.Dates.Posted; p == nil || len(p.Date) < 4 || p.Date[:4] != itoa(n.Year) {
			return reference{year: n.Year, kind: "context", text: n.Text}, true
		}
	}
	return reference{}, false
}

// anchorFor is the reference that an anchor's words call for: 发布之日 is the day
// of posting, 施行之日 the day of coming into force, where these are known.
func (d *draft) anchorFor(words string) reference {
	pick := func(x *corpus.Date, kind string) (reference, bool) {
		if x == nil {
			return reference{}, false
		}
		t, ok := parseISO(x.Date)
		return reference{day: t, known: true, year: t.Year(), kind: kind, text: x.Quote}, ok
	}
	q := &d.x.rules.Times.Cues
	switch {
	case q.AnchorPrinted.MatchString(words):
		if r, ok := pick(d.rec.Dates.Printed, "printed"); ok {
			return r
		}
	case q.AnchorEffective.MatchString(words):
		if r, ok := pick(d.rec.Dates.Effective, "effective"); ok {
			return r
		}
	case q.AnchorPosted.MatchString(words):
		if r, ok := pick(d.rec.Dates.Posted, "posted"); ok && d.ref.kind != "signed" {
			return r
		}
	}
	if words != "" && d.ref.kind == "posted" && d.isIssue(words) && !q.AnchorNow.MatchString(words) {
		return reference{} // the day of issue is not known, and the page may be years younger
	}
	return d.ref
}

// eventYear finds the year of a story that gives no date of its own, or whose
// page is far younger than what it tells: "2017年4月前完成" on a page of 2022. Its
// signs, strongest first: a central document called new, a dated thing called
// new in the same sentence, the first year that the text still looks ahead to.
func (d *draft) eventYear() {
	if d.rec.Dates.Signed != nil || !d.reports() {
		return
	}
	posted := 0
	if p := d.rec.Dates.Posted; p != nil && len(p.Date) >= 4 {
		posted, _ = number(p.Date[:4])
	}
	for _, find := range []func() (int, corpus.Span, string){d.storyYear, d.freshCentral, d.besideYear, d.ownYear, d.freshYear, d.aheadYear} {
		y, s, why := find()
		if y == 0 {
			continue
		}
		if posted > 0 && y >= posted-1 {
			break // the page's own date stands
		}
		if why == notAfter {
			d.openYear(y, s, posted)
			return
		}
		d.rec.EventYear = &corpus.EventYear{Year: y, Evidence: corpus.Cite(d.body, s, "document/event_year", why)}
		if posted > 0 {
			d.problem("reposted", s, "the text tells of %d, the page is of %d", y, posted)
		}
		return
	}
	if p := d.rec.Dates.Posted; p != nil && posted > 0 && d.rec.Kind == corpus.KindNews {
		e := p.Evidence
		e.Rule, e.Trace = eventYearPosted, []string{"news is told in the year in which it is posted, and nothing in the text speaks against it"}
		d.rec.EventYear = &corpus.EventYear{Year: posted, Evidence: e}
	}
}

// eventYearPosted is the rule of an event year that says no more than the day of
// posting does.
const eventYearPosted = "document/event_year_posted"

// oldStory is the event year where the text itself shows it, else nil.
func (d *draft) oldStory() *corpus.EventYear {
	if y := d.rec.EventYear; y != nil && y.Rule != eventYearPosted {
		return y
	}
	return nil
}

// storyDay is the day that dates a story in its first lines: "示例社2005年8月9日电".
func (d *draft) storyDay() (time.Time, corpus.Span, bool) {
	re := d.x.rules.Documents.StoryDay
	if d.rec.Kind != corpus.KindNews && d.rec.Kind != corpus.KindCommentary {
		return d.toldDay()
	}
	for i, b := range d.text.Blocks {
		if i >= headBlocks {
			break
		}
		m := re.FindStringSubmatchIndex(b.Span.In(d.body))
		if m == nil {
			continue
		}
		g := 2 * re.SubexpIndex("date")
		s := corpus.Span{Start: b.Span.Start + m[g], End: b.Span.Start + m[g+1]}
		for _, c := range findCores(d.x.rules.Times, d.body, s) {
			if v := point(d.x.rules.Times, c.g, reference{}, around{}, nil); v.ok {
				return v.w.start, s, true
			}
		}
	}
	return d.toldDay()
}

// datelineSentences is how far into a text a dateline is looked for.
const datelineSentences = 6

// toldDay is the day that a story without a date of its own gives itself: "记者2017年
// 7月3日从…获悉". The page of such a text may be years younger.
func (d *draft) toldDay() (time.Time, corpus.Span, bool) {
	if !d.reports() {
		return time.Time{}, corpus.Span{}, false
	}
	q := &d.x.rules.Times.Cues
	for i := 0; i < len(d.sentences) && i < datelineSentences; i++ {
		s := d.sentences[i]
		for _, c := range findCores(d.x.rules.Times, d.body, s.span) {
			v := point(d.x.rules.Times, c.g, reference{}, around{}, nil)
			if !v.ok || c.g["y"] == "" || v.w.unit != corpus.ByDay || !v.w.start.Equal(v.w.end) || !d.free(c.span) {
				continue
			}
			before, after := d.body[s.span.Start:c.span.Start], d.body[c.span.End:s.span.End]
			opens := strings.Trim(before, " \u3000") == "" && q.DatelineOpens.MatchString(after) // "2018年11月26日 通讯员甲"
			if opens || q.DatelineBefore.MatchString(before) && q.DatelineAfter.MatchString(after) {
				return v.w.start, c.span, true
			}
		}
	}
	return time.Time{}, corpus.Span{}, false
}

// storyYear is the year of storyDay.
func (d *draft) storyYear() (int, corpus.Span, string) {
	t, s, ok := d.storyDay()
	if !ok {
		return 0, s, ""
	}
	return t.Year(), s, "the story is dated so"
}

// freshCentral: "近日印发《行业协会商会与行政机关脱钩总体方案》" was written when that
// was issued.
func (d *draft) freshCentral() (int, corpus.Span, string) {
	docs := d.x.rules.Documents
	for _, s := range d.sentences {
		text := s.span.In(d.body)
		if !docs.Fresh.MatchString(text) || !docs.Published.MatchString(text) {
			continue
		}
		for _, m := range docs.Reference.Title.FindAllStringSubmatchIndex(text, -1) {
			for _, c := range docs.Central {
				if squeeze(text[m[2]:m[3]]) != squeeze(c.Title) {
					continue
				}
				y, _ := number(c.Issued[:4])
				return y, corpus.Span{Start: s.span.Start + m[0], End: s.span.Start + m[1]}, "called new; it was issued on " + c.Issued
			}
		}
	}
	return 0, corpus.Span{}, ""
}

// besideYear is the year of a day that stands in one sentence with a year that is
// counted from it: "2016年12月8日召开的动员会提出，…明年6月底前完成脱钩". The day on which
// a document was issued ("2015年6月30日印发的…，今年年底前") is none.
func (d *draft) besideYear() (int, corpus.Span, string) {
	for _, s := range d.sentences {
		var day *core
		cores := findCores(d.x.rules.Times, d.body, s.span)
		for i := range cores {
			c := &cores[i]
			switch {
			case c.rule.ID == "ymd" && day == nil && d.free(c.span):
				day = c
			case day != nil && c.g["yr"] != "" && !d.x.rules.Times.YearBeside[c.g["yr"]]:
				between := d.body[day.span.End:c.span.Start]
				if y, ok := number(day.g["y"]); ok && d.x.rules.Documents.ToldOn.MatchString(between) && !d.x.rules.Documents.Published.MatchString(between) {
					return y, day.span, "the day beside " + c.span.In(d.body) + " in one sentence"
				}
			}
		}
	}
	return 0, corpus.Span{}, ""
}

// ownYear is the year in which what an interpretation explains was issued, where its
// text tells the day: "2020年4月10日，示例区政府办公室印发了《示例方案》".
func (d *draft) ownYear() (int, corpus.Span, string) {
	if d.rec.Kind != corpus.KindInterpretation {
		return 0, corpus.Span{}, ""
	}
	title := squeeze(d.rec.Title)
	for _, s := range d.sentences {
		text := s.span.In(d.body)
		if d.text.Blocks[s.block].Kind == corpus.BlockTitle || !d.x.rules.Documents.Published.MatchString(text) {
			continue
		}
		for _, m := range d.x.rules.Documents.Reference.Title.FindAllStringSubmatchIndex(text, -1) {
			if own := squeeze(text[m[2]:m[3]]); utf8.RuneCountInString(own) < 8 || !strings.Contains(title, own) {
				continue
			}
			for _, c := range findCores(d.x.rules.Times, d.body, corpus.Span{Start: s.span.Start, End: s.span.Start + m[0]}) {
				if y, ok := number(c.g["y"]); ok && c.rule.ID == "ymd" && d.free(c.span) {
					return y, c.span, "the day on which what it explains was issued"
				}
			}
		}
	}
	return 0, corpus.Span{}, ""
}

// freshYear: "近日，民政部公布了2015年…名单".
func (d *draft) freshYear() (int, corpus.Span, string) {
	docs := d.x.rules.Documents
	for _, s := range d.sentences {
		text := s.span.In(d.body)
		if !docs.Fresh.MatchString(text) || !docs.Published.MatchString(text) {
			continue
		}
		for _, c := range findCores(d.x.rules.Times, d.body, s.span) {
			if y, ok := number(c.g["y"]); ok && d.free(c.span) {
				return y, c.span, "a thing of this year is called new"
			}
		}
	}
	return 0, corpus.Span{}, ""
}

// notAfter marks a year that only bounds the year of a story from above.
const notAfter = "still ahead in the text"

// openYear leaves the year of a story open that was told in y or before: a
// guess here would date everything in it wrongly.
func (d *draft) openYear(y int, s corpus.Span, posted int) {
	d.notAfter = y
	d.rec.Facts["event_year"] = corpus.Fact{State: corpus.Unresolved,
		Evidence: corpus.Cite(d.body, s, "document/event_year", fmt.Sprintf("told in %d or before", y))}
	if posted > 0 {
		d.problem("reposted", s, "the text looks ahead to %d, the page is of %d; its relative dates are left open", y, posted)
	}
}

// aheadYear: the first year of a deadline that the text still waits for. A time
// without year before it in the same sentence may lie in the year before:
// "11月底前完成摸底调查，…2017年4月前完成" was written in 2016.
func (d *draft) aheadYear() (int, corpus.Span, string) {
	for _, s := range d.sentences {
		es := findTimes(d.x.rules.Times, d.body, s.span)
		for i := range es {
			e := &es[i]
			if e.g["y"] == "" || !e.binds["by"] || !d.free(e.span) {
				continue
			}
			v := point(d.x.rules.Times, e.g, reference{}, around{}, nil)
			if !v.ok || d.x.rules.Times.Cues.PastIn.MatchString(d.sceneOf(e, s).clause) {
				continue
			}
			for j := 0; j < i; j++ {
				if es[j].g["y"] != "" || es[j].g["m"] == "" {
					continue
				}
				w := point(d.x.rules.Times, es[j].g, reference{}, around{after: []window{v.w}}, nil)
				if w.ok {
					return w.w.end.Year(), es[j].span, fmt.Sprintf("still ahead, and before %s in the same sentence", e.span.In(d.body))
				}
			}
			return v.w.end.Year(), e.span, notAfter
		}
	}
	return 0, corpus.Span{}, ""
}

// free reports whether s stands in no title and in no page furniture.
func (d *draft) free(s corpus.Span) bool {
	role, _ := d.outsideTask(s)
	return role == ""
}
