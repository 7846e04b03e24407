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

// A story tells tasks as a plan orders them: where one of a list is bound, so are those
// behind it. What was done, or how things stand, is no task.
func TestStoryLists(t *testing.T) {
	for _, c := range []struct{ why, text, want string }{
		{"items behind a semicolon", "总体安排是：2018年年底前，基本完成清理；到2020年，基本实现目标。", "../2018-12-31 ../2020-12-31"},
		{"the first in other words", "分三个阶段：即日起至月底，协会逐项自查；9月至10月底，各协会在自查基础上做好整改。", "2018-08-09/2018-08-31 2018-09/2018-10"},
		{"years behind commas", "由民政部门负责，2018年下半年开始第一批试点，2019年总结经验、扩大试点。", "2018-07/.. 2019"},
		{"behind what a plan says", "方案明确，2018年9月，确定名单；2019年，总结评估。", "2018-09 2019"},
		{"到 behind the first", "该市将于9月底前完成摸底，到年底全部脱钩。", "../2018-09-30 ../2018-12-31"},
		{"what was done each year", "2016年，全市清理协会30家；2017年，全市清理协会50家。", ""},
		{"how things stand", "2018年底前，完成清理；2019年，共有协会30家。", "../2018-12-31"},
		{"told with how far it came", "自2018年8月起，全市分批推进协会脱钩。截至2018年底，完成30家。", ""},
	} {
		rec := recordOf(t, "", "示例市加快推进协会商会脱钩", "示例社2018年8月9日电 "+c.text)
		var got []string
		for _, x := range rec.Deadlines {
			got = append(got, x.EDTF)
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s (%s): got %q, want %q", c.why, rec.Kind, s, c.want)
		}
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
