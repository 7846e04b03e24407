package extract

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"tuogou/corpus"
)

// voice is one thing that speaks for a wave of the reform.
type voice struct {
	generation corpus.Generation
	weight     int
	span       corpus.Span // empty where it is a date that stands nowhere
	why        string
}

// generation is the wave of the reform that the text belongs to: a sum of what
// speaks for each (its date, what it cites, the words and years it has). The trace
// tells all of it.
func (d *draft) generation(text string) {
	d.rec.Generation = corpus.NoGeneration
	if !d.rec.OnTopic {
		if d.aboutAssociations(text) {
			d.rec.Generation = corpus.Related
		}
		d.rec.Facts["generation"] = corpus.Fact{State: corpus.Stated, Evidence: corpus.Evidence{Rule: "document/generation", Trace: []string{"not on topic"}}}
		return
	}
	voices := d.voices()
	best, open := d.loudest(voices)
	e := corpus.Evidence{Rule: "document/generation"}
	top := 0
	for _, v := range voices {
		if v.generation == best && v.weight > top {
			top = v.weight
			e.Quote, e.Span = "", corpus.Span{}
			if !v.span.Empty() {
				e = corpus.Cite(d.body, v.span, e.Rule)
			}
		}
	}
	for _, v := range voices {
		e.Trace = append(e.Trace, fmt.Sprintf("%s +%d: %s", v.generation, v.weight, v.why))
	}
	if best == "" {
		e.Trace = append(e.Trace, open)
		d.rec.Facts["generation"] = corpus.Fact{State: corpus.Unresolved, Evidence: e}
		return
	}
	d.rec.Generation = best
	d.rec.Facts["generation"] = corpus.Fact{State: corpus.Stated, Evidence: e}
}

// aboutAssociations tells a text on associations from one that names them in
// passing: "鼓励企业、社会组织参与".
func (d *draft) aboutAssociations(text string) bool {
	t := d.x.rules.Documents.Topic
	n := len(t.Association.FindAllStringIndex(text, -1))
	return t.Association.MatchString(d.rec.Title) || n >= t.Least && n*t.Share >= utf8.RuneCountInString(text)
}

// voices are what speaks for the waves that had begun when the text was written.
func (d *draft) voices() []voice {
	docs := d.x.rules.Documents
	day, weight, basis := d.dayForGeneration()
	var out []voice
	if day != "" {
		out = append(out, voice{d.waveOf(day), weight, corpus.Span{}, basis + ", " + day})
	} else if y, s, why := d.yearWithin(); y != "" {
		out = append(out, voice{d.waveOf(y), docs.Waves.Year, s, why})
	}
	for _, g := range docs.Waves.Signs {
		if day != "" && d.waveOf(day) != g.Generation && d.startOf(g.Generation) > day {
			continue
		}
		for _, m := range g.Pattern.FindAllStringIndex(d.body, 50) {
			if s := (corpus.Span{Start: m[0], End: m[1]}); d.inText(s) {
				out = append(out, voice{g.Generation, g.Weight, s, "the text says so"})
				break
			}
		}
	}
	return out
}

// loudest is the wave with the highest sum, or "" with the reason.
func (d *draft) loudest(voices []voice) (corpus.Generation, string) {
	sums := map[corpus.Generation]int{}
	for _, v := range voices {
		sums[v.generation] += v.weight
	}
	var best corpus.Generation
	tie := false
	for _, g := range d.x.rules.Documents.Generations {
		switch n := sums[g.Generation]; {
		case n > sums[best]:
			best, tie = g.Generation, false
		case n > 0 && n == sums[best]:
			tie = true
		}
	}
	switch {
	case best == "":
		return "", "no date, and no words of a wave"
	case sums[best] < d.x.rules.Documents.Waves.Least:
		return "", "too little speaks for a wave"
	case tie:
		return "", "as much speaks for another wave"
	}
	return best, ""
}

// waveOf is the wave in which a day lies.
func (d *draft) waveOf(day string) corpus.Generation {
	for _, g := range d.x.rules.Documents.Generations {
		if day >= g.From {
			return g.Generation
		}
	}
	return corpus.NoGeneration
}

func (d *draft) startOf(g corpus.Generation) string {
	for _, r := range d.x.rules.Documents.Generations {
		if r.Generation == g {
			return r.From
		}
	}
	return ""
}

// dayForGeneration is the day that tells the wave, with its weight and where it
// comes from; "" where there is none.
func (d *draft) dayForGeneration() (day string, weight int, basis string) {
	w := &d.x.rules.Documents.Waves
	switch {
	case d.ref.known && d.ref.kind != "posted":
		return iso(d.ref.day), w.Day, "by its date"
	case d.oldStory() != nil:
		return itoa(d.rec.EventYear.Year) + "-12-31", w.Day, "by the year it tells of"
	case d.ref.known:
		return iso(d.ref.day), w.Posted, "by the day it was posted"
	case d.ref.year > 0: // of its number
		return itoa(d.ref.year) + "-12-31", w.Day, "by the year of its number"
	case d.notAfter > 0 && d.notAfter < 2019: // told before the second wave began
		return itoa(d.notAfter) + "-12-31", w.Day, "told in this year or before"
	}
	return "", 0, ""
}

// yearWithin is a day near which an undated text was written: the latest time that
// it tells of, where its tasks are not later than that, else the first time that
// binds a task. A first task of 2019 alone says nothing: the second wave began in
// its middle.
func (d *draft) yearWithin() (string, corpus.Span, string) {
	var told, ahead string
	var toldAt, aheadAt corpus.Span
	for _, s := range d.sentences {
		es := findTimes(d.x.rules.Times, d.body, s.span)
		for i := range es {
			e := &es[i]
			if e.g["y"] == "" || !d.free(e.span) || !d.inText(e.span) {
				continue
			}
			v := point(d.x.rules.Times, e.g, reference{}, around{}, nil)
			if !v.ok {
				continue
			}
			day := iso(v.w.end)
			switch {
			case e.binds["as_of"] || e.right == nil && d.pastClause(d.sceneOf(e, s)):
				if day > told {
					told, toldAt = day, e.span
				}
			case e.binds["by"] || e.binds["from"] || e.binds["within"] || e.binds["until"] || e.right != nil:
				if ahead == "" || day < ahead {
					ahead, aheadAt = day, e.span
				}
			}
		}
	}
	switch {
	case told != "" && (ahead == "" || told >= ahead):
		return told, toldAt, "it tells of a time until " + told
	case ahead != "" && !strings.HasPrefix(ahead, "2019-12-31"):
		return ahead, aheadAt, "its first task is due by " + ahead
	}
	return "", corpus.Span{}, ""
}
