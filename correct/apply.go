package correct

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"tuogou/corpus"
	"tuogou/corpus/store"
)

// Effective are the corrections that were not taken back, in order.
func Effective(all []store.Correction) []store.Correction {
	undoes := map[string][]store.Correction{}
	for _, c := range all {
		if c.Action == store.Undo {
			undoes[c.Want] = append(undoes[c.Want], c)
		}
	}
	var stands func(id string, depth int) bool
	stands = func(id string, depth int) bool {
		// A chain of undoes longer than all there are is a circle, made by hand.
		return depth > len(all) || !slices.ContainsFunc(undoes[id], func(u store.Correction) bool { return stands(u.ID, depth+1) })
	}
	var out []store.Correction
	for _, c := range all {
		if c.Action != store.Undo && stands(c.ID, 0) {
			out = append(out, c)
		}
	}
	return out
}

// Apply is a copy of r with the corrections of its document laid over it. Those
// that find no place change nothing and stand in Reviews as orphaned. r itself
// is not changed; without corrections it is given back as it is.
func Apply(r *corpus.Record, all []store.Correction) (*corpus.Record, error) {
	cs := Effective(all)
	if len(cs) == 0 {
		return r, nil
	}
	data, err := corpus.Encode(r)
	if err != nil {
		return nil, err
	}
	out, err := lay(r, data, cs)
	if err == nil {
		return out, nil
	}
	// One of them fits the record by its form only (it was edited by hand, or made
	// for another form of the record). The others hold.
	var good []store.Correction
	for _, c := range cs {
		if _, err := lay(r, data, append(slices.Clone(good), c)); err == nil {
			good = append(good, c)
			continue
		}
		c.Action, c.Field = corpus.ReviewReject, unknownField+c.Field
		good = append(good, c)
	}
	return lay(r, data, good)
}

// unknownField marks a correction whose values the record cannot take.
const unknownField = "!"

func lay(r *corpus.Record, data []byte, cs []store.Correction) (*corpus.Record, error) {
	p := patient{r: r}
	if err := parse(data, &p.tree); err != nil {
		return nil, err
	}
	for _, c := range cs {
		p.apply(c)
	}
	data, err := json.Marshal(p.tree)
	if err != nil {
		return nil, fmt.Errorf("corrections of %s: %w", r.ID, err)
	}
	out, err := corpus.Decode(data)
	if err == nil {
		err = out.Check()
	}
	if err != nil {
		return nil, fmt.Errorf("corrections of %s: %w: %w", r.ID, err, store.ErrCorrupt)
	}
	return out, nil
}

// patient is a record under correction.
type patient struct {
	r    *corpus.Record
	tree object
}

// apply lays one correction over the record.
func (p *patient) apply(c store.Correction) {
	v := corpus.Review{ID: c.ID, Action: c.Action, State: corpus.ReviewOrphaned, Field: c.Field, Want: jsonWords(c.Want),
		Quote: c.Anchor.Exact, By: c.By, At: c.At.UTC().Format("2006-01-02T15:04:05Z"), Note: c.Note}
	list, rest, isList := strings.Cut(strings.TrimPrefix(c.Field, "/"), "/")
	form, known := lists[list]
	switch {
	case strings.HasPrefix(c.Field, unknownField):
		v.Field = strings.TrimPrefix(c.Field, unknownField)
		p.aside(v)
	case c.Field == "/" || known && !isList && c.Action == corpus.ReviewAccept:
		p.whole(c, v)
	case known:
		p.item(c, v, list, form, strings.TrimPrefix(strings.TrimPrefix(rest, "*"), "/"))
	default:
		p.scalar(c, v)
	}
}

// aside keeps a review that no fact can hold.
func (p *patient) aside(v corpus.Review) { attach(p.tree, v) }

func attach(o object, v corpus.Review) {
	t, err := treeOf(v)
	if err != nil {
		return // a struct of strings always has a JSON form
	}
	all, _ := o["reviews"].([]any)
	o["reviews"] = append(all, t)
}

// whole is an acceptance of a list or of the record as it stands: it holds as
// long as the bytes do.
func (p *patient) whole(c store.Correction, v corpus.Review) {
	if c.Bytes == "" || c.Bytes == p.r.Source.SHA256 {
		v.State = corpus.ReviewApplied
	}
	p.aside(v)
}

