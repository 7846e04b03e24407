package corpus

import (
	"fmt"
	"reflect"
	"sync"
)

// walker passes every Span that a value holds through span. The walk is by type, so
// that a list added to Record later cannot be forgotten.
type walker struct {
	span func(*Span) error
	// body, where it is given, is compared with the quote of every Evidence, before
	// its span is passed on.
	body string
	// copy leaves what the value shares with others as it is: lists, maps and what is
	// pointed at are copied first.
	copy bool
	// fill makes every nil list and map an empty one.
	fill bool
}

var (
	spanType     = reflect.TypeFor[Span]()
	evidenceType = reflect.TypeFor[Evidence]()
)

// walk walks v, which can be set.
func (w *walker) walk(v reflect.Value) error {
	switch v.Kind() {
	case reflect.Struct:
		return w.fields(v)
	case reflect.Slice:
		return w.list(v)
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		if w.copy {
			p := reflect.New(v.Type().Elem())
			p.Elem().Set(v.Elem())
			v.Set(p)
		}
		return w.walk(v.Elem())
	case reflect.Map:
		return w.entries(v)
	}
	return nil
}

func (w *walker) fields(v reflect.Value) error {
	switch v.Type() {
	case spanType:
		return w.span(v.Addr().Interface().(*Span))
	case evidenceType:
		e := v.Addr().Interface().(*Evidence)
		if w.body != "" && e.Span.check(w.body) == nil && e.Span.In(w.body) != e.Quote {
			return fmt.Errorf("rule %s: quote %q is not what stands at %d..%d (%q)", e.Rule, e.Quote, e.Span.Start, e.Span.End, e.Span.In(w.body))
		}
	}
	for _, i := range walked(v.Type()) {
		if err := w.walk(v.Field(i)); err != nil {
			return fmt.Errorf("%s: %w", v.Type().Field(i).Name, err)
		}
	}
	return nil
}

func (w *walker) list(v reflect.Value) error {
	n := v.Len()
	if w.fill && v.IsNil() {
		v.Set(reflect.MakeSlice(v.Type(), 0, 0))
	}
	if n == 0 || !matters(v.Type().Elem()) {
		return nil
	}
	if w.copy {
		own := reflect.MakeSlice(v.Type(), n, n)
		reflect.Copy(own, v)
		v.Set(own)
	}
	for i := range n {
		if err := w.walk(v.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

func (w *walker) entries(v reflect.Value) error {
	if w.fill && v.IsNil() {
		v.Set(reflect.MakeMap(v.Type()))
	}
	if v.Len() == 0 || !matters(v.Type().Elem()) {
		return nil
	}
	own := v
	if w.copy {
		own = reflect.MakeMapWithSize(v.Type(), v.Len())
	}
	for it := v.MapRange(); it.Next(); {
		e := reflect.New(v.Type().Elem()).Elem() // what stands in a map cannot be set
		e.Set(it.Value())
		if err := w.walk(e); err != nil {
			return fmt.Errorf("%v: %w", it.Key(), err)
		}
		own.SetMapIndex(it.Key(), e)
	}
	if w.copy {
		v.Set(own)
	}
	return nil
}

// fieldsOf caches walked: a record has some hundred types of few fields, and a
// thousand values.
var fieldsOf sync.Map

// walked are the fields of a struct that matter.
func walked(t reflect.Type) []int {
	if list, ok := fieldsOf.Load(t); ok {
		return list.([]int)
	}
	var list []int
	for i := range t.NumField() {
		if matters(t.Field(i).Type) {
			list = append(list, i)
		}
	}
	fieldsOf.Store(t, list)
	return list
}

// matters reports whether a value of the type can hold a span, a list or a map.
func matters(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Slice, reflect.Map:
		return true
	case reflect.Pointer:
		return matters(t.Elem())
	case reflect.Struct:
		return t == spanType || t == evidenceType || len(walked(t)) > 0
	}
	return false
}
