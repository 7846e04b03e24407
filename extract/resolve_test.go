package extract_test

import (
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
