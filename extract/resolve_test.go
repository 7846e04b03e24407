package extract_test

import (
	"strings"
	"testing"

	"tuogou/corpus"
	"tuogou/extract"
)

func TestResolve(t *testing.T) {
	x := newExtractor(t)
	read := func(url string, lines ...string) *corpus.Record {
		return x.Extract(corpus.Source{URL: url}, textOf(lines...), extract.Options{})
	}
	province := read("https://a.example/1", "浙江省行业协会脱钩实施方案", "浙办发〔2016〕3号", "制定本方案。", "浙江省人民政府", "2016年3月1日")
	notice := read("https://a.example/2", "浙江省民政厅关于印发《浙江省行业协会脱钩工作办法》的通知", "浙民发〔2017〕1号", "现印发给你们。", "2017年3月1日",
		"浙江省行业协会脱钩工作办法", "第一条 为了管理。")
	other := read("https://a.example/3", "江西省行业协会脱钩试点方案", "赣办发〔2016〕3号", "制定本方案。", "江西省人民政府", "2016年3月1日")
	later := read("https://a.example/4", "浙江省行业协会脱钩总结办法", "浙办发〔2019〕9号", "制定本办法。", "浙江省人民政府", "2019年3月1日")
	twice := read("https://a.example/5", "浙江省行业协会脱钩甲方案", "党办〔2016〕5号", "制定本方案。", "浙江省人民政府", "2016年3月1日")
	twin := read("https://a.example/6", "浙江省行业协会脱钩乙方案", "党办〔2016〕5号", "制定本方案。", "浙江省人民政府", "2016年3月1日")
	copied := read("https://a.example/0", "浙江省行业协会脱钩实施方案", "浙办发〔2016〕3号", "制定本方案。", "浙江省人民政府", "2016年3月1日")

	for _, c := range []struct {
		why, text string
		want      corpus.DocID
	}{
		{"by number, the first of two copies", "根据浙办发〔2016〕3号文件精神。", min(province.ID, copied.ID)},
		{"by title, in another form", "根据《浙江省民政厅关于印发〈浙江省行业协会脱钩工作办法〉的通知》。", notice.ID},
		{"by title, what the notice issues", "根据《浙江省行业协会脱钩工作办法》。", notice.ID},
		{"a title of another province is not taken without its number", "参照《江西省行业协会脱钩试点方案》。", ""},
		{"with its number it is", "参照《江西省行业协会脱钩试点方案》（赣办发〔2016〕3号）。", other.ID},
		{"what is younger is not meant", "根据《浙江省行业协会脱钩总结办法》（浙办发〔2019〕9号）。", ""},
		{"two documents with one number stay open", "根据党办〔2016〕5号文件精神。", ""},
		{"the title tells them apart", "根据《浙江省行业协会脱钩乙方案》（党办〔2016〕5号）。", twin.ID},
		{"not in the corpus", "根据《浙江省别的办法》（浙办发〔2016〕99号）。", ""},
	} {
		city := read("https://a.example/9", "杭州市行业协会脱钩方案", c.text, "做好工作。", "杭州市人民政府", "2018年3月1日")
		w := x.Works()
		for _, r := range []*corpus.Record{twin, later, other, city, copied, notice, province, twice} {
			w.Add(r)
		}
		for range 2 { // a second time changes nothing
			w.Resolve(city)
		}
		if len(city.References) != 1 || city.References[0].Target != c.want {
			t.Errorf("%s: got %+v, want %q", c.why, city.References, c.want)
		}
		if n := len(city.References[0].Trace); c.want != "" && n > 2 {
			t.Errorf("%s: trace %v", c.why, city.References[0].Trace)
		}
	}
}

// Documents that come one after another, are kept and loaded between, and change
// their names, leave every reference where one look at all of them leads it, though
// only those records are looked at that may lead elsewhere.
func TestWorksGrow(t *testing.T) {
	x := newExtractor(t)
	read := func(url string, lines ...string) *corpus.Record {
		return x.Extract(corpus.Source{URL: "https://a.example/" + url, SHA256: corpus.HashBytes([]byte(url))}, textOf(lines...), extract.Options{})
	}
	cites := func(url, what string) *corpus.Record {
		return read(url, "杭州市行业协会脱钩方案", "根据"+what+"，制定本方案。", "杭州市人民政府", "2018年3月1日")
	}
	plan := func(title, number string) *corpus.Record {
		return read("plan", title, number, "制定本方案。", "浙江省人民政府", "2016年3月1日")
	}
	kept := map[corpus.DocID]*corpus.Record{}
	works := x.Works()
	looked := 0
	for _, r := range []*corpus.Record{
		cites("by number", "浙办发〔2016〕3号文件"),
		cites("by title", "《浙江省行业协会脱钩实施方案》"),
		cites("neither", "《浙江省别的实施办法》（浙办发〔2016〕99号）"),
		plan("浙江省行业协会脱钩实施方案", "浙办发〔2016〕3号"),
		read("copy", "浙江省行业协会脱钩实施方案", "浙办发〔2016〕3号", "制定另一方案。", "浙江省人民政府", "2016年3月1日"),
		plan("浙江省行业协会脱钩实施方案", "浙办发〔2016〕4号"), // put right: the number was misread
		plan("浙江省商会改革工作方案", "浙办发〔2016〕99号"),
	} {
		kept[r.ID] = r
		works.Add(r)
		for _, id := range works.Due() {
			looked++
			works.Resolve(kept[id])
		}
		data, err := works.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if works, err = x.DecodeWorks(data); err != nil {
			t.Fatal(err)
		}
		all := x.Works()
		for _, r := range kept {
			all.Add(r)
		}
		for id, r := range kept {
			got := targetsOf(r)
			if all.Resolve(r); got != targetsOf(r) {
				t.Errorf("after %s, %s: led to %q, want %q", r.Source.URL, id, got, targetsOf(r))
			}
		}
	}
	if looked == 0 || looked > 9 {
		t.Errorf("looked at %d records, 9 may lead elsewhere", looked)
	}
	if _, err := x.DecodeWorks([]byte(`{"Rules":"others"}`)); err == nil {
		t.Error("names read by other rules are taken")
	}
}

func targetsOf(r *corpus.Record) string {
	var out []string
	for _, ref := range r.References {
		out = append(out, string(ref.Target))
	}
	return strings.Join(out, " ")
}
