package correct_test

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"tuogou/corpus"
	"tuogou/corpus/places"
	"tuogou/corpus/store"
	"tuogou/corpus/store/sqlite"
	"tuogou/correct"
	"tuogou/extract"
	"tuogou/extract/eval"
	"tuogou/extract/reader"
	"tuogou/rules"
)

// plan is an invented plan of an invented place.
const plan = `芷棠区人民政府办公室关于行业协会商会与行政机关脱钩的实施方案（示例）
（2018年3月12日）
棠政办发〔2018〕7号

一、机构分离，规范综合监管关系

取消行政机关与行业协会商会的主管关系。2018年6月底前完成。（区民政局负责）

二、资产财务分离，规范财产关系

自2018年起，取消对行业协会商会的直接拨款。2018年10月底前，由区财政局会同区机关事务管理局完成办公用房清查。（区财政局、区机关事务管理局负责）

三、人员管理分离，规范用人关系

在职公务员退（离）休三年后方可兼职。2018年6月底前完成清理。
`

// desk is a store with the plan in it, and what reads it again.
type desk struct {
	t   *testing.T
	s   store.Store
	svc *correct.Service
	rd  *reader.Reader
	x   *extract.Extractor
	doc corpus.DocID
	now time.Time
}

type knows struct {
	rd *reader.Reader
	x  *extract.Extractor
}

var knowledge = sync.OnceValues(func() (knows, error) {
	set, err := rules.Load(rules.Embedded())
	if err != nil {
		return knows{}, err
	}
	x, err := extract.New(set, places.Default(), nil)
	return knows{reader.New(set.Page), x}, err
})

