package corpus_test

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	edtf "github.com/sfomuseum/go-edtf/parser"

	"tuogou/cmd/tuogou/samples"
	"tuogou/corpus"
	"tuogou/corpus/corpustest"
	"tuogou/corpus/places"
	"tuogou/extract"
	"tuogou/extract/reader"
	"tuogou/rules"
)

// schema is the part of JSON Schema that schema.json uses.
type schema struct {
	Type                 any                `json:"type"`
	Ref                  string             `json:"$ref"`
	Properties           map[string]*schema `json:"properties"`
	Required             []string           `json:"required"`
	AdditionalProperties json.RawMessage    `json:"additionalProperties"`
	Items                *schema            `json:"items"`
	OneOf                []*schema          `json:"oneOf"`
	AnyOf                []*schema          `json:"anyOf"`
	Enum                 []string           `json:"enum"`
	Const                any                `json:"const"`
	Defs                 map[string]*schema `json:"$defs"`
	Description          string             `json:"description"`
}

func readSchema(t *testing.T) *schema {
	t.Helper()
	var s schema
	if err := json.Unmarshal(corpus.RecordSchema(), &s); err != nil {
		t.Fatal(err)
	}
	return &s
}

// jsonField is one field of a struct as encoding/json writes it, those of
// embedded structs among them.
type jsonField struct {
	name     string
	optional bool
	typ      reflect.Type
}

func jsonFields(t reflect.Type) []jsonField {
	var out []jsonField
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			out = append(out, jsonFields(f.Type)...)
			continue
		}
		name, rest, _ := strings.Cut(f.Tag.Get("json"), ",")
		out = append(out, jsonField{name, rest == "omitempty", f.Type})
	}
	return out
}

// Every field of the record and of the types below it is in the schema, with
// its type, and nothing else is.
func TestSchemaIsTheRecord(t *testing.T) {
	root := readSchema(t)
	c := checker{t: t, defs: root.Defs, used: map[string]bool{}}
	c.object("Record", root, reflect.TypeFor[corpus.Record]())
	for name := range root.Defs {
		if !c.used[name] {
			t.Errorf("$defs holds %s, which no field uses", name)
		}
	}
}

type checker struct {
	t    *testing.T
	defs map[string]*schema
	used map[string]bool
}

func (c *checker) object(where string, s *schema, typ reflect.Type) {
	if string(s.AdditionalProperties) != "false" {
		c.t.Errorf("%s: fields that are not named must be errors", where)
	}
	var names, required []string
	for _, f := range jsonFields(typ) {
		names = append(names, f.name)
		if !f.optional {
			required = append(required, f.name)
		}
		if p := s.Properties[f.name]; p != nil {
			c.value(where+"."+f.name, p, f.typ, f.optional)
		}
	}
	sort.Strings(names)
	sort.Strings(required)
	have := make([]string, 0, len(s.Properties))
	for name := range s.Properties {
		have = append(have, name)
	}
	sort.Strings(have)
	wanted := slices.Clone(s.Required)
	sort.Strings(wanted)
	if diff := cmp.Diff(names, have); diff != "" {
		c.t.Errorf("%s: fields (-type +schema):\n%s", where, diff)
	}
	if diff := cmp.Diff(required, wanted); diff != "" {
		c.t.Errorf("%s: required fields (-type +schema):\n%s", where, diff)
	}
}

func (c *checker) value(where string, s *schema, typ reflect.Type, optional bool) {
	if s.Description == "" && s.Ref == "" {
		c.t.Errorf("%s: no description", where)
	}
	if typ.Kind() == reflect.Pointer && optional { // left out where it would be null
		typ = typ.Elem()
	}
	switch typ.Kind() {
	case reflect.Pointer:
		c.nullable(where, s, typ.Elem())
	case reflect.Slice:
		c.is(where, s, "array")
		if s.Items != nil {
			c.plain(where+"[]", s.Items, typ.Elem())
		}
	case reflect.Map:
		c.is(where, s, "object")
		c.mapValues(where, s, typ)
	default:
		// A closed value that is always written may be empty.
		if len(s.AnyOf) == 2 && s.AnyOf[0].Const == "" && !optional {
			s = s.AnyOf[1]
		}
		c.plain(where, s, typ)
	}
}