func jsonWords(data string) string {
	var v any
	if data == "" || parse([]byte(data), &v) != nil {
		return data
	}
	return words(v)
}

// item corrects an item of a list.
func (p *patient) item(c store.Correction, v corpus.Review, list string, form listForm, field string) {
	var was object
	_ = parse([]byte(c.Was), &was) // an added item was nothing
	v.Was = form.said(was)
	if field != "" {
		v.Was = words(at(was, field))
	}
	place, ok := locate(p.r, c.Anchor)
	if !ok {
		if list == "contacts" {
			v.Quote = "" // nothing would mask it
		}
		p.aside(v)
		return
	}
	items, _ := p.tree[list].([]any)
	i := p.find(items, form, c.Anchor.Item, chars(p.r.Text.Body, place))
	switch {
	case c.Action == corpus.ReviewReject:
		v.State = corpus.ReviewAgrees
		if i >= 0 {
			v.State = corpus.ReviewApplied
			p.tree[list] = slices.Delete(items, i, i+1)
		}
		p.aside(v)
	case c.Action == corpus.ReviewAdd && i < 0, i < 0 && was != nil:
		p.insert(c, v, list, field, was, place)
	case i < 0:
		p.aside(v)
	default:
		p.change(c, v, form, items[i].(object), field, was)
	}
	p.clauseStates(list)
}

// find is the item that stands on a place: on the very words, else on most of
// them. -1 is none.
func (p *patient) find(items []any, form listForm, key string, place corpus.Span) int {
	best, share := -1, 0.3
	for i, it := range items {
		o, ok := it.(object)
		s := spanOf(o)
		if !ok || form.itemKey(o) != key || !s.Overlaps(place) {
			continue
		}
		both := min(s.End, place.End) - max(s.Start, place.Start)
		if f := float64(both) / float64(max(s.End, place.End)-min(s.Start, place.Start)); f > share {
			best, share = i, f
		}
	}
	return best
}

// change corrects an item that the machine has.
func (p *patient) change(c store.Correction, v corpus.Review, form listForm, item object, field string, was object) {
	v.State = corpus.ReviewApplied
	switch c.Action {
	case corpus.ReviewAccept:
		seen := was
		if c.Want != "" { // it was corrected already when the person looked
			seen = nil
			_ = parse([]byte(c.Want), &seen) // what cannot be read changes nothing
			v.Want = form.said(seen)
		}
		if now := form.said(item); now != form.said(seen) && seen != nil {
			v.Now = now
			form.take(item, seen)
		}
	case corpus.ReviewAdd:
		var want object
		if err := parse([]byte(c.Want), &want); err != nil {
			v.State = corpus.ReviewOrphaned
			break
		}
		v.Want = form.said(want)
		if v.Now = form.said(item); v.Now == v.Want {
			v.State, v.Now = corpus.ReviewAgrees, ""
			break
		}
		form.take(item, want)
	default:
		now := words(at(item, field))
		if now != v.Was {
			v.Now = now
		}
		if now == v.Want {
			v.State = corpus.ReviewAgrees
			break
		}
		if !setField(item, field, c.Want) {
			v.State = corpus.ReviewOrphaned
		}
	}
	attach(item, v)
}

func setField(item object, field, want string) bool {
	var value any
	if parse([]byte(want), &value) != nil || !put(item, field, value) {
		return false
	}
	derive(item, field)
	return true
}

// insert stands an item in its list that the machine does not have: one that a
// person added, or saw when the rules still found it.
func (p *patient) insert(c store.Correction, v corpus.Review, list, field string, was object, place corpus.Span) {
	item := was
	v.State = corpus.ReviewRestored
	if c.Action == corpus.ReviewAdd {
		v.State, item = corpus.ReviewApplied, nil
		if parse([]byte(c.Want), &item) != nil || item == nil {
			v.State = corpus.ReviewOrphaned
			p.aside(v)
			return
		}
		v.Want = lists[list].said(item)
	}
	if field != "" && c.Action == corpus.ReviewFix && !setField(item, field, c.Want) {
		v.State = corpus.ReviewOrphaned
		p.aside(v)
		return
	}
	delete(item, "reviews")
	settle(item, p.r.Text.Body, place)
	attach(item, v)
	items, _ := p.tree[list].([]any)
	at := 0
	for at < len(items) && spanOf(items[at].(object)).Start <= spanOf(item).Start {
		at++
	}
	p.tree[list] = slices.Insert(items, at, any(item))
}