func newDesk(t *testing.T) *desk {
	t.Helper()
	k, err := knowledge()
	if err != nil {
		t.Fatal(err)
	}
	s, err := sqlite.Open(t.Context(), t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	d := &desk{t: t, s: s, rd: k.rd, x: k.x, now: time.Date(2026, 11, 25, 4, 0, 0, 0, time.UTC)}
	d.svc = &correct.Service{Store: s, Places: places.Default(), Now: func() time.Time { d.now = d.now.Add(time.Minute); return d.now }}
	d.read(plan)
	return d
}

// read captures a version of the page and makes its record.
func (d *desk) read(text string, spoil ...func(*corpus.Record)) {
	d.t.Helper()
	c := corpus.Capture{Doc: corpus.IDOf("http://www.example.test/1.txt", ""), URL: "http://www.example.test/1.txt", Type: "text/plain", Fetched: d.now}
	if _, err := d.s.PutCapture(d.t.Context(), c, []byte(text)); err != nil {
		d.t.Fatal(err)
	}
	body, err := d.rd.Read(reader.Input{Data: []byte(text), Name: "1.txt", URL: c.URL, Type: c.Type})
	if err != nil {
		d.t.Fatal(err)
	}
	r := d.x.Extract(corpus.Source{URL: c.URL, SHA256: corpus.HashBytes([]byte(text))}, body, extract.Options{})
	for _, f := range spoil {
		f(r)
	}
	if _, err := d.s.PutRecord(d.t.Context(), r, d.now); err != nil {
		d.t.Fatal(err)
	}
	d.doc = r.ID
}

func (d *desk) record() *corpus.Record {
	d.t.Helper()
	r, err := correct.Over(d.s).Record(context.Background(), d.doc)
	if err != nil {
		d.t.Fatal(err)
	}
	if err := r.Check(); err != nil {
		d.t.Error(err)
	}
	return r
}

func (d *desk) make(ch correct.Change) corpus.Review {
	d.t.Helper()
	if ch.Doc, ch.By = d.doc, "wang"; ch.Note == "" {
		ch.Note = "见原件"
	}
	_, v, err := d.svc.Make(d.t.Context(), ch)
	if err != nil {
		d.t.Fatal(err)
	}
	return v
}

// state is what has become of the only correction.
func (d *desk) state() corpus.ReviewState {
	d.t.Helper()
	all, err := d.svc.List(d.t.Context(), "")
	if err != nil || len(all) == 0 {
		d.t.Fatalf("%d corrections, %v", len(all), err)
	}
	return all[0].State
}

func index(t *testing.T, r *corpus.Record, quote string) string {
	t.Helper()
	for i, x := range r.Deadlines {
		if strings.Contains(x.Quote, quote) {
			return "/deadlines/" + string(rune('0'+i))
		}
	}
	t.Fatalf("no deadline %s", quote)
	return ""
}

func ends(r *corpus.Record) []string {
	var out []string
	for _, x := range r.Deadlines {
		if x.End != nil {
			out = append(out, *x.End)
		}
	}
	return out
}

func TestFixShowsBothValues(t *testing.T) {
	d := newDesk(t)
	v := d.make(correct.Change{Action: corpus.ReviewFix, Field: index(t, d.record(), "10月") + "/end", Value: "2018-09-30"})
	if v.State != corpus.ReviewApplied || v.Was != "2018-10-31" || v.Want != "2018-09-30" {
		t.Errorf("review %+v", v)
	}
	r := d.record()
	if !slices.Contains(ends(r), "2018-09-30") || slices.Contains(ends(r), "2018-10-31") {
		t.Errorf("ends %v", ends(r))
	}
	for _, x := range r.Deadlines {
		if x.End != nil && *x.End == "2018-09-30" && (x.EDTF != "../2018-09-30" || len(x.Reviews) != 1 || x.Reviews[0].By != "wang" || x.Reviews[0].Note != "见原件") {
			t.Errorf("deadline %+v", x)
		}
	}
	raw, err := d.s.Record(t.Context(), d.doc)
	if err != nil || !slices.Contains(ends(raw), "2018-10-31") {
		t.Errorf("the machine's record was changed: %v %v", ends(raw), err)
	}
}

// What a correction was made for happens to it: each row is one change of the
// world and what has to become of a fix of the deadline of 10月.
func TestFixLastsOrIsOrphaned(t *testing.T) {
	drop := func(quote string) func(*corpus.Record) {
		return func(r *corpus.Record) {
			r.Deadlines = slices.DeleteFunc(r.Deadlines, func(x corpus.Deadline) bool { return strings.Contains(x.Quote, quote) })
		}
	}
	for _, c := range []struct {
		reason string
		text   string
		spoil  []func(*corpus.Record)
		want   corpus.ReviewState
		ends   string // that has to be there
	}{
		{"extracted again", plan, nil, corpus.ReviewApplied, "2018-09-30"},
		{"a new version with a paragraph before", strings.Replace(plan, "一、机构", "各街道办事处：\n\n为做好脱钩工作，制定本方案。\n\n一、机构", 1), nil, corpus.ReviewApplied, "2018-09-30"},
		{"a new version with the sections turned round", strings.Replace(strings.Replace(plan, "2018年6月底前完成清理", "2018年8月底前完成清理", 1), "直接拨款。", "直接拨款，另有规定的除外。", 1), nil, corpus.ReviewApplied, "2018-09-30"},
		{"white space in the words", strings.Replace(plan, "2018年10月底前，由", "2018年 10月底前，由", 1), nil, corpus.ReviewApplied, "2018-09-30"},
		{"other rules no longer find it", plan, []func(*corpus.Record){drop("10月")}, corpus.ReviewRestored, "2018-09-30"},
		{"other rules find what the person said", plan, []func(*corpus.Record){func(r *corpus.Record) {
			for i := range r.Deadlines {
				if strings.Contains(r.Deadlines[i].Quote, "10月") {
					end := "2018-09-30"
					r.Deadlines[i].End, r.Deadlines[i].EDTF = &end, "../2018-09-30"
				}
			}
		}}, corpus.ReviewAgrees, "2018-09-30"},
		{"the words are gone", strings.Replace(plan, "2018年10月底前，由", "明年年底之前，由", 1), nil, corpus.ReviewOrphaned, ""},
	} {
		t.Run(c.reason, func(t *testing.T) {
			d := newDesk(t)
			d.make(correct.Change{Action: corpus.ReviewFix, Field: index(t, d.record(), "10月") + "/end", Value: "2018-09-30"})
			d.read(c.text, c.spoil...)
			if got := d.state(); got != c.want {
				t.Errorf("state %s, want %s", got, c.want)
			}
			r := d.record()
			if c.ends != "" && !slices.Contains(ends(r), c.ends) {
				t.Errorf("ends %v, want %s among them", ends(r), c.ends)
			}
			if c.want == corpus.ReviewOrphaned && len(r.Reviews) != 1 {
				t.Errorf("the record does not report it: %+v", r.Reviews)
			}
		})
	}
}

// 2018年6月底前 stands twice in the plan: the context tells which was meant.
func TestSameWordsTwice(t *testing.T) {
	d := newDesk(t)
	r := d.record()
	last := ""
	for i, x := range r.Deadlines {
		if strings.Contains(x.Quote, "6月") {
			last = "/deadlines/" + string(rune('0'+i))
		}
	}
	d.make(correct.Change{Action: corpus.ReviewReject, Field: last})
	d.read(strings.Replace(plan, "一、机构", "第一章之前的一段话。\n\n一、机构", 1))
	r = d.record()
	var left []corpus.Deadline
	for _, x := range r.Deadlines {
		if strings.Contains(x.Quote, "6月") {
			left = append(left, x)
		}
	}
	if len(left) != 1 || !strings.Contains(r.Text.Body[:left[0].Span.Start], "主管关系") || strings.Contains(r.Text.Body[:left[0].Span.Start], "人员管理") {
		t.Errorf("left %+v", left)
	}
	if len(r.Reviews) != 1 || r.Reviews[0].State != corpus.ReviewApplied {
		t.Errorf("reviews %+v", r.Reviews)
	}
}

func TestAddAndUndo(t *testing.T) {
	d := newDesk(t)
	d.make(correct.Change{Action: corpus.ReviewAdd, Field: "deadlines", Quote: "三年后方可兼职",
		Set: map[string]string{"kind": "from", "start": "2021-03-12", "task": "兼职", "organ": "区民政局"}})
	r := d.record()
	at := slices.IndexFunc(r.Deadlines, func(x corpus.Deadline) bool { return x.Quote == "三年后方可兼职" })
	if at < 0 {
		t.Fatalf("not added: %+v", r.Deadlines)
	}
	x := r.Deadlines[at]
	if x.EDTF != "2021-03-12/.." || x.Action.Span.In(r.Text.Body) != "兼职" || len(x.Organs) != 1 || x.Organs[0].Span.In(r.Text.Body) != "区民政局" || x.Rule != "review/add" {
		t.Errorf("added %+v", x)
	}
	all, _ := d.s.Corrections(t.Context(), d.doc)
	if _, err := d.svc.Undo(t.Context(), all[0].ID, "li", ""); err != nil {
		t.Fatal(err)
	}
	if r := d.record(); slices.ContainsFunc(r.Deadlines, func(x corpus.Deadline) bool { return x.Quote == "三年后方可兼职" }) {
		t.Error("still there after undo")
	}
	all, _ = d.s.Corrections(t.Context(), d.doc)
	if len(all) != 2 {
		t.Errorf("%d corrections kept, want both", len(all))
	}
	if _, err := d.svc.Undo(t.Context(), all[1].ID, "li", "doch"); err != nil { // taking back the taking back
		t.Fatal(err)
	}
	if r := d.record(); !slices.ContainsFunc(r.Deadlines, func(x corpus.Deadline) bool { return x.Quote == "三年后方可兼职" }) {
		t.Error("an undo that was undone still holds")
	}
}

func TestScalars(t *testing.T) {
	d := newDesk(t)
	for _, ch := range []correct.Change{
		{Action: corpus.ReviewFix, Field: "/dates/signed", Value: "2018-03-13", Quote: "2018年3月12日"},
		{Action: corpus.ReviewFix, Field: "/doc_number", Value: "棠政办发〔2018〕17号"},
		{Action: corpus.ReviewFix, Field: "/kind", Value: "opinion"},
		{Action: corpus.ReviewFix, Field: "/title", Value: "脱钩实施方案（示例）"},
		{Action: corpus.ReviewFix, Field: "/jurisdiction", Value: "110101"},
		{Action: corpus.ReviewFix, Field: "/dates/effective", Value: "2018-04-01"},
		{Action: corpus.ReviewFix, Field: "/on_topic", Value: "false"},
	} {
		d.make(ch)
	}
	d.make(correct.Change{Action: corpus.ReviewReject, Field: "/dates/effective"})
	r := d.record()
	if r.Dates.Signed.Date != "2018-03-13" || r.Dates.Signed.Quote != "2018年3月12日" || r.DocNumber.Serial != 17 || r.DocNumber.Agency != "棠政办发" ||
		r.Kind != corpus.KindOpinion || r.Title != "脱钩实施方案（示例）" || r.Jurisdiction.Name != "东城区" || r.Dates.Effective != nil || r.OnTopic {
		t.Errorf("signed %+v number %+v kind %s title %s place %+v effective %+v", r.Dates.Signed, r.DocNumber, r.Kind, r.Title, r.Jurisdiction, r.Dates.Effective)
	}
	if v := r.Facts["title"].Reviews; len(v) != 1 || !strings.HasPrefix(v[0].Was, "芷棠区") {
		t.Errorf("reviews of the title %+v", v)
	}
	if s := r.Facts["dates.effective"].State; s != corpus.NotStated {
		t.Errorf("state of a rejected date %s", s)
	}
}

// A person who accepts a value is right also when later rules say another.
func TestAcceptHolds(t *testing.T) {
	d := newDesk(t)
	d.make(correct.Change{Action: corpus.ReviewAccept, Field: index(t, d.record(), "10月")})
	d.read(plan, func(r *corpus.Record) {
		for i := range r.Deadlines {
			if strings.Contains(r.Deadlines[i].Quote, "10月") {
				end := "2019-10-31"
				r.Deadlines[i].End, r.Deadlines[i].EDTF = &end, "../2019-10-31"
			}
		}
	})
	r := d.record()
	if !slices.Contains(ends(r), "2018-10-31") {
		t.Errorf("ends %v", ends(r))
	}
	all, _ := d.svc.List(t.Context(), d.doc)
	if v := all[0].Shown; v.Now != "by ../2019-10-31" {
		t.Errorf("the machine's value of now is not told: %+v", v)
	}
}

// Who accepts a fact that another person corrected accepts what is shown.
func TestAcceptOfACorrectedFact(t *testing.T) {
	d := newDesk(t)
	due := index(t, d.record(), "10月")
	d.make(correct.Change{Action: corpus.ReviewFix, Field: due + "/end", Value: "2018-09-30"})
	if _, v, err := d.svc.Make(t.Context(), correct.Change{Doc: d.doc, Action: corpus.ReviewAccept, Field: due, By: "li"}); err != nil || v.Now != "" {
		t.Errorf("%+v %v", v, err)
	}
	if r := d.record(); !slices.Contains(ends(r), "2018-09-30") || slices.Contains(ends(r), "2018-10-31") {
		t.Errorf("ends %v", ends(r))
	}
	all, _ := d.s.Corrections(t.Context(), "")
	c := correct.Code(all)
	want := map[string]string{"wang": "by ../2018-09-30", "li": "by ../2018-09-30", correct.Machine: "by ../2018-10-31"}
	if len(c.Units) != 1 || !maps.Equal(c.Units[0], want) || len(c.Days) != 1 || c.Days[0]["machine"] != "2018-10-31" {
		t.Errorf("units %v, days %v", c.Units, c.Days)
	}
}

// What was checked as a whole is gold that the corrected record itself meets.
func TestGold(t *testing.T) {
	d := newDesk(t)
	d.make(correct.Change{Action: corpus.ReviewFix, Field: index(t, d.record(), "10月") + "/end", Value: "2018-09-30"})
	if correct.Checked(d.record()) {
		t.Error("gold without anybody's word")
	}
	d.make(correct.Change{Action: corpus.ReviewAccept, Field: "/"})
	r := d.record()
	if !correct.Checked(r) {
		t.Fatal("not gold")
	}
	data, err := correct.WriteLabel(correct.Label(r, "1.txt"))
	if err != nil {
		t.Fatal(err)
	}
	labels, err := eval.LoadLabels(fstest.MapFS{"1.json": {Data: data}})
	if err != nil {
		t.Fatal(err)
	}
	score := eval.New()
	score.Add(labels[0], r)
	for f, c := range score.Fields {
		if c.Missed+c.False > 0 {
			t.Errorf("%s: missed %v, false %v", f, c.Misses, c.Falses)
		}
	}
	machine, err := d.s.Record(t.Context(), d.doc)
	if err != nil {
		t.Fatal(err)
	}
	score = eval.New()
	score.Add(labels[0], machine)
	if c := score.Fields["deadlines"]; c.Missed != 1 || c.False != 1 {
		t.Errorf("the machine's record against the gold: %+v", c)
	}
	d.read(plan + "\n又及。\n")
	if correct.Checked(d.record()) {
		t.Error("still gold after the page changed")
	}
}

func TestWhatCannotBeSaid(t *testing.T) {
	d := newDesk(t)
	due := index(t, d.record(), "10月")
	for _, c := range []struct {
		reason string
		ch     correct.Change
		says   string
	}{
		{"no such item", correct.Change{Action: corpus.ReviewAccept, Field: "/deadlines/99"}, "items"},
		{"no such field", correct.Change{Action: corpus.ReviewFix, Field: "/colour", Value: "x"}, "no field"},
		{"no such value", correct.Change{Action: corpus.ReviewFix, Field: "/kind", Value: "song"}, "takes one of"},
		{"no day", correct.Change{Action: corpus.ReviewFix, Field: due + "/end", Value: "soon"}, "is a day"},
		{"words not in the text", correct.Change{Action: corpus.ReviewAdd, Field: "deadlines", Quote: "2031年"}, "does not have"},
		{"words that stand twice", correct.Change{Action: corpus.ReviewAdd, Field: "deadlines", Quote: "2018年6月底前"}, "several places"},
		{"the whole of a list rejected", correct.Change{Action: corpus.ReviewReject, Field: "/deadlines"}, "no single fact"},
		{"an unknown place", correct.Change{Action: corpus.ReviewFix, Field: "/jurisdiction", Value: "123456"}, "no place"},
	} {
		c.ch.Doc, c.ch.By = d.doc, "wang"
		_, _, err := d.svc.Make(t.Context(), c.ch)
		if !errors.Is(err, correct.ErrInvalid) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", c.reason, err, c.says)
		}
	}
	if all, _ := d.s.Corrections(t.Context(), ""); len(all) != 0 {
		t.Errorf("a refused correction was kept: %+v", all)
	}
}

