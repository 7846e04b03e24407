package format

import (
	"crypto/sha256"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"tuogou/compare/render"
	"tuogou/timeline"
)

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Author  string      `xml:"author>name"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
}

type atomCategory struct {
	Term  string `xml:"term,attr"`
	Label string `xml:"label,attr"`
}

type atomEntry struct {
	ID         string         `xml:"id"`
	Title      string         `xml:"title"`
	Updated    string         `xml:"updated"`
	Links      []atomLink     `xml:"link"`
	Categories []atomCategory `xml:"category"`
	Content    atomText       `xml:"content"`
}

type atomText struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

// WriteAtom writes changes as an Atom feed (RFC 4287), the newest first. self is its
// own address, "" where it has none; the id of the feed follows from it. An entry keeps
// its id for good: it is made of the obligation and the cursor.
func WriteAtom(w io.Writer, list []timeline.Change, self string, o Options) error {
	sample := false
	f := atomFeed{Lang: render.HTMLLang(o.Lang), ID: urn("feed", self), Updated: "1970-01-01T00:00:00Z", Author: "tuogou"}
	if self != "" {
		f.Links = []atomLink{{"self", self}}
	}
	for i := len(list) - 1; i >= 0; i-- {
		c := &list[i]
		sample = sample || c.Obligation.Place.Sample
		f.Updated = max(f.Updated, second(c.At))
		f.Entries = append(f.Entries, o.atomEntry(c))
	}
	f.Title = o.title("tl.changes", sample)
	data, err := xml.MarshalIndent(f, "", " ")
	if err != nil {
		return fmt.Errorf("atom feed: %w", err)
	}
	_, err = fmt.Fprintf(w, "%s%s\n", xml.Header, data)
	return err
}

func (o Options) atomEntry(c *timeline.Change) atomEntry {
	x := &timeline.Item{Obligation: c.Obligation}
	e := atomEntry{
		ID: urn(c.UID, itoa(int(c.Cursor))), Updated: second(c.At),
		Title:      o.label("change."+string(c.Kind)) + o.colon() + o.summary(x),
		Categories: []atomCategory{{string(c.Kind), o.label("change." + string(c.Kind))}, {string(c.Cause), o.label("cause." + string(c.Cause))}},
	}
	if u := render.LinkURL(c.Obligation.Document().URL); u != "" {
		e.Links = []atomLink{{"alternate", u}}
	}
	lines := []string{o.label("cause." + string(c.Cause))}
	if c.From != "" || c.To != "" {
		lines = append(lines, o.label("col.from")+o.colon()+c.From, o.label("col.to")+o.colon()+c.To)
	}
	e.Content = atomText{"text", strings.Join(append(lines, o.details(x)), "\n")}
	return e
}

// urn is a name made of some words, the same for the same.
func urn(words ...string) string {
	h := sha256.Sum256([]byte("tuogou\x00" + strings.Join(words, "\x00")))
	h[6], h[8] = h[6]&0x0f|0x80, h[8]&0x3f|0x80 // a UUID made by a rule of one's own (RFC 9562, version 8)
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", h[0:4], h[4:6], h[6:8], h[8:10], h[10:16])
}
