package eval_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tuogou/corpus"
	"tuogou/corpus/places"
	"tuogou/extract"
	"tuogou/extract/eval"
	"tuogou/extract/reader"
	"tuogou/rules"
)

// The two parts of the gold set. The golden file of the part held out has no
// misses by name, so that nobody tunes a rule on them.
var goldParts = []struct {
	name   string
	misses bool
}{{"dev", true}, {"heldout", false}}

func goldPlaces(t testing.TB) *places.Table {
	t.Helper()
	tsv, err := os.ReadFile("gold/places.tsv")
	if err != nil {
		t.Fatal(err)
	}
	table, err := places.Default().With(bytes.NewReader(tsv))
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// goldRead reads the labels of a part with their texts.
func goldRead(t testing.TB, part string) ([]eval.Label, []*corpus.Text) {
	t.Helper()
	set, err := rules.Load(rules.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	rd := reader.New(set.Page)
	dir := filepath.Join("gold", part)
	labels, err := eval.LoadLabels(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	var texts []*corpus.Text
	for _, l := range labels {
		data, err := os.ReadFile(filepath.Join(dir, l.File))
		if err != nil {
			t.Fatal(err)
		}
		text, err := rd.Read(reader.Input{Data: data, Name: l.File})
		if err != nil {
			t.Fatalf("%s: %v", l.File, err)
		}
		texts = append(texts, text)
	}
	return labels, texts
}

// Scores the gold set, part by part, beside the committed figures. A field that
// falls fails the test; what it won is told with -v. -update commits the figures.
func TestGold(t *testing.T) {
	set, err := rules.Load(rules.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	x, err := extract.New(set, goldPlaces(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range goldParts {
		t.Run(part.name, func(t *testing.T) {
			report := eval.New()
			labels, texts := goldRead(t, part.name)
			for i, l := range labels {
				rec := x.Extract(corpus.Source{Path: l.File, SHA256: corpus.HashBytes([]byte(l.File))}, texts[i], extract.Options{})
				if err := rec.Check(); err != nil {
					t.Errorf("%s: %v", l.File, err)
				}
				report.Add(l, rec)
			}
			compareGold(t, "testdata/gold_"+part.name+".golden", report, part.misses)
		})
	}
}

func compareGold(t *testing.T, golden string, report *eval.Report, misses bool) {
	t.Helper()
	var got bytes.Buffer
	if err := report.WriteTotals(&got); err != nil {
		t.Fatal(err)
	}
	if misses {
		if err := report.WriteMisses(&got); err != nil {
			t.Fatal(err)
		}
	}
	if *update {
		if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	committed, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	was, is := f1s(committed), f1s(got.Bytes())
	for _, f := range is.names {
		a, b := was.value[f], is.value[f]
		switch {
		case b > a:
			t.Logf("%s won:  %.3f → %.3f; commit it with -update", f, a, b)
		case b < a:
			t.Errorf("%s fell: %.3f → %.3f; if that is right, run with -update", f, a, b)
		default:
			t.Logf("%s same: %.3f", f, b)
		}
	}
	for _, f := range was.names {
		if _, ok := is.value[f]; !ok {
			t.Errorf("%s is no longer scored", f)
		}
	}
}

type figures struct {
	names []string
	value map[string]float64
}

// f1s reads the F1 of each field from the first table of a golden file.
func f1s(table []byte) figures {
	out := figures{value: map[string]float64{}}
	for _, line := range strings.Split(string(table), "\n") {
		cells := strings.Fields(line)
		if len(cells) == 0 {
			break
		}
		var v float64
		if len(cells) == 10 && cells[0] != "field" {
			if _, err := fmt.Sscan(cells[8], &v); err == nil {
				out.names, out.value[cells[0]] = append(out.names, cells[0]), v
			}
		}
	}
	return out
}

func TestF1s(t *testing.T) {
	got := f1s([]byte("field right missed false wrong absent precision recall F1 95 %\nkind 1 1 0 0 1 1.000 0.500 0.667 0.2–0.9\n\nF1 of texts\n"))
	if len(got.names) != 1 || got.value["kind"] != 0.667 {
		t.Errorf("read %v", got)
	}
}

var (
	edtf   = regexp.MustCompile(`^(|\.\.|(\d{4}(-\d{2}(-\d{2})?)?~?))(/(\.\.|(\d{4}(-\d{2}(-\d{2})?)?~?)))?$|^\[\d{4}(,\d{4})+\]$`)
	number = regexp.MustCompile(`^\p{Han}{2,14}(〔\d{4}〕)?第?\d{1,5}号$`)
)

// What can be checked of a label without reading the text as a person does.
func TestGoldLabels(t *testing.T) {
	set, err := rules.Load(rules.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	kinds, table := map[string]bool{}, goldPlaces(t)
	for _, k := range set.Organs.Kinds() {
		kinds[k.ID] = true
	}
	codebook := map[string]bool{}
	for _, p := range set.Codebook.Provisions {
		codebook[p.ID] = true
	}
	for _, part := range goldParts {
		labels, texts := goldRead(t, part.name)
		files, err := fs.Glob(os.DirFS(filepath.Join("gold", part.name)), "*")
		if err != nil {
			t.Fatal(err)
		}
		if len(files) != 2*len(labels) {
			t.Errorf("%s: %d files for %d labels", part.name, len(files), len(labels))
		}
		for i, l := range labels {
			c := labelCheck{t: t, l: l, body: texts[i].Body}
			if !strings.Contains(c.body, "示例") {
				c.bad("the text does not say that it is 示例")
			}
			if l.About == "" || l.Generation == "" {
				c.bad("about or generation is missing")
			}
			if j := l.Jurisdiction; j.Code != "" {
				p, ok := table.ByCode(j.Code, 0)
				if !ok || string(p.Level) != j.Level {
					c.bad("no such place: %s %s", j.Code, j.Level)
				}
			}
			c.quotes()
			c.dates()
			for _, r := range l.Responsibilities {
				for _, k := range r.Kinds {
					if k != "" && !kinds[k] {
						c.bad("no such kind of organ: %q", k)
					}
				}
			}
			for _, p := range l.Provisions {
				if !codebook[p.ID] {
					c.bad("no such provision: %s", p.ID)
				}
			}
		}
	}
}

type labelCheck struct {
	t    *testing.T
	l    eval.Label
	body string
}

func (c labelCheck) bad(format string, a ...any) {
	c.t.Errorf("%s: %s", c.l.File, fmt.Sprintf(format, a...))
}

func (c labelCheck) in(words ...string) {
	for _, w := range words {
		if !strings.Contains(c.body, w) {
			c.bad("not in the text: %q", w)
		}
	}
}

// quotes wants every quote in the text.
func (c labelCheck) quotes() {
	l := c.l
	for _, x := range l.Clauses {
		c.in(x.Heading, x.Starts, x.Ends)
		c.in(x.Departments...)
	}
	for _, x := range l.Provisions {
		c.in(x.Quote)
	}
	for _, x := range l.Times {
		c.in(x.Quote)
	}
	for _, x := range l.Deadlines {
		c.in(x.Quote)
		c.in(x.Who...)
	}
	for _, x := range l.Durations {
		c.in(x.Quote)
	}
	for _, x := range l.Responsibilities {
		c.in(x.Quote, x.Action)
		for _, o := range x.Organs {
			if !strings.Contains(x.Quote, o) {
				c.bad("%q does not name %q", x.Quote, o)
			}
		}
		for _, r := range strings.Split(x.Role, "+") {
			if !slices.Contains([]string{"lead", "joint", "responsible", "support", "approve", "receive", "supervise"}, r) {
				c.bad("no such role: %q", r)
			}
		}
	}
	c.in(l.PersonalData...)
}

// dates wants days that exist, values that are EDTF and numbers in normal form.
func (c labelCheck) dates() {
	l := c.l
	for _, d := range []*string{l.Signed, l.Published, l.Printed, l.Effective, l.Abolished} {
		c.day(d)
	}
	for _, x := range l.Deadlines {
		c.day(x.Start)
		c.day(x.End)
		for _, v := range strings.Split(x.EDTF, "|") {
			if !edtf.MatchString(v) || (v == "" && x.Kind != "recurring" && !x.Unresolved) {
				c.bad("%s: bad EDTF %q", x.Quote, v)
			}
		}
	}
	for _, x := range l.Times {
		for _, v := range strings.Split(x.EDTF, "|") {
			if !edtf.MatchString(v) {
				c.bad("%s: bad EDTF %q", x.Quote, v)
			}
		}
	}
	for _, n := range append([]*string{l.DocNumber}, refNumbers(l)...) {
		if n != nil && !number.MatchString(*n) {
			c.bad("number not in normal form: %s", *n)
		}
	}
}

func refNumbers(l eval.Label) (out []*string) {
	for _, r := range l.References {
		out = append(out, r.DocNumber)
	}
	return out
}

func (c labelCheck) day(d *string) {
	if d == nil {
		return
	}
	if _, err := time.Parse("2006-01-02", *d); err != nil {
		c.bad("no such day: %s", *d)
	}
}
