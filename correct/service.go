package correct

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"tuogou/corpus"
	"tuogou/corpus/places"
	"tuogou/corpus/store"
)

// ErrInvalid is a correction that cannot be made; its words say why.
var ErrInvalid = errors.New("no correction")

// Service makes, takes back and lists corrections. All fields are required.
type Service struct {
	Store  store.Store
	Places *places.Table
	Now    func() time.Time
}

// Change is what a person wants to say of a record.
type Change struct {
	Doc    corpus.DocID
	Action corpus.ReviewAction
	// Field is a JSON pointer into the record as it is shown, corrections
	// included: /deadlines/0/end, /title, /dates/signed. The number of an item may
	// be its uid. Of an addition it is the list; of an acceptance also a list, or /
	// for the whole record.
	Field string
	// Value is the value of a fix, as words: a day for a date, a code for the
	// jurisdiction, a number as written for doc_number.
	Value string
	// Quote is the words that carry the fact, which stand once in the text: of an
	// addition required, of a field that stands once in place of the machine's.
	Quote string
	// Set are further values of an addition: kind, end, task, organ.
	Set      map[string]string
	By, Note string
}

// Make keeps a correction, and returns it with what became of it.
func (s *Service) Make(ctx context.Context, ch Change) (store.Correction, corpus.Review, error) {
	if ch.By == "" {
		return store.Correction{}, corpus.Review{}, fmt.Errorf("say who you are: %w", ErrInvalid)
	}
	machine, err := s.Store.Record(ctx, ch.Doc)
	if err != nil {
		return store.Correction{}, corpus.Review{}, err
	}
	before, err := s.Store.Corrections(ctx, ch.Doc)
	if err != nil {
		return store.Correction{}, corpus.Review{}, err
	}
	shown, err := Apply(machine, before)
	if err != nil {
		return store.Correction{}, corpus.Review{}, err
	}
	c := store.Correction{Doc: ch.Doc, Action: ch.Action, Note: ch.Note, By: ch.By, Bytes: machine.Source.SHA256, At: s.Now().UTC().Truncate(time.Second)}
	if err := s.aim(&c, ch, machine, shown); err != nil {
		return c, corpus.Review{}, err
	}
	if c, err = store.Identify(c); err != nil {
		return c, corpus.Review{}, err
	}
	after, err := Apply(machine, sorted(append(before, c)))
	if err != nil {
		return c, corpus.Review{}, fmt.Errorf("%w: %w", err, ErrInvalid)
	}
	v, ok := reviewOf(after, c.ID)
	if !ok || v.State == corpus.ReviewOrphaned {
		return c, v, fmt.Errorf("%s finds no place in the record: %w", c.Field, ErrInvalid)
	}
	_, err = s.Store.PutCorrection(ctx, c)
	return c, v, err
}

// sorted brings corrections into the order of the store.
func sorted(all []store.Correction) []store.Correction {
	slices.SortStableFunc(all, func(a, b store.Correction) int {
		return cmp.Or(a.At.Compare(b.At), strings.Compare(a.ID, b.ID))
	})
	return all
}

// aim fills in field, anchor and values.
func (s *Service) aim(c *store.Correction, ch Change, machine, shown *corpus.Record) error {
	ch.Field = "/" + strings.Trim(ch.Field, "/")
	list, rest, _ := strings.Cut(strings.TrimPrefix(ch.Field, "/"), "/")
	form, isList := lists[list]
	c.Field = ch.Field
	switch {
	case ch.Field == "/" || isList && rest == "" && ch.Action != corpus.ReviewAdd:
		if ch.Action != corpus.ReviewAccept {
			return fmt.Errorf("%s names no single fact: give one, such as /deadlines/0: %w", ch.Field, ErrInvalid)
		}
		return nil
	case ch.Action == corpus.ReviewAdd && !isList:
		return fmt.Errorf("add takes one of %s; a field that stands once is fixed: %w", strings.Join(listNames(), ", "), ErrInvalid)
	case ch.Action == corpus.ReviewAdd:
		return aimAdd(c, ch, shown, list, form)
	case isList:
		return aimItem(c, ch, machine, shown, list, rest, form)
	}
	return s.aimScalar(c, ch, machine, shown)
}