func (c *checker) nullable(where string, s *schema, typ reflect.Type) {
	if typ.Kind() == reflect.String {
		if diff := cmp.Diff([]any{"string", "null"}, s.Type); diff != "" {
			c.t.Errorf("%s: type (-want +got):\n%s", where, diff)
		}
		return
	}
	if len(s.OneOf) != 2 || s.OneOf[0].Type != "null" {
		c.t.Errorf("%s: want null or an object", where)
		return
	}
	c.plain(where, s.OneOf[1], typ)
}

func (c *checker) mapValues(where string, s *schema, typ reflect.Type) {
	var one schema
	if json.Unmarshal(s.AdditionalProperties, &one) == nil && one.Ref != "" {
		c.plain(where, &one, typ.Elem())
		return
	}
	for name, p := range s.Properties {
		c.plain(where+"."+name, p, typ.Elem())
	}
	if string(s.AdditionalProperties) != "false" || len(s.Properties) == 0 {
		c.t.Errorf("%s: its keys must be named, or its values have a type", where)
	}
}

// plain checks a value that is neither a list, a map nor null.
func (c *checker) plain(where string, s *schema, typ reflect.Type) {
	named := typ.PkgPath() != ""
	if named {
		want := "#/$defs/" + typ.Name()
		if s.Ref != want {
			c.t.Errorf("%s: $ref is %q, want %q", where, s.Ref, want)
			return
		}
		def := c.defs[typ.Name()]
		if def == nil {
			c.t.Errorf("%s: %s is not in $defs", where, typ.Name())
			return
		}
		if c.used[typ.Name()] {
			return
		}
		c.used[typ.Name()] = true
		if typ.Kind() == reflect.Struct {
			c.object(typ.Name(), def, typ)
			return
		}
		c.is(typ.Name(), def, "string")
		return
	}
	switch typ.Kind() {
	case reflect.String:
		c.is(where, s, "string")
	case reflect.Int:
		c.is(where, s, "integer")
	case reflect.Bool:
		c.is(where, s, "boolean")
	default:
		c.t.Errorf("%s: no rule for the type %v", where, typ)
	}
}

func (c *checker) is(where string, s *schema, want string) {
	if s.Type != want {
		c.t.Errorf("%s: type is %v, want %s", where, s.Type, want)
	}
}

// Every closed list of values.go is an enum of the schema, in the same order.
func TestSchemaListsEveryValue(t *testing.T) {
	defs := readSchema(t).Defs
	file, err := parser.ParseFile(token.NewFileSet(), "values.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	values := map[string][]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		typ, named := v.Type.(*ast.Ident)
		for _, x := range v.Values {
			if lit, ok := x.(*ast.BasicLit); ok && named {
				s, err := strconv.Unquote(lit.Value)
				if err != nil {
					t.Fatal(err)
				}
				values[typ.Name] = append(values[typ.Name], s)
			}
		}
		return true
	})
	if len(values) < 11 {
		t.Fatalf("only %d closed lists found in values.go", len(values))
	}
	for typ, want := range values {
		if defs[typ] == nil {
			t.Errorf("%s is not in $defs", typ)
			continue
		}
		if diff := cmp.Diff(want, defs[typ].Enum); diff != "" {
			t.Errorf("%s (-values.go +schema.json):\n%s", typ, diff)
		}
	}
}

