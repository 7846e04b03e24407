package extract_test

import (
	"strings"
	"testing"

	"tuogou/corpus"
	"tuogou/corpus/places"
	"tuogou/extract"
	"tuogou/rules"
)

// What news says of itself: kind and wave, from the words that pages of
// news really have.
func TestStories(t *testing.T) {
	const lead = "行业协会商会与行政机关脱钩工作会议召开，行业协会商会与行政机关脱钩全面启动。"
	for _, c := range []struct {
		why   string
		lines []string
		title string
		kind  corpus.Kind
		wave  corpus.Generation
	}{
		{"a headline that tells something",
			[]string{"示例市加快推进协会商会脱钩工作", "2018年8月9日，市民政局部署行业协会商会与行政机关脱钩。", lead},
			"示例市加快推进协会商会脱钩工作", corpus.KindNews, corpus.NoGeneration},
		{"a name without a verb, told by a journalist",
			[]string{"协会商会的新路", "本报讯（记者甲）近日，市里出台方案。" + lead},
			"协会商会的新路", corpus.KindNews, corpus.NoGeneration},
		{"the whole text below its news, under a line that names it",
			[]string{"示例市人民政府印发《示例市行业协会商会与行政机关脱钩方案》", "《示例市行业协会商会与行政机关脱钩方案》全文如下。", "一、总体要求", "2018年底前完成。"},
			"示例市行业协会商会与行政机关脱钩方案", corpus.KindPlan, corpus.Decoupling2015},
	} {
		rec := recordOf(t, "", c.lines...)
		if rec.Title != c.title || rec.Kind != c.kind || rec.Generation != c.wave {
			t.Errorf("%s: got %q %s %s", c.why, rec.Title, rec.Kind, rec.Generation)
		}
	}
}

// The day in the first line of a story dates what it tells without a year.
func TestStoryDay(t *testing.T) {
	rec := recordOf(t, "", "示例市千家协会年底前脱钩", "示例社2017年8月9日电 据了解，示例市要求行业协会商会与行政机关脱钩，年底前完成清理。")
	if len(rec.Deadlines) == 0 || rec.Deadlines[len(rec.Deadlines)-1].EDTF != "../2017-12-31" {
		t.Errorf("got %+v", rec.Deadlines)
	}
	if rec.EventYear == nil || rec.EventYear.Year != 2017 {
		t.Errorf("event year: got %v", rec.EventYear)
	}
}

// Where a story that signs nothing is told: behind the head of the story, or the
// place whose own plan it names. An example from elsewhere is not its place.
func TestStoryPlaces(t *testing.T) {
	set, err := rules.Load(rules.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	table, err := places.Default().With(strings.NewReader("code\tname\tfrom\tto\tlevel\tparent\n" +
		"999000\t岚沅省\t0\t0\tprovince\t000000\n999100\t浔棠市\t0\t0\tprefecture\t999000\n999101\t霞坞县\t0\t0\tcounty\t999100\n"))
	if err != nil {
		t.Fatal(err)
	}
	x, err := extract.New(set, table, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ why, text, code string }{
		{"behind the journalists and 近日", "本报讯（记者甲 通讯员乙）近日，浔棠市出台行业协会商会脱钩方案。", "999100"},
		{"the county's own plan", "全县脱钩会议召开，会上宣读了《霞坞县行业协会商会与行政机关脱钩实施方案》。", "999101"},
		{"an organ without a place tells the level", "按照《浔棠市行业协会商会与行政机关脱钩实施方案》，市经信委完成了清理。", "999100"},
		{"trap: the province's plan is not the county's", "全县脱钩会议召开，会上传达了《岚沅省行业协会商会与行政机关脱钩实施方案》。", ""},
		{"trap: another place's example", "全县脱钩会议召开，会上介绍了浔棠市的做法。", ""},
	} {
		rec := x.Extract(corpus.Source{}, textOf("脱钩工作会议召开", c.text), extract.Options{})
		if rec.Jurisdiction.Code != c.code {
			t.Errorf("%s: got %q, want %q", c.why, rec.Jurisdiction.Code, c.code)
		}
	}
}
