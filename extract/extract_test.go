package extract_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"tuogou/corpus"
	"tuogou/corpus/places"
	"tuogou/extract"
	"tuogou/rules"
)

// extractors is the one extractor of all tests: it may be used by many, and loading
// the rules for each row of each table took most of the time.
var extractors = sync.OnceValues(func() (*extract.Extractor, error) {
	set, err := rules.Load(rules.Embedded())
	if err != nil {
		return nil, err
	}
	return extract.New(set, places.Default(), nil)
})

func newExtractor(t testing.TB) *extract.Extractor {
	t.Helper()
	x, err := extractors()
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// Every example in the rule files must come out as it says there.
func TestCheckRules(t *testing.T) {
	for _, err := range extract.CheckRules(newExtractor(t)) {
		t.Error(err)
	}
}

// The checker must be able to find fault.
func TestCheckRulesFindsWrongExamples(t *testing.T) {
	set, err := rules.Load(rules.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	times := *set.Times
	times.Expressions = append([]rules.TimeExpression{}, times.Expressions...)
	times.Expressions[0].Examples = []rules.TimeExample{{Text: "2018年10月1日前完成。", Quote: "2018年10月1日前", EDTF: "../2018-10-02"}}
	times.Expressions[0].Nonexamples = []string{"2018年10月1日前完成。"}
	set.Times = &times
	set.Contacts.Rules[0].Nonexamples = []string{"邮箱：a@b.example"}
	x, err := extract.New(set, places.Default(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := len(extract.CheckRules(x)); got != 3 {
		t.Errorf("%d faults found, want 3", got)
	}
}

func TestNewNeedsRulesAndPlaces(t *testing.T) {
	if _, err := extract.New(nil, nil, nil); err == nil {
		t.Error("no error without rules")
	}
}

func ExampleExtractor_Extract() {
	set, err := rules.Load(rules.Embedded())
	if err != nil {
		fmt.Println(err)
		return
	}
	x, err := extract.New(set, places.Default(), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	text := textOf("示例区行业协会商会与行政机关脱钩实施方案",
		"（一）机构分离，规范综合监管关系", "合署办公的，2018年10月底前分开。", "2018年8月9日")
	rec := x.Extract(corpus.Source{SHA256: corpus.HashBytes([]byte(text.Body))}, text, extract.Options{})
	d := rec.Deadlines[0]
	fmt.Println(rec.Kind, rec.Dates.Signed.Date)
	fmt.Println(d.Clause, d.Quote, d.EDTF, *d.End)
	// Output:
	// plan 2018-08-09
	// institution 2018年10月底前 ../2018-10-31 2018-10-31
}

// textOf is a text whose first line is the title.
func textOf(lines ...string) *corpus.Text {
	t := &corpus.Text{Body: strings.Join(lines, "\n") + "\n"}
	at := 0
	for i, l := range lines {
		kind := corpus.BlockPara
		if i == 0 {
			kind = corpus.BlockTitle
		}
		t.Blocks = append(t.Blocks, corpus.Block{Span: corpus.Span{Start: at, End: at + len(l)}, Kind: kind})
		at += len(l) + 1
	}
	return t
}
