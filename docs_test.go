package tuogou_test

import (
	"bytes"
	"flag"
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"tuogou/corpus"
)

var update = flag.Bool("update", false, "copy the committed score into docs/quality.md")

func page(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("docs", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// section is the part of a page under the heading with these words.
func section(t *testing.T, page, heading string) string {
	t.Helper()
	m := regexp.MustCompile(`(?m)^(#{2,3}) ` + regexp.QuoteMeta(heading) + `$`).FindStringIndex(page)
	if m == nil {
		t.Errorf("no section %q", heading)
		return ""
	}
	rest := page[m[1]:]
	if end := regexp.MustCompile(`(?m)^#{2,3} `).FindStringIndex(rest); end != nil {
		rest = rest[:end[0]]
	}
	return rest
}

// Every field of the record stands in the table of its type, and no other does.
func TestRecordsPageHasEveryField(t *testing.T) {
	text := page(t, "records.md")
	done := map[reflect.Type]bool{}
	var walk func(typ reflect.Type)
	walk = func(typ reflect.Type) {
		switch typ.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map:
			walk(typ.Elem())
			return
		case reflect.Struct:
		default:
			return
		}
		if done[typ] {
			return
		}
		done[typ] = true
		var rows []string
		for _, m := range regexp.MustCompile("(?m)^\\| `([a-z0-9_]+)` \\|").FindAllStringSubmatch(section(t, text, typ.Name()), -1) {
			rows = append(rows, m[1])
		}
		for i := range typ.NumField() {
			f := typ.Field(i)
			walk(f.Type)
			if f.Anonymous {
				continue
			}
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			at := slices.Index(rows, name)
			if at < 0 {
				t.Errorf("%s: no row for `%s`", typ.Name(), name)
				continue
			}
			rows = slices.Delete(rows, at, at+1)
		}
		if len(rows) > 0 {
			t.Errorf("%s: rows for fields that are not there: %v", typ.Name(), rows)
		}
	}
	walk(reflect.TypeFor[corpus.Record]())
	if len(done) < 20 {
		t.Errorf("only %d types were looked at", len(done))
	}
}

// problemIDs are the ids given to problems anywhere in the code: as first
// argument of a method named problem, or as ID of a corpus.Problem.
func problemIDs(t *testing.T) map[string]string {
	t.Helper()
	ids := map[string]string{}
	take := func(f goFile, e ast.Expr) {
		lit, ok := e.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			return
		}
		if id, err := strconv.Unquote(lit.Value); err == nil {
			ids[id] = f.at(lit)
		}
	}
	for _, f := range sources(t) {
		ast.Inspect(f.ast, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if s, ok := n.Fun.(*ast.SelectorExpr); ok && (s.Sel.Name == "problem" || s.Sel.Name == "damage") && len(n.Args) > 1 {
					take(f, n.Args[0])
				}
			case *ast.CompositeLit:
				s, ok := n.Type.(*ast.SelectorExpr)
				if !ok || s.Sel.Name != "Problem" {
					return true
				}
				if x, ok := s.X.(*ast.Ident); !ok || x.Name != "corpus" {
					return true
				}
				for _, e := range n.Elts {
					if kv, ok := e.(*ast.KeyValueExpr); ok {
						if k, ok := kv.Key.(*ast.Ident); ok && k.Name == "ID" {
							take(f, kv.Value)
						}
					}
				}
			}
			return true
		})
	}
	return ids
}

