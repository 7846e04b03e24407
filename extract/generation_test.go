package extract_test

import (
	"testing"

	"tuogou/corpus"
	"tuogou/extract"
)

func TestGenerations(t *testing.T) {
	const title = "示例市行业协会商会与行政机关脱钩工作方案"
	for _, c := range []struct {
		why   string
		lines []string
		want  corpus.Generation
	}{
		{"headings in their full form are of 2015", []string{title, "（一）机构分离，规范综合监管关系。取消主管关系。"}, corpus.Decoupling2015},
		{"政会分开 in a plan with the headings of 2015", []string{title, "坚持政会分开。", "（一）机构分离，规范综合监管关系。取消主管关系。"}, corpus.Decoupling2015},
		{"the year of the first task", []string{title, "2017年9月底前完成名单，2018年底前完成脱钩。"}, corpus.Decoupling2015},
		{"what it tells of is later than its first year", []string{"示例市协会脱钩情况", "2016年启动试点。截至2020年11月底，全市协会已完成脱钩。"}, corpus.Decoupling2019},
		{"应脱尽脱 is of 2019", []string{title, "做到应脱尽脱。"}, corpus.Decoupling2019},
		{"the end of 2020 is the goal of 2019", []string{title, "2020年底前完成。"}, corpus.Decoupling2019},
		{"a plan of 2019 that cites the plan of 2015 alone", []string{title, "根据《行业协会商会与行政机关脱钩总体方案》（中办发〔2015〕39号），制定本方案。", "示例市民政局", "2019年7月1日"}, corpus.Decoupling2015},
		{"a plan of 2019 with the goal of 2019", []string{title, "根据中办发〔2015〕39号，2020年底前完成。", "示例市民政局", "2019年7月1日"}, corpus.Decoupling2019},
		{"政社分开 in measures of 2026", []string{"示例市行业协会商会监管办法", "行业协会商会脱钩后，坚持政社分开。行业协会商会脱钩不脱管。", "示例市人民政府", "2026年6月1日"}, corpus.Reform2026},
		{"the social work department before the wave of 2026", []string{title, "由市委社会工作部牵头。", "示例市民政局", "2024年6月1日"}, corpus.Decoupling2019},
		{"a programme before 2015", []string{"示例市关于推进行业协会政会分开的意见", "2013年底前完成。", "示例市人民政府", "2012年3月1日"}, corpus.Precursor},
		{"no date and no words of a wave", []string{title, "由市民政局牵头。"}, corpus.NoGeneration},
		{"a first task at the end of 2019 alone", []string{title, "2019年底前完成。"}, corpus.NoGeneration},
		{"a first task of early 2019", []string{title, "2019年3月底前完成。"}, corpus.Decoupling2015},
	} {
		text := textOf(c.lines...)
		rec := newExtractor(t).Extract(corpus.Source{SHA256: corpus.HashBytes([]byte(text.Body))}, text, extract.Options{})
		if rec.Generation != c.want || len(rec.Facts["generation"].Trace) == 0 {
			t.Errorf("%s: got %s, %v", c.why, rec.Generation, rec.Facts["generation"].Trace)
		}
	}
}

func TestKinds(t *testing.T) {
	for _, c := range []struct {
		why   string
		lines []string
		want  corpus.Kind
	}{
		{"a letter that asks is no reply", []string{"示例市民政局关于推进协会脱钩有关工作的函", "请协助。"}, corpus.KindOther},
		{"a letter that answers", []string{"示例市民政局关于示例商会脱钩方案的复函", "同意。"}, corpus.KindReply},
		{"a headline of a short story", []string{"示例区五项举措推进行业协会商会脱钩", "示例区全面启动脱钩工作。"}, corpus.KindNews},
		{"a report on what was done is no story", []string{"示例市协会脱钩推进落实情况汇报", "已完成脱钩。"}, corpus.KindSummary},
		{"关于 opens a paper", []string{"关于推进协会脱钩有关事项", "请协助。"}, corpus.KindOther},
		{"a text that is one line", []string{"示例县行业协会商会脱钩工作方案 为推进脱钩，制定本方案。 一、总体要求 依法推进。"}, corpus.KindPlan},
	} {
		text := textOf(c.lines...)
		if len(c.lines) == 1 {
			text.Blocks[0].Kind = corpus.BlockPara
		}
		rec := newExtractor(t).Extract(corpus.Source{SHA256: corpus.HashBytes([]byte(text.Body))}, text, extract.Options{})
		if rec.Kind != c.want {
			t.Errorf("%s: got %s, title %q, %v", c.why, rec.Kind, rec.Title, rec.Facts["kind"].Trace)
		}
	}
}
