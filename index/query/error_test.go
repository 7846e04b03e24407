package query

import (
	"go/ast"
	goparser "go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Every error that the parser can say has its words in Chinese, with the same
// values in the same order.
func TestErrorsHaveBothLanguages(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	verbs := regexp.MustCompile(`%[a-z]`)
	seen := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parsed(name)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || !slices.Contains([]string{"fail", "fixed", "say", "known"}, called(call)) {
				return true
			}
			for _, a := range call.Args {
				lit, ok := a.(*ast.BasicLit)
				if !ok || lit.Kind != token.STRING {
					continue
				}
				en, _ := strconv.Unquote(lit.Value)
				seen++
				zh, ok := chinese()[en]
				if !ok || !slices.Equal(verbs.FindAllString(en, -1), verbs.FindAllString(zh, -1)) {
					t.Errorf("%s: %q has the Chinese words %q", name, en, zh)
				}
			}
			return true
		})
	}
	if seen < 18 {
		t.Errorf("only %d formats found", seen)
	}
}

func parsed(name string) (*ast.File, error) {
	return goparser.ParseFile(token.NewFileSet(), name, nil, 0)
}

// called is the name of the function or method that is called.
func called(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

func TestErrorsInChinese(t *testing.T) {
	for in, want := range map[string]string{
		"(脱钩":         "检索式第 1 个字：这个括号没有闭合；可试：(脱钩)",
		"脱钩 year:abc": "检索式第 9 个字：year：请写年份（如 2018）或范围（如 2015..2018）",
		"kind:plna":   `检索式第 6 个字：kind："plna" 不在可用的值之中`,
		"脱钩 OR":       "检索式第 6 个字：末尾缺少一个词",
	} {
		_, err := Parse(in)
		bad, ok := err.(*Error)
		if !ok {
			t.Errorf("%s: %v", in, err)
			continue
		}
		if got := bad.In("zh"); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}
