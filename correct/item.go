package correct

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tuogou/corpus"
)

// object is a part of a record in its JSON form; spans count code points.
type object = map[string]any

// listForm says how the items of one list of a record are told apart and what a
// person means who accepts one.
type listForm struct {
	key    []string // paths that tell items on the same words apart
	values []string // paths of the values that are accepted
	empty  any      // an item to begin with
}

// lists are the lists of a record that people correct.
var lists = map[string]listForm{
	"issuers":    {[]string{"name"}, []string{"name", "organ"}, corpus.Issuer{}},
	"clauses":    {[]string{"type"}, []string{"type", "form", "heading"}, corpus.Clause{}},
	"provisions": {[]string{"id"}, []string{"id", "status"}, corpus.Provision{}},
	"times":      {nil, []string{"role", "edtf"}, corpus.Time{}},
	"deadlines":  {nil, []string{"kind", "edtf"}, corpus.Deadline{}},
	"terms":      {nil, []string{"iso", "value", "unit"}, corpus.Term{}},
	"duties":     {[]string{"organ/text"}, []string{"role", "organ/text", "organ/kind"}, corpus.Duty{}},
	"references": {nil, []string{"title", "relation"}, corpus.Reference{}},
	"contacts":   {[]string{"kind"}, []string{"kind"}, corpus.Contact{}},
}

// closed are the values of fields that take no others, by the last name of the
// pointer, where one list decides.
var closed = map[string][]string{
	"/kind":           {"plan", "notice", "opinion", "measures", "interpretation", "list", "summary", "news", "commentary", "reply", "other"},
	"/generation":     {"decoupling_2015", "decoupling_2019", "reform_2026", "precursor", "related", "none"},
	"/clauses/*/type": {"institution", "function", "asset", "personnel", "party"}, "/clauses/*/form": {"section", "inline", "mention"},
	"/provisions/*/status": {"stated", "changed", "opposed"}, "/deadlines/*/kind": {"by", "from", "within", "during", "phase", "recurring"},
	"/duties/*/role":         {"lead", "joint", "responsible", "support", "approve", "receive", "supervise"},
	"/references/*/relation": {"basis", "forwards", "implements", "cites", "repeals"},
	"/times/*/role":          {"deadline", "start", "period", "phase", "as_of", "past", "cited", "issued", "recurring", "term", "vague"},
	"/contacts/*/kind":       {"telephone", "name", "group_number", "address", "email", "id_number"},
}

// allowed reports why v cannot stand at a field, or nil.
func allowed(field string, v any) error {
	list, ok := closed[field]
	if s, isString := v.(string); ok && (!isString || !slices.Contains(list, s)) {
		return fmt.Errorf("%s takes one of %s: %w", field, strings.Join(list, ", "), ErrInvalid)
	}
	return nil
}

// treeOf is the JSON form of v.
func treeOf(v any) (object, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	var out object
	return out, parse(data, &out)
}

func parse(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	return d.Decode(v)
}

// at is the value at a path of names, nil where there is none.
func at(o object, path string) any {
	var v any = o
	for _, name := range strings.Split(path, "/") {
		m, ok := v.(object)
		if !ok {
			return nil
		}
		v = m[name]
	}
	return v
}

// put sets the value at a path; it is false where no object holds it.
func put(o object, path string, v any) bool {
	name, rest, deep := strings.Cut(path, "/")
	if !deep {
		o[name] = v
		return true
	}
	m, ok := o[name].(object)
	if !ok && name == "anchor" && hasName(o, name) { // a deadline that counts from what nobody knew
		m, ok = object{"kind": "person", "text": "", "date": ""}, true
		o[name] = m
	}
	return ok && put(m, rest, v)
}

// words is a value as a person reads it.
func words(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case object:
		known := false
		for _, name := range []string{"edtf", "date", "normal", "code", "title", "name", "year"} {
			if s := words(v[name]); s != "" {
				return s
			}
			known = known || hasName(v, name)
		}
		if known {
			return ""
		}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Sprint(v)
	}
	return strings.TrimSpace(b.String())
}

