package prove

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tuogou/compare"
	"tuogou/corpus"
	"tuogou/corpus/places"
	"tuogou/corpus/store"
	"tuogou/extract"
	"tuogou/extract/reader"
	"tuogou/rules"
)

// evidenceText has a fact of every kind, all invented.
const evidenceText = `示例区人民政府办公室关于印发示例区行业协会商会与行政机关脱钩实施方案的通知

示政办发〔2017〕7号

各单位：

《示例区行业协会商会与行政机关脱钩实施方案》已经区政府同意，现印发给你们，请认真贯彻执行。

示例区人民政府办公室

2017年3月6日

示例区行业协会商会与行政机关脱钩实施方案

为贯彻落实《示例省行业协会商会与行政机关脱钩方案》（示办发〔2016〕12号），制定本方案。

一、主要任务

（一）机构分离，规范综合监管关系。取消行政机关与行业协会商会的主办、主管、联系和挂靠关系。2017年6月底前报区民政局（联系人：钱小柏，电话：0999-7654321）。

（二）资产财务分离，规范财产关系。2018年底前完成办公用房清理腾退。（区财政局牵头，区机关事务管理局配合）

二、组织实施

自本方案印发之日起30日内，各业务主管单位报送名单。每年6月底前报送资产年报。逐步完善监管办法。

本方案自印发之日起施行，有效期5年。
`

// desk derives records, and is the store of one.
type desk struct {
	store.Reader
	rd   *reader.Reader
	x    *extract.Extractor
	doc  store.Document
	kept *corpus.Record
	made map[string]*corpus.Record // by when it was fetched: it takes its time
}

func (d *desk) Record(context.Context, corpus.DocID) (*corpus.Record, error) {
	if d.kept == nil {
		return nil, store.ErrNotFound
	}
	r := *d.kept
	return &r, nil
}

func (d *desk) History(context.Context, corpus.DocID) ([]corpus.Capture, error) {
	return []corpus.Capture{d.doc.Latest}, nil
}

func (d *desk) Obligation(context.Context, string) ([]store.LedgerChange, error) {
	return nil, store.ErrNotFound
}

func (d *desk) Heads(key string) []string { return []string{key} }

func (d *desk) derive(_ context.Context, c corpus.Capture) (*corpus.Record, error) {
	if r := d.made[fetched(c)]; r != nil {
		return r, nil
	}
	t, err := d.rd.Read(reader.Input{Data: []byte(evidenceText), Name: "plan.txt"})
	if err != nil {
		return nil, err
	}
	d.made[fetched(c)] = d.x.Extract(corpus.Source{Path: c.Path, SHA256: c.SHA256, Fetched: fetched(c)}, t, extract.Options{})
	return d.made[fetched(c)], nil
}

type readingRoom struct {
	rd *reader.Reader
	x  *extract.Extractor
}

// readers are loaded once.
var readers = sync.OnceValues(func() (*readingRoom, error) {
	set, err := rules.Load(rules.Embedded())
	if err != nil {
		return nil, err
	}
	own := "code\tname\tfrom\tto\tlevel\tparent\n990000\t示例省\t0\t0\tprovince\t000000\n990100\t示例市\t0\t0\tprefecture\t990000\n990101\t示例区\t0\t0\tcounty\t990100\n"
	table, err := places.Default().With(strings.NewReader(own))
	if err != nil {
		return nil, err
	}
	x, err := extract.New(set, table, nil)
	if err != nil {
		return nil, err
	}
	return &readingRoom{reader.New(set.Page), x}, nil
})

func newDesk(t testing.TB) *desk {
	t.Helper()
	made, err := readers()
	if err != nil {
		t.Fatal(err)
	}
	hash := corpus.HashBytes([]byte(evidenceText))
	d := &desk{rd: made.rd, x: made.x, made: map[string]*corpus.Record{}}
	d.doc = store.Document{ID: corpus.IDOf("", hash), Latest: corpus.Capture{Path: "plan.txt", SHA256: hash, Fetched: time.Date(2026, 11, 25, 1, 2, 3, 0, time.UTC)}}
	first, err := d.derive(t.Context(), d.doc.Latest)
	if err != nil {
		t.Fatal(err)
	}
	own := *first
	d.kept = &own
	for _, list := range [][2]any{{"carrier", d.kept.Carrier != nil}, {"issuers", len(d.kept.Issuers) > 0}, {"doc_number", d.kept.DocNumber != nil}, {"signed", d.kept.Dates.Signed != nil},
		{"outline", len(d.kept.Outline) > 0}, {"clauses", len(d.kept.Clauses) > 0}, {"provisions", len(d.kept.Provisions) > 0}, {"times", len(d.kept.Times) > 0}, {"deadlines", len(d.kept.Deadlines) > 2},
		{"terms", len(d.kept.Terms) > 0}, {"duties", len(d.kept.Duties) > 0}, {"references", len(d.kept.References) > 0}, {"contacts", len(d.kept.Contacts) > 1}, {"parts", len(d.kept.Parts) > 0}} {
		if list[1] == false {
			t.Errorf("the text gives no %s: tampering with one is not tried", list[0])
		}
	}
	return d
}

