package extract_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"tuogou/corpus"
	"tuogou/extract"
)

// plan is a plan of the usual size about an invented district, with n extra tasks.
func plan(n int) *corpus.Text {
	lines := []string{
		"示例区行业协会商会与行政机关脱钩实施方案",
		"为做好我区行业协会商会与行政机关脱钩工作，根据《示例省行业协会商会与行政机关脱钩方案》（示办发〔2018〕7号），制定本方案。",
		"一、工作目标", "力争用两年时间完成脱钩，到2020年底，行业协会商会与行政机关彻底分开。",
		"二、主要任务",
		"（一）机构分离，规范综合监管关系", "协会直接登记、独立运行。合署办公的，2018年10月底前分开。（区民政局负责）",
		"（二）职能分离，规范行政委托和职责分工关系", "各业务主管单位收回行政职能，2018年第四季度完成。（区委编办牵头，各业务主管单位配合）",
		"（三）资产财务分离，规范财产关系", "自2019年起取消财政直接拨款。区财政局会同区审计局清查资产，12月底前报区政府。（区财政局负责）",
		"（四）人员管理分离，规范用人关系", "领导干部退（离）休后三年内不得兼职。公务员自本方案印发之日起30日内辞去职务。（区委组织部负责）",
		"（五）党建、外事等事项分离，规范管理关系", "党建工作由区委组织部领导。（区委组织部负责）",
		"三、工作分工",
	}
	for i := range n {
		lines = append(lines, fmt.Sprintf("%d.区民政局牵头，区财政局配合，于2019年%d月底前完成第%d项清理任务，并报区人民政府备案。", i+1, i%12+1, i+1))
	}
	lines = append(lines, "联系人：示某某，联系电话：0999-0000001。", "示例区民政局", "2018年8月9日")
	return textOf(lines...)
}

// ordinary is a text of n paragraphs that has nothing to do with the reform.
func ordinary(n int) *corpus.Text {
	lines := []string{"示例区城市绿化管理工作要点"}
	for i := range n {
		lines = append(lines, fmt.Sprintf("%d.加强公园、道路和居住区的绿化养护，合理安排浇水、修剪和补植，发现病虫害及时处理，为居民提供整洁舒适的环境。", i%30+1),
			"各街道应当结合实际，听取居民意见，做好树木的日常巡查，对枯死和倾斜的树木登记造册，逐步更换。")
	}
	return textOf(lines...)
}

// BenchmarkExtract reads plans and ordinary texts of several lengths: the last of
// each has about 5 MB. The rate must not fall with the length.
func BenchmarkExtract(b *testing.B) {
	x := newExtractor(b)
	run := func(name string, text *corpus.Text) {
		b.Run(fmt.Sprintf("%s/kB=%d", name, len(text.Body)/1000), func(b *testing.B) {
			b.SetBytes(int64(len(text.Body)))
			for b.Loop() {
				x.Extract(corpus.Source{}, text, extract.Options{})
			}
		})
	}
	for _, n := range []int{10, 200, 4000, 40_000} {
		run("plan", plan(n))
	}
	for _, n := range []int{80, 16_000} {
		run("ordinary", ordinary(n))
	}
}

// longLines are lines without a line end, each the worst for some part.
func longLines(size int) map[string]string {
	return map[string]string{
		"no_stop":  strings.Repeat("行业协会脱钩", size/18),
		"stops":    strings.Repeat("2018年底前完成脱钩。", size/30),
		"marks":    strings.Repeat("。1. （一）任务", size/21),
		"organs":   strings.Repeat("市民政局、市财政局负责，", size/36),
		"groups":   strings.Repeat("向工作组报告，", size/21),
		"fields":   strings.Repeat("财政、示安、", size/18) + "等部门负责",
		"labels":   strings.Repeat("责任单位：财政局、人才办（信息办）、", size/51),
		"brackets": strings.Repeat("（《【", size/9),
		"titles":   strings.Repeat("《示例方案》和《示例歌》", size/36),
		"digits":   strings.Repeat("20180930", size/8),
		"contacts": strings.Repeat("电话0999-0000000，", size/24),
		"items":    strings.Repeat("一是完善制度；二是加强监管；", size/42),
	}
}

// A line of 400 kB without a line end must be read to its end: nothing in the
// extractor may look at everything for each thing. No time is asserted; a part
// that has become quadratic shows as minutes here (-v tells the times).
func TestLongLinesEnd(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	x := newExtractor(t)
	long := longLines(400_000)
	for _, name := range slices.Sorted(maps.Keys(long)) {
		t.Run(name, func(t *testing.T) {
			text := textOf("示例市脱钩实施方案", long[name])
			start := time.Now()
			rec := x.Extract(corpus.Source{}, text, extract.Options{Date: "2018-08-09"})
			t.Logf("%d bytes in %v", len(text.Body), time.Since(start))
			if err := rec.Check(); err != nil {
				t.Error(err)
			}
		})
	}
}