func TestRecordsPageHasEveryProblem(t *testing.T) {
	text := section(t, page(t, "records.md"), "Problems")
	ids := problemIDs(t)
	if len(ids) < 4 {
		t.Fatalf("only %d ids found in the code", len(ids))
	}
	for id, at := range ids {
		if !strings.Contains(text, "| `"+id+"` |") {
			t.Errorf("%s: the problem %s is not explained", at, id)
		}
	}
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z0-9_]+)` \\|").FindAllStringSubmatch(text, -1) {
		if ids[m[1]] == "" {
			t.Errorf("the page explains %s, which the code does not give", m[1])
		}
	}
}

// The ids that package reader counts repairs by: the first argument of note,
// and the keys of a noise map.
func TestRecordsPageHasEveryNoise(t *testing.T) {
	// The type Noise has a section of the same name, before this one.
	text := section(t, strings.Replace(page(t, "records.md"), "### Noise\n", "", 1), "Noise")
	n := 0
	for _, f := range sources(t) {
		if !within(f.dir(), "extract/reader") {
			continue
		}
		ast.Inspect(f.ast, func(node ast.Node) bool {
			var e ast.Expr
			switch node := node.(type) {
			case *ast.CallExpr:
				if x, ok := node.Fun.(*ast.Ident); ok && x.Name == "note" && len(node.Args) == 1 {
					e = node.Args[0]
				}
			case *ast.IndexExpr:
				if x, ok := node.X.(*ast.SelectorExpr); ok && x.Sel.Name == "noise" {
					e = node.Index
				}
			}
			if b, ok := e.(*ast.BinaryExpr); ok { // "invalid_" and the charset
				e = b.X
			}
			lit, ok := e.(*ast.BasicLit)
			if !ok {
				return true
			}
			id, err := strconv.Unquote(lit.Value)
			if err != nil {
				return true
			}
			if n++; !strings.Contains(text, "`"+id) {
				t.Errorf("%s: the noise %s is not explained", f.at(lit), id)
			}
			return true
		})
	}
	if n < 8 {
		t.Errorf("only %d ids found in the code", n)
	}
}

