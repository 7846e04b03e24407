package prove

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"tuogou/compare"
	"tuogou/corpus"
)

func tree(r *corpus.Record) (map[string]any, error) {
	data, err := corpus.Encode(r)
	if err != nil {
		return nil, err
	}
	var out map[string]any
	return out, json.Unmarshal(data, &out)
}

// withoutTargets is r as its own text gives it: which documents its references mean
// depends on the others.
func withoutTargets(r *corpus.Record) *corpus.Record {
	own := *r
	own.References = slices.Clone(r.References)
	for i := range own.References {
		own.References[i].SetTarget("", "")
	}
	return &own
}

// parts are parts of a record by their pointers.
type parts map[string]any

func (f parts) paths() []string {
	out := make([]string, 0, len(f))
	for p := range f {
		out = append(out, p)
	}
	slices.Sort(out)
	return out
}

// evidence is the parts of a record that carry evidence, and the scalar fields beside
// them as one part.
func evidence(record map[string]any) parts {
	out, _ := take(record)
	return out
}

// take divides a record into its facts, the scalar fields of its own as one of them,
// and what else it says: sections, problems, what is known of its text and source.
func take(record map[string]any) (facts, rest parts) {
	facts, rest = parts{}, parts{}
	var walk func(path string, v any, inside bool)
	walk = func(path string, v any, inside bool) {
		switch v := v.(type) {
		case map[string]any:
			if v["quote"] != nil && v["span"] != nil && v["rule"] != nil {
				facts[path], inside = v, true
			}
			for name, sub := range v {
				walk(path+"/"+name, sub, inside)
			}
		case []any:
			if !inside {
				rest[path] = fmt.Sprint(len(v), " items")
			}
			for i, sub := range v {
				walk(fmt.Sprintf("%s/%d", path, i), sub, inside)
			}
		default:
			if !inside && strings.Count(path, "/") > 1 {
				rest[path] = v
			}
		}
	}
	walk("", record, false)
	scalars := map[string]any{}
	for name, v := range record {
		switch v.(type) {
		case string, bool, float64, nil:
			if name != "rules" {
				scalars[name] = v
			}
		}
	}
	facts["/"] = scalars
	return facts, rest
}

// origin is how a record came to say what another one does not say: its words in
// findings.
type origin struct {
	not, but, also string
	// hide takes personal data out of what is told; nil tells all.
	hide func(string) string
}

// bytesGive tells without the personal data of both records.
func bytesGive(kept, fresh *corpus.Record) origin {
	return origin{"its bytes do not give it: ", "its bytes give ", "its bytes give it, and the record does not have it: ",
		func(s string) string { return compare.Hide(fresh, compare.Hide(kept, s)) }}
}

// contrast tells what was says otherwise than now, and returns how many facts of was
// are not proved. Pointers are those of was.
func contrast(was, now map[string]any, o origin, say func(kind, where, message string)) (wrong int) {
	facts, rest := take(was)
	again, restAgain := take(now)
	for _, path := range facts.paths() {
		if reflect.DeepEqual(facts[path], again[path]) {
			continue
		}
		wrong++
		say("fact", path, o.difference(facts[path], again[path]))
	}
	for _, path := range again.paths() {
		if facts[path] == nil {
			say("fact", path, o.also+o.said(again[path]))
		}
	}
	for _, path := range rest.paths() {
		v, there := restAgain[path]
		switch {
		case !there:
			say("record", path, o.not+o.said(rest[path]))
		case !reflect.DeepEqual(rest[path], v):
			say("record", path, fmt.Sprintf("it says %s, %s%s", o.said(rest[path]), o.but, o.said(v)))
		}
	}
	for _, path := range restAgain.paths() {
		if _, there := rest[path]; !there {
			say("record", path, o.also+o.said(restAgain[path]))
		}
	}
	return wrong
}

func (o origin) difference(was, now any) string {
	a, _ := was.(map[string]any)
	b, ok := now.(map[string]any)
	if !ok {
		return o.not + o.said(was)
	}
	for _, name := range []string{"quote", "span", "rule"} {
		if !reflect.DeepEqual(a[name], b[name]) {
			return fmt.Sprintf("its %s is %s, %s%s", name, o.said(a[name]), o.but, o.said(b[name]))
		}
	}
	for _, name := range names(a) {
		if !reflect.DeepEqual(a[name], b[name]) {
			return fmt.Sprintf("its %s is %s, %s%s", name, o.said(a[name]), o.but, o.said(b[name]))
		}
	}
	return fmt.Sprintf("it says %s, %s%s", o.said(was), o.but, o.said(now))
}

func (o origin) said(v any) string {
	words := compact(v)
	if o.hide != nil {
		words = o.hide(words)
	}
	return short(words)
}

func said(v any) string { return short(compact(v)) }

func short(words string) string {
	s := []rune(words)
	if len(s) > 200 {
		return string(s[:200]) + "…"
	}
	return string(s)
}

func compact(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Sprint(v)
	}
	return strings.TrimSpace(b.String())
}
