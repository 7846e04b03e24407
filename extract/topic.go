package extract

import (
	"strconv"

	"tuogou/corpus"
)

func itoa(n int) string { return strconv.Itoa(n) }

// topic decides whether the text is about the decoupling, and of which wave.
// A text on associations that only moves functions about (职能转移) is related,
// not on topic.
func (d *draft) topic() {
	t := d.x.rules.Documents.Topic
	text := d.plainText()
	title := d.rec.Title
	if d.rec.Carrier != nil {
		title += d.rec.Carrier.Title
	}
	strong := len(t.Strong.FindAllStringIndex(text, -1))
	d.rec.OnTopic = strong >= t.LeastStrong || strong > 0 && t.TitleStrong.MatchString(title)
	trace := itoa(strong) + " passages tie associations to decoupling; " + itoa(t.LeastStrong) + " are needed, or one and a title that says so"
	e := corpus.Evidence{Rule: "document/topic", Trace: []string{trace}}
	if m := t.Strong.FindStringIndex(d.body); m != nil {
		e = corpus.Cite(d.body, corpus.Span{Start: m[0], End: m[1]}, "document/topic", trace)
	}
	d.rec.Facts["on_topic"] = corpus.Fact{State: corpus.Stated, Evidence: e}
	d.generation(text)
}

// generation is the wave of the reform: by the central document that the text
// cites, else by its date.
func (d *draft) generation(text string) {
	docs := d.x.rules.Documents
	if !d.rec.OnTopic {
		d.rec.Generation = corpus.NoGeneration
		if docs.Topic.Association.MatchString(text) {
			d.rec.Generation = corpus.Related
		}
		d.rec.Facts["generation"] = corpus.Fact{State: corpus.Stated, Evidence: corpus.Evidence{Rule: "document/generation", Trace: []string{"not on topic"}}}
		return
	}
	day := d.dayForGeneration()
	for _, g := range docs.Generations {
		if day != "" && day < g.From { // a text cannot belong to a wave that had not begun
			continue
		}
		if m := g.Pattern.FindStringIndex(d.body); m != nil {
			d.rec.Generation = g.Generation
			d.stated("generation", corpus.Cite(d.body, corpus.Span{Start: m[0], End: m[1]}, "document/generation", "names the programme of this wave"))
			return
		}
	}
	if day == "" {
		d.rec.Generation = corpus.NoGeneration
		d.rec.Facts["generation"] = corpus.Fact{State: corpus.Unresolved, Evidence: corpus.Evidence{Rule: "document/generation", Trace: []string{"no programme named and no date"}}}
		return
	}
	for _, g := range docs.Generations {
		if day >= g.From {
			d.rec.Generation = g.Generation
			break
		}
	}
	d.rec.Facts["generation"] = corpus.Fact{State: corpus.Stated, Evidence: corpus.Evidence{Rule: "document/generation", Trace: []string{"by its date, " + day}}}
}

func (d *draft) dayForGeneration() string {
	switch {
	case d.ref.known && d.ref.kind != "posted":
		return iso(d.ref.day)
	case d.oldStory() != nil:
		return itoa(d.rec.EventYear.Year) + "-12-31"
	case d.ref.known:
		return iso(d.ref.day)
	case d.notAfter > 0 && d.notAfter < 2019: // told before the second wave began
		return itoa(d.notAfter) + "-12-31"
	}
	return ""
}