// The record shown on the page is one: its quotes stand where it says, and the
// schema takes it.
func TestRecordsPageExample(t *testing.T) {
	m := regexp.MustCompile("(?s)```json\n(.*?)```").FindStringSubmatch(page(t, "records.md"))
	if m == nil {
		t.Fatal("no example")
	}
	rec, err := corpus.Decode([]byte(m[1]))
	if err != nil {
		t.Fatal(err)
	}
	if err := rec.Check(); err != nil {
		t.Error(err)
	}
	if sum := corpus.HashBytes([]byte(rec.Text.Body)); sum != rec.Text.SHA256 {
		t.Errorf("text.sha256 is %s, want %s", rec.Text.SHA256, sum)
	}
	form, err := jsonschema.UnmarshalJSON(bytes.NewReader(corpus.RecordSchema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("record.json", form); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("record.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(m[1]))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(doc); err != nil {
		t.Error(err)
	}
}

func TestRulesPageHasEveryFile(t *testing.T) {
	text := page(t, "rules.md")
	files, err := filepath.Glob("rules/*.toml")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d rule files (%v)", len(files), err)
	}
	for _, f := range files {
		if !strings.Contains(text, "| `"+filepath.Base(f)+"` |") {
			t.Errorf("%s is not in docs/rules.md", f)
		}
	}
}

// The table of conventions names every convention and every expression of
// times.toml, and no expression that is not there.
func TestRulesPageHasEveryConvention(t *testing.T) {
	data, err := os.ReadFile("rules/times.toml")
	if err != nil {
		t.Fatal(err)
	}
	table := section(t, page(t, "rules.md"), "Conventions for times")
	for _, m := range regexp.MustCompile(`(?m)^convention = "([^"]*)"`).FindAllStringSubmatch(string(data), -1) {
		for _, no := range strings.Fields(m[1]) {
			if !strings.Contains(table, "| "+no+" |") {
				t.Errorf("no row for %s", no)
			}
		}
	}
	ids := regexp.MustCompile(`(?ms)^\[\[expression\]\]\s+id = "([^"]*)"`).FindAllStringSubmatch(string(data), -1)
	if len(ids) < 20 {
		t.Fatalf("only %d expressions found", len(ids))
	}
	for _, m := range ids {
		if !strings.Contains(table, "`"+m[1]+"`") {
			t.Errorf("the expression %s stands in no row", m[1])
		}
	}
}

func TestQueryPageHasEveryName(t *testing.T) {
	text := page(t, "query.md")
	row := func(cells ...string) bool { return strings.Contains(text, "| "+strings.Join(cells, " | ")+" |") }
	for _, c := range []struct {
		file    string
		columns int
	}{{"fields.tsv", 2}, {"values.tsv", 3}} {
		data, err := os.ReadFile(filepath.Join("index/query", c.file))
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for line := range strings.Lines(string(data)) {
			cells := strings.Split(strings.TrimRight(line, "\n"), "\t")
			if strings.HasPrefix(line, "#") || len(cells) != c.columns {
				continue
			}
			for i := range cells[:c.columns-1] {
				cells[i] = "`" + cells[i] + "`"
			}
			if n++; !row(cells...) {
				t.Errorf("%s: %v is not in docs/query.md", c.file, cells)
			}
		}
		if n < 10 {
			t.Errorf("%s: only %d rows", c.file, n)
		}
	}
}

// Every direct dependency has its reason, and every module named is in go.mod.
func TestArchitecturePageHasEveryDependency(t *testing.T) {
	text := section(t, page(t, "architecture.md"), "Dependencies")
	mod, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, m := range regexp.MustCompile(`(?m)^\t(\S+) (v\S+)$`).FindAllStringSubmatch(string(mod), -1) {
		if n++; !strings.Contains(text, "| "+m[1]+" "+m[2]+" |") && !strings.Contains(text, "| "+m[1]+" |") {
			t.Errorf("%s %s has no row", m[1], m[2])
		}
	}
	if n < 10 {
		t.Errorf("only %d direct dependencies found", n)
	}
	for _, m := range regexp.MustCompile(`(?m)^\| ([a-z]+\.[^ |]+)`).FindAllStringSubmatch(text, -1) {
		if !strings.Contains(string(mod), m[1]+" v") {
			t.Errorf("%s is not in go.mod", m[1])
		}
	}
}

// The numbers of the page are the committed score of the samples, misses and all.
func TestQualityPageHasTheScore(t *testing.T) {
	text := page(t, "quality.md")
	was := text
	for heading, golden := range map[string]string{"## Numbers": "samples", "### Development part": "gold_dev", "### Part held out": "gold_heldout"} {
		data, err := os.ReadFile("extract/eval/testdata/" + golden + ".golden")
		if err != nil {
			t.Fatal(err)
		}
		score := string(data)
		if at := regexp.MustCompile(`(?m)^(missed|false) `).FindStringIndex(score); at != nil && golden != "samples" {
			score = score[:at[0]]
		}
		block := regexp.MustCompile("(?s)(" + heading + "\n.*?```\n)(.*?)(```)")
		m := block.FindStringSubmatchIndex(text)
		if m == nil {
			t.Fatalf("no block below the heading %s", heading)
		}
		text = text[:m[4]] + score + text[m[5]:]
	}
	if text == was {
		return
	}
	if !*update {
		t.Errorf("the score in docs/quality.md is not the committed one; run go test . -run Quality -update")
		return
	}
	if err := os.WriteFile(filepath.Join("docs", "quality.md"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// A promise names the test that holds it, and that test is there.
func TestReliabilityPageNamesTests(t *testing.T) {
	var code strings.Builder
	err := filepath.WalkDir(".", func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		data, err := os.ReadFile(path)
		code.Write(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile("`((?:Test|Fuzz)[A-Za-z0-9]+)(?:/[a-z_]+)?`").FindAllStringSubmatch(page(t, "reliability.md"), -1)
	if len(names) < 30 {
		t.Errorf("only %d tests are named", len(names))
	}
	for _, m := range names {
		if !strings.Contains(code.String(), "func "+m[1]+"(") {
			t.Errorf("there is no %s", m[1])
		}
	}
}