// change is one way to tamper with a tree of JSON: where, how, and what follows.
type change struct {
	path, how string
	tree      map[string]any
}

var number = regexp.MustCompile(`/\d+`)

// changes are the ways to tamper with one place of a record: another value for each
// leaf (hashes, spans, quotes, rules and steps of traces among them), an item of a list
// taken away or doubled, an object taken away. Of places that differ only in the number
// of an item, the first few are taken.
func changes(t *testing.T, data []byte, few int) []change {
	t.Helper()
	var paths []string
	var collect func(path string, v any)
	collect = func(path string, v any) {
		paths = append(paths, path)
		switch v := v.(type) {
		case map[string]any:
			for _, name := range slices.Sorted(maps.Keys(v)) {
				collect(path+"/"+name, v[name])
			}
		case []any:
			for i, sub := range v {
				collect(fmt.Sprintf("%s/%d", path, i), sub)
			}
		}
	}
	var whole any
	if err := json.Unmarshal(data, &whole); err != nil {
		t.Fatal(err)
	}
	collect("", whole)
	var out []change
	places := map[string]int{}
	for _, path := range paths[1:] {
		shape := number.ReplaceAllString(path, "/*")
		if places[shape]++; places[shape] > few {
			continue
		}
		for _, how := range []string{"another value", "taken away", "doubled"} {
			var own map[string]any
			if err := json.Unmarshal(data, &own); err != nil {
				t.Fatal(err)
			}
			if tamper(own, strings.Split(path[1:], "/"), how) {
				out = append(out, change{path, how, own})
			}
		}
	}
	return out
}

func tamper(v any, path []string, how string) bool {
	at, last := path[0], len(path) == 1
	switch v := v.(type) {
	case map[string]any:
		if !last {
			if list, ok := v[at].([]any); ok && len(path) == 2 && how != "another value" {
				var i int
				fmt.Sscan(path[1], &i)
				if how == "doubled" {
					v[at] = slices.Insert(list, i, list[i])
				} else {
					v[at] = slices.Delete(list, i, i+1)
				}
				return true
			}
			return tamper(v[at], path[1:], how)
		}
		if how == "taken away" {
			delete(v, at)
			return true
		}
		other, ok := another(v[at])
		v[at] = other
		return ok && how == "another value"
	case []any:
		var i int
		fmt.Sscan(at, &i)
		if !last {
			return tamper(v[i], path[1:], how)
		}
		other, ok := another(v[i])
		v[i] = other
		return ok && how == "another value"
	}
	return false
}

func another(v any) (any, bool) {
	switch v := v.(type) {
	case string:
		if v == "" {
			return "假", true
		}
		r := []rune(v)
		if r[len(r)-1] == '9' || r[len(r)-1] == '8' {
			r[len(r)-1] = '1'
		} else {
			r[len(r)-1] = '9'
		}
		return string(r), true
	case float64:
		return v + 1, true
	case bool:
		return !v, true
	case nil:
		return "2019-12-31", true
	}
	return nil, false
}

// near reports whether a finding says where the tampering was done.
func near(where, path string) bool {
	return where == "/" && strings.Count(path, "/") == 1 || strings.HasPrefix(path, where) || strings.HasPrefix(where, path) ||
		strings.HasPrefix(where, path[:strings.LastIndexByte(path, '/')])
}

