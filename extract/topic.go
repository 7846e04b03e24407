package extract

import (
	"strconv"
	"unicode/utf8"

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
	why := ""
	switch {
	case strong >= t.LeastStrong:
		why = itoa(strong) + " passages tie associations to decoupling"
	case t.TitleStrong.MatchString(title) && t.Association.MatchString(text):
		why = "its title names the decoupling, and the text associations"
	case strong > 0 && len(t.Decoupling.FindAllStringIndex(text, t.LeastLoose)) >= t.LeastLoose:
		why = "one passage ties associations to decoupling, and it is named " + itoa(t.LeastLoose) + " times or more"
	case strong > 0 && utf8.RuneCountInString(text) <= t.ShortText:
		why = "a short text with a passage that ties associations to decoupling"
	}
	d.rec.OnTopic = why != ""
	if why == "" {
		why = itoa(strong) + " passages tie associations to decoupling, and nothing else does"
	}
	e := corpus.Evidence{Rule: "document/topic", Trace: []string{why}}
	if m := t.Strong.FindStringIndex(d.body); m != nil {
		e = corpus.Cite(d.body, corpus.Span{Start: m[0], End: m[1]}, "document/topic", why)
	}
	d.rec.Facts["on_topic"] = corpus.Fact{State: corpus.Stated, Evidence: e}
	d.generation(text)
}
