package prove

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"

	"tuogou/compare"
	"tuogou/compare/render"
	"tuogou/corpus"
	"tuogou/corpus/store"
)

// Lookup gives the record of a document as it is shown today, corrections laid
// over it; store.ErrNotFound where there is none.
type Lookup func(ctx context.Context, id corpus.DocID) (*corpus.Record, error)

// ErrForm is a file in a form that carries nothing that could be proved.
var ErrForm = errors.New("no report or export of tuogou")

// File proves a report or an export: that every passage it quotes stands in the
// text of the document it names, where it says, and that dates which name their
// deadline are those of the record. It knows JSON and JSON lines, CSV, HTML and
// iCalendar, by the name of the file. Masked characters (＊) stand for any.
func File(ctx context.Context, name string, data []byte, look Lookup, each func(Finding) error) (Counts, error) {
	f := fileProver{ctx: ctx, name: name, look: look, each: each, records: map[corpus.DocID]*corpus.Record{}}
	var err error
	switch ext := strings.ToLower(name[strings.LastIndexByte(name, '.')+1:]); ext {
	case "json", "jsonl", "ndjson":
		err = f.json(data)
	case "csv":
		err = f.csv(data)
	case "html", "htm":
		err = f.html(data)
	case "ics":
		err = f.ics(data)
	default:
		return f.n, fmt.Errorf("%s: by its name it is no .json, .jsonl, .csv, .html or .ics: %w", name, ErrForm)
	}
	if err == nil && f.n.Facts == 0 {
		err = fmt.Errorf("%s: it quotes nothing with a document and a place: %w", name, ErrForm)
	}
	f.n.Records = len(f.records)
	return f.n, err
}

type fileProver struct {
	ctx     context.Context
	name    string
	look    Lookup
	each    func(Finding) error
	n       Counts
	records map[corpus.DocID]*corpus.Record // nil where there is none
}

func (f *fileProver) record(id corpus.DocID) (*corpus.Record, error) {
	if r, known := f.records[id]; known {
		return r, nil
	}
	r, err := f.look(f.ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		r, err = nil, nil
	}
	if err == nil {
		f.records[id] = r
	}
	return r, err
}

// cite proves one passage.
func (f *fileProver) cite(where string, id corpus.DocID, span corpus.Span, quote string) error {
	f.n.Facts++
	r, err := f.record(id)
	if err != nil {
		return err
	}
	message := ""
	switch body := bodyOf(r); {
	case r == nil:
		message = fmt.Sprintf("the document %s is not in this data folder", id)
	case span.Start < 0 || span.End > len(body) || span.Start > span.End:
		message = fmt.Sprintf("characters %d..%d do not fit the text of %s", span.Start, span.End, id)
	case !stands(body, span, quote):
		message = fmt.Sprintf("“%s” is not what stands at %d..%d of %s: “%s”", quote, span.Start, span.End, id, compare.Quote(r, bytesOf(r.Text.Body, span)))
	}
	return f.tell(where, message)
}

// tell counts a proof, or gives what failed.
func (f *fileProver) tell(where, message string) error {
	if message == "" {
		f.n.Proved++
		return nil
	}
	return f.each(Finding{Kind: "report", Subject: f.name, Where: where, Message: message})
}

func bodyOf(r *corpus.Record) []rune {
	if r == nil {
		return nil
	}
	return []rune(r.Text.Body)
}

func bytesOf(body string, s corpus.Span) corpus.Span {
	runes := []rune(body)
	return corpus.Span{Start: len(string(runes[:s.Start])), End: len(string(runes[:s.End]))}
}

// stands reports whether quote is what stands at s, or a stretch around it (the
// sentence). White space does not count, ＊ is any character, and an apostrophe in
// front keeps a spreadsheet from reading a formula.
func stands(body []rune, s corpus.Span, quote string) bool {
	want, words := solid([]rune(quote)), solid(body[s.Start:s.End])
	if len(want) == 0 || like(words, want) || want[0] == '\'' && like(words, want[1:]) {
		return true
	}
	text, at := solid(body), len(solid(body[:s.Start]))
	for i := max(0, at+len(words)-len(want)); i <= at && i+len(want) <= len(text); i++ {
		if like(text[i:i+len(want)], want) {
			return true
		}
	}
	return false
}

func solid(s []rune) []rune {
	return slices.DeleteFunc(slices.Clone(s), unicode.IsSpace)
}

func like(text, want []rune) bool {
	return slices.EqualFunc(text, want, func(a, b rune) bool { return a == b || b == '＊' || a == '＊' })
}

func (f *fileProver) json(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	for line := 1; ; line++ {
		var v any
		err := d.Decode(&v)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w: %w", f.name, err, ErrForm)
		}
		where := ""
		if line > 1 {
			where = fmt.Sprintf("line %d", line)
		}
		if err := f.value(where, v, ""); err != nil {
			return err
		}
	}
}

// value proves what a JSON value quotes. doc is the record that the value is part
// of.
func (f *fileProver) value(where string, v any, doc corpus.DocID) error {
	switch v := v.(type) {
	case map[string]any:
		if text, ok := v["text"].(map[string]any); ok && text["body"] != nil && v["id"] != nil {
			doc = corpus.DocID(str(v["id"]))
		}
		id := doc
		if d := str(v["doc"]); d != "" {
			id = corpus.DocID(d)
		}
		if span, ok := spanIn(v); ok && id != "" && v["quote"] != nil && !span.Empty() {
			if err := f.cite(where, id, span, str(v["quote"])); err != nil {
				return err
			}
		}
		if err := errors.Join(f.due(where, v), f.obligation(where, v)); err != nil {
			return err
		}
		for _, name := range names(v) {
			if name != "reviews" {
				if err := f.value(where+"/"+name, v[name], doc); err != nil {
					return err
				}
			}
		}
	case []any:
		for i, sub := range v {
			if err := f.value(fmt.Sprintf("%s/%d", where, i), sub, doc); err != nil {
				return err
			}
		}
	}
	return nil
}