func validator(t testing.TB) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(corpus.RecordSchema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("record.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("record.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// valid encodes rec and holds it against the schema, and its EDTF against a
// parser of that.
func valid(t testing.TB, s *jsonschema.Schema, name string, rec *corpus.Record) {
	t.Helper()
	data, err := corpus.Encode(rec)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	if err := s.Validate(doc); err != nil {
		t.Errorf("%s: %v", name, err)
	}
	for _, x := range rec.Times {
		if _, err := edtf.ParseString(plainInterval(x.EDTF)); x.EDTF != "" && err != nil {
			t.Errorf("%s: time %q: edtf %q: %v", name, x.Quote, x.EDTF, err)
		}
	}
	for _, x := range rec.Deadlines {
		if _, err := edtf.ParseString(plainInterval(x.EDTF)); x.EDTF != "" && err != nil {
			t.Errorf("%s: deadline %q: edtf %q: %v", name, x.Quote, x.EDTF, err)
		}
	}
}

func machine(t testing.TB, gazetteer *places.Table) (*reader.Reader, *extract.Extractor) {
	t.Helper()
	set, err := rules.Load(rules.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	x, err := extract.New(set, gazetteer, nil)
	if err != nil {
		t.Fatal(err)
	}
	return reader.New(set.Page), x
}

// Every page of the demo's sites, list pages and furniture included, gives a
// record that the schema takes.
func TestSchemaTakesSamples(t *testing.T) {
	files := samples.Files()
	tsv, err := fs.ReadFile(files, "places.tsv")
	if err != nil {
		t.Fatal(err)
	}
	gazetteer, err := places.Default().With(bytes.NewReader(tsv))
	if err != nil {
		t.Fatal(err)
	}
	s := validator(t)
	rd, x := machine(t, gazetteer)
	pages := 0
	err = fs.WalkDir(files, "sites", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !slices.Contains([]string{".html", ".htm", ".txt"}, path.Ext(name)) {
			return err
		}
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		url := "http://" + strings.TrimPrefix(name, "sites/")
		text, err := rd.Read(reader.Input{Data: data, Name: name, URL: url})
		if err != nil {
			return nil // a bad document is an outcome, not a record
		}
		pages++
		valid(t, s, name, x.Extract(corpus.Source{URL: url, SHA256: corpus.HashBytes(data)}, text, extract.Options{}))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if pages < 20 {
		t.Errorf("only %d pages were read", pages)
	}
}

// The five real texts.
func TestSchemaTakesRealTexts(t *testing.T) {
	dir := corpustest.Shared(t, "seeds")
	names, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no text in the folder (%v)", err)
	}
	s := validator(t)
	rd, x := machine(t, places.Default())
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		base := filepath.Base(name)
		text, err := rd.Read(reader.Input{Data: data, Name: base})
		if err != nil {
			t.Fatal(err)
		}
		valid(t, s, base, x.Extract(corpus.Source{Path: base, SHA256: corpus.HashBytes(data)}, text, extract.Options{}))
	}
}

// What the schema must not take.
func TestSchemaRefuses(t *testing.T) {
	s := validator(t)
	_, x := machine(t, places.Default())
	good := x.Extract(corpus.Source{SHA256: corpus.HashBytes(nil)}, &corpus.Text{Body: "空文"}, extract.Options{})
	data, err := corpus.Encode(good)
	if err != nil {
		t.Fatal(err)
	}
	change := func(f func(map[string]any)) any {
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		f(doc.(map[string]any))
		return doc
	}
	if err := s.Validate(change(func(map[string]any) {})); err != nil {
		t.Fatalf("the record itself: %v", err)
	}
	for name, f := range map[string]func(map[string]any){
		"a field that is not named":   func(m map[string]any) { m["score"] = 1 },
		"a field left out":            func(m map[string]any) { delete(m, "deadlines") },
		"a list that is null":         func(m map[string]any) { m["times"] = nil },
		"a value of no closed list":   func(m map[string]any) { m["kind"] = "essay" },
		"another version of the form": func(m map[string]any) { m["schema"] = "2" },
		"an id of another form":       func(m map[string]any) { m["id"] = "1" },
		"a state without its clause":  func(m map[string]any) { delete(m["clause_states"].(map[string]any), "party") },
		"evidence without its quote":  func(m map[string]any) { delete(m["jurisdiction"].(map[string]any), "quote") },
	} {
		if s.Validate(change(f)) == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

// plainInterval is an interval without its marks of approximation: Level 1 of the
// standard has "2016-09-21/2016-09-30~", which the parser does not know.
func plainInterval(s string) string {
	if strings.Contains(s, "/") {
		return strings.ReplaceAll(s, "~", "")
	}
	return s
}
