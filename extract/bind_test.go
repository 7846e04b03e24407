package extract_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A duty is bound to the deadlines of its own task and to no others.
func TestDutiesHaveTheirDeadlines(t *testing.T) {
	for _, c := range []struct {
		why, text string
		want      []string
	}{
		{"the subject of the time", "市财政局于2018年10月底前完成资产清查。", []string{"市财政局 ../2018-10-31"}},
		{"the time at the end", "由市财政局牵头开展资产清查，2018年10月底前完成。", []string{"市财政局 ../2018-10-31"}},
		{"a bracket with both", "开展资产清查。（市财政局牵头，市审计局配合，2018年10月底前完成）", []string{"市财政局 ../2018-10-31", "市审计局 ../2018-10-31"}},
		{"each its own", "市民政局9月底前提出名单，市财政局10月底前完成清查。", []string{"市民政局 ../2018-09-30", "市财政局 ../2018-10-31"}},
		{"what is due to the receiver", "各业务主管单位于9月底前将方案报市民政局。", []string{"各业务主管单位 ../2018-09-30", "市民政局 ../2018-09-30"}},
		{"the phase around it", "（一）准备阶段（2018年9月）。市民政局负责组织培训。\n（二）实施阶段（2018年10月—11月）。市财政局负责组织清查。", []string{"市民政局 2018-09", "市财政局 2018-10/2018-11"}},
		{"a later section is no phase", "（一）准备阶段（2018年9月）。组织培训。\n（二）加强领导。市民政局负责总结。", []string{"市民政局"}},
		{"another sentence's time", "2018年10月底前完成清查。市民政局负责登记。", []string{"市民政局"}},
		{"no time at all", "市民政局负责登记。", []string{"市民政局"}},
	} {
		t.Run(c.why, func(t *testing.T) {
			r := planOf(t, lines(c.text)...)
			of := map[string]string{}
			for _, x := range r.Deadlines {
				of[x.UID] = x.EDTF
			}
			var got []string
			for _, y := range r.Duties {
				words := []string{y.Organ.Text}
				for _, uid := range y.Deadlines {
					words = append(words, of[uid])
				}
				got = append(got, strings.Join(words, " "))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
