package correct

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"tuogou/corpus"
	"tuogou/corpus/store"
)

// textHead is the first line of a file of corrections.
const textHead = "# tuogou corrections 1"

// Write writes corrections as plain text: one block each, one field a line, in
// the order of document, time and id, so that files can be compared and merged
// line by line. Empty fields are left out.
func Write(w io.Writer, all []store.Correction) error {
	var b strings.Builder
	b.WriteString(textHead + "\n")
	for _, c := range byDocument(all) {
		fmt.Fprintf(&b, "\n[%s]\n", c.ID)
		for _, f := range fieldsOf(&c) {
			if v := f.get(); v != "" {
				fmt.Fprintf(&b, "%-7s %s\n", f.name, f.line(v))
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func byDocument(all []store.Correction) []store.Correction {
	of := map[corpus.DocID][]store.Correction{}
	var docs []string
	for _, c := range all {
		if of[c.Doc] == nil {
			docs = append(docs, string(c.Doc))
		}
		of[c.Doc] = append(of[c.Doc], c)
	}
	var out []store.Correction
	for _, d := range sortedStrings(docs) {
		out = append(out, sorted(of[corpus.DocID(d)])...)
	}
	return out
}

func sortedStrings(s []string) []string {
	m := map[string]string{}
	for _, v := range s {
		m[v] = ""
	}
	return sortedNames(m)
}

// oneLine is v where it fits a line as it is, else v in the form of a JSON string.
func oneLine(v string) string {
	if v == strings.TrimSpace(v) && !strings.ContainsAny(v, "\n\r\u0085\u2028\u2029") && !strings.HasPrefix(v, `"`) {
		return v
	}
	data, err := json.Marshal(v)
	if err != nil {
		return strconv.Quote(v)
	}
	return string(data)
}

func fromLine(v string) (string, error) {
	if !strings.HasPrefix(v, `"`) {
		return v, nil
	}
	var s string
	err := json.Unmarshal([]byte(v), &s)
	return s, err
}

// textField is one line of a block.
type textField struct {
	name string
	get  func() string
	set  func(string) error
	json bool // the value is JSON as it is, without line ends
}

func (f textField) line(v string) string {
	if f.json && !strings.ContainsAny(v, "\n\r\u0085\u2028\u2029") && v == strings.TrimSpace(v) && (v[0] != '"' || json.Valid([]byte(v))) {
		return v
	}
	return oneLine(v)
}

// value is the value that line wrote.
func (f textField) value(line string) (string, error) {
	if f.json && json.Valid([]byte(line)) {
		return line, nil
	}
	return fromLine(line)
}

func fieldsOf(c *store.Correction) []textField {
	str := func(name string, p *string) textField {
		return textField{name, func() string { return *p }, func(v string) error { *p = v; return nil }, name == "was" || name == "want"}
	}
	return []textField{
		str("doc", (*string)(&c.Doc)), str("action", (*string)(&c.Action)), str("field", &c.Field), str("was", &c.Was), str("want", &c.Want),
		str("exact", &c.Anchor.Exact), str("prefix", &c.Anchor.Prefix), str("suffix", &c.Anchor.Suffix), str("section", &c.Anchor.Section),
		{"start", func() string {
			if c.Anchor.Start == 0 {
				return ""
			}
			return strconv.Itoa(c.Anchor.Start)
		}, func(v string) (err error) { c.Anchor.Start, err = strconv.Atoi(v); return err }, false},
		str("item", &c.Anchor.Item), str("by", &c.By),
		{"at", func() string { return store.Stamp(c.At) }, func(v string) (err error) { c.At, err = time.Parse(time.RFC3339, v); return err }, false},
		str("bytes", (*string)(&c.Bytes)), str("note", &c.Note),
	}
}

// Read reads what Write wrote, perhaps edited or merged by hand. The id of a
// block that was edited changes with its content. An error names the line.
func Read(r io.Reader) ([]store.Correction, error) {
	in := bufio.NewScanner(r)
	in.Buffer(nil, 16<<20)
	var out []store.Correction
	var c *store.Correction
	var fields []textField
	for n := 1; in.Scan(); n++ {
		line := strings.TrimRight(in.Text(), " \t\r")
		switch {
		case n == 1 && line != textHead:
			return nil, fmt.Errorf("line 1: not a file of corrections: it begins with %q: %w", textHead, ErrInvalid)
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			out = append(out, store.Correction{})
			c = &out[len(out)-1]
			fields = fieldsOf(c)
		case c == nil:
			return nil, fmt.Errorf("line %d: stands before the first [id]: %w", n, ErrInvalid)
		default:
			if err := readLine(fields, line); err != nil {
				return nil, fmt.Errorf("line %d: %w: %w", n, err, ErrInvalid)
			}
		}
	}
	if err := in.Err(); err != nil {
		return nil, fmt.Errorf("corrections: %w", err)
	}
	for i := range out {
		var err error
		if out[i], err = store.Identify(out[i]); err != nil {
			return nil, fmt.Errorf("block %d: %w", i+1, err)
		}
	}
	return out, nil
}

func readLine(fields []textField, line string) error {
	name, value, _ := strings.Cut(line, " ")
	for _, f := range fields {
		if f.name != name {
			continue
		}
		v, err := f.value(strings.TrimLeft(value, " "))
		if err != nil {
			return err
		}
		return f.set(v)
	}
	return fmt.Errorf("no field is called %q", name)
}

// Import keeps corrections that others made and returns how many were new.
func (s *Service) Import(ctx context.Context, all []store.Correction) (int, error) {
	have, err := s.Store.Corrections(ctx, "")
	if err != nil {
		return 0, err
	}
	known := map[string]bool{}
	for _, c := range have {
		known[c.ID] = true
	}
	n := 0
	err = s.Store.Batch(ctx, func(w store.Writer) error {
		for _, c := range all {
			id, err := w.PutCorrection(ctx, c)
			if err != nil {
				return err
			}
			if !known[id] {
				known[id] = true
				n++
			}
		}
		return nil
	})
	return n, err
}
