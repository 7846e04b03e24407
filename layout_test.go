package tuogou_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// room is a folder whose packages may import each other. Outside its own room
// a package may import only rooms of a lower rank.
type room struct {
	path string
	rank int
}

// rooms are the whole house; the longest path that fits decides.
// docs/architecture.md explains the order.
var rooms = []room{
	{"corpus", 0},
	{"rules", 1},
	{"segment", 1},
	{"corpus/store", 2},
	{"crawler", 2},
	{"extract", 2},
	{"index", 3},
	{"correct", 3},
	{"prove", 4},
	{"compare", 3},
	{"timeline", 4},
	{"web", 5},
	{"cmd", 6},
	{"bench", 6},
}

// onlyHere are modules that one room alone may import, so that none of their
// types can spread.
var onlyHere = map[string]string{
	"github.com/yanyiwu/gojieba":     "segment",
	"modernc.org/sqlite":             "corpus/store/sqlite",
	"github.com/jackc/":              "corpus/store/postgres",
	"github.com/riverqueue/":         "corpus/store/postgres/jobs",
	"github.com/blevesearch/":        "index",
	"github.com/klippa-app/":         "extract/reader/pdf",
	"github.com/tetratelabs/":        "extract/reader/pdf",
	"github.com/nwaples/":            "extract/reader/archive",
	"github.com/richardlehane/":      "extract/reader/office",
	"github.com/opensearch-project/": "index/opensearch",
}

// module is the path of this module; the one package at the root is this test.
const module = "tuogou/"

// goFile is one file that is no test.
type goFile struct {
	name string // from the root, with slashes
	ast  *ast.File
	pos  *token.FileSet
}

func (f goFile) dir() string { return path.Dir(f.name) }

func (f goFile) at(n ast.Node) string {
	return fmt.Sprintf("%s:%d", f.name, f.pos.Position(n.Pos()).Line)
}

func sources(t *testing.T) []goFile {
	t.Helper()
	var out []goFile
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() && (path.Base(name) == "testdata" || name != "." && strings.HasPrefix(path.Base(name), ".")) {
			return fs.SkipDir
		}
		if e.IsDir() || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		pos := token.NewFileSet()
		file, err := parser.ParseFile(pos, name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		out = append(out, goFile{name, file, pos})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 50 {
		t.Fatalf("only %d files found", len(out))
	}
	return out
}

func within(dir, in string) bool { return dir == in || strings.HasPrefix(dir, in+"/") }

func roomOf(dir string) (room, bool) {
	var best room
	for _, r := range rooms {
		if within(dir, r.path) && len(r.path) > len(best.path) {
			best = r
		}
	}
	return best, best.path != ""
}

func imports(f goFile) []string {
	var out []string
	for _, i := range f.ast.Imports {
		if p, err := strconv.Unquote(i.Path.Value); err == nil {
			out = append(out, p)
		}
	}
	return out
}

func TestImportsPointDown(t *testing.T) {
	for _, f := range sources(t) {
		from, ok := roomOf(f.dir())
		if !ok {
			t.Errorf("%s stands in no room of docs/architecture.md", f.name)
			continue
		}
		for _, p := range imports(f) {
			dir, own := strings.CutPrefix(p, module)
			if !own {
				continue
			}
			to, ok := roomOf(dir)
			switch {
			case !ok:
				t.Errorf("%s imports %s, which stands in no room", f.name, p)
			case from != to && to.rank >= from.rank:
				t.Errorf("%s (rank %d) imports %s (rank %d): imports point down only", f.name, from.rank, p, to.rank)
			}
		}
	}
}

// crawler and extract have one rank, so that TestImportsPointDown keeps them
// apart. This says so in its own words, in case somebody moves a rank.
func TestCrawlerAndExtractDoNotMeet(t *testing.T) {
	for _, f := range sources(t) {
		for _, p := range imports(f) {
			dir := strings.TrimPrefix(p, module)
			if within(f.dir(), "crawler") && within(dir, "extract") || within(f.dir(), "extract") && within(dir, "crawler") {
				t.Errorf("%s imports %s", f.name, p)
			}
		}
	}
}

func TestOneImporter(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range sources(t) {
		for _, p := range imports(f) {
			for m, only := range onlyHere {
				if strings.HasPrefix(p, m) {
					seen[m] = true
					if !within(f.dir(), only) {
						t.Errorf("%s imports %s, which only %s may", f.name, p, only)
					}
				}
			}
		}
	}
	for m := range onlyHere {
		if !seen[m] {
			t.Errorf("nobody imports %s: the list is out of date", m)
		}
	}
}

// Names that say nothing about what a package is for.
func TestPackageNames(t *testing.T) {
	empty := []string{"util", "utils", "common", "models", "global", "pkg", "helpers", "misc"}
	for _, f := range sources(t) {
		for _, part := range append(strings.Split(f.dir(), "/"), f.ast.Name.Name) {
			if slices.Contains(empty, part) {
				t.Errorf("%s: %s is no name for a package", f.name, part)
			}
		}
	}
}

// Nothing happens at import, and only commands look at the environment.
func TestNoHiddenState(t *testing.T) {
	environment := []string{"Getenv", "LookupEnv", "Environ", "ExpandEnv"}
	for _, f := range sources(t) {
		ast.Inspect(f.ast, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if n.Recv == nil && n.Name.Name == "init" {
					t.Errorf("%s: an init function", f.at(n))
				}
			case *ast.SelectorExpr:
				pkg, ok := n.X.(*ast.Ident)
				if ok && pkg.Name == "os" && slices.Contains(environment, n.Sel.Name) && !within(f.dir(), "cmd") {
					t.Errorf("%s: os.%s outside cmd", f.at(n), n.Sel.Name)
				}
			}
			return true
		})
	}
}