func listNames() []string {
	var out []string
	for name := range lists {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// aimItem anchors an item of a list.
func aimItem(c *store.Correction, ch Change, machine, shown *corpus.Record, list, rest string, form listForm) error {
	no, field, _ := strings.Cut(rest, "/")
	item, err := itemOf(shown, list, no)
	if err != nil {
		return err
	}
	span, err := bytesOf(shown, spanOf(item))
	if err != nil {
		return err
	}
	c.Field = "/" + list + "/*"
	c.Anchor = anchorOf(shown, span, form.itemKey(item))
	was := item
	if m, err := treeOfRecord(machine); err == nil {
		items, _ := m[list].([]any)
		p := patient{r: machine}
		if i := p.find(items, form, c.Anchor.Item, spanOf(item)); i >= 0 {
			was = items[i].(object)
		}
	}
	delete(was, "reviews")
	data, err := json.Marshal(was)
	if err != nil {
		return err
	}
	c.Was = string(data)
	switch {
	case ch.Action != corpus.ReviewFix && field != "":
		return fmt.Errorf("%s a whole item, without /%s: %w", ch.Action, field, ErrInvalid)
	case ch.Action == corpus.ReviewAccept && form.said(was) != form.said(item):
		delete(item, "reviews")
		data, err := json.Marshal(item)
		c.Want = string(data)
		return err
	case ch.Action != corpus.ReviewFix:
		return nil
	case field == "" && hasName(item, "edtf"):
		field = "edtf" // the date of a deadline
	case field == "":
		return fmt.Errorf("say which field of the item is wrong, such as %s/%s: %w", ch.Field, lastName(form.values[0]), ErrInvalid)
	}
	c.Field += "/" + field
	return setWant(c, item, field, ch.Value)
}

func hasName(o object, name string) bool { _, ok := o[name]; return ok }

func lastName(path string) string { return path[strings.LastIndex(path, "/")+1:] }

// setWant makes the JSON of a value given as words, by the type of what stands
// there.
func setWant(c *store.Correction, item object, field, value string) error {
	var v any = value
	switch at(item, field).(type) {
	case bool:
		b, err := strconv.ParseBool(value)
		if err != nil {
			return fmt.Errorf("%s is true or false: %w", c.Field, ErrInvalid)
		}
		v = b
	case json.Number:
		if _, err := strconv.Atoi(value); err != nil {
			return fmt.Errorf("%s is a number: %w", c.Field, ErrInvalid)
		}
		v = json.Number(value)
	case []any, object:
		if err := parse([]byte(value), &v); err != nil {
			return fmt.Errorf("%s takes JSON: %w: %w", c.Field, err, ErrInvalid)
		}
	}
	if err := allowed(c.Field, v); err != nil {
		return err
	}
	if (field == "start" || field == "end") && value != "" && !isDay(value) {
		return fmt.Errorf("%s is a day, YYYY-MM-DD: %w", c.Field, ErrInvalid)
	}
	data, err := json.Marshal(v)
	c.Want = string(data)
	return err
}

func isDay(s string) bool { _, err := time.Parse(time.DateOnly, s); return err == nil }

// aimAdd makes a new item that stands on the words given.
func aimAdd(c *store.Correction, ch Change, shown *corpus.Record, list string, form listForm) error {
	span, err := quoted(shown, ch.Quote)
	if err != nil {
		return err
	}
	item, err := treeOf(form.empty)
	if err != nil {
		return err
	}
	for _, name := range sortedNames(ch.Set) {
		if err := setNew(item, list, name, ch.Set[name]); err != nil {
			return err
		}
	}
	if _, has := item["uid"]; has {
		item["uid"] = "d" + string(corpus.HashBytes([]byte(string(ch.Doc) + ch.Quote + ch.By + c.At.String()))[:16])
	}
	item["rule"] = "review/add"
	c.Field = "/" + list + "/*"
	c.Anchor = anchorOf(shown, span, form.itemKey(item))
	data, err := json.Marshal(item)
	c.Want = string(data)
	return err
}

func sortedNames(m map[string]string) []string {
	var out []string
	for name := range m {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// setNew sets one value of a new item. task and organ are short for the words of
// the action and for one more organ.
func setNew(item object, list, name, value string) error {
	switch {
	case name == "task" && hasName(item, "action"):
		return putNew(item, "action/text", value)
	case name == "organ" && hasName(item, "organ") && list == "duties":
		return putNew(item, "organ/text", value)
	case name == "organ" && hasName(item, "organs"):
		all, _ := item["organs"].([]any)
		item["organs"] = append(all, object{"text": value, "kind": "", "span": spanObject(corpus.Span{})})
		return nil
	}
	c := store.Correction{Field: "/" + list + "/*/" + name}
	if at(item, name) == nil && !hasName(item, name) && name != "clause" && name != "value" && name != "iso" && name != "unit" {
		return fmt.Errorf("an item of %s has no %s: %w", list, name, ErrInvalid)
	}
	if err := setWant(&c, item, name, value); err != nil {
		return err
	}
	if !setField(item, name, c.Want) {
		return fmt.Errorf("%s: %w", c.Field, ErrInvalid)
	}
	return nil
}

func putNew(item object, path, value string) error {
	if !put(item, path, value) {
		return fmt.Errorf("%s: %w", path, ErrInvalid)
	}
	return nil
}

// quoted is where words stand in the text; they must stand once, or the user
// gives more of them.
func quoted(r *corpus.Record, words string) (corpus.Span, error) {
	first, ok := near(r.Text.Body, words, 0)
	if !ok {
		return first, fmt.Errorf("the text does not have the words “%s”: %w", words, ErrInvalid)
	}
	if _, again := near(r.Text.Body[first.End:], words, 0); again {
		return first, fmt.Errorf("“%s” stands in several places: quote more of the sentence: %w", words, ErrInvalid)
	}
	return first, nil
}

var numberForm = regexp.MustCompile(`^(.*?)[〔\[（(【]?((?:19|20)\d{2})[〕\]）)】]?第?(\d+)号$`)

// aimScalar anchors a field that stands once, and makes its value.
func (s *Service) aimScalar(c *store.Correction, ch Change, machine, shown *corpus.Record) error {
	path := strings.TrimPrefix(ch.Field, "/")
	tree, err := treeOfRecord(machine)
	if err != nil {
		return err
	}
	if !scalars[path] {
		return fmt.Errorf("no field %s can be corrected: %w", ch.Field, ErrInvalid)
	}
	data, err := json.Marshal(at(tree, path))
	if err != nil {
		return err
	}
	c.Was = string(data)
	fact := machine.Facts[strings.ReplaceAll(path, "/", ".")]
	switch {
	case ch.Quote != "":
		span, err := quoted(machine, ch.Quote)
		if err != nil {
			return err
		}
		c.Anchor = anchorOf(machine, span, "")
	case fact.Quote != "" && ch.Action != corpus.ReviewFix:
		c.Anchor = anchorOf(machine, fact.Span, "")
	}
	if ch.Action != corpus.ReviewFix {
		return acceptSeen(c, tree, shown, path)
	}
	if v, err := s.scalarValue(path, ch.Value); err != nil || v != nil {
		if err != nil {
			return err
		}
		data, err := json.Marshal(v)
		c.Want = string(data)
		return err
	}
	return setWant(c, tree, path, ch.Value)
}

// acceptSeen keeps the value that a person accepted where it was corrected
// already.
func acceptSeen(c *store.Correction, machine object, shown *corpus.Record, path string) error {
	seen, err := treeOfRecord(shown)
	if err != nil || c.Action != corpus.ReviewAccept || words(at(seen, path)) == words(at(machine, path)) {
		return err
	}
	data, err := json.Marshal(at(seen, path))
	c.Want = string(data)
	return err
}

// scalars are the fields that stand once.
var scalars = map[string]bool{"title": true, "kind": true, "generation": true, "on_topic": true, "publisher": true, "doc_number": true,
	"index_number": true, "register_number": true, "validity": true, "jurisdiction": true, "event_year": true,
	"dates/signed": true, "dates/printed": true, "dates/posted": true, "dates/effective": true, "dates/abolished": true}

// scalarValue makes the object of a field that has parts; nil for one that has
// none.
func (s *Service) scalarValue(path, value string) (any, error) {
	switch {
	case strings.HasPrefix(path, "dates/"):
		if !isDay(value) {
			if _, err := time.Parse("2006-01", value); err != nil {
				return nil, fmt.Errorf("%s is a day, YYYY-MM-DD: %w", path, ErrInvalid)
			}
		}
		return object{"date": value, "edtf": value, "basis": "review"}, nil
	case path == "event_year":
		if _, err := strconv.Atoi(value); err != nil {
			return nil, fmt.Errorf("%s is a year: %w", path, ErrInvalid)
		}
		return object{"year": json.Number(value)}, nil
	case path == "doc_number":
		m := numberForm.FindStringSubmatch(value)
		if m == nil {
			return nil, fmt.Errorf("%s is written like 示政发〔2018〕7号: %w", path, ErrInvalid)
		}
		serial := strings.TrimLeft(m[3], "0")
		return object{"text": value, "normal": m[1] + "〔" + m[2] + "〕" + serial + "号", "agency": m[1],
			"year": json.Number(m[2]), "serial": json.Number(serial)}, nil
	case path == "jurisdiction":
		p, ok := s.Places.ByCode(value, 0)
		if !ok {
			return nil, fmt.Errorf("no place has the code %q: %w", value, ErrInvalid)
		}
		return object{"code": p.Code, "name": p.Name, "level": string(p.Level), "path": nonNil(s.Places.Path(p.Code, 0)),
			"codes": nonNil(s.Places.Codes(p.Code, 0)), "basis": "review", "state": string(corpus.Stated), "candidates": []any{}}, nil
	}
	return nil, nil
}

func nonNil(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

func treeOfRecord(r *corpus.Record) (object, error) {
	data, err := corpus.Encode(r)
	if err != nil {
		return nil, err
	}
	var out object
	return out, parse(data, &out)
}

// itemOf is an item by its number or uid.
func itemOf(r *corpus.Record, list, no string) (object, error) {
	tree, err := treeOfRecord(r)
	if err != nil {
		return nil, err
	}
	items, _ := tree[list].([]any)
	for i, it := range items {
		o, ok := it.(object)
		if ok && (strconv.Itoa(i) == no || no != "" && words(o["uid"]) == no) {
			return o, nil
		}
	}
	return nil, fmt.Errorf("%s has %d items, none is %q: %w", list, len(items), no, ErrInvalid)
}

// bytesOf is s, in code points of the body of r, in bytes.
func bytesOf(r *corpus.Record, s corpus.Span) (corpus.Span, error) {
	var out corpus.Span
	n := 0
	for i := range r.Text.Body + "\x00" {
		if n == s.Start {
			out.Start = i
		}
		if n == s.End {
			out.End = i
			return out, nil
		}
		n++
	}
	return out, fmt.Errorf("span %d..%d does not fit the text: %w", s.Start, s.End, store.ErrCorrupt)
}

// Undo takes a correction back. It stays in the store, and so does this.
func (s *Service) Undo(ctx context.Context, id, by, note string) (store.Correction, error) {
	all, err := s.Store.Corrections(ctx, "")
	if err != nil {
		return store.Correction{}, err
	}
	var found []store.Correction
	for _, c := range all {
		if len(id) >= 4 && strings.HasPrefix(c.ID, id) {
			found = append(found, c)
		}
	}
	switch {
	case by == "":
		return store.Correction{}, fmt.Errorf("say who you are: %w", ErrInvalid)
	case len(found) != 1:
		return store.Correction{}, fmt.Errorf("%d corrections have the id %q: %w", len(found), id, ErrInvalid)
	}
	c := store.Correction{Doc: found[0].Doc, Action: store.Undo, Field: found[0].Field, Want: found[0].ID, Note: note, By: by,
		Bytes: found[0].Bytes, At: s.Now().UTC().Truncate(time.Second)}
	if c, err = store.Identify(c); err != nil {
		return c, err
	}
	_, err = s.Store.PutCorrection(ctx, c)
	return c, err
}

// Listed is a correction and what became of it.
type Listed struct {
	store.Correction
	// State is empty where it was taken back, and where the document has no
	// record at all.
	State corpus.ReviewState
	Shown corpus.Review
}

// List is what became of each correction of a document, or of all where id is
// empty, in the order of the store.
func (s *Service) List(ctx context.Context, id corpus.DocID) ([]Listed, error) {
	all, err := s.Store.Corrections(ctx, id)
	if err != nil {
		return nil, err
	}
	records := map[corpus.DocID]*corpus.Record{}
	over := Over(s.Store)
	var out []Listed
	for _, c := range all {
		r, known := records[c.Doc]
		if !known {
			if r, err = over.Record(ctx, c.Doc); err != nil && !errors.Is(err, store.ErrNotFound) {
				return nil, err
			}
			records[c.Doc] = r
		}
		l := Listed{Correction: c}
		if r != nil {
			l.Shown, _ = reviewOf(r, c.ID)
			l.State = l.Shown.State
		}
		out = append(out, l)
	}
	return out, nil
}

// reviewOf finds the review of a correction wherever it stands in a record.
func reviewOf(r *corpus.Record, id string) (corpus.Review, bool) {
	for _, v := range Reviews(r) {
		if v.ID == id {
			return v, true
		}
	}
	return corpus.Review{}, false
}