// clauseStates brings the states of the five into line with their list.
func (p *patient) clauseStates(list string) {
	states, ok := p.tree["clause_states"].(object)
	if list != "clauses" || !ok {
		return
	}
	items, _ := p.tree[list].([]any)
	for _, t := range corpus.ClauseTypes {
		has := slices.ContainsFunc(items, func(it any) bool { return words(at(it.(object), "type")) == string(t) })
		switch {
		case has:
			states[string(t)] = string(corpus.Stated)
		case states[string(t)] == string(corpus.Stated):
			states[string(t)] = string(corpus.NotStated)
		}
	}
}

// scalar corrects a field that stands once in a record.
func (p *patient) scalar(c store.Correction, v corpus.Review) {
	path := strings.TrimPrefix(c.Field, "/")
	fact := strings.ReplaceAll(path, "/", ".")
	v.Was = jsonWords(c.Was)
	if !scalars[path] {
		p.aside(v)
		return
	}
	place := corpus.Span{}
	if c.Anchor.Exact != "" {
		var ok bool
		if place, ok = locate(p.r, c.Anchor); !ok {
			p.aside(v)
			return
		}
	}
	v.State = corpus.ReviewApplied
	now := words(at(p.tree, path))
	if now != v.Was {
		v.Now = now
	}
	want := c.Want
	if c.Action == corpus.ReviewAccept && want == "" && v.Now != "" {
		want = c.Was
	}
	switch {
	case c.Action == corpus.ReviewReject:
		p.clear(path, fact)
	case c.Action == corpus.ReviewFix && now == v.Want:
		v.State = corpus.ReviewAgrees
	case want != "" && !p.set(path, fact, want, place):
		v.State = corpus.ReviewOrphaned
		p.aside(v)
		return
	}
	if o, ok := at(p.tree, path).(object); ok && o["quote"] != nil {
		attach(o, v)
	}
	attach(p.fact(fact), v)
}

// fact is the evidence of a scalar field, made where it is missing.
func (p *patient) fact(name string) object {
	facts, ok := p.tree["facts"].(object)
	if !ok {
		facts = object{}
		p.tree["facts"] = facts
	}
	f, ok := facts[name].(object)
	if !ok {
		f = object{"state": string(corpus.Stated), "quote": "", "span": spanObject(corpus.Span{}), "rule": ""}
		facts[name] = f
	}
	return f
}

// set gives a scalar field a person's value, with the words at place where
// there are any.
func (p *patient) set(path, fact, want string, place corpus.Span) bool {
	var value any
	if parse([]byte(want), &value) != nil {
		return false
	}
	evidence := object{"quote": place.In(p.r.Text.Body), "span": spanObject(chars(p.r.Text.Body, place)), "rule": "review/fix"}
	if o, ok := value.(object); ok {
		delete(o, "reviews")
		delete(o, "trace")
		for k, v := range evidence {
			o[k] = v
		}
	}
	f := p.fact(fact)
	for k, v := range evidence {
		f[k] = v
	}
	f["state"] = string(corpus.Stated)
	delete(f, "trace")
	return put(p.tree, path, value)
}

// clear takes a scalar field away: the text does not say it.
func (p *patient) clear(path, fact string) {
	switch at(p.tree, path).(type) {
	case string:
		put(p.tree, path, "")
	case bool:
		put(p.tree, path, false)
	default:
		if path == "jurisdiction" {
			put(p.tree, path, object{"code": "", "name": "", "path": []any{}, "codes": []any{}, "basis": "", "state": string(corpus.NotStated),
				"candidates": []any{}, "quote": "", "span": spanObject(corpus.Span{}), "rule": ""})
			break
		}
		put(p.tree, path, nil)
	}
	f := p.fact(fact)
	f["state"], f["quote"], f["span"], f["rule"] = string(corpus.NotStated), "", spanObject(corpus.Span{}), ""
	delete(f, "trace")
}