// due proves the dates of a deadline that a report names with its uid and the
// words it stands on.
func (f *fileProver) due(where string, v map[string]any) error {
	cite, ok := v["cite"].(map[string]any)
	if !ok || str(v["uid"]) == "" || v["edtf"] == nil {
		return nil
	}
	r, err := f.record(corpus.DocID(str(cite["doc"])))
	if err != nil || r == nil {
		return err // the passage told it
	}
	for _, d := range r.Deadlines {
		if d.UID == str(v["uid"]) {
			f.n.Facts++
			message := ""
			if d.EDTF != str(v["edtf"]) || string(d.Kind) != str(v["kind"]) {
				message = fmt.Sprintf("the deadline %s is %s %s in the record, not %s %s", d.UID, d.Kind, d.EDTF, v["kind"], v["edtf"])
			}
			return f.tell(where, message)
		}
	}
	f.n.Facts++
	return f.tell(where, fmt.Sprintf("the record has no deadline %s", v["uid"]))
}

// obligation proves the words of an obligation in the document that speaks for it.
func (f *fileProver) obligation(where string, v map[string]any) error {
	sources, _ := v["sources"].([]any)
	if len(sources) == 0 || v["words"] == nil {
		return nil
	}
	first, _ := sources[0].(map[string]any)
	document, _ := first["document"].(map[string]any)
	span, ok := spanIn(first)
	if !ok || span.Empty() || str(document["id"]) == "" {
		return nil
	}
	return f.cite(where, corpus.DocID(str(document["id"])), span, str(v["words"]))
}

func str(v any) string { s, _ := v.(string); return s }

func names(m map[string]any) []string {
	out := make([]string, 0, len(m))
	for n := range m {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}

func spanIn(v map[string]any) (corpus.Span, bool) {
	for _, name := range []string{"span", "chars"} {
		s, ok := v[name].(map[string]any)
		if !ok {
			continue
		}
		start, ok1 := s["start"].(float64)
		end, ok2 := s["end"].(float64)
		return corpus.Span{Start: int(start), End: int(end)}, ok1 && ok2
	}
	return corpus.Span{}, false
}

// csv finds the columns by their heads in both languages.
func (f *fileProver) csv(data []byte) error {
	in := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	in.FieldsPerRecord = -1
	head, err := in.Read()
	if err != nil {
		return fmt.Errorf("%s: %w: %w", f.name, err, ErrForm)
	}
	column := func(key string) int {
		return slices.IndexFunc(head, func(h string) bool {
			return h == render.Label("col."+key, render.EN) || h == render.Label("col."+key, render.ZH) || h == key
		})
	}
	doc, chars, quote := column("doc"), column("chars"), column("quote")
	if quote < 0 {
		quote = column("words")
	}
	if doc < 0 || chars < 0 || quote < 0 {
		return nil
	}
	for line := 2; ; line++ {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w: %w", f.name, err, ErrForm)
		}
		if len(row) <= max(doc, chars, quote) || row[doc] == "" {
			continue
		}
		if span, ok := spanOf(row[chars]); ok {
			if err := f.cite(fmt.Sprintf("line %d", line), corpus.DocID(row[doc]), span, row[quote]); err != nil {
				return err
			}
		}
	}
}

var rangeForm = regexp.MustCompile(`^(\d+)\.\.(\d+)$`)

func spanOf(s string) (corpus.Span, bool) {
	var out corpus.Span
	if !rangeForm.MatchString(s) {
		return out, false
	}
	_, err := fmt.Sscanf(s, "%d..%d", &out.Start, &out.End)
	return out, err == nil
}

// html reads the passages, which carry document and place as data-doc and
// data-chars.
func (f *fileProver) html(data []byte) error {
	doc, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("%s: %w: %w", f.name, err, ErrForm)
	}
	for n := range doc.Descendants() {
		id, chars := attr(n, "data-doc"), attr(n, "data-chars")
		if id == "" || chars == "" {
			continue
		}
		span, ok := spanOf(chars)
		if !ok {
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

// ics reads X-TUOGOU-CITE, which holds document, place and words.
func (f *fileProver) ics(data []byte) error {
	text := strings.NewReplacer("\r\n ", "", "\r\n\t", "", "\n ", "").Replace(string(data))
	uid := ""
	for in := bufio.NewScanner(strings.NewReader(text)); in.Scan(); {
		line := strings.TrimRight(in.Text(), "\r")
		if v, ok := strings.CutPrefix(line, "UID:"); ok {
			uid = v
		}
		v, ok := strings.CutPrefix(line, "X-TUOGOU-CITE:")
		if !ok {
			continue
		}
		parts := strings.SplitN(v, " ", 3)
		if len(parts) != 3 {
			continue
		}
		if span, ok := spanOf(parts[1]); ok {
			quote := strings.NewReplacer(`\n`, "\n", `\,`, ",", `\;`, ";", `\\`, `\`).Replace(parts[2])
			if err := f.cite(uid, corpus.DocID(parts[0]), span, quote); err != nil {
				return err
			}
		}
	}
	return nil
}
