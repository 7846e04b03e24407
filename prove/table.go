package prove

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"tuogou/compare"
	"tuogou/corpus"
)

func (f *fileProver) csv(data []byte) error {
	in := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	in.FieldsPerRecord = -1
	head, err := in.Read()
	if err != nil {
		return fmt.Errorf("%s: %w: %w", f.name, err, ErrForm)
	}
	t := f.table(head)
	for line := 2; ; line++ {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w: %w", f.name, err, ErrForm)
		}
		if err := f.row(fmt.Sprintf("line %d", line), t, row); err != nil {
			return err
		}
	}
}

// table is the columns of a table by the keys of their heads.
type table map[string]int

func (f *fileProver) table(head []string) table {
	t := table{}
	for _, key := range []string{"uid", "doc", "chars", "quote", "words", "sentence", "sequence", "kind", "start", "end", "edtf", "rrule", "action", "clause",
		"code", "place", "level", "document", "number", "url"} {
		heads := f.books.Heads(key)
		if i := slices.IndexFunc(head, func(h string) bool { return slices.Contains(heads, h) }); i >= 0 {
			t[key] = i
		}
	}
	return t
}

// cell is what a row has in a column; ok is false where the table has none.
func (t table) cell(row []string, key string) (s string, ok bool) {
	i, ok := t[key]
	if !ok {
		return "", false
	}
	if i < len(row) {
		s = row[i]
	}
	return s, true
}

// row proves the passage of one row, and what it says of an obligation.
func (f *fileProver) row(where string, t table, row []string) error {
	doc, hasDoc := t.cell(row, "doc")
	place, hasPlace := t.cell(row, "chars")
	quote, hasQuote := t.cell(row, "quote")
	if !hasQuote {
		quote, hasQuote = t.cell(row, "words")
	}
	if !hasDoc || !hasPlace || !hasQuote {
		return nil
	}
	span, ok := spanOf(place)
	switch {
	case ok && doc != "":
		if err := f.cite(where, corpus.DocID(doc), span, quote); err != nil {
			return err
		}
		if s, _ := t.cell(row, "sentence"); s != "" {
			if err := f.cite(where, corpus.DocID(doc), span, s); err != nil {
				return err
			}
		}
	case strings.TrimSpace(quote) != "" || place != "":
		if err := f.unplaced(where, quote); err != nil {
			return err
		}
	}
	if doc != "" {
		if err := f.entitled(where, corpus.DocID(doc), t, row); err != nil {
			return err
		}
	}
	if uid, ok := t.cell(row, "uid"); ok {
		return f.listed(where, uid, corpus.DocID(doc), t, row)
	}
	return nil
}

// entitled proves how a row calls its document.
func (f *fileProver) entitled(where string, id corpus.DocID, t table, row []string) error {
	s, err := f.source(id)
	if err != nil || s == nil {
		return err // the passage told it
	}
	d := compare.DocumentOf(s.record)
	for _, p := range [][2]string{{"document", d.Title}, {"number", d.Number}, {"url", d.URL}} {
		cell, has := t.cell(row, p[0])
		if !has {
			continue
		}
		f.n.Facts++
		message := ""
		if !sameWords(cell, p[1]) {
			message = fmt.Sprintf("its %s is “%s”, the record of %s has “%s”", p[0], cell, id, p[1])
		}
		if err := f.tell(where, message); err != nil {
			return err
		}
	}
	return nil
}

// listed proves the dates and words of a row that names its obligation, or the deadline
// of its document: the ledger has to have said all of them at once, or the record.
func (f *fileProver) listed(where, uid string, doc corpus.DocID, t table, row []string) error {
	f.n.Facts++
	forms, err := f.forms(uid)
	if err != nil {
		return err
	}
	if len(forms) == 0 {
		form, err := f.deadline(doc, uid)
		if err != nil {
			return err
		}
		if form == nil {
			return f.tell(where, fmt.Sprintf("neither the ledger nor the record has “%s”", uid))
		}
		forms = append(forms, form)
	}
	message := ""
	for _, form := range slices.Backward(forms) { // the newest first: what it says is told
		bad := t.differs(row, form)
		if bad == "" {
			return f.tell(where, "")
		}
		if message == "" {
			message = bad
		}
	}
	return f.tell(where, message)
}

// deadline is one of a record in the form of an obligation, nil where there is none.
func (f *fileProver) deadline(doc corpus.DocID, uid string) (map[string]any, error) {
	s, err := f.source(doc)
	if err != nil || s == nil {
		return nil, err
	}
	for _, d := range s.record.Deadlines {
		if d.UID == uid {
			return map[string]any{"clause": string(d.Clause), "when": map[string]any{"kind": string(d.Kind), "start": day(d.Start), "end": day(d.End), "edtf": d.EDTF, "rrule": d.RRule}}, nil
		}
	}
	return nil, nil
}

// differs says which cell of a row is not what form says.
func (t table) differs(row []string, form map[string]any) string {
	when, _ := form["when"].(map[string]any)
	place, _ := form["place"].(map[string]any)
	for _, p := range []struct {
		key  string
		form map[string]any
		name string
	}{{"sequence", form, "sequence"}, {"kind", when, "kind"}, {"start", when, "start"}, {"end", when, "end"}, {"edtf", when, "edtf"}, {"rrule", when, "rrule"},
		{"action", form, "task"}, {"words", form, "words"}, {"sentence", form, "sentence"}, {"clause", form, "clause"},
		{"code", place, "code"}, {"place", place, "name"}, {"level", place, "level"}} {
		cell, has := t.cell(row, p.key)
		v, says := p.form[p.name]
		if !says && (p.form == nil || p.name == "task" || p.name == "words" || p.name == "sentence" || p.name == "sequence") {
			continue // a record's deadline: cite proved its words
		}
		if v == nil {
			v = ""
		}
		if was := fmt.Sprint(v); has && !sameWords(cell, was) {
			return fmt.Sprintf("its %s is “%s”, not “%s”", p.key, cell, was)
		}
	}
	return ""
}

// sameWords compares a cell with what was written into it: white space does not count,
// and an apostrophe keeps a spreadsheet from reading a formula.
func sameWords(cell, was string) bool {
	a, b := solid([]rune(cell)), solid([]rune(was))
	return slices.Equal(a, b) || len(a) > 0 && a[0] == '\'' && slices.Equal(a[1:], b)
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