// What is written as text and read back is the same, here and in another store;
// what is imported twice is one.
func TestTextRoundTrip(t *testing.T) {
	d := newDesk(t)
	d.make(correct.Change{Action: corpus.ReviewFix, Field: index(t, d.record(), "10月") + "/end", Value: "2018-09-30", Note: "第一行\n[第二行] = +1"})
	d.make(correct.Change{Action: corpus.ReviewAccept, Field: "/"})
	d.make(correct.Change{Action: corpus.ReviewFix, Field: "/title", Value: `"引号" 开头`})
	all, err := d.s.Corrections(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := correct.Write(&text, all); err != nil {
		t.Fatal(err)
	}
	back, err := correct.Read(bytes.NewReader(text.Bytes()))
	if err != nil {
		t.Fatalf("%v\n%s", err, &text)
	}
	other := newDesk(t)
	for i, want := range []int{3, 0} {
		n, err := other.svc.Import(t.Context(), append(back, back...))
		if err != nil || n != want {
			t.Errorf("import %d: %d new, %v; want %d", i, n, err, want)
		}
	}
	if got := other.record(); got.Title != `"引号" 开头` || !slices.Contains(ends(got), "2018-09-30") {
		t.Errorf("imported: %s %v", got.Title, ends(got))
	}
	var again bytes.Buffer
	all, _ = other.s.Corrections(t.Context(), "")
	if err := correct.Write(&again, all); err != nil || again.String() != text.String() {
		t.Errorf("not the same text:\n%s\n%s", &again, &text)
	}
	for _, bad := range []string{"", "[x]\n", "# tuogou corrections 1\ndoc x\n", "# tuogou corrections 1\n[x]\ncolour red\n", "# tuogou corrections 1\n[x]\naction fix\n"} {
		if _, err := correct.Read(strings.NewReader(bad)); bad != "" && err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

// A correction made by hand that the record cannot take costs itself only.
func TestBadCorrectionCostsItself(t *testing.T) {
	d := newDesk(t)
	d.make(correct.Change{Action: corpus.ReviewFix, Field: "/title", Value: "另一题目"})
	for _, bad := range []store.Correction{
		{Doc: d.doc, Action: corpus.ReviewFix, Field: "/on_topic", Want: `"perhaps"`, By: "x"},
		{Doc: d.doc, Action: corpus.ReviewFix, Field: "/text", Want: `{}`, By: "x"},
		{Doc: d.doc, Action: corpus.ReviewAdd, Field: "/deadlines/*", Want: `{"end":7}`, Anchor: store.Anchor{Exact: "2018年10月底前"}, By: "x"},
	} {
		if _, err := d.s.PutCorrection(t.Context(), bad); err != nil {
			t.Fatal(err)
		}
	}
	r := d.record()
	orphans := 0
	for _, v := range correct.Reviews(r) {
		if v.State == corpus.ReviewOrphaned {
			orphans++
		}
	}
	if r.Title != "另一题目" || orphans < 2 {
		t.Errorf("title %s, %d orphans: %+v", r.Title, orphans, correct.Reviews(r))
	}
}

func FuzzRead(f *testing.F) {
	f.Add("# tuogou corrections 1\n\n[c1]\ndoc u1\naction fix\nfield /title\nwant \"\\\"a\\\"\"\nby x\nat 2026-11-25T04:00:00Z\n")
	f.Fuzz(func(t *testing.T, text string) {
		all, err := correct.Read(strings.NewReader(text))
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := correct.Write(&b, all); err != nil {
			t.Fatal(err)
		}
		back, err := correct.Read(bytes.NewReader(b.Bytes()))
		if err != nil || len(back) != len(all) {
			t.Fatalf("%v: %d of %d blocks come back from\n%s", err, len(back), len(all), &b)
		}
	})
}

// A record with any corrections laid over it keeps its promises, or they are
// refused: they never panic and never make a false quote.
func FuzzApply(f *testing.F) {
	f.Add("/deadlines/*/end", "fix", `{"kind":"by"}`, `"2018-09-30"`, "2018年底前")
	f.Add("/clauses/*", "add", "", `{"type":"asset","organs":[{"text":"区"}]}`, "脱钩")
	f.Add("/facts/x", "fix", "", `{"quote":1}`, "")
	f.Fuzz(func(t *testing.T, field, action, was, want, exact string) {
		body := "示例市脱钩实施方案\n2018年底前完成脱钩。"
		at := strings.Index(body, "2018年底前")
		r := &corpus.Record{ID: "u1", Text: corpus.TextInfo{Body: body}, Deadlines: []corpus.Deadline{{
			Kind: corpus.KindBy, Evidence: corpus.Cite(body, corpus.Span{Start: at, End: at + len("2018年底前")}, "r")}}}
		out, err := correct.Apply(r, []store.Correction{{ID: "c1", Doc: "u1", Action: corpus.ReviewAction(action), Field: field, Was: was, Want: want,
			Anchor: store.Anchor{Exact: exact}}})
		if err == nil {
			if err := out.Check(); err != nil {
				t.Error(err)
			}
		}
	})
}