// Whatever is changed in a record that is kept, with all hashes in order again, is
// found, and the finding says where.
func TestEveryChangeOfARecordIsFound(t *testing.T) {
	d := newDesk(t)
	good, err := corpus.Encode(d.kept)
	if err != nil {
		t.Fatal(err)
	}
	p := prover{s: d, ways: Ways{Rules: d.kept.Rules, Derive: d.derive}, n: &Counts{}}
	if out := p.document(t.Context(), d.doc); len(out.found) > 0 || out.n.Proved < 30 || out.n.Proved != out.n.Facts || out.err != nil {
		t.Fatalf("untouched: %+v", out)
	}
	tried := 0
	for _, c := range changes(t, good, 1) {
		data, err := json.Marshal(c.tree)
		if err != nil {
			t.Fatal(err)
		}
		forged, err := corpus.Decode(data)
		if err != nil {
			continue // the store refuses to read it: store.CheckRecord
		}
		if again, err := corpus.Encode(forged); err != nil || string(again) == string(good) {
			continue // the store tells it (a quote that is not there), or nothing is changed (a field without meaning left out)
		}
		tried++
		d.kept = forged
		out := p.document(t.Context(), d.doc)
		if len(out.found) == 0 {
			t.Errorf("%s %s: all is proved", c.path, c.how)
			continue
		}
		if c.path != "/rules" && !slices.ContainsFunc(out.found, func(f Finding) bool { return near(f.Where, c.path) }) {
			t.Errorf("%s %s: told as %+v", c.path, c.how, out.found[0])
		}
	}
	if tried < 200 {
		t.Errorf("only %d ways to tamper were tried", tried)
	}
}

// The same for a record in an export, masked or not: there the quote alone, or the
// span alone, can be another one, too.
func TestEveryChangeOfAnExportIsFound(t *testing.T) {
	d := newDesk(t)
	original := d.kept
	for _, r := range []*corpus.Record{compare.Mask(original), original} {
		good, err := corpus.Encode(r)
		if err != nil {
			t.Fatal(err)
		}
		var untouched []Finding
		n, err := File(t.Context(), "e.jsonl", good, d, func(f Finding) error { untouched = append(untouched, f); return nil })
		if err != nil || n.Proved != n.Facts || n.Facts < 30 || len(untouched) > 0 {
			t.Fatalf("untouched: %+v, %v, %+v", n, err, untouched)
		}
		for i, c := range changes(t, good, 1) {
			if r == original && i%5 != 0 { // each kind of change was tried with the masked one
				continue
			}
			data, err := json.Marshal(c.tree)
			if err != nil {
				t.Fatal(err)
			}
			var found []Finding
			_, err = File(t.Context(), "e.jsonl", data, d, func(f Finding) error { found = append(found, f); return nil })
			switch {
			case err != nil: // it has no form of an export any more
				if c.path != "/text" && c.path != "/text/body" && c.path != "/id" {
					t.Errorf("%s %s: %v", c.path, c.how, err)
				}
			case len(found) == 0:
				t.Errorf("%s %s: all is proved", c.path, c.how)
			case c.path != "/id" && !slices.ContainsFunc(found, func(f Finding) bool { return near(f.Where, c.path) }):
				t.Errorf("%s %s: told as %+v", c.path, c.how, found[0])
			}
		}
	}
}

// A record in the place of another one is found, whatever it is called.
func TestASwappedRecordIsFound(t *testing.T) {
	d := newDesk(t)
	text, err := d.rd.Read(reader.Input{Data: []byte(strings.ReplaceAll(evidenceText, "2018年底前", "2019年底前")), Name: "other.txt"})
	if err != nil {
		t.Fatal(err)
	}
	other := d.x.Extract(corpus.Source{Path: "plan.txt", SHA256: d.doc.Latest.SHA256, Fetched: fetched(d.doc.Latest)}, text, extract.Options{})
	other.ID = d.doc.ID
	p := prover{s: d, ways: Ways{Rules: d.kept.Rules, Derive: d.derive}, n: &Counts{}}
	d.kept = other
	if out := p.document(t.Context(), d.doc); len(out.found) == 0 {
		t.Error("all is proved")
	}
}

