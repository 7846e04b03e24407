package query

import (
	_ "embed"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

var (
	//go:embed fields.tsv
	fieldTable string
	//go:embed values.tsv
	valueTable string
)

// names are the tables, read once.
var names = sync.OnceValue(func() *tables {
	t := &tables{fields: map[string]Field{}, values: map[Field]map[string]string{}, closed: map[Field][]string{}}
	for _, row := range rows(fieldTable, 2) {
		f := Field(row[0])
		t.list = append(t.list, row[0])
		t.fields[row[0]] = f
		for alias := range strings.FieldsSeq(row[1]) {
			t.fields[alias] = f
		}
	}
	for _, row := range rows(valueTable, 3) {
		f := Field(row[0])
		if t.values[f] == nil {
			t.values[f] = map[string]string{}
		}
		t.closed[f] = append(t.closed[f], row[1])
		t.values[f][row[1]] = row[1]
		for alias := range strings.FieldsSeq(row[2]) {
			t.values[f][alias] = row[1]
		}
	}
	return t
})

type tables struct {
	fields map[string]Field
	list   []string                    // of fields, as in the table
	values map[Field]map[string]string // name of a value → value
	closed map[Field][]string          // the values of a field with a closed list
}

func rows(table string, columns int) [][]string {
	var out [][]string
	for line := range strings.Lines(table) {
		line = strings.TrimRight(line, "\n")
		if f := strings.Split(line, "\t"); !strings.HasPrefix(line, "#") && len(f) == columns {
			out = append(out, f)
		}
	}
	return out
}

// listed is the field whose list of values f has.
func listed(f Field) Field {
	if f == Missing {
		return Has
	}
	return f
}

// Values are the values of a field with a closed list, in the order of its
// table; none for the others. The caller may keep the slice.
func Values(f Field) []string { return slices.Clone(names().closed[listed(f)]) }

func (t *tables) value(f Field, name string) (string, bool) {
	v, ok := t.values[listed(f)][name]
	return v, ok
}

// spellings are all names of the values of f, in order.
func (t *tables) spellings(f Field) []string { return slices.Sorted(maps.Keys(t.values[listed(f)])) }

// english are the names of fields in letters, in order.
func (t *tables) english() []string {
	out := slices.Sorted(maps.Keys(t.fields))
	return slices.DeleteFunc(out, func(s string) bool { return s[0] >= utf8.RuneSelf })
}
