package prove

import (
	"bufio"
	"bytes"
	"fmt"
	"strings"
	"time"

	"golang.org/x/net/html"

	"tuogou/corpus"
)

// html reads the passages, which carry document and place as data-doc and
// data-chars.
func (f *fileProver) html(data []byte) error {
	doc, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("%s: %w: %w", f.name, err, ErrForm)
	}
	for n := range doc.Descendants() {
		id, chars := attr(n, "data-doc"), attr(n, "data-chars")
		span, ok := spanOf(chars)
		switch {
		case !ok && (id != "" || chars != "") && strings.TrimSpace(textOf(n)) != "":
			if err := f.unplaced(attr(n, "id"), textOf(n)); err != nil {
				return err
			}
			continue
		case !ok:
			continue
		}
		if err := f.cite(attr(n, "id"), corpus.DocID(id), span, textOf(n)); err != nil {
			return err
		}
	}
	return nil
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

// ics reads X-TUOGOU-CITE, which holds document, place and words, and compares the days
// and the repetition of the entry with the ledger's.
func (f *fileProver) ics(data []byte) error {
	text := strings.NewReplacer("\r\n ", "", "\r\n\t", "", "\n ", "").Replace(string(data))
	var e entry
	in := bufio.NewScanner(strings.NewReader(text))
	in.Buffer(nil, len(text)+1)
	for in.Scan() {
		line := strings.TrimRight(in.Text(), "\r")
		name, value, _ := strings.Cut(line, ":")
		name, _, _ = strings.Cut(name, ";")
		switch name {
		case "BEGIN":
			if value == "VEVENT" || value == "VTODO" {
				e = entry{kind: value}
			}
			e.inner = value == "VALARM"
		case "END":
			if value == e.kind {
				if err := f.entry(e); err != nil {
					return err
				}
			}
			e.inner = false
		default:
			if !e.inner {
				e.set(name, value)
			}
		}
	}
	return in.Err()
}

// entry is an event or a to-do of a calendar.
type entry struct {
	kind, uid, cite, rrule string
	start, end, due        string
	inner                  bool // in an alarm
}

func (e *entry) set(name, value string) {
	switch name {
	case "UID":
		e.uid = value
	case "X-TUOGOU-CITE":
		e.cite = value
	case "RRULE":
		e.rrule = value
	case "DTSTART":
		e.start = value
	case "DTEND":
		e.end = value
	case "DUE":
		e.due = value
	}
}

func (f *fileProver) entry(e entry) error {
	parts := strings.SplitN(e.cite, " ", 3)
	span, ok := corpus.Span{}, len(parts) == 3
	if ok {
		span, ok = spanOf(parts[1])
	}
	if !ok {
		if err := f.unplaced(e.uid, e.cite); err != nil {
			return err
		}
	} else if err := f.cite(e.uid, corpus.DocID(parts[0]), span, unescape(parts[2])); err != nil {
		return err
	}
	f.n.Facts++
	forms, err := f.forms(strings.TrimSuffix(e.uid, "@tuogou"))
	if err != nil {
		return err
	}
	message := fmt.Sprintf("the ledger has no obligation %s", e.uid)
	for _, form := range forms {
		when, _ := form["when"].(map[string]any)
		if message = e.differs(when); message == "" {
			break
		}
	}
	return f.tell(e.uid, message)
}

// differs says which day of an entry is not that of an obligation. What recurs begins
// with a turn of its rule, which no field of the obligation names.
func (e entry) differs(when map[string]any) string {
	rule := strings.TrimPrefix(str(when["rrule"]), "RRULE:")
	if e.rrule != rule {
		return fmt.Sprintf("it recurs by “%s”, the ledger says “%s”", e.rrule, rule)
	}
	if rule != "" {
		return ""
	}
	start, end := str(when["start"]), str(when["end"])
	first, last := start, end
	if first == "" {
		first = end
	}
	if last == "" {
		last = start
	}
	days := [][2]string{{e.start, first}, {e.end, after(last)}}
	if e.kind == "VTODO" {
		if days = [][2]string{{e.due, end}}; e.start != "" {
			days = append(days, [2]string{e.start, first})
		}
	}
	for _, d := range days {
		if want := strings.ReplaceAll(d[1], "-", ""); d[0] != want {
			return fmt.Sprintf("it has the day “%s”, the ledger gives “%s”", d[0], want)
		}
	}
	return ""
}

// after is the day after a day, which the end of an event is.
func after(s string) string {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return ""
	}
	return t.AddDate(0, 0, 1).Format(time.DateOnly)
}

// unescape is the words of a TEXT value (RFC 5545, 3.3.11).
func unescape(s string) string {
	return strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\,`, ",", `\;`, ";").Replace(s)
}