// key tells items that stand on the same words apart.
func (f listForm) itemKey(item object) string {
	var out []string
	for _, p := range f.key {
		out = append(out, words(at(item, p)))
	}
	return strings.Join(out, " ")
}

// said is what an item says, as a person reads it.
func (f listForm) said(item object) string {
	var out []string
	for _, p := range f.values {
		if s := words(at(item, p)); s != "" {
			out = append(out, s)
		}
	}
	return strings.Join(out, " ")
}

// spanOf is the span of an item in code points.
func spanOf(item object) corpus.Span {
	s, _ := item["span"].(object)
	return corpus.Span{Start: number(s["start"]), End: number(s["end"])}
}

func number(v any) int {
	n, ok := v.(json.Number)
	if !ok {
		return 0
	}
	i, _ := n.Int64() // a span is a whole number
	return int(i)
}

func spanObject(s corpus.Span) object {
	return object{"start": json.Number(fmt.Sprint(s.Start)), "end": json.Number(fmt.Sprint(s.End))}
}

// chars is s, in bytes of body, in code points.
func chars(body string, s corpus.Span) corpus.Span {
	start := utf8.RuneCountInString(body[:s.Start])
	return corpus.Span{Start: start, End: start + utf8.RuneCountInString(s.In(body))}
}

// settle stands an item, made elsewhere, on the words at s of body: its own
// evidence there, all else that has a span (task, organs) where its words stand
// nearest, and nowhere where they do not.
func settle(item object, body string, s corpus.Span) {
	var walk func(v any, top bool)
	walk = func(v any, top bool) {
		switch v := v.(type) {
		case object:
			if _, has := v["span"]; has && !top {
				text := words(v["text"])
				if text == "" {
					text = words(v["quote"])
				}
				place, _ := near(body, text, s.Start)
				v["span"] = spanObject(chars(body, place))
			}
			for name, sub := range v {
				if name != "span" && name != "reviews" {
					walk(sub, false)
				}
			}
		case []any:
			for _, sub := range v {
				walk(sub, false)
			}
		}
	}
	walk(item, true)
	item["quote"], item["span"] = s.In(body), spanObject(chars(body, s))
	if _, has := item["heading_span"]; has {
		place, _ := near(body, words(item["heading"]), s.Start)
		item["heading_span"] = spanObject(chars(body, place))
	}
}

// derive brings the dates of a deadline or time into line after a person set
// one of them: EDTF from the ends, or the ends from EDTF.
func derive(item object, set string) {
	switch set {
	case "start", "end":
		start, end := words(item["start"]), words(item["end"])
		switch {
		case start == "" && end == "":
			item["edtf"] = ""
		case start == "":
			item["edtf"] = "../" + end
		case end == "":
			item["edtf"] = start + "/.."
		case start == end:
			item["edtf"] = end
		default:
			item["edtf"] = start + "/" + end
		}
	case "edtf":
		if words(item["edtf"]) == "" { // a recurring one, or one that is no time at all
			return
		}
		start, end, interval := strings.Cut(words(item["edtf"]), "/")
		if !interval {
			end = start
		}
		item["start"], item["end"] = bound(start, false), bound(end, true)
	default:
		return
	}
	if _, has := item["resolved"]; has {
		item["resolved"] = words(item["edtf"]) != ""
		delete(item, "strict_end")
	}
}

// bound is the first or last day of a year, month or day; null where it is open.
func bound(s string, last bool) any {
	for _, form := range []struct {
		layout              string
		years, months, days int
	}{{time.DateOnly, 0, 0, 1}, {"2006-01", 0, 1, 0}, {"2006", 1, 0, 0}} {
		t, err := time.Parse(form.layout, s)
		if err != nil {
			continue
		}
		if last {
			t = t.AddDate(form.years, form.months, form.days).AddDate(0, 0, -1)
		}
		return t.Format(time.DateOnly)
	}
	return nil
}

// take copies from one item what a person means who accepts it.
func (f listForm) take(item, from object) {
	for _, path := range f.values {
		put(item, path, at(from, path))
	}
	for _, name := range []string{"start", "end", "resolved"} {
		if hasName(item, "edtf") && hasName(from, name) {
			item[name] = from[name]
		}
	}
}