// Masked characters stand for personal data and for nothing else.
func TestStarsHideOnlyPersonalData(t *testing.T) {
	d := newDesk(t)
	s := &source{record: d.kept, open: []rune(d.kept.Text.Body), masked: []rune(compare.Mask(d.kept).Text.Body)}
	find := func(words string) corpus.Span {
		i := strings.Index(d.kept.Text.Body, words)
		n := len([]rune(d.kept.Text.Body[:i]))
		return corpus.Span{Start: n, End: n + len([]rune(words))}
	}
	for _, c := range []struct {
		words, quote string
		want         bool
	}{
		{"2018年底前", "2018年底前", true},
		{"2018年底前", "＊＊＊＊年底前", false},
		{"2018年底前", "", false},
		{"2018年底前", "2018年底前完成办公用房清理腾退。", true},
		{"2018年底前", "2018年底前完成办公用房全部腾退。", false},
		{"2018年底前", "018年底前", false},
		{"联系人：钱小柏", "联系人：钱小柏", true},
		{"联系人：钱小柏", "联系人：＊＊＊", true},
		{"联系人：钱小柏", "＊＊＊：＊＊＊", false},
	} {
		if got := s.has(find(c.words), c.quote); got != c.want {
			t.Errorf("%q for %q: %v", c.quote, c.words, got)
		}
	}
}

// A file that was made again is compared in all it says.
func TestSameTellsEveryDifference(t *testing.T) {
	const text = "甲,1\n乙,2\n丙,3\n"
	for _, c := range []struct{ file, want string }{
		{text, ""}, {strings.Replace(text, "2", "3", 1), "乙,3"}, {strings.Replace(text, "乙,2\n", "", 1), "乙,2"}, {text + "丁,4\n", "丁,4"},
		{"乙,2\n甲,1\n丙,3\n", "another order"}, {text[:len(text)-1], "丙,3"},
	} {
		var found []string
		n, err := Same("x.csv", []byte(c.file), []byte(text), func(f Finding) error { found = append(found, f.Message); return nil })
		if err != nil || (c.want == "") != (len(found) == 0) || !strings.Contains(strings.Join(found, "\n"), c.want) {
			t.Errorf("%q: %v %q, want %q", c.file, err, found, c.want)
		}
		if c.want == "" && n.Proved != n.Facts {
			t.Errorf("%+v", n)
		}
	}
}

// Whatever a file holds, proving it ends without a panic, and never with more proved than
// there is.
func FuzzFile(f *testing.F) {
	d := newDesk(f)
	record, err := corpus.Encode(d.kept)
	if err != nil {
		f.Fatal(err)
	}
	id := string(d.kept.ID)
	for _, seed := range []struct{ name, data string }{
		{"a.jsonl", string(record)},
		{"a.json", `{"cells":[{"cite":{"doc":"` + id + `","span":{"start":1e300,"end":-3},"quote":"x","sentence":"y"},"uid":"d","edtf":"2018","kind":"by"}]}`},
		{"a.json", `{"uid":"o1","words":"x","when":{"kind":"by"},"sources":[{"document":{"id":"` + id + `"},"span":{"start":3,"end":1}}]}`},
		{"a.csv", "doc,chars,quote,uid\n" + id + ",0..3,示例区,o1\n,9..1,x,\n"},
		{"a.html", `<p><mark data-doc="` + id + `" data-chars="0..3">示例区</mark><span data-doc="x">y</span>`},
		{"a.ics", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:o1@tuogou\r\nDTEND;VALUE=DATE:2018\r\nX-TUOGOU-CITE:" + id + " 0..3 示例区\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"},
		{"a.xlsx", "PK\x03\x04"},
	} {
		f.Add(seed.name, []byte(seed.data))
	}
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		n, err := File(t.Context(), name, data, d, func(Finding) error { return nil })
		if err == nil && n.Proved > n.Facts {
			t.Errorf("%d of %d proved", n.Proved, n.Facts)
		}
		_, _ = Same(name, data, data, func(Finding) error { t.Error("a file differs from itself"); return nil }) // noise is not packed well
	})
}

// A workbook is read cell by cell, whatever stands in it.
func FuzzSheet(f *testing.F) {
	d := newDesk(f)
	f.Add(`<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>doc</t></is></c></row><row r="2"><c r="XFD2"><v>99999999999999</v></c><c r="A2"/></row></sheetData>`)
	f.Fuzz(func(t *testing.T, sheet string) {
		p := fileProver{ctx: t.Context(), name: "a.xlsx", books: d, each: func(Finding) error { return nil }, records: map[corpus.DocID]*source{}, seen: map[corpus.DocID]bool{}, told: map[string][]map[string]any{}}
		_ = p.sheet("sheet1", strings.NewReader(sheet)) // an error is a fine answer to noise
	})
}
